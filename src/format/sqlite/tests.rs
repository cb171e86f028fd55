//! Tests of the whole format: pieces, parts and rows under every cut.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::error::{Error, ErrorKind};
use crate::format::{FORMATS, Part, Piece, RowCodec, Source, Spans};
use crate::row::field::Cell;

/// A source that gives at most `step` bytes a read.
struct Drip<'a>(&'a [u8], usize);

impl Source for Drip<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = buf.len().min(self.1).min(self.0.len());
        buf[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

/// What was read of an input: its bytes, and the decoded rows of every table.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    bytes: Vec<u8>,
    tables: Vec<(String, Vec<String>, Vec<Row>)>,
}

type Row = Vec<Option<String>>;

const MAX_ROW: usize = 1 << 20;

/// Reads all of it and decodes every field.
fn read(input: &[u8], step: usize) -> Result<Read> {
    let options = InputOptions { max_row: MAX_ROW, ..InputOptions::default() };
    let mut reader = Sqlite.reader(&options)?;
    let (mut source, mut piece, mut read) = (Drip(input, step), Piece::default(), Read::default());
    let mut codec: Option<Arc<dyn RowCodec>> = None;
    while reader.next(&mut source, &mut piece)? {
        let bytes = piece.buffer.bytes();
        assert_eq!(usize::try_from(piece.byte), Ok(read.bytes.len()));
        assert!(piece.poison.is_some() && piece.poison_after.is_some());
        read.bytes.extend_from_slice(bytes);
        let mut at = 0;
        for part in &piece.parts {
            let range = match part {
                Part::Verbatim(range) | Part::Opaque { range, .. } => {
                    assert!(codec.is_none(), "only rows between Begin and End");
                    range
                }
                Part::Begin { head, shape, codec: new } => {
                    assert!(codec.replace(Arc::clone(new)).is_none() && head.is_empty());
                    let columns = shape.columns.iter().map(|c| c.name.clone()).collect();
                    read.tables.push((shape.table.to_string(), columns, Vec::new()));
                    head
                }
                Part::Rows(range) | Part::Counted(range, _) => {
                    let (_, columns, rows) = read.tables.last_mut().unwrap();
                    let new =
                        rows_of(codec.as_deref().unwrap(), columns.len(), &bytes[..range.end], range.start)?;
                    rows.extend(new);
                    range
                }
                Part::End { tail } => {
                    assert!(codec.take().is_some() && tail.is_empty());
                    tail
                }
                _ => unreachable!("no archive"),
            };
            assert_eq!(range.start, at);
            at = range.end;
        }
        assert_eq!(at, bytes.len());
    }
    assert!(codec.is_none());
    Ok(read)
}

fn rows_of(codec: &dyn RowCodec, columns: usize, block: &[u8], from: usize) -> Result<Vec<Row>> {
    let all: Vec<usize> = (0..columns).collect();
    let (mut spans, mut arena, mut at, mut rows) = (Spans::default(), Vec::new(), from, Vec::new());
    let (counted, _) = codec.count(&block[from..])?;
    while at < block.len() {
        spans.clear();
        at = codec.split(block, at, 3, &all, &mut spans)?;
        for fields in spans.fields.chunks(columns.max(1)) {
            let mut row = Vec::new();
            for field in fields {
                row.push(match codec.decode(block, *field, &mut arena)? {
                    Cell::Null => None,
                    Cell::Raw(s) => Some(String::from_utf8_lossy(s.of(block)).into_owned()),
                    Cell::Arena(s) => Some(String::from_utf8_lossy(s.of(&arena)).into_owned()),
                });
            }
            rows.push(row);
        }
    }
    assert_eq!(usize::try_from(counted), Ok(rows.len()));
    Ok(rows)
}

/// What `.dump` of 3.40 writes of a database with everything in it, shortened, and a few forms of other versions.
const DUMP: &str = "PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE g(a integer primary key, b text, c text generated always as (b||'x') virtual);
INSERT INTO g VALUES(1,'x');
INSERT INTO g VALUES(2,replace('a\\nb','\\n',char(10)));
INSERT INTO g VALUES(3,replace(replace('\\r\\nq''q','\\r',char(13)),'\\n',char(10)));
INSERT INTO g VALUES(4,NULL);
INSERT INTO g VALUES(5,'INSERT INTO g VALUES(6,''y'');
COMMIT;');
CREATE TABLE IF NOT EXISTS \"odd \"\" name\"([a b] integer, `c` text default 'x;y');
INSERT INTO \"odd \"\" name\" VALUES(9223372036854775807,-1.0e+10),(1e999,'z');
CREATE TABLE empty(a);
PRAGMA writable_schema=ON;
CREATE TABLE IF NOT EXISTS 'ft_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO ft_content VALUES(1,'some text');
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('g',NULL,'5');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('g',5);
CREATE VIEW v as select 'a;b' from g;
CREATE TRIGGER tr after insert on g begin insert into g(b) values('t;x'); update g set b=case when 1 then 'a' end; end;
CREATE UNIQUE INDEX ix on g(b);
PRAGMA writable_schema=OFF;
COMMIT;
";

#[test]
fn every_part_of_a_dump_is_found_in_any_pieces() {
    let whole = read(DUMP.as_bytes(), usize::MAX).unwrap();
    assert_eq!(whole.bytes, DUMP.as_bytes());
    let tables: Vec<_> = whole.tables.iter().map(|(name, _, rows)| (name.as_str(), rows.len())).collect();
    assert_eq!(tables, [("g", 5), ("odd \" name", 2), ("ft_content", 1)]);
    let b: Vec<_> = whole.tables[0].2.iter().map(|row| row[1].as_deref()).collect();
    let text = "INSERT INTO g VALUES(6,'y');\nCOMMIT;";
    assert_eq!(b, [Some("x"), Some("a\nb"), Some("\r\nq'q"), None, Some(text)]);
    for step in [1, 2, 3, 7, 64, 100, 333] {
        assert!(read(DUMP.as_bytes(), step).unwrap() == whole, "reads of {step} bytes");
    }
}

#[test]
fn nasty_29_a_dump_that_is_cut_is_refused_wherever_it_is_cut() {
    let whole = DUMP.trim_end().len();
    for cut in (0..whole).step_by(3) {
        for step in [7, usize::MAX] {
            let text = &DUMP.as_bytes()[..cut];
            let e = read(text, step).err();
            // Before its transaction begins, a dump is a few PRAGMAs.
            let begun = cut >= DUMP.find("TION;").unwrap() + 5;
            let harmless = !begun && DUMP[..cut].trim_end().ends_with(';');
            assert_eq!(e.is_none(), harmless, "cut at {cut}");
            assert!(e.is_none_or(|e| e.kind() == ErrorKind::Input));
        }
    }
}

#[test]
fn an_unsound_dump_is_refused() {
    for (from, to) in [
        ("COMMIT;\n", "ROLLBACK; -- due to errors\n"),
        ("ANALYZE", "/**** ERROR: (11) database disk image is malformed *****/\nANALYZE"),
        ("CREATE TABLE empty", "/****** CORRUPTION ERROR *******/\nCREATE TABLE empty"),
        ("CREATE TABLE empty", ".read x\nCREATE TABLE empty"),
        ("CREATE TABLE empty", "CREATE TEMP TABLE empty"),
        ("CREATE TABLE empty(a)", "CREATE TABLE empty AS SELECT 'x'"),
        ("COMMIT;\n", "COMMIT;\nCOMMIT;\n"),
        ("BEGIN TRANSACTION", "BEGIN;BEGIN TRANSACTION"),
        ("VALUES(4,NULL)", "VALUES(4,NULL,5)"),
        ("INTO ft_content VALUES", "INTO ft_content SELECT"),
        ("INTO ft_content", "INTO ft_other"),
        ("INTO ft_content", "INTO temp.ft_content"),
        ("VALUES('g',5)", "VALUES('g','Kanarie')"),
        ("VALUES(4,NULL)", "VALUES(4,'\0')"),
        ("CREATE VIEW", "\0CREATE VIEW"),
        ("ANALYZE", "UPDATE g SET b='Kanarie';\nANALYZE"),
    ] {
        // The last place: `COMMIT;` stands in a text, too.
        let at = DUMP.rfind(from).unwrap();
        let text = format!("{}{to}{}", &DUMP[..at], &DUMP[at + from.len()..]);
        for step in [1, 50, usize::MAX] {
            let e = read(text.as_bytes(), step).err().unwrap_or_else(|| panic!("{to:?} passed"));
            assert!(!format!("{e}{:?}", e.hint_text()).contains("Kanarie"));
        }
    }
}

#[test]
fn errors_say_where() {
    let text = DUMP.replace("ANALYZE", "REINDEX");
    let e = read(text.as_bytes(), usize::MAX).unwrap_err();
    let at = text.find("REINDEX").unwrap();
    assert_eq!(e.location().byte, u64::try_from(at).ok());
}

#[test]
fn other_formats_are_not_claimed() {
    for (text, ours) in [
        ("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n", true),
        ("\n-- exported\npragma foreign_keys=off;\n", true),
        ("BEGIN TRANSACTION;\nCREATE TABLE t(a);", true),
        ("BEGIN;\nPRAGMA writable_schema = on;", true),
        ("--\n-- PostgreSQL database dump\n--\n\n\\restrict x\n", false),
        ("-- PostgreSQL database dump\nBEGIN;\nCREATE TABLE t (a int);", false),
        ("BEGIN;\n\nSET statement_timeout = 0;", false),
        ("-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nBEGIN;", false),
        ("/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump", false),
        ("CREATE TABLE public.t (a int);", false),
        ("INSERT INTO t VALUES(1);", false),
        ("pragma,b\n1,2\n", false),
        ("", false),
    ] {
        let found = FORMATS.iter().find(|f| f.sniff(text.as_bytes(), None)).map(|f| f.name());
        assert_eq!(found == Some("sqlite"), ours, "{text:?} is {found:?}");
    }
}

#[test]
fn nasty_12_what_is_no_text_is_refused() {
    for head in [&b"SQLite format 3\0"[..], b"\x1F\x8B\x08\0", b"\xFF\xFEP\0R\0", b""] {
        assert!(read(head, usize::MAX).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Values of every kind come back as they were written, whatever the pieces.
    #[test]
    fn values_are_read_as_they_were_written(
        values in prop::collection::vec(prop::option::of("[a-z'\"();,\\\\\n-]{0,12}"), 1..30),
        step in 1_usize..90,
    ) {
        let mut text = "BEGIN TRANSACTION;\nCREATE TABLE t(a, b text);\n".to_owned();
        for (row, value) in values.iter().enumerate() {
            let literal = value.as_ref().map_or("NULL".to_owned(), |v| format!("'{}'", v.replace('\'', "''")));
            text.push_str(&format!("INSERT INTO t VALUES({row},{literal});\n"));
        }
        text.push_str("COMMIT;\n");
        let found = read(text.as_bytes(), step).map_err(|e: Error| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(&found.bytes, text.as_bytes());
        let found: Vec<_> = found.tables[0].2.iter().map(|row| row[1].clone()).collect();
        prop_assert_eq!(found, values);
    }

    /// No bytes at all make it panic, and what it accepts comes back.
    #[test]
    fn arbitrary_text_is_read_or_refused(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "INSERT INTO t VALUES", "(1,'x')", ",", ";", "\n", "'", "\"", "[", "]", "`", "--", "/*", "*/", "CREATE TRIGGER",
                "END", "BEGIN", "COMMIT", "CREATE TABLE t(a,b)", "CREATE TABLE", "go", "/", ".", "PRAGMA foreign_keys=OFF;", "(", ")",
                "x'00'", "REPLACE INTO t(b,a)VALUES", "\0", "é", "1e5", "unistr('\\000a')", "AS", "GENERATED ALWAYS", "DEFAULT",
            ]),
            0..25,
        ),
        step in 1_usize..40,
    ) {
        let text = words.join(" ");
        let (whole, stepped) = (read(text.as_bytes(), usize::MAX), read(text.as_bytes(), step));
        prop_assert_eq!(whole.is_ok(), stepped.is_ok(), "reads of {} bytes", step);
        if let Ok(whole) = whole {
            prop_assert_eq!(&whole.bytes, text.as_bytes());
        }
    }
}

#[test]
fn what_people_write_by_hand_is_known_by_words_that_only_sqlite_has() {
    for (text, ours) in [
        ("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);", true),
        ("-- mine\nCREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT) WITHOUT ROWID;", true),
        ("create table a (id integer primary key) strict;", true),
        ("CREATE TABLE a (id integer PRIMARY KEY, strict text, rowid text, autoincrement_by text);", false),
        ("CREATE TABLE a (b text DEFAULT 'AUTOINCREMENT');", false),
        ("SET x = 1;\nCREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);", false),
    ] {
        assert_eq!(Sqlite.sniff(text.as_bytes(), None), ours, "{text}");
    }
}
