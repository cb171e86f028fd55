//! The closed list of statement heads that may pass (DESIGN 6). What is not on it stops the run: a statement may hold
//! data (UPDATE, DO, `lo_write`), secrets (USER MAPPING, SUBSCRIPTION, ROLE; see `opaque`) or send the load elsewhere.
//!
//! Never quotes a word of the input unless it is a keyword of this file: behind a shifted COPY block the "head" of a
//! statement may be a person's name.

use super::lexer::{Token, Tokens};
use super::opaque::{self, Opaque};
use crate::error::{Error, Result};
use crate::format::charset::{self, Charset};
use crate::row::object::ObjectClass;

/// What a statement is to the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// `COPY … FROM stdin`: rows follow.
    Copy,
    /// CREATE or ALTER: the catalogue reads it, then it passes.
    Ddl,
    /// Passes unread.
    Pass,
    /// `SET standard_conforming_strings`: on or off.
    StandardStrings(bool),
    /// `SET client_encoding`: the character set of what follows.
    Encoding(&'static Charset),
    /// The profile decides.
    Opaque(Opaque),
    /// DROP: passes where nothing is known yet, as `--clean` writes it.
    Drop,
    /// Makes, changes or drops a database, a tablespace, or what one database means to a role: no part of one database's
    /// dump.
    Database {
        /// The database that it makes.
        made: Option<String>,
        /// What the profile decides besides.
        opaque: Option<Opaque>,
    },
    /// BEGIN or COMMIT around large objects.
    Transaction {
        /// BEGIN.
        begins: bool,
    },
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
    "default_transaction_read_only",
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

/// Kinds that hold secrets or connections, or are no part of one database: `special` reads them.
const SPECIAL: &[&str] = &[
    "SERVER",
    "FOREIGN DATA WRAPPER",
    "USER MAPPING",
    "SUBSCRIPTION",
    "ROLE",
    "DATABASE",
    "TABLESPACE",
    "LARGE OBJECT",
];

/// Words between CREATE and the kind of object.
const MODIFIERS: &[&str] =
    &["OR", "REPLACE", "UNIQUE", "UNLOGGED", "TEMP", "TEMPORARY", "GLOBAL", "LOCAL", "TRUSTED", "RECURSIVE"];

/// Classifies a statement. `text` begins with its first word.
///
/// # Errors
/// A head that is not on the list.
pub(super) fn classify(text: &[u8]) -> Result<Head> {
    let mut tokens = Tokens::new(text);
    let first = tokens.word();
    match first.as_str() {
        "COPY" => Ok(Head::Copy),
        "CREATE" => object(text, &mut tokens, true),
        "ALTER" => {
            let head = object(text, &mut tokens.clone(), false)?;
            same_names(&mut tokens)?;
            Ok(head)
        }
        "COMMENT" if tokens.clone().word() == "ON" => opaque::about(text, &mut tokens, true),
        "SECURITY" if tokens.word() == "LABEL" => opaque::about(text, &mut tokens, true),
        "GRANT" | "REVOKE" => opaque::about(text, &mut tokens, false),
        "DROP" => drop(&mut tokens),
        "BEGIN" | "COMMIT" if tokens.next() == Some(Token::Symbol(b';')) && tokens.next().is_none() => {
            Ok(Head::Transaction { begins: first == "BEGIN" })
        }
        "UPDATE" => template(&mut tokens),
        "REFRESH" if tokens.word() == "MATERIALIZED" => Ok(Head::Pass),
        "SET" => set(&mut tokens),
        // Behind rights that somebody else has granted.
        "RESET" if tokens.word() == "SESSION" && tokens.word() == "AUTHORIZATION" => {
            let ends = (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None);
            if ends { Ok(Head::Pass) } else { Err(unknown()) }
        }
        "SELECT" => select(text, &mut tokens),
        _ => Err(unknown()),
    }
}

/// Makes the error of a statement that is not on the list.
pub(super) fn unknown() -> Error {
    Error::input("a statement that is no part of a plain pg_dump")
        .hint("only what pg_dump itself writes may pass")
}

fn object(text: &[u8], tokens: &mut Tokens<'_>, create: bool) -> Result<Head> {
    let mut kind = tokens.word();
    while create && MODIFIERS.contains(&kind.as_str()) {
        kind = tokens.word();
    }
    match kind_of(&kind, tokens) {
        Some(special) if SPECIAL.contains(&special) => {
            // Its words but the first, which was read.
            special.split(' ').skip(1).for_each(|_| drop_token(tokens));
            self::special(text, special, tokens, create)
        }
        Some("SCHEMA") if create => new_schema(tokens),
        Some(_) => Ok(Head::Ddl),
        None => Err(unknown()),
    }
}

/// Reads the rest of CREATE SCHEMA: a name and an owner, and none of the objects that may stand in it.
fn new_schema(tokens: &mut Tokens<'_>) -> Result<Head> {
    for _ in 0..7 {
        match tokens.next() {
            Some(Token::Word(word))
                if word.eq_ignore_ascii_case(b"CREATE") || word.eq_ignore_ascii_case(b"GRANT") =>
            {
                break;
            }
            Some(Token::Word(_) | Token::Quoted(_)) => {}
            Some(Token::Symbol(b';')) if tokens.next().is_none() => return Ok(Head::Ddl),
            _ => break,
        }
    }
    Err(unknown())
}

fn drop_token(tokens: &mut Tokens<'_>) {
    tokens.next();
}

/// Finds the kind of object in the lists, of one to three words; the first was read.
fn kind_of(kind: &str, tokens: &Tokens<'_>) -> Option<&'static str> {
    let two = format!("{kind} {}", tokens.clone().word());
    let three = {
        let mut ahead = tokens.clone();
        format!("{two} {}", {
            ahead.word();
            ahead.word()
        })
    };
    let named = |list: &[&'static str]| list.iter().copied().find(|o| *o == kind || *o == two || *o == three);
    named(SPECIAL).or_else(|| named(OBJECTS))
}

/// Reads CREATE or ALTER of what holds secrets or is no part of one database.
fn special(text: &[u8], kind: &str, tokens: &mut Tokens<'_>, create: bool) -> Result<Head> {
    let whole = |class| Ok(Head::Opaque(Opaque::whole(text, class)));
    match kind {
        "ROLE" => opaque::role(text, tokens),
        "USER MAPPING" if create => whole(&[ObjectClass::Connections]),
        "SUBSCRIPTION" => whole(&[ObjectClass::Connections]),
        "LARGE OBJECT" if !create => whole(&[ObjectClass::LargeObjects]),
        "SERVER" | "FOREIGN DATA WRAPPER" if create => opaque::options(text, tokens),
        "SERVER" | "FOREIGN DATA WRAPPER" => opaque::owner(tokens).map(|()| Head::Pass),
        "DATABASE" => database(text, tokens, create),
        "TABLESPACE" => Ok(Head::Database { made: None, opaque: None }),
        _ => Err(unknown()),
    }
}

/// Reads CREATE DATABASE with its options, or ALTER DATABASE with its owner, options or settings.
fn database(text: &[u8], tokens: &mut Tokens<'_>, create: bool) -> Result<Head> {
    let name = match tokens.next() {
        Some(Token::Word(name)) => name.to_ascii_lowercase(),
        Some(Token::Quoted(name)) => name.to_vec(),
        _ => return Err(unknown()),
    };
    if !create && tokens.clone().word() == "SET" {
        return Ok(match opaque::setting(text, tokens)? {
            Head::Opaque(opaque) => Head::Database { made: None, opaque: Some(opaque) },
            _ => Head::Database { made: None, opaque: None },
        });
    }
    loop {
        match tokens.next() {
            Some(Token::Word(_) | Token::Quoted(_) | Token::Text(_) | Token::Number) => {}
            Some(Token::Symbol(b'=' | b'-')) => {}
            Some(Token::Symbol(b';')) if tokens.next().is_none() => break,
            _ => return Err(unknown()),
        }
    }
    let made = if create { Some(String::from_utf8(name).map_err(|_| unknown())?) } else { None };
    Ok(Head::Database { made, opaque: None })
}

/// Reads DROP: anything whose CREATE may pass.
fn drop(tokens: &mut Tokens<'_>) -> Result<Head> {
    let kind = tokens.word();
    match kind_of(&kind, tokens) {
        Some("DATABASE" | "TABLESPACE") => Ok(Head::Database { made: None, opaque: None }),
        Some("LARGE OBJECT") | None => Err(unknown()),
        Some(_) => Ok(Head::Drop),
    }
}

/// Reads the one UPDATE that `pg_dumpall --clean` writes: a template database must be none before it is dropped.
fn template(tokens: &mut Tokens<'_>) -> Result<Head> {
    let words = [
        Token::Word(b"pg_catalog"),
        Token::Symbol(b'.'),
        Token::Word(b"pg_database"),
        Token::Word(b"SET"),
        Token::Word(b"datistemplate"),
        Token::Symbol(b'='),
        Token::Word(b"false"),
        Token::Word(b"WHERE"),
        Token::Word(b"datname"),
        Token::Symbol(b'='),
    ];
    let same = words.into_iter().all(|wanted| tokens.next() == Some(wanted));
    let name = matches!(tokens.next(), Some(Token::Text(_)));
    if same && name && (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None) {
        Ok(Head::Database { made: None, opaque: None })
    } else {
        Err(unknown())
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

fn set(tokens: &mut Tokens<'_>) -> Result<Head> {
    let name = tokens.next_name();
    if name == "session" && tokens.clone().word() == "AUTHORIZATION" {
        return Ok(Head::Pass);
    }
    if name == "role" && matches!(tokens.clone().next(), Some(Token::Word(_) | Token::Quoted(_))) {
        tokens.next();
        let ends = (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None);
        return if ends { Ok(Head::Pass) } else { Err(unknown()) };
    }
    let sign = matches!(tokens.next(), Some(Token::Symbol(b'=')) | Some(Token::Word(b"TO" | b"to")));
    let first = tokens.clone().next();
    let value = tokens.next_name();
    match name.as_str() {
        _ if !sign => Err(unknown()),
        "standard_conforming_strings" if value == "on" => Ok(Head::StandardStrings(true)),
        "standard_conforming_strings" if value == "off" => Ok(Head::StandardStrings(false)),
        "client_encoding" => match charset::named(&value) {
            Some(set) if (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None) => {
                Ok(Head::Encoding(set))
            }
            Some(_) => Err(unknown()),
            None => Err(Error::input("a client encoding that is not read")
                .hint("dump with `pg_dump --encoding=UTF8`; the server converts")),
        },
        "search_path" => search_path(first, tokens),
        known if PARAMETERS.contains(&known) => Ok(Head::Pass),
        _ => Err(Error::input("a SET of a parameter that pg_dump does not set")),
    }
}

fn select(text: &[u8], tokens: &mut Tokens<'_>) -> Result<Head> {
    if tokens.clone().next() == Some(Token::Symbol(b'*')) {
        return opaque::statistics(text, tokens);
    }
    let mut name = tokens.next_name();
    if matches!(tokens.clone().next(), Some(Token::Symbol(b'.'))) && name == "pg_catalog" {
        tokens.next();
        name = tokens.next_name();
    }
    let call = matches!(tokens.next(), Some(Token::Symbol(b'(')));
    match name.as_str() {
        "setval" if call => {
            // Of the table and column that it numbers, as `generate` writes it.
            owned_sequence(tokens);
            one_call(tokens)
        }
        "set_config" if call && tokens.next_name() == "search_path" => {
            if tokens.next() != Some(Token::Symbol(b',')) {
                return Err(unknown());
            }
            schema(tokens.next())?;
            one_call(tokens)
        }
        "lo_create" | "lo_open" | "lowrite" | "lo_close" | "lo_unlink" if call => {
            opaque::large_object(text, &name, tokens)
        }
        _ => Err(unknown()),
    }
}

/// Reads past `pg_get_serial_sequence('table', 'column')`, where that stands for the name of a sequence.
fn owned_sequence(tokens: &mut Tokens<'_>) {
    let mut ahead = tokens.clone();
    let mut name = ahead.next_name();
    if name == "pg_catalog" && ahead.next() == Some(Token::Symbol(b'.')) {
        name = ahead.next_name();
    }
    let told = name == "pg_get_serial_sequence"
        && ahead.next() == Some(Token::Symbol(b'('))
        && matches!(ahead.next(), Some(Token::Text(_)))
        && ahead.next() == Some(Token::Symbol(b','))
        && matches!(ahead.next(), Some(Token::Text(_)))
        && ahead.next() == Some(Token::Symbol(b')'));
    if told {
        *tokens = ahead;
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
pub(super) fn one_call(tokens: &mut Tokens<'_>) -> Result<Head> {
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
            "SET default_tablespace = '';",
            "SET search_path = public, pg_catalog;",
            "SET search_path TO '';",
            "SET SESSION AUTHORIZATION 'x';",
            "SELECT pg_catalog.set_config('search_path', '', false);",
            "SELECT pg_catalog.setval('public.\"Seq\"', -15, true);",
            "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('a', 'id'), 15, true);",
            "REFRESH MATERIALIZED VIEW a.b;",
            "SET ROLE x;",
            "SET ROLE \"x y\";",
            "CREATE ROLE x;",
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
        for (name, set) in
            [("'UTF8'", "UTF8"), ("'LATIN1'", "LATIN1"), ("latin9", "LATIN9"), ("'EUC_JP'", "EUC_JP")]
        {
            let set = charset::named(set).unwrap();
            assert_eq!(head(&format!("SET client_encoding = {name};")), Ok(Head::Encoding(set)), "{name}");
        }
        // A column may be called so.
        assert_eq!(head("ALTER TABLE ONLY a ALTER COLUMN rename SET DEFAULT 1;"), Ok(Head::Ddl));
        assert_eq!(head("ALTER INDEX a ATTACH PARTITION b;"), Ok(Head::Ddl));
        assert_eq!(head("COPY a (b) FROM stdin;"), Ok(Head::Copy));
        assert_eq!(head("SET standard_conforming_strings = off;"), Ok(Head::StandardStrings(false)));
        assert_eq!(head("SET standard_conforming_strings = 'on';"), Ok(Head::StandardStrings(true)));
    }

    #[test]
    fn what_depends_on_the_state_of_the_reader() {
        for text in [
            "DROP TABLE a;",
            "DROP ROLE IF EXISTS x;",
            "DROP FOREIGN DATA WRAPPER IF EXISTS w;",
            "DROP USER MAPPING FOR a SERVER b;",
        ] {
            assert_eq!(head(text), Ok(Head::Drop), "{text}");
        }
        for (text, made) in [
            ("CREATE DATABASE \"my=db\" WITH TEMPLATE = template0 ENCODING = 'UTF8';", Some("my=db")),
            ("CREATE DATABASE Shop;", Some("shop")),
            ("ALTER DATABASE shop OWNER TO x;", None),
            ("ALTER DATABASE template1 IS_TEMPLATE = true;", None),
            ("ALTER DATABASE shop SET \"TimeZone\" TO 'UTC';", None),
            ("DROP DATABASE IF EXISTS shop;", None),
            ("CREATE TABLESPACE x OWNER y LOCATION '/srv/x';", None),
            ("UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = 'template1';", None),
        ] {
            let made = made.map(str::to_owned);
            assert_eq!(head(text), Ok(Head::Database { made, opaque: None }), "{text}");
        }
        assert_eq!(head("BEGIN;"), Ok(Head::Transaction { begins: true }));
        assert_eq!(head("COMMIT;"), Ok(Head::Transaction { begins: false }));
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
            "SELECT setval(pg_get_serial_sequence('a', (SELECT 1)), 1);",
            "SELECT setval(other.pg_get_serial_sequence('a', 'b'), 1);",
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
            "SET client_encoding = 'GB18030';",
            "SET client_encoding = 'JOHAB';",
            "SET client_encoding = 'EUC_TW';",
            "SET client_encoding = 'LATIN1', 'x';",
            "SET LOCAL client_encoding = 'UTF8';",
            "SET ROLE x; SELECT f();",
            "SET ROLE = x;",
            "ALTER USER MAPPING FOR a SERVER b OPTIONS (SET password 'x');",
            "CREATE USER x;",
            "CREATE GROUP x;",
            "CREATE DATABASE x OWNER (SELECT 1);",
            "BEGIN ISOLATION LEVEL SERIALIZABLE;",
            "ROLLBACK;",
            "DROP OWNED BY x;",
            "DROP USER x;",
            "UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = 'a' OR f();",
            "UPDATE pg_catalog.pg_authid SET rolpassword = 'x';",
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
