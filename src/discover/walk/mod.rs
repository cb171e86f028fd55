//! The walk: one pass over an input of any format in flat memory. All rows are split, which finds a broken one as `mask`
//! would; of a sample all values are decoded and measured, of all rows those of key columns are sketched.
//!
//! Which rows are looked at is said by their numbers alone (`windows`), so that no cut of the input changes a figure.
//! Holds no value longer than a row: measures, hashes and counts stay. Knows no format and writes nothing.

mod keys;
mod table;
#[cfg(test)]
mod tests;
mod windows;

use std::collections::HashMap;
use std::sync::Arc;

use super::quasi::Unique;
use super::sketch::Sketch;
use crate::error::{Error, ErrorKind, Result};
use crate::format::{Part, Piece, Reader, Source};
use crate::message;
use crate::pipeline::{Known, Stop};
use crate::row::object::ObjectCounts;
use crate::row::shape::{ColumnFacts, Facts, TableFacts, TableName};
use table::{Current, Table};

/// Rows looked at per table where nothing else is said.
pub const SAMPLE: u64 = 10_000;

/// How an input is walked over.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Rows looked at per table.
    pub sample: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { sample: SAMPLE }
    }
}

/// Takes the sampled values of one column.
pub trait Collect: Send {
    /// Takes a decoded value; `None` is NULL.
    fn add(&mut self, value: Option<&[u8]>);

    /// Gives back the memory that only helps while values come. More may follow all the same, where an input comes back to
    /// a table.
    fn finish(&mut self) {}
}

/// Makes the measures of columns, and says which of them are worth more than one look.
pub trait Watch {
    /// What takes the values of a column.
    type Measure: Collect;

    /// Makes the measure of a column.
    fn column(&self, table: &TableName, column: &ColumnFacts) -> Self::Measure;

    /// Returns the columns (at most `quasi::MOST` count) that may single people out together. Asked once, when the first
    /// rows of the table were measured.
    fn quasi(&self, table: &TableName, columns: &[ColumnFacts], measures: &[Self::Measure]) -> Vec<usize> {
        let _ = (table, columns, measures);
        Vec::new()
    }
}

/// What was seen of one table.
pub struct WalkedTable<M> {
    /// Its name.
    pub name: TableName,
    /// The columns of its rows in their order; of a table without rows those of its definition.
    pub columns: Vec<ColumnFacts>,
    /// Whether column names are names for sure (see `Shape::trusted_names`).
    pub trusted_names: bool,
    /// How many rows it has; `None` where rows were not read.
    pub rows: Option<u64>,
    /// How many of them were looked at.
    pub sampled: u64,
    /// One measure a column; none where rows were not read.
    pub measures: Vec<M>,
    /// One entry a column: the sketch of all its values, where it may be a key.
    pub sketches: Vec<Option<Sketch>>,
    /// What the columns that `Watch::quasi` named single out.
    pub quasi: Option<Unique>,
}

impl<M> std::fmt::Debug for WalkedTable<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}: {} columns, {:?} rows>", self.name, self.columns.len(), self.rows)
    }
}

impl<M> WalkedTable<M> {
    /// Makes a table of which nothing is known but its definition.
    fn defined(facts: &TableFacts) -> Self {
        let columns: Vec<ColumnFacts> = facts.columns.iter().filter(|c| !c.generated).cloned().collect();
        Self {
            name: facts.name.clone(),
            sketches: columns.iter().map(|_| None).collect(),
            columns,
            trusted_names: facts.trusted_names,
            rows: None,
            sampled: 0,
            measures: Vec::new(),
            quasi: None,
        }
    }
}

/// Returns the tables of a schema as they are defined: names and types, no row.
#[must_use]
pub fn names<M>(facts: &Facts) -> Vec<WalkedTable<M>> {
    facts.tables().iter().filter(|table| table.holds_rows).map(WalkedTable::defined).collect()
}

/// Reads an input to its end and measures its tables.
///
/// # Errors
/// Whatever the reader or a codec refuses, with its place; a signal.
pub fn walk<W: Watch>(
    reader: Box<dyn Reader + '_>,
    source: Box<dyn Source + '_>,
    options: Options,
    watch: &W,
    stop: &Stop,
) -> Result<(Known, Vec<WalkedTable<W::Measure>>)> {
    let mut walk = Walk {
        reader,
        source,
        options,
        watch,
        tables: Vec::new(),
        index: HashMap::new(),
        current: None,
        lines: 0,
        objects: ObjectCounts::default(),
    };
    walk.reader.grow();
    let mut piece = Piece::default();
    while walk.next(&mut piece, stop)? {
        walk.piece(&piece)?;
    }
    walk.leave();
    let facts = walk.reader.facts().completed();
    let whole = walk.reader.whole_schema();
    let tables = in_order(&facts, walk.tables.into_iter().map(|table| table.walked).collect(), &walk.index);
    Ok((Known { facts, skipped: false, whole, objects: walk.objects }, tables))
}

/// Puts tables in the order of their definition, those without one last, and adds those without rows.
fn in_order<M>(
    facts: &Facts,
    walked: Vec<WalkedTable<M>>,
    index: &HashMap<TableName, usize>,
) -> Vec<WalkedTable<M>> {
    let mut walked: Vec<Option<WalkedTable<M>>> = walked.into_iter().map(Some).collect();
    let mut tables = Vec::new();
    for known in facts.tables() {
        let seen = index.get(&known.name).and_then(|at| walked.get_mut(*at)).and_then(Option::take);
        match seen {
            Some(mut table) => {
                // Types that were told behind the rows.
                for column in &mut table.columns {
                    if let Some(told) = known.column(&column.name) {
                        column.clone_from(told);
                    }
                }
                tables.push(table);
            }
            None if known.holds_rows => {
                tables.push(WalkedTable { rows: Some(0), ..WalkedTable::defined(known) });
            }
            None => {}
        }
    }
    tables.extend(walked.into_iter().flatten());
    tables
}

/// What a walk holds on its way.
struct Walk<'w, W: Watch> {
    reader: Box<dyn Reader + 'w>,
    source: Box<dyn Source + 'w>,
    options: Options,
    watch: &'w W,
    tables: Vec<Table<W::Measure>>,
    index: HashMap<TableName, usize>,
    /// The table whose rows are being read.
    current: Option<Current>,
    /// Lines before the piece.
    lines: u64,
    objects: ObjectCounts,
}

fn lines(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}

impl<W: Watch> Walk<'_, W> {
    /// Reads the next piece.
    fn next(&mut self, piece: &mut Piece, stop: &Stop) -> Result<bool> {
        if let Some(signal) = stop.raised() {
            return Err(Error::new(ErrorKind::Interrupted { signal }, "stopped by a signal"));
        }
        if self.current.as_ref().is_some_and(|current| current.open) {
            self.reader.cut_only();
        }
        let more = self.reader.next(self.source.as_mut(), piece);
        more.map_err(|e| self.place(e, 0))
    }

    /// Makes the line of an error one of the input.
    fn place(&self, error: Error, before: u64) -> Error {
        let counts = self.reader.has_lines();
        error.at(|at| at.line = at.line.map(|n| n + before + self.lines).filter(|_| counts))
    }

    fn piece(&mut self, piece: &Piece) -> Result<()> {
        let bytes = piece.buffer.bytes();
        let mut before = 0;
        for part in &piece.parts {
            match part {
                Part::Begin { head, shape, codec } => {
                    before += lines(bytes.get(head.clone()).unwrap_or_default());
                    self.begin(Current::new(Arc::clone(shape), Arc::clone(codec)));
                }
                Part::Rows(range) | Part::Counted(range, _) => {
                    let raw = bytes.get(range.clone()).unwrap_or_default();
                    let known = if let Part::Counted(_, rows) = part { Some(*rows) } else { None };
                    before += self.rows(raw, known, before)?;
                }
                Part::End { tail } => {
                    before += lines(bytes.get(tail.clone()).unwrap_or_default());
                    if let Some(current) = &mut self.current {
                        current.open = false;
                    }
                }
                Part::Verbatim(range) => before += lines(bytes.get(range.clone()).unwrap_or_default()),
                Part::Opaque { classes, range, .. } => {
                    before += lines(bytes.get(range.clone()).unwrap_or_default());
                    classes.iter().for_each(|class| self.objects.count(*class));
                }
                Part::Stored(_) if self.current.as_ref().is_some_and(|current| current.open) => {
                    return Err(Error::bug("rows that were not asked for as they are stored"));
                }
                // Large objects.
                Part::Stored(_) | Part::Unpacked(_) => {}
                Part::Enter(_) | Part::Leave | Part::Object(_) => {}
            }
        }
        self.lines += before;
        Ok(())
    }

    /// Rows of a table begin: for the first time, or again.
    fn begin(&mut self, mut current: Current) {
        let name = &current.shape.table;
        let at = self.index.get(name).copied();
        if self.current.as_ref().is_some_and(|before| before.shape.table != *name) {
            self.leave();
        }
        let at = at.unwrap_or_else(|| {
            self.index.insert(name.clone(), self.tables.len());
            self.tables.push(Table::new(name, self.options.sample));
            self.tables.len() - 1
        });
        current.at = at;
        if let Some(table) = self.tables.get_mut(at) {
            table.begin(&mut current, self.watch);
        }
        self.current = Some(current);
    }

    /// Another table begins, or the input ends.
    fn leave(&mut self) {
        let table = self.current.take().and_then(|current| self.tables.get_mut(current.at));
        if let Some(table) = table {
            table.finish(self.watch);
        }
    }

    /// Takes rows of the table that began last; returns their lines.
    fn rows(&mut self, raw: &[u8], known: Option<u64>, before: u64) -> Result<u64> {
        let table = self.current.as_ref().and_then(|current| self.tables.get_mut(current.at));
        let (Some(table), Some(current)) = (table, &mut self.current) else {
            return Err(Error::bug("rows without a table"));
        };
        let first = table.rows();
        let taken = table.take(raw, known, current, self.watch);
        let table = message!("{}", current.shape.table);
        match taken {
            Ok(lines) => Ok(lines),
            Err(e) => Err(self.place(e, before).at(|at| {
                at.table = Some(table);
                at.row = at.row.map(|n| n + first);
            })),
        }
    }
}
