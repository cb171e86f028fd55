//! g = p⁻¹ ∘ (+1) ∘ p: one cycle through the whole domain. Walking it until a number may come out gives a bijection
//! on the numbers that may, and nothing maps to itself as long as there are two of them.

use aes::Aes256;
use aes::cipher::KeyInit;

use super::ff1::{ABREAST, Ff1};

/// A permutation without fixed points of the numbers below radix^digits.
pub(crate) struct Shifted {
    p: Box<Ff1>,
    size: u128,
}

impl Shifted {
    /// Prepares it; `None` for a domain that FF1 refuses.
    pub(crate) fn new(key: &[u8; 32], radix: u16, digits: u8, name: u8) -> Option<Self> {
        let p = Ff1::new(Aes256::new(key.into()), radix, digits, &[name])?;
        Some(Self { p: Box::new(p), size: u128::from(radix).checked_pow(digits.into())? })
    }

    /// Replaces each number by the next on the cycle that may come out. The caller sees to it that one may.
    pub(crate) fn apply(&self, numbers: &mut [u128], may: impl Fn(u128) -> bool) {
        for numbers in numbers.chunks_mut(ABREAST) {
            self.p.permute(numbers, false);
            let mut places = [0; ABREAST];
            for (place, number) in places.iter_mut().zip(numbers.iter_mut()) {
                *place = self.next(*number);
                *number = *place;
            }
            self.p.permute(numbers, true);
            for (place, number) in places.iter_mut().zip(numbers) {
                while !may(*number) {
                    *place = self.next(*place);
                    *number = *place;
                    self.p.permute(std::slice::from_mut(number), true);
                }
            }
        }
    }

    #[inline]
    fn next(&self, place: u128) -> u128 {
        if place + 1 >= self.size { 0 } else { place + 1 }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_bijection_without_fixed_points_on_what_may_come_out() {
        // Few may come out, so that the walk is long and every one of them is seen.
        let shifted = Shifted::new(&[9; 32], 10, 6, 1).unwrap();
        let may = |n: u128| n % 1000 == 7;
        let images: HashSet<u128> = (0..1000)
            .map(|i| {
                let mut number = [i * 1000 + 7];
                shifted.apply(&mut number, may);
                assert!(may(number[0]));
                assert_ne!(number[0], i * 1000 + 7);
                number[0]
            })
            .collect();
        assert_eq!(images.len(), 1000);
    }

    #[test]
    fn side_by_side_equals_one_by_one() {
        let shifted = Shifted::new(&[9; 32], 2, 122, 7).unwrap();
        let mut together: Vec<u128> = (0..21).map(|n| n * 0x1234_5678_9abc_def0).collect();
        let alone: Vec<u128> = together
            .iter()
            .map(|n| {
                let mut one = [*n];
                shifted.apply(&mut one, |_| true);
                one[0]
            })
            .collect();
        shifted.apply(&mut together, |_| true);
        assert_eq!(together, alone);
        assert!(together.iter().all(|n| *n < 1 << 122));
    }
}
