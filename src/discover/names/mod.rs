//! What the name of a column says, with its table's and its neighbours' names: log-odds by class, without any value.
//!
//! ```text
//! name -> words (cut at separators, humps, digits; joined words by the lexicon) -> spans (longest phrase first)
//!      -> rules (which word decides, what the others take from it)              -> scores
//! ```
//!
//! Words live in `lexicon/`, one file a language; rules live here. Absent on purpose: types (the class's `Fits` says
//! where it can stand), values, and any knowledge of one system's schema.

mod lexicon;
mod rules;
mod tables;
mod words;

pub use tables::{Role, TableWords, table};

use super::scores::Scores;
use rules::{Around, judge};

/// What a column's name says.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Log-odds by class.
    pub scores: Scores,
    /// The words of the lexicon that said most.
    pub word: Option<&'static str>,
    /// What a key's name points to, as words in the singular: `customer_id`, `CustomerID` and `id_customer` are
    /// `customer`; compare with `TableWords::stem`. `None` where the name is none of a key.
    pub joins: Option<Vec<String>>,
}

/// Returns what a column's name says.
///
/// **Shape** `others` are the names of all columns of the table, this one among them or not. `column` may be a path in
/// JSON or XML (`$.billing.email`): its last step is the name, those before it say whose it is.
#[must_use]
pub fn column(table: &TableWords, table_name: &str, column: &str, others: &[&str]) -> Named {
    judge(table, table_name, column, &Around::of(others))
}

/// Returns what the names of all columns of a table say; the same as `column` for each, in less time.
#[must_use]
pub fn columns(table: &TableWords, table_name: &str, names: &[&str]) -> Vec<Named> {
    let around = Around::of(names);
    names.iter().map(|name| judge(table, table_name, name, &around)).collect()
}

#[cfg(test)]
mod tests;
