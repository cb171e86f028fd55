//! Small archives for tests, of every version and form, put together byte by byte by an encoder of their own. All in them
//! is invented.

use std::collections::BTreeMap;
use std::io;

use super::ustar;
use crate::format::Source;

/// Rows as COPY writes them, of the table `app.person`.
pub(super) const ROWS: &[u8] = b"1\tann@example.org\n2\t\\N\n\\.\n\n\n";
/// What the second large object holds; the first is empty.
pub(super) const OBJECT: &[u8] = b"\0\xFF raw bytes of an object";
/// The large objects of the block, one of them beyond 31 bits.
pub(super) const OIDS: [u32; 2] = [50001, 3_000_000_000];

/// What an archive is like.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    /// 12 to 16.
    pub minor: u8,
    /// Bytes a number.
    pub int_size: usize,
    /// Bytes a place.
    pub off_size: usize,
    /// 1 custom, 3 files.
    pub form: u8,
    /// The compression as the header has it: a level before 1.15, else a number.
    pub compression: i8,
    /// The flag of entries with data in the custom form.
    pub flag: u8,
    /// Of how many bytes chunks are, at most.
    pub chunk: usize,
}

/// A custom archive of a version, written through a pipe.
pub(super) const fn custom(minor: u8) -> Sample {
    Sample { minor, int_size: 4, off_size: 8, form: 1, compression: 0, flag: 1, chunk: 10 }
}

/// Files of a version.
pub(super) const fn files(minor: u8) -> Sample {
    Sample { form: 3, ..custom(minor) }
}

/// Bytes, and where numbers stand in them.
#[derive(Default)]
pub(super) struct Bytes {
    pub bytes: Vec<u8>,
    pub ints: Vec<usize>,
}

/// An entry: id, data, kind, name, definition, COPY statement, dependencies.
type Line = (
    i64,
    bool,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    &'static [&'static str],
);

/// The entries, in their order. `app.nothing` has INSERT statements (its COPY statement is NULL).
pub(super) const ENTRIES: [Line; 7] = [
    (3301, false, "ENCODING", "ENCODING", Some("SET client_encoding = 'UTF8';\n"), Some(""), &[]),
    (
        215,
        false,
        "TABLE",
        "person",
        Some("CREATE TABLE app.person (id integer, mail text);\n"),
        Some(""),
        &["6"],
    ),
    (216, false, "TABLE", "nothing", Some(""), None, &[]),
    (
        4126,
        true,
        "TABLE DATA",
        "person",
        Some(""),
        Some("COPY app.person (id, mail) FROM stdin;\n"),
        &["215"],
    ),
    (4127, true, "TABLE DATA", "nothing", Some(""), None, &["216"]),
    (4128, true, "BLOBS", "BLOBS", Some(""), Some(""), &[]),
    (
        3165,
        false,
        "CONSTRAINT",
        "person person_pkey",
        Some("ALTER TABLE ONLY app.person\n"),
        None,
        &["215", "9"],
    ),
];

impl Sample {
    pub(super) fn int(&self, to: &mut Bytes, value: i64) {
        to.ints.push(to.bytes.len());
        to.bytes.push(u8::from(value < 0));
        to.bytes.extend_from_slice(&value.unsigned_abs().to_le_bytes()[..self.int_size]);
    }

    fn text(&self, to: &mut Bytes, text: Option<&str>) {
        self.int(to, text.map_or(-1, |text| i64::try_from(text.len()).unwrap()));
        to.bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
    }

    fn file(&self, id: i64, desc: &str) -> String {
        match (desc, self.minor) {
            ("BLOBS", 16) => format!("blobs_{id}.toc"),
            ("BLOBS", _) => "blobs.toc".to_owned(),
            _ => format!("{id}.dat"),
        }
    }

    fn header(&self, to: &mut Bytes) {
        to.bytes.extend_from_slice(b"PGDMP");
        to.bytes.extend([
            1,
            self.minor,
            0,
            u8::try_from(self.int_size).unwrap(),
            u8::try_from(self.off_size).unwrap(),
            self.form,
        ]);
        match self.minor {
            15.. => to.bytes.push(self.compression.cast_unsigned()),
            _ => self.int(to, self.compression.into()),
        }
        for part in [44, 33, 11, 22, 10, 126, -1] {
            self.int(to, part);
        }
        for text in [Some("shop"), Some("15.20"), Some("")] {
            self.text(to, text);
        }
    }

    /// Writes header and entries.
    pub(super) fn toc(&self) -> Bytes {
        self.toc_of(&ENTRIES)
    }

    /// Writes header and these entries.
    pub(super) fn toc_of(&self, entries: &[Line]) -> Bytes {
        let mut to = Bytes::default();
        self.header(&mut to);
        self.int(&mut to, i64::try_from(entries.len()).unwrap());
        for (id, data, desc, tag, defn, copy, dependencies) in entries {
            self.int(&mut to, *id);
            self.int(&mut to, (*data).into());
            for text in ["1259", "16385", tag, desc] {
                self.text(&mut to, Some(text));
            }
            self.int(&mut to, if *data { 3 } else { 2 });
            // Empty, NULL and filled ones.
            for text in [*defn, None, *copy, Some("app"), Some("")] {
                self.text(&mut to, text);
            }
            if self.minor >= 14 {
                self.text(&mut to, (*desc == "TABLE").then_some("heap"));
            }
            if self.minor >= 16 {
                self.int(&mut to, if *desc == "TABLE" { 114 } else { 0 });
            }
            self.text(&mut to, Some("shop_owner"));
            self.text(&mut to, Some("false"));
            for id in *dependencies {
                self.text(&mut to, Some(id));
            }
            self.text(&mut to, None);
            match self.form {
                1 => {
                    let flag = if *data { self.flag } else { 3 };
                    to.bytes.push(flag);
                    let place = if flag == 2 { 0x0102 } else { 0_u64 };
                    to.bytes.extend_from_slice(&place.to_le_bytes()[..self.off_size]);
                }
                _ => self.text(&mut to, Some(&if *data { self.file(*id, desc) } else { String::new() })),
            }
        }
        to
    }

    pub(super) fn stream(&self, to: &mut Bytes, bytes: &[u8]) {
        for chunk in bytes.chunks(self.chunk) {
            self.int(to, i64::try_from(chunk.len()).unwrap());
            to.bytes.extend_from_slice(chunk);
        }
        self.int(to, 0);
    }

    /// Writes a custom archive. The second table has no chunk at all.
    pub(super) fn archive(&self) -> Bytes {
        let mut to = self.toc();
        for (id, rows) in [(4126, ROWS), (4127, b"".as_slice())] {
            to.bytes.push(1);
            self.int(&mut to, id);
            self.stream(&mut to, rows);
        }
        to.bytes.push(3);
        self.int(&mut to, 4128);
        for (oid, object) in OIDS.into_iter().zip([b"".as_slice(), OBJECT]) {
            self.int(&mut to, i64::from(oid.cast_signed()));
            self.stream(&mut to, object);
        }
        self.int(&mut to, 0);
        to
    }

    /// Writes the files behind the table of contents, in the order of a tar archive; `suffix` is a compression's.
    pub(super) fn data(&self, suffix: &str) -> Vec<(String, Vec<u8>)> {
        let list: String = OIDS.iter().map(|oid| format!("{oid} blob_{oid}.dat\n")).collect();
        let mut files = vec![
            (format!("4126.dat{suffix}"), ROWS.to_vec()),
            (format!("4127.dat{suffix}"), Vec::new()),
            (format!("blob_50001.dat{suffix}"), Vec::new()),
            (format!("blob_3000000000.dat{suffix}"), OBJECT.to_vec()),
        ];
        files.push((self.file(4128, "BLOBS"), list.into_bytes()));
        files
    }

    /// Makes a folder.
    pub(super) fn folder(&self, suffix: &str) -> Bench {
        let mut files: BTreeMap<String, Vec<u8>> = self.data(suffix).into_iter().collect();
        files.insert("toc.dat".to_owned(), self.toc().bytes);
        Bench { current: self.toc().bytes, files: Some(files), at: 0, step: 13 }
    }

    /// Writes a tar archive with `restore.sql`.
    pub(super) fn tar(&self) -> Vec<u8> {
        let mut members = vec![("toc.dat".to_owned(), self.toc().bytes)];
        members.extend(self.data(""));
        members.push(("restore.sql".to_owned(), b"CREATE TABLE app.person ();\n".to_vec()));
        tar(&members)
    }
}

/// Writes a tar archive.
pub(super) fn tar(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in members {
        out.extend_from_slice(&ustar::header(name, u64::try_from(bytes.len()).unwrap()));
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// A source for tests: a file or a folder, read so many bytes at a time.
pub(super) struct Bench {
    pub current: Vec<u8>,
    pub files: Option<BTreeMap<String, Vec<u8>>>,
    pub at: usize,
    pub step: usize,
}

/// A file.
pub(super) fn file(bytes: &[u8], step: usize) -> Bench {
    Bench { current: bytes.to_vec(), files: None, at: 0, step }
}

impl Source for Bench {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let rest = &self.current[self.at..];
        let count = rest.len().min(buf.len()).min(self.step);
        buf[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }

    fn is_folder(&self) -> bool {
        self.files.is_some()
    }

    fn member(&mut self, name: &str) -> io::Result<()> {
        let files = self.files.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        self.current = files.get(name).ok_or(io::ErrorKind::NotFound)?.clone();
        self.at = 0;
        Ok(())
    }
}
