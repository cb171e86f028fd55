//! The marks of XML with their bytes: what a tag, a comment, a reference is, found by `quick-xml` and read strictly.
//!
//! Refuses controls, a DOCTYPE with a subset of its own, references but to characters and the five entities of XML
//! itself, names that are none, and nesting beyond 1,024: nothing is ever expanded.
//! Source: XML 1.0, fifth edition, 2.2 to 4.6.

use std::ops::Range;

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::mask::inside::Unfit;
use crate::mask::inside::scan::Cursor;

/// Most elements in elements.
pub(super) const MOST_DEPTH: usize = 1_024;

/// What stands in a range of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<a b="c">`.
    Start,
    /// `<a/>`.
    Empty,
    /// `</a>`.
    End,
    /// Text, CDATA, a reference, a comment or an instruction.
    Inner,
    /// `<?xml …?>` or `<!DOCTYPE …>`.
    Prolog,
}

/// The marks of a value, one after the other. Open and close of elements agree, and all are closed at the end.
pub(super) struct Tokens<'a> {
    value: &'a [u8],
    reader: Reader<&'a [u8]>,
    depth: usize,
    elements: bool,
}

/// Marks the start of UTF-8; `quick-xml` does not count it.
const BOM: &[u8] = b"\xef\xbb\xbf";

impl<'a> Tokens<'a> {
    /// Begins a value.
    pub(super) fn new(value: &'a [u8]) -> Result<Self, Unfit> {
        let control = |b: &u8| *b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
        if value.iter().any(control) || value.starts_with(BOM) {
            return Err(Unfit);
        }
        Ok(Self { value, reader: Reader::from_reader(value), depth: 0, elements: false })
    }

    /// Returns the next mark; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(Kind, Range<usize>)>, Unfit> {
        let start = self.at()?;
        let event = self.reader.read_event().map_err(|_| Unfit)?;
        let kind = match event {
            Event::Eof if self.depth == 0 && self.elements && start == self.value.len() => return Ok(None),
            Event::Eof => return Err(Unfit),
            Event::Start(_) => {
                self.depth += 1;
                self.elements = true;
                Kind::Start
            }
            Event::Empty(_) => {
                self.elements = true;
                Kind::Empty
            }
            Event::End(_) => {
                self.depth = self.depth.checked_sub(1).ok_or(Unfit)?;
                Kind::End
            }
            Event::GeneralRef(name) => {
                character(name.as_bytes()).ok_or(Unfit)?;
                Kind::Inner
            }
            Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) => Kind::Inner,
            Event::Decl(_) if start == 0 => Kind::Prolog,
            Event::DocType(_) if !self.elements => Kind::Prolog,
            Event::Decl(_) | Event::DocType(_) => return Err(Unfit),
        };
        let range = start..self.at()?;
        if self.depth > MOST_DEPTH {
            return Err(Unfit);
        }
        if kind == Kind::Prolog && !self.value.get(range.clone()).is_some_and(is_plain) {
            return Err(Unfit);
        }
        Ok(Some((kind, range)))
    }

    fn at(&self) -> Result<usize, Unfit> {
        usize::try_from(self.reader.buffer_position()).map_err(|_| Unfit)
    }
}

/// Returns whether a declaration holds nothing but words, addresses and quotes.
fn is_plain(prolog: &[u8]) -> bool {
    prolog.iter().all(|b| b.is_ascii_alphanumeric() || b" \t\r\n<>!?=\"'-._/:+#~".contains(b))
}

/// Returns whether a text is a name of XML; outside of ASCII every byte is taken for part of one.
pub(super) fn is_name(name: &[u8]) -> bool {
    let first = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b':' | 0x80..);
    let other = |b: &u8| first(b) || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    name.first().is_some_and(first) && name.iter().all(other)
}

/// Returns the character of a reference, `amp`, `#39`, `#x27`.
fn character(name: &[u8]) -> Option<char> {
    let number = match name {
        b"amp" => return Some('&'),
        b"lt" => return Some('<'),
        b"gt" => return Some('>'),
        b"quot" => return Some('"'),
        b"apos" => return Some('\''),
        name => std::str::from_utf8(name.strip_prefix(b"#")?).ok()?,
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    let plain = digits.len() <= 8 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| plain)?;
    char::from_u32(code).filter(|c| *c >= ' ' || matches!(c, '\t' | '\n' | '\r'))
}

/// Appends the text that stands in a range between tags, or in an attribute: references become characters, CDATA its
/// content, comments and instructions nothing.
pub(super) fn append_text(raw: &[u8], out: &mut Vec<u8>) -> Result<(), Unfit> {
    let mut rest = raw;
    while let Some(at) = memchr::memchr2(b'&', b'<', rest) {
        let (text, mark) = rest.split_at_checked(at).ok_or(Unfit)?;
        out.extend_from_slice(text);
        let until = |end: &[u8], skip: usize| {
            let inner = mark.get(skip..)?;
            let at = memchr::memmem::find(inner, end)?;
            Some((inner.get(..at)?, inner.get(at + end.len()..)?))
        };
        let (inner, behind) = if mark.starts_with(b"<![CDATA[") {
            let (inner, behind) = until(b"]]>", 9).ok_or(Unfit)?;
            out.extend_from_slice(inner);
            (inner, behind)
        } else if mark.starts_with(b"<!--") {
            until(b"-->", 4).ok_or(Unfit)?
        } else if mark.starts_with(b"<?") {
            until(b"?>", 2).ok_or(Unfit)?
        } else if mark.starts_with(b"&") {
            let (name, behind) = until(b";", 1).ok_or(Unfit)?;
            let mut utf8 = [0; 4];
            out.extend_from_slice(character(name).ok_or(Unfit)?.encode_utf8(&mut utf8).as_bytes());
            (name, behind)
        } else {
            return Err(Unfit);
        };
        debug_assert!(inner.len() < mark.len());
        rest = behind;
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// A tag that opens an element, and where its attributes lie.
pub(super) struct Tag<'a> {
    /// The element's name.
    pub(super) name: &'a [u8],
    cursor: Cursor<'a>,
}

/// An attribute with what stands before it.
pub(super) struct Attribute<'a> {
    /// Blanks, name, equals sign and the opening quote.
    pub(super) before: &'a [u8],
    /// Its name.
    pub(super) name: &'a [u8],
    /// Its value as it stands there.
    pub(super) value: &'a [u8],
    /// Its quote.
    pub(super) quote: u8,
}

impl<'a> Tag<'a> {
    /// Reads the name of a tag.
    pub(super) fn read(raw: &'a [u8]) -> Result<Self, Unfit> {
        let mut cursor = Cursor::new(raw);
        cursor.take(b'<');
        let name = name(&mut cursor)?;
        Ok(Self { name, cursor })
    }

    /// Returns the next attribute; `None` before what ends the tag.
    pub(super) fn next(&mut self) -> Result<Option<Attribute<'a>>, Unfit> {
        let cursor = &mut self.cursor;
        let start = cursor.at;
        let blanks = cursor.blanks().len();
        if matches!(cursor.peek(), Some(b'>' | b'/')) {
            cursor.at = start;
            return Ok(None);
        }
        if blanks == 0 {
            return Err(Unfit);
        }
        let name = name(cursor)?;
        cursor.blanks();
        if !cursor.take(b'=') {
            return Err(Unfit);
        }
        cursor.blanks();
        let quote = cursor.next().filter(|b| matches!(b, b'"' | b'\'')).ok_or(Unfit)?;
        let before = cursor.since(start);
        let value = cursor.take_while(|b| b != quote && b != b'<');
        if !cursor.take(quote) {
            return Err(Unfit);
        }
        Ok(Some(Attribute { before, name, value, quote }))
    }

    /// Returns what ends the tag.
    pub(super) fn end(mut self) -> Result<&'a [u8], Unfit> {
        let start = self.cursor.at;
        self.cursor.blanks();
        self.cursor.take(b'/');
        if self.cursor.take(b'>') && self.cursor.is_end() { Ok(self.cursor.since(start)) } else { Err(Unfit) }
    }
}

fn name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Unfit> {
    let name = cursor.take_while(|b| is_name(&[b'a', b]));
    if is_name(name) { Ok(name) } else { Err(Unfit) }
}

impl Attribute<'_> {
    /// Returns whether it declares a namespace.
    pub(super) fn is_namespace(&self) -> bool {
        self.name == b"xmlns" || self.name.starts_with(b"xmlns:")
    }

    /// Returns whether a declared namespace is a plain address, without question, user or reference.
    pub(super) fn is_plain(&self) -> bool {
        self.value.iter().all(|b| b.is_ascii_alphanumeric() || b":/.-_#~;=,+%".contains(b))
    }
}
