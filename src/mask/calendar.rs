//! Dates and timestamps as PostgreSQL prints them (ISO style), read without a calendar library because years go past
//! its range: `44-03-15 BC` and `294276-12-31` are dates. Machinery of `generalise`, `shift` and `constant`, not a technique.
//!
//! Refuses what is no date that exists: no year zero, no 30 February, no `0000-00-00`.
//! Source: PostgreSQL documentation, 8.5.

use crate::row::civil::{days_of, from_days, to_days};

/// Where a timestamp has its time, and how it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock<'a> {
    /// Between date and time: a blank or `T`.
    pub(crate) separator: u8,
    /// Whether seconds are written.
    pub(crate) seconds: bool,
    /// Zone as written, or nothing.
    pub(crate) zone: &'a [u8],
}

/// A date, perhaps with a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp<'a> {
    /// Astronomical year: 1 BC is 0.
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: i64,
    /// 1 to 31.
    pub(crate) day: i64,
    /// The time, if any.
    pub(crate) clock: Option<Clock<'a>>,
}

/// Returns whether a value is one of PostgreSQL's infinite dates, which stand for nobody's day.
pub(crate) fn is_infinity(value: &[u8]) -> bool {
    matches!(value, b"infinity" | b"-infinity")
}

/// Most digits of a year: PostgreSQL's dates end in 5874897.
const YEAR_DIGITS: usize = 7;

/// Takes digits off the front.
fn digits(value: &[u8], least: usize, most: usize) -> Option<(i64, &[u8])> {
    let len = value.iter().take(most + 1).take_while(|b| b.is_ascii_digit()).count();
    if !(least..=most).contains(&len) {
        return None;
    }
    let (digits, rest) = value.split_at_checked(len)?;
    Some((digits.iter().fold(0, |sum, d| sum * 10 + i64::from(d - b'0')), rest))
}

/// Takes the first two digits, which are at most `most`.
fn pair(value: &[u8], most: i64) -> Option<&[u8]> {
    let (two, rest) = value.split_at_checked(2)?;
    digits(two, 2, 2).filter(|(number, _)| *number <= most).map(|_| rest)
}

/// Reads a date or timestamp.
pub(crate) fn parse(value: &[u8]) -> Option<Stamp<'_>> {
    let (value, bc) = match value.strip_suffix(b" BC") {
        Some(rest) => (rest, true),
        None => (value, false),
    };
    let (written, rest) = digits(value, 4, YEAR_DIGITS)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let year = if bc { 1 - written } else { written };
    if written == 0 || !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let clock = if rest.is_empty() { None } else { Some(clock(rest)?) };
    Some(Stamp { year, month, day, clock }).filter(|stamp| stamp.is_held())
}

fn clock(value: &[u8]) -> Option<Clock<'_>> {
    let (separator, rest) = value.split_first().filter(|(b, _)| matches!(b, b' ' | b'T'))?;
    let rest = pair(pair(rest, 24)?.strip_prefix(b":")?, 59)?;
    let (rest, seconds) = match rest.strip_prefix(b":") {
        Some(rest) => (fraction(pair(rest, 60)?)?, true),
        None => (rest, false),
    };
    is_zone(rest).then_some(Clock { separator: *separator, seconds, zone: rest })
}

fn fraction(value: &[u8]) -> Option<&[u8]> {
    match value.strip_prefix(b".") {
        Some(rest) => digits(rest, 1, 9).map(|(_, rest)| rest),
        None => Some(value),
    }
}

/// Reads nothing, `Z`, or `+HH`, `+HHMM`, `+HH:MM`, `+HH:MM:SS`.
fn is_zone(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"+").or_else(|| value.strip_prefix(b"-")) else {
        return value.is_empty() || value == b"Z";
    };
    let mut rest = pair(rest, 15);
    for _ in 0..2 {
        rest = rest
            .and_then(|r| if r.is_empty() { Some(r) } else { pair(r.strip_prefix(b":").unwrap_or(r), 59) });
    }
    rest == Some(b"")
}

impl Stamp<'_> {
    /// Returns whether a column of its type holds it.
    fn is_held(&self) -> bool {
        let [date, moment] = LAST_YEARS;
        let last = if self.clock.is_some() { moment } else { date };
        self.year <= last && (self.year, self.month, self.day) >= FIRST
    }

    /// Returns it, or the first day that there is: what begins before that has no begin that loads.
    pub(crate) fn since_the_first(mut self) -> Self {
        (self.year, self.month, self.day) = (self.year, self.month, self.day).max(FIRST);
        self
    }

    /// Returns the Monday of the week.
    pub(crate) fn monday(mut self) -> Self {
        let days = to_days(self.year, self.month, self.day);
        // 1970-01-01 was a Thursday.
        (self.year, self.month, self.day) = from_days(days - (days + 3).rem_euclid(7));
        self
    }

    /// Appends it in the form that was read, at midnight.
    pub(crate) fn append(&self, out: &mut Vec<u8>) {
        self.append_date(out);
        if let Some(clock) = &self.clock {
            out.push(clock.separator);
            out.extend_from_slice(if clock.seconds { b"00:00:00" } else { b"00:00" });
            out.extend_from_slice(clock.zone);
        }
        self.append_era(out);
    }

    fn append_date(&self, out: &mut Vec<u8>) {
        number(if self.year <= 0 { 1 - self.year } else { self.year }, 4, out);
        out.push(b'-');
        number(self.month, 2, out);
        out.push(b'-');
        number(self.day, 2, out);
    }

    fn append_era(&self, out: &mut Vec<u8>) {
        if self.year <= 0 {
            out.extend_from_slice(b" BC");
        }
    }
}

/// Days that PostgreSQL's dates (24 November 4714 BC to 5874897) and timestamps (to 294276) hold. Source: its
/// documentation, 8.5.
const FIRST: (i64, i64, i64) = (-4713, 11, 24);
const LAST_YEARS: [i64; 2] = [5_874_897, 294_276];

/// Appends a date or timestamp moved by so many days; its time and zone stay as written. Appends nothing and returns
/// `false` if it is none, or would leave the years 1 to 9999, those before or those behind: not every server has those.
pub(crate) fn append_moved(value: &[u8], days: i64, out: &mut Vec<u8>) -> bool {
    let Some(stamp) = parse(value) else { return false };
    let (year, month, day) = from_days(to_days(stamp.year, stamp.month, stamp.day) + days);
    let age = |year: i64| (year > 0, year > 9999);
    if age(year) != age(stamp.year) || !(Stamp { year, month, day, ..stamp }).is_held() {
        return false;
    }
    let moved = Stamp { year, month, day, clock: None };
    moved.append_date(out);
    let bare = value.strip_suffix(b" BC").unwrap_or(value);
    let time = bare.iter().position(|b| matches!(b, b' ' | b'T')).unwrap_or(bare.len());
    out.extend_from_slice(bare.get(time..).unwrap_or_default());
    moved.append_era(out);
    true
}

/// Appends a number that is not below zero with at least `width` digits (at most eight).
fn number(number: i64, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 8];
    let (mut left, mut used) = (number, 0);
    for digit in digits.iter_mut().rev() {
        if left == 0 && used >= width {
            break;
        }
        *digit = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        used += 1;
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_postgresql_prints() {
        for text in [
            "2024-02-29",
            "0001-01-01",
            "0044-03-15 BC",
            "5874897-12-31",
            "4714-11-24 BC",
            "2024-02-29 23:59:59",
            "2024-02-29 23:59:59.123456+02",
            "2024-02-29T23:59:59Z",
            "2024-02-29 24:00",
            "1883-11-18 12:03:57-04:56:02",
            "0044-03-15 12:00:00+00 BC",
            "2024-02-29T23:59:59+0530",
        ] {
            assert!(parse(text.as_bytes()).is_some(), "{text}");
        }
    }

    #[test]
    fn nasty_39_what_is_no_date() {
        for text in [
            "",
            "0000-00-00",
            "0000-01-01",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-04-31",
            "2024-4-1",
            "24-04-01",
            "2024-04-01 ",
            "2024-04-01 25:00",
            "2024-04-01 10:60",
            "2024-04-01 10:00:00.",
            "today",
            "2024-04-01 10:00:00+0",
            "2024-04-01 10:00 CET",
            "12345678-01-01",
            "2024-04-01BC",
            "01/04/2024",
            "infinity",
            "2024-04-01 10:00:00+01:00:00:00",
        ] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
        assert!(is_infinity(b"infinity") && is_infinity(b"-infinity") && !is_infinity(b"Infinity"));
    }

    proptest! {
        #[test]
        fn monday_equals_jiff(year in 1_i16..=9999, month in 1_i8..=12, day in 1_i8..=28) {
            let date = jiff::civil::date(year, month, day);
            let monday = date.checked_sub(jiff::Span::new().days(date.weekday().to_monday_zero_offset())).unwrap();
            let text = date.to_string();
            let mut out = Vec::new();
            parse(text.as_bytes()).unwrap().monday().append(&mut out);
            prop_assert_eq!(String::from_utf8(out).unwrap(), monday.to_string());
        }
    }
}
