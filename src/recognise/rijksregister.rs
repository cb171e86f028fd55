//! Rijksregisternummer and BIS number of Belgium: a birth date, a counter, a check modulo 97. Refuses what fails the check.
//!
//! Source: Koninklijk besluit of 3 April 1984; of 8 February 1991 (BIS)

use crate::vocabulary::numbers::rijksregister::Rijksregister;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// Rijksregisternummer.
pub(super) static RIJKSREGISTER: Recogniser = Recogniser {
    name: "rijksregister",
    what: "national numbers of Belgium",
    source: "Koninklijk besluit of 3 April 1984; of 8 February 1991 (BIS)",
    checksum: true,
    context: Context::Unneeded,
    trigger: Trigger::Code,
    finds: &["rijksregister <85.07.30-033.28>", "numéro national <85073003328>"],
    leaves: &["85.07.30-033.29", "order 85073003328"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.valid(&Rijksregister)?;
    let written = place.lengths(&span).starts_with(&[2, 2, 2, 3, 2]);
    let cued =
        place.cue(&["rijksregister*", "rrn", "insz*", "niss", "national", "nationaal", "registre", "bis"]);
    let grouped =
        matches!(place.lengths(&span), [11, 0, ..] | [2, 2, 2, 3, 2, ..] | [6, 3, 2, ..] | [6, 5, 0, ..]);
    let confidence = match () {
        () if written || cued => Confidence::Strong,
        () if !grouped || place.of_a_thing() => Confidence::Weak,
        () => Confidence::Fair,
    };
    Some(span.found(Kind::Rijksregister, confidence))
}
