//! The sequential part of reading a dump: finds where statements and INSERT regions end, follows what the dump sets,
//! and learns the schema. Rows are found by `Region` of the shared room, split by the workers.
//!
//! Errors carry the absolute byte and a line relative to the piece; the pipeline adds the lines before it.

use std::sync::Arc;

use super::comments;
use super::ddl::{Catalog, Rows, Writer};
use super::heads::{Databases, Head, classify};
use super::lexer::{Conditional, Item, Token, Tokens};
use super::poison::poison;
use super::session::Session;
use super::splitter::{Found, Splitter};
use crate::error::{Error, Message, Result};
use crate::format::charset::Charset;
use crate::format::insert::{Dialect, InsertRows, Region, announce};
use crate::format::limited::Limited;
use crate::format::statements::{Step, cut_out, hold_no_rows, lines, long_statement, no_nul, place};
use crate::format::transcode::Recoded;
use crate::format::{InputOptions, Part, Piece, Reader, RowCodec, Source, magic};
use crate::message;
use crate::row::object::ObjectClass;
use crate::row::shape::Facts;

/// Read at once where nothing else is asked.
const READ: usize = 256 << 10;
/// The newest version whose conditional comments every server executes: MySQL 5.5.3, from which `utf8mb4` is known.
const ALWAYS: u32 = 50_503;

const CUT: &str = "the dump was cut: dump again, and look at the exit code of what wrote it";

/// Reads a dump.
pub(super) struct MySqlReader {
    splitter: Splitter,
    session: Session,
    catalog: Catalog,
    databases: Databases,
    region: Option<Region>,
    /// Whether only facts are wanted.
    skims: bool,
    /// Whether the region's rows have no generated columns, so that what it counts is all there is to count.
    countable: bool,
    carry: Vec<u8>,
    /// Absolute offset of the next piece's first byte.
    byte: u64,
    /// Where the parts found so far end, relative to the piece.
    done: usize,
    poison: Option<Arc<[u8]>>,
    /// Lines before the piece; `None` once rows went by uncounted.
    line: Option<u64>,
    any: bool,
    at_end: bool,
    /// Whether rows were met: tables may still follow them.
    rows: bool,
    /// Whether tables without rows begin too.
    begins_empty: bool,
    /// The statement that would begin with the rows of the locked table, as long as none came.
    waits: Option<Vec<u8>>,
    /// Whether tables are locked, a transaction is open.
    locked: bool,
    transaction: bool,
    /// The table whose rows are being read, as shown.
    table: Option<Message>,
    /// Whether a table began in this piece.
    begun: bool,
    /// Whether the piece ends before a statement that is there already.
    cut: bool,
    max_row: usize,
    read: usize,
}

impl MySqlReader {
    pub(super) fn new(options: &InputOptions) -> Self {
        Self {
            splitter: Splitter::new(),
            session: Session::new(),
            catalog: Catalog::default(),
            databases: Databases { allowed: options.allow_databases, current: None },
            region: None,
            skims: false,
            countable: false,
            carry: Vec::new(),
            byte: 0,
            done: 0,
            poison: None,
            line: Some(0),
            any: false,
            at_end: false,
            rows: false,
            begins_empty: false,
            waits: None,
            locked: false,
            transaction: false,
            table: None,
            begun: false,
            cut: false,
            max_row: options.max_row,
            read: if options.read_bytes == 0 { READ } else { options.read_bytes },
        }
    }

    fn take_poison(&mut self) -> Option<Arc<[u8]>> {
        Some(Arc::clone(self.poison.get_or_insert_with(|| poison(&self.splitter.delimiter))))
    }

    /// Finds as many whole parts as are there.
    fn scan(&mut self, piece: &mut Piece) -> Result<()> {
        let Piece { buffer, parts, .. } = piece;
        let bytes = buffer.bytes();
        loop {
            let step = if self.region.is_some() { self.region(bytes, parts) } else { self.sql(bytes, parts) };
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
        let at = match &self.region {
            None => self.done + self.splitter.first_word().unwrap_or(self.splitter.position()),
            Some(region) => self.done + region.position(),
        };
        place(error, bytes, at, self.byte, self.table.as_ref())
    }

    fn sql(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        let text = bytes.get(self.done..).unwrap_or_default();
        match self.splitter.scan(text, self.at_end)? {
            Found::More if text.len() > self.max_row => Err(long_statement(self.max_row)),
            // The same, however much of it one read gave.
            Found::Statement(end, _) if end > self.max_row => Err(long_statement(self.max_row)),
            Found::More => {
                if self.at_end && self.splitter.is_blank() && !text.is_empty() {
                    hold_no_rows(text)?;
                    no_nul(text)?;
                    parts.push(Part::Verbatim(self.done..bytes.len()));
                    self.done = bytes.len();
                }
                Ok(Step::More)
            }
            Found::Insert(at) => self.begin(bytes, at, parts),
            Found::Delimiter(end) => {
                no_nul(text.get(..end).unwrap_or_default())?;
                hold_no_rows(text.get(..end).unwrap_or_default())?;
                self.verbatim(end, true, parts);
                self.poison = None;
                Ok(Step::Went)
            }
            Found::Statement(end, delimiter) => self.statement(bytes, (end, delimiter), parts),
        }
    }

    fn verbatim(&mut self, end: usize, fresh: bool, parts: &mut Vec<Part>) {
        parts.push(Part::Verbatim(self.done..self.done + end));
        self.done += end;
        self.splitter.advance(fresh);
        self.any = true;
    }

    fn statement(
        &mut self,
        bytes: &[u8],
        (end, delimiter): (usize, usize),
        parts: &mut Vec<Part>,
    ) -> Result<Step> {
        let first = self.splitter.first_word().unwrap_or(0);
        hold_no_rows(bytes.get(self.done..self.done + first).unwrap_or_default())?;
        no_nul(bytes.get(self.done..self.done + end).unwrap_or_default())?;
        let text = bytes.get(self.done + first..self.done + delimiter).unwrap_or_default();
        let mut tokens = Tokens::new(text, self.session.mode);
        let items = tokens.all()?;
        let head = classify(&items, &tokens.comments, &self.databases)?;
        let schema = matches!(head, Head::CreateTable | Head::AlterTable | Head::CreateIndex | Head::Use(_));
        // A table is bound to what was said before it, however much one read gave.
        if schema && self.begun {
            return Ok(Step::Cut);
        }
        let comments = matches!(head, Head::CreateTable | Head::AlterTable | Head::CreateIndex);
        // What bytes of another set were made of as if they were of this one may hide where text ends.
        if comments || self.session.from.is_some() {
            self.session.reads(bytes.get(self.done..self.done + end).unwrap_or_default())?;
        }
        match head {
            Head::Pass => self.catalog.database(&items),
            Head::Set => {
                let every = |c: &Conditional| !c.maria && c.version <= ALWAYS;
                self.session.set(&items, tokens.comments.iter().all(every))?;
                self.splitter.mode = self.session.mode;
            }
            Head::CreateTable => {
                let before = bytes.get(..self.done + first).unwrap_or_default();
                let here = lines(before);
                let headers = self.splitter.headers;
                let writer = Writer { maria: headers.maria, php_my_admin: headers.php_my_admin };
                let line = self.line.map_or(0, |n| n + here + 1);
                self.catalog.create_table(&items, &self.databases, writer, line)?;
            }
            Head::AlterTable | Head::CreateIndex => {
                self.catalog.change(&items, &self.databases, head == Head::CreateIndex)?;
            }
            Head::Lock(true) => {
                self.locked = true;
                // `LOCK TABLES name WRITE`, of one table.
                let name = items
                    .get(2)
                    .filter(|_| self.begins_empty && items.len() == 4 + usize::from(ended(&items)));
                let name = name.and_then(|item| text.get(item.at.clone()));
                self.waits = name.map(|name| [b"INSERT INTO ", name, b" VALUES "].concat());
            }
            Head::Lock(false) => {
                self.locked = false;
                if let Some(head) = self.waits.take()
                    && let Some(step) = self.empty(first, &head, parts)?
                {
                    return Ok(step);
                }
            }
            Head::Transaction(on) => self.transaction = on,
            // Not every server would execute it.
            Head::Use(_) if !tokens.comments.is_empty() => {
                return Err(Error::input("a conditional comment chooses the database"));
            }
            Head::Use(name) => self.databases.current = Some(name),
        }
        let texts = if comments { comments::find(&items) } else { Vec::new() };
        if !texts.is_empty() {
            let said: Vec<&[u8]> = texts.iter().filter_map(|at| text.get(at.clone())).collect();
            self.catalog.note_literals(comments::holder(&items), &said, ObjectClass::Comments);
            let texts = texts.into_iter().map(|text| text.start + first..text.end + first);
            cut_out(self.done..self.done + end, texts, &[ObjectClass::Comments], parts);
            self.done += end;
            self.splitter.advance(false);
            self.any = true;
        } else {
            self.verbatim(end, false, parts);
        }
        Ok(Step::Went)
    }

    fn dialect(&self) -> Dialect {
        let mode = self.session.mode;
        Dialect {
            backslash: !mode.no_backslash,
            double_quoted_strings: !mode.ansi_quotes,
            ..Dialect::mysql()
        }
    }

    /// Begins and ends the rows of a table that has none, before the first word of a statement `at` behind `done`, which
    /// is read again. `None`: the table is none that rows could be written for.
    fn empty(&mut self, at: usize, head: &[u8], parts: &mut Vec<Part>) -> Result<Option<Step>> {
        let dialect = self.dialect();
        let Ok(Some(announced)) = announce(&[head, b"("].concat(), &dialect) else { return Ok(None) };
        let sound = self.splitter.is_plain() && self.session.is_utf8().is_ok();
        if !sound || !self.catalog.is_told(&announced.name, &self.databases) {
            return Ok(None);
        }
        let rows = self.catalog.insert_shape(&announced.name, None, &self.databases)?;
        let codec = self.codec(&dialect, head, &rows);
        if at > 0 {
            parts.push(Part::Verbatim(self.done..self.done + at));
        }
        self.done += at;
        parts.push(Part::Begin { head: self.done..self.done, codec, shape: Arc::new(rows.shape) });
        parts.push(Part::End { tail: self.done..self.done });
        self.splitter.advance(false);
        (self.any, self.begun, self.rows) = (true, true, true);
        Ok(Some(Step::Went))
    }

    /// Makes the codec of a table's rows.
    fn codec(&self, dialect: &Dialect, head: &[u8], rows: &Rows) -> Arc<dyn RowCodec> {
        let codec = InsertRows::new(dialect, head, rows.width, self.max_row);
        let codec = codec.with_generated(rows.generated.clone());
        match self.session.from {
            None => Arc::new(codec),
            Some(set) => {
                Arc::new(Limited::new(Arc::new(codec.without_introducers()), set).with_bytes(&rows.shape))
            }
        }
    }

    /// Begins a region of INSERT statements; `at` is where its first word stands.
    fn begin(&mut self, bytes: &[u8], at: usize, parts: &mut Vec<Part>) -> Result<Step> {
        hold_no_rows(bytes.get(self.done..self.done + at).unwrap_or_default())?;
        let text = bytes.get(self.done + at..).unwrap_or_default();
        let dialect = self.dialect();
        if !self.splitter.is_plain() {
            return Err(Error::input("rows under another delimiter than `;`"));
        }
        self.session.is_utf8()?;
        no_nul(bytes.get(self.done..self.done + at).unwrap_or_default())?;
        let Some(announced) = announce(text, &dialect)? else {
            if self.at_end {
                return Err(Error::input("the input ends inside a statement").hint(CUT));
            }
            // The scan of this statement is done again when more is there.
            self.splitter.restart();
            return Ok(Step::More);
        };
        let columns = announced.columns.as_deref();
        if self.begun && !self.catalog.is_told(&announced.name, &self.databases) {
            return Ok(Step::Cut);
        }
        let rows = self.catalog.insert_shape(&announced.name, columns, &self.databases)?;
        let head = text.get(..announced.head).unwrap_or_default();
        self.table = Some(message!("{}", rows.shape.table));
        if at > 0 {
            parts.push(Part::Verbatim(self.done..self.done + at));
        }
        self.done += at;
        let region = self.region.insert(Region::new(head, &dialect, rows.width, self.max_row));
        if self.skims {
            region.skim_on();
        }
        self.countable = rows.generated.is_empty();
        let codec = self.codec(&dialect, head, &rows);
        self.waits = None;
        parts.push(Part::Begin { head: self.done..self.done, codec, shape: Arc::new(rows.shape) });
        self.splitter.advance(false);
        (self.any, self.begun, self.rows) = (true, true, true);
        Ok(Step::Went)
    }

    fn region(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        let Some(region) = &mut self.region else { return Ok(Step::Went) };
        let reach = region.scan(bytes, self.done, self.at_end)?;
        if reach.end > self.done {
            reach.push(self.done, self.countable, parts);
            self.done = reach.end;
            self.line = None;
        }
        if !reach.over {
            return Ok(Step::More);
        }
        parts.push(Part::End { tail: self.done..self.done });
        self.region = None;
        self.table = None;
        Ok(Step::Went)
    }

    /// Checks that the input may end here.
    fn finish(&self, bytes: &[u8]) -> Result<()> {
        let what = if self.region.is_some() {
            "the input ends inside an INSERT statement"
        } else if !self.splitter.is_blank() {
            "the input ends inside a statement"
        } else if !self.any {
            return Err(self.place(
                Error::input("the input is empty").hint("look at the exit code of what wrote it"),
                bytes,
            ));
        } else if self.splitter.headers.open {
            "the input ends without `-- Dump completed`"
        } else if self.locked {
            "the input ends without UNLOCK TABLES"
        } else if self.transaction {
            "the input ends without COMMIT"
        } else if !self.splitter.is_plain() {
            "the input ends without `DELIMITER ;`"
        } else if !self.session.is_restored() {
            "the input ends without restoring the variables that it saved"
        } else {
            return Ok(());
        };
        Err(self.place(Error::input(what).hint(CUT), bytes))
    }

    /// Reads and scans until something whole is there.
    fn fill(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<()> {
        // What waits since the last piece was cut is there without reading.
        let mut waiting = std::mem::take(&mut self.cut) || self.at_end;
        loop {
            if !waiting {
                let n = piece.buffer.fill(source, self.read).map_err(|e| Error::io("read the input", &e))?;
                self.at_end = n == 0;
                if self.byte == 0 {
                    magic::refuse(piece.buffer.bytes())?;
                }
            }
            waiting = false;
            if !piece.buffer.is_empty() {
                self.scan(piece)?;
            }
            if self.done > 0 || self.at_end {
                return Ok(());
            }
        }
    }
}

impl Recoded for MySqlReader {
    fn recoded_from(&mut self, set: &'static Charset) {
        self.session.from = Some(set);
    }
}

impl Reader for MySqlReader {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        piece.parts.clear();
        piece.byte = self.byte;
        piece.poison = self.take_poison();
        piece.buffer.restart(&self.carry, self.read);
        self.done = 0;
        self.begun = false;
        self.splitter.restart();
        self.fill(source, piece)?;
        if self.at_end && !self.cut {
            let rest = piece.buffer.bytes().get(self.done..).unwrap_or_default();
            if !rest.is_empty() || piece.parts.is_empty() {
                self.finish(piece.buffer.bytes())?;
            }
        }
        if let (Some(line), Some(done)) = (self.line, piece.buffer.bytes().get(..self.done)) {
            self.line = Some(line + lines(done));
        }
        piece.buffer.split_off(self.done, &mut self.carry);
        self.byte += u64::try_from(self.done).unwrap_or(0);
        piece.poison_after = self.take_poison();
        Ok(!piece.parts.is_empty())
    }

    fn facts(&self) -> &Facts {
        self.catalog.facts()
    }

    fn skim(&mut self) {
        self.skims = true;
        if let Some(region) = &mut self.region {
            region.skim_on();
        }
    }

    fn begin_empty(&mut self) {
        self.begins_empty = true;
    }

    fn cut_only(&mut self) {
        if let Some(region) = &mut self.region {
            region.cut_only();
        }
    }

    /// Of several databases each may have a table of this name.
    fn alike(&self) -> Option<&[u8]> {
        let several = self.databases.allowed || self.databases.current.is_some();
        self.region.as_ref().filter(|_| !several).map(Region::start)
    }

    fn resume(&mut self, byte: u64) {
        self.carry.clear();
        (self.byte, self.line, self.at_end, self.cut) = (byte, None, false, false);
        if let Some(region) = &mut self.region {
            region.resume();
        }
    }

    /// Tables stand between the rows: what is not there may still come, until the end.
    fn whole_schema(&self) -> bool {
        !self.rows || self.at_end
    }
}

/// Says whether the last token of a statement is its `;`.
fn ended(items: &[Item<'_>]) -> bool {
    items.last().is_some_and(|item| item.token == Token::Symbol(b';'))
}
