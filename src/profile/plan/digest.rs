//! Who decides a stand-in (DESIGN 4): the value itself, the entity's subject in the same row, or what `by:` names.
//! Refuses two candidates and none; never falls back to the value unless the profile says `or: value`.

use crate::error::{Message, Name};
use crate::mask::Decider;
use crate::message;
use crate::profile::check::words::nearest;
use crate::profile::finding::Finding;
use crate::profile::model::{By, ColumnRule, Entity, Place, Problem, Profile, Resolve, Rule};
use crate::row::canon::Canon;
use crate::row::shape::{ColumnType, TypeClass};

use super::Plan;
use super::names::{self, Found};
use super::rules::{Decided, Decision, by_of};
use super::view::{Detail, View};

/// Who decides the stand-in of one column.
pub(super) enum Who {
    /// Its own value.
    Own,
    /// Other columns of the row (or itself, by subject).
    Columns {
        /// The deciding columns, with their canonical forms.
        inputs: Vec<(usize, Canon)>,
        /// The entity whose subject they are; `None` in a column's own rule.
        entity: Option<usize>,
        /// Whether `by:` says so, so that a technique that decides nothing by it is an error.
        said: bool,
        /// Index into the entity's `resolve:`, where the column holds another identifier.
        resolve: Option<usize>,
    },
}

impl Who {
    /// Returns what the technique is told.
    pub(super) fn decider(&self) -> Decider {
        match self {
            Self::Columns { entity: Some(_), .. } => Decider::Subject,
            Self::Own | Self::Columns { entity: None, .. } => Decider::Value,
        }
    }
}

/// Says who decides a column.
///
/// # Errors
/// No subject in the table, or two; names of `by:` that the table lacks. Only of interest if the technique needs to
/// be decided at all.
pub(super) fn who<'p>(
    plan: &'p Plan,
    view: &View,
    decided: &Decided<'p>,
    index: usize,
    decision: &Decision<'p>,
) -> Result<Who, Box<Problem>> {
    let Some(column) = decision.column else { return Ok(Who::Own) };
    let cx = Cx::new(plan, view, decided, index, decision, column.place);
    match &column.rule {
        ColumnRule::Keep { .. } | ColumnRule::Cases(_) => Ok(Who::Own),
        ColumnRule::Own { by, .. } => match by {
            By::Default | By::Value => Ok(Who::Own),
            By::Names(names) => {
                let inputs = cx.columns(names, None)?;
                Ok(Who::Columns { inputs, entity: None, said: true, resolve: None })
            }
        },
        ColumnRule::Attribute { entity, attribute, or_value, .. } => {
            match cx.attribute(*entity, *attribute, by_of(&column.rule)) {
                Err(Lack { absent: true, .. }) if *or_value => Ok(Who::Own),
                found => found.map_err(|lack| lack.problem),
            }
        }
    }
}

/// Returns the columns that keep tenants apart for a column whose rule is an attribute of an entity with `scope:`.
///
/// # Errors
/// The table lacks one of them.
pub(super) fn scope<'p>(
    plan: &'p Plan,
    view: &View,
    decided: &Decided<'p>,
    index: usize,
    decision: &Decision<'p>,
) -> Result<Vec<(usize, Canon)>, Box<Problem>> {
    let entity = decision.attribute().and_then(|(entity, _)| plan.profile.entities.get(entity));
    let (Some(column), Some(entity)) = (decision.column, entity.filter(|e| !e.scope.is_empty())) else {
        return Ok(Vec::new());
    };
    let cx = Cx::new(plan, view, decided, index, decision, column.place);
    let mut columns = Vec::with_capacity(entity.scope.len());
    for name in &entity.scope {
        match names::find(name, view.columns.iter().map(|c| c.name.as_str())) {
            Found::One(index) => columns.push((index, cx.canon_of(index, None))),
            Found::Several | Found::None => {
                let what = message!(
                    "`{}` has the scope `{}`, a column that the rows do not hold",
                    Name::new(entity.name.as_str()),
                    Name::new(name.as_str())
                );
                let hint = "an entity with a scope serves only tables that have its columns";
                return Err(Box::new(cx.error(what).hint(hint)));
            }
        }
    }
    Ok(columns)
}

/// Why nobody decides.
struct Lack {
    /// Whether the table just lacks the subject: what `or: value` is for.
    absent: bool,
    problem: Box<Problem>,
}

impl From<Box<Problem>> for Lack {
    fn from(problem: Box<Problem>) -> Self {
        Self { absent: false, problem }
    }
}

/// What all questions about one column share.
struct Cx<'a, 'p> {
    plan: &'p Plan,
    view: &'a View,
    decided: &'a Decided<'p>,
    index: usize,
    place: Place,
    label: Message,
}

impl<'a, 'p> Cx<'a, 'p> {
    fn new(
        plan: &'p Plan,
        view: &'a View,
        decided: &'a Decided<'p>,
        index: usize,
        decision: &Decision<'p>,
        place: Place,
    ) -> Self {
        Self { plan, view, decided, index, place, label: view.label(index, decision.spelled()) }
    }

    fn error(&self, what: Message) -> Problem {
        self.view.error(what).column(self.label.clone()).place(self.place)
    }

    fn profile(&self) -> &'p Profile {
        &self.plan.profile
    }

    /// Says who decides a column whose rule is an attribute.
    fn attribute(&self, entity_index: usize, attribute_index: usize, column_by: &By) -> Result<Who, Lack> {
        let entity = self.profile().entities.get(entity_index);
        let attribute = entity.and_then(|e| e.attributes.get(attribute_index));
        let (Some(entity), Some(attribute)) = (entity, attribute) else {
            return Err(
                Box::new(self.error("the rule points at an attribute that is not there".into())).into()
            );
        };
        let by_subject =
            |inputs, said| Ok(Who::Columns { inputs, entity: Some(entity_index), said, resolve: None });
        match (column_by, &attribute.by) {
            (By::Value, _) | (By::Default, By::Value) => Ok(Who::Own),
            (By::Names(names), _) => by_subject(self.columns(names, Some(entity))?, true),
            (By::Default, By::Names(names)) => {
                let mut inputs = Vec::with_capacity(names.len());
                for name in names {
                    let Some(position) = entity.attributes.iter().position(|a| a.name == *name) else {
                        return Err(Box::new(
                            self.error(message!(
                                "`by:` names `{}`, which is no attribute of `{}`",
                                Name::new(name.as_str()),
                                Name::new(entity.name.as_str())
                            ))
                            .of(Finding::WrongBy),
                        )
                        .into());
                    };
                    inputs.push(self.carrier(entity_index, entity, position)?);
                }
                by_subject(inputs, true)
            }
            (By::Default, By::Default) => {
                let rule = &attribute.rule;
                let identifying = (rule.technique.identifying)(rule.argument.as_ref(), &rule.options);
                match entity.subject {
                    None => Ok(Who::Own),
                    _ if identifying => Ok(Who::Own),
                    Some(subject) if subject == attribute_index => {
                        by_subject(vec![(self.index, self.canon_of(self.index, Some(rule)))], false)
                    }
                    Some(subject) => match self.carrier(entity_index, entity, subject) {
                        Err(lack) if lack.absent => self.resolved(entity_index, entity).ok_or(lack),
                        found => by_subject(vec![found?], false),
                    },
                }
            }
        }
    }

    /// Finds the subject by another identifier of the row, where the entity says in which table that is told.
    fn resolved(&self, index: usize, entity: &Entity) -> Option<Who> {
        let found = |(place, resolve): (usize, &Resolve)| {
            let carrier = self.carrier(index, entity, resolve.attribute).ok()?;
            Some(Who::Columns {
                inputs: vec![carrier],
                entity: Some(index),
                said: false,
                resolve: Some(place),
            })
        };
        entity.resolve.iter().enumerate().find_map(found)
    }

    /// Finds the one column of the table that carries an attribute.
    fn carrier(&self, entity: usize, meaning: &Entity, attribute: usize) -> Result<(usize, Canon), Lack> {
        let carries = |d: &Option<Decision<'_>>| {
            d.as_ref().and_then(Decision::attribute).is_some_and(|found| found == (entity, attribute))
        };
        let mut hits = self.decided.columns.iter().enumerate().filter(|(_, d)| carries(d)).map(|(i, _)| i);
        let name = meaning.attributes.get(attribute).map(|a| a.name.as_str()).unwrap_or_default();
        let shown = message!("{}.{}", Name::new(meaning.name.as_str()), Name::new(name));
        match (hits.next(), hits.next()) {
            (Some(one), None) => {
                let rule = meaning.attributes.get(attribute).map(|a| &a.rule);
                Ok((one, self.canon_of(one, rule)))
            }
            (Some(one), Some(two)) => Err(Box::new(self
                .error(message!(
                    "its stand-in is decided by `{}`, and both {} and {} hold one",
                    shown,
                    self.shown(one),
                    self.shown(two)
                ))
                .of(Finding::TwoSubjects)
                .hint(message!(
                    "say which: `{{use: {}, by: {}}}`",
                    self.own_attribute(),
                    self.bare(one)
                ))
                ).into()),
            (None, _) => Err(Lack { absent: true, problem: Box::new(self
                .error(message!("its stand-in is decided by `{}`, which no column of this table holds", shown))
                .of(Finding::NoSubject)
                .hint(message!(
                    "name the column that does: `{{use: {}, by: COLUMN}}`; or let the value decide, so that the same text has the same stand-in: `{{use: {}, or: value}}`",
                    self.own_attribute(),
                    self.own_attribute()
                ))) }),
        }
    }

    /// Finds the columns that a column's `by:` names. `entity` is that of the rule, whose subject one such column
    /// holds.
    fn columns(
        &self,
        names: &[String],
        entity: Option<&Entity>,
    ) -> Result<Vec<(usize, Canon)>, Box<Problem>> {
        let mut inputs = Vec::with_capacity(names.len());
        for name in names {
            let shown = Name::new(name.as_str());
            match names::find(name, self.view.columns.iter().map(|c| c.name.as_str())) {
                Found::One(index) => {
                    let subject = entity.and_then(|e| e.subject.and_then(|s| e.attributes.get(s)));
                    let rule = subject.map(|a| &a.rule).filter(|_| names.len() == 1);
                    inputs.push((index, self.canon_by(index, rule)));
                }
                Found::Several => {
                    return Err(Box::new(
                        self.error(message!("`by: {}` matches several columns", shown))
                            .of(Finding::AmbiguousName),
                    ));
                }
                Found::None => {
                    let problem = self
                        .error(message!("`by:` names `{}`, which the rows do not hold", shown))
                        .of(Finding::WrongBy);
                    let near = nearest(name, self.view.columns.iter().map(|c| c.name.as_str()));
                    return Err(Box::new(match near.filter(|_| self.view.trusted) {
                        Some(near) => problem.hint(message!("did you mean `{}`?", Name::new(near))),
                        None => problem.hint("name a column of this table"),
                    }));
                }
            }
        }
        if inputs.is_empty() {
            return Err(Box::new(self.error("`by:` names nothing".into()).of(Finding::WrongBy)));
        }
        Ok(inputs)
    }

    /// Returns the canonical form of a deciding column named by `by:`: that of its own rule; else that of the
    /// subject whose value it holds; else that of its type.
    fn canon_by(&self, index: usize, subject: Option<&'p Rule>) -> Canon {
        let decision = self.decided.columns.get(index).and_then(Option::as_ref);
        let attribute = decision.filter(|d| d.attribute().is_some()).and_then(|d| d.rule(self.profile()));
        let own = decision.and_then(|d| d.rule(self.profile()));
        self.canon_of(index, attribute.or(subject).or(own))
    }

    /// Returns the canonical form by which a column decides under a rule, or by its type alone.
    fn canon_of(&self, index: usize, rule: Option<&Rule>) -> Canon {
        let unknown = ColumnType::unknown();
        let ty = self.view.columns.get(index).map_or(&unknown, |c| &c.ty);
        match rule {
            Some(rule) => settle(
                (rule.technique.canon)(rule.argument.as_ref(), locale(rule, &self.profile().locale)),
                &ty.class,
            ),
            None => match &ty.class {
                class if class.is_integer() => Canon::Integer,
                TypeClass::Uuid => Canon::Uuid,
                class => settle(Canon::Bytes, class),
            },
        }
    }

    fn shown(&self, index: usize) -> Message {
        let spelled = self.decided.columns.get(index).and_then(Option::as_ref).and_then(Decision::spelled);
        self.view.label(index, spelled)
    }

    /// Returns a column's name as the profile spells it, for an example to write.
    fn bare(&self, index: usize) -> Name {
        let decision = self.decided.columns.get(index).and_then(Option::as_ref);
        Name::new(decision.and_then(Decision::spelled).unwrap_or("COLUMN"))
    }

    fn own_attribute(&self) -> Message {
        let decision = self.decided.columns.get(self.index).and_then(Option::as_ref);
        let found = decision.and_then(Decision::attribute).and_then(|(entity, attribute)| {
            let entity = self.profile().entities.get(entity)?;
            Some((entity, entity.attributes.get(attribute)?))
        });
        match found {
            Some((entity, attribute)) => {
                message!("{}.{}", Name::new(entity.name.as_str()), Name::new(attribute.name.as_str()))
            }
            None => "ENTITY.ATTRIBUTE".into(),
        }
    }
}

/// Settles a canonical form by type: blanks that `char(n)` pads with do not count.
pub(super) fn settle(canon: Canon, class: &TypeClass) -> Canon {
    match (canon, class) {
        (Canon::Bytes, TypeClass::Char { .. }) => Canon::Padded,
        (canon, _) => canon,
    }
}

/// Returns the locale of a rule: its own, else the profile's.
pub(super) fn locale<'a>(rule: &'a Rule, profile: &'a str) -> &'a str {
    let own = rule.options.iter().find(|(name, _)| name == "locale");
    own.and_then(|(_, value)| value.text()).unwrap_or(profile)
}

/// Returns what `label:` of a rule says.
fn said_label(rule: &Rule) -> Option<&str> {
    rule.options.iter().find(|(name, _)| name == "label").and_then(|(_, value)| value.text())
}

/// Returns the attribute's name as the key schedule knows it (L(attribute) of lane 7): the part of the label behind its
/// dot, so that a renamed attribute keeps its people; its own name where no label is said.
pub(super) fn attribute<'a>(rule: &'a Rule, name: &'a str) -> &'a str {
    said_label(rule).map_or(name, |label| label.rsplit_once('.').map_or(label, |(_, attribute)| attribute))
}

/// Returns whether the label is that of the column itself.
pub(super) fn is_own_label(profile: &Profile, decision: &Decision<'_>) -> bool {
    decision.attribute().is_none() && decision.rule(profile).and_then(said_label).is_none()
}

/// Appends the label of DESIGN 5: `label:` if declared, else `entity.attribute`, else that of the column itself.
pub(super) fn label(profile: &Profile, decision: &Decision<'_>, column: &str) -> Vec<u8> {
    if let Some(said) = decision.rule(profile).and_then(said_label) {
        return said.as_bytes().to_vec();
    }
    if let Some((entity, attribute)) = decision.attribute()
        && let Some(entity) = profile.entities.get(entity)
        && let Some(attribute) = entity.attributes.get(attribute)
    {
        return format!("{}.{}", entity.keyed_name(), attribute.name).into_bytes();
    }
    let mut label = b"col".to_vec();
    for part in decision.owner.own_schema().into_iter().chain([decision.owner.table.as_str(), column]) {
        label.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        label.extend_from_slice(part.as_bytes());
    }
    label
}
