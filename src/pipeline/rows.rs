//! Masks rows: a chunk at a time is split, the deciding values are keyed, each masked column is masked as a column,
//! and the rows are put together again around their untouched bytes.
//!
//! NULL and '' pass as they are written. A value that is unfit, or a stand-in that does not fit its column, is replaced
//! as the policy says; nothing falls through unmasked.

use super::tally::ColumnTally;
use crate::error::{Error, Result};
use crate::format::{RowCodec, Spans};
use crate::mask::{Lanes, Outcome, Standins};
use crate::profile::model::Unfit;
use crate::profile::plan::{Digest, Fit, MaskPlan, MaskedColumn};
use crate::row::field::{Cell, Cells, Span};
use crate::secret::{Batch, Mac};

/// Rows a chunk: its fields, digests and stand-ins stay in the nearest caches.
const CHUNK: usize = 128;

/// A worker's buffers. Recycled; nothing is allocated per row.
#[derive(Default)]
pub(super) struct Scratch {
    spans: Spans,
    arena: Vec<u8>,
    /// Decoded cells, one list a wanted column.
    cells: Vec<Vec<Cell>>,
    /// Lanes of each row, one list a digest, and the rows that the subject does not decide.
    lanes: Vec<Vec<Lanes>>,
    undecided: Vec<Vec<usize>>,
    /// Lanes of a column some of whose rows are decided by their own value.
    own: Vec<Lanes>,
    standins: Vec<Standins>,
    keying: Keying,
    value: Vec<u8>,
    tally: Vec<ColumnTally>,
    /// What becomes of each cell, one list a masked column.
    edits: Vec<Vec<Edit>>,
    /// The masked columns of one row in the order of their fields, where the codec has no order.
    order: Vec<(u32, usize)>,
}

/// What becomes of a cell.
#[derive(Clone, Copy)]
enum Fate {
    /// NULL or '': its bytes go out as they are.
    Stays,
    /// The stand-in is its own encoding and fits.
    Plain,
    /// The codec encodes the stand-in, or the policy decides.
    Checked(Outcome),
}

/// A cell's fate, and where its stand-in lies among those of its column.
#[derive(Clone, Copy)]
struct Edit {
    start: u32,
    end: u32,
    fate: Fate,
}

impl Scratch {
    /// Takes the counts of the rows masked last, one entry a masked column.
    pub(super) fn take_tally(&mut self) -> Vec<ColumnTally> {
        std::mem::take(&mut self.tally)
    }

    fn fit_plan(&mut self, plan: &MaskPlan) {
        self.cells.resize_with(plan.wanted.len(), Vec::new);
        self.lanes.resize_with(plan.digests.len(), Vec::new);
        self.undecided.resize_with(plan.digests.len(), Vec::new);
        self.standins.resize_with(plan.columns.len(), Standins::default);
        self.edits.resize_with(plan.columns.len(), Vec::new);
        self.tally.clear();
        self.tally.resize_with(plan.columns.len(), ColumnTally::default);
    }
}

/// Appends the masked form of whole rows to `out`; returns their number.
///
/// # Errors
/// Rows that the codec refuses, values that the policy stops at.
pub(super) fn mask_rows(
    block: &[u8],
    plan: &MaskPlan,
    codec: &dyn RowCodec,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Result<u64> {
    scratch.fit_plan(plan);
    out.reserve(block.len() + block.len() / 4);
    let (mut at, mut rows) = (0, 0_u64);
    while at < block.len() {
        scratch.spans.clear();
        let split = codec.split(block, at, CHUNK, &plan.wanted, &mut scratch.spans);
        let stop =
            split.map_err(|e| shift(e, codec.lines(block.get(..at).unwrap_or_default(), rows), rows))?;
        if scratch.spans.fields.len() != scratch.spans.rows.len() * plan.wanted.len() {
            return Err(Error::bug("a codec left fields out"));
        }
        let chunk = Chunk { block, plan, codec, first: rows, stop };
        chunk.decode(scratch)?;
        chunk.digest(scratch);
        chunk.mask(scratch);
        chunk.settle(scratch)?;
        chunk.emit(scratch, at, out)?;
        rows += u64::try_from(scratch.spans.rows.len()).unwrap_or(0);
        if stop <= at {
            return Err(Error::bug("a codec made no progress"));
        }
        at = stop;
    }
    Ok(rows)
}

/// Adds the lines and rows of earlier chunks to a place.
fn shift(error: Error, lines: u64, rows: u64) -> Error {
    error.at(|at| {
        at.line = at.line.map(|n| n + lines);
        at.row = at.row.map(|n| n + rows);
    })
}

struct Chunk<'a> {
    block: &'a [u8],
    plan: &'a MaskPlan,
    codec: &'a dyn RowCodec,
    first: u64,
    stop: usize,
}

impl Chunk<'_> {
    fn decode(&self, scratch: &mut Scratch) -> Result<()> {
        scratch.arena.clear();
        let stride = self.plan.wanted.len();
        for (column, cells) in scratch.cells.iter_mut().enumerate() {
            cells.clear();
            let place = (column, stride.max(1));
            let decoded =
                self.codec.decode_column(self.block, &scratch.spans, place, cells, &mut scratch.arena);
            decoded.map_err(|e| {
                let field = scratch.spans.fields.get(cells.len() * stride + column);
                self.at_row(e, cells.len(), field.copied().unwrap_or_default())
            })?;
        }
        Ok(())
    }

    /// Adds where a field lies, where the codec has not said its line.
    fn at_row(&self, error: Error, row: usize, field: Span) -> Error {
        let before = u64::try_from(row).unwrap_or(0) + self.first;
        let above = self.block.get(..wide(field.start)).unwrap_or_default();
        error.at(|at| {
            at.row = Some(before + 1);
            at.line.get_or_insert_with(|| self.codec.lines(above, before) + 1);
        })
    }

    fn cells<'s>(&'s self, scratch: &'s Scratch, wanted: usize) -> Cells<'s> {
        let cells = scratch.cells.get(wanted).map_or(&[][..], Vec::as_slice);
        Cells { raw: self.block, arena: &scratch.arena, cells }
    }

    /// Keys the deciding values of all rows, digest by digest.
    fn digest(&self, scratch: &mut Scratch) {
        for (index, digest) in self.plan.digests.iter().enumerate() {
            let mut lanes = scratch.lanes.get_mut(index).map(std::mem::take).unwrap_or_default();
            let mut undecided = scratch.undecided.get_mut(index).map(std::mem::take).unwrap_or_default();
            let mut keying = std::mem::take(&mut scratch.keying);
            keying.clear();
            lanes.clear();
            undecided.clear();
            for row in 0..scratch.spans.rows.len() {
                keying.canon.clear();
                if !self.deciding(digest, scratch, row, &mut keying.canon) {
                    undecided.push(row);
                } else if keying.batch.push(digest.subject.is_some(), &keying.canon) {
                    keying.rows.push(row);
                } else {
                    lanes.push(key(digest, &keying.canon));
                    continue;
                }
                // Filled by the batch, or decided by the columns' own values.
                lanes.push(Lanes::default());
            }
            keying.run(digest, &mut lanes);
            scratch.keying = keying;
            if let Some(place) = scratch.lanes.get_mut(index) {
                *place = lanes;
            }
            if let Some(place) = scratch.undecided.get_mut(index) {
                *place = undecided;
            }
        }
    }

    /// Appends the canonical deciding value of a row; `false` if it decides nothing (NULL, '' or pinned).
    fn deciding(&self, digest: &Digest, scratch: &Scratch, row: usize, canon: &mut Vec<u8>) -> bool {
        let single = digest.inputs.len() == 1;
        for (wanted, form) in &digest.inputs {
            let value = self.cells(scratch, *wanted).get(row).unwrap_or_default();
            let head = canon.len();
            if !single {
                canon.extend_from_slice(&[0; 4]);
            }
            let start = canon.len();
            form.append(value, canon);
            let part = canon.get(start..).unwrap_or_default();
            let empty = part.is_empty() || digest.pinned.iter().any(|p| p == part);
            if empty && (single || digest.subject.is_some()) {
                return false;
            }
            let len = u32::try_from(part.len()).unwrap_or(u32::MAX);
            if let Some(place) = canon.get_mut(head..start).and_then(|place| place.first_chunk_mut()) {
                *place = len.to_be_bytes();
            }
        }
        true
    }

    fn mask(&self, scratch: &mut Scratch) {
        for (index, column) in self.plan.columns.iter().enumerate() {
            let Some(mut standins) = scratch.standins.get_mut(index).map(std::mem::take) else { continue };
            standins.clear();
            let undecided =
                column.digest.and_then(|d| scratch.undecided.get(d)).is_some_and(|u| !u.is_empty());
            if undecided {
                self.own_lanes(column, scratch, index);
            }
            let lanes = match column.digest {
                Some(_) if undecided => scratch.own.as_slice(),
                Some(digest) => scratch.lanes.get(digest).map_or(&[][..], Vec::as_slice),
                None => &[],
            };
            column.mask.mask_column(&self.cells(scratch, column.wanted), lanes, &mut standins);
            if let Some(place) = scratch.standins.get_mut(index) {
                *place = standins;
            }
        }
    }

    /// Makes the lanes of a column in which some rows have no subject: those are decided by the column's own value.
    fn own_lanes(&self, column: &MaskedColumn, scratch: &mut Scratch, index: usize) {
        let Some(digest) = column.digest else { return };
        let mut own = std::mem::take(&mut scratch.own);
        let mut canon = std::mem::take(&mut scratch.keying.canon);
        own.clear();
        own.extend_from_slice(scratch.lanes.get(digest).map_or(&[][..], Vec::as_slice));
        let mut count = 0;
        for row in scratch.undecided.get(digest).map_or(&[][..], Vec::as_slice) {
            let value = self.cells(scratch, column.wanted).get(*row).unwrap_or_default();
            if let (Some((form, mac)), false) = (&column.fallback, value.is_empty()) {
                canon.clear();
                form.append(value, &mut canon);
                count += 1;
                if let Some(place) = own.get_mut(*row) {
                    *place = by_value(mac, &canon);
                }
            }
        }
        scratch.own = own;
        scratch.keying.canon = canon;
        if let Some(tally) = scratch.tally.get_mut(index) {
            tally.undecided += count;
        }
    }

    /// Decides what becomes of every cell, column by column, and counts it.
    fn settle(&self, scratch: &mut Scratch) -> Result<()> {
        let Scratch { spans, cells, standins, tally, edits, .. } = scratch;
        let columns =
            self.plan.columns.iter().zip(standins.iter()).zip(tally.iter_mut()).zip(edits.iter_mut());
        for (((column, standins), counts), edits) in columns {
            let Some(cells) = cells.get(column.wanted).filter(|c| c.len() == spans.rows.len()) else {
                return Err(Error::bug("a cell that was not decoded"));
            };
            let as_is = self.codec.encodes_as_is(&standins.bytes);
            let fit = QuickFit::new(&column.fit);
            // What a technique left out is unfit, never the original.
            let left_out = (u32::try_from(standins.bytes.len()).unwrap_or(u32::MAX), Outcome::Unfit);
            let ends = standins.ends.iter().chain(std::iter::repeat(&left_out));
            edits.clear();
            let mut start = 0;
            edits.extend(cells.iter().zip(ends).map(|(cell, (end, outcome))| {
                let (from, end) = (std::mem::replace(&mut start, *end), *end);
                let fate = match cell {
                    Cell::Null => {
                        counts.null += 1;
                        Fate::Stays
                    }
                    Cell::Raw(span) | Cell::Arena(span) if span.is_empty() => {
                        counts.empty += 1;
                        Fate::Stays
                    }
                    _ if as_is && *outcome == Outcome::Masked && fit.holds(&standins.bytes, from, end) => {
                        counts.masked += 1;
                        Fate::Plain
                    }
                    _ => Fate::Checked(*outcome),
                };
                Edit { start: from, end, fate }
            }));
        }
        Ok(())
    }

    /// Puts the rows together: untouched bytes as they are, stand-ins in between.
    fn emit(&self, scratch: &mut Scratch, from: usize, out: &mut Vec<u8>) -> Result<()> {
        let ordered = self.codec.is_ordered();
        let Scratch { spans, arena, cells, standins, value, tally, edits, order, .. } = scratch;
        let mut pen = Pen { chunk: self, cells, arena, value, at: from, out };
        for (row, fields) in spans.fields.chunks_exact(self.plan.wanted.len().max(1)).enumerate() {
            if ordered {
                let columns =
                    self.plan.columns.iter().zip(standins.iter()).zip(tally.iter_mut()).zip(edits.iter());
                for (((column, standins), counts), edits) in columns {
                    pen.write(row, column, fields, edits, &standins.bytes, counts)?;
                }
                continue;
            }
            let start = |column: &MaskedColumn| fields.get(column.wanted).map_or(0, |field| field.start);
            order.clear();
            order.extend(self.plan.columns.iter().enumerate().map(|(index, column)| (start(column), index)));
            order.sort_unstable();
            for (_, index) in order.iter() {
                let column = (
                    self.plan.columns.get(*index),
                    standins.get(*index),
                    tally.get_mut(*index),
                    edits.get(*index),
                );
                let (Some(column), Some(standins), Some(counts), Some(edits)) = column else {
                    return Err(Error::bug("a masked column that is not there"));
                };
                pen.write(row, column, fields, edits, &standins.bytes, counts)?;
            }
        }
        let at = pen.at;
        out.extend_from_slice(self.block.get(at..self.stop).unwrap_or_default());
        Ok(())
    }

    /// Writes one stand-in, or what the policy says where there is none that fits.
    #[expect(clippy::too_many_arguments, reason = "the innermost step: its buffers are the caller's")]
    fn write(
        &self,
        column: &MaskedColumn,
        original: &[u8],
        (standin, outcome): (&[u8], Outcome),
        raw: &[u8],
        spare: &mut Vec<u8>,
        counts: &mut ColumnTally,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let sound = match outcome {
            Outcome::Masked | Outcome::Equal | Outcome::Pinned => self.takes(column, standin),
            Outcome::Null => {
                counts.count(outcome);
                return self.remove(column, raw, out);
            }
            Outcome::Unfit => false,
        };
        if sound {
            counts.count(outcome);
            return self.codec.encode(standin, raw, out);
        }
        counts.count(Outcome::Unfit);
        match column.unfit {
            Unfit::Suppress => self.remove(column, raw, out),
            Unfit::Stop => Err(Error::input("a value has not the form that its technique needs")
                .hint("`policy: unfit: placeholder` replaces such values")),
            Unfit::Placeholder => {
                spare.clear();
                if column.mask.placeholder(original, spare) && self.takes(column, spare) {
                    self.codec.encode(spare, raw, out)
                } else {
                    Err(Error::input("a value has not the form that its technique needs, and no placeholder fits the column")
                        .hint("choose another technique, or `policy: unfit: suppress`"))
                }
            }
        }
    }

    /// Says whether a stand-in fits the column, and the input's character set has what it is made of.
    fn takes(&self, column: &MaskedColumn, standin: &[u8]) -> bool {
        fits(&column.fit, standin) && self.codec.holds(standin)
    }

    /// Writes NULL, or '' where the column refuses NULL.
    fn remove(&self, column: &MaskedColumn, raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if column.not_null {
            // The plan allows this for text only; anything else would not load.
            return self.codec.encode(b"", raw, out);
        }
        self.codec.encode_null(raw, out);
        Ok(())
    }
}

/// Writes rows: what is untouched from the block, stand-ins in between.
struct Pen<'a> {
    chunk: &'a Chunk<'a>,
    cells: &'a [Vec<Cell>],
    arena: &'a [u8],
    value: &'a mut Vec<u8>,
    /// How far the block is written.
    at: usize,
    out: &'a mut Vec<u8>,
}

impl Pen<'_> {
    /// Writes what lies before a cell, and its stand-in; a cell that stays goes out with what lies behind it.
    #[inline(always)]
    fn write(
        &mut self,
        row: usize,
        column: &MaskedColumn,
        fields: &[Span],
        edits: &[Edit],
        standins: &[u8],
        counts: &mut ColumnTally,
    ) -> Result<()> {
        let (Some(field), Some(edit)) = (fields.get(column.wanted), edits.get(row)) else {
            return Err(Error::bug("a masked column that was not split off"));
        };
        let Edit { start, end, fate } = *edit;
        if matches!(fate, Fate::Stays) {
            return Ok(());
        }
        append(self.chunk.block, self.at, wide(field.start), self.out);
        self.at = wide(field.end);
        let Fate::Checked(outcome) = fate else {
            append(standins, wide(start), wide(end), self.out);
            return Ok(());
        };
        let standin = standins.get(wide(start)..wide(end)).unwrap_or_default();
        self.check(row, column, *field, (standin, outcome), counts)
    }

    /// Encodes one stand-in, or writes what the policy says.
    #[cold]
    fn check(
        &mut self,
        row: usize,
        column: &MaskedColumn,
        field: Span,
        standin: (&[u8], Outcome),
        counts: &mut ColumnTally,
    ) -> Result<()> {
        let Self { chunk, cells, arena, value, out, .. } = self;
        let cells = cells.get(column.wanted).map_or(&[][..], Vec::as_slice);
        let original = (Cells { raw: chunk.block, arena, cells }).get(row).unwrap_or_default();
        chunk
            .write(column, original, standin, field.of(chunk.block), value, counts, out)
            .map_err(|e| chunk.at_row(e, row, field).at(|p| p.column = Some(column.label.clone())))
    }
}

/// Widens a place in a block.
#[inline]
#[expect(clippy::as_conversions, reason = "u32 to usize widens on every supported target")]
fn wide(place: u32) -> usize {
    place as usize
}

/// Appends a range of bytes. Most are short: 32 bytes are copied in one go and cut to length, where they are there.
#[inline]
fn append(bytes: &[u8], from: usize, to: usize, out: &mut Vec<u8>) {
    const WIDE: usize = 32;
    let len = to.saturating_sub(from);
    match bytes.get(from..).and_then(|rest| rest.first_chunk::<WIDE>()) {
        Some(wide) if len <= WIDE => {
            out.extend_from_slice(wide);
            out.truncate(out.len() - (WIDE - len));
        }
        _ => out.extend_from_slice(bytes.get(from..to).unwrap_or_default()),
    }
}

/// The bounds of a column, looked at once a chunk: nearly every stand-in is short enough without counting characters.
struct QuickFit<'a> {
    fit: &'a Fit,
    /// Bytes that fit whatever they are; `None` = each must be looked at.
    bytes: Option<u32>,
}

impl<'a> QuickFit<'a> {
    fn new(fit: &'a Fit) -> Self {
        let bytes = fit.max_chars.unwrap_or(u32::MAX);
        Self { fit, bytes: fit.integer.is_none().then_some(bytes) }
    }

    #[inline]
    fn holds(&self, standins: &[u8], start: u32, end: u32) -> bool {
        self.bytes.is_some_and(|bytes| end.saturating_sub(start) <= bytes)
            || standins.get(wide(start)..wide(end)).is_some_and(|standin| fits(self.fit, standin))
    }
}

/// Says whether a stand-in fits the column's length and range. Characters are counted as the server does.
fn fits(fit: &Fit, standin: &[u8]) -> bool {
    if let Some(max) = fit.max_chars
        && standin.len() > usize::try_from(max).unwrap_or(usize::MAX)
        && chars(standin) > max
    {
        return false;
    }
    match fit.integer {
        Some((least, most)) => whole_number(standin).is_some_and(|n| (least..=most).contains(&n)),
        None => true,
    }
}

/// Reads a whole number; what is not up to 18 digits the slow way.
#[inline]
fn whole_number(text: &[u8]) -> Option<i64> {
    let (minus, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (mut number, mut odd) = (0_i64, digits.is_empty() || digits.len() > 18);
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        odd |= digit > 9;
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    if odd {
        return std::str::from_utf8(text).ok()?.parse().ok();
    }
    Some(if minus { -number } else { number })
}

fn chars(text: &[u8]) -> u32 {
    u32::try_from(text.iter().filter(|b| **b & 0xc0 != 0x80).count()).unwrap_or(u32::MAX)
}

/// The deciding values of a chunk on their way to lanes.
#[derive(Default)]
struct Keying {
    canon: Vec<u8>,
    batch: Batch,
    /// Which row each message of the batch belongs to.
    rows: Vec<usize>,
}

impl Keying {
    fn clear(&mut self) {
        self.batch.clear();
        self.rows.clear();
    }

    /// Keys the batch and puts the lanes into their rows.
    fn run(&mut self, digest: &Digest, lanes: &mut [Lanes]) {
        let Self { batch, rows, .. } = self;
        let mut put = |j: Option<u8>, halves: &[usize]| {
            batch.run(&digest.mac, j, |number, four| {
                let row = rows.get(number).and_then(|row| lanes.get_mut(*row));
                let Some(Lanes(eight)) = row else { return };
                for half in halves {
                    if let Some(place) = eight.get_mut(*half..half + 4) {
                        place.copy_from_slice(&four);
                    }
                }
            });
        };
        match digest.subject {
            None => put(None, &[0, 4]),
            Some(high) => {
                put(Some(0), &[0]);
                if high {
                    put(Some(1), &[4]);
                }
            }
        }
    }
}

/// Computes the lanes of one deciding value.
#[inline]
fn key(digest: &Digest, canon: &[u8]) -> Lanes {
    match digest.subject {
        None => by_value(&digest.mac, canon),
        Some(high) => {
            let [[a, b, c, d], [e, f, g, h]] = digest.mac.subject_lanes(high, canon);
            Lanes([a, b, c, d, e, f, g, h])
        }
    }
}

/// By value the four lanes of `d` stand twice.
#[inline]
fn by_value(mac: &Mac, canon: &[u8]) -> Lanes {
    let [a, b, c, d] = mac.value_lanes(canon);
    Lanes([a, b, c, d, a, b, c, d])
}
