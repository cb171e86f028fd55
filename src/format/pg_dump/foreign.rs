//! OPTIONS of foreign tables and their columns: where a table lies on another server, and at times how to log in there. The
//! profile decides on them as on those of servers (`objects: connections`): the clauses go, the table stays; an ALTER
//! FOREIGN TABLE that says nothing else goes whole.

use std::ops::Range;

use super::heads::unknown;
use super::lexer::{Token, Tokens};
use crate::error::Result;

/// Returns what of a statement is OPTIONS of a foreign table, in order, relative to its first word.
///
/// # Errors
/// Options in another form than pg_dump writes.
pub(super) fn options(text: &[u8]) -> Result<Vec<Range<usize>>> {
    let mut tokens = Tokens::new(text);
    let first = tokens.word();
    let foreign = tokens.word() == "FOREIGN" && tokens.word() == "TABLE";
    let mut cuts = Vec::new();
    if !foreign || !matches!(first.as_str(), "CREATE" | "ALTER") {
        return Ok(cuts);
    }
    let place = |tokens: &Tokens<'_>| text.len().saturating_sub(tokens.left());
    loop {
        let before = place(&tokens);
        let Some(token) = tokens.next() else { break };
        // A name may be called so too, but no parenthesis follows it.
        let clause = matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(b"OPTIONS"))
            && tokens.clone().next() == Some(Token::Symbol(b'('));
        if clause {
            tokens.next();
            list(&mut tokens)?;
            cuts.push(before..place(&tokens));
        }
    }
    // With an escaped quote texts end elsewhere than these tokens say.
    let escapes = |at: usize| {
        text.get(..at).is_some_and(|t| t.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1)
    };
    if !cuts.is_empty() && memchr::memchr_iter(b'\'', text).any(escapes) {
        return Err(unknown());
    }
    if first == "ALTER" && !cuts.is_empty() {
        cuts.clear();
        cuts.push(0..text.len());
    }
    Ok(cuts)
}

/// Reads `name 'text', …)`.
fn list(tokens: &mut Tokens<'_>) -> Result<()> {
    loop {
        match tokens.next() {
            Some(Token::Symbol(b')')) => return Ok(()),
            Some(Token::Word(_) | Token::Quoted(_) | Token::Text(_) | Token::Symbol(b',')) => {}
            _ => return Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> String {
        let mut left = text.to_owned();
        for cut in options(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}")).into_iter().rev() {
            left.replace_range(cut, "");
        }
        left
    }

    #[test]
    fn nasty_33_options_of_foreign_tables_go() {
        assert_eq!(
            left(
                "CREATE FOREIGN TABLE public.f (\n    a integer OPTIONS (column_name 'A') NOT NULL,\n    options text DEFAULT 'x'\n)\nSERVER s\n\
                 OPTIONS (\n    schema_name 'it''s',\n    \"password\" E'kanarie\\\\',\n    table_name 'x'\n);"
            ),
            "CREATE FOREIGN TABLE public.f (\n    a integer NOT NULL,\n    options text DEFAULT 'x'\n)\nSERVER s;"
        );
        assert_eq!(left("ALTER FOREIGN TABLE ONLY f ALTER COLUMN a OPTIONS (\n    column_name 'A'\n);"), "");
        for text in [
            "ALTER FOREIGN TABLE f OWNER TO x;",
            "CREATE FOREIGN TABLE f (a text) SERVER s;",
            "CREATE TABLE options (options text);",
        ] {
            assert_eq!(left(text), text);
        }
        for text in [
            "CREATE FOREIGN TABLE f (a text OPTIONS (b E'it\\'s')) SERVER s;",
            "CREATE FOREIGN TABLE f (a text DEFAULT options(1)) SERVER s;",
            "CREATE FOREIGN TABLE f (a text) SERVER s OPTIONS (a 'b'",
        ] {
            assert!(options(text.as_bytes()).is_err(), "{text}");
        }
    }
}
