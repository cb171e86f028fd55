//! Numbers made coarser: the lower bound of a band of equal width or of declared steps, so many significant digits, no
//! more than a top and no less than a bottom; ages as bands; coordinates on a grid. Digits behind the point stay as many.
//!
//! Refuses what is no decimal of at most 36 digits, NaN and infinities included, and bands that no value of the type is.

use super::form::{outcome, trimmed};
use crate::mask::decimal::{Decimal, Holds, power};
use crate::mask::{Mask, MaskCx, Outcome};
use crate::secret::{Mac, lanes};

/// Oldest age.
const OLDEST: i128 = 150;

/// How coarse.
pub(super) enum Step {
    /// Only top and bottom.
    None,
    /// Bands of this width; the lower bound.
    Width(Decimal),
    /// The last of these that is not above it; below the first, the first.
    Steps(Vec<Decimal>),
    /// So many significant digits.
    Digits(u32),
    /// Multiples of this, towards zero, so that no coordinate leaves its range.
    Grid(Decimal),
}

/// The technique on numbers.
pub(super) struct Numbers {
    /// How coarse.
    pub(super) step: Step,
    /// Nothing is more.
    pub(super) top: Option<Decimal>,
    /// Nothing is less.
    pub(super) bottom: Option<Decimal>,
    /// What the column takes.
    pub(super) holds: Holds,
    /// For placeholders.
    pub(super) mac: Mac,
}

impl Numbers {
    /// Returns all numbers of the declaration.
    fn said(&self) -> impl Iterator<Item = Decimal> {
        let (one, several): (Option<Decimal>, &[Decimal]) = match &self.step {
            Step::Width(n) | Step::Grid(n) => (Some(*n), &[]),
            Step::Steps(all) => (None, all),
            Step::None | Step::Digits(_) => (None, &[]),
        };
        one.into_iter().chain(several.iter().copied()).chain(self.top).chain(self.bottom)
    }

    /// Returns whether every number of the declaration is one that the column takes.
    pub(super) fn fits(&self) -> bool {
        self.said().all(|number| self.holds.takes(number))
    }

    /// Returns digits behind the point that the declaration needs.
    fn scale(&self) -> u32 {
        self.said().map(|number| number.trimmed().scale).max().unwrap_or(0)
    }

    /// Returns the coarse number; `None` if there is none.
    fn coarse(&self, number: Decimal) -> Option<Decimal> {
        let scale = number.scale.max(self.scale());
        let cut = |units: i128| -> Option<i128> {
            let units = self.top.and_then(|top| top.exact_at(scale)).map_or(units, |top| units.min(top));
            Some(
                self.bottom
                    .and_then(|bottom| bottom.exact_at(scale))
                    .map_or(units, |bottom| units.max(bottom)),
            )
        };
        let units = cut(number.floor_at(scale)?)?;
        let coarse = match &self.step {
            Step::None => units,
            Step::Width(width) => {
                let width = width.exact_at(scale)?;
                units.checked_div_euclid(width)?.checked_mul(width)?
            }
            Step::Grid(width) => {
                let width = width.exact_at(scale)?;
                units.checked_div(width)?.checked_mul(width)?
            }
            Step::Steps(steps) => {
                let reached = |step: &Decimal| step.exact_at(scale).is_some_and(|step| step <= units);
                let last = steps.partition_point(reached).saturating_sub(1);
                steps.get(last)?.exact_at(scale)?
            }
            Step::Digits(digits) => self.rounded(units, *digits, scale)?,
        };
        let coarse = cut(coarse)?;
        // The lowest band of an integer type begins below the type.
        let coarse = self.holds.bounds(scale).map_or(coarse, |(low, high)| coarse.clamp(low, high));
        Some(Decimal { units: coarse, scale })
    }

    /// Rounds to so many digits, half away from zero; towards zero where the type ends before that.
    fn rounded(&self, units: i128, digits: u32, scale: u32) -> Option<i128> {
        let size = units.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
        let Some(step) = size.checked_sub(digits).filter(|n| *n > 0).and_then(power) else {
            return Some(units);
        };
        let down = units - units % step;
        let up = down + if units < 0 { -step } else { step };
        let near = if (units - down).abs() * 2 >= step { up } else { down };
        let fits = self.holds.bounds(scale).is_none_or(|(low, high)| (low..=high).contains(&near));
        Some(if fits { near } else { down })
    }
}

impl Mask for Numbers {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let found = Decimal::parse(trimmed(field)).filter(|number| self.holds.takes(*number));
        let Some(coarse) = found.and_then(|number| self.coarse(number)) else { return Outcome::Unfit };
        let start = out.len();
        coarse.append(out);
        outcome(field, out, start)
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lane = lanes(&self.mac.tag(&[b"placeholder", field]))[0];
        let number = match &self.step {
            Step::Steps(steps) => {
                let count = u128::try_from(steps.len()).unwrap_or(1);
                let index = usize::try_from((u128::from(lane) * count) >> 64).unwrap_or_default();
                steps.get(index).copied()
            }
            Step::Width(width) | Step::Grid(width) => {
                let times = i128::from(lane >> 61);
                width.units.checked_mul(times).map(|units| Decimal { units, scale: width.scale })
            }
            Step::None | Step::Digits(_) => Some(Decimal { units: i128::from(lane >> 61), scale: 0 }),
        };
        let start = out.len();
        if let Some(coarse) = number.and_then(|number| self.coarse(number)) {
            coarse.append(out);
        }
        out.len() > start
    }
}

/// Coordinates as a pair: `(4.89,52.37)` of PostgreSQL's `point`, or `52.37, 4.89` in text.
pub(super) struct Pairs {
    /// The technique on each of the two.
    pub(super) grid: Numbers,
    /// Whether a single number is a value too.
    pub(super) single: bool,
    /// Whether placeholders are points.
    pub(super) point: bool,
}

impl Mask for Pairs {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let value = trimmed(field);
        let Some(comma) = value.iter().position(|b| *b == b',') else {
            return if self.single { self.grid.mask(field, cx, out) } else { Outcome::Unfit };
        };
        let bare = value.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")"));
        let (inner, comma) = bare.map_or((value, comma), |inner| (inner, comma.saturating_sub(1)));
        let Some((first, rest)) = inner.split_at_checked(comma) else { return Outcome::Unfit };
        let gap = rest.get(..2).filter(|gap| *gap == b", ").or(rest.get(..1)).unwrap_or_default();
        let second = rest.get(gap.len()..).unwrap_or_default();
        let coarse = |text: &[u8]| Decimal::parse(text).and_then(|number| self.grid.coarse(number));
        let (Some(first), Some(second)) = (coarse(first), coarse(second)) else { return Outcome::Unfit };
        let start = out.len();
        out.extend_from_slice(if bare.is_some() { b"(" } else { b"" });
        first.append(out);
        out.extend_from_slice(gap);
        second.append(out);
        out.extend_from_slice(if bare.is_some() { b")" } else { b"" });
        outcome(field, out, start)
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        if !self.point {
            return self.grid.placeholder(field, out);
        }
        out.push(b'(');
        let first = self.grid.placeholder(field, out);
        out.push(b',');
        let second = self.grid.placeholder(field, out);
        out.push(b')');
        first && second
    }
}

/// Ages as bands in text: `30-39`, from the top on `90+`.
pub(super) struct Ages {
    /// Years of a band.
    pub(super) width: i128,
    /// Where the last band begins.
    pub(super) top: Option<i128>,
    /// For placeholders.
    pub(super) mac: Mac,
}

impl Ages {
    fn append(&self, age: i128, out: &mut Vec<u8>) {
        let whole = |units| Decimal { units, scale: 0 };
        if let Some(top) = self.top.filter(|top| age >= *top) {
            whole(top).append(out);
            out.push(b'+');
            return;
        }
        let low = age - age.rem_euclid(self.width.max(1));
        // The band below the top ends there.
        let high = self.top.map_or(i128::MAX, |top| top - 1).min(low + self.width - 1);
        whole(low).append(out);
        out.push(b'-');
        whole(high).append(out);
    }
}

impl Mask for Ages {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let age =
            Decimal::parse(trimmed(field)).filter(|age| age.scale == 0 && (0..=OLDEST).contains(&age.units));
        let Some(age) = age else { return Outcome::Unfit };
        self.append(age.units, out);
        Outcome::Masked
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lane = lanes(&self.mac.tag(&[b"placeholder", field]))[0];
        // 0 to 99.
        self.append(i128::try_from((u128::from(lane) * 100) >> 64).unwrap_or_default(), out);
        true
    }
}
