//! What a schema says of rows beyond keys and CHECKs: indexes over expressions or a part of the rows, exclusions, the bounds
//! of partitions. For those who make rows; nothing here decides on data. Shown nowhere: literals of a schema may be data.

use super::shape::Expression;

/// A unique index with an expression or a predicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialIndex {
    /// Its name, that of the `Unique`.
    pub name: String,
    /// Its columns, in order; `None` = an expression other than the lower or upper case of one.
    pub items: Vec<Option<String>>,
    /// Which rows it holds; all without one.
    pub predicate: Option<Expression>,
}

/// An EXCLUDE constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Its name; empty where it has none.
    pub name: String,
    /// What is compared, in order.
    pub items: Vec<Excluded>,
}

/// What an EXCLUDE constraint compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// The columns; one, or the two ends of a range; empty where it is anything else.
    pub columns: Vec<String>,
    /// The function that makes a range of two ends, in small letters.
    pub range: Option<String>,
    /// `=` or `&&`; whatever the schema says.
    pub operator: String,
}

/// Which rows a partition takes.
#[derive(Clone, PartialEq, Eq)]
pub enum PartitionBound {
    /// What no other takes.
    Default,
    /// By hash: the partitions together take everything.
    Hash,
    /// From a key on, up to but not including another.
    Range {
        /// The first key, column by column.
        from: Vec<Edge>,
        /// The first that does not belong to it.
        to: Vec<Edge>,
    },
    /// These values, as the schema writes them; NULL is one.
    List(Vec<String>),
    /// Something else.
    Unknown,
}

/// One column of an end of a range.
#[derive(Clone, PartialEq, Eq)]
pub enum Edge {
    /// Before all values.
    Least,
    /// Behind all values.
    Most,
    /// A value, as the schema writes it.
    At(String),
}

impl std::fmt::Debug for PartitionBound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<bound of a partition>")
    }
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<end of a range>")
    }
}
