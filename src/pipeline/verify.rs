//! Holds masked rows to the CHECKs of their table, on the cells as they would be written: false is a broken CHECK, true and
//! unknown are not. What breaks one is treated as a stand-in that does not fit: the policy's placeholder or NULL, column
//! by column, where that holds it; else the run stops, since the server would refuse the row.
//!
//! Rows in which nothing changed are not looked at. A table without such a CHECK does not come here. Never says a value.

use super::choose::Values;
use super::fits::fits;
use super::rows::{Edit, Fate};
use super::tally::ColumnTally;
use crate::condition::{Room, Truth, Unreadable};
use crate::error::{Error, Message};
use crate::format::RowCodec;
use crate::mask::{Outcome, Standins};
use crate::message;
use crate::profile::model::Unfit;
use crate::profile::plan::{CheckInput, MaskPlan, MaskedColumn, RowCheck};
use crate::row::field::Span;

/// Most columns of a CHECK whose cells are gathered without allocating.
const FEW: usize = 8;

/// A row that breaks a CHECK and that nothing mends.
pub(super) struct Broken {
    /// The row of the chunk.
    pub(super) row: usize,
    /// A masked column that the CHECK reads, as an index into the wanted ones.
    pub(super) wanted: usize,
    /// What is wrong.
    pub(super) error: Error,
}

/// A chunk on its way out, before its edits are put into the order of the data.
pub(super) struct Verify<'a> {
    pub(super) plan: &'a MaskPlan,
    pub(super) codec: &'a dyn RowCodec,
    pub(super) values: Values<'a>,
    /// The fields as they stand in the block, row by row, one a wanted column.
    pub(super) fields: &'a [Span],
    /// Whether a row that broke the CHECK before it was masked passes: a preview invents its values.
    pub(super) lenient: bool,
}

/// What may change.
pub(super) struct Changing<'s> {
    pub(super) edits: &'s mut [Edit],
    pub(super) standins: &'s mut [Standins],
    pub(super) tally: &'s mut [ColumnTally],
    pub(super) spare: &'s mut Vec<u8>,
    pub(super) room: &'s mut Room,
}

impl Verify<'_> {
    /// Holds every row of the chunk that `stays` to every CHECK.
    ///
    /// # Errors
    /// A row that breaks a CHECK, and no other value of the policy holds it.
    pub(super) fn run(
        &self,
        mut changing: Changing<'_>,
        stays: impl Fn(usize) -> bool,
    ) -> Result<(), Broken> {
        let width = self.plan.columns.len().max(1);
        for row in (0..changing.edits.len() / width).filter(|row| stays(*row)) {
            if !self.resolve(row, &mut changing) {
                continue;
            }
            // What was broken first is named: the placeholder that held it can break another.
            let mut first = None;
            while let Some(check) = self.broken(row, &mut changing) {
                let first = *first.get_or_insert(check);
                if !self.mend(check, row, &mut changing) {
                    return Err(self.refuse(first, row, &mut changing));
                }
            }
        }
        Ok(())
    }

    /// Decides on values without their technique's form, as the policy says, so that the CHECKs see what is written.
    /// `false` if the policy stops at one: the run ends at this row for that reason.
    fn resolve(&self, row: usize, changing: &mut Changing<'_>) -> bool {
        let inputs = self.plan.checks.iter().flat_map(|check| &check.inputs);
        for at in inputs.flat_map(|input| &input.masked).copied() {
            let edit = changing.edits.get(row * self.plan.columns.len() + at);
            let (Some(edit), Some(column)) = (edit, self.plan.columns.get(at)) else { return false };
            let sound = match edit.fate {
                Fate::Checked(Outcome::Masked | Outcome::Equal | Outcome::Pinned) => {
                    let standins = changing.standins.get(at).map_or(&[][..], |s| s.bytes.as_slice());
                    takes(column, self.codec, edit.standin.of(standins))
                }
                Fate::Checked(Outcome::Unfit) => false,
                _ => true,
            };
            if !sound && !self.replace(at, row, changing) {
                return false;
            }
        }
        true
    }

    /// Returns the first CHECK that a row breaks as it would be written.
    fn broken(&self, row: usize, changing: &mut Changing<'_>) -> Option<&RowCheck> {
        self.plan.checks.iter().find(|check| {
            let changed = check.inputs.iter().any(|input| self.edit(input, row, changing.edits).is_some());
            changed
                && self.breaks(check, row, changing, true)
                && !((self.lenient || !check.valid) && self.breaks(check, row, changing, false))
        })
    }

    /// Says whether a row breaks a CHECK, `after` masking or before. What cannot be read breaks it.
    fn breaks(&self, check: &RowCheck, row: usize, changing: &mut Changing<'_>, after: bool) -> bool {
        !matches!(self.verdict(check, row, changing, after), Ok(Truth::True | Truth::Unknown))
    }

    fn verdict(
        &self,
        check: &RowCheck,
        row: usize,
        changing: &mut Changing<'_>,
        after: bool,
    ) -> Result<Truth, Unreadable> {
        let Changing { edits, standins, room, .. } = changing;
        let (edits, standins): (&[Edit], &[Standins]) = (edits, standins);
        let cell = |input: &CheckInput| match self.edit(input, row, edits).filter(|_| after) {
            Some(at) => self.written(at, row, edits, standins),
            None => self.values.get(input.wanted, row),
        };
        let mut few = [None; FEW];
        let many: Vec<Option<&[u8]>>;
        let cells = match few.get_mut(..check.inputs.len()) {
            Some(few) => {
                few.iter_mut().zip(&check.inputs).for_each(|(place, input)| *place = cell(input));
                &*few
            }
            None => {
                many = check.inputs.iter().map(cell).collect();
                many.as_slice()
            }
        };
        check.bound.evaluate(cells, room)
    }

    /// Returns the masked column whose stand-in a row has in a place of a CHECK; `None` where the value stays.
    fn edit(&self, input: &CheckInput, row: usize, edits: &[Edit]) -> Option<usize> {
        let edit = |column: &usize| edits.get(row * self.plan.columns.len() + column);
        input
            .masked
            .iter()
            .copied()
            .find(|column| edit(column).is_some_and(|e| !matches!(e.fate, Fate::Stays)))
    }

    /// Returns the cell that would be written for a masked column; `None` is NULL.
    fn written<'v>(
        &'v self,
        at: usize,
        row: usize,
        edits: &[Edit],
        standins: &'v [Standins],
    ) -> Option<&'v [u8]> {
        let edit = edits.get(row * self.plan.columns.len() + at)?;
        let column = self.plan.columns.get(at)?;
        let standin = || edit.standin.of(standins.get(at).map_or(&[][..], |s| s.bytes.as_slice()));
        match edit.fate {
            Fate::Plain | Fate::Replaced => Some(standin()),
            Fate::Checked(Outcome::Masked | Outcome::Equal | Outcome::Pinned) => Some(standin()),
            Fate::Checked(Outcome::Null | Outcome::Unfit) | Fate::Removed => {
                column.not_null.then_some(&[][..])
            }
            Fate::Stays => self.values.get(column.wanted, row),
        }
    }

    /// Puts in the place of one stand-in that a broken CHECK reads what the policy says; `false` if there is none left.
    fn mend(&self, check: &RowCheck, row: usize, changing: &mut Changing<'_>) -> bool {
        let inputs = check.inputs.iter();
        let columns: Vec<usize> = inputs.filter_map(|input| self.edit(input, row, changing.edits)).collect();
        // Elsewhere the value has its usual stand-in: a placeholder here alone would part what belongs together.
        let parts = |at: &usize| {
            let column = self.plan.columns.get(*at);
            column.is_some_and(|column| column.joins && column.unfit == Unfit::Placeholder)
        };
        columns.into_iter().filter(|at| !parts(at)).any(|at| self.replace(at, row, changing))
    }

    /// Replaces one stand-in; `false` if the policy has nothing for it, or it was replaced before.
    fn replace(&self, at: usize, row: usize, changing: &mut Changing<'_>) -> bool {
        let place = row * self.plan.columns.len() + at;
        let Some(column) = self.plan.columns.get(at) else { return false };
        let (Some(edit), Some(standins), Some(tally)) =
            (changing.edits.get_mut(place), changing.standins.get_mut(at), changing.tally.get_mut(at))
        else {
            return false;
        };
        let fate = match (edit.fate, column.unfit) {
            (Fate::Stays | Fate::Replaced | Fate::Removed | Fate::Checked(Outcome::Null), _) => return false,
            (_, Unfit::Stop) => return false,
            (_, Unfit::Suppress) => Fate::Removed,
            (_, Unfit::Placeholder) => {
                let original = self.values.get(column.wanted, row).unwrap_or_default();
                changing.spare.clear();
                if !column.mask.placeholder(original, changing.spare)
                    || !takes(column, self.codec, changing.spare)
                {
                    return false;
                }
                let start = u32::try_from(standins.bytes.len()).ok();
                standins.bytes.extend_from_slice(changing.spare);
                let (Some(start), Ok(end)) = (start, u32::try_from(standins.bytes.len())) else {
                    return false;
                };
                edit.standin = Span { start, end };
                Fate::Replaced
            }
        };
        if matches!(edit.fate, Fate::Plain) {
            tally.masked -= 1;
        }
        tally.unfit += 1;
        let field = self.fields.get(row * self.plan.wanted.len().max(1) + column.wanted);
        edit.field = field.copied().unwrap_or(edit.field);
        edit.fate = fate;
        true
    }

    fn refuse(&self, check: &RowCheck, row: usize, changing: &mut Changing<'_>) -> Broken {
        let unreadable = self.verdict(check, row, changing, true).err();
        let masked = check.inputs.iter().filter(|input| !input.masked.is_empty());
        let columns =
            masked.clone().flat_map(|input| input.masked.first()).filter_map(|at| self.plan.columns.get(*at));
        let mut names: Option<Message> = None;
        for column in columns {
            names = Some(match names {
                None => column.label.clone(),
                Some(names) => message!("{}, {}", names, column.label),
            });
        }
        let names = names.unwrap_or_else(|| "none".into());
        let what = match unreadable {
            None => message!("a masked row breaks the {}, so the server would refuse it", check.shown),
            Some(Unreadable { what, .. }) => {
                message!("a masked row cannot be held to the {}: {}", check.shown, what)
            }
        };
        let error = Error::input(what).hint(message!(
                "it reads these masked columns: {}; choose a technique whose stand-ins hold it, or `suppress` where NULL holds it (`policy: unfit: suppress` does so for such rows alone)",
                names
            ));
        let wanted = masked.map(|input| input.wanted).next().unwrap_or_default();
        Broken { row, wanted, error }
    }
}

/// Says whether a stand-in fits the column, and the input's character set has what it is made of.
pub(super) fn takes(column: &MaskedColumn, codec: &dyn RowCodec, standin: &[u8]) -> bool {
    fits(&column.fit, standin) && codec.holds(standin)
}
