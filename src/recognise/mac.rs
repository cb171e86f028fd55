//! Addresses of network cards: six pairs of hexadecimal digits with colons or hyphens, or three groups of four with points.
//! Refuses twelve digits without separators.
//!
//! Source: IEEE Std 802-2014, 8.1 (EUI-48).

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// MAC address.
pub(super) static MAC: Recogniser = Recogniser {
    name: "mac",
    what: "addresses of network cards",
    source: "IEEE Std 802-2014, 8.1",
    checksum: false,
    context: Context::Unneeded,
    trigger: Trigger::Code,
    finds: &["modem <00:00:5E:00:53:af> herstart", "<de-ad-be-ef-00-01>"],
    leaves: &["00:11:22", "aa:bb:cc:dd:ee:ff:00", "12:30:45:50:55:59:59"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let (start, bytes) = (place.start(), place.text.text.as_bytes());
    let (first, before) = (place.text.get(place.at)?, place.text.byte_before(place.start()));
    let separator = place.text.byte(first.end());
    if first.len() != 2 || !matches!(separator, b':' | b'-') || before == separator {
        return None;
    }
    let address = bytes.get(start..start + 17)?;
    let fits = address
        .iter()
        .enumerate()
        .all(|(at, byte)| if at % 3 == 2 { *byte == separator } else { byte.is_ascii_hexdigit() });
    let next = place.text.byte(start + 17);
    let ends = !next.is_ascii_alphanumeric() && next != separator;
    (fits && ends).then_some(Finding {
        start,
        end: start + 17,
        kind: Kind::Mac,
        confidence: Confidence::Strong,
    })
}
