//! Addresses of mail, networks and links, telephone numbers, traces of browsers and places on the map.

use super::test::{Check, Form, Test, is_like};
use crate::discover::class::Class;
use crate::discover::measure::look::Look;
use crate::recognise::{self, Kind};

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "mail addresses",
        class: Class::Email,
        form: Form::Any,
        check: Check::Value(is_email),
        chance: 0.0005,
        form_says: 0.0,
        source: "RFC 5322 3.4.1",
    },
    Test {
        what: "links",
        class: Class::Url,
        form: Form::Any,
        check: Check::Value(is_url),
        chance: 0.001,
        form_says: 0.0,
        source: "RFC 3986",
    },
    Test {
        what: "links with a password in them",
        class: Class::Setting,
        form: Form::Any,
        check: Check::Value(is_login),
        chance: 0.0001,
        form_says: 0.0,
        source: "RFC 3986 3.2.1",
    },
    Test {
        what: "UUIDs",
        class: Class::Key,
        form: Form::Any,
        check: Check::Value(is_uuid),
        chance: 0.0005,
        form_says: 0.0,
        source: "RFC 9562 4",
    },
    Test {
        what: "IP addresses",
        class: Class::Ip,
        form: Form::Any,
        check: Check::Value(is_ip),
        chance: 0.0005,
        form_says: 0.0,
        source: "RFC 4632; RFC 4291 2.2",
    },
    Test {
        what: "addresses of network cards",
        class: Class::Mac,
        form: Form::Any,
        check: Check::Value(is_mac),
        chance: 0.0005,
        form_says: 0.0,
        source: "IEEE 802-2014 8.1",
    },
    Test {
        what: "browsers",
        class: Class::UserAgent,
        form: Form::Any,
        check: Check::Value(is_agent),
        chance: 0.0001,
        form_says: 0.0,
        source: "RFC 9110 10.1.5",
    },
    Test {
        what: "telephone numbers with a plus",
        class: Class::Phone,
        form: Form::Any,
        check: Check::Value(is_plus_phone),
        chance: 0.0005,
        form_says: 0.0,
        source: "ITU-T E.164",
    },
    Test {
        what: "telephone numbers as dialled",
        class: Class::Phone,
        form: Form::Any,
        check: Check::Value(is_national_phone),
        chance: 0.01,
        form_says: 0.0,
        source: "E.164 national plans: a trunk zero",
    },
    Test {
        what: "pairs of coordinates",
        class: Class::Location,
        form: Form::Any,
        check: Check::Value(is_pair),
        chance: 0.0005,
        form_says: 0.0,
        source: "ISO 6709",
    },
    Test {
        what: "names to log in with",
        class: Class::Username,
        form: Form::Any,
        check: Check::Value(is_dotted),
        chance: 0.01,
        form_says: 0.0,
        source: "given name, point, surname",
    },
];

/// Returns whether a recogniser finds the value and nothing before or behind it.
fn is_whole(look: &Look<'_>, name: &str, kind: Kind) -> bool {
    let Some(recogniser) = recognise::RECOGNISERS.iter().find(|r| r.name == name) else { return false };
    let mut found = Vec::new();
    recogniser.find(look.text, &mut found);
    found.first().is_some_and(|f| f.kind == kind && f.start == 0 && f.end == look.text.len())
}

fn is_email(look: &Look<'_>) -> bool {
    look.words <= 1 && look.bytes.contains(&b'@') && is_whole(look, "email", Kind::Email)
}

fn is_url(look: &Look<'_>) -> bool {
    let scheme = look.text.split_once("://").is_some_and(|(scheme, rest)| {
        (2..=12).contains(&scheme.len())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric())
            && rest.len() > 2
    });
    look.words == 1 && (scheme || look.text.starts_with("www."))
}

/// `postgres://user:password@host`, or what a client of mail or databases reads.
fn is_login(look: &Look<'_>) -> bool {
    let Some((_, rest)) = look.text.split_once("://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    host.split_once('@').is_some_and(|(user, _)| user.contains(':'))
}

fn is_uuid(look: &Look<'_>) -> bool {
    let text = look.bytes.strip_prefix(b"{").and_then(|b| b.strip_suffix(b"}")).unwrap_or(look.bytes);
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_ip(look: &Look<'_>) -> bool {
    let text = look.text.split_once('/').map_or(look.text, |(ip, _)| ip);
    look.bytes.len() <= 49
        && look.bytes.iter().any(|byte| matches!(byte, b'.' | b':'))
        && text.parse::<std::net::IpAddr>().is_ok()
}

fn is_mac(look: &Look<'_>) -> bool {
    look.bytes.len() == 17
        && look.bytes.iter().enumerate().all(|(at, byte)| match at % 3 {
            2 => matches!(byte, b':' | b'-') && Some(byte) == look.bytes.get(2),
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_agent(look: &Look<'_>) -> bool {
    const BEGINS: &[&str] = &[
        "Mozilla/",
        "Opera/",
        "curl/",
        "Wget/",
        "python-requests/",
        "okhttp/",
        "Dalvik/",
        "PostmanRuntime/",
    ];
    BEGINS.iter().any(|begin| look.text.starts_with(begin))
}

/// Digits of a telephone number with what people write between them.
fn is_dialled(look: &Look<'_>, least: u32, most: u32) -> bool {
    (least..=most).contains(&look.digits)
        && look.letters == 0
        && look.bytes.iter().all(|byte| byte.is_ascii_digit() || b" +-()./".contains(byte))
}

fn is_plus_phone(look: &Look<'_>) -> bool {
    (look.text.starts_with('+') || look.text.starts_with("(+")) && is_dialled(look, 8, 15)
}

/// A zero and eight to eleven digits more, or three groups as in the United States. A zero that any number was filled up
/// with would be followed by another, which only prefixes of other countries are.
fn is_national_phone(look: &Look<'_>) -> bool {
    let mut digits = look.bytes.iter().filter(|byte| byte.is_ascii_digit());
    let zero = digits.next() == Some(&b'0') && digits.next().is_some_and(|second| *second != b'0');
    let abroad = look.text.starts_with("00") && is_dialled(look, 11, 15);
    let grouped = look.digits == 10
        && look.bytes.iter().any(|byte| matches!(byte, b'(' | b'-' | b'.' | b' '))
        && is_like(look.code(), b"##########");
    look.day.is_none()
        && look.decimal.is_none()
        && is_dialled(look, 9, 15)
        && (zero && (9..=12).contains(&look.digits) || abroad || grouped && american(look))
}

/// Area and exchange begin with 2 to 9.
fn american(look: &Look<'_>) -> bool {
    let at = |at: usize| look.code().get(at).is_some_and(|byte| (b'2'..=b'9').contains(byte));
    at(0) && at(3)
}

/// Two numbers in range with four decimals or more, also as `POINT(x y)` and `(x,y)`.
fn is_pair(look: &Look<'_>) -> bool {
    let inner =
        look.text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '(' | ' ' | '=' | ';'));
    let inner = inner.trim_end_matches(')');
    let Some((first, second)) = inner.split_once([',', ' ', ';']) else { return false };
    let read = |text: &str| {
        let text = text.trim();
        let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
        text.parse::<f64>().ok().filter(|_| decimals >= 3)
    };
    let (Some(first), Some(second)) = (read(first), read(second)) else { return false };
    first.abs() <= 180.0 && second.abs() <= 180.0 && (first.abs() <= 90.0 || second.abs() <= 90.0)
}

/// `anna.smit`, `a.smit`, `asmit84`: small letters with a point, hyphen or low line once, or digits behind.
fn is_dotted(look: &Look<'_>) -> bool {
    let text = look.text.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some((first, last)) = text.split_once(['.', '_']) else { return false };
    let small = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    small(first) && small(last) && (super::words::is_given_name(first) || super::words::is_surname(last))
}
