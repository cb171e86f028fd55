//! Burgerservicenummer, RSIN and onderwijsnummer. One number in eleven passes the test, so that a word before must say what it is; without one the finding is weak.
//!
//! Source: Logisch Ontwerp BSN, appendix 11-proef

use crate::vocabulary::numbers::Scheme;
use crate::vocabulary::numbers::bsn::{Bsn, Onderwijsnummer};

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// BSN, RSIN, onderwijsnummer.
pub(super) static BSN: Recogniser = Recogniser {
    name: "bsn",
    what: "citizen service numbers of the Netherlands (BSN) and onderwijsnummers",
    source: "Logisch Ontwerp BSN, appendix 11-proef",
    checksum: true,
    context: Context::Needed,
    trigger: Trigger::Code,
    finds: &["BSN <123456782> bekend", "burgerservicenummer: <1234.56.782>", "sofinummer is <123 456 782>"],
    leaves: &["bsn 123456783", "order 123456782"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.longest(|span| {
        span.compact.len() == 9 && (Bsn.is_valid(span.compact) || Onderwijsnummer.is_valid(span.compact))
    })?;
    let cued = place.cue(&[
        "bsn*",
        "burgerservice*",
        "sofi*",
        "rsin",
        "onderwijsnummer",
        "persoonsnummer",
        "fiscaal",
    ]);
    let written = place.lengths(&span).starts_with(&[4, 2, 3]);
    let confidence = if cued || written { Confidence::Strong } else { Confidence::Weak };
    Some(span.found(Kind::Bsn, confidence))
}
