//! Which columns an expression of the schema reads, and whether a DEFAULT holds literals. Reads the same tree as the
//! rest of the statement. Never says too little: every word that could be a column counts as one, so only names of
//! called functions, types, collations and operator classes are left out. No evaluation here.

use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

use crate::row::shape::{ColumnFacts, TableName};

/// Returns the columns that may be read below `node`, in the table's order; `None` if it may read whole rows.
pub(super) fn columns_read(
    node: &SyntaxNode,
    table: &TableName,
    columns: &[ColumnFacts],
) -> Option<Vec<String>> {
    let mut words = std::collections::HashSet::new();
    let mut stack = vec![SyntaxElement::from(node.clone())];
    while let Some(element) = stack.pop() {
        if let Some(token) = element.as_token() {
            words.extend(word(token.text())?);
        } else if let Some(node) = element.as_node().filter(|n| !holds_no_column(n)) {
            stack.extend(node.children_with_tokens());
        }
    }
    let is_column = |name: &str| columns.iter().any(|c| c.name == name);
    if words.contains(&table.table) && !is_column(&table.table) {
        return None;
    }
    Some(columns.iter().map(|c| c.name.clone()).filter(|name| words.contains(name)).collect())
}

/// Reads a token as a name: `Some(None)` if it is none, `None` if it may be one in a form that is not decoded here.
#[expect(clippy::option_option, reason = "the outer level is the failure, for `?`")]
fn word(token: &str) -> Option<Option<String>> {
    if let Some(inner) = token.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        return Some(Some(inner.replace("\"\"", "\"")));
    }
    if token.starts_with("U&\"") || token.starts_with("u&\"") {
        return None;
    }
    let name = token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii());
    Some(name.then(|| token.to_ascii_lowercase()))
}

/// Returns whether a node can hold no column: a type, a collation, an operator class, the name of a called function.
fn holds_no_column(node: &SyntaxNode) -> bool {
    let kind = node.kind();
    if ast::Type::can_cast(kind)
        || matches!(kind, SyntaxKind::COLLATION_REF | SyntaxKind::OP_CLASS_REF | SyntaxKind::ATTRIBUTE_LIST)
    {
        return true;
    }
    let callee = matches!(kind, SyntaxKind::NAME_REF | SyntaxKind::FIELD_EXPR);
    callee
        && node
            .parent()
            .is_some_and(|p| p.kind() == SyntaxKind::CALL_EXPR && p.first_child().as_ref() == Some(node))
}

/// Returns the column that an expression is, where it is nothing but one.
pub(super) fn plain_column(expr: &ast::Expr) -> Option<String> {
    match expr {
        ast::Expr::NameRef(name) => Some(ast::normalize_name_node(name.syntax())),
        _ => None,
    }
}

/// Returns whether a DEFAULT is made of string or number literals: a literal, its cast, its sign, a list, an operation
/// on literals. Too deep to tell counts as one.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    literal(expr, 0)
}

/// Returns whether a DEFAULT takes the next number of a sequence.
pub(super) fn is_next_number(expr: &ast::Expr) -> bool {
    let text = expr.syntax().text().to_string().to_ascii_lowercase();
    text.trim_start().trim_start_matches("pg_catalog.").starts_with("nextval(")
}

fn literal(expr: &ast::Expr, depth: u32) -> bool {
    if depth > 64 {
        return true;
    }
    let below = |e: ast::Expr| literal(&e, depth + 1);
    match expr {
        ast::Expr::Literal(literal) => holds_data(literal),
        ast::Expr::CastExpr(cast) => {
            cast.literal().is_some_and(|l| holds_data(&l)) || cast.expr().is_some_and(below)
        }
        ast::Expr::ParenExpr(paren) => paren.expr().is_some_and(below),
        ast::Expr::PrefixExpr(prefix) => prefix.expr().is_some_and(below),
        ast::Expr::Collate(collate) => collate.expr().is_some_and(below),
        ast::Expr::ArrayExpr(array) => array.exprs().any(below),
        ast::Expr::TupleExpr(tuple) => tuple.exprs().any(below),
        ast::Expr::BinExpr(both) => both.syntax().children().filter_map(ast::Expr::cast).any(below),
        _ => false,
    }
}

fn holds_data(literal: &ast::Literal) -> bool {
    use ast::LitKind as K;
    !matches!(
        literal.kind(),
        Some(
            K::Null(_)
                | K::True(_)
                | K::False(_)
                | K::Default(_)
                | K::On(_)
                | K::Off(_)
                | K::PositionalParam(_)
        )
    )
}
