//! The gate: results pass it one by one, in the order of the input, to Sink and Destination. The only place that
//! writes. Knows for every moment what poison the stream needs, so a failure or a signal can end it at once.

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::destination::Destination;
use super::front::Work;
use super::tally::{ColumnTally, TableTally, Tally};
use super::work::{Change, Done};
use crate::error::{Error, ErrorKind, Message, Result};
use crate::format::{Frame, Out, Packing, Sink};
use crate::message;
use crate::profile::plan::{Action, TablePlan};

/// How much output is held back until the schema is known to be covered.
const HOLD_BACK: usize = 8 << 20;

/// Puts results in order and writes them.
pub struct Gate {
    state: Mutex<State>,
    turn: Condvar,
    stopped: AtomicBool,
}

struct State {
    next: u64,
    sink: Box<dyn Sink>,
    destination: Option<Box<dyn Destination>>,
    /// Output that must not be seen yet; `None` once it may.
    held: Option<Vec<Held>>,
    /// What `--guard` writes before anything else, with the first piece, whose poison can end it.
    opening: Option<&'static [u8]>,
    poison: Option<Arc<[u8]>>,
    /// Whether a write failed: then nobody is there for the poison.
    broken: bool,
    last_byte: u8,
    error: Option<Error>,
    tally: Tally,
    lines: u64,
    /// Which table of the tally the rows belong to.
    table: usize,
    /// Where in the tally the tables of a name stand.
    named: HashMap<Message, Vec<usize>>,
    source: Message,
    /// Whether places are told by lines.
    has_lines: bool,
}

/// Output that is held back.
enum Held {
    Bytes(Vec<u8>),
    Member(String),
    Pack(Packing, Frame),
    EndPack,
    Mark(u64, fn(u64) -> [u8; 9]),
}

/// Counts and remembers what goes to the destination.
struct Tap<'s> {
    state: &'s mut State,
}

impl Write for Tap<'_> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        self.write_all(buf).map(|()| buf.len())
    }

    fn write_all(&mut self, buf: &[u8]) -> std::io::Result<()> {
        let Some(last) = buf.last() else { return Ok(()) };
        if let Some(held) = &mut self.state.held {
            match held.last_mut() {
                Some(Held::Bytes(bytes)) => bytes.extend_from_slice(buf),
                _ => held.push(Held::Bytes(buf.to_vec())),
            }
            return Ok(());
        }
        if let Some(destination) = &mut self.state.destination {
            let written = destination.write_all(buf);
            self.state.broken |= written.is_err();
            written?;
        }
        self.state.last_byte = *last;
        self.state.tally.bytes_written += u64::try_from(buf.len()).unwrap_or(0);
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Tap<'_> {
    /// Holds something back, or has it done.
    fn tell(&mut self, what: Held) -> std::io::Result<()> {
        if let Some(held) = &mut self.state.held {
            held.push(what);
            return Ok(());
        }
        let Some(destination) = &mut self.state.destination else { return Ok(()) };
        let told = match what {
            Held::Bytes(bytes) => return self.write_all(&bytes),
            Held::Member(name) => destination.member(&name),
            Held::Pack(packing, frame) => destination.pack(packing, frame),
            Held::EndPack => destination.end_pack(),
            Held::Mark(slot, form) => destination.mark(slot, form),
        };
        self.state.broken |= told.is_err();
        told
    }
}

impl Out for Tap<'_> {
    fn member(&mut self, name: &str) -> std::io::Result<()> {
        self.tell(Held::Member(name.to_owned()))
    }

    fn pack(&mut self, packing: Packing, frame: Frame) -> std::io::Result<()> {
        self.tell(Held::Pack(packing, frame))
    }

    fn end_pack(&mut self) -> std::io::Result<()> {
        self.tell(Held::EndPack)
    }

    fn mark(&mut self, slot: u64, form: fn(u64) -> [u8; 9]) -> std::io::Result<()> {
        self.tell(Held::Mark(slot, form))
    }
}

impl State {
    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Tap { state: self }.write_all(bytes).map_err(|e| Error::io("write the output", &e))
    }

    fn release(&mut self) -> Result<()> {
        for what in self.held.take().into_iter().flatten() {
            Tap { state: self }.tell(what).map_err(|e| Error::io("write the output", &e))?;
        }
        Ok(())
    }

    /// Returns how many bytes are held back.
    fn holds(&self) -> usize {
        let len = |what: &Held| if let Held::Bytes(bytes) = what { bytes.len() } else { 0 };
        self.held.iter().flatten().map(len).sum()
    }

    /// Lets the Sink do something.
    fn with_sink(
        &mut self,
        act: impl FnOnce(&mut dyn Sink, &mut dyn Out) -> std::io::Result<()>,
    ) -> Result<()> {
        let mut sink = std::mem::replace(&mut self.sink, Box::new(crate::format::PlainSink::default()));
        let done = act(sink.as_mut(), &mut Tap { state: self });
        self.sink = sink;
        done.map_err(|e| Error::io("write the output", &e))
    }

    /// Ends the output: poison where somebody saw the beginning, and nothing under a final name.
    fn fail(&mut self, error: Error) {
        let began = self.tally.bytes_written > 0 && self.held.is_none();
        if let Some(mut destination) = self.destination.take()
            && began
            && destination.is_seen()
            && !self.broken
            // An archive ends where it stands, inside of a block.
            && let Some(poison) = &self.poison
        {
            let line = if self.last_byte == b'\n' { "" } else { "\n" };
            // Whether this succeeds changes nothing: the run has failed.
            let _ = destination.write_all(line.as_bytes());
            let _ = destination.write_all(poison);
            let _ = destination.flush();
            let _ = destination.abandon();
        }
        self.held = None;
        self.error = Some(error);
    }

    /// Adds what came before to a place that is relative to its piece and part.
    fn locate(&self, error: Error, fresh: bool) -> Error {
        let rows = if fresh { 0 } else { self.tally.tables.get(self.table).map_or(0, |t| t.rows) };
        error.at(|at| {
            at.source.get_or_insert_with(|| self.source.clone());
            at.line = at.line.map(|n| n + self.lines).filter(|_| self.has_lines);
            at.row = at.row.map(|n| n + rows);
        })
    }

    /// Begins to count a table, or goes on with it: a partitioned table loaded through its root comes in many blocks.
    fn begin(&mut self, plan: &TablePlan) {
        let name = message!("{}", plan.table);
        let columns = masked_columns(plan);
        let tables = &mut self.tally.tables;
        let same = |old: &TableTally| {
            old.columns.iter().map(|c| (&c.0, c.1)).eq(columns.iter().map(|c| (&c.0, c.1)))
        };
        // Looked up by name: there may be very many tables.
        let named = self.named.entry(name.clone()).or_default();
        let known = named.iter().copied().find(|index| tables.get(*index).is_some_and(same));
        self.table = known.unwrap_or(tables.len());
        if known.is_none() {
            named.push(tables.len());
            tables.push(TableTally {
                table: name,
                rows: 0,
                rows_written: 0,
                inserted: 0,
                stored: false,
                columns,
            });
        }
    }

    fn admit(&mut self, done: &Done, bytes: &[u8]) -> Result<()> {
        for change in &done.changes {
            match change {
                Change::Begin(bound) => self.begin(&bound.plan),
                Change::Inserted(rows) => {
                    if let Some(table) = self.tally.tables.get_mut(self.table) {
                        table.inserted += rows;
                    }
                }
                Change::Stored => {
                    if let Some(table) = self.tally.tables.get_mut(self.table) {
                        table.stored = true;
                    }
                }
                Change::Object { class, kept: true } => self.tally.kept.count(*class),
                Change::Object { class, kept: false } => self.tally.omitted.count(*class),
                Change::Rows { read, written, limit, columns } => {
                    let Some(table) = self.tally.tables.get_mut(self.table) else {
                        return Err(Error::bug("rows before their table"));
                    };
                    table.rows += read;
                    table.rows_written += written;
                    for ((_, _, total), more) in table.columns.iter_mut().zip(columns) {
                        total.add(more);
                    }
                    if limit.is_some_and(|limit| table.rows > limit) {
                        let table = table.table.clone();
                        return Err(Error::input(message!(
                            "more than {} rows: unique stand-ins could collide",
                            limit.unwrap_or(0)
                        ))
                        .hint("raise `max:` of the unique attribute, so that it carries more of the digest")
                        .at(|at| at.table = Some(table)));
                    }
                }
            }
        }
        self.lines += done.lines;
        self.with_sink(|sink, to| sink.put(bytes, &done.parts, to))
    }
}

/// Lists the masked columns of a table: label, technique, no counts yet.
fn masked_columns(plan: &TablePlan) -> Vec<(Message, &'static str, ColumnTally)> {
    let Action::Mask(mask) = &plan.action else { return Vec::new() };
    mask.columns.iter().map(|c| (c.label.clone(), c.technique, ColumnTally::default())).collect()
}

impl Gate {
    /// Makes a gate. `hold` keeps output back until a piece releases it; `opening` goes before the first piece.
    pub(super) fn new(
        sink: Box<dyn Sink>,
        destination: Box<dyn Destination>,
        hold: bool,
        opening: Option<&'static [u8]>,
        source: Message,
    ) -> Self {
        let state = State {
            next: 0,
            sink,
            destination: Some(destination),
            held: hold.then(Vec::new),
            opening,
            poison: None,
            broken: false,
            last_byte: b'\n',
            error: None,
            tally: Tally::default(),
            lines: 0,
            table: 0,
            named: HashMap::new(),
            source,
            has_lines: true,
        };
        Self { state: Mutex::new(state), turn: Condvar::new(), stopped: AtomicBool::new(false) }
    }

    /// Leaves lines out of the places of errors.
    pub(super) fn without_lines(self) -> Self {
        self.lock().has_lines = false;
        self
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether the run is over, so that workers stop early.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn wait(&self, seq: u64) -> Option<MutexGuard<'_, State>> {
        let mut state = self.lock();
        while state.next != seq && state.error.is_none() {
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.error.is_none().then_some(state)
    }

    fn end_turn(&self, mut state: MutexGuard<'_, State>, outcome: Result<()>) -> bool {
        state.next += 1;
        let go_on = outcome.is_ok();
        if let Err(error) = outcome {
            state.fail(error);
            self.stopped.store(true, Ordering::Relaxed);
        }
        drop(state);
        self.turn.notify_all();
        go_on
    }

    /// Writes the result of piece `seq` when its turn has come. `false` if the run is over.
    pub(super) fn put(&self, work: &Work, done: &Done, bytes: &[u8]) -> bool {
        let Some(mut state) = self.wait(work.seq) else { return false };
        state.poison.clone_from(&work.piece.poison);
        let mut outcome = match state.opening.take() {
            Some(opening) => state.send(opening),
            None => Ok(()),
        };
        outcome = outcome.and_then(|()| state.admit(done, bytes));
        if outcome.is_ok() {
            state.poison.clone_from(&work.piece.poison_after);
        }
        if outcome.is_ok() && work.release {
            outcome = state.release();
        } else if state.holds() > HOLD_BACK {
            outcome = outcome.and(Err(Error::input(message!(
                "no table with rows among the first {} MiB of the dump: nothing was sent",
                HOLD_BACK >> 20
            ))
            .hint("write the dump to a file and mask the file")));
        }
        self.end_turn(state, outcome)
    }

    /// Ends the run with the failure of piece `seq` when its turn has come: an earlier failure goes first.
    pub(super) fn fail(&self, work: &Work, error: Error, fresh: bool) {
        if let Some(mut state) = self.wait(work.seq) {
            state.poison.clone_from(&work.piece.poison);
            let error = state.locate(error, fresh);
            self.end_turn(state, Err(error));
        }
    }

    /// Sends bytes past the order: what `--guard` puts last.
    pub(super) fn send(&self, bytes: &[u8]) {
        let mut state = self.lock();
        if state.error.is_none()
            && let Err(error) = state.send(bytes)
        {
            state.fail(error);
        }
    }

    /// Makes the output final after all pieces have passed.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        if state.error.is_some() {
            return;
        }
        let last = state.release().and_then(|()| state.with_sink(|sink, to| sink.finish(to)));
        if let Err(error) = last {
            state.fail(error);
        } else if let Some(destination) = state.destination.take()
            && let Err(e) = destination.finish()
        {
            state.fail(Error::io("finish the output", &e));
        }
    }

    /// Returns what was counted and how it ended.
    pub(super) fn close(&self) -> (Tally, Option<Error>) {
        let mut state = self.lock();
        (std::mem::take(&mut state.tally), state.error.clone())
    }

    /// Ends the run at once, where it stands, whosever turn it is.
    pub(super) fn abort(&self, error: Error) {
        let mut state = self.lock();
        if state.error.is_none() {
            state.fail(error);
        }
        self.stopped.store(true, Ordering::Relaxed);
        drop(state);
        self.turn.notify_all();
    }

    fn interrupt(&self, signal: i32) {
        let mut state = self.lock();
        if state.error.is_none() && state.destination.is_some() {
            let error =
                Error::new(ErrorKind::Interrupted { signal }, message!("stopped by signal {}", signal));
            let error = error.at(|at| at.source = Some(state.source.clone()));
            state.fail(error);
        }
        self.stopped.store(true, Ordering::Relaxed);
        drop(state);
        self.turn.notify_all();
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gate")
    }
}

/// Lets a signal end the job that is running, from any thread.
#[derive(Debug, Default)]
pub struct Stop {
    signal: AtomicI32,
    gate: Mutex<Option<Arc<Gate>>>,
}

impl Stop {
    /// Ends the running job: poison where output was seen, temporary files gone. Returns when that is done.
    pub fn raise(&self, signal: i32) {
        self.signal.store(signal, Ordering::SeqCst);
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(gate) = gate {
            gate.interrupt(signal);
        }
    }

    /// Returns the signal that was raised, if any.
    #[must_use]
    pub fn raised(&self) -> Option<i32> {
        Some(self.signal.load(Ordering::SeqCst)).filter(|s| *s != 0)
    }

    pub(super) fn watch(&self, gate: &Arc<Gate>) {
        *self.gate.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(gate));
        if let Some(signal) = self.raised() {
            gate.interrupt(signal);
        }
    }
}
