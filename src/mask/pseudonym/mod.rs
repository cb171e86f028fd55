//! `pseudonym`: a keyed bijection on the value's own form. An integer becomes an integer, a UUID a UUID, a BSN a BSN;
//! distinct values stay distinct, nothing maps to itself, and the same value in any spelling, column type or file is
//! the same stand-in.
//!
//! Class: pseudonymisation. Preserves uniqueness, joins, sign and size class of integers, version and variant of
//! UUIDs, separators and case. Without the key an attacker sees equality and (by the size class) roughly how large an
//! id is; with the key every value is got back. `{pseudonym: bsn}` on an invented `111222333` gives a valid BSN.
//! Refuses types that do not hold the form; a value without the form is unfit, never passed.

mod bsn;
mod integer;
mod uuid;

use std::fmt;

use super::{
    Class, Compile, Compiled, Example, OptionSpec, Output, Reaches, Refusal, Reversibility, Takes,
    TechniqueSpec, Uniqueness, Value,
};
use crate::message;
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Purpose};

/// The kinds.
const KINDS: &[&str] = &["integer", "uuid", "bsn"];

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "pseudonym",
    class: Class::Pseudonymisation,
    summary: "replaces a number or identifier by another of the same form, one to one, under the key",
    preserves: "uniqueness, joins, form (sign and size class, version and variant, separators and case)",
    attacker: "without the key: which values are equal, and the size class of an integer; with the key: every value",
    reversibility: Reversibility::Key,
    reaches: Reaches::Possibly("a valid number of the kind: it can be one that is issued"),
    argument: Takes::OneOf(KINDS),
    bare: false,
    options: &[OptionSpec {
        name: "within",
        takes: Takes::OneOf(&["smallint", "integer", "bigint"]),
        help: "the narrowest integer type that holds the attribute (`pseudonym: integer` only); larger values are unfit",
    }],
    identifying: |_, _| true,
    canon: |argument, _| match argument.and_then(Value::text) {
        Some("integer") => Canon::Integer,
        Some("uuid") => Canon::Uuid,
        Some("bsn") => Canon::Bsn,
        _ => Canon::Bytes,
    },
    examples: &[
        Example { rule: "{pseudonym: integer}", input: "42", output: "1756231400" },
        Example { rule: "{pseudonym: integer}", input: "007", output: "1687627784" },
        Example { rule: "{pseudonym: integer}", input: "-9007199254740993", output: "-5340560978842695278" },
        Example { rule: "{pseudonym: integer, within: smallint}", input: "7", output: "19507" },
        Example {
            rule: "{pseudonym: uuid}",
            input: "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
            output: "{E665C3F6-225C-4539-825E-D617820285A5}",
        },
        Example { rule: "{pseudonym: bsn}", input: "1112.22.333", output: "8963.70.410" },
    ],
    compile,
};

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let kind = cx.argument.and_then(Value::text).unwrap_or_default();
    if cx.option("within").is_some() && kind != "integer" {
        return Err(refusal("`within` belongs to `pseudonym: integer`"));
    }
    match kind {
        "integer" => integer::compile(cx),
        "uuid" => uuid::compile(cx),
        "bsn" => bsn::compile(cx),
        _ => Err(refusal_with("`pseudonym` needs a kind", "write `pseudonym: integer`, `uuid` or `bsn`")),
    }
}

fn refusal(what: &'static str) -> Refusal {
    Refusal { what: what.into(), hint: None }
}

fn refusal_with(what: &'static str, hint: &'static str) -> Refusal {
    Refusal { what: what.into(), hint: Some(hint.into()) }
}

/// An FF1 or table that could not be made: constants of ours are wrong.
fn no_permutation() -> Refusal {
    refusal("the permutation could not be prepared (a fault of this program)")
}

/// Checks that text has room for `chars` characters; other types are checked by their class.
fn room(cx: &Compile<'_>, chars: u32, hint: &'static str) -> Result<(), Refusal> {
    match cx.class().max_chars() {
        Some(max) if max < chars => Err(Refusal {
            what: message!("the stand-ins have up to {} characters, the column takes {}", chars, max),
            hint: Some(hint.into()),
        }),
        _ => Ok(()),
    }
}

/// What all kinds return: they key by themselves.
fn compiled(mask: impl super::Mask + 'static, output: Output) -> Compiled {
    Compiled { mask: Box::new(mask), needs: super::Needs::Nothing, output, uniqueness: Uniqueness::Kept }
}

/// The type class that an output stands for, where the column is no integer.
fn integer_or_text(class: &TypeClass, max_chars: Option<u32>) -> Output {
    if class.is_text() && *class != TypeClass::Unknown { Output::Text { max_chars } } else { Output::Integer }
}

/// The MAC of placeholders and tables.
fn mac(cx: &Compile<'_>) -> Mac {
    cx.schedule.mac(Purpose::Fpe, cx.label)
}

/// A lane that only this value has, for a placeholder.
fn placeholder_lane(mac: &Mac, field: &[u8]) -> u64 {
    crate::secret::lanes(&mac.tag(&[b"placeholder", field]))[0]
}

/// Decimal digits on the stack.
struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    /// Writes a number with at least `least` digits, at most 20.
    fn new(number: u64, least: usize) -> Self {
        let mut decimal = Self { digits: [b'0'; 20], start: 0 };
        let mut buffer = itoa::Buffer::new();
        let text = buffer.format(number).as_bytes();
        decimal.start = decimal.digits.len().saturating_sub(text.len().max(least));
        for (place, digit) in decimal.digits.iter_mut().rev().zip(text.iter().rev()) {
            *place = *digit;
        }
        decimal
    }

    fn as_slice(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<digits>")
    }
}
