//! A destination that compresses what goes to another one. The output is cut into chunks of a fixed size; where the
//! algorithm allows, threads pack several at once, and they leave in order: any number of threads makes the same bytes.
//!
//! On failure the poison goes through the compressor like anything else, and the stream is closed, so that whoever
//! decompresses it comes to the poison. A killed run leaves a stream that decompressors refuse: the last bytes of a
//! chunk are held back until they can leave with the first ones of the next, so no cut looks like an end.

use std::io::{self, Write};

use super::destination::Destination;
use super::packers::{Job, Packers};
use crate::format::{Chunk, Encoder, Layout, Out, Packing, Sum};

/// How many bytes are held back, and with how many of the next chunk they leave: less than a pipe takes at once.
const HELD: usize = 8;
const SEAM: usize = 1 << 10;

/// Compresses on the way to another destination.
pub struct CompressingDestination {
    inner: Box<dyn Destination>,
    packing: Packing,
    layout: Layout,
    /// The end of the last chunk as the encoder wants to see it (`before` bytes), then the chunk that is filled.
    buffer: Vec<u8>,
    before: usize,
    first: bool,
    threads: usize,
    engine: Engine,
    sum: Sum,
    held: Vec<u8>,
}

/// Who packs.
enum Engine {
    /// Nothing was packed yet.
    New,
    /// The calling thread.
    Here(Box<dyn Encoder>, Vec<u8>),
    /// Threads of their own.
    Threads(Packers),
}

impl CompressingDestination {
    /// Wraps a destination. With more than one of `threads`, as many are started for outputs that need more than one
    /// chunk, where the algorithm can use them.
    #[must_use]
    pub fn new(inner: Box<dyn Destination>, packing: Packing, threads: usize) -> Self {
        let layout = packing.compression.layout(packing.level);
        Self {
            inner,
            packing,
            layout,
            buffer: Vec::new(),
            before: 0,
            first: true,
            threads: if layout.parallel { threads } else { 1 },
            engine: Engine::New,
            sum: Sum::default(),
            held: Vec::new(),
        }
    }

    /// Has the chunk packed, and sends what is ready.
    fn pack(&mut self, last: bool) -> io::Result<()> {
        if matches!(self.engine, Engine::New) {
            let threads = if last { None } else { Packers::start(self.threads) };
            self.engine = match threads {
                Some(threads) => Engine::Threads(threads),
                None => Engine::Here(self.packing.compression.encoder(self.packing.level)?, Vec::new()),
            };
        }
        match &mut self.engine {
            Engine::New => Ok(()),
            Engine::Here(encoder, out) => {
                out.clear();
                let (before, bytes) = self.buffer.split_at_checked(self.before).unwrap_or_default();
                let chunk = Chunk { before, bytes, first: self.first, last };
                self.sum.add(&encoder.encode(&chunk, out)?);
                Self::emit(self.inner.as_mut(), &mut self.held, out)?;
                self.before = overlap(&self.buffer, self.layout.overlap);
                self.buffer.drain(..self.buffer.len() - self.before);
                self.first = false;
                Ok(())
            }
            Engine::Threads(threads) => {
                let mut buffer = threads.spare();
                let before = overlap(&self.buffer, self.layout.overlap);
                buffer.extend_from_slice(self.buffer.get(self.buffer.len() - before..).unwrap_or_default());
                let full = std::mem::replace(&mut self.buffer, buffer);
                threads.submit(Job {
                    packing: self.packing,
                    buffer: full,
                    before: self.before,
                    first: self.first,
                    last,
                });
                self.before = before;
                self.first = false;
                self.send_ready(last)
            }
        }
    }

    /// Sends what the threads have packed, in order; all of it, if `all`.
    fn send_ready(&mut self, all: bool) -> io::Result<()> {
        let Engine::Threads(threads) = &mut self.engine else { return Ok(()) };
        while let Some(packed) = threads.next(all || threads.is_full()) {
            let (sum, out) = packed?;
            self.sum.add(&sum);
            Self::emit(self.inner.as_mut(), &mut self.held, &out)?;
            threads.give_back(out);
        }
        Ok(())
    }

    /// Sends packed bytes, all but the last few.
    fn emit(inner: &mut dyn Destination, held: &mut Vec<u8>, bytes: &[u8]) -> io::Result<()> {
        let stays = bytes.len().min(HELD);
        let (bytes, last) = bytes.split_at(bytes.len() - stays);
        let (seam, rest) = bytes.split_at(bytes.len().min(SEAM));
        if !seam.is_empty() {
            held.extend_from_slice(seam);
            inner.write_all(held)?;
            held.clear();
            inner.write_all(rest)?;
        }
        held.extend_from_slice(last);
        Ok(())
    }

    /// Ends the stream: nothing is held back any more.
    fn close(&mut self) -> io::Result<()> {
        self.pack(true)?;
        self.held.extend_from_slice(&self.packing.compression.tail(&self.sum));
        self.inner.write_all(&self.held)?;
        self.held.clear();
        self.inner.flush()
    }
}

/// Returns how many of the last bytes the next encoder wants to see.
fn overlap(buffer: &[u8], most: usize) -> usize {
    buffer.len().min(most)
}

impl Write for CompressingDestination {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let full = self.before + self.layout.chunk;
        self.buffer.reserve_exact(full.saturating_sub(self.buffer.len()).min(buf.len().max(64 << 10)));
        let room = full.saturating_sub(self.buffer.len());
        let (now, _) = buf.split_at(buf.len().min(room));
        self.buffer.extend_from_slice(now);
        if self.buffer.len() >= full {
            self.pack(false)?;
        }
        Ok(now.len())
    }

    /// Does nothing: where a chunk ends depends on the bytes alone.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out for CompressingDestination {}

impl Destination for CompressingDestination {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.close()?;
        self.inner.finish()
    }

    fn abandon(mut self: Box<Self>) -> io::Result<()> {
        self.close()?;
        self.inner.abandon()
    }

    fn is_seen(&self) -> bool {
        self.inner.is_seen()
    }
}

impl std::fmt::Debug for CompressingDestination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CompressingDestination({:?})", self.packing)
    }
}
