//! CHECK constraints of tables and domains: which columns they read, and their text, for the plan to bind. A domain's CHECK
//! becomes one of every column of that domain, VALUE being the column. Decides on nothing, and shows no text.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::constraint::{label, once};
use super::expression::columns_read;
use super::types::Types;
use crate::row::shape::{Check, ColumnFacts, Expression, TableFacts, TypeClass};

/// A CHECK of a domain: its text before, between and behind the places of VALUE.
#[derive(Clone)]
pub(super) struct DomainCheck {
    name: String,
    /// `None` where the text could mean several things.
    parts: Option<Vec<String>>,
    valid: bool,
}

impl std::fmt::Debug for DomainCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DomainCheck")
    }
}

impl DomainCheck {
    /// Takes a CHECK of a domain.
    pub(super) fn of(check: &ast::CheckConstraint) -> Self {
        let parts = check.expr().map(|e| split(e.syntax()));
        Self { name: label(check.constraint_name_clause()), parts, valid: is_valid(check) }
    }

    /// Forgets its text if that could mean several things.
    pub(super) fn forget_unsure(&mut self) {
        self.parts.take_if(|parts| !is_sure(&parts.concat()));
    }

    /// Returns what it says of a column.
    fn of_column(&self, column: &str) -> Check {
        let quoted = format!("\"{}\"", column.replace('"', "\"\""));
        let expression =
            self.parts.as_ref().map(|parts| Expression { sql: parts.join(&quoted), exact: true });
        Check {
            name: self.name.clone(),
            columns: Some(vec![column.to_owned()]),
            expression,
            valid: self.valid,
        }
    }
}

/// Adds a CHECK to a table; of one that is not enforced no row is held to its expression.
pub(super) fn add(table: &mut TableFacts, check: &ast::CheckConstraint) {
    let enforced =
        !check.constraint_options().any(|option| matches!(option, ast::ConstraintOption::NotEnforced(_)));
    let expr = check.expr();
    let columns = expr.as_ref().and_then(|e| columns_read(e.syntax(), &table.name, &table.columns));
    let sql = expr.map(|e| e.syntax().text().to_string()).filter(|_| enforced);
    let expression = sql.map(|sql| Expression { sql, exact: true });
    let (name, valid) = (label(check.constraint_name_clause()), enforced && is_valid(check));
    once(&mut table.checks, Check { name, columns, expression, valid });
}

/// Adds to a table what the domains of its columns check.
pub(super) fn add_of_domains(table: &mut TableFacts, types: &Types) {
    let scalar = table.columns.iter().filter(|c| !matches!(c.ty.class, TypeClass::Array(_)));
    let of_column = |column: &ColumnFacts| {
        types.checks_of(&column.ty).into_iter().map(|check| check.of_column(&column.name)).collect::<Vec<_>>()
    };
    let checks: Vec<Check> = scalar.flat_map(of_column).collect();
    checks.into_iter().for_each(|check| once(&mut table.checks, check));
}

/// Says whether rows that are there already hold a CHECK.
fn is_valid(check: &ast::CheckConstraint) -> bool {
    !check.constraint_options().any(|option| matches!(option, ast::ConstraintOption::NotValid(_)))
}

/// Forgets the texts of a table's CHECKs that could mean several things.
pub(super) fn forget_unsure(table: &mut TableFacts) {
    for check in &mut table.checks {
        check.expression.take_if(|expression| !is_sure(&expression.sql));
    }
}

/// Says whether a text means one thing where `standard_conforming_strings` is off: a backslash in a plain literal is read as
/// the standard has it.
fn is_sure(sql: &str) -> bool {
    !sql.contains('\\') || sql.contains("E'")
}

/// Cuts a text at the places of VALUE.
fn split(node: &SyntaxNode) -> Vec<String> {
    let mut parts = vec![String::new()];
    for token in node.descendants_with_tokens().filter_map(squawk_syntax::SyntaxElement::into_token) {
        if token.text().eq_ignore_ascii_case("VALUE") {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(token.text());
        }
    }
    parts
}
