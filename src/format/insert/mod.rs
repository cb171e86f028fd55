//! INSERT statements of three dialects: what the readers of PostgreSQL's, MySQL's and SQLite's dumps share. They own
//! everything else of their files (other statements, facts, poison); here are heads, rows and literals.
//!
//! A *region* is a run of statements with the very same head, so into one table with one column list:
//!
//! ```text
//! region    = statement { blanks statement }        every statement begins with the same bytes
//! statement = head tuple { blanks "," blanks tuple } [ blanks "ON CONFLICT DO NOTHING" ] blanks ";"
//! head      = "INSERT" modifiers "INTO" name [ "(" columns ")" ] [ "OVERRIDING … VALUE" ] "VALUES" blanks
//! tuple     = "(" literal { "," literal } ")"       exactly one literal a column; parentheses and brackets nest
//! ```
//!
//! `announce` reads a head, `Region` finds where tuples and statements end (the sequential part), `InsertRows` splits,
//! decodes and encodes them (the workers). A reader makes of a region: `Part::Begin` with an empty head, `Part::Rows` of
//! all its bytes, heads, separators and the last `;` included, and `Part::End` with an empty tail; so a table whose rows
//! are dropped loses its statements whole.
//!
//! Two ways to read a tuple, told apart tuple by tuple: `plain` takes those without brackets and prefixed strings, nearly
//! all of them, by the masks of `batch`, and gives back what it does not positively know; `walk` with `lex` takes any. Both
//! look at every byte, so the sequential part counts plain rows as it goes (`Part::Counted`) and kept tables need no second
//! walk. Of a table that is masked, whose rows a worker splits and so looks at anyway, the sequential part finds ends alone
//! (`Region::cut_only`). Where only facts are wanted, `skim` finds the ends of statements and looks at nothing else; a facts
//! pass over a file jumps over long runs of alike statements.
//!
//! Everything else stops the run: queries instead of VALUES, aliases, RETURNING, comments inside a statement, dollar
//! quotes, operators.

mod batch;
mod call;
pub(in crate::format) mod emit;
mod escape;
mod head;
mod lex;
mod literal;
mod plain;
mod region;
mod rows;
mod skim;
mod walk;

pub use head::{Announced, announce};
pub use region::{Reach, Region};
pub use rows::InsertRows;

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    MySql,
    /// SQLite.
    Sqlite,
}

/// The lexical rules that hold now, as the dump has set them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Whose SQL it is.
    pub family: Family,
    /// Whether `\` escapes in `'…'` (MySQL without NO_BACKSLASH_ESCAPES, PostgreSQL without
    /// `standard_conforming_strings`).
    pub backslash: bool,
    /// Whether `"…"` is a string, not a name (MySQL without ANSI_QUOTES).
    pub double_quoted_strings: bool,
}

impl Dialect {
    /// PostgreSQL's rules; `standard` is `standard_conforming_strings`.
    #[must_use]
    pub fn postgres(standard: bool) -> Self {
        Self { family: Family::Postgres, backslash: !standard, double_quoted_strings: false }
    }

    /// MySQL's rules without any `sql_mode`.
    #[must_use]
    pub fn mysql() -> Self {
        Self { family: Family::MySql, backslash: true, double_quoted_strings: true }
    }

    /// SQLite's rules.
    #[must_use]
    pub fn sqlite() -> Self {
        Self { family: Family::Sqlite, backslash: false, double_quoted_strings: false }
    }

    /// Says whether a byte is white space between tokens. A carriage return is none in PostgreSQL's dumps: it ends
    /// psql's comments, not those of other readers.
    fn is_blank(self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t' | b'\n') || (byte == b'\r' && self.family != Family::Postgres)
    }
}

#[cfg(test)]
mod tests;
