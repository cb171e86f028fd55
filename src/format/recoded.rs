//! The RowCodec of rows in another character set than UTF-8: masked values are handed out as UTF-8 and stand-ins are
//! written in the set of the dump; kept bytes are not looked at. A value that is no text of the set stays bytes.

use std::sync::Arc;

use super::charset::Charset;
use super::{Given, Joint, RowCodec, Spans};
use crate::error::{Error, Result};
use crate::row::field::{Cell, Span};

/// Rows of another codec, in a character set.
struct Recoded {
    inner: Arc<dyn RowCodec>,
    charset: &'static Charset,
}

/// Puts a character set around a codec, where one is needed.
#[must_use]
pub(super) fn recoded(inner: Arc<dyn RowCodec>, charset: &'static Charset) -> Arc<dyn RowCodec> {
    if charset.is_plain() { inner } else { Arc::new(Recoded { inner, charset }) }
}

/// Bytes of a stand-in on the stack; longer ones on the heap.
struct Short {
    bytes: [u8; 128],
    len: usize,
    long: Vec<u8>,
}

impl Extend<u8> for Short {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        for byte in bytes {
            match self.bytes.get_mut(self.len) {
                Some(place) if self.long.is_empty() => {
                    *place = byte;
                    self.len += 1;
                }
                _ => {
                    if self.long.is_empty() {
                        self.long.extend_from_slice(&self.bytes);
                    }
                    self.long.push(byte);
                }
            }
        }
    }
}

impl Short {
    fn new() -> Self {
        Self { bytes: [0; 128], len: 0, long: Vec::new() }
    }

    fn get(&self) -> &[u8] {
        if self.long.is_empty() { self.bytes.get(..self.len).unwrap_or_default() } else { &self.long }
    }
}

impl Recoded {
    /// Appends to `arena` what bytes mean, `at` telling the bytes from a place on; `false`: they are no text of the set.
    fn append(
        &self,
        arena: &mut Vec<u8>,
        at: impl Fn(&Vec<u8>, usize) -> Option<(char, usize)>,
        len: usize,
    ) -> bool {
        let mut done = 0;
        while done < len {
            let Some((c, used)) = at(arena, done) else { return false };
            arena.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            done += used;
        }
        true
    }
}

impl RowCodec for Recoded {
    fn joint(&self, between: &[u8]) -> Joint {
        self.inner.joint(between)
    }

    fn head(&self) -> &[u8] {
        self.inner.head()
    }

    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        let stop = self.inner.split(block, from, limit, wanted, spans)?;
        // What the inner codec calls its own value must be decoded all the same.
        if !block.get(from..stop).unwrap_or_default().is_ascii() {
            spans.escaped.clear();
        }
        Ok(stop)
    }

    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        let before = arena.len();
        let cell = self.inner.decode(block, field, arena)?;
        let (start, sound) = match cell {
            Cell::Null => return Ok(cell),
            Cell::Raw(span) if span.of(block).is_ascii() => return Ok(cell),
            Cell::Raw(span) => {
                let value = span.of(block);
                let at = |_: &Vec<u8>, at: usize| self.charset.first(value.get(at..)?);
                (before, self.append(arena, at, value.len()))
            }
            Cell::Arena(span) if span.of(arena).is_ascii() => return Ok(cell),
            Cell::Arena(span) => {
                let (start, end) = (before, arena.len());
                if span.of(arena).len() != end - start {
                    return Err(Error::bug("a codec left more than a value in the arena"));
                }
                let at = |arena: &Vec<u8>, at: usize| self.charset.first(arena.get(start + at..end)?);
                let sound = self.append(arena, at, end - start);
                (end, sound)
            }
        };
        if !sound {
            arena.truncate(start);
            return Ok(cell);
        }
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Ok(Cell::Arena(Span::new(place(start), place(arena.len()))))
    }

    fn decode_column(
        &self,
        block: &[u8],
        spans: &Spans,
        (column, stride): (usize, usize),
        cells: &mut Vec<Cell>,
        arena: &mut Vec<u8>,
    ) -> Result<()> {
        // Rows of ASCII alone are the inner codec's own: it knows what its fields without escapes are.
        if spans.escaped.len() == spans.fields.len() {
            return self.inner.decode_column(block, spans, (column, stride), cells, arena);
        }
        for field in spans.fields.get(column..).unwrap_or_default().iter().step_by(stride) {
            cells.push(self.decode(block, *field, arena)?);
        }
        Ok(())
    }

    fn quote(&self) -> Option<u8> {
        self.inner.quote()
    }

    fn encodes_as_is(&self, standins: &[u8]) -> bool {
        standins.is_ascii() && self.inner.encodes_as_is(standins)
    }

    fn is_ordered(&self) -> bool {
        self.inner.is_ordered()
    }

    fn holds(&self, standin: &[u8]) -> bool {
        self.charset.holds(standin) && self.inner.holds(standin)
    }

    fn encode(&self, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if standin.is_ascii() {
            return self.inner.encode(standin, raw, out);
        }
        let mut encoded = Short::new();
        if !self.charset.encode(standin, &mut encoded) {
            return Err(Error::input("a stand-in holds what the character set of the dump does not have")
                .hint("dump with `pg_dump --encoding=UTF8`"));
        }
        self.inner.encode(encoded.get(), raw, out)
    }

    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        let refused = || {
            Error::input("an invented row holds what the character set of the dump does not have")
                .hint("dump with `pg_dump --encoding=UTF8`, or write it in letters of that set")
        };
        let mut texts: Vec<Option<(Vec<u8>, bool)>> = Vec::with_capacity(row.len());
        for value in row {
            let Some(Given { text, bare }) = value else {
                texts.push(None);
                continue;
            };
            if text.is_ascii() {
                texts.push(Some((text.to_vec(), *bare)));
                continue;
            }
            let mut encoded = Short::new();
            if !self.charset.encode(text, &mut encoded) {
                return Err(refused());
            }
            texts.push(Some((encoded.get().to_vec(), *bare)));
        }
        let row = texts.iter().map(|text| text.as_ref().map(|(text, bare)| Given { text, bare: *bare }));
        self.inner.write_row(&row.collect::<Vec<_>>(), out)
    }

    fn encode_null(&self, raw: &[u8], out: &mut Vec<u8>) {
        self.inner.encode_null(raw, out);
    }

    fn lines(&self, block: &[u8], rows: u64) -> u64 {
        self.inner.lines(block, rows)
    }

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        self.inner.count(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::charset::named;
    use crate::format::copy_text::CopyText;
    use crate::format::insert::{Dialect, InsertRows};
    use crate::row::field::Cells;

    fn codec(set: &str) -> Arc<dyn RowCodec> {
        recoded(Arc::new(CopyText::new(2, 1 << 20)), named(set).unwrap())
    }

    fn value(set: &str, block: &[u8]) -> Vec<u8> {
        let (codec, mut spans) = (codec(set), Spans::default());
        assert_eq!(codec.split(block, 0, 9, &[0], &mut spans).unwrap(), block.len());
        let (mut cells, mut arena) = (Vec::new(), b"x".to_vec());
        codec.decode_column(block, &spans, (0, 1), &mut cells, &mut arena).unwrap();
        match cells[0] {
            Cell::Null => b"NULL".to_vec(),
            Cell::Raw(span) => span.of(block).to_vec(),
            Cell::Arena(span) => span.of(&arena).to_vec(),
        }
    }

    #[test]
    fn nasty_43_values_are_utf8_whatever_the_dump_is_in() {
        assert_eq!(value("LATIN1", b"Zo\xeb\t1\n"), "Zoë".as_bytes());
        assert_eq!(value("LATIN1", b"Zo\xeb\\tJ\\351\t1\n"), "Zoë\tJé".as_bytes());
        assert_eq!(value("EUC_JP", b"\xc6\xfc\xcb\xdc\t1\n"), "日本".as_bytes());
        assert_eq!(value("LATIN1", b"\\N\t\xeb\n"), b"NULL");
        assert_eq!(value("LATIN1", b"plain\t\xeb\n"), b"plain");
        // No text of the set: the bytes themselves, with or without escapes.
        assert_eq!(value("EUC_JP", b"\xc6\t1\n"), b"\xc6");
        assert_eq!(value("EUC_JP", b"\\n\xc6\t1\n"), b"\n\xc6");
    }

    #[test]
    fn quotes_are_no_part_of_a_value_in_any_block() {
        let dialect = Dialect::postgres(true);
        let head = b"INSERT INTO t VALUES ";
        let rows = InsertRows::new(&dialect, head, 2, 1 << 20).with_bytes(true);
        let codec = recoded(Arc::new(rows), named("LATIN1").unwrap());
        for (block, value) in
            [(&b"('Zoe', 1)"[..], "Zoe"), (b"('Zo\xeb', 1)", "Zo\u{eb}"), (b"('Zoe', '\xeb')", "Zoe")]
        {
            let block = [&head[..], block].concat();
            let (mut spans, mut cells, mut arena) = (Spans::default(), Vec::new(), Vec::new());
            codec.split(&block, 0, 9, &[0], &mut spans).unwrap();
            codec.decode_column(&block, &spans, (0, 1), &mut cells, &mut arena).unwrap();
            let cells = Cells { raw: &block, arena: &arena, cells: &cells };
            assert_eq!(cells.get(0), Some(value.as_bytes()));
        }
    }

    #[test]
    fn stand_ins_are_written_in_the_set_of_the_dump() {
        let written = |set: &str, text: &str| {
            let mut out = Vec::new();
            codec(set).encode(text.as_bytes(), b"x", &mut out).map(|()| out)
        };
        assert_eq!(written("LATIN1", "Zoë\t").unwrap(), b"Zo\xeb\\t");
        assert_eq!(written("EUC_JP", "日").unwrap(), b"\xc6\xfc");
        let long = "ë".repeat(500);
        assert_eq!(written("LATIN1", &long).unwrap(), vec![0xeb; 500]);
        assert!(written("LATIN1", "€").is_err());
        let codec = codec("LATIN1");
        assert!(codec.holds("Zoë".as_bytes()) && !codec.holds("€".as_bytes()));
        assert!(codec.encodes_as_is(b"abc") && !codec.encodes_as_is("ë".as_bytes()));
    }
}
