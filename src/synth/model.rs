//! What is made: the tables with their rows, and for every column who decides it. Built by `keys`, read by `maker`.

use std::sync::Arc;

use super::checks::Test;
use super::content::edges::Odd;
use super::content::{Distinct, Generator};
use super::link::Link;
use super::order::Order;
use super::seed::{Seed, Stream};
use super::totals::Total;
use crate::row::shape::{Shape, TableFacts, TableName};

/// All tables, in the order of the schema.
pub struct Model {
    /// The tables.
    pub tables: Vec<Table>,
    /// Where all numbers come from.
    pub seed: Seed,
    /// Constraints that could not be read: rows may break them.
    pub unread: Vec<crate::error::Message>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<model of {} tables>", self.tables.len())
    }
}

impl Model {
    /// Finds a table: by its whole name, else by the name without schema where one has it.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        find(self.tables.iter().map(|table| &table.name), name)
    }
}

/// Finds a table by what the user wrote: `schema.table`, or `table` where one is so called.
pub fn find<'n>(names: impl Iterator<Item = &'n TableName> + Clone, wanted: &str) -> Option<usize> {
    let whole = |name: &TableName| match &name.schema {
        Some(schema) => format!("{schema}.{}", name.table),
        None => name.table.clone(),
    };
    let exact = names.clone().position(|name| whole(name) == wanted);
    exact.or_else(|| {
        let mut bare = names.enumerate().filter(|(_, name)| name.table == wanted);
        let first = bare.next().map(|(at, _)| at);
        first.filter(|_| bare.next().is_none())
    })
}

/// Puts 0..n in an order in which each comes behind those that it waits for; of a ring one goes first. `waits` is asked
/// whether one waits for any of those that are left.
pub fn needed_first(n: usize, waits: impl Fn(usize, &[usize]) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    let mut left: Vec<usize> = (0..n).collect();
    while !left.is_empty() {
        let (later, mut now): (Vec<usize>, Vec<usize>) = left.iter().partition(|at| waits(**at, &left));
        if now.is_empty() {
            let first = in_ring(&left, &waits);
            order.extend(first);
            left.retain(|at| Some(*at) != first);
        } else {
            order.append(&mut now);
            left = later;
        }
    }
    order
}

/// Returns one of those that wait for each other in a ring, not one that only waits for some of them: each waits for
/// another, so that whoever is followed from one to the next comes round at last.
fn in_ring(left: &[usize], waits: &impl Fn(usize, &[usize]) -> bool) -> Option<usize> {
    let mut way = vec![*left.first()?];
    while let Some(next) = left.iter().find(|at| way.last().is_some_and(|last| waits(*last, &[**at]))) {
        if let Some(round) = way.iter().position(|at| at == next) {
            return way.get(round..)?.iter().min().copied();
        }
        way.push(*next);
    }
    way.last().copied()
}

/// One table.
pub struct Table {
    /// Its name.
    pub name: TableName,
    /// What the schema says of it.
    pub facts: Arc<TableFacts>,
    /// The columns that are written, in their order: generated ones are left out.
    pub shape: Arc<Shape>,
    /// How many rows it gets.
    pub rows: u64,
    /// Its foreign keys.
    pub links: Vec<Link>,
    /// The key that says whose row it is.
    pub owner: Option<usize>,
    /// Who decides each column of `shape`.
    pub roles: Vec<Role>,
    /// In which order the columns of a row are made.
    pub order: Vec<usize>,
    /// What must hold of a row when it is made.
    pub tests: Vec<Test>,
    /// Which rows are odd, where edge data is asked for.
    pub odd: Option<Odd>,
    /// Where the persons of its rows come from.
    pub person: Stream,
}

impl Table {
    /// Returns the columns that are counted, with the last number of each that a row has.
    pub fn counters(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let columns = self.shape.columns.iter().zip(&self.roles).enumerate();
        columns.filter(|_| self.rows > 0).filter_map(|(at, (column, role))| match (column.numbered, role) {
            (true, Role::Numbered { first }) => {
                Some((at, first.unsigned_abs().saturating_add(self.rows - 1)))
            }
            _ => None,
        })
    }
}

/// Who decides a column.
pub enum Role {
    /// The row's number, from a first one on.
    Numbered {
        /// The number of the first row.
        first: i64,
    },
    /// Another value for every row: the place of the row in an order of all values.
    Row {
        /// The order.
        order: Order,
        /// The values.
        values: Box<dyn Distinct>,
    },
    /// Another value for every child of one parent: the place of its position.
    Position {
        /// Of which link.
        link: usize,
        /// What the order of a parent's values comes from; `None` = as they stand, so that the first is the first.
        stream: Option<Stream>,
        /// The values.
        values: Box<dyn Distinct>,
    },
    /// A digit of the row's number, written with as many values as the columns of a unique key have.
    Digit {
        /// The order of all combinations.
        order: Order,
        /// Combinations of the columns before it.
        divide: u64,
        /// The values.
        values: Box<dyn Distinct>,
    },
    /// The key of the row that a link leads to.
    Link {
        /// Which.
        link: usize,
        /// The column there.
        key: usize,
    },
    /// A draw.
    Value {
        /// Makes it.
        generator: Box<dyn Generator>,
        /// How often it is NULL, in parts of a million.
        nulls: u32,
        /// What its draws come from.
        stream: Stream,
        /// The link to whose row's person it tells of; `None` = the row's own.
        person: Option<usize>,
    },
    /// The sum over the rows that the row owns.
    Total(Total),
    /// Nothing: NULL, always.
    Null,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_ring_one_of_its_own_goes_first() {
        // 0 waits for the ring of 1 and 2, 3 for nobody.
        let waits = |at: usize, left: &[usize]| {
            let of: &[usize] = match at {
                0 => &[1],
                1 => &[2],
                2 => &[1],
                _ => &[],
            };
            of.iter().any(|of| left.contains(of))
        };
        assert_eq!(needed_first(4, waits), [3, 1, 0, 2]);
    }
}
