//! `discover`: finds the identifying columns of an input and drafts a whole profile.
//!
//! ```text
//! input -> walk (one pass, sampled) -> measure (a column's values, as counts) -> score (log-odds by class)
//!                                   -> joins (sketches of keys)               -> write (profile, JSON)
//! ```
//!
//! What it finds is shown as counts, shares and classes: never a value. What it is unsure of is `undecided` and stops
//! `mask`; nothing is kept that is not positively of a class of no person. Absent on purpose: masking, formats, and any
//! claim that nothing was missed.

pub mod class;
pub mod findings;
/// A column's values as counts.
pub mod measure;
pub mod scores;
/// What the counts say.
pub mod values;
