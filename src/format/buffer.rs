//! The bytes of a piece: read into 64-byte-aligned positions, with the carried tail of the last piece just before.
//! Recycled; grows for long records and shrinks again after them. Never shows its bytes in `Debug`.

use super::Source;
use crate::error::Result;
use std::io;

const ALIGN: usize = 64;
/// A buffer larger than this is given back after use, so that one long row does not stay in every worker.
const KEEP: usize = 4 << 20;

/// A growable buffer whose reads start at aligned addresses.
#[derive(Default)]
pub struct Buffer {
    data: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.data.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns how many bytes are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Returns whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// Empties it and starts it with `carry`, placed so that the next read lands on an aligned address.
    pub fn restart(&mut self, carry: &[u8], room: usize) {
        if self.data.len() > KEEP && carry.len() + room <= KEEP {
            self.data = Vec::new();
        }
        let need = carry.len() + room + 2 * ALIGN;
        if self.data.len() < need {
            self.data = vec![0; need];
        }
        let shift = self.data.as_ptr().align_offset(ALIGN) % ALIGN;
        let read_at = shift + carry.len().div_ceil(ALIGN) * ALIGN;
        self.start = read_at - carry.len();
        self.end = read_at;
        if let Some(place) = self.data.get_mut(self.start..self.end) {
            place.copy_from_slice(carry);
        }
    }

    /// Reads once, at most `most` bytes, behind what is there; grows if it must. Returns how many came; 0 = end.
    ///
    /// # Errors
    /// The source's.
    pub fn fill(&mut self, source: &mut dyn Source, most: usize) -> io::Result<usize> {
        if self.data.len() < self.end + most {
            let grown = (self.data.len() * 2).max(self.end + most);
            self.data.resize(grown, 0);
        }
        let place = self.data.get_mut(self.end..self.end + most).unwrap_or_default();
        let n = loop {
            match source.read(place) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.end += n.min(most);
        Ok(n)
    }

    /// Empties it and has bytes appended by something that reads in its own way.
    ///
    /// # Errors
    /// Those of `append`.
    pub fn put<T>(&mut self, append: impl FnOnce(&mut Vec<u8>) -> Result<T>) -> Result<T> {
        self.data.clear();
        let done = append(&mut self.data);
        (self.start, self.end) = (0, self.data.len());
        done
    }

    /// Cuts everything from `at` (relative to `bytes()`) off, after appending it to `carry`.
    pub fn split_off(&mut self, at: usize, carry: &mut Vec<u8>) {
        let cut = (self.start + at).min(self.end);
        carry.clear();
        carry.extend_from_slice(self.data.get(cut..self.end).unwrap_or_default());
        self.end = cut;
    }
}

impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} bytes>", self.len())
    }
}
