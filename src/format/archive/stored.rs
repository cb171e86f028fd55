//! Data of archives that are not compressed: cut into chunks like any other, and packed by copying. So the chunks of a
//! custom archive are the same however its rows came.

use std::io;
use std::ops::RangeInclusive;

use crate::format::{Chunk, Compression, Encoder, Layout, Source, Sum, Unpacking};

/// No compression.
pub(super) struct Stored;

impl Compression for Stored {
    fn name(&self) -> &'static str {
        "none"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn begins(&self, _head: &[u8]) -> bool {
        false
    }

    fn decoder(&self, source: Box<dyn Source>) -> io::Result<Box<dyn Source>> {
        Ok(source)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        Ok(Box::new(Copy))
    }

    fn levels(&self) -> RangeInclusive<u32> {
        0..=0
    }

    fn default_level(&self) -> u32 {
        0
    }

    fn layout(&self, _level: u32) -> Layout {
        Layout { chunk: 256 << 10, overlap: 0, parallel: true }
    }

    fn encoder(&self, _level: u32) -> io::Result<Box<dyn Encoder>> {
        Ok(Box::new(Copy))
    }
}

struct Copy;

impl Unpacking for Copy {
    fn read(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> io::Result<usize> {
        source.read(buf)
    }

    fn restart(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Encoder for Copy {
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        out.extend_from_slice(chunk.bytes);
        Ok(Sum::default())
    }
}
