//! Rows that come from no text: what a preview invents, as COPY text, so that it is split, masked and encoded by the very
//! codec of a dump.

use std::sync::Arc;

use super::copy_text::CopyText;
use super::{Given, RowCodec};
use crate::error::Result;

/// Returns the codec and the text of rows given as values; `None` is NULL. Every row has `columns` values.
///
/// # Errors
/// A value that COPY text cannot hold (a NUL byte).
pub fn made_rows(columns: usize, rows: &[Vec<Option<Vec<u8>>>]) -> Result<(Arc<dyn RowCodec>, Vec<u8>)> {
    let mut text = Vec::new();
    let codec = CopyText::new(columns, usize::MAX);
    for row in rows {
        let row: Vec<Option<Given<'_>>> =
            row.iter().map(|value| value.as_deref().map(|text| Given { text, bare: false })).collect();
        codec.write_row(&row, &mut text)?;
    }
    Ok((Arc::new(codec), text))
}
