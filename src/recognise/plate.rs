//! Number plates of NL, BE, FR, DE and GB in their written form, with hyphens or the blank that belongs there; without
//! them behind a word that says what they are. Refuses small letters and numbers of things.
//!
//! Source: as `vocabulary::numbers::plate` has them.

use super::run::{Place, Span};
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};
use crate::vocabulary::numbers::plate::of;

/// Number plate.
pub(super) static PLATE: Recogniser = Recogniser {
    name: "plate",
    what: "number plates of NL, BE, FR, DE and GB",
    source: "RDW, side codes 1 to 14; FOD Mobiliteit; arrêté of 9 February 2009; FZV par. 8; DVLA INF104",
    checksum: false,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &[
        "auto <XX-999-X>",
        "kenteken <XX999X>",
        "(<1-ABC-234>)",
        "le <AB-123-CD>",
        "Wagen <B-XY 1234>",
        "car <AB12 CDE>",
    ],
    leaves: &["artikel XX-999-X", "XX999X", "2024-01-12", "model AB-123-CD", "b-xy 1234"],
    find,
};

static CUES: &[&str] = &[
    "kenteken*",
    "nummerplaat",
    "plaat",
    "kennzeichen",
    "plate*",
    "registration",
    "reg",
    "immatricul*",
    "plaque",
];

/// Returns whether the groups stand as a country writes them.
fn written(place: &Place<'_>, span: &Span<'_>) -> bool {
    let lengths = place.lengths(span);
    let raw = place.raw(span);
    let hyphens = raw.iter().filter(|b| **b == b'-').count();
    let letters = |from: usize, to: usize| {
        span.compact.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_uppercase))
    };
    let [a, b, c, ..] = lengths;
    let is = |country: &str| of(country).is_some_and(|scheme| scheme.is_valid(span.compact));
    match span.groups {
        // 12-AB-34, AB-123-C, 1-ABC-123, AB-123-CD: every group is letters or digits.
        3 if hyphens == 2 => {
            let same = |from: usize, to: usize| {
                letters(from, to)
                    || span.compact.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
            };
            let groups = same(0, a) && same(a, a + b) && same(a + b, a + b + c);
            groups && (is("NL") || is("BE") && a == 1 || is("FR") && a == 2)
        }
        // B-XY 1234.
        3 if hyphens == 1 => {
            letters(0, a) && letters(a, a + b) && a <= 3 && b <= 2 && raw.get(a) == Some(&b'-') && is("DE")
        }
        // AB12 CDE.
        2 if hyphens == 0 => a == 4 && b == 3 && span.compact.len() == 7 && is("GB"),
        _ => false,
    }
}

fn find(place: &Place<'_>) -> Option<Finding> {
    let valid = |span: &Span<'_>| {
        let mixed =
            span.compact.iter().any(u8::is_ascii_digit) && span.compact.iter().any(u8::is_ascii_uppercase);
        mixed
            && span.groups <= 3
            && (5..=8).contains(&span.compact.len())
            && ["NL", "BE", "FR", "DE", "GB"]
                .into_iter()
                .any(|country| of(country).is_some_and(|scheme| scheme.is_valid(span.compact)))
    };
    place.longest(valid)?;
    let cued = place.cue(CUES);
    let span = place.longest(|span| valid(span) && (cued || !span.lower && written(place, span)))?;
    let confidence = match () {
        () if cued => Confidence::Strong,
        () if place.of_a_thing() => Confidence::Weak,
        () => Confidence::Fair,
    };
    Some(span.found(Kind::Plate, confidence))
}
