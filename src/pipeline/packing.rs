//! A destination in which some stretches are packed on the way to another one: the streams of an archive. Threads pack
//! chunks of several streams at once, with what stands between the streams queued in order, so that many small tables
//! gain as one large one does. Where a chunk ends depends on the bytes alone: any number of threads makes the same.
//!
//! What is queued is bounded: who writes more waits. The last byte leaves when all is finished; given up or dropped
//! before, the output is cut, inside of a chunk or before one.

use std::collections::VecDeque;
use std::io::{self, Write};

use super::destination::Destination;
use super::packers::{Encoders, Job, Packers};
use crate::error::Error;
use crate::format::{Frame, Layout, Out, Packing, Sum};

/// How many bytes a thread may wait in the queue: several chunks of deflate, so that a slow one holds nobody up.
const QUEUED: usize = 3 << 20;

/// How many bytes a packed chunk has at most behind one length: who reads it allocates as many.
const PIECE: usize = 1 << 20;

/// How many bytes are written at once, where what comes is smaller.
const WRITE: usize = 64 << 10;

/// Packs stretches of what goes to another destination.
pub struct PackingDestination {
    exit: Exit,
    /// The stream that is packed now.
    stream: Option<Stream>,
    threads: usize,
    engine: Engine,
    queue: VecDeque<Item>,
    /// Bytes in the queue, unpacked, and how many are allowed.
    queued: usize,
    most: usize,
    failed: bool,
}

/// A stream whose bytes still come.
struct Stream {
    packing: Packing,
    frame: Frame,
    layout: Layout,
    /// The chunk that is filled.
    job: Job,
}

/// Who packs.
enum Engine {
    /// Nothing was packed yet.
    New,
    /// The calling thread, into this buffer. Then nothing is ever queued.
    Here(Encoders, Vec<u8>),
    /// Threads of their own.
    Threads(Packers),
}

/// What waits for its turn to leave.
enum Item {
    Bytes(Vec<u8>),
    Member(String),
    Mark(u64, fn(u64) -> [u8; 9]),
    /// The next chunk that the threads have packed; `weight` is what it has in the queue.
    Chunk {
        packing: Packing,
        frame: Frame,
        last: bool,
        weight: usize,
    },
}

impl Item {
    /// Returns the memory that it takes.
    fn weight(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Bytes(bytes) => bytes.capacity(),
                Self::Member(name) => name.capacity(),
                Self::Mark(..) => 0,
                Self::Chunk { weight, .. } => *weight,
            }
    }
}

impl PackingDestination {
    /// Wraps a destination. With more than one of `threads`, as many are started when something is packed.
    #[must_use]
    pub fn new(inner: Box<dyn Destination>, threads: usize) -> Self {
        Self {
            exit: Exit { inner, buffer: Vec::new(), at: 0, sum: Sum::default(), patches: Vec::new() },
            stream: None,
            threads,
            engine: Engine::New,
            queue: VecDeque::new(),
            queued: 0,
            most: threads.saturating_mul(QUEUED),
            failed: false,
        }
    }

    /// Does something, and nothing ever again once something has failed: what was lost would not be missed.
    fn attempt<T>(&mut self, act: impl FnOnce(&mut Self) -> io::Result<T>) -> io::Result<T> {
        if self.failed {
            return Err(Error::bug("an output that failed was written on").into());
        }
        let done = act(self);
        self.failed = done.is_err();
        done
    }

    /// Refuses what cannot stand inside of a packed stream.
    fn outside(&self) -> io::Result<()> {
        match self.stream {
            Some(_) => Err(Error::bug("a packed stream was not ended").into()),
            None => Ok(()),
        }
    }

    /// Puts something behind what waits.
    fn push(&mut self, item: Item) -> io::Result<()> {
        if let (Some(Item::Bytes(last)), Item::Bytes(more)) = (self.queue.back_mut(), &item)
            && last.len() + more.len() <= WRITE
        {
            let before = last.capacity();
            last.extend_from_slice(more);
            self.queued += last.capacity() - before;
        } else {
            self.queued = self.queued.saturating_add(item.weight());
            self.queue.push_back(item);
        }
        self.leave(false)
    }

    /// Lets leave what is packed, in order, and waits where too much is queued, or for `all`.
    fn leave(&mut self, all: bool) -> io::Result<()> {
        while let Some(item) = self.queue.front() {
            let weight = item.weight();
            if let Item::Chunk { packing, frame, last, .. } = item
                && let Engine::Threads(threads) = &mut self.engine
            {
                let Some(packed) = threads.next(all || self.queued > self.most) else { return Ok(()) };
                let (sum, mut out) = packed?;
                self.exit.chunk(*packing, *frame, *last, &sum, &mut out)?;
                threads.give_back(out);
            }
            match self.queue.pop_front() {
                Some(Item::Bytes(bytes)) => self.exit.send(&bytes)?,
                Some(Item::Member(name)) => self.exit.member(&name)?,
                Some(Item::Mark(slot, form)) => self.exit.mark(slot, form),
                Some(Item::Chunk { .. }) | None => {}
            }
            self.queued = self.queued.saturating_sub(weight);
        }
        Ok(())
    }

    /// Takes bytes, as many as the chunk has room for.
    fn take(&mut self, buf: &[u8]) -> io::Result<usize> {
        let Some(Stream { layout, job, .. }) = &mut self.stream else {
            if self.queue.is_empty() {
                self.exit.send(buf)?;
            } else if !buf.is_empty() {
                self.push(Item::Bytes(buf.to_vec()))?;
            }
            return Ok(buf.len());
        };
        let full = job.before + layout.chunk;
        let room = full.saturating_sub(job.buffer.len());
        job.buffer.reserve_exact(room.min(buf.len().max(WRITE)));
        let (now, _) = buf.split_at(buf.len().min(room));
        job.buffer.extend_from_slice(now);
        if job.buffer.len() >= full {
            self.end_chunk(false)?;
        }
        Ok(now.len())
    }

    /// Has the chunk packed.
    fn end_chunk(&mut self, last: bool) -> io::Result<()> {
        if matches!(self.engine, Engine::New) {
            self.engine = Packers::start(self.threads)
                .map_or_else(|| Engine::Here(Encoders::default(), Vec::new()), Engine::Threads);
        }
        let Some(Stream { packing, frame, layout, job }) = &mut self.stream else { return Ok(()) };
        let (packing, frame) = (*packing, *frame);
        job.last = last;
        let before = if last { 0 } else { job.buffer.len().min(layout.overlap) };
        match &mut self.engine {
            Engine::New => {}
            Engine::Here(encoders, out) => {
                let sum = encoders.encode(job, out)?;
                self.exit.chunk(packing, frame, last, &sum, out)?;
                job.buffer.drain(..job.buffer.len() - before);
                (job.before, job.first) = (before, false);
            }
            Engine::Threads(threads) => {
                let mut buffer = threads.spare();
                buffer.extend_from_slice(job.buffer.get(job.buffer.len() - before..).unwrap_or_default());
                let next = Job { packing, buffer, before, first: false, last: false };
                let job = std::mem::replace(job, next);
                let weight = job.buffer.capacity();
                threads.submit(job);
                self.push(Item::Chunk { packing, frame, last, weight })?;
            }
        }
        Ok(())
    }
}

impl Write for PackingDestination {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.attempt(|this| this.take(buf))
    }

    /// Does nothing: where a chunk ends depends on the bytes alone.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out for PackingDestination {
    fn member(&mut self, name: &str) -> io::Result<()> {
        self.attempt(|this| {
            this.outside()?;
            this.push(Item::Member(name.to_owned()))
        })
    }

    fn pack(&mut self, packing: Packing, frame: Frame) -> io::Result<()> {
        self.attempt(|this| {
            this.outside()?;
            let layout = packing.compression.layout(packing.level);
            if !layout.parallel {
                return Err(Error::bug("streams of an archive are packed in parallel").into());
            }
            // A chunk for each thread, however large they are.
            this.most = this.most.max(this.threads.saturating_mul(layout.chunk + layout.overlap));
            let buffer = match &this.engine {
                Engine::Threads(threads) => threads.spare(),
                _ => Vec::new(),
            };
            let job = Job { packing, buffer, before: 0, first: true, last: false };
            this.stream = Some(Stream { packing, frame, layout, job });
            Ok(())
        })
    }

    fn end_pack(&mut self) -> io::Result<()> {
        self.attempt(|this| {
            if this.stream.is_none() {
                return Err(Error::bug("no packed stream was begun").into());
            }
            this.end_chunk(true)?;
            this.stream = None;
            Ok(())
        })
    }

    fn mark(&mut self, slot: u64, form: fn(u64) -> [u8; 9]) -> io::Result<()> {
        self.attempt(|this| {
            this.outside()?;
            this.push(Item::Mark(slot, form))
        })
    }
}

impl Destination for PackingDestination {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.attempt(|this| {
            this.outside()?;
            this.leave(true)?;
            this.exit.patch()
        })?;
        self.exit.inner.finish()
    }

    /// Drops what is queued: nothing that was begun is ended.
    fn abandon(self: Box<Self>) -> io::Result<()> {
        self.exit.inner.abandon()
    }

    fn is_seen(&self) -> bool {
        self.exit.inner.is_seen()
    }
}

impl std::fmt::Debug for PackingDestination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PackingDestination")
    }
}

/// The way out: what comes here has its place.
struct Exit {
    inner: Box<dyn Destination>,
    /// What was not written yet.
    buffer: Vec<u8>,
    /// Where the next byte goes.
    at: u64,
    /// Of the stream whose chunks leave.
    sum: Sum,
    /// What is replaced when all is written, and where.
    patches: Vec<(u64, [u8; 9])>,
}

impl Exit {
    /// Sends bytes; the last one stays, so that no end is seen before it is one.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some((_, most)) = bytes.split_last() else { return Ok(()) };
        self.at += u64::try_from(bytes.len()).unwrap_or(0);
        if self.buffer.len() + bytes.len() <= WRITE {
            self.buffer.extend_from_slice(bytes);
            return Ok(());
        }
        self.write_out()?;
        if bytes.len() <= WRITE {
            self.buffer.extend_from_slice(bytes);
            return Ok(());
        }
        self.inner.write_all(most)?;
        self.buffer.extend(bytes.last());
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        self.inner.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn member(&mut self, name: &str) -> io::Result<()> {
        self.write_out()?;
        self.inner.member(name)
    }

    /// Sends a packed chunk, and what ends the stream behind the last one.
    fn chunk(
        &mut self,
        packing: Packing,
        frame: Frame,
        last: bool,
        sum: &Sum,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        self.sum.add(sum);
        if last {
            out.extend_from_slice(&packing.compression.tail(&std::mem::take(&mut self.sum)));
        }
        if frame == Frame::Bare {
            return self.send(out);
        }
        for piece in out.chunks(PIECE) {
            let len = u32::try_from(piece.len()).map_err(|_| io::ErrorKind::InvalidData)?;
            let [a, b, c, d] = len.to_le_bytes();
            self.send(&[0, a, b, c, d])?;
            self.send(piece)?;
        }
        Ok(())
    }

    fn mark(&mut self, slot: u64, form: fn(u64) -> [u8; 9]) {
        self.patches.push((slot, form(self.at)));
    }

    /// Writes all, and replaces what was marked, where that can be done.
    fn patch(&mut self) -> io::Result<()> {
        self.write_out()?;
        for (slot, bytes) in std::mem::take(&mut self.patches) {
            if slot.checked_add(9).is_none_or(|end| end > self.at) {
                return Err(Error::bug("a mark is to be set where nothing was written").into());
            }
            if !self.inner.patch(slot, &bytes)? {
                break;
            }
        }
        Ok(())
    }
}
