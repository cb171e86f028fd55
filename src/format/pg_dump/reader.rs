//! The sequential part of reading a plain dump: finds where statements, COPY blocks, INSERT statements and their rows
//! end, and nothing else. In COPY data that is one search for the end mark and one for the last line end of what was
//! read; INSERT statements are scanned by `format::insert`.
//!
//! Errors carry the absolute byte and a line relative to the piece; the pipeline adds the lines before it.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;
use memchr::memrchr;

use super::ahead;
use super::by_hand;
use super::ddl::{Catalog, parse_copy};
use super::foreign;
use super::heads::{Head, classify};
use super::insert::{self, DefaultRow};
use super::literals;
use super::opaque::Opaque;
use super::poison::{Place, poison};
use super::session::{Meta, Session};
use super::splitter::{Found, Splitter};
use crate::error::{Error, Message, Name, Result};
use crate::format::charset::{self, Charset};
use crate::format::copy_text::CopyText;
use crate::format::insert::{Dialect, InsertRows, Region};
use crate::format::limited::Limited;
use crate::format::recoded::recoded;
use crate::format::statements::{Step, cut_out, hold_no_rows, lines, long_statement, no_nul, place};
use crate::format::transcode::Recoded;
use crate::format::{BehindRows, InputOptions, Part, Piece, Reader, RowCodec, Source, magic};
use crate::message;
use crate::row::object::ObjectClass;
use crate::row::shape::{Facts, Literals, Shape, TableName};

/// Read at once where nothing else is asked: best alone, within 6 % with threads.
const READ: usize = 256 << 10;

static END_MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n\\."));

/// What to do about an input that ends too early.
const CUT: &str = "the dump was cut: dump again, and look at pg_dump's exit code";
const UTF8: &str = "dump with `pg_dump --encoding=UTF8`; the server converts";

/// What is being read.
#[derive(Debug)]
enum Mode {
    Sql,
    Copy { columns: usize },
    Insert(Box<Region>),
}

/// Reads a plain dump.
pub(super) struct PgDumpReader {
    splitter: Splitter,
    session: Session,
    /// The character set of what follows.
    charset: &'static Charset,
    /// The set that all text was in before it was made UTF-8, and whether the database at hand has said so.
    from: Option<(&'static Charset, bool)>,
    /// What is known of the database at hand.
    catalog: Catalog,
    /// What is known of all databases, where the dump connects to any.
    all: Facts,
    /// Up to which version of the catalogue's facts they are gathered there.
    gathered: Option<u64>,
    /// How many definitions with literals are gathered there.
    literals: usize,
    /// What is known from elsewhere.
    given: Facts,
    mode: Mode,
    carry: Vec<u8>,
    /// Absolute offset of the next piece's first byte.
    byte: u64,
    /// Where the parts found so far end, relative to the piece.
    done: usize,
    /// Where the search for the end mark goes on, relative to the piece.
    searched: usize,
    poison: Option<Arc<[u8]>>,
    /// Lines before the piece; `None` once rows went by uncounted.
    line: Option<u64>,
    any: bool,
    at_end: bool,
    /// The table whose rows are being read, as shown.
    table: Option<Message>,
    /// Whether a table began in this piece.
    begun: bool,
    /// Whether the piece ends before a statement that is there already.
    cut: bool,
    /// Whether the parts found so far end inside an INSERT statement.
    inside: bool,
    /// Whether rows came as INSERT statements.
    inserts: bool,
    /// Whether tables without rows begin too.
    begins_empty: bool,
    /// Whether the region's rows have no generated columns, so that what it counts is all there is to count.
    countable: bool,
    /// Whether the input may have been written by hand, and no row of it goes on.
    by_hand: bool,
    max_row: usize,
    read: usize,
    /// Whether schema statements may be parsed ahead, and up to which absolute offset they were looked at.
    ahead: Option<u64>,
}

impl PgDumpReader {
    pub(super) fn new(options: &InputOptions) -> Self {
        let given = options.facts.clone().unwrap_or_default();
        Self {
            splitter: Splitter::new(),
            session: Session::new(options.allow_databases),
            charset: &charset::UTF8,
            from: None,
            catalog: Catalog::with_facts(given.clone()),
            all: Facts::default(),
            gathered: None,
            literals: 0,
            given,
            mode: Mode::Sql,
            carry: Vec::new(),
            byte: 0,
            done: 0,
            searched: 0,
            poison: None,
            line: Some(0),
            any: false,
            at_end: false,
            table: None,
            begun: false,
            cut: false,
            inside: false,
            inserts: false,
            begins_empty: false,
            countable: false,
            by_hand: options.by_hand,
            max_row: options.max_row,
            read: if options.read_bytes == 0 { READ } else { options.read_bytes },
            ahead: options.ahead.then_some(0),
        }
    }

    /// Lets the schema statements of what was read be parsed by all threads, from the one at hand to the next rows.
    fn look_ahead(&mut self, bytes: &[u8]) {
        let place = |at: usize| self.byte.saturating_add(u64::try_from(at).unwrap_or(u64::MAX));
        if !self.catalog.looks_ahead() || self.ahead.is_none_or(|looked| place(self.done) < looked) {
            return;
        }
        let text = bytes.get(self.done..).unwrap_or_default();
        let (end, statements) = ahead::statements(text, self.splitter.fresh(), self.charset, self.at_end);
        self.ahead = Some(place(self.done + end));
        if statements.len() > 1 {
            self.catalog.look_ahead(statements);
        }
    }

    fn take_poison(&mut self) -> Option<Arc<[u8]>> {
        let place = match self.mode {
            Mode::Copy { columns } => Place::Copy { columns },
            Mode::Insert(_) if self.inside => Place::Insert,
            Mode::Sql | Mode::Insert(_) => Place::Between,
        };
        Some(Arc::clone(self.poison.get_or_insert_with(|| poison(place, self.session.restrict.as_deref()))))
    }

    /// Finds as many whole parts as are there.
    fn scan(&mut self, piece: &mut Piece) -> Result<()> {
        let Piece { buffer, parts, .. } = piece;
        let bytes = buffer.bytes();
        loop {
            let step = match self.mode {
                Mode::Sql => self.sql(bytes, parts),
                Mode::Copy { .. } => self.copy(bytes, parts),
                Mode::Insert(_) => self.region(bytes, parts),
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
        let at = match &self.mode {
            Mode::Sql => self.done + self.splitter.first_word().unwrap_or(self.splitter.position()),
            Mode::Copy { .. } => self.done,
            Mode::Insert(region) => self.done + region.position(),
        };
        place(error, bytes, at, self.byte, self.table.as_ref())
    }

    fn sql(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        let text = bytes.get(self.done..).unwrap_or_default();
        let found = self.splitter.scan(text, self.at_end)?;
        if self.begins_empty && !matches!(found, Found::More) && self.empty_tables(bytes, parts)? {
            return Ok(Step::Went);
        }
        match found {
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
            Found::Meta(end) => {
                let (comments, line) = text
                    .get(..end)
                    .and_then(|t| t.split_at_checked(self.splitter.first_word().unwrap_or(0)))
                    .unwrap_or_default();
                hold_no_rows(comments)?;
                no_nul(text.get(..end).unwrap_or_default())?;
                self.meta(line)?;
                self.verbatim(end, parts);
                Ok(Step::Went)
            }
            Found::Statement(end) => self.statement(bytes, end, parts),
            Found::Insert(first) => self.insert(bytes, first, parts),
        }
    }

    fn verbatim(&mut self, end: usize, parts: &mut Vec<Part>) {
        parts.push(Part::Verbatim(self.done..self.done + end));
        self.done += end;
        self.splitter.restart();
        self.any = true;
    }

    /// Reads a line that begins with a backslash.
    fn meta(&mut self, line: &[u8]) -> Result<()> {
        let connects = line.starts_with(b"\\connect");
        if connects {
            // What was said so far is of the database that is left.
            self.gather(true);
        }
        let what = self.session.meta(line, self.splitter.cluster.is_some())?;
        if what == Meta::Connected {
            self.catalog = Catalog::with_facts(self.given());
            (self.gathered, self.literals) = (None, 0);
        }
        if connects {
            self.splitter.standard_strings = true;
            self.charset = &charset::UTF8;
            self.from = self.from.map(|(set, _)| (set, false));
        }
        self.poison = None;
        Ok(())
    }

    /// Returns what is known from elsewhere of the tables of the database at hand.
    fn given(&self) -> Facts {
        let mut facts = Facts::default();
        let here = |name: &TableName| name.database.is_none() || name.database == self.session.database;
        for table in self.given.tables().iter().filter(|table| here(&table.name)) {
            facts.add(table.within(None));
        }
        facts
    }

    /// Adds what is known of the database at hand to what is known of all, where there are several.
    fn gather(&mut self, leaving: bool) {
        let version = self.catalog.facts().version;
        if let Some(database) = &self.session.database {
            let facts = self.catalog.facts();
            for literals in facts.literals().iter().skip(self.literals) {
                let definition = message!("{}: {}", Name::new(database.as_str()), literals.definition);
                self.all.note_literals(Literals { definition, ..literals.clone() });
            }
            self.literals = facts.literals().len();
        }
        if (self.session.database.is_none() && !leaving) || self.gathered == Some(version) {
            return;
        }
        for table in self.catalog.facts().tables() {
            self.all.put(table.within(self.session.database.as_deref()));
        }
        self.gathered = Some(version);
    }

    fn statement(&mut self, bytes: &[u8], end: usize, parts: &mut Vec<Part>) -> Result<Step> {
        let first = self.splitter.first_word().unwrap_or(0);
        hold_no_rows(bytes.get(self.done..self.done + first).unwrap_or_default())?;
        no_nul(bytes.get(self.done..self.done + end).unwrap_or_default())?;
        let text = bytes.get(self.done + first..self.done + end).unwrap_or_default();
        if self.by_hand && by_hand::passes(text, self.catalog.facts()) {
            self.verbatim(end, parts);
            return Ok(Step::Went);
        }
        let head = classify(text).map_err(|e| if self.by_hand { e.hint(by_hand::HINT) } else { e })?;
        let of_large_objects = |opaque: &Opaque| opaque.classes.contains(&ObjectClass::LargeObjects);
        match &head {
            Head::Transaction { .. } => {}
            Head::Opaque(opaque) if of_large_objects(opaque) => {}
            _ => self.session.alone()?,
        }
        match head {
            Head::Copy => return self.begin(bytes, end, text, parts),
            // A table is bound to what was said before it, however much one read gave.
            Head::Ddl if self.begun => return Ok(Step::Cut),
            Head::Ddl => {
                self.look_ahead(bytes);
                let cuts = foreign::options(text)?;
                let text = self.charset.text(text).ok_or_else(|| {
                    Error::input("a definition that is no text of the dump's character set")
                        .hint("dump with `pg_dump --encoding=UTF8`")
                })?;
                let before = bytes.get(..self.done + first).unwrap_or_default();
                let here = lines(before);
                if let Some(literals) = literals::count(text.as_bytes()) {
                    self.catalog.note_literals(literals);
                }
                self.catalog.apply(&text, self.line.map_or(0, |n| n + here + 1))?;
                if !cuts.is_empty() {
                    let cuts = cuts.into_iter().map(|cut| cut.start + first..cut.end + first);
                    cut_out(self.done..self.done + end, cuts, &[ObjectClass::Connections], parts);
                    self.done += end;
                    self.splitter.restart();
                    self.any = true;
                    return Ok(Step::Went);
                }
            }
            Head::StandardStrings(on) => {
                self.splitter.standard_strings = on;
                self.catalog.of_strings(on);
            }
            Head::Encoding(set) => self.encoding(set)?,
            Head::Pass => {}
            Head::Opaque(opaque) => {
                if opaque.classes.contains(&ObjectClass::Comments)
                    && let Some(comment) =
                        self.charset.text(text).and_then(|t| literals::comment(t.as_bytes()))
                {
                    self.catalog.note_literals(comment);
                }
                return Ok(self.opaque(first..end, opaque, parts));
            }
            Head::Drop if self.catalog.is_empty() => {}
            Head::Drop => {
                let pg_dump = "pg_dump writes what `--clean` drops before all else";
                return Err(Error::input("a DROP behind the definitions of tables or types")
                    .hint(if self.by_hand { by_hand::HINT } else { pg_dump }));
            }
            Head::Database { made, opaque } => {
                self.session.databases(made)?;
                if let Some(opaque) = opaque {
                    return Ok(self.opaque(first..end, opaque, parts));
                }
            }
            Head::Transaction { begins } => {
                self.session.transaction(begins)?;
                let classes = &[ObjectClass::LargeObjects];
                let opaque = Opaque { classes, cut: 0..end - first };
                return Ok(self.opaque(first..end, opaque, parts));
            }
        }
        self.verbatim(end, parts);
        Ok(Step::Went)
    }

    /// Goes on in another character set: that of the database, since pg_dump writes in it if it is not told otherwise.
    fn encoding(&mut self, set: &'static Charset) -> Result<()> {
        self.catalog.of_charset(Some(set.name()).filter(|_| !set.is_plain()));
        match &mut self.from {
            Some((from, said)) if *from == set => *said = true,
            None if !set.is_mixed() => self.charset = set,
            Some(_) => {
                return Err(Error::input(
                    "a dump in two character sets, one of which has ASCII in its characters",
                )
                .hint(UTF8));
            }
            None => {
                return Err(Error::input(
                    "a client encoding whose characters hold ASCII bytes, but not at the beginning of a plain dump",
                )
                .hint(UTF8));
            }
        }
        Ok(())
    }

    /// Puts the character set around a codec, where one is needed.
    ///
    /// # Errors
    /// A dump that was made UTF-8 without having said what it was.
    fn coded(&self, inner: Arc<dyn RowCodec>) -> Result<Arc<dyn RowCodec>> {
        match self.from {
            None => Ok(recoded(inner, self.charset)),
            Some((set, true)) => Ok(Arc::new(Limited::new(inner, set))),
            Some((_, false)) => {
                Err(Error::input("rows of a database without its `client_encoding`").hint(UTF8))
            }
        }
    }

    /// Hands over a statement that the profile decides on, behind the comments before it. `range` is relative to `done`.
    fn opaque(&mut self, range: Range<usize>, opaque: Opaque, parts: &mut Vec<Part>) -> Step {
        let (start, end) = (self.done + range.start, self.done + range.end);
        if start > self.done {
            parts.push(Part::Verbatim(self.done..start));
        }
        let cut = start + opaque.cut.start..(start + opaque.cut.end).min(end);
        parts.push(Part::Opaque { classes: opaque.classes, range: start..end, cut });
        self.done = end;
        self.splitter.restart();
        self.any = true;
        Step::Went
    }

    /// Begins a COPY block: its rows start behind the line end that follows the `;`.
    fn begin(&mut self, bytes: &[u8], end: usize, text: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        let head = self.done..self.done + end + 1;
        match bytes.get(self.done + end) {
            Some(b'\n') => {}
            // The scan of this statement is done again when its line end is there.
            None if !self.at_end => {
                self.splitter.restart();
                return Ok(Step::More);
            }
            Some(b'\r') => {
                return Err(Error::input("not yet: CRLF line ends in a pg_dump")
                    .hint("dump to a file in binary mode, or convert it"));
            }
            _ => {
                return Err(Error::input("no line end behind `COPY … FROM stdin;`")
                    .hint("the dump was cut or edited"));
            }
        }
        let text = self
            .charset
            .text(text)
            .ok_or_else(|| Error::input("a COPY statement that is no text of the dump's character set"))?;
        let copy = parse_copy(&text)?;
        // pg_dump leaves the list out where a table has no columns.
        self.catalog.meet(&copy.table, Some(copy.columns.as_deref().unwrap_or_default()))?;
        let mut shape = self.catalog.copy_shape(&copy.table, copy.columns.as_deref())?;
        shape.table.database.clone_from(&self.session.database);
        let columns = shape.columns.len();
        self.table = Some(message!("{}", shape.table));
        self.done = head.end;
        self.searched = head.end;
        self.splitter.restart();
        let codec = self.coded(Arc::new(CopyText::new(columns, self.max_row)))?;
        parts.push(Part::Begin { head, shape: Arc::new(shape), codec });
        self.mode = Mode::Copy { columns };
        self.poison = None;
        self.any = true;
        self.begun = true;
        Ok(Step::Went)
    }

    /// Begins a region of INSERT statements at the first word of its first one, `first` bytes behind `done`.
    fn insert(&mut self, bytes: &[u8], first: usize, parts: &mut Vec<Part>) -> Result<Step> {
        let start = self.done + first;
        hold_no_rows(bytes.get(self.done..start).unwrap_or_default())?;
        let text = bytes.get(start..).unwrap_or_default();
        let dialect = Dialect::postgres(self.splitter.standard_strings);
        let announced = match insert::announced(text, &dialect, self.charset) {
            Ok(Some(announced)) if announced.head > self.max_row => return Err(long_statement(self.max_row)),
            Ok(Some(announced)) => announced,
            Ok(None) => return self.wait_for_head(text.len()),
            Err(error) => return self.default_values(bytes, start, error, parts),
        };
        let head = text.get(..announced.head).unwrap_or_default();
        no_nul(bytes.get(self.done..start + announced.head).unwrap_or_default())?;
        self.session.alone()?;
        let rows = insert::rows(&mut self.catalog, &announced)?;
        // In another character set what a byte is must be read before it is counted.
        self.countable = rows.generated.is_empty() && self.charset.is_plain();
        let region = Region::new(head, &dialect, rows.fields, self.max_row);
        let codec = InsertRows::new(&dialect, head, rows.fields, self.max_row)
            .with_generated(rows.generated)
            .with_bytes(!self.charset.is_plain());
        let codec = self.coded(Arc::new(codec))?;
        self.begin_rows(start, rows.shape, codec, parts);
        self.mode = Mode::Insert(Box::new(region));
        Ok(Step::Went)
    }

    /// Begins and ends the rows of tables that have none, before the statement that was found: its comments announce them.
    /// Where it is itself of rows, the last comment announces these. Says whether it did; then the statement is read again.
    fn empty_tables(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<bool> {
        let start = self.done + self.splitter.first_word().unwrap_or(0);
        let comments = bytes.get(self.done..start).unwrap_or_default();
        let mut heads: Vec<Vec<u8>> = insert::announced_by(comments);
        let rest = bytes.get(start..).unwrap_or_default();
        let of_rows = |word: &[u8]| rest.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word));
        if of_rows(b"INSERT ") || of_rows(b"COPY ") {
            heads.pop();
        }
        if heads.is_empty() {
            return Ok(false);
        }
        hold_no_rows(comments)?;
        no_nul(comments)?;
        self.session.alone()?;
        let dialect = Dialect::postgres(self.splitter.standard_strings);
        let mut began = false;
        for head in heads {
            let Ok(Some(announced)) = insert::announced(&[&head, &b"("[..]].concat(), &dialect, self.charset)
            else {
                continue;
            };
            if !insert::is_known(&mut self.catalog, &announced) {
                continue;
            }
            let rows = insert::rows(&mut self.catalog, &announced)?;
            let codec = InsertRows::new(&dialect, &head, rows.fields, self.max_row)
                .with_generated(rows.generated)
                .with_bytes(!self.charset.is_plain());
            let codec = self.coded(Arc::new(codec))?;
            self.begin_rows(start, rows.shape, codec, parts);
            self.end_rows(parts);
            began = true;
        }
        Ok(began)
    }

    /// The scan of a statement is done again when more of it is there.
    fn wait_for_head(&mut self, len: usize) -> Result<Step> {
        if self.at_end {
            return Err(Error::input("the input ends inside a statement").hint(CUT));
        }
        if len > self.max_row {
            return Err(long_statement(self.max_row));
        }
        self.splitter.restart();
        Ok(Step::More)
    }

    /// Reads `INSERT … DEFAULT VALUES;` at `start`; if it is none, `error` says what is wrong.
    fn default_values(
        &mut self,
        bytes: &[u8],
        start: usize,
        error: Error,
        parts: &mut Vec<Part>,
    ) -> Result<Step> {
        let text = bytes.get(start..).unwrap_or_default();
        let end = memchr::memchr(b';', text).map(|at| at + 1);
        let Some(end) = end else {
            return if self.at_end { Err(error) } else { self.wait_for_head(text.len()) };
        };
        let statement = text.get(..end).unwrap_or_default();
        no_nul(bytes.get(self.done..start + end).unwrap_or_default())?;
        self.session.alone()?;
        let Some(shape) = insert::defaults(&mut self.catalog, statement)? else { return Err(error) };
        self.begin_rows(start, shape, Arc::new(DefaultRow), parts);
        self.rows(start + end, parts);
        self.end_rows(parts);
        Ok(Step::Went)
    }

    /// Passes what stands before the rows' first statement, and begins their table there.
    fn begin_rows(
        &mut self,
        start: usize,
        mut shape: Shape,
        codec: Arc<dyn RowCodec>,
        parts: &mut Vec<Part>,
    ) {
        if start > self.done {
            parts.push(Part::Verbatim(self.done..start));
        }
        shape.table.database.clone_from(&self.session.database);
        self.table = Some(message!("{}", shape.table));
        parts.push(Part::Begin { head: start..start, shape: Arc::new(shape), codec });
        self.done = start;
        self.splitter.restart();
        self.any = true;
        self.begun = true;
        self.inserts = true;
    }

    fn end_rows(&mut self, parts: &mut Vec<Part>) {
        parts.push(Part::End { tail: self.done..self.done });
        self.mode = Mode::Sql;
        self.table = None;
        self.inside = false;
        self.poison = None;
    }

    /// Reads on in a region of INSERT statements.
    fn region(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        let Mode::Insert(region) = &mut self.mode else { return Ok(Step::Went) };
        let reach = region.scan(bytes, self.done, self.at_end)?;
        if reach.inside != self.inside {
            self.inside = reach.inside;
            self.poison = None;
        }
        if reach.end > self.done {
            reach.push(self.done, self.countable, parts);
            self.done = reach.end;
            self.line = None;
        }
        if reach.over {
            self.end_rows(parts);
            return Ok(Step::Went);
        }
        Ok(Step::More)
    }

    fn copy(&mut self, bytes: &[u8], parts: &mut Vec<Part>) -> Result<Step> {
        // `done` is the start of a line, always.
        let mark = if bytes.get(self.done..).is_some_and(|r| r.starts_with(b"\\.")) {
            Some(self.done)
        } else {
            // The line end before the first row belongs to the head; the search may start at it.
            let from = self.searched.saturating_sub(2).max(self.done.saturating_sub(1));
            END_MARK.find(bytes.get(from..).unwrap_or_default()).map(|i| from + i + 1)
        };
        let Some(mark) = mark else {
            // What was searched before held no line end, or `done` would lie behind it.
            let fresh = self.searched.max(self.done);
            self.searched = bytes.len();
            match memrchr(b'\n', bytes.get(fresh..).unwrap_or_default()) {
                Some(last) => self.rows(fresh + last + 1, parts),
                None if bytes.len() - self.done > self.max_row + 1 => {
                    return Err(Error::input(message!("a row is longer than {} bytes", self.max_row))
                        .hint("raise --max-row if that is right"));
                }
                None => {}
            }
            return Ok(Step::More);
        };
        self.rows(mark, parts);
        match bytes.get(mark + 2) {
            Some(b'\n') => {
                parts.push(Part::End { tail: mark..mark + 3 });
                self.done = mark + 3;
                self.mode = Mode::Sql;
                self.table = None;
                self.poison = None;
                Ok(Step::Went)
            }
            None if !self.at_end => Ok(Step::More),
            None => Err(Error::input("the input ends inside COPY data, without `\\.`").hint(CUT)),
            Some(_) => Err(Error::input("a line of COPY data begins with `\\.` but is not the end mark")
                .hint("pg_dump writes `\\\\.`; the dump was edited, or has CRLF line ends")),
        }
    }

    fn rows(&mut self, end: usize, parts: &mut Vec<Part>) {
        if end > self.done {
            parts.push(Part::Rows(self.done..end));
            self.done = end;
            self.line = None;
        }
    }

    /// Checks that the input may end here.
    fn finish(&self, bytes: &[u8]) -> Result<()> {
        let what = if matches!(self.mode, Mode::Copy { .. }) {
            "the input ends inside COPY data, without `\\.`"
        } else if !self.splitter.is_blank() {
            "the input ends inside a statement"
        } else if !self.any {
            return Err(self.place(
                Error::input("the input is empty").hint("look at the exit code of what wrote it"),
                bytes,
            ));
        } else if self.session.restrict.is_some() {
            "the input ends without its `\\unrestrict`"
        } else if self.session.transaction {
            "the input ends without the COMMIT of its large objects"
        } else if self.session.connecting {
            "the input ends without the `\\connect` behind `\\encoding`"
        } else if self.splitter.cluster == Some(true) {
            "the input ends without `-- PostgreSQL database cluster dump complete`"
        } else if self.splitter.open_header {
            "the input ends without `-- PostgreSQL database dump complete`"
        } else {
            return Ok(());
        };
        Err(self.place(Error::input(what).hint(CUT), bytes))
    }

    /// Refuses what is no text of a dump, by its first bytes.
    fn look(&self, bytes: &[u8]) -> Result<()> {
        if self.byte == 0 && self.done == 0 {
            magic::refuse(bytes)?;
        }
        Ok(())
    }
}

impl Recoded for PgDumpReader {
    fn recoded_from(&mut self, set: &'static Charset) {
        self.from = Some((set, false));
    }
}

impl Reader for PgDumpReader {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        piece.parts.clear();
        piece.byte = self.byte;
        piece.poison = self.take_poison();
        piece.buffer.restart(&self.carry, self.read);
        self.done = 0;
        self.searched = 0;
        self.begun = false;
        self.cut = false;
        self.splitter.restart();
        while !self.at_end {
            let n = piece.buffer.fill(source, self.read).map_err(|e| Error::io("read the input", &e))?;
            self.at_end = n == 0;
            self.look(piece.buffer.bytes())?;
            self.scan(piece)?;
            if self.done > 0 {
                break;
            }
        }
        // A region of INSERT statements is over when nothing more comes, be it nothing at all.
        let open = matches!(self.mode, Mode::Insert(_));
        if self.at_end && !self.cut && (piece.buffer.len() > self.done || open) {
            self.scan(piece)?;
        }
        if self.at_end && !self.cut {
            let rest = piece.buffer.bytes().get(self.done..).unwrap_or_default();
            if !rest.is_empty() || piece.parts.is_empty() {
                self.finish(piece.buffer.bytes())?;
            }
        }
        if let (Some(line), Some(done)) = (self.line, piece.buffer.bytes().get(..self.done)) {
            self.line = Some(line + lines(done));
        }
        self.gather(false);
        piece.buffer.split_off(self.done, &mut self.carry);
        self.byte += u64::try_from(self.done).unwrap_or(0);
        piece.poison_after = self.take_poison();
        Ok(!piece.parts.is_empty())
    }

    fn facts(&self) -> &Facts {
        if self.session.database.is_some() { &self.all } else { self.catalog.facts() }
    }

    fn whole_schema(&self) -> bool {
        // Of several databases the last is still to come; their roles alone are no schema.
        let several = self.splitter.cluster.is_some() || self.session.database.is_some();
        let all = self.at_end && !self.facts().tables().is_empty();
        !self.catalog.is_part() && (!several || all)
    }

    fn begin_empty(&mut self) {
        self.begins_empty = true;
    }

    fn guarded(&mut self) {
        self.session.guarded = true;
    }

    fn behind_rows(&self) -> BehindRows {
        let several = self.splitter.cluster.is_some() || self.session.database.is_some();
        if several || self.catalog.is_part() {
            BehindRows::Anywhere
        } else if self.inserts {
            // The last statement is read again, since it says where it ends.
            BehindRows::Last { mark: b"\nINSERT INTO ", skip: 1 }
        } else {
            BehindRows::Last { mark: b"\n\\.\n", skip: 4 }
        }
    }

    fn resume(&mut self, byte: u64) {
        self.carry.clear();
        self.splitter.restart();
        self.mode = Mode::Sql;
        self.inside = false;
        self.table = None;
        self.byte = byte;
        self.at_end = false;
        self.line = None;
        self.poison = None;
    }

    fn guard(&self) -> Option<(&'static [u8], &'static [u8])> {
        Some((b"BEGIN;\n", b"COMMIT;\n"))
    }
}
