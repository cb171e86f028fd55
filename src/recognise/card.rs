//! Numbers of payment cards: 13 to 19 digits that pass Luhn's test, of a known brand, in one piece or in groups of four. Refuses brands that are not known unless a word before says card.
//!
//! Source: ISO/IEC 7812-1, annex B; the ranges that brands publish

use crate::vocabulary::numbers::card::{brand_digits, luhn};

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// Payment card.
pub(super) static CARD: Recogniser = Recogniser {
    name: "card",
    what: "numbers of payment cards",
    source: "ISO/IEC 7812-1, annex B; the ranges that brands publish",
    checksum: true,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &["kaart <4111 1111 1111 1111> geblokkeerd", "<5555555555554444>", "Amex <3782 822463 10005>"],
    leaves: &["4111 1111 1111 1112", "order 4111111111111111", "6304000000000000000"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.longest(|span| (13..=19).contains(&span.compact.len()) && luhn(span.compact))?;
    let known = brand_digits(span.compact) > 1 || span.compact.first() == Some(&b'4');
    let cued = place.cue(&[
        "kaart*",
        "card*",
        "creditcard*",
        "visa",
        "mastercard",
        "amex",
        "carte",
        "karte*",
        "kreditkarte*",
        "maestro",
        "pas",
    ]);
    let grouped = matches!(place.lengths(&span).get(..4), Some([4, 4 | 6, 4 | 5, ..]));
    let confidence = match (known, cued, grouped) {
        (_, true, _) | (true, _, true) => Confidence::Strong,
        (true, _, _) if !place.of_a_thing() => Confidence::Fair,
        _ => Confidence::Weak,
    };
    Some(span.found(Kind::Card, confidence))
}
