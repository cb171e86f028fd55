//! `generate` on schemas of many kinds (`fixtures/generate`, 300 tables, and those of a folder outside of the repository
//! that STANDIN_CORPUS names): loaded by the real programs with every constraint on, and asked again afterwards. The same
//! bytes for any number of threads and any division into ranges, and the same memory for any number of rows.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::support::run::{Ran, command, run, standin};
use crate::support::shop::{file, folder};
use crate::support::{environment, mariadb, repository, server, sqlite};

/// Schemas in the words of PostgreSQL, MariaDB and SQLite.
const FIXTURES: &[&str] = &["shop", "hospital", "tree", "composite"];

fn fixture(name: &str) -> PathBuf {
    repository("fixtures/generate").join(name)
}

fn generate(schema: &Path, args: &[&str]) -> Ran {
    let rows: &[&str] = if args.contains(&"--rows") { &[] } else { &["--rows", "60"] };
    run(standin().args(["generate", "--schema"]).arg(schema).args(rows).args(args), b"")
}

/// Returns how many rows a run says that it made.
fn rows_made(ran: &Ran) -> i64 {
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let line = ran.stderr.lines().find(|line| line.contains(" rows, seed ")).expect("a summary");
    let word = line.split(' ').zip(line.split(' ').skip(1)).find(|(_, next)| *next == "rows,");
    word.and_then(|(number, _)| number.parse().ok()).expect("a number of rows")
}

/// Loads a script into a new PostgreSQL database and asks whether all is there and holds.
fn holds_in_postgresql(what: &str, ran: Ran) {
    let Some(server) = server::server() else { return };
    let made = rows_made(&ran);
    let database = server.database();
    let loaded = database.psql(&["-v", "ON_ERROR_STOP=1"], &ran.ok());
    assert_eq!(loaded.code(), 0, "{what}: {}", loaded.stderr);
    let tables = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n \
                  ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')";
    let tables: Vec<String> = database.rows(tables).into_iter().flatten().flatten().collect();
    let count = |table: &String| database.number(&format!("SELECT count(*) FROM ONLY {table}"));
    assert_eq!(tables.iter().map(count).sum::<i64>(), made, "{what}");
    // All is asked once more: a constraint that is not valid is held to the rows.
    let again = "UPDATE pg_constraint SET convalidated = false WHERE contype IN ('f', 'c') AND conrelid <> 0 AND \
                 conparentid = 0 AND conrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND NOT relispartition);\n\
                 DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint \
                 WHERE NOT convalidated LOOP EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', c.t, c.conname); \
                 END LOOP; END $$;\n";
    let asked = database.psql(&["-v", "ON_ERROR_STOP=1"], again.as_bytes());
    assert_eq!(asked.code(), 0, "{what}: {}", asked.stderr);
}

/// Loads a script into a new MariaDB database and asks whether all is there and no key points nowhere.
fn holds_in_mariadb(what: &str, ran: Ran) {
    let Some(server) = mariadb::server() else { return };
    let made = rows_made(&ran);
    let database = server.database();
    let loaded = database.load(&ran.ok());
    assert_eq!(loaded.code(), 0, "{what}: {}", loaded.stderr);
    let count = |table: &String| database.number(&format!("SELECT count(*) FROM `{table}`"));
    assert_eq!(database.tables().iter().map(count).sum::<i64>(), made, "{what}");
    let keys = "SELECT table_name, constraint_name, referenced_table_name, \
                group_concat(column_name, ' ', referenced_column_name ORDER BY ordinal_position SEPARATOR ',') \
                FROM information_schema.key_column_usage WHERE table_schema = database() \
                AND referenced_table_name IS NOT NULL GROUP BY 1, 2, 3";
    for key in database.rows(keys) {
        let [Some(child), Some(name), Some(parent), Some(columns)] = key.as_slice() else { panic!("a key") };
        let (mut on, mut told) = (Vec::new(), Vec::new());
        for pair in columns.split(',') {
            let (own, theirs) = pair.split_once(' ').expect("two columns");
            on.push(format!("p.`{theirs}` = c.`{own}`"));
            told.push(format!("c.`{own}` IS NOT NULL"));
        }
        let (on, told) = (on.join(" AND "), told.join(" AND "));
        let orphans = format!(
            "SELECT count(*) FROM `{child}` c WHERE {told} AND NOT EXISTS (SELECT 1 FROM `{parent}` p WHERE {on})"
        );
        assert_eq!(database.number(&orphans), 0, "{what}: {name}");
    }
}

/// Loads a script into a new SQLite database and asks whether all is there and holds.
fn holds_in_sqlite(what: &str, ran: Ran) {
    let Some(database) = sqlite::database() else { return };
    let made = rows_made(&ran);
    let loaded = database.run(&["-bail"], &ran.ok());
    assert_eq!((loaded.code(), loaded.stderr.as_str()), (0, ""), "{what}");
    let count = |table: &String| database.number(&format!("SELECT count(*) FROM \"{table}\";"));
    assert_eq!(database.tables().iter().map(count).sum::<i64>(), made, "{what}");
    assert_eq!(database.number("SELECT count(*) FROM pragma_foreign_key_check;"), 0, "{what}");
    assert_eq!(
        database.rows("PRAGMA integrity_check;"),
        [[Some("ok".to_owned())]],
        "{what}: NOT NULL, UNIQUE and CHECK"
    );
}

#[test]
fn the_fixtures_load_into_postgresql() {
    for name in FIXTURES {
        for format in ["pg_dump", "inserts"] {
            let ran = generate(&fixture(&format!("{name}.sql")), &["--format", format]);
            holds_in_postgresql(&format!("{name}, {format}"), ran);
        }
    }
}

#[test]
fn the_fixtures_load_into_mariadb() {
    for name in FIXTURES {
        let ran = generate(&fixture(&format!("{name}_mysql.sql")), &["--input-format", "mysql"]);
        holds_in_mariadb(name, ran);
    }
}

#[test]
fn the_fixtures_load_into_sqlite() {
    for name in FIXTURES {
        let ran = generate(&fixture(&format!("{name}_sqlite.sql")), &["--input-format", "sqlite"]);
        holds_in_sqlite(name, ran);
    }
}

/// Numbers that look drawn.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Returns a schema of so many tables, each of which points to some before it.
fn many(tables: u64, seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut sql = String::from("SET standard_conforming_strings = on;\n");
    let types = [
        "integer",
        "bigint NOT NULL",
        "text",
        "character varying(30) NOT NULL",
        "numeric(9,2) CHECK (c >= 0)",
        "date NOT NULL",
        "timestamp with time zone",
        "boolean NOT NULL",
        "uuid",
        "smallint CHECK (c BETWEEN 1 AND 5)",
        "text CHECK (c IN ('a', 'b', 'c'))",
        "integer UNIQUE",
    ];
    for table in 0..tables {
        let _ = write!(sql, "CREATE TABLE t{table} (\n    id integer PRIMARY KEY");
        for at in 0..dice.below(5) {
            let kind = types[usize::try_from(dice.below(12)).expect("small")];
            let _ = write!(sql, ",\n    c{at} {}", kind.replace("(c ", &format!("(c{at} ")));
        }
        let parents = dice.below(4).min(table);
        for at in 0..parents {
            let parent = dice.below(table);
            let not_null = if dice.below(3) > 1 { " NOT NULL" } else { "" };
            let _ = write!(sql, ",\n    p{at} integer{not_null} REFERENCES t{parent}");
        }
        if dice.below(6) == 0 {
            let _ = write!(sql, ",\n    up integer REFERENCES t{table}");
        }
        sql.push_str("\n);\n");
    }
    sql
}

#[test]
fn three_hundred_tables_load_into_postgresql() {
    let schema = file("three-hundred.sql", many(300, 7).as_bytes());
    holds_in_postgresql("300 tables", generate(&schema, &["--input-format", "pg_dump", "--rows", "3"]));
}

/// Returns the tables of a schema, as `--only` takes them.
fn tables(schema: &Path, form: &str) -> Vec<String> {
    let place = folder().join(format!("tables-{}", schema.file_name().expect("a name").to_string_lossy()));
    let _ = std::fs::remove_dir_all(&place);
    let output = place.to_str().expect("UTF-8");
    let ran = generate(schema, &["--input-format", form, "--format", "tsv", "-o", output]);
    ran.ok();
    let files = std::fs::read_dir(&place).expect("a folder").flatten();
    let mut names: Vec<String> =
        files.map(|entry| entry.file_name().to_string_lossy().trim_end_matches(".tsv").to_owned()).collect();
    names.sort();
    names
}

#[test]
fn threads_and_ranges_change_no_byte_of_any_fixture() {
    for name in FIXTURES {
        for (ending, form) in [("", "pg_dump"), ("_mysql", "mysql"), ("_sqlite", "sqlite")] {
            let schema = fixture(&format!("{name}{ending}.sql"));
            let base = ["--input-format", form, "-q", "--rows", "1500"];
            let made = |args: &[&str]| generate(&schema, &[&base[..], args].concat()).ok();
            let one = made(&["-j1"]);
            assert!(["-j2", "-j5"].iter().all(|threads| made(&[*threads]) == one), "{name}{ending}");
            if form != "pg_dump" {
                continue;
            }
            for table in tables(&schema, form) {
                let rows = |range: &str| made(&["--format", "tsv", "--only", &table, "--range", range]);
                let whole = rows("0..1000000");
                let parts = ["0..1", "1..1023", "1023..1024", "1024..1025", "1025..1000000"].map(rows);
                assert!(parts.concat() == whole, "{name}: {table}");
            }
        }
    }
}

/// Runs the tool under a small program that says its peak of memory, in KiB.
const PEAK: &str = r#"
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"#;

#[test]
fn a_thousand_million_rows_take_the_memory_of_one() {
    let peak = |count: &str, range: &str| {
        let schema = fixture("shop.sql");
        let customers = format!("customers={count}");
        let orders = format!("orders={count}");
        let args =
            ["--count", &customers, "--count", &orders, "--only", "orders", "--range", range, "--format"];
        let mut python = command("python3");
        python.args(["-c", PEAK]).arg(env!("CARGO_BIN_EXE_standin"));
        python.args(["generate", "-q", "-j2", "--schema"]).arg(schema).args(args).arg("csv");
        let said = run(&mut python, b"").text();
        let (code, peak) = said.trim().split_once(' ').expect("two numbers");
        assert_eq!(code, "0");
        peak.parse::<u64>().expect("a number")
    };
    // Threads and buffers are there from a few blocks on; a row alone is made without them.
    let (one, few) = (peak("1", "0..1"), peak("100000", "0..100000"));
    let (many, last) =
        (peak("1000000000", "999000000..999100000"), peak("1000000000", "999999999..1000000000"));
    println!("KiB: one {one}, few {few}, many {many}, last {last}");
    assert!(last * 10 <= one * 11, "{last} KiB for the last row, {one} for the only one");
    assert!(many * 10 <= few * 11, "{many} KiB of many rows, {few} of few");
}

#[test]
fn an_output_is_not_the_schema() {
    let text = std::fs::read(fixture("shop.sql")).expect("a fixture");
    let schema = file("schema-and-output.sql", &text);
    let ran = generate(&schema, &["-o", schema.to_str().expect("UTF-8")]);
    assert_eq!(ran.code(), 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("is an input"), "{}", ran.stderr);
    assert!(std::fs::read(&schema).expect("is there") == text, "it stays as it is");
}

/// Returns the schemas under a folder: plain dumps, unpacked where they end in `.zst`, and SQLite files.
fn schemas(at: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(at).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(schemas(&path));
        } else if name.ends_with(".sql.zst") {
            let bytes = run(command("zstd").arg("-dc").arg(&path), b"").ok();
            found.push(file(&format!("schema-{}", name.replace('/', "-").replace(".zst", "")), &bytes));
        } else if name.ends_with(".sqlite") || name.ends_with(".db") {
            let bytes = run(command("sqlite3").arg("-batch").arg(&path).arg(".dump"), b"").ok();
            found.push(file(&format!("schema-{}.sql", name.replace('/', "-")), &bytes));
        } else if name.ends_with(".sql") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn real_schemas_load_with_every_constraint_on() {
    let Some(place) = environment("STANDIN_CORPUS") else {
        eprintln!("skipped: STANDIN_CORPUS names no folder of real dumps");
        return;
    };
    let found = schemas(Path::new(&place));
    assert!(!found.is_empty(), "STANDIN_CORPUS names a folder without a schema");
    for path in found {
        let what = path.display().to_string();
        let ran = generate(&path, &["--allow-unchecked"]);
        assert_eq!(ran.code(), 0, "{what}: {}", ran.stderr);
        let head = String::from_utf8_lossy(ran.stdout.get(..4096).unwrap_or(&ran.stdout)).into_owned();
        if head.contains("PRAGMA ") {
            holds_in_sqlite(&what, ran);
        } else if head.contains("/*!") || head.contains("ENGINE=") || head.contains('`') {
            holds_in_mariadb(&what, ran);
        } else {
            holds_in_postgresql(&what, ran);
        }
    }
}

/// What was written is read again and held to the schema, in every dialect.
#[test]
fn every_fixture_holds_when_it_is_read_again() {
    let schemas = repository("fixtures/generate");
    let mut seen = 0;
    for entry in std::fs::read_dir(schemas).expect("fixtures").flatten() {
        let path = entry.path();
        let output = folder().join("read-again.sql");
        let ran =
            run(standin().args(["generate", "--verify", "--schema"]).arg(&path).arg("-o").arg(&output), b"");
        assert_eq!(ran.code(), 0, "{}: {}", path.display(), ran.stderr);
        assert!(ran.stderr.contains("0 constraints broken"), "{}: {}", path.display(), ran.stderr);
        seen += 1;
    }
    assert!(seen > 15, "{seen} fixtures");
}
