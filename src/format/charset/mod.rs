//! Character sets of dumps: text to UTF-8 and back, character by character, exactly as PostgreSQL's and MySQL's own tables
//! have it (a test asks real servers for every one). In some sets (SJIS, BIG5, GBK, UHC) a byte of a longer character may
//! be ASCII: a backslash or letter may be half a character. Dumps in them are read through `transcode` only.
//!
//! What a set cannot hold is never replaced by `?`: `encode` says so, and whoever asked decides.

use std::borrow::Cow;
use std::sync::OnceLock;

use encoding_rs::{EUC_JP, Encoding};

use double::Double;

mod double;

/// How a set maps bytes.
#[derive(Clone, Copy)]
enum How {
    /// UTF-8, or bytes of no declared set: they stand for themselves.
    Bytes,
    /// One byte a character: below the first number C1 controls, as in every ISO 8859, and from there as in a table.
    Single(u8, &'static Encoding),
    /// ISO 8859-1: every byte is its code point.
    Latin1,
    /// KOI8-U, of which browsers know another.
    Koi8U,
    /// One or two bytes.
    Double(&'static Double),
    /// EUC-JP: one to three bytes.
    EucJp,
}

/// A character set.
pub struct Charset {
    /// As PostgreSQL's `client_encoding` names it, or MySQL.
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
    /// The bytes of a character of the first plane, and how many; no set here has others.
    back: Vec<([u8; 3], u8)>,
}

const fn set(name: &'static str, how: How) -> Charset {
    Charset { name, how, tables: OnceLock::new() }
}

/// UTF-8.
pub static UTF8: Charset = set("UTF8", How::Bytes);

/// All sets, by the names that PostgreSQL gives them.
static CHARSETS: [Charset; 35] = [
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
    set("KOI8U", How::Koi8U),
    set("EUC_JP", How::EucJp),
    set("EUC_CN", How::Double(&double::SIMPLIFIED)),
    set("EUC_KR", How::Double(&double::KOREAN)),
    set("SJIS", How::Double(&double::SJIS)),
    set("GBK", How::Double(&double::GB)),
    set("BIG5", How::Double(&double::TRADITIONAL)),
    set("UHC", How::Double(&double::UNIFIED)),
];

/// The sets of MySQL that are read, by its names.
static MYSQL: [Charset; 11] = [
    set("latin1", How::Single(0x80, encoding_rs::WINDOWS_1252)),
    set("latin2", How::Single(0xa0, encoding_rs::ISO_8859_2)),
    set("latin5", How::Single(0xa0, encoding_rs::WINDOWS_1254)),
    set("koi8r", How::Single(0x80, encoding_rs::KOI8_R)),
    set("cp1251", How::Single(0x80, encoding_rs::WINDOWS_1251)),
    set("sjis", How::Double(&double::MYSQL_SJIS)),
    set("cp932", How::Double(&double::CP932)),
    set("gbk", How::Double(&double::GB)),
    set("gb2312", How::Double(&double::SIMPLIFIED)),
    set("big5", How::Double(&double::TRADITIONAL)),
    set("euckr", How::Double(&double::MYSQL_EUCKR)),
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

/// Returns MySQL's set of a name, whatever its case; `None` where it is not read, or UTF-8.
#[must_use]
pub fn of_mysql(name: &str) -> Option<&'static Charset> {
    MYSQL.iter().find(|set| set.name.eq_ignore_ascii_case(name))
}

/// Returns the names of all of MySQL's sets that are read, but UTF-8.
pub fn names_of_mysql() -> impl Iterator<Item = &'static str> {
    MYSQL.iter().map(|set| set.name)
}

impl Charset {
    /// Returns the set that facts name so, in its own case: PostgreSQL's names are in capitals, MySQL's are not, and `latin1` is
    /// not `LATIN1`.
    #[must_use]
    pub fn of_facts(name: &str) -> Option<&'static Self> {
        of_mysql(name).or_else(|| named(name)).filter(|set| set.name() == name)
    }

    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns whether a byte of a longer character may be ASCII.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        matches!(self.how, How::Double(double) if double.mixed)
    }

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
            How::Koi8U => Tables::single(|byte| match byte {
                0xae => Some('╝'),
                0xbe => Some('╬'),
                _ => character(encoding_rs::KOI8_U, &[byte]),
            }),
            How::Double(double) => Tables::double(double),
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
            (How::Double(Double { katakana: true, .. }), 0xa1..=0xdf, _) => {
                (&tables.single, usize::from(first & 0x7f), 1)
            }
            (How::Double(_), lead, [trail, ..]) => (&tables.double, place(lead, *trail)?, 2),
            (How::Double(_), ..) => return None,
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
            let found = usize::try_from(u32::from(c)).ok().and_then(|at| back.get(at));
            let Some((bytes, len @ 1..)) = found else { return false };
            out.extend(bytes.iter().copied().take(usize::from(*len)));
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

    fn double(double: &Double) -> Self {
        let mut tables = Self::default();
        if double.katakana {
            tables.single = vec!['\0'; 128];
            for (byte, c) in (0xa1..=0xdf_u8).zip('｡'..='ﾟ') {
                tables.learn(Some(c), &[byte]);
                if let Some(place) = tables.single.get_mut(usize::from(byte & 0x7f)) {
                    *place = c;
                }
            }
        }
        tables.double = vec!['\0'; 128 << 8];
        for lead in double.leads.iter().cloned().flatten() {
            for trail in 0x40..=0xfe {
                let c = (double.cell)(lead, trail);
                if let Some(at) = place(lead, trail)
                    && tables.learn(c, &[lead, trail])
                    && let Some(place) = tables.double.get_mut(at)
                {
                    *place = c.unwrap_or_default();
                }
            }
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

    /// Notes how a character is written; the first way is kept. Returns whether this is the first.
    fn learn(&mut self, c: Option<char>, bytes: &[u8]) -> bool {
        let Some(c) = c.filter(|c| *c != '\0') else { return false };
        let mut padded = [0; 3];
        padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        if self.back.is_empty() {
            self.back = vec![([0; 3], 0); 1 << 16];
        }
        let at = usize::try_from(u32::from(c)).ok();
        match at.and_then(|at| self.back.get_mut(at)) {
            Some(entry @ (_, 0)) => {
                *entry = (padded, u8::try_from(bytes.len()).unwrap_or_default());
                true
            }
            _ => false,
        }
    }
}

/// Returns where the character of two bytes stands in a table.
fn place(lead: u8, trail: u8) -> Option<usize> {
    Some((usize::from(lead.checked_sub(0x80)?) << 8) | usize::from(trail))
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
    fn nasty_43_characters_of_two_bytes_go_there_and_back() {
        assert_eq!(round("SJIS", "ソ表 ｱ").unwrap(), b"\x83\x5c\x95\x5c \xb1");
        assert_eq!(round("GBK", "誠").unwrap(), b"\xd5\x5c");
        assert_eq!(round("BIG5", "功の").unwrap(), b"\xa5\x5c\xc6\xd2");
        assert_eq!(round("UHC", "한똠").unwrap(), b"\xc7\xd1\x8c\x63");
        assert_eq!(round("EUC_KR", "한").unwrap(), b"\xc7\xd1");
        assert_eq!(round("EUC_CN", "诚・").unwrap(), b"\xb3\xcf\xa1\xa4");
        assert_eq!(round("KOI8U", "ї╬").unwrap(), b"\xa7\xbe");
        // Two ways to write one character: only one of them would come back.
        let sjis = named("SJIS").unwrap();
        assert_eq!(sjis.text(b"\xfa\x4a").as_deref(), Some("Ⅰ"));
        assert_eq!(sjis.text(b"\x87\x54"), None);
        assert_eq!(of_mysql("cp932").unwrap().text(b"\x87\x54").as_deref(), Some("Ⅰ"));
        for (set, text) in [("EUC_KR", "똠"), ("GBK", "€"), ("BIG5", "～"), ("SJIS", "한"), ("EUC_CN", "ⅰ")]
        {
            assert_eq!(round(set, text), None, "{set} {text}");
        }
    }

    #[test]
    fn nasty_43_sets_with_ascii_in_their_characters_say_so() {
        for name in ["GB18030", "JOHAB", "SHIFT_JIS_2004", "EUC_TW", "x", ""] {
            assert!(named(name).is_none() && of_mysql(name).is_none(), "{name}");
        }
        for set in CHARSETS.iter().chain(&MYSQL).filter(|set| !set.is_plain()) {
            let longer = |(bytes, len): &([u8; 3], u8)| {
                bytes.iter().take(usize::from(*len)).all(|byte| !byte.is_ascii())
            };
            assert_eq!(set.tables().back.iter().all(longer), !set.is_mixed(), "{}", set.name);
            // What is read comes back as it was.
            let known = (0x80..=0xfe_u8).flat_map(|lead| (0x40..=0xfe_u8).map(move |trail| [lead, trail]));
            for bytes in known.filter(|_| matches!(set.how, How::Double(_))) {
                if let Some(text) = set.text(&bytes) {
                    let mut back = Vec::new();
                    assert!(
                        set.encode(text.as_bytes(), &mut back) && back == bytes,
                        "{} {bytes:x?}",
                        set.name
                    );
                }
            }
        }
    }
}
