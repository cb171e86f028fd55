//! Makes tables and writes them: threads make blocks of rows, one writes them in order. The same bytes for any number of
//! threads, and for any division into ranges.
//!
//! A failure or a signal ends the output so that a reader of it fails too. Holds a few blocks a thread, whatever the size.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::maker::Maker;
use super::model::{Model, needed_first};
use crate::error::{Error, ErrorKind, Result};
use crate::format::emit::{Emit, RowWriter, Script, TableSink};
use crate::pipeline::{Destination, Stop};
use crate::row::shape::TableName;

/// Rows that are made at once.
const BLOCK: u64 = 1024;

/// What is written.
pub struct Run<'a> {
    /// The tables.
    pub model: &'a Model,
    /// The format.
    pub emit: &'a dyn Emit,
    /// What stands around the rows.
    pub script: &'a Script,
    /// The only table, and the only rows of it; then nothing stands around them.
    pub only: Option<(usize, Option<std::ops::Range<u64>>)>,
    /// Threads; 1 = none but the caller's.
    pub threads: usize,
    /// Signals.
    pub stop: &'a Stop,
    /// Counts the rows that were written.
    pub written: &'a Arc<AtomicU64>,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows by table, in the order written.
    pub rows: Vec<(usize, u64)>,
    /// Rows that were drawn again, by table.
    pub again: BTreeMap<usize, u64>,
    /// Bytes.
    pub bytes: u64,
}

/// A block of rows of one table.
#[derive(Clone, Copy, Debug)]
struct Task {
    table: usize,
    from: u64,
    to: u64,
    first: bool,
    last: bool,
}

struct Output {
    destination: Box<dyn Destination>,
    /// Puts rows where an archive has them; statements and counters are there already.
    archive: Option<Box<dyn TableSink>>,
    bytes: u64,
    ends_line: bool,
}

impl Output {
    /// Writes what stands around rows; an archive has it elsewhere.
    fn around(&mut self, bytes: &[u8]) -> Result<()> {
        if self.archive.is_some() { Ok(()) } else { self.write(bytes) }
    }

    fn begin(&mut self, table: usize) -> Result<()> {
        let Self { archive: Some(archive), destination, .. } = self else { return Ok(()) };
        archive.begin(table, destination.as_mut()).map_err(|e| Error::io("write the output", &e))
    }

    fn end(&mut self) -> Result<()> {
        let Self { archive: Some(archive), destination, .. } = self else { return Ok(()) };
        archive.end(destination.as_mut()).map_err(|e| Error::io("write the output", &e))
    }

    fn finish(mut self) -> Result<()> {
        let io = |e: std::io::Error| Error::io("finish the output", &e);
        if let Some(mut archive) = self.archive.take() {
            archive.finish(self.destination.as_mut()).map_err(io)?;
        }
        self.destination.finish().map_err(io)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(last) = bytes.last() else { return Ok(()) };
        let written = match &mut self.archive {
            Some(archive) => archive.rows(bytes, self.destination.as_mut()),
            None => self.destination.write_all(bytes),
        };
        written.map_err(|e| Error::io("write the output", &e))?;
        self.bytes += u64::try_from(bytes.len()).unwrap_or(0);
        self.ends_line = *last == b'\n';
        Ok(())
    }

    /// Ends an output that failed.
    fn poison(mut self, poison: &[u8]) {
        // What is held back of an archive shows that it was cut.
        if self.archive.is_some() {
            let _ = self.destination.abandon();
            return;
        }
        if self.bytes > 0 && self.destination.is_seen() {
            // The run has failed already.
            let _ = self.destination.write_all(if self.ends_line { b"" } else { b"\n" });
            let _ = self.destination.write_all(poison);
            let _ = self.destination.flush();
            let _ = self.destination.abandon();
        }
    }
}

/// Writes everything.
///
/// # Errors
/// A value that the format cannot hold, a CHECK that no draw satisfies; the system's; a signal.
pub fn run(run: &Run<'_>, destination: Box<dyn Destination>) -> Result<Report> {
    run_into(run, Output { destination, archive: None, bytes: 0, ends_line: true })
}

/// Writes the rows of all tables into an archive, which has all else.
///
/// # Errors
/// As `run`.
pub fn archive(
    run: &Run<'_>,
    archive: Box<dyn TableSink>,
    destination: Box<dyn Destination>,
) -> Result<Report> {
    run_into(run, Output { destination, archive: Some(archive), bytes: 0, ends_line: true })
}

fn run_into(run: &Run<'_>, mut output: Output) -> Result<Report> {
    let mut report = Report::default();
    let mut inside = None;
    match run.all(&mut output, &mut report, &mut inside) {
        Ok(()) => {
            report.bytes = output.bytes;
            output.finish()?;
            Ok(report)
        }
        Err(error) => {
            let shape = inside.and_then(|at| run.model.tables.get(at)).map(|table| table.shape.as_ref());
            if !matches!(error.kind(), ErrorKind::Io) {
                output.poison(&run.emit.poison(run.script, shape));
            }
            Err(error)
        }
    }
}

impl Run<'_> {
    /// Returns how many rows it writes.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let rows = |at: usize| self.model.tables.get(at).map_or(0, |table| table.rows);
        match &self.only {
            None => (0..self.model.tables.len()).map(rows).fold(0, u64::saturating_add),
            Some((at, None)) => rows(*at),
            Some((at, Some(range))) => range.end.min(rows(*at)).saturating_sub(range.start),
        }
    }

    fn all(&self, output: &mut Output, report: &mut Report, inside: &mut Option<usize>) -> Result<()> {
        let tables = match &self.only {
            Some((table, _)) => vec![*table],
            None if self.script.ordered => parents_first(self.model),
            None => (0..self.model.tables.len()).collect(),
        };
        let later =
            if self.only.is_none() && self.script.ordered { later(self.model, &tables) } else { vec![] };
        let (before, after) = self.emit.ring(self.script, &later);
        if self.only.is_none() {
            output.around(&self.script.before)?;
            output.around(&before)?;
        }
        for at in &tables {
            let Some(table) = self.model.tables.get(*at) else { continue };
            let range = self.only.as_ref().and_then(|(_, range)| range.clone()).unwrap_or(0..table.rows);
            let range = range.start.min(table.rows)..range.end.min(table.rows);
            let is_file = self.emit.extension().is_some();
            if range.is_empty() && !is_file {
                continue;
            }
            let mut text = Vec::new();
            // Files of all ranges, one behind the other, are the file of the table.
            if !is_file || range.start == 0 {
                self.emit.begin(&table.shape, &mut text)?;
            }
            output.around(&text)?;
            output.begin(*at)?;
            *inside = Some(*at);
            self.table(*at, range.clone(), output, report)?;
            *inside = None;
            text.clear();
            self.emit.end(&table.shape, &mut text);
            output.around(&text)?;
            output.end()?;
            report.rows.push((*at, range.end - range.start));
        }
        if self.only.is_none() {
            output.around(&after)?;
            self.count_on(&tables, output)?;
            output.around(&self.script.after)?;
        }
        Ok(())
    }

    /// Lets counters go on behind the rows.
    fn count_on(&self, tables: &[usize], output: &mut Output) -> Result<()> {
        let mut text = Vec::new();
        for table in tables.iter().filter_map(|at| self.model.tables.get(*at)) {
            for (at, last) in table.counters() {
                self.emit.count_on(&table.shape, at, last, &mut text);
            }
        }
        output.around(&text)
    }

    fn table(
        &self,
        at: usize,
        range: std::ops::Range<u64>,
        output: &mut Output,
        report: &mut Report,
    ) -> Result<()> {
        let table = self.model.tables.get(at).ok_or_else(|| Error::bug("a table out of place"))?;
        let writer = self.emit.rows(&table.shape)?;
        // Blocks end at whole thousands, wherever a range begins.
        let blocks = range.start / BLOCK..range.end.div_ceil(BLOCK);
        let task = |block: u64| Task {
            table: at,
            from: (block * BLOCK).max(range.start),
            to: ((block + 1) * BLOCK).min(range.end),
            first: block == blocks.start,
            last: block + 1 == blocks.end,
        };
        let again = AtomicU64::new(0);
        let many = blocks.end - blocks.start > 1;
        if self.threads <= 1 || !many {
            let mut maker = Maker::new(self.model, at)?;
            let mut bytes = Vec::new();
            for block in blocks.clone() {
                self.signal()?;
                bytes.clear();
                make(&mut maker, writer.as_ref(), task(block), &mut bytes)?;
                self.put(output, &bytes, task(block))?;
            }
            again.fetch_add(maker.again, Ordering::Relaxed);
        } else {
            self.threaded(blocks.clone(), &task, writer.as_ref(), output, &again)?;
        }
        let again = again.into_inner();
        if again > 0 {
            report.again.insert(at, again);
        }
        Ok(())
    }

    fn signal(&self) -> Result<()> {
        match self.stop.raised() {
            Some(signal) => Err(Error::new(ErrorKind::Interrupted { signal }, "stopped by a signal")),
            None => Ok(()),
        }
    }

    fn put(&self, output: &mut Output, bytes: &[u8], task: Task) -> Result<()> {
        output.write(bytes)?;
        self.written.fetch_add(task.to - task.from, Ordering::Relaxed);
        Ok(())
    }

    /// Makes blocks on several threads; this one writes.
    fn threaded(
        &self,
        blocks: std::ops::Range<u64>,
        task: &(dyn Fn(u64) -> Task + Sync),
        writer: &dyn RowWriter,
        output: &mut Output,
        again: &AtomicU64,
    ) -> Result<()> {
        let window = u64::try_from(self.threads).unwrap_or(1) * 4;
        let belt = Belt::new(blocks.start);
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    let made = self.worker(&belt, blocks.end, window, task, writer, again);
                    if let Err(error) = made {
                        belt.fail(error);
                    }
                });
            }
            let mut write = || {
                for block in blocks.clone() {
                    self.signal()?;
                    let bytes = belt.take(block)?;
                    self.put(output, &bytes, task(block))?;
                    belt.give_back(bytes);
                }
                Ok(())
            };
            let written = write();
            belt.end();
            written
        })
    }

    fn worker(
        &self,
        belt: &Belt,
        end: u64,
        window: u64,
        task: &(dyn Fn(u64) -> Task + Sync),
        writer: &dyn RowWriter,
        again: &AtomicU64,
    ) -> Result<()> {
        let mut maker: Option<Maker<'_>> = None;
        while let Some((block, mut bytes)) = belt.next(end, window) {
            let task = task(block);
            let maker = match &mut maker {
                Some(maker) => maker,
                none => none.insert(Maker::new(self.model, task.table)?),
            };
            make(maker, writer, task, &mut bytes)?;
            belt.put(block, bytes);
        }
        again.fetch_add(maker.map_or(0, |maker| maker.again), Ordering::Relaxed);
        Ok(())
    }
}

/// Makes a block.
fn make(maker: &mut Maker<'_>, writer: &dyn RowWriter, task: Task, out: &mut Vec<u8>) -> Result<()> {
    for row in task.from..task.to {
        let fields = maker.row(row)?;
        let (first, last) = (task.first && row == task.from, task.last && row + 1 == task.to);
        writer.write(fields, row, first, last, out)?;
    }
    Ok(())
}

/// Blocks on their way from the makers to the writer, in order, a bounded number of them.
struct Belt {
    state: Mutex<State>,
    turn: Condvar,
    ended: AtomicBool,
}

struct State {
    /// The next block to make, and the next to write.
    next: u64,
    wanted: u64,
    ready: BTreeMap<u64, Vec<u8>>,
    spare: Vec<Vec<u8>>,
    error: Option<Error>,
}

impl Belt {
    fn new(first: u64) -> Self {
        let state =
            State { next: first, wanted: first, ready: BTreeMap::new(), spare: Vec::new(), error: None };
        Self { state: Mutex::new(state), turn: Condvar::new(), ended: AtomicBool::new(false) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next block to make, with a buffer; waits while too many are ahead. `None`: there is none.
    fn next(&self, end: u64, window: u64) -> Option<(u64, Vec<u8>)> {
        let mut state = self.lock();
        loop {
            if self.ended.load(Ordering::Relaxed) || state.next >= end {
                return None;
            }
            if state.next < state.wanted.saturating_add(window) {
                let block = state.next;
                state.next += 1;
                let mut bytes = state.spare.pop().unwrap_or_default();
                bytes.clear();
                return Some((block, bytes));
            }
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn put(&self, block: u64, bytes: Vec<u8>) {
        self.lock().ready.insert(block, bytes);
        self.turn.notify_all();
    }

    /// Waits for a block.
    fn take(&self, block: u64) -> Result<Vec<u8>> {
        let mut state = self.lock();
        loop {
            if let Some(bytes) = state.ready.remove(&block) {
                state.wanted = block + 1;
                drop(state);
                self.turn.notify_all();
                return Ok(bytes);
            }
            if let Some(error) = state.error.take() {
                return Err(error);
            }
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, bytes: Vec<u8>) {
        self.lock().spare.push(bytes);
    }

    fn fail(&self, error: Error) {
        self.lock().error.get_or_insert(error);
        self.turn.notify_all();
    }

    fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        // Whoever waits has the lock or gets it after this.
        drop(self.lock());
        self.turn.notify_all();
    }
}

/// Returns the tables so that each comes behind those it points to, as far as there is no ring.
#[must_use]
pub fn parents_first(model: &Model) -> Vec<usize> {
    needed_first(model.tables.len(), |at, left| targets(model, at).any(|target| left.contains(&target)))
}

/// Returns the tables that a table points to, itself left out.
fn targets(model: &Model, at: usize) -> impl Iterator<Item = usize> + '_ {
    let links = model.tables.get(at).map(|table| table.links.as_slice()).unwrap_or_default();
    links.iter().map(|link| link.target).filter(move |target| *target != at)
}

/// Returns the keys that lead to rows that come later: from which table to which.
fn later<'m>(model: &'m Model, order: &[usize]) -> Vec<(&'m TableName, &'m TableName)> {
    let mut found = Vec::new();
    for (place, at) in order.iter().enumerate() {
        let rest = order.get(place..).unwrap_or_default();
        let mut targets: Vec<usize> = targets(model, *at).filter(|target| rest.contains(target)).collect();
        targets.sort_unstable();
        targets.dedup();
        let name = |at: usize| model.tables.get(at).map(|table| &table.name);
        found.extend(targets.into_iter().filter_map(|to| Some((name(*at)?, name(to)?))));
    }
    found
}
