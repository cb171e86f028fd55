//! For people: problems with line and caret on stderr, one line a table on stdout.

use super::{Found, TableFound};
use crate::cli::say;
use crate::error::Result;

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
    text += &match found.counts() {
        (0, warnings) => format!("ok: {} tables decided, {warnings} warnings\n", found.tables.len()),
        (errors, warnings) => {
            format!("{errors} problems, {warnings} warnings: `standin mask` would stop before it writes\n")
        }
    };
    say::out(&text)
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
