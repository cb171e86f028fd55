//! Reader and codec on a real dump: what finding records, counting and splitting cost a byte.

use std::hint::black_box;
use std::sync::Arc;

use standin::error::{Error, Result};
use standin::format::{FORMATS, InputOptions, Part, Piece, RowCodec, Spans};
use standin::pipeline::BytesSource;

use crate::time;

/// The rows of one table in one block.
struct Table {
    name: String,
    columns: usize,
    codec: Arc<dyn RowCodec>,
    rows: Vec<u8>,
}

/// Times the reader on the whole dump, and each table's codec on its first rows; per byte.
///
/// # Errors
/// A dump that cannot be read.
pub(crate) fn tables(dump: &[u8]) -> Result<()> {
    let mut failure = None;
    time("reader, a byte", dump.len(), || failure = read(dump, &mut |_, _| ()).err());
    if let Some(error) = failure {
        return Err(error);
    }
    let mut tables: Vec<Table> = Vec::new();
    read(dump, &mut |part, bytes| match part {
        Part::Begin { shape, codec, .. } => tables.push(Table {
            name: shape.table.table.clone(),
            columns: shape.columns.len(),
            codec: Arc::clone(codec),
            rows: Vec::new(),
        }),
        Part::Rows(range) | Part::Counted(range, _) => {
            if let (Some(table), Some(rows)) = (tables.last_mut(), bytes.get(range.clone())) {
                if table.rows.len() < 256 << 10 {
                    table.rows.extend_from_slice(rows);
                }
            }
        }
        _ => (),
    })?;
    for table in tables.iter().filter(|t| !t.rows.is_empty()) {
        time(&format!("{}: count, a byte", table.name), table.rows.len(), || {
            black_box(table.codec.count(black_box(&table.rows)).is_ok());
        });
        let all: Vec<usize> = (0..table.columns).collect();
        split(table, "split none", &[]);
        split(table, "split all", &all);
    }
    Ok(())
}

fn split(table: &Table, title: &str, wanted: &[usize]) {
    let mut spans = Spans::default();
    time(&format!("{}: {title}, a byte", table.name), table.rows.len(), || {
        spans.clear();
        black_box(table.codec.split(&table.rows, 0, usize::MAX, wanted, &mut spans).is_ok());
    });
}

fn read(dump: &[u8], see: &mut dyn FnMut(&Part, &[u8])) -> Result<()> {
    let format = FORMATS.iter().find(|f| f.sniff(dump.get(..8 << 10).unwrap_or(dump), None));
    let options = InputOptions { max_row: 1 << 30, ..InputOptions::default() };
    let mut reader = format.ok_or_else(|| Error::input("not a format of this program"))?.reader(&options)?;
    let mut source = BytesSource::new(dump, 256 << 10);
    let mut piece = Piece::default();
    while reader.next(&mut source, &mut piece)? {
        for part in &piece.parts {
            see(part, piece.buffer.bytes());
        }
    }
    Ok(())
}
