//! Which columns hold the keys of others: foreign keys that the schema declares, those that names suggest and values do not
//! contradict, and those that values alone show.
//!
//! Values are compared by sketches, never seen. What chance explains as well is no join: small whole numbers without
//! gaps stand in every other such column.

mod by_name;
mod by_values;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use super::findings::{Join, JoinKnown};
use super::sketch::{Contained, Sketch};
use super::walk::WalkedTable;
use crate::row::shape::{ColumnFacts, Facts, TableFacts, TableName, TypeClass};

/// What names say, in words of the singular: `customer_id` and `customers` are both `customer`.
pub trait Stems {
    /// Returns what the rows of a table are; empty where its name says nothing.
    fn table(&self, table: &TableName) -> Vec<String>;

    /// Returns what the name of a key points to; `None` where it is none of a key of something else.
    fn column(&self, table: &TableName, column: &str) -> Option<Vec<String>>;
}

/// Finds the joins: those of a foreign key, then those of one column each, by table and column; a column has one at most.
#[must_use]
pub fn find<M>(facts: &Facts, tables: &[WalkedTable<M>], stems: &dyn Stems) -> Vec<Join> {
    let schema = Schema::new(facts, tables);
    let mut joins = declared(facts);
    let mut taken: BTreeSet<Column> = BTreeSet::new();
    for join in &joins {
        if let ([column], Some(table)) = (join.columns.as_slice(), schema.index.get(&join.from))
            && let Some(place) = schema.place(*table, column)
        {
            taken.insert((*table, place));
        }
    }
    for (from, to) in by_name::find(&schema, stems, &taken) {
        taken.insert(from);
        joins.extend(schema.join(from, to, JoinKnown::Name));
    }
    for (from, to, percent) in by_values::find(&schema, &taken) {
        joins.extend(schema.join(from, to, JoinKnown::Values(percent)));
    }
    joins
}

/// Tables or columns that fit equally well, above which a name or a value says nothing of any of them: the work for a
/// schema of thousands of tables stays that of its columns.
const MANY: usize = 32;

/// A column: its table's place in the list and its own in the table.
type Column = (usize, usize);

/// Returns the foreign keys.
fn declared(facts: &Facts) -> Vec<Join> {
    let mut joins = Vec::new();
    for table in facts.tables() {
        let before = joins.len();
        for key in &table.foreign_keys {
            let primary = || {
                let target = facts.table(&key.target)?;
                target.uniques.iter().find(|unique| unique.primary).map(|unique| unique.columns.clone())
            };
            let given = Some(key.target_columns.clone()).filter(|columns| !columns.is_empty());
            let Some(target) = given.or_else(primary) else { continue };
            let join = Join {
                from: table.name.clone(),
                columns: key.columns.clone(),
                to: key.target.clone(),
                target,
                known: JoinKnown::Declared,
            };
            if !joins.iter().skip(before).any(|known| *known == join) {
                joins.push(join);
            }
        }
    }
    joins
}

/// One table as joins see it.
struct Seen<'a> {
    name: &'a TableName,
    columns: &'a [ColumnFacts],
    sketches: &'a [Option<Sketch>],
    rows: Option<u64>,
    facts: Option<&'a TableFacts>,
}

/// All tables.
struct Schema<'a> {
    tables: Vec<Seen<'a>>,
    index: HashMap<TableName, usize>,
}

impl<'a> Schema<'a> {
    fn new<M>(facts: &'a Facts, tables: &'a [WalkedTable<M>]) -> Self {
        let seen = |table: &'a WalkedTable<M>| Seen {
            name: &table.name,
            columns: &table.columns,
            sketches: &table.sketches,
            rows: table.rows,
            facts: facts.table(&table.name),
        };
        Self {
            index: tables.iter().enumerate().map(|(at, table)| (table.name.clone(), at)).collect(),
            tables: tables.iter().map(seen).collect(),
        }
    }

    fn place(&self, table: usize, column: &str) -> Option<usize> {
        self.tables.get(table)?.columns.iter().position(|c| c.name == column)
    }

    fn column(&self, (table, place): Column) -> Option<&'a ColumnFacts> {
        self.tables.get(table)?.columns.get(place)
    }

    fn sketch(&self, (table, place): Column) -> Option<&'a Sketch> {
        self.tables.get(table)?.sketches.get(place)?.as_ref().filter(|sketch| sketch.values() > 0)
    }

    fn join(&self, from: Column, to: Column, known: JoinKnown) -> Option<Join> {
        Some(Join {
            from: self.tables.get(from.0)?.name.clone(),
            columns: vec![self.column(from)?.name.clone()],
            to: self.tables.get(to.0)?.name.clone(),
            target: vec![self.column(to)?.name.clone()],
            known,
        })
    }

    /// Says whether a key of this one column is declared, and whether it is the primary one.
    fn declared(&self, column: Column) -> Option<bool> {
        let name = &self.column(column)?.name;
        let uniques = &self.tables.get(column.0)?.facts?.uniques;
        let alone = |u: &&crate::row::shape::Unique| !u.expression && u.columns == [name.as_str()];
        let found: Vec<bool> = uniques.iter().filter(alone).map(|unique| unique.primary).collect();
        (!found.is_empty()).then(|| found.contains(&true))
    }

    /// Says whether every row of a table has another value in a column: by the schema, or as far as its sketch tells.
    fn is_unique(&self, column: Column) -> bool {
        if self.declared(column).is_some() {
            return true;
        }
        let rows = self.tables.get(column.0).and_then(|table| table.rows);
        let (Some(sketch), Some(rows)) = (self.sketch(column), rows) else { return false };
        // An estimate is off by a few percent.
        let distinct = sketch.distinct();
        let all = if sketch.is_exact() { distinct == rows } else { distinct >= rows / 10 * 9 };
        sketch.values() == rows && rows > 1 && all
    }

    /// Says whether values of one column can stand in the other.
    fn types_agree(&self, a: Column, b: Column) -> bool {
        let (Some(a), Some(b)) = (self.column(a), self.column(b)) else { return false };
        let kind = |class: &TypeClass| match class {
            TypeClass::Unknown => Some(0),
            TypeClass::Numeric { .. } => Some(1),
            class if class.is_integer() => Some(1),
            class if class.is_text() => Some(2),
            TypeClass::Uuid => Some(3),
            TypeClass::Bytes => Some(4),
            _ => None,
        };
        match (kind(&a.ty.class), kind(&b.ty.class)) {
            (Some(a), Some(b)) => a == b || a == 0 || b == 0,
            _ => false,
        }
    }

    /// Compares the values of two columns, where both were seen.
    fn within(&self, a: Column, b: Column) -> Option<Contained> {
        Some(self.sketch(a)?.within(self.sketch(b)?))
    }
}
