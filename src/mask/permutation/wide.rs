//! Strings of digits and letters that no 128-bit rank holds: FF1's ten rounds and its halves, with HMAC-SHA-256 in the
//! place of AES's CBC-MAC, and the halves added symbol by symbol, each modulo its own radix, since neither a number nor
//! one radix is there to add in. A Feistel network is a permutation whatever its round function; ten rounds of a
//! pseudorandom one are far beyond what Luby and Rackoff, and Patarin, ask for.
//!
//! That nothing maps to itself is left to chance: one in 2^126 or less. Refuses nothing.

use crate::secret::Mac;

/// Rounds, as in SP 800-38G.
const ROUNDS: u8 = 10;

/// Permutes the symbols in place; `symbols` and their radices have one length. `back` goes the other way.
pub(crate) fn permute(mac: &Mac, name: u8, symbols: &mut [u8], radices: &[u8], back: bool) {
    let half = symbols.len() / 2;
    let len = u64::try_from(symbols.len()).unwrap_or(u64::MAX).to_be_bytes();
    for step in 0..ROUNDS {
        let round = if back { ROUNDS - 1 - step } else { step };
        let (first, second) = symbols.split_at_mut(half);
        let (first_radices, second_radices) = radices.split_at_checked(half).unwrap_or_default();
        let (to, moduli, from) =
            if round % 2 == 0 { (first, first_radices, second) } else { (second, second_radices, first) };
        // The other half decides; its digest, so that a long one is hashed once a round.
        let seed = mac.tag(&[b"wide", &[name, round], &len, from]);
        let stream = Mac::from_key(&seed);
        let mut words = [0_u32; 8];
        for (at, (symbol, radix)) in to.iter_mut().zip(moduli).enumerate() {
            if at % 8 == 0 {
                let block = stream.tag(&[&u64::try_from(at / 8).unwrap_or(u64::MAX).to_be_bytes()]);
                words
                    .iter_mut()
                    .zip(block.as_chunks::<4>().0)
                    .for_each(|(to, w)| *to = u32::from_be_bytes(*w));
            }
            let (radix, word) = (u64::from(*radix), words.get(at % 8).copied().unwrap_or(0));
            let key = (u64::from(word) * radix) >> 32;
            let sum = u64::from(*symbol) + if back { radix - key } else { key };
            *symbol = u8::try_from(sum % radix.max(1)).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_inverse_restores_and_one_symbol_changes_all(
            pairs in proptest::collection::vec((any::<u8>(), prop_oneof![Just(2_u8), Just(10), Just(26), Just(36)]), 30..200)
        ) {
            let mac = Mac::from_key(b"k");
            let radices: Vec<u8> = pairs.iter().map(|(_, r)| *r).collect();
            let plain: Vec<u8> = pairs.iter().map(|(s, r)| s % r).collect();
            let mut image = plain.clone();
            permute(&mac, 1, &mut image, &radices, false);
            prop_assert!(image.iter().zip(&radices).all(|(s, r)| s < r));
            prop_assert_ne!(&image, &plain);
            let mut other = plain.clone();
            other[0] = (other[0] + 1) % radices[0];
            permute(&mac, 1, &mut other, &radices, false);
            let half = image.len() / 2;
            prop_assert_ne!(&image[..half], &other[..half]);
            prop_assert_ne!(&image[half..], &other[half..]);
            permute(&mac, 1, &mut image, &radices, true);
            prop_assert_eq!(image, plain);
        }
    }
}
