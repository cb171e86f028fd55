//! Columns that the profile names and leaves undecided: each is a problem with its place. Refuses to let one pass as
//! decided; no policy and no flag fills or keeps it.

use crate::error::{Message, Name};
use crate::message;
use crate::profile::model::Problem;
use crate::profile::undecided::{WHAT, is_undecided, leaves_open};
use crate::row::shape::{Facts, TableName};

use super::Plan;
use super::rules::{self, Decided, Decision};
use super::view::{Detail, View};

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
    problem.table = Some(message!("{}", decision.owner));
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

fn has_parent(table: &crate::row::shape::TableFacts, facts: &Facts) -> bool {
    table.parents.iter().any(|parent| facts.table(parent).is_some_and(|t| t.holds_rows))
}
