//! Dates and timestamps as numbers of days and microseconds since 2000-01-01, as PostgreSQL counts them, and intervals.
//! Reads ISO form only, digits directly; what is no date that exists is refused, a zero date above all.
//!
//! Source: PostgreSQL documentation, 8.5 and appendix B; `timestamp_pl_interval`, `interval_cmp` in `timestamp.c`.

use crate::row::civil::{days_of, from_days, to_days};

/// Days from 1970-01-01 to 2000-01-01.
pub(super) const EPOCH_DAYS: i64 = 10_957;

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// Before every day and moment.
pub(super) const BEFORE_ALL: i64 = i64::MIN;

/// After every day and moment.
pub(super) const AFTER_ALL: i64 = i64::MAX;

/// First and one past the last day and moment that PostgreSQL has.
const FIRST_DAY: i64 = -2_451_545;
const END_DAY: i64 = 2_145_031_949;
const FIRST_MOMENT: i64 = -211_813_488_000_000_000;
const END_MOMENT: i64 = 9_223_371_331_200_000_000;

/// What a text says.
pub(super) struct Stamp {
    /// Days since 2000-01-01, or one of the ends.
    pub(super) day: i64,
    /// Microseconds of the day; `None` where no time is written.
    pub(super) time: Option<i64>,
    /// Seconds east of Greenwich, where a zone is written.
    pub(super) zone: Option<i64>,
}

impl Stamp {
    /// Returns the moment as written, without its zone; no time is midnight.
    pub(super) fn local(&self) -> Option<i64> {
        if is_end(self.day) {
            return Some(self.day);
        }
        let moment = self.day.checked_mul(DAY)?.checked_add(self.time.unwrap_or(0))?;
        in_range(moment)
    }

    /// Returns the moment in UTC; no zone is UTC.
    pub(super) fn utc(&self) -> Option<i64> {
        let local = self.local()?;
        if is_end(local) {
            return Some(local);
        }
        in_range(local.checked_sub(self.zone.unwrap_or(0).checked_mul(1_000_000)?)?)
    }
}

/// Says whether it is one of the infinite ends.
pub(super) fn is_end(number: i64) -> bool {
    number == BEFORE_ALL || number == AFTER_ALL
}

/// Says whether PostgreSQL has such a day.
pub(super) fn is_day(day: i64) -> bool {
    (FIRST_DAY..END_DAY).contains(&day)
}

fn in_range(moment: i64) -> Option<i64> {
    (FIRST_MOMENT..END_MOMENT).contains(&moment).then_some(moment)
}

/// Returns the moment of whole seconds since 1970.
pub(super) fn of_unix(seconds: i64) -> Option<i64> {
    in_range(seconds.checked_sub(EPOCH_DAYS * 86_400)?.checked_mul(1_000_000)?)
}

/// Reads a time of the day, as microseconds of it.
pub(super) fn time_of_day(text: &[u8]) -> Option<i64> {
    match clock(text)? {
        (Some(micros), None) if text.first().is_some_and(u8::is_ascii_digit) => Some(micros),
        _ => None,
    }
}

/// Returns the midnight of a day; days past the last moment stand after all moments, as PostgreSQL compares them.
pub(super) fn midnight(day: i64) -> i64 {
    if is_end(day) {
        return day;
    }
    day.checked_mul(DAY).filter(|m| *m < END_MOMENT).unwrap_or(AFTER_ALL - 1)
}

/// Returns the midnight of a day as a value, which must be in range.
pub(super) fn to_moment(day: i64) -> Option<i64> {
    if is_end(day) { Some(day) } else { in_range(day.checked_mul(DAY)?) }
}

/// Returns the day of a moment.
pub(super) fn to_day(moment: i64) -> i64 {
    if is_end(moment) { moment } else { moment.div_euclid(DAY) }
}

/// Reads a date, perhaps with a time and a zone, without blanks around it.
pub(super) fn parse(text: &[u8]) -> Option<Stamp> {
    match text {
        b"infinity" => return Some(Stamp { day: AFTER_ALL, time: None, zone: None }),
        b"-infinity" => return Some(Stamp { day: BEFORE_ALL, time: None, zone: None }),
        _ => {}
    }
    let (text, before_christ) = match text.strip_suffix(b" BC") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (year, rest) = number(text, 4, 7)?;
    let (month, rest) = number(rest.strip_prefix(b"-")?, 2, 2)?;
    let (day, rest) = number(rest.strip_prefix(b"-")?, 2, 2)?;
    let astronomical = if before_christ { 1 - year } else { year };
    if year == 0 || !(1..=12).contains(&month) || !(1..=days_of(astronomical, month)).contains(&day) {
        return None;
    }
    let day = to_days(astronomical, month, day) - EPOCH_DAYS;
    if !is_day(day) {
        return None;
    }
    let (time, zone) = match rest.split_first() {
        None => (None, None),
        Some((b' ' | b'T', rest)) => clock(rest)?,
        Some(_) => return None,
    };
    Some(Stamp { day, time, zone })
}

/// Takes a number of so many digits off the front.
fn number(text: &[u8], least: usize, most: usize) -> Option<(i64, &[u8])> {
    let (mut sum, mut len) = (0, 0);
    for byte in text.iter().take(most) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        sum = sum * 10 + i64::from(digit);
        len += 1;
    }
    (len >= least).then_some((sum, text.get(len..)?))
}

/// Reads `HH:MM[:SS[.ffffff]]` and a zone.
fn clock(text: &[u8]) -> Option<(Option<i64>, Option<i64>)> {
    let (hour, rest) = number(text, 2, 2)?;
    let (minute, rest) = number(rest.strip_prefix(b":")?, 2, 2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => number(rest, 2, 2)?,
        None => (0, rest),
    };
    let (micros, rest) = match rest.strip_prefix(b".") {
        Some(digits) => {
            let (fraction, rest) = number(digits, 1, 6)?;
            let missing = 6_usize.saturating_sub(digits.len().saturating_sub(rest.len()));
            (fraction * 10_i64.checked_pow(u32::try_from(missing).ok()?)?, rest)
        }
        None => (0, rest),
    };
    let time = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;
    if minute > 59 || second > 60 || time > DAY {
        return None;
    }
    Some((Some(time), zone(rest)?))
}

/// Reads nothing, `Z`, or `+HH`, `+HHMM`, `+HH:MM`, `+HH:MM:SS`.
#[expect(clippy::option_option, reason = "the outer level is the failure, for `?`")]
fn zone(text: &[u8]) -> Option<Option<i64>> {
    let (sign, text) = match text {
        [] => return Some(None),
        b"Z" => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, mut rest) = number(text, 2, 2)?;
    let mut seconds = hours * 3600;
    for unit in [60, 1] {
        if !rest.is_empty() {
            let (count, behind) = number(rest.strip_prefix(b":").unwrap_or(rest), 2, 2)?;
            if count > 59 {
                return None;
            }
            seconds += count * unit;
            rest = behind;
        }
    }
    (rest.is_empty() && hours <= 15).then_some(Some(sign * seconds))
}

/// An interval: its three parts are added one after the other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) months: i64,
    pub(super) days: i64,
    pub(super) micros: i64,
}

impl Interval {
    /// Returns its length as PostgreSQL compares it: a month is 30 days, a day 24 hours.
    pub(super) fn length(&self) -> i128 {
        i128::from(self.months) * 30 * i128::from(DAY)
            + i128::from(self.days) * i128::from(DAY)
            + i128::from(self.micros)
    }

    /// Returns the sum of both, the other one taken `sign` times.
    pub(super) fn plus(&self, other: &Self, sign: i64) -> Option<Self> {
        let add = |a: i64, b: i64| a.checked_add(b.checked_mul(sign)?);
        let fits = |n: &i64| i32::try_from(*n).is_ok();
        Some(Self {
            months: add(self.months, other.months).filter(fits)?,
            days: add(self.days, other.days).filter(fits)?,
            micros: add(self.micros, other.micros)?,
        })
    }

    /// Returns a moment later by it, `sign` times: months first, and a day past the month's end is its last.
    pub(super) fn after(&self, moment: i64, sign: i64) -> Option<i64> {
        if is_end(moment) {
            return Some(moment);
        }
        let (mut day, time) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
        if self.months != 0 {
            let (year, month, of_month) = from_days(day + EPOCH_DAYS);
            let months = (year * 12 + month - 1).checked_add(self.months.checked_mul(sign)?)?;
            let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
            day = to_days(year, month, of_month.min(days_of(year, month))) - EPOCH_DAYS;
        }
        day = day.checked_add(self.days.checked_mul(sign)?)?;
        let moment = day.checked_mul(DAY)?.checked_add(time)?;
        in_range(moment.checked_add(self.micros.checked_mul(sign)?)?)
    }

    /// Reads `90 days`, `1 year 2 months`, `-3 hours`, `1 day 02:03:04`: whole numbers with units.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut sum = Self { months: 0, days: 0, micros: 0 };
        let mut words = text.split_ascii_whitespace();
        let mut any = false;
        while let Some(word) = words.next() {
            any = true;
            let next = if word.contains(':') {
                Self { months: 0, days: 0, micros: clock_span(word)? }
            } else {
                let end = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
                let (count, unit) = word.split_at_checked(end)?;
                let unit = if unit.is_empty() { words.next()? } else { unit };
                Self::of(count.parse().ok()?, &unit.to_ascii_lowercase())?
            };
            sum = sum.plus(&next, 1)?;
        }
        any.then_some(sum)
    }

    /// Returns so many of a unit.
    pub(super) fn of(count: i64, unit: &str) -> Option<Self> {
        const HOUR: i64 = 3_600_000_000;
        let (months, days, micros) = match unit {
            "year" | "years" | "y" | "yr" | "yrs" => (count.checked_mul(12)?, 0, 0),
            "month" | "months" | "mon" | "mons" => (count, 0, 0),
            "week" | "weeks" | "w" => (0, count.checked_mul(7)?, 0),
            "day" | "days" | "d" => (0, count, 0),
            "hour" | "hours" | "h" | "hr" | "hrs" => (0, 0, count.checked_mul(HOUR)?),
            "minute" | "minutes" | "min" | "mins" => (0, 0, count.checked_mul(HOUR / 60)?),
            "second" | "seconds" | "s" | "sec" | "secs" => (0, 0, count.checked_mul(HOUR / 3600)?),
            _ => return None,
        };
        i32::try_from(months).ok()?;
        i32::try_from(days).ok()?;
        Some(Self { months, days, micros })
    }
}

/// Reads `[+-]HH:MM[:SS]` as a span.
fn clock_span(word: &str) -> Option<i64> {
    let (sign, word) = match word.as_bytes() {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        bytes => (1, bytes),
    };
    let (hours, rest) = number(word, 1, 6)?;
    let (minutes, rest) = number(rest.strip_prefix(b":")?, 2, 2)?;
    let (seconds, rest) = match rest.strip_prefix(b":") {
        Some(rest) => number(rest, 2, 2)?,
        None => (0, rest),
    };
    let whole = rest.is_empty() && minutes <= 59 && seconds <= 59;
    whole.then_some(sign * ((hours * 60 + minutes) * 60 + seconds) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> Option<i64> {
        parse(text.as_bytes())?.local()
    }

    #[test]
    fn days_and_moments_count_from_2000() {
        for (text, wanted) in [
            ("2000-01-01", 0),
            ("2000-01-02", DAY),
            ("1999-12-31 23:59:59.999999", -1),
            ("2000-01-01 00:00:00.5", 500_000),
            ("2000-01-01T24:00", DAY),
            ("4714-11-24 00:00:00 BC", FIRST_MOMENT),
            ("294276-12-31 23:59:59.999999", END_MOMENT - 1),
            ("infinity", AFTER_ALL),
        ] {
            assert_eq!(local(text), Some(wanted), "{text}");
        }
        let utc = |text: &str| parse(text.as_bytes()).and_then(|s| s.utc());
        assert_eq!(utc("2000-01-01 02:00:00+02"), Some(0));
        assert_eq!(utc("1999-12-31 18:30:00-0530"), Some(0));
        assert_eq!(utc("2000-01-01 00:19:32+00:19:32"), Some(0));
        assert_eq!(of_unix(946_684_800), Some(0));
        assert_eq!(parse(b"5874897-12-31").map(|s| s.day), Some(END_DAY - 1));
    }

    #[test]
    fn nasty_39_what_is_no_date() {
        for text in [
            "",
            "0000-00-00",
            "0000-01-01",
            "2023-02-29",
            "2024-13-01",
            "2024-4-1",
            "24-04-01",
            "2024-04-01 ",
            "2024-04-01 25:00",
            "2024-04-01 24:00:01",
            "2024-04-01 10:60",
            "2024-04-01 10:00:00.",
            "today",
            "2024-04-01 10:00:00.1234567",
            "2024-04-01 10:00 CET",
            "12345678-01-01",
            "5874898-01-01",
            "Infinity",
            "2024-04-01 10:00:00+16",
            "2024-04-01 10:00:00+01:00:00:00",
            "4714-11-23 BC",
        ] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
        assert_eq!(local("294277-01-01 00:00"), None);
    }

    #[test]
    fn months_end_on_their_last_day() {
        let after =
            |text: &str, span: &str, sign| Interval::parse(span).unwrap().after(local(text).unwrap(), sign);
        for (from, span, sign, to) in [
            ("2024-01-31", "1 month", 1, "2024-02-29"),
            ("2023-01-31", "1 mon", 1, "2023-02-28"),
            ("2024-03-31", "1 month", -1, "2024-02-29"),
            ("2024-02-29", "1 year", 1, "2025-02-28"),
            ("2024-01-31", "1 month 1 day", 1, "2024-03-01"),
            ("2024-01-01", "-1 day 2 hours", 1, "2023-12-31 02:00"),
            ("2024-01-01", "1 day -02:30:00", 1, "2024-01-01 21:30"),
            ("2024-01-15", "2 weeks", -1, "2024-01-01"),
            ("2024-01-15", "90d", 1, "2024-04-14"),
        ] {
            assert_eq!(after(from, span, sign), local(to), "{from} {span} {sign}");
        }
        assert_eq!(after("294276-12-31", "1 day", 1), None);
        assert_eq!(Interval::parse("1 month").unwrap().after(AFTER_ALL, -1), Some(AFTER_ALL));
    }

    #[test]
    fn intervals_that_are_not_read() {
        for text in [
            "",
            "90",
            "days",
            "1.5 days",
            "P90D",
            "1 fortnight",
            "3 days ago",
            "1 day 2",
            "@ 1 day",
            "1e3 days",
        ] {
            assert!(Interval::parse(text).is_none(), "{text}");
        }
        let length = |text: &str| Interval::parse(text).unwrap().length();
        assert_eq!(length("1 month"), length("30 days"));
        assert_eq!(length("1 day"), length("24:00"));
    }
}
