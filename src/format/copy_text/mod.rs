//! The RowCodec of COPY text: one line a row, tabs between fields, backslash escapes, `\N` for NULL.
//!
//! Splits by 64-byte masks, counts the fields of every row, and refuses a tab or line end behind an odd backslash:
//! PostgreSQL would read it as data, so every border after it would shift. Decodes only the escapes that PostgreSQL
//! defines; an undefined one stops the run.

mod emit;

pub use emit::Rows;

use memchr::{memchr2, memchr3};
use wide::u8x64;

use crate::error::{Error, Result};
use crate::format::{Given, RowCodec, Spans};
use crate::message;
use crate::row::field::{Cell, Span};

/// COPY text rows with a fixed number of columns.
#[derive(Debug)]
pub struct CopyText {
    columns: usize,
    max_row: usize,
}

impl CopyText {
    /// Makes the codec of a table of so many columns; rows are at most `max_row` bytes long, without their line end.
    #[must_use]
    pub fn new(columns: usize, max_row: usize) -> Self {
        Self { columns, max_row }
    }

    /// Splits rows by the masks of 64 bytes at a time; see `split`.
    fn scan(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        if u32::try_from(block.len()).is_err() {
            return Err(Error::bug("a block of 4 GiB"));
        }
        let mut cursor = Cursor::new(wanted, narrow(from));
        let (mut base, mut rows, mut carry) = (from, 0, 0_u64);
        while base < block.len() && rows < limit {
            let masks = Masks::of(block, base);
            let here = narrow(base);
            let mut borders = masks.tabs | masks.lines;
            let doubtful = ((masks.backslashes << 1) | carry) & borders;
            carry = masks.backslashes >> 63;
            if doubtful != 0 {
                undoubted(block, (from, base), &masks, doubtful, rows)?;
            }
            while borders != 0 {
                let line = borders & masks.lines;
                let line = line & line.wrapping_neg();
                let below = line.wrapping_sub(1);
                cursor.tabs(borders & below, here, masks.backslashes, spans);
                if line == 0 {
                    break;
                }
                borders &= !(line | below);
                let bit = line.trailing_zeros();
                cursor.last_field(bit, here, masks.backslashes, spans);
                let len = here + bit - cursor.row;
                if cursor.field + 1 != self.columns && !(self.columns == 0 && len == 0) {
                    return Err(self.ragged(cursor.field + 1, rows + 1));
                }
                rows += 1;
                if place(len) > self.max_row {
                    return Err(self.too_long(rows));
                }
                cursor.end_row(here + bit, spans);
                if rows == limit {
                    return Ok(base + place(bit) + 1);
                }
            }
            if masks.backslashes != 0 {
                cursor.backslash = last_bit(here, masks.backslashes);
            }
            base += 64;
        }
        if place(cursor.row) == block.len() {
            Ok(block.len())
        } else {
            Err(Error::input("a row without its line end").at(|p| p.line = u64::try_from(rows + 1).ok()))
        }
    }

    /// Counts whole rows, each of which has the right number of tabs; `None` if one has not.
    fn even_rows(&self, block: &[u8]) -> Option<u64> {
        let borders = u32::try_from(self.columns.saturating_sub(1)).ok()?;
        let (mut rows, mut tabs, mut base) = (0_u64, 0_u32, 0);
        while base < block.len() {
            let masks = Masks::of(block, base);
            let (mut lines, mut seen) = (masks.lines, 0_u64);
            while lines != 0 {
                let line = lines & lines.wrapping_neg();
                let below = line - 1;
                if tabs + (masks.tabs & below & !seen).count_ones() != borders {
                    return None;
                }
                (rows, tabs, seen) = (rows + 1, 0, below | line);
                lines ^= line;
            }
            tabs += (masks.tabs & !seen).count_ones();
            base += 64;
        }
        // A table without columns has empty rows: a byte more is a field too many.
        let ends = block.last().is_none_or(|b| *b == b'\n');
        (ends && (self.columns > 0 || u64::try_from(block.len()).ok() == Some(rows))).then_some(rows)
    }

    /// Makes the error of a row that has not the right number of fields.
    fn ragged(&self, found: usize, row: usize) -> Error {
        Error::input(message!("expected {} fields, found {}", self.columns, found))
            .hint("the dump was cut or edited, or a value holds an unescaped tab or line end; dump again")
            .at(|at| {
                at.line = u64::try_from(row).ok();
                at.row = at.line;
            })
    }

    fn too_long(&self, row: usize) -> Error {
        Error::input(message!("a row is longer than {} bytes", self.max_row))
            .hint("raise --max-row if that is right")
            .at(|at| {
                at.line = u64::try_from(row).ok();
                at.row = at.line;
            })
    }
}

/// Where the scan of one row stands. Places are those of spans.
struct Cursor<'w> {
    wanted: &'w [usize],
    /// Index of the field being read.
    field: usize,
    /// How many of `wanted` were passed in this row.
    seen: usize,
    /// The next wanted index; `usize::MAX` when there is none left in the row.
    next: usize,
    start: u32,
    row: u32,
    /// One past the last backslash of the blocks before this one; 0 = none.
    backslash: u32,
}

impl<'w> Cursor<'w> {
    fn new(wanted: &'w [usize], at: u32) -> Self {
        Self {
            wanted,
            field: 0,
            seen: 0,
            next: wanted.first().copied().unwrap_or(usize::MAX),
            start: at,
            row: at,
            backslash: 0,
        }
    }

    /// Passes tabs of one row within 64 bytes: jumps from one wanted field to the next.
    #[inline]
    fn tabs(&mut self, mut tabs: u64, base: u32, backslashes: u64, spans: &mut Spans) {
        let mut left = place(tabs.count_ones());
        while self.next - self.field < left {
            let skip = self.next - self.field;
            if skip > 0 {
                for _ in 1..skip {
                    tabs &= tabs.wrapping_sub(1);
                }
                self.start = base + tabs.trailing_zeros() + 1;
                tabs &= tabs.wrapping_sub(1);
            }
            let bit = tabs.trailing_zeros();
            self.field = self.next + 1;
            self.note(bit, base, backslashes, spans);
            self.start = base + bit + 1;
            tabs &= tabs.wrapping_sub(1);
            left -= skip + 1;
        }
        if left > 0 {
            self.field += left;
            self.start = last_bit(base, tabs);
        }
    }

    /// Passes the end of a row.
    #[inline]
    fn last_field(&mut self, bit: u32, base: u32, backslashes: u64, spans: &mut Spans) {
        if self.field == self.next {
            self.note(bit, base, backslashes, spans);
        }
    }

    /// Notes the wanted field that ends at a bit of the 64 bytes from `base` on; `backslashes` are those of them.
    #[inline]
    fn note(&mut self, bit: u32, base: u32, backslashes: u64, spans: &mut Spans) {
        spans.fields.push(Span::new(self.start, base + bit));
        let before = backslashes & ((1 << bit) - 1);
        let last = if before == 0 { self.backslash } else { last_bit(base, before) };
        spans.escaped.push(last > self.start);
        self.seen += 1;
        self.next = self.wanted.get(self.seen).copied().unwrap_or(usize::MAX);
    }

    #[inline]
    fn end_row(&mut self, at: u32, spans: &mut Spans) {
        spans.rows.push(Span::new(self.row, at + 1));
        *self = Self { backslash: self.backslash, ..Self::new(self.wanted, at + 1) };
    }
}

/// Refuses a border behind an odd number of backslashes; `doubtful` are those behind a backslash at all.
#[cold]
fn undoubted(
    block: &[u8],
    (from, base): (usize, usize),
    masks: &Masks,
    mut doubtful: u64,
    rows: usize,
) -> Result<()> {
    while doubtful != 0 {
        let bit = doubtful & doubtful.wrapping_neg();
        if escaped(block, base + place(bit.trailing_zeros()), from) {
            let row = rows + 1 + place((masks.lines & (bit - 1)).count_ones());
            return Err(Error::input("a tab or line end behind a backslash in COPY data")
                .hint("pg_dump writes \\t and \\n; the dump was edited")
                .at(|at| {
                    at.line = u64::try_from(row).ok();
                    at.row = at.line;
                }));
        }
        doubtful ^= bit;
    }
    Ok(())
}

/// Widens a place, a length or a number of bits.
#[inline]
fn place(bits: u32) -> usize {
    usize::try_from(bits).unwrap_or_default()
}

/// Returns one past the place of the highest bit of a mask that begins at `base`.
#[inline]
fn last_bit(base: u32, mask: u64) -> u32 {
    base + (u64::BITS - mask.leading_zeros())
}

/// Narrows a place in a block; blocks are bounded far below 4 GiB by `--max-row`.
#[inline]
fn narrow(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The borders of 64 bytes, as bit masks.
struct Masks {
    tabs: u64,
    lines: u64,
    backslashes: u64,
}

impl Masks {
    #[inline]
    fn of(block: &[u8], base: usize) -> Self {
        let bytes = match block.get(base..base + 64).and_then(|s| <[u8; 64]>::try_from(s).ok()) {
            Some(bytes) => u8x64::new(bytes),
            None => {
                let mut padded = [0_u8; 64];
                let tail = block.get(base..).unwrap_or_default();
                padded.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
                u8x64::new(padded)
            }
        };
        let of = |b: u8| bytes.simd_eq(u8x64::splat(b)).to_bitmask();
        Self { tabs: of(b'\t'), lines: of(b'\n'), backslashes: of(b'\\') }
    }
}

/// Says whether the byte at `at` is escaped: an odd number of backslashes stands before it.
fn escaped(block: &[u8], at: usize, from: usize) -> bool {
    let before = block.get(from..at).unwrap_or_default();
    before.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

impl RowCodec for CopyText {
    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        let stop = self.scan(block, from, limit, wanted, spans)?;
        // A raw carriage return or NUL is no backslash, but `decode` must see it to refuse it.
        if memchr2(b'\r', 0, block.get(from..stop).unwrap_or_default()).is_some() {
            spans.escaped.clear();
        }
        Ok(stop)
    }

    #[inline]
    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        let raw = field.of(block);
        let Some(first) = memchr3(b'\\', b'\r', 0, raw) else { return Ok(Cell::Raw(field)) };
        if raw == b"\\N" {
            return Ok(Cell::Null);
        }
        let start = arena.len();
        arena.extend_from_slice(raw.get(..first).unwrap_or_default());
        unescape(raw.get(first..).unwrap_or_default(), arena)?;
        Ok(Cell::Arena(Span::new(narrow(start), narrow(arena.len()))))
    }

    fn encode(&self, standin: &[u8], _raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if !special(standin, true) {
            out.extend_from_slice(standin);
            return Ok(());
        }
        for b in standin {
            match b {
                0 => return Err(Error::input("a stand-in holds a NUL byte, which PostgreSQL's text cannot")),
                b'\\' => out.extend_from_slice(b"\\\\"),
                0x08 => out.extend_from_slice(b"\\b"),
                b'\t' => out.extend_from_slice(b"\\t"),
                b'\n' => out.extend_from_slice(b"\\n"),
                0x0b => out.extend_from_slice(b"\\v"),
                0x0c => out.extend_from_slice(b"\\f"),
                b'\r' => out.extend_from_slice(b"\\r"),
                b => out.push(*b),
            }
        }
        Ok(())
    }

    fn encode_null(&self, _raw: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b"\\N");
    }

    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                out.push(b'\t');
            }
            match value {
                Some(value) => self.encode(value.text, b"", out)?,
                None => self.encode_null(b"", out),
            }
        }
        out.push(b'\n');
        Ok(())
    }

    fn encodes_as_is(&self, standins: &[u8]) -> bool {
        let (blocks, rest) = standins.as_chunks::<64>();
        // All of a block is looked at: so it is vectors to the processor.
        let any = |block: &[u8; 64]| {
            block.iter().fold(0, |found, b| found | u8::from(*b == b'\\') | u8::from(*b < 0x20)) != 0
        };
        !blocks.iter().any(any) && !special(rest, true)
    }

    fn lines(&self, _rows: &[u8], rows: u64) -> u64 {
        rows
    }

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        match self.even_rows(block).filter(|_| block.len() <= self.max_row) {
            Some(rows) => Ok((rows, rows)),
            // The long way names the row that is wrong.
            None => {
                let mut spans = Spans::default();
                self.split(block, 0, usize::MAX, &[], &mut spans)?;
                let rows = u64::try_from(spans.rows.len()).unwrap_or(u64::MAX);
                Ok((rows, rows))
            }
        }
    }
}

/// Says whether a backslash, or if asked for a control character, is among the bytes. Fields are short, so eight bytes
/// are looked at in one word (the zero-byte trick: `(w - 01..) & !w & 80..` is not 0 exactly if a byte of w is 0).
#[inline]
fn special(bytes: &[u8], controls: bool) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let in_word = |word: u64| {
        let other = word ^ (ONES * 0x5c);
        let backslash = other.wrapping_sub(ONES) & !other & HIGH;
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        backslash | if controls { control } else { 0 } != 0
    };
    let (words, rest) = bytes.as_chunks::<8>();
    words.iter().any(|word| in_word(u64::from_le_bytes(*word)))
        || rest.iter().any(|b| *b == b'\\' || (controls && *b < 0x20))
}

/// Decodes the escapes of COPY text (PostgreSQL manual, "COPY", File Formats). `\.` and unknown ones are errors.
fn unescape(mut rest: &[u8], out: &mut Vec<u8>) -> Result<()> {
    while let Some((&c, tail)) = rest.split_first() {
        if c == b'\r' || c == 0 {
            return Err(Error::input("a carriage return or NUL byte in a masked field of COPY data")
                .hint("PostgreSQL takes it for a line's end; the dump was edited, or has CRLF line ends"));
        }
        if c != b'\\' {
            let run = memchr3(b'\\', b'\r', 0, rest).unwrap_or(rest.len());
            out.extend_from_slice(rest.get(..run).unwrap_or_default());
            rest = rest.get(run..).unwrap_or_default();
            continue;
        }
        let (byte, used) = match tail.first() {
            Some(b'b') => (0x08, 1),
            Some(b'f') => (0x0c, 1),
            Some(b'n') => (b'\n', 1),
            Some(b'r') => (b'\r', 1),
            Some(b't') => (b'\t', 1),
            Some(b'v') => (0x0b, 1),
            Some(b'\\') => (b'\\', 1),
            Some(b'x') => numeric(tail, 1, 2, 16)?,
            Some(b'0'..=b'7') => numeric(tail, 0, 3, 8)?,
            _ => return Err(bad_escape()),
        };
        out.push(byte);
        rest = tail.get(used..).unwrap_or_default();
    }
    Ok(())
}

fn numeric(tail: &[u8], skip: usize, most: usize, radix: u32) -> Result<(u8, usize)> {
    let digits = tail.iter().skip(skip).take(most).map_while(|b| char::from(*b).to_digit(radix));
    let (mut value, mut used) = (0_u32, skip);
    for digit in digits {
        value = value * radix + digit;
        used += 1;
    }
    if used == skip {
        return Err(bad_escape());
    }
    u8::try_from(value & 0xff).map(|byte| (byte, used)).map_err(|_| bad_escape())
}

fn bad_escape() -> Error {
    Error::input("an escape that COPY does not define in a masked field")
        .hint("pg_dump writes only \\b \\f \\n \\r \\t \\v \\\\ and \\N; the dump was cut or edited")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(codec: &CopyText, block: &str, wanted: &[usize], limit: usize) -> Result<Vec<Vec<String>>> {
        let (mut at, mut out) = (0, Vec::new());
        while at < block.len() {
            let mut spans = Spans::default();
            at = codec.split(block.as_bytes(), at, limit, wanted, &mut spans)?;
            assert_eq!(spans.fields.len(), spans.escaped.len());
            for (field, escaped) in spans.fields.iter().zip(&spans.escaped) {
                let raw = field.of(block.as_bytes());
                assert_eq!(*escaped, raw.contains(&b'\\'), "decoding is never skipped");
            }
            for fields in spans.fields.chunks(wanted.len()) {
                out.push(
                    fields
                        .iter()
                        .map(|f| String::from_utf8_lossy(f.of(block.as_bytes())).into_owned())
                        .collect(),
                );
            }
        }
        Ok(out)
    }

    #[test]
    fn splits_wanted_fields_of_any_chunk() {
        let codec = CopyText::new(4, 1 << 20);
        let mut block = String::new();
        for i in 0..200 {
            block += &format!("{i}\ta{}\t{}\tz\n", "x".repeat(i % 70), "\\\\".repeat(i % 5));
        }
        for limit in [1, 3, 128, usize::MAX] {
            let got = rows(&codec, &block, &[0, 2], limit).unwrap();
            assert_eq!(got.len(), 200);
            for (i, row) in got.iter().enumerate() {
                assert_eq!(row, &[i.to_string(), "\\\\".repeat(i % 5)]);
            }
        }
        assert_eq!(codec.count(block.as_bytes()).unwrap(), (200, 200));
    }

    #[test]
    fn wrong_number_of_fields_stops() {
        let codec = CopyText::new(3, 1 << 20);
        for bad in ["a\tb\n", "a\tb\tc\td\n", "\n", "a\tb\tc\na\tb\n", "a\tb\tc\td\na\tb\n", "a\tb\tc"] {
            assert!(rows(&codec, bad, &[1], 99).is_err(), "{bad:?}");
        }
        for bad in ["a\tb\n", "a\tb\tc\td\n", "\n", "a\tb\tc\na\tb\n", "a\tb\tc\td\na\tb\n", "a\tb\tc"] {
            assert!(codec.count(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_row_is_named_but_never_quoted() {
        let e = rows(&CopyText::new(3, 1 << 20), "a\tb\tc\nKanarie\tb\n", &[1], 99).unwrap_err();
        assert_eq!(e.location().row, Some(2));
        assert!(!format!("{e}{e:?}").contains("Kanarie"));
    }

    #[test]
    fn escaped_borders_stop() {
        let codec = CopyText::new(3, 1 << 20);
        // PostgreSQL reads these as ("a\tb", "SECRET\nd", "e\tf"): all borders behind the first are shifted.
        assert!(rows(&codec, "a\\\tb\tSECRET\\\nd\te\\\tf\n", &[1], 99).is_err());
        assert!(rows(&codec, "a\\\\\tb\\\\\\\\\tc\\\\\n", &[1], 99).is_ok());
        let long = format!("{}\\\tb\tc\n", "x".repeat(63));
        assert!(rows(&CopyText::new(3, 1 << 20), &long, &[1], 99).is_err(), "across a mask border");
    }

    #[test]
    fn nasty_46_tables_without_columns() {
        let codec = CopyText::new(0, 1 << 20);
        assert_eq!(codec.count(b"\n\n\n").unwrap(), (3, 3));
        assert!(codec.count(b"\na\n").is_err());
    }

    #[test]
    fn nasty_09_blank_rows_of_one_column() {
        let codec = CopyText::new(1, 1 << 20);
        assert!(codec.count(b"a\tb\n").is_err());
        assert_eq!(rows(&codec, "\n\nx\n", &[0], 99).unwrap(), [[""], [""], ["x"]]);
        assert_eq!(rows(&CopyText::new(3, 99), "\t\t\n", &[0, 2], 9).unwrap(), [["", ""]]);
    }

    #[test]
    fn nasty_41_escapes_decode_and_encode() {
        let codec = CopyText::new(1, 1 << 20);
        let decode = |raw: &str| {
            let mut arena = Vec::new();
            let cell = codec.decode(raw.as_bytes(), Span::new(0, narrow(raw.len())), &mut arena)?;
            Ok::<_, Error>(match cell {
                Cell::Null => None,
                Cell::Raw(s) => Some(s.of(raw.as_bytes()).to_vec()),
                Cell::Arena(s) => Some(s.of(&arena).to_vec()),
            })
        };
        assert_eq!(decode("plain").unwrap().unwrap(), b"plain");
        assert_eq!(decode("\\N").unwrap(), None);
        assert_eq!(decode("\\\\N").unwrap().unwrap(), b"\\N");
        assert_eq!(
            decode("a\\tb\\nc\\\\d\\x41\\101\\r\\v\\f\\b").unwrap().unwrap(),
            b"a\tb\nc\\dAA\r\x0b\x0c\x08"
        );
        for bad in ["\\", "a\\", "\\.", "\\q", "\\x", "\\xg", "a\\Nb", "\\8"] {
            assert!(decode(bad).is_err(), "{bad}");
        }
        // To PostgreSQL these end a line: the last value of a row would be another than ours, joined with nothing.
        for bad in ["a\r", "\r", "\\\\\r", "a\0", "a\\tb\0"] {
            assert!(decode(bad).is_err(), "{bad:?}");
        }
        for value in ["a\tb\nc\\d", "\\N", "\\.", "x\r\u{b}\u{c}\u{8}", "", "é"] {
            let mut raw = Vec::new();
            codec.encode(value.as_bytes(), b"", &mut raw).unwrap();
            assert!(!raw.contains(&b'\t') && !raw.contains(&b'\n'));
            assert_eq!(decode(&String::from_utf8(raw).unwrap()).unwrap().unwrap(), value.as_bytes());
        }
        assert!(codec.encode(b"a\0b", b"", &mut Vec::new()).is_err());
    }

    #[test]
    fn nasty_41_a_raw_carriage_return_is_seen_in_any_field() {
        // It is no backslash, so the hint that spares decoding must not hide it.
        let codec = CopyText::new(2, 1 << 20);
        for bad in ["a\rb\tc\n", "a\tb\r\n", "a\0\tb\n"] {
            let (mut spans, mut cells) = (Spans::default(), Vec::new());
            codec.split(bad.as_bytes(), 0, 9, &[0, 1], &mut spans).unwrap();
            let mut column =
                |at| codec.decode_column(bad.as_bytes(), &spans, (at, 2), &mut cells, &mut Vec::new());
            assert!(column(0).is_err() || column(1).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn special_bytes_are_found_at_every_place() {
        for len in 0..40_usize {
            let plain: Vec<u8> =
                (0..len).map(|n| [b' ', b'z', 0x7f, 0x80, 0xff, b']', b'['][n % 7]).collect();
            assert!(!special(&plain, true), "{len}");
            for at in 0..len {
                for b in 0..=255_u8 {
                    let mut text = plain.clone();
                    text[at] = b;
                    assert_eq!(special(&text, true), b < 0x20 || b == b'\\', "{b} at {at} of {len}");
                    assert_eq!(special(&text, false), b == b'\\', "{b} at {at} of {len}");
                }
            }
        }
    }

    #[test]
    fn long_rows_stop_at_max_row() {
        let codec = CopyText::new(1, 10);
        assert!(rows(&codec, "0123456789\n", &[0], 9).is_ok());
        assert!(rows(&codec, "0123456789x\n", &[0], 9).is_err());
        assert!(codec.count(b"0123456789x\n").is_err());
    }
}
