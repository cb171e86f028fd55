//! Literals in definitions: a DEFAULT, CHECK, partition bound, view, rule, policy or function may spell a value out, and
//! passes as it is. Counts them by object, for `check` to show; quotes none.

use super::lexer::{Token, Tokens};
use crate::error::{Message, Name};
use crate::message;

/// Kinds of objects, by the first word that tells, and how they are called.
const KINDS: &[(&str, &str)] = &[
    ("TABLE", "table"),
    ("VIEW", "view"),
    ("FUNCTION", "function"),
    ("PROCEDURE", "procedure"),
    ("DOMAIN", "domain"),
    ("RULE", "rule"),
    ("POLICY", "policy"),
    ("TRIGGER", "trigger"),
    ("INDEX", "index"),
    ("AGGREGATE", "aggregate"),
];

/// Returns what a statement defines and how many literals it holds; `None` if there are none.
pub(super) fn count(text: &[u8]) -> Option<(Message, u64)> {
    let mut tokens = Tokens::new(text);
    let kind = loop {
        let word = tokens.word();
        if word.is_empty() {
            return None;
        }
        if let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word) {
            break *kind;
        }
    };
    while matches!(tokens.clone().word().as_str(), "IF" | "NOT" | "EXISTS" | "ONLY") {
        tokens.next();
    }
    let mut name = tokens.next_name();
    if tokens.clone().next() == Some(Token::Symbol(b'.')) {
        tokens.next();
        name = format!("{name}.{}", tokens.next_name());
    }
    let mut found = 0_u64;
    while let Some(token) = tokens.next() {
        let Token::Text(literal) = token else { continue };
        let mut ahead = tokens.clone();
        let cast = ahead.next() == Some(Token::Symbol(b':')) && ahead.next() == Some(Token::Symbol(b':'));
        let named = cast && matches!(ahead.word().as_str(), "REGCLASS" | "REGTYPE" | "REGPROC" | "INTERVAL");
        if !literal.is_empty() && !named {
            found += 1;
        }
    }
    (found > 0).then(|| (message!("{} {}", kind, Name::new(name.as_str())), found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nasty_33_literals_are_counted_by_object() {
        for (text, shown) in [
            (
                "CREATE TABLE a.b (c text DEFAULT 'x', d text DEFAULT ''::text, e text CHECK (e <> 'y'));",
                "table a.b 2",
            ),
            ("ALTER TABLE ONLY a.b ALTER COLUMN c SET DEFAULT nextval('a.s'::regclass);", ""),
            ("ALTER TABLE ONLY m ATTACH PARTITION m1 FOR VALUES IN ('Piet');", "table m 1"),
            ("CREATE OR REPLACE VIEW \"V w\" AS SELECT 'x'::text;", "view V w 1"),
            ("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT 'x' || 'y'$$;", "function f 2"),
            ("CREATE TYPE t AS ENUM ('a', 'b');", ""),
            ("CREATE TABLE a (b int);", ""),
        ] {
            let found = count(text.as_bytes()).map_or(String::new(), |(what, n)| format!("{what} {n}"));
            assert_eq!(found, shown, "{text}");
        }
    }
}
