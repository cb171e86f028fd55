//! The closed list of statement heads that may pass (DESIGN 6): what `.dump` writes, and of each the forms that it
//! writes. What is not on it stops the run: a statement may hold data (UPDATE, SELECT, CREATE TABLE AS), or send the
//! load elsewhere (ATTACH, TEMP objects that hide a table).
//!
//! Rows of the system tables, which the shell fills by INSERT: `sqlite_sequence` and `sqlite_stat1` pass if they hold names
//! and counts and nothing else; `sqlite_schema` (`sqlite_master`) is refused for now. `sqlite_stat3` and
//! `sqlite_stat4` hold samples of values: their rows are rows, and the profile must name the table.
//!
//! Never quotes a word of the input.

use super::lexer::{Token, Tokens};
use crate::error::{Error, Result};

/// What a statement is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// The transaction begins.
    Begin,
    /// The transaction ends well.
    Commit,
    /// CREATE TABLE: the catalogue reads it, then it passes.
    Table,
    /// CREATE UNIQUE INDEX: likewise.
    UniqueIndex,
    /// Passes unread.
    Pass,
}

/// Parameters that may be set, and to what: none changes how the rest is read, or where it goes.
const PRAGMAS: &[(&str, Setting)] = &[
    ("foreign_keys", Setting::Switch),
    ("writable_schema", Setting::Switch),
    ("defer_foreign_keys", Setting::Switch),
    ("legacy_file_format", Setting::Switch),
    ("user_version", Setting::Number),
    ("application_id", Setting::Number),
    ("page_size", Setting::Number),
    ("auto_vacuum", Setting::Number),
    ("encoding", Setting::Encoding),
];

#[derive(Clone, Copy)]
enum Setting {
    Switch,
    Number,
    Encoding,
}

/// Tables that the program itself keeps, and that are no rows of anybody: see the head of this file.
const SYSTEM: &[&str] = &["sqlite_schema", "sqlite_master", "sqlite_sequence", "sqlite_stat1"];

/// Says whether rows of a table are looked at here, whole, rather than masked.
pub(super) fn is_system(table: &str) -> bool {
    SYSTEM.iter().any(|name| name.eq_ignore_ascii_case(table))
}

/// Classifies a statement. `text` begins with its first word.
///
/// # Errors
/// A head that is not on the list.
pub(super) fn classify(text: &[u8]) -> Result<Head> {
    let mut tokens = Tokens::new(text);
    let Some(Token::Word(word)) = tokens.next() else { return Err(unknown()) };
    match word.to_ascii_uppercase().as_slice() {
        b"PRAGMA" => pragma(&mut tokens),
        b"BEGIN" => whole(&mut tokens, Head::Begin),
        b"COMMIT" => whole(&mut tokens, Head::Commit),
        b"ROLLBACK" => Err(Error::input("the dump ends with ROLLBACK: `.dump` met errors")
            .hint("the database is damaged: mend it with `.recover`, then dump again")),
        b"CREATE" => create(&mut tokens),
        b"ANALYZE" => {
            let schema = tokens.name().is_some_and(|n| is_schema(&n));
            pass_if(schema && tokens.is_over())
        }
        b"DELETE" => {
            let from = tokens.keyword("FROM");
            let sequence = tokens.name().is_some_and(|n| n.eq_ignore_ascii_case("sqlite_sequence"));
            pass_if(from && sequence && tokens.is_over())
        }
        b"INSERT" => system_rows(&mut tokens),
        _ => Err(unknown()),
    }
}

fn unknown() -> Error {
    Error::input("a statement that is no part of a sqlite3 .dump")
        .hint("only what `.dump` itself writes may pass")
}

fn pass_if(known: bool) -> Result<Head> {
    if known { Ok(Head::Pass) } else { Err(unknown()) }
}

/// `BEGIN` or `COMMIT`, maybe with `TRANSACTION`, and nothing else.
fn whole(tokens: &mut Tokens<'_>, head: Head) -> Result<Head> {
    tokens.keyword("TRANSACTION");
    if tokens.is_over() { Ok(head) } else { Err(unknown()) }
}

fn is_schema(table: &str) -> bool {
    ["sqlite_schema", "sqlite_master"].iter().any(|name| name.eq_ignore_ascii_case(table))
}

fn pragma(tokens: &mut Tokens<'_>) -> Result<Head> {
    let name = tokens.name().unwrap_or_default();
    let known = PRAGMAS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
    let Some((_, setting)) = known.filter(|_| tokens.symbol(b'=')) else {
        return Err(Error::input("a PRAGMA that `.dump` does not write")
            .hint("only what `.dump` itself writes may pass"));
    };
    tokens.symbol(b'-');
    let value = tokens.next();
    let text = match value {
        Some(Token::Number(digits)) => String::from_utf8_lossy(digits).into_owned(),
        Some(token) => token.name().unwrap_or_default(),
        None => String::new(),
    };
    let known = match setting {
        Setting::Switch => ["on", "off", "1", "0", "reset"].iter().any(|w| w.eq_ignore_ascii_case(&text)),
        Setting::Number => !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()),
        Setting::Encoding => {
            ["utf-8", "utf-16", "utf-16le", "utf-16be"].iter().any(|w| w.eq_ignore_ascii_case(&text))
        }
    };
    pass_if(known && tokens.is_over())
}

fn create(tokens: &mut Tokens<'_>) -> Result<Head> {
    if tokens.keyword("TABLE") {
        return Ok(Head::Table);
    }
    if tokens.keywords(&["UNIQUE", "INDEX"]) {
        return Ok(Head::UniqueIndex);
    }
    if tokens.keyword("INDEX") || tokens.keyword("VIEW") {
        return Ok(Head::Pass);
    }
    if tokens.keyword("TRIGGER") {
        // A trigger may have the name `begin`.
        tokens.keywords(&["IF", "NOT", "EXISTS"]);
        tokens.name();
        // What has no BEGIN ends at its first `;` to the parser, and what follows would be a statement of its own.
        let begins =
            tokens.find(|t| t.is("BEGIN") || *t == Token::Symbol(b';')).is_some_and(|t| t.is("BEGIN"));
        return pass_if(begins);
    }
    if tokens.keyword("TEMP") || tokens.keyword("TEMPORARY") {
        return Err(Error::input("a temporary object: it hides a table of the same name"));
    }
    if tokens.keyword("VIRTUAL") {
        return Err(Error::input("not yet: CREATE VIRTUAL TABLE outside of what `.dump` writes")
            .hint("`.dump` writes it as a row of `sqlite_schema`"));
    }
    Err(unknown())
}

/// Looks at an INSERT into a system table.
fn system_rows(tokens: &mut Tokens<'_>) -> Result<Head> {
    let table = if tokens.keyword("INTO") { tokens.name() } else { None }.unwrap_or_default();
    if is_schema(&table) {
        return Err(Error::input("not yet: virtual tables (full-text search and the like)")
            .hint("their shadow tables hold copies of the text, and an index that does not fit them cannot be opened: drop them before the dump, make them again behind the load"));
    }
    if !(tokens.keyword("VALUES") && tokens.symbol(b'(')) {
        return Err(unknown());
    }
    let values = tokens.brackets().unwrap_or_default();
    if !tokens.is_over() {
        return Err(unknown());
    }
    let comma = Token::Symbol(b',');
    let counts = match (table.to_ascii_lowercase().as_str(), values.as_slice()) {
        ("sqlite_sequence", [Token::Text(_), c, Token::Number(n)]) => *c == comma && is_digits(n),
        ("sqlite_stat1", [Token::Text(_), c, index, d, stat]) => {
            let named = matches!(index, Token::Text(_)) || index.is("NULL");
            *c == comma && *d == comma && named && is_statistic(stat)
        }
        _ => return Err(unknown()),
    };
    if counts {
        return Ok(Head::Pass);
    }
    Err(Error::input("a row of a system table that holds more than names and counts"))
}

fn is_digits(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Says whether a text is a `stat` of `sqlite_stat1`: numbers, and the words that its documentation gives
/// (fileformat2.html, "The sqlite_stat1 Table").
fn is_statistic(token: &Token<'_>) -> bool {
    let Some(text) = token.value() else { return false };
    text.split(|b| *b == b' ').all(|word| {
        is_digits(word)
            || matches!(word, b"unordered" | b"noskipscan")
            || word.strip_prefix(b"sz=").is_some_and(is_digits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> std::result::Result<Head, String> {
        classify(text.as_bytes()).map_err(|e| format!("{e} {:?}", e.hint_text()))
    }

    #[test]
    fn what_dump_writes_passes() {
        for (text, wanted) in [
            ("PRAGMA foreign_keys=OFF;", Head::Pass),
            ("pragma writable_schema = on;", Head::Pass),
            ("PRAGMA user_version = -7;", Head::Pass),
            ("PRAGMA encoding='UTF-16le';", Head::Pass),
            ("PRAGMA encoding=\"UTF-8\";", Head::Pass),
            ("BEGIN TRANSACTION;", Head::Begin),
            ("BEGIN;", Head::Begin),
            ("COMMIT;", Head::Commit),
            ("CREATE TABLE t(a);", Head::Table),
            ("CREATE UNIQUE INDEX i ON t(a);", Head::UniqueIndex),
            ("CREATE INDEX i ON t(a);", Head::Pass),
            ("CREATE VIEW v AS SELECT 1;", Head::Pass),
            ("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;", Head::Pass),
            ("ANALYZE sqlite_schema;", Head::Pass),
            ("ANALYZE sqlite_master;", Head::Pass),
            ("DELETE FROM sqlite_sequence;", Head::Pass),
            ("INSERT INTO sqlite_sequence VALUES('t',5);", Head::Pass),
            ("INSERT INTO \"sqlite_sequence\" VALUES('t',5);", Head::Pass),
            ("INSERT INTO sqlite_stat1 VALUES('t',NULL,'11');", Head::Pass),
            ("INSERT INTO sqlite_stat1 VALUES('t','i','11 2 unordered sz=40');", Head::Pass),
        ] {
            assert_eq!(head(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn nothing_else_passes() {
        for text in [
            "ROLLBACK; -- due to errors",
            "ROLLBACK;",
            "BEGIN IMMEDIATE;",
            "COMMIT AND CHAIN;",
            "END;",
            "PRAGMA journal_mode=WAL;",
            "PRAGMA case_sensitive_like=ON;",
            "PRAGMA user_version;",
            "PRAGMA user_version='x';",
            "PRAGMA writable_schema=maybe;",
            "PRAGMA encoding='LATIN1';",
            "PRAGMA main.user_version=1;",
            "CREATE TEMP TABLE t(a);",
            "CREATE TEMPORARY VIEW v AS SELECT 1;",
            "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;",
            "CREATE VIRTUAL TABLE f USING fts5(a);",
            "CREATE TRIGGER t; INSERT INTO a VALUES('x'); END;",
            "CREATE ROLE x;",
            "ATTACH 'x' AS y;",
            "UPDATE t SET a=1;",
            "DELETE FROM t;",
            "DELETE FROM sqlite_sequence WHERE 1;",
            "ANALYZE;",
            "ANALYZE t;",
            "SELECT 1;",
            "VACUUM;",
            "REINDEX;",
            "SAVEPOINT x;",
            "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a;",
            "DROP TABLE t;",
            "ALTER TABLE t RENAME TO u;",
            "EXPLAIN CREATE TABLE t(a);",
            "INSERT INTO sqlite_sequence VALUES('t','Kanarie');",
            "INSERT INTO sqlite_sequence VALUES('t',5),('u',6);",
            "INSERT INTO sqlite_sequence(name,seq) VALUES('t',5);",
            "INSERT INTO sqlite_stat1 VALUES('t','i','Kanarie');",
            "INSERT INTO sqlite_stat1 VALUES('t','i',X'00');",
            "INSERT INTO sqlite_stat4 VALUES('t','i','1','0','0',X'00');",
            "INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','f','f',0,'CREATE VIRTUAL TABLE f using fts5(b, x=''y'')');",
            "INSERT INTO sqlite_schema VALUES('table','f','f',0,'CREATE VIRTUAL TABLE f using fts5(b)');",
            "CREATE TRIGGER begin AFTER INSERT ON t; INSERT INTO t VALUES(2);",
            "INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','f','f',2,'CREATE VIRTUAL TABLE f using fts5(b)');",
            "INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','f','f',0,'CREATE TABLE f(b)');",
            "INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('view','f','f',0,'CREATE VIRTUAL TABLE f using fts5(b)');",
            "INSERT INTO t VALUES(1);",
            "Jansen, Piet;",
            "'x';",
            ";",
        ] {
            assert!(head(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nasty_28_no_word_of_the_input_is_quoted() {
        for text in [
            "Kanarievogel van Piet;",
            "PRAGMA Kanarie='Piet';",
            "INSERT INTO sqlite_stat1 VALUES('Kanarie','Piet','Kanarie');",
        ] {
            let said = head(text).unwrap_err();
            assert!(!said.contains("Kanarie") && !said.contains("Piet"), "{said}");
        }
    }
}
