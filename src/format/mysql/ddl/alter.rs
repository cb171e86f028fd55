//! ALTER TABLE and CREATE INDEX: keys and constraints that phpMyAdmin and some servers put behind the rows. What would
//! change which columns there are, or their types, is refused: rows were read by the first definition.

use super::super::lexer::{Item, Token};
use super::cursor::{Cursor, not_understood, of_table, parts};
use super::table::{Column, Definition, tail};
use crate::error::{Error, Result};
use crate::row::shape::{ColumnFacts, TableFacts, TableName};

/// What an ALTER TABLE adds.
pub(super) struct Added {
    /// The table.
    pub name: TableName,
    /// Keys and constraints; its columns are those that MODIFY repeats.
    pub definition: Definition,
}

/// Reads `ALTER TABLE …`. `find` returns a table's facts.
///
/// # Errors
/// An action that changes the columns, or is not understood.
pub(super) fn read<'f>(
    items: &[Item<'_>],
    current: Option<&str>,
    find: impl Fn(&TableName) -> Option<&'f TableFacts>,
) -> Result<Added> {
    let mut cursor = Cursor::new(items);
    cursor.word("ALTER");
    cursor.word("TABLE");
    cursor.words(&["IF", "EXISTS"]);
    let name = cursor.table(current)?;
    let known = find(&name);
    let mut definition = of_facts(&name, known);
    for part in parts(cursor.items())? {
        action(&mut Cursor::new(part), &mut definition, current, known.is_some())
            .map_err(|e| of_table(e, &name))?;
    }
    Ok(Added { name, definition })
}

/// Makes a definition with the columns that are known and nothing else.
fn of_facts(name: &TableName, known: Option<&TableFacts>) -> Definition {
    let column = |facts: &ColumnFacts| Column { facts: facts.clone(), invisible: false, charset: None };
    Definition {
        name: name.clone(),
        if_not_exists: false,
        columns: known.map(|t| t.columns.iter().map(column).collect()).unwrap_or_default(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        partition_key: Some(Vec::new()),
        partitions: Vec::new(),
        engine: false,
        conditional: false,
        versioned: false,
        charset: None,
        charsets: Vec::new(),
    }
}

fn action(
    cursor: &mut Cursor<'_, '_>,
    table: &mut Definition,
    current: Option<&str>,
    known: bool,
) -> Result<()> {
    if cursor.word("ADD") {
        return match table.constraint(cursor, current)? && known {
            true if cursor.is_end() => Ok(()),
            _ => Err(changes()),
        };
    }
    if cursor.word("MODIFY") {
        cursor.word("COLUMN");
        return modify(cursor, table);
    }
    let option = ["AUTO_INCREMENT", "COMMENT"].iter().any(|w| cursor.word(w));
    cursor.symbol(b'=');
    let value = matches!(cursor.next(), Some(Token::Number(_) | Token::Text(_)));
    if option && value && cursor.is_end() { Ok(()) } else { Err(changes()) }
}

/// Reads a column once more; it must be of the same type.
fn modify(cursor: &mut Cursor<'_, '_>, table: &mut Definition) -> Result<()> {
    let before = table.columns.len();
    table.column(cursor)?;
    let Some(new) = table.columns.pop().filter(|_| table.columns.len() == before) else {
        return Err(not_understood());
    };
    let name = table.spelled(&new.facts.name);
    let old = table.columns.iter_mut().find(|c| c.facts.name == name).ok_or_else(changes)?;
    if old.facts.ty.class != new.facts.ty.class || new.facts.generated || new.invisible {
        return Err(changes());
    }
    old.facts.not_null |= new.facts.not_null;
    old.facts.literal_default |= new.facts.literal_default;
    old.facts.numbered |= new.facts.numbered;
    Ok(())
}

fn changes() -> Error {
    Error::input("an ALTER TABLE that could change what the rows of a table are")
        .hint("only keys, constraints and AUTO_INCREMENT may follow a table's definition")
}

/// Reads `CREATE [UNIQUE …] INDEX name ON table (…)`.
///
/// # Errors
/// It is not understood, or the table is not known.
pub(super) fn index<'f>(
    items: &[Item<'_>],
    current: Option<&str>,
    find: impl Fn(&TableName) -> Option<&'f TableFacts>,
) -> Result<Added> {
    let mut cursor = Cursor::new(items);
    cursor.word("CREATE");
    cursor.words(&["OR", "REPLACE"]);
    let unique = cursor.word("UNIQUE");
    let _ = cursor.word("FULLTEXT") || cursor.word("SPATIAL");
    cursor.word("INDEX");
    cursor.words(&["IF", "NOT", "EXISTS"]);
    let index = cursor.name()?;
    if cursor.word("USING") {
        cursor.name()?;
    }
    if !cursor.word("ON") {
        return Err(not_understood());
    }
    let name = cursor.table(current)?;
    let known = find(&name);
    if known.is_none() {
        return Err(of_table(Error::input("an index names a table that is not known"), &name));
    }
    let mut definition = of_facts(&name, known);
    if unique {
        definition.key(&mut cursor, index, false).map_err(|e| of_table(e, &name))?;
    } else {
        tail(&mut cursor)?;
    }
    Ok(Added { name, definition })
}
