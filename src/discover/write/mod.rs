//! What was found and decided, written down: the profile as YAML, the findings as JSON.
//!
//! Shows names of the schema, classes, counts and shares; never a value, and no count of people below ten.

pub mod json;
pub(crate) mod tree;
pub mod yaml;

#[cfg(test)]
mod tests;
