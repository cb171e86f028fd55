//! `expect:` at work: holds what was decided for a table against what the profile says must come of it. An expectation
//! that is not met is an error, in `check` and in a run; so is one that matches nothing of a complete schema.

use crate::error::Name;
use crate::mask::Class;
use crate::message;
use crate::profile::check::words::{nearest, shown};
use crate::profile::glob::Glob;
use crate::profile::model::{Demand, Expectation, NamePart, Problem, Profile};
use crate::row::shape::{Facts, TableName};

use super::rules::{Decided, Decision};
use super::view::{Detail, View};
use super::{Plan, describe};

/// An expectation, ready to be compared with names.
pub(super) struct Expected {
    /// Position in the profile.
    of: usize,
    /// `None` = the default schema.
    schema: Option<Glob>,
    table: Glob,
    /// `None` = all columns.
    column: Option<Glob>,
}

/// Makes the expectations of a profile ready.
pub(super) fn ready(profile: &Profile) -> Vec<Expected> {
    let glob = |part: &NamePart| if part.quoted { Glob::exact(&part.text) } else { Glob::new(&part.text) };
    let one = |(of, it): (usize, &Expectation)| Expected {
        of,
        schema: it.schema.as_ref().filter(|schema| schema.text != "public").map(glob),
        table: glob(&it.table),
        column: it.column.as_ref().map(glob),
    };
    profile.expect.iter().enumerate().map(one).collect()
}

impl Expected {
    fn is_about(&self, table: &TableName) -> bool {
        self.table.matches(&table.table.to_lowercase())
            && match (&self.schema, table.own_schema()) {
                (Some(glob), schema) => glob.matches(&schema.unwrap_or("public").to_lowercase()),
                (None, schema) => schema.is_none(),
            }
    }

    fn is_about_column(&self, lower: &str) -> bool {
        self.column.as_ref().is_none_or(|glob| glob.matches(lower))
    }
}

/// Says which expectations about a table are not met.
pub(super) fn judge(plan: &Plan, view: &View, decided: &mut Decided<'_>) {
    for expected in plan.expect.iter().filter(|expected| expected.is_about(&view.table)) {
        let Some(it) = plan.profile.expect.get(expected.of) else { continue };
        if decided.empty || matches!(it.demand, Demand::Emptied) {
            decided.problems.extend(of_rows(view, it, decided.empty));
            continue;
        }
        for (index, column) in view.columns.iter().enumerate() {
            let decision = decided.columns.get(index).and_then(Option::as_ref);
            // What is undecided stops the run by itself.
            let Some(decision) = decision.filter(|_| expected.is_about_column(&column.name.to_lowercase()))
            else {
                continue;
            };
            if !decision.each().all(|case| is_met(&plan.profile, it.demand, &case)) {
                decided.problems.push(unmet_by(plan, view, index, it, decision));
            }
        }
    }
}

/// Says whether the rows are dropped although they must not be, or the other way round.
fn of_rows(view: &View, it: &Expectation, empty: bool) -> Option<Problem> {
    let what = match (empty, it.demand) {
        (true, Demand::Emptied | Demand::NeverKept) => return None,
        (true, _) => message!("expected `{}`, and the rows of this table are dropped", shown(&it.said)),
        (false, _) => message!("expected `{}`, and the rows of this table are not dropped", shown(&it.said)),
    };
    let hint = "change the rules of the table, or what is expected of it";
    Some(view.error(what).place(it.place).hint(hint))
}

fn is_met(profile: &Profile, demand: Demand, decision: &Decision<'_>) -> bool {
    let rule = decision.rule(profile);
    let technique = rule.map(|rule| rule.technique);
    // A rule that keeps all that stands inside of the value keeps the value.
    let class = rule.filter(|rule| !rule.keeps_all()).map_or(Class::None, |rule| rule.technique.class);
    match demand {
        Demand::Masked => {
            matches!(
                class,
                Class::Generalisation | Class::Pseudonymisation | Class::Randomisation | Class::Composition
            )
        }
        Demand::Kept => class == Class::None,
        Demand::Suppressed => class == Class::Suppression,
        Demand::Emptied => false,
        Demand::NeverKept => class != Class::None,
        Demand::Attribute(entity, attribute) => decision.attribute() == Some((entity, attribute)),
        Demand::Technique(spec) => technique.is_some_and(|technique| technique.name == spec.name),
    }
}

fn unmet_by(plan: &Plan, view: &View, index: usize, it: &Expectation, decision: &Decision<'_>) -> Problem {
    let rule = describe::rule(&plan.profile, decision);
    let origin = Name::new(describe::origin(&plan.profile, decision));
    let line = decision.column.map_or(0, |column| column.place.line);
    let what = message!("expected `{}`, and the rule is `{}`", shown(&it.said), shown(&rule));
    let hint = match line {
        0 => message!("it comes from `{}`", origin),
        line => message!("it comes from `{}`, line {}", origin, line),
    };
    view.error(what).column(view.label(index, decision.spelled())).place(it.place).hint(hint)
}

/// Lists the expectations that match nothing of a complete schema.
pub(super) fn unmet(plan: &Plan, facts: &Facts) -> Vec<Problem> {
    let tables = || facts.tables().iter().filter(|table| table.holds_rows);
    let mut problems = Vec::new();
    for expected in &plan.expect {
        let Some(it) = plan.profile.expect.get(expected.of).filter(|it| !it.optional) else { continue };
        let mut about = tables().filter(|table| expected.is_about(&table.name)).peekable();
        let known = about.peek().is_some();
        let mut columns = about.map(|table| View::of_facts(table, facts));
        let met = columns.any(|view| {
            expected.column.is_none()
                || view.columns.iter().any(|column| expected.is_about_column(&column.name.to_lowercase()))
        });
        if met {
            continue;
        }
        let what = match known {
            true => "no column of the input is what this expectation is about",
            false => "no table of the input is what this expectation is about",
        };
        let near = match (known, &it.column) {
            (true, Some(column)) => {
                let names = tables().filter(|table| expected.is_about(&table.name));
                let names = names.filter(|table| table.trusted_names).flat_map(|table| &table.columns);
                nearest(&column.text.replace('*', ""), names.map(|column| column.name.as_str()))
            }
            _ => nearest(&it.table.text.replace('*', ""), tables().map(|table| table.name.table.as_str())),
        };
        let problem = Problem::error(it.place, what);
        problems.push(match near {
            Some(near) => problem.with_hint(message!("did you mean `{}`?", Name::new(near))),
            None => problem.with_hint("take it out: a test that tests nothing is no test"),
        });
    }
    problems
}
