//! COMMENT clauses of a table, its columns, keys and partitions: where their texts stand, for the profile to decide on under
//! `objects: comments`. What is left out is what stands between the quotes: `COMMENT ''` loads like any other.

use std::ops::Range;

use super::lexer::{Item, Token};
use crate::error::{Message, Name};
use crate::message;

/// Returns where the texts stand in a definition, in their order; empty ones are none.
pub(super) fn find(items: &[Item<'_>]) -> Vec<Range<usize>> {
    let (mut depth, mut partitions) = (0_u32, false);
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let next = |n: usize| items.get(index + n);
        match item.token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => depth = depth.saturating_sub(1),
            Token::Word(_) if depth == 0 && item.token.is("PARTITION") => {
                partitions |= next(1).is_some_and(|next| next.token.is("BY"));
            }
            _ => {}
        }
        if !item.token.is("COMMENT") {
            continue;
        }
        let equals = next(1).is_some_and(|next| next.token == Token::Symbol(b'='));
        // Deeper down `comment = 'x'` is an expression over a column of that name.
        let clause = !equals || depth <= 1 || partitions;
        if let Some(Item { token: Token::Text(text), at, .. }) =
            next(1 + usize::from(equals)).filter(|_| clause)
            && !text.is_empty()
        {
            found.push(at.start + 1..at.end - 1);
        }
    }
    found
}

/// Returns what holds the comments, as messages call it.
pub(super) fn holder(items: &[Item<'_>]) -> Message {
    let behind = items.iter().skip_while(|item| !item.token.is("TABLE") && !item.token.is("ON")).skip(1);
    let name = behind.skip_while(|item| ["IF", "NOT", "EXISTS"].iter().any(|word| item.token.is(word)));
    let parts = name.take_while(|item| item.token.name().is_some() || item.token == Token::Symbol(b'.'));
    let parts: Vec<String> = parts.take(3).filter_map(|item| item.token.name()).collect();
    message!("comments of table {}", Name::new(parts.join(".")))
}

#[cfg(test)]
mod tests {
    use super::super::lexer::{Mode, Tokens};
    use super::*;

    /// Returns the statement without the texts of its comments, and its holder.
    fn left(text: &str) -> (String, String) {
        let items = Tokens::new(text.as_bytes(), Mode::default()).all().unwrap();
        let mut left = text.to_owned();
        for range in find(&items).into_iter().rev() {
            left.replace_range(range, "");
        }
        (left, holder(&items).to_string())
    }

    #[test]
    fn nasty_33_texts_of_comments_go_and_their_clauses_stay() {
        let (text, holder) = left(
            "CREATE TABLE IF NOT EXISTS `a`.`b` (`id` int COMMENT 'it''s \\'kanarie\\'', comment text DEFAULT 'COMMENT' COMMENT \"x\", \
             KEY k (id) COMMENT 'k', CHECK (comment = 'kept')) ENGINE=InnoDB, COMMENT='of it' \
             /*!50100 PARTITION BY RANGE (id) (PARTITION p VALUES IN ('v') COMMENT = 'part') */",
        );
        assert_eq!(
            text,
            "CREATE TABLE IF NOT EXISTS `a`.`b` (`id` int COMMENT '', comment text DEFAULT 'COMMENT' COMMENT \"\", \
             KEY k (id) COMMENT '', CHECK (comment = 'kept')) ENGINE=InnoDB, COMMENT='' \
             /*!50100 PARTITION BY RANGE (id) (PARTITION p VALUES IN ('v') COMMENT = '') */"
        );
        assert_eq!(holder, "comments of table a.b");
        assert_eq!(left("CREATE TABLE t (a int COMMENT '')").0, "CREATE TABLE t (a int COMMENT '')");
        assert_eq!(left("ALTER TABLE t MODIFY a int COMMENT 'x'").0, "ALTER TABLE t MODIFY a int COMMENT ''");
    }
}
