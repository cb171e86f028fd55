//! Puts rows of which some are dropped together again, so that what is around them stays whole: a line goes with its
//! row; of a statement the separators between kept rows stay, and a statement without rows is left out.
//!
//! One part of a piece is written without knowing whether the statement it begins in was opened in the output before:
//! what depends on that is handed to the Sink in both forms (`Put::Either`).

use std::ops::Range;

use crate::format::{Joint, Put, RowCodec};

/// Whether a statement stands open in the output.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nobody here knows: the statement began in another part.
    Unknown,
    Open,
    Closed,
}

/// Writes the rows of one part.
pub(super) struct Joining<'a> {
    block: &'a [u8],
    codec: &'a dyn RowCodec,
    /// What begins a statement whose first row was dropped; the same wherever the input was cut.
    head: Vec<u8>,
    state: State,
    /// Up to where the block was looked at.
    at: usize,
    parts: Vec<Put>,
    /// Where the bytes begin that no part speaks of yet, and how many rows are in them.
    start: usize,
    rows: u64,
}

impl<'a> Joining<'a> {
    /// Begins a part whose bytes are `block`, to be appended to `out`.
    pub(super) fn new(block: &'a [u8], codec: &'a dyn RowCodec, out: &[u8]) -> Self {
        let start = out.len();
        let state = State::Unknown;
        let head = [b"\n", codec.head()].concat();
        Self { block, codec, head, state, at: 0, parts: Vec::new(), start, rows: 0 }
    }

    /// Takes what stands before a row, and whether the row stays; the caller writes it then. `row` is where it lies.
    pub(super) fn row(&mut self, row: Range<usize>, keep: bool, out: &mut Vec<u8>) {
        let gap = self.at..row.start.max(self.at);
        self.at = row.end;
        let (lead, opens) = match self.joint(&gap) {
            Joint::Line => {
                out.extend_from_slice(self.bytes(&gap));
                self.rows += u64::from(keep);
                return;
            }
            Joint::Separator => (gap, false),
            Joint::Statement { close, .. } => {
                self.close(gap.start..gap.start + close, out);
                self.state = State::Closed;
                (gap.start + close..gap.end, true)
            }
        };
        if !keep {
            return;
        }
        match self.state {
            State::Open => out.extend_from_slice(self.bytes(&lead)),
            State::Closed if opens => out.extend_from_slice(self.bytes(&lead)),
            State::Closed => out.extend_from_slice(&self.head),
            State::Unknown => {
                let head = std::mem::take(&mut self.head);
                self.either(&lead, &head, out);
                self.head = head;
            }
        }
        self.state = State::Open;
        self.rows += 1;
    }

    /// Ends the part: what stands behind the last row.
    pub(super) fn end(mut self, out: &mut Vec<u8>) -> Vec<Put> {
        let gap = self.at..self.block.len();
        match self.joint(&gap) {
            Joint::Line | Joint::Separator => out.extend_from_slice(self.bytes(&gap)),
            Joint::Statement { close: 0, .. } => {}
            Joint::Statement { close, .. } => {
                self.close(gap.start..gap.start + close, out);
                self.state = State::Closed;
            }
        }
        self.flush(out);
        if self.state != State::Unknown {
            self.parts.push(Put::Stands { open: self.state == State::Open });
        }
        self.parts
    }

    fn bytes(&self, range: &Range<usize>) -> &'a [u8] {
        self.block.get(range.clone()).unwrap_or_default()
    }

    fn joint(&self, gap: &Range<usize>) -> Joint {
        self.codec.joint(self.bytes(gap))
    }

    /// Ends a statement, if it was begun in the output.
    fn close(&mut self, end: Range<usize>, out: &mut Vec<u8>) {
        match self.state {
            State::Open => out.extend_from_slice(self.bytes(&end)),
            State::Unknown if !end.is_empty() => self.either(&end, b"", out),
            State::Unknown | State::Closed => {}
        }
    }

    /// Leaves it to the Sink which of two texts is written.
    fn either(&mut self, open: &Range<usize>, closed: &[u8], out: &mut Vec<u8>) {
        self.flush(out);
        let at = out.len();
        out.extend_from_slice(self.bytes(open));
        let middle = out.len();
        out.extend_from_slice(closed);
        self.parts.push(Put::Either { open: at..middle, closed: middle..out.len() });
        self.start = out.len();
    }

    /// Speaks of the rows written since.
    fn flush(&mut self, out: &[u8]) {
        if out.len() > self.start || self.rows > 0 {
            self.parts.push(Put::Rows { range: self.start..out.len(), rows: self.rows });
        }
        (self.start, self.rows) = (out.len(), 0);
    }
}
