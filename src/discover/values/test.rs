//! A test of whole values: which form a value must have, what is checked then, and how often chance passes it.
//!
//! The form and the check are apart, since they say different things. The values of a column have one form together, so the
//! form speaks once; check digits speak for every distinct value anew. Refuses to pass what has not the form.

use crate::discover::class::Class;
use crate::discover::measure::look::Look;
use crate::vocabulary::numbers::Scheme;

/// A form and a check.
pub(crate) struct Test {
    /// What it finds, for evidence.
    pub(crate) what: &'static str,
    /// What a column of such values is.
    pub(crate) class: Class,
    /// Which values can be asked.
    pub(crate) form: Form,
    /// What they must pass.
    pub(crate) check: Check,
    /// The share of values of the form that pass by chance; 1 where nothing is checked.
    pub(crate) chance: f32,
    /// What the form alone says where nearly all values have it: log-odds, once for a column.
    pub(crate) form_says: f32,
    /// Where the rule comes from.
    pub(crate) source: &'static str,
}

/// Which values can be asked.
pub(crate) enum Form {
    /// Letters and digits in capitals without separators are one of these: `#` a digit, `@` a letter, `*` either, anything
    /// else itself.
    Like(&'static [&'static str]),
    /// Any value; the check is of the form, and `chance` is that of a text.
    Any,
}

/// What a value must pass.
pub(crate) enum Check {
    /// Of letters and digits without separators.
    Code(fn(&[u8]) -> bool),
    /// Of an identifier that can be issued.
    Scheme(&'static dyn Scheme),
    /// Of the value as it is.
    Value(fn(&Look<'_>) -> bool),
    /// Nothing but the form.
    None,
}

impl std::fmt::Debug for Test {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Test({}: {})", self.what, self.source)
    }
}

/// What a value's test came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The value has not the form.
    Other,
    /// It has the form and fails.
    Fails,
    /// It passes.
    Passes,
}

impl Test {
    /// Tests a value.
    pub(crate) fn run(&self, look: &Look<'_>) -> Outcome {
        if let Form::Like(patterns) = self.form
            && !patterns.iter().any(|pattern| is_like(look.code(), pattern.as_bytes()))
        {
            return Outcome::Other;
        }
        let passes = match self.check {
            Check::Code(check) => check(look.code()),
            Check::Scheme(scheme) => scheme.is_valid(look.code()),
            Check::Value(check) => check(look),
            Check::None => true,
        };
        if passes { Outcome::Passes } else { Outcome::Fails }
    }
}

/// Returns whether letters and digits are as a pattern says.
pub(crate) fn is_like(code: &[u8], pattern: &[u8]) -> bool {
    code.len() == pattern.len()
        && code.iter().zip(pattern).all(|(byte, like)| match like {
            b'#' => byte.is_ascii_digit(),
            b'@' => byte.is_ascii_uppercase(),
            b'*' => byte.is_ascii_alphanumeric(),
            other => byte == other,
        })
}

/// Returns the digit at a place, 0 where there is none.
pub(crate) fn digit(code: &[u8], at: usize) -> u32 {
    code.get(at).map_or(0, |byte| u32::from(byte.wrapping_sub(b'0')))
}

/// Returns the sum of digits times weights.
pub(crate) fn sum(code: &[u8], weights: &[u32]) -> u32 {
    weights.iter().enumerate().map(|(at, weight)| weight * digit(code, at)).sum()
}

/// Returns the number that digits from a place on spell; 0 for what are no digits.
pub(crate) fn part(code: &[u8], from: usize, len: usize) -> u64 {
    code.get(from..from + len).and_then(crate::vocabulary::numbers::number).unwrap_or(0)
}

/// Returns whether digits are a day of a month of some year.
pub(crate) fn is_day(month: u64, day: u64) -> bool {
    (1..=12).contains(&month) && (1..=crate::vocabulary::numbers::days_in_month(2000, month)).contains(&day)
}

/// Returns the code modulo 97 with its letters counted from A = 10 (ISO 7064).
pub(crate) fn mod_97(code: impl IntoIterator<Item = u8>) -> u32 {
    code.into_iter().fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => rest,
    })
}
