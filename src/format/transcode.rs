//! Dumps whose character set is made UTF-8 on the way in and goes back on the way out, where a byte of a character may be a
//! backslash, a quote or a letter: no reader, codec or mask sees it so. The set is what the header says before anything
//! that is not ASCII; the reader checks what the header says in its own way, and refuses a set that the text is not in.
//!
//! What the set does not have, or writes in two ways, is refused with its place: it would not come back as it was. Places
//! in bytes and the length of a row count what is read, in UTF-8; the place of such a character is that of the input.

use std::io;
use std::sync::{Arc, OnceLock};

use super::charset::Charset;
use super::statements::lines;
use super::{BehindRows, Out, Piece, Put, Reader, Sink, Source};
use crate::error::{Error, Result};
use crate::message;
use crate::row::shape::Facts;

/// How far the header is looked through.
const HEADER: usize = 64 << 10;
/// Read at once.
const READ: usize = 128 << 10;
/// Encoded at once.
const WRITE: usize = 64 << 10;

/// What a line of a header says of the set.
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// That the text is to be made UTF-8.
    Set(&'static Charset),
    /// That it is not, or that the header is over.
    Over,
}

/// A reader that can be told in which set its text was.
pub(super) trait Recoded: Reader {
    /// Says so, before the first piece.
    fn recoded_from(&mut self, set: &'static Charset);
}

/// A reader of text, whatever its set.
pub(super) struct Transcoding<R> {
    inner: R,
    said: fn(&[u8]) -> Said,
    looked: bool,
    /// What was read of the header and not yet handed over.
    head: Vec<u8>,
    decoder: Option<Decoder>,
    /// The same set, for the Sink, which is made before anything is read.
    set: Arc<OnceLock<&'static Charset>>,
    /// Lines handed over.
    lines: u64,
}

impl<R: Recoded> Transcoding<R> {
    pub(super) fn new(inner: R, said: fn(&[u8]) -> Said) -> Self {
        let (head, set) = (Vec::new(), Arc::default());
        Self { inner, said, looked: false, head, decoder: None, set, lines: 0 }
    }

    /// Reads the header as far as it takes to know the set.
    fn look(&mut self, source: &mut dyn Source) -> Result<()> {
        const STEP: usize = 8 << 10;
        let mut from = 0;
        while self.head.len() < HEADER {
            let len = self.head.len();
            self.head.resize(len + STEP, 0);
            let n = read(source, self.head.get_mut(len..).unwrap_or_default());
            self.head.truncate(len + n.as_ref().map_or(0, |n| *n));
            let n = n.map_err(|e| Error::io("read the input", &e))?;
            while let Some(end) = memchr::memchr(b'\n', self.head.get(from..).unwrap_or_default()) {
                let line = self.head.get(from..from + end).unwrap_or_default();
                from += end + 1;
                match if line.is_ascii() { (self.said)(line) } else { Said::Over } {
                    Said::Nothing => {}
                    Said::Over => return Ok(()),
                    Said::Set(set) => {
                        let raw = std::mem::take(&mut self.head);
                        self.decoder = Some(Decoder { set, raw, ..Decoder::new(set) });
                        self.inner.recoded_from(set);
                        if self.set.set(set).is_err() {
                            return Err(Error::bug("a dump has two character sets"));
                        }
                        return Ok(());
                    }
                }
            }
            if n == 0 || !self.head.get(from..).unwrap_or_default().is_ascii() {
                break;
            }
        }
        Ok(())
    }
}

/// Reads once.
fn read(source: &mut dyn Source, buf: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buf) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

impl<R: Recoded> Reader for Transcoding<R> {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        if !std::mem::replace(&mut self.looked, true) {
            self.look(source)?;
        }
        let Some(decoder) = &mut self.decoder else {
            if self.head.is_empty() {
                return self.inner.next(source, piece);
            }
            return self.inner.next(&mut Headed { head: &mut self.head, source }, piece);
        };
        decoder.given = self.lines;
        let more = self.inner.next(&mut Decoded { decoder, source }, piece)?;
        self.lines += lines(piece.buffer.bytes());
        Ok(more)
    }

    fn facts(&self) -> &Facts {
        self.inner.facts()
    }

    fn whole_schema(&self) -> bool {
        self.inner.whole_schema()
    }

    /// Of text that is made on the way no place is that of the file.
    fn behind_rows(&self) -> BehindRows {
        if self.decoder.is_some() { BehindRows::Anywhere } else { self.inner.behind_rows() }
    }

    fn learn(&mut self) {
        self.inner.learn();
    }

    fn grow(&mut self) {
        self.inner.grow();
    }

    fn skim(&mut self) {
        self.inner.skim();
    }

    fn alike(&self) -> Option<&[u8]> {
        self.inner.alike().filter(|_| self.decoder.is_none())
    }

    fn resume(&mut self, byte: u64) {
        self.head = Vec::new();
        self.inner.resume(byte);
    }

    fn pass_stored(&mut self) {
        self.inner.pass_stored();
    }

    fn cut_only(&mut self) {
        self.inner.cut_only();
    }

    fn begin_empty(&mut self) {
        self.inner.begin_empty();
    }

    fn has_lines(&self) -> bool {
        self.inner.has_lines()
    }

    fn guard(&self) -> Option<(&'static [u8], &'static [u8])> {
        self.inner.guard()
    }

    fn guarded(&mut self) {
        self.inner.guarded();
    }

    fn sink(&self) -> Box<dyn Sink> {
        Box::new(Back { inner: self.inner.sink(), set: Arc::clone(&self.set), buffer: Vec::new() })
    }
}

/// What was read of a header, and then the rest.
struct Headed<'s> {
    head: &'s mut Vec<u8>,
    source: &'s mut dyn Source,
}

impl Source for Headed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.head.is_empty() {
            return self.source.read(buf);
        }
        let n = self.head.len().min(buf.len());
        for (to, from) in buf.iter_mut().zip(self.head.drain(..n)) {
            *to = from;
        }
        Ok(n)
    }
}

/// Makes bytes UTF-8, however they are cut.
struct Decoder {
    set: &'static Charset,
    /// Bytes of the input that are not decoded yet: what was read at once, or half a character.
    raw: Vec<u8>,
    /// What is decoded and not yet handed over, from `at` on.
    ready: Vec<u8>,
    at: usize,
    /// Bytes and lines decoded.
    byte: u64,
    lines: u64,
    /// Lines of the pieces before the one that is being read.
    given: u64,
    ended: bool,
}

impl Decoder {
    fn new(set: &'static Charset) -> Self {
        let (raw, ready) = (Vec::new(), Vec::new());
        Self { set, raw, ready, at: 0, byte: 0, lines: 0, given: 0, ended: false }
    }

    /// Decodes as much of `raw` as there are whole characters.
    fn decode(&mut self) -> Result<()> {
        let (mut rest, mut sound) = (self.raw.as_slice(), true);
        while !rest.is_empty() {
            let (ascii, other) = rest.split_at(ascii_run(rest));
            self.ready.extend_from_slice(ascii);
            rest = other;
            let Some((c, len)) = self.set.first(rest) else {
                // Half a character may become whole; two bytes never do.
                sound = rest.is_empty() || (rest.len() == 1 && !self.ended);
                break;
            };
            self.ready.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = rest.get(len..).unwrap_or_default();
        }
        let used = self.raw.len() - rest.len();
        self.byte += u64::try_from(used).unwrap_or(0);
        self.lines += lines(self.raw.get(..used).unwrap_or_default());
        self.raw.drain(..used);
        if sound || !self.ready.is_empty() {
            return Ok(());
        }
        let (line, byte) = (self.lines.saturating_sub(self.given) + 1, self.byte);
        Err(Error::input(message!(
            "a character that `{}` does not have, or has in two ways: it would not come back as it was",
            self.set.name()
        ))
        .hint("dump in UTF-8; the server converts")
        .at(|at| (at.line, at.byte) = (Some(line), Some(byte))))
    }
}

/// Returns how many of the first bytes are ASCII.
fn ascii_run(bytes: &[u8]) -> usize {
    let whole = bytes.chunks(64).take_while(|chunk| chunk.is_ascii()).map(<[u8]>::len).sum::<usize>();
    let rest = bytes.get(whole..).unwrap_or_default();
    whole + rest.iter().take_while(|byte| byte.is_ascii()).count()
}

/// A source whose bytes are made UTF-8.
struct Decoded<'s> {
    decoder: &'s mut Decoder,
    source: &'s mut dyn Source,
}

impl Source for Decoded<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Decoder { at, .. } = *self.decoder;
        if at == self.decoder.ready.len() {
            self.decoder.ready.clear();
            self.decoder.at = 0;
            // What the header held comes first; what could not be decoded before is an error now.
            self.decoder.decode()?;
        }
        while self.decoder.ready.is_empty() && !self.decoder.ended {
            let len = self.decoder.raw.len();
            self.decoder.raw.resize(len + READ, 0);
            let n = read(self.source, self.decoder.raw.get_mut(len..).unwrap_or_default());
            self.decoder.raw.truncate(len + n.as_ref().map_or(0, |n| *n));
            self.decoder.ended = n? == 0;
            self.decoder.decode()?;
        }
        let rest = self.decoder.ready.get(self.decoder.at..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.decoder.at += n;
        Ok(n)
    }
}

/// The Sink that writes text in its set again.
struct Back {
    inner: Box<dyn Sink>,
    set: Arc<OnceLock<&'static Charset>>,
    buffer: Vec<u8>,
}

impl Sink for Back {
    fn put(&mut self, bytes: &[u8], parts: &[Put], to: &mut dyn Out) -> io::Result<()> {
        match self.set.get() {
            None => self.inner.put(bytes, parts, to),
            Some(set) => self.inner.put(bytes, parts, &mut Encoded { set, to, buffer: &mut self.buffer }),
        }
    }

    fn finish(&mut self, to: &mut dyn Out) -> io::Result<()> {
        self.inner.finish(to)
    }
}

/// Takes UTF-8, and writes the set.
struct Encoded<'o> {
    set: &'static Charset,
    to: &'o mut dyn Out,
    buffer: &'o mut Vec<u8>,
}

impl Out for Encoded<'_> {}

impl io::Write for Encoded<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.write_all(buf).map(|()| buf.len())
    }

    fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {
        let mut rest = buf;
        while !rest.is_empty() {
            // Not inside of a character.
            let inside = |at: usize| rest.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
            let end = (WRITE.min(rest.len())..rest.len()).find(|at| !inside(*at)).unwrap_or(rest.len());
            let (now, later) = rest.split_at(end);
            rest = later;
            if now.is_ascii() {
                self.to.write_all(now)?;
                continue;
            }
            self.buffer.clear();
            if !self.set.encode(now, self.buffer) {
                // Codecs hold nothing that the set lacks, and the rest was read from it.
                return Err(Error::bug("text that its character set does not have").into());
            }
            self.to.write_all(self.buffer)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    /// The default of a reader's method does nothing: one that is not handed on would be lost without a sound.
    #[test]
    fn every_method_of_a_reader_is_handed_on() {
        fn methods(text: &'static str, from: &str) -> Vec<&'static str> {
            let start = text.find(from).expect("is there");
            let body = text.get(start..).and_then(|rest| rest.split("\n}\n").next()).expect("ends");
            let name =
                |line: &'static str| line.strip_prefix("    fn ").and_then(|rest| rest.split('(').next());
            body.lines().filter_map(name).collect()
        }
        let wanted = methods(include_str!("mod.rs"), "pub trait Reader");
        let here = methods(include_str!("transcode.rs"), "Reader for Transcoding");
        assert!(wanted.len() > 8 && wanted.contains(&"cut_only"), "{wanted:?}");
        for method in wanted {
            assert!(here.contains(&method), "`{method}` is not handed on");
        }
    }
}
