//! zlib, the stream inside of pg_dump's custom archives; no file has it. Writes one stream of independently deflated
//! chunks, as gzip does, with another head and tail. Reads exactly one: what follows it is refused, and so is a preset
//! dictionary.
//!
//! Source: RFC 1950; pigz.

use std::io;
use std::ops::RangeInclusive;

use flate2::Decompress;
use zlib_rs::adler32::{adler32, adler32_combine};

use super::gzip::{Gzip, deflate, inflate};
use super::unpack::{Decode, Follows, Kind, Step, Unpacker};
use super::{Chunk, Compression, Encoder, Layout, Sum, Unpacking};
use crate::error::Result;

/// The format.
pub(super) struct Zlib;

/// Deflate, any window, no dictionary, and the two bytes a multiple of 31.
fn begins(head: &[u8]) -> bool {
    let Some([method, flags]) = head.first_chunk() else { return false };
    method & 0x0F == 8
        && method >> 4 <= 7
        && flags & 0x20 == 0
        && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
}

impl Compression for Zlib {
    fn name(&self) -> &'static str {
        "zlib"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn begins(&self, head: &[u8]) -> bool {
        begins(head)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        let kind = Kind { name: self.name(), begins, follows: Follows::Nothing };
        Ok(Box::new(Unpacker::new(kind, Inflate(Decompress::new(true)))))
    }

    fn levels(&self) -> RangeInclusive<u32> {
        Gzip.levels()
    }

    fn default_level(&self) -> u32 {
        Gzip.default_level()
    }

    fn layout(&self, level: u32) -> Layout {
        Gzip.layout(level)
    }

    fn encoder(&self, level: u32) -> io::Result<Box<dyn Encoder>> {
        Ok(Box::new(Deflate { level }))
    }

    fn tail(&self, sum: &Sum) -> Vec<u8> {
        sum.adler.sum.to_be_bytes().to_vec()
    }
}

struct Inflate(Decompress);

impl Decode for Inflate {
    fn step(&mut self, input: &[u8], output: &mut [u8], _end: bool) -> Result<Step> {
        inflate(&mut self.0, input, output)
    }

    fn restart(&mut self) -> Result<()> {
        self.0.reset(true);
        Ok(())
    }
}

struct Deflate {
    level: u32,
}

impl Encoder for Deflate {
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        if chunk.first {
            // A window of 32 KiB, and how hard it was tried, as zlib says it.
            let effort = match self.level {
                0..=1 => 0x01,
                2..=5 => 0x5E,
                6 => 0x9C,
                _ => 0xDA,
            };
            out.extend_from_slice(&[0x78, effort]);
        }
        deflate(self.level, chunk, out)?;
        Ok(Sum { adler: Adler::of(chunk.bytes), ..Sum::default() })
    }
}

/// The Adler-32 of some bytes, and how many they are.
pub(super) struct Adler {
    sum: u32,
    len: u64,
}

impl Default for Adler {
    fn default() -> Self {
        Self { sum: 1, len: 0 }
    }
}

impl Adler {
    fn of(bytes: &[u8]) -> Self {
        Self { sum: adler32(1, bytes), len: u64::try_from(bytes.len()).unwrap_or(u64::MAX) }
    }

    /// Adds what follows.
    pub(super) fn combine(&mut self, next: &Self) {
        self.sum = adler32_combine(self.sum, next.sum, next.len);
        self.len = self.len.wrapping_add(next.len);
    }
}
