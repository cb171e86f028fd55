//! The closed list of statement heads that may pass (DESIGN 6). What is not on it stops the run: a statement may hold
//! data (UPDATE, DO, `lo_write`), secrets (USER MAPPING, SUBSCRIPTION, ROLE) or send the load elsewhere.
//!
//! Never quotes a word of the input unless it is a keyword of this file: behind a shifted COPY block the "head" of a
//! statement may be a person's name.

use super::lexer::{Token, Tokens};
use crate::error::{Error, Result};
use crate::message;

/// What a statement is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// `COPY … FROM stdin`: rows follow.
    Copy,
    /// CREATE or ALTER: the catalogue reads it, then it passes.
    Ddl,
    /// Passes unread.
    Pass,
    /// `SET standard_conforming_strings`: on or off.
    StandardStrings(bool),
}

/// Parameters that pg_dump sets; any other could change how the rest is read.
const PARAMETERS: &[&str] = &[
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
    "check_function_bodies",
    "xmloption",
    "client_min_messages",
    "row_security",
    "default_tablespace",
    "default_table_access_method",
    "default_with_oids",
    "default_toast_compression",
    "escape_string_warning",
    "session_replication_role",
];

/// Kinds of objects whose CREATE, ALTER or COMMENT holds neither rows nor secrets.
const OBJECTS: &[&str] = &[
    "ACCESS METHOD",
    "AGGREGATE",
    "CAST",
    "COLLATION",
    "CONSTRAINT TRIGGER",
    "CONVERSION",
    "DEFAULT PRIVILEGES",
    "DOMAIN",
    "EVENT TRIGGER",
    "EXTENSION",
    "FOREIGN DATA WRAPPER",
    "FOREIGN TABLE",
    "FUNCTION",
    "INDEX",
    "LANGUAGE",
    "MATERIALIZED VIEW",
    "OPERATOR",
    "POLICY",
    "PROCEDURAL LANGUAGE",
    "PROCEDURE",
    "PUBLICATION",
    "ROUTINE",
    "RULE",
    "SCHEMA",
    "SEQUENCE",
    "STATISTICS",
    "TABLE",
    "TEXT SEARCH",
    "TRANSFORM",
    "TRIGGER",
    "TYPE",
    "VIEW",
];

/// Kinds that hold secrets or connections: they need a decision under `objects:`.
const SECRETS: &[&str] = &[
    "SERVER",
    "USER MAPPING",
    "SUBSCRIPTION",
    "ROLE",
    "USER",
    "GROUP",
    "DATABASE",
    "TABLESPACE",
    "LARGE OBJECT",
];

/// Words between CREATE and the kind of object.
const MODIFIERS: &[&str] =
    &["OR", "REPLACE", "UNIQUE", "UNLOGGED", "TEMP", "TEMPORARY", "GLOBAL", "LOCAL", "TRUSTED", "RECURSIVE"];

/// Heads that will be read some day.
const NOT_YET: &[(&str, &str)] = &[
    ("DROP", "dump without --clean"),
    ("BEGIN", "dump without large objects (--no-blobs)"),
    ("COMMIT", "dump without large objects (--no-blobs)"),
];

/// Classifies a statement. `text` begins with its first word.
///
/// # Errors
/// A head that is not on the list.
pub(super) fn classify(text: &[u8]) -> Result<Head> {
    let mut tokens = Tokens::new(text);
    let first = tokens.word();
    match first.as_str() {
        "COPY" => Ok(Head::Copy),
        "CREATE" => object(&mut tokens, true),
        "ALTER" => {
            let head = object(&mut tokens.clone(), false)?;
            same_names(&mut tokens)?;
            Ok(head)
        }
        "COMMENT" => comment(&mut tokens),
        "SECURITY" | "GRANT" | "REVOKE" => Ok(Head::Pass),
        "REFRESH" if tokens.word() == "MATERIALIZED" => Ok(Head::Pass),
        "SET" => set(&mut tokens),
        "SELECT" => select(&mut tokens),
        word => {
            if let Some((head, hint)) = NOT_YET.iter().find(|(head, _)| *head == word) {
                return Err(Error::input(message!("not yet: `{}` statements", *head)).hint(*hint));
            }
            Err(unknown())
        }
    }
}

fn unknown() -> Error {
    Error::input("a statement that is no part of a plain pg_dump")
        .hint("only what pg_dump itself writes may pass")
}

fn object(tokens: &mut Tokens<'_>, create: bool) -> Result<Head> {
    let mut kind = tokens.word();
    while create && MODIFIERS.contains(&kind.as_str()) {
        kind = tokens.word();
    }
    let two = format!("{kind} {}", tokens.clone().word());
    let three = {
        let mut ahead = tokens.clone();
        format!("{two} {}", {
            ahead.word();
            ahead.word()
        })
    };
    let named = |list: &[&'static str]| list.iter().copied().find(|o| *o == kind || *o == two || *o == three);
    if let Some(secret) = named(SECRETS) {
        return Err(Error::input(message!(
            "`{}` needs a decision: it can hold secrets or another database",
            secret
        ))
        .hint("`objects:` needs a later version of standin; dump without it"));
    }
    match named(OBJECTS) {
        Some(_) => Ok(Head::Ddl),
        None => Err(unknown()),
    }
}

/// Refuses what gives a table another name: `ALTER INDEX` and its like rename tables too, and the catalogue reads only
/// ALTER TABLE, TYPE and DOMAIN, where it refuses this itself (and where `rename` may be a column).
fn same_names(tokens: &mut Tokens<'_>) -> Result<()> {
    let kind = tokens.clone().word();
    if matches!(kind.as_str(), "TABLE" | "TYPE" | "DOMAIN") {
        return Ok(());
    }
    let mut before = String::new();
    for token in tokens.by_ref() {
        let Token::Word(word) = token else {
            before.clear();
            continue;
        };
        let word = String::from_utf8_lossy(word).to_ascii_uppercase();
        if matches!((before.as_str(), word.as_str()), ("RENAME", "TO") | ("SET", "SCHEMA")) {
            return Err(Error::input("an object is renamed or moved to another schema")
                .hint("only what pg_dump itself writes may pass"));
        }
        before = word;
    }
    Ok(())
}

fn comment(tokens: &mut Tokens<'_>) -> Result<Head> {
    if tokens.word() == "ON" { Ok(Head::Pass) } else { Err(unknown()) }
}

fn set(tokens: &mut Tokens<'_>) -> Result<Head> {
    let name = tokens.next_name();
    if name == "session" && tokens.clone().word() == "AUTHORIZATION" {
        return Ok(Head::Pass);
    }
    let sign = matches!(tokens.next(), Some(Token::Symbol(b'=')) | Some(Token::Word(b"TO" | b"to")));
    let first = tokens.clone().next();
    let value = tokens.next_name();
    match name.as_str() {
        _ if !sign => Err(unknown()),
        "standard_conforming_strings" if value == "on" => Ok(Head::StandardStrings(true)),
        "standard_conforming_strings" if value == "off" => Ok(Head::StandardStrings(false)),
        "client_encoding" if matches!(value.to_ascii_lowercase().as_str(), "utf8" | "utf-8" | "unicode") => {
            Ok(Head::Pass)
        }
        "client_encoding" => Err(Error::input("not yet: a dump whose client encoding is not UTF-8")
            .hint("dump with `pg_dump --encoding=UTF8`")),
        "search_path" => search_path(first, tokens),
        known if PARAMETERS.contains(&known) => Ok(Head::Pass),
        _ => Err(Error::input("a SET of a parameter that pg_dump does not set")),
    }
}

fn select(tokens: &mut Tokens<'_>) -> Result<Head> {
    let mut name = tokens.next_name();
    if matches!(tokens.clone().next(), Some(Token::Symbol(b'.'))) && name == "pg_catalog" {
        tokens.next();
        name = tokens.next_name();
    }
    let call = matches!(tokens.next(), Some(Token::Symbol(b'(')));
    match name.as_str() {
        "setval" if call => one_call(tokens),
        "set_config" if call && tokens.next_name() == "search_path" => {
            if tokens.next() != Some(Token::Symbol(b',')) {
                return Err(unknown());
            }
            schema(tokens.next())?;
            one_call(tokens)
        }
        "lo_create" | "lo_open" | "lowrite" | "lo_close" | "lo_unlink" if call => {
            Err(Error::input("not yet: large objects").hint("dump with --no-blobs"))
        }
        "pg_restore_relation_stats" | "pg_restore_attribute_stats" if call => {
            Err(Error::input("not yet: statistics in the dump; they hold values")
                .hint("dump with --no-statistics"))
        }
        _ => Err(unknown()),
    }
}

/// Reads the list of `SET search_path`, whose first element was read.
fn search_path(first: Option<Token<'_>>, tokens: &mut Tokens<'_>) -> Result<Head> {
    schema(first)?;
    loop {
        match tokens.next() {
            Some(Token::Symbol(b',')) => schema(tokens.next())?,
            Some(Token::Symbol(b';')) => return Ok(Head::Pass),
            _ => return Err(unknown()),
        }
    }
}

/// Refuses a search path by which a name without its schema means a table of another schema than `public`: it would be
/// masked by the rules of another table.
fn schema(name: Option<Token<'_>>) -> Result<()> {
    let known = |name: &[u8]| matches!(name, b"public" | b"pg_catalog");
    match name {
        Some(Token::Word(name)) if known(&name.to_ascii_lowercase()) => return Ok(()),
        Some(Token::Quoted(name) | Token::Text(name)) if known(name) || name.is_empty() => return Ok(()),
        _ => {}
    }
    Err(Error::input("not yet: a search_path other than '', public or pg_catalog")
        .hint("dump with a pg_dump of 10.3, 9.6.8 or later, which writes every name with its schema"))
}

/// Checks that nothing but the arguments of one call stands in the statement: literals, no further function.
fn one_call(tokens: &mut Tokens<'_>) -> Result<Head> {
    loop {
        match tokens.next() {
            Some(Token::Symbol(b')')) => break,
            Some(Token::Symbol(b',' | b'-')) | Some(Token::Text(_) | Token::Number) => {}
            Some(Token::Word(w)) if w.eq_ignore_ascii_case(b"true") || w.eq_ignore_ascii_case(b"false") => {}
            _ => return Err(unknown()),
        }
    }
    match (tokens.next(), tokens.next()) {
        (Some(Token::Symbol(b';')), None) => Ok(Head::Pass),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> std::result::Result<Head, String> {
        classify(text.as_bytes()).map_err(|e| e.to_string())
    }

    #[test]
    fn what_pg_dump_writes_passes() {
        for text in [
            "SET statement_timeout = 0;",
            "SET client_encoding = 'UTF8';",
            "SET default_tablespace = '';",
            "SET search_path = public, pg_catalog;",
            "SET search_path TO '';",
            "SET SESSION AUTHORIZATION 'x';",
            "SELECT pg_catalog.set_config('search_path', '', false);",
            "SELECT pg_catalog.setval('public.\"Seq\"', -15, true);",
            "REFRESH MATERIALIZED VIEW a.b;",
            "COMMENT ON TABLE a IS 'x';",
            "GRANT ALL ON TABLE a TO b;",
        ] {
            assert_eq!(head(text), Ok(Head::Pass), "{text}");
        }
        for text in [
            "CREATE TABLE a (b int);",
            "ALTER TABLE ONLY a ADD CONSTRAINT c PRIMARY KEY (b);",
            "create unlogged table a();",
            "CREATE OR REPLACE PROCEDURAL LANGUAGE x;",
            "CREATE UNIQUE INDEX a ON b USING btree (c);",
            "ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT y;",
            "CREATE TEXT SEARCH CONFIGURATION a;",
            "CREATE CONSTRAINT TRIGGER x;",
        ] {
            assert_eq!(head(text), Ok(Head::Ddl), "{text}");
        }
        // A column may be called so.
        assert_eq!(head("ALTER TABLE ONLY a ALTER COLUMN rename SET DEFAULT 1;"), Ok(Head::Ddl));
        assert_eq!(head("ALTER INDEX a ATTACH PARTITION b;"), Ok(Head::Ddl));
        assert_eq!(head("COPY a (b) FROM stdin;"), Ok(Head::Copy));
        assert_eq!(head("SET standard_conforming_strings = off;"), Ok(Head::StandardStrings(false)));
        assert_eq!(head("SET standard_conforming_strings = 'on';"), Ok(Head::StandardStrings(true)));
    }

    #[test]
    fn everything_else_stops() {
        for text in [
            "DO $$ x $$;",
            "UPDATE a SET b = 1;",
            "DELETE FROM a;",
            "MERGE INTO a USING b;",
            "CALL f();",
            "SELECT * FROM a;",
            "SELECT setval('a', (SELECT 1));",
            "SELECT setval('a', 1), f();",
            "SELECT setval('a', 1); x",
            "SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);",
            "SELECT other.setval('a', 1);",
            "WITH x AS (SELECT 1) SELECT 1;",
            "TRUNCATE a;",
            "SET backslash_quote = on;",
            "SET search_path = crm, pg_catalog;",
            "SET search_path = public, crm;",
            "SET search_path = \"$user\", public;",
            "SET search_path TO DEFAULT;",
            "SET search_path = 1;",
            "SET search_path = ;",
            "SET search_path = public, 1;",
            "SET search_path = pg_catalog x;",
            "SELECT pg_catalog.set_config('search_path', 'crm', false);",
            "SELECT pg_catalog.set_config('search_path' 'x', '', false);",
            "ALTER INDEX public.customers RENAME TO other;",
            "ALTER SCHEMA crm RENAME TO public;",
            "ALTER VIEW a.b SET SCHEMA c;",
            "ALTER SEQUENCE a rename /* x */ to b;",
            "SET client_encoding = 'LATIN1';",
            "SET LOCAL client_encoding = 'UTF8';",
            "CREATE USER MAPPING FOR a SERVER b OPTIONS (password 'x');",
            "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;",
            "CREATE ROLE x;",
            "ALTER ROLE x PASSWORD 'y';",
            "CREATE DATABASE x;",
            "ALTER LARGE OBJECT 1 OWNER TO x;",
            "DROP TABLE a;",
            "Jansen, Piet;",
            ";",
        ] {
            assert!(head(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nasty_28_no_word_of_the_input_is_quoted() {
        let text = head("Kanarievogel van Piet;").unwrap_err();
        assert!(!text.contains("Kanarie") && !text.contains("Piet"), "{text}");
    }
}
