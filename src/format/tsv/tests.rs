//! Tests of the whole format: pieces and rows under every cut, against a plain splitting of lines.
#![expect(clippy::as_conversions, reason = "tests: positions of small inputs")]

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::error::{Error, ErrorKind};
use crate::format::{Part, Piece, RowCodec, Source, Spans};
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

/// What was read of an input: raw fields, and decoded ones where they can be.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    bytes: Vec<u8>,
    columns: Vec<String>,
    raw: Vec<Vec<Vec<u8>>>,
    rows: Vec<Vec<Option<Option<Vec<u8>>>>>,
    lines: u64,
}

fn options() -> InputOptions {
    InputOptions { table: Some("customers".to_owned()), named: true, ..InputOptions::default() }
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

/// Reads all of it, splits every row both ways and decodes every field.
fn read(input: &[u8], options: &InputOptions, step: usize, limit: usize) -> Result<Read> {
    let mut reader = Tsv.reader(options)?;
    let (mut source, mut piece, mut read) = (Drip(input, step), Piece::default(), Read::default());
    let mut table: Option<Arc<dyn RowCodec>> = None;
    let mut ended = false;
    // As the pipeline does: the lines of earlier pieces are added to the place.
    while reader.next(&mut source, &mut piece).map_err(|e| {
        let before = count_lines(&read.bytes);
        e.at(|at| at.line = at.line.map(|n| n + before))
    })? {
        let bytes = piece.buffer.bytes();
        assert_eq!(piece.byte, read.bytes.len() as u64);
        read.bytes.extend_from_slice(bytes);
        let mut at = 0;
        for part in &piece.parts {
            let range = match part {
                Part::Begin { head, shape, codec } => {
                    read.columns = shape.columns.iter().map(|c| c.name.clone()).collect();
                    assert_eq!(reader.facts().tables()[0].columns, shape.columns);
                    table = Some(Arc::clone(codec));
                    head
                }
                Part::Rows(range) | Part::Counted(range, _) => {
                    assert!(!ended && !range.is_empty());
                    let before = count_lines(&read.bytes) - count_lines(&bytes[range.start..]);
                    rows(table.as_deref().unwrap(), &bytes[range.clone()], limit, &mut read)
                        .map_err(|e| e.at(|at| at.line = at.line.map(|n| n + before)))?;
                    range
                }
                Part::End { tail } => {
                    ended = true;
                    tail
                }
                _ => unreachable!("a TSV has none"),
            };
            assert_eq!(range.start, at);
            at = range.end;
        }
        assert_eq!(at, bytes.len());
    }
    assert!(ended);
    Ok(read)
}

/// Splits all rows in steps of `limit`; all columns, and a few; checks `count` against it.
fn rows(codec: &dyn RowCodec, block: &[u8], limit: usize, read: &mut Read) -> Result<()> {
    let columns = read.columns.len();
    let all: Vec<usize> = (0..columns).collect();
    let few: Vec<usize> = (0..columns).filter(|c| c % 3 == 1).collect();
    let (mut spans, mut some, mut arena) = (Spans::default(), Spans::default(), Vec::new());
    let (mut at, before) = (0, read.rows.len());
    let counted = codec.count(block)?;
    while at < block.len() {
        spans.clear();
        some.clear();
        let next = codec.split(block, at, limit, &all, &mut spans)?;
        assert_eq!(codec.split(block, at, limit, &few, &mut some)?, next);
        assert_eq!(spans.rows, some.rows);
        assert!(spans.escaped.is_empty() || spans.escaped.len() == spans.fields.len());
        assert_eq!(spans.rows[0].start as usize, at);
        assert_eq!(spans.rows.last().unwrap().end as usize, next);
        for (index, row) in spans.rows.iter().enumerate() {
            let fields = &spans.fields[index * columns..(index + 1) * columns];
            let picked: Vec<_> = few.iter().map(|c| fields[*c]).collect();
            assert_eq!(picked, some.fields[index * few.len()..(index + 1) * few.len()]);
            assert_eq!(fields[0].start, row.start);
            assert!(fields.windows(2).all(|w| w[0].end + 1 == w[1].start));
            let end = &block[fields[columns - 1].end as usize..row.end as usize];
            assert!(matches!(end, b"\n" | b"\r\n" | b""));
            read.raw.push(fields.iter().map(|f| f.of(block).to_vec()).collect());
            let decoded = fields.iter().map(|field| {
                Some(match codec.decode(block, *field, &mut arena).ok()? {
                    Cell::Raw(span) => Some(span.of(block).to_vec()),
                    Cell::Arena(span) => Some(span.of(&arena).to_vec()),
                    Cell::Null => None,
                })
            });
            read.rows.push(decoded.collect());
        }
        at = next;
    }
    read.lines += counted.1;
    assert_eq!(counted.0, (read.rows.len() - before) as u64);
    Ok(())
}

fn whole(input: &[u8]) -> Result<Read> {
    read(input, &options(), usize::MAX, 7)
}

fn fails(input: &[u8]) -> Error {
    let error = whole(input).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(!format!("{error:?}").contains("dump"), "{error:?} {:?}", error.hint_text());
    error
}

/// The decoded fields of every row; NULL is `-`, what cannot be decoded `!`.
fn text(read: &Read) -> Vec<Vec<&str>> {
    let cell = |cell: &'_ Option<Option<Vec<u8>>>| match cell {
        None => "!".to_owned(),
        Some(None) => "-".to_owned(),
        Some(Some(value)) => String::from_utf8(value.clone()).unwrap(),
    };
    read.rows.iter().map(|row| row.iter().map(|c| &*cell(c).leak()).collect()).collect()
}

#[test]
fn nasty_41_rows_escapes_and_nulls() {
    for (end, tail) in [("\n", "\n"), ("\n", ""), ("\r\n", "\r\n"), ("\r\n", "")] {
        let input = format!(
            "\u{feff}id\tna\\tme\tnote{end}1\ta\\tb\\\\\tc\\nd\\re{end}2\t\\N\t{end}\\N\tplain\tNULL{tail}"
        );
        for step in [1, 9, usize::MAX] {
            let read = read(input.as_bytes(), &options(), step, 2).unwrap();
            assert_eq!(read.columns, ["id", "na\tme", "note"]);
            assert_eq!(
                text(&read),
                [["1", "a\tb\\", "c\nd\re"], ["2", "-", ""], ["-", "plain", "NULL"]],
                "{end:?} {tail:?}"
            );
            assert_eq!((read.lines, read.bytes == input.as_bytes()), (3, true));
        }
    }
}

#[test]
fn header_only_one_column_and_columns_given() {
    assert_eq!(whole(b"id\temail\n").unwrap().rows.len(), 0);
    assert_eq!(whole(b"id\temail").unwrap().rows.len(), 0);
    assert_eq!(text(&whole(b"email\n\na@example.org\n\n").unwrap()), [[""], ["a@example.org"], [""]]);
    assert_eq!(text(&whole(b"email\r\n\r\na@example.org").unwrap()), [[""], ["a@example.org"]]);
    let options = InputOptions { columns: Some(vec!["id".into(), "email".into()]), ..options() };
    for step in [1, 99] {
        let read = read(b"\xEF\xBB\xBF1\ta@example.org\n2\t\n", &options, step, 9).unwrap();
        assert_eq!(text(&read), [["1", "a@example.org"], ["2", ""]]);
    }
}

#[test]
fn wrong_rows_stop_with_their_line() {
    let end = "a carriage return or line feed that is no line end of this file";
    for (input, what, line) in [
        (&b"a\tb\n1\t2\n1\t2\t3\n"[..], "expected 2 fields, found 3", 3),
        (b"a\tb\n1\t2\n1\n", "expected 2 fields, found 1", 3),
        (b"a\tb\n1\t2\n\n", "expected 2 fields, found 1", 3),
        (b"a\tb\n1\t2\n1", "expected 2 fields, found 1", 3),
        (b"a\tb\r\n1\t2\r\n1", "expected 2 fields, found 1", 3),
        (b"a\tb\n1\t2\n1\t2\t3", "expected 2 fields, found 3", 3),
        (b"a\tb\n1\t2\n1\\\t2\n", "a tab or line end behind a backslash in COPY data", 3),
        (b"a\tb\n1\t2\\\nx\ty\n", "a tab or line end behind a backslash in COPY data", 2),
        (b"a\tb\n1\t2\r\n", end, 2),
        (b"a\tb\n1\t2\n1\r\t2\n", end, 3),
        (b"a\tb\r\n1\t2\r\n1\t2\n", end, 3),
        (b"a\tb\r\n1\t2\r\n1\t2\r", end, 3),
        (b"a\tb\r\n1\t2\r\r\n", end, 2),
        (b"a\tb\r\n1\t2\\\r\n", end, 2),
        (b"a\tb\r\n1\t2\r\n1\\\r\t2\r\n", end, 3),
    ] {
        let error = fails(input);
        assert_eq!((error.what().as_str(), error.location().line), (what, Some(line)), "{input:?}");
        assert!(error.hint_text().is_some());
        assert!(read(input, &options(), 1, 9).is_err(), "{input:?}");
    }
}

#[test]
fn nasty_41_what_readers_read_differently_is_not_masked() {
    for raw in [
        "\\x41",
        "\\101",
        "\\012",
        "\\08",
        "\\q",
        "\\Z",
        "a\\Nb",
        "\\.",
        "\"Jan\"",
        "\"\"",
        "\"Jan \"\"x\"\"\"",
    ] {
        let input = format!("a\tb\n{raw}\tx\n");
        assert_eq!(text(&whole(input.as_bytes()).unwrap()), [["!", "x"]], "{raw}");
    }
    for (raw, value) in [
        ("\\0", "\0"),
        ("\\\\x41", "\\x41"),
        ("\\\\101", "\\101"),
        ("\"", "\""),
        ("\"Jan\" de B", "\"Jan\" de B"),
        ("5\"", "5\""),
    ] {
        let input = format!("a\tb\n{raw}\tx\n");
        assert_eq!(text(&whole(input.as_bytes()).unwrap()), [[value, "x"]], "{raw}");
    }
}

#[test]
fn nasty_12_no_text_no_header_no_input() {
    let quoted = "the name of column 1 has quotes or escapes that no TSV has";
    for (input, what) in [
        (&b""[..], "the input is empty"),
        (b"\xEF\xBB\xBF", "the input is empty"),
        (b"\x1F\x8B\x08\0\0\0\0\0\0\x03rest\n", "the input is a gzip file"),
        (b"\xFF\xFEi\0d\0\t\0e\0\n\0", "the input is UTF-16 text"),
        (b"i\0d\0\t\0e\0\n\0", "the first line holds a NUL byte: the input is UTF-16 or no text"),
        (b"\t1\n1\t2\n", "column 1 has no name"),
        (b"a\t\\N\n1\t2\n", "column 2 has no name"),
        (b"anna\tb\tanna\n", "columns 1 and 3 have the same name"),
        (b"\"id\"\tb\n", quoted),
        (b"\\x41\tb\n", quoted),
        (b"a\t\xE9\n", "the name of column 2 is not UTF-8"),
        (b"a\tb\rc\td\n", "a carriage return or line feed that is no line end of this file"),
    ] {
        for step in [1, usize::MAX] {
            let error = read(input, &options(), step, 9).unwrap_err();
            assert_eq!((error.kind(), error.what().as_str()), (ErrorKind::Input, what), "{input:?}");
            assert!(error.hint_text().is_some() && !format!("{error:?}").contains("anna"));
        }
    }
    let mut endless = vec![b'x'; 3 << 20];
    endless.push(b'\n');
    assert_eq!(fails(&endless).what().as_str(), "no header line ends in the first 1048576 bytes");
}

#[test]
fn options_that_a_tsv_cannot_honour_are_refused() {
    for wrong in [
        InputOptions::default(),
        InputOptions { delimiter: Some(b';'), ..options() },
        InputOptions { quote: Some(b'"'), ..options() },
        InputOptions { columns: Some(vec!["a".into(), "a".into()]), ..options() },
    ] {
        assert_eq!(Tsv.reader(&wrong).map(|_| ()).unwrap_err().kind(), ErrorKind::Usage);
    }
    assert!(Tsv.reader(&InputOptions { delimiter: Some(b'\t'), ..options() }).is_ok());
}

#[test]
fn long_rows() {
    let limited = |max_row| InputOptions { max_row, ..options() };
    let input = format!("a\tb\n1\t{}\n2\t3\n", "x".repeat(500));
    for step in [1, 50, usize::MAX] {
        assert_eq!(read(input.as_bytes(), &limited(502), step, 2).unwrap().rows.len(), 2);
        let error = read(input.as_bytes(), &limited(501), step, 2).unwrap_err();
        assert!(error.what().as_str().starts_with("a row is longer than "), "{error}");
        assert!(error.hint_text().unwrap().as_str().contains("--max-row"));
    }
}

#[test]
fn sniffing() {
    for (head, name, claimed) in [
        (&b"id\temail\n1\ta@example.org\n"[..], Some("people.tsv"), true),
        (b"\xEF\xBB\xBFid\temail\r\n", Some("people.TAB"), true),
        (b"id\temail\n1\t5\" pipe\n", Some("people.tsv"), true),
        (b"id\temail\n", Some("people.csv"), false),
        (b"id\temail\n", None, false),
        (b"email\na@example.org\n", Some("people.tsv"), false),
        (b"\"id\"\temail\n", Some("people.tsv"), false),
        (b"id\t\"email\"\n", Some("people.tsv"), false),
        (b"id\temail\n1\t\"a\tb\"\n", Some("people.tsv"), false),
        (b"id\temail\n\"1\"\tx\n", Some("people.tsv"), false),
        (b"\xEF\xBB\xBF\"id\"\temail\n", Some("people.tsv"), false),
        (b"", Some("people.tsv"), false),
    ] {
        assert_eq!(Tsv.sniff(head, name), claimed, "{head:?} {name:?}");
    }
}

#[test]
fn the_poison_fails_a_reader_of_rows() {
    for (head, columns) in [(&b"a\n1\n"[..], 1), (b"a\tb\tc\n1\t2\t3\n", 3)] {
        let mut reader = Tsv.reader(&options()).unwrap();
        let mut piece = Piece::default();
        reader.next(&mut Drip(head, 99), &mut piece).unwrap();
        let poison = piece.poison_after.unwrap();
        let error = fails(&[head, &poison].concat());
        assert!(error.what().as_str().starts_with(&format!("expected {columns} fields, found ")));
        // A reader of quotes: the last field is never closed.
        let csv = [head, &poison].concat();
        let mut csv = csv::ReaderBuilder::new().delimiter(b'\t').from_reader(&csv[..]);
        assert!(columns == 1 || csv.records().any(|record| record.is_err()));
    }
}

#[test]
fn stand_ins_are_escaped() {
    let codec = codec::Codec::new(2, true, 1 << 20);
    for (standin, want) in [("abc", "abc"), ("a\tb\nc\rd\\", "a\\tb\\nc\\rd\\\\"), ("\\N", "\\\\N"), ("", "")]
    {
        let mut out = Vec::new();
        codec.encode(standin.as_bytes(), b"x", &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), want);
        assert_eq!(codec.encodes_as_is(standin.as_bytes()), standin == want);
    }
    assert!(codec.encode(b"a\0", b"x", &mut Vec::new()).is_err());
    let mut out = Vec::new();
    codec.encode_null(b"x", &mut out);
    assert_eq!(out, b"\\N");
}

/// Every folder of `fixtures/tsv`: `input.tsv` comes back whole at any cut, or fails as `expected.error` says.
#[test]
fn fixtures_at_every_cut() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tsv");
    let mut cases = 0;
    for case in std::fs::read_dir(root).unwrap() {
        let case = case.unwrap().path();
        let input = std::fs::read(case.join("input.tsv")).unwrap();
        let expected = std::fs::read_to_string(case.join("expected.error")).ok();
        let want = read(&input, &options(), usize::MAX, 1000);
        if let (Err(error), Some(_)) = (&want, std::env::var_os("UPDATE_GOLDEN")) {
            std::fs::write(case.join("expected.error"), format!("{error}\n")).unwrap();
            continue;
        }
        match (&want, &expected) {
            (Ok(got), None) => assert!(got.bytes == input),
            (Err(error), Some(text)) => assert_eq!(error.to_string(), text.trim_end(), "{case:?}"),
            (got, _) => unreachable!("{case:?}: {got:?}"),
        }
        for step in 1..40 {
            match (read(&input, &options(), step, 3), &want) {
                (Ok(got), Ok(want)) => assert!(got == *want),
                (Err(got), Err(want)) => assert_eq!(got.what(), want.what(), "{case:?}"),
                _ => unreachable!("{case:?}: the cut decides"),
            }
        }
        cases += 1;
    }
    assert!(cases >= 8 || std::env::var_os("UPDATE_GOLDEN").is_some(), "{cases}");
}

/// Bytes in which everything that matters is common.
fn tangled(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => Just(b'\t'), 2 => Just(b'\n'), 1 => Just(b'\r'), 2 => Just(b'\\'), 6 => Just(b'x'), 1 => Just(b'N'),
        1 => Just(b'"'), 1 => any::<u8>()
    ];
    proptest::collection::vec(byte, 0..most)
}

/// A table; `None` is NULL.
fn table() -> impl Strategy<Value = (usize, Vec<Vec<Option<String>>>, bool, bool)> {
    (1..9_usize).prop_flat_map(|columns| {
        let field = prop_oneof![
            1 => Just(None),
            4 => "[a-z\\t\\\\\\n\\r Né]{0,12}|[a-z]{0,70}".prop_map(Some)
        ];
        let row = proptest::collection::vec(field, columns);
        (Just(columns), proptest::collection::vec(row, 0..30), any::<bool>(), any::<bool>())
    })
}

/// Writes a table plainly.
fn written(columns: usize, rows: &[Vec<Option<String>>], crlf: bool, open: bool) -> String {
    let end = if crlf { "\r\n" } else { "\n" };
    let field = |value: &Option<String>| match value {
        None => "\\N".to_owned(),
        Some(value) => {
            value.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
        }
    };
    let names: Vec<String> = (0..columns).map(|c| format!("c{c}")).collect();
    let mut lines = vec![names.join("\t")];
    lines.extend(rows.iter().map(|row| row.iter().map(field).collect::<Vec<_>>().join("\t")));
    let text = lines.join(end);
    // Of one column, an empty last row without its end is no row.
    if open && !text.ends_with('\n') { text } else { text + end }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// A table that is written is the table that is read, at any cut.
    #[test]
    fn what_is_written_is_read((columns, rows, crlf, open) in table(), step in 1..200_usize, limit in 1..9_usize) {
        let input = written(columns, &rows, crlf, open);
        let read = read(input.as_bytes(), &options(), step, limit).unwrap();
        prop_assert!(read.bytes == input.as_bytes());
        let want: Vec<Vec<_>> =
            rows.iter().map(|r| r.iter().map(|v| Some(v.clone().map(String::into_bytes))).collect()).collect();
        prop_assert_eq!(read.rows, want);
    }

    /// What is encoded decodes to itself, whatever it is.
    #[test]
    fn encoded_fields_read_back(value in "[^\\x00]{0,40}", crlf in any::<bool>()) {
        prop_assume!(!(value.len() > 1 && value.starts_with('"') && value.ends_with('"')));
        let codec = codec::Codec::new(1, crlf, 1 << 20);
        let mut row = Vec::new();
        codec.encode(value.as_bytes(), b"x", &mut row).unwrap();
        row.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
        let (mut spans, mut arena) = (Spans::default(), Vec::new());
        codec.split(&row, 0, 9, &[0], &mut spans).unwrap();
        prop_assert_eq!(spans.rows.len(), 1);
        match codec.decode(&row, spans.fields[0], &mut arena).unwrap() {
            Cell::Raw(span) => prop_assert_eq!(span.of(&row), value.as_bytes()),
            Cell::Arena(span) => prop_assert_eq!(span.of(&arena), value.as_bytes()),
            Cell::Null => prop_assert!(false, "a value is no NULL"),
        }
    }

    /// Arbitrary bytes never panic; they come back whole or fail, and the cut does not decide.
    #[test]
    fn arbitrary_bytes(body in tangled(300), headed in any::<bool>(), crlf in any::<bool>(), step in 1..50_usize) {
        let head: &[u8] = if !headed { b"" } else if crlf { b"a\tb\r\n" } else { b"a\tb\n" };
        let input = [head, &body].concat();
        match (read(&input, &options(), step, 5), whole(&input)) {
            (Ok(one), Ok(two)) => {
                prop_assert!(one.bytes == input);
                // The plain reading of lines agrees.
                let from = two.bytes.iter().position(|b| *b == b'\n').map_or(input.len(), |at| at + 1);
                let lines: Vec<Vec<Vec<u8>>> = input[from..]
                    .split_inclusive(|b| *b == b'\n')
                    .map(|l| l.strip_suffix(b"\n").unwrap_or(l))
                    .map(|l| l.strip_suffix(b"\r").unwrap_or(l))
                    .map(|l| l.split(|b| *b == b'\t').map(<[u8]>::to_vec).collect())
                    .collect();
                prop_assert_eq!(&two.raw, &lines);
                prop_assert_eq!(one, two);
            }
            (Err(one), Err(two)) => {
                prop_assert_eq!(one.kind(), ErrorKind::Input);
                prop_assert_eq!(two.kind(), ErrorKind::Input);
            }
            _ => prop_assert!(false, "the cut decides"),
        }
    }
}
