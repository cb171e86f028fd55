//! Tests: what a draft says is read back as it was meant, for every name a schema can have.

use super::*;
use crate::profile::model::TableBody;
use crate::profile::syntax;
use crate::row::shape::{ColumnType, ForeignKey, Unique};

fn column(name: &str, class: TypeClass) -> ColumnFacts {
    let ty = ColumnType { class, text: "a type".into(), domain: None };
    ColumnFacts {
        name: name.into(),
        ty,
        not_null: false,
        generated: false,
        literal_default: false,
        numbered: false,
    }
}

fn table(name: &TableName, columns: &[&str]) -> TableFacts {
    let columns: Vec<ColumnFacts> = columns.iter().map(|name| column(name, TypeClass::Integer)).collect();
    let key = columns.iter().take(1).map(|c| c.name.clone()).collect();
    let uniques = vec![Unique { name: String::new(), columns: key, primary: true, expression: false }];
    TableFacts { columns, uniques, ..TableFacts::named(name.clone()) }
}

fn key(column: &str, target: &TableName) -> ForeignKey {
    let columns = vec![column.to_owned()];
    ForeignKey { name: String::new(), columns, target: target.clone(), target_columns: Vec::new() }
}

fn drafted(tables: Vec<TableFacts>) -> (String, crate::profile::model::Profile) {
    let mut facts = Facts::default();
    for table in tables {
        assert!(facts.add(table));
    }
    let text = draft(&facts).unwrap();
    let read = syntax::read("draft.yaml", text.as_bytes());
    let read = read.unwrap_or_else(|refused| panic!("{text}\n{:?}", refused.problems));
    (text, read.profile)
}

const NAMES: &[&str] = &[
    "plain",
    "with space",
    "null",
    "Yes",
    "12",
    "-1",
    "1e3",
    "~",
    "a: b",
    "a #b",
    "- a",
    "'q'",
    "\"dq\"",
    "a.b",
    "a:b",
    "it's",
    "tab\there",
    "line\nfeed",
    "é",
    "!tag",
    "&anchor",
    "%x",
    "@x",
    "`x`",
    "{x}",
    "[x]",
    "a,b",
    "?",
    "|",
    ">",
    " lead",
    "trail ",
    "\u{202e}turned",
    "back\\slash",
    "true",
    "=",
    "<<",
    "undecided",
    "subject",
];

#[test]
fn every_name_comes_back() {
    for name in NAMES {
        let owner = TableName::new(Some("a schema"), name);
        let (text, profile) = drafted(vec![table(&owner, &[name, "other"])]);
        let read = &profile.tables[0];
        assert_eq!((read.schema.as_deref(), read.table.as_str()), (Some("a schema"), *name), "{text}");
        let TableBody::Columns(columns) = &read.body else { panic!() };
        assert_eq!(columns[0].name, *name, "{text}");
    }
    let (text, profile) = drafted(vec![table(&TableName::new(None, "a*b"), &["x"])]);
    assert!(!profile.tables[0].pattern, "{text}");
}

#[test]
fn every_name_can_be_an_entity() {
    for name in NAMES {
        let owner = TableName::new(None, name);
        let mut other = table(&TableName::new(None, "pointing"), &["id", "at"]);
        other.foreign_keys.push(key("at", &owner));
        let (text, profile) = drafted(vec![table(&owner, &[name, "other"]), other]);
        assert_eq!(profile.entities.len(), 1, "{text}");
        assert_eq!(profile.entities[0].subject, Some(0), "{text}");
    }
}

#[test]
fn keys_join_however_many_steps_apart() {
    let name = |table: &str| TableName::new(Some("public"), table);
    let mut customers = table(&name("customers"), &["id", "parent_id"]);
    customers.foreign_keys = vec![key("id", &name("people")), key("parent_id", &name("customers"))];
    let mut orders = table(&name("orders"), &["id", "customer_id"]);
    orders.foreign_keys = vec![key("customer_id", &name("customers"))];
    orders.columns[1].ty.class = TypeClass::BigInt;
    let (text, profile) = drafted(vec![table(&name("people"), &["id"]), customers, orders]);
    assert_eq!(profile.entities.len(), 1, "{text}");
    assert_eq!(text.matches(": people.id ").count(), 4, "{text}");
    assert!(text.contains("  people:\n    subject: id\n    id: {pseudonym: integer}\n"), "{text}");
    assert!(text.contains("      id: undecided"), "{text}");
}

#[test]
fn the_type_says_which_pseudonym() {
    for (classes, rule) in [
        ([TypeClass::Integer, TypeClass::BigInt], "{pseudonym: integer}"),
        ([TypeClass::SmallInt, TypeClass::Integer], "{pseudonym: integer, within: smallint}"),
        ([TypeClass::Uuid, TypeClass::Uuid], "{pseudonym: uuid}"),
        ([TypeClass::Uuid, TypeClass::Integer], "undecided"),
        ([TypeClass::Text { max_chars: Some(8) }, TypeClass::Text { max_chars: None }], "undecided"),
        ([TypeClass::Numeric { precision: Some(4), scale: Some(0) }, TypeClass::Integer], "undecided"),
    ] {
        let owner = TableName::new(None, "t");
        let mut first = table(&owner, &["id"]);
        let mut second = table(&TableName::new(None, "u"), &["id", "t_id"]);
        second.foreign_keys.push(key("t_id", &owner));
        [first.columns[0].ty.class, second.columns[1].ty.class] = classes;
        let (text, _) = drafted(vec![first, second]);
        assert!(text.contains(&format!("    id: {rule}")), "{text}");
    }
}

#[test]
fn no_label_of_an_enumeration_and_no_line_feed_comes_out() {
    let mut one = table(&TableName::new(None, "t"), &["id", "kind"]);
    one.columns[1].ty.class = TypeClass::Enum(["kanarie".to_owned()].into());
    one.columns[1].ty.text = "enum('kanarie')".into();
    one.columns[0].ty.text = "a\nkanarie2: suppress".into();
    let (text, _) = drafted(vec![one]);
    assert!(!text.contains("kanarie'") && text.contains("enum of 1 label"), "{text}");
    assert!(!text.contains("\nkanarie2"), "{text}");
}

#[test]
fn a_schema_without_tables_has_no_draft() {
    assert_eq!(draft(&Facts::default()), None);
    let mut view = table(&TableName::new(None, "v"), &["id"]);
    view.holds_rows = false;
    let mut facts = Facts::default();
    facts.add(view);
    assert_eq!(draft(&facts), None);
}
