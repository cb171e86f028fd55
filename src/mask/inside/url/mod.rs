//! `url`: the parts of a web address, of a mail address as `mailto:`, of a number as `tel:`. What no place names is
//! removed; the scheme stays, and a removed host becomes `invalid` (RFC 2606).
//!
//! `by: $.query.id` lets another part decide. Class: composition. Preserves the scheme and, of the named parts, what their rules preserve. An attacker learns the
//! scheme, which named parts are there, and of each what its rule leaves. `{url: {host: keep, 'query.lang': keep}}` on
//! `https://example.org/u/7?lang=nl&mail=x` gives `https://example.org/?lang=nl`. Refuses what is neither a URL nor a
//! reference from the root (`/a?b=c`), and schemes without `//` other than mailto, tel and sms: nothing says what
//! stands in them. Source: RFC 3986, 3966, 6068; query names and values as browsers write forms (a plus is a blank).

mod split;
#[cfg(test)]
mod tests;

use std::net::Ipv6Addr;

use self::split::{Split, decoded};
use super::scan::{self, Notation};
use super::{Became, Container, Part, Place, Places, Unfit, Visit, Walk};
use crate::mask::{Class, Compile, Compiled, Example, Reaches, Refusal, Reversibility, Takes, TechniqueSpec};
use crate::row::canon::Canon;

static PLACES: Places = Places {
    meaning: "`host`, `port`, `user`, `password`, `path`, `path[1]`, `query`, `query.NAME`, `query.*`, `fragment` or `to`",
    check: check_place,
    stem: "$.",
    one: false,
};

/// The declaration.
pub static SPEC: TechniqueSpec = TechniqueSpec {
    name: "url",
    class: Class::Composition,
    summary: "rules for the parts of a URL: host, path, query parameters and others; what none names is removed",
    preserves: "the scheme; of the named parts what their rules preserve",
    attacker: "the scheme, which of the named parts are there, and of each what its rule leaves",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what its rules reach"),
    argument: Takes::Inside(&PLACES),
    bare: false,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example {
            rule: "{url: {host: {keep: workflow}, query.lang: {keep: workflow}}}",
            input: "https://example.org/u/7?lang=nl&mail=fleur%40example.org",
            output: "https://example.org/?lang=nl",
        },
        Example {
            rule: "{url: {path: {keep: workflow}}}",
            input: "https://example.org/u",
            output: "https://invalid/u",
        },
    ],
    compile,
};

fn check_place(place: &Place) -> Result<(), Refusal> {
    if let Some(by) = &place.by {
        let other =
            At::read(by).filter(|by| *by != At::Parameters && Some(by) != At::read(&place.text).as_ref());
        if other.is_none() {
            return Err(Refusal {
                what: "`by:` names another part of the URL, and one of it".into(),
                hint: Some(
                    "write `by: $.query.id` for the parameter `id`, `by: $.path[1]` for the first folder"
                        .into(),
                ),
            });
        }
    }
    if place.part == Part::Value && At::read(&place.text).is_some() {
        return Ok(());
    }
    Err(Refusal {
        what: "this is no part of a URL".into(),
        hint: Some(crate::message!("write {}", PLACES.meaning)),
    })
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(inside) = cx.inside.filter(|_| cx.class().is_text()) else {
        let what = "`url` needs a column of text and a rule for a part".into();
        return Err(Refusal { what, hint: Some("write `url: {host: RULE}`".into()) });
    };
    let at = |text: &String| At::read(text);
    let walk = Box::new(Url {
        places: inside.places.iter().filter_map(|place| at(&place.text)).collect(),
        by: inside.places.iter().map(|place| place.by.as_ref().and_then(at)).collect(),
    });
    Ok(Container::compiled(walk, inside, Some(b"https://invalid/")))
}

/// A place as the profile names it.
#[derive(Clone, PartialEq, Eq)]
enum At {
    User,
    Password,
    Host,
    Port,
    Path,
    /// From 1.
    Segment(usize),
    Query,
    /// A parameter by its decoded name.
    Parameter(Vec<u8>),
    Parameters,
    Fragment,
    /// Whom mailto and tel lead to.
    To,
}

impl At {
    fn read(text: &str) -> Option<Self> {
        if let Some(name) = text.strip_prefix("query.") {
            let named = || (!name.is_empty()).then(|| Self::Parameter(name.as_bytes().to_vec()));
            return if name == "*" { Some(Self::Parameters) } else { named() };
        }
        if let Some(number) = text.strip_prefix("path[").and_then(|rest| rest.strip_suffix(']')) {
            let plain = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
            return number.parse().ok().filter(|_| plain).map(Self::Segment);
        }
        Some(match text {
            "user" => Self::User,
            "password" => Self::Password,
            "host" => Self::Host,
            "port" => Self::Port,
            "path" => Self::Path,
            "query" => Self::Query,
            "fragment" => Self::Fragment,
            "to" => Self::To,
            _ => return None,
        })
    }
}

/// The places of a rule, in its order.
struct Url {
    places: Vec<At>,
    by: Vec<Option<At>>,
}

/// A value under its rules.
struct Parts<'a, 'v, 'w> {
    rules: &'a Url,
    split: Split<'a>,
    visit: &'v mut Visit<'w>,
    /// The decoded part, and room for the one that decides.
    buf: (Vec<u8>, Vec<u8>),
    /// What decides at the places that were asked for it.
    found: Vec<(usize, Option<Vec<u8>>)>,
}

impl Walk for Url {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let split = Split::read(value)?;
        out.extend_from_slice(split.scheme);
        let mut parts = Parts { rules: self, split, visit, buf: (Vec::new(), Vec::new()), found: Vec::new() };
        if split.opaque {
            parts.to(out)?;
        } else {
            parts.authority(out)?;
            parts.path(out)?;
        }
        parts.query(out)?;
        let (at, fragment) = (Component::of(At::Fragment), split.fragment);
        parts.behind(b'#', fragment, &at, out)?;
        Ok(())
    }
}

impl Parts<'_, '_, '_> {
    fn place(&self, at: &At) -> Option<usize> {
        self.rules.places.iter().position(|place| place == at)
    }

    /// Appends what becomes of a part; whether it is still there.
    fn part(&mut self, at: &Component, raw: &[u8], out: &mut Vec<u8>) -> Result<bool, Unfit> {
        let Some(place) = self.place(&at.at) else { return Ok(false) };
        self.at_place(place, at, raw, out)
    }

    fn at_place(
        &mut self,
        place: usize,
        at: &Component,
        raw: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<bool, Unfit> {
        if raw.is_empty() {
            return Ok(true);
        }
        let (own, deciding) = &mut self.buf;
        if let Some(Some(by)) = self.rules.by.get(place)
            && !self.found.iter().any(|(known, _)| *known == place)
        {
            // Looked for once, however many parameters ask.
            let found = self.split.find(by, deciding)?.map(<[u8]>::to_vec);
            self.found.push((place, found));
        }
        let by = self.found.iter().find(|(known, _)| *known == place).and_then(|(_, found)| found.as_deref());
        let part = decoded(raw, at.is_form(), own)?;
        let became = scan::leaf(self.visit, (place, part, by), at, out)?;
        if became == Became::Kept {
            out.extend_from_slice(raw);
        }
        Ok(became != Became::Removed)
    }

    /// Appends a part that may be missing, behind its sign; whether it is there.
    fn behind(
        &mut self,
        sign: u8,
        raw: Option<&[u8]>,
        at: &Component,
        out: &mut Vec<u8>,
    ) -> Result<bool, Unfit> {
        let Some(raw) = raw else { return Ok(false) };
        let start = out.len();
        out.push(sign);
        let stays = self.part(at, raw, out)?;
        if !stays {
            out.truncate(start);
        }
        Ok(stays)
    }

    fn authority(&mut self, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let Some(authority) = self.split.authority else { return Ok(()) };
        out.extend_from_slice(b"//");
        if let Some(user) = authority.user {
            let start = out.len();
            let mut stays = self.part(&Component::of(At::User), user, out)?;
            stays |= self.behind(b':', authority.password, &Component::of(At::Password), out)?;
            if stays { out.push(b'@') } else { out.truncate(start) }
        }
        let start = out.len();
        let stays = self.part(&Component::of(At::Host), authority.host, out)?;
        if !authority.host.is_empty() && (!stays || out.len() == start) {
            out.truncate(start);
            out.extend_from_slice(b"invalid");
        }
        self.behind(b':', authority.port, &Component::of(At::Port), out)?;
        Ok(())
    }

    fn path(&mut self, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let path = self.split.path;
        let Some(segments) = path.strip_prefix(b"/") else { return Ok(()) };
        let start = out.len();
        if self.place(&At::Path).is_some() {
            let stays = self.part(&Component::of(At::Path), path, out)?;
            let written = out.get(start..).unwrap_or_default();
            if !stays || !written.starts_with(b"/") {
                out.insert(start, b'/');
            }
            return Ok(());
        }
        if !self.rules.places.iter().any(|at| matches!(at, At::Segment(_))) {
            out.push(b'/');
            return Ok(());
        }
        for (index, segment) in segments.split(|b| *b == b'/').enumerate() {
            out.push(b'/');
            let start = out.len();
            let stays = self.part(&Component::of(At::Segment(index + 1)), segment, out)?;
            // Positions stay what they are, and two slashes would begin an authority.
            if !segment.is_empty() && (!stays || out.len() == start) {
                out.truncate(start);
                out.push(b'-');
            }
        }
        Ok(())
    }

    fn query(&mut self, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let Some(query) = self.split.query else { return Ok(()) };
        if self.place(&At::Query).is_some() {
            self.behind(b'?', Some(query), &Component::of(At::Query), out)?;
            return Ok(());
        }
        let (start, mut name) = (out.len(), Vec::new());
        for pair in query.split(|b| *b == b'&') {
            let before = out.len();
            out.push(if before == start { b'?' } else { b'&' });
            if !self.parameter(pair, &mut name, out)? {
                out.truncate(before);
            }
        }
        Ok(())
    }

    fn parameter(&mut self, pair: &[u8], name: &mut Vec<u8>, out: &mut Vec<u8>) -> Result<bool, Unfit> {
        let (raw, value) = split::parameter(pair);
        let named = At::Parameter(decoded(raw, true, name)?.to_vec());
        let (place, is_named) = match self.place(&named) {
            Some(place) => (Some(place), true),
            None => (self.place(&At::Parameters), false),
        };
        let Some(place) = place else { return Ok(false) };
        out.extend_from_slice(raw);
        let Some(value) = value else {
            // A name alone, which nobody named, is a value.
            return Ok(is_named || self.visit.keeps(place));
        };
        out.push(b'=');
        self.at_place(place, &Component::of(named), value, out)
    }

    /// Appends whom an address without `//` leads to.
    fn to(&mut self, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let start = out.len();
        if !self.split.scheme.eq_ignore_ascii_case(b"mailto:") {
            // What stands behind a semicolon has no place and goes, unless all is kept.
            let keeps = self.place(&At::To).is_some_and(|place| self.visit.keeps(place));
            let all = self.split.path;
            let end = all.iter().position(|b| *b == b';' && !keeps).unwrap_or(all.len());
            let number = Component { at: At::To, number: true };
            let stays = self.part(&number, all.get(..end).unwrap_or_default(), out)?;
            if !stays || out.len() == start {
                out.truncate(start);
                out.push(b'0');
            }
            return Ok(());
        }
        for address in self.split.path.split(|b| *b == b',') {
            let before = out.len();
            if before > start {
                out.push(b',');
            }
            if !self.part(&Component::of(At::To), address, out)? {
                out.truncate(before);
            }
        }
        Ok(())
    }
}

/// How one component is written.
struct Component {
    at: At,
    /// Whether it is a number to call.
    number: bool,
}

impl Component {
    fn of(at: At) -> Self {
        Self { at, number: false }
    }

    /// Whether a plus is a blank in it.
    fn is_form(&self) -> bool {
        matches!(self.at, At::Query | At::Parameter(_) | At::Parameters)
    }
}

impl Notation for Component {
    fn is_sound(&self, decoded: &[u8]) -> bool {
        match self.at {
            At::Port => (1..=5).contains(&decoded.len()) && decoded.iter().all(u8::is_ascii_digit),
            At::To if self.number => {
                !decoded.is_empty() && decoded.iter().all(|b| b.is_ascii_digit() || b"+-.()".contains(b))
            }
            At::To => !decoded.is_empty() && !decoded.contains(&b','),
            // Without an authority, two slashes would begin one.
            At::Path => !decoded.starts_with(b"//"),
            // Dots alone would lead to another folder.
            At::Segment(_) => !matches!(decoded, b"." | b".."),
            At::Host => !decoded.contains(&0) && (!decoded.contains(&b':') || is_v6(decoded)),
            _ => true,
        }
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        let as_it_is: &[u8] = match self.at {
            At::User | At::Password | At::Port => b"",
            At::Host => b":[]",
            At::Path => b"/:@",
            At::Segment(_) => b":@",
            At::Query => b"=&:/,",
            At::Parameter(_) | At::Parameters => b":/,",
            At::Fragment => b"=&:/,?",
            At::To => b"@+()",
        };
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || as_it_is.contains(&byte) {
            out.push(byte);
            return;
        }
        let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
        out.extend([b'%', digit(byte >> 4), digit(byte & 15)]);
    }
}

/// Returns whether a host is an IPv6 address in brackets.
fn is_v6(host: &[u8]) -> bool {
    let inner = host.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    inner.and_then(|text| std::str::from_utf8(text).ok()).is_some_and(|text| text.parse::<Ipv6Addr>().is_ok())
}
