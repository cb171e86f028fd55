//! What a worker makes of one piece: rows of kept tables are counted and pass, rows of emptied tables are dropped,
//! rows of masked tables are rewritten, what is no column passes or is left out. A piece in which nothing changes is written from its own buffer.

use std::ops::Range;
use std::sync::Arc;

use super::front::{Bound, Work};
use super::job::Pass;
use super::rows::{Masked, Scratch, mask_rows};
use super::tally::ColumnTally;
use super::windows::has_windows;
use crate::error::{Error, Result};
use crate::format::{Given, Joint, Part, Put};
use crate::message;
use crate::profile::model::ObjectRule;
use crate::profile::plan::{Action, InventedCell, Learn, Learns, MaskPlan};
use crate::row::object::ObjectClass;

/// What the gate must count, in order.
pub(super) enum Change {
    /// A table begins.
    Begin(Arc<Bound>),
    /// Something that is no column passed, or was omitted as a whole or in part.
    Object {
        /// Its class: the one that decided.
        class: ObjectClass,
        /// Whether it passed.
        kept: bool,
    },
    /// So many invented rows were added to the table that began last.
    Inserted(u64),
    /// Rows of the table that began last passed as they are stored, unread.
    Stored,
    /// Rows of the table that began last.
    Rows {
        /// Rows read.
        read: u64,
        /// Rows written.
        written: u64,
        /// Most rows that the table may have.
        limit: Option<u64>,
        /// Counts of the masked columns.
        columns: Vec<ColumnTally>,
    },
}

/// The result of one piece. Recycled.
#[derive(Default)]
pub(super) struct Done {
    /// The bytes to write, unless `same`.
    pub out: Vec<u8>,
    /// The piece passes as it is: write its own bytes.
    pub same: bool,
    /// What the bytes are.
    pub parts: Vec<Put>,
    /// What to count.
    pub changes: Vec<Change>,
    /// Lines of the piece.
    pub lines: u64,
    /// Whether a table began in the piece before the place of an error.
    pub fresh: bool,
}

impl Done {
    fn clear(&mut self) {
        self.out.clear();
        self.same = false;
        self.parts.clear();
        self.changes.clear();
        self.lines = 0;
        self.fresh = false;
    }

    /// Gives back what one long row left behind.
    fn shrink(&mut self) {
        const KEEP: usize = 8 << 20;
        if self.out.capacity() > KEEP {
            self.out = Vec::new();
        }
    }
}

fn lines(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}

/// Makes `done` of `work`. Errors are relative to the piece (lines) and to the part (rows).
pub(super) fn process(work: &Work, done: &mut Done, scratch: &mut Scratch) -> Result<()> {
    done.clear();
    done.shrink();
    let bytes = work.piece.buffer.bytes();
    let mut begun = work.begun.iter();
    let mut windows = work.windows.iter();
    let mut table = work.start.as_ref();
    let touched = |t: &Arc<Bound>| !t.is_untouched();
    let omitted = |part: &Part| match part {
        Part::Opaque { classes, .. } => !matches!(work.objects.decide(classes).1, ObjectRule::Keep { .. }),
        _ => false,
    };
    done.same = !work.start.iter().chain(&work.begun).any(touched) && !work.piece.parts.iter().any(omitted);
    if scratch.pass != Pass::Write {
        return gather(work, done, scratch);
    }
    for part in &work.piece.parts {
        match part {
            Part::Verbatim(range) => pass(done, bytes, range),
            Part::End { tail } => end(table, done, bytes, tail),
            Part::Enter(entry) => done.parts.push(Put::Enter(*entry)),
            Part::Leave => done.parts.push(Put::Leave),
            Part::Object(oid) => done.parts.push(Put::Object(*oid)),
            Part::Stored(range) => {
                if let Some(range) = stored(work, table, done, bytes, range)? {
                    done.parts.push(Put::Stored(range));
                }
            }
            Part::Unpacked(range) => {
                if let Some(range) = stored(work, table, done, bytes, range)? {
                    done.parts.push(Put::Unpacked(range));
                }
            }
            Part::Begin { head, .. } => {
                table = begun.next();
                done.changes.extend(table.map(|t| Change::Begin(Arc::clone(t))));
                done.fresh = true;
                pass(done, bytes, head);
                if let Some(table) = table.filter(|table| table.inserts) {
                    insert(table, !head.is_empty(), done)?;
                }
            }
            Part::Opaque { classes, range, cut } => {
                let (Some(class), rule) = work.objects.decide(classes) else {
                    return Err(Error::bug("something of no class"));
                };
                let kept = matches!(rule, ObjectRule::Keep { .. });
                if kept {
                    pass(done, bytes, range);
                } else {
                    pass(done, bytes, &(range.start..cut.start));
                    done.lines += lines(bytes.get(cut.clone()).unwrap_or_default());
                    pass(done, bytes, &(cut.end..range.end));
                }
                done.changes.push(Change::Object { class, kept });
            }
            Part::Rows(range) | Part::Counted(range, _) => {
                let Some(table) = table else { return Err(Error::bug("rows without a table")) };
                let raw = bytes.get(range.clone()).unwrap_or_default();
                let before = done.lines;
                scratch.windows = if has_windows(table) { windows.next().map(Arc::clone) } else { None };
                let counted = if let Part::Counted(_, rows) = part { Some(*rows) } else { None };
                rows(table, raw, (range, counted), done, scratch).map_err(|e| {
                    e.at(|at| {
                        at.line = at.line.map(|n| n + before);
                        at.table = Some(message!("{}", table.plan.table));
                    })
                })?;
            }
        }
    }
    Ok(())
}

/// Says whether a first pass needs the rows of a table.
fn takes(plan: &MaskPlan, pass: Pass) -> bool {
    let looked_up = |learn: &Learn| matches!(learn.what, Learns::Dictionary(_));
    match pass {
        Pass::Lookups => plan.learns.iter().any(looked_up),
        Pass::Values => {
            plan.columns.iter().any(|column| column.mask.gathers().is_some())
                || plan.learns.iter().any(|learn| !looked_up(learn))
        }
        Pass::Write => true,
    }
}

/// Takes out of a piece what a later pass needs, and writes nothing.
fn gather(work: &Work, done: &mut Done, scratch: &mut Scratch) -> Result<()> {
    let bytes = work.piece.buffer.bytes();
    done.same = false;
    let mut begun = work.begun.iter();
    let mut table = work.start.as_ref();
    for part in &work.piece.parts {
        match part {
            Part::Begin { .. } => {
                table = begun.next();
                done.changes.extend(table.map(|t| Change::Begin(Arc::clone(t))));
                done.fresh = true;
            }
            Part::Rows(range) | Part::Counted(range, _) => {
                let Some(table) = table else { return Err(Error::bug("rows without a table")) };
                let Action::Mask(plan) = &table.plan.action else { continue };
                if takes(plan, scratch.pass) {
                    let raw = bytes.get(range.clone()).unwrap_or_default();
                    let masked = mask_rows(raw, plan, table.codec.as_ref(), scratch, &mut done.out);
                    let masked =
                        masked.map_err(|e| e.at(|at| at.table = Some(message!("{}", table.plan.table))))?;
                    let columns = scratch.take_tally();
                    let (read, written, limit) = (masked.rows, 0, None);
                    done.changes.push(Change::Rows { read, written, limit, columns });
                }
            }
            _ => {}
        }
    }
    done.lines = lines(bytes);
    done.out.clear();
    Ok(())
}

/// Writes the invented rows of a table, before all others.
fn insert(table: &Bound, headed: bool, done: &mut Done) -> Result<()> {
    fn given(cell: &Option<InventedCell>) -> Option<Given<'_>> {
        cell.as_ref().map(|cell| Given { text: &cell.text, bare: cell.bare })
    }
    let start = done.out.len();
    // A header without its line end is all that an empty CSV may be.
    if headed && done.out.last().is_some_and(|last| *last != b'\n') {
        done.out.push(b'\n');
    }
    for row in &table.plan.insert {
        let row: Vec<Option<Given<'_>>> = row.iter().map(given).collect();
        table
            .codec
            .write_row(&row, &mut done.out)
            .map_err(|e| e.at(|at| at.table = Some(message!("{}", table.plan.table))))?;
    }
    let rows = u64::try_from(table.plan.insert.len()).unwrap_or(u64::MAX);
    done.parts.push(Put::Rows { range: start..done.out.len(), rows });
    done.changes.push(Change::Inserted(rows));
    Ok(())
}

/// Passes the end of a table's rows; of a statement whose rows may all have been dropped only if it was begun.
fn end(table: Option<&Arc<Bound>>, done: &mut Done, bytes: &[u8], tail: &Range<usize>) {
    let raw = bytes.get(tail.clone()).unwrap_or_default();
    let filtered = table.is_some_and(|table| {
        let keeps = matches!(&table.plan.action, Action::Mask(plan) if plan.keep_rows.is_some());
        keeps && table.codec.joint(raw) != Joint::Line
    });
    if !filtered {
        return pass(done, bytes, tail);
    }
    done.lines += lines(raw);
    let start = done.out.len();
    done.out.extend_from_slice(raw);
    let closed = done.out.len()..done.out.len();
    done.parts.push(Put::Either { open: start..done.out.len(), closed });
    done.parts.push(Put::Stands { open: false });
}

/// Passes what is stored in an archive: of a table only if nothing changes in it, else it is large objects, on which the
/// profile decides. Returns where it stands, if it passes.
fn stored(
    work: &Work,
    table: Option<&Arc<Bound>>,
    done: &mut Done,
    bytes: &[u8],
    range: &Range<usize>,
) -> Result<Option<Range<usize>>> {
    match table {
        Some(table) if matches!(table.plan.action, Action::Keep) => done.changes.push(Change::Stored),
        Some(_) => return Err(Error::bug("stored rows of a table that changes")),
        None if !matches!(work.objects.decide(&[ObjectClass::LargeObjects]).1, ObjectRule::Keep { .. }) => {
            return Ok(None);
        }
        None => {}
    }
    if done.same {
        return Ok(Some(range.clone()));
    }
    let start = done.out.len();
    done.out.extend_from_slice(bytes.get(range.clone()).unwrap_or_default());
    Ok(Some(start..done.out.len()))
}

/// Passes a stretch of the piece as it is.
fn pass(done: &mut Done, bytes: &[u8], range: &Range<usize>) {
    let raw = bytes.get(range.clone()).unwrap_or_default();
    done.lines += lines(raw);
    if done.same {
        done.parts.push(Put::Verbatim(range.clone()));
    } else {
        let start = done.out.len();
        done.out.extend_from_slice(raw);
        done.parts.push(Put::Verbatim(start..done.out.len()));
    }
}

fn rows(
    table: &Arc<Bound>,
    raw: &[u8],
    (range, counted): (&Range<usize>, Option<u64>),
    done: &mut Done,
    scratch: &mut Scratch,
) -> Result<()> {
    let start = done.out.len();
    let (read, written, limit, columns) = match &table.plan.action {
        Action::Keep | Action::Empty => {
            let (rows, lines) = match counted {
                Some(rows) => (rows, table.codec.lines(raw, rows)),
                None => table.codec.count(raw)?,
            };
            done.lines += lines;
            let keep = matches!(table.plan.action, Action::Keep);
            if keep && !done.same {
                done.out.extend_from_slice(raw);
            }
            (rows, if keep { rows } else { 0 }, None, Vec::new())
        }
        Action::Mask(plan) => {
            let masked = mask_rows(raw, plan, table.codec.as_ref(), scratch, &mut done.out)?;
            done.lines += table.codec.lines(raw, masked.rows);
            let columns = scratch.take_tally();
            let Masked { rows: read, written, parts } = masked;
            if let Some(parts) = parts {
                done.parts.extend(parts);
                done.changes.push(Change::Rows { read, written, limit: plan.row_limit, columns });
                return Ok(());
            }
            (read, written, plan.row_limit, columns)
        }
    };
    done.changes.push(Change::Rows { read, written, limit, columns });
    let range = if done.same { range.clone() } else { start..done.out.len() };
    done.parts.push(Put::Rows { range, rows: written });
    Ok(())
}
