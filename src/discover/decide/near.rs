//! Which tables a changed decision can reach: those that hold or carry it, those with a key to or from them, their heirs and
//! copies. Knows tables by their places in the findings, and asks no plan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Decision, Decisions, TableDecision};
use crate::discover::findings::Findings;
use crate::discover::write::yaml::Owner;
use crate::row::shape::{Facts, TableFacts, TableName};

/// Tables and what binds them to each other.
pub(super) struct Near<'a> {
    /// Those whose rows a profile decides on.
    all: Vec<&'a TableFacts>,
    /// The same by their places in the findings.
    facts: Vec<Option<&'a TableFacts>>,
    /// Their places there by name.
    index: HashMap<&'a TableName, usize>,
    /// Tables that a key of the table points to.
    targets: BTreeMap<usize, Vec<usize>>,
    /// Tables with a key to the table.
    sources: BTreeMap<usize, Vec<usize>>,
    /// Tables whose rules the table takes.
    parents: BTreeMap<usize, Vec<usize>>,
    /// Tables that take the rules of the table.
    heirs: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Near<'a> {
    pub(super) fn new(findings: &'a Findings, facts: &'a Facts) -> Self {
        let names = findings.tables.iter().enumerate();
        let index: HashMap<&TableName, usize> = names.map(|(at, table)| (&table.name, at)).collect();
        let all: Vec<&TableFacts> = facts.tables().iter().filter(|table| table.holds_rows).collect();
        let mut near = Self {
            facts: vec![None; findings.tables.len()],
            targets: BTreeMap::new(),
            sources: BTreeMap::new(),
            parents: BTreeMap::new(),
            heirs: BTreeMap::new(),
            index: HashMap::new(),
            all,
        };
        for table in &near.all {
            let Some(from) = index.get(&table.name).copied() else { continue };
            if let Some(slot) = near.facts.get_mut(from) {
                *slot = Some(table);
            }
            for to in table.foreign_keys.iter().filter_map(|key| index.get(&key.target)) {
                near.targets.entry(from).or_default().push(*to);
                near.sources.entry(*to).or_default().push(from);
            }
            for to in table.parents.iter().filter_map(|parent| index.get(parent)) {
                near.parents.entry(from).or_default().push(*to);
                near.heirs.entry(*to).or_default().push(from);
            }
        }
        near.index = index;
        near
    }

    /// Returns what the schema says of some tables, in its own order; of all, if none are named.
    pub(super) fn facts(&self, some: Option<&BTreeSet<usize>>) -> Vec<&'a TableFacts> {
        match some {
            None => self.all.clone(),
            Some(some) => some.iter().filter_map(|table| self.facts.get(*table).copied().flatten()).collect(),
        }
    }

    /// Returns the places of some tables in the findings.
    pub(super) fn places(&self, tables: &[&TableFacts]) -> BTreeSet<usize> {
        tables.iter().filter_map(|table| self.index.get(&table.name).copied()).collect()
    }

    /// Returns the tables of which something may be other than it was, where these lines changed.
    pub(super) fn reached(&self, decisions: &Decisions, changed: &BTreeSet<Owner>) -> BTreeSet<usize> {
        let mut reached: BTreeSet<usize> = BTreeSet::new();
        for (at, decision) in decisions.tables.iter().enumerate() {
            let TableDecision::Columns(columns) = decision else { continue };
            let carries = columns.iter().any(|column| match column.decision() {
                Decision::Attribute { entity, attribute, .. } => {
                    changed.contains(&Owner::Attribute(*entity, *attribute))
                }
                _ => false,
            });
            let own = changed.range(Owner::Column(at, 0)..=Owner::Column(at, usize::MAX)).next().is_some();
            if carries || own {
                reached.insert(at);
            }
        }
        for (at, decision) in decisions.tables.iter().enumerate() {
            if matches!(decision, TableDecision::Like(other) if reached.contains(other)) {
                reached.insert(at);
            }
        }
        closed(&self.heirs, &mut reached);
        one_step(&self.sources, &mut reached);
        reached
    }

    /// Returns all tables that must be read to ask about some: these, those whose rules they take, and those that their keys
    /// point to.
    pub(super) fn read_with(&self, decisions: &Decisions, some: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut read = some.clone();
        one_step(&self.targets, &mut read);
        closed(&self.parents, &mut read);
        let like = |table: &usize| match decisions.tables.get(*table) {
            Some(TableDecision::Like(other)) => Some(*other),
            _ => None,
        };
        let originals: Vec<usize> = read.iter().filter_map(like).collect();
        read.extend(originals);
        read
    }
}

/// Adds all tables that are one step away.
fn one_step(steps: &BTreeMap<usize, Vec<usize>>, tables: &mut BTreeSet<usize>) {
    let more: Vec<usize> = tables.iter().filter_map(|table| steps.get(table)).flatten().copied().collect();
    tables.extend(more);
}

/// Adds all tables that any number of steps lead to.
fn closed(steps: &BTreeMap<usize, Vec<usize>>, tables: &mut BTreeSet<usize>) {
    let mut before = 0;
    while tables.len() != before {
        before = tables.len();
        one_step(steps, tables);
    }
}
