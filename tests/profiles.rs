//! The verbs about profiles: list, show, explain and draft, through the built program.

use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, folder};
use crate::support::{mariadb, repository};

/// A schema with what makes drafting hard.
const NASTY: &str = r#"--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
CREATE TYPE public.mood AS ENUM ('kanarie', 'glad');
CREATE TABLE public.people (id integer NOT NULL, "E mail" text, mood public.mood, code character varying(8));
CREATE TABLE public.staff (id smallint NOT NULL, boss_id smallint, person_id bigint NOT NULL, name text);
CREATE TABLE public.customers (id integer NOT NULL, number uuid NOT NULL,
    shout text GENERATED ALWAYS AS (upper('x'::text)) STORED);
CREATE TABLE public.orders (customer_id integer NOT NULL, line_no smallint NOT NULL, placed date NOT NULL)
PARTITION BY RANGE (placed);
CREATE TABLE public.orders_2024 (customer_id integer NOT NULL, line_no smallint NOT NULL, placed date NOT NULL);
CREATE TABLE public.parcels (customer_id integer, line_no smallint, number uuid, "select" text);
CREATE TABLE public.events (id integer NOT NULL, at timestamp without time zone) PARTITION BY HASH (id);
CREATE TABLE public.events_0 (id integer NOT NULL, at timestamp without time zone);
CREATE TABLE public.guests (event_id integer, code character varying(8));
CREATE TABLE public.base (id integer NOT NULL, note text);
CREATE TABLE public.heir (extra text)
INHERITS (public.base);
CREATE TABLE public.same (
)
INHERITS (public.base);
CREATE TABLE public."Odd.Name" ("null" integer NOT NULL, "a: b" text, "it's" text);
CREATE TABLE public.odd_refs (odd integer);
CREATE VIEW public.v AS SELECT 1 AS one;
ALTER TABLE ONLY public.orders ATTACH PARTITION public.orders_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE ONLY public.events ATTACH PARTITION public.events_0 FOR VALUES WITH (modulus 1, remainder 0);
ALTER TABLE ONLY public.people ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people ADD CONSTRAINT people_code UNIQUE (code);
ALTER TABLE ONLY public.staff ADD CONSTRAINT staff_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_number UNIQUE (number);
ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (customer_id, line_no, placed);
ALTER TABLE ONLY public.events ADD CONSTRAINT events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public."Odd.Name" ADD CONSTRAINT odd_pkey PRIMARY KEY ("null");
ALTER TABLE ONLY public.staff ADD CONSTRAINT a FOREIGN KEY (boss_id) REFERENCES public.staff(id);
ALTER TABLE ONLY public.staff ADD CONSTRAINT b FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.customers ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES public.people(id);
ALTER TABLE public.orders ADD CONSTRAINT d FOREIGN KEY (customer_id) REFERENCES public.customers(id);
ALTER TABLE ONLY public.parcels ADD CONSTRAINT f FOREIGN KEY (number) REFERENCES public.customers(number);
ALTER TABLE ONLY public.guests ADD CONSTRAINT g FOREIGN KEY (event_id) REFERENCES public.events(id);
ALTER TABLE ONLY public.guests ADD CONSTRAINT h FOREIGN KEY (code) REFERENCES public.people(code);
ALTER TABLE ONLY public.odd_refs ADD CONSTRAINT i FOREIGN KEY (odd) REFERENCES public."Odd.Name"("null");

--
-- PostgreSQL database dump complete
--

"#;

/// What the draft of it says, without comments.
const DRAFT: &str = "\
entities:
  people:
    subject: id
    id: {pseudonym: integer}
    code: undecided
  staff:
    subject: id
    id: {pseudonym: integer, within: smallint}
  customers:
    subject: number
    number: {pseudonym: uuid}
  events:
    subject: id
    id: undecided
  Odd_Name:
    subject: id
    id: {pseudonym: integer}
tables:
  people:
    columns:
      id: people.id
      'E mail': undecided
      mood: undecided
      code: people.code
  staff:
    columns:
      id: staff.id
      boss_id: staff.id
      person_id: people.id
      name: undecided
  customers:
    columns:
      id: people.id
      number: customers.number
  orders:
    columns:
      customer_id: people.id
      line_no: undecided
      placed: undecided
  parcels:
    columns:
      customer_id: undecided
      line_no: undecided
      number: customers.number
      select: undecided
  events:
    columns:
      id: events.id
      at: undecided
  guests:
    columns:
      event_id: events.id
      code: people.code
  base:
    columns:
      id: undecided
      note: undecided
  heir:
    columns:
      extra: undecided
  '\"Odd.Name\"':
    columns:
      'null': Odd_Name.id
      'a: b': undecided
      'it''s': undecided
  odd_refs:
    columns:
      odd: Odd_Name.id
";

fn profiles(args: &[&str], input: &str) -> Ran {
    run(standin().arg("profiles").args(args), input.as_bytes())
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().expect("plain path")
}

/// Drafts, and checks the draft against the same input: only undecided columns may be in its way.
fn drafted(name: &str, input: &str) -> String {
    let schema = file(&format!("draft-{name}"), input.as_bytes());
    let sure: &[&str] = if name.ends_with(".csv") { &["--names-are-names"] } else { &[] };
    let draft = || profiles(&[&["draft", text(&schema)], sure].concat(), "");
    if !sure.is_empty() {
        // Its first line may be a person.
        let refused = profiles(&["draft", text(&schema)], "");
        assert!(refused.code() == 3 && refused.stdout.is_empty(), "{}", refused.stderr);
    }
    let drafted = draft();
    assert_eq!(drafted.code(), 0, "{name}: {}", drafted.stderr);
    assert_eq!(draft().stdout, drafted.stdout, "{name}");
    let profile = file(&format!("draft-{name}.yaml"), &drafted.stdout);
    let checked = run(standin().args(["check", "-p", text(&profile), text(&schema)]), b"");
    assert_eq!(checked.code(), 1, "{name}: {}", checked.stderr);
    let errors: Vec<&str> = checked.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert!(!errors.is_empty());
    for error in errors {
        assert!(error.starts_with("error: undecided: decide what to do with this column"), "{name}: {error}");
    }
    // Every one of them stands in the list on standard output.
    let open =
        drafted.text().lines().filter(|l| l.contains(": undecided") && l.starts_with("      ")).count();
    let listed = checked
        .text()
        .lines()
        .filter_map(|l| l.split_once(": undecided: "))
        .map(|(_, l)| l.split(", ").count())
        .sum::<usize>();
    assert!(listed >= open, "{name}: {listed} of {open}: {}", checked.text());
    let masked = run(standin().args(["mask", "-p", text(&profile), text(&schema)]), b"");
    assert_eq!((masked.code(), masked.stdout.len()), (3, 0), "{name}: {}", masked.stderr);
    drafted.text()
}

/// Takes comments and empty lines out.
fn bare(draft: &str) -> String {
    let lines = draft.lines().map(|line| line.split("  #").next().unwrap_or_default().trim_end());
    let kept =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("version:"));
    kept.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_draft_names_every_column_and_joins_every_key() {
    let draft = drafted("nasty.sql", NASTY);
    assert_eq!(bare(&draft), DRAFT);
    assert!(draft.contains("# smallint; references staff.id"), "{draft}");
    assert!(draft.contains("# enum of 2 labels"), "{draft}");
    assert!(!draft.contains("kanarie") && !draft.contains("shout"), "{draft}");
}

#[test]
fn the_draft_of_the_webshop() {
    let dump = std::fs::read_to_string(repository("fixtures/webshop/dump.sql")).expect("fixture is there");
    let draft = drafted("webshop.sql", &dump);
    for line in dump.lines().filter_map(|line| line.strip_prefix("CREATE TABLE public.")) {
        let table = line.split(' ').next().expect("a name");
        if table.starts_with('"') {
            continue;
        }
        let partition = dump.contains(&format!("ATTACH PARTITION public.{table} "));
        assert_eq!(draft.contains(&format!("\n  {table}:\n    columns:")), !partition, "{table}");
    }
}

#[test]
fn drafts_of_other_formats() {
    let sqlite = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT);\n\
                  CREATE TABLE b(id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a(id), at TEXT);\nCOMMIT;\n";
    assert!(bare(&drafted("sqlite.sql", sqlite)).contains("      a_id: a.id\n"));
    let csv = "id,name,e mail\n1,kanarie,kanarie@example.org\n";
    let draft = drafted("people.csv", csv);
    assert_eq!(
        bare(&draft),
        "tables:\n  draft-people:\n    columns:\n      id: undecided\n      name: undecided\n      'e mail': undecided\n"
    );
    assert!(!draft.contains("kanarie"));
    let Some(server) = mariadb::server() else { return };
    let database = server.database();
    database.load(b"CREATE TABLE a (id int unsigned PRIMARY KEY, kind enum('kanarie','x'), s text);\
                  CREATE TABLE b (id int PRIMARY KEY, a_id int unsigned, v int AS (id + 1) STORED, FOREIGN KEY (a_id) REFERENCES a(id));")
        .ok();
    let draft = drafted(
        "mariadb.sql",
        &String::from_utf8_lossy(&run(database.program("mariadb-dump").arg(&database.name), b"").ok()),
    );
    assert!(bare(&draft).contains("      a_id: a.id\n") && !draft.contains("kanarie"), "{draft}");
}

#[test]
fn a_draft_is_never_written_over_anything() {
    let (schema, path) = (file("draft-over.sql", NASTY.as_bytes()), folder().join("draft-over.yaml"));
    let args = ["draft", text(&schema), "-o", text(&path)];
    assert_eq!(profiles(&args, "").code(), 0);
    let first = std::fs::read(&path).expect("the draft is there");
    let again = profiles(&args, "");
    assert_eq!(again.code(), 4, "{}", again.stderr);
    assert!(again.stderr.contains("never written over"), "{}", again.stderr);
    assert_eq!(std::fs::read(&path).expect("the draft is there"), first);
    assert_eq!(profiles(&["draft"], "").code(), 3);
}

#[test]
fn undecided_gives_way_to_every_other_rule_and_never_passes() {
    let dump = NASTY.replace("shout text GENERATED ALWAYS AS (upper('x'::text)) STORED", "shout text");
    let schema = file("draft-way.sql", dump.as_bytes());
    let draft = profiles(&["draft", text(&schema)], "").text();
    let left = |more: &str, args: &[&str]| -> Vec<String> {
        let profile =
            file("draft-way.yaml", draft.replace("version: 1\n", &format!("version: 1\n{more}")).as_bytes());
        let ran = run(standin().args(["check", "-p", text(&profile), text(&schema)]).args(args), b"");
        assert_eq!(ran.code(), 1, "{}", ran.stderr);
        let errors = ran.stderr.lines().filter_map(|l| l.strip_prefix("error: undecided"));
        errors.filter_map(|l| Some(l.split_once("(table ")?.1.replace(", column ", " "))).collect()
    };
    let all = left("", &[]);
    assert!(
        all.iter().any(|l| l.contains("people `mood`")) && all.iter().any(|l| l.contains("staff `name`"))
    );
    // Neither a policy nor a flag decides what somebody left undecided.
    assert_eq!(left("policy: {unlisted: fill}\n", &[]), all);
    assert_eq!(left("", &["--allow-unlisted-keep"]), all);
    let some = left("reasons: {w: x}\ndefaults: {enums: suppress}\n", &[]);
    assert_eq!(some.len() + 1, all.len());
    assert!(!some.iter().any(|l| l.contains("`mood`")), "{some:?}");
}

/// A profile whose rules lose and win in every way.
const EXPLAINED: &str = "version: 1
extends: [nl]
reasons:
  w: needed
entities:
  person:
    subject: id
    id: {pseudonym: integer}
    email: {fake: email, unique: true, max: 64}
tables:
  people:
    columns:
      id: person.id
      email: person.email
      \"e*\": suppress
  \"*\":
    columns:
      \"*\": {keep: w}
";

const PEOPLE: &str = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\
                      SET standard_conforming_strings = on;\n\
                      CREATE TABLE public.people (id integer NOT NULL, email character varying(80), born date);\n\n\
                      --\n-- PostgreSQL database dump complete\n--\n\n";

fn explain(args: &[&str]) -> Ran {
    let profile = file("explain.yaml", EXPLAINED.as_bytes());
    let ran = profiles(&[&["explain", "-p", text(&profile)], args].concat(), "");
    let long: Vec<&str> = std::str::from_utf8(&ran.stdout).expect("text").lines().collect();
    let long: Vec<&&str> = long.iter().filter(|l| l.chars().count() > 80 && !l.contains('/')).collect();
    assert!(long.is_empty(), "{long:?}");
    ran
}

#[test]
fn explain_shows_what_decides_what_lost_and_what_is_given_away() {
    let schema = file("explain.sql", PEOPLE.as_bytes());
    let ran = explain(&["people.email", text(&schema)]);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let page = ran.text();
    for part in [
        "public.people.email: person.email = fake email max=64 unique=true\n",
        "explain.yaml:14:7",
        "people)\n",
        "               14 | email: person.email\n                  | ^^^^^\n",
        "explain.yaml:9:5",
        "  stand-in by  the value itself",
        "  type         character varying(80)\n",
        "  must fit     at most 80 characters\n",
        "  unique       up to ",
        "  preserves    joins",
        "  an attacker  without the key: ",
        "  way back     with the key",
        "  reaches      nobody: RFC 2606",
        "  in the lock  no\n",
        "\nCounts before:\n",
        "suppress: the exact name of a column counts before a pattern\n",
        "               pack nl:99:7\n",
        "nl.email = fake email unique=true: a text counts before those\n               that it extends\n",
        "keep: keeping by a pattern is the weakest rule of all\n",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    // The same from a schema file; from the profile alone, what it names.
    assert_eq!(explain(&["people.email", "--schema", text(&schema)]).text(), page);
    let alone = explain(&["people.email"]);
    assert_eq!(alone.code(), 0);
    assert!(alone.text().contains("  type         not known\n"), "{}", alone.text());
}

#[test]
fn explain_of_what_stops_a_run_and_of_what_is_not_there() {
    let schema = file("explain.sql", PEOPLE.as_bytes());
    let ran = explain(&["people.born", text(&schema)]);
    assert_eq!(ran.code(), 1);
    assert!(ran.text().starts_with("public.people.born: undecided\n"), "{}", ran.text());
    assert!(ran.stderr.contains("a pattern or default keeps only numbers"), "{}", ran.stderr);
    for (args, said) in [
        (&["people.emial", text(&schema)][..], "did you mean `public.people.email`?"),
        (&["peopel.email", text(&schema)], "did you mean the table `people`?"),
        (&["email", text(&schema)], "TABLE.COLUMN"),
        (&["people.born"], "give INPUT or --schema FILE"),
    ] {
        let ran = explain(args);
        assert_eq!((ran.code(), ran.stdout.len()), (2, 0), "{args:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn packs_and_examples_are_listed_and_shown() {
    let list = profiles(&["list"], "");
    assert!(list.text().lines().all(|line| line.chars().count() <= 80), "{}", list.text());
    for (name, path) in [("nl", "profiles/packs/nl.yaml"), ("webshop", "profiles/webshop.yaml")] {
        assert!(list.text().contains(&format!("\n  {name} ")), "{}", list.text());
        let shown = profiles(&["show", name], "").ok();
        assert_eq!(shown, std::fs::read(repository(path)).expect("profile is there"));
    }
    let ran = profiles(&["show", "no-such"], "");
    assert_eq!((ran.code(), ran.stdout.len()), (2, 0));
}
