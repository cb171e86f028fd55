//! Identifikationsnummer of the German tax office. Refuses what fails the check or the rule of digits.
//!
//! Source: Abgabenordnung par. 139b; Steueridentifikationsnummerverordnung par. 1

use crate::vocabulary::numbers::steuer_id::SteuerId;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// Steuer-IdNr.
pub(super) static STEUER_ID: Recogniser = Recogniser {
    name: "steuer_id",
    what: "tax numbers of Germany (Steuer-IdNr)",
    source: "Abgabenordnung par. 139b; Steueridentifikationsnummerverordnung par. 1",
    checksum: true,
    context: Context::Unneeded,
    trigger: Trigger::Code,
    finds: &["Steuer-ID <86 095 742 719>", "IdNr. <86095742719>"],
    leaves: &["86 095 742 710", "Bestellung 86095742719"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.valid(&SteuerId)?;
    let cued = place.cue(&["steuer*", "idnr", "tin", "identifikationsnummer"]);
    let grouped =
        matches!(place.lengths(&span), [11, 0, ..] | [2, 3, 3, 3, ..] | [3, 4, 4, ..] | [3, 3, 3, 2, ..]);
    let confidence = match () {
        () if cued => Confidence::Strong,
        () if !grouped || place.of_a_thing() => Confidence::Weak,
        () => Confidence::Fair,
    };
    Some(span.found(Kind::SteuerId, confidence))
}
