//! `pick`: one of a list of values, each as likely, or as often as the profile says.
//!
//! Class: randomisation. Preserves type and that a value was there; with `by:` or a subject one choice a subject, else one
//! a value. An attacker learns nothing of the value but, where the value itself decides, which rows had the same one;
//! with the key nothing more. `{pick: [red, green]}` on `blue` gives one of both. NULL and '' stay. Refuses a value
//! that is none of the column's type.

use super::draw::Draw;
use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Outcome, Output, Reaches, Refusal, Reversibility, Takes,
    TechniqueSpec, Uniqueness, Value, constant,
};
use crate::row::canon::Canon;
use crate::secret::{Mac, lanes};

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "pick",
    class: Class::Randomisation,
    summary: "replaces every value by one of a list, each as often as the profile says",
    preserves: "type, that a value was there; one choice a value, or a subject",
    attacker: "which rows had the same value, where the value itself decides; nothing of the value",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("what the profile's author wrote"),
    argument: Takes::Choice,
    bare: false,
    options: &[],
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{pick: [red, green, blue]}", input: "crimson", output: "blue" },
        Example { rule: "{pick: {yes: 9, no: 1}}", input: "perhaps", output: "yes" },
    ],
    compile,
};

struct Pick {
    /// Each value, and where its share of `total` ends.
    choices: Vec<(u64, Box<[u8]>)>,
    total: u64,
    draw: Draw,
    mac: Mac,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let class = cx.class();
    let mut said: Vec<(Option<String>, u64)> = match cx.argument {
        Some(Value::List(values)) => {
            values.iter().map(|value| (constant::written(class, value), 1)).collect()
        }
        Some(Value::Map(entries)) => {
            let often = |value: &Value| {
                if let Value::Integer(n) = value { u64::try_from(*n).unwrap_or(1) } else { 1 }
            };
            entries.iter().map(|(text, value)| (Some(constant::keyed(class, text)), often(value))).collect()
        }
        _ => Vec::new(),
    };
    if matches!(cx.argument, Some(Value::Map(_))) {
        // The order of a map's keys says nothing.
        said.sort();
    }
    let mut total = 0;
    let mut choices = Vec::with_capacity(said.len());
    for (text, often) in said {
        let Some(text) = text.filter(|text| !text.is_empty() && constant::takes(cx.ty, text)) else {
            return Err(Refusal {
                what: "a value of `pick` is no value of the column's type, or too long for it".into(),
                hint: Some("write values of the type, as the database prints them".into()),
            });
        };
        total += often;
        choices.push((total, text.into_bytes().into()));
    }
    if choices.is_empty() {
        let hint = Some("write `pick: [a, b]`, or `pick: {a: 3, b: 1}`".into());
        return Err(Refusal { what: "`pick` needs values to choose from".into(), hint });
    }
    let (draw, mac, needs) = Draw::new(cx, "pick");
    let mask = Box::new(Pick { choices, total, draw, mac });
    Ok(Compiled { mask, needs, output: Output::Typed, uniqueness: Uniqueness::Lost })
}

impl Pick {
    fn choose(&self, lane: u64) -> &[u8] {
        let at = u64::try_from((u128::from(lane) * u128::from(self.total)) >> 64).unwrap_or_default();
        let index = self.choices.partition_point(|(end, _)| *end <= at);
        self.choices.get(index).map(|(_, value)| value.as_ref()).unwrap_or_default()
    }
}

impl Mask for Pick {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let [lane, ..] = self.draw.lanes(cx.lanes);
        let chosen = self.choose(lane);
        out.extend_from_slice(chosen);
        if chosen == field { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let [lane, ..] = lanes(&self.mac.tag(&[b"placeholder", field]));
        out.extend_from_slice(self.choose(lane));
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::mask::testing::{Rule, columns_agree, compile, one, placeholder, ruled, run};
    use crate::mask::{Decider, Needs};
    use crate::row::shape::TypeClass;

    #[test]
    fn shares_are_as_said() {
        for (rule, shares) in [
            ("{pick: [a, b, c, d]}", [("a", 25), ("b", 25), ("c", 25), ("d", 25)].as_slice()),
            ("{pick: {rare: 1, often: 9}}", &[("rare", 10), ("often", 90)]),
        ] {
            let compiled = compile(&ruled(rule)).unwrap();
            let mut seen: BTreeMap<String, i64> = BTreeMap::new();
            for n in 0..20_000 {
                *seen.entry(run(&compiled, &format!("value {n}")).1).or_default() += 1;
            }
            assert_eq!(seen.len(), shares.len());
            for (value, share) in shares {
                assert!((seen[*value] - share * 200).abs() < 200, "{rule}: {seen:?}");
            }
        }
    }

    #[test]
    fn the_order_of_shares_says_nothing() {
        let [a, b] =
            ["{pick: {a: 2, b: 3}}", "{pick: {b: 3, a: 2}}"].map(|rule| compile(&ruled(rule)).unwrap());
        for n in 0..200 {
            assert_eq!(run(&a, &n.to_string()), run(&b, &n.to_string()));
        }
    }

    #[test]
    fn every_value_is_one_of_the_type() {
        let labels = TypeClass::Enum(["new".to_owned(), "paid".to_owned()].into());
        for (rule, ty, fits) in [
            ("{pick: [1, 2]}", TypeClass::SmallInt, true),
            ("{pick: [1, 40000]}", TypeClass::SmallInt, false),
            ("{pick: {1: 2, 2: 1}}", TypeClass::Integer, true),
            ("{pick: [1.5, 2]}", TypeClass::Integer, false),
            ("{pick: [true, false]}", TypeClass::Boolean, true),
            ("{pick: {true: 1, false: 9}}", TypeClass::Boolean, true),
            ("{pick: [new, paid]}", labels.clone(), true),
            ("{pick: [new, sent]}", labels, false),
            ("{pick: [abc]}", TypeClass::Text { max_chars: Some(2) }, false),
            ("{pick: [2024-02-29]}", TypeClass::Date, true),
            ("{pick: [2023-02-29]}", TypeClass::Date, false),
        ] {
            let compiled = compile(&Rule { ty: ty.clone(), ..ruled(rule) });
            assert_eq!(compiled.is_some(), fits, "{rule} on {ty:?}");
            if let Some(compiled) = compiled {
                let (_, text) = run(&compiled, "x");
                assert!(constant::fits(&ty, &text));
            }
        }
    }

    #[test]
    fn equal_values_are_counted_and_placeholders_are_of_the_list() {
        assert_eq!(one(&ruled("{pick: [a]}"), "a"), Some((Outcome::Equal, "a".into())));
        assert_eq!(placeholder(&ruled("{pick: [a]}"), "x"), Some("a".into()));
        let by_subject = compile(&Rule { decider: Decider::Subject, ..ruled("{pick: [a, b]}") }).unwrap();
        assert!(matches!(by_subject.needs, Needs::Subject { high: true }));
        let values = ["x", "", "y"].map(|value| Some(value.to_owned()));
        columns_agree(&ruled("{pick: [a, b]}"), &[values.as_slice(), &[None]].concat());
    }
}
