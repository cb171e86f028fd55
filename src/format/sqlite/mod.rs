//! Text that `.dump` of the sqlite3 shell writes, all versions; so also `--preserve-rowids`, `--newlines`, `--nosys` and
//! single tables.
//!
//! The grammar, as the shell reads it:
//!
//! ```text
//! dump      = { blank | comment | statement | rows } end
//! statement = text ";"        split by `splitter`, admitted by `heads` (a closed list), facts read by `ddl`
//! rows      = a region of INSERT statements with one head: `format::insert`
//! end       = `BEGIN TRANSACTION;` obliges `COMMIT;`, and no statement is left half
//! ```
//!
//! What `.dump` writes and what becomes of it:
//!
//! - `PRAGMA foreign_keys=OFF;`, `user_version`, `application_id`, `encoding`: pass, from a list.
//! - CREATE TABLE, INDEX, VIEW, TRIGGER: definitions pass; their literals too, as in every format.
//! - `sqlite_sequence` and `sqlite_stat1`: names and counts; pass after a look at every value. A counter of
//!   AUTOINCREMENT that lies below masked keys does no harm: SQLite goes on from the highest of both.
//! - `sqlite_stat3`, `sqlite_stat4`: samples of values, so rows of a table that the profile must name.
//! - Virtual tables: refused for now. Their shadow tables hold copies of the text, and an index that does not fit its
//!   masked content cannot even be opened for a rebuild.
//! - `ROLLBACK; -- due to errors` and `/**** ERROR` comments: refused, rows are missing.
//!
//! Everything else stops the run: other heads, dot commands, NUL bytes, rows without a list of columns for a table that is
//! not known (`--data-only`), other databases' names, temporary objects, UTF-16, compressed bytes.

mod by_hand;
mod ddl;
mod emit;
mod heads;
mod lexer;
mod poison;
mod reader;
mod splitter;

pub use emit::SqliteEmit;

use crate::error::Result;
use crate::format::{Format, InputOptions, Reader};
use lexer::{Token, Tokens};

/// The format.
#[derive(Debug)]
pub struct Sqlite;

impl Format for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    /// Begins with a PRAGMA, or with a transaction and no comment: no other dump program's files do; or with CREATE, as what
    /// people write by hand does, and holds words that only SQLite has. A dump of rows alone has no mark of its own and must
    /// be named.
    fn sniff(&self, head: &[u8], _file_name: Option<&str>) -> bool {
        let mut tokens = Tokens::new(head);
        if tokens.keyword("PRAGMA") {
            return tokens.name().is_some() && tokens.symbol(b'=');
        }
        if tokens.keyword("CREATE") {
            return written_by_hand(tokens);
        }
        let bare = head.trim_ascii_start().first().is_some_and(|b| !matches!(b, b'-' | b'/'));
        let begins = tokens.keyword("BEGIN");
        tokens.keyword("TRANSACTION");
        let next = ["PRAGMA", "CREATE", "COMMIT", "ANALYZE"];
        bare && begins && tokens.symbol(b';') && next.iter().any(|word| tokens.keyword(word))
    }

    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>> {
        Ok(Box::new(reader::SqliteReader::new(options)))
    }
}

/// Says whether statements hold words that only SQLite has.
fn written_by_hand(tokens: Tokens<'_>) -> bool {
    let mut before: Option<Token<'_>> = None;
    for token in tokens {
        let behind = |word: &str| before.as_ref().is_some_and(|token| token.is(word));
        let closed = before == Some(Token::Symbol(b')'));
        if token.is("AUTOINCREMENT") || token.is("ROWID") && behind("WITHOUT") || token.is("STRICT") && closed
        {
            return true;
        }
        before = Some(token);
    }
    false
}

#[cfg(test)]
mod tests;
