//! Tables that repeat the rows of others: histories, audits, grids, flat and archived copies, old ones left behind.
//!
//! A copy has most of the columns of the table it is of, and a name that says so, or the same keys. Says which table to
//! follow (`like`), and refuses to follow what has only columns in common: those are in every table.

use std::collections::{BTreeMap, HashMap};

use super::sketch::Sketch;
use super::walk::WalkedTable;
use crate::row::shape::{ColumnFacts, TableName, TypeClass};

/// Words that a copy's name has more than the original's.
const WORDS: &[&str] = &[
    "history",
    "hist",
    "historie",
    "historique",
    "audit",
    "aud",
    "log",
    "logs",
    "old",
    "oud",
    "alt",
    "ancien",
    "bak",
    "bck",
    "backup",
    "back",
    "archive",
    "archived",
    "archief",
    "archiv",
    "arch",
    "copy",
    "kopie",
    "copie",
    "clone",
    "grid",
    "flat",
    "index",
    "idx",
    "v",
    "vw",
    "view",
    "mv",
    "tmp",
    "temp",
    "staging",
    "stage",
    "stg",
    "snapshot",
    "snap",
    "revision",
    "revisions",
    "rev",
    "version",
    "versions",
    "deleted",
    "trash",
    "zz",
    "zzz",
    "xx",
    "x",
    "h",
    "orig",
    "original",
    "save",
    "saved",
    "test",
    "import",
    "export",
    "sync",
    "mirror",
    "replica",
    "shadow",
    "dump",
    "cache",
    "bu",
    "prev",
    "previous",
    "obsolete",
    "deprecated",
    "legacy",
    "dwh",
    "report",
    "overview",
    "overzicht",
];

/// So many of the other table's columns a copy has, in percent.
const COVERED: usize = 60;
/// A table of fewer columns is no original.
const COLUMNS: usize = 3;
/// Values of keys that must be compared where the name says nothing, and the share that must be there, in percent.
const KEYS: (usize, u32) = (30, 90);
/// More tables than this have a column of a name that says nothing of them.
const COMMON: usize = 40;

/// Returns for each table the place of the one that it is a copy of.
#[must_use]
pub fn find<M>(tables: &[WalkedTable<M>]) -> Vec<Option<usize>> {
    let names: Vec<Vec<String>> = tables.iter().map(|table| words(&table.name.table)).collect();
    let mut by_name: HashMap<(&Option<String>, Vec<String>), Vec<usize>> = HashMap::new();
    for (at, (table, name)) in tables.iter().zip(&names).enumerate() {
        by_name.entry((&table.name.database, bare(name))).or_default().push(at);
    }
    let mut holders: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, table) in tables.iter().enumerate() {
        for column in &table.columns {
            holders.entry(column.name.to_lowercase()).or_default().push(at);
        }
    }
    let mut found: Vec<Option<usize>> = vec![None; tables.len()];
    for (at, (table, name)) in tables.iter().zip(&names).enumerate() {
        let same = by_name.get(&(&table.name.database, bare(name))).map_or(&[][..], Vec::as_slice);
        // The shortest name is the original's.
        let shorter = same.iter().copied().filter(|other| {
            names.get(*other).is_some_and(|theirs| extends(name, theirs))
                && tables.get(*other).is_some_and(|other| covers(table, other))
        });
        let named = shorter.min_by_key(|other| (names.get(*other).map_or(0, Vec::len), *other));
        let of = named
            .or_else(|| by_keys(tables, at, &holders).filter(|other| found.get(*other) != Some(&Some(at))));
        if let Some(place) = found.get_mut(at) {
            *place = of;
        }
    }
    found
}

/// Returns the lower-case words of a name: cut at separators, humps and digits.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let cut = !before.is_alphanumeric()
            || (before.is_lowercase() && c.is_uppercase())
            || before.is_numeric() != c.is_numeric();
        if c.is_alphanumeric() {
            match words.last_mut().filter(|_| !cut) {
                Some(word) => word.extend(c.to_lowercase()),
                None => words.push(c.to_lowercase().collect()),
            }
        }
        before = c;
    }
    words
}

fn is_extra(word: &str) -> bool {
    WORDS.contains(&word) || word.bytes().all(|b| b.is_ascii_digit())
}

/// Returns a name's words without those that copies have more, in the singular; all of them if none would be left.
fn bare(words: &[String]) -> Vec<String> {
    let singular = |word: &String| word.strip_suffix('s').filter(|w| w.len() > 2).unwrap_or(word).to_owned();
    let left: Vec<String> = words.iter().filter(|word| !is_extra(word)).map(singular).collect();
    if left.is_empty() { words.iter().map(singular).collect() } else { left }
}

/// Says whether a name is another one with words before or behind it that copies have.
fn extends(name: &[String], other: &[String]) -> bool {
    let extra = |words: &[String]| words.iter().filter(|word| is_extra(word)).count();
    name.len() > other.len() && extra(name) > extra(other)
}

/// Says whether a table has most of the columns of another.
fn covers<M>(table: &WalkedTable<M>, of: &WalkedTable<M>) -> bool {
    let own: BTreeMap<String, &ColumnFacts> =
        table.columns.iter().map(|column| (column.name.to_lowercase(), column)).collect();
    let alike = |column: &&ColumnFacts| {
        own.get(&column.name.to_lowercase()).is_some_and(|own| agree(&own.ty.class, &column.ty.class))
    };
    let shared = of.columns.iter().filter(alike).count();
    of.columns.len() >= COLUMNS && shared * 100 >= of.columns.len() * COVERED
}

fn agree(a: &TypeClass, b: &TypeClass) -> bool {
    let number = |class: &TypeClass| class.is_integer() || matches!(class, TypeClass::Numeric { .. });
    let unknown = matches!(a, TypeClass::Unknown) || matches!(b, TypeClass::Unknown);
    // A history may say less of what it takes: text for an enumeration, a wider number.
    unknown
        || std::mem::discriminant(a) == std::mem::discriminant(b)
        || a.is_text()
        || (number(a) && number(b))
}

/// Returns the table of which one has most columns and nearly all values of a key that is unique there: a view that was
/// written down under a name of its own.
fn by_keys<M>(tables: &[WalkedTable<M>], at: usize, holders: &HashMap<String, Vec<usize>>) -> Option<usize> {
    let table = tables.get(at)?;
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for column in &table.columns {
        let holders = holders.get(&column.name.to_lowercase()).filter(|holders| holders.len() <= COMMON);
        for other in holders.into_iter().flatten().filter(|other| **other != at) {
            *counts.entry(*other).or_default() += 1;
        }
    }
    let shares_keys = |other: &WalkedTable<M>| {
        other.columns.iter().zip(&other.sketches).any(|(column, sketch)| {
            let place = table.columns.iter().position(|own| own.name.eq_ignore_ascii_case(&column.name));
            let own = place.and_then(|place| table.sketches.get(place)).and_then(Option::as_ref);
            let (Some(own), Some(theirs)) = (own, sketch.as_ref()) else { return false };
            let shared = own.within(theirs);
            shared.of >= KEYS.0 && shared.percent() >= KEYS.1 && is_key(theirs, other.rows) && !dense(theirs)
        })
    };
    let fits = |other: usize| {
        let them = tables.get(other)?;
        // Of two that repeat each other the one with fewer columns, then the earlier one, is the original.
        let order = (them.columns.len(), other) < (table.columns.len(), at);
        (order && covers(table, them) && shares_keys(them)).then_some(other)
    };
    counts.into_iter().filter(|(_, shared)| *shared >= COLUMNS).find_map(|(other, _)| fits(other))
}

fn is_key(sketch: &Sketch, rows: Option<u64>) -> bool {
    rows.is_some_and(|rows| sketch.values() == rows && sketch.distinct() >= rows / 10 * 9)
}

/// Whole numbers without gaps stand in every such column.
fn dense(sketch: &Sketch) -> bool {
    sketch.range().is_some_and(|(low, high)| sketch.distinct().saturating_mul(2) > high.abs_diff(low))
}

/// Returns the name of the table that one is a copy of, by what `find` found.
#[must_use]
pub fn original<'a, M>(
    tables: &'a [WalkedTable<M>],
    found: &[Option<usize>],
    at: usize,
) -> Option<&'a TableName> {
    let of = found.get(at).copied().flatten()?;
    tables.get(of).map(|table| &table.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::shape::ColumnType;

    fn table(name: &str, columns: &str, keys: Option<Sketch>) -> WalkedTable<()> {
        let column = |name: &str| ColumnFacts {
            name: name.to_owned(),
            ty: ColumnType::unknown(),
            not_null: false,
            generated: false,
            literal_default: false,
            numbered: false,
        };
        let columns: Vec<ColumnFacts> = columns.split(' ').map(column).collect();
        let mut sketches: Vec<Option<Sketch>> = columns.iter().map(|_| None).collect();
        let rows = keys.as_ref().map(Sketch::values);
        sketches[0] = keys;
        let name = TableName::new(None, name);
        let (measures, quasi) = (Vec::new(), None);
        WalkedTable { name, columns, trusted_names: true, rows, sampled: 0, measures, sketches, quasi }
    }

    fn keys(range: std::ops::Range<u64>) -> Option<Sketch> {
        let mut sketch = Sketch::new(1024);
        range.for_each(|n| {
            sketch.add(format!("k{n}").as_bytes());
        });
        sketch.finish();
        Some(sketch)
    }

    fn shown(tables: &[WalkedTable<()>]) -> Vec<(&str, &str)> {
        let found = find(tables);
        let of = |at: usize| original(tables, &found, at).map(|name| name.table.as_str());
        tables.iter().enumerate().filter_map(|(at, t)| Some((t.name.table.as_str(), of(at)?))).collect()
    }

    #[test]
    fn names_that_extend_another_are_copies_if_the_columns_are_there() {
        let all = "id name mail city";
        let tables = [
            table("customers", all, None),
            table("customers_history", "history_id id name mail city changed_by", None),
            table("CustomerAudit", all, None),
            table("old_customers", "id name mail", None),
            table("customers_2023", all, None),
            table("zz_customers_bak", all, None),
            table("customers_log", "at message level", None),
            table("customer_addresses", all, None),
            table("orders", "id total status", None),
        ];
        assert_eq!(
            shown(&tables),
            [
                ("customers_history", "customers"),
                ("CustomerAudit", "customers"),
                ("old_customers", "customers"),
                ("customers_2023", "customers"),
                ("zz_customers_bak", "customers"),
            ]
        );
    }

    #[test]
    fn keys_say_what_a_name_does_not() {
        let tables = [
            table("customers", "ref name mail city", keys(0..400)),
            table("klantoverzicht", "ref name mail city total", keys(0..400)),
            table("suppliers", "ref name mail city phone", keys(1000..1400)),
        ];
        assert_eq!(shown(&tables), [("klantoverzicht", "customers")]);
    }
}
