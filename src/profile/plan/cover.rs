//! What of a schema no rule covers, and which names of the profile it lacks: asked before the first byte is sent, and
//! by `check`. Looks at the schema alone, never at rows.

use std::collections::HashSet;

use crate::error::Name;
use crate::message;
use crate::profile::check::words::nearest;
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Severity};
use crate::profile::undecided::WHAT;
use crate::row::shape::{Facts, TableName};

use super::view::{Detail, View, error};
use super::{Plan, expect, learning, locked, names, rules};

/// Lists what is undecided, and, if the schema is complete, what the profile names and the schema lacks.
pub(super) fn cover(plan: &Plan, facts: &Facts, complete: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    for table in facts.tables().iter().filter(|t| t.holds_rows) {
        let decided = rules::decide(plan, &View::of_facts(table, facts), facts);
        // A partition takes the rules of its root, which is reported already.
        let root_reported =
            table.partition && table.parents.iter().any(|p| facts.table(p).is_some_and(|t| t.holds_rows));
        if !(decided.unlisted && root_reported) {
            let told = |p: &Problem| root_reported && p.what.as_str() == WHAT;
            problems.extend(decided.problems.into_iter().filter(|p| !told(p)));
        }
    }
    problems.extend(locked::other_settings(plan));
    if complete {
        problems.extend(lacking(plan, facts));
    }
    problems
}

/// Lists the tables of the profile that the input lacks.
pub(super) fn lacking(plan: &Plan, facts: &Facts) -> Vec<Problem> {
    let mut problems = expect::unmet(plan, facts);
    // An entry is used by the table that takes it; two tables of which one is spelled nearer leave the other unused.
    let used: HashSet<usize> =
        facts.tables().iter().flat_map(|t| names::entries_of(plan, &t.name, facts)).collect();
    let entries = plan.profile.tables.iter().enumerate();
    for (_, entry) in entries.filter(|(i, t)| !t.optional && !used.contains(i)) {
        let named = TableName::new(entry.schema.as_deref(), &entry.table);
        let (finding, what) = match entry.pattern {
            true => (Finding::UnmatchedPattern, "no table of the input matches this pattern"),
            false => (Finding::UnknownTable, "the profile names a table that the input lacks"),
        };
        let mut problem = error(&named, what).of(finding).place(entry.place);
        problem.table = Some(names::shown(entry));
        let free = facts.tables().iter().filter(|t| t.holds_rows).map(|t| &t.name);
        let elsewhere = free.clone().find(|name| name.table == entry.table);
        let near = nearest(&entry.table.replace('*', ""), free.map(|name| name.table.as_str()));
        problems.push(match (&entry.database, elsewhere, near) {
            (Some(_), _, _) if facts.tables().iter().all(|t| t.name.database.is_none()) => problem
                .hint("this input does not say which database it is of: leave the part before the colon out"),
            (_, Some(other), _) => problem.hint(message!("did you mean `{}`?", other)),
            (_, None, Some(near)) => problem.hint(message!("did you mean `{}`?", Name::new(near))),
            (_, None, None) => problem.hint("take it out, or add `optional: true` to it"),
        });
    }
    problems.extend(unread(plan, facts));
    problems
}

/// Lists the lookups and subjects whose tables a complete schema lacks.
pub(super) fn unread(plan: &Plan, facts: &Facts) -> Vec<Problem> {
    let tables: Vec<&TableName> = facts.tables().iter().map(|table| &table.name).collect();
    let problem = |(place, what)| Problem::error(place, what).of(Finding::UnknownTable);
    learning::lacking(plan, &tables).into_iter().map(problem).collect()
}

/// Makes the problem of a class of objects that the input holds and nobody decided on.
pub(super) fn undecided_object(class: &'static str) -> Problem {
    let what = message!("the dump holds {}, and the profile does not say what becomes of them", class);
    let hint = message!("under `objects:` write `{}: suppress`, or `{}: {{keep: reason}}`", class, class);
    let finding = Finding::UndecidedObjects;
    Problem {
        finding,
        severity: Severity::Error,
        what,
        place: None,
        table: None,
        column: None,
        hint: Some(hint),
    }
}
