//! What the formats share in which a file is one table and no schema says more (CSV, TSV, JSON Lines): its name, its
//! column names, and the facts and shape made of them. Refuses names that are empty or doubled; shows none of them,
//! since a first line may be data (STYLE 5).

use std::collections::HashMap;

use super::InputOptions;
use crate::error::{Error, Message, Result};
use crate::message;
use crate::row::shape::{ColumnFacts, ColumnType, Facts, Shape, TableFacts, TableName};

/// Returns the name of the table: the input's, since the format has none. `format` is how a message calls it (`a CSV`).
///
/// # Errors
/// `ErrorKind::Usage` where the command line says none.
pub(in crate::format) fn name(options: &InputOptions, format: &'static str) -> Result<TableName> {
    match options.table.as_deref().filter(|t| !t.is_empty()) {
        Some(table) => Ok(TableName::new(None, table)),
        None => Err(Error::usage(message!("{} does not say which table it is", format))
            .hint("give it as a file: the file's name without its extension is the table's name")),
    }
}

/// Checks the names that `--columns` gives.
///
/// # Errors
/// `ErrorKind::Usage`.
pub(in crate::format) fn check_given(names: &[String]) -> Result<()> {
    if names.is_empty() {
        return Err(Error::usage("--columns names no column"));
    }
    check(names).map_err(Error::usage)
}

/// Checks the names of a header line.
///
/// # Errors
/// `ErrorKind::Input`, by column number: a name that is empty or doubled.
pub(in crate::format) fn check_header(names: &[String]) -> Result<()> {
    check(names).map_err(|what| {
        Error::input(what).hint("the first line must name the columns; if it is data, name them: --columns")
    })
}

fn check(names: &[String]) -> std::result::Result<(), Message> {
    let mut seen = HashMap::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        if name.trim().is_empty() {
            return Err(message!("column {} has no name", index + 1));
        }
        if let Some(first) = seen.insert(name, index) {
            return Err(message!("columns {} and {} have the same name", first + 1, index + 1));
        }
    }
    Ok(())
}

/// Makes a column of which only the name is known.
pub(in crate::format) fn column(name: String) -> ColumnFacts {
    ColumnFacts {
        name,
        ty: ColumnType::unknown(),
        not_null: false,
        generated: false,
        literal_default: false,
        numbered: false,
    }
}

/// Makes the shape of the rows. `trusted` says that the names come from the command line.
pub(in crate::format) fn shape(table: &TableName, names: Vec<String>, trusted: bool) -> Shape {
    let columns = names.into_iter().map(column).collect();
    Shape { table: table.clone(), columns, trusted_names: trusted }
}

/// Adds the one table to the facts.
pub(in crate::format) fn add_facts(facts: &mut Facts, shape: &Shape) {
    facts.add(TableFacts {
        columns: shape.columns.clone(),
        partition_key: None,
        line: 1,
        trusted_names: shape.trusted_names,
        ..TableFacts::named(shape.table.clone())
    });
}
