//! What a table of contents may say beside its tables: every way in which SQL or data could pass unread, or be read
//! otherwise than pg_restore does.

use super::Archive;
use super::container::open;
use super::input::Limits;
use super::ints::put_int;
use super::samples::{custom, file};
use super::schema::Schema;
use super::toc::{CUSTOM, Extra, Toc, TocEntry};
use crate::error::{ErrorKind, Result};
use crate::format::{Entry, Format, InputOptions, Part, Piece};
use crate::row::object::ObjectClass;

const LIMITS: Limits = Limits { max_text: 1 << 20, max_toc: 1 << 20, read_bytes: 0 };
const TABLE: &str = "CREATE TABLE app.people (id integer, mail text);\n";
const COPY: &str = "COPY app.people (id, mail) FROM stdin;\n";

fn entry(dump_id: i32, desc: &str, defn: &str) -> TocEntry {
    TocEntry {
        dump_id,
        had_dumper: false,
        tableoid: Some(b"1259".to_vec()),
        oid: Some(b"16385".to_vec()),
        tag: b"people".to_vec(),
        desc: desc.as_bytes().to_vec(),
        section: 2,
        defn: Some(defn.as_bytes().to_vec()),
        drop_stmt: Some(Vec::new()),
        copy_stmt: None,
        namespace: Some(b"app".to_vec()),
        tablespace: None,
        tableam: None,
        relkind: None,
        owner: Some(b"shop".to_vec()),
        with_oids: Some(b"false".to_vec()),
        dependencies: Vec::new(),
        extra: Extra::Offset { flag: 3, place: 0 },
    }
}

/// A session, a table and its rows.
fn sound() -> Vec<TocEntry> {
    let mut rows = TocEntry { had_dumper: true, ..entry(5, "TABLE DATA", "") };
    rows.copy_stmt = Some(COPY.as_bytes().to_vec());
    let mut table = entry(4, "TABLE", TABLE);
    table.drop_stmt = Some(b"DROP TABLE app.people;\n".to_vec());
    vec![
        entry(1, "ENCODING", "SET client_encoding = 'UTF8';\n"),
        entry(2, "STDSTRINGS", "SET standard_conforming_strings = 'on';\n"),
        entry(3, "SEARCHPATH", "SELECT pg_catalog.set_config('search_path', '', false);\n"),
        table,
        rows,
    ]
}

fn read(entries: Vec<TocEntry>) -> Result<Schema> {
    let mut source = file(&custom(14).archive().bytes, 100);
    let header = open(&mut source, &LIMITS)?.toc().header.clone();
    let options = InputOptions { max_row: 1 << 20, ..InputOptions::default() };
    Schema::read(&Toc { header, entries }, &options)
}

/// Reads the sound entries after a change that must be refused, without a word of it.
fn refused(what: &str, change: impl FnOnce(&mut Vec<TocEntry>)) {
    let mut entries = sound();
    change(&mut entries);
    let Err(error) = read(entries) else { panic!("{what} passes") };
    assert_eq!(error.kind(), ErrorKind::Input, "{what}: {error}");
    let said = format!("{error} {:?}", error.hint_text());
    assert!(!said.to_ascii_lowercase().contains("kanarie"), "{said}");
    assert!(error.location().line.is_none(), "an archive has no lines: {said}");
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    Some(text.as_bytes().to_vec())
}

#[test]
fn tables_keys_and_the_session_are_told() {
    let mut entries = sound();
    entries.push(entry(
        6,
        "CONSTRAINT",
        "ALTER TABLE ONLY app.people\n    ADD CONSTRAINT p PRIMARY KEY (id);\n",
    ));
    let schema = read(entries).unwrap();
    assert!(schema.whole);
    let [table] = schema.facts.tables() else { panic!("one table") };
    assert_eq!(table.columns.len(), 2);
    assert!(schema.prelude.starts_with(b"SET client_encoding = 'UTF8';\nSET standard"));
    // Rows are no part of what the table of contents says.
    assert!(!schema.parts.iter().any(|part| matches!(part, Part::Begin { .. } | Part::Rows(_))));
}

#[test]
fn what_is_no_column_is_sorted_by_entries() {
    let mut entries = sound();
    entries.push(entry(6, "COMMENT", "COMMENT ON TABLE app.people IS 'kanarie';\n"));
    entries.push(entry(
        7,
        "SERVER",
        "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    host 'kanarie'\n);\n",
    ));
    entries.push(TocEntry { had_dumper: true, ..entry(8, "BLOBS", "") });
    let schema = read(entries).unwrap();
    let (mut inside, mut found) = (None, Vec::new());
    for part in &schema.parts {
        match part {
            Part::Enter(Entry::Definition(entry)) => inside = Some(*entry),
            Part::Opaque { classes, range, cut } => found.push((inside, *classes, range == cut)),
            _ => {}
        }
    }
    use ObjectClass::{Comments, Connections, LargeObjects};
    assert_eq!(
        found,
        [
            (Some(5), &[Comments][..], true),
            (Some(6), &[Connections][..], false),
            (Some(7), &[LargeObjects][..], true)
        ]
    );
}

/// What pg_restore and we would see differently makes rows of text, or text of rows.
#[test]
fn the_session_is_set_once_and_as_pg_dump_does() {
    for text in [
        "-- 'off'\nSET standard_conforming_strings = 'on';\n",
        "SET standard_conforming_strings = 'on'; SET standard_conforming_strings = 'off';\n",
        "SET standard_conforming_strings = on;\n",
        "/* 'off' */ SET standard_conforming_strings = 'on';\n",
    ] {
        refused(text, |entries| entries[1].defn = bytes(text));
    }
    refused("twice", |entries| {
        entries.insert(3, entry(9, "STDSTRINGS", "SET standard_conforming_strings = 'off';\n"))
    });
    refused("late", |entries| {
        let late = entries.remove(1);
        entries.insert(3, late);
    });
    for set in [
        "SET standard_conforming_strings = off;\n",
        "set client_encoding = 'SJIS';\n",
        "SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);\n",
        "/* x */ SET standard_conforming_strings = off;\n",
        "-- kanarie\nSET standard_conforming_strings = off;\n",
        "RESET client_encoding;\n",
    ] {
        refused(set, |entries| entries[3].defn = bytes(&format!("{TABLE}{set}")));
        refused(set, |entries| entries[3].defn = bytes(&format!("{set}{TABLE}")));
        refused(set, |entries| entries[3].drop_stmt = bytes(set));
    }
    let mut entries = sound();
    let granted = "SET SESSION AUTHORIZATION shop;\nGRANT SELECT ON TABLE app.people TO staff;\nRESET SESSION AUTHORIZATION;\n";
    entries.push(entry(6, "ACL", granted));
    assert!(read(entries).is_ok(), "pg_dump writes rights of others so");
}

#[test]
fn rows_and_commands_in_definitions_are_refused() {
    for text in [
        "INSERT INTO app.people VALUES (1, 'kanarie');\n",
        "COPY app.people (id, mail) FROM stdin;\n1\tkanarie\n\\.\n",
        "\\connect kanarie\n",
        "\\restrict kanarie\n",
        "-- kanarie\n",
        "CREATE TABLE app.more AS SELECT 'kanarie' AS mail;\n",
        "SELECT 'kanarie'",
    ] {
        refused(text, |entries| entries[3].defn = bytes(&format!("{TABLE}{text}")));
        refused(text, |entries| entries.push(entry(9, "TABLE", text)));
        refused(text, |entries| entries[4].defn = bytes(text));
        refused(text, |entries| entries[3].drop_stmt = bytes(text));
    }
    // A statement that ends with the next entry.
    refused("half", |entries| {
        entries.push(entry(8, "VIEW", "CREATE VIEW app.v AS SELECT 1"));
        entries.push(entry(9, "VIEW", " AS kanarie;\n"));
    });
    refused("data of another kind", |entries| entries[3].had_dumper = true);
}

#[test]
fn a_copy_statement_is_of_its_table_and_nothing_else() {
    for copy in [
        "COPY app.people (id, mail) FROM stdin; -- kanarie\n",
        "/* kanarie */ COPY app.people (id, mail) FROM stdin;\n",
        "COPY app.people (id, nobody) FROM stdin;\n",
        "COPY app.people (id) FROM PROGRAM 'kanarie';\n",
        "COPY app.people (id, mail) FROM stdin;\n1\tkanarie\n",
        "SELECT 1; COPY app.people (id, mail) FROM stdin;\n",
    ] {
        refused(copy, |entries| entries[4].copy_stmt = bytes(copy));
    }
    refused("elsewhere", |entries| entries[3].copy_stmt = bytes(COPY));
    let mut entries = sound();
    entries[4].defn = bytes("-- load via partition root app.people");
    assert!(read(entries).is_ok());
    refused("two lines", |entries| {
        entries[4].defn = bytes("-- load via partition root app.people\n-- kanarie");
    });
}

#[test]
fn what_drops_an_entry_holds_no_literal() {
    for drop in [
        "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'kanarie');\n",
        "COMMENT ON TABLE app.people IS 'kanarie';\n",
        "ALTER TABLE app.people ALTER COLUMN mail SET DEFAULT 'kanarie';\n",
        "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS 'SELECT ''kanarie''';\n",
        "CREATE OR REPLACE VIEW app.v AS SELECT $$kanarie$$::text AS mail;\n",
        "DROP TABLE app.people; -- kanarie\nINSERT INTO app.people VALUES (1, 'kanarie');\n",
    ] {
        refused(drop, |entries| entries[3].drop_stmt = bytes(drop));
    }
    let mut entries = sound();
    entries[3].drop_stmt = bytes(
        "ALTER TABLE IF EXISTS app.people DROP CONSTRAINT p;\nCREATE OR REPLACE VIEW app.v AS\nSELECT\n    NULL::text AS \"it's\";\nDROP TABLE app.people;\n",
    );
    assert!(read(entries).is_ok());
}

#[test]
fn fields_hold_names_and_numbers() {
    refused("an oid", |entries| entries[3].oid = bytes("kanarie"));
    refused("a tableoid", |entries| entries[3].tableoid = bytes("kanarie"));
    refused("with_oids", |entries| entries[3].with_oids = bytes("kanarie"));
    refused("a dependency", |entries| entries[3].dependencies = vec![b"kanarie".to_vec()]);
    for field in [
        |entry: &mut TocEntry| entry.owner = bytes("shop\nkanarie"),
        |entry: &mut TocEntry| entry.namespace = bytes("app\nkanarie"),
        |entry: &mut TocEntry| entry.tag = b"people\nkanarie".to_vec(),
    ] {
        refused("a name of two lines", |entries| field(&mut entries[3]));
    }
    refused("a kind that is none", |entries| entries.push(entry(9, "JAN KANARIE", "DO 'kanarie';\n")));
}

/// A custom archive of the sound entries with this data, uncompressed.
fn archive(entries: Vec<TocEntry>, data: &[u8]) -> Vec<u8> {
    let mut source = file(&custom(14).archive().bytes, 100);
    let header = open(&mut source, &LIMITS).unwrap().toc().header.clone();
    let mut out = Vec::new();
    let keep = vec![true; entries.len()];
    Toc { header, entries }.write(&keep, CUSTOM, &mut out).unwrap();
    out.push(1);
    put_int(&mut out, 5);
    put_int(&mut out, i32::try_from(data.len()).unwrap());
    out.extend_from_slice(data);
    put_int(&mut out, 0);
    out
}

/// Reads an archive to its end; returns the bytes of its rows.
fn rows(bytes: &[u8]) -> Result<Vec<u8>> {
    let options = InputOptions { max_row: 1 << 20, ..InputOptions::default() };
    let mut reader = Archive.reader(&options)?;
    let (mut source, mut piece, mut found) = (file(bytes, 100), Piece::default(), Vec::new());
    while reader.next(&mut source, &mut piece)? {
        for part in &piece.parts {
            if let Part::Rows(range) | Part::Counted(range, _) = part {
                found.extend_from_slice(&piece.buffer.bytes()[range.clone()]);
            }
        }
    }
    Ok(found)
}

#[test]
fn an_entry_holds_its_rows_and_nothing_else() {
    assert_eq!(rows(&archive(sound(), b"1\ta@example.org\n\\.\n\n\n")).unwrap(), b"1\ta@example.org\n");
    for data in [
        // What a plain dump may hold between its tables has no place here: it would run, or load, unseen.
        "1\tkanarie\n\\.\nSET row_security = off;\n",
        "\\.\nSELECT pg_catalog.setval('app.s', 1, true);\n\n",
        "1\tkanarie\n\\.\n\nCOPY app.people (id, mail) FROM stdin;\n2\tkanarie\n\\.\n\n\n",
        "1\tkanarie\n\\.\nINSERT INTO app.people VALUES (2, 'kanarie');\n",
        "1\tkanarie\n\\.\n-- kanarie\n",
        "1\tkanarie\n",
        "1\tkanarie",
        "",
    ] {
        let error = rows(&archive(sound(), data.as_bytes())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input, "{data}");
        assert!(!error.to_string().contains("kanarie"), "{error}");
    }
    let inserts = |data: &str| {
        let mut entries = sound();
        entries[4].copy_stmt = None;
        rows(&archive(entries, data.as_bytes()))
    };
    assert!(!inserts("INSERT INTO app.people VALUES (1, 'a');\n\n\n").unwrap().is_empty());
    for data in [
        "INSERT INTO app.people VALUES (1, 'kanarie');\nSET row_security = off;\n",
        "SET row_security = off;\nINSERT INTO app.people VALUES (1, 'kanarie');\n",
        "INSERT INTO app.people VALUES (1, 'kanarie')",
        "INSERT INTO app.people VALUES (1, 'kanarie",
        "COPY app.people (id, mail) FROM stdin;\n2\tkanarie\n\\.\n\n\n",
        "-- kanarie\n",
    ] {
        let error = inserts(data).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input, "{data}");
        assert!(!error.to_string().contains("kanarie"), "{error}");
    }
}
