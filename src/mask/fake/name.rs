//! `fake: first_name`, `last_name`, `full_name`. Lane 0 decides gender (its top bit) and first name, lane 1 the last
//! name with its particle, so that a subject's full name is its first and last name. Refuses titles, middle names and
//! double names.

use super::form::{Case, push};
use super::make::Make;
use super::{Build, COMMON, KindSpec, Made};
use crate::mask::{Lanes, Refusal, Uniqueness, lane};
use crate::row::canon::Canon;
use crate::vocabulary::{Draw, Entry, Locale, Table};

/// `fake: first_name`.
pub(super) static FIRST: KindSpec = KindSpec {
    name: "first_name",
    summary: "a common given name",
    longest: &[("nl_NL", 11), ("en_US", 11)],
    reaches: COMMON,
    canon: |_| Canon::Name,
    identifying: false,
    can_be_unique: false,
    high: false,
    build: |cx| build(cx, &FIRST, Part::First),
};

/// `fake: last_name`.
pub(super) static LAST: KindSpec = KindSpec {
    name: "last_name",
    summary: "a common surname, with its particle (`van den Berg`)",
    longest: &[("nl_NL", 17), ("en_US", 11)],
    reaches: COMMON,
    canon: |_| Canon::Name,
    identifying: false,
    can_be_unique: false,
    high: false,
    build: |cx| build(cx, &LAST, Part::Last),
};

/// `fake: full_name`.
pub(super) static FULL: KindSpec = KindSpec {
    name: "full_name",
    summary: "first and last name of the same person",
    longest: &[("nl_NL", 29), ("en_US", 23)],
    reaches: COMMON,
    canon: |_| Canon::Name,
    identifying: false,
    can_be_unique: false,
    high: false,
    build: |cx| build(cx, &FULL, Part::Full),
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    First,
    Last,
    Full,
}

/// What an initial takes before a last name: `S. `.
const INITIAL_CHARS: u32 = 3;

struct Names {
    locale: &'static Locale,
    part: Part,
    max: u32,
    /// What fits into `max`, by slot: women, men, last names (behind an initial for full names).
    fits: [Vec<&'static Entry>; 3],
}

fn build(cx: &Build<'_>, kind: &KindSpec, part: Part) -> Result<Made, Refusal> {
    let locale = cx.locale;
    let shortest =
        |table: &'static Table| table.entries().iter().map(Entry::full_chars).min().unwrap_or(u32::MAX);
    let least = match part {
        Part::First => shortest(locale.female).max(shortest(locale.male)),
        Part::Last => shortest(locale.last_names),
        Part::Full => shortest(locale.last_names) + INITIAL_CHARS,
    };
    cx.at_least(kind.name, least)?;
    let max = cx.max.unwrap_or(u32::MAX);
    let longest = kind.longest(locale.name).unwrap_or(u32::MAX);
    let last_max = if part == Part::Full { max - INITIAL_CHARS } else { max };
    // Where everything fits nothing is listed: the lists are large, and there is one a column.
    let fits =
        [(locale.female, max), (locale.male, max), (locale.last_names, last_max)].map(|(table, most)| {
            if max < longest {
                table.by_slot().filter(|e| e.full_chars() <= most).collect()
            } else {
                Vec::new()
            }
        });
    Ok(cx.made(Names { locale, part, max, fits }, longest, Uniqueness::Lost))
}

/// Chooses the table of a first name, and 0 for a woman's, 1 for a man's; the draw goes on.
#[inline]
fn gender(locale: &Locale, draw: &mut Draw) -> (&'static Table, usize) {
    if draw.below(2) == 0 { (locale.female, 0) } else { (locale.male, 1) }
}

/// Picks the first name of a lane; with it 0 for a woman's, 1 for a man's.
pub(super) fn first(locale: &Locale, lane: u64) -> (&'static Entry, usize) {
    let mut draw = Draw::new(lane);
    let (table, gender) = gender(locale, &mut draw);
    (table.pick(&mut draw), gender)
}

/// Picks the last name of a lane.
pub(super) fn last(locale: &Locale, lane: u64) -> &'static Entry {
    locale.last_names.pick(&mut Draw::new(lane))
}

/// Picks from what fits, by other bits of the lane than those that picked what did not fit.
pub(super) fn fitting<T: Copy>(fits: &[T], lane: u64) -> Option<T> {
    let n = Draw::new(lane.rotate_left(32)).below(u64::try_from(fits.len()).unwrap_or(0));
    fits.get(usize::try_from(n).unwrap_or(0)).copied()
}

impl Names {
    fn first(&self, lane: u64) -> &'static Entry {
        let (entry, gender) = first(self.locale, lane);
        if entry.chars <= self.max {
            return entry;
        }
        self.fits.get(gender).and_then(|fits| fitting(fits, lane)).unwrap_or(entry)
    }

    fn last(&self, lane: u64, max: u32) -> &'static Entry {
        let entry = last(self.locale, lane);
        if entry.full_chars() <= max {
            return entry;
        }
        fitting(&self.fits[2], lane).unwrap_or(entry)
    }
}

fn append_last(entry: &Entry, case: Case, out: &mut Vec<u8>) {
    if !entry.second.is_empty() {
        case.append(entry.second, out);
        out.push(b' ');
    }
    case.append(entry.text, out);
}

impl Names {
    /// Appends the usual name: in its own case, and not too long. `false` if it is another one.
    #[inline]
    fn make_usual(&self, case: Case, lanes: &Lanes, out: &mut Vec<u8>) -> bool {
        let word = match self.part {
            _ if case != Case::Natural => return false,
            Part::First => {
                let mut draw = Draw::new(lanes.0[lane::FIRST_NAME]);
                gender(self.locale, &mut draw).0.pick_word(&mut draw)
            }
            Part::Last => self.locale.last_names.pick_word(&mut Draw::new(lanes.0[lane::LAST_NAME])),
            Part::Full => return false,
        };
        word.append(self.max, out)
    }
}

impl Make for Names {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let case = Case::of(field);
        if self.make_usual(case, lanes, out) {
            return;
        }
        let (of_first, of_last) = (lanes.0[lane::FIRST_NAME], lanes.0[lane::LAST_NAME]);
        match self.part {
            Part::First => case.append(self.first(of_first).text, out),
            Part::Last => append_last(self.last(of_last, self.max), case, out),
            Part::Full => {
                let given = first(self.locale, of_first).0;
                let name = last(self.locale, of_last);
                if given.chars + 1 + name.full_chars() <= self.max {
                    case.append(given.text, out);
                    out.push(b' ');
                    append_last(name, case, out);
                } else {
                    let mut letters = given.text.chars();
                    let initial = letters.next().unwrap_or('N');
                    if case == Case::Lower {
                        initial.to_lowercase().for_each(|c| push(c, out));
                    } else {
                        push(initial, out);
                    }
                    out.extend_from_slice(b". ");
                    append_last(self.last(of_last, self.max.saturating_sub(INITIAL_CHARS)), case, out);
                }
            }
        }
    }
}
