//! Narrowing, in the words in which pg_dump prints CHECKs.

use super::*;
use crate::format::pg_dump::ddl::Catalog;
use crate::synth::schema::{Hints, Planned, plan};

fn tables(statements: &[&str]) -> Vec<Planned> {
    let mut catalog = Catalog::default();
    for statement in statements {
        catalog.apply(statement, 1).expect("understood");
    }
    plan(catalog.facts(), &Hints::default()).expect("resolved")
}

/// Narrows a table `t` of one column `x` of a type under CHECKs.
fn narrowed(ty: &str, checks: &[&str]) -> crate::error::Result<Narrowed> {
    let checks: String = checks.iter().map(|check| format!(", CHECK ({check})")).collect();
    let planned = tables(&[&format!("CREATE TABLE t (x {ty}, y {ty}, z text{checks});")]);
    narrow(&planned[0], 1_767_225_600)
}

fn domain(ty: &str, checks: &[&str]) -> Domain {
    let narrowed = narrowed(ty, checks).expect("possible");
    assert!(narrowed.unread.is_empty(), "{checks:?}");
    assert_eq!(narrowed.tests.len(), checks.len());
    narrowed.domains[0].clone()
}

fn bound(text: &str, own: bool) -> Option<(String, bool)> {
    Some((text.to_owned(), own))
}

fn list(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(ToString::to_string).collect())
}

#[test]
fn ranges() {
    let price = domain("numeric(10,2)", &["((x >= (0)::numeric) AND (x < (1000)::numeric))"]);
    assert_eq!((price.least, price.most), (bound("0", true), bound("1000", false)));
    // Whole numbers have a next one.
    let stock = domain("integer", &["(x > 0)", "(x < 100)", "x BETWEEN '-5'::integer AND 200"]);
    assert_eq!((stock.least, stock.most), (bound("1", true), bound("99", true)));
    let negative = domain("integer", &["(x >= '-5'::integer)", "((3 > x))"]);
    assert_eq!((negative.least, negative.most), (bound("-5", true), bound("2", true)));
    let day = domain("date", &["(x >= '2020-01-01'::date)", "(x <= CURRENT_DATE)"]);
    assert_eq!((day.least, day.most), (bound("2020-01-01", true), bound("2026-01-01", true)));
    let at = domain("timestamp with time zone", &["(x < now())"]);
    assert_eq!(at.most, bound("2026-01-01 00:00:00", false));
    let ahead = domain("date", &["(x > CURRENT_DATE)"]);
    assert!(ahead.least.is_some_and(|(day, _)| day.as_str() > "2080"));
    let float = domain("double precision", &["(x > (0)::double precision)"]);
    assert_eq!(float.least, bound("0", false));
}

#[test]
fn lists_and_alternatives() {
    let any = "((x)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))";
    assert_eq!(domain("character varying(20)", &[any]).one_of, list(&["a", "b"]));
    assert_eq!(domain("text", &["(x = ANY (ARRAY['a'::text, 'b'::text]))", "x <> 'a'"]).one_of, list(&["b"]));
    assert_eq!(domain("text", &["((x = 'a'::text) OR (x = 'b'::text))"]).one_of, list(&["a", "b"]));
    assert_eq!(domain("text", &["x IS NULL OR x IN ('a', 'b')"]).one_of, list(&["a", "b"]));
    assert_eq!(domain("boolean", &["x"]).one_of, list(&["t"]));
    assert_eq!(domain("boolean", &["(NOT x)"]).one_of, list(&["f"]));
    assert_eq!(domain("integer", &["((x IS NULL) OR (x > 0))"]).least, bound("1", true));
    // Alternatives that touch join, others stand side by side.
    let joined = domain("integer", &["((x >= 1 AND x < 5) OR (x >= 5 AND x < 9))"]);
    assert_eq!((joined.least, joined.most, joined.among.len()), (bound("1", true), bound("8", true), 0));
    let apart = domain("integer", &["((x < 0) OR (x > 100))", "x BETWEEN -50 AND 150"]);
    assert_eq!((apart.least, apart.most), (bound("-50", true), bound("150", true)));
    assert_eq!(apart.among.len(), 2);
    // What several alternatives say of one column counts, whatever they say of others.
    let kinds = "((z = 'p' AND x IS NOT NULL) OR (z = 'q' AND y > 5))";
    let narrowed = narrowed("integer", &[kinds]).expect("possible");
    assert_eq!(narrowed.domains[2].one_of, list(&["p", "q"]));
    assert!(narrowed.domains[0] == Domain::default() && narrowed.domains[1] == Domain::default());
}

#[test]
fn texts() {
    let short = domain("text", &["(char_length(x) <= 5)", "(length(x) > 1)"]);
    assert_eq!((short.min_chars, short.max_chars), (Some(2), Some(5)));
    assert_eq!(domain("text", &["(x <> ''::text)"]).min_chars, Some(1));
    assert_eq!(domain("text", &["(length(TRIM(BOTH FROM x)) > 0)"]).min_chars, Some(1));
    assert_eq!(domain("text", &["(x ~~ '%@%'::text)"]).pattern.as_deref(), Some(".*@.*"));
    assert_eq!(domain("text", &["(x ~ '^[A-Z]{3}$'::text)"]).pattern.as_deref(), Some("[A-Z]{3}"));
    let phone = r"((x)::text ~ E'^\\+?\\d{3,}$'::text)";
    assert_eq!(domain("character varying(15)", &[phone]).pattern.as_deref(), Some(r"\+?[0-9]{3,}"));
    assert_eq!(domain("text", &["(lower(x) = x)"]).case, Some(true));
    assert_eq!(domain("text", &["((x)::text = upper((x)::text))"]).case, Some(false));
}

#[test]
fn columns() {
    let narrowed = narrowed("date", &["(y > x)", "((y IS NULL) OR (x <= y))"]).expect("possible");
    assert_eq!(narrowed.domains[1].above, [(0, true), (0, false)]);
    assert_eq!(narrowed.tests[0].redraw, [0, 1]);
}

#[test]
fn what_a_check_requires_is_not_null() {
    let planned = tables(&["CREATE TABLE t (x integer, y integer, CHECK ((x IS NOT NULL) AND (y > 1)));"]);
    assert!(planned[0].columns[0].not_null && !planned[0].columns[1].not_null);
}

#[test]
fn what_leaves_nothing_is_refused_and_names_no_value() {
    for (ty, checks) in [
        ("integer", &["(x > 41)", "(x < 42)"][..]),
        ("text", &["x IN ('secret', 'hidden')", "x = 'third'"]),
        ("text", &["(x IS NULL)"]),
        ("character varying(3)", &["length(x) > 5"]),
        ("boolean", &["x", "(NOT x)"]),
    ] {
        let error = narrowed(&format!("{ty} NOT NULL"), checks).err().expect("impossible").to_string();
        assert!(error.contains("CHECK") && error.contains("`x`"), "{error}");
        assert!(!["41", "42", "secret", "third"].iter().any(|value| error.contains(value)), "{error}");
        let empty = narrowed(ty, checks).expect("NULL is left").empty;
        assert!(empty.contains(&0), "{checks:?}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let narrowed = narrowed("integer", &["(x = sqrt(y))"]).expect("possible");
    assert_eq!((narrowed.unread.len(), narrowed.tests.len()), (1, 0));
    assert_eq!(narrowed.unread[0].to_string(), "a CHECK on `x, y` of t");
}

#[test]
fn partitions_narrow_their_key() {
    let planned = tables(&[
        "CREATE TABLE e (at date NOT NULL, kind text NOT NULL) PARTITION BY RANGE (at);",
        "CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind);",
        "CREATE TABLE e1a PARTITION OF e1 FOR VALUES IN ('a', 'b');",
        "CREATE TABLE e2 PARTITION OF e FOR VALUES FROM ('2025-01-01') TO (MAXVALUE) PARTITION BY LIST (kind);",
        "CREATE TABLE e2a PARTITION OF e2 FOR VALUES IN ('c');",
    ]);
    let narrowed = narrow(&planned[0], 0).expect("possible");
    assert!(narrowed.unread.is_empty() && narrowed.tests.len() == 1);
    assert_eq!((&narrowed.domains[0].least, &narrowed.domains[0].most), (&bound("2024-01-01", true), &None));
    assert_eq!(narrowed.domains[1].one_of, list(&["a", "b", "c"]));
    let defaults = tables(&[
        "CREATE TABLE e (at date) PARTITION BY RANGE (at);",
        "CREATE TABLE e1 PARTITION OF e DEFAULT;",
    ]);
    assert!(narrow(&defaults[0], 0).expect("possible").tests.is_empty());
    let unclear = tables(&[
        "CREATE TABLE e (at date) PARTITION BY RANGE (date_trunc('day', at));",
        "CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
    ]);
    assert_eq!(narrow(&unclear[0], 0).expect("possible").unread.len(), 1);
}

#[test]
fn partial_indexes_and_exclusions_are_told_apart() {
    let planned = tables(&[
        "CREATE TABLE p (id integer PRIMARY KEY);",
        "CREATE TABLE t (id integer, p integer NOT NULL REFERENCES p, main boolean, slug text, during tsrange,
            EXCLUDE USING gist (p WITH =, during WITH &&), EXCLUDE USING gist (id WITH <>));",
        "CREATE UNIQUE INDEX one ON t (p) WHERE main;",
        "CREATE UNIQUE INDEX two ON t (lower(slug)) WHERE (main IS NULL);",
        "CREATE UNIQUE INDEX three ON t (p, COALESCE(id, 0));",
    ]);
    let t = &planned[1];
    assert_eq!(t.specials.len(), 1);
    assert_eq!((t.specials[0].name.as_str(), t.specials[0].columns.as_slice()), ("one", &[1][..]));
    assert_eq!(t.uniques, [("two".to_owned(), vec![3])]);
    assert_eq!((t.exclusions.len(), &t.exclusions[0].group), (1, &vec![1]));
    // An expression of columns none of which is free to be unique alone, and an operator that is not known.
    assert_eq!(t.unread.len(), 2);
}

#[test]
fn places_do_not_overlap() {
    use crate::synth::content::Distinct;
    let planned = tables(&["CREATE TABLE t (a tstzrange, b daterange, c integer);"]);
    let text = |of, side, at: usize, nth| {
        let mut out = Vec::new();
        slots::Slots::new(of, side, &planned[0].columns[at], 1000).write(nth, &mut out);
        String::from_utf8(out).expect("text")
    };
    use slots::{Of, Side};
    assert_eq!(
        text(Of::Moments(true), Side::Both, 0, 25),
        "[\"2024-01-02 01:00:00+00\",\"2024-01-02 01:45:00+00\")"
    );
    assert_eq!(text(Of::Days, Side::Both, 1, 1), "[2024-01-08,2024-01-14)");
    assert_eq!(text(Of::Numbers, Side::Start, 2, 3), "30");
    assert_eq!(text(Of::Numbers, Side::End, 2, 3), "38");
}
