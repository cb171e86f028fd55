//! Numbers out of nothing but a seed, a table, a column and a row: what every generated value is drawn from.
//!
//! A `Seed` gives each use its `Stream` (keyed by HMAC-SHA-256, once), a stream gives each row its `Draws`: SplitMix64
//! (Steele, Lea, Flood, OOPSLA 2014, with the constants of Stafford's Mix13), begun at a mix of the stream's key, the row
//! and the attempt. So any row can be made alone, in any order, on any machine. These numbers hide nothing: what is
//! generated is of nobody. Refuses the clock and the system's random source.

use crate::mask::Lanes;
use crate::secret::{Mac, lanes};

/// The odd constant of SplitMix64: 2^64 over the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes all bits of a number into all bits.
#[must_use]
#[inline]
pub fn mix(number: u64) -> u64 {
    let a = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    b ^ (b >> 31)
}

/// Where all numbers of a run come from.
#[derive(Clone)]
pub struct Seed {
    number: u64,
    mac: Mac,
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seed({})", self.number)
    }
}

impl Seed {
    /// Makes the source of a number that the user chose.
    #[must_use]
    pub fn new(number: u64) -> Self {
        let mut key = [0; 32];
        for (place, byte) in key.iter_mut().zip(b"standin/1/generate ".iter().chain(&number.to_be_bytes())) {
            *place = *byte;
        }
        Self { number, mac: Mac::from_key(&key) }
    }

    /// Returns the number.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the stream of a use: `what` is the purpose, `names` whose (table and column).
    #[must_use]
    pub fn stream(&self, what: &str, names: &[&str]) -> Stream {
        let mut text = Vec::new();
        for part in std::iter::once(&what).chain(names) {
            text.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            text.extend_from_slice(part.as_bytes());
        }
        let [key, ..] = lanes(&self.mac.digest(b"", &text));
        Stream { key }
    }
}

/// The numbers of one column, or of another use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

impl Stream {
    /// Returns the draws of a row.
    #[must_use]
    #[inline]
    pub fn row(self, row: u64) -> Draws {
        self.attempt(row, 0)
    }

    /// Returns the draws of a row that is drawn again.
    #[must_use]
    #[inline]
    pub fn attempt(self, row: u64, attempt: u32) -> Draws {
        let again = u64::from(attempt).wrapping_mul(0xD1B5_4A32_D192_ED03);
        Draws { state: mix(self.key ^ mix(row.wrapping_mul(GOLDEN).wrapping_add(again))) }
    }

    /// Returns a stream for a part of this use.
    #[must_use]
    #[inline]
    pub fn part(self, part: u64) -> Self {
        Self { key: mix(self.key.wrapping_add(mix(part.wrapping_add(GOLDEN)))) }
    }

    /// Returns its key, for what is keyed by it.
    #[must_use]
    pub fn key(self) -> u64 {
        self.key
    }
}

/// The numbers of one value, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    state: u64,
}

impl Draws {
    /// Returns 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Returns a number below `n`; 0 where `n` is 0. (Lemire's multiplication; the bias is below n / 2^64.)
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// Returns a number of `least..=most`; `least` where `most` is not above it.
    #[inline]
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        if most <= least {
            return least;
        }
        // The distance of two i64 fits u64; all of them is one too many to count.
        let distance = most.wrapping_sub(least).cast_unsigned();
        let step = if distance == u64::MAX { self.bits() } else { self.below(distance + 1) };
        least.wrapping_add_unsigned(step)
    }

    /// Returns a number of 0.0 up to but not 1.0, with 53 bits.
    #[inline]
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "53 bits fit exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Returns the lanes of a person, or of a value of its own.
    #[inline]
    pub fn lanes(&mut self) -> Lanes {
        Lanes(std::array::from_fn(|_| self.bits()))
    }

    /// Returns whether what happens so often, in parts of a million, happens.
    #[inline]
    pub fn happens(&mut self, per_million: u32) -> bool {
        self.below(1_000_000) < u64::from(per_million)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_depends_on_seed_use_names_row_and_attempt_alone() {
        let first = |seed: u64, what: &str, names: &[&str], row, attempt| {
            Seed::new(seed).stream(what, names).attempt(row, attempt).bits()
        };
        let one = first(1, "value", &["customers", "name"], 7, 0);
        assert_eq!(one, first(1, "value", &["customers", "name"], 7, 0));
        let others = [
            first(2, "value", &["customers", "name"], 7, 0),
            first(1, "null", &["customers", "name"], 7, 0),
            first(1, "value", &["customer", "sname"], 7, 0),
            first(1, "value", &["customers", "name"], 8, 0),
            first(1, "value", &["customers", "name"], 7, 1),
        ];
        assert!(others.iter().all(|other| *other != one));
        // Pinned: files made with a seed are made again with it.
        assert_eq!(one, 16_982_689_082_257_983_366);
    }

    #[test]
    fn draws_stay_in_their_bounds_and_fill_them() {
        let stream = Seed::new(1).stream("test", &[]);
        let mut seen = [0_u32; 10];
        for row in 0..10_000 {
            let mut draws = stream.row(row);
            let n = draws.below(10);
            seen[usize::try_from(n).expect("small")] += 1;
            assert!((-3..=4).contains(&draws.between(-3, 4)));
            let unit = draws.unit();
            assert!((0.0..1.0).contains(&unit));
        }
        assert!(seen.iter().all(|n| (850..1150).contains(n)), "{seen:?}");
        let mut draws = stream.row(0);
        assert_eq!((draws.below(0), draws.between(5, 5), draws.between(5, -5)), (0, 5, 5));
        let _ = draws.between(i64::MIN, i64::MAX);
    }
}
