//! Writes TSV: a header, tabs, backslash escapes, `\N` for NULL: what `COPY … (HEADER)` writes. A file a table.

use std::sync::Arc;

use crate::error::Result;
use crate::format::RowCodec;
use crate::format::copy_text::{CopyText, Rows};
use crate::format::emit::{Emit, RowWriter, Script};
use crate::row::shape::Shape;

/// Tab-separated values.
#[derive(Debug)]
pub struct TsvEmit;

impl Emit for TsvEmit {
    fn name(&self) -> &'static str {
        "tsv"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("tsv")
    }

    fn begin(&self, shape: &Shape, out: &mut Vec<u8>) -> Result<()> {
        let codec = CopyText::new(shape.columns.len(), usize::MAX);
        for (at, column) in shape.columns.iter().enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            codec.encode(column.name.as_bytes(), b"", out)?;
        }
        out.push(b'\n');
        Ok(())
    }

    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        Ok(Box::new(Rows::new(shape)))
    }

    fn end(&self, _: &Shape, _: &mut Vec<u8>) {}

    fn poison(&self, _: &Script, inside: Option<&Shape>) -> Vec<u8> {
        super::reader::poison(inside.map_or(0, |shape| shape.columns.len())).to_vec()
    }
}
