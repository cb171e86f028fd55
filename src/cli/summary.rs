//! The summary: what was done, in counts, on stderr and as JSON with a published schema (`profiles/summary.schema.json`).
//!
//! Holds names, counts and key ids, never a value. Counts from 1 to 9 print as "<10", since a summary is filed and such
//! a count can single somebody out. Never says that the output is anonymous.

use std::fmt::{self, Write};
use std::path::Path;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::say;
use crate::error::{Error, Message, Name, Result};
use crate::pipeline::{ColumnTally, Report, TableTally, Tally};
use crate::profile::model::Profile;
use crate::profile::plan::Unverified;
use crate::row::object::{OBJECT_CLASSES, ObjectClass};
use crate::secret::Schedule;

/// A count that hides small numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count(u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1..=9 => f.pad("<10"),
            n => f.pad(&n.to_string()),
        }
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            1..=9 => serializer.serialize_str("<10"),
            n => serializer.serialize_u64(n),
        }
    }
}

impl JsonSchema for Count {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Count".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A count; from 1 to 9 it is shown as \"<10\".",
            "oneOf": [{ "type": "integer", "minimum": 0 }, { "const": "<10" }]
        })
    }
}

/// What a run of `standin mask` did.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Summary {
    /// Version of this schema.
    schema: u32,
    /// Version of standin.
    version: &'static str,
    /// Whether every input was masked to its end and every output stands under its name.
    complete: bool,
    /// Why not, without values.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What the output is, in GDPR terms.
    claim: &'static str,
    /// Label of the lasting key; absent for a random one that was not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Identifies the key without telling it.
    key_id: String,
    /// Pseudonymisation domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    /// Identifies key and domain without telling the key.
    domain_id: String,
    /// How long a copy may live, in days, as the profile says.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_days: Option<u32>,
    /// Whether `--allow-unlisted-keep` let undecided columns through.
    allow_unlisted_keep: bool,
    /// Where the results went.
    output: String,
    /// Seconds from start to end.
    elapsed_s: f64,
    /// One entry an input.
    inputs: Vec<InputSummary>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct InputSummary {
    /// File name, or `stdin`.
    input: String,
    /// Bytes read.
    bytes_read: u64,
    /// Bytes written.
    bytes_written: u64,
    /// Tables with rows, in the order of the input.
    tables: Vec<TableSummary>,
    /// What is no column, by class of `objects:`; classes that the input lacks are left out.
    objects: Vec<ObjectSummary>,
    /// Constraints that masked or invented rows come under and were not held to: load the output once to see that it holds.
    not_verified: Vec<UnverifiedSummary>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct UnverifiedSummary {
    /// The table that declares it: a partition where rows load through its root.
    table: String,
    /// What it is.
    kind: &'static str,
    /// Its name; null where it has none.
    name: Option<String>,
    /// Why rows were not held to it.
    reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ObjectSummary {
    /// Class.
    class: &'static str,
    /// Statements that passed.
    kept: Count,
    /// Statements that were omitted, as a whole or in part.
    omitted: Count,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TableSummary {
    /// Name.
    table: String,
    /// Rows read; null where an archive's data passed as it is stored, unread.
    rows: Option<Count>,
    /// Rows written; null where they are not counted.
    rows_written: Option<Count>,
    /// Invented rows that were added; not among those read or written.
    rows_inserted: u64,
    /// Masked columns; a table without any was kept or emptied.
    columns: Vec<ColumnSummary>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ColumnSummary {
    /// Name, or `column 3`.
    column: String,
    /// Technique.
    technique: &'static str,
    /// Stand-ins written.
    masked: Count,
    /// NULL before and after.
    null: Count,
    /// Empty before and after.
    empty: Count,
    /// Removed.
    removed: Count,
    /// Without the technique's form; the policy `unfit` decided.
    unfit: Count,
    /// Pinned: they stand for nobody and stayed.
    pinned: Count,
    /// Stand-ins equal to the original by chance.
    equal: Count,
    /// Decided by the own value, since the row's subject was NULL or pinned.
    undecided: Count,
    /// Parts inside of the values that were masked.
    parts: Count,
    /// Parts inside of the values without their technique's form; the policy `unfit` decided.
    unfit_parts: Count,
}

const CLAIM: &str = "pseudonymised (GDPR 4(5)): still personal data for whoever holds the key or can reach the source \
                     or another copy of it";

impl Summary {
    pub(super) fn new(
        schedule: &Schedule,
        profile: &Profile,
        label: Option<&Name>,
        output: Name,
        allow_unlisted_keep: bool,
    ) -> Self {
        Self {
            schema: 1,
            version: env!("CARGO_PKG_VERSION"),
            complete: false,
            error: None,
            claim: CLAIM,
            key: label.map(ToString::to_string),
            key_id: schedule.key_id(),
            domain: profile.policy.domain.clone(),
            domain_id: schedule.domain_id(),
            expires_days: profile.policy.expires_days,
            allow_unlisted_keep,
            output: output.to_string(),
            elapsed_s: 0.0,
            inputs: Vec::new(),
        }
    }

    /// Adds what became of one input.
    pub(super) fn add(&mut self, name: &Message, report: &Report) {
        self.inputs.push(InputSummary {
            input: name.to_string(),
            bytes_read: report.tally.bytes_read,
            bytes_written: report.tally.bytes_written,
            tables: report.tally.tables.iter().map(table).collect(),
            objects: objects(&report.tally),
            not_verified: report.unverified.iter().map(not_verified).collect(),
        });
    }

    pub(super) fn elapsed(&mut self, elapsed: Duration) {
        self.elapsed_s = elapsed.as_secs_f64();
    }

    /// Closes it: complete, or the reason why not.
    pub(super) fn end(&mut self, error: Option<&Error>) {
        self.complete = error.is_none();
        self.error = error.map(ToString::to_string);
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let mut text =
            serde_json::to_string_pretty(self).map_err(|_| Error::bug("a summary that is no JSON"))?;
        text.push('\n');
        std::fs::write(path, text)
            .map_err(|e| Error::io("write the summary", &e).at(|at| at.source = Some(say::path(path))))
    }

    /// Returns it as text for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for input in &self.inputs {
            let _ = writeln!(text, "standin: {} -> {}", input.input, self.output);
            let width = input.tables.iter().map(|t| t.table.len()).max().unwrap_or(0).max(5);
            let _ = writeln!(text, "  {:<width$} {:>11} {:>11}  masked columns", "table", "rows", "written");
            for table in &input.tables {
                let columns = by_technique(table);
                let [rows, written] = [table.rows, table.rows_written]
                    .map(|count| count.map_or("as stored".to_owned(), |count| count.to_string()));
                let _ = writeln!(text, "  {:<width$} {rows:>11} {written:>11}  {columns}", table.table);
            }
            for table in &input.tables {
                for c in &table.columns {
                    notes(&mut text, &table.table, c);
                }
            }
            for u in &input.not_verified {
                let name = u.name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
                let _ = writeln!(text, "  {}: {}{name}: not verified ({})", u.table, u.kind, u.reason);
            }
            for o in &input.objects {
                let _ = writeln!(text, "  objects: {}: {} kept, {} omitted", o.class, o.kept, o.omitted);
            }
            let _ = writeln!(text, "  {} bytes read, {} written", input.bytes_read, input.bytes_written);
        }
        let key = self
            .key
            .as_deref()
            .map_or("random, not kept".to_owned(), |label| format!("{label} ({})", self.key_id));
        let _ = writeln!(text, "  key {key}, domain {}", self.domain.as_deref().unwrap_or("none"));
        if self.allow_unlisted_keep {
            text += "  --allow-unlisted-keep: columns without a decision were kept as they are\n";
        }
        let _ = writeln!(text, "  {:.1} s; the output is {}", self.elapsed_s, self.claim);
        text
    }
}

/// Counts the masked columns of a table by technique: `6 fake, 3 pseudonym`. What all was done with which column
/// stands in the JSON.
fn by_technique(table: &TableSummary) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for column in &table.columns {
        match counts.iter_mut().find(|(technique, _)| *technique == column.technique) {
            Some((_, count)) => *count += 1,
            None => counts.push((column.technique, 1)),
        }
    }
    let mut words: Vec<String> =
        counts.iter().map(|(technique, count)| format!("{count} {technique}")).collect();
    if table.rows_inserted > 0 {
        words.push(format!("{} rows inserted", table.rows_inserted));
    }
    let count = |count: Option<Count>| count.is_some_and(|count| count.0 > 0);
    match (words.is_empty(), count(table.rows) && !count(table.rows_written)) {
        (true, true) => "emptied".to_owned(),
        (true, false) => "-".to_owned(),
        (false, gone) => {
            let emptied = (gone && table.columns.is_empty()).then(|| "emptied".to_owned());
            emptied.into_iter().chain(words).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Says what a reader of the summary should know of one column.
fn notes(text: &mut String, table: &str, c: &ColumnSummary) {
    let mut note = |count: Count, what: &str| {
        if count.0 > 0 {
            let _ = writeln!(text, "  {table}.{}: {count} {what}", c.column);
        }
    };
    note(c.unfit, "without the form its technique needs (policy `unfit`)");
    note(c.unfit_parts, "parts inside of values without the form their technique needs (policy `unfit`)");
    note(c.pinned, "pinned: they stand for nobody and stayed");
    note(c.equal, "stand-ins equal to the original by chance");
    note(c.undecided, "decided by their own value: the row names no person");
}

fn objects(tally: &Tally) -> Vec<ObjectSummary> {
    let of = |class: ObjectClass| (tally.kept.of(class), tally.omitted.of(class));
    let found = OBJECT_CLASSES.iter().filter(|(class, _)| of(*class) != (0, 0));
    found
        .map(|(class, word)| {
            let (kept, omitted) = of(*class);
            ObjectSummary { class: word, kept: Count(kept), omitted: Count(omitted) }
        })
        .collect()
}

fn not_verified(found: &Unverified) -> UnverifiedSummary {
    let name = Name::new(found.name.as_str());
    UnverifiedSummary {
        table: found.table.to_string(),
        kind: found.kind,
        name: (!found.name.is_empty()).then(|| name.to_string()),
        reason: found.why.to_string(),
    }
}

fn table(tally: &TableTally) -> TableSummary {
    TableSummary {
        table: tally.table.to_string(),
        rows: Some(Count(tally.rows)).filter(|_| !tally.stored),
        rows_written: Some(Count(tally.rows_written)).filter(|_| !tally.stored),
        rows_inserted: tally.inserted,
        columns: tally
            .columns
            .iter()
            .map(|(label, technique, counts)| column(label, technique, counts))
            .collect(),
    }
}

fn column(label: &Message, technique: &'static str, counts: &ColumnTally) -> ColumnSummary {
    ColumnSummary {
        column: label.as_str().trim_matches('`').to_owned(),
        technique,
        masked: Count(counts.masked),
        null: Count(counts.null),
        empty: Count(counts.empty),
        removed: Count(counts.removed),
        unfit: Count(counts.unfit),
        pinned: Count(counts.pinned),
        equal: Count(counts.equal),
        undecided: Count(counts.undecided),
        parts: Count(counts.parts),
        unfit_parts: Count(counts.unfit_parts),
    }
}

/// Returns the JSON Schema of the summary, as published in `profiles/summary.schema.json`.
#[must_use]
pub fn json_schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Summary)).unwrap_or_default();
    text.push('\n');
    text
}
