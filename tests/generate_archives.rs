//! Archives of pg_dump as schema and as output of `standin generate`: restored by the real pg_restore with every constraint
//! on, in every version and form there is; nothing of the source's data is in them.

use std::path::{Path, PathBuf};

use super::support::archives::{FORMS, bytes_of, fresh, shelves};
use super::support::repository;
use super::support::run::{Ran, run, standin};
use super::support::server::{Database, server};

fn generate(schema: &Path, output: &Path, args: &[&str]) -> Ran {
    run(standin().args(["generate", "-q", "--schema"]).arg(schema).arg("-o").arg(output).args(args), b"")
}

/// What rows of the database hold that are not made.
const CANARY: &str = "canary";

#[test]
fn archives_of_every_version_and_form_are_filled_anew() {
    for shelf in shelves() {
        for form in FORMS {
            for what in ["", " -s"] {
                let Some(archive) = shelf.archive(&format!("{form}{what}")) else { continue };
                let output = fresh("generated");
                let ran = generate(&archive, &output, &["--count", "app.people=300"]);
                let named = format!("{} {form}{what}", shelf.number());
                assert_eq!(ran.code(), 0, "{named}: {}", ran.stderr);
                let text = String::from_utf8_lossy(&shelf.text(&output)).to_lowercase();
                assert!(text.contains("copy \"app\".\"people\""), "{named}");
                assert!(!text.contains(CANARY) && !text.contains("lo_create"), "{named}");
                let database = shelf.restore(&output, &[if form.contains("-Ft") { "-j1" } else { "-j2" }]);
                let number = |sql: &str| database.number(sql);
                assert_eq!(number("SELECT count(*) FROM app.people"), 300, "{named}");
                assert!(number("SELECT count(*) FROM app.visits") > 0, "{named}");
                assert!(number("SELECT count(*) FROM app.moods") > 0, "{named}");
                let joined = "SELECT count(*) FROM app.orders o JOIN app.people p ON p.id = o.person_id";
                assert!(number(joined) > 100, "{named}");
                // Counters go on behind the rows.
                database
                    .psql(&["-v", "ON_ERROR_STOP=1"], b"INSERT INTO app.products (name) VALUES ('another');")
                    .ok();
            }
        }
    }
}

#[test]
fn a_form_is_chosen_and_threads_change_no_byte() {
    let Some(shelf) = shelves().first() else { return };
    let archive = shelf.archive("-Fc -Z1").expect("every version has it");
    let made = |args: &[&str]| {
        let output = fresh("form");
        let ran = generate(&archive, &output, args);
        assert_eq!(ran.code(), 0, "{}", ran.stderr);
        output
    };
    let one = made(&["-j1", "--rows", "5000"]);
    assert!(bytes_of(&one) == bytes_of(&made(&["-j3", "--rows", "5000"])), "threads change bytes");
    // A pipe cannot be written out of order: places of data are not told there, else all is the same.
    let piped = run(standin().args(["generate", "-q", "--rows", "5000", "--schema"]).arg(&archive), b"").ok();
    assert!(shelf.text_of_pipe(&piped) == shelf.text(&one), "a pipe has other rows");
    for form in ["directory", "tar", "custom"] {
        let output = made(&["--format", form, "--rows", "5000"]);
        assert_eq!(output.is_dir(), form == "directory");
        assert!(shelf.text(&output) == shelf.text(&one), "{form}");
    }
    let verified = run(
        standin().args(["generate", "--verify", "--schema"]).arg(&archive).arg("-o").arg(fresh("verified")),
        b"",
    );
    assert!(verified.stderr.contains("0 constraints broken"), "{}", verified.stderr);
}

#[test]
fn an_archive_gives_sql_and_rows_too() {
    let Some(shelf) = shelves().first() else { return };
    let archive = shelf.archive("-Fc -C").expect("every version has it");
    let sql =
        run(standin().args(["generate", "-q", "--format", "pg_dump", "--schema"]).arg(&archive), b"").ok();
    assert!(!String::from_utf8_lossy(&sql).contains("CREATE DATABASE"));
    let database = shelf.cluster.scratch().database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
    assert_eq!(database.number("SELECT count(*) FROM app.people"), 100);
    let rows = run(standin().args(["generate", "-q", "--only", "app.people", "--schema"]).arg(&archive), b"");
    assert!(rows.ok().starts_with(b"COPY \"app\".\"people\" ("));
}

#[test]
fn what_makes_no_archive_is_said() {
    let Some(shelf) = shelves().first() else { return };
    let archive = shelf.archive("-Fc -s").expect("every version has it");
    let refused = |schema: &Path, args: &[&str], code: i32, said: &str| {
        let output = fresh("refused");
        let ran = generate(schema, &output, args);
        assert_eq!(ran.code(), code, "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
        assert!(!output.exists());
    };
    refused(&archive, &["--format", "custom", "--only", "app.people"], 2, "makes no archive");
    let plain = repository("fixtures/generate/shop.sql");
    refused(&plain, &["--format", "custom"], 2, "pg_dump --schema-only --format=custom");
    let latin = shelf.archive("-Fc -s -E LATIN1").expect("every version has it");
    refused(&latin, &[], 3, "--encoding=UTF8");
}

/// Loads a schema, dumps it as an archive, fills that, and restores it.
fn round(schema: &str, args: &[&str]) -> Option<Database> {
    let server = server()?;
    let sql = std::fs::read(repository(schema)).expect("fixture");
    let source = server.database();
    source.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
    let archive: PathBuf = fresh("round");
    run(source.program("pg_dump").args(["-Fc", "-f"]).arg(&archive), b"").ok();
    let output = fresh("rounded");
    let ran = generate(&archive, &output, args);
    assert_eq!(ran.code(), 0, "{schema}: {}", ran.stderr);
    let database = server.database();
    let mut command = database.program("pg_restore");
    run(command.args(["--exit-on-error", "-j2", "-d", &database.name]).arg(&output), b"").ok();
    Some(database)
}

#[test]
fn fixtures_restore_with_every_constraint_on() {
    for (schema, table, rows) in [
        ("fixtures/webshop/dump.sql", "public.orders", None),
        ("fixtures/generate/hospital.sql", "", None),
        ("fixtures/generate/tree.sql", "", None),
        ("fixtures/generate/composite.sql", "", None),
        ("fixtures/generate/cycles.sql", "visits", Some(250)),
        ("fixtures/generate/types.sql", "", None),
    ] {
        let count = rows.map(|rows| format!("{table}={rows}"));
        let args: Vec<&str> = count.iter().flat_map(|count| ["--count", count.as_str()]).collect();
        let Some(database) = round(schema, &args) else { return };
        if let Some(rows) = rows {
            assert_eq!(database.number(&format!("SELECT count(*) FROM {table}")), rows, "{schema}");
        }
        let unchecked = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated";
        assert_eq!(database.number(unchecked), 0, "{schema}");
    }
}

#[test]
fn an_archive_that_was_not_finished_does_not_restore() {
    let Some(shelf) = shelves().first() else { return };
    let archive = shelf.archive("-Fc -s").expect("every version has it");
    let whole = run(standin().args(["generate", "-q", "--schema"]).arg(&archive), b"").ok();
    // Cut anywhere near its end, pg_restore sees it.
    for cut in 1..5 {
        let database = shelf.cluster.scratch().database();
        let mut command = database.program("pg_restore");
        let part = &whole[..whole.len() - cut];
        let ran = run(command.args(["--exit-on-error", "-d", &database.name]), part);
        assert_ne!(ran.code(), 0, "cut by {cut}");
    }
}
