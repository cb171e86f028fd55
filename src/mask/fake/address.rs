//! The parts of an invented address: `fake: street`, `city`, `region`, `postcode`, `country`. Lane 2 decides the whole
//! of it: town, street, house number, postcode area of that town, what follows it, addition, coordinates, in that
//! order, so that the parts agree wherever they stand. Refuses postcode letters that a post never uses, and gives a
//! house number only where the input has one.
//!
//! A town, region or street that does not fit `max:` gives way to one that does; then it no longer agrees with the
//! postcode.

use super::form::{Case, Short};
use super::make::Make;
use super::person::fitting;
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness, lane};
use crate::row::canon::Canon;
use crate::vocabulary::iban::digit;
use crate::vocabulary::{Addition, Draw, Entry, Locale, NumberPlace, PostcodeStyle, Town};

const COMMON: Reaches = Reaches::Possibly("common streets in real towns; the address may exist");

/// What all parts of an address declare alike.
pub(super) const fn place() -> KindSpec {
    KindSpec { reaches: |_| COMMON, ..describing() }
}

/// `fake: street`.
pub(super) static STREET: KindSpec = KindSpec {
    name: "street",
    summary: "a common street, with a house number where the input has one",
    longest: |locale| {
        let streets = locale.streets.entries().iter().map(|e| e.chars).max()?;
        Some(streets + number_chars(locale.address.number))
    },
    build: |cx| build(cx, &STREET, Part::Street),
    ..place()
};

/// `fake: city`.
pub(super) static CITY: KindSpec = KindSpec {
    name: "city",
    summary: "a town that agrees with the subject's postcode",
    longest: |locale| locale.towns.entries().iter().map(|town| town.name.chars).max(),
    build: |cx| build(cx, &CITY, Part::City),
    ..place()
};

/// `fake: region`.
pub(super) static REGION: KindSpec = KindSpec {
    name: "region",
    summary: "the province, state, Land, county or département of the subject's town",
    longest: |locale| locale.towns.entries().iter().map(|town| town.region_chars).max(),
    build: |cx| build(cx, &REGION, Part::Region),
    ..place()
};

/// `fake: postcode`.
pub(super) static POSTCODE: KindSpec = KindSpec {
    name: "postcode",
    summary: "a postcode of the subject's town",
    longest: |locale| Some(longest_postcode(locale)),
    canon: |_| Canon::Compact,
    build: build_postcode,
    ..place()
};

/// `fake: country`.
pub(super) static COUNTRY: KindSpec = KindSpec {
    name: "country",
    summary: "the country of the locale, as name or code like the input",
    longest: |locale| u32::try_from(locale.country_name.chars().count()).ok(),
    build: build_country,
    ..place()
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Street,
    City,
    Region,
}

/// House numbers go from 1 to this.
const MOST_HOUSES: u64 = 199;

/// One address, all of it from one lane.
#[derive(Clone, Copy)]
pub(super) struct Address {
    pub(super) street: &'static Entry,
    /// House number.
    pub(super) number: u64,
    pub(super) code: Code,
    /// An addition to the house number, for those that write one.
    pub(super) addition: &'static Addition,
}

/// The postcode of an address.
#[derive(Clone, Copy)]
pub(super) struct Code {
    pub(super) town: &'static Town,
    /// The number of the postcode area.
    area: u32,
    /// The digit before the letters of a British postcode.
    sector: u64,
    /// The letters of a Dutch or British postcode.
    letters: [u8; 2],
}

impl Code {
    /// Draws it alone: what an address draws before it is left out.
    #[inline]
    fn draw(locale: &'static Locale, lane: u64) -> Self {
        let mut draw = Draw::new(lane);
        let town = locale.towns.pick(&mut draw);
        locale.streets.skip(&mut draw);
        draw.below(MOST_HOUSES);
        Self::behind(locale, town, &mut draw)
    }

    /// Draws it behind the house number.
    #[inline]
    fn behind(locale: &Locale, town: &'static Town, draw: &mut Draw) -> Self {
        let areas = u64::from(town.high - town.low) + 1;
        let area = town.low + u32::try_from(draw.below(areas)).unwrap_or(0);
        let (sector, letters) = locale.postcode.draw(draw);
        Self { town, area, sector, letters }
    }
}

impl Address {
    pub(super) fn draw(locale: &'static Locale, lane: u64) -> Self {
        const NONE: Addition = Addition::behind(" ", "A");
        let mut draw = Draw::new(lane);
        let town = locale.towns.pick(&mut draw);
        let street = locale.streets.pick(&mut draw);
        let number = 1 + draw.below(MOST_HOUSES);
        let code = Code::behind(locale, town, &mut draw);
        let additions = locale.address.additions;
        let addition = draw.below(u64::try_from(additions.len()).unwrap_or(1));
        let addition = usize::try_from(addition).ok().and_then(|n| additions.get(n)).unwrap_or(&NONE);
        Self { street, number, code, addition }
    }

    /// Draws its town alone.
    #[inline]
    pub(super) fn town(locale: &'static Locale, lane: u64) -> &'static Town {
        locale.towns.pick(&mut Draw::new(lane))
    }

    /// Draws its house number alone.
    #[inline]
    fn number(locale: &'static Locale, lane: u64) -> u64 {
        let mut draw = Draw::new(lane);
        locale.towns.skip(&mut draw);
        locale.streets.skip(&mut draw);
        1 + draw.below(MOST_HOUSES)
    }
}

/// Returns how many characters a house number takes with what stands between it and the street.
const fn number_chars(place: NumberPlace) -> u32 {
    match place {
        NumberPlace::Last | NumberPlace::First => 4,
        NumberPlace::FirstComma => 5,
    }
}

struct Place {
    locale: &'static Locale,
    part: Part,
    max: u32,
    fits: Vec<&'static str>,
}

fn build(cx: &Build<'_>, kind: &KindSpec, part: Part) -> Result<Made, Refusal> {
    let locale = cx.locale;
    let towns = || locale.towns.by_slot();
    let all = || -> Vec<(&'static str, u32)> {
        match part {
            Part::Street => locale.streets.by_slot().map(|e| (e.text, e.chars)).collect(),
            Part::City => towns().map(|t| (t.name.text, t.name.chars)).collect(),
            Part::Region => towns().map(|t| (t.region, t.region_chars)).collect(),
        }
    };
    let extra = if part == Part::Street { number_chars(locale.address.number) } else { 0 };
    let shortest = || all().iter().map(|(_, chars)| *chars).min().unwrap_or(u32::MAX);
    cx.at_least_of(kind.name, || shortest().saturating_add(extra))?;
    // Where everything fits nothing is kept: the list is large, and there is one a column.
    let fits = cx.narrow().map_or(Vec::new(), |max| {
        let fit = all().into_iter().filter(|(_, chars)| *chars <= max.saturating_sub(extra));
        fit.map(|(text, _)| text).collect()
    });
    Ok(cx.made(Place { locale, part, max: cx.room(), fits }, cx.longest, Uniqueness::Lost))
}

impl Place {
    /// Appends a street without its number.
    #[inline]
    fn street(&self, case: Case, extra: u32, lane: u64, out: &mut Vec<u8>) {
        let mut draw = Draw::new(lane);
        self.locale.towns.skip(&mut draw);
        let street = self.locale.streets.pick_word(&mut draw);
        // The usual one: in its own case, and not too long.
        if case != Case::Natural || !street.append(self.max.saturating_sub(extra), out) {
            let street = Address::draw(self.locale, lane).street;
            case.append(self.fitting(street.text, street.chars + extra, lane), out);
        }
    }

    fn fitting(&self, text: &'static str, chars: u32, lane: u64) -> &'static str {
        if chars <= self.max { text } else { fitting(&self.fits, lane).unwrap_or(text) }
    }

    fn numbered_street(&self, field: &[u8], case: Case, lane: u64, out: &mut Vec<u8>) {
        let place = self.locale.address.number;
        let (numbered, comma) = match place {
            // From its end, where the number stands.
            NumberPlace::Last => {
                (field.windows(2).rev().any(|w| w[0] == b' ' && w[1].is_ascii_digit()), false)
            }
            NumberPlace::First | NumberPlace::FirstComma => first_number(field),
        };
        if !numbered {
            return self.street(case, 0, lane, out);
        }
        let number = Address::number(self.locale, lane);
        let extra = number_chars(place);
        let mut short = Short::new();
        if place == NumberPlace::Last {
            self.street(case, extra, lane, out);
            short.push(b' ');
            short.number(number);
            return short.append_to(out);
        }
        short.number(number);
        short.extend(if comma && place == NumberPlace::FirstComma { b", " } else { b" " });
        short.append_to(out);
        self.street(case, extra, lane, out);
    }

    fn region(&self, field: &[u8], case: Case, lane: u64, out: &mut Vec<u8>) {
        let town = Address::town(self.locale, lane);
        let code = field.len() == 2 && field.iter().all(u8::is_ascii_alphabetic);
        if code && !town.short_region.is_empty() {
            case.append(town.short_region, out);
        } else {
            case.append(self.fitting(town.region, town.region_chars, lane), out);
        }
    }
}

impl Make for Place {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let lane = lanes.0[lane::ADDRESS];
        let case = Case::of(field);
        match self.part {
            Part::City => {
                let town = &Address::town(self.locale, lane).name;
                case.append(self.fitting(town.text, town.chars, lane), out);
            }
            Part::Region => self.region(field, case, lane, out),
            Part::Street => self.numbered_street(field, case, lane, out),
        }
    }
}

/// Returns whether a value starts with a number of its own (`12 Oak Street`, `12a Oak Street`, not `2nd Street`), and
/// whether a comma follows it.
fn first_number(field: &[u8]) -> (bool, bool) {
    let first = field.split(|b| *b == b' ').next().unwrap_or_default();
    let (first, comma) = match first.strip_suffix(b",") {
        Some(first) => (first, true),
        None => (first, false),
    };
    let digits = first.iter().take_while(|b| b.is_ascii_digit()).count();
    let letters = first.iter().skip(digits).take_while(|b| b.is_ascii_alphabetic()).count();
    let numbered = digits > 0 && letters < 2 && digits + letters == first.len() && first.len() < field.len();
    (numbered, numbered && comma)
}

fn longest_postcode(locale: &Locale) -> u32 {
    match locale.postcode {
        PostcodeStyle::Dutch => 7,
        PostcodeStyle::Digits(count) => u32::try_from(count).unwrap_or(u32::MAX),
        PostcodeStyle::British => {
            let outward = |t: &Town| t.prefix.len() + if t.high > 9 { 2 } else { 1 };
            let longest = locale.towns.entries().iter().map(outward).max().unwrap_or(0);
            u32::try_from(longest).unwrap_or(u32::MAX).saturating_add(4)
        }
    }
}

struct Postcode {
    locale: &'static Locale,
    max: u32,
}

fn build_postcode(cx: &Build<'_>) -> Result<Made, Refusal> {
    let least = match cx.locale.postcode {
        PostcodeStyle::Dutch => 4,
        PostcodeStyle::Digits(count) => u32::try_from(count).unwrap_or(u32::MAX),
        PostcodeStyle::British => 7,
    };
    cx.at_least(POSTCODE.name, least)?;
    let longest = cx.longest;
    let make = Postcode { locale: cx.locale, max: cx.max.unwrap_or(u32::MAX) };
    Ok(cx.made(make, longest, Uniqueness::Lost))
}

impl Make for Postcode {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let code = Code::draw(self.locale, lanes.0[lane::ADDRESS]);
        let mut text = Short::new();
        append_postcode(self.locale, &code, field, self.max, &mut text);
        text.append_to(out);
    }
}

/// Appends the postcode of an address, with case and blank of `field`: without a blank where `max` has no room for it,
/// without letters where the field is an area only.
pub(super) fn append_postcode(locale: &Locale, of: &Code, field: &[u8], max: u32, code: &mut Short) {
    let area = u64::from(of.area);
    let lower = Case::is_lower(field);
    let cased = |letter: u8| if lower { letter.to_ascii_lowercase() } else { letter };
    let blank = memchr::memchr(b' ', field.trim_ascii()).is_some();
    match locale.postcode {
        PostcodeStyle::Digits(count) => return code.digits(area, count),
        PostcodeStyle::Dutch => {
            code.digits(area, 4);
            let area_only = field.len() == 4 && field.iter().all(u8::is_ascii_digit);
            if area_only || max < 6 {
                return;
            }
            if blank && max >= 7 {
                code.push(b' ');
            }
        }
        PostcodeStyle::British => {
            of.town.prefix.bytes().for_each(|letter| code.push(cased(letter)));
            code.number(area);
            // An outward code alone has at most four characters, a whole postcode five at least.
            if !field.is_empty() && field.len() <= 4 {
                return;
            }
            if blank && max >= 8 {
                code.push(b' ');
            }
            code.push(digit(of.sector));
        }
    }
    of.letters.into_iter().for_each(|letter| code.push(cased(letter)));
}

struct Country {
    locale: &'static Locale,
    max: u32,
}

fn build_country(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least(COUNTRY.name, 2)?;
    let longest = cx.longest;
    let make = Country { locale: cx.locale, max: cx.max.unwrap_or(u32::MAX) };
    Ok(cx.made(make, longest, Uniqueness::Lost))
}

impl Make for Country {
    fn make(&self, field: &[u8], _lanes: &Lanes, out: &mut Vec<u8>) {
        let letters = field.iter().all(u8::is_ascii_alphabetic);
        let longest = u32::try_from(self.locale.country_name.chars().count()).unwrap_or(u32::MAX);
        let text = match (letters, field.len()) {
            (true, 2) => self.locale.country,
            (true, 3) if self.max >= 3 => self.locale.country3,
            _ if longest <= self.max => self.locale.country_name,
            _ => self.locale.country,
        };
        Case::of(field).append(text, out);
    }
}
