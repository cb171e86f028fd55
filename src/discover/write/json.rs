//! The findings as JSON: every column once, `class` null where nothing was found. Holds no value and no decision.

use serde_json::{Value, json};

use crate::discover::findings::{Findings, FoundColumn, FoundTable, Join, JoinKnown};
use crate::row::shape::TableName;

/// Writes the findings: `columns`, `joins` and `tables`.
#[must_use]
pub fn report(findings: &Findings) -> String {
    let columns: Vec<Value> = findings
        .tables
        .iter()
        .flat_map(|table| table.columns.iter().map(|found| column(&table.name, found)))
        .collect();
    let joins: Vec<Value> = findings.joins.iter().map(join).collect();
    let tables: Vec<Value> = findings.tables.iter().map(table).collect();
    let all = json!({"columns": columns, "joins": joins, "tables": tables});
    serde_json::to_string_pretty(&all).map(|text| text + "\n").unwrap_or_default()
}

/// Returns a table's name as a path: database, schema and table as far as they are known.
fn path(name: &TableName) -> String {
    let database = name.database.as_deref().map(|database| format!("{database}:")).unwrap_or_default();
    let schema = name.own_schema().map(|schema| format!("{schema}.")).unwrap_or_default();
    format!("{database}{schema}{}", name.table)
}

fn column(table: &TableName, found: &FoundColumn) -> Value {
    let evidence: Vec<String> = found.evidence.iter().map(ToString::to_string).collect();
    let inside: Vec<Value> =
        found.inside.iter().map(|(path, class)| json!({"path": path, "class": class.about().word})).collect();
    let hundredths = (f64::from(found.confidence.clamp(0.0, 1.0)) * 100.0).round() / 100.0;
    let mut value = json!({
        "table": path(table),
        "column": found.name,
        "class": found.class.map(|class| class.about().word),
        "category": found.class.map(|class| class.about().category.word()),
        "confidence": if found.confidence.is_finite() { hundredths } else { 0.0 },
        "evidence": evidence,
    });
    if let Some(map) = value.as_object_mut().filter(|_| !inside.is_empty()) {
        map.insert("inside".to_owned(), Value::Array(inside));
    }
    value
}

fn join(join: &Join) -> Value {
    let (known, share) = match join.known {
        JoinKnown::Declared => ("declared", None),
        JoinKnown::Name => ("name", None),
        JoinKnown::Values(percent) => ("values", Some(percent / 5 * 5)),
    };
    json!({
        "table": path(&join.from),
        "columns": join.columns,
        "to": path(&join.to),
        "target": join.target,
        "known": known,
        "percent": share,
    })
}

fn table(table: &FoundTable) -> Value {
    let rows = table.rows.map(|rows| match rows {
        1..=9 => Value::from("<10"),
        rows => Value::from(rows),
    });
    let quasi = table
        .quasi
        .as_ref()
        .map(|(columns, percent)| json!({"columns": columns, "unique_percent": percent / 5 * 5}));
    json!({
        "table": path(&table.name),
        "rows": rows,
        "copy_of": table.copy_of.as_ref().map(path),
        "quasi_identifiers": quasi,
    })
}
