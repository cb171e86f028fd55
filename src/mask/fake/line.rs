//! `fake: address`: street, number and addition in one line, with postcode and town where the input goes on behind a comma
//! or a line break. Lane 2 decides, as for its parts. Refuses countries and names in front: they are left out.
//!
//! What does not fit `max:` loses its addition, then postcode and town, then its own street.

use super::address::{Address, append_postcode};
use super::form::{Case, Short};
use super::house::HOUSE_ADDITION;
use super::make::Make;
use super::person::fitting;
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness, lane};
use crate::vocabulary::address::AdditionPlace;
use crate::vocabulary::{Entry, Locale, NumberPlace, PostcodeStyle};

/// `fake: address`.
pub(super) static ADDRESS: KindSpec = KindSpec {
    name: "address",
    summary: "street and number in one line, with postcode and town where the input has them",
    longest: |locale| Some(longest(locale)),
    reaches: |_| Reaches::Possibly("common streets in real towns; the address may exist"),
    build,
    ..describing()
};

/// A number of three digits, and a comma and a blank.
const NUMBER_CHARS: u32 = 5;

fn longest_street(locale: &Locale) -> u32 {
    locale.streets.entries().iter().map(|street| street.chars).max().unwrap_or(0)
}

fn longest(locale: &Locale) -> u32 {
    let town = locale.towns.entries().iter().map(|town| town.name.chars).max().unwrap_or(0);
    let addition = (HOUSE_ADDITION.longest)(locale).unwrap_or(0);
    // `, ` before the town, a postcode of eight, `, XX ` between them; an addition stands behind `, ` or ` bus `.
    longest_street(locale) + NUMBER_CHARS + addition + 5 + 2 + town + 8 + 5
}

struct Line {
    locale: &'static Locale,
    max: usize,
    /// Streets that fit with a number, where not all do.
    fits: Vec<&'static Entry>,
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    let streets = cx.locale.streets;
    let shortest = || streets.entries().iter().map(|street| street.chars).min().unwrap_or(u32::MAX);
    cx.at_least_of(ADDRESS.name, || shortest().saturating_add(NUMBER_CHARS))?;
    let fits = match cx.narrow() {
        Some(max) => streets.by_slot().filter(|street| street.chars + NUMBER_CHARS <= max).collect(),
        None => Vec::new(),
    };
    let max = usize::try_from(cx.room().min(cx.longest)).unwrap_or(usize::MAX);
    Ok(cx.made(Line { locale: cx.locale, max, fits }, cx.longest, Uniqueness::Lost))
}

/// What a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    number: bool,
    /// Whether a comma stands between number and street.
    comma: bool,
    addition: bool,
    /// What stands before postcode and town.
    tail: Option<&'static str>,
}

fn starts_with_digit(text: &[u8]) -> bool {
    text.trim_ascii_start().first().is_some_and(u8::is_ascii_digit)
}

/// Returns whether a word is a number, or one with a letter: `12`, `12a`, not `10th`.
fn is_number(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_digit)
        && !matches!(word, [.., a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
}

impl Form {
    fn of(field: &[u8], place: NumberPlace) -> Self {
        let field = field.trim_ascii();
        let tail = if memchr::memchr(b'\n', field).is_some() { "\n" } else { ", " };
        let mut parts = field.split(|b| matches!(b, b',' | b'\n'));
        let mut head = parts.next().unwrap_or_default();
        let mut form = Self { number: false, comma: false, addition: false, tail: None };
        let first = place != NumberPlace::Last;
        let mut next = parts.next();
        if let Some(second) = next.filter(|_| first) {
            if !head.is_empty() && head.iter().all(u8::is_ascii_digit) {
                // `12, rue Victor Hugo`.
                (form.number, form.comma) = (true, true);
                next = parts.next();
            } else if !starts_with_digit(head) && starts_with_digit(second) {
                // `Flat 3, 12 Oak Street`.
                form.addition = true;
                head = second;
                next = parts.next();
            }
        }
        form.number |= head.iter().any(u8::is_ascii_digit);
        form.tail = next.map(|_| tail);
        // `10th Avenue` has no number of a house in it.
        let numbers = head.split(|b| matches!(b, b' ' | b'-')).filter(|word| is_number(word)).count();
        form.addition |= match place {
            NumberPlace::Last => numbers > 1 || numbers > 0 && !head.last().is_some_and(u8::is_ascii_digit),
            NumberPlace::First => numbers > 1,
            // Streets are named after days: `73 boulevard du 11 Novembre`.
            NumberPlace::FirstComma => {
                let second = head.split(|b| *b == b' ').nth(1).unwrap_or_default();
                second.len() == 1
                    || ["bis", "ter", "quater"].iter().any(|w| second.eq_ignore_ascii_case(w.as_bytes()))
            }
        };
        form
    }
}

impl Line {
    fn append(&self, address: &Address, street: &Entry, form: Form, case: Case, out: &mut Vec<u8>) {
        let mut number = Short::new();
        number.number(address.number);
        let addition = Some(address.addition).filter(|_| form.addition && form.number);
        let at = |place| addition.filter(|addition| addition.place == place);
        let behind_number = |out: &mut Vec<u8>| {
            number.append_to(out);
            if let Some(addition) = at(AdditionPlace::BehindNumber) {
                case.append(addition.joint, out);
                case.append(addition.text, out);
            }
        };
        if let Some(addition) = at(AdditionPlace::BeforeNumber) {
            case.append(addition.text, out);
            case.append(addition.joint, out);
        }
        let before = form.number && self.locale.address.number != NumberPlace::Last;
        if before {
            behind_number(out);
            out.extend_from_slice(if form.comma { b", " } else { b" " });
        }
        case.append(street.text, out);
        if form.number && !before {
            out.push(b' ');
            behind_number(out);
        }
        if let Some(addition) = at(AdditionPlace::BehindStreet) {
            case.append(addition.joint, out);
            case.append(addition.text, out);
        }
        if let Some(tail) = form.tail {
            out.extend_from_slice(tail.as_bytes());
            self.append_tail(address, case, out);
        }
    }

    /// Appends postcode and town in the country's order.
    fn append_tail(&self, address: &Address, case: Case, out: &mut Vec<u8>) {
        let mut code = Short::new();
        let like = if case == Case::Lower { b"1234 ab" } else { b"1234 AB" };
        append_postcode(self.locale, &address.code, like, u32::MAX, &mut code);
        let town = address.code.town;
        let (american, british) =
            (!town.short_region.is_empty(), self.locale.postcode == PostcodeStyle::British);
        if american || british {
            case.append(town.name.text, out);
            out.extend_from_slice(b", ");
            if american {
                case.append(town.short_region, out);
                out.push(b' ');
            }
            code.append_to(out);
        } else {
            code.append_to(out);
            out.push(b' ');
            case.append(town.name.text, out);
        }
    }
}

fn count(text: &[u8]) -> usize {
    text.iter().filter(|b| **b & 0xC0 != 0x80).count()
}

impl Make for Line {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let lane = lanes.0[lane::ADDRESS];
        let address = Address::draw(self.locale, lane);
        let form = Form::of(field, self.locale.address.number);
        let case = Case::of(field);
        let plain = Form { addition: false, ..form };
        let start = out.len();
        for form in [form, plain, Form { tail: None, ..plain }] {
            out.truncate(start);
            self.append(&address, address.street, form, case, out);
            if count(out.get(start..).unwrap_or_default()) <= self.max {
                return;
            }
        }
        out.truncate(start);
        let street = fitting(&self.fits, lane).unwrap_or(address.street);
        self.append(&address, street, Form { tail: None, ..plain }, case, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told() {
        let form = |number, comma, addition, tail| Form { number, comma, addition, tail };
        for (value, place, expected) in [
            ("Kerkstraat", NumberPlace::Last, form(false, false, false, None)),
            ("Kerkstraat 12", NumberPlace::Last, form(true, false, false, None)),
            ("Kerkstraat 12 A", NumberPlace::Last, form(true, false, true, None)),
            ("Kerkstraat 12-2", NumberPlace::Last, form(true, false, true, None)),
            ("Kerkstraat 12, 1234 AB Utrecht", NumberPlace::Last, form(true, false, false, Some(", "))),
            ("Kerkstraat 12\n1234 AB Utrecht", NumberPlace::Last, form(true, false, false, Some("\n"))),
            ("12 Oak Street", NumberPlace::First, form(true, false, false, None)),
            ("12 10th Street", NumberPlace::First, form(true, false, false, None)),
            ("12 Oak Street Apt 4", NumberPlace::First, form(true, false, true, None)),
            ("73 boulevard du 11 Novembre", NumberPlace::FirstComma, form(true, false, false, None)),
            ("73 bis rue du Port", NumberPlace::FirstComma, form(true, false, true, None)),
            ("Flat 3, 12 Oak Street", NumberPlace::First, form(true, false, true, None)),
            ("Flat 3, 12 Oak Street, Leeds", NumberPlace::First, form(true, false, true, Some(", "))),
            ("12, rue Victor Hugo", NumberPlace::FirstComma, form(true, true, false, None)),
            (
                "12 rue Victor Hugo, 75001 Paris",
                NumberPlace::FirstComma,
                form(true, false, false, Some(", ")),
            ),
            ("", NumberPlace::Last, form(false, false, false, None)),
        ] {
            assert_eq!(Form::of(value.as_bytes(), place), expected, "{value}");
        }
    }
}
