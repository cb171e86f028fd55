//! `perturb`: noise added to a number: uniform, Gaussian or Laplace, of an absolute amount or a share of the value. The
//! digits behind the point stay as many, whole numbers stay whole, the sign stays unless the rule says otherwise.
//!
//! Class: randomisation. Preserves type, scale, sign, rough size, means and sums roughly; loses uniqueness and order of
//! near values. An attacker without the key learns the value to within the noise; with the key, who knows what decides
//! the noise and guesses the value can test the guess. `{perturb: 10%}` on `120.00` gives a value from `108.00` to `132.00`.
//! The noise is decided by the value, together with the subject or `by:` where said, so equal values of one subject stay
//! equal and their differences tell nothing. What is no decimal of at most 36 digits is unfit. Refuses other types than
//! numbers and bounds that the type does not hold. This noise is no differential privacy: it is the same in every run.

use super::decimal::{Decimal, Holds, power};
use super::noise::{Spread, noise};
use super::{
    Class, Compile, Compiled, Decider, Example, Mask, MaskCx, Needs, OptionSpec, Outcome, Output, Reaches,
    Refusal, Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::error::Message;
use crate::message;
use crate::row::canon::Canon;
use crate::secret::{Mac, Purpose, lanes};

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "perturb",
    class: Class::Randomisation,
    summary: "adds noise to numbers: an amount, or a share of the value",
    preserves: "type, digits behind the point, sign, rough size; sums and means roughly; not order of near values",
    attacker: "the value to within the noise; with the key, a guessed value can be tested",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what comes out can stand in another row"),
    argument: Takes::Amount,
    bare: false,
    options: &[
        OptionSpec {
            name: "distribution",
            takes: Takes::OneOf(&["uniform", "gaussian", "laplace"]),
            help: "how noise is spread: up to the amount either way (uniform, the default), with the amount as standard \
                   deviation, or as Laplace's scale",
        },
        OptionSpec {
            name: "tails",
            takes: Takes::Integer { min: 2, max: 8 },
            help: "gaussian and laplace noise ends at so many amounts (4)",
        },
        OptionSpec {
            name: "min",
            takes: Takes::Number,
            help: "nothing comes out below; what would is mirrored",
        },
        OptionSpec {
            name: "max",
            takes: Takes::Number,
            help: "nothing comes out above; what would is mirrored",
        },
        OptionSpec {
            name: "sign",
            takes: Takes::OneOf(&["keep", "free"]),
            help: "whether noise may carry a value over zero; `keep` is the default",
        },
    ],
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{perturb: 10%}", input: "120.00", output: "131.26" },
        Example { rule: "{perturb: 5, min: 0, max: 100}", input: "98", output: "99" },
        Example {
            rule: "{perturb: 1000, distribution: laplace, sign: free}",
            input: "-250.5",
            output: "340.8",
        },
    ],
    compile,
};

/// How large the noise is.
enum Amount {
    /// In units of the value.
    Absolute(Decimal),
    /// A share: this, of a hundred.
    Share(Decimal),
}

struct Perturb {
    amount: Amount,
    spread: Spread,
    tails: i128,
    min: Option<Decimal>,
    max: Option<Decimal>,
    free: bool,
    holds: Holds,
    /// Significant digits that a binary fraction gets at least, so that there is room for noise.
    digits: u32,
    mac: Mac,
}

/// Amounts stay below this, so that eight of them and a value fit 128 bits.
const MOST: i128 = 10_i128.pow(36);

fn refusal(what: impl Into<Message>, hint: impl Into<Message>) -> Refusal {
    Refusal { what: what.into(), hint: Some(hint.into()) }
}

fn decimal(value: Option<&Value>) -> Option<Decimal> {
    value.and_then(Value::cell).and_then(|text| Decimal::parse(text.as_bytes()))
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(holds) = Holds::by(cx.ty) else {
        return Err(refusal(
            "`perturb` needs a column of numbers, or text that holds them",
            "dates take `shift`; other types `pick` or `suppress`",
        ));
    };
    let positive = |text: &str| Decimal::parse(text.as_bytes()).filter(|number| number.units > 0);
    let amount = match cx.argument {
        Some(Value::Percent(share)) => positive(share).map(Amount::Share),
        Some(Value::Number(number)) => positive(number).map(Amount::Absolute),
        _ => None,
    };
    let Some(amount) = amount else {
        return Err(refusal("`perturb` takes an amount above zero", "write `perturb: 10%`, or `perturb: 5`"));
    };
    let (min, max) = (decimal(cx.option("min")), decimal(cx.option("max")));
    let said = [min, max, if let Amount::Absolute(number) = amount { Some(number) } else { None }];
    if !said.into_iter().flatten().all(|number| holds.takes(number)) {
        return Err(refusal(
            "a number of the rule is none that the column's type holds",
            "write numbers within the type's range, with as few digits behind the point as it has",
        ));
    }
    if let (Some(min), Some(max)) = (min, max)
        && !min.compare(max).is_some_and(std::cmp::Ordering::is_lt)
    {
        return Err(refusal("`min` is not below `max`", "write `{perturb: 5, min: 0, max: 100}`"));
    }
    let spread = match cx.option("distribution").and_then(Value::text) {
        Some("gaussian") => Spread::Gaussian,
        Some("laplace") => Spread::Laplace,
        _ => Spread::Uniform,
    };
    let tails = cx.option("tails");
    if tails.is_some() && spread == Spread::Uniform {
        let hint = "leave it out, or add `distribution: gaussian`";
        return Err(refusal(message!("uniform noise has no `{}`", "tails"), hint));
    }
    let tails = if let Some(Value::Integer(tails)) = tails { i128::from(*tails) } else { 4 };
    let mac = cx.schedule.mac(Purpose::Noise, cx.label);
    let needs = match cx.decider {
        Decider::Subject => Needs::Subject { high: false },
        Decider::Value => Needs::Value { canon: Canon::Bytes, mac: mac.clone() },
    };
    let free = cx.option("sign").and_then(Value::text) == Some("free");
    let digits = if holds.float { 6 } else { 0 };
    let mask = Perturb { amount, spread, tails, min, max, free, holds, digits, mac };
    Ok(Compiled { mask: Box::new(mask), needs, output: Output::Typed, uniqueness: Uniqueness::Lost })
}

impl Perturb {
    /// Gives a binary fraction as many digits as noise needs.
    fn widened(&self, number: Decimal) -> Option<Decimal> {
        let size = number.units.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
        let scale = number.scale + self.digits.saturating_sub(size);
        Some(Decimal { units: number.floor_at(scale)?, scale })
    }

    /// Returns the amount in units of the value: at least one, but for a share of zero.
    fn amount(&self, number: Decimal) -> Option<i128> {
        let amount = match self.amount {
            Amount::Absolute(amount) => match amount.exact_at(number.scale) {
                Some(units) => units,
                // Rounded down, so that the amount is not passed.
                None => amount.floor_at(number.scale)?,
            }
            .max(1),
            Amount::Share(share) => {
                let whole = number.units.checked_abs()?.checked_mul(share.units)?;
                let part = power(share.scale + 2)?;
                (whole / part).max(i128::from(number.units != 0))
            }
        };
        (amount <= MOST).then_some(amount)
    }

    /// Returns the least and the largest that may come out.
    fn range(&self, number: Decimal) -> Option<(i128, i128)> {
        let (mut low, mut high) = self.holds.bounds(number.scale).unwrap_or((-10 * MOST, 10 * MOST));
        if let Some(min) = self.min {
            // Rounded up: a bound is never passed.
            low = low.max(-Decimal { units: -min.units, ..min }.floor_at(number.scale)?);
        }
        if let Some(max) = self.max {
            high = high.min(max.floor_at(number.scale)?);
        }
        if !self.free && number.units >= 0 && high >= 0 {
            low = low.max(0);
        }
        if !self.free && number.units < 0 && low <= 0 {
            high = high.min(0);
        }
        (low <= high).then_some((low, high))
    }

    fn perturbed(&self, number: Decimal, lanes: [u64; 4]) -> Option<Decimal> {
        let number = self.widened(number)?;
        let (low, high) = self.range(number)?;
        let noise = noise(self.spread, lanes, self.amount(number)?, self.tails);
        let moved = number.units.clamp(low, high).checked_add(noise)?;
        let mirrored = match moved {
            n if n < low => low.checked_add(low.checked_sub(n)?)?,
            n if n > high => high.checked_sub(n.checked_sub(high)?)?,
            n => n,
        };
        Some(Decimal { units: mirrored.clamp(low, high), scale: number.scale })
    }
}

impl Mask for Perturb {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let end = field.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
        let value = field.get(..end).unwrap_or_default();
        let Some(number) = Decimal::parse(value).filter(|n| self.holds.takes(*n)) else {
            return Outcome::Unfit;
        };
        let mut decides = [0; 32];
        for (to, lane) in decides.as_chunks_mut::<8>().0.iter_mut().zip(cx.lanes.0) {
            *to = lane.to_be_bytes();
        }
        let drawn = lanes(&self.mac.tag(&[b"noise", &decides, value]));
        let Some(moved) = self.perturbed(number, drawn) else { return Outcome::Unfit };
        let start = out.len();
        moved.append(out);
        if out.get(start..) == Some(field) { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let drawn = lanes(&self.mac.tag(&[b"placeholder", field]));
        let (units, scale) = match self.amount {
            Amount::Absolute(amount) => (amount.units, amount.scale),
            Amount::Share(_) => (100, 0),
        };
        // About as large as the noise, on the side that the bounds allow.
        let least = self.min.and_then(|min| min.floor_at(scale)).unwrap_or_default();
        let size = units.unsigned_abs().min(1 << 60);
        let drawn = (u128::from(drawn[0]) * size) >> 64;
        let units = least.saturating_add(i128::try_from(drawn).unwrap_or_default());
        let number = Decimal { units, scale };
        let Some((low, high)) = self.range(number) else { return false };
        Decimal { units: units.clamp(low, high), scale }.append(out);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mask::testing::{Rule, columns_agree, compile, placeholder, ruled, run};
    use crate::row::shape::TypeClass;

    fn numeric(precision: u32, scale: i32) -> TypeClass {
        TypeClass::Numeric { precision: Some(precision), scale: Some(scale) }
    }

    fn units(text: &str, scale: u32) -> i128 {
        Decimal::parse(text.as_bytes()).unwrap().exact_at(scale).unwrap()
    }

    #[test]
    fn nasty_38_unsigned_types_take_nothing_below_zero() {
        for (ty, spelled) in [
            (TypeClass::Integer, "int unsigned"),
            (numeric(5, 0), "decimal(5) unsigned"),
            (TypeClass::Float { single: false }, "double unsigned"),
        ] {
            let rule = Rule { ty, spelled, ..ruled("{perturb: 100, sign: free}") };
            let compiled = compile(&rule).unwrap();
            for n in 0..200 {
                let (outcome, text) = run(&compiled, &n.to_string());
                assert!(!text.starts_with('-') && outcome != Outcome::Unfit, "{spelled}: {text}");
            }
            assert!(compile(&Rule { ..ruled("{perturb: 5, min: -5}") }).is_some());
            let below = Rule { ty: rule.ty.clone(), spelled, ..ruled("{perturb: 5, min: -5}") };
            assert!(compile(&below).is_none());
            for rule in ["{generalise: {steps: [-10, 10]}}", "{generalise: {width: 10, bottom: -5}}"] {
                assert!(compile(&Rule { ty: below.ty.clone(), spelled, ..ruled(rule) }).is_none(), "{rule}");
            }
        }
    }

    #[test]
    fn the_mean_of_noise_is_near_zero() {
        for rule in [
            "{perturb: 10%}",
            "{perturb: 10}",
            "{perturb: 10, distribution: gaussian}",
            "{perturb: 10, distribution: laplace}",
        ] {
            let compiled = compile(&Rule { ty: numeric(9, 2), ..ruled(rule) }).unwrap();
            let mut sum = 0;
            for n in 0..100_000_i128 {
                let value = 1_000_000 + n;
                let text = format!("{}.{:02}", value / 100, value % 100);
                sum += units(&run(&compiled, &text).1, 2) - value;
            }
            // In cents: ten percent of about 10,000.00, or 10.00.
            let amount = if rule.contains('%') { 100_000 } else { 1000 };
            assert!(sum.abs() < amount * 1500, "{rule}: {sum}");
        }
    }

    #[test]
    fn nasty_38_numbers_of_all_types() {
        for (rule, ty, value, low, high) in [
            ("{perturb: 10%}", numeric(5, 2), "120.00", "108.00", "132.00"),
            ("{perturb: 10%}", numeric(5, 2), "999.99", "899.99", "999.99"),
            ("{perturb: 50%}", TypeClass::SmallInt, "32767", "16384", "32767"),
            ("{perturb: 50%}", TypeClass::SmallInt, "-32768", "-32768", "-16384"),
            (
                "{perturb: 50%}",
                TypeClass::BigInt,
                "9223372036854775807",
                "4611686018427387904",
                "9223372036854775807",
            ),
            ("{perturb: 5}", TypeClass::Integer, "2", "0", "7"),
            ("{perturb: 5}", TypeClass::Integer, "-2", "-7", "0"),
            ("{perturb: 5, sign: free}", TypeClass::Integer, "2", "-3", "7"),
            ("{perturb: 5, min: 0, max: 4}", TypeClass::Integer, "2", "0", "4"),
            ("{perturb: 5, min: 18}", TypeClass::Integer, "-40", "18", "23"),
            ("{perturb: 5, max: -18}", TypeClass::Integer, "40", "-23", "-18"),
            ("{perturb: 1%}", TypeClass::Integer, "3", "2", "4"),
            ("{perturb: 10%}", TypeClass::Integer, "0", "0", "0"),
            (
                "{perturb: 10%}",
                numeric(38, 10),
                "9007199254740993.0000000001",
                "8106479329266893.7000000000",
                "9907919180215092.3000000002",
            ),
            ("{perturb: 10%}", TypeClass::Float { single: false }, "1.5e+02", "135.000", "165.000"),
            ("{perturb: 0.5}", TypeClass::Unknown, "7", "6", "8"),
            ("{perturb: 2, distribution: laplace, tails: 2}", TypeClass::Integer, "100", "96", "104"),
            ("{perturb: 2, distribution: gaussian, tails: 3}", TypeClass::Integer, "100", "94", "106"),
        ] {
            let lowest = Decimal::parse(low.as_bytes()).unwrap();
            let highest = Decimal::parse(high.as_bytes()).unwrap();
            let scale = lowest.scale;
            let mut reached = (i128::MAX, i128::MIN);
            for seed in 0..400 {
                let compiled = compile(&Rule { ty: ty.clone(), ..ruled(rule) }).unwrap();
                let lanes = crate::mask::Lanes([seed; 8]);
                let mut out = Vec::new();
                let outcome = compiled.mask.mask(value.as_bytes(), &MaskCx { lanes: &lanes }, &mut out);
                assert!(matches!(outcome, Outcome::Masked | Outcome::Equal), "{rule} of {value}");
                let found = Decimal::parse(&out).unwrap();
                assert_eq!(found.scale, scale, "{rule} of {value}: {}", String::from_utf8_lossy(&out));
                assert!(
                    (lowest.units..=highest.units).contains(&found.units),
                    "{rule} of {value}: {}",
                    found.units
                );
                reached = (reached.0.min(found.units), reached.1.max(found.units));
            }
            let span = highest.units - lowest.units;
            assert!(reached.1 - reached.0 >= span * 8 / 10, "{rule} of {value}: {reached:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_unfit() {
        for (ty, value) in [
            (TypeClass::Integer, "1.5"),
            (TypeClass::Integer, "NaN"),
            (numeric(38, 10), "NaN"),
            (TypeClass::Float { single: true }, "Infinity"),
            (TypeClass::Float { single: false }, "1e400"),
            (TypeClass::Unknown, "12 euro"),
            (TypeClass::Unknown, "1,5"),
            (TypeClass::SmallInt, "40000"),
        ] {
            let rule = Rule { ty, ..ruled("{perturb: 10%}") };
            assert_eq!(run(&compile(&rule).unwrap(), value).0, Outcome::Unfit, "{value}");
            let text = placeholder(&rule, value).unwrap();
            assert!(rule_takes(&rule, &text), "{text}");
        }
    }

    fn rule_takes(rule: &Rule<'_>, text: &str) -> bool {
        Decimal::parse(text.as_bytes()).is_some_and(|number| Holds::of(&rule.ty).unwrap().takes(number))
    }

    #[test]
    fn placeholders_keep_to_the_bounds() {
        for (rule, low, high) in
            [("{perturb: 5, min: 18, max: 20}", 18, 20), ("{perturb: 5, max: -3}", -100, -3)]
        {
            for n in 0..50 {
                let text =
                    placeholder(&Rule { ty: TypeClass::SmallInt, ..ruled(rule) }, &format!("x{n}")).unwrap();
                assert!((low..=high).contains(&text.parse::<i32>().unwrap()), "{rule}: {text}");
            }
        }
    }

    #[test]
    fn what_does_not_go_is_refused() {
        for (rule, ty) in [
            ("{perturb: 10%}", TypeClass::Date),
            ("{perturb: 10%}", TypeClass::Boolean),
            ("{perturb: 0.5}", TypeClass::Integer),
            ("{perturb: 0.005}", numeric(5, 2)),
            ("{perturb: 40000}", TypeClass::SmallInt),
            ("{perturb: 5, min: 9, max: 9}", TypeClass::Integer),
            ("{perturb: 5, max: 1000}", numeric(5, 2)),
            ("{perturb: 5, tails: 3}", TypeClass::Integer),
        ] {
            assert!(compile(&Rule { ty: ty.clone(), ..ruled(rule) }).is_none(), "{rule} on {ty:?}");
        }
    }

    #[test]
    fn columns_agree_with_values() {
        let values = ["120", "", "x", "-3.50"].map(|value| Some(value.to_owned()));
        columns_agree(&ruled("{perturb: 10%}"), &[values.as_slice(), &[None]].concat());
    }

    proptest! {
        /// Any number of the type becomes a number of the type, of the same sign and as many digits behind the point.
        #[test]
        fn any_number_stays_of_its_type(units in -99_999_i64..=99_999, share in 1_u32..500, seed in any::<u64>()) {
            let ty = numeric(5, 2);
            let text = format!("{}{}.{:02}", if units < 0 { "-" } else { "" }, units.abs() / 100, units.abs() % 100);
            for spread in ["uniform", "gaussian", "laplace"] {
                let rule = Rule { ty: ty.clone(), ..ruled(&format!("{{perturb: {share}%, distribution: {spread}}}")) };
                let compiled = compile(&rule).unwrap();
                let mut out = Vec::new();
                let lanes = crate::mask::Lanes([seed; 8]);
                compiled.mask.mask(text.as_bytes(), &MaskCx { lanes: &lanes }, &mut out);
                let found = Decimal::parse(&out).unwrap();
                prop_assert!(Holds::of(&ty).unwrap().takes(found) && found.scale == 2);
                prop_assert!(found.units.signum() * i128::from(units.signum()) >= 0);
            }
        }
    }
}
