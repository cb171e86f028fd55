//! Values of several domains side by side (`x < 0 OR x > 100`, partitions with gaps): each has its own generator, and a draw
//! says which.

use crate::synth::content::{Distinct, Generator, RowCx};
use crate::synth::seed::Draws;

/// Draws from one of several.
pub(super) struct Among(pub Vec<Box<dyn Generator>>);

impl Generator for Among {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let at = draws.below(u64::try_from(self.0.len()).unwrap_or(0));
        let chosen = usize::try_from(at).ok().and_then(|at| self.0.get(at));
        chosen.is_some_and(|generator| generator.make(cx, draws, out))
    }

    fn reads(&self) -> &[usize] {
        self.0.first().map(|generator| generator.reads()).unwrap_or_default()
    }
}

/// The values of several, one list behind the other.
pub(super) struct Behind(pub Vec<Box<dyn Distinct>>);

impl Distinct for Behind {
    fn count(&self) -> u64 {
        self.0.iter().fold(0, |all, values| all.saturating_add(values.count()))
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let mut rest = nth;
        for values in &self.0 {
            if rest < values.count() {
                return values.write(rest, out);
            }
            rest -= values.count();
        }
    }
}
