//! Archives of pg_dump, in their three forms: custom, directory and tar. What they hold is a plain dump taken apart: SQL in
//! a table of contents, and a stream of rows for each table.
//!
//! ```text
//! toc        the table of contents, read and written           input, ints   its bytes, numbers and texts
//! container  the streams behind it: `custom`, `folder`, `tar` (`ustar`)
//! schema     its SQL, through the reader of plain dumps        reader   the rows, through the same (`feed`)
//! sink       puts it together again                            form     forms and algorithms; `stored`: none
//! ```
//!
//! Input is not trusted: every length is bounded, no announced size is allocated, no name leads out of a folder, and an
//! archive that is cut is an error. Refuses versions and algorithms that pg_dump 9 to 18 do not write.

mod container;
mod custom;
mod emit;
mod feed;
mod folder;
mod form;
mod input;
mod ints;
mod objects;
mod reader;
#[cfg(test)]
mod samples;
mod schema;
mod sink;
mod stored;
mod tar;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_refused;
#[cfg(test)]
mod tests_schema;
mod toc;
pub mod ustar;

pub use emit::Blank;
pub use form::{ArchiveOptions, Form};

use crate::error::Result;
use crate::format::{Format, InputOptions, Reader};

/// The format.
#[derive(Debug)]
pub struct Archive;

impl Format for Archive {
    fn name(&self) -> &'static str {
        "archive"
    }

    fn sniff(&self, head: &[u8], _file_name: Option<&str>) -> bool {
        self.archive_form(head, false).is_some()
    }

    fn archive_form(&self, head: &[u8], folder: bool) -> Option<Form> {
        match container::sniff(head) {
            Some(Form::Custom) if folder => Some(Form::Directory),
            found => found,
        }
    }

    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>> {
        Ok(Box::new(reader::ArchiveReader::new(options)))
    }
}
