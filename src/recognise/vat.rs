//! VAT numbers with their country code, and without it behind a word that says so. Refuses what fails the check.
//!
//! Source: VIES, structure and algorithms; HMRC VAT notice 700

use crate::vocabulary::numbers::vat::Vat;
use crate::vocabulary::numbers::{Compact, Scheme};

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// VAT number.
pub(super) static VAT: Recogniser = Recogniser {
    name: "vat",
    what: "VAT numbers of NL, BE, DE, FR and GB",
    source: "VIES, structure and algorithms; HMRC VAT notice 700",
    checksum: true,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &[
        "btw <NL123456782B01>",
        "USt-IdNr. <DE136695976>",
        "TVA <FR 83 404 833 048>",
        "ondernemingsnummer <0123.456.749>",
    ],
    leaves: &["NL123456783B01", "DE136695977", "order 0123456749"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    if let Some(span) = place.valid(&Vat) {
        return Some(span.found(Kind::Vat, Confidence::Strong));
    }
    let bare = place.longest(|span| {
        (9..=12).contains(&span.compact.len()) && span.compact.iter().all(u8::is_ascii_digit)
    });
    bare?;
    let country: &[u8] = if place.cue(&["ondernemingsnummer", "onderneming*", "btw*", "tva", "entreprise"]) {
        b"BE"
    } else if place.cue(&["vat"]) {
        b"GB"
    } else {
        return None;
    };
    let span = place.longest(|span| {
        span.compact.len() <= 12
            && Vat.is_valid(Compact::new().extend(country).extend(span.compact).as_slice())
    })?;
    Some(span.found(Kind::Vat, Confidence::Strong))
}
