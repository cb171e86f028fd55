//! `suppress`: the value is removed. NULL; in text that refuses NULL, nothing (`''`).
//!
//! Class: suppression. Preserves that a value was there only where '' stands for it; an attacker learns nothing of
//! it. `suppress` on `call back after six` gives NULL. Refuses types that take neither NULL nor ''.

use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, Outcome, Output, Reaches, Refusal, Reversibility,
    Takes, TechniqueSpec, Uniqueness,
};
use crate::row::canon::Canon;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "suppress",
    class: Class::Suppression,
    summary: "removes the value: NULL, or empty text where the column refuses NULL",
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

struct Suppress {
    outcome: Outcome,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let outcome = match (cx.not_null, cx.class().is_text()) {
        (false, _) => Outcome::Null,
        (true, true) => Outcome::Masked,
        (true, false) => {
            return Err(Refusal {
                what: "the column refuses NULL and its type has no empty value, so it cannot be suppressed"
                    .into(),
                hint: Some("write `constant: VALUE` with a value of the type".into()),
            });
        }
    };
    Ok(Compiled {
        mask: Box::new(Suppress { outcome }),
        needs: Needs::Nothing,
        output: Output::Nothing,
        uniqueness: Uniqueness::Lost,
    })
}

impl Mask for Suppress {
    fn mask(&self, _: &[u8], _: &MaskCx<'_>, _: &mut Vec<u8>) -> Outcome {
        self.outcome
    }

    fn placeholder(&self, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one};
    use crate::row::shape::TypeClass;

    #[test]
    fn null_or_empty_or_refused() {
        let rule = Rule::new("suppress", None);
        assert_eq!(one(&rule, "x"), Some((Outcome::Null, String::new())));
        let not_null = Rule { not_null: true, ..rule };
        assert_eq!(one(&not_null, "x"), Some((Outcome::Masked, String::new())));
        for ty in [TypeClass::Integer, TypeClass::Date, TypeClass::Json, TypeClass::Other] {
            assert!(
                one(&Rule { ty: ty.clone(), not_null: true, ..Rule::new("suppress", None) }, "x").is_none()
            );
            assert!(one(&Rule { ty, ..Rule::new("suppress", None) }, "x").is_some());
        }
    }
}
