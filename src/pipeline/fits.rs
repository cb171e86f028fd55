//! Whether a stand-in fits its column: length in characters as the server counts them, range of integers. Judges only;
//! what becomes of a stand-in that does not fit is the policy's choice, in `rows`.

use crate::profile::plan::Fit;
use crate::row::field::Span;

/// The bounds of a column, looked at once a chunk: nearly every stand-in is short enough without counting characters.
pub(super) struct QuickFit<'a> {
    fit: &'a Fit,
    /// Bytes that fit whatever they are; `None` = each must be looked at.
    bytes: Option<u32>,
}

impl<'a> QuickFit<'a> {
    /// Looks at the bounds.
    pub(super) fn new(fit: &'a Fit) -> Self {
        let bytes = fit.max_chars.unwrap_or(u32::MAX);
        Self { fit, bytes: fit.integer.is_none().then_some(bytes) }
    }

    /// Says whether a stand-in, given by its place among those of its column, fits.
    #[inline]
    pub(super) fn holds(&self, standins: &[u8], standin: Span) -> bool {
        self.bytes.is_some_and(|bytes| standin.len() <= bytes) || fits(self.fit, standin.of(standins))
    }
}

/// Says whether a stand-in fits the column's length and range. Characters are counted as the server does.
pub(super) fn fits(fit: &Fit, standin: &[u8]) -> bool {
    if let Some(max) = fit.max_chars
        && standin.len() > usize::try_from(max).unwrap_or(usize::MAX)
        && chars(standin) > max
    {
        return false;
    }
    match fit.integer {
        Some((least, most)) => whole_number(standin).is_some_and(|n| (least..=most).contains(&n)),
        None => true,
    }
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
