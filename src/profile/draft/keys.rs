//! Foreign keys as attributes of entities: columns that a key joins, however many steps apart, carry one attribute; its
//! entity is the table that the keys lead to. The pseudonym is the one of their types; where no pseudonym fits all of
//! them, the attribute is left undecided, once for all of its columns.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::profile::check::words::is_entity_word;
use crate::profile::plan::lineage;
use crate::row::shape::{ColumnType, Facts, TableFacts, TableName, TypeClass};

/// An entity of the draft.
pub(super) struct Entity {
    pub(super) name: String,
    /// The attribute of a key of one column.
    pub(super) subject: Option<String>,
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute.
pub(super) struct Attribute {
    pub(super) name: String,
    /// Its rule as YAML.
    pub(super) rule: &'static str,
    /// Why it is undecided; empty where it is not.
    pub(super) note: &'static str,
}

/// All entities, and which column carries which attribute.
pub(super) struct Keys<'f> {
    facts: &'f Facts,
    entities: Vec<Entity>,
    /// Table and column to `entity.attribute`.
    rules: HashMap<(TableName, String), String>,
}

/// A column: position of its table in the facts, and in the table.
pub(crate) type Place = (usize, usize);

impl<'f> Keys<'f> {
    pub(super) fn new(facts: &'f Facts) -> Self {
        let mut graph = Graph::new(facts);
        for (index, table) in facts.tables().iter().enumerate().filter(|(_, t)| t.holds_rows) {
            graph.add(index, table);
        }
        let mut keys = Self { facts, entities: Vec::new(), rules: HashMap::new() };
        // Of all tables a class of columns belongs to, the entity is that of its root.
        let mut by_root: BTreeMap<usize, Vec<(Place, Vec<Place>)>> = BTreeMap::new();
        for members in graph.classes() {
            if let Some(root) = graph.root(&members) {
                by_root.entry(root.0).or_default().push((root, members));
            }
        }
        let mut taken = BTreeSet::new();
        for (table, mut classes) in by_root {
            classes.sort();
            keys.entity(&graph, table, &classes, &mut taken);
        }
        keys
    }

    pub(super) fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// Returns the attribute that a column carries.
    pub(super) fn rule(&self, table: &TableName, column: &str) -> Option<String> {
        self.rules.get(&(table.clone(), column.to_owned())).cloned()
    }

    fn entity(
        &mut self,
        graph: &Graph<'_>,
        table: usize,
        classes: &[(Place, Vec<Place>)],
        taken: &mut BTreeSet<String>,
    ) {
        let Some(known) = self.facts.tables().get(table) else { return };
        let name = free(&sound(&super::spelled(&known.name)), taken);
        let mut entity = Entity { name, subject: None, attributes: Vec::new() };
        // An entity has no column of these names.
        let mut names = BTreeSet::new();
        let single = |column: &str, primary: bool| {
            let alone = |columns: &[String]| matches!(columns, [one] if one == column);
            known.uniques.iter().any(|u| !u.expression && (u.primary || !primary) && alone(&u.columns))
        };
        for primary in [true, false] {
            for (root, members) in classes {
                let Some(column) = known.columns.get(root.1) else { continue };
                if single(&column.name, true) != primary {
                    continue;
                }
                let base = if primary { "id".to_owned() } else { attribute_name(&column.name) };
                let name = free(&base, &mut names);
                if entity.subject.is_none() && single(&column.name, false) {
                    entity.subject = Some(name.clone());
                }
                let (rule, note) = graph.rule(members);
                for (table, column) in members {
                    let carrier = self.facts.tables().get(*table);
                    if let Some((carrier, column)) = carrier.and_then(|t| Some((t, t.columns.get(*column)?)))
                    {
                        self.rules.insert(
                            (carrier.name.clone(), column.name.clone()),
                            format!("{}.{name}", entity.name),
                        );
                    }
                }
                entity.attributes.push(Attribute { name, rule, note });
            }
        }
        self.entities.push(entity);
    }
}

/// Returns a name that is not taken yet, and takes it.
pub(crate) fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|n| format!("{name}_{n}"));
    let found = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let found = found.unwrap_or_default();
    taken.insert(found.clone());
    found
}

/// Most characters of a name that is made of another.
const LONGEST: usize = 100;

/// Returns a name without what parts names: letters, digits and `_` stay, and no more than a line holds.
pub(crate) fn sound(name: &str) -> String {
    let name: String =
        name.chars().take(LONGEST).map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if name.chars().all(|c| c == '_') { "entity".to_owned() } else { name }
}

/// Returns an attribute's name for a column: none of the words that an entity knows.
pub(crate) fn attribute_name(column: &str) -> String {
    let name = sound(column);
    if is_entity_word(&name) || name == "id" { format!("{name}_column") } else { name }
}

/// Which columns foreign keys join.
pub(crate) struct Graph<'f> {
    facts: &'f Facts,
    index: HashMap<&'f TableName, usize>,
    /// Every column of a key to one that stands for its class; a column that stands for itself leads to itself.
    leads: BTreeMap<Place, Place>,
    /// Columns that keys point to.
    targets: BTreeSet<Place>,
    /// Columns that keys of one column begin at.
    sources: BTreeSet<Place>,
    /// Tables that have partitions.
    parted: HashSet<&'f TableName>,
}

impl<'f> Graph<'f> {
    pub(crate) fn new(facts: &'f Facts) -> Self {
        let index = facts.tables().iter().enumerate().map(|(index, table)| (&table.name, index)).collect();
        let (leads, targets, sources) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        let parted = facts.tables().iter().filter(|table| table.partition).flat_map(|table| &table.parents);
        Self { facts, index, leads, targets, sources, parted: parted.collect() }
    }

    /// Joins the ends of a table's keys.
    pub(crate) fn add(&mut self, index: usize, table: &TableFacts) {
        for key in &table.foreign_keys {
            let Some(target) = self.facts.table(&key.target) else { continue };
            let primary = target.uniques.iter().find(|u| u.primary).map(|u| u.columns.as_slice());
            let ends: &[String] =
                if key.target_columns.is_empty() { primary.unwrap_or_default() } else { &key.target_columns };
            for (from, to) in key.columns.iter().zip(ends) {
                let (from, to) = (self.place(index, from), self.place_in(&target.name, to));
                if let (Some(from), Some(to)) = (from, to) {
                    self.join(from, to);
                }
            }
        }
    }

    /// Joins a column to the one that it points to.
    pub(crate) fn join(&mut self, from: Place, to: Place) {
        self.targets.insert(to);
        if from != to {
            self.sources.insert(from);
        }
        let (a, b) = (self.find(from), self.find(to));
        self.leads.insert(a, b);
        self.leads.entry(b).or_insert(b);
    }

    pub(crate) fn place_in(&self, table: &TableName, column: &str) -> Option<Place> {
        self.place(*self.index.get(table)?, column)
    }

    /// Returns where the columns of a table stand.
    pub(crate) fn places<'c>(
        &self,
        table: &TableName,
        columns: impl Iterator<Item = &'c str>,
    ) -> Vec<Option<Place>> {
        let index = self.index.get(table).copied();
        let own = index.and_then(|index| self.facts.tables().get(index)).filter(|own| own.parents.is_empty());
        let place = |(at, name): (usize, &str)| {
            let index = index?;
            match own.and_then(|own| own.columns.get(at)).filter(|column| column.name == name) {
                Some(column) => (!column.generated).then_some((index, at)),
                None => self.place(index, name),
            }
        };
        columns.enumerate().map(place).collect()
    }

    /// Returns the column that a rule can be written for: inherited ones and those of partitions are the root's.
    fn place(&self, table: usize, column: &str) -> Option<Place> {
        let own = self.facts.tables().get(table)?;
        if own.parents.is_empty() {
            let at = own.columns.iter().position(|c| c.name == column)?;
            return (!own.columns.get(at)?.generated).then_some((table, at));
        }
        let name = &own.name;
        let line = lineage(name, self.facts);
        let owner = line.iter().rev().find_map(|(name, known)| {
            let known = (*known)?;
            let at = known.columns.iter().position(|c| c.name == column)?;
            Some((*self.index.get(name)?, at))
        })?;
        let known = self.facts.tables().get(owner.0)?.columns.get(owner.1)?;
        (!known.generated).then_some(owner)
    }

    fn find(&self, place: Place) -> Place {
        let mut at = place;
        while let Some(next) = self.leads.get(&at).copied().filter(|next| *next != at) {
            at = next;
        }
        at
    }

    /// Returns the columns that belong together, class by class.
    pub(crate) fn classes(&self) -> Vec<Vec<Place>> {
        let mut classes: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
        for place in self.leads.keys() {
            classes.entry(self.find(*place)).or_default().push(*place);
        }
        classes.into_values().collect()
    }

    /// Returns the column whose table gives the entity its name: one that keys point to and none begins at.
    pub(crate) fn root(&self, members: &[Place]) -> Option<Place> {
        let mut targets = members.iter().copied().filter(|place| self.targets.contains(place));
        let first = targets.clone().next();
        targets.find(|place| !self.sources.contains(place)).or(first)
    }

    /// Returns the rule of an attribute that these columns carry, and why there is none.
    fn rule(&self, members: &[Place]) -> (&'static str, &'static str) {
        const OPEN: &str = "undecided";
        let known: Vec<(&TableFacts, &str, &ColumnType)> = (members.iter())
            .filter_map(|(table, column)| {
                let table = self.facts.tables().get(*table)?;
                let column = table.columns.get(*column)?;
                Some((table, column.name.as_str(), &column.ty))
            })
            .collect();
        if known.iter().any(|(table, column, _)| self.parts(table, column)) {
            return (OPEN, "part of a partition key: masked, rows would load into other partitions");
        }
        let all = |is: &dyn Fn(&TypeClass) -> bool| known.iter().all(|(_, _, ty)| is(&ty.class));
        let whole = |class: &TypeClass| {
            class.is_integer()
                || matches!(class, TypeClass::Numeric { precision, scale }
                    if precision.is_none_or(|p| p >= 10) && scale.is_none_or(|s| s == 0))
        };
        let small = known.iter().any(|(_, _, ty)| ty.class == TypeClass::SmallInt);
        if all(&whole) && small {
            ("{pseudonym: integer, within: smallint}", "")
        } else if all(&whole) {
            ("{pseudonym: integer}", "")
        } else if all(&|class| *class == TypeClass::Uuid) {
            ("{pseudonym: uuid}", "")
        } else {
            (OPEN, "a key of this type: `{hash: {length: N}}` fits text, or keep its columns")
        }
    }

    /// Returns whether a column says in which partition a row belongs.
    pub(crate) fn parts(&self, table: &TableFacts, column: &str) -> bool {
        let reads = table.partition_key.as_ref().is_none_or(|key| key.iter().any(|name| name == column));
        reads && self.parted.contains(&table.name)
    }
}
