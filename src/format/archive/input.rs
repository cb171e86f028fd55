//! Bytes of an archive, read through one buffer that counts where it is. Every number and text of an archive is read
//! here, in steps: nothing is allocated because the archive announces it, and an end too early is an error.
//!
//! Owns no source: it is handed over at every call.

use std::io;

use crate::error::{Error, Message, Result};
use crate::format::Source;
use crate::message;

/// How much is read at once where nothing else is asked.
const READ: usize = 256 << 10;

/// What to do about an archive that ends too early.
const CUT: &str = "the archive was cut: fetch it again, or dump again and look at pg_dump's exit code";

/// What to do about one that no pg_dump wrote.
const DAMAGED: &str = "the archive is damaged, or was not written by pg_dump: dump again";

/// How much of an archive may be kept in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Longest single text of the table of contents, in bytes (`--max-row`).
    pub max_text: usize,
    /// Most bytes of memory for the whole table of contents.
    pub max_toc: u64,
    /// How much to read at once; 0 = the archive's choice.
    pub read_bytes: usize,
}

impl Limits {
    /// Returns the limits for rows of so many bytes.
    pub(super) fn new(max_row: usize, read_bytes: usize) -> Self {
        Self { max_text: max_row, max_toc: 1 << 30, read_bytes }
    }
}

/// What was read and not yet used, of a stream or of one member of it.
pub(super) struct Input {
    buf: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset of the first unused byte.
    byte: u64,
    /// How many bytes the member that is read still has; `None` where none is.
    left: Option<u64>,
}

impl Input {
    /// Makes an empty one that reads so much at once (0 = its own choice).
    pub(super) fn new(read_bytes: usize) -> Self {
        let size = if read_bytes == 0 { READ } else { read_bytes.max(super::ustar::BLOCK) };
        Self { buf: vec![0; size], start: 0, end: 0, byte: 0, left: None }
    }

    /// Returns the offset of the next byte.
    pub(super) fn byte(&self) -> u64 {
        self.byte
    }

    /// Forgets all, since the source goes on at the start of another file.
    pub(super) fn restart(&mut self) {
        (self.start, self.end, self.byte, self.left) = (0, 0, 0, None);
    }

    /// Ends what is read so many bytes from here; `None` lifts that.
    pub(super) fn bound(&mut self, left: Option<u64>) {
        self.left = left;
    }

    /// Returns a failure of the input, at the next byte.
    pub(super) fn fail(&self, what: impl Into<Message>) -> Error {
        Error::input(what).hint(DAMAGED).at(|at| at.byte = Some(self.byte))
    }

    /// Returns the failure of an archive that ends here.
    pub(super) fn cut(&self) -> Error {
        self.fail("the archive ends too early").hint(CUT)
    }

    /// Returns the next bytes, at least `least` of them (no more than a block) unless the end comes first; none at the end.
    pub(super) fn some(&mut self, source: &mut dyn Source, least: usize) -> Result<&[u8]> {
        let most = self.left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let least = least.min(most).min(self.buf.len());
        while self.end - self.start < least {
            if self.start > 0 {
                self.buf.copy_within(self.start..self.end, 0);
                (self.start, self.end) = (0, self.end - self.start);
            }
            match source.read(self.buf.get_mut(self.end..).unwrap_or_default()) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Error::io("read the archive", &e)),
                Ok(0) if self.left.is_some() => return Err(self.cut()),
                Ok(0) => break,
                Ok(n) => self.end = (self.end + n).min(self.buf.len()),
            }
        }
        let have = self.buf.get(self.start..self.end).unwrap_or_default();
        Ok(have.get(..most).unwrap_or(have))
    }

    /// Says that the next bytes, which `some` returned, are used.
    pub(super) fn skip(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.byte = self.byte.saturating_add(count);
        self.left = self.left.map(|left| left.saturating_sub(count));
    }

    /// Copies the next bytes; returns how many came: 0 at the end or for an empty `into`.
    pub(super) fn read(&mut self, source: &mut dyn Source, into: &mut [u8]) -> Result<usize> {
        let some = self.some(source, usize::from(!into.is_empty()))?;
        let count = some.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), some.get(..count)) {
            to.copy_from_slice(from);
        }
        self.skip(count);
        Ok(count)
    }

    /// Appends the next bytes, at most `most`; returns how many came: 0 at the end.
    pub(super) fn append(
        &mut self,
        source: &mut dyn Source,
        out: &mut Vec<u8>,
        most: usize,
    ) -> Result<usize> {
        let some = self.some(source, most.min(1))?;
        let some = some.get(..most).unwrap_or(some);
        let count = some.len();
        out.extend_from_slice(some);
        self.skip(count);
        Ok(count)
    }

    /// Reads exactly so many bytes.
    ///
    /// # Errors
    /// An end before them.
    pub(super) fn exact<const N: usize>(&mut self, source: &mut dyn Source) -> Result<[u8; N]> {
        let some = self.some(source, N)?.first_chunk().copied();
        let exact = some.ok_or_else(|| self.cut())?;
        self.skip(N);
        Ok(exact)
    }

    /// Reads the numbers and texts of archives whose numbers have so many bytes.
    pub(super) fn words<'a>(&'a mut self, source: &'a mut dyn Source, int_size: u8) -> Words<'a> {
        Words { input: self, source, int_size: usize::from(int_size) }
    }
}

/// Reads numbers and texts.
pub(super) struct Words<'a> {
    /// Where from.
    pub input: &'a mut Input,
    source: &'a mut dyn Source,
    int_size: usize,
}

impl Words<'_> {
    /// Says how many bytes numbers have from here on, 1 to 8.
    pub(super) fn set_int_size(&mut self, int_size: u8) {
        self.int_size = usize::from(int_size).clamp(1, 8);
    }

    /// Reads one byte.
    pub(super) fn byte(&mut self) -> Result<u8> {
        let [byte] = self.input.exact(self.source)?;
        Ok(byte)
    }

    /// Reads a number: a sign, then its absolute value, the least byte first.
    ///
    /// # Errors
    /// One beyond 32 bits, an unknown sign, an end before its last byte.
    pub(super) fn int(&mut self) -> Result<i32> {
        let some = self.input.some(self.source, 1 + self.int_size)?;
        let Some((sign, value)) = some.get(..1 + self.int_size).and_then(<[u8]>::split_first) else {
            return Err(self.input.cut());
        };
        let size = value.iter().rev().fold(0, |sum: i128, byte| (sum << 8) | i128::from(*byte));
        let value = match sign {
            0 => i32::try_from(size).ok(),
            1 if size > 0 => i32::try_from(-size).ok(),
            _ => None,
        };
        let value = value.ok_or_else(|| self.input.fail("expected a number of at most 32 bits"))?;
        self.input.skip(1 + self.int_size);
        Ok(value)
    }

    /// Reads a place: its flag, then so many bytes, the least first.
    pub(super) fn offset(&mut self, off_size: u8) -> Result<(u8, u64)> {
        let flag = self.byte()?;
        let mut place = 0;
        for shift in 0..u32::from(off_size) {
            let part = u64::from(self.byte()?).checked_shl(8 * shift);
            place |= part.ok_or_else(|| self.input.fail("expected a place of at most 64 bits"))?;
        }
        Ok((flag, place))
    }

    /// Reads a text of at most `most` bytes; `None` for NULL.
    ///
    /// # Errors
    /// A longer one, a negative length other than NULL's, an end before its last byte.
    pub(super) fn text(&mut self, most: usize) -> Result<Option<Vec<u8>>> {
        let len = self.int()?;
        if len == -1 {
            return Ok(None);
        }
        let Ok(mut left) = usize::try_from(len) else {
            return Err(self.input.fail("expected the length of a text, found a negative number"));
        };
        if left > most {
            return Err(self
                .input
                .fail(message!("a text of {} bytes is longer than the {} that are read", left, most))
                .hint("--max-row raises the limit; if no entry is that long, the archive is damaged"));
        }
        let mut text = Vec::new();
        while left > 0 {
            match self.input.append(self.source, &mut text, left)? {
                0 => return Err(self.input.cut()),
                count => left -= count,
            }
        }
        text.shrink_to_fit();
        Ok(Some(text))
    }
}
