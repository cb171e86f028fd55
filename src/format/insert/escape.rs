//! What stands for what between quotes, both ways. Decoding refuses what the dialect does not define; encoding can never
//! end the string early.

use memchr::{memchr, memchr2};

use super::literal::nibble;
use crate::error::{Error, Result};

fn bad_escape() -> Error {
    Error::input("an escape in a quoted value that PostgreSQL does not define")
        .hint("the dump was edited; dump again")
}

/// Appends a text in which quotes are doubled.
pub(super) fn undouble(mut rest: &[u8], quote: u8, out: &mut Vec<u8>) {
    while let Some(at) = memchr(quote, rest) {
        let (upto, behind) = rest.split_at_checked(at + 1).unwrap_or((rest, &[]));
        out.extend_from_slice(upto);
        rest = behind.get(1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// Appends a text of MySQL with backslash escapes (Reference Manual 8.4, "String Literals", table 11.1).
pub(super) fn mysql(mut rest: &[u8], quote: u8, out: &mut Vec<u8>) {
    while let Some(at) = memchr2(quote, b'\\', rest) {
        let (upto, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(upto);
        let [first, second, ..] = *behind else { break };
        match (first, second) {
            (b'\\', b'0') => out.push(0),
            (b'\\', b'b') => out.push(0x08),
            (b'\\', b'n') => out.push(b'\n'),
            (b'\\', b'r') => out.push(b'\r'),
            (b'\\', b't') => out.push(b'\t'),
            (b'\\', b'Z') => out.push(0x1a),
            // For LIKE: the backslash stays.
            (b'\\', b'%' | b'_') => out.extend_from_slice(&[b'\\', second]),
            _ => out.push(second),
        }
        rest = behind.get(2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// Appends a text of PostgreSQL with backslash escapes (manual, "String Constants with C-Style Escapes").
///
/// # Errors
/// A digit or code point that is not there, a NUL, half a surrogate pair.
pub(super) fn postgres(mut rest: &[u8], out: &mut Vec<u8>) -> Result<()> {
    while let Some(at) = memchr2(b'\'', b'\\', rest) {
        let (upto, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(upto);
        let [first, second, tail @ ..] = behind else { return Err(bad_escape()) };
        rest = tail;
        if *first == b'\'' {
            out.push(b'\'');
            continue;
        }
        match second {
            b'b' => out.push(0x08),
            b'f' => out.push(0x0c),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'0'..=b'7' => {
                let digits = tail.iter().take(2).take_while(|b| matches!(b, b'0'..=b'7')).count();
                let value = tail.iter().take(digits).fold(u32::from(second - b'0'), octal);
                // PostgreSQL keeps the low byte.
                push_byte(value & 0xff, out)?;
                rest = tail.get(digits..).unwrap_or_default();
            }
            b'x' if tail.first().is_some_and(u8::is_ascii_hexdigit) => {
                let digits = tail.iter().take(2).take_while(|b| b.is_ascii_hexdigit()).count();
                push_byte(hex(tail.get(..digits).unwrap_or_default()), out)?;
                rest = tail.get(digits..).unwrap_or_default();
            }
            b'u' => rest = code_point(tail, 4, b"\\u", out)?,
            b'U' => rest = code_point(tail, 8, b"\\U", out)?,
            other => out.push(*other),
        }
    }
    out.extend_from_slice(rest);
    Ok(())
}

fn octal(value: u32, digit: &u8) -> u32 {
    value * 8 + u32::from(digit - b'0')
}

fn push_byte(value: u32, out: &mut Vec<u8>) -> Result<()> {
    let byte = u8::try_from(value).ok().filter(|b| *b != 0).ok_or_else(bad_escape)?;
    out.push(byte);
    Ok(())
}

fn hex(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |value: u32, digit| (value << 4) | u32::from(nibble(*digit)))
}

/// Appends the code point of `len` hexadecimal digits; the first half of a surrogate pair takes the second, which `mark`
/// announces. Returns what follows.
fn code_point<'a>(text: &'a [u8], len: usize, mark: &[u8], out: &mut Vec<u8>) -> Result<&'a [u8]> {
    let take = |text: &'a [u8]| {
        let (digits, rest) = text.split_at_checked(len).ok_or_else(bad_escape)?;
        let sound = digits.iter().all(u8::is_ascii_hexdigit);
        if sound { Ok((hex(digits), rest)) } else { Err(bad_escape()) }
    };
    let (mut value, mut rest) = take(text)?;
    if let high @ 0xd800..=0xdbff = value {
        let (low, behind) = take(rest.strip_prefix(mark).ok_or_else(bad_escape)?)?;
        if !(0xdc00..=0xdfff).contains(&low) {
            return Err(bad_escape());
        }
        (value, rest) = (0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), behind);
    }
    let c = char::from_u32(value).filter(|c| *c != '\0').ok_or_else(bad_escape)?;
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(rest)
}

/// Appends a text of `U&'…'` with its default escape character (manual, "String Constants with Unicode Escapes").
///
/// # Errors
/// A backslash without its digits.
pub(super) fn unicode(mut rest: &[u8], out: &mut Vec<u8>) -> Result<()> {
    while let Some(at) = memchr2(b'\'', b'\\', rest) {
        let (upto, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(upto);
        let [first, second, tail @ ..] = behind else { return Err(bad_escape()) };
        rest = match (first, second) {
            (b'\'', _) | (_, b'\\') => {
                out.push(*second);
                tail
            }
            (_, b'+') => code_point(tail, 6, b"\\+", out)?,
            _ => code_point(behind.get(1..).unwrap_or_default(), 4, b"\\", out)?,
        };
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// Appends the text of SQLite's `unistr('…')`, quotes undoubled already (sqlite.org, "Built-In Scalar SQL Functions").
/// `None`: a backslash without its digits.
pub(super) fn unistr(mut rest: &[u8], out: &mut Vec<u8>) -> Option<()> {
    while let Some(at) = memchr(b'\\', rest) {
        let (upto, behind) = rest.split_at_checked(at)?;
        out.extend_from_slice(upto);
        let second = behind.get(1)?;
        let (skip, len) = match second {
            b'\\' => {
                out.push(b'\\');
                rest = behind.get(2..)?;
                continue;
            }
            b'+' => (2, 6),
            b'u' => (2, 4),
            b'U' => (2, 8),
            _ => (1, 4),
        };
        let digits = behind.get(skip..skip + len).filter(|d| d.iter().all(u8::is_ascii_hexdigit))?;
        let c = char::from_u32(hex(digits))?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        rest = behind.get(skip + len..)?;
    }
    out.extend_from_slice(rest);
    Some(())
}

/// Appends a text with its quotes doubled, and its backslashes if they escape.
pub(super) fn double(mut rest: &[u8], backslashes: bool, out: &mut Vec<u8>) {
    let find = |rest: &[u8]| if backslashes { memchr2(b'\'', b'\\', rest) } else { memchr(b'\'', rest) };
    while let Some(at) = find(rest) {
        let (upto, behind) = rest.split_at_checked(at + 1).unwrap_or((rest, &[]));
        out.extend_from_slice(upto);
        out.extend(upto.last());
        rest = behind;
    }
    out.extend_from_slice(rest);
}

/// Appends a text with MySQL's backslash escapes, as its dump programs write them.
pub(super) fn backslash(text: &[u8], quote: u8, out: &mut Vec<u8>) {
    for byte in text {
        let escaped = match byte {
            0 => b'0',
            b'\n' => b'n',
            b'\r' => b'r',
            0x1a => b'Z',
            b'\\' => b'\\',
            b if *b == quote => quote,
            b => {
                out.push(*b);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', escaped]);
    }
}

/// Says whether a text stands for itself between single quotes in every dialect: no quote, backslash, control character
/// or byte beyond ASCII. Eight bytes are looked at in one word (the zero-byte trick: `(w - 01..) & !w & 80..` is not 0
/// exactly if a byte of w is 0).
#[inline]
pub(super) fn is_plain(text: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let odd = |word: u64| {
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        (word | control | zero(word ^ (ONES * 0x27)) | zero(word ^ (ONES * 0x5c))) & HIGH != 0
    };
    // All of a block is looked at: so it is vectors to the processor.
    let any = |block: &[u8; 64]| {
        let odd = |b: u8| !matches!(b, 0x20..=0x7f) || matches!(b, b'\'' | b'\\');
        block.iter().fold(0, |found, b| found | u8::from(odd(*b))) != 0
    };
    let (blocks, rest) = text.as_chunks::<64>();
    let (words, rest) = rest.as_chunks::<8>();
    !blocks.iter().any(any)
        && !words.iter().any(|word| odd(u64::from_le_bytes(*word)))
        && rest.iter().all(|b| matches!(b, 0x20..=0x7f) && !matches!(b, b'\'' | b'\\'))
}
