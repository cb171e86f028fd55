//! Holds every decision against the plan, as `check` does: a rule that would not fit its column gives way to the next that
//! masks, at last to `undecided`.
//!
//! Never turns a decision into one that keeps. What the plan cannot be asked about stays as it is: `check` will say it.
//! Only what a change can reach is asked again; the last word has the whole profile, as it will be read.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::near::Near;
use super::{ColumnDecision, Decision, Decisions, TableDecision, rules};
use crate::discover::findings::Findings;
use crate::discover::write::yaml::{self, Owner};
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Severity};
use crate::profile::plan::{Plan, PlanOptions};
use crate::profile::syntax;
use crate::row::shape::{Facts, Shape, TableFacts};
use crate::secret::{Key, Schedule};

/// Rounds in which rules give way one by one.
const PATIENT: usize = 6;
/// Most rounds: after the patient ones a column is undecided at once, so that few are needed.
const ROUNDS: usize = 16;
/// Tables that one thread asks about at a time: many, as those that they point to are looked at with them.
const TOGETHER: usize = 128;

/// What a round asks about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounds {
    /// What the changes of the round before can reach.
    Reached,
    /// All.
    #[cfg(test)]
    Whole,
}

/// Settles all decisions.
pub(super) fn settle(decisions: &mut Decisions, findings: &Findings, facts: &Facts, rounds: Rounds) {
    let near = Near::new(findings, facts);
    // The tables that are asked about; `None` = all.
    let mut some: Option<BTreeSet<usize>> = None;
    for round in 0..ROUNDS {
        let read = some.as_ref().map(|some| near.read_with(decisions, some));
        let (text, owners) = yaml::lines(findings, decisions, yaml::Notes::None, read.as_ref());
        let tables = near.facts(some.as_ref());
        let Some(problems) = problems(&text, facts, &tables) else { return };
        let changed = all_give_way(decisions, findings, facts, &owners, &problems, round >= PATIENT);
        some = match (changed.is_empty(), some) {
            (true, None) => return,
            (true, Some(_)) => None,
            (false, _) => (rounds == Rounds::Reached).then(|| near.reached(decisions, &changed)),
        };
    }
}

/// Lets every decision give way that a problem is about; returns what changed.
fn all_give_way(
    decisions: &mut Decisions,
    findings: &Findings,
    facts: &Facts,
    owners: &[Owner],
    problems: &[Problem],
    at_once: bool,
) -> BTreeSet<Owner> {
    let (mut seen, mut changed) = (BTreeSet::new(), BTreeSet::new());
    let carriers = Carriers::new(decisions);
    for problem in problems {
        let line = problem.place.and_then(|place| usize::try_from(place.line).ok()?.checked_sub(1));
        let Some(owner) = line.and_then(|line| owners.get(line)) else { continue };
        if seen.insert(*owner) {
            changed.extend(give_way(decisions, (findings, facts, &carriers), *owner, problem, at_once));
        }
    }
    changed
}

/// Lists what stands between a profile and some tables of a schema; `None` where it cannot be asked.
fn problems(text: &str, facts: &Facts, tables: &[&TableFacts]) -> Option<Vec<Problem>> {
    let profile = match syntax::read("profile", text.as_bytes()) {
        Ok(read) => read.profile,
        Err(refused) => return Some(refused.problems.into_iter().filter(counts).collect()),
    };
    let schedule = Schedule::new(&Key::random().ok()?, yaml::DOMAIN);
    let plan = Plan::new(profile, schedule, PlanOptions::default());
    let of_some = |some: &[&TableFacts]| {
        let bound = some.iter().flat_map(|table| bound(&plan, facts, table));
        let lists = [bound.collect(), plan.keys_of(facts, some), plan.weaknesses_of(facts, some)];
        lists.map(|list| list.into_iter().filter(counts).collect::<Vec<Problem>>())
    };
    let found: Vec<[Vec<Problem>; 3]> = tables.par_chunks(TOGETHER).map(of_some).collect();
    let mut lists = [Vec::new(), Vec::new(), Vec::new()];
    for part in found {
        lists.iter_mut().zip(part).for_each(|(list, part)| list.extend(part));
    }
    Some(lists.into_iter().flatten().collect())
}

/// Lists what stops the rows of a table.
fn bound(plan: &Plan, facts: &Facts, table: &TableFacts) -> Vec<Problem> {
    let columns = table.columns.iter().filter(|column| !column.generated).cloned().collect();
    let shape = Shape { table: table.name.clone(), columns, trusted_names: table.trusted_names };
    plan.bind(&shape, facts).err().unwrap_or_default()
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

/// Lets one decision give way; returns whose line changed.
fn give_way(
    decisions: &mut Decisions,
    known: (&Findings, &Facts, &Carriers),
    owner: Owner,
    problem: &Problem,
    at_once: bool,
) -> Option<Owner> {
    match owner {
        Owner::Nobody => None,
        Owner::Attribute(entity, attribute) => {
            open_attribute(decisions, entity, attribute, problem).then_some(owner)
        }
        Owner::Column(table, column) => {
            if problem.finding == Finding::TooLong
                && let Some(widened) = widened(decisions, known, table, column)
            {
                return Some(widened);
            }
            let Some(TableDecision::Columns(columns)) = decisions.tables.get_mut(table) else { return None };
            let decision = columns.get_mut(column).filter(|decision| !decision.ways.is_empty())?;
            if *decision.decision() == Decision::Undecided {
                return None;
            }
            if at_once {
                decision.ways.clear();
            } else {
                decision.ways.remove(0);
            }
            if decision.ways.is_empty() {
                decision.why = problem.what.as_str().to_owned();
            }
            Some(owner)
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

/// The columns that carry each attribute when a round begins: table and column of the findings. None is added later, as a
/// column never falls back to an attribute.
struct Carriers(HashMap<(usize, usize), Vec<(usize, usize)>>);

impl Carriers {
    fn new(decisions: &Decisions) -> Self {
        let mut carriers: HashMap<(usize, usize), Vec<(usize, usize)>> = HashMap::new();
        for (table, decision) in decisions.tables.iter().enumerate() {
            let TableDecision::Columns(columns) = decision else { continue };
            for (at, column) in columns.iter().enumerate() {
                if let Some(attribute) = attribute_of(column) {
                    carriers.entry(attribute).or_default().push((table, at));
                }
            }
        }
        Self(carriers)
    }
}

/// Returns entity and attribute of a column.
fn attribute_of(column: &ColumnDecision) -> Option<(usize, usize)> {
    match column.decision() {
        Decision::Attribute { entity, attribute, .. } => Some((*entity, *attribute)),
        _ => None,
    }
}

/// Gives a rule the width of its narrowest column, where it has none yet; returns whose line that is.
fn widened(
    decisions: &mut Decisions,
    (findings, facts, carriers): (&Findings, &Facts, &Carriers),
    table: usize,
    column: usize,
) -> Option<Owner> {
    let width = |table: usize, column: usize| {
        let found = findings.tables.get(table)?;
        let name = &found.columns.get(column)?.name;
        facts.table(&found.name)?.column(name)?.ty.class.max_chars()
    };
    let Some(TableDecision::Columns(columns)) = decisions.tables.get(table) else { return None };
    match columns.get(column).map(ColumnDecision::decision) {
        Some(Decision::Attribute { entity, attribute, .. }) => {
            let (entity, attribute) = (*entity, *attribute);
            let carries = |(table, column): &&(usize, usize)| {
                let Some(TableDecision::Columns(columns)) = decisions.tables.get(*table) else {
                    return false;
                };
                columns.get(*column).is_some_and(|column| attribute_of(column) == Some((entity, attribute)))
            };
            let all = carriers.0.get(&(entity, attribute)).into_iter().flatten().filter(carries);
            let least = all.filter_map(|(table, column)| width(*table, *column)).min()?;
            let found = decisions.entities.get_mut(entity).and_then(|e| e.attributes.get_mut(attribute))?;
            found.rule = rules::narrowed(&found.rule, least)?;
            Some(Owner::Attribute(entity, attribute))
        }
        Some(Decision::Rule(rule)) => {
            let rule = width(table, column).and_then(|most| rules::narrowed(rule, most))?;
            let Some(TableDecision::Columns(columns)) = decisions.tables.get_mut(table) else { return None };
            *columns.get_mut(column)?.ways.first_mut()? = Decision::Rule(rule);
            Some(Owner::Column(table, column))
        }
        _ => None,
    }
}
