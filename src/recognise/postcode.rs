//! Postcodes of NL and GB by their form; of BE, DE, FR and US behind a word that says so, or between a house number and a
//! town. Refuses units (`2500 KG`) and bare numbers.
//!
//! Source: as `vocabulary::numbers::postcode` has them.

use super::run::{Place, Span};
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};
use crate::vocabulary::numbers::postcode::of;

/// Postcode.
pub(super) static POSTCODE: Recogniser = Recogniser {
    name: "postcode",
    what: "postcodes of NL, BE, DE, FR, GB and US",
    source: "PostNL; Royal Mail PAF; Deutsche Post; La Poste; bpost; USPS publication 28",
    checksum: false,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &[
        "op <1234 AB> Utrecht",
        "postcode <1234ab>",
        "at <SW1A 1AA>.",
        "Hauptstr. 12, <10115> Berlin",
        "12 rue X, <75011> Paris",
        "PLZ <04109>",
        "Springfield, IL <62704>",
    ],
    leaves: &["2500 KG", "1234 ab", "10115 Stück", "in 2024 EU", "order 1234 AB", "12 Teile, 10115 stuks"],
    find,
};

/// Two capitals behind a number that are no part of a postcode.
static UNITS: &[&[u8]] = &[
    b"KG", b"KM", b"MB", b"GB", b"TB", b"KB", b"MM", b"CM", b"ML", b"CC", b"PK", b"HP", b"KW", b"EU", b"NL",
    b"BE", b"DE", b"FR", b"UK", b"US", b"AD", b"BC", b"NV", b"BV", b"AG", b"OP", b"EN", b"IN", b"ST", b"PM",
    b"AM", b"HZ", b"GR", b"UR", b"IS", b"OK", b"VA", b"WH", b"MA", b"PX",
];

static CUES: &[&str] =
    &["postcode", "postcodes", "plz", "postleitzahl", "zip", "zipcode", "postal", "pc", "cp", "postnummer"];

fn find(place: &Place<'_>) -> Option<Finding> {
    let found = |span: Span<'_>, confidence| Some(span.found(Kind::Postcode, confidence));
    let cued = || place.cue(CUES);
    let form = |span: &Span<'_>, country: &str| of(country).is_some_and(|s| s.is_valid(span.compact));
    let mut britain = false;
    let lettered = place.longest(|span| {
        let last = span.compact.last().is_some_and(u8::is_ascii_uppercase);
        britain = last && span.groups <= 2 && form(span, "GB");
        britain || last && span.groups <= 2 && form(span, "NL")
    });
    if let Some(span) = lettered {
        let unit = span.compact.get(4..).is_some_and(|letters| UNITS.contains(&letters));
        let plain = !span.lower && (britain || !unit);
        // With letters of two words between: `SW1A` and `1AA` are two groups, `AB12` and `3CD` too.
        let parted = place.lengths(&span).get(1) == Some(&3) || span.groups == 1;
        let dutch =
            span.compact.len() == 6 && place.lengths(&span).first().is_some_and(|len| matches!(len, 4 | 6));
        let shaped = if britain { parted } else { dutch };
        let confidence = match () {
            () if cued() => Confidence::Strong,
            () if plain && shaped && !place.of_a_thing() => Confidence::Fair,
            () => Confidence::Weak,
        };
        return found(span, confidence);
    }
    let digits = place.longest(|span| {
        span.groups <= 2
            && span.compact.iter().all(u8::is_ascii_digit)
            && (span.groups == 1 && ["BE", "DE", "FR"].into_iter().any(|c| form(span, c))
                || form(span, "US") && (span.groups == 1 || place.lengths(span).starts_with(&[5, 4])))
    })?;
    let confidence = if in_address(place) || cued() { Confidence::Fair } else { Confidence::Weak };
    found(digits, confidence)
}

/// Returns whether a house number with a comma, or a state, stands before, and a town behind.
fn in_address(place: &Place<'_>) -> bool {
    let (text, at) = (place.text, place.at);
    let town = text.get(at + 1).is_some_and(|next| next.is_capitalised() && next.len() > 2)
        && text.gap_after(at) == " ";
    let before = text.gap_before(at);
    let house =
        text.back(at, 1).is_some_and(|token| token.is_number() && token.len() <= 4 || token.len() == 1);
    let line = before.contains([',', '\n']);
    let street = text.back(at, 2).is_some_and(|token| !token.is_number());
    let state = text.back(at, 1).is_some_and(|token| {
        token.len() == 2
            && token.is_capitalised()
            && !text.word(token).bytes().any(|b| b.is_ascii_lowercase())
    }) && text.gap_before(at.saturating_sub(1)) == ", ";
    town && line && (house || text.back(at, 1).is_some_and(|t| t.is_capitalised())) && street
        || state && before == " "
}
