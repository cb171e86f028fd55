//! Joins by values alone: a column nearly all of whose values stand in a unique column, more than chance explains.

use std::collections::{BTreeSet, HashMap};

use super::{Column, MANY, Schema};
use crate::discover::sketch::{Contained, Sketch};

/// A column of fewer distinct values says nothing.
const DISTINCT: u64 = 50;
/// So many of them must be compared.
const COMPARED: usize = 30;
/// Share of the compared ones that must be there, in percent.
const SHARE: usize = 98;
/// Whole numbers of which more than one in so many stands in the other column are there by chance.
const SPARSE: u128 = 20;
/// Hashes of a unique column by which it is found.
const POSTED: usize = 128;
/// Hashes of a column that must lead to the same unique column before the two are compared.
const LEADS: u32 = 4;

/// Finds joins of columns that are not taken, with the share of values in percent.
pub(super) fn find(schema: &Schema<'_>, taken: &BTreeSet<Column>) -> Vec<(Column, Column, u32)> {
    let columns = || {
        let tables = schema.tables.iter().enumerate();
        tables.flat_map(|(table, seen)| (0..seen.columns.len()).map(move |place| (table, place)))
    };
    let mut posted: Vec<(u64, Column)> = Vec::new();
    for column in columns() {
        let Some(sketch) = schema.sketch(column).filter(|sketch| sketch.distinct() >= DISTINCT) else {
            continue;
        };
        if schema.is_unique(column) {
            posted.extend(sketch.hashes().iter().take(POSTED).map(|hash| (*hash, column)));
        }
    }
    posted.sort_unstable();
    let mut found: Vec<(Column, Column, u32)> = Vec::new();
    let mut made: BTreeSet<(Column, Column)> = BTreeSet::new();
    for from in columns().filter(|column| !taken.contains(column)) {
        let Some(sketch) = schema.sketch(from).filter(|sketch| sketch.distinct() >= DISTINCT) else {
            continue;
        };
        let best = leads(sketch, &posted)
            .into_iter()
            .filter(|to| to.0 != from.0 && schema.types_agree(from, *to))
            .filter_map(|to| judge(schema, from, to).map(|(shared, distinct)| (shared, distinct, to)))
            .filter(|(_, _, to)| !made.contains(&(*to, from)))
            // The one with the fewest other values fits best.
            .min_by_key(|(shared, distinct, to)| (std::cmp::Reverse(shared.percent()), *distinct, *to));
        if let Some((shared, _, to)) = best {
            made.insert((from, to));
            found.push((from, to, shared.percent()));
        }
    }
    found
}

/// Returns the unique columns that have several of a column's smallest hashes, in order.
fn leads(sketch: &Sketch, posted: &[(u64, Column)]) -> Vec<Column> {
    let mut counts: HashMap<Column, u32> = HashMap::new();
    for hash in sketch.hashes().iter().take(POSTED) {
        let start = posted.partition_point(|(known, _)| known < hash);
        let same = posted.get(start..).unwrap_or_default();
        let same = same.get(..same.partition_point(|(known, _)| known == hash)).unwrap_or_default();
        // A value that is everywhere leads nowhere.
        for (_, column) in same.iter().filter(|_| same.len() <= MANY) {
            *counts.entry(*column).or_default() += 1;
        }
    }
    let mut columns: Vec<Column> = counts.into_iter().filter(|(_, n)| *n >= LEADS).map(|(c, _)| c).collect();
    columns.sort_unstable();
    columns
}

/// Returns how much of a column stands in another and how many values that has, if it is a join.
fn judge(schema: &Schema<'_>, from: Column, to: Column) -> Option<(Contained, u64)> {
    let (source, target) = (schema.sketch(from)?, schema.sketch(to)?);
    // Of two unique columns the one with fewer values points to the other, or the later one.
    let order = (source.distinct(), std::cmp::Reverse(from)) < (target.distinct(), std::cmp::Reverse(to));
    if schema.is_unique(from) && !order {
        return None;
    }
    let shared = source.within(target);
    if shared.of < COMPARED || shared.hits * 100 < shared.of * SHARE || by_chance(source, target) {
        return None;
    }
    Some((shared, target.distinct()))
}

/// Says whether whole numbers lie so close that any others of that size would be there too: on either side, as what is
/// numbered from 1 stands in all that is numbered from 1. A name or a foreign key must say more.
fn by_chance(source: &Sketch, target: &Sketch) -> bool {
    let close = |sketch: &Sketch| {
        let (low, high) = sketch.range()?;
        Some(u128::from(sketch.distinct()) * SPARSE > u128::from(high.abs_diff(low)) + 1)
    };
    match (close(source), close(target)) {
        (Some(source_is), Some(target_is)) => source_is || target_is || source.lies_close(target, SPARSE),
        _ => false,
    }
}
