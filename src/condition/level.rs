//! Which operator takes which operand, by PostgreSQL's grammar: what sqlparser made of a text is checked against it, so
//! that a difference between the two is refused and never a wrong answer.
//!
//! Source: `gram.y`, the list of precedences. An operand before an operator must bind tighter or have its end; in one
//! behind it everything down to its first word must bind tighter. A tree that holds to this is the only one.

use sqlparser::ast::{self, BinaryOperator, Expr, UnaryOperator};

use super::forms;

/// How tight PostgreSQL's grammar binds, loosest first. Source: `gram.y`, the list of precedences.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Is,
    Compare,
    Like,
    Other,
    Plus,
    Times,
    Collate,
    Sign,
    Cast,
    Closed,
}

/// Returns how tight an expression's own operator binds.
pub(super) fn level(expr: &Expr) -> Level {
    use BinaryOperator as B;
    match expr {
        Expr::BinaryOp { op, .. } => match op {
            B::Or => Level::Or,
            B::And => Level::And,
            B::Eq | B::NotEq | B::Lt | B::LtEq | B::Gt | B::GtEq => Level::Compare,
            B::Plus | B::Minus => Level::Plus,
            B::Multiply | B::Divide | B::Modulo => Level::Times,
            _ => Level::Other,
        },
        Expr::UnaryOp { op: UnaryOperator::Not, .. } => Level::Not,
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, .. } => Level::Sign,
        Expr::UnaryOp { .. } => Level::Other,
        Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotUnknown(_)
        | Expr::IsDistinctFrom(..)
        | Expr::IsNotDistinctFrom(..) => Level::Is,
        Expr::AnyOp { .. } | Expr::AllOp { .. } => Level::Compare,
        Expr::InList { .. } | Expr::Between { .. } | Expr::Like { .. } | Expr::ILike { .. } => Level::Like,
        Expr::SimilarTo { .. } => Level::Like,
        closed if forms::is_closed(closed) => Level::Closed,
        Expr::Cast { kind: ast::CastKind::DoubleColon, .. } => Level::Cast,
        Expr::Collate { .. } => Level::Collate,
        Expr::Value(_)
        | Expr::Identifier(_)
        | Expr::Nested(_)
        | Expr::TypedString(_)
        | Expr::Interval(_)
        | Expr::Function(_)
        | Expr::Cast { .. }
        | Expr::Trim { .. } => Level::Closed,
        // Refused wherever it stands; the loosest level is never taken for what it is not.
        _ => Level::Or,
    }
}

/// Returns what an expression begins with, where its operator stands behind it.
fn first(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::BinaryOp { left: of, .. }
        | Expr::AnyOp { left: of, .. }
        | Expr::AllOp { left: of, .. }
        | Expr::IsNull(of)
        | Expr::IsNotNull(of)
        | Expr::IsTrue(of)
        | Expr::IsNotTrue(of)
        | Expr::IsFalse(of)
        | Expr::IsNotFalse(of)
        | Expr::IsUnknown(of)
        | Expr::IsNotUnknown(of)
        | Expr::IsDistinctFrom(of, _)
        | Expr::IsNotDistinctFrom(of, _)
        | Expr::InList { expr: of, .. }
        | Expr::Between { expr: of, .. }
        | Expr::Like { expr: of, .. }
        | Expr::ILike { expr: of, .. }
        | Expr::SimilarTo { expr: of, .. }
        | Expr::Cast { kind: ast::CastKind::DoubleColon, expr: of, .. }
        | Expr::Collate { expr: of, .. } => Some(of),
        _ => None,
    }
}

/// Returns the loosest level on the way to an expression's first word: an operator before it could take any of these.
pub(super) fn left_edge(expr: &Expr) -> Level {
    let mut loosest = level(expr);
    let mut rest = expr;
    while let Some(inner) = first(rest) {
        loosest = loosest.min(level(inner));
        rest = inner;
    }
    loosest
}

/// Says whether an expression ends in a word of its own form, so that an operator behind it takes it whole.
pub(super) fn is_ended(expr: &Expr) -> bool {
    !matches!(
        expr,
        Expr::BinaryOp { .. }
            | Expr::UnaryOp { .. }
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::SimilarTo { .. }
    ) && (first(expr).is_some() || level(expr) == Level::Closed)
}

/// Says whether a COLLATE stands in it without parentheses (`b_expr` in `gram.y` has none).
pub(super) fn collates(expr: &Expr) -> bool {
    match expr {
        Expr::Collate { .. } => true,
        Expr::BinaryOp { left, right, .. } => collates(left) || collates(right),
        Expr::UnaryOp { expr, .. } => collates(expr),
        _ => false,
    }
}
