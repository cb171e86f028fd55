//! Statements that hold no row and change no table, but may hold data or secrets: which class of `objects:` decides on
//! them, and what of them is left out where it is suppressed. Reads each in the form that pg_dump and pg_dumpall print;
//! any other stops the run.
//!
//! A password goes out of its role, options go out of their server, so that what names them still loads; a user mapping, a
//! subscription, a large object with its rights and comments, statistics and settings under other names than
//! PostgreSQL's own go whole.

use std::ops::Range;

use super::heads::{Head, unknown};
use super::lexer::{Token, Tokens};
use crate::error::Result;
use crate::row::object::ObjectClass::{self, Comments, Connections, LargeObjects, RolePasswords, Statistics};

/// What the profile decides on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opaque {
    /// Its classes.
    pub(super) classes: &'static [ObjectClass],
    /// What goes where it is suppressed, relative to the statement's first word.
    pub(super) cut: Range<usize>,
}

impl Opaque {
    /// All of a statement.
    pub(super) fn whole(text: &[u8], classes: &'static [ObjectClass]) -> Self {
        Self { classes, cut: 0..text.len() }
    }
}

/// Words that may stand in the options of a role, without their NO.
const ROLE_OPTIONS: &[&str] =
    &["SUPERUSER", "INHERIT", "CREATEROLE", "CREATEDB", "LOGIN", "REPLICATION", "BYPASSRLS"];

/// Reads CREATE or ALTER ROLE behind these words.
///
/// # Errors
/// Anything that pg_dumpall does not write.
pub(super) fn role(text: &[u8], tokens: &mut Tokens<'_>) -> Result<Head> {
    name(tokens)?;
    let ahead = tokens.clone().word();
    if ahead == "IN" || ahead == "SET" {
        return setting(text, tokens);
    }
    let place = |tokens: &Tokens<'_>| text.len().saturating_sub(tokens.left());
    let mut password = None;
    loop {
        let before = place(tokens);
        match tokens.next() {
            Some(Token::Symbol(b';')) if tokens.next().is_none() => break,
            Some(Token::Word(word)) => {
                let word = String::from_utf8_lossy(word).to_ascii_uppercase();
                match word.as_str() {
                    "WITH" => {}
                    "PASSWORD" if password.is_none() && matches!(tokens.next(), Some(Token::Text(_))) => {
                        password = Some(before..place(tokens));
                    }
                    "CONNECTION" if tokens.word() == "LIMIT" => number(tokens)?,
                    "VALID" if tokens.word() == "UNTIL" && matches!(tokens.next(), Some(Token::Text(_))) => {}
                    word if ROLE_OPTIONS.contains(&word.strip_prefix("NO").unwrap_or(word)) => {}
                    _ => return Err(unknown()),
                }
            }
            _ => return Err(unknown()),
        }
    }
    Ok(match password {
        Some(cut) => Head::Opaque(Opaque { classes: &[RolePasswords], cut }),
        None => Head::Pass,
    })
}

/// Reads `[IN DATABASE name] SET parameter {TO | =} value [, value …];` of a role or database.
///
/// # Errors
/// Anything else.
pub(super) fn setting(text: &[u8], tokens: &mut Tokens<'_>) -> Result<Head> {
    let mut word = tokens.word();
    let database = word == "IN";
    if database {
        if tokens.word() != "DATABASE" {
            return Err(unknown());
        }
        name(tokens)?;
        word = tokens.word();
    }
    if word != "SET" {
        return Err(unknown());
    }
    // A parameter of PostgreSQL's own has no dot; any other may be where an application keeps a secret.
    let own = match tokens.next() {
        Some(Token::Word(name) | Token::Quoted(name)) => {
            name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        }
        _ => return Err(unknown()),
    };
    let dotted = tokens.clone().next() == Some(Token::Symbol(b'.'));
    if dotted {
        tokens.next();
        name(tokens)?;
    }
    if !matches!(tokens.next(), Some(Token::Symbol(b'=') | Token::Word(b"TO"))) {
        return Err(unknown());
    }
    loop {
        match tokens.next() {
            Some(Token::Text(_) | Token::Word(_) | Token::Number | Token::Symbol(b',' | b'-')) => {}
            Some(Token::Symbol(b';')) if tokens.next().is_none() => break,
            _ => return Err(unknown()),
        }
    }
    let opaque = (!own || dotted).then(|| Opaque::whole(text, &[RolePasswords]));
    Ok(match opaque {
        opaque if database => Head::Database { made: None, opaque },
        Some(opaque) => Head::Opaque(opaque),
        None => Head::Pass,
    })
}

/// Reads CREATE SERVER or CREATE FOREIGN DATA WRAPPER: their options go, they stay.
///
/// # Errors
/// Options that do not end the statement.
pub(super) fn options(text: &[u8], tokens: &mut Tokens<'_>) -> Result<Head> {
    let place = |tokens: &Tokens<'_>| text.len().saturating_sub(tokens.left());
    loop {
        let before = place(tokens);
        match tokens.next() {
            // A name may be called so too, but no parenthesis follows it.
            Some(Token::Word(word))
                if word.eq_ignore_ascii_case(b"OPTIONS")
                    && tokens.clone().next() == Some(Token::Symbol(b'(')) =>
            {
                tokens.next();
                loop {
                    match tokens.next() {
                        Some(Token::Symbol(b')')) => break,
                        Some(Token::Word(_) | Token::Quoted(_) | Token::Text(_) | Token::Symbol(b',')) => {}
                        _ => return Err(unknown()),
                    }
                }
                let cut = before..place(tokens);
                let ends = (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None);
                let opaque = Opaque { classes: &[Connections], cut };
                return if ends { Ok(Head::Opaque(opaque)) } else { Err(unknown()) };
            }
            Some(Token::Symbol(b';')) if tokens.next().is_none() => return Ok(Head::Pass),
            Some(Token::Word(_) | Token::Quoted(_) | Token::Text(_) | Token::Symbol(b'.')) => {}
            _ => return Err(unknown()),
        }
    }
}

/// Reads `name OWNER TO name;`.
///
/// # Errors
/// Anything else.
pub(super) fn owner(tokens: &mut Tokens<'_>) -> Result<()> {
    name(tokens)?;
    let owner = tokens.word() == "OWNER" && tokens.word() == "TO";
    name(tokens)?;
    if owner && (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None) {
        Ok(())
    } else {
        Err(unknown())
    }
}

/// Reads COMMENT, SECURITY LABEL, GRANT or REVOKE up to the kind of object behind the first ON, and says who decides.
///
/// # Errors
/// A statement without ON.
pub(super) fn about(text: &[u8], tokens: &mut Tokens<'_>, comment: bool) -> Result<Head> {
    while let Some(token) = tokens.next() {
        if !matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(b"ON")) {
            continue;
        }
        let classes: &'static [ObjectClass] = match (tokens.word().as_str(), comment) {
            ("LARGE", true) if tokens.word() == "OBJECT" => &[LargeObjects, Comments],
            ("LARGE", false) if tokens.word() == "OBJECT" => &[LargeObjects],
            ("SUBSCRIPTION", true) => &[Connections, Comments],
            (_, true) => &[Comments],
            (_, false) => return Ok(Head::Pass),
        };
        return Ok(Head::Opaque(Opaque::whole(text, classes)));
    }
    // A role is granted to another.
    if comment { Err(unknown()) } else { Ok(Head::Pass) }
}

/// Reads a call of a function of large objects, behind its opening parenthesis.
///
/// # Errors
/// Arguments that are no literals; anything behind the call.
pub(super) fn large_object(text: &[u8], function: &str, tokens: &mut Tokens<'_>) -> Result<Head> {
    let found = Ok(Head::Opaque(Opaque::whole(text, &[LargeObjects])));
    if function == "lo_unlink" && tokens.clone().word() == "OID" {
        // What `--clean --if-exists` writes.
        let rest = [
            Token::Word(b"oid"),
            Token::Symbol(b')'),
            Token::Word(b"FROM"),
            Token::Word(b"pg_catalog"),
            Token::Symbol(b'.'),
            Token::Word(b"pg_largeobject_metadata"),
            Token::Word(b"WHERE"),
            Token::Word(b"oid"),
            Token::Symbol(b'='),
        ];
        let same = rest.into_iter().all(|wanted| tokens.next() == Some(wanted));
        let ends = matches!(tokens.next(), Some(Token::Text(_)))
            && (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None);
        return if same && ends { found } else { Err(unknown()) };
    }
    super::heads::one_call(tokens)?;
    found
}

/// Reads PostgreSQL 18's `SELECT * FROM pg_catalog.pg_restore_…_stats(literals);` behind SELECT.
///
/// # Errors
/// Anything else.
pub(super) fn statistics(text: &[u8], tokens: &mut Tokens<'_>) -> Result<Head> {
    let from = tokens.next() == Some(Token::Symbol(b'*'))
        && tokens.word() == "FROM"
        && tokens.word() == "PG_CATALOG"
        && tokens.next() == Some(Token::Symbol(b'.'));
    let known = matches!(tokens.word().as_str(), "PG_RESTORE_RELATION_STATS" | "PG_RESTORE_ATTRIBUTE_STATS");
    if !from || !known || tokens.next() != Some(Token::Symbol(b'(')) {
        return Err(unknown());
    }
    loop {
        match tokens.next() {
            Some(Token::Symbol(b')')) => break,
            // Literals and their casts, no further call.
            Some(Token::Text(_) | Token::Word(_) | Token::Number) => {}
            Some(Token::Symbol(b',' | b':' | b'[' | b']' | b'-')) => {}
            _ => return Err(unknown()),
        }
    }
    if (tokens.next(), tokens.next()) == (Some(Token::Symbol(b';')), None) {
        Ok(Head::Opaque(Opaque::whole(text, &[Statistics])))
    } else {
        Err(unknown())
    }
}

/// Steps over one name.
fn name(tokens: &mut Tokens<'_>) -> Result<()> {
    match tokens.next() {
        Some(Token::Word(_) | Token::Quoted(_)) => Ok(()),
        _ => Err(unknown()),
    }
}

/// Steps over a number with its sign.
fn number(tokens: &mut Tokens<'_>) -> Result<()> {
    let first = tokens.next();
    let number = if first == Some(Token::Symbol(b'-')) { tokens.next() } else { first };
    if number == Some(Token::Number) { Ok(()) } else { Err(unknown()) }
}

#[cfg(test)]
mod tests {
    use super::super::heads::classify;
    use super::*;

    /// Returns what is left of a statement whose class is suppressed, and its classes.
    fn left(text: &str) -> Option<(String, Vec<&'static str>)> {
        let head = classify(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"));
        let opaque = match head {
            Head::Opaque(opaque) | Head::Database { opaque: Some(opaque), .. } => opaque,
            _ => return None,
        };
        let mut left = text.to_owned();
        left.replace_range(opaque.cut, "");
        Some((left, opaque.classes.iter().map(|class| class.word()).collect()))
    }

    #[test]
    fn nasty_33_secrets_go_and_what_holds_them_stays() {
        let cut = |text: &str| left(text).unwrap();
        assert_eq!(
            cut(
                "ALTER ROLE app WITH NOSUPERUSER LOGIN CONNECTION LIMIT -1 PASSWORD 'SCRAM-SHA-256$4096:x==$y=:z=' VALID UNTIL '2030-01-01';"
            ),
            (
                "ALTER ROLE app WITH NOSUPERUSER LOGIN CONNECTION LIMIT -1 VALID UNTIL '2030-01-01';".into(),
                vec!["role_passwords"]
            )
        );
        assert_eq!(cut("CREATE ROLE \"a b\" PASSWORD 'md5x';").0, "CREATE ROLE \"a b\";");
        assert_eq!(
            cut(
                "CREATE SERVER options FOREIGN DATA WRAPPER postgres_fdw OPTIONS (\n    dbname 'x',\n    \"user\" 'it''s',\n host '10.0.0.1'\n);"
            ),
            ("CREATE SERVER options FOREIGN DATA WRAPPER postgres_fdw;".into(), vec!["connections"])
        );
        assert_eq!(
            cut("CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');").0,
            "CREATE FOREIGN DATA WRAPPER w;"
        );
    }

    #[test]
    fn what_goes_whole() {
        for (text, classes) in [
            ("CREATE USER MAPPING FOR app SERVER s OPTIONS (\n    password 'x'\n);", "connections"),
            (
                "CREATE SUBSCRIPTION s CONNECTION 'host=x password=y' PUBLICATION p WITH (connect = false);",
                "connections",
            ),
            ("ALTER SUBSCRIPTION s OWNER TO x;", "connections"),
            ("COMMENT ON SUBSCRIPTION s IS 'x';", "connections comments"),
            ("COMMENT ON TABLE a IS 'x';", "comments"),
            ("COMMENT ON LARGE OBJECT 1 IS 'x';", "large_objects comments"),
            ("SECURITY LABEL FOR p ON ROLE x IS 'y';", "comments"),
            ("SECURITY LABEL ON LARGE OBJECT 1 IS 'y';", "large_objects comments"),
            ("GRANT SELECT ON LARGE OBJECT 16999 TO x;", "large_objects"),
            ("ALTER LARGE OBJECT 16999 OWNER TO x;", "large_objects"),
            ("SELECT pg_catalog.lo_create('16999');", "large_objects"),
            ("SELECT pg_catalog.lo_open('16999', 131072);", "large_objects"),
            ("SELECT pg_catalog.lowrite(0, '\\x6b61');", "large_objects"),
            ("SELECT pg_catalog.lo_close(0);", "large_objects"),
            ("SELECT pg_catalog.lo_unlink('16999');", "large_objects"),
            (
                "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '16999';",
                "large_objects",
            ),
            (
                "SELECT * FROM pg_catalog.pg_restore_relation_stats(\n\t'version', '180000'::integer,\n\t'relname', 't'\n);",
                "statistics",
            ),
            (
                "SELECT * FROM pg_catalog.pg_restore_attribute_stats(\n\t'most_common_vals', '{Piet,Jan}'::text,\n\t'most_common_freqs', '{0.5,-1}'::real[]\n);",
                "statistics",
            ),
            ("ALTER ROLE app SET \"app.jwt\" TO 'x';", "role_passwords"),
            ("ALTER ROLE app IN DATABASE d SET app.jwt TO 'x';", "role_passwords"),
            ("ALTER DATABASE d SET \"app.jwt\" TO 'x';", "role_passwords"),
        ] {
            let (left, found) = left(text).unwrap_or_else(|| panic!("{text}: nobody decides"));
            assert_eq!((left.as_str(), found.join(" ")), ("", classes.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_holds_no_secret_passes() {
        for text in [
            "CREATE ROLE app;",
            "ALTER ROLE app WITH SUPERUSER INHERIT NOREPLICATION;",
            "ALTER ROLE app SET search_path TO 'x', 'y';",
            "ALTER SERVER s OWNER TO app;",
            "CREATE SERVER s FOREIGN DATA WRAPPER w;",
            "CREATE SERVER s TYPE 'a' VERSION 'b' FOREIGN DATA WRAPPER options;",
            "GRANT app TO \"odd role\" GRANTED BY postgres;",
            "GRANT SELECT ON TABLE a TO b;",
        ] {
            assert_eq!(left(text), None, "{text}");
        }
    }

    #[test]
    fn other_forms_stop() {
        for text in [
            "ALTER ROLE a RENAME TO b;",
            "ALTER ROLE a WITH PASSWORD 'x' PASSWORD 'y';",
            "ALTER ROLE a WITH PASSWORD E'x';",
            "ALTER ROLE a WITH IN ROLE b;",
            "ALTER ROLE a SET x FROM CURRENT;",
            "CREATE USER a PASSWORD 'x';",
            "ALTER SERVER s OPTIONS (SET host 'x');",
            "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'x') x;",
            "SELECT pg_catalog.lo_import('/etc/passwd');",
            "SELECT pg_catalog.lo_export(1, '/tmp/x');",
            "SELECT pg_catalog.lowrite(0, (SELECT 1));",
            "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = oid;",
            "SELECT * FROM pg_catalog.pg_restore_relation_stats('a', f());",
            "SELECT * FROM pg_catalog.pg_restore_relation_stats('a'), t;",
            "SELECT * FROM public.pg_restore_relation_stats('a');",
            "SELECT * FROM pg_catalog.pg_authid;",
            "COMMENT 'x';",
            "SECURITY INVOKER;",
        ] {
            assert!(classify(text.as_bytes()).is_err(), "{text}");
        }
    }
}
