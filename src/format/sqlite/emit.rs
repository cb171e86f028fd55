//! Writes what the `sqlite3` shell loads: a schema's tables, INSERT statements of many rows, then indexes, triggers and
//! views, all in one transaction with foreign keys unchecked (all of them hold at the end; a PRAGMA cannot change that
//! within a transaction, so it stands before it, and one that switches them on is put behind it).
//!
//! Left out: rows of the system tables, which count and describe the schema's source.

use std::sync::Arc;

use super::lexer::Tokens;
use super::poison::POISON;
use super::splitter::{Found, Splitter};
use crate::error::{Error, Result};
use crate::format::emit::{Emit, RowWriter, Script};
use crate::format::insert::{Family, emit as sql};
use crate::row::shape::Shape;

/// SQL with INSERT statements in the words of SQLite.
#[derive(Debug)]
pub struct SqliteEmit;

impl Emit for SqliteEmit {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn dialect(&self) -> Option<&'static str> {
        Some("sqlite")
    }

    fn script(&self, schema: &[u8]) -> Result<Script> {
        cut(schema)
    }

    fn begin(&self, _: &Shape, _: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }

    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        Ok(Box::new(sql::Tuples::new(Family::Sqlite, shape, "")))
    }

    fn end(&self, _: &Shape, _: &mut Vec<u8>) {}

    fn poison(&self, _: &Script, _: Option<&Shape>) -> Vec<u8> {
        POISON.to_vec()
    }
}

/// What a statement is to the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Stays,
    Begin,
    Late,
    End,
    Out,
    /// `PRAGMA foreign_keys`, and whether it switches them on.
    Keys(bool),
}

fn cut(schema: &[u8]) -> Result<Script> {
    let mut script = Script::default();
    let (mut splitter, mut from) = (Splitter::new(), 0);
    let (mut begun, mut checked) = (false, false);
    let mut end = Vec::new();
    loop {
        let text = schema.get(from..).unwrap_or_default();
        let len = match splitter.scan(text, true)? {
            Found::Statement(len) => len,
            Found::Insert(_) => {
                splitter.whole_insert();
                continue;
            }
            _ if splitter.is_blank() => break,
            _ => return Err(Error::input("the schema ends inside a statement")),
        };
        let len = len + usize::from(text.get(len) == Some(&b'\n'));
        let words = text.get(splitter.first_word().unwrap_or(0)..len).unwrap_or_default();
        let out = match class(words) {
            Class::Out => None,
            Class::Keys(on) => {
                checked = on;
                None
            }
            Class::Begin => {
                begun = true;
                Some(&mut script.before)
            }
            Class::Stays => Some(&mut script.before),
            Class::Late => {
                script.triggers.extend(trigger(words));
                Some(&mut script.after)
            }
            Class::End => Some(&mut end),
        };
        if let Some(out) = out {
            if out.last().is_some_and(|byte| *byte != b'\n') {
                out.push(b'\n');
            }
            out.extend_from_slice(text.get(..len).unwrap_or_default());
        }
        from += len;
        splitter.restart();
    }
    let mut before = b"PRAGMA foreign_keys=OFF;\n".to_vec();
    if !begun {
        before.extend_from_slice(b"BEGIN TRANSACTION;\n");
        end.splice(..0, b"COMMIT;\n".iter().copied());
    }
    for out in [&mut script.before, &mut script.after] {
        if out.last().is_some_and(|byte| *byte != b'\n') {
            out.push(b'\n');
        }
    }
    script.before.splice(..0, before);
    script.after.append(&mut end);
    if checked {
        script.after.extend_from_slice(b"PRAGMA foreign_keys=ON;\n");
    }
    script.after.extend_from_slice(schema.get(from..).unwrap_or_default());
    Ok(script)
}

fn class(words: &[u8]) -> Class {
    let mut tokens = Tokens::new(words);
    let Some(first) = tokens.next() else { return Class::Stays };
    if first.is("PRAGMA") && tokens.keyword("foreign_keys") {
        tokens.symbol(b'=');
        let on = tokens.next().is_some_and(|value| {
            value.is("ON")
                || value.is("TRUE")
                || value.is("YES")
                || value == super::lexer::Token::Number(b"1")
        });
        return Class::Keys(on);
    }
    if first.is("CREATE") {
        tokens.keyword("UNIQUE");
        let late = ["INDEX", "VIEW", "TRIGGER"].iter().any(|kind| tokens.keyword(kind));
        return if late { Class::Late } else { Class::Stays };
    }
    match first {
        token if token.is("BEGIN") => Class::Begin,
        token if token.is("COMMIT") || token.is("END") => Class::End,
        token if ["INSERT", "REPLACE", "DELETE", "ANALYZE", "UPDATE"].iter().any(|word| token.is(word)) => {
            Class::Out
        }
        _ => Class::Stays,
    }
}

/// Returns the name of the trigger that a statement makes.
fn trigger(words: &[u8]) -> Option<String> {
    let mut tokens = Tokens::new(words);
    if !tokens.keywords(&["CREATE", "TRIGGER"]) {
        return None;
    }
    tokens.keywords(&["IF", "NOT", "EXISTS"]);
    tokens.name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_before_indexes_and_triggers_in_one_transaction() {
        let script = cut(
            b"PRAGMA foreign_keys=ON;\nCREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);\nCREATE INDEX i ON a (id);\n\
              CREATE TRIGGER tr AFTER INSERT ON a BEGIN SELECT 1; END;\nCREATE TABLE b (x);\n\
              DELETE FROM sqlite_sequence;\nINSERT INTO sqlite_sequence VALUES('a',41);",
        )
        .unwrap();
        let (before, after) =
            (String::from_utf8(script.before).unwrap(), String::from_utf8(script.after).unwrap());
        assert!(
            before.starts_with("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a "),
            "{before}"
        );
        assert!(before.ends_with("CREATE TABLE b (x);\n"), "{before}");
        assert!(
            after.starts_with("CREATE INDEX i")
                && after.ends_with("END;\nCOMMIT;\nPRAGMA foreign_keys=ON;\n"),
            "{after}"
        );
        assert_eq!(script.triggers, ["tr"]);
    }

    #[test]
    fn a_dump_keeps_its_own_transaction() {
        let script =
            cut(b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (id);\nCOMMIT;\n").unwrap();
        assert_eq!(script.before, b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (id);\n");
        assert_eq!(script.after, b"COMMIT;\n");
    }
}
