//! What stands in a column: generators of values, by what the column means, its type and what its CHECKs leave. One group a
//! file, and its line in `generator` or `distinct`.
//!
//! A generator sees its row's number, its draws, the row's person and the columns made before it; it knows no table, key or
//! format. Values are texts, decoded: booleans `t` and `f`, dates in ISO form, bytes `\x…`. Refuses a type that it does not
//! know, and bounds that leave nothing.

mod plain;

use std::sync::Arc;

use super::checks::Domain;
use super::seed::{Draws, Stream};
use crate::format::emit::Fields;
use crate::mask::{Lanes, Refusal};
use crate::row::shape::{ColumnFacts, TableFacts};

/// A row that is being made.
pub struct RowCx<'a> {
    /// Its number, from 0.
    pub row: u64,
    /// The values made before; `None` also where a column is not made yet.
    pub made: Fields<'a>,
    /// The person of the row.
    pub person: &'a Lanes,
}

/// Makes the values of one column.
pub trait Generator: Send + Sync {
    /// Appends a value; `false` is NULL, and nothing was appended.
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool;

    /// Returns the columns of the row that must be made before.
    fn reads(&self) -> &[usize] {
        &[]
    }
}

/// Values that differ from each other, numbered.
pub trait Distinct: Send + Sync {
    /// Returns how many there are; `u64::MAX` where there are more.
    fn count(&self) -> u64;

    /// Appends one; `nth` is below `count()`.
    fn write(&self, nth: u64, out: &mut Vec<u8>);
}

/// What is asked for.
pub struct Wanted<'a> {
    /// The table.
    pub table: &'a TableFacts,
    /// The column.
    pub column: &'a ColumnFacts,
    /// All columns that are written, in the order of `Fields`.
    pub columns: &'a [ColumnFacts],
    /// What the column means: a word of discovery's classes.
    pub meaning: Option<&'a str>,
    /// What each of `columns` means.
    pub meanings: &'a [Option<&'a str>],
    /// What CHECKs leave.
    pub domain: &'a Domain,
    /// Rows of the table.
    pub rows: u64,
    /// What draws of compiling come from (not those of rows).
    pub stream: Stream,
    /// `nl_NL`.
    pub locale: &'static str,
    /// How often a value is an edge case, in parts of a million.
    pub edges: u32,
}

/// Makes the generator of a column.
///
/// # Errors
/// A type that is not known, or bounds that leave no value.
pub fn generator(wanted: &Wanted<'_>) -> Result<Box<dyn Generator>, Refusal> {
    plain::generator(wanted)
}

/// Makes the distinct values of a column.
///
/// # Errors
/// As `generator`; `count()` says whether they suffice.
pub fn distinct(wanted: &Wanted<'_>) -> Result<Box<dyn Distinct>, Refusal> {
    plain::distinct(wanted)
}

/// Returns how often a column that may be NULL is, in parts of a million.
#[must_use]
pub fn nulls(wanted: &Wanted<'_>) -> u32 {
    if wanted.column.not_null { 0 } else { 100_000 }
}

/// One of a list, each as often as the others.
pub(super) struct OneOf(pub Arc<[String]>);

impl Generator for OneOf {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let count = u64::try_from(self.0.len()).unwrap_or(0);
        let at = usize::try_from(draws.below(count)).unwrap_or(0);
        self.0.get(at).is_some_and(|value| {
            out.extend_from_slice(value.as_bytes());
            true
        })
    }
}

impl Distinct for OneOf {
    fn count(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(0)
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let value = usize::try_from(nth).ok().and_then(|nth| self.0.get(nth));
        out.extend_from_slice(value.map(String::as_bytes).unwrap_or_default());
    }
}
