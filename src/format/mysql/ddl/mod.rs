//! MySQL's schema statements become facts: tables, columns, types, keys. One small reader of our own for all of it.
//!
//! - `cursor`: steps through the tokens of a statement, lists and groups.
//! - `types`, `table`, `alter`: what they say.
//!
//! Invariants: a table is known whole or the run stops, since a column that is overlooked would shift the decisions for
//! all others; errors name tables, never text, since a DEFAULT or COMMENT may hold data; nothing here sees rows.

mod alter;
mod charset;
mod cursor;
mod partition;
mod table;
#[cfg(test)]
mod tests;
mod types;

use std::collections::{HashMap, HashSet};

use super::heads::Databases;
use super::lexer::Item;
use crate::error::{Error, Message, Name, Result};
use crate::message;
use crate::recognise::identifies;
use crate::row::object::ObjectClass;
use crate::row::shape::{ColumnFacts, ColumnType, Facts, Literals, Shape, TableFacts, TableName, TypeClass};
use cursor::of_table;
use table::Definition;

/// Most columns of a table (MySQL's limit; InnoDB's is lower).
const MAX_COLUMNS: usize = 4096;

/// Who wrote the dump, as far as it decides what a statement means.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Writer {
    /// MariaDB's dumps hold values of generated columns, MySQL's do not.
    pub maria: bool,
    /// phpMyAdmin writes a table without ENGINE in place of a view that comes later.
    pub php_my_admin: bool,
}

/// What an INSERT announces.
pub(super) struct Rows {
    /// The columns that have values, in the order of the tuples.
    pub shape: Shape,
    /// How many fields a tuple has.
    pub width: usize,
    /// Fields of generated columns, ascending: only DEFAULT may stand there.
    pub generated: Vec<usize>,
}

/// The schema as far as statements have told it.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    facts: Facts,
    /// Columns that an INSERT without a list leaves out.
    invisible: HashMap<TableName, HashSet<String>>,
    /// Tables that only their rows tell of.
    undefined: HashSet<TableName>,
    /// Tables WITH SYSTEM VERSIONING.
    versioned: HashSet<TableName>,
    /// The character set of the database at hand, where it is said.
    charset: Option<charset::Charset>,
}

impl Catalog {
    /// Notes how many literals a definition holds, and the class that decides on them.
    pub(super) fn note_literals(&mut self, definition: Message, texts: &[&[u8]], class: ObjectClass) {
        let length = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let identifiers = length(texts.iter().filter(|text| identifies(text)).count());
        let class = Some(class);
        self.facts.note_literals(Literals { definition, count: length(texts.len()), identifiers, class });
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Notes what a statement says of the database at hand.
    pub(super) fn database(&mut self, items: &[Item<'_>]) {
        if let Some(charset) = charset::of_database(items) {
            self.charset = Some(charset);
        }
    }

    /// Reads a CREATE TABLE.
    ///
    /// # Errors
    /// It is not understood, defined twice, or of another database without leave.
    pub(super) fn create_table(
        &mut self,
        items: &[Item<'_>],
        databases: &Databases,
        writer: Writer,
        line: u64,
    ) -> Result<()> {
        let definition = table::read(items, databases.current.as_deref())?;
        let placed = |e: Error| of_table(e, &definition.name);
        databases.admit(definition.name.schema.as_deref()).map_err(placed)?;
        if definition.columns.is_empty() || definition.columns.len() > MAX_COLUMNS {
            return Err(placed(Error::input("a table without columns, or with more than MySQL allows")));
        }
        let mut names = HashSet::new();
        if definition.columns.iter().any(|c| !names.insert(c.facts.name.to_lowercase())) {
            return Err(placed(Error::input("a table names a column twice")));
        }
        if let Some(known) = self.facts.table(&definition.name) {
            let names = |columns: &mut dyn Iterator<Item = &ColumnFacts>| -> Vec<(String, ColumnType)> {
                columns.map(|c| (c.name.clone(), c.ty.clone())).collect()
            };
            let same =
                names(&mut known.columns.iter()) == names(&mut definition.columns.iter().map(|c| &c.facts));
            return match definition.if_not_exists && same {
                true => Ok(()),
                false => Err(placed(Error::input("the table is defined twice"))),
            };
        }
        self.add(definition, writer, line);
        Ok(())
    }

    fn add(&mut self, definition: Definition, writer: Writer, line: u64) {
        let placeholder = definition.conditional || (writer.php_my_admin && !definition.engine);
        let hidden = definition.columns.iter().filter(|c| c.invisible).map(|c| c.facts.name.clone());
        self.invisible.insert(definition.name.clone(), hidden.collect());
        if definition.versioned {
            self.versioned.insert(definition.name.clone());
        }
        let columns = definition.columns.into_iter().map(|c| {
            let generated = c.facts.generated && !writer.maria;
            ColumnFacts { generated, ..c.facts }
        });
        let charset = definition.charset.or_else(|| self.charset.clone()).and_then(charset::Charset::fact);
        let charsets = definition.charsets.into_iter().map(|(column, charset)| (column, charset.fact()));
        self.facts.add(TableFacts {
            columns: columns.collect(),
            charset,
            charsets: charsets.collect(),
            partition_key: definition.partition_key,
            partitions: definition.partitions,
            uniques: definition.uniques,
            foreign_keys: definition.foreign_keys,
            checks: definition.checks,
            holds_rows: !placeholder,
            line,
            ..TableFacts::named(definition.name)
        });
    }

    /// Reads an ALTER TABLE or CREATE INDEX.
    ///
    /// # Errors
    /// It changes columns, is not understood, or is of another database without leave.
    pub(super) fn change(&mut self, items: &[Item<'_>], databases: &Databases, index: bool) -> Result<()> {
        let find = |name: &TableName| self.facts.table(name);
        let current = databases.current.as_deref();
        let added =
            if index { alter::index(items, current, find)? } else { alter::read(items, current, find)? };
        databases.admit(added.name.schema.as_deref()).map_err(|e| of_table(e, &added.name))?;
        let definition = added.definition;
        let Some(table) = self.facts.table_mut(&added.name) else { return Ok(()) };
        let primary: Vec<&String> =
            definition.uniques.iter().filter(|u| u.primary).flat_map(|u| &u.columns).collect();
        for (old, new) in table.columns.iter_mut().zip(&definition.columns) {
            old.not_null |= new.facts.not_null || primary.contains(&&old.name);
            old.literal_default |= new.facts.literal_default;
            old.numbered |= new.facts.numbered;
        }
        table.uniques.extend(definition.uniques);
        table.foreign_keys.extend(definition.foreign_keys);
        table.checks.extend(definition.checks);
        Ok(())
    }

    /// Returns whether a table is known without learning from its rows.
    pub(super) fn is_told(&self, name: &[String], databases: &Databases) -> bool {
        let name = full_name(name, databases).and_then(|n| self.known_name(n)).ok();
        name.is_some_and(|n| {
            self.facts.table(&n).is_some() && !self.undefined.contains(&n) && !self.versioned.contains(&n)
        })
    }

    /// Returns the columns of an INSERT's rows, in their order. `name` is `table` or `database.table`.
    ///
    /// # Errors
    /// An unknown table without a column list, a view's placeholder, an unknown column, one named twice.
    pub(super) fn insert_shape(
        &mut self,
        name: &[String],
        columns: Option<&[String]>,
        databases: &Databases,
    ) -> Result<Rows> {
        let name = full_name(name, databases)?;
        databases.admit(name.schema.as_deref()).map_err(|e| of_table(e, &name))?;
        let name = self.known_name(name)?;
        self.system_columns(&name, columns.unwrap_or_default());
        let columns = match (self.facts.table(&name), columns) {
            (None, None) => {
                let error = Error::input("rows without a column list are for a table that is not known");
                return Err(
                    of_table(error, &name).hint("dump schema and rows together, or with --complete-insert")
                );
            }
            (None, Some(columns)) => self.untold(&name, columns)?,
            (Some(table), _) if !table.holds_rows => {
                return Err(of_table(Error::input("rows are for a view"), &name));
            }
            (Some(table), None) => {
                let hidden = self.invisible.get(&name);
                let visible = |c: &&ColumnFacts| !hidden.is_some_and(|h| h.contains(&c.name));
                table.columns.iter().filter(visible).cloned().collect()
            }
            (Some(table), Some(columns)) if self.undefined.contains(&name) => {
                if columns.iter().any(|c| !has(table, c)) {
                    self.untold(&name, columns)?
                } else {
                    listed(table, columns)?
                }
            }
            (Some(table), Some(columns)) => listed(table, columns)?,
        };
        let generated = columns.iter().enumerate().filter(|(_, c)| c.generated).map(|(i, _)| i).collect();
        let width = columns.len();
        let columns = columns.into_iter().filter(|c| !c.generated).collect();
        Ok(Rows { shape: Shape { table: name, columns, trusted_names: true }, width, generated })
    }

    /// Adds the columns of a system-versioned table that its definition leaves out and its rows list
    /// (`mariadb-dump --dump-history`).
    fn system_columns(&mut self, name: &TableName, columns: &[String]) {
        if !self.versioned.contains(name) {
            return;
        }
        for system in ["row_start", "row_end"] {
            let missing = self.facts.table(name).is_some_and(|t| t.column(system).is_none());
            if missing
                && columns.iter().any(|c| c.eq_ignore_ascii_case(system))
                && let Some(table) = self.facts.table_mut(name)
            {
                let class = TypeClass::Moment;
                let ty = ColumnType { class, text: "timestamp(6)".to_owned(), domain: None };
                let name = system.to_owned();
                let facts = ColumnFacts {
                    name,
                    ty,
                    not_null: true,
                    generated: false,
                    literal_default: false,
                    numbered: false,
                };
                table.columns.push(facts);
                self.invisible.entry(table.name.clone()).or_default().insert(system.to_owned());
            }
        }
    }

    /// Returns the table's name as it was defined: exactly, else in another case if one alone is.
    fn known_name(&self, name: TableName) -> Result<TableName> {
        if self.facts.table(&name).is_some() {
            return Ok(name);
        }
        let alike = |t: &&TableFacts| {
            t.name.schema == name.schema && t.name.table.to_lowercase() == name.table.to_lowercase()
        };
        let mut found = self.facts.tables().iter().filter(alike);
        match (found.next(), found.next()) {
            (None, _) => Ok(name),
            (Some(table), None) => Ok(table.name.clone()),
            _ => Err(of_table(Error::input("rows are for a table of which two differ in case only"), &name)),
        }
    }

    /// Takes a table from its rows' column list: types are unknown.
    fn untold(&mut self, name: &TableName, columns: &[String]) -> Result<Vec<ColumnFacts>> {
        let column = |c: &String| ColumnFacts {
            name: c.clone(),
            ty: ColumnType::unknown(),
            not_null: false,
            generated: false,
            literal_default: false,
            numbered: false,
        };
        let listed: Vec<ColumnFacts> = columns.iter().map(column).collect();
        twice(name, columns)?;
        self.undefined.insert(name.clone());
        // By what it is partitioned is not known.
        let table =
            TableFacts { columns: listed.clone(), partition_key: None, ..TableFacts::named(name.clone()) };
        if !self.facts.add(table)
            && let Some(known) = self.facts.table_mut(name)
        {
            for column in &listed {
                if !has(known, &column.name) {
                    known.columns.push(column.clone());
                }
            }
        }
        Ok(listed)
    }
}

/// Returns whether a table has a column: names of columns know no case.
fn has(table: &TableFacts, column: &str) -> bool {
    table.columns.iter().any(|c| c.name.to_lowercase() == column.to_lowercase())
}

/// Returns the full name of a table that a statement names.
fn full_name(name: &[String], databases: &Databases) -> Result<TableName> {
    match name {
        [table] => Ok(TableName::new(databases.current.as_deref(), table)),
        [database, table] => Ok(TableName::new(Some(database), table)),
        _ => Err(Error::input("a table name of more than two parts")),
    }
}

/// Refuses a list that names a column twice.
fn twice(name: &TableName, columns: &[String]) -> Result<()> {
    let mut seen = HashSet::new();
    match columns.iter().find(|c| !seen.insert(c.to_lowercase())) {
        None => Ok(()),
        Some(column) => Err(wrong(name, column, "rows list a column twice")),
    }
}

fn wrong(name: &TableName, column: &str, what: &'static str) -> Error {
    let column = message!("`{}`", Name::new(column));
    of_table(Error::input(what), name).at(|at| at.column = Some(column))
}

/// Returns the columns of a list as the table defines them: names of columns know no case.
fn listed(table: &TableFacts, columns: &[String]) -> Result<Vec<ColumnFacts>> {
    twice(&table.name, columns)?;
    let known: HashMap<String, &ColumnFacts> =
        table.columns.iter().map(|c| (c.name.to_lowercase(), c)).collect();
    let find = |name: &String| {
        let found = known.get(&name.to_lowercase()).map(|c| (*c).clone());
        found.ok_or_else(|| wrong(&table.name, name, "rows list a column that the table has not"))
    };
    columns.iter().map(find).collect()
}
