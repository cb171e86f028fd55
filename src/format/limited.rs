//! The RowCodec of rows that were made UTF-8 on their way in (`transcode`) and go back into their character set on their way
//! out: a stand-in that the set lacks is not held. Where bytes were no text to begin with (columns of bytes), what is not
//! ASCII is refused, since it was read as if it were.

use std::sync::Arc;

use super::charset::Charset;
use super::{Given, Joint, RowCodec, Spans};
use crate::error::{Error, Result};
use crate::row::field::{Cell, Span};
use crate::row::shape::{Shape, TypeClass};

/// Rows of another codec, as UTF-8.
pub(super) struct Limited {
    inner: Arc<dyn RowCodec>,
    charset: &'static Charset,
    /// Columns of bytes, ascending.
    bytes: Vec<usize>,
}

impl Limited {
    /// Wraps the codec of a table's rows, all of which are text.
    pub(super) fn new(inner: Arc<dyn RowCodec>, charset: &'static Charset) -> Self {
        Self { inner, charset, bytes: Vec::new() }
    }

    /// Minds that columns of types that are no text stand as they are.
    pub(super) fn with_bytes(mut self, shape: &Shape) -> Self {
        let columns = shape.columns.iter().enumerate();
        let bytes =
            columns.filter(|(_, column)| matches!(column.ty.class, TypeClass::Bytes | TypeClass::Other));
        self.bytes = bytes.map(|(at, _)| at).collect();
        self
    }

    /// Refuses what of some rows is no text.
    fn look(&self, block: &[u8], fields: &[Span], wanted: &[usize]) -> Result<()> {
        let looked = |at: &usize| wanted.get(*at).is_some_and(|column| self.bytes.contains(column));
        let places: Vec<usize> = (0..wanted.len()).filter(looked).collect();
        if places.is_empty() {
            return Ok(());
        }
        for (row, fields) in fields.chunks_exact(wanted.len()).enumerate() {
            if places.iter().any(|at| fields.get(*at).is_some_and(|field| !field.of(block).is_ascii())) {
                return Err(Error::input("bytes that are no text, in a dump that is not in UTF-8")
                    .hint("dump with --hex-blob, or with --default-character-set=utf8mb4")
                    .at(|place| place.row = u64::try_from(row + 1).ok()));
            }
        }
        Ok(())
    }

    fn lacks(&self, standin: &[u8]) -> bool {
        !standin.is_ascii() && !self.charset.holds(standin)
    }
}

impl RowCodec for Limited {
    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        let before = spans.fields.len();
        let stop = self.inner.split(block, from, limit, wanted, spans)?;
        if !self.bytes.is_empty() {
            self.look(block, spans.fields.get(before..).unwrap_or_default(), wanted)?;
        }
        Ok(stop)
    }

    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        self.inner.decode(block, field, arena)
    }

    fn decode_column(
        &self,
        block: &[u8],
        spans: &Spans,
        place: (usize, usize),
        cells: &mut Vec<Cell>,
        arena: &mut Vec<u8>,
    ) -> Result<()> {
        self.inner.decode_column(block, spans, place, cells, arena)
    }

    fn quote(&self) -> Option<u8> {
        self.inner.quote()
    }

    fn bare_digits(&self) -> usize {
        self.inner.bare_digits()
    }

    fn encodes_as_is(&self, standins: &[u8]) -> bool {
        !self.lacks(standins) && self.inner.encodes_as_is(standins)
    }

    fn is_ordered(&self) -> bool {
        self.inner.is_ordered()
    }

    fn holds(&self, standin: &[u8]) -> bool {
        !self.lacks(standin) && self.inner.holds(standin)
    }

    fn encode(&self, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if self.lacks(standin) {
            return Err(Error::input("a stand-in holds what the character set of the dump does not have")
                .hint("dump in UTF-8"));
        }
        self.inner.encode(standin, raw, out)
    }

    fn encode_null(&self, raw: &[u8], out: &mut Vec<u8>) {
        self.inner.encode_null(raw, out);
    }

    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        if row.iter().flatten().any(|value| self.lacks(value.text)) {
            return Err(Error::input(
                "an invented row holds what the character set of the dump does not have",
            )
            .hint("dump in UTF-8, or write it in letters of that set"));
        }
        self.inner.write_row(row, out)
    }

    fn joint(&self, between: &[u8]) -> Joint {
        self.inner.joint(between)
    }

    fn head(&self) -> &[u8] {
        self.inner.head()
    }

    fn lines(&self, block: &[u8], rows: u64) -> u64 {
        self.inner.lines(block, rows)
    }

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        self.inner.count(block)
    }
}
