//! Where fields lie in a block of records, and what a decoded cell is. Holds positions, never copies of data.

/// A range of bytes in a block. 32 bits: a block is bounded by `--max-row` (at most 2 GiB) plus one read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Makes a span.
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Returns the bytes of the span in its block; empty where the block is shorter.
    #[must_use]
    #[expect(clippy::as_conversions, reason = "u32 to usize widens on every supported target")]
    pub fn of(self, block: &[u8]) -> &[u8] {
        block.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Appends its bytes. Most are short: 32 are copied in one go and cut to length, where they are there.
    #[inline]
    #[expect(clippy::as_conversions, reason = "u32 to usize widens on every supported target")]
    pub fn append_to(self, block: &[u8], out: &mut Vec<u8>) {
        const WIDE: usize = 32;
        let len = self.len() as usize;
        match block.get(self.start as usize..).and_then(|rest| rest.first_chunk::<WIDE>()) {
            Some(wide) if len <= WIDE => {
                out.extend_from_slice(wide);
                out.truncate(out.len() - (WIDE - len));
            }
            _ => out.extend_from_slice(self.of(block)),
        }
    }

    /// Returns the length in bytes.
    #[must_use]
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Returns whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// What a codec made of one raw field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The field is NULL.
    Null,
    /// The decoded value is these bytes of the raw block: nothing was escaped.
    Raw(Span),
    /// The decoded value was appended to the caller's arena.
    Arena(Span),
}

/// The cells of one column in a chunk of rows, decoded.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    /// The block that `Cell::Raw` points into.
    pub raw: &'a [u8],
    /// The buffer that `Cell::Arena` points into.
    pub arena: &'a [u8],
    /// One cell a row.
    pub cells: &'a [Cell],
}

impl<'a> Cells<'a> {
    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Returns whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Returns the decoded value of a row; `None` is NULL.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&'a [u8]> {
        match self.cells.get(row) {
            Some(cell) => self.value(*cell),
            None => None,
        }
    }

    /// Returns the decoded values row by row; `None` is NULL.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Option<&'a [u8]>> + use<'a> {
        let all = *self;
        self.cells.iter().map(move |cell| all.value(*cell))
    }

    #[inline]
    fn value(&self, cell: Cell) -> Option<&'a [u8]> {
        match cell {
            Cell::Raw(span) => Some(span.of(self.raw)),
            Cell::Arena(span) => Some(span.of(self.arena)),
            Cell::Null => None,
        }
    }
}

impl std::fmt::Debug for Cells<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} cells>", self.cells.len())
    }
}
