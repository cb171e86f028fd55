//! Rows that come from no text: what a preview invents, as COPY text, so that it is split, masked and encoded by the very
//! codec of a dump.

use std::sync::Arc;

use super::RowCodec;
use super::copy_text::CopyText;
use crate::error::Result;

/// Returns the codec and the text of rows given as values; `None` is NULL. Every row has `columns` values.
///
/// # Errors
/// A value that COPY text cannot hold (a NUL byte).
pub fn made_rows(columns: usize, rows: &[Vec<Option<Vec<u8>>>]) -> Result<(Arc<dyn RowCodec>, Vec<u8>)> {
    let mut text = Vec::new();
    let codec = CopyText::new(columns, usize::MAX);
    for row in rows {
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                text.push(b'\t');
            }
            match value {
                Some(value) => codec.encode(value, b"", &mut text)?,
                None => codec.encode_null(b"", &mut text),
            }
        }
        text.push(b'\n');
    }
    Ok((Arc::new(codec), text))
}
