//! Compiles the rules for places inside a value: of each the technique, and what decides its stand-in (the part itself,
//! columns of the row, or another place of the same value).
//!
//! Refuses what a part cannot have: a technique that makes no text, and an entity with a scope whose columns the row lacks. Deliberately absent: a
//! rule for what no place names; that is removed.

use std::sync::Arc;

use crate::error::Name;
use crate::mask::inside::{Beside, CopiedRow, Decides, IfUnfit, Inside, Leaf, Part as Of, Place, RowOf};
use crate::mask::row::Reads;
use crate::mask::{Compiled, Decider, Needs, Output};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{
    By, Column, ColumnRule, Entity, Problem, Profile, Rule, Table, TableBody, Unfit,
};
use crate::row::canon::Canon;
use crate::row::shape::{ColumnType, TableName};
use crate::secret::{Mac, Purpose};

use super::assemble::pinned;
use super::bind::{self, Deciding, Under};
use super::digest::{self, Who};
use super::fit::{self, Column as Bound};
use super::learning;
use super::reads;
use super::rules::{Decided, Decision};
use super::view::Detail;

/// Columns of the row that decide parts of a value.
pub(super) struct Slot {
    /// The columns and their canonical forms.
    pub(super) inputs: Vec<(usize, Canon)>,
    /// Columns that keep tenants apart.
    pub(super) scope: Vec<(usize, Canon)>,
    /// As which they decide.
    pub(super) under: Under,
}

/// The rules of one column for what stands inside of its values.
pub(super) struct Compiling<'a, 'p> {
    /// The column.
    pub(super) column: &'a Bound<'a, 'p>,
    /// All that was decided for its table.
    pub(super) decided: &'a Decided<'p>,
    /// Where techniques note what they read.
    pub(super) reads: &'a Reads,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
    /// What the row must give.
    pub(super) slots: Vec<Slot>,
}

/// The rule of one place: written under the technique, or that of a column whose row is copied into the value.
struct Part<'p> {
    at: Place,
    column: &'p Column,
    /// The table whose row is copied.
    row: Option<&'p Table>,
}

impl<'a, 'p> Compiling<'a, 'p> {
    /// Begins with a column.
    pub(super) fn new(column: &'a Bound<'a, 'p>, decided: &'a Decided<'p>, reads: &'a Reads) -> Self {
        Self { column, decided, reads, problems: Vec::new(), slots: Vec::new() }
    }

    /// Compiles the column: its technique with the rules for the parts of its values; where another column names the
    /// table whose row is copied (`row_of:`), once for every table.
    pub(super) fn whole(
        &mut self,
        label: &[u8],
        name: &str,
        decider: Decider,
    ) -> Result<Compiled, Box<Problem>> {
        let (column, reads) = (self.column, self.reads);
        let compile =
            |inside: &Arc<Inside>| bind::compile_as(column, label, name, decider, Some(inside), reads);
        let Some(naming) = option(column.rule, "row_of") else {
            return compile(&self.inside(column.rule, &[]));
        };
        if !column.rule.inside.is_empty() || option(column.rule, "row").is_some() {
            let what = "`row_of` has the rules of other tables, so it takes no places of its own";
            let hint = "take the places out, or write `row:` with one table";
            return Err(Box::new(column.error(what).hint(hint)));
        }
        let mut rows: Vec<CopiedRow> = Vec::new();
        let mut first = None;
        for (schema, table, inside) in self.rows() {
            let Compiled { mask, needs, output, uniqueness } = compile(&inside)?;
            rows.push(CopiedRow { schema, table, mask });
            first.get_or_insert((needs, output, uniqueness));
        }
        let Some((needs, output, uniqueness)) = first else {
            let what = "`row_of` finds no table whose rules a copy of its row could follow";
            return Err(Box::new(
                column.error(what).hint("rules for copies stand under `columns:` of their table"),
            ));
        };
        let mut placeholder = Vec::new();
        let has = rows.first().is_some_and(|row| row.mask.placeholder(b"", &mut placeholder));
        let mask =
            Box::new(RowOf { table: reads.named(naming), rows, placeholder: has.then_some(placeholder) });
        Ok(Compiled { mask, needs, output, uniqueness })
    }

    /// Compiles all rules inside of a rule; `path` are the places that lead to it.
    fn inside(&mut self, rule: &'p Rule, path: &[&str]) -> Arc<Inside> {
        let mut parts: Vec<Part<'p>> = Vec::new();
        if let Some(name) = option(rule, "row") {
            match self.copied(name) {
                Ok(table) => parts.extend(self.of_row(table)),
                Err(problem) => self.problems.push(*problem),
            }
        }
        let own = rule.inside.iter();
        parts.extend(own.map(|inner| Part { at: inner.at.clone(), column: &inner.column, row: None }));
        self.compile(&parts, path)
    }

    /// Compiles the rules for copies of the rows of every table of the profile: its schema or database, its name, both in
    /// lower case, and the rules.
    fn rows(&mut self) -> Vec<(String, String, Arc<Inside>)> {
        let tables = &self.column.plan.profile.tables;
        let copied =
            tables.iter().filter(|table| !table.pattern && matches!(table.body, TableBody::Columns(_)));
        let own = &self.column.view.table;
        let other = copied.filter(|table| !learning::is_table(table.schema.as_deref(), &table.table, own));
        let mut all = Vec::new();
        let mut seen = Vec::new();
        for table in other {
            let schema = table.schema.as_deref().or(table.database.as_deref()).unwrap_or("public");
            let name = (schema.to_lowercase(), table.table.to_lowercase());
            // What a text that is extended says of it too does not count; the user's own comes first.
            let elsewhere = |(known, file): &(_, u32)| *known == name && *file != table.place.file;
            if seen.iter().any(elsewhere) {
                continue;
            }
            seen.push((name.clone(), table.place.file));
            let parts = self.of_row(table);
            let before = self.problems.len();
            let inside = self.compile(&parts, &[]);
            // A table whose rules need its whole row has no copies that could be masked: they are removed.
            self.problems.truncate(before);
            if inside.places.len() == parts.len() {
                all.push((name.0, name.1, inside));
            }
        }
        all
    }

    /// Finds the table of the profile whose rows are copied into the value.
    fn copied(&self, name: &str) -> Result<&'p Table, Box<Problem>> {
        let shown = Name::new(name);
        let parts = crate::profile::check::name::dotted(name).unwrap_or_default();
        let (schema, table) = match parts.as_slice() {
            [(table, _)] => (None, table.as_str()),
            [(schema, _), (table, _)] => (Some(schema.as_str()), table.as_str()),
            _ => (None, name),
        };
        let wanted = TableName::new(schema, table);
        let tables = self.column.plan.profile.tables.iter();
        let mut found = tables.filter(|entry| {
            !entry.pattern && learning::is_table(entry.schema.as_deref(), &entry.table, &wanted)
        });
        match found.next() {
            Some(entry) if matches!(entry.body, TableBody::Columns(_)) => Ok(entry),
            Some(_) => {
                let what = message!("`row: {}` names a table without rules of its own", shown);
                Err(Box::new(self.column.error(what).hint("name the table whose columns have the rules")))
            }
            None => {
                let what = message!("`row: {}` names a table that the profile lacks", shown);
                Err(Box::new(
                    self.column
                        .error(what)
                        .of(Finding::UnknownName)
                        .hint("it must stand under `tables:` too"),
                ))
            }
        }
    }

    /// Returns the rules of a table as those for the keys of a copied row. Patterns cover no key, and what is made of
    /// other columns of its row cannot be made here: those keys are removed.
    fn of_row(&self, table: &'p Table) -> Vec<Part<'p>> {
        let columns: &[Column] = if let TableBody::Columns(columns) = &table.body { columns } else { &[] };
        let place = |name: &str| format!("$['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"));
        let profile = &self.column.plan.profile;
        let made = |column: &Column| {
            super::rules::rule_of(profile, &column.rule)
                .is_some_and(|rule| reads::MADE.contains(&rule.technique.name))
        };
        let part = |column: &'p Column| Part {
            at: Place { text: place(&column.name), part: Of::Value, by: None },
            column,
            row: Some(table),
        };
        columns.iter().filter(|column| !column.pattern && !made(column)).map(part).collect()
    }

    fn compile(&mut self, parts: &[Part<'p>], path: &[&str]) -> Arc<Inside> {
        let mut inside = Inside { places: Vec::new(), leaves: Vec::new() };
        for part in parts {
            let mut path = path.to_vec();
            path.push(&part.at.text);
            match self.leaf(parts, part, &path) {
                Ok((leaf, by)) => {
                    let mut at = part.at.clone();
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
        parts: &[Part<'p>],
        inner: &Part<'p>,
        path: &[&str],
    ) -> Result<(Leaf, Option<String>), Box<Problem>> {
        let column = self.column;
        let profile = &column.plan.profile;
        let mut decision = Decision { column: Some(inner.column), ..column.decision.clone() };
        if let Some(table) = inner.row {
            // The labels are those of the table itself, so that the copy agrees with the row.
            decision.owner = Arc::new(TableName::new(table.schema.as_deref(), &table.table));
        }
        if matches!(inner.column.rule, ColumnRule::Cases(_)) {
            let what = message!(
                "{} has a case list, which a copy of its row cannot follow",
                Name::new(inner.at.text.as_str())
            );
            return Err(Box::new(column.error(what).hint("write places of their own instead of `row:`")));
        }
        let unfit = match profile.policy.unfit {
            Unfit::Placeholder => IfUnfit::Placeholder,
            Unfit::Suppress => IfUnfit::Remove,
            Unfit::Stop => IfUnfit::Stop,
        };
        let Some(rule) = decision.rule(profile) else {
            return Ok((Leaf { mask: None, decides: Decides::Nothing, scope: Vec::new(), unfit }, None));
        };
        let ty = typed(rule).map_err(|what| Box::new(column.error(what).of(Finding::UnknownType)))?;
        let part = Bound {
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
        let by = inner.at.by.clone().or_else(|| self.subject_beside(parts, &decision, &part));
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
        let itself = subject && by.is_none() && self.decides_itself(&decision, &part);
        let decider = match (&who, beside) {
            (_, Some(_)) => Decider::Subject,
            _ if itself => Decider::Subject,
            (Ok(who), None) => who.decider(),
            (Err(_), None) => usual,
        };
        let label = label(profile, &decision, column, inner, path);
        let compiled = bind::compile_as(&part, &label, &inner.at.text, decider, nested.as_ref(), self.reads)?;
        sound(&part, &compiled)?;
        // Tenants are kept apart by the columns of the row, as they are for its own columns.
        let scope = bind::scope(&part, self.decided, &compiled)?;
        let leaf_scope = scope.iter().map(|(index, canon)| (self.reads.column(*index), *canon)).collect();
        let decides = match &by {
            None if itself => {
                let needs = compiled.needs.clone();
                match self.beside(parts, &part, &label, inner, &inner.at.text, needs)? {
                    Decides::Beside(own) => Decides::Subject(own),
                    other => other,
                }
            }
            Some(place) => self.beside(parts, &part, &label, inner, place, compiled.needs.clone())?,
            None => {
                let deciding = bind::deciding(&part, &label, &inner.at.text, who, &compiled.needs)?;
                self.slot(deciding, scope)
            }
        };
        Ok((Leaf { mask: Some(compiled.mask), decides, scope: leaf_scope, unfit }, by))
    }

    /// Says whether a part that carries the subject decides as that, and not just by its value: as its column would.
    fn decides_itself(&self, decision: &Decision<'_>, part: &Bound<'_, '_>) -> bool {
        let attribute = decision.attribute().and_then(|(entity, attribute)| {
            part.plan.profile.entities.get(entity)?.attributes.get(attribute)
        });
        let by_default = |by: &By| matches!(by, By::Default);
        let says = decision.column.is_some_and(|column| by_default(super::rules::by_of(&column.rule)));
        let identifying = (part.rule.technique.identifying)(part.rule.argument.as_ref(), &part.rule.options);
        says && !identifying && attribute.is_some_and(|attribute| by_default(&attribute.by))
    }

    /// Returns the place of the same value that carries the subject of a describing attribute: a copy of a row tells
    /// whose it is.
    fn subject_beside(
        &self,
        beside: &[Part<'p>],
        decision: &Decision<'_>,
        part: &Bound<'_, '_>,
    ) -> Option<String> {
        let (entity, attribute) = decision.attribute()?;
        let subject = part.plan.profile.entities.get(entity)?.subject?;
        let identifying = (part.rule.technique.identifying)(part.rule.argument.as_ref(), &part.rule.options);
        let by_default = matches!(super::rules::by_of(&decision.column?.rule), By::Default);
        if subject == attribute || identifying || !by_default {
            return None;
        }
        let carries = |inner: &&Part<'_>| matches!(inner.column.rule, ColumnRule::Attribute { entity: e, attribute: a, .. } if (e, a) == (entity, subject));
        beside.iter().find(carries).map(|inner| inner.at.text.clone())
    }

    /// Makes another place of the value decide.
    fn beside(
        &self,
        beside: &[Part<'p>],
        part: &Bound<'_, 'p>,
        label: &[u8],
        inner: &Part<'p>,
        place: &str,
        needs: Needs,
    ) -> Result<Decides, Box<Problem>> {
        let profile = &part.plan.profile;
        let entity = part.decision.attribute().and_then(|(entity, _)| profile.entities.get(entity));
        let at_place = beside.iter().find(|other| other.at.text == place);
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
                let value =
                    bind::compile_as(part, label, &inner.at.text, Decider::Value, None, &Reads::default())?;
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
                    pinned: pinned(Some(entity), &[form]),
                    own: (own, mac),
                })))
            }
        }
    }

    fn subject_mac(&self, entity: &Entity) -> Mac {
        self.column.plan.schedule.mac(Purpose::Subject, entity.keyed_name().as_bytes())
    }

    /// Notes which columns of the row decide.
    fn slot(&mut self, deciding: Deciding, scope: Vec<(usize, Canon)>) -> Decides {
        match deciding {
            Deciding::Nothing => Decides::Nothing,
            Deciding::Own { canon, mac } => Decides::Own { canon, mac },
            Deciding::Columns { inputs, under, fallback: (canon, mac) } => {
                let same = |slot: &Slot| {
                    slot.inputs == inputs && slot.scope == scope && slot.under.same_subject(&under)
                };
                let found = self.slots.iter().position(same);
                if let Some(slot) = found.and_then(|index| self.slots.get_mut(index)) {
                    slot.under.widen(&under);
                }
                let slot = found.unwrap_or_else(|| {
                    self.slots.push(Slot { inputs, scope, under });
                    self.slots.len() - 1
                });
                Decides::Row { slot, canon, mac }
            }
        }
    }
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
fn sound(part: &Bound<'_, '_>, compiled: &Compiled) -> Result<(), Box<Problem>> {
    if matches!(compiled.output, Output::Nothing) {
        return Ok(());
    }
    let (_, problems) = part.fit(compiled);
    problems.into_iter().next().map_or(Ok(()), |problem| Err(Box::new(problem)))
}

/// Returns what an option says.
fn option<'r>(rule: &'r Rule, name: &str) -> Option<&'r str> {
    rule.options.iter().find(|(option, _)| option == name).and_then(|(_, value)| value.text())
}

/// Returns the label of a part: that of its attribute; that of the column whose row is copied; else the column's own with
/// the places that lead to it.
fn label(
    profile: &Profile,
    decision: &Decision<'_>,
    column: &Bound<'_, '_>,
    part: &Part<'_>,
    path: &[&str],
) -> Vec<u8> {
    if part.row.is_some() {
        return digest::label(profile, decision, &part.column.name);
    }
    let name = column.view.columns.get(column.index).map(|c| c.name.as_str()).unwrap_or_default();
    let own = digest::is_own_label(profile, decision);
    let mut label = digest::label(profile, decision, name);
    for place in path.iter().filter(|_| own) {
        label.extend_from_slice(&u32::try_from(place.len()).unwrap_or(u32::MAX).to_be_bytes());
        label.extend_from_slice(place.as_bytes());
    }
    label
}
