//! E-mail addresses: a local part, `@` (or `(at)`, `[at]` as people write it), a host with a point in it. Refuses quoted local
//! parts and hosts of one word.
//!
//! Source: RFC 5322 3.4.1 and RFC 1123 2.1, as far as addresses in use go; lengths of RFC 5321 4.5.3.1.

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// E-mail address.
pub(super) static EMAIL: Recogniser = Recogniser {
    name: "email",
    what: "e-mail addresses",
    source: "RFC 5322 3.4.1; RFC 5321 4.5.3.1",
    checksum: false,
    context: Context::Unneeded,
    trigger: Trigger::Word,
    finds: &[
        "Mail naar <sanne.kuipers+shop@mail.example.org>.",
        "<o'brien@example.com>, please",
        "<jan (at) example.org>",
    ],
    leaves: &["a @ b", "@sanne op twitter", "prijs 3@5"],
    find,
};

const LOCAL: usize = 64;
const HOST: usize = 255;

fn local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b".!#$%&'*+^_{}~-".contains(&byte)
}

/// Returns the end of a host with a point in it.
fn host(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let in_host = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b'.' | b'-');
    let mut len = rest.iter().take(HOST).take_while(|b| in_host(b)).count();
    while rest.get(len.checked_sub(1)?).is_some_and(|b| matches!(b, b'.' | b'-')) {
        len -= 1;
    }
    let host = rest.get(..len)?;
    let dot = host.iter().rposition(|b| *b == b'.')?;
    let top = host.get(dot + 1..)?;
    let named =
        dot > 0 && top.len() >= 2 && top.iter().all(|b| b.is_ascii_alphabetic() || *b >= 0x80 || *b == b'-');
    named.then_some(start + len)
}

/// Returns how many bytes the sign takes.
fn sign(rest: &[u8]) -> Option<usize> {
    if rest.first() == Some(&b'@') {
        return Some(1);
    }
    [&b"(at)"[..], b"[at]", b" (at) ", b" [at] ", b" @ "]
        .into_iter()
        .find(|s| rest.starts_with(s))
        .map(<[u8]>::len)
}

fn find(place: &Place<'_>) -> Option<Finding> {
    let (start, bytes) = (place.start(), place.text.text.as_bytes());
    // A word with local characters before it was looked at from the first of them.
    let before = place.text.byte_before(start);
    if start > 0 && (before == b'@' || local(before) && before < 0x80 && !b"'*{".contains(&before)) {
        return None;
    }
    let rest = bytes.get(start..)?;
    let len = rest.iter().take(LOCAL + 1).take_while(|b| local(**b)).count();
    let behind = rest.get(len..).filter(|_| (1..=LOCAL).contains(&len))?;
    let end = host(bytes, start + len + sign(behind)?)?;
    place.text.text.is_char_boundary(end).then_some(Finding {
        start,
        end,
        kind: Kind::Email,
        confidence: Confidence::Strong,
    })
}
