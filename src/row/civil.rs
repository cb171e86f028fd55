//! Days of the proleptic Gregorian calendar as numbers, for years that calendar libraries do not reach. Years are
//! astronomical: 1 BC is 0. Months are 1 to 12; nothing here checks that a date exists beyond `days_of`.
//!
//! Source: H. Hinnant, "chrono-compatible low-level date algorithms".

use std::io::Write as _;

/// Returns the days of a month.
pub(crate) fn days_of(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the days since 1970-01-01.
pub(crate) fn to_days(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let (yoe, shifted) = (y.rem_euclid(400), (month + 9) % 12);
    let doy = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// Returns year, month and day of days since 1970-01-01.
pub(crate) fn from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, doe) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let shifted = (5 * doy + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * shifted + 2) / 5 + 1)
}

/// Reads the day that a text in ISO form begins with, as days since 1970-01-01; `None` where it is none.
pub(crate) fn read(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text.get(..10)?).ok()?;
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| to_days(year, month, day))
}

/// Appends days since 1970-01-01 in ISO form.
pub(crate) fn append(days: i64, out: &mut Vec<u8>) {
    let (year, month, day) = from_days(days);
    let digit = |number: i64| b'0' + u8::try_from(number % 10).unwrap_or(0);
    if !(0..=9999).contains(&year) {
        // Writing into memory does not fail.
        let _ = write!(out, "{year:04}-{month:02}-{day:02}");
        return;
    }
    out.extend_from_slice(&[
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn days_go_round(days in -2_000_000_i64..2_000_000_000) {
            let (year, month, day) = from_days(days);
            prop_assert_eq!(to_days(year, month, day), days);
            prop_assert!((1..=days_of(year, month)).contains(&day));
        }

        #[test]
        fn days_are_read_as_they_are_written(days in -700_000_i64..2_900_000) {
            let mut text = Vec::new();
            append(days, &mut text);
            prop_assert_eq!(read(&text), Some(days));
            text.extend_from_slice(b" 10:11:12");
            prop_assert_eq!(read(&text), Some(days));
        }
    }
}
