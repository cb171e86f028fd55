//! bzip2. Reads streams that follow each other. Writes one stream, in one thread.
//!
//! Source: the bzip2 manual; every block and every stream has a checksum.

use std::io;
use std::ops::RangeInclusive;

use ::bzip2::{Action, Compress, Decompress, Status};

use super::unpack::{Decode, Follows, Kind, Step, Unpacker, damaged, since};
use super::{Chunk, Compression, Encoder, Layout, Sum, Unpacking};
use crate::error::{Error, Result};

/// The format.
pub(super) struct Bzip2;

/// A block, or the end of an empty stream, follows the header: `BZh9` alone may be text.
fn begins(head: &[u8]) -> bool {
    matches!(
        head,
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..]
    )
}

impl Compression for Bzip2 {
    fn name(&self) -> &'static str {
        "bzip2"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["bz2"]
    }

    fn begins(&self, head: &[u8]) -> bool {
        begins(head)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        let kind = Kind { name: self.name(), begins, follows: Follows::Streams };
        Ok(Box::new(Unpacker::new(kind, Decoder(Decompress::new(false)))))
    }

    fn levels(&self) -> RangeInclusive<u32> {
        1..=9
    }

    fn default_level(&self) -> u32 {
        9
    }

    fn layout(&self, _level: u32) -> Layout {
        Layout { chunk: 256 << 10, overlap: 0, parallel: false }
    }

    fn encoder(&self, level: u32) -> io::Result<Box<dyn Encoder>> {
        Ok(Box::new(Packer(Compress::new(::bzip2::Compression::new(level), 0))))
    }
}

struct Decoder(Decompress);

impl Decode for Decoder {
    fn step(&mut self, input: &[u8], output: &mut [u8], _end: bool) -> Result<Step> {
        let before = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output).map_err(|_| damaged())?;
        if status == Status::MemNeeded {
            return Err(Error::input("needs more memory than there is"));
        }
        Ok(Step {
            read: since(before.0, self.0.total_in()),
            written: since(before.1, self.0.total_out()),
            ended: status == Status::StreamEnd,
        })
    }

    fn restart(&mut self) -> Result<()> {
        self.0 = Decompress::new(false);
        Ok(())
    }
}

struct Packer(Compress);

impl Encoder for Packer {
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        let start = self.0.total_in();
        let action = if chunk.last { Action::Finish } else { Action::Run };
        loop {
            let rest = chunk.bytes.get(since(start, self.0.total_in())..).unwrap_or_default();
            if rest.is_empty() && !chunk.last {
                return Ok(Sum::default());
            }
            out.reserve(32 << 10);
            let status = self.0.compress_vec(rest, out, action);
            if status.map_err(|_| Error::bug("the bzip2 encoder failed"))? == Status::StreamEnd {
                return Ok(Sum::default());
            }
        }
    }
}
