//! What `discover` found: tables, columns, joins, as the writers take it. Holds names of the schema, counts, shares and
//! classes; never a value. Counts of people below ten are said as `<10`, shares in steps of five points.

use std::fmt;

use super::class::Class;
use crate::row::object::ObjectCounts;
use crate::row::shape::{ColumnType, TableName};

/// All that was found in an input.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The tables in the order of the input.
    pub tables: Vec<FoundTable>,
    /// Columns that hold the keys of others, declared or not.
    pub joins: Vec<Join>,
    /// What is no column and may hold data, by class.
    pub objects: ObjectCounts,
}

/// One table.
#[derive(Clone, Debug)]
pub struct FoundTable {
    /// Its name.
    pub name: TableName,
    /// How many rows it has, where rows were read to their end.
    pub rows: Option<u64>,
    /// How many of them were looked at.
    pub sampled: u64,
    /// The columns of its rows in their order.
    pub columns: Vec<FoundColumn>,
    /// The table whose rows it repeats (history, audit, grid, view).
    pub copy_of: Option<TableName>,
    /// Columns that single out people together, with the share of rows that they make unique, in percent.
    pub quasi: Option<(Vec<String>, u32)>,
}

/// One column.
#[derive(Clone, Debug)]
pub struct FoundColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ColumnType,
    /// What it is; `None` where nothing was found.
    pub class: Option<Class>,
    /// How sure that is, 0 to 1.
    pub confidence: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Paths inside of its values that hold identifiers, as `json`, `php` and `xml` write them, with what stands there.
    pub inside: Vec<(String, Class)>,
}

/// A column whose values are those of another: a foreign key, or what behaves as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The table that points.
    pub from: TableName,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table that is pointed to.
    pub to: TableName,
    /// The columns there.
    pub target: Vec<String>,
    /// How it is known.
    pub known: JoinKnown,
}

/// How a join is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKnown {
    /// A foreign key.
    Declared,
    /// The name says so, and the values (where there are any) agree.
    Name,
    /// The share of its values that stand in the other column, in percent, by sketches.
    Values(u32),
}

/// Why a column is taken for what it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// Its name, by a word of the lists.
    Name(&'static str),
    /// The table's name.
    Table(&'static str),
    /// Its type, a key or a constraint: said by the schema.
    Schema(&'static str),
    /// So many of the tested distinct values have a form.
    Passes {
        /// What form.
        what: &'static str,
        /// Values that have it.
        passed: u64,
        /// Values tested.
        of: u64,
    },
    /// A share of values is in a list of words.
    Words {
        /// Which list.
        what: &'static str,
        /// In percent.
        percent: u32,
    },
    /// What stands beside it.
    Neighbour(String),
    /// How much of it differs from row to row, in percent.
    Distinct(u32),
    /// Measured, but against the class that its name suggests.
    Against(&'static str),
}

/// A count as it may be filed: below ten it is not told.
pub struct Few(pub u64);

impl fmt::Display for Few {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            1..=9 => f.write_str("<10"),
            n => write!(f, "{n}"),
        }
    }
}

/// Rounds a share to steps of five points; neither all nor nothing is said of what is not quite so.
#[must_use]
pub fn steps(part: u64, of: u64) -> u32 {
    if of == 0 || part == 0 {
        return 0;
    }
    if part >= of {
        return 100;
    }
    let percent = part.saturating_mul(100) / of;
    u32::try_from((percent + 2) / 5 * 5).unwrap_or(100).clamp(5, 95)
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(word) => write!(f, "name: {word}"),
            Self::Table(word) => write!(f, "table: {word}"),
            Self::Schema(what) => f.write_str(what),
            Self::Passes { what, passed, of } if *of < 10 => {
                let all = if passed == of { "all" } else { "some" };
                write!(f, "{all} of <10 values: {what}")
            }
            Self::Passes { what, passed, of } => write!(f, "{}% of {of} values: {what}", steps(*passed, *of)),
            Self::Words { what, percent } => write!(f, "{percent}% in {what}"),
            Self::Neighbour(column) => write!(f, "beside {column}"),
            Self::Distinct(percent) => write!(f, "{percent}% distinct"),
            Self::Against(what) => write!(f, "but {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_and_exact_shares_are_not_told() {
        assert_eq!([0, 1, 9, 10].map(|n| Few(n).to_string()), ["0", "<10", "<10", "10"]);
        assert_eq!(
            [(0, 0), (0, 9), (1, 900), (899, 900), (900, 900), (13, 100)].map(|(a, b)| steps(a, b)),
            [0, 0, 5, 95, 100, 15]
        );
        let few = Evidence::Passes { what: "an IBAN", passed: 3, of: 3 };
        assert_eq!(few.to_string(), "all of <10 values: an IBAN");
    }
}
