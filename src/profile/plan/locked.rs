//! What the lock is made of, and how a schema has drifted from it: columns that are new, gone, renamed by their looks,
//! or of another type. Looks at the schema alone.

use std::collections::{HashMap, HashSet};

use crate::error::Name;
use crate::message;
use crate::profile::check::words::nearest;
use crate::profile::lock::{Line, table_text};
use crate::profile::model::{Problem, Severity, TableBody};
use crate::row::shape::{Facts, TableFacts};

use super::Plan;
use super::describe::line;
use super::rules;
use super::view::View;

/// The column of an emptied table's line.
const ALL: &str = "*";

/// Returns the lines of all tables of a schema.
pub(super) fn lines(plan: &Plan, facts: &Facts) -> Vec<Line> {
    facts
        .tables()
        .iter()
        .filter(|table| table.holds_rows)
        .flat_map(|table| of_table(plan, table, facts))
        .collect()
}

fn of_table(plan: &Plan, table: &TableFacts, facts: &Facts) -> Vec<Line> {
    let view = View::of_facts(table, facts);
    let decided = rules::decide(plan, &view, facts);
    if decided.empty {
        return vec![emptied(plan, table)];
    }
    let columns = view.columns.iter().zip(&decided.columns);
    columns
        .filter_map(|(column, decision)| {
            let decision = decision.as_ref()?;
            // The first line of a file may be data: only what the profile spells is written down.
            (view.trusted || decision.spelled().is_some()).then(|| line(&plan.profile, decision, column))
        })
        .collect()
}

fn emptied(plan: &Plan, table: &TableFacts) -> Line {
    let reason = plan.profile.tables.iter().find_map(|entry| match &entry.body {
        TableBody::Empty { reason } if entry.table == table.name.table => Some(reason.clone()),
        _ => None,
    });
    Line {
        table: table_text(&table.name),
        column: ALL.to_owned(),
        ty: String::new(),
        rule: "empty".to_owned(),
        origin: String::new(),
        reason: reason.unwrap_or_default(),
    }
}

/// Compares schemas with the lock.
pub(super) fn drift(plan: &Plan, known: &[&Facts]) -> Vec<Problem> {
    let Some(lock) = &plan.lock else { return Vec::new() };
    let now: Vec<Line> = known.iter().flat_map(|facts| lines(plan, facts)).collect();
    let before: HashMap<(&str, &str), &Line> =
        lock.lines().iter().map(|line| ((line.table.as_str(), line.column.as_str()), line)).collect();
    let mut problems = Vec::new();
    let mut fresh: HashMap<&str, Vec<&Line>> = HashMap::new();
    for line in &now {
        let problem = match before.get(&(line.table.as_str(), line.column.as_str())) {
            None => {
                fresh.entry(&line.table).or_default().push(line);
                warning(line, "this column is new: it is not in the lock")
            }
            Some(old) if old.ty != line.ty => warning(line, "its type is not the one in the lock"),
            Some(old) if old.rule != line.rule => warning(line, "its rule is not the one in the lock"),
            Some(_) => continue,
        };
        // Under `--locked` the binding says so, as an error.
        problems.extend((!plan.options.locked).then_some(problem));
    }
    let there: HashSet<(&str, &str)> =
        now.iter().map(|line| (line.table.as_str(), line.column.as_str())).collect();
    let gone =
        lock.lines().iter().filter(|line| !there.contains(&(line.table.as_str(), line.column.as_str())));
    problems
        .extend(gone.map(|line| vanished(line, fresh.get(line.table.as_str()).map_or(&[], Vec::as_slice))));
    problems
}

/// Says that a column of the lock is gone, and which new one looks like it.
fn vanished(line: &Line, fresh: &[&Line]) -> Problem {
    let alike = fresh.iter().filter(|new| new.ty == line.ty).map(|new| new.column.as_str());
    let problem = warning(line, "the lock has this column, the input has not");
    match nearest(&line.column, alike) {
        Some(near) => problem.with_hint(message!(
            "renamed to `{}`? `label:` on its attribute keeps the stand-ins of the old name",
            Name::new(near)
        )),
        None => problem.with_hint("`standin check --accept` writes the lock anew"),
    }
}

fn warning(line: &Line, what: &'static str) -> Problem {
    Problem {
        severity: Severity::Warning,
        what: what.into(),
        place: None,
        table: Some(message!("{}", Name::new(line.table.as_str()))),
        column: Some(message!("`{}`", Name::new(line.column.as_str()))),
        hint: None,
    }
}
