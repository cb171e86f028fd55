//! The marked values of fixtures/webshop/canaries.txt stand in every identifier column. They appear nowhere in what a run
//! leaves: output, standard error, summary; not raw, not escaped, not in hex or base64; not when a run fails either.

use data_encoding::{BASE64, HEXLOWER};

use crate::support::forms::FIXTURES;
use crate::support::repository;
use crate::support::run::Ran;
use crate::support::shop::{folder, mask, profile};

/// Returns table, column and value of every canary.
pub(crate) fn canaries() -> Vec<(String, String)> {
    let text =
        std::fs::read_to_string(repository("fixtures/webshop/canaries.txt")).expect("fixture is there");
    let pair =
        |line: &str| line.split_once('\t').map(|(column, value)| (column.to_owned(), value.to_owned()));
    let canaries: Vec<_> = text.lines().map(|line| pair(line).expect("column, tab, value")).collect();
    assert!(canaries.len() > 80, "the list has lost canaries");
    canaries
}

/// Returns the forms a value may hide in: as it is, without separators, escaped, in hex, in base64 at the three alignments.
pub(crate) fn forms(value: &str) -> Vec<String> {
    let value = value.to_lowercase();
    let mut forms = vec![
        value.clone(),
        value.chars().filter(|c| c.is_alphanumeric()).collect(),
        value.escape_default().to_string(),
        value.replace('@', "%40"),
        HEXLOWER.encode(value.as_bytes()),
        value.bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
        value.bytes().map(|byte| format!("\\{byte:03o}")).collect(),
    ];
    for shift in 0..3 {
        let text = BASE64.encode(&[&b"xx"[..shift], value.as_bytes()].concat());
        // The characters at both ends also hold bits of what stands beside the value.
        let inner = text
            .trim_end_matches('=')
            .get(shift + 1..text.trim_end_matches('=').len() - 1)
            .map(str::to_lowercase);
        forms.extend(inner.filter(|inner| inner.len() > 7));
    }
    forms
}

/// Says whether a form stands in a text; one of digits only counts where it is a whole number.
pub(crate) fn occurs(text: &str, form: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let number = form.chars().all(|c| c.is_ascii_digit());
    text.match_indices(form).any(|(at, _)| {
        let (before, after) =
            (text.get(..at).unwrap_or_default(), text.get(at + form.len()..).unwrap_or_default());
        !number || !(digit(before.chars().next_back()) || digit(after.chars().next()))
    })
}

/// Looks for every form of every canary in a text; says only the column's name, never the value.
fn search(place: &str, text: &[u8]) {
    let text = String::from_utf8_lossy(text).to_lowercase();
    for (column, value) in canaries() {
        // Other systems have no time zone in a date and time.
        for (number, form) in forms(value.trim_end_matches("+00")).iter().enumerate() {
            assert!(!occurs(&text, form), "{place}: the canary of {column} came through (form {number})");
        }
    }
}

/// Breaks a row.
type Damage = fn(&str) -> String;

fn search_all(place: &str, ran: &Ran) {
    search(&format!("{place}, standard output"), &ran.stdout);
    search(&format!("{place}, standard error"), ran.stderr.as_bytes());
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(repository("fixtures/webshop").join(name)).expect("fixture is there")
}

#[test]
fn every_canary_is_in_its_fixture() {
    let (dump, export) = (fixture("dump.sql"), fixture("customers_export.csv"));
    for (column, value) in canaries() {
        let text = if column.starts_with("customers_export.") { &export } else { &dump };
        assert!(text.contains(&value), "{column}");
    }
    let caught = std::panic::catch_unwind(|| search("the fixture", fixture("dump.sql").as_bytes()));
    assert!(caught.is_err(), "the search finds nothing");
}

#[test]
fn no_canary_comes_out_of_a_run_that_succeeds() {
    for name in FIXTURES {
        let path = repository("fixtures/webshop").join(name);
        let summary = folder().join("canary-summary.json");
        let args = [path.to_str().expect("plain path"), "--summary", summary.to_str().expect("plain path")];
        let ran = mask(&profile(), &args, b"");
        assert_eq!(ran.code(), 0, "{name}: {}", ran.stderr);
        search_all(name, &ran);
        search(&format!("{name}, summary"), &std::fs::read(&summary).expect("a summary"));
    }
}

#[test]
fn no_canary_comes_out_of_a_dump_cut_anywhere() {
    let dump = fixture("dump.sql");
    let export = fixture("customers_export.csv");
    for (name, text) in [("dump", &dump), ("export", &export)] {
        let marks: Vec<usize> = text.to_lowercase().match_indices("zqx").map(|(at, _)| at).collect();
        assert!(marks.len() > 5);
        // Right behind the marks, and at some places that have nothing to do with them.
        let places =
            marks.iter().step_by(7).map(|at| at + 3).chain((1..12).map(|part| text.len() * part / 12));
        for at in places.map(|at| (at..).find(|&at| text.is_char_boundary(at)).expect("an end")) {
            let cut = text.get(..at).expect("a boundary");
            let path = crate::support::shop::file(
                if name == "dump" { "cut.sql" } else { "customers_export.csv" },
                cut.as_bytes(),
            );
            let piped = name == "dump";
            let path = path.to_str().expect("plain path").to_owned();
            let ran =
                if piped { mask(&profile(), &[], cut.as_bytes()) } else { mask(&profile(), &[&path], b"") };
            if piped || ran.code() != 0 {
                assert_eq!(ran.code(), 3, "{name} cut at byte {at}: {}", ran.stderr);
            }
            search_all(&format!("{name} cut at byte {at}"), &ran);
        }
    }
}

#[test]
fn no_canary_comes_out_of_a_run_on_damaged_rows() {
    let dump = fixture("dump.sql");
    let rows: Vec<&str> =
        dump.lines().filter(|line| line.to_lowercase().contains("zqx") && line.contains('\t')).collect();
    assert!(rows.len() > 10);
    let damages: [(&str, Damage); 5] = [
        ("one field more", |row| format!("{row}\textra")),
        ("one field fewer", |row| {
            row.rsplit_once('\t').map_or_else(String::new, |(rest, _)| rest.to_owned())
        }),
        ("a broken end", |row| format!("{row}\\")),
        ("tabs gone", |row| row.replace('\t', " ")),
        ("a line that ends the block", |row| format!("\\.\n{row}")),
    ];
    for (number, row) in rows.iter().enumerate() {
        // Two of the five for every row: every row and every damage has its turn, and the test stays quick.
        for (what, damage) in [damages[number % 5], damages[(number + 2) % 5]] {
            let ran = mask(&profile(), &[], dump.replacen(row, &damage(row), 1).as_bytes());
            search_all(&format!("marked row {number}, {what}"), &ran);
            // An escaped newline before the block's end is data; before another row it joins two.
            let fine = ran.code() == 3 || (ran.code() == 0 && what == "a broken end");
            assert!(fine, "marked row {number}, {what}: {}", ran.stderr);
        }
    }
}

#[test]
fn no_canary_comes_out_where_the_profile_does_not_fit() {
    let text = std::fs::read_to_string(profile()).expect("profile is there");
    for (number, (old, new)) in [
        ("      email: person.email\n", ""),
        ("  addresses:\n", "  adresses:\n"),
        ("      notes: suppress\n", "      notez: suppress\n"),
        ("  sessions:\n    empty: \"tokens\"\n", ""),
        ("      max: 64\n", "      max: 6\n"),
        ("    keep: [tags, ", "    keep: ["),
    ]
    .into_iter()
    .enumerate()
    {
        let changed = text.replacen(old, new, 1);
        assert_ne!(text, changed);
        let path = crate::support::shop::file(&format!("unfit-{number}.yaml"), changed.as_bytes());
        let ran = mask(&path, &[], fixture("dump.sql").as_bytes());
        assert!(matches!(ran.code(), 2 | 3), "change {number}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "change {number}: output although the profile does not fit");
        search_all(&format!("change {number}"), &ran);
    }
}
