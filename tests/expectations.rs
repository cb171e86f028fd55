//! `expect:`: tests inside a profile hold in `check` and stop `mask`; what they say is what the plan does.

use crate::support::run::{Ran, run, standin};
use crate::support::shop::file;

const DUMP: &str = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\
    SET standard_conforming_strings = on;\n\
    CREATE TABLE public.people (id integer, mail text, born date, note text, status text);\n\
    CREATE TABLE public.tokens (token text);\n\
    CREATE TABLE crm.people (mail text);\n\
    COPY public.people (id, mail, born, note, status) FROM stdin;\n1\tkanarie@example.org\t1980-02-03\tkanarie\topen\n\\.\n\n\
    --\n-- PostgreSQL database dump complete\n--\n\n";

const PROFILE: &str = "version: 1
reasons: {w: needed}
entities:
  person:
    id: {pseudonym: integer}
    mail: {fake: email}
tables:
  people:
    columns:
      id: person.id
      mail: person.mail
      born: {generalise: year}
      note: suppress
      status: {keep: w}
  tokens: {empty: no}
  crm.people:
    columns: {mail: person.mail}
expect:
";

/// Runs a verb with expectations below the profile.
fn ran(verb: &str, name: &str, expect: &str) -> Ran {
    let profile = file(&format!("expect-{name}.yaml"), format!("{PROFILE}{expect}").as_bytes());
    let dump = file("expect.sql", DUMP.as_bytes());
    run(standin().arg(verb).arg("-p").arg(profile).arg(dump), b"")
}

#[test]
fn expectations_that_are_met() {
    let met = "  people.id: masked
  people.mail: person.mail
  crm.people.mail: person.mail
  \"crm.*.*\": masked
  people.m*: fake
  people.born: generalise
  people.note: suppressed
  people.status: kept
  \"*.note\": never kept
  tokens: emptied
  \"tok*\": never kept
  '\"people\".\"mail\"': never kept
";
    let checked = ran("check", "met", met);
    assert_eq!(checked.code(), 0, "{}", checked.stderr);
    let masked = ran("mask", "met", met);
    assert_eq!(masked.code(), 0, "{}", masked.stderr);
    assert!(!masked.text().contains("kanarie"));
}

#[test]
fn expectations_that_are_not_met_are_shown_with_their_line_and_stop_a_run() {
    for (expect, said) in [
        (
            "people.id: kept",
            "expected `kept`, and the rule is `person.id = pseudonym integer` (table public.people, column `id`)",
        ),
        ("people.id: person.mail", "expected `person.mail`, and the rule is `person.id"),
        ("people.mail: generalise", "expected `generalise`, and the rule is `person.mail = fake email`"),
        ("people.status: never kept", "expected `never kept`, and the rule is `keep`"),
        ("people: masked", "expected `masked`, and the rule is `suppress`"),
        ("people.note: emptied", "expected `emptied`, and the rows of this table are not dropped"),
        ("tokens.token: masked", "expected `masked`, and the rows of this table are dropped"),
        ("\"*.status\": suppressed", "expected `suppressed`, and the rule is `keep`"),
        ("\"crm.p*.m*\": kept", "expected `kept`, and the rule is `person.mail"),
    ] {
        let checked = ran("check", "unmet", &format!("  {expect}\n"));
        assert_eq!(checked.code(), 1, "{expect}: {}", checked.stderr);
        assert!(checked.stderr.contains(said), "{expect}: {}", checked.stderr);
        assert!(checked.stderr.contains("expect-unmet.yaml:19:3"), "{}", checked.stderr);
        assert!(checked.stderr.contains(&format!("19 |   {expect}\n")), "{}", checked.stderr);
        let masked = ran("mask", "unmet", &format!("  {expect}\n"));
        assert_eq!((masked.code(), masked.stdout.len()), (3, 0), "{expect}: {}", masked.stderr);
        // On a pipe too.
        let profile = file("expect-unmet.yaml", format!("{PROFILE}  {expect}\n").as_bytes());
        let piped = run(standin().arg("mask").arg("-p").arg(profile), DUMP.as_bytes());
        assert_eq!(piped.code(), 3, "{expect}: {}", piped.stderr);
        assert!(!piped.text().contains("kanarie"), "{}", piped.text());
    }
}

#[test]
fn an_expectation_about_nothing_is_a_problem() {
    for (expect, said) in [
        ("people.mial: masked", "did you mean `mail`?"),
        ("peple.mail: masked", "did you mean `people`?"),
        ("\"x*.y*\": masked", "a test that tests nothing"),
        ("mail: masked", "no table of the input is what this expectation is about"),
    ] {
        let checked = ran("check", "nothing", &format!("  {expect}\n"));
        assert_eq!(checked.code(), 1, "{expect}: {}", checked.stderr);
        assert!(checked.stderr.contains(said), "{expect}: {}", checked.stderr);
        assert_eq!(ran("mask", "nothing", &format!("  {expect}\n")).code(), 3);
    }
}

/// A profile that keeps everything masks nothing, and its expectations count all the same.
#[test]
fn an_all_keep_profile_is_held_to_its_expectations() {
    let text = "version: 1\nreasons: {w: x}\ntables: {t: {keep: [a], why: w}}\nexpect: {t.a: never kept}\n";
    let profile = file("expect-keep.yaml", text.as_bytes());
    let csv = file("t.csv", b"a,b\n1,2\n");
    let ran = run(standin().args(["mask", "--columns", "a,b"]).arg("-p").arg(profile).arg(csv), b"");
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
}
