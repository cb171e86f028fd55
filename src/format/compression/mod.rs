//! Compressed streams: one file an algorithm. An algorithm says what its streams begin with, unpacks a `Source` into a
//! `Source`, and packs an output chunk by chunk.
//!
//! A stream that is cut, damaged or followed by something else is an error (exit 3), never a shorter result; streams
//! that follow each other are read to the end, as their own programs do. Memory is bounded: what needs a window above
//! 128 MiB is refused. What comes out is never unpacked again: `magic` refuses it.
//!
//! Where an output is cut into chunks depends on nothing but its bytes and the level, so any number of threads writes
//! the same bytes. Deliberately absent: threads, files, the choice of a compression (pipeline and cli).

use std::fmt;
use std::io;
use std::ops::RangeInclusive;

use super::Source;

mod bzip2;
mod gzip;
mod lz4;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_archives;
mod unpack;
mod xz;
mod zlib;
mod zstd;

/// An algorithm with its file format.
pub trait Compression: Sync {
    /// Its word for `--compress` and messages.
    fn name(&self) -> &'static str;

    /// What names of its files end in, without the dot; the first is given to new files.
    fn extensions(&self) -> &'static [&'static str];

    /// Says whether a stream, or what may stand between two, begins so. 10 bytes suffice for the answer.
    fn begins(&self, head: &[u8]) -> bool;

    /// Makes what unpacks streams.
    ///
    /// # Errors
    /// Of memory.
    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>>;

    /// Unpacks a source to its end.
    ///
    /// # Errors
    /// Of memory; what is wrong with the stream is an error of reading.
    fn decoder(&self, source: Box<dyn Source>) -> io::Result<Box<dyn Source>> {
        Ok(Box::new(unpack::Unpack::new(self.unpacker()?, source)))
    }

    /// The levels of `--compress name:n`; none if there is but one.
    fn levels(&self) -> RangeInclusive<u32>;

    /// The level of `--compress name`, and of what is written back the way it came.
    fn default_level(&self) -> u32;

    /// How an output is cut.
    fn layout(&self, level: u32) -> Layout;

    /// Makes an encoder; one a thread where chunks can be packed in parallel.
    ///
    /// # Errors
    /// Of memory.
    fn encoder(&self, level: u32) -> io::Result<Box<dyn Encoder>>;

    /// Returns what ends the stream behind all chunks; `sum` is of all of them.
    fn tail(&self, sum: &Sum) -> Vec<u8> {
        let _ = sum;
        Vec::new()
    }
}

/// Unpacks streams from sources that stay with the caller.
pub trait Unpacking: Send {
    /// Unpacks up to `buf.len()` bytes; 0 is the end of the source and of its last stream. A source without a byte unpacks
    /// to nothing. Packed bytes are read ahead, so the source must end where its streams do.
    ///
    /// # Errors
    /// The source's; a stream that is cut, damaged or followed by something else (`ErrorKind::Input`).
    fn read(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> io::Result<usize>;

    /// Makes ready for another source, wherever in the last one it stands.
    ///
    /// # Errors
    /// Of memory.
    fn restart(&mut self) -> io::Result<()>;
}

/// How an output is cut into chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bytes a chunk; only the last is smaller (or empty).
    pub chunk: usize,
    /// How many bytes before a chunk its encoder wants to see.
    pub overlap: usize,
    /// Whether chunks can be packed in any order, each by any encoder. Else one encoder packs all, in order.
    pub parallel: bool,
}

/// A stretch of an output.
pub struct Chunk<'a> {
    /// What came just before, at most `Layout::overlap` bytes.
    pub before: &'a [u8],
    /// The bytes.
    pub bytes: &'a [u8],
    /// Whether it is the first of the stream.
    pub first: bool,
    /// Whether it is the last of the stream.
    pub last: bool,
}

/// Packs chunks.
pub trait Encoder: Send {
    /// Appends the packed chunk to `out`, which is empty. Where chunks can be packed in parallel, the result depends on
    /// the chunk alone: not on what this encoder packed before, nor on the room in `out`.
    ///
    /// # Errors
    /// Of memory; a fault of the library.
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum>;
}

/// The checksums and lengths of chunks, where a stream's tail needs them: gzip the CRC-32, zlib the Adler-32.
#[derive(Default)]
pub struct Sum {
    crc: flate2::Crc,
    adler: zlib::Adler,
}

impl Sum {
    /// Adds what follows.
    pub fn add(&mut self, next: &Self) {
        self.crc.combine(&next.crc);
        self.adler.combine(&next.adler);
    }
}

impl fmt::Debug for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sum")
    }
}

/// A compression at a level.
#[derive(Clone, Copy)]
pub struct Packing {
    /// The algorithm.
    pub compression: &'static dyn Compression,
    /// Within its levels.
    pub level: u32,
}

impl fmt::Debug for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.compression.name(), self.level)
    }
}

/// All compressions, in the order in which they are asked.
pub static COMPRESSIONS: &[&dyn Compression] = &[&gzip::Gzip, &zstd::Zstd, &lz4::Lz4, &xz::Xz, &bzip2::Bzip2];

/// The zlib format of pg_dump's custom archives: never a file's, so never recognised.
pub static ZLIB: &dyn Compression = &zlib::Zlib;

/// lz4 in frames of their own, as archives read it, so that threads can pack them.
pub static LZ4_FRAMES: &dyn Compression = &lz4::Lz4Frames;

/// Returns the compression whose stream begins with these bytes (up to 8 KiB; all there are, if fewer).
#[must_use]
pub fn of_head(head: &[u8]) -> Option<&'static dyn Compression> {
    let behind = behind_skippable(head);
    let found = COMPRESSIONS.iter().copied().find(|c| !behind.is_empty() && c.begins(behind));
    // Frames to skip that reach beyond the head: pzstd and its like write them, lz4 programs hardly.
    found.or_else(|| COMPRESSIONS.iter().copied().find(|c| behind.len() < head.len() && c.begins(head)))
}

/// Returns the compression whose files' names end so.
#[must_use]
pub fn of_extension(extension: &str) -> Option<&'static dyn Compression> {
    COMPRESSIONS.iter().copied().find(|c| c.extensions().contains(&extension))
}

/// Says whether a frame that holds no data begins here. zstd and lz4 share them.
///
/// Source: RFC 8878, 3.1.2; the lz4 frame format.
fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
}

/// Returns what stands behind the frames without data at the start.
fn behind_skippable(mut head: &[u8]) -> &[u8] {
    while let (true, Some(size)) = (is_skippable(head), head.get(4..).and_then(|s| s.first_chunk())) {
        let size = usize::try_from(u32::from_le_bytes(*size)).unwrap_or(usize::MAX);
        head = head.get(size.saturating_add(8)..).unwrap_or_default();
    }
    head
}
