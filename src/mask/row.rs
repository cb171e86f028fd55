//! What a technique may see of the row that its value stands in: what decides the parts of its value, and other
//! columns, with their stand-ins. For `template`, `derive`, `redact` and the techniques that look inside values.
//!
//! A technique says while it is compiled which columns it reads (`Reads`); the plan finds them, so that nothing else is
//! ever shown. Deliberately absent: other rows.

use std::cell::{Cell, RefCell};

use super::inside::Parts;
use super::{Lanes, Outcome, Standins};
use crate::row::field::Cells;

/// A column that a technique reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The column of this name; in an entity's attribute the column that carries the attribute of this name.
    Named(String),
    /// Every column of the table that carries an identifier of a person.
    Identifiers,
    /// The column of this number, which the plan chose: what keeps tenants apart.
    Column(usize),
}

/// What a technique reads, noted while it is compiled.
#[derive(Debug, Default)]
pub struct Reads(RefCell<Vec<Read>>);

impl Reads {
    /// Notes a column; returns the number under which the row gives it.
    pub fn named(&self, name: &str) -> usize {
        self.note(Read::Named(name.to_owned()))
    }

    /// Notes that the identifiers of the row's people are read; returns the number under which the row gives them.
    pub fn identifiers(&self) -> usize {
        self.note(Read::Identifiers)
    }

    /// Notes a column by its number in the table; returns the number under which the row gives it.
    pub fn column(&self, index: usize) -> usize {
        self.note(Read::Column(index))
    }

    fn note(&self, read: Read) -> usize {
        let mut all = self.0.borrow_mut();
        if let Some(found) = all.iter().position(|other| *other == read) {
            return found;
        }
        all.push(read);
        all.len() - 1
    }

    /// Returns what was noted.
    #[must_use]
    pub fn take(&self) -> Vec<Read> {
        self.0.take()
    }
}

/// The digests of one of the plan's digests for all rows of a chunk.
#[derive(Clone, Copy)]
pub struct Decided<'a> {
    /// One entry a row.
    pub lanes: &'a [Lanes],
    /// Rows in which nobody decides, ascending.
    pub undecided: &'a [usize],
}

/// Another column of the chunk as a technique reads it.
pub struct Other<'a> {
    /// What its identifiers are: `email`, `bsn`; '' where nothing says.
    pub kind: String,
    /// As they were.
    pub cells: Cells<'a>,
    /// Their stand-ins, where the column is masked: of a case list those of every case that changes the column.
    pub masked: Vec<Masked<'a>>,
}

/// Stand-ins of a column, and for which rows they count.
#[derive(Clone, Copy)]
pub struct Masked<'a> {
    /// The stand-ins.
    pub standins: &'a Standins,
    /// Whether they count for a row.
    pub counts: &'a dyn Fn(usize) -> bool,
}

impl Other<'_> {
    /// Returns the value of a row as it was; `None` is NULL.
    #[must_use]
    pub fn original(&self, row: usize) -> Option<&[u8]> {
        self.cells.get(row)
    }

    /// Returns what is written for a row; `None` is NULL, or no stand-in.
    #[must_use]
    pub fn stand_in(&self, row: usize) -> Option<&[u8]> {
        let original = self.cells.get(row)?;
        match self.masked.iter().find(|masked| (masked.counts)(row)) {
            Some(_) if original.is_empty() => Some(original),
            Some(masked) => masked.standins.get(row),
            // Kept, or kept by the case that counts.
            None => Some(original),
        }
    }
}

/// What a technique sees of its row.
#[derive(Clone, Copy)]
pub struct RowCx<'a> {
    /// What decides parts of the value, one entry a slot.
    pub decided: &'a [Decided<'a>],
    /// The columns that it reads, by number: of `Identifiers` several.
    pub others: &'a [Vec<Other<'a>>],
    /// The row's number in the chunk.
    pub row: usize,
    /// How deep the value lies in other values.
    pub depth: u32,
    /// What is counted, and a buffer that all values of a chunk share.
    pub parts: &'a Common,
}

/// What all values of a column of a chunk share.
#[derive(Default)]
pub struct Common {
    parts: Cell<Parts>,
    spare: Cell<Vec<u8>>,
}

impl Common {
    /// Returns what was counted.
    #[must_use]
    pub fn get(&self) -> Parts {
        self.parts.get()
    }

    /// Lends the buffer, empty.
    pub(super) fn lend(&self) -> Vec<u8> {
        let mut spare = self.spare.take();
        spare.clear();
        spare
    }

    /// Takes the buffer back.
    pub(super) fn give_back(&self, spare: Vec<u8>) {
        self.spare.set(spare);
    }
}

impl RowCx<'_> {
    /// Returns the lanes of a slot; `None` where nobody decides.
    #[must_use]
    pub fn lanes(&self, slot: usize) -> Option<Lanes> {
        let decided = self.decided.get(slot)?;
        if !decided.undecided.is_empty() && decided.undecided.binary_search(&self.row).is_ok() {
            return None;
        }
        decided.lanes.get(self.row).copied()
    }

    /// Returns the stand-in of the column that was noted under a number.
    #[must_use]
    pub fn stand_in(&self, number: usize) -> Option<&[u8]> {
        self.others.get(number)?.first()?.stand_in(self.row)
    }

    /// Returns what stood in the column that was noted under a number.
    #[must_use]
    pub fn original(&self, number: usize) -> Option<&[u8]> {
        self.others.get(number)?.first()?.original(self.row)
    }

    /// Counts parts.
    pub fn count(&self, add: fn(&mut Parts)) {
        let mut parts = self.parts.get();
        add(&mut parts);
        self.parts.parts.set(parts);
    }
}

impl Standins {
    /// Returns the stand-in of a row; `None` where there is none: NULL, or unfit.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&[u8]> {
        let (end, outcome) = *self.ends.get(row)?;
        let before = row.checked_sub(1).and_then(|row| self.ends.get(row));
        let start = before.map_or(0, |(end, _)| *end);
        let span = crate::row::field::Span::new(start, end);
        match outcome {
            Outcome::Masked | Outcome::Equal | Outcome::Pinned => Some(span.of(&self.bytes)),
            Outcome::Null | Outcome::Unfit => None,
        }
    }
}
