//! The drafted profile as text: header, policy, reasons, entities, and one line a column with the evidence beside it.
//!
//! Writes what was decided and nothing else. Every name is spelled so that it is read back as it is; comments hold no
//! value and no line break.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::discover::class::Class;
use crate::discover::decide::{ColumnDecision, Decision, Decisions, LIKELY, REASONS, SURE, TableDecision};
use crate::discover::findings::{Few, Findings, FoundColumn, FoundTable};
use crate::error::{Error, Result};
use crate::message;
use crate::profile::draft::yaml;
use crate::profile::tree;
use crate::row::object::ObjectClass;
use crate::row::shape::TableName;

/// The domain that a draft begins with.
pub const DOMAIN: &str = "training";

/// What every draft opens with.
const HEAD: &str = "\
# A profile drafted by `standin discover`: every table and column that was found, with one decision each.
#
# Beside each column stands what it was taken for and why: counts, shares and words, no values.
# `undecided` is what nobody can be sure of: such columns stop `standin mask`. How to go on:
#   1. settle each `undecided`: a technique (`standin techniques`), an attribute of an entity, or {keep: REASON}
#   2. read the rest: a name can mislead, and what was not found is not marked
#   3. standin check -p THIS_FILE INPUT --accept
#   4. standin mask -p THIS_FILE INPUT -o OUTPUT
# What was found is no proof that nothing was missed.
version: 1
";

/// Tables that one thread writes at a time.
const TOGETHER: usize = 64;

/// Whose line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// Nobody's.
    Nobody,
    /// Entity and attribute.
    Attribute(usize, usize),
    /// Table and column of the findings.
    Column(usize, usize),
}

/// Writes the profile. Where its evidence would make it larger than a profile may be, every comment is cut to its first
/// word on the column; where that is too long as well, there is none.
///
/// # Errors
/// `ErrorKind::Input`: even so it is larger than a profile may be.
pub fn profile(findings: &Findings, decisions: &Decisions) -> Result<String> {
    sized(within(findings, decisions, tree::MAX_BYTES), findings.tables.len(), tree::MAX_BYTES)
}

/// Refuses a text that is larger than a profile may be, of so many tables.
///
/// # Errors
/// `ErrorKind::Input`, with the number of tables and what to do.
pub(in crate::discover) fn sized(text: String, tables: usize, most: usize) -> Result<String> {
    if text.len() <= most {
        return Ok(text);
    }
    let parts = text.len().div_ceil(most.max(1));
    let what = message!(
        "a profile of all {} tables would have {} bytes, and one may have {}: nothing is written",
        tables,
        text.len(),
        most
    );
    let hint = message!(
        "discover the tables in {} parts or more (`pg_dump --schema-only -n SCHEMA` or `-t PATTERN`, `mysqldump --no-data \
         DATABASE TABLE…`), each into a profile of its own, and name all of them under `extends:` of one more",
        parts
    );
    Err(Error::input(what).hint(hint))
}

/// Writes the profile in so many bytes, if it can be said in them without a comment.
pub(super) fn within(findings: &Findings, decisions: &Decisions, most: usize) -> String {
    let fits = |text: &String| text.len() <= most;
    let long = lines(findings, decisions, Notes::All, None).0;
    if fits(&long) {
        return long;
    }
    let short = lines(findings, decisions, Notes::First, None).0;
    if fits(&short) { short } else { lines(findings, decisions, Notes::None, None).0 }
}

/// How much is said beside a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Notes {
    /// All that was found.
    All,
    /// What it was taken for.
    First,
    /// Nothing.
    #[default]
    None,
}

/// The text as it grows: one owner a line.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    owners: Vec<Owner>,
    notes: Notes,
}

impl Page {
    pub(super) fn new(notes: Notes) -> Self {
        Self { notes, ..Self::default() }
    }

    /// Adds another page below.
    fn append(&mut self, next: Self) {
        self.text.push_str(&next.text);
        self.owners.extend(next.owners);
    }

    /// Returns the text and whose each line is.
    pub(super) fn done(self) -> (String, Vec<Owner>) {
        (self.text, self.owners)
    }

    fn line(&mut self, line: &str) {
        self.owned(Owner::Nobody, line, "");
    }

    fn owned(&mut self, owner: Owner, line: &str, note: &str) {
        let note = match self.notes {
            Notes::All => note,
            Notes::First => note.split("; ").next().unwrap_or_default(),
            Notes::None => "",
        };
        yaml::commented(&mut self.text, line, note);
        self.owners.push(owner);
    }
}

/// Writes the profile with as much beside its lines as asked for, and says whose each line is. Where tables are named (by
/// their places in the findings) there are no others, and only the entities that they carry.
pub(crate) fn lines(
    findings: &Findings,
    decisions: &Decisions,
    notes: Notes,
    some: Option<&BTreeSet<usize>>,
) -> (String, Vec<Owner>) {
    let wanted = |index: usize| some.is_none_or(|some| some.contains(&index));
    let mut page = Page::new(notes);
    head(&mut page, findings, decisions);
    entities(&mut page, decisions, some.map(|some| carried(decisions, some)).as_ref());
    let names = Names::new(findings);
    page.line("");
    let listed =
        findings.tables.iter().zip(&decisions.tables).enumerate().any(|(index, (table, decision))| {
            wanted(index) && *decision != TableDecision::Part && is_key(&names.of(&table.name))
        });
    page.line(if listed { "tables:" } else { "tables: {}" });
    let tables = findings.tables.iter().zip(&decisions.tables).enumerate();
    let tables: Vec<_> = tables.filter(|(index, _)| wanted(*index)).collect();
    let pages: Vec<Page> = tables
        .par_chunks(TOGETHER)
        .map(|part| {
            let mut page = Page::new(notes);
            for (index, (table, decision)) in part {
                entry(&mut page, findings, decisions, &names, (*index, table), decision);
            }
            page
        })
        .collect();
    pages.into_iter().for_each(|next| page.append(next));
    page.done()
}

/// Writes what stands above the entities.
pub(super) fn head(page: &mut Page, findings: &Findings, decisions: &Decisions) {
    HEAD.lines().for_each(|line| page.line(line));
    page.owned(
        Owner::Nobody,
        &format!("locale: {}", decisions.locale),
        "guessed: language and country of the stand-ins",
    );
    page.line("policy:");
    page.owned(Owner::Nobody, &format!("  domain: {DOMAIN}"), "stand-ins of two domains cannot be linked");
    objects(page, findings);
    reasons(page, decisions);
}

/// Decides on what is no column, where a run would stop for it: nobody looked inside.
fn objects(page: &mut Page, findings: &Findings) {
    if findings.objects.of(ObjectClass::LargeObjects) == 0 {
        return;
    }
    page.line("objects:");
    let line = format!("  {}: suppress", ObjectClass::LargeObjects.word());
    page.owned(Owner::Nobody, &line, "their bytes were not looked at");
}

fn reasons(page: &mut Page, decisions: &Decisions) {
    let columns = decisions.tables.iter().flat_map(|table| match table {
        TableDecision::Columns(columns) => columns.as_slice(),
        _ => &[],
    });
    let used: BTreeSet<&str> = columns
        .filter_map(|column| match column.decision() {
            Decision::Keep(kept) => Some(kept.reason()),
            _ => None,
        })
        .collect();
    if used.is_empty() {
        return;
    }
    page.line("");
    page.line("# Why data is kept: said once, used by name. Make these your own words.");
    page.line("reasons:");
    for (word, text) in REASONS.iter().filter(|(word, _)| used.contains(word)) {
        page.line(&format!("  {word}: \"{text}\""));
    }
}

/// Returns the entities that columns of some tables carry.
pub(super) fn carried(decisions: &Decisions, some: &BTreeSet<usize>) -> BTreeSet<usize> {
    let columns = some.iter().filter_map(|table| match decisions.tables.get(*table) {
        Some(TableDecision::Columns(columns)) => Some(columns),
        _ => None,
    });
    let entity = |column: &ColumnDecision| match column.decision() {
        Decision::Attribute { entity, .. } => Some(*entity),
        _ => None,
    };
    columns.flatten().filter_map(entity).collect()
}

fn entities(page: &mut Page, decisions: &Decisions, some: Option<&BTreeSet<usize>>) {
    let wanted = |at: usize| some.is_none_or(|some| some.contains(&at));
    if !(0..decisions.entities.len()).any(wanted) {
        return;
    }
    page.line("");
    page.line("# Meaning, once: columns point at it, so joins survive.");
    page.line("entities:");
    for (at, entity) in decisions.entities.iter().enumerate().filter(|(at, _)| wanted(*at)) {
        page.line(&format!("  {}:", yaml::word(&entity.name)));
        if let Some(subject) = &entity.subject {
            page.line(&format!("    subject: {}", yaml::word(subject)));
        }
        for (index, attribute) in entity.attributes.iter().enumerate() {
            let line = format!("    {}: {}", yaml::word(&attribute.name), attribute.rule);
            page.owned(Owner::Attribute(at, index), &line, &attribute.note);
        }
    }
}

/// How tables are spelled.
pub(crate) struct Names {
    /// Names that several databases have.
    several: BTreeSet<String>,
}

impl Names {
    pub(crate) fn new(findings: &Findings) -> Self {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for table in &findings.tables {
            *count.entry(yaml::table(&table.name)).or_default() += 1;
        }
        Self { several: count.into_iter().filter(|(_, n)| *n > 1).map(|(name, _)| name).collect() }
    }

    /// Returns the key of a table's entry.
    pub(crate) fn of(&self, name: &TableName) -> String {
        yaml::word(&self.key(name))
    }

    /// Returns the same as it is read back.
    pub(super) fn key(&self, name: &TableName) -> String {
        let within = !self.several.is_empty() && self.several.contains(&yaml::table(name));
        if within { yaml::in_database(name) } else { yaml::parted(name) }
    }
}

fn entry(
    page: &mut Page,
    findings: &Findings,
    decisions: &Decisions,
    names: &Names,
    (index, table): (usize, &FoundTable),
    decision: &TableDecision,
) {
    if !is_key(&names.of(&table.name)) {
        page.line("  # a table whose name is too long for a key: a pattern must decide on it");
        return;
    }
    let columns = match decision {
        TableDecision::Part => return,
        TableDecision::Like(other) => {
            let other = findings.tables.get(*other).map(|other| names.of(&other.name)).unwrap_or_default();
            page.line(&format!("  {}:", names.of(&table.name)));
            page.owned(Owner::Nobody, &format!("    like: {other}"), "its columns are those of that table");
            return;
        }
        TableDecision::Columns(columns) => columns,
    };
    page.owned(Owner::Nobody, &format!("  {}:", names.of(&table.name)), &about_table(table, columns));
    let together: Vec<String> = quasi(table).into_iter().map(yaml::word).collect();
    if !together.is_empty() {
        let line = format!("    quasi_identifiers: [{}]", together.join(", "));
        let percent = table.quasi.as_ref().map_or(0, |(_, percent)| percent / 5 * 5);
        page.owned(Owner::Nobody, &line, &format!("together they single out {percent}% of the rows"));
    }
    let written: Vec<bool> =
        columns.iter().zip(&table.columns).map(|(column, found)| is_written(column, found, table)).collect();
    page.line(if written.contains(&true) { "    columns:" } else { "    columns: {}" });
    for (at, (column, found)) in columns.iter().zip(&table.columns).enumerate() {
        if written.get(at) == Some(&true) {
            let line = format!("      {}: {}", yaml::word(&found.name), rule(decisions, column.decision()));
            page.owned(Owner::Column(index, at), &line, &about(found, column));
        } else if *column.decision() != Decision::Inherited {
            page.line(
                "      # a column without a name, of one that stands above or is too long: name it with `--columns`",
            );
        }
    }
}

/// Returns the columns that single out people together, as far as the table has them.
pub(super) fn quasi(table: &FoundTable) -> Vec<&str> {
    let known =
        |name: &&str| table.columns.iter().any(|column| column.name == **name && !name.trim().is_empty());
    let together = table.quasi.as_ref().map(|(together, _)| together.as_slice()).unwrap_or_default();
    together.iter().map(String::as_str).filter(known).collect()
}

/// Whether YAML takes a name as a key on one line: up to 1,024 characters (YAML 1.2.2, 7.4.2).
pub(super) fn is_key(spelled: &str) -> bool {
    spelled.len() <= 1000
}

/// Whether a column has a line of its own.
pub(super) fn is_written(column: &ColumnDecision, found: &FoundColumn, table: &FoundTable) -> bool {
    let first = table.columns.iter().find(|other| other.name == found.name);
    !found.name.is_empty()
        && is_key(&yaml::word(&found.name))
        && first.is_some_and(|first| std::ptr::eq(first, found))
        && *column.decision() != Decision::Inherited
}

/// Returns a rule as YAML.
pub(crate) fn rule(decisions: &Decisions, decision: &Decision) -> String {
    match decision {
        Decision::Rule(rule) => rule.clone(),
        Decision::Keep(kept) => format!("{{keep: {}}}", kept.reason()),
        Decision::Undecided | Decision::Inherited => "undecided".to_owned(),
        Decision::Attribute { entity, attribute, by } => {
            let named = reference(decisions, *entity, *attribute);
            let Some(named) = named.map(|named| yaml::word(&named)) else { return "undecided".to_owned() };
            match by {
                Some(by) => format!("{{use: {named}, by: {}}}", yaml::word(by)),
                None => named,
            }
        }
    }
}

/// Returns how a rule names an attribute.
pub(super) fn reference(decisions: &Decisions, entity: usize, attribute: usize) -> Option<String> {
    let found = decisions.entities.get(entity)?;
    Some(format!("{}.{}", found.name, found.attributes.get(attribute)?.name))
}

/// Says of a table how many rows were looked at, and whose they are.
fn about_table(table: &FoundTable, columns: &[ColumnDecision]) -> String {
    let mut notes = Vec::new();
    if let Some(rows) = table.rows {
        notes.push(format!("{} rows", Few(rows)));
    }
    if let Some(original) = &table.copy_of {
        notes.push(format!("rows like those of {}", yaml::table(original)));
    }
    let secret = |(column, found): (&ColumnDecision, &FoundColumn)| {
        *column.decision() == Decision::Rule("suppress".to_owned())
            && matches!(found.class, Some(Class::Token | Class::Device))
    };
    if !columns.is_empty() && columns.iter().zip(&table.columns).any(secret) {
        notes.push("tokens: if nobody needs its rows, `empty: \"tokens\"`".to_owned());
    }
    notes.join("; ")
}

/// Says of a column what it was taken for and why.
pub(crate) fn about(found: &FoundColumn, column: &ColumnDecision) -> String {
    let mut notes = Vec::new();
    let open = *column.decision() == Decision::Undecided;
    if let Some(class) = found.class {
        notes.push(format!(
            "{} ({}), {}",
            class.about().word,
            class.about().category.word(),
            sureness(found.confidence)
        ));
    }
    if open && !column.why.is_empty() {
        notes.push(column.why.clone());
    }
    if open && let Some(class) = found.class {
        let rule = class.about().rule;
        if found.confidence < SURE && !rule.is_empty() {
            notes.push(format!("if so: {rule}"));
        } else if class == Class::Country {
            notes.push("a country alone may stay: {keep: REASON}, or {fake: country}".to_owned());
        }
    }
    notes.extend(found.evidence.iter().map(ToString::to_string));
    if found.class.is_none() && notes.is_empty() {
        notes.push("nothing was found".to_owned());
    }
    notes.join("; ")
}

/// Says of a column that is new to a profile what it seems to be, and what could be written.
pub(crate) fn noticed(found: &FoundColumn) -> String {
    let mut notes = vec!["new".to_owned()];
    match found.class {
        None => notes.push("nothing was found".to_owned()),
        Some(class) => {
            let about = class.about();
            notes.push(format!("{} ({}), {}", about.word, about.category.word(), sureness(found.confidence)));
            if !about.rule.is_empty() {
                notes.push(format!("proposed: {}", about.rule));
            }
        }
    }
    notes.extend(found.evidence.iter().map(ToString::to_string));
    notes.join("; ")
}

/// Says how sure a class is, in steps of five points.
fn sureness(confidence: f32) -> String {
    if confidence >= SURE {
        return "sure".to_owned();
    }
    let steps = (1..=20_u8).rev().find(|step| f32::from(*step) * 0.05 <= confidence + 0.001).unwrap_or(0);
    let word = if confidence >= LIKELY { "likely" } else { "perhaps" };
    format!("{word} ({}%)", u32::from(steps) * 5)
}
