//! What an archive's table of contents says, read as the plain dump that pg_restore would make of it: the SQL of all its
//! entries goes through the reader of plain dumps, without rows. So an archive is held to the same closed list of
//! statements, tells the same facts and the same `objects:`, and its rows are those of the same tables.
//!
//! Refuses what that reader refuses, statements that do not end with their entry, rows in definitions, commands of psql,
//! and fields of entries that are not what pg_dump writes.

use std::borrow::Cow;
use std::ops::Range;

use super::toc::{BLOBS, TABLE_DATA, Toc, TocEntry};
use crate::error::{Error, Name, Result};
use crate::format::pg_dump::PgDump;
use crate::format::statements::{hold_no_rows, no_nul};
use crate::format::{Entry, Format, InputOptions, Part, Piece, Source};
use crate::message;
use crate::row::object::ObjectClass;
use crate::row::shape::Facts;

/// What stands behind the COPY statement of a table, without its rows.
const NO_ROWS: &[u8] = b"\\.\n";

/// The kinds of entries that are treated apart; pg_dump's names for them.
const BLOB_METADATA: &[u8] = b"BLOB METADATA";
const SESSION: [&[u8]; 3] = [b"ENCODING", b"STDSTRINGS", b"SEARCHPATH"];

/// What is known before the first row.
pub(super) struct Schema {
    /// Tables, types, keys.
    pub(super) facts: Facts,
    /// Whether the archive holds a whole schema.
    pub(super) whole: bool,
    /// The SQL of all entries; `parts` point into it.
    pub(super) text: Vec<u8>,
    /// What the profile decides on, entry by entry: those without any are not mentioned.
    pub(super) parts: Vec<Part>,
    /// Sets the session as the rows expect it.
    pub(super) prelude: Vec<u8>,
}

/// The SQL of one entry within the text.
struct Segment {
    range: Range<usize>,
    entry: usize,
    rows: bool,
}

/// Bytes as a source.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Source for Bytes<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(buf.len());
        let (now, later) = self.0.split_at(n);
        if let Some(place) = buf.get_mut(..n) {
            place.copy_from_slice(now);
        }
        self.0 = later;
        Ok(n)
    }
}

impl Schema {
    /// Reads the entries of a table of contents.
    ///
    /// # Errors
    /// `ErrorKind::Input`: all that is said above, with the entry.
    pub(super) fn read(toc: &Toc, options: &InputOptions) -> Result<Self> {
        let (mut text, mut segments, mut prelude) = (Vec::new(), Vec::new(), Vec::new());
        for (index, entry) in toc.entries.iter().enumerate() {
            plain_fields(entry).map_err(|e| in_entry(&e, entry))?;
            let start = text.len();
            let (sql, rows) = statements(entry).map_err(|e| in_entry(&e, entry))?;
            let sql = sql.as_ref();
            if SESSION.contains(&entry.desc.as_slice()) {
                prelude.extend_from_slice(sql);
                end_line(&mut prelude);
            }
            text.extend_from_slice(sql);
            end_line(&mut text);
            if rows {
                text.extend_from_slice(NO_ROWS);
            }
            if text.len() > start {
                segments.push(Segment { range: start..text.len(), entry: index, rows });
            }
        }
        let mut schema = Self { facts: Facts::default(), whole: true, text, parts: Vec::new(), prelude };
        schema.judge(toc, &segments, options)?;
        schema.large_objects(toc);
        drops(toc, &schema.parts, options)?;
        Ok(schema)
    }

    /// Has the reader of plain dumps read the text, and sorts what it finds by entries.
    fn judge(&mut self, toc: &Toc, segments: &[Segment], options: &InputOptions) -> Result<()> {
        if segments.is_empty() {
            return Ok(());
        }
        let mut now = 0;
        let mut entered = None;
        let (facts, whole) = parts(&self.text, options, &mut |part, byte, text| {
            let at = match part {
                Ok(part) => at_of(part, byte),
                // The reader says where; the entry is what helps.
                Err(at) => *at..*at + 1,
            };
            while segments.get(now).is_some_and(|s| s.range.end < at.end) {
                now += 1;
            }
            let Some(segment) = segments.get(now) else { return Err(Error::bug("SQL of no entry")) };
            let Some(entry) = toc.entries.get(segment.entry) else { return Err(Error::bug("no entry")) };
            let Ok(part) = part else { return Err(in_entry(&Error::input(""), entry)) };
            let own = at.start.max(segment.range.start);
            let before = text.get(at.start..own).unwrap_or_default();
            let said = text.get(own..at.end).unwrap_or_default();
            if !before.iter().all(u8::is_ascii_whitespace) {
                return Err(in_entry(&Error::input("a statement that begins in the entry before"), entry));
            }
            let sorted = match part {
                Part::Begin { .. } | Part::End { .. } if segment.rows => return Ok(()),
                Part::Verbatim(_) if !segment.rows => Part::Verbatim(own..at.end),
                Part::Opaque { classes, cut, .. } if !segment.rows => {
                    let cut = byte + cut.start..byte + cut.end;
                    Part::Opaque { classes, range: own..at.end, cut }
                }
                _ => return Err(in_entry(&Error::input("rows in a definition, or SQL among rows"), entry)),
            };
            if behind_comments(said).starts_with(b"\\") {
                return Err(in_entry(&Error::input("a command of psql in a definition"), entry));
            }
            if entered != Some(segment.entry) {
                self.parts.extend(entered.map(|_| Part::Leave));
                self.parts.push(Part::Enter(Entry::Definition(segment.entry)));
                entered = Some(segment.entry);
            }
            self.parts.push(sorted);
            Ok(())
        })?;
        self.parts.extend(entered.map(|_| Part::Leave));
        if facts.tables().iter().any(|table| table.name.database.is_some()) {
            return Err(Error::input("an archive that connects to another database"));
        }
        (self.facts, self.whole) = (facts, whole);
        Ok(())
    }

    /// Adds the entries of large objects that are no SQL.
    fn large_objects(&mut self, toc: &Toc) {
        for (index, entry) in toc.entries.iter().enumerate() {
            if entry.desc == BLOBS || entry.desc == BLOB_METADATA {
                let start = self.text.len();
                self.text.extend_from_slice(b"-- large objects\n");
                let range = start..self.text.len();
                let classes = &[ObjectClass::LargeObjects];
                let entry = Part::Enter(Entry::Definition(index));
                self.parts.extend([entry, Part::Opaque { classes, range: range.clone(), cut: range }]);
                self.parts.push(Part::Leave);
            }
        }
    }
}

/// Returns the SQL that defines an entry, or announces its rows, and whether it does that.
fn statements(entry: &TocEntry) -> Result<(Cow<'_, [u8]>, bool)> {
    let said = entry.defn.as_deref().unwrap_or_default();
    let copy = copy_statement(entry);
    let nothing = Cow::Borrowed(&b""[..]);
    let data = entry.desc == TABLE_DATA || entry.desc == BLOBS;
    if entry.had_dumper && !data {
        return Err(Error::input("data of an unknown kind").hint("it was not written by pg_dump 9 to 18"));
    }
    if entry.desc != TABLE_DATA && !copy.is_empty() {
        return Err(Error::input("a COPY statement in an entry that is no table's data"));
    }
    no_nul(said)?;
    let comments = behind_comments(said).is_empty();
    if comments {
        hold_no_rows(said)?;
    }
    match entry.desc.as_slice() {
        TABLE_DATA if comments => {
            let rows = !copy.is_empty();
            Ok((Cow::Owned(copy), rows))
        }
        BLOBS if comments => Ok((nothing, false)),
        BLOB_METADATA if said.iter().all(|b| b.is_ascii_digit() || *b == b'\n') => Ok((nothing, false)),
        TABLE_DATA | BLOBS | BLOB_METADATA => Err(Error::input("SQL in an entry that only has data")),
        _ if comments => Ok((nothing, false)),
        _ => Ok((Cow::Borrowed(said), false)),
    }
}

/// Returns the COPY statement of an entry with its line end; nothing, if it has none.
pub(super) fn copy_statement(entry: &TocEntry) -> Vec<u8> {
    match entry.copy_stmt.as_deref().unwrap_or_default().trim_ascii() {
        [] => Vec::new(),
        copy => [copy, b"\n"].concat(),
    }
}

/// Refuses text where pg_dump writes numbers: nothing else would look at it.
fn plain_fields(entry: &TocEntry) -> Result<()> {
    let number = |field: &[u8]| field.len() <= 10 && field.iter().all(u8::is_ascii_digit);
    let oids = [&entry.tableoid, &entry.oid];
    let numbers = oids.into_iter().flatten().chain(&entry.dependencies).all(|field| number(field));
    let with_oids = entry.with_oids.as_deref().unwrap_or_default();
    if numbers && matches!(with_oids, b"" | b"true" | b"false") {
        Ok(())
    } else {
        Err(Error::input("a field of the table of contents holds text where pg_dump writes a number"))
    }
}

/// Holds what drops an entry (`pg_restore --clean`) to the same list of statements. What the profile decides on may only
/// stand where the definition is decided on too, since both stay or go together.
fn drops(toc: &Toc, parts_of: &[Part], options: &InputOptions) -> Result<()> {
    let mut decided = vec![false; toc.entries.len()];
    let mut inside = None;
    for part in parts_of {
        match part {
            Part::Enter(Entry::Definition(entry)) => inside = Some(*entry),
            Part::Opaque { .. } => {
                if let Some(place) = inside.and_then(|entry| decided.get_mut(entry)) {
                    *place = true;
                }
            }
            _ => {}
        }
    }
    let (mut text, mut ends) = (Vec::new(), Vec::new());
    for (entry, decided) in toc.entries.iter().zip(&decided) {
        let said = entry.drop_stmt.as_deref().unwrap_or_default();
        no_nul(said).and_then(|()| hold_no_rows(said)).map_err(|e| in_entry(&e, entry))?;
        if !behind_comments(said).is_empty() {
            text.extend_from_slice(said);
            end_line(&mut text);
            ends.push((text.len(), entry, *decided));
        }
    }
    if text.is_empty() {
        return Ok(());
    }
    let options = InputOptions { facts: None, ..options.clone() };
    let found = parts(&text, &options, &mut |part, byte, text| {
        let at = part.map_or_else(|at| *at..*at + 1, |part| at_of(part, byte));
        let Some((_, entry, decided)) = ends.iter().find(|(end, ..)| at.end <= *end) else {
            return Err(Error::bug("SQL of no entry"));
        };
        let said = behind_comments(text.get(at).unwrap_or_default());
        match part {
            Ok(Part::Verbatim(_)) if !said.starts_with(b"\\") => Ok(()),
            Ok(Part::Opaque { .. }) if *decided => Ok(()),
            _ => Err(in_entry(&Error::input("what drops it is not what pg_dump writes"), entry)),
        }
    });
    let (facts, _) = found?;
    if facts.tables().is_empty() {
        Ok(())
    } else {
        Err(Error::input("what drops an object of the archive defines a table"))
    }
}

/// Judges a part, with the place of its piece and the whole text, or answers to the place of an error.
type Judge<'j> = dyn FnMut(std::result::Result<&Part, &usize>, usize, &[u8]) -> Result<()> + 'j;

/// Has SQL read as a plain dump. `each` gets every part with the place of its piece, or the place of an error, to which it
/// answers with one that names the entry.
fn parts(sql: &[u8], options: &InputOptions, each: &mut Judge<'_>) -> Result<(Facts, bool)> {
    // CREATE DATABASE stands in every archive; pg_restore uses it only when told to.
    let options = InputOptions { allow_databases: true, ..options.clone() };
    let mut reader = PgDump.reader(&options)?;
    let mut source = Bytes(sql);
    let mut piece = Piece::default();
    loop {
        match reader.next(&mut source, &mut piece) {
            Ok(true) => {}
            Ok(false) => return Ok((reader.facts().completed(), reader.whole_schema())),
            Err(error) => {
                let at = error.location().byte.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                let at = at.min(sql.len().saturating_sub(1));
                let placed = each(Err(&at), 0, sql).err();
                return Err(match placed.as_ref().and_then(|e| e.location().entry.clone()) {
                    Some(entry) => error.at(|at| {
                        (at.line, at.byte) = (None, None);
                        at.entry = Some(entry);
                    }),
                    None => error,
                });
            }
        }
        let byte = usize::try_from(piece.byte).unwrap_or(usize::MAX);
        for part in &piece.parts {
            each(Ok(part), byte, sql)?;
        }
    }
}

/// Returns the place of a part within the whole.
pub(super) fn at_of(part: &Part, byte: usize) -> Range<usize> {
    let range = match part {
        Part::Verbatim(range) | Part::Rows(range) | Part::Counted(range, _) | Part::Stored(range) => range,
        Part::Begin { head: range, .. } | Part::End { tail: range } | Part::Opaque { range, .. } => range,
        Part::Enter(_) | Part::Leave | Part::Object(_) => &(0..0),
    };
    byte + range.start..byte + range.end
}

/// Adds the entry to an error, and takes lines away: an archive has none.
pub(super) fn in_entry(error: &Error, entry: &TocEntry) -> Error {
    // pg_dump's kinds are short words; what is none of them is not repeated.
    let is_word = |b: &u8| b.is_ascii_uppercase() || *b == b' ';
    let kind =
        std::str::from_utf8(&entry.desc).ok().filter(|k| k.len() < 40 && k.bytes().all(|b| is_word(&b)));
    let named = message!("entry {} ({})", entry.dump_id, Name::new(kind.unwrap_or("unknown kind")));
    error.clone().at(|at| {
        (at.line, at.byte) = (None, None);
        at.entry = Some(named);
    })
}

/// Returns a text from its first word on: what begins with neither white space nor a comment.
fn behind_comments(mut text: &[u8]) -> &[u8] {
    loop {
        text = text.trim_ascii_start();
        if !text.starts_with(b"--") {
            return text;
        }
        text = memchr::memchr(b'\n', text).and_then(|end| text.get(end..)).unwrap_or_default();
    }
}

fn end_line(text: &mut Vec<u8>) {
    if text.last().is_some_and(|last| *last != b'\n') {
        text.push(b'\n');
    }
}
