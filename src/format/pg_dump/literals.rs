//! Literals in definitions: a DEFAULT, CHECK, partition bound, view, rule, policy or function may spell a value out, and
//! passes as it is; so does the text of a comment that is kept. Counts them by object, and those in which a recogniser finds
//! an identifier, for `check` to show; quotes none.

use super::lexer::{Token, Tokens};
use crate::error::Name;
use crate::message;
use crate::recognise::identifies;
use crate::row::object::ObjectClass;
use crate::row::shape::Literals;

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

/// Returns what a comment or label is about; `None` if it takes one away, or says nothing.
pub(super) fn comment(text: &[u8]) -> Option<Literals> {
    let mut tokens = Tokens::new(text);
    while !matches!(tokens.next()?, Token::Word(word) if word.eq_ignore_ascii_case(b"ON")) {}
    let kind = tokens.word().to_ascii_lowercase();
    let mut names = Vec::new();
    let is = |token: &Token<'_>| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(b"IS"));
    while tokens.clone().next().is_some_and(|token| !is(&token)) {
        match tokens.clone().next() {
            Some(Token::Word(_) | Token::Quoted(_)) if names.len() < 3 => names.push(tokens.next_name()),
            _ => {
                tokens.next();
            }
        }
    }
    tokens.next();
    let texts = tokens.filter_map(|token| match token {
        Token::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    });
    let texts: Vec<&[u8]> = texts.collect();
    let identifiers = u64::from(texts.iter().any(|text| identifies(text)));
    let definition = message!("comment on {} {}", Name::new(kind.as_str()), Name::new(names.join(".")));
    let class = Some(ObjectClass::Comments);
    (!texts.is_empty()).then_some(Literals { definition, count: 1, identifiers, class })
}

/// Returns what a statement defines and how many literals it holds; `None` if there are none.
pub(super) fn count(text: &[u8]) -> Option<Literals> {
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
    let (mut found, mut identifiers) = (0_u64, 0_u64);
    while let Some(token) = tokens.next() {
        let Token::Text(literal) = token else { continue };
        let mut ahead = tokens.clone();
        let cast = ahead.next() == Some(Token::Symbol(b':')) && ahead.next() == Some(Token::Symbol(b':'));
        let named = cast && matches!(ahead.word().as_str(), "REGCLASS" | "REGTYPE" | "REGPROC" | "INTERVAL");
        if !literal.is_empty() && !named {
            found += 1;
            identifiers += u64::from(identifies(literal));
        }
    }
    let definition = message!("{} {}", kind, Name::new(name.as_str()));
    (found > 0).then_some(Literals { definition, count: found, identifiers, class: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nasty_33_comments_count_among_the_literals() {
        for (text, shown) in [
            ("COMMENT ON COLUMN a.\"B c\".d IS 'kanarie';", "comment on column a.B c.d"),
            ("COMMENT ON FUNCTION f(a integer) IS E'kanarie\\\\';", "comment on function f.a.integer"),
            ("SECURITY LABEL FOR p ON TABLE t IS 'kanarie';", "comment on table t"),
            ("COMMENT ON TABLE t IS NULL;", ""),
            ("COMMENT ON TABLE t IS '';", ""),
        ] {
            let found = comment(text.as_bytes()).map_or(String::new(), |found| found.definition.to_string());
            assert_eq!(found, shown, "{text}");
        }
    }

    #[test]
    fn nasty_33_identifiers_in_literals_are_told_apart() {
        for (text, found) in [
            ("CREATE TABLE t (a text DEFAULT 'j.jansen@example.org', b text DEFAULT 'open');", (2, 1)),
            ("CREATE VIEW v AS SELECT 'NL91ABNA0417164300'::text, '0';", (2, 1)),
            ("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT 'bel +31 6 12345678'$$;", (1, 1)),
            (
                "CREATE TABLE t (a text DEFAULT '2024-01-01', b uuid DEFAULT '0f8fad5b-d9cb-469f-a165-70867728950e');",
                (2, 0),
            ),
            (
                "ALTER TABLE ONLY m ATTACH PARTITION m1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
                (2, 0),
            ),
        ] {
            let literals = count(text.as_bytes()).unwrap();
            assert_eq!((literals.count, literals.identifiers), found, "{text}");
        }
        let comment = comment(b"COMMENT ON TABLE t IS 'ask j.jansen@example.org';").unwrap();
        assert_eq!(comment.identifiers, 1);
    }

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
            let found = count(text.as_bytes());
            let found = found.map_or(String::new(), |found| format!("{} {}", found.definition, found.count));
            assert_eq!(found, shown, "{text}");
        }
    }
}
