//! Dates as people and programs write them: `1987-06-05`, a timestamp, `05-06-1987`, `5.6.1987`, `06/05/1987`, `19870605`.
//! Reads a value's date and form, and writes another date in that form. Refuses years of two digits, names of months and
//! dates that do not exist.

use crate::mask::calendar::{Stamp, parse};
use crate::row::civil::days_of;
use crate::vocabulary::iban::write_digits;

/// Which part of a date stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Year,
    Day,
    Month,
}

/// How a date is written.
#[derive(Clone, Copy)]
pub(super) enum DateForm<'a> {
    /// As PostgreSQL and MySQL print it; the date of the stamp does not count.
    Stamp(Stamp<'a>),
    /// Three numbers.
    Parts {
        order: Order,
        /// Between them; 0 for none.
        separator: u8,
        /// Whether days and months below ten have a zero.
        padded: bool,
    },
}

/// Returns the order, separator and zeros that a country writes.
pub(super) fn custom(locale: &str) -> DateForm<'static> {
    let (order, separator) = match locale {
        "nl_NL" => (Order::Day, b'-'),
        "de_DE" => (Order::Day, b'.'),
        "en_US" => (Order::Month, b'/'),
        _ => (Order::Day, b'/'),
    };
    DateForm::Parts { order, separator, padded: true }
}

/// Returns whether a year, a month and a day are a date of the common era.
fn exists(date: [i64; 3]) -> bool {
    let [year, month, day] = date;
    year >= 1 && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day)
}

fn number(digits: &[u8]) -> Option<i64> {
    let all = (1..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    all.then(|| digits.iter().fold(0, |sum, d| sum * 10 + i64::from(d - b'0')))
}

/// Reads year, month and day, and the form. `month_first` says how `05/06/1987` is meant.
pub(super) fn read(field: &[u8], month_first: bool) -> Option<([i64; 3], DateForm<'_>)> {
    let field = field.trim_ascii();
    if let Some(stamp) = parse(field) {
        return Some(([stamp.year, stamp.month, stamp.day], DateForm::Stamp(stamp)));
    }
    let separator = field.iter().copied().find(|b| !b.is_ascii_digit());
    let Some(separator) = separator else {
        let (year, rest) = field.split_at_checked(4).filter(|_| field.len() == 8)?;
        let (month, day) = rest.split_at_checked(2)?;
        let date = [number(year)?, number(month)?, number(day)?];
        let form = DateForm::Parts { order: Order::Year, separator: 0, padded: true };
        return exists(date).then_some((date, form));
    };
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let mut parts = field.split(|b| *b == separator);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let short = |part: &[u8]| (1..=2).contains(&part.len());
    let (first, second, third) = (number(a)?, number(b)?, number(c)?);
    let (date, order, padded) = match (a.len(), c.len()) {
        (4, 1..=2) if short(b) => ([first, second, third], Order::Year, b.len() + c.len() == 4),
        (1..=2, 4) if short(b) => {
            let (by_day, by_month) = ([third, second, first], [third, first, second]);
            let american = month_first && separator != b'.';
            let (usual, other) = if american {
                ((by_month, Order::Month), (by_day, Order::Day))
            } else {
                ((by_day, Order::Day), (by_month, Order::Month))
            };
            let (date, order) = if exists(usual.0) { usual } else { other };
            (date, order, a.len() + b.len() == 4)
        }
        _ => return None,
    };
    exists(date).then_some((date, DateForm::Parts { order, separator, padded }))
}

impl DateForm<'_> {
    /// Appends a date of the years 1000 to 9999 in this form, without its time where that takes more than `most`
    /// characters. Without a time it has ten at most.
    pub(super) fn append(self, date: [i64; 3], most: usize, out: &mut Vec<u8>) {
        let [year, month, day] = date;
        let (order, separator, padded) = match self {
            Self::Stamp(stamp) => {
                let start = out.len();
                Stamp { year, month, day, ..stamp }.append(out);
                if out.len() - start > most {
                    out.truncate(start);
                    Stamp { year, month, day, clock: None }.append(out);
                }
                return;
            }
            Self::Parts { order, separator, padded } => (order, separator, padded),
        };
        let parts = match order {
            Order::Year => [(year, 4), (month, 2), (day, 2)],
            Order::Day => [(day, 2), (month, 2), (year, 4)],
            Order::Month => [(month, 2), (day, 2), (year, 4)],
        };
        for (n, (part, width)) in parts.into_iter().enumerate() {
            if n > 0 && separator != 0 {
                out.push(separator);
            }
            let width = if !padded && part < 10 { 1 } else { width };
            let mut digits = [0; 4];
            if let Some(place) = digits.get_mut(..width) {
                write_digits(u64::try_from(part).unwrap_or(0), place);
                out.extend_from_slice(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_go_round() {
        for (value, month_first, date) in [
            ("1987-06-05", false, [1987, 6, 5]),
            ("1987-06-05 00:00:00", false, [1987, 6, 5]),
            ("05-06-1987", false, [1987, 6, 5]),
            ("5-6-1987", false, [1987, 6, 5]),
            ("05.06.1987", true, [1987, 6, 5]),
            ("05/06/1987", false, [1987, 6, 5]),
            ("06/05/1987", true, [1987, 6, 5]),
            ("6/15/1987", false, [1987, 6, 15]),
            ("15/6/1987", true, [1987, 6, 15]),
            ("1987/06/05", false, [1987, 6, 5]),
            ("19870605", false, [1987, 6, 5]),
        ] {
            let (found, form) = read(value.as_bytes(), month_first).unwrap();
            assert_eq!(found, date, "{value}");
            let mut out = b"x".to_vec();
            form.append(date, usize::MAX, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("x{value}"));
        }
    }

    #[test]
    fn nasty_39_what_is_no_birth_date() {
        for value in [
            "",
            "0000-00-00",
            "1987",
            "31-06-1987",
            "5 juni 1987",
            "05-06-87",
            "87-06-05",
            "1987-06/05",
            "1-2-3-1987",
            "19871305",
            "infinity",
            "05-06-1987 10:00",
            "n/a",
            "-",
            "--",
            "1987--05",
            "05 06 1987",
            "123456789",
        ] {
            assert!(read(value.as_bytes(), false).is_none(), "{value}");
        }
    }
}
