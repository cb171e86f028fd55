//! `fake`: a stand-in made of a vocabulary: names, addresses, phone numbers, mail, accounts.
//!
//! One file a group of kinds, and a line in `KINDS`. Describing kinds take the subject's lanes, so that one person
//! keeps one name, town and postcode in every table; identifying kinds take the value's own digest. The stand-in
//! takes case and separators of the input, nothing else of it. Refuses `unique: true` where the kind cannot hold it,
//! a `max:` into which nothing fits, and locales without tables. Only genders, titles and dates of birth can be unfit: of
//! every other value nothing is needed but its form.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::error::{Message, Name};
use crate::mask::{
    Class, Compile, Compiled, Decider, Needs, OptionSpec, Reaches, Refusal, Reversibility, Takes,
    TechniqueSpec, Value,
};
use crate::message;
use crate::row::canon::Canon;
use crate::secret::Purpose;
use crate::vocabulary::{self, LOCALES, Locale};
use spec::Build;

mod address;
mod birth;
mod coordinates;
mod date_text;
mod document;
mod email;
mod examples;
mod form;
mod full_form;
mod full_name;
mod gender;
mod house;
mod iban;
mod initials;
mod line;
mod local;
mod make;
mod name;
mod net;
mod number;
mod payment;
mod person;
mod phone;
mod phone_form;
mod photo;
mod spec;
mod suffix;
mod text;
mod username;
mod words;
mod work;

pub use spec::KindSpec;

/// All kinds, in the order of the help.
pub static KINDS: &[&KindSpec] = &[
    &gender::GENDER,
    &gender::TITLE,
    &name::FIRST,
    &initials::INITIALS,
    &name::PARTICLE,
    &name::LAST,
    &full_name::FULL,
    &birth::BIRTH_DATE,
    &email::EMAIL,
    &username::USERNAME,
    &phone::PHONE,
    &phone::MOBILE,
    &line::ADDRESS,
    &address::STREET,
    &house::HOUSE_NUMBER,
    &house::HOUSE_ADDITION,
    &address::CITY,
    &address::POSTCODE,
    &address::REGION,
    &address::COUNTRY,
    &coordinates::LATITUDE,
    &coordinates::LONGITUDE,
    &work::COMPANY,
    &work::JOB,
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
    &net::IP,
    &net::IPV6,
    &net::MAC,
    &net::DOMAIN,
    &net::URL,
    &net::USER_AGENT,
    &net::UUID,
    &text::SENTENCE,
    &text::PARAGRAPH,
    &text::PRODUCT,
    &photo::PHOTO,
];

const WORDS: &[&str] = &[
    "gender",
    "title",
    "first_name",
    "initials",
    "particle",
    "last_name",
    "full_name",
    "birth_date",
    "email",
    "username",
    "phone",
    "mobile",
    "address",
    "street",
    "house_number",
    "house_addition",
    "city",
    "postcode",
    "region",
    "country",
    "latitude",
    "longitude",
    "company",
    "job",
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
    "ip",
    "ipv6",
    "mac",
    "domain",
    "url",
    "user_agent",
    "uuid",
    "sentence",
    "paragraph",
    "product",
    "photo",
];

/// Finds a kind by its word.
#[must_use]
pub fn kind(name: &str) -> Option<&'static KindSpec> {
    KINDS.iter().copied().find(|k| k.name == name)
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
            help: "distinct values get distinct stand-ins (email, username): decided by the value, not by the person",
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
            takes: Takes::OneOf(&["nl_NL", "en_US", "en_GB", "de_DE", "nl_BE", "fr_FR"]),
            help: "language and country of the stand-in, where it is not the profile's",
        },
        OptionSpec {
            name: "particle",
            takes: Takes::OneOf(&["apart"]),
            help: "last_name: the particle has a column of its own (`fake: particle`), the last name goes without",
        },
        OptionSpec {
            name: "within",
            takes: Takes::Integer { min: 1, max: 100 },
            help: "birth_date: the year of birth stays in its run of so many years (5: 1985 to 1989)",
        },
        OptionSpec {
            name: "words",
            takes: Takes::Text,
            help: "gender: a woman's and a man's word, `2/1`, where the column's own do not tell",
        },
    ],
    identifying: |argument, options| {
        options.iter().any(|(name, value)| name == "unique" && *value == Value::Boolean(true))
            || argument.and_then(Value::text).and_then(kind).is_some_and(|k| k.identifying)
    },
    canon: |argument, locale| {
        argument.and_then(Value::text).and_then(kind).map_or(Canon::Bytes, |k| (k.canon)(locale))
    },
    examples: examples::EXAMPLES,
    compile,
};

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(kind) = cx.argument.and_then(Value::text).and_then(kind) else {
        return Err(Refusal {
            what: "`fake` needs the kind of value that it makes".into(),
            hint: Some("write for instance `fake: first_name`; `standin techniques` lists all kinds".into()),
        });
    };
    let name = cx.option("locale").and_then(Value::text).unwrap_or(cx.locale);
    let source = vocabulary::locale(name).and_then(|locale| Some((locale, longest(kind, locale)?)));
    let Some((locale, longest)) = source else {
        return Err(Refusal {
            what: message!("`fake: {}` has no source for locale `{}`", kind.name, Name::new(name)),
            hint: Some(sources(kind)),
        });
    };
    let unique = cx.option("unique") == Some(&Value::Boolean(true));
    if unique && !kind.can_be_unique {
        return Err(Refusal {
            what: message!("`fake: {}` cannot be unique", kind.name),
            hint: Some("`email` and `username` can; a unique key takes `pseudonym` or `hash`".into()),
        });
    }
    own_options(cx, kind)?;
    let mac = cx.schedule.mac(Purpose::Fake(kind.name), cx.label);
    let build = Build {
        locale,
        longest,
        max: max(cx)?,
        unique,
        by_subject: cx.decider == Decider::Subject,
        mail_domain: cx.mail_domain,
        attribute: cx.attribute,
        class: cx.class(),
        spelled: &cx.ty.text,
        options: cx.options,
        mac: mac.clone(),
    };
    let made = (kind.build)(&build)?;
    let needs = match cx.decider {
        Decider::Value => Needs::Value { canon: (kind.canon)(locale.name), mac },
        Decider::Subject => Needs::Subject { high: kind.high },
    };
    Ok(Compiled { mask: made.mask, needs, output: made.output, uniqueness: made.uniqueness })
}

/// Returns the longest stand-in of a locale: found once, since tables are long and columns are many.
fn longest(kind: &KindSpec, locale: &'static Locale) -> Option<u32> {
    static FOUND: Mutex<BTreeMap<(&str, &str), Option<u32>>> = Mutex::new(BTreeMap::new());
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    *found.entry((kind.name, locale.name)).or_insert_with(|| (kind.longest)(locale))
}

/// Names the locales that have a kind.
fn sources(kind: &KindSpec) -> Message {
    let mut hint = Message::from("write ");
    let having = LOCALES.iter().filter(|locale| (kind.longest)(locale).is_some());
    for (n, locale) in having.enumerate() {
        let before = if n == 0 { "" } else { " or " };
        hint = message!("{}{}`locale: {}`", hint, before, locale.name);
    }
    hint
}

/// Refuses an option that belongs to other kinds.
fn own_options(cx: &Compile<'_>, kind: &KindSpec) -> Result<(), Refusal> {
    for option in KINDS.iter().flat_map(|other| other.own_options) {
        if cx.option(option).is_some() && !kind.own_options.contains(option) {
            return Err(Refusal {
                what: message!("`fake: {}` has no option `{}`", kind.name, *option),
                hint: Some("`standin techniques fake` says which kind it belongs to".into()),
            });
        }
    }
    Ok(())
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
#[cfg(test)]
mod tests_address;
#[cfg(test)]
mod tests_people;
#[cfg(test)]
mod tests_person;
