//! What is known of a table only behind its rows can change what `unlisted: fill` and `defaults:` would have made of it.
//! Its rows are written by then: every such change is an error, and the stream ends in poison.

use std::sync::Arc;

use crate::profile::finding::Finding;
use crate::profile::model::Problem;
use crate::row::shape::{Facts, Shape};

use super::Plan;
use super::describe;
use super::rules;
use super::view::{Detail, View};

/// Compares what tables were written under with what is decided now.
pub(super) fn changed(plan: &Plan, decided: &[(Arc<Shape>, Vec<String>)], facts: &Facts) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (shape, before) in decided {
        let view = View::of_shape(shape, facts);
        let now = rules::decide(plan, &view, facts);
        let rule = |index: usize| {
            let decision = now.columns.get(index).and_then(Option::as_ref);
            decision.map(|decision| describe::rule(&plan.profile, decision))
        };
        for (index, before) in before.iter().enumerate() {
            if rule(index).as_ref() != Some(before) {
                let problem = view
                    .error("keys that stand behind the rows change what becomes of this column")
                    .of(Finding::DoesNotFit)
                    .column(view.label(index, None));
                problems.push(
                    problem.hint(
                        "give the dump as a file, or its schema with `--schema FILE`, or name the column",
                    ),
                );
            }
        }
    }
    problems
}
