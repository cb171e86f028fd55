//! Decimals of any size, compared as they are written: no rounding and no limit of digits, so a `numeric` is never wrong.
//! Holds slices of the text; no allocation. Refuses what PostgreSQL's `numeric` does not read.

use std::cmp::Ordering;

/// Most powers of ten behind `e`; PostgreSQL's numeric ends far below.
const MAX_SHIFT: i32 = 200_000;

/// Where a number stands before its digits are looked at; the order is that of PostgreSQL: NaN above all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    BelowAll,
    Negative,
    Zero,
    Positive,
    AboveAll,
    NotANumber,
}

/// A number as digits. No `Debug`: it is data.
#[derive(Clone, Copy)]
pub(super) struct Decimal<'a> {
    rank: Rank,
    /// Digits before the point, without leading zeros.
    whole: &'a [u8],
    /// Digits behind the point, without trailing zeros.
    part: &'a [u8],
    /// Power of ten it is multiplied with.
    shift: i32,
}

impl<'a> Decimal<'a> {
    /// Reads a number without blanks around it.
    pub(super) fn parse(text: &'a [u8]) -> Option<Self> {
        let (negative, rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        if !rest.first().is_some_and(|b| b.is_ascii_digit() || *b == b'.') {
            return Self::named(negative, rest, rest.len() < text.len());
        }
        let (whole, rest) = rest.split_at_checked(digits(rest))?;
        let (part, rest) = match rest {
            [b'.', rest @ ..] => rest.split_at_checked(digits(rest))?,
            _ => (&[][..], rest),
        };
        let shift = match rest {
            [] => 0,
            [b'e' | b'E', rest @ ..] => exponent(rest)?,
            _ => return None,
        };
        if whole.is_empty() && part.is_empty() {
            return None;
        }
        let (mut whole, mut part) = (whole, part);
        while let [b'0', rest @ ..] = whole {
            whole = rest;
        }
        while let [rest @ .., b'0'] = part {
            part = rest;
        }
        let rank = match (whole.is_empty() && part.is_empty(), negative) {
            (true, _) => Rank::Zero,
            (false, true) => Rank::Negative,
            (false, false) => Rank::Positive,
        };
        Some(Self { rank, whole, part, shift })
    }

    fn named(negative: bool, word: &[u8], signed: bool) -> Option<Self> {
        let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        let rank = if is("nan") && !signed {
            Rank::NotANumber
        } else if is("infinity") || is("inf") {
            if negative { Rank::BelowAll } else { Rank::AboveAll }
        } else {
            return None;
        };
        Some(Self { rank, whole: &[], part: &[], shift: 0 })
    }

    /// Compares as PostgreSQL's numeric does.
    pub(super) fn compare(&self, other: &Decimal<'_>) -> Ordering {
        let by_rank = self.rank.cmp(&other.rank);
        if by_rank.is_ne() {
            return by_rank;
        }
        match self.rank {
            Rank::Positive => self.size(other),
            Rank::Negative => other.size(self),
            _ => Ordering::Equal,
        }
    }

    pub(super) fn zero() -> Self {
        Self { rank: Rank::Zero, whole: &[], part: &[], shift: 0 }
    }

    /// Returns it with the other sign; NaN has none.
    pub(super) fn negative(mut self) -> Self {
        self.rank = match self.rank {
            Rank::BelowAll => Rank::AboveAll,
            Rank::Negative => Rank::Positive,
            Rank::Positive => Rank::Negative,
            Rank::AboveAll => Rank::BelowAll,
            other => other,
        };
        self
    }

    /// Returns a copy that stays.
    pub(super) fn keep(&self) -> Owned {
        let short = Short::of(self);
        Owned { rank: self.rank, whole: self.whole.into(), part: self.part.into(), shift: self.shift, short }
    }

    /// Returns the nearest binary number of 64 bits; `None` where there is none but zero or infinity.
    pub(super) fn float(&self) -> Option<f64> {
        self.binary(|text| text.parse().ok())
    }

    /// Returns the nearest binary number of 32 bits.
    pub(super) fn real(&self) -> Option<f64> {
        self.binary(|text| text.parse::<f32>().ok().map(f64::from))
    }

    fn binary(&self, parse: impl Fn(&str) -> Option<f64>) -> Option<f64> {
        match self.rank {
            Rank::BelowAll => return Some(f64::NEG_INFINITY),
            Rank::AboveAll => return Some(f64::INFINITY),
            Rank::NotANumber => return Some(f64::NAN),
            Rank::Zero => return Some(0.0),
            Rank::Negative | Rank::Positive => {}
        }
        // Rare: only where a decimal meets a binary column.
        let mut text = String::with_capacity(self.whole.len() + self.part.len() + 12);
        text.push_str(if self.rank == Rank::Negative { "-0" } else { "0" });
        text.push_str(std::str::from_utf8(self.whole).ok()?);
        text.push('.');
        text.push_str(std::str::from_utf8(self.part).ok()?);
        text.push_str("0e");
        text.push_str(itoa::Buffer::new().format(self.shift));
        parse(&text).filter(|number| number.is_finite() && *number != 0.0)
    }

    /// Compares without signs.
    fn size(&self, other: &Decimal<'_>) -> Ordering {
        if self.shift == 0 && other.shift == 0 {
            let by_length = self.whole.len().cmp(&other.whole.len());
            return by_length
                .then_with(|| self.whole.cmp(other.whole))
                .then_with(|| self.part.cmp(other.part));
        }
        let by_place = self.highest().cmp(&other.highest());
        by_place.then_with(|| self.significant().cmp(other.significant()))
    }

    /// Returns the place of the first digit that is not zero: 1 for ones, 0 for tenths.
    fn highest(&self) -> i64 {
        let place = match self.whole {
            [] => self.part.iter().take_while(|b| **b == b'0').count(),
            whole => whole.len(),
        };
        let place = i64::try_from(place).unwrap_or(i64::MAX / 2);
        i64::from(self.shift) + if self.whole.is_empty() { -place } else { place }
    }

    /// Returns the digits from the first to the last that is not zero.
    fn significant(&self) -> impl Iterator<Item = u8> {
        let end = match self.part {
            [] => self.whole.len() - self.whole.iter().rev().take_while(|b| **b == b'0').count(),
            _ => self.whole.len(),
        };
        let digits = self.whole.iter().take(end).chain(self.part);
        digits.copied().skip_while(|b| *b == b'0')
    }
}

/// A constant of the condition. No `Debug`: it is text of the profile.
pub(super) struct Owned {
    rank: Rank,
    whole: Box<[u8]>,
    part: Box<[u8]>,
    shift: i32,
    short: Option<Short>,
}

impl Owned {
    /// Returns it as a number of few digits, if it is one.
    pub(super) fn short(&self) -> Option<Short> {
        self.short
    }

    pub(super) fn get(&self) -> Decimal<'_> {
        Decimal { rank: self.rank, whole: &self.whole, part: &self.part, shift: self.shift }
    }
}

/// A number of few digits: all of them as one whole number, and how many of them stand behind the point.
#[derive(Clone, Copy)]
pub(super) struct Short {
    digits: i128,
    behind: usize,
}

/// Most digits of a text that is read so, and most behind the point; a constant may have two more, so that either side
/// may be multiplied by the largest power.
const FEW: usize = 18;

const POWERS: [i64; FEW + 1] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
    100_000_000_000,
    1_000_000_000_000,
    10_000_000_000_000,
    100_000_000_000_000,
    1_000_000_000_000_000,
    10_000_000_000_000_000,
    100_000_000_000_000_000,
    1_000_000_000_000_000_000,
];

impl Short {
    /// Reads digits, with a point among them or none; anything else takes the long way.
    #[inline]
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        if text.len() > FEW {
            return None;
        }
        let (mut sum, mut point) = (0_i64, None);
        for (at, byte) in text.iter().enumerate() {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                sum = sum * 10 + i64::from(digit);
            } else if *byte == b'.' && point.is_none() {
                point = Some(at);
            } else {
                return None;
            }
        }
        let behind = point.map_or(0, |at| text.len() - at - 1);
        let any = text.len() > usize::from(point.is_some());
        any.then(|| Self { digits: i128::from(if negative { -sum } else { sum }), behind })
    }

    /// Makes it of a whole number.
    pub(super) fn whole(number: i64) -> Self {
        Self { digits: i128::from(number), behind: 0 }
    }

    fn of(number: &Decimal<'_>) -> Option<Self> {
        let negative = match number.rank {
            Rank::Negative => true,
            Rank::Zero | Rank::Positive => false,
            Rank::BelowAll | Rank::AboveAll | Rank::NotANumber => return None,
        };
        let few = number.whole.len() + number.part.len() <= FEW + 2 && number.part.len() <= FEW;
        if number.shift != 0 || !few {
            return None;
        }
        let digits = number.whole.iter().chain(number.part);
        let sum = digits.fold(0, |sum, byte| sum * 10 + i128::from(byte.wrapping_sub(b'0')));
        Some(Self { digits: if negative { -sum } else { sum }, behind: number.part.len() })
    }

    /// Compares two numbers, exactly.
    #[inline]
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.behind == other.behind {
            return Some(self.digits.cmp(&other.digits));
        }
        let power = |by: usize| POWERS.get(by).copied().map(i128::from);
        let mine = self.digits.checked_mul(power(other.behind.saturating_sub(self.behind))?)?;
        let theirs = other.digits.checked_mul(power(self.behind.saturating_sub(other.behind))?)?;
        Some(mine.cmp(&theirs))
    }
}

/// A calculated number: as `Short`, of at most 38 digits. What has more is not calculated with.
#[derive(Clone, Copy)]
pub(super) struct Exact {
    pub(super) digits: i128,
    pub(super) behind: u32,
}

impl Exact {
    /// Most bytes of it as text.
    pub(super) const ROOM: usize = 96;

    /// Makes it of a whole number.
    pub(super) fn whole(number: i64) -> Self {
        Self { digits: i128::from(number), behind: 0 }
    }

    /// Makes it of a decimal; `None` where that has too many digits, or is none.
    pub(super) fn of(number: &Decimal<'_>) -> Option<Self> {
        if !matches!(number.rank, Rank::Negative | Rank::Zero | Rank::Positive) || number.shift != 0 {
            return None;
        }
        let mut sum = 0_i128;
        for byte in number.whole.iter().chain(number.part) {
            sum = sum.checked_mul(10)?.checked_add(i128::from(byte.wrapping_sub(b'0')))?;
        }
        let behind = u32::try_from(number.part.len()).ok()?;
        Some(Self { digits: if number.rank == Rank::Negative { -sum } else { sum }, behind })
    }

    /// Returns both with as many digits behind the point.
    fn alike(self, other: Self) -> Option<(i128, i128, u32)> {
        let behind = self.behind.max(other.behind);
        let at = |number: Self| number.digits.checked_mul(10_i128.checked_pow(behind - number.behind)?);
        Some((at(self)?, at(other)?, behind))
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let (a, b, behind) = self.alike(other)?;
        Some(Self { digits: a.checked_add(b)?, behind })
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let behind = self.behind.checked_add(other.behind)?;
        Some(Self { digits: self.digits.checked_mul(other.digits)?, behind })
    }

    pub(super) fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Divides as PostgreSQL's numeric does, to as many digits as it gives a quotient; `None` where they are too many here.
    /// Source: `select_div_scale` and `div_var` in `numeric.c`.
    pub(super) fn divided(self, other: Self) -> Option<Self> {
        let ((weight, first), (other_weight, other_first)) = (self.lead()?, other.lead()?);
        let weight = weight - other_weight - i32::from(first <= other_first);
        // Zeros at the end of what was written count there too, and are not known here: enough digits leave them out.
        let behind = u32::try_from(16 - weight * 4).ok().filter(|behind| (8..=36).contains(behind))?;
        let behind = behind.max(self.behind).max(other.behind);
        let shift = 10_i128.checked_pow((behind + other.behind).checked_sub(self.behind)?)?;
        let whole = self.digits.checked_mul(shift)?;
        let (quotient, rest) = (whole.checked_div(other.digits)?, whole.checked_rem(other.digits)?);
        let away = i128::from(rest.unsigned_abs() >= other.digits.unsigned_abs().div_ceil(2));
        let sign = if (self.digits < 0) == (other.digits < 0) { 1 } else { -1 };
        Some(Self { digits: quotient.checked_add(away * sign)?, behind })
    }

    /// Returns the first of its digits to the base 10,000, and how many of them stand behind it before the point.
    fn lead(self) -> Option<(i32, u128)> {
        let digits = self.digits.unsigned_abs();
        if digits == 0 {
            return Some((0, 0));
        }
        let behind = i32::try_from(self.behind).ok()?;
        let weight = (i32::try_from(digits.ilog10()).ok()? - behind).div_euclid(4);
        let shift = behind + weight * 4;
        let power = 10_u128.checked_pow(shift.unsigned_abs())?;
        Some((weight, if shift < 0 { digits.checked_mul(power)? } else { digits / power }))
    }

    pub(super) fn negative(self) -> Self {
        Self { digits: self.digits.saturating_neg(), ..self }
    }

    pub(super) fn absolute(self) -> Self {
        Self { digits: self.digits.saturating_abs(), ..self }
    }

    /// Rounds to so many digits behind the point, half away from zero.
    pub(super) fn round(self, behind: u32) -> Option<Self> {
        if behind >= self.behind {
            return Some(self);
        }
        let unit = 10_i128.checked_pow(self.behind - behind)?;
        let half = if self.digits < 0 { -(unit / 2) } else { unit / 2 };
        Some(Self { digits: self.digits.checked_add(half)? / unit, behind })
    }

    /// Returns it in smallest units of a scale; `None` where it has more digits behind the point.
    pub(super) fn units(self, scale: u32) -> Option<i128> {
        match scale.checked_sub(self.behind) {
            Some(more) => self.digits.checked_mul(10_i128.checked_pow(more)?),
            None => {
                let unit = 10_i128.checked_pow(self.behind - scale)?;
                (self.digits % unit == 0).then_some(self.digits / unit)
            }
        }
    }

    /// Returns it as digits, which are written into `room`.
    pub(super) fn get(self, room: &mut [u8; Self::ROOM]) -> Decimal<'_> {
        let mut left = self.digits.unsigned_abs();
        let (mut at, mut written) = (room.len(), 0);
        while left > 0 || written < self.behind {
            at = at.saturating_sub(1);
            if let Some(place) = room.get_mut(at) {
                *place = b'0' + u8::try_from(left % 10).unwrap_or(0);
            }
            left /= 10;
            written += 1;
        }
        let point = room.len().saturating_sub(usize::try_from(self.behind).unwrap_or(0));
        let (whole, part) = room.split_at(point.max(at));
        let (mut whole, mut part) = (whole.get(at..).unwrap_or_default(), part);
        while let [b'0', rest @ ..] = whole {
            whole = rest;
        }
        while let [rest @ .., b'0'] = part {
            part = rest;
        }
        let rank = match self.digits.signum() {
            0 => Rank::Zero,
            1 => Rank::Positive,
            _ => Rank::Negative,
        };
        Decimal { rank, whole, part, shift: 0 }
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len())
}

fn exponent(text: &[u8]) -> Option<i32> {
    let shift: i32 = std::str::from_utf8(text).ok()?.parse().ok()?;
    (-MAX_SHIFT..=MAX_SHIFT).contains(&shift).then_some(shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(a: &str, b: &str) -> Ordering {
        Decimal::parse(a.as_bytes()).unwrap().compare(&Decimal::parse(b.as_bytes()).unwrap())
    }

    fn quick(a: &str, b: &str) -> Option<Ordering> {
        let constant = Decimal::parse(b.as_bytes()).unwrap().keep();
        Short::parse(a.as_bytes())?.compare(&constant.short()?)
    }

    #[test]
    fn numbers_stand_in_order() {
        let order = [
            "-Infinity",
            "-1e40",
            "-99999999999999999999999999999.1",
            "-10",
            "-9.99",
            "-0.5",
            "-0.05",
            "0",
            "0.0000000000000000000000000000000000001",
            "0.05",
            "0.5",
            "0.51",
            "1",
            "1.5",
            "9",
            "10",
            "99999999999999999999999999999",
            "99999999999999999999999999999.01",
            "1e30",
            "inf",
            "NaN",
        ];
        let mut short = 0;
        for (i, a) in order.iter().enumerate() {
            for (j, b) in order.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a} {b}");
                if let Some(found) = quick(a, b) {
                    assert_eq!(found, i.cmp(&j), "{a} {b}");
                    short += 1;
                }
            }
        }
        assert!(short > 100, "{short}");
        // At the border of what is short.
        for (a, b, order) in [
            ("999999999999999999", "1000000000000000000", Ordering::Less),
            ("0.0000000000000001", "99999999999999999999", Ordering::Less),
            ("-.9999999999999999", "-99999999999999999999", Ordering::Greater),
            ("999999999999999999", "0.000000000000000001", Ordering::Greater),
            ("10.5", "10.500000000000000000", Ordering::Equal),
        ] {
            assert_eq!((quick(a, b), compare(a, b)), (Some(order), order), "{a} {b}");
        }
        for text in ["", "-", ".", "-.", "1.2.3", "1e3", "+1", " 1", "1234567890123456789", "NaN"] {
            assert!(Short::parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn spellings_of_one_number_are_equal() {
        for group in [
            &["0", "-0", "0.00", "000", ".0", "0e9", "+0"][..],
            &["1", "01", "1.", "1.000", "10e-1", "0.1e1", "+1", "1e0", "0.0001E+4"],
            &["1200", "1200.0", "12e2", "1.2e3", "0.012e5"],
            &["-0.05", "-5e-2", "-.05", "-00.050"],
        ] {
            for a in group {
                for b in group {
                    assert_eq!(compare(a, b), Ordering::Equal, "{a} {b}");
                    assert!(quick(a, b).is_none_or(Ordering::is_eq), "{a} {b}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "", "-", ".", "e5", "1e", "1e+", "1x", "0x1F", "1_000", " 1", "1 ", "--1", "+-1", "-NaN",
            "1.2.3", "1e999999",
        ] {
            assert!(Decimal::parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
