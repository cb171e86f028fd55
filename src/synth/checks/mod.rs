//! CHECKs: what they leave of a column's values, and what must be asked of a row when it is made.
//!
//! A CHECK narrows what is drawn (`Domain`, see `domain` and `narrow`), so that most rows hold it at once; and each is asked
//! of every row (`Test`), which is drawn again where it does not hold: so many times, then the run stops and names it. The
//! first rows are tried before anything is written. Partitions and partial indexes are asked in the same way
//! (`partitions`, `partial`); exclusions hold by places that do not overlap (`slots`).
//!
//! What cannot be read is `unread`: the run refuses it unless it is told to go on. Messages name constraints, no literal.

mod domain;
mod narrow;
pub(super) mod partial;
mod partitions;
pub mod slots;
mod text;
pub mod values;

#[cfg(test)]
mod tests;

pub use domain::Domain;
pub use narrow::{narrow, required};

use crate::condition::{Bound, Formula, Room, Truth};
use crate::error::Message;
use crate::format::emit::Fields;

/// What must hold of a row.
pub struct Test {
    /// How it is called in messages.
    pub name: Message,
    /// The condition, bound to the columns that are written.
    pub condition: Bound,
    /// The columns that may be drawn again where it does not hold.
    pub redraw: Vec<usize>,
    /// Of which rows.
    pub of: Rows,
}

/// The rows that a test is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All.
    All,
    /// All but the first of each combination of parents; the columns of a key in which the first alone is special. Until
    /// keys are decided it is columns, then a link.
    NotFirst {
        /// The columns.
        columns: Vec<usize>,
        /// Whether the owner of a row decides them, so that the first of each owner is special; else that of the table.
        owned: bool,
    },
}

impl Test {
    /// Says whether it holds of a row. A cell that is no value of its type holds nothing.
    pub fn holds(&self, fields: &Fields<'_>, room: &mut Room) -> bool {
        let columns = self.condition.columns();
        let mut few = [None; 16];
        let many: Vec<Option<&[u8]>>;
        let cells = match few.get_mut(..columns.len()) {
            Some(cells) => {
                for (cell, column) in cells.iter_mut().zip(columns) {
                    *cell = fields.get(*column);
                }
                &*cells
            }
            None => {
                many = columns.iter().map(|column| fields.get(*column)).collect();
                &many
            }
        };
        matches!(self.condition.evaluate(cells, room), Ok(Truth::True | Truth::Unknown))
    }
}

/// How often a row is drawn again.
pub const ATTEMPTS: u32 = 10_000;

impl Narrowed {
    /// Returns what is said of a table without CHECKs.
    #[must_use]
    pub fn none(columns: usize) -> Self {
        let domains = std::iter::repeat_with(Domain::default).take(columns).collect();
        Self { domains, empty: Vec::new(), tests: Vec::new(), formulas: Vec::new(), unread: Vec::new() }
    }
}

/// What the CHECKs of a table say.
pub struct Narrowed {
    /// What is left of each column that is written.
    pub domains: Vec<Domain>,
    /// Columns of which nothing is left but NULL.
    pub empty: Vec<usize>,
    /// What must be asked of whole rows.
    pub tests: Vec<Test>,
    /// What columns are by what others hold.
    pub formulas: Vec<Formula>,
    /// What could not be read: rows may break it.
    pub unread: Vec<Message>,
}
