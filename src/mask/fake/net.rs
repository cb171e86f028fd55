//! `fake: ip`, `ipv6`, `mac`, `domain`, `url`, `user_agent`, `uuid`: what machines are called. Refuses ranges that somebody has:
//! addresses are those set aside for documentation and benchmarks, names lie under `.example`.
//!
//! Sources: RFC 2544 and RFC 6890 (198.18.0.0/15, benchmarks), RFC 3849 (2001:db8::/32, documentation), IEEE 802 (the second
//! lowest bit of the first octet: locally administered), RFC 2606 and 6761 (`.example`), RFC 9562 (UUID version 4).

use super::form::{Case, Short};
use super::local::append_plain;
use super::make::Make;
use super::spec::{Build, KindSpec, Made, describing, ordinary};
use crate::mask::{Lanes, Output, Reaches, Refusal, Uniqueness};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use crate::vocabulary::{Draw, Locale};

/// `fake: ip`.
pub(super) static IP: KindSpec = spec(
    "ip",
    "an address of the input's family (IPv4 where it tells none), set aside for tests",
    |_| Some(39),
    ip,
);
/// `fake: ipv6`.
pub(super) static IPV6: KindSpec =
    spec("ipv6", "an IPv6 address of the documentation range", |_| Some(39), ipv6);
/// `fake: mac`.
pub(super) static MAC: KindSpec =
    spec("mac", "a locally administered hardware address, separated as the input is", |_| Some(17), mac);
/// `fake: domain`.
pub(super) static DOMAIN: KindSpec =
    spec("domain", "a domain under `.example`", |_| Some(DOMAIN_CHARS), domain);
/// `fake: url`.
pub(super) static URL: KindSpec = spec(
    "url",
    "the address of a page under `.example`, without path and query of the input",
    |_| Some(DOMAIN_CHARS + URL_CHARS),
    url,
);
/// `fake: uuid`.
pub(super) static UUID: KindSpec = spec(
    "uuid",
    "a random UUID (version 4), in the input's case and with its hyphens or without",
    |_| Some(36),
    uuid,
);
/// `fake: user_agent`.
pub(super) static USER_AGENT: KindSpec = KindSpec {
    identifying: false,
    reaches: ordinary,
    ..spec(
        "user_agent",
        "a common browser",
        |_| AGENTS.iter().map(|agent| u32::try_from(agent.len()).unwrap_or(u32::MAX)).max(),
        user_agent,
    )
};

const fn spec(
    name: &'static str,
    summary: &'static str,
    longest: fn(&Locale) -> Option<u32>,
    build: fn(&Build<'_>) -> Result<Made, Refusal>,
) -> KindSpec {
    KindSpec {
        name,
        summary,
        longest,
        reaches: |_| {
            Reaches::Nobody("set aside for tests and documentation (RFC 2544, 2606, 3849), or random")
        },
        canon: |_| Canon::Bytes,
        identifying: true,
        high: true,
        build,
        ..describing()
    }
}

/// What a kind makes of the lanes and the input's form.
type Form = fn(&[u8], Draws, &mut Short);

/// The lanes that are left to kinds without one of their own.
#[derive(Clone, Copy)]
struct Draws([u64; 4]);

struct Small {
    form: Form,
}

impl Make for Small {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let [a, b, c, d, ..] = lanes.0;
        let mut made = Short::new();
        (self.form)(field, Draws([a, b, c, d]), &mut made);
        made.append_to(out);
    }
}

fn small(cx: &Build<'_>, form: Form, output: Output) -> Made {
    cx.made_apart_as(Small { form }, output)
}

/// Returns what the plan is told of a text of so many characters; a type of its own takes it as it is.
fn output(cx: &Build<'_>, chars: u32) -> Output {
    match cx.class {
        TypeClass::Inet => Output::Typed,
        _ => Output::Text { max_chars: Some(chars) },
    }
}

/// Says whether a value is an IPv6 address rather than another.
fn is_v6(field: &[u8]) -> bool {
    memchr::memchr(b':', field).is_some()
}

fn append_v4(draw: u64, out: &mut Short) {
    // 198.18.0.0/15, without the first and last address of each /24.
    let mut draw = Draw::new(draw);
    let second = 18 + draw.below(2);
    let [third, fourth] = [draw.below(256), 1 + draw.below(254)];
    for (n, octet) in [198, second, third, fourth].into_iter().enumerate() {
        if n > 0 {
            out.push(b'.');
        }
        out.number(octet);
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn hex(nibble: u64) -> u8 {
    usize::try_from(nibble & 15).ok().and_then(|n| HEX.get(n)).copied().unwrap_or(b'0')
}

/// Appends so many hexadecimal digits, the highest first.
fn append_hex(number: u64, digits: u32, out: &mut Short) {
    (0..digits).rev().for_each(|place| out.push(hex(number >> (4 * place))));
}

fn append_v6(draws: Draws, out: &mut Short) {
    out.extend(b"2001:db8");
    // Six groups of 16 bits; the top bit is set, so that none is short.
    for group in 0..6_u32 {
        let lane = if group < 3 { draws.0[0] } else { draws.0[1] };
        out.push(b':');
        append_hex((lane >> (16 * (group % 3))) | 0x8000, 4, out);
    }
}

fn ip(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least("ip", 14)?;
    // A column too narrow for IPv6 holds none.
    let most = cx.room().min(39);
    let narrow = most < 39 || cx.class.max_chars().is_some_and(|max| max < 39);
    let form: Form = if narrow {
        |_, draws, out| append_v4(draws.0[0], out)
    } else {
        |field, draws, out| if is_v6(field) { append_v6(draws, out) } else { append_v4(draws.0[0], out) }
    };
    Ok(small(cx, form, output(cx, if narrow && cx.max.is_none() { 14 } else { most })))
}

fn ipv6(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least("ipv6", 39)?;
    if cx.spelled == "inet4" {
        let hint = Some("write `fake: ip`".into());
        return Err(Refusal { what: "`inet4` takes no IPv6 address".into(), hint });
    }
    Ok(small(cx, |_, draws, out| append_v6(draws, out), output(cx, 39)))
}

fn append_mac(field: &[u8], draws: Draws, out: &mut Short) {
    // Locally administered (bit 1), of one station (bit 0 clear).
    let number = (draws.0[0] >> 16) & !(1 << 40) | (2 << 40);
    let start = out.len();
    let (every, separator) = match field.iter().find(|b| !b.is_ascii_hexdigit()) {
        Some(b'.') => (4, Some(b'.')),
        Some(b'-') => (2, Some(b'-')),
        None if field.len() == 12 => (2, None),
        _ => (2, Some(b':')),
    };
    for place in 0..12_u32 {
        if place > 0 && place % every == 0 {
            separator.into_iter().for_each(|b| out.push(b));
        }
        out.push(hex(number >> (4 * (11 - place))));
    }
    if Case::of(field) == Case::Upper {
        out.uppercase(start);
    }
}

fn mac(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least("mac", 17)?;
    Ok(small(cx, append_mac, output(cx, 17)))
}

fn append_uuid(field: &[u8], draws: Draws, out: &mut Short) {
    let start = out.len();
    let bare = field.len() == 32 && memchr::memchr(b'-', field).is_none();
    let high = (draws.0[0] & !0xF000) | 0x4000;
    let low = (draws.0[1] & !(3 << 62)) | (1 << 63);
    for (n, (number, digits)) in
        [(high >> 32, 8), (high >> 16, 4), (high, 4), (low >> 48, 4), (low, 12)].into_iter().enumerate()
    {
        if n > 0 && !bare {
            out.push(b'-');
        }
        append_hex(number, digits, out);
    }
    if Case::of(field) == Case::Upper {
        out.uppercase(start);
    }
}

fn uuid(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least("uuid", 36)?;
    let most = cx.room().min(36);
    let output = if *cx.class == TypeClass::Uuid { Output::Uuid } else { output(cx, most) };
    let made = small(cx, append_uuid, output);
    // By subject all rows of a person have one.
    let uniqueness = if cx.by_subject { Uniqueness::Lost } else { Uniqueness::Bits(122) };
    Ok(Made { uniqueness, ..made })
}

/// `-4821.example`, and before it a surname in plain letters, which is never longer than its characters twice.
const DOMAIN_REST: u32 = 13;
/// `https://www.` and `/`.
const URL_CHARS: u32 = 13;
/// Most letters of a surname in a domain.
const NAME_CHARS: usize = 20;
/// A domain of such a surname.
const DOMAIN_CHARS: u32 = 20 + DOMAIN_REST;

struct Domain {
    locale: &'static Locale,
    /// Most letters of the name.
    name: usize,
    url: bool,
}

fn build_domain(cx: &Build<'_>, kind: &'static str, url: bool) -> Result<Made, Refusal> {
    let rest = DOMAIN_REST + if url { URL_CHARS } else { 0 };
    cx.at_least(kind, rest + 1)?;
    let name = usize::try_from(cx.room().saturating_sub(rest)).unwrap_or(usize::MAX).min(NAME_CHARS);
    Ok(cx.made_apart(Domain { locale: cx.locale, name, url }, cx.longest))
}

fn domain(cx: &Build<'_>) -> Result<Made, Refusal> {
    build_domain(cx, "domain", false)
}

fn url(cx: &Build<'_>) -> Result<Made, Refusal> {
    build_domain(cx, "url", true)
}

impl Make for Domain {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        if self.url {
            let plain = field.get(..5).is_some_and(|head| head.eq_ignore_ascii_case(b"http:"));
            out.extend_from_slice(if plain { b"http://www." } else { b"https://www." });
        }
        let start = out.len();
        let name = self.locale.last_names.pick(&mut Draw::new(lanes.0[1])).text;
        append_plain(name, None, self.locale.country == "DE", out);
        out.truncate((start + self.name).min(out.len()));
        let mut rest = Short::new();
        rest.push(b'-');
        rest.digits(Draw::new(lanes.0[2]).below(10_000), 4);
        rest.extend(b".example");
        rest.append_to(out);
        if self.url {
            out.push(b'/');
        }
    }
}

/// Browsers as very many people have them.
const AGENTS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
];

struct Agent {
    fits: Vec<&'static str>,
}

fn user_agent(cx: &Build<'_>) -> Result<Made, Refusal> {
    let chars = |agent: &str| u32::try_from(agent.len()).unwrap_or(u32::MAX);
    cx.at_least("user_agent", AGENTS.iter().map(|agent| chars(agent)).min().unwrap_or(0))?;
    let fits = AGENTS.iter().copied().filter(|agent| chars(agent) <= cx.room()).collect();
    Ok(cx.made_apart(Agent { fits }, cx.longest))
}

impl Make for Agent {
    fn make(&self, _: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let n = Draw::new(lanes.0[0]).below(u64::try_from(self.fits.len()).unwrap_or(1));
        let agent = usize::try_from(n).ok().and_then(|n| self.fits.get(n)).copied().unwrap_or_default();
        out.extend_from_slice(agent.as_bytes());
    }
}
