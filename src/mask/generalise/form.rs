//! What the forms of `generalise` share. Refuses nothing: it only cuts and compares.

use crate::mask::Outcome;

/// Returns a value without the blanks behind it: `char(n)` pads.
pub(super) fn trimmed(field: &[u8]) -> &[u8] {
    let end = field.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
    field.get(..end).unwrap_or_default()
}

/// Says what became of a value whose stand-in was appended behind `start`.
pub(super) fn outcome(field: &[u8], out: &[u8], start: usize) -> Outcome {
    if out.get(start..) == Some(field) { Outcome::Equal } else { Outcome::Masked }
}
