//! `lognormal`: a number above zero with a long tail: amounts, lengths of stay, sizes of files.
//!
//! Class: randomisation. Preserves type and that a value was there; with `by:` or a subject one draw a subject, else one a
//! value. An attacker learns nothing of the value but, where the value itself decides, which rows had the same one.
//! `{lognormal: 40, sigma: 0.8}` on `12.50` gives a number: half of them below 40, one of forty above 190. NULL and '' stay.
//! Refuses columns of other types than numbers, and bounds that the type does not hold.

use super::decimal::power;
use super::spread::{Form, Law, Numbers, Spread, decimal, fraction, refusal, tail};
use super::{
    Class, Compile, Compiled, Example, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec,
};
use crate::row::canon::Canon;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "lognormal",
    class: Class::Randomisation,
    summary: "replaces every value by a number above zero with a long tail, as amounts have",
    preserves: "type, that a value was there; one draw a value, or a subject",
    attacker: "which rows had the same value, where the value itself decides; nothing of the value",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("any number can stand in another row"),
    argument: Takes::Number,
    bare: false,
    options: &[
        OptionSpec {
            name: "sigma",
            takes: Takes::Number,
            help: "how long the tail is, from above 0 to 10: the deviation of the logarithm; amounts have 0.5 to 1.5",
        },
        OptionSpec {
            name: "within",
            takes: Takes::Range,
            help: "bounds: what lies beyond them is drawn again",
        },
    ],
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[Example {
        rule: "{lognormal: 40.00, sigma: 0.8, within: 1..5000}",
        input: "12.50",
        output: "63.35",
    }],
    compile,
};

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let known = (decimal(cx.argument), fraction(cx.argument), fraction(cx.option("sigma")));
    let (Some(number), Some(median), Some(sigma)) = known else {
        return Err(refusal(
            "`lognormal` needs a median and a `sigma`",
            "write `{lognormal: 40, sigma: 0.8, within: 1..5000}`",
        ));
    };
    if !(median > 0.0 && sigma > 0.0 && sigma <= 10.0) {
        return Err(refusal(
            "`lognormal` takes a median above zero and a `sigma` from above 0 to 10",
            "write `{lognormal: 40, sigma: 0.8, within: 1..5000}`",
        ));
    }
    let units = |scale: u32| power(scale).map(|unit| median * super::spread::float(unit));
    let natural = |scale: u32| Some(tail(units(scale)?, sigma));
    let numbers = Numbers::new(cx, "lognormal", &[number], cx.option("within"), natural)?;
    let Numbers { scale, low, high } = numbers;
    let median = units(scale).ok_or_else(|| {
        refusal("the numbers of `lognormal` have too many digits", "write fewer digits behind the point")
    })?;
    Ok(Spread { law: Law::LogNormal { median, sigma }, form: Form::Number(scale), low, high }
        .compiled(cx, "lognormal"))
}
