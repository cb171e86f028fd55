//! Writes what the `mysql` and `mariadb` clients load: a schema's statements, INSERT statements of many rows between them.
//!
//! Rows go behind the last statement that makes or changes tables; triggers, views and routines that stand before it are
//! moved behind the rows, with the statements that set and restore their modes. Around the rows the session is as a dump
//! has it: UTF-8, strict, foreign keys unchecked (all of them hold at the end), times of UTC. Left out: rows' locks,
//! counters of the source (`AUTO_INCREMENT=n`: the server goes on behind the highest number by itself).

use std::ops::Range;
use std::sync::Arc;

use super::heads::{self, Databases, Head};
use super::lexer::{Item, Token, Tokens};
use super::poison::poison;
use super::session::Session;
use super::splitter::{Found, Splitter};
use crate::error::{Error, Result};
use crate::format::emit::{Emit, RowWriter, Script};
use crate::format::insert::{Family, emit as sql};
use crate::row::shape::Shape;

/// SQL with INSERT statements in the words of MySQL and MariaDB.
#[derive(Debug)]
pub struct MySqlEmit;

const BEFORE_ROWS: &[u8] = b"
SET NAMES utf8mb4;
SET @STANDIN_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES';
SET @STANDIN_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0;
SET @STANDIN_TIME_ZONE=@@TIME_ZONE, TIME_ZONE='+00:00';

";

const BEHIND_ROWS: &[u8] = b"SET TIME_ZONE=@STANDIN_TIME_ZONE;
SET FOREIGN_KEY_CHECKS=@STANDIN_FOREIGN_KEY_CHECKS;
SET SQL_MODE=@STANDIN_SQL_MODE;
";

impl Emit for MySqlEmit {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn dialect(&self) -> Option<&'static str> {
        Some("mysql")
    }

    fn script(&self, schema: &[u8]) -> Result<Script> {
        cut(schema)
    }

    fn begin(&self, _: &Shape, _: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }

    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        Ok(Box::new(sql::Tuples::new(Family::MySql, shape, "")))
    }

    fn end(&self, _: &Shape, out: &mut Vec<u8>) {
        out.push(b'\n');
    }

    fn poison(&self, _: &Script, _: Option<&Shape>) -> Vec<u8> {
        poison(b";").to_vec()
    }
}

/// What a statement is to the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Makes or changes tables.
    Table,
    /// A view, trigger or routine.
    Late,
    /// A SET that belongs to what follows.
    Set,
    /// A SET that restores what was saved.
    Restore,
    /// A `DELIMITER` line.
    Delimiter,
    Stays,
    Out,
}

struct Statement {
    range: Range<usize>,
    class: Class,
    /// Whether statements end with `;` behind it.
    plain: bool,
    /// What of it is left out.
    without: Option<Range<usize>>,
}

fn cut(schema: &[u8]) -> Result<Script> {
    let mut script = Script::default();
    let (statements, rest) = statements(schema, &mut script.triggers)?;
    let mut place =
        statements.iter().rposition(|s| s.class == Class::Table).map_or(statements.len(), |at| at + 1);
    while place > 0 && statements.get(place - 1).is_some_and(|s| !s.plain) {
        place += 1;
    }
    let (tables, others) = statements.split_at_checked(place).unwrap_or((&statements, &[]));
    // A table under another delimiter stays where that was set.
    let moves = tables.iter().all(|s| s.class != Class::Table || s.plain);
    let mut after = BEHIND_ROWS.to_vec();
    let mut pending: Vec<&Statement> = Vec::new();
    let (mut late, mut plain) = (false, true);
    for statement in tables {
        let belongs = match statement.class {
            Class::Late => true,
            Class::Delimiter | Class::Restore => late,
            Class::Set => late && !plain,
            _ => false,
        };
        plain = statement.plain;
        late = belongs && moves;
        if late {
            pending.drain(..).for_each(|statement| put(schema, statement, &mut after));
            put(schema, statement, &mut after);
        } else if matches!(statement.class, Class::Set | Class::Delimiter) {
            pending.push(statement);
        } else {
            pending.drain(..).for_each(|statement| put(schema, statement, &mut script.before));
            put(schema, statement, &mut script.before);
        }
    }
    pending.drain(..).for_each(|statement| put(schema, statement, &mut script.before));
    script.before.extend_from_slice(BEFORE_ROWS);
    others.iter().for_each(|statement| put(schema, statement, &mut after));
    after.extend_from_slice(schema.get(rest..).unwrap_or_default());
    script.after = after;
    Ok(script)
}

fn put(schema: &[u8], statement: &Statement, out: &mut Vec<u8>) {
    if statement.class == Class::Out {
        return;
    }
    if out.last().is_some_and(|byte| *byte != b'\n') {
        out.push(b'\n');
    }
    let Range { start, end } = statement.range;
    let without = statement.without.clone().unwrap_or(end..end);
    out.extend_from_slice(schema.get(start..without.start).unwrap_or_default());
    out.extend_from_slice(schema.get(without.end..end).unwrap_or_default());
}

fn statements(schema: &[u8], triggers: &mut Vec<String>) -> Result<(Vec<Statement>, usize)> {
    let (mut splitter, mut session) = (Splitter::new(), Session::new());
    let (mut found, mut from) = (Vec::new(), 0);
    loop {
        let text = schema.get(from..).unwrap_or_default();
        let (end, delimiter) = match splitter.scan(text, true)? {
            Found::Statement(end, delimiter) => (end, Some(delimiter)),
            Found::Delimiter(end) => (end, None),
            Found::More if splitter.is_blank() => return Ok((found, from)),
            Found::More => return Err(Error::input("the schema ends inside a statement")),
            Found::Insert(_) => return Err(Error::bug("rows in a schema")),
        };
        let mut statement =
            Statement { range: 0..0, class: Class::Delimiter, plain: splitter.is_plain(), without: None };
        if let Some(delimiter) = delimiter {
            let first = splitter.first_word().unwrap_or(0);
            let mut tokens = Tokens::new(text.get(first..delimiter).unwrap_or_default(), session.mode);
            let items = tokens.all()?;
            let databases = Databases { allowed: true, current: None };
            let head = heads::classify(&items, &tokens.comments, &databases)?;
            if head == Head::Set {
                session.set(&items, true)?;
                splitter.mode = session.mode;
            }
            statement.class = class(&head, &items);
            statement.without =
                counter(&items).map(|range| range.start + from + first..range.end + from + first);
            triggers.extend(trigger(&items));
        }
        let line = text.get(end) == Some(&b'\n');
        let end = end + usize::from(line);
        statement.range = from..from + end;
        found.push(statement);
        from += end;
        splitter.advance(line || delimiter.is_none());
    }
}

fn class(head: &Head, items: &[Item<'_>]) -> Class {
    let says = |word: &str| items.iter().any(|item| item.token.is(word));
    let keys = items.iter().rev().find(|item| matches!(item.token, Token::Word(_)));
    let late = ["VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"];
    let kinds = ["TABLE", "TABLES", "INDEX", "SEQUENCE", "DATABASE", "SCHEMA"];
    let kind = items.iter().find_map(|item| {
        kinds.iter().chain(&late).find(|kind| item.token.is(kind)).filter(|_| item.at.start > 0)
    });
    match head {
        Head::AlterTable | Head::Pass
            if keys.is_some_and(|item| item.token.is("KEYS")) && (says("DISABLE") || says("ENABLE")) =>
        {
            Class::Out
        }
        Head::CreateTable | Head::AlterTable | Head::CreateIndex => Class::Table,
        Head::Set => set(items),
        Head::Lock(_) => Class::Out,
        Head::Transaction(_) | Head::Use(_) => Class::Stays,
        Head::Pass => match (items.first().map(|item| &item.token), kind) {
            (Some(first), _) if first.is("SELECT") || first.is("DO") => Class::Out,
            (Some(first), Some(kind)) if !first.is("CREATE") && !late.contains(kind) => Class::Stays,
            (Some(_), Some(kind)) if late.contains(kind) => Class::Late,
            (Some(_), Some(_)) => Class::Table,
            _ => Class::Stays,
        },
    }
}

/// Tells what a SET belongs to. What the header sets for all of a dump stays where it is.
fn set(items: &[Item<'_>]) -> Class {
    let mut before = None;
    for item in items {
        match &item.token {
            Token::Variable(_) if before == Some(b'=') => return Class::Restore,
            Token::Variable(name) if name.starts_with("old_") => return Class::Stays,
            token if token.is("NAMES") => return Class::Stays,
            _ => {}
        }
        before = match item.token {
            Token::Symbol(symbol) => Some(symbol),
            _ => None,
        };
    }
    Class::Set
}

/// Finds `AUTO_INCREMENT=n` among the options of a table, with the comma before it.
fn counter(items: &[Item<'_>]) -> Option<Range<usize>> {
    let mut depth = 0_u32;
    for (at, item) in items.iter().enumerate() {
        match item.token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => depth = depth.saturating_sub(1),
            _ if depth == 0 && item.token.is("AUTO_INCREMENT") => {
                let behind = items.get(at + 1..).unwrap_or_default();
                let equals = usize::from(behind.first().is_some_and(|i| i.token == Token::Symbol(b'=')));
                if let Some(number) = behind.get(equals).filter(|i| matches!(i.token, Token::Number(_))) {
                    let comma = at.checked_sub(1).and_then(|at| items.get(at));
                    let comma = comma.filter(|item| item.token == Token::Symbol(b','));
                    return Some(comma.unwrap_or(item).at.start..number.at.end);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns the name of the trigger that a statement makes.
fn trigger(items: &[Item<'_>]) -> Option<String> {
    let mut rest = items.iter().map(|item| &item.token);
    if !rest.next()?.is("CREATE") {
        return None;
    }
    let bodies = ["PROCEDURE", "FUNCTION", "EVENT", "PACKAGE", "TABLE", "VIEW"];
    let kind = rest.find(|token| token.is("TRIGGER") || bodies.iter().any(|body| token.is(body)))?;
    let mut names = rest.skip_while(|token| ["IF", "NOT", "EXISTS"].iter().any(|word| token.is(word)));
    let name = names.next()?;
    kind.is("TRIGGER").then(|| name.name()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(schema: &str) -> (String, String, Vec<String>) {
        let script = cut(schema.as_bytes()).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(script.before), text(script.after), script.triggers)
    }

    #[test]
    fn triggers_and_views_of_a_dump_go_behind_rows_with_their_modes() {
        let (before, after, triggers) = parts(
            "-- MySQL dump 10.13\n/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;\n\
             DROP TABLE IF EXISTS `a`;\n/*!40101 SET @saved_cs_client     = @@character_set_client */;\n\
             /*!50503 SET character_set_client = utf8mb4 */;\n\
             CREATE TABLE `a` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB AUTO_INCREMENT=42 DEFAULT CHARSET=utf8mb4;\n\
             /*!40101 SET character_set_client = @saved_cs_client */;\n\
             LOCK TABLES `a` WRITE;\n/*!40000 ALTER TABLE `a` DISABLE KEYS */;\n/*!40000 ALTER TABLE `a` ENABLE KEYS */;\nUNLOCK TABLES;\n\
             /*!50003 SET @saved_sql_mode       = @@sql_mode */ ;\n/*!50003 SET sql_mode              = 'STRICT_TRANS_TABLES' */ ;\n\
             DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`x`@`y`*/ /*!50003 TRIGGER `tr` BEFORE INSERT ON `a` FOR EACH ROW SET NEW.id = 1 */;;\n\
             DELIMITER ;\n/*!50003 SET sql_mode              = @saved_sql_mode */ ;\n\
             DROP TABLE IF EXISTS `b`;\nCREATE TABLE `b` (\n  `id` int NOT NULL\n) ENGINE=InnoDB;\n\
             /*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;\n\n-- Dump completed on 2025-01-01  3:00:00\n",
        );
        assert!(before.contains("CREATE TABLE `a`") && before.contains("CREATE TABLE `b`"), "{before}");
        for gone in ["AUTO_INCREMENT=42", "LOCK TABLES", "DISABLE KEYS"] {
            assert!(!before.contains(gone) && !after.contains(gone), "{gone}");
        }
        assert!(
            !before.contains("DELIMITER")
                && !before.contains("saved_sql_mode")
                && !before.contains("TRIGGER")
        );
        let order: Vec<Option<usize>> = [
            "@saved_sql_mode       =",
            "DELIMITER ;;",
            "TRIGGER `tr`",
            "DELIMITER ;\n",
            "= @saved_sql_mode",
            "=@OLD_",
            "-- Dump completed",
        ]
        .iter()
        .map(|word| after.find(word))
        .collect();
        assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{after}");
        assert_eq!(triggers, ["tr"]);
    }

    #[test]
    fn rows_stand_where_the_delimiter_is_plain_and_before_the_commit() {
        let (before, after, _) = parts(
            "START TRANSACTION;\nDELIMITER //\nCREATE TABLE a (id int)//\nCREATE VIEW v AS SELECT 1//\nDELIMITER ;\n\
             ALTER TABLE a MODIFY id int AUTO_INCREMENT, AUTO_INCREMENT=7;\nCOMMIT;\n",
        );
        assert!(before.contains("DELIMITER //\nCREATE TABLE a (id int)//\nCREATE VIEW v"), "{before}");
        assert!(
            before.contains("MODIFY id int AUTO_INCREMENT;") && after.ends_with("COMMIT;\n"),
            "{before}|{after}"
        );
        let (before, _, _) =
            parts("DELIMITER //\nCREATE TABLE a (id int)//\nDELIMITER ;\nCREATE VIEW v AS SELECT 1;\n");
        assert!(before.contains("DELIMITER ;\n") && !before.contains("VIEW"), "{before}");
    }
}
