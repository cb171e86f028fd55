//! `fill`: what `policy: unlisted: fill` gives a column that no rule names. NULL where it may stand; nothing (`''`) in
//! text that refuses NULL; else the least telling value of the type: 0, false, 1970-01-01, the first of an enumeration.
//!
//! Class: suppression. Not written in profiles, so not in the list of techniques. Refuses types that it knows no value of.

use super::{
    Class, Compile, Compiled, Reaches, Refusal, Reversibility, Takes, TechniqueSpec, Value, constant,
    suppress,
};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;

/// The declaration.
pub static SPEC: TechniqueSpec = TechniqueSpec {
    name: "fill",
    class: Class::Suppression,
    summary: "removes the value of a column that no rule names",
    preserves: "nothing; NULL and empty stay as they are",
    attacker: "nothing, with or without the key",
    reversibility: Reversibility::None,
    reaches: Reaches::Nobody("there is no value"),
    argument: Takes::Nothing,
    bare: true,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[],
    compile,
};

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if !cx.not_null || cx.class().is_text() {
        return (suppress::SPEC.compile)(cx);
    }
    let Some(text) = value(cx.class()) else {
        return Err(Refusal {
            what: "no rule names this column, it refuses NULL, and no constant of its type is known".into(),
            hint: Some("give it a rule".into()),
        });
    };
    let value = Value::Text(text);
    (constant::SPEC.compile)(&Compile { argument: Some(&value), options: &[], ..*cx })
}

/// Returns a value of a type that tells nothing.
fn value(class: &TypeClass) -> Option<String> {
    Some(match class {
        TypeClass::SmallInt
        | TypeClass::Integer
        | TypeClass::BigInt
        | TypeClass::Numeric { .. }
        | TypeClass::Float { .. } => "0".to_owned(),
        TypeClass::Boolean => "f".to_owned(),
        TypeClass::Uuid => "00000000-0000-0000-0000-000000000000".to_owned(),
        TypeClass::Date => "1970-01-01".to_owned(),
        TypeClass::Timestamp { zone: false } => "1970-01-01 00:00:00".to_owned(),
        // Midnight of the first day is what MySQL reads as no date.
        TypeClass::Moment => "1970-01-02 00:00:00".to_owned(),
        TypeClass::Timestamp { zone: true } => "1970-01-01 00:00:00+00".to_owned(),
        TypeClass::Time | TypeClass::Interval => "00:00:00".to_owned(),
        TypeClass::Json | TypeClass::Array(_) => "{}".to_owned(),
        TypeClass::Inet => "0.0.0.0".to_owned(),
        TypeClass::Enum(labels) => labels.first()?.clone(),
        TypeClass::Unknown | TypeClass::Text { .. } | TypeClass::Char { .. } | TypeClass::CiText => {
            String::new()
        }
        TypeClass::Bytes | TypeClass::Other => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Outcome;
    use crate::mask::testing::{Rule, one_of};

    #[test]
    fn a_value_of_every_type() {
        let labels: std::sync::Arc<[String]> = ["new".to_owned(), "paid".to_owned()].into();
        for (ty, wanted) in [
            (TypeClass::Integer, "0"),
            (TypeClass::Numeric { precision: Some(2), scale: Some(2) }, "0"),
            (TypeClass::Boolean, "f"),
            (TypeClass::Date, "1970-01-01"),
            (TypeClass::Timestamp { zone: true }, "1970-01-01 00:00:00+00"),
            (TypeClass::Timestamp { zone: false }, "1970-01-01 00:00:00"),
            (TypeClass::Time, "00:00:00"),
            (TypeClass::Json, "{}"),
            (TypeClass::Inet, "0.0.0.0"),
            (TypeClass::Enum(labels), "new"),
            (TypeClass::Text { max_chars: Some(1) }, ""),
        ] {
            let rule = |not_null| Rule { ty: ty.clone(), not_null, ..Rule::new("suppress", None) };
            assert_eq!(one_of(&SPEC, &rule(true), "x"), Some((Outcome::Masked, wanted.to_owned())), "{ty:?}");
            assert_eq!(one_of(&SPEC, &rule(false), "x"), Some((Outcome::Null, String::new())), "{ty:?}");
        }
        let other = Rule { ty: TypeClass::Other, not_null: true, ..Rule::new("suppress", None) };
        assert_eq!(one_of(&SPEC, &other, "x"), None);
    }
}
