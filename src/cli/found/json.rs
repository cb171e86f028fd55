//! One JSON object with a published schema (`profiles/check.schema.json`).

use schemars::JsonSchema;
use serde::Serialize;

use super::{Found, LockFound, TableFound, bare, severity};
use crate::cli::exit::Exit;
use crate::error::{Error, Message, Name, Result};
use crate::mask::Class;
use crate::profile::lock::Line;
use crate::profile::model::Problem;
use crate::profile::plan::{Change, ColumnDecision};
use crate::row::shape::{Literals, TableName};

/// What `standin check --format json` found.
#[derive(Debug, Serialize, JsonSchema)]
struct Check {
    /// Version of this schema.
    schema: u32,
    /// Version of standin.
    version: &'static str,
    /// The profile.
    profile: String,
    /// Whether the check came to its end and nothing would stop a run.
    ok: bool,
    /// How many problems would stop a run.
    errors: usize,
    /// How many weaken it.
    warnings: usize,
    /// Why the check could not go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
    /// All problems: those of the profile's text first, then those of tables and keys, then the lock's.
    problems: Vec<OneProblem>,
    /// What was decided for every table that can be masked as it stands.
    tables: Vec<Table>,
    /// Columns that the profile names and leaves undecided.
    undecided: Vec<Undecided>,
    /// What of the inputs is no column, by class.
    objects: Vec<Object>,
    /// Definitions and comments whose literals pass as they are.
    literals: Vec<Spelled>,
    /// How the input differs from the lock, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    lock: Option<Lock>,
}

/// Columns of a table that the profile names and leaves undecided.
#[derive(Debug, Serialize, JsonSchema)]
struct Undecided {
    /// Table.
    table: String,
    /// Columns: names, or `column 3`.
    columns: Vec<String>,
}

/// What is no column.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Object {
    /// `large_objects`, `statistics`, `role_passwords`, `connections` or `comments`.
    class: &'static str,
    /// `kept`, `omitted` or `undecided`.
    becomes: &'static str,
    /// How many statements or clauses.
    statements: u64,
}

/// What holds literals.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Spelled {
    /// Which definition or comment: `table shop.orders`.
    definition: String,
    /// How many.
    literals: u64,
    /// How many of them spell out what a recogniser takes for an identifier.
    identifiers: u64,
}

/// Why the check could not go on.
#[derive(Debug, Serialize, JsonSchema)]
struct Failure {
    /// The exit code: 2 usage, profile or key; 3 the input; 4 reading or writing; 5 a fault of the program.
    exit: u32,
    /// What is wrong, without values.
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The file, or `stdin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Line in it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
}

/// One problem.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
struct OneProblem {
    /// `error` stops a run, `warning` weakens it.
    severity: &'static str,
    /// The stable id of what kind of problem it is.
    id: &'static str,
    /// What is wrong, without values.
    message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The text of the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Line in it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// Character in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// One past the last marked character.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    /// The table's column: its name, or `column 3` where a file's first line may be data.
    #[serde(skip_serializing_if = "Option::is_none")]
    column_name: Option<String>,
}

/// What was decided for one table.
#[derive(Debug, Serialize, JsonSchema)]
struct Table {
    /// The input it stands in.
    input: String,
    /// Name.
    table: String,
    /// `kept`, `emptied` or `masked`.
    action: &'static str,
    /// Most rows for which unique stand-ins stay unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    row_limit: Option<u64>,
    /// Its columns in the order of the data; none of an emptied table.
    columns: Vec<Column>,
}

/// What was decided for one column.
#[derive(Debug, Serialize, JsonSchema)]
struct Column {
    /// Name, or `column 3`.
    column: String,
    /// Technique.
    technique: &'static str,
    /// Its ISO/IEC 20889 class; `none` where the column stays.
    class: &'static str,
    /// The rule in the lock's words.
    rule: String,
}

/// How the input differs from the lock.
#[derive(Debug, Serialize, JsonSchema)]
struct Lock {
    /// The lock.
    file: String,
    /// One entry a column that changed since a person looked.
    drift: Vec<Drift>,
}

/// One column that changed.
#[derive(Debug, Serialize, JsonSchema)]
struct Drift {
    /// `not-in-lock`, `vanished`, `retyped`, `rule-changed` or `reason-changed`.
    id: &'static str,
    /// Table.
    table: String,
    /// Column; `*` of an emptied table.
    column: String,
    /// What the lock says.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Decided>,
    /// What is decided now.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Decided>,
    /// The new column that a vanished one seems to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed_to: Option<String>,
}

/// What is done with a column, in the lock's words.
#[derive(Debug, Serialize, JsonSchema)]
struct Decided {
    /// Its type as the schema spells it; empty where unknown.
    #[serde(rename = "type")]
    ty: String,
    /// The rule.
    rule: String,
    /// Why it is kept.
    reason: String,
}

/// Returns the whole document.
///
/// # Errors
/// A fault of the program.
pub(super) fn document(found: &Found, error: Option<&Error>) -> Result<String> {
    let (errors, warnings) = found.counts();
    let check = Check {
        schema: 1,
        version: env!("CARGO_PKG_VERSION"),
        profile: shown(&found.profile),
        ok: errors == 0 && error.is_none(),
        errors,
        warnings,
        failure: error.map(failure),
        problems: found.problems.iter().map(|problem| one(found, problem)).collect(),
        tables: found.tables.iter().map(table).collect(),
        undecided: found.undecided.iter().map(undecided).collect(),
        objects: objects(found),
        literals: literals(found),
        lock: found.lock.as_ref().map(lock),
    };
    pretty(&check)
}

/// Returns JSON that ends in a line feed.
pub(super) fn pretty(value: &impl Serialize) -> Result<String> {
    let mut text = serde_json::to_string_pretty(value).map_err(|_| Error::bug("a report that is no JSON"))?;
    text.push('\n');
    Ok(text)
}

fn undecided((table, columns): &(TableName, Vec<Message>)) -> Undecided {
    Undecided {
        table: table.to_string(),
        columns: columns.iter().map(|column| bare(column).to_owned()).collect(),
    }
}

/// Lists what is no column.
pub(super) fn objects(found: &Found) -> Vec<Object> {
    let object = |(class, becomes, statements)| Object { class, becomes, statements };
    found.object_lines().map(object).collect()
}

/// Lists what holds literals.
pub(super) fn literals(found: &Found) -> Vec<Spelled> {
    let spelled = |found: &Literals| Spelled {
        definition: found.definition.to_string(),
        literals: found.count,
        identifiers: found.identifiers,
    };
    found.literals.iter().map(spelled).collect()
}

fn shown(name: &str) -> String {
    Name::new(name).to_string()
}

fn failure(error: &Error) -> Failure {
    Failure {
        exit: u32::from(Exit::from(error).code()),
        message: error.what().to_string(),
        hint: error.hint_text().map(ToString::to_string),
        source: error.location().source.as_ref().map(ToString::to_string),
        line: error.location().line,
    }
}

fn one(found: &Found, problem: &Problem) -> OneProblem {
    let spot = found.spot(problem.place);
    OneProblem {
        severity: severity(problem),
        id: problem.finding.id(),
        message: problem.what.to_string(),
        hint: problem.hint.as_ref().map(ToString::to_string),
        file: spot.as_ref().map(|spot| shown(&spot.file)),
        line: spot.as_ref().map(|spot| spot.line),
        column: spot.as_ref().map(|spot| spot.column),
        end_column: spot.as_ref().map(|spot| spot.end_column),
        table: problem.table.as_ref().map(ToString::to_string),
        column_name: problem.column.as_ref().map(|column| bare(column).to_owned()),
    }
}

fn table(table: &TableFound) -> Table {
    Table {
        input: table.input.to_string(),
        table: table.table.to_string(),
        action: table.action,
        row_limit: table.row_limit,
        columns: table.columns.iter().map(column).collect(),
    }
}

fn column(column: &ColumnDecision) -> Column {
    Column {
        column: bare(&column.label).to_owned(),
        technique: column.technique,
        class: match column.class {
            Class::None => "none",
            Class::Suppression => "suppression",
            Class::Generalisation => "generalisation",
            Class::Pseudonymisation => "pseudonymisation",
            Class::Randomisation => "randomisation",
            Class::Composition => "composition",
        },
        rule: shown(&column.rule),
    }
}

fn lock(lock: &LockFound) -> Lock {
    Lock { file: lock.file.to_string(), drift: lock.changes.iter().filter_map(drift).collect() }
}

fn drift(change: &Change) -> Option<Drift> {
    let line = change.now.as_ref().or(change.before.as_ref())?;
    Some(Drift {
        id: change.finding.id(),
        table: shown(&line.table),
        column: shown(&line.column),
        before: change.before.as_ref().map(decided),
        now: change.now.as_ref().map(decided),
        renamed_to: change.like.as_deref().map(shown),
    })
}

fn decided(line: &Line) -> Decided {
    Decided { ty: line.ty.clone(), rule: line.rule.clone(), reason: line.reason.clone() }
}

/// Returns the JSON Schema of the document, as published in `profiles/check.schema.json`.
#[must_use]
pub fn json_schema() -> String {
    pretty(&schemars::schema_for!(Check)).unwrap_or_default()
}
