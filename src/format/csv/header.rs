//! Column names from the header line. Refuses names that are empty, doubled or not UTF-8; shows none of them, since a
//! first line may be data (STYLE 5).

use std::borrow::Cow;
use std::ops::Range;

use super::dialect::Dialect;
use crate::error::{Error, Result};
use crate::format::one_table;
use crate::message;

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
    one_table::check_header(&names)?;
    Ok(names)
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
