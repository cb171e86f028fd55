//! Writes what psql loads: a schema's statements, COPY blocks between them, counters behind the rows.
//!
//! Rows go where pg_dump has them: behind the last statement that makes tables, before keys, indexes and triggers. Values
//! are escaped as COPY text; names are always quoted.

use std::sync::Arc;

use super::cut::cut;
use super::poison::{Place, poison};
use super::ring;
use crate::error::Result;
use crate::format::copy_text;
use crate::format::emit::{Emit, RowWriter, Script};
use crate::format::insert::{Family, emit as sql};
use crate::row::shape::{Shape, TableName};

/// SQL with COPY blocks.
#[derive(Debug)]
pub struct CopyEmit;

/// SQL with INSERT statements of many rows.
#[derive(Debug)]
pub struct InsertEmit;

fn quoted(name: &str, out: &mut Vec<u8>) {
    sql::name(Family::Postgres, name, out);
}

pub(super) fn table(name: &TableName, out: &mut Vec<u8>) {
    sql::table(Family::Postgres, name, out);
}

impl Emit for CopyEmit {
    fn name(&self) -> &'static str {
        "pg_dump"
    }

    fn dialect(&self) -> Option<&'static str> {
        Some("pg_dump")
    }

    fn script(&self, schema: &[u8]) -> Result<Script> {
        cut(schema)
    }

    fn ring(&self, script: &Script, keys: &[(&TableName, &TableName)]) -> (Vec<u8>, Vec<u8>) {
        ring::around(script, keys)
    }

    fn begin(&self, shape: &Shape, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(b"COPY ");
        table(&shape.table, out);
        // A table without columns has no list, not an empty one.
        out.extend_from_slice(if shape.columns.is_empty() { b" " } else { b" (" });
        for (at, column) in shape.columns.iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(b", ");
            }
            quoted(&column.name, out);
        }
        out.extend_from_slice(if shape.columns.is_empty() { b" FROM stdin;\n" } else { b") FROM stdin;\n" });
        Ok(())
    }

    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        Ok(Box::new(copy_text::Rows::new(shape)))
    }

    fn end(&self, _: &Shape, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\\.\n\n");
    }

    fn count_on(&self, shape: &Shape, column: usize, last: u64, out: &mut Vec<u8>) {
        setval(shape, column, last, out);
    }

    fn poison(&self, script: &Script, inside: Option<&Shape>) -> Vec<u8> {
        let place = inside.map_or(Place::Between, |shape| Place::Copy { columns: shape.columns.len() });
        poison(place, script.restrict.as_deref()).to_vec()
    }
}

impl Emit for InsertEmit {
    fn name(&self) -> &'static str {
        "inserts"
    }

    fn dialect(&self) -> Option<&'static str> {
        Some("pg_dump")
    }

    fn script(&self, schema: &[u8]) -> Result<Script> {
        cut(schema)
    }

    fn ring(&self, script: &Script, keys: &[(&TableName, &TableName)]) -> (Vec<u8>, Vec<u8>) {
        ring::around(script, keys)
    }

    fn begin(&self, _: &Shape, _: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }

    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        // A column that is always numbered by the server is told from others by nobody but it.
        let numbered = shape.columns.iter().any(|column| column.numbered);
        let between = if numbered { " OVERRIDING SYSTEM VALUE" } else { "" };
        Ok(Box::new(sql::Tuples::new(Family::Postgres, shape, between)))
    }

    fn end(&self, _: &Shape, out: &mut Vec<u8>) {
        out.push(b'\n');
    }

    fn count_on(&self, shape: &Shape, column: usize, last: u64, out: &mut Vec<u8>) {
        setval(shape, column, last, out);
    }

    fn poison(&self, script: &Script, inside: Option<&Shape>) -> Vec<u8> {
        let place = if inside.is_some() { Place::Insert } else { Place::Between };
        poison(place, script.restrict.as_deref()).to_vec()
    }
}

/// Appends a text as a literal: a table's name is one where a function asks for it.
pub(super) fn literal(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'\'');
    for byte in text {
        out.push(*byte);
        if *byte == b'\'' {
            out.push(b'\'');
        }
    }
    out.push(b'\'');
}

/// Appends what lets the sequence of a column go on behind a number; where the column owns none it does nothing.
fn setval(shape: &Shape, column: usize, last: u64, out: &mut Vec<u8>) {
    let Some(column) = shape.columns.get(column) else { return };
    let mut name = Vec::new();
    table(&shape.table, &mut name);
    out.extend_from_slice(b"SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(");
    literal(&name, out);
    out.extend_from_slice(b", ");
    literal(column.name.as_bytes(), out);
    out.extend_from_slice(format!("), {last}, true);\n").as_bytes());
}
