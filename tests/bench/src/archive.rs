//! Custom archives as `pg_dump -Fc` 12 to 15 writes them to a pipe (version 1.14, zlib at level 6): what of them the bench
//! needs, and apart from the program's own code. Writes the dump in that form; unpacks the rows of one; packs rows, so that
//! the bench knows what zlib alone costs.

use std::io::{self, ErrorKind, Read, Write};

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Most bytes of a chunk: the buffer of pg_dump.
const PIECE: usize = 4096;
const BUFFER: usize = 256 << 10;
/// Marks a place that was not set, since a pipe has none, and an entry without data.
const NOT_SET: u8 = 1;
const NO_DATA: u8 = 3;

/// An entry of the table of contents. Its id is its place in it, from 1 on.
pub struct Entry {
    tag: String,
    desc: String,
    schema: Option<String>,
    owner: String,
    defn: Option<String>,
    drop: Option<String>,
    copy: Option<String>,
    on: Vec<usize>,
}

impl Entry {
    fn session(desc: &str, defn: &str) -> Self {
        let (tag, defn) = (desc.to_owned(), Some(defn.to_owned()));
        let (desc, owner) = (tag.clone(), String::new());
        Self { tag, desc, schema: None, owner, defn, drop: None, copy: None, on: Vec::new() }
    }

    /// Says whether it defines this table.
    pub fn is_table(&self, name: &str) -> bool {
        self.desc == "TABLE" && self.tag == name
    }

    /// Makes the entry of a table's rows, or another of that table or sequence; `table` is the id of the table's own.
    pub fn of_table(tag: &str, desc: &str, text: String, table: usize) -> Self {
        let rows = desc == "TABLE DATA";
        let (copy, defn) = if rows { (Some(text), None) } else { (None, Some(text)) };
        Self {
            tag: tag.to_owned(),
            desc: desc.to_owned(),
            schema: Some("public".to_owned()),
            owner: "postgres".to_owned(),
            defn,
            drop: None,
            copy,
            on: vec![table],
        }
    }
}

/// Returns the entries that set the session.
pub fn session() -> Vec<Entry> {
    vec![
        Entry::session("ENCODING", "SET client_encoding = 'UTF8';\n"),
        Entry::session("STDSTRINGS", "SET standard_conforming_strings = 'on';\n"),
        Entry::session("SEARCHPATH", "SELECT pg_catalog.set_config('search_path', '', false);\n"),
    ]
}

/// Reads what the comments of a plain dump announce.
pub fn entries(sql: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    for part in sql.split("--\n-- Name: ").skip(1) {
        let Some((about, rest)) = part.split_once("\n--\n\n") else { continue };
        let mut words = about.split("; ");
        let tag = words.next().unwrap_or_default();
        let mut word = |name: &str| words.next().and_then(|w| w.strip_prefix(name)).unwrap_or_default();
        let (desc, schema, owner) = (word("Type: "), word("Schema: "), word("Owner: "));
        // Said by the entry's owner, and by the end of the whole.
        let sql = rest.split("\n\nALTER TABLE public.").next().unwrap_or_default();
        let sql = if desc == "TABLE" { sql } else { rest };
        let sql = sql.split("--\n-- PostgreSQL database dump complete").next().unwrap_or_default();
        found.push(Entry {
            tag: tag.to_owned(),
            desc: desc.to_owned(),
            schema: Some(schema.to_owned()),
            owner: owner.to_owned(),
            defn: Some(format!("{}\n", sql.trim())),
            drop: (desc == "TABLE").then(|| format!("DROP TABLE {schema}.{tag};\n")),
            copy: None,
            on: Vec::new(),
        });
    }
    found
}

/// Writes header and table of contents.
pub fn write_toc(entries: &[Entry], out: &mut Vec<u8>) {
    out.extend_from_slice(b"PGDMP\x01\x0E\x00\x04\x08\x01");
    // The level, and the moment of the dump.
    [-1, 0, 0, 12, 1, 0, 126, 0].into_iter().for_each(|number| int(number, out));
    text(Some("shop"), out);
    text(Some("15.18 (Debian 15.18-0+deb12u1)"), out);
    text(Some("15.18 (Debian 15.18-0+deb12u1)"), out);
    int(entries.len().try_into().unwrap_or(i32::MAX), out);
    for (entry, id) in entries.iter().zip(1..) {
        int(id, out);
        int(i32::from(entry.copy.is_some()), out);
        text(Some("0"), out);
        text(Some("0"), out);
        text(Some(&entry.tag), out);
        text(Some(&entry.desc), out);
        let section = match entry.desc.as_str() {
            "TABLE DATA" | "SEQUENCE SET" => 3,
            "CONSTRAINT" | "INDEX" | "FK CONSTRAINT" => 4,
            _ => 2,
        };
        int(section, out);
        text(entry.defn.as_deref(), out);
        text(entry.drop.as_deref(), out);
        text(entry.copy.as_deref(), out);
        text(entry.schema.as_deref(), out);
        let table = entry.desc == "TABLE";
        text(table.then_some(""), out);
        text(table.then_some("heap"), out);
        text(Some(&entry.owner), out);
        text(Some("false"), out);
        entry.on.iter().for_each(|id| text(Some(&id.to_string()), out));
        text(None, out);
        out.push(if entry.copy.is_some() { NOT_SET } else { NO_DATA });
        out.extend_from_slice(&[0; 8]);
    }
}

fn int(number: i32, out: &mut Vec<u8>) {
    out.push(u8::from(number < 0));
    out.extend_from_slice(&number.unsigned_abs().to_le_bytes());
}

fn text(text: Option<&str>, out: &mut Vec<u8>) {
    int(text.map_or(-1, |text| text.len().try_into().unwrap_or(i32::MAX)), out);
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

/// Packs what is written, in chunks as pg_dump does, into blocks that the caller begins and ends.
pub struct Blocks<W: Write> {
    to: io::BufWriter<W>,
    deflate: Compress,
    piece: Vec<u8>,
}

impl<W: Write> Blocks<W> {
    pub fn new(to: W) -> Self {
        let to = io::BufWriter::with_capacity(BUFFER, to);
        Self { to, deflate: Compress::new(Compression::new(6), true), piece: Vec::with_capacity(PIECE) }
    }

    /// Writes what is not packed.
    pub fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.write_all(bytes)
    }

    /// Begins the block of an entry.
    pub fn begin(&mut self, id: usize) -> io::Result<()> {
        let mut head = vec![1];
        int(id.try_into().map_err(|_| ErrorKind::InvalidInput)?, &mut head);
        self.raw(&head)
    }

    /// Ends it.
    pub fn end(&mut self) -> io::Result<()> {
        self.pack(&[], FlushCompress::Finish)?;
        self.deflate.reset();
        let mut end = Vec::new();
        int(0, &mut end);
        self.raw(&end)
    }

    fn pack(&mut self, mut bytes: &[u8], flush: FlushCompress) -> io::Result<()> {
        loop {
            let before = self.deflate.total_in();
            let status =
                self.deflate.compress_vec(bytes, &mut self.piece, flush).map_err(io::Error::other)?;
            let used = usize::try_from(self.deflate.total_in() - before).unwrap_or(usize::MAX);
            bytes = bytes.get(used..).unwrap_or_default();
            let ended = status == Status::StreamEnd;
            if self.piece.len() == PIECE || ended && !self.piece.is_empty() {
                let mut head = Vec::new();
                int(self.piece.len().try_into().unwrap_or(i32::MAX), &mut head);
                self.to.write_all(&head)?;
                self.to.write_all(&self.piece)?;
                self.piece.clear();
            } else if ended || bytes.is_empty() && !matches!(flush, FlushCompress::Finish) {
                return Ok(());
            }
            if ended {
                return Ok(());
            }
        }
    }
}

impl<W: Write> Write for Blocks<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pack(bytes, FlushCompress::None)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Packs rows into one stream, and nothing around it.
pub fn pack(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut deflate = Compress::new(Compression::new(6), true);
    let mut buffer = vec![0; BUFFER];
    let mut out = Vec::with_capacity(BUFFER);
    loop {
        let n = from.read(&mut buffer)?;
        let flush = if n == 0 { FlushCompress::Finish } else { FlushCompress::None };
        let mut bytes = buffer.get(..n).unwrap_or_default();
        loop {
            let before = deflate.total_in();
            let status = deflate.compress_vec(bytes, &mut out, flush).map_err(io::Error::other)?;
            let used = usize::try_from(deflate.total_in() - before).unwrap_or(usize::MAX);
            bytes = bytes.get(used..).unwrap_or_default();
            let full = out.len() == out.capacity();
            if full || status == Status::StreamEnd {
                to.write_all(&out)?;
                out.clear();
            }
            if status == Status::StreamEnd {
                return Ok(());
            }
            if bytes.is_empty() && !full && n > 0 {
                break;
            }
        }
    }
}

/// Unpacks the rows of these tables, or of all if none is named, behind their COPY statements.
pub fn unpack(mut from: impl Read, tables: &[String], mut to: impl Write) -> io::Result<()> {
    let entries = read_toc(&mut from)?;
    let mut inflate = Decompress::new(true);
    let mut out = Vec::with_capacity(BUFFER);
    let mut piece = Vec::new();
    loop {
        let mut kind = [0];
        if from.read(&mut kind)? == 0 {
            return Ok(());
        }
        let id = read_int(&mut from)?;
        let found = entries.iter().find(|(known, ..)| *known == id).ok_or(ErrorKind::InvalidData)?;
        let wanted = tables.is_empty() || tables.contains(&found.1);
        if wanted {
            to.write_all(&found.2)?;
        }
        inflate.reset(true);
        loop {
            let len = u64::try_from(read_int(&mut from)?).map_err(|_| ErrorKind::InvalidData)?;
            if len == 0 {
                break;
            }
            piece.clear();
            (&mut from).take(len).read_to_end(&mut piece)?;
            let mut left = if wanted { piece.as_slice() } else { &[] };
            while !left.is_empty() {
                let before = inflate.total_in();
                inflate.decompress_vec(left, &mut out, FlushDecompress::None).map_err(io::Error::other)?;
                let used = usize::try_from(inflate.total_in() - before).unwrap_or(usize::MAX);
                left = left.get(used..).unwrap_or_default();
                if out.len() == out.capacity() {
                    to.write_all(&out)?;
                    out.clear();
                } else if used == 0 {
                    return Err(ErrorKind::InvalidData.into());
                }
            }
        }
        to.write_all(&out)?;
        out.clear();
    }
}

/// Reads header and table of contents; returns ids, names and COPY statements.
fn read_toc(from: &mut impl Read) -> io::Result<Vec<(i32, String, Vec<u8>)>> {
    let mut head = [0; 11];
    from.read_exact(&mut head)?;
    if !head.starts_with(b"PGDMP\x01\x0E\x00\x04\x08\x01") {
        return Err(ErrorKind::InvalidData.into());
    }
    for _ in 0..8 {
        read_int(from)?;
    }
    for _ in 0..3 {
        read_text(from)?;
    }
    let mut entries = Vec::new();
    for _ in 0..read_int(from)? {
        let id = read_int(from)?;
        read_int(from)?;
        let mut fields = Vec::new();
        for place in 0..12 {
            if place == 4 {
                read_int(from)?;
            }
            fields.push(read_text(from)?.unwrap_or_default());
        }
        while read_text(from)?.is_some() {}
        let mut place = [0; 9];
        from.read_exact(&mut place)?;
        let name = String::from_utf8(fields.swap_remove(2)).map_err(io::Error::other)?;
        entries.push((id, name, fields.swap_remove(6)));
    }
    Ok(entries)
}

fn read_int(from: &mut impl Read) -> io::Result<i32> {
    let mut bytes = [0; 5];
    from.read_exact(&mut bytes)?;
    let [sign, rest @ ..] = bytes;
    let size = i32::try_from(u32::from_le_bytes(rest)).map_err(io::Error::other)?;
    Ok(if sign == 0 { size } else { -size })
}

fn read_text(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let Ok(len) = u64::try_from(read_int(from)?) else { return Ok(None) };
    let mut text = Vec::new();
    from.take(len).read_to_end(&mut text)?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let table = Entry::of_table("t", "TABLE DATA", "COPY public.t (a) FROM stdin;\n".to_owned(), 1);
        let mut toc = Vec::new();
        write_toc(&[Entry::session("ENCODING", "SET client_encoding = 'UTF8';\n"), table], &mut toc);
        let rows: Vec<u8> = (0..50_000).flat_map(|n| format!("{}\n", n * n % 9_973).into_bytes()).collect();
        let mut archive = Vec::new();
        let mut blocks = Blocks::new(&mut archive);
        blocks.raw(&toc).expect("memory");
        blocks.begin(2).expect("memory");
        rows.chunks(1_000).for_each(|part| blocks.write_all(part).expect("memory"));
        blocks.end().expect("memory");
        drop(blocks);
        let unpacked = |tables: &[&str]| {
            let mut out = Vec::new();
            let tables: Vec<String> = tables.iter().copied().map(str::to_owned).collect();
            unpack(archive.as_slice(), &tables, &mut out).expect("a whole archive");
            out
        };
        let whole = [b"COPY public.t (a) FROM stdin;\n".as_slice(), &rows].concat();
        assert!(unpacked(&[]) == whole && unpacked(&["t"]) == whole && unpacked(&["u"]).is_empty());
        let mut packed = Vec::new();
        pack(rows.as_slice(), &mut packed).expect("memory");
        let mut again = Vec::with_capacity(rows.len() + 1);
        Decompress::new(true).decompress_vec(&packed, &mut again, FlushDecompress::Finish).expect("zlib");
        assert!(again == rows && packed.len() < rows.len() / 2);
    }
}
