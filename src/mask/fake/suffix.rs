//! What makes a mail address or user name unique: 16 small letters and digits that hold 80 bits, fewer where `max:` asks,
//! and never under 40 bits. Where the subject decides, its name stands before them as far as it fits.
//!
//! Source: RFC 4648 (base32).

use super::local::{Namer, POINTS, longest};
use super::make::Make;
use super::spec::{Build, Made};
use crate::mask::{Lanes, Output, Refusal, Uniqueness};
use crate::message;

/// Characters of a unique part: 80 bits; under 8 (40 bits) it is refused (DESIGN 4, uniqueness).
const UNIQUE_CHARS: u32 = 16;
const LEAST_UNIQUE_CHARS: u32 = 8;

/// RFC 5321: most characters of a local part.
const MOST_LOCAL: u32 = 64;

/// The shortest name that is worth writing: an initial and two letters.
const LEAST_NAME: usize = 4;

/// RFC 4648, in small letters.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A unique local part and what stands behind it.
pub(super) struct Unique {
    /// Whose name stands before it, and in how many characters at most.
    name: Option<(Namer, usize)>,
    /// Characters that hold the bits, at most `UNIQUE_CHARS`.
    chars: usize,
    /// `@example.org`, or nothing.
    tail: String,
}

impl Unique {
    /// Builds the unique form of a kind.
    pub(super) fn build(cx: &Build<'_>, kind: &'static str, tail: String) -> Result<Made, Refusal> {
        let behind = u32::try_from(tail.len()).unwrap_or(u32::MAX);
        cx.at_least(kind, behind + LEAST_UNIQUE_CHARS).map_err(|refusal| Refusal {
            what: message!("{} and stay unique (that takes 40 bits)", refusal.what),
            hint: refusal.hint,
        })?;
        let room = cx.room().saturating_sub(behind);
        let chars = room.min(UNIQUE_CHARS);
        let left = room.min(MOST_LOCAL).saturating_sub(chars + 1).min(longest(cx.locale));
        let left = usize::try_from(left).unwrap_or(0);
        let name = (cx.by_subject && left >= LEAST_NAME).then(|| (Namer::new(cx.locale), left));
        let most =
            behind + chars + name.as_ref().map_or(0, |(_, left)| u32::try_from(*left).unwrap_or(0) + 1);
        let make = Self { name, chars: usize::try_from(chars).unwrap_or(0), tail };
        let made = cx.made_apart_as(make, Output::Text { max_chars: Some(most) });
        Ok(Made { uniqueness: Uniqueness::Bits(5 * chars), ..made })
    }
}

impl Make for Unique {
    fn make_of(&self, field: &[u8], lanes: &Lanes, row: &Lanes, out: &mut Vec<u8>) {
        if let Some((name, most)) = &self.name {
            name.append(row, POINTS, *most, out);
            out.push(b'.');
        }
        self.make(field, lanes, out);
    }

    fn make(&self, _field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let [high, low, ..] = lanes.0;
        // The upper 80 bits, ten at a time: sixty and twenty.
        let rest = high << 16 | low >> 48;
        let shifts = [54, 44, 34, 24, 14, 4].map(|shift| high >> shift);
        let [a, b, c, d, e, f] = shifts.map(pair);
        let text: [[u8; 2]; 8] = [a, b, c, d, e, f, pair(rest >> 10), pair(rest)];
        out.extend_from_slice(text.as_flattened().get(..self.chars).unwrap_or_default());
        out.extend_from_slice(self.tail.as_bytes());
    }
}

/// Returns the two characters of the lowest ten bits.
fn pair(bits: u64) -> [u8; 2] {
    /// Every pair of characters, the first in the upper five bits.
    static PAIRS: [[u8; 2]; 1024] = {
        let (mut pairs, mut at) = ([[0; 2]; 1024], 0);
        while at < pairs.len() {
            pairs[at] = [BASE32[at >> 5], BASE32[at & 31]];
            at += 1;
        }
        pairs
    };
    usize::try_from(bits & 1023).ok().and_then(|at| PAIRS.get(at)).copied().unwrap_or(*b"aa")
}
