//! Social security numbers of the United States: three, two and four digits with hyphens or blanks; without them a word before must say what they are. Refuses areas, groups and serials that are not issued.
//!
//! Source: Social Security Administration, POMS RM 10201

use crate::vocabulary::numbers::ssn::Ssn;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// Social security number.
pub(super) static SSN: Recogniser = Recogniser {
    name: "ssn",
    what: "social security numbers of the United States",
    source: "Social Security Administration, POMS RM 10201",
    checksum: false,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &["SSN <219-09-9998>", "social security number: <219099998>", "his <219-09-9998>"],
    leaves: &["666-09-9998", "219099998", "219-099-998"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.valid(&Ssn)?;
    let cued = place.cue(&["ssn*", "social", "security"]);
    let written =
        place.lengths(&span).starts_with(&[3, 2, 4]) && span.groups == 3 && place.raw(&span).contains(&b'-');
    let confidence = match () {
        () if cued => Confidence::Strong,
        () if written && !place.of_a_thing() => Confidence::Fair,
        () => Confidence::Weak,
    };
    Some(span.found(Kind::Ssn, confidence))
}
