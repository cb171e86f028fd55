//! Cuts an input whose records are lines into pieces of whole lines (TSV, JSON Lines): the sequential part, one search
//! for the last line end of what was read. Knows nothing of what is in a line. Refuses what is no text, and lines longer
//! than `--max-row`.

use super::{Buffer, InputOptions, Piece, Source, magic};
use crate::error::{Error, Message, Result};
use crate::message;
use crate::row::shape::TableName;

/// One read (PERF.md, fact 2).
const READ: usize = 256 << 10;
/// The default of `--max-row`.
const MAX_ROW: usize = 1 << 30;
/// Positions in a block are 32 bits.
const MOST_ROW: usize = 2 << 30;

/// Where a piece was cut.
#[derive(Clone, Copy, Debug)]
pub(in crate::format) struct Cut {
    /// One past the last whole line.
    pub(in crate::format) end: usize,
    /// Where the lines begin: behind the byte order mark of the first piece.
    pub(in crate::format) start: usize,
    /// Whether this is the first piece.
    pub(in crate::format) first: bool,
    /// Whether the input ends here; the last line may lack its end.
    pub(in crate::format) eof: bool,
}

/// Reads whole lines.
pub(in crate::format) struct Lines {
    source: Option<Message>,
    table: Message,
    max_row: usize,
    read: usize,
    /// The start of a line whose end was not read yet.
    carry: Vec<u8>,
    /// Offset of the next piece.
    byte: u64,
    begun: bool,
    ended: bool,
}

impl Lines {
    pub(in crate::format) fn new(options: &InputOptions, table: &TableName) -> Self {
        Self {
            source: options.source.clone(),
            table: message!("{}", table),
            max_row: if options.max_row == 0 { MAX_ROW } else { options.max_row.min(MOST_ROW) },
            read: if options.read_bytes == 0 { READ } else { options.read_bytes },
            carry: Vec::new(),
            byte: 0,
            begun: false,
            ended: false,
        }
    }

    /// Returns the longest line, its end included, in bytes.
    pub(in crate::format) fn max_row(&self) -> usize {
        self.max_row
    }

    /// Fills the piece's buffer with at least one whole line; `None` behind the end. `look` sees the first bytes of the
    /// input once (the byte order mark is off), before any line of it is whole.
    ///
    /// # Errors
    /// `ErrorKind::Io`; what is no text or empty; a line that is too long; what `look` refuses.
    pub(in crate::format) fn next(
        &mut self,
        source: &mut dyn Source,
        piece: &mut Piece,
        look: impl Fn(&[u8]) -> Result<()>,
    ) -> Result<Option<Cut>> {
        piece.parts.clear();
        piece.byte = self.byte;
        piece.buffer.restart(&self.carry, self.read);
        self.carry.clear();
        if self.ended {
            return Ok(None);
        }
        let first = !self.begun;
        let (end, eof) = self.gather(source, &mut piece.buffer, look)?;
        let start = if first { bom(piece.buffer.bytes()) } else { 0 };
        if eof {
            self.ended = true;
        } else {
            piece.buffer.split_off(end, &mut self.carry);
        }
        Ok(Some(Cut { end, start, first, eof }))
    }

    fn gather(
        &mut self,
        source: &mut dyn Source,
        buffer: &mut Buffer,
        look: impl Fn(&[u8]) -> Result<()>,
    ) -> Result<(usize, bool)> {
        let mut searched = buffer.len();
        let mut cut = 0;
        loop {
            let came = buffer.fill(source, self.read).map_err(|e| Error::io("read the input", &e))?;
            let bytes = buffer.bytes();
            if !self.begun && (bytes.len() >= magic::HEAD || came == 0) {
                self.begin(bytes, &look).map_err(|e| self.place(e, bytes, 0))?;
            }
            let fresh = bytes.get(searched..).unwrap_or_default();
            if let Some(last) = memchr::memrchr(b'\n', fresh) {
                cut = searched + last + 1;
            }
            searched = bytes.len();
            if came == 0 {
                return Ok((bytes.len(), true));
            }
            if cut > 0 && self.begun {
                return Ok((cut, false));
            }
            if cut == 0 && bytes.len() > self.max_row {
                return Err(self.place(too_long(self.max_row), bytes, 0));
            }
        }
    }

    fn begin(&mut self, bytes: &[u8], look: &impl Fn(&[u8]) -> Result<()>) -> Result<()> {
        magic::refuse(bytes)?;
        let text = bytes.get(bom(bytes)..).unwrap_or_default();
        if text.is_empty() {
            return Err(Error::input("the input is empty").hint("look at the exit code of what wrote it"));
        }
        look(text)?;
        self.begun = true;
        Ok(())
    }

    /// Counts the piece as read. To be called once its parts are made.
    pub(in crate::format) fn close(&mut self, cut: Cut) {
        self.byte += u64::try_from(cut.end).unwrap_or_default();
    }

    /// Adds the place, which is `offset` in the bytes of the piece.
    pub(in crate::format) fn place(&self, error: Error, bytes: &[u8], offset: usize) -> Error {
        let before = bytes.get(..offset).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', before).count();
        error.at(|at| {
            at.source.clone_from(&self.source);
            at.line = u64::try_from(lines + 1).ok();
            at.byte = u64::try_from(offset).ok().map(|n| self.byte + n);
            at.table = Some(self.table.clone());
        })
    }
}

/// Returns the length of the byte order mark that the bytes begin with.
fn bom(bytes: &[u8]) -> usize {
    if bytes.starts_with(magic::BOM) { magic::BOM.len() } else { 0 }
}

/// Makes the error of a line that is longer than may be.
pub(in crate::format) fn too_long(max_row: usize) -> Error {
    Error::input(message!("a row is longer than {} bytes", max_row)).hint("raise --max-row if that is right")
}
