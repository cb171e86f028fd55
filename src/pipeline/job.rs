//! One job: from a reader and a source to a destination, by N tasks that take turns.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::destination::Destination;
use super::front::{Front, Work};
use super::gate::{Gate, Stop};
use super::rows::Scratch;
use super::tally::Tally;
use super::work::{Done, process};
use crate::error::{Error, Message};
use crate::format::{PlainSink, Reader, Sink, Source};
use crate::profile::model::Problem;
use crate::profile::plan::{Plan, Unverified};
use crate::row::shape::Facts;

/// A piece above this is masked under the reader's lock, so that only one such is in memory at a time.
const LARGE: usize = 4 << 20;

/// What a job reads its input for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pass {
    /// Takes what lookups say, and writes nothing.
    Lookups,
    /// Takes the values that are shuffled and whose identifiers are whose, and writes nothing.
    Values,
    /// Masks and writes.
    #[default]
    Write,
}

/// What a job needs.
pub struct Job<'j> {
    /// The profile with its keys.
    pub plan: &'j Plan,
    /// Cuts the source.
    pub reader: Box<dyn Reader + 'j>,
    /// The bytes.
    pub source: Box<dyn Source + 'j>,
    /// How messages call the source.
    pub source_name: Message,
    /// Takes the result.
    pub destination: Box<dyn Destination>,
    /// The schema, where it is known before.
    pub known: Option<&'j Facts>,
    /// Whether `known` was told by this very input, so that all of it is judged already and nothing need be held back.
    pub judged: bool,
    /// Workers, at least 1.
    pub threads: usize,
    /// Wrap the stream in one transaction.
    pub guard: bool,
    /// What it is for.
    pub pass: Pass,
    /// Ends the job on a signal.
    pub stop: &'j Stop,
}

/// How a job ended.
#[derive(Debug)]
pub struct Report {
    /// What was counted.
    pub tally: Tally,
    /// Why it failed, if it did.
    pub error: Option<Error>,
    /// What of profile and schema did not fit.
    pub problems: Vec<Problem>,
    /// CHECKs that rows were not held to.
    pub unverified: Vec<Unverified>,
}

/// Runs a job to its end.
///
/// The destination holds the whole result exactly if `error` is `None`.
#[must_use]
pub fn run(job: Job<'_>) -> Report {
    let Job { plan, mut reader, source, source_name, destination, known, judged, threads, guard, pass, stop } =
        job;
    let guard = if guard { reader.guard() } else { None };
    if guard.is_some() {
        reader.guarded();
    }
    let opening = guard.map(|(first, _)| first);
    let sink: Box<dyn Sink> =
        if pass == Pass::Write { reader.sink() } else { Box::new(PlainSink::default()) };
    let gate = Gate::new(sink, destination, !judged, opening, source_name);
    let gate = Arc::new(if reader.has_lines() { gate } else { gate.without_lines() });
    stop.watch(&gate);
    let front = Front::new(reader, source, plan, known, judged);
    let front = Mutex::new(if pass == Pass::Write { front.with_windows() } else { front });
    if threads <= 1 {
        guarded(&front, &gate, pass);
    } else {
        match rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("standin-{i}"))
            .build()
        {
            Ok(pool) => drop(pool.broadcast(|_| guarded(&front, &gate, pass))),
            // Fewer threads than asked make the same bytes.
            Err(_) => guarded(&front, &gate, pass),
        }
    }
    let front = front.into_inner().unwrap_or_else(PoisonError::into_inner);
    if front.ended() {
        if let Some((_, last)) = guard {
            gate.send(last);
        }
        gate.finish();
    }
    let (mut tally, mut error) = gate.close();
    tally.bytes_read = front.bytes();
    if error.is_none() && !front.ended() {
        error = Some(Error::bug("the job stopped before the end of its input"));
    }
    Report { tally, error, problems: front.problems, unverified: front.unverified }
}

/// One worker. Should it panic outside of what it guards itself, the others must not wait for its turn for ever.
fn guarded(front: &Mutex<Front<'_>>, gate: &Gate, pass: Pass) {
    if catch_unwind(AssertUnwindSafe(|| work(front, gate, pass))).is_err() {
        gate.abort(Error::bug("a worker panicked"));
    }
}

/// One worker: takes a piece, masks it, waits for its turn, until there is no more.
fn work(front: &Mutex<Front<'_>>, gate: &Gate, pass: Pass) {
    let (mut piece, mut done) = (Work::default(), Done::default());
    let mut scratch = Scratch::of(pass);
    while !gate.is_stopped() {
        let mut turn = front.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = match catch_unwind(AssertUnwindSafe(|| turn.take(&mut piece))) {
            Ok(None) => return,
            Ok(Some(taken)) => taken,
            // Nobody would take what is held back, and the turn of this piece would not come.
            Err(_) if turn.holds() => return gate.abort(Error::bug("the reader panicked")),
            Err(_) => Err(Error::bug("the reader panicked")),
        };
        // A large piece keeps the others from reading another one meanwhile.
        let turn: Option<MutexGuard<'_, Front<'_>>> = (piece.piece.buffer.len() > LARGE).then_some(turn);
        let result = taken.and_then(|()| {
            catch_unwind(AssertUnwindSafe(|| process(&piece, &mut done, &mut scratch)))
                .unwrap_or_else(|_| Err(Error::bug("a worker panicked")))
        });
        match result {
            Ok(()) => {
                let bytes = if done.same { piece.piece.buffer.bytes() } else { &done.out };
                if !gate.put(&piece, &done, bytes) {
                    return;
                }
            }
            Err(error) => {
                gate.fail(&piece, error, done.fresh);
                return;
            }
        }
        if turn.is_some() {
            // Given back before another may read: else each worker would keep the buffers of one long row.
            (piece.piece, done) = Default::default();
            scratch = Scratch::of(pass);
        }
        drop(turn);
    }
}
