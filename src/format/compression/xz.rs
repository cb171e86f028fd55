//! xz. Reads streams that follow each other with padding in between, as `xz -d` does; a stream whose dictionary needs
//! more than 130 MiB, or whose check is of an unknown kind, is refused. Writes one stream, in one thread.
//!
//! Source: the xz file format 1.2.

use std::io;
use std::ops::RangeInclusive;

use liblzma::stream::{Action, CONCATENATED, Check, Error as Lzma, Status, Stream, TELL_UNSUPPORTED_CHECK};

use super::unpack::{Decode, Follows, Kind, Step, Unpacker, damaged, since};
use super::{Chunk, Compression, Encoder, Layout, Sum, Unpacking};
use crate::error::{Error, Result};

/// The format.
pub(super) struct Xz;

/// Enough for a dictionary of 128 MiB; `xz -9` has one of 64 MiB.
const MEMORY: u64 = 130 << 20;

fn begins(head: &[u8]) -> bool {
    head.starts_with(b"\xFD7zXZ\x00")
}

impl Compression for Xz {
    fn name(&self) -> &'static str {
        "xz"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xz"]
    }

    fn begins(&self, head: &[u8]) -> bool {
        begins(head)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        let stream = stream()?;
        // The library itself goes from stream to stream.
        let kind = Kind { name: self.name(), begins, follows: Follows::Streams };
        Ok(Box::new(Unpacker::new(kind, Decoder(stream))))
    }

    fn levels(&self) -> RangeInclusive<u32> {
        0..=9
    }

    fn default_level(&self) -> u32 {
        6
    }

    fn layout(&self, _level: u32) -> Layout {
        Layout { chunk: 256 << 10, overlap: 0, parallel: false }
    }

    fn encoder(&self, level: u32) -> io::Result<Box<dyn Encoder>> {
        let stream = Stream::new_easy_encoder(level, Check::Crc64).map_err(|_| io::ErrorKind::OutOfMemory)?;
        Ok(Box::new(Packer(stream)))
    }
}

fn stream() -> io::Result<Stream> {
    let flags = CONCATENATED | TELL_UNSUPPORTED_CHECK;
    Stream::new_stream_decoder(MEMORY, flags).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

struct Decoder(Stream);

impl Decode for Decoder {
    fn step(&mut self, input: &[u8], output: &mut [u8], end: bool) -> Result<Step> {
        let before = (self.0.total_in(), self.0.total_out());
        let action = if end { Action::Finish } else { Action::Run };
        let status = self.0.process(input, output, action).map_err(|e| match e {
            Lzma::MemLimit => Error::input("needs a dictionary of more than 128 MiB")
                .hint("decompress it into a pipe: `xz -dc FILE | standin …`"),
            Lzma::Options | Lzma::UnsupportedCheck => {
                Error::input("uses a filter or check that is not known")
                    .hint("decompress it into a pipe: `xz -dc FILE | standin …`")
            }
            _ => damaged(),
        })?;
        Ok(Step {
            read: since(before.0, self.0.total_in()),
            written: since(before.1, self.0.total_out()),
            ended: status == Status::StreamEnd,
        })
    }

    fn restart(&mut self) -> Result<()> {
        self.0 = stream().map_err(|e| Error::io("unpack", &e))?;
        Ok(())
    }
}

struct Packer(Stream);

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
            let status = self.0.process_vec(rest, out, action);
            match status.map_err(|_| Error::bug("the xz encoder failed"))? {
                Status::StreamEnd => return Ok(Sum::default()),
                Status::Ok | Status::GetCheck | Status::MemNeeded => {}
            }
        }
    }
}
