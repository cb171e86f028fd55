//! Tests: what an update puts in, and that nothing else of the text changes.

use super::super::decide::decide;
use super::super::testing::{Build, findings};
use super::*;
use crate::profile::finding::Finding;

fn build() -> Build {
    findings()
        .table("people", &["id integer primary person_key", "name text last_name", "mail text email"])
        .table("things", &["id integer primary key", "price numeric measure"])
}

fn updated(text: &str) -> Result<String> {
    let (findings, facts) = build().done();
    let decisions = decide(&findings, &facts);
    update(text, "p.yaml", &findings, &decisions, &facts, &mut |_| Err("no files".into()))
}

/// Takes the new lines out again.
fn without(old: &str, new: &str) -> String {
    let mut rest = old.split_inclusive('\n').peekable();
    let mut out = String::new();
    for line in new.split_inclusive('\n') {
        if rest.peek() == Some(&line) {
            out.push_str(line);
            rest.next();
        } else {
            let known = line.contains(": undecided")
                || line.trim() == "columns:"
                || line.trim() == "things:"
                || line.trim() == "tables:"
                || line.trim() == "people:";
            assert!(known, "{line}");
        }
    }
    out
}

#[test]
fn new_columns_and_tables_come_in_and_nothing_else_changes() {
    for text in [
        "version: 1\ntables:\n  people:\n    columns:\n      id: {pseudonym: integer} # mine\n      # why\n\n# end\n",
        "# mine\r\nversion: 1\r\ntables:\r\n  people: # who\r\n    columns:\r\n      id:\r\n        pseudonym: integer\r\n\r\n  things:\r\n    columns:\r\n      price: suppress\r\n",
        "version: 1\nreasons: {r: why}\ntables:\n    people:\n        keep: [id]\n        why: r\n    things: {empty: none}\n",
        "version: 1\n",
        "version: 1\ntables:\n  people:\n    quasi_identifiers: [name]\n    columns:\n      name:\n        constant: |\n          # no comment\n    optional: true\n  things:\n    columns: {id: suppress, price: suppress}\n...\n",
    ] {
        let new = updated(text).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
        assert_eq!(without(text, &new), text, "{new}");
        assert!(new.contains("mail: undecided"), "{new}");
        assert!(new.contains("email (contact), sure; proposed: {fake: email}"), "{new}");
        assert_eq!(updated(&new).unwrap(), new, "twice is once");
        let (_, facts) = build().done();
        let profile = syntax::read("p", new.as_bytes()).unwrap().profile;
        let open = plan(profile).unwrap().cover(&facts, true);
        assert!(
            open.iter().all(|p| !matches!(p.finding, Finding::UndecidedTable | Finding::UndecidedColumn)),
            "{new}"
        );
    }
}

#[test]
fn a_mark_in_front_stays() {
    let new = updated("\u{feff}version: 1\ntables:\n  people:\n    columns:\n      id: suppress\n").unwrap();
    assert!(new.starts_with("\u{feff}version: 1\n") && new.contains("mail: undecided"), "{new}");
    assert_eq!(updated(&new).unwrap(), new, "twice is once");
}

#[test]
fn what_is_covered_is_not_new() {
    for text in [
        "version: 1\ntables:\n  '*':\n    columns:\n      '*': suppress\n",
        "version: 1\npolicy:\n  unlisted: fill\n",
        "version: 1\ntables:\n  people: {empty: none}\n  things: {empty: none}\n",
    ] {
        assert_eq!(updated(text).unwrap(), text);
    }
}

#[test]
fn braces_and_likes_are_refused_with_a_hint() {
    for text in [
        "version: 1\ntables: {people: {columns: {id: suppress}}}\n",
        "version: 1\ntables:\n  people: {columns: {id: suppress}}\n",
        "version: 1\ntables:\n  people:\n    columns: {id: suppress}\n",
        "version: 1\ntables:\n  people:\n    columns: {\n      id: suppress}\n",
        "{version: 1}\n",
        "version: 1\ntables:\n  things:\n    columns:\n      id: suppress\n      price: suppress\n  people:\n    like: things\n",
        "version: 1\nnonsense: 1\n",
    ] {
        let refused = updated(text).unwrap_err();
        assert_eq!(refused.kind(), crate::error::ErrorKind::Usage, "{text}");
    }
}

#[test]
fn a_last_line_without_end_gets_one() {
    let new = updated("version: 1\ntables:\n  people:\n    columns:\n      id: suppress").unwrap();
    assert!(
        new.starts_with(
            "version: 1\ntables:\n  people:\n    columns:\n      id: suppress\n      name: undecided"
        ),
        "{new}"
    );
}
