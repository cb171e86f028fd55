//! What an archive's table of contents says, read as the plain dump that pg_restore would make of it: the SQL of all its
//! entries goes through the reader of plain dumps, without rows. So an archive is held to the same closed list of
//! statements, tells the same facts and the same `objects:`, and its rows are those of the same tables.
//!
//! Refuses what that reader refuses, statements that do not end with their entry, rows in definitions, commands of psql,
//! and fields of entries that are not what pg_dump writes.

use std::borrow::Cow;
use std::ops::Range;

use super::toc::{BLOBS, TABLE_DATA, Toc, TocEntry};
use crate::error::{Error, Result};
use crate::format::pg_dump;
use crate::format::statements::no_nul;
use crate::format::{Entry, InputOptions, Part, Piece, Source};
use crate::message;
use crate::row::object::ObjectClass;
use crate::row::shape::Facts;

/// What pg_dump says of a table that is loaded through its root.
const LOADS_BY_ROOT: &[u8] = b"-- load via partition root ";

/// What stands behind the COPY statement of a table, without its rows.
const NO_ROWS: &[u8] = b"\\.\n";

/// The kinds of entries that are treated apart; pg_dump's names for them.
const BLOB_METADATA: &[u8] = b"BLOB METADATA";
/// Those that set the session, and what stands around their one value: pg_restore looks for the value between quotes,
/// and both must see the same one.
const SESSION: [(&[u8], &[u8], &[u8]); 3] = [
    (b"ENCODING", b"SET client_encoding = '", b"';\n"),
    (b"STDSTRINGS", b"SET standard_conforming_strings = '", b"';\n"),
    (b"SEARCHPATH", b"SELECT pg_catalog.set_config('search_path', '", b"', false);\n"),
];

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

/// The kinds of entries that may be named in messages: what is none of them is not repeated. Source: pg_dump.c.
const KINDS: &str = "ACCESS METHOD,ACL,AGGREGATE,BLOB,BLOB METADATA,BLOBS,CAST,CHECK CONSTRAINT,COLLATION,COMMENT,\
    CONSTRAINT,CONVERSION,DATABASE,DATABASE PROPERTIES,DEFAULT,DEFAULT ACL,DOMAIN,ENCODING,EVENT TRIGGER,EXTENSION,\
    FK CONSTRAINT,FOREIGN DATA WRAPPER,FOREIGN TABLE,FUNCTION,INDEX,INDEX ATTACH,MATERIALIZED VIEW,\
    MATERIALIZED VIEW DATA,OPERATOR,OPERATOR CLASS,OPERATOR FAMILY,POLICY,PROCEDURAL LANGUAGE,PROCEDURE,PUBLICATION,\
    PUBLICATION TABLE,PUBLICATION TABLES IN SCHEMA,ROW SECURITY,RULE,SCHEMA,SEARCHPATH,SECURITY LABEL,SEQUENCE,\
    SEQUENCE OWNED BY,SEQUENCE SET,SERVER,SHELL TYPE,STATISTICS,STATISTICS DATA,STDSTRINGS,SUBSCRIPTION,\
    SUBSCRIPTION TABLE,TABLE,TABLE ATTACH,TABLE DATA,TEXT SEARCH CONFIGURATION,TEXT SEARCH DICTIONARY,\
    TEXT SEARCH PARSER,TEXT SEARCH TEMPLATE,TRANSFORM,TRIGGER,TYPE,USER MAPPING,VIEW";

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
        let mut set = Vec::new();
        for (index, entry) in toc.entries.iter().enumerate() {
            plain_fields(entry).map_err(|e| in_entry(&e, entry))?;
            let start = text.len();
            let (sql, rows) = statements(entry).map_err(|e| in_entry(&e, entry))?;
            let sql = sql.as_ref();
            if let Some(setting) = SESSION.iter().find(|(kind, ..)| *kind == entry.desc.as_slice()) {
                if set.contains(&setting.0) || !segments.is_empty() && set.len() != segments.len() {
                    return Err(in_entry(&Error::input("the session is set twice, or late"), entry));
                }
                set.push(setting.0);
                session(sql, setting).map_err(|e| in_entry(&e, entry))?;
                prelude.extend_from_slice(sql);
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
        drops(toc, options)?;
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
            let said = behind_comments(said);
            if said.starts_with(b"\\") || said.starts_with(b"/*") {
                return Err(in_entry(&Error::input("a definition with what pg_dump never writes"), entry));
            }
            if sets(said) && !SESSION.iter().any(|(kind, ..)| *kind == entry.desc.as_slice()) {
                return Err(in_entry(&Error::input("a definition that sets the session"), entry)
                    .hint("rows would be read otherwise than pg_restore loads them"));
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

/// Holds an entry that sets the session to the one statement that pg_dump writes there.
fn session(sql: &[u8], (_, before, behind): &(&[u8], &[u8], &[u8])) -> Result<()> {
    let value = sql.strip_prefix(*before).and_then(|rest| rest.strip_suffix(*behind));
    // A search path holds quoted names; no pg_dump since 2018 writes one.
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-,. \"".contains(b);
    match value {
        Some(value) if value.iter().all(plain) => Ok(()),
        _ => Err(Error::input("the session is set otherwise than pg_dump does")),
    }
}

/// Says whether a statement sets the session. Another user for some statements, and back, is no matter.
fn sets(statement: &[u8]) -> bool {
    let upper = statement.get(..statement.len().min(64)).unwrap_or_default().to_ascii_uppercase();
    let mut words = upper.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    match (words.next(), words.next()) {
        (Some(b"SET"), Some(b"SESSION")) => words.next() != Some(b"AUTHORIZATION"),
        (Some(b"SET"), _) => true,
        (Some(b"RESET"), second) => second != Some(b"SESSION"),
        (Some(b"SELECT"), Some(call)) => memchr::memmem::find(call, b"SET_CONFIG").is_some(),
        _ => false,
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
    let root =
        said.starts_with(LOADS_BY_ROOT) && memchr::memchr_iter(b'\n', said.trim_ascii_end()).count() == 0;
    if comments && !said.trim_ascii().is_empty() && !(entry.desc == TABLE_DATA && root) {
        return Err(Error::input("a definition that is only a comment"));
    }
    if !copy.is_empty() && (!copy.starts_with(b"COPY ") || has(&copy, b"--") || has(&copy, b"/*")) {
        return Err(Error::input("a COPY statement with what pg_dump never writes"));
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
    let names = [&entry.namespace, &entry.tablespace, &entry.tableam, &entry.owner];
    let mut names = names.into_iter().flatten().chain([&entry.tag, &entry.desc]);
    if names.any(|name| name.iter().any(u8::is_ascii_control)) {
        return Err(Error::input("a name with control characters in the table of contents"));
    }
    let with_oids = entry.with_oids.as_deref().unwrap_or_default();
    if numbers && matches!(with_oids, b"" | b"true" | b"false") {
        Ok(())
    } else {
        Err(Error::input("a field of the table of contents holds text where pg_dump writes a number"))
    }
}

/// Holds what drops an entry (`pg_restore --clean`) to what pg_dump writes there: statements that drop, alter or unlink, and
/// hold no literal; a view that others need is replaced by one of nulls.
fn drops(toc: &Toc, options: &InputOptions) -> Result<()> {
    let (mut text, mut ends) = (Vec::new(), Vec::new());
    for entry in &toc.entries {
        let said = entry.drop_stmt.as_deref().unwrap_or_default();
        no_nul(said).map_err(|e| in_entry(&e, entry))?;
        if entry.desc == BLOB_METADATA && said.trim_ascii() == b"-- dummy" || said.trim_ascii().is_empty() {
            continue;
        }
        text.extend_from_slice(said);
        end_line(&mut text);
        ends.push((text.len(), entry));
    }
    if text.is_empty() {
        return Ok(());
    }
    let options = InputOptions { facts: None, ..options.clone() };
    let mut now = 0;
    let (facts, _) = parts(&text, &options, &mut |part, byte, text| {
        let at = part.map_or_else(|at| *at..*at + 1, |part| at_of(part, byte));
        while ends.get(now).is_some_and(|(end, _)| *end < at.end) {
            now += 1;
        }
        let Some((_, entry)) = ends.get(now) else { return Err(Error::bug("SQL of no entry")) };
        let said = text.get(at).unwrap_or_default().trim_ascii();
        let unlinks = said.starts_with(b"SELECT pg_catalog.lo_unlink('");
        let changes = said.starts_with(b"ALTER ") || said.starts_with(b"CREATE OR REPLACE VIEW ");
        match part {
            Ok(Part::Opaque { .. }) if unlinks => Ok(()),
            Ok(Part::Verbatim(_)) if said.is_empty() || said.starts_with(b"DROP ") => Ok(()),
            Ok(Part::Verbatim(_)) if changes && !has(said, b"'") && !has(said, b"$") => Ok(()),
            _ => Err(in_entry(&Error::input("what drops it is not what pg_dump writes"), entry)),
        }
    })?;
    if facts.tables().is_empty() {
        Ok(())
    } else {
        Err(Error::input("what drops an object of the archive defines a table"))
    }
}

/// Says whether something stands in a statement outside of quoted names.
fn has(statement: &[u8], what: &[u8]) -> bool {
    statement.split(|b| *b == b'"').step_by(2).any(|plain| memchr::memmem::find(plain, what).is_some())
}

/// Judges a part, with the place of its piece and the whole text, or answers to the place of an error.
type Judge<'j> = dyn FnMut(std::result::Result<&Part, &usize>, usize, &[u8]) -> Result<()> + 'j;

/// Has SQL read as a plain dump. `each` gets every part with the place of its piece, or the place of an error, to which it
/// answers with one that names the entry.
fn parts(sql: &[u8], options: &InputOptions, each: &mut Judge<'_>) -> Result<(Facts, bool)> {
    // CREATE DATABASE stands in every archive; pg_restore uses it only when told to.
    let options = InputOptions { allow_databases: true, ..options.clone() };
    let mut reader = pg_dump::reader_of_part(&options);
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
        Part::Verbatim(range) | Part::Rows(range) | Part::Counted(range, _) => range,
        Part::Stored(range) | Part::Unpacked(range) => range,
        Part::Begin { head: range, .. } | Part::End { tail: range } | Part::Opaque { range, .. } => range,
        Part::Enter(_) | Part::Leave | Part::Object(_) => &(0..0),
    };
    byte + range.start..byte + range.end
}

/// Adds the entry to an error, and takes lines away: an archive has none.
pub(super) fn in_entry(error: &Error, entry: &TocEntry) -> Error {
    let kind = KINDS.split(',').find(|kind| kind.as_bytes() == entry.desc);
    let named = message!("entry {} ({})", entry.dump_id, kind.unwrap_or("of an unknown kind"));
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
