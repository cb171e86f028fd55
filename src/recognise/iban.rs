//! Account numbers (IBAN) of every country of the registry, with their two checks, in groups or not. Refuses what fails a check.
//!
//! Source: ISO 13616 and SWIFT's IBAN registry

use crate::vocabulary::numbers::iban;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// IBAN.
pub(super) static IBAN: Recogniser = Recogniser {
    name: "iban",
    what: "account numbers (IBAN)",
    source: "ISO 13616 and SWIFT's IBAN registry",
    checksum: true,
    context: Context::Unneeded,
    trigger: Trigger::Code,
    finds: &["op <NL91 ABNA 0417 1643 00> graag", "<DE89370400440532013000>", "iban <nl91abna0417164300>"],
    leaves: &["NL91 ABNA 0417 1643 01", "XX91 ABNA 0417 1643 00"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.longest(|span| {
        let mut head = span.compact.iter();
        head.next().is_some_and(u8::is_ascii_uppercase)
            && head.next().is_some_and(u8::is_ascii_uppercase)
            && span.compact.len() >= 15
            && iban::read(span.compact).is_some()
    })?;
    Some(span.found(Kind::Iban, Confidence::Strong))
}
