//! The CHECKs that masked rows are held to: those of the condition subset that read a masked column. A CHECK passes if it
//! is true or unknown. Whatever cannot be bound is said to be not verified, with the reason; nothing is decided by a guess.
//!
//! What stands behind the rows comes too late for them: such a CHECK is an error, unless it is NOT VALID, under which the
//! server looks at no row that is there.

use crate::condition::{Bound, Condition};
use crate::error::{Message, Name};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::Problem;
use crate::row::shape::{Check, Facts, TableName};

use super::view::{Detail, View};
use super::{CheckInput, MaskedColumn, Plan, RowCheck, keys};

/// A CHECK that can be decided on, bound to the columns of a view.
pub(super) struct Ready {
    bound: Bound,
    shown: Message,
    valid: bool,
}

/// Binds a CHECK; `None` where it reads no masked column.
///
/// # Errors
/// A warning: it reads masked columns, and is none that can be decided on.
pub(super) fn ready(
    plan: &Plan,
    view: &View,
    check: &Check,
    masked: impl Fn(usize) -> bool,
) -> Option<Result<Ready, Problem>> {
    let reads = |name: &String| view.columns.iter().position(|c| c.name == *name).is_some_and(&masked);
    let touched = match &check.columns {
        Some(columns) => columns.iter().any(reads),
        None => (0..view.columns.len()).any(&masked),
    };
    if !touched {
        return None;
    }
    let unverified = |why: Message| {
        let shown = keys::shown("CHECK or EXCLUDE", &check.name);
        let read = if check.columns.is_some() { "reads masked columns" } else { "may read masked columns" };
        let problem = view.warning(message!("{} {}: not verified", shown, read)).of(Finding::NotVerified);
        problem.hint(message!("{}: load the masked dump once to see that it holds", why))
    };
    let Some(expression) = &check.expression else {
        return Some(Err(unverified("it has no form that rows are held to".into())));
    };
    let refused = |what: Message| unverified(message!("its expression is not decided on here ({})", what));
    let bound = Condition::parse(&expression.sql)
        .and_then(|condition| condition.bind(&view.columns, plan.options.now));
    Some(match bound {
        Err(why) => Err(refused(why.what)),
        Ok(bound) if !expression.exact && !bound.is_common() => {
            Err(refused("only numbers, lengths and NULL mean the same in every database".into()))
        }
        Ok(bound) => Ok(Ready { bound, shown: keys::shown("CHECK", &check.name), valid: check.valid }),
    })
}

/// Binds the CHECKs of a table whose rows are about to be masked; those that cannot be are left out, which `keys` says.
pub(super) fn of_table(
    plan: &Plan,
    view: &View,
    facts: &Facts,
    masked: impl Fn(usize) -> bool,
) -> Vec<Ready> {
    let checks = facts.table(&view.table).map(|table| table.checks.as_slice()).unwrap_or_default();
    checks.iter().filter_map(|check| ready(plan, view, check, &masked)?.ok()).collect()
}

impl Ready {
    /// Returns the columns it reads.
    pub(super) fn columns(&self) -> &[usize] {
        self.bound.columns()
    }

    /// Puts its columns in their places among those of the plan.
    pub(super) fn place(self, columns: &[MaskedColumn], place: impl Fn(usize) -> usize) -> RowCheck {
        let of = |index: &usize| CheckInput {
            wanted: place(*index),
            masked: (0..columns.len())
                .filter(|at| columns.get(*at).is_some_and(|c| c.index == *index))
                .collect(),
        };
        let inputs = self.bound.columns().iter().map(of).collect();
        RowCheck { bound: self.bound, inputs, shown: self.shown, valid: self.valid }
    }
}

/// Says which CHECKs over masked columns came too late for rows that were written. `then` are those known at the time.
pub(super) fn late(plan: &Plan, table: &TableName, then: &[Check], facts: &Facts) -> Vec<Problem> {
    let Some(known) = facts.table(table) else { return Vec::new() };
    let new = known.checks.iter().filter(|check| check.valid && !then.contains(check));
    let new: Vec<&Check> = new.collect();
    if new.is_empty() {
        return Vec::new();
    }
    let (view, masked) = keys::masked(plan, known, facts);
    let judged = |check: &&Check| {
        ready(plan, &view, check, |index| masked.contains(&index))?.ok()?;
        let name = if check.name.is_empty() {
            "without a name".into()
        } else {
            message!("`{}`", Name::new(check.name.as_str()))
        };
        let what = message!("the CHECK {} stands behind the rows, which were masked without it", name);
        let hint = "give the dump as a file, or its schema with `--schema FILE`";
        Some(view.error(what).of(Finding::NotVerified).hint(hint))
    };
    new.iter().filter_map(judged).collect()
}
