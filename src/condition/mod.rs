//! SQL conditions: `keep_rows`, `when` and CHECK, read once, bound to a table's columns, and decided row by row with
//! PostgreSQL's semantics. What is outside of the subset is refused with its place and what to write instead; no
//! condition is ever decided by a guess.
//!
//! ```text
//! text ─▶ read (sqlparser) ─▶ tree ─▶ bind (types, columns, now) ─▶ Bound ─▶ evaluate(cells of a row) ─▶ Truth
//! ```
//!
//! The subset, loosest first, with the precedence of PostgreSQL's grammar:
//!
//! ```text
//! condition   a OR b    a AND b    NOT a    ( a )    a boolean column    TRUE FALSE NULL
//! test        x IS [NOT] NULL|TRUE|FALSE|UNKNOWN      x IS [NOT] DISTINCT FROM y
//! comparison  x = <> != < <= > >= y                   x = ANY (ARRAY[y, ...])    x <> ALL (ARRAY[y, ...])
//!             x [NOT] BETWEEN y AND z                 x [NOT] IN (y, ...)
//!             x [NOT] LIKE|ILIKE 'pattern' [ESCAPE 'c']      x ~~ 'pattern'  !~~  ~~*  !~~*
//! value       column   "Column"   'text'   E'text'   12   1.5e3   x::type   CAST(x AS type)   date '2024-01-31'
//!             now()   current_timestamp   localtimestamp   current_date   interval '90 days'   interval '90' day
//!             whole numbers + - * / %      date + - whole number      date, timestamp + - interval
//!             date - date      timestamp - timestamp      interval + - interval      -x
//!             json -> 'key'   json -> 0   json ->> 'key'
//!             lower  upper  length  char_length  octet_length  trim  ltrim  rtrim  (x)    coalesce(x, ...)
//!             decimals and binary numbers + - * /     round(x)  round(x, 2)  abs(x) of exact numbers
//! type        smallint integer bigint numeric real double precision boolean text varchar bpchar uuid date timestamp
//!             timestamptz interval json jsonb, enums of the schema; no length or precision
//! ```
//!
//! - **Three-valued logic**: NULL is unknown; `keep_rows` keeps what is true, a CHECK is broken by what is false.
//! - **Types** are settled before the first row: 'text' takes the type of the other side, and what PostgreSQL refuses to
//!   compare is refused. A column without a schema is text: cast it (`age::integer > 17`).
//! - **Numbers** are exact at any size; `real` and `double precision` are binary, as in PostgreSQL.
//! - **Text** orders by bytes, and `lower`, `upper`, ILIKE change ASCII letters only: PostgreSQL's C collation.
//! - **Dates** are of ISO form; days are those of UTC; `now()` is the run's start in whole seconds.
//! - A cell that is no value of its type (a MySQL zero date) is an error, never false. Only cells that the answer needs
//!   are read: AND ends at the first false, OR at the first true, from left to right.
//!
//! CHECKs alone (`parse_check`) may hold more, in PostgreSQL's words too:
//!
//! ```text
//! test        x ~ 'expression'   ~*  !~  !~*      x SIMILAR TO 'pattern'   starts_with(x, 'AB')   jsonb ? 'key'
//! value       CASE WHEN a THEN x ... ELSE y END   CASE x WHEN y THEN z END   greatest(x, ...)  least(x, ...)
//!             num_nonnulls(x, ...)  num_nulls(x, ...)   (a IS NULL)::integer   floor ceil trunc mod (x)
//!             extract(year FROM x)  date_part('year', x)  date_trunc('month', x), of dates and timestamps without a zone
//!             left(x, 2)  substr(x, 1, 2)  substring  position('@' IN x)  strpos(x, '@')
//!             jsonb_typeof(x)  jsonb_array_length(x)  array_length(x, 1)  cardinality(x)
//! ```
//!
//! Deliberately absent: subqueries, other functions, other columns' tables, what a setting of the server decides. Errors
//! name columns, never values.

mod bind;
mod calculate;
mod call;
mod cast;
mod common;
mod decimal;
mod eval;
mod forms;
mod formula;
mod json;
mod level;
mod like;
mod list;
mod literal;
mod map;
mod moment;
mod named;
mod parts;
mod place;
mod read;
mod regular;
mod tree;
mod types;
mod value;
mod view;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use crate::error::Message;
use crate::row::shape::ColumnFacts;

pub use formula::Formula;
pub use tree::Op;
pub use view::{Has, Part, Says, matches, order};

/// A condition as written: of the subset, not yet bound to a table.
pub struct Condition {
    tree: tree::Node,
    columns: Vec<ColumnUse>,
}

/// A column that a condition names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnUse {
    /// Its name as written, without quotes.
    pub name: String,
    /// Whether it stands in double quotes: then it is that name exactly.
    pub quoted: bool,
    /// Bytes of the condition's text.
    pub at: Range<usize>,
}

/// Why a condition is refused: what stands there, where, and what to write instead. Holds no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Bytes of the condition's text; empty at its end where something is missing.
    pub at: Range<usize>,
    /// What is wrong.
    pub what: Message,
    /// What to write instead.
    pub hint: Message,
}

impl Refused {
    fn new(at: Range<usize>, what: impl Into<Message>, hint: impl Into<Message>) -> Self {
        Self { at, what: what.into(), hint: hint.into() }
    }

    /// Returns line and column of the place, from 1; the column in characters.
    #[must_use]
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.at.start).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// The text is no SQL condition, or has a form outside of the subset: the first such place.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        Self::read(text, false)
    }

    /// Reads the expression of a CHECK: it may hold regular expressions too (`code ~ '^[A-Z]{3}$'`).
    ///
    /// # Errors
    /// As `parse`.
    pub fn parse_check(text: &str) -> Result<Self, Refused> {
        Self::read(text, true)
    }

    fn read(text: &str, regular: bool) -> Result<Self, Refused> {
        let tree = read::read(text, regular)?;
        let mut columns = Vec::new();
        bind::columns(&tree, &mut columns);
        Ok(Self { tree, columns })
    }

    /// Says in few forms what it holds the columns of a table to, as far as those forms reach. `now` is the earliest moment
    /// that `now()` may mean.
    #[must_use]
    pub fn says(&self, columns: &[ColumnFacts], now: i64) -> Says {
        view::says(&self.tree, columns, now)
    }

    /// Returns what it says that columns are: those of `total = price * quantity`.
    #[must_use]
    pub fn formulas(&self, columns: &[ColumnFacts], now: i64) -> Vec<Formula> {
        let mut found = Vec::new();
        formula::formulas(&self.tree, columns, now, &mut found);
        found
    }

    /// Returns the columns it names, each once, in the order of the text.
    #[must_use]
    pub fn columns(&self) -> &[ColumnUse] {
        &self.columns
    }

    /// Binds it to a table's columns, in the order of the data. `now` is in seconds since 1970-01-01 00:00 UTC.
    ///
    /// A name without quotes is the column of that name in small letters, else the one spelled so, else the only one
    /// that differs in case alone.
    ///
    /// # Errors
    /// A column is not there, or types do not fit: the first such place.
    pub fn bind(&self, columns: &[ColumnFacts], now: i64) -> Result<Bound, Refused> {
        bind::bind(&self.tree, columns, now)
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<condition on {} columns>", self.columns.len())
    }
}

/// What a condition says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It does not hold.
    False,
    /// NULL: `keep_rows` does not keep the row, a CHECK is not broken.
    Unknown,
    /// It holds.
    True,
}

/// A cell that is no value of its column's type, or a calculation that PostgreSQL would stop at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Index into the columns that the condition was bound to.
    pub column: usize,
    /// What is wrong; never the value.
    pub what: &'static str,
}

/// A buffer for texts that are made on the way; one a thread, used again for every row. No `Debug`: it holds data.
#[derive(Default)]
pub struct Room(Vec<u8>);

/// A condition bound to a table. May be used by many threads at once.
pub struct Bound {
    test: eval::Test,
    columns: Vec<usize>,
}

impl Bound {
    /// Returns the columns whose cells it needs, as indexes into those it was bound to, each once, ascending.
    #[must_use]
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Says whether every SQL database means by it what PostgreSQL does: numbers compared, characters counted, NULL.
    #[must_use]
    pub fn is_common(&self) -> bool {
        common::test(&self.test)
    }

    /// Says whether a row of which it is true holds it in every SQL database: where texts compare without case, what is
    /// equal by bytes is equal still.
    #[must_use]
    pub fn holds_elsewhere(&self) -> bool {
        common::holds(&self.test, true)
    }

    /// Decides over one row. `cells` are the decoded cells of `columns()`, in its order; `None` is NULL.
    ///
    /// # Errors
    /// A cell that the answer needs is no value of its type.
    pub fn evaluate(&self, cells: &[Option<&[u8]>], room: &mut Room) -> Result<Truth, Unreadable> {
        room.0.clear();
        Ok(match self.test.decide(cells, &self.columns, &mut room.0)? {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        })
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<condition bound to {} columns>", self.columns.len())
    }
}
