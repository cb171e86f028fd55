//! Holds every decision against the plan, as `check` does: a rule that would not fit its column gives way to the next that
//! masks, at last to `undecided`.
//!
//! Never turns a decision into one that keeps. What the plan cannot be asked about stays as it is: `check` will say it.

use std::collections::BTreeSet;

use super::{Decision, Decisions, TableDecision, rules};
use crate::discover::findings::Findings;
use crate::discover::write::yaml::{self, Owner};
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Severity};
use crate::profile::plan::{Plan, PlanOptions};
use crate::profile::syntax;
use crate::row::shape::{Facts, Shape};
use crate::secret::{Key, Schedule};

/// Rounds in which rules give way one by one.
const PATIENT: usize = 6;
/// Most rounds: after the patient ones a column is undecided at once, so that few are needed.
const ROUNDS: usize = 16;

/// Settles all decisions.
pub(super) fn settle(decisions: &mut Decisions, findings: &Findings, facts: &Facts) {
    for round in 0..ROUNDS {
        let (text, owners) = yaml::lines(findings, decisions, yaml::Notes::None);
        let Some(problems) = problems(&text, facts) else { return };
        let mut seen = BTreeSet::new();
        let mut changed = false;
        for problem in &problems {
            let Some(owner) =
                problem.place.and_then(|place| owners.get(usize::try_from(place.line).ok()?.checked_sub(1)?))
            else {
                continue;
            };
            if seen.insert(*owner) {
                changed |= give_way(decisions, findings, facts, *owner, problem, round >= PATIENT);
            }
        }
        if !changed {
            return;
        }
    }
}

/// Lists what stands between a profile and a schema; `None` where it cannot be asked.
fn problems(text: &str, facts: &Facts) -> Option<Vec<Problem>> {
    let profile = match syntax::read("profile", text.as_bytes()) {
        Ok(read) => read.profile,
        Err(refused) => return Some(refused.problems.into_iter().filter(counts).collect()),
    };
    let schedule = Schedule::new(&Key::random().ok()?, yaml::DOMAIN);
    let plan = Plan::new(profile, schedule, PlanOptions::default());
    let mut problems = Vec::new();
    for table in facts.tables().iter().filter(|table| table.holds_rows) {
        let columns = table.columns.iter().filter(|column| !column.generated).cloned().collect();
        let shape = Shape { table: table.name.clone(), columns, trusted_names: table.trusted_names };
        if let Err(found) = plan.bind(&shape, facts) {
            problems.extend(found);
        }
    }
    problems.extend(plan.keys(facts));
    problems.extend(plan.weaknesses(facts));
    problems.retain(counts);
    Some(problems)
}

/// Whether a decision must change for it: what stops a run, and what would keep a column named like a person's.
fn counts(problem: &Problem) -> bool {
    let kept = matches!(
        problem.finding,
        Finding::KeptIdentifier
            | Finding::KeptPerson
            | Finding::KeptFreeText
            | Finding::FineBirthDate
            | Finding::KeptSecret
    );
    problem.severity == Severity::Error || kept
}

/// Lets one decision give way; says whether anything changed.
fn give_way(
    decisions: &mut Decisions,
    findings: &Findings,
    facts: &Facts,
    owner: Owner,
    problem: &Problem,
    at_once: bool,
) -> bool {
    match owner {
        Owner::Nobody => false,
        Owner::Attribute(entity, attribute) => open_attribute(decisions, entity, attribute, problem),
        Owner::Column(table, column) => {
            if problem.finding == Finding::TooLong && widened(decisions, findings, facts, table, column) {
                return true;
            }
            let Some(TableDecision::Columns(columns)) = decisions.tables.get_mut(table) else { return false };
            let Some(decision) = columns.get_mut(column).filter(|decision| !decision.ways.is_empty()) else {
                return false;
            };
            if *decision.decision() == Decision::Undecided {
                return false;
            }
            if at_once {
                decision.ways.clear();
            } else {
                decision.ways.remove(0);
            }
            if decision.ways.is_empty() {
                decision.why = problem.what.as_str().to_owned();
            }
            true
        }
    }
}

fn open_attribute(decisions: &mut Decisions, entity: usize, attribute: usize, problem: &Problem) -> bool {
    let found = decisions.entities.get_mut(entity).and_then(|entity| entity.attributes.get_mut(attribute));
    let Some(found) = found.filter(|attribute| attribute.rule != "undecided") else { return false };
    found.rule = "undecided".to_owned();
    found.note = problem.what.as_str().to_owned();
    true
}

/// Gives a rule the width of its narrowest column, where it has none yet.
fn widened(
    decisions: &mut Decisions,
    findings: &Findings,
    facts: &Facts,
    table: usize,
    column: usize,
) -> bool {
    let width = |table: usize, column: usize| {
        let found = findings.tables.get(table)?;
        let name = &found.columns.get(column)?.name;
        facts.table(&found.name)?.column(name)?.ty.class.max_chars()
    };
    let Some(TableDecision::Columns(columns)) = decisions.tables.get(table) else { return false };
    match columns.get(column).map(super::ColumnDecision::decision) {
        Some(Decision::Attribute { entity, attribute, .. }) => {
            let (entity, attribute) = (*entity, *attribute);
            let mut widths = Vec::new();
            for (table, decision) in decisions.tables.iter().enumerate() {
                let TableDecision::Columns(columns) = decision else { continue };
                let carries = |decision: &Decision| matches!(decision, Decision::Attribute { entity: e, attribute: a, .. } if (*e, *a) == (entity, attribute));
                let here = columns.iter().enumerate().filter(|(_, column)| carries(column.decision()));
                widths.extend(here.filter_map(|(column, _)| width(table, column)));
            }
            let found = decisions.entities.get_mut(entity).and_then(|e| e.attributes.get_mut(attribute));
            let Some((found, most)) = found.zip(widths.into_iter().min()) else { return false };
            let Some(rule) = rules::narrowed(&found.rule, most) else { return false };
            found.rule = rule;
            true
        }
        Some(Decision::Rule(rule)) => {
            let Some(rule) = width(table, column).and_then(|most| rules::narrowed(rule, most)) else {
                return false;
            };
            let Some(TableDecision::Columns(columns)) = decisions.tables.get_mut(table) else { return false };
            let Some(slot) = columns.get_mut(column).and_then(|column| column.ways.first_mut()) else {
                return false;
            };
            *slot = Decision::Rule(rule);
            true
        }
        _ => false,
    }
}
