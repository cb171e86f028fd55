//! Steps through the tokens of a definition. Errors name the table, never a token: a DEFAULT may hold data.

use super::super::lexer::{Item, Token};
use crate::error::{Error, Result};
use crate::message;
use crate::row::shape::TableName;

/// A place among the tokens of one statement.
#[derive(Clone)]
pub(super) struct Cursor<'i, 'a> {
    items: &'i [Item<'a>],
}

impl<'i, 'a> Cursor<'i, 'a> {
    pub(super) fn new(items: &'i [Item<'a>]) -> Self {
        Self { items }
    }

    /// Returns what is left.
    pub(super) fn items(&self) -> &'i [Item<'a>] {
        self.items
    }

    pub(super) fn is_end(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn peek(&self) -> Option<&'i Token<'a>> {
        self.items.first().map(|i| &i.token)
    }

    /// Returns the token behind the next one.
    pub(super) fn second(&self) -> Option<&'i Token<'a>> {
        self.items.get(1).map(|i| &i.token)
    }

    pub(super) fn next(&mut self) -> Option<&'i Token<'a>> {
        let (first, rest) = self.items.split_first()?;
        self.items = rest;
        Some(&first.token)
    }

    pub(super) fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|t| t.is(word))
    }

    pub(super) fn sees_symbol(&self, symbol: u8) -> bool {
        self.peek() == Some(&Token::Symbol(symbol))
    }

    /// Steps over a word if it is this one.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.sees(word);
        if found {
            self.next();
        }
        found
    }

    /// Steps over words if all stand there.
    pub(super) fn words(&mut self, words: &[&str]) -> bool {
        let found =
            words.iter().zip(self.items).all(|(w, i)| i.token.is(w)) && words.len() <= self.items.len();
        if found {
            self.items = self.items.get(words.len()..).unwrap_or_default();
        }
        found
    }

    /// Steps over a byte.
    pub(super) fn symbol(&mut self, symbol: u8) -> bool {
        let found = self.sees_symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Something else stands there, or it is not UTF-8.
    pub(super) fn name(&mut self) -> Result<String> {
        self.next().and_then(Token::name).ok_or_else(not_understood)
    }

    /// Reads `table` or `database.table`; a table without a database is one of `current`.
    ///
    /// # Errors
    /// Something else stands there.
    pub(super) fn table(&mut self, current: Option<&str>) -> Result<TableName> {
        let first = self.name()?;
        if !self.symbol(b'.') {
            return Ok(TableName::new(current, &first));
        }
        Ok(TableName::new(Some(&first), &self.name()?))
    }

    /// Reads `( … )` and returns what stands between the parentheses.
    ///
    /// # Errors
    /// No parenthesis stands there, or a conditional comment holds one side of a pair.
    pub(super) fn group(&mut self) -> Result<&'i [Item<'a>]> {
        let open =
            self.items.first().filter(|i| i.token == Token::Symbol(b'(')).ok_or_else(not_understood)?;
        let mut depth = 0_usize;
        for (at, item) in self.items.iter().enumerate() {
            match item.token {
                Token::Symbol(b'(') => depth += 1,
                Token::Symbol(b')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                if item.comment != open.comment {
                    return Err(super::super::lexer::hidden());
                }
                let (inside, rest) = self.items.split_at(at);
                self.items = rest.get(1..).unwrap_or_default();
                return Ok(inside.get(1..).unwrap_or_default());
            }
        }
        Err(not_understood())
    }
}

/// Splits at the commas that stand in no parentheses. Each part must begin outside of any conditional comment that the
/// list does not stand in itself: a part that only some servers read would shift the others.
///
/// # Errors
/// A conditional comment holds a comma or the start of a part.
pub(super) fn parts<'i, 'a>(items: &'i [Item<'a>]) -> Result<Vec<&'i [Item<'a>]>> {
    let mut parts = Vec::new();
    let Some(comment) = items.first().map(|i| i.comment) else { return Ok(parts) };
    let (mut depth, mut start) = (0_usize, 0);
    for (at, item) in items.iter().enumerate() {
        match item.token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => depth = depth.saturating_sub(1),
            Token::Symbol(b',') if depth == 0 => {
                let next = items.get(at + 1).map(|i| i.comment);
                if item.comment != comment || next != Some(comment) {
                    return Err(super::super::lexer::hidden());
                }
                parts.push(items.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(items.get(start..).unwrap_or_default());
    Ok(parts)
}

/// Makes the error for a form that this program does not read.
pub(super) fn not_understood() -> Error {
    Error::input("a definition is not understood").hint(
        "a schema statement that is not understood stops the run; dump it with mysqldump or mariadb-dump",
    )
}

/// Adds the table to an error.
pub(super) fn of_table(error: Error, table: &TableName) -> Error {
    let shown = message!("{}", table);
    error.at(|at| at.table = Some(shown))
}
