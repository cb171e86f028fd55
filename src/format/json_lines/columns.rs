//! Which key is which column. Keys of a row lie in any order, mostly that of the columns. Refuses a key that no column
//! has, and one that a row has twice, however it is spelled (`"a"` is `"\u0061"`). Shows no key: it may be data.

use std::collections::HashMap;

use super::scan::{Entry, Wrong};
use super::text;
use crate::row::shape::Shape;

/// More columns than this are none: an object whose keys are data.
const MOST: usize = 10_000;
/// Tables of up to so many columns need no memory of their own for their marks.
const FEW: usize = 256;

/// The columns of a table by name.
#[derive(Clone, Default)]
pub(super) struct Columns {
    names: Vec<String>,
    index: HashMap<String, usize>,
}

impl Columns {
    /// Takes the columns of a shape.
    pub(super) fn of(shape: &Shape) -> Self {
        let mut columns = Self::default();
        for column in &shape.columns {
            columns.push(column.name.clone());
        }
        columns
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns the name of a column.
    pub(super) fn name(&self, index: usize) -> Option<&str> {
        self.names.get(index).map(String::as_str)
    }

    /// Returns the names behind the first `known`.
    pub(super) fn behind(&self, known: usize) -> &[String] {
        self.names.get(known..).unwrap_or_default()
    }

    /// Returns the names in order.
    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }

    fn push(&mut self, name: String) {
        self.index.entry(name.clone()).or_insert(self.names.len());
        self.names.push(name);
    }

    /// Finds a key's column; `likely` is looked at first.
    #[inline]
    fn find(&self, key: &[u8], likely: usize) -> Option<usize> {
        if self.names.get(likely).is_some_and(|name| name.as_bytes() == key) {
            return Some(likely);
        }
        self.index.get(std::str::from_utf8(key).ok()?).copied()
    }

    /// Adds the keys of a row that are new.
    ///
    /// # Errors
    /// More keys than can be columns; a key that has no name in UTF-8.
    pub(super) fn learn(&mut self, row: &[u8], entry: &Entry, keys: &mut Keys) -> Result<(), Wrong> {
        let likely = keys.next;
        let name = keys.name(row, entry)?;
        if self.find(name, likely).is_none() {
            let name = std::str::from_utf8(name).map_err(|_| Wrong::NotUtf8)?.to_owned();
            if self.names.len() >= MOST {
                return Err(Wrong::ManyColumns);
            }
            self.push(name);
        }
        keys.column(row, entry, self).map(|_| ())
    }
}

/// What is remembered of the keys of one row while it is read.
pub(super) struct Keys {
    /// Of each column the last row that had it.
    few: [u32; FEW],
    many: Vec<u32>,
    row: u32,
    /// The column that is likely to come.
    next: usize,
    /// A key whose escapes were decoded.
    decoded: Vec<u8>,
}

impl Keys {
    /// Makes the marks for so many columns.
    pub(super) fn new(columns: usize) -> Self {
        let many = if columns > FEW { vec![0; columns] } else { Vec::new() };
        Self { few: [0; FEW], many, row: 0, next: 0, decoded: Vec::new() }
    }

    /// Begins the next row.
    pub(super) fn restart(&mut self) {
        if self.row == u32::MAX {
            self.few.fill(0);
            self.many.fill(0);
            self.row = 0;
        }
        self.row += 1;
        self.next = 0;
    }

    fn name<'k>(&'k mut self, row: &'k [u8], entry: &Entry) -> Result<&'k [u8], Wrong> {
        let raw = row.get(entry.key.clone()).unwrap_or_default();
        if !entry.escaped {
            return Ok(raw);
        }
        self.decoded.clear();
        text::unescape(raw, &mut self.decoded).ok_or(Wrong::Surrogate)?;
        Ok(&self.decoded)
    }

    /// Returns the column of an entry.
    ///
    /// # Errors
    /// A key that is no column, or that the row had before.
    #[inline]
    pub(super) fn column(&mut self, row: &[u8], entry: &Entry, columns: &Columns) -> Result<usize, Wrong> {
        let likely = self.next;
        let column = columns.find(self.name(row, entry)?, likely).ok_or(Wrong::NoColumn)?;
        if columns.len() > FEW && self.many.len() < columns.len() {
            self.grow(columns.len());
        }
        let marks = if columns.len() > FEW { self.many.as_mut_slice() } else { self.few.as_mut_slice() };
        let mark = marks.get_mut(column).ok_or(Wrong::NoColumn)?;
        if *mark == self.row {
            return Err(Wrong::Twice);
        }
        *mark = self.row;
        self.next = column + 1;
        Ok(column)
    }

    /// Columns came while they were learnt: the marks move to where there is room.
    #[cold]
    fn grow(&mut self, columns: usize) {
        if self.many.is_empty() {
            self.many.extend_from_slice(&self.few);
        }
        self.many.resize(columns, 0);
    }
}
