//! Reads a schema: what it says (facts) and its own statements, without the rows that stand between them.
//!
//! Memory holds the statements, not the rows: an input of statements beyond 256 MiB is refused.

use crate::error::{Error, ErrorKind, Result};
use crate::format::{Part, Piece, Reader, Source};
use crate::pipeline::Stop;
use crate::row::shape::Facts;

/// Most bytes of statements.
const MOST: usize = 256 << 20;

/// A schema that was read.
#[derive(Clone, Default)]
pub struct Schema {
    /// Tables, types, keys.
    pub facts: Facts,
    /// The statements as they were written, rows left out.
    pub text: Vec<u8>,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<schema of {} tables>", self.facts.tables().len())
    }
}

/// Reads an input to its end.
///
/// # Errors
/// Whatever the reader refuses; a signal; too much text.
pub fn read(
    mut reader: Box<dyn Reader + '_>,
    mut source: Box<dyn Source + '_>,
    stop: &Stop,
) -> Result<Schema> {
    let mut piece = Piece::default();
    let mut text = Vec::new();
    loop {
        if let Some(signal) = stop.raised() {
            return Err(Error::new(ErrorKind::Interrupted { signal }, "stopped by a signal"));
        }
        if !reader.next(source.as_mut(), &mut piece)? {
            break;
        }
        let bytes = piece.buffer.bytes();
        for part in &piece.parts {
            // Rows, and what may hold data or secrets, are no schema.
            let mut keep = |range: std::ops::Range<usize>| {
                text.extend_from_slice(bytes.get(range).unwrap_or_default());
            };
            match part {
                Part::Verbatim(range) => keep(range.clone()),
                Part::Opaque { range, cut, .. } => {
                    keep(range.start..cut.start);
                    keep(cut.end..range.end);
                }
                _ => {}
            }
        }
        if text.len() > MOST {
            return Err(Error::input("the statements of the schema are longer than 256 MiB")
                .hint("give the schema alone: `pg_dump --schema-only`"));
        }
    }
    Ok(Schema { facts: reader.facts().completed(), text })
}
