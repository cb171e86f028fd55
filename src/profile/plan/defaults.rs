//! `defaults:`: what decides a column that no entry decides, by what the schema says of it. Weaker than every rule of an
//! entry, and where it keeps it holds only through the lock (`weak`).
//!
//! Never looks at a name or a value. What the schema has not said yet (a plain dump tells its keys behind the rows) is
//! taken from the lock, where a person read it; a key that comes later and does not fit stops the run (`keys`).

use std::sync::Arc;

use crate::mask::Class;
use crate::profile::model::{ColumnRule, DefaultRule, Role};
use crate::row::shape::{Facts, TableFacts, TableName, TypeClass};

use super::Plan;
use super::candidates::owner;
use super::rules::{self, Decided, Decision};
use super::undecided::is_open;
use super::view::{View, lineage};

/// Decides what no entry decided.
pub(super) fn apply<'p>(plan: &'p Plan, view: &View, facts: &Facts, decided: &mut Decided<'p>) {
    if plan.profile.defaults.is_empty() {
        return;
    }
    let line = lineage(&view.table, facts);
    for index in 0..view.columns.len() {
        let slot = decided.columns.get(index);
        if !slot.is_some_and(|decision| is_open(decision.as_ref())) {
            continue;
        }
        let Some(default) =
            plan.profile.defaults.iter().find(|d| applies(plan, view, facts, &line, index, d))
        else {
            continue;
        };
        let weak = matches!(default.column.rule, ColumnRule::Keep { .. });
        let owner = Arc::new(owner(view, &line, index));
        let decision = Decision { column: Some(&default.column), owner, entry: None, weak };
        if let Some(slot) = decided.columns.get_mut(index) {
            *slot = Some(decision);
        }
    }
}

/// Says whether a column has the role of a default.
fn applies(
    plan: &Plan,
    view: &View,
    facts: &Facts,
    line: &[(TableName, Option<&TableFacts>)],
    index: usize,
    default: &DefaultRule,
) -> bool {
    let Some(column) = view.columns.get(index) else { return false };
    let known = || line.iter().filter_map(|(_, table)| *table);
    let locked = || {
        let owner = owner(view, line, index);
        let line = plan.lock.as_ref().and_then(|lock| lock.line(&owner, &column.name));
        line.is_some_and(|line| line.origin == origin(default))
    };
    match default.role {
        Role::Boolean => column.ty.class == TypeClass::Boolean,
        Role::Enum => matches!(column.ty.class, TypeClass::Enum(_)),
        Role::ForeignKey => {
            let mut keys = known()
                .flat_map(|table| &table.foreign_keys)
                .filter(|key| key.columns.contains(&column.name))
                .peekable();
            if keys.peek().is_none() {
                return !facts.complete && locked();
            }
            keys.all(|key| is_dull(plan, facts, &key.target))
        }
        Role::PrimaryKey => {
            let primary = known().flat_map(|table| &table.uniques).find(|unique| unique.primary);
            match primary {
                Some(primary) => primary.columns.contains(&column.name) && is_dull(plan, facts, &view.table),
                None => !facts.complete && locked(),
            }
        }
    }
}

/// Returns where a default stands, as the lock says it.
pub(super) fn origin(default: &DefaultRule) -> String {
    format!("defaults {}", default.column.name)
}

/// Says whether a table is known to hold no persons: it has rules, and none of them replaces an identifier.
fn is_dull(plan: &Plan, facts: &Facts, table: &TableName) -> bool {
    let Some(known) = facts.table(table) else { return false };
    let (decided, levels) = rules::assigned(plan, &View::of_facts(known, facts), facts);
    let replaces = |decision: &Decision<'_>| {
        decision.each().any(|case| {
            let class = case.rule(&plan.profile).map(|rule| rule.technique.class);
            matches!(class, Some(Class::Pseudonymisation | Class::Randomisation))
        })
    };
    let listed = levels.is_some_and(|levels| !levels.is_empty()) && !decided.empty;
    listed && !has_text_left(known, &decided) && !decided.columns.iter().flatten().any(replaces)
}

/// Says whether a table has columns that may hold anything and that nobody decided.
fn has_text_left(table: &TableFacts, decided: &Decided<'_>) -> bool {
    let dull = |class: &TypeClass| {
        class.is_integer()
            || matches!(
                class,
                TypeClass::Boolean | TypeClass::Enum(_) | TypeClass::Numeric { .. } | TypeClass::Float { .. }
            )
    };
    let data = table.columns.iter().filter(|column| !column.generated);
    data.zip(&decided.columns).any(|(column, decision)| is_open(decision.as_ref()) && !dull(&column.ty.class))
}
