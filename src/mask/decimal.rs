//! Decimals with arithmetic: a whole number of units and how many digits stand behind the point, so that nothing is
//! rounded by a binary fraction and every machine computes alike. Machinery of `generalise` and `perturb`.
//!
//! Refuses more than 36 digits, NaN and infinities: such a value is unfit, never let through. (Comparing numbers of any
//! length is `condition::decimal`, which holds slices of the text and computes nothing.)

use std::cmp::Ordering;

use crate::row::shape::{ColumnType, TypeClass};

/// Most digits, so that sums and products with a step still fit 128 bits.
pub(crate) const MAX_DIGITS: usize = 36;

/// `units` divided by 10 to the power of `scale`. No `Debug`: it is data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    /// The number without its point; below 10^36.
    pub(crate) units: i128,
    /// Digits behind the point; at most 36.
    pub(crate) scale: u32,
}

/// Returns 10 to a power, where 128 bits hold it.
pub(crate) fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// Takes digits off the front, as many as there are.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|b| b.is_ascii_digit()).count())
}

impl Decimal {
    /// Reads `12`, `-0.50`, `.5` and, as databases print binary fractions, `1.5e-07`. The digits behind the point are
    /// kept, zeros too.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let (negative, rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (whole, rest) = digits(rest);
        let (part, rest) = match rest {
            [b'.', rest @ ..] => digits(rest),
            _ => (&[][..], rest),
        };
        if whole.is_empty() && part.is_empty() {
            return None;
        }
        let shift = match rest {
            [] => 0,
            [b'e' | b'E', rest @ ..] => exponent(rest)?,
            _ => return None,
        };
        let mut units: i128 = 0;
        let mut used = 0;
        for digit in whole.iter().chain(part) {
            used += usize::from(used > 0 || *digit != b'0');
            if used > MAX_DIGITS {
                return None;
            }
            units = units * 10 + i128::from(digit - b'0');
        }
        let units = if negative { -units } else { units };
        let scale = i64::try_from(part.len()).ok()? - shift;
        if scale >= 0 {
            let scale =
                u32::try_from(scale).ok().filter(|n| usize::try_from(*n).is_ok_and(|n| n <= MAX_DIGITS))?;
            return Some(Self { units, scale });
        }
        let units = units.checked_mul(power(u32::try_from(-scale).ok()?)?)?;
        (units.unsigned_abs() < 10_u128.pow(36)).then_some(Self { units, scale: 0 })
    }

    /// Returns the units at another scale, rounded down (towards the smaller number); `None` where 36 digits do not hold
    /// them.
    pub(crate) fn floor_at(self, scale: u32) -> Option<i128> {
        if scale >= self.scale {
            let units = self.units.checked_mul(power(scale - self.scale)?)?;
            return (units.unsigned_abs() < 10_u128.pow(36)).then_some(units);
        }
        power(self.scale - scale).map(|step| self.units.div_euclid(step))
    }

    /// Returns the units at a scale that holds all digits; `None` where it does not.
    pub(crate) fn exact_at(self, scale: u32) -> Option<i128> {
        if self.scale <= scale {
            return self.floor_at(scale);
        }
        let least = self.trimmed();
        if least.scale > scale { None } else { least.floor_at(scale) }
    }

    /// Returns it without zeros at the end behind the point.
    pub(crate) fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.scale -= 1;
        }
        self
    }

    /// Compares two numbers.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.floor_at(scale)?.cmp(&other.floor_at(scale)?))
    }

    /// Appends it in digits, with all of its digits behind the point.
    pub(crate) fn append(self, out: &mut Vec<u8>) {
        let mut buffer = itoa::Buffer::new();
        // Nearly all fit a word, whose digits are found much faster.
        let text = match u64::try_from(self.units.unsigned_abs()) {
            Ok(word) => buffer.format(word).as_bytes(),
            Err(_) => buffer.format(self.units.unsigned_abs()).as_bytes(),
        };
        let scale = usize::try_from(self.scale).unwrap_or_default();
        if self.units < 0 {
            out.push(b'-');
        }
        let (whole, part) = text.split_at(text.len().saturating_sub(scale));
        out.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
        if scale > 0 {
            out.push(b'.');
            out.extend(std::iter::repeat_n(b'0', scale.saturating_sub(part.len())));
            out.extend_from_slice(part);
        }
    }
}

/// What numbers a column takes.
#[derive(Clone, Copy)]
pub(crate) struct Holds {
    /// Digits behind the point that it takes; `None` = any.
    pub(crate) scale: Option<u32>,
    /// The largest and, with a minus, the smallest number; `None` = any.
    most: Option<Decimal>,
    /// Whether the smallest is one smaller: integers of a machine.
    lower: bool,
    /// Whether nothing below zero is one.
    unsigned: bool,
    /// Whether it is a binary fraction, whose digits behind the point are nobody's promise.
    pub(crate) float: bool,
}

impl Holds {
    /// Returns what a column takes; `None` if it holds no numbers. Unsigned types are `TypeClass`'s signed ones without what
    /// lies below zero.
    pub(crate) fn by(ty: &ColumnType) -> Option<Self> {
        Self::of(&ty.class).map(|holds| Self { unsigned: ty.is_unsigned(), ..holds })
    }

    /// Returns what a type takes; `None` if it holds no numbers. Text may hold any.
    pub(crate) fn of(class: &TypeClass) -> Option<Self> {
        let any = Self { scale: None, most: None, lower: false, unsigned: false, float: false };
        let integer = |most: i64| {
            let most = Decimal { units: i128::from(most), scale: 0 };
            Some(Self { scale: Some(0), most: Some(most), lower: true, unsigned: false, float: false })
        };
        match class {
            TypeClass::SmallInt => integer(i16::MAX.into()),
            TypeClass::Integer => integer(i32::MAX.into()),
            TypeClass::BigInt => integer(i64::MAX),
            TypeClass::Numeric { precision: None, .. } => Some(any),
            TypeClass::Numeric { precision: Some(digits), scale } => {
                let scale = u32::try_from(scale.unwrap_or(0)).ok()?;
                // More digits than are computed with need no bound.
                let most = power(*digits).filter(|_| *digits <= 36 && scale <= 36);
                Some(Self { scale: Some(scale), most: most.map(|n| Decimal { units: n - 1, scale }), ..any })
            }
            TypeClass::Float { .. } => Some(Self { float: true, ..any }),
            class if class.is_text() => Some(any),
            _ => None,
        }
    }

    /// Returns the smallest and largest number of units that it takes at a scale; `None` = any.
    pub(crate) fn bounds(&self, scale: u32) -> Option<(i128, i128)> {
        let Some(most) = self.most else {
            // Below 10^36, as all decimals.
            return self.unsigned.then_some((0, 10_i128.pow(36) - 1));
        };
        let most = most.floor_at(scale)?;
        let one = if self.lower { power(scale)? } else { 0 };
        Some((if self.unsigned { 0 } else { -most - one }, most))
    }

    /// Returns whether it takes a number as it stands.
    pub(crate) fn takes(&self, number: Decimal) -> bool {
        let scale = number.trimmed().scale;
        let exact = self.scale.is_none_or(|most| scale <= most);
        exact && self.bounds(number.scale).is_none_or(|(low, high)| (low..=high).contains(&number.units))
    }
}

/// Reads the power of ten behind an `e`.
fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (found, rest) = digits(rest);
    if !(1..=3).contains(&found.len()) || !rest.is_empty() {
        return None;
    }
    let power = found.iter().fold(0, |sum, d| sum * 10 + i64::from(d - b'0'));
    Some(if negative { -power } else { power })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(decimal: Decimal) -> String {
        let mut out = Vec::new();
        decimal.append(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nasty_38_numbers_of_all_lengths() {
        for (text, expected) in [
            ("0", "0"),
            ("-0.50", "-0.50"),
            (".5", "0.5"),
            ("5.", "5"),
            ("+007", "7"),
            ("1.5e-07", "0.00000015"),
            ("1e+22", "10000000000000000000000"),
            ("-1.25E2", "-125"),
            ("0.00", "0.00"),
            ("123456789012345678901234567890.123456", "123456789012345678901234567890.123456"),
        ] {
            assert_eq!(Decimal::parse(text.as_bytes()).map(written).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1,5",
            "1 000",
            "NaN",
            "Infinity",
            "0x1f",
            "1e",
            "1e9999",
            "1e40",
            "1e-40",
            "12a",
            "--1",
            "1234567890123456789012345678901234567",
            "0.1234567890123456789012345678901234567",
        ] {
            assert!(Decimal::parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn nasty_38_what_a_type_holds() {
        let numeric =
            |precision, scale| TypeClass::Numeric { precision: Some(precision), scale: Some(scale) };
        for (class, text, fits) in [
            (TypeClass::SmallInt, "-32768", true),
            (TypeClass::SmallInt, "32768", false),
            (TypeClass::BigInt, "-9223372036854775808", true),
            (TypeClass::BigInt, "1.0", true),
            (TypeClass::Integer, "1.5", false),
            (numeric(4, 2), "-99.99", true),
            (numeric(4, 2), "100", false),
            (numeric(4, 2), "1.001", false),
            (numeric(38, 10), "123456789012345678901234.5", true),
            (TypeClass::Text { max_chars: None }, "1.001", true),
        ] {
            let number = Decimal::parse(text.as_bytes()).unwrap();
            assert_eq!(Holds::of(&class).unwrap().takes(number), fits, "{text} in {class:?}");
        }
        for class in [TypeClass::Boolean, TypeClass::Date, TypeClass::Other, numeric(3, -2)] {
            assert!(Holds::of(&class).is_none(), "{class:?}");
        }
    }

    proptest! {
        #[test]
        fn goes_round(units in -1_000_000_000_000_i128..1_000_000_000_000, scale in 0_u32..20) {
            let decimal = Decimal { units, scale };
            let text = written(decimal);
            prop_assert!(Decimal::parse(text.as_bytes()) == Some(decimal), "{}", text);
            let wide = decimal.floor_at(scale + 3).unwrap();
            prop_assert_eq!(Decimal { units: wide, scale: scale + 3 }.exact_at(scale), Some(units));
            prop_assert_eq!(decimal.compare(Decimal { units: units + 1, scale }), Some(Ordering::Less));
        }
    }
}
