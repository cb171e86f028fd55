//! Number plates of the Netherlands, Belgium, Germany, France and the United Kingdom, without blanks and hyphens; the
//! group is the side code or the form. Refuses letters with marks (German districts such as FÜ) and, for want of one
//! form, plates of the United States.
//!
//! Source: RDW, "Uitleg over de cijfers en letters op de kentekenplaat" (side codes 1 to 14; vowels, C and Q only in early
//! and special series); FOD Mobiliteit, plates since 2010 and the forms before; FZV par. 8 and annex 1; arrêté of 9 February
//! 2009 on plates (no I, O, U) and the form before; DVLA INF104 (no I, Q, Z in the age form).

use super::Scheme;
use super::pattern::{Pattern, Patterns};

const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Letters of the Dutch series for cars.
const NL: &str = "BDFGHJKLMNPRSTVWXYZ";
const FR: &str = "ABCDEFGHJKLMNPQRSTVWXYZ";
const GB: &str = "ABCDEFGHJKLMNOPRSTUVWXY";

const fn usual(form: &'static str) -> Pattern {
    Pattern::new(form, NL)
}

/// The same form with a letter of a special series.
const fn special(form: &'static str) -> Pattern {
    Pattern { not_only: NL, ..Pattern::new(form, ALL) }
}

static NETHERLANDS: &[Pattern] = &[
    usual("AA9999"),
    usual("9999AA"),
    usual("99AA99"),
    usual("AA99AA"),
    usual("AAAA99"),
    usual("99AAAA"),
    usual("99AAA9"),
    usual("9AAA99"),
    usual("AA999A"),
    usual("A999AA"),
    usual("AAA99A"),
    usual("A99AAA"),
    usual("9AA999"),
    usual("999AA9"),
    special("AA9999"),
    special("9999AA"),
    special("99AA99"),
    special("AA99AA"),
    special("AAAA99"),
    special("99AAAA"),
    special("99AAA9"),
    special("9AAA99"),
    special("AA999A"),
    special("A999AA"),
    special("AAA99A"),
    special("A99AAA"),
    special("9AA999"),
    special("999AA9"),
];

static BELGIUM: &[Pattern] =
    &[Pattern::new("1AAA999", ALL), Pattern::new("AAA999", ALL), Pattern::new("999AAA", ALL)];

static GERMANY: &[Pattern] = &[
    Pattern::new("AAA1999", ALL),
    Pattern::new("AA1", ALL),
    Pattern::new("AA19", ALL),
    Pattern::new("AA199", ALL),
    Pattern::new("AA1999", ALL),
    Pattern::new("AAA1", ALL),
    Pattern::new("AAA19", ALL),
    Pattern::new("AAA199", ALL),
    Pattern::new("AAAA1", ALL),
    Pattern::new("AAAA19", ALL),
    Pattern::new("AAAA199", ALL),
    Pattern::new("AAAA1999", ALL),
    Pattern::new("AAAAA1", ALL),
    Pattern::new("AAAAA19", ALL),
    Pattern::new("AAAAA199", ALL),
    Pattern::new("AA19E", ALL),
    Pattern::new("AA199E", ALL),
    Pattern::new("AA1999E", ALL),
    Pattern::new("AAA19E", ALL),
    Pattern::new("AAA199E", ALL),
    Pattern::new("AAAA19E", ALL),
    Pattern::new("AAAA199E", ALL),
    Pattern::new("AA19H", ALL),
    Pattern::new("AA199H", ALL),
    Pattern::new("AAA19H", ALL),
    Pattern::new("AAA199H", ALL),
    Pattern::new("AAAA19H", ALL),
];

static FRANCE: &[Pattern] = &[
    Pattern::new("AA999AA", FR),
    Pattern::new("1999AA99", ALL),
    Pattern::new("199AAA99", ALL),
    Pattern::new("199AA99", ALL),
    Pattern::new("19AAA99", ALL),
];

static KINGDOM: &[Pattern] = &[
    Pattern::new("AA99AAA", GB),
    Pattern::new("A199AAA", ALL),
    Pattern::new("A19AAA", ALL),
    Pattern::new("AAA199A", ALL),
    Pattern::new("AAA19A", ALL),
];

/// Plates of a country by its ISO 3166 code; `None` where the forms are not known.
#[must_use]
pub fn of(country: &str) -> Option<&'static dyn Scheme> {
    static ALL: [Patterns; 5] =
        [Patterns(NETHERLANDS), Patterns(BELGIUM), Patterns(GERMANY), Patterns(FRANCE), Patterns(KINGDOM)];
    let [netherlands, belgium, germany, france, kingdom] = &ALL;
    Some(match country {
        "NL" => netherlands,
        "BE" => belgium,
        "DE" => germany,
        "FR" => france,
        "GB" => kingdom,
        _ => return None,
    })
}
