//! What stands in a column: generators of values, by what the column means, its type and what its CHECKs leave. One group a
//! file, and its line in `generator` or `distinct`.
//!
//! A generator sees its row's number, its draws, the row's person and the columns made before it; it knows no table, key or
//! format. Values are texts, decoded: booleans `t` and `f`, dates in ISO form, bytes `\x…`. Refuses a type that it does not
//! know, and bounds that leave nothing.

mod computed;
pub mod edges;
mod faked;
mod goods;
pub mod letters;
mod others;
mod people;
mod plain;
mod sums;
mod texts;
mod things;
mod times;
mod trades;

pub(super) use computed::Computed;
pub(super) use faked::{ask, example};
pub(super) use goods::words;
pub use letters::Letters;
pub(super) use trades::names_things;

use std::sync::Arc;

use super::checks::Domain;
use super::seed::{Draws, Stream};
use crate::condition::matches;
use crate::format::emit::Fields;
use crate::mask::decimal::Decimal;
use crate::mask::{Lanes, Refusal, Standins};
use crate::row::shape::{ColumnFacts, TableFacts};
use letters::Held;

/// A row that is being made.
pub struct RowCx<'a> {
    /// Its number, from 0.
    pub row: u64,
    /// The values made before; `None` also where a column is not made yet.
    pub made: Fields<'a>,
    /// The person of the row.
    pub person: &'a Lanes,
}

/// Makes the values of one column.
pub trait Generator: Send + Sync {
    /// Appends a value; `false` is NULL, and nothing was appended.
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool;

    /// Returns the columns of the row that must be made before.
    fn reads(&self) -> &[usize] {
        &[]
    }

    /// Makes no odd values from now on (`edges`): others are computed of these.
    fn calm(&mut self) {}

    /// Returns whose lanes decide a value, where nothing else does; then `make_all` makes many rows in one go.
    fn decided_by(&self) -> Option<DecidedBy> {
        None
    }

    /// Makes the values of many rows, each as `make` would of these lanes; `Outcome::Unfit` where only `make` can.
    fn make_all(&self, lanes: &[Lanes], out: &mut Standins) {
        let _ = (lanes, out);
    }
}

/// Whose lanes decide a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// Those of the row's person.
    Person,
    /// Those that are the next of the row's draws.
    Draws,
}

/// Values that differ from each other, numbered.
pub trait Distinct: Send + Sync {
    /// Returns how many there are; `u64::MAX` where there are more.
    fn count(&self) -> u64;

    /// Appends one; `nth` is below `count()`.
    fn write(&self, nth: u64, out: &mut Vec<u8>);
}

/// What is asked for.
pub struct Wanted<'a> {
    /// The table.
    pub table: &'a TableFacts,
    /// The column.
    pub column: &'a ColumnFacts,
    /// All columns that are written, in the order of `Fields`.
    pub columns: &'a [ColumnFacts],
    /// What the column means: a word of discovery's classes.
    pub meaning: Option<&'a str>,
    /// What each of `columns` means.
    pub meanings: &'a [Option<&'a str>],
    /// The letters that it can hold.
    pub letters: Letters,
    /// What CHECKs leave.
    pub domain: &'a Domain,
    /// Rows of the table.
    pub rows: u64,
    /// What draws of compiling come from (not those of rows).
    pub stream: Stream,
    /// `nl_NL`.
    pub locale: &'static str,
    /// What `now()` means, in seconds since 1970: nothing is later, but what is due.
    pub now: i64,
}

/// Makes the generator of a column: by what it means, by the words of its name, by its type. What a CHECK lists or spells out
/// goes before all.
///
/// # Errors
/// A type that is not known, or bounds that leave no value.
pub fn generator(wanted: &Wanted<'_>) -> Result<Box<dyn Generator>, Refusal> {
    let domain = wanted.domain;
    let text = domain.min_chars.is_some() || domain.max_chars.is_some() || domain.case.is_some();
    if domain.one_of.is_some() || domain.pattern.is_some() || text || !domain.none_of.is_empty() {
        if let Some(gender) = people::gender(wanted) {
            return Ok(gender);
        }
        // A postcode, a mail address or a telephone number has a form of its own, which a CHECK on it knows too.
        let person = domain.one_of.is_none();
        let known = if person { people::generator(wanted) } else { None };
        return match known {
            Some(known) if fits(known.as_ref(), wanted) => Ok(known),
            _ => plain::generator(wanted),
        };
    }
    match people::generator(wanted) {
        Some(made) => Ok(made),
        None => {
            let made = goods::generator(wanted).map_or_else(|| plain::generator(wanted), Ok)?;
            Ok(sums::generator(wanted, made))
        }
    }
}

/// Says whether what a generator makes matches the pattern and the case of a domain, as far as some hundred values tell; tests
/// of whole rows see to the rest.
fn fits(generator: &dyn Generator, wanted: &Wanted<'_>) -> bool {
    let (pattern, case) = (wanted.domain.pattern.as_deref(), wanted.domain.case);
    let cased = |text: &str| match case {
        Some(true) => text.to_lowercase() == text,
        Some(false) => text.to_uppercase() == text,
        None => true,
    };
    let holds = |text: &str| cased(text) && pattern.is_none_or(|pattern| matches(pattern, text));
    let stream = super::seed::Seed::new(0).stream("fits", &[]);
    (0..200).all(|row| {
        let mut draws = stream.row(row);
        let person = draws.lanes();
        let mut out = Vec::new();
        let cx = RowCx { row, made: Fields { arena: &[], spans: &[] }, person: &person };
        !generator.make(&cx, &mut draws, &mut out) || holds(&String::from_utf8_lossy(&out))
    })
}

/// Makes the distinct values of a column.
///
/// # Errors
/// As `generator`; `count()` says whether they suffice.
pub fn distinct(wanted: &Wanted<'_>) -> Result<Box<dyn Distinct>, Refusal> {
    let domain = wanted.domain;
    let free = domain.one_of.is_none() && domain.pattern.is_none() && domain.case.is_none();
    let own = if free { people::distinct(wanted).or_else(|| goods::distinct(wanted)) } else { None };
    match own {
        Some(values) if values.count() >= wanted.rows => Ok(values),
        _ => plain::distinct(wanted),
    }
}

/// Makes the generator of a column that must be unique, from the row's person and number; `None` where `distinct` shall.
#[must_use]
pub fn unique(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let domain = wanted.domain;
    let made = domain.one_of.is_none().then(|| people::unique(wanted)).flatten()?;
    fits(made.as_ref(), wanted).then_some(made)
}

/// Lets a generator of texts make those alone whose letters its column holds.
#[must_use]
pub fn held(wanted: &Wanted<'_>, of: Box<dyn Generator>) -> Box<dyn Generator> {
    match room(wanted) {
        Some(most) => Box::new(Held { of, letters: wanted.letters, most }),
        None => of,
    }
}

/// Does the same for distinct values.
#[must_use]
pub fn held_distinct(wanted: &Wanted<'_>, of: Box<dyn Distinct>) -> Box<dyn Distinct> {
    match room(wanted) {
        Some(most) => Box::new(Held { of, letters: wanted.letters, most }),
        None => of,
    }
}

/// Returns how many characters a column of text has; `None` where it holds all letters, or no text.
fn room(wanted: &Wanted<'_>) -> Option<usize> {
    use crate::row::shape::TypeClass;
    let class = &wanted.column.ty.class;
    let text = class.is_text() || matches!(class, TypeClass::Array(of) if of.is_text());
    let most = class.max_chars().and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    (text && wanted.letters != Letters::All).then_some(most)
}

/// Returns how often a column that may be NULL is, in parts of a million.
#[must_use]
pub fn nulls(wanted: &Wanted<'_>) -> u32 {
    if wanted.column.not_null {
        return 0;
    }
    let words = words(&wanted.column.name);
    let says = |list: &[&str]| words.iter().any(|word| list.iter().any(|known| word.starts_with(known)));
    match wanted.meaning {
        Some("first_name" | "last_name" | "full_name" | "email" | "city" | "postcode" | "street") => 20_000,
        Some("house_addition" | "title" | "death_date") => 850_000,
        _ if says(&["addition", "zusatz"]) => 850_000,
        Some("particle") => 0,
        _ if says(&["delet", "cancel", "verwijder", "archiv", "unsubscri", "expir", "block", "anonym"]) => {
            930_000
        }
        _ if says(&["address2", "line2", "adres2"]) => 900_000,
        _ if says(&["note", "remark", "opmerking", "comment", "second", "middle", "fax"]) => 600_000,
        _ => 100_000,
    }
}

impl Wanted<'_> {
    /// Returns the day behind which nothing lies, since 1970-01-01.
    fn today(&self) -> i64 {
        self.now.div_euclid(86_400)
    }

    /// Returns bounds of whole numbers: those given, within the type's and what CHECKs leave. `None`: nothing is left.
    fn whole_bounds(&self, least: i64, most: i64) -> Option<(i64, i64)> {
        let (low, high) = self.decimal_bounds(i128::from(least), i128::from(most), 0)?;
        Some((i64::try_from(low).ok()?, i64::try_from(high).ok()?))
    }

    /// Returns bounds in smallest units of a scale, as `whole_bounds`.
    fn decimal_bounds(&self, least: i128, most: i128, scale: u32) -> Option<(i128, i128)> {
        let unit = 10_i128.checked_pow(scale)?;
        let class = &self.column.ty.class;
        let largest = match class {
            crate::row::shape::TypeClass::Numeric { precision: Some(digits), .. } => {
                10_i128.checked_pow((*digits).min(30))?.checked_sub(1)?
            }
            class if class.is_integer() => i128::from(super::keys::largest(class)),
            _ => 10_i128.pow(15),
        };
        let read = |bound: &Option<(String, bool)>| {
            bound.as_ref().map(|(text, within)| (decimal(text, scale), *within))
        };
        let (mut least, mut most) = (least, most.min(largest));
        if let Some((bound, within)) = read(&self.domain.least) {
            // What is not read exactly is rounded inwards.
            let (floor, exact) = bound?;
            let bound = if exact && within { floor } else { floor + 1 };
            if bound > least || least > bound && most < bound {
                let width = most.saturating_sub(least);
                (least, most) = (bound, most.max(bound.saturating_add(width.min(1000 * unit))).min(largest));
            }
        }
        if let Some((bound, within)) = read(&self.domain.most) {
            let (floor, exact) = bound?;
            most = most.min(if exact && !within { floor - 1 } else { floor });
            if least > most && self.domain.least.is_none() {
                least = most.saturating_sub(1000 * unit).max(-largest);
            }
        }
        (least <= most).then_some((least, most))
    }
}

/// Reads a decimal in smallest units of a scale: the whole part of what it is in them, and whether that is all of it.
fn decimal(text: &str, scale: u32) -> Option<(i128, bool)> {
    let number = Decimal::parse(text.as_bytes())?;
    Some((number.floor_at(scale)?, number.exact_at(scale).is_some()))
}

/// One of a list, each as often as the others.
pub(super) struct OneOf(pub Arc<[String]>);

impl Generator for OneOf {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let count = u64::try_from(self.0.len()).unwrap_or(0);
        let at = usize::try_from(draws.below(count)).unwrap_or(0);
        self.0.get(at).is_some_and(|value| {
            out.extend_from_slice(value.as_bytes());
            true
        })
    }
}

impl Distinct for OneOf {
    fn count(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(0)
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let value = usize::try_from(nth).ok().and_then(|nth| self.0.get(nth));
        out.extend_from_slice(value.map(String::as_bytes).unwrap_or_default());
    }
}
