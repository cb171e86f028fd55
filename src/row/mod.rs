//! Shared words about rows: what a table looks like (`shape`), where fields lie (`field`), the canonical form of a
//! deciding value (`canon`, with `phone` for telephone numbers), days as numbers (`civil`), what of a dump is no column
//! (`object`), what holds of rows beyond keys (`rules`). No I/O, no format, no masking: everything above may use it, it uses only `error`.

pub mod canon;
pub(crate) mod civil;
pub mod field;
pub mod object;
mod phone;
pub mod rules;
pub mod shape;
