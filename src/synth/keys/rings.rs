//! Rings of keys: tables that point to each other. Rows are arithmetic both ways, so a ring needs no memory, as long as some
//! column of it has a value of its own. Refuses a ring of columns of which each is a copy of the next.

use super::super::model::{Model, Role};
use crate::error::{Error, Message, Name, Result};
use crate::message;

/// Refuses columns that must hold something and copy each other in a ring.
///
/// # Errors
/// There are such columns in a table that gets rows.
pub(super) fn refuse(model: &Model) -> Result<()> {
    for (table, of) in model.tables.iter().enumerate().filter(|(_, table)| table.rows > 0) {
        for column in 0..of.roles.len() {
            let mut ring = vec![(table, column)];
            while let Some(next) = ring.last().and_then(|last| copied(model, *last)) {
                if next == (table, column) {
                    let must =
                        |at: &(usize, usize)| column_of(model, *at).is_some_and(|column| column.not_null);
                    if ring.iter().any(must) {
                        return Err(refused(model, &ring));
                    }
                    break;
                }
                // A ring that this column only leads to is found from one of its own.
                if ring.contains(&next) {
                    break;
                }
                ring.push(next);
            }
        }
    }
    Ok(())
}

/// Returns the column that a column is a copy of.
fn copied(model: &Model, (table, column): (usize, usize)) -> Option<(usize, usize)> {
    let of = model.tables.get(table)?;
    match of.roles.get(column)? {
        Role::Link { link, key } => Some((of.links.get(*link)?.target, *key)),
        _ => None,
    }
}

fn column_of(model: &Model, (table, column): (usize, usize)) -> Option<&crate::row::shape::ColumnFacts> {
    model.tables.get(table)?.shape.columns.get(column)
}

fn refused(model: &Model, ring: &[(usize, usize)]) -> Error {
    let mut shown = message!("");
    for (place, at) in ring.iter().enumerate() {
        let (Some(column), Some(table)) = (column_of(model, *at), model.tables.get(at.0)) else { continue };
        let between = if place == 0 { "" } else { ", " };
        shown = message!(
            "{}{}`{}` of {}",
            shown,
            Message::from(between),
            Name::new(column.name.as_str()),
            table.name
        );
    }
    let line = ring.first().and_then(|at| model.tables.get(at.0)).map(|table| table.facts.line);
    Error::input(message!("foreign keys lead in a ring in which no column has a value of its own: {}", shown))
        .at(|at| at.line = line.filter(|line| *line > 0))
        .hint("leave one of these foreign keys out of the schema, or let it start from a column of its own")
}
