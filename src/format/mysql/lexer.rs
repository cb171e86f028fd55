//! Words, names, texts and symbols of one complete statement, as the server reads them under the mode that the dump has
//! set. Conditional comments (`/*!50003 … */`, `/*M! … */`) are seen through: each token says whether it stands in one.
//!
//! Not for finding where statements end: see `splitter`. Refuses what two servers could read in two ways.

use crate::error::{Error, Result};

/// What of the lexical rules the dump has changed (`sql_mode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mode {
    /// `ANSI_QUOTES`: `"…"` is a name.
    pub ansi_quotes: bool,
    /// `NO_BACKSLASH_ESCAPES`: a backslash is a character like any other.
    pub no_backslash: bool,
}

/// One token.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An unquoted word as spelled: letters, digits, `_`, `$`, bytes from 0x80.
    Word(&'a [u8]),
    /// A quoted name, its doubled quotes undone.
    Name(Vec<u8>),
    /// A string, its escapes undone.
    Text(Vec<u8>),
    /// A number: it begins with a digit and holds nothing but digits, points and an exponent.
    Number(&'a [u8]),
    /// `@name`: a user variable, in lower case.
    Variable(String),
    /// `@@name`, `@@session.name`: a system variable, in lower case; whether it is a global one.
    System(String, bool),
    /// Anything else, one byte.
    Symbol(u8),
}

/// A token and the comment it stands in.
#[derive(Clone)]
pub(super) struct Item<'a> {
    pub token: Token<'a>,
    /// The number of the conditional comment that it stands in, from 1; 0 = none.
    pub comment: usize,
    /// Its bytes in the statement, quotes included.
    pub at: std::ops::Range<usize>,
}

/// A conditional comment of the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Conditional {
    /// The oldest version that executes it; 0 = all.
    pub version: u32,
    /// Whether only MariaDB does (`/*M!`).
    pub maria: bool,
}

/// The tokens of a statement, without its delimiter.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
    mode: Mode,
    /// The conditional comments so far.
    pub comments: Vec<Conditional>,
    inside: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8], mode: Mode) -> Self {
        Self { text, at: 0, mode, comments: Vec::new(), inside: false }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns all tokens that are left.
    ///
    /// # Errors
    /// As `next`.
    pub(super) fn all(&mut self) -> Result<Vec<Item<'a>>> {
        let mut items = Vec::new();
        while let Some(item) = self.next()? {
            items.push(item);
        }
        Ok(items)
    }

    /// Returns the next token; `None` at the end.
    ///
    /// # Errors
    /// A quote or comment that does not end; a comment in a conditional comment that hides its end.
    pub(super) fn next(&mut self) -> Result<Option<Item<'a>>> {
        self.blanks()?;
        let Some(&c) = self.rest().first() else {
            return if self.inside { Err(unclosed()) } else { Ok(None) };
        };
        let start = self.at;
        let token = match c {
            b'`' => Token::Name(self.quoted(b'`', false)?),
            b'"' if self.mode.ansi_quotes => Token::Name(self.quoted(b'"', false)?),
            b'\'' | b'"' => Token::Text(self.quoted(c, !self.mode.no_backslash)?),
            b'@' => self.variable()?,
            c if is_word(c) => self.word(),
            c => {
                self.at += 1;
                Token::Symbol(c)
            }
        };
        let comment = if self.inside { self.comments.len() } else { 0 };
        Ok(Some(Item { token, comment, at: start..self.at }))
    }

    fn word(&mut self) -> Token<'a> {
        let rest = self.rest();
        let number = |b: &u8| b.is_ascii_digit() || *b == b'.';
        let digits = rest.iter().position(|b| !number(b)).unwrap_or(rest.len());
        let len = rest.iter().position(|b| !is_word(*b)).unwrap_or(rest.len());
        if digits > 0 && digits >= len {
            self.at += digits;
            return Token::Number(rest.get(..digits).unwrap_or_default());
        }
        self.at += len;
        Token::Word(rest.get(..len).unwrap_or_default())
    }

    /// Reads `@name` and `@@scope.name`; names of variables may be quoted and hold points.
    fn variable(&mut self) -> Result<Token<'a>> {
        self.at += 1;
        let system = self.rest().first() == Some(&b'@');
        self.at += usize::from(system);
        let mut name = match self.rest().first() {
            Some(q @ (b'`' | b'\'' | b'"')) => self.quoted(*q, false)?,
            _ => {
                let rest = self.rest();
                let len = rest.iter().position(|b| !is_word(*b) && *b != b'.').unwrap_or(rest.len());
                self.at += len;
                rest.get(..len).unwrap_or_default().to_vec()
            }
        };
        name.make_ascii_lowercase();
        let name = String::from_utf8_lossy(&name).into_owned();
        if !system {
            return Ok(Token::Variable(name));
        }
        let (scope, own) = name.split_once('.').unwrap_or(("", name.as_str()));
        Ok(match scope {
            "global" | "persist" | "persist_only" => Token::System(own.to_owned(), true),
            "" | "session" | "local" => Token::System(own.to_owned(), false),
            _ => Token::System(name, true),
        })
    }

    fn quoted(&mut self, quote: u8, escapes: bool) -> Result<Vec<u8>> {
        let rest = self.rest();
        let mut out = Vec::new();
        let mut at = 1;
        loop {
            let c = *rest.get(at).ok_or_else(unclosed)?;
            if self.inside && c == b'*' && rest.get(at + 1) == Some(&b'/') {
                return Err(hidden());
            }
            at += 1;
            if c == b'\\' && escapes {
                let escaped = *rest.get(at).ok_or_else(unclosed)?;
                at += 1;
                match escaped {
                    b'0' => out.push(0),
                    b'b' => out.push(8),
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'Z' => out.push(0x1a),
                    b'%' | b'_' => out.extend_from_slice(&[b'\\', escaped]),
                    other => out.push(other),
                }
            } else if c != quote {
                out.push(c);
            } else if rest.get(at) == Some(&quote) {
                out.push(c);
                at += 1;
            } else {
                self.at += at;
                return Ok(out);
            }
        }
    }

    /// Skips blanks and comments, and steps in and out of conditional ones.
    fn blanks(&mut self) -> Result<()> {
        loop {
            match self.rest() {
                [c, ..] if is_blank(*c) => self.at += 1,
                [b'#', ..] => self.line(),
                [b'-', b'-', c, ..] if is_blank(*c) => self.line(),
                [b'-', b'-'] => self.line(),
                [b'/', b'*', b'+', ..] => return Err(hint()),
                [b'/', b'*', b'!', ..] => self.enter(3)?,
                [b'/', b'*', b'M', b'!', ..] => self.enter(4)?,
                [b'/', b'*', tail @ ..] => {
                    let end = memchr::memmem::find(tail, b"*/").ok_or_else(unclosed)?;
                    self.at += end + 4;
                }
                [b'*', b'/', ..] if self.inside => {
                    self.inside = false;
                    self.at += 2;
                }
                _ => return Ok(()),
            }
        }
    }

    fn line(&mut self) {
        self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
    }

    fn enter(&mut self, skip: usize) -> Result<()> {
        if self.inside {
            return Err(hidden());
        }
        self.at += skip;
        let rest = self.rest();
        let digits = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        // Five digits, or six: what else there is would be read as a number by some servers.
        if !matches!(digits, 0 | 5 | 6) {
            return Err(hidden());
        }
        let number = rest.get(..digits).unwrap_or_default();
        let version = number.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0'));
        self.at += digits;
        self.inside = true;
        self.comments.push(Conditional { version, maria: skip == 4 });
        Ok(())
    }
}

impl Token<'_> {
    /// Returns whether it is this keyword, in any case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Token::Word(w) if w.eq_ignore_ascii_case(keyword.as_bytes()))
    }

    /// Returns the name that it can be: an unquoted word or a quoted name; `None` if neither, or not UTF-8.
    pub(super) fn name(&self) -> Option<String> {
        let bytes = match self {
            Token::Word(w) => w,
            Token::Name(n) => n.as_slice(),
            _ => return None,
        };
        std::str::from_utf8(bytes).ok().filter(|n| !n.is_empty()).map(str::to_owned)
    }

    /// Returns an unquoted word in upper case; else the empty string.
    pub(super) fn upper(&self) -> String {
        match self {
            Token::Word(w) => String::from_utf8_lossy(w).to_ascii_uppercase(),
            _ => String::new(),
        }
    }
}

/// White space to client and server.
pub(super) fn is_blank(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// A byte of an unquoted name.
pub(super) fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'_' | b'$') || c >= 0x80
}

/// Whether the line that makes the mariadb client give up its commands stands here.
pub(super) enum Sandbox {
    No,
    /// What is there may be its beginning.
    Cut,
    /// It does, and is so long.
    Yes(usize),
}

/// Looks for mariadb-dump's sandbox line: a command of the client in a conditional comment, without a delimiter.
pub(super) fn sandbox(text: &[u8], end: bool) -> Sandbox {
    let lines: [&[u8]; 2] =
        [b"/*M!999999\\- enable the sandbox mode */", b"/*!999999\\- enable the sandbox mode */"];
    for line in lines {
        if text.starts_with(line) {
            return Sandbox::Yes(line.len());
        }
        if !end && line.starts_with(text) {
            return Sandbox::Cut;
        }
    }
    Sandbox::No
}

fn unclosed() -> Error {
    Error::input("a quote or comment that does not end").hint("the dump was cut or edited")
}

pub(super) fn hint() -> Error {
    Error::input("an optimizer hint (`/*+ … */`)")
        .hint("a dump has none; it could change how the rest is read")
}

pub(super) fn hidden() -> Error {
    Error::input("a conditional comment that servers read in different ways")
        .hint("only what dump programs write themselves may stand in `/*! … */`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, mode: Mode) -> std::result::Result<Vec<String>, String> {
        let items = Tokens::new(text.as_bytes(), mode).all().map_err(|e| e.to_string())?;
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        Ok(items
            .iter()
            .map(|i| {
                let mark = if i.comment > 0 { format!("!{} ", i.comment) } else { String::new() };
                let token = match &i.token {
                    Token::Word(w) => format!("w {}", text(w)),
                    Token::Name(n) => format!("n {}", text(n)),
                    Token::Text(t) => format!("t {}", text(t)),
                    Token::Number(n) => format!("d {}", text(n)),
                    Token::Variable(v) => format!("@ {v}"),
                    Token::System(v, global) => format!("@@ {v} {global}"),
                    Token::Symbol(c) => format!("s {}", char::from(*c)),
                };
                mark + &token
            })
            .collect())
    }

    #[test]
    fn tokens_through_conditional_comments() {
        let text = "/*!50003 CREATE*/ /* ; ' */ /*!50017 DEFINER=`r``t`@`h`*/ 1.5 # x\n 2e3 -- y\n a--b @@Session.X @@GLOBAL.y";
        let wanted = [
            "!1 w CREATE",
            "!2 w DEFINER",
            "!2 s =",
            "!2 n r`t",
            "!2 @ h",
            "d 1.5",
            "w 2e3",
            "w a",
            "s -",
            "s -",
            "w b",
            "@@ x false",
            "@@ y true",
        ];
        assert_eq!(show(text, Mode::default()).unwrap(), wanted);
    }

    #[test]
    fn nasty_41_strings_by_mode() {
        let default = Mode::default();
        assert_eq!(show(r#"'a\'b''c\n' "d\"e""f""#, default).unwrap(), ["t a'b'c\n", "t d\"e\"f"]);
        let plain = Mode { no_backslash: true, ..default };
        assert_eq!(show(r"'a\' 'b'", plain).unwrap(), [r"t a\", "t b"]);
        let ansi = Mode { ansi_quotes: true, ..default };
        assert_eq!(show(r#""a""b\" 'c'"#, ansi).unwrap(), ["n a\"b\\", "t c"]);
    }

    #[test]
    fn what_servers_read_differently_is_refused() {
        for text in [
            "/*! a '*/' */",
            "/*! a /*! b */ */",
            "/*!123 a */",
            "/*+ a */",
            "'a",
            "/* a",
            "/*! a",
            "`a",
            "/*!1234567 a */",
        ] {
            assert!(show(text, Mode::default()).is_err(), "{text}");
        }
    }
}
