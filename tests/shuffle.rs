//! `shuffle`: two passes over a file; the values stay, the rows that had them do not. Every form and number of threads gives
//! the same rows, and a pipe is refused.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, key};

const ROWS: usize = 3000;

const PROFILE: &str = "version: 1
policy: {domain: tests}
reasons: {w: \"a test\"}
tables:
  t:
    keep_rows: \"id::integer <> 13\"
    columns: {salary: {shuffle: , by: id}}
    keep: [id, note]
    why: w
";

fn shuffled(profile: &str, args: &[&str], name: &str, input: &[u8]) -> Ran {
    let called = if profile == PROFILE { "shuffle.yaml" } else { "shuffle-other.yaml" };
    let mut command = standin();
    command.arg("mask").arg(file(name, input)).arg("-p").arg(file(called, profile.as_bytes()));
    run(command.arg("--key-file").arg(key()).args(args), b"")
}

/// The salary of row `n`; none for some.
fn salary(n: usize) -> String {
    if n.is_multiple_of(10) { String::new() } else { (1000 + n).to_string() }
}

fn copy() -> String {
    let mut text = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    id integer,\n    salary text,\n    note text\n);\n\nCOPY public.t (id, salary, note) FROM stdin;\n".to_owned();
    for n in 1..=ROWS {
        let salary = Some(salary(n)).filter(|s| !s.is_empty()).unwrap_or("\\N".into());
        let _ = writeln!(text, "{n}\t{salary}\tnote {n}");
    }
    text + "\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n"
}

fn csv() -> String {
    let mut text = "id,salary,note\n".to_owned();
    (1..=ROWS).for_each(|n| _ = writeln!(text, "{n},{},note {n}", salary(n)));
    text
}

/// Returns the salary of each id.
fn of(text: &[u8], separator: char) -> BTreeMap<usize, String> {
    let text = std::str::from_utf8(text).expect("text");
    let row = |line: &str| {
        let mut fields = line.split(separator);
        Some((fields.next()?.parse().ok()?, fields.next()?.replace("\\N", "")))
    };
    text.lines().filter_map(row).collect()
}

#[test]
fn values_change_places_and_none_is_lost_or_found() {
    let first = of(&shuffled(PROFILE, &["-q", "-j1"], "t.sql", copy().as_bytes()).ok(), '\t');
    assert_eq!(first.len(), ROWS - 1);
    let sorted = |values: &BTreeMap<usize, String>| {
        let mut values: Vec<String> = values.values().cloned().collect();
        values.sort();
        values
    };
    let before: BTreeMap<usize, String> = (1..=ROWS).filter(|n| *n != 13).map(|n| (n, salary(n))).collect();
    // Nothing of the row that `keep_rows` drops comes out elsewhere.
    assert!(sorted(&first) == sorted(&before));
    let same = before.iter().filter(|(n, value)| !value.is_empty() && first.get(n) == Some(*value)).count();
    assert!(same < 20, "{same} stayed");
    // NULL stays where it was.
    assert!(first.iter().all(|(n, value)| value.is_empty() == n.is_multiple_of(10)));
    for threads in ["-j2", "-j4"] {
        assert!(
            of(&shuffled(PROFILE, &["-q", threads], "t.sql", copy().as_bytes()).ok(), '\t') == first,
            "{threads}"
        );
    }
    // Of one table in another form the same.
    assert!(of(&shuffled(PROFILE, &["-q"], "t.csv", csv().as_bytes()).ok(), ',') == first);
}

#[test]
fn a_pipe_is_refused_and_so_is_what_tells_no_rows_apart() {
    let mut command = standin();
    command.args(["mask", "-p"]).arg(file("shuffle.yaml", PROFILE.as_bytes()));
    let ran = run(&mut command, copy().as_bytes());
    assert_eq!((ran.code(), ran.stdout.len()), (2, 0), "{}", ran.stderr);
    assert!(ran.stderr.contains("a pipe can be read once"), "{}", ran.stderr);
    let ran =
        shuffled(&PROFILE.replace("{shuffle: , by: id}", "shuffle"), &["-q"], "t.sql", copy().as_bytes());
    assert_eq!((ran.code(), ran.stdout.len()), (3, 0), "{}", ran.stderr);
    assert!(ran.stderr.contains("by: id"), "{}", ran.stderr);
}
