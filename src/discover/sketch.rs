//! Sketches of key columns: how many distinct values a column has, and how many of them stand in another column too.
//!
//! Bottom-k (Beyer and others, SIGMOD 2007): of 64-bit hashes of the canonical values the k smallest are kept, so that the
//! samples of two columns hold the same values. Values are trimmed, ASCII letters made lower case, whole numbers read as
//! numbers: both ends of a key agree whatever their types. The hashes have a fixed key, so that a run can be repeated;
//! they never leave the process and no value can be asked for. Sketch libraries (the Theta sketches of DataSketches) do
//! the same in more memory a column and know no numbers.

use std::fmt;
use std::hash::Hasher;

/// Hashes kept of a column that may be pointed to.
pub const WIDE: usize = 1024;
/// Hashes kept of any other column.
pub const NARROW: usize = 256;

/// Lengths of whole numbers in bits: 0 to 60, which has room for 18 digits.
const SIZES: usize = 61;

/// How many hashes wait unsorted at least.
const WAITING: usize = 128;

/// The sample of one column.
#[derive(Clone)]
pub struct Sketch {
    most: usize,
    /// The first `sorted` are in order and distinct.
    hashes: Vec<u64>,
    sorted: usize,
    /// Hashes above this are not kept.
    limit: u64,
    values: u64,
    /// The smallest and largest number, as long as all values are whole numbers.
    range: Option<(i64, i64)>,
    numbers: bool,
    /// Whole numbers by their length in bits.
    sizes: Box<[u32; SIZES]>,
}

impl fmt::Debug for Sketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<a sketch of {} values>", self.values)
    }
}

/// How many of the distinct values of one column stand in another, as far as their sketches tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contained {
    /// Of the compared values those that the other column has.
    pub hits: usize,
    /// Distinct values that could be compared.
    pub of: usize,
}

impl Contained {
    /// Returns the share in percent, rounded down; 0 where nothing could be compared.
    #[must_use]
    pub fn percent(self) -> u32 {
        let share = self.hits.saturating_mul(100).checked_div(self.of).unwrap_or(0);
        u32::try_from(share).unwrap_or(0)
    }
}

impl Sketch {
    /// Makes the sketch of a column without values, which keeps up to `most` hashes (at least 2).
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(2),
            hashes: Vec::new(),
            sorted: 0,
            limit: u64::MAX,
            values: 0,
            range: None,
            numbers: true,
            sizes: Box::new([0; SIZES]),
        }
    }

    /// Adds a decoded value, never NULL; returns its hash. Empty text counts for nothing and has the hash 0.
    pub fn add(&mut self, value: &[u8]) -> u64 {
        let value = value.trim_ascii();
        if value.is_empty() {
            return 0;
        }
        self.values += 1;
        let hash = match whole(value) {
            Some(number) => {
                let (low, high) = self.range.unwrap_or((number, number));
                self.range = Some((low.min(number), high.max(number)));
                if let Some(count) = self.sizes.get_mut(size(number)) {
                    *count = count.saturating_add(1);
                }
                mix(number.cast_unsigned())
            }
            None => {
                self.numbers = false;
                text(value)
            }
        };
        self.keep(hash);
        hash
    }

    fn keep(&mut self, hash: u64) {
        let sorted = self.hashes.get(..self.sorted).unwrap_or_default();
        if hash > self.limit || sorted.binary_search(&hash).is_ok() {
            return;
        }
        self.hashes.push(hash);
        if self.hashes.len() >= self.sorted + WAITING.max(self.sorted / 2) {
            self.compact();
        }
    }

    /// Puts what waits in order and drops what is too large.
    fn compact(&mut self) {
        // Stable sorting takes the ordered part as it is.
        self.hashes.sort();
        self.hashes.dedup();
        self.hashes.truncate(self.most);
        self.sorted = self.hashes.len();
        if let Some(last) = self.hashes.get(self.most - 1) {
            self.limit = *last;
        }
    }

    /// Gives back what it does not need while no values come; more may be added.
    pub fn finish(&mut self) {
        self.compact();
        self.hashes.shrink_to_fit();
    }

    /// Keeps no more than `most` hashes (at least 2) from now on.
    pub fn narrow(&mut self, most: usize) {
        self.most = self.most.min(most.max(2));
        self.compact();
    }

    /// Returns how many values were added.
    #[must_use]
    pub fn values(&self) -> u64 {
        self.values
    }

    /// Says whether all distinct values are kept, so that `distinct` is no estimate.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.limit == u64::MAX
    }

    /// Returns the number of distinct values: exact where all are kept, else estimated. To be asked when finished.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        let kept = u64::try_from(self.sorted).unwrap_or(u64::MAX);
        if self.is_exact() {
            return kept;
        }
        let all = u128::from(kept.saturating_sub(1)) << 64;
        let estimated = u64::try_from(all / u128::from(self.limit.max(1))).unwrap_or(u64::MAX);
        estimated.clamp(kept, self.values.max(kept))
    }

    /// Returns the smallest and largest number where all values are whole numbers.
    #[must_use]
    pub fn range(&self) -> Option<(i64, i64)> {
        self.range.filter(|_| self.numbers)
    }

    /// Says whether half of its whole numbers or more are of a length in bits of which another column, all distinct, has
    /// more than one number in `sparse`: most others of that length would be there as well. A few numbers far away, such
    /// as one that stands for nobody, hide nothing.
    #[must_use]
    pub fn lies_close(&self, other: &Self, sparse: u128) -> bool {
        let (mut close, mut all) = (0_u64, 0_u64);
        for ((bits, own), theirs) in self.sizes.iter().enumerate().zip(other.sizes.iter()) {
            let width = 1_u128 << bits.saturating_sub(1);
            all += u64::from(*own);
            close += if u128::from(*theirs) * sparse > width { u64::from(*own) } else { 0 };
        }
        close > 0 && close * 2 >= all
    }

    /// Returns the kept hashes in ascending order. To be asked when finished.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        self.hashes.get(..self.sorted).unwrap_or_default()
    }

    /// Returns how many of its values stand in another column. To be asked when both are finished.
    #[must_use]
    pub fn within(&self, other: &Self) -> Contained {
        let limit = self.limit.min(other.limit);
        let mut there = other.hashes().iter().peekable();
        let (mut hits, mut of) = (0, 0);
        for hash in self.hashes().iter().take_while(|hash| **hash <= limit) {
            of += 1;
            while there.next_if(|h| *h < hash).is_some() {}
            hits += usize::from(there.peek() == Some(&hash));
        }
        Contained { hits, of }
    }
}

/// Returns the hash of a value as a sketch takes it; 0 for empty text.
#[must_use]
pub fn hash(value: &[u8]) -> u64 {
    let value = value.trim_ascii();
    match whole(value) {
        _ if value.is_empty() => 0,
        Some(number) => mix(number.cast_unsigned()),
        None => text(value),
    }
}

/// Reads a whole number of at most 18 digits.
#[inline]
fn whole(value: &[u8]) -> Option<i64> {
    let (minus, digits) = match value {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    Some(if minus { -number } else { number })
}

/// Returns the length of a number in bits, its sign aside.
#[inline]
fn size(number: i64) -> usize {
    usize::try_from(u64::BITS - number.unsigned_abs().leading_zeros()).unwrap_or(SIZES)
}

/// Spreads a number over 64 bits (the finaliser of SplitMix64: Steele and others, OOPSLA 2014); never 0.
#[inline]
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)).max(1)
}

/// Returns the hash of text in lower case; never 0.
fn text(value: &[u8]) -> u64 {
    // With no random key: the same input gives the same sketch.
    let mut hasher = std::hash::DefaultHasher::new();
    let mut lower = [0_u8; 64];
    for part in value.chunks(lower.len()) {
        for (to, from) in lower.iter_mut().zip(part) {
            *to = from.to_ascii_lowercase();
        }
        hasher.write(lower.get(..part.len()).unwrap_or_default());
    }
    hasher.finish().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(most: usize, values: impl Iterator<Item = String>) -> Sketch {
        let mut sketch = Sketch::new(most);
        values.for_each(|value| {
            sketch.add(value.as_bytes());
        });
        sketch.finish();
        sketch
    }

    #[test]
    fn few_values_are_counted_and_many_estimated() {
        let few = of(NARROW, (0..5000).map(|n| format!("w{}", n % 40)));
        assert_eq!((few.distinct(), few.values(), few.range()), (40, 5000, None));
        for most in [NARROW, WIDE] {
            let many = of(most, (0..60_000).map(|n| format!("{}", n % 20_000)));
            assert!((17_000..23_000).contains(&many.distinct()), "{}", many.distinct());
            assert_eq!((many.range(), many.hashes().len()), (Some((0, 19_999)), most));
        }
        assert_eq!(of(NARROW, ["", "  "].into_iter().map(str::to_owned)).distinct(), 0);
    }

    #[test]
    fn both_ends_of_a_key_agree() {
        for (a, b) in [("42", " 42"), ("0042", "42"), ("+7", "7"), ("A@Example.org", "a@example.org ")] {
            assert_eq!(hash(a.as_bytes()), hash(b.as_bytes()), "{a} {b}");
        }
        for (a, b) in [("-7", "7"), ("4.0", "4"), ("1234567890123456789", "1"), ("a b", "ab")] {
            assert_ne!(hash(a.as_bytes()), hash(b.as_bytes()), "{a} {b}");
        }
    }

    #[test]
    fn a_part_is_contained_in_the_whole_and_not_the_other_way() {
        let whole = of(WIDE, (0..30_000).map(|n| format!("k{n}")));
        let part = of(NARROW, (0..30_000).step_by(7).map(|n| format!("k{n}")));
        let other = of(NARROW, (30_000..60_000).map(|n| format!("k{n}")));
        let there = part.within(&whole);
        assert!(there.of > 60 && there.percent() == 100, "{there:?}");
        let back = whole.within(&part);
        assert!((5..30).contains(&back.percent()), "{back:?}");
        assert_eq!(other.within(&whole).hits, 0);
        assert_eq!(Sketch::new(2).within(&whole).percent(), 0);
    }

    #[test]
    fn dense_numbers_lie_close_whatever_lies_far_away() {
        let far = |n: u64| if n.is_multiple_of(50) { 900_000_000 + n } else { n };
        let dense = of(WIDE, (1..300).map(far).map(|n| n.to_string()));
        let few = of(NARROW, (1..90).map(far).map(|n| n.to_string()));
        let sparse = of(WIDE, (1..300).map(|n| (1_000_000 + n * 7919).to_string()));
        let part = of(NARROW, (1..90).map(|n| (1_000_000 + n * 7919).to_string()));
        assert!(few.lies_close(&dense, 20) && !part.lies_close(&sparse, 20) && !part.lies_close(&dense, 20));
        assert!(!of(NARROW, ["x".to_owned()].into_iter()).lies_close(&dense, 20));
    }

    #[test]
    fn the_order_of_values_does_not_count() {
        let forth = of(NARROW, (0..9000).map(|n| format!("{n}")));
        let back = of(NARROW, (0..9000).rev().chain(0..9000).map(|n| format!("{n}")));
        assert_eq!(forth.hashes(), back.hashes());
        let mut narrowed = of(WIDE, (0..9000).map(|n| format!("{n}")));
        narrowed.narrow(NARROW);
        assert_eq!(forth.hashes(), narrowed.hashes());
    }
}
