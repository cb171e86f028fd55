//! Which rows of a table a first pass learns from: those of a lookup's table, and those that hold both an identifier and
//! its subject (`resolve:`). Refuses tables that lack the columns, and tables whose rows are dropped.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::Name;
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Entity, Lookup, Place, Problem, Resolve};
use crate::row::canon::Canon;
use crate::row::shape::{ColumnFacts, ColumnType, TableName, TypeClass};
use crate::secret::Purpose;

use super::Plan;
use super::digest;
use super::learned::{Dictionary, Learn, Learns};
use super::names::{self, Found};
use super::resolved::Resolved;
use super::rules::{Decided, Decision};
use super::view::{Detail, View};

/// Says whether a name of the profile is that of a table, which may differ in case.
pub(super) fn is_table(schema: Option<&str>, table: &str, found: &TableName) -> bool {
    let lower = |schema: Option<&str>| schema.unwrap_or("public").to_lowercase();
    table.to_lowercase() == found.table.to_lowercase() && lower(schema) == lower(found.own_schema())
}

/// Returns a column of a table by its name.
fn column(view: &View, name: &str) -> Option<usize> {
    match names::find(name, view.columns.iter().map(|c| c.name.as_str())) {
        Found::One(index) => Some(index),
        Found::None | Found::Several => None,
    }
}

/// Lists what the rows of a table tell.
pub(super) fn learns(
    plan: &Plan,
    view: &View,
    decided: &Decided<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Learn> {
    let mut all = Vec::new();
    for lookup in &plan.profile.lookups {
        if is_table(lookup.schema.as_deref(), &lookup.table, &view.table) {
            all.extend(of_lookup(plan, view, decided, lookup, problems));
        }
    }
    for (number, entity) in plan.profile.entities.iter().enumerate() {
        for resolve in &entity.resolve {
            if is_table(resolve.schema.as_deref(), &resolve.table, &view.table) {
                all.extend(of_subject(plan, view, decided, (number, entity), resolve, problems));
            }
        }
    }
    all
}

fn of_lookup(
    plan: &Plan,
    view: &View,
    decided: &Decided<'_>,
    lookup: &Lookup,
    problems: &mut Vec<Problem>,
) -> Option<Learn> {
    let (key, value) = (column(view, &lookup.key), column(view, &lookup.value));
    let name = Name::new(lookup.name.as_str());
    let (Some(key), Some(value), false) = (key, value, decided.empty) else {
        let what = if decided.empty {
            message!("the lookup `{}` reads a table whose rows are dropped", name)
        } else {
            message!("the table lacks the key or the value of the lookup `{}`", name)
        };
        problems.push(view.error(what).of(Finding::UnknownColumn).place(lookup.place));
        return None;
    };
    let what = Learns::Dictionary(dictionary(plan, lookup));
    Some(Learn { what, key: (key, Canon::Bytes), value: (value, Canon::Bytes) })
}

/// Returns the dictionary of a lookup.
pub(super) fn dictionary(plan: &Plan, lookup: &Lookup) -> Arc<Dictionary> {
    plan.learned.dictionary(&lookup.name, &lookup.values)
}

fn of_subject(
    plan: &Plan,
    view: &View,
    decided: &Decided<'_>,
    (number, entity): (usize, &Entity),
    resolve: &Resolve,
    problems: &mut Vec<Problem>,
) -> Option<Learn> {
    let carrier = |attribute: usize| {
        let carries = |d: &Option<Decision<'_>>| {
            d.as_ref().and_then(Decision::attribute).is_some_and(|found| found == (number, attribute))
        };
        let index = decided.columns.iter().position(carries)?;
        let rule = &entity.attributes.get(attribute)?.rule;
        let class = view.columns.get(index).map_or(&TypeClass::Unknown, |c| &c.ty.class);
        let canon =
            (rule.technique.canon)(rule.argument.as_ref(), digest::locale(rule, &plan.profile.locale));
        Some((index, digest::settle(canon, class)))
    };
    let found = entity.subject.and_then(|subject| Some((carrier(resolve.attribute)?, carrier(subject)?)));
    let Some((key, value)) = found.filter(|_| !decided.empty) else {
        let what = message!(
            "the subjects of `{}` are read from this table, and no columns of it carry both the identifier and the subject",
            Name::new(entity.name.as_str())
        );
        problems.push(
            view.error(what)
                .of(Finding::NoSubject)
                .place(resolve.place)
                .hint("give both columns their attributes of the entity"),
        );
        return None;
    };
    Some(Learn { what: Learns::Subjects(subjects(plan, entity, resolve)), key, value })
}

/// Returns the subjects by an attribute.
pub(super) fn subjects(plan: &Plan, entity: &Entity, resolve: &Resolve) -> Arc<Resolved> {
    let name = entity.attributes.get(resolve.attribute).map(|a| a.name.as_str()).unwrap_or_default();
    let label = format!("resolve {}.{name}", entity.keyed_name()).into_bytes();
    plan.learned.subjects(&label, || plan.schedule.mac(Purpose::Sample, &label))
}

/// A column that conditions may name and rows do not hold: what a lookup says of another one.
pub(super) struct Virtual {
    /// The column that holds the key.
    pub(super) by: usize,
    /// What it says.
    pub(super) dictionary: Arc<Dictionary>,
}

/// Returns the columns that a condition on a table may name: its own, then what lookups say of them.
pub(super) fn with_lookups<'v>(plan: &Plan, view: &'v View) -> (Cow<'v, [ColumnFacts]>, Vec<Virtual>) {
    let mut columns = Cow::from(view.columns.as_slice());
    let mut all = Vec::new();
    for lookup in &plan.profile.lookups {
        let Some(by) = column(view, &lookup.by).filter(|_| column(view, &lookup.name).is_none()) else {
            continue;
        };
        columns.to_mut().push(ColumnFacts {
            name: lookup.name.clone(),
            ty: ColumnType {
                class: TypeClass::Text { max_chars: None },
                text: "text".to_owned(),
                domain: None,
            },
            not_null: false,
            generated: false,
            literal_default: false,
            numbered: false,
        });
        all.push(Virtual { by, dictionary: dictionary(plan, lookup) });
    }
    (columns, all)
}

/// Says which lookups name a table that a complete schema lacks. Tables of a text that is extended are optional: what they
/// would say is unknown then, and no condition on it is true.
pub(super) fn lacking(plan: &Plan, tables: &[&TableName]) -> Vec<(Place, crate::error::Message)> {
    let there = |schema: Option<&str>, table: &str| tables.iter().any(|found| is_table(schema, table, found));
    let mut all = Vec::new();
    let own = |place: Place| place.file == 0;
    for lookup in plan.profile.lookups.iter().filter(|lookup| own(lookup.place)) {
        if !there(lookup.schema.as_deref(), &lookup.table) && lookup.values.is_empty() {
            let name = Name::new(lookup.name.as_str());
            all.push((lookup.place, message!("the lookup `{}` names a table that the input lacks", name)));
        }
    }
    for entity in &plan.profile.entities {
        for resolve in entity.resolve.iter().filter(|resolve| own(resolve.place)) {
            if !there(resolve.schema.as_deref(), &resolve.table) {
                let name = Name::new(entity.name.as_str());
                all.push((
                    resolve.place,
                    message!("`resolve:` of `{}` names a table that the input lacks", name),
                ));
            }
        }
    }
    all
}
