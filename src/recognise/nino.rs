//! National Insurance numbers: two letters, six digits, a letter A to D. It has no check digit; without the last letter a word before must say what it is. Refuses small letters without such a word.
//!
//! Source: HMRC, National Insurance Manual NIM39110

use crate::vocabulary::numbers::nino::Nino;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// National Insurance number.
pub(super) static NINO: Recogniser = Recogniser {
    name: "nino",
    what: "National Insurance numbers of the United Kingdom",
    source: "HMRC, National Insurance Manual NIM39110",
    checksum: false,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &["NI number <AB 12 34 56 C>", "<AB123456C>", "NINO <ab123456>"],
    leaves: &["QQ 12 34 56 C", "ref AB123456C", "AB123456"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.valid(&Nino)?;
    let cued = place.cue(&["ni", "nino", "insurance", "nin"]);
    let whole = span.compact.len() == 9 && !span.lower;
    let confidence = match () {
        () if cued => Confidence::Strong,
        () if whole && !place.of_a_thing() => Confidence::Fair,
        () => Confidence::Weak,
    };
    Some(span.found(Kind::Nino, confidence))
}
