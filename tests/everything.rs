//! Every technique and every kind of value, in one profile (`fixtures/everything`), on one dump of invented rows, loaded into
//! PostgreSQL and MariaDB with every constraint on. What came out is looked at: nothing of what went in is left where a rule
//! says so, joins hold, uniqueness holds, people agree with themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use standin::mask::TECHNIQUES;
use standin::mask::fake::KINDS;

use crate::support::repository;
use crate::support::run::{run, standin};
use crate::support::shop::{file, key};
use crate::support::{mariadb, server};

/// Rows of each table.
const ROWS: usize = 40;

/// The tables, in SQL of both servers; `{…}` are types that they call differently.
const SCHEMA: &str = "CREATE TABLE people (
    id integer PRIMARY KEY, gender char(1) CHECK (gender IN ('m', 'f')), title varchar(20), initials varchar(10),
    first_name varchar(40) NOT NULL, particle varchar(20), last_name varchar(60) NOT NULL, full_name varchar(100) NOT NULL,
    birth_date date CHECK (birth_date > '1900-01-01'), email varchar(40) UNIQUE, username varchar(24) UNIQUE,
    phone varchar(20), mobile varchar(20), street varchar(60), house_number integer CHECK (house_number > 0),
    house_addition varchar(10), postcode char(7), city varchar(40), region varchar(40), country varchar(40),
    address varchar(120), latitude numeric(8, 5) CHECK (latitude BETWEEN -90 AND 90), longitude numeric(8, 5),
    company varchar(80), job varchar(60), photo text, user_agent varchar(200), password_hash varchar(80));
CREATE TABLE papers (
    person_id integer NOT NULL REFERENCES people (id), bsn varchar(9), onderwijsnummer varchar(9), kvk varchar(8),
    vat varchar(20), passport varchar(9), id_card varchar(9), driving_licence varchar(10), licence_plate varchar(8),
    health_insurance_no varchar(20), national_id varchar(20), ssn varchar(15), nino varchar(13), card varchar(19), bic varchar(11), iban varchar(34), ip {inet},
    ipv6 {inet}, mac varchar(17), domain varchar(60), url varchar(120), uid {uuid}, sentence varchar(100), paragraph varchar(200),
    product varchar(40));
CREATE TABLE codes (
    id integer PRIMARY KEY, digits varchar(12) UNIQUE, alphanumeric varchar(12) UNIQUE, words varchar(30) UNIQUE, uid {uuid} UNIQUE,
    hexed varchar(16) UNIQUE, bsn integer UNIQUE, onderwijsnummer varchar(9) UNIQUE, kvk varchar(8) UNIQUE, vat varchar(20) UNIQUE,
    rijksregister varchar(11) UNIQUE, steuer_id varchar(11) UNIQUE, kvnr varchar(10) UNIQUE, nir varchar(15) UNIQUE, nino varchar(9) UNIQUE,
    ssn varchar(11) UNIQUE, nhs varchar(10) UNIQUE, iban varchar(34) UNIQUE, card varchar(19) UNIQUE, phone varchar(20) UNIQUE,
    postcode varchar(7) UNIQUE, plate varchar(10) UNIQUE, ip {inet} UNIQUE, day date UNIQUE CHECK (day < '2026-01-01'),
    grade char(1) CHECK (grade IN ('A', 'B', 'C', 'D')), token varchar(64));
CREATE TABLE figures (
    id integer PRIMARY KEY, born date, seen_at timestamp NULL, age integer CHECK (age BETWEEN 0 AND 120), income integer, area varchar(7),
    blood varchar(10), network {inet}, place numeric(8, 5), salary numeric(10, 2) CHECK (salary >= 0), weight numeric(6, 1),
    visited_at timestamp NULL, left_at timestamp NULL, bonus integer, tip integer, colour varchar(10), ticket varchar(7),
    channel varchar(10), drawn integer, length smallint, price numeric(10, 2), account varchar(34), kind varchar(10),
    secret varchar(20), person_id integer REFERENCES people (id), CHECK (left_at >= visited_at));
CREATE TABLE papers_inside (
    person_id integer NOT NULL REFERENCES people (id), email varchar(40), prefs text, cart text, tags text, attributes text, pair text, sheet text,
    link varchar(200), greeting varchar(100), slug varchar(60), note text);
";

/// What cannot stand in any output: every text of the input holds it.
const CANARY: &str = "Zwartbol";

/// Valid numbers of other programs' making.
fn numbers() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(repository("fixtures/numbers/vectors.tsv")).expect("fixture");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        if let [kind, "valid", value] = line.split('\t').collect::<Vec<_>>()[..] {
            found.entry(kind.to_owned()).or_default().push(value.to_owned());
        }
    }
    found
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Documents in which the person stands.
fn inside(n: usize) -> Vec<String> {
    let mail = format!("{CANARY}{n}@example.com");
    let texts = [
        mail.clone(),
        format!(r#"{{"mail": "{mail}", "theme": "dark", "{CANARY}": ["{CANARY}", {n}]}}"#),
        format!("a:2:{{s:4:\"name\";s:{}:\"{CANARY}\";s:1:\"n\";i:{n};}}", CANARY.len()),
        format!("{CANARY}{n}, vip"),
        format!(r#""phone"=>"{CANARY}", "n"=>"{n}""#),
        format!("({n},{CANARY})"),
        format!("<p><name>{CANARY}</name><n>{n}</n></p>"),
        format!("https://{CANARY}.example.com/p?mail={CANARY}&n={n}"),
        format!("Beste {CANARY}"),
        CANARY.to_lowercase(),
        format!("Stuur het naar {mail}."),
    ];
    std::iter::once(n.to_string()).chain(texts.iter().map(|text| quoted(text))).collect()
}

/// A drawn picture of one point.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

fn person(n: usize) -> Vec<String> {
    let gender = ["m", "f"][n % 2];
    let texts = [
        gender.to_owned(),
        ["dhr.", "mevr."][n % 2].to_owned(),
        "Z.".to_owned(),
        CANARY.to_owned(),
        if n.is_multiple_of(3) { "van den".to_owned() } else { String::new() },
        format!("{CANARY}sen"),
        format!("Z. {CANARY}sen"),
        format!("19{:02}-03-{:02}", 40 + n, 1 + n % 28),
        format!("{CANARY}{n}@example.com"),
        format!("{CANARY}{n}"),
        format!("030-99{n:05}"),
        format!("06 11{n:06}"),
        format!("{CANARY}straat"),
        n.to_string(),
        "bis".to_owned(),
        format!("{} ZZ", 1000 + n),
        CANARY.to_owned(),
        CANARY.to_owned(),
        "Nederland".to_owned(),
        format!("{CANARY}straat {n}, {} ZZ {CANARY}", 1000 + n),
        format!("52.{n:05}"),
        format!("4.{n:05}"),
        format!("{CANARY} B.V."),
        CANARY.to_owned(),
        PICTURE.to_owned(),
        format!("{CANARY}/1.0"),
        format!("$2y$10${CANARY}"),
    ];
    std::iter::once(n.to_string()).chain(texts.iter().map(|text| quoted(text))).collect()
}

fn paper(n: usize, numbers: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let of = |kind: &str| {
        numbers.get(kind).and_then(|all| all.get(n - 1)).cloned().unwrap_or_else(|| panic!("{kind}"))
    };
    let texts = [
        of("nl.bsn"),
        of("nl.onderwijsnummer"),
        format!("{:08}", 10_000_000 + n),
        of("nl.btw"),
        of("nl.identiteitskaartnummer"),
        of("nl.identiteitskaartnummer"),
        format!("{:010}", 4_000_000_000_u64 + u64::try_from(n).unwrap()),
        format!("{:02}-ZZB-1", n),
        format!("{:09}", 100_000_000 + n),
        of("nl.bsn"),
        of("us.ssn"),
        format!("AB{:06}C", 223_000 + n),
        of("luhn"),
        of("bic"),
        of("iban"),
        format!("10.0.0.{n}"),
        format!("fd00::{n:x}"),
        format!("00:1b:44:11:3a:{n:02x}"),
        format!("{CANARY}.example.com"),
        format!("https://{CANARY}.example.com/{n}?q={CANARY}"),
        format!("0f8fad5b-d9cb-469f-a165-7086772895{n:02x}"),
        format!("{CANARY} called."),
        format!("{CANARY} called. {CANARY} wrote."),
        format!("{CANARY} chair"),
    ];
    std::iter::once(n.to_string()).chain(texts.iter().map(|text| quoted(text))).collect()
}

fn code(n: usize, numbers: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let of = |kind: &str| {
        numbers.get(kind).and_then(|all| all.get(n - 1)).cloned().unwrap_or_else(|| panic!("{kind}"))
    };
    let texts = [
        format!("{n:012}"),
        format!("ab-{n:04}-XY"),
        format!("{CANARY} {n}"),
        format!("0f8fad5b-d9cb-469f-a165-7086772896{n:02x}"),
        format!("deadbeef{n:08x}"),
        of("nl.bsn"),
        of("nl.onderwijsnummer"),
        format!("{:08}", 20_000_000 + n),
        of("nl.btw"),
        of("be.nn"),
        of("de.idnr"),
        kvnr(n),
        of("fr.nir"),
        format!("AB{:06}C", 123_000 + n),
        of("us.ssn"),
        of("gb.nhs"),
        of("iban"),
        of("luhn"),
        format!("030-99{n:05}"),
        format!("{} ZZ", 1000 + n),
        format!("{:02}-ZZB-{}", 10 + n, n % 10),
        format!("10.1.0.{n}"),
        format!("19{:02}-07-{:02}", 40 + n, 1 + n % 28),
        ["A", "B", "C", "D"][n % 4].to_owned(),
        format!("{CANARY}{n}"),
    ];
    std::iter::once(n.to_string()).chain(texts.iter().map(|text| quoted(text))).collect()
}

/// A German health insurance number: a letter, eight digits, a check digit (weights 1 and 2, sums of digits).
fn kvnr(n: usize) -> String {
    let eight = format!("{:08}", 10_000_000 + n * 77);
    let digits = format!("01{eight}");
    let sum: u32 = digits
        .bytes()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| {
            let product = u32::from(digit - b'0') * weight;
            product / 10 + product % 10
        })
        .sum();
    format!("A{eight}{}", sum % 10)
}

fn figure(n: usize) -> Vec<String> {
    let texts = [
        format!("19{:02}-07-{:02}", 40 + n, 1 + n % 28),
        format!("2025-01-{:02} 10:11:12", 1 + n % 28),
        (18 + n).to_string(),
        (1000 + n * 333).to_string(),
        format!("{} ZZ", 1000 + n),
        ["A", "B", "0"][n % 3].to_owned(),
        format!("10.2.{n}.7"),
        format!("52.{n:05}"),
        format!("{}.50", 2000 + n * 10),
        format!("{}.5", 60 + n),
        format!("2025-02-{:02} 09:00:00", 1 + n % 28),
        format!("2025-02-{:02} 17:30:00", 1 + n % 28),
        (n * 100).to_string(),
        n.to_string(),
        CANARY.to_owned(),
        format!("ZZ-{n:04}"),
        CANARY.to_owned(),
        n.to_string(),
        (150 + n).to_string(),
        format!("{n}.50"),
        format!("{CANARY}{n:04}"),
        CANARY.to_owned(),
        CANARY.to_owned(),
        n.to_string(),
    ];
    std::iter::once(n.to_string()).chain(texts.iter().map(|text| quoted(text))).collect()
}

/// The database as SQL; `types` are what stands for the braces.
fn setup(types: &[(&str, &str)]) -> String {
    let numbers = numbers();
    let mut sql = types.iter().fold(SCHEMA.to_owned(), |sql, (from, to)| sql.replace(from, to));
    for n in 1..=ROWS {
        for (table, row) in [
            ("people", person(n)),
            ("papers", paper(n, &numbers)),
            ("codes", code(n, &numbers)),
            ("figures", figure(n)),
            ("papers_inside", inside(n)),
        ] {
            let _ = writeln!(sql, "INSERT INTO {table} VALUES ({});", row.join(", "));
        }
    }
    sql
}

fn masked(dump: &[u8], name: &str) -> Vec<u8> {
    let input: PathBuf = file(name, dump);
    let mut command = standin();
    command
        .env("TRAINING", "open sesame")
        .arg("mask")
        .arg(input)
        .arg("-p")
        .arg(repository("fixtures/everything/profile.yaml"));
    run(command.args(["-q", "--key-file"]).arg(key()), b"").ok()
}

/// What must hold in either server; `number` asks it.
fn holds(number: impl Fn(&str) -> i64) {
    let rows = i64::try_from(ROWS).unwrap();
    // The invented row is there too, and nobody else is.
    assert_eq!(number("SELECT count(*) FROM people"), rows + 1);
    assert_eq!(number("SELECT count(*) FROM people WHERE email = 'trainer@example.net' AND id = 1"), 1);
    for table in ["papers", "codes", "figures", "papers_inside"] {
        assert_eq!(number(&format!("SELECT count(*) FROM {table}")), rows, "{table}");
    }
    for sql in [
        // Who has papers and figures is still somebody: joins hold.
        "SELECT count(*) FROM papers JOIN people ON people.id = person_id",
        "SELECT count(*) FROM figures JOIN people ON people.id = person_id",
        // Full name, first name, particle and last name are one person's.
        "SELECT count(*) FROM people WHERE id > 1 AND full_name LIKE concat('%', last_name)",
        "SELECT count(*) FROM people WHERE id > 1 AND address LIKE concat('%', city, '%')",
        "SELECT count(*) FROM people WHERE id > 1 AND address LIKE concat('%', street, ' ', house_number, '%')",
        "SELECT count(*) FROM people WHERE id > 1 AND (gender = 'm') = (title = 'dhr.')",
        "SELECT count(*) FROM people WHERE id > 1 AND email LIKE '%@example.net'",
        "SELECT count(*) FROM people WHERE id > 1 AND latitude BETWEEN 50.7 AND 53.7 AND longitude BETWEEN 3.2 AND 7.3",
        "SELECT count(*) FROM people WHERE id > 1 AND password_hash LIKE '$2b$04$%'",
        // Generalised, perturbed, shifted, shuffled, picked, patterned, partial.
        "SELECT count(*) FROM figures WHERE extract(month FROM born) = 1 AND extract(day FROM born) = 1",
        "SELECT count(*) FROM figures WHERE age % 5 = 0 AND income % 500 = 0 AND income <= 9000",
        "SELECT count(*) FROM figures WHERE salary BETWEEN 1800 AND 2700",
        "SELECT count(*) FROM figures WHERE left_at - visited_at IS NOT NULL AND extract(hour FROM visited_at) = 9",
        "SELECT count(*) FROM figures WHERE bonus IN (SELECT id * 100 FROM codes)",
        // Within every twenty rows.
        "SELECT count(*) FROM figures WHERE floor((tip - 1) / 20) = floor((id - 1) / 20)",
        "SELECT count(DISTINCT tip) FROM figures",
        "SELECT count(*) FROM figures WHERE colour IN ('red', 'green', 'blue') AND kind = 'none' AND secret IS NULL",
        "SELECT count(*) FROM figures WHERE channel IN ('web', 'shop') AND drawn BETWEEN 10 AND 99 AND length BETWEEN 140 AND 210 AND price BETWEEN 1 AND 5000",
        // Inside of values: what is kept stays, what is masked is the person's, all else is gone.
        "SELECT count(*) FROM papers_inside i JOIN people p ON p.id = person_id WHERE i.email = p.email AND prefs = concat('{\"mail\": \"', p.email, '\", \"theme\": \"dark\"}')",
        "SELECT count(*) FROM papers_inside WHERE cart LIKE 'a:2:{s:4:\"name\";s:1:\"x\";s:1:\"n\";i:%' AND tags LIKE '%, %' AND attributes LIKE '\"n\"=>%'",
        "SELECT count(*) FROM papers_inside WHERE pair LIKE '(%,x)' AND sheet LIKE '<p><name>x</name><n>%' AND link LIKE 'https://invalid/%?n=%'",
        "SELECT count(*) FROM papers_inside i JOIN people p ON p.id = person_id WHERE greeting = concat('Beste ', i.email) AND slug LIKE '%example-net' AND note = concat('Stuur het naar ', i.email, '.')",
        "SELECT count(*) FROM figures WHERE blood IN ('known', 'other') AND account LIKE '****%'",
    ] {
        assert_eq!(number(sql), rows, "{sql}");
    }
    assert_eq!(number("SELECT sum(bonus) FROM figures"), (1..=rows).sum::<i64>() * 100);
    assert!(number("SELECT count(*) FROM figures WHERE tip = id") < 10, "one of each window is expected");
}

#[test]
fn one_dump_through_every_technique_loads_into_postgresql() {
    let Some(server) = server::server() else { return };
    let before = server.database();
    let types = [("{inet}", "inet"), ("{uuid}", "uuid")];
    before.psql(&["-v", "ON_ERROR_STOP=1"], setup(&types).as_bytes()).ok();
    let mut outputs = BTreeSet::new();
    for form in [&[][..], &["--inserts"]] {
        let out = masked(&before.dump(form), "everything.sql");
        assert!(!String::from_utf8_lossy(&out).contains(CANARY));
        let after = server.database();
        after.psql(&["-v", "ON_ERROR_STOP=1"], &out).ok();
        holds(|sql| after.number(sql));
        outputs.insert(after.rows("SELECT * FROM people ORDER BY id"));
    }
    assert_eq!(outputs.len(), 1, "the same people in either form");
}

#[test]
fn and_into_mariadb() {
    let Some(server) = mariadb::server() else { return };
    let before = server.database();
    let types = [("{inet}", "varchar(43)"), ("{uuid}", "char(36)")];
    before.load(setup(&types).as_bytes()).ok();
    let dump = run(before.program("mariadb-dump").arg(&before.name), b"").ok();
    let out = masked(&dump, "everything-mysql.sql");
    assert!(!String::from_utf8_lossy(&out).contains(CANARY));
    let after = server.database();
    after.load(&out).ok();
    holds(|sql| after.number(sql));
}

#[test]
fn nothing_is_left_out() {
    let text = std::fs::read_to_string(repository("fixtures/everything/profile.yaml")).expect("fixture");
    for spec in TECHNIQUES {
        let said = [": {NAME", ": NAME", "{NAME:", " NAME:\n"].map(|form| form.replace("NAME", spec.name));
        assert!(spec.name == "keep" || said.iter().any(|said| text.contains(said)), "{}", spec.name);
    }
    for kind in KINDS {
        assert!(text.contains(&format!("fake: {}", kind.name)), "{}", kind.name);
    }
}
