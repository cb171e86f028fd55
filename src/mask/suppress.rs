//! `suppress`: the value is removed. NULL; where the column refuses NULL, what is empty of its type: nothing (`''`) in
//! text, `{}` in json and arrays.
//!
//! Class: suppression. Preserves that a value was there only where an empty one stands for it; an attacker learns nothing
//! of it. `suppress` on `call back after six` gives NULL. Refuses types that take neither NULL nor an empty value.

use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, Outcome, Output, Reaches, Refusal, Reversibility,
    Takes, TechniqueSpec, Uniqueness,
};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "suppress",
    class: Class::Suppression,
    summary: "removes the value: NULL; where the column refuses that, empty text, json or array",
    preserves: "nothing; NULL and empty stay as they are",
    attacker: "nothing, with or without the key",
    reversibility: Reversibility::None,
    reaches: Reaches::Nobody("there is no value"),
    argument: Takes::Nothing,
    bare: true,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[Example { rule: "suppress", input: "call back after six", output: "" }],
    compile,
};

/// Leaves NULL, or this.
struct Suppress(Option<&'static [u8]>);

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let empty: Option<&'static [u8]> = match cx.class() {
        _ if !cx.not_null => None,
        TypeClass::Json | TypeClass::Array(_) => Some(b"{}"),
        class if class.is_text() => Some(b""),
        _ => {
            return Err(Refusal {
                what: "the column refuses NULL and its type has no empty value, so it cannot be suppressed"
                    .into(),
                hint: Some("write `constant: VALUE` with a value of the type".into()),
            });
        }
    };
    let output = if empty.is_some_and(|value| !value.is_empty()) { Output::Typed } else { Output::Nothing };
    let mask = Box::new(Suppress(empty));
    Ok(Compiled { mask, needs: Needs::Nothing, output, uniqueness: Uniqueness::Lost })
}

impl Mask for Suppress {
    fn mask(&self, _: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let Some(empty) = self.0 else { return Outcome::Null };
        out.extend_from_slice(empty);
        Outcome::Masked
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        let empty = self.0.unwrap_or_default();
        out.extend_from_slice(empty);
        !empty.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one};

    #[test]
    fn null_or_empty_or_refused() {
        let rule = Rule::new("suppress", None);
        assert_eq!(one(&rule, "x"), Some((Outcome::Null, String::new())));
        let not_null = Rule { not_null: true, ..rule };
        assert_eq!(one(&not_null, "x"), Some((Outcome::Masked, String::new())));
        for ty in [TypeClass::Json, TypeClass::Array(Box::new(TypeClass::Date))] {
            let rule = |not_null| Rule { ty: ty.clone(), not_null, ..Rule::new("suppress", None) };
            assert_eq!(one(&rule(true), "x"), Some((Outcome::Masked, "{}".to_owned())));
            assert_eq!(one(&rule(false), "x"), Some((Outcome::Null, String::new())));
        }
        for ty in
            [TypeClass::Integer, TypeClass::Date, TypeClass::Bytes, TypeClass::Boolean, TypeClass::Other]
        {
            assert!(
                one(&Rule { ty: ty.clone(), not_null: true, ..Rule::new("suppress", None) }, "x").is_none()
            );
            assert!(one(&Rule { ty, ..Rule::new("suppress", None) }, "x").is_some());
        }
    }
}
