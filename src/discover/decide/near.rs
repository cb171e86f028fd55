//! Which tables a changed decision can reach: those that hold or carry it, those with a key to or from them, their heirs and
//! copies. Knows tables by their places in the findings, and asks no plan.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Decision, Decisions, TableDecision};
use crate::discover::findings::Findings;
use crate::discover::write::yaml::Owner;
use crate::row::shape::{Facts, ForeignKey, TableFacts, TableName};

/// A key of a table to another one.
struct Edge<'a> {
    from: usize,
    /// The columns there.
    ends: &'a [String],
}

/// Tables and what binds them to each other.
pub(super) struct Near<'a> {
    findings: &'a Findings,
    /// Those whose rows a profile decides on.
    all: Vec<&'a TableFacts>,
    /// The same by their places in the findings.
    facts: Vec<Option<&'a TableFacts>>,
    /// Their places there by name.
    index: HashMap<&'a TableName, usize>,
    /// Tables that a key of the table points to.
    targets: BTreeMap<usize, Vec<usize>>,
    /// Keys to the table.
    sources: BTreeMap<usize, Vec<Edge<'a>>>,
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
            findings,
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
            for key in &table.foreign_keys {
                let Some(to) = index.get(&key.target).copied() else { continue };
                near.targets.entry(from).or_default().push(to);
                near.sources.entry(to).or_default().push(Edge { from, ends: ends(facts, key) });
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
        let moved = moved(decisions, changed);
        let mut reached: BTreeSet<usize> = moved.keys().copied().collect();
        for (at, decision) in decisions.tables.iter().enumerate() {
            if matches!(decision, TableDecision::Like(other) if reached.contains(other)) {
                reached.insert(at);
            }
        }
        closed(&self.heirs, &mut reached);
        let pointing = |table: &usize| {
            let edges = self.sources.get(table).map(Vec::as_slice).unwrap_or_default();
            let own = moved.get(table);
            let held = move |edge: &&Edge<'_>| {
                // Of a table that takes the rules of another any column may be other.
                let Some(own) = own else { return true };
                edge.ends.iter().any(|end| self.is_moved(decisions, *table, end, own))
            };
            edges.iter().filter(held).map(|edge| edge.from).collect::<Vec<usize>>()
        };
        let more: Vec<usize> = reached.iter().flat_map(pointing).collect();
        reached.extend(more);
        reached
    }

    /// Says whether the end of a key may be decided otherwise: by its own line, or by another one of its row.
    fn is_moved(&self, decisions: &Decisions, table: usize, end: &str, moved: &BTreeSet<usize>) -> bool {
        let found = self.findings.tables.get(table);
        let Some(at) = found.and_then(|found| found.columns.iter().position(|column| column.name == end))
        else {
            return true;
        };
        let decided = match decisions.tables.get(table) {
            Some(TableDecision::Columns(columns)) => columns.get(at),
            _ => None,
        };
        let by_another = |decision: &Decision| match decision {
            Decision::Attribute { entity, attribute, by } => {
                let entity = decisions.entities.get(*entity);
                let named = entity.and_then(|entity| entity.attributes.get(*attribute));
                by.is_some() || entity.and_then(|e| e.subject.as_ref()) != named.map(|named| &named.name)
            }
            _ => false,
        };
        moved.contains(&at) || decided.is_none_or(|column| by_another(column.decision()))
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

/// Returns the columns of each table that may be decided otherwise, where these lines changed: their own or of what they carry.
fn moved(decisions: &Decisions, changed: &BTreeSet<Owner>) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut moved: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for owner in changed {
        if let Owner::Column(table, column) = owner {
            moved.entry(*table).or_default().insert(*column);
        }
    }
    let attributes: HashSet<(usize, usize)> = changed
        .iter()
        .filter_map(|owner| match owner {
            Owner::Attribute(entity, attribute) => Some((*entity, *attribute)),
            _ => None,
        })
        .collect();
    if attributes.is_empty() {
        return moved;
    }
    for (table, decision) in decisions.tables.iter().enumerate() {
        let TableDecision::Columns(columns) = decision else { continue };
        for (at, column) in columns.iter().enumerate() {
            if let Decision::Attribute { entity, attribute, .. } = column.decision()
                && attributes.contains(&(*entity, *attribute))
            {
                moved.entry(table).or_default().insert(at);
            }
        }
    }
    moved
}

/// Returns the columns that a key points to.
fn ends<'a>(facts: &'a Facts, key: &'a ForeignKey) -> &'a [String] {
    if !key.target_columns.is_empty() {
        return &key.target_columns;
    }
    let target = facts.table(&key.target);
    let primary = target.and_then(|target| target.uniques.iter().find(|unique| unique.primary));
    primary.map(|unique| unique.columns.as_slice()).unwrap_or_default()
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
