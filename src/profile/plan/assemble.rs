//! Puts the compiled columns of a table and what decides them together: every column that is read stands once among the
//! wanted ones, every digest is computed once for all that it decides. Compiles nothing and refuses nothing: `bind` did.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::mask::Uniqueness;
use crate::profile::model::Entity;
use crate::row::canon::Canon;
use crate::secret::{Mac, Purpose};

use super::bind::{Deciding, Made, Under};
use super::checks::Ready;
use super::conditions::Rows;
use super::inside::Slot;
use super::learned::Learn;
use super::learning;
use super::reads::Source;
use super::resolved::Resolved;
use super::view::View;
use super::{Digest, MaskPlan, MaskedColumn, Plan, ReadColumn, row_limit};

/// A digest in the making, by what it shares with others.
struct Draft {
    inputs: Vec<(usize, Canon)>,
    scope: Vec<(usize, Canon)>,
    mac: Mac,
    subject: Option<(usize, bool)>,
    resolved: Option<Arc<Resolved>>,
}

impl Draft {
    /// Makes the digest, with its columns as places among the wanted ones.
    fn place(self, plan: &Plan, place: impl Fn(usize) -> usize) -> Digest {
        let entity = self.subject.and_then(|(entity, _)| plan.profile.entities.get(entity));
        let canons: Vec<Canon> = self.inputs.iter().map(|(_, canon)| *canon).collect();
        let pinned = pinned(entity, &canons);
        Digest {
            inputs: self.inputs.into_iter().map(|(index, canon)| (place(index), canon)).collect(),
            scope: self.scope.into_iter().map(|(index, canon)| (place(index), canon)).collect(),
            mac: self.mac,
            subject: self.subject.map(|(_, high)| high),
            pinned,
            resolved: self.resolved,
        }
    }
}

/// Returns the values that stand for nobody, in each of some canonical forms.
pub(super) fn pinned(entity: Option<&Entity>, canons: &[Canon]) -> Vec<Vec<u8>> {
    let mut pinned: Vec<Vec<u8>> = Vec::new();
    for value in entity.map(|e| e.pinned.as_slice()).unwrap_or_default() {
        for canon in canons {
            let mut form = Vec::new();
            canon.append(value.as_bytes(), &mut form);
            if !pinned.contains(&form) {
                pinned.push(form);
            }
        }
    }
    pinned
}

/// Puts the compiled columns and their digests together.
pub(super) fn assemble(
    plan: &Plan,
    view: &View,
    made: Vec<Made>,
    rows: Rows,
    (checks, learns): (Vec<Ready>, Vec<Learn>),
) -> MaskPlan {
    let mut wanted: BTreeSet<usize> = rows.conditions.columns().collect();
    wanted.extend(checks.iter().flat_map(Ready::columns));
    wanted.extend(learns.iter().flat_map(|learn| [learn.key.0, learn.value.0]));
    let mut drafts: Vec<Draft> = Vec::new();
    let mut columns = Vec::with_capacity(made.len());
    let mut sources = Vec::with_capacity(made.len());
    let mut limit: Option<u64> = None;
    for one in made {
        wanted.insert(one.index);
        wanted.extend(one.scope.iter().map(|(index, _)| *index));
        if let Uniqueness::Bits(bits) = one.compiled.uniqueness {
            limit = Some(limit.map_or(row_limit(bits), |n| n.min(row_limit(bits))));
        }
        let (digest, fallback) = match one.by {
            Deciding::Nothing => (None, None),
            Deciding::Own { canon, mac } => {
                (Some(draft(&mut drafts, vec![(one.index, canon)], one.scope, (None, mac), None)), None)
            }
            Deciding::Columns { inputs, under, fallback } => {
                wanted.extend(inputs.iter().map(|(index, _)| *index));
                (Some(by_columns(plan, &mut drafts, inputs, one.scope, under)), Some(fallback))
            }
        };
        wanted.extend(one.reads.iter().flatten().map(|source| source.index));
        sources.push(one.reads);
        let mut slots = Vec::with_capacity(one.slots.len());
        for Slot { inputs, scope, under } in one.slots {
            wanted.extend(inputs.iter().chain(&scope).map(|(index, _)| *index));
            slots.push(by_columns(plan, &mut drafts, inputs, scope, under));
        }
        columns.push(MaskedColumn {
            index: one.index,
            wanted: 0,
            digest,
            fallback,
            slots,
            reads: Vec::new(),
            case: one.case,
            technique: one.technique,
            mask: one.compiled.mask,
            fit: one.fit,
            unfit: one.unfit,
            joins: one.joins,
            not_null: one.not_null,
            label: one.label,
        });
    }
    let wanted: Vec<usize> = wanted.into_iter().collect();
    let place = |index: usize| wanted.partition_point(|w| *w < index);
    for column in &mut columns {
        column.wanted = place(column.index);
    }
    wire(&mut columns, sources, place);
    let digests = drafts.into_iter().map(|draft| draft.place(plan, place)).collect();
    debug_assert!(wanted.iter().all(|w| *w < view.columns.len()), "only data columns are wanted");
    let at = |(index, canon): (usize, Canon)| (place(index), canon);
    let placed = |Learn { what, key, value }| Learn { what, key: at(key), value: at(value) };
    let learns = learns.into_iter().map(placed).collect();
    let conditions = rows.conditions.place(place);
    let checks = checks.into_iter().map(|check| check.place(&columns, place)).collect();
    MaskPlan {
        wanted,
        digests,
        columns,
        conditions,
        keep_rows: rows.keep_rows,
        cases: rows.cases,
        checks,
        learns,
        row_limit: limit,
    }
}

/// Tells each column where the others that it reads lie, and which masked ones they are.
fn wire(columns: &mut [MaskedColumn], sources: Vec<Vec<Vec<Source>>>, place: impl Fn(usize) -> usize) {
    let indexes: Vec<usize> = columns.iter().map(|column| column.index).collect();
    let read = |Source { index, kind }: Source| {
        let masked = indexes.iter().enumerate().filter(|(_, masked)| **masked == index);
        ReadColumn { wanted: place(index), masked: masked.map(|(place, _)| place).collect(), kind }
    };
    for (column, reads) in columns.iter_mut().zip(sources) {
        column.reads = reads.into_iter().map(|some| some.into_iter().map(&read).collect()).collect();
    }
}

/// Adds the digest by which columns of the row decide.
fn by_columns(
    plan: &Plan,
    drafts: &mut Vec<Draft>,
    inputs: Vec<(usize, Canon)>,
    scope: Vec<(usize, Canon)>,
    under: Under,
) -> usize {
    let mut resolved = None;
    let (subject, mac) = match under {
        Under::Value(mac) => (None, mac),
        Under::Subject { entity, high, resolve } => {
            resolved = resolve.and_then(|place| {
                let entity = plan.profile.entities.get(entity)?;
                Some(learning::subjects(plan, entity, entity.resolve.get(place)?))
            });
            let name = plan.profile.entities.get(entity).map(|e| e.keyed_name().as_bytes());
            (Some((entity, high)), plan.schedule.mac(Purpose::Subject, name.unwrap_or_default()))
        }
    };
    draft(drafts, inputs, scope, (subject, mac), resolved)
}

/// Adds a digest, or finds the one of the same subject, columns and scope.
fn draft(
    drafts: &mut Vec<Draft>,
    inputs: Vec<(usize, Canon)>,
    scope: Vec<(usize, Canon)>,
    (subject, mac): (Option<(usize, bool)>, Mac),
    resolved: Option<Arc<Resolved>>,
) -> usize {
    if let Some((entity, high)) = subject {
        // What another table says of a value is another subject than the value itself.
        let alike = |d: &Draft| match (&d.resolved, &resolved) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        let same = |d: &Draft| {
            d.inputs == inputs
                && d.scope == scope
                && alike(d)
                && d.subject.is_some_and(|(of, _)| of == entity)
        };
        if let Some(index) = drafts.iter().position(same) {
            if let Some(found) = drafts.get_mut(index).and_then(|d| d.subject.as_mut()) {
                found.1 |= high;
            }
            return index;
        }
    }
    drafts.push(Draft { inputs, scope, mac, subject, resolved });
    drafts.len() - 1
}
