//! What the reader of rows is given to read: the text that announces them, the unpacked stream of an entry, and what sets
//! the session again behind it, so that rows that ended are seen to have ended, and others not.
//!
//! Knows no statement. Refuses nothing itself; what packed streams refuse comes through as it is.

use std::io;

use super::container::Container;
use super::form::Form;
use super::toc::Algorithm;
use crate::error::{Error, Result};
use crate::format::{Source, Unpacking};

/// The text that the reader of rows is given: what announces them, the stream, and what stands behind it.
#[derive(Default)]
pub(super) struct Feed {
    /// Bytes to give before anything else.
    pub(super) first: Vec<u8>,
    pub(super) given: usize,
    /// How many bytes were given in all.
    pub(super) byte: u64,
    pub(super) stream: Stream,
    pub(super) unpack: Option<(Algorithm, Box<dyn Unpacking>)>,
}

/// Where the stream of an entry stands.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// None is being read.
    #[default]
    None,
    Reads,
    Ended,
}

/// The feed with what it reads from.
pub(super) struct Fed<'f> {
    pub(super) feed: &'f mut Feed,
    pub(super) container: &'f mut dyn Container,
    pub(super) source: &'f mut dyn Source,
    pub(super) prelude: &'f [u8],
    pub(super) end: &'f mut Option<u64>,
}

/// The stored bytes of the stream at hand.
struct Packed<'f> {
    container: &'f mut dyn Container,
    source: &'f mut dyn Source,
}

impl Source for Packed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        Ok(self.container.read(self.source, buf)?)
    }
}

impl Source for Fed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.feed.first.get(self.feed.given..).unwrap_or_default();
            if !left.is_empty() {
                let n = left.len().min(buf.len());
                let (now, _) = left.split_at(n);
                if let Some(place) = buf.get_mut(..n) {
                    place.copy_from_slice(now);
                }
                self.feed.given += n;
                self.feed.byte += u64::try_from(n).unwrap_or(0);
                return Ok(n);
            }
            if self.feed.stream != Stream::Reads {
                return Ok(0);
            }
            let n = self.feed.unpacked(self.container, self.source, buf)?;
            if n > 0 {
                self.feed.byte += u64::try_from(n).unwrap_or(0);
                return Ok(n);
            }
            // What sets the session ends any rows that ended, and is rows where they did not.
            self.feed.stream = Stream::Ended;
            *self.end = Some(self.feed.byte);
            self.feed.begin_with(&[self.prelude]);
        }
    }
}

impl Feed {
    /// Gives these before anything else.
    pub(super) fn begin_with(&mut self, texts: &[&[u8]]) {
        let left = self.first.split_off(self.given.min(self.first.len()));
        self.first = left;
        self.given = 0;
        texts.iter().for_each(|text| self.first.extend_from_slice(text));
    }

    /// Begins a stream that is packed so.
    pub(super) fn begin_stream(&mut self, algorithm: Algorithm, form: Form) -> Result<()> {
        self.stream = Stream::Reads;
        let io = |e| Error::io("unpack the input", &e);
        match &mut self.unpack {
            Some((same, unpack)) if *same == algorithm => unpack.restart().map_err(io),
            _ => {
                let made = algorithm.compression(form).map(|c| c.unpacker()).transpose().map_err(io)?;
                self.unpack = made.map(|made| (algorithm, made));
                Ok(())
            }
        }
    }

    /// Reads the stream.
    fn unpacked(
        &mut self,
        container: &mut dyn Container,
        source: &mut dyn Source,
        buf: &mut [u8],
    ) -> io::Result<usize> {
        match &mut self.unpack {
            Some((_, unpack)) => unpack.read(&mut Packed { container, source }, buf),
            None => Ok(container.read(source, buf)?),
        }
    }
}

/// Reads the stream at hand without anything around it.
pub(super) struct Unpacked<'f> {
    pub(super) feed: &'f mut Feed,
    pub(super) container: &'f mut dyn Container,
    pub(super) source: &'f mut dyn Source,
}

impl Source for Unpacked<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.feed.unpacked(self.container, self.source, buf)
    }
}
