//! Tests of the walk: any cut of the input gives the same figures; all formats; places of errors.

use super::*;
use crate::format::{FORMATS, InputOptions};
use crate::pipeline::BytesSource;

/// Counts what it is given.
#[derive(Debug, Default, PartialEq, Eq, Clone)]
struct Counts {
    values: u64,
    nulls: u64,
    sum: u64,
}

impl Collect for Counts {
    fn add(&mut self, value: Option<&[u8]>) {
        match value {
            Some(value) => {
                self.values += 1;
                self.sum = self.sum.wrapping_mul(31).wrapping_add(crate::discover::sketch::hash(value));
            }
            None => self.nulls += 1,
        }
    }
}

struct All;

impl Watch for All {
    type Measure = Counts;

    fn column(&self, _: &TableName, _: &ColumnFacts) -> Counts {
        Counts::default()
    }

    fn quasi(&self, _: &TableName, columns: &[ColumnFacts], _: &[Counts]) -> Vec<usize> {
        (1..columns.len()).collect()
    }
}

fn run(format: &str, text: &[u8], step: usize) -> Result<(Known, Vec<WalkedTable<Counts>>)> {
    let format = FORMATS.iter().find(|f| f.name() == format).unwrap();
    let options = InputOptions {
        table: Some("people".to_owned()),
        max_row: 1 << 20,
        read_bytes: step.clamp(64, 1 << 20),
        ..InputOptions::default()
    };
    let reader = format.reader(&options)?;
    let source = Box::new(BytesSource::new(text, step));
    walk(reader, source, Options { sample: 3000 }, &All, &Stop::default())
}

type Shown = (String, Vec<String>, Option<u64>, u64, Vec<Counts>, Vec<Option<(u64, u64)>>, Option<Unique>);

fn shown(tables: Vec<WalkedTable<Counts>>) -> Vec<Shown> {
    let sketch = |s: &Option<Sketch>| s.as_ref().map(|s| (s.distinct(), s.values()));
    tables
        .into_iter()
        .map(|t| {
            let names = t.columns.into_iter().map(|c| c.name).collect();
            let sketches = t.sketches.iter().map(sketch).collect();
            (t.name.to_string(), names, t.rows, t.sampled, t.measures, sketches, t.quasi)
        })
        .collect()
}

fn copy(rows: u32) -> Vec<u8> {
    let mut text = String::from(
        "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.people (\n    id integer NOT NULL,\n    born date,\n    postcode text,\n    note text\n);\n\nCREATE TABLE public.empty (\n    id integer\n);\n\n",
    );
    text.push_str("COPY public.people (id, born, postcode, note) FROM stdin;\n");
    for n in 0..rows {
        let born = format!("19{:02}-0{}-1{}", n * 7 % 90 + 10, n % 9 + 1, n * 3 % 10);
        let note = if n % 3 == 0 { "\\N".to_owned() } else { format!("a\\tb {n} c") };
        text.push_str(&format!("{n}\t{born}\t{}AB\t{note}\n", n * 13 % 500 + 1000));
    }
    text.push_str("\\.\n\n\nALTER TABLE ONLY public.people\n    ADD CONSTRAINT people_pkey PRIMARY KEY (id);\n\n--\n-- PostgreSQL database dump complete\n--\n\n");
    text.into_bytes()
}

#[test]
fn any_cut_gives_the_same_figures() {
    let text = copy(9000);
    let (known, tables) = run("pg_dump", &text, 1 << 20).unwrap();
    assert!(known.whole && known.facts.complete);
    let whole = shown(tables);
    let (name, columns, rows, sampled, measures, sketches, quasi) = &whole[0];
    assert_eq!((name.as_str(), columns.len(), *rows), ("public.people", 4, Some(9000)));
    assert!((1200..3000).contains(sampled), "{sampled}");
    assert_eq!(measures[0].values, *sampled);
    assert_eq!(measures[3].nulls + measures[3].values, *sampled);
    let (distinct, values) = sketches[0].unwrap();
    assert!((8000..10_000).contains(&distinct) && values == 9000, "{distinct} of {values}");
    assert_eq!(sketches[1], None, "a date is no key");
    assert!(quasi.as_ref().unwrap().percent > 50);
    assert_eq!((whole[1].0.as_str(), whole[1].2), ("public.empty", Some(0)));
    for step in [1, 777, 4096, 70_001] {
        assert_eq!(shown(run("pg_dump", &text, step).unwrap().1), whole, "{step}");
    }
}

#[test]
fn a_broken_row_is_told_with_its_place() {
    let mut text = copy(5000);
    let at = memchr::memmem::find(&text, b"\n4321\t").unwrap();
    let line = memchr::memchr_iter(b'\n', &text[..=at]).count() + 1;
    text.splice(at + 5..at + 6, *b" ");
    for step in [999, 1 << 20] {
        let error = run("pg_dump", &text, step).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        let place = error.location();
        assert_eq!((place.line, place.row), (u64::try_from(line).ok(), Some(4322)), "{error}");
        assert_eq!(place.table, Some(message!("{}", TableName::new(Some("public"), "people"))));
    }
}

#[test]
fn rows_of_every_format_are_seen() {
    let csv = "id,name\n1,\"a, b\"\n2,c\n";
    let mysql = "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\nDROP TABLE IF EXISTS `people`;\nCREATE TABLE `people` (\n  `id` int NOT NULL,\n  `name` varchar(9) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\nINSERT INTO `people` VALUES (1,'a, b'),(2,'c');\n-- Dump completed on 2026-01-01  1:00:00\n";
    let sqlite = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO people VALUES(1,'a, b');\nINSERT INTO people VALUES(2,'c');\nCOMMIT;\n";
    let json = "{\"id\":1,\"name\":\"a, b\"}\n{\"id\":2,\"name\":\"c\"}\n";
    let tsv = "id\tname\n1\ta, b\n2\tc\n";
    for (format, text) in
        [("csv", csv), ("mysql", mysql), ("sqlite", sqlite), ("json_lines", json), ("tsv", tsv)]
    {
        let (_, tables) = run(format, text.as_bytes(), 1 << 20).unwrap_or_else(|e| panic!("{format}: {e}"));
        let [people] = tables.as_slice() else { panic!("{format}: {tables:?}") };
        assert_eq!((people.rows, people.sampled, people.columns.len()), (Some(2), 2, 2), "{format}");
        assert_eq!(people.measures.iter().map(|m| m.values).collect::<Vec<_>>(), [2, 2], "{format}");
        for step in 1..20 {
            assert_eq!(
                run(format, text.as_bytes(), step).unwrap().1[0].measures,
                people.measures,
                "{format} {step}"
            );
        }
    }
}

#[test]
fn tables_that_come_again_are_one() {
    let dump = |rows: &str| {
        format!(
            "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (id INTEGER, name TEXT);\nCREATE TABLE b (id INTEGER);\n{rows}COMMIT;\n"
        )
    };
    let text = dump("INSERT INTO a VALUES(1,'x');\nINSERT INTO b VALUES(1);\nINSERT INTO a VALUES(2,'y');\n");
    let tables = run("sqlite", text.as_bytes(), 1 << 20).unwrap().1;
    let seen: Vec<_> = tables.iter().map(|t| (t.name.table.as_str(), t.rows, t.measures[0].values)).collect();
    assert_eq!(seen, [("a", Some(2), 2), ("b", Some(1), 1)]);
}

#[test]
fn keys_of_json_that_come_late_are_columns() {
    let mut text = String::new();
    for n in 0..5000 {
        let more = if n < 2500 { String::new() } else { format!(",\"mail\":\"m{n}@example.org\"") };
        text.push_str(&format!("{{\"id\":{n}{more}}}\n"));
    }
    let whole = shown(run("json_lines", text.as_bytes(), 1 << 20).unwrap().1);
    let (_, columns, rows, sampled, measures, ..) = &whole[0];
    assert_eq!((columns.join(" ").as_str(), *rows), ("id mail", Some(5000)));
    assert_eq!(measures[1].nulls + measures[1].values, *sampled);
    assert!(measures[1].values > 0);
    for step in [1, 100, 9999] {
        assert_eq!(shown(run("json_lines", text.as_bytes(), step).unwrap().1), whole, "{step}");
    }
}

#[test]
fn without_a_sample_rows_are_counted_and_keys_sketched() {
    let text = copy(5000);
    let format = FORMATS.iter().find(|f| f.name() == "pg_dump").unwrap();
    let reader = format.reader(&InputOptions { max_row: 1 << 20, ..InputOptions::default() }).unwrap();
    let source = Box::new(BytesSource::new(&text, 1 << 16));
    let (_, tables) = walk(reader, source, Options { sample: 0 }, &All, &Stop::default()).unwrap();
    assert_eq!((tables[0].rows, tables[0].sampled), (Some(5000), 0));
    assert_eq!(tables[0].sketches[0].as_ref().map(Sketch::values), Some(5000));
}

#[test]
fn names_alone_are_read_without_rows() {
    let text = copy(10);
    let format = FORMATS.iter().find(|f| f.name() == "pg_dump").unwrap();
    let reader = format.reader(&InputOptions { max_row: 1 << 20, ..InputOptions::default() }).unwrap();
    let source = Box::new(BytesSource::new(&text, 1 << 16));
    let known = crate::pipeline::read_facts(reader, source, None, &Stop::default()).unwrap();
    let tables = names::<Counts>(&known.facts);
    assert_eq!(tables.len(), 2);
    assert_eq!((tables[0].rows, tables[0].columns.len(), tables[0].measures.len()), (None, 4, 0));
}

/// Reads a schema, and says what it came to.
fn schema(bytes: &[u8], read_bytes: usize, ahead: bool) -> String {
    let format = FORMATS.iter().find(|f| f.name() == "pg_dump").unwrap();
    let options = InputOptions { max_row: 1 << 20, read_bytes, ahead, ..InputOptions::default() };
    let source = Box::new(BytesSource::new(bytes, 1 << 16));
    let read = crate::pipeline::read_facts(format.reader(&options).unwrap(), source, None, &Stop::default());
    // Not all of the facts: their index has no order.
    let said = |known: Known| format!("{:?} {} {:?}", known.facts.tables(), known.whole, known.objects);
    read.map_or_else(|error| error.to_string(), said)
}

#[test]
fn a_schema_that_is_parsed_ahead_says_the_same() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut texts = vec![std::fs::read(fixtures.join("webshop/dump.sql")).unwrap()];
    for (folder, file) in [("pg_dump", "input.sql"), ("discover", "dump.sql")] {
        for case in std::fs::read_dir(fixtures.join(folder)).unwrap() {
            texts.extend(std::fs::read(case.unwrap().path().join(file)).ok());
        }
    }
    assert!(texts.len() > 20, "{}", texts.len());
    for text in &texts {
        // Small reads, whole ones, what ends too early, and a statement that no parser takes.
        let broken = memchr::memmem::find(text, b"CREATE TABLE").unwrap_or(0);
        let mut bad = text.clone();
        bad.splice(
            broken..broken,
            b"CREATE TABLE o (a integer);\nCREATE TABLE p (a b c d,,);\n".iter().copied(),
        );
        let cut = text.len() * 2 / 3;
        for (bytes, read) in [(text, 0), (text, 4096), (&text[..cut].to_vec(), 0), (&bad, 0)] {
            assert_eq!(schema(bytes, read, true), schema(bytes, read, false));
        }
    }
}

#[test]
fn rows_of_archives_are_seen() {
    for name in [
        "small-16-none.dump",
        "small-16-gzip.dump",
        "small-15-lz4.dump",
        "small-16-zstd.dump",
        "small-16.tar",
    ] {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pg_dump/archives").join(name);
        let bytes = std::fs::read(path).unwrap();
        for step in [1, 1 << 20] {
            let (known, tables) = run("archive", &bytes, step).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(known.facts.tables().len(), 3);
            let seen = tables
                .iter()
                .map(|t| (t.name.table.as_str(), t.rows, t.measures.first().map_or(0, |m| m.values)));
            let expected = [("nothing", Some(0), 0), ("people", Some(3), 3), ("words", Some(2), 1)];
            assert_eq!(seen.collect::<Vec<_>>(), expected, "{name}");
        }
    }
}
