//! What every reader must hold for any bytes at all: it never panics, its parts cover all its bytes in order, the
//! same bytes come out however the input arrives, and its codec splits, decodes and encodes rows without loss.
//!
//! A failed assertion is a finding. An `Err` of the reader is not: refusing is what it should do with most inputs.

use std::sync::Arc;

use standin::format::{FORMATS, Format, InputOptions, Part, Piece, RowCodec, Spans};
use standin::pipeline::BytesSource;
use standin::row::field::{Cell, Span};

pub mod parts;

/// What holds for whole runs, shared with the seeded damages of the normal tests.
#[path = "../../support/robust.rs"]
#[expect(dead_code, reason = "the normal tests use all of it")]
mod robust;

/// What holds for techniques that look inside values.
pub mod inside;

/// Longest record: small, so that the limit is reached.
const MAX_ROW: usize = 64 << 10;

/// Reads the bytes as the rows of a COPY block and checks what a masking run makes of them.
///
/// # Panics
/// If something does not hold.
pub fn rows(bytes: &[u8]) {
    assert_eq!(robust::block(bytes), Ok(()));
}

/// Reads the bytes as statements of a schema.
///
/// # Panics
/// If the program is at fault.
pub fn ddl(bytes: &[u8]) {
    assert_eq!(robust::ddl(bytes), Ok(()));
}

/// Reads the bytes as a format in three ways (whole, 7 bytes and 1 byte a read) and checks all of the above.
///
/// # Panics
/// If something does not hold.
pub fn read(format: &str, bytes: &[u8]) {
    let format = *FORMATS.iter().find(|f| f.name() == format).expect("a format of the list");
    let whole = run(format, bytes, bytes.len().max(1));
    assert_eq!(whole, run(format, bytes, 7), "reads of 7 bytes give another result");
    if bytes.len() < 4 << 10 {
        assert_eq!(whole, run(format, bytes, 1), "reads of 1 byte give another result");
    }
}

/// Reads the bytes behind the first as the format whose name begins with it; where none does, as any of them.
///
/// # Panics
/// If something does not hold.
pub fn any(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let named = FORMATS.iter().find(|format| format.name().as_bytes().first() == Some(first));
    let drawn = FORMATS.get(usize::from(*first).checked_rem(FORMATS.len()).unwrap_or_default());
    if let Some(format) = named.or(drawn) {
        read(format.name(), rest);
    }
}

/// What came out: whether it was accepted, and if so all bytes and the number of rows.
type Outcome = Option<(Vec<u8>, u64)>;

fn run(format: &dyn Format, bytes: &[u8], step: usize) -> Outcome {
    let options = InputOptions { max_row: MAX_ROW, table: Some("t".to_owned()), ..InputOptions::default() };
    let mut reader = format.reader(&options).ok()?;
    let mut source = BytesSource::new(bytes, step);
    let (mut piece, mut out, mut rows) = (Piece::default(), Vec::new(), 0);
    let mut table: Option<(Arc<dyn RowCodec>, usize)> = None;
    let (archive, mut stores) = (!reader.has_lines(), false);
    while reader.next(&mut source, &mut piece).ok()? {
        let block = piece.buffer.bytes();
        let mut at = 0;
        for part in &piece.parts {
            let range = match part {
                Part::Verbatim(range) | Part::Opaque { range, .. } => range,
                Part::Begin { head, shape, codec } => {
                    table = Some((Arc::clone(codec), shape.columns.len()));
                    head
                }
                Part::Rows(range) | Part::Counted(range, _) => {
                    let (codec, columns) = table.as_ref().expect("rows follow their Begin");
                    rows += check_rows(codec.as_ref(), *columns, &block[range.clone()])?;
                    range
                }
                Part::End { tail } => {
                    table = None;
                    tail
                }
                Part::Stored(range) | Part::Unpacked(range) => range,
                Part::Enter(_) | Part::Leave | Part::Object(_) => continue,
            };
            // What an archive's pieces hold beside its entries is the reader's own, and its marks may be empty anywhere.
            if archive && range.is_empty() {
                continue;
            }
            assert!(range.start == at || (range.start > at && archive), "parts leave a gap or overlap");
            assert!(range.end <= block.len(), "a part lies outside of its piece");
            at = range.end;
            if archive {
                out.extend_from_slice(&block[range.clone()]);
            }
        }
        if archive {
            // Every second table is handed over as it is stored.
            if matches!(piece.parts.last(), Some(Part::Begin { .. })) {
                stores = !stores;
                if stores {
                    reader.pass_stored();
                }
            }
            continue;
        }
        assert_eq!(at, block.len(), "parts do not cover the piece");
        out.extend_from_slice(block);
    }
    assert!(archive || bytes.ends_with(&out), "a reader changed or dropped bytes");
    Some((out, rows))
}

/// Splits rows and checks what the codec says of them; `None` where it refuses.
fn check_rows(codec: &dyn RowCodec, columns: usize, block: &[u8]) -> Option<u64> {
    let wanted: Vec<usize> = (0..columns).collect();
    let mut spans = Spans::default();
    let (mut from, mut rows) = (0, 0);
    while from < block.len() {
        spans.clear();
        let end = codec.split(block, from, 3, &wanted, &mut spans).ok()?;
        assert!(end > from && end <= block.len(), "split does not move on");
        assert!(
            spans.rows.len() <= 3 && spans.fields.len() == spans.rows.len() * columns,
            "spans do not match rows"
        );
        let mut at = from;
        for (row, fields) in spans.rows.iter().zip(spans.fields.chunks(columns.max(1))) {
            // Heads and separators of INSERT statements stand between rows.
            assert!(usize::try_from(row.start).is_ok_and(|start| start >= at), "rows overlap");
            at = usize::try_from(row.end).ok()?;
            let inside = |f: &Span| f.start >= row.start && f.end <= row.end && f.start <= f.end;
            assert!(fields.iter().all(inside), "a field outside its row");
            for field in fields {
                check_field(codec, block, *field)?;
            }
        }
        assert!(at <= end, "rows go beyond the place where split stopped");
        rows += u64::try_from(spans.rows.len()).ok()?;
        from = end;
    }
    if let Ok((counted, _)) = codec.count(block) {
        assert_eq!(counted, rows, "count and split disagree");
    }
    Some(rows)
}

/// A decoded field, encoded and decoded again, is itself; NULL stays NULL.
fn check_field(codec: &dyn RowCodec, block: &[u8], field: Span) -> Option<()> {
    let mut arena = Vec::new();
    let cell = codec.decode(block, field, &mut arena).ok()?;
    let value = match cell {
        Cell::Null => None,
        Cell::Raw(span) => Some(span.of(block).to_vec()),
        Cell::Arena(span) => Some(span.of(&arena).to_vec()),
    };
    let mut again = Vec::new();
    match &value {
        Some(value) => codec.encode(value, field.of(block), &mut again).ok()?,
        None => codec.encode_null(field.of(block), &mut again),
    }
    let mut second = Vec::new();
    let all = Span::new(0, u32::try_from(again.len()).ok()?);
    let back = match codec.decode(&again, all, &mut second).expect("what encode wrote can be decoded") {
        Cell::Null => None,
        Cell::Raw(span) => Some(span.of(&again).to_vec()),
        Cell::Arena(span) => Some(span.of(&second).to_vec()),
    };
    assert_eq!(back, value, "encode and decode lose something");
    Some(())
}
