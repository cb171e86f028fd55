//! `fake: initials`: those of the subject's given names, with points and blanks where the input has them. Lane 0 decides,
//! behind gender and first name. Refuses digraphs other than the Dutch `IJ`.

use super::form::{Case, push};
use super::make::Make;
use super::person::{self, Initials, MOST_INITIALS};
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::{Lanes, Refusal, Uniqueness};
use crate::vocabulary::Locale;

/// `fake: initials`.
pub(super) static INITIALS: KindSpec = KindSpec {
    name: "initials",
    summary: "one to three initials, the first that of the subject's first name (`J.P.`, `JP`, `J. P.`)",
    longest: |locale| Some(Style { points: true, blanks: true }.longest(locale)),
    build,
    ..describing()
};

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    let make = OfPerson { locale: cx.locale, max: cx.room() };
    Ok(cx.made(make, cx.longest, Uniqueness::Lost))
}

/// How initials are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) points: bool,
    pub(super) blanks: bool,
}

impl Style {
    /// Finds the style of a value that holds nothing but initials.
    pub(super) fn of(field: &[u8]) -> Self {
        let field = field.trim_ascii();
        Self { points: memchr::memchr(b'.', field).is_some(), blanks: memchr::memchr(b' ', field).is_some() }
    }

    /// Returns the length of one initial of so many letters, without the blank before it.
    fn chars(self, initial: [char; 2]) -> u32 {
        1 + u32::from(initial[1] != '\0') + u32::from(self.points)
    }

    /// Returns the most characters of a locale's initials.
    pub(super) fn longest(self, locale: &Locale) -> u32 {
        let names = locale.female.entries().iter().chain(locale.male.entries());
        let two = u32::from(names.into_iter().any(|e| e.text.starts_with("IJ")));
        let count = u32::try_from(MOST_INITIALS).unwrap_or(0);
        two + count * self.chars(['A', '\0']) + if self.blanks { count - 1 } else { 0 }
    }

    /// Returns the length of a person's initials in characters.
    pub(super) fn len(self, initials: Initials) -> u32 {
        initials.iter().map(|i| self.chars(i) + u32::from(self.blanks)).sum::<u32>() - u32::from(self.blanks)
    }

    /// Appends as many initials as fit into `max` characters; of the first one at least a letter.
    pub(super) fn append(self, initials: Initials, case: Case, max: u32, out: &mut Vec<u8>) {
        let mut left = max;
        for (n, initial) in initials.iter().enumerate() {
            let gap = u32::from(self.blanks && n > 0);
            let Some(rest) = left.checked_sub(gap + self.chars(initial)) else {
                if n == 0 {
                    append_letter(initial[0], case, out);
                }
                return;
            };
            if gap > 0 {
                out.push(b' ');
            }
            initial.into_iter().filter(|c| *c != '\0').for_each(|c| append_letter(c, case, out));
            if self.points {
                out.push(b'.');
            }
            left = rest;
        }
    }
}

/// Appends a letter, small where the case says so.
pub(super) fn append_letter(letter: char, case: Case, out: &mut Vec<u8>) {
    match case {
        Case::Lower => letter.to_lowercase().for_each(|c| push(c, out)),
        Case::Natural | Case::Upper => push(letter, out),
    }
}

struct OfPerson {
    locale: &'static Locale,
    max: u32,
}

impl Make for OfPerson {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let (first, _, draw) = person::first(self.locale, lanes);
        let case = if Case::is_lower(field) { Case::Lower } else { Case::Natural };
        Style::of(field).append(Initials::draw(first, draw), case, self.max, out);
    }
}
