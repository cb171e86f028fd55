//! Holds every decision against the plan, as `check` does: a rule that would not fit its column gives way to the next that
//! masks, at last to `undecided`.
//!
//! Never turns a decision into one that keeps. What the plan cannot be asked about stays as it is: `check` will say it.
//! All is asked once, then only what a change can reach. Tests hold this against rounds of the whole text, as it is read in a
//! run.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::near::Near;
use super::{ColumnDecision, Decision, Decisions, TableDecision, rules};
use crate::discover::findings::Findings;
use crate::discover::write::tree::Head;
use crate::discover::write::yaml::{self, Names, Owner};
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Profile, Severity};
use crate::profile::plan::{Plan, PlanOptions};
use crate::profile::syntax;
use crate::row::shape::{Facts, TableFacts};
use crate::secret::{Key, Schedule};

/// Rounds in which rules give way one by one.
const PATIENT: usize = 6;
/// Most rounds: after the patient ones a column is undecided at once, so that few are needed.
const ROUNDS: usize = 16;
/// Fewest tables that one thread asks about at a time: many, as those that they point to are looked at with them.
const TOGETHER: usize = 128;
/// Turns of a thread in one round, if there are tables enough.
const TURNS: usize = 2;

/// What a round asks about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounds {
    /// What the changes of the round before can reach.
    Reached,
    /// All.
    #[cfg(test)]
    Whole,
}

/// What is asked about, and by what.
struct Cx<'a> {
    findings: &'a Findings,
    facts: &'a Facts,
    near: Near<'a>,
    names: Names,
    rounds: Rounds,
}

/// A problem and whose line it is about.
type Owned = (Owner, Problem);

/// Settles all decisions.
pub(super) fn settle(decisions: &mut Decisions, findings: &Findings, facts: &Facts, rounds: Rounds) {
    let near = Near::new(findings, facts);
    let cx = Cx { findings, facts, near, names: Names::new(findings), rounds };
    // The tables that are asked about; `None` = all.
    let mut some: Option<BTreeSet<usize>> = None;
    for round in 0..ROUNDS {
        let Some((problems, read)) = cx.problems(decisions, some.as_ref()) else { return };
        let changed = all_give_way(decisions, findings, facts, &problems, round >= PATIENT);
        some = match (changed.is_empty(), some) {
            // What nothing changed reaches was asked before and had nothing against it.
            (true, _) => return,
            // Where the text could not be read nobody was asked: then they are now.
            (false, some) => {
                let reached = (rounds == Rounds::Reached).then(|| cx.near.reached(decisions, &changed));
                if read { reached } else { some.zip(reached).map(|(some, reached)| &some | &reached) }
            }
        };
    }
}

/// Lets every decision give way that a problem is about; returns what changed.
fn all_give_way(
    decisions: &mut Decisions,
    findings: &Findings,
    facts: &Facts,
    problems: &[Owned],
    at_once: bool,
) -> BTreeSet<Owner> {
    let (mut seen, mut changed) = (BTreeSet::new(), BTreeSet::new());
    let carriers = Carriers::new(decisions);
    for (owner, problem) in problems {
        if seen.insert(*owner) {
            changed.extend(give_way(decisions, (findings, facts, &carriers), *owner, problem, at_once));
        }
    }
    changed
}

/// What a part of the tables has against the draft.
enum Against {
    /// Their part of the profile cannot be read.
    Text(Vec<Owned>),
    /// What binding says, keys, and what is weak.
    Plan([Vec<Owned>; 3]),
}

impl Cx<'_> {
    /// Lists what stands between the draft and some tables of the schema, or all, and says whether all of them were asked about;
    /// `None` where that cannot be done.
    fn problems(&self, decisions: &Decisions, some: Option<&BTreeSet<usize>>) -> Option<(Vec<Owned>, bool)> {
        let tables = self.near.facts(some);
        let head = Head::new(self.findings, decisions).filter(|_| self.rounds == Rounds::Reached);
        let parts: Option<Vec<Against>> = head.and_then(|head| {
            tables.par_chunks(together(tables.len())).map(|part| self.part(&head, decisions, part)).collect()
        });
        let parts = match parts {
            Some(parts) => parts,
            None => vec![self.by_text(decisions, some, &tables)?],
        };
        let mut unread: Vec<Owned> = Vec::new();
        let mut lists = [Vec::new(), Vec::new(), Vec::new()];
        for part in parts {
            match part {
                Against::Text(problems) => unread.extend(problems),
                Against::Plan(found) => {
                    lists.iter_mut().zip(found).for_each(|(list, part)| list.extend(part));
                }
            }
        }
        if unread.is_empty() {
            return Some((lists.into_iter().flatten().collect(), true));
        }
        // In the order of their lines, as of one text.
        unread.sort_by_key(|(owner, _)| *owner);
        Some((unread, false))
    }

    /// Asks about some tables, with no more of the draft than they need; `None` where its text must be read.
    fn part(&self, head: &Head, decisions: &Decisions, tables: &[&TableFacts]) -> Option<Against> {
        let read = self.near.read_with(decisions, &self.near.places(tables));
        let (root, owners) = head.tree((self.findings, decisions, &self.names), &read)?;
        Some(match syntax::read_tree(root) {
            Ok(read) => Against::Plan(plan(read.profile)?.against(self.facts, tables).map(owned(&owners))),
            Err(refused) => Against::Text(owned(&owners)(refused.problems)),
        })
    }

    /// Asks about tables with the text of the draft, as it is read in a run.
    fn by_text(
        &self,
        decisions: &Decisions,
        some: Option<&BTreeSet<usize>>,
        tables: &[&TableFacts],
    ) -> Option<Against> {
        let read = some.map(|some| self.near.read_with(decisions, some));
        let (text, owners) = yaml::lines(self.findings, decisions, yaml::Notes::None, read.as_ref());
        let profile = match syntax::read("profile", text.as_bytes()) {
            Ok(read) => read.profile,
            Err(refused) => return Some(Against::Text(owned(&owners)(refused.problems))),
        };
        let plan = plan(profile)?;
        let parts: Vec<[Vec<Problem>; 3]> =
            tables.par_chunks(together(tables.len())).map(|part| plan.against(self.facts, part)).collect();
        let mut lists = [Vec::new(), Vec::new(), Vec::new()];
        for part in parts {
            lists.iter_mut().zip(part).for_each(|(list, part)| list.extend(part));
        }
        Some(Against::Plan(lists.map(owned(&owners))))
    }
}

/// Returns how many tables one thread asks about at a time.
fn together(tables: usize) -> usize {
    tables.div_ceil(rayon::current_num_threads().saturating_mul(TURNS).max(1)).max(TOGETHER)
}

/// Makes a plan that is asked questions, and runs with no data.
fn plan(profile: Profile) -> Option<Plan> {
    let schedule = Schedule::new(&Key::random().ok()?, yaml::DOMAIN);
    Some(Plan::new(profile, schedule, PlanOptions { brief: true, ..PlanOptions::default() }))
}

/// Finds whose line each problem is about, of those that count.
fn owned(owners: &[Owner]) -> impl Fn(Vec<Problem>) -> Vec<Owned> {
    move |problems| {
        let owner = |problem: &Problem| {
            let line = usize::try_from(problem.place?.line).ok()?.checked_sub(1)?;
            owners.get(line).copied().filter(|owner| *owner != Owner::Nobody)
        };
        let owned =
            problems.into_iter().filter(counts).filter_map(|problem| Some((owner(&problem)?, problem)));
        owned.collect()
    }
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
