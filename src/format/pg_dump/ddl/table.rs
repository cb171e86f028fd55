//! CREATE TABLE and CREATE FOREIGN TABLE: their columns in the order in which rows list them. Inherited columns come
//! first, as in PostgreSQL; a partition has its parent's, a typed table those of its type. Everything between the brackets
//! must be understood, since a column that is overlooked would shift all that follow.

use std::collections::HashMap;

use squawk_syntax::ast::{self, AstNode};

use super::constraint;
use super::expression::{columns_read, plain_column};
use super::partition;
use super::tree::{self, Place};
use super::types::Types;
use crate::error::Result;
use crate::row::rules::PartitionBound;
use crate::row::shape::{ColumnFacts, ColumnType, Facts, TableFacts, TableName, TypeClass};

/// The parts that both statements have.
pub(super) struct Definition {
    pub(super) name: TableName,
    pub(super) if_not_exists: bool,
    pub(super) holds_rows: bool,
    args: Option<ast::TableArgList>,
    partition_of: Option<TableName>,
    inherits: Vec<TableName>,
    of_type: Option<TableName>,
    partition_by: Option<ast::PartitionBy>,
    bound: Option<PartitionBound>,
}

impl Definition {
    /// Reads the outline of CREATE TABLE.
    ///
    /// # Errors
    /// `ErrorKind::Input` if a name cannot be read.
    pub(super) fn of_table(create: &ast::CreateTable, line: u64) -> Result<Self> {
        let name = tree::expect_name(create.table_name(), Place { name: None, line })?;
        let place = Place { name: Some(&name), line };
        let of_type = match create.of_type() {
            Some(of) => Some(tree::expect_name(of.ty(), place)?),
            None => None,
        };
        Ok(Self {
            if_not_exists: create.if_not_exists().is_some(),
            holds_rows: true,
            args: create.table_arg_list(),
            partition_of: parent(create.partition_of(), place)?,
            inherits: ancestors(create.inherits(), place)?,
            of_type,
            partition_by: create.partition_by(),
            bound: create.partition_of().map(|_| partition::bound(create.partition_type())),
            name,
        })
    }

    /// Reads the outline of CREATE FOREIGN TABLE.
    ///
    /// # Errors
    /// `ErrorKind::Input` if a name cannot be read.
    pub(super) fn of_foreign_table(create: &ast::CreateForeignTable, line: u64) -> Result<Self> {
        let name = tree::expect_name(create.table_name(), Place { name: None, line })?;
        let place = Place { name: Some(&name), line };
        Ok(Self {
            if_not_exists: create.if_not_exists().is_some(),
            holds_rows: false,
            args: create.table_arg_list(),
            partition_of: parent(create.partition_of(), place)?,
            inherits: ancestors(create.inherits(), place)?,
            of_type: None,
            partition_by: None,
            bound: create.partition_of().map(|_| partition::bound(create.partition_type())),
            name,
        })
    }

    /// Makes the table's facts.
    ///
    /// # Errors
    /// `ErrorKind::Input` for an unknown parent or type, a column given twice, or anything not understood.
    pub(super) fn build(self, facts: &Facts, types: &Types, line: u64) -> Result<TableFacts> {
        let place = Place { name: Some(&self.name), line };
        if self.args.is_none() && self.partition_of.is_none() && self.of_type.is_none() {
            return Err(place.unknown("a table without a list of columns"));
        }
        let mut builder = Builder::new(&self.name, line);
        builder.table.holds_rows = self.holds_rows;
        builder.table.partition = self.partition_of.is_some();
        builder.table.bound = self.bound;
        for parent in self.partition_of.iter().chain(&self.inherits) {
            let known = facts.table(parent).ok_or_else(|| place.error("the table's parent is not known"))?;
            builder.inherit(known);
        }
        if let Some(of) = &self.of_type {
            let columns =
                types.composites.get(of).ok_or_else(|| place.error("the table's type is not known"))?;
            columns.iter().for_each(|c| builder.merge(c));
        }
        let typed = self.partition_of.is_none() && self.of_type.is_none();
        let constraints = match &self.args {
            Some(args) => builder.arguments(args, facts, types, typed, place)?,
            None => Vec::new(),
        };
        let mut table = builder.table;
        for (column, c) in &constraints {
            constraint::add(&mut table, c, column.as_deref(), place)?;
        }
        if let Some(by) = &self.partition_by {
            table.partition_key = partition_key(by, &table, place)?;
            let items = by.partition_item_list().map(|list| list.partition_items().collect::<Vec<_>>());
            table.partition_plain = items.is_some_and(|items| {
                items.iter().all(|i| i.expr().as_ref().and_then(plain_column).is_some())
            });
        }
        Ok(table)
    }
}

/// A constraint, and the column that it is written at.
type Pending = (Option<String>, ast::Constraint);

/// A table in the making.
struct Builder {
    table: TableFacts,
    index: HashMap<String, usize>,
    /// For each column, whether the statement itself gives it (rather than a parent, type or LIKE).
    given: Vec<bool>,
}

impl Builder {
    fn new(name: &TableName, line: u64) -> Self {
        let table = bare(name, line);
        Self { table, index: HashMap::new(), given: Vec::new() }
    }

    /// Takes over a parent's columns and checks.
    fn inherit(&mut self, parent: &TableFacts) {
        self.table.parents.push(parent.name.clone());
        parent.columns.iter().for_each(|c| self.merge(c));
        self.table.checks.extend(parent.checks.iter().cloned());
    }

    /// Adds a column, or joins it to the one of its name, as inheritance does.
    fn merge(&mut self, column: &ColumnFacts) {
        match self.index.get(&column.name).and_then(|at| self.table.columns.get_mut(*at)) {
            Some(known) => {
                known.not_null |= column.not_null;
                known.generated |= column.generated;
                known.literal_default |= column.literal_default;
                known.numbered |= column.numbered;
            }
            None => {
                self.index.insert(column.name.clone(), self.table.columns.len());
                self.table.columns.push(column.clone());
                self.given.push(false);
            }
        }
    }

    /// Reads what stands between the brackets; constraints are returned, since they need all columns first.
    fn arguments(
        &mut self,
        args: &ast::TableArgList,
        facts: &Facts,
        types: &Types,
        typed: bool,
        place: Place<'_>,
    ) -> Result<Vec<Pending>> {
        let mut constraints = Vec::new();
        for node in args.syntax().children() {
            let arg =
                ast::TableArg::cast(node.clone()).ok_or_else(|| place.unknown("a part of the table"))?;
            match arg {
                ast::TableArg::Column(column) => {
                    self.column(&column, types, typed, place, &mut constraints)?
                }
                ast::TableArg::LikeClause(like) => self.like(&like, facts, place)?,
                ast::TableArg::TableConstraint(_) => {
                    let c = ast::Constraint::cast(node).ok_or_else(|| place.unknown("a constraint"))?;
                    constraints.push((None, c));
                }
            }
        }
        Ok(constraints)
    }

    fn column(
        &mut self,
        column: &ast::Column,
        types: &Types,
        typed: bool,
        place: Place<'_>,
        constraints: &mut Vec<Pending>,
    ) -> Result<()> {
        let name = column.name().map(|n| n.text()).filter(|n| !n.is_empty());
        let name = name.ok_or_else(|| place.unknown("a column without a name"))?;
        match column.ty() {
            Some(ty) => self.own(&name, &ty, types, place)?,
            // `name WITH OPTIONS …`: the column comes from the parent or type.
            None if !typed && self.index.contains_key(&name) => {}
            None => return Err(place.unknown("a column without a type")),
        }
        for node in column.syntax().children() {
            if ast::ColumnName::can_cast(node.kind()) || ast::Type::can_cast(node.kind()) {
                continue;
            }
            match ast::ColumnClause::cast(node.clone()) {
                Some(ast::ColumnClause::ColumnConstraint(_)) => {
                    let c = ast::Constraint::cast(node).ok_or_else(|| place.unknown("a constraint"))?;
                    constraints.push((Some(name.clone()), c));
                }
                Some(_) => {}
                None => return Err(place.unknown("a part of a column")),
            }
        }
        Ok(())
    }

    /// Adds a column that the statement itself gives.
    fn own(&mut self, name: &str, ty: &ast::Type, types: &Types, place: Place<'_>) -> Result<()> {
        let facts = new_column(name, ty, types);
        let before = self.index.get(name).copied();
        if before.and_then(|at| self.given.get(at)) == Some(&true) {
            return Err(place.error("the table has two columns of one name"));
        }
        self.merge(&facts);
        let at = before.unwrap_or(self.table.columns.len() - 1);
        if let Some(given) = self.given.get_mut(at) {
            *given = true;
        }
        Ok(())
    }

    /// `LIKE other [INCLUDING …]`: the other's columns, and what is included; the last word on a property counts.
    fn like(&mut self, like: &ast::LikeClause, facts: &Facts, place: Place<'_>) -> Result<()> {
        let other = tree::expect_name(like.relation_name_ref(), place)?;
        let other = facts.table(&other).ok_or_else(|| place.error("LIKE names a table that is not known"))?;
        let (mut generated, mut checks, mut indexes) = (false, false, false);
        for option in like.like_options() {
            let (on, property) = match option {
                ast::LikeOption::IncludingProperty(p) => (true, p.table_property()),
                ast::LikeOption::ExcludingProperty(p) => (false, p.table_property()),
            };
            match property.ok_or_else(|| place.unknown("an option of LIKE"))? {
                ast::TableProperty::PropertyAll(_) => (generated, checks, indexes) = (on, on, on),
                ast::TableProperty::PropertyGenerated(_) => generated = on,
                ast::TableProperty::PropertyConstraints(_) => checks = on,
                ast::TableProperty::PropertyIndexes(_) => indexes = on,
                _ => {}
            }
        }
        for column in &other.columns {
            if self.index.contains_key(&column.name) {
                return Err(place.error("the table has two columns of one name"));
            }
            self.merge(&ColumnFacts { generated: column.generated && generated, ..column.clone() });
        }
        if checks {
            self.table.checks.extend(other.checks.iter().cloned());
        }
        if indexes {
            self.table.uniques.extend(other.uniques.iter().cloned());
        }
        Ok(())
    }
}

/// Makes a column of its name and type.
pub(super) fn new_column(name: &str, ty: &ast::Type, types: &Types) -> ColumnFacts {
    let resolved = types.resolve(ty);
    let spelled = ty.syntax().text().to_string().to_ascii_lowercase();
    let serial = matches!(resolved.ty.class, TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt)
        && spelled.contains("serial");
    ColumnFacts {
        name: name.to_owned(),
        ty: resolved.ty,
        not_null: resolved.not_null,
        generated: false,
        literal_default: false,
        numbered: serial,
    }
}

fn parent(of: Option<ast::PartitionOf>, place: Place<'_>) -> Result<Option<TableName>> {
    of.map(|of| tree::expect_name(of.table_name_ref(), place)).transpose()
}

fn ancestors(inherits: Option<ast::Inherits>, place: Place<'_>) -> Result<Vec<TableName>> {
    let list = inherits.into_iter().flat_map(|i| i.table_name_refs().collect::<Vec<_>>());
    list.map(|t| tree::expect_name(Some(t), place)).collect()
}

/// Returns the columns that PARTITION BY reads; `None` if an expression among them may read any.
fn partition_key(by: &ast::PartitionBy, table: &TableFacts, place: Place<'_>) -> Result<Option<Vec<String>>> {
    let items = by.partition_item_list().ok_or_else(|| place.unknown("PARTITION BY"))?;
    let mut key = Vec::new();
    for item in items.partition_items() {
        let expr = item.expr().ok_or_else(|| place.unknown("PARTITION BY"))?;
        match plain_column(&expr) {
            Some(column) if table.column(&column).is_some() => key.push(column),
            Some(_) => return Err(place.unknown("PARTITION BY")),
            None => match columns_read(expr.syntax(), &table.name, &table.columns) {
                Some(columns) => key.extend(columns),
                None => return Ok(None),
            },
        }
    }
    Ok(Some(key))
}

/// Makes a table without columns.
fn bare(name: &TableName, line: u64) -> TableFacts {
    TableFacts { line, ..TableFacts::named(name.clone()) }
}

/// Makes a table of which only the column list of its rows is known.
pub(super) fn of_list(name: &TableName, columns: &[String]) -> TableFacts {
    let column = |name: &String| ColumnFacts {
        name: name.clone(),
        ty: ColumnType::unknown(),
        not_null: false,
        generated: false,
        literal_default: false,
        numbered: false,
    };
    TableFacts { columns: columns.iter().map(column).collect(), ..bare(name, 0) }
}
