//! Tests of the whole format: pieces and rows under every cut, against the byte-wise reader and the crate `csv`.
#![expect(clippy::as_conversions, reason = "tests: positions of small inputs")]

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

/// What was read of an input.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    bytes: Vec<u8>,
    head: Vec<u8>,
    columns: Vec<String>,
    rows: Vec<Vec<Vec<u8>>>,
    lines: u64,
    ended: bool,
}

fn options() -> InputOptions {
    InputOptions { table: Some("customers".to_owned()), ..InputOptions::default() }
}

/// Reads all of it, splits every row both ways and decodes every field.
fn read(input: &[u8], options: &InputOptions, step: usize, limit: usize) -> Result<Read> {
    let mut reader = Csv.reader(options)?;
    let mut source = Drip(input, step);
    let mut piece = Piece::default();
    let mut read = Read::default();
    let mut table: Option<Arc<dyn RowCodec>> = None;
    // As the pipeline does: the lines of earlier pieces are added to the place.
    while reader.next(&mut source, &mut piece).map_err(|e| {
        let before = count_lines(&read.bytes);
        e.at(|at| at.line = at.line.map(|n| n + before))
    })? {
        let bytes = piece.buffer.bytes();
        assert_eq!(piece.byte, read.bytes.len() as u64);
        assert!(piece.poison.as_ref().unwrap().starts_with(b"\""));
        read.bytes.extend_from_slice(bytes);
        let mut at = 0;
        for part in &piece.parts {
            let range = match part {
                Part::Begin { head, shape, codec } => {
                    read.head.extend_from_slice(&bytes[head.clone()]);
                    read.columns = shape.columns.iter().map(|c| c.name.clone()).collect();
                    assert_eq!(reader.facts().tables()[0].columns, shape.columns);
                    table = Some(Arc::clone(codec));
                    head
                }
                Part::Rows(range) | Part::Counted(range, _) => {
                    assert!(!read.ended && !range.is_empty());
                    let codec = table.as_deref().unwrap();
                    // As the pipeline does: what came before is added to the place.
                    let lines = count_lines(&read.bytes) - count_lines(&bytes[range.start..]);
                    let before = read.rows.len() as u64;
                    let (rows, lines) =
                        rows(codec, read.columns.len(), &bytes[..range.end], range.start, limit).map_err(
                            |e| {
                                e.at(|at| {
                                    at.line = at.line.map(|n| n + lines);
                                    at.row = at.row.map(|n| n + before);
                                })
                            },
                        )?;
                    read.rows.extend(rows);
                    read.lines += lines;
                    range
                }
                Part::End { tail } => {
                    read.ended = true;
                    tail
                }
                _ => unreachable!("a CSV has none"),
            };
            assert_eq!(range.start, at);
            at = range.end;
        }
        assert_eq!(at, bytes.len());
    }
    assert!(read.ended);
    Ok(read)
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

type Fields = Vec<Vec<u8>>;

/// Splits all rows in steps of `limit`; all columns, and a few; checks `count` against it.
fn rows(
    codec: &dyn RowCodec,
    columns: usize,
    block: &[u8],
    from: usize,
    limit: usize,
) -> Result<(Vec<Fields>, u64)> {
    let all: Vec<usize> = (0..columns).collect();
    let few: Vec<usize> = (0..columns).filter(|c| c % 3 == 1).collect();
    let (mut spans, mut some) = (Spans::default(), Spans::default());
    let mut arena = Vec::new();
    let mut at = from;
    let mut found = Vec::new();
    let counted = codec.count(&block[from..])?;
    while at < block.len() {
        spans.clear();
        some.clear();
        let next = codec.split(block, at, limit, &all, &mut spans)?;
        assert_eq!(codec.split(block, at, limit, &few, &mut some)?, next);
        assert_eq!(spans.rows, some.rows);
        assert!(!spans.rows.is_empty() && spans.rows.len() <= limit);
        assert_eq!(spans.rows[0].start as usize, at);
        for (index, row) in spans.rows.iter().enumerate() {
            let fields = &spans.fields[index * columns..(index + 1) * columns];
            let picked: Vec<_> = few.iter().map(|c| fields[*c]).collect();
            assert_eq!(picked, some.fields[index * few.len()..(index + 1) * few.len()]);
            // Fields lie in the row, in order, one delimiter apart.
            assert_eq!(fields[0].start, row.start);
            assert!(fields.windows(2).all(|w| w[0].end + 1 == w[1].start));
            assert!(matches!(
                &block[fields[columns - 1].end as usize..row.end as usize],
                b"\n" | b"\r\n" | b""
            ));
            let mut decoded = Vec::new();
            for field in fields {
                decoded.push(match codec.decode(block, *field, &mut arena)? {
                    Cell::Raw(span) => span.of(block).to_vec(),
                    Cell::Arena(span) => span.of(&arena).to_vec(),
                    Cell::Null => unreachable!("a CSV has no NULL"),
                });
            }
            found.push(decoded);
        }
        at = next;
    }
    assert_eq!(counted.0, found.len() as u64);
    Ok((found, counted.1))
}

fn whole(input: &[u8]) -> Result<Read> {
    read(input, &options(), usize::MAX, 7)
}

fn fails(input: &[u8]) -> Error {
    let error = whole(input).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    // Found before a field is decoded: only then there is a line.
    assert!(error.location().line.is_some());
    error
}

fn text(read: &Read) -> Vec<Vec<&str>> {
    read.rows.iter().map(|r| r.iter().map(|f| std::str::from_utf8(f).unwrap()).collect()).collect()
}

#[test]
fn rows_and_fields() {
    let read = whole(
        b"\xEF\xBB\xBFid;\"na\"\"me\";note\r\n1;\"Bakker; A\";\"two\r\nlines\"\r\n2;;\"\"\r\n3;\"\"\"\";x",
    )
    .unwrap();
    assert_eq!(read.columns, ["id", "na\"me", "note"]);
    assert_eq!(read.head, b"\xEF\xBB\xBFid;\"na\"\"me\";note\r\n");
    assert_eq!(text(&read), [["1", "Bakker; A", "two\r\nlines"], ["2", "", ""], ["3", "\"", "x"]]);
    assert_eq!(read.lines, 3);
}

#[test]
fn header_only_and_one_column() {
    assert_eq!(whole(b"id,email\n").unwrap().rows.len(), 0);
    assert_eq!(whole(b"id,email").unwrap().rows.len(), 0);
    let one = whole(b"email\n\na@example.org\n\"\"\n\n").unwrap();
    assert_eq!(text(&one), [[""], ["a@example.org"], [""], [""]]);
}

#[test]
fn columns_given_make_the_first_line_data() {
    let options = InputOptions { columns: Some(vec!["id".into(), "email".into()]), ..options() };
    for step in [1, 1000] {
        let read = read(b"\xEF\xBB\xBF1,a@example.org\n2,\n", &options, step, 9).unwrap();
        assert_eq!(read.head, b"\xEF\xBB\xBF");
        assert_eq!(text(&read), [["1", "a@example.org"], ["2", ""]]);
    }
    let twice = InputOptions { columns: Some(vec!["id".into(), "id".into()]), ..options };
    assert_eq!(Csv.reader(&twice).map(|_| ()).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn wrong_rows_stop_with_line_and_row() {
    for (input, what, line, row) in [
        (&b"a,b\n1,2\n1,2,3\n"[..], "expected 2 fields, found 3", 3, 2),
        (b"a,b\n1,\"x\n\n\"\n1\n", "expected 2 fields, found 1", 5, 2),
        (b"a,b\n1,2\n\n", "expected 2 fields, found 1", 3, 2),
        (b"a,b\n1,2,3\n1\n", "expected 2 fields, found 3", 2, 1),
        (b"a,b\n1,x\"y\"\n", "a quote in the middle of field 2, which does not begin with one", 2, 1),
        (b"a,b\n1,\"x\"y\n", "text behind the closing quote of field 2", 2, 1),
        (b"a,b\n1,\"x\" \n", "text behind the closing quote of field 2", 2, 1),
        (b"a,b\n1,\"x\n\"y\n", "text behind the closing quote of field 2", 3, 1),
        (
            b"a,b\r\n1,2\r\n1,2\n",
            "field 2 ends in a bare line feed, but the first record of this file in CR LF",
            3,
            2,
        ),
        (b"a,b\n1,2\r\n", "a carriage return outside quotes in field 2 is no record end of this file", 2, 1),
        (b"a,b\r\n1,2\r", "a carriage return outside quotes in field 2 is no record end of this file", 2, 1),
    ] {
        let error = fails(input);
        assert_eq!(error.what().as_str(), what, "{input:?}");
        assert_eq!((error.location().line, error.location().row), (Some(line), Some(row)), "{input:?}");
        assert!(error.hint_text().is_some());
    }
}

#[test]
fn a_missing_quote_at_the_end_is_an_error_at_any_cut() {
    for step in [1, 5, 1000] {
        let error = read(b"a,b\n1,2\n3,\"x\n4,5\n", &options(), step, 9).unwrap_err();
        assert_eq!(error.what().as_str(), "the input ends inside the quoted field 2 of a record");
        let error = read(b"a,b\n1,2\n3,4 \" 5\n6,7\n", &options(), step, 9).unwrap_err();
        assert_eq!(error.what().as_str(), "a quote in the middle of field 2, which does not begin with one");
        assert_eq!(error.location().byte, Some(12));
    }
    assert_eq!(fails(b"a,\"b\n1,2\n").location().line, Some(1));
}

#[test]
fn a_stray_quote_does_not_take_in_the_rest() {
    let mut input = b"a,b\n1,5\" pipe\n".to_vec();
    input.extend(b"1,2\n".repeat(1 << 19));
    let mut source = Drip(&input, usize::MAX);
    let mut reader = Csv.reader(&options()).unwrap();
    let mut piece = Piece::default();
    reader.next(&mut source, &mut piece).unwrap();
    let error = reader.next(&mut source, &mut piece).unwrap_err();
    assert_eq!(error.what().as_str(), "a quote in the middle of field 2, which does not begin with one");
    assert!(source.0.len() > 1 << 20);
}

#[test]
fn long_rows() {
    let limited = |max_row| InputOptions { max_row, ..options() };
    let mut input = b"a,b\n1,2\n3,\"".to_vec();
    input.extend(b"long \n".repeat(20));
    input.extend(b"\"\n4,5\n");
    let len = input.len() - b"a,b\n1,2\n4,5\n".len();
    for step in [1, 50, usize::MAX] {
        assert_eq!(read(&input, &limited(len), step, 2).unwrap().rows.len(), 3);
        let error = read(&input, &limited(len - 1), step, 2).unwrap_err();
        assert!(error.what().as_str().starts_with("a record is longer than "));
    }
    let mut wide = b"a,b\n1,\"".to_vec();
    wide.resize(3 << 20, b'\n');
    wide.extend(b"\"\n2,3\n");
    let read = read(&wide, &options(), 100_000, 9).unwrap();
    assert_eq!((read.rows.len(), read.bytes == wide), (2, true));
}

#[test]
fn nasty_12_no_text_no_header_no_input() {
    for (input, what) in [
        (&b""[..], "the input is empty"),
        (b"\xEF\xBB\xBF", "the input is empty"),
        (b"\x1F\x8B\x08\0\0\0\0\0\0\x03rest\n", "the input is a gzip file"),
        (b"PGDMP\x01\x0e\0\x04\x08\x01\x01\x01\0\0\n", "the input is a pg_dump archive (custom format)"),
        (b"\xFF\xFEi\0d\0,\0e\0\n\0", "the input is UTF-16 text"),
        (b"i\0d\0,\0e\0\n\0", "the first line holds a NUL byte: the input is UTF-16 or no text"),
        (b"\n1,2\n", "column 1 has no name"),
        (b"a,b\r1,2\r", "a carriage return outside quotes in field 2 is no record end of this file"),
    ] {
        for step in [1, usize::MAX] {
            let error = read(input, &options(), step, 9).unwrap_err();
            assert_eq!((error.kind(), error.what().as_str()), (ErrorKind::Input, what));
            assert!(error.hint_text().is_some());
        }
    }
    let endless = vec![b'x'; 3 << 20];
    assert_eq!(fails(&endless).what().as_str(), "no header line ends in the first 1048576 bytes");
}

#[test]
fn a_table_without_a_name_is_refused() {
    assert_eq!(Csv.reader(&InputOptions::default()).map(|_| ()).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn errors_hold_no_values() {
    for input in [
        &b"id,Zonnebloem\n1\n"[..],
        b"id,x\n1,Zonne\"bloem\n",
        b"Zonnebloem,Zonnebloem\n",
        b"id,x\n1,\"Zonnebloem",
        b"id,x\n1,\"Zonne\"bloem\n",
    ] {
        assert!(!format!("{:?}", fails(input)).contains("Zonne"));
    }
}

#[test]
fn sniffing() {
    for (head, name, claimed) in [
        (&b"id,email\n1,a@example.org\n"[..], None, true),
        (b"id;\"e,mail\"\r\n", None, true),
        (b"\xEF\xBB\xBFid\temail\n", Some("-"), true),
        (b"email\na@example.org\n", None, false),
        (b"email\na@example.org\n", Some("people.CSV"), true),
        (b"", Some("people.csv"), true),
        (b"\x1F\x8B\x08\0", Some("people.csv"), true),
        (b"", None, false),
        (b"--\n-- PostgreSQL, dump\n", Some("x.csv"), false),
        (b"SET a = 1, 2;\n", None, false),
        (b"copy public.a (b, c) FROM stdin;\n", None, false),
        (b"\n/* a, b */\n", None, false),
        (b"\\restrict a,b\n", None, false),
        (b"insert,date\n", None, true),
        (b"{\"a\": 1, \"b\": 2}\n", None, false),
        (b"i\0d\0,\0x\0\n\0", None, false),
        (b"PGDMP,x\n", None, false),
    ] {
        assert_eq!(Csv.sniff(head, name), claimed, "{head:?} {name:?}");
    }
}

fn codec(columns: usize) -> codec::Codec {
    let dialect = dialect::Dialect { delimiter: b',', quote: b'"', ending: dialect::Ending::Lf };
    codec::Codec::new(dialect, columns, 1 << 20).unwrap()
}

#[test]
fn encoding_keeps_the_original_quotes() {
    let encode = |columns, standin: &[u8], raw: &[u8]| {
        let mut out = b"<".to_vec();
        codec(columns).encode(standin, raw, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(encode(2, b"abc", b"x"), "<abc");
    assert_eq!(encode(2, b"abc", b"\"x\""), "<\"abc\"");
    assert_eq!(encode(2, b"a\"\"c", b"x"), "<\"a\"\"\"\"c\"");
    assert_eq!(encode(2, b"a,c", b"x"), "<\"a,c\"");
    assert_eq!(encode(2, b"a\nc", b""), "<\"a\nc\"");
    assert_eq!(encode(2, b"a\rc", b""), "<\"a\rc\"");
    assert_eq!(encode(2, b" a;c ", b"x"), "< a;c ");
    assert_eq!(encode(2, b"", b"x"), "<");
    assert_eq!(encode(2, b"", b"\"x\""), "<\"\"");
    assert_eq!(encode(1, b"", b"x"), "<\"\"");
    assert_eq!(encode(1, b"\\.", b"x"), "<\"\\.\"");
    assert!(codec(2).encode(b"a\0", b"x", &mut Vec::new()).is_err());
    let null = |columns| {
        let mut out = Vec::new();
        codec(columns).encode_null(b"\"x\"", &mut out);
        out
    };
    assert_eq!((null(2), null(1)), (b"".to_vec(), b"\"\"".to_vec()));
}

#[test]
fn decode_refuses_quotes_that_do_not_pair() {
    for raw in [&b"\""[..], b"\"a", b"\"a\"b\"", b"\"\"\""] {
        let field = crate::row::field::Span::new(0, raw.len() as u32);
        assert!(codec(1).decode(raw, field, &mut Vec::new()).is_err(), "{raw:?}");
    }
}

#[test]
fn columns_that_do_not_exist_are_a_bug() {
    for wanted in [&[2][..], &[1, 0], &[0, 0]] {
        let error = codec(2).split(b"1,2\n", 0, 9, wanted, &mut Spans::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Bug);
    }
    assert_eq!(codec(2).split(b"1,2\n", 4, 9, &[0], &mut Spans::default()), Ok(4));
}

#[test]
fn the_poison_fails_a_reader_of_rows() {
    let mut input = b"a,b\n1,2\n".to_vec();
    input.extend_from_slice(&poison(b'"'));
    assert_eq!(fails(&input).what().as_str(), "the input ends inside the quoted field 1 of a record");
    let mut input = b"a\n1\n".to_vec();
    input.extend_from_slice(&poison(b'"'));
    assert_eq!(fails(&input).what().as_str(), "the input ends inside the quoted field 1 of a record");
}

/// Every folder of `fixtures/csv`: `input.csv` comes back whole at any cut, or fails as `expected.error` says.
#[test]
fn fixtures_at_every_cut() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/csv");
    let mut cases = 0;
    for case in std::fs::read_dir(root).unwrap() {
        let case = case.unwrap().path();
        let input = std::fs::read(case.join("input.csv")).unwrap();
        let expected = std::fs::read_to_string(case.join("expected.error")).ok();
        let want = read(&input, &options(), usize::MAX, 1000);
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
    assert!(cases >= 12, "{cases}");
}

/// Right and wrong rows at every place of a block of 64 lanes, and across its border.
#[test]
fn every_lane() {
    let right = ["1,\"x\"\"y\"", "\"\",\"\"", "\"a\n,b\",", "\"\",\"\"\"\"\"\"", ",", "\"\r\n\",\"\r\""];
    let wrong = [
        "1,x\"y\"",
        "1,\"x\"y",
        "1,\"x\" ",
        "1,\"x\"\"",
        "x\"\",1",
        "1,x\rz",
        "1,\r",
        "1,2,3",
        "1",
        "",
        "1,x\"",
        "\"x\"y\",2",
        "\"x\"\"\",\"y\"z",
    ];
    for (end, tail) in [("\n", "3,4\n"), ("\r\n", "3,4\r\n")] {
        for shift in 0..140 {
            let start = format!("a,b{end}{},{end}", "x".repeat(shift));
            for row in right {
                let read = whole(format!("{start}{row}{end}{tail}").as_bytes()).unwrap();
                assert_eq!(read.rows.len(), 3, "{row:?}");
                assert_eq!(whole(format!("{start}{row}").as_bytes()).unwrap().rows.len(), 2, "{row:?}");
            }
            for row in wrong {
                fails(format!("{start}{row}{end}{tail}").as_bytes());
            }
            fails(format!("{start}1,2{}{tail}", if end == "\n" { "\r\n" } else { "\n" }).as_bytes());
            fails(format!("{start}1,2\r").as_bytes());
        }
    }
}

/// Bytes in which everything that matters to CSV is common.
fn tangled(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        3 => Just(b'"'), 3 => Just(b','), 2 => Just(b'\n'), 1 => Just(b'\r'), 6 => Just(b'x'), 1 => any::<u8>()
    ];
    proptest::collection::vec(byte, 0..most)
}

/// A table and how it is written.
fn table() -> impl Strategy<Value = (usize, Vec<Vec<String>>, bool, bool, u8)> {
    (1..9_usize).prop_flat_map(|columns| {
        let field = "[a-z,;\"\\n\\r \\t|é]{0,12}|[a-z]{0,70}";
        let row = proptest::collection::vec(field, columns);
        (
            Just(columns),
            proptest::collection::vec(row, 0..30),
            any::<bool>(),
            any::<bool>(),
            prop::sample::select(b",;\t|".to_vec()),
        )
    })
}

fn names(columns: usize) -> Vec<String> {
    (0..columns).map(|c| format!("c{c}")).collect()
}

/// A table as the crate `csv` writes it.
fn written(columns: usize, rows: &[Vec<String>], crlf: bool, always: bool, delimiter: u8) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') })
        .quote_style(if always { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary })
        .from_writer(Vec::new());
    writer.write_record(names(columns)).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The number of rows by the byte-wise reader, if all are right.
fn byte_wise(input: &[u8], from: usize, columns: usize, ending: dialect::Ending) -> Option<usize> {
    let dialect = dialect::Dialect { delimiter: b',', quote: b'"', ending };
    let (mut at, mut rows) = (from, 0);
    while at < input.len() {
        let record = record::read(input, at, true, dialect).ok()??;
        if record.fields.len() != columns {
            return None;
        }
        (at, rows) = (record.end, rows + 1);
    }
    Some(rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Tangled bytes either fail or come back whole, the same at any cut; the fast scan agrees with the byte-wise one.
    #[test]
    fn tangled_bytes(body in tangled(400), crlf in any::<bool>(), step in 1..90_usize, limit in 1..9_usize) {
        let mut input = if crlf { b"a,b\r\n".to_vec() } else { b"a,b\n".to_vec() };
        input.extend_from_slice(&body);
        let ending = if crlf { dialect::Ending::CrLf } else { dialect::Ending::Lf };
        let slow = byte_wise(&input, 4 + usize::from(crlf), 2, ending);
        let one = read(&input, &options(), usize::MAX, limit);
        let cut = read(&input, &options(), step, 1000);
        match (one, cut) {
            (Ok(one), Ok(cut)) => {
                prop_assert!(one.bytes == input);
                prop_assert_eq!(Some(one.rows.len()), slow);
                prop_assert_eq!(one, cut);
            }
            (Err(one), Err(cut)) => {
                prop_assert_eq!(slow, None);
                prop_assert_eq!(one.kind(), ErrorKind::Input);
                prop_assert_eq!(cut.kind(), ErrorKind::Input);
            }
            _ => prop_assert!(false, "the cut decides"),
        }
    }

    /// One byte of a good file is put in or changed: it fails or comes back whole, as the byte-wise reader says.
    #[test]
    fn one_byte_off((columns, rows, crlf, always, _) in table(), at in any::<prop::sample::Index>(), byte in 0..6_usize, put in any::<bool>(), limit in 1..9_usize) {
        let mut input = written(columns, &rows, crlf, always, b',');
        let header = input.iter().position(|b| *b == b'\n').unwrap() + 1;
        if header < input.len() {
            let at = header + at.index(input.len() - header);
            let byte = b"\",\n\rx\0"[byte];
            if put { input.insert(at, byte) } else { input[at] = byte }
        }
        let ending = if crlf { dialect::Ending::CrLf } else { dialect::Ending::Lf };
        let slow = byte_wise(&input, header, columns, ending);
        match read(&input, &options(), usize::MAX, limit) {
            Ok(read) => {
                prop_assert!(read.bytes == input);
                prop_assert_eq!(Some(read.rows.len()), slow);
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::Input);
                prop_assert!(error.location().line.is_some());
                prop_assert_eq!(slow, None);
            }
        }
    }

    /// Arbitrary bytes never panic, and come back whole or fail as bad input.
    #[test]
    fn arbitrary_bytes(input in prop_oneof![proptest::collection::vec(any::<u8>(), 0..300), tangled(60)], step in 1..50_usize) {
        match read(&input, &options(), step, 5) {
            Ok(read) => prop_assert!(read.bytes == input),
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Input),
        }
    }

    /// The crate `csv` writes a table, we read it; we write it, the crate reads it.
    #[test]
    fn the_csv_crate_agrees((columns, rows, crlf, always, delimiter) in table(), step in 1..200_usize) {
        let input = written(columns, &rows, crlf, always, delimiter);
        let told = InputOptions { delimiter: Some(delimiter), ..options() };
        let read = read(&input, &told, step, 11).unwrap();
        prop_assert_eq!(&read.columns, &names(columns));
        prop_assert_eq!(text(&read), rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect::<Vec<Vec<_>>>());

        let codec = codec(columns);
        let mut out = Vec::new();
        for row in &rows {
            for (index, field) in row.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                codec.encode(field.as_bytes(), if always { b"\"x\"" } else { b"x" }, &mut out).unwrap();
            }
            out.push(b'\n');
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&out[..]);
        let back: Vec<Vec<String>> =
            reader.records().map(|r| r.unwrap().iter().map(ToOwned::to_owned).collect()).collect();
        prop_assert_eq!(back, rows);
    }
}
