//! The RowCodec of INSERT statements: a row is a tuple; heads, separators and terminators between tuples pass as they are.
//! A stand-in is written in the form of its original, and can never leave its quotes.

use super::escape;
use super::literal::{self, Charset, Form, Style, is_plain_number, unreadable};
use super::walk::{Fault, Halt, Phase, Rules, Visit, Walk, Wrong, line_of};
use super::{Dialect, Family};
use crate::error::{Error, Result};
use crate::format::{Given, Joint, RowCodec, Spans};
use crate::row::field::{Cell, Span};

/// Rows of one region.
pub struct InsertRows {
    rules: Rules,
    /// Fields (ascending) in which only DEFAULT may stand.
    generated: Vec<usize>,
    /// The field of each column, where there are generated ones; empty: they are the same.
    places: Vec<usize>,
    /// Whether strings are not UTF-8, and what is read and written are their bytes.
    bytes: bool,
    /// Whether strings may have introducers.
    introducers: bool,
}

impl std::fmt::Debug for InsertRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<INSERT rows of {} fields>", self.rules.columns)
    }
}

impl InsertRows {
    /// Makes the codec of a region whose statements begin with `head` and whose tuples have so many fields.
    #[must_use]
    pub fn new(dialect: &Dialect, head: &[u8], columns: usize, max_row: usize) -> Self {
        Self {
            rules: Rules::new(*dialect, head, columns, max_row),
            generated: Vec::new(),
            places: Vec::new(),
            bytes: false,
            introducers: true,
        }
    }

    /// Takes strings as bytes, where the dump is in another character set than UTF-8 (`recoded` reads them): what would
    /// stand for a code point is refused.
    #[must_use]
    pub fn with_bytes(mut self, bytes: bool) -> Self {
        self.bytes = bytes;
        self
    }

    /// Refuses strings with an introducer, unless they are ASCII: all of the dump was made UTF-8 from another set, and these
    /// were of none.
    #[must_use]
    pub fn without_introducers(mut self) -> Self {
        self.introducers = false;
        self
    }

    /// Reads a literal.
    fn form(&self, raw: &[u8]) -> Option<Form> {
        let mut form = literal::read(self.rules.dialect, raw)?;
        if !self.introducers && form.style == Style::Text && form.body.start > 0 {
            form.charset = Charset::Other;
        }
        Some(form)
    }

    /// Demands DEFAULT in these fields (ascending): generated columns, which take no rule. The columns that are asked for
    /// are the others.
    #[must_use]
    pub fn with_generated(mut self, generated: Vec<usize>) -> Self {
        self.places.clear();
        if !generated.is_empty() {
            self.places.extend((0..self.rules.columns).filter(|field| !generated.contains(field)));
        }
        self.generated = generated;
        self
    }

    fn walk(&self, block: &[u8], from: usize, visit: &mut impl Visit) -> std::result::Result<usize, Fault> {
        let mut walk = Walk::new(Phase::Start, from);
        match walk.run(&self.rules, block, visit)? {
            Halt::Full => Ok(walk.at),
            Halt::More if walk.phase != Phase::Tuple && self.is_blank(block, walk.at) => Ok(block.len()),
            Halt::More | Halt::Over => Err(Fault { wrong: Wrong::Between, at: walk.begun() }),
        }
    }

    fn is_blank(&self, block: &[u8], from: usize) -> bool {
        block.get(from..).unwrap_or_default().iter().all(|b| self.rules.dialect.is_blank(*b))
    }

    /// Places an error in `block[from..]`, where `rows` rows were whole before it.
    #[cold]
    fn place(&self, fault: Fault, block: &[u8], from: usize, rows: usize) -> Error {
        fault.error(&self.rules).at(|place| {
            place.line = Some(line_of(block, from, fault.at));
            place.row = u64::try_from(rows + 1).ok();
        })
    }

    /// Checks what makes no tuple wrong: NUL bytes, which make the loading program drop text (`nul`: a walk met one, in
    /// tuples or near them), and the columns of DEFAULTs.
    fn check(&self, block: &[u8], from: usize, to: usize, nul: bool) -> Result<()> {
        let bytes = block.get(..to).unwrap_or_default();
        // A walk looks at no head.
        if (nul || memchr::memchr(0, &self.rules.head).is_some())
            && let Some(at) = memchr::memchr(0, bytes.get(from..).unwrap_or_default())
        {
            return Err(Error::input("a NUL byte in SQL text")
                .hint("the input may be UTF-16 or binary")
                .at(|place| place.line = Some(line_of(block, from, from + at))));
        }
        if self.generated.is_empty() {
            return Ok(());
        }
        let mut check = Defaults {
            block,
            dialect: self.rules.dialect,
            wanted: &self.generated,
            next: &self.generated,
            rows: 0,
            wrong: None,
        };
        self.walk(bytes, from, &mut check).map_err(|fault| self.place(fault, block, from, check.rows))?;
        match check.wrong {
            None => Ok(()),
            Some((row, at)) => {
                Err(Error::input("a value in a generated column, where a dump writes DEFAULT")
                    .hint("the dump was edited; generated columns take no rule, so nothing may stand in them")
                    .at(|place| {
                        place.row = u64::try_from(row + 1).ok();
                        place.line = Some(line_of(block, from, at));
                    }))
            }
        }
    }

    fn read(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        let raw = field.of(block);
        match raw {
            b"NULL" => return Ok(Cell::Null),
            [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => return Ok(Cell::Raw(field)),
            _ => {}
        }
        let form = self.form(raw).ok_or_else(|| unreadable(raw))?;
        match form.style {
            Style::Null => return Ok(Cell::Null),
            Style::Number if form.body.len() == raw.len() => return Ok(Cell::Raw(field)),
            Style::Unicode if self.bytes => return Err(unreadable(raw)),
            Style::Escapes | Style::Text if self.bytes && self.names_code_point(&form, raw) => {
                return Err(unreadable(raw));
            }
            _ => {}
        }
        let start = arena.len();
        literal::decode(self.rules.dialect, &form, raw, arena)?;
        Ok(Cell::Arena(span(start, arena.len())))
    }

    /// Says whether a string with escapes has one of a code point (`\u`), which stands for other bytes in each set.
    fn names_code_point(&self, form: &Form, raw: &[u8]) -> bool {
        let escapes = form.style == Style::Escapes || self.rules.dialect.backslash;
        let mut rest = if escapes { raw.get(form.inner.clone()).unwrap_or_default() } else { &[] };
        while let Some(at) = memchr::memchr(b'\\', rest) {
            if matches!(rest.get(at + 1), Some(b'u' | b'U')) {
                return true;
            }
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        false
    }

    /// Refuses a text that a string of this dialect and character set cannot hold.
    fn holds(&self, standin: &[u8], charset: Charset) -> Result<()> {
        let mysql = self.rules.dialect.family == Family::MySql;
        if memchr::memchr(0, standin).is_some() && !(mysql && self.rules.dialect.backslash) {
            return Err(Error::input("a stand-in holds a NUL byte, which a string of this dump cannot"));
        }
        let right = match charset {
            Charset::Binary => true,
            Charset::Dump => self.bytes || standin.is_ascii() || std::str::from_utf8(standin).is_ok(),
            Charset::Other => standin.is_ascii(),
        };
        if right {
            return Ok(());
        }
        Err(Error::input("a stand-in holds bytes that the character set of the dump does not have"))
    }

    /// Appends a string between quotes, as `style` and the dialect have it.
    fn quote(&self, standin: &[u8], style: Style, quote: u8, out: &mut Vec<u8>) {
        let dialect = self.rules.dialect;
        out.push(quote);
        match style {
            Style::Escapes | Style::Unicode => escape::double(standin, true, out),
            _ if !dialect.backslash && quote == b'\'' => escape::double(standin, false, out),
            _ if dialect.family == Family::MySql && dialect.backslash => {
                escape::backslash(standin, quote, out);
            }
            _ if quote == b'\'' => escape::double(standin, true, out),
            // `"…"` without backslash escapes.
            _ => {
                standin.iter().for_each(|b| out.extend(std::iter::repeat_n(*b, 1 + usize::from(*b == quote))))
            }
        }
        out.push(quote);
    }

    fn encode_as(&self, form: &Form, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let family = self.rules.dialect.family;
        let bits = !standin.is_empty() && standin.iter().all(|b| matches!(b, b'0' | b'1'));
        match form.style {
            Style::Hex | Style::HexNumber => {
                hex(form, standin, raw, out);
                return Ok(());
            }
            Style::Number | Style::Bool(_) if self.is_bare(form.style, standin) => {
                out.extend_from_slice(standin);
                return Ok(());
            }
            Style::Bool(_) if family == Family::Postgres && matches!(standin, b"t" | b"f") => {
                out.extend_from_slice(if standin == b"t" { b"true" } else { b"false" });
                return Ok(());
            }
            Style::Bits | Style::HexBits if bits => {
                out.extend_from_slice(b"B'");
                out.extend_from_slice(standin);
                out.push(b'\'');
                return Ok(());
            }
            Style::Bits | Style::HexBits => {
                return Err(Error::input("a stand-in for a string of bits is none"));
            }
            _ => {}
        }
        self.holds(standin, form.charset)?;
        let quote = raw.get(form.body.start).copied().filter(|b| *b == b'"').unwrap_or(b'\'');
        self.quote(standin, form.style, quote, out);
        Ok(())
    }

    /// Says whether a stand-in is a number that may be written bare: SQLite reads long ones as floating point, and
    /// PostgreSQL takes none for a boolean.
    fn is_bare(&self, style: Style, standin: &[u8]) -> bool {
        let family = self.rules.dialect.family;
        let taken = family != Family::Postgres || style == Style::Number;
        taken && is_plain_number(standin) && (family != Family::Sqlite || standin.len() <= 15)
    }
}

/// Appends bytes in the original's hexadecimal form and case.
fn hex(form: &Form, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) {
    let inner = raw.get(form.inner.clone()).unwrap_or_default();
    let digits =
        if inner.iter().any(u8::is_ascii_lowercase) { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
    let number = form.style == Style::HexNumber && !standin.is_empty();
    // `0x` alone is no literal.
    out.extend_from_slice(if number { b"0x" } else { b"X'" });
    for byte in standin {
        let digit = |nibble: u8| digits.get(usize::from(nibble)).copied().unwrap_or(b'0');
        out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    if !number {
        out.push(b'\'');
    }
}

/// Makes a span; blocks are bounded far below 4 GiB by `--max-row`.
#[inline]
fn span(start: usize, end: usize) -> Span {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// Takes the blanks around a field off.
#[inline(always)]
fn trim(dialect: Dialect, block: &[u8], start: usize, end: usize) -> (usize, usize) {
    match block.get(start..end) {
        Some([first, .., last]) if *first > b' ' && *last > b' ' => (start, end),
        Some([only]) if *only > b' ' => (start, end),
        _ => strip(dialect, block, start, end),
    }
}

/// Does so byte by byte: seldom is there any.
#[cold]
#[inline(never)]
fn strip(dialect: Dialect, block: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    while start < end && block.get(start).is_some_and(|b| dialect.is_blank(*b)) {
        start += 1;
    }
    while start < end && block.get(end - 1).is_some_and(|b| dialect.is_blank(*b)) {
        end -= 1;
    }
    (start, end)
}

/// Notes the wanted fields and the rows.
struct Note<'a> {
    block: &'a [u8],
    dialect: Dialect,
    places: &'a [usize],
    wanted: &'a [usize],
    /// How many of them this row has given, the field of the next one, and that of the first.
    seen: usize,
    field: usize,
    first: usize,
    left: usize,
    rows: usize,
    nul: bool,
    spans: &'a mut Spans,
}

impl Note<'_> {
    /// Returns the field of the next wanted column; `usize::MAX` if there is none.
    #[inline(always)]
    fn next(&self) -> usize {
        match self.wanted.get(self.seen) {
            Some(column) if self.places.is_empty() => *column,
            Some(column) => self.places.get(*column).copied().unwrap_or(usize::MAX),
            None => usize::MAX,
        }
    }
}

impl Visit for Note<'_> {
    const STRICT: bool = true;
    const FIELDS: bool = true;
    const NUL: bool = true;

    fn nul(&mut self) {
        self.nul = true;
    }

    #[inline(always)]
    fn wanted(&self) -> usize {
        self.field
    }

    #[inline]
    fn field(&mut self, start: usize, end: usize, marks: u32) {
        let (start, end) = trim(self.dialect, self.block, start, end);
        self.spans.fields.push(span(start, end));
        self.spans.escaped.push(marks != 2);
        self.seen += 1;
        self.field = self.next();
    }

    fn undo(&mut self) {
        let whole = self.spans.fields.len().saturating_sub(self.seen);
        self.spans.fields.truncate(whole);
        self.spans.escaped.truncate(whole);
        (self.seen, self.field) = (0, self.first);
    }

    #[inline]
    fn tuple(&mut self, start: usize, end: usize, _checked: bool) -> bool {
        self.spans.rows.push(span(start, end));
        self.rows += 1;
        self.left -= 1;
        (self.seen, self.field) = (0, self.first);
        self.left == 0
    }
}

/// Counts rows.
#[derive(Default)]
struct Count {
    rows: usize,
    nul: bool,
}

impl Visit for Count {
    const STRICT: bool = true;
    const NUL: bool = true;

    fn nul(&mut self) {
        self.nul = true;
    }

    #[inline]
    fn tuple(&mut self, _start: usize, _end: usize, _checked: bool) -> bool {
        self.rows += 1;
        false
    }
}

/// Looks for anything but DEFAULT in the columns that must have it.
struct Defaults<'a> {
    block: &'a [u8],
    dialect: Dialect,
    wanted: &'a [usize],
    next: &'a [usize],
    rows: usize,
    /// The row and place of the first other thing.
    wrong: Option<(usize, usize)>,
}

impl Visit for Defaults<'_> {
    const STRICT: bool = true;
    const FIELDS: bool = true;

    fn wanted(&self) -> usize {
        self.next.first().copied().unwrap_or(usize::MAX)
    }

    fn field(&mut self, start: usize, end: usize, _marks: u32) {
        let (start, end) = trim(self.dialect, self.block, start, end);
        let field = self.block.get(start..end).unwrap_or_default();
        if !field.eq_ignore_ascii_case(b"DEFAULT") {
            self.wrong.get_or_insert((self.rows, start));
        }
        self.next = self.next.get(1..).unwrap_or_default();
    }

    fn undo(&mut self) {
        self.next = self.wanted;
    }

    fn tuple(&mut self, _start: usize, _end: usize, _checked: bool) -> bool {
        self.rows += 1;
        self.next = self.wanted;
        self.wrong.is_some()
    }
}

impl RowCodec for InsertRows {
    fn joint(&self, gap: &[u8]) -> Joint {
        // `split` has walked over it: only a separator, an end, a head, or an end and a head can stand here.
        let blank = |from: usize| {
            let rest = gap.get(from..).unwrap_or_default();
            from + rest.iter().position(|b| !self.rules.dialect.is_blank(*b)).unwrap_or(rest.len())
        };
        let first = blank(0);
        match gap.get(first) {
            None => Joint::Statement { close: 0, opens: false },
            Some(b',') => Joint::Separator,
            Some(_) if gap.get(first..).is_some_and(|rest| rest.starts_with(&self.rules.head)) => {
                Joint::Statement { close: 0, opens: true }
            }
            Some(_) => {
                let close = memchr::memchr(b';', gap).map_or(gap.len(), |at| at + 1);
                Joint::Statement { close, opens: blank(close) < gap.len() }
            }
        }
    }

    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&self.rules.head);
        let mut values = row.iter();
        for field in 0..self.rules.columns {
            out.push(if field == 0 { b'(' } else { b',' });
            if self.generated.binary_search(&field).is_ok() {
                out.extend_from_slice(b"DEFAULT");
                continue;
            }
            match values.next().copied().flatten() {
                Some(Given { text, bare: true }) if is_plain_number(text) => out.extend_from_slice(text),
                Some(Given { text, .. }) => self.encode(text, b"''", out)?,
                None => out.extend_from_slice(b"NULL"),
            }
        }
        out.extend_from_slice(b");\n");
        Ok(())
    }

    fn head(&self) -> &[u8] {
        &self.rules.head
    }

    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        if limit == 0 || from >= block.len() {
            return Ok(from);
        }
        let columns = self.rules.columns.saturating_sub(self.generated.len());
        if !wanted.is_sorted_by(|a, b| a < b) || wanted.last().is_some_and(|last| *last >= columns) {
            return Err(Error::bug("columns were asked for that the table does not have"));
        }
        let dialect = self.rules.dialect;
        let places = self.places.as_slice();
        let mut note = Note {
            block,
            dialect,
            places,
            wanted,
            seen: 0,
            field: 0,
            first: 0,
            left: limit,
            rows: 0,
            nul: false,
            spans,
        };
        note.first = note.next();
        note.field = note.first;
        let stop =
            self.walk(block, from, &mut note).map_err(|fault| self.place(fault, block, from, note.rows))?;
        let nul = note.nul;
        self.check(block, from, stop, nul)?;
        Ok(stop)
    }

    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell> {
        let cell = self.read(block, field, arena);
        let start = usize::try_from(field.start).unwrap_or(usize::MAX);
        cell.map_err(|e| e.at(|place| place.line = Some(line_of(block, 0, start))))
    }

    fn decode_column(
        &self,
        block: &[u8],
        spans: &Spans,
        (column, stride): (usize, usize),
        cells: &mut Vec<Cell>,
        arena: &mut Vec<u8>,
    ) -> Result<()> {
        let fields = spans.fields.get(column..).unwrap_or_default().iter().step_by(stride);
        let escaped = spans.escaped.get(column..).unwrap_or_default().iter().step_by(stride);
        for (field, escaped) in fields.zip(escaped) {
            // Two marks, and they are its ends: nothing to decode.
            let cell = match field.of(block) {
                [b'\'', .., b'\''] if !*escaped => Cell::Raw(Span::new(field.start + 1, field.end - 1)),
                // As in `read`.
                [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => Cell::Raw(*field),
                _ => self.decode(block, *field, arena)?,
            };
            cells.push(cell);
        }
        Ok(())
    }

    fn quote(&self) -> Option<u8> {
        Some(b'\'')
    }

    /// Only numbers are read as the whole field stands; SQLite takes longer ones for floating point.
    fn bare_digits(&self) -> usize {
        15
    }

    fn encodes_as_is(&self, standins: &[u8]) -> bool {
        escape::is_plain(standins)
    }

    fn encode(&self, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        // Most of them: a quoted value, and one that needs no escape in any dialect. What is no single string has not
        // been decoded.
        if let [b'\'', .., b'\''] = raw
            && escape::is_plain(standin)
        {
            out.push(b'\'');
            out.extend_from_slice(standin);
            out.push(b'\'');
            return Ok(());
        }
        if is_plain_number(raw) && self.is_bare(Style::Number, standin) {
            out.extend_from_slice(standin);
            return Ok(());
        }
        let form = self.form(raw).ok_or_else(|| unreadable(raw))?;
        out.extend_from_slice(raw.get(..form.body.start).unwrap_or_default());
        self.encode_as(&form, standin, raw, out)?;
        out.extend_from_slice(raw.get(form.body.end..).unwrap_or_default());
        Ok(())
    }

    fn encode_null(&self, _raw: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b"NULL");
    }

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        let mut count = Count::default();
        self.walk(block, 0, &mut count).map_err(|fault| self.place(fault, block, 0, count.rows))?;
        self.check(block, 0, block.len(), count.nul)?;
        let rows = u64::try_from(count.rows).unwrap_or(u64::MAX);
        Ok((rows, self.lines(block, rows)))
    }
}
