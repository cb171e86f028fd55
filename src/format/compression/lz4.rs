//! lz4, its frame format. Reads frames that follow each other and skips frames without data; checks every checksum that
//! is there. Refuses the legacy frame, whose end cannot be told from a cut, and dictionaries. Writes one frame, in one
//! thread; or a frame a chunk, in many, where what reads them is known to go on behind the first one.
//!
//! Source: the lz4 frame format 1.6.4. The frames are taken apart here, since `lz4_flex::frame` takes the end of the
//! input between two blocks for the end of the frame: a cut file would come out short. Blocks are decoded by `lz4_flex`.

use std::io::{self, Write};
use std::ops::RangeInclusive;

use lz4_flex::block::decompress_into_with_dict;
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
use twox_hash::XxHash32;

use super::unpack::{Decode, Follows, Kind, Step, Unpacker, damaged};
use super::{Chunk, Compression, Encoder, Layout, Sum, Unpacking};
use crate::error::{Error, Result};

/// The format.
pub(super) struct Lz4;

const MAGIC: &[u8] = b"\x04\x22\x4D\x18";
const LEGACY: &[u8] = b"\x02\x21\x4C\x18";

/// How far back a block may refer to those before it.
const WINDOW: usize = 64 << 10;

fn begins(head: &[u8]) -> bool {
    head.starts_with(MAGIC) || head.starts_with(LEGACY) || super::is_skippable(head)
}

impl Compression for Lz4 {
    fn name(&self) -> &'static str {
        "lz4"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["lz4"]
    }

    fn begins(&self, head: &[u8]) -> bool {
        begins(head)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        let kind = Kind { name: self.name(), begins, follows: Follows::Streams };
        Ok(Box::new(Unpacker::new(kind, Frames::default())))
    }

    fn levels(&self) -> RangeInclusive<u32> {
        1..=1
    }

    fn default_level(&self) -> u32 {
        1
    }

    fn layout(&self, _level: u32) -> Layout {
        Layout { chunk: 256 << 10, overlap: 0, parallel: false }
    }

    fn encoder(&self, _level: u32) -> io::Result<Box<dyn Encoder>> {
        Ok(Box::new(Packer(frame(Vec::new()))))
    }
}

/// Begins a frame.
fn frame(out: Vec<u8>) -> FrameEncoder<Vec<u8>> {
    let info =
        FrameInfo::new().block_size(BlockSize::Max256KB).block_mode(BlockMode::Linked).content_checksum(true);
    FrameEncoder::with_frame_info(info, out)
}

/// The same format, a frame a chunk.
pub(super) struct Lz4Frames;

impl Compression for Lz4Frames {
    fn name(&self) -> &'static str {
        Lz4.name()
    }

    fn extensions(&self) -> &'static [&'static str] {
        Lz4.extensions()
    }

    fn begins(&self, head: &[u8]) -> bool {
        begins(head)
    }

    fn unpacker(&self) -> io::Result<Box<dyn Unpacking>> {
        Lz4.unpacker()
    }

    fn levels(&self) -> RangeInclusive<u32> {
        Lz4.levels()
    }

    fn default_level(&self) -> u32 {
        Lz4.default_level()
    }

    fn layout(&self, _level: u32) -> Layout {
        Layout { chunk: 1 << 20, overlap: 0, parallel: true }
    }

    fn encoder(&self, _level: u32) -> io::Result<Box<dyn Encoder>> {
        Ok(Box::new(FramePacker))
    }
}

/// What the next bytes of a frame are.
#[derive(Clone, Copy, Default)]
enum Next {
    /// Magic number, flags and block size: tells how long the header is.
    #[default]
    Head,
    /// The rest of the header, its checksum last.
    Header,
    /// The length of a frame without data.
    SkipLen,
    /// So many bytes without data.
    Skip(usize),
    /// The length of a block, or the end mark.
    BlockLen,
    /// A block and its checksum, if it has one.
    Block { len: usize, stored: bool },
    /// The checksum of all.
    Checksum,
}

#[derive(Default)]
struct Frames {
    next: Next,
    /// Bytes of what `next` says, until it is whole.
    part: Vec<u8>,
    flags: u8,
    /// Largest block, unpacked.
    most: usize,
    /// Length as the header says it, if so.
    size: Option<u64>,
    unpacked: u64,
    hash: Option<XxHash32>,
    /// The last bytes of earlier blocks, then the last block.
    out: Vec<u8>,
    /// Where the last block goes on that the caller has not got yet.
    at: usize,
}

impl Frames {
    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Returns how many bytes `next` needs.
    fn need(&self) -> usize {
        match self.next {
            Next::Head => 6,
            Next::Header => 7 + if self.has(SIZE) { 8 } else { 0 } + if self.has(DICTIONARY) { 4 } else { 0 },
            Next::SkipLen => 8,
            Next::Skip(len) => len,
            Next::BlockLen | Next::Checksum => 4,
            Next::Block { len, .. } => len + if self.has(BLOCK_CHECKSUM) { 4 } else { 0 },
        }
    }

    /// Takes in `part`, which is whole. Returns whether the frame is at its end.
    fn take(&mut self) -> Result<bool> {
        let part = std::mem::take(&mut self.part);
        let ended = self.judge(&part);
        self.part = part;
        // A header grows: its parts are judged together.
        if !matches!(self.next, Next::Header | Next::SkipLen) {
            self.part.clear();
        }
        ended
    }

    fn judge(&mut self, part: &[u8]) -> Result<bool> {
        match self.next {
            Next::Head if super::is_skippable(part) => self.next = Next::SkipLen,
            Next::Head => {
                if part.starts_with(LEGACY) {
                    return Err(Error::input("has the legacy form, in which a cut cannot be seen")
                        .hint("write it again with a current lz4: `lz4 -dc FILE | lz4 > NEW`"));
                }
                self.flags = part.get(4).copied().unwrap_or(0);
                self.next = Next::Header;
            }
            Next::Header => self.header(part)?,
            Next::SkipLen => match number(part.get(4..).unwrap_or_default())? {
                0 => return Ok(true),
                len => self.next = Next::Skip(len),
            },
            Next::Skip(_) => return Ok(true),
            Next::BlockLen => {
                let word = number(part)?;
                let (len, stored) = (word & 0x7FFF_FFFF, word & 0x8000_0000 != 0);
                if word == 0 {
                    if self.size.is_some_and(|size| size != self.unpacked) {
                        return Err(damaged());
                    }
                    self.next = Next::Checksum;
                    return Ok(!self.has(CONTENT_CHECKSUM));
                }
                if len > self.most {
                    return Err(damaged());
                }
                self.next = Next::Block { len, stored };
            }
            Next::Block { len, stored } => {
                self.block(part, len, stored)?;
                self.next = Next::BlockLen;
            }
            Next::Checksum => {
                let hash = self.hash.as_ref().map(std::hash::Hasher::finish);
                let said = u64::try_from(number(part)?).unwrap_or(0);
                return if hash == Some(said) { Ok(true) } else { Err(damaged()) };
            }
        }
        Ok(false)
    }

    fn header(&mut self, part: &[u8]) -> Result<()> {
        let (Some(described), Some((check, _))) = (part.get(4..part.len() - 1), part.split_last()) else {
            return Err(damaged());
        };
        if XxHash32::oneshot(0, described).to_le_bytes().get(1) != Some(check) {
            return Err(damaged());
        }
        // Version 01, nothing reserved set.
        let block = described.get(1).copied().unwrap_or(0);
        if self.flags & 0b1100_0010 != 0b0100_0000 || block & 0b1000_1111 != 0 {
            return Err(Error::input("is of a version that is not known")
                .hint("decompress it into a pipe: `lz4 -dc FILE`"));
        }
        if self.has(DICTIONARY) {
            return Err(Error::input("needs a dictionary")
                .hint("decompress it into a pipe: `lz4 -dc -D DICTIONARY FILE`"));
        }
        self.most = match block >> 4 {
            4 => 64 << 10,
            5 => 256 << 10,
            6 => 1 << 20,
            7 => 4 << 20,
            _ => return Err(damaged()),
        };
        let size = described.get(2..).and_then(|d| d.first_chunk()).map(|s| u64::from_le_bytes(*s));
        self.size = size.filter(|_| self.has(SIZE));
        self.unpacked = 0;
        self.hash = self.has(CONTENT_CHECKSUM).then(|| XxHash32::with_seed(0));
        self.out.clear();
        self.at = 0;
        self.part.clear();
        self.next = Next::BlockLen;
        Ok(())
    }

    /// Unpacks a block behind what of earlier ones it may refer to.
    fn block(&mut self, part: &[u8], len: usize, stored: bool) -> Result<()> {
        let (data, check) = part.split_at_checked(len).ok_or_else(damaged)?;
        if !check.is_empty() && number(check)? != usize::try_from(XxHash32::oneshot(0, data)).unwrap_or(0) {
            return Err(damaged());
        }
        let keep = if self.has(INDEPENDENT) { 0 } else { self.out.len().min(WINDOW) };
        self.out.drain(..self.out.len() - keep);
        if stored {
            self.out.extend_from_slice(data);
        } else {
            self.out.resize(keep + self.most, 0);
            let (before, room) = self.out.split_at_mut_checked(keep).ok_or_else(damaged)?;
            let len = decompress_into_with_dict(data, room, before).map_err(|_| damaged())?;
            self.out.truncate(keep + len);
        }
        self.at = keep;
        let new = self.out.get(keep..).unwrap_or_default();
        self.unpacked += u64::try_from(new.len()).unwrap_or(0);
        if let Some(hash) = &mut self.hash {
            std::hash::Hasher::write(hash, new);
        }
        Ok(())
    }
}

const INDEPENDENT: u8 = 0b0010_0000;
const BLOCK_CHECKSUM: u8 = 0b0001_0000;
const SIZE: u8 = 0b0000_1000;
const CONTENT_CHECKSUM: u8 = 0b0000_0100;
const DICTIONARY: u8 = 0b0000_0001;

/// Reads four bytes, lowest first.
fn number(bytes: &[u8]) -> Result<usize> {
    let word = bytes.first_chunk().ok_or_else(damaged)?;
    usize::try_from(u32::from_le_bytes(*word)).map_err(|_| damaged())
}

impl Decode for Frames {
    fn step(&mut self, input: &[u8], output: &mut [u8], _end: bool) -> Result<Step> {
        let mut step = Step::default();
        while !step.ended {
            let ready = self.out.get(self.at..).unwrap_or_default();
            if !ready.is_empty() {
                let n = ready.len().min(output.len());
                if let (Some(place), Some(ready)) = (output.get_mut(..n), ready.get(..n)) {
                    place.copy_from_slice(ready);
                }
                self.at += n;
                step.written = n;
                break;
            }
            let rest = input.get(step.read..).unwrap_or_default();
            if let Next::Skip(left) = self.next {
                let n = left.min(rest.len());
                step.read += n;
                self.next = Next::Skip(left - n);
                step.ended = n == left;
            } else {
                let n = self.need().saturating_sub(self.part.len()).min(rest.len());
                self.part.extend_from_slice(rest.get(..n).unwrap_or_default());
                step.read += n;
                if self.part.len() < self.need() {
                    break;
                }
                step.ended = self.take()?;
            }
            if step.read == input.len() && matches!(self.next, Next::Skip(_)) {
                break;
            }
        }
        Ok(step)
    }

    fn restart(&mut self) -> Result<()> {
        self.next = Next::Head;
        self.part.clear();
        self.out.clear();
        self.at = 0;
        Ok(())
    }
}

struct Packer(FrameEncoder<Vec<u8>>);

impl Encoder for Packer {
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        self.0.write_all(chunk.bytes)?;
        if chunk.last {
            self.0.try_finish().map_err(|_| Error::bug("the lz4 encoder failed"))?;
        }
        out.append(self.0.get_mut());
        Ok(Sum::default())
    }
}

struct FramePacker;

impl Encoder for FramePacker {
    fn encode(&mut self, chunk: &Chunk<'_>, out: &mut Vec<u8>) -> io::Result<Sum> {
        // The last chunk is empty where the output ends with the one before it.
        if chunk.first || !chunk.bytes.is_empty() {
            let mut frame = frame(std::mem::take(out));
            frame.write_all(chunk.bytes)?;
            *out = frame.finish().map_err(|_| Error::bug("the lz4 encoder failed"))?;
        }
        Ok(Sum::default())
    }
}
