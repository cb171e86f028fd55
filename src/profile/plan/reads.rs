//! The columns of a row that a technique reads besides its own: those that `template` names, those that carry
//! identifiers of the row's people.
//!
//! Refuses a name that no column of the rows has, and a column that is itself made of others: its stand-in would depend
//! on which of the two is made first.

use crate::error::Name;
use crate::mask::row::Read;
use crate::mask::{Takes, Value};
use crate::message;
use crate::profile::check::words::nearest;
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Rule};

use super::fit::Column;
use super::names::{self, Found};
use super::rules::{Decided, Decision};
use super::view::Detail;

/// Techniques that are made of other columns.
pub(super) const MADE: &[&str] = &["template", "derive", "redact"];

/// A column that a technique reads: its index among those of the view, and what it holds.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Index into the view's columns.
    pub(super) index: usize,
    /// The kind of identifier; '' where nothing says.
    pub(super) kind: String,
}

/// Finds what was noted, number by number.
pub(super) fn resolve<'p>(
    column: &Column<'_, 'p>,
    decided: &Decided<'p>,
    reads: &[Read],
    problems: &mut Vec<Problem>,
) -> Vec<Vec<Source>> {
    let one = |read: &Read| match read {
        Read::Identifiers => identifiers(column, decided),
        Read::Column(index) => vec![Source { index: *index, kind: String::new() }],
        Read::Named(name) => match named(column, decided, name) {
            Ok(source) => vec![source],
            Err(problem) => {
                problems.push(*problem);
                Vec::new()
            }
        },
    };
    reads.iter().map(one).collect()
}

/// Returns the rule that changes a column.
fn rule<'p>(column: &Column<'_, 'p>, decided: &Decided<'p>, index: usize) -> Option<&'p Rule> {
    let decision = decided.columns.get(index)?.as_ref()?;
    decision.each().find_map(|decision| decision.rule(&column.plan.profile))
}

/// Says whether a column is made of others.
fn is_made(column: &Column<'_, '_>, decided: &Decided<'_>, index: usize) -> bool {
    let made = |rule: &Rule| {
        MADE.contains(&rule.technique.name) || matches!(rule.technique.argument, Takes::Inside(_))
    };
    let decision = decided.columns.get(index).and_then(Option::as_ref);
    // Of a case list each case counts for some rows.
    decision.is_some_and(|d| d.each().any(|d| d.rule(&column.plan.profile).is_some_and(made)))
}

fn named<'p>(column: &Column<'_, 'p>, decided: &Decided<'p>, name: &str) -> Result<Source, Box<Problem>> {
    let shown = Name::new(name);
    let entity = column.decision.attribute().and_then(|(entity, _)| {
        let attributes = &column.plan.profile.entities.get(entity)?.attributes;
        Some((entity, attributes.iter().position(|attribute| attribute.name == name)?))
    });
    let carrier = entity.and_then(|wanted| {
        let carries = |d: &Option<Decision<'_>>| d.as_ref().and_then(Decision::attribute) == Some(wanted);
        decided.columns.iter().position(carries)
    });
    let columns = column.view.columns.iter().map(|c| c.name.as_str());
    let index = match (carrier, names::find(name, columns.clone())) {
        (Some(index), _) | (None, Found::One(index)) => index,
        (None, Found::Several) => {
            let what = message!("{} reads `{}`, and several columns are called so", column.shown(), shown);
            return Err(Box::new(column.error(what).of(Finding::AmbiguousName)));
        }
        (None, Found::None) => {
            let what = message!("{} reads `{}`, which the rows do not hold", column.shown(), shown);
            let problem = column.error(what).of(Finding::UnknownColumn);
            return Err(Box::new(match nearest(name, columns).filter(|_| column.view.trusted) {
                Some(near) => problem.hint(message!("did you mean `{}`?", Name::new(near))),
                None => problem.hint("name a column of this table"),
            }));
        }
    };
    if index == column.index {
        return Ok(Source { index, kind: String::new() });
    }
    if is_made(column, decided, index) {
        let what = message!("{} reads `{}`, which is made of other columns itself", column.shown(), shown);
        return Err(Box::new(column.error(what).hint("read the columns that it is made of")));
    }
    Ok(Source { index, kind: String::new() })
}

/// Lists the columns whose stand-ins are those of people: what their rules say they hold.
fn identifiers<'p>(column: &Column<'_, 'p>, decided: &Decided<'p>) -> Vec<Source> {
    let kind = |index: usize| {
        let rule = rule(column, decided, index)?;
        let says = matches!(rule.technique.name, "fake" | "pseudonym" | "hash");
        let kind = rule.argument.as_ref().and_then(Value::text).unwrap_or_default().to_owned();
        (says && index != column.index && !is_made(column, decided, index)).then_some(Source { index, kind })
    };
    (0..column.view.columns.len()).filter_map(kind).collect()
}
