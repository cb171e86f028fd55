//! Lists of columns in keys and indexes, and the columns that an expression reads. An expression is looked through for
//! names and no more: a name that means something else is one column too many, never one too few.

use crate::format::sqlite::lexer::Token;
use crate::row::shape::TableFacts;

/// Reads the columns of a key or index, as the table spells them, and says whether an expression or a collation takes
/// part. `None` if a plain name is no column of the table.
pub(super) fn columns(table: &TableFacts, inside: &[Token<'_>]) -> Option<(Vec<String>, bool)> {
    let (mut columns, mut expression) = (Vec::new(), false);
    for item in items(inside) {
        let item = match item {
            [item @ .., last] if last.is("ASC") || last.is("DESC") => item,
            item => item,
        };
        let item = match item {
            [item @ .., collate, how] if collate.is("COLLATE") => {
                expression |= !how.name()?.eq_ignore_ascii_case("BINARY");
                item
            }
            item => item,
        };
        match item {
            [] => return None,
            [name] if name.name().is_some() => {
                let name = name.name()?;
                let column = table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(&name))?;
                add(&mut columns, column.name.clone());
            }
            item => {
                expression = true;
                read_by(table, item).into_iter().for_each(|name| add(&mut columns, name));
            }
        }
    }
    Some((columns, expression))
}

/// Returns the column of each item of an index, also where its case does not count; `None` for other expressions.
pub(super) fn indexed(table: &TableFacts, inside: &[Token<'_>]) -> Vec<Option<String>> {
    let column = |item: &[Token<'_>]| {
        let item = match item {
            [item @ .., last] if last.is("ASC") || last.is("DESC") => item,
            item => item,
        };
        let item = match item {
            [item @ .., collate, _] if collate.is("COLLATE") => item,
            item => item,
        };
        let name = match item {
            [name] => name.name()?,
            [case, Token::Symbol(b'('), name, Token::Symbol(b')')]
                if case.is("LOWER") || case.is("UPPER") =>
            {
                name.name()?
            }
            _ => return None,
        };
        table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(&name)).map(|c| c.name.clone())
    };
    items(inside).into_iter().map(column).collect()
}

/// Returns the columns of the table that an expression may read.
pub(super) fn read_by(table: &TableFacts, expression: &[Token<'_>]) -> Vec<String> {
    let mut columns = Vec::new();
    for token in expression.iter().filter(|t| matches!(t, Token::Word(_) | Token::Quoted(_))) {
        let Some(name) = token.name() else { continue };
        if let Some(column) = table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(&name)) {
            add(&mut columns, column.name.clone());
        }
    }
    columns
}

fn add(columns: &mut Vec<String>, name: String) {
    if !columns.contains(&name) {
        columns.push(name);
    }
}

/// Divides a list at the commas outside of brackets.
fn items<'t, 'a>(inside: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0_u32, 0);
    for (at, token) in inside.iter().enumerate() {
        match token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => depth = depth.saturating_sub(1),
            Token::Symbol(b',') if depth == 0 => {
                items.push(inside.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(inside.get(start..).unwrap_or_default());
    items
}
