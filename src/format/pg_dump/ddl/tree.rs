//! From a statement's text to its syntax tree, and the few questions that every part asks of the tree. A statement
//! with any syntax error is refused; errors tell the line, never the text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, SourceFile};

use crate::error::{Error, Message, Result};
use crate::message;
use crate::row::shape::TableName;

/// Deepest nesting of brackets that is read; the parser recurses, and real schemas stay far below.
const MAX_NESTING: usize = 200;

/// Where a statement stands, for messages.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The table or type it defines or changes, once known.
    pub(super) name: Option<&'a TableName>,
    /// Its first line.
    pub(super) line: u64,
}

impl Place<'_> {
    /// Makes an error of the input at this place.
    pub(super) fn error(&self, what: impl Into<Message>) -> Error {
        Error::input(what).at(|at| {
            at.line = Some(self.line);
            at.table = self.name.map(|n| message!("{}", n));
        })
    }

    /// Makes the error for a form that this program does not read.
    pub(super) fn unknown(&self, what: &'static str) -> Error {
        self.error(message!("{} is not understood in this place", what))
            .hint("a schema statement that is not understood stops the run; dump the schema with pg_dump")
    }
}

/// Parses one statement.
///
/// # Errors
/// `ErrorKind::Input` at its line for a syntax error, more than one statement, or nesting that is too deep.
pub(super) fn parse(statement: &str, line: u64) -> Result<ast::Stmt> {
    let place = Place { name: None, line };
    if nesting(statement) > MAX_NESTING {
        return Err(place.error("the statement nests brackets too deeply"));
    }
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        let parse = SourceFile::parse(statement);
        let error = parse.errors().first().map(|e| usize::from(e.range().start()));
        (parse.tree(), error)
    }));
    let Ok((file, error)) = parsed else { return Err(place.unknown("a schema statement")) };
    if let Some(offset) = error {
        let before = statement.get(..offset).unwrap_or(statement);
        let lines = u64::try_from(before.matches('\n').count()).unwrap_or(0);
        let at = Place { name: None, line: line.saturating_add(lines) };
        return Err(at.unknown("a schema statement"));
    }
    let mut statements = file.stmts().filter(|s| !matches!(s, ast::Stmt::EmptyStmt(_)));
    match (statements.next(), statements.next()) {
        (Some(statement), None) => Ok(statement),
        _ => Err(place.unknown("a schema statement")),
    }
}

/// Returns how deeply brackets nest, those in literals and comments counted too: never fewer than there are.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Returns the name in a node: `name` or `schema.name`; `None` for anything longer or empty.
pub(super) fn name(node: &SyntaxNode) -> Option<TableName> {
    let segment =
        |n: &SyntaxNode| ast::PathSegment::can_cast(n.kind()) || ast::PathSegmentRef::can_cast(n.kind());
    let mut names: Vec<String> =
        node.descendants().filter(segment).map(|n| ast::normalize_name_node(&n)).collect();
    if names.iter().any(String::is_empty) {
        return None;
    }
    let table = names.pop()?;
    let schema = names.pop();
    names.is_empty().then_some(TableName { schema, table })
}

/// Returns the name in a node that must be there.
///
/// # Errors
/// `ErrorKind::Input` if it is not.
pub(super) fn expect_name<N: AstNode>(node: Option<N>, place: Place<'_>) -> Result<TableName> {
    node.and_then(|n| name(n.syntax())).ok_or_else(|| place.unknown("a name"))
}
