//! What holds from one statement to the next: which database the stream is connected to, whether its transaction is one
//! of large objects, whether `\restrict` is active.
//!
//! Refuses to follow a dump to another database unless it is one of pg_dumpall or made that database itself, and was
//! allowed to (`--allow-databases`): it loads into that one, wherever it is sent. Refuses what no transaction can hold
//! where the whole stream is one (`--guard`).

use super::lexer::{Token, Tokens};
use crate::error::{Error, Result};

/// The state of the stream.
#[derive(Default)]
pub(super) struct Session {
    /// `--allow-databases`.
    allowed: bool,
    /// `--guard`.
    pub(super) guarded: bool,
    /// The token of the active `\restrict`.
    pub(super) restrict: Option<Vec<u8>>,
    /// The database that `\connect` named last.
    pub(super) database: Option<String>,
    /// Databases that the stream has made.
    made: Vec<String>,
    /// Databases that it was connected to.
    seen: Vec<String>,
    /// Whether a transaction of large objects is open.
    pub(super) transaction: bool,
    /// Whether `\encoding` was read, which only `\connect` may follow.
    pub(super) connecting: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

/// What a meta-command does to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meta {
    /// Nothing more.
    Nothing,
    /// Another database's dump begins.
    Connected,
}

impl Session {
    pub(super) fn new(allowed: bool) -> Self {
        Self { allowed, ..Self::default() }
    }

    /// Reads a line that begins with a backslash. `cluster`: the dump is one of pg_dumpall.
    ///
    /// # Errors
    /// Any command but `\restrict`, `\unrestrict`, and what a dump of several databases needs.
    pub(super) fn meta(&mut self, line: &[u8], cluster: bool) -> Result<Meta> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let mut words = line.split(|b| *b == b' ').filter(|w| !w.is_empty());
        let (command, token, more) = (words.next().unwrap_or_default(), words.next(), words.next());
        let sound = |t: &&[u8]| t.iter().all(u8::is_ascii_alphanumeric);
        if self.connecting && command != b"\\connect" {
            return Err(Error::input("`\\encoding` without the `\\connect` that follows it in a dump"));
        }
        match (command, token.filter(sound), more) {
            (b"\\restrict", Some(token), None) if self.restrict.is_none() => {
                self.restrict = Some(token.to_vec());
            }
            (b"\\unrestrict", Some(token), None) if self.restrict.as_deref() == Some(token) => {
                self.restrict = None;
            }
            (b"\\restrict" | b"\\unrestrict", ..) => {
                return Err(Error::input("an unbalanced `\\restrict` or `\\unrestrict`").hint("dump again"));
            }
            // Before a database whose name has other signs than letters.
            (b"\\encoding", None, None) if token == Some(b"SQL_ASCII") => self.connecting = true,
            (b"\\connect", ..) => {
                self.connecting = false;
                let name = line.strip_prefix(b"\\connect ").and_then(database).ok_or_else(|| {
                    Error::input("a `\\connect` of another form than pg_dump writes")
                        .hint("it names a database and nothing else")
                })?;
                return self.connect(name, cluster);
            }
            (b"\\.", ..) => {
                return Err(
                    Error::input("an end mark `\\.` outside of COPY data").hint("the dump was cut or edited")
                );
            }
            _ => {
                return Err(Error::input("a psql command that is no part of a dump")
                    .hint("only `\\restrict`, `\\unrestrict` and `\\connect` may stand in it"));
            }
        }
        Ok(Meta::Nothing)
    }

    fn connect(&mut self, name: String, cluster: bool) -> Result<Meta> {
        if !cluster && !self.made.contains(&name) {
            return Err(Error::input(
                "`\\connect` in a dump that is neither pg_dumpall's nor made this database",
            )
            .hint("it would load into another database than the one it is sent to; dump again"));
        }
        if self.restrict.is_some() {
            return Err(Error::input("`\\connect` while `\\restrict` is active").hint("dump again"));
        }
        self.other_database()?;
        if self.database.as_ref() == Some(&name) {
            return Ok(Meta::Nothing);
        }
        if self.seen.contains(&name) {
            return Err(Error::input("`\\connect` comes back to a database that was dumped before")
                .hint("dump again"));
        }
        self.seen.push(name.clone());
        self.database = Some(name);
        Ok(Meta::Connected)
    }

    /// Notes that the stream makes, changes or drops databases.
    ///
    /// # Errors
    /// It must not, or cannot.
    pub(super) fn databases(&mut self, made: Option<String>) -> Result<()> {
        self.other_database()?;
        self.made.extend(made);
        Ok(())
    }

    fn other_database(&self) -> Result<()> {
        if !self.allowed {
            return Err(Error::input(
                "the dump names databases itself: it would load into those, wherever it is sent",
            )
            .hint("dump one database without --create, or allow it with --allow-databases"));
        }
        if self.guarded {
            return Err(Error::input("`--guard` cannot hold several databases in one transaction")
                .hint("leave --guard out, or mask the databases one by one"));
        }
        Ok(())
    }

    /// Notes BEGIN or COMMIT around large objects.
    ///
    /// # Errors
    /// They do not alternate, or the whole stream is one transaction.
    pub(super) fn transaction(&mut self, begins: bool) -> Result<()> {
        if self.guarded {
            return Err(Error::input("`--guard` cannot hold the transactions of large objects")
                .hint("leave --guard out, or dump with --no-blobs"));
        }
        if self.transaction == begins {
            return Err(Error::input("BEGIN and COMMIT do not alternate")
                .hint("pg_dump writes them around large objects only"));
        }
        self.transaction = begins;
        Ok(())
    }

    /// Refuses what may not stand in a transaction of large objects, or behind `\encoding`.
    ///
    /// # Errors
    /// `ErrorKind::Input`.
    pub(super) fn alone(&self) -> Result<()> {
        if self.transaction {
            return Err(Error::input("a transaction that holds more than large objects")
                .hint("pg_dump writes BEGIN and COMMIT around large objects only"));
        }
        if self.connecting {
            return Err(Error::input("`\\encoding` without the `\\connect` that follows it in a dump"));
        }
        Ok(())
    }
}

/// Reads the database of `\connect`: a bare or quoted name, or `-reuse-previous=on "dbname='…'"`.
fn database(rest: &[u8]) -> Option<String> {
    let rest = rest.trim_ascii();
    let (string, rest) = match rest.strip_prefix(b"-reuse-previous=on ") {
        Some(rest) => (true, rest.trim_ascii_start()),
        None => (false, rest),
    };
    let mut tokens = Tokens::new(rest);
    let name = match (tokens.next()?, tokens.next()) {
        // psql takes a bare name as it is spelled, and one that could be a connection string as that.
        (Token::Word(name), None) if !string => name,
        (Token::Quoted(name), None) => name,
        _ => return None,
    };
    let name = std::str::from_utf8(name).ok()?;
    let is_plain = |name: &str| !name.is_empty() && !name.contains(['\\', '\'', '"', '\n', '\r', '\0']);
    if string {
        let name = name.strip_prefix("dbname='")?.strip_suffix('\'')?;
        return is_plain(name).then(|| name.to_owned());
    }
    let connection = name.contains('=') || name.contains("://") || name == "-";
    (is_plain(name) && !connection).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_cluster() -> Session {
        Session::new(true)
    }

    #[test]
    fn databases_as_pg_dump_names_them() {
        for (line, name) in [
            ("shop", Some("shop")),
            ("\"Shop\"", Some("Shop")),
            ("-reuse-previous=on \"dbname='my=db'\"", Some("my=db")),
            ("-reuse-previous=on \"dbname='a b'\"", Some("a b")),
            ("-reuse-previous=on \"dbname='a' host='evil'\"", None),
            ("-reuse-previous=on \"host='evil'\"", None),
            ("-reuse-previous=on shop", None),
            ("-reuse-previous=off \"dbname='a'\"", None),
            ("shop postgres", None),
            ("shop - evil 5432", None),
            ("\"host=evil dbname=a\"", None),
            ("postgresql://evil/a", None),
            ("\"postgresql://evil/a\"", None),
            (":name", None),
            ("`ls`", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(database(line.as_bytes()).as_deref(), name, "{line}");
        }
    }

    #[test]
    fn nasty_31_another_database_needs_leave() {
        let connect = |allowed: bool, cluster: bool| {
            Session::new(allowed).meta(b"\\connect shop\n", cluster).map_err(|e| e.to_string())
        };
        assert_eq!(connect(true, true), Ok(Meta::Connected));
        assert!(connect(true, false).unwrap_err().contains("neither pg_dumpall's"));
        assert!(connect(false, true).unwrap_err().contains("names databases itself"));
        // What made its database may go there.
        let mut session = of_cluster();
        session.databases(Some("shop".to_owned())).unwrap();
        assert_eq!(session.meta(b"\\connect shop\n", false).unwrap(), Meta::Connected);
        assert_eq!(session.meta(b"\\connect shop\n", false).unwrap(), Meta::Nothing);
        assert!(session.meta(b"\\connect other\n", false).is_err());
    }

    #[test]
    fn a_database_is_dumped_once() {
        let mut session = of_cluster();
        for name in ["a", "b"] {
            session.meta(format!("\\connect {name}\n").as_bytes(), true).unwrap();
        }
        assert!(session.meta(b"\\connect a\n", true).is_err());
    }

    #[test]
    fn a_guarded_stream_holds_no_other_transaction() {
        let mut session = Session { guarded: true, ..of_cluster() };
        assert!(session.databases(None).unwrap_err().to_string().contains("--guard"));
        assert!(session.meta(b"\\connect a\n", true).unwrap_err().to_string().contains("--guard"));
        assert!(session.transaction(true).unwrap_err().to_string().contains("--guard"));
    }

    #[test]
    fn transactions_are_of_large_objects_alone() {
        let mut session = Session::default();
        assert!(session.transaction(false).is_err());
        session.transaction(true).unwrap();
        assert!(session.alone().is_err() && session.transaction(true).is_err());
        session.transaction(false).unwrap();
        session.alone().unwrap();
    }

    #[test]
    fn nasty_32_other_commands_are_refused() {
        for line in [
            "\\! ls",
            "\\i file",
            "\\copy t from 'x'",
            "\\set x y",
            "\\c shop",
            "\\encoding LATIN1",
            "\\encoding",
            "\\restrict a b",
            "\\restrict a;b",
            "\\unrestrict a",
            "\\.",
        ] {
            assert!(of_cluster().meta(line.as_bytes(), true).is_err(), "{line}");
        }
        let mut session = of_cluster();
        session.meta(b"\\encoding SQL_ASCII\n", true).unwrap();
        assert!(session.meta(b"\\restrict a\n", true).is_err() && session.alone().is_err());
        session.meta(b"\\connect shop\n", true).unwrap();
        session.meta(b"\\restrict a\n", true).unwrap();
        assert!(session.meta(b"\\connect b\n", true).is_err(), "restricted");
        session.meta(b"\\unrestrict a\n", true).unwrap();
    }
}
