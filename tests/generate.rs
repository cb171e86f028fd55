//! `generate` written in every format, loaded by the real programs with every constraint on; the same bytes for any number
//! of threads and any division into ranges.

use std::path::PathBuf;

use crate::support::run::{Ran, run, standin};
use crate::support::shop::folder;
use crate::support::{mariadb, repository, server, sqlite};

fn generate(schema: &str, args: &[&str]) -> Ran {
    let schema = repository("fixtures/generate").join(schema);
    run(standin().args(["generate", "--quiet", "--schema"]).arg(schema).args(args), b"")
}

const COUNTS: [&str; 4] = ["--count", "customers=2300", "--count", "orders=4100"];

fn with_counts<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&COUNTS[..], args].concat()
}

/// Returns the sums that a database of the shop must give: rows, and orders without a customer.
const FACTS: &str = "SELECT (SELECT count(*) FROM customers) * 1000000 + (SELECT count(*) FROM orders) \
                     + (SELECT count(*) FROM orders WHERE customer_id NOT IN (SELECT id FROM customers));";
const WANTED: i64 = 2_300_004_100;

#[test]
fn copy_and_inserts_load_into_postgresql() {
    let Some(server) = server::server() else { return };
    for format in ["pg_dump", "inserts"] {
        let sql = generate("shop.sql", &with_counts(&["--format", format])).ok();
        let database = server.database();
        database.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
        assert_eq!(database.number(FACTS), WANTED, "{format}");
        // Counters go on behind the rows, and the trigger is there.
        assert_eq!(database.number("SELECT nextval('orders_id_seq')"), 4101, "{format}");
        assert_eq!(database.number("SELECT count(*) FROM pg_trigger WHERE tgname = 'no_rows'"), 1);
        // A dump of it is a schema too, and its keys come behind the rows.
        let dump = database.dump(&[]);
        let schema = folder().join(format!("generated-{format}.sql"));
        std::fs::write(&schema, dump).expect("file is written");
        let again = run(
            standin().args(["generate", "-q", "--format", format, "--schema"]).arg(&schema).args(COUNTS),
            b"",
        )
        .ok();
        let text = String::from_utf8_lossy(&again).into_owned();
        let key = text.find("PRIMARY KEY").expect("a key");
        assert!(
            text.find("\tpublic.customers").or(text.find("\"customers\" (")).is_some_and(|rows| rows < key)
        );
        let second = server.database();
        second.psql(&["-v", "ON_ERROR_STOP=1"], &again).ok();
        assert_eq!(second.number(FACTS), WANTED, "{format} of a dump");
    }
}

#[test]
fn inserts_load_into_mariadb() {
    let Some(server) = mariadb::server() else { return };
    let sql = generate("shop_mysql.sql", &with_counts(&[])).ok();
    let database = server.database();
    database.load(&sql).ok();
    assert_eq!(database.number(FACTS), WANTED);
    assert_eq!(database.number("SELECT max(id) FROM orders"), 4100);
    let triggers = "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = database()";
    assert_eq!(database.number(triggers), 1);
}

#[test]
fn inserts_load_into_sqlite() {
    let Some(database) = sqlite::database() else { return };
    let sql = generate("shop_sqlite.sql", &with_counts(&[])).ok();
    database.load(&sql).ok();
    assert_eq!(database.number(FACTS), WANTED);
    assert_eq!(database.number("SELECT count(*) FROM pragma_foreign_key_check;"), 0);
    assert_eq!(database.number("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger';"), 1);
}

#[test]
fn values_of_every_type_are_read_by_their_servers() {
    let rows = ["--rows", "300"];
    if let Some(server) = server::server() {
        for format in ["pg_dump", "inserts"] {
            let sql = generate("types.sql", &[&rows[..], &["--format", format]].concat()).ok();
            let database = server.database();
            database.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
            assert_eq!(database.number("SELECT count(*) FROM \"Odd Table\""), 300, "{format}");
            let numbers = "SELECT count(*) FROM iban_holder WHERE iban !~ '^NL[0-9]{2}FAKE[0-9]{10} *$' OR phone !~ '^[+]31[0-9]{9}$'";
            assert_eq!(database.number(numbers), 0, "{format}: accounts and telephone numbers");
        }
    }
    if let Some(server) = mariadb::server() {
        let database = server.database();
        database.load(&generate("types_mysql.sql", &rows).ok()).ok();
        assert!(
            database.number("SELECT count(*) FROM klanten WHERE voorkeuren <> '' AND json_valid(doc)") > 100
        );
    }
    if let Some(database) = sqlite::database() {
        database.load(&generate("types_sqlite.sql", &rows).ok()).ok();
        assert_eq!(database.number("SELECT count(*) FROM klant WHERE datetime(gemaakt) IS NULL;"), 0);
    }
}

#[test]
fn threads_and_ranges_change_no_byte() {
    for (schema, format) in [
        ("shop.sql", "pg_dump"),
        ("shop.sql", "inserts"),
        ("shop_mysql.sql", "mysql"),
        ("shop_sqlite.sql", "sqlite"),
    ] {
        let one = generate(schema, &with_counts(&["--format", format, "-j1"])).ok();
        let four = generate(schema, &with_counts(&["--format", format, "-j4"])).ok();
        assert!(one == four, "{format}: -j1 and -j4 differ");
    }
    for format in ["csv", "tsv", "jsonl"] {
        let rows = |range: &[&str]| {
            generate("shop.sql", &with_counts(&[&["--format", format, "--only", "orders"], range].concat()))
                .ok()
        };
        let whole = rows(&[]);
        let parts = ["0..1000", "1000..1001", "1001..4100"].map(|range| rows(&["--range", range])).concat();
        assert!(whole == parts, "{format}: ranges are not the whole");
        let header = usize::from(format != "jsonl");
        assert_eq!(String::from_utf8_lossy(&whole).lines().count(), 4100 + header, "{format}");
    }
}

#[test]
fn tables_of_files_make_a_folder() {
    let path: PathBuf = folder().join("generated-csv");
    let _ = std::fs::remove_dir_all(&path);
    let refused = generate("shop.sql", &with_counts(&["--format", "csv"]));
    assert_eq!(refused.code(), 2, "{}", refused.stderr);
    assert!(refused.stdout.is_empty() && refused.stderr.contains("--only"), "{}", refused.stderr);
    let output = path.to_str().expect("a path of UTF-8");
    generate("shop.sql", &with_counts(&["--format", "csv", "-o", output])).ok();
    let alone = generate("shop.sql", &with_counts(&["--format", "csv", "--only", "customers"])).ok();
    assert!(std::fs::read(path.join("customers.csv")).expect("a file") == alone);
    let orders = std::fs::read_to_string(path.join("orders.csv")).expect("a file");
    assert!(orders.starts_with("id,customer_id,total,remark\n1,"), "the header");
    // What is there is not written over.
    assert_eq!(generate("shop.sql", &with_counts(&["--format", "csv", "-o", output])).code(), 4);
}

#[test]
fn the_webshop_of_nobody_loads_with_every_constraint_on() {
    let Some(server) = server::server() else { return };
    let out = folder().join("webshop-generated.sql");
    let schema = repository("fixtures/webshop/dump.sql");
    let made = run(
        standin()
            .arg("generate")
            .arg("--schema")
            .arg(&schema)
            .arg("-o")
            .arg(&out)
            .args(["--verify", "--count"])
            .arg("public.customers=700"),
        b"",
    );
    assert_eq!(made.code(), 0, "{}", made.stderr);
    assert!(made.stderr.contains("0 constraints broken"), "{}", made.stderr);
    let sql = std::fs::read(&out).expect("is there");
    // Nothing of the source: what its rows held is searched for.
    let canaries = std::fs::read_to_string(repository("fixtures/webshop/canaries.txt")).expect("is there");
    let text = String::from_utf8_lossy(&sql);
    let rows = text.split("FROM stdin;").skip(1).collect::<String>();
    assert!(canaries.lines().filter(|line| line.len() > 5).all(|canary| !rows.contains(canary)));
    let database = server.database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
    assert_eq!(
        database.number("SELECT count(*) FROM public.customers"),
        700 + database.number("SELECT count(*) FROM ONLY public.customers_closed")
    );
    assert_eq!(
        database.number(
            "SELECT count(*) FROM orders o JOIN ONLY customers c ON c.id = o.customer_id WHERE o.email <> c.email"
        ),
        0
    );
}

#[test]
fn a_profile_says_what_columns_hold_and_how_many_rows_there_are() {
    let place = folder().join("generate-profile");
    std::fs::create_dir_all(&place).expect("folder is made");
    let profile = "version: 1\nlocale: nl_NL\nentities:\n  person:\n    subject: id\n    id: {pseudonym: integer}\n    first_name: {fake: first_name}\n\
                   tables:\n  customers:\n    count: 40\n    columns:\n      id: person.id\n      first_name: person.first_name\n\
                   \x20 orders:\n    count: {per: customers, between: [1, 3], mean: 2}\n    columns:\n      customer_id: person.id\n      remark: {pick: [goed, beter]}\n";
    std::fs::write(place.join("shop.yaml"), profile).expect("is written");
    let path = place.join("shop.yaml");
    let path = path.to_str().expect("a path");
    let made = generate("shop.sql", &["-p", path, "--only", "orders", "--format", "csv"]).text();
    let mut orders = std::collections::BTreeMap::new();
    for line in made.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        assert!(["goed", "beter"].contains(&cells[3]), "{line}");
        *orders.entry(cells[1].to_owned()).or_insert(0) += 1;
    }
    assert_eq!((orders.len(), orders.values().sum::<i32>()), (40, 80));
    assert!(orders.values().all(|n| (1..=3).contains(n)));
    let again = generate("shop.sql", &["-p", path, "--only", "orders", "--format", "csv", "-j", "3"]).text();
    assert_eq!(made, again);
}

/// Returns the cells of a table of the webshop's schema.
fn webshop(table: &str) -> Vec<Vec<String>> {
    let dump = repository("fixtures/webshop/dump.sql");
    let made = run(
        standin()
            .args(["generate", "-q", "--rows", "200", "--format", "tsv", "--only", table, "--schema"])
            .arg(dump),
        b"",
    )
    .ok();
    let text = String::from_utf8_lossy(&made);
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Returns a column of them.
fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|column| column == name).unwrap_or(usize::MAX);
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn the_first_try_reads_as_a_shop_does() {
    // The unique address of a subscription is that of whom its key names, though a CHECK asks for no more than an `@`.
    let subscriptions = webshop("public.newsletter");
    for (mail, name) in column(&subscriptions, "email").iter().zip(column(&subscriptions, "first_name")) {
        let first = name.chars().next().unwrap_or(' ').to_ascii_lowercase();
        assert!(
            mail.ends_with("@example.org") && (!first.is_ascii() || mail.starts_with(first)),
            "{mail} {name}"
        );
    }
    let additions = column(&webshop("public.addresses"), "addition");
    assert!(additions.iter().all(|addition| addition.len() <= 5), "additions to house numbers");
    assert!(
        column(&webshop("public.sessions"), "agent").iter().all(|agent| agent.len() > 30 || agent == "\\N")
    );
    let mut sales = column(&webshop("public.products"), "on_sale");
    sales.sort();
    sales.dedup();
    assert!(sales.len() > 20, "ranges differ");
}

#[test]
fn a_profile_says_how_values_are_spread_and_what_is_popular() {
    let place = folder().join("generate-spread");
    std::fs::create_dir_all(&place).expect("folder is made");
    let profile = "version: 1\ntables:\n  customers:\n    columns:\n      born: {between: 1950-01-01..1959-12-31}\n\
                   \x20 orders:\n    popularity: {customer_id: 1.1}\n    columns:\n      total: {lognormal: 40, sigma: 0.8, within: 1..5000}\n\
                   \x20     remark: {zipf: [fine, good, poor]}\n";
    std::fs::write(place.join("shop.yaml"), profile).expect("is written");
    let path = place.join("shop.yaml");
    let path = path.to_str().expect("a path");
    let args =
        ["-p", path, "--count", "customers=100", "--count", "orders=5000", "--format", "csv", "--only"];
    let rows =
        |table: &str, more: &[&str]| generate("shop.sql", &[&args[..], &[table], more].concat()).text();
    let born = rows("customers", &[]);
    assert!(
        born.lines()
            .skip(1)
            .all(|line| line.split(',').next_back().is_some_and(|day| day.starts_with("195")))
    );
    let orders = rows("orders", &[]);
    let (mut totals, mut by, mut remarks) = (Vec::new(), std::collections::BTreeMap::new(), [0; 2]);
    for line in orders.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        totals.push(cells[2].parse::<f64>().expect("a number"));
        *by.entry(cells[1].to_owned()).or_insert(0_u32) += 1;
        remarks[usize::from(cells[3] != "fine")] += 1;
    }
    totals.sort_by(f64::total_cmp);
    assert!((37.0..43.0).contains(&totals[2500]) && totals[0] >= 1.0 && totals[4999] <= 5000.0);
    // Harmonic number of 100 to 1.1: the first has a quarter.
    assert!(by.values().max().is_some_and(|most| (1100..1300).contains(most)), "{:?}", by.values().max());
    assert!(remarks[0] > 2600 && remarks[1] > 2100, "{remarks:?}");
    // Any part alone is the same.
    let parts = ["0..1777", "1777..5000"].map(|range| rows("orders", &["--range", range])).concat();
    assert_eq!(orders, parts);
    // A column that points nowhere is popular with nobody.
    std::fs::write(place.join("shop.yaml"), "version: 1\ntables:\n  orders:\n    popularity: {remark: 1}\n")
        .expect("is written");
    let refused = generate("shop.sql", &args[..2]);
    assert_eq!(refused.code(), 3, "{}", refused.stderr);
    assert!(refused.stderr.contains("no column of a foreign key") && refused.stdout.is_empty());
}
