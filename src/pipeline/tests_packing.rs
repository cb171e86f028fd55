//! Tests of the packing destination: the same bytes for any number of threads and any cut of writes, streams that overlap,
//! a bounded queue, marks, and failures that are seen.

use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::compressing::CompressingDestination;
use super::destination::{Destination, FileDestination};
use super::packing::PackingDestination;
use super::tests_compressing::{rows, unpack};
use crate::format::{
    COMPRESSIONS, Chunk, Compression, Encoder, Frame, LZ4_FRAMES, Layout, Out, Packing, Sum, Unpacking, ZLIB,
};

/// Keeps what it gets; fails from the `fails`-th write on.
#[derive(Clone, Default)]
struct Kept {
    bytes: Arc<Mutex<Vec<u8>>>,
    members: Arc<Mutex<Vec<(String, usize)>>>,
    ended: Arc<Mutex<Option<&'static str>>>,
    writes: Arc<AtomicUsize>,
    fails: Option<usize>,
}

impl Kept {
    fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }
}

impl Write for Kept {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.writes.fetch_add(1, Ordering::Relaxed);
        if self.fails.is_some_and(|fails| n >= fails) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.lock().unwrap().extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out for Kept {
    fn member(&mut self, name: &str) -> io::Result<()> {
        let at = self.bytes.lock().unwrap().len();
        self.members.lock().unwrap().push((name.to_owned(), at));
        Ok(())
    }
}

impl Destination for Kept {
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

    fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<bool> {
        let at = usize::try_from(at).unwrap();
        self.bytes.lock().unwrap()[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(true)
    }
}

/// What is written.
#[derive(Clone, Debug)]
enum Op {
    Raw(Vec<u8>),
    Member(String),
    Mark(u64),
    Packed(Packing, Frame, Vec<u8>),
}

fn form(at: u64) -> [u8; 9] {
    let mut out = [2; 9];
    out[1..].copy_from_slice(&at.to_le_bytes());
    out
}

fn packing(name: &str, level: u32) -> Packing {
    let compression = match name {
        "zlib" => ZLIB,
        "lz4" => LZ4_FRAMES,
        _ => COMPRESSIONS.iter().copied().find(|c| c.name() == name).unwrap(),
    };
    Packing { compression, level }
}

fn run(ops: &[Op], threads: usize, cut: usize) -> Kept {
    let kept = Kept::default();
    let mut to = Box::new(PackingDestination::new(Box::new(kept.clone()), threads));
    let put = |to: &mut PackingDestination, bytes: &[u8]| {
        bytes.chunks(cut).for_each(|part| to.write_all(part).unwrap());
    };
    for op in ops {
        match op {
            Op::Raw(bytes) => put(&mut to, bytes),
            Op::Member(name) => to.member(name).unwrap(),
            Op::Mark(slot) => to.mark(*slot, form).unwrap(),
            Op::Packed(packing, frame, bytes) => {
                to.pack(*packing, *frame).unwrap();
                put(&mut to, bytes);
                to.flush().unwrap();
                to.end_pack().unwrap();
            }
        }
    }
    to.finish().unwrap();
    assert_eq!(*kept.ended.lock().unwrap(), Some("finished"));
    kept
}

/// Packs a stream as a file is packed.
fn alone(packing: Packing, bytes: &[u8]) -> Vec<u8> {
    let kept = Kept::default();
    let mut to = Box::new(CompressingDestination::new(Box::new(kept.clone()), packing, 1));
    to.write_all(bytes).unwrap();
    to.finish().unwrap();
    kept.bytes()
}

/// Takes the output apart again, as who reads an archive does.
fn check(ops: &[Op], kept: &Kept) {
    let (bytes, mut at, mut members) = (kept.bytes(), 0, kept.members.lock().unwrap().clone().into_iter());
    let mut marks = Vec::new();
    for op in ops {
        match op {
            Op::Raw(raw) => {
                // Patched places differ.
                let patched = raw.starts_with(b"slot") || bytes[at..].starts_with(raw);
                assert!(patched, "raw bytes at {at}");
                at += raw.len();
            }
            Op::Member(name) => assert_eq!(members.next(), Some((name.clone(), at))),
            Op::Mark(slot) => marks.push((usize::try_from(*slot).unwrap(), at)),
            Op::Packed(packing, Frame::Bare, plain) => {
                let expected = alone(*packing, plain);
                assert!(bytes[at..].starts_with(&expected), "{packing:?} at {at}");
                at += expected.len();
            }
            Op::Packed(packing, Frame::Length, plain) => {
                let (expected, mut whole) = (alone(*packing, plain), Vec::new());
                let mut frames = 0;
                while whole.len() < expected.len() {
                    assert_eq!(bytes[at], 0);
                    let len = u32::from_le_bytes(bytes[at + 1..at + 5].try_into().unwrap());
                    let len = usize::try_from(len).unwrap();
                    assert!((1..=1 << 20).contains(&len));
                    let piece = &bytes[at + 5..at + 5 + len];
                    frames += usize::from(piece.starts_with(b"\x28\xB5\x2F\xFD"));
                    whole.extend_from_slice(piece);
                    at += 5 + len;
                }
                assert!(whole == expected, "{packing:?} at {at}");
                assert!(unpack(packing.compression, &whole).unwrap() == *plain);
                let chunk = packing.compression.layout(packing.level).chunk;
                if packing.compression.name() == "zstd" {
                    assert_eq!(
                        frames,
                        plain.len().div_ceil(chunk).max(1),
                        "a frame begins inside of a chunk"
                    );
                }
            }
        }
    }
    assert_eq!(at, bytes.len());
    for (slot, place) in marks {
        assert_eq!(bytes[slot..slot + 9], form(u64::try_from(place).unwrap()));
    }
}

/// Numbers by chance, the same ones each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

#[test]
fn nasty_61_threads_and_writes_change_no_byte_of_an_archive() {
    let all = rows(6 << 20);
    for seed in 0..4 {
        let mut dice = Dice(seed);
        let mut ops = vec![Op::Raw(b"slot5678slot5678slot56789".to_vec())];
        for n in 0..40 {
            let from = dice.below(all.len() - 1000);
            let len = match dice.below(8) {
                0 => 0,
                1..=4 => dice.below(3000),
                5 | 6 => dice.below(100_000),
                _ => dice.below(4 << 20),
            };
            let bytes = all[from..(from + len).min(all.len())].to_vec();
            let frame = if dice.below(3) == 0 { Frame::Bare } else { Frame::Length };
            ops.push(match dice.below(10) {
                0 | 1 => Op::Raw(bytes),
                2 => Op::Member(format!("{n}.dat")),
                3 if n < 20 => Op::Mark(u64::try_from(dice.below(2) * 9).unwrap()),
                3..=5 => Op::Packed(packing("zlib", 6), frame, bytes),
                6 => Op::Packed(packing("gzip", 1), frame, bytes),
                7 => Op::Packed(packing("lz4", 1), frame, bytes),
                _ => Op::Packed(packing("zstd", 3), frame, bytes),
            });
        }
        // Of two marks for one slot the last is seen: keep the last ones only.
        let last = |slot: u64| ops.iter().rposition(|op| matches!(op, Op::Mark(s) if *s == slot));
        let (a, b) = (last(0), last(9));
        let mut at = 0;
        ops.retain(|op| {
            at += 1;
            !matches!(op, Op::Mark(_)) || [a, b].contains(&Some(at - 1))
        });
        let one = run(&ops, 1, 1 << 20);
        check(&ops, &one);
        for (threads, cut) in [(0, 5000), (2, 1 << 20), (3, 777), (4, 64 << 10), (2, 5001)] {
            let many = run(&ops, threads, cut);
            assert!(one.bytes() == many.bytes(), "seed {seed}, {threads} threads, writes of {cut}");
            assert_eq!(*one.members.lock().unwrap(), *many.members.lock().unwrap());
        }
    }
}

#[test]
fn chunks_end_anywhere_and_are_never_empty() {
    for name in ["zlib", "gzip", "lz4", "zstd"] {
        let packing = packing(name, 1);
        let chunk = packing.compression.layout(1).chunk;
        for len in [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk] {
            let end = Op::Raw(vec![0; 5]);
            let ops = [Op::Packed(packing, Frame::Length, rows(len)), end, Op::Raw(b"behind".to_vec())];
            for threads in [1, 2] {
                check(&ops, &run(&ops, threads, 100_000));
            }
        }
    }
}

#[test]
fn large_chunks_are_cut_for_who_allocates_them() {
    // What cannot be packed: 3 MiB of chance in frames of 2 MiB.
    let mut dice = Dice(9);
    let bytes: Vec<u8> = (0..3 << 20).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
    let ops = [Op::Packed(packing("zstd", 3), Frame::Length, bytes), Op::Raw(vec![0; 5])];
    check(&ops, &run(&ops, 2, 1 << 20));
}

/// A compression for tests: chunks of 100,000 bytes, each packed by what `encode` says.
struct Test {
    encode: fn(&Chunk<'_>, &mut Vec<u8>) -> io::Result<Sum>,
}

impl Compression for Test {
    fn name(&self) -> &'static str {
        "test"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn begins(&self, _head: &[u8]) -> bool {
        false
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn levels(&self) -> RangeInclusive<u32> {
        1..=1
    }

    fn default_level(&self) -> u32 {
        1
    }

    fn layout(&self, _level: u32) -> Layout {
        Layout { chunk: 100_000, overlap: 0, parallel: true }
    }

    fn encoder(&self, _level: u32) -> io::Result<Box<dyn Encoder>> {
        struct Tested(fn(&Chunk<'_>, &mut Vec<u8>) -> io::Result<Sum>);
        impl Encoder for Tested {
            fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
                (self.0)(chunk, out)
            }
        }
        Ok(Box::new(Tested(self.encode)))
    }
}

fn stream(to: &mut PackingDestination, packing: Packing, bytes: &[u8]) -> io::Result<()> {
    to.pack(packing, Frame::Length)?;
    to.write_all(bytes)?;
    to.end_pack()
}

#[test]
fn streams_of_small_tables_overlap() {
    // Each encoder waits until another one runs at the same time.
    static RUNNING: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());
    fn meet(_chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        let (running, changed) = &RUNNING;
        let mut met = running.lock().unwrap();
        *met += 1;
        changed.notify_all();
        let pair = met.div_ceil(2) * 2;
        let waited = changed.wait_timeout_while(met, Duration::from_secs(20), |met| *met < pair).unwrap();
        out.push(b'x');
        if waited.1.timed_out() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Sum::default()) }
    }
    static TEST: Test = Test { encode: meet };
    let kept = Kept::default();
    let mut to = Box::new(PackingDestination::new(Box::new(kept.clone()), 2));
    for n in 0..20 {
        to.write_all(&[n]).unwrap();
        stream(&mut to, Packing { compression: &TEST, level: 1 }, b"one small table").unwrap();
    }
    to.finish().unwrap();
    let expected: Vec<u8> = (0..20).flat_map(|n| [n, 0, 1, 0, 0, 0, b'x']).collect();
    assert_eq!(kept.bytes(), expected);
}

#[test]
fn the_queue_is_bounded() {
    static OPEN: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
    fn wait(chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        let (open, opened) = &OPEN;
        drop(opened.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
        out.extend_from_slice(chunk.bytes);
        Ok(Sum::default())
    }
    static TEST: Test = Test { encode: wait };
    let taken = Arc::new(AtomicUsize::new(0));
    let kept = Kept::default();
    let (count, inner) = (Arc::clone(&taken), Box::new(kept.clone()));
    let writer = std::thread::spawn(move || {
        let mut to = Box::new(PackingDestination::new(inner, 2));
        // 30 MB in small streams, bytes as they are and marks.
        for n in 0..300 {
            stream(&mut to, Packing { compression: &TEST, level: 1 }, &[7; 50_000]).unwrap();
            to.write_all(&[8; 50_000]).unwrap();
            to.mark(0, form).unwrap();
            count.store((n + 1) * 100_000, Ordering::SeqCst);
        }
        to.finish().unwrap();
    });
    let mut last = usize::MAX;
    while last != taken.load(Ordering::SeqCst) {
        last = taken.load(Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(last > 0 && last <= 2 * (3 << 20), "{last} bytes are queued");
    *OPEN.0.lock().unwrap() = true;
    OPEN.1.notify_all();
    writer.join().unwrap();
    assert_eq!(kept.bytes().len(), 300 * (50_000 + 5 + 50_000));
}

#[test]
fn a_fault_or_a_panic_of_an_encoder_is_an_error_and_stays_one() {
    fn panics(chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        assert!(chunk.bytes.len() < 90_000, "a fault of the library");
        out.extend_from_slice(chunk.bytes);
        Ok(Sum::default())
    }
    fn fails(chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        out.extend_from_slice(chunk.bytes);
        if chunk.bytes.len() < 90_000 { Ok(Sum::default()) } else { Err(io::ErrorKind::OutOfMemory.into()) }
    }
    static PANICS: Test = Test { encode: panics };
    static FAILS: Test = Test { encode: fails };
    for test in [&PANICS, &FAILS] {
        for threads in [1, 3] {
            let kept = Kept::default();
            let mut to = Box::new(PackingDestination::new(Box::new(kept.clone()), threads));
            let packing = Packing { compression: test, level: 1 };
            let written = stream(&mut to, packing, &[1; 10])
                .and_then(|()| stream(&mut to, packing, &[2; 95_000]))
                .and_then(|()| stream(&mut to, packing, &[3; 10]));
            let again = written.is_err().then(|| to.write_all(b"more").is_err());
            assert!(written.and_then(|()| to.finish()).is_err() && again != Some(false));
            assert_eq!(*kept.ended.lock().unwrap(), None, "it was finished");
        }
    }
}

#[test]
fn a_write_that_fails_is_told() {
    let bytes = rows(3 << 20);
    for threads in [1, 3] {
        for fails in 0..6 {
            let kept = Kept { fails: Some(fails), ..Kept::default() };
            let mut to = Box::new(PackingDestination::new(Box::new(kept.clone()), threads));
            let failed = (0..4).find_map(|_| {
                let written = to.write_all(&bytes[..200_000]);
                written.and_then(|()| stream(&mut to, packing("zlib", 1), &bytes)).err()
            });
            let last = match failed {
                Some(first) => {
                    assert_eq!(first.kind(), io::ErrorKind::StorageFull);
                    to.finish().unwrap_err()
                }
                None => to.finish().unwrap_err(),
            };
            assert_eq!(*kept.ended.lock().unwrap(), None, "{last}");
        }
    }
}

#[test]
fn what_is_out_of_order_is_refused() {
    let gzip = packing("gzip", 6);
    let new = || Box::new(PackingDestination::new(Box::new(Kept::default()), 1));
    assert!(new().end_pack().is_err());
    assert!(new().pack(packing("bzip2", 9), Frame::Bare).is_err(), "one encoder packs it, in order");
    let begun = || {
        let mut to = new();
        to.write_all(b"text").unwrap();
        to.pack(gzip, Frame::Bare).unwrap();
        to
    };
    assert!(begun().pack(gzip, Frame::Bare).is_err());
    assert!(begun().member("1.dat").is_err());
    assert!(begun().mark(0, form).is_err());
    assert!(begun().finish().is_err());
    let mut to = new();
    to.write_all(b"12345678").unwrap();
    to.mark(0, form).unwrap();
    assert!(to.finish().is_err(), "nine bytes where there are eight");
}

#[test]
fn nasty_29_what_is_not_finished_is_cut() {
    let ops = |to: &mut PackingDestination| {
        stream(to, packing("zlib", 6), &rows(700_000)).unwrap();
        to.write_all(&rows(100_000)).unwrap();
        to.write_all(b"\0\0\0\0\0").unwrap();
    };
    for threads in [1, 2] {
        let whole = Kept::default();
        let mut to = Box::new(PackingDestination::new(Box::new(whole.clone()), threads));
        ops(&mut to);
        to.finish().unwrap();
        for abandoned in [false, true] {
            let kept = Kept::default();
            let mut to = Box::new(PackingDestination::new(Box::new(kept.clone()), threads));
            ops(&mut to);
            assert!(to.is_seen());
            if abandoned {
                to.abandon().unwrap();
            } else {
                drop(to);
            }
            assert!(kept.bytes().len() < whole.bytes().len() && whole.bytes().starts_with(&kept.bytes()));
            assert_eq!(*kept.ended.lock().unwrap(), abandoned.then_some("abandoned"));
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    folder.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_file_is_marked_when_it_is_whole_and_gone_when_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump");
    for finished in [false, true] {
        let file = FileDestination::create(&path).unwrap();
        let mut to = Box::new(PackingDestination::new(Box::new(file), 2));
        to.write_all(&[1; 20]).unwrap();
        stream(&mut to, packing("zlib", 6), &rows(2 << 20)).unwrap();
        to.mark(11, form).unwrap();
        to.write_all(b"last").unwrap();
        if finished {
            to.finish().unwrap();
        } else {
            drop(to);
            assert_eq!(names(folder.path()), [""; 0]);
        }
    }
    assert_eq!(names(folder.path()), ["dump"]);
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.ends_with(b"last") && bytes[..11] == [1; 11]);
    assert_eq!(bytes[11..20], form(u64::try_from(bytes.len() - 4).unwrap()));
}
