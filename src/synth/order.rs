//! A keyed order of the numbers below n: what makes columns unique without remembering a value. Any place can be asked for
//! alone, in both directions.
//!
//! An unbalanced Feistel network of six rounds over the smallest power of four that holds n, walked on past numbers of n
//! and above (Black, Rogaway, CT-RSA 2002). It hides nothing, and need not: what is generated is of nobody.

use super::seed::{Stream, mix};

const ROUNDS: u64 = 6;

/// An order of 0..n.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    key: u64,
    n: u64,
    /// Bits of a half.
    bits: u32,
}

impl Order {
    /// Makes the order of a stream.
    #[must_use]
    pub fn new(stream: Stream, n: u64) -> Self {
        let bits = u64::BITS - n.saturating_sub(1).leading_zeros();
        Self { key: stream.key(), n, bits: bits.div_ceil(2).max(1) }
    }

    /// Returns how many numbers it orders.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.n
    }

    /// Returns whether it orders none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    #[inline]
    fn round(&self, round: u64, half: u64) -> u64 {
        mix(self.key.wrapping_add(round.wrapping_mul(0xA076_1D64_78BD_642F)) ^ half) & self.mask()
    }

    #[inline]
    fn mask(&self) -> u64 {
        1_u64.checked_shl(self.bits).map_or(u64::MAX, |bit| bit - 1)
    }

    #[inline]
    fn split(&self, number: u64) -> (u64, u64) {
        (number.checked_shr(self.bits).unwrap_or(0) & self.mask(), number & self.mask())
    }

    #[inline]
    fn join(&self, (left, right): (u64, u64)) -> u64 {
        left.checked_shl(self.bits).unwrap_or(0) | right
    }

    /// Returns what stands at a place; places of n and above come back as they are.
    #[must_use]
    #[inline]
    pub fn at(&self, place: u64) -> u64 {
        let mut number = place;
        if place >= self.n {
            return place;
        }
        loop {
            let (mut left, mut right) = self.split(number);
            for round in 0..ROUNDS {
                (left, right) = (right, left ^ self.round(round, right));
            }
            number = self.join((left, right));
            if number < self.n {
                return number;
            }
        }
    }

    /// Returns at which place a number stands: the other direction.
    #[must_use]
    #[inline]
    pub fn place_of(&self, number: u64) -> u64 {
        let mut place = number;
        if number >= self.n {
            return number;
        }
        loop {
            let (mut left, mut right) = self.split(place);
            for round in (0..ROUNDS).rev() {
                (left, right) = (right ^ self.round(round, left), left);
            }
            place = self.join((left, right));
            if place < self.n {
                return place;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::seed::Seed;

    #[test]
    fn every_number_comes_once_and_leads_back() {
        for n in [0_u64, 1, 2, 3, 7, 64, 65, 1000, 4097] {
            let order = Order::new(Seed::new(3).stream("order", &["t"]), n);
            let mut seen: Vec<u64> = (0..n).map(|place| order.at(place)).collect();
            assert!((0..n).all(|place| order.place_of(order.at(place)) == place));
            if n > 60 {
                assert!(
                    seen.iter().enumerate().filter(|(i, v)| u64::try_from(*i) == Ok(**v)).count() < 8,
                    "{n}"
                );
            }
            seen.sort_unstable();
            assert!(seen.iter().copied().eq(0..n), "{n}");
        }
    }

    #[test]
    fn large_ones_stay_below_their_bound() {
        for n in [1_u64 << 40, u64::from(u32::MAX), u64::MAX, (1 << 63) + 5] {
            let order = Order::new(Seed::new(3).stream("order", &["t"]), n);
            for place in [0, 1, n / 2, n - 1] {
                let number = order.at(place);
                assert!(number < n && order.place_of(number) == place);
            }
        }
    }
}
