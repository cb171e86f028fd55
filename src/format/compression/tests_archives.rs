//! Tests of what archives alone have: zlib's one stream, frames of lz4 that are packed apart, unpackers that go from block
//! to block.

use std::io::{Read, Write};

use super::tests::{Steps, TEXT, pack, packed, refused, rows, unpack, unpack_in};
use super::*;
use crate::error::ErrorKind;

fn zlib_of(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn zlib_is_one_stream_that_zlib_reads() {
    for len in [0, 1, 5000, (512 << 10) - 1, 512 << 10, (512 << 10) + 1, 3 << 20] {
        let bytes = rows(len);
        for level in if len > 5000 { 6..=6 } else { ZLIB.levels() } {
            let ours = pack(ZLIB, level, &bytes);
            let theirs = zlib_of(&bytes, level);
            assert_eq!(ours[..2], theirs[..2], "head of level {level}");
            assert_eq!(ours[ours.len() - 4..], theirs[theirs.len() - 4..], "Adler-32 of {len} bytes");
            let (mut out, mut decoder) = (Vec::new(), flate2::bufread::ZlibDecoder::new(&ours[..]));
            decoder.read_to_end(&mut out).unwrap();
            assert!(out == bytes && decoder.into_inner().is_empty(), "{len} bytes, level {level}");
            assert!(unpack(ZLIB, &ours).unwrap() == bytes && unpack(ZLIB, &theirs).unwrap() == bytes);
        }
    }
    assert_eq!(packed(ZLIB, b""), b"\x78\x9C\x03\0\0\0\0\x01");
    assert!(of_head(&packed(ZLIB, TEXT)).is_none(), "a file of this kind is not known");
}

#[test]
fn a_second_stream_of_zlib_is_refused() {
    let one = packed(ZLIB, TEXT);
    for rest in [&one[..], b"\0", b"\n", b"\x78", &packed(ZLIB, b"")] {
        for step in [1, usize::MAX] {
            let error = unpack_in(ZLIB, &[&one[..], rest].concat(), step, 1000).unwrap_err();
            assert!(error.to_string().contains("is followed by something else"), "{error}");
        }
    }
    refused(ZLIB, b"\x1F\x8B\x08\0\0\0\0\0\0\0\0\0", "does not begin as it must");
    // With a dictionary, with a window of 64 KiB, and with another sum.
    for head in [b"\x78\xBB", b"\x88\x1C", b"\x78\x9D"] {
        refused(ZLIB, &[&head[..], &one[2..]].concat(), "does not begin as it must");
    }
}

#[test]
fn nasty_29_blocks_of_archives_cut_at_every_byte_are_errors() {
    for c in [ZLIB, LZ4_FRAMES] {
        for bytes in [TEXT.to_vec(), rows(5000), Vec::new()] {
            let whole = packed(c, &bytes);
            assert!(unpack(c, &whole).unwrap() == bytes);
            for cut in 1..whole.len() {
                for step in [1, usize::MAX] {
                    let error = unpack_in(c, &whole[..cut], step, 1000).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::Input, "{} cut at {cut}", c.name());
                }
            }
            for at in 0..whole.len() {
                let mut broken = whole.clone();
                broken[at] ^= 4;
                if let Ok(out) = unpack(c, &broken) {
                    assert!(out == bytes, "{}: byte {at} is not looked at", c.name());
                }
            }
        }
    }
}

#[test]
fn frames_of_lz4_follow_each_other() {
    let chunk = LZ4_FRAMES.layout(1).chunk;
    for len in [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk + 7] {
        let bytes = rows(len);
        let ours = packed(LZ4_FRAMES, &bytes);
        let frames = memchr::memmem::find_iter(&ours, b"\x04\x22\x4D\x18").count();
        assert_eq!(frames, len.div_ceil(chunk).max(1), "{len} bytes");
        assert!(unpack(LZ4_FRAMES, &ours).unwrap() == bytes, "{len} bytes");
    }
    // A file of several frames is read by lz4(1), but not by all that read lz4.
    assert!(LZ4_FRAMES.layout(1).parallel && !of_extension("lz4").unwrap().layout(1).parallel);
}

#[test]
fn an_unpacker_goes_from_source_to_source() {
    let bytes = rows(300_000);
    let all = COMPRESSIONS.iter().copied().chain([ZLIB, LZ4_FRAMES]);
    for c in all {
        let whole = packed(c, &bytes);
        let mut unpacker = c.unpacker().unwrap();
        // A whole one, one given up half-way, a cut one, a damaged one, an empty one.
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 0x55;
        for (stream, most) in [
            (&whole[..], usize::MAX),
            (&whole, 1000),
            (&whole[..whole.len() / 2], usize::MAX),
            (&damaged, usize::MAX),
            (b"", usize::MAX),
        ] {
            let mut source = Steps { bytes: stream.to_vec(), at: 0, step: 70_000 };
            let (mut out, mut buf) = (Vec::new(), vec![0; 900]);
            while out.len() < most {
                match unpacker.read(&mut source, &mut buf) {
                    Ok(n) if n > 0 => out.extend_from_slice(&buf[..n]),
                    _ => break,
                }
            }
            unpacker.restart().unwrap();
            let mut source = Steps { bytes: whole.clone(), at: 0, step: 50_000 };
            let mut out = Vec::new();
            loop {
                match unpacker.read(&mut source, &mut buf).unwrap() {
                    0 => break,
                    n => out.extend_from_slice(&buf[..n]),
                }
            }
            assert!(out == bytes, "{} behind {} bytes", c.name(), stream.len());
            unpacker.restart().unwrap();
        }
    }
}
