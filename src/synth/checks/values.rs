//! Values by what CHECKs leave alone: for columns whose content, made by meaning and type, does not hold it. A few values of
//! the content are tried while the model is built; where they do not hold the domain, these stand in.

use std::io::Write as _;

use super::domain::Domain;
use super::text::Texts;
use crate::condition::matches;
use crate::mask::decimal::Decimal;
use crate::row::civil;
use crate::row::shape::{ColumnFacts, TypeClass};
use crate::synth::content::{Distinct, Generator, RowCx};
use crate::synth::seed::Draws;
use crate::synth::totals;

/// Values of a domain, numbered.
pub struct Plain {
    of: Of,
    count: u64,
}

enum Of {
    /// Whole numbers from a first one on, written with so many digits behind the point.
    Numbers {
        first: i128,
        scale: u32,
    },
    /// Days since 1970.
    Days(i64),
    /// Seconds since 1970; with a zone or not.
    Moments(i64, bool),
    Texts(Texts),
    /// Letters: least and most; upper case.
    Letters(u32, bool),
}

/// Most values of a range without an end.
const OPEN: i128 = 1000;

impl Plain {
    /// Makes the values of a domain; `None` where it says nothing, or of a type that has none here.
    #[must_use]
    pub fn new(column: &ColumnFacts, domain: &Domain, rows: u64) -> Option<Self> {
        let (of, count) = match &column.ty.class {
            TypeClass::SmallInt => numbers(domain, 0, i128::from(i16::MAX), rows)?,
            TypeClass::Integer => numbers(domain, 0, i128::from(i32::MAX), rows)?,
            TypeClass::BigInt => numbers(domain, 0, i128::from(i64::MAX), rows)?,
            TypeClass::Numeric { precision, scale } => {
                let scale = scale.and_then(|s| u32::try_from(s).ok()).unwrap_or(if precision.is_some() {
                    0
                } else {
                    2
                });
                let most = precision.and_then(|digits| 10_i128.checked_pow(digits)).unwrap_or(1 << 80) - 1;
                numbers(domain, scale.min(9), most, rows)?
            }
            TypeClass::Float { .. } => numbers(domain, 2, 1 << 50, rows)?,
            TypeClass::Date => days(domain, rows)?,
            TypeClass::Timestamp { zone } => moments(domain, *zone, rows)?,
            TypeClass::Text { .. } | TypeClass::CiText | TypeClass::Char { .. } => texts(column, domain)?,
            _ => return None,
        };
        (count > 0).then_some(Self { of, count })
    }

    /// Says whether its numbers have values of their own.
    #[must_use]
    pub fn is_distinct(&self) -> bool {
        match &self.of {
            Of::Texts(texts) => texts.is_distinct(),
            _ => true,
        }
    }
}

/// Returns a number in units of its last digit, rounded down; `up` away from a bound that does not belong.
fn units(text: &str, scale: u32, up: bool) -> Option<i128> {
    let number = Decimal::parse(text.as_bytes())?;
    let inexact = number.exact_at(scale).is_none();
    Some(number.floor_at(scale)? + i128::from(up && inexact))
}

fn numbers(domain: &Domain, scale: u32, largest: i128, rows: u64) -> Option<(Of, u64)> {
    let least = match &domain.least {
        Some((text, own)) => Some(units(text, scale, true)? + i128::from(!own)),
        None => None,
    };
    let most = match &domain.most {
        Some((text, own)) => Some(units(text, scale, false)? - i128::from(!own)),
        None => None,
    };
    let unit = 10_i128.checked_pow(scale)?;
    let open = OPEN.checked_mul(unit)?.max(i128::from(rows).saturating_mul(2));
    let (first, last) = match (least, most) {
        (Some(first), Some(last)) => (first, last),
        (Some(first), None) => (first, first + open),
        (None, Some(last)) if last >= 0 => (0, last.min(open)),
        (None, Some(last)) => (last - open, last),
        (None, None) => (0, open),
    };
    let (first, last) = (first.max(-largest - 1), last.min(largest));
    let count = u64::try_from(last.checked_sub(first)?.checked_add(1)?.max(0)).unwrap_or(u64::MAX);
    Some((Of::Numbers { first, scale }, count))
}

fn second_of(text: &str) -> Option<i64> {
    let clock = text.get(11..19).unwrap_or("00:00:00");
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
    Some(
        civil::read(text.as_bytes())? * 86_400
            + parts.next()?? * 3600
            + parts.next()?? * 60
            + parts.next()??,
    )
}

/// Chooses the ends of a range of days or seconds; `unit` is a day in it.
fn span(least: Option<i64>, most: Option<i64>, unit: i64, rows: u64) -> (i64, u64) {
    // 2018-01-01 to 2025-12-31.
    let (usual_first, usual_last) = (17_532 * unit, 20_453 * unit);
    let open = (3000 * unit).max(i64::try_from(rows).unwrap_or(i64::MAX / 4).saturating_mul(2));
    let (first, last) = match (least, most) {
        (Some(first), Some(last)) => (first, last),
        (Some(first), None) if first < usual_last - 365 * unit => {
            (first, usual_last.max(first.saturating_add(open)))
        }
        (Some(first), None) => (first, first.saturating_add(open)),
        (None, Some(last)) => (usual_first.min(last.saturating_sub(open)), last),
        (None, None) => (usual_first, usual_last),
    };
    (first, u64::try_from(last.saturating_sub(first).saturating_add(1).max(0)).unwrap_or(0))
}

fn days(domain: &Domain, rows: u64) -> Option<(Of, u64)> {
    let bound = |bound: &Option<(String, bool)>, by: i64| match bound {
        Some((text, own)) => civil::read(text.as_bytes()).map(|day| Some(if *own { day } else { day + by })),
        None => Some(None),
    };
    let (first, count) = span(bound(&domain.least, 1)?, bound(&domain.most, -1)?, 1, rows);
    Some((Of::Days(first), count))
}

fn moments(domain: &Domain, zone: bool, rows: u64) -> Option<(Of, u64)> {
    // A bound may be written in any zone: a day of room leaves it inside.
    let room = if zone { 86_400 } else { 0 };
    let bound = |bound: &Option<(String, bool)>, by: i64| match bound {
        Some((text, own)) => second_of(text).map(|at| Some(if *own { at } else { at + by } + by * room)),
        None => Some(None),
    };
    let (first, count) = span(bound(&domain.least, 1)?, bound(&domain.most, -1)?, 86_400, rows);
    Some((Of::Moments(first, zone), count))
}

fn texts(column: &ColumnFacts, domain: &Domain) -> Option<(Of, u64)> {
    if let Some(pattern) = &domain.pattern {
        let texts = Texts::new(pattern)?;
        let count = texts.count();
        return Some((Of::Texts(texts), count));
    }
    let most = domain.max_chars.or(column.ty.class.max_chars()).unwrap_or(u32::MAX);
    let chars = domain.min_chars.unwrap_or(1).max(most.min(10)).min(most);
    let count = 26_u64.checked_pow(chars).unwrap_or(u64::MAX);
    (chars < 10_000).then_some((Of::Letters(chars, domain.case == Some(false)), count))
}

impl Distinct for Plain {
    fn count(&self) -> u64 {
        self.count
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        // Writing into memory does not fail.
        let _ = match &self.of {
            Of::Numbers { first, scale } => {
                totals::write(first + i128::from(nth), *scale, out);
                Ok(())
            }
            Of::Days(first) => {
                civil::append(first.saturating_add_unsigned(nth), out);
                Ok(())
            }
            Of::Moments(first, zone) => {
                let at = first.saturating_add_unsigned(nth);
                let second = at.rem_euclid(86_400);
                civil::append(at.div_euclid(86_400), out);
                let zone = if *zone { "+00" } else { "" };
                write!(out, " {:02}:{:02}:{:02}{zone}", second / 3600, second / 60 % 60, second % 60)
            }
            Of::Texts(texts) => {
                texts.write(nth, out);
                Ok(())
            }
            Of::Letters(chars, upper) => {
                let mut rest = nth;
                for _ in 0..*chars {
                    let letter = b'a' + u8::try_from(rest % 26).unwrap_or(0);
                    out.push(if *upper { letter.to_ascii_uppercase() } else { letter });
                    rest /= 26;
                }
                Ok(())
            }
        };
    }
}

impl Generator for Plain {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        self.write(draws.below(self.count), out);
        true
    }
}

impl Domain {
    /// Says whether nothing is taken away, but what other columns say.
    #[must_use]
    pub fn is_free(&self) -> bool {
        Self { above: Vec::new(), ..self.clone() } == Self::default()
    }

    /// Says whether a value is of it.
    #[must_use]
    pub fn admits(&self, column: &ColumnFacts, value: &str) -> bool {
        let listed = self.one_of.as_ref().is_none_or(|list| list.iter().any(|one| one == value));
        let case = match self.case {
            Some(true) => value.to_lowercase() == value,
            Some(false) => value.to_uppercase() == value,
            None => true,
        };
        listed && case && self.holds(column, value) && self.pattern.as_ref().is_none_or(|p| matches(p, value))
    }
}
