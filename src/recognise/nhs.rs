//! NHS numbers: ten digits with a check digit that one number in eleven passes. Refuses those without a word before, unless written in groups of three, three and four.
//!
//! Source: NHS Data Dictionary, NHS number

use crate::vocabulary::numbers::nhs::Nhs;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// NHS number.
pub(super) static NHS: Recogniser = Recogniser {
    name: "nhs",
    what: "NHS numbers",
    source: "NHS Data Dictionary, NHS number",
    checksum: true,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &["NHS number <943 476 5919>", "NHS no: <9434765919>", "patient <943 476 5919>"],
    leaves: &["943 476 5918", "9434765919", "order 943 476 5919"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.valid(&Nhs)?;
    let cued = place.cue(&["nhs*", "hospital", "patient"]);
    let written = place.lengths(&span).starts_with(&[3, 3, 4]) && span.groups == 3;
    let confidence = match () {
        () if cued => Confidence::Strong,
        () if written && !place.of_a_thing() => Confidence::Fair,
        () => Confidence::Weak,
    };
    Some(span.found(Kind::Nhs, confidence))
}
