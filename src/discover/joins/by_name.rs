//! Joins by name: a column that is called after a table, or as the unique column of one. Values, where both sides have
//! some, must agree. Refuses to choose between tables that fit equally well where no value says which.

use std::collections::{BTreeSet, HashMap};

use super::{Column, MANY, Schema, Stems};
use crate::discover::sketch::Contained;

/// So many distinct values are needed before their share counts.
const ENOUGH: usize = 5;
/// Where nothing but an equal name speaks for a join, so many must agree.
const SURE: usize = 20;

/// Names that tables share without meaning the same.
const COMMON: &[&str] = &[
    "id",
    "nr",
    "no",
    "num",
    "number",
    "nummer",
    "code",
    "key",
    "uuid",
    "guid",
    "name",
    "naam",
    "nom",
    "label",
    "title",
    "titel",
    "type",
    "status",
    "value",
    "position",
    "sort",
    "sort_order",
    "rank",
    "version",
    "rowid",
    "seq",
    "slug",
    "hash",
    "token",
    "ref",
    "reference",
    "line",
    "line_number",
    "date",
    "year",
    "path",
    "url",
];

/// Finds joins of columns that are not taken.
pub(super) fn find(
    schema: &Schema<'_>,
    stems: &dyn Stems,
    taken: &BTreeSet<Column>,
) -> Vec<(Column, Column)> {
    let named = Named::new(schema, stems);
    let mut found: Vec<(Column, Column)> = Vec::new();
    let mut made: BTreeSet<(Column, Column)> = BTreeSet::new();
    for (table, seen) in schema.tables.iter().enumerate() {
        for (place, column) in seen.columns.iter().enumerate() {
            let from = (table, place);
            if taken.contains(&from) {
                continue;
            }
            let pointed = stems.column(seen.name, &column.name).filter(|words| !words.is_empty());
            let to = pointed.and_then(|words| named.pointed(from, &words)).or_else(|| named.equal(from));
            if let Some(to) = to.filter(|to| !made.contains(&(*to, from))) {
                made.insert((from, to));
                found.push((from, to));
            }
        }
    }
    found
}

/// Tables and unique columns by name.
struct Named<'s, 'a> {
    schema: &'s Schema<'a>,
    /// The last words of each table's stem, all of them first: the tables, and how many words stand before.
    tables: HashMap<Vec<String>, Vec<(usize, usize)>>,
    stems: Vec<Vec<String>>,
    /// Unique columns whose name is no common one.
    unique: HashMap<String, Vec<Column>>,
}

/// What values say to a join.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Values {
    /// They speak against it.
    Against,
    /// There are none, or too few.
    Silent,
    /// They agree: the share in percent.
    Agree(u32),
}

impl<'s, 'a> Named<'s, 'a> {
    fn new(schema: &'s Schema<'a>, words: &dyn Stems) -> Self {
        let stems: Vec<Vec<String>> = schema.tables.iter().map(|table| words.table(table.name)).collect();
        let mut tables: HashMap<Vec<String>, Vec<(usize, usize)>> = HashMap::new();
        for (table, stem) in stems.iter().enumerate() {
            for before in 0..stem.len() {
                let end = stem.get(before..).unwrap_or_default().to_vec();
                tables.entry(end).or_default().push((table, before));
            }
        }
        let mut unique: HashMap<String, Vec<Column>> = HashMap::new();
        for (table, seen) in schema.tables.iter().enumerate() {
            for (place, column) in seen.columns.iter().enumerate() {
                let name = column.name.to_lowercase();
                if !COMMON.contains(&name.as_str()) && schema.is_unique((table, place)) {
                    unique.entry(name).or_default().push((table, place));
                }
            }
        }
        Self { schema, tables, stems, unique }
    }

    /// Returns the key of the table that a column is called after.
    fn pointed(&self, from: Column, words: &[String]) -> Option<Column> {
        // `billing_address_id` points to `billing_addresses`, failing that to `addresses`.
        for before in 0..words.len() {
            let end = words.get(before..)?;
            // A key of its own table that is named in full.
            if self.stems.get(from.0).is_some_and(|own| own == end) {
                return None;
            }
            let Some(tables) = self.tables.get(end) else { continue };
            let others = || tables.iter().filter(|(table, _)| *table != from.0);
            let Some(fewest) = others().map(|(_, before)| before).min() else { continue };
            let nearest = || others().filter(|(_, before)| before == fewest);
            if nearest().count() > MANY {
                return None;
            }
            let mut best: Vec<(Values, Column)> =
                nearest().filter_map(|(table, _)| self.key(from, *table)).collect();
            best.sort_by_key(|(values, _)| std::cmp::Reverse(*values));
            return match best.as_slice() {
                [(_, only)] => Some(*only),
                [(first, to), (second, _), ..] if first > second => Some(*to),
                // The same table in two schemas, or a copy beside it: the one of the own schema.
                [(first, _), ..] => {
                    let own = |to: &Column| self.schema_of(to.0) == self.schema_of(from.0);
                    let mut equal = best.iter().filter(|(values, to)| values == first && own(to));
                    equal.next().filter(|_| equal.next().is_none()).map(|(_, to)| *to)
                }
                [] => None,
            };
        }
        None
    }

    fn schema_of(&self, table: usize) -> Option<(&str, Option<&str>)> {
        let name = self.schema.tables.get(table)?.name;
        Some((name.database.as_deref().unwrap_or_default(), name.own_schema()))
    }

    /// Returns the column of a table that another one's column may hold the values of, and what values say to it.
    fn key(&self, from: Column, table: usize) -> Option<(Values, Column)> {
        let seen = self.schema.tables.get(table)?;
        let name = self.schema.column(from)?.name.to_lowercase();
        let mut best: Option<(Values, u8, Column)> = None;
        for (place, column) in seen.columns.iter().enumerate() {
            let to = (table, place);
            if !self.schema.types_agree(from, to) {
                continue;
            }
            let own = column.name.to_lowercase();
            let declared = self.schema.declared(to);
            let bare = seen.facts.is_none_or(|facts| facts.uniques.is_empty()) && own == "id";
            if !bare && !self.schema.is_unique(to) {
                continue;
            }
            let rank = match declared {
                _ if own == name => 3,
                Some(true) => 2,
                _ if COMMON.contains(&own.as_str()) => 1,
                _ => 0,
            };
            let values = self.values(from, to);
            if values != Values::Against && best.is_none_or(|(_, known, _)| rank > known) {
                best = Some((values, rank, to));
            }
        }
        best.map(|(values, _, to)| (values, to))
    }

    /// Returns the unique column that is called the same.
    fn equal(&self, from: Column) -> Option<Column> {
        let name = self.schema.column(from)?.name.to_lowercase();
        let others = self.unique.get(&name).filter(|columns| columns.len() <= MANY)?;
        let others = others.iter().copied().filter(|to| to.0 != from.0);
        let mut best: Option<((u32, bool), Column)> = None;
        for to in others.filter(|to| self.schema.types_agree(from, *to) && self.leads(from, *to)) {
            let Some(Contained { hits, of }) = self.schema.within(from, to) else { continue };
            if of < SURE || self.values(from, to) == Values::Against {
                continue;
            }
            let rank = (Contained { hits, of }.percent(), self.schema.declared(to).is_some());
            if best.is_none_or(|(known, _)| rank > known) {
                best = Some((rank, to));
            }
        }
        best.map(|(_, to)| to)
    }

    /// Says whether of two unique columns this one points to the other: the one with fewer values, the later one.
    fn leads(&self, from: Column, to: Column) -> bool {
        if !self.schema.is_unique(from) {
            return true;
        }
        let distinct = |column| self.schema.sketch(column).map_or(0, super::Sketch::distinct);
        match distinct(from).cmp(&distinct(to)) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => from > to,
            std::cmp::Ordering::Greater => false,
        }
    }

    fn values(&self, from: Column, to: Column) -> Values {
        let Some(shared) = self.schema.within(from, to) else { return Values::Silent };
        let Contained { hits, of } = shared;
        if of >= ENOUGH {
            // One value may stand for nobody.
            return if (hits + 1) * 10 >= of * 9 { Values::Agree(shared.percent()) } else { Values::Against };
        }
        let range = |column| self.schema.sketch(column).and_then(super::Sketch::range);
        match (range(from), range(to)) {
            (Some(from), Some(to)) if from.0 >= to.0.min(-1) && from.1 <= to.1 => Values::Silent,
            (Some(_), Some(_)) => Values::Against,
            _ if hits == of => Values::Silent,
            _ => Values::Against,
        }
    }
}
