//! Links: `http`, `https`, `ftp` and what begins with `www.`; a path or query may name a person, so all of it is one
//! finding. Refuses bare hosts.
//!
//! Source: RFC 3986, as far as links in texts go.

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// Link.
pub(super) static URL: Recogniser = Recogniser {
    name: "url",
    what: "links",
    source: "RFC 3986",
    checksum: false,
    context: Context::Unneeded,
    trigger: Trigger::Word,
    finds: &["zie <https://example.org/u/sanne?id=7>.", "(<www.example.org/jan>)"],
    leaves: &["example.org", "http", "ratio 3://4"],
    find,
};

const MOST: usize = 2048;

fn find(place: &Place<'_>) -> Option<Finding> {
    let (text, token) = (place.text, place.text.get(place.at)?);
    let word = text.word(token);
    let is = |w: &str| word.eq_ignore_ascii_case(w);
    let behind = text.text.as_bytes().get(token.end()..)?;
    let head = if ["http", "https", "ftp"].into_iter().any(is) && behind.starts_with(b"://") {
        3
    } else if is("www") && behind.first() == Some(&b'.') {
        1
    } else {
        return None;
    };
    let stops =
        |b: &u8| b.is_ascii_whitespace() || matches!(b, b'<' | b'>' | b'"' | b'`' | b'|' | b'\\' | b'^');
    let rest = behind.get(head..)?;
    let mut len = rest.iter().take(MOST).take_while(|b| !stops(b)).count();
    while rest.get(len.checked_sub(1)?).is_some_and(|b| b".,;:!?)]}'".contains(b)) {
        len -= 1;
    }
    let end =
        (0..4).map(|less| token.end() + head + len - less).find(|end| text.text.is_char_boundary(*end))?;
    (end > token.end() + head).then_some(Finding {
        start: token.start(),
        end,
        kind: Kind::Url,
        confidence: Confidence::Strong,
    })
}
