//! Dates of birth: a date behind a word that says somebody was born then. Refuses all other dates.
//!
//! Source: as `dates` has the forms.

use super::dates::Written;
use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// Date of birth.
pub(super) static BIRTH_DATE: Recogniser = Recogniser {
    name: "birth_date",
    what: "dates of birth",
    source: "ISO 8601 5.2.2; Unicode CLDR, names of months",
    checksum: false,
    context: Context::Needed,
    trigger: Trigger::Date,
    finds: &[
        "geboren op <12 maart 1984> te Zwolle",
        "DOB: <03/12/1984>",
        "geb. <12-03-1984>",
        "née le <1er mars 1984>",
        "geboren am <12. März 1984>",
        "born on <March 12, 1984>",
    ],
    leaves: &["afspraak 12-03-2024", "geboren in Zwolle", "vergadering op 12 maart 2024"],
    find,
};

static CUES: &[&str] = &[
    "geboren",
    "geb",
    "geboortedatum",
    "gebdatum",
    "geburtsdatum",
    "born",
    "birth",
    "dob",
    "birthday",
    "verjaardag",
    "ne",
    "nee",
    "naissance",
    "geburtstag",
    "jarig",
    "birthdate",
];

fn find(place: &Place<'_>) -> Option<Finding> {
    let written = Written::read(&place.text, place.at)?;
    let end = place.text.get(place.at + written.tokens - 1)?.end();
    let cued = place.cue(CUES) && !place.text.leads_up(place.start());
    cued.then_some(Finding {
        start: place.start(),
        end,
        kind: Kind::BirthDate,
        confidence: Confidence::Strong,
    })
}
