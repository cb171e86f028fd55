//! `fake: house_number`, `house_addition`: the number of the subject's address and what is added to it. Lane 2 decides.
//! A number has its addition only where the input has one; NULL and '' stay. Refuses columns that take no whole numbers.

use super::address::Address;
use super::form::{Case, Short};
use super::make::Make;
use super::person::fitting;
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::{Lanes, Output, Refusal, Uniqueness, lane};
use crate::vocabulary::Locale;

/// `fake: house_number`.
pub(super) static HOUSE_NUMBER: KindSpec = KindSpec {
    name: "house_number",
    summary: "the number of the subject's address, with its addition where the input has one (`12`, `12a`)",
    longest: |locale| {
        let additions = locale.address.additions.iter().map(|a| chars(a.joint) + chars(a.text));
        additions.max().map(|addition| NUMBER_CHARS + addition)
    },
    build: build_number,
    ..describing()
};

/// `fake: house_addition`.
pub(super) static HOUSE_ADDITION: KindSpec = KindSpec {
    name: "house_addition",
    summary: "what is added to a house number (`A`, `bis`, `Apt 4`)",
    longest: |locale| locale.address.additions.iter().map(|a| chars(a.text)).max(),
    build: build_addition,
    ..describing()
};

/// House numbers have three digits at most.
const NUMBER_CHARS: u32 = 3;

pub(super) fn chars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

struct Number {
    locale: &'static Locale,
    max: u32,
}

fn build_number(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least(HOUSE_NUMBER.name, NUMBER_CHARS)?;
    let make = Number { locale: cx.locale, max: cx.room() };
    if cx.class.is_text() {
        return Ok(cx.made(make, cx.longest, Uniqueness::Lost));
    }
    Ok(cx.made_as(Number { max: NUMBER_CHARS, ..make }, Output::Integer))
}

impl Make for Number {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let lane = lanes.0[lane::ADDRESS];
        let mut number = Short::new();
        number.number(Address::number(self.locale, lane));
        if !field.trim_ascii().iter().any(|b| !b.is_ascii_digit()) {
            return number.append_to(out);
        }
        let addition = Address::draw(self.locale, lane).addition;
        let whole = u32::try_from(number.len()).unwrap_or(NUMBER_CHARS)
            + chars(addition.joint)
            + chars(addition.text);
        number.append_to(out);
        if whole <= self.max {
            let case = Case::of(field);
            case.append(addition.joint, out);
            case.append(addition.text, out);
        }
    }
}

struct OfHouse {
    locale: &'static Locale,
    max: u32,
    /// What fits, where not all does.
    fits: Vec<&'static str>,
}

fn build_addition(cx: &Build<'_>) -> Result<Made, Refusal> {
    let all = cx.locale.address.additions.iter().map(|addition| addition.text);
    cx.at_least(HOUSE_ADDITION.name, all.clone().map(chars).min().unwrap_or(u32::MAX))?;
    let fits = cx.narrow().map_or(Vec::new(), |max| all.filter(|text| chars(text) <= max).collect());
    Ok(cx.made(OfHouse { locale: cx.locale, max: cx.room(), fits }, cx.longest, Uniqueness::Lost))
}

impl Make for OfHouse {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let lane = lanes.0[lane::ADDRESS];
        let text = Address::draw(self.locale, lane).addition.text;
        let long = chars(text) > self.max;
        let text = if long { fitting(&self.fits, lane).unwrap_or(text) } else { text };
        Case::of(field).append(text, out);
    }
}
