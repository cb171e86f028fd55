//! `fake: street`, `city`, `postcode`. Lane 2 decides the whole address: town, street, house number, postcode area of
//! that town, postcode letters, in that order, so that the parts agree wherever they stand. Refuses postcode letters
//! that the Dutch post never uses (SA, SD, SS) and gives a house number only where the input has one.
//!
//! A town or street that does not fit `max:` gives way to one that does; then it no longer agrees with the postcode.

use super::form::{Case, Short};
use super::make::Make;
use super::name::fitting;
use super::{Build, KindSpec, Made};
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness, lane};
use crate::row::canon::Canon;
use crate::vocabulary::iban::digit;
use crate::vocabulary::{AddressStyle, Draw, Entry, Locale};

const REAL: &[(&str, Reaches)] = &[
    ("nl_NL", Reaches::Possibly("common streets in real towns; the address may exist")),
    ("en_US", Reaches::Possibly("common streets in real towns; the address may exist")),
];

/// `fake: street`.
pub(super) static STREET: KindSpec = KindSpec {
    name: "street",
    summary: "a common street, with a house number where the input has one",
    longest: &[("nl_NL", 30), ("en_US", 24)],
    reaches: REAL,
    canon: |_| Canon::Name,
    identifying: false,
    can_be_unique: false,
    high: false,
    build: |cx| build(cx, &STREET, Part::Street),
};

/// `fake: city`.
pub(super) static CITY: KindSpec = KindSpec {
    name: "city",
    summary: "a town that agrees with the subject's postcode",
    longest: &[("nl_NL", 22), ("en_US", 16)],
    reaches: REAL,
    canon: |_| Canon::Name,
    identifying: false,
    can_be_unique: false,
    high: false,
    build: |cx| build(cx, &CITY, Part::City),
};

/// `fake: postcode`.
pub(super) static POSTCODE: KindSpec = KindSpec {
    name: "postcode",
    summary: "a postcode of the subject's town",
    longest: &[("nl_NL", 7), ("en_US", 5)],
    reaches: REAL,
    canon: |_| Canon::Compact,
    identifying: false,
    can_be_unique: false,
    high: false,
    build: build_postcode,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Street,
    City,
}

/// House numbers go from 1 to this: three digits and a blank.
const MOST_HOUSES: u64 = 199;
const NUMBER_CHARS: u32 = 4;

/// The letters of Dutch postcodes and how many pairs of them there are without SA, SD and SS, which stand at these
/// places of all pairs in order.
const LETTERS: &[u8; 20] = b"ABCDEGHJKLMNPRSTVWXZ";
const NEVER: [u64; 3] = [14 * 20, 14 * 20 + 3, 14 * 20 + 14];
const PAIRS: u64 = 400 - 3;

/// One address, all of it from one lane.
#[derive(Clone, Copy)]
struct Address {
    town: &'static Entry,
    street: &'static Entry,
    number: u64,
    area: u32,
    letters: [u8; 2],
}

impl Address {
    fn draw(locale: &Locale, lane: u64) -> Self {
        let mut draw = Draw::new(lane);
        let town = locale.towns.pick(&mut draw);
        let street = locale.streets.pick(&mut draw);
        let number = 1 + draw.below(MOST_HOUSES);
        let areas = u64::from(town.high - town.low) + 1;
        let area = town.low + u32::try_from(draw.below(areas)).unwrap_or(0);
        let mut pair = draw.below(PAIRS);
        for never in NEVER {
            pair += u64::from(pair >= never);
        }
        let letter = |n: u64| usize::try_from(n).ok().and_then(|n| LETTERS.get(n)).copied().unwrap_or(b'A');
        Self { town, street, number, area, letters: [letter(pair / 20), letter(pair % 20)] }
    }
}

struct Place {
    locale: &'static Locale,
    part: Part,
    max: u32,
    fits: Vec<&'static Entry>,
}

fn build(cx: &Build<'_>, kind: &KindSpec, part: Part) -> Result<Made, Refusal> {
    let (table, extra) = match part {
        Part::Street => (cx.locale.streets, NUMBER_CHARS),
        Part::City => (cx.locale.towns, 0),
    };
    let shortest = table.entries.iter().map(|e| e.chars).min().unwrap_or(u32::MAX);
    cx.at_least(kind.name, shortest.saturating_add(extra))?;
    let max = cx.max.unwrap_or(u32::MAX);
    let longest = kind.longest(cx.locale.name).unwrap_or(u32::MAX);
    // Where everything fits nothing is listed: the list is large, and there is one a column.
    let fits =
        if max < longest { table.by_slot().filter(|e| e.chars <= max - extra).collect() } else { Vec::new() };
    Ok(cx.made(Place { locale: cx.locale, part, max, fits }, longest, Uniqueness::Lost))
}

impl Place {
    /// Appends a street without its number.
    #[inline]
    fn street(&self, case: Case, extra: u32, lane: u64, out: &mut Vec<u8>) {
        let mut draw = Draw::new(lane);
        // The town is drawn before it.
        let _ = self.locale.towns.pick_word(&mut draw);
        let street = self.locale.streets.pick_word(&mut draw);
        // The usual one: in its own case, and not too long.
        if case != Case::Natural || !street.append(self.max.saturating_sub(extra), out) {
            let street = Address::draw(self.locale, lane).street;
            case.append(self.fitting(street, extra, lane).text, out);
        }
    }

    fn fitting(&self, entry: &'static Entry, extra: u32, lane: u64) -> &'static Entry {
        if entry.chars + extra <= self.max { entry } else { fitting(&self.fits, lane).unwrap_or(entry) }
    }
}

impl Make for Place {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let lane = lanes.0[lane::ADDRESS];
        let address = Address::draw(self.locale, lane);
        let case = Case::of(field);
        match (self.part, self.locale.address) {
            (Part::City, _) => case.append(self.fitting(address.town, 0, lane).text, out),
            (Part::Street, AddressStyle::NumberLast) => {
                let number = field.windows(2).any(|w| w[0] == b' ' && w[1].is_ascii_digit());
                let extra = if number { NUMBER_CHARS } else { 0 };
                self.street(case, extra, lane, out);
                if number {
                    let mut behind = Short::new();
                    behind.push(b' ');
                    append_number(address.number, &mut behind);
                    behind.append_to(out);
                }
            }
            (Part::Street, AddressStyle::NumberFirst) => {
                let number = is_numbered(field);
                let extra = if number { NUMBER_CHARS } else { 0 };
                if number {
                    let mut before = Short::new();
                    append_number(address.number, &mut before);
                    before.push(b' ');
                    before.append_to(out);
                }
                self.street(case, extra, lane, out);
            }
        }
    }
}

/// Returns whether a value starts with a number of its own: `12 Oak Street`, not `2nd Street`.
fn is_numbered(field: &[u8]) -> bool {
    let first = field.split(|b| *b == b' ').next().unwrap_or_default();
    !first.is_empty() && first.len() < field.len() && first.iter().all(u8::is_ascii_digit)
}

/// Appends a number below 1000 without leading zeros.
fn append_number(n: u64, out: &mut Short) {
    for (unit, always) in [(100, false), (10, false), (1, true)] {
        if always || n >= unit {
            out.push(digit(n / unit));
        }
    }
}

struct Postcode {
    locale: &'static Locale,
    max: u32,
}

fn build_postcode(cx: &Build<'_>) -> Result<Made, Refusal> {
    let least = match cx.locale.address {
        AddressStyle::NumberLast => 4,
        AddressStyle::NumberFirst => 5,
    };
    cx.at_least(POSTCODE.name, least)?;
    let longest = POSTCODE.longest(cx.locale.name).unwrap_or(u32::MAX);
    let make = Postcode { locale: cx.locale, max: cx.max.unwrap_or(u32::MAX) };
    Ok(cx.made(make, longest, Uniqueness::Lost))
}

impl Make for Postcode {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let address = Address::draw(self.locale, lanes.0[lane::ADDRESS]);
        let mut code = Short::new();
        self.append(field, address, &mut code);
        code.append_to(out);
    }
}

impl Postcode {
    fn append(&self, field: &[u8], address: Address, code: &mut Short) {
        let area = u64::from(address.area);
        if self.locale.address == AddressStyle::NumberFirst {
            code.digits(area, 5);
            return;
        }
        code.digits(area, 4);
        let area_only = field.len() == 4 && field.iter().all(u8::is_ascii_digit);
        if area_only || self.max < 6 {
            return;
        }
        if self.max >= 7 && memchr::memchr(b' ', field.trim_ascii()).is_some() {
            code.push(b' ');
        }
        let lower = Case::is_lower(field);
        for letter in address.letters {
            code.push(if lower { letter.to_ascii_lowercase() } else { letter });
        }
    }
}
