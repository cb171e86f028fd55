//! Numbers of the Dutch trade register: eight digits, twelve of a branch. They have no check digit: refuses them unless a word before says what they are.
//!
//! Source: Handelsregisterwet 2007, art. 9 and 11

use crate::vocabulary::numbers::kvk::Kvk;

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// KvK-nummer, vestigingsnummer.
pub(super) static KVK: Recogniser = Recogniser {
    name: "kvk",
    what: "numbers of the Dutch trade register",
    source: "Handelsregisterwet 2007, art. 9 and 11",
    checksum: false,
    context: Context::Needed,
    trigger: Trigger::Code,
    finds: &["KvK <12345678>", "vestigingsnummer <000012345678>", "handelsregister nr. <12 34 56 78>"],
    leaves: &["12345678", "order 12345678"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let span = place.valid(&Kvk)?;
    let cued = place.cue(&["kvk*", "handelsregister*", "vestigingsnummer", "koophandel"]);
    Some(span.found(Kind::Kvk, if cued { Confidence::Fair } else { Confidence::Weak }))
}
