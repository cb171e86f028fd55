//! Constraints beyond keys against a real server: what `standin generate` makes of `fixtures/generate/checks.sql` loads with
//! all of them on. What cannot be met, or not be understood, ends with 3 before the first byte, and without a literal.

use std::fmt::Write as _;

use super::support::run::{Ran, run, standin};
use super::support::{mariadb, repository, server, sqlite};

fn generate(schema: &[u8], args: &[&str]) -> Ran {
    run(standin().args(["generate", "--schema", "-"]).args(args), schema)
}

fn fixture() -> String {
    std::fs::read_to_string(repository("fixtures/generate/checks.sql")).expect("fixture")
}

#[test]
fn all_constraints_hold_in_a_real_server() {
    let Some(server) = server::server() else { return };
    let schema = fixture();
    let args = [
        "--count",
        "customers=500",
        "--count",
        "bookings=400",
        "--count",
        "events=400",
        "--count",
        "products=600",
    ];
    let made = generate(schema.as_bytes(), &args);
    assert!(made.stderr.contains("triggers not honoured: 1"), "{}", made.stderr);
    let made = made.ok();
    let database = server.database();
    let gist = database.number("SELECT count(*) FROM pg_available_extensions WHERE name = 'btree_gist'") > 0;
    let text = String::from_utf8(made).expect("text");
    // A server without that extension has no operator for the groups.
    let text: String = if gist {
        text
    } else {
        let group = |line: &&str| !line.contains("btree_gist") && !line.contains("EXCLUDE USING");
        text.lines().filter(group).map(|line| format!("{line}\n")).collect()
    };
    database.psql(&["-v", "ON_ERROR_STOP=1"], text.as_bytes()).ok();
    assert_eq!(database.number("SELECT count(*) FROM customers"), 500);
    assert_eq!(
        database.number("SELECT count(*) FROM events_2022")
            + database.number("SELECT count(*) FROM events_2024"),
        400
    );
    assert!(database.number("SELECT count(*) FROM events_2022") > 50, "one partition gets all rows");
    let overlapping = "SELECT count(*) FROM bookings a JOIN bookings b ON a.id < b.id AND a.room_id = b.room_id AND a.during && b.during";
    assert_eq!(database.number(overlapping), 0);
    assert!(database.number("SELECT count(*) FROM products WHERE odd < 0") > 50);
    assert!(database.number("SELECT count(*) FROM addresses WHERE is_default") > 0);
    assert!(
        database.number("SELECT count(*) FROM addresses") > database.number("SELECT count(*) FROM customers")
    );
    // The same bytes for any number of threads.
    let one = generate(schema.as_bytes(), &[&args[..], &["-j", "1"]].concat()).ok();
    let two = generate(schema.as_bytes(), &[&args[..], &["-j", "2"]].concat()).ok();
    assert!(one == two);
}

#[test]
fn what_cannot_be_met_ends_before_the_first_byte() {
    for (columns, wanted) in [
        (
            "x integer NOT NULL, CONSTRAINT odd CHECK (x > 77001 AND x < 77002)",
            "the CHECK `odd` of t leaves `x` no value",
        ),
        (
            "x text NOT NULL, CONSTRAINT odd CHECK (x IN ('hid77001') AND x <> 'hid77001')",
            "the CHECK `odd` of t leaves `x` no value",
        ),
        (
            "x integer NOT NULL, y integer NOT NULL, CONSTRAINT odd CHECK (x = y + 77001 AND y = x + 77001)",
            "the CHECK `odd` of t does not hold for row 1",
        ),
        (
            "x integer NOT NULL, CONSTRAINT odd CHECK (x = sqrt(77001))",
            "not understood, so rows could break it: the CHECK `odd` of t",
        ),
    ] {
        let ran =
            generate(format!("CREATE TABLE t ({columns});\n").as_bytes(), &["--input-format", "pg_dump"]);
        assert_eq!(ran.code(), 3, "{columns}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "{columns}");
        assert!(ran.stderr.contains(wanted), "{columns}: {}", ran.stderr);
        assert!(!ran.stderr.contains("77001"), "{}", ran.stderr);
    }
}

#[test]
fn a_constraint_that_is_not_understood_may_be_left_to_luck() {
    let schema = b"CREATE TABLE t (x integer NOT NULL, CONSTRAINT odd CHECK (x < sqrt(77001)));\n";
    let ran = generate(schema, &["--input-format", "pg_dump", "--allow-unchecked"]);
    assert!(
        ran.stderr.contains("not understood, so rows may break it: the CHECK `odd` of t"),
        "{}",
        ran.stderr
    );
    assert!(ran.text().contains("COPY"));
    ran.ok();
}

#[test]
fn sums_and_products_of_decimals_hold_in_postgresql() {
    let Some(server) = server::server() else { return };
    let schema = "CREATE TABLE lines (id integer PRIMARY KEY, price numeric(8,2) NOT NULL, quantity integer NOT NULL,\n\
        off numeric(8,2) NOT NULL, total numeric(14,2) NOT NULL, net numeric(10,2) NOT NULL, vat numeric(10,2) NOT NULL,\n\
        gross numeric(12,2), rest numeric,\n\
        CONSTRAINT total CHECK (total = price * quantity::numeric - off), CONSTRAINT gross CHECK (net + vat = gross),\n\
        CONSTRAINT vat CHECK (vat = round(net * 0.21, 2)), CONSTRAINT more CHECK (total > 0.5 * price),\n\
        CONSTRAINT near CHECK (abs(rest - 0.125 * net) < 0.01), CONSTRAINT rest CHECK (rest = 0.125 * net));\n";
    let made = generate(schema.as_bytes(), &["--input-format", "pg_dump", "--count", "lines=300"]).ok();
    let database = server.database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], &made).ok();
    let right = "SELECT count(*) FROM lines WHERE total = price * quantity - off AND net + vat = gross";
    assert!(database.number(right) > 200, "most rows have all of it");
    assert_eq!(database.number("SELECT count(*) FROM lines"), 300);
}

#[test]
fn what_people_check_in_mariadb_holds_there() {
    let Some(server) = mariadb::server() else { return };
    let schema = "CREATE TABLE `bills` (\n\
        `id` int NOT NULL AUTO_INCREMENT,\n  `email` varchar(100) NOT NULL,\n  `code` varchar(12) NOT NULL,\n\
        `state` varchar(10) NOT NULL,\n  `gender` varchar(10) NOT NULL,\n  `low` int NOT NULL,\n  `high` int NOT NULL,\n\
        `starts` date NOT NULL,\n  `ends` date NOT NULL,\n  `net` decimal(10,2) NOT NULL,\n  `vat` decimal(10,2) NOT NULL,\n\
        `gross` decimal(12,2) NOT NULL,\n  `nick` varchar(20) NOT NULL,\n  PRIMARY KEY (`id`),\n\
        CONSTRAINT `a` CHECK (`email` like '%@%' and lower(`email`) = `email`),\n\
        CONSTRAINT `b` CHECK (`code` regexp '^[A-Z]{2}-[0-9]{4}$'),\n\
        CONSTRAINT `c` CHECK (`state` in ('open','it''s paid')),\n\
        CONSTRAINT `d` CHECK (`gender` in ('male','female')),\n\
        CONSTRAINT `e` CHECK (`low` <= `high` and `high` < 5000),\n\
        CONSTRAINT `f` CHECK (`ends` >= `starts` and `starts` >= '2021-01-01'),\n\
        CONSTRAINT `g` CHECK (`net` + `vat` = `gross`),\n\
        CONSTRAINT `h` CHECK (char_length(`nick`) between 3 and 20 and trim(`nick`) <> '' and `nick` not like '%  %')\n\
        ) ENGINE=InnoDB;\n";
    let made = generate(schema.as_bytes(), &["--input-format", "mysql", "--count", "bills=300"]).ok();
    let database = server.database();
    database.load(&made).ok();
    assert_eq!(database.number("SELECT count(*) FROM bills WHERE net + vat = gross AND low <= high"), 300);
    assert!(database.number("SELECT count(*) FROM bills WHERE state = 'open'") > 50);
    assert!(database.number("SELECT count(*) FROM bills WHERE gender = 'female'") > 50);
}

#[test]
fn what_people_check_in_sqlite_holds_there() {
    let Some(database) = sqlite::database() else { return };
    let schema = "CREATE TABLE items (id INTEGER PRIMARY KEY, code TEXT NOT NULL CHECK (code GLOB '[A-Z][A-Z]-[0-9][0-9]*'),\n\
        zip TEXT NOT NULL CHECK (length(zip) = 5 AND zip NOT GLOB '*[^0-9]*'), kind TEXT CHECK (kind IN ('a', 'b')),\n\
        cents INTEGER NOT NULL CHECK (typeof(cents) = 'integer'), count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 9),\n\
        total INTEGER NOT NULL, low INTEGER, high INTEGER, mail TEXT NOT NULL CHECK (mail LIKE '%@%'),\n\
        CHECK (total = cents * count), CHECK (low <= high));\n";
    let made = generate(schema.as_bytes(), &["--input-format", "sqlite", "--count", "items=300"]).ok();
    database.load(&made).ok();
    assert_eq!(database.number("SELECT count(*) FROM items WHERE total = cents * count;"), 300);
    assert!(database.number("SELECT count(DISTINCT zip) FROM items;") > 200);
}

#[test]
fn where_case_does_not_count_a_check_may_mean_less() {
    for check in ["x <> 'hid77001'", "x NOT IN ('hid77001')", "x >= 'hid77001'", "NOT (x = 'hid77001')"] {
        let schema = format!("CREATE TABLE t (x varchar(20) NOT NULL, CONSTRAINT odd CHECK ({check}));\n");
        let ran = generate(schema.as_bytes(), &["--input-format", "mysql"]);
        assert_eq!(ran.code(), 3, "{check}: {}", ran.stderr);
        assert!(ran.stderr.contains("not understood") && !ran.stderr.contains("77001"), "{}", ran.stderr);
    }
}

/// CHECKs as real schemas have them, and as pg_dump writes them; columns, then the CHECK.
const REAL: &[(&str, &str)] = &[
    ("x numeric(10,2) NOT NULL, y numeric(10,2) NOT NULL", "x / y < 2"),
    ("x numeric(10,2) NOT NULL, y numeric(10,2) NOT NULL", "y > 0 AND (x / y) <= 1.5"),
    ("x double precision NOT NULL, y double precision NOT NULL", "y <> 0 AND x / y < 2"),
    ("x double precision NOT NULL, y double precision NOT NULL", "x + y <= 100"),
    ("x real NOT NULL", "x * 2 < 100"),
    ("net numeric(10,2) NOT NULL, gross numeric(10,2) NOT NULL", "net = round(gross / 1.21, 2)"),
    ("k text NOT NULL, v integer", "CASE WHEN k = 'a' THEN v > 5 ELSE v IS NULL END"),
    (
        "k text NOT NULL, v integer",
        "CASE k WHEN 'a'::text THEN (v > 5) WHEN 'b'::text THEN (v < 3) ELSE (v IS NULL) END",
    ),
    (
        "k text NOT NULL, v integer",
        "CASE k WHEN 'a'::text THEN (v > 5) WHEN 'b'::text THEN (v < 3) ELSE false END",
    ),
    ("a integer, b integer", "COALESCE(a, 0) + COALESCE(b, 0) > 0"),
    ("j jsonb NOT NULL", "jsonb_typeof(j) = 'object'::text"),
    ("j jsonb NOT NULL", "jsonb_typeof(j) = 'array'::text"),
    ("j json NOT NULL", "json_typeof(j) = 'object'::text"),
    ("j jsonb NOT NULL", "j ? 'name'::text"),
    ("j jsonb NOT NULL", "(j -> 'name'::text) IS NOT NULL"),
    ("j jsonb NOT NULL", "(j ->> 'kind'::text) = 'a'::text"),
    ("j jsonb NOT NULL", "(j ->> 'kind'::text) = ANY (ARRAY['a'::text, 'b'::text])"),
    ("j jsonb NOT NULL", "jsonb_typeof(j -> 'tags'::text) = 'array'::text"),
    ("j jsonb NOT NULL", "jsonb_typeof(j) = 'object'::text AND (j ? 'name'::text) AND (j ? 'kind'::text)"),
    ("j jsonb NOT NULL", "jsonb_array_length(j) > 0"),
    ("a integer[] NOT NULL", "array_length(a, 1) > 0"),
    ("a text[] NOT NULL", "cardinality(a) BETWEEN 1 AND 3"),
    ("a text[] NOT NULL", "cardinality(a) > 0"),
    ("a text[] NOT NULL", "array_length(a, 1) = 7"),
    ("x text NOT NULL", "x ~* '^[a-z]{2}$'::text"),
    ("x text NOT NULL", "x !~ '[^a-z]'::text"),
    ("x text NOT NULL", "x !~* '[^a-z ]'::text"),
    ("a integer, b integer", "num_nonnulls(a, b) = 1"),
    ("a integer, b integer, c text", "num_nulls(a, b, c) = 2"),
    ("a integer, b integer", "(a IS NULL) = (b IS NULL)"),
    (
        "a integer, b integer, c integer",
        "((a IS NOT NULL)::integer + (b IS NOT NULL)::integer + (c IS NOT NULL)::integer) = 1",
    ),
    ("d date NOT NULL", "EXTRACT(year FROM d) BETWEEN 2000 AND 2010"),
    (
        "d date NOT NULL",
        "(EXTRACT(year FROM d) >= (2000)::numeric) AND (EXTRACT(year FROM d) <= (2010)::numeric)",
    ),
    ("d date NOT NULL", "date_part('year'::text, d) <= (2015)::double precision"),
    ("d date NOT NULL", "EXTRACT(dow FROM d) = (1)::numeric"),
    ("d date NOT NULL", "EXTRACT(isodow FROM d) < (6)::numeric"),
    ("d date NOT NULL", "EXTRACT(day FROM d) = (1)::numeric"),
    ("d timestamp NOT NULL", "EXTRACT(hour FROM d) >= (8)::numeric"),
    ("d date NOT NULL", "d = date_trunc('month'::text, (d)::timestamp with time zone)"),
    ("x text NOT NULL", "char_length(x) >= 3 AND char_length(x) <= 9"),
    ("x text NOT NULL", "octet_length(x) < 9"),
    ("email text NOT NULL", "lower(email) = email"),
    ("x text NOT NULL", "btrim(x) <> ''::text"),
    ("x text NOT NULL", "starts_with(x, 'AB'::text)"),
    ("email text NOT NULL", "POSITION(('@'::text) IN (email)) > 1"),
    ("x text NOT NULL", "POSITION(('@'::text) IN (x)) > 1"),
    ("email text NOT NULL", "strpos(email, '@'::text) > 0"),
    ("x text NOT NULL", "left(x, 1) = 'A'"),
    ("x text NOT NULL", "\"left\"(x, 2) = 'AB'::text"),
    ("x text NOT NULL", "substr(x, 1, 2) = 'AB'::text"),
    ("x text NOT NULL", "\"substring\"(x, 1, 1) = 'A'::text"),
    ("x text NOT NULL", "SUBSTRING(x FROM 1 FOR 2) = 'AB'::text"),
    ("x text NOT NULL", "x ~ similar_to_escape('[A-Z]{2}'::text)"),
    ("x text NOT NULL", "x SIMILAR TO '[A-Z]{2}[0-9]+'"),
    ("a integer NOT NULL", "mod(a, 5) = 0"),
    ("a integer NOT NULL, b integer NOT NULL", "a = GREATEST(a, b)"),
    ("a integer NOT NULL, b integer NOT NULL", "LEAST(a, b) >= 0"),
    ("t time NOT NULL, u time NOT NULL", "u > t"),
    ("t time NOT NULL", "t >= '08:00:00'::time without time zone"),
    ("t time NOT NULL, u time NOT NULL", "(u - t) >= '01:00:00'::interval"),
    ("x numeric NOT NULL", "floor(x) = x"),
    ("x numeric NOT NULL", "trunc(x, 2) = x"),
    ("a integer, b text", "num_nonnulls(a, b) > 0"),
];

#[test]
fn what_people_check_in_postgresql_holds_there() {
    let mut schema = String::new();
    for (at, (columns, check)) in REAL.iter().enumerate() {
        writeln!(
            schema,
            "CREATE TABLE t{at} (id integer PRIMARY KEY, {columns}, CONSTRAINT c CHECK ({check}));"
        )
        .expect("memory");
    }
    let made = generate(schema.as_bytes(), &["--input-format", "pg_dump", "--rows", "120"]);
    assert!(!made.stderr.contains("not understood"), "{}", made.stderr);
    let made = made.ok();
    let Some(server) = server::server() else { return };
    let database = server.database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], &made).ok();
    for (at, (columns, check)) in REAL.iter().enumerate() {
        let held = format!("SELECT count(*) FROM t{at} WHERE coalesce(({check}), true)");
        assert_eq!(database.number(&held), 120, "{columns}: {check}");
    }
}

/// What a setting of the server decides is not understood, and what no row can hold is named.
#[test]
fn what_is_not_sure_stays_refused() {
    for (columns, check, wanted) in [
        ("d timestamptz NOT NULL", "EXTRACT(hour FROM d) >= 8", "not understood"),
        ("d timestamptz NOT NULL", "d = date_trunc('month', d)", "not understood"),
        ("x real NOT NULL, y real NOT NULL", "x * y < 77001", "not understood"),
        ("j jsonb NOT NULL", "j @> '{\"hid77001\": 1}'", "not understood"),
        ("j jsonb NOT NULL", "j ? 'hid77001' AND jsonb_typeof(j) = 'array'", "leave no value"),
        ("x text NOT NULL", "CASE WHEN x > sqrt(77001)::text THEN true ELSE false END", "not understood"),
    ] {
        let schema = format!("CREATE TABLE t ({columns}, CONSTRAINT odd CHECK ({check}));\n");
        let ran = generate(schema.as_bytes(), &["--input-format", "pg_dump"]);
        assert_eq!(ran.code(), 3, "{check}: {}", ran.stderr);
        assert!(ran.stderr.contains(wanted) && !ran.stderr.contains("77001"), "{check}: {}", ran.stderr);
    }
}
