//! Every reader gets the webshop in its form, damaged: each input is refused, or what comes out holds no canary. Damages
//! that put a value in another's place (copies, changed lines) or in a comment are for `damage`, which looks at all else
//! that must hold.

use std::sync::OnceLock;

use memchr::memmem::find;
use standin::format::FORMATS;
use standin::profile::plan::Plan;

use crate::canaries::canaries;
use crate::support::damage::Dice;
use crate::support::forms::fixture;
use crate::support::repository;
use crate::support::robust::{self, Fault};

/// Damaged inputs a format, divided among its forms.
const DAMAGES: u64 = 2_000;

/// Rows a table that are kept beside the marked ones.
const ROWS: usize = 2;

/// The forms: format, fixture, and how a row is told from other lines.
const FORMS: &[(&str, &str, Rows)] = &[
    ("pg_dump", "dump.sql", Rows::Copy),
    ("pg_dump", "dump_columns.sql", Rows::Tuples),
    ("pg_dump", "dump_inserts.sql", Rows::Statements),
    ("mysql", "mysql.sql", Rows::Tuples),
    ("mysql", "mysql_rows.sql", Rows::Statements),
    ("sqlite", "sqlite.sql", Rows::Statements),
    ("csv", "customers_export.csv", Rows::Lines),
    ("tsv", "customers_export.tsv", Rows::Lines),
    ("json_lines", "customers_export.jsonl", Rows::Lines),
];

/// How a form writes rows.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    /// Lines up to `\.`.
    Copy,
    /// Several in parentheses, each on a line of its own.
    Tuples,
    /// A statement each.
    Statements,
    /// Every line but the first.
    Lines,
}

fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| {
        let text = std::fs::read_to_string(repository("profiles/webshop.yaml")).expect("profile is there");
        robust::plan(&text, false).expect("the profile is right")
    })
}

/// Returns a fixture with few rows a table, the marked ones among them. Rows of several lines are left out unless they are
/// marked.
fn small(name: &str, rows: Rows) -> Vec<u8> {
    let text = fixture(name);
    let marked = |row: &[u8]| find(&row.to_ascii_lowercase(), b"zqx").is_some();
    let (mut out, mut kept) = (Vec::new(), 0);
    let mut lines = text.split_inclusive(|b| *b == b'\n').peekable();
    let (mut inside, mut first, mut last, mut quoted) = (false, true, false, false);
    let odd = |line: &[u8]| line.iter().filter(|b| **b == b'"').count() % 2 == 1;
    while let Some(line) = lines.next() {
        let row = match rows {
            Rows::Copy => inside && line != b"\\.\n",
            Rows::Tuples => inside,
            Rows::Statements => line.starts_with(b"INSERT INTO ") && line.ends_with(b");\n"),
            Rows::Lines => !first,
        };
        first = false;
        if !row {
            // A statement of several rows begins with its head; what is not of its form belongs to no row.
            inside = match rows {
                Rows::Copy => line.starts_with(b"COPY ") && line.ends_with(b"FROM stdin;\n"),
                Rows::Tuples => line.starts_with(b"INSERT INTO ") && line.ends_with(b"VALUES\n"),
                _ => false,
            };
            if inside || rows == Rows::Copy {
                kept = 0;
            }
            let several =
                rows == Rows::Statements && line.starts_with(b"INSERT INTO ") && find(line, b");").is_none();
            if several {
                skip_statement(&mut lines);
            } else {
                out.extend_from_slice(line);
            }
            continue;
        }
        let end = rows == Rows::Tuples && line.ends_with(b");\n");
        let wanted = match rows {
            // A row of several lines.
            Rows::Tuples if !line.trim_ascii_start().starts_with(b"(") => last,
            // A record of several lines is left out: a line inside quotes has an odd number of them before it.
            Rows::Lines if quoted || odd(line) => {
                quoted ^= odd(line);
                false
            }
            Rows::Statements => head(line) != head(last_line(&out)) || marked(line),
            _ => kept < ROWS || marked(line),
        };
        last = wanted;
        if wanted {
            kept += 1;
            out.extend_from_slice(line);
        }
        if end {
            inside = false;
            if !wanted {
                let at = out.len() - 2;
                out[at] = b';';
            }
            last = false;
        }
    }
    out
}

/// Returns a statement up to its values.
fn head(line: &[u8]) -> &[u8] {
    let end = find(line, b" VALUES").unwrap_or(0);
    &line[..end]
}

fn last_line(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\n").unwrap_or(text).rsplit(|b| *b == b'\n').next().unwrap_or_default()
}

/// Passes over the other lines of a statement whose first is read.
fn skip_statement<'a>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'a [u8]>>) {
    for line in lines {
        if line.ends_with(b");\n") {
            return;
        }
    }
}

/// Returns the canaries as they stand in inputs.
fn marks() -> &'static [Vec<u8>] {
    static MARKS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    MARKS.get_or_init(|| {
        let value = |(_, value): (String, String)| value.trim_end_matches("+00").as_bytes().to_vec();
        canaries().into_iter().map(value).collect()
    })
}

/// Refused, or free of canaries.
fn check(format: &str, bytes: &[u8]) -> Result<bool, Fault> {
    let good = robust::masked(plan(), format, &robust::options("customers_export"), bytes, usize::MAX)?;
    let Some(good) = good else { return Ok(false) };
    match marks().iter().position(|mark| find(&good.bytes, mark).is_some()) {
        Some(number) => Err(format!("canary {number} came through")),
        None => Ok(true),
    }
}

/// Damages a form's fixture in place and checks each result; the first that fails is kept in a file.
fn form(format: &str, name: &str, rows: Rows) {
    let seed = small(name, rows);
    let forms = FORMS.iter().filter(|(other, ..)| *other == format).count();
    let damages = DAMAGES / u64::try_from(forms).expect("a few");
    let there = marks().iter().filter(|mark| find(&seed, mark).is_some()).count();
    assert!(there > 9, "{name}: {there} canaries are in the seed");
    assert_eq!(check(format, &seed), Ok(true), "{name}, undamaged");
    let one = |number: u64| {
        let bytes = Dice::new(number).damage_in_place(&seed);
        let found = std::panic::catch_unwind(|| check(format, &bytes))
            .unwrap_or_else(|_| Err("it panicked".to_owned()));
        (found, number, bytes)
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let passed = std::thread::scope(|scope| {
        let one = &one;
        let part = move |core: usize| {
            (0..damages).skip(core).step_by(cores).try_fold(0, |passed, number| match one(number) {
                (Ok(good), _, _) => Ok(passed + u32::from(good)),
                (Err(fault), number, bytes) => Err((number, fault, bytes)),
            })
        };
        let running: Vec<_> = (0..cores).map(|core| scope.spawn(move || part(core))).collect();
        running.into_iter().map(|thread| thread.join().expect("panics are caught")).collect::<Vec<_>>()
    });
    let mut sum = 0;
    for part in passed {
        match part {
            Ok(passed) => sum += passed,
            Err((number, fault, bytes)) => {
                let path = crate::support::shop::file(&format!("damaged-{number}-{name}"), &bytes);
                panic!("{name}, damage {number}: {fault}; the bytes are in {}", path.display());
            }
        }
    }
    // Were all refused, nothing would have been looked at.
    assert!(sum > 20, "{name}: {sum} of {damages} damaged inputs were masked");
}

#[test]
fn no_canary_comes_out_of_any_damaged_form() {
    for (format, name, rows) in FORMS {
        form(format, name, *rows);
    }
    // Archives are damaged by `archive_damage`.
    for format in FORMATS.iter().filter(|format| format.name() != "archive") {
        assert!(
            FORMS.iter().any(|(name, ..)| *name == format.name()),
            "{} is not damaged here",
            format.name()
        );
    }
}

#[test]
fn damaged_forms_hold_what_any_input_must() {
    let seeds: Vec<_> = FORMS.iter().map(|(format, name, rows)| (*format, small(name, *rows))).collect();
    for (format, seed) in &seeds {
        for number in 0..DAMAGES / 20 {
            let mut dice = Dice::new(number);
            let (_, other) = &seeds[dice.below(seeds.len())];
            let bytes = dice.damage(seed, other);
            let options = robust::options("customers_export");
            if let Err(fault) = robust::input(plan(), format, &options, &bytes) {
                let path = crate::support::shop::file(&format!("damaged-{number}-{format}"), &bytes);
                panic!("{format}, damage {number}: {fault}; the bytes are in {}", path.display());
            }
        }
    }
}
