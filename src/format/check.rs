//! CHECKs of databases that are not PostgreSQL, in PostgreSQL's words: columns, numbers, comparisons, AND, OR, NOT, IN,
//! BETWEEN, IS NULL, and the function that counts characters. Anything else makes the CHECK one that cannot be decided
//! on: text compares by collations that a dump does not show, dates and arithmetic by rules of their own.

use crate::row::shape::Expression;

/// A piece of a CHECK.
pub(super) enum Word<'a> {
    /// A column, as its definition spells it.
    Column(String),
    /// Any other word.
    Plain(&'a [u8]),
    /// A number.
    Number(&'a [u8]),
    /// One byte.
    Symbol(u8),
    /// A text, a variable, anything else.
    Other,
}

/// Words that mean the same everywhere.
const SAME: &[&str] = &["AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL"];

/// Makes an expression of a CHECK's pieces. `count` are the names of the function that counts characters.
pub(super) fn expression<'a>(words: impl Iterator<Item = Word<'a>>, count: &[&str]) -> Option<Expression> {
    let mut sql = String::new();
    let mut before = 0;
    for word in words {
        let mut symbol = 0;
        match word {
            Word::Column(name) => {
                sql.push_str(" \"");
                sql.push_str(&name.replace('"', "\"\""));
                sql.push('"');
            }
            Word::Plain(word) => {
                let is = |known: &&&str| word.eq_ignore_ascii_case(known.as_bytes());
                match (SAME.iter().find(is), count.iter().find(is)) {
                    (Some(known), _) => {
                        sql.push(' ');
                        sql.push_str(known);
                    }
                    (None, Some(_)) => sql.push_str(" char_length"),
                    (None, None) => return None,
                }
            }
            Word::Number(digits) => {
                sql.push(' ');
                sql.push_str(std::str::from_utf8(digits).ok()?);
            }
            // SQLite writes `==` too.
            Word::Symbol(b'=') if before == b'=' => {}
            Word::Symbol(byte @ (b'(' | b')' | b',' | b'<' | b'>' | b'=' | b'!' | b'-')) => {
                symbol = byte;
                if !matches!((before, byte), (b'<' | b'>' | b'!', b'=') | (b'<', b'>')) {
                    sql.push(' ');
                }
                sql.push(char::from(byte));
            }
            Word::Symbol(_) | Word::Other => return None,
        }
        before = symbol;
    }
    Some(Expression { sql, exact: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_mean_the_same_stay_and_others_do_not() {
        let read = |words: Vec<Word<'static>>| expression(words.into_iter(), &["length"]).map(|e| e.sql);
        let column = || Word::Column("a \"b\"".into());
        let (one, equal) = (|| Word::Number(b"1"), || Word::Symbol(b'='));
        assert_eq!(
            read(vec![column(), Word::Symbol(b'<'), equal(), one()]).unwrap(),
            " \"a \"\"b\"\"\" <= 1"
        );
        assert_eq!(
            read(vec![column(), equal(), equal(), Word::Symbol(b'-'), one()]).unwrap(),
            " \"a \"\"b\"\"\" = - 1"
        );
        let counted = vec![Word::Plain(b"LENGTH"), Word::Symbol(b'('), column(), Word::Symbol(b')')];
        assert_eq!(read(counted).unwrap(), " char_length ( \"a \"\"b\"\"\" )");
        assert!(read(vec![column(), Word::Plain(b"and"), column()]).unwrap().contains(" AND "));
        for other in [Word::Other, Word::Plain(b"regexp"), Word::Symbol(b'+'), Word::Symbol(b'.')] {
            assert!(read(vec![column(), other, one()]).is_none());
        }
    }
}
