//! The sequential part of reading a dump: finds where statements and regions of INSERT rows end, and nothing else.
//!
//! Errors carry the absolute byte and a line relative to the piece; the pipeline adds the lines before it.

use std::sync::{Arc, LazyLock};

use super::by_hand;
use super::ddl::Catalog;
use super::heads::{Head, classify, is_system};
use super::poison::POISON;
use super::splitter::{Found, Splitter};
use crate::error::{Error, Message, Result};
use crate::format::insert::{Announced, Dialect, InsertRows, Region, announce};
use crate::format::statements::{Step, hold_no_rows, lines, long_statement, no_nul, place};
use crate::format::{InputOptions, Part, Piece, Reader, Source, magic};
use crate::message;
use crate::row::shape::Facts;

/// Read at once where nothing else is asked: best alone, within 6 % with threads.
const READ: usize = 256 << 10;

/// What to do about an input that ends too early.
const CUT: &str = "the dump was cut: dump again, and look at sqlite3's exit code";

static POISON_SHARED: LazyLock<Arc<[u8]>> = LazyLock::new(|| POISON.into());

/// What is being read.
enum Mode {
    Sql,
    Rows(Region),
}

/// Reads a dump.
pub(super) struct SqliteReader {
    splitter: Splitter,
    catalog: Catalog,
    mode: Mode,
    carry: Vec<u8>,
    /// Absolute offset of the next piece's first byte.
    byte: u64,
    /// Where the parts found so far end, relative to the piece.
    done: usize,
    /// Whether BEGIN was read and its COMMIT was not yet.
    transaction: bool,
    /// Lines before the piece; `None` once rows went by uncounted.
    line: Option<u64>,
    any: bool,
    /// Whether rows of any table were read.
    filled: bool,
    at_end: bool,
    /// Whether all of the input was read.
    finished: bool,
    /// The table whose rows are being read, as shown.
    table: Option<Message>,
    /// Whether a table began in this piece.
    begun: bool,
    /// Whether the piece ends before a statement that is there already.
    cut: bool,
    /// Whether only facts are wanted.
    skims: bool,
    /// Whether the input may have been written by hand, and no row of it goes on.
    by_hand: bool,
    max_row: usize,
    read: usize,
}

impl SqliteReader {
    pub(super) fn new(options: &InputOptions) -> Self {
        Self {
            splitter: Splitter::new(),
            catalog: Catalog::default(),
            mode: Mode::Sql,
            carry: Vec::new(),
            byte: 0,
            done: 0,
            transaction: false,
            line: Some(0),
            any: false,
            filled: false,
            at_end: false,
            finished: false,
            table: None,
            begun: false,
            cut: false,
            skims: false,
            by_hand: options.by_hand,
            max_row: options.max_row,
            read: if options.read_bytes == 0 { READ } else { options.read_bytes },
        }
    }

    /// Finds as many whole parts as are there.
    fn scan(&mut self, piece: &mut Piece) -> Result<()> {
        let Piece { buffer, parts, .. } = piece;
        let bytes = buffer.bytes();
        loop {
            let step = match self.mode {
                Mode::Sql => self.sql(bytes, parts),
                Mode::Rows(_) => self.rows(bytes, parts),
            };
            match step {
                Ok(Step::Went) => {}
                Ok(Step::More) => return Ok(()),
                Ok(Step::Cut) => {
                    self.cut = true;
                    return Ok(());
                }
                Err(e) => return Err(self.place(e, bytes)),
            }
        }
    }

    /// Adds the place where the scan stands to an error.
    fn place(&self, error: Error, bytes: &[u8]) -> Error {
        let at = match self.mode {
            Mode::Sql => self.done + self.splitter.first_word().unwrap_or(self.splitter.position()),
            Mode::Rows(_) => self.done,
        };
        place(error, bytes, at, self.byte, self.table.as_ref())
    }

    fn sql(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        let text = bytes.get(self.done..).unwrap_or_default();
        match self.splitter.scan(text, self.at_end)? {
            Found::More if text.len() > self.max_row => Err(long_statement(self.max_row)),
            // The same, however much of it one read gave.
            Found::Statement(end) if end > self.max_row => Err(long_statement(self.max_row)),
            Found::More => {
                if self.at_end && self.splitter.is_blank() && !text.is_empty() {
                    hold_no_rows(text)?;
                    no_nul(text)?;
                    parts.push(Part::Verbatim(self.done..bytes.len()));
                    self.done = bytes.len();
                }
                Ok(Step::More)
            }
            Found::Insert(first) => self.insert(bytes, first, parts),
            Found::Statement(end) => self.statement(bytes, end, parts),
        }
    }

    fn statement(&mut self, bytes: &[u8], end: usize, parts: &mut Vec<Part>) -> Result<Step> {
        let first = self.splitter.first_word().unwrap_or(0);
        hold_no_rows(bytes.get(self.done..self.done + first).unwrap_or_default())?;
        no_nul(bytes.get(self.done..self.done + end).unwrap_or_default())?;
        let text = bytes.get(self.done + first..self.done + end).unwrap_or_default();
        let head = match classify(text) {
            Err(_) if self.by_hand && by_hand::passes(text, self.catalog.facts()) => Head::Pass,
            Err(e) if self.by_hand => return Err(e.hint(by_hand::HINT)),
            head => head?,
        };
        // A table is bound to what was said before it, however much one read gave.
        if self.begun && matches!(head, Head::Table | Head::UniqueIndex) {
            self.splitter.restart();
            return Ok(Step::Cut);
        }
        let line = || {
            let before = bytes.get(..self.done + first).unwrap_or_default();
            let here = lines(before);
            self.line.map_or(0, |n| n + here + 1)
        };
        match head {
            Head::Begin if self.transaction => {
                return Err(Error::input("a transaction begins inside of another").hint(CUT));
            }
            Head::Commit if !self.transaction => {
                return Err(Error::input("COMMIT without its BEGIN").hint(CUT));
            }
            Head::Begin => self.transaction = true,
            Head::Commit => self.transaction = false,
            Head::Table => self.catalog.create_table(text, line())?,
            Head::UniqueIndex => self.catalog.create_unique_index(text, line())?,
            Head::Pass => {}
        }
        parts.push(Part::Verbatim(self.done..self.done + end));
        self.done += end;
        self.splitter.restart();
        self.any = true;
        Ok(Step::Went)
    }

    /// Begins a region of rows at the INSERT that was announced.
    fn insert(&mut self, bytes: &[u8], first: usize, parts: &mut Vec<Part>) -> Result<Step> {
        let at = self.done + first;
        hold_no_rows(bytes.get(self.done..at).unwrap_or_default())?;
        let text = bytes.get(at..).unwrap_or_default();
        let dialect = Dialect::sqlite();
        let Some(Announced { name, columns, head, .. }) = announce(text, &dialect)? else {
            return match self.at_end {
                true => Err(Error::input("the input ends inside a statement").hint(CUT)),
                false => Ok(Step::More),
            };
        };
        if name.last().is_some_and(|table| is_system(table)) {
            self.splitter.whole_insert();
            return Ok(Step::Went);
        }
        // What rows tell of their table is a fact like any other.
        if self.begun && !self.catalog.is_told(&name, columns.as_deref()) {
            self.splitter.restart();
            return Ok(Step::Cut);
        }
        let shape = self.catalog.shape(&name, columns.as_deref())?;
        no_nul(bytes.get(self.done..at).unwrap_or_default())?;
        if first > 0 {
            parts.push(Part::Verbatim(self.done..at));
        }
        let head = text.get(..head).unwrap_or_default();
        self.table = Some(message!("{}", shape.table));
        let columns = shape.columns.len();
        let codec = InsertRows::new(&dialect, head, columns, self.max_row);
        parts.push(Part::Begin { head: at..at, shape: Arc::new(shape), codec: Arc::new(codec) });
        let mut region = Region::new(head, &dialect, columns, self.max_row);
        if self.skims {
            region.skim_on();
        }
        self.mode = Mode::Rows(region);
        self.done = at;
        self.splitter.restart();
        self.any = true;
        self.begun = true;
        self.filled = true;
        Ok(Step::Went)
    }

    fn rows(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        let Mode::Rows(region) = &mut self.mode else { return Ok(Step::Went) };
        let reach = region.scan(bytes, self.done, self.at_end)?;
        if reach.end > self.done {
            reach.push(self.done, true, parts);
            self.done = reach.end;
        }
        if !reach.over {
            return Ok(Step::More);
        }
        parts.push(Part::End { tail: self.done..self.done });
        self.mode = Mode::Sql;
        self.table = None;
        Ok(Step::Went)
    }

    /// Checks that the input may end here.
    fn finish(&self, bytes: &[u8]) -> Result<()> {
        let what = if matches!(self.mode, Mode::Rows(_)) || !self.splitter.is_blank() {
            "the input ends inside a statement"
        } else if !self.any {
            return Err(self.place(
                Error::input("the input is empty").hint("look at the exit code of what wrote it"),
                bytes,
            ));
        } else if self.transaction {
            "the input ends without its `COMMIT;`"
        } else {
            return Ok(());
        };
        Err(self.place(Error::input(what).hint(CUT), bytes))
    }
}

impl Reader for SqliteReader {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        piece.parts.clear();
        piece.byte = self.byte;
        piece.poison = Some(Arc::clone(&POISON_SHARED));
        piece.poison_after = Some(Arc::clone(&POISON_SHARED));
        piece.buffer.restart(&self.carry, self.read);
        self.done = 0;
        self.begun = false;
        self.cut = false;
        self.splitter.restart();
        while !self.at_end {
            let n = piece.buffer.fill(source, self.read).map_err(|e| Error::io("read the input", &e))?;
            self.at_end = n == 0;
            if self.byte == 0 && self.done == 0 {
                magic::refuse(piece.buffer.bytes())?;
            }
            self.scan(piece)?;
            if self.done > 0 {
                break;
            }
        }
        if self.at_end && !self.cut && piece.buffer.len() > self.done {
            self.scan(piece)?;
        }
        if self.at_end && !self.cut {
            let rest = piece.buffer.bytes().get(self.done..).unwrap_or_default();
            if !rest.is_empty() || piece.parts.is_empty() {
                self.finish(piece.buffer.bytes())?;
            }
            self.finished = rest.is_empty();
        }
        if piece.parts.iter().any(|part| matches!(part, Part::Rows(_) | Part::Counted(..))) {
            self.line = None;
        }
        if let (Some(line), Some(done)) = (self.line, piece.buffer.bytes().get(..self.done)) {
            self.line = Some(line + lines(done));
        }
        piece.buffer.split_off(self.done, &mut self.carry);
        self.byte += u64::try_from(self.done).unwrap_or(0);
        Ok(!piece.parts.is_empty())
    }

    fn facts(&self) -> &Facts {
        self.catalog.facts()
    }

    fn skim(&mut self) {
        self.skims = true;
        if let Mode::Rows(region) = &mut self.mode {
            region.skim_on();
        }
    }

    fn cut_only(&mut self) {
        if let Mode::Rows(region) = &mut self.mode {
            region.cut_only();
        }
    }

    fn alike(&self) -> Option<&[u8]> {
        if let Mode::Rows(region) = &self.mode { Some(region.start()) } else { None }
    }

    fn resume(&mut self, byte: u64) {
        self.carry.clear();
        (self.byte, self.line, self.at_end) = (byte, None, false);
        if let Mode::Rows(region) = &mut self.mode {
            region.resume();
        }
    }

    /// Tables stand between the rows: what is not there may still come, until the end.
    fn whole_schema(&self) -> bool {
        !self.filled || self.finished
    }
}
