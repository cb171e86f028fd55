//! Tests of the compressing destination: the same bytes for any number of threads and any cut of writes, what stands
//! before a failure can be read, no write ends where a stream could.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::compressing::CompressingDestination;
use super::destination::Destination;
use super::packers::Packers;
use super::source::BytesSource;
use crate::error::Error;
use crate::format::{COMPRESSIONS, Chunk, Compression, Packing};

/// Keeps every write apart; fails from the `fails`-th on.
#[derive(Clone, Default)]
struct Writes {
    all: Arc<Mutex<Vec<Vec<u8>>>>,
    ended: Arc<Mutex<Option<&'static str>>>,
    fails: Option<usize>,
}

impl Write for Writes {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let mut all = self.all.lock().unwrap();
        if self.fails.is_some_and(|n| all.len() >= n) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        all.push(buf.to_vec());
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl crate::format::Out for Writes {}

impl Destination for Writes {
    fn finish(self: Box<Self>) -> io::Result<()> {
        *self.ended.lock().unwrap() = Some("finished");
        Ok(())
    }

    fn abandon(self: Box<Self>) -> io::Result<()> {
        *self.ended.lock().unwrap() = Some("abandoned");
        Ok(())
    }

    fn is_seen(&self) -> bool {
        true
    }
}

fn default(compression: &'static dyn Compression) -> Packing {
    Packing { compression, level: compression.default_level() }
}

pub(super) fn unpack(c: &dyn Compression, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let bytes: &'static [u8] = bytes.to_vec().leak();
    let mut source = c.decoder(Box::new(BytesSource::new(bytes, usize::MAX))).unwrap();
    let (mut out, mut buf) = (Vec::new(), vec![0; 64 << 10]);
    loop {
        match source.read(&mut buf).map_err(|e| Error::io("read", &e))? {
            0 => return Ok(out),
            n => out.extend_from_slice(&buf[..n]),
        }
    }
}

/// Rows that repeat and differ, as those of a dump.
pub(super) fn rows(len: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut state = 7_u64;
    while out.len() < len {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (a, b) = (state >> 33, state >> 44);
        out.extend(
            format!("{a}\tperson{b}@example.org\tStraat {}\t2026-0{}-11\n", a % 300, b % 9 + 1).bytes(),
        );
    }
    out.truncate(len);
    out
}

fn write(packing: Packing, threads: usize, cut: usize, bytes: &[u8]) -> Writes {
    let writes = Writes::default();
    let mut to = Box::new(CompressingDestination::new(Box::new(writes.clone()), packing, threads));
    for part in bytes.chunks(cut) {
        to.write_all(part).unwrap();
    }
    to.finish().unwrap();
    assert_eq!(*writes.ended.lock().unwrap(), Some("finished"));
    writes
}

#[test]
fn nasty_61_threads_and_writes_change_no_byte() {
    for c in COMPRESSIONS.iter().copied() {
        let chunk = c.layout(c.default_level()).chunk;
        let parallel = c.layout(c.default_level()).parallel;
        for len in [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 4 * chunk + 77_777] {
            if !parallel && len > 2 * chunk {
                continue;
            }
            let bytes = rows(len);
            let one = write(default(c), 1, 1 << 20, &bytes).all.lock().unwrap().concat();
            assert!(unpack(c, &one).unwrap() == bytes, "{}, {len} bytes", c.name());
            let others = [(3, 7777), (1, 1000), (2, 1 << 20), (8, 64 << 10)];
            for (threads, cut) in others.into_iter().take(if parallel { 4 } else { 1 }) {
                let many = write(default(c), threads, cut, &bytes).all.lock().unwrap().concat();
                assert!(one == many, "{}, {len} bytes, {threads} threads, writes of {cut}", c.name());
            }
        }
    }
    for threads in [0, 1] {
        assert!(Packers::start(threads).is_none(), "a thread was started for -j1");
    }
}

#[test]
fn nasty_61_a_chunk_is_packed_the_same_by_every_encoder() {
    // `reset` of zlib-rs leaves traces of earlier chunks: 1 in 10 came out different; so did 1 in 2 in a tight buffer.
    let bytes = rows(8 << 20);
    for c in COMPRESSIONS.iter().copied().filter(|c| c.layout(c.default_level()).parallel) {
        let level = if c.name() == "zstd" { 5 } else { 6 };
        let chunks: Vec<Chunk<'_>> = (1..16)
            .map(|n| n * (512 << 10))
            .map(|at| Chunk {
                before: &bytes[at - (if c.name() == "gzip" { 32 << 10 } else { 0 })..at],
                bytes: &bytes[at..at + (512 << 10)],
                first: false,
                last: false,
            })
            .collect();
        let (mut old, mut length) = (c.encoder(level).unwrap(), 0);
        for chunk in chunks.iter().chain(chunks.iter().rev()) {
            let (mut one, mut two) = (Vec::new(), Vec::with_capacity(length));
            c.encoder(level).unwrap().encode(chunk, &mut one).unwrap();
            old.encode(chunk, &mut two).unwrap();
            assert!(one == two, "{}", c.name());
            length = one.len() - 1;
        }
    }
}

#[test]
fn nasty_61_chunks_cost_less_than_two_percent() {
    let bytes = rows(9 << 20);
    for c in COMPRESSIONS.iter().copied().filter(|c| c.layout(c.default_level()).parallel) {
        let ours = write(default(c), 4, 1 << 20, &bytes).all.lock().unwrap().concat().len();
        let single = match c.name() {
            "gzip" => {
                let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
                gz.write_all(&bytes).unwrap();
                gz.finish().unwrap().len()
            }
            "zstd" => zstd::bulk::compress(&bytes, 3).unwrap().len(),
            other => panic!("{other} is written in parallel: compare it"),
        };
        assert!(ours * 100 <= single * 102, "{}: {ours} bytes, {single} in one piece", c.name());
    }
}

#[test]
fn nasty_29_no_write_ends_where_a_stream_could() {
    for c in COMPRESSIONS.iter().copied() {
        let chunk = c.layout(c.default_level()).chunk;
        for threads in [1, 3] {
            let writes = write(default(c), threads, 1 << 20, &rows(3 * chunk + 5));
            let all = writes.all.lock().unwrap();
            for n in 1..all.len() {
                assert!(unpack(c, &all[..n].concat()).is_err(), "{}: whole after {n} writes", c.name());
            }
            // What goes over the border of two chunks goes at once.
            assert!(c.name() != "zstd" || all.iter().any(|w| w.len() > 8 && w.len() < 4096));
        }
    }
}

#[test]
fn nasty_29_a_stream_that_is_given_up_can_be_read_to_its_poison() {
    for c in COMPRESSIONS.iter().copied() {
        let layout = c.layout(c.default_level());
        for (threads, len) in [(1, 1000), (3, 2 * layout.chunk + 9)] {
            let writes = Writes::default();
            let mut to = Box::new(CompressingDestination::new(Box::new(writes.clone()), default(c), threads));
            to.write_all(&rows(len)).unwrap();
            to.write_all(b"poison\n").unwrap();
            assert!(to.is_seen());
            to.abandon().unwrap();
            assert_eq!(*writes.ended.lock().unwrap(), Some("abandoned"));
            let out = unpack(c, &writes.all.lock().unwrap().concat()).unwrap();
            assert!(out.len() == len + 7 && out.ends_with(b"poison\n"), "{}", c.name());
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    for c in COMPRESSIONS.iter().copied() {
        for (threads, fails) in [(1, 0), (3, 0), (3, 2)] {
            let writes = Writes { fails: Some(fails), ..Writes::default() };
            let mut to = CompressingDestination::new(Box::new(writes), default(c), threads);
            let bytes = rows(1 << 20);
            let failed = (0..64).find_map(|_| to.write_all(&bytes).err());
            assert_eq!(failed.expect("fails").kind(), io::ErrorKind::BrokenPipe, "{}", c.name());
        }
    }
}
