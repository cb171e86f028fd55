//! The sequential part of reading a region of INSERT statements: where its tuples and statements end, and nothing else.

use super::Dialect;
use crate::error::{Error, Result};

/// How far a scan came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Whole tuples and statements go up to here: what lies between `from` and this is `Part::Rows`. Equal to `from` if
    /// nothing is whole yet.
    pub end: usize,
    /// Whether the region is over at `end`, behind a `;`: what follows is another statement, a comment or the end.
    pub over: bool,
    /// Whether `end` stands inside a statement, behind one of its tuples: the poison must end it.
    pub inside: bool,
}

/// Scans one region. Holds positions, no bytes but the head.
#[derive(Debug)]
pub struct Region {
    head: Box<[u8]>,
    dialect: Dialect,
    max_row: usize,
}

impl Region {
    /// Starts a region whose statements begin with `head`, as `announce` measured it.
    #[must_use]
    pub fn new(head: &[u8], dialect: &Dialect, max_row: usize) -> Self {
        Self { head: head.into(), dialect: *dialect, max_row }
    }

    /// Scans on. The first call's `bytes[from..]` begin with the head; a later call's begin where the last one's `end`
    /// was, with the same bytes and more. `at_end` says that no more will come. No byte is scanned twice.
    ///
    /// # Errors
    /// What is no tuple or separator; a row of more than `max_row` bytes; an input that ends inside a statement.
    pub fn scan(&mut self, bytes: &[u8], from: usize, at_end: bool) -> Result<Reach> {
        let _ = (bytes, from, at_end, self.max_row, self.dialect, &self.head);
        Err(Error::bug("INSERT regions are not scanned yet"))
    }
}
