//! `between`: a value between two, each as likely: numbers, days, moments.
//!
//! Class: randomisation. Preserves type and that a value was there; with `by:` or a subject one draw a subject, else one a
//! value. An attacker learns nothing of the value but, where the value itself decides, which rows had the same one.
//! `{between: 1..100}` on `7` gives a number of 1 to 100. NULL and '' stay. Refuses bounds that the column's type does not
//! hold.

use super::decimal::Decimal;
use super::spread::{Form, Law, Numbers, Spread, refusal};
use super::{
    Class, Compile, Compiled, Example, Reaches, Refusal, Reversibility, Takes, TechniqueSpec, Value,
};
use crate::row::canon::Canon;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "between",
    class: Class::Randomisation,
    summary: "replaces every value by one between two, each as likely: numbers, dates, timestamps",
    preserves: "type, that a value was there; one draw a value, or a subject",
    attacker: "which rows had the same value, where the value itself decides; nothing of the value",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("any value between the bounds can stand in another row"),
    argument: Takes::Range,
    bare: false,
    options: &[],
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{between: 1..100}", input: "7", output: "22" },
        Example { rule: "{between: 2020-01-01..2025-12-31}", input: "1999-07-01", output: "2020-01-04" },
    ],
    compile,
};

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(range @ Value::Range(low, high)) = cx.argument else {
        return Err(refusal("`between` takes two bounds", "write `between: 1..100`"));
    };
    let number = |text: &str| Decimal::parse(text.as_bytes()).is_some();
    let spread = if number(low) && number(high) {
        let Numbers { scale, low, high } = Numbers::new(cx, "between", &[], Some(range), |_| None)?;
        Spread { law: Law::Even, form: Form::Number(scale), low, high }
    } else {
        Spread::times(cx, low, high)?
    };
    Ok(spread.compiled(cx, "between"))
}
