//! `pseudonym`: a keyed bijection on the value's own form. Class: pseudonymisation. One file a kind or family of kinds;
//! `kind` is what those share that permute ranks.
//!
//! Preserves uniqueness, joins, NULL, and of the form: sign and size class of integers, version and variant of UUIDs,
//! length, separators and case, and of numbers that are issued their validity. Without the key an attacker sees
//! equality and what the form tells (how large an id is, the country of an account, the brand of a card); with the
//! key every value is got back. `{pseudonym: bsn}` on an invented `111222333` gives a valid BSN. Refuses types that do
//! not hold the form; a value without the form is unfit, never passed.

mod bsn;
mod hex;
mod iban;
mod integer;
mod ip;
mod kind;
mod phone;
mod scheme;
mod strings;
#[cfg(test)]
mod tests;
mod uuid;
mod within;

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
const KINDS: &[&str] = &[
    "integer",
    "digits",
    "alphanumeric",
    "text",
    "uuid",
    "hex",
    "bsn",
    "onderwijsnummer",
    "kvk",
    "vat",
    "rijksregister",
    "steuer_id",
    "kvnr",
    "nir",
    "nino",
    "ssn",
    "nhs",
    "iban",
    "card",
    "phone",
    "postcode",
    "plate",
    "ip",
    "date",
    "one_of",
];

/// Fewest values that need no `small_domain` (DESIGN 4).
const LEAST_DOMAIN: u64 = 10_000;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "pseudonym",
    class: Class::Pseudonymisation,
    summary: "replaces a number or identifier by another of the same form, one to one, under the key",
    preserves: "uniqueness, joins, form (sign and size class, length, version and variant, country, separators and \
                case), validity of numbers with check digits; nothing maps to itself",
    attacker: "without the key: which values are equal, and what the form tells (size class of an integer, country, \
               brand or side code); with the key: every value",
    reversibility: Reversibility::Key,
    reaches: Reaches::Possibly("a valid number of the kind: it can be one that is issued"),
    argument: Takes::OneOf(KINDS),
    bare: false,
    options: &[
        OptionSpec {
            name: "within",
            takes: Takes::Within(&["smallint", "integer", "bigint"]),
            help: "the domain: of `integer` the narrowest type that holds the attribute, of `date` the first and last day, \
                   of `one_of` all values; what lies outside is unfit",
        },
        OptionSpec {
            name: "keep_bank",
            takes: Takes::Boolean,
            help: "`iban` only: the bank code stays; without it, it is permuted with the account",
        },
        OptionSpec {
            name: "keep_iin",
            takes: Takes::Boolean,
            help: "`card` only: the first six digits (the issuer) stay; without it only those of the brand do",
        },
    ],
    identifying: |_, _| true,
    canon,
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
        Example { rule: "{pseudonym: digits}", input: "0012-3456", output: "3814-4363" },
        Example { rule: "{pseudonym: alphanumeric}", input: "AB-12/x", output: "GC-46/z" },
        Example { rule: "{pseudonym: text}", input: "Zoë, kamer 12", output: "Xrð, emadv 46" },
        Example { rule: "{pseudonym: hex}", input: "0xDEADBEEF", output: "0xB81D5D04" },
        Example { rule: "{pseudonym: onderwijsnummer}", input: "100000004", output: "108693771" },
        Example { rule: "{pseudonym: kvk}", input: "00000001", output: "74041194" },
        Example { rule: "{pseudonym: vat}", input: "NL111222333B01", output: "NL155578315B31" },
        Example {
            rule: "{pseudonym: rijksregister, locale: nl_BE}",
            input: "85.07.30-033.28",
            output: "56.04.07-390.22",
        },
        Example {
            rule: "{pseudonym: steuer_id, locale: de_DE}",
            input: "36 574 261 809",
            output: "47 912 464 087",
        },
        Example { rule: "{pseudonym: kvnr, locale: de_DE}", input: "A123456780", output: "B352789329" },
        Example {
            rule: "{pseudonym: nir, locale: fr_FR}",
            input: "2 55 08 14 168 025 38",
            output: "1 34 09 81 377 328 26",
        },
        Example { rule: "{pseudonym: nino, locale: en_GB}", input: "AB 12 34 56 C", output: "JC 80 90 03 D" },
        Example { rule: "{pseudonym: ssn, locale: en_US}", input: "123-45-6789", output: "830-77-9630" },
        Example { rule: "{pseudonym: nhs, locale: en_GB}", input: "999 000 0018", output: "999 912 8157" },
        Example {
            rule: "{pseudonym: iban}",
            input: "NL91 ABNA 0417 1643 00",
            output: "NL14 QFEU 1198 2704 20",
        },
        Example {
            rule: "{pseudonym: iban, keep_bank: true}",
            input: "nl91abna0417164300",
            output: "nl78abna1890953531",
        },
        Example { rule: "{pseudonym: card}", input: "4111 1111 1111 1111", output: "4222 9536 3328 4371" },
        Example {
            rule: "{pseudonym: card, keep_iin: true}",
            input: "4111111111111111",
            output: "4111118965781303",
        },
        Example { rule: "{pseudonym: phone}", input: "+31 (0)6 0000 0000", output: "+31 (0)6 0149 7522" },
        Example { rule: "{pseudonym: postcode}", input: "1000 aa", output: "6058 vv" },
        Example { rule: "{pseudonym: plate}", input: "12-BCD-3", output: "43-KBQ-2" },
        Example { rule: "{pseudonym: ip}", input: "192.168.0.1", output: "10.201.1.191" },
        Example {
            rule: "{pseudonym: ip}",
            input: "2001:DB8::1",
            output: "24F7:3A05:E96A:8615:716D:853:2F8D:479E",
        },
        Example {
            rule: "{pseudonym: date, within: 1940-01-01..2010-12-31}",
            input: "1985-07-30",
            output: "2006-01-20",
        },
        Example {
            rule: "{pseudonym: one_of, within: [open,closed,lost], small_domain: workflow}",
            input: "open",
            output: "closed",
        },
    ],
    compile,
};

/// The canonical form, where the value decides by itself or as an entity's subject.
fn canon(argument: Option<&Value>, locale: &str) -> Canon {
    match argument.and_then(Value::text) {
        Some("integer") => Canon::Integer,
        Some("uuid") => Canon::Uuid,
        Some("bsn" | "onderwijsnummer" | "ssn") => Canon::Bsn,
        Some("kvk") => Canon::Digits { least: 8 },
        Some("nhs") => Canon::Digits { least: 10 },
        Some("rijksregister" | "steuer_id") => Canon::Digits { least: 11 },
        Some("phone") => match crate::vocabulary::locale(locale) {
            Some(locale) => Canon::Phone { country: locale.country },
            None => Canon::Bytes,
        },
        Some(
            "digits" | "alphanumeric" | "hex" | "vat" | "kvnr" | "nir" | "nino" | "iban" | "card"
            | "postcode" | "plate",
        ) => Canon::Compact,
        _ => Canon::Bytes,
    }
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let kind = cx.argument.and_then(Value::text).unwrap_or_default();
    options(cx, kind)?;
    let Some(word) = KINDS.iter().copied().find(|word| *word == kind) else {
        return Err(refusal_with("`pseudonym` needs a kind", "write for instance `pseudonym: integer`"));
    };
    match word {
        "integer" => integer::compile(cx),
        "uuid" => uuid::compile(cx),
        "bsn" => bsn::compile(cx),
        "digits" => strings::compile(cx, strings::Alphabet::Digits),
        "alphanumeric" => strings::compile(cx, strings::Alphabet::Alphanumeric),
        "text" => strings::compile(cx, strings::Alphabet::Text),
        "hex" => hex::compile(cx),
        "iban" => iban::compile(cx),
        "phone" => phone::compile(cx),
        "ip" => ip::compile(cx),
        "date" => within::compile_date(cx),
        "one_of" => within::compile_list(cx),
        _ => scheme::compile(cx, word),
    }
}

/// Refuses options of another kind, and a domain of another form.
fn options(cx: &Compile<'_>, kind: &str) -> Result<(), Refusal> {
    if cx.option("keep_bank").is_some() && kind != "iban" {
        return Err(refusal("`keep_bank` belongs to `pseudonym: iban`"));
    }
    if cx.option("keep_iin").is_some() && kind != "card" {
        return Err(refusal("`keep_iin` belongs to `pseudonym: card`"));
    }
    match (cx.option("within"), kind) {
        (None, _)
        | (Some(Value::Text(_)), "integer")
        | (Some(Value::Range(..)), "date")
        | (Some(Value::List(_)), "one_of") => Ok(()),
        _ => Err(refusal_with(
            "`within` says another domain than the kind has",
            "it takes `smallint`, `integer` or `bigint` for `integer`, `from..to` for `date`, a list for `one_of`",
        )),
    }
}

/// Refuses a domain so small that counting undoes the stand-ins.
fn small_domain(values: u64) -> Refusal {
    Refusal {
        what: message!("{} possible values can be undone by counting how often each occurs", values),
        hint: Some(
            "use `suppress`, or name the reason why it must be: `small_domain: REASON`, said under `reasons:`".into(),
        ),
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
