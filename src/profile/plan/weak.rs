//! The lock at work (DESIGN 4): what a pattern or default keeps holds only for columns that stand in the lock with their
//! type; under `--locked` every column must stand there as it is decided now.
//!
//! Refuses to keep by a pattern what can hold a person: text, documents, bytes, dates, arrays, addresses, and names of
//! secrets. An undecided column stops the run.

use crate::error::Name;
use crate::message;
use crate::profile::check::secrets::names_secret;
use crate::profile::finding::Finding;
use crate::profile::model::Problem;
use crate::row::shape::{ColumnFacts, TypeClass};

use super::Plan;
use super::describe::line;
use super::locked::difference;
use super::rules::{Decided, Decision};
use super::unlisted::secret_warning;
use super::view::{Detail, View};

/// Holds all decisions of a table against the lock.
pub(super) fn settle(plan: &Plan, view: &View, decided: &mut Decided<'_>) {
    for index in 0..view.columns.len() {
        let Some(decision) = decided.columns.get(index).and_then(Option::as_ref) else { continue };
        let (weak, kept) = (decision.weak, plan.options.allow_unlisted_keep && !plan.options.locked);
        let problem = match weak {
            true => kept_by_pattern(plan, view, index, decision),
            false => None,
        };
        let problem = problem.or_else(|| locked(plan, view, index, decision));
        match problem {
            None => continue,
            // What the lock does not hold nobody named; the flag keeps that.
            Some(_) if weak && kept => {
                decided.problems.extend(secret_warning(view, index));
                set(decided, index, Some(Decision::unlisted(view)));
            }
            Some(problem) => {
                decided.problems.push(problem);
                set(decided, index, None);
            }
        }
    }
}

fn set<'p>(decided: &mut Decided<'p>, index: usize, decision: Option<Decision<'p>>) {
    if let Some(slot) = decided.columns.get_mut(index) {
        *slot = decision;
    }
}

/// Says why a pattern or default may not keep a column.
fn kept_by_pattern(plan: &Plan, view: &View, index: usize, decision: &Decision<'_>) -> Option<Problem> {
    let column = view.columns.get(index)?;
    let by = decision.column.map_or("*", |c| c.name.as_str());
    let problem = |finding, what| {
        let mut problem = view.error(what).of(finding).column(view.label(index, None));
        problem.place = decision.column.map(|c| c.place);
        problem
    };
    if names_secret(&column.name) {
        let what = message!("`{}` would keep what is named like a password, token or key", Name::new(by));
        return Some(problem(Finding::KeptSecret, what).hint(name_it(view, column)));
    }
    if !is_dull(&column.ty.class) {
        let what = message!(
            "`{}` would keep this column, and a pattern or default keeps only numbers, booleans, enumerations and uuids",
            Name::new(by)
        );
        return Some(problem(Finding::PatternKeeps, what).hint(name_it(view, column)));
    }
    if plan.options.accept {
        return None;
    }
    let by = Name::new(by);
    let finding = differs(plan, column, decision)?;
    let what = match finding {
        Finding::Retyped => {
            message!("`{}` would keep this column, whose type is not the one in the lock", by)
        }
        Finding::RuleChanged => message!("`{}` would keep this column, which the lock does not keep", by),
        Finding::NotInLock => message!("`{}` would keep this column, which is not in the lock", by),
        // The same is kept for another reason: only `--locked` asks for that.
        _ => return None,
    };
    Some(
        problem(finding, what).hint(
            "look at it, then let `standin check --accept` write the lock; or give it a rule of its own",
        ),
    )
}

fn name_it(view: &View, column: &ColumnFacts) -> crate::error::Message {
    if view.trusted {
        let name = Name::new(column.name.as_str());
        message!("name it under `tables: {}: columns:`: `{}: suppress`", view.table, name)
    } else {
        message!("name it under `tables: {}: columns:`", view.table)
    }
}

/// Returns whether a column of that type tells nothing of a person by itself.
fn is_dull(class: &TypeClass) -> bool {
    class.is_integer()
        || matches!(
            class,
            TypeClass::Numeric { .. }
                | TypeClass::Float { .. }
                | TypeClass::Boolean
                | TypeClass::Enum(_)
                | TypeClass::Uuid
        )
}

/// Says how a decision differs from the line that the lock has of its column.
fn differs(plan: &Plan, column: &ColumnFacts, decision: &Decision<'_>) -> Option<Finding> {
    let before = plan.lock.as_ref().and_then(|lock| lock.line(&decision.owner, &column.name));
    difference(&line(&plan.profile, decision, column), before)
}

/// Under `--locked`, says how a decision differs from the lock.
fn locked(plan: &Plan, view: &View, index: usize, decision: &Decision<'_>) -> Option<Problem> {
    if !plan.options.locked {
        return None;
    }
    let column = view.columns.get(index)?;
    let finding = differs(plan, column, decision)?;
    let what = match finding {
        Finding::NotInLock => "this column is not in the lock",
        Finding::Retyped => "its type is not the one in the lock",
        Finding::RuleChanged => "its rule is not the one in the lock",
        _ => "the reason for keeping it is not the one in the lock",
    };
    let mut problem = view.error(what).of(finding).column(view.label(index, decision.spelled()));
    problem.place = decision.column.map(|c| c.place);
    Some(problem.hint("look at it, then let `standin check --accept` write the lock"))
}
