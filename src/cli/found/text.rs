//! For people: problems with line and caret on stderr, one line a table on stdout.

use super::{Found, TableFound};
use crate::cli::say;
use crate::error::{Message, Result};
use crate::row::shape::{Literals, TableName};

/// Says it; the decisions only of a check that came to its end.
///
/// # Errors
/// The system's.
pub(super) fn say(found: &Found, whole: bool) -> Result<()> {
    say::problems(&found.files, &found.problems);
    if !whole {
        return Ok(());
    }
    let mut text: String = found.tables.iter().map(line).collect();
    text += &found.undecided.iter().map(left_open).collect::<String>();
    text += &spelled_out(&found.literals).unwrap_or_default();
    text += &objects(found);
    text += &match found.counts() {
        (0, warnings) => format!("ok: {} tables decided, {warnings} warnings\n", found.tables.len()),
        (errors, warnings) => {
            format!("{errors} problems, {warnings} warnings: `standin mask` would stop before it writes\n")
        }
    };
    say::out(&text)
}

/// One line a table: the columns that the profile names and leaves undecided.
fn left_open((table, columns): &(TableName, Vec<Message>)) -> String {
    let columns: Vec<&str> = columns.iter().map(Message::as_str).collect();
    format!("{table}: undecided: {}\n", columns.join(", "))
}

/// Says which definitions hold literals: a DEFAULT, CHECK, partition bound, view or function passes as it is.
fn spelled_out(literals: &[Literals]) -> Option<String> {
    const MOST: usize = 20;
    let all: u64 = literals.iter().map(|found| found.count).sum();
    let named = literals.iter().take(MOST).map(|found| format!("{} ({})", found.definition, found.count));
    let named: Vec<String> = named.collect();
    let more =
        if literals.len() > MOST { format!(", and {} more", literals.len() - MOST) } else { String::new() };
    let names = named.join(", ");
    (all > 0).then(|| format!("literals in definitions: {all} places pass as they are: {names}{more}\n"))
}

/// One line a class of what is no column.
fn objects(found: &Found) -> String {
    let line = |(word, becomes, count)| format!("objects: {word}: {becomes}, {count} statements\n");
    found.object_lines().map(line).collect()
}

/// One line a table: what becomes of it, and how many rows its unique stand-ins can bear.
fn line(table: &TableFound) -> String {
    match table.action {
        "emptied" => format!("{}: emptied\n", table.table),
        "kept" => format!("{}: kept, {} columns\n", table.table, table.kept),
        _ => {
            let limit =
                table.row_limit.map_or(String::new(), |n| format!(", unique stand-ins up to {n} rows"));
            let masked = table.columns.len() - table.kept;
            format!("{}: {masked} columns masked, {} kept{limit}\n", table.table, table.kept)
        }
    }
}
