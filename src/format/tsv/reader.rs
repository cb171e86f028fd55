//! Cuts a TSV into pieces of whole lines, and reads its header. The sequential part: it looks for line ends and nothing
//! else; what is in the rows is the codec's matter.

use std::sync::Arc;

use super::codec::Codec;
use crate::error::{Error, Result};
use crate::format::lines::{Cut, Lines};
use crate::format::{
    BehindRows, InputOptions, Part, Piece, Reader, RowCodec, Source, Spans, magic, one_table,
};
use crate::message;
use crate::row::field::Cell;
use crate::row::shape::{Facts, TableName};

/// A header longer than this is none: the input is no TSV.
const MAX_HEADER: usize = 1 << 20;

/// The reader of one file.
pub(super) struct TsvReader {
    lines: Lines,
    table: TableName,
    columns: Option<Vec<String>>,
    /// Whether nobody has said that it is a TSV.
    doubtful: bool,
    facts: Facts,
    poison: Arc<[u8]>,
}

impl TsvReader {
    /// Makes a reader.
    ///
    /// # Errors
    /// `ErrorKind::Usage` for options that cannot be.
    pub(super) fn new(options: &InputOptions) -> Result<Self> {
        let table = one_table::name(options, "a TSV")?;
        if options.delimiter.is_some_and(|d| d != b'\t') || options.quote.is_some() {
            return Err(Error::usage("a TSV has tabs between fields and no quotes")
                .hint("with another delimiter or with quotes it is a CSV: --input-format csv"));
        }
        if let Some(columns) = &options.columns {
            one_table::check_given(columns)?;
        }
        Ok(Self {
            lines: Lines::new(options, &table),
            table,
            columns: options.columns.clone(),
            doubtful: !options.named,
            facts: Facts::default(),
            poison: poison(options.columns.as_ref().map_or(0, Vec::len)),
        })
    }

    /// Announces the table at the first line. Returns the part and where the rows begin.
    fn begin(&mut self, bytes: &[u8], cut: Cut) -> Result<(Part, usize)> {
        let rest = bytes.get(cut.start..cut.end).unwrap_or_default();
        let (line, whole) = match memchr::memchr(b'\n', rest) {
            Some(len) => (rest.get(..len).unwrap_or_default(), len + 1),
            None => (rest, rest.len()),
        };
        let crlf = whole > line.len() && line.last() == Some(&b'\r');
        let (names, trusted, end) = match &self.columns {
            Some(columns) => (columns.clone(), true, cut.start),
            None => {
                let names = header(rest.get(..whole).unwrap_or_default(), crlf, self.lines.max_row())
                    .map_err(|e| self.lines.place(e, bytes, cut.start))?;
                (names, false, cut.start + whole)
            }
        };
        let shape = one_table::shape(&self.table, names, trusted);
        one_table::add_facts(&mut self.facts, &shape);
        let codec = Codec::new(shape.columns.len(), crlf, self.lines.max_row()).of_doubt(self.doubtful);
        self.poison = poison(shape.columns.len());
        Ok((Part::Begin { head: 0..end, shape: Arc::new(shape), codec: Arc::new(codec) }, end))
    }
}

/// Makes the bytes that make every reader fail: a row with a field too many, that begins with an open quote. No data.
pub(super) fn poison(columns: usize) -> Arc<[u8]> {
    let mut out = b"\"standin: the run failed, this file is not complete".to_vec();
    out.resize(out.len() + columns, b'\t');
    out.push(b'\n');
    out.into()
}

/// Decodes the names of a header line, its end included.
fn header(line: &[u8], crlf: bool, max_row: usize) -> Result<Vec<String>> {
    if line.len() > MAX_HEADER {
        return Err(Error::input(message!("no header line ends in the first {} bytes", MAX_HEADER))
            .hint("the first line must name the columns; lines end in LF or CR LF"));
    }
    if line.contains(&0) {
        return Err(Error::input("the first line holds a NUL byte: the input is UTF-16 or no text")
            .hint(magic::UTF16));
    }
    let columns = memchr::memchr_iter(b'\t', line).count() + 1;
    let codec = Codec::new(columns, crlf, max_row);
    let (mut spans, mut arena) = (Spans::default(), Vec::new());
    codec.split(line, 0, 1, &(0..columns).collect::<Vec<_>>(), &mut spans)?;
    let mut names = Vec::with_capacity(columns);
    for (index, field) in spans.fields.iter().enumerate() {
        let decoded = codec.decode(line, *field, &mut arena).map_err(|_| {
            Error::input(message!("the name of column {} has quotes or escapes that no TSV has", index + 1))
                .hint("if fields are quoted it is a CSV: --input-format csv --delimiter tab; or name the columns: --columns")
        })?;
        let name = match decoded {
            Cell::Raw(span) => span.of(line),
            Cell::Arena(span) => span.of(&arena),
            Cell::Null => &[],
        };
        let Ok(name) = std::str::from_utf8(name) else {
            return Err(Error::input(message!("the name of column {} is not UTF-8", index + 1))
                .hint("save the file as UTF-8, or name the columns: --columns"));
        };
        names.push(name.to_owned());
    }
    one_table::check_header(&names)?;
    Ok(names)
}

impl Reader for TsvReader {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        let Some(cut) = self.lines.next(source, piece, |_| Ok(()))? else { return Ok(false) };
        let mut rows = cut.start;
        if cut.first {
            let (begin, end) = self.begin(piece.buffer.bytes(), cut)?;
            piece.parts.push(begin);
            rows = end;
        }
        if rows < cut.end {
            piece.parts.push(Part::Rows(rows..cut.end));
        }
        if cut.eof {
            piece.parts.push(Part::End { tail: cut.end..cut.end });
        }
        self.lines.close(cut);
        piece.poison = Some(Arc::clone(&self.poison));
        piece.poison_after = Some(Arc::clone(&self.poison));
        Ok(true)
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn whole_schema(&self) -> bool {
        false
    }

    fn behind_rows(&self) -> BehindRows {
        BehindRows::Nothing
    }
}
