//! CSV: RFC 4180 and its cousins. One file is one table.
//!
//! # Grammar
//!
//! ```text
//! file      = [BOM] [header] *record
//! header    = record                          ; unless --columns names the columns
//! record    = field *(delimiter field) end    ; the last end may be missing
//! end       = LF | CR LF                      ; one kind a file, told by the first record
//! field     = quoted | plain
//! quoted    = quote *(any byte but quote | quote quote) quote
//! plain     = *(any byte but quote, delimiter, CR, LF)
//! delimiter = "," | ";" | TAB | "|"           ; the one that is in the first record, or --delimiter
//! quote     = the double quote                ; or --quote
//! ```
//!
//! - Whatever this grammar lacks stops the run, with its line: a quote inside a plain field, text behind a closing quote,
//!   a CR or LF outside quotes that is no record end, a row with another number of fields, the end of the input inside
//!   quotes. So does PostgreSQL's `COPY ... (FORMAT csv)`; readers differ on such bytes, and a guess could shift a column.
//! - A blank line is a record of one empty field: a row of a one-column table, an error in any other.
//! - Where more than one delimiter is possible, `--delimiter` must say. Blanks around fields belong to them. There are
//!   no comments and no backslash escapes.
//! - Bytes are any encoding in which ASCII bytes mean ASCII (UTF-8, ISO 8859, Windows-125x); header names are UTF-8. The
//!   BOM is kept. UTF-16, compressed files and archives are refused.
//! - Names of a header are not trusted: a first line may be data. They are not shown (`Shape::trusted_names`).
//! - There is no NULL: an empty field is the empty string, quoted or not. Suppression writes the empty field.
//! - Fields that are kept keep their bytes and quotes. A stand-in is quoted if the original was or if it must be.
//!
//! # Completeness and poison
//!
//! CSV has no trailer: an input that ends with a whole record is complete. The poison is a field whose quote is never
//! closed: the rest of the file is in it.

use std::sync::Arc;

use super::{Format, InputOptions, Reader, magic};
use crate::error::Result;

mod codec;
mod dialect;
mod emit;
mod header;
mod reader;
mod record;
mod scan;
#[cfg(test)]
mod tests;

pub use emit::CsvEmit;

/// The format.
#[derive(Debug)]
pub struct Csv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    /// By the file's extension, or by a first line that has a delimiter and reads as a header. Text that looks like SQL
    /// is never claimed.
    fn sniff(&self, head: &[u8], file_name: Option<&str>) -> bool {
        let text = head.strip_prefix(magic::BOM).unwrap_or(head);
        if looks_like_sql(text) {
            return false;
        }
        let extension = file_name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
        extension.is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("tsv"))
            || plausible(text)
    }

    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>> {
        Ok(Box::new(reader::CsvReader::new(options)?))
    }
}

/// Makes the bytes that make every reader fail: an unterminated field. Holds no data.
fn poison(quote: u8) -> Arc<[u8]> {
    [&[quote][..], b"standin: the run failed, this file is not complete\n"].concat().into()
}

/// Says whether the text begins as SQL does: a comment, a meta-command or one of a few words.
fn looks_like_sql(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let word = text.split(|b| !b.is_ascii_alphabetic()).next().unwrap_or_default();
    let follows = text.get(word.len()).copied();
    let is_word = follows.is_none_or(|b| b.is_ascii_whitespace());
    text.starts_with(b"--")
        || text.starts_with(b"/*")
        || text.starts_with(b"\\")
        || (is_word
            && ["SET", "CREATE", "COPY", "INSERT", "SELECT", "BEGIN", "DROP", "ALTER"]
                .iter()
                .any(|sql| word.eq_ignore_ascii_case(sql.as_bytes())))
}

/// Says whether the first line reads as a header of at least two columns.
fn plausible(text: &[u8]) -> bool {
    if text.contains(&0) || magic::name(text).is_some() {
        return false;
    }
    let wish = dialect::Wish { delimiter: None, quote: b'"', columns: None };
    let Ok(dialect) = wish.detect(text) else { return false };
    match record::read(text, 0, true, dialect) {
        Ok(Some(record)) => record.fields.len() > 1 && header::names(text, &record.fields, dialect).is_ok(),
        _ => false,
    }
}
