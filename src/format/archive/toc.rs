//! The table of contents of an archive: its header and entries, read and written so that what is not changed comes
//! back byte for byte. Texts are bytes in the dump's encoding; NULL and empty ones are kept apart.
//!
//! Refuses versions other than those of pg_dump 9.0 to 18, and whatever no pg_dump writes: unknown algorithms, doubled or
//! negative ids, files with names of their own choice. Deliberately absent: what entries mean (`schema`).

use std::collections::HashSet;

use super::input::{Input, Limits, Words};
use super::ints::{self, put_int, put_text};
use crate::error::{Error, Result};
use crate::format::Source;
use crate::message;

/// What every table of contents begins with.
pub(super) const MAGIC: &[u8; 5] = b"PGDMP";

/// The form of archives that are one stream of blocks.
pub(super) const CUSTOM: u8 = 1;
/// The form of archives whose data are files: folders and tar.
pub(super) const FILES: u8 = 3;

/// What the data of a table is called.
pub(super) const TABLE_DATA: &[u8] = b"TABLE DATA";
/// What the contents of large objects are called.
pub(super) const BLOBS: &[u8] = b"BLOBS";

/// The first version whose header names an algorithm, not a level.
const ALGORITHMS: (u8, u8, u8) = (1, 15, 0);
/// The first version with `relkind`, and with groups of large objects.
const RELKIND: (u8, u8, u8) = (1, 16, 0);
/// The first version with `tableam`.
const TABLEAM: (u8, u8, u8) = (1, 14, 0);

/// How the streams of an archive are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// They are not.
    None,
    /// zlib in custom archives, gzip in files.
    Gzip,
    /// LZ4 frames.
    Lz4,
    /// zstd frames.
    Zstd,
}

impl Algorithm {
    const ALL: [(u8, Self); 4] = [(0, Self::None), (1, Self::Gzip), (2, Self::Lz4), (3, Self::Zstd)];

    fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL.iter().find(|(number, _)| *number == byte).map(|(_, algorithm)| *algorithm)
    }

    fn byte(self) -> u8 {
        Self::ALL.iter().find(|(_, algorithm)| *algorithm == self).map_or(0, |(number, _)| *number)
    }
}

/// What stands before the entries.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Major, minor, revision: 1.12.0 to 1.16.0.
    pub version: (u8, u8, u8),
    /// Bytes a number, as read, 1 to 8; 4 are written.
    pub int_size: u8,
    /// Bytes a place, as read, 1 to 8; 8 are written.
    pub off_size: u8,
    /// `CUSTOM` or `FILES`, as read.
    pub form: u8,
    /// How streams are compressed.
    pub algorithm: Algorithm,
    /// zlib's level, where versions before 1.15 tell: -1 (its default) to 9; else -1.
    pub level: i32,
    /// Second, minute, hour, day, month (0..11), year (minus 1900), daylight saving time.
    pub time: [i32; 7],
    /// The database's name.
    pub database: Option<Vec<u8>>,
    /// The server's version.
    pub server: Option<Vec<u8>>,
    /// The version of pg_dump.
    pub pg_dump: Option<Vec<u8>>,
}

/// Where an entry's data are.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Extra {
    /// In the custom form: a flag of `ints`, and a place that may be wrong.
    Offset {
        /// `NOT_SET`, `SET` or `NO_DATA`.
        flag: u8,
        /// The place as read.
        place: u64,
    },
    /// In files: the name without the suffix of a compression; empty where the entry has none. It is the one of
    /// `TocEntry::file_name`, but for large objects in tar archives.
    FileName(Vec<u8>),
}

/// One entry. What is `Option` may be NULL.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct TocEntry {
    /// Its id, above 0, that of no other entry.
    pub dump_id: i32,
    /// Whether it has data: only `TABLE DATA` and `BLOBS` have.
    pub had_dumper: bool,
    /// The number of the catalogue, in decimal digits.
    pub tableoid: Option<Vec<u8>>,
    /// The number of the object, in decimal digits.
    pub oid: Option<Vec<u8>>,
    /// The object's name.
    pub tag: Vec<u8>,
    /// What it is.
    pub desc: Vec<u8>,
    /// 1 none, 2 before the data, 3 data, 4 behind it.
    pub section: i32,
    /// The SQL that makes it.
    pub defn: Option<Vec<u8>>,
    /// The SQL that drops it.
    pub drop_stmt: Option<Vec<u8>>,
    /// The COPY statement of its data; NULL for INSERT statements.
    pub copy_stmt: Option<Vec<u8>>,
    /// Its schema.
    pub namespace: Option<Vec<u8>>,
    /// Its tablespace.
    pub tablespace: Option<Vec<u8>>,
    /// Its access method; NULL before 1.14.
    pub tableam: Option<Vec<u8>>,
    /// Its kind of relation; `None` before 1.16.
    pub relkind: Option<i32>,
    /// Its owner.
    pub owner: Option<Vec<u8>>,
    /// `false`, or `true` in old dumps.
    pub with_oids: Option<Vec<u8>>,
    /// Ids of the entries that it needs, in decimal digits; some may not be there.
    pub dependencies: Vec<Vec<u8>>,
    /// Where its data are.
    pub extra: Extra,
}

impl TocEntry {
    /// Says whether its data are large objects.
    pub(super) fn has_objects(&self) -> bool {
        self.had_dumper && self.desc == BLOBS
    }

    /// Returns the name of the file that pg_dump of this version gives its data, in folders and tar; `None` if it has none.
    pub(super) fn file_name(&self, version: (u8, u8, u8)) -> Option<String> {
        match (self.had_dumper, self.has_objects()) {
            (false, _) => None,
            (true, false) => Some(format!("{}.dat", self.dump_id)),
            (true, true) if version >= RELKIND => Some(format!("blobs_{}.toc", self.dump_id)),
            (true, true) => Some("blobs.toc".to_owned()),
        }
    }
}

/// A table of contents.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Toc {
    /// What stands before the entries.
    pub header: Header,
    /// In the order in which pg_restore goes.
    pub entries: Vec<TocEntry>,
}

impl Toc {
    /// Reads a table of contents of a form (`CUSTOM` or `FILES`); the next byte is the one behind it.
    ///
    /// # Errors
    /// Whatever no pg_dump writes, limits passed, an end inside of it; by offset and entry.
    pub(super) fn read(
        input: &mut Input,
        source: &mut dyn Source,
        limits: &Limits,
        form: u8,
    ) -> Result<Self> {
        let words = input.words(source, 4);
        let mut toc = TocReader { words, max_text: limits.max_text, left: limits.max_toc };
        let header = toc.header(form)?;
        let count = toc.words.int()?;
        if count < 0 {
            return Err(toc.words.input.fail("expected a number of entries, found a negative number"));
        }
        let (mut entries, mut ids, mut objects) = (Vec::new(), HashSet::new(), 0_usize);
        for _ in 0..count {
            let entry = toc.entry(&header)?;
            if !ids.insert(entry.dump_id) {
                return Err(toc
                    .words
                    .input
                    .fail(message!("two entries of the archive have the id {}", entry.dump_id)));
            }
            objects += usize::from(entry.has_objects());
            entries.push(entry);
        }
        if objects > 1 && header.version < RELKIND {
            return Err(toc.words.input.fail("expected one entry of large objects, found several"));
        }
        Ok(Self { header, entries })
    }

    /// Appends the table of contents of the entries for which `keep` says so (one a entry), in a form; returns for each
    /// entry where the nine bytes for the place of its block stand, counted from the first byte appended, if it was
    /// written and has a block.
    ///
    /// Every place is written as not yet known. Else nothing differs from what was read, if numbers had four and places
    /// eight bytes.
    ///
    /// # Errors
    /// An algorithm that the version cannot name; our bug if `keep` is of another length.
    pub(super) fn write(&self, keep: &[bool], form: u8, out: &mut Vec<u8>) -> Result<Vec<Option<u64>>> {
        if keep.len() != self.entries.len() {
            return Err(Error::bug("entries of an archive without a decision"));
        }
        let start = out.len();
        self.header.write(form, out)?;
        let count = keep.iter().filter(|keep| **keep).count();
        put_int(out, i32::try_from(count).map_err(|_| Error::bug("more entries than were read"))?);
        let mut places = Vec::with_capacity(keep.len());
        for (entry, keep) in self.entries.iter().zip(keep) {
            let place = if *keep { entry.write(self.header.version, form, out) } else { None };
            places.push(place.and_then(|place| u64::try_from(place - start).ok()));
        }
        Ok(places)
    }
}

impl Header {
    fn write(&self, form: u8, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(MAGIC);
        out.extend([self.version.0, self.version.1, self.version.2, 4, 8, form]);
        if self.version >= ALGORITHMS {
            out.push(self.algorithm.byte());
        } else {
            let level = match (self.algorithm, self.level) {
                (Algorithm::None, _) => 0,
                (Algorithm::Gzip, 0) => -1,
                (Algorithm::Gzip, level) => level,
                (Algorithm::Lz4 | Algorithm::Zstd, _) => {
                    return Err(Error::usage(message!(
                        "an archive of version {}.{} can only be compressed with gzip",
                        self.version.0,
                        self.version.1
                    ))
                    .hint("--compress gzip or none; pg_dump writes newer versions from 16 on"));
                }
            };
            put_int(out, level);
        }
        for part in self.time {
            put_int(out, part);
        }
        for text in [&self.database, &self.server, &self.pg_dump] {
            put_text(out, text.as_deref());
        }
        Ok(())
    }
}

impl TocEntry {
    /// Appends the entry; returns where the place of its block stands in `out`, if it has one.
    fn write(&self, version: (u8, u8, u8), form: u8, out: &mut Vec<u8>) -> Option<usize> {
        put_int(out, self.dump_id);
        put_int(out, i32::from(self.had_dumper));
        for text in [self.tableoid.as_deref(), self.oid.as_deref(), Some(&self.tag), Some(&self.desc)] {
            put_text(out, text);
        }
        put_int(out, self.section);
        for text in [&self.defn, &self.drop_stmt, &self.copy_stmt, &self.namespace, &self.tablespace] {
            put_text(out, text.as_deref());
        }
        if version >= TABLEAM {
            put_text(out, self.tableam.as_deref());
        }
        if version >= RELKIND {
            put_int(out, self.relkind.unwrap_or(0));
        }
        put_text(out, self.owner.as_deref());
        put_text(out, self.with_oids.as_deref());
        for id in &self.dependencies {
            put_text(out, Some(id));
        }
        put_text(out, None);
        if form == FILES {
            match &self.extra {
                Extra::FileName(name) => put_text(out, Some(name)),
                Extra::Offset { .. } => {
                    put_text(out, Some(self.file_name(version).unwrap_or_default().as_bytes()));
                }
            }
            return None;
        }
        let place = out.len();
        let flag = if self.had_dumper { ints::NOT_SET } else { ints::NO_DATA };
        out.extend_from_slice(&ints::offset(flag, 0));
        self.had_dumper.then_some(place)
    }
}

/// Reads a table of contents within limits.
struct TocReader<'a> {
    words: Words<'a>,
    max_text: usize,
    /// Memory that may still be taken.
    left: u64,
}

impl TocReader<'_> {
    fn header(&mut self, form: u8) -> Result<Header> {
        for expected in MAGIC {
            if self.words.byte()? != *expected {
                return Err(self.words.input.fail("expected a table of contents of pg_dump"));
            }
        }
        let version = (self.words.byte()?, self.words.byte()?, self.words.byte()?);
        if version.0 != 1 || !(12..=16).contains(&version.1) || version.2 != 0 {
            let (major, minor, revision) = version;
            return Err(self
                .words
                .input
                .fail(message!("archives of version {}.{}-{} are not read", major, minor, revision))
                .hint("versions 1.12 to 1.16 are: those of pg_dump 9.0 to 18"));
        }
        let (int_size, off_size) = (self.words.byte()?, self.words.byte()?);
        if !(1..=8).contains(&int_size) || !(1..=8).contains(&off_size) {
            return Err(self.words.input.fail(message!(
                "expected numbers and places of 1 to 8 bytes, found {} and {}",
                int_size,
                off_size
            )));
        }
        self.words.set_int_size(int_size);
        let found = self.words.byte()?;
        if found != form {
            return Err(self.words.input.fail(message!(
                "expected the form {} in the archive's header, found {}",
                form,
                found
            )));
        }
        let (algorithm, level) = self.compression(version)?;
        let mut time = [0; 7];
        for part in &mut time {
            *part = self.words.int()?;
        }
        let (database, server, pg_dump) = (self.text()?, self.text()?, self.text()?);
        Ok(Header { version, int_size, off_size, form, algorithm, level, time, database, server, pg_dump })
    }

    fn compression(&mut self, version: (u8, u8, u8)) -> Result<(Algorithm, i32)> {
        if version < ALGORITHMS {
            return match self.words.int()? {
                0 => Ok((Algorithm::None, 0)),
                level @ -1..=9 => Ok((Algorithm::Gzip, level)),
                level => Err(self.words.input.fail(message!("{} is no level of compression", level))),
            };
        }
        let byte = self.words.byte()?;
        let unknown =
            || message!("the compression number {} is not known; 0 to 3 (none, gzip, lz4, zstd) are", byte);
        Ok((Algorithm::of_byte(byte).ok_or_else(|| self.words.input.fail(unknown()))?, -1))
    }

    /// Takes memory off the limit.
    fn charge(&mut self, bytes: usize) -> Result<()> {
        let left = u64::try_from(bytes).ok().and_then(|bytes| self.left.checked_sub(bytes));
        self.left = left.ok_or_else(|| {
            self.words.input.fail("the archive's table of contents takes more memory than is given to it")
        })?;
        Ok(())
    }

    fn text(&mut self) -> Result<Option<Vec<u8>>> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.max_text);
        let text = self.words.text(most)?;
        self.charge(text.as_ref().map_or(0, Vec::len))?;
        Ok(text)
    }

    /// Reads a text that is never NULL.
    fn named(&mut self, what: &'static str) -> Result<Vec<u8>> {
        let text = self.text()?;
        text.ok_or_else(|| self.words.input.fail(message!("expected {} of an entry, found NULL", what)))
    }

    fn entry(&mut self, header: &Header) -> Result<TocEntry> {
        self.charge(size_of::<TocEntry>())?;
        let dump_id = self.words.int()?;
        if dump_id <= 0 {
            return Err(self.words.input.fail(message!("{} is no id of an entry", dump_id)));
        }
        let had_dumper = match self.words.int()? {
            0 => false,
            1 => true,
            _ => return Err(self.wrong(dump_id, "does not say whether it has data")),
        };
        let entry = TocEntry {
            dump_id,
            had_dumper,
            tableoid: self.text()?,
            oid: self.text()?,
            tag: self.named("the name")?,
            desc: self.named("the kind")?,
            section: self.words.int()?,
            defn: self.text()?,
            drop_stmt: self.text()?,
            copy_stmt: self.text()?,
            namespace: self.text()?,
            tablespace: self.text()?,
            tableam: if header.version >= TABLEAM { self.text()? } else { None },
            relkind: if header.version >= RELKIND { Some(self.words.int()?) } else { None },
            owner: self.text()?,
            with_oids: self.text()?,
            dependencies: self.dependencies(dump_id)?,
            extra: self.extra(header)?,
        };
        self.check(header, &entry)?;
        Ok(entry)
    }

    fn dependencies(&mut self, dump_id: i32) -> Result<Vec<Vec<u8>>> {
        let mut dependencies = Vec::new();
        while let Some(id) = self.text()? {
            self.charge(size_of::<Vec<u8>>())?;
            if !(1..=10).contains(&id.len()) || !id.iter().all(u8::is_ascii_digit) {
                return Err(self.wrong(dump_id, "does not name what it depends on by ids"));
            }
            dependencies.push(id);
        }
        Ok(dependencies)
    }

    fn extra(&mut self, header: &Header) -> Result<Extra> {
        if header.form == FILES {
            return Ok(Extra::FileName(self.named("the file")?));
        }
        let (flag, place) = self.words.offset(header.off_size)?;
        Ok(Extra::Offset { flag, place })
    }

    /// Holds an entry to what pg_dump writes.
    fn check(&self, header: &Header, entry: &TocEntry) -> Result<()> {
        if !(1..=4).contains(&entry.section) {
            return Err(self.wrong(entry.dump_id, "stands in no section from 1 to 4"));
        }
        if entry.had_dumper && entry.desc != TABLE_DATA && entry.desc != BLOBS {
            return Err(self.wrong(entry.dump_id, "has data, but is neither TABLE DATA nor BLOBS"));
        }
        let fits = match &entry.extra {
            Extra::Offset { flag, place } => match (*flag, *place) {
                (ints::SET, _) | (ints::NOT_SET, 0) => entry.had_dumper,
                (flag, place) => !entry.had_dumper && (flag, place) == (ints::NO_DATA, 0),
            },
            // No other name is ever opened: none leads out of the folder, and none is that of another entry. In tar archives
            // large objects are said to be in a file like any other's, and are not.
            Extra::FileName(name) => {
                entry.file_name(header.version).unwrap_or_default().as_bytes() == name.as_slice()
                    || entry.has_objects() && format!("{}.dat", entry.dump_id).as_bytes() == name.as_slice()
            }
        };
        if fits {
            Ok(())
        } else {
            Err(self.wrong(entry.dump_id, "does not say where its data are as pg_dump does"))
        }
    }

    fn wrong(&self, dump_id: i32, what: &'static str) -> Error {
        self.words
            .input
            .fail(message!("the archive's entry {} {}", dump_id, what))
            .hint("the archive is damaged, or was not written by pg_dump")
    }
}
