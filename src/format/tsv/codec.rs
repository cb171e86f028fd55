//! Splits, decodes and encodes the rows of one TSV: COPY text with the line ends of files. Checks the line ends of every
//! row, kept or not; refuses escapes that not all writers mean alike.

use crate::error::{Error, Result};
use crate::format::copy_text::CopyText;
use crate::format::{Given, RowCodec, Spans};
use crate::row::field::{Cell, Span};

/// What to do about a row that has not its columns.
const RAGGED: &str = "a tab or line break inside a value is written \\t or \\n; if fields are quoted instead: --input-format csv";

/// What to do about an escape.
const ESCAPES: &str =
    "only \\t \\n \\r \\\\ \\b \\f \\v \\0 and \\N are read; a backslash itself is written \\\\";

/// The codec of one file.
#[derive(Debug)]
pub(super) struct Codec {
    rows: CopyText,
    columns: usize,
    crlf: bool,
    /// Whether the file may as well be a CSV with tabs.
    doubtful: bool,
}

impl Codec {
    /// Makes the codec of a table of so many columns, whose rows end in CR LF or in LF.
    pub(super) fn new(columns: usize, crlf: bool, max_row: usize) -> Self {
        Self { rows: CopyText::new(columns, max_row), columns, crlf, doubtful: false }
    }

    /// Refuses fields that begin with a quote: in a CSV with tabs such a value could go on in the next field or row.
    #[must_use]
    pub(super) fn of_doubt(mut self, doubtful: bool) -> Self {
        self.doubtful = doubtful;
        self
    }

    fn no_quotes(&self, rows: &[u8]) -> Result<()> {
        let begins = |at: usize| {
            at.checked_sub(1).and_then(|b| rows.get(b)).is_none_or(|b| matches!(b, b'\t' | b'\n'))
        };
        if self.doubtful && memchr::memchr_iter(b'"', rows).any(begins) {
            return Err(Error::input("a field of a tab-separated file begins with a quote: it can be read in two ways")
                .hint("say which it is: `--input-format tsv` (backslash escapes, no quotes) or `--input-format csv` (quoted values)"));
        }
        Ok(())
    }

    /// Checks the carriage returns of whole rows: each row has one at its end, or none at all.
    fn line_ends(&self, rows: &[u8]) -> Result<()> {
        self.no_quotes(rows)?;
        let mut ends = 0;
        for at in memchr::memchr_iter(b'\r', rows) {
            let slashes =
                rows.get(..at).unwrap_or_default().iter().rev().take_while(|b| **b == b'\\').count();
            if !self.crlf || rows.get(at + 1) != Some(&b'\n') || slashes % 2 == 1 {
                return Err(wrong_end(rows, at));
            }
            ends += 1;
        }
        let lines = memchr::memchr_iter(b'\n', rows);
        if self.crlf && lines.clone().count() != ends {
            let bare = lines
                .into_iter()
                .find(|at| at.checked_sub(1).and_then(|before| rows.get(before)).is_none_or(|b| *b != b'\r'));
            return Err(wrong_end(rows, bare.unwrap_or_default()));
        }
        Ok(())
    }

    /// Splits the last row of a file, which lacks its line end, as if it had one.
    fn split_open(&self, block: &[u8], from: usize, wanted: &[usize], spans: &mut Spans) -> Result<()> {
        let row = [block.get(from..).unwrap_or_default(), b"\n"].concat();
        let mut one = Spans::default();
        self.rows.split(&row, 0, 1, wanted, &mut one).map_err(|e| of_file(e, RAGGED))?;
        let offset = u32::try_from(from).map_err(|_| Error::bug("a block is over 4 GiB"))?;
        let place = |span: &Span| Span::new(span.start + offset, span.end + offset);
        spans.fields.extend(one.fields.iter().map(place));
        spans.rows.extend(one.rows.iter().map(place).map(|row| Span::new(row.start, row.end - 1)));
        spans.escaped.clear();
        Ok(())
    }

    /// Takes the CR off the last field of every row from `first` on, if that is a wanted one.
    fn trim(&self, block: &[u8], first: usize, wanted: &[usize], spans: &mut Spans) {
        if !self.crlf || wanted.last().is_none_or(|last| last + 1 != self.columns) {
            return;
        }
        for field in spans.fields.iter_mut().skip(first).skip(wanted.len() - 1).step_by(wanted.len()) {
            if field.of(block).last() == Some(&b'\r') {
                field.end -= 1;
            }
        }
    }
}

/// Gives an error of COPY text a hint for files, where its own speaks of dumps.
fn of_file(error: Error, hint: &'static str) -> Error {
    if error.hint_text().is_some_and(|own| own.as_str().contains("dump")) { error.hint(hint) } else { error }
}

/// Adds the rows before to the place of an error.
fn behind(error: Error, rows: u64) -> Error {
    error.at(|place| {
        place.line = place.line.map(|n| n + rows);
        place.row = place.row.map(|n| n + rows);
    })
}

/// Makes the error of a carriage return or line feed that is no line end of this file.
fn wrong_end(rows: &[u8], at: usize) -> Error {
    let line = memchr::memchr_iter(b'\n', rows.get(..at).unwrap_or_default()).count() + 1;
    Error::input("a carriage return or line feed that is no line end of this file")
        .hint("one file has one kind of line end (LF or CR LF), as its first line has it; inside a value they are written \\r and \\n")
        .at(|place| {
            place.line = u64::try_from(line).ok();
            place.row = place.line;
        })
}

/// Says whether an escape is one that writers mean differently: `\x41`, `\101`, `\012`.
fn is_doubtful(raw: &[u8]) -> bool {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let tail = rest.get(at + 1..).unwrap_or_default();
        if matches!(tail, [b'x' | b'1'..=b'7', ..] | [b'0', b'0'..=b'9', ..]) {
            return true;
        }
        rest = tail.get(1..).unwrap_or_default();
    }
    false
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
        let whole = memchr::memrchr(b'\n', block).map_or(0, |at| at + 1).max(from);
        let (first_row, first) = (spans.rows.len(), spans.fields.len());
        let lines = block.get(..whole).unwrap_or_default();
        let mut stop = self.rows.split(lines, from, limit, wanted, spans).map_err(|e| of_file(e, RAGGED))?;
        let rows = spans.rows.len() - first_row;
        if stop == whole && whole < block.len() && rows < limit {
            let before = u64::try_from(rows).unwrap_or_default();
            self.split_open(block, whole, wanted, spans).map_err(|e| behind(e, before))?;
            stop = block.len();
        }
        self.line_ends(block.get(from..stop).unwrap_or_default())?;
        self.trim(block, first, wanted, spans);
        Ok(stop)
    }

    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        let raw = field.of(block);
        if let [b'"', .., b'"'] = raw {
            return Err(Error::input("a masked field that begins and ends with a double quote").hint(
                "in TSV a quote is data: if it is not, --input-format csv --delimiter tab; if it is, export the table as CSV",
            ));
        }
        if is_doubtful(raw) {
            return Err(Error::input("an escape that not all readers of TSV read alike, in a masked field")
                .hint(ESCAPES));
        }
        self.rows.decode(block, field, arena).map_err(|e| of_file(e, ESCAPES))
    }

    fn encode(&self, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        self.rows.encode(standin, raw, out)
    }

    fn encode_null(&self, raw: &[u8], out: &mut Vec<u8>) {
        self.rows.encode_null(raw, out);
    }

    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        self.rows.write_row(row, out)?;
        if self.crlf {
            // Its line feed stands last.
            out.pop();
            out.extend_from_slice(b"\r\n");
        }
        Ok(())
    }

    fn encodes_as_is(&self, standins: &[u8]) -> bool {
        self.rows.encodes_as_is(standins)
    }

    fn lines(&self, _block: &[u8], rows: u64) -> u64 {
        rows
    }

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        let whole = memchr::memrchr(b'\n', block).map_or(0, |at| at + 1);
        let (mut rows, _) = match block.get(..whole) {
            Some(lines) if !lines.is_empty() => self.rows.count(lines).map_err(|e| of_file(e, RAGGED))?,
            _ => (0, 0),
        };
        if whole < block.len() {
            self.split_open(block, whole, &[], &mut Spans::default()).map_err(|e| behind(e, rows))?;
            rows += 1;
        }
        self.line_ends(block)?;
        Ok((rows, rows))
    }
}
