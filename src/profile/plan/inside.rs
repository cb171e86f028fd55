//! Compiles the rules for places inside a value: of each the technique, and what decides its stand-in (the part itself,
//! columns of the row, or another place of the same value).
//!
//! Refuses what a part cannot have: an entity with a scope, and a technique that makes no text. Deliberately absent: a
//! rule for what no place names; that is removed.

use std::sync::Arc;

use crate::error::Name;
use crate::mask::inside::{Beside, Decides, IfUnfit, Inside, Leaf};
use crate::mask::row::Reads;
use crate::mask::{Compiled, Needs, Output};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{ColumnRule, Entity, Inner, Problem, Rule, Unfit};
use crate::row::canon::Canon;
use crate::row::shape::ColumnType;
use crate::secret::{Mac, Purpose};

use super::bind::{self, Deciding, Under};
use super::digest::{self, Who};
use super::fit::{self, Column};
use super::rules::{Decided, Decision};
use super::view::Detail;

/// Columns of the row that decide parts of a value.
pub(super) struct Slot {
    /// The columns and their canonical forms.
    pub(super) inputs: Vec<(usize, Canon)>,
    /// As which they decide.
    pub(super) under: Under,
}

/// The rules of one column for what stands inside of its values.
pub(super) struct Compiling<'a, 'p> {
    /// The column.
    pub(super) column: &'a Column<'a, 'p>,
    /// All that was decided for its table.
    pub(super) decided: &'a Decided<'p>,
    /// Where techniques note what they read.
    pub(super) reads: &'a Reads,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
    /// What the row must give.
    pub(super) slots: Vec<Slot>,
}

impl<'p> Compiling<'_, 'p> {
    /// Compiles all rules inside of a rule; `path` are the places that lead to it.
    pub(super) fn inside(&mut self, rule: &'p Rule, path: &[&str]) -> Arc<Inside> {
        let mut inside = Inside { places: Vec::new(), leaves: Vec::new() };
        for inner in &rule.inside {
            let mut path = path.to_vec();
            path.push(&inner.at.text);
            match self.leaf(rule, inner, &path) {
                Ok((leaf, by)) => {
                    let mut at = inner.at.clone();
                    at.by = by;
                    inside.places.push(at);
                    inside.leaves.push(leaf);
                }
                Err(problem) => self.problems.push(*problem),
            }
        }
        Arc::new(inside)
    }

    fn leaf(
        &mut self,
        outer: &'p Rule,
        inner: &'p Inner,
        path: &[&str],
    ) -> Result<(Leaf, Option<String>), Box<Problem>> {
        let column = self.column;
        let profile = &column.plan.profile;
        let decision = Decision { column: Some(&inner.column), ..column.decision.clone() };
        let unfit = match profile.policy.unfit {
            Unfit::Placeholder => IfUnfit::Placeholder,
            Unfit::Suppress => IfUnfit::Remove,
            Unfit::Stop => IfUnfit::Stop,
        };
        let Some(rule) = decision.rule(profile) else {
            return Ok((Leaf { mask: None, decides: Decides::Nothing, unfit }, None));
        };
        let ty = typed(rule).map_err(|what| Box::new(column.error(what).of(Finding::UnknownType)))?;
        let part = Column {
            plan: column.plan,
            facts: column.facts,
            view: column.view,
            index: column.index,
            decision: &decision,
            rule,
            ty: &ty,
            not_null: false,
        };
        let entity = decision.attribute().and_then(|(entity, _)| profile.entities.get(entity));
        if entity.is_some_and(|entity| !entity.scope.is_empty()) {
            let what = message!("{} keeps tenants apart, which a part of a value cannot", part.shown());
            return Err(Box::new(part.error(what).hint("use an entity without `scope:` inside of values")));
        }
        let by = inner.at.by.clone().or_else(|| self.subject_beside(outer, &decision, &part));
        let subject = decision.attribute().is_some_and(|(_, a)| entity.is_some_and(|e| e.subject == Some(a)));
        let who = match &by {
            // A subject inside of the value decides itself: no column of the row is it.
            _ if subject => Ok(Who::Own),
            Some(_) => Ok(Who::Own),
            None => digest::who(column.plan, column.view, self.decided, column.index, &decision),
        };
        let nested = if rule.inside.is_empty() { None } else { Some(self.inside(rule, path)) };
        let usual = bind::usual_decider(rule);
        let beside = by.as_ref().filter(|_| entity.is_some_and(|e| e.subject.is_some()));
        let decider = match (&who, beside) {
            (_, Some(_)) => crate::mask::Decider::Subject,
            (Ok(who), None) => who.decider(),
            (Err(_), None) => usual,
        };
        let label = label(profile, &decision, column, path);
        let compiled = bind::compile_as(&part, &label, &inner.at.text, decider, nested.as_ref(), self.reads)?;
        sound(&part, &compiled)?;
        let decides = match &by {
            Some(place) => self.beside(outer, &part, &label, inner, place, compiled.needs.clone())?,
            None => {
                let deciding = bind::deciding(&part, &label, &inner.at.text, who, &compiled.needs)?;
                self.slot(deciding)
            }
        };
        Ok((Leaf { mask: Some(compiled.mask), decides, unfit }, by))
    }

    /// Returns the place of the same value that carries the subject of a describing attribute: a copy of a row tells
    /// whose it is.
    fn subject_beside(&self, outer: &Rule, decision: &Decision<'_>, part: &Column<'_, '_>) -> Option<String> {
        let (entity, attribute) = decision.attribute()?;
        let subject = part.plan.profile.entities.get(entity)?.subject?;
        let identifying = (part.rule.technique.identifying)(part.rule.argument.as_ref(), &part.rule.options);
        let by_default =
            matches!(super::rules::by_of(&decision.column?.rule), crate::profile::model::By::Default);
        if subject == attribute || identifying || !by_default {
            return None;
        }
        let carries = |inner: &&Inner| matches!(inner.column.rule, ColumnRule::Attribute { entity: e, attribute: a, .. } if (e, a) == (entity, subject));
        outer.inside.iter().find(carries).map(|inner| inner.at.text.clone())
    }

    /// Makes another place of the value decide.
    fn beside(
        &self,
        outer: &Rule,
        part: &Column<'_, 'p>,
        label: &[u8],
        inner: &Inner,
        place: &str,
        needs: Needs,
    ) -> Result<Decides, Box<Problem>> {
        let profile = &part.plan.profile;
        let entity = part.decision.attribute().and_then(|(entity, _)| profile.entities.get(entity));
        let at_place = outer.inside.iter().find(|other| other.at.text == place);
        let its_rule = at_place.and_then(|other| super::rules::rule_of(profile, &other.column.rule));
        let canon = |rule: Option<&Rule>| match rule {
            Some(rule) => {
                (rule.technique.canon)(rule.argument.as_ref(), digest::locale(rule, &profile.locale))
            }
            None => Canon::Bytes,
        };
        match needs {
            Needs::Nothing => {
                let what = message!("`by:` changes nothing: the value itself decides {}", part.shown());
                // A subject that was found beside is no wish of the profile.
                match inner.at.by {
                    Some(_) => Err(Box::new(part.error(what).of(Finding::WrongBy).hint("take `by:` out"))),
                    None => Ok(Decides::Nothing),
                }
            }
            Needs::Value { canon: own, mac } | Needs::Row { canon: own, mac, .. } => {
                Ok(Decides::Beside(Box::new(Beside {
                    canon: canon(its_rule.or(Some(part.rule))),
                    mac: mac.clone(),
                    subject: None,
                    pinned: Vec::new(),
                    own: (own, mac),
                })))
            }
            Needs::Subject { high } => {
                let value = bind::compile_as(
                    part,
                    label,
                    &inner.at.text,
                    crate::mask::Decider::Value,
                    None,
                    &Reads::default(),
                )?;
                let (Some(entity), Needs::Value { canon: own, mac }) = (entity, value.needs) else {
                    let what = message!("{} asks for a subject where there is none", part.shown());
                    return Err(Box::new(part.error(what).of(Finding::NoSubject)));
                };
                let subject = entity.subject.and_then(|index| entity.attributes.get(index)).map(|a| &a.rule);
                let form = canon(its_rule.or(subject));
                Ok(Decides::Beside(Box::new(Beside {
                    canon: form,
                    mac: self.subject_mac(entity),
                    subject: Some(high),
                    pinned: pinned(entity, form),
                    own: (own, mac),
                })))
            }
        }
    }

    fn subject_mac(&self, entity: &Entity) -> Mac {
        self.column.plan.schedule.mac(Purpose::Subject, entity.keyed_name().as_bytes())
    }

    /// Notes which columns of the row decide.
    fn slot(&mut self, deciding: Deciding) -> Decides {
        match deciding {
            Deciding::Nothing => Decides::Nothing,
            Deciding::Own { canon, mac } => Decides::Own { canon, mac },
            Deciding::Columns { inputs, under, fallback: (canon, mac) } => {
                let same = |slot: &Slot| slot.inputs == inputs && slot.under.same_subject(&under);
                let found = self.slots.iter().position(same);
                if let Some(slot) = found.and_then(|index| self.slots.get_mut(index)) {
                    slot.under.widen(&under);
                }
                let slot = found.unwrap_or_else(|| {
                    self.slots.push(Slot { inputs, under });
                    self.slots.len() - 1
                });
                Decides::Row { slot, canon, mac }
            }
        }
    }
}

/// Returns the canonical forms of the values that stand for nobody.
fn pinned(entity: &Entity, canon: Canon) -> Vec<Vec<u8>> {
    let form = |value: &String| {
        let mut form = Vec::new();
        canon.append(value.as_bytes(), &mut form);
        form
    };
    entity.pinned.iter().map(form).collect()
}

/// A part has the type that its rule says; else the value's own text form counts.
fn typed(rule: &Rule) -> Result<ColumnType, crate::error::Message> {
    let said = rule.options.iter().find(|(name, _)| name == "type").and_then(|(_, value)| value.text());
    let Some(text) = said else { return Ok(ColumnType::unknown()) };
    match fit::named_type(text) {
        Some(class) => Ok(ColumnType { class, text: text.to_owned(), domain: None }),
        None => Err(message!("`type:` does not know `{}`", Name::new(text))),
    }
}

/// Refuses unique stand-ins with too few bits; what a part is too narrow for its column says.
fn sound(part: &Column<'_, '_>, compiled: &Compiled) -> Result<(), Box<Problem>> {
    if matches!(compiled.output, Output::Nothing) {
        return Ok(());
    }
    let (_, problems) = part.fit(compiled);
    problems.into_iter().next().map_or(Ok(()), |problem| Err(Box::new(problem)))
}

/// Returns the label of a part: that of its attribute; else the column's own with the places that lead to it.
fn label(
    profile: &crate::profile::model::Profile,
    decision: &Decision<'_>,
    column: &Column<'_, '_>,
    path: &[&str],
) -> Vec<u8> {
    let name = column.view.columns.get(column.index).map(|c| c.name.as_str()).unwrap_or_default();
    let own = digest::is_own_label(profile, decision);
    let mut label = digest::label(profile, decision, name);
    for place in path.iter().filter(|_| own) {
        label.extend_from_slice(&u32::try_from(place.len()).unwrap_or(u32::MAX).to_be_bytes());
        label.extend_from_slice(place.as_bytes());
    }
    label
}
