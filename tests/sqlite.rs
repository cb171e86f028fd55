//! `.dump` text of the sqlite3 shell: golden cases, the real program on both ends, poison, damage.
//!
//! The golden cases of `fixtures/sqlite` hold `input.sql` and either `profile.yaml` and `expected.sql`, or `expected.error`.
//! `UPDATE_GOLDEN=1` rewrites what is expected.

use std::path::{Path, PathBuf};

use crate::damage;
use crate::support::robust;
use crate::support::run::{Ran, command, run};
use crate::support::shop::{file, folder, mask};
use crate::support::{environment, repository};

/// The profile that keeps everything.
const KEEP: &str = "version: 1\npolicy: {domain: tests}\n";

/// Says whether the real program is there. Without it the test prints why it is skipped; with `REQUIRE_SERVERS=1` it fails.
fn has_sqlite() -> bool {
    let path = environment("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join("sqlite3").is_file());
    if !found {
        assert!(environment("REQUIRE_SERVERS").is_none(), "REQUIRE_SERVERS is set, but there is no sqlite3");
        eprintln!("skipped: there is no sqlite3 in the search path");
    }
    found
}

/// Runs the shell on a database with these options and commands, and with text on standard input.
fn sqlite(options: &[&str], database: &Path, commands: &[&str], input: &[u8]) -> Ran {
    run(command("sqlite3").args(["-init", "/dev/null"]).args(options).arg(database).args(commands), input)
}

/// Makes a database of a name from a script.
fn database(name: &str, script: &[u8]) -> PathBuf {
    let path = folder().join(name);
    let _ = std::fs::remove_file(&path);
    sqlite(&["-bail"], &path, &[], script).ok();
    path
}

fn masked(profile: &str, name: &str, args: &[&str], input: &[u8]) -> Ran {
    mask(&file(name, profile.as_bytes()), args, input)
}

/// Returns the golden cases, sorted.
fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(repository("fixtures/sqlite"))
        .expect("fixtures are there")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    cases.sort();
    assert!(cases.len() > 12, "cases of fixtures/sqlite are missing");
    cases
}

fn text(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

#[test]
fn golden_cases() {
    let update = environment("UPDATE_GOLDEN").is_some();
    for case in cases() {
        let place = case.display();
        let input = std::fs::read(case.join("input.sql")).expect("an input");
        let Some(profile) = text(&case.join("profile.yaml")) else {
            let refused = masked(
                KEEP,
                "sqlite-keep.yaml",
                &["--input-format", "sqlite", "--allow-unlisted-keep"],
                &input,
            );
            let expected = text(&case.join("expected.error")).expect("what is expected");
            assert_eq!(refused.code(), 3, "{place}: {}", refused.stderr);
            assert!(refused.stderr.contains(expected.trim_end()), "{place}: {}", refused.stderr);
            continue;
        };
        let plan = robust::plan(&profile, false).unwrap_or_else(|e| panic!("{place}: {e}"));
        let options = robust::options("t");
        for (what, plan) in [("all-keep", robust::all_keep()), ("masked", &plan)] {
            let out = |step| {
                let good = robust::masked(plan, "sqlite", &options, &input, step);
                let good = good.unwrap_or_else(|e| panic!("{place}, {what}: {e}"));
                good.unwrap_or_else(|| panic!("{place}, {what}: refused in reads of {step} bytes")).bytes
            };
            let whole = out(usize::MAX);
            for step in [1, 7, 100] {
                assert!(out(step) == whole, "{place}, {what}: reads of {step} bytes come out otherwise");
            }
            if what == "all-keep" {
                assert!(whole == input, "{place}: all-keep has changed the bytes");
            } else if update {
                std::fs::write(case.join("expected.sql"), &whole).expect("written");
            } else {
                let expected = std::fs::read(case.join("expected.sql")).expect("what is expected");
                assert!(whole == expected, "{place}: {}", String::from_utf8_lossy(&whole));
            }
        }
    }
}

/// Returns every cell of columns of a table: storage class and value, as the shell quotes it.
fn cells(database: &Path, table: &str, columns: &[&str], order: &str) -> String {
    let list: Vec<String> = columns.iter().map(|c| format!("typeof({c}), quote({c})")).collect();
    let query = format!("SELECT {} FROM {table} ORDER BY {order};", list.join(", "));
    String::from_utf8(sqlite(&["-bail"], database, &[&query], b"").ok()).expect("UTF-8")
}

/// Rows of every storage class, built by SQLite itself: text with line ends and what `.dump` does about them, blobs, numbers
/// at both ends, values of another class than their column's.
fn people() -> PathBuf {
    let mut script = String::from(
        "CREATE TABLE people(id INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT NOT NULL UNIQUE, name VARCHAR(80), \
         shout TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL, n NUMERIC, r REAL, b BLOB, t TEXT, born DATE, any_value);\n\
         CREATE TABLE orders(no INTEGER PRIMARY KEY, person INT REFERENCES people(id), \"ship to\" TEXT, [note] TEXT);\n\
         CREATE TABLE pairs(a INT, b TEXT, PRIMARY KEY(a, b)) WITHOUT ROWID;\nBEGIN;\n",
    );
    let values = [
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "1.5",
        "1e300",
        "-1e-300",
        "9e999",
        "-9e999",
        "NULL",
        "''",
        "'x'",
        "x''",
        "x'00ff27'",
        "'it''s'",
        "'a'||char(10)||'b'",
        "'a'||char(13)||'b'",
        "char(13)||char(10)",
        "'a literal \\n and '||char(10)",
        "'a literal \\r \\012 \\n and '||char(13)||char(10)",
        "char(233)||char(128512)",
        "'--'",
        "'/*'",
        "'); DROP TABLE people;--'",
        "'1e5'",
        "'007'",
        "char(27)||'[2J'",
        "'tab'||char(9)",
        "'\"q\"'",
    ];
    for (at, value) in values.iter().cycle().take(600).enumerate() {
        let other = values[(at * 7 + 3) % values.len()];
        script.push_str(&format!(
            "INSERT INTO people(mail,name,n,r,b,t,born,any_value) \
             VALUES('person{at}@example.org','Name '||{at}||char(10)||'x',{value},{other},{value},{other},\
             date('1950-01-01','+{at} days'),{value});\n\
             INSERT INTO orders VALUES({at},{}+1,'person{}@example.org',{other});\n\
             INSERT OR IGNORE INTO pairs VALUES({at},'k'||{value});\n",
            at / 2,
            at / 2
        ));
    }
    script.push_str("COMMIT;\nCREATE VIEW young AS SELECT * FROM people WHERE born > '2000-01-01';\n");
    script.push_str(
        "CREATE TRIGGER later AFTER DELETE ON people BEGIN DELETE FROM orders WHERE person=old.id; END;\n",
    );
    script.push_str("CREATE INDEX by_name ON people(name);\nANALYZE;\n");
    database("people.db", script.as_bytes())
}

const PEOPLE: &str = "version: 1
policy: {domain: tests}
reasons: {work: needed by the software under test}
entities:
  person:
    subject: id
    id: {pseudonym: integer}
    mail: {fake: email, unique: true, max: 64}
tables:
  people:
    columns:
      id: person.id
      mail: person.mail
      name: {constant: \"O'Name\"}
      born: {generalise: year}
      any_value: {hash: {length: 16}}
    keep: [n, r, b, t]
    why: work
  orders:
    columns:
      person: person.id
      \"ship to\": person.mail
    keep: [no, note]
    why: work
  pairs:
    keep: [a, b]
    why: work
";

#[test]
fn a_database_is_dumped_masked_and_loaded_again() {
    if !has_sqlite() {
        return;
    }
    let source = people();
    let numbers = |db: &Path, query: &str| sqlite(&["-bail"], db, &[query], b"").text();
    for (dump, name) in [(".dump", "plain"), (".dump --newlines", "newlines"), (".dump --nosys", "nosys")] {
        let dumped = sqlite(&[], &source, &[dump], b"").ok();
        // The shell itself takes carriage returns at line ends off, which `--newlines` writes.
        let before = database(&format!("before-{name}.db"), &dumped);
        let kept = masked(KEEP, "sqlite-keep.yaml", &["--allow-unlisted-keep"], &dumped);
        assert!(kept.ok() == dumped, "{name}: all-keep has changed the bytes");
        let out = masked(PEOPLE, "people.yaml", &["-j", "1"], &dumped).ok();
        assert!(masked(PEOPLE, "people.yaml", &["-j", "4"], &dumped).ok() == out, "{name}: -j 4 differs");
        let after = database(&format!("after-{name}.db"), &out);
        // What is kept is what it was, storage class and all. Masked keys have another order: mails of orders have not.
        for (table, columns, order) in [
            ("orders", &["no", "note"][..], "no"),
            ("pairs", &["a", "b"], "a, b"),
            ("people", &["n"], "typeof(n), quote(n)"),
            ("people", &["r"], "typeof(r), quote(r)"),
            ("people", &["b"], "typeof(b), quote(b)"),
            ("people", &["t"], "typeof(t), quote(t)"),
        ] {
            let of = |db: &Path| cells(db, table, columns, order);
            assert!(of(&before) == of(&after), "{name}: {table} {columns:?} have changed");
        }
        // What is masked is masked, in its storage class, and joins hold.
        assert_eq!(numbers(&after, "PRAGMA integrity_check; PRAGMA foreign_key_check;"), "ok\n", "{name}");
        for (query, wanted) in [
            (
                "SELECT count(*) FROM people p JOIN orders o ON o.person=p.id AND o.\"ship to\"=p.mail",
                "600\n",
            ),
            ("SELECT count(*) FROM people WHERE mail LIKE 'person%' OR name<>'O''Name' OR id<601", "0\n"),
            (
                "SELECT DISTINCT typeof(id), typeof(mail), typeof(name), shout FROM people",
                "integer|text|text|O'NAME\n",
            ),
            ("SELECT count(*) FROM people WHERE born NOT LIKE '____-01-01'", "0\n"),
            ("SELECT DISTINCT typeof(any_value) FROM people WHERE any_value<>'' ORDER BY 1", "blob\ntext\n"),
        ] {
            assert_eq!(numbers(&after, query), wanted, "{name}: {query}");
        }
        let empty = "SELECT count(*) FROM people WHERE any_value IS NULL";
        assert_eq!(numbers(&before, empty), numbers(&after, empty), "{name}");
    }
}

#[test]
fn rowids_are_columns_that_the_profile_names() {
    if !has_sqlite() {
        return;
    }
    let before =
        database("rowids.db", b"CREATE TABLE t(a TEXT);INSERT INTO t(rowid,a) VALUES(5,'x'),(9,'y');");
    let dump = sqlite(&[], &before, &[".dump --preserve-rowids"], b"").ok();
    assert!(String::from_utf8_lossy(&dump).contains("INSERT INTO t(rowid,a) VALUES(5,"));
    let profile = |keep: &str| {
        format!(
            "version: 1\npolicy: {{domain: tests}}\nreasons: {{work: a test}}\ntables:\n  t:\n    columns: {{a: suppress}}\n    keep: [{keep}]\n    why: work\n"
        )
    };
    let refused = masked(&profile(""), "rowids-no.yaml", &[], &dump);
    assert_eq!(refused.code(), 3, "{}", refused.stderr);
    let path = file("rowids.sql", &dump);
    let path = path.to_string_lossy();
    let out = masked(&profile("rowid"), "rowids-yes.yaml", &[&path], b"").ok();
    let after = database("rowids-after.db", &out);
    assert_eq!(sqlite(&[], &after, &["SELECT rowid, a IS NULL FROM t"], b"").text(), "5|1\n9|1\n");
}

#[test]
fn poison_leaves_nothing_and_fails() {
    if !has_sqlite() {
        return;
    }
    // More than one read gives, so that output has begun when the fault comes.
    let filler = "x".repeat(90);
    let one = |id: usize| format!("INSERT INTO cut VALUES({id},'person{id}@example.org','{filler}');\n");
    let many = |from: usize, to: usize| (from..to).map(one).collect::<String>();
    let tuples = |from: usize, to: usize| {
        let list: Vec<String> =
            (from..to).map(|id| format!("({id},'person{id}@example.org','{filler}')")).collect();
        format!("INSERT INTO cut VALUES{}", list.join(",\n"))
    };
    let head = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE cut(id INTEGER PRIMARY KEY, mail TEXT, filler);\n";
    let profile = "version: 1\npolicy: {domain: tests}\nreasons: {work: a test}\ntables:\n  cut:\n    columns: {mail: {fake: email}}\n    keep: [id, filler]\n    why: work\n";
    for (name, text) in [
        (
            "a row with a value too many",
            format!(
                "{head}{}INSERT INTO cut VALUES(1,2,3,4);\n{}COMMIT;\n",
                many(0, 9_000),
                many(9_001, 9_900)
            ),
        ),
        ("a bad tuple inside of a statement", format!("{head}{},\n(1,2);\nCOMMIT;\n", tuples(0, 9_000))),
        (
            "a statement that may not pass",
            format!("{head}{}UPDATE cut SET mail='x';\nCOMMIT;\n", many(0, 9_000)),
        ),
        ("cut off inside of a text", format!("{head}{}INSERT INTO cut VALUES(9000,'pers", many(0, 9_000))),
        ("cut off between statements", format!("{head}{}", many(0, 9_000))),
        ("rolled back", format!("{head}{}ROLLBACK; -- due to errors\n", many(0, 9_000))),
    ] {
        let ran = masked(profile, "cut.yaml", &[], text.as_bytes());
        assert_eq!(ran.code(), 3, "{name}: {}", ran.stderr);
        assert!(ran.text().contains("INSERT INTO cut"), "{name}: nothing was sent before the fault");
        // A COMMIT that somebody appends must not help.
        for (tail, input) in
            [("", ran.stdout.clone()), (" and a COMMIT", [&ran.stdout[..], b"\nCOMMIT;\n"].concat())]
        {
            let script = file("cut.sql", &input);
            let read = format!(".read {}", script.display());
            for options in [&[][..], &["-bail"]] {
                for from_file in [false, true] {
                    let path = folder().join("cut.db");
                    let _ = std::fs::remove_file(&path);
                    let loaded = match from_file {
                        true => sqlite(options, &path, &[&read], b""),
                        false => sqlite(options, &path, &[], &input),
                    };
                    let place = format!("{name}{tail}, {options:?}, .read {from_file}");
                    assert_ne!(loaded.code(), 0, "{place}: the load looks finished");
                    let left = sqlite(&[], &path, &["SELECT count(*) FROM sqlite_master"], b"").text();
                    assert_eq!(left, "0\n", "{place}: something was committed");
                }
            }
        }
    }
}

#[test]
fn damaged_sqlite_dumps() {
    let profile = text(&repository("fixtures/sqlite/everything/profile.yaml")).expect("profile is there");
    let plan = robust::plan(&profile, false).expect("the profile is right");
    let mut seeds: Vec<Vec<u8>> =
        cases().iter().map(|case| std::fs::read(case.join("input.sql")).expect("an input")).collect();
    let most = std::fs::read(repository("fixtures/sqlite/everything/input.sql")).expect("an input");
    // Only this one fits the masking profile.
    seeds.extend(std::iter::repeat_n(most, seeds.len()));
    damage::all("sqlite", &seeds, |bytes| robust::input(&plan, "sqlite", &robust::options("t"), bytes));
}

/// Returns the files under a folder that begin as `.dump` begins, unpacked where they end in `.zst`.
fn dumps(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(dumps(&path));
            continue;
        }
        let bytes = if name.ends_with(".sql.zst") {
            run(command("zstd").arg("-dc").arg(&path), b"").ok()
        } else if name.ends_with(".sql") {
            std::fs::read(&path).expect("input is there")
        } else {
            continue;
        };
        if bytes.starts_with(b"PRAGMA ") {
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

#[test]
fn real_sqlite_dumps_come_out_as_they_went_in() {
    let Some(corpus) = environment("STANDIN_CORPUS") else {
        eprintln!("skipped: STANDIN_CORPUS names no folder of real dumps");
        return;
    };
    let found = dumps(Path::new(&corpus));
    assert!(!found.is_empty(), "STANDIN_CORPUS names a folder without a file of `.dump`");
    for (path, bytes) in found {
        for step in [1, 7, usize::MAX] {
            let good = robust::masked(robust::all_keep(), "sqlite", &robust::options("t"), &bytes, step);
            let good = good.expect("no fault").unwrap_or_else(|| panic!("{}: refused", path.display()));
            assert!(good.bytes == bytes, "{}: reads of {step} bytes changed it", path.display());
        }
    }
}
