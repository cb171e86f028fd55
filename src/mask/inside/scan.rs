//! What the walkers of small notations share: a cursor over a value, and a part's stand-in written in its notation.
//!
//! Refuses a stand-in that would not be sound where it is to stand (a comma in a list without quotes): the part is unfit
//! then. Knows no notation itself.

use super::{Became, Unfit, Visit};

/// A place in a value.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    value: &'a [u8],
    /// Bytes that were read.
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    /// Stands before the first byte.
    pub(super) fn new(value: &'a [u8]) -> Self {
        Self { value, at: 0 }
    }

    /// Returns the next byte, and leaves it.
    pub(super) fn peek(&self) -> Option<u8> {
        self.value.get(self.at).copied()
    }

    /// Takes the next byte, where there is one.
    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// Takes the next byte if it is that one.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// Takes all bytes of which something holds.
    pub(super) fn take_while(&mut self, holds: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(&holds) {
            self.at += 1;
        }
        self.since(start)
    }

    /// Takes blanks.
    pub(super) fn blanks(&mut self) -> &'a [u8] {
        self.take_while(is_blank)
    }

    /// Returns what was read from there on.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.value.get(start..self.at).unwrap_or_default()
    }

    /// Returns whether nothing follows.
    pub(super) fn is_end(&self) -> bool {
        self.at >= self.value.len()
    }
}

/// Returns whether PostgreSQL takes a byte for a blank. Source: `array_isspace` and `isspace` of the C locale.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Takes blanks off both ends: what stands before, the rest, what stands behind.
pub(super) fn trimmed(part: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let before = part.iter().take_while(|b| is_blank(**b)).count();
    let (before, rest) = part.split_at_checked(before).unwrap_or((part, &[]));
    let behind = rest.iter().rev().take_while(|b| is_blank(**b)).count();
    let (rest, behind) = rest.split_at_checked(rest.len() - behind).unwrap_or((rest, &[]));
    (before, rest, behind)
}

/// A text between quotes, or without any, that was read to its end.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    /// As it stands there, with its quotes.
    pub(super) raw: &'a [u8],
    /// Whether quotes or escapes stand in it, so that it must be decoded.
    pub(super) escaped: bool,
}

impl Text<'_> {
    /// Returns whether it is the word NULL: without quotes, in any case.
    pub(super) fn is_null(&self) -> bool {
        !self.escaped && self.raw.eq_ignore_ascii_case(b"null")
    }
}

impl<'a> Text<'a> {
    /// Returns the text itself; `buf` is used where it must be decoded. A backslash makes the next byte a byte; quotes
    /// go, but for a quote that is `doubled` inside of others.
    pub(super) fn decoded<'b>(&self, doubled: bool, buf: &'b mut Vec<u8>) -> &'b [u8]
    where
        'a: 'b,
    {
        if !self.escaped {
            return self.raw;
        }
        buf.clear();
        let (mut bytes, mut inside) = (Cursor::new(self.raw), false);
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' => buf.extend(bytes.next()),
                b'"' if doubled && inside && bytes.take(b'"') => buf.push(b'"'),
                b'"' => inside = !inside,
                _ => buf.push(byte),
            }
        }
        buf
    }
}

/// How a notation writes a part.
pub(super) trait Notation {
    /// Returns whether a stand-in can stand there at all.
    fn is_sound(&self, _decoded: &[u8]) -> bool {
        true
    }

    /// Returns what must stand before and behind the stand-in.
    fn quote(&self, _decoded: &[u8]) -> Option<u8> {
        None
    }

    /// Appends a byte of the stand-in.
    fn byte(&self, byte: u8, out: &mut Vec<u8>);
}

/// Appends what the rule of a place makes of a part, written in its notation.
///
/// # Errors
/// `Unfit`: the rule stops at such a value.
pub(super) fn leaf(
    visit: &mut Visit<'_>,
    (place, decoded, by): (usize, &[u8], Option<&[u8]>),
    notation: &impl Notation,
    out: &mut Vec<u8>,
) -> Result<Became, Unfit> {
    let start = out.len();
    let is_sound = |out: &Vec<u8>| out.get(start..).is_some_and(|written| notation.is_sound(written));
    let mut became = visit.leaf(place, decoded, by, out)?;
    if became == Became::Written && !is_sound(out) {
        out.truncate(start);
        became = visit.unfit(place, decoded, out)?;
        if became == Became::Written && !is_sound(out) {
            became = Became::Removed;
        }
    }
    if became == Became::Written {
        write(start, notation, out);
    } else {
        out.truncate(start);
    }
    Ok(became)
}

/// Writes what was appended from `start` on in its notation.
fn write(start: usize, notation: &impl Notation, out: &mut Vec<u8>) {
    let end = out.len();
    let quote = out.get(start..).and_then(|decoded| notation.quote(decoded));
    out.extend(quote);
    for at in start..end {
        if let Some(byte) = out.get(at).copied() {
            notation.byte(byte, out);
        }
    }
    out.extend(quote);
    // Written behind and moved to the front, so that no buffer is needed.
    let written = out.len() - end;
    out.copy_within(end.., start);
    out.truncate(start + written);
}
