//! PostgreSQL's schema statements become facts: tables, columns, types, keys. Reads what pg_dump prints (tried on 15 and 18)
//! and most of what people write, one whole statement at a time.
//!
//! - `scan`: the first words, and COPY's announcement; statements without facts cost no more than that.
//! - `ahead`: statements further on, parsed by all threads before their turn.
//! - `tree`: text to syntax tree (squawk-syntax, lossless); any syntax error stops.
//! - `types`, `table`, `constraint`, `check`, `alter`, `expression`: what the tree says.
//!
//! Invariants: a table is known whole or the run stops, since a column that is overlooked would shift the decisions for
//! all others; errors name tables and lines, never text, since a DEFAULT may hold data; nothing here sees rows.

mod ahead;
mod alter;
mod check;
mod constraint;
mod expression;
mod partition;
mod scan;
mod table;
mod tree;
mod types;

use std::collections::{HashMap, HashSet};

use squawk_syntax::ast::{self, NameLike};

pub use scan::{CopyHead, parse_copy};

use crate::error::{Error, Name, Result};
use crate::message;
use crate::row::shape::{ColumnFacts, Facts, Literals, Shape, TableFacts, TableName, TypeClass};
use ahead::Ahead;
use scan::{Head, Scan};
use table::Definition;
use tree::Place;
use types::{Domain, Types};

/// Most columns of a table (PostgreSQL's `MaxHeapAttributeNumber`).
const MAX_COLUMNS: usize = 1600;

/// The schema as far as statements have told it.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    facts: Facts,
    types: Types,
    materialized_views: HashSet<TableName>,
    /// Tables known from elsewhere; they count where the input does not define them itself.
    given: Facts,
    /// Tables that nothing but their rows told: no types, no keys.
    listed: HashSet<TableName>,
    /// Whether statements named tables that the input does not define: it is a part of a dump.
    part: bool,
    /// Statements that were parsed before their turn.
    ahead: Ahead,
    /// Whether backslashes escape in plain literals: `standard_conforming_strings` is off.
    escapes: bool,
    /// The character set of the database, where it is said and does not hold all of Unicode.
    charset: Option<&'static str>,
}

impl Catalog {
    /// Starts with facts known from elsewhere (`--schema FILE`, a facts pass). A table that the input does not define is
    /// the one that they tell of; one that it defines must have the same columns when its rows come.
    #[must_use]
    pub fn with_facts(given: Facts) -> Self {
        Self { given, ..Self::default() }
    }

    /// Says whether a backslash in a plain literal is one (`standard_conforming_strings`), as it is from the start.
    pub fn of_strings(&mut self, standard: bool) {
        self.escapes = !standard;
    }

    /// Notes the character set of the database.
    pub fn of_charset(&mut self, charset: Option<&'static str>) {
        self.charset = charset;
    }

    /// Notes the literals of a definition.
    pub fn note_literals(&mut self, literals: Literals) {
        self.facts.note_literals(literals);
    }

    /// Returns whether nothing was defined yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.tables().is_empty() && self.types.is_empty()
    }

    /// Returns whether the input is a part of a dump: tables are told by their rows alone, or named without a definition.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.part || !self.listed.is_empty()
    }

    /// Takes a table that is known from elsewhere, and those whose rules it takes.
    fn adopt(&mut self, name: &TableName) {
        let mut wanted = vec![name.clone()];
        while let Some(name) = wanted.pop() {
            if self.facts.table(&name).is_none()
                && let Some(table) = self.given.table(&name)
            {
                wanted.extend(table.parents.iter().cloned());
                self.facts.add(table.clone());
                self.part = true;
            }
        }
    }

    /// Says whether the input may be a part of a dump that defines no tables, so that statements name unknown ones.
    fn defines_nothing(&mut self) -> bool {
        let listed = self.facts.tables().iter().all(|t| self.listed.contains(&t.name));
        self.part |= listed;
        listed
    }

    /// Returns what is known.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Says whether nothing stands ready of what was looked at ahead, so that more may be.
    #[must_use]
    pub fn looks_ahead(&self) -> bool {
        self.ahead.is_open()
    }

    /// Gets the next statements ready on all threads: those that `apply` will be called with, as far as they carry facts.
    pub fn look_ahead(&mut self, statements: Vec<String>) {
        self.ahead.add(statements);
    }

    /// Reads one whole statement. Call it for every statement that starts with CREATE or ALTER; those without facts
    /// (functions, views, triggers, sequences, …) return at once. `line` is the line of the text's first byte.
    ///
    /// # Errors
    /// `ErrorKind::Input`, with line and table, for a schema statement that is not understood.
    pub fn apply(&mut self, statement: &str, line: u64) -> Result<()> {
        let mut scan = Scan::new(statement);
        match scan::head(&mut scan) {
            Head::Other => Ok(()),
            Head::MaterializedView => {
                let named = scan.keyword("VIEW");
                if scan.keyword("IF") && !(scan.keyword("NOT") && scan.keyword("EXISTS")) {
                    return Ok(());
                }
                self.materialized_views.extend(scan.name().filter(|_| named));
                Ok(())
            }
            Head::Facts => {
                let parsed = self.ahead.take(statement).statement(statement, line)?;
                self.read(&parsed, line)?;
                if self.escapes && statement.contains('\\') {
                    self.facts.each_mut(check::forget_unsure);
                    self.types.each_check(check::DomainCheck::forget_unsure);
                }
                Ok(())
            }
        }
    }

    fn read(&mut self, statement: &ast::Stmt, line: u64) -> Result<()> {
        use ast::Stmt as S;
        let place = Place { name: None, line };
        match statement {
            S::CreateTable(create) => self.create_table(Definition::of_table(create, line)?, line),
            S::CreateForeignTable(create) => {
                self.create_table(Definition::of_foreign_table(create, line)?, line)
            }
            S::AlterTable(alter) if alter.all_in_tablespace().is_none() => {
                let actions: Vec<_> = alter.actions().collect();
                alter::alter_table(self, alter.table_relation_name(), &actions, line)
            }
            S::AlterForeignTable(alter) => {
                let actions: Vec<_> = alter.actions().collect();
                alter::alter_table(self, alter.table_relation_name(), &actions, line)
            }
            S::CreateIndex(index) => self.create_index(index, line),
            S::CreateType(create) => self.create_type(create, line),
            S::AlterType(alter) => alter::alter_type(self, alter, line),
            S::CreateDomain(create) => self.create_domain(create, line),
            S::AlterDomain(alter) => alter::alter_domain(self, alter, line),
            S::CreateSchema(create) if create.schema_elements().next().is_none() => Ok(()),
            _ => Err(place.unknown("this form of CREATE or ALTER")),
        }
    }

    fn create_table(&mut self, definition: Definition, line: u64) -> Result<()> {
        let name = definition.name.clone();
        if self.facts.table(&name).is_some() && definition.if_not_exists {
            return Ok(());
        }
        let mut table = definition.build(&self.facts, &self.types, line)?;
        check::add_of_domains(&mut table, &self.types);
        table.charset = self.charset.map(str::to_owned);
        let place = Place { name: Some(&name), line };
        if table.columns.len() > MAX_COLUMNS {
            return Err(place.error("the table has more columns than PostgreSQL allows"));
        }
        if self.facts.add(table) { Ok(()) } else { Err(place.error("the table is defined twice")) }
    }

    fn create_index(&mut self, index: &ast::CreateIndex, line: u64) -> Result<()> {
        let place = Place { name: None, line };
        let on = index.table_relation_name().and_then(|r| r.table_name_ref());
        let name = tree::expect_name(on, place)?;
        if self.materialized_views.contains(&name) {
            return Ok(());
        }
        let place = Place { name: Some(&name), line };
        self.adopt(&name);
        if self.facts.table(&name).is_none() && self.defines_nothing() {
            return Ok(());
        }
        let table = self.facts.table_mut(&name);
        let table = table.ok_or_else(|| place.error("an index names a table that is not known"))?;
        constraint::add_index(table, index, place)
    }

    fn create_type(&mut self, create: &ast::CreateType, line: u64) -> Result<()> {
        let name = tree::expect_name(create.type_name(), Place { name: None, line })?;
        let place = Place { name: Some(&name), line };
        if self.types.knows(&name) {
            return Err(place.error("the type is defined twice"));
        }
        match create.kind() {
            // A shell type, a base type of an extension, a range: nothing is known of its values.
            None | Some(ast::CreateTypeKind::BaseType(_) | ast::CreateTypeKind::RangeType(_)) => {}
            Some(ast::CreateTypeKind::EnumType(kind)) => {
                let variants = kind.variant_list().ok_or_else(|| place.unknown("an enum"))?.variants();
                let labels: Option<Vec<String>> =
                    variants.map(|v| v.literal().and_then(|l| l.string_value())).collect();
                let labels = labels.ok_or_else(|| place.unknown("a label of an enum"))?;
                self.types.enums.insert(name.clone(), labels.into());
            }
            Some(ast::CreateTypeKind::CompositeType(kind)) => {
                let fields = kind.composite_field_list().ok_or_else(|| place.unknown("a composite type"))?;
                let columns: Option<Vec<ColumnFacts>> = fields
                    .composite_field_defs()
                    .map(|f| Some(table::new_column(&f.name()?.text(), &f.ty()?, &self.types)))
                    .collect();
                let columns = columns.ok_or_else(|| place.unknown("a field of a composite type"))?;
                self.types.composites.insert(name.clone(), columns);
            }
        }
        Ok(())
    }

    fn create_domain(&mut self, create: &ast::CreateDomain, line: u64) -> Result<()> {
        let name = tree::expect_name(create.domain(), Place { name: None, line })?;
        let place = Place { name: Some(&name), line };
        if self.types.knows(&name) {
            return Err(place.error("the type is defined twice"));
        }
        let base = create.ty().ok_or_else(|| place.unknown("a domain without a type"))?;
        let base = self.types.resolve(&base);
        let refuses_null = create
            .domain_qualifiers()
            .any(|q| matches!(q, ast::DomainQualifier::Constraint(ast::Constraint::NotNullConstraint(_))));
        // What a domain checks of each item of an array is nothing that the array itself is held to.
        let scalar = !matches!(base.ty.class, TypeClass::Array(_));
        let below = self.types.domain_of(&base.ty).filter(|_| scalar).cloned();
        let checks = create.domain_qualifiers().filter_map(|q| match q {
            ast::DomainQualifier::Constraint(ast::Constraint::CheckConstraint(c)) => {
                Some(check::DomainCheck::of(&c))
            }
            _ => None,
        });
        let checks = checks.collect();
        let not_null = base.not_null || refuses_null;
        self.types.add_domain(&name, Domain { class: base.ty.class, not_null, below, checks });
        Ok(())
    }

    /// Learns of a table whose rows begin what their column list says, where nothing else has told of it: names, no types.
    ///
    /// # Errors
    /// `ErrorKind::Input` for a table without list that the input does not define, or that it should have; for one that
    /// has other columns than the schema that was given.
    pub fn meet(&mut self, name: &TableName, columns: Option<&[String]>) -> Result<()> {
        let at = |error: Error| error.at(|at| at.table = Some(message!("{}", name)));
        let told = !self.facts.tables().is_empty();
        if let (Some(own), Some(given)) = (self.facts.table(name), self.given.table(name))
            && !self.listed.contains(name)
            && !same_columns(own, given)
        {
            return Err(at(Error::input("the table is not the one of the schema that was given")));
        }
        self.adopt(name);
        if self.facts.table(name).is_some() {
            return Ok(());
        }
        if told && !self.defines_nothing() {
            return Err(at(Error::input("rows are for a table that is not known")
                .hint("dump schema and rows together, or give the schema with --schema")));
        }
        let Some(columns) = columns else {
            return Err(at(Error::input("rows without a column list, and no schema says what they hold")
                .hint(
                    "give the schema with --schema (`pg_dump --schema-only`), or dump with --column-inserts",
                )));
        };
        self.facts.add(table::of_list(name, columns));
        self.listed.insert(name.clone());
        Ok(())
    }

    /// Returns the columns of a COPY's rows, in their order.
    ///
    /// # Errors
    /// `ErrorKind::Input` for an unknown table, an unknown or generated column, a column named twice.
    pub fn copy_shape(&self, name: &TableName, columns: Option<&[String]>) -> Result<Shape> {
        let shown = message!("{}", name);
        let at = |error: Error| error.at(|at| at.table = Some(shown.clone()));
        let table = self.facts.table(name).ok_or_else(|| {
            at(Error::input("rows are for a table that is not known")
                .hint("dump schema and rows together, or give the schema with --schema"))
        })?;
        let known: HashMap<&str, &ColumnFacts> = table.columns.iter().map(|c| (c.name.as_str(), c)).collect();
        let listed: Vec<ColumnFacts> = match columns {
            None => table.columns.iter().filter(|c| !c.generated).cloned().collect(),
            Some(names) => {
                let mut seen = HashSet::new();
                let mut listed = Vec::with_capacity(names.len());
                for name in names {
                    let wrong = |what: &'static str| {
                        let column = message!("`{}`", Name::new(name.as_str()));
                        at(Error::input(what)).at(|at| at.column = Some(column))
                    };
                    let column = known
                        .get(name.as_str())
                        .ok_or_else(|| wrong("rows list a column that the table has not"))?;
                    if column.generated {
                        return Err(wrong("rows list a generated column"));
                    }
                    if !seen.insert(name.as_str()) {
                        return Err(wrong("rows list a column twice"));
                    }
                    listed.push((*column).clone());
                }
                listed
            }
        };
        Ok(Shape { table: name.clone(), columns: listed, trusted_names: true })
    }
}

/// Returns whether rows of two tables look the same: later statements may still add NOT NULL and keys.
fn same_columns(a: &TableFacts, b: &TableFacts) -> bool {
    let column = |c: &ColumnFacts| (c.name.clone(), c.ty.clone(), c.generated);
    a.columns.iter().map(column).eq(b.columns.iter().map(column))
}

#[cfg(test)]
mod tests;
