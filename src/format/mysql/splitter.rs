//! Splits SQL text into statements exactly where the `mysql` and `mariadb` clients do, since they are what loads the
//! result (their `add_line`).
//!
//! Knows: `'…'` and `"…"` with backslash escapes unless the mode says otherwise, `` `…` ``, `-- ` and `#` to the line's
//! end, `/* */` (not nested), `/*! */` and `/*M! */` (their content is code), `DELIMITER` lines. Refuses what client and
//! server could read in two ways: a delimiter inside a conditional comment, a text there that holds its end, client
//! commands (`\!`, `\.`), the word DELIMITER within a statement, NUL bytes.
//!
//! Incremental: text may arrive in pieces of any size; no byte is looked at twice but for short look-aheads.

use memchr::{memchr, memchr2, memmem};

use super::lexer::{self, Mode, is_blank, is_word};
use crate::error::{Error, Result};

/// What the splitter found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The text so far ends inside a statement, or in the blanks and comments before one.
    More,
    /// INSERT or REPLACE begins here, outside of any comment: its rows are not the splitter's work.
    Insert(usize),
    /// A statement ends before the first offset (its delimiter included); the delimiter begins at the second.
    Statement(usize, usize),
    /// A `DELIMITER` line ends before this offset (its line end included).
    Delimiter(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Top,
    Line,
    Block,
    Quote(u8),
}

/// What a header comment obliges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Headers {
    /// `-- MySQL dump` or its like was read, `-- Dump completed` was not yet.
    pub open: bool,
    /// A header or the sandbox line says that MariaDB wrote it.
    pub maria: bool,
    /// phpMyAdmin wrote it.
    pub php_my_admin: bool,
}

/// The scanner's state within one statement, and what it has learnt of the stream.
pub(super) struct Splitter {
    state: State,
    /// Where scanning goes on, relative to the statement's start.
    at: usize,
    /// Where the comment being read began.
    comment: usize,
    /// Where the statement's first word or symbol stands; `None` while only blanks and comments were seen.
    first: Option<usize>,
    /// Whether the scan stands in a conditional comment.
    inside: bool,
    /// Whether nothing but blanks and line comments stands before the scan on its line; the same where the text starts.
    fresh: bool,
    begins_fresh: bool,
    /// What ends a statement.
    pub delimiter: Vec<u8>,
    pub mode: Mode,
    pub headers: Headers,
}

/// Begin the first line of dumps that end with `-- Dump completed`.
const HEADERS: [&[u8]; 2] = [b"-- MySQL dump ", b"-- MariaDB dump "];
const TRAILER: &[u8] = b"-- Dump completed";
/// Longest line of comment that is looked at.
const COMMENT: usize = 512;

impl Splitter {
    pub(super) fn new() -> Self {
        Self {
            state: State::Top,
            at: 0,
            comment: 0,
            first: None,
            inside: false,
            fresh: true,
            begins_fresh: true,
            delimiter: b";".to_vec(),
            mode: Mode::default(),
            headers: Headers::default(),
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
        self.first.is_none() && !self.inside && matches!(self.state, State::Top | State::Line)
    }

    /// Returns whether statements end with `;`, as they do at a dump's end.
    pub(super) fn is_plain(&self) -> bool {
        self.delimiter == b";"
    }

    /// Starts the next statement, on a line of its own or behind something else.
    pub(super) fn advance(&mut self, fresh: bool) {
        self.begins_fresh = fresh;
        self.restart();
    }

    /// Starts the same statement once more; what it learnt of the stream stays.
    pub(super) fn restart(&mut self) {
        self.fresh = self.begins_fresh;
        self.state = State::Top;
        self.at = 0;
        self.comment = 0;
        self.first = None;
        self.inside = false;
    }

    /// Scans on. `text` begins at the statement's start; `end` says that nothing will follow it.
    ///
    /// # Errors
    /// What can be read in two ways; see the file's head. The place is `position()`.
    pub(super) fn scan(&mut self, text: &[u8], end: bool) -> Result<Found> {
        while self.at < text.len() {
            let before = (self.at, self.state);
            let found = match self.state {
                State::Top => self.top(text, end)?,
                State::Line => self.line(text, end),
                State::Block => self.block(text, end)?,
                State::Quote(quote) => self.quote(text, end, quote)?,
            };
            if found != Found::More || before == (self.at, self.state) {
                return Ok(found);
            }
        }
        Ok(Found::More)
    }

    fn top(&mut self, text: &[u8], end: bool) -> Result<Found> {
        let rest = text.get(self.at..).unwrap_or_default();
        let Some(&c) = rest.first() else { return Ok(Found::More) };
        if c == 0 {
            return Err(Error::input("a NUL byte in SQL text").hint("the input may be UTF-16 or binary"));
        }
        if is_blank(c) {
            self.at += 1;
            self.fresh |= c == b'\n';
            return Ok(Found::More);
        }
        if rest.starts_with(&self.delimiter) {
            return self.delimited();
        }
        // Four bytes tell a delimiter's start and every comment's kind.
        if rest.len() < self.delimiter.len().max(4) && !end && !is_word(c) {
            return Ok(Found::More);
        }
        if self.first.is_none() && !self.inside && c == b'/' {
            match lexer::sandbox(rest, end) {
                lexer::Sandbox::No => {}
                lexer::Sandbox::Cut => return Ok(Found::More),
                lexer::Sandbox::Yes(len) => {
                    self.headers.maria = true;
                    self.fresh = false;
                    self.at += len;
                    return Ok(Found::More);
                }
            }
        }
        match (c, rest.get(1), rest.get(2)) {
            (b'\\', ..) => Err(client_command()),
            (b'#', ..) => self.enter(State::Line, 1),
            (b'-', Some(b'-'), third) if third.is_none_or(|c| is_blank(*c)) => self.enter(State::Line, 2),
            // The clients take it as a comment at a statement's start, wherever it stands in older versions.
            (b'-', Some(b'-'), _) if self.first.is_none() => {
                if self.inside || (self.at > 0 && text.get(self.at - 1) != Some(&b'\n')) {
                    return Err(Error::input("a comment `--` without a blank behind it"));
                }
                self.enter(State::Line, 2)
            }
            (b'/', Some(b'*'), Some(b'+')) => Err(lexer::hint()),
            (b'/', Some(b'*'), Some(b'!')) => self.enter_conditional(3),
            (b'/', Some(b'*'), Some(b'M')) if rest.get(3) == Some(&b'!') => self.enter_conditional(4),
            (b'/', Some(b'*'), _) => {
                self.fresh = false;
                self.enter(State::Block, 2)
            }
            (b'*', Some(b'/'), _) if self.inside => {
                self.inside = false;
                self.at += 2;
                Ok(Found::More)
            }
            (b'\'' | b'"' | b'`', ..) => {
                self.first.get_or_insert(self.at);
                self.enter(State::Quote(c), 1)
            }
            _ if is_word(c) => self.word(text, end),
            _ => {
                self.first.get_or_insert(self.at);
                self.at += 1;
                Ok(Found::More)
            }
        }
    }

    fn delimited(&mut self) -> Result<Found> {
        let from = self.at;
        if self.inside {
            return Err(Error::input("a statement's end inside a conditional comment")
                .hint("the clients cut the statement there, whatever the comment says"));
        }
        self.first.get_or_insert(from);
        self.at += self.delimiter.len();
        Ok(Found::Statement(self.at, from))
    }

    fn enter(&mut self, state: State, skip: usize) -> Result<Found> {
        self.comment = self.at;
        self.state = state;
        self.at += skip;
        Ok(Found::More)
    }

    fn enter_conditional(&mut self, skip: usize) -> Result<Found> {
        if self.inside {
            return Err(lexer::hidden());
        }
        self.inside = true;
        self.first.get_or_insert(self.at);
        self.at += skip;
        Ok(Found::More)
    }

    fn word(&mut self, text: &[u8], end: bool) -> Result<Found> {
        const LONGEST: usize = 1 << 20;
        let rest = text.get(self.at..).unwrap_or_default();
        let delimiter = self.delimiter.first().copied().unwrap_or(b';');
        let len = rest.iter().position(|b| !is_word(*b) || *b == delimiter).unwrap_or(rest.len()).max(1);
        if len == rest.len() && !end {
            if len > LONGEST {
                return Err(Error::input("a word of SQL text is longer than 1 MiB")
                    .hint("the dump was cut or edited"));
            }
            return Ok(Found::More);
        }
        let word = rest.get(..len).unwrap_or_default();
        let is = |w: &[u8]| word.eq_ignore_ascii_case(w);
        if is(b"delimiter") && rest.get(len).is_none_or(|c| is_blank(*c)) {
            return self.delimiter_line(text, end);
        }
        if self.first.is_none() && !self.inside && (is(b"insert") || is(b"replace")) {
            self.first = Some(self.at);
            return Ok(Found::Insert(self.at));
        }
        self.first.get_or_insert(self.at);
        self.at += len;
        Ok(Found::More)
    }

    /// Reads a `DELIMITER` line: a client command, on a line of its own.
    fn delimiter_line(&mut self, text: &[u8], end: bool) -> Result<Found> {
        if self.first.is_some() || self.inside || !self.fresh {
            return Err(Error::input("the word DELIMITER inside a statement")
                .hint("it is a command of the mysql client, on a line of its own; a name is quoted"));
        }
        let rest = text.get(self.at..).unwrap_or_default();
        let Some(len) = memchr(b'\n', rest).or_else(|| end.then_some(rest.len())) else {
            return Ok(Found::More);
        };
        let line = rest.get(b"delimiter".len()..len).unwrap_or_default().trim_ascii();
        let sound = |c: &u8| matches!(c, b';' | b'$' | b'|' | b'/' | b'!' | b'^' | b'&' | b'~');
        if line.is_empty() || line.len() > 16 || !line.iter().all(sound) {
            return Err(Error::input("a delimiter that could be mistaken for something else")
                .hint("dump programs use `;`, `;;`, `//`, `$$` or `|`"));
        }
        self.delimiter = line.to_vec();
        self.first = Some(self.at);
        self.at = (self.at + len + 1).min(text.len());
        Ok(Found::Delimiter(self.at))
    }

    /// Reads a line comment. At its end it may be the dump's header or trailer.
    fn line(&mut self, text: &[u8], end: bool) -> Found {
        let rest = text.get(self.at..).unwrap_or_default();
        let stop = match memchr(b'\n', rest) {
            Some(i) => self.at + i,
            None if end => text.len(),
            None => {
                self.at = text.len();
                return Found::More;
            }
        };
        let comment = text.get(self.comment..stop).unwrap_or_default();
        if self.first.is_none() && !self.inside {
            self.remember(comment);
        }
        self.at = stop;
        self.state = State::Top;
        Found::More
    }

    fn remember(&mut self, comment: &[u8]) {
        let comment = comment.get(..COMMENT).unwrap_or(comment);
        if HEADERS.iter().any(|h| comment.starts_with(h)) {
            self.headers.open = true;
            self.headers.maria |= memmem::find(comment, b"MariaDB").is_some();
        } else if comment.starts_with(TRAILER) {
            self.headers.open = false;
        } else if comment.starts_with(b"-- phpMyAdmin SQL Dump") {
            self.headers.php_my_admin = true;
        } else if comment.ends_with(b"-MariaDB") || memmem::find(comment, b"-MariaDB-").is_some() {
            // `-- Server version 10.11.6-MariaDB-…`, in any language.
            self.headers.maria = true;
        }
    }

    fn block(&mut self, text: &[u8], end: bool) -> Result<Found> {
        let rest = text.get(self.at..).unwrap_or_default();
        if self.inside
            && memmem::find(rest, &self.delimiter).is_some_and(|at| !rest.get(..at).is_some_and(ends))
        {
            return Err(Error::input("a statement's end inside a conditional comment"));
        }
        match memmem::find(rest, b"*/") {
            Some(i) => {
                self.at += i + 2;
                self.state = State::Top;
            }
            // The `*` may be the last byte.
            None => self.at += rest.len().saturating_sub(usize::from(!end)),
        }
        Ok(Found::More)
    }

    fn quote(&mut self, text: &[u8], end: bool, quote: u8) -> Result<Found> {
        let rest = text.get(self.at..).unwrap_or_default();
        let name = quote == b'`' || (quote == b'"' && self.mode.ansi_quotes);
        let found =
            if name || self.mode.no_backslash { memchr(quote, rest) } else { memchr2(quote, b'\\', rest) };
        let stop = found.unwrap_or(rest.len());
        let passed = rest.get(..stop).unwrap_or_default();
        if self.inside
            && (memmem::find(passed, b"*/").is_some()
                || text.get(self.at.saturating_sub(1)..=self.at) == Some(b"*/"))
        {
            return Err(lexer::hidden());
        }
        if memchr(0, passed).is_some() {
            return Err(Error::input("a NUL byte in SQL text").hint("the input may be UTF-16 or binary"));
        }
        self.at += stop;
        if found.is_none() {
            return Ok(Found::More);
        }
        if rest.get(stop) == Some(&b'\\') {
            if rest.len() < stop + 2 && !end {
                return Ok(Found::More);
            }
            self.at += 2;
            return Ok(Found::More);
        }
        // A doubled quote closes and opens again: the same in effect.
        self.at += 1;
        self.state = State::Top;
        Ok(Found::More)
    }
}

/// Returns whether a comment ends in these bytes.
fn ends(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"*/").is_some()
}

fn client_command() -> Error {
    Error::input("a backslash command of the mysql client").hint("only DELIMITER lines are part of a dump")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits `text` given in pieces of `step` bytes.
    fn split(text: &str, step: usize, mode: Mode) -> std::result::Result<Vec<String>, String> {
        let bytes = text.as_bytes();
        let mut splitter = Splitter::new();
        splitter.mode = mode;
        let (mut start, mut have, mut out) = (0, 0, Vec::new());
        loop {
            let shown = |end: usize| text[start..start + end].trim().to_owned();
            match splitter.scan(&bytes[start..have], have == bytes.len()).map_err(|e| e.to_string())? {
                Found::More if have == bytes.len() => break,
                Found::More => have = (have + step).min(bytes.len()),
                Found::Insert(at) => {
                    out.push(format!("insert: {}", &text[start + at..]));
                    return Ok(out);
                }
                Found::Statement(end, delimiter) => {
                    assert_eq!(&bytes[start + delimiter..start + end], splitter.delimiter);
                    out.push(shown(end));
                    start += end;
                    splitter.advance(false);
                }
                Found::Delimiter(end) => {
                    out.push(format!("delimiter: {}", shown(end)));
                    start += end;
                    splitter.advance(true);
                }
            }
        }
        if !splitter.is_blank() {
            out.push(format!("cut: {}", &text[start..].trim()));
        }
        Ok(out)
    }

    fn each_in(mode: Mode, text: &str, expected: &[&str]) {
        for step in [1, 2, 3, 7, 4096] {
            assert_eq!(split(text, step, mode).unwrap(), expected, "in steps of {step}");
        }
    }

    fn each(text: &str, expected: &[&str]) {
        each_in(Mode::default(), text, expected);
    }

    fn none(text: &str) {
        for step in [1, 2, 3, 7, 4096] {
            assert!(split(text, step, Mode::default()).is_err(), "{text:?} in steps of {step}");
        }
    }

    #[test]
    fn nasty_41_quotes_by_mode() {
        each("a ';' \";\" `;` ; b;", &["a ';' \";\" `;` ;", "b;"]);
        each(r"a 'x\';' ; b;", &[r"a 'x\';' ;", "b;"]);
        each(r"a `x\`; b;", &[r"a `x\`;", "b;"]);
        each("a 'x'';' \"y\"\";\"; b;", &["a 'x'';' \"y\"\";\";", "b;"]);
        each_in(Mode { no_backslash: true, ..Mode::default() }, r"a 'x\'; b;", &[r"a 'x\';", "b;"]);
        each_in(Mode { ansi_quotes: true, ..Mode::default() }, "a \"x\\\"; b;", &["a \"x\\\";", "b;"]);
    }

    #[test]
    fn comments_of_every_kind() {
        each(
            "# a ; '\n-- b ; '\n--\n/* c ; ' /* */ x -- y ; '\n # z ;\n; b;",
            &["# a ; '\n-- b ; '\n--\n/* c ; ' /* */ x -- y ; '\n # z ;\n;", "b;"],
        );
        each("a 5--3; b --\n ;", &["a 5--3;", "b --\n ;"]);
        each("--odd comment ;\na;", &["--odd comment ;\na;"]);
        each("/*!40101 SET a='x' */;\r\nb;\r\n", &["/*!40101 SET a='x' */;", "b;"]);
        each(
            "/*M!999999\\- enable the sandbox mode */ \n-- x\na;",
            &["/*M!999999\\- enable the sandbox mode */ \n-- x\na;"],
        );
        each("/*!999999\\- enable the sandbox mode */\na;", &["/*!999999\\- enable the sandbox mode */\na;"]);
        none("a; --odd comment\nb;");
        none("/*+ a */ b;");
    }

    #[test]
    fn what_clients_and_servers_read_differently_stops() {
        none("/*!40101 a; b */;");
        none("/*!40101 a /* ; */ b */;");
        none("/*!40101 '*/' */;");
        none("/*!40101 a /*!50000 b */ */;");
        none("a \\! x;");
        none("\\. file\n");
        none("a\0b;");
        none("a '\0';");
        none("a DELIMITER b;");
        none("a; DELIMITER ;;\n");
        none("/* a */ DELIMITER ;;\n");
        none("DELIMITER '\n");
        none("DELIMITER end\n");
    }

    #[test]
    fn nasty_11_delimiters() {
        let text =
            "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (';;'); END ;;\nDELIMITER ;\nb;";
        each(
            text,
            &[
                "delimiter: DELIMITER ;;",
                "CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (';;'); END ;;",
                "delimiter: DELIMITER ;",
                "b;",
            ],
        );
        each("delimiter $$\na;b$$c d$$\n", &["delimiter: delimiter $$", "a;b$$", "c d$$"]);
        each(
            "DELIMITER //\na /* b // */ //\nDELIMITER ;",
            &["delimiter: DELIMITER //", "a /* b // */ //", "delimiter: DELIMITER ;"],
        );
        // A name that only begins so.
        each("a delimiters b;", &["a delimiters b;"]);
    }

    #[test]
    fn rows_are_seen_at_their_first_word() {
        each("-- c\ninsert  into t values (1)", &["insert: insert  into t values (1)"]);
        each("a;\nREPLACE INTO t", &["a;", "insert: REPLACE INTO t"]);
        each("inserts;", &["inserts;"]);
        // In a conditional comment they are a statement, which the list of heads refuses.
        each("/*!40000 INSERT INTO t VALUES (1) */;", &["/*!40000 INSERT INTO t VALUES (1) */;"]);
        each("/*!99999 */ INSERT INTO t VALUES (1);", &["/*!99999 */ INSERT INTO t VALUES (1);"]);
    }

    #[test]
    fn header_obliges_trailer() {
        let headers = |text: &str| {
            let mut s = Splitter::new();
            s.scan(text.as_bytes(), true).unwrap();
            s.headers
        };
        assert!(headers("-- MySQL dump 10.13  Distrib 5.7.44\n").open);
        let maria = headers("-- MySQL dump 10.19  Distrib 10.6.1-MariaDB, for x\n");
        assert!(maria.open && maria.maria);
        assert!(headers("-- MariaDB dump 10.19\n").maria);
        assert!(!headers("-- MariaDB dump 10.19\n-- Dump completed on x\n").open);
        assert!(!headers("-- MariaDB dump 10.19\n-- Dump completed").open);
        // In a statement it is no trailer.
        assert!(headers("-- MariaDB dump 10.19\na\n-- Dump completed\n").open);
        assert!(headers("-- phpMyAdmin SQL Dump\n-- Serverversie: 10.4.2-MariaDB\n").maria);
    }

    #[test]
    fn half_a_statement_is_seen() {
        each("a; b 'c;", &["a;", "cut: b 'c;"]);
        each("a; /* b", &["a;", "cut: /* b"]);
        each("a; /*! b */", &["a;", "cut: /*! b */"]);
        each("a; -- b", &["a;"]);
        let mut s = Splitter::new();
        assert!(s.scan("a".repeat(2 << 20).as_bytes(), false).is_err());
    }
}
