//! Statements of schemas that were written by hand: read where rows are made from a schema, and nowhere else. There no row of
//! the input goes on, so that it need not be what `.dump` writes.
//!
//! Refuses what changes the tables in ways that are not read: anything not named here, and a DROP of what was defined.

use super::lexer::Tokens;
use crate::row::shape::Facts;

/// What to do with others.
pub(super) const HINT: &str =
    "leave the statement out, or load the schema into a database and give what `.schema` writes of it";

/// Returns whether a statement changes nothing of what is known of the tables.
pub(super) fn passes(text: &[u8], known: &Facts) -> bool {
    let mut tokens = Tokens::new(text);
    if tokens.keyword("PRAGMA") {
        let name = tokens.name().unwrap_or_default().to_ascii_lowercase();
        return !matches!(name.as_str(), "writable_schema" | "encoding");
    }
    if !tokens.keyword("DROP") {
        return false;
    }
    if tokens.keyword("TABLE") {
        tokens.keywords(&["IF", "EXISTS"]);
        let mut name = tokens.name().unwrap_or_default();
        if tokens.symbol(b'.') {
            name = tokens.name().unwrap_or_default();
        }
        return tokens.is_over()
            && !known.tables().iter().any(|table| table.name.table.eq_ignore_ascii_case(&name));
    }
    tokens.keyword("VIEW")
        || tokens.keyword("TRIGGER")
        || tokens.keyword("INDEX") && known.tables().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::shape::{TableFacts, TableName};

    #[test]
    fn what_defines_nothing_passes() {
        let mut known = Facts::default();
        known.add(TableFacts::named(TableName { database: None, schema: None, table: "t".to_owned() }));
        for text in [
            "PRAGMA journal_mode = WAL;",
            "DROP TABLE IF EXISTS \"a\";",
            "DROP TABLE main.b;",
            "DROP VIEW v;",
        ] {
            assert!(passes(text.as_bytes(), &known), "{text}");
        }
        for text in [
            "DROP TABLE T;",
            "DROP TABLE main.\"t\";",
            "DROP INDEX i;",
            "PRAGMA writable_schema=ON;",
            "UPDATE t SET a = 1;",
        ] {
            assert!(!passes(text.as_bytes(), &known), "{text}");
        }
    }
}
