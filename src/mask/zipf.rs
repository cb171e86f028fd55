//! `zipf`: one of a list or of a range of whole numbers, the first most often, as things are popular: the k-th in
//! proportion to 1 / k^exponent.
//!
//! Class: randomisation. Preserves type and that a value was there; with `by:` or a subject one choice a subject, else one
//! a value. An attacker learns nothing of the value but, where the value itself decides, which rows had the same one.
//! `{zipf: [web, shop, phone]}` on `mail` gives one of the three. NULL and '' stay. Refuses a value that is none of the
//! column's type.

use super::spread::{Form, Law, Numbers, Spread, Zipf, fraction, refusal};
use super::{
    Class, Compile, Compiled, Example, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec,
    Value, constant,
};
use crate::row::canon::Canon;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "zipf",
    class: Class::Randomisation,
    summary: "replaces every value by one of a list or range, the first most often (Zipf's law)",
    preserves: "type, that a value was there; one choice a value, or a subject",
    attacker: "which rows had the same value, where the value itself decides; nothing of the value",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("what the profile's author wrote"),
    argument: Takes::RangeOrList,
    bare: false,
    options: &[OptionSpec {
        name: "exponent",
        takes: Takes::Number,
        help: "how much more often the first comes, from above 0 to 10; 1 unless said: the second half as often",
    }],
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{zipf: [web, shop, phone]}", input: "mail", output: "web" },
        Example { rule: "{zipf: 1..1000, exponent: 1.2}", input: "77", output: "75" },
    ],
    compile,
};

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let exponent = if cx.option("exponent").is_some() { fraction(cx.option("exponent")) } else { Some(1.0) };
    let Some(exponent) = exponent.filter(|exponent| *exponent > 0.0 && *exponent <= 10.0) else {
        return Err(refusal(
            "the `exponent` of `zipf` is a number from above 0 to 10",
            "write `{zipf: 1..1000, exponent: 1.1}`",
        ));
    };
    let hint = "write `zipf: [a, b, c]`, or `zipf: 1..1000`; values as the database prints them";
    let (form, low, high) = match cx.argument {
        Some(Value::List(values)) => {
            let mut listed = Vec::with_capacity(values.len());
            for value in values {
                let text = constant::written(cx.class(), value);
                let Some(text) = text.filter(|text| !text.is_empty() && constant::takes(cx.ty, text)) else {
                    return Err(refusal(
                        "a value of `zipf` is no value of the column's type, or too long for it",
                        hint,
                    ));
                };
                listed.push(text.into_bytes().into());
            }
            let last = i128::try_from(listed.len()).unwrap_or(0) - 1;
            (Form::Listed(listed), 0, last)
        }
        Some(range @ Value::Range(low, high)) if ![low, high].iter().any(|end| end.contains('.')) => {
            // A place is a whole number also where the column has digits behind the point.
            let Numbers { scale, low, high } = Numbers::new(cx, "zipf", &[], Some(range), |_| None)?;
            if scale > 0 {
                return Err(refusal("`zipf` needs a column of whole numbers", "write a list of values"));
            }
            (Form::Number(0), low, high)
        }
        _ => return Err(refusal("`zipf` chooses from values, or from a range of whole numbers", hint)),
    };
    let count = u64::try_from(high.abs_diff(low)).unwrap_or(u64::MAX).saturating_add(1);
    if high < low {
        return Err(refusal("`zipf` needs values to choose from", hint));
    }
    Ok(Spread { law: Law::Zipf(Zipf::new(count, exponent)), form, low, high }.compiled(cx, "zipf"))
}
