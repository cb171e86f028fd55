//! The bounds of partitions, as the schema writes them: `FOR VALUES FROM … TO`, `IN`, `WITH`, DEFAULT. Values stay texts;
//! nothing is decided here, and a form that is not understood is `Unknown`.

use squawk_syntax::ast::{self, AstNode};

use crate::row::rules::{Edge, PartitionBound};

/// Reads which rows a partition takes.
pub(super) fn bound(of: Option<ast::PartitionType>) -> PartitionBound {
    match of {
        Some(ast::PartitionType::PartitionDefault(_)) => PartitionBound::Default,
        Some(ast::PartitionType::PartitionForValuesWith(_)) => PartitionBound::Hash,
        Some(ast::PartitionType::PartitionForValuesIn(list)) => {
            PartitionBound::List(list.exprs().map(|expr| expr.syntax().text().to_string()).collect())
        }
        Some(ast::PartitionType::PartitionForValuesFrom(range)) => {
            let from = range.from().map(|from| from.exprs().map(|expr| edge(&expr)).collect());
            let to = range.to().map(|to| to.exprs().map(|expr| edge(&expr)).collect());
            match (from, to) {
                (Some(from), Some(to)) => PartitionBound::Range { from, to },
                _ => PartitionBound::Unknown,
            }
        }
        None => PartitionBound::Unknown,
    }
}

fn edge(expr: &ast::Expr) -> Edge {
    let text = expr.syntax().text().to_string();
    match text.trim() {
        word if word.eq_ignore_ascii_case("MINVALUE") => Edge::Least,
        word if word.eq_ignore_ascii_case("MAXVALUE") => Edge::Most,
        value => Edge::At(value.to_owned()),
    }
}
