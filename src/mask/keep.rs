//! `keep`: the value stays, for a reason that the profile names.
//!
//! Class: none. Preserves everything; an attacker sees the value. `{keep: workflow}` on `paid` gives `paid`.
//! Refuses to stand without a reason. That passwords, tokens and keys cannot be kept is checked by the plan, which
//! also copies kept columns raw: this code runs only where a value is decoded anyway.

use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, Outcome, Output, Reaches, Refusal, Reversibility,
    Takes, TechniqueSpec, Uniqueness,
};
use crate::row::canon::Canon;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "keep",
    class: Class::None,
    summary: "keeps the value, for a reason that the profile names",
    preserves: "everything",
    attacker: "sees the value, without a key",
    reversibility: Reversibility::Open,
    reaches: Reaches::Possibly("it is the value itself"),
    argument: Takes::Reason,
    bare: false,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[Example { rule: "{keep: workflow}", input: "paid", output: "paid" }],
    compile,
};

struct Keep;

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if cx.argument.is_none() {
        return Err(Refusal {
            what: "`keep` needs the name of a reason".into(),
            hint: Some("write `keep: REASON` and say it under `reasons:`".into()),
        });
    }
    Ok(Compiled {
        mask: Box::new(Keep),
        needs: Needs::Nothing,
        output: Output::Same,
        uniqueness: Uniqueness::Kept,
    })
}

impl Mask for Keep {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        out.extend_from_slice(field);
        Outcome::Equal
    }

    fn placeholder(&self, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one};

    #[test]
    fn needs_a_reason() {
        assert_eq!(one(&Rule::new("keep", Some("workflow")), "a\tb"), Some((Outcome::Equal, "a\tb".into())));
        assert!(one(&Rule::new("keep", None), "x").is_none());
    }
}
