//! One table as the plan sees it: the columns of its data with all that shape and schema say of them, and how
//! messages may call them. The only place that decides whether a column's name may be shown.

use crate::error::{Message, Name};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Problem, Severity};
use crate::row::shape::{ColumnFacts, Facts, Shape, TableFacts, TableName, TypeClass};

/// One table, of a shape or of the schema alone.
pub(super) struct View {
    /// Its name.
    pub(super) table: TableName,
    /// The columns of its data, in their order.
    pub(super) columns: Vec<ColumnFacts>,
    /// Columns of the schema that are not in the data.
    pub(super) absent: Vec<ColumnFacts>,
    /// Whether names of columns may be shown.
    pub(super) trusted: bool,
}

impl View {
    /// Takes a table as its rows list it; what the shape leaves open, the schema says.
    pub(super) fn of_shape(shape: &Shape, facts: &Facts) -> Self {
        let mut view = Self {
            table: shape.table.clone(),
            columns: shape.columns.clone(),
            absent: Vec::new(),
            trusted: shape.trusted_names,
        };
        for known in lineage(&shape.table, facts).iter().filter_map(|(_, t)| *t).flat_map(|t| &t.columns) {
            match view.columns.iter_mut().find(|c| c.name == known.name) {
                Some(column) => merge(column, known),
                None if view.absent.iter().any(|c| c.name == known.name) => {}
                None => view.absent.push(known.clone()),
            }
        }
        view
    }

    /// Takes a table of the schema, inherited columns included; its generated columns are not in any data.
    pub(super) fn of_facts(table: &TableFacts, facts: &Facts) -> Self {
        let mut all: Vec<ColumnFacts> = table.columns.clone();
        let line = if table.parents.is_empty() { Vec::new() } else { lineage(&table.name, facts) };
        for known in line.iter().filter_map(|(_, t)| *t).flat_map(|t| &t.columns) {
            match all.iter_mut().find(|c| c.name == known.name) {
                Some(column) => merge(column, known),
                None => all.push(known.clone()),
            }
        }
        let (absent, columns) = all.into_iter().partition(|c| c.generated);
        Self { table: table.name.clone(), columns, absent, trusted: table.trusted_names }
    }

    /// Returns the names of all columns, those in the data first.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.columns.iter().chain(&self.absent).map(|c| c.name.as_str())
    }

    /// Returns what a message may call a column: its name where names are to be trusted, as the profile spells it
    /// where it does, its position otherwise.
    pub(super) fn label(&self, index: usize, spelled: Option<&str>) -> Message {
        match (self.columns.get(index), spelled) {
            (Some(column), _) if self.trusted => message!("`{}`", Name::new(column.name.as_str())),
            (_, Some(spelled)) => message!("`{}`", Name::new(spelled)),
            _ => message!("column {}", index.saturating_add(1)),
        }
    }

    /// Makes an error about this table.
    pub(super) fn error(&self, what: impl Into<Message>) -> Problem {
        error(&self.table, what)
    }

    /// Makes a warning about this table.
    pub(super) fn warning(&self, what: impl Into<Message>) -> Problem {
        Problem { severity: Severity::Warning, ..self.error(what) }
    }
}

/// Adds to a column what another mention of it says.
fn merge(column: &mut ColumnFacts, known: &ColumnFacts) {
    if column.ty.class == TypeClass::Unknown {
        column.ty = known.ty.clone();
    }
    column.not_null |= known.not_null;
}

/// A table and those whose rules it takes, itself first, roots last; every table once.
pub(in crate::profile) fn lineage<'f>(
    table: &TableName,
    facts: &'f Facts,
) -> Vec<(TableName, Option<&'f TableFacts>)> {
    let mut line = vec![(table.clone(), facts.table(table))];
    let mut at = 0;
    while let Some((_, known)) = line.get(at) {
        let parents = known.map(|t| t.parents.as_slice()).unwrap_or_default();
        for parent in parents {
            if !line.iter().any(|(name, _)| name == parent) {
                line.push((parent.clone(), facts.table(parent)));
            }
        }
        at += 1;
    }
    line
}

/// Makes an error about a table.
pub(super) fn error(table: &TableName, what: impl Into<Message>) -> Problem {
    Problem {
        severity: Severity::Error,
        finding: Finding::DoesNotFit,
        what: what.into(),
        place: None,
        table: Some(message!("{}", table)),
        column: None,
        hint: None,
    }
}

/// Adds to a problem what is known of it.
pub(super) trait Detail {
    /// Adds where the profile says it.
    fn place(self, place: Place) -> Self;
    /// Adds the column.
    fn column(self, label: Message) -> Self;
    /// Adds what to write instead.
    fn hint(self, hint: impl Into<Message>) -> Self;
}

impl Detail for Problem {
    fn place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    fn column(mut self, label: Message) -> Self {
        self.column = Some(label);
        self
    }

    fn hint(mut self, hint: impl Into<Message>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
