//! One record, byte by byte, by the grammar of `mod.rs`: exact and slow. Reads the header and says where and why a
//! record is wrong; `scan` does the work on rows. Refuses whatever the grammar does not have.

use std::ops::Range;

use super::dialect::{Dialect, Ending};
use crate::error::{Error, Location, Message};
use crate::message;

/// A whole record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Raw fields, quotes included.
    pub(super) fields: Vec<Range<usize>>,
    /// One past its end mark (or past the last byte of the input).
    pub(super) end: usize,
}

/// Why a record is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A quote in a field that does not begin with one.
    QuoteInside,
    /// Something other than a delimiter or record end behind a closing quote.
    AfterQuote,
    /// A CR outside quotes that is no record end of this file.
    Cr,
    /// An LF outside quotes in a file whose records end in CR LF.
    Lf,
    /// The input ends inside quotes.
    Unterminated,
    /// Another number of fields.
    Ragged {
        /// That many columns.
        expected: usize,
        /// That many fields.
        found: usize,
    },
    /// Longer than `--max-row`.
    TooLong {
        /// Bytes.
        limit: usize,
    },
}

/// A wrong record: why and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Why.
    pub(super) wrong: Wrong,
    /// Where, in the bytes that were given.
    pub(super) offset: usize,
    /// Field, from 1.
    pub(super) field: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    Closed,
}

/// Reads the record that begins at `from`. `None`: it does not end within `bytes`. With `eof`, the end of `bytes` ends
/// the record.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(bytes: &[u8], from: usize, eof: bool, dialect: Dialect) -> Result<Option<Record>, Fault> {
    let mut fields = Vec::new();
    let mut start = from;
    let mut state = State::Start;
    let fault = |wrong, offset, fields: &[_]| Fault { wrong, offset, field: fields.len() + 1 };
    for (at, &byte) in bytes.iter().enumerate().skip(from) {
        if state == State::Quoted && byte != dialect.quote {
            continue;
        }
        if byte == dialect.quote {
            state = match state {
                State::Start | State::Closed => State::Quoted,
                State::Quoted => State::Closed,
                State::Plain => return Err(fault(Wrong::QuoteInside, at, &fields)),
            };
        } else if byte == dialect.delimiter {
            fields.push(start..at);
            start = at + 1;
            state = State::Start;
        } else if byte == b'\n' {
            if dialect.ending == Ending::CrLf {
                return Err(fault(Wrong::Lf, at, &fields));
            }
            fields.push(start..at);
            return Ok(Some(Record { fields, end: at + 1 }));
        } else if byte == b'\r' {
            match bytes.get(at + 1) {
                Some(b'\n') if dialect.ending == Ending::CrLf => {
                    fields.push(start..at);
                    return Ok(Some(Record { fields, end: at + 2 }));
                }
                None if !eof => return Ok(None),
                _ => return Err(fault(Wrong::Cr, at, &fields)),
            }
        } else if state == State::Closed {
            return Err(fault(Wrong::AfterQuote, at, &fields));
        } else {
            state = State::Plain;
        }
    }
    if !eof {
        return Ok(None);
    }
    if state == State::Quoted {
        return Err(fault(Wrong::Unterminated, start, &fields));
    }
    fields.push(start..bytes.len());
    Ok(Some(Record { fields, end: bytes.len() }))
}

impl Fault {
    /// Returns the line of the place, from 1, counted from `from`.
    pub(super) fn line(self, bytes: &[u8], from: usize) -> u64 {
        let before = bytes.get(from..self.offset).unwrap_or_default();
        count_lines(before) + 1
    }

    /// Makes the error: the sentence and the hint; `place` says where.
    pub(super) fn error(self, place: impl FnOnce(&mut Location)) -> Error {
        let (what, hint): (Message, &'static str) = match self.wrong {
            Wrong::QuoteInside => (
                message!("a quote in the middle of field {}, which does not begin with one", self.field),
                "a field that holds a quote is quoted and its quotes are doubled; another quote character: --quote",
            ),
            Wrong::AfterQuote => (
                message!("text behind the closing quote of field {}", self.field),
                "a quote inside a quoted field is doubled; backslash escapes are not CSV",
            ),
            Wrong::Cr => (
                message!(
                    "a carriage return outside quotes in field {} is no record end of this file",
                    self.field
                ),
                "one file has one kind of line end (LF or CR LF), as its first line has it; convert it first",
            ),
            Wrong::Lf => (
                message!(
                    "field {} ends in a bare line feed, but the first record of this file in CR LF",
                    self.field
                ),
                "one file has one kind of line end (LF or CR LF), as its first line has it; convert it first",
            ),
            Wrong::Unterminated => (
                message!("the input ends inside the quoted field {} of a record", self.field),
                "the input may have been cut off, or a quote is missing",
            ),
            Wrong::Ragged { expected, found: 1 } => (
                message!("expected {} fields, found 1", expected),
                "a blank line is no row; if the delimiter is another one: --delimiter",
            ),
            Wrong::Ragged { expected, found } => (
                message!("expected {} fields, found {}", expected, found),
                "a field that holds the delimiter or a line break must be quoted",
            ),
            Wrong::TooLong { limit } => (
                message!("a record is longer than {} bytes", limit),
                "a closing quote may be missing; if such rows are right: --max-row",
            ),
        };
        Error::input(what).hint(hint).at(place)
    }
}

/// Counts line feeds, in quotes or not.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LF: Dialect = Dialect { delimiter: b',', quote: b'"', ending: Ending::Lf };
    const CRLF: Dialect = Dialect { delimiter: b',', quote: b'"', ending: Ending::CrLf };

    fn wrong(bytes: &[u8], dialect: Dialect) -> Option<Wrong> {
        read(bytes, 0, true, dialect).err().map(|f| f.wrong)
    }

    #[test]
    fn fields_and_end() {
        let bytes = b"x\n1,\"a\"\"\n,b\",\n";
        let record = read(bytes, 2, false, LF).unwrap().unwrap();
        assert_eq!(record, Record { fields: vec![2..3, 4..12, 13..13], end: 14 });
        assert_eq!(read(b"1,2", 0, false, LF), Ok(None));
        assert_eq!(read(b"1,2\r", 0, false, CRLF), Ok(None));
        assert_eq!(read(b"1,2", 0, true, LF).unwrap().unwrap().end, 3);
        assert_eq!(read(b"1,2\r\n", 0, true, CRLF).unwrap().unwrap().fields, [0..1, 2..3]);
    }

    #[test]
    fn every_fault_is_named() {
        assert_eq!(wrong(b"a\"b\n", LF), Some(Wrong::QuoteInside));
        assert_eq!(wrong(b"\"a\"b\n", LF), Some(Wrong::AfterQuote));
        assert_eq!(wrong(b"a\rb\n", LF), Some(Wrong::Cr));
        assert_eq!(wrong(b"a\r\n", LF), Some(Wrong::Cr));
        assert_eq!(wrong(b"a\r", CRLF), Some(Wrong::Cr));
        assert_eq!(wrong(b"a\n", CRLF), Some(Wrong::Lf));
        assert_eq!(wrong(b"a,\"b\n", LF), Some(Wrong::Unterminated));
        assert_eq!(wrong(b"a,\"b\n\"", LF), None);
    }
}
