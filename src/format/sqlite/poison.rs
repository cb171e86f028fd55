//! What is written where a run fails (DESIGN 6): a statement that never ends, so that the load fails whatever follows
//! and no COMMIT is read any more. Holds no data.
//!
//! The string is open and stays open: between statements the shell stops at a token that it cannot read, inside a
//! statement at a word that cannot follow, and text appended later (a COMMIT too) is swallowed by it. Tried on 3.40 by
//! standard input and `.read`, with and without `-bail`: exit code 1, and nothing of the open transaction stays.

/// Follows what was written, on a line of its own; between statements and inside of one.
pub(super) const POISON: &[u8] = b"SELECT 'standin: the run failed and this dump is not complete\n";
