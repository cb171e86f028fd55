//! Which rows stay and which case of a list counts for each: the conditions of a table, decided on the values of a row
//! as they were. Unknown is not true: such a row is not kept, such a case does not count.
//!
//! Refuses a cell that is no value of its column's type: a condition is never decided by a guess.

use crate::condition::{Room, Truth, Unreadable};
use crate::error::Error;
use crate::profile::plan::{MaskPlan, RowCondition};
use crate::row::field::{Cell, Cells};

/// What was decided for the rows of a chunk. Recycled.
#[derive(Default)]
pub(super) struct Choice {
    /// Whether a row stays; empty where all do.
    keep: Vec<bool>,
    /// Of every case list the case that counts for each row.
    cases: Vec<Vec<usize>>,
    room: Room,
}

/// A condition that could not be decided.
pub(super) struct Undecided {
    /// The row of the chunk.
    pub(super) row: usize,
    /// The column it could not read, as an index into the wanted ones.
    pub(super) wanted: usize,
    /// What is wrong.
    pub(super) error: Error,
}

/// The decoded cells of a chunk.
pub(super) struct Values<'a> {
    pub(super) raw: &'a [u8],
    pub(super) arena: &'a [u8],
    /// One list a wanted column.
    pub(super) cells: &'a [Vec<Cell>],
}

impl<'a> Values<'a> {
    pub(super) fn get(&self, wanted: usize, row: usize) -> Option<&'a [u8]> {
        let cells = self.cells.get(wanted).map_or(&[][..], Vec::as_slice);
        Cells { raw: self.raw, arena: self.arena, cells }.get(row)
    }
}

impl Choice {
    /// Decides over the rows of a chunk; `keep_rows` is the condition under which they stay.
    ///
    /// # Errors
    /// A cell that is no value of its type.
    pub(super) fn decide<'v>(
        &mut self,
        plan: &'v MaskPlan,
        keep_rows: Option<usize>,
        rows: usize,
        values: &Values<'v>,
    ) -> Result<(), Undecided> {
        self.keep.clear();
        self.cases.resize_with(plan.cases.len(), Vec::new);
        self.cases.iter_mut().for_each(Vec::clear);
        if plan.conditions.is_empty() {
            return Ok(());
        }
        let mut row_values = Vec::new();
        for row in 0..rows {
            let mut ask = |index: usize| {
                let condition = plan.conditions.get(index);
                decide(condition, row, values, &mut row_values, &mut self.room)
            };
            if let Some(keep) = keep_rows {
                self.keep.push(ask(keep)?);
            }
            let dropped = keep_rows.is_some() && self.keep.last() == Some(&false);
            for (list, chosen) in plan.cases.iter().zip(&mut self.cases) {
                let mut counts = list.len();
                for (case, condition) in list.iter().enumerate().filter(|_| !dropped) {
                    if condition.map_or(Ok(true), &mut ask)? {
                        counts = case;
                        break;
                    }
                }
                chosen.push(counts);
            }
        }
        Ok(())
    }

    /// Whether all rows of the chunk stay.
    pub(super) fn keeps_all(&self) -> bool {
        self.keep.iter().all(|keep| *keep)
    }

    /// Whether a row stays.
    pub(super) fn keeps(&self, row: usize) -> bool {
        self.keep.get(row).copied().unwrap_or(true)
    }

    /// Whether a row stays and a column's case counts for it.
    pub(super) fn counts(&self, case: Option<(usize, usize)>, row: usize) -> bool {
        let chosen = |list: usize| self.cases.get(list).and_then(|chosen| chosen.get(row));
        self.keeps(row) && case.is_none_or(|(list, case)| chosen(list) == Some(&case))
    }
}

/// Decides one condition over one row.
fn decide<'v>(
    condition: Option<&'v RowCondition>,
    row: usize,
    values: &Values<'v>,
    row_values: &mut Vec<Option<&'v [u8]>>,
    room: &mut Room,
) -> Result<bool, Undecided> {
    let Some(RowCondition { bound, inputs }) = condition else {
        return Err(Undecided { row, wanted: 0, error: Error::bug("a condition that is not there") });
    };
    row_values.clear();
    row_values.extend(inputs.iter().map(|input| {
        let cell = values.get(input.wanted, row);
        match &input.lookup {
            Some(dictionary) => cell.and_then(|key| dictionary.get(key)),
            None => cell,
        }
    }));
    match bound.evaluate(row_values, room) {
        Ok(truth) => Ok(truth == Truth::True),
        Err(Unreadable { column, what }) => {
            let place = bound.columns().iter().position(|index| *index == column);
            let wanted = place.and_then(|place| inputs.get(place)).map_or(0, |input| input.wanted);
            let error = Error::input(what).hint(
                "a condition of the profile reads this column: write one that does not, or cast it to text",
            );
            Err(Undecided { row, wanted, error })
        }
    }
}
