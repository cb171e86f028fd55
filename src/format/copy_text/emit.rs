//! Writes made rows as COPY text, for whatever stands around them: COPY blocks, TSV files. Names no table and announces nothing.

use super::CopyText;
use crate::error::Result;
use crate::format::RowCodec;
use crate::format::emit::{Fields, RowWriter};
use crate::row::field::Span;
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
        // Nearly all rows have nothing to escape: all values are looked through at once.
        let ends = row.spans.iter().flatten().map(|span| span.end).max().unwrap_or(0);
        let values = Span::new(0, ends).of(row.arena);
        let plain = self.0.encodes_as_is(values);
        for (at, span) in row.spans.iter().enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            match span {
                Some(span) if plain => span.append_to(row.arena, out),
                Some(span) => self.0.encode(span.of(row.arena), b"", out)?,
                None => self.0.encode_null(b"", out),
            }
        }
        out.push(b'\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::shape::TableName;

    #[test]
    fn values_are_escaped_beside_plain_ones() {
        for (value, wanted) in [("plain", "plain"), ("", ""), ("a\tb", "a\\tb"), ("c:\\d", "c:\\\\d")] {
            // With what was drawn before, and with what stands behind.
            for (before, behind) in [("", ""), ("drawn", "\0\0"), ("\n", "\\")] {
                let arena = format!("{before}x{value}{behind}");
                let place = |at: usize| u32::try_from(at).expect("small");
                let at = before.len();
                let value = Some(Span::new(place(at + 1), place(at + 1 + value.len())));
                let spans = [Some(Span::new(place(at), place(at + 1))), value, None];
                let shape =
                    Shape { table: TableName::new(None, "t"), columns: Vec::new(), trusted_names: true };
                let mut out = Vec::new();
                let row = Fields { arena: arena.as_bytes(), spans: &spans };
                Rows::new(&shape).write(row, 0, true, true, &mut out).expect("is written");
                assert_eq!(out, format!("x\t{wanted}\t\\N\n").as_bytes());
            }
        }
    }
}
