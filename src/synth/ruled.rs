//! Content that a profile decides: the same rules that mask a column fill it here, where they can make a value of nothing.
//!
//! A technique gets an example of the form that it is made for, never a value of anybody, and lanes drawn for the row. Where
//! an entity's subject decides, the lanes are those of the person that the deciding key leads to: customer, order and
//! invoice of one person tell of one person. What keeps, coarsens or moves values has nothing to work on: such columns are
//! filled as if the profile did not name them.

use std::sync::Arc;

use super::content::{Generator, RowCx, ask, example};
use super::schema::Planned;
use super::seed::Draws;
use crate::error::{Message, Name};
use crate::message;
use crate::profile::model::{Count, Popularity, Problem, Table};
use crate::profile::plan::{Action, MaskPlan, Plan, TablePlan};
use crate::row::shape::{Facts, Shape, TypeClass};

/// Techniques that make a value of nothing but lanes.
const MAKERS: &[&str] =
    &["fake", "pattern", "pick", "constant", "hash", "suppress", "zipf", "between", "normal", "lognormal"];

/// Whose lanes decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The row's draws.
    Row,
    /// The person of the row.
    Person,
    /// The person of the row that a column of a foreign key leads to.
    Through(usize),
}

/// What a profile says of one table.
pub struct Ruled {
    plan: Arc<TablePlan>,
    /// `count:`.
    pub count: Option<Count>,
    /// `popularity:`: columns with their exponents.
    popularity: Vec<(usize, f64)>,
}

impl std::fmt::Debug for Ruled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<rules of {}>", self.plan.table)
    }
}

/// Binds a profile to the tables that get rows; columns that it does not name are left to their names and types.
///
/// # Errors
/// All problems of all tables.
pub fn bind(plan: &Plan, facts: &Facts, tables: &[Planned]) -> Result<Vec<Ruled>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut ruled = Vec::new();
    for table in tables {
        let name = &table.facts.name;
        let shape = Shape { table: name.clone(), columns: table.columns.clone(), trusted_names: true };
        match plan.bind(&shape, facts) {
            Ok(bound) => {
                let popularity = popularity(plan, table, &mut problems);
                ruled.push(Ruled { plan: Arc::new(bound), count: count(plan, table), popularity });
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(ruled) } else { Err(problems) }
}

/// Returns what the profile says of a table, the user's own text first.
fn entries<'p>(plan: &'p Plan, table: &'p Planned) -> impl Iterator<Item = &'p Table> {
    let name = &table.facts.name;
    let own = move |entry: &&Table| {
        let schema = entry.schema.as_deref();
        entry.table == name.table && (schema.is_none() || schema == name.schema.as_deref())
    };
    plan.profile().tables.iter().filter(own)
}

/// Returns what the profile says of a table's rows.
fn count(plan: &Plan, table: &Planned) -> Option<Count> {
    entries(plan, table).find_map(|entry| entry.count.clone())
}

/// Returns how unevenly the columns of a table point; what names no column of a foreign key is a problem.
fn popularity(plan: &Plan, table: &Planned, problems: &mut Vec<Problem>) -> Vec<(usize, f64)> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    for Popularity { column, exponent, place } in entries(plan, table).flat_map(|entry| &entry.popularity) {
        let at = table.columns.iter().position(|facts| facts.name == *column);
        match at.filter(|at| table.keys.iter().any(|key| key.columns.contains(at))) {
            Some(at) => found.push((at, *exponent)),
            None => {
                let what = message!(
                    "`{}` of {} is no column of a foreign key",
                    Name::new(column.as_str()),
                    table.facts.name
                );
                let hint = "popularity is that of the rows that a foreign key points to; name its column";
                problems.push(Problem { hint: Some(hint.into()), ..Problem::error(*place, what) });
            }
        }
    }
    found
}

impl Ruled {
    fn mask(&self) -> Option<&MaskPlan> {
        if let Action::Mask(plan) = &self.plan.action { Some(plan) } else { None }
    }

    /// Returns how unevenly a key over these columns points, where the profile says.
    #[must_use]
    pub fn popularity(&self, columns: &[usize]) -> Option<f64> {
        self.popularity.iter().find(|(column, _)| columns.contains(column)).map(|(_, exponent)| *exponent)
    }

    /// Says whether the table gets no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.plan.action, Action::Empty)
    }

    /// Says whether the profile makes the values of a column.
    #[must_use]
    pub fn decides(&self, column: usize) -> bool {
        let masked = self.mask().and_then(|plan| plan.columns.iter().find(|masked| masked.index == column));
        masked.is_some_and(|masked| MAKERS.contains(&masked.technique))
    }

    /// Returns the generator of a column, and whose lanes it takes; `None` where the profile leaves it open.
    #[must_use]
    pub fn generator(
        &self,
        column: usize,
        ty: &TypeClass,
        locale: &str,
    ) -> Option<(Box<dyn Generator>, Whose)> {
        let plan = self.mask()?;
        let at = plan.columns.iter().position(|masked| masked.index == column && masked.case.is_none())?;
        let masked = plan.columns.get(at)?;
        if !MAKERS.contains(&masked.technique) || !masked.reads.is_empty() || masked.mask.sees_row() {
            return None;
        }
        let digest = masked.digest.and_then(|digest| plan.digests.get(digest));
        let whose = match digest {
            Some(digest) if digest.subject.is_some() => {
                let input = digest.inputs.first().and_then(|(wanted, _)| plan.wanted.get(*wanted));
                input.map_or(Whose::Person, |column| Whose::Through(*column))
            }
            _ => Whose::Row,
        };
        let kind = self.plan.columns.get(column).and_then(|decision| decision.argument.clone());
        let example = example(kind.as_deref().unwrap_or_default(), ty, locale).as_bytes().to_vec();
        Some((
            Box::new(Masked { plan: Arc::clone(&self.plan), at, example, by_row: whose == Whose::Row }),
            whose,
        ))
    }
}

struct Masked {
    plan: Arc<TablePlan>,
    at: usize,
    example: Vec<u8>,
    by_row: bool,
}

impl Generator for Masked {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let Action::Mask(plan) = &self.plan.action else { return false };
        let Some(masked) = plan.columns.get(self.at) else { return false };
        let own;
        let lanes = if self.by_row {
            own = draws.lanes();
            &own
        } else {
            cx.person
        };
        ask(masked.mask.as_ref(), &self.example, lanes, out)
    }
}

/// Names the techniques of a profile that cannot make a value of nothing, for a note.
#[must_use]
pub fn left_open(ruled: &[Ruled]) -> Vec<Message> {
    let mut said = Vec::new();
    for rules in ruled {
        let open: Vec<&str> = rules
            .plan
            .columns
            .iter()
            .filter(|decision| !MAKERS.contains(&decision.technique) && decision.technique != "keep")
            .map(|decision| decision.technique)
            .collect();
        if !open.is_empty() {
            said.push(message!(
                "{}: {} columns are filled by name and type: their techniques need a value to begin with",
                rules.plan.table,
                open.len()
            ));
        }
    }
    said
}
