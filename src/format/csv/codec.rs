//! Splits, decodes and encodes the rows of one CSV. Counts the fields of every row, also of tables in which nothing is
//! masked; refuses whatever the grammar of `mod.rs` does not have, and says where.

use super::dialect::{Dialect, Ending};
use super::record::{self, Fault, Wrong};
use super::scan::{self, Broken, Expect, Visit};
use crate::error::{Error, Result};
use crate::format::{Given, RowCodec, Spans};
use crate::row::field::{Cell, Span};

/// The codec of one CSV.
#[derive(Debug)]
pub(super) struct Codec {
    expect: Expect,
    columns: usize,
    max_row: usize,
    /// Whether a record must be one line.
    one_line: bool,
}

impl Codec {
    /// Makes the codec of a table of so many columns; rows are at most `max_row` bytes long.
    ///
    /// # Errors
    /// `ErrorKind::Input` for more columns than 32 bits count.
    pub(super) fn new(dialect: Dialect, columns: usize, max_row: usize) -> Result<Self> {
        let too_many = |_| Error::input("the input has more columns than can be counted");
        let expect = Expect {
            dialect,
            columns: u32::try_from(columns).map_err(too_many)?,
            max_row: u32::try_from(max_row).unwrap_or(u32::MAX),
        };
        Ok(Self { expect, columns, max_row, one_line: false })
    }

    /// Refuses line ends inside quotes: for files that may as well be tab-separated text without quotes, where whole rows
    /// would hide between the quotes of two values.
    #[must_use]
    pub(super) fn of_one_line(mut self, one_line: bool) -> Self {
        self.one_line = one_line;
        self
    }

    fn lines_are_rows(&self, rows: &[u8], count: usize) -> Result<()> {
        if self.one_line && memchr::memchr_iter(b'\n', rows).count() > count {
            return Err(Error::input("a tab-separated file with a line end between two quotes: it can be read in two ways")
                .hint("say which it is: `--input-format csv` (quoted values) or `--input-format tsv` (backslash escapes, no quotes)"));
        }
        Ok(())
    }

    /// Says why the fast scan stopped, by reading the rows byte by byte.
    #[cold]
    fn explain(&self, block: &[u8], from: usize) -> Error {
        let (mut at, mut row) = (from, 1_u64);
        while at < block.len() {
            let place = |fault: Fault| {
                fault.error(|l| {
                    l.line = Some(fault.line(block, from));
                    l.row = Some(row);
                })
            };
            let wrong = |wrong| place(Fault { wrong, offset: at, field: 1 });
            let record = match record::read(block, at, true, self.expect.dialect) {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(fault) => return place(fault),
            };
            let found = record.fields.len();
            if found != self.columns {
                return wrong(Wrong::Ragged { expected: self.columns, found });
            }
            if record.end - at > self.max_row {
                return wrong(Wrong::TooLong { limit: self.max_row });
            }
            (at, row) = (record.end, row + 1);
        }
        Error::bug("the two readers of CSV rows disagree")
    }
}

/// Notes what a walk finds.
struct Note<'a>(&'a mut Spans);

impl Visit for Note<'_> {
    #[inline]
    fn field(&mut self, span: Span) {
        self.0.fields.push(span);
    }

    #[inline]
    fn row(&mut self, span: Span) {
        self.0.rows.push(span);
    }
}

/// Counts rows.
struct Count(u64);

impl Visit for Count {
    #[inline]
    fn field(&mut self, _span: Span) {}

    #[inline]
    fn row(&mut self, _span: Span) {
        self.0 += 1;
    }
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
        // Few columns are wanted; on the stack where they are.
        let mut few = [0_u32; 32];
        let many: Vec<u32>;
        let small = |index: &usize| u32::try_from(*index).unwrap_or(u32::MAX);
        let wanted = match few.get_mut(..wanted.len()) {
            Some(place) => {
                place.iter_mut().zip(wanted).for_each(|(to, index)| *to = small(index));
                &*place
            }
            None => {
                many = wanted.iter().map(small).collect();
                &many
            }
        };
        let ascending = wanted.is_sorted_by(|a, b| a < b);
        if !ascending || wanted.last().is_some_and(|last| *last >= self.expect.columns) {
            return Err(Error::bug("columns were asked for that the table does not have"));
        }
        let before = spans.rows.len();
        let stop = scan::walk(&self.expect, block, from, limit, wanted, &mut Note(spans))
            .map_err(|Broken| self.explain(block, from))?;
        self.lines_are_rows(block.get(from..stop).unwrap_or_default(), spans.rows.len() - before)?;
        Ok(stop)
    }

    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        let quote = self.expect.dialect.quote;
        let raw = field.of(block);
        if raw.first() != Some(&quote) {
            return Ok(Cell::Raw(field));
        }
        let broken = || Error::input("a quoted field whose quotes do not pair");
        let inner = match raw {
            [_, inner @ .., last] if *last == quote => inner,
            _ => return Err(broken()),
        };
        if memchr::memchr(quote, inner).is_none() {
            return Ok(Cell::Raw(Span::new(field.start + 1, field.end - 1)));
        }
        let position = |arena: &Vec<u8>| {
            u32::try_from(arena.len()).map_err(|_| Error::bug("the arena of a chunk is over 4 GiB"))
        };
        let start = position(arena)?;
        let mut rest = inner;
        while let Some(at) = memchr::memchr(quote, rest) {
            let (Some(plain), Some(second)) = (rest.get(..=at), rest.get(at + 1)) else {
                return Err(broken());
            };
            if *second != quote {
                return Err(broken());
            }
            arena.extend_from_slice(plain);
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        arena.extend_from_slice(rest);
        Ok(Cell::Arena(Span::new(start, position(arena)?)))
    }

    fn quote(&self) -> Option<u8> {
        Some(self.expect.dialect.quote)
    }

    fn quote_is_optional(&self) -> bool {
        true
    }

    fn encodes_as_is(&self, standins: &[u8]) -> bool {
        let Dialect { delimiter, quote, .. } = self.expect.dialect;
        // In a file of one column some texts need quotes that others do not.
        self.columns > 1
            && standins.chunks(64).all(|block| {
                // All of a block is looked at: so it is vectors to the processor.
                let special = |b: u8| {
                    u8::from(b == delimiter)
                        | u8::from(b == quote)
                        | u8::from(b == b'\r')
                        | u8::from(b == b'\n')
                        | u8::from(b == 0)
                };
                block.iter().fold(0, |found, b| found | special(*b)) == 0
            })
    }

    fn encode(&self, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let Dialect { delimiter, quote, .. } = self.expect.dialect;
        if memchr::memchr(0, standin).is_some() {
            return Err(Error::input("a stand-in holds a NUL byte, which no CSV may hold"));
        }
        // In a file of one column, readers skip a blank line, and PostgreSQL takes `\.` for the end.
        let alone = self.columns == 1 && matches!(standin, b"" | b"\\.");
        let needs = || standin.iter().any(|b| *b == delimiter || *b == quote || matches!(b, b'\r' | b'\n'));
        if !(raw.first() == Some(&quote) || alone || needs()) {
            out.extend_from_slice(standin);
            return Ok(());
        }
        out.push(quote);
        let mut rest = standin;
        while let Some((upto, behind)) =
            memchr::memchr(quote, rest).and_then(|at| rest.split_at_checked(at + 1))
        {
            out.extend_from_slice(upto);
            out.push(quote);
            rest = behind;
        }
        out.extend_from_slice(rest);
        out.push(quote);
        Ok(())
    }

    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        let Dialect { delimiter, quote, ending } = self.expect.dialect;
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                out.push(delimiter);
            }
            match value {
                // Without its quotes it would be NULL to PostgreSQL.
                Some(Given { text: b"", .. }) => out.extend_from_slice(&[quote; 2]),
                Some(value) => self.encode(value.text, b"", out)?,
                None => self.encode_null(b"", out),
            }
        }
        out.extend_from_slice(if ending == Ending::CrLf { b"\r\n" } else { b"\n" });
        Ok(())
    }

    fn encode_null(&self, _raw: &[u8], out: &mut Vec<u8>) {
        // The empty field; quoted in a file of one column, where readers skip a blank line and lose the row.
        if self.columns == 1 {
            out.extend_from_slice(&[self.expect.dialect.quote; 2]);
        }
    }

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        let mut count = Count(0);
        scan::walk(&self.expect, block, 0, usize::MAX, &[], &mut count)
            .map_err(|Broken| self.explain(block, 0))?;
        self.lines_are_rows(block, usize::try_from(count.0).unwrap_or(usize::MAX))?;
        Ok((count.0, record::count_lines(block)))
    }
}
