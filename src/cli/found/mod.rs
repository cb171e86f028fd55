//! What a check found, for people and for machines: one file a form. All forms say the same: the problems with their
//! stable ids and places, what was decided for every table, how the input differs from the lock, and why the check
//! could not go on, where it could not.
//!
//! Holds names, types and words of the profile, never a value. A form for machines is one document on stdout, whatever
//! happened; nothing else goes there.

mod github;
mod json;
mod sarif;
mod text;

use std::path::Path;

use clap::ValueEnum;

use crate::error::{Error, Message, Name, Result};
use crate::profile::model::{ObjectRule, Objects, Place, Problem, ProfileFile, Severity};
use crate::profile::plan::{Action, Change, ColumnDecision, TablePlan};
use crate::row::object::{OBJECT_CLASSES, ObjectCounts};
use crate::row::shape::{Literals, TableName};

pub use json::json_schema;

/// How a check is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people: problems on stderr, decisions on stdout
    Text,
    /// One JSON object on stdout (profiles/check.schema.json)
    Json,
    /// SARIF 2.1.0 on stdout, for code scanning
    Sarif,
    /// Workflow commands on stdout: annotations in GitHub Actions
    Github,
}

/// What was decided for one table.
pub(super) struct TableFound {
    /// The input it stands in.
    pub input: Message,
    /// The table as shown.
    pub table: Message,
    /// `kept`, `emptied` or `masked`.
    pub action: &'static str,
    /// Its columns; none of an emptied table.
    pub columns: Vec<ColumnDecision>,
    /// Most rows for which unique stand-ins stay unique.
    pub row_limit: Option<u64>,
    /// How many columns are kept.
    pub kept: usize,
}

impl TableFound {
    /// Takes what a bound table says of itself.
    pub(super) fn of(input: &Message, plan: &TablePlan) -> Self {
        let (action, row_limit) = match &plan.action {
            Action::Keep => ("kept", None),
            Action::Empty => ("emptied", None),
            Action::Mask(mask) => ("masked", mask.row_limit),
        };
        Self {
            input: input.clone(),
            table: crate::message!("{}", plan.table),
            action,
            columns: plan.columns.clone(),
            row_limit,
            kept: plan.counts().kept,
        }
    }
}

/// How the input differs from the lock.
pub(super) struct LockFound {
    /// The lock's file.
    pub file: Name,
    /// What changed since a person looked.
    pub changes: Vec<Change>,
}

/// All that a check found.
#[derive(Default)]
pub(super) struct Found {
    /// The profile as the command line names it.
    pub profile: String,
    /// Its texts.
    pub files: Vec<ProfileFile>,
    /// What is wrong, or weak.
    pub problems: Vec<Problem>,
    /// What was decided.
    pub tables: Vec<TableFound>,
    /// The lock, where there is one.
    pub lock: Option<LockFound>,
    /// Tables with columns that the profile names and leaves undecided.
    pub undecided: Vec<(TableName, Vec<Message>)>,
    /// What of the inputs is no column.
    pub objects: ObjectCounts,
    /// What the profile does with that.
    pub object_rules: Objects,
    /// Which definitions and comments hold literals, and how many: they pass as they are.
    pub literals: Vec<Literals>,
}

impl Found {
    /// Lists what of the inputs is no column: the word of its class, what becomes of it, how many statements.
    fn object_lines(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> + '_ {
        let there = OBJECT_CLASSES.iter().filter(|(class, _)| self.objects.of(*class) > 0);
        there.map(|(class, word)| {
            let becomes = match self.object_rules.of(*class) {
                ObjectRule::Keep { .. } => "kept",
                ObjectRule::Suppress => "omitted",
                ObjectRule::Stop => "undecided",
            };
            (*word, becomes, self.objects.of(*class))
        })
    }
}

/// Where a problem stands in a text that the user has.
struct Spot {
    file: String,
    line: u32,
    column: u32,
    /// One past the last marked character.
    end_column: u32,
}

impl Found {
    /// Begins with the profile's path.
    pub(super) fn new(profile: &Path) -> Self {
        Self { profile: profile.display().to_string(), ..Self::default() }
    }

    /// Returns how many problems stop a run, and how many weaken it.
    pub(super) fn counts(&self) -> (usize, usize) {
        let errors = self.problems.iter().filter(|p| p.severity == Severity::Error).count();
        (errors, self.problems.len() - errors)
    }

    /// Says it in a form; `error` is why the check could not go on.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn say(&self, form: Form, error: Option<&Error>) -> Result<()> {
        let document = match form {
            Form::Text => return text::say(self, error.is_none()),
            Form::Json => json::document(self, error)?,
            Form::Sarif => sarif::document(self, error)?,
            Form::Github => github::document(self, error),
        };
        super::say::out(&document)
    }

    /// Returns where a problem stands; `None` if it has no place, or one in a pack, which is no file of the user's.
    fn spot(&self, place: Option<Place>) -> Option<Spot> {
        let place = place.filter(|place| place.line > 0)?;
        let file = self.files.get(usize::try_from(place.file).ok()?)?;
        let is_file = place.file == 0 || file.name.ends_with(".yaml") || file.name.ends_with(".yml");
        let marked = usize::try_from(place.start).ok()?..usize::try_from(place.end).ok()?;
        let marked = file.text.get(marked).unwrap_or_default().lines().next().unwrap_or_default();
        let length = u32::try_from(marked.chars().count()).unwrap_or(0).max(1);
        let column = place.column.max(1);
        is_file.then(|| Spot {
            file: file.name.clone(),
            line: place.line,
            column,
            end_column: column.saturating_add(length),
        })
    }
}

/// Returns a column's name as messages call it, without the marks round it.
fn bare(column: &Message) -> &str {
    column.as_str().trim_matches('`')
}

/// Returns the sentence of a problem with table, column and hint.
fn sentence(problem: &Problem) -> String {
    let mut text = problem.what.to_string();
    match (&problem.table, &problem.column) {
        (Some(table), Some(column)) => text += &format!(" (table {table}, column {column})"),
        (Some(table), None) => text += &format!(" (table {table})"),
        (None, Some(column)) => text += &format!(" (column {column})"),
        (None, None) => {}
    }
    if let Some(hint) = &problem.hint {
        text += &format!("\nhint: {hint}");
    }
    text
}

/// Returns the sentence of an error with its hint.
fn failure(error: &Error) -> String {
    error.hint_text().map_or_else(|| error.to_string(), |hint| format!("{error}\nhint: {hint}"))
}

fn severity(problem: &Problem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
