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

pub(super) use words::tokens;

use super::scores::Scores;
use rules::{Around, Cut, judge};

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
    let others: Vec<Cut> = others.iter().map(|name| Cut::of(name)).collect();
    judge(table, table_name, Cut::of(column), &Around::of(&others))
}

/// Returns what the names of all columns of a table say; the same as `column` for each, in a thirtieth of
/// the time: one that asks for all columns asks here.
#[must_use]
pub fn columns(table: &TableWords, table_name: &str, names: &[&str]) -> Vec<Named> {
    let cuts: Vec<Cut> = names.iter().map(|name| Cut::of(name)).collect();
    let around = Around::of(&cuts);
    cuts.into_iter().map(|cut| judge(table, table_name, cut, &around)).collect()
}

/// Says whether a name is made of words of the lists alone, which is to say that it tells nothing of a person.
pub(super) fn is_known(name: &str) -> bool {
    let spans = words::spans(name);
    !spans.is_empty() && spans.iter().all(|span| span.entry.is_some())
}

#[cfg(test)]
mod tests;
