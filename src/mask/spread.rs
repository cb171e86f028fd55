//! Draws of a distribution, written as a column's type writes them. Machinery of `between`, `normal`, `lognormal` and `zipf`;
//! it holds no key and knows no value.
//!
//! Every machine draws the same for ever: normal quantiles are whole numbers (`noise`); powers and logarithms come from
//! the crate `libm`, which is software and does not ask the system's. (`rand_distr` and `statrs` ask the standard library,
//! whose last digit depends on the platform.) Refuses bounds that the column's type does not hold.

use super::decimal::{Decimal, Holds, power};
use super::draw::Draw;
use super::noise::{normal, times};
use super::{
    Compile, Compiled, Mask, MaskCx, Outcome, Output, Refusal, Uniqueness, Value, calendar, constant,
};
use crate::message;
use crate::row::civil;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, lanes};

/// How often a draw outside of the bounds is thrown away; then each value between them is as likely.
const ATTEMPTS: u32 = 100;
/// Deviations from the middle where nothing else bounds a distribution.
const TAILS: i128 = 8;
const DAY: i128 = 86_400;

/// Numbers that follow from a digest: SplitMix64.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Begins with a lane.
    #[must_use]
    pub fn new(lane: u64) -> Self {
        Self(lane)
    }

    /// Returns 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number of `low..=high`, each as likely.
    fn even(&mut self, low: i128, high: i128) -> i128 {
        let choices = high.abs_diff(low).saturating_add(1);
        let step = match u64::try_from(choices) {
            Ok(choices) => (u128::from(self.bits()) * u128::from(choices)) >> 64,
            Err(_) => (u128::from(self.bits()) << 64 | u128::from(self.bits())) % choices,
        };
        low.saturating_add_unsigned(step)
    }
}

/// Returns bits as a number of 0.0 up to but not 1.0.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "53 bits fit exactly")]
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// Returns a whole number as a fraction, rounded as IEEE 754 says.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "rounds the same on every machine")]
pub(super) fn float(number: i128) -> f64 {
    number as f64
}

/// Returns the nearest whole number; the last there is, beyond it.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "ends at the bounds of the type")]
fn whole(number: f64) -> i128 {
    libm::round(number) as i128
}

/// Zipf's law over the places 1 to n: the k-th comes in proportion to 1 / k^exponent.
///
/// Source: W. Hörmann, G. Derflinger, Rejection-inversion to generate variates from monotone discrete distributions, ACM
/// TOMACS 6(3), 1996. Most draws are taken at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zipf {
    count: u64,
    exponent: f64,
    first: f64,
    last: f64,
    sure: f64,
}

impl Zipf {
    /// Makes the law; the exponent is above 0.
    #[must_use]
    pub fn new(count: u64, exponent: f64) -> Self {
        let mut law = Self { count: count.max(1), exponent, first: 0.0, last: 0.0, sure: 0.0 };
        law.first = law.area(1.5) - 1.0;
        law.last = law.area(float(i128::from(law.count)) + 0.5);
        law.sure = 2.0 - law.place(law.area(2.5) - law.height(2.0));
        law
    }

    /// Draws a place, from 0.
    pub fn draw(&self, chance: &mut Chance) -> u64 {
        let mut place = 1;
        for _ in 0..ATTEMPTS {
            let area = self.last + unit(chance.bits()) * (self.first - self.last);
            let at = self.place(area);
            place = whole(at).clamp(1, i128::from(self.count));
            let near = float(place);
            if near - at <= self.sure || area >= self.area(near + 0.5) - self.height(near) {
                break;
            }
        }
        u64::try_from(place - 1).unwrap_or(0)
    }

    fn height(&self, at: f64) -> f64 {
        libm::exp(-self.exponent * libm::log(at))
    }

    /// The integral of `height`, but for a constant.
    fn area(&self, to: f64) -> f64 {
        let log = libm::log(to);
        let x = (1.0 - self.exponent) * log;
        let near = 1.0 + x * 0.5 * (1.0 + x / 3.0 * (1.0 + 0.25 * x));
        log * if x.abs() > 1e-8 { libm::expm1(x) / x } else { near }
    }

    /// The inverse of `area`.
    fn place(&self, area: f64) -> f64 {
        let x = (area * (1.0 - self.exponent)).max(-1.0);
        let near = 1.0 - x * (0.5 - x * (1.0 / 3.0 - 0.25 * x));
        libm::exp(area * if x.abs() > 1e-8 { libm::log1p(x) / x } else { near })
    }
}

/// Returns 1 / place^exponent in 2^-32, at least 1: how much a place weighs.
#[must_use]
pub fn weight(place: u64, exponent: f64) -> u64 {
    let share = libm::exp(-exponent * libm::log(float(i128::from(place.max(1)))));
    u64::try_from(whole(share * 4_294_967_296.0)).unwrap_or(1).max(1)
}

/// How likely each value between bounds is.
pub(super) enum Law {
    /// All alike.
    Even,
    /// The bell; in units of a finer scale, so many digits behind those of the bounds.
    Normal { mean: i128, deviation: i128, finer: u32 },
    /// A multiple of the median, in units, whose logarithm is normal.
    LogNormal { median: f64, sigma: f64 },
    /// The first most often.
    Zipf(Zipf),
}

/// How a number of units is written.
pub(super) enum Form {
    /// A decimal of so many digits behind the point.
    Number(u32),
    /// A day; units are days since 1970.
    Day,
    /// A moment, perhaps with its zone; units are seconds since 1970.
    Moment { zone: bool },
    /// One of these.
    Listed(Vec<Box<[u8]>>),
}

/// Values of a distribution.
pub(super) struct Spread {
    pub(super) law: Law,
    pub(super) form: Form,
    pub(super) low: i128,
    pub(super) high: i128,
}

/// Shorthand of techniques.
pub(super) fn refusal(
    what: impl Into<crate::error::Message>,
    hint: impl Into<crate::error::Message>,
) -> Refusal {
    Refusal { what: what.into(), hint: Some(hint.into()) }
}

/// Returns a number of the rule.
pub(super) fn decimal(value: Option<&Value>) -> Option<Decimal> {
    value.and_then(Value::cell).and_then(|text| Decimal::parse(text.as_bytes()))
}

/// Returns a number of the rule as a fraction.
pub(super) fn fraction(value: Option<&Value>) -> Option<f64> {
    value.and_then(Value::cell)?.parse().ok()
}

/// Numbers with their scale: what a rule says, in units of the column's digits.
pub(super) struct Numbers {
    pub(super) scale: u32,
    pub(super) low: i128,
    pub(super) high: i128,
}

impl Numbers {
    /// Settles the bounds of numbers: those written, else the natural ones as far as the type holds them. `said` are the
    /// numbers that the rule is written with.
    ///
    /// # Errors
    /// The type holds no numbers, or not these.
    pub(super) fn new(
        cx: &Compile<'_>,
        name: &'static str,
        said: &[Decimal],
        within: Option<&Value>,
        natural: impl FnOnce(u32) -> Option<(i128, i128)>,
    ) -> Result<Self, Refusal> {
        let Some(holds) = Holds::by(cx.ty) else {
            return Err(refusal(
                message!("`{}` needs a column of numbers, or text that holds them", name),
                "dates take `between`; other types `pick`",
            ));
        };
        let ends = match within {
            Some(Value::Range(low, high)) => {
                let ends = [low, high].map(|end| Decimal::parse(end.as_bytes()));
                if let [Some(low), Some(high)] = ends {
                    Some((low, high))
                } else {
                    return Err(refusal(
                        message!("the bounds of `{}` are no numbers", name),
                        "write `1..5000`, or `0.50..99.95`",
                    ));
                }
            }
            _ => None,
        };
        let digits = said.iter().copied().chain(ends.iter().flat_map(|(low, high)| [*low, *high]));
        let scale = holds.scale.or_else(|| digits.map(|number| number.scale).max()).unwrap_or(0);
        let bounds = match ends {
            Some((low, high)) => low.exact_at(scale).zip(high.exact_at(scale)),
            None => natural(scale).map(|(low, high)| {
                let (least, most) = holds.bounds(scale).unwrap_or((low, high));
                (low.max(least), high.min(most))
            }),
        };
        let written = |units: i128| {
            let mut text = Vec::new();
            Decimal { units, scale }.append(&mut text);
            String::from_utf8(text).unwrap_or_default()
        };
        match bounds.filter(|(low, high)| low <= high) {
            Some((low, high))
                if constant::takes(cx.ty, &written(low)) && constant::takes(cx.ty, &written(high)) =>
            {
                Ok(Self { scale, low, high })
            }
            _ => Err(refusal(
                message!("the bounds of `{}` are none that the column's type holds", name),
                "write bounds within the type's range, with as few digits behind the point as it has: `within: 1..5000`",
            )),
        }
    }
}

impl Spread {
    /// Settles the days, or moments, between two.
    ///
    /// # Errors
    /// The type holds neither, or the ends are none.
    pub(super) fn times(cx: &Compile<'_>, low: &str, high: &str) -> Result<Self, Refusal> {
        let day = |text: &str| text.len() == 10 && calendar::parse(text.as_bytes()).is_some();
        let form = match cx.class() {
            TypeClass::Timestamp { zone } => Form::Moment { zone: *zone },
            TypeClass::Moment => Form::Moment { zone: false },
            class if (*class == TypeClass::Date || class.is_text()) && day(low) && day(high) => Form::Day,
            _ => {
                return Err(refusal(
                    "the bounds of `between` are none that the column's type holds",
                    "numbers take `between: 1..100`, dates `between: 2020-01-01..2025-12-31`",
                ));
            }
        };
        let moment = matches!(form, Form::Moment { .. });
        let ends = [(low, false), (high, true)].map(|(text, last)| match moment {
            true => seconds(text, last),
            false => civil::read(text.as_bytes()).map(i128::from),
        });
        let fits = |text: &str| constant::takes(cx.ty, text) || moment && day(text);
        match ends {
            [Some(low_units), Some(high_units)] if low_units <= high_units && fits(low) && fits(high) => {
                Ok(Self { law: Law::Even, form, low: low_units, high: high_units })
            }
            _ => Err(refusal(
                "the bounds of `between` are no two days or moments, the first before the second",
                "write `between: 2020-01-01..2025-12-31`",
            )),
        }
    }

    /// Draws a number of units.
    fn units(&self, chance: &mut Chance) -> i128 {
        for _ in 0..ATTEMPTS {
            let drawn = match &self.law {
                Law::Even => break,
                Law::Normal { mean, deviation, finer } => {
                    let exact = mean.saturating_add(times(*deviation, normal(chance.bits())));
                    let unit = power(*finer).unwrap_or(1);
                    (exact + unit / 2).div_euclid(unit)
                }
                Law::LogNormal { median, sigma } => {
                    let multiple = float(normal(chance.bits())) / 1_099_511_627_776.0;
                    whole(median * libm::exp(sigma * multiple))
                }
                Law::Zipf(law) => self.low.saturating_add(i128::from(law.draw(chance))),
            };
            if (self.low..=self.high).contains(&drawn) {
                return drawn;
            }
        }
        chance.even(self.low, self.high)
    }

    fn write(&self, lane: u64, out: &mut Vec<u8>) {
        let units = self.units(&mut Chance::new(lane));
        match &self.form {
            Form::Number(scale) => Decimal { units, scale: *scale }.append(out),
            Form::Day => civil::append(i64::try_from(units).unwrap_or(0), out),
            Form::Moment { zone } => {
                civil::append(i64::try_from(units.div_euclid(DAY)).unwrap_or(0), out);
                let second = units.rem_euclid(DAY);
                for (at, part) in [second / 3600, second / 60 % 60, second % 60].into_iter().enumerate() {
                    out.push(if at == 0 { b' ' } else { b':' });
                    let part = u8::try_from(part).unwrap_or(0);
                    out.extend_from_slice(&[b'0' + part / 10, b'0' + part % 10]);
                }
                if *zone {
                    out.extend_from_slice(b"+00");
                }
            }
            Form::Listed(values) => {
                let value = usize::try_from(units).ok().and_then(|at| values.get(at));
                out.extend_from_slice(value.map(AsRef::as_ref).unwrap_or_default());
            }
        }
    }

    /// Makes the technique of it.
    pub(super) fn compiled(self, cx: &Compile<'_>, kind: &'static str) -> Compiled {
        let (draw, mac, needs) = Draw::new(cx, kind);
        let mask = Box::new(Drawn { spread: self, draw, mac });
        Compiled { mask, needs, output: Output::Typed, uniqueness: Uniqueness::Lost }
    }
}

/// Reads a moment in seconds since 1970; a day alone is its first second, or its last.
fn seconds(text: &str, last: bool) -> Option<i128> {
    let stamp = calendar::parse(text.as_bytes())?;
    let days = i128::from(civil::to_days(stamp.year, stamp.month, stamp.day)) * DAY;
    if stamp.clock.is_none() {
        return Some(days + if last { DAY - 1 } else { 0 });
    }
    let mut parts = text.get(11..)?.split(':');
    let mut part = |most: i128| match parts.next() {
        None => Some(0),
        Some(digits) => digits.parse::<i128>().ok().filter(|n| (0..=most).contains(n)),
    };
    Some(days + part(23)? * 3600 + part(59)? * 60 + part(59)?)
}

/// Returns the bounds of a bell, in units.
pub(super) fn bell(mean: i128, deviation: i128, finer: u32) -> Option<(i128, i128)> {
    let unit = power(finer)?;
    let far = deviation.checked_mul(TAILS)?;
    Some((mean.checked_sub(far)?.div_euclid(unit), mean.checked_add(far)?.div_euclid(unit)))
}

/// Returns the bounds of a log-normal distribution, in units.
pub(super) fn tail(median: f64, sigma: f64) -> (i128, i128) {
    (0, whole(median * libm::exp(sigma * float(TAILS))).min(10_i128.pow(35)))
}

struct Drawn {
    spread: Spread,
    draw: Draw,
    mac: Mac,
}

impl Mask for Drawn {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let [lane, ..] = self.draw.lanes(cx.lanes);
        let start = out.len();
        self.spread.write(lane, out);
        if out.get(start..) == Some(field) { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let [lane, ..] = lanes(&self.mac.tag(&[b"placeholder", field]));
        self.spread.write(lane, out);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, columns_agree, compile, placeholder, ruled, run};

    fn drawn(rule: &str, ty: TypeClass, count: u32) -> Vec<String> {
        let compiled = compile(&Rule { ty, ..ruled(rule) }).expect("fits");
        (0..count).map(|n| run(&compiled, &format!("v{n}")).1).collect()
    }

    fn numbers(rule: &str, ty: TypeClass) -> Vec<f64> {
        drawn(rule, ty, 20_000).iter().map(|text| text.parse().expect("a number")).collect()
    }

    const MONEY: TypeClass = TypeClass::Numeric { precision: Some(8), scale: Some(2) };

    #[test]
    fn zipf_s_law_holds_for_any_count() {
        for (count, exponent) in [(1_u64, 1.0), (2, 1.0), (10, 1.0), (10, 0.5), (1000, 1.1), (50, 2.5)] {
            let law = Zipf::new(count, exponent);
            let mut chance = Chance::new(7);
            let mut seen = vec![0_u32; usize::try_from(count).expect("small")];
            for _ in 0..50_000 {
                seen[usize::try_from(law.draw(&mut chance)).expect("below count")] += 1;
            }
            let weights: Vec<f64> = (1..=count).map(|k| libm::pow(float(k.into()), -exponent)).collect();
            let all: f64 = weights.iter().sum();
            for (found, weight) in seen.iter().zip(weights).take(5) {
                let wanted = 50_000.0 * weight / all;
                assert!((f64::from(*found) - wanted).abs() < 4.0 * wanted.sqrt() + 1.0, "{count} {exponent}");
            }
        }
        // No count is too large.
        let law = Zipf::new(u64::MAX, 1.0);
        let mut chance = Chance::new(1);
        assert!((0..1000).map(|_| law.draw(&mut chance)).any(|place| place > 1 << 40));
    }

    #[test]
    fn numbers_are_spread_as_said() {
        let mut amounts = numbers("{lognormal: 40, sigma: 0.8, within: 1..5000}", MONEY);
        amounts.sort_by(f64::total_cmp);
        assert!((amounts[10_000] - 40.0).abs() < 1.5, "{}", amounts[10_000]);
        // Quantile of 0.975: 40 · e^(0.8 · 1.96).
        assert!((amounts[19_500] - 191.9).abs() < 15.0, "{}", amounts[19_500]);
        assert!(amounts[0] >= 1.0 && amounts[19_999] <= 5000.0);
        let lengths = numbers("{normal: 170, deviation: 9, within: 140..210}", TypeClass::SmallInt);
        let mean: f64 = lengths.iter().sum::<f64>() / 20_000.0;
        let variance: f64 = lengths.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        assert!((mean - 170.0).abs() < 0.4 && (variance - 81.0).abs() < 4.0, "{mean} {variance}");
        let stars = numbers("{normal: 3.8, deviation: 0.7, within: 1..5}", TypeClass::Integer);
        assert!(stars.iter().all(|n| (1.0..=5.0).contains(n) && n.fract() == 0.0));
        let even = numbers("{between: 0.05..0.95}", MONEY);
        let mean: f64 = even.iter().sum::<f64>() / 20_000.0;
        assert!((mean - 0.5).abs() < 0.01 && even.contains(&0.05) && even.contains(&0.95), "{mean}");
    }

    #[test]
    fn days_and_moments_lie_between() {
        let days = drawn("{between: 2024-02-27..2024-03-01}", TypeClass::Date, 200);
        let known = ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"];
        assert!(days.iter().all(|day| known.contains(&day.as_str())) && days.contains(&"2024-02-29".into()));
        let zone = TypeClass::Timestamp { zone: true };
        let moments = drawn("{between: 2024-02-29..2024-02-29}", zone, 200);
        assert!(moments.iter().all(|at| at.starts_with("2024-02-29 ") && at.ends_with("+00")));
        let plain = TypeClass::Timestamp { zone: false };
        let hour = seconds("2024-02-29 08:30", false).zip(seconds("2024-02-29 08:30:00", true));
        assert!(hour.is_some_and(|(a, b)| a == b && a % DAY == 8 * 3600 + 1800));
        assert!(drawn("{between: 2024-02-29..2024-03-01}", plain, 200).iter().all(|at| at.len() == 19));
    }

    #[test]
    fn what_the_type_does_not_hold_is_refused() {
        for (rule, ty, fits) in [
            ("{between: 1..40000}", TypeClass::SmallInt, false),
            ("{between: 1..40000}", TypeClass::Integer, true),
            ("{between: 0.5..1}", TypeClass::Integer, false),
            ("{between: 1..9}", TypeClass::Date, false),
            ("{between: 2020-01-01..2020-02-30}", TypeClass::Date, false),
            ("{between: 2020-02-01..2020-01-01}", TypeClass::Date, false),
            ("{between: 2020-01-01..2020-02-01}", TypeClass::Integer, false),
            ("{between: 2020-01-01..2020-02-01}", TypeClass::Text { max_chars: Some(10) }, true),
            ("{between: 2020-01-01..2020-02-01}", TypeClass::Text { max_chars: Some(9) }, false),
            ("{between: 1..1000}", TypeClass::Text { max_chars: Some(3) }, false),
            ("{between: 1..9}", TypeClass::Boolean, false),
            ("{normal: 10, deviation: 2}", TypeClass::Date, false),
            ("{normal: 10}", TypeClass::Integer, false),
            ("{normal: 10, deviation: 0}", TypeClass::Integer, false),
            ("{normal: 10, deviation: 2}", TypeClass::Integer, true),
            ("{lognormal: 0, sigma: 1}", TypeClass::Integer, false),
            ("{lognormal: 10}", TypeClass::Integer, false),
            ("{lognormal: 10, sigma: 1}", TypeClass::Integer, true),
            ("{zipf: 1..9}", TypeClass::Integer, true),
            ("{zipf: 0.5..9}", MONEY, false),
            ("{zipf: [a, b]}", TypeClass::Integer, false),
            ("{zipf: [a, b]}", TypeClass::Text { max_chars: None }, true),
            ("{zipf: [a, b], exponent: 0}", TypeClass::Text { max_chars: None }, false),
        ] {
            let compiled = compile(&Rule { ty: ty.clone(), ..ruled(rule) });
            assert_eq!(compiled.is_some(), fits, "{rule} on {ty:?}");
        }
    }

    #[test]
    fn placeholders_and_columns_are_alike() {
        for rule in
            ["{between: 1..9}", "{normal: 5, deviation: 1}", "{lognormal: 5, sigma: 1}", "{zipf: [a, b]}"]
        {
            assert!(placeholder(&ruled(rule), "x").is_some_and(|text| !text.is_empty()));
            let values = ["x", "", "y"].map(|value| Some(value.to_owned()));
            columns_agree(&ruled(rule), &[values.as_slice(), &[None]].concat());
        }
    }

    #[test]
    fn weights_fall_with_the_place() {
        assert_eq!(weight(1, 1.0), 1 << 32);
        assert_eq!(weight(2, 1.0), 1 << 31);
        assert_eq!(weight(u64::MAX, 8.0), 1);
    }
}
