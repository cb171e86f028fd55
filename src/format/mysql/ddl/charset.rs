//! Which letters a column can hold, by the names of character sets and collations. What a name does not tell is not guessed:
//! such a column counts as one that holds all.

use super::super::lexer::{Item, Token};

/// A character set that something names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Charset {
    /// In small letters; `None` where it holds all of Unicode.
    name: Option<String>,
}

/// Those that hold all of Unicode.
const WHOLE: &[&str] = &["utf8mb4", "utf16", "utf16le", "utf32", "gb18030", "binary"];
/// All others. Source: SHOW CHARACTER SET of MySQL 8.4 and MariaDB 11.8.
const OTHERS: &[&str] = &[
    "armscii8", "ascii", "big5", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932",
    "dec8", "eucjpms", "euckr", "gb2312", "gbk", "geostd8", "greek", "hebrew", "hp8", "keybcs2", "koi8r",
    "koi8u", "latin1", "latin2", "latin5", "latin7", "macce", "macroman", "sjis", "swe7", "tis620", "ucs2",
    "ujis", "utf8", "utf8mb3",
];

impl Charset {
    /// Returns the set of a name.
    pub(super) fn named(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let name = if matches!(name.as_str(), "utf8" | "ucs2") { "utf8mb3".to_owned() } else { name };
        Self { name: (!WHOLE.contains(&name.as_str())).then_some(name) }
    }

    /// Returns the set of a collation, whose name begins with it; `None` where it does not (`uca1400_ai_ci`).
    pub(super) fn of_collation(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let set = name.split('_').next().unwrap_or_default();
        (WHOLE.contains(&set) || OTHERS.contains(&set)).then(|| Self::named(set))
    }

    /// Returns its name, as facts have it.
    pub(super) fn fact(self) -> Option<String> {
        self.name
    }
}

/// Returns what a CREATE DATABASE or ALTER DATABASE says; `None` for other statements, or where it says nothing.
pub(super) fn of_database(items: &[Item<'_>]) -> Option<Charset> {
    let (head, rest) = items.split_at_checked(2)?;
    let is = |at: usize, words: &[&str]| {
        head.get(at).is_some_and(|item| words.iter().any(|word| item.token.is(word)))
    };
    if !is(0, &["CREATE", "ALTER"]) || !is(1, &["DATABASE", "SCHEMA"]) {
        return None;
    }
    let mut found = None;
    for (at, item) in rest.iter().enumerate() {
        let behind = |word: &str| rest.get(at + 1).is_some_and(|next| next.token.is(word));
        let value = |skip: usize| {
            let mut values = rest.iter().skip(at + skip).filter(|item| item.token != Token::Symbol(b'='));
            values.next().and_then(|item| match &item.token {
                Token::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
                token => token.name(),
            })
        };
        if item.token.is("CHARSET") {
            found = value(1).map(|name| Charset::named(&name));
        } else if item.token.is("CHARACTER") && behind("SET") {
            found = value(2).map(|name| Charset::named(&name));
        } else if item.token.is("COLLATE") && found.is_none() {
            found = value(1).and_then(|name| Charset::of_collation(&name));
        }
    }
    found
}
