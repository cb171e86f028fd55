//! `generate`: databases that never held a person, of any size, from a schema alone.
//!
//! ```text
//! schema -> script (facts, statements) -> counts (rows of each table)
//!                                      -> keys   (who decides each column: number, parent, one of a list, or a draw)
//!                                      -> content (what is drawn, by meaning, type and what CHECKs leave)
//! rows    = maker(table, range)        -> emit (format) -> ordered output
//! ```
//!
//! Every value is a function of seed, table, column and row number alone (`seed`): a table, or any range of one, is made
//! without any other, with the same bytes. Uniqueness comes from keyed orders of numbers (`order`), parents from
//! arithmetic over blocks (`degree`): nothing is remembered, so memory does not grow with the rows.
//!
//! Constraints hold by construction; what cannot be met is said before the first byte, with the constraint, its bound and
//! what to change. Deliberately absent: rows of any input, the clock, and any look-up table of made rows.

mod ahead;
pub mod checks;
pub mod content;
pub mod counts;
pub mod degree;
pub mod keys;
pub mod link;
pub mod maker;
pub mod model;
pub mod order;
pub mod ruled;
pub mod run;
pub mod schema;
pub mod script;
pub mod seed;
#[cfg(test)]
mod testing;
pub mod totals;
pub mod verify;
