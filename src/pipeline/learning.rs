//! What rows tell and are told beyond their own columns: first passes take lookups, subjects and shuffled values out of
//! them, and techniques that see their row are shown the other columns that they read.
//!
//! Writes nothing. Refuses rows that say something else than a lookup that rules depended on.

use super::rows::{Chunk, Scratch, lanes};
use crate::error::Result;
use crate::mask::Standins;
use crate::mask::row::{Decided, Masked as MaskedBy, Other};
use crate::profile::plan::{Digest, Learns, MaskedColumn, ReadColumn};

/// Puts the subject in the place of another identifier, where that decides; `false` if nobody is known by it. `spare` is
/// room.
///
/// # Errors
/// What does not fit into memory cannot be read.
pub(super) fn resolve(digest: &Digest, canon: &mut Vec<u8>, spare: &mut Vec<u8>) -> Result<bool> {
    let Some(resolved) = &digest.resolved else { return Ok(true) };
    spare.clear();
    if !resolved.subject(canon, spare)? {
        return Ok(false);
    }
    std::mem::swap(canon, spare);
    Ok(!digest.pinned.iter().any(|pinned| pinned == canon))
}

/// Returns what one digest gives for the rows of a chunk.
fn decided(scratch: &Scratch, digest: usize) -> Decided<'_> {
    Decided {
        lanes: scratch.lanes.get(digest).map_or(&[][..], Vec::as_slice),
        undecided: scratch.undecided.get(digest).map_or(&[][..], Vec::as_slice),
    }
}

impl Chunk<'_> {
    /// Has lookups take the rows of their tables, or holds the rows to them.
    pub(super) fn learn(&self, scratch: &Scratch) -> Result<()> {
        for learn in &self.plan.learns {
            let Learns::Dictionary(dictionary) = &learn.what else { continue };
            let (keys, values) = (self.cells(scratch, learn.key.0), self.cells(scratch, learn.value.0));
            for row in 0..scratch.spans.rows.len() {
                let Some(key) = keys.get(row) else { continue };
                dictionary.learn(key, values.get(row)).map_err(|e| {
                    let field = scratch.spans.fields.get(row * self.plan.wanted.len() + learn.key.0);
                    self.at_row(e, row, field.copied().unwrap_or_default())
                })?;
            }
        }
        Ok(())
    }

    /// Notes whose the identifiers of the rows are.
    fn resolve(&self, scratch: &mut Scratch) -> Result<()> {
        let (mut identifier, mut subject) = (Vec::new(), Vec::new());
        for learn in &self.plan.learns {
            let Learns::Subjects(subjects) = &learn.what else { continue };
            let (keys, values) = (self.cells(scratch, learn.key.0), self.cells(scratch, learn.value.0));
            for row in 0..scratch.spans.rows.len() {
                identifier.clear();
                subject.clear();
                learn.key.1.append(keys.get(row).unwrap_or_default(), &mut identifier);
                learn.value.1.append(values.get(row).unwrap_or_default(), &mut subject);
                subjects.learn(&identifier, &subject)?;
            }
        }
        Ok(())
    }

    /// Hands the values of shuffled columns to what gathers them, and notes whose identifiers are whose.
    pub(super) fn gather(&self, scratch: &mut Scratch) -> Result<()> {
        self.resolve(scratch)?;
        for (index, column) in self.plan.columns.iter().enumerate() {
            let Some(gathers) = column.mask.gathers() else { continue };
            let undecided = self.undecided(column, scratch, index);
            let lanes = lanes(column, scratch, undecided);
            let counts = |row| scratch.choice.counts(column.case, row);
            gathers.gather(&self.cells(scratch, column.wanted), lanes, counts);
        }
        Ok(())
    }

    /// Masks a column whose technique sees its row.
    pub(super) fn mask_rows(&self, column: &MaskedColumn, scratch: &Scratch, standins: &mut Standins) {
        let decided: Vec<Decided<'_>> = column.slots.iter().map(|digest| decided(scratch, *digest)).collect();
        let counts: Vec<_> =
            self.plan.columns.iter().map(|c| move |row| scratch.choice.counts(c.case, row)).collect();
        let masked = |index: &usize| {
            let (standins, counts) = (scratch.standins.get(*index)?, counts.get(*index)?);
            Some(MaskedBy { standins, counts })
        };
        let other = |read: &'_ ReadColumn| Other {
            kind: read.kind.clone(),
            cells: self.cells(scratch, read.wanted),
            masked: read.masked.iter().filter_map(masked).collect(),
        };
        let rows: Vec<Vec<Other<'_>>> =
            column.reads.iter().map(|some| some.iter().map(other).collect()).collect();
        column.mask.mask_rows(&self.cells(scratch, column.wanted), &decided, &rows, standins);
    }
}
