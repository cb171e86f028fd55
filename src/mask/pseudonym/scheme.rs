//! National numbers, VAT numbers, cards, plates and postcodes: what is valid becomes another valid one of the same
//! group (country, length, side code; see `vocabulary::numbers`), with right check digits. Separators and case stay.
//!
//! Zeros lost in front are put back where the kind has a fixed number of digits, except in columns of numbers. Unfit:
//! whatever fails a check. The stand-in may be somebody's.

use super::kind::{Form, Kind, Place, Read};
use super::{compiled, refusal, room};
use crate::error::Message;
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal, Value};
use crate::message;
use crate::row::shape::TypeClass;
use crate::vocabulary::numbers::card::Card;
use crate::vocabulary::numbers::{
    Compact, Ranked, Scheme, bsn, kvk, nhs, nino, nir, plate, postcode, rijksregister, ssn, steuer_id,
    valid_from, vat,
};

/// The compiled kind's form.
pub(super) struct Number {
    scheme: &'static dyn Scheme,
    /// Country code that a VAT number may lack.
    prefix: &'static str,
    /// Digits that a value of digits alone has, zeros lost in front included; 0 where that differs.
    pad: usize,
    /// Whether the column holds numbers, which have no leading zeros.
    numeric: bool,
    usual: u32,
}

/// Returns the kind's scheme and how many digits its numbers have, if they are digits alone and as many.
fn scheme(kind: &str, country: &str, keep_iin: bool) -> Option<(&'static dyn Scheme, usize)> {
    Some(match kind {
        "onderwijsnummer" => (&bsn::Onderwijsnummer, 9),
        "kvk" => (&kvk::Kvk, 8),
        "vat" => (&vat::Vat, 0),
        "rijksregister" => (&rijksregister::Rijksregister, 11),
        "steuer_id" => (&steuer_id::SteuerId, 11),
        "kvnr" => (&steuer_id::Kvnr, 0),
        "nir" => (&nir::Nir, 0),
        "nino" => (&nino::Nino, 0),
        "ssn" => (&ssn::Ssn, 9),
        "nhs" => (&nhs::Nhs, 10),
        "card" if keep_iin => (&Card { keep_iin: true }, 0),
        "card" => (&Card { keep_iin: false }, 0),
        "postcode" => (postcode::of(country)?, 0),
        "plate" => (plate::of(country)?, 0),
        _ => return None,
    })
}

/// Digits of a kind whose values are whole numbers; 0 for one whose values are not.
fn most_digits(kind: &str) -> u32 {
    match kind {
        "onderwijsnummer" | "ssn" => 9,
        "kvk" => 8,
        "rijksregister" | "steuer_id" => 11,
        "nhs" => 10,
        "card" => 19,
        _ => 0,
    }
}

/// Returns the country of a locale, `NL` of `nl_NL`.
pub(super) fn country<'a>(cx: &'a Compile<'_>) -> &'a str {
    let locale = cx.option("locale").and_then(Value::text).unwrap_or(cx.locale);
    locale.split_once('_').map_or("", |(_, country)| country)
}

pub(super) fn compile(cx: &Compile<'_>, kind: &'static str) -> Result<Compiled, Refusal> {
    let keep_iin = cx.option("keep_iin") == Some(&Value::Boolean(true));
    let country = country(cx);
    let Some((scheme, pad)) = scheme(kind, country, keep_iin) else {
        return Err(Refusal {
            what: message!("`pseudonym: {}` does not know the form of this locale's country", kind),
            hint: Some("write `locale:` with a country that it knows, or `pseudonym: alphanumeric`".into()),
        });
    };
    let digits = most_digits(kind);
    let numeric = match cx.class() {
        TypeClass::Integer => digits > 0 && digits <= 9,
        TypeClass::BigInt => digits > 0,
        TypeClass::Numeric { precision, scale: None | Some(0) } => {
            digits > 0 && precision.is_none_or(|precision| precision >= digits)
        }
        _ => false,
    };
    if !numeric && !cx.class().is_text() {
        return Err(refusal_of(kind));
    }
    let prefix = match country {
        "NL" if kind == "vat" => "NL",
        "BE" if kind == "vat" => "BE",
        "DE" if kind == "vat" => "DE",
        "FR" if kind == "vat" => "FR",
        "GB" if kind == "vat" => "GB",
        _ => "",
    };
    let usual = match prefix {
        "BE" => vat::BE,
        "DE" => vat::DE,
        "FR" => vat::FR,
        "GB" => vat::GB,
        _ => scheme.usual(),
    };
    if scheme.size(usual) < super::LEAST_DOMAIN && cx.option("small_domain").is_none() {
        return Err(super::small_domain(scheme.size(usual)));
    }
    // Card numbers and the longer of two forms stand only in columns that hold them.
    let least = match kind {
        "card" => 16,
        "kvk" => 8,
        "plate" | "postcode" | "vat" => valid_from(scheme, usual, 0).map_or(0, |text| text.as_slice().len()),
        _ => usize::try_from(scheme.chars()).unwrap_or(0),
    };
    let hint = "widen the column, or use another technique";
    room(cx, u32::try_from(least).unwrap_or(0), hint)?;
    Ok(compiled(Kind::new(cx, name::SCHEME, Number { scheme, prefix, pad, numeric, usual }), Output::Typed))
}

fn refusal_of(kind: &'static str) -> Refusal {
    let what: Message =
        message!("`pseudonym: {}` needs text, or a type of whole numbers with room for it", kind);
    Refusal { what, ..refusal("") }
}

impl Number {
    fn ranked(&self, field: &[u8]) -> Option<Ranked> {
        let compact = Compact::read(field)?;
        let text = compact.as_slice();
        if let Some(ranked) = self.scheme.read(text) {
            return Some(ranked);
        }
        if !self.prefix.is_empty() {
            let mut whole = Compact::new();
            return self.scheme.read(whole.extend(self.prefix.as_bytes()).extend(text).as_slice());
        }
        if text.len() < self.pad && text.iter().all(u8::is_ascii_digit) {
            let zeros = b"00000000000".get(..self.pad - text.len())?;
            return self.scheme.read(Compact::new().extend(zeros).extend(text).as_slice());
        }
        None
    }

    fn at(&self, place: &Place) -> Option<Compact> {
        self.scheme.write(Ranked { group: place.group, rank: u64::try_from(place.rank).ok()? })
    }
}

/// Appends letters and digits in the spelling of a field that has as many.
pub(super) fn spell_like(field: &[u8], text: &[u8], out: &mut Vec<u8>) {
    let lower = field.iter().any(u8::is_ascii_lowercase) && !field.iter().any(u8::is_ascii_uppercase);
    let mut symbols = text.iter();
    let start = out.len();
    for byte in field {
        let symbol = if byte.is_ascii_alphanumeric() { symbols.next() } else { None };
        out.push(*symbol.unwrap_or(byte));
    }
    if lower {
        out.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
    }
}

impl Form for Number {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let Some(Ranked { group, rank }) = self.ranked(field) else { return Read::Unfit };
        match self.scheme.size(group).checked_sub(1) {
            Some(last) => Read::Place(Place { scheme: 0, group, rank: rank.into(), last: last.into() }),
            None => Read::Unfit,
        }
    }

    fn may(&self, place: &Place) -> bool {
        self.at(place).is_some()
    }

    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        let Some(compact) = self.at(place) else { return false };
        let text = compact.as_slice();
        let bare = text.strip_prefix(self.prefix.as_bytes()).unwrap_or(text);
        let count = field.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
        if self.numeric {
            let zeros = text.iter().take_while(|byte| **byte == b'0').count();
            out.extend_from_slice(text.get(zeros..).unwrap_or_default());
        } else if count == text.len() {
            spell_like(field, text, out);
        } else if count == bare.len() {
            spell_like(field, bare, out);
        } else {
            // Zeros were lost in front: all of it, without separators.
            out.extend_from_slice(text);
        }
        true
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        let size = self.scheme.size(self.usual);
        let start = u64::try_from(((bits >> 64) * u128::from(size)) >> 64).unwrap_or(0);
        if let Some(text) = valid_from(self.scheme, self.usual, start) {
            out.extend_from_slice(text.as_slice());
            return true;
        }
        false
    }
}
