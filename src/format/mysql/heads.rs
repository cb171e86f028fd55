//! The closed list of statement heads that may pass (DESIGN 6). What is not on it stops the run: a statement may hold
//! rows (INSERT … SELECT, UPDATE, LOAD DATA), secrets (CREATE USER, SERVER) or send the load elsewhere (USE, CHANGE
//! MASTER).
//!
//! What stands in conditional comments counts as executed, and nothing can hide behind it: a statement that begins in
//! one lies in such comments wholly, and what begins a later one is of a closed list too. Nor behind another delimiter:
//! the clients send all up to it, so a body is followed to its end.
//!
//! Never quotes a word of the input unless it is a keyword of this file.

use super::body;
use super::lexer::{Conditional, Item, Token};
use crate::error::{Error, Result};
use crate::message;

/// What a statement is to the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Passes unread.
    Pass,
    /// SET: the session reads it.
    Set,
    /// CREATE TABLE.
    CreateTable,
    /// ALTER TABLE.
    AlterTable,
    /// CREATE INDEX.
    CreateIndex,
    /// LOCK TABLES (true), UNLOCK TABLES.
    Lock(bool),
    /// START TRANSACTION, BEGIN (true), COMMIT.
    Transaction(bool),
    /// `USE name`.
    Use(String),
}

/// What the reader allows and knows of databases.
#[derive(Clone, Debug, Default)]
pub(super) struct Databases {
    /// `--allow-databases`.
    pub allowed: bool,
    /// The one that the last USE named.
    pub current: Option<String>,
}

impl Databases {
    /// Refuses a name with another database than the current one.
    ///
    /// # Errors
    /// It redirects the load, and that is not allowed.
    pub(super) fn admit(&self, database: Option<&str>) -> Result<()> {
        match database {
            Some(named) if !self.allowed && self.current.as_deref() != Some(named) => Err(redirects()),
            _ => Ok(()),
        }
    }
}

/// Words that may begin a conditional comment within a statement: parts of definitions, none of which is a statement.
const CONTINUATIONS: &[&str] = &[
    "ALGORITHM",
    "ALWAYS",
    "AUTOEXTEND_SIZE",
    "AUTO_INCREMENT",
    "CHARACTER",
    "CHARSET",
    "COLLATE",
    "COLUMN_FORMAT",
    "COMMENT",
    "COMPRESSED",
    "COMPRESSION",
    "DEFAULT",
    "DEFINER",
    "ENCRYPTION",
    "ENGINE",
    "EVENT",
    "FUNCTION",
    "GENERATED",
    "IF",
    "INVISIBLE",
    "KEY_BLOCK_SIZE",
    "LOCAL",
    "NOT",
    "NULL",
    "ON",
    "PARTITION",
    "PROCEDURE",
    "ROW_FORMAT",
    "SQL",
    "SRID",
    "STATS_PERSISTENT",
    "STORAGE",
    "TABLESPACE",
    "TRIGGER",
    "UNIQUE",
    "USING",
    "VIEW",
    "VIRTUAL",
    "VISIBLE",
    "WITH",
    "WITHOUT",
];

/// Kinds of objects whose CREATE and DROP hold neither rows nor secrets.
const OBJECTS: &[&str] = &["VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "SEQUENCE", "PACKAGE"];

/// Kinds that hold secrets or connections: they need a decision under `objects:`.
const SECRETS: &[&str] = &["USER", "ROLE", "SERVER", "TABLESPACE", "LOGFILE"];

/// Heads that a dump program can be told to leave out.
const HINTS: &[(&str, &str)] = &[
    (
        "CHANGE",
        "a masked copy must not become a replica of its source: dump without --master-data and --dump-slave",
    ),
    ("STOP", "dump without --apply-slave-statements"),
    ("INSERT", "rows are read outside of conditional comments and with `;` as delimiter only"),
    ("REPLACE", "rows are read outside of conditional comments and with `;` as delimiter only"),
    ("GRANT", "dump without --system"),
    ("INSTALL", "dump without --system"),
    ("FLUSH", "dump without --flush-privileges"),
];

/// Classifies a statement.
///
/// # Errors
/// A head that is not on the list; a conditional comment that could hide one; a database without leave.
pub(super) fn classify(items: &[Item<'_>], comments: &[Conditional], databases: &Databases) -> Result<Head> {
    nothing_hidden(items, comments)?;
    let mut words = Words { items };
    let first = words.upper();
    match first.as_str() {
        _ if items.is_empty() => Ok(Head::Pass),
        "SET" => Ok(Head::Set),
        "CREATE" => create(&mut words, items, databases),
        "DROP" => drop_object(&mut words, databases),
        "ALTER" => alter(&mut words, databases),
        "LOCK" => lock(&mut words, databases),
        "UNLOCK" if words.is("TABLES") || words.is("TABLE") => words.end(Head::Lock(false)),
        "START" => start(&mut words),
        "BEGIN" | "COMMIT" => {
            words.is("WORK");
            words.end(Head::Transaction(first == "BEGIN"))
        }
        "USE" => {
            let name = words.next().and_then(Token::name).ok_or_else(unknown)?;
            databases.allowed.then_some(()).ok_or_else(redirects)?;
            words.end(Head::Use(name))
        }
        "DO" | "SELECT" => setval(&mut words, databases),
        word => match HINTS.iter().find(|(head, _)| *head == word) {
            Some((head, hint)) => {
                Err(Error::input(message!("a statement `{}` may not pass here", *head)).hint(*hint))
            }
            None => Err(unknown()),
        },
    }
}

fn unknown() -> Error {
    Error::input("a statement that is no part of a MySQL dump")
        .hint("only what mysqldump, mariadb-dump, mydumper and phpMyAdmin write may pass")
}

fn redirects() -> Error {
    Error::input("the dump names a database itself, so it would load into that one")
        .hint("dump one database without --databases, or allow it with --allow-databases")
}

/// Refuses what some server could read as another statement.
fn nothing_hidden(items: &[Item<'_>], comments: &[Conditional]) -> Result<()> {
    let Some(first) = items.first() else { return Ok(()) };
    if first.comment > 0 && items.iter().any(|i| i.comment == 0) {
        return Err(super::lexer::hidden());
    }
    // mysqldump 8 writes `SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '…'`, which `session` refuses with a better word.
    let set = first.token.is("SET");
    for number in 1..=comments.len() {
        let begin = items.iter().find(|i| i.comment == number).filter(|_| number != first.comment);
        let known = |i: &Item<'_>| {
            CONTINUATIONS.iter().any(|w| i.token.is(w)) || (set && matches!(i.token, Token::Text(_)))
        };
        if begin.is_some_and(|i| !known(i)) {
            return Err(super::lexer::hidden());
        }
    }
    Ok(())
}

/// Reads a statement's words one by one.
#[derive(Clone)]
struct Words<'i, 'a> {
    items: &'i [Item<'a>],
}

impl<'i, 'a> Words<'i, 'a> {
    fn peek(&self) -> Option<&'i Token<'a>> {
        self.items.first().map(|i| &i.token)
    }

    fn next(&mut self) -> Option<&'i Token<'a>> {
        let (first, rest) = self.items.split_first()?;
        self.items = rest;
        Some(&first.token)
    }

    fn upper(&mut self) -> String {
        self.next().map(Token::upper).unwrap_or_default()
    }

    /// Steps over a word if it is this one.
    fn is(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.is(word));
        if found {
            self.next();
        }
        found
    }

    fn symbol(&mut self, symbol: u8) -> bool {
        let found = self.peek() == Some(&Token::Symbol(symbol));
        if found {
            self.next();
        }
        found
    }

    /// Returns `head` if nothing follows.
    fn end(&self, head: Head) -> Result<Head> {
        if self.items.is_empty() { Ok(head) } else { Err(unknown()) }
    }

    /// Reads `name` or `database.name` and asks for leave.
    fn object(&mut self, databases: &Databases) -> Result<()> {
        let first = self.next().and_then(Token::name).ok_or_else(unknown)?;
        if !self.symbol(b'.') {
            return Ok(());
        }
        self.next().and_then(Token::name).ok_or_else(unknown)?;
        databases.admit(Some(&first))
    }

    fn if_exists(&mut self) {
        if self.is("IF") {
            self.is("NOT");
            self.is("EXISTS");
        }
    }

    /// Steps over what stands between CREATE and the kind of object.
    fn modifiers(&mut self) {
        loop {
            if self.is("OR") {
                self.is("REPLACE");
            } else if self.is("DEFINER") || self.is("ALGORITHM") {
                self.symbol(b'=');
                self.next();
                if matches!(self.peek(), Some(Token::Variable(_))) {
                    self.next();
                }
                if self.symbol(b'(') {
                    self.symbol(b')');
                }
            } else if self.is("SQL") {
                self.is("SECURITY");
                self.next();
            } else if !["AGGREGATE", "UNIQUE", "FULLTEXT", "SPATIAL"].iter().any(|w| self.is(w)) {
                return;
            }
        }
    }
}

fn create(words: &mut Words<'_, '_>, items: &[Item<'_>], databases: &Databases) -> Result<Head> {
    words.modifiers();
    let kind = words.upper();
    words.is("BODY");
    words.if_exists();
    match kind.as_str() {
        "TABLE" => Ok(Head::CreateTable),
        "INDEX" => Ok(Head::CreateIndex),
        "DATABASE" | "SCHEMA" => {
            databases.allowed.then_some(Head::Pass).ok_or_else(redirects)?;
            no_more(items)
        }
        kind if OBJECTS.contains(&kind) => {
            words.object(databases)?;
            if items.iter().any(|i| i.token.is("SONAME")) {
                return Err(unknown());
            }
            body::ends_with_the_statement(items)?;
            Ok(Head::Pass)
        }
        kind => match SECRETS.iter().find(|s| **s == kind) {
            Some(secret) => Err(secrets(secret)),
            None => Err(unknown()),
        },
    }
}

/// Makes the error for an object that holds secrets.
pub(super) fn secrets(what: &'static str) -> Error {
    Error::input(message!("`{}` needs a decision: it can hold secrets or another database", what))
        .hint("`objects:` needs a later version of standin; dump without it")
}

/// Refuses a second statement in the text.
fn no_more(items: &[Item<'_>]) -> Result<Head> {
    match items.iter().any(|i| i.token == Token::Symbol(b';')) {
        true => Err(unknown()),
        false => Ok(Head::Pass),
    }
}

fn drop_object(words: &mut Words<'_, '_>, databases: &Databases) -> Result<Head> {
    let kind = words.upper();
    words.is("BODY");
    words.if_exists();
    if matches!(kind.as_str(), "DATABASE" | "SCHEMA") {
        databases.allowed.then_some(()).ok_or_else(redirects)?;
        words.next().and_then(Token::name).ok_or_else(unknown)?;
        return words.end(Head::Pass);
    }
    if kind != "TABLE" && !OBJECTS.contains(&kind.as_str()) {
        return Err(unknown());
    }
    loop {
        words.object(databases)?;
        if !words.symbol(b',') {
            break;
        }
    }
    let _ = words.is("RESTRICT") || words.is("CASCADE");
    words.end(Head::Pass)
}

fn alter(words: &mut Words<'_, '_>, databases: &Databases) -> Result<Head> {
    match words.upper().as_str() {
        "TABLE" => {
            let mut keys = words.clone();
            keys.object(databases)?;
            let able = keys.is("DISABLE") || keys.is("ENABLE");
            if able && keys.is("KEYS") { keys.end(Head::Pass) } else { Ok(Head::AlterTable) }
        }
        // mysqldump writes it where a routine needs another collation of its database.
        "DATABASE" | "SCHEMA" => {
            databases.allowed.then_some(()).ok_or_else(redirects)?;
            no_more(words.items)
        }
        _ => Err(unknown()),
    }
}

fn lock(words: &mut Words<'_, '_>, databases: &Databases) -> Result<Head> {
    if !words.is("TABLES") && !words.is("TABLE") {
        return Err(unknown());
    }
    loop {
        words.object(databases)?;
        let mode = words.upper();
        words.is("LOCAL");
        if !matches!(mode.as_str(), "READ" | "WRITE") {
            return Err(unknown());
        }
        if !words.symbol(b',') {
            return words.end(Head::Lock(true));
        }
    }
}

fn start(words: &mut Words<'_, '_>) -> Result<Head> {
    if !words.is("TRANSACTION") {
        return Err(unknown());
    }
    if words.is("WITH") && !(words.is("CONSISTENT") && words.is("SNAPSHOT")) {
        return Err(unknown());
    }
    words.end(Head::Transaction(true))
}

/// `SETVAL(sequence, number, number)`: how mariadb-dump sets a sequence.
fn setval(words: &mut Words<'_, '_>, databases: &Databases) -> Result<Head> {
    if !(words.is("SETVAL") && words.symbol(b'(')) {
        return Err(unknown());
    }
    words.object(databases)?;
    while words.symbol(b',') {
        words.symbol(b'-');
        if !matches!(words.next(), Some(Token::Number(_))) {
            return Err(unknown());
        }
    }
    if words.symbol(b')') { words.end(Head::Pass) } else { Err(unknown()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mysql::lexer::{Mode, Tokens};

    fn head_with(text: &str, databases: &Databases) -> std::result::Result<Head, String> {
        let mut tokens = Tokens::new(text.as_bytes(), Mode::default());
        let items = tokens.all().map_err(|e| e.to_string())?;
        classify(&items, &tokens.comments, databases).map_err(|e| e.to_string())
    }

    fn head(text: &str) -> std::result::Result<Head, String> {
        head_with(text, &Databases::default())
    }

    #[test]
    fn what_dumps_write_passes() {
        for text in [
            "DROP TABLE IF EXISTS `a`",
            "/*!50001 DROP VIEW IF EXISTS `v`*/",
            "/*!50003 DROP PROCEDURE IF EXISTS `p` */",
            "DROP TABLE IF EXISTS a, b CASCADE",
            "CREATE SEQUENCE `s` start with 5 minvalue 1",
            "DO SETVAL(`s`, 1005, 0)",
            "SELECT SETVAL(`s`, -5, 0)",
            "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`r`@`h` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select 1 AS `a` */",
            "/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`h`*/ /*!50003 TRIGGER t BEFORE INSERT ON c FOR EACH ROW BEGIN SET NEW.a = 1; INSERT INTO x VALUES (1); END */",
            "CREATE DEFINER=CURRENT_USER() FUNCTION `f`(a int) RETURNS int(11)\nDETERMINISTIC\nRETURN a+1",
            "CREATE DEFINER=r@h PROCEDURE p() BEGIN SELECT 1; END",
            "",
        ] {
            assert_eq!(head(text), Ok(Head::Pass), "{text}");
        }
        assert_eq!(head("/*!40000 ALTER TABLE `t` DISABLE KEYS */"), Ok(Head::Pass));
        assert_eq!(head("ALTER TABLE `t` ADD KEY a (b)"), Ok(Head::AlterTable));
        assert_eq!(head("CREATE TABLE IF NOT EXISTS a (b int)"), Ok(Head::CreateTable));
        assert_eq!(head("CREATE OR REPLACE TABLE a (b int)"), Ok(Head::CreateTable));
        assert_eq!(head("CREATE UNIQUE INDEX a ON b (c)"), Ok(Head::CreateIndex));
        assert_eq!(head("LOCK TABLES `a` WRITE, `b` READ /*!32311 LOCAL */"), Ok(Head::Lock(true)));
        assert_eq!(head("unlock tables"), Ok(Head::Lock(false)));
        assert_eq!(head("START TRANSACTION"), Ok(Head::Transaction(true)));
        assert_eq!(head("COMMIT"), Ok(Head::Transaction(false)));
    }

    #[test]
    fn nasty_31_databases_only_with_leave() {
        let allowed = Databases { allowed: true, current: None };
        for (text, expected) in [
            ("USE `shop`", Head::Use("shop".into())),
            (
                "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `zoo` /*!40100 DEFAULT CHARACTER SET latin1 */",
                Head::Pass,
            ),
            ("/*!40000 DROP DATABASE IF EXISTS `zoo`*/", Head::Pass),
            ("ALTER DATABASE `zoo` CHARACTER SET latin1 COLLATE latin1_swedish_ci", Head::Pass),
            ("DROP TABLE `zoo`.`a`", Head::Pass),
            ("CREATE VIEW zoo.v AS SELECT 1", Head::Pass),
        ] {
            assert_eq!(head_with(text, &allowed), Ok(expected), "{text}");
            assert!(head(text).is_err_and(|e| e.contains("names a database")), "{text}");
        }
        let inside = Databases { allowed: false, current: Some("zoo".into()) };
        assert_eq!(head_with("DROP TABLE `zoo`.`a`", &inside), Ok(Head::Pass));
    }

    #[test]
    fn everything_else_stops() {
        for text in [
            "UPDATE t SET a = 1",
            "DELETE FROM t",
            "LOAD DATA INFILE 'x' INTO TABLE t",
            "CALL p()",
            "DO SLEEP(1)",
            "SELECT 1",
            "SELECT SETVAL(s, 1), f()",
            "SELECT SETVAL(s, (SELECT 1))",
            "GRANT ALL ON *.* TO x",
            "CREATE USER x",
            "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD 'x')",
            "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
            "CREATE TEMPORARY TABLE t (a int)",
            "CHANGE MASTER TO MASTER_HOST='x'",
            "START SLAVE",
            "ANALYZE TABLE t",
            "FLUSH PRIVILEGES",
            "TRUNCATE t",
            "RENAME TABLE a TO b",
            "INSERT INTO t VALUES (1)",
            "/*!40000 INSERT INTO t VALUES (1) */",
            "/*!40000 REPLACE INTO t VALUES (1) */",
            "WITH a AS (SELECT 1) SELECT 1",
            "PREPARE s FROM @x",
            "EXECUTE s",
            "COMMIT; INSERT INTO t VALUES (1)",
            "DROP TABLE a; INSERT INTO t VALUES (1)",
            "UNLOCK TABLES; INSERT INTO t VALUES (1)",
            "Jansen, Piet",
            "'Jansen'",
            "help",
        ] {
            assert!(head(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nasty_01_nothing_hides_behind_a_conditional_comment() {
        for text in [
            "/*!99999 CREATE PROCEDURE p() */ UPDATE t SET a=1",
            "/*!99999 CREATE VIEW v AS */ INSERT INTO t VALUES (1)",
            "/*!99999 CREATE VIEW v AS */ /*!40000 INSERT INTO t VALUES (1) */",
            "CREATE VIEW v AS SELECT 1 /*!40000 UNION SELECT 2 */",
            "CREATE /*!99999 VIEW v AS */ /*!40000 INSERT */ x",
            "/*!40101 SET @a=@@b */ /*!40101 , SQL_MODE='NO_BACKSLASH_ESCAPES' */",
        ] {
            assert!(head(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nasty_28_no_word_of_the_input_is_quoted() {
        let text = head("Kanarievogel van Piet").unwrap_err();
        assert!(!text.contains("Kanarie") && !text.contains("Piet"), "{text}");
    }
}
