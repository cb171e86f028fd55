//! `profiles draft`: a profile to begin with, made of a schema alone. Every table and column of it, foreign keys turned
//! into attributes of entities, all else `undecided`, so that who may not see the data can write the profile.
//!
//! Reads names, types and keys; never a row. Decides nothing but that the ends of a key belong together.

pub(crate) mod keys;
pub(crate) mod yaml;

use std::collections::HashSet;
use std::fmt::Write;

use crate::profile::plan::lineage;
use crate::row::shape::{ColumnFacts, Facts, TableFacts, TableName, TypeClass};

use keys::{Attribute, Keys};

/// What every draft opens with.
const HEAD: &str = "\
# A profile to begin with, drafted from a schema: every table and column, nothing decided but which keys belong together.
#
# Write for every `undecided` what shall happen to the column. Packs (`extends:`), patterns and `defaults:` decide what
# is still `undecided` here, so that only what they do not know needs a rule of its own. Until all is decided
# `standin check` lists what is left, and `standin mask` stops. What can be done: `standin techniques`.
version: 1
";

/// What a writer most likely adds next.
const NEXT: &str = "\
# extends: [nl]
# locale: nl_NL
# policy:
#   domain: training
# reasons:
#   workflow: \"why data is kept: said once, used by name\"
# defaults:
#   booleans: {keep: workflow}
#   enums: {keep: workflow}
#   foreign_keys: {keep: workflow}
#   primary_keys: {keep: workflow}
";

/// Writes the draft of a schema; `None` if it has no table that holds rows.
#[must_use]
pub fn draft(facts: &Facts) -> Option<String> {
    let tables: Vec<&TableFacts> = facts.tables().iter().filter(|t| is_listed(t, facts)).collect();
    if tables.is_empty() {
        return None;
    }
    let keys = Keys::new(facts);
    let mut text = format!("{HEAD}{NEXT}");
    entities(&mut text, &keys);
    text.push_str("\ntables:\n");
    for table in tables {
        entry(&mut text, table, facts, &keys);
    }
    Some(text)
}

/// Returns whether a table has an entry of its own: partitions take that of their root.
fn is_listed(table: &TableFacts, facts: &Facts) -> bool {
    let of_root = table.partition && table.parents.iter().any(|parent| facts.table(parent).is_some());
    table.holds_rows && !of_root
}

fn entities(text: &mut String, keys: &Keys) {
    if keys.entities().is_empty() {
        return;
    }
    text.push_str("\nentities:\n");
    for entity in keys.entities() {
        let _ = writeln!(text, "  {}:", yaml::word(&entity.name));
        if let Some(subject) = &entity.subject {
            let _ = writeln!(text, "    subject: {}", yaml::word(subject));
        }
        for Attribute { name, rule, note } in &entity.attributes {
            let line = format!("    {}: {rule}", yaml::word(name));
            yaml::commented(text, &line, note);
        }
    }
}

fn entry(text: &mut String, table: &TableFacts, facts: &Facts, keys: &Keys) {
    let inherited = |column: &ColumnFacts| {
        let line = lineage(&table.name, facts);
        line.iter().skip(1).filter_map(|(_, t)| *t).any(|t| t.column(&column.name).is_some())
    };
    let columns: Vec<&ColumnFacts> = table.columns.iter().filter(|c| !c.generated).collect();
    let own: Vec<&ColumnFacts> = columns.iter().copied().filter(|column| !inherited(column)).collect();
    // All of it is the parent's.
    if own.is_empty() && table.parents.iter().any(|parent| facts.table(parent).is_some()) {
        return;
    }
    let _ = writeln!(text, "  {}:", yaml::table(&table.name));
    if own.is_empty() {
        text.push_str("    columns: {}\n");
        return;
    }
    text.push_str("    columns:\n");
    let mut seen = HashSet::new();
    for column in own {
        if column.name.is_empty() || !seen.insert(column.name.as_str()) {
            text.push_str(
                "      # a column without a name, or of a name that stands above: name it with `--columns`\n",
            );
            continue;
        }
        let rule = keys.rule(&table.name, &column.name);
        let rule = rule.map_or_else(|| "undecided".to_owned(), |rule| yaml::word(&rule));
        let line = format!("      {}: {rule}", yaml::word(&column.name));
        yaml::commented(text, &line, &about(table, column));
    }
}

/// Says of a column what the schema says: type, NOT NULL, keys.
fn about(table: &TableFacts, column: &ColumnFacts) -> String {
    let mut notes: Vec<String> = Vec::new();
    notes.extend(type_of(column));
    let holds = |columns: &[String]| columns.contains(&column.name);
    for unique in table.uniques.iter().filter(|unique| holds(&unique.columns)) {
        let kind = if unique.primary { "primary key" } else { "unique" };
        let with = if unique.columns.len() > 1 || unique.expression { ", with others" } else { "" };
        notes.push(format!("{kind}{with}"));
    }
    if column.not_null && !table.uniques.iter().any(|u| u.primary && holds(&u.columns)) {
        notes.push("not null".to_owned());
    }
    for key in table.foreign_keys.iter().filter(|key| holds(&key.columns)) {
        let at = key.columns.iter().position(|name| *name == column.name);
        let end = at.and_then(|at| key.target_columns.get(at)).map(|name| format!(".{name}"));
        notes.push(format!("references {}{}", spelled(&key.target), end.unwrap_or_default()));
    }
    notes.dedup();
    notes.join("; ")
}

/// Returns the type without the labels of an enumeration.
fn type_of(column: &ColumnFacts) -> Option<String> {
    let ty = &column.ty;
    let shown = match &ty.class {
        TypeClass::Enum(labels) => match labels.len() {
            1 => "enum of 1 label".to_owned(),
            n => format!("enum of {n} labels"),
        },
        _ if ty.text.is_empty() => return None,
        _ => ty.text.clone(),
    };
    match &ty.domain {
        Some(domain) if *domain != shown => Some(format!("{shown}, domain {domain}")),
        _ => Some(shown),
    }
}

/// Returns a table's name without the default schema.
fn spelled(table: &TableName) -> String {
    match table.own_schema() {
        Some(schema) => format!("{schema}.{}", table.table),
        None => table.table.clone(),
    }
}

#[cfg(test)]
mod tests;
