//! `fake: email`: an address at a reserved domain, of the person's name and four digits. Unique: 80 bits, by the value
//! alone without a name, so that it joins in tables where the person is unknown; where the subject decides, behind the
//! name. Refuses domains that are none, and unique addresses of under 40 bits.
//!
//! Source: RFC 2606 and 6761 (`example.org` is reserved), RFC 5321 (64 and 254 characters).

use super::local::{DIGITS, Namer, POINTS, append_digits, longest};
use super::make::Make;
use super::spec::{Build, KindSpec, Made, describing};
use super::suffix::Unique;
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness};
use crate::row::canon::Canon;

/// `fake: email`.
pub(super) static EMAIL: KindSpec = KindSpec {
    name: "email",
    summary: "an address at `policy.mail_domain` or example.org, of the subject's name; unique ones hold 80 bits instead",
    longest: |locale| Some(longest(locale) + DIGITS + 1 + chars(DEFAULT_DOMAIN)),
    reaches: |_| {
        Reaches::Nobody(
            "RFC 2606 and 6761: example.org takes no mail; `policy.mail_domain` is the profile's own",
        )
    },
    canon: |_| Canon::Email,
    can_be_unique: true,
    high: true,
    build,
    ..describing()
};

const DEFAULT_DOMAIN: &str = "example.org";

/// The shortest local part with a name: `j.b4821`.
const LEAST_NAMED_CHARS: u32 = DIGITS + 3;

/// RFC 5321: an address has at most 254 characters and a local part 64.
const MOST_DOMAIN_CHARS: u32 = 189;

fn chars(ascii: &str) -> u32 {
    u32::try_from(ascii.len()).unwrap_or(u32::MAX)
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    let domain = cx.mail_domain.unwrap_or(DEFAULT_DOMAIN).to_ascii_lowercase();
    if !is_domain(&domain) || chars(&domain) > MOST_DOMAIN_CHARS {
        return Err(Refusal {
            what: "`policy.mail_domain` is no domain name".into(),
            hint: Some("write a domain that you own, or leave it out for example.org".into()),
        });
    }
    let tail = format!("@{domain}");
    if cx.unique {
        return Unique::build(cx, EMAIL.name, tail);
    }
    cx.at_least(EMAIL.name, chars(&tail) + LEAST_NAMED_CHARS)?;
    let most = cx.longest + chars(&domain) - chars(DEFAULT_DOMAIN);
    let room = cx.room().saturating_sub(chars(&tail) + DIGITS);
    let make = Named { name: Namer::new(cx.locale), room: usize::try_from(room).unwrap_or(usize::MAX), tail };
    Ok(cx.made(make, most, Uniqueness::Lost))
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

struct Named {
    name: Namer,
    /// Most characters of the name.
    room: usize,
    /// `@example.org`.
    tail: String,
}

impl Make for Named {
    fn make(&self, _field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        self.name.append(lanes, POINTS, self.room, out);
        append_digits(lanes, out);
        out.extend_from_slice(self.tail.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
