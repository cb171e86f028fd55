//! SQLite's schema statements become facts: tables, columns, types, keys. One whole statement at a time.
//!
//! - `table`: CREATE TABLE, by a reader of our own; there is one path, not one for what a library parses and one for the
//!   rest, which would have to agree.
//! - `list`: the columns of keys, and those that an expression reads. `types`: what a declared type means.
//!
//! Names of tables and columns have no case in SQLite: whatever a statement writes, facts hold the definition's spelling.
//!
//! Invariants: a table is known whole or the run stops; errors name tables and lines, never text; nothing here sees rows.

mod list;
mod table;
mod types;

use std::collections::{HashMap, HashSet};

use super::lexer::{Token, Tokens};
use crate::error::{Error, Message, Name, Result};
use crate::message;
use crate::row::rules::PartialIndex;
use crate::row::shape::{
    ColumnFacts, ColumnType, Expression, Facts, Shape, TableFacts, TableName, TypeClass, Unique,
};

/// Most columns of a table (`SQLITE_MAX_COLUMN` at its highest).
const MAX_COLUMNS: usize = 32_767;

/// Names by which every rowid table gives its rowid.
const ROWIDS: &[&str] = &["rowid", "_rowid_", "oid"];

/// Tables of samples of values, which no statement of a dump defines (fileformat2.html).
const SAMPLES: &[&str] = &["sqlite_stat3", "sqlite_stat4"];

/// Where a statement stands, for messages.
struct Place {
    table: TableName,
    line: u64,
}

impl Place {
    fn error(&self, what: impl Into<Message>) -> Error {
        let shown = message!("{}", self.table);
        Error::input(what).at(|at| {
            at.line = Some(self.line);
            at.table = Some(shown);
        })
    }

    fn unknown(&self, what: &'static str) -> Error {
        self.error(message!("{} is not understood in this place", what))
            .hint("a definition that is not understood stops the run; dump with `sqlite3 FILE .dump`")
    }
}

/// The schema as far as statements have told it.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalog {
    facts: Facts,
    /// Tables by their names in lower case.
    names: HashMap<String, TableName>,
    /// Tables that only their rows tell of: they may have more columns than were listed so far.
    undefined: HashSet<TableName>,
    /// The columns that are no columns of their tables' definitions: the rowid, as rows list it.
    rowids: HashMap<TableName, String>,
    /// Tables whose foreign keys name a table that is not known yet, by that name in lower case.
    waiting: HashMap<String, Vec<TableName>>,
}

impl Catalog {
    /// Returns what is known.
    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    fn find(&self, name: &str) -> Option<&TableName> {
        self.names.get(&name.to_ascii_lowercase())
    }

    /// Reads CREATE TABLE; `line` is the line of the text's first byte.
    ///
    /// # Errors
    /// `ErrorKind::Input`, with line and table, for a definition that is not understood.
    pub(super) fn create_table(&mut self, text: &[u8], line: u64) -> Result<()> {
        let mut tokens = Tokens::new(text);
        let known = tokens.keywords(&["CREATE", "TABLE"]);
        let if_not_exists = tokens.keywords(&["IF", "NOT", "EXISTS"]);
        let name =
            qualified(&mut tokens).filter(|_| known).ok_or_else(|| unnamed("the name of a table", line))?;
        let name = TableName::new(None, &name);
        let place = Place { table: name.clone(), line };
        if self.find(&name.table).is_some() {
            return if if_not_exists { Ok(()) } else { Err(place.error("the table is defined twice")) };
        }
        // These are tables of the program itself: nothing may define them otherwise.
        if name.table.to_ascii_lowercase().starts_with("sqlite_") {
            return Err(place.error("a definition of a table that SQLite keeps itself"));
        }
        let table = table::read(name, &mut tokens, line)?;
        self.add(table);
        Ok(())
    }

    fn add(&mut self, mut table: TableFacts) {
        let name = table.name.clone();
        let lower = name.table.to_ascii_lowercase();
        self.names.insert(lower.clone(), name.clone());
        for key in &mut table.foreign_keys {
            let target = key.target.table.to_ascii_lowercase();
            match self.names.get(&target) {
                Some(known) => key.target = known.clone(),
                None => self.waiting.entry(target).or_default().push(name.clone()),
            }
        }
        self.facts.add(table);
        self.spell_targets(&name, &name);
        for other in self.waiting.remove(&lower).unwrap_or_default() {
            self.spell_targets(&other, &name);
        }
    }

    /// Spells the targets of a table's foreign keys as their definitions do; `new` is the table known last.
    fn spell_targets(&mut self, of: &TableName, new: &TableName) {
        let Some(table) = self.facts.table(of) else { return };
        let mut keys = table.foreign_keys.clone();
        for key in &mut keys {
            if key.target.table.eq_ignore_ascii_case(&new.table) {
                key.target = new.clone();
            }
            let Some(target) = self.facts.table(&key.target) else { continue };
            for column in &mut key.target_columns {
                if let Some(known) = target.columns.iter().find(|c| c.name.eq_ignore_ascii_case(column)) {
                    column.clone_from(&known.name);
                }
            }
        }
        if keys != table.foreign_keys
            && let Some(table) = self.facts.table_mut(of)
        {
            table.foreign_keys = keys;
        }
    }

    /// Reads CREATE UNIQUE INDEX.
    ///
    /// # Errors
    /// `ErrorKind::Input` for an unknown table or column, or a form that is not understood.
    pub(super) fn create_unique_index(&mut self, text: &[u8], line: u64) -> Result<()> {
        let wrong = || unnamed("a unique index", line);
        let mut tokens = Tokens::new(text);
        let known = tokens.keywords(&["CREATE", "UNIQUE", "INDEX"]);
        tokens.keywords(&["IF", "NOT", "EXISTS"]);
        let name = qualified(&mut tokens).filter(|_| known && tokens.keyword("ON")).ok_or_else(wrong)?;
        let table = tokens.name().ok_or_else(wrong)?;
        let table = self.find(&table).cloned().ok_or_else(|| {
            Error::input("an index names a table that is not known").at(|at| at.line = Some(line))
        })?;
        let place = Place { table: table.clone(), line };
        let inside = if tokens.symbol(b'(') { tokens.brackets() } else { None };
        let inside = inside.ok_or_else(|| place.unknown("a unique index"))?;
        let facts = self.facts.table(&table).ok_or_else(|| place.unknown("a unique index"))?;
        let (mut columns, mut expression) = list::columns(facts, &inside)
            .ok_or_else(|| place.error("an index names a column that the table has not"))?;
        let mut predicate = None;
        if tokens.keyword("WHERE") {
            expression = true;
            let mut words: Vec<_> = tokens.collect();
            words.retain(|word| *word != Token::Symbol(b';'));
            // One that is not understood says nothing, and is there.
            let unread = || Expression { sql: String::new(), exact: false };
            for column in list::read_by(facts, &words) {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
            predicate = Some(table::predicate(facts, words).unwrap_or_else(unread));
        } else if !tokens.is_over() {
            return Err(place.unknown("a unique index"));
        }
        let items = list::indexed(facts, &inside);
        if let Some(facts) = self.facts.table_mut(&table) {
            if expression {
                facts.partial_indexes.push(PartialIndex { name: name.clone(), items, predicate });
            }
            facts.uniques.push(Unique { name, columns, primary: false, expression });
        }
        Ok(())
    }

    /// Says whether the columns of an INSERT's rows are known, so that `shape` adds nothing to the facts.
    pub(super) fn is_told(&self, name: &[String], columns: Option<&[String]>) -> bool {
        let table = name.last().and_then(|table| self.find(table)).and_then(|table| self.facts.table(table));
        let has = |name: &String| {
            table.is_some_and(|t| t.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name)))
        };
        table.is_some() && columns.unwrap_or_default().iter().all(has)
    }

    /// Returns the columns of an INSERT's rows, in their order. What only rows tell of becomes known by them: a table of a
    /// dump without definitions, `rowid` as `--preserve-rowids` lists it, the tables of sampled values.
    ///
    /// # Errors
    /// `ErrorKind::Input` for a table that is not known and whose columns are not listed, an unknown or generated column,
    /// a column named twice, a name in another database.
    pub(super) fn shape(&mut self, name: &[String], columns: Option<&[String]>) -> Result<Shape> {
        let table = match name {
            [table] => table,
            [database, table] if database.eq_ignore_ascii_case("main") => table,
            _ => {
                return Err(Error::input("rows for a table of another database")
                    .hint("only the main database's rows may stand in a dump"));
            }
        };
        let name = match (self.find(table), columns) {
            (Some(known), _) if columns.is_some() || !self.undefined.contains(known) => known.clone(),
            (None, None) if SAMPLES.iter().any(|s| s.eq_ignore_ascii_case(table)) => self.add_samples(table),
            (None, Some(_)) => self.add_undefined(table),
            (_, None) | (Some(_), Some(_)) => {
                let shown = message!("{}", TableName::new(None, table));
                return Err(Error::input("rows without a list of columns are for a table that is not known")
                    .hint("dump the schema with the rows: `.dump` without `--data-only`")
                    .at(|at| at.table = Some(shown)));
            }
        };
        let listed = match columns {
            None => {
                let rowid = self.rowids.get(&name);
                let columns = self.facts.table(&name).map(|t| t.columns.as_slice()).unwrap_or_default();
                columns.iter().filter(|c| !c.generated && rowid != Some(&c.name)).cloned().collect()
            }
            Some(names) => self.listed(&name, names)?,
        };
        Ok(Shape { table: name, columns: listed, trusted_names: true })
    }

    fn listed(&mut self, table: &TableName, names: &[String]) -> Result<Vec<ColumnFacts>> {
        let shown = message!("{}", table);
        let mut listed: Vec<ColumnFacts> = Vec::with_capacity(names.len());
        let mut seen = HashSet::new();
        for name in names {
            let wrong = |what: &'static str| {
                let column = message!("`{}`", Name::new(name.as_str()));
                Err(Error::input(what).at(|at| {
                    at.table = Some(shown.clone());
                    at.column = Some(column);
                }))
            };
            if !seen.insert(name.to_ascii_lowercase()) {
                return wrong("rows list a column twice");
            }
            let Some(facts) = self.facts.table(table) else { return wrong("rows list an unknown column") };
            let known = facts.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name)).cloned();
            let column = match known {
                Some(known) if known.generated => return wrong("rows list a generated column"),
                Some(known) => known,
                None if ROWIDS.iter().any(|r| r.eq_ignore_ascii_case(name)) => {
                    // Under this name the value would reach the key past the key's own rule.
                    if has_integer_key(facts) || self.rowids.contains_key(table) {
                        return wrong("rows list the rowid under another name than its column");
                    }
                    self.rowids.insert(table.clone(), name.clone());
                    ColumnFacts { not_null: true, ..table::column(name.clone(), "INTEGER", &[]) }
                }
                None if self.undefined.contains(table) => table::column(name.clone(), "", &[]),
                None => return wrong("rows list a column that the table has not"),
            };
            if facts.column(&column.name).is_none()
                && let Some(facts) = self.facts.table_mut(table)
            {
                facts.columns.push(column.clone());
            }
            listed.push(column);
        }
        Ok(listed)
    }

    fn add_undefined(&mut self, table: &str) -> TableName {
        let name = TableName::new(None, table);
        self.undefined.insert(name.clone());
        self.add(table::empty(name.clone(), 0));
        name
    }

    fn add_samples(&mut self, table: &str) -> TableName {
        let name = TableName::new(None, &table.to_ascii_lowercase());
        let mut facts = table::empty(name.clone(), 0);
        for column in ["tbl", "idx", "neq", "nlt", "ndlt", "sample"] {
            let class =
                if column == "sample" { TypeClass::Bytes } else { TypeClass::Text { max_chars: None } };
            let mut column = table::column(column.to_owned(), "", &[]);
            column.ty = ColumnType { class, ..ColumnType::unknown() };
            facts.columns.push(column);
        }
        self.add(facts);
        name
    }
}

/// Says whether a column is the table's rowid.
fn has_integer_key(table: &TableFacts) -> bool {
    let keys = table.uniques.iter().filter(|u| u.primary);
    let mut alone = keys.filter_map(|u| if let [only] = u.columns.as_slice() { Some(only) } else { None });
    alone.any(|name| table.column(name).is_some_and(|c| c.ty.text.eq_ignore_ascii_case("INTEGER")))
}

fn unnamed(what: &'static str, line: u64) -> Error {
    Error::input(message!("{} is not understood", what)).at(|at| at.line = Some(line))
}

/// Reads a name, maybe with `main` before it.
fn qualified(tokens: &mut Tokens<'_>) -> Option<String> {
    let name = tokens.name()?;
    if !tokens.symbol(b'.') {
        return Some(name);
    }
    if name.eq_ignore_ascii_case("main") { tokens.name() } else { None }
}

#[cfg(test)]
mod tests;
