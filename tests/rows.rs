//! Rows that stay and cases that count: the same rows in every format, whatever the cut and the number of threads; what
//! is left of multi-row statements loads into real servers and holds the rows that the server's own WHERE finds.

use crate::support::run::{run, standin};
use crate::support::shop::file;
use crate::support::{mariadb, robust, server, sqlite};

const ROWS: usize = 40;

/// Row `n` as its three fields.
fn row(n: usize) -> [String; 3] {
    let kind = ["mail", "word", ""].get(n % 3).copied().unwrap_or_default();
    [n.to_string(), kind.to_owned(), format!("note {n}, of a row")]
}

fn rows() -> impl Iterator<Item = (usize, [String; 3])> {
    (1..=ROWS).map(|n| (n, row(n)))
}

/// The conditions, and the same in Rust.
type Test = (&'static str, fn(usize) -> bool);
const TESTS: &[Test] = &[
    ("id::integer % 3 = 0", |n| n.is_multiple_of(3)),
    ("id::integer > 39 or id::integer = 1", |n| n == 40 || n == 1),
    ("kind = 'mail' and id::integer < 20", |n| n.is_multiple_of(3) && n < 20),
    ("id::integer > 1000", |_| false),
    ("true", |_| true),
    ("id::integer between 8 and 22", |n| (8..=22).contains(&n)),
];

fn profile(condition: &str) -> String {
    format!(
        "version: 1\npolicy: {{domain: tests}}\nreasons: {{w: \"a test\"}}\ntables:\n  t:\n    keep_rows: \"{condition}\"\n    \
         columns: {{note: {{constant: x}}}}\n    keep: [id, kind]\n    why: w\n"
    )
}

/// An input of one format: its name, the text before the rows, and what stands behind them.
struct Form {
    format: &'static str,
    before: &'static str,
    after: &'static str,
    head: &'static str,
    /// Rows a statement; 0: a row is a line.
    group: usize,
    separator: &'static str,
    end: &'static str,
    line: fn(&[String; 3], bool) -> String,
}

const PG: &str = "--\n-- PostgreSQL database dump\n--\n\nSET standard_conforming_strings = on;\n\nCREATE TABLE public.t (\n    \
                  id integer NOT NULL,\n    kind text,\n    note text\n);\n\n";
const LATIN: &str = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'LATIN1';\nSET standard_conforming_strings = on;\n\nCREATE TABLE public.t (\n    \
                     id integer NOT NULL,\n    kind text,\n    note text\n);\n\n";
const PG_END: &str = "\n--\n-- PostgreSQL database dump complete\n--\n";
const MYSQL: &str = "-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB\n/*!40101 SET NAMES utf8mb4 */;\nCREATE TABLE `t` (\n  `id` int(11) NOT NULL,\n  `kind` varchar(9) DEFAULT NULL,\n  `note` varchar(40) DEFAULT NULL\n) ENGINE=InnoDB;\n";
const MYSQL_END: &str = "-- Dump completed\n";
const LITE: &str = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(id integer not null, kind text, note text);\n";

fn tuple([id, kind, note]: &[String; 3], masked: bool) -> String {
    format!("({id},'{kind}','{}')", if masked { "x" } else { note })
}

fn copy([id, kind, note]: &[String; 3], masked: bool) -> String {
    format!("{id}\t{kind}\t{}\n", if masked { "x" } else { note })
}

fn csv([id, kind, note]: &[String; 3], masked: bool) -> String {
    if masked { format!("{id},{kind},\"x\"\n") } else { format!("{id},{kind},\"{note}\"\n") }
}

fn json([id, kind, note]: &[String; 3], masked: bool) -> String {
    format!("{{\"note\":\"{}\",\"id\":{id},\"kind\":\"{kind}\"}}\n", if masked { "x" } else { note })
}

fn forms() -> Vec<Form> {
    let lines = |format, before, after, line| Form {
        format,
        before,
        after,
        head: "",
        group: 0,
        separator: "",
        end: "",
        line,
    };
    let mut forms = vec![
        lines("csv", "id,kind,note\n", "", csv),
        lines("json_lines", "", "", json),
        lines("tsv", "id\tkind\tnote\n", "", copy),
    ];
    for group in [1, 3, 7, 100] {
        let insert = |format, before, after, head, separator, end| Form {
            format,
            before,
            after,
            head,
            group,
            separator,
            end,
            line: tuple,
        };
        forms.push(insert("pg_dump", PG, PG_END, "INSERT INTO public.t VALUES\n\t", ",\n\t", ";"));
        forms.push(insert(
            "pg_dump",
            PG,
            PG_END,
            "INSERT INTO public.t VALUES ",
            ", ",
            " ON CONFLICT DO NOTHING;",
        ));
        forms.push(insert("pg_dump", LATIN, PG_END, "INSERT INTO public.t VALUES ", ", ", ";"));
        forms.push(insert("mysql", MYSQL, MYSQL_END, "INSERT INTO `t` VALUES ", ",", ";"));
        forms.push(insert("sqlite", LITE, "COMMIT;\n", "INSERT INTO t VALUES", ",", ";"));
    }
    forms
}

impl Form {
    /// Writes the rows that a test keeps; an empty statement is left out.
    fn text(&self, masked: bool, keep: impl Fn(usize) -> bool) -> String {
        let all: Vec<_> = rows().collect();
        let mut text = self.before.to_owned();
        for group in all.chunks(self.group.max(1)) {
            let lines: Vec<String> =
                group.iter().filter(|(n, _)| keep(*n)).map(|(_, row)| (self.line)(row, masked)).collect();
            if self.group == 0 {
                text += &lines.concat();
            } else if !lines.is_empty() {
                text += &format!("{}{}{}\n", self.head, lines.join(self.separator), self.end);
            }
        }
        text + self.after
    }
}

/// Where statements were left out empty lines may stand.
fn without_blank_lines(text: &[u8]) -> String {
    let text = String::from_utf8(text.to_vec()).expect("UTF-8");
    text.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

/// Masks a form, in one piece and in small ones, with one thread and several.
fn masked(form: &Form, condition: &str) -> robust::Good {
    let plan = robust::plan(&profile(condition), false).expect("the profile is right");
    let input = form.text(false, |_| true);
    let options = robust::options("t");
    let run = |threads, step| {
        let ran = robust::masked_by(threads, &plan, form.format, &options, input.as_bytes(), step);
        ran.expect("no fault").unwrap_or_else(|| panic!("{} is refused\n{input}", form.format))
    };
    let whole = run(1, usize::MAX);
    for (threads, step) in [(1, 1), (1, 7), (2, 64), (4, 13), (2, 500)] {
        let again = run(threads, step);
        assert!(again.rows == whole.rows, "{}: {condition}: {step}", form.format);
        let same = without_blank_lines(&again.bytes) == without_blank_lines(&whole.bytes);
        assert!(
            same && again.bytes == whole.bytes,
            "{} in steps of {step}, {threads} threads:\n{}\n{}",
            form.format,
            String::from_utf8_lossy(&again.bytes),
            String::from_utf8_lossy(&whole.bytes)
        );
    }
    whole
}

#[test]
fn rows_that_a_condition_keeps() {
    for form in forms() {
        for (condition, keep) in TESTS {
            let found = masked(&form, condition);
            let wanted = form.text(true, keep);
            assert_eq!(
                without_blank_lines(&found.bytes),
                without_blank_lines(wanted.as_bytes()),
                "{} {condition} {}",
                form.format,
                form.group
            );
            let kept = u64::try_from((1..=ROWS).filter(|n| keep(*n)).count()).unwrap();
            assert_eq!(found.rows, [(u64::try_from(ROWS).unwrap(), kept)], "{} {condition}", form.format);
        }
    }
}

/// Loads what is left and asks the server for the ids.
#[test]
fn what_is_left_loads() {
    let numbers = |rows: Vec<Vec<Option<String>>>| -> Vec<usize> {
        rows.into_iter().filter_map(|row| row.first()?.as_ref()?.parse().ok()).collect()
    };
    for form in forms().iter().filter(|form| form.group > 0) {
        for (condition, keep) in TESTS.iter().take(4) {
            let text = masked(form, condition).bytes;
            let wanted: Vec<usize> = (1..=ROWS).filter(|n| keep(*n)).collect();
            let ids = "SELECT id FROM t ORDER BY id";
            let found = match form.format {
                "pg_dump" => {
                    let Some(server) = server::server() else { return };
                    let database = server.database();
                    database.psql(&["-v", "ON_ERROR_STOP=1"], &text).ok();
                    numbers(database.rows(ids))
                }
                "mysql" => {
                    let Some(server) = mariadb::server() else { return };
                    let database = server.database();
                    database.load(&text).ok();
                    numbers(database.rows(ids))
                }
                _ => {
                    let Some(database) = sqlite::database() else { return };
                    database.load(&text).ok();
                    numbers(database.rows(ids))
                }
            };
            assert_eq!(found, wanted, "{} {condition} {}", form.format, form.group);
        }
    }
}

#[test]
fn the_first_true_case_counts() {
    let profile = "version: 1\npolicy: {domain: tests}\nreasons: {w: \"a test\"}\ntables:\n  t:\n    columns:\n      note:\n        \
                   - {when: \"kind = 'mail'\", constant: m}\n        - {when: \"id::integer < 20\", constant: young}\n        \
                   - {when: \"kind = 'word' and id::integer = 22\", keep: w}\n        - {else: suppress}\n    keep: [id, kind]\n    why: w\n";
    let plan = robust::plan(profile, false).expect("the profile is right");
    for form in forms() {
        let input = form.text(false, |_| true);
        let run = |threads, step| {
            let ran =
                robust::masked_by(threads, &plan, form.format, &robust::options("t"), input.as_bytes(), step);
            ran.expect("no fault").unwrap_or_else(|| panic!("{} is refused", form.format)).bytes
        };
        let whole = run(1, usize::MAX);
        assert!(run(3, 17) == whole, "{}", form.format);
        let text = String::from_utf8(whole).expect("UTF-8");
        let quote = |word: &str| match form.format {
            "csv" | "json_lines" => format!("\"{word}\""),
            "tsv" => format!("\t{word}\n"),
            _ => format!("'{word}'"),
        };
        let count = |n: fn(usize) -> bool| (1..=ROWS).filter(|i| n(*i)).count();
        assert_eq!(text.matches(&quote("m")).count(), count(|n| n % 3 == 0), "{}:\n{text}", form.format);
        assert_eq!(text.matches(&quote("young")).count(), count(|n| n % 3 != 0 && n < 20), "{}", form.format);
        assert_eq!(text.matches("of a row").count(), 1, "{}", form.format);
        assert_eq!(text.matches("note 22").count(), 1, "{}", form.format);
    }
}

/// A cell that is no value of its type stops the run; nothing is decided by a guess, and no value is shown.
#[test]
fn what_cannot_be_decided_stops() {
    let plan = robust::plan(&profile("kind::date < '2026-01-01'"), false).expect("the profile is right");
    let input = forms().remove(0).text(false, |_| true);
    let ran = robust::masked(&plan, "csv", &robust::options("t"), input.as_bytes(), usize::MAX);
    assert!(ran.expect("no fault").is_none());
}

/// An entity with a scope keeps tenants apart, in every table, and needs its column there.
#[test]
fn tenants_are_kept_apart() {
    let profile = |tables: &str| {
        format!(
            "version: 1\npolicy: {{domain: tests}}\nreasons: {{w: \"a test\"}}\nentities:\n  person:\n    subject: mail\n    \
             scope: [tenant]\n    mail: {{fake: email}}\n    name: {{fake: last_name}}\ntables:\n{tables}"
        )
    };
    let rules = "{columns: {mail: person.mail, name: person.name}, keep: [tenant], why: w}";
    let run = |table: &str, rows: &str| {
        let plan =
            robust::plan(&profile(&format!("  {table}: {rules}\n")), false).expect("the profile is right");
        let input = format!("tenant,mail,name\n{rows}");
        let ran = robust::masked(&plan, "csv", &robust::options(table), input.as_bytes(), usize::MAX);
        let bytes = ran.expect("no fault").expect("is read").bytes;
        let text = String::from_utf8(bytes).expect("UTF-8");
        text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect::<Vec<Vec<_>>>()
    };
    let first = run(
        "a",
        "1,kim@example.org,Kim\n2,kim@example.org,Kim\n01,kim@example.org,Kim\n1,Kim@Example.org,\n,kim@example.org,K\n",
    );
    let mail = |row: usize| first[row][1].clone();
    assert_ne!(mail(0), mail(1));
    assert_ne!(mail(0), mail(2), "text is what it is");
    assert_eq!(mail(0).to_lowercase(), mail(3).to_lowercase());
    assert_ne!(mail(0), mail(4), "no tenant is a tenant of its own");
    let second = run("b", "2,kim@example.org,\n1,kim@example.org,\n");
    assert_eq!([&second[1][1], &second[0][1]], [&mail(0), &mail(1)]);
    // Names come from the subject, so they differ with it (of a handful at least one does).
    let rows: String = (0..12).map(|n| format!("{n},kim@example.org,Kim\n")).collect();
    let names: std::collections::HashSet<String> =
        run("a", &rows).into_iter().map(|row| row[2].clone()).collect();
    assert!(names.len() > 3, "{names:?}");
    let lacking =
        robust::plan(&profile("  c: {columns: {mail: person.mail}}\n"), false).expect("the profile is right");
    let ran = robust::masked(&lacking, "csv", &robust::options("c"), b"mail\nkim@example.org\n", usize::MAX);
    assert!(ran.expect("no fault").is_none());
}

/// What cannot be filled is told of at the table's entry, where a rule is to be added.
#[test]
fn what_cannot_be_filled_points_at_a_line() {
    let profile = "version: 1\npolicy: {domain: tests, unlisted: fill}\nreasons: {w: \"a test\"}\ntables:\n  other: {empty: tokens}\n  t: {keep: [id], why: w}\n";
    let profile = file("rows-fill.yaml", profile.as_bytes());
    let dump = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    id integer,\n    born date NOT NULL\n);\n\n\
         CREATE TABLE public.other (\n    id integer\n);\n\nCOPY public.t (id, born) FROM stdin;\n1\t2020-01-01\n\\.\n\n\
         ALTER TABLE ONLY public.t ADD CONSTRAINT t_born UNIQUE (born);\n\n--\n-- PostgreSQL database dump complete\n--\n";
    let input = file("rows-fill.sql", dump.as_bytes());
    let ran = run(standin().arg("check").arg("-p").arg(&profile).arg(&input), b"");
    assert_eq!(ran.code(), 1, "{}", ran.stderr);
    let place = format!("--> {}:6:3", profile.display());
    assert!(ran.stderr.contains("column `born`") && ran.stderr.contains(&place), "{}", ran.stderr);
}

/// On a pipe keys stand behind the rows: what they change comes too late, and the run must not look finished.
#[test]
fn keys_that_come_too_late_for_what_was_filled() {
    let profile = "version: 1\npolicy: {domain: tests, unlisted: fill}\nreasons: {w: \"a test\"}\ntables: {t: {keep: [id], why: w}}\n";
    let plan = robust::plan(profile, false).expect("the profile is right");
    let dump = |key: &str| {
        format!(
            "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    id integer,\n    x text NOT NULL\n);\n\n\
             COPY public.t (id, x) FROM stdin;\n1\tSECa\n2\tSECb\n\\.\n\n{key}\n--\n-- PostgreSQL database dump complete\n--\n"
        )
    };
    let run = |key: &str| {
        robust::masked(&plan, "pg_dump", &robust::options("t"), dump(key).as_bytes(), usize::MAX)
            .expect("no fault")
    };
    let good = run("").expect("nothing contradicts");
    assert!(!String::from_utf8_lossy(&good.bytes).contains("SEC"));
    assert!(run("ALTER TABLE ONLY public.t\n    ADD CONSTRAINT u UNIQUE (x);\n").is_none());
}
