//! Masks rows: a chunk at a time is split, the deciding values are keyed, each masked column is masked as a column,
//! and the rows are put together again around their untouched bytes.
//!
//! NULL and '' pass as they are written. A value that is unfit, or a stand-in that does not fit its column, is replaced
//! as the policy says; nothing falls through unmasked.

use std::ops::Range;
use std::sync::Arc;

use super::choose::{Choice, Undecided, Values};
use super::fits::QuickFit;
use super::job::Pass;
use super::joining::Joining;
use super::keying::{Keying, key};
use super::learning;
use super::tally::ColumnTally;
use super::verify::{Broken, Changing, Verify, takes};
use super::windows::PartWindows;
use crate::condition::Room;
use crate::error::{Error, Result};
use crate::format::{Put, RowCodec, Spans};
use crate::mask::{Lanes, Outcome, Standins};
use crate::profile::model::Unfit;
use crate::profile::plan::{Digest, MaskPlan, MaskedColumn};
use crate::row::field::{Cell, Cells, Span};

/// Rows a chunk: its fields, digests and stand-ins stay in the nearest caches.
pub(super) const CHUNK: usize = 128;

/// A worker's buffers. Recycled; nothing is allocated per row.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) spans: Spans,
    pub(super) arena: Vec<u8>,
    /// Decoded cells, one list a wanted column.
    pub(super) cells: Vec<Vec<Cell>>,
    /// Lanes of each row, one list a digest, and the rows that the subject does not decide.
    pub(super) lanes: Vec<Vec<Lanes>>,
    pub(super) undecided: Vec<Vec<usize>>,
    /// Lanes of a column some of whose rows are decided by their own value.
    own: Vec<Lanes>,
    pub(super) standins: Vec<Standins>,
    keying: Keying,
    value: Vec<u8>,
    tally: Vec<ColumnTally>,
    /// Whether rows that `keep_rows` drops stay all the same: a preview shows what becomes of values.
    pub(super) all_rows: bool,
    /// Which pass this is.
    pub(super) pass: Pass,
    pub(super) choice: Choice,
    /// Where the rows stand in the windows of columns that are shuffled within such.
    pub(super) windows: Option<Arc<PartWindows>>,
    /// Where CHECKs make texts.
    room: Room,
    /// What becomes of each masked cell, row by row.
    edits: Vec<Edit>,
}

/// What becomes of a cell.
#[derive(Clone, Copy)]
pub(super) enum Fate {
    /// NULL or '': its bytes go out as they are.
    Stays,
    /// The stand-in is its own encoding and fits.
    Plain,
    /// The codec encodes the stand-in, or the policy decides.
    Checked(Outcome),
    /// The policy's placeholder stands there, counted, and the codec encodes it.
    Replaced,
    /// The technique or the policy removes the value, counted.
    Removed,
}

/// A masked cell: where it stands, its column, where its stand-in lies among those of the column, and its fate.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    pub(super) field: Span,
    column: u32,
    pub(super) standin: Span,
    pub(super) fate: Fate,
}

impl Edit {
    /// A place to be filled.
    const NONE: Self = Self {
        field: Span { start: 0, end: 0 },
        column: 0,
        standin: Span { start: 0, end: 0 },
        fate: Fate::Checked(Outcome::Unfit),
    };
}

impl Scratch {
    /// Makes the buffers of a worker.
    pub(super) fn of(pass: Pass) -> Self {
        Self { pass, ..Self::default() }
    }

    /// Takes the counts of the rows masked last, one entry a masked column.
    pub(super) fn take_tally(&mut self) -> Vec<ColumnTally> {
        std::mem::take(&mut self.tally)
    }

    pub(super) fn fit_plan(&mut self, plan: &MaskPlan) {
        self.cells.resize_with(plan.wanted.len(), Vec::new);
        self.lanes.resize_with(plan.digests.len(), Vec::new);
        self.undecided.resize_with(plan.digests.len(), Vec::new);
        self.standins.resize_with(plan.columns.len(), Standins::default);
        self.tally.clear();
        self.tally.resize_with(plan.columns.len(), ColumnTally::default);
    }
}

/// What became of rows.
#[derive(Debug)]
pub(super) struct Masked {
    /// Rows read.
    pub(super) rows: u64,
    /// Rows written.
    pub(super) written: u64,
    /// What the bytes are, where rows may have been dropped; else all of them are rows.
    pub(super) parts: Option<Vec<Put>>,
}

/// Appends the masked form of whole rows to `out`.
///
/// # Errors
/// Rows that the codec refuses, values that the policy stops at.
pub(super) fn mask_rows(
    block: &[u8],
    plan: &MaskPlan,
    codec: &dyn RowCodec,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Result<Masked> {
    scratch.fit_plan(plan);
    out.reserve(block.len() + block.len() / 4);
    let (mut at, mut rows, mut kept) = (0, 0_u64, 0);
    let keep_rows = plan.keep_rows.filter(|_| !scratch.all_rows);
    let mut joining = keep_rows.map(|_| Joining::new(block, codec, out));
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
        if scratch.pass != Pass::Values {
            chunk.learn(scratch)?;
        }
        if scratch.pass != Pass::Lookups {
            chunk.choose(scratch)?;
            chunk.digest(scratch)?;
        }
        if scratch.pass == Pass::Values {
            chunk.gather(scratch)?;
        }
        if scratch.pass != Pass::Write {
            rows += u64::try_from(scratch.spans.rows.len()).unwrap_or(0);
            at = stop;
            continue;
        }
        chunk.mask(scratch);
        chunk.settle(scratch)?;
        match &mut joining {
            None => chunk.emit(scratch, at, out)?,
            Some(joining) => kept += chunk.emit_kept(scratch, joining, out)?,
        }
        rows += u64::try_from(scratch.spans.rows.len()).unwrap_or(0);
        if stop <= at {
            return Err(Error::bug("a codec made no progress"));
        }
        at = stop;
    }
    let written = if joining.is_some() { kept } else { rows };
    Ok(Masked { rows, written, parts: joining.map(|joining| joining.end(out)) })
}

/// Returns where in a field a stand-in that is its own encoding is written: all of it, or what stands between two
/// quotes; `None` where there are none and there must be.
#[inline(always)]
fn inside(block: &[u8], field: Span, quote: Option<u8>, optional: bool) -> Option<Span> {
    let Some(quote) = quote else { return Some(field) };
    let quoted = matches!(field.of(block), [first, .., last] if *first == quote && *last == quote);
    if quoted {
        return Some(Span { start: field.start + 1, end: field.end - 1 });
    }
    optional.then_some(field)
}

/// Says whether the stand-ins of a column are nothing but digits.
fn all_digits(standins: &[u8]) -> bool {
    // All of a block is looked at: so it is vectors to the processor.
    standins.chunks(64).all(|block| block.iter().fold(true, |all, b| all & b.is_ascii_digit()))
}

/// Returns a whole field that was read as it stands, if a whole number of up to so many digits takes its place.
#[inline(always)]
fn bare(cell: Cell, field: Span, digits: usize, standin: &[u8]) -> Option<Span> {
    let read = matches!(cell, Cell::Raw(span) if span == field);
    let whole = standin.len() <= digits && (standin.first() != Some(&b'0') || standin.len() == 1);
    (read && whole && !standin.is_empty()).then_some(field)
}

/// Adds the lines and rows of earlier chunks to a place.
fn shift(error: Error, lines: u64, rows: u64) -> Error {
    error.at(|at| {
        at.line = at.line.map(|n| n + lines);
        at.row = at.row.map(|n| n + rows);
    })
}

/// Returns the lanes of a column's rows.
pub(super) fn lanes<'s>(column: &MaskedColumn, scratch: &'s Scratch, undecided: bool) -> &'s [Lanes] {
    match column.digest {
        Some(_) if undecided => scratch.own.as_slice(),
        Some(digest) => scratch.lanes.get(digest).map_or(&[][..], Vec::as_slice),
        None => &[],
    }
}

/// The rows that are masked together.
pub(super) struct Chunk<'a> {
    pub(super) block: &'a [u8],
    pub(super) plan: &'a MaskPlan,
    pub(super) codec: &'a dyn RowCodec,
    /// Rows of the block before it.
    pub(super) first: u64,
    /// Where it ends in the block.
    pub(super) stop: usize,
}

impl Chunk<'_> {
    #[inline(never)]
    pub(super) fn decode(&self, scratch: &mut Scratch) -> Result<()> {
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
    pub(super) fn at_row(&self, error: Error, row: usize, field: Span) -> Error {
        let before = u64::try_from(row).unwrap_or(0) + self.first;
        let above = self.block.get(..wide(field.start)).unwrap_or_default();
        error.at(|at| {
            at.row = Some(before + 1);
            at.line.get_or_insert_with(|| self.codec.lines(above, before) + 1);
        })
    }

    pub(super) fn cells<'s>(&'s self, scratch: &'s Scratch, wanted: usize) -> Cells<'s> {
        let cells = scratch.cells.get(wanted).map_or(&[][..], Vec::as_slice);
        Cells { raw: self.block, arena: &scratch.arena, cells }
    }

    /// Decides which rows stay and which cases count.
    pub(super) fn choose(&self, scratch: &mut Scratch) -> Result<()> {
        let Scratch { choice, spans, arena, cells, all_rows, .. } = scratch;
        let values = Values { raw: self.block, arena, cells };
        let keep_rows = self.plan.keep_rows.filter(|_| !*all_rows);
        choice.decide(self.plan, keep_rows, spans.rows.len(), &values).map_err(
            |Undecided { row, wanted, error }| {
                let field =
                    spans.fields.get(row * self.plan.wanted.len() + wanted).copied().unwrap_or_default();
                self.at_row(error, row, field)
            },
        )
    }

    /// Keys the deciding values of all rows, digest by digest.
    #[inline(never)]
    fn digest(&self, scratch: &mut Scratch) -> Result<()> {
        for (index, digest) in self.plan.digests.iter().enumerate() {
            let mut lanes = scratch.lanes.get_mut(index).map(std::mem::take).unwrap_or_default();
            let mut undecided = scratch.undecided.get_mut(index).map(std::mem::take).unwrap_or_default();
            let mut keying = std::mem::take(&mut scratch.keying);
            keying.clear();
            undecided.clear();
            lanes.resize(scratch.spans.rows.len(), Lanes::default());
            let subject = digest.subject.is_some();
            for (row, place) in lanes.iter_mut().enumerate() {
                keying.canon.clear();
                let decides = self.deciding(digest, scratch, row, &mut keying.canon)
                    && learning::resolve(digest, &mut keying.canon, &mut keying.spare)?;
                if !decides {
                    // The columns' own values decide.
                    *place = Lanes::default();
                    undecided.push(row);
                } else if digest.scope.is_empty() && keying.batch.push(subject, &keying.canon) {
                    keying.rows.push(row);
                } else {
                    self.scope(digest, scratch, row, &mut keying.scope);
                    *place = key(digest, &keying.scope, &keying.canon);
                }
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
        Ok(())
    }

    /// Appends the canonical deciding value of a row; `false` if it decides nothing (NULL, '' or pinned).
    fn deciding(&self, digest: &Digest, scratch: &Scratch, row: usize, canon: &mut Vec<u8>) -> bool {
        let is_nobody = |part: &[u8]| part.is_empty() || digest.pinned.iter().any(|p| p == part);
        if let [(wanted, form)] = digest.inputs.as_slice() {
            let start = canon.len();
            form.append(self.cells(scratch, *wanted).get(row).unwrap_or_default(), canon);
            return !is_nobody(canon.get(start..).unwrap_or_default());
        }
        for (wanted, form) in &digest.inputs {
            let head = canon.len();
            canon.extend_from_slice(&[0; 4]);
            let start = canon.len();
            form.append(self.cells(scratch, *wanted).get(row).unwrap_or_default(), canon);
            let part = canon.get(start..).unwrap_or_default();
            if digest.subject.is_some() && is_nobody(part) {
                return false;
            }
            let len = u32::try_from(part.len()).unwrap_or(u32::MAX);
            if let Some(place) = canon.get_mut(head..start).and_then(|place| place.first_chunk_mut()) {
                *place = len.to_be_bytes();
            }
        }
        true
    }

    /// Replaces `scope` by the canonical values that keep a row's tenant apart; several each behind its length.
    fn scope(&self, digest: &Digest, scratch: &Scratch, row: usize, scope: &mut Vec<u8>) {
        scope.clear();
        for (wanted, form) in &digest.scope {
            let value = self.cells(scratch, *wanted).get(row).unwrap_or_default();
            Lanes::append_scope(digest.scope.len() > 1, *form, value, scope);
        }
    }

    /// Says whether a column's own value decides some of its rows, and makes their lanes.
    pub(super) fn undecided(&self, column: &MaskedColumn, scratch: &mut Scratch, index: usize) -> bool {
        let undecided = column.digest.and_then(|d| scratch.undecided.get(d)).is_some_and(|u| !u.is_empty());
        if undecided {
            self.own_lanes(column, scratch, index);
        }
        undecided
    }

    fn mask(&self, scratch: &mut Scratch) {
        for (index, column) in self.plan.columns.iter().enumerate().filter(|(_, c)| !c.mask.sees_row()) {
            let Some(mut standins) = scratch.standins.get_mut(index).map(std::mem::take) else { continue };
            standins.clear();
            if column.mask.windowed().is_some() {
                self.hand_out(index, column, scratch, &mut standins);
                if let Some(place) = scratch.standins.get_mut(index) {
                    *place = standins;
                }
                continue;
            }
            let undecided = self.undecided(column, scratch, index);
            let lanes = lanes(column, scratch, undecided);
            column.mask.mask_column(&self.cells(scratch, column.wanted), lanes, &mut standins);
            if let Some(place) = scratch.standins.get_mut(index) {
                *place = standins;
            }
        }
        // What is made of other columns comes behind them.
        for (index, column) in self.plan.columns.iter().enumerate().filter(|(_, c)| c.mask.sees_row()) {
            let Some(mut standins) = scratch.standins.get_mut(index).map(std::mem::take) else { continue };
            standins.clear();
            self.mask_rows(column, scratch, &mut standins);
            if let Some(tally) = scratch.tally.get_mut(index) {
                tally.parts += standins.parts.masked;
                tally.unfit_parts += standins.parts.unfit;
            }
            if let Some(place) = scratch.standins.get_mut(index) {
                *place = standins;
            }
        }
    }

    /// Makes the lanes of a column in which some rows have no subject: those are decided by the column's own value.
    fn own_lanes(&self, column: &MaskedColumn, scratch: &mut Scratch, index: usize) {
        let Some(digest) = column.digest else { return };
        let mut scope = std::mem::take(&mut scratch.keying.scope);
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
                scope.clear();
                if let Some(digest) = self.plan.digests.get(digest) {
                    self.scope(digest, scratch, *row, &mut scope);
                }
                if let Some(place) = own.get_mut(*row) {
                    *place = Lanes::by_value(mac, &scope, &canon);
                }
            }
        }
        scratch.own = own;
        scratch.keying.canon = canon;
        scratch.keying.scope = scope;
        if let Some(tally) = scratch.tally.get_mut(index) {
            tally.undecided += count;
        }
    }

    /// Decides what becomes of every cell, column by column, and counts it.
    #[inline(never)]
    fn settle(&self, scratch: &mut Scratch) -> Result<()> {
        let Scratch { spans, arena, cells, standins, tally, edits, choice, value, room, all_rows, .. } =
            scratch;
        let (stride, width) = (self.plan.wanted.len().max(1), self.plan.columns.len().max(1));
        edits.clear();
        edits.resize(spans.rows.len() * self.plan.columns.len(), Edit::NONE);
        let columns = self.plan.columns.iter().zip(standins.iter()).zip(tally.iter_mut());
        for (index, ((column, standins), counts)) in columns.enumerate() {
            let Some(cells) = cells.get(column.wanted).filter(|c| c.len() == spans.rows.len()) else {
                return Err(Error::bug("a cell that was not decoded"));
            };
            let as_is = self.codec.encodes_as_is(&standins.bytes);
            let (quote, optional) = (self.codec.quote(), self.codec.quote_is_optional());
            let digits = all_digits(&standins.bytes);
            let fit = QuickFit::new(&column.fit, digits);
            let digits = if digits { self.codec.bare_digits() } else { 0 };
            // What a technique left out is unfit, never the original.
            let left_out = (u32::try_from(standins.bytes.len()).unwrap_or(u32::MAX), Outcome::Unfit);
            let ends = standins.ends.iter().chain(std::iter::repeat(&left_out));
            let number = u32::try_from(index).unwrap_or(u32::MAX);
            let rows = edits.chunks_exact_mut(width).zip(spans.fields.chunks_exact(stride));
            let picky = column.case.is_some() || !choice.keeps_all();
            let mut start = 0;
            for (row, (((edits, fields), cell), (end, outcome))) in rows.zip(cells).zip(ends).enumerate() {
                let (Some(edit), Some(field)) = (edits.get_mut(index), fields.get(column.wanted)) else {
                    return Err(Error::bug("a masked column that was not split off"));
                };
                let standin = Span { start: std::mem::replace(&mut start, *end), end: *end };
                let fate = match cell {
                    // The row is dropped, or another case counts.
                    _ if picky && !choice.counts(column.case, row) => Fate::Stays,
                    Cell::Null => {
                        counts.null += 1;
                        Fate::Stays
                    }
                    Cell::Raw(span) | Cell::Arena(span) if span.is_empty() => {
                        counts.empty += 1;
                        Fate::Stays
                    }
                    _ if as_is && *outcome == Outcome::Masked && fit.holds(&standins.bytes, standin) => {
                        let bare = || bare(*cell, *field, digits, standin.of(&standins.bytes));
                        match inside(self.block, *field, quote, optional).or_else(bare) {
                            Some(inner) => {
                                counts.masked += 1;
                                *edit = Edit { field: inner, column: number, standin, fate: Fate::Plain };
                                continue;
                            }
                            None => Fate::Checked(*outcome),
                        }
                    }
                    _ if *outcome == Outcome::Null => {
                        counts.count(Outcome::Null);
                        Fate::Removed
                    }
                    _ => Fate::Checked(*outcome),
                };
                *edit = Edit { field: *field, column: number, standin, fate };
            }
        }
        if !self.plan.checks.is_empty() {
            let values = Values { raw: self.block, arena, cells };
            let Self { plan, codec, .. } = *self;
            let verify = Verify { plan, codec, values, fields: &spans.fields, lenient: *all_rows };
            let changing = Changing { edits, standins, tally, spare: value, room };
            verify.run(changing, |row| choice.keeps(row)).map_err(|Broken { row, wanted, error }| {
                let field = spans.fields.get(row * stride + wanted).copied().unwrap_or_default();
                self.at_row(error, row, field)
            })?;
        }
        if !self.codec.is_ordered() {
            for row in edits.chunks_exact_mut(width) {
                row.sort_unstable_by_key(|edit| (edit.field.start, edit.column));
            }
        }
        Ok(())
    }

    /// Puts the rows together: untouched bytes as they are, stand-ins in between. A cell that stays goes out with what
    /// lies behind it.
    #[inline(never)]
    fn emit(&self, scratch: &mut Scratch, from: usize, out: &mut Vec<u8>) -> Result<()> {
        let at = self.edit(scratch, 0..scratch.edits.len(), from, out)?;
        out.extend_from_slice(self.block.get(at..self.stop).unwrap_or_default());
        Ok(())
    }

    /// Puts the rows together that stay; returns how many.
    fn emit_kept(&self, scratch: &mut Scratch, joining: &mut Joining<'_>, out: &mut Vec<u8>) -> Result<u64> {
        let width = self.plan.columns.len();
        let mut kept = 0;
        for row in 0..scratch.spans.rows.len() {
            let Some(span) = scratch.spans.rows.get(row).copied() else { break };
            let keep = scratch.choice.keeps(row);
            joining.row(wide(span.start)..wide(span.end), keep, out);
            if keep {
                let at = self.edit(scratch, row * width..(row + 1) * width, wide(span.start), out)?;
                append(self.block, at, wide(span.end), out);
                kept += 1;
            }
        }
        Ok(kept)
    }

    /// Writes the bytes from a place on up to and with the edits of a range; returns where the block goes on.
    #[inline(always)]
    fn edit(
        &self,
        scratch: &mut Scratch,
        range: Range<usize>,
        from: usize,
        out: &mut Vec<u8>,
    ) -> Result<usize> {
        let mut at = from;
        for index in range {
            let Some(Edit { field, column, standin, fate }) = scratch.edits.get(index).copied() else {
                break;
            };
            if matches!(fate, Fate::Stays) {
                continue;
            }
            append(self.block, at, wide(field.start), out);
            at = wide(field.end);
            match (fate, scratch.standins.get(wide(column))) {
                (Fate::Plain, Some(standins)) => {
                    append(&standins.bytes, wide(standin.start), wide(standin.end), out);
                }
                (Fate::Replaced, Some(standins)) => {
                    self.codec.encode(standin.of(&standins.bytes), field.of(self.block), out)?;
                }
                (Fate::Removed, _) => {
                    let removed = self.plan.columns.get(wide(column)).map(|column| column.not_null);
                    self.remove(removed.unwrap_or(true), field.of(self.block), out)?;
                }
                (Fate::Checked(outcome), _) => {
                    let row = index / self.plan.columns.len().max(1);
                    self.check(scratch, (row, wide(column)), field, (standin, outcome), out)?;
                }
                _ => return Err(Error::bug("a masked column without stand-ins")),
            }
        }
        Ok(at)
    }

    /// Encodes one stand-in, or writes what the policy says.
    #[cold]
    fn check(
        &self,
        scratch: &mut Scratch,
        (row, index): (usize, usize),
        field: Span,
        (standin, outcome): (Span, Outcome),
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let Scratch { arena, cells, standins, value, tally, .. } = scratch;
        let found = (self.plan.columns.get(index), standins.get(index), tally.get_mut(index));
        let (Some(column), Some(standins), Some(counts)) = found else {
            return Err(Error::bug("a masked column that is not there"));
        };
        let cells = cells.get(column.wanted).map_or(&[][..], Vec::as_slice);
        let original = (Cells { raw: self.block, arena, cells }).get(row).unwrap_or_default();
        let standin = (standin.of(&standins.bytes), outcome);
        self.write(column, original, standin, field.of(self.block), value, counts, out)
            .map_err(|e| self.at_row(e, row, field).at(|p| p.column = Some(column.label.clone())))
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
            Outcome::Masked | Outcome::Equal | Outcome::Pinned => takes(column, self.codec, standin),
            Outcome::Null => {
                counts.count(outcome);
                return self.remove(column.not_null, raw, out);
            }
            Outcome::Unfit => false,
        };
        if sound {
            counts.count(outcome);
            return self.codec.encode(standin, raw, out);
        }
        counts.count(Outcome::Unfit);
        match column.unfit {
            Unfit::Suppress => self.remove(column.not_null, raw, out),
            Unfit::Stop => Err(Error::input("a value has not the form that its technique needs")
                .hint("`policy: unfit: placeholder` replaces such values")),
            Unfit::Placeholder => {
                spare.clear();
                if column.mask.placeholder(original, spare) && takes(column, self.codec, spare) {
                    self.codec.encode(spare, raw, out)
                } else {
                    Err(Error::input("a value has not the form that its technique needs, and no placeholder fits the column")
                        .hint("choose another technique, or `policy: unfit: suppress`"))
                }
            }
        }
    }

    /// Writes NULL, or '' where the column refuses NULL.
    fn remove(&self, not_null: bool, raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if not_null {
            // The plan allows this for text only; anything else would not load.
            return self.codec.encode(b"", raw, out);
        }
        self.codec.encode_null(raw, out);
        Ok(())
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
