//! Reads the head of an INSERT or REPLACE statement: the table, the column list, and where the first tuple begins.
//! Refuses every form without plain VALUES. Names of a head are shown to nobody from here.

use super::{Dialect, Family};
use crate::error::{Error, Result};

/// What a head announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The table's name, part by part (`db`, `t`), without quotes; PostgreSQL's unquoted parts in lower case.
    pub name: Vec<String>,
    /// The columns in the order of the tuples, named as above; `None` = there is no list.
    pub columns: Option<Vec<String>>,
    /// Whether `name` was quoted, part by part.
    pub quoted: Vec<bool>,
    /// Length of the head: `text[head]` is the `(` of the first tuple.
    pub head: usize,
}

/// Longest head that is waited for.
const MAX_HEAD: usize = 1 << 20;

/// Reads a head. `text` begins with the statement's first word and may be cut anywhere; `None`: more is needed.
///
/// # Errors
/// Anything that is no plain `INSERT … VALUES (`: a query, an alias, SET, DEFAULT VALUES, a comment, names that are not
/// UTF-8, or no first tuple within a mebibyte.
pub fn announce(text: &[u8], dialect: &Dialect) -> Result<Option<Announced>> {
    let mut scan = Scan { text, at: 0, dialect: *dialect };
    match read(&mut scan) {
        Ok(announced) => Ok(Some(announced)),
        Err(Stop::More) if text.len() <= MAX_HEAD => Ok(None),
        Err(Stop::More) => Err(refused("the head of an INSERT statement does not end")),
        Err(Stop::Wrong(what)) => Err(refused(what)),
    }
}

fn refused(what: &'static str) -> Error {
    Error::input(what)
        .hint("only `INSERT INTO table (columns) VALUES (…)` is read, as dump programs write it")
}

/// Why reading stopped.
enum Stop {
    /// The text is cut.
    More,
    /// It is no head.
    Wrong(&'static str),
}

/// One token of a head.
#[derive(PartialEq, Eq)]
enum Token {
    /// A word or quoted name; a quoted one is no keyword.
    Name { text: String, quoted: bool },
    /// One byte.
    Symbol(u8),
}

impl Token {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Name { text, quoted: false } if text.eq_ignore_ascii_case(keyword))
    }
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    dialect: Dialect,
}

impl Scan<'_> {
    /// Steps over blanks and returns the byte that follows.
    fn peek(&mut self) -> std::result::Result<u8, Stop> {
        loop {
            let byte = *self.text.get(self.at).ok_or(Stop::More)?;
            if !self.dialect.is_blank(byte) {
                return Ok(byte);
            }
            self.at += 1;
        }
    }

    fn token(&mut self) -> std::result::Result<Token, Stop> {
        let first = self.peek()?;
        let close = match first {
            b'"' => b'"',
            b'`' if self.dialect.family != Family::Postgres => b'`',
            b'[' if self.dialect.family == Family::Sqlite => b']',
            _ if is_word(first) => return self.word(),
            _ => {
                self.at += 1;
                return Ok(Token::Symbol(first));
            }
        };
        self.quoted(close)
    }

    fn word(&mut self) -> std::result::Result<Token, Stop> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|b| !is_word(*b)).ok_or(Stop::More)?;
        let word = rest.get(..len).unwrap_or_default();
        let next = rest.get(len).copied().unwrap_or_default();
        if matches!(next, b'\'' | b'"' | b'`' | b'&') {
            return Err(Stop::Wrong("a name with a prefix in the head of an INSERT statement"));
        }
        self.at += len;
        let mut text = utf8(word)?;
        if self.dialect.family == Family::Postgres {
            text.make_ascii_lowercase();
        }
        Ok(Token::Name { text, quoted: false })
    }

    fn quoted(&mut self, close: u8) -> std::result::Result<Token, Stop> {
        let mut name = Vec::new();
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let end = memchr::memchr(close, rest).ok_or(Stop::More)?;
            name.extend_from_slice(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            // `]` cannot be doubled.
            if close == b']' || *self.text.get(self.at).ok_or(Stop::More)? != close {
                break;
            }
            name.push(close);
            self.at += 1;
        }
        let text = utf8(&name)?;
        if text.is_empty() || text.contains('\0') {
            return Err(Stop::Wrong("an empty or broken name in the head of an INSERT statement"));
        }
        Ok(Token::Name { text, quoted: true })
    }

    fn keyword(&mut self, keyword: &str) -> std::result::Result<bool, Stop> {
        let before = self.at;
        let found = is_word(self.peek()?) && self.token()?.is(keyword);
        if !found {
            self.at = before;
        }
        Ok(found)
    }

    fn symbol(&mut self, symbol: u8) -> std::result::Result<bool, Stop> {
        let found = self.peek()? == symbol;
        if found {
            self.at += 1;
        }
        Ok(found)
    }

    fn name(&mut self) -> std::result::Result<(String, bool), Stop> {
        match self.token()? {
            Token::Name { text, quoted } => Ok((text, quoted)),
            Token::Symbol(_) => Err(Stop::Wrong("expected a name in the head of an INSERT statement")),
        }
    }
}

/// Says whether a byte may stand in an unquoted name.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

fn utf8(name: &[u8]) -> std::result::Result<String, Stop> {
    let text = std::str::from_utf8(name);
    text.map(str::to_owned).map_err(|_| Stop::Wrong("a name that is not UTF-8 in an INSERT statement"))
}

fn read(scan: &mut Scan<'_>) -> std::result::Result<Announced, Stop> {
    modifiers(scan)?;
    let (mut name, mut quoted) = (Vec::new(), Vec::new());
    loop {
        let (part, was_quoted) = scan.name()?;
        name.push(part);
        quoted.push(was_quoted);
        if !scan.symbol(b'.')? {
            break;
        }
    }
    if name.len() > 2 {
        return Err(Stop::Wrong("a table name of more than two parts"));
    }
    let columns = if scan.symbol(b'(')? { columns(scan)? } else { None };
    overriding(scan)?;
    let values =
        scan.keyword("VALUES")? || (scan.dialect.family == Family::MySql && scan.keyword("VALUE")?);
    if !values {
        return Err(Stop::Wrong("an INSERT statement without plain VALUES"));
    }
    if scan.peek()? != b'(' {
        return Err(Stop::Wrong("expected `(` behind VALUES"));
    }
    Ok(Announced { name, columns, quoted, head: scan.at })
}

/// Reads `INSERT … INTO` or `REPLACE … INTO` with the modifiers of the dialect.
fn modifiers(scan: &mut Scan<'_>) -> std::result::Result<(), Stop> {
    let family = scan.dialect.family;
    let insert = scan.keyword("INSERT")?;
    if !insert && (family == Family::Postgres || !scan.keyword("REPLACE")?) {
        return Err(Stop::Wrong("expected an INSERT statement"));
    }
    match family {
        Family::Postgres => {}
        Family::MySql => {
            for modifier in ["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "IGNORE"] {
                scan.keyword(modifier)?;
            }
        }
        Family::Sqlite if insert && scan.keyword("OR")? => {
            let known = ["ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK"];
            let mut found = false;
            for resolution in known {
                found = found || scan.keyword(resolution)?;
            }
            if !found {
                return Err(Stop::Wrong("an unknown conflict clause in an INSERT statement"));
            }
        }
        Family::Sqlite => {}
    }
    // MySQL may leave INTO out; no dump program does.
    if scan.keyword("INTO")? { Ok(()) } else { Err(Stop::Wrong("expected INTO in an INSERT statement")) }
}

/// Reads the list behind its `(`. An empty one (MySQL's `() VALUES ()`) names no column.
fn columns(scan: &mut Scan<'_>) -> std::result::Result<Option<Vec<String>>, Stop> {
    let mut columns = Vec::new();
    loop {
        columns.push(scan.name()?.0);
        if scan.symbol(b')')? {
            return Ok(Some(columns));
        }
        if !scan.symbol(b',')? {
            return Err(Stop::Wrong("expected `,` or `)` in the column list of an INSERT statement"));
        }
    }
}

fn overriding(scan: &mut Scan<'_>) -> std::result::Result<(), Stop> {
    if scan.dialect.family != Family::Postgres || !scan.keyword("OVERRIDING")? {
        return Ok(());
    }
    let whose = scan.keyword("SYSTEM")? || scan.keyword("USER")?;
    if whose && scan.keyword("VALUE")? {
        return Ok(());
    }
    Err(Stop::Wrong("an unknown OVERRIDING clause in an INSERT statement"))
}
