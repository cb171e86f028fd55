//! Reads an archive: its table of contents as `schema` does, then the data of each entry. Rows go, unpacked, through the
//! reader of plain dumps, each table's behind the COPY statement that the table of contents has for it; where nothing
//! changes in a table, and for large objects, the bytes are handed over as they are stored.
//!
//! Refuses SQL between or behind rows, rows that do not end with their entry, and what `schema` and the containers
//! refuse. Places are told by tables and rows: an archive has no lines.

use std::sync::{Arc, OnceLock};

use super::container::{Block, BlockKind, Container, open};
use super::feed::{Fed, Feed, Stream, Unpacked};
use super::input::Limits;
use super::schema::{Schema, copy_statement, in_entry};
use super::sink::{ArchiveSink, Told};
use crate::error::{Error, Result};
use crate::format::pg_dump;
use crate::format::{Entry, InputOptions, Part, Piece, Reader, Sink, Source};
use crate::row::shape::Facts;

/// Bytes of stored data a piece.
const STEP: usize = 512 << 10;

/// What ends rows that were not read.
const END_MARK: &[u8] = b"\\.\n";

/// Where the reader stands.
enum State {
    Start,
    Between,
    /// In the rows of an entry.
    Rows(Rows),
    /// In the rows of an entry that are handed over as they are stored; whether any were.
    Stored(bool),
    /// In large objects; whether one was begun, and bytes of it handed over.
    Objects {
        open: bool,
        begun: bool,
        unpacked: bool,
    },
    Done,
}

/// The rows of one entry, as places in the text that the reader of plain dumps is given.
#[derive(Clone, Copy)]
struct Rows {
    entry: usize,
    /// Where the rows begin, and where they end, once that is known.
    start: u64,
    end: Option<u64>,
    /// Whether a COPY statement announces them; else they are INSERT statements.
    copy: bool,
}

/// Reads an archive.
pub(super) struct ArchiveReader {
    options: InputOptions,
    told: Arc<OnceLock<Told>>,
    container: Option<Box<dyn Container>>,
    facts: Facts,
    whole: bool,
    prelude: Vec<u8>,
    /// Whether only facts are wanted.
    learns: bool,
    /// Reads the rows of all entries, one after the other.
    rows: Option<Box<dyn Reader>>,
    feed: Feed,
    state: State,
    /// Where in the file at hand the container stands, and how long those before it were.
    at: u64,
    files: u64,
}

/// An invariant does not hold.
fn no_container() -> Error {
    Error::bug("an archive that was not opened")
}

impl ArchiveReader {
    pub(super) fn new(options: &InputOptions) -> Self {
        Self {
            options: options.clone(),
            told: Arc::default(),
            container: None,
            facts: Facts::default(),
            whole: true,
            prelude: Vec::new(),
            learns: false,
            rows: None,
            feed: Feed::default(),
            state: State::Start,
            at: 0,
            files: 0,
        }
    }

    /// Reads the table of contents, and hands over what the profile decides on in it.
    fn start(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<()> {
        let container = open(source, &Limits::new(self.options.max_row, self.options.read_bytes))?;
        let toc = Arc::clone(container.toc());
        let schema = Schema::read(&toc, &self.options)?;
        let mut said = vec![None; toc.entries.len()];
        let mut inside = None;
        for part in &schema.parts {
            match part {
                Part::Enter(Entry::Definition(entry)) => inside = Some(*entry),
                Part::Verbatim(range) | Part::Opaque { range, .. } => {
                    if let Some(place) = inside.and_then(|entry| said.get_mut(entry)) {
                        *place = Some(place.unwrap_or(0) + range.len());
                    }
                }
                _ => {}
            }
        }
        let told = Told::new(toc, said, container.form(), &self.options)?;
        if self.told.set(told).is_err() {
            return Err(Error::bug("an archive with two tables of contents"));
        }
        let Schema { facts, whole, text, parts, prelude } = schema;
        let options = InputOptions { facts: Some(facts.clone()), ..self.options.clone() };
        self.rows = Some(pg_dump::reader_of_part(&options));
        (self.facts, self.whole, self.container) = (facts, whole, Some(container));
        self.prelude =
            if prelude.is_empty() { b"SET standard_conforming_strings = on;\n".to_vec() } else { prelude };
        fill(piece, &mut super::schema::Bytes(&text), text.len())?;
        piece.parts = parts;
        self.state = if self.learns { State::Done } else { State::Between };
        Ok(())
    }

    /// Goes on with the next entry that has data; `false` if there is none.
    fn next_entry(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        let (Some(container), Some(told)) = (&mut self.container, self.told.get()) else {
            return Err(no_container());
        };
        let Some(Block { entry: index, kind, .. }) = container.next_block(source)? else {
            self.state = State::Done;
            return Ok(false);
        };
        let Some(entry) = told.toc.entries.get(index) else { return Err(no_container()) };
        piece.parts.push(Part::Enter(Entry::Data(index)));
        if kind == BlockKind::LargeObjects {
            self.state = State::Objects { open: false, begun: false, unpacked: false };
            return Ok(true);
        }
        let copy = copy_statement(entry);
        self.feed.begin_with(&[&self.prelude, &copy]);
        self.feed.begin_stream(container.algorithm(), container.form())?;
        let waiting = self.feed.first.len() - self.feed.given;
        let start = self.feed.byte + u64::try_from(waiting).unwrap_or(0);
        self.state = State::Rows(Rows { entry: index, start, end: None, copy: !copy.is_empty() });
        Ok(true)
    }

    /// Reads on in the rows of an entry.
    fn next_rows(&mut self, source: &mut dyn Source, piece: &mut Piece, mut rows: Rows) -> Result<()> {
        let entering: Vec<Part> = std::mem::take(&mut piece.parts);
        let (Some(container), Some(reader)) = (&mut self.container, &mut self.rows) else {
            return Err(no_container());
        };
        let named = |error: &Error| match self.told.get().and_then(|t| t.toc.entries.get(rows.entry)) {
            Some(entry) => in_entry(error, entry),
            None => error.clone(),
        };
        loop {
            let mut fed = Fed {
                feed: &mut self.feed,
                container: container.as_mut(),
                source,
                prelude: &self.prelude,
                end: &mut rows.end,
            };
            if !reader.next(&mut fed, piece).map_err(|e| named(&e))? {
                return Err(named(&Error::input("rows that do not end with their entry")));
            }
            let ended = rows.sort(piece).map_err(|e| named(&e))?;
            if ended || !piece.parts.is_empty() {
                piece.parts.splice(0..0, entering);
                if ended {
                    piece.parts.push(Part::Leave);
                }
                self.state = if ended { State::Between } else { State::Rows(rows) };
                (piece.poison, piece.poison_after) = (None, None);
                return Ok(());
            }
        }
    }

    /// Hands over rows as they are stored.
    fn next_stored(&mut self, source: &mut dyn Source, piece: &mut Piece, begun: bool) -> Result<()> {
        let Some(container) = &mut self.container else { return Err(no_container()) };
        let more = piece.buffer.put(|bytes| container.read_raw(source, bytes, STEP))?;
        if !piece.buffer.is_empty() || !begun {
            piece.parts.push(Part::Stored(0..piece.buffer.len()));
        }
        self.state = State::Stored(true);
        if !more {
            piece.parts.extend([Part::End { tail: 0..0 }, Part::Leave]);
            self.feed.begin_with(&[END_MARK]);
            self.feed.stream = Stream::None;
            self.state = State::Between;
        }
        Ok(())
    }

    /// Reads on in large objects.
    fn next_objects(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<()> {
        let State::Objects { open, begun, unpacked } = &mut self.state else { return Ok(()) };
        let (Some(container), Some(told)) = (&mut self.container, self.told.get()) else {
            return Err(no_container());
        };
        if !*open {
            let Some(oid) = container.next_object(source)? else {
                piece.parts.push(Part::Leave);
                self.state = State::Between;
                return Ok(());
            };
            piece.parts.push(Part::Object(oid));
            let unpacks = told.repack || container.algorithm() != told.toc.header.algorithm;
            (*open, *begun, *unpacked) = (true, false, unpacks);
            if unpacks {
                self.feed.begin_stream(container.algorithm(), container.form())?;
            }
        }
        let container = container.as_mut();
        let more = if *unpacked {
            fill(piece, &mut Unpacked { feed: &mut self.feed, container, source }, STEP)? > 0
        } else {
            piece.buffer.put(|bytes| container.read_raw(source, bytes, STEP))?
        };
        let all = 0..piece.buffer.len();
        if !all.is_empty() || !*begun {
            piece.parts.push(if *unpacked { Part::Unpacked(all) } else { Part::Stored(all) });
        }
        (*open, *begun) = (more, true);
        Ok(())
    }
}

impl Rows {
    /// Keeps the parts of a piece that are of this entry, and judges them. Says whether the entry ended.
    fn sort(&self, piece: &mut Piece) -> Result<bool> {
        let Piece { buffer, parts, byte, .. } = piece;
        let local = |at: u64| usize::try_from(at.saturating_sub(*byte)).unwrap_or(usize::MAX);
        let (start, end) = (local(self.start), self.end.map(local));
        let mut ended = false;
        let mut kept = Vec::new();
        for part in parts.drain(..) {
            let range = super::schema::at_of(&part, 0);
            let reach = *byte + u64::try_from(range.end).unwrap_or(0);
            // INSERT statements announce their rows themselves, with the first of them.
            let opens = !self.copy && matches!(part, Part::Begin { .. }) && reach == self.start;
            let before = reach <= self.start && !opens;
            match part {
                // What announces the rows is the entry's, and not among its data.
                Part::Begin { shape, codec, .. } if self.copy && range.end == start => {
                    kept.push(Part::Begin { head: start..start, shape, codec });
                }
                Part::Begin { ref head, .. } if !before && (self.copy || !head.is_empty()) => {
                    return Err(Error::input("SQL among the rows of an entry"));
                }
                _ if before || ended => {}
                Part::Verbatim(_) => {
                    let own = range.start.max(start)..end.map_or(range.end, |end| end.min(range.end));
                    let text = buffer.bytes().get(own.clone()).unwrap_or_default();
                    if !text.iter().all(u8::is_ascii_whitespace) {
                        return Err(Error::input("SQL among the rows of an entry"));
                    }
                    ended = end.is_some_and(|end| range.end > end);
                    kept.push(Part::Verbatim(own));
                }
                _ if end.is_some_and(|end| range.end > end) => {
                    return Err(Error::input("the data of an entry ends inside its rows")
                        .hint("the archive was cut or edited: dump again"));
                }
                Part::Begin { .. } | Part::Rows(_) | Part::Counted(..) | Part::End { .. } => kept.push(part),
                _ => return Err(Error::input("SQL among the rows of an entry")),
            }
        }
        *parts = kept;
        Ok(ended)
    }
}

/// Fills a piece with what a source gives, about `most` bytes; returns how many.
fn fill(piece: &mut Piece, source: &mut dyn Source, most: usize) -> Result<usize> {
    piece.buffer.restart(&[], most);
    while piece.buffer.len() < most {
        let n = piece.buffer.fill(source, most - piece.buffer.len());
        if n.map_err(|e| Error::io("read the input", &e))? == 0 {
            break;
        }
    }
    Ok(piece.buffer.len())
}

impl Reader for ArchiveReader {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        piece.parts.clear();
        let started = matches!(self.state, State::Start);
        piece.buffer.restart(&[], 0);
        (piece.poison, piece.poison_after) = (None, None);
        match self.state {
            State::Start => self.start(source, piece)?,
            State::Between => {
                if !self.next_entry(source, piece)? {
                    return Ok(false);
                }
            }
            State::Done => return Ok(false),
            State::Rows(_) | State::Stored(_) | State::Objects { .. } => {}
        }
        match self.state {
            // The table of contents is a piece of its own.
            _ if started => {}
            State::Rows(rows) => self.next_rows(source, piece, rows)?,
            State::Stored(begun) => self.next_stored(source, piece, begun)?,
            State::Objects { .. } => self.next_objects(source, piece)?,
            State::Start | State::Between | State::Done => {}
        }
        let at = self.container.as_ref().map_or(0, |container| container.byte());
        if at < self.at {
            // Of a folder, the next file.
            self.files += self.at;
        }
        self.at = at;
        piece.byte = (self.files + at).saturating_sub(u64::try_from(piece.buffer.len()).unwrap_or(0));
        Ok(true)
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn whole_schema(&self) -> bool {
        self.whole
    }

    fn learn(&mut self) {
        self.learns = true;
    }

    fn pass_stored(&mut self) {
        // A folder's file may be packed otherwise than the rest: its name would change.
        let found = self.container.as_ref().map(|container| container.algorithm());
        let same = |told: &Told| !told.repack && found == Some(told.toc.header.algorithm);
        let stored = self.told.get().is_some_and(same);
        if let State::Rows(Rows { copy: true, end: None, start, .. }) = self.state
            && stored
            && self.feed.stream == Stream::Reads
            // Nothing of them was read yet.
            && self.feed.byte == start
        {
            self.state = State::Stored(false);
        }
    }

    fn has_lines(&self) -> bool {
        false
    }

    fn sink(&self) -> Box<dyn Sink> {
        Box::new(ArchiveSink::new(Arc::clone(&self.told)))
    }
}
