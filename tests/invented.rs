//! `insert:` and `login`: invented rows stand where a table's rows begin, in every form, once; what cannot take them, or would
//! break a CHECK, stops the run. Loaded into real servers, and logged in with by another implementation of the hash.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::archives::{FORMS, fresh, shelves};
use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, key};
use crate::support::{mariadb, server, sqlite};

/// The password of the tests' trainings.
const PASSWORD: &str = "open sesame é";

const PROFILE: &str = "version: 1
policy: {domain: tests, mail_domain: example.net}
reasons: {w: \"a test\"}
tables:
  users:
    columns:
      id: {pseudonym: integer}
      name: {constant: x}
      hash: {login: {env: TRAINING, scheme: bcrypt, cost: 4}}
    keep: [active, note, born]
    why: w
    insert:
      - {name: \"Tess, \\\"the\\\" trainer's\\t\\\\\", active: true, note: null, hash: {login: {env: TRAINING, scheme: bcrypt, cost: 4}}}
      - {id: 7, name: Zoë, active: false, born: 2000-02-29, note: \"\"}
";

fn masked(profile: &str, args: &[&str], input: &[u8]) -> Ran {
    // Tests run side by side: each profile has a file of its own.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("invented-{}.yaml", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut command = standin();
    command.env("TRAINING", PASSWORD).arg("mask").arg("-p").arg(file(&name, profile.as_bytes()));
    run(command.arg("--key-file").arg(key()).args(args), input)
}

const SCHEMA: &str = "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, hash varchar(80), active boolean, note text, born date);
INSERT INTO users VALUES (1, 'Ann', '$2b$x', true, 'n', NULL), (2, 'Bob', NULL, NULL, '', '1950-01-01');";

#[test]
fn rows_of_people_stand_in_dumps_and_archives() {
    let Some(server) = server::server() else { return };
    let before = server.database();
    before.psql(&["-v", "ON_ERROR_STOP=1"], SCHEMA.as_bytes()).ok();
    for form in [&[][..], &["--inserts"], &["--column-inserts", "--rows-per-insert=2"], &["-E", "LATIN1"]] {
        let out = masked(PROFILE, &["-q"], &before.dump(form)).ok();
        let after = server.database();
        after.psql(&["-v", "ON_ERROR_STOP=1"], &out).ok();
        holds(&after);
    }
}

/// The rows are there, next to the others, and the hash is the password's.
fn holds(after: &server::Database) {
    assert_eq!(after.number("SELECT count(*) FROM users"), 4);
    let name = "SELECT count(*) FROM users WHERE id = 1 AND active AND note IS NULL AND born IS NULL AND name = \
                E'Tess, \"the\" trainer''s\\t\\\\'";
    assert_eq!(after.number(name), 1);
    let second = "SELECT count(*) FROM users WHERE id = 7 AND name = 'Zoë' AND NOT active AND note = '' AND born = \
                  '2000-02-29' AND hash IS NULL";
    assert_eq!(after.number(second), 1);
    // One password for all who had one, whoever they are.
    assert_eq!(after.number("SELECT count(DISTINCT hash) FROM users"), 2);
    assert_eq!(after.number("SELECT count(*) FROM users WHERE hash IS NULL"), 2);
    assert_eq!(after.number("SELECT count(*) FROM users WHERE id >= 1073741824"), 2);
}

#[test]
fn archives_take_them_too() {
    for shelf in shelves() {
        let before = shelf.cluster.scratch().database();
        before.psql(&["-v", "ON_ERROR_STOP=1"], SCHEMA.as_bytes()).ok();
        for form in FORMS.iter().filter(|form| shelf.number() >= 16 || !form.contains("compress=")) {
            let (input, output) = (fresh("invented"), fresh("invented-out"));
            run(before.program("pg_dump").args(form.split(' ')).arg("-f").arg(&input), b"").ok();
            let out = output.to_str().expect("a path");
            masked(PROFILE, &["-q", input.to_str().expect("a path"), "-o", out], b"").ok();
            holds(&shelf.restore(&output, &[]));
        }
    }
}

#[test]
fn the_hash_opens_the_door() {
    let input = b"id,name,hash,active,note,born\n5,Ann,$2b$04$old,t,n,\n";
    for (scheme, check) in [
        (
            "django",
            "import hashlib,base64\n_,r,s,h=H.split('$')\nok=base64.b64encode(hashlib.pbkdf2_hmac('sha256',P,s.encode(),int(r))).decode()==h",
        ),
        (
            "aspnet",
            "import hashlib,base64,struct\nb=base64.b64decode(H)\nm,f,r,n=struct.unpack('>BIII',b[:13])\nok=(m,f,n)==(1,2,16) and hashlib.pbkdf2_hmac('sha512',P,b[13:29],r,32)==b[29:]",
        ),
        (
            "magento",
            "import hashlib\nh,s,v=H.split(':')\nok=v=='1' and hashlib.sha256(s.encode()+P).hexdigest()==h",
        ),
    ] {
        let profile = PROFILE.replace("scheme: bcrypt, cost: 4", &format!("scheme: {scheme}"));
        let out = String::from_utf8(
            masked(&profile, &["-q", "--input-format", "csv", "--table", "users"], input).ok(),
        )
        .expect("text");
        let last = out.lines().last().expect("a row");
        let hash = last.split(',').nth(2).expect("a hash");
        let script =
            format!("import sys\nH=sys.argv[1]\nP=sys.argv[2].encode()\n{check}\nsys.exit(0 if ok else 1)");
        let python =
            Command::new("python3").args(["-c", &script, hash, PASSWORD]).status().expect("python3 runs");
        assert!(python.success(), "{scheme}: {hash}");
        // The same key and password, the same bytes.
        assert_eq!(
            masked(&profile, &["-q", "--input-format", "csv", "--table", "users", "-j1"], input).ok(),
            out.as_bytes()
        );
    }
}

#[test]
fn mysql_and_sqlite_take_them() {
    let schema = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, hash VARCHAR(80), active INTEGER, note VARCHAR(9), born DATE);
        INSERT INTO users VALUES (1,'Ann','$2b$x',1,'n',NULL),(2,'Bob',NULL,NULL,'','1950-01-01');";
    let profile = PROFILE.replace("active: true", "active: 1").replace("active: false", "active: 0");
    let rows = "SELECT count(*) FROM users WHERE id = 7 AND name = 'Zoë' AND active = 0 AND note = '' AND hash IS NULL";
    if let Some(server) = mariadb::server() {
        let before = server.database();
        before.load(schema.as_bytes()).ok();
        for options in [&[][..], &["--skip-extended-insert", "--complete-insert"]] {
            let dump = run(before.program("mariadb-dump").args(options).arg(&before.name), b"").ok();
            let after = server.database();
            after.load(&masked(&profile, &["-q"], &dump).ok()).ok();
            assert_eq!((after.number("SELECT count(*) FROM users"), after.number(rows)), (4, 1));
            assert_eq!(
                after.number("SELECT count(*) FROM users WHERE name LIKE 'Tess, \"the\" trainer''s\\t%'"),
                1
            );
        }
    }
    if let (Some(before), Some(after)) = (sqlite::database(), sqlite::database()) {
        before.load(schema.as_bytes()).ok();
        after.load(&masked(&profile, &["-q"], &before.dump()).ok()).ok();
        assert_eq!((after.number("SELECT count(*) FROM users"), after.number(rows)), (4, 1));
    }
}

const LINES: &str = "version: 1
policy: {domain: tests}
reasons: {w: \"a test\"}
tables:
  users:
    columns: {name: {constant: x}}
    keep: [id, note]
    why: w
    insert:
      - {id: 1, name: \"a;b \\\"c\\\"\", note: null}
      - {id: 2, name: d, note: \"\"}
";

#[test]
fn one_table_files_take_them_behind_their_header() {
    for (format, input, output) in [
        (
            "csv",
            "id;name;note\r\n3;Ann;n\r\n",
            "id;name;note\r\n1;\"a;b \"\"c\"\"\";\r\n2;d;\"\"\r\n3;x;n\r\n",
        ),
        ("csv", "id;name;note", "id;name;note\n1;\"a;b \"\"c\"\"\";\n2;d;\"\"\n"),
        (
            "tsv",
            "id\tname\tnote\r\n3\tAnn\tn\r\n",
            "id\tname\tnote\r\n1\ta;b \"c\"\t\\N\r\n2\td\t\r\n3\tx\tn\r\n",
        ),
        (
            "json_lines",
            "{\"id\":3,\"name\":\"Ann\",\"note\":\"n\"}\n",
            "{\"id\":1,\"name\":\"a;b \\\"c\\\"\",\"note\":null}\n{\"id\":2,\"name\":\"d\",\"note\":\"\"}\n{\"id\":3,\"name\":\"x\",\"note\":\"n\"}\n",
        ),
    ] {
        for threads in ["-j1", "-j3"] {
            let out = masked(
                LINES,
                &["-q", threads, "--input-format", format, "--table", "users"],
                input.as_bytes(),
            )
            .ok();
            assert_eq!(String::from_utf8(out).expect("text"), output, "{format}");
        }
    }
}

#[test]
fn an_emptied_table_holds_nothing_else() {
    let profile = "version: 1\npolicy: {domain: tests}\ntables:\n  users:\n    empty: \"nobody's\"\n    insert: [{name: Tess}, {name: Tom}]\n";
    let dump = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.users (\n    id integer NOT NULL,\n    name text,\n    CONSTRAINT k PRIMARY KEY (id)\n);\n\nCOPY public.users (id, name) FROM stdin;\n9\tAnn\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n";
    let ran = masked(profile, &[], dump.as_bytes());
    assert!(ran.stderr.contains("emptied, 2 rows inserted"), "{}", ran.stderr);
    let out = String::from_utf8(ran.ok()).expect("text");
    assert!(out.contains("FROM stdin;\n1\tTess\n2\tTom\n\\.\n"), "{out}");
    // Read in two blocks, as of a table loaded through its root: once all the same.
    let twice =
        dump.replace("\\.\n\n--", "\\.\n\nCOPY public.users (id, name) FROM stdin;\n8\tEve\n\\.\n\n--");
    let out = String::from_utf8(masked(profile, &["-q"], twice.as_bytes()).ok()).expect("text");
    assert_eq!(out.matches("\tTess\n").count(), 1, "{out}");
}

#[test]
fn what_cannot_be_invented_stops_the_run() {
    let dump = b"--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.users (\n    id smallint NOT NULL,\n    name character varying(4)\n);\n\nCOPY public.users (id, name) FROM stdin;\n1\tAnn\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n";
    let profile = |row: &str| {
        format!(
            "version: 1\npolicy: {{domain: tests}}\nreasons: {{w: \"a test\"}}\ntables:\n  users:\n    keep: [id, name]\n    why: w\n    insert: [{row}]\n"
        )
    };
    masked(&profile("{id: 4, name: Tess}"), &["-q"], dump).ok();
    for (row, code, says) in [
        ("{id: 40000}", 3, "no value of the column's type"),
        ("{id: 4, name: Trainer}", 3, "longer than the column's 4"),
        ("{name: Tess}", 3, "leaves it out"),
        ("{id: null}", 3, "gives NULL"),
        ("{id: 4, nam: Tess}", 3, "which the table lacks"),
        ("{id: 4, name: {fake: first_name}}", 2, "is a value"),
        ("{id: 4, name: {keep: w}}", 2, "is a value"),
        ("{id: 4, name: [a]}", 2, "one value"),
        ("{id: 4, id: 5}", 2, "a second time"),
        ("4", 2, "names its columns"),
    ] {
        let ran = masked(&profile(row), &["-q"], dump);
        assert_eq!(ran.code(), code, "{row}: {}", ran.stderr);
        assert!(ran.stderr.contains(says), "{row}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "{row}: {}", ran.stderr);
    }
    // A table without rows in an INSERT dump has no place for them.
    let empty =
        String::from_utf8_lossy(dump).replace("COPY public.users (id, name) FROM stdin;\n1\tAnn\n\\.\n", "");
    let ran = masked(&profile("{id: 4}"), &["-q"], empty.as_bytes());
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("no place"), "{}", ran.stderr);
}

#[test]
fn invented_rows_are_held_to_the_checks_of_their_table() {
    let checks = "CONSTRAINT low CHECK ((id < 9)),\n    CONSTRAINT form CHECK (((name ~~ 'T%'::text) OR (id = 3))) NOT VALID,\n    \
                  CONSTRAINT odd CHECK ((name ~ 'e'::text))";
    let dump = |rows: &str, behind: &str| {
        format!(
            "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.users (\n    id integer,\n    name text,\n    {checks}\n);\n\nCOPY public.users \
             (id, name) FROM stdin;\n{rows}\\.\n\n{behind}--\n-- PostgreSQL database dump complete\n--\n"
        )
    };
    let profile = |rest: &str, row: &str| {
        format!(
            "version: 1\npolicy: {{domain: tests}}\nreasons: {{w: \"a test\"}}\ntables:\n  users:\n{rest}    insert:\n      - {row}\n"
        )
    };
    let (kept, emptied) = ("    keep: [id, name]\n    why: w\n", "    empty: \"nobody's\"\n");
    for rest in [kept, emptied] {
        for row in
            ["{id: 4, name: Tess}", "{id: 3, name: Ann}", "{id: null, name: null}", "{id: 8, name: null}"]
        {
            let ran = masked(&profile(rest, row), &[], dump("1\tAnn\n", "").as_bytes());
            assert!(
                ran.stderr.contains("public.users: CHECK or EXCLUDE `odd`: not verified"),
                "{}",
                ran.stderr
            );
            ran.ok();
        }
        for (row, constraint) in [("{id: 9, name: Tess}", "`low`"), ("{id: 4, name: Ann}", "`form`")] {
            let ran = masked(&profile(rest, row), &["-q"], dump("1\tAnn\n", "").as_bytes());
            assert_eq!(ran.code(), 3, "{row}: {}", ran.stderr);
            assert!(
                ran.stderr.contains(&format!("an invented row breaks the CHECK {constraint}")),
                "{}",
                ran.stderr
            );
            assert!(ran.stderr.contains(row) && ran.stdout.is_empty(), "no place: {}", ran.stderr);
        }
        // Behind the rows it is too late for one that breaks it, and for no other.
        let late = "ALTER TABLE ONLY public.users\n    ADD CONSTRAINT late CHECK ((name <> 'Tess'::text)) NOT VALID;\n\n";
        let ran = masked(&profile(rest, "{id: 4, name: Tom}"), &["-q"], dump("1\tAnn\n", late).as_bytes());
        ran.ok();
        let ran = masked(
            &profile(rest, "{id: 4, name: Tess}"),
            &["-q"],
            dump("1\tAnn\n", &late.replace(" NOT VALID", "")).as_bytes(),
        );
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        assert!(
            ran.stderr.contains("breaks the CHECK `late`") && ran.text().contains("RAISE"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_table_without_rows_takes_them_where_its_rows_would_stand() {
    let profile = "version: 1
policy: {domain: tests}
reasons: {w: \"a test\"}
tables:
  people:
    columns: {id: {keep: w}, name: {constant: x}}
  Us ers:
    keep: [id, name]
    why: w
    insert: [{id: 4, name: Tess}, {id: 5, name: \"it's\"}]
  zoo:
    keep_rows: \"id > 0\"
    keep: [id]
    why: w
    insert: [{id: 6}]
";
    let schema = |quote: &str| {
        "CREATE TABLE people (id integer, name varchar(9)); CREATE TABLE \"Us ers\" (id integer NOT NULL, name varchar(9), twice integer GENERATED \
         ALWAYS AS (id * 2) STORED); CREATE TABLE zoo (id integer); INSERT INTO people VALUES (1, 'Ann');"
            .replace('"', quote)
    };
    let sums = |quote: &str| {
        "SELECT (SELECT count(*) FROM people WHERE name = 'x') * 1000 + (SELECT sum(twice) FROM \"Us ers\") * 10 + (SELECT sum(id) FROM zoo)"
            .replace('"', quote)
    };
    if let Some(server) = server::server() {
        let before = server.database();
        before.psql(&["-v", "ON_ERROR_STOP=1"], schema("\"").as_bytes()).ok();
        for form in ["--inserts", "--column-inserts", "--rows-per-insert=9", "-Z0"] {
            let dump = before.dump(&[form]);
            for threads in ["-j1", "-j3"] {
                let ran = masked(profile, &[threads], &dump);
                assert!(ran.stderr.contains("2 rows inserted"), "{form}: {}", ran.stderr);
                let after = server.database();
                after.psql(&["-v", "ON_ERROR_STOP=1"], &ran.ok()).ok();
                assert_eq!(after.number(&sums("\"")), 1186, "{form}");
            }
        }
        // Where the profile inserts nothing, a table without rows is not met.
        let quiet = profile.lines().filter(|line| !line.contains("insert:")).collect::<Vec<_>>().join("\n");
        let ran = masked(&quiet, &[], &before.dump(&["--inserts"]));
        assert!(!ran.stderr.contains("public.zoo "), "{}", ran.stderr);
        ran.ok();
        // The table that the input's last comment announces, too.
        let data = String::from_utf8(before.dump(&["--inserts", "-a"])).expect("text");
        let schema = file("invented-schema.sql", &before.dump(&["-s"]));
        let path = schema.to_str().expect("text");
        let data = data.replace("\n-- PostgreSQL database dump complete", "\nSELECT pg_catalog.set_config('search_path', '', false);\n--\n-- PostgreSQL database dump complete");
        let out = masked(profile, &["-q", "--schema", path], data.as_bytes()).ok();
        let out = String::from_utf8(out).expect("text");
        assert!(out.contains("INSERT INTO \"public\".\"zoo\" VALUES (6);\n"), "{out}");
    }
    if let Some(server) = mariadb::server() {
        let before = server.database();
        // A dump of MariaDB's holds the values of generated columns too.
        let plain = schema("`").replace(", twice integer GENERATED ALWAYS AS (id * 2) STORED", "");
        let sums = sums("`").replace("sum(twice)", "sum(id) * 2");
        before.load(plain.as_bytes()).ok();
        for options in [&[][..], &["--skip-extended-insert"], &["--default-character-set=latin1"]] {
            let dump = run(before.program("mariadb-dump").args(options).arg(&before.name), b"").ok();
            let after = server.database();
            after.load(&masked(profile, &["-q"], &dump).ok()).ok();
            assert_eq!(after.number(&sums), 1186, "{options:?}");
        }
        // Nothing says where they would stand.
        let dump = run(before.program("mariadb-dump").arg("--skip-add-locks").arg(&before.name), b"").ok();
        let ran = masked(profile, &["-q"], &dump);
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        assert!(ran.stderr.contains("no place"), "{}", ran.stderr);
    }
}

#[test]
fn login_needs_its_password() {
    let without = |set: Option<&str>| {
        let mut command = standin();
        command.arg("mask").arg("-p").arg(file("invented-login.yaml", PROFILE.as_bytes()));
        command.args(["--input-format", "csv", "--table", "users"]).env_remove("TRAINING");
        if let Some(set) = set {
            command.env("TRAINING", set);
        }
        run(&mut command, b"id,name,hash,active,note,born\n5,Ann,old,t,n,\n")
    };
    for (set, code, says) in
        [(None, 2, "`TRAINING`"), (Some(""), 2, "no password"), (Some(&*"x".repeat(73)), 3, "72 bytes")]
    {
        let ran = without(set);
        assert_eq!(ran.code(), code, "{}", ran.stderr);
        assert!(
            ran.stderr.contains(says) && !ran.stderr.contains("xxx") && ran.stdout.is_empty(),
            "{}",
            ran.stderr
        );
    }
}
