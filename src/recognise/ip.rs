//! Addresses of the Internet Protocol: four numbers to 255, and the forms of version 6. Refuses versions of programs
//! (`version 1.2.3.4`) and numbers of sections.
//!
//! Source: RFC 791; RFC 4291 2.2.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::run::Place;
use super::text::Flags;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// IPv4 and IPv6 address.
pub(super) static IP: Recogniser = Recogniser {
    name: "ip",
    what: "addresses of IPv4 and IPv6",
    source: "RFC 791; RFC 4291 2.2",
    checksum: false,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &["van <192.0.2.44> gekomen", "from <2001:db8::8a2e:370:7334>, twice", "(<fe80::1>)"],
    leaves: &["versie 10.2.3.4", "v1.2.3.4", "om 12:30:45 uur", "300.1.2.3", "1.2.3.4.5", "a::b"],
    find,
};

fn find(place: &Place<'_>) -> Option<Finding> {
    let (text, token, start) = (place.text, place.text.get(place.at)?, place.start());
    if text.leads_up(start) {
        return None;
    }
    let end = match text.byte(token.end()) {
        b'.' if token.is_number() => four(place),
        b':' => six(place),
        _ => None,
    }?;
    let version = place.cue(&["versie", "version", "v", "release", "build", "paragraaf", "section"]);
    (!version).then_some(Finding { start, end, kind: Kind::Ip, confidence: Confidence::Strong })
}

fn four(place: &Place<'_>) -> Option<usize> {
    let last = place.text.get(place.at + 3)?;
    let end = last.end();
    let address = place.text.slice(place.start(), end);
    (address.len() <= 15 && address.parse::<Ipv4Addr>().is_ok() && !place.text.goes_on(end)).then_some(end)
}

fn six(place: &Place<'_>) -> Option<usize> {
    let start = place.start();
    let rest = place.text.text.as_bytes().get(start..)?;
    let mut len = rest.iter().take(46).take_while(|b| b.is_ascii_hexdigit() || **b == b':').count();
    while rest.get(len.checked_sub(1)?) == Some(&b':') {
        len -= 1;
    }
    let address = place.text.slice(start, start + len);
    // Two letters with colons between them are words more often than addresses.
    let digits = address.bytes().filter(u8::is_ascii_digit).count();
    let next = place.text.byte(start + len);
    let ends =
        !next.is_ascii_alphanumeric() && place.text.get(place.at).is_some_and(|t| !t.flags.has(Flags::WIDE));
    (ends && digits > 0 && len >= 6 && address.parse::<Ipv6Addr>().is_ok()).then_some(start + len)
}
