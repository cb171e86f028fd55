//! How many rows each table gets: what the user said, and for the rest what follows from the keys.
//!
//! A table whose rows belong to another's gets so many a parent; lists of kinds and states stay short; everything else gets
//! the same number. Refuses counts of tables that are not there.

use super::model::find;
use super::schema::{Planned, Reference};
use crate::error::{Error, Name, Result};
use crate::message;
use crate::profile::model::Count;

/// What the user said of counts.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By table, as written.
    pub tables: Vec<(String, u64)>,
    /// By table's place in the plan, as a profile says.
    pub profile: Vec<Option<Count>>,
    /// Rows of a table that belongs to none and of which nothing is said; 0 = 100.
    pub rows: u64,
}

/// Rows of a table of which nothing is said.
const ROWS: u64 = 100;
/// Rows of a short list.
const FEW: u64 = 8;
/// Children of a parent where nothing is said.
const EACH: u64 = 3;

/// Returns the key to the table of which a profile says how many rows each of its rows gets.
fn per(tables: &[Planned], counts: &Counts, at: usize) -> Option<usize> {
    let Some(Some(Count::Per { table: per, .. })) = counts.profile.get(at) else { return None };
    let target = find(tables.iter().map(|t| &t.facts.name), per)?;
    tables.get(at)?.keys.iter().position(|key| key.target == target && target != at)
}

/// Chooses for each table the key that says whose row it is: what the profile says, else one that must be there, leads to no short list and makes no
/// ring. `None`: it stands for itself.
#[must_use]
pub fn owners(tables: &[Planned], counts: &Counts) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; tables.len()];
    for (at, table) in tables.iter().enumerate() {
        let fits = |key: &&(usize, &Reference)| {
            let target = tables.get(key.1.target);
            key.1.target != at
                && !table.is_optional(key.1)
                && target.is_some_and(|target| !is_list(target, tables))
                && !leads_to(&owners, tables, key.1.target, at)
        };
        let keys: Vec<(usize, &Reference)> = table.keys.iter().enumerate().collect();
        let in_key = |key: &Reference| {
            table.uniques.iter().any(|(_, columns)| {
                columns.len() > key.columns.len() && key.columns.iter().all(|column| columns.contains(column))
                    || columns.len() > 1 && super::keys::tells(tables, key, columns)
            })
        };
        // One that a longer unique key holds first (the order of a line), then the widest, then the first.
        let best = keys.iter().filter(fits).min_by_key(|(place, key)| {
            (!in_key(key), std::cmp::Reverse(key.columns.len()), !key.declared, *place)
        });
        let best = per(tables, counts, at).or(best.map(|(place, _)| *place));
        if let Some(owner) = owners.get_mut(at) {
            *owner = best;
        }
    }
    owners
}

/// Says whether the owners lead from one table to another.
fn leads_to(owners: &[Option<usize>], tables: &[Planned], from: usize, to: usize) -> bool {
    let mut at = from;
    // No way is longer than there are tables.
    for _ in 0..=tables.len() {
        if at == to {
            return true;
        }
        let key = owners.get(at).copied().flatten().and_then(|key| tables.get(at)?.keys.get(key));
        let Some(key) = key else { return false };
        at = key.target;
    }
    true
}

/// Says whether a table is a short list that others choose from: kinds, states, countries.
#[must_use]
pub fn is_list(table: &Planned, tables: &[Planned]) -> bool {
    const WORDS: &[&str] = &[
        "status",
        "state",
        "type",
        "kind",
        "category",
        "categorie",
        "categories",
        "country",
        "countries",
        "land",
        "landen",
        "currency",
        "currencies",
        "valuta",
        "language",
        "languages",
        "taal",
        "talen",
        "role",
        "roles",
        "rol",
        "rollen",
        "group",
        "groups",
        "groep",
        "groepen",
        "soort",
        "soorten",
        "art",
        "arten",
        "pays",
        "statuts",
        "genre",
        "department",
        "departments",
        "afdeling",
        "afdelingen",
        "vat",
        "btw",
        "tax",
        "unit",
        "units",
        "brand",
        "brands",
        "merk",
        "merken",
        "statuses",
        "states",
        "types",
        "kinds",
        "tags",
        "tag",
        "warehouse",
        "warehouses",
    ];
    let name = table.facts.name.table.to_lowercase();
    let words = || name.split(|c: char| !c.is_alphanumeric());
    let called = words().next_back().is_some_and(|word| WORDS.contains(&word));
    let pointed = || {
        tables
            .iter()
            .flat_map(|other| &other.keys)
            .any(|key| tables.get(key.target).is_some_and(|target| target.facts.name == table.facts.name))
    };
    let own = table.keys.iter().any(|key| !table.is_optional(key));
    called && !own && table.columns.len() <= 8 && pointed()
}

/// Says of which tables somebody said how many rows they get.
#[must_use]
pub fn said(tables: &[Planned], counts: &Counts) -> Vec<bool> {
    let mut said: Vec<bool> =
        (0..tables.len()).map(|at| counts.profile.get(at).is_some_and(Option::is_some)).collect();
    for (name, _) in &counts.tables {
        if let Some(place) = find(tables.iter().map(|t| &t.facts.name), name).and_then(|at| said.get_mut(at))
        {
            *place = true;
        }
    }
    said
}

/// Decides on the rows of all tables.
///
/// # Errors
/// A count of a table that is not there.
pub fn decide(tables: &[Planned], owners: &[Option<usize>], counts: &Counts) -> Result<Vec<u64>> {
    let mut said: Vec<Option<u64>> = vec![None; tables.len()];
    for (name, rows) in &counts.tables {
        let Some(at) = find(tables.iter().map(|t| &t.facts.name), name) else {
            return Err(Error::usage(message!(
                "--count names `{}`, which no table of the schema is called",
                Name::new(name.as_str())
            ))
            .hint("write it as the schema does, with its schema where two are called so"));
        };
        if let Some(place) = said.get_mut(at) {
            *place = Some(*rows);
        }
    }
    for (at, count) in counts.profile.iter().enumerate() {
        if let (Some(Count::Rows(rows)), Some(place @ None)) = (count, said.get_mut(at)) {
            *place = Some(*rows);
        }
    }
    let mut rows = Vec::new();
    for at in 0..tables.len() {
        rows.push(rows_of(tables, owners, counts, &said, at, 0));
    }
    Ok(rows)
}

fn rows_of(
    tables: &[Planned],
    owners: &[Option<usize>],
    counts: &Counts,
    said: &[Option<u64>],
    at: usize,
    depth: usize,
) -> u64 {
    if let Some(rows) = said.get(at).copied().flatten() {
        return rows;
    }
    let Some(table) = tables.get(at) else { return 0 };
    let most = most(table);
    if let Some(Some(Count::Per { table: per, thousandths, .. })) = counts.profile.get(at)
        && let Some(target) = find(tables.iter().map(|t| &t.facts.name), per)
        && depth <= tables.len()
    {
        let parents = rows_of(tables, owners, counts, said, target, depth + 1);
        let rows = u128::from(parents) * u128::from(*thousandths) / 1000;
        return u64::try_from(rows).unwrap_or(u64::MAX);
    }
    let base = if counts.rows == 0 { ROWS } else { counts.rows };
    // A key that only one row may hold: as many rows as there are keys.
    let once = table.keys.iter().find(|key| key.target != at && table.is_unique(&key.columns));
    let owner = once.or_else(|| owners.get(at).copied().flatten().and_then(|key| table.keys.get(key)));
    let rows = match owner.filter(|_| depth <= tables.len()) {
        Some(key) => {
            let parents = rows_of(tables, owners, counts, said, key.target, depth + 1);
            if once.is_some() { parents } else { parents.saturating_mul(EACH) }
        }
        None if is_list(table, tables) => FEW,
        None => base,
    };
    rows.min(most)
}

/// Returns how many rows a table of small unique columns can have at all.
fn most(table: &Planned) -> u64 {
    use crate::row::shape::TypeClass as T;
    let values = |at: &usize| match table.columns.get(*at).map(|column| &column.ty.class) {
        Some(T::Boolean) => Some(2),
        Some(T::Enum(labels)) => u64::try_from(labels.len()).ok(),
        Some(T::Char { chars: 1 } | T::Text { max_chars: Some(1) }) => Some(26),
        Some(T::Char { chars: 2 } | T::Text { max_chars: Some(2) }) => Some(26 * 26),
        _ => None,
    };
    let of = |columns: &Vec<usize>| {
        columns.iter().map(values).try_fold(1_u64, |all, n| Some(all.saturating_mul(n?)))
    };
    table.uniques.iter().filter_map(|(_, columns)| of(columns)).min().unwrap_or(u64::MAX)
}
