//! The threads that pack chunks: jobs go in and results come out in order. Whoever hands them in bounds what is in flight
//! and waits for the oldest. Dropped, they stop.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::error::Error;
use crate::format::{Chunk, Encoder, Packing, Sum};

/// A chunk to pack: `before` bytes that its encoder sees, then its own.
pub(super) struct Job {
    pub packing: Packing,
    pub buffer: Vec<u8>,
    pub before: usize,
    pub first: bool,
    pub last: bool,
}

impl Job {
    /// Returns it as its encoder takes it.
    pub(super) fn chunk(&self) -> Chunk<'_> {
        let (before, bytes) = self.buffer.split_at_checked(self.before).unwrap_or_default();
        Chunk { before, bytes, first: self.first, last: self.last }
    }
}

/// One thread's encoders, each made when it is needed first. Only for algorithms whose chunks can be packed apart.
#[derive(Default)]
pub(super) struct Encoders(Vec<(Packing, Box<dyn Encoder>)>);

impl Encoders {
    /// Packs a chunk; a panic of the encoder is an error.
    pub(super) fn encode(&mut self, job: &Job, out: &mut Vec<u8>) -> io::Result<Sum> {
        let same = |p: &Packing| {
            p.level == job.packing.level && p.compression.name() == job.packing.compression.name()
        };
        let (packing, mut encoder) = match self.0.iter().position(|(p, _)| same(p)) {
            Some(at) => self.0.swap_remove(at),
            None => (job.packing, job.packing.compression.encoder(job.packing.level)?),
        };
        out.clear();
        let packed = catch_unwind(AssertUnwindSafe(|| encoder.encode(&job.chunk(), out)))
            .unwrap_or_else(|_| Err(Error::bug("a compressor panicked").into()));
        if packed.is_ok() {
            self.0.push((packing, encoder));
        }
        packed
    }
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
    /// Buffers for chunks, and for what they become; few, since each may have grown to the largest chunk.
    chunks: Vec<Vec<u8>>,
    outs: Vec<Vec<u8>>,
    most: usize,
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a thread does until it is told to stop.
    fn work(&self) {
        let mut encoders = Encoders::default();
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
            let packed = encoders.encode(&job, &mut out);
            job.buffer.clear();
            state = self.lock();
            if state.chunks.len() < state.most {
                state.chunks.push(job.buffer);
            }
            state.done.insert(seq, packed.map(|sum| (sum, out)));
            self.done.notify_all();
        }
    }
}

impl Packers {
    /// Starts threads; `None` for fewer than two, or if the system gives none: the calling thread packs as well.
    pub(super) fn start(threads: usize) -> Option<Self> {
        if threads < 2 {
            return None;
        }
        let mut packers = Self { shared: Arc::default(), threads: Vec::new(), submitted: 0, taken: 0 };
        packers.shared.lock().most = threads.saturating_mul(4);
        for i in 0..threads {
            let shared = Arc::clone(&packers.shared);
            let named = std::thread::Builder::new().name(format!("standin-pack-{i}"));
            packers.threads.extend(named.spawn(move || shared.work()));
        }
        (!packers.threads.is_empty()).then_some(packers)
    }

    /// Returns an empty buffer for a chunk.
    pub(super) fn spare(&self) -> Vec<u8> {
        self.shared.lock().chunks.pop().unwrap_or_default()
    }

    /// Takes a buffer back that a result came in.
    pub(super) fn give_back(&self, out: Vec<u8>) {
        let mut state = self.shared.lock();
        if state.outs.len() < state.most {
            state.outs.push(out);
        }
    }

    /// Hands in the next chunk.
    pub(super) fn submit(&mut self, job: Job) {
        self.shared.lock().jobs.push_back((self.submitted, job));
        self.submitted += 1;
        self.shared.work.notify_one();
    }

    /// Says whether each thread has a job and one more waits.
    pub(super) fn is_full(&self) -> bool {
        usize::try_from(self.submitted - self.taken).unwrap_or(usize::MAX) > self.threads.len()
    }

    /// Takes the next result in order; waits for it, if asked to and there is one to come.
    pub(super) fn next(&mut self, wait: bool) -> Option<Packed> {
        let wait = wait && self.submitted > self.taken;
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
