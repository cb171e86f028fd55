//! Which keys of a schema the plan breaks (DESIGN 4): UNIQUE under a technique that loses it, foreign keys whose ends
//! differ, rows that point into an emptied table; and what is not verified. Works from the schema alone, on as much
//! of it as is known: what is not known yet is no problem, so it must be asked again when more is.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::error::{Message, Name};
use crate::mask::{Output, Uniqueness};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Problem, Profile};
use crate::row::shape::{Facts, ForeignKey, TableFacts, TableName, Unique};

use super::bind::{Deciding, Made, make_any};
use super::rules::{self, Decided, Decision, same_declaration};
use super::view::{Detail, View};
use super::{Plan, checks, digest};

/// Lists all broken keys.
pub(super) fn keys(plan: &Plan, facts: &Facts) -> Vec<Problem> {
    let tables: Vec<&TableFacts> = facts.tables().iter().collect();
    of(plan, facts, &tables)
}

/// Lists the broken keys of some tables of a schema.
pub(super) fn of<'p>(plan: &'p Plan, facts: &'p Facts, some: &[&'p TableFacts]) -> Vec<Problem> {
    let mut index: HashMap<&TableName, State<'_>> = HashMap::new();
    let targets =
        some.iter().flat_map(|table| &table.foreign_keys).filter_map(|key| facts.table(&key.target));
    for table in some.iter().copied().chain(targets).filter(|table| table.holds_rows) {
        index.entry(&table.name).or_insert_with(|| State::of(plan, table, facts));
    }
    let mut problems = Vec::new();
    for table in some.iter().filter_map(|table| index.get(&table.name)) {
        table.broken(|target| index.get(target), &mut problems);
    }
    problems
}

/// Returns a table of the schema and the columns that are masked.
pub(super) fn masked(plan: &Plan, table: &TableFacts, facts: &Facts) -> (View, Vec<usize>) {
    let state = State::of(plan, table, facts);
    let masked = (0..state.made.len()).filter(|index| state.is_masked(*index)).collect();
    (state.view, masked)
}

/// One table of the schema with what was decided for it.
pub(super) struct State<'p> {
    profile: &'p Profile,
    facts: &'p TableFacts,
    pub(super) view: View,
    pub(super) decided: Decided<'p>,
    plan: &'p Plan,
    known: &'p Facts,
    /// The columns, compiled when a key or CHECK first asks; `None` = kept, undecided or refused (which `bind` reports).
    made: Vec<OnceCell<Option<Box<Made>>>>,
}

/// What becomes of the uniqueness of one column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is kept.
    Kept,
    /// Masked; distinct values stay distinct.
    Apart,
    /// Always NULL afterwards.
    Null,
    /// Distinct values may fall together.
    Lost,
    /// Computed by the server from other columns.
    Generated,
    /// Not decided, or not known.
    Unknown,
}

impl<'p> State<'p> {
    pub(super) fn of(plan: &'p Plan, table: &'p TableFacts, facts: &'p Facts) -> Self {
        let view = View::of_facts(table, facts);
        let decided = rules::decide(plan, &view, facts);
        let count = if decided.empty { 0 } else { view.columns.len() };
        let made = (0..count).map(|_| OnceCell::new()).collect();
        Self { profile: &plan.profile, facts: table, view, decided, plan, known: facts, made }
    }

    /// Takes columns that were compiled already; a case list is left to be asked.
    pub(super) fn take(&mut self, compiled: Vec<Made>) {
        let mut all: Vec<Option<Made>> = self.made.iter().map(|_| None).collect();
        for made in compiled {
            let index = made.index;
            if let Some(slot) = all.get_mut(index) {
                *slot = Some(made);
            }
        }
        for (index, made) in all.into_iter().enumerate() {
            let cases = self.decision(index).is_some_and(|decision| !decision.cases().is_empty());
            if let (false, Some(cell)) = (cases, self.made.get(index)) {
                let _ = cell.set(made.map(Box::new));
            }
        }
    }

    /// Lists the keys and CHECKs of the table that break or are not verified; `target` finds those that keys point to.
    pub(super) fn broken<'t>(
        &self,
        target: impl Fn(&TableName) -> Option<&'t State<'p>>,
        problems: &mut Vec<Problem>,
    ) where
        'p: 't,
    {
        if self.decided.empty {
            return;
        }
        for unique in &self.facts.uniques {
            problems.extend(self.unique(unique));
        }
        for key in &self.facts.foreign_keys {
            if let Some(target) = target(&key.target) {
                self.foreign_key(key, target, problems);
            }
        }
        problems.extend(checks::warnings(self.plan, &self.view, self.known, |index| self.is_masked(index)));
        problems.extend(self.domains());
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.view.columns.iter().position(|c| c.name == column)
    }

    fn decision(&self, index: usize) -> Option<&Decision<'p>> {
        self.decided.columns.get(index)?.as_ref()
    }

    fn made(&self, index: usize) -> Option<&Made> {
        let compile = || {
            // What cannot be compiled is for `bind` to report.
            make_any(self.plan, &self.view, self.known, &self.decided, index, &mut Vec::new()).map(Box::new)
        };
        self.made.get(index)?.get_or_init(compile).as_deref()
    }

    /// Whether any column is masked, for certain.
    fn masks(&self) -> bool {
        (0..self.made.len()).any(|index| self.is_masked(index))
    }

    fn place(&self, index: usize) -> Option<Place> {
        self.decision(index)?.column.map(|c| c.place)
    }

    /// Whether a column is masked, for certain.
    fn is_masked(&self, index: usize) -> bool {
        self.made(index).is_some()
    }

    fn standing(&self, column: &str) -> Standing {
        if self.view.absent.iter().any(|c| c.name == column) {
            return Standing::Generated;
        }
        let Some(index) = self.position(column) else { return Standing::Unknown };
        let Some(decision) = self.decision(index) else { return Standing::Unknown };
        if decision.rule(self.profile).is_none() {
            return Standing::Kept;
        }
        let Some(made) = self.made(index) else { return Standing::Unknown };
        if self.is_nulled(index) {
            return Standing::Null;
        }
        if made.case.is_some() {
            return Standing::Lost;
        }
        match (made.compiled.uniqueness, &made.by) {
            (Uniqueness::Lost, _) => Standing::Lost,
            (_, Deciding::Nothing | Deciding::Own { .. }) => Standing::Apart,
            (_, Deciding::Columns { inputs, .. }) => {
                if self.decides_apart(index, inputs.iter().map(|(i, _)| *i)) {
                    Standing::Apart
                } else {
                    Standing::Lost
                }
            }
        }
    }

    /// Says whether deciding columns differ wherever the decided value does: it is the column itself, or they hold a
    /// key of the table.
    fn decides_apart(&self, index: usize, inputs: impl Iterator<Item = usize>) -> bool {
        let inputs: Vec<usize> = inputs.collect();
        if inputs == [index] {
            return true;
        }
        let holds = |name: &String| self.position(name).is_some_and(|i| inputs.contains(&i));
        let mut keys = self.facts.uniques.iter().filter(|u| !u.expression && !u.columns.is_empty());
        keys.any(|u| u.columns.iter().all(holds) && u.columns.iter().all(|name| self.refuses_null(name)))
    }

    fn refuses_null(&self, column: &str) -> bool {
        self.position(column).and_then(|i| self.view.columns.get(i)).is_some_and(|c| c.not_null)
    }

    /// Whether a column is always NULL afterwards.
    fn is_nulled(&self, index: usize) -> bool {
        let nullable = self.view.columns.get(index).is_some_and(|c| !c.not_null);
        nullable && self.made(index).is_some_and(|m| m.case.is_none() && m.compiled.output == Output::Nothing)
    }

    /// Checks a primary key, UNIQUE constraint or unique index.
    fn unique(&self, unique: &Unique) -> Vec<Problem> {
        let standings: Vec<(&String, Standing)> =
            unique.columns.iter().map(|c| (c, self.standing(c))).collect();
        let any = |wanted: Standing| standings.iter().any(|(_, s)| *s == wanted);
        let shown = shown(if unique.primary { "primary key" } else { "UNIQUE" }, &unique.name);
        let masked = any(Standing::Apart) || any(Standing::Null) || any(Standing::Lost);
        let generated = any(Standing::Generated) && self.masks();
        // A row with NULL in it breaks no UNIQUE; under an expression or predicate that is not known.
        let freed = any(Standing::Null) && !unique.primary && !unique.expression;
        if freed || self.held_by_another(unique) {
            return Vec::new();
        }
        let lost: Vec<Problem> = standings
            .iter()
            .filter(|(_, s)| *s == Standing::Lost)
            .filter_map(|(column, _)| self.position(column))
            .map(|index| self.loses(&shown, index))
            .collect();
        if lost.is_empty() && ((unique.expression && masked) || generated) {
            let why = if unique.expression { "an expression or predicate" } else { "a generated column" };
            let what = message!("{} over masked columns has {}: not verified", shown, why);
            return vec![self.view.warning(what).of(Finding::NotVerified)];
        }
        lost
    }

    /// Whether columns of another key, all of them in this one, keep its rows apart.
    fn held_by_another(&self, unique: &Unique) -> bool {
        let apart = |column: &String| {
            matches!(self.standing(column), Standing::Kept | Standing::Apart) && self.refuses_null(column)
        };
        self.facts.uniques.iter().any(|other| {
            !other.expression
                && !other.columns.is_empty()
                && other.columns.len() < unique.columns.len()
                && other.columns.iter().all(|c| unique.columns.contains(c) && apart(c))
        })
    }

    fn loses(&self, key: &Message, index: usize) -> Problem {
        let technique = self.word(index);
        let what =
            message!("`{}` can give different rows the same value, which breaks the {}", technique, key);
        let hint = "use a technique that keeps values apart (`pseudonym`, or `fake` with `unique: true`)";
        self.about(self.view.error(what).of(Finding::UniqueLost), index).hint(hint)
    }

    fn word(&self, index: usize) -> &'static str {
        self.made(index).map_or("keep", |m| m.technique)
    }

    fn about(&self, problem: Problem, index: usize) -> Problem {
        let mut problem = problem.column(self.view.label(index, None));
        problem.place = self.place(index);
        problem
    }

    /// Checks the two ends of a foreign key.
    fn foreign_key(&self, key: &ForeignKey, target: &State<'_>, problems: &mut Vec<Problem>) {
        let freed = key.columns.iter().filter_map(|c| self.position(c)).any(|i| self.is_nulled(i));
        if freed || self.view.columns.is_empty() {
            return;
        }
        let shown = shown("foreign key", &key.name);
        if target.decided.empty {
            // Undecided columns are reported by `cover`; a column that is kept or masked keeps pointing.
            if key.columns.iter().filter_map(|c| self.position(c)).all(|i| self.decision(i).is_some()) {
                problems.push(self.dangling(key, &shown, target));
            }
            return;
        }
        if target.decided.keep_rows.is_some() {
            problems.push(self.dangling(key, &shown, target));
        }
        let primary = target.facts.uniques.iter().find(|u| u.primary).map(|u| u.columns.as_slice());
        let ends =
            if key.target_columns.is_empty() { primary.unwrap_or_default() } else { &key.target_columns };
        for (from, to) in key.columns.iter().zip(ends) {
            problems.extend(self.ends(&shown, from, target, to));
        }
    }

    fn dangling(&self, key: &ForeignKey, shown: &Message, target: &State<'_>) -> Problem {
        let lost = if target.decided.empty { "which is emptied" } else { "which loses rows by `keep_rows`" };
        let what = message!("its rows point into `{}`, {} ({})", target.view.table, lost, shown);
        let problem = self.view.error(what).of(Finding::DanglingKey).hint(message!(
            "empty this table too, or `suppress` the column (where it may be NULL), or keep the rows of `{}`",
            target.view.table
        ));
        match key.columns.first().and_then(|c| self.position(c)) {
            Some(index) => self.about(problem, index),
            None => problem,
        }
    }

    /// Compares one column of a foreign key with the one it points to.
    fn ends(&self, shown: &Message, from: &str, target: &State<'_>, to: &str) -> Option<Problem> {
        let generated = |s: &State<'_>, name: &str| s.view.absent.iter().any(|c| c.name == name);
        if generated(self, from) || generated(target, to) {
            let masked = self.masks() || target.masks();
            let what = message!("the {} has a generated column at one end: not verified", shown);
            return masked.then(|| self.view.warning(what).of(Finding::NotVerified));
        }
        let (child, parent) = (self.position(from)?, target.position(to)?);
        let (here, there) = (self.decision(child)?, target.decision(parent)?);
        match (here.rule(self.profile), there.rule(self.profile)) {
            (None, None) => return None,
            (Some(a), Some(b)) => {
                let known = (self.made(child)?, target.made(parent)?);
                let labels =
                    (digest::label(self.profile, here, from), digest::label(self.profile, there, to));
                let locales =
                    (digest::locale(a, &self.profile.locale), digest::locale(b, &self.profile.locale));
                let own = known.0.decided_by_itself() && known.1.decided_by_itself();
                if same_declaration(a, b) && labels.0 == labels.1 && locales.0 == locales.1 && own {
                    return None;
                }
            }
            (Some(_), None) if !self.is_masked(child) => return None,
            (None, Some(_)) if !target.is_masked(parent) => return None,
            _ => {}
        }
        let what = message!(
            "the ends of the {} differ: `{}.{}` {}, `{}.{}` {}",
            shown,
            self.view.table,
            Name::new(from),
            self.fate(child),
            target.view.table,
            Name::new(to),
            target.fate(parent)
        );
        let problem = self.about(self.view.error(what).of(Finding::KeyEndsDiffer), child);
        let problem = if problem.place.is_some() {
            problem
        } else {
            Problem { place: target.place(parent), ..problem }
        };
        Some(problem.hint(self.join_hint(from, target, there, here, to)))
    }

    fn fate(&self, index: usize) -> Message {
        if self.is_masked(index) { message!("is masked by `{}`", self.word(index)) } else { "is kept".into() }
    }

    /// Says what to write so that both ends agree.
    fn join_hint(
        &self,
        from: &str,
        target: &State<'_>,
        there: &Decision<'_>,
        here: &Decision<'_>,
        to: &str,
    ) -> Message {
        let named = |d: &Decision<'_>| {
            let (entity, attribute) = d.attribute()?;
            let entity = self.profile.entities.get(entity)?;
            let attribute = entity.attributes.get(attribute)?;
            Some(message!("{}.{}", Name::new(entity.name.as_str()), Name::new(attribute.name.as_str())))
        };
        let line = |column: &str, attribute: Message, table: &TableName| {
            message!("write `{}: {}` under `tables: {}: columns:`", Name::new(column), attribute, table)
        };
        match (named(there), named(here)) {
            (Some(attribute), _) => line(from, attribute, &self.view.table),
            (None, Some(attribute)) => line(to, attribute, &target.view.table),
            (None, None) => {
                "make an attribute of an entity (`person: id: {pseudonym: integer}`) and write `person.id` at both ends".into()
            }
        }
    }

    /// Lists the masked columns whose type is an array of a domain: what it checks of each item is not looked at.
    fn domains(&self) -> Vec<Problem> {
        let domains = checks::domains(&self.view, |index| self.is_masked(index));
        domains
            .map(|(index, domain)| {
                let what = message!("the domain `{}` may check values: not verified", Name::new(domain));
                self.about(self.view.warning(what).of(Finding::NotVerified), index)
            })
            .collect()
    }
}

pub(super) fn shown(kind: &'static str, name: &str) -> Message {
    if name.is_empty() { kind.into() } else { message!("{} `{}`", kind, Name::new(name)) }
}
