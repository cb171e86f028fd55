//! Character sets of dumps: text to UTF-8 and back, character by character, exactly as PostgreSQL's own tables have it
//! (a test asks a real server for every one). Only sets in which no byte of a longer character is ASCII: in the others
//! (SJIS, BIG5, GBK, UHC, JOHAB, GB18030) a backslash or letter may be half a character, so they are refused.
//!
//! What a set cannot hold is never replaced by `?`: `encode` says so, and whoever asked decides.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use encoding_rs::{EUC_JP, Encoding};

/// How a set maps bytes.
#[derive(Clone, Copy)]
enum How {
    /// UTF-8, or bytes of no declared set: they stand for themselves.
    Bytes,
    /// One byte a character: below the first number C1 controls, as in every ISO 8859, and from there as in a table.
    Single(u8, &'static Encoding),
    /// ISO 8859-1: every byte is its code point.
    Latin1,
    /// EUC-JP: one to three bytes.
    EucJp,
}

/// A character set.
pub struct Charset {
    /// As PostgreSQL's `client_encoding` names it.
    name: &'static str,
    how: How,
    tables: OnceLock<Tables>,
}

/// One set's tables, made when it is first used.
#[derive(Default)]
struct Tables {
    /// Characters of one byte from 0x80 on, of two bytes, and of three bytes behind 0x8f, by row and cell; 0 = none.
    single: Vec<char>,
    double: Vec<char>,
    triple: Vec<char>,
    back: HashMap<char, ([u8; 3], usize)>,
}

const fn set(name: &'static str, how: How) -> Charset {
    Charset { name, how, tables: OnceLock::new() }
}

/// UTF-8.
pub static UTF8: Charset = set("UTF8", How::Bytes);

/// All sets, by the names that PostgreSQL gives them.
static CHARSETS: [Charset; 28] = [
    set("SQL_ASCII", How::Bytes),
    set("LATIN1", How::Latin1),
    set("LATIN2", How::Single(0xa0, encoding_rs::ISO_8859_2)),
    set("LATIN3", How::Single(0xa0, encoding_rs::ISO_8859_3)),
    set("LATIN4", How::Single(0xa0, encoding_rs::ISO_8859_4)),
    set("LATIN5", How::Single(0xa0, encoding_rs::WINDOWS_1254)),
    set("LATIN6", How::Single(0xa0, encoding_rs::ISO_8859_10)),
    set("LATIN7", How::Single(0xa0, encoding_rs::ISO_8859_13)),
    set("LATIN8", How::Single(0xa0, encoding_rs::ISO_8859_14)),
    set("LATIN9", How::Single(0xa0, encoding_rs::ISO_8859_15)),
    set("LATIN10", How::Single(0xa0, encoding_rs::ISO_8859_16)),
    set("ISO_8859_5", How::Single(0xa0, encoding_rs::ISO_8859_5)),
    set("ISO_8859_6", How::Single(0xa0, encoding_rs::ISO_8859_6)),
    set("ISO_8859_7", How::Single(0xa0, encoding_rs::ISO_8859_7)),
    set("ISO_8859_8", How::Single(0xa0, encoding_rs::ISO_8859_8)),
    set("KOI8R", How::Single(0x80, encoding_rs::KOI8_R)),
    set("WIN866", How::Single(0x80, encoding_rs::IBM866)),
    set("WIN874", How::Single(0x80, encoding_rs::WINDOWS_874)),
    set("WIN1250", How::Single(0x80, encoding_rs::WINDOWS_1250)),
    set("WIN1251", How::Single(0x80, encoding_rs::WINDOWS_1251)),
    set("WIN1252", How::Single(0x80, encoding_rs::WINDOWS_1252)),
    set("WIN1253", How::Single(0x80, encoding_rs::WINDOWS_1253)),
    set("WIN1254", How::Single(0x80, encoding_rs::WINDOWS_1254)),
    set("WIN1255", How::Single(0x80, encoding_rs::WINDOWS_1255)),
    set("WIN1256", How::Single(0x80, encoding_rs::WINDOWS_1256)),
    set("WIN1257", How::Single(0x80, encoding_rs::WINDOWS_1257)),
    set("WIN1258", How::Single(0x80, encoding_rs::WINDOWS_1258)),
    set("EUC_JP", How::EucJp),
];

impl std::fmt::Debug for Charset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Charset {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Charset {}

/// Returns the names of all sets but UTF-8.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHARSETS.iter().map(|set| set.name)
}

/// Returns the set of a name, whatever its case; `None` where it is not read.
#[must_use]
pub fn named(name: &str) -> Option<&'static Charset> {
    let utf8 = ["utf8", "utf-8", "unicode"].iter().any(|alias| name.eq_ignore_ascii_case(alias));
    let found = || CHARSETS.iter().find(|set| set.name.eq_ignore_ascii_case(name));
    if utf8 { Some(&UTF8) } else { found() }
}

impl Charset {
    /// Returns whether text stands for itself: UTF-8, or bytes of no declared set.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(self.how, How::Bytes)
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| match self.how {
            How::Bytes => Tables::default(),
            How::Latin1 => Tables::single(|byte| Some(char::from(byte))),
            How::Single(first, encoding) => Tables::single(|byte| {
                if byte < first { Some(char::from(byte)) } else { character(encoding, &[byte]) }
            }),
            How::EucJp => Tables::euc_jp(),
        })
    }

    /// Returns the first character of a text that is not empty, and its length in bytes. `None`: it is none of this set.
    #[must_use]
    pub fn first(&self, text: &[u8]) -> Option<(char, usize)> {
        let [first, rest @ ..] = text else { return None };
        if first.is_ascii() {
            return Some((char::from(*first), 1));
        }
        let tables = self.tables();
        let cell = |row: u8, cell: u8| {
            let (row, cell) = (row.checked_sub(0xa1)?, cell.checked_sub(0xa1)?);
            (row < 94 && cell < 94).then(|| usize::from(row) * 94 + usize::from(cell))
        };
        let (table, index, len) = match (self.how, *first, rest) {
            (How::EucJp, 0x8f, [row, at, ..]) => (&tables.triple, cell(*row, *at)?, 3),
            (How::EucJp, 0x8f, _) => return None,
            // Half-width katakana: a row of their own.
            (How::EucJp, 0x8e, [at, ..]) => (&tables.single, cell(0xa1, *at)?, 2),
            (How::EucJp, row, [at, ..]) => (&tables.double, cell(row, *at)?, 2),
            (How::EucJp, ..) => return None,
            (_, byte, _) => (&tables.single, usize::from(byte & 0x7f), 1),
        };
        table.get(index).copied().filter(|c| *c != '\0').map(|c| (c, len))
    }

    /// Returns a text as UTF-8; `None` where it is none of this set.
    #[must_use]
    pub fn text<'t>(&self, text: &'t [u8]) -> Option<Cow<'t, str>> {
        if self.is_plain() || text.is_ascii() {
            return std::str::from_utf8(text).ok().map(Cow::Borrowed);
        }
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while !rest.is_empty() {
            let (c, len) = self.first(rest)?;
            out.push(c);
            rest = rest.get(len..)?;
        }
        Some(Cow::Owned(out))
    }

    /// Appends a text in this set. `false`: it holds what the set does not have, and `out` must not be used.
    #[must_use]
    pub fn encode(&self, text: &[u8], out: &mut impl Extend<u8>) -> bool {
        if self.is_plain() || text.is_ascii() {
            out.extend(text.iter().copied());
            return true;
        }
        let Ok(text) = std::str::from_utf8(text) else { return false };
        let back = &self.tables().back;
        for c in text.chars() {
            if let Some(ascii) = u8::try_from(c).ok().filter(u8::is_ascii) {
                out.extend(std::iter::once(ascii));
                continue;
            }
            let Some((bytes, len)) = back.get(&c) else { return false };
            out.extend(bytes.iter().copied().take(*len));
        }
        true
    }

    /// Returns whether the set has every character of a text.
    #[must_use]
    pub fn holds(&self, text: &[u8]) -> bool {
        self.is_plain() || text.is_ascii() || self.encode(text, &mut Nowhere)
    }
}

/// Takes bytes and keeps none.
struct Nowhere;

impl Extend<u8> for Nowhere {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        bytes.into_iter().for_each(|_| ());
    }
}

impl Tables {
    fn single(of: impl Fn(u8) -> Option<char>) -> Self {
        let mut tables = Self::default();
        for byte in 0x80..=u8::MAX {
            let c = of(byte);
            tables.single.push(c.unwrap_or('\0'));
            tables.learn(c, &[byte]);
        }
        tables
    }

    /// As in PostgreSQL's `euc_jp_to_utf8.map`: the rows that vendors have added are in none of both.
    fn euc_jp() -> Self {
        let mut tables = Self::default();
        for at in 0xa1..=0xfe {
            let c = character(EUC_JP, &[0x8e, at]);
            tables.single.push(c.unwrap_or('\0'));
            tables.learn(c, &[0x8e, at]);
        }
        for (row, at) in (0xa1..=0xfe).flat_map(|row| (0xa1..=0xfe).map(move |at| (row, at))) {
            let double = if row < 0xf9 { character(EUC_JP, &[row, at]) } else { None };
            tables.double.push(double.unwrap_or('\0'));
            tables.learn(double, &[row, at]);
        }
        for (row, at) in (0xa1..=0xfe).flat_map(|row| (0xa1..=0xfe).map(move |at| (row, at))) {
            let same = row < 0xf3 && (row, at) != (0xa2, 0xc3);
            let triple = if same { character(EUC_JP, &[0x8f, row, at]) } else { None };
            tables.triple.push(triple.unwrap_or('\0'));
            tables.learn(triple, &[0x8f, row, at]);
        }
        tables
    }

    /// Notes how a character is written; the first way is kept.
    fn learn(&mut self, c: Option<char>, bytes: &[u8]) {
        let Some(c) = c.filter(|c| *c != '\0') else { return };
        let mut padded = [0; 3];
        padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.back.entry(c).or_insert((padded, bytes.len()));
    }
}

/// Returns the one character that some bytes stand for.
fn character(encoding: &'static Encoding, bytes: &[u8]) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(set: &str, text: &str) -> Option<Vec<u8>> {
        let set = named(set).unwrap();
        let mut out = Vec::new();
        let held = set.encode(text.as_bytes(), &mut out);
        assert_eq!(held, set.holds(text.as_bytes()), "{text}");
        if held {
            assert_eq!(set.text(&out).as_deref(), Some(text));
        }
        held.then_some(out)
    }

    #[test]
    fn nasty_43_characters_go_there_and_back() {
        assert_eq!(round("LATIN1", "Zoë \u{80}").unwrap(), b"Zo\xeb \x80");
        assert_eq!(round("LATIN9", "€ Œ").unwrap(), b"\xa4 \xbc");
        assert_eq!(round("WIN1252", "€ “Zoë”").unwrap(), b"\x80 \x93Zo\xeb\x94");
        assert_eq!(round("LATIN5", "İ").unwrap(), b"\xdd");
        assert_eq!(round("KOI8R", "Пётр").unwrap(), b"\xf0\xa3\xd4\xd2");
        assert_eq!(round("EUC_JP", "日本 ｱ é").unwrap(), b"\xc6\xfc\xcb\xdc \x8e\xb1 \x8f\xab\xb1");
        assert_eq!(round("SQL_ASCII", "Zoë").unwrap(), "Zoë".as_bytes());
    }

    #[test]
    fn what_a_set_lacks_is_never_replaced() {
        for (set, text) in [
            ("LATIN1", "€"),
            ("LATIN1", "\u{100}"),
            ("LATIN9", "¤"),
            ("WIN1252", "Пётр"),
            ("EUC_JP", "¥"),
            ("EUC_JP", "‾"),
            ("EUC_JP", "𠀋"),
            ("LATIN3", "\u{a5}"),
        ] {
            assert_eq!(round(set, text), None, "{set} {text}");
        }
        // Bytes that are no UTF-8 are no text.
        assert!(!named("LATIN1").unwrap().holds(b"\xff"));
    }

    #[test]
    fn bytes_of_no_character_are_none() {
        let jp = named("EUC_JP").unwrap();
        for bytes in
            [&b"\xc6"[..], b"\xc6\x20", b"\x8f\xa1", b"\x8e\xff", b"\xff\xff", b"\xf9\xa1", b"\x8f\xf3\xf3"]
        {
            assert_eq!(jp.text(bytes), None);
        }
        assert_eq!(named("LATIN3").unwrap().text(b"\xa5"), None);
    }

    #[test]
    fn nasty_43_sets_with_ascii_in_their_characters_are_not_read() {
        for name in ["SJIS", "BIG5", "GBK", "UHC", "GB18030", "JOHAB", "SHIFT_JIS_2004", "EUC_TW", "x", ""] {
            assert!(named(name).is_none(), "{name}");
        }
        for set in CHARSETS.iter().filter(|set| !set.is_plain()) {
            let longer = |(bytes, len): &([u8; 3], usize)| bytes.iter().take(*len).all(|b| !b.is_ascii());
            assert!(set.tables().back.values().all(longer), "{}", set.name);
        }
    }
}
