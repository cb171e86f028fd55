//! Entities of the draft: the keys of people's tables and what describes them. One key, however many columns carry it, is
//! one attribute; names and addresses beside a key are decided by it.
//!
//! Makes no entity of a table that tells of nobody, and none whose key no technique fits: then rules stand at columns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::rules::{self, Spot};
use super::{Attribute, Class, Decision, Entity, Known, Place};
use crate::discover::class::Category;
use crate::profile::draft::keys::{attribute_name, free, sound};
use crate::row::shape::TypeClass;

/// All entities, and which column carries which key.
pub(super) struct People {
    pub(super) entities: Vec<Entity>,
    /// The root table of each entity.
    roots: Vec<usize>,
    /// Columns with keys: entity and attribute.
    keys: BTreeMap<Place, (usize, usize)>,
    /// Keys of people that no technique fits.
    open: BTreeSet<Place>,
    /// Attributes by class.
    classes: HashMap<(usize, Class), usize>,
    /// Of each entity the classes that its table describes it by.
    described: Vec<BTreeSet<Class>>,
    /// Of each table the columns that carry subjects, with their entities.
    carriers: HashMap<usize, Vec<(usize, usize)>>,
    /// Of each class the people whose own tables have it, no copies: of several those that most keys lead to.
    homes: HashMap<Class, usize>,
}

impl People {
    pub(super) fn new(known: &Known<'_>) -> Self {
        let mut people = Self {
            entities: Vec::new(),
            roots: Vec::new(),
            keys: BTreeMap::new(),
            open: BTreeSet::new(),
            classes: HashMap::new(),
            described: Vec::new(),
            carriers: HashMap::new(),
            homes: HashMap::new(),
        };
        let mut taken = BTreeSet::new();
        for (table, mut classes) in keys_of_people(known) {
            classes.sort();
            people.entity(known, table, &classes, &mut taken);
        }
        for root in &people.roots {
            let count = known.facts.tables().get(*root).map_or(0, |t| t.columns.len());
            let classes = (0..count).filter_map(|column| known.sure((*root, column)));
            people.described.push(classes.collect());
        }
        people.carriers = people.found_carriers();
        people.homes = people.found_homes(known);
        people
    }

    fn found_homes(&self, known: &Known<'_>) -> HashMap<Class, usize> {
        let mut keys: HashMap<usize, usize> = HashMap::new();
        for (entity, _) in self.keys.values() {
            *keys.entry(*entity).or_default() += 1;
        }
        let led_to = |entity: &usize| keys.get(entity).copied().unwrap_or_default();
        let mut homes: HashMap<Class, usize> = HashMap::new();
        for (entity, classes) in self.described.iter().enumerate() {
            // What a queue of letters holds is somebody's, who is described elsewhere.
            if !self.are_people(known, entity) {
                continue;
            }
            for class in classes.iter().filter(|class| !self.is_copied(entity, **class)) {
                let home = homes.entry(*class).or_insert(entity);
                if led_to(&entity) > led_to(home) {
                    *home = entity;
                }
            }
        }
        homes
    }

    fn entity(
        &mut self,
        known: &Known<'_>,
        table: usize,
        classes: &[(Place, Vec<Place>)],
        taken: &mut BTreeSet<String>,
    ) {
        let Some(facts) = known.facts.tables().get(table) else { return };
        let single = |column: &str, primary: bool| {
            let alone = |columns: &[String]| matches!(columns, [one] if one == column);
            facts.uniques.iter().any(|u| !u.expression && (u.primary || !primary) && alone(&u.columns))
        };
        let at = self.entities.len();
        let mut entity = Entity { name: String::new(), subject: None, attributes: Vec::new() };
        let mut names = BTreeSet::new();
        for primary in [true, false] {
            for (root, members) in classes {
                let Some(column) = facts.columns.get(root.1) else { continue };
                if single(&column.name, true) != primary {
                    continue;
                }
                let Some((rule, class)) = rule(known, *root, members) else {
                    self.open.extend(members);
                    continue;
                };
                // A key that is a mail address is the attribute for mail addresses: one address has one stand-in.
                let class = class.filter(|class| !self.classes.contains_key(&(at, *class)));
                let named = match class {
                    Some(class) => attribute_name(class.about().word),
                    None => own_name(&column.name),
                };
                let name = free(if primary { "id" } else { &named }, &mut names);
                if let Some(class) = class {
                    self.classes.insert((at, class), entity.attributes.len());
                }
                // Where no schema says which column is the key, it is the one of that class.
                let alone = single(&column.name, false)
                    || (facts.uniques.is_empty() && known.sure(*root) == Some(Class::PersonKey));
                if entity.subject.is_none() && alone {
                    entity.subject = Some(name.clone());
                }
                for member in members {
                    self.keys.insert(*member, (at, entity.attributes.len()));
                }
                entity.attributes.push(Attribute { name, rule, note: String::new() });
            }
        }
        if !entity.attributes.is_empty() {
            entity.name = free(&singular(&sound(&facts.name.table)), taken);
            self.entities.push(entity);
            self.roots.push(table);
        }
    }

    /// Returns what a column with a key of people is decided to be.
    pub(super) fn key(&self, place: Place) -> Option<Decision> {
        if self.open.contains(&place) {
            return Some(Decision::Undecided);
        }
        let (entity, attribute) = *self.keys.get(&place)?;
        Some(Decision::Attribute { entity, attribute, by: None })
    }

    /// Returns the attribute for a column that is no key, if somebody decides it.
    pub(super) fn attribute(&mut self, known: &Known<'_>, place: Place, spot: &Spot<'_>) -> Option<Decision> {
        let rule = spot.attribute()?;
        let describing = spot.class.about().of_subject;
        if !describing
            && !matches!(
                spot.class.about().category,
                Category::Person
                    | Category::Contact
                    | Category::Number
                    | Category::Financial
                    | Category::Organisation
                    | Category::Online
            )
        {
            return None;
        }
        if matches!(spot.class, Class::Income | Class::PersonKey | Class::Ip) {
            return None;
        }
        let (entity, by) = if describing {
            self.subject(known, place, spot.class)?
        } else {
            (self.owner(known, place, spot.class)?, None)
        };
        let attribute = match self.classes.get(&(entity, spot.class)) {
            Some(attribute) => *attribute,
            None => {
                let one = self.entities.get_mut(entity)?;
                let mut names: BTreeSet<String> = one.attributes.iter().map(|a| a.name.clone()).collect();
                let name = free(&attribute_name(spot.class.about().word), &mut names);
                one.attributes.push(Attribute { name, rule, note: String::new() });
                self.classes.insert((entity, spot.class), one.attributes.len() - 1);
                one.attributes.len() - 1
            }
        };
        Some(Decision::Attribute { entity, attribute, by })
    }

    /// Returns the columns of a table that carry subjects, with their entities.
    fn carriers(&self, table: usize) -> &[(usize, usize)] {
        self.carriers.get(&table).map(Vec::as_slice).unwrap_or_default()
    }

    /// Finds the columns that carry subjects, by their tables.
    fn found_carriers(&self) -> HashMap<usize, Vec<(usize, usize)>> {
        let mut carriers: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        for ((table, column), (entity, attribute)) in &self.keys {
            let Some(one) = self.entities.get(*entity) else { continue };
            let name = one.attributes.get(*attribute).map(|a| &a.name);
            if one.subject.as_ref() == name && name.is_some() {
                carriers.entry(*table).or_default().push((*column, *entity));
            }
        }
        carriers
    }

    /// Finds who decides a describing column: the entity, and the column that says who, where several could.
    fn subject(&self, known: &Known<'_>, place: Place, class: Class) -> Option<(usize, Option<String>)> {
        let carriers = self.carriers(place.0);
        let own = carriers.iter().find(|(_, entity)| self.roots.get(*entity) == Some(&place.0)).copied();
        let others: Vec<(usize, usize)> = carriers
            .iter()
            .filter(|(_, entity)| self.roots.get(*entity) != Some(&place.0))
            .copied()
            .collect();
        // A copy beside the key of who is described elsewhere.
        let copied: Vec<(usize, usize)> =
            others.iter().filter(|(_, entity)| self.describes(*entity, class)).copied().collect();
        // Rows that are people are described by themselves, whoever else they point to.
        let themselves = own.filter(|(column, _)| is_person(known, (place.0, *column)));
        let chosen = named_alike(known, place, &others)
            .or(themselves)
            .or_else(|| one_of(&copied))
            .or(own)
            .or_else(|| one_of(&others))?;
        let several = carriers.iter().filter(|(_, entity)| *entity == chosen.1).count() > 1;
        let name = known.column((place.0, chosen.0)).map(|column| column.name.clone());
        Some((chosen.1, if several { Some(name?) } else { None }))
    }

    /// Whether the rows of an entity's table are people, told by their key.
    fn are_people(&self, known: &Known<'_>, entity: usize) -> bool {
        let Some(root) = self.roots.get(entity) else { return false };
        let own = self.carriers(*root);
        own.iter().any(|(column, of)| *of == entity && is_person(known, (*root, *column)))
    }

    /// Whether the table of an entity has a column of that class.
    fn describes(&self, entity: usize, class: Class) -> bool {
        self.described.get(entity).is_some_and(|classes| classes.contains(&class))
    }

    /// Whether the column of that class in an entity's table is a copy beside the key of another.
    fn is_copied(&self, entity: usize, class: Class) -> bool {
        let Some(root) = self.roots.get(entity) else { return false };
        let carriers = self.carriers(*root);
        carriers.iter().any(|(_, other)| *other != entity && self.describes(*other, class))
    }

    /// Finds the entity of a column that its own value decides: stand-ins join under one attribute.
    fn owner(&self, known: &Known<'_>, place: Place, class: Class) -> Option<usize> {
        let carriers = self.carriers(place.0);
        let is_own = |entity: usize| self.roots.get(entity) == Some(&place.0);
        let own = carriers.iter().find(|(_, entity)| is_own(*entity)).copied();
        let others: Vec<(usize, usize)> = carriers.iter().filter(|(_, of)| !is_own(*of)).copied().collect();
        let described = |entity: &usize| self.describes(*entity, class);
        let copied = others.iter().map(|(_, entity)| *entity).find(described);
        let alike = named_alike(known, place, &others).map(|(_, entity)| entity).filter(described);
        // The people of another system, beside the key of who they are here.
        let again = copied.filter(|other| self.called(known, *other) == singular(table_name(known, place.0)));
        let themselves = own.filter(|(column, _)| is_person(known, (place.0, *column)));
        let carried = own.map(|(_, entity)| entity).or_else(|| others.first().map(|(_, entity)| *entity));
        // Whoever wrote a note, the address in it is more likely one of those that most rows are about.
        again
            .or(themselves.map(|(_, entity)| entity))
            .or(alike)
            .or_else(|| self.homes.get(&class).copied())
            .or(copied)
            .or(carried)
    }

    /// Returns what one of the rows that an entity is made of is called.
    fn called(&self, known: &Known<'_>, entity: usize) -> String {
        self.roots.get(entity).map_or_else(String::new, |root| singular(table_name(known, *root)))
    }
}

/// Returns the name of a table by its place.
fn table_name<'k>(known: &Known<'k>, table: usize) -> &'k str {
    known.facts.tables().get(table).map_or("", |table| table.name.table.as_str())
}

/// Returns the name of the attribute of a key that is a number and no more: words of classes are for what describes.
fn own_name(column: &str) -> String {
    let name = attribute_name(column);
    if Class::of(&name).is_some() { format!("{name}_key") } else { name }
}

/// Says whether a column was taken for the key of people.
fn is_person(known: &Known<'_>, place: Place) -> bool {
    known.found(place).is_some_and(|column| column.class == Some(Class::PersonKey))
}

/// Returns the only entity of a list of carriers, by the only column that carries it.
fn one_of(carriers: &[(usize, usize)]) -> Option<(usize, usize)> {
    match carriers {
        [one] => Some(*one),
        _ => None,
    }
}

/// Returns the carrier whose name begins as the column's: `seller_id` for `seller_name`.
fn named_alike(known: &Known<'_>, place: Place, carriers: &[(usize, usize)]) -> Option<(usize, usize)> {
    let name = known.column(place)?.name.to_lowercase();
    let alike = |(column, _): &&(usize, usize)| {
        let Some(carrier) = known.column((place.0, *column)) else { return false };
        let lower = carrier.name.to_lowercase();
        let stem = ["_id", "id", "_nr", "_no", "_key"].iter().find_map(|end| lower.strip_suffix(end));
        stem.is_some_and(|stem| stem.len() > 2 && name.starts_with(stem))
    };
    let found: Vec<(usize, usize)> = carriers.iter().filter(alike).copied().collect();
    one_of(&found)
}

/// Lists the keys of people by the table that they lead to: the column there, and all that carry it.
fn keys_of_people(known: &Known<'_>) -> BTreeMap<usize, Vec<(Place, Vec<Place>)>> {
    let mut by_root: BTreeMap<usize, Vec<(Place, Vec<Place>)>> = BTreeMap::new();
    let mut joined = BTreeSet::new();
    for members in known.graph.classes() {
        joined.extend(members.iter().copied());
        let Some(root) = known.graph.root(&members) else { continue };
        let someone = members.iter().any(|place| known.sure(*place).is_some_and(Class::identifies));
        if someone || tells_of_people(known, root.0) {
            by_root.entry(root.0).or_default().push((root, members));
        }
    }
    // Keys that nothing points to decide the stand-ins of their own rows.
    for (index, table) in
        known.facts.tables().iter().enumerate().filter(|(_, t)| t.holds_rows && !t.partition)
    {
        let primary = table.uniques.iter().find(|u| u.primary && !u.expression);
        let columns = (0..table.columns.len()).map(|column| (index, column));
        for place in columns.filter(|place| known.found(*place).is_some() && !joined.contains(place)) {
            let name = known.column(place).map(|column| column.name.as_str()).unwrap_or_default();
            let key = primary.is_some_and(|u| matches!(u.columns.as_slice(), [one] if one == name));
            let class = known.sure(place);
            let person = class == Some(Class::PersonKey) && (key || table.uniques.is_empty());
            let plain = class.is_none_or(|class| class == Class::Key);
            if person || (key && plain && tells_of_people(known, index)) {
                by_root.entry(index).or_default().push((place, vec![place]));
            }
        }
    }
    by_root
}

/// Whether the rows of a table are about people.
fn tells_of_people(known: &Known<'_>, table: usize) -> bool {
    let count = known.facts.tables().get(table).map_or(0, |t| t.columns.len());
    (0..count).filter_map(|column| known.sure((table, column))).any(|class| match class.about().category {
        Category::Person | Category::Contact | Category::Number | Category::Special | Category::Criminal => {
            true
        }
        Category::Financial => class != Class::Bic,
        Category::Address => {
            matches!(class, Class::Street | Class::HouseNumber | Class::AddressLine | Class::Postcode)
        }
        Category::Quasi => matches!(class, Class::BirthDate | Class::DeathDate | Class::Gender),
        Category::Secret => matches!(class, Class::Password | Class::PasswordHash),
        Category::Organisation | Category::Online | Category::Content | Category::Plain => false,
    })
}

/// Returns the rule of a key: that of its class, with it, where the values are more than a number; else by the types of its
/// ends.
fn rule(known: &Known<'_>, root: Place, members: &[Place]) -> Option<(String, Option<Class>)> {
    let parts = |place: &Place| {
        let (table, column) = (known.table(*place), known.column(*place));
        table.zip(column).is_some_and(|(table, column)| known.graph.parts(table, &column.name))
    };
    if members.iter().any(parts) {
        return None;
    }
    let column = known.column(root)?;
    let class = members
        .iter()
        .filter_map(|place| known.sure(*place))
        .find(|class| class.identifies() && !matches!(class, Class::PersonKey | Class::PersonNumber));
    if let Some(class) = class {
        let spot = Spot { class, column, unique: true, inside: &[], form: "json" };
        return Some((spot.attribute()?, Some(class)));
    }
    let ends = std::iter::once(root).chain(members.iter().copied().filter(|place| *place != root));
    let types: Vec<&TypeClass> = ends.filter_map(|place| Some(&known.column(place)?.ty.class)).collect();
    Some((rules::key(&types)?, None))
}

/// Returns the name of one of those that a table is named after, as far as English and Dutch plurals go.
fn singular(table: &str) -> String {
    let lower = table.to_lowercase();
    let cut = |n: usize| table.chars().take(table.chars().count().saturating_sub(n)).collect::<String>();
    if lower == "people" {
        "person".to_owned()
    } else if lower.len() > 4 && lower.ends_with("ies") {
        format!("{}y", cut(3))
    } else if ["sses", "xes", "ches", "shes"].iter().any(|end| lower.ends_with(end)) {
        cut(2)
    } else if lower.len() > 3
        && lower.ends_with('s')
        && !["ss", "us", "is", "ens"].iter().any(|end| lower.ends_with(end))
    {
        cut(1)
    } else {
        table.to_owned()
    }
}
