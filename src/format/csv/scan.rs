//! The fast scans over rows, 64 bytes at a time: where the last whole record ends (the reader) and where fields lie
//! (the codec). Quote parity by prefix-xor over bit masks, as simdcsv does; the masks also prove the grammar of `mod.rs`:
//! whatever breaks it makes the scan stop, and `record` says why. Holds no bytes.

use wide::u8x64;

use super::dialect::{Dialect, Ending};
use crate::row::field::Span;

const LANES: usize = 64;

/// Returns the position behind the last record end in `bytes[from..]`, and carries on the parity of quotes:
/// `inside` is whether `from` lies in quotes, and becomes whether the end does.
pub(super) fn last_end(bytes: &[u8], from: usize, quote: u8, inside: &mut bool) -> Option<usize> {
    let fresh = bytes.get(from..).unwrap_or_default();
    let first = memchr::memchr(quote, fresh).unwrap_or(fresh.len());
    let (plain, rest) = fresh.split_at_checked(first).unwrap_or((fresh, &[]));
    let mut last = if *inside { None } else { memchr::memrchr(b'\n', plain).map(|at| from + at + 1) };
    let mut carry = if *inside { u64::MAX } else { 0 };
    let (quote, feed) = (u8x64::splat(quote), u8x64::splat(b'\n'));
    let mut base = from + plain.len();
    let (blocks, tail) = rest.as_chunks::<LANES>();
    let padded = pad(tail);
    for (block, live) in
        blocks.iter().map(|b| (b, u64::MAX)).chain(padded.as_ref().map(|(b, live)| (b, *live)))
    {
        let lanes = u8x64::new(*block);
        let within = prefix_xor(lanes.simd_eq(quote).to_bitmask() & live) ^ carry;
        carry = spread(within);
        let ends = lanes.simd_eq(feed).to_bitmask() & live & !within;
        if let Some(bit) = ends.checked_ilog2() {
            last = Some(base + usize::try_from(bit).unwrap_or_default() + 1);
        }
        base += LANES;
    }
    *inside = carry != 0;
    last
}

/// What a walk over rows reports to.
pub(super) trait Visit {
    /// A wanted field, in order.
    fn field(&mut self, span: Span);
    /// A row, its end mark included.
    fn row(&mut self, span: Span);
}

/// What every row must be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expect {
    /// Syntax.
    pub(super) dialect: Dialect,
    /// Fields a row.
    pub(super) columns: u32,
    /// Bytes a row.
    pub(super) max_row: u32,
}

/// Says that the rows break the grammar; the byte-wise reader says where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Walks over at most `limit` rows from `from`, reports them and their `wanted` columns (ascending, below the number
/// of columns), and returns where it stopped.
pub(super) fn walk(
    expect: &Expect,
    block: &[u8],
    from: usize,
    limit: usize,
    wanted: &[u32],
    visit: &mut impl Visit,
) -> Result<usize, Broken> {
    // Positions are 32 bits; one more block of lanes must fit too.
    let start = u32::try_from(from).map_err(|_| Broken)?;
    let end = u32::try_from(block.len()).map_err(|_| Broken)?;
    end.checked_add(u32::try_from(LANES).unwrap_or(0)).ok_or(Broken)?;
    if limit == 0 || start >= end {
        return Ok(from.min(block.len()));
    }
    let mut masks = Masks::new(expect.dialect);
    let mut rows =
        Rows { expect, wanted, next: wanted, column: 0, field: start, row: start, left: limit, visit };
    let (blocks, tail) = block.get(from..).unwrap_or_default().as_chunks::<LANES>();
    let padded = pad(tail);
    let mut base = start;
    for (lanes, live) in
        blocks.iter().map(|b| (b, u64::MAX)).chain(padded.as_ref().map(|(b, live)| (b, *live)))
    {
        let (seps, ends) = masks.classify(lanes, live)?;
        if rows.take(base, seps, ends)? {
            return Ok(usize::try_from(rows.row).unwrap_or(usize::MAX));
        }
        base += u64::BITS;
    }
    // The end of the block is inside quotes or behind a lone CR.
    if masks.inside != 0 || masks.cr != 0 {
        return Err(Broken);
    }
    if rows.row < end {
        rows.field_ends(end);
        rows.row_ends(end)?;
    }
    Ok(block.len())
}

/// The state of a walk.
struct Rows<'a, V> {
    expect: &'a Expect,
    wanted: &'a [u32],
    /// The wanted columns that this row still owes.
    next: &'a [u32],
    column: u32,
    field: u32,
    row: u32,
    left: usize,
    visit: &'a mut V,
}

impl<V: Visit> Rows<'_, V> {
    /// Takes the borders of one block of lanes; true when the limit is reached.
    #[inline]
    fn take(&mut self, base: u32, mut seps: u64, ends: u64) -> Result<bool, Broken> {
        // The CR of a CR LF belongs to the end mark.
        let mark = u32::from(self.expect.dialect.ending == Ending::CrLf);
        while seps != 0 {
            if self.next.is_empty() {
                // Nothing more is wanted of this row: count its borders and go to its end.
                let rest = ends & seps;
                if rest == 0 {
                    self.column += seps.count_ones();
                    return Ok(false);
                }
                let before = (rest & rest.wrapping_neg()) - 1;
                self.column += (seps & before).count_ones();
                seps &= !before;
            }
            let bit = seps.trailing_zeros();
            seps &= seps - 1;
            let at = base + bit;
            if (ends >> bit) & 1 == 0 {
                self.field_ends(at);
                self.field = at + 1;
            } else {
                self.field_ends(at - mark);
                self.row_ends(at + 1)?;
                if self.left == 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    #[inline]
    fn field_ends(&mut self, at: u32) {
        if let [next, rest @ ..] = self.next
            && *next == self.column
        {
            self.visit.field(Span::new(self.field, at));
            self.next = rest;
        }
        self.column += 1;
    }

    #[inline]
    fn row_ends(&mut self, at: u32) -> Result<(), Broken> {
        if self.column != self.expect.columns || at - self.row > self.expect.max_row {
            return Err(Broken);
        }
        self.visit.row(Span::new(self.row, at));
        self.row = at;
        self.field = at;
        self.column = 0;
        self.next = self.wanted;
        self.left -= 1;
        Ok(())
    }
}

/// What one block of lanes leaves to the next: whether its last byte was that (0 or 1; `inside`: none or all bits).
struct Masks {
    quote: u8x64,
    delimiter: u8x64,
    crlf: bool,
    inside: u64,
    /// Border, outside quotes; true at the start of a row.
    sep: u64,
    any_quote: u64,
    /// Closing quote.
    close: u64,
    cr: u64,
}

impl Masks {
    fn new(dialect: Dialect) -> Self {
        Self {
            quote: u8x64::splat(dialect.quote),
            delimiter: u8x64::splat(dialect.delimiter),
            crlf: dialect.ending == Ending::CrLf,
            inside: 0,
            sep: 1,
            any_quote: 0,
            close: 0,
            cr: 0,
        }
    }

    /// Returns the borders (delimiters and LFs outside quotes) and the record ends among them.
    #[inline]
    fn classify(&mut self, block: &[u8; LANES], live: u64) -> Result<(u64, u64), Broken> {
        let lanes = u8x64::new(*block);
        let eq = |other: u8x64| lanes.simd_eq(other).to_bitmask() & live;
        let (quotes, mut delimiters) = (eq(self.quote), eq(self.delimiter));
        let (mut ends, mut crs) = (eq(u8x64::splat(b'\n')), eq(u8x64::splat(b'\r')));
        let mut wrong = 0;
        if quotes | self.inside | self.close != 0 {
            // Opening quotes lie inside, closing ones outside.
            let within = prefix_xor(quotes) ^ self.inside;
            self.inside = spread(within);
            delimiters &= !within;
            ends &= !within;
            crs &= !within;
            // An opening quote stands behind a border, or it is the second half of a doubled one.
            let may_open = ((delimiters | ends) << 1) | self.sep | (quotes << 1) | self.any_quote;
            wrong |= quotes & within & !may_open;
            // Behind a closing quote comes a border, or the second half of a doubled one.
            let close = quotes & !within;
            let behind = ((close << 1) | self.close) & live;
            wrong |= behind & !(delimiters | ends | crs | quotes);
            self.close = close >> (LANES - 1);
        }
        let behind_cr = (crs << 1) | self.cr;
        wrong |= if self.crlf { (behind_cr & live) ^ ends } else { crs };
        if wrong != 0 {
            return Err(Broken);
        }
        let seps = delimiters | ends;
        self.sep = seps >> (LANES - 1);
        self.any_quote = quotes >> (LANES - 1);
        // In the last, partial block the bit behind the last byte is not live, and a CR there has no LF.
        self.cr = if live == u64::MAX { crs >> (LANES - 1) } else { u64::from(behind_cr & !live != 0) };
        Ok((seps, ends))
    }
}

/// Puts the last few bytes into a whole block; NUL is none of the characters looked for.
fn pad(tail: &[u8]) -> Option<([u8; LANES], u64)> {
    let mut block = [0; LANES];
    block.get_mut(..tail.len())?.copy_from_slice(tail);
    let bits = u32::try_from(tail.len()).ok().filter(|n| *n > 0)?;
    Some((block, u64::MAX >> (u64::BITS - bits)))
}

/// Sets every bit to the parity of the bits up to and with it.
#[inline]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Sets all bits to the highest one.
#[inline]
fn spread(bits: u64) -> u64 {
    0_u64.wrapping_sub(bits >> (u64::BITS - 1))
}
