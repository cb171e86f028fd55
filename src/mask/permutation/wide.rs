//! Strings of digits and letters that no 128-bit rank holds: FF1 as it is (ten rounds, AES-256's CBC-MAC of the other half,
//! stretched by encrypting what it gives XOR a counter), but for one thing: the halves are added symbol by symbol, each
//! modulo its own radix, 32 bits of the stream for each, since neither a number nor one radix is there to add in. A Feistel
//! network is a permutation whatever its round function; ten rounds of a pseudorandom one are far beyond what Luby and
//! Rackoff, and Patarin, ask for.
//!
//! That nothing maps to itself is left to chance: one in 2^126 or less. Refuses nothing.

use aes::cipher::{
    Array, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, KeyInit,
    consts::U16,
};
use aes::{Aes256, Block};

/// Rounds, as in SP 800-38G.
const ROUNDS: u8 = 10;
/// First byte of what is authenticated; FF1's is 1, so that no half of one is a half of the other under the same key.
const WIDE: u8 = 2;
/// Blocks of the stream that are made side by side, and the symbols that they move: 32 bits for each.
const ABREAST: usize = 8;
const PER_BLOCK: usize = 4;

/// The permutations under one key and name.
pub(crate) struct Wide {
    cipher: Aes256,
    name: u8,
}

impl Wide {
    /// Prepares them.
    pub(crate) fn new(key: &[u8; 32], name: u8) -> Self {
        Self { cipher: Aes256::new(key.into()), name }
    }

    /// Permutes the symbols in place; `symbols` and their radices have one length, each symbol is below its radix. `back`
    /// goes the other way.
    pub(crate) fn permute(&self, symbols: &mut [u8], radices: &[u8], back: bool) {
        self.cipher.encrypt_with_backend(Rounds { name: self.name, symbols, radices, back });
    }
}

/// All rounds of a value, run inside the cipher's backend (see `ff1`).
struct Rounds<'a> {
    name: u8,
    symbols: &'a mut [u8],
    radices: &'a [u8],
    back: bool,
}

impl BlockSizeUser for Rounds<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Rounds<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Self { name, symbols, radices, back } = self;
        let half = symbols.len() / 2;
        let len = u64::try_from(symbols.len()).unwrap_or(u64::MAX);
        let [a, b, c, d, e, f, g, h] = len.to_be_bytes();
        // The length first, so that no message begins another.
        let head = encrypt(backend, [WIDE, name, 0, 0, 0, 0, 0, 0, a, b, c, d, e, f, g, h]);
        for step in 0..ROUNDS {
            let round = if back { ROUNDS - 1 - step } else { step };
            let (first, second) = symbols.split_at_mut(half);
            let (first_radices, second_radices) = radices.split_at_checked(half).unwrap_or_default();
            let (to, moduli, from) = if round % 2 == 0 {
                (first, first_radices, &*second)
            } else {
                (second, second_radices, &*first)
            };
            let seed = authenticated(backend, head, round, from);
            add_stream(backend, seed, to, moduli, back);
        }
    }
}

#[inline(always)]
fn encrypt<B: BlockCipherEncBackend<BlockSize = U16>>(backend: &B, block: [u8; 16]) -> [u8; 16] {
    let mut block = Array(block);
    backend.encrypt_block((&mut block).into());
    block.0
}

/// Returns CBC-MAC's state behind the head, the round in a byte and the symbols, filled up with zeros.
#[inline(always)]
fn authenticated<B>(backend: &B, head: [u8; 16], round: u8, symbols: &[u8]) -> [u8; 16]
where
    B: BlockCipherEncBackend<BlockSize = U16>,
{
    let mut chain = head;
    let (first, rest) = symbols.split_at(symbols.len().min(15));
    let begin = std::iter::once(&round).chain(first);
    chain.iter_mut().zip(begin).for_each(|(to, symbol)| *to ^= symbol);
    chain = encrypt(backend, chain);
    for symbols in rest.chunks(16) {
        chain.iter_mut().zip(symbols).for_each(|(to, symbol)| *to ^= symbol);
        chain = encrypt(backend, chain);
    }
    chain
}

/// Adds the stream that a seed gives to the symbols, or takes it off them.
#[inline(always)]
fn add_stream<B>(backend: &B, seed: [u8; 16], symbols: &mut [u8], radices: &[u8], back: bool)
where
    B: BlockCipherEncBackend<BlockSize = U16>,
{
    let seed = u128::from_be_bytes(seed);
    let pairs = symbols.chunks_mut(ABREAST * PER_BLOCK).zip(radices.chunks(ABREAST * PER_BLOCK));
    for (base, (symbols, radices)) in (0..).step_by(ABREAST).zip(pairs) {
        let mut room = [Block::default(); ABREAST];
        let wanted = symbols.len().div_ceil(PER_BLOCK);
        let Some(blocks) = room.get_mut(..wanted) else { return };
        for (counter, block) in (base + 1_u128..).zip(blocks.iter_mut()) {
            *block = Array((seed ^ counter).to_be_bytes());
        }
        let (wide, rest) = Array::<Block, B::ParBlocksSize>::slice_as_chunks_mut(blocks);
        wide.iter_mut().for_each(|blocks| backend.encrypt_par_blocks(blocks.into()));
        rest.iter_mut().for_each(|block| backend.encrypt_block(block.into()));
        let fours = symbols.chunks_mut(PER_BLOCK).zip(radices.chunks(PER_BLOCK));
        for ((symbols, radices), Array(block)) in fours.zip(&room) {
            for ((symbol, radix), word) in symbols.iter_mut().zip(radices).zip(block.as_chunks::<4>().0) {
                let radix = u64::from(*radix);
                let key = (u64::from(u32::from_be_bytes(*word)) * radix) >> 32;
                let sum = u64::from(*symbol) + if back { radix - key } else { key };
                *symbol = u8::try_from(if sum >= radix { sum - radix } else { sum }).unwrap_or(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VECTORS: &[(u8, usize, &str)] = &[
        (16, 64, "a2e25cfa2af3cb014014b3d314dc2b0804adb90d8492b6b561d97dfa293e4026"),
        (10, 60, "224877122735369652020662298686938196526414454347287062909926"),
        (26, 33, "cp7386i86d0p5jbh3aiadpe72n2ljm0m9"),
        (
            36,
            101,
            "ptpxmonlb1lfrbbilb2bd6v8sfxl1kymdf0xwkl8sm7o042be44o2pz6lfzzp6lqn3vqttvd0fnomh7bw9mutgoy6isi0ki3jb2dk",
        ),
    ];

    /// Made once by other code: Python's `cryptography`, AES-256 in ECB, by the words above.
    #[test]
    fn equals_another_implementation() {
        for (radix, len, expected) in VECTORS {
            let radices = vec![*radix; *len];
            let mut symbols: Vec<u8> =
                (0..*len).map(|n| u8::try_from(n * 7 % usize::from(*radix)).unwrap()).collect();
            let key: Vec<u8> = (0..32).collect();
            Wide::new(key.first_chunk().unwrap(), 9).permute(&mut symbols, &radices, false);
            let text: String =
                symbols.iter().map(|symbol| char::from_digit(u32::from(*symbol), 36).unwrap()).collect();
            assert_eq!(text, *expected);
        }
    }

    proptest! {
        #[test]
        fn the_inverse_restores_and_one_symbol_changes_all(
            pairs in proptest::collection::vec((any::<u8>(), prop_oneof![Just(2_u8), Just(10), Just(26), Just(36)]), 30..200)
        ) {
            let wide = Wide::new(&[7; 32], 1);
            let radices: Vec<u8> = pairs.iter().map(|(_, r)| *r).collect();
            let plain: Vec<u8> = pairs.iter().map(|(s, r)| s % r).collect();
            let mut image = plain.clone();
            wide.permute(&mut image, &radices, false);
            prop_assert!(image.iter().zip(&radices).all(|(s, r)| s < r));
            prop_assert_ne!(&image, &plain);
            let mut other = plain.clone();
            other[0] = (other[0] + 1) % radices[0];
            wide.permute(&mut other, &radices, false);
            let half = image.len() / 2;
            prop_assert_ne!(&image[..half], &other[..half]);
            prop_assert_ne!(&image[half..], &other[half..]);
            wide.permute(&mut image, &radices, true);
            prop_assert_eq!(image, plain);
        }
    }
}
