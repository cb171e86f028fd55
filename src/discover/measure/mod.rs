//! A column's sampled values as counts: how many pass which test, how long they are, what they are made of.
//!
//! Each distinct value is tested once; which were seen is known by hashes, in at most 64 KiB while a table is read. What
//! stays is `Measured`: counts alone. Refuses to keep a value, or to look past the first 4 KiB of one.

mod distinct;
/// Values with values in them.
mod inside;
/// What a value is made of.
pub(crate) mod look;

use super::values::{TESTS, test::Outcome, traits, words};
use crate::row::shape::TypeClass;
use distinct::{Distinct, Seen};
use inside::Inside;
use look::Look;

/// How many distinct values of a column are tested.
const MOST_TESTED: u32 = 1024;

/// How many values with paths inside are walked: so many distinct ones, half as many that came before.
const MOST_NESTED: u16 = 200;

/// Decades that are told apart: up to 1889, 1890 to 1899, and so on to 2040 and later.
pub(crate) const DECADES: usize = 16;

/// Collects a column's sampled values.
pub struct Measure {
    measured: Measured,
    distinct: Distinct,
    last: Option<i64>,
    inside: Option<Box<Inside>>,
    /// Whether values may have paths inside.
    nested: bool,
    /// Values that were walked.
    walked: u16,
}

impl std::fmt::Debug for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a measure of {} values>", self.measured.seen)
    }
}

/// A column's values as counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Values sampled, NULLs included.
    pub seen: u64,
    /// NULLs.
    pub nulls: u64,
    /// Values of no character, or of blanks alone.
    pub empty: u64,
    /// Distinct values that are not empty, as far as they were remembered (4,096).
    pub distinct: u64,
    /// Distinct values that were tested.
    pub tested: u32,
    /// Characters of the shortest tested value.
    pub shortest: u32,
    /// Characters of the longest.
    pub longest: u32,
    /// Characters of all tested values.
    pub chars: u64,
    /// Of these the digits.
    pub digits: u64,
    /// Of these the letters.
    pub letters: u64,
    /// Words of all tested values.
    pub words: u64,
    /// Bits of entropy per character, summed over tested values.
    pub entropy: f32,
    /// Tested values that are whole numbers.
    pub integers: u32,
    /// The least of them.
    pub least: i64,
    /// The greatest.
    pub greatest: i64,
    /// The least of the tested values that are decimal numbers, as far as a float goes.
    pub lowest: f32,
    /// The greatest.
    pub highest: f32,
    /// Neighbours in the order of the input that are whole numbers.
    pub pairs: u32,
    /// Of these the ones of which the second is greater.
    pub rising: u32,
    /// Tested values that are days or moments.
    pub days: u32,
    /// Of these the ones with a time of day.
    pub timed: u32,
    /// Days by decade.
    pub(crate) decades: [u16; DECADES],
    /// Tested values that have the form of a test.
    pub(crate) formed: [u16; super::values::COUNT],
    /// Tested values that pass it.
    pub(crate) passed: [u16; super::values::COUNT],
    /// Tested values in a list of words.
    pub(crate) listed: [u16; words::COUNT],
    /// Tested values that are made in a way.
    pub(crate) traits: [u16; traits::COUNT],
    /// What stands inside of values with paths.
    pub inside: Vec<(String, Measured)>,
}

impl Default for Measured {
    fn default() -> Self {
        Self {
            seen: 0,
            nulls: 0,
            empty: 0,
            distinct: 0,
            tested: 0,
            shortest: u32::MAX,
            longest: 0,
            chars: 0,
            digits: 0,
            letters: 0,
            words: 0,
            entropy: 0.0,
            integers: 0,
            least: i64::MAX,
            greatest: i64::MIN,
            lowest: f32::INFINITY,
            highest: f32::NEG_INFINITY,
            pairs: 0,
            rising: 0,
            days: 0,
            timed: 0,
            decades: [0; DECADES],
            formed: [0; super::values::COUNT],
            passed: [0; super::values::COUNT],
            listed: [0; words::COUNT],
            traits: [0; traits::COUNT],
            inside: Vec::new(),
        }
    }
}

/// Adds one to the count at a place.
fn count(counts: &mut [u16], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count = count.saturating_add(1);
    }
}

impl Measure {
    /// Starts with no values of a column of this type.
    #[must_use]
    pub fn new(ty: &TypeClass) -> Self {
        let nested = ty.is_text() || matches!(ty, TypeClass::Json | TypeClass::Other | TypeClass::Bytes);
        Self::bounded(nested, Distinct::MOST)
    }

    /// Starts with no values; remembers so many.
    fn bounded(nested: bool, most: usize) -> Self {
        Self {
            measured: Measured::default(),
            distinct: Distinct::new(most),
            last: None,
            inside: None,
            nested,
            walked: 0,
        }
    }

    /// Takes in a decoded value; `None` is NULL.
    pub fn add(&mut self, value: Option<&[u8]>) {
        self.measured.seen += 1;
        let Some(value) = value else {
            self.measured.nulls += 1;
            return;
        };
        let start = value.get(..look::MOST_BYTES).unwrap_or(value).trim_ascii();
        if start.is_empty() {
            self.measured.empty += 1;
            return;
        }
        self.follow(start);
        if self.distinct.add(start) == Seen::New {
            self.measured.distinct += 1;
            if self.measured.tested < MOST_TESTED {
                self.measured.test(&Look::new(start));
                self.walk(value, MOST_NESTED);
            }
        } else {
            // In how many rows a key stands is not told by distinct values.
            self.walk(value, MOST_NESTED / 2);
        }
    }

    /// Notes whether a whole number is greater than the one before it.
    fn follow(&mut self, value: &[u8]) {
        let number = (value.len() <= 19).then(|| std::str::from_utf8(value).ok()?.parse().ok()).flatten();
        if let (Some(last), Some(number)) = (self.last, number) {
            self.measured.pairs = self.measured.pairs.saturating_add(1);
            self.measured.rising = self.measured.rising.saturating_add(u32::from(number > last));
        }
        self.last = number;
    }

    fn walk(&mut self, value: &[u8], most: u16) {
        if self.nested && self.walked < most && inside::begins(value) {
            self.walked += 1;
            self.inside.get_or_insert_default().add(value);
        }
    }

    /// Returns the counts.
    #[must_use]
    pub fn finish(self) -> Measured {
        let inside = self.inside.map(|inside| inside.finish()).unwrap_or_default();
        Measured { inside, ..self.measured }
    }
}

impl Measured {
    /// Runs all tests on a value.
    fn test(&mut self, look: &Look<'_>) {
        self.tested += 1;
        self.shortest = self.shortest.min(look.chars);
        self.longest = self.longest.max(look.chars);
        self.chars += u64::from(look.chars);
        self.digits += u64::from(look.digits);
        self.letters += u64::from(look.letters);
        self.words += u64::from(look.words);
        self.entropy += look.entropy;
        if let Some(number) = look.integer {
            self.integers += 1;
            self.least = self.least.min(number);
            self.greatest = self.greatest.max(number);
        }
        if let Some((_, number)) = look.decimal {
            self.lowest = self.lowest.min(single(number));
            self.highest = self.highest.max(single(number));
        }
        if let Some(day) = look.day {
            self.days += 1;
            self.timed += u32::from(day.timed);
            let decade = usize::try_from(day.year.saturating_sub(1880) / 10).unwrap_or(DECADES);
            count(&mut self.decades, decade.min(DECADES - 1));
        }
        for (at, test) in TESTS.iter().flat_map(|group| group.iter()).enumerate() {
            let outcome = test.run(look);
            if outcome != Outcome::Other {
                count(&mut self.formed, at);
            }
            if outcome == Outcome::Passes {
                count(&mut self.passed, at);
            }
        }
        words::find(look.text).each().for_each(|at| count(&mut self.listed, at));
        traits::find(look, |found| count(&mut self.traits, traits::place(found)));
    }

    /// Adds the counts of other values of the same column.
    pub fn merge(&mut self, other: &Self) {
        self.seen += other.seen;
        self.nulls += other.nulls;
        self.empty += other.empty;
        self.distinct += other.distinct;
        self.tested += other.tested;
        self.shortest = self.shortest.min(other.shortest);
        self.longest = self.longest.max(other.longest);
        self.chars += other.chars;
        self.digits += other.digits;
        self.letters += other.letters;
        self.words += other.words;
        self.entropy += other.entropy;
        self.integers += other.integers;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        self.lowest = self.lowest.min(other.lowest);
        self.highest = self.highest.max(other.highest);
        self.pairs = self.pairs.saturating_add(other.pairs);
        self.rising = self.rising.saturating_add(other.rising);
        self.days += other.days;
        self.timed += other.timed;
        add(&mut self.decades, &other.decades);
        add(&mut self.formed, &other.formed);
        add(&mut self.passed, &other.passed);
        add(&mut self.listed, &other.listed);
        add(&mut self.traits, &other.traits);
        for (path, measured) in &other.inside {
            if let Some((_, own)) = self.inside.iter_mut().find(|(own, _)| own == path) {
                own.merge(measured);
            } else if self.inside.len() < inside::MOST_PATHS {
                self.inside.push((path.clone(), measured.clone()));
            }
        }
    }

    /// Values that are neither NULL nor empty.
    #[must_use]
    pub fn filled(&self) -> u64 {
        self.seen.saturating_sub(self.nulls).saturating_sub(self.empty)
    }
}

/// Returns a number as a float of four bytes.
#[expect(clippy::as_conversions, reason = "a float has no other way to become shorter")]
const fn single(number: f64) -> f32 {
    number as f32
}

fn add(counts: &mut [u16], other: &[u16]) {
    counts.iter_mut().zip(other).for_each(|(count, more)| *count = count.saturating_add(*more));
}

#[cfg(test)]
mod tests;
