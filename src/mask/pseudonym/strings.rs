//! `pseudonym: digits`, `alphanumeric` and `text`: every digit becomes a digit, every letter a letter of its kind and
//! case; all else stays, and so does the length. The digits and letters of a value are permuted together: one that
//! changes changes all of them. Values that differ in case or in what stays agree in the rest.
//!
//! `digits` takes digits and separators; `alphanumeric` ASCII; `text` any text, whose letters with marks, Greek and
//! Cyrillic ones have kinds of their own. Unfit: a value without digit or letter, invalid UTF-8, NUL, and letters or
//! digits of other scripts, which no kind would change.

use super::kind::{Form, Kind, Place, Read};
use super::{compiled, refusal_with};
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal};
use crate::vocabulary::numbers::separator;

/// Length of a placeholder.
const MOST_CHARS: u32 = 10;

/// What a form takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    Digits,
    Alphanumeric,
    Text,
}

/// Letters that stand for each other: `count` characters from `first`, `step` apart. All take two bytes but those of
/// ASCII, so that the length in bytes stays too.
struct Letters {
    first: u32,
    step: u32,
    count: u8,
}

const fn letters(first: u32, step: u32, count: u8) -> Letters {
    Letters { first, step, count }
}

/// Kinds of letters beyond ASCII. Source: Unicode, blocks Latin-1 Supplement, Latin Extended-A, Greek, Cyrillic.
static BEYOND: &[Letters] = &[
    letters(0xe0, 1, 23),
    letters(0xc0, 1, 23),
    letters(0xf8, 1, 7),
    letters(0xd8, 1, 7),
    // ß and ÿ: small letters without a capital in Latin-1.
    letters(0xdf, 0x20, 2),
    letters(0x101, 2, 28),
    letters(0x100, 2, 28),
    letters(0x13a, 2, 8),
    letters(0x139, 2, 8),
    letters(0x14b, 2, 23),
    letters(0x14a, 2, 23),
    letters(0x17a, 2, 3),
    letters(0x179, 2, 3),
    letters(0x3b1, 1, 17),
    letters(0x391, 1, 17),
    letters(0x3c3, 1, 7),
    letters(0x3a3, 1, 7),
    letters(0x3ac, 1, 4),
    letters(0x430, 1, 32),
    letters(0x410, 1, 32),
    letters(0x450, 1, 16),
    letters(0x400, 1, 16),
];

/// One character as the form sees it.
#[derive(Clone, Copy)]
enum Symbol {
    /// It stays.
    Kept,
    /// Its place among `radix` characters from `first`, `step` apart.
    Moves { first: u32, step: u32, radix: u8, value: u8 },
}

const fn moves(first: u8, radix: u8, byte: u8) -> Symbol {
    #[expect(clippy::as_conversions, reason = "u32::from is not const; a byte always fits")]
    Symbol::Moves { first: first as u32, step: 1, radix, value: byte - first }
}

/// Reads the first character: what it is, and its length in bytes; `None` if the alphabet has it not.
#[inline]
fn first_symbol(alphabet: Alphabet, text: &[u8]) -> Option<(Symbol, usize)> {
    let symbol = match *text.first()? {
        byte @ b'0'..=b'9' => moves(b'0', 10, byte),
        _ if alphabet == Alphabet::Digits => return separator(text).map(|len| (Symbol::Kept, len)),
        byte @ b'a'..=b'z' => moves(b'a', 26, byte),
        byte @ b'A'..=b'Z' => moves(b'A', 26, byte),
        0 => return None,
        1..0x80 => Symbol::Kept,
        _ if alphabet == Alphabet::Alphanumeric => return separator(text).map(|len| (Symbol::Kept, len)),
        _ => return beyond(text),
    };
    Some((symbol, 1))
}

fn beyond(text: &[u8]) -> Option<(Symbol, usize)> {
    let c = text.utf8_chunks().next()?.valid().chars().next()?;
    let code = u32::from(c);
    let found = BEYOND.iter().find_map(|l| {
        let distance = code.checked_sub(l.first).filter(|d| d.is_multiple_of(l.step))? / l.step;
        let value = u8::try_from(distance).ok().filter(|value| *value < l.count)?;
        Some(Symbol::Moves { first: l.first, step: l.step, radix: l.count, value })
    });
    match found {
        Some(symbol) => Some((symbol, c.len_utf8())),
        None => (!c.is_alphanumeric()).then_some((Symbol::Kept, c.len_utf8())),
    }
}

/// The compiled kinds' form.
pub(super) struct Strings {
    alphabet: Alphabet,
    max_chars: u32,
}

pub(super) fn compile(cx: &Compile<'_>, alphabet: Alphabet) -> Result<Compiled, Refusal> {
    if !cx.class().is_text() {
        return Err(refusal_with(
            "`pseudonym: digits`, `alphanumeric` and `text` need a column of text: zeros in front would be lost",
            "write `pseudonym: integer` for numbers, `pseudonym: uuid` for UUIDs",
        ));
    }
    let max_chars = cx.class().max_chars().unwrap_or(MOST_CHARS).min(MOST_CHARS);
    Ok(compiled(Kind::new(cx, name::STRINGS, Strings { alphabet, max_chars }), Output::Typed))
}

/// Calls `take` with every character and where it stands; `None` as soon as one is not of the alphabet or `take` says
/// so.
fn each(
    alphabet: Alphabet,
    field: &[u8],
    mut take: impl FnMut(Symbol, usize, usize) -> Option<()>,
) -> Option<()> {
    let mut at = 0;
    while let Some(rest) = field.get(at..).filter(|rest| !rest.is_empty()) {
        let (symbol, len) = first_symbol(alphabet, rest)?;
        take(symbol, at, len)?;
        at += len;
    }
    Some(())
}

/// Writes a character over another of the same length.
fn put(field: &mut [u8], at: usize, len: usize, first: u32, step: u32, value: u8) {
    let c = char::from_u32(first + step * u32::from(value)).unwrap_or('\0');
    if let Some(place) = field.get_mut(at..at + len).filter(|_| c.len_utf8() == len) {
        c.encode_utf8(place);
    }
}

impl Form for Strings {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let (mut rank, mut size) = (0_u128, Some(1_u128));
        let read = each(self.alphabet, field, |symbol, _, _| {
            if let Symbol::Moves { radix, value, .. } = symbol {
                rank = rank.wrapping_mul(u128::from(radix)).wrapping_add(u128::from(value));
                size = size.and_then(|size| size.checked_mul(u128::from(radix)));
            }
            Some(())
        });
        match (read, size) {
            (None, _) | (_, Some(1)) => Read::Unfit,
            (_, None) => Read::Wide,
            (_, Some(size)) => Read::Place(Place { scheme: 0, group: 0, rank, last: size - 1 }),
        }
    }

    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.extend_from_slice(field);
        let Some(text) = out.get_mut(start..) else { return false };
        // From the last character to the first: the last one is the rank's lowest digit.
        let mut left = place.rank;
        let mut end = text.len();
        while end > 0 {
            let mut at = end - 1;
            // Bytes 10xxxxxx continue a character.
            while at > 0 && text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80) {
                at -= 1;
            }
            if let Some((Symbol::Moves { first, step, radix, .. }, len)) =
                text.get(at..).and_then(|rest| first_symbol(self.alphabet, rest))
            {
                let value = match u64::try_from(left) {
                    Ok(small) => {
                        left = u128::from(small / u64::from(radix));
                        u8::try_from(small % u64::from(radix))
                    }
                    Err(_) => {
                        let value = u8::try_from(left % u128::from(radix));
                        left /= u128::from(radix);
                        value
                    }
                };
                put(text, at, len, first, step, value.unwrap_or(0));
            }
            end = at;
        }
        true
    }

    fn symbols(&self, field: &[u8], out: &mut Vec<u8>) {
        for radices in [false, true] {
            each(self.alphabet, field, |symbol, _, _| {
                if let Symbol::Moves { radix, value, .. } = symbol {
                    out.push(if radices { radix } else { value });
                }
                Some(())
            });
        }
    }

    fn spell(&self, field: &mut [u8], symbols: &[u8]) {
        let mut values = symbols.iter();
        let mut at = 0;
        while let Some((symbol, len)) = field.get(at..).and_then(|rest| first_symbol(self.alphabet, rest)) {
            if let Symbol::Moves { first, step, .. } = symbol
                && let Some(value) = values.next()
            {
                put(field, at, len, first, step, *value);
            }
            at += len;
        }
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        let mut left = bits;
        for _ in 0..self.max_chars {
            let (radix, first) = if self.alphabet == Alphabet::Digits { (10, b'0') } else { (26, b'a') };
            let (high, low) = (left >> 64, left & u128::from(u64::MAX));
            let product = high * radix;
            out.push(first + u8::try_from(product >> 64).unwrap_or(0));
            left = (product << 64) | low;
        }
        self.max_chars > 0
    }

    /// Case does not count; what stays does.
    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        one.eq_ignore_ascii_case(other)
    }
}
