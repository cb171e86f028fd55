//! `fake: full_name`: the subject's first and last name in the order of the input: `Jan van den Berg`,
//! `J. van den Berg`, `Berg, J. van den`, `Van den Berg, J.`, `dhr. J. van den Berg`. Lanes 0 and 1 decide, as for the names
//! alone. Refuses degrees and second given names: a value that has them gets a name without.
//!
//! What does not fit `max:` loses its salutation, then its given name but for one initial, then its own last name.

use super::form::{Case, push};
use super::full_form::{Form, Given, Order};
use super::initials::append_letter;
use super::make::Make;
use super::name::{append_last, longest_first, longest_last, shortest_last, that_fit};
use super::person::{self, Gender, Initials, fitting};
use super::spec::{Build, KindSpec, Made, common, describing};
use super::words::{Use, Words};
use crate::mask::{Lanes, Refusal, Uniqueness, lane};
use crate::vocabulary::{Draw, Entry, Locale};

/// `fake: full_name`.
pub(super) static FULL: KindSpec = KindSpec {
    name: "full_name",
    summary: "first and last name of the same person, in the input's order (`Jan van den Berg`, `Berg, J. van den`)",
    // With a comma.
    longest: |locale| Some(longest_first(locale) + longest_last(locale) + 2),
    reaches: common,
    build,
    ..describing()
};

/// What an initial takes before a last name: `S. `.
const INITIAL_CHARS: u32 = 3;

struct Full {
    locale: &'static Locale,
    words: Words,
    max: u32,
    /// Last names that fit behind an initial, where not all do.
    fits: Vec<&'static Entry>,
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least_of(FULL.name, || shortest_last(cx.locale) + INITIAL_CHARS)?;
    let fits = match cx.narrow() {
        Some(max) => that_fit(cx.locale.last_names, max.saturating_sub(INITIAL_CHARS)),
        None => Vec::new(),
    };
    let words = Words::new(cx.locale.name, Use::Salutation);
    let max = cx.room().min(cx.longest);
    Ok(cx.made(Full { locale: cx.locale, words, max, fits }, cx.longest, Uniqueness::Lost))
}

/// Who is named.
#[derive(Clone, Copy)]
struct Named {
    first: &'static Entry,
    gender: Gender,
    initials: Initials,
    last: &'static Entry,
}

impl Named {
    fn given_chars(&self, given: Given) -> u32 {
        match given {
            Given::Name => self.first.chars,
            Given::Initials(style) => style.len(self.initials),
        }
    }

    /// Returns the length of names in an order, without salutation.
    fn chars(&self, given: Given, order: Order) -> u32 {
        self.given_chars(given) + 1 + self.last.full_chars() + u32::from(order != Order::Given)
    }

    fn append_given(&self, given: Given, case: Case, out: &mut Vec<u8>) {
        match given {
            Given::Name => case.append(self.first.text, out),
            Given::Initials(style) => style.append(self.initials, case, u32::MAX, out),
        }
    }

    fn append(&self, form: &Form<'_>, case: Case, out: &mut Vec<u8>) {
        let title = |out: &mut Vec<u8>| {
            if let Some((pair, written)) = form.salutation {
                pair.append(self.gender, written, out);
                out.push(b' ');
            }
        };
        match form.order {
            Order::Given => {
                title(out);
                self.append_given(form.given, case, out);
                out.push(b' ');
                append_last(self.last, case, out);
            }
            Order::Base => {
                case.append(self.last.text, out);
                out.extend_from_slice(b", ");
                title(out);
                self.append_given(form.given, case, out);
                if !self.last.second.is_empty() {
                    out.push(b' ');
                    case.append(self.last.second, out);
                }
            }
            Order::Particle { capital } => {
                if capital && case == Case::Natural {
                    append_capital(self.last, out);
                } else {
                    append_last(self.last, case, out);
                }
                out.extend_from_slice(b", ");
                title(out);
                self.append_given(form.given, case, out);
            }
        }
    }
}

/// Appends a last name whose particle has a capital.
fn append_capital(last: &Entry, out: &mut Vec<u8>) {
    if let Some(first) = last.second.chars().next() {
        first.to_uppercase().for_each(|c| push(c, out));
        out.extend_from_slice(last.second.get(first.len_utf8()..).unwrap_or_default().as_bytes());
        out.push(b' ');
    }
    out.extend_from_slice(last.text.as_bytes());
}

impl Make for Full {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let case = Case::of(field);
        if case == Case::Natural && Form::is_usual(field, &self.words) && self.make_usual(lanes, out) {
            return;
        }
        let mut form = Form::of(field, &self.words);
        let (first, gender, draw) = person::first(self.locale, lanes);
        let initials = Initials::draw(first, draw);
        let mut named = Named { first, gender, initials, last: person::last(self.locale, lanes) };
        let titled = form.salutation.map_or(0, |(pair, _)| pair.chars() + 1);
        if titled + named.chars(form.given, form.order) > self.max {
            form.salutation = None;
        }
        if named.chars(form.given, form.order) > self.max {
            // One initial, given first, and a last name that fits behind it.
            if named.last.full_chars() + INITIAL_CHARS > self.max {
                named.last = fitting(&self.fits, lanes.0[lane::LAST_NAME]).unwrap_or(named.last);
            }
            append_letter(initials.first[0], case, out);
            out.extend_from_slice(b". ");
            append_last(named.last, case, out);
            return;
        }
        named.append(&form, case, out);
    }
}

impl Full {
    /// Appends `Jan van den Berg`; `false` and nothing if that is too long.
    #[inline]
    fn make_usual(&self, lanes: &Lanes, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let mut draw = Draw::new(lanes.0[lane::FIRST_NAME]);
        let given = Gender::draw(&mut draw).names(self.locale).pick_word(&mut draw);
        let last = self.locale.last_names.pick_word(&mut Draw::new(lanes.0[lane::LAST_NAME]));
        if given.append(self.max, out) {
            out.push(b' ');
            // Bytes are never fewer than characters.
            let left = self.max.saturating_sub(u32::try_from(out.len() - start).unwrap_or(u32::MAX));
            if last.append(left, out) {
                return true;
            }
        }
        out.truncate(start);
        false
    }
}
