//! `standin` makes stand-in data: copies of production databases in which every identifier is replaced.
//!
//! The promises, kept by every change: fail closed; no value leaves by the side door; same input, profile and
//! key give the same bytes; joins survive; untouched bytes stay untouched; flat memory; a run that fails never
//! looks finished; stand-ins are harmless; honest words.
//!
//! The path of one row:
//!
//! ```text
//! bytes ─▶ Source ─▶ Reader ──Begin(table)──▶ Plan binds it
//!                    finds    ──Rows──▶ worker × N: split, decode masked columns, mask, encode ─▶ order ─▶ Sink
//!                    records  ──Verbatim────────────────────────────────────────────────────▶
//!                    only
//! ```
//!
//! The modules, lowest first; each may use those above it in this list, siblings never see each other:

/// What went wrong, where, and what to do next; never a value.
pub mod error;
/// Keys, and what is derived from them.
pub mod secret;

/// What fakes are made of, per locale.
pub mod vocabulary;

/// Shared words about rows: shapes, spans, cells, the canonical form. No I/O.
pub mod row;

/// Identifiers in text: recognisers, and free text with what they find replaced.
pub mod recognise;

/// SQL conditions over the cells of a row: `keep_rows`, `when`, CHECK.
pub mod condition;

/// The techniques: one decoded value in, one stand-in out.
pub mod mask;

/// The dump formats: the only place that knows bytes and escapes.
pub mod format;

/// What the user wrote, checked, and bound to what the input holds.
pub mod profile;

/// Source, reader, workers, order, sink.
pub mod pipeline;

/// Finding the identifying columns and drafting a profile.
pub mod discover;

/// Databases that never held a person, from a schema alone.
pub mod synth;

/// The terminal: one verb a file.
pub mod cli;
