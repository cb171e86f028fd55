//! `shuffle: {window: ROWS}`: one pass, so pipes too. Windows are counted by rows of the table: no cut of the input, no number
//! of threads and no form changes what comes out; within a window no value is lost or found.

use std::collections::BTreeMap;
use std::fmt::Write;

use standin::format::InputOptions;

use crate::support::archives::{fresh, mask_archive, masking, shelves};
use crate::support::robust::{self, Good};
use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, key, mask};

const ROWS: usize = 1003;
const WINDOW: usize = 100;

const PROFILE: &str = "version: 1
policy: {domain: tests}
reasons: {w: \"a test\"}
tables:
  t:
    keep_rows: \"id::integer <> 13\"
    columns: {salary: {shuffle: {window: 100}}, city: {shuffle: , window: 30}}
    keep: [id, note]
    why: w
  u: {columns: {x: hash}}
";

/// The salary of a row; none for some.
fn salary(n: usize) -> String {
    if n.is_multiple_of(10) { String::new() } else { (1000 + n).to_string() }
}

fn note(n: usize) -> String {
    "it''s; (a) note, ".repeat(n % 4)
}

/// Rows of t between some of u.
fn copy() -> String {
    let mut text = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    id integer,\n    salary integer,\n    city text,\n    note text\n);\n\nCREATE TABLE public.u (\n    x text\n);\n\nCOPY public.t (id, salary, city, note) FROM stdin;\n".to_owned();
    for n in 1..=ROWS {
        let salary = Some(salary(n)).filter(|s| !s.is_empty()).unwrap_or("\\N".into());
        let _ = writeln!(text, "{n}\t{salary}\tcity\\t{n}\t{}", note(n));
    }
    text + "\\.\n\n\nCOPY public.u (x) FROM stdin;\na\nb\n\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n"
}

/// The same as INSERT statements of so many rows each.
fn inserts(mysql: bool, each: usize) -> String {
    let mut text = if mysql {
        "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n\nCREATE TABLE `t` (\n  `id` int DEFAULT NULL,\n  `salary` int DEFAULT NULL,\n  `city` text,\n  `note` text\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\nCREATE TABLE `u` (\n  `x` text\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n\n".to_owned()
    } else {
        "--\n-- PostgreSQL database dump\n--\n\nSET standard_conforming_strings = on;\n\nCREATE TABLE public.t (\n    id integer,\n    salary integer,\n    city text,\n    note text\n);\n\nCREATE TABLE public.u (\n    x text\n);\n\n".to_owned()
    };
    let (t, u) = if mysql { ("`t`", "`u`") } else { ("public.t", "public.u") };
    for n in 1..=ROWS {
        let first = n % each == 1 || each == 1;
        let salary = Some(salary(n)).filter(|s| !s.is_empty()).unwrap_or("NULL".into());
        let tab = if mysql { "\\t" } else { "\t" };
        text += &if first { format!("INSERT INTO {t} VALUES ") } else { ",\n\t".into() };
        let _ = write!(text, "({n}, {salary}, 'city{tab}{n}', '{}')", note(n));
        text += if n % each == 0 || n == ROWS { ";\n" } else { "" };
    }
    let _ = writeln!(text, "INSERT INTO {u} VALUES ('a');\nINSERT INTO {u} VALUES ('b');");
    text += if mysql {
        "\n-- Dump completed on 2026-01-01  0:00:00\n"
    } else {
        "\n--\n-- PostgreSQL database dump complete\n--\n"
    };
    text
}

fn csv() -> String {
    let mut text = "id,salary,city,note\n".to_owned();
    (1..=ROWS).for_each(|n| _ = writeln!(text, "{n},{},city\t{n},\"{}\"", salary(n), note(n)));
    text
}

fn masked(profile: &str, format: &str, text: &str, step: usize, threads: usize) -> Good {
    let plan = robust::plan(profile, false).expect("the profile is right");
    let options = InputOptions { table: Some("t".into()), max_row: 1 << 20, ..InputOptions::default() };
    let found = robust::masked_by(threads, &plan, format, &options, text.as_bytes(), step).expect("no fault");
    found.unwrap_or_else(|| panic!("{format} is refused in reads of {step}"))
}

/// Returns salary and city of each id, of any form.
fn of(text: &[u8]) -> BTreeMap<usize, [String; 2]> {
    let text = String::from_utf8(text.to_vec()).expect("text").replace("\\t", "_").replace("city\t", "city_");
    let row = |line: &str| {
        let line = line.rsplit(" VALUES (").next()?.trim_start().trim_start_matches('(');
        let mut fields = line.split([',', '\t']).map(|field| field.trim().trim_matches('\''));
        let id = fields.next()?.parse().ok()?;
        let salary = fields.next()?.replace("\\N", "").replace("NULL", "");
        Some((id, [salary, fields.next()?.trim_matches('"').to_owned()]))
    };
    text.lines().filter_map(row).collect()
}

/// Holds each window to the values that it had.
fn windows_keep_their_values(found: &BTreeMap<usize, [String; 2]>) {
    assert_eq!(found.len(), ROWS - 1);
    let sorted = |values: Vec<String>| {
        let mut values = values;
        values.sort();
        values
    };
    for (column, window) in [(0, WINDOW), (1, 30)] {
        let before = |n: usize| if column == 0 { salary(n) } else { format!("city_{n}") };
        // The last window of 30 has 13 rows, that of 100 has 3.
        for start in (1..=ROWS).step_by(window) {
            let rows = || (start..(start + window).min(ROWS + 1)).filter(|n| *n != 13);
            let after = sorted(rows().map(|n| found[&n][column].clone()).collect());
            assert!(after == sorted(rows().map(before).collect()), "column {column}, row {start} on");
        }
        let stayed = |n: &usize| !before(*n).is_empty() && found[n][column] == before(*n);
        let same = found.keys().filter(|n| stayed(n)).count();
        assert!(same < ROWS / window * 4, "{same} of column {column} stayed");
    }
    // NULL and '' stay where they are.
    assert!(found.iter().all(|(n, [value, _])| value.is_empty() == n.is_multiple_of(10)));
}

#[test]
fn no_cut_no_thread_and_no_form_shows() {
    let first = of(&masked(PROFILE, "pg_dump", &copy(), usize::MAX, 1).bytes);
    windows_keep_their_values(&first);
    let alone = PROFILE.replace("  u: {columns: {x: hash}}\n", "");
    let forms = [
        ("pg_dump", PROFILE, copy()),
        ("pg_dump", PROFILE, inserts(false, 1)),
        ("pg_dump", PROFILE, inserts(false, 7)),
        ("pg_dump", PROFILE, inserts(false, ROWS)),
        ("mysql", PROFILE, inserts(true, 1)),
        ("mysql", PROFILE, inserts(true, ROWS)),
        ("csv", alone.as_str(), csv()),
    ];
    for (format, profile, text) in forms {
        let whole = masked(profile, format, &text, usize::MAX, 1);
        assert!(of(&whole.bytes) == first, "{format}: other values");
        for (step, threads) in [(1, 1), (7, 2), (64, 3), (1000, 4), (4096, 1), (4096, 4), (65_536, 2)] {
            let again = masked(profile, format, &text, step, threads);
            assert!(again == whole, "{format}: reads of {step} bytes, {threads} threads");
        }
    }
}

fn piped(profile: &str, args: &[&str], input: &[u8]) -> Ran {
    let profile = file(&format!("windows-{}.yaml", profile.len()), profile.as_bytes());
    mask(&profile, args, input)
}

#[test]
fn a_pipe_gives_what_a_file_gives() {
    let profile = file("windows.yaml", PROFILE.as_bytes());
    let mut command = standin();
    command.arg("mask").arg(file("windows.sql", copy().as_bytes())).arg("-p").arg(&profile);
    let filed = run(command.args(["-q", "--key-file"]).arg(key()), b"").ok();
    windows_keep_their_values(&of(&filed));
    for threads in ["-j1", "-j2", "-j4"] {
        assert!(mask(&profile, &["-q", threads], copy().as_bytes()).ok() == filed, "{threads}");
    }
}

#[test]
fn a_value_alone_does_not_stay() {
    let text = |rows: usize, value: &str| {
        let rows: String = (1..=rows).fold(String::new(), |mut rows, n| {
            let _ = writeln!(rows, "{n}\t{}", value.replace('#', &n.to_string()));
            rows
        });
        format!(
            "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    id integer NOT NULL,\n    salary integer NOT NULL\n);\n\nCOPY public.t (id, salary) FROM stdin;\n{rows}\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n"
        )
    };
    let profile = "version: 1\npolicy: {domain: tests}\nreasons: {w: t}\ntables: {t: {columns: {salary: {shuffle: {window: 10}}}, keep: [id], why: w}}\n";
    // A last row alone joins the window before it.
    for rows in [2, 10, 11, 12, 20, 21, 31] {
        let found = of2(&masked(profile, "pg_dump", &text(rows, "7#"), usize::MAX, 1).bytes);
        let mut values: Vec<String> = found.values().cloned().collect();
        let mut before: Vec<String> = (1..=rows).map(|n| format!("7{n}")).collect();
        values.sort();
        before.sort();
        assert_eq!(values, before, "{rows} rows");
    }
    // One row has nothing to change places with, and its column takes no NULL.
    let ran = piped(profile, &["-q"], text(1, "77").as_bytes());
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("salary") && !ran.stderr.contains("77"), "{}", ran.stderr);
    let nullable = text(1, "77").replace("salary integer NOT NULL", "salary integer");
    let suppressed = profile.replace("{domain: tests}", "{domain: tests, unfit: suppress}");
    let out = piped(&suppressed, &["-q"], nullable.as_bytes()).ok();
    assert!(String::from_utf8_lossy(&out).contains("\n1\t\\N\n"));
}

/// Returns the second column of each id.
fn of2(text: &[u8]) -> BTreeMap<usize, String> {
    let row = |line: &str| {
        let (id, value) = line.split_once('\t')?;
        Some((id.parse().ok()?, value.to_owned()))
    };
    std::str::from_utf8(text).expect("text").lines().filter_map(row).collect()
}

#[test]
fn a_window_that_holds_too_much_is_refused() {
    let long = "x".repeat(70_000);
    let rows: String = (1..=1100).fold(String::new(), |mut rows, n| {
        let _ = writeln!(rows, "{n},{n},{long}");
        rows
    });
    let profile = "version: 1\npolicy: {domain: tests}\nreasons: {w: t}\ntables: {t: {columns: {salary: {shuffle: {window: 1000000}}}, keep: [id, note], why: w}}\n";
    let mut command = standin();
    let input = file("t.csv", format!("id,salary,note\n{rows}").as_bytes());
    command.arg("mask").arg(input).arg("-p").arg(file("windows-large.yaml", profile.as_bytes()));
    let ran = run(command.args(["-q", "-j2", "--key-file"]).arg(key()), b"");
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("lower `window:`") && ran.stderr.contains("salary"), "{}", ran.stderr);
}

#[test]
fn what_a_profile_cannot_say() {
    for (rule, said) in [
        ("{shuffle: {window: 9}}", "from 10 to 1000000"),
        ("{shuffle: {window: 1000, by: id}}", "`by:` changes nothing: the window decides"),
        ("{shuffle: 1000}", "takes no argument"),
    ] {
        let profile = PROFILE.replace("{shuffle: {window: 100}}", rule);
        let ran = piped(&profile, &["-q"], copy().as_bytes());
        assert!(ran.code() != 0 && ran.stdout.is_empty(), "{rule}");
        assert!(ran.stderr.contains(said), "{rule}: {}", ran.stderr);
    }
}

/// A row that is wrong is told as without windows, behind all rows that could be written.
#[test]
fn a_wrong_row_is_said_where_it_stands() {
    let text = copy().replace("\n777\t", "\n777\textra\t");
    for threads in ["-j1", "-j3"] {
        let ran = piped(PROFILE, &["-q", threads], text.as_bytes());
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        assert!(ran.stderr.contains("row 777"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("extra"), "{}", ran.stderr);
    }
}

#[test]
fn archives_say_what_the_masked_plain_dump_says() {
    let text = std::fs::read_to_string(masking(
        "windows-archive-base.yaml",
        "  large_objects: {keep: test}\n  comments: {keep: test}",
    ));
    let text =
        text.expect("it was made").replace("born: {generalise: year}", "born: {shuffle: {window: 700}}");
    assert!(text.contains("window: 700"));
    let profile = file("windows-archive.yaml", text.as_bytes());
    for shelf in shelves() {
        for form in ["-Fc -Z6", "-Fd -Z1", "-Ft", "-Fc --inserts"] {
            let Some(archive) = shelf.archive(form) else { continue };
            let expected = mask(&profile, &["-q"], &shelf.text(&archive)).ok();
            for threads in ["-j1", "-j3"] {
                let output = fresh("windows");
                mask_archive(&profile, &[threads], &archive, &output).ok();
                assert!(shelf.text(&output) == expected, "{} {form} {threads}", shelf.number());
            }
        }
    }
}

#[test]
fn a_preview_shows_rows_that_changed_places() {
    for args in [["-t", "t"].as_slice(), &["-t", "t", "--show-values", "--force"]] {
        let mut command = standin();
        command.arg("preview").arg(file("windows-preview.sql", copy().as_bytes()));
        command.arg("-p").arg(file("windows-preview.yaml", PROFILE.as_bytes())).arg("--key-file").arg(key());
        let ran = run(command.args(args), b"");
        assert_eq!(ran.code(), 0, "{args:?}: {}", ran.stderr);
        assert!(ran.text().contains("salary"), "{}", ran.text());
    }
}
