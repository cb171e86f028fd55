//! Tests of the whole format: pieces and rows under every cut, against serde_json.
#![expect(clippy::as_conversions, reason = "tests: positions of small inputs")]

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::error::{Error, ErrorKind};
use crate::format::{Part, Piece, RowCodec, Source, Spans};
use crate::row::field::{Cell, Span};
use crate::row::shape::Facts;

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

/// A row: of each column the decoded value, `None` where it is NULL, and the raw field.
type Row = Vec<(Option<Vec<u8>>, Vec<u8>)>;

/// What was read of an input.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    bytes: Vec<u8>,
    columns: Vec<String>,
    rows: Vec<Row>,
}

fn options() -> InputOptions {
    InputOptions { table: Some("customers".to_owned()), ..InputOptions::default() }
}

fn given(columns: &[&str]) -> InputOptions {
    InputOptions { columns: Some(columns.iter().map(ToString::to_string).collect()), ..options() }
}

/// Reads the keys of all rows.
fn facts(input: &[u8], options: &InputOptions, step: usize) -> Result<Facts> {
    let mut reader = JsonLines.reader(options)?;
    reader.learn();
    let (mut source, mut piece) = (Drip(input, step), Piece::default());
    let mut lines = 0;
    // As the pipeline does: the lines of earlier pieces are added to the place.
    while reader.next(&mut source, &mut piece).map_err(|e| e.at(|at| at.line = at.line.map(|n| n + lines)))? {
        lines += count_lines(piece.buffer.bytes());
    }
    Ok(reader.facts().clone())
}

/// Reads all of it, as a pipe or with facts, splits every row both ways and decodes every field.
fn read(input: &[u8], options: &InputOptions, step: usize, limit: usize) -> Result<Read> {
    let mut reader = JsonLines.reader(options)?;
    let (mut source, mut piece) = (Drip(input, step), Piece::default());
    let mut read = Read::default();
    let mut table: Option<Arc<dyn RowCodec>> = None;
    let mut ended = false;
    while reader.next(&mut source, &mut piece).map_err(|e| {
        let before = count_lines(&read.bytes);
        e.at(|at| at.line = at.line.map(|n| n + before))
    })? {
        let bytes = piece.buffer.bytes();
        assert_eq!(piece.byte, read.bytes.len() as u64);
        let before = count_lines(&read.bytes);
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
                    let codec = table.as_deref().unwrap();
                    let found = rows(codec, read.columns.len(), &bytes[range.clone()], limit)
                        .map_err(|e| e.at(|at| at.line = at.line.map(|n| n + before)))?;
                    read.rows.extend(found);
                    range
                }
                Part::End { tail } => {
                    ended = true;
                    tail
                }
                _ => unreachable!("there is none"),
            };
            assert_eq!(range.start, at);
            at = range.end;
        }
        assert_eq!(at, bytes.len());
    }
    assert!(ended);
    Ok(read)
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

/// Splits all rows in steps of `limit`; all columns, and a few; checks `count` against it.
fn rows(codec: &dyn RowCodec, columns: usize, block: &[u8], limit: usize) -> Result<Vec<Row>> {
    let all: Vec<usize> = (0..columns).collect();
    let few: Vec<usize> = (0..columns).filter(|c| c % 3 == 1).collect();
    let (mut spans, mut some) = (Spans::default(), Spans::default());
    let (mut at, mut found, mut arena) = (0, Vec::new(), Vec::new());
    let counted = codec.count(block)?;
    while at < block.len() {
        spans.clear();
        some.clear();
        let next = codec.split(block, at, limit, &all, &mut spans).map_err(|e| {
            let before = found.len() as u64;
            e.at(|at| at.line = at.line.map(|n| n + before))
        })?;
        assert_eq!(codec.split(block, at, limit, &few, &mut some)?, next);
        assert_eq!(spans.rows, some.rows);
        assert!(!spans.rows.is_empty() && spans.rows.len() <= limit);
        assert_eq!(spans.rows[0].start as usize, at);
        for (index, row) in spans.rows.iter().enumerate() {
            let fields = &spans.fields[index * columns..(index + 1) * columns];
            let picked: Vec<_> = few.iter().map(|c| fields[*c]).collect();
            assert_eq!(picked, some.fields[index * few.len()..(index + 1) * few.len()]);
            for field in fields {
                assert!(row.start <= field.start && field.end <= row.end);
                assert!(
                    !field.is_empty() || field.start == row.start,
                    "an absent field lies at the row's start"
                );
            }
            let decoded: Result<Row> = fields
                .iter()
                .map(|field| {
                    let value = match codec.decode(block, *field, &mut arena)? {
                        Cell::Raw(span) => Some(span.of(block).to_vec()),
                        Cell::Arena(span) => Some(span.of(&arena).to_vec()),
                        Cell::Null => None,
                    };
                    Ok((value, field.of(block).to_vec()))
                })
                .collect();
            found.push(decoded?);
        }
        at = next;
    }
    assert_eq!(counted, (found.len() as u64, found.len() as u64));
    Ok(found)
}

/// Reads as of a file: keys first, then rows.
fn twice(input: &[u8], step: usize, limit: usize) -> Result<Read> {
    let facts = facts(input, &options(), step)?;
    read(input, &InputOptions { facts: Some(facts), ..options() }, step, limit)
}

fn fails(input: &[u8]) -> Error {
    let error = read(input, &options(), usize::MAX, 7).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    error
}

fn values(read: &Read) -> Vec<Vec<Option<&str>>> {
    let text = |cell: &(Option<Vec<u8>>, Vec<u8>)| cell.0.is_some();
    read.rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| text(cell).then(|| std::str::from_utf8(cell.0.as_deref().unwrap()).unwrap()))
                .collect()
        })
        .collect()
}

#[test]
fn keys_in_any_order_and_not_all_in_every_row() {
    let input = "\u{feff}{\"id\": 1, \"name\": \"Ren\\u00e9e\", \"vip\":true}\r\n\
                 {\"name\":null,\"id\":2}\n {\"tags\" : [1, {\"a\":\"}\"}] , \"vip\":false}\n{}"
        .as_bytes();
    for step in [1, 7, usize::MAX] {
        let read = twice(input, step, 2).unwrap();
        assert_eq!(read.columns, ["id", "name", "vip", "tags"]);
        assert_eq!(
            values(&read),
            [
                [Some("1"), Some("Renée"), Some("true"), None],
                [Some("2"), None, None, None],
                [None, None, Some("false"), Some("[1, {\"a\":\"}\"}]")],
                [None, None, None, None],
            ]
        );
        assert!(read.bytes == input);
    }
}

#[test]
fn a_pipe_has_the_keys_of_its_first_line() {
    let error = fails(b"{\"id\":1}\n{\"id\":2}\n{\"id\":3,\"Zonnebloem\":1}\n");
    assert_eq!(error.what().as_str(), "a key that is none of the columns");
    assert_eq!((error.location().line, error.location().row), (Some(3), Some(3)));
    assert!(error.hint_text().unwrap().as_str().contains("--columns"));
    assert!(!format!("{error:?}").contains("Zonnebloem"));
    let named = given(&["id", "Zonnebloem", "x"]);
    let read = read(b"{\"id\":1}\n{\"Zonnebloem\":1,\"id\":3}\n", &named, 5, 9).unwrap();
    assert_eq!(values(&read), [[Some("1"), None, None], [Some("3"), Some("1"), None]]);
}

#[test]
fn the_first_lines_keys_are_not_trusted_but_given_names_are() {
    for (options, trusted) in [(options(), false), (given(&["id"]), true)] {
        let mut reader = JsonLines.reader(&options).unwrap();
        let mut piece = Piece::default();
        reader.next(&mut Drip(b"{\"id\":1}\n", 99), &mut piece).unwrap();
        assert_eq!(reader.facts().tables()[0].trusted_names, trusted);
    }
}

#[test]
fn nasty_27_a_key_twice_is_refused_however_it_is_spelled() {
    for row in [
        r#"{"a":1,"b":2,"a":3}"#,
        r#"{"a":1,"\u0061":3}"#,
        r#"{"\u0061":1,"a":3}"#,
        r#"{"b":1,"\u0061":1,"\u0061":null}"#,
        r#"{"é":1,"\u00E9":3}"#,
        r#"{"😀":1,"\ud83d\ude00":3}"#,
    ] {
        assert_eq!(fails(row.as_bytes()).what().as_str(), "an object has the same key twice", "{row}");
        let later = format!("{{\"a\":0,\"b\":0,\"é\":0,\"😀\":0}}\n{row}\n");
        let error = fails(later.as_bytes());
        assert_eq!(error.what().as_str(), "an object has the same key twice", "{row}");
        assert_eq!(error.location().line, Some(2));
        assert!(facts(later.as_bytes(), &options(), 9).is_err(), "{row}");
    }
    // Inside of a value they are its own affair: it is kept or masked as a whole.
    assert!(read(br#"{"a":{"b":1,"b":2}}"#, &options(), 9, 9).is_ok());
}

#[test]
fn nasty_27_keys_with_dots_escapes_and_other_scripts() {
    let read = twice(
        "{\"a.b\":1,\"\":2,\"sleutel é\":3,\"q\\\"\":4}\n{\"\\u0061.b\":5,\"q\\u0022\":6}\n".as_bytes(),
        3,
        9,
    )
    .unwrap();
    assert_eq!(read.columns, ["a.b", "", "sleutel é", "q\""]);
    assert_eq!(values(&read)[1], [Some("5"), None, None, Some("6")]);
    assert_eq!(fails(br#"{"\ud800":1}"#).what().as_str(), "a key holds half of a surrogate pair",);
}

#[test]
fn wrong_rows_stop_with_their_line_at_any_cut() {
    for (bad, what) in [
        (&b"\n"[..], "a blank line"),
        (b" \t\r\n", "a blank line"),
        (b"{\"a\":1},\n", "text behind the object"),
        (b"{\"a\":1}{\"a\":2}\n", "text behind the object"),
        (b"[1]\n", "the input is a JSON array, not one object a line"),
        (b"null\n", "a line that is no JSON object"),
        (b"{\"a\":1\n", "the line ends inside a JSON value"),
        (b"{\"a\":\"Zonne\nbloem\"}\n", "the line ends inside a JSON value"),
        (b"{\"a\":\"Zonne\x01bloem\"}\n", "a raw control character in a string"),
        (b"{\"a\":\"Zonne\xffbloem\"}\n", "bytes that are not UTF-8"),
        (b"{\"a\":\"\xed\xa0\x80\"}\n", "bytes that are not UTF-8"),
        (b"{\"a\":\0}\n", "something that is no JSON value"),
        (b"{\"a\":\"\\q\"}\n", "an escape that JSON does not define"),
        (b"{\"a\":1}\xc2\xa0\n", "text behind the object"),
        (b"{\"a\":{\"b\":tru}}\n", "something that is no JSON value"),
    ] {
        let input = [&b"{\"a\":0}\n{\"a\":null}\n"[..], bad, b"{\"a\":2}\n"].concat();
        for step in [1, 5, 1000] {
            let error = read(&input, &options(), step, 9).unwrap_err();
            assert_eq!((error.kind(), error.what().as_str()), (ErrorKind::Input, what), "{bad:?}");
            assert_eq!(error.location().line, Some(3), "{bad:?}");
            assert!(error.hint_text().is_some() && !format!("{error:?}").contains("Zonne"));
        }
        // The facts pass says the same.
        let error = facts(&input, &options(), usize::MAX).unwrap_err();
        assert_eq!((error.what().as_str(), error.location().line), (what, Some(3)));
    }
}

#[test]
fn nasty_12_what_is_no_json_lines_is_refused_with_a_hint() {
    for (input, what) in [
        (&b""[..], "the input is empty"),
        (b"\xEF\xBB\xBF", "the input is empty"),
        (b"\n\n", "a blank line"),
        (b"[{\"a\":1},{\"a\":2}]\n", "the input is a JSON array, not one object a line"),
        (b" \n[\n  {\"a\":1}\n]\n", "the input is a JSON array, not one object a line"),
        (b"{\n  \"a\": 1\n}\n", "the line ends inside a JSON value"),
        (b"id,email\n", "a line that is no JSON object"),
        (b"\x1F\x8B\x08\0\0\0\0\0\0\x03rest\n", "the input is a gzip file"),
        (b"\xFF\xFE{\0}\0\n\0", "the input is UTF-16 text"),
        (b"{\0\"\0a\0\"\0:\x001\0}\0\n\0", "expected a key in quotes"),
    ] {
        for step in [1, usize::MAX] {
            let error = read(input, &options(), step, 9).unwrap_err();
            assert_eq!((error.kind(), error.what().as_str()), (ErrorKind::Input, what));
            assert!(error.hint_text().is_some());
        }
    }
    for input in [&b"{\n  \"a\": 1\n}\n"[..], b"[{\"a\":1}]"] {
        assert!(fails(input).hint_text().unwrap().as_str().contains("jq -c"));
    }
}

#[test]
fn long_rows_and_too_many_keys() {
    let limited = |max_row| InputOptions { max_row, ..options() };
    let row = format!("{{\"a\":\"{}\"}}\n", "x".repeat(500));
    let input = format!("{{\"a\":1}}\n{row}{{\"a\":2}}\n");
    for step in [1, 50, usize::MAX] {
        assert_eq!(read(input.as_bytes(), &limited(row.len() - 1), step, 2).unwrap().rows.len(), 3);
        let error = read(input.as_bytes(), &limited(row.len() - 2), step, 2).unwrap_err();
        assert!(error.what().as_str().starts_with("a row is longer than "));
    }
    let wide = |n: usize| {
        let keys: Vec<String> = (0..n).map(|i| format!("\"k{i}\":{i}")).collect();
        format!("{{{}}}\n{{\"k7\":7,\"k300\":1}}\n{{\"k300\":1,\"k300\":1}}", keys.join(","))
    };
    let error = fails(wide(1000).as_bytes());
    assert_eq!((error.what().as_str(), error.location().line), ("an object has the same key twice", Some(3)));
    let read = twice(wide(1000).split_inclusive('\n').take(2).collect::<String>().as_bytes(), 99, 9).unwrap();
    assert_eq!((read.columns.len(), read.rows[1][300].0.as_deref()), (1000, Some(&b"1"[..])));
    assert_eq!(fails(wide(10_001).as_bytes()).what().as_str(), "more different keys than can be columns");
}

#[test]
fn keys_learnt_beyond_the_first_few_are_still_seen_twice() {
    let mut input = String::from("{}\n");
    for i in 0..400 {
        input += &format!("{{\"k{i}\":1,\"x{i}\":2}}\n");
    }
    assert_eq!(facts(input.as_bytes(), &options(), 64).unwrap().tables()[0].columns.len(), 800);
    let keys: Vec<String> = (0..400).map(|i| format!("\"y{i}\":1")).collect();
    input += &format!("{{{},\"y3\":1}}\n", keys.join(","));
    assert_eq!(
        facts(input.as_bytes(), &options(), 64).unwrap_err().what().as_str(),
        "an object has the same key twice"
    );
}

fn codec() -> codec::Codec {
    let mut columns = columns::Columns::default();
    let row = b"{\"a\":1}";
    let mut keys = columns::Keys::new(0);
    keys.restart();
    scan::object(row, |entry| columns.learn(row, &entry, &mut keys)).unwrap();
    codec::Codec::new(columns, 1 << 20)
}

#[test]
fn stand_ins_are_of_the_originals_kind_where_they_can() {
    for (raw, standin, want) in [
        ("\"x\"", "abc", "\"abc\""),
        ("\"x\"", "12", "\"12\""),
        ("\"x\"", "a\"b\\c\nd\té", "\"a\\\"b\\\\c\\nd\\té\""),
        ("\"x\"", "\0", "\"\\u0000\""),
        ("\"x\"", "", "\"\""),
        ("12", "-3.5e7", "-3.5e7"),
        ("12", "1073741825", "1073741825"),
        ("12", "007", "\"007\""),
        ("12", "12 ", "\"12 \""),
        ("12", "1,2", "\"1,2\""),
        ("-1", "NaN", "\"NaN\""),
        ("12", "", "\"\""),
        ("true", "false", "false"),
        ("false", "0", "\"0\""),
        ("true", "True", "\"True\""),
        ("{\"a\":1}", "{\"b\": [2]}", "{\"b\": [2]}"),
        ("[1]", " {\n\"b\":1}\n", "{ \"b\":1}"),
        ("[1]", "[1,]", "\"[1,]\""),
        ("{}", "12", "\"12\""),
        ("{}", "{} {}", "\"{} {}\""),
    ] {
        let mut out = b"<".to_vec();
        codec().encode(standin.as_bytes(), raw.as_bytes(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("<{want}"), "{raw} {standin}");
    }
    for raw in ["\"x\"", "12", "true", "{}"] {
        assert!(codec().encode(b"\xff", raw.as_bytes(), &mut Vec::new()).is_err());
        let mut out = Vec::new();
        codec().encode_null(raw.as_bytes(), &mut out);
        assert_eq!(out, b"null");
    }
    assert_eq!(codec().encode(b"x", b"", &mut Vec::new()).unwrap_err().kind(), ErrorKind::Bug);
    // One that is too deep for where it goes is a string.
    let deep = format!("{}{}", "[".repeat(127), "]".repeat(127));
    let mut out = Vec::new();
    codec().encode(deep.as_bytes(), b"[]", &mut out).unwrap();
    assert_eq!(out.first(), Some(&b'"'));
}

#[test]
fn nasty_41_half_a_surrogate_pair_is_kept_but_not_masked() {
    let row = br#"{"a":"\ud83d","b":"x"}"#;
    assert!(codec::Codec::new(columns::Columns::of(&shape(&["a", "b"])), 999).count(row).is_ok());
    let error = codec().decode(row, Span::new(5, 13), &mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
}

fn shape(columns: &[&str]) -> crate::row::shape::Shape {
    let table = crate::row::shape::TableName::new(None, "t");
    crate::format::one_table::shape(&table, columns.iter().map(ToString::to_string).collect(), true)
}

#[test]
fn columns_that_do_not_exist_are_a_bug() {
    for wanted in [&[1][..], &[0, 0]] {
        let error = codec().split(b"{}\n", 0, 9, wanted, &mut Spans::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Bug);
    }
    assert_eq!(codec().split(b"{}\n", 3, 9, &[0], &mut Spans::default()), Ok(3));
    assert!(JsonLines.reader(&InputOptions::default()).is_err());
    assert!(JsonLines.reader(&given(&["a", "a"])).is_err());
}

#[test]
fn sniffing() {
    for (head, name, claimed) in [
        (&b"{\"id\":1}\n{\"id\":2}\n"[..], None, true),
        (b"\xEF\xBB\xBF {\"id\":1}\r\n", Some("-"), true),
        (b"{\"id\":1}", None, true),
        (b"{\"id\":1}{\"id\":2}", None, true),
        (b"{\"id\":\"cut of", None, true),
        (b"{\n  \"id\": 1,\n", None, true),
        (b"[\n  {\"id\": 1},\n", None, true),
        (b"[1,2]\n[3,4]\n", None, true),
        (b"[id],[name]\n", None, false),
        (b"[1],[2]\n", None, false),
        (b"{id},{name}\n", None, false),
        (b"{\"id\"},{\"name\"}\n", None, false),
        (b"id,email\n", None, false),
        (b"id,email\n", Some("people.jsonl"), true),
        (b"x", Some("people.NDJSON"), true),
        (b"", None, false),
        (b"\"id\"\n", None, false),
        (b"-- PostgreSQL\n", None, false),
    ] {
        assert_eq!(JsonLines.sniff(head, name), claimed, "{head:?} {name:?}");
    }
}

#[test]
fn the_poison_fails_a_reader_of_rows() {
    let mut reader = JsonLines.reader(&options()).unwrap();
    let mut piece = Piece::default();
    reader.next(&mut Drip(b"{\"a\":1}\n", 99), &mut piece).unwrap();
    let input = [b"{\"a\":1}\n", &*piece.poison.unwrap()].concat();
    assert_eq!(fails(&input).what().as_str(), "the line ends inside a JSON value");
    assert!(serde_json::Deserializer::from_slice(&input).into_iter::<Value>().any(|v| v.is_err()));
}

/// Every folder of `fixtures/json_lines`: `input.jsonl` comes back whole at any cut, or fails as `expected.error` says.
#[test]
fn fixtures_at_every_cut() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/json_lines");
    let mut cases = 0;
    for case in std::fs::read_dir(root).unwrap() {
        let case = case.unwrap().path();
        let input = std::fs::read(case.join("input.jsonl")).unwrap();
        let expected = std::fs::read_to_string(case.join("expected.error")).ok();
        let want = twice(&input, usize::MAX, 1000);
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
            match (twice(&input, step, 3), &want) {
                (Ok(got), Ok(want)) => assert!(got == *want),
                (Err(got), Err(want)) => assert_eq!(got.what(), want.what(), "{case:?}"),
                _ => unreachable!("{case:?}: the cut decides"),
            }
        }
        cases += 1;
    }
    assert!(cases >= 8, "{cases}");
}

/// JSON-like text in which everything that matters is common.
fn tangled() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\\",
        "\"a\"",
        "\"b\"",
        "\"a\":",
        "\"b\": ",
        "1",
        "-",
        "0",
        ".5",
        "e+3",
        "true",
        "null",
        "fals",
        " ",
        "\t",
        "\n",
        "\r",
        "\\u00",
        "\\u0061",
        "\\n",
        "é",
        "\u{1}",
        "{\"a\":",
        "1}\n",
        "\"x\"",
        "{}\n",
        "[]",
        "9007199254740993",
        "\\ud83d",
    ]);
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A JSON value.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i16>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
        "[a-z\"\\\\{}\\[\\],:\\n\\t é😀]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-c\"\\\\é]{0,3}", inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Rows of objects over a few keys.
fn objects() -> impl Strategy<Value = Vec<Vec<(String, Value)>>> {
    let keys = proptest::sample::subsequence(vec!["id", "naam", "é\"k", "d.e", "", "lang\\e sleutel"], 0..6);
    let row = keys
        .prop_shuffle()
        .prop_flat_map(|keys| {
            let values = proptest::collection::vec(json(), keys.len());
            (Just(keys), values)
        })
        .prop_map(|(keys, values)| keys.into_iter().map(str::to_owned).zip(values).collect());
    proptest::collection::vec(row, 1..12)
}

/// Writes a row with spaces between the tokens, or all characters of keys as escapes.
fn written(row: &[(String, Value)], style: usize) -> String {
    let escape = |key: &str| {
        let units = key.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect::<String>();
        format!("\"{units}\"")
    };
    let (space, end) = [("", "\n"), (" ", "\r\n"), ("\t \r", " \n"), ("", "\n")][style % 4];
    let entries: Vec<String> = row
        .iter()
        .map(|(key, value)| {
            let key = if style % 4 == 3 { escape(key) } else { Value::from(key.as_str()).to_string() };
            format!("{space}{key}{space}:{space}{value}{space}")
        })
        .collect();
    format!("{space}{{{}{space}}}{end}", entries.join(","))
}

/// Says whether serde_json takes a line for an object, whatever its numbers and surrogates mean.
fn oracle(line: &str) -> bool {
    let object = line.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{');
    object && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The scanner takes exactly what serde_json takes.
    #[test]
    fn the_scanner_agrees_with_serde_json(text in tangled(), put in any::<prop::sample::Index>(), row in objects(), style in 0..4_usize, byte in any::<u8>()) {
        let mut lines: Vec<Vec<u8>> = text.split_inclusive('\n').map(|l| l.as_bytes().to_vec()).collect();
        let mut damaged = written(&row[0], style).into_bytes();
        lines.push(damaged.clone());
        let at = put.index(damaged.len());
        damaged[at] = byte;
        lines.push(damaged.clone());
        damaged.truncate(at);
        lines.push(damaged);
        for line in lines {
            let Ok(line) = std::str::from_utf8(&line) else { continue };
            let ours = scan::object(line.as_bytes(), |_| Ok(()));
            prop_assert_eq!(ours.is_ok(), oracle(line), "{}", line);
        }
    }

    /// What is read is what serde_json reads, whatever the spacing, order and spelling.
    #[test]
    fn values_are_those_of_serde_json(rows in objects(), style in 0..4_usize, step in 1..200_usize, limit in 1..9_usize) {
        let input: String = rows.iter().enumerate().map(|(i, row)| written(row, style + i)).collect();
        let read = twice(input.as_bytes(), step, limit).unwrap();
        prop_assert!(read.bytes == input.as_bytes());
        prop_assert_eq!(read.rows.len(), rows.len());
        for (row, found) in rows.iter().zip(&read.rows) {
            let want: Map<String, Value> = row.iter().cloned().collect();
            let mut present = 0;
            for (name, (value, raw)) in read.columns.iter().zip(found) {
                let Some(want) = want.get(name) else {
                    prop_assert!(raw.is_empty() && value.is_none());
                    continue;
                };
                present += 1;
                prop_assert_eq!(&serde_json::from_slice::<Value>(raw).unwrap(), want);
                match want {
                    Value::Null => prop_assert!(value.is_none()),
                    Value::String(text) => prop_assert_eq!(value.as_deref(), Some(text.as_bytes())),
                    _ => prop_assert_eq!(value.as_ref(), Some(raw)),
                }
            }
            prop_assert_eq!(present, want.len());
        }
    }

    /// What is written in place of any value is read as the stand-in, and the row stays JSON.
    #[test]
    fn stand_ins_read_back(original in json(), standin in prop_oneof![any::<String>(), json().prop_map(|v| v.to_string())]) {
        let raw = original.to_string();
        let mut row = b"{\"a\":".to_vec();
        let codec = codec();
        codec.encode(standin.as_bytes(), raw.as_bytes(), &mut row).unwrap();
        row.push(b'}');
        prop_assert!(!row.contains(&b'\n'));
        prop_assert!(oracle(std::str::from_utf8(&row).unwrap()));
        let mut spans = Spans::default();
        codec.split(&row, 0, 1, &[0], &mut spans).unwrap();
        let mut arena = Vec::new();
        let back = match codec.decode(&row, spans.fields[0], &mut arena).unwrap() {
            Cell::Raw(span) => span.of(&row),
            Cell::Arena(span) => span.of(&arena),
            Cell::Null => unreachable!("a stand-in is no NULL"),
        };
        prop_assert_eq!(back.trim_ascii(), standin.trim_ascii().as_bytes());
    }

    /// Arbitrary bytes never panic, and come back whole or fail as bad input; the cut does not decide.
    #[test]
    fn arbitrary_bytes(input in prop_oneof![proptest::collection::vec(any::<u8>(), 0..200), tangled().prop_map(String::into_bytes)], step in 1..50_usize, learn in any::<bool>()) {
        let go = |step, limit| if learn { twice(&input, step, limit) } else { read(&input, &options(), step, limit) };
        match (go(step, 5), go(usize::MAX, 100)) {
            (Ok(one), Ok(two)) => {
                prop_assert!(one.bytes == input);
                prop_assert_eq!(one, two);
            }
            (Err(one), Err(two)) => {
                prop_assert_eq!(one.kind(), ErrorKind::Input);
                prop_assert_eq!(one.what(), two.what());
            }
            _ => prop_assert!(false, "the cut decides"),
        }
    }
}
