//! Regions and rows against a slow reference, cut anywhere; literals of every dialect, both ways.

use proptest::prelude::*;

use super::{Dialect, InsertRows, Region, announce};
use crate::error::Result;
use crate::format::{RowCodec, Spans};
use crate::row::field::{Cell, Span};

const PG: Dialect =
    Dialect { family: super::Family::Postgres, backslash: false, double_quoted_strings: false };
const PG_OLD: Dialect = Dialect { backslash: true, ..PG };
const MY: Dialect = Dialect { family: super::Family::MySql, backslash: true, double_quoted_strings: true };
const MY_PLAIN: Dialect = Dialect { backslash: false, ..MY };
const MY_ANSI: Dialect = Dialect { double_quoted_strings: false, ..MY };
const LITE: Dialect = Dialect { family: super::Family::Sqlite, ..PG };
const ALL: [Dialect; 6] = [PG, PG_OLD, MY, MY_PLAIN, MY_ANSI, LITE];

const HEAD: &str = "INSERT INTO t (a, \"b(;'\") VALUES\n\t";

/// Splits by the codec, a few rows at a time.
fn split(dialect: Dialect, block: &str, columns: usize, wanted: &[usize]) -> Result<Vec<Vec<String>>> {
    let codec = InsertRows::new(&dialect, HEAD.as_bytes(), columns, 1 << 20);
    let bytes = block.as_bytes();
    let (mut at, mut rows) = (0, Vec::new());
    while at < bytes.len() {
        let mut spans = Spans::default();
        at = codec.split(bytes, at, 2, wanted, &mut spans)?;
        let text = |s: &Span| String::from_utf8(s.of(bytes).to_vec()).unwrap();
        assert_eq!(spans.fields.len(), spans.rows.len() * wanted.len());
        for index in 0..spans.rows.len() {
            let fields = spans.fields.iter().skip(index * wanted.len()).take(wanted.len());
            rows.push(fields.map(text).collect());
        }
    }
    assert_eq!(codec.count(bytes)?.0, u64::try_from(rows.len()).unwrap());
    Ok(rows)
}

/// Ends, whether inside a statement, and where the region was over.
type Scanned = (Vec<(usize, bool)>, Option<usize>);

/// Scans a region in pieces of `step` bytes.
fn scan(dialect: Dialect, text: &str, step: usize) -> Result<Scanned> {
    let mut region = Region::new(HEAD.as_bytes(), &dialect, 2, 1 << 20);
    let (mut from, mut ends) = (0, Vec::new());
    let mut have = 0;
    loop {
        have = (have + step).min(text.len());
        let at_end = have == text.len();
        loop {
            let reach = region.scan(&text.as_bytes()[..have], from, at_end)?;
            let went = reach.end > from;
            if went {
                ends.push((reach.end, reach.inside));
                from = reach.end;
            }
            if reach.over {
                return Ok((ends, Some(from)));
            }
            if !(at_end && went) {
                break;
            }
        }
        if at_end {
            return Ok((ends, None));
        }
    }
}

#[test]
fn statements_of_every_form() {
    for (text, rows) in [
        (format!("{HEAD}(1, 'a');"), 1),
        (format!("{HEAD}(1, 'a'),\n\t(2, 'b');\n{HEAD}(3,'c') ;\n\n {HEAD}(4,NULL);"), 4),
        (format!("{HEAD}(1, 'a') ON CONFLICT DO NOTHING;\n{HEAD}(2, ')')\non  conflict do nothing ;"), 2),
        (format!("{HEAD}(1, ';('),(1,',')\n,\n(1,'''')  , (1,''),(-1.5e3,DEFAULT);"), 5),
    ] {
        let found = split(PG, &text, 2, &[0, 1]).unwrap();
        assert_eq!(found.len(), rows, "{text}");
        for step in [1, 2, 3, 7, 63, 64, 65, 1000] {
            let (_, over) = scan(PG, &text, step).unwrap();
            assert_eq!(over, Some(text.len()), "{text}");
            let more = format!("{text}\n-- next\nSELECT 1;");
            assert_eq!(scan(PG, &more, step).unwrap().1, Some(text.len()), "{text}");
        }
    }
}

#[test]
fn a_block_may_begin_behind_any_tuple() {
    let text = format!("{HEAD}(1, 'a'),\n\t(2, 'b');\n{HEAD}(3,'c');");
    let (ends, _) = scan(PG, &text, 1).unwrap();
    assert_eq!(ends.len(), 5);
    for (a, (from, _)) in ends.iter().enumerate() {
        for (to, _) in &ends[a..] {
            let rows = split(PG, &text[*from..*to], 2, &[1]).unwrap();
            let all = split(PG, &text[..*to], 2, &[1]).unwrap();
            let before = split(PG, &text[..*from], 2, &[1]).unwrap();
            assert_eq!([before, rows].concat(), all);
        }
    }
}

#[test]
fn what_is_no_row_stops() {
    for tail in [
        "(1, 'a'",
        "(1, 'a)",
        "(1)",
        "(1,2,3)",
        "(1,2);(1,2)",
        "(1,2) (1,2)",
        "(1,2),,(1,2)",
        "(1,2),",
        "(1,2), 3",
        "(1,2) RETURNING a;",
        "(1,2) ON CONFLICT DO UPDATE SET a = 1;",
        "(1,2) ONCONFLICTDONOTHING;",
        "(1,2) AS new ON DUPLICATE KEY UPDATE a = 1;",
        "(1, $$a$$)",
        "(1, /* ' */ 2)",
        "(1, -- '\n 2)",
        "(1, # '\n 2)",
        "(1, `a`)",
        "(1, 2;)",
        "(1, \\')",
        "(1, @a)",
        "(1, 2]",
        "(1, (2)",
        "(1, 2))",
        "(1, '\0')",
    ] {
        for dialect in ALL {
            let text = format!("{HEAD}(0,0),{tail}");
            assert!(split(dialect, &text, 2, &[0]).is_err(), "{dialect:?} {tail}");
            let codec = InsertRows::new(&dialect, HEAD.as_bytes(), 2, 1 << 20);
            let error = codec.count(text.as_bytes()).unwrap_err();
            assert!(error.location().line.is_some_and(|line| line >= 2), "{tail}");
        }
    }
    let codec = InsertRows::new(&PG, HEAD.as_bytes(), 2, 11);
    assert!(codec.count(format!("{HEAD}(1,'12345678')").as_bytes()).is_err());
    assert!(codec.count(format!("{HEAD}(1,'12345')").as_bytes()).is_ok());
}

#[test]
fn what_postgres_could_read_in_two_ways_stops() {
    for value in ["E'a'\n'b\\'", "E'a' 'b'", "1E'a'", "E'a''b' \n 'c'"] {
        for pad in [0, 50, 57, 58, 59, 60, 61, 62, 63] {
            let text = format!("{HEAD}('{}', {value});", "x".repeat(pad));
            assert!(split(PG, &text, 2, &[0]).is_err(), "{value}");
        }
    }
    for value in ["E'a''b\\''", "E'a'::text", "fe'a'", "E'a' , 'b\\'", "E'a\\'', ' '"] {
        for pad in [0, 50, 57, 58, 59, 60, 61, 62, 63] {
            let text = format!("{HEAD}('{}', {value});", "x".repeat(pad));
            let columns = if value.contains(", ") { 3 } else { 2 };
            assert!(split(PG, &text, columns, &[0]).is_ok(), "{value} {pad}");
        }
    }
}

#[test]
fn nested_values_are_kept_whole() {
    let row = "(ARRAY['a,)', 'b'], ROW(1, (2)), f('x', g(1)), 'a'::\"T(,\"\"'\", CAST('1' AS numeric(10, 2)), E'it\\'s, \\\\', U&'\\0041,', 'E''', B'01')";
    let text = format!("{HEAD}{row},{row};");
    let rows = split(PG, &text, 9, &[0, 1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1][0], "ARRAY['a,)', 'b']");
    assert_eq!(rows[1][3], "'a'::\"T(,\"\"'\"");
    assert_eq!(rows[1][5], "E'it\\'s, \\\\'");
    assert_eq!(rows[1][7], "'E'''");
    let row = "(\"a,'\\\")\", 'b\\',', _binary 'c\\\\', 0xFF, 'd')";
    assert_eq!(split(MY, &format!("{HEAD}{row}"), 5, &[1, 4]).unwrap(), [["'b\\','", "'d'"]]);
}

/// Splits a tuple by the rules, one byte after the other.
fn reference(dialect: Dialect, tuple: &[u8]) -> Vec<Vec<u8>> {
    let (mut fields, mut field, mut depth, mut quote) = (Vec::new(), Vec::new(), 0, None);
    let mut bytes = tuple.iter().copied().peekable();
    while let Some(b) = bytes.next() {
        match quote {
            Some((_, true)) if b == b'\\' => {
                field.push(b);
                field.extend(bytes.next());
                continue;
            }
            Some((q, _)) if b == q => quote = None,
            Some(_) => {}
            None => match b {
                b'\'' => {
                    let prefix = field.last().is_some_and(|b| *b == b'E') && dialect == PG;
                    quote = Some((b, dialect.backslash || prefix));
                    // A doubled quote goes on as the string began.
                    if field.last() == Some(&b'\'') {
                        let began_e = field.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'E');
                        quote = Some((b, dialect.backslash || (began_e && dialect == PG)));
                    }
                }
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            },
        }
        if quote.is_none() && ((b == b',' && depth == 1) || (b == b')' && depth == 0)) {
            fields.push(field.trim_ascii().to_vec());
            field.clear();
        } else if !(field.is_empty() && b == b'(' && depth == 1 && fields.is_empty()) {
            field.push(b);
        }
    }
    fields
}

/// Literals that every dialect splits, as text.
fn literal() -> impl Strategy<Value = String> {
    let body = prop::collection::vec(
        prop::sample::select(vec![
            "''", ",", "(", ")", ";", "E", "\"", "a", "\n", "--", "/*", "$", "é", "\\\\", "\\n",
        ]),
        0..40,
    );
    let quoted = body.prop_map(|parts| format!("'{}'", parts.concat()));
    prop_oneof![
        4 => quoted.clone(),
        1 => (0..100_000).prop_map(|n: i32| n.to_string()),
        1 => Just("NULL".to_owned()),
        1 => (quoted.clone(), quoted.clone()).prop_map(|(a, b)| format!("f({a}, (1,{b}))")),
        1 => quoted.prop_map(|q| format!("E{q}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_tuples_split_as_the_reference_does(
        rows in prop::collection::vec(prop::collection::vec(literal(), 3), 1..8),
        separators in prop::collection::vec(prop::sample::select(vec![",", ", ", ",\n\t", ";\nH", " ;H"]), 8),
        dialect in prop::sample::select(ALL.to_vec()),
        step in 1_usize..200,
    ) {
        let rows: Vec<String> = rows.iter().map(|r| format!("({})", r.join(", "))).collect();
        let mut text = HEAD.to_owned();
        for (index, row) in rows.iter().enumerate() {
            text.push_str(row);
            text.push_str(if index + 1 == rows.len() { ";" } else { separators[index] });
        }
        let text = text.replace(";\nH", &format!(";\n{HEAD}")).replace(" ;H", &format!(" ;{HEAD}"));
        let wanted: Vec<Vec<String>> = rows
            .iter()
            .map(|r| reference(dialect, r.as_bytes()).into_iter().map(|f| String::from_utf8(f).unwrap()).collect())
            .collect();
        let found = split(dialect, &text, 3, &[0, 1, 2]).map_err(|e| TestCaseError::fail(format!("{e} {text}")))?;
        prop_assert_eq!(&found, &wanted);
        let some: Vec<Vec<String>> = wanted.iter().map(|r| vec![r[1].clone()]).collect();
        prop_assert_eq!(split(dialect, &text, 3, &[1]).unwrap(), some);
        let (ends, over) = scan(dialect, &text, step).unwrap();
        prop_assert_eq!(over, Some(text.len()));
        // Whatever the cuts, every piece has its rows.
        let (mut from, mut pieces) = (0, Vec::new());
        for (end, _) in ends {
            pieces.extend(split(dialect, &text[from..end], 3, &[0, 1, 2]).unwrap());
            from = end;
        }
        prop_assert_eq!(pieces, wanted);
    }

    #[test]
    fn arbitrary_bytes_never_panic(
        bytes in prop::collection::vec(prop::sample::select(b"'\"\\(),;E[] -\n\0a1\xff/*$`".to_vec()), 0..300),
        dialect in prop::sample::select(ALL.to_vec()),
        step in 1_usize..70,
    ) {
        let text = [HEAD.as_bytes(), b"(", &bytes].concat();
        let codec = InsertRows::new(&dialect, HEAD.as_bytes(), 2, 1 << 20);
        let mut spans = Spans::default();
        let split = codec.split(&text, 0, usize::MAX, &[0, 1], &mut spans);
        prop_assert_eq!(split.is_ok(), codec.count(&text).is_ok());
        let mut arena = Vec::new();
        for field in &spans.fields {
            let _ = codec.decode(&text, *field, &mut arena);
        }
        let _ = announce(&bytes, &dialect);
        let mut region = Region::new(HEAD.as_bytes(), &dialect, 2, 1 << 20);
        let (mut have, mut from) = (0, 0);
        while have < text.len() {
            have = (have + step).min(text.len());
            let Ok(reach) = region.scan(&text[..have], from, have == text.len()) else { break };
            from = reach.end;
            if reach.over { break }
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_itself(
        standin in prop::collection::vec(
            prop_oneof![any::<char>(), prop::sample::select(vec!['\'', '\\', '"', '\n', '\r', '\0', '\u{1a}', '%', 'x', '0', ')', ','])],
            0..20,
        ),
        dialect in prop::sample::select(ALL.to_vec()),
    ) {
        let standin: String = standin.into_iter().collect();
        for raw in forms(dialect) {
            let codec = InsertRows::new(&dialect, HEAD.as_bytes(), 2, 1 << 20);
            let mut out = format!("{HEAD}(1, ").into_bytes();
            let start = out.len();
            if codec.encode(standin.as_bytes(), raw.as_bytes(), &mut out).is_err() {
                let bits = raw.starts_with(['B', 'b']) || (raw.starts_with('X') && dialect.family == super::Family::Postgres);
                let nul = standin.contains('\0') && !(dialect.backslash && dialect.family == super::Family::MySql);
                let ascii = raw.contains("latin1") && !standin.is_ascii();
                prop_assert!(bits || nul || ascii, "{raw}");
                continue;
            }
            let end = out.len();
            out.extend_from_slice(b");");
            prop_assert_eq!(value(dialect, &out[start..end]), Ok(Some(standin.clone().into_bytes())), "{} {}", raw, String::from_utf8_lossy(&out[start..end]));
            // It cannot leave its quotes: the row is still a row of two fields.
            let mut spans = Spans::default();
            codec.split(&out, 0, usize::MAX, &[1], &mut spans).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(spans.fields[0].of(&out), &out[start..end]);
        }
    }
}

/// One literal of each form that a dialect has.
fn forms(dialect: Dialect) -> Vec<&'static str> {
    let mut forms = vec!["'a'", "12", "-1.5", "TRUE", "NULL", "''"];
    match dialect.family {
        super::Family::Postgres => {
            forms.extend([
                "E'a\\n'",
                "N'a'",
                "'a'::text",
                "B'01'",
                "X'1F'",
                "CAST('a' AS varchar(10))",
                "1::bigint",
            ]);
            if !dialect.backslash {
                forms.push("U&'\\0041'");
            }
        }
        super::Family::MySql => {
            forms.extend([
                "N'a'",
                "X'4a'",
                "0x4A",
                "_binary 'a'",
                "_utf8mb4'a'",
                "_latin1 'a'",
                "b'01'",
                "CAST('a' AS JSON)",
            ]);
            if dialect.double_quoted_strings {
                forms.push("\"a\"");
            }
        }
        super::Family::Sqlite => {
            forms.extend(["X'4A'", "replace('a\\n','\\n',char(10))", "unistr('a\\000a')"])
        }
    }
    forms
}

/// Decodes one literal; `Err` is the message.
fn value(dialect: Dialect, raw: &[u8]) -> std::result::Result<Option<Vec<u8>>, String> {
    let codec = InsertRows::new(&dialect, HEAD.as_bytes(), 1, 1 << 20);
    let mut arena = Vec::new();
    let span = Span::new(0, u32::try_from(raw.len()).unwrap());
    let one = codec.decode(raw, span, &mut arena).map_err(|e| e.to_string())?;
    let bytes = |cell| match cell {
        Cell::Null => None,
        Cell::Raw(span) => Some(span.of(raw).to_vec()),
        Cell::Arena(span) => Some(span.of(&arena).to_vec()),
    };
    Ok(bytes(one))
}

fn text_of(dialect: Dialect, raw: &str) -> String {
    match value(dialect, raw.as_bytes()) {
        Ok(Some(value)) => String::from_utf8_lossy(&value).into_owned(),
        Ok(None) => "<null>".to_owned(),
        Err(_) => "<error>".to_owned(),
    }
}

#[test]
fn nasty_41_quoted_values_of_every_dialect() {
    for (dialect, raw, wanted) in [
        (PG, "'it''s \\n'", "it's \\n"),
        (PG, "E'\\'it''s\\n\\\\\\x41\\101\\u00e9\\U0001F600\\ud83d\\ude00\\q'", "'it's\n\\AAé😀😀q"),
        (PG_OLD, "'it\\'s\\t'", "it's\t"),
        (PG, "U&'d\\0061t\\+000061\\\\ ''\\D83D\\DE00'", "data\\ '😀"),
        (PG, "N'a'", "a"),
        (PG, "''", ""),
        (PG, "E'\\0'", "<error>"),
        (PG, "E'\\ud83d'", "<error>"),
        (PG, "E'\\xzz'", "xzz"),
        (PG, "U&'\\00'", "<error>"),
        (PG, "U&'a' UESCAPE '!'", "<error>"),
        (PG, "'a'\n'b'", "<error>"),
        (PG, "\"a\"", "<error>"),
        (PG_OLD, "U&'a'", "<error>"),
        (MY, "'a\\0\\'\\\"\\b\\n\\r\\t\\Z\\\\\\%\\_\\q\"'", "a\0'\"\u{8}\n\r\t\u{1a}\\\\%\\_q\""),
        (MY, "\"a'b\\\"c\"\"d\"", "a'b\"c\"d"),
        (MY_PLAIN, "'a\\''n'", "a\\'n"),
        (MY_PLAIN, "\"a\\\"\"n\"", "a\\\"n"),
        (MY_ANSI, "\"a\"", "<error>"),
        (MY, "'a' 'b'", "<error>"),
        (LITE, "'a''\\n'", "a'\\n"),
        (LITE, "unistr('a\\u000a\\\\b''')", "a\n\\b'"),
        (LITE, "replace(replace('a\\nb\\r','\\r',char(13)),'\\n',char(10))", "a\nb\r"),
        (LITE, "replace('a','b',random())", "<error>"),
        (LITE, "upper('a')", "<error>"),
        (LITE, "\"a\"", "<error>"),
    ] {
        assert_eq!(text_of(dialect, raw), wanted, "{dialect:?} {raw}");
    }
}

#[test]
fn nasty_42_values_without_quotes_and_with_prefixes() {
    for (dialect, raw, wanted) in [
        (PG, "-12.50", "-12.50"),
        (PG, "1e+10", "1e+10"),
        (PG, ".5", ".5"),
        (PG, "1.2.3", "<error>"),
        (PG, "12a", "<error>"),
        (PG, "- 5", "<error>"),
        (PG, "null", "<null>"),
        (PG, "NULL::text", "<null>"),
        (PG, "true", "t"),
        (PG, "FALSE", "f"),
        (MY, "TRUE", "1"),
        (PG, "B'0101'", "0101"),
        (PG, "B'0121'", "<error>"),
        (PG, "X'1f'", "00011111"),
        (MY, "X'4a4B'", "JK"),
        (MY, "x'4'", "<error>"),
        (MY, "0x4a4B", "JK"),
        (MY, "0x4", "<error>"),
        (MY, "0x", "<error>"),
        (PG, "0x4a", "<error>"),
        (LITE, "X'4A'", "J"),
        (MY, "_binary 'a'", "a"),
        (MY, "_binary 0x4A", "J"),
        (MY, "_utf8mb4'é'", "é"),
        (MY, "_latin1'a'", "a"),
        (MY, "_latin1'é'", "<error>"),
        (PG, "_utf8'a'", "<error>"),
        (PG, "'1'::character varying(10)", "1"),
        (PG, "'1'::public.\"T x\"[]::text", "1"),
        (PG, "'1'::timestamp(3) without time zone", "1"),
        (PG, "'1'::text || 'b'", "<error>"),
        (PG, "'1'::text OR true", "<error>"),
        (PG, "'1'::", "<error>"),
        (PG, "CAST( 'a' AS text)", "a"),
        (PG, "CAST(now() AS text)", "<error>"),
        (PG, "ARRAY['a']", "<error>"),
        (PG, "ROW('a')", "<error>"),
        (PG, "now()", "<error>"),
        (PG, "a", "<error>"),
        (PG, "", "<error>"),
        (MY, "ST_GeomFromText('POINT(1 1)')", "<error>"),
    ] {
        assert_eq!(text_of(dialect, raw), wanted, "{dialect:?} {raw}");
    }
}

#[test]
fn nasty_45_default_as_a_word_and_as_data() {
    assert!(value(PG, b"DEFAULT").unwrap_err().contains("DEFAULT"));
    assert_eq!(text_of(PG, "'DEFAULT'"), "DEFAULT");
    assert_eq!(text_of(PG, "'(now())'"), "(now())");
    assert_eq!(text_of(PG, "'NULL'"), "NULL");
}

/// Encodes one stand-in.
fn encoded(dialect: Dialect, raw: &str, standin: &str) -> String {
    let codec = InsertRows::new(&dialect, HEAD.as_bytes(), 1, 1 << 20);
    let mut out = Vec::new();
    match codec.encode(standin.as_bytes(), raw.as_bytes(), &mut out) {
        Ok(()) => String::from_utf8(out).unwrap(),
        Err(_) => "<error>".to_owned(),
    }
}

#[test]
fn stand_ins_take_the_form_of_the_original() {
    for (dialect, raw, standin, wanted) in [
        (PG, "'a'", "it's \\", "'it''s \\'"),
        (PG, "E'a'", "it's \\", "E'it''s \\\\'"),
        (PG_OLD, "'a'", "it's \\", "'it''s \\\\'"),
        (PG, "N'a'", "b", "N'b'"),
        (PG, "'a'::text", "b'", "'b'''::text"),
        (PG, "12", "13", "13"),
        (PG, "12", "-13.50", "-13.50"),
        (PG, "12", "013", "'013'"),
        (PG, "12", "1e5", "'1e5'"),
        (PG, "12", "abc", "'abc'"),
        (PG, "12", "", "''"),
        (PG, "-1::numeric(5,2)", "7", "7::numeric(5,2)"),
        (PG, "true", "f", "false"),
        (PG, "true", "1", "'1'"),
        (PG, "B'01'", "11", "B'11'"),
        (PG, "B'01'", "a", "<error>"),
        (PG, "'a'", "\0", "<error>"),
        (MY, "'a'", "it's\n\r\0\u{1a}\\\"", "'it\\'s\\n\\r\\0\\Z\\\\\"'"),
        (MY, "\"a\"", "it's \"", "\"it's \\\"\""),
        (MY_PLAIN, "'a'", "it's \\", "'it''s \\'"),
        (MY_PLAIN, "\"a\"", "\"", "\"\"\"\""),
        (MY_PLAIN, "'a'", "\0", "<error>"),
        (MY, "0x4A", "é", "0xC3A9"),
        (MY, "0x4a4b", "é", "0xc3a9"),
        (MY, "0x4A", "", "X''"),
        (MY, "X'4A'", "b", "X'62'"),
        (MY, "_binary 'a'", "b", "_binary 'b'"),
        (MY, "_latin1 'a'", "é", "<error>"),
        (LITE, "12", "1234567890123456789", "'1234567890123456789'"),
        (LITE, "replace('a','b','c')", "x\ny", "'x\ny'"),
    ] {
        assert_eq!(encoded(dialect, raw, standin), wanted, "{dialect:?} {raw}");
    }
    let codec = InsertRows::new(&PG, HEAD.as_bytes(), 1, 1 << 20);
    assert!(codec.encode(b"\xff", b"'a'", &mut Vec::new()).is_err());
    let binary = InsertRows::new(&MY, HEAD.as_bytes(), 1, 1 << 20);
    assert!(binary.encode(b"\xff", b"_binary 'a'", &mut Vec::new()).is_ok());
    assert!(binary.encode(b"\xff", b"'a'", &mut Vec::new()).is_err());
}

#[test]
fn what_needs_no_escape_is_told_byte_by_byte() {
    for length in 0..20 {
        for at in 0..length {
            for byte in 0..=255_u8 {
                let mut text = vec![b'a'; length];
                text[at] = byte;
                let plain = (0x20..0x80).contains(&byte) && byte != b'\'' && byte != b'\\';
                assert_eq!(super::escape::is_plain(&text), plain, "{byte} at {at} of {length}");
            }
        }
    }
}

#[test]
fn nasty_06_generated_columns_hold_default_and_shift_nothing() {
    let codec = InsertRows::new(&PG, b"INSERT INTO t VALUES ", 4, 1 << 20).with_generated(vec![1, 3]);
    let right = b"INSERT INTO t VALUES (1, DEFAULT, 'a', default), (2,DEFAULT,'b',DEFAULT);";
    let mut spans = Spans::default();
    codec.split(right, 0, 10, &[1], &mut spans).unwrap();
    let fields: Vec<&[u8]> = spans.fields.iter().map(|f| f.of(right)).collect();
    assert_eq!(fields, [&b"'a'"[..], b"'b'"]);
    assert_eq!(codec.count(right).unwrap().0, 2);
    let wrong = b"INSERT INTO t VALUES (1, DEFAULT, 'a', DEFAULT),\n(2, 'kanarie', 'b', DEFAULT);";
    let error = codec.count(wrong).unwrap_err();
    assert_eq!((error.location().row, error.location().line), (Some(2), Some(2)));
    assert!(codec.split(wrong, 0, 10, &[0], &mut Spans::default()).is_err());
    assert!(codec.split(right, 0, 10, &[2], &mut Spans::default()).is_err());
}

#[test]
fn heads() {
    let read = |dialect, text: &str| {
        announce(text.as_bytes(), &dialect).map(|a| a.map(|a| (a.name, a.columns, a.head)))
    };
    let s = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let head = |text: &str| text.rfind('(').unwrap();
    for (dialect, text, name, columns) in [
        (PG, "INSERT INTO public.t VALUES (", vec!["public", "t"], None),
        (
            PG,
            "insert  into\n\"T.x\"\"\" ( A , \"B\") overriding system value values\n\t(",
            vec!["T.x\""],
            Some(vec!["a", "B"]),
        ),
        (MY, "INSERT INTO `db`.`t` VALUES (", vec!["db", "t"], None),
        (MY, "REPLACE INTO T (`a``b`,C) VALUES (", vec!["T"], Some(vec!["a`b", "C"])),
        (MY, "INSERT IGNORE INTO t VALUES (", vec!["t"], None),
        (MY, "INSERT DELAYED IGNORE INTO t VALUES\r\n(", vec!["t"], None),
        (MY_ANSI, "INSERT LOW_PRIORITY INTO \"t\" VALUE (", vec!["t"], None),
        (LITE, "INSERT OR REPLACE INTO [a b] VALUES(", vec!["a b"], None),
        (LITE, "REPLACE INTO t VALUES(", vec!["t"], None),
    ] {
        let found = read(dialect, text).unwrap().unwrap();
        assert_eq!(found, (s(&name), columns.map(|c| s(&c)), head(text)), "{text}");
        for cut in 0..text.len() {
            assert_eq!(read(dialect, &text[..cut]).unwrap(), None, "{}", &text[..cut]);
        }
    }
    for (dialect, text) in [
        (PG, "INSERT INTO t SELECT 1;"),
        (PG, "INSERT INTO t (a) SELECT 1;"),
        (PG, "INSERT INTO t TABLE x;"),
        (PG, "INSERT INTO t DEFAULT VALUES;"),
        (PG, "INSERT INTO t AS x VALUES (1);"),
        (PG, "INSERT INTO t (a, b VALUES (1);"),
        (PG, "INSERT INTO t () VALUES (1);"),
        (PG, "INSERT INTO a.b.c VALUES (1);"),
        (PG, "INSERT INTO t OVERRIDING x VALUES (1);"),
        (PG, "INSERT INTO t -- (\n VALUES (1);"),
        (PG, "INSERT INTO U&\"t\" VALUES (1);"),
        (PG, "INSERT INTO `t` VALUES (1);"),
        (PG, "INSERT IGNORE INTO t VALUES (1);"),
        (PG, "INSERT INTO t VALUES\r(1);"),
        (PG, "REPLACE INTO t VALUES (1);"),
        (PG, "INSERT INTO \"\" VALUES (1);"),
        (MY, "INSERT INTO t SET a = 1;"),
        (MY, "INSERT INTO t PARTITION (p) VALUES (1);"),
        (MY, "INSERT INTO t VALUES ROW(1);"),
        (MY, "INSERT t VALUES (1);"),
        (LITE, "INSERT OR NOTHING INTO t VALUES (1);"),
    ] {
        assert!(read(dialect, text).is_err(), "{text}");
    }
    assert!(announce(b"INSERT INTO \xff VALUES (", &PG).is_err());
}

#[test]
fn nasty_58_a_long_row_is_scanned_once_and_bounded() {
    let mut region = Region::new(HEAD.as_bytes(), &PG, 2, 1000);
    let text = format!("{HEAD}('{}", "a".repeat(2000));
    assert_eq!(region.scan(&text.as_bytes()[..900], 0, false).unwrap().end, 0);
    assert!(region.scan(text.as_bytes(), 0, false).is_err());
    // Many rows of one statement are no long row.
    let text = format!("{HEAD}{}", "('a'),".repeat(5000));
    let reach = Region::new(HEAD.as_bytes(), &PG, 2, 1000).scan(text.as_bytes(), 0, false).unwrap();
    assert!(reach.inside && !reach.over && reach.end == text.len() - 1);
}

#[test]
fn calls_that_would_fill_the_memory_are_refused() {
    let many = "a".repeat(100);
    let call = (0..5).fold("'aaaa'".to_owned(), |inner, _| format!("replace({inner},'a','{many}')"));
    assert!(crate::format::insert::literal::read(Dialect::sqlite(), call.as_bytes()).is_none());
    let small = "replace(replace('a\\nb\\r','\\r',char(13)),'\\n',char(10))";
    assert!(crate::format::insert::literal::read(Dialect::sqlite(), small.as_bytes()).is_some());
}

#[test]
fn a_nul_byte_is_found_in_every_kind_of_tuple() {
    let long = "n".repeat(1500);
    for (dialect, plain) in [(MY, "'a'"), (LITE, "replace('a','b','c')"), (PG, "E'a'"), (PG, "'a'")] {
        let rows = format!(
            "{HEAD}(1,{plain}),(2,'{long}'),\n(3,{plain}) ,(4,{plain});\n{HEAD}(5,{plain}),(6,'b');\n"
        );
        let count =
            |text: &str| InsertRows::new(&dialect, HEAD.as_bytes(), 2, 1 << 20).count(text.as_bytes());
        assert_eq!(count(&rows).unwrap().0, 6);
        assert!(split(dialect, &rows, 2, &[1]).is_ok());
        let letters =
            rows.match_indices("'a'").chain(rows.match_indices("nnn")).chain(rows.match_indices("'b'"));
        for (at, _) in letters {
            let mut text = rows.clone();
            text.replace_range(at + 1..at + 2, "\0");
            assert!(count(&text).is_err(), "{plain} at {at}");
            assert!(split(dialect, &text, 2, &[1]).is_err(), "{plain} at {at}");
        }
    }
}
