//! PostgreSQL's INSERT dumps: golden files, damage, any cut, and what a real server makes of them. The same shop in every
//! form that pg_dump has becomes the same shop again; a run that fails inside a statement commits nothing of it.

use std::path::PathBuf;

use standin::format::pg_dump::PgDump;
use standin::format::{Format, InputOptions, Part, Piece, Reader};
use standin::pipeline::BytesSource;

use crate::support::copy::{Block, split};
use crate::support::run::{Ran, run, standin};
use crate::support::server::{Server, server};
use crate::support::shop::{file, key, mask, profile, shop};
use crate::support::{repository, robust};

const CASES: [&str; 3] = ["inserts", "column-inserts", "rows-per-insert"];

fn fixture(case: &str, name: &str) -> Vec<u8> {
    std::fs::read(repository("fixtures/pg_dump").join(case).join(name)).unwrap_or_default()
}

#[test]
fn every_case_comes_out_as_expected() {
    for case in CASES {
        let input = fixture(case, "input.sql");
        let plan = robust::plan(&String::from_utf8(fixture(case, "profile.yaml")).expect("UTF-8"), false);
        let plan = plan.unwrap_or_else(|fault| panic!("{case}: {fault}"));
        let found = robust::in_any_cut(&plan, case, &robust::options("t"), &input);
        let golden = repository("fixtures/pg_dump").join(case).join("expected.sql");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &found.bytes).expect("golden file is written");
        }
        let expected = fixture(case, "expected.sql");
        assert!(found.bytes == expected, "{case}:\n{}", String::from_utf8_lossy(&found.bytes));
        let text = String::from_utf8_lossy(&expected);
        assert!(!text.to_lowercase().contains("kanarie") && !text.contains("INTO public.tokens"), "{case}");
    }
}

#[test]
fn damaged_insert_dumps() {
    let plan = robust::plan(&String::from_utf8(fixture("inserts", "profile.yaml")).expect("UTF-8"), false);
    let plan = plan.expect("the rules are right");
    let seeds = CASES.map(|case| fixture(case, "input.sql"));
    crate::damage::all("inserts", &seeds, |bytes| {
        robust::input(&plan, "pg_dump", &robust::options("t"), bytes)
    });
}

/// The forms of pg_dump that write INSERT statements.
const FORMS: [&[&str]; 7] = [
    &["--inserts"],
    &["--column-inserts"],
    &["--attribute-inserts", "--quote-all-identifiers"],
    &["--rows-per-insert=100"],
    &["--column-inserts", "--rows-per-insert=7", "--disable-dollar-quoting"],
    &["--inserts", "--on-conflict-do-nothing"],
    &["--rows-per-insert=1000", "--on-conflict-do-nothing", "--load-via-partition-root"],
];

#[test]
fn nasty_17_the_shop_in_every_form_of_insert_is_the_same_shop() {
    let Some(shop) = shop() else { return };
    let server = server().expect("the shop has one");
    let rows = |block: &Block| -> Vec<String> {
        // pg_dump writes the floating-point -0 bare, which the server reads as the integer 0.
        let mut lines: Vec<String> = block.lines.iter().map(|line| line.replace("\t-0\t", "\t0\t")).collect();
        lines.sort();
        lines
    };
    // Each dump has a token of its own.
    let around = |lines: Vec<String>| -> Vec<String> {
        lines.into_iter().filter(|l| !l.contains("restrict ")).collect()
    };
    let (outside, wanted) = split(&shop.after.dump(&[]));
    let outside = around(outside);
    for form in FORMS {
        let dump = shop.before.dump(form);
        let masked = mask(&profile(), &["-q"], &dump).ok();
        assert!(mask(&profile(), &["-q", "-j", "4"], &dump).ok() == masked, "{form:?}: -j 4 differs");
        let db = server.database();
        let restore = db.psql(&["-v", "ON_ERROR_STOP=1"], &masked);
        assert_eq!((restore.code(), restore.stderr.as_str()), (0, ""), "{form:?}");
        let (there, found) = split(&db.dump(&[]));
        assert!(outside == around(there), "{form:?}: the schema differs");
        assert!(wanted.keys().eq(found.keys()), "{form:?}: tables came or went");
        for (table, block) in &wanted {
            assert_eq!(block.columns, found[table].columns, "{form:?}: {table}");
            assert!(rows(block) == rows(&found[table]), "{form:?}: {table} differs from the COPY form");
        }
    }
}

#[test]
fn with_an_all_keep_profile_every_form_comes_out_as_it_went_in() {
    let Some(shop) = shop() else { return };
    let keep = file("inserts-keep.yaml", b"version: 1\n");
    for form in FORMS {
        let dump = shop.before.dump(form);
        for threads in ["1", "4"] {
            let mut command = standin();
            command.args(["mask", "--allow-unlisted-keep", "-q", "-j", threads, "-p"]).arg(&keep);
            assert!(run(&mut command, &dump).ok() == dump, "{form:?}, -j {threads}");
            let path = file("inserts-keep.sql", &dump);
            assert!(run(command.arg(path), b"").ok() == dump, "{form:?}, -j {threads}, a file");
        }
    }
}

const POISON: &str = "\
version: 1
policy:
  domain: training
reasons:
  workflow: needed by the software under test
tables:
  whole:
    columns:
      mail: {fake: email}
    keep: [id, filler]
    why: workflow
  cut:
    columns:
      mail: {fake: email}
    keep: [id, filler]
    why: workflow
  dropped: {empty: tokens}
";

/// Where the input goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// A row of a statement of very many has a field too few.
    Row,
    /// The input ends in the middle of such a statement.
    Ends,
    /// The same as `Row` in a table whose rows are dropped.
    Dropped,
    /// A statement of one row has a field too few.
    Single,
    /// A statement that may not pass follows the rows.
    Statement,
}

fn profile_of_poison() -> PathBuf {
    file("poison-inserts.yaml", POISON.as_bytes())
}

fn values(out: &mut String, from: u32, to: u32, between: &str) {
    let filler = "filler '' ) ".repeat(5);
    for id in from..to {
        let mark = if id == from { "" } else { between };
        out.push_str(&format!("{mark}({id}, 'person{id}@example.org', '{filler}{id}')"));
    }
}

/// A dump of two large tables, over the 8 MiB that may be held back before the fault.
fn dump(restrict: bool, fault: Option<Fault>) -> String {
    let mut text = String::from("--\n-- PostgreSQL database dump\n--\n\n");
    if restrict {
        text.push_str("\\restrict poisontest\n\n");
    }
    text.push_str("SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\n");
    for table in ["whole", "cut", "dropped"] {
        text.push_str(&format!("CREATE TABLE public.{table} (\n    id integer NOT NULL,\n    mail text NOT NULL,\n    filler text\n);\n\n\n"));
    }
    text.push_str("INSERT INTO public.whole VALUES\n\t");
    values(&mut text, 0, 60_000, ",\n\t");
    text.push_str(";\n\n\n");
    let table = if fault == Some(Fault::Dropped) { "dropped" } else { "cut" };
    let (head, between) = match fault {
        Some(Fault::Single) => {
            (format!("INSERT INTO public.{table} VALUES "), format!(";\nINSERT INTO public.{table} VALUES "))
        }
        _ => (format!("INSERT INTO public.{table} VALUES\n\t"), ",\n\t".to_owned()),
    };
    text.push_str(&head);
    values(&mut text, 0, 40_000, &between);
    match fault {
        Some(Fault::Row | Fault::Dropped | Fault::Single) => {
            text.push_str(&format!("{between}(40000, 'person40000@example.org')"));
        }
        Some(Fault::Ends) => {
            text.push_str(&format!("{between}(40000, 'person40000@exam"));
            return text;
        }
        _ => {}
    }
    text.push_str(&between);
    values(&mut text, 40_001, 60_000, &between);
    text.push_str(";\n\n\n");
    if fault == Some(Fault::Statement) {
        text.push_str("UPDATE public.cut SET filler = NULL;\n\n\n");
    }
    text.push_str("--\n-- PostgreSQL database dump complete\n--\n\n");
    if restrict {
        text.push_str("\\unrestrict poisontest\n\n");
    }
    text
}

/// Restores a stream and says what psql said and how many rows of a table it left behind.
fn restore(server: &'static Server, sql: &[u8], stop: bool, single: bool, table: &str) -> (i32, i64, String) {
    let db = server.database();
    let mut args = vec!["-v", if stop { "ON_ERROR_STOP=1" } else { "ON_ERROR_STOP=0" }];
    args.extend(single.then_some("-1"));
    let ran = db.psql(&args, sql);
    let there =
        db.number(&format!("SELECT count(*) FROM pg_class WHERE oid = to_regclass('public.{table}')"));
    let left = if there == 0 { 0 } else { db.number(&format!("SELECT count(*) FROM public.{table}")) };
    (ran.code(), left, ran.stderr)
}

#[test]
fn the_dump_of_these_tests_is_whole_without_its_fault() {
    let Some(server) = server() else { return };
    let masked = mask(&profile_of_poison(), &[], dump(true, None).as_bytes()).ok();
    let (code, left, said) = restore(server, &masked, true, false, "cut");
    assert_eq!((code, left), (0, 59_999), "{said}");
}

#[test]
fn poison_inside_a_statement_stops_psql_in_all_combinations() {
    let Some(server) = server() else { return };
    for fault in [Fault::Row, Fault::Ends, Fault::Dropped, Fault::Single, Fault::Statement] {
        for restrict in [false, true] {
            let ran = mask(&profile_of_poison(), &[], dump(restrict, Some(fault)).as_bytes());
            assert_eq!(ran.code(), 3, "{fault:?}: {}", ran.stderr);
            assert!(!ran.stderr.contains("person"), "{fault:?}: {}", ran.stderr);
            let reached = ran.text().contains("INSERT INTO public.cut ");
            assert_eq!(reached, fault != Fault::Dropped, "{fault:?}: {}", ran.stderr);
            for stop in [false, true] {
                for single in [false, true] {
                    let place = format!("{fault:?}, restrict {restrict}, ON_ERROR_STOP {stop}, -1 {single}");
                    let (code, left, said) = restore(server, &ran.stdout, stop, single, "cut");
                    assert_eq!(code, 3, "{place}: psql says {said}");
                    // Whole statements before the fault stand unless psql -1 takes them back.
                    if single || !matches!(fault, Fault::Single | Fault::Statement) {
                        assert_eq!(left, 0, "{place}: rows of the cut statement were committed");
                    }
                }
            }
        }
    }
}

/// A profile of table `t` with a masked `mail` and a kept `id`.
const RULES: &str = "version: 1\npolicy: {domain: d}\nreasons: {w: test data}\n\
                     tables:\n  t: {columns: {mail: {fake: email, unique: true}}, keep: [id], why: w}\n";
const SETTINGS: &str = "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n";

fn masked(sql: &str) -> Ran {
    let rules = file("inserts-rules.yaml", RULES.as_bytes());
    run(standin().args(["mask", "-q", "-p"]).arg(rules).arg("--key-file").arg(key()), sql.as_bytes())
}

/// Masks rows of `public.t (id text, mail text)` and returns what became of them.
fn rows(columns: &str, rows: &str) -> String {
    let head = format!("{SETTINGS}CREATE TABLE public.t ({columns});\n");
    let out = String::from_utf8(masked(&format!("{head}{rows}\n")).ok()).expect("UTF-8");
    out.strip_prefix(&head).expect("the head has changed").to_owned()
}

#[test]
fn nasty_05_rules_follow_the_names_of_a_column_list() {
    let out =
        rows("id text, mail text", "INSERT INTO public.t (mail, id) VALUES ('kanarie@example.org', 'A-17');");
    assert!(
        out.starts_with("INSERT INTO public.t (mail, id) VALUES ('") && out.ends_with("', 'A-17');\n"),
        "{out}"
    );
    assert!(!out.contains("kanarie"), "{out}");
    for wrong in [
        "INSERT INTO public.t (mail, name) VALUES ('kanarie', 'kanarie');",
        "INSERT INTO public.t (mail, mail) VALUES ('kanarie', 'kanarie');",
        "INSERT INTO public.t (mail) VALUES ('kanarie', 'kanarie');",
        "INSERT INTO public.u (mail, id) VALUES ('kanarie', 'kanarie');",
    ] {
        let ran = masked(&format!("{SETTINGS}CREATE TABLE public.t (id text, mail text);\n{wrong}\n"));
        assert_eq!(ran.code(), 3, "{wrong}");
        assert!(
            !ran.stderr.contains("kanarie") && !ran.text().contains("kanarie"),
            "{wrong}: {}",
            ran.stderr
        );
    }
}

#[test]
fn nasty_06_generated_columns_stay_default_and_shift_nothing() {
    let columns = "id integer, low text GENERATED ALWAYS AS (lower(mail)) STORED, mail text";
    let out = rows(columns, "INSERT INTO public.t VALUES (7, DEFAULT, 'kanarie@example.org');");
    assert!(
        out.starts_with("INSERT INTO public.t VALUES (7, DEFAULT, '") && !out.contains("kanarie"),
        "{out}"
    );
    let value = "INSERT INTO public.t VALUES (7, 'kanarie', 'kanarie@example.org');";
    let ran = masked(&format!("{SETTINGS}CREATE TABLE public.t ({columns});\n{value}\n"));
    assert!(ran.code() == 3 && !ran.text().contains("kanarie"), "a value in a generated column passed");
}

#[test]
fn nasty_10_rows_that_look_like_anything_stay_rows() {
    for odd in [
        "COPY public.t (id, mail) FROM stdin;\n1\tkanarie\n\\.\n",
        "); INSERT INTO public.u VALUES (''kanarie'');\n",
        "\n\\.\n\\connect x\n",
        "-- '' /* \" $$ $a$ E\\",
        "(((,;",
    ] {
        let text = format!(
            "INSERT INTO public.t VALUES ('{odd}', 'kanarie{odd}'),\n\t('{odd}', NULL);\nINSERT INTO public.t VALUES ('2', '');"
        );
        let out = rows("id text, mail text", &text);
        assert_eq!(out.matches(&format!("('{odd}', ")).count(), 2, "{odd}");
        assert!(out.ends_with("', NULL);\nINSERT INTO public.t VALUES ('2', '');\n"), "{odd}: {out}");
        assert!(!out.replace(odd, "").contains("kanarie"), "{odd}: {out}");
    }
}

/// The facts pass over a large file reads its beginning and its last statement on, wherever that lands it.
#[test]
fn a_large_file_is_known_by_its_beginning_and_end() {
    let rules = file("inserts-large.yaml", RULES.as_bytes());
    let mask_file = |sql: &str| {
        let path = file("inserts-large.sql", sql.as_bytes());
        let mut command = standin();
        command
            .args(["mask", "-q", "--input-format", "pg_dump", "-p"])
            .arg(&rules)
            .arg("--key-file")
            .arg(key());
        run(command.arg(path), b"")
    };
    let mut sql = format!("{SETTINGS}CREATE TABLE public.t (id text, mail text);\n");
    for n in 0..150_000 {
        sql.push_str(&format!("INSERT INTO public.t VALUES ('{n}', 'kanarie{n}@example.org');\n"));
    }
    assert!(sql.len() > 8 << 20, "the file is too small for anything to be skipped");
    let odd =
        "INSERT INTO public.t VALUES ('1\nINSERT INTO public.u VALUES (''2', 'kanarie\n;\nINSERT INTO ');\n";
    let unique = "ALTER TABLE ONLY public.t ADD CONSTRAINT t_key UNIQUE (mail);\n";
    let right = format!("{sql}{odd}{unique}");
    let piped = masked(&right).ok();
    assert!(mask_file(&right).ok() == piped, "what the end looks like changes the rows");
    assert!(!String::from_utf8_lossy(&piped).contains("kanarie"));
    // Known before anything is sent, though it stands behind the rows.
    let late = "CREATE TABLE public.late (name text);\n";
    for end in ["", odd] {
        let ran = mask_file(&format!("{sql}{end}{late}"));
        assert!(
            ran.code() == 3 && ran.stdout.is_empty(),
            "a table behind the rows was not known: {}",
            ran.stderr
        );
    }
    // Known when the rows are masked: nothing of it passes.
    let ran = mask_file(&format!("{sql}{late}INSERT INTO public.late VALUES ('kanarie');\n{odd}"));
    assert!(ran.code() == 3 && !ran.text().contains("kanarie"), "a table between the rows passed");
}

#[test]
fn nasty_18_every_statement_of_a_table_is_masked() {
    let text = "INSERT INTO public.t VALUES\n('1', 'kanarie1@example.org'),\n('2', 'kanarie2@example.org');\n\
                insert  into public.T values ('3','kanarie3@example.org');\n-- a comment\n\
                INSERT INTO public.t (mail, id) OVERRIDING SYSTEM VALUE VALUES ('kanarie4@example.org', '4') ON CONFLICT DO NOTHING;\n\
                /* one */ INSERT INTO public.\"t\" VALUES ('5', E'kanarie5\\x40example.org'), ('6', 'kanarie6@example.org'::text);\n\
                SET standard_conforming_strings = off;\n\
                INSERT INTO public.t VALUES ('7\\'', 'kanarie7\\100example.org');\n";
    let out = rows("id text, mail text", text);
    assert!(!out.contains("kanarie"), "{out}");
    let stood = |out: &str| out.replace("kanarie", "").matches("@example.org'").count();
    assert_eq!(stood(&out), 7, "{out}");
    for kept in
        ["\n-- a comment\n", "/* one */ INSERT INTO public.\"t\" VALUES ('5', E'", "'::text);", "('7\\'', '"]
    {
        assert!(out.contains(kept), "{kept}: {out}");
    }
}

#[test]
fn nasty_41_escapes_are_read_as_the_dump_sets_them() {
    let same = |value: &str, before: &str| {
        let text = format!("{before}INSERT INTO public.t VALUES ('1', {value});");
        let out = rows("id text, mail text", &text);
        out.split("'1', ").nth(1).expect("a row").trim_end_matches(");\n").to_owned()
    };
    let plain = same("'it''s\\@example.org'", "");
    assert_eq!(same("E'it\\'s\\\\@example.org'", ""), format!("E{plain}"));
    assert_eq!(same("E'it\\x27s\\134\\u0040example.org'", ""), format!("E{plain}"));
    assert_eq!(same("U&'it''s\\\\\\0040example.org'", ""), format!("U&{plain}"));
    assert_eq!(same("'it\\'s\\\\@example.org'", "SET standard_conforming_strings = off;\n"), plain);
}

#[test]
fn nasty_58_a_statement_of_a_million_rows_goes_piece_by_piece() {
    let mut text =
        format!("{SETTINGS}CREATE TABLE public.t (id integer);\nINSERT INTO public.t VALUES\n\t(0)");
    (1..1_000_000).for_each(|n| text.push_str(&format!(",\n\t({n})")));
    text.push_str(";\n");
    let options = InputOptions { max_row: 1 << 20, ..InputOptions::default() };
    let mut reader: Box<dyn Reader> = PgDump.reader(&options).expect("a reader");
    let mut source = BytesSource::new(text.as_bytes(), 64 << 10);
    let (mut piece, mut longest, mut rows) = (Piece::default(), 0, 0);
    let mut codec = None;
    while reader.next(&mut source, &mut piece).expect("it reads") {
        longest = longest.max(piece.buffer.len());
        for part in &piece.parts {
            match part {
                Part::Begin { codec: found, .. } => codec = Some(std::sync::Arc::clone(found)),
                Part::Rows(range) | Part::Counted(range, _) => {
                    let block = &piece.buffer.bytes()[range.clone()];
                    rows += codec.as_ref().expect("a table").count(block).expect("rows").0;
                }
                _ => {}
            }
        }
    }
    assert_eq!(rows, 1_000_000);
    assert!(longest <= 256 << 10, "a piece of {longest} bytes");
}
