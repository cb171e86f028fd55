//! The CHECKs that rows are held to: those of the condition subset, for masked rows those that read a masked column, for
//! invented rows all. A CHECK passes if it is true or unknown. Whatever cannot be bound is said to be not verified, by
//! name and with the reason; nothing is decided by a guess.
//!
//! Rows that load through the root of partitions are held to what the root and all its partitions declare alike: wherever
//! a row goes, it holds there. What only some partitions declare depends on where the server puts a row: not verified.
//!
//! What stands behind the rows comes too late for them: such a CHECK is an error, unless it is NOT VALID, under which the
//! server looks at no row that is there.

use crate::condition::{Bound, Condition, Room, Truth};
use crate::error::{Message, Name};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Invented, Problem};
use crate::row::shape::{Check, Facts, TableFacts, TableName, TypeClass};

use super::view::{Detail, View};
use super::{
    CheckInput, InventedCell, LateChecks, MaskedColumn, Plan, RowCheck, Unverified, invented, keys, rules,
};

/// The kind of a constraint whose expression may be none.
const CHECK: &str = "CHECK or EXCLUDE";

/// The CHECKs that rows of a table come under.
#[derive(Default)]
pub(super) struct Applying<'f> {
    /// Wherever a row goes: those of the table, and those that all its partitions declare alike.
    pub(super) all: Vec<&'f Check>,
    /// Only where a row goes into that partition.
    pub(super) routed: Vec<(&'f TableName, &'f Check)>,
}

/// Finds the CHECKs that rows of a table come under.
pub(super) fn applying<'f>(facts: &'f Facts, table: &TableName) -> Applying<'f> {
    let Some(known) = facts.table(table) else { return Applying::default() };
    let same =
        |a: &Check, b: &Check| a.expression.is_some() && a.expression == b.expression && a.valid == b.valid;
    let mut found = Applying { all: known.checks.iter().collect(), routed: Vec::new() };
    let leaves = leaves(facts, known);
    for leaf in &leaves {
        for check in &leaf.checks {
            if found.all.iter().any(|known| same(known, check)) {
                continue;
            }
            if leaves.iter().all(|other| other.checks.iter().any(|one| same(one, check))) {
                found.all.push(check);
            } else {
                found.routed.push((&leaf.name, check));
            }
        }
    }
    found
}

/// Lists the partitions that rows of a table go into, down to the last; none where it is not partitioned.
fn leaves<'f>(facts: &'f Facts, root: &'f TableFacts) -> Vec<&'f TableFacts> {
    let splits = |table: &TableFacts| table.partition_key.as_ref().is_none_or(|key| !key.is_empty());
    let mut found = Vec::new();
    let mut open = if splits(root) { vec![&root.name] } else { Vec::new() };
    let mut next = 0;
    while let Some(parent) = open.get(next).copied() {
        next += 1;
        let below = facts.tables().iter().filter(|t| t.partition && t.parents.contains(parent));
        for table in below {
            if !splits(table) {
                found.push(table);
            } else if !open.contains(&&table.name) {
                open.push(&table.name);
            }
        }
    }
    found
}

/// A CHECK that can be decided on, bound to the columns of a view.
pub(super) struct Ready {
    bound: Bound,
    shown: Message,
    valid: bool,
}

/// Says whether a CHECK may read columns that are masked.
fn touches(view: &View, check: &Check, masked: impl Fn(usize) -> bool) -> bool {
    let reads = |name: &String| view.columns.iter().position(|c| c.name == *name).is_some_and(&masked);
    match &check.columns {
        Some(columns) => columns.iter().any(reads),
        None => (0..view.columns.len()).any(&masked),
    }
}

/// Binds a CHECK; `None` where it reads no masked column.
///
/// # Errors
/// It reads masked columns, and is none that can be decided on.
pub(super) fn ready(
    plan: &Plan,
    view: &View,
    check: &Check,
    masked: impl Fn(usize) -> bool,
) -> Option<Result<Ready, Unverified>> {
    if !touches(view, check, masked) {
        return None;
    }
    let unverified =
        |why: Message| Unverified { table: view.table.clone(), kind: CHECK, name: check.name.clone(), why };
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

/// Makes the warning of a CHECK that masked rows are not held to.
fn warning(view: &View, check: &Check, found: &Unverified) -> Problem {
    let read = if check.columns.is_some() { "reads masked columns" } else { "may read masked columns" };
    let what = message!("{} {}: not verified", keys::shown(found.kind, &found.name), read);
    let problem = view.warning(what).of(Finding::NotVerified);
    problem.hint(message!("{}: load the masked dump once to see that it holds", found.why))
}

/// Lists as warnings the CHECKs over masked columns that rows of a table are not held to.
pub(super) fn warnings(
    plan: &Plan,
    view: &View,
    facts: &Facts,
    masked: impl Fn(usize) -> bool,
) -> Vec<Problem> {
    let Applying { all, routed } = applying(facts, &view.table);
    let own = all.iter().filter_map(|check| {
        let found = ready(plan, view, check, &masked)?.err()?;
        Some(warning(view, check, &found))
    });
    let mut problems: Vec<Problem> = own.collect();
    problems.extend(routed.iter().filter(|(_, check)| touches(view, check, &masked)).map(|(leaf, check)| {
        let shown = keys::shown(CHECK, &check.name);
        let what = message!(
            "the {} of the partition `{}` reads masked columns: not verified for rows that load through this table",
            shown,
            (*leaf).clone()
        );
        view.warning(what).of(Finding::NotVerified).hint(
            "dump the partitions by themselves (without --load-via-partition-root), or give all of them the constraint",
        )
    }));
    problems
}

/// Binds the CHECKs of a table whose rows are about to be masked; names those that cannot be.
pub(super) fn of_table(
    plan: &Plan,
    view: &View,
    facts: &Facts,
    masked: impl Fn(usize) -> bool,
    unverified: &mut Vec<Unverified>,
) -> Vec<Ready> {
    let Applying { all, routed } = applying(facts, &view.table);
    let mut held = Vec::new();
    for check in all {
        match ready(plan, view, check, &masked) {
            None => {}
            Some(Ok(ready)) => held.push(ready),
            Some(Err(found)) => unverified.push(found),
        }
    }
    unverified.extend(unrouted(view, &routed, &masked));
    unverified.extend(domains(view, &masked).map(|(_, domain)| Unverified {
        table: view.table.clone(),
        kind: "domain",
        name: domain.to_owned(),
        why: "what it checks of each item of an array is not looked at".into(),
    }));
    held
}

/// Names the CHECKs over masked columns that depend on the partition a row goes into.
fn unrouted(view: &View, routed: &[(&TableName, &Check)], masked: impl Fn(usize) -> bool) -> Vec<Unverified> {
    let touched = routed.iter().filter(|(_, check)| touches(view, check, &masked));
    let named = touched.map(|(leaf, check)| Unverified {
        table: (*leaf).clone(),
        kind: CHECK,
        name: check.name.clone(),
        why: "rows load through the root, and only some partitions declare it".into(),
    });
    named.collect()
}

/// Lists the masked columns whose type is an array of a domain, with the domain.
pub(super) fn domains(view: &View, masked: impl Fn(usize) -> bool) -> impl Iterator<Item = (usize, &str)> {
    view.columns.iter().enumerate().filter_map(move |(index, column)| {
        let domain = column.ty.domain.as_deref()?;
        (matches!(column.ty.class, TypeClass::Array(_)) && masked(index)).then_some((index, domain))
    })
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

    /// Says what is wrong with an invented row under it; NOT VALID holds new rows too.
    fn breaks(&self, row: &[Option<InventedCell>]) -> Option<Message> {
        let cell = |index: &usize| row.get(*index)?.as_ref().map(|cell| cell.text.as_slice());
        let cells: Vec<Option<&[u8]>> = self.bound.columns().iter().map(cell).collect();
        match self.bound.evaluate(&cells, &mut Room::default()) {
            Ok(Truth::True | Truth::Unknown) => None,
            Ok(Truth::False) => Some(message!("an invented row breaks the {}", self.shown)),
            Err(unreadable) => {
                Some(message!("an invented row cannot be held to the {}: {}", self.shown, unreadable.what))
            }
        }
    }
}

/// Holds the invented rows of a table to its CHECKs; names those that they are not held to.
pub(super) fn of_invented(
    plan: &Plan,
    view: &View,
    facts: &Facts,
    (given, rows): (&[Invented], &[Vec<Option<InventedCell>>]),
    problems: &mut Vec<Problem>,
    unverified: &mut Vec<Unverified>,
) {
    let Applying { all, routed } = applying(facts, &view.table);
    for check in all {
        let ready = match ready(plan, view, check, |_| true) {
            None => continue,
            Some(Ok(ready)) => ready,
            Some(Err(found)) => {
                let shown = keys::shown(found.kind, &found.name);
                let what = message!("the rows of `insert` are not held to the {}", shown);
                let hint = message!("{}: load the masked dump once to see that it holds", found.why);
                problems.push(view.warning(what).of(Finding::NotVerified).hint(hint));
                unverified.push(found);
                continue;
            }
        };
        for (row, made) in given.iter().zip(rows) {
            if let Some(what) = ready.breaks(made) {
                let hint = "give it other values: the server would refuse the row";
                problems.push(view.error(what).of(Finding::DoesNotFit).place(row.place).hint(hint));
            }
        }
    }
    unverified.extend(unrouted(view, &routed, |_| true));
}

/// Says which CHECKs came too late for rows that were written. `then` are those known at the time.
pub(super) fn late(plan: &Plan, table: &TableName, then: &[Check], facts: &Facts) -> LateChecks {
    let mut late = LateChecks::default();
    let Some(known) = facts.table(table) else { return late };
    let Applying { all, routed } = applying(facts, table);
    let new: Vec<&Check> = all.into_iter().filter(|check| check.valid && !then.contains(check)).collect();
    if new.is_empty() && routed.is_empty() {
        return late;
    }
    let (view, masked) = keys::masked(plan, known, facts);
    let is_masked = |index| masked.contains(&index);
    for check in &new {
        match ready(plan, &view, check, is_masked) {
            None => {}
            Some(Err(found)) => late.unverified.push(found),
            Some(Ok(_)) => {
                let name = if check.name.is_empty() {
                    "without a name".into()
                } else {
                    message!("`{}`", Name::new(check.name.as_str()))
                };
                let what =
                    message!("the CHECK {} stands behind the rows, which were masked without it", name);
                let hint = "give the dump as a file, or its schema with `--schema FILE`";
                late.problems.push(view.error(what).of(Finding::NotVerified).hint(hint));
            }
        }
    }
    late.unverified.extend(unrouted(&view, &routed, is_masked));
    let decided = rules::decide(plan, &view, facts);
    if !new.is_empty() && !decided.insert.is_empty() {
        let _ = invented::rows(plan, &view, facts, &decided, &mut late.problems, &mut late.unverified);
    }
    late
}
