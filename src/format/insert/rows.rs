//! The RowCodec of INSERT statements: a row is a tuple, whatever stands between the tuples passes as it is.

use super::Dialect;
use crate::error::{Error, Result};
use crate::format::{RowCodec, Spans};
use crate::row::field::{Cell, Span};

/// Rows of one region.
#[derive(Debug)]
pub struct InsertRows {
    dialect: Dialect,
    head: Box<[u8]>,
    columns: usize,
    max_row: usize,
}

impl InsertRows {
    /// Makes the codec of a region whose statements begin with `head` and whose tuples have so many fields.
    #[must_use]
    pub fn new(dialect: &Dialect, head: &[u8], columns: usize, max_row: usize) -> Self {
        Self { dialect: *dialect, head: head.into(), columns, max_row }
    }
}

impl RowCodec for InsertRows {
    fn split(
        &self,
        _block: &[u8],
        _from: usize,
        _limit: usize,
        _wanted: &[usize],
        _spans: &mut Spans,
    ) -> Result<usize> {
        let _ = (self.dialect, &self.head, self.columns, self.max_row);
        Err(Error::bug("INSERT rows are not split yet"))
    }

    fn decode(&self, _block: &[u8], _field: Span, _arena: &mut Vec<u8>) -> Result<Cell> {
        Err(Error::bug("INSERT rows are not decoded yet"))
    }

    fn encode(&self, _standin: &[u8], _raw: &[u8], _out: &mut Vec<u8>) -> Result<()> {
        Err(Error::bug("INSERT rows are not encoded yet"))
    }

    fn encode_null(&self, _raw: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b"NULL");
    }

    fn count(&self, _block: &[u8]) -> Result<(u64, u64)> {
        Err(Error::bug("INSERT rows are not counted yet"))
    }
}
