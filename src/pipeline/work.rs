//! What a worker makes of one piece: rows of kept tables are counted and pass, rows of emptied tables are dropped,
//! rows of masked tables are rewritten. A piece in which nothing changes is written from its own buffer.

use std::sync::Arc;

use super::front::{Bound, Work};
use super::rows::{Scratch, mask_rows};
use super::tally::ColumnTally;
use crate::error::{Error, Result};
use crate::format::{Part, Put};
use crate::message;
use crate::profile::plan::Action;

/// What the gate must count, in order.
pub(super) enum Change {
    /// A table begins.
    Begin(Arc<Bound>),
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
    let mut table = work.start.as_ref();
    let touched = |t: &Arc<Bound>| !matches!(t.plan.action, Action::Keep);
    done.same = !work.start.iter().chain(&work.begun).any(touched);
    for part in &work.piece.parts {
        match part {
            Part::Verbatim(range) | Part::End { tail: range } => pass(done, bytes, range),
            Part::Begin { head, .. } => {
                table = begun.next();
                done.changes.extend(table.map(|t| Change::Begin(Arc::clone(t))));
                done.fresh = true;
                pass(done, bytes, head);
            }
            Part::Rows(range) | Part::Counted(range, _) => {
                let Some(table) = table else { return Err(Error::bug("rows without a table")) };
                let raw = bytes.get(range.clone()).unwrap_or_default();
                let before = done.lines;
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

/// Passes a stretch of the piece as it is.
fn pass(done: &mut Done, bytes: &[u8], range: &std::ops::Range<usize>) {
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
    (range, counted): (&std::ops::Range<usize>, Option<u64>),
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
            let rows = mask_rows(raw, plan, table.codec.as_ref(), scratch, &mut done.out)?;
            done.lines += table.codec.lines(raw, rows);
            (rows, rows, plan.row_limit, scratch.take_tally())
        }
    };
    done.changes.push(Change::Rows { read, written, limit, columns });
    let range = if done.same { range.clone() } else { start..done.out.len() };
    done.parts.push(Put::Rows { range, rows: written });
    Ok(())
}
