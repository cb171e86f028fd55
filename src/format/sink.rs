//! How results leave: what became of each part (`Put`), the `Sink` that puts a format's parts together in order, and what
//! it writes to (`Out`). Knows no file and no thread.

use std::io;
use std::ops::Range;

use super::Packing;

/// What became of one part of a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// Bytes that pass as they are (announcements and end marks included).
    Verbatim(Range<usize>),
    /// Rows that were written; `rows` may be fewer than were read.
    Rows {
        /// Their bytes.
        range: Range<usize>,
        /// How many.
        rows: u64,
    },
    /// Bytes of which one range is written: `open` where a statement stands open in the output, `closed` where none does.
    Either {
        /// The separator, or the end of the statement.
        open: Range<usize>,
        /// The beginning of a statement, or nothing.
        closed: Range<usize>,
    },
    /// From here on a statement stands open in the output, or none does.
    Stands {
        /// Which.
        open: bool,
    },
    /// What follows belongs to an entry of an archive, until `Leave`.
    Enter(Entry),
    /// The entry ends.
    Leave,
    /// A large object begins in the entry.
    Object(u32),
    /// Bytes as the archive stores them.
    Stored(Range<usize>),
    /// Bytes of large objects, to be packed.
    Unpacked(Range<usize>),
}

/// What of an archive's entry follows: what its table of contents says of it, or its data. Entries are numbered in the
/// order of the table of contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Its definition.
    Definition(usize),
    /// Its data.
    Data(usize),
}

/// What stands around each packed chunk of a stream inside of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Nothing: the stream is a file's whole content, or the output is.
    Bare,
    /// Its length before it, as pg_dump's custom archives have it: a zero byte, then four bytes, the least first.
    Length,
}

/// What a Sink writes to: bytes in order, some of them packed on the way, in one stream or in members of a folder.
pub trait Out: io::Write {
    /// Begins a member: a file of a folder or of a tar archive; `name` is a bare file name.
    ///
    /// # Errors
    /// The system's; `Unsupported` where the output is one stream.
    fn member(&mut self, name: &str) -> io::Result<()> {
        let _ = name;
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Packs what is written from here on, up to `end_pack`, as one stream of its own. Never writes an empty chunk.
    ///
    /// # Errors
    /// The system's; `Unsupported` where the output packs nothing.
    fn pack(&mut self, packing: Packing, frame: Frame) -> io::Result<()> {
        let _ = (packing, frame);
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Ends the packed stream; of no bytes an empty one is written.
    ///
    /// # Errors
    /// The system's; `Unsupported` where none was begun.
    fn end_pack(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Has the nine bytes at the place `slot` of the output replaced, when it is finished, by what `form` makes of the place
    /// at which the next byte goes. Nothing happens where the output cannot be written out of order.
    ///
    /// # Errors
    /// The system's.
    fn mark(&mut self, slot: u64, form: fn(u64) -> [u8; 9]) -> io::Result<()> {
        let _ = (slot, form);
        Ok(())
    }
}

/// For tests: one stream, nothing packed.
impl Out for Vec<u8> {}

/// Puts the results of the workers together, in order. For text formats that is writing them.
pub trait Sink: Send {
    /// Writes one piece's results. `bytes` is what the ranges of `parts` point into.
    ///
    /// # Errors
    /// The system's.
    fn put(&mut self, bytes: &[u8], parts: &[Put], to: &mut dyn Out) -> io::Result<()>;

    /// Writes what it held back, when all pieces have come: without it, what was written is seen to be cut.
    ///
    /// # Errors
    /// The system's.
    fn finish(&mut self, to: &mut dyn Out) -> io::Result<()> {
        let _ = to;
        Ok(())
    }
}

/// Knows whether a statement stands open in the output, where rows of statements were dropped: a statement may span
/// pieces, and only at the Sink is known whether one of its rows was written.
#[derive(Debug, Default)]
pub struct Joints {
    open: bool,
}

impl Joints {
    /// Returns which bytes of a part are written, if any.
    pub fn bytes<'p>(&mut self, part: &'p Put) -> Option<&'p Range<usize>> {
        match part {
            Put::Verbatim(range) | Put::Rows { range, .. } => Some(range),
            Put::Stored(range) | Put::Unpacked(range) => Some(range),
            Put::Either { open, .. } if self.open => Some(open),
            Put::Either { closed, .. } => Some(closed),
            Put::Stands { open } => {
                self.open = *open;
                None
            }
            Put::Enter(_) | Put::Leave | Put::Object(_) => None,
        }
    }
}

/// The Sink of formats whose pieces just follow each other. Where rows of statements were dropped it sets separators,
/// heads and ends.
#[derive(Debug, Default)]
pub struct PlainSink {
    joints: Joints,
}

impl Sink for PlainSink {
    fn put(&mut self, bytes: &[u8], parts: &[Put], to: &mut dyn Out) -> io::Result<()> {
        let joined = |part: &Put| matches!(part, Put::Either { .. } | Put::Stands { .. });
        if !parts.iter().any(joined) {
            return to.write_all(bytes);
        }
        for part in parts {
            if let Some(range) = self.joints.bytes(part) {
                to.write_all(bytes.get(range.clone()).unwrap_or_default())?;
            }
        }
        Ok(())
    }
}
