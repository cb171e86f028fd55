//! Tests of the whole format: the fixtures under every cut, against what they are expected to hold; recognition.
#![expect(clippy::as_conversions, reason = "tests: positions of small inputs")]

use std::fmt::Write;

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

/// What was read of an input: its bytes, and the rows of its tables as text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    bytes: Vec<u8>,
    rows: String,
    /// Pieces after which the table's rows go on.
    pieces: usize,
}

fn options(allow_databases: bool) -> InputOptions {
    InputOptions { allow_databases, max_row: 1 << 20, ..InputOptions::default() }
}

/// Splits and decodes rows, one line a row; returns how many.
fn rows(codec: &dyn RowCodec, block: &[u8], columns: usize, out: &mut String) -> Result<usize> {
    let wanted: Vec<usize> = (0..columns).collect();
    let (mut at, mut count) = (0, 0);
    let mut spans = Spans::default();
    while at < block.len() {
        spans.clear();
        at = codec.split(block, at, 3, &wanted, &mut spans)?;
        assert_eq!(spans.fields.len(), spans.rows.len() * columns);
        if spans.rows.is_empty() {
            break;
        }
        count += spans.rows.len();
        for row in spans.fields.chunks(columns) {
            let mut arena = Vec::new();
            for field in row {
                arena.clear();
                let shown = match codec.decode(block, *field, &mut arena)? {
                    Cell::Null => "NULL".to_owned(),
                    Cell::Raw(span) => format!("{}", span.of(block).escape_ascii()),
                    Cell::Arena(span) => format!("{}", span.of(&arena).escape_ascii()),
                };
                write!(out, "  {shown} |").unwrap();
            }
            out.push('\n');
        }
    }
    assert_eq!(codec.count(block)?.0, count as u64);
    Ok(count)
}

/// Reads all of it in steps of so many bytes.
fn read(input: &[u8], options: &InputOptions, step: usize) -> Result<Read> {
    let mut reader = MySql.reader(options)?;
    let mut source = Drip(input, step);
    let mut piece = Piece::default();
    let mut read = Read::default();
    let mut table: Option<(std::sync::Arc<dyn RowCodec>, usize)> = None;
    let located = |e: Error, lines: usize| e.at(|at| at.line = at.line.map(|n| n + lines as u64));
    loop {
        let before = memchr::memchr_iter(b'\n', &read.bytes).count();
        if !reader.next(&mut source, &mut piece).map_err(|e| located(e, before))? {
            return Ok(read);
        }
        let bytes = piece.buffer.bytes();
        assert_eq!(piece.byte, read.bytes.len() as u64);
        assert!(piece.poison.as_ref().unwrap().starts_with(b"standin: "));
        let mut at = 0;
        for part in &piece.parts {
            let range = match part {
                Part::Verbatim(range) | Part::Opaque { range, .. } => range,
                Part::Begin { head, shape, codec } => {
                    let names: Vec<String> =
                        shape.columns.iter().map(|c| format!("{} {}", c.name, c.ty.text)).collect();
                    writeln!(read.rows, "{} ({})", shape.table, names.join(", ")).unwrap();
                    table = Some((std::sync::Arc::clone(codec), shape.columns.len()));
                    head
                }
                Part::Rows(range) | Part::Counted(range, _) => {
                    let (codec, columns) = table.as_ref().unwrap();
                    let block = &bytes[range.clone()];
                    let lines = before + memchr::memchr_iter(b'\n', &bytes[..range.start]).count();
                    rows(codec.as_ref(), block, *columns, &mut read.rows).map_err(|e| located(e, lines))?;
                    range
                }
                Part::End { tail } => {
                    table = None;
                    tail
                }
                _ => unreachable!("no archive"),
            };
            assert_eq!(range.start, at, "parts leave no gap");
            at = range.end;
        }
        assert_eq!(at, bytes.len());
        read.bytes.extend_from_slice(bytes);
        read.pieces += 1;
    }
}

fn fixtures() -> Vec<(String, std::path::PathBuf)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mysql");
    let mut found: Vec<_> = std::fs::read_dir(root).unwrap().flatten().map(|e| e.path()).collect();
    found.sort();
    assert!(found.len() > 40);
    found.into_iter().map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), p)).collect()
}

/// Every folder of `fixtures/mysql`: `input.sql` comes back whole at any cut with the rows of `expected.txt`, or fails
/// as it says. `UPDATE_GOLDEN=1` writes them.
#[test]
fn nasty_01_and_17_and_18_and_42_golden_cases_in_steps() {
    let mut wrong = Vec::new();
    for (name, folder) in fixtures() {
        let input = std::fs::read(folder.join("input.sql")).unwrap();
        let options = options(name.starts_with("allowed-"));
        let show = |step: usize| match read(&input, &options, step) {
            Ok(read) => {
                assert!(read.bytes == input, "{name} in steps of {step}: bytes have changed");
                read.rows
            }
            Err(e) => {
                assert_eq!(e.kind(), ErrorKind::Input, "{name}: {e}");
                // Rows are counted by the pipeline, from where the table began.
                format!("error: {}\n", e.at(|at| at.row = None))
            }
        };
        let whole = show(usize::MAX);
        let expected = folder.join("expected.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&expected, &whole).unwrap();
        }
        let refused = name.starts_with("refused-");
        if whole != std::fs::read_to_string(&expected).unwrap_or_default()
            || whole.starts_with("error: ") != refused
        {
            wrong.push(format!("{name}: {whole}"));
        }
        for step in [1, 7, 64, 1000] {
            if show(step) != whole {
                wrong.push(format!("{name} in steps of {step}: {}", show(step)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No fixture cut short is taken for a whole dump that announces its end.
#[test]
fn nasty_29_a_cut_dump_is_no_whole_one() {
    for name in ["mariadb-whole-schema", "mysqldump-8", "phpmyadmin"] {
        let path = format!("{}/fixtures/mysql/{name}/input.sql", env!("CARGO_MANIFEST_DIR"));
        let input = std::fs::read(path).unwrap();
        let text = memchr::memmem::rfind(&input, b"-- Dump completed").unwrap_or(input.len() - 160);
        for cut in (200..text).step_by(97).chain([text]) {
            let cut = &input[..cut];
            assert!(read(cut, &options(false), usize::MAX).is_err(), "{name} cut at byte {}", cut.len());
        }
    }
}

#[test]
fn a_long_statement_streams() {
    let mut input = b"CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES\n".to_vec();
    for i in 0..40_000 {
        input.extend_from_slice(format!("({i},'row {i}'),\n").as_bytes());
    }
    input.extend_from_slice(b"(0,'');\n");
    let mut small = options(false);
    (small.max_row, small.read_bytes) = (1000, 4096);
    let read = read(&input, &small, usize::MAX).unwrap();
    assert!(read.bytes == input && read.pieces > 100, "{} pieces", read.pieces);
    assert_eq!(read.rows.lines().count(), 40_002);
}

#[test]
fn nasty_12_other_formats_are_not_claimed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let recognise = |bytes: &[u8]| {
        let head = &bytes[..bytes.len().min(8 << 10)];
        FORMATS.iter().find(|f| f.sniff(head, None)).map(|f| f.name())
    };
    for (name, folder) in
        fixtures().iter().filter(|(n, _)| !n.starts_with("refused-") && !n.starts_with("allowed-q"))
    {
        let bytes = std::fs::read(folder.join("input.sql")).unwrap();
        assert_eq!(recognise(&bytes), Some("mysql"), "{name}");
    }
    let pg = std::fs::read(root.join("webshop/dump.sql")).unwrap();
    assert_eq!(recognise(&pg), Some("pg_dump"));
    for text in [
        "--\n-- PostgreSQL database dump\n--\n\nINSERT INTO public.t VALUES ('\nINSERT INTO `t` VALUES');\n",
        "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE `t` (a);\nINSERT INTO `t` VALUES(1);\nCOMMIT;\n",
        "BEGIN TRANSACTION;\nCREATE TABLE `t` (a);\n",
        "SET statement_timeout = 0;\nCREATE TABLE t (a text);\n",
        "CREATE TABLE public.t (a text);\n",
        "id,name\n1,a\n",
        "name\n\"INSERT INTO `t` VALUES\"\n",
    ] {
        assert_ne!(recognise(text.as_bytes()), Some("mysql"), "{text}");
    }
}
