//! `shuffle: {window: ROWS}` in one pass: the front gathers the values of every so many rows of a table and holds pieces
//! back until the windows that their rows stand in are complete; the workers hand the values out in their new places.
//!
//! Windows count the rows of the table, never pieces: so no cut of the input and no number of threads shows. They end
//! where the rows of the table end, or those of another table follow. A window with one value joins the one before or
//! behind it; a value that has none to change places with even so is unfit. A row that `keep_rows` drops or that comes
//! under another case counts as a row, and its value takes no part; neither do NULL and ''.
//!
//! Memory: the rows of two windows, each column's values in them, and a piece. Refuses windows that hold too many bytes.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::front::{Bound, Work};
use super::rows::{CHUNK, Chunk, Scratch};
use crate::error::{Error, Message, Result};
use crate::format::{Part, RowCodec};
use crate::mask::{Outcome, Standins, WindowPlace, Windowed};
use crate::message;
use crate::profile::plan::{Action, MaskPlan, MaskedColumn};
use crate::row::field::Cells;
use crate::row::shape::TableName;

/// Most bytes of the rows that wait for the windows of a column.
const MOST: usize = 64 << 20;

/// Returns the plan of a table some of whose columns are shuffled within windows.
fn windowed(table: &Bound) -> Option<&MaskPlan> {
    let Action::Mask(plan) = &table.plan.action else { return None };
    plan.columns.iter().any(|column| column.mask.windowed().is_some()).then_some(plan)
}

/// Says whether some columns of a table are shuffled within windows.
pub(super) fn has_windows(table: &Bound) -> bool {
    windowed(table).is_some()
}

/// The values of one window of a column, each in its new place. Empty until the window is complete.
#[derive(Default)]
struct Slot(OnceLock<Places>);

struct Places {
    /// The values of this window, and of the one that it was joined with.
    bytes: Arc<Vec<u8>>,
    /// What each row gets.
    rows: Vec<Option<Range<usize>>>,
}

impl Slot {
    fn get(&self, row: usize) -> Option<&[u8]> {
        let places = self.0.get()?;
        places.bytes.get(places.rows.get(row)?.clone()?)
    }
}

/// Where the rows of one part stand in the windows of one column.
struct ColumnWindows {
    /// Index into the plan's masked columns.
    index: usize,
    /// Rows of a window.
    rows: usize,
    /// The place of the part's first row in the first window.
    first: usize,
    slots: Vec<Arc<Slot>>,
}

/// Where the rows of one part stand in windows.
#[derive(Default)]
pub(super) struct PartWindows(Vec<ColumnWindows>);

impl PartWindows {
    /// Says whether all its windows are complete.
    fn is_ready(&self) -> bool {
        self.0.iter().flat_map(|column| &column.slots).all(|slot| slot.0.get().is_some())
    }

    /// Gives the rows from `first` on their values.
    fn hand_out(&self, index: usize, first: u64, cells: &Cells<'_>, out: &mut Standins) {
        let column = self.0.iter().find(|column| column.index == index);
        let given = |row: usize| {
            let column = column?;
            let place = column.first + usize::try_from(first).ok()? + row;
            column.slots.get(place / column.rows)?.get(place % column.rows)
        };
        for (row, cell) in cells.iter().enumerate() {
            let outcome = match (cell, given(row)) {
                (None, _) => Outcome::Null,
                (Some([]), _) => Outcome::Masked,
                (Some(_), None) => Outcome::Unfit,
                (Some(own), Some(value)) => {
                    out.bytes.extend_from_slice(value);
                    if own == value { Outcome::Equal } else { Outcome::Masked }
                }
            };
            out.close(outcome);
        }
    }
}

impl Chunk<'_> {
    /// Gives the rows of a column that is shuffled within windows their values.
    pub(super) fn hand_out(
        &self,
        index: usize,
        column: &MaskedColumn,
        scratch: &Scratch,
        out: &mut Standins,
    ) {
        let cells = self.cells(scratch, column.wanted);
        match &scratch.windows {
            Some(windows) => windows.hand_out(index, self.first, &cells, out),
            // Nothing was gathered: nothing passes.
            None => column.mask.mask_column(&cells, &[], out),
        }
    }
}

/// One window as far as it was read.
#[derive(Default)]
struct Window {
    slot: Arc<Slot>,
    number: u64,
    bytes: Vec<u8>,
    /// Where the value of each row stands, if it takes part.
    rows: Vec<Option<Range<usize>>>,
    values: usize,
    /// Bytes of its rows.
    weight: usize,
}

impl Window {
    fn new(number: u64) -> Self {
        Self { number, ..Self::default() }
    }
}

/// The windows of one column that are not complete.
struct Open {
    /// Index into the plan's masked columns.
    index: usize,
    column: Message,
    case: u32,
    /// All rows are there; waits for the next one, which might have but one value.
    full: Option<Window>,
    now: Window,
    /// Whether the rows that wait hold too much.
    heavy: bool,
}

/// A column of a table, and under which case: what windows are numbered by.
type Numbered = (TableName, Message, u32);

impl Open {
    /// Opens windows for each column of a plan that has such.
    fn all(table: &TableName, plan: &MaskPlan, numbers: &HashMap<Numbered, u64>) -> Vec<Self> {
        let columns = plan.columns.iter().enumerate().filter(|(_, column)| column.mask.windowed().is_some());
        let open = |(index, column): (usize, &MaskedColumn)| {
            let case = column.case.and_then(|(_, case)| u32::try_from(case + 1).ok()).unwrap_or(0);
            let number = numbers.get(&(table.clone(), column.label.clone(), case)).copied().unwrap_or(0);
            let (column, now) = (column.label.clone(), Window::new(number));
            Self { index, column, case, full: None, now, heavy: false }
        };
        columns.map(open).collect()
    }

    /// Takes the rows of a chunk.
    fn take(&mut self, table: &TableName, chunk: &Chunk<'_>, scratch: &Scratch, part: &mut ColumnWindows) {
        let Some(column) = chunk.plan.columns.get(self.index) else { return };
        let Some(windowed) = column.mask.windowed() else { return };
        let cells = chunk.cells(scratch, column.wanted);
        for (row, span) in scratch.spans.rows.iter().enumerate() {
            if part.slots.is_empty() || self.now.rows.is_empty() {
                part.slots.push(Arc::clone(&self.now.slot));
            }
            let value = cells.get(row).filter(|value| !value.is_empty());
            let value = value.filter(|_| scratch.choice.counts(column.case, row));
            let now = &mut self.now;
            now.weight += usize::try_from(span.len()).unwrap_or(usize::MAX);
            now.rows.push(value.map(|value| {
                let start = now.bytes.len();
                now.bytes.extend_from_slice(value);
                start..now.bytes.len()
            }));
            now.values += usize::from(value.is_some());
            self.heavy |= now.weight + self.full.as_ref().map_or(0, |full| full.weight) > MOST;
            if self.now.values == 2 && self.full.as_ref().is_some_and(|full| full.values != 1) {
                let full: Vec<Window> = self.full.take().into_iter().collect();
                self.give(table, windowed, full);
            }
            if self.now.rows.len() == windowed.rows() {
                self.turn(table, windowed);
            }
        }
    }

    /// Ends a window that has all its rows.
    fn turn(&mut self, table: &TableName, windowed: &Windowed) {
        let now = std::mem::take(&mut self.now);
        self.now.number = now.number + 1;
        match self.full.take() {
            None => self.full = Some(now),
            Some(full) if full.values == 1 || now.values == 1 => self.give(table, windowed, vec![full, now]),
            Some(full) => {
                self.give(table, windowed, vec![full]);
                self.full = Some(now);
            }
        }
    }

    /// Ends the windows where the rows end.
    fn close(&mut self, table: &TableName, windowed: &Windowed) {
        let next = self.now.number + 1;
        let now = std::mem::replace(&mut self.now, Window::new(next));
        match self.full.take() {
            Some(full) if full.values == 1 || now.values == 1 => self.give(table, windowed, vec![full, now]),
            full => full.into_iter().chain([now]).for_each(|one| self.give(table, windowed, vec![one])),
        }
    }

    /// Lets the values of some windows change places.
    fn give(&self, table: &TableName, windowed: &Windowed, windows: Vec<Window>) {
        let mut bytes = Vec::new();
        let mut values: Vec<Range<usize>> = Vec::new();
        for window in &windows {
            let base = bytes.len();
            let moved = |range: &Range<usize>| range.start + base..range.end + base;
            values.extend(window.rows.iter().flatten().map(moved));
            bytes.extend_from_slice(&window.bytes);
        }
        let mut order: Vec<usize> = (0..values.len()).collect();
        let place = WindowPlace {
            schema: table.own_schema().unwrap_or_default(),
            table: &table.table,
            column: self.column.as_str(),
            case: self.case,
            number: windows.first().map_or(0, |window| window.number),
        };
        windowed.permute(&place, &mut order);
        // One value has nothing to change places with.
        let given = if order.len() > 1 { order } else { Vec::new() };
        let mut given = given.iter().map(|index| values.get(*index).cloned());
        let bytes = Arc::new(bytes);
        for Window { slot, rows, .. } in windows {
            let rows = rows.iter().map(|own| own.as_ref().and_then(|_| given.next().flatten())).collect();
            let _ = slot.0.set(Places { bytes: Arc::clone(&bytes), rows });
        }
    }
}

/// Adds the rows of a part to the windows that are open. Where rows are wrong it stops; who masks them says so.
fn gather(
    table: &TableName,
    (block, plan, codec): (&[u8], &MaskPlan, &dyn RowCodec),
    open: &mut [Open],
    scratch: &mut Scratch,
) -> (PartWindows, Result<()>) {
    let begin = |open: &Open| ColumnWindows {
        index: open.index,
        rows: plan.columns.get(open.index).and_then(|c| c.mask.windowed()).map_or(1, Windowed::rows),
        first: open.now.rows.len(),
        slots: Vec::new(),
    };
    let mut part = PartWindows(open.iter().map(begin).collect());
    scratch.fit_plan(plan);
    let (mut at, mut first) = (0, 0);
    let mut rows = || -> Result<()> {
        while at < block.len() {
            scratch.spans.clear();
            let stop = codec.split(block, at, CHUNK, &plan.wanted, &mut scratch.spans)?;
            let chunk = Chunk { block, plan, codec, first, stop };
            if stop <= at || scratch.spans.fields.len() != scratch.spans.rows.len() * plan.wanted.len() {
                return Err(Error::bug("a codec left fields out"));
            }
            chunk.decode(scratch)?;
            chunk.choose(scratch)?;
            for (open, part) in open.iter_mut().zip(&mut part.0) {
                open.take(table, &chunk, scratch, part);
            }
            first += u64::try_from(scratch.spans.rows.len()).unwrap_or(0);
            at = stop;
        }
        Ok(())
    };
    let outcome = rows();
    (part, outcome)
}

/// Returns the windows of a block that is all there is: what a preview shows.
pub(super) fn of_block(
    table: &TableName,
    plan: &MaskPlan,
    codec: &dyn RowCodec,
    block: &[u8],
) -> Option<Arc<PartWindows>> {
    let mut open = Open::all(table, plan, &HashMap::new());
    if open.is_empty() {
        return None;
    }
    let mut scratch = Scratch::default();
    scratch.all_rows = true;
    let (part, _) = gather(table, (block, plan, codec), &mut open, &mut scratch);
    close(table, plan, &mut open);
    Some(Arc::new(part))
}

fn close(table: &TableName, plan: &MaskPlan, open: &mut [Open]) {
    for open in open {
        let column = plan.columns.get(open.index);
        if let Some(windowed) = column.and_then(|column| column.mask.windowed()) {
            open.close(table, windowed);
        }
    }
}

/// The windows of the table whose rows are read, and the pieces that wait for them.
#[derive(Default)]
pub(super) struct Windows {
    table: Option<Arc<Bound>>,
    open: Vec<Open>,
    numbers: HashMap<Numbered, u64>,
    scratch: Scratch,
    held: VecDeque<(Work, Result<()>)>,
}

impl Windows {
    /// Says whether pieces wait.
    pub(super) fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Returns the first piece that waited, if its windows are complete.
    pub(super) fn next(&mut self) -> Option<(Work, Result<()>)> {
        let (work, _) = self.held.front()?;
        if work.windows.iter().all(|part| part.is_ready()) { self.held.pop_front() } else { None }
    }

    /// Lets a piece wait, if it must: then it is taken out of `work`.
    pub(super) fn hold(&mut self, work: &mut Work, outcome: Result<()>) -> Option<Result<()>> {
        if self.held.is_empty() && work.windows.iter().all(|part| part.is_ready()) {
            return Some(outcome);
        }
        self.held.push_back((std::mem::take(work), outcome));
        None
    }

    /// Gathers the windows of a piece.
    ///
    /// # Errors
    /// Rows that hold too much to wait for their windows.
    pub(super) fn gather(&mut self, work: &mut Work) -> Result<()> {
        let mut begun = work.begun.iter();
        let mut table = work.start.clone();
        for part in &work.piece.parts {
            match part {
                Part::Begin { .. } => {
                    self.close();
                    table = begun.next().cloned();
                }
                Part::End { .. } => self.close(),
                Part::Rows(range) | Part::Counted(range, _) => {
                    let Some(table) = &table else { continue };
                    let Some(plan) = windowed(table) else { continue };
                    let name = &table.plan.table;
                    if self.table.is_none() {
                        self.open = Open::all(name, plan, &self.numbers);
                        self.table = Some(Arc::clone(table));
                    }
                    let block = work.piece.buffer.bytes().get(range.clone()).unwrap_or_default();
                    let rows = (block, plan, table.codec.as_ref());
                    let (part, outcome) = gather(name, rows, &mut self.open, &mut self.scratch);
                    work.windows.push(Arc::new(part));
                    if let Some(open) = self.open.iter().find(|open| open.heavy) {
                        return Err(heavy(name, &open.column));
                    }
                    if outcome.is_err() {
                        // Who masks these rows says what is wrong: nothing comes behind them.
                        self.close();
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Ends the windows of the table whose rows were read.
    pub(super) fn close(&mut self) {
        let Some(table) = self.table.take() else { return };
        let Some(plan) = windowed(&table) else { return };
        close(&table.plan.table, plan, &mut self.open);
        for open in self.open.drain(..) {
            self.numbers.insert((table.plan.table.clone(), open.column, open.case), open.now.number);
        }
    }
}

fn heavy(table: &TableName, column: &Message) -> Error {
    let mebibytes = u64::try_from(MOST >> 20).unwrap_or(0);
    Error::input(message!("the rows of two windows of `shuffle` hold more than {} MiB", mebibytes))
        .hint("lower `window:` of the column")
        .at(|at| {
            at.table = Some(message!("{}", table));
            at.column = Some(column.clone());
        })
}
