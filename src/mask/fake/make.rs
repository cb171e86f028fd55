//! What all kinds share: the redraw where the value decides, the placeholder, lane 7. Refuses to keep state between
//! values: a stand-in depends on nothing but lanes, key and form of the input.

use super::form;
use crate::mask::{Lanes, Mask, MaskCx, Outcome, lane};
use crate::secret::{Mac, lanes};

/// How often a stand-in that equals the original is drawn anew. By then a table of two entries has it right but for
/// one value in 2^16, which is counted.
const DRAWS: u32 = 16;

/// Makes the stand-ins of one kind.
pub(super) trait Make: Send + Sync {
    /// Appends the stand-in that the lanes decide, in the form of `field`.
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>);

    /// Returns whether two values mean the same. Must depend on nothing that the canonical form drops, or two
    /// spellings of one value would part.
    fn is_same(&self, field: &[u8], standin: &[u8]) -> bool {
        form::is_same(field, standin)
    }
}

/// A kind as a technique.
pub(super) struct Fake<M> {
    make: M,
    redraw: bool,
    mac: Mac,
}

impl<M: Make> Fake<M> {
    /// `redraw`: the value decides, so a stand-in that equals it is drawn anew (the subject's are only counted).
    pub(super) fn new(make: M, redraw: bool, mac: Mac) -> Self {
        Self { make, redraw, mac }
    }

    fn draw(&self, redraw: bool, field: &[u8], first: &Lanes, out: &mut Vec<u8>) -> Outcome {
        let start = out.len();
        let mut lanes = *first;
        for draw in 1.. {
            self.make.make(field, &lanes, out);
            if !self.make.is_same(field, out.get(start..).unwrap_or_default()) {
                return Outcome::Masked;
            }
            if !redraw || draw >= DRAWS {
                break;
            }
            out.truncate(start);
            lanes = next(&lanes);
        }
        Outcome::Equal
    }
}

impl<M: Make> Mask for Fake<M> {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        self.draw(self.redraw, field, cx.lanes, out)
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let [a, b, c, d] = lanes(&self.mac.digest(b"unfit", field));
        let start = out.len();
        let outcome = self.draw(true, field, &Lanes([a, b, c, d, a, b, c, d]), out);
        if outcome != Outcome::Masked {
            out.truncate(start);
        }
        outcome == Outcome::Masked
    }
}

/// Moves every lane on by one and turns it, so that 16 draws see different top bits.
fn next(lanes: &Lanes) -> Lanes {
    let [a, b, c, d, e, f, g, h] = lanes.0;
    Lanes([b, c, d, e, f, g, h, a].map(|lane| lane.rotate_left(13)))
}

/// Where the digest of a kind without a lane of its own comes from.
pub(super) enum Own {
    /// The value decides: `d` itself.
    Value,
    /// The subject decides: HMAC(s_1, L(attribute)); holds L(attribute).
    Subject(Vec<u8>),
}

impl Own {
    /// Prepares for an attribute.
    pub(super) fn new(by_subject: bool, attribute: &str) -> Self {
        if !by_subject {
            return Self::Value;
        }
        let length = u32::try_from(attribute.len()).unwrap_or(u32::MAX).to_be_bytes();
        Self::Subject([length.as_slice(), attribute.as_bytes()].concat())
    }

    /// Returns the four lanes that decide.
    pub(super) fn lanes(&self, all: &Lanes) -> [u64; 4] {
        match self {
            Self::Value => {
                let [a, b, c, d, ..] = all.0;
                [a, b, c, d]
            }
            Self::Subject(attribute) => {
                let mut key = [0; 32];
                for (place, lane) in key.chunks_exact_mut(8).zip(all.0.iter().skip(lane::PHONE)) {
                    place.copy_from_slice(&lane.to_be_bytes());
                }
                lanes(&Mac::from_key(&key).tag(&[attribute]))
            }
        }
    }
}
