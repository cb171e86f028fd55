//! `fake: first_name`, `last_name`, `particle`. Lane 0 decides gender and first name, lane 1 the last name with its
//! particle (tussenvoegsel). Refuses middle names and double names, and particles where a country has none apart.
//!
//! A person without a particle gets ''. NULL and '' stay: who had no particle in a column of its own keeps none, and then
//! the last name stands alone (`particle: apart`).

use super::form::Case;
use super::make::Make;
use super::person::{self, Gender, fitting};
use super::spec::{Build, KindSpec, Made, common, describing};
use crate::mask::{Lanes, Refusal, Uniqueness, Value, lane};
use crate::vocabulary::{Draw, Entry, Locale, Table};

/// `fake: first_name`.
pub(super) static FIRST: KindSpec = KindSpec {
    name: "first_name",
    summary: "a common given name of the subject's gender",
    longest: |locale| Some(longest_first(locale)),
    reaches: common,
    build: build_first,
    ..describing()
};

/// `fake: last_name`.
pub(super) static LAST: KindSpec = KindSpec {
    name: "last_name",
    summary: "a common surname, with its particle (`van den Berg`, `Berg, van den`) unless that stands `apart`",
    longest: |locale| Some(longest_last(locale) + u32::from(has_particles(locale))),
    reaches: common,
    own_options: &["particle"],
    build: build_last,
    ..describing()
};

/// `fake: particle`.
pub(super) static PARTICLE: KindSpec = KindSpec {
    name: "particle",
    summary: "the particle of the subject's last name (`van den`), empty where it has none",
    longest: |locale| has_particles(locale).then(|| longest(locale.last_names, |e| e.second_chars)),
    build: |cx| {
        let make = Particle { locale: cx.locale, max: cx.room() };
        Ok(cx.made(make, cx.longest, Uniqueness::Lost))
    },
    ..describing()
};

/// Returns the most characters that something of an entry takes.
fn longest(table: &'static Table, of: fn(&Entry) -> u32) -> u32 {
    table.entries().iter().map(of).max().unwrap_or(0)
}

fn shortest(table: &'static Table) -> u32 {
    table.entries().iter().map(Entry::full_chars).min().unwrap_or(u32::MAX)
}

/// Returns the length of the longest given name in characters.
pub(super) fn longest_first(locale: &Locale) -> u32 {
    longest(locale.female, |e| e.chars).max(longest(locale.male, |e| e.chars))
}

/// Returns the length of the longest last name in characters, its particle included.
pub(super) fn longest_last(locale: &Locale) -> u32 {
    longest(locale.last_names, Entry::full_chars)
}

/// Returns the length of the shortest last name in characters.
pub(super) fn shortest_last(locale: &Locale) -> u32 {
    shortest(locale.last_names)
}

/// Returns whether last names have particles that stand apart.
pub(super) fn has_particles(locale: &Locale) -> bool {
    locale.last_names.entries().iter().any(|e| e.second_chars > 0)
}

/// Lists what fits, by slot.
pub(super) fn that_fit(table: &'static Table, most: u32) -> Vec<&'static Entry> {
    table.by_slot().filter(|e| e.full_chars() <= most).collect()
}

struct First {
    locale: &'static Locale,
    max: u32,
    /// What fits where not all does: women, men. The lists are large, and there is one a column.
    fits: [Vec<&'static Entry>; 2],
}

fn build_first(cx: &Build<'_>) -> Result<Made, Refusal> {
    let tables = [cx.locale.female, cx.locale.male];
    cx.at_least_of(FIRST.name, || tables.map(shortest).into_iter().max().unwrap_or(0))?;
    let fits = tables.map(|table| cx.narrow().map_or(Vec::new(), |max| that_fit(table, max)));
    Ok(cx.made(First { locale: cx.locale, max: cx.room(), fits }, cx.longest, Uniqueness::Lost))
}

impl Make for First {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let case = Case::of(field);
        let mut draw = Draw::new(lanes.0[lane::FIRST_NAME]);
        // The usual one: in its own case, and not too long.
        let usual = || Gender::draw(&mut draw).names(self.locale).pick_word(&mut draw).append(self.max, out);
        if case == Case::Natural && { usual }() {
            return;
        }
        let (entry, gender, _) = person::first(self.locale, lanes);
        let [female, male] = &self.fits;
        let fits = gender.choose(female, male);
        let fitted = (entry.chars > self.max).then(|| fitting(fits, lanes.0[lane::FIRST_NAME])).flatten();
        case.append(fitted.unwrap_or(entry).text, out);
    }
}

struct Last {
    locale: &'static Locale,
    max: u32,
    fits: Vec<&'static Entry>,
    /// Whether the particle has a column of its own.
    apart: bool,
}

fn build_last(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least_of(LAST.name, || shortest_last(cx.locale))?;
    let apart = cx.option("particle").and_then(Value::text) == Some("apart");
    let longest = if apart { longest(cx.locale.last_names, |e| e.chars) } else { cx.longest };
    let fits = match cx.max.filter(|max| *max < longest) {
        Some(max) => that_fit(cx.locale.last_names, max),
        None => Vec::new(),
    };
    Ok(cx.made(Last { locale: cx.locale, max: cx.room(), fits, apart }, longest, Uniqueness::Lost))
}

/// Appends a last name with its particle before it.
pub(super) fn append_last(entry: &Entry, case: Case, out: &mut Vec<u8>) {
    if !entry.second.is_empty() {
        case.append(entry.second, out);
        out.push(b' ');
    }
    case.append(entry.text, out);
}

impl Make for Last {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let case = Case::of(field);
        let turned = memchr::memchr(b',', field).is_some();
        if case == Case::Natural && !turned && !self.apart {
            let word = self.locale.last_names.pick_word(&mut Draw::new(lanes.0[lane::LAST_NAME]));
            if word.append(self.max, out) {
                return;
            }
        }
        let mut entry = person::last(self.locale, lanes);
        let chars = if self.apart { entry.chars } else { entry.full_chars() };
        if chars > self.max {
            entry = fitting(&self.fits, lanes.0[lane::LAST_NAME]).unwrap_or(entry);
        }
        if self.apart {
            case.append(entry.text, out);
        } else if turned && !entry.second.is_empty() && entry.full_chars() < self.max {
            case.append(entry.text, out);
            out.extend_from_slice(b", ");
            case.append(entry.second, out);
        } else {
            append_last(entry, case, out);
        }
    }
}

struct Particle {
    locale: &'static Locale,
    max: u32,
}

impl Make for Particle {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let entry = person::last(self.locale, lanes);
        // One that does not fit is left out, not cut.
        if entry.second_chars <= self.max {
            Case::of(field).append(entry.second, out);
        }
    }

    /// None at all is never what was there: '' does not come here.
    fn is_same(&self, field: &[u8], standin: &[u8]) -> bool {
        !standin.is_empty() && super::form::is_same(field, standin)
    }
}
