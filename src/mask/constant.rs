//! `constant`: every value becomes the one that the profile gives. NULL and '' stay.
//!
//! Class: suppression. Preserves that a value was there; an attacker learns no more. `{constant: "-"}` on `Dial 12`
//! gives `-`. Refuses a constant that is no value of the column's type, or is too long for it.

use std::net::IpAddr;

use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, Outcome, Output, Reaches, Refusal, Reversibility,
    Takes, TechniqueSpec, Uniqueness, Value, calendar,
};
use crate::message;
use crate::row::canon::{Canon, parse_integer, parse_uuid};
use crate::row::shape::{ColumnType, TypeClass};

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
    let class = cx.class();
    let Some(text) = cx.argument.and_then(|value| written(class, value)) else {
        return Err(Refusal {
            what: "`constant` needs one value".into(),
            hint: Some("write `constant: VALUE`".into()),
        });
    };
    if !takes(cx.ty, &text) {
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

/// Returns a scalar of the profile as a column of that type holds it; `None` if it is no scalar.
pub(super) fn written(class: &TypeClass, value: &Value) -> Option<String> {
    match (class, value) {
        // As PostgreSQL prints it, so that the column looks alike.
        (TypeClass::Boolean, Value::Boolean(boolean)) => Some(if *boolean { "t" } else { "f" }.to_owned()),
        _ => value.cell(),
    }
}

/// Returns the key of a map of the profile as a column of that type holds it.
pub(super) fn keyed(class: &TypeClass, key: &str) -> String {
    match (class, key) {
        (TypeClass::Boolean, "true") => "t".to_owned(),
        (TypeClass::Boolean, "false") => "f".to_owned(),
        _ => key.to_owned(),
    }
}

/// Returns whether a column takes a text, as far as this program knows its type: a value of the class, and none of those that
/// the type itself refuses.
pub(super) fn takes(ty: &ColumnType, text: &str) -> bool {
    let narrow = match &ty.class {
        class
            if class.is_integer() || matches!(class, TypeClass::Numeric { .. } | TypeClass::Float { .. }) =>
        {
            !ty.is_unsigned() || !text.starts_with('-')
        }
        TypeClass::Inet => network(&ty.text, text),
        // Its text would hold NUL, which PostgreSQL's has not.
        TypeClass::Json => !text.contains("\\u0000"),
        _ => true,
    };
    narrow && fits(&ty.class, text)
}

/// Returns whether an address is one that `cidr`, or MariaDB's `inet4` and `inet6`, take.
fn network(ty: &str, text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    match (ty.rsplit('.').next().unwrap_or_default(), address.parse(), bits) {
        ("inet4", Ok(address), bits) => IpAddr::is_ipv4(&address) && bits.is_none(),
        ("inet6", Ok(address), bits) => IpAddr::is_ipv6(&address) && bits.is_none(),
        // Nothing stands right of the mask.
        ("cidr", Ok(IpAddr::V4(address)), Some(bits)) => {
            bits.parse().is_ok_and(|bits| address.to_bits().checked_shl(bits).unwrap_or(0) == 0)
        }
        ("cidr", Ok(IpAddr::V6(address)), Some(bits)) => {
            bits.parse().is_ok_and(|bits| address.to_bits().checked_shl(bits).unwrap_or(0) == 0)
        }
        (_, found, _) => found.is_ok(),
    }
}

/// Returns whether a text is a value of a type, as far as this program knows the type.
pub(super) fn fits(class: &TypeClass, text: &str) -> bool {
    match class {
        TypeClass::Unknown | TypeClass::CiText | TypeClass::Text { max_chars: None } => !text.contains('\0'),
        TypeClass::Text { max_chars: Some(max) } | TypeClass::Char { chars: max } => {
            !text.contains('\0') && u32::try_from(text.chars().count()).is_ok_and(|len| len <= *max)
        }
        TypeClass::SmallInt => text.parse::<i16>().is_ok(),
        TypeClass::Integer => text.parse::<i32>().is_ok(),
        TypeClass::BigInt => text.parse::<i64>().is_ok(),
        TypeClass::Numeric { precision, scale } => numeric(text, *precision, *scale),
        TypeClass::Float { single } => float(text, *single),
        TypeClass::Boolean => matches!(text, "t" | "f" | "true" | "false"),
        TypeClass::Uuid => parse_uuid(text.as_bytes()).is_some() && !text.contains(':'),
        TypeClass::Date => calendar::parse(text.as_bytes()).is_some_and(|stamp| stamp.clock.is_none()),
        TypeClass::Timestamp { zone } => calendar::parse(text.as_bytes())
            .is_some_and(|stamp| stamp.clock.is_none_or(|clock| *zone || clock.zone.is_empty())),
        TypeClass::Moment => calendar::parse(text.as_bytes()).is_some_and(|stamp| {
            stamp.clock.is_none_or(|clock| clock.zone.is_empty())
                && ("1970-01-02".."2038-01-18").contains(&text)
                && stamp.year < 10_000
        }),
        TypeClass::Json => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        TypeClass::Bytes => text
            .strip_prefix("\\x")
            .is_some_and(|hex| hex.len() % 2 == 0 && hex.bytes().all(|b| b.is_ascii_hexdigit())),
        TypeClass::Inet => inet(text),
        TypeClass::Enum(labels) => labels.iter().any(|label| label == text),
        TypeClass::Time | TypeClass::Interval => text.parse::<jiff::civil::Time>().is_ok(),
        TypeClass::Array(of) => array(of, text),
        // The server knows: what is no value of the type does not load. A NOT NULL column has no other way out.
        TypeClass::Other => !text.is_empty() && !text.contains('\0'),
    }
}

/// Reads a binary fraction that is neither too large for its type nor so small that it would be zero.
fn float(text: &str, single: bool) -> bool {
    let Ok(number) = text.parse::<f64>() else { return false };
    let (least, most) =
        if single { (f64::from(f32::MIN_POSITIVE), f64::from(f32::MAX)) } else { (0.0, f64::MAX) };
    number == 0.0 || (least..=most).contains(&number.abs())
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

/// Reads an array of one dimension whose elements need no quotes.
fn array(of: &TypeClass, text: &str) -> bool {
    let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return false };
    let plain = |element: &str| {
        let bare =
            !element.is_empty() && !element.contains(['{', '}', '"', '\\']) && element.trim() == element;
        bare && (element.eq_ignore_ascii_case("null") || fits(of, element))
    };
    inner.is_empty() || inner.split(',').all(plain)
}

/// Reads an address, perhaps with the bits of its network.
fn inet(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
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
    fn nasty_40_the_constant_is_none_that_the_very_type_refuses() {
        let numeric = TypeClass::Numeric { precision: Some(5), scale: Some(2) };
        let float = |single| TypeClass::Float { single };
        for (ty, spelled, value, fits) in [
            (TypeClass::Integer, "int unsigned", "-5", false),
            (TypeClass::Integer, "int unsigned", "5", true),
            (TypeClass::Integer, "int", "-5", true),
            (numeric, "decimal(5,2) unsigned", "-0.5", false),
            (float(true), "float unsigned", "-1", false),
            (float(true), "real", "1e39", false),
            (float(true), "real", "1e-60", false),
            (float(true), "real", "0.0", true),
            (float(false), "double precision", "1e39", true),
            (TypeClass::Moment, "timestamp", "1969-01-01 00:00:00", false),
            (TypeClass::Moment, "timestamp", "1970-01-01 00:00:00", false),
            (TypeClass::Moment, "timestamp", "2037-01-01 00:00:00", true),
            (TypeClass::Moment, "timestamp", "2039-01-01 00:00:00", false),
            (TypeClass::Moment, "timestamp", "20000-01-01 00:00:00", false),
            (TypeClass::Timestamp { zone: false }, "timestamp", "1969-01-01 00:00:00", true),
            (TypeClass::Timestamp { zone: false }, "timestamp", "300000-01-01 00:00:00", false),
            (TypeClass::Date, "date", "4714-01-01 BC", false),
            (TypeClass::Date, "date", "4714-11-24 BC", true),
            (TypeClass::Inet, "inet", "10.0.0.1/8", true),
            (TypeClass::Inet, "cidr", "10.0.0.1/8", false),
            (TypeClass::Inet, "cidr", "10.0.0.0/8", true),
            (TypeClass::Inet, "cidr", "10.0.0.1", true),
            (TypeClass::Inet, "pg_catalog.cidr", "fd00::1/32", false),
            (TypeClass::Inet, "cidr", "::/0", true),
            (TypeClass::Inet, "inet4", "fd00::1", false),
            (TypeClass::Inet, "inet4", "10.0.0.0/8", false),
            (TypeClass::Inet, "inet6", "10.0.0.1", false),
            (TypeClass::Inet, "inet6", "fd00::1", true),
            (TypeClass::Json, "jsonb", r#"{"a": "\u0000"}"#, false),
        ] {
            let rule = Rule { ty, spelled, ..Rule::new("constant", Some(value)) };
            assert_eq!(one(&rule, "x").is_some(), fits, "{value} in {spelled}");
            let list = format!("[{value}]");
            let rule = Rule { argument: Some(&list), technique: "pick", ..rule };
            assert_eq!(one(&rule, "x").is_some(), fits, "{value} of {spelled}");
        }
    }

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
            (TypeClass::Array(Box::new(TypeClass::Integer)), "{1,NULL,-3}", true),
            (TypeClass::Array(Box::new(TypeClass::Integer)), "{1,}", false),
            (TypeClass::Array(Box::new(TypeClass::Integer)), "{{1}}", false),
            (TypeClass::Array(Box::new(TypeClass::Integer)), "1", false),
            (TypeClass::Array(Box::new(TypeClass::Date)), "{2023-02-29}", false),
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
