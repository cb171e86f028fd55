//! gzip. Reads members that follow each other, and zeros behind the last one (tapes pad so; gzip(1) does the same).
//! Writes one member of independently deflated chunks, each with the 32 KiB before it as its dictionary and ended on a
//! byte border, as pigz does. Neither name nor time stand in the header, so the same bytes give the same file.
//!
//! Source: RFC 1951, RFC 1952; pigz.

use std::io;
use std::ops::RangeInclusive;

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress, Status};

use super::unpack::{Decode, Follows, Kind, Step, Unpacker, damaged, since};
use super::{Chunk, Compression, Encoder, Layout, Sum, Unpacking};
use crate::error::{Error, Result};

/// The format.
pub(super) struct Gzip;

const WINDOW_BITS: u8 = 15;

fn begins(head: &[u8]) -> bool {
    head.starts_with(b"\x1F\x8B")
}

impl Compression for Gzip {
    fn name(&self) -> &'static str {
        "gzip"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["gz"]
    }

    fn begins(&self, head: &[u8]) -> bool {
        begins(head)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        let kind = Kind { name: self.name(), begins, follows: Follows::Padding };
        Ok(Box::new(Unpacker::new(kind, Inflate(Decompress::new_gzip(WINDOW_BITS)))))
    }

    fn levels(&self) -> RangeInclusive<u32> {
        1..=9
    }

    fn default_level(&self) -> u32 {
        6
    }

    fn layout(&self, _level: u32) -> Layout {
        Layout { chunk: 512 << 10, overlap: 32 << 10, parallel: true }
    }

    fn encoder(&self, level: u32) -> io::Result<Box<dyn Encoder>> {
        Ok(Box::new(Deflate { level }))
    }

    fn tail(&self, sum: &Sum) -> Vec<u8> {
        // Both are modulo 2^32, as the format has them.
        [sum.crc.sum().to_le_bytes(), sum.crc.amount().to_le_bytes()].concat()
    }
}

struct Inflate(Decompress);

/// Unpacks a step of a stream that zlib decodes.
pub(super) fn inflate(inner: &mut Decompress, input: &[u8], output: &mut [u8]) -> Result<Step> {
    let before = (inner.total_in(), inner.total_out());
    let status = inner.decompress(input, output, FlushDecompress::None).map_err(|_| damaged())?;
    Ok(Step {
        read: since(before.0, inner.total_in()),
        written: since(before.1, inner.total_out()),
        ended: status == Status::StreamEnd,
    })
}

impl Decode for Inflate {
    fn step(&mut self, input: &[u8], output: &mut [u8], _end: bool) -> Result<Step> {
        inflate(&mut self.0, input, output)
    }

    fn restart(&mut self) -> Result<()> {
        self.0 = Decompress::new_gzip(WINDOW_BITS);
        Ok(())
    }
}

struct Deflate {
    level: u32,
}

impl Encoder for Deflate {
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        if chunk.first {
            // Deflate, no flags, no time, how hard it was tried, system unknown.
            let effort = match self.level {
                1 => 4,
                9 => 2,
                _ => 0,
            };
            out.extend_from_slice(&[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, effort, 255]);
        }
        deflate(self.level, chunk, out)?;
        let mut sum = Sum::default();
        sum.crc.update(chunk.bytes);
        Ok(sum)
    }
}

/// Appends a chunk as a part of a deflate stream that ends on a byte border.
pub(super) fn deflate(level: u32, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    // A new one each time: `reset` leaves traces of what was packed before, and which chunks an encoder meets depends
    // on the threads. And all in one step: where the room ends shows in the bytes as well.
    let mut deflate = Compress::new(flate2::Compression::new(level), false);
    if !chunk.before.is_empty() {
        deflate.set_dictionary(chunk.before)?;
    }
    out.reserve(chunk.bytes.len() + chunk.bytes.len() / 8 + (4 << 10));
    let flush = if chunk.last { FlushCompress::Finish } else { FlushCompress::Sync };
    let status = deflate.compress_vec(chunk.bytes, out, flush)?;
    let done = since(0, deflate.total_in()) == chunk.bytes.len()
        && out.len() < out.capacity()
        && (status == Status::StreamEnd || !chunk.last);
    if !done {
        return Err(Error::bug("the deflate encoder did not come to an end").into());
    }
    Ok(())
}
