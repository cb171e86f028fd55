//! Writes made rows as COPY text, for whatever stands around them: COPY blocks, TSV files. Names no table and announces nothing.

use super::CopyText;
use crate::error::Result;
use crate::format::RowCodec;
use crate::format::emit::{Fields, RowWriter};
use crate::row::shape::Shape;

/// Writes the rows of one table.
#[derive(Debug)]
pub struct Rows(CopyText);

impl Rows {
    /// Makes the writer of a table.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        Self(CopyText::new(shape.columns.len(), usize::MAX))
    }
}

impl RowWriter for Rows {
    fn write(&self, row: Fields<'_>, _: u64, _: bool, _: bool, out: &mut Vec<u8>) -> Result<()> {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            match value {
                Some(value) => self.0.encode(value, b"", out)?,
                None => self.0.encode_null(b"", out),
            }
        }
        out.push(b'\n');
        Ok(())
    }
}
