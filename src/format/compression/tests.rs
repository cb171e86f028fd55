//! Tests of the compressions without threads, files and programs: what is packed comes back for any cut of reads, and
//! what is cut, damaged or followed by something else is an error.

use std::io;

use flate2::Crc;
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
use proptest::prelude::*;

use super::*;
use crate::error::{Error, ErrorKind};

/// Bytes that come in steps.
pub(super) struct Steps {
    pub(super) bytes: Vec<u8>,
    pub(super) at: usize,
    pub(super) step: usize,
}

impl Source for Steps {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.step.min(buf.len()).min(self.bytes.len() - self.at);
        buf[..n].copy_from_slice(&self.bytes[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// Unpacks bytes that come `step` at a time into a buffer of `room`.
pub(super) fn unpack_in(
    c: &dyn Compression,
    bytes: &[u8],
    step: usize,
    room: usize,
) -> Result<Vec<u8>, Error> {
    let mut source = c.decoder(Box::new(Steps { bytes: bytes.to_vec(), at: 0, step })).unwrap();
    let (mut out, mut buf) = (Vec::new(), vec![0; room]);
    loop {
        match source.read(&mut buf) {
            Ok(0) => return Ok(out),
            Ok(n) => out.extend_from_slice(&buf[..n]),
            Err(e) => return Err(Error::io("read", &e)),
        }
    }
}

pub(super) fn unpack(c: &dyn Compression, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    unpack_in(c, bytes, usize::MAX, 64 << 10)
}

/// Packs bytes as an output is packed, in chunks of the layout.
pub(super) fn pack(c: &dyn Compression, level: u32, bytes: &[u8]) -> Vec<u8> {
    let layout = c.layout(level);
    let mut encoder = c.encoder(level).unwrap();
    let (mut packed, mut sum, mut at) = (Vec::new(), Sum::default(), 0);
    loop {
        let end = bytes.len().min(at + layout.chunk);
        let last = end < at + layout.chunk;
        let before = &bytes[at.saturating_sub(layout.overlap)..at];
        let mut out = Vec::new();
        let chunk = Chunk { before, bytes: &bytes[at..end], first: at == 0, last };
        sum.add(&encoder.encode(&chunk, &mut out).unwrap());
        packed.extend(out);
        at = end;
        if last {
            packed.extend(c.tail(&sum));
            return packed;
        }
    }
}

pub(super) fn packed(c: &dyn Compression, bytes: &[u8]) -> Vec<u8> {
    pack(c, c.default_level(), bytes)
}

fn by_name(name: &str) -> &'static dyn Compression {
    COMPRESSIONS.iter().copied().find(|c| c.name() == name).unwrap()
}

pub(super) fn refused(c: &dyn Compression, bytes: &[u8], what: &str) {
    let error = unpack(c, bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input, "{}: {error}", c.name());
    assert!(error.to_string().contains(what) && error.hint_text().is_some(), "{}: {error}", c.name());
}

pub(super) const TEXT: &[u8] =
    b"1\tperson1@example.org\tUtrecht\n2\tperson2@example.org\tUtrecht\n3\tperson3@example.org\tDelft\n";

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_packed_comes_back(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..3000),
            prop::collection::vec(prop::sample::select(&b"ab\t\n"[..]), 0..3000),
            (0_usize..700_000).prop_map(rows),
        ],
        which in 0_usize..5,
        step in prop_oneof![1_usize..20, 1000_usize..200_000],
        room in prop_oneof![1_usize..20, 1000_usize..200_000],
        level in any::<prop::sample::Index>(),
    ) {
        let c = COMPRESSIONS[which];
        let levels: Vec<u32> = c.levels().filter(|l| *l < 7).collect();
        let out = pack(c, levels[level.index(levels.len())], &bytes);
        prop_assert!(of_head(&out).is_some_and(|found| found.name() == c.name()));
        prop_assert_eq!(unpack_in(c, &out, step, room).unwrap(), bytes);
    }
}

#[test]
fn every_level_comes_back() {
    let bytes = rows(300_000);
    for c in COMPRESSIONS {
        // The highest ones of xz and zstd need hundreds of megabytes.
        for level in c.levels().filter(|l| *l <= 9 || *l == 12).filter(|l| c.name() != "xz" || *l < 7) {
            assert!(unpack(*c, &pack(*c, level, &bytes)).unwrap() == bytes, "{}:{level}", c.name());
        }
        assert!(c.levels().contains(&c.default_level()));
        assert_eq!(of_extension(c.extensions()[0]).unwrap().name(), c.name());
    }
}

#[test]
fn nasty_29_cut_at_every_byte_is_an_error() {
    for c in COMPRESSIONS {
        for bytes in [TEXT.to_vec(), rows(5000), Vec::new()] {
            let whole = packed(*c, &bytes);
            assert_eq!(unpack(*c, &whole).unwrap(), bytes);
            for cut in 1..whole.len() {
                for step in [1, usize::MAX] {
                    let error = unpack_in(*c, &whole[..cut], step, 1000).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::Input, "{} cut at {cut}", c.name());
                    let whole_head = cut >= 10 && of_head(&whole[..cut]).is_some();
                    assert!(
                        error.to_string().contains("ends too early") || !whole_head,
                        "{} cut at {cut}: {error}",
                        c.name()
                    );
                }
            }
        }
    }
}

#[test]
fn a_flipped_bit_is_an_error_or_changes_nothing() {
    for c in COMPRESSIONS {
        let bytes = rows(3000);
        let whole = packed(*c, &bytes);
        let mut caught = 0;
        for at in 0..whole.len() {
            for bit in [0, 3, 7] {
                let mut broken = whole.clone();
                broken[at] ^= 1 << bit;
                match unpack(*c, &broken) {
                    Ok(out) => assert_eq!(out, bytes, "{} at {at}", c.name()),
                    Err(e) => {
                        caught += 1;
                        assert_eq!(e.kind(), ErrorKind::Input, "{} at {at}", c.name());
                    }
                }
            }
        }
        // What is free: time, system and effort in gzip's header, bits that pad bzip2.
        assert!(caught >= 3 * (whole.len() - 8), "{}: {caught} of {}", c.name(), 3 * whole.len());
    }
}

#[test]
fn streams_that_follow_each_other_are_one() {
    for c in COMPRESSIONS {
        let (a, b, none) = (packed(*c, TEXT), packed(*c, &rows(2000)), packed(*c, b""));
        let all = [&a[..], &none, &b, &none].concat();
        let expected = [TEXT, &rows(2000)].concat();
        for step in [1, 7, usize::MAX] {
            assert!(unpack_in(*c, &all, step, 5000).unwrap() == expected, "{}", c.name());
        }
        // A second stream that is cut is missed as well.
        for cut in a.len() + 1..a.len() + b.len() {
            assert!(unpack(*c, &[&a[..], &b].concat()[..cut]).is_err(), "{} cut at {cut}", c.name());
        }
        for rest in [&b"x"[..], b"trailing garbage", &TEXT[..1], b"\x1F\x9D\x90", &a[1..]] {
            let garbage = unpack(*c, &[&a[..], rest].concat()).unwrap_err();
            assert_eq!(garbage.kind(), ErrorKind::Input, "{}: {garbage}", c.name());
        }
    }
}

#[test]
fn padding_is_read_where_the_format_has_it() {
    let zeros = [0; 200_000];
    for c in COMPRESSIONS {
        let a = packed(*c, TEXT);
        for (count, again) in [(1, false), (4, false), (512, false), (200_000, false), (8, true)] {
            let mut bytes = [&a[..], &zeros[..count]].concat();
            bytes.extend(if again { &a[..] } else { &[] });
            let expected = match c.name() {
                "gzip" => !again,
                "xz" => count % 4 == 0,
                _ => false,
            };
            assert_eq!(unpack(*c, &bytes).is_ok(), expected, "{}: {count} zeros, {again}", c.name());
        }
    }
}

#[test]
fn frames_without_data_are_skipped() {
    let skip = |nibble: u8, len: u32| {
        let mut frame = vec![0x50 | nibble, 0x2A, 0x4D, 0x18];
        frame.extend(len.to_le_bytes());
        frame.resize(8 + usize::try_from(len).unwrap(), b'?');
        frame
    };
    for c in [by_name("zstd"), by_name("lz4")] {
        let a = packed(c, TEXT);
        let all =
            [&skip(0, 12), &a, &skip(15, 0), &skip(3, 300_000), &a, &skip(1, 1)].map(|p| &p[..]).concat();
        for step in [1, usize::MAX] {
            assert_eq!(unpack_in(c, &all, step, 50).unwrap(), [TEXT, TEXT].concat(), "{}", c.name());
        }
        assert_eq!(of_head(&all[..64]).unwrap().name(), c.name());
        for cut in all.len() - 8..all.len() {
            assert!(unpack(c, &all[..cut]).is_err(), "{} cut at {cut}", c.name());
        }
    }
    assert_eq!(of_head(&skip(0, 90_000)[..64]).unwrap().name(), "zstd");
}

#[test]
fn windows_are_bounded() {
    // A frame of one stored block, whose header asks for a window of 2^log.
    let zstd = |log: u8| {
        let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0, (log - 10) << 3];
        frame.extend([4 << 3 | 1, 0, 0]);
        frame.extend(b"text");
        frame
    };
    assert_eq!(unpack(by_name("zstd"), &zstd(27)).unwrap(), b"text");
    for log in [28, 31] {
        refused(by_name("zstd"), &zstd(log), "window of more than 128 MiB");
    }
    // The same for the dictionary of xz: its size stands in the block's header, behind the filter's number.
    let mut xz = packed(by_name("xz"), TEXT);
    assert_eq!(xz[14..16], [0x21, 1]);
    for (size, fits) in [(28, true), (30, true), (31, false), (37, false)] {
        xz[16] = size;
        let end = 12 + (usize::from(xz[12]) + 1) * 4;
        let mut crc = Crc::new();
        crc.update(&xz[12..end - 4]);
        xz[end - 4..end].copy_from_slice(&crc.sum().to_le_bytes());
        if fits {
            assert_eq!(unpack(by_name("xz"), &xz).unwrap(), TEXT);
        } else {
            refused(by_name("xz"), &xz, "more than 128 MiB");
        }
    }
}

#[test]
fn lz4_frames_of_every_kind_come_back() {
    let lz4 = by_name("lz4");
    let bytes =
        [rows(700_000), (0..70_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()]
            .concat();
    for (block, mode) in [
        (BlockSize::Max64KB, BlockMode::Linked),
        (BlockSize::Max256KB, BlockMode::Independent),
        (BlockSize::Max1MB, BlockMode::Linked),
        (BlockSize::Max4MB, BlockMode::Independent),
    ] {
        for checked in [false, true] {
            let size = checked.then(|| u64::try_from(bytes.len()).unwrap());
            let info = FrameInfo::new().block_size(block).block_mode(mode).block_checksums(checked);
            let info = info.content_checksum(!checked).content_size(size);
            let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
            io::Write::write_all(&mut encoder, &bytes).unwrap();
            let packed = encoder.finish().unwrap();
            for (step, room) in [(1000, 300_000), (usize::MAX, 7000)] {
                assert!(unpack_in(lz4, &packed, step, room).unwrap() == bytes, "{block:?} {mode:?}");
            }
            for cut in
                [packed.len() - 1, packed.len() - 4, packed.len() - 5, packed.len() - 8, packed.len() / 2]
            {
                assert!(unpack(lz4, &packed[..cut]).is_err(), "{block:?} {mode:?} cut at {cut}");
            }
        }
    }
    refused(lz4, b"\x02\x21\x4C\x18\x05\0\0\0\x50hello", "legacy");
}

#[test]
fn text_is_not_taken_for_a_stream() {
    for head in
        [&b"id,email\n"[..], b"BZh9,email\n", b"P*M", b"-- PostgreSQL", b"", b"LZIP\x01", b"\x1F\x9D\x90"]
    {
        assert!(of_head(head).is_none());
    }
}
