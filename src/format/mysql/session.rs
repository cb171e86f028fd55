//! What the dump has set that changes how the rest is read: `sql_mode` and the client's character set, with what it
//! saved of them and restores. Reads SET statements of a closed list of variables; a value that cannot be known (an
//! expression, a variable that was not saved) is refused where it counts.
//!
//! A dump restores what it saves: what is still open at the end says that the end is missing.

use std::collections::{BTreeSet, HashMap};

use super::lexer::{Item, Mode, Token};
use crate::error::{Error, Result};
use crate::format::charset;

/// What bytes of the stream mean, as far as rows care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    /// UTF-8 or a part of it, or bytes as they are.
    Utf8,
    /// A set that is read, if all of the dump is.
    Read(&'static charset::Charset),
    /// One byte a character, of another meaning above 0x7f.
    SingleByte,
}

/// What a user variable holds.
#[derive(Clone, Copy)]
enum Saved {
    Mode(Mode),
    Charset(Charset),
    Other,
}

/// The session as the dump made it.
pub(super) struct Session {
    /// The lexical mode.
    pub mode: Mode,
    /// The set that all text was in before it was made UTF-8.
    pub from: Option<&'static charset::Charset>,
    charset: Charset,
    saved: HashMap<String, Saved>,
    /// Saved and not yet restored.
    open: BTreeSet<String>,
    /// How often a mode or character set was saved.
    saves: u64,
}

/// Variables that dumps set and that do not change what statements mean.
const VARIABLES: &[&str] = &[
    "autocommit",
    "character_set_connection",
    "character_set_results",
    "check_constraint_checks",
    "collation_connection",
    "foreign_key_checks",
    "innodb_strict_mode",
    "note_verbosity",
    "sql_log_bin",
    "sql_notes",
    "sql_quote_show_create",
    "system_versioning_insert_history",
    "time_zone",
    "unique_checks",
];

/// Modes without a say in quotes and escapes (MySQL 5.5 to 8.4, MariaDB to 11).
const MODES: &[&str] = &[
    "",
    "ALLOW_INVALID_DATES",
    "EMPTY_STRING_IS_NULL",
    "ERROR_FOR_DIVISION_BY_ZERO",
    "HIGH_NOT_PRECEDENCE",
    "IGNORE_BAD_TABLE_OPTIONS",
    "IGNORE_SPACE",
    "MYSQL323",
    "MYSQL40",
    "NO_AUTO_CREATE_USER",
    "NO_AUTO_VALUE_ON_ZERO",
    "NO_DIR_IN_CREATE",
    "NO_ENGINE_SUBSTITUTION",
    "NO_FIELD_OPTIONS",
    "NO_KEY_OPTIONS",
    "NO_TABLE_OPTIONS",
    "NO_UNSIGNED_SUBTRACTION",
    "NO_ZERO_DATE",
    "NO_ZERO_IN_DATE",
    "ONLY_FULL_GROUP_BY",
    "PAD_CHAR_TO_FULL_LENGTH",
    "PIPES_AS_CONCAT",
    "REAL_AS_FLOAT",
    "SIMULTANEOUS_ASSIGNMENT",
    "STRICT_ALL_TABLES",
    "STRICT_TRANS_TABLES",
    "TIME_ROUND_FRACTIONAL",
    "TIME_TRUNCATE_FRACTIONAL",
    "TRADITIONAL",
];

/// Modes that hold ANSI_QUOTES.
const ANSI: &[&str] = &["ANSI", "ANSI_QUOTES", "DB2", "MAXDB", "MSSQL", "ORACLE", "POSTGRESQL"];

/// Character sets of the client that are UTF-8 or a part of it; `binary` leaves bytes as the columns hold them, and
/// what is not UTF-8 then is keyed as bytes.
const UTF8: &[&str] = &["utf8", "utf8mb3", "utf8mb4", "ascii", "binary"];

/// Character sets whose every byte is a character and whose first half is ASCII.
const SINGLE_BYTE: &[&str] = &[
    "armscii8", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "geostd8", "greek",
    "hebrew", "koi8r", "koi8u", "latin1", "latin2", "latin5", "latin7", "macce", "macroman", "tis620",
];

/// One value of an assignment.
enum Value {
    /// A string or word.
    Text(String),
    Number,
    Variable(String),
    System(String),
}

impl Session {
    pub(super) fn new() -> Self {
        Self {
            mode: Mode::default(),
            from: None,
            charset: Charset::Utf8,
            saved: HashMap::new(),
            open: BTreeSet::new(),
            saves: 0,
        }
    }

    /// Refuses tables and rows under a character set that is neither UTF-8 nor what all of the dump was in.
    ///
    /// # Errors
    /// It is not.
    pub(super) fn is_utf8(&self) -> Result<()> {
        match (self.charset, self.from) {
            (Charset::Utf8, None) => Ok(()),
            (Charset::Read(set), Some(from)) if set == from => Ok(()),
            (_, None) => Err(not_utf8()),
            (_, Some(_)) => Err(Error::input("text in another character set than the rest of the dump")
                .hint("dump with --default-character-set=utf8mb4")),
        }
    }

    /// The same, where ASCII means the same in all sets: programs write definitions in UTF-8, whatever the rows are in.
    ///
    /// # Errors
    /// As `is_utf8`.
    pub(super) fn reads(&self, text: &[u8]) -> Result<()> {
        if self.from.is_some() && text.is_ascii() { Ok(()) } else { self.is_utf8() }
    }

    fn named(&self, name: &str) -> Result<Charset> {
        let name = name.to_ascii_lowercase();
        match charset::of_mysql(&name) {
            _ if UTF8.contains(&name.as_str()) => Ok(Charset::Utf8),
            Some(set) if !set.is_mixed() || self.from == Some(set) => Ok(Charset::Read(set)),
            None if SINGLE_BYTE.contains(&name.as_str()) => Ok(Charset::SingleByte),
            // SJIS, GBK, GB18030, Big5, EUC-KR: a backslash or quote may be half a character.
            _ => Err(not_utf8()),
        }
    }

    /// Returns whether all that was saved has been restored.
    pub(super) fn is_restored(&self) -> bool {
        self.open.is_empty()
    }

    /// Reads a SET statement, its first word included. `always` says whether every server executes it.
    ///
    /// # Errors
    /// An unknown variable; a value that is no literal; a mode or character set that is not known.
    pub(super) fn set(&mut self, items: &[Item<'_>], always: bool) -> Result<()> {
        let before = (self.mode, self.charset, self.saves);
        let mut reader = Assignments { items: items.get(1..).unwrap_or_default() };
        loop {
            self.assignment(&mut reader)?;
            match reader.next() {
                None => break,
                Some(Token::Symbol(b',')) => {}
                Some(_) => return Err(expression()),
            }
        }
        if !always && before != (self.mode, self.charset, self.saves) {
            return Err(Error::input(
                "only some servers would change or save `sql_mode` or the character set here",
            )
            .hint("the statement stands in a conditional comment of a newer version"));
        }
        Ok(())
    }

    fn assignment(&mut self, reader: &mut Assignments<'_, '_>) -> Result<()> {
        let first = reader.next().ok_or_else(expression)?;
        if first.is("NAMES") {
            let charset = reader.charset()?;
            if reader.peek().is_some_and(|t| t.is("COLLATE")) {
                reader.next();
                reader.charset()?;
            }
            self.charset = self.named(&charset)?;
            return self.is_utf8();
        }
        if first.is("CHARSET") || (first.is("CHARACTER") && reader.peek().is_some_and(|t| t.is("SET"))) {
            if first.is("CHARACTER") {
                reader.next();
            }
            self.charset = self.named(&reader.charset()?)?;
            return self.is_utf8();
        }
        let (name, user) = match first {
            Token::Variable(name) => (name.clone(), true),
            Token::System(name, false) => (name.clone(), false),
            Token::System(name, true) => return Err(global(name)),
            token if token.is("GLOBAL") || token.is("PERSIST") => return Err(global(&reader.name()?)),
            token if token.is("SESSION") || token.is("LOCAL") => (reader.name()?, false),
            token => (token.name().ok_or_else(expression)?.to_ascii_lowercase(), false),
        };
        reader.equals()?;
        let value = reader.value()?;
        if let Value::Variable(from) = &value {
            self.open.remove(from);
        }
        if user { self.save(name, &value) } else { self.change(&name, &value) }
    }

    /// `@name = @@variable`.
    fn save(&mut self, name: String, value: &Value) -> Result<()> {
        let Value::System(variable) = value else {
            return Err(Error::input("a user variable is set to something other than a system variable")
                .hint("only what dump programs write themselves may pass"));
        };
        let saved = match variable.as_str() {
            "sql_mode" => Saved::Mode(self.mode),
            "character_set_client" => Saved::Charset(self.charset),
            _ => Saved::Other,
        };
        self.saves += u64::from(!matches!(saved, Saved::Other));
        self.saved.insert(name.clone(), saved);
        self.open.insert(name);
        Ok(())
    }

    fn change(&mut self, name: &str, value: &Value) -> Result<()> {
        let saved = match value {
            Value::Variable(from) => Some(self.saved.get(from).copied().ok_or_else(|| {
                Error::input("a variable is restored that was never saved").hint("the dump was cut or edited")
            })?),
            _ => None,
        };
        match (name, value, saved) {
            ("sql_mode", _, Some(Saved::Mode(mode))) => self.mode = mode,
            ("sql_mode", Value::Text(modes), None) => self.mode = named_mode(modes)?,
            ("sql_mode", Value::System(from), None) if from == "sql_mode" => {}
            ("sql_mode", ..) => {
                return Err(Error::input("a `sql_mode` that cannot be known before the server reads it")
                    .hint("only literals and the restoring of a saved mode are read"));
            }
            ("character_set_client", _, Some(Saved::Charset(charset))) => self.charset = charset,
            ("character_set_client", Value::Text(charset), None) => self.charset = self.named(charset)?,
            ("character_set_client", ..) => return Err(expression()),
            ("gtid_purged", ..) => return Err(global(name)),
            (name, ..) if VARIABLES.contains(&name) => {}
            _ => {
                return Err(Error::input("a SET of a variable that dumps do not set")
                    .hint("it could change how the rest is read"));
            }
        }
        Ok(())
    }
}

/// Reads the list of a SET statement.
struct Assignments<'i, 'a> {
    items: &'i [Item<'a>],
}

impl<'i, 'a> Assignments<'i, 'a> {
    fn peek(&self) -> Option<&'i Token<'a>> {
        self.items.first().map(|i| &i.token)
    }

    fn next(&mut self) -> Option<&'i Token<'a>> {
        let (first, rest) = self.items.split_first()?;
        self.items = rest;
        Some(&first.token)
    }

    fn name(&mut self) -> Result<String> {
        self.next().and_then(Token::name).map(|n| n.to_ascii_lowercase()).ok_or_else(expression)
    }

    /// Reads `=` or `:=`.
    fn equals(&mut self) -> Result<()> {
        let mut token = self.next();
        if token == Some(&Token::Symbol(b':')) {
            token = self.next();
        }
        if token == Some(&Token::Symbol(b'=')) { Ok(()) } else { Err(expression()) }
    }

    fn charset(&mut self) -> Result<String> {
        match self.value()? {
            Value::Text(text) => Ok(text),
            _ => Err(expression()),
        }
    }

    /// Reads a literal, a variable, or `IFNULL(@variable, literal)`.
    fn value(&mut self) -> Result<Value> {
        let token = self.next().ok_or_else(expression)?;
        Ok(match token {
            Token::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            Token::Number(_) => Value::Number,
            Token::Symbol(b'-') if matches!(self.peek(), Some(Token::Number(_))) => {
                self.next();
                Value::Number
            }
            Token::Variable(name) => Value::Variable(name.clone()),
            Token::System(name, false) => Value::System(name.clone()),
            Token::Word(word) if self.peek() != Some(&Token::Symbol(b'(')) => {
                Value::Text(String::from_utf8_lossy(word).into_owned())
            }
            token if token.is("IFNULL") => self.if_null()?,
            _ => return Err(expression()),
        })
    }

    fn if_null(&mut self) -> Result<Value> {
        let symbols = (self.next(), self.next(), self.next());
        let (Some(Token::Symbol(b'(')), Some(Token::Variable(name)), Some(Token::Symbol(b','))) = symbols
        else {
            return Err(expression());
        };
        if !matches!(self.next(), Some(Token::Number(_) | Token::Text(_)))
            || self.next() != Some(&Token::Symbol(b')'))
        {
            return Err(expression());
        }
        Ok(Value::Variable(name.clone()))
    }
}

fn named_mode(modes: &str) -> Result<Mode> {
    let mut mode = Mode::default();
    for name in modes.split(',').map(|m| m.trim().to_ascii_uppercase()) {
        if ANSI.contains(&name.as_str()) {
            mode.ansi_quotes = true;
        } else if name == "NO_BACKSLASH_ESCAPES" {
            mode.no_backslash = true;
        } else if !MODES.contains(&name.as_str()) {
            return Err(Error::input("a `sql_mode` that is not known")
                .hint("it could change how quotes and escapes are read"));
        }
    }
    Ok(mode)
}

fn not_utf8() -> Error {
    Error::input("a dump whose character set is not read, or not said in its header")
        .hint("dump with --default-character-set=utf8mb4")
}

fn expression() -> Error {
    Error::input("a SET statement that is not understood").hint("only what dump programs write may pass")
}

fn global(name: &str) -> Error {
    if name.eq_ignore_ascii_case("gtid_purged") {
        return Error::input(
            "a copy with masked rows must not claim the transactions of its source (`GTID_PURGED`)",
        )
        .hint("dump with --set-gtid-purged=OFF");
    }
    Error::input("a SET of a global variable").hint("a dump may not change the server that it is loaded into")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mysql::lexer::Tokens;

    fn run(session: &mut Session, text: &str) -> std::result::Result<(), String> {
        let items = Tokens::new(text.as_bytes(), session.mode).all().unwrap();
        session.set(&items, true).map_err(|e| e.to_string())
    }

    fn mode(ansi_quotes: bool, no_backslash: bool) -> Mode {
        Mode { ansi_quotes, no_backslash }
    }

    #[test]
    fn modes_are_saved_changed_and_restored() {
        let mut s = Session::new();
        run(&mut s, "SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ANSI'").unwrap();
        assert_eq!((s.mode, s.is_restored()), (mode(true, false), false));
        run(&mut s, "SET @saved_sql_mode = @@sql_mode").unwrap();
        run(&mut s, "SET sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'").unwrap();
        assert_eq!(s.mode, mode(false, true));
        run(&mut s, "SET SESSION sql_mode = @saved_sql_mode").unwrap();
        assert_eq!((s.mode, s.is_restored()), (mode(true, false), false));
        run(&mut s, "SET SQL_MODE=IFNULL(@OLD_SQL_MODE, '')").unwrap();
        assert_eq!((s.mode, s.is_restored()), (mode(false, false), true));
    }

    #[test]
    fn what_dumps_set_passes() {
        let mut s = Session::new();
        for text in [
            "SET NAMES utf8mb4",
            "SET NAMES 'utf8' COLLATE 'utf8_general_ci'",
            "SET NAMES binary",
            "SET CHARACTER SET utf8",
            "SET TIME_ZONE='+00:00'",
            "SET AUTOCOMMIT = 0",
            "SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0",
            "SET @@SESSION.SQL_LOG_BIN= 0",
            "SET @old_h=@@session.system_versioning_insert_history, @@session.system_versioning_insert_history=1",
            "SET character_set_client = latin1",
        ] {
            assert_eq!(run(&mut s, text), Ok(()), "{text}");
        }
        // A routine may be of another character set; rows may not.
        assert!(s.is_utf8().is_err());
    }

    #[test]
    fn what_cannot_be_known_is_refused() {
        for text in [
            "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')",
            "SET sql_mode = 4",
            "SET sql_mode = @never_saved",
            "SET sql_mode = 'SOMETHING_NEW'",
            "SET sql_mode = DEFAULT",
            "SET NAMES latin1",
            "SET NAMES sjis",
            "SET NAMES DEFAULT",
            "SET character_set_client = gbk",
            "SET character_set_client = 'big5'",
            "SET GLOBAL max_allowed_packet = 1",
            "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ ''",
            "SET @a = 'data'",
            "SET @a = (SELECT 1)",
            "SET unique_checks = (SELECT 1)",
            "SET unique_checks = f(1)",
            "SET unique_checks = 1 OR f()",
            "SET PASSWORD = 'x'",
            "SET a",
            "SET",
        ] {
            assert!(run(&mut Session::new(), text).is_err(), "{text}");
        }
        let mut s = Session::new();
        let items = Tokens::new(b"SET sql_mode='ANSI_QUOTES'", s.mode).all().unwrap();
        assert!(s.set(&items, false).is_err());
    }
}
