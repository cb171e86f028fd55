//! Columns that the profile names and leaves undecided: each is a problem with its place. Refuses to let one pass as
//! decided; no policy and no flag fills or keeps it.

use crate::error::{Message, Name};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Problem};
use crate::profile::undecided::{WHAT, is_undecided, leaves_open};
use crate::row::shape::{Facts, TableName};

use super::Plan;
use super::names;
use super::rules::{self, Decided, Decision};
use super::view::{Detail, View, lineage};

/// Returns whether a column is open to any other rule.
pub(super) fn is_open(decision: Option<&Decision<'_>>) -> bool {
    decision.is_none_or(|decision| decision.column.is_some_and(|column| leaves_open(&column.rule)))
}

/// Takes back every decision that is none, and says so.
pub(super) fn settle(plan: &Plan, view: &View, decided: &mut Decided<'_>) {
    for index in 0..decided.columns.len() {
        let Some(slot) = decided.columns.get_mut(index) else { continue };
        let open = |decision: &mut Decision<'_>| decision.rule(&plan.profile).is_some_and(is_undecided);
        if let Some(decision) = slot.take_if(open) {
            decided.problems.push(problem(plan, view, index, &decision));
            decided.open.push(index);
        }
    }
}

fn problem(plan: &Plan, view: &View, index: usize, decision: &Decision<'_>) -> Problem {
    let named = decision.attribute().and_then(|(entity, attribute)| {
        let entity = plan.profile.entities.get(entity)?;
        let attribute = entity.attributes.get(attribute)?;
        Some((Name::new(entity.name.as_str()), Name::new(attribute.name.as_str()), attribute.place.line))
    });
    let hint = match named {
        Some((entity, attribute, line)) => message!(
            "give the attribute a technique, once for all of its columns: `{}:` of `{}`, line {}",
            attribute,
            entity,
            line
        ),
        None => Message::from(
            "write a technique, an attribute of an entity, or `{keep: reason}` instead of `undecided`",
        ),
    };
    let mut problem = view.error(WHAT).column(view.label(index, decision.spelled())).hint(hint);
    // A partition takes the parent's rule: one decision, one problem.
    problem.table = Some(message!("{}", *decision.owner));
    problem.place = decision.column.map(|column| column.place);
    problem
}

/// Lists the undecided columns of a schema: table and columns.
pub(super) fn list(plan: &Plan, facts: &Facts) -> Vec<(TableName, Vec<Message>)> {
    let mut list = Vec::new();
    for table in facts.tables().iter().filter(|t| t.holds_rows && !(t.partition && has_parent(t, facts))) {
        let view = View::of_facts(table, facts);
        let decided = rules::decide(plan, &view, facts);
        if !decided.open.is_empty() {
            let columns = decided.open.iter().map(|index| view.label(*index, None)).collect();
            list.push((table.name.clone(), columns));
        }
    }
    list
}

/// A table of a schema with columns that no rule of the profile is about.
pub struct Unnamed {
    /// The table.
    pub table: TableName,
    /// Where the profile's own text has an entry for it alone, under its name.
    pub entry: Option<Place>,
    /// The columns, in the order of the schema; none that it inherits.
    pub columns: Vec<String>,
}

/// Lists what no rule is about: neither a name nor a pattern, nor a pack, nor `defaults:`, nor `unlisted: fill`. Tables of
/// which something else is wrong are left out: `check` tells.
pub(super) fn unnamed(plan: &Plan, facts: &Facts) -> Vec<Unnamed> {
    let mut list = Vec::new();
    for table in facts.tables().iter().filter(|t| t.holds_rows && !(t.partition && has_parent(t, facts))) {
        let view = View::of_facts(table, facts);
        let decided = rules::proposed(plan, &view, facts);
        let plain = |p: &Problem| {
            matches!(p.finding, Finding::UndecidedTable | Finding::UndecidedColumn) || p.what.as_str() == WHAT
        };
        if decided.empty || !decided.problems.iter().all(plain) {
            continue;
        }
        let line = lineage(&table.name, facts);
        let inherited =
            |name: &str| line.iter().skip(1).filter_map(|(_, t)| *t).any(|t| t.column(name).is_some());
        let open =
            decided.columns.iter().enumerate().filter(|(at, d)| d.is_none() && !decided.open.contains(at));
        let columns: Vec<String> = open
            .filter_map(|(at, _)| view.columns.get(at).map(|column| column.name.clone()))
            .filter(|name| !inherited(name))
            .collect();
        if !columns.is_empty() {
            let own = names::entries_of(plan, &table.name, facts);
            let own = own.iter().filter_map(|at| plan.profile.tables.get(*at));
            let entry = own.filter(|entry| entry.place.file == 0 && entry.level == 0 && !entry.pattern);
            let entry = entry.map(|entry| entry.place).next();
            list.push(Unnamed { table: table.name.clone(), entry, columns });
        }
    }
    list
}

fn has_parent(table: &crate::row::shape::TableFacts, facts: &Facts) -> bool {
    table.parents.iter().any(|parent| facts.table(parent).is_some_and(|t| t.holds_rows))
}
