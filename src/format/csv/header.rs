//! Column names, from the header line or `--columns`, and the facts and shape made of them. Refuses names that are
//! empty, doubled or not UTF-8; shows none of them, since a first line may be data (STYLE 5).

use std::borrow::Cow;
use std::ops::Range;

use super::dialect::Dialect;
use crate::error::{Error, Message, Result};
use crate::message;
use crate::row::shape::{ColumnFacts, ColumnType, Facts, Shape, TableFacts, TableName};

/// Decodes the names of a header record's raw fields.
///
/// # Errors
/// `ErrorKind::Input`, by column number: a name that is empty, doubled or not UTF-8.
pub(super) fn names(bytes: &[u8], fields: &[Range<usize>], dialect: Dialect) -> Result<Vec<String>> {
    let mut names = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        let raw = bytes.get(field.clone()).unwrap_or_default();
        let Ok(name) = String::from_utf8(unquote(raw, dialect.quote).into_owned()) else {
            return Err(Error::input(message!("the name of column {} is not UTF-8", index + 1))
                .hint("save the file as UTF-8, or name the columns: --columns"));
        };
        names.push(name);
    }
    check(&names).map_err(|what| {
        Error::input(what).hint("the first line must name the columns; if it is data, name them: --columns")
    })?;
    Ok(names)
}

/// Checks the names that `--columns` gives.
///
/// # Errors
/// `ErrorKind::Usage`.
pub(super) fn check_given(names: &[String]) -> Result<()> {
    if names.is_empty() {
        return Err(Error::usage("--columns names no column"));
    }
    check(names).map_err(Error::usage)
}

fn check(names: &[String]) -> std::result::Result<(), Message> {
    let mut seen = std::collections::HashMap::with_capacity(names.len());
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

/// Takes the quotes off a raw field whose syntax was checked.
fn unquote(raw: &[u8], quote: u8) -> Cow<'_, [u8]> {
    let [first, inner @ .., _] = raw else { return Cow::Borrowed(raw) };
    if *first != quote {
        return Cow::Borrowed(raw);
    }
    if !inner.contains(&quote) {
        return Cow::Borrowed(inner);
    }
    let mut skip = false;
    Cow::Owned(
        inner
            .iter()
            .copied()
            .filter(|byte| {
                skip = *byte == quote && !skip;
                *byte != quote || skip
            })
            .collect(),
    )
}

/// Makes the shape of the rows. `trusted` says that the names come from the command line.
pub(super) fn shape(table: &TableName, names: Vec<String>, trusted: bool) -> Shape {
    let columns = names
        .into_iter()
        .map(|name| ColumnFacts {
            name,
            ty: ColumnType::unknown(),
            not_null: false,
            generated: false,
            literal_default: false,
        })
        .collect();
    Shape { table: table.clone(), columns, trusted_names: trusted }
}

/// Adds the one table of a CSV to the facts.
pub(super) fn add_facts(facts: &mut Facts, shape: &Shape) {
    facts.add(TableFacts {
        name: shape.table.clone(),
        columns: shape.columns.clone(),
        parents: Vec::new(),
        partition: false,
        partition_key: None,
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        holds_rows: true,
        line: 1,
        trusted_names: shape.trusted_names,
    });
}

#[cfg(test)]
mod tests {
    use super::super::{dialect::Ending, record};
    use super::*;

    fn header(bytes: &[u8]) -> Result<Vec<String>> {
        let dialect = Dialect { delimiter: b',', quote: b'"', ending: Ending::Lf };
        let record = record::read(bytes, 0, true, dialect).unwrap().unwrap();
        names(bytes, &record.fields, dialect)
    }

    #[test]
    fn quoted_names_are_decoded() {
        let got = header(b"id,\"first, \"\"given\"\"\",\"two\nlines\",plain\n").unwrap();
        assert_eq!(got, ["id", "first, \"given\"", "two\nlines", "plain"]);
    }

    #[test]
    fn bad_names_are_refused_by_number_and_not_shown() {
        for (bytes, what) in [
            (&b"id,,x\n"[..], "column 2 has no name"),
            (b"id,\" \"\n", "column 2 has no name"),
            (b"anna,b,anna\n", "columns 1 and 3 have the same name"),
            (b"id,\xE9\n", "the name of column 2 is not UTF-8"),
        ] {
            let error = header(bytes).unwrap_err();
            assert_eq!(error.what().as_str(), what);
            assert!(!format!("{error:?}").contains("anna"));
        }
    }
}
