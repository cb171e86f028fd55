//! Makes columns of people some rows ahead: a technique takes many rows in one go faster than one after the other. Each value is
//! the one that its row alone would get, so that no range of rows, and no number of threads, changes a byte.
//!
//! Holds a few rows of one table. What it has not (a value that does not fit, a column that reads others) is made alone.

use super::content::DecidedBy;
use super::model::{Role, Table};
use super::seed::Stream;
use crate::mask::{Lanes, Outcome, Standins};
use crate::row::field::Span;

/// Rows that are made at once.
const ROWS: u64 = 64;

/// The rows made last.
pub(super) struct Ahead {
    /// The columns that lanes alone decide, with what a row's draws come from and how often it is NULL.
    columns: Vec<Column>,
    from: u64,
    persons: Vec<Lanes>,
    lanes: Vec<Lanes>,
}

struct Column {
    at: usize,
    by: DecidedBy,
    stream: Stream,
    nulls: u32,
    made: Standins,
}

impl Ahead {
    /// Prepares the columns of a table; nothing is made yet.
    pub(super) fn new(table: &Table) -> Self {
        let columns = table.roles.iter().enumerate().filter_map(|(at, role)| match role {
            Role::Value { generator, nulls, stream, person: None } => {
                let by = generator.decided_by()?;
                Some(Column { at, by, stream: *stream, nulls: *nulls, made: Standins::default() })
            }
            _ => None,
        });
        Self { columns: columns.collect(), from: 0, persons: Vec::new(), lanes: Vec::new() }
    }

    /// Returns the person of a row, and makes what is ahead of it where that is not done.
    pub(super) fn person(&mut self, table: &Table, row: u64) -> Lanes {
        if let Some(person) = self.place(row).and_then(|place| self.persons.get(place)) {
            return *person;
        }
        let person = table.person(row);
        if !self.columns.is_empty() {
            self.fill(table, row..row.saturating_add(ROWS).min(table.rows.max(row + 1)));
        }
        person
    }

    fn place(&self, row: u64) -> Option<usize> {
        usize::try_from(row.checked_sub(self.from)?).ok()
    }

    fn fill(&mut self, table: &Table, rows: std::ops::Range<u64>) {
        self.from = rows.start;
        self.persons.clear();
        self.persons.extend(rows.clone().map(|row| table.person(row)));
        for column in &mut self.columns {
            let Some(Role::Value { generator, .. }) = table.roles.get(column.at) else { continue };
            column.made.clear();
            if column.by == DecidedBy::Person {
                generator.make_all(&self.persons, &mut column.made);
                continue;
            }
            self.lanes.clear();
            self.lanes.extend(rows.clone().map(|row| {
                let mut draws = column.stream.row(row);
                // As the row alone draws: whether it is NULL first.
                if column.nulls > 0 {
                    draws.happens(column.nulls);
                }
                draws.lanes()
            }));
            generator.make_all(&self.lanes, &mut column.made);
        }
    }

    /// Appends the value of a column of a row; `false` and nothing where it must be made alone.
    #[inline]
    pub(super) fn append(&self, column: usize, row: u64, out: &mut Vec<u8>) -> bool {
        let Some(column) = self.columns.iter().find(|known| known.at == column) else { return false };
        let Some(place) = self.place(row) else { return false };
        let Some((end, outcome)) = column.made.ends.get(place) else { return false };
        let start = place.checked_sub(1).and_then(|before| column.made.ends.get(before));
        let span = Span::new(start.map_or(0, |(end, _)| *end), *end);
        let made = matches!(outcome, Outcome::Masked | Outcome::Equal | Outcome::Pinned) && !span.is_empty();
        if made {
            span.append_to(&column.made.bytes, out);
        }
        made
    }
}
