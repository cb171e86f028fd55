//! UUIDs: 8, 4, 4, 4 and 12 hexadecimal digits with hyphens. Refuses 32 digits without hyphens.
//!
//! Source: RFC 9562 4.

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// UUID.
pub(super) static UUID: Recogniser = Recogniser {
    name: "uuid",
    what: "UUIDs (of devices, sessions, accounts)",
    source: "RFC 9562 4",
    checksum: false,
    context: Context::Unneeded,
    trigger: Trigger::Code,
    finds: &[
        "device <6ba7b810-9dad-11d1-80b4-00c04fd430c8> blocked",
        "<abcdefab-0000-4000-8000-0123456789ab>",
    ],
    leaves: &["6ba7b810-9dad-11d1-80b4", "6ba7b810-9dad-11d1-80b4-00c04fd430c8-1"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let start = place.start();
    let first = place.text.get(place.at)?;
    if first.len() != 8 || place.text.byte(first.end()) != b'-' {
        return None;
    }
    let uuid = place.text.text.as_bytes().get(start..start + 36)?;
    let fits = uuid.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let next = place.text.byte(start + 36);
    let ends = !next.is_ascii_alphanumeric() && next != b'-' && place.text.byte_before(start) != b'-';
    (fits && ends).then_some(Finding {
        start,
        end: start + 36,
        kind: Kind::Uuid,
        confidence: Confidence::Strong,
    })
}
