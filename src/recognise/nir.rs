//! NIR of France: 13 characters and their key. Refuses numbers without the key unless a word before says what they are.
//!
//! Source: Code de la sécurité sociale R115-1; INSEE

use crate::vocabulary::numbers::nir::Nir;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// NIR.
pub(super) static NIR: Recogniser = Recogniser {
    name: "nir",
    what: "social security numbers of France (NIR)",
    source: "Code de la sécurité sociale R115-1; INSEE",
    checksum: true,
    context: Context::Unneeded,
    trigger: Trigger::Code,
    finds: &["sécu <2 85 05 78 006 084 41>", "NIR <285057800608441>"],
    leaves: &["2 85 05 78 006 084 35", "commande 285057800608435"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.valid(&Nir)?;
    Some(span.found(Kind::Nir, Confidence::Strong))
}
