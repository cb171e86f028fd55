//! A keyed permutation of the ranks 0..=last of any domain, without fixed points: one cycle through 2^b numbers, of
//! which only those come out that the caller lets. 2^b is the next power of two, so that fewer than two steps are the
//! rule where all ranks may.
//!
//! Up to 2^16 the cycle is a table (Sattolo's shuffle). Above 2^20 it is p⁻¹ ∘ (+1) ∘ p, with p FF1 over b bits. Between,
//! where FF1 may not go (SP 800-38G rev. 1 wants 10^6) and a table would take memory, b is 20 all the same: FF1 on its
//! least domain and at most 16 steps on the average, rather than a construction of another kind that would need its own
//! proof. Walking a permutation until it is back in a subset is a permutation of the subset (Black, Rogaway 2002).
//!
//! Domains that need the same number of bits share a cycle. It is made when the first value needs it. Refuses a domain
//! of one.

use std::sync::OnceLock;

use aes::Aes256;
use aes::cipher::KeyInit;
use zeroize::Zeroizing;

use super::ff1::{ABREAST, Ff1};
use super::table::Table;
use crate::secret::Mac;

/// Largest table, in bits.
const TABLE_BITS: u8 = 16;
/// Least domain of FF1, in bits.
const FF1_BITS: u8 = 20;

/// The cycles under one key and name.
pub(crate) struct Cycles {
    key: Zeroizing<[u8; 32]>,
    mac: Mac,
    name: u8,
    by_bits: Vec<OnceLock<Option<Cycle>>>,
}

enum Cycle {
    Table(Table),
    Ff1 { p: Box<Ff1>, last: u128 },
}

/// Returns how many bits the cycle of a domain has.
pub(crate) fn bits(last: u128) -> u8 {
    let bits = u8::try_from(u128::BITS - last.leading_zeros()).unwrap_or(u8::MAX);
    if (TABLE_BITS + 1..FF1_BITS).contains(&bits) { FF1_BITS } else { bits }
}

impl Cycles {
    /// Prepares them; nothing is computed yet.
    pub(crate) fn new(key: &[u8; 32], mac: &Mac, name: u8) -> Self {
        let by_bits = (0..=u128::BITS).map(|_| OnceLock::new()).collect();
        Self { key: Zeroizing::new(*key), mac: mac.clone(), name, by_bits }
    }

    fn get(&self, bits: u8) -> Option<&Cycle> {
        let cell = self.by_bits.get(usize::from(bits)).filter(|_| bits > 0)?;
        cell.get_or_init(|| {
            if bits <= TABLE_BITS {
                return Table::cycle(&self.mac, self.name, bits).map(Cycle::Table);
            }
            let p = Ff1::new(Aes256::new((&*self.key).into()), 2, bits, &[self.name, bits])?;
            Some(Cycle::Ff1 { p: Box::new(p), last: u128::MAX >> (128 - u32::from(bits)) })
        })
        .as_ref()
    }

    /// Replaces each number, all of them of domains of `bits` bits, by the next on the cycle that may come out: `may`
    /// is asked with the number's place. A number that alone may comes back as it is. `false`: nothing to be used.
    pub(crate) fn apply(
        &self,
        bits: u8,
        numbers: &mut [u128],
        mut may: impl FnMut(usize, u128) -> bool,
    ) -> bool {
        match self.get(bits) {
            None => false,
            Some(Cycle::Table(table)) => (0..).zip(numbers).all(|(at, number)| {
                let start = *number;
                loop {
                    let next = u64::try_from(*number).ok().and_then(|n| table.get(n));
                    let Some(next) = next else { return false };
                    *number = u128::from(next);
                    if *number == start || may(at, *number) {
                        return true;
                    }
                }
            }),
            Some(Cycle::Ff1 { p, last }) => {
                let mut base = 0;
                for numbers in numbers.chunks_mut(ABREAST) {
                    walk(p, *last, numbers, |at, number| may(base + at, number));
                    base += numbers.len();
                }
                true
            }
        }
    }

    /// Undoes `apply`, for tests: the number before it on the cycle that may.
    #[cfg(test)]
    pub(crate) fn undo(&self, bits: u8, number: u128, may: impl Fn(u128) -> bool) -> u128 {
        let mut at = number;
        loop {
            at = match self.get(bits).expect("made") {
                Cycle::Table(table) => (0..1 << bits)
                    .find(|n| table.get(*n).map(u128::from) == Some(at))
                    .map(u128::from)
                    .expect("a permutation"),
                Cycle::Ff1 { p, last } => {
                    let mut one = [at];
                    p.permute(&mut one, false);
                    one[0] = if one[0] == 0 { *last } else { one[0] - 1 };
                    p.permute(&mut one, true);
                    one[0]
                }
            };
            if may(at) {
                return at;
            }
        }
    }
}

/// Walks a few numbers, all that are still on the way side by side.
fn walk(p: &Ff1, last: u128, numbers: &mut [u128], mut may: impl FnMut(usize, u128) -> bool) {
    let next = |place: u128| if place == last { 0 } else { place + 1 };
    let (mut places, mut walking, mut starts) = ([0; ABREAST], [0; ABREAST], [0; ABREAST]);
    let mut count = numbers.len();
    starts.iter_mut().zip(numbers.iter()).for_each(|(to, from)| *to = *from);
    walking.iter_mut().enumerate().for_each(|(at, to)| *to = at);
    p.permute(numbers, false);
    places.iter_mut().zip(numbers.iter()).for_each(|(to, from)| *to = *from);
    while count > 0 {
        let mut room = [0; ABREAST];
        for (place, to) in places.iter_mut().zip(room.iter_mut()).take(count) {
            *place = next(*place);
            *to = *place;
        }
        if let Some(room) = room.get_mut(..count) {
            p.permute(room, true);
        }
        let mut left = 0;
        for step in 0..count {
            let (Some(number), Some(at), Some(place)) =
                (room.get(step).copied(), walking.get(step).copied(), places.get(step).copied())
            else {
                return;
            };
            if starts.get(at) == Some(&number) || may(at, number) {
                if let Some(to) = numbers.get_mut(at) {
                    *to = number;
                }
            } else if let (Some(to), Some(kept)) = (walking.get_mut(left), places.get_mut(left)) {
                (*to, *kept) = (at, place);
                left += 1;
            }
        }
        count = left;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn cycles() -> Cycles {
        Cycles::new(&[9; 32], &Mac::from_key(b"k"), 99)
    }

    #[test]
    fn bijections_without_fixed_points_that_can_be_undone() {
        let cycles = cycles();
        for last in [1_u128, 2, 3, 6, 9, 99, 675, 999, 6759, 17_575, 65_535] {
            let mut numbers: Vec<u128> = (0..=last).collect();
            assert!(cycles.apply(bits(last), &mut numbers, |_, n| n <= last));
            assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len());
            for (x, y) in (0..=last).zip(&numbers) {
                assert!(x != *y && *y <= last);
                if x % 97 == 0 {
                    assert_eq!(cycles.undo(bits(last), *y, |n| n <= last), x);
                }
            }
        }
    }

    #[test]
    fn domains_between_table_and_ff1_and_above() {
        let cycles = cycles();
        for last in [65_536_u128, 99_999, 1_048_575, 1_048_576] {
            let mut numbers: Vec<u128> = (0..=last).collect();
            assert!(cycles.apply(bits(last), &mut numbers, |_, n| n <= last));
            assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len(), "{last}");
            assert!((0..=last).zip(&numbers).all(|(x, y)| x != *y && *y <= last));
            for x in [0, 77, last] {
                let y = numbers[usize::try_from(x).unwrap()];
                assert_eq!(cycles.undo(bits(last), y, |n| n <= last), x);
            }
        }
        for last in [u128::MAX, u128::MAX >> 1, 10_u128.pow(36)] {
            let numbers: Vec<u128> = (0..200).map(|n| (last / 200 * n) + n).collect();
            let mut images = numbers.clone();
            assert!(cycles.apply(bits(last), &mut images, |_, n| n <= last));
            for (x, y) in numbers.iter().zip(&images) {
                assert!(x != y && *y <= last);
                assert_eq!(cycles.undo(bits(last), *y, |n| n <= last), *x);
                let mut one = [*x];
                cycles.apply(bits(last), &mut one, |_, n| n <= last);
                assert_eq!(one[0], *y, "side by side equals one by one");
            }
        }
    }

    #[test]
    fn what_alone_may_comes_back() {
        let cycles = cycles();
        for (last, only) in [(9_u128, 4), (200_000, 5)] {
            let mut one = [only];
            assert!(cycles.apply(bits(last), &mut one, |_, n| n == only));
            assert_eq!(one[0], only);
        }
        assert!(!cycles.apply(bits(0), &mut [0], |_, _| true));
    }
}
