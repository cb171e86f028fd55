//! The job: a source is read, cut into pieces, masked by workers, put in order and written.
//!
//! ```text
//!            ┌───────── under the reader's lock ─────────┐             ┌─ under the gate's lock, in order ─┐
//! Source ──▶ │ Reader cuts a piece; its tables are bound │ ─▶ masked ─▶│ Sink ─▶ hold-back ─▶ Destination  │
//!            └───────────────────────────────────────────┘  (no lock)  └───────────────────────────────────┘
//! ```
//!
//! N tasks on a rayon pool take turns at this; each owns one recycled piece and one output buffer, so what is in
//! flight is bounded by construction. `-j1` runs in the calling thread. The first failure in the order of the input
//! wins, whichever worker saw it first: what stands before it is written, then the poison, then nothing.
//!
//! Deliberately absent: any knowledge of a dump format's bytes, of what a technique does, the clock, the terminal.

mod choose;
mod compressing;
mod destination;
mod facts;
mod fits;
mod folder;
mod front;
mod gate;
mod job;
mod joining;
mod keying;
mod learning;
mod packers;
mod packing;
mod rows;
mod sample;
mod source;
mod tally;
mod tar;
#[cfg(test)]
mod tests_compressing;
#[cfg(test)]
mod tests_folder;
#[cfg(test)]
mod tests_gate;
#[cfg(test)]
mod tests_packing;
#[cfg(test)]
mod tests_rows;
mod verify;
mod windows;
mod work;

pub use compressing::CompressingDestination;
pub use destination::{Destination, FileDestination, NullDestination, StdoutDestination, ThroughDestination};
pub use facts::{Known, read_facts};
pub use folder::FolderDestination;
pub use gate::{Gate, Stop};
pub use job::{Job, Pass, Report, run};
pub use packing::PackingDestination;
pub use sample::{Sampled, Sampling, Values, sample, sample_input};
pub use source::{BytesSource, FileSource, FileTail, FolderSource, StdinSource};
pub use tally::{ColumnTally, TableTally, Tally};
pub use tar::TarDestination;
