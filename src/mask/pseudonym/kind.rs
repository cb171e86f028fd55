//! What the kinds share that permute ranks: a form reads a value's rank, the cycle gives another, the form writes it in
//! the value's spelling. Values of many rows walk side by side. Refuses (unfit) what the form cannot read, and what no
//! other value can stand for.

use super::placeholder_lane;
use crate::mask::permutation::bits::Lengths;
use crate::mask::permutation::cycle::{Cycles, bits};
use crate::mask::permutation::ff1::ABREAST;
use crate::mask::permutation::wide::Wide;
use crate::mask::{Compile, Lanes, Mask, MaskCx, Outcome, Standins};
use crate::row::field::Cells;
use crate::secret::{Mac, Purpose, lanes};

/// Where a value stands: what stays of it, and its rank among what could stand there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which of the form's schemes, and of its groups.
    pub(super) scheme: u8,
    pub(super) group: u32,
    pub(super) rank: u128,
    /// The last rank.
    pub(super) last: u128,
}

/// A string of up to 256 bits, an even number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Halves {
    pub(super) bits: u16,
    /// The upper half, the lower half.
    pub(super) pair: [u128; 2],
}

/// How a value is read.
pub(super) enum Read {
    Unfit,
    /// It has a rank.
    Place(Place),
    /// It is a string of bits, too long for a rank: `Form::write_halves` writes one.
    Halves(Halves),
    /// It is too long for one: `Form::symbols` and `Form::spell` see to it.
    Wide,
}

/// Reads and writes the values of a kind.
pub(super) trait Form: Send + Sync {
    /// Reads a value; `scratch` is lent and comes back as it was.
    fn read(&self, field: &[u8], scratch: &mut Vec<u8>) -> Read;

    /// Returns whether the rank at a place has a value.
    fn may(&self, _: &Place) -> bool {
        true
    }

    /// Appends the value at a place, in the spelling of a field that has been read; `false` (and what was appended is
    /// taken back) if there is none.
    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool;

    /// Appends the value of these bits, in the spelling of a field that has been read as such.
    fn write_halves(&self, _field: &[u8], _halves: &Halves, _out: &mut Vec<u8>) {}

    /// Appends the symbols of a value without a rank, then their radices, as many.
    fn symbols(&self, _field: &[u8], _out: &mut Vec<u8>) {}

    /// Puts symbols back into a field, in place.
    fn spell(&self, _field: &mut [u8], _symbols: &[u8]) {}

    /// Appends a value that these bits decide, of the form that stands for the kind; `false` if there is none.
    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool;

    /// Returns whether two values are the same but for their spelling.
    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        let mut scratch = Vec::new();
        match (self.read(one, &mut scratch), self.read(other, &mut scratch)) {
            (Read::Place(one), Read::Place(other)) => one == other,
            _ => one == other,
        }
    }
}

/// A kind, compiled.
pub(super) struct Kind<F> {
    form: F,
    cycles: Cycles,
    lengths: Lengths,
    wide: Wide,
    mac: Mac,
    pinned: Vec<Vec<u8>>,
}

impl<F: Form> Kind<F> {
    /// Joins a form with its permutation.
    pub(super) fn new(cx: &Compile<'_>, name: u8, form: F) -> Self {
        let mac = super::mac(cx);
        let key = cx.schedule.use_key(Purpose::Fpe, cx.label);
        let (cycles, lengths) = (Cycles::new(&key, &mac, name), Lengths::new(&key, name));
        let wide = Wide::new(&key, name);
        let pinned = cx.pinned.iter().map(|value| value.as_bytes().to_vec()).collect();
        Self { form, cycles, lengths, wide, mac, pinned }
    }

    fn is_pinned(&self, field: &[u8]) -> bool {
        self.pinned.iter().any(|pinned| pinned == field || self.form.same(field, pinned))
    }

    /// Returns the stand-in's place of a value that is not pinned; `out` is lent to try spellings.
    fn next(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> Option<Place> {
        let mut rank = [place.rank];
        let done = self.cycles.apply(bits(place.last), &mut rank, |_, rank| {
            let next = Place { rank, ..*place };
            rank <= place.last
                && self.form.may(&next)
                && (self.pinned.is_empty() || self.is_free(field, &next, out))
        });
        let [rank] = rank;
        (done && rank != place.rank).then_some(Place { rank, ..*place })
    }

    /// Returns whether a stand-in is not pinned.
    fn is_free(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let written = self.form.write(field, place, out);
        let free = written && !self.is_pinned(out.get(start..).unwrap_or_default());
        out.truncate(start);
        free
    }

    fn append(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> Outcome {
        let start = out.len();
        if self.form.write(field, place, out) {
            return Outcome::Masked;
        }
        out.truncate(start);
        Outcome::Unfit
    }

    /// Appends what stands for a value of bits; one that stands for itself, one in 2^130, is unfit. As with `wide`, a pinned
    /// stand-in is no hazard.
    fn append_halves(&self, field: &[u8], old: &Halves, new: &Halves, out: &mut Vec<u8>) -> Outcome {
        if old == new {
            return Outcome::Unfit;
        }
        self.form.write_halves(field, new, out);
        Outcome::Masked
    }

    fn halves(&self, field: &[u8], halves: &Halves, out: &mut Vec<u8>) -> Outcome {
        let mut pair = [halves.pair];
        if !self.lengths.permute(halves.bits, &mut pair, false) {
            return Outcome::Unfit;
        }
        let [pair] = pair;
        self.append_halves(field, halves, &Halves { pair, ..*halves }, out)
    }

    /// Masks a value without a rank in place: its symbols stand behind it in `out` while they are permuted. A stand-in
    /// that is pinned is no hazard worth a walk: one in 2^126.
    fn wide(&self, field: &[u8], out: &mut Vec<u8>) -> Outcome {
        let start = out.len();
        self.permute_wide(field, out, false);
        if out.get(start..) == Some(field) {
            out.truncate(start);
            return Outcome::Unfit;
        }
        Outcome::Masked
    }

    fn permute_wide(&self, field: &[u8], out: &mut Vec<u8>, back: bool) {
        let start = out.len();
        out.extend_from_slice(field);
        let behind = out.len();
        self.form.symbols(field, out);
        let count = (out.len() - behind) / 2;
        if let Some((text, rest)) = out.get_mut(start..).and_then(|all| all.split_at_mut_checked(field.len()))
            && let Some((symbols, radices)) = rest.split_at_mut_checked(count)
        {
            self.wide.permute(symbols, radices, back);
            self.form.spell(text, symbols);
        }
        out.truncate(behind);
    }
}

impl<F: Form> Mask for Kind<F> {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        if !self.pinned.is_empty() && self.is_pinned(field) {
            out.extend_from_slice(field);
            return Outcome::Pinned;
        }
        match self.form.read(field, out) {
            Read::Unfit => Outcome::Unfit,
            Read::Wide => self.wide(field, out),
            Read::Halves(halves) => self.halves(field, &halves, out),
            Read::Place(place) => match self.next(field, &place, out) {
                Some(next) => self.append(field, &next, out),
                None => Outcome::Unfit,
            },
        }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let mut bits = u128::from(placeholder_lane(&self.mac, field)) << 64;
        // A pinned value stands for nobody, and a placeholder for somebody: another is made.
        for _ in 0..64 {
            let done = self.form.placeholder(bits, out);
            let made = out.get(start..).unwrap_or_default();
            if done && made != field && (self.pinned.is_empty() || !self.is_pinned(made)) {
                return true;
            }
            out.truncate(start);
            let [high, low, ..] = lanes(&self.mac.tag(&[b"placeholder again", &bits.to_be_bytes()]));
            bits = (u128::from(high) << 64) | u128::from(low);
        }
        false
    }

    #[cfg(test)]
    fn undo(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        match self.form.read(field, out) {
            Read::Unfit => false,
            Read::Place(place) => {
                let may = |rank| rank <= place.last && self.form.may(&Place { rank, ..place });
                let rank = self.cycles.undo(bits(place.last), place.rank, may);
                self.form.write(field, &Place { rank, ..place }, out)
            }
            Read::Halves(halves) => {
                let mut pair = [halves.pair];
                let done = self.lengths.permute(halves.bits, &mut pair, true);
                self.form.write_halves(field, &Halves { pair: pair[0], ..halves }, out);
                done
            }
            Read::Wide => {
                self.permute_wide(field, out, true);
                true
            }
        }
    }

    fn mask_column(&self, cells: &Cells<'_>, _: &[Lanes], out: &mut Standins) {
        let none = Lanes::default();
        for start in (0..cells.len()).step_by(ABREAST) {
            let rows = start..cells.len().min(start + ABREAST);
            let mut moved = [None; ABREAST];
            let places = self.permute(cells, start, &mut moved, &mut out.bytes);
            for ((row, place), moved) in rows.zip(places).zip(moved) {
                let outcome = match (cells.get(row), place, moved) {
                    (None, _, _) => Outcome::Null,
                    (Some([]), _, _) => Outcome::Masked,
                    (Some(field), Some(place), _) => self.append(field, &place, &mut out.bytes),
                    (Some(field), None, Some((old, new))) => {
                        self.append_halves(field, &old, &new, &mut out.bytes)
                    }
                    (Some(field), None, None) => self.mask(field, &MaskCx { lanes: &none }, &mut out.bytes),
                };
                out.close(outcome);
            }
        }
    }
}

impl<F: Form> Kind<F> {
    /// Finds the stand-ins' places of a few rows, those of one cycle side by side; `None` for the others, pinned ones among
    /// them. Strings of bits and what stands for them come to `moved`.
    fn permute(
        &self,
        cells: &Cells<'_>,
        start: usize,
        moved: &mut [Option<(Halves, Halves)>; ABREAST],
        scratch: &mut Vec<u8>,
    ) -> [Option<Place>; ABREAST] {
        let mut waiting = [None; ABREAST];
        let mut any = false;
        for ((slot, moved), row) in waiting.iter_mut().zip(moved.iter_mut()).zip(start..cells.len()) {
            let Some(field) = cells.get(row).filter(|field| !field.is_empty()) else { continue };
            if !self.pinned.is_empty() && self.is_pinned(field) {
                continue;
            }
            match self.form.read(field, scratch) {
                Read::Place(place) => *slot = Some(place),
                Read::Halves(halves) => (*moved, any) = (Some((halves, halves)), true),
                Read::Wide | Read::Unfit => {}
            }
        }
        if any {
            self.permute_halves(moved);
        }
        let mut done = [None; ABREAST];
        while let Some(width) = waiting.iter().flatten().next().map(|place| bits(place.last)) {
            let (mut ranks, mut own) = ([0; ABREAST], [None; ABREAST]);
            let mut count = 0;
            for (at, slot) in waiting.iter_mut().enumerate() {
                let Some(place) = slot.take_if(|place| bits(place.last) == width) else { continue };
                if let (Some(rank), Some(to)) = (ranks.get_mut(count), own.get_mut(count)) {
                    (*rank, *to) = (place.rank, Some((at, place)));
                    count += 1;
                }
            }
            let Some(ranks) = ranks.get_mut(..count) else { break };
            let moved = self.cycles.apply(width, ranks, |at, rank| {
                own.get(at).copied().flatten().is_some_and(|(at, place): (usize, Place)| {
                    let next = Place { rank, ..place };
                    let field = || cells.get(start + at).unwrap_or_default();
                    rank <= place.last
                        && self.form.may(&next)
                        && (self.pinned.is_empty() || self.is_free(field(), &next, scratch))
                })
            });
            for (rank, (at, place)) in ranks.iter().zip(own.iter().flatten()) {
                if let Some(slot) = done.get_mut(*at).filter(|_| moved && *rank != place.rank) {
                    *slot = Some(Place { rank: *rank, ..*place });
                }
            }
        }
        done
    }

    /// Permutes strings of bits, those of one length side by side.
    fn permute_halves(&self, moved: &mut [Option<(Halves, Halves)>; ABREAST]) {
        let mut done = [false; ABREAST];
        while let Some(bits) = first(moved, &done) {
            let (mut pairs, mut count) = ([[0; 2]; ABREAST], 0);
            for (slot, done) in moved.iter().zip(&mut done) {
                let Some((old, _)) = slot.filter(|(old, _)| old.bits == bits) else { continue };
                if let Some(pair) = pairs.get_mut(count) {
                    *pair = old.pair;
                }
                (count, *done) = (count + 1, true);
            }
            let pairs = pairs.get_mut(..count).unwrap_or_default();
            // What is left as it was is unfit.
            self.lengths.permute(bits, pairs, false);
            let slots = moved.iter_mut().flatten().filter(|(old, _)| old.bits == bits);
            slots.zip(pairs).for_each(|((_, new), pair)| new.pair = *pair);
        }
    }
}

/// Returns the length of the first string that is not done.
fn first(moved: &[Option<(Halves, Halves)>], done: &[bool]) -> Option<u16> {
    let left = moved.iter().zip(done).filter(|(_, done)| !**done);
    left.filter_map(|(slot, _)| slot.map(|(old, _)| old.bits)).next()
}
