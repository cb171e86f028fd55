//! Numbers that a CHECK says: `total = price * quantity`. Where a part is NULL, or the result does not fit the column, a draw
//! takes its place, and the CHECK is asked as always.

use super::{Generator, RowCx};
use crate::condition::{Formula, Room};
use crate::row::shape::{ColumnFacts, TypeClass};
use crate::synth::seed::Draws;
use crate::synth::totals;

/// A column that follows from others of its row.
pub(in crate::synth) struct Computed {
    formula: Formula,
    scale: u32,
    /// The most units that the type holds.
    most: i128,
    otherwise: Box<dyn Generator>,
}

impl Computed {
    /// Computes a column; `otherwise` makes what cannot be computed.
    pub(in crate::synth) fn new(
        formula: Formula,
        column: &ColumnFacts,
        otherwise: Box<dyn Generator>,
    ) -> Self {
        let (scale, digits) = match &column.ty.class {
            TypeClass::Numeric { scale, precision } => {
                (scale.and_then(|scale| u32::try_from(scale).ok()), *precision)
            }
            _ => (None, None),
        };
        let whole = column.ty.class.is_integer();
        // A number without a scale has as many digits as the result.
        let scale = scale.unwrap_or(if whole || digits.is_some() { 0 } else { 12 });
        let most = match digits {
            Some(digits) => 10_i128.checked_pow(digits.min(36)).unwrap_or(i128::MAX) - 1,
            None if whole => i128::from(crate::synth::keys::largest(&column.ty.class)),
            None => 10_i128.pow(36),
        };
        Self { formula, scale, most, otherwise }
    }
}

impl Generator for Computed {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let cells: Vec<Option<&[u8]>> =
            self.formula.columns().iter().map(|column| cx.made.get(*column)).collect();
        match self.formula.units(&cells, self.scale, &mut Room::default()) {
            Some(units) if units.abs() <= self.most => {
                totals::write(units, self.scale, out);
                true
            }
            _ => self.otherwise.make(cx, draws, out),
        }
    }

    fn reads(&self) -> &[usize] {
        self.formula.columns()
    }
}
