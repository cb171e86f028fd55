//! Tests: the techniques on single values as a profile binds them, read from its text: who decides, which types they take.

use super::testing::*;
use super::*;
use crate::profile::model::Severity;
use crate::profile::syntax;
use crate::secret::Schedule;

const HEAD: &str = "version: 1\nentities:\n  person:\n    subject: id\n    id: {pseudonym: integer}\n    seen: {shift: 26w}\n    \
                    alone: {shift: 26w, by: value}\n    paid: {perturb: 10%}\n    colour: {pick: [a, b]}\ntables:\n  t:\n    columns: ";

/// Binds columns by rules; returns what was said against it, with the hint.
fn said(rules: &str, columns: &[&str]) -> Vec<String> {
    let text = format!("{HEAD}{{{rules}}}\n");
    let read = syntax::read("shop.yaml", text.as_bytes()).unwrap_or_else(|refused| {
        panic!("{:?}", refused.problems.iter().map(|p| p.what.to_string()).collect::<Vec<_>>())
    });
    let plan = Plan::new(read.profile, Schedule::test(), PlanOptions::default());
    match bind_one(&plan, table("t", columns)) {
        Ok(_) => Vec::new(),
        Err(problems) => {
            let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
            errors
                .map(|p| {
                    format!("{} | {}", p.what, p.hint.as_ref().map(ToString::to_string).unwrap_or_default())
                })
                .collect()
        }
    }
}

#[test]
fn dates_are_moved_with_their_person_only() {
    for rules in [
        "id: person.id, d: person.seen",
        "id: person.id, d: {shift: 26w, by: id}",
        "id: person.id, d: {use: person.seen, by: id}",
    ] {
        assert_eq!(said(rules, &["id integer", "d date"]), [""; 0], "{rules}");
    }
    for rules in [
        "d: {shift: 26w}",
        "d: shift",
        "d: {shift: 26w, by: value}",
        "d: {use: person.seen, or: value}",
        "d: person.alone",
    ] {
        let found = said(rules, &["d timestamp"]);
        assert_eq!(found.len(), 1, "{rules}: {found:?}");
        assert!(found[0].starts_with("`shift`") || found[0].starts_with("`person"), "{found:?}");
        assert!(found[0].contains("whose value it is") && found[0].contains("by: customer_id"), "{found:?}");
    }
    // The table lacks the subject.
    assert!(said("d: person.seen", &["d date"])[0].contains("which no column of this table holds"));
}

#[test]
fn the_techniques_know_their_types() {
    for (rule, ty, fits) in [
        ("{generalise: {width: 10}}", "integer", true),
        ("{generalise: {width: 10}}", "numeric(12)", true),
        ("{generalise: {width: 10}}", "date", false),
        ("{generalise: {top: 40000}}", "smallint", false),
        ("{generalise: {prefix: 2}}", "varchar(4)", true),
        ("{generalise: {map: {a: abcde}, else: x}}", "varchar(4)", false),
        ("{generalise: age}", "varchar(7)", true),
        ("{generalise: age}", "varchar(6)", false),
        ("{perturb: 10%}", "bigint", true),
        ("{perturb: 10%}", "text", true),
        ("{perturb: 10%}", "boolean", false),
        ("{perturb: 10%, by: id}", "integer", true),
        ("person.paid", "integer", true),
        ("person.colour", "text", true),
        ("{pick: [1, 2]}", "smallint", true),
        ("{pick: [1, x]}", "smallint", false),
        ("{partial: {keep_last: 4}}", "varchar(8)", true),
        ("{partial: {keep_last: 4}}", "varchar(7)", false),
        ("{partial: {keep_last: 4, length: 6}}", "varchar(6)", true),
        ("partial", "integer", false),
        ("{pattern: \"[0-9]{8}\"}", "varchar(8)", true),
        ("{pattern: \"[0-9]{8}\"}", "varchar(7)", false),
        ("{pattern: \"[0-9]{8}\", unique: true}", "text", false),
        ("{pattern: \"[0-9]{13}\", unique: true}", "text", true),
    ] {
        let found = said(&format!("id: person.id, x: {rule}"), &["id integer", &format!("x {ty}")]);
        assert_eq!(found.is_empty(), fits, "{rule} on {ty}: {found:?}");
    }
}

#[test]
fn what_needs_nobody_refuses_by() {
    for rule in ["{generalise: {width: 10}, by: id}", "{partial: {keep_last: 4}, by: id}"] {
        let found = said(&format!("id: person.id, x: {rule}"), &["id integer", "x text"]);
        assert!(found.len() == 1 && found[0].contains("`by:` changes nothing"), "{rule}: {found:?}");
    }
}

#[test]
fn rules_with_maps_are_told_in_one_line() {
    let text = format!(
        "{HEAD}{{a: {{generalise: {{map: {{nurse: care, x y: z}}, else: o}}}}, b: {{perturb: 10%, min: 0}}, c: {{generalise: {{steps: [0, 18]}}}}}}\n"
    );
    let read = syntax::read("shop.yaml", text.as_bytes()).ok().unwrap();
    let plan = Plan::new(read.profile, Schedule::test(), PlanOptions::default());
    let bound = bind_one(&plan, table("t", &["a text", "b integer", "c integer"])).ok().unwrap();
    let rules: Vec<&str> = bound.columns.iter().map(|column| column.rule.as_str()).collect();
    assert_eq!(
        rules,
        ["generalise else=o map={nurse:care,\"x y\":z}", "perturb 10% min=0", "generalise steps=0,18"]
    );
}
