//! Splits SQL text into statements exactly where psql does, since psql is what loads the result.
//!
//! Knows: `'…'` with or without backslash escapes (`standard_conforming_strings`), `E'…'` and its continuation over a
//! line end, `B'' X'' N'' U&''`, `"…"`, dollar quotes of any tag, `--` and nested `/* */` comments, parentheses, and
//! `BEGIN … END` of `CREATE FUNCTION|PROCEDURE` (counted by the same words as psql does, so that a disagreement
//! cannot hide a statement). Refuses what psql could read in two ways: a backslash outside quotes in the middle of a
//! statement, NUL bytes (psql drops the rest of their line and joins the next), a carriage return outside quotes (it
//! ends psql's comments, not those of other readers), a backslash in a plain string that takes it as an escape, a quote
//! glued to a number.
//!
//! Incremental: text may arrive in pieces of any size; no byte is looked at twice but for short look-aheads.

use memchr::{memchr, memchr2};

use crate::error::{Error, Result};

/// What the splitter found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The text so far ends inside a statement, or in the blanks and comments before one.
    More,
    /// A statement ends before this offset (its `;` included).
    Statement(usize),
    /// An INSERT statement begins at this offset: it is not split here, since it may hold any number of rows.
    Insert(usize),
    /// A psql meta-command on a line of its own ends before this offset (its line end included).
    Meta(usize),
}

#[derive(Clone, PartialEq, Eq)]
enum State {
    Top,
    Line,
    Block(u32),
    Quote { escapes: bool, prefixed: bool },
    Ident,
    Dollar(Vec<u8>),
}

/// The scanner's state within one statement, and what it has learnt of the stream.
pub(super) struct Splitter {
    state: State,
    /// Where scanning goes on, relative to the statement's start.
    at: usize,
    /// Where the comment being read began.
    comment: usize,
    /// Where the statement's first word stands; `None` while only blanks and comments were seen.
    first: Option<usize>,
    parens: u32,
    begins: u32,
    words: usize,
    initials: [u8; 4],
    /// Whether `'…'` takes backslashes literally.
    pub standard_strings: bool,
    /// A header comment was read and its trailer was not yet.
    pub open_header: bool,
    /// The header of a dump by pg_dumpall was read, and whether its trailer was not yet.
    pub cluster: Option<bool>,
}

const HEADER: &[u8] = b"-- PostgreSQL database dump";
const TRAILER: &[u8] = b"-- PostgreSQL database dump complete";
const CLUSTER: &[u8] = b"-- PostgreSQL database cluster dump";
const CLUSTER_TRAILER: &[u8] = b"-- PostgreSQL database cluster dump complete";

impl Splitter {
    pub(super) fn new() -> Self {
        Self {
            state: State::Top,
            at: 0,
            comment: 0,
            first: None,
            parens: 0,
            begins: 0,
            words: 0,
            initials: [0; 4],
            standard_strings: true,
            open_header: false,
            cluster: None,
        }
    }

    /// Returns where the statement's first word stands, relative to its start with blanks and comments.
    pub(super) fn first_word(&self) -> Option<usize> {
        self.first
    }

    /// Returns how far the text was read, relative to the statement's start: where an error lies.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Returns whether only blanks and finished comments were read since the last statement.
    pub(super) fn is_blank(&self) -> bool {
        self.first.is_none() && matches!(self.state, State::Top | State::Line)
    }

    /// Starts the next statement; what it learnt of the stream stays.
    pub(super) fn restart(&mut self) {
        *self = self.fresh();
    }

    /// Returns another one that knows of the stream what this one knows, at a statement's start.
    pub(super) fn fresh(&self) -> Self {
        Self {
            standard_strings: self.standard_strings,
            open_header: self.open_header,
            cluster: self.cluster,
            ..Self::new()
        }
    }

    /// Scans on. `text` begins at the statement's start; `end` says that nothing will follow it.
    ///
    /// # Errors
    /// What psql could read in two ways; see the file's head. The place is `position()`.
    pub(super) fn scan(&mut self, text: &[u8], end: bool) -> Result<Found> {
        while self.at < text.len() {
            let before = (self.at, self.first);
            let step = match self.state.clone() {
                State::Top => self.top(text, end)?,
                State::Line => self.line(text, end)?,
                State::Block(depth) => Some(self.block(text, end, depth)),
                State::Quote { escapes, prefixed } => Some(self.quote(text, end, escapes, prefixed)?),
                State::Ident => Some(self.ident(text)),
                State::Dollar(tag) => Some(self.dollar(text, &tag)),
            };
            match step {
                Some(Found::More) if before == (self.at, self.first) => return Ok(Found::More),
                Some(Found::More) => {}
                Some(found) => return Ok(found),
                None => return Ok(Found::More),
            }
        }
        Ok(Found::More)
    }

    /// Reads tokens outside quotes and comments. `None`: more text is needed to tell.
    fn top(&mut self, text: &[u8], end: bool) -> Result<Option<Found>> {
        let rest = text.get(self.at..).unwrap_or_default();
        let (Some(&c), next) = (rest.first(), rest.get(1).copied()) else { return Ok(None) };
        if matches!(c, b'-' | b'/' | b'$' | b'\\') && next.is_none() && !end {
            return Ok(None);
        }
        match c {
            b' ' | b'\t' | b'\n' | 0x0b | 0x0c => self.at += 1,
            b'\r' => return Err(carriage_return()),
            0 => return Err(Error::input("a NUL byte in SQL text").hint("the input may be UTF-16 or binary")),
            b'-' if next == Some(b'-') => self.enter_comment(State::Line),
            b'/' if next == Some(b'*') => {
                self.enter_comment(State::Block(1));
                self.at += 1;
            }
            b'\\' => return self.meta(text, end),
            b';' if self.parens == 0 && self.begins == 0 => {
                self.at += 1;
                return Ok(Some(Found::Statement(self.at)));
            }
            _ => {
                self.first.get_or_insert(self.at);
                return self.token(rest, c, end);
            }
        }
        Ok(Some(Found::More))
    }

    fn enter_comment(&mut self, state: State) {
        self.comment = self.at;
        self.state = state;
        self.at += 1;
    }

    fn token(&mut self, rest: &[u8], c: u8, end: bool) -> Result<Option<Found>> {
        match c {
            b'(' => self.parens += 1,
            b')' => self.parens = self.parens.saturating_sub(1),
            b'\'' => self.state = State::Quote { escapes: !self.standard_strings, prefixed: false },
            b'"' => self.state = State::Ident,
            b'$' => return self.maybe_dollar(rest, end),
            _ if is_ident_start(c) => return self.word(rest, end),
            _ if c.is_ascii_digit() => return self.number(rest, end),
            _ => {}
        }
        self.at += 1;
        Ok(Some(Found::More))
    }

    fn word(&mut self, rest: &[u8], end: bool) -> Result<Option<Found>> {
        let len = rest.iter().position(|b| !is_ident(*b)).unwrap_or(rest.len());
        // The two bytes behind a word decide whether it is a string's prefix (`E'`, `U&'`).
        if rest.len() < len + 2 && !end {
            return wait(rest);
        }
        let word = rest.get(..len).unwrap_or_default();
        let quote = rest.get(len) == Some(&b'\'');
        let unicode = rest.get(len) == Some(&b'&');
        match (word, rest.get(len + 1)) {
            ([b'e' | b'E'], _) if quote => self.prefixed(State::Quote { escapes: true, prefixed: true }, 2),
            ([b'b' | b'B' | b'x' | b'X'], _) if quote => {
                self.prefixed(State::Quote { escapes: false, prefixed: false }, 2);
            }
            ([b'u' | b'U'], Some(b'\'')) if unicode => {
                self.prefixed(State::Quote { escapes: false, prefixed: false }, 3);
            }
            ([b'u' | b'U'], Some(b'"')) if unicode => self.prefixed(State::Ident, 3),
            _ if self.first == Some(self.at) && word.eq_ignore_ascii_case(b"INSERT") => {
                return Ok(Some(Found::Insert(self.at)));
            }
            _ => {
                self.count(word);
                self.at += len;
            }
        }
        Ok(Some(Found::More))
    }

    fn prefixed(&mut self, state: State, skip: usize) {
        self.state = state;
        self.at += skip;
    }

    /// Counts words as psql does to know whether a `;` stands inside `BEGIN … END` of a routine's body.
    fn count(&mut self, word: &[u8]) {
        let is = |w: &[u8]| word.eq_ignore_ascii_case(w);
        if let Some(slot) = self.initials.get_mut(self.words) {
            let known: [&[u8]; 5] = [b"create", b"function", b"procedure", b"or", b"replace"];
            *slot = known.iter().find(|w| is(w)).and_then(|w| w.first().copied()).unwrap_or(0);
        }
        self.words = self.words.saturating_add(1);
        let [a, b, c, d] = self.initials;
        let routine = |x: u8| x == b'f' || x == b'p';
        if a == b'c' && (routine(b) || (b == b'o' && c == b'r' && routine(d))) && self.parens == 0 {
            if is(b"begin") || (self.begins > 0 && is(b"case")) {
                self.begins += 1;
            } else if is(b"end") {
                self.begins = self.begins.saturating_sub(1);
            }
        }
    }

    fn number(&mut self, rest: &[u8], end: bool) -> Result<Option<Found>> {
        let len = rest.iter().position(|b| !is_ident(*b) && *b != b'.').unwrap_or(rest.len());
        if len == rest.len() && !end {
            return wait(rest);
        }
        if rest.get(len) == Some(&b'\'') || rest.get(..len).is_some_and(|n| n.contains(&b'$')) {
            return Err(Error::input(
                "a quote or dollar sign glued to a number: psql versions read it differently",
            ));
        }
        self.at += len;
        Ok(Some(Found::More))
    }

    fn maybe_dollar(&mut self, rest: &[u8], end: bool) -> Result<Option<Found>> {
        let tail = rest.get(1..).unwrap_or_default();
        let len = tail.iter().position(|b| !is_ident(*b) || *b == b'$').unwrap_or(tail.len());
        if len == tail.len() && !end {
            return wait(rest);
        }
        let starts_well = tail.first().is_none_or(|b| !b.is_ascii_digit());
        if tail.get(len) == Some(&b'$') && starts_well {
            self.state = State::Dollar(rest.get(..len + 2).unwrap_or_default().to_vec());
            self.at += len + 2;
        } else {
            self.at += 1;
        }
        Ok(Some(Found::More))
    }

    fn meta(&mut self, text: &[u8], end: bool) -> Result<Option<Found>> {
        if self.first.is_some() {
            return Err(Error::input("a backslash command inside a statement")
                .hint("only `\\restrict` and `\\unrestrict` on lines of their own are part of a dump"));
        }
        let own_line = self.at == 0 || text.get(self.at - 1) == Some(&b'\n');
        if !own_line {
            return Err(Error::input("a backslash command that does not begin its line"));
        }
        let rest = text.get(self.at..).unwrap_or_default();
        let Some(len) = memchr(b'\n', rest).map(|i| i + 1).or_else(|| end.then_some(rest.len())) else {
            return wait(rest);
        };
        self.first = Some(self.at);
        self.at += len;
        Ok(Some(Found::Meta(self.at)))
    }

    /// Reads a line comment. At its end it may be the dump's header or trailer.
    fn line(&mut self, text: &[u8], end: bool) -> Result<Option<Found>> {
        let rest = text.get(self.at..).unwrap_or_default();
        let stop = match memchr2(b'\n', b'\r', rest) {
            Some(i) => self.at + i,
            None if end => text.len(),
            None => {
                self.at = text.len();
                return Ok(Some(Found::More));
            }
        };
        if text.get(stop) == Some(&b'\r') {
            self.at = stop;
            return Err(carriage_return());
        }
        let comment = text.get(self.comment..stop).unwrap_or_default();
        if self.first.is_none() {
            match comment {
                HEADER => self.open_header = true,
                TRAILER => self.open_header = false,
                CLUSTER => self.cluster = Some(true),
                CLUSTER_TRAILER => self.cluster = self.cluster.map(|_| false),
                _ => {}
            }
        }
        self.at = stop;
        self.state = State::Top;
        Ok(Some(Found::More))
    }

    fn block(&mut self, text: &[u8], end: bool, depth: u32) -> Found {
        let rest = text.get(self.at..).unwrap_or_default();
        let Some(i) = memchr2(b'*', b'/', rest) else {
            self.at = text.len();
            return Found::More;
        };
        let pair = (rest.get(i).copied(), rest.get(i + 1).copied());
        self.at += i;
        match pair {
            (_, None) if !end => return Found::More,
            (Some(b'*'), Some(b'/')) => {
                self.at += 2;
                self.state = if depth == 1 { State::Top } else { State::Block(depth - 1) };
            }
            (Some(b'/'), Some(b'*')) => {
                self.at += 2;
                self.state = State::Block(depth + 1);
            }
            _ => self.at += 1,
        }
        Found::More
    }

    fn quote(&mut self, text: &[u8], end: bool, escapes: bool, prefixed: bool) -> Result<Found> {
        let rest = text.get(self.at..).unwrap_or_default();
        let found = if escapes { memchr2(b'\'', b'\\', rest) } else { memchr(b'\'', rest) };
        let Some(i) = found else {
            self.at = text.len();
            return Ok(Found::More);
        };
        self.at += i;
        let next = rest.get(i + 1).copied();
        if next.is_none() && !end {
            return Ok(Found::More);
        }
        // A doubled one is read as two bytes by whoever takes it as an escape and by whoever does not.
        if rest.get(i) == Some(&b'\\') && !prefixed && next != Some(b'\\') {
            return Err(Error::input(
                "a backslash in a plain string while `standard_conforming_strings` is off",
            )
            .hint("pg_dump writes E'…' in its place; dump again"));
        }
        if rest.get(i) == Some(&b'\\') || next == Some(b'\'') {
            self.at += 2;
            return Ok(Found::More);
        }
        // Only a string with a prefix can be continued in a way that differs from starting a new one.
        if prefixed {
            match continuation(rest.get(i + 1..).unwrap_or_default(), end) {
                None => return Ok(Found::More),
                Some(0) => {}
                Some(skip) => {
                    self.at += 1 + skip;
                    return Ok(Found::More);
                }
            }
        }
        self.at += 1;
        self.state = State::Top;
        Ok(Found::More)
    }

    fn ident(&mut self, text: &[u8]) -> Found {
        // A doubled quote closes and opens again: the same in effect.
        let rest = text.get(self.at..).unwrap_or_default();
        match memchr(b'"', rest) {
            Some(i) => {
                self.at += i + 1;
                self.state = State::Top;
            }
            None => self.at = text.len(),
        }
        Found::More
    }

    fn dollar(&mut self, text: &[u8], tag: &[u8]) -> Found {
        let rest = text.get(self.at..).unwrap_or_default();
        if let Some(i) = memchr::memmem::find(rest, tag) {
            self.at += i + tag.len();
            self.state = State::Top;
        } else {
            // The tag may be cut: look at its last bytes again when more is there.
            self.at += rest.len().saturating_sub(tag.len() - 1);
        }
        Found::More
    }
}

/// Says whether an E'' string goes on behind its quote: blanks and comments with a line end, then a quote. Returns the
/// bytes up to and with that quote, 0 if it does not go on, `None` if more text is needed to tell.
fn continuation(rest: &[u8], end: bool) -> Option<usize> {
    let mut at = 0;
    let mut newline = false;
    loop {
        match rest.get(at) {
            None => return end.then_some(0),
            Some(b'\n') => newline = true,
            Some(b' ' | b'\t' | 0x0b | 0x0c) => {}
            Some(b'\'') if newline => return Some(at + 1),
            Some(b'-') => match rest.get(at + 1) {
                None => return end.then_some(0),
                Some(b'-') => match memchr2(b'\n', b'\r', rest.get(at..).unwrap_or_default()) {
                    None => return end.then_some(0),
                    Some(i) => {
                        at += i;
                        continue;
                    }
                },
                Some(_) => return Some(0),
            },
            Some(_) => return Some(0),
        }
        at += 1;
    }
}

/// Asks for more text behind a token, unless it is longer than any of a dump: it is looked at again with every read.
fn wait(token: &[u8]) -> Result<Option<Found>> {
    const LONGEST: usize = 1 << 20;
    if token.len() > LONGEST {
        return Err(
            Error::input("a word of SQL text is longer than 1 MiB").hint("the dump was cut or edited")
        );
    }
    Ok(None)
}

fn carriage_return() -> Error {
    Error::input("not yet: carriage returns in SQL text")
        .hint("dump to a file in binary mode, or convert its line ends")
}

fn is_ident_start(c: u8) -> bool {
    c.is_ascii_alphabetic() || c == b'_' || c >= 0x80
}

fn is_ident(c: u8) -> bool {
    is_ident_start(c) || c.is_ascii_digit() || c == b'$'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits `text` given in pieces of `step` bytes.
    fn split(text: &str, step: usize) -> Result<Vec<String>> {
        let bytes = text.as_bytes();
        let mut splitter = Splitter::new();
        let (mut start, mut have, mut out) = (0, 0, Vec::new());
        loop {
            match splitter.scan(&bytes[start..have], have == bytes.len())? {
                Found::More if have == bytes.len() => break,
                Found::More => have = (have + step).min(bytes.len()),
                Found::Statement(end) | Found::Meta(end) => {
                    out.push(text[start..start + end].trim().to_owned());
                    start += end;
                    splitter.restart();
                }
                Found::Insert(at) => {
                    out.push(format!("insert at {at}"));
                    return Ok(out);
                }
            }
        }
        if !splitter.is_blank() {
            out.push(format!("cut: {}", &text[start..].trim()));
        }
        Ok(out)
    }

    fn each(text: &str, expected: &[&str]) {
        for step in [1, 2, 3, 7, 4096] {
            assert_eq!(split(text, step).unwrap(), expected, "in steps of {step}");
        }
    }

    #[test]
    fn quotes_of_every_kind() {
        each("SELECT ';'; SELECT 2;", &["SELECT ';';", "SELECT 2;"]);
        each(r"SELECT E'a\';b'; x;", &[r"SELECT E'a\';b';", "x;"]);
        each(r"SELECT 'a\'; x;", &[r"SELECT 'a\';", "x;"]);
        each("SELECT E'a'\n  'b\\';c'; x;", &["SELECT E'a'\n  'b\\';c';", "x;"]);
        each("SELECT E'a' -- ' c\n 'b\\';c'; x;", &["SELECT E'a' -- ' c\n 'b\\';c';", "x;"]);
        each(
            "SELECT U&'a\\';b'; x;",
            &["SELECT U&'a\\';", "b'; x;"].map(|s| if s.starts_with('b') { "cut: b'; x;" } else { s }),
        );
        each("SELECT U&\"a;\\\" ; x;", &["SELECT U&\"a;\\\" ;", "x;"]);
        each("a \"b;\"\"c;\" ; d;", &["a \"b;\"\"c;\" ;", "d;"]);
        each("typeE'a\\'; x;", &["typeE'a\\';", "x;"]);
        each("b'01;' ; X'\\' ; n'';", &["b'01;' ;", "X'\\' ;", "n'';"]);
    }

    #[test]
    fn inserts_are_not_split_here() {
        each("x; -- y\n insert into t", &["x;", "insert at 7"]);
        each("/* INSERT */ INSERT\n", &["insert at 13"]);
        each("inserts; WITH x AS (INSERT); \"INSERT\";", &["inserts;", "WITH x AS (INSERT);", "\"INSERT\";"]);
    }

    #[test]
    fn dollar_quotes_and_comments() {
        each("f $$ ; $x$ ; $$ ; g;", &["f $$ ; $x$ ; $$ ;", "g;"]);
        each("f $a1$ $$;$a$ $a1$; g;", &["f $a1$ $$;$a$ $a1$;", "g;"]);
        each("f a$$ ; g;", &["f a$$ ;", "g;"]);
        each("f $1; g$;", &["f $1;", "g$;"]);
        each("/* a /* ; */ ; */ f -- ; '\n ; g;", &["/* a /* ; */ ; */ f -- ; '\n ;", "g;"]);
        each("f ( a; b ) ; g;", &["f ( a; b ) ;", "g;"]);
    }

    #[test]
    fn nasty_11_begin_atomic_hides_nothing() {
        let f = "CREATE OR REPLACE FUNCTION a.f(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN x=1 THEN 2 END; COPY t FROM stdin; END;";
        each(&format!("{f} g;"), &[f, "g;"]);
        // Outside of a routine BEGIN is an ordinary word.
        each("CREATE TABLE begin (a int); g;", &["CREATE TABLE begin (a int);", "g;"]);
    }

    #[test]
    fn meta_commands_only_on_their_own_line() {
        each(
            "\\restrict abc\nSELECT 1;\n\\unrestrict abc\n",
            &["\\restrict abc", "SELECT 1;", "\\unrestrict abc"],
        );
        assert!(split("SELECT 1 \\; x;", 99).is_err());
        assert!(split("SELECT 1; \\! x\n", 99).is_err());
        assert!(split("SELECT\0 1;", 99).is_err());
        assert!(split("SELECT 1E'a';", 99).is_err());
    }

    #[test]
    fn header_obliges_trailer() {
        let mut s = Splitter::new();
        let text = b"--\n-- PostgreSQL database dump\n--\nSET a = 1;";
        assert_eq!(s.scan(text, true).unwrap(), Found::Statement(text.len()));
        assert!(s.open_header);
        s.restart();
        assert_eq!(s.scan(b"\n-- PostgreSQL database dump complete", true).unwrap(), Found::More);
        assert!(!s.open_header && s.is_blank());
        // Inside a statement it is no trailer.
        let mut s = Splitter::new();
        s.open_header = true;
        s.scan(b"f (\n-- PostgreSQL database dump complete\n", true).unwrap();
        assert!(s.open_header);
    }

    #[test]
    fn nasty_41_strings_without_standard_conformance() {
        let scan = |text: &[u8]| {
            let mut s = Splitter::new();
            s.standard_strings = false;
            s.scan(text, false)
        };
        assert_eq!(scan(br"f E'a\';b' ; g").unwrap(), Found::Statement(12));
        assert_eq!(scan(br"f 'a'';b' ; g").unwrap(), Found::Statement(11));
        // The server takes this as an escape, the reader of definitions does not: columns would shift.
        assert!(scan(br"f 'a\';b' ; g").is_err());
        assert!(scan(br"f 'a\n' ; g").is_err());
        // As pg_dump writes a backslash then.
        assert_eq!(scan(br"f 'a\\' ; g").unwrap(), Found::Statement(9));
        assert_eq!(scan(br"f 'a\\''b' ; g").unwrap(), Found::Statement(12));
        assert!(scan(b"f U&'a'\n'\\';").is_err());
    }

    #[test]
    fn carriage_returns_outside_quotes_stop() {
        for text in
            ["SELECT 1;\r\nSELECT 2;", "SELECT -- a\r f(), -- b\n 1;", "SELECT E'a'\r'b';", "-- a\rx;"]
        {
            for step in [1, 99] {
                assert!(split(text, step).is_err(), "{text:?}");
            }
        }
        each("f 'a\r\nb' $$\r\n$$ \"\r\" ;", &["f 'a\r\nb' $$\r\n$$ \"\r\" ;"]);
    }

    #[test]
    fn a_word_without_end_is_not_read_again_and_again() {
        for start in ["", "1", "$", "\\restrict "] {
            let mut s = Splitter::new();
            let text = format!("{start}{}", "a".repeat(2 << 20));
            assert!(s.scan(text.as_bytes(), false).is_err(), "{start}");
        }
    }

    #[test]
    fn half_a_statement_is_seen() {
        each("SELECT 1; SELECT 'a;", &["SELECT 1;", "cut: SELECT 'a;"]);
        each("SELECT 1; /* a", &["SELECT 1;", "cut: /* a"]);
        each("SELECT 1; -- a", &["SELECT 1;"]);
    }
}
