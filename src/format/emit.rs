//! Emit: writes tables that no input has. What `generate` makes becomes the text of a format here, with the schema's own
//! statements around the rows.
//!
//! An `Emit` knows how a script is cut into what stands before the rows and behind them, how rows are announced, written
//! and ended, and how a counter goes on behind them. It sees values as text, decoded, as all of the program does:
//! booleans as `t` and `f`, bytes as PostgreSQL's `\x…`, dates in ISO form. It draws nothing, and keeps nothing between two
//! calls but what a script says of itself. One file a format folder, and a line in `EMITS`.

use std::io;
use std::sync::Arc;

use super::Out;
use crate::error::Result;
use crate::row::field::Span;
use crate::row::shape::{Shape, TableName};

/// The values of one row, decoded, in the order of a table's columns.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    /// What the spans point into.
    pub arena: &'a [u8],
    /// One a column; `None` is NULL.
    pub spans: &'a [Option<Span>],
}

impl<'a> Fields<'a> {
    /// Returns a value; `None` is NULL.
    #[must_use]
    #[inline]
    pub fn get(&self, column: usize) -> Option<&'a [u8]> {
        self.spans.get(column).copied().flatten().map(|span| span.of(self.arena))
    }

    /// Returns all values in their order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Option<&'a [u8]>> + use<'a> {
        let arena = self.arena;
        self.spans.iter().map(move |span| span.map(|span| span.of(arena)))
    }
}

impl std::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} fields>", self.spans.len())
    }
}

/// A script around the rows.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// What comes first: types, tables, functions.
    pub before: Vec<u8>,
    /// What comes behind the rows: keys, indexes, triggers, the end marks.
    pub after: Vec<u8>,
    /// Whether foreign keys hold (or may hold) while rows are written: then tables come parents first, and where tables point
    /// to each other in a ring `Emit::ring` lets keys wait.
    pub ordered: bool,
    /// Whether rows stand in a transaction of the schema's own.
    pub transaction: bool,
    /// The names of triggers: they stand behind the rows, and have not run over them.
    pub triggers: Vec<String>,
    /// The names of rules, which would do something else than was said (PostgreSQL).
    pub rules: Vec<String>,
    /// What leaves the restricted mode that the text before the rows has entered.
    pub restrict: Option<Vec<u8>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<script of {} and {} bytes>", self.before.len(), self.after.len())
    }
}

/// Writes the rows of one table. Shared by all workers; the same rows give the same bytes, whoever writes them.
pub trait RowWriter: Send + Sync {
    /// Appends a row. `at` is its number in the table, from 0; `first` says that nothing of the table (or of this range of
    /// it) was written before it, `last` that nothing follows: a statement of several rows begins and ends by these and by
    /// `at` alone.
    ///
    /// # Errors
    /// A value that the format cannot hold.
    fn write(&self, row: Fields<'_>, at: u64, first: bool, last: bool, out: &mut Vec<u8>) -> Result<()>;
}

/// A table that gets rows in an archive.
pub struct Filled<'a> {
    /// Its place among all tables.
    pub at: usize,
    /// Its columns, as rows have them.
    pub shape: &'a Shape,
    /// Columns that are counted, and the last number of each that was used.
    pub counters: Vec<(usize, u64)>,
}

/// Puts the rows of tables, as text, into the form of an archive, which has statements and counters elsewhere. What was not
/// finished is seen to be cut.
pub trait TableSink: Send {
    /// Begins the rows of a table.
    ///
    /// # Errors
    /// The system's.
    fn begin(&mut self, table: usize, to: &mut dyn Out) -> io::Result<()>;

    /// Takes rows of it.
    ///
    /// # Errors
    /// The system's.
    fn rows(&mut self, bytes: &[u8], to: &mut dyn Out) -> io::Result<()>;

    /// Ends its rows.
    ///
    /// # Errors
    /// The system's.
    fn end(&mut self, to: &mut dyn Out) -> io::Result<()>;

    /// Ends the archive.
    ///
    /// # Errors
    /// The system's.
    fn finish(&mut self, to: &mut dyn Out) -> io::Result<()>;
}

/// Writes a format.
pub trait Emit: Send + Sync {
    /// Its word for `--format`.
    fn name(&self) -> &'static str;

    /// Returns the format (`Format::name`) in whose words a schema must be to stand around the rows; `None` where the output
    /// is rows alone.
    fn dialect(&self) -> Option<&'static str> {
        None
    }

    /// Says whether each table is a file of its own: the extension of its name.
    fn extension(&self) -> Option<&'static str> {
        None
    }

    /// Cuts a schema's text where rows go. Statements that hold rows or counters of the schema's source are left out.
    ///
    /// # Errors
    /// Text that the format does not know.
    fn script(&self, schema: &[u8]) -> Result<Script> {
        let _ = schema;
        Ok(Script::default())
    }

    /// Returns what stands before and behind all rows so that keys that lead from one table to another whose rows come later
    /// are asked only when all rows are there. Nothing, where keys hold in any order anyway.
    fn ring(&self, script: &Script, keys: &[(&TableName, &TableName)]) -> (Vec<u8>, Vec<u8>) {
        let _ = (script, keys);
        (Vec::new(), Vec::new())
    }

    /// Appends what announces the rows of a table.
    ///
    /// # Errors
    /// A name that the format cannot hold.
    fn begin(&self, shape: &Shape, out: &mut Vec<u8>) -> Result<()>;

    /// Makes what writes its rows.
    ///
    /// # Errors
    /// A type that the format cannot hold.
    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>>;

    /// Appends what ends the rows.
    fn end(&self, shape: &Shape, out: &mut Vec<u8>);

    /// Appends what lets a counter (identity, serial, AUTO_INCREMENT) go on behind the last number that was used.
    fn count_on(&self, shape: &Shape, column: usize, last: u64, out: &mut Vec<u8>) {
        let _ = (shape, column, last, out);
    }

    /// Returns what makes a reader of the output fail where it was cut off: `inside` the rows of this table, else between
    /// statements.
    fn poison(&self, script: &Script, inside: Option<&Shape>) -> Vec<u8> {
        let _ = (script, inside);
        Vec::new()
    }
}

/// All that can be written, in the order of the help.
pub static EMITS: &[&dyn Emit] = &[
    &super::pg_dump::CopyEmit,
    &super::pg_dump::InsertEmit,
    &super::mysql::MySqlEmit,
    &super::sqlite::SqliteEmit,
    &super::csv::CsvEmit,
    &super::tsv::TsvEmit,
    &super::json_lines::JsonLinesEmit,
];

/// Finds one that knows the words of a schema's format.
#[must_use]
pub fn of_schema(format: &str) -> Option<&'static dyn Emit> {
    EMITS.iter().copied().find(|emit| emit.dialect() == Some(format))
}

/// Finds one by its word.
#[must_use]
pub fn emit(name: &str) -> Option<&'static dyn Emit> {
    EMITS.iter().copied().find(|emit| emit.name() == name)
}
