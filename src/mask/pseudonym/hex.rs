//! `pseudonym: hex`: a string of hexadecimal digits becomes another of the same length. A `0x` or `\x` in front stays,
//! and so does the case; mixed case becomes small. Up to 32 digits go through FF1 as a number of bits, longer ones
//! (SHA-256 and its like) as a string. Refuses separators: `pseudonym: alphanumeric` keeps those, `uuid` reads UUIDs.

use super::kind::{Form, Kind, Place, Read};
use super::{compiled, refusal};
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal};
use crate::row::shape::TypeClass;

/// Digits of a placeholder, where the column has room.
const PLACEHOLDER: u32 = 32;

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

fn value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

fn digit(value: u8, upper: bool) -> u8 {
    match value & 15 {
        value @ 0..=9 => b'0' + value,
        value if upper => b'A' + value - 10,
        value => b'a' + value - 10,
    }
}

fn is_upper(digits: &[u8]) -> bool {
    digits.iter().any(u8::is_ascii_uppercase) && !digits.iter().any(u8::is_ascii_lowercase)
}

impl Form for Hex {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let (prefix, digits) = split(field);
        let whole = prefix != b"\\x" || digits.len().is_multiple_of(2);
        let mut rank = 0_u128;
        for byte in digits {
            match value(*byte) {
                Some(value) => rank = rank << 4 | u128::from(value),
                None => return Read::Unfit,
            }
        }
        match u32::try_from(digits.len()) {
            Ok(count @ 1..=32) if whole => {
                Read::Place(Place { scheme: 0, group: count, rank, last: u128::MAX >> (128 - 4 * count) })
            }
            Ok(0) => Read::Unfit,
            _ if whole => Read::Wide,
            _ => Read::Unfit,
        }
    }

    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        let (prefix, digits) = split(field);
        let upper = is_upper(digits);
        out.extend_from_slice(prefix);
        let start = out.len();
        let mut left = place.rank;
        out.resize(start + digits.len(), b'0');
        for to in out.get_mut(start..).unwrap_or_default().iter_mut().rev() {
            *to = digit(u8::try_from(left & 15).unwrap_or(0), upper);
            left >>= 4;
        }
        true
    }

    fn symbols(&self, field: &[u8], out: &mut Vec<u8>) {
        let (_, digits) = split(field);
        out.extend(digits.iter().filter_map(|byte| value(*byte)));
        out.resize(out.len() + digits.len(), 16);
    }

    fn spell(&self, field: &mut [u8], symbols: &[u8]) {
        let (prefix, digits) = split(field);
        let (skip, upper) = (prefix.len(), is_upper(digits));
        for (to, symbol) in field.iter_mut().skip(skip).zip(symbols) {
            *to = digit(*symbol, upper);
        }
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        if self.bytes {
            out.extend_from_slice(b"\\x");
        }
        let mut left = bits;
        for _ in 0..self.digits {
            out.push(digit(u8::try_from(left >> 124).unwrap_or(0), false));
            left = left.rotate_left(4);
        }
        self.digits > 0
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        split(one).1.eq_ignore_ascii_case(split(other).1)
    }
}
