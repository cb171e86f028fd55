//! The conditions of one table, bound to its columns: which rows stay, and which case of a list counts. Every text is
//! bound once, however many cases have it. Refuses what the table lacks or what its types do not allow, with the caret
//! under the words in question.

use std::collections::HashMap;
use std::sync::Arc;

use crate::profile::model::{Problem, When};

use super::rules::Decided;
use super::view::View;
use super::{ConditionInput, Plan, RowCondition, learning};

/// What decides over whole rows.
#[derive(Default)]
pub(super) struct Rows {
    /// All conditions.
    pub(super) conditions: Conditions,
    /// The one that says which rows stay.
    pub(super) keep_rows: Option<usize>,
    /// Case lists: the condition of every case; `None` = else.
    pub(super) cases: Vec<Vec<Option<usize>>>,
}

impl Rows {
    /// Binds `keep_rows:`.
    pub(super) fn keep(
        &mut self,
        plan: &Plan,
        view: &View,
        decided: &Decided<'_>,
        problems: &mut Vec<Problem>,
    ) {
        if let Some(when) = decided.keep_rows {
            self.keep_rows = self.conditions.add(plan, view, when, problems);
        }
    }
}

/// Conditions, each once.
#[derive(Default)]
pub(super) struct Conditions {
    bound: Vec<RowCondition>,
    known: HashMap<String, usize>,
}

impl Conditions {
    /// Binds a condition; `None` if a problem says why it cannot be.
    pub(super) fn add(
        &mut self,
        plan: &Plan,
        view: &View,
        when: &When,
        problems: &mut Vec<Problem>,
    ) -> Option<usize> {
        if let Some(index) = self.known.get(&when.text) {
            return Some(*index);
        }
        let (columns, lookups) = learning::with_lookups(plan, view);
        match when.condition.bind(&columns, plan.options.now) {
            Ok(bound) => {
                let index = self.bound.len();
                self.known.insert(when.text.clone(), index);
                let input = |column: &usize| {
                    let lookup = column.checked_sub(view.columns.len()).and_then(|index| lookups.get(index));
                    ConditionInput {
                        wanted: lookup.map_or(*column, |lookup| lookup.by),
                        lookup: lookup.map(|lookup| Arc::clone(&lookup.dictionary)),
                    }
                };
                let inputs = bound.columns().iter().map(input).collect();
                self.bound.push(RowCondition { inputs, bound });
                Some(index)
            }
            Err(refused) => {
                let mut problem = When::problem(&when.text, when.place, when.lead, refused);
                problem.table = view.error("").table;
                problems.push(problem);
                None
            }
        }
    }

    /// Returns the columns that the conditions read.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.bound.iter().flat_map(|condition| condition.inputs.iter().map(|input| input.wanted))
    }

    /// Returns the conditions with their columns as places among the wanted ones.
    pub(super) fn place(self, place: impl Fn(usize) -> usize) -> Vec<RowCondition> {
        let placed_input = |input: ConditionInput| ConditionInput { wanted: place(input.wanted), ..input };
        let placed = |condition: RowCondition| RowCondition {
            inputs: condition.inputs.into_iter().map(placed_input).collect(),
            bound: condition.bound,
        };
        self.bound.into_iter().map(placed).collect()
    }
}
