//! `constant`: every value becomes the one that the profile gives. NULL and '' stay.
//!
//! Class: suppression. Preserves that a value was there; an attacker learns no more. `{constant: "-"}` on `Dial 12`
//! gives `-`. Refuses a constant that is no value of the column's type, or is too long for it.

use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, Outcome, Output, Reaches, Refusal, Reversibility,
    Takes, TechniqueSpec, Uniqueness, Value, calendar,
};
use crate::message;
use crate::row::canon::{Canon, parse_integer, parse_uuid};
use crate::row::shape::TypeClass;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "constant",
    class: Class::Suppression,
    summary: "replaces every value by one that the profile gives; NULL and empty stay",
    preserves: "that a value was there",
    attacker: "that a value was there, with or without the key",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("what the profile's author wrote"),
    argument: Takes::Scalar,
    bare: false,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{constant: removed}", input: "call back after six", output: "removed" },
        Example { rule: "{constant: 0}", input: "1200", output: "0" },
    ],
    compile,
};

struct Constant(Vec<u8>);

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(text) = cx.argument.and_then(Value::cell) else {
        return Err(Refusal {
            what: "`constant` needs one value".into(),
            hint: Some("write `constant: VALUE`".into()),
        });
    };
    let class = cx.class();
    let text = match (class, cx.argument) {
        // As PostgreSQL prints it, so that the column looks alike.
        (TypeClass::Boolean, Some(Value::Boolean(boolean))) => if *boolean { "t" } else { "f" }.to_owned(),
        _ => text,
    };
    if !fits(class, &text) {
        let what = match class.max_chars() {
            Some(max) => message!("the constant is longer than the column's {} characters", max),
            None => "the constant is no value of the column's type".into(),
        };
        return Err(Refusal {
            what,
            hint: Some("write a value of the type, as the database prints it".into()),
        });
    }
    Ok(Compiled {
        mask: Box::new(Constant(text.into_bytes())),
        needs: Needs::Nothing,
        output: Output::Typed,
        uniqueness: Uniqueness::Lost,
    })
}

/// Returns whether a text is a value of a type, as far as this program knows the type.
fn fits(class: &TypeClass, text: &str) -> bool {
    match class {
        TypeClass::Unknown | TypeClass::CiText | TypeClass::Text { max_chars: None } => !text.contains('\0'),
        TypeClass::Text { max_chars: Some(max) } | TypeClass::Char { chars: max } => {
            !text.contains('\0') && u32::try_from(text.chars().count()).is_ok_and(|len| len <= *max)
        }
        TypeClass::SmallInt => text.parse::<i16>().is_ok(),
        TypeClass::Integer => text.parse::<i32>().is_ok(),
        TypeClass::BigInt => text.parse::<i64>().is_ok(),
        TypeClass::Numeric { precision, scale } => numeric(text, *precision, *scale),
        TypeClass::Float { .. } => text.parse::<f64>().is_ok_and(f64::is_finite),
        TypeClass::Boolean => matches!(text, "t" | "f" | "true" | "false"),
        TypeClass::Uuid => parse_uuid(text.as_bytes()).is_some() && !text.contains(':'),
        TypeClass::Date => calendar::parse(text.as_bytes()).is_some_and(|stamp| stamp.clock.is_none()),
        TypeClass::Timestamp { zone } => calendar::parse(text.as_bytes())
            .is_some_and(|stamp| stamp.clock.is_none_or(|clock| *zone || clock.zone.is_empty())),
        TypeClass::Json => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        TypeClass::Bytes => text
            .strip_prefix("\\x")
            .is_some_and(|hex| hex.len() % 2 == 0 && hex.bytes().all(|b| b.is_ascii_hexdigit())),
        TypeClass::Inet => inet(text),
        TypeClass::Enum(labels) => labels.iter().any(|label| label == text),
        TypeClass::Time | TypeClass::Interval => text.parse::<jiff::civil::Time>().is_ok(),
        TypeClass::Array(_) => text == "{}",
        // The server knows: what is no value of the type does not load. A NOT NULL column has no other way out.
        TypeClass::Other => !text.is_empty() && !text.contains('\0'),
    }
}

/// Reads `[-]digits[.digits]` that fits precision and scale without rounding.
fn numeric(text: &str, precision: Option<u32>, scale: Option<i32>) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let Some((_, digits)) = parse_integer(whole.as_bytes()) else { return false };
    if whole.contains(char::is_whitespace)
        || fraction.is_empty()
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return false;
    }
    let Some(precision) = precision else { return true };
    let scale = i64::from(scale.unwrap_or(0));
    let whole_len = if digits == b"0" { 0 } else { i64::try_from(digits.len()).unwrap_or(i64::MAX) };
    let fraction_len = i64::try_from(fraction.trim_end_matches('0').len()).unwrap_or(i64::MAX);
    whole_len <= i64::from(precision) - scale && fraction_len <= scale.max(0)
}

/// Reads an address, perhaps with the bits of its network.
fn inet(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

impl Mask for Constant {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        out.extend_from_slice(&self.0);
        if field == self.0 { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(&self.0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one};

    #[test]
    fn nasty_40_the_constant_is_a_value_of_the_type() {
        let text = |n| TypeClass::Text { max_chars: Some(n) };
        for (ty, value, fits) in [
            (text(3), "\u{e9}\u{e9}\u{e9}", true),
            (text(3), "abcd", false),
            (TypeClass::Char { chars: 2 }, "NL", true),
            (TypeClass::SmallInt, "32768", false),
            (TypeClass::Integer, "-2147483648", true),
            (TypeClass::Integer, "1.5", false),
            (TypeClass::Boolean, "true", true),
            (TypeClass::Boolean, "maybe", false),
            (TypeClass::Date, "2000-01-01", true),
            (TypeClass::Date, "2000-02-30", false),
            (TypeClass::Date, "2000-01-01 10:00", false),
            (TypeClass::Timestamp { zone: false }, "2000-01-01 10:00:00+01", false),
            (TypeClass::Timestamp { zone: true }, "2000-01-01 10:00:00+01", true),
            (TypeClass::Uuid, "00000000-0000-0000-0000-000000000000", true),
            (TypeClass::Uuid, "0000", false),
            (TypeClass::Numeric { precision: Some(4), scale: Some(2) }, "99.99", true),
            (TypeClass::Numeric { precision: Some(4), scale: Some(2) }, "100", false),
            (TypeClass::Numeric { precision: Some(4), scale: Some(2) }, "1.005", false),
            (TypeClass::Json, "{}", true),
            (TypeClass::Json, "{", false),
            (TypeClass::Bytes, "\\x00ff", true),
            (TypeClass::Bytes, "00ff", false),
            (TypeClass::Inet, "192.0.2.1/24", true),
            (TypeClass::Inet, "192.0.2.1/33", false),
            (TypeClass::Enum(vec!["a".to_owned()].into()), "a", true),
            (TypeClass::Enum(vec!["a".to_owned()].into()), "b", false),
            (TypeClass::Other, "x", true),
            (TypeClass::Time, "00:00:00", true),
            (TypeClass::Time, "noon", false),
            (TypeClass::Interval, "00:00:00", true),
            (TypeClass::Array(Box::new(TypeClass::Integer)), "{}", true),
            (TypeClass::Array(Box::new(TypeClass::Integer)), "{x}", false),
        ] {
            let rule = Rule { ty, ..Rule::new("constant", Some(value)) };
            assert_eq!(one(&rule, "x").is_some(), fits, "{value} for {:?}", rule.ty);
        }
    }

    #[test]
    fn says_when_it_equals_the_value() {
        assert_eq!(one(&Rule::new("constant", Some("7")), "7"), Some((Outcome::Equal, "7".into())));
        assert_eq!(one(&Rule::new("constant", Some("7")), "8"), Some((Outcome::Masked, "7".into())));
    }
}
