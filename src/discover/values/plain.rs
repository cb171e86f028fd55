//! What says that a column is nobody's: keys, measures, flags, labels, moments; and days of birth against moments, which only
//! their spread tells apart. Refuses to read a clock: a birth is told by decades, not by age.

use super::traits::{self, Trait};
use super::{Said, count, share};
use crate::discover::class::Class;
use crate::discover::findings::{Evidence, steps};
use crate::discover::measure::{DECADES, Measured};
use crate::row::shape::TypeClass;

/// Classes of numbers that a running key is not.
const NUMBERS: &[Class] = &[
    Class::Bsn,
    Class::Ssn,
    Class::Phone,
    Class::Kvk,
    Class::BankAccount,
    Class::NationalId,
    Class::Nhs,
    Class::Rijksregister,
    Class::SteuerId,
    Class::Card,
    Class::Postcode,
    Class::HouseNumber,
    Class::Age,
    Class::Income,
];

/// Adds what a type says by itself.
pub(super) fn of_type(ty: &TypeClass, said: &mut Said) {
    match ty {
        TypeClass::Boolean => said.add(Class::Flag, 6.0, Some(Evidence::Schema("type: true or false"))),
        TypeClass::Enum(_) => said.add(Class::Label, 3.0, Some(Evidence::Schema("type: one of a list"))),
        TypeClass::Uuid => said.add(Class::Key, 3.0, None),
        TypeClass::Numeric { scale: Some(1..), .. } | TypeClass::Float { .. } => {
            said.add(Class::Measure, 2.0, None);
        }
        TypeClass::Interval | TypeClass::Time => said.add(Class::Measure, 2.0, None),
        TypeClass::Inet => said.add(Class::Ip, 6.0, Some(Evidence::Schema("type: network address"))),
        TypeClass::Timestamp { .. } | TypeClass::Moment => said.add(Class::Moment, 1.0, None),
        TypeClass::Date => said.add(Class::Moment, 0.3, None),
        _ => {}
    }
}

/// Adds what the values say.
pub(super) fn add(measured: &Measured, ty: &TypeClass, said: &mut Said) {
    let few = (count(u64::from(measured.tested)) / 8.0).min(1.0);
    keys(measured, few, said);
    amounts(measured, few, said);
    labels(measured, ty, said);
    days(measured, few, said);
}

/// Whole numbers that rise from row to row.
fn keys(measured: &Measured, few: f32, said: &mut Said) {
    let whole = measured.integers == measured.tested;
    let rising = share(measured.rising, measured.pairs);
    let unique = share(measured.distinct, measured.filled().min(4096));
    if whole && measured.pairs >= 4 && rising > 0.95 && unique > 0.95 {
        let range = measured.greatest.saturating_sub(measured.least).unsigned_abs();
        // Samples leave rows out: a range of ten times the values is dense still.
        let dense = range < measured.distinct.saturating_mul(10);
        let says = if dense { 6.0 } else { 3.0 };
        said.add(Class::Key, says * few, Some(Evidence::Schema("whole numbers that rise from row to row")));
        for class in NUMBERS {
            said.add(*class, if dense { -4.0 } else { -1.0 }, None);
        }
    } else if whole && measured.tested >= 8 && measured.least >= 0 && measured.greatest > 120 {
        said.add(Class::Key, 0.7, None);
        said.add(Class::Measure, 0.7, None);
    }
}

/// Amounts, ages and coordinates.
fn amounts(measured: &Measured, few: f32, said: &mut Said) {
    let part =
        |is: Trait| share(measured.traits.get(traits::place(is)).copied().unwrap_or(0), measured.tested);
    let (decimal, negative) = (part(Trait::Decimal), part(Trait::Negative));
    let numbers = decimal + share(measured.integers, measured.tested);
    let degrees = decimal > 0.9 && degrees(measured);
    if numbers > 0.95 && decimal > 0.1 && !degrees {
        said.add(
            Class::Measure,
            (2.5 + part(Trait::Money)) * few,
            Some(Evidence::Schema("numbers with a point")),
        );
    }
    if numbers > 0.95 && negative > 0.02 && !degrees {
        said.add(Class::Measure, 2.0 * few, None);
    }
    if degrees {
        // Which of the two it is only a range beyond 90 shows.
        let far = measured.lowest < -90.0 || measured.highest > 90.0;
        said.add(Class::Latitude, if far { -6.0 } else { 0.0 }, None);
        said.add(
            Class::Longitude,
            3.0 * few,
            Some(Evidence::Schema("numbers with five digits behind the point")),
        );
    } else {
        said.add(Class::Latitude, -3.0 * few, None);
        said.add(Class::Longitude, -3.0 * few, None);
    }
    let whole = measured.integers == measured.tested;
    if whole && part(Trait::Small) > 0.98 && measured.least >= 0 {
        let people = measured.least >= 1 && measured.greatest >= 40 && measured.greatest <= 110;
        said.add(Class::Age, if people { 1.0 } else { -1.0 } * few, None);
        said.add(Class::Measure, 1.0 * few, None);
    } else {
        said.add(Class::Age, -3.0 * few, None);
    }
}

/// Returns whether decimals stand for places: five digits behind the point, within 180.
fn degrees(measured: &Measured) -> bool {
    let at =
        super::TESTS.iter().flat_map(|group| group.iter()).position(|test| test.class == Class::Latitude);
    let passed = at.and_then(|at| measured.passed.get(at)).copied().unwrap_or(0);
    share(passed, measured.tested) > 0.7 && measured.lowest >= -180.0 && measured.highest <= 180.0
}

/// A few words or codes in many rows.
fn labels(measured: &Measured, ty: &TypeClass, said: &mut Said) {
    let filled = measured.filled();
    let often = count(filled) / count(measured.distinct.max(1));
    let short = measured.longest <= 40;
    if filled >= 30 && measured.distinct <= 40 && often >= 8.0 && short && measured.days == 0 {
        let says = (often.ln() - 1.0).clamp(0.5, 4.0);
        let distinct = steps(measured.distinct, filled);
        said.add(Class::Label, says, Some(Evidence::Distinct(distinct)));
        let two = measured.distinct <= 2 && measured.integers == measured.tested;
        if two && measured.least >= 0 && measured.greatest <= 1 {
            said.add(Class::Flag, 5.0, Some(Evidence::Schema("0 and 1 alone")));
        }
    }
    let unique = share(measured.distinct, filled.min(4096));
    if ty.is_text() && unique > 0.9 && measured.tested >= 20 {
        said.add(Class::Label, -2.0, None);
        said.add(Class::Flag, -4.0, None);
    }
}

/// Days of birth spread over decades and have no time of day; moments cluster, and most have one.
fn days(measured: &Measured, few: f32, said: &mut Said) {
    let part = share(measured.days, measured.tested);
    if part < 0.8 {
        if measured.integers < measured.tested {
            said.add(Class::BirthDate, -4.0 * few, None);
            said.add(Class::DeathDate, -3.0 * few, None);
            said.add(Class::Moment, -3.0 * few, None);
        }
        return;
    }
    let timed = share(measured.timed, measured.days);
    let least = (measured.days / 33).max(1);
    let peopled = |decade: &&u16| u32::from(**decade) >= least;
    // Births: 1920 to 2029, the decades 4 to 14.
    let spread = measured.decades.iter().skip(4).take(DECADES - 5).filter(peopled).count();
    let old: u32 = measured.decades.iter().take(12).map(|decade| u32::from(*decade)).sum();
    let old = share(old, measured.days);
    let evidence = Evidence::Passes {
        what: "days before 2000, over decades",
        passed: u64::from(measured.days) * u64::from(old > 0.0),
        of: u64::from(measured.tested),
    };
    let evidence = Some(evidence).filter(|_| old > 0.9);
    if timed > 0.3 {
        said.add(Class::BirthDate, -5.0 * few, None);
        said.add(
            Class::Moment,
            (3.0 + 2.0 * timed) * few,
            Some(Evidence::Schema("moments with a time of day")),
        );
        return;
    }
    let births = match spread {
        4.. if old > 0.3 => 5.0,
        3 if old > 0.3 => 2.5,
        0..=2 if old < 0.1 => -3.0,
        _ => 0.0,
    };
    let spelled = evidence.or(Some(Evidence::Schema("days spread over decades")));
    said.add(Class::BirthDate, births * few, spelled);
    said.add(Class::Moment, -births * 0.7 * few, Some(Evidence::Schema("days of few years")));
}
