//! Writes what psql loads: a schema's statements, COPY blocks between them, counters behind the rows.
//!
//! Rows go where pg_dump has them: behind the last statement that makes tables, before keys, indexes and triggers. Values
//! are escaped as COPY text; names are always quoted.

use std::sync::Arc;

use super::poison::{Place, poison};
use crate::error::Result;
use crate::format::RowCodec;
use crate::format::copy_text::CopyText;
use crate::format::emit::{Emit, Fields, RowWriter, Script};
use crate::row::shape::{Shape, TableName};

/// SQL with COPY blocks.
#[derive(Debug)]
pub struct CopyEmit;

/// Appends a name in double quotes.
fn quoted(name: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(name.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

fn table(name: &TableName, out: &mut Vec<u8>) {
    if let Some(schema) = &name.schema {
        quoted(schema, out);
        out.push(b'.');
    }
    quoted(&name.table, out);
}

impl Emit for CopyEmit {
    fn name(&self) -> &'static str {
        "pg_dump"
    }

    fn dialect(&self) -> Option<&'static str> {
        Some("pg_dump")
    }

    fn script(&self, schema: &[u8]) -> Result<Script> {
        Ok(Script { before: schema.to_vec(), after: Vec::new(), ordered: true })
    }

    fn begin(&self, shape: &Shape, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(b"COPY ");
        table(&shape.table, out);
        out.extend_from_slice(b" (");
        for (at, column) in shape.columns.iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(b", ");
            }
            quoted(&column.name, out);
        }
        out.extend_from_slice(b") FROM stdin;\n");
        Ok(())
    }

    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        Ok(Box::new(CopyRows(CopyText::new(shape.columns.len(), usize::MAX))))
    }

    fn end(&self, _: &Shape, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\\.\n\n");
    }

    fn count_on(&self, shape: &Shape, column: usize, last: u64, out: &mut Vec<u8>) {
        let Some(column) = shape.columns.get(column) else { return };
        let mut name = Vec::new();
        table(&shape.table, &mut name);
        let literal = |text: &[u8], out: &mut Vec<u8>| {
            out.push(b'\'');
            for byte in text {
                out.push(*byte);
                if *byte == b'\'' {
                    out.push(b'\'');
                }
            }
            out.push(b'\'');
        };
        out.extend_from_slice(b"SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(");
        literal(&name, out);
        out.extend_from_slice(b", ");
        literal(column.name.as_bytes(), out);
        out.extend_from_slice(format!("), {last}, true);\n").as_bytes());
    }

    fn poison(&self, inside: Option<&Shape>) -> Vec<u8> {
        let place = inside.map_or(Place::Between, |shape| Place::Copy { columns: shape.columns.len() });
        poison(place, None).to_vec()
    }
}

struct CopyRows(CopyText);

impl RowWriter for CopyRows {
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
