//! Takes a URL apart into ranges of its bytes, after RFC 3986, and decodes percent signs.
//!
//! Refuses controls, blanks, quotes and angle brackets, a percent sign without two hexadecimal digits, and what begins
//! with neither a scheme nor a slash.

use super::At;
use crate::mask::inside::Unfit;

/// Longest scheme.
const LONGEST_SCHEME: usize = 32;
/// Schemes without `//` of which is known what stands in them.
const OPAQUE: &[&[u8]] = &[b"mailto", b"tel", b"sms"];

/// What stands behind `//`.
#[derive(Clone, Copy)]
pub(super) struct Authority<'a> {
    pub(super) user: Option<&'a [u8]>,
    pub(super) password: Option<&'a [u8]>,
    pub(super) host: &'a [u8],
    pub(super) port: Option<&'a [u8]>,
}

/// The parts of a URL as they stand in it.
#[derive(Clone, Copy)]
pub(super) struct Split<'a> {
    /// With its colon; empty in a reference.
    pub(super) scheme: &'a [u8],
    /// Whether it has no `//`: whom it leads to is its path.
    pub(super) opaque: bool,
    pub(super) authority: Option<Authority<'a>>,
    pub(super) path: &'a [u8],
    pub(super) query: Option<&'a [u8]>,
    pub(super) fragment: Option<&'a [u8]>,
}

impl<'a> Split<'a> {
    pub(super) fn read(value: &'a [u8]) -> Result<Self, Unfit> {
        let refused = |b: &u8| *b <= b' ' || matches!(b, b'"' | b'<' | b'>' | b'\\' | 0x7f);
        if value.iter().any(refused) || !escapes_are_sound(value) {
            return Err(Unfit);
        }
        let (value, fragment) = cut(value, b'#');
        let (value, query) = cut(value, b'?');
        let scheme_end = scheme(value);
        let (scheme, rest) = value.split_at_checked(scheme_end).ok_or(Unfit)?;
        let opaque = OPAQUE
            .iter()
            .any(|known| scheme.strip_suffix(b":").is_some_and(|scheme| scheme.eq_ignore_ascii_case(known)));
        let (authority, path) = match rest.strip_prefix(b"//") {
            _ if opaque => (None, rest),
            Some(rest) => {
                let end = rest.iter().position(|b| *b == b'/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at_checked(end).ok_or(Unfit)?;
                (Some(Authority::read(authority)?), path)
            }
            None if scheme.is_empty() && rest.starts_with(b"/") => (None, rest),
            None => return Err(Unfit),
        };
        Ok(Self { scheme, opaque, authority, path, query, fragment })
    }

    /// Returns the first part at a place, decoded; `None` where there is none.
    pub(super) fn find<'b>(&self, at: &At, buf: &'b mut Vec<u8>) -> Result<Option<&'b [u8]>, Unfit>
    where
        'a: 'b,
    {
        let authority = self.authority.as_ref();
        let raw = match at {
            At::User => authority.and_then(|a| a.user),
            At::Password => authority.and_then(|a| a.password),
            At::Host => authority.map(|a| a.host),
            At::Port => authority.and_then(|a| a.port),
            At::Path => Some(self.path),
            At::Segment(number) => self.path.split(|b| *b == b'/').nth(*number),
            At::Query => self.query,
            At::Fragment => self.fragment,
            At::To => self.opaque.then_some(self.path),
            At::Parameters => None,
            At::Parameter(name) => {
                let mut found = None;
                for pair in self.query.into_iter().flat_map(|query| query.split(|b| *b == b'&')) {
                    let (own, value) = parameter(pair);
                    if found.is_none() && decoded(own, true, buf)? == name {
                        found = value;
                    }
                }
                found
            }
        };
        let form = matches!(at, At::Parameter(_) | At::Query);
        raw.filter(|raw| !raw.is_empty()).map(|raw| decoded(raw, form, buf)).transpose()
    }
}

impl<'a> Authority<'a> {
    fn read(authority: &'a [u8]) -> Result<Self, Unfit> {
        let refused = |b: &u8| matches!(b, b'|' | b'^' | b'`' | b'{' | b'}');
        if authority.iter().any(refused) {
            return Err(Unfit);
        }
        let (user, rest) = match authority.iter().rposition(|b| *b == b'@') {
            Some(at) => (authority.get(..at), authority.get(at + 1..).ok_or(Unfit)?),
            None => (None, authority),
        };
        let (user, password) = user.map_or((None, None), |user| {
            let (user, password) = cut(user, b':');
            (Some(user), password)
        });
        let (host, port) = if rest.starts_with(b"[") {
            let end = rest.iter().position(|b| *b == b']').ok_or(Unfit)? + 1;
            let (host, port) = rest.split_at_checked(end).ok_or(Unfit)?;
            match port.split_first() {
                None => (host, None),
                Some((b':', port)) => (host, Some(port)),
                Some(_) => return Err(Unfit),
            }
        } else {
            cut(rest, b':')
        };
        let digits = port.is_none_or(|port| port.len() <= 5 && port.iter().all(u8::is_ascii_digit));
        let brackets = !host.starts_with(b"[") && host.iter().any(|b| matches!(b, b'[' | b']'));
        if digits && !brackets { Ok(Self { user, password, host, port }) } else { Err(Unfit) }
    }
}

/// Cuts at the first of a byte, which goes.
fn cut(value: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match value.iter().position(|b| *b == at).and_then(|at| value.split_at_checked(at)) {
        Some((before, behind)) => (before, behind.get(1..)),
        None => (value, None),
    }
}

/// Returns name and value of a parameter.
pub(super) fn parameter(pair: &[u8]) -> (&[u8], Option<&[u8]>) {
    cut(pair, b'=')
}

/// Returns the length of the scheme with its colon; 0 where there is none.
fn scheme(value: &[u8]) -> usize {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let len = value.iter().take_while(|b| is_part(b)).count();
    let sound = value.first().is_some_and(u8::is_ascii_alphabetic) && len <= LONGEST_SCHEME;
    if sound && value.get(len) == Some(&b':') { len + 1 } else { 0 }
}

fn escapes_are_sound(value: &[u8]) -> bool {
    let mut rest = value;
    while let Some(at) = memchr::memchr(b'%', rest) {
        let digits = rest.get(at + 1..at + 3);
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return false;
        }
        rest = rest.get(at + 3..).unwrap_or_default();
    }
    true
}

/// Returns a part without its percent signs; `form` turns a plus into a blank.
///
/// # Errors
/// `Unfit`: a percent sign without its digits.
pub(super) fn decoded<'b>(raw: &'b [u8], form: bool, buf: &'b mut Vec<u8>) -> Result<&'b [u8], Unfit> {
    let encoded = |b: &u8| *b == b'%' || (form && *b == b'+');
    if !raw.iter().any(encoded) {
        return Ok(raw);
    }
    buf.clear();
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        buf.push(match byte {
            b'%' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16)).ok_or(Unfit);
                let number = digit(bytes.next())? * 16 + digit(bytes.next())?;
                u8::try_from(number).map_err(|_| Unfit)?
            }
            b'+' if form => b' ',
            byte => byte,
        });
    }
    Ok(buf)
}
