//! Permutations of small domains (up to 2^16), written out as a table by a keyed Fisher-Yates shuffle. FF1 is not
//! made for them. Refuses larger domains.

use crate::secret::{Mac, lanes};

/// Most entries.
const MOST: u32 = 1 << 16;

/// A permutation of the numbers below its length.
pub(crate) struct Table(Vec<u16>);

impl Table {
    /// Shuffles 0..n. Step i, from n - 1 down to 1, swaps i with j = (lane * (i + 1)) >> 64; the lanes are those of
    /// HMAC(mac, "table" name k) for k = 0, 1, .. (32-bit big-endian), each lane used once.
    pub(crate) fn new(mac: &Mac, name: u8, n: u32) -> Option<Self> {
        Self::shuffled(mac, &[b"table", &[name]], n, 1)
    }

    /// Shuffles 0..n into one cycle through all of it (Sattolo): j = (lane * i) >> 64, so that nothing stays where it
    /// is. The lanes are those of HMAC(mac, "cycle" name bits k).
    pub(crate) fn cycle(mac: &Mac, name: u8, bits: u8) -> Option<Self> {
        Self::shuffled(mac, &[b"cycle", &[name, bits]], 1_u32.checked_shl(bits.into())?, 0)
    }

    fn shuffled(mac: &Mac, parts: &[&[u8]; 2], n: u32, itself: usize) -> Option<Self> {
        if n > MOST {
            return None;
        }
        let mut table = (0..n).map(u16::try_from).collect::<Result<Vec<_>, _>>().ok()?;
        let [word, name] = parts;
        let mut stream = (0_u32..).flat_map(|k| lanes(&mac.tag(&[word, name, &k.to_be_bytes()])));
        for i in (1..usize::try_from(n).ok()?).rev() {
            let bound = u128::try_from(i + itself).ok()?;
            let j = usize::try_from((u128::from(stream.next()?) * bound) >> 64).ok()?;
            table.swap(i, j);
        }
        Some(Self(table))
    }

    /// Returns the image of a number; `None` outside the domain.
    #[inline]
    pub(crate) fn get(&self, number: u64) -> Option<u64> {
        self.0.get(usize::try_from(number).ok()?).map(|n| u64::from(*n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_permutation_that_the_key_decides() {
        let a = Table::new(&Mac::from_key(b"a"), 5, 1 << 14).unwrap();
        let mut seen = vec![false; 1 << 14];
        for x in 0..1 << 14 {
            seen[usize::try_from(a.get(x).unwrap()).unwrap()] = true;
        }
        assert!(seen.iter().all(|s| *s));
        assert_eq!(a.get(1 << 14), None);
        let (b, c) = (
            Table::new(&Mac::from_key(b"b"), 5, 1 << 14).unwrap(),
            Table::new(&Mac::from_key(b"a"), 6, 1 << 14).unwrap(),
        );
        for other in [b, c] {
            let same = (0..1 << 14).filter(|x| a.get(*x) == other.get(*x)).count();
            assert!(same < 20, "{same} of 16384 agree, about 1 is expected");
        }
        assert!(Table::new(&Mac::from_key(b"a"), 5, (1 << 16) + 1).is_none());
    }
}
