//! The threads that pack chunks: jobs go in and results come out in order. What is in flight is bounded: whoever hands
//! in one job too many waits for the oldest. Dropped, they stop.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::error::Error;
use crate::format::{Chunk, Encoder, Packing, Sum};

/// A chunk to pack: `before` bytes that its encoder sees, then its own.
pub(super) struct Job {
    pub buffer: Vec<u8>,
    pub before: usize,
    pub first: bool,
    pub last: bool,
}

/// A packed chunk.
pub(super) type Packed = io::Result<(Sum, Vec<u8>)>;

/// The threads.
pub(super) struct Packers {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    submitted: u64,
    taken: u64,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    work: Condvar,
    done: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<(u64, Job)>,
    done: BTreeMap<u64, Packed>,
    /// Buffers for chunks, and for what they become.
    chunks: Vec<Vec<u8>>,
    outs: Vec<Vec<u8>>,
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a thread does until it is told to stop.
    fn work(&self, mut encoder: Box<dyn Encoder>) {
        let mut state = self.lock();
        loop {
            let (seq, mut job, mut out) = loop {
                if state.closed {
                    return;
                }
                if let Some((seq, job)) = state.jobs.pop_front() {
                    break (seq, job, state.outs.pop().unwrap_or_default());
                }
                state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
            };
            drop(state);
            out.clear();
            let (before, bytes) = job.buffer.split_at_checked(job.before).unwrap_or_default();
            let chunk = Chunk { before, bytes, first: job.first, last: job.last };
            let packed = catch_unwind(AssertUnwindSafe(|| encoder.encode(&chunk, &mut out)))
                .unwrap_or_else(|_| Err(Error::bug("a compressor panicked").into()));
            job.buffer.clear();
            state = self.lock();
            state.chunks.push(job.buffer);
            state.done.insert(seq, packed.map(|sum| (sum, out)));
            self.done.notify_all();
        }
    }
}

impl Packers {
    /// Starts threads; `None` for fewer than two, or if the system gives none: the calling thread packs as well.
    pub(super) fn start(packing: Packing, threads: usize) -> Option<Self> {
        if threads < 2 {
            return None;
        }
        let mut packers = Self { shared: Arc::default(), threads: Vec::new(), submitted: 0, taken: 0 };
        for i in 0..threads {
            let encoder = packing.compression.encoder(packing.level).ok();
            let shared = Arc::clone(&packers.shared);
            let thread = encoder.and_then(|encoder| {
                let named = std::thread::Builder::new().name(format!("standin-pack-{i}"));
                named.spawn(move || shared.work(encoder)).ok()
            });
            packers.threads.extend(thread);
        }
        (!packers.threads.is_empty()).then_some(packers)
    }

    /// Returns an empty buffer for a chunk.
    pub(super) fn spare(&self) -> Vec<u8> {
        self.shared.lock().chunks.pop().unwrap_or_default()
    }

    /// Takes a buffer back that a result came in.
    pub(super) fn give_back(&self, out: Vec<u8>) {
        self.shared.lock().outs.push(out);
    }

    /// Hands in the next chunk.
    pub(super) fn submit(&mut self, job: Job) {
        self.shared.lock().jobs.push_back((self.submitted, job));
        self.submitted += 1;
        self.shared.work.notify_one();
    }

    /// Takes the next result in order: waits for it if too much is in flight, or if `all` are wanted.
    pub(super) fn next(&mut self, all: bool) -> Option<Packed> {
        let flying = usize::try_from(self.submitted - self.taken).unwrap_or(usize::MAX);
        let wait = flying > 0 && (all || flying > self.threads.len());
        let mut state = self.shared.lock();
        loop {
            if let Some(packed) = state.done.remove(&self.taken) {
                self.taken += 1;
                return Some(packed);
            }
            if !wait {
                return None;
            }
            state = self.shared.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Packers {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        state.jobs.clear();
        drop(state);
        self.shared.work.notify_all();
        for thread in self.threads.drain(..) {
            // A panic was caught and told already.
            let _ = thread.join();
        }
    }
}
