//! What schema statements say, form by form, and a whole schema against its golden text.

use super::*;
use crate::error::ErrorKind;
use crate::row::shape::{ColumnType, TableFacts, TypeClass};
use std::fmt::Write as _;

/// Reads statements that must all be understood.
fn catalog(statements: &[&str]) -> Catalog {
    let mut catalog = Catalog::default();
    for statement in statements {
        if let Err(error) = catalog.apply(statement, 1) {
            panic!("{error} in {statement}");
        }
    }
    catalog
}

/// Shows all facts, one line a thing, in the order of definition.
pub(super) fn shown(catalog: &Catalog) -> String {
    let mut text = String::new();
    for table in catalog.facts().tables() {
        show(table, &mut text);
    }
    text
}

fn show(table: &TableFacts, text: &mut String) {
    let parents: Vec<String> = table.parents.iter().map(ToString::to_string).collect();
    let kind = if table.partition { "partition of" } else { "heir of" };
    write!(text, "table {}", table.name).unwrap();
    if !parents.is_empty() {
        write!(text, " {kind} {}", parents.join(", ")).unwrap();
    }
    match &table.partition_key {
        None => text.push_str(" partitioned by anything"),
        Some(key) if key.is_empty() => {}
        Some(key) => write!(text, " partitioned by ({})", key.join(", ")).unwrap(),
    }
    text.push_str(if table.holds_rows { "\n" } else { " without rows\n" });
    for c in &table.columns {
        write!(text, "  {}: {:?} <{}>", c.name, c.ty.class, c.ty.text).unwrap();
        if let Some(domain) = &c.ty.domain {
            write!(text, " domain {domain}").unwrap();
        }
        for (flag, word) in
            [(c.not_null, " not-null"), (c.generated, " generated"), (c.literal_default, " literal-default")]
        {
            text.push_str(if flag { word } else { "" });
        }
        text.push('\n');
    }
    for u in &table.uniques {
        let kind = if u.primary { "primary" } else { "unique" };
        let more = if u.expression { " by expression" } else { "" };
        writeln!(text, "  {kind} {} ({}){more}", u.name, u.columns.join(", ")).unwrap();
    }
    for k in &table.foreign_keys {
        let (from, to) = (k.columns.join(", "), k.target_columns.join(", "));
        writeln!(text, "  foreign {} ({from}) -> {} ({to})", k.name, k.target).unwrap();
    }
    for c in &table.checks {
        let columns = c.columns.as_ref().map_or("anything".to_owned(), |c| c.join(", "));
        writeln!(text, "  check {} ({columns})", c.name).unwrap();
    }
}
