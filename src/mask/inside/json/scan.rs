//! The bytes of JSON (RFC 8259): where a value ends, what a string says, and how one is written. Strict: what the
//! grammar does not allow is unfit. Goes down no call a level, so that no nesting overflows the stack.

use std::ops::Range;

use crate::mask::inside::Unfit;
use crate::mask::inside::path::{Filter, Literal, Step, is_number};

/// Deepest nesting of objects and arrays.
pub(super) const DEEPEST: usize = 1_024;

/// A JSON text, known to be UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a [u8]);

/// The end of a string, and whether escapes stand in it.
pub(super) struct Quoted {
    /// Behind its closing quote.
    pub(super) end: usize,
    /// Whether it must be decoded.
    pub(super) escaped: bool,
}

impl<'a> Text<'a> {
    /// Returns the byte at a place.
    #[inline]
    pub(super) fn at(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    /// Returns the bytes of a range.
    #[inline]
    pub(super) fn bytes(self, range: Range<usize>) -> &'a [u8] {
        self.0.get(range).unwrap_or_default()
    }

    /// Returns the place of the first byte that is no space.
    #[inline]
    pub(super) fn spaces(self, mut at: usize) -> usize {
        while matches!(self.at(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    /// Reads the string whose quote stands at `at`.
    #[inline]
    pub(super) fn string(self, at: usize) -> Result<Quoted, Unfit> {
        if self.at(at) != Some(b'"') {
            return Err(Unfit);
        }
        let (mut at, mut escaped) = (at + 1, false);
        loop {
            at = special(self.0, at);
            match self.at(at) {
                Some(b'"') => return Ok(Quoted { end: at + 1, escaped }),
                Some(b'\\') => {
                    escaped = true;
                    at += match self.at(at + 1) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                        Some(b'u') => {
                            hex(self.bytes(at + 2..at + 6)).ok_or(Unfit)?;
                            6
                        }
                        _ => return Err(Unfit),
                    };
                }
                _ => return Err(Unfit),
            }
        }
    }

    /// Returns the end of the number, `true`, `false` or `null` at `at`.
    pub(super) fn scalar(self, at: usize) -> Result<usize, Unfit> {
        let rest = self.0.get(at..).unwrap_or_default();
        for word in [&b"true"[..], b"false", b"null"] {
            if rest.starts_with(word) {
                return Ok(at + word.len());
            }
        }
        let sign = |b: &&u8| matches!(**b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let len = rest.iter().take_while(sign).count();
        if is_number(rest.get(..len).unwrap_or_default()) { Ok(at + len) } else { Err(Unfit) }
    }

    /// Reads the name at `at` and what separates it from its value, whose place it returns too.
    #[inline]
    pub(super) fn key(self, at: usize) -> Result<(Quoted, usize), Unfit> {
        let key = self.string(at)?;
        let colon = self.spaces(key.end);
        if self.at(colon) != Some(b':') {
            return Err(Unfit);
        }
        let value = self.spaces(colon + 1);
        Ok((key, value))
    }

    /// Returns the end of the value at `at`, which lies `depth` levels deep.
    pub(super) fn skip(self, mut at: usize, depth: usize) -> Result<usize, Unfit> {
        let mut levels = Levels::default();
        'value: loop {
            match self.at(at) {
                Some(b'"') => at = self.string(at)?.end,
                Some(open @ (b'{' | b'[')) => {
                    levels.push(open == b'{', depth)?;
                    at = self.spaces(at + 1);
                    if self.at(at) != Some(open + 2) {
                        at = if open == b'{' { self.key(at)?.1 } else { at };
                        continue 'value;
                    }
                    levels.count -= 1;
                    at += 1;
                }
                _ => at = self.scalar(at)?,
            }
            loop {
                if levels.count == 0 {
                    return Ok(at);
                }
                at = self.spaces(at);
                let object = levels.object();
                match self.at(at) {
                    Some(b',') => {
                        at = self.spaces(at + 1);
                        at = if object { self.key(at)?.1 } else { at };
                        continue 'value;
                    }
                    Some(close @ (b'}' | b']')) if (close == b'}') == object => {
                        levels.count -= 1;
                        at += 1;
                    }
                    _ => return Err(Unfit),
                }
            }
        }
    }

    /// Returns how many elements the array at `at` has.
    pub(super) fn count(self, at: usize, depth: usize) -> Result<(i64, usize), Unfit> {
        let mut items = Items::new(self, at);
        let mut count = 0;
        while items.next(depth)?.is_some() {
            count += 1;
        }
        Ok((count, items.at))
    }

    /// Finds the value to which names and numbers lead from the value at `at`; of a name that stands there several
    /// times the last counts, as it does for databases. Adds what was read to `read`.
    pub(super) fn find(
        self,
        at: usize,
        steps: &[Step],
        depth: usize,
        scratch: &mut Vec<u8>,
        read: &mut usize,
    ) -> Result<Option<Range<usize>>, Unfit> {
        let mut at = at;
        let mut end = None;
        for step in steps {
            let object = self.at(at) == Some(b'{');
            if !(object || self.at(at) == Some(b'[')) {
                return Ok(None);
            }
            let mut items = Items::new(self, at);
            let (mut found, mut index) = (None, 0);
            while let Some(item) = items.next(depth)? {
                let is = match step {
                    Step::Name(name) if object => self.is_name(&item.key, name, scratch),
                    Step::Index(wanted) if !object => *wanted == index,
                    _ => false,
                };
                if is {
                    found = Some(item.value);
                }
                index += 1;
            }
            *read += items.at - at;
            let Some(value) = found else { return Ok(None) };
            at = value.start;
            end = Some(value);
        }
        Ok(end)
    }

    fn is_name(self, key: &Range<usize>, name: &[u8], scratch: &mut Vec<u8>) -> bool {
        let raw = self.bytes(key.clone());
        if memchr::memchr(b'\\', raw).is_none() {
            return raw == name;
        }
        scratch.clear();
        decode(raw, scratch) && scratch == name
    }

    /// Says whether a filter holds for the value at `at`.
    pub(super) fn holds(
        self,
        at: usize,
        filter: &Filter,
        depth: usize,
        scratch: &mut Vec<u8>,
        read: &mut usize,
    ) -> Result<bool, Unfit> {
        if self.at(at) != Some(b'{') {
            return Ok(false);
        }
        let mut items = Items::new(self, at);
        let mut found = None;
        while let Some(item) = items.next(depth)? {
            if self.is_name(&item.key, &filter.member, scratch) {
                found = Some(item.value);
            }
        }
        *read += items.at - at;
        let Some(value) = found else { return Ok(!filter.equal) };
        let raw = self.bytes(value);
        let same = match &filter.literal {
            Literal::Text(text) => match raw {
                [b'"', inner @ .., b'"'] => {
                    scratch.clear();
                    decode(inner, scratch) && scratch == text
                }
                _ => false,
            },
            Literal::Boolean(is) => raw == if *is { &b"true"[..] } else { b"false" },
            Literal::Null => raw == b"null",
            number @ Literal::Number(_) => number.is_number(raw),
        };
        Ok(same == filter.equal)
    }
}

/// The members or elements of a container, one after the other.
struct Items<'a> {
    text: Text<'a>,
    object: bool,
    at: usize,
    first: bool,
}

struct Item {
    /// Between its quotes; empty in arrays.
    key: Range<usize>,
    value: Range<usize>,
}

impl<'a> Items<'a> {
    fn new(text: Text<'a>, at: usize) -> Self {
        Self { text, object: text.at(at) == Some(b'{'), at: at + 1, first: true }
    }

    fn next(&mut self, depth: usize) -> Result<Option<Item>, Unfit> {
        let text = self.text;
        let mut at = text.spaces(self.at);
        let close = if self.object { b'}' } else { b']' };
        match (text.at(at), self.first) {
            (Some(b), _) if b == close => return Ok(None),
            (_, true) => {}
            (Some(b','), _) => at = text.spaces(at + 1),
            _ => return Err(Unfit),
        }
        self.first = false;
        let mut key = 0..0;
        if self.object {
            let (quoted, value) = text.key(at)?;
            key = at + 1..quoted.end - 1;
            at = value;
        }
        self.at = text.skip(at, depth + 1)?;
        Ok(Some(Item { key, value: at..self.at }))
    }
}

/// Which of the open containers are objects.
#[derive(Default)]
struct Levels {
    kinds: [u64; DEEPEST / 64],
    count: usize,
}

impl Levels {
    fn push(&mut self, object: bool, depth: usize) -> Result<(), Unfit> {
        if depth + self.count >= DEEPEST {
            return Err(Unfit);
        }
        let word = self.kinds.get_mut(self.count / 64).ok_or(Unfit)?;
        let bit = 1 << (self.count % 64);
        *word = if object { *word | bit } else { *word & !bit };
        self.count += 1;
        Ok(())
    }

    fn object(&self) -> bool {
        let last = self.count.wrapping_sub(1);
        self.kinds.get(last / 64).is_some_and(|word| word >> (last % 64) & 1 == 1)
    }
}

/// Returns the place of the first quote, backslash or control character, or the end.
#[inline]
pub(super) fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    const QUOTE: u64 = ONES * 0x22;
    const BACKSLASH: u64 = ONES * 0x5c;
    const CONTROL: u64 = ONES * 0x1f;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        // Eight bytes at once; the lowest mark is always right, and only that is read.
        let marks = zero(word ^ QUOTE) | zero(word ^ BACKSLASH) | zero(word & !CONTROL);
        if marks != 0 {
            return at + usize::try_from(marks.trailing_zeros() / 8).unwrap_or_default();
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits: &[u8; 4] = digits.try_into().ok()?;
    digits.iter().try_fold(0, |sum, b| char::from(*b).to_digit(16).map(|digit| sum << 4 | digit))
}

/// Appends what a valid string says; `raw` lies between its quotes. `false`: half a surrogate stands in it, for which
/// there is no text; then U+FFFD stands in its place.
pub(super) fn decode(raw: &[u8], out: &mut Vec<u8>) -> bool {
    let (mut rest, mut sound) = (raw, true);
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        let (first, mut len) = (rest.first().copied().unwrap_or_default(), 1);
        match first {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let unit = |at: usize| hex(rest.get(at..at + 4).unwrap_or_default());
                let high = unit(1).unwrap_or(0xd800);
                len = 5;
                let mut code = high;
                if (0xd800..0xdc00).contains(&high)
                    && rest.get(5..7) == Some(b"\\u")
                    && let Some(low) = unit(7).filter(|low| (0xdc00..0xe000).contains(low))
                {
                    code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    len = 11;
                }
                let decoded = char::from_u32(code);
                sound &= decoded.is_some();
                let decoded = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(decoded.encode_utf8(&mut [0; 4]).as_bytes());
            }
            other => out.push(other),
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    sound
}

/// Turns what was appended behind `start`, decoded, into a string with its quotes. `spare` is for those with escapes.
///
/// # Errors
/// It is no text.
pub(super) fn encode(out: &mut Vec<u8>, start: usize, spare: &mut Vec<u8>) -> Result<(), Unfit> {
    let text = out.get(start..).unwrap_or_default();
    std::str::from_utf8(text).map_err(|_| Unfit)?;
    if special(text, 0) == text.len() {
        out.push(b'"');
        out.push(b'"');
        if let Some(text) = out.get_mut(start..) {
            let last = text.len() - 1;
            text.copy_within(..last - 1, 1);
            if let Some(first) = text.first_mut() {
                *first = b'"';
            }
        }
        return Ok(());
    }
    spare.clear();
    spare.extend_from_slice(text);
    out.truncate(start);
    out.push(b'"');
    let mut at = 0;
    while at < spare.len() {
        let next = special(spare, at);
        out.extend_from_slice(spare.get(at..next).unwrap_or_default());
        if let Some(b) = spare.get(next) {
            escape(*b, out);
        }
        at = next + 1;
    }
    out.push(b'"');
    Ok(())
}

fn escape(b: u8, out: &mut Vec<u8>) {
    let short = match b {
        b'"' | b'\\' => b,
        8 => b'b',
        12 => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            let digit = |n: u8| b"0123456789abcdef".get(usize::from(n)).copied().unwrap_or(b'0');
            out.extend_from_slice(b"\\u00");
            out.push(digit(b >> 4));
            out.push(digit(b & 15));
            return;
        }
    };
    out.push(b'\\');
    out.push(short);
}
