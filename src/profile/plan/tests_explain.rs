//! Tests: what `profiles explain` says of a column is what binds it, and every rule that lost is named with why.

use super::explain::find;
use super::testing::{facts, table, table_name};
use super::tests_language::plan;
use super::*;
use crate::row::shape::TableFacts;

const HEAD: &str = "version: 1\nreasons: {w: x}\n";

fn explained<'p>(plan: &'p Plan, known: &Facts, name: &str, column: &str) -> Explanation<'p> {
    plan.explain(known, &table_name(name), column).unwrap()
}

/// Returns rule and line of what decides, and of what lost with why.
fn told(it: &Explanation<'_>) -> Vec<String> {
    let first = match &it.fate {
        Fate::Emptied(place) => format!("empty {}", place.map_or(0, |p| p.line)),
        Fate::Undecided => "undecided".to_owned(),
        Fate::Decided(rules) => format!("{} {}", rules.line.rule, rules.place.map_or(0, |p| p.line)),
    };
    let lost = it.lost.iter().map(|l| format!("{} {}: {}", l.rule, l.place.line, l.why));
    std::iter::once(first).chain(lost).collect()
}

#[test]
fn every_step_of_the_precedence_is_told() {
    let own = format!(
        "{HEAD}extends: [1.yaml]\ntables:\n  t:\n    columns:\n      mail: {{constant: x}}\n      \"ma*\": suppress\n      \"*\": suppress\n  \
         \"*\":\n    columns: {{mail: suppress, \"*il\": {{keep: w}}}}\n"
    );
    let plan = plan(&[&own, "version: 1\ntables: {t: {columns: {mail: {fake: email}}}}"]);
    let known = facts(vec![table("t", &["mail text"])]);
    let it = explained(&plan, &known, "t", "mail");
    assert_eq!(
        told(&it),
        [
            "constant x 7",
            "suppress 11: the exact name of a table counts before a pattern",
            "suppress 8: the exact name of a column counts before a pattern",
            "suppress 9: the exact name of a column counts before a pattern",
            "fake email 2: a text counts before those that it extends",
            "keep 11: keeping by a pattern is the weakest rule of all",
        ]
    );
    assert!(it.problems.is_empty());
    let Fate::Decided(rules) = &it.fate else { panic!() };
    assert_eq!(rules.line.origin, "shop.yaml t");
    assert_eq!(rules.by.as_str(), "nobody: what comes out does not depend on the value");
}

#[test]
fn longer_patterns_and_parents() {
    let text =
        format!("{HEAD}tables:\n  \"*\": {{columns: {{\"m*l\": suppress, \"m*\": {{constant: x}}}}}}\n");
    let one = plan(&[&text]);
    let known = facts(vec![table("t", &["mail text"])]);
    let said = told(&explained(&one, &known, "t", "mail"));
    assert_eq!(
        said,
        ["suppress 4", "constant x 4: the longer pattern of columns counts: 2 characters, not 1"]
    );
    let parts = format!(
        "{HEAD}tables:\n  p: {{columns: {{mail: suppress}}}}\n  c: {{columns: {{\"*\": suppress}}}}\n"
    );
    let mut child = table("c", &["mail text"]);
    child.parents.push(table_name("p"));
    child.partition = true;
    let two = plan(&[&parts]);
    let said = told(&explained(&two, &facts(vec![table("p", &["mail text"]), child]), "c", "mail"));
    assert_eq!(said[0], "suppress 4");
    assert_eq!(
        said[1],
        "suppress 5: partitions and inherited columns take the rule of the parent, not of `c`"
    );
}

#[test]
fn what_holds_through_the_lock_only_is_said() {
    let text = format!("{HEAD}tables: {{\"*\": {{columns: {{\"*\": {{keep: w}}}}}}}}\n");
    let plan = plan(&[&text]);
    let known = facts(vec![table("t", &["id integer not null", "mail text"])]);
    let it = explained(&plan, &known, "t", "id");
    assert_eq!(told(&it), ["undecided", "keep 3: the strongest, and it does not hold here"]);
    assert_eq!(it.problems.len(), 1);
    assert!(it.problems[0].what.as_str().contains("not in the lock"));
    let line = Line {
        table: "t".into(),
        column: "id".into(),
        ty: known.table(&table_name("t")).unwrap().columns[0].ty.text.clone(),
        rule: "keep".into(),
        origin: "shop.yaml * *".into(),
        reason: "w: x".into(),
    };
    let plan = plan.with_lock(Some(Lock::new("shop.yaml", vec![line.clone()])));
    let it = explained(&plan, &known, "t", "id");
    assert_eq!(told(&it), ["keep 3"]);
    assert_eq!(it.lock, Some((line, true)));
    let Fate::Decided(rules) = it.fate else { panic!() };
    assert!(rules.weak);
}

#[test]
fn who_decides_and_what_fits() {
    let text = format!(
        "{HEAD}entities: {{person: {{subject: id, id: {{pseudonym: integer}}, last: {{fake: last_name}}}}}}\n\
         tables: {{t: {{columns: {{id: person.id, name: person.last, at: suppress}}}}, e: {{empty: no}}}}\n"
    );
    let plan = plan(&[&text]);
    let known = facts(vec![
        table("t", &["id integer not null", "name varchar(40)", "at date"]),
        table("e", &["x text"]),
    ]);
    let by = |column: &str| match explained(&plan, &known, "t", column).fate {
        Fate::Decided(rules) => (rules.by.to_string(), rules.fit, rules.attribute.map(|p| p.line)),
        _ => panic!(),
    };
    let (who, fit, attribute) = by("name");
    assert_eq!(who, "the subject of `person`, in `id`; where that is NULL or pinned, the value itself");
    assert_eq!(fit, Some(Fit { max_chars: Some(40), integer: None, moment: false }));
    assert_eq!(attribute, Some(3));
    assert_eq!(by("id").0, "the value itself: equal values have equal stand-ins");
    assert_eq!(told(&explained(&plan, &known, "e", "x")), ["empty 4"]);
}

#[test]
fn names_are_found_as_the_schema_spells_them() {
    let known = facts(vec![table("Orders", &["id integer", "a.b text"])]);
    let found = |name: &str| find(&known, name).map(|(table, column)| format!("{table}|{column}"));
    assert_eq!(found("orders.ID").unwrap(), "Orders|id");
    assert_eq!(found("public.Orders.\"a.b\"").unwrap(), "Orders|a.b");
    for (bad, what, hint) in [
        (
            "orders",
            "a column is named with its table",
            "write TABLE.COLUMN, SCHEMA.TABLE.COLUMN or DATABASE:SCHEMA.TABLE.COLUMN",
        ),
        ("order.id", "no table is called `order`", "did you mean the table `Orders`?"),
        ("orders.idd", "`Orders` has no column `idd`", "did you mean `Orders.id`?"),
        ("x.orders.id", "no table is called `orders`", "did you mean the table `Orders`?"),
    ] {
        let (said, next) = find(&known, bad).unwrap_err();
        assert_eq!((said.as_str(), next.unwrap().as_str()), (what, hint));
    }
}

#[test]
fn without_a_schema_exact_names_are_known() {
    let text =
        format!("{HEAD}tables: {{t: {{columns: {{mail: suppress, \"x*\": suppress}}}}, l: {{like: t}}}}\n");
    let plan = plan(&[&text]);
    let known = plan.named_facts();
    assert_eq!(told(&explained(&plan, &known, "t", "mail")), ["suppress 3"]);
    assert_eq!(told(&explained(&plan, &known, "l", "mail")), ["suppress 3"]);
    assert!(find(&known, "t.xy").is_err());
}

#[test]
fn columns_are_found_by_table_schema_and_database() {
    let of = |database: &str| {
        let known = table("t", &["x text"]);
        TableFacts { name: known.name.within(Some(database)), ..known }
    };
    let known = facts(vec![of("one"), of("two"), table("alone", &["x text"])]);
    let found = |text: &str| find(&known, text).map(|(table, column)| format!("{table}.{column}"));
    assert_eq!(found("alone.x").unwrap(), "alone.x");
    assert_eq!(found("two:t.x").unwrap(), "two:t.x");
    assert_eq!(found("one:public.t.x").unwrap(), "one:t.x");
    let (what, hint) = found("t.x").unwrap_err();
    assert!(what.as_str().contains("several tables") && hint.unwrap().as_str().contains("DATABASE:"));
    assert!(found("three:t.x").is_err());
}
