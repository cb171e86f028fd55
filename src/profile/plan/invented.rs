//! `insert:`: invented rows made ready for one table, column by column. Refuses a column that the table lacks, a value that
//! is none of the column's type, a row that leaves a column out which may be neither NULL nor numbered, and one that breaks a
//! CHECK.
//!
//! Numbered is what nobody else can have: a column under `pseudonym: integer`, whose stand-ins of ids below 2^30 lie above
//! every sequence, and the primary key of an emptied table.

use crate::error::{Message, Name};
use crate::mask::{Compile, Decider, Lanes, MaskCx, Outcome, Value};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Invented, InventedValue, Problem, Rule};
use crate::row::shape::{ColumnFacts, Facts, TypeClass};

use super::candidates::Level;
use super::names::{Found, find};
use super::rules::{Decided, Decision};
use super::view::{Detail, View};
use super::{InventedCell, Plan, Unverified, checks};

/// Stand-ins of ids below this lie at or above it (DESIGN 4, `pseudonym: integer`).
const LOW_IDS: i64 = 1 << 30;

/// Finds the rows that the strongest entry of a table itself gives it.
pub(super) fn of_levels<'p>(levels: &[Level<'p>]) -> &'p [Invented] {
    let own = levels.iter().filter(|level| level.depth == 0 && !level.table.insert.is_empty());
    own.min_by_key(|level| level.table.level).map_or(&[], |level| &level.table.insert)
}

/// Makes the rows ready: one value a column of the data.
pub(super) fn rows(
    plan: &Plan,
    view: &View,
    facts: &Facts,
    decided: &Decided<'_>,
    problems: &mut Vec<Problem>,
    unverified: &mut Vec<Unverified>,
) -> Vec<Vec<Option<InventedCell>>> {
    let before = problems.len();
    let ready = Ready { plan, view, facts, decided };
    let mut rows = Vec::with_capacity(decided.insert.len());
    for (number, row) in (1_u64..).zip(decided.insert) {
        let mut given: Vec<Option<&InventedValue>> = vec![None; view.columns.len()];
        for value in &row.values {
            match find(&value.column, view.columns.iter().map(|column| column.name.as_str())) {
                Found::One(index) => {
                    if let Some(place) = given.get_mut(index) {
                        *place = Some(value);
                    }
                }
                _ => problems.push(ready.no_column(value)),
            }
        }
        let cells = (0..view.columns.len()).map(|index| {
            let value = given.get(index).copied().flatten();
            ready.cell(index, row, number, value).unwrap_or_else(|problem| {
                problems.push(*problem);
                None
            })
        });
        rows.push(cells.collect());
    }
    // A row that was not made as it is given says nothing of a CHECK.
    if problems.len() == before && !rows.is_empty() {
        checks::of_invented(plan, view, facts, (decided.insert, &rows), problems, unverified);
    }
    rows
}

/// What all cells share.
struct Ready<'a, 'p> {
    plan: &'p Plan,
    view: &'a View,
    facts: &'a Facts,
    decided: &'a Decided<'p>,
}

impl Ready<'_, '_> {
    fn no_column(&self, value: &InventedValue) -> Problem {
        let name = Name::new(value.column.as_str());
        let generated = self.view.absent.iter().any(|column| column.name == value.column);
        let (what, hint): (Message, Message) = if generated {
            (
                message!("`insert` gives `{}`, which rows do not hold", name),
                "leave it out: it is computed".into(),
            )
        } else {
            (
                message!("`insert` gives `{}`, which the table lacks", name),
                "name a column of the table".into(),
            )
        };
        self.view.error(what).of(Finding::UnknownColumn).place(value.place).hint(hint)
    }

    fn error(&self, index: usize, what: impl Into<Message>) -> Problem {
        let spelled = self.decision(index).and_then(Decision::spelled);
        self.view.error(what).column(self.view.label(index, spelled))
    }

    fn decision(&self, index: usize) -> Option<&Decision<'_>> {
        self.decided.columns.get(index)?.as_ref()
    }

    fn cell(
        &self,
        index: usize,
        row: &Invented,
        number: u64,
        value: Option<&InventedValue>,
    ) -> Result<Option<InventedCell>, Box<Problem>> {
        let Some(column) = self.view.columns.get(index) else { return Ok(None) };
        let (rule, place) = match value {
            Some(InventedValue { rule: Some(rule), place, .. }) => (rule, *place),
            None if self.is_numbered(index, column) => {
                let text = number.to_string().into_bytes();
                return Ok(Some(InventedCell { text, bare: is_bare(&column.ty.class) }));
            }
            Some(_) | None if !column.not_null => return Ok(None),
            Some(InventedValue { place, .. }) => {
                let what = "an invented row gives NULL, which the column refuses";
                return Err(Box::new(self.error(index, what).place(*place).hint("give it a value")));
            }
            None => {
                let what = "an invented row leaves it out, and it may not be NULL";
                return Err(Box::new(
                    self.error(index, what).place(row.place).hint("give it a value in `insert`"),
                ));
            }
        };
        let text = self.make(index, column, rule).map_err(|problem| Box::new(problem.place(place)))?;
        if self.is_pseudonym(index)
            && std::str::from_utf8(&text)
                .ok()
                .and_then(|text| text.parse().ok())
                .is_some_and(|n: i64| n >= LOW_IDS)
        {
            let what = "the stand-ins of other rows lie there: an invented id is below 1073741824";
            return Err(Box::new(
                self.error(index, what).place(place).hint("write a small number, or leave it out"),
            ));
        }
        // Without a schema the profile's own spelling says what it is.
        let plain = matches!(rule.argument, Some(Value::Integer(_) | Value::Boolean(_)));
        let bare = is_bare(&column.ty.class) || (plain && column.ty.class == TypeClass::Unknown);
        Ok(Some(InventedCell { text, bare }))
    }

    /// Says whether a column that a row leaves out gets the row's number.
    fn is_numbered(&self, index: usize, column: &ColumnFacts) -> bool {
        let primary = || {
            let table = self.facts.table(&self.view.table);
            let mut keys = table.iter().flat_map(|table| &table.uniques).filter(|key| key.primary);
            keys.any(|key| key.columns.len() == 1 && key.columns.first() == Some(&column.name))
        };
        let integer = matches!(column.ty.class, TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt);
        integer && column.not_null && (self.is_pseudonym(index) || (self.decided.empty && primary()))
    }

    fn is_pseudonym(&self, index: usize) -> bool {
        let rule = self.decision(index).and_then(|decision| decision.rule(&self.plan.profile));
        rule.is_some_and(|rule| {
            rule.technique.name == "pseudonym"
                && rule.argument.as_ref().and_then(Value::text) == Some("integer")
        })
    }

    /// Has the technique make the value, of nothing.
    fn make(&self, index: usize, column: &ColumnFacts, rule: &Rule) -> Result<Vec<u8>, Box<Problem>> {
        let Plan { profile, schedule, passwords, gathered, .. } = self.plan;
        let cx = Compile {
            argument: rule.argument.as_ref(),
            options: &rule.options,
            schedule,
            passwords,
            gathered,
            label: b"insert",
            attribute: &column.name,
            locale: &profile.locale,
            mail_domain: profile.policy.mail_domain.as_deref(),
            decider: Decider::Value,
            ty: &column.ty,
            not_null: column.not_null,
            pinned: &[],
            inside: None,
            reads: &crate::mask::row::Reads::default(),
        };
        let compiled = (rule.technique.compile)(&cx).map_err(|refusal| {
            let problem = self.error(index, refusal.what).of(Finding::Technique);
            match refusal.hint {
                Some(hint) => problem.hint(hint),
                None => problem,
            }
        })?;
        let mut text = Vec::new();
        match compiled.mask.mask(b"-", &MaskCx { lanes: &Lanes::default() }, &mut text) {
            Outcome::Masked | Outcome::Equal => Ok(text),
            Outcome::Null | Outcome::Unfit | Outcome::Pinned => {
                Err(Box::new(self.error(index, message!("`{}` makes no value here", rule.technique.name))))
            }
        }
    }
}

/// Says whether values of a type stand without quotes where a format has both.
fn is_bare(class: &TypeClass) -> bool {
    matches!(
        class,
        TypeClass::SmallInt
            | TypeClass::Integer
            | TypeClass::BigInt
            | TypeClass::Numeric { .. }
            | TypeClass::Float { .. }
            | TypeClass::Boolean
    )
}
