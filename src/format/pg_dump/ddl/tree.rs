//! From a statement's text to its syntax tree, and the few questions that every part asks of the tree. A statement
//! with any syntax error is refused; errors tell the line, never the text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use squawk_syntax::ast::{self, AstNode, SourceFile};
use squawk_syntax::{Parse, SyntaxNode};

use super::scan::Scan;
use crate::error::{Error, Message, Result};
use crate::message;
use crate::row::shape::TableName;

/// Deepest nesting that is read; the parser recurses, and real schemas stay far below.
const MAX_NESTING: usize = 200;

/// Most operators in one chain; with 2 MiB of stack the parser takes three times as many.
const MAX_CHAIN: usize = 1000;

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
            .hint("a schema statement that is not understood stops the run; dump the schema with pg_dump, or name its format: --input-format")
    }
}

/// What the parser made of a text; to be made on any thread.
pub(super) enum Parsed {
    /// Nobody looked: it nests too deeply.
    TooDeep,
    /// The parser gave up.
    Failed,
    /// The offset of its first syntax error.
    Broken(usize),
    /// Its tree.
    Whole(Parse<SourceFile>),
}

impl Parsed {
    /// Parses a statement.
    pub(super) fn of(statement: &str) -> Self {
        if too_deep(statement) {
            return Self::TooDeep;
        }
        let first = read(statement);
        if let Self::Broken(_) = first
            && let Some(quoted) = quote_exclude(statement)
        {
            match read(&quoted) {
                Self::Broken(_) | Self::TooDeep => {}
                again => return again,
            }
        }
        first
    }

    /// Returns the one statement that was parsed; `line` is that of the text's first byte.
    ///
    /// # Errors
    /// `ErrorKind::Input` at its line for a syntax error, more than one statement, or nesting that is too deep.
    pub(super) fn statement(self, statement: &str, line: u64) -> Result<ast::Stmt> {
        let place = Place { name: None, line };
        let file = match self {
            Self::TooDeep => return Err(place.error("the statement nests too deeply")),
            Self::Failed => return Err(place.unknown("a schema statement")),
            Self::Broken(offset) => {
                let before = statement.get(..offset).unwrap_or(statement);
                let lines = u64::try_from(before.matches('\n').count()).unwrap_or(0);
                let at = Place { name: None, line: line.saturating_add(lines) };
                return Err(at.unknown("a schema statement"));
            }
            Self::Whole(parse) => parse.tree(),
        };
        let mut statements = file.stmts().filter(|s| !matches!(s, ast::Stmt::EmptyStmt(_)));
        match (statements.next(), statements.next()) {
            (Some(statement), None) => Ok(statement),
            _ => Err(place.unknown("a schema statement")),
        }
    }
}

/// Parses a text. A panic of the parser is a syntax error too.
fn read(text: &str) -> Parsed {
    let parse = catch_unwind(AssertUnwindSafe(|| SourceFile::parse(text)));
    let Ok(parse) = parse else { return Parsed::Failed };
    match parse.errors().first() {
        Some(error) => Parsed::Broken(usize::from(error.range().start())),
        None => Parsed::Whole(parse),
    }
}

/// Returns whether the statement nests too deeply for a parser that calls itself: brackets, CASE, prefix operators in
/// a row, long chains of operators (AND and OR are read without recursion).
fn too_deep(text: &str) -> bool {
    let mut scan = Scan::new(text);
    let (mut brackets, mut cases, mut prefixes, mut chain, mut betweens) =
        (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    while let Some(token) = scan.token() {
        let word = token.to_ascii_uppercase();
        let symbol = token.chars().all(|c| c.is_ascii_punctuation() && !"(),;\"'[]".contains(c));
        match word.as_str() {
            "(" | "[" => brackets += 1,
            ")" | "]" => brackets = brackets.saturating_sub(1),
            "CASE" => cases += 1,
            "END" => cases = cases.saturating_sub(1),
            "BETWEEN" => betweens += 1,
            "AND" | "OR" => chain = 0,
            "," => (chain, betweens) = (0, 0),
            _ => {}
        }
        prefixes = if symbol || word == "NOT" { prefixes + 1 } else { 0 };
        chain += usize::from(symbol);
        if brackets + cases + prefixes > MAX_NESTING || chain.max(betweens) > MAX_CHAIN {
            return true;
        }
    }
    false
}

/// Quotes columns called `exclude`, which the parser takes for the constraint; `None` if there is none. PostgreSQL
/// (and so pg_dump) lets the name stand without quotes: in a list it is a column unless `USING` or `(` follows.
fn quote_exclude(text: &str) -> Option<String> {
    let mut scan = Scan::new(text);
    let mut quoted = String::new();
    let (mut copied, mut before, mut end) = (0, "", 0);
    let mut held = false;
    while let Some(token) = scan.token() {
        if held && token != "(" && !token.eq_ignore_ascii_case("USING") {
            quoted.push_str(text.get(copied..end - "exclude".len())?);
            quoted.push_str("\"exclude\"");
            copied = end;
        }
        held = matches!(before, "(" | ",") && token.eq_ignore_ascii_case("EXCLUDE");
        before = token;
        end = text.len() - scan.left();
    }
    quoted.push_str(text.get(copied..)?);
    (copied > 0).then_some(quoted)
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
    names.is_empty().then_some(TableName { database: None, schema, table })
}

/// Returns the name in a node that must be there.
///
/// # Errors
/// `ErrorKind::Input` if it is not.
pub(super) fn expect_name<N: AstNode>(node: Option<N>, place: Place<'_>) -> Result<TableName> {
    node.and_then(|n| name(n.syntax())).ok_or_else(|| place.unknown("a name"))
}
