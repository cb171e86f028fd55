//! Writes CSV (RFC 4180 with LF): a header, quotes where a value needs them. NULL is an empty field, an empty text is `""`.
//! A file a table. Values as PostgreSQL writes them: booleans `t` and `f`, bytes `\x…`.

use std::sync::Arc;

use crate::error::Result;
use crate::format::emit::{Emit, Fields, RowWriter, Script};
use crate::row::shape::Shape;

/// Comma-separated values.
#[derive(Debug)]
pub struct CsvEmit;

struct Rows;

/// Returns 1 for a byte that must stand in quotes, else 0: without a branch, so that many are looked at together.
fn mark(byte: u8) -> u8 {
    u8::from(byte == b',') | u8::from(byte == b'"') | u8::from(byte == b'\n') | u8::from(byte == b'\r')
}

/// Says whether some of the text must stand in quotes wherever it stands. All of a block is looked at: so it is vectors to the
/// processor.
fn is_special(text: &[u8]) -> bool {
    let any = |bytes: &[u8]| bytes.iter().fold(0, |found, byte| found | mark(*byte)) != 0;
    let (blocks, rest) = text.as_chunks::<32>();
    // The last block reaches back where what is left is less than one.
    let end = text.last_chunk::<32>();
    blocks.iter().any(|block| any(block)) || end.map_or_else(|| any(rest), |end| any(end))
}

/// Says whether a value must stand in quotes for what it begins or ends with.
fn is_edged(value: &[u8]) -> bool {
    let edge = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    // `\.` alone on a line ends what PostgreSQL's COPY reads.
    edge(value.first()) || edge(value.last()) || value == b"\\."
}

fn field(value: &[u8], out: &mut Vec<u8>) {
    if is_special(value) || is_edged(value) {
        quoted(value, out);
    } else {
        out.extend_from_slice(value);
    }
}

fn quoted(value: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in value {
        out.push(*byte);
        if *byte == b'"' {
            out.push(b'"');
        }
    }
    out.push(b'"');
}

impl Emit for CsvEmit {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("csv")
    }

    fn begin(&self, shape: &Shape, out: &mut Vec<u8>) -> Result<()> {
        for (at, column) in shape.columns.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            field(column.name.as_bytes(), out);
        }
        out.push(b'\n');
        Ok(())
    }

    fn rows(&self, _: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        Ok(Box::new(Rows))
    }

    fn end(&self, _: &Shape, _: &mut Vec<u8>) {}

    fn poison(&self, _: &Script, _: Option<&Shape>) -> Vec<u8> {
        super::poison(b'"').to_vec()
    }
}

impl RowWriter for Rows {
    fn write(&self, row: Fields<'_>, _: u64, _: bool, _: bool, out: &mut Vec<u8>) -> Result<()> {
        // Nearly all rows have nothing special in them.
        let special = is_special(row.arena);
        for (at, span) in row.spans.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let Some(span) = span else { continue };
            match span.of(row.arena) {
                value if special => field(value, out),
                value if is_edged(value) => quoted(value, out),
                _ => span.append_to(row.arena, out),
            }
        }
        out.push(b'\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::field::Span;

    #[test]
    fn quotes_stand_where_a_value_needs_them() {
        for (value, wanted) in [
            ("plain", "plain"),
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("6\" nail", "\"6\"\" nail\""),
            ("two\nlines", "\"two\nlines\""),
            (" edge", "\" edge\""),
            ("\\.", "\"\\.\""),
        ] {
            let mut out = Vec::new();
            field(value.as_bytes(), &mut out);
            assert_eq!(out, wanted.as_bytes());
            // As one of two, of which the other is plain, and with what was drawn before.
            for before in ["", "drawn", "\n"] {
                let arena = format!("{before}x{value}");
                let span = |from: usize, to: usize| {
                    Some(Span::new(u32::try_from(from).unwrap(), u32::try_from(to).unwrap()))
                };
                let at = before.len();
                let spans = [span(at, at + 1), span(at + 1, arena.len()), None];
                let (row, mut out) = (Fields { arena: arena.as_bytes(), spans: &spans }, Vec::new());
                Rows.write(row, 0, true, true, &mut out).unwrap();
                assert_eq!(out, format!("x,{wanted},\n").as_bytes());
            }
        }
    }
}
