//! JSON Lines (jsonlines.org; also called NDJSON): one file is one table, one line is one row, a JSON object.
//!
//! # Grammar
//!
//! ```text
//! file = [BOM] object *(LF object) [LF]      ; each object on one line; RFC 8259 with all its white space, so CR LF too
//! ```
//!
//! - Columns are the keys of the outermost objects, in any order and not all in every row. Which there are is told by
//!   `--columns`; failing that, a file is read before it is masked and all its keys count; of a pipe, those of the first
//!   line. A row with another key stops the run: nothing passes because nobody thought of it.
//! - A key that a row lacks is a NULL of which nothing is written; `null` is a NULL too. Both stay as they are.
//! - A string's value is its text, escapes decoded; that of a number, `true` or `false` is as it is written; that of an
//!   object or array is its own JSON text. A stand-in for a string is a string; for anything else it goes in bare if it is
//!   itself of that kind (a number; `true` or `false`; an object or array), else as a string.
//! - Every row is read whole by RFC 8259, kept columns too: UTF-8, no control character in a string, no comment, no
//!   trailing comma, no NaN, at most 127 deep. Kept bytes are never written anew: spacing, escapes, the digits of numbers
//!   and the order of keys stay.
//! - Refused: a key twice in the outermost object, also spelled with escapes (readers differ on which one counts; objects
//!   further in are kept or masked as a whole); half a surrogate pair in a masked string or in a key; a blank line
//!   (jsonlines.org: it is no JSON value); a line that is an array or a single value; a document over several lines and
//!   an array of objects, with the hint how `jq` makes JSON Lines of them. jsonlines.org wants no BOM; it is kept.
//! - Names of keys are not trusted: they may be data. They are not shown (`Shape::trusted_names`).
//!
//! # Completeness and poison
//!
//! JSON Lines has no trailer: an input that ends with a whole object is complete. The poison is a string that is never
//! closed: it fails readers of lines and of streams of values.

use super::{Format, InputOptions, Reader, magic};
use crate::error::Result;

mod codec;
mod columns;
mod emit;
mod reader;
mod scan;
#[cfg(test)]
mod tests;
mod text;

pub use emit::JsonLinesEmit;

/// The format.
#[derive(Debug)]
pub struct JsonLines;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "json_lines"
    }

    /// By the file's extension, or by a first value that is an object with a line of its own. Arrays and documents over
    /// several lines are claimed too: the reader refuses them and says what to do.
    fn sniff(&self, head: &[u8], file_name: Option<&str>) -> bool {
        let text = head.strip_prefix(magic::BOM).unwrap_or(head).trim_ascii_start();
        let extension = file_name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
        let named = ["jsonl", "ndjson"];
        if extension.is_some_and(|e| named.iter().any(|n| e.eq_ignore_ascii_case(n))) {
            return true;
        }
        if !matches!(text.first(), Some(b'{' | b'[')) {
            return false;
        }
        match scan::value(text, 0) {
            // Behind the first value comes the next line, or at least the next object.
            Ok(end) => {
                let behind = text.get(end..).unwrap_or_default();
                let blank = behind.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
                matches!(behind.get(blank), None | Some(b'\n' | b'{'))
            }
            Err(wrong) => wrong == scan::Wrong::CutOff,
        }
    }

    fn learns_from_rows(&self, options: &InputOptions) -> bool {
        options.columns.is_none()
    }

    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>> {
        Ok(Box::new(reader::JsonLinesReader::new(options)?))
    }
}
