//! What the user wrote (`syntax`), checked against the declarations (`check`), and bound to what the input holds
//! (`plan`). Knows no bytes and no escapes; reads no environment and no clock.
//!
//! Text goes in, a `Profile` or all problems at once come out. A `Profile` and `Facts` make a `Plan`.

mod check;
pub mod draft;
mod extends;
pub mod finding;
mod glob;
pub mod lock;
pub mod model;
pub mod packs;
pub(crate) mod parameters;
pub mod plan;
pub mod show;
pub mod source;
pub mod syntax;
mod tree;
pub(crate) mod undecided;

pub use check::schema::json_schema;
pub use tree::json;
