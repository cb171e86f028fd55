//! `policy: unlisted: fill`: the rows of tables that no rule names are dropped; columns that no rule names become NULL,
//! or the least telling value of their type. Where a key must stay unique the value becomes its pseudonym.
//!
//! Refuses what could break the load: a foreign key or CHECK on a column that refuses NULL, and a unique column without
//! a technique that keeps values apart. Such a column stays undecided.

use std::sync::Arc;

use crate::mask::{FILL, TECHNIQUES, Value};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{By, Column, ColumnRule, Place, Problem, Rule};
use crate::row::shape::{Facts, TableFacts, TypeClass};

use super::Plan;
use super::candidates::owner;
use super::rules::{Decided, Decision};
use super::view::{Detail, View, lineage};

/// The rules that fill, made once a plan.
pub(super) struct Fill {
    constant: Column,
    integer: Option<Column>,
    uuid: Option<Column>,
    text: Option<Column>,
}

impl Fill {
    pub(super) fn new() -> Self {
        let column = |technique, argument: Option<&str>| {
            let argument = argument.map(|text| Value::Text(text.to_owned()));
            let rule = Rule {
                technique,
                argument,
                options: Vec::new(),
                inside: Vec::new(),
                place: Place::default(),
            };
            let rule = ColumnRule::Own { rule, by: By::Default };
            // No rule of the profile spells it: like a pattern it must not be shown as one.
            Column { name: "unlisted".to_owned(), rule, pattern: true, place: Place::default() }
        };
        let known = |name: &str, argument| {
            let spec = TECHNIQUES.iter().find(|spec| spec.name == name)?;
            Some(column(spec, argument))
        };
        Self {
            constant: column(&FILL, None),
            integer: known("pseudonym", Some("integer")),
            uuid: known("pseudonym", Some("uuid")),
            text: known("hash", None),
        }
    }
}

/// Decides what no rule decided; says what cannot be filled.
pub(super) fn apply<'p>(plan: &'p Plan, view: &View, facts: &Facts, decided: &mut Decided<'p>, whole: bool) {
    if !plan.fills() {
        return;
    }
    if whole {
        decided.empty = true;
        decided.columns = Vec::new();
        return;
    }
    let line = lineage(&view.table, facts);
    let tables: Vec<&TableFacts> = line.iter().filter_map(|(_, table)| *table).collect();
    // The table's entry is where a rule is to be added.
    let entry = decided.columns.iter().flatten().find_map(|decision| decision.entry);
    let place = entry.and_then(|entry| plan.profile.tables.get(entry)).map(|table| table.place);
    for index in 0..view.columns.len() {
        if decided.columns.get(index).is_none_or(Option::is_some) {
            continue;
        }
        match filling(plan, view, &tables, index) {
            Ok(column) => {
                let owner = Arc::new(owner(view, &line, index));
                let decision = Decision { column: Some(column), owner, entry: None, weak: false };
                if let Some(slot) = decided.columns.get_mut(index) {
                    *slot = Some(decision);
                }
            }
            Err(problem) => decided.problems.push(Problem { place, ..*problem }),
        }
    }
}

/// Finds the rule that fills a column.
fn filling<'p>(
    plan: &'p Plan,
    view: &View,
    tables: &[&TableFacts],
    index: usize,
) -> Result<&'p Column, Box<Problem>> {
    let fill = &plan.fill;
    let Some(column) = view.columns.get(index) else { return Ok(&fill.constant) };
    if !column.not_null {
        return Ok(&fill.constant);
    }
    let refused = |why: &'static str| {
        let what =
            message!("no rule names this column, and it cannot be filled: it refuses NULL and {}", why);
        Box::new(
            view.error(what)
                .of(Finding::UnfillableColumn)
                .column(view.label(index, None))
                .hint("give it a rule"),
        )
    };
    let names = |list: &[String]| list.contains(&column.name);
    if tables.iter().any(|table| table.foreign_keys.iter().any(|key| names(&key.columns))) {
        return Err(refused("is part of a foreign key"));
    }
    let checked = |columns: &Option<Vec<String>>| columns.as_deref().is_none_or(names);
    if tables.iter().any(|table| table.checks.iter().any(|check| checked(&check.columns))) {
        return Err(refused("a CHECK reads it"));
    }
    if !tables.iter().any(|table| table.uniques.iter().any(|unique| names(&unique.columns))) {
        return Ok(&fill.constant);
    }
    let unique = match &column.ty.class {
        class if class.is_integer() => fill.integer.as_ref(),
        TypeClass::Uuid => fill.uuid.as_ref(),
        class if class.is_text() => fill.text.as_ref(),
        _ => None,
    };
    unique.ok_or_else(|| refused("is unique"))
}
