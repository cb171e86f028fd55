//! What was done, counted: tables, rows, columns, outcomes. Names and numbers, never values. Counts of pieces are added
//! in order, so they are the same for every thread count.

use crate::error::Message;
use crate::mask::Outcome;
use crate::row::object::ObjectCounts;

/// Counts of one masked column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnTally {
    /// Stand-ins written.
    pub masked: u64,
    /// NULL before and after.
    pub null: u64,
    /// Empty before and after.
    pub empty: u64,
    /// Removed: a value became NULL or empty.
    pub removed: u64,
    /// Without the technique's form: the policy `unfit` decided.
    pub unfit: u64,
    /// Pinned: stands for nobody, stayed.
    pub pinned: u64,
    /// Stand-ins that equal the original by chance.
    pub equal: u64,
    /// Decided by the own value since the subject was NULL or pinned.
    pub undecided: u64,
    /// Parts inside of the values that were masked.
    pub parts: u64,
    /// Parts inside of the values without their technique's form: the policy `unfit` decided.
    pub unfit_parts: u64,
}

impl ColumnTally {
    /// Counts one outcome.
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Masked => self.masked += 1,
            Outcome::Null => self.removed += 1,
            Outcome::Unfit => self.unfit += 1,
            Outcome::Pinned => self.pinned += 1,
            Outcome::Equal => {
                self.masked += 1;
                self.equal += 1;
            }
        }
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: &Self) {
        self.masked += other.masked;
        self.null += other.null;
        self.empty += other.empty;
        self.removed += other.removed;
        self.unfit += other.unfit;
        self.pinned += other.pinned;
        self.equal += other.equal;
        self.undecided += other.undecided;
        self.parts += other.parts;
        self.unfit_parts += other.unfit_parts;
    }
}

/// Counts of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableTally {
    /// The table as shown.
    pub table: Message,
    /// Rows read.
    pub rows: u64,
    /// Rows written; fewer where rows are dropped.
    pub rows_written: u64,
    /// Invented rows added; not among those read or written.
    pub inserted: u64,
    /// Whether rows passed as an archive stores them, uncounted.
    pub stored: bool,
    /// Masked columns: label, technique, counts.
    pub columns: Vec<(Message, &'static str, ColumnTally)>,
}

/// Counts of one job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bytes read (decompressed).
    pub bytes_read: u64,
    /// Bytes written.
    pub bytes_written: u64,
    /// Tables in the order of the input.
    pub tables: Vec<TableTally>,
    /// What is no column and passed, by class.
    pub kept: ObjectCounts,
    /// What is no column and was omitted, as a whole or in part.
    pub omitted: ObjectCounts,
}
