//! Splits, decodes and encodes rows that are JSON objects. Reads every row to its end, kept or not: what is no JSON, a
//! key that is no column and a key that comes twice stop the run, with their line.

use super::columns::{Columns, Keys};
use super::scan::{self, Fault, Wrong};
use super::text;
use crate::error::{Error, Result};
use crate::format::{Given, RowCodec, Spans};
use crate::row::field::{Cell, Span};

/// The codec of one file.
pub(super) struct Codec {
    columns: Columns,
    max_row: usize,
}

impl Codec {
    /// Makes the codec of a table of these columns; rows are at most `max_row` bytes long, without their line feed.
    pub(super) fn new(columns: Columns, max_row: usize) -> Self {
        Self { columns, max_row }
    }

    /// Reads rows from `from` on, at most `limit`. Returns where it stopped and how many rows there were.
    fn walk(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        visit: &mut impl Visit,
    ) -> Result<(usize, usize)> {
        let mut keys = Keys::new(self.columns.len());
        let (mut at, mut rows) = (from, 0);
        while at < block.len() && rows < limit {
            let (line, end) = line_at(block, at);
            visit.row(at, end);
            keys.restart();
            let read = check(line, self.max_row).and_then(|()| {
                scan::object(line, |entry| {
                    let column = keys.column(line, &entry, &self.columns)?;
                    visit.entry(column, at + entry.value.start, at + entry.value.end);
                    Ok(())
                })
            });
            rows += 1;
            read.map_err(|fault| {
                fault.wrong.error(self.max_row).at(|place| {
                    place.line = u64::try_from(rows).ok();
                    place.row = place.line;
                })
            })?;
            at = end;
        }
        Ok((at, rows))
    }
}

/// What a walk over rows reports to.
trait Visit {
    /// A row begins; its end mark is included.
    fn row(&mut self, start: usize, end: usize);
    /// One of its entries: the column and where the value lies.
    fn entry(&mut self, column: usize, start: usize, end: usize);
}

/// Notes the rows and their wanted columns. A column that a row lacks is an empty field at the row's start.
struct Note<'a> {
    wanted: &'a [usize],
    spans: &'a mut Spans,
    /// Where the fields of the row begin.
    first: usize,
    /// The wanted column that is likely to come.
    next: usize,
}

impl Visit for Note<'_> {
    #[inline]
    fn row(&mut self, start: usize, end: usize) {
        let row = span(start, end);
        self.first = self.spans.fields.len();
        self.next = 0;
        self.spans.rows.push(row);
        self.spans.fields.resize(self.first + self.wanted.len(), Span::new(row.start, row.start));
    }

    #[inline]
    fn entry(&mut self, column: usize, start: usize, end: usize) {
        let place = match self.wanted.get(self.next) {
            Some(wanted) if *wanted == column => self.next,
            _ => match self.wanted.binary_search(&column) {
                Ok(place) => place,
                Err(_) => return,
            },
        };
        self.next = place + 1;
        if let Some(field) = self.spans.fields.get_mut(self.first + place) {
            *field = span(start, end);
        }
    }
}

/// Only counts.
struct Count;

impl Visit for Count {
    fn row(&mut self, _start: usize, _end: usize) {}

    fn entry(&mut self, _column: usize, _start: usize, _end: usize) {}
}

/// Returns the line that begins at a place, without its line feed, and where the next one begins.
#[inline]
pub(super) fn line_at(block: &[u8], at: usize) -> (&[u8], usize) {
    let rest = block.get(at..).unwrap_or_default();
    match memchr::memchr(b'\n', rest) {
        Some(len) => (rest.get(..len).unwrap_or_default(), at + len + 1),
        None => (rest, block.len()),
    }
}

/// Checks what must hold before a line is read: that it is UTF-8 and not too long.
pub(super) fn check(line: &[u8], max_row: usize) -> std::result::Result<(), Fault> {
    if line.len() > max_row {
        return Err(Fault { wrong: Wrong::TooLong, offset: 0 });
    }
    std::str::from_utf8(line)
        .map(|_| ())
        .map_err(|e| Fault { wrong: Wrong::NotUtf8, offset: e.valid_up_to() })
}

/// Makes a span of a block; blocks are bounded far below 4 GiB by `--max-row`.
#[inline]
fn span(start: usize, end: usize) -> Span {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

impl RowCodec for Codec {
    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        if wanted.last().is_some_and(|last| *last >= self.columns.len()) || !wanted.is_sorted_by(|a, b| a < b)
        {
            return Err(Error::bug("columns were asked for that the table does not have"));
        }
        if u32::try_from(block.len()).is_err() {
            return Err(Error::bug("a block is over 4 GiB"));
        }
        let mut note = Note { wanted, spans, first: 0, next: 0 };
        Ok(self.walk(block, from, limit, &mut note)?.0)
    }

    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        let raw = field.of(block);
        match raw {
            [] | b"null" => return Ok(Cell::Null),
            [b'"', ..] => {}
            _ => return Ok(Cell::Raw(field)),
        }
        let [_, inner @ .., b'"'] = raw else { return Err(Error::bug("a string without its end")) };
        if memchr::memchr(b'\\', inner).is_none() {
            return Ok(Cell::Raw(Span::new(field.start + 1, field.end - 1)));
        }
        let start = arena.len();
        text::unescape(inner, arena).ok_or_else(|| {
            Error::input("half of a surrogate pair in a masked field")
                .hint("it stands for no character; readers differ on what to make of it")
        })?;
        Ok(Cell::Arena(span(start, arena.len())))
    }

    fn is_ordered(&self) -> bool {
        false
    }

    fn encode(&self, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let bare = match raw.first() {
            Some(b'-' | b'0'..=b'9') => Some(standin).filter(|s| scan::is_number(s)),
            Some(b't' | b'f') => Some(standin).filter(|s| matches!(*s, b"true" | b"false")),
            Some(b'{' | b'[') => nested(standin),
            Some(_) => None,
            None => return Err(Error::bug("a stand-in for a key that the row lacks")),
        };
        match bare {
            // A line end can only stand between two tokens.
            Some(bare) => out.extend(bare.iter().map(|b| if matches!(b, b'\n' | b'\r') { b' ' } else { *b })),
            None => text::write(standin, out)?,
        }
        Ok(())
    }

    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        for (index, value) in row.iter().enumerate() {
            out.push(if index == 0 { b'{' } else { b',' });
            text::write(self.columns.name(index).unwrap_or_default().as_bytes(), out)?;
            out.push(b':');
            match value {
                Some(Given { text, bare: true }) if scan::is_number(text) => out.extend_from_slice(text),
                Some(Given { text: b"t", bare: true }) => out.extend_from_slice(b"true"),
                Some(Given { text: b"f", bare: true }) => out.extend_from_slice(b"false"),
                Some(value) => text::write(value.text, out)?,
                None => out.extend_from_slice(b"null"),
            }
        }
        out.extend_from_slice(b"}\n");
        Ok(())
    }

    fn encode_null(&self, raw: &[u8], out: &mut Vec<u8>) {
        if !raw.is_empty() {
            out.extend_from_slice(b"null");
        }
    }

    fn lines(&self, _block: &[u8], rows: u64) -> u64 {
        rows
    }

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        let (_, rows) = self.walk(block, 0, usize::MAX, &mut Count)?;
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        Ok((rows, rows))
    }
}

/// Returns a stand-in without the white space around it, if it is itself an object or array.
fn nested(standin: &[u8]) -> Option<&[u8]> {
    let text = standin.trim_ascii();
    let is = matches!(text.first(), Some(b'{' | b'['))
        && std::str::from_utf8(text).is_ok()
        && scan::value(text, 1).is_ok_and(|end| end == text.len());
    is.then_some(text)
}
