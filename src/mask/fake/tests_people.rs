//! People as a table, to be read by eye: would a colleague of their country believe them? `UPDATE_GOLDEN=1` writes the files
//! anew.

use std::fmt::Write;

use super::tests::{kinds_of, plain, subject, text};
use crate::vocabulary::LOCALES;

/// Columns, and a value whose form they take.
const COLUMNS: &[(&str, &str)] = &[
    ("gender", "M"),
    ("title", "Mr."),
    ("initials", "X.X."),
    ("first_name", "X"),
    ("particle", "x"),
    ("last_name", "Xx"),
    ("full_name", "Xx Xx"),
    ("full_name", "Xx, X."),
    ("birth_date", "2000-01-01"),
    ("email", "x"),
    ("username", "x"),
    ("phone", "010-0000000"),
    ("mobile", "010 00000000"),
    ("street", "Xx 1"),
    ("postcode", "0000 XX"),
    ("city", "Xx"),
    ("company", "Xx"),
    ("job", "Xx"),
];

fn salutation(locale: &str) -> &'static str {
    match &locale[..2] {
        "nl" => "dhr.",
        "de" => "Herr",
        "fr" => "M.",
        _ => "Mr.",
    }
}

fn table(locale: &str, people: u64) -> String {
    let has: Vec<&str> =
        LOCALES.iter().filter(|l| l.name == locale).flat_map(|l| kinds_of(l)).map(|kind| kind.name).collect();
    let mut columns = Vec::new();
    for (kind, form) in COLUMNS.iter().filter(|(kind, _)| has.contains(kind)) {
        let form = match (*kind, locale) {
            ("title", _) => salutation(locale),
            ("street", "en_US" | "en_GB" | "fr_FR") => "1 Xx",
            ("full_name", "nl_NL" | "nl_BE") if form.contains(',') => "Van Xx, X.",
            ("job", "nl_NL" | "nl_BE" | "fr_FR") => "xx",
            ("phone" | "mobile", "en_US") => "(200) 000-0000",
            ("phone" | "mobile", "fr_FR") => "01 00 00 00 00",
            ("birth_date", "nl_NL" | "nl_BE") => "01-01-2000",
            _ => form,
        };
        let compiled = plain(kind, locale);
        columns.push((*kind, (0..people).map(|n| text(&compiled, form, &subject(n))).collect::<Vec<_>>()));
    }
    let width = |name: &str, cells: &[String]| {
        cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0).max(name.len())
    };
    let mut lines = vec![String::new(); usize::try_from(people).unwrap() + 1];
    for (name, cells) in &columns {
        let width = width(name, cells);
        for (line, cell) in lines.iter_mut().zip(std::iter::once(&(*name).to_owned()).chain(cells)) {
            let _ = write!(line, "{cell:width$}  ");
        }
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn golden_people() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people");
    for l in LOCALES {
        let found = table(l.name, if l.name == "nl_NL" { 1000 } else { 100 });
        let path = folder.join(format!("{}.txt", l.name));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &found).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = golden.lines().zip(found.lines()).position(|(a, b)| a != b);
        assert!(golden == found, "{} differs, first in line {differs:?}; UPDATE_GOLDEN=1 rewrites", l.name);
    }
}
