//! Constraints and unique indexes, wherever they stand: on a column, in a table, in ALTER TABLE. What they say goes into
//! the table's facts; a constraint over a column that the table has not is refused.

use squawk_syntax::ast::{self, AstNode, NameLike};

use super::check;
use super::expression::{columns_read, is_literal, is_next_number, plain_column};
use super::tree::{self, Place};
use crate::error::Result;
use crate::row::rules::{Excluded, Exclusion, PartialIndex};
use crate::row::shape::{Check, ColumnFacts, Expression, ForeignKey, TableFacts, Unique};

/// Adds what a constraint says to `table`, whose columns are all known. `column` is the one it is written at.
///
/// # Errors
/// `ErrorKind::Input` for an unknown column or a form that is not understood.
pub(super) fn add(
    table: &mut TableFacts,
    constraint: &ast::Constraint,
    column: Option<&str>,
    place: Place<'_>,
) -> Result<()> {
    use ast::Constraint as C;
    match constraint {
        C::CheckConstraint(check) => check::add(table, check),
        C::ExcludeConstraint(exclude) => {
            let columns = excluded(exclude, table);
            let name = label(exclude.constraint_name_clause());
            once(&mut table.exclusions, exclusion(exclude, &name));
            once(&mut table.checks, Check { name, columns, expression: None, valid: true });
        }
        C::DefaultConstraint(default) => {
            let literal = default.expr().is_none_or(|e| is_literal(&e));
            let facts = the_column(table, column, place)?;
            facts.literal_default |= literal;
            facts.numbered |= default.expr().is_some_and(|e| is_next_number(&e));
        }
        C::GeneratedConstraint(generated) => {
            let facts = the_column(table, column, place)?;
            match generated.generated_as() {
                Some(ast::GeneratedAs::GeneratedIdentity(_)) => {
                    facts.not_null = true;
                    facts.numbered = true;
                }
                Some(ast::GeneratedAs::GeneratedStored(_)) => facts.generated = true,
                None => return Err(place.unknown("GENERATED")),
            }
        }
        C::NotNullConstraint(not_null) => {
            let named = not_null.column_name_ref().map(|c| c.text());
            the_column(table, named.as_deref().or(column), place)?.not_null = true;
        }
        C::NullConstraint(_) => {}
        C::PrimaryKeyConstraint(key) => {
            let name = label(key.constraint_name_clause());
            unique(table, name, key.index_parameters(), key.using_index(), column, place, true)?;
        }
        C::UniqueConstraint(key) => {
            let name = label(key.constraint_name_clause());
            unique(table, name, key.index_parameters(), key.using_index(), column, place, false)?;
        }
        C::ReferencesConstraint(references) => {
            let name = the_column(table, column, place)?.name.clone();
            let key = ForeignKey {
                name: label(references.constraint_name_clause()),
                columns: vec![name],
                target: tree::expect_name(references.table(), place)?,
                target_columns: references.column().map(|c| c.text()).into_iter().collect(),
            };
            once(&mut table.foreign_keys, key);
        }
        C::ForeignKeyConstraint(key) => {
            let columns = key.from_columns().map(|c| key_columns(&c)).unwrap_or_default();
            expect_columns(table, &columns, place)?;
            let key = ForeignKey {
                name: label(key.constraint_name_clause()),
                columns,
                target: tree::expect_name(key.table_name_ref(), place)?,
                target_columns: key.to_columns().map(|c| key_columns(&c)).unwrap_or_default(),
            };
            once(&mut table.foreign_keys, key);
        }
    }
    Ok(())
}

/// Adds a unique index.
///
/// # Errors
/// `ErrorKind::Input` for a form that is not understood.
pub(super) fn add_index(table: &mut TableFacts, index: &ast::CreateIndex, place: Place<'_>) -> Result<()> {
    let name = index.index().and_then(|i| tree::name(i.syntax())).map(|n| n.table).unwrap_or_default();
    let list = index.partition_item_list().ok_or_else(|| place.unknown("an index without columns"))?;
    let mut columns: Vec<String> = Vec::new();
    let mut expression = false;
    let mut items = Vec::new();
    for item in list.partition_items() {
        let expr = item.expr().ok_or_else(|| place.unknown("a column of an index"))?;
        match plain_column(&expr) {
            Some(column) => {
                items.push(Some(column.clone()));
                columns.push(column);
            }
            None => {
                expression = true;
                items.push(cased_column(&expr));
                read_into(&mut columns, expr.syntax(), table);
            }
        }
    }
    expect_columns(table, &columns, place)?;
    if let Some(predicate) = index.where_clause() {
        expression = true;
        read_into(&mut columns, predicate.syntax(), table);
    }
    if expression {
        let predicate = index.where_clause().and_then(|clause| clause.expr());
        let sql = predicate.map(|expr| expr.syntax().text().to_string());
        let predicate = sql.map(|sql| Expression { sql, exact: true });
        once(&mut table.partial_indexes, PartialIndex { name: name.clone(), items, predicate });
    }
    once(&mut table.uniques, Unique { name, columns, primary: false, expression });
    Ok(())
}

/// Appends a constraint unless it is there: a dump read after its schema tells it twice.
pub(super) fn once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Appends the columns that an expression reads, each once; all of the table's if that cannot be said.
fn read_into(columns: &mut Vec<String>, node: &squawk_syntax::SyntaxNode, table: &TableFacts) {
    let read = columns_read(node, &table.name, &table.columns)
        .unwrap_or_else(|| table.columns.iter().map(|c| c.name.clone()).collect());
    for column in read {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
}

fn unique(
    table: &mut TableFacts,
    name: String,
    parameters: Option<ast::IndexParameters>,
    index: Option<ast::UsingIndexName>,
    column: Option<&str>,
    place: Place<'_>,
    primary: bool,
) -> Result<()> {
    let mut key = Unique { name, columns: Vec::new(), primary, expression: false };
    let list = parameters.and_then(|p| p.column_list());
    if let Some(index) = index {
        // The index turns into the constraint and takes its name.
        let index = tree::expect_name(index.index_ref(), place)?.table;
        let at = table.uniques.iter().position(|u| u.name == index);
        let found = at.map(|at| table.uniques.remove(at));
        key.columns =
            found.ok_or_else(|| place.error("the constraint uses an index that is not known"))?.columns;
        if key.name.is_empty() {
            key.name = index;
        }
    } else if let Some(list) = list {
        key.columns = list.column_name_refs().map(|c| c.text()).collect();
        key.expression = list.without_overlaps().is_some();
    } else {
        key.columns.extend(column.map(str::to_owned));
    }
    if key.columns.is_empty() {
        return Err(place.unknown("a key without columns"));
    }
    expect_columns(table, &key.columns, place)?;
    if primary {
        for facts in table.columns.iter_mut().filter(|c| key.columns.contains(&c.name)) {
            facts.not_null = true;
        }
    }
    once(&mut table.uniques, key);
    Ok(())
}

/// Returns the columns of an EXCLUDE constraint and its predicate; `None` if they cannot be said.
fn excluded(exclude: &ast::ExcludeConstraint, table: &TableFacts) -> Option<Vec<String>> {
    let mut columns = Vec::new();
    for item in exclude.constraint_exclusion_list()?.constraint_exclusions() {
        columns.extend(columns_read(item.expr()?.syntax(), &table.name, &table.columns)?);
    }
    if let Some(predicate) = exclude.where_condition_clause() {
        columns.extend(columns_read(predicate.syntax(), &table.name, &table.columns)?);
    }
    let in_order = table.columns.iter().map(|c| &c.name).filter(|name| columns.contains(name));
    Some(in_order.cloned().collect())
}

/// Returns what an EXCLUDE constraint compares, and how.
fn exclusion(exclude: &ast::ExcludeConstraint, name: &str) -> Exclusion {
    let list = exclude.constraint_exclusion_list();
    let items = list.into_iter().flat_map(|list| list.constraint_exclusions().collect::<Vec<_>>());
    let item = |item: ast::ConstraintExclusion| {
        let operator = item.op().map(|op| op.syntax().text().to_string()).unwrap_or_default();
        let expr = item.expr();
        let (columns, range) = match expr.as_ref().and_then(plain_column) {
            Some(column) => (vec![column], None),
            None => {
                expr.as_ref().and_then(range_of).map_or((Vec::new(), None), |(name, ends)| (ends, Some(name)))
            }
        };
        Excluded { columns, range, operator }
    };
    Exclusion { name: name.to_owned(), items: items.map(item).collect() }
}

/// Reads `tstzrange(starts_at, ends_at)`, also with bounds that leave the end out: the function and the two columns.
fn range_of(expr: &ast::Expr) -> Option<(String, Vec<String>)> {
    let text = expr.syntax().text().to_string();
    let (name, arguments) = text.trim().strip_suffix(')')?.split_once('(')?;
    let name = name.trim().to_ascii_lowercase();
    let known = ["int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange"];
    let ast::Expr::CallExpr(call) = expr else { return None };
    let given: Vec<ast::Expr> = call.arg_list()?.args().filter_map(|arg| arg.expr()).collect();
    let ends: Vec<String> = given.iter().take(2).filter_map(plain_column).collect();
    let brackets = arguments.rsplit(',').next().unwrap_or_default();
    let half_open = given.len() == 2 || given.len() == 3 && brackets.contains("'[)'");
    (known.contains(&name.as_str()) && ends.len() == 2 && half_open).then_some((name, ends))
}

/// Returns the column whose lower or upper case an expression is.
fn cased_column(expr: &ast::Expr) -> Option<String> {
    let mut expr = expr.clone();
    while let ast::Expr::ParenExpr(paren) = &expr {
        expr = paren.expr()?;
    }
    let ast::Expr::CallExpr(call) = &expr else { return None };
    let text = call.syntax().text().to_string().to_ascii_lowercase();
    let mut arguments = call.arg_list()?.args().filter_map(|arg| arg.expr());
    let (mut of, more) = (arguments.next()?, arguments.next());
    loop {
        of = match &of {
            ast::Expr::ParenExpr(paren) => paren.expr()?,
            ast::Expr::CastExpr(cast) => cast.expr()?,
            _ => break,
        };
    }
    let cased = text.starts_with("lower(") || text.starts_with("upper(");
    plain_column(&of).filter(|_| cased && more.is_none())
}

fn key_columns(list: &ast::ForeignKeyColumnList) -> Vec<String> {
    let period = list.period_column().and_then(|p| p.name());
    list.column_name_refs().chain(period).map(|c| c.text()).collect()
}

/// Returns a constraint's name; empty where it has none.
pub(super) fn label(clause: Option<ast::ConstraintNameClause>) -> String {
    clause.and_then(|c| c.constraint_name()).map(|n| ast::normalize_name_node(n.syntax())).unwrap_or_default()
}

fn the_column<'t>(
    table: &'t mut TableFacts,
    column: Option<&str>,
    place: Place<'_>,
) -> Result<&'t mut ColumnFacts> {
    let name = column.ok_or_else(|| place.unknown("a constraint of a column"))?;
    table
        .columns
        .iter_mut()
        .find(|c| c.name == name)
        .ok_or_else(|| place.error("a constraint names a column that the table has not"))
}

fn expect_columns(table: &TableFacts, columns: &[String], place: Place<'_>) -> Result<()> {
    if columns.iter().all(|name| table.column(name).is_some()) {
        Ok(())
    } else {
        Err(place.error("a constraint or index names a column that the table has not"))
    }
}
