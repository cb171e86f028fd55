//! Cuts JSON Lines into pieces of whole lines, and says which columns there are: those of `--columns`, those that a facts
//! pass found, or the keys of the first line. In a facts pass it reads every row for its keys; else it looks for line
//! ends and nothing more.

use std::ops::Range;
use std::sync::Arc;

use super::codec::{Codec, check, line_at};
use super::columns::{Columns, Keys};
use super::scan::{self, Fault, Wrong};
use crate::error::Result;
use crate::format::lines::{Cut, Lines};
use crate::format::{BehindRows, InputOptions, Part, Piece, Reader, Source, one_table};
use crate::row::shape::{Facts, Shape, TableName};

/// What is written where a run fails: a string that never ends. Holds no data.
pub(super) const POISON: &[u8] = b"{\"standin\": \"the run failed, this file is not complete\n";

/// The reader of one file.
pub(super) struct JsonLinesReader {
    lines: Lines,
    table: TableName,
    /// The columns, where they are known before the first row.
    known: Option<Shape>,
    /// The columns found in the rows.
    found: Columns,
    facts: Facts,
    /// Whether every row is read for its keys.
    learning: bool,
    poison: Arc<[u8]>,
}

impl JsonLinesReader {
    /// Makes a reader.
    ///
    /// # Errors
    /// `ErrorKind::Usage` for options that cannot be.
    pub(super) fn new(options: &InputOptions) -> Result<Self> {
        let table = one_table::name(options, "a JSON Lines file")?;
        if let Some(columns) = &options.columns {
            one_table::check_given(columns)?;
        }
        let given = options.columns.as_ref().map(|names| one_table::shape(&table, names.clone(), true));
        let told = options.facts.as_ref().and_then(|facts| facts.table(&table)).map(|told| Shape {
            table: table.clone(),
            columns: told.columns.clone(),
            trusted_names: told.trusted_names,
        });
        Ok(Self {
            lines: Lines::new(options, &table),
            table,
            known: given.or(told),
            found: Columns::default(),
            facts: Facts::default(),
            learning: false,
            poison: POISON.into(),
        })
    }

    /// Announces the table.
    fn begin(&mut self, bytes: &[u8], cut: Cut) -> Result<Part> {
        let shape = match self.known.take() {
            Some(shape) => shape,
            None => {
                let (_, end) = line_at(bytes, cut.start);
                self.learn_rows(bytes, cut.start, end)?;
                one_table::shape(&self.table, self.found.clone().into_names(), false)
            }
        };
        one_table::add_facts(&mut self.facts, &shape);
        Ok(self.announce(0..cut.start, shape))
    }

    fn announce(&self, head: Range<usize>, shape: Shape) -> Part {
        let codec = Codec::new(Columns::of(&shape), self.lines.max_row());
        Part::Begin { head, shape: Arc::new(shape), codec: Arc::new(codec) }
    }

    /// Adds the keys of the rows from `start` to `end` to the columns.
    fn learn_rows(&mut self, bytes: &[u8], start: usize, end: usize) -> Result<()> {
        let max_row = self.lines.max_row();
        let mut keys = Keys::new(self.found.len());
        let block = bytes.get(..end).unwrap_or_default();
        let mut at = start;
        while at < end {
            let (line, next) = line_at(block, at);
            keys.restart();
            let found = &mut self.found;
            check(line, max_row)
                .and_then(|()| scan::object(line, |entry| found.learn(line, &entry, &mut keys)))
                .map_err(|Fault { wrong, offset }| {
                    self.lines.place(wrong.error(max_row), bytes, at + offset)
                })?;
            at = next;
        }
        Ok(())
    }

    /// Learns the keys of a piece of a facts pass. Where it has new ones its rows begin anew, with all columns known then.
    fn learn_piece(&mut self, bytes: &[u8], cut: Cut, parts: &mut Vec<Part>) -> Result<()> {
        let known = self.found.len();
        self.learn_rows(bytes, cut.start, cut.end)?;
        let new = self.found.behind(known);
        if new.is_empty() {
            return Ok(());
        }
        if let Some(table) = self.facts.table_mut(&self.table) {
            table.columns.extend(new.iter().cloned().map(one_table::column));
        }
        let shape = one_table::shape(&self.table, self.found.clone().into_names(), false);
        if !cut.first {
            parts.push(Part::End { tail: cut.start..cut.start });
            parts.push(self.announce(cut.start..cut.start, shape));
        }
        Ok(())
    }
}

/// Refuses what is no JSON Lines by its first bytes.
fn look(text: &[u8]) -> std::result::Result<(), Wrong> {
    match text.trim_ascii_start().first() {
        Some(b'[') => Err(Wrong::Array),
        Some(b'{') | None => Ok(()),
        Some(_) => Err(Wrong::NoObject),
    }
}

impl Reader for JsonLinesReader {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        piece.poison = Some(Arc::clone(&self.poison));
        let max_row = self.lines.max_row();
        let looked = |text: &[u8]| look(text).map_err(|wrong| wrong.error(max_row));
        let Some(cut) = self.lines.next(source, piece, looked)? else { return Ok(false) };
        let bytes = piece.buffer.bytes();
        if self.learning {
            self.learn_piece(bytes, cut, &mut piece.parts)?;
        }
        if cut.first {
            let begin = self.begin(bytes, cut)?;
            piece.parts.push(begin);
        }
        if cut.start < cut.end {
            piece.parts.push(Part::Rows(cut.start..cut.end));
        }
        if cut.eof {
            piece.parts.push(Part::End { tail: cut.end..cut.end });
        }
        self.lines.close(cut);
        piece.poison_after = Some(Arc::clone(&self.poison));
        Ok(true)
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn whole_schema(&self) -> bool {
        false
    }

    fn behind_rows(&self) -> BehindRows {
        if self.learning { BehindRows::Anywhere } else { BehindRows::Nothing }
    }

    fn learn(&mut self) {
        self.learning = self.known.is_none();
    }

    fn grow(&mut self) {
        self.learn();
    }
}
