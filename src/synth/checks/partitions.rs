//! Partitions: a row must have one that takes it. Their bounds become conditions on the partition key, in the words of the
//! schema: one for each level, which narrows, and one of all ways from the root down, which is asked.

use crate::error::Message;
use crate::message;
use crate::row::rules::{Edge, PartitionBound};
use crate::row::shape::{Check, TableFacts};
use crate::synth::schema::Planned;

/// Most ways from the root down.
const MOST: usize = 20_000;

/// Returns the conditions, and whether each is asked of rows; `None` where any row has a partition.
///
/// # Errors
/// What cannot be read.
pub(super) fn expression(table: &Planned) -> Result<Option<Vec<(String, bool)>>, Message> {
    let unknown = || {
        message!(
            "the partitions of {}, whose key or bounds are of a form that is not understood",
            table.facts.name
        )
    };
    if !table.facts.partitions.is_empty() {
        let own = own(&table.facts).ok_or_else(unknown)?;
        return Ok(own.map(|own| vec![(own, true)]));
    }
    if table.partitions.is_empty() {
        return Ok(None);
    }
    let mut ways = Ways::default();
    let all = level(table, &table.facts, &mut ways, 0).ok_or_else(unknown)?;
    let Some(all) = all else { return Ok(None) };
    let below = ways.below.iter().map(|(_, own)| (format!("({})", own.join(" OR ")), false));
    Ok(Some(std::iter::once((all, true)).chain(below).collect()))
}

/// Returns the condition under which partitions that are no tables take a row; the inner `None` = always.
#[expect(clippy::option_option, reason = "the outer level is the failure, for `?`")]
fn own(of: &TableFacts) -> Option<Option<String>> {
    let key = of.partition_key.as_ref()?;
    let mut alternatives = Vec::new();
    for bound in &of.partitions {
        alternatives.push(match bound {
            PartitionBound::Hash | PartitionBound::Default => return Some(None),
            PartitionBound::Unknown => return None,
            PartitionBound::List(values) => listed(&quoted(key.first()?), values),
            // Behind the columns of the ranges come those of partitions within.
            PartitionBound::Range { from, to } => between(key.get(..from.len())?, from, to),
        });
    }
    Some(Some(format!("({})", alternatives.join(" OR "))))
}

/// What was seen on the ways from the root down.
#[derive(Default)]
struct Ways {
    count: usize,
    /// Of levels below the first, by column: what any partition there takes.
    below: Vec<(String, Vec<String>)>,
}

/// Returns the condition under which a partitioned table takes a row; the inner `None` = always.
#[expect(clippy::option_option, reason = "the outer level is the failure, for `?`")]
fn level(table: &Planned, of: &TableFacts, ways: &mut Ways, depth: usize) -> Option<Option<String>> {
    let key = of.partition_key.as_ref()?;
    let parts: Vec<&TableFacts> = table
        .partitions
        .iter()
        .map(AsRef::as_ref)
        .filter(|part: &&TableFacts| part.parents.first() == Some(&of.name))
        .collect();
    // A table without partitions of its own takes what comes.
    if key.is_empty() || parts.is_empty() {
        return Some(None);
    }
    let mut alternatives = Vec::new();
    for part in parts {
        ways.count += 1;
        if ways.count > MOST || depth > 20 {
            return None;
        }
        let below = with_checks(of, part, level(table, part, ways, depth + 1)?)?;
        let own = match part.bound.as_ref()? {
            // By hash all rows have one, if all partitions are there; what they divide further is nothing one can choose.
            PartitionBound::Hash | PartitionBound::Default if below.is_none() => return Some(None),
            PartitionBound::Hash | PartitionBound::Default => None,
            PartitionBound::Unknown => return None,
            _ if !of.partition_plain => return None,
            PartitionBound::List(values) => Some(listed(&quoted(key.first()?), values)),
            PartitionBound::Range { from, to } => Some(between(key, from, to)),
        };
        if let (Some(own), 1..) = (&own, depth) {
            let column = key.first().cloned().unwrap_or_default();
            match ways.below.iter_mut().find(|(of, _)| *of == column) {
                Some((_, known)) if known.contains(own) => {}
                Some((_, known)) => known.push(own.clone()),
                None => ways.below.push((column, vec![own.clone()])),
            }
        }
        alternatives.push(match (own, below) {
            (Some(own), Some(below)) => format!("({own} AND {below})"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return Some(None),
        });
    }
    Some(Some(format!("({})", alternatives.join(" OR "))))
}

/// Adds the CHECKs that a partition has of its own.
#[expect(clippy::option_option, reason = "the outer level is the failure, for `?`")]
fn with_checks(of: &TableFacts, part: &TableFacts, below: Option<String>) -> Option<Option<String>> {
    let mut all: Vec<String> = below.into_iter().collect();
    let known = |check: &Check| of.checks.iter().any(|other| other.expression == check.expression);
    for check in part.checks.iter().filter(|check| check.valid && !known(check)) {
        all.push(format!("({})", check.expression.as_ref()?.sql));
    }
    Some((!all.is_empty()).then(|| format!("({})", all.join(" AND "))))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn listed(column: &str, values: &[String]) -> String {
    let (null, values): (Vec<&String>, Vec<&String>) =
        values.iter().partition(|v| v.trim().eq_ignore_ascii_case("NULL"));
    let list: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
    let listed = format!("({column} IS NOT NULL AND {column} IN ({}))", list.join(", "));
    match (null.is_empty(), list.is_empty()) {
        (true, _) => listed,
        (false, true) => format!("({column} IS NULL)"),
        (false, false) => format!("({column} IS NULL OR {listed})"),
    }
}

/// Writes that a key is in a range, column by column.
fn between(key: &[String], from: &[Edge], to: &[Edge]) -> String {
    let mut parts: Vec<String> = key.iter().map(|column| format!("{} IS NOT NULL", quoted(column))).collect();
    parts.extend(end(key, from, ">"));
    parts.extend(end(key, to, "<"));
    // So that the first column narrows where more are compared.
    if key.len() > 1 {
        let column = key.first().map(|name| quoted(name)).unwrap_or_default();
        for (edge, op) in [(from.first(), ">="), (to.first(), "<=")] {
            if let Some(Edge::At(value)) = edge {
                parts.push(format!("{column} {op} {value}"));
            }
        }
    }
    format!("({})", parts.join(" AND "))
}

/// Writes that a key stands behind an end, or before it; the end belongs to those behind it.
fn end(key: &[String], edges: &[Edge], op: &str) -> Option<String> {
    let mut alternatives = Vec::new();
    let mut equal: Vec<String> = Vec::new();
    for (column, edge) in key.iter().zip(edges) {
        let column = quoted(column);
        match (edge, op) {
            (Edge::At(value), _) => {
                let last = equal.len() + 1 == edges.len() && op == ">";
                let mut parts = equal.clone();
                parts.push(format!("{column} {}{} {value}", op, if last { "=" } else { "" }));
                alternatives.push(format!("({})", parts.join(" AND ")));
                equal.push(format!("{column} = {value}"));
            }
            // What is equal so far is behind the least, and before the most.
            (Edge::Least, ">") | (Edge::Most, "<") => {
                if equal.is_empty() {
                    return None;
                }
                alternatives.push(format!("({})", equal.join(" AND ")));
                break;
            }
            _ => break,
        }
    }
    Some(if alternatives.is_empty() {
        "false".to_owned()
    } else {
        format!("({})", alternatives.join(" OR "))
    })
}
