//! What all kinds share: the redraw where the value decides, the placeholder, lane 7. Refuses to keep state between
//! values: a stand-in depends on nothing but lanes, key and form of the input.

use super::form;
use crate::mask::draw::{high, keyed};
use crate::mask::{Lanes, Mask, MaskCx, Outcome, Standins};
use crate::row::field::Cells;
use crate::secret::{Mac, Message, lanes};

/// How often a stand-in that equals the original is drawn anew. By then a table of two entries has it right but for
/// one value in 2^16, which is counted.
const DRAWS: u32 = 16;

/// Makes the stand-ins of one kind.
pub(super) trait Make: Send + Sync {
    /// Appends the stand-in that the lanes decide, in the form of `field`.
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>);

    /// Appends it where the kind needs the row's own lanes beside those of `attribute`.
    #[inline]
    fn make_of(&self, field: &[u8], lanes: &Lanes, row: &Lanes, out: &mut Vec<u8>) {
        let _ = row;
        self.make(field, lanes, out);
    }

    /// Returns whether the kind knows the form of a value; of what it does not know it makes no stand-in, only a
    /// placeholder.
    #[inline]
    fn is_fit(&self, _field: &[u8]) -> bool {
        true
    }

    /// Returns whether a stand-in that equals its original may be drawn anew. Not where two values are all there are:
    /// the other one would be no secret.
    #[inline]
    fn redraws(&self) -> bool {
        true
    }

    /// Returns whether two values mean the same. Must depend on nothing that the canonical form drops, or two
    /// spellings of one value would part.
    #[inline]
    fn is_same(&self, field: &[u8], standin: &[u8]) -> bool {
        form::is_same(field, standin)
    }
}

/// A kind as a technique.
pub(super) struct Fake<M> {
    make: M,
    /// L(attribute) where the subject decides a kind that has no lane of its own: `make` then gets the lanes of
    /// HMAC(s_1, L(attribute)), twice, as by value those of `d`.
    attribute: Option<Message>,
    redraw: bool,
    mac: Mac,
}

impl<M: Make> Fake<M> {
    /// `redraw`: the value decides, so a stand-in that equals it is drawn anew (the subject's are only counted).
    pub(super) fn new(make: M, attribute: Option<Message>, redraw: bool, mac: Mac) -> Self {
        Self { make, attribute, redraw, mac }
    }

    /// Draws from the lanes that the kind reads; the row's are needed only to draw anew.
    #[inline]
    fn draw(&self, redraw: bool, field: &[u8], ready: &Lanes, row: &Lanes, out: &mut Vec<u8>) -> Outcome {
        let start = out.len();
        self.make.make_of(field, ready, row, out);
        if !self.make.is_same(field, out.get(start..).unwrap_or_default()) {
            return Outcome::Masked;
        }
        if redraw && self.make.redraws() { self.redraw(field, row, start, out) } else { Outcome::Equal }
    }

    #[cold]
    fn redraw(&self, field: &[u8], row: &Lanes, start: usize, out: &mut Vec<u8>) -> Outcome {
        let mut lanes = *row;
        for _ in 1..DRAWS {
            out.truncate(start);
            lanes = next(&lanes);
            self.make.make_of(field, &self.ready(&lanes), &lanes, out);
            if !self.make.is_same(field, out.get(start..).unwrap_or_default()) {
                return Outcome::Masked;
            }
        }
        Outcome::Equal
    }

    /// Returns the lanes that the kind reads.
    fn ready(&self, row: &Lanes) -> Lanes {
        let Some(attribute) = &self.attribute else { return *row };
        twice(keyed(attribute, row))
    }

    /// Masks rows whose deciding digests are keyed once more, several at a time.
    fn mask_keyed(&self, attribute: &Message, cells: &Cells<'_>, lanes: &[Lanes], out: &mut Standins) {
        let none = Lanes::default();
        for first in (0..cells.len()).step_by(Message::TOGETHER) {
            let rows = first..cells.len().min(first + Message::TOGETHER);
            let mut keys = [[0; 4]; Message::TOGETHER];
            let mut count = 0;
            // NULL and '' need no digest.
            let valued = rows.clone().filter(|row| cells.get(*row).is_some_and(|field| !field.is_empty()));
            for (key, row) in keys.iter_mut().zip(valued) {
                *key = high(lanes.get(row).unwrap_or(&none));
                count += 1;
            }
            attribute.tags(keys.get_mut(..count).unwrap_or_default());
            let mut ready = keys.into_iter().map(twice);
            for row in rows {
                let outcome = match cells.get(row) {
                    None => Outcome::Null,
                    Some([]) => Outcome::Masked,
                    Some(field) if !self.make.is_fit(field) => {
                        ready.next();
                        Outcome::Unfit
                    }
                    Some(field) => {
                        let (ready, row) = (ready.next().unwrap_or(none), lanes.get(row).unwrap_or(&none));
                        self.draw(self.redraw, field, &ready, row, &mut out.bytes)
                    }
                };
                out.close(outcome);
            }
        }
    }
}

impl<M: Make> Mask for Fake<M> {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        if !self.make.is_fit(field) {
            return Outcome::Unfit;
        }
        self.draw(self.redraw, field, &self.ready(cx.lanes), cx.lanes, out)
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let row = twice(lanes(&self.mac.digest(b"unfit", field)));
        let start = out.len();
        let outcome = self.draw(true, field, &self.ready(&row), &row, out);
        // A word of two says nothing even where it is the one that was there.
        if outcome == Outcome::Equal && !self.make.redraws() {
            return true;
        }
        if outcome != Outcome::Masked {
            out.truncate(start);
        }
        outcome == Outcome::Masked
    }

    fn mask_column(&self, cells: &Cells<'_>, lanes: &[Lanes], out: &mut Standins) {
        if let Some(attribute) = &self.attribute {
            return self.mask_keyed(attribute, cells, lanes, out);
        }
        let none = Lanes::default();
        let lanes = lanes.iter().chain(std::iter::repeat(&none));
        for (field, lanes) in cells.iter().zip(lanes) {
            let outcome = match field {
                None => Outcome::Null,
                Some([]) => Outcome::Masked,
                Some(field) if !self.make.is_fit(field) => Outcome::Unfit,
                Some(field) => self.draw(self.redraw, field, lanes, lanes, &mut out.bytes),
            };
            out.close(outcome);
        }
    }
}

/// Returns the lanes of one digest where by subject there are two.
fn twice([a, b, c, d]: [u64; 4]) -> Lanes {
    Lanes([a, b, c, d, a, b, c, d])
}

/// Moves every lane on by one and turns it, so that 16 draws see different top bits.
fn next(lanes: &Lanes) -> Lanes {
    let [a, b, c, d, e, f, g, h] = lanes.0;
    Lanes([b, c, d, e, f, g, h, a].map(|lane| lane.rotate_left(13)))
}
