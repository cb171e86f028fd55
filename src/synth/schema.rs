//! The tables that get rows, with their foreign keys resolved to places: what `counts` and `keys` decide on.
//!
//! Partitions get their rows through the root, views get none. A foreign key to a table that is not there, or to columns
//! that it has not, is refused; a join that nothing but names suggests is taken where it fits and left where not.

use std::collections::HashMap;
use std::sync::Arc;

use super::checks::slots::Places;
use super::checks::{self, slots};
use crate::error::{Error, Message, Name, Result};
use crate::message;
use crate::row::shape::{ColumnFacts, Facts, ForeignKey, TableFacts, TableName, TypeClass, Unique};

/// What is known of a column or a table beside the schema: from discovery.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// What each column means (a word of discovery's classes), by table and column.
    pub meanings: HashMap<TableName, HashMap<String, &'static str>>,
    /// Columns that hold keys of others without a foreign key.
    pub joins: HashMap<TableName, Vec<ForeignKey>>,
}

/// A table that gets rows.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What the schema says.
    pub facts: Arc<TableFacts>,
    /// The columns that are written.
    pub columns: Vec<ColumnFacts>,
    /// What each means.
    pub meanings: Vec<Option<&'static str>>,
    /// Its foreign keys.
    pub keys: Vec<Reference>,
    /// Its primary key, UNIQUE constraints and unique indexes, as columns.
    pub uniques: Vec<(String, Vec<usize>)>,
    /// Unique indexes over a part of the rows that all rows but the first of a group are kept out of.
    pub specials: Vec<Special>,
    /// Exclusions on ranges.
    pub exclusions: Vec<Places>,
    /// Its partitions, and theirs.
    pub partitions: Vec<Arc<TableFacts>>,
    /// Keys and exclusions that are not understood.
    pub unread: Vec<Message>,
}

/// A partial unique index.
#[derive(Clone)]
pub struct Special {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<usize>,
    /// Which rows it holds, as SQL.
    pub predicate: String,
}

impl std::fmt::Debug for Special {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<partial index on {} columns>", self.columns.len())
    }
}

/// A foreign key in places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub name: String,
    /// Own columns.
    pub columns: Vec<usize>,
    /// The table.
    pub target: usize,
    /// The columns there.
    pub keys: Vec<usize>,
    /// Whether the schema declares it.
    pub declared: bool,
}

impl Planned {
    /// Returns the place of a column.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Returns whether columns are what a unique key holds, or more.
    #[must_use]
    pub fn is_unique(&self, columns: &[usize]) -> bool {
        self.uniques.iter().any(|(_, unique)| unique.iter().all(|column| columns.contains(column)))
    }

    /// Returns whether a key may point nowhere.
    #[must_use]
    pub fn is_optional(&self, key: &Reference) -> bool {
        key.columns.iter().any(|at| self.columns.get(*at).is_some_and(|column| !column.not_null))
    }
}

/// Finds the tables that get rows and resolves their keys.
///
/// # Errors
/// A foreign key that leads nowhere.
pub fn plan(facts: &Facts, hints: &Hints) -> Result<Vec<Planned>> {
    let chosen: Vec<&TableFacts> =
        facts.tables().iter().filter(|table| table.holds_rows && !table.partition).collect();
    let mut tables: Vec<Planned> = chosen.iter().map(|table| planned(table, hints)).collect();
    let names: HashMap<&TableName, usize> = chosen.iter().map(|table| &table.name).zip(0..).collect();
    for at in 0..tables.len() {
        let Some(table) = chosen.get(at) else { continue };
        for key in &table.foreign_keys {
            let key = resolve(facts, &tables, &names, at, key, true)?;
            add(&mut tables, at, key);
        }
        for key in hints.joins.get(&table.name).into_iter().flatten() {
            if let Ok(key) = resolve(facts, &tables, &names, at, key, false)
                && fits(&tables, at, &key)
            {
                add(&mut tables, at, key);
            }
        }
    }
    for table in &mut tables {
        partial_indexes(table);
        exclusions(table);
        table.partitions = partitions(facts, &table.facts.name);
    }
    Ok(tables)
}

/// Says whether a key that nothing but names suggests can be one: it is not what a table's own rows are told by, and what
/// it points to is not longer than it may be.
fn fits(tables: &[Planned], at: usize, key: &Reference) -> bool {
    let (Some(own), Some(target)) = (tables.get(at), tables.get(key.target)) else { return false };
    let primary = own.facts.uniques.iter().find(|unique| unique.primary);
    let named = |column: &usize| own.columns.get(*column).map(|column| column.name.as_str());
    let is_primary = primary.is_some_and(|unique| {
        unique.columns.len() == key.columns.len()
            && key
                .columns
                .iter()
                .all(|c| named(c).is_some_and(|name| unique.columns.iter().any(|u| u == name)))
    });
    let chars = |of: &Planned, column: usize| of.columns.get(column).and_then(|c| c.ty.class.max_chars());
    let short = |(column, there): (&usize, &usize)| match (chars(own, *column), chars(target, *there)) {
        (Some(own), theirs) => theirs.is_none_or(|theirs| theirs > own),
        (None, _) => false,
    };
    !is_primary && !key.columns.iter().zip(&key.keys).any(short)
}

fn add(tables: &mut [Planned], at: usize, key: Reference) {
    let Some(table) = tables.get_mut(at) else { return };
    // A key said twice, or a guess about columns that a declared key has.
    let known = table.keys.iter().any(|other| {
        other.columns == key.columns && (other.target, &other.keys) == (key.target, &key.keys)
            || !key.declared && key.columns.iter().any(|column| other.columns.contains(column))
    });
    if !known {
        table.keys.push(key);
    }
}

fn planned(table: &TableFacts, hints: &Hints) -> Planned {
    let mut columns: Vec<ColumnFacts> = table.columns.iter().filter(|c| !c.generated).cloned().collect();
    for at in checks::required(&table.checks, &columns) {
        columns.iter_mut().skip(at).take(1).for_each(|column| column.not_null = true);
    }
    let meaning = |column: &ColumnFacts| hints.meanings.get(&table.name)?.get(&column.name).copied();
    let meanings = columns.iter().map(meaning).collect();
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let mut uniques: Vec<(String, Vec<usize>)> = Vec::new();
    // Those whose parts are known are read by `partial_indexes`.
    let whole = |unique: &&Unique| !is_partial(table, unique);
    let others = table.uniques.iter().filter(|u| !u.primary).filter(whole);
    for unique in table.uniques.iter().filter(|u| u.primary).chain(others) {
        let places: Option<Vec<usize>> = unique.columns.iter().map(place).collect();
        if let Some(places) = places.filter(|places| !places.is_empty())
            && !uniques.iter().any(|(_, known)| *known == places)
        {
            uniques.push((unique.name.clone(), places));
        }
    }
    Planned {
        facts: Arc::new(table.clone()),
        columns,
        meanings,
        keys: Vec::new(),
        uniques,
        specials: Vec::new(),
        exclusions: Vec::new(),
        partitions: Vec::new(),
        unread: Vec::new(),
    }
}

/// Says whether the parts of an index are known.
fn is_partial(table: &TableFacts, unique: &Unique) -> bool {
    unique.expression && table.partial_indexes.iter().any(|index| index.name == unique.name)
}

/// Decides on indexes with expressions or predicates: unique in all rows where columns are free to be, else all rows but
/// the first are kept out of them.
fn partial_indexes(table: &mut Planned) {
    let facts = Arc::clone(&table.facts);
    for index in &facts.partial_indexes {
        let places: Vec<Option<usize>> =
            index.items.iter().map(|item| table.place(item.as_deref()?)).collect();
        let known: Vec<usize> = places.iter().copied().flatten().collect();
        let short = |at: &usize| {
            let class = table.columns.get(*at).map(|column| &column.ty.class);
            matches!(class, Some(TypeClass::Boolean | TypeClass::Enum(_)))
                || table.keys.iter().any(|key| key.columns.contains(at))
        };
        let free: Vec<usize> = known.iter().copied().filter(|at| !short(at)).collect();
        let predicate = index.predicate.as_ref().map(|predicate| predicate.sql.clone());
        let predicate = predicate.filter(|sql| checks::partial::kept_out(sql, &table.columns, 0).is_some());
        let all = known.len() == places.len();
        match (predicate, free.first()) {
            // An expression may make one of two: one column must do it alone.
            (_, Some(one)) if !all => table.uniques.push((index.name.clone(), vec![*one])),
            (_, Some(_)) => table.uniques.push((index.name.clone(), known)),
            (Some(predicate), None) => {
                table.specials.push(Special { name: index.name.clone(), columns: known, predicate });
            }
            (None, None) if all && index.predicate.is_none() => {
                table.uniques.push((index.name.clone(), known))
            }
            (None, None) => {
                let name = Name::new(index.name.as_str());
                table.unread.push(message!("the index `{}` of {}", name, table.facts.name));
            }
        }
    }
}

fn exclusions(table: &mut Planned) {
    let facts = Arc::clone(&table.facts);
    // WITHOUT OVERLAPS: the last column of the key.
    for unique in facts.uniques.iter().filter(|unique| unique.expression && !is_partial(&facts, unique)) {
        table.exclusions.extend(slots::without_overlaps(&unique.columns, &table.columns));
    }
    for exclusion in &facts.exclusions {
        match slots::read(exclusion, &table.columns) {
            slots::Read::Places(places) => table.exclusions.push(places),
            slots::Read::Unique(columns) => table.uniques.push((exclusion.name.clone(), columns)),
            slots::Read::Other => {
                let name = Name::new(exclusion.name.as_str());
                table.unread.push(message!("the exclusion constraint `{}` of {}", name, table.facts.name));
            }
        }
    }
}

/// Returns the partitions of a table, and theirs.
fn partitions(facts: &Facts, root: &TableName) -> Vec<Arc<TableFacts>> {
    let mut found: Vec<Arc<TableFacts>> = Vec::new();
    let mut next = vec![root.clone()];
    while let Some(parent) = next.pop() {
        for part in facts.tables().iter().filter(|t| t.partition && t.parents.first() == Some(&parent)) {
            next.push(part.name.clone());
            found.push(Arc::new(part.clone()));
        }
    }
    found
}

fn resolve(
    facts: &Facts,
    tables: &[Planned],
    names: &HashMap<&TableName, usize>,
    at: usize,
    key: &ForeignKey,
    declared: bool,
) -> Result<Reference> {
    let table = tables.get(at).ok_or_else(|| Error::bug("a table without a plan"))?;
    let failed = |what: &'static str| {
        let name: String = if key.name.is_empty() { key.columns.join(", ") } else { key.name.clone() };
        Error::input(message!(
            "the foreign key `{}` of {} {}",
            Name::new(name.as_str()),
            table.facts.name,
            Message::from(what)
        ))
        .at(|at| at.line = Some(table.facts.line).filter(|line| *line > 0))
    };
    // A key to a partition is a key to its root.
    let mut target = &key.target;
    while let Some(root) = facts.table(target).filter(|t| t.partition).and_then(|t| t.parents.first()) {
        target = root;
    }
    let found = names.get(target).copied();
    let Some((place, to)) = found.and_then(|place| Some((place, tables.get(place)?))) else {
        return Err(failed("points to a table that the schema does not define").hint("give the whole schema"));
    };
    let mine: Option<Vec<usize>> = key.columns.iter().map(|name| table.place(name)).collect();
    let theirs: Option<Vec<usize>> = if key.target_columns.is_empty() {
        to.facts
            .uniques
            .iter()
            .find(|u| u.primary)
            .and_then(|u| u.columns.iter().map(|name| to.place(name)).collect())
    } else {
        key.target_columns.iter().map(|name| to.place(name)).collect()
    };
    match (mine, theirs) {
        (Some(columns), Some(keys)) if columns.len() == keys.len() && !columns.is_empty() => {
            Ok(Reference { name: key.name.clone(), columns, target: place, keys, declared })
        }
        _ => Err(failed("names columns that are not there, or are computed")),
    }
}
