//! Splits SQL text into statements exactly where the sqlite3 shell does, since it is what loads the result.
//!
//! Follows `sqlite3_complete()`: `'…'`, `"…"` and backticks with doubled quotes, `[…]`, `--` and `/* */` comments (which do
//! not nest), and `CREATE [TEMP] TRIGGER`, which ends with `; END ;` only. Statements that begin with INSERT or REPLACE
//! are announced at that word, since they may be longer than memory. Refuses what the shell would read otherwise: dot
//! commands, NUL bytes, `go` or `/` alone on a line (its other terminators), and comments between statements that begin with
//! `/****`, by which `.dump` tells of errors.
//!
//! Incremental: text may arrive in pieces of any size; no byte is looked at twice but for short look-aheads.

use memchr::memchr;

use super::lexer::in_word;
use crate::error::{Error, Result};

/// What the splitter found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The text so far ends inside a statement, or in the blanks and comments before one.
    More,
    /// A statement ends before this offset (its `;` included).
    Statement(usize),
    /// An INSERT or REPLACE begins at this offset.
    Insert(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Top,
    Line,
    Block,
    /// A quoted token that this byte closes.
    Quote(u8),
}

/// The states of `sqlite3_complete()` (`complete.c`), EXPLAIN left out: no head of that kind passes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    Normal,
    Create,
    Trigger,
    Semicolon,
    End,
}

/// What a line may be, so far, that the shell takes for a statement's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineSoFar {
    /// Nothing but blanks.
    Blank,
    /// `go` or `/`, and blanks.
    Terminator,
    /// Something else.
    Other,
}

/// The scanner's state within one statement.
pub(super) struct Splitter {
    state: State,
    stage: Stage,
    line: LineSoFar,
    /// Where scanning goes on, relative to the statement's start.
    at: usize,
    /// Where the statement's first word stands; `None` while only blanks and comments were seen.
    first: Option<usize>,
    /// Whether an INSERT is a statement like others.
    whole_inserts: bool,
}

impl Splitter {
    pub(super) fn new() -> Self {
        Self {
            state: State::Top,
            stage: Stage::Start,
            line: LineSoFar::Blank,
            at: 0,
            first: None,
            whole_inserts: false,
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

    /// Starts the next statement.
    pub(super) fn restart(&mut self) {
        *self = Self::new();
    }

    /// Goes on to the end of the INSERT that was announced: it is one that heads look at, not one of rows.
    pub(super) fn whole_insert(&mut self) {
        self.whole_inserts = true;
    }

    /// Scans on. `text` begins at the statement's start; `end` says that nothing will follow it.
    ///
    /// # Errors
    /// What the shell reads otherwise; see the file's head. The place is `position()`.
    pub(super) fn scan(&mut self, text: &[u8], end: bool) -> Result<Found> {
        while self.at < text.len() {
            let rest = text.get(self.at..).unwrap_or_default();
            match self.state {
                State::Top => match self.top(rest, end)? {
                    Some(Found::More) => {}
                    Some(found) => return Ok(found),
                    None => return Ok(Found::More),
                },
                State::Line => self.until(memchr(b'\n', rest), rest),
                State::Block => match memchr::memmem::find(rest, b"*/") {
                    Some(i) => self.leave(i + 2),
                    None => {
                        // The star may be the last byte there is.
                        self.at += if end { rest.len() } else { rest.len() - 1 };
                        return Ok(Found::More);
                    }
                },
                State::Quote(close) => match memchr(close, rest) {
                    // A doubled quote closes and opens again: the same in effect.
                    Some(i) => self.leave(i + 1),
                    None => self.at += rest.len(),
                },
            }
        }
        if end && self.line == LineSoFar::Terminator {
            return Err(terminator());
        }
        Ok(Found::More)
    }

    /// Ends a line comment before its line end.
    fn until(&mut self, found: Option<usize>, rest: &[u8]) {
        match found {
            Some(i) => self.leave(i),
            None => self.at += rest.len(),
        }
    }

    fn leave(&mut self, skip: usize) {
        self.at += skip;
        self.state = State::Top;
    }

    fn enter(&mut self, state: State, skip: usize) {
        self.at += skip;
        self.state = state;
    }

    /// Reads tokens outside quotes and comments. `None`: more text is needed to tell.
    fn top(&mut self, rest: &[u8], end: bool) -> Result<Option<Found>> {
        let (Some(&c), next) = (rest.first(), rest.get(1).copied()) else { return Ok(None) };
        if matches!(c, b'-' | b'/') && next.is_none() && !end {
            return Ok(None);
        }
        match c {
            b'\n' => {
                self.line_ends()?;
                self.line = LineSoFar::Blank;
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
            b'-' if next == Some(b'-') => {
                self.line_ends()?;
                self.enter(State::Line, 2);
            }
            b'/' if next == Some(b'*') => return self.block(rest, end),
            b';' => return Ok(Some(self.semicolon())),
            _ => {
                self.first.get_or_insert(self.at);
                return self.token(rest, c, end);
            }
        }
        Ok(Some(Found::More))
    }

    fn block(&mut self, rest: &[u8], end: bool) -> Result<Option<Found>> {
        const TOLD: &[u8] = b"/****";
        if rest.len() < TOLD.len() && !end {
            return Ok(None);
        }
        if self.first.is_none() && rest.starts_with(TOLD) {
            return Err(Error::input("the dump tells of an error that `.dump` met")
                .hint("the database is damaged: mend it with `.recover`, then dump again"));
        }
        self.line_ends()?;
        self.line = LineSoFar::Other;
        self.enter(State::Block, 2);
        Ok(Some(Found::More))
    }

    /// Refuses `go` and `/` alone on a line inside of a statement; before one they are no known head.
    fn line_ends(&self) -> Result<()> {
        if self.line == LineSoFar::Terminator { Err(terminator()) } else { Ok(()) }
    }

    fn semicolon(&mut self) -> Found {
        self.at += 1;
        self.line = LineSoFar::Other;
        self.first.get_or_insert(self.at - 1);
        self.stage = match self.stage {
            Stage::Trigger | Stage::Semicolon => Stage::Semicolon,
            Stage::Start | Stage::Normal | Stage::Create | Stage::End => {
                return Found::Statement(self.at);
            }
        };
        Found::More
    }

    fn token(&mut self, rest: &[u8], c: u8, end: bool) -> Result<Option<Found>> {
        let mut line = LineSoFar::Other;
        match c {
            0 => return Err(Error::input("a NUL byte in SQL text").hint("the input may be UTF-16 or binary")),
            b'.' | b'#' | b'\\' if self.stage == Stage::Start => {
                return Err(Error::input("a command of the shell, which is no part of a dump")
                    .hint("only what `.dump` itself writes may pass"));
            }
            b'\'' | b'"' | b'`' => self.enter(State::Quote(c), 1),
            b'[' => self.enter(State::Quote(b']'), 1),
            _ if in_word(c) => {
                let len = rest.iter().position(|b| !in_word(*b)).unwrap_or(rest.len());
                if len == rest.len() && !end {
                    return wait(rest);
                }
                let word = rest.get(..len).unwrap_or_default();
                let is = |w: &[u8]| word.eq_ignore_ascii_case(w);
                if self.stage == Stage::Start && !self.whole_inserts && (is(b"insert") || is(b"replace")) {
                    return Ok(Some(Found::Insert(self.at)));
                }
                if is(b"go") && self.line == LineSoFar::Blank {
                    line = LineSoFar::Terminator;
                }
                self.stage = self.next_stage(word);
                self.at += len;
                self.line = line;
                return Ok(Some(Found::More));
            }
            b'/' if self.line == LineSoFar::Blank => {
                line = LineSoFar::Terminator;
                self.at += 1;
            }
            _ => self.at += 1,
        }
        self.line = line;
        self.stage = self.next_stage(b"");
        Ok(Some(Found::More))
    }

    /// Returns the stage behind a token; an empty word is any other token.
    fn next_stage(&self, word: &[u8]) -> Stage {
        let is = |w: &[u8]| word.eq_ignore_ascii_case(w);
        match self.stage {
            Stage::Start if is(b"create") => Stage::Create,
            Stage::Create if is(b"temp") || is(b"temporary") => Stage::Create,
            Stage::Create if is(b"trigger") => Stage::Trigger,
            Stage::Semicolon if is(b"end") => Stage::End,
            Stage::Start | Stage::Normal | Stage::Create => Stage::Normal,
            Stage::Trigger | Stage::Semicolon | Stage::End => Stage::Trigger,
        }
    }
}

/// Asks for more text behind a word, unless it is longer than any of a dump: it is looked at again with every read.
fn wait(word: &[u8]) -> Result<Option<Found>> {
    const LONGEST: usize = 1 << 20;
    if word.len() > LONGEST {
        return Err(
            Error::input("a word of SQL text is longer than 1 MiB").hint("the dump was cut or edited")
        );
    }
    Ok(None)
}

fn terminator() -> Error {
    Error::input("`go` or `/` alone on a line inside of a statement: the sqlite3 shell ends it there")
        .hint("join the line with the next")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits a text that arrives in pieces of `step` bytes.
    fn split(text: &str, step: usize) -> Result<Vec<&str>> {
        let (mut splitter, mut out) = (Splitter::new(), Vec::new());
        let (mut start, mut there) = (0, 0);
        loop {
            let end = there == text.len();
            match splitter.scan(&text.as_bytes()[start..there], end)? {
                Found::More if end => {
                    if splitter.is_blank() {
                        return Ok(out);
                    }
                    return Err(Error::input("half"));
                }
                Found::More => there = (there + step).min(text.len()),
                Found::Insert(_) => splitter.whole_insert(),
                Found::Statement(len) => {
                    out.push(text[start..start + len].trim());
                    start += len;
                    splitter.restart();
                }
            }
        }
    }

    #[test]
    fn nasty_11_statements_end_where_the_shell_ends_them() {
        let parts = [
            "PRAGMA foreign_keys=OFF;",
            "CREATE TABLE [a;b](\"c;\"\"d\" text default 'x;''y', `e;``f` int /* ; */ -- ;\n);",
            "INSERT INTO t VALUES(1,'a;b''c',replace('\\n;','\\n',char(10)));",
            "CREATE TRIGGER tr AFTER INSERT ON g BEGIN INSERT INTO s(x) VALUES('t;x'); \
             UPDATE s SET x=CASE WHEN 1 THEN 'a' ELSE 'b' END; end ; END;",
            "create temp trigger a before delete on b begin select 1; eNd/* x */\n;",
            "CREATE VIEW v AS SELECT 'END', \"trigger\" FROM t;",
            "/* x ; */ CREATE INDEX i ON t(a / b);",
            ";",
            "COMMIT;",
        ];
        let mut text = parts.join("\n");
        text.push_str("\n-- the end ;\n");
        // Inside of the first trigger, `; end ; END;` ends at `end ;`: what follows is a statement of its own.
        let mut wanted: Vec<&str> = parts.to_vec();
        let (trigger, end) = parts[3].split_at(parts[3].len() - " END;".len());
        wanted.splice(3..4, [trigger, end.trim()]);
        for step in [1, 2, 3, 7, 64, text.len()] {
            assert_eq!(split(&text, step).unwrap(), wanted, "steps of {step}");
        }
    }

    #[test]
    fn an_unfinished_statement_is_not_blank() {
        for text in
            ["CREATE TABLE t(a)", "CREATE TABLE t(a 'x;", "/* ;", "SELECT [;", "CREATE TRIGGER t; end", "a"]
        {
            for step in [1, 99] {
                assert!(split(text, step).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn what_the_shell_reads_otherwise_is_refused() {
        for text in [
            ".read x\n",
            "PRAGMA a=1;\n.echo on\n",
            "# comment\n",
            "\\connect x\n",
            "CREATE VIEW v AS SELECT 1\ngo\n;",
            "CREATE VIEW v AS SELECT 1\n  GO  \r\nINSERT INTO t VALUES(1);",
            "CREATE VIEW v AS SELECT 1\n/\n;",
            "CREATE VIEW v AS SELECT 1\n / -- x\n;",
            "CREATE VIEW v AS SELECT 1\ngo /* x */\n;",
            "CREATE VIEW v AS SELECT 1\ngo",
            "COMMIT;\0",
            "/**** ERROR: (11) database disk image is malformed *****/\nCOMMIT;",
            "/****** CORRUPTION ERROR *******/\nCOMMIT;",
        ] {
            for step in [1, 2, 99] {
                assert!(split(text, step).is_err(), "{text:?} in steps of {step}");
            }
        }
        for text in [
            "CREATE VIEW v AS SELECT 8\n/ 2 AS go\n, go\n FROM t;",
            "CREATE VIEW v AS SELECT 'x\ngo\n';",
            "/** fine */;",
        ] {
            for step in [1, 2, 99] {
                assert_eq!(split(text, step).unwrap().len(), 1, "{text:?} in steps of {step}");
            }
        }
    }

    #[test]
    fn inserts_are_announced_at_their_first_word() {
        let mut splitter = Splitter::new();
        assert_eq!(splitter.scan(b"\n -- x\n /* y */ inser", false).unwrap(), Found::More);
        let found = splitter.scan(b"\n -- x\n /* y */ insert INTO", false).unwrap();
        assert_eq!(found, Found::Insert(16));
        assert_eq!(splitter.first_word(), Some(16));
    }
}
