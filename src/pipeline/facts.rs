//! The facts pass: reads an input to learn its schema, keys behind the rows included, and writes nothing.
//!
//! Where the rows of a file can be skipped, they are: what a dump says behind its last rows is read from its end. That
//! is advance notice only. A schema hidden between the rows is seen when the rows are masked, and stops the run then.

use crate::error::{Error, ErrorKind, Result};
use crate::format::{BehindRows, Part, Piece, Reader, Source};
use crate::row::object::ObjectCounts;
use crate::row::shape::Facts;

use super::gate::Stop;
use super::source::FileTail;

/// What a facts pass learnt.
#[derive(Debug)]
pub struct Known {
    /// The schema.
    pub facts: Facts,
    /// Whether rows were skipped or skimmed.
    pub skipped: bool,
    /// Whether the input holds a whole schema, so that a table it lacks is missing.
    pub whole: bool,
    /// What is no column, by class.
    pub objects: ObjectCounts,
}

/// Reads a source to its end and returns what it says of its schema. With `tail`, rows are skipped where they can be.
///
/// # Errors
/// Whatever the reader refuses; a signal. With `tail`, an error may come of the skipping: read again without it.
pub fn read_facts(
    mut reader: Box<dyn Reader + '_>,
    mut source: Box<dyn Source + '_>,
    mut tail: Option<FileTail>,
    stop: &Stop,
) -> Result<Known> {
    reader.learn();
    let mut piece = Piece::default();
    let (mut lines, mut skipped) = (0_u64, false);
    let mut objects = ObjectCounts::default();
    loop {
        if let Some(signal) = stop.raised() {
            return Err(Error::new(ErrorKind::Interrupted { signal }, "stopped by a signal"));
        }
        let more = reader.next(source.as_mut(), &mut piece);
        if !more.map_err(|e| e.at(|at| at.line = at.line.map(|n| n + lines).filter(|_| !skipped)))? {
            return Ok(Known {
                facts: reader.facts().completed(),
                skipped,
                whole: reader.whole_schema(),
                objects,
            });
        }
        lines += u64::try_from(memchr::memchr_iter(b'\n', piece.buffer.bytes()).count()).unwrap_or(0);
        for part in &piece.parts {
            if let Part::Opaque { classes, .. } = part {
                classes.iter().for_each(|class| objects.count(*class));
            }
        }
        let rows = |part: &Part| matches!(part, Part::Begin { .. } | Part::Rows(_) | Part::Counted(..));
        if !piece.parts.iter().any(rows) {
            continue;
        }
        let Some(tail) = tail.take() else { continue };
        match reader.behind_rows() {
            BehindRows::Anywhere => {
                reader.skim();
                skipped = true;
            }
            BehindRows::Nothing => {
                let whole = reader.whole_schema();
                let facts = reader.facts().completed();
                return Ok(Known { facts, skipped: true, whole, objects });
            }
            BehindRows::Last { mark, skip } => {
                let here = piece.byte + u64::try_from(piece.buffer.len()).unwrap_or(0);
                let found = tail.at_last(mark, skip).map_err(|e| Error::io("read the input", &e))?;
                if let Some((byte, rest)) = found.filter(|(byte, _)| *byte > here) {
                    reader.resume(byte);
                    source = Box::new(rest);
                    skipped = true;
                }
            }
        }
    }
}
