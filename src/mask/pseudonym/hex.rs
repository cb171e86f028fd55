//! `pseudonym: hex`: a string of hexadecimal digits becomes another of the same length. A `0x` or `\x` in front stays,
//! and so does the case; mixed case becomes small. Up to 64 digits (SHA-256 and its like) go through FF1 as bits, longer ones
//! as a string. Refuses separators: `pseudonym: alphanumeric` keeps those, `uuid` reads UUIDs.

use super::kind::{Form, Halves, Kind, Place, Read};
use super::{compiled, refusal};
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal};
use crate::row::shape::TypeClass;

/// Digits of a placeholder, where the column has room.
const PLACEHOLDER: u32 = 32;

/// Digits of a number of 128 bits.
const WORD: usize = 32;

/// The compiled kind's form.
pub(super) struct Hex {
    digits: u32,
    bytes: bool,
}

pub(super) fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let bytes = *cx.class() == TypeClass::Bytes;
    if !bytes && !cx.class().is_text() {
        return Err(refusal("`pseudonym: hex` needs a column of text or bytes"));
    }
    let digits = cx.class().max_chars().unwrap_or(PLACEHOLDER).min(PLACEHOLDER);
    Ok(compiled(Kind::new(cx, name::HEX, Hex { digits, bytes }), Output::Typed))
}

/// Splits the prefix off.
fn split(field: &[u8]) -> (&[u8], &[u8]) {
    match field.split_first_chunk::<2>() {
        Some((b"0x" | b"0X" | b"\\x", digits)) => field.split_at(field.len() - digits.len()),
        _ => (b"", field),
    }
}

/// What each byte is worth; 255: it is no digit.
static VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let (mut at, mut byte) = (0, 0_u8);
    while at < values.len() {
        values[at] = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => u8::MAX,
        };
        byte = byte.wrapping_add(1);
        at += 1;
    }
    values
};
const SMALL: &[u8; 16] = b"0123456789abcdef";
const CAPITAL: &[u8; 16] = b"0123456789ABCDEF";

fn value(byte: u8) -> u8 {
    VALUES.get(usize::from(byte)).copied().unwrap_or(u8::MAX)
}

fn is_hex(digits: &[u8]) -> bool {
    digits.iter().all(|byte| value(*byte) < 16)
}

/// Reads up to 32 digits; `None` if one of them is none.
fn number(digits: &[u8]) -> Option<u128> {
    let (mut number, mut all) = (0, 0);
    for part in digits.rchunks(16).rev() {
        let mut word = 0_u64;
        for byte in part {
            let value = value(*byte);
            all |= value;
            word = word << 4 | u64::from(value & 15);
        }
        number = number << (4 * part.len()) | u128::from(word);
    }
    (all < 16).then_some(number)
}

/// Writes a number into all of a place.
fn spell_number(mut number: u128, digits: &[u8; 16], out: &mut [u8]) {
    for part in out.rchunks_mut(16) {
        let mut word = u64::try_from(number & u128::from(u64::MAX)).unwrap_or(0);
        for to in part.iter_mut().rev() {
            *to =
                usize::try_from(word & 15).ok().and_then(|value| digits.get(value)).copied().unwrap_or(b'0');
            word >>= 4;
        }
        number >>= 64;
    }
}

/// Returns the digits to write a value with, as its own are.
fn spelling(digits: &[u8]) -> &'static [u8; 16] {
    // All are looked at: so it is vectors to the processor.
    let any = |of: fn(&u8) -> bool| digits.iter().fold(false, |any, byte| any | of(byte));
    let upper = any(u8::is_ascii_uppercase) && !any(u8::is_ascii_lowercase);
    if upper { CAPITAL } else { SMALL }
}

fn digit(value: u8, digits: &[u8; 16]) -> u8 {
    digits.get(usize::from(value & 15)).copied().unwrap_or(b'0')
}

/// Splits a number of two words, 128 bits each, at its middle.
fn halves([upper, lower]: [u128; 2], bits: u16) -> Halves {
    let half = u32::from(bits / 2);
    let above = upper.checked_shl(128 - half).unwrap_or(0) | lower.checked_shr(half).unwrap_or(0);
    Halves { bits, pair: [above, lower & (u128::MAX >> (128 - half))] }
}

/// Joins the halves to a number of two words.
fn words(Halves { bits, pair: [upper, lower] }: &Halves) -> [u128; 2] {
    let half = u32::from(bits / 2);
    [upper >> (128 - half), upper.checked_shl(half).unwrap_or(0) | lower]
}

impl Form for Hex {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let (prefix, digits) = split(field);
        if prefix == b"\\x" && !digits.len().is_multiple_of(2) {
            return Read::Unfit;
        }
        let count = u16::try_from(digits.len()).unwrap_or(u16::MAX);
        match (count, digits.split_at(digits.len().saturating_sub(WORD))) {
            (0, _) => Read::Unfit,
            (1..=32, _) => number(digits).map_or(Read::Unfit, |rank| {
                let group = u32::from(count);
                Read::Place(Place { scheme: 0, group, rank, last: u128::MAX >> (128 - 4 * group) })
            }),
            (33..=64, (upper, lower)) => match (number(upper), number(lower)) {
                (Some(upper), Some(lower)) => Read::Halves(halves([upper, lower], 4 * count)),
                _ => Read::Unfit,
            },
            _ if is_hex(digits) => Read::Wide,
            _ => Read::Unfit,
        }
    }

    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        let (prefix, digits) = split(field);
        out.extend_from_slice(prefix);
        let start = out.len();
        out.resize(start + digits.len(), b'0');
        spell_number(place.rank, spelling(digits), out.get_mut(start..).unwrap_or_default());
        true
    }

    fn write_halves(&self, field: &[u8], halves: &Halves, out: &mut Vec<u8>) {
        let (prefix, digits) = split(field);
        out.extend_from_slice(prefix);
        let start = out.len();
        out.resize(start + digits.len(), b'0');
        let place = out.get_mut(start..).unwrap_or_default();
        let middle = place.len().saturating_sub(WORD);
        if let Some((first, last)) = place.split_at_mut_checked(middle) {
            let [upper, lower] = words(halves);
            let spelling = spelling(digits);
            spell_number(upper, spelling, first);
            spell_number(lower, spelling, last);
        }
    }

    fn symbols(&self, field: &[u8], out: &mut Vec<u8>) {
        let (_, digits) = split(field);
        out.extend(digits.iter().map(|byte| value(*byte) & 15));
        out.resize(out.len() + digits.len(), 16);
    }

    fn spell(&self, field: &mut [u8], symbols: &[u8]) {
        let (prefix, digits) = split(field);
        let (skip, spelling) = (prefix.len(), spelling(digits));
        for (to, symbol) in field.iter_mut().skip(skip).zip(symbols) {
            *to = digit(*symbol, spelling);
        }
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        if self.bytes {
            out.extend_from_slice(b"\\x");
        }
        let mut left = bits;
        for _ in 0..self.digits {
            out.push(digit(u8::try_from(left >> 124).unwrap_or(0), SMALL));
            left = left.rotate_left(4);
        }
        self.digits > 0
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        split(one).1.eq_ignore_ascii_case(split(other).1)
    }
}
