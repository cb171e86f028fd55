//! All that stands between a plan and some tables of a schema, every table decided and compiled once: what `bind`, `keys` and
//! `weakness` say each for itself. For who asks about thousands of tables, round after round.
//!
//! Refuses nothing by itself, and makes no plan of a table: it hands on what the others say.

use std::collections::HashMap;

use crate::profile::model::{Problem, Severity};
use crate::row::shape::{Facts, Shape, TableFacts, TableName};

use super::bind::{self, Whole};
use super::keys::State;
use super::{Plan, weakness};

/// Lists the problems of binding, those of keys, then what is weak.
pub(super) fn against<'p>(plan: &'p Plan, facts: &'p Facts, some: &[&'p TableFacts]) -> [Vec<Problem>; 3] {
    let (mut bound, mut broken, mut weak) = (Vec::new(), Vec::new(), Vec::new());
    let mut states: HashMap<&TableName, State<'p>> = HashMap::new();
    for table in some.iter().copied().filter(|table| table.holds_rows) {
        let mut state = State::of(plan, table, facts);
        weakness::of_table(plan, facts, &state.view, &state.decided, &mut weak);
        if table.parents.is_empty() {
            // Without parents the rows are what the schema says of the table.
            let Whole { made, problems, .. } = Whole::of(plan, &state.view, facts, &mut state.decided);
            state.take(made);
            if problems.iter().any(|problem| problem.severity == Severity::Error) {
                bound.extend(problems);
            }
        } else {
            bound.extend(bind::bind(plan, &shape(table), facts).err().unwrap_or_default());
        }
        states.insert(&table.name, state);
    }
    let targets =
        some.iter().flat_map(|table| &table.foreign_keys).filter_map(|key| facts.table(&key.target));
    for table in targets.filter(|table| table.holds_rows) {
        states.entry(&table.name).or_insert_with(|| State::of(plan, table, facts));
    }
    for table in some.iter().filter_map(|table| states.get(&table.name)) {
        table.broken(|target| states.get(target), &mut broken);
    }
    [bound, broken, weak]
}

/// Returns a table as its rows would list it.
fn shape(table: &TableFacts) -> Shape {
    let columns = table.columns.iter().filter(|column| !column.generated).cloned().collect();
    Shape { table: table.name.clone(), columns, trusted_names: table.trusted_names }
}
