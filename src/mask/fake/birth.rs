//! `fake: birth_date`: an adult's, or with `within: 5` one out of the same five years of birth. Lane 3 decides. Takes the
//! form of the input, with midnight for a time. Refuses what is no date; knows no today, so that a run of next year gives
//! the same people.

use super::date_text::{DateForm, custom, read};
use super::make::Make;
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::calendar::{Clock, Stamp};
use crate::mask::{Lanes, Output, Refusal, Uniqueness, Value, lane};
use crate::row::canon::Canon;
use crate::row::civil::{from_days, to_days};
use crate::row::shape::TypeClass;
use crate::vocabulary::Draw;

/// `fake: birth_date`.
pub(super) static BIRTH_DATE: KindSpec = KindSpec {
    name: "birth_date",
    summary: "a date of birth in the input's form: of an adult, or `within` so many years of birth (5: 1985 to 1989)",
    longest: |_| Some(DATE_CHARS),
    canon: |_| Canon::Bytes,
    own_options: &["within"],
    build,
    ..describing()
};

const DATE_CHARS: u32 = 10;

/// First day on which nobody is born: ages are those of the day before it.
const REFERENCE: [i64; 3] = [2026, 1, 1];

/// Ages and how many of 64 people have them. Source: the shape of European populations, rounded.
const AGES: &[(u64, u64, u64)] = &[
    (18, 25, 7),
    (25, 35, 11),
    (35, 45, 10),
    (45, 55, 11),
    (55, 65, 11),
    (65, 75, 8),
    (75, 85, 5),
    (85, 90, 1),
];

struct Birth {
    within: Option<i64>,
    month_first: bool,
    /// Of what is no date.
    form: DateForm<'static>,
    /// Most characters where that is limited.
    max: usize,
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least(BIRTH_DATE.name, DATE_CHARS)?;
    let within = match cx.option("within") {
        Some(Value::Integer(years)) => Some((*years).max(1)),
        _ => None,
    };
    let clock = |zone| Some(Clock { separator: b' ', seconds: true, zone });
    let stamp = |clock| DateForm::Stamp(Stamp { year: 2000, month: 1, day: 1, clock });
    let form = match cx.class {
        TypeClass::Date => stamp(None),
        TypeClass::Timestamp { zone: true } => stamp(clock(b"+00")),
        TypeClass::Timestamp { zone: false } => stamp(clock(b"")),
        // Without a schema, what every database reads.
        TypeClass::Unknown => stamp(None),
        class if class.is_text() => custom(cx.locale.name),
        _ => {
            return Err(Refusal {
                what: "`fake: birth_date` needs a column of dates, of text, or of timestamps that go back before 1970".into(),
                hint: Some("use `shift` or `generalise`; `perturb` or `pseudonym` for a number".into()),
            });
        }
    };
    let max = usize::try_from(cx.room()).unwrap_or(usize::MAX);
    let make = Birth { within, month_first: cx.locale.name == "en_US", form, max };
    if cx.class.is_text() {
        return Ok(cx.made(make, DATE_CHARS, Uniqueness::Lost));
    }
    Ok(cx.made_as(Birth { max: usize::MAX, ..make }, Output::Same))
}

fn reference() -> i64 {
    let [year, month, day] = REFERENCE;
    to_days(year, month, day)
}

/// Returns the days of so many years.
fn years(count: u64) -> u64 {
    count * 146_097 / 400
}

/// Draws a birthday of an adult, in days since 1970.
fn adult(draw: &mut Draw) -> i64 {
    let mut place = draw.below(64);
    let band = AGES.iter().find(|(_, _, weight)| {
        let here = place < *weight;
        place = place.saturating_sub(*weight);
        here
    });
    let (from, to, _) = band.copied().unwrap_or((18, 90, 64));
    // A day more for the leap years between, and one so that nobody is a day too young.
    let age = years(from) + 2 + draw.below(years(to) - years(from));
    reference() - i64::try_from(age).unwrap_or(0)
}

/// Draws a day out of the years of birth that the given year is one of: with 5 those from 1985 to 1989. Nobody is born
/// behind the later of reference and original.
fn near(date: [i64; 3], within: i64, draw: &mut Draw) -> i64 {
    let [year, month, day] = date;
    let first = year - year.rem_euclid(within);
    let last = to_days(first + within, 1, 1).min(reference().max(to_days(year, month, day) + 1));
    // A year at least, or the day would be nearly told.
    let first = to_days(first, 1, 1).min(last - 365);
    first + i64::try_from(draw.below(u64::try_from(last - first).unwrap_or(1))).unwrap_or(0)
}

impl Make for Birth {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let mut draw = Draw::new(lanes.0[lane::BIRTH]);
        let (date, form) = match read(field, self.month_first) {
            Some((date, form)) => (Some(date), form),
            None => (None, self.form),
        };
        let days = match (date, self.within) {
            // A year that no stand-in is written in, as 1 or 9999, was nobody's.
            (Some(date @ [1800..=2200, ..]), Some(within)) => near(date, within, &mut draw),
            _ => adult(&mut draw),
        };
        let (year, month, day) = from_days(days);
        form.append([year, month, day], self.max, out);
    }

    fn is_fit(&self, field: &[u8]) -> bool {
        read(field, self.month_first).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adults_are_18_to_89() {
        assert_eq!(AGES.iter().map(|(_, _, weight)| weight).sum::<u64>(), 64);
        let mut ages = [0_u32; 100];
        for n in 0..200_000_u64 {
            let (year, month, day) = from_days(adult(&mut Draw::new(n.wrapping_mul(0x9E37_79B9_7F4A_7C15))));
            // The age on the last day of 2025.
            let age = 2025 - year;
            assert!((1..=12).contains(&month) && (1..=31).contains(&day));
            ages[usize::try_from(age).unwrap()] += 1;
        }
        let found: Vec<usize> = (0..100).filter(|age| ages[*age] > 0).collect();
        assert_eq!((found[0], found[found.len() - 1], found.len()), (18, 89, 72));
        assert!(ages[30] > 2 * ages[87]);
    }

    #[test]
    fn a_band_is_kept_and_filled() {
        for (date, within, least, most) in [
            ([1987, 6, 5], 5, "1985-01-01", "1989-12-31"),
            ([1987, 6, 5], 1, "1987-01-01", "1987-12-31"),
            ([1980, 1, 1], 10, "1980-01-01", "1989-12-31"),
            // Up to the reference, and a year at least.
            ([2023, 5, 5], 10, "2020-01-01", "2025-12-31"),
            ([2026, 3, 1], 5, "2025-01-01", "2026-03-01"),
        ] {
            let all: std::collections::BTreeSet<i64> = (0..50_000_u64)
                .map(|n| near(date, within, &mut Draw::new(n.wrapping_mul(0x9E37_79B9_7F4A_7C15))))
                .collect();
            let text = |days: Option<&i64>| {
                let (year, month, day) = from_days(*days.unwrap());
                format!("{year:04}-{month:02}-{day:02}")
            };
            assert_eq!((text(all.first()), text(all.last())), (least.to_owned(), most.to_owned()));
        }
    }
}
