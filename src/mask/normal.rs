//! `normal`: a number near a mean, as the bell has them: lengths, weights, temperatures, grades.
//!
//! Class: randomisation. Preserves type and that a value was there; with `by:` or a subject one draw a subject, else one a
//! value. An attacker learns nothing of the value but, where the value itself decides, which rows had the same one.
//! `{normal: 170, deviation: 9}` on `183` gives a number, most often of 161 to 179. NULL and '' stay. Refuses columns of
//! other types than numbers, and bounds that the type does not hold.

use super::decimal::power;
use super::spread::{Form, Law, Numbers, Spread, bell, decimal, refusal};
use super::{
    Class, Compile, Compiled, Example, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec,
};
use crate::row::canon::Canon;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "normal",
    class: Class::Randomisation,
    summary: "replaces every value by a number near a mean, normally distributed",
    preserves: "type, that a value was there; one draw a value, or a subject",
    attacker: "which rows had the same value, where the value itself decides; nothing of the value",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("any number can stand in another row"),
    argument: Takes::Number,
    bare: false,
    options: &[
        OptionSpec { name: "deviation", takes: Takes::Number, help: "the standard deviation, above zero" },
        OptionSpec {
            name: "within",
            takes: Takes::Range,
            help: "bounds: what lies beyond them is drawn again; else they are eight deviations away",
        },
    ],
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{normal: 170, deviation: 9, within: 140..210}", input: "183", output: "169" },
        Example { rule: "{normal: 36.80, deviation: 0.40}", input: "37.20", output: "37.05" },
    ],
    compile,
};

/// Digits that are computed with behind those that are written.
const FINER: u32 = 3;

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let (Some(mean), Some(deviation)) = (decimal(cx.argument), decimal(cx.option("deviation"))) else {
        return Err(refusal(
            "`normal` needs a mean and a `deviation`",
            "write `{normal: 170, deviation: 9, within: 140..210}`",
        ));
    };
    if deviation.units <= 0 {
        return Err(refusal("the `deviation` of `normal` is not above zero", "write `deviation: 9`"));
    }
    // Fine enough for the numbers of the rule, whatever the column has.
    let finer = |scale: u32| mean.scale.max(deviation.scale).saturating_sub(scale) + FINER;
    let units = |scale: u32| {
        let scale = scale + finer(scale);
        let (mean, deviation) = (mean.exact_at(scale)?, deviation.exact_at(scale)?);
        let most = power(36)?;
        (mean.abs() < most && deviation < most).then_some((mean, deviation))
    };
    let natural = |scale: u32| {
        let (mean, deviation) = units(scale)?;
        bell(mean, deviation, finer(scale))
    };
    let numbers = Numbers::new(cx, "normal", &[mean, deviation], cx.option("within"), natural)?;
    let Numbers { scale, low, high } = numbers;
    let (mean, deviation) = units(scale).ok_or_else(|| {
        refusal("the numbers of `normal` have too many digits", "write fewer digits behind the point")
    })?;
    let law = Law::Normal { mean, deviation, finer: finer(scale) };
    Ok(Spread { law, form: Form::Number(scale), low, high }.compiled(cx, "normal"))
}
