//! Tests: what `check` warns of though a run would not stop for it.

use super::testing::*;
use super::*;
use crate::profile::model::Severity;
use crate::profile::syntax;
use crate::row::shape::TableFacts;
use crate::secret::Schedule;

const HEAD: &str = "version: 1\nreasons: {w: \"work\"}\nentities:\n  person:\n    subject: id\n    id: {pseudonym: integer}\n    \
                    ref: {pseudonym: integer}\ntables:\n";

fn plan(tables: &str) -> Plan {
    let text = format!("{HEAD}{tables}");
    let read = syntax::read("shop.yaml", text.as_bytes()).unwrap_or_else(|refused| {
        panic!("{:?}", refused.problems.iter().map(|p| p.what.to_string()).collect::<Vec<_>>())
    });
    Plan::new(read.profile, Schedule::test(), PlanOptions::default())
}

/// Returns `column id` of every weakness of one table; all are warnings with a hint and a place.
fn weak(rules: &str, table: TableFacts) -> Vec<String> {
    let problems = plan(rules).weaknesses(&facts(vec![table]));
    let told = |problem: &Problem| {
        assert!(problem.severity == Severity::Warning && problem.hint.is_some(), "{}", problem.what);
        assert!(problem.place.is_some_and(|place| place.line > 8), "{}", problem.what);
        let column = problem.column.as_ref().map(|c| c.as_str().trim_matches('`').to_owned());
        format!("{} {}", column.unwrap_or_default(), problem.finding.id())
    };
    problems.iter().map(told).collect()
}

/// Keeps one column of a type.
fn kept(column: &str) -> Vec<String> {
    let name = column.split(' ').next().unwrap();
    weak(&format!("  t: {{keep: [{name}], why: w}}\n"), table("t", &[column]))
}

/// Gives one column a rule.
fn ruled(column: &str, rule: &str) -> Vec<String> {
    let name = column.split(' ').next().unwrap();
    weak(&format!("  t: {{columns: {{{name}: {rule}}}}}\n"), table("t", &[column]))
}

#[test]
fn a_kept_national_id_or_account() {
    for column in
        ["bsn text", "bsn integer", "customer_iban varchar(34)", "ssn char(11)", "cardNumber bigint"]
    {
        let name = column.split(' ').next().unwrap();
        assert_eq!(kept(column), [format!("{name} weak-kept-identifier")]);
    }
    for column in ["bsn boolean", "iban_count integer", "has_bsn boolean", "sku text"] {
        assert_eq!(kept(column), [""; 0], "{column}");
    }
    assert_eq!(ruled("bsn text", "{pseudonym: bsn}"), [""; 0]);
    assert_eq!(ruled("bsn text", "{keep: w}"), ["bsn weak-kept-identifier"]);
}

#[test]
fn kept_people_and_free_text() {
    assert_eq!(kept("work_email text"), ["work_email weak-kept-person"]);
    assert_eq!(kept("last_name varchar(40)"), ["last_name weak-kept-person"]);
    assert_eq!(kept("client_ip inet"), ["client_ip weak-kept-person"]);
    assert_eq!(kept("opmerking text"), ["opmerking weak-kept-free-text"]);
    assert_eq!(kept("notes jsonb"), ["notes weak-kept-free-text"]);
    for column in ["phone_type text", "email_verified_at timestamp", "notes integer", "street_count text"] {
        assert_eq!(kept(column), [""; 0], "{column}");
    }
    assert_eq!(ruled("notes text", "suppress"), [""; 0]);
    assert_eq!(ruled("notes text", "redact"), ["notes weak-redacted"]);
    assert_eq!(ruled("bsn text", "redact"), ["bsn weak-redacted"]);
}

#[test]
fn a_birth_date_to_the_day_or_week() {
    assert_eq!(kept("birth_date date"), ["birth_date weak-birth-date"]);
    assert_eq!(ruled("geboortedatum date", "{generalise: week}"), ["geboortedatum weak-birth-date"]);
    assert_eq!(ruled("geboortedatum date", "{generalise: year}"), [""; 0]);
    assert_eq!(ruled("ordered_on date", "{generalise: week}"), [""; 0]);
}

#[test]
fn a_card_or_national_id_that_stays_readable() {
    assert_eq!(
        ruled("card_number text", "{partial: {keep_first: 6, keep_last: 4}}"),
        ["card_number weak-readable"]
    );
    assert_eq!(ruled("bsn text", "{generalise: {prefix: 5}}"), ["bsn weak-readable"]);
    assert_eq!(ruled("iban text", "{partial: {keep_last: 4}}"), [""; 0]);
    assert_eq!(ruled("code text", "{partial: {keep_first: 6, keep_last: 4}}"), [""; 0]);
}

#[test]
fn pseudonyms_of_few_values() {
    assert_eq!(ruled("team smallint", "{pseudonym: integer}"), ["team weak-few-values"]);
    assert_eq!(ruled("postcode text", "hash"), ["postcode weak-few-values"]);
    assert_eq!(ruled("geboortedatum text", "hash"), ["geboortedatum weak-few-values"]);
    assert_eq!(ruled("team smallint", "{pseudonym: integer, small_domain: w}"), [""; 0]);
    assert_eq!(ruled("team bigint", "{pseudonym: integer}"), [""; 0]);
    // A key needs something that tells its rows apart.
    let rules = "  t: {columns: {id: person.id, no: {pseudonym: integer}, boss: {pseudonym: integer}, ref: person.ref}}\n";
    let keys = table("t", &["id smallint", "no smallint", "boss smallint", "ref smallint"])
        .unique(&["no"])
        .references(&["boss"], "t", &["no"]);
    assert_eq!(weak(rules, keys), ["ref weak-few-values"]);
}

#[test]
fn names_of_members_that_pass() {
    let json = |rule: &str| ruled("prefs jsonb", &format!("{{json: {{{rule}}}}}"));
    let open = ["prefs weak-names-pass"];
    assert_eq!(json("$.*: {fake: phone}"), open);
    assert_eq!(json("$.a.*.phone: {fake: phone}"), open);
    assert_eq!(json("$.a: {each_value: {fake: phone}}"), open);
    assert_eq!(json("$.a: {json: {$.b.*: {fake: phone}}}"), open);
    // One of two maps is masked, the other is not.
    let both = "$.a: {each_key: {fake: email}}, $.a.*.*: {fake: phone}";
    assert_eq!(json(both), open);
    for sound in [
        "$.a: {each_key: {fake: email}, each_value: {fake: phone}}",
        "'$.a[*]': {fake: phone}",
        "$.a.*: {keep: w}",
        "\"$['a.*']\": {fake: phone}",
        "$.a: {each_key: {fake: email}}, $.a.*: {each_key: {fake: email}}, $.a.*.*: {fake: phone}",
    ] {
        assert_eq!(json(sound), [""; 0], "{sound}");
    }
    assert_eq!(ruled("prefs other", "{hstore: {\"*\": {fake: phone}}}"), open);
    let masked = "{hstore: {\"*\": {each_key: {fake: email}, each_value: {fake: phone}}}}";
    assert_eq!(ruled("prefs other", masked), [""; 0]);
    assert_eq!(ruled("prefs text", "{php: {$.*: {fake: phone}}}"), open);
}

#[test]
fn quasi_identifiers_that_all_stay() {
    let columns = &["born date", "zip text", "id integer"];
    let rules = |keep: &str, rest: &str| {
        format!("  t: {{quasi_identifiers: [zip, id], columns: {{{rest}}}, keep: [{keep}], why: w}}\n")
    };
    let born = "born: {generalise: year}";
    assert_eq!(weak(&rules("zip, id", born), table("t", columns)), [" weak-quasi-identifiers"]);
    assert_eq!(weak(&rules("id", &format!("{born}, zip: suppress")), table("t", columns)), [""; 0]);
}

#[test]
fn emptied_tables_and_partitions_are_not_told_again() {
    assert_eq!(weak("  t: {empty: \"why\"}\n", table("t", &["bsn text"])), [""; 0]);
    let plan = plan("  root: {keep: [bsn], why: w}\n");
    let tables = vec![table("root", &["bsn text"]), table("part", &["bsn text"]).partition_of("root")];
    assert_eq!(plan.weaknesses(&facts(tables)).len(), 1);
}

#[test]
fn a_file_whose_names_may_be_data_shows_none() {
    let plan = plan("  t: {keep: [BSN], why: w}\n");
    let mut known = table("t", &["bsn unknown"]);
    known.trusted_names = false;
    let found = plan.weaknesses(&facts(vec![known]));
    let label = found.first().and_then(|problem| problem.column.clone()).unwrap();
    assert_eq!(label.as_str(), "`BSN`", "as the profile spells it");
}

/// A case that keeps is as weak as a rule that keeps.
#[test]
fn a_case_that_keeps_is_told_of() {
    let cases = |first: &str| {
        weak(
            &format!(
                "  t: {{columns: {{bsn: [{{when: \"k = 1\", {first}}}, {{else: {{pseudonym: bsn}}}}], k: suppress}}}}\n"
            ),
            table("t", &["bsn char(9)", "k integer"]),
        )
    };
    assert_eq!(cases("keep: w"), ["bsn weak-kept-identifier"]);
    assert_eq!(cases("constant: x"), [""; 0]);
}
