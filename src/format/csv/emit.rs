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

fn field(value: &[u8], out: &mut Vec<u8>) {
    let edge = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    let special = value.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    // `\.` alone on a line ends what PostgreSQL's COPY reads.
    if !special && !edge(value.first()) && !edge(value.last()) && value != b"\\." {
        out.extend_from_slice(value);
        return;
    }
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
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            if let Some(value) = value {
                field(value, out);
            }
        }
        out.push(b'\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::field;

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
        }
    }
}
