//! The draft as the tree that a reader would make of its text, for who asks about it round after round: no text is written
//! and none is read. The words, their order and whose each line is are those of `yaml::lines`; a test holds both together.
//!
//! Refuses (`None`) what reading would stumble over, such as one name for two tables: then the text itself must be read.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::yaml::{self, Names, Notes, Owner, Page};
use crate::discover::decide::{Decision, Decisions, TableDecision};
use crate::discover::findings::{Findings, FoundTable};
use crate::profile::draft::yaml::word;
use crate::profile::model::Place;
use crate::profile::tree::{self, Entry, KEY_PREFIX, Node, Word};

/// What all trees of a round begin with: all that stands above the entities.
pub(crate) struct Head {
    entries: Vec<Entry>,
    place: Place,
    owners: Vec<Owner>,
}

impl Head {
    /// Writes and reads it.
    pub(crate) fn new(findings: &Findings, decisions: &Decisions) -> Option<Self> {
        let mut page = Page::new(Notes::None);
        yaml::head(&mut page, findings, decisions);
        let (text, owners) = page.done();
        match parsed(&text)? {
            Node::Map(entries, place) => Some(Self { entries, place, owners }),
            _ => None,
        }
    }

    /// Makes the tree of a draft with some tables, by their places in the findings, and the entities that these carry; says
    /// whose each line is. `None` where only the text can say what a reader makes of it.
    pub(crate) fn tree(
        &self,
        (findings, decisions, names): (&Findings, &Decisions, &Names),
        some: &BTreeSet<usize>,
    ) -> Option<(Node, Vec<Owner>)> {
        let owners = self.owners.clone();
        let mut grower = Grower { findings, decisions, names, owners, rules: HashMap::new() };
        let mut root = self.entries.clone();
        root.extend(grower.entities(&yaml::carried(decisions, some))?);
        root.push(grower.tables(some)?);
        Some((Node::Map(root, self.place), grower.owners))
    }
}

/// Reads a short text; `None` where anything is wrong with it.
fn parsed(text: &str) -> Option<Node> {
    let mut problems = Vec::new();
    tree::parse(text, 0, &mut problems).filter(|_| problems.is_empty())
}

/// The tree as it grows.
struct Grower<'a> {
    findings: &'a Findings,
    decisions: &'a Decisions,
    names: &'a Names,
    owners: Vec<Owner>,
    /// Rules as they are written, read once.
    rules: HashMap<&'a str, Node>,
}

impl<'a> Grower<'a> {
    /// Begins a line; returns where it is.
    fn line(&mut self, owner: Owner) -> Place {
        self.owners.push(owner);
        let line = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
        Place { line, column: 1, ..Place::default() }
    }

    fn entities(&mut self, wanted: &BTreeSet<usize>) -> Option<Option<Entry>> {
        if wanted.is_empty() {
            return Some(None);
        }
        let place = self.line(Owner::Nobody);
        let mut all = Vec::with_capacity(wanted.len());
        for at in wanted {
            let Some(entity) = self.decisions.entities.get(*at) else { continue };
            let key = self.line(Owner::Nobody);
            let mut entries = Vec::with_capacity(entity.attributes.len() + 1);
            if let Some(subject) = &entity.subject {
                let line = self.line(Owner::Nobody);
                entries.push(entry("subject", line, Node::Scalar(named(subject, line)?))?);
            }
            for (index, attribute) in entity.attributes.iter().enumerate() {
                let line = self.line(Owner::Attribute(*at, index));
                let rule = self.rule(&attribute.rule, line)?;
                entries.push(entry(&attribute.name, line, rule)?);
            }
            all.push(entry(&entity.name, key, Node::Map(entries, key))?);
        }
        Some(Some(entry("entities", place, Node::Map(all, place))?))
    }

    fn tables(&mut self, some: &BTreeSet<usize>) -> Option<Entry> {
        let place = self.line(Owner::Nobody);
        let (findings, decisions) = (self.findings, self.decisions);
        let mut seen = HashSet::new();
        let mut all = Vec::with_capacity(some.len());
        for index in some {
            let found = findings.tables.get(*index).zip(decisions.tables.get(*index));
            let Some((table, decision)) = found else { continue };
            let key = self.names.key(&table.name);
            if *decision == TableDecision::Part || !yaml::is_key(&word(&key)) {
                continue;
            }
            let line = self.line(Owner::Nobody);
            let body = self.table(*index, table, decision)?;
            all.push(entry(&key, line, body)?);
            if !seen.insert(key) {
                return None;
            }
        }
        entry("tables", place, Node::Map(all, place))
    }

    fn table(&mut self, index: usize, table: &'a FoundTable, decision: &'a TableDecision) -> Option<Node> {
        let first = self.line(Owner::Nobody);
        let columns = match decision {
            TableDecision::Part => return None,
            TableDecision::Like(other) => {
                let other = self.findings.tables.get(*other).map(|other| self.names.key(&other.name));
                let like = Node::Scalar(named(&other.unwrap_or_default(), first)?);
                return Some(Node::Map(vec![entry("like", first, like)?], first));
            }
            TableDecision::Columns(columns) => columns,
        };
        let mut body = Vec::with_capacity(2);
        let together = yaml::quasi(table);
        if !together.is_empty() {
            let line = self.line(Owner::Nobody);
            let list: Option<Vec<Node>> =
                together.iter().map(|name| Some(Node::Scalar(named(name, line)?))).collect();
            body.push(entry("quasi_identifiers", line, Node::List(list?, line))?);
        }
        let line = self.line(Owner::Nobody);
        let mut entries = Vec::with_capacity(columns.len());
        for (at, (column, found)) in columns.iter().zip(&table.columns).enumerate() {
            if yaml::is_written(column, found, table) {
                let line = self.line(Owner::Column(index, at));
                let rule = self.decided(column.decision(), line)?;
                entries.push(entry(&found.name, line, rule)?);
            }
        }
        body.push(entry("columns", line, Node::Map(entries, line))?);
        Some(Node::Map(body, first))
    }

    fn decided(&mut self, decision: &'a Decision, place: Place) -> Option<Node> {
        match decision {
            Decision::Rule(rule) => self.rule(rule, place),
            Decision::Keep(kept) => {
                let reason = Node::Scalar(named(kept.reason(), place)?);
                Some(Node::Map(vec![entry("keep", place, reason)?], place))
            }
            Decision::Undecided | Decision::Inherited => Some(Node::Scalar(named("undecided", place)?)),
            Decision::Attribute { entity, attribute, by } => {
                let Some(text) = yaml::reference(self.decisions, *entity, *attribute) else {
                    return Some(Node::Scalar(named("undecided", place)?));
                };
                let to = Node::Scalar(named(&text, place)?);
                let Some(by) = by else { return Some(to) };
                // Keys of one map stand in different places.
                let next = Place { column: 2, ..place };
                let by = entry("by", next, Node::Scalar(named(by, next)?))?;
                Some(Node::Map(vec![entry("use", place, to)?, by], place))
            }
        }
    }

    /// Returns a rule that was written as YAML.
    fn rule(&mut self, text: &'a str, place: Place) -> Option<Node> {
        if !self.rules.contains_key(text) {
            self.rules.insert(text, parsed(text)?);
        }
        let mut node = self.rules.get(text)?.clone();
        moved(&mut node, place.line);
        Some(node)
    }
}

/// Puts all of a rule on a line.
fn moved(node: &mut Node, line: u32) {
    match node {
        Node::Scalar(word) => word.place.line = line,
        Node::List(items, place) => {
            place.line = line;
            items.iter_mut().for_each(|item| moved(item, line));
        }
        Node::Map(entries, place) => {
            place.line = line;
            for entry in entries {
                entry.key.place.line = line;
                moved(&mut entry.value, line);
            }
        }
        Node::Refused(place) => place.line = line,
    }
}

/// Returns a name as a reader would: as text, never as a word that means something.
fn named(text: &str, place: Place) -> Option<Word> {
    (!text.contains(KEY_PREFIX)).then(|| Word { text: text.to_owned(), plain: false, place })
}

fn entry(key: &str, place: Place, value: Node) -> Option<Entry> {
    Some(Entry { key: named(key, place)?, value })
}
