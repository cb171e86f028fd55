//! Names, towns, streets, companies and jobs, weighed against each other and against columns that are none of them: for each
//! what share of its values is known or made in a way, as estimated from invented samples. A column is a mixture of what
//! the lists know and what they do not; the log-odds are those of one explanation against all others. Refuses to let
//! hundreds of values say more than forty: they are not independent.

use super::traits::{self, Trait};
use super::words::{self, List};
use super::{Said, count, percent, share};
use crate::discover::class::Class;
use crate::discover::findings::Evidence;
use crate::discover::measure::Measured;

/// What is counted of a value.
const FEATURES: [Feature; 16] = [
    Feature::In(List::First),
    Feature::In(List::Last),
    Feature::In(List::Town),
    Feature::In(List::Region),
    Feature::In(List::Ordinary),
    Feature::In(List::Job),
    Feature::In(List::Status),
    Feature::Is(Trait::Street),
    Feature::Is(Trait::StreetNumber),
    Feature::Is(Trait::FullName),
    Feature::Is(Trait::LastFirst),
    Feature::Is(Trait::PartFirst),
    Feature::Is(Trait::Particled),
    Feature::Is(Trait::Company),
    Feature::Is(Trait::Word),
    Feature::Is(Trait::Text),
];

enum Feature {
    In(List),
    Is(Trait),
}

impl Feature {
    fn count(&self, measured: &Measured) -> u16 {
        let found = match self {
            Self::In(list) => measured.listed.get(words::place(*list)),
            Self::Is(is) => measured.traits.get(traits::place(*is)),
        };
        found.copied().unwrap_or(0)
    }
}

/// What a column of some class looks like: thousandths of its distinct values that have each feature.
struct Column {
    class: Option<Class>,
    what: &'static str,
    /// The feature that shows it.
    chief: usize,
    shares: [u16; FEATURES.len()],
}

const fn column(class: Class, what: &'static str, chief: usize, shares: [u16; FEATURES.len()]) -> Column {
    Column { class: Some(class), what, chief, shares }
}

const fn other(shares: [u16; FEATURES.len()]) -> Column {
    Column { class: None, what: "", chief: 0, shares }
}

/// Given, surname, town, region, word, job, state; street, street with number, full name, `last, first`, part is given,
/// particle, company, one word, text.
static COLUMNS: &[Column] = &[
    column(Class::FirstName, "given names", 0, [550, 120, 20, 3, 60, 5, 10, 10, 1, 20, 1, 100, 2, 2, 930, 2]),
    column(Class::LastName, "surnames", 1, [80, 450, 50, 5, 120, 10, 20, 20, 1, 20, 1, 30, 100, 5, 800, 3]),
    column(
        Class::FullName,
        "names of people",
        9,
        [10, 30, 5, 2, 10, 3, 2, 10, 1, 800, 30, 600, 20, 20, 30, 60],
    ),
    column(
        Class::FullName,
        "surname, given name",
        10,
        [5, 10, 5, 2, 5, 2, 2, 10, 1, 50, 850, 600, 20, 20, 5, 60],
    ),
    column(Class::City, "towns", 2, [15, 60, 550, 30, 30, 3, 10, 30, 3, 10, 2, 20, 30, 10, 800, 20]),
    column(Class::Region, "regions", 3, [10, 30, 100, 600, 20, 2, 5, 10, 1, 10, 1, 10, 5, 10, 800, 10]),
    column(Class::Street, "streets", 7, [10, 30, 20, 3, 20, 3, 3, 780, 10, 50, 2, 50, 50, 20, 650, 50]),
    column(
        Class::AddressLine,
        "street and number",
        8,
        [2, 4, 4, 2, 4, 2, 2, 30, 820, 20, 5, 50, 20, 20, 10, 300],
    ),
    column(
        Class::Company,
        "companies",
        13,
        [20, 60, 10, 5, 40, 10, 10, 20, 5, 120, 10, 100, 20, 500, 250, 150],
    ),
    column(Class::Job, "jobs", 5, [5, 20, 3, 2, 100, 500, 30, 5, 1, 20, 2, 20, 4, 20, 450, 60]),
    column(
        Class::Label,
        "states, kinds, roles",
        6,
        [10, 30, 10, 3, 250, 10, 450, 5, 1, 10, 2, 10, 3, 10, 700, 30],
    ),
    other([10, 30, 10, 3, 100, 5, 30, 20, 5, 30, 5, 40, 5, 20, 250, 350]),
    other([10, 40, 10, 3, 150, 5, 40, 10, 3, 30, 5, 30, 5, 10, 850, 10]),
    other([5, 10, 5, 2, 40, 3, 5, 20, 15, 30, 10, 60, 5, 30, 20, 900]),
    other([3, 5, 2, 1, 5, 1, 5, 2, 20, 5, 1, 5, 1, 5, 40, 20]),
];

/// As many values as are taken for independent.
const MOST_VALUES: f32 = 40.0;

/// Between these the names' part of the evidence stays.
const BOUNDS: (f32, f32) = (-4.0, 9.0);

/// Adds what names, places and companies say.
pub(super) fn add(measured: &Measured, said: &mut Said) {
    if measured.letters == 0 || measured.integers == measured.tested {
        return;
    }
    let tested = count(u64::from(measured.tested));
    let says: Vec<f32> = COLUMNS.iter().map(|column| likelihood(column, measured, tested)).collect();
    // Of two explanations that mean one class the better one counts.
    for (at, column) in COLUMNS.iter().enumerate() {
        let Some(class) = column.class else { continue };
        let own = says.get(at).copied().unwrap_or_default();
        let better = COLUMNS.iter().zip(&says).any(|(other, says)| other.class == Some(class) && *says > own);
        if better {
            continue;
        }
        let others = COLUMNS.iter().zip(&says).filter(|(other, _)| other.class != Some(class));
        let against = others.map(|(_, says)| *says).fold(f32::NEG_INFINITY, f32::max);
        let odds = (own - against) * (tested / 5.0).min(1.0);
        let chief = FEATURES.get(column.chief).map_or(0, |feature| feature.count(measured));
        let evidence = Evidence::Words { what: column.what, percent: percent(chief, measured.tested) };
        said.add(class, odds.clamp(BOUNDS.0, BOUNDS.1), Some(evidence));
    }
    texts(measured, said);
}

/// Returns the log of how likely the counts are in such a column, for at most `MOST_VALUES` values.
fn likelihood(column: &Column, measured: &Measured, tested: f32) -> f32 {
    let sum: f32 = FEATURES
        .iter()
        .zip(column.shares)
        .map(|(feature, thousandths)| {
            let p = f32::from(thousandths) / 1000.0;
            let s = share(feature.count(measured), measured.tested);
            s * p.ln() + (1.0 - s) * (1.0 - p).ln()
        })
        .sum();
    sum * tested.min(MOST_VALUES)
}

/// Adds what is said of free text, nested values, initials, particles, names to log in with.
fn texts(measured: &Measured, said: &mut Said) {
    let of = |is: Trait| measured.traits.get(traits::place(is)).copied().unwrap_or(0);
    let part = |is: Trait| share(of(is), measured.tested);
    let few = (count(u64::from(measured.tested)) / 5.0).min(1.0);
    let words = |what, is: Trait| Some(Evidence::Words { what, percent: percent(of(is), measured.tested) });
    let sentences = part(Trait::Sentence);
    let found = part(Trait::Found).max(part(Trait::Named));
    let other = part(Trait::StreetNumber).max(part(Trait::Company)).max(part(Trait::FullName));
    if sentences > 0.25 && other < 0.5 {
        let says = 1.5 + 3.0 * sentences + 4.0 * found.min(0.5);
        said.add(Class::FreeText, says * few, words("texts of several words", Trait::Sentence));
        if found > 0.02 {
            let which = if part(Trait::Found) >= part(Trait::Named) { Trait::Found } else { Trait::Named };
            said.add(Class::FreeText, 2.0, words("texts with identifiers", which));
        }
    }
    let nested = part(Trait::Json).max(part(Trait::Php)).max(part(Trait::Xml));
    if nested > 0.3 {
        let which = [Trait::Json, Trait::Php, Trait::Xml].into_iter().max_by_key(|is| of(*is));
        let evidence = which.and_then(|is| words("JSON, XML or serialized data", is));
        said.add(Class::Nested, 2.0 + 5.0 * nested, evidence);
    }
    if part(Trait::Initials) > 0.5 {
        said.add(
            Class::Initials,
            5.0 * few * part(Trait::Initials),
            words("letters with points", Trait::Initials),
        );
    }
    if part(Trait::Handle) > 0.5 {
        said.add(Class::Handle, 4.0 * few, words("at sign and a word", Trait::Handle));
    }
    if part(Trait::Path) > 0.5 {
        said.add(Class::Label, 0.5, None);
    }
    // House numbers have letters behind them now and then; numbers alone say little.
    let houses = part(Trait::HouseNumber);
    let lettered = 1.0 - share(measured.integers, measured.tested);
    if houses > 0.9 && lettered > 0.02 && measured.longest <= 9 {
        said.add(
            Class::HouseNumber,
            (2.0 + 2.0 * lettered.min(0.5)) * few,
            words("house numbers", Trait::HouseNumber),
        );
    }
}
