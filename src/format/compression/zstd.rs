//! Zstandard. Reads frames that follow each other and skips frames without data; a window above 128 MiB (`--long=28` and
//! beyond) is refused, and so is a dictionary. Writes one frame a chunk, each with its length and checksum: what
//! `zstd -d` reads as one file.
//!
//! Source: RFC 8878.

use std::io;
use std::ops::RangeInclusive;

use ::zstd::zstd_safe::{
    CCtx, CParameter, DCtx, DParameter, ErrorCode, InBuffer, OutBuffer, ResetDirective, compress_bound,
};

use super::unpack::{Decode, Follows, Kind, Step, Unpacker, damaged};
use super::{Chunk, Compression, Encoder, Layout, Sum, Unpacking};
use crate::error::{Error, Result};

/// The format.
pub(super) struct Zstd;

/// The largest window that is read, as a power of two: what zstd itself allows without being asked.
const WINDOW_LOG: u32 = 27;

fn begins(head: &[u8]) -> bool {
    head.starts_with(b"\x28\xB5\x2F\xFD") || super::is_skippable(head)
}

impl Compression for Zstd {
    fn name(&self) -> &'static str {
        "zstd"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["zst", "zstd"]
    }

    fn begins(&self, head: &[u8]) -> bool {
        begins(head)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        let mut context = DCtx::try_create().ok_or(io::ErrorKind::OutOfMemory)?;
        context.set_parameter(DParameter::WindowLogMax(WINDOW_LOG)).map_err(fault)?;
        let kind = Kind { name: self.name(), begins, follows: Follows::Streams };
        Ok(Box::new(Unpacker::new(kind, Decoder(context))))
    }

    fn levels(&self) -> RangeInclusive<u32> {
        1..=22
    }

    fn default_level(&self) -> u32 {
        3
    }

    fn layout(&self, level: u32) -> Layout {
        // A frame knows nothing of those before it: what a level can find farther off must lie within the chunk.
        let chunk = match level {
            0..=3 => 2 << 20,
            4..=5 => 4 << 20,
            6..=9 => 8 << 20,
            10..=15 => 16 << 20,
            _ => 32 << 20,
        };
        Layout { chunk, overlap: 0, parallel: true }
    }

    fn encoder(&self, level: u32) -> io::Result<Box<dyn Encoder>> {
        Ok(Box::new(Frames { level: i32::try_from(level).map_err(|_| io::ErrorKind::InvalidInput)? }))
    }
}

fn fault(_: ErrorCode) -> io::Error {
    Error::bug("the zstd library refused its parameters").into()
}

struct Decoder(DCtx<'static>);

impl Decode for Decoder {
    fn step(&mut self, input: &[u8], output: &mut [u8], _end: bool) -> Result<Step> {
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(output);
        let left = self.0.decompress_stream(&mut to, &mut from).map_err(wrong)?;
        Ok(Step { read: from.pos, written: to.pos(), ended: left == 0 })
    }

    fn restart(&mut self) -> Result<()> {
        self.0.reset(ResetDirective::SessionOnly).map_err(|_| damaged())?;
        Ok(())
    }
}

/// Tells the errors apart that have an answer. Source: zstd_errors.h; the library returns them negated.
fn wrong(code: ErrorCode) -> Error {
    match 0_usize.wrapping_sub(code) {
        16 => Error::input("needs a window of more than 128 MiB").hint(
            "decompress it into a pipe: `zstd -d --long=31 -c FILE | standin …`, or write it with --long=27",
        ),
        32 => Error::input("needs a dictionary")
            .hint("decompress it into a pipe: `zstd -d -D DICTIONARY -c FILE`"),
        _ => damaged(),
    }
}

struct Frames {
    level: i32,
}

impl Encoder for Frames {
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        // The last chunk is empty where the output ends with the one before it.
        if chunk.first || !chunk.bytes.is_empty() {
            // A new one each time: what a context packed before salts its hashes (`hashSaltEntropy`), and which chunks an
            // encoder meets depends on the threads.
            let mut context = CCtx::try_create().ok_or(io::ErrorKind::OutOfMemory)?;
            context.set_parameter(CParameter::CompressionLevel(self.level)).map_err(fault)?;
            context.set_parameter(CParameter::ChecksumFlag(true)).map_err(fault)?;
            let mut frame = std::mem::take(out);
            frame.clear();
            frame.reserve(compress_bound(chunk.bytes.len()));
            let packed = context.compress2(&mut frame, chunk.bytes);
            *out = frame;
            packed.map_err(|_| Error::bug("the zstd encoder failed"))?;
        }
        Ok(Sum::default())
    }
}
