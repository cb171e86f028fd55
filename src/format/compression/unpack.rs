//! The driver of all decoders: reads packed bytes, has them unpacked, goes from one stream to the next, and judges the
//! end. Refuses a stream that is cut or damaged, and anything behind the last one but the padding that its format allows.
//! A source without a byte unpacks to nothing: who must not take that for a stream looks first.

use std::io;

use super::Unpacking;
use crate::error::{Error, Result};
use crate::format::Source;
use crate::message;

/// How many packed bytes are read at once.
const READ: usize = 128 << 10;

/// How many bytes decide what follows a stream.
const HEAD: usize = 10;

/// One algorithm's decoder.
pub(super) trait Decode: Send {
    /// Unpacks from `input` to `output`, neither of which need be used up. `end` = nothing follows `input`.
    ///
    /// # Errors
    /// `damaged` and its like.
    fn step(&mut self, input: &[u8], output: &mut [u8], end: bool) -> Result<Step>;

    /// Makes ready for the next stream, wherever in the last one it stands.
    ///
    /// # Errors
    /// Of memory.
    fn restart(&mut self) -> Result<()>;
}

/// What one step did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// Packed bytes used.
    pub read: usize,
    /// Bytes unpacked.
    pub written: usize,
    /// Whether the stream is at its end, checksums included.
    pub ended: bool,
}

/// What all streams of one file have in common.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// The compression's name.
    pub name: &'static str,
    /// Says whether a stream begins so.
    pub begins: fn(&[u8]) -> bool,
    /// What may follow a stream.
    pub follows: Follows,
}

/// What may follow a stream.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// Nothing.
    Nothing,
    /// Another stream.
    Streams,
    /// Another stream, and zeros up to the end of the file.
    Padding,
}

/// Unpacks what it is given to read from.
pub(super) struct Unpacker<D> {
    kind: Kind,
    decode: D,
    input: Vec<u8>,
    at: usize,
    len: usize,
    /// Offset of the input's first byte in the source.
    byte: u64,
    /// Whether the source is at its end.
    end: bool,
    place: Place,
}

/// Where in the file the decoder stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Inside,
    Between,
}

impl<D: Decode> Unpacker<D> {
    pub(super) fn new(kind: Kind, decode: D) -> Self {
        Self { kind, decode, input: vec![0; READ], at: 0, len: 0, byte: 0, end: false, place: Place::Start }
    }

    fn rest(&self) -> &[u8] {
        self.input.get(self.at..self.len).unwrap_or_default()
    }

    /// Adds where in the packed input it happened: the place of the unpacked bytes helps nobody.
    fn wrong(&self, what: &'static str) -> Error {
        let at = self.byte + u64::try_from(self.at).unwrap_or(0);
        Error::input(message!("the {} stream {} (byte {} of the compressed input)", self.kind.name, what, at))
    }

    /// Reads on behind what is left.
    fn fill(&mut self, source: &mut dyn Source) -> io::Result<()> {
        self.input.copy_within(self.at..self.len, 0);
        self.byte += u64::try_from(self.at).unwrap_or(0);
        self.len -= self.at;
        self.at = 0;
        let n = loop {
            match source.read(self.input.get_mut(self.len..).unwrap_or_default()) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.len += n;
        self.end = n == 0;
        Ok(())
    }

    /// Goes to the next stream; `false` if the file ends here, as it may.
    fn advance(&mut self, source: &mut dyn Source) -> io::Result<bool> {
        while self.rest().len() < HEAD && !self.end {
            self.fill(source)?;
        }
        let (between, follows) = (self.place == Place::Between, self.kind.follows);
        if between && follows == Follows::Padding && self.rest().first() == Some(&0) {
            return self.skip_padding(source).map(|()| false);
        }
        if self.rest().is_empty() {
            return Ok(false);
        }
        let begins = (self.kind.begins)(self.rest());
        if !between && !begins {
            return Err(self.wrong("does not begin as it must").hint(DAMAGED).into());
        }
        if between && (!begins || follows == Follows::Nothing) {
            let wrong = self.wrong("is followed by something else");
            return Err(wrong.hint("decompress it by hand, and see what the rest is").into());
        }
        if between {
            self.decode.restart()?;
        }
        self.place = Place::Inside;
        Ok(true)
    }

    fn skip_padding(&mut self, source: &mut dyn Source) -> io::Result<()> {
        loop {
            if self.rest().iter().any(|b| *b != 0) {
                let wrong = self.wrong("is followed by zeros and something else");
                return Err(wrong.hint("decompress it by hand, and see what the rest is").into());
            }
            if self.end {
                return Ok(());
            }
            self.at = self.len;
            self.fill(source)?;
        }
    }

    fn unpack(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.place != Place::Inside && !self.advance(source)? {
                return Ok(0);
            }
            if self.rest().is_empty() && !self.end {
                self.fill(source)?;
            }
            let input = self.input.get(self.at..self.len).unwrap_or_default();
            let step = match self.decode.step(input, buf, self.end) {
                Ok(step) => step,
                Err(e) => {
                    let at = self.byte + u64::try_from(self.at).unwrap_or(0);
                    let what = message!(
                        "the {} stream {} (near byte {} of the compressed input)",
                        self.kind.name,
                        e.what(),
                        at
                    );
                    let hint = e.hint_text().cloned().unwrap_or_else(|| DAMAGED.into());
                    return Err(Error::input(what).hint(hint).into());
                }
            };
            self.at += step.read;
            if step.ended {
                self.place = Place::Between;
            }
            if step.written > 0 {
                return Ok(step.written);
            }
            if step.ended || step.read > 0 {
                continue;
            }
            if self.rest().is_empty() && self.end {
                return Err(self.wrong("ends too early").hint(CUT).into());
            }
            if !self.rest().is_empty() {
                return Err(self.wrong("is damaged").hint(DAMAGED).into());
            }
        }
    }
}

const CUT: &str = "the file was cut, or what wrote it died: make or fetch it again";
const DAMAGED: &str = "make or fetch the file again";

/// The stream contradicts itself or its checksum.
pub(super) fn damaged() -> Error {
    Error::input("is damaged")
}

impl<D: Decode> Unpacking for Unpacker<D> {
    fn read(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() { Ok(0) } else { self.unpack(source, buf) }
    }

    fn restart(&mut self) -> io::Result<()> {
        self.decode.restart()?;
        (self.at, self.len, self.byte, self.end) = (0, 0, 0, false);
        self.place = Place::Start;
        Ok(())
    }
}

/// Unpacks one source.
pub(super) struct Unpack {
    unpacker: Box<dyn Unpacking>,
    source: Box<dyn Source>,
}

impl Unpack {
    pub(super) fn new(unpacker: Box<dyn Unpacking>, source: Box<dyn Source>) -> Self {
        Self { unpacker, source }
    }
}

impl Source for Unpack {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.unpacker.read(self.source.as_mut(), buf)
    }
}

/// Returns how far a counter of bytes has come.
pub(super) fn since(before: u64, now: u64) -> usize {
    usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX)
}
