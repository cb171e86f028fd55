//! `pseudonym: phone`: country code and the first digit of the national number stay, which tell mobile from fixed in
//! most countries; the digits behind are permuted (of a
//! North American number those behind the area code). Spelling and length stay. Two spellings of one number agree.
//!
//! Unfit: what has no E.164 form (see `row::phone`), and numbers of fewer than five digits behind what stays. The
//! stand-in may be somebody's: `fake: phone` takes numbers that are not.

use super::kind::{Form, Kind, Place, Read};
use super::{compiled, refusal, room};
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal};
use crate::row::canon::Canon;

/// Fewest digits that are permuted.
const LEAST: usize = 5;
/// Digits that stay of a number of a country that is not known: a country code has up to three.
const UNKNOWN: usize = 3;

/// The compiled kind's form.
pub(super) struct Phone {
    canon: Canon,
    /// Placeholders: what is dialled before six digits.
    start: &'static [u8],
}

pub(super) fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if !cx.class().is_text() {
        return Err(refusal("`pseudonym: phone` needs a column of text"));
    }
    let (country, start): (_, &[u8]) = match super::scheme::country(cx) {
        "NL" => ("NL", b"+3169"),
        "BE" => ("BE", b"+3246"),
        "DE" => ("DE", b"+4915"),
        "FR" => ("FR", b"+3363"),
        "GB" => ("GB", b"+4477"),
        "US" => ("US", b"+12125"),
        _ => return Err(refusal("`pseudonym: phone` does not know how this locale's country dials")),
    };
    room(cx, 12, "a number with its country code has twelve characters; give the column another technique")?;
    Ok(compiled(Kind::new(cx, name::PHONE, Phone { canon: Canon::Phone { country }, start }), Output::Typed))
}

/// Digits of a number's E.164 form, on the stack.
struct E164 {
    digits: [u8; 15],
    len: usize,
    /// How many of them stay.
    kept: usize,
}

/// Country codes whose countries are known here, one digit of the national number behind them.
fn kept(digits: &[u8]) -> usize {
    const CODES: &[&[u8]] = &[
        b"1", b"31", b"32", b"33", b"34", b"39", b"41", b"43", b"44", b"45", b"46", b"47", b"48", b"49",
        b"351", b"352", b"353",
    ];
    match CODES.iter().find(|code| digits.starts_with(code)) {
        // In North America the area code stays; behind it comes the exchange.
        Some(&b"1") => 4,
        Some(code) => code.len() + 1,
        None => UNKNOWN,
    }
}

impl Phone {
    /// Finds the digits of a number; `out` is lent as scratch room and comes back as it was.
    fn e164(&self, field: &[u8], out: &mut Vec<u8>) -> Option<E164> {
        let start = out.len();
        let formed = self.canon.append(field, out);
        let mut found = E164 { digits: [0; 15], len: 0, kept: 0 };
        let digits = out.get(start..).unwrap_or_default().strip_prefix(b"+").unwrap_or_default();
        let room = found.digits.get_mut(..digits.len());
        let fits = formed && room.is_some();
        if let Some(room) = room {
            room.copy_from_slice(digits);
            found.len = digits.len();
            found.kept = kept(digits);
        }
        out.truncate(start);
        (fits && found.len >= found.kept + LEAST).then_some(found)
    }
}

impl Form for Phone {
    fn read(&self, field: &[u8], scratch: &mut Vec<u8>) -> Read {
        let Some(found) = self.e164(field, scratch) else { return Read::Unfit };
        let moving = found.digits.get(found.kept..found.len).unwrap_or_default();
        let rank = moving.iter().fold(0, |rank, digit| rank * 10 + u128::from(digit - b'0'));
        let size = moving.iter().fold(1, |size, _| size * 10);
        let american = found.digits.first() == Some(&b'1');
        let place = Place { scheme: 0, group: u32::from(american), rank, last: size - 1 };
        if self.may(&place) { Read::Place(place) } else { Read::Unfit }
    }

    /// The exchange of an American number begins with 2 to 9.
    fn may(&self, place: &Place) -> bool {
        place.group == 0 || place.rank >= 2_000_000
    }

    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        let mut moving = 0;
        let mut size = 1;
        while size <= place.last {
            (moving, size) = (moving + 1, size * 10);
        }
        let start = out.len();
        out.extend_from_slice(field);
        let mut left = place.rank;
        // The national number is the last of the digits, however the number is spelled.
        let digits =
            out.get_mut(start..).unwrap_or_default().iter_mut().rev().filter(|byte| byte.is_ascii_digit());
        for byte in digits.take(moving) {
            *byte = b'0' + u8::try_from(left % 10).unwrap_or(0);
            left /= 10;
        }
        true
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.start);
        let mut left = bits >> 64;
        for _ in self.start.len()..12 {
            out.push(b'0' + u8::try_from(left % 10).unwrap_or(0));
            left /= 10;
        }
        true
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        let mut scratch = Vec::new();
        match (self.e164(one, &mut scratch), self.e164(other, &mut scratch)) {
            (Some(a), Some(b)) => a.digits.get(..a.len) == b.digits.get(..b.len),
            _ => one == other,
        }
    }
}
