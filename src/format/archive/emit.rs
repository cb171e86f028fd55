//! Writes an archive whose rows are made: the table of contents of another, with its definitions and without its data, and
//! rows for the tables that get some.
//!
//! Nothing of the source's data is read, let alone written: its rows, large objects, statistics and counters are left out,
//! and so are comments and secrets, as in a dump. Entries of rows stand behind all definitions that come before rows, those
//! of counters behind them. Refuses an archive in another character set than UTF-8, since rows are.

use std::io;
use std::sync::{Arc, OnceLock};

use super::container::open;
use super::form::Form;
use super::input::Limits;
use super::ints::NOT_SET;
use super::schema::Schema;
use super::sink::{ArchiveSink, Told};
use super::toc::{Extra, TABLE_DATA, Toc, TocEntry};
use crate::error::{Error, Result};
use crate::format::emit::{Emit, Filled, TableSink};
use crate::format::pg_dump::CopyEmit;
use crate::format::{ArchiveOptions, Entry, InputOptions, Out, Part, Put, Sink, Source};
use crate::row::shape::Facts;

/// Sections of a table of contents: data, and what stands behind it.
const DATA: i32 = 3;
const POST_DATA: i32 = 4;

/// What ends the rows of a table in an archive.
const END: &[u8] = b"\\.\n\n\n";

/// Definitions of an archive, to be filled.
pub struct Blank {
    toc: Toc,
    form: Form,
}

impl std::fmt::Debug for Blank {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<archive of {} entries>", self.toc.entries.len())
    }
}

impl Blank {
    /// Reads the table of contents of an archive, and nothing behind it. Returns also what is known of its tables, and its
    /// statements in the order of pg_restore, those left out that make the database itself.
    ///
    /// # Errors
    /// Whatever a reader of archives refuses; a character set other than UTF-8; `ErrorKind::Io`.
    pub fn read(source: &mut dyn Source, options: &InputOptions) -> Result<(Self, Facts, Vec<u8>)> {
        let container = open(source, &Limits::new(options.max_row, options.read_bytes))?;
        let toc = container.toc();
        let schema = Schema::read(toc, options)?;
        let utf8 = b"SET client_encoding = 'UTF8';\n";
        let encoding = toc.entries.iter().find(|entry| entry.desc == b"ENCODING");
        if encoding.is_none_or(|entry| entry.defn.as_deref() != Some(utf8)) {
            return Err(Error::input("rows cannot be written in the character set of the archive")
                .hint("dump it with `pg_dump --schema-only --format=custom --encoding=UTF8`"));
        }
        let mut left: Vec<Option<Left>> = toc.entries.iter().map(|_| None).collect();
        let mut inside = None;
        for part in &schema.parts {
            let Some(place) = inside.and_then(|entry: usize| left.get_mut(entry)) else {
                inside = entered(part);
                continue;
            };
            let of = place.get_or_insert_default();
            let mut keep = |from, to| of.sql.extend_from_slice(schema.text.get(from..to).unwrap_or_default());
            match part {
                Part::Verbatim(range) => keep(range.start, range.end),
                Part::Opaque { range, cut, .. } => {
                    keep(range.start, cut.start);
                    keep(cut.end, range.end);
                    of.changed = true;
                }
                Part::Leave => inside = None,
                _ => {}
            }
        }
        let mut entries = Vec::new();
        let mut text = Vec::new();
        for (entry, left) in toc.entries.iter().zip(left) {
            let Some(entry) = definition(entry, left) else { continue };
            if !of_database(&entry) {
                text.extend_from_slice(entry.defn.as_deref().unwrap_or_default());
            }
            entries.push(entry);
        }
        let toc = Toc { header: toc.header.clone(), entries };
        Ok((Self { toc, form: container.form() }, schema.facts.completed(), text))
    }

    /// Returns its form.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// Makes what writes it, with rows for these tables, in a form.
    ///
    /// # Errors
    /// A table that the archive does not define; what the form cannot hold.
    pub fn fill(&self, tables: &[Filled<'_>], form: Form) -> Result<Box<dyn TableSink>> {
        let mut entries = self.toc.entries.clone();
        let place = entries.iter().position(|entry| entry.section == POST_DATA).unwrap_or(entries.len());
        let mut next = entries.iter().map(|entry| entry.dump_id).max().unwrap_or(0);
        let mut id = || {
            next = next.checked_add(1).ok_or_else(|| Error::input("an archive without a free id"))?;
            Ok::<i32, Error>(next)
        };
        let (mut rows, mut counters) = (Vec::new(), Vec::new());
        for table in tables {
            let of = self.of_table(table)?;
            rows.push((table.at, id()?));
            let mut copy = Vec::new();
            CopyEmit.begin(table.shape, &mut copy)?;
            let (at, data) = (rows.len(), of.data(TABLE_DATA, rows.last().map_or(0, |(_, id)| *id)));
            entries.insert(place + at - 1, TocEntry { had_dumper: true, copy_stmt: Some(copy), ..data });
            for (column, last) in &table.counters {
                let mut defn = Vec::new();
                CopyEmit.count_on(table.shape, *column, *last, &mut defn);
                counters.push(TocEntry { defn: Some(defn), ..of.data(b"SEQUENCE SET", id()?) });
            }
        }
        let behind = place + rows.len();
        entries.splice(behind..behind, counters);
        let places = rows.iter().enumerate().map(|(at, (table, _))| (*table, place + at)).collect();
        let options = InputOptions {
            archive: ArchiveOptions { form: Some(form), packing: None },
            ..InputOptions::default()
        };
        let said = vec![None; entries.len()];
        let toc = Arc::new(Toc { header: self.toc.header.clone(), entries });
        let told = Arc::new(OnceLock::from(Told::new(toc, said, self.form, &options)?));
        Ok(Box::new(FilledArchive { sink: ArchiveSink::new(told), places }))
    }

    /// Finds the definition of a table.
    fn of_table(&self, table: &Filled<'_>) -> Result<Defined<'_>> {
        let name = &table.shape.table;
        let named = |entry: &&TocEntry| {
            entry.tag == name.table.as_bytes()
                && entry.namespace.as_deref() == name.schema.as_deref().map(str::as_bytes)
                && matches!(entry.desc.as_slice(), b"TABLE" | b"FOREIGN TABLE")
        };
        let found = self.toc.entries.iter().find(named);
        found.map(Defined).ok_or_else(|| Error::bug("rows for a table that the archive does not define"))
    }
}

/// What is left of a definition.
#[derive(Default)]
struct Left {
    sql: Vec<u8>,
    changed: bool,
}

/// Returns the entry whose definition follows.
fn entered(part: &Part) -> Option<usize> {
    match part {
        Part::Enter(Entry::Definition(entry)) => Some(*entry),
        _ => None,
    }
}

/// Returns what stays of an entry; `None` where it is data, or says nothing any more.
fn definition(entry: &TocEntry, left: Option<Left>) -> Option<TocEntry> {
    if entry.had_dumper || matches!(entry.desc.as_slice(), TABLE_DATA | b"SEQUENCE SET") {
        return None;
    }
    let Some(Left { sql, .. }) = left.filter(|left| left.changed) else { return Some(entry.clone()) };
    let sql = sql.trim_ascii();
    (!sql.is_empty()).then(|| TocEntry { defn: Some([sql, b"\n\n"].concat()), ..entry.clone() })
}

/// Says whether an entry makes or describes the database itself: pg_restore leaves it out where it is not told to make one.
fn of_database(entry: &TocEntry) -> bool {
    match entry.desc.as_slice() {
        b"DATABASE" | b"DATABASE PROPERTIES" => true,
        b"ACL" | b"COMMENT" | b"SECURITY LABEL" => entry.tag.starts_with(b"DATABASE "),
        _ => false,
    }
}

/// The definition of a table.
struct Defined<'a>(&'a TocEntry);

impl Defined<'_> {
    /// Makes an entry that stands among the data and needs the table.
    fn data(&self, desc: &[u8], dump_id: i32) -> TocEntry {
        let Self(table) = self;
        TocEntry {
            dump_id,
            had_dumper: false,
            tableoid: Some(b"0".to_vec()),
            desc: desc.to_vec(),
            section: DATA,
            defn: Some(Vec::new()),
            drop_stmt: Some(Vec::new()),
            copy_stmt: None,
            tablespace: None,
            tableam: None,
            relkind: table.relkind.map(|_| 0),
            // pg_restore takes the first for the table.
            dependencies: vec![table.dump_id.to_string().into_bytes()],
            extra: Extra::Offset { flag: NOT_SET, place: 0 },
            ..(*table).clone()
        }
    }
}

/// Writes an archive that was filled.
struct FilledArchive {
    sink: ArchiveSink,
    /// Which entry has the data of which table.
    places: Vec<(usize, usize)>,
}

impl TableSink for FilledArchive {
    fn begin(&mut self, table: usize, to: &mut dyn Out) -> io::Result<()> {
        let entry = self.places.iter().find(|(of, _)| *of == table).map(|(_, entry)| *entry);
        let entry = entry.ok_or_else(|| Error::bug("rows of a table that gets none"))?;
        self.sink.put(&[], &[Put::Enter(Entry::Data(entry))], to)
    }

    fn rows(&mut self, bytes: &[u8], to: &mut dyn Out) -> io::Result<()> {
        self.sink.put(bytes, &[Put::Verbatim(0..bytes.len())], to)
    }

    fn end(&mut self, to: &mut dyn Out) -> io::Result<()> {
        self.sink.put(END, &[Put::Verbatim(0..END.len()), Put::Leave], to)
    }

    fn finish(&mut self, to: &mut dyn Out) -> io::Result<()> {
        self.sink.finish(to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{custom, file};
    use super::*;

    const LIMITS: Limits = Limits { max_text: 1 << 20, max_toc: 1 << 20, read_bytes: 0 };

    #[test]
    fn no_entry_of_data_stays() {
        let mut source = file(&custom(14).archive().bytes, 100);
        let mut entries = open(&mut source, &LIMITS).unwrap().toc().entries.clone();
        let set = TocEntry { desc: b"SEQUENCE SET".to_vec(), ..entries[1].clone() };
        entries.push(set);
        let left: Vec<i32> =
            entries.iter().filter_map(|entry| definition(entry, None)?.dump_id.into()).collect();
        assert_eq!(left, [3301, 215, 216, 3165]);
        // Of a definition that held more than one it is what is left; of one of which nothing is, nothing.
        let cut = |sql: &[u8]| definition(&entries[1], Some(Left { sql: sql.to_vec(), changed: true }));
        assert_eq!(cut(b"SELECT 1;").unwrap().defn.as_deref(), Some(&b"SELECT 1;\n\n"[..]));
        assert!(cut(b" \n").is_none());
    }

    #[test]
    fn statements_about_the_database_itself_are_known() {
        let mut source = file(&custom(14).archive().bytes, 100);
        let entry = open(&mut source, &LIMITS).unwrap().toc().entries[1].clone();
        let is = |desc: &str, tag: &str| {
            of_database(&TocEntry { desc: desc.into(), tag: tag.into(), ..entry.clone() })
        };
        assert!(is("DATABASE", "shop") && is("COMMENT", "DATABASE shop") && is("ACL", "DATABASE shop"));
        assert!(!is("TABLE", "DATABASE shop") && !is("COMMENT", "TABLE databases"));
    }
}
