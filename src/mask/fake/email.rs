//! `fake: email`: an address at a reserved domain. Unique: 80 bits of the value's own digest and no name, so that it
//! joins in tables where the person is unknown. Otherwise the person's name with four digits. Refuses domains that
//! are none, and unique addresses of under 40 bits.
//!
//! Source: RFC 2606 and 6761 (`example.org` is reserved), RFC 4648 (base32), RFC 5321 (64 and 254 characters).

use super::form::push;
use super::make::{Make, attribute};
use super::{Build, KindSpec, Made, name};
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness, lane};
use crate::message;
use crate::row::canon::Canon;
use crate::secret::Message;
use crate::vocabulary::{Draw, Locale};
use unicode_normalization::char::decompose_canonical;

const RESERVED: Reaches = Reaches::Nobody(
    "RFC 2606 and 6761: example.org takes no mail; `policy.mail_domain` is the profile's own",
);

/// `fake: email`.
pub(super) static EMAIL: KindSpec = KindSpec {
    name: "email",
    summary: "an address at `policy.mail_domain` or example.org; unique ones hold no name",
    longest: &[("nl_NL", 44), ("en_US", 39)],
    reaches: &[("nl_NL", RESERVED), ("en_US", RESERVED)],
    canon: |_| Canon::Email,
    identifying: false,
    can_be_unique: true,
    high: true,
    build,
};

const DEFAULT_DOMAIN: &str = "example.org";

/// Characters of a unique local part: 80 bits; under 8 (40 bits) it is refused (DESIGN 4, uniqueness).
const UNIQUE_CHARS: u32 = 16;
const LEAST_UNIQUE_CHARS: u32 = 8;

/// Digits behind a name, and the shortest local part with one: `j.b4821`.
const DIGITS: u32 = 4;
const LEAST_NAMED_CHARS: u32 = DIGITS + 3;

/// RFC 5321: an address has at most 254 characters, so that a domain leaves room for the longest local part.
const MOST_DOMAIN_CHARS: u32 = 200;

/// RFC 4648, in small letters.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    let domain = cx.mail_domain.unwrap_or(DEFAULT_DOMAIN).to_ascii_lowercase();
    let domain_chars = u32::try_from(domain.len()).unwrap_or(u32::MAX);
    if !is_domain(&domain) || domain_chars > MOST_DOMAIN_CHARS {
        return Err(Refusal {
            what: "`policy.mail_domain` is no domain name".into(),
            hint: Some("write a domain that you own, or leave it out for example.org".into()),
        });
    }
    let tail = domain_chars + 1;
    let room = cx.max.map_or(u32::MAX, |max| max.saturating_sub(tail));
    if cx.unique {
        cx.at_least("email", tail + LEAST_UNIQUE_CHARS).map_err(|refusal| Refusal {
            what: message!("{} and stay unique (that takes 40 bits)", refusal.what),
            hint: refusal.hint,
        })?;
        let chars = room.min(UNIQUE_CHARS);
        let make = Unique {
            attribute: attribute(cx.by_subject, cx.attribute),
            chars: usize::try_from(chars).unwrap_or(0),
            tail: format!("@{domain}"),
        };
        return Ok(cx.made(make, tail + chars, Uniqueness::Bits(5 * chars)));
    }
    cx.at_least("email", tail + LEAST_NAMED_CHARS)?;
    let longest = EMAIL.longest(cx.locale.name).unwrap_or(u32::MAX);
    let default_tail = u32::try_from(DEFAULT_DOMAIN.len()).unwrap_or(0) + 1;
    let longest = longest.saturating_sub(default_tail).saturating_add(tail);
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    Ok(cx.made(Named { locale: cx.locale, room, domain }, longest, Uniqueness::Lost))
}

/// Returns whether text is a host name of at least two labels (RFC 1123).
fn is_domain(text: &str) -> bool {
    text.split('.').count() >= 2
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}

fn append_domain(domain: &str, out: &mut Vec<u8>) {
    out.push(b'@');
    out.extend_from_slice(domain.as_bytes());
}

struct Unique {
    attribute: Option<Message>,
    /// Characters of the local part, at most `UNIQUE_CHARS`.
    chars: usize,
    /// `@example.org`.
    tail: String,
}

impl Make for Unique {
    fn attribute(&self) -> Option<&Message> {
        self.attribute.as_ref()
    }

    fn make(&self, _field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let [high, low, ..] = lanes.0;
        // The upper 80 bits, ten at a time: sixty and twenty.
        let rest = high << 16 | low >> 48;
        let shifts = [54, 44, 34, 24, 14, 4].map(|shift| high >> shift);
        let [a, b, c, d, e, f] = shifts.map(pair);
        let text: [[u8; 2]; 8] = [a, b, c, d, e, f, pair(rest >> 10), pair(rest)];
        out.extend_from_slice(text.as_flattened().get(..self.chars).unwrap_or_default());
        out.extend_from_slice(self.tail.as_bytes());
    }
}

/// Returns the two characters of the lowest ten bits.
fn pair(bits: u64) -> [u8; 2] {
    /// Every pair of characters, the first in the upper five bits.
    static PAIRS: [[u8; 2]; 1024] = {
        let (mut pairs, mut at) = ([[0; 2]; 1024], 0);
        while at < pairs.len() {
            pairs[at] = [BASE32[at >> 5], BASE32[at & 31]];
            at += 1;
        }
        pairs
    };
    usize::try_from(bits & 1023).ok().and_then(|at| PAIRS.get(at)).copied().unwrap_or(*b"aa")
}

struct Named {
    locale: &'static Locale,
    /// Most characters of the local part.
    room: usize,
    domain: String,
}

impl Make for Named {
    fn make(&self, _field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let first = name::first(self.locale, lanes.0[lane::FIRST_NAME]).0.text;
        let last = name::last(self.locale, lanes.0[lane::LAST_NAME]);
        let digits = usize::try_from(DIGITS).unwrap_or(0);
        let start = out.len();
        append_ascii(first, out);
        let behind_first = out.len();
        out.push(b'.');
        append_ascii(last.second, out);
        append_ascii(last.text, out);
        if out.len() - start + digits > self.room {
            // Only the initial stays; what is still too long is cut at its end.
            out.drain(start + 1..behind_first);
            out.truncate(start + self.room.saturating_sub(digits));
        }
        let mut draw = Draw::new(lanes.0[lane::UNIQUE]);
        for _ in 0..DIGITS {
            out.push(crate::vocabulary::iban::digit(draw.below(10)));
        }
        append_domain(&self.domain, out);
    }
}

/// Appends the plain small letters of a name: accents, blanks, hyphens and apostrophes go.
fn append_ascii(text: &str, out: &mut Vec<u8>) {
    for c in text.chars() {
        let letters = match c {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            _ => "",
        };
        out.extend_from_slice(letters.as_bytes());
        decompose_canonical(c, |part| {
            if part.is_ascii_alphanumeric() {
                push(part.to_ascii_lowercase(), out);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::LOCALES;

    #[test]
    fn every_name_has_plain_letters() {
        for table in LOCALES.iter().flat_map(|l| [l.female, l.male, l.last_names]) {
            for entry in table.entries() {
                let mut out = Vec::new();
                append_ascii(entry.text, &mut out);
                let double = |c: char| usize::from(['ß', 'æ', 'œ'].contains(&c));
                let bare: usize =
                    entry.text.chars().filter(|c| c.is_alphabetic()).map(|c| 1 + double(c)).sum();
                assert_eq!(out.len(), bare, "{}", entry.text);
            }
        }
    }

    #[test]
    fn domains() {
        for good in ["example.org", "a.b-c.example", "xn--bcher-kva.example"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in ["", "org", ".org", "a..org", "-a.org", "a@b.org", "a b.org", "exämple.org"] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}
