//! Constraints beyond keys against a real server: what `standin generate` makes of `fixtures/generate/checks.sql` loads with
//! all of them on. What cannot be met, or not be understood, ends with 3 before the first byte, and without a literal.

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
