//! TSV: tab-separated lines with backslash escapes. One file is one table.
//!
//! This is the text that PostgreSQL's `COPY … (HEADER)` writes, MySQL's `--batch` and `INTO OUTFILE`, and what is called
//! linear TSV. A tab-separated file with quotes, as spreadsheets save it, is a CSV whose delimiter is the tab; the format
//! `csv` reads it.
//!
//! # Grammar
//!
//! ```text
//! file   = [BOM] [header] *row              ; the last end may be missing
//! header = row                              ; unless --columns names the columns
//! row    = field *(TAB field) end           ; exactly one field a column
//! end    = LF | CR LF                       ; one kind a file, told by the first line
//! field  = "\N" | *(plain | escape)         ; "\N" is NULL
//! plain  = any byte but TAB, LF, CR, "\"
//! escape = "\t" | "\n" | "\r" | "\\" | "\b" | "\f" | "\v" | "\0"
//! ```
//!
//! - A row with another number of fields stops the run, and so does a CR that is no record end: readers that know the
//!   line ends of all systems would take it for one. A blank line is a row of one empty field.
//! - A tab or line end behind a backslash stops the run: `INTO OUTFILE` writes them so, PostgreSQL reads them so, other
//!   readers do not, and every border behind it would shift.
//! - Other escapes stop the run in masked fields: `\x41` and `\101` are bytes to PostgreSQL and letters to MySQL. Kept
//!   fields keep their bytes. `\0` is the NUL byte, which a masked field may hold and a stand-in may not.
//! - Quotes mean nothing. A masked field that begins and ends with a double quote stops the run all the same: it may be a
//!   CSV's, whose value would be another one.
//! - `mysql --batch` writes NULL as the word `NULL`: that is a value here, since it may be somebody's name.
//! - Header names are escaped like fields; they are UTF-8, not empty and not doubled. They are not trusted, and not shown
//!   (`Shape::trusted_names`). The BOM is kept; UTF-16, compressed files and archives are refused.
//!
//! # Completeness and poison
//!
//! TSV has no trailer: an input that ends with a whole row is complete. The poison is a row with a field too many, which
//! begins with a quote that is never closed: what does not count fields may look at quotes.

use super::{Format, InputOptions, Reader, magic};
use crate::error::Result;

mod codec;
mod emit;
mod reader;
#[cfg(test)]
mod tests;

pub use emit::TsvEmit;

/// The format.
#[derive(Debug)]
pub struct Tsv;

impl Format for Tsv {
    fn name(&self) -> &'static str {
        "tsv"
    }

    /// By the file's extension together with a first line that has tabs, and fields of which none begins with a double
    /// quote. Content alone does not tell it from a CSV.
    fn sniff(&self, head: &[u8], file_name: Option<&str>) -> bool {
        let text = head.strip_prefix(magic::BOM).unwrap_or(head);
        let extension = file_name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
        let named = extension.is_some_and(|e| ["tsv", "tab"].iter().any(|n| e.eq_ignore_ascii_case(n)));
        let line = text.split(|b| *b == b'\n').next().unwrap_or_default();
        let quoted = text.starts_with(b"\"") || text.windows(2).any(|w| matches!(w, b"\t\"" | b"\n\""));
        named && line.contains(&b'\t') && !quoted
    }

    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>> {
        Ok(Box::new(reader::TsvReader::new(options)?))
    }
}
