//! Where the body of a routine, trigger or event ends. The clients send all up to the delimiter as one text, and the
//! server executes what follows the body's last `;` as statements of their own: behind a body nothing may stand.
//!
//! Counts BEGIN, CASE, IF, LOOP, WHILE and REPEAT against END. Where it is not sure that a word opens a block it does not
//! count it: then a body seems to end early and is refused, and never the other way round.

use super::lexer::{Item, Token};
use crate::error::{Error, Result};

/// Words that begin a statement of a body; before the first of them BEGIN can only open the body.
const VERBS: &[&str] = &[
    "ALTER", "ANALYZE", "CALL", "CREATE", "DELETE", "DROP", "EXECUTE", "FLUSH", "GET", "GRANT", "HANDLER",
    "INSERT", "KILL", "LOAD", "LOCK", "OPTIMIZE", "PREPARE", "RENAME", "REPLACE", "RESIGNAL", "RETURN",
    "SELECT", "SHOW", "SIGNAL", "TRUNCATE", "UPDATE", "VALUES", "WITH",
];

/// Words and symbols behind which a statement begins.
const BEFORE: &[&str] = &["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW"];

/// Checks that nothing stands behind the one statement that `items` begin with CREATE.
///
/// # Errors
/// Something does, or seems to.
pub(super) fn ends_with_the_statement(items: &[Item<'_>]) -> Result<()> {
    if !items.iter().any(|i| is_end(&i.token)) {
        return Ok(());
    }
    let (mut depth, mut parens) = (0_usize, 0_usize);
    let mut heading = true;
    for (at, item) in items.iter().enumerate().skip(1) {
        let before = at.checked_sub(1).and_then(|b| items.get(b)).map(|i| &i.token);
        match &item.token {
            Token::Symbol(b'(') => parens += 1,
            Token::Symbol(b')') => parens = parens.saturating_sub(1),
            token if is_end(token) && depth == 0 => {
                return if items.iter().skip(at).all(|i| is_end(&i.token)) { Ok(()) } else { Err(second()) };
            }
            // Behind a dot every word is a name.
            Token::Word(_) if parens == 0 && before != Some(&Token::Symbol(b'.')) => {
                let word = item.token.upper();
                let character_set = before.is_some_and(|t| t.is("CHARACTER"));
                if VERBS.contains(&word.as_str()) || (word == "SET" && !character_set) {
                    heading = false;
                }
                let rest = items.get(at + 1..).unwrap_or_default();
                let earlier = items.get(..at).unwrap_or_default();
                if opens(&word, before, heading, rest) || (word == "BEGIN" && is_handler(earlier)) {
                    depth += 1;
                    heading = false;
                } else if word == "END" {
                    depth = depth.saturating_sub(1);
                }
            }
            _ => {}
        }
    }
    // A block that never ends was none: what stands behind it would be a statement of its own.
    if depth == 0 { Ok(()) } else { Err(second()) }
}

/// Says whether `DECLARE … HANDLER FOR condition` stands just before.
fn is_handler(earlier: &[Item<'_>]) -> bool {
    let statement = earlier.iter().rev().take_while(|i| !is_end(&i.token) && !i.token.is("BEGIN"));
    let named = earlier.last().is_some_and(|i| !i.token.is("FOR") && i.token != Token::Symbol(b','));
    named
        && statement.clone().any(|i| i.token.is("HANDLER"))
        && statement.last().is_some_and(|i| i.token.is("DECLARE"))
}

fn is_end(token: &Token<'_>) -> bool {
    *token == Token::Symbol(b';')
}

fn opens(word: &str, before: Option<&Token<'_>>, heading: bool, rest: &[Item<'_>]) -> bool {
    let starts = match before {
        Some(Token::Symbol(c)) => matches!(c, b';' | b':') || (*c == b')' && heading),
        Some(token) => BEFORE.iter().any(|w| token.is(w)),
        None => false,
    };
    match word {
        // An expression's CASE ends with END as well; `END CASE` is none.
        "CASE" => !before.is_some_and(|t| t.is("END")),
        "BEGIN" => starts || (heading && !is_name(before)),
        "IF" | "REPEAT" => starts && !is_call(rest),
        "LOOP" | "WHILE" | "FOR" => starts,
        _ => false,
    }
}

/// Says whether a word behind `before` names something of the heading.
fn is_name(before: Option<&Token<'_>>) -> bool {
    let naming = [
        "ON",
        "TRIGGER",
        "PROCEDURE",
        "FUNCTION",
        "EVENT",
        "VIEW",
        "EXISTS",
        "FOLLOWS",
        "PRECEDES",
        "TO",
        "AS",
    ];
    before.is_none_or(|t| *t == Token::Symbol(b'.') || naming.iter().any(|w| t.is(w)))
}

/// Says whether the functions `IF(a, b, c)` and `REPEAT(a, n)` stand here: a list with a comma.
fn is_call(rest: &[Item<'_>]) -> bool {
    if rest.first().map(|i| &i.token) != Some(&Token::Symbol(b'(')) {
        return false;
    }
    let mut depth = 0_usize;
    for item in rest {
        match item.token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => depth = depth.saturating_sub(1),
            Token::Symbol(b',') if depth == 1 => return true,
            _ => {}
        }
        if depth == 0 {
            return false;
        }
    }
    true
}

fn second() -> Error {
    Error::input("a second statement behind a definition, before the delimiter")
        .hint("the clients would send both; only one statement may stand there")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mysql::lexer::{Mode, Tokens};

    fn check(text: &str) -> bool {
        let items = Tokens::new(text.as_bytes(), Mode::default()).all().unwrap();
        ends_with_the_statement(&items).is_ok()
    }

    #[test]
    fn nasty_11_bodies_are_followed_to_their_end() {
        for body in [
            "CREATE PROCEDURE p(begin int) BEGIN INSERT INTO t VALUES (1); IF a THEN SELECT 1; END IF; END",
            "CREATE PROCEDURE p() l: BEGIN WHILE a DO SELECT 1; END WHILE; REPEAT SET a = 1; UNTIL b END REPEAT; END l",
            "CREATE FUNCTION f() RETURNS varchar(9) CHARSET latin1\nBEGIN RETURN CASE 1 WHEN 2 THEN IF(1,2,3) END; END",
            "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW IF NEW.a THEN SET NEW.b = IF(1,2,3); END IF",
            "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN CASE a WHEN 1 THEN SELECT 1; END CASE; END",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN x: LOOP LEAVE x; END LOOP; END",
            "CREATE FUNCTION f() RETURNS int RETURN 1",
            "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; SELECT 1; END",
            "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND, 1062 BEGIN SET a = 1; END; END",
            "CREATE PROCEDURE p() BEGIN FOR i IN 1..3 DO SELECT i; END FOR; END",
            "CREATE PROCEDURE p() BEGIN SELECT t.case, t.begin, t.end FROM t; END",
            "CREATE VIEW v AS SELECT 1",
        ] {
            assert!(check(body), "{body}");
            assert!(check(&format!("{body};")), "{body}");
            assert!(!check(&format!("{body}; INSERT INTO people VALUES ('x')")), "{body}");
            assert!(!check(&format!("{body};; UPDATE t SET a = 1;")), "{body}");
        }
    }

    #[test]
    fn words_that_only_look_like_blocks_hide_nothing() {
        for body in [
            "CREATE PROCEDURE p() SELECT a begin",
            "CREATE TRIGGER t BEFORE INSERT ON begin FOR EACH ROW SET NEW.a = 1",
            "CREATE PROCEDURE begin() SELECT 1",
            "CREATE PROCEDURE p() SELECT `BEGIN`, 'BEGIN'",
            "CREATE PROCEDURE p() SELECT a.begin",
            "CREATE PROCEDURE p() BEGIN SELECT t.case FROM t; END",
            "CREATE PROCEDURE p() BEGIN begin: LOOP LEAVE begin; END LOOP; END",
            "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR begin SELECT 1; END",
            "CREATE FUNCTION f() RETURNS int RETURN CASE 1 WHEN 1 THEN IF(1,2,3) ELSE REPEAT('x',3) END",
            "CREATE PROCEDURE p() UPDATE t SET begin = 1, loop_ = 2",
            "CREATE PROCEDURE p() INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = IF(1,2,3)",
        ] {
            assert!(!check(&format!("{body}; INSERT INTO people VALUES ('x')")), "{body}");
        }
    }
}
