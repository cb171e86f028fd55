//! Whether a stand-in fits its column: length in characters as the server counts them, range of integers and of moments. Judges only;
//! what becomes of a stand-in that does not fit is the policy's choice, in `rows`.

use std::ops::RangeInclusive;

use crate::profile::plan::Fit;
use crate::row::field::Span;

/// The bounds of a column, looked at once a chunk: nearly every stand-in fits by its length alone.
pub(super) struct QuickFit<'a> {
    fit: &'a Fit,
    /// Lengths in bytes that fit whatever they are.
    sure: RangeInclusive<u32>,
}

impl<'a> QuickFit<'a> {
    /// Looks at the bounds; `digits`: whether the stand-ins are nothing but digits.
    pub(super) fn new(fit: &'a Fit, digits: bool) -> Self {
        let most = fit.max_chars.unwrap_or(u32::MAX);
        let sure = match fit.integer {
            _ if fit.moment => NONE,
            None => 0..=most,
            // Of n digits is no number that reaches 10 to the n, and '' is none.
            Some((..=0, largest @ 0..)) if digits => 1..=most.min(largest.saturating_add(1).ilog10()),
            Some(_) => NONE,
        };
        Self { fit, sure }
    }

    /// Says whether a stand-in, given by its place among those of its column, fits.
    #[inline]
    pub(super) fn holds(&self, standins: &[u8], standin: Span) -> bool {
        self.sure.contains(&standin.len()) || fits(self.fit, standin.of(standins))
    }
}

/// No length at all.
const NONE: RangeInclusive<u32> = RangeInclusive::new(1, 0);

/// Says whether a stand-in fits the column's length and range. Characters are counted as the server does.
pub(super) fn fits(fit: &Fit, standin: &[u8]) -> bool {
    if let Some(max) = fit.max_chars
        && standin.len() > usize::try_from(max).unwrap_or(usize::MAX)
        && chars(standin) > max
    {
        return false;
    }
    if fit.moment && !is_moment(standin) {
        return false;
    }
    match fit.integer {
        Some((least, most)) => whole_number(standin).is_some_and(|n| (least..=most).contains(&n)),
        None => true,
    }
}

/// Says whether a date lies in the years that MySQL's `TIMESTAMP` holds, a day off both ends left out: the zone that it is
/// read in is not known. Source: MySQL 8.4 manual, 13.2.2; MariaDB documentation, TIMESTAMP.
fn is_moment(standin: &[u8]) -> bool {
    let four_digits = standin.get(4) == Some(&b'-');
    four_digits && (b"1970-01-02".as_slice()..b"2038-01-18".as_slice()).contains(&standin)
}

/// Reads a whole number; what is not up to 18 digits the slow way.
#[inline]
fn whole_number(text: &[u8]) -> Option<i64> {
    let (minus, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (mut number, mut odd) = (0_i64, digits.is_empty() || digits.len() > 18);
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        odd |= digit > 9;
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    if odd {
        return std::str::from_utf8(text).ok()?.parse().ok();
    }
    Some(if minus { -number } else { number })
}

fn chars(text: &[u8]) -> u32 {
    u32::try_from(text.iter().filter(|b| **b & 0xc0 != 0x80).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nasty_39_moments_lie_in_the_years_that_the_server_holds() {
        let fit = Fit { max_chars: None, integer: None, moment: true };
        for (standin, held) in [
            ("1970-01-02 00:00:00", true),
            ("2038-01-17 23:59:59.999999", true),
            ("1970-01-01 00:00:00", false),
            ("1969-12-31 23:59:59", false),
            ("2038-01-19 03:14:08", false),
            ("0044-03-15 00:00:00 BC", false),
            ("20000-01-01 00:00:00", false),
        ] {
            let place = Span::new(0, u32::try_from(standin.len()).unwrap());
            assert_eq!(QuickFit::new(&fit, false).holds(standin.as_bytes(), place), held, "{standin}");
        }
    }

    #[test]
    fn a_length_that_surely_fits_does_fit() {
        let bounds = [(0, 9), (0, 8), (-128, 127), (0, 255), (-7, 99), (1, 999), (-9, -1)];
        let wide = [(i64::from(i32::MIN), i64::from(i32::MAX)), (i64::MIN, i64::MAX), (0, 0)];
        for (least, most) in bounds.into_iter().chain(wide) {
            for max_chars in [None, Some(2), Some(10)] {
                let fit = Fit { max_chars, integer: Some((least, most)), moment: false };
                for digits in ["", "0", "7", "9", "10", "99", "100", "127", "128", "255", "256", "0000000001"]
                {
                    let nines = "9".repeat(digits.len() + 9);
                    for standin in [digits, nines.as_str(), "9999999999999999999", "9223372036854775808"] {
                        let place = Span::new(0, u32::try_from(standin.len()).unwrap());
                        let quick = QuickFit::new(&fit, true).holds(standin.as_bytes(), place);
                        assert_eq!(quick, fits(&fit, standin.as_bytes()), "{standin} in {least}..={most}");
                    }
                }
            }
        }
    }
}
