//! Statements of schemas that were written by hand, and of what `generate` writes around its rows: read where rows are made
//! from a schema, and nowhere else. There no row of the input goes on, so that it need not be a dump of pg_dump's own.
//!
//! Refuses what changes the tables in ways that are not read: anything not named here, and a DROP of what was defined.

use super::lexer::{Token, Tokens};
use super::ring;
use crate::row::shape::Facts;

/// What to do with others.
pub(super) const HINT: &str =
    "leave the statement out, or load the schema into a database and give its `pg_dump --schema-only`";

/// Returns whether a statement changes nothing of what is known of the tables.
pub(super) fn passes(text: &[u8], known: &Facts) -> bool {
    let mut tokens = Tokens::new(text);
    let first = tokens.word();
    match (first.as_str(), tokens.word().as_str()) {
        ("BEGIN" | "COMMIT" | "END", "" | "TRANSACTION" | "WORK") | ("START", "TRANSACTION") => true,
        ("SET", "CONSTRAINTS" | "LOCAL") => true,
        ("SET", _) => !is_read(&setting(text)),
        ("DO", _) => ring::is_ours(text),
        ("DROP", kind) => drops_nothing(kind, tokens, known),
        ("ANALYZE" | "VACUUM", _) => true,
        _ => false,
    }
}

/// Returns the parameter that a SET names.
fn setting(text: &[u8]) -> String {
    let mut tokens = Tokens::new(text);
    tokens.next();
    tokens.next_name()
}

/// Returns whether a parameter changes how the statements behind it are read.
fn is_read(parameter: &str) -> bool {
    matches!(
        parameter,
        "" | "search_path" | "client_encoding" | "standard_conforming_strings" | "names" | "schema" | "role"
    ) || parameter == "session"
}

/// Reads DROP: whether none of what it names was defined.
fn drops_nothing(kind: &str, mut tokens: Tokens<'_>, known: &Facts) -> bool {
    let mut kind = kind.to_owned();
    if kind == "MATERIALIZED" {
        kind = tokens.word();
    }
    let of_tables = match kind.as_str() {
        "TABLE" | "TYPE" | "DOMAIN" => true,
        "VIEW" | "FUNCTION" | "PROCEDURE" | "TRIGGER" | "RULE" | "EXTENSION" | "AGGREGATE" | "INDEX" => false,
        "SCHEMA" | "SEQUENCE" => return known.tables().is_empty(),
        _ => return false,
    };
    if !of_tables {
        // What a table is made of goes with none of these, but where they take it along.
        return !tokens
            .any(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(b"CASCADE")))
            || known.tables().is_empty();
    }
    if kind != "TABLE" {
        return known.tables().is_empty();
    }
    let mut names = Vec::new();
    for token in tokens {
        match token {
            Token::Word(name) => names.push(String::from_utf8_lossy(name).to_ascii_lowercase()),
            Token::Quoted(name) => names.push(String::from_utf8_lossy(name).into_owned()),
            _ => {}
        }
    }
    !known.tables().iter().any(|table| names.contains(&table.name.table))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::shape::{TableFacts, TableName};

    #[test]
    fn what_defines_nothing_passes() {
        let none = Facts::default();
        let mut known = Facts::default();
        let name = TableName { database: None, schema: Some("public".to_owned()), table: "t".to_owned() };
        known.add(TableFacts::named(name));
        for text in [
            "BEGIN;",
            "START TRANSACTION;",
            "COMMIT;",
            "SET foreign.key TO 1;",
            "DROP TABLE IF EXISTS a, b CASCADE;",
        ] {
            assert!(passes(text.as_bytes(), &none) && passes(text.as_bytes(), &known), "{text}");
        }
        for text in [
            "DROP TABLE t;",
            "DROP TABLE IF EXISTS public.\"t\" CASCADE;",
            "DROP TYPE x;",
            "DROP SCHEMA public CASCADE;",
        ] {
            assert!(!passes(text.as_bytes(), &known), "{text}");
            assert!(passes(text.as_bytes(), &none), "{text}");
        }
        for text in [
            "DO $$ BEGIN CREATE TYPE x AS ENUM ('a'); END $$;",
            "SET search_path TO x;",
            "SET ROLE x;",
            "ROLLBACK;",
            "UPDATE t SET a = 1;",
            "TRUNCATE t;",
        ] {
            assert!(!passes(text.as_bytes(), &none), "{text}");
        }
        let ours = ring::around(&Default::default(), &[(&known.tables()[0].name, &known.tables()[0].name)]);
        let ours = String::from_utf8([ours.0, ours.1].concat()).unwrap();
        for text in ours.split_inclusive("$;\n").flat_map(|part| match part.split_once(";\nSET") {
            Some((one, other)) => vec![format!("{one};"), format!("SET{other}")],
            None => vec![part.to_owned()],
        }) {
            let text = text.trim_start_matches(|c: char| c != 'D' && c != 'B' && c != 'S');
            assert!(text.is_empty() || passes(text.as_bytes(), &known), "{text}");
        }
    }
}
