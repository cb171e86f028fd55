//! The facts pass: reads an input to learn its whole schema, keys behind the rows included, and writes nothing.

use crate::error::{Error, Result};
use crate::format::{Piece, Reader, Source};
use crate::row::shape::Facts;

use super::gate::Stop;

/// Reads a source to its end and returns what it says of its schema.
///
/// # Errors
/// Whatever the reader refuses; a signal.
pub fn read_facts(mut reader: Box<dyn Reader + '_>, mut source: Box<dyn Source + '_>, stop: &Stop) -> Result<Facts> {
    let mut piece = Piece::default();
    let mut lines = 0_u64;
    loop {
        if let Some(signal) = stop.raised() {
            return Err(Error::new(crate::error::ErrorKind::Interrupted { signal }, "stopped by a signal"));
        }
        let more = reader.next(source.as_mut(), &mut piece);
        if !more.map_err(|e| e.at(|at| at.line = at.line.map(|n| n + lines)))? {
            return Ok(reader.facts().clone());
        }
        lines += u64::try_from(memchr::memchr_iter(b'\n', piece.buffer.bytes()).count()).unwrap_or(0);
    }
}
