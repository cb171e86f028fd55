//! A range of integers whose halves change places by two keyed permutations: nothing maps to itself, and a stand-in
//! of the lower half lies above every number of it. Refuses numbers outside its range.

use aes::Aes256;
use aes::cipher::KeyInit;

use super::ff1::{ABREAST, Ff1};
use super::name;
use super::table::Table;
use crate::secret::Mac;

/// The permuted range `base .. base + 2 * half`.
pub(crate) struct Exchange {
    base: u64,
    half: u64,
    up: Half,
    down: Half,
}

/// A permutation of `0..half`.
enum Half {
    Table(Table),
    /// FF1 over the next power of two, walked until the number is below `half`.
    Ff1(Box<Ff1>),
}

impl Exchange {
    /// 0..2^15, by tables.
    pub(crate) fn small(mac: &Mac) -> Option<Self> {
        let table = |name| Table::new(mac, name, 1 << 14).map(Half::Table);
        Some(Self {
            base: 0,
            half: 1 << 14,
            up: table(name::SMALLINT_UP)?,
            down: table(name::SMALLINT_DOWN)?,
        })
    }

    /// 0..2^31, by FF1 over 30 bits.
    pub(crate) fn integer(key: &[u8; 32]) -> Option<Self> {
        let half = |name| ff1(key, 30, name);
        Some(Self { base: 0, half: 1 << 30, up: half(name::INTEGER_UP)?, down: half(name::INTEGER_DOWN)? })
    }

    /// 2^31..2^63, by FF1 over 62 bits: the half is 2^62 - 2^30, so one in 2^32 walks on.
    pub(crate) fn big(key: &[u8; 32]) -> Option<Self> {
        let half = |name| ff1(key, 62, name);
        Some(Self {
            base: 1 << 31,
            half: (1 << 62) - (1 << 30),
            up: half(name::BIGINT_UP)?,
            down: half(name::BIGINT_DOWN)?,
        })
    }

    /// Returns whether a number is in the range.
    #[inline]
    pub(crate) fn holds(&self, number: u64) -> bool {
        number >= self.base && number - self.base < 2 * self.half
    }

    /// Permutes numbers of the range in place; `false` (nothing to be used) if one is outside.
    #[inline]
    pub(crate) fn apply(&self, numbers: &mut [u64]) -> bool {
        if !numbers.iter().all(|n| self.holds(*n)) {
            return false;
        }
        let middle = self.base + self.half;
        if numbers.iter().all(|n| *n < middle) {
            self.up.apply(numbers, self.half, self.base, middle)
        } else if numbers.iter().all(|n| *n >= middle) {
            self.down.apply(numbers, self.half, middle, self.base)
        } else {
            numbers.chunks_mut(1).all(|one| self.apply(one))
        }
    }
}

impl Half {
    /// Maps `from + i` to `to + p(i)`.
    fn apply(&self, numbers: &mut [u64], half: u64, from: u64, to: u64) -> bool {
        match self {
            Self::Table(table) => numbers.iter_mut().all(|number| {
                let image = number.checked_sub(from).and_then(|i| table.get(i));
                image.inspect(|image| *number = to + image).is_some()
            }),
            Self::Ff1(ff1) => {
                for numbers in numbers.chunks_mut(ABREAST) {
                    let mut room = [0; ABREAST];
                    for (slot, number) in room.iter_mut().zip(numbers.iter()) {
                        *slot = u128::from(*number - from);
                    }
                    if let Some(slots) = room.get_mut(..numbers.len()) {
                        ff1.permute(slots, false);
                    }
                    for (slot, number) in room.iter_mut().zip(numbers) {
                        while *slot >= u128::from(half) {
                            ff1.permute(std::slice::from_mut(slot), false);
                        }
                        let Ok(image) = u64::try_from(*slot) else { return false };
                        *number = to + image;
                    }
                }
                true
            }
        }
    }
}

fn ff1(key: &[u8; 32], bits: u8, name: u8) -> Option<Half> {
    Ff1::new(Aes256::new(key.into()), 2, bits, &[name]).map(Box::new).map(Half::Ff1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn one(exchange: &Exchange, number: u64) -> Option<u64> {
        let mut numbers = [number];
        exchange.apply(&mut numbers).then_some(numbers[0])
    }

    #[test]
    fn small_is_a_bijection_without_fixed_points() {
        let small = Exchange::small(&Mac::from_key(b"k")).unwrap();
        let images: HashSet<_> = (0..1 << 15).map(|x| one(&small, x).unwrap()).collect();
        assert_eq!(images.len(), 1 << 15);
        for x in 0..1 << 15 {
            let y = one(&small, x).unwrap();
            assert_eq!(x < 1 << 14, y >= 1 << 14, "the halves change places");
        }
        assert_eq!(one(&small, 1 << 15), None);
    }

    #[test]
    fn borders_stay_in_their_range() {
        let (int, big) = (Exchange::integer(&[7; 32]).unwrap(), Exchange::big(&[7; 32]).unwrap());
        let middle = (1 << 31) + (1 << 62) - (1 << 30);
        for (exchange, low, mid, high) in
            [(&int, 0, 1 << 30, (1 << 31) - 1), (&big, 1 << 31, middle, (1 << 63) - 1)]
        {
            for x in [low, low + 1, mid - 1] {
                assert!((mid..=high).contains(&one(exchange, x).unwrap()));
            }
            for x in [mid, mid + 1, high - 1, high] {
                assert!((low..mid).contains(&one(exchange, x).unwrap()));
            }
            assert_eq!(one(exchange, high + 1), None);
        }
        assert_eq!(one(&big, (1 << 31) - 1), None);
    }

    proptest! {
        #[test]
        fn distinct_stay_distinct_and_many_equals_one(numbers in proptest::collection::hash_set(0_u64..1 << 31, 0..40)) {
            let int = Exchange::integer(&[7; 32]).unwrap();
            let numbers: Vec<u64> = { let mut n: Vec<u64> = numbers.into_iter().collect(); n.sort_unstable(); n };
            let mut together = numbers.clone();
            prop_assert!(int.apply(&mut together));
            for (x, y) in numbers.iter().zip(&together) {
                prop_assert_eq!(one(&int, *x), Some(*y));
                prop_assert_ne!(x, y);
            }
            let images: HashSet<_> = together.iter().collect();
            prop_assert_eq!(images.len(), numbers.len());
        }
    }
}
