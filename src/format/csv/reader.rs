//! Cuts a CSV into pieces of whole records. The sequential part: it looks for record ends and nothing else; what is in
//! the rows is the codec's matter. Refuses an input that is empty, no UTF-8-like text, or ends inside quotes.

use std::sync::Arc;

use super::codec::Codec;
use super::dialect::{Dialect, Wish};
use super::record::{self, Fault, Wrong};
use super::{header, scan};
use crate::error::{Error, Message, Result};
use crate::format::{BehindRows, Buffer, InputOptions, Part, Piece, Reader, Source, magic, one_table};
use crate::message;
use crate::row::shape::{Facts, TableName};

/// One read (PERF.md, fact 2).
const READ: usize = 256 << 10;
/// A header longer than this is none: the input is no CSV.
const MAX_HEADER: usize = 1 << 20;
/// A record that is this long and has not ended is looked at closely, so that a stray quote does not make the reader
/// take in the rest of the input.
const LOOK: usize = 64 << 10;
/// The default of `--max-row`.
const MAX_ROW: usize = 1 << 30;
/// Positions in a block are 32 bits.
const MOST_ROW: usize = 2 << 30;

/// The reader of one CSV.
pub(super) struct CsvReader {
    wish: Wish,
    columns: Option<Vec<String>>,
    /// Whether nobody has said that it is a CSV, nor which delimiter it has.
    doubtful: bool,
    table: TableName,
    source: Option<Message>,
    max_row: usize,
    poison: Arc<[u8]>,
    facts: Facts,
    /// Known from the first record on.
    dialect: Option<Dialect>,
    /// The start of a record whose end was not read yet; searched, and whether it stops inside quotes.
    carry: Vec<u8>,
    inside: bool,
    /// Offset of the next piece.
    byte: u64,
    ended: bool,
}

impl CsvReader {
    /// Makes a reader.
    ///
    /// # Errors
    /// `ErrorKind::Usage` for options that cannot be.
    pub(super) fn new(options: &InputOptions) -> Result<Self> {
        let wish = Wish::new(options)?;
        if let Some(columns) = &options.columns {
            one_table::check_given(columns)?;
        }
        let max_row = if options.max_row == 0 { MAX_ROW } else { options.max_row.min(MOST_ROW) };
        Ok(Self {
            wish,
            columns: options.columns.clone(),
            doubtful: !options.named && options.delimiter.is_none(),
            table: one_table::name(options, "a CSV")?,
            source: options.source.clone(),
            max_row,
            poison: super::poison(wish.quote),
            facts: Facts::default(),
            dialect: None,
            carry: Vec::new(),
            inside: false,
            byte: 0,
            ended: false,
        })
    }

    /// Reads until at least one whole record is there. Returns where the last one ends and whether the input does too.
    fn gather(&mut self, source: &mut dyn Source, buffer: &mut Buffer) -> Result<(usize, bool)> {
        let mut searched = buffer.len();
        let mut looked = false;
        let mut cut = 0;
        loop {
            let came = buffer.fill(source, READ).map_err(|e| Error::io("read the input", &e))?;
            let bytes = buffer.bytes();
            let begun = self.dialect.is_some() || bytes.len() >= magic::HEAD || came == 0;
            if self.dialect.is_none() && begun {
                magic::refuse(bytes).map_err(|e| self.place(e, bytes, 0))?;
            }
            if let Some(end) = scan::last_end(bytes, searched, self.wish.quote, &mut self.inside) {
                cut = end;
            }
            searched = bytes.len();
            if came == 0 {
                return if self.inside {
                    Err(self.unterminated(bytes, cut))
                } else {
                    Ok((bytes.len(), true))
                };
            }
            if cut > 0 {
                if begun {
                    return Ok((cut, false));
                }
                continue;
            }
            self.check_long(bytes, &mut looked)?;
        }
    }

    /// Looks at a record that has not ended yet.
    fn check_long(&self, bytes: &[u8], looked: &mut bool) -> Result<()> {
        let start = self.skip_bom(bytes);
        let len = bytes.len() - start;
        if self.dialect.is_none() && self.columns.is_none() && len > MAX_HEADER {
            let error = Error::input(message!("no header line ends in the first {} bytes", MAX_HEADER))
                .hint("the first line must name the columns; lines end in LF or CR LF");
            return Err(self.place(error, bytes, 0));
        }
        if len > self.max_row {
            let fault = Fault { wrong: Wrong::TooLong { limit: self.max_row }, offset: start, field: 1 };
            return Err(self.fault(fault, bytes));
        }
        if let Some(dialect) = self.dialect
            && len >= LOOK
            && !*looked
        {
            *looked = true;
            record::read(bytes, start, false, dialect).map_err(|fault| self.fault(fault, bytes))?;
        }
        Ok(())
    }

    /// Announces the table at the first record. Returns the parts and where the rows begin.
    fn begin(&mut self, bytes: &[u8], eof: bool) -> Result<(Part, usize)> {
        let start = self.skip_bom(bytes);
        let first = bytes.get(start..).unwrap_or_default();
        if first.is_empty() {
            let error = Error::input("the input is empty").hint("a CSV has at least a header line");
            return Err(self.place(error, bytes, 0));
        }
        let dialect = self.wish.detect(first).map_err(|e| self.place(e, bytes, start))?;
        let (names, trusted, end) = if let Some(columns) = &self.columns {
            (columns.clone(), true, start)
        } else {
            let record =
                record::read(bytes, start, eof, dialect).map_err(|fault| self.fault(fault, bytes))?;
            let record = record.ok_or_else(|| Error::bug("the header line was cut off too early"))?;
            if record.end - start > self.max_row.min(MAX_HEADER) {
                let error = Error::input("the header line is too long");
                return Err(self.place(error, bytes, start));
            }
            let names =
                header::names(bytes, &record.fields, dialect).map_err(|e| self.place(e, bytes, start))?;
            (names, false, record.end)
        };
        let shape = one_table::shape(&self.table, names, trusted);
        one_table::add_facts(&mut self.facts, &shape);
        let doubtful = self.doubtful && dialect.delimiter == b'\t';
        let codec = Codec::new(dialect, shape.columns.len(), self.max_row)?.of_one_line(doubtful);
        self.dialect = Some(dialect);
        Ok((Part::Begin { head: 0..end, shape: Arc::new(shape), codec: Arc::new(codec) }, end))
    }

    /// Says where the first record of the bytes begins.
    fn skip_bom(&self, bytes: &[u8]) -> usize {
        if self.dialect.is_none() && bytes.starts_with(magic::BOM) { magic::BOM.len() } else { 0 }
    }

    /// Says what is wrong with the input that ends inside quotes; its last record begins at `cut`.
    fn unterminated(&self, bytes: &[u8], cut: usize) -> Error {
        let start = cut.max(self.skip_bom(bytes));
        let first = bytes.get(self.skip_bom(bytes)..).unwrap_or_default();
        let dialect = match self.dialect.map_or_else(|| self.wish.detect(first), Ok) {
            Ok(dialect) => dialect,
            Err(error) => return self.place(error, bytes, 0),
        };
        let unclosed = Fault { wrong: Wrong::Unterminated, offset: start, field: 1 };
        self.fault(record::read(bytes, start, true, dialect).err().unwrap_or(unclosed), bytes)
    }

    fn fault(&self, fault: Fault, bytes: &[u8]) -> Error {
        self.place(fault.error(|_| ()), bytes, fault.offset)
    }

    /// Adds the place, which is `offset` in the bytes of the piece.
    fn place(&self, error: Error, bytes: &[u8], offset: usize) -> Error {
        error.at(|at| {
            at.source.clone_from(&self.source);
            at.line = Some(record::count_lines(bytes.get(..offset).unwrap_or_default()) + 1);
            at.byte = u64::try_from(offset).ok().map(|n| self.byte + n);
            at.table = Some(message!("{}", self.table));
        })
    }
}

impl Reader for CsvReader {
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool> {
        piece.parts.clear();
        piece.byte = self.byte;
        piece.poison = Some(Arc::clone(&self.poison));
        piece.buffer.restart(&self.carry, READ);
        self.carry.clear();
        if self.ended {
            return Ok(false);
        }
        let (cut, eof) = self.gather(source, &mut piece.buffer)?;
        let mut rows = 0;
        if self.dialect.is_none() {
            let (begin, end) = self.begin(piece.buffer.bytes(), eof)?;
            piece.parts.push(begin);
            rows = end;
        }
        if rows < cut {
            piece.parts.push(Part::Rows(rows..cut));
        }
        if eof {
            piece.parts.push(Part::End { tail: cut..cut });
            self.ended = true;
        } else {
            piece.buffer.split_off(cut, &mut self.carry);
        }
        self.byte += u64::try_from(cut).unwrap_or_default();
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
