//! `fake`: a stand-in made of a vocabulary: names, addresses, phone numbers, mail, accounts.
//!
//! One file a group of kinds, and a line in `KINDS`. Describing kinds take the subject's lanes, so that one person
//! keeps one name, town and postcode in every table; identifying kinds take the value's own digest. The stand-in
//! takes case and separators of the input, nothing else of it. Refuses `unique: true` where the kind cannot hold it,
//! a `max:` into which nothing fits, and locales without tables. No value is unfit: nothing of it is needed.

use crate::error::Name;
use crate::mask::{
    Class, Compile, Compiled, Decider, Example, Mask, Needs, OptionSpec, Output, Reaches, Refusal,
    Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::message;
use crate::row::canon::Canon;
use crate::secret::{Mac, Purpose};
use crate::vocabulary::{self, Locale};

mod address;
mod document;
mod email;
mod form;
mod iban;
mod make;
mod name;
mod number;
mod payment;
mod phone;

/// One kind of fake: `fake: phone`.
pub struct KindSpec {
    /// Its word.
    pub name: &'static str,
    /// One sentence: what it makes.
    pub summary: &'static str,
    /// Longest stand-in in characters, by locale; mail at `example.org`.
    pub longest: &'static [(&'static str, u32)],
    /// Whether a stand-in can be somebody's, with the source of the claim, by locale.
    pub reaches: &'static [(&'static str, Reaches)],
    /// Canonical form of its input, by locale (`nl_NL`).
    pub canon: fn(locale: &str) -> Canon,
    /// Whether it is decided by its own value unless the profile says otherwise.
    pub identifying: bool,
    /// Whether it can be `unique: true`; then it is decided by its own value too.
    pub can_be_unique: bool,
    /// Whether it reads lanes 4 to 7.
    high: bool,
    build: fn(&Build<'_>) -> Result<Made, Refusal>,
}

impl KindSpec {
    /// Returns the longest stand-in of a locale in characters.
    #[must_use]
    pub fn longest(&self, locale: &str) -> Option<u32> {
        self.longest.iter().find(|(name, _)| *name == locale).map(|(_, chars)| *chars)
    }
}

impl std::fmt::Debug for KindSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KindSpec({})", self.name)
    }
}

/// All kinds, in the order of the help.
pub static KINDS: &[&KindSpec] = &[
    &name::FIRST,
    &name::LAST,
    &name::FULL,
    &email::EMAIL,
    &phone::PHONE,
    &address::STREET,
    &address::CITY,
    &address::POSTCODE,
    &iban::IBAN,
    &payment::BIC,
    &payment::CARD,
    &number::BSN,
    &number::ONDERWIJSNUMMER,
    &number::KVK,
    &number::VAT,
    &number::NATIONAL_ID,
    &number::SSN,
    &number::NINO,
    &number::HEALTH,
    &document::PASSPORT,
    &document::ID_CARD,
    &document::DRIVING_LICENCE,
    &document::LICENCE_PLATE,
];

const WORDS: &[&str] = &[
    "first_name",
    "last_name",
    "full_name",
    "email",
    "phone",
    "street",
    "city",
    "postcode",
    "iban",
    "bic",
    "card",
    "bsn",
    "onderwijsnummer",
    "kvk",
    "vat",
    "national_id",
    "ssn",
    "nino",
    "health_insurance_no",
    "passport",
    "id_card",
    "driving_licence",
    "licence_plate",
];

/// Finds a kind by its word.
#[must_use]
pub fn kind(name: &str) -> Option<&'static KindSpec> {
    KINDS.iter().copied().find(|k| k.name == name)
}

/// The names, towns and streets of a locale are common: a stand-in can be somebody's.
const COMMON: &[(&str, Reaches)] = &[
    ("nl_NL", Reaches::Possibly("made of common names; a person of that name may live")),
    ("en_US", Reaches::Possibly("made of common names; a person of that name may live")),
];

/// What a kind is built from.
struct Build<'a> {
    locale: &'static Locale,
    max: Option<u32>,
    unique: bool,
    /// Whether numbers may be those that are issued.
    realistic: bool,
    by_subject: bool,
    mail_domain: Option<&'a str>,
    attribute: &'a str,
    /// Stands in for what cannot be masked.
    mac: Mac,
}

/// A kind, built.
struct Made {
    mask: Box<dyn Mask>,
    max_chars: u32,
    uniqueness: Uniqueness,
}

impl Build<'_> {
    /// Joins a maker with the common work; `longest` is what it makes without `max:`.
    fn made(&self, make: impl make::Make + 'static, longest: u32, uniqueness: Uniqueness) -> Made {
        let max_chars = self.max.map_or(longest, |max| max.min(longest));
        let mask = Box::new(make::Fake::new(make, !self.by_subject, self.mac.clone()));
        Made { mask, max_chars, uniqueness }
    }

    /// Refuses a `max:` below the shortest form.
    fn at_least(&self, kind: &'static str, least: u32) -> Result<(), Refusal> {
        match self.max {
            Some(max) if max < least => Err(Refusal {
                what: message!("`fake: {}` cannot be made in {} characters", kind, max),
                hint: Some(message!("write `max: {}` or more, or `suppress` the column", least)),
            }),
            _ => Ok(()),
        }
    }
}

/// `fake`.
pub static FAKE: TechniqueSpec = TechniqueSpec {
    name: "fake",
    class: Class::Pseudonymisation,
    summary: "replaces a name, address, phone number, mail address or account by an invented one",
    preserves: "joins (one person or value, one stand-in), form, case and separators; uniqueness of mail with \
                `unique: true`; not length, order or frequencies of values decided by a subject",
    attacker: "without the key: that two values were equal, whether one was in capitals, and, where the value \
               decides, how often it occurs; with the key: any value that can be guessed",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly(
        "differs by kind: mail, phone numbers and accounts are nobody's, names may be",
    ),
    argument: Takes::OneOf(WORDS),
    bare: false,
    options: &[
        OptionSpec {
            name: "unique",
            takes: Takes::Boolean,
            help: "distinct values get distinct stand-ins (email): decided by the value, not by the person",
        },
        OptionSpec {
            name: "max",
            takes: Takes::Integer { min: 1, max: 1000 },
            help: "most characters of a stand-in; part of the declaration, so that all its columns agree",
        },
        OptionSpec {
            name: "realistic",
            takes: Takes::Boolean,
            help: "numbers that pass every check and may be somebody's, where the default is numbers that are never issued \
                   (national ids, VAT numbers, cards, health insurance, plates)",
        },
        OptionSpec {
            name: "locale",
            takes: Takes::OneOf(&["nl_NL", "en_US"]),
            help: "language and country of the stand-in, where it is not the profile's",
        },
    ],
    identifying: |argument, options| {
        options.iter().any(|(name, value)| name == "unique" && *value == Value::Boolean(true))
            || argument.and_then(Value::text).and_then(kind).is_some_and(|k| k.identifying)
    },
    canon: |argument, locale| {
        argument.and_then(Value::text).and_then(kind).map_or(Canon::Bytes, |k| (k.canon)(locale))
    },
    examples: EXAMPLES,
    compile,
};

const EXAMPLES: &[Example] = &[
    Example { rule: "fake: first_name", input: "Jan", output: "Marloes" },
    Example { rule: "fake: last_name", input: "JANSEN", output: "KRUIJT" },
    Example { rule: "fake: full_name", input: "Jan Jansen", output: "Joshua Akkerman" },
    Example { rule: "{fake: full_name, max: 12}", input: "jan jansen", output: "j. akkerman" },
    Example { rule: "{fake: last_name, locale: en_US}", input: "Doe", output: "Rodriguez" },
    Example { rule: "fake: email", input: "jan.jansen@example.com", output: "thomas.zweers8943@example.org" },
    Example {
        rule: "{fake: email, unique: true}",
        input: "jan.jansen@example.com",
        output: "6oqse6eedckqx77w@example.org",
    },
    Example {
        rule: "{fake: email, unique: true, max: 24}",
        input: "jan.jansen@example.com",
        output: "6oqse6eedckq@example.org",
    },
    Example { rule: "fake: phone", input: "06-00000000", output: "06-95153576" },
    Example { rule: "fake: phone", input: "+31600000000", output: "+31695153576" },
    Example { rule: "{fake: phone, locale: en_US}", input: "(212) 555-0100", output: "(310) 555-0127" },
    Example { rule: "fake: street", input: "Dorpsweg 1", output: "Merelstraat 15" },
    Example { rule: "fake: city", input: "Amsterdam", output: "Den Haag" },
    Example { rule: "fake: postcode", input: "1000 AA", output: "3012 VH" },
    Example { rule: "{fake: postcode, locale: en_US}", input: "10001", output: "07107" },
    Example { rule: "fake: iban", input: "NL00 BANK 0000 0000 00", output: "NL21 FAKE 5165 0816 81" },
    Example { rule: "fake: bic", input: "BANKNL2A", output: "HVCMNL20" },
    Example { rule: "fake: card", input: "4111 1111 1111 1111", output: "9000 0972 8149 6486" },
    Example { rule: "{fake: card, realistic: true}", input: "4111111111111111", output: "4097281496486616" },
    Example { rule: "fake: bsn", input: "1112.22.333", output: "1651.69.823" },
    Example { rule: "{fake: bsn, realistic: true}", input: "111222333", output: "165169825" },
    Example { rule: "fake: onderwijsnummer", input: "100000004", output: "102332597" },
    Example { rule: "fake: kvk", input: "01234567", output: "20286705" },
    Example { rule: "fake: vat", input: "NL111222333B01", output: "NL445718760B15" },
    Example { rule: "fake: national_id", input: "111222333", output: "295924239" },
    Example { rule: "{fake: ssn, locale: en_US}", input: "123-45-6789", output: "666-32-5509" },
    Example { rule: "fake: health_insurance_no", input: "111222333", output: "943032059" },
    Example { rule: "fake: passport", input: "NX0000000", output: "XOZGWSKZ0" },
    Example { rule: "fake: id_card", input: "IX0000000", output: "XOB9VUS51" },
    Example { rule: "fake: driving_licence", input: "0000000000", output: "8204642070" },
    Example { rule: "fake: licence_plate", input: "12-bcd-3", output: "02-qnt-3" },
    Example { rule: "fake: iban", input: "DE00000000000000000000", output: "DE86000000008381807027" },
];

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(kind) = cx.argument.and_then(Value::text).and_then(kind) else {
        return Err(Refusal {
            what: "`fake` needs the kind of value that it makes".into(),
            hint: Some("write for instance `fake: first_name`; `standin techniques` lists all kinds".into()),
        });
    };
    let name = cx.option("locale").and_then(Value::text).unwrap_or(cx.locale);
    let Some(locale) = vocabulary::locale(name) else {
        return Err(Refusal {
            what: message!("`fake: {}` has no source for locale `{}`", kind.name, Name::new(name)),
            hint: Some("write `locale: nl_NL` or `locale: en_US`".into()),
        });
    };
    let unique = cx.option("unique") == Some(&Value::Boolean(true));
    if unique && !kind.can_be_unique {
        return Err(Refusal {
            what: message!("`fake: {}` cannot be unique", kind.name),
            hint: Some("only `fake: email` can; a unique key takes `pseudonym` or `hash`".into()),
        });
    }
    let realistic = cx.option("realistic") == Some(&Value::Boolean(true));
    if cx.option("realistic").is_some() && !number::REALISTIC.contains(&kind.name) {
        return Err(Refusal {
            what: message!("`fake: {}` has no `realistic`", kind.name),
            hint: Some("leave it out: the kind makes one sort of stand-in".into()),
        });
    }
    if kind.longest(locale.name).is_none() {
        return Err(Refusal {
            what: message!("`fake: {}` has no source for locale `{}`", kind.name, Name::new(name)),
            hint: Some(
                "write `locale:` with a country that has such numbers, or use `pseudonym` or `hash`".into(),
            ),
        });
    }
    let mac = cx.schedule.mac(Purpose::Fake(kind.name), cx.label);
    let build = Build {
        locale,
        max: max(cx)?,
        unique,
        realistic,
        by_subject: cx.decider == Decider::Subject,
        mail_domain: cx.mail_domain,
        attribute: cx.attribute,
        mac: mac.clone(),
    };
    let made = (kind.build)(&build)?;
    let needs = match cx.decider {
        Decider::Value => Needs::Value { canon: (kind.canon)(locale.name), mac },
        Decider::Subject => Needs::Subject { high: kind.high },
    };
    let output = Output::Text { max_chars: Some(made.max_chars) };
    Ok(Compiled { mask: made.mask, needs, output, uniqueness: made.uniqueness })
}

fn max(cx: &Compile<'_>) -> Result<Option<u32>, Refusal> {
    match cx.option("max") {
        None => Ok(None),
        Some(Value::Integer(max)) => u32::try_from(*max).map(Some).map_err(|_| Refusal {
            what: message!("`max: {}` is no length", *max),
            hint: Some("write the number of characters that fits all columns of the attribute".into()),
        }),
        Some(_) => Err(Refusal { what: "`max` takes a whole number".into(), hint: None }),
    }
}

#[cfg(test)]
mod tests;
