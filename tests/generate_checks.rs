//! Constraints beyond keys against a real server: what `standin generate` makes of `fixtures/generate/checks.sql` loads with
//! all of them on. What cannot be met, or not be understood, ends with 3 before the first byte, and without a literal.

use super::support::run::{Ran, run, standin};
use super::support::{repository, server};

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
            "x integer NOT NULL, CONSTRAINT odd CHECK (x = abs(77001))",
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
    let schema = b"CREATE TABLE t (x integer NOT NULL, CONSTRAINT odd CHECK (x < abs(77001)));\n";
    let ran = generate(schema, &["--input-format", "pg_dump", "--allow-unchecked"]);
    assert!(
        ran.stderr.contains("not understood, so rows may break it: the CHECK `odd` of t"),
        "{}",
        ran.stderr
    );
    assert!(ran.text().contains("COPY"));
    ran.ok();
}
