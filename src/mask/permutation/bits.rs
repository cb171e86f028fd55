//! FF1 (NIST SP 800-38G) in radix 2 over strings of 130 to 256 bits, an even number: what two halves of 65 to 128 bits
//! hold. The same as `ff1` for halves that no 64 bits hold; what is longer still is for `wide`.
//!
//! All but the last block of a round's CBC-MAC is fixed by length, tweak and round, so it is computed once; a round is
//! one call of AES, two where d is above 16 bytes. Several values go through the rounds side by side. Refuses other
//! lengths. That nothing maps to itself is left to chance: one in 2^130 or less.

use std::sync::OnceLock;

use aes::cipher::{
    Array, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, KeyInit,
    consts::U16,
};
use aes::{Aes256, Block};
use zeroize::Zeroizing;

use super::ff1::ABREAST;

/// Rounds. Source: SP 800-38G, algorithm 7.
const ROUNDS: usize = 10;

/// Bits of a half.
const LEAST_HALF: u16 = 65;
const MOST_HALF: u16 = 128;

/// A permutation of the strings of 2 m bits, seen as two halves.
pub(crate) struct Bits<C = Aes256> {
    cipher: C,
    /// Of each round the CBC state before the last block, XOR the constant bytes of that block.
    base: [u128; ROUNDS],
    /// 2^m - 1.
    mask: u128,
    /// Whether S is 20 bytes, so that a second block is made for its end; else it is the 16 of R.
    long: bool,
}

impl<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>> Bits<C> {
    /// Prepares FF1 over strings of `bits` bits; `None` for other lengths than those above.
    pub(crate) fn new(cipher: C, bits: u16, tweak: &[u8]) -> Option<Self> {
        let half = bits / 2;
        if !(LEAST_HALF..=MOST_HALF).contains(&half) || !bits.is_multiple_of(2) {
            return None;
        }
        let tweak_len = u32::try_from(tweak.len()).ok()?;
        let mut first = [0; 16];
        let [_, low] = half.to_be_bytes();
        let parts: [&[u8]; 4] =
            [&[1, 2, 1, 0, 0, 2, 10, low], &u32::from(bits).to_be_bytes(), &tweak_len.to_be_bytes(), &[]];
        first.iter_mut().zip(parts.concat()).for_each(|(to, from)| *to = from);

        // Q: the tweak, zeros, the round in a byte, the half in b bytes, in whole blocks. The half ends the last one.
        let b = usize::from(half.div_ceil(8));
        let mut fixed = tweak.to_vec();
        fixed.resize((tweak.len() + 1 + b).next_multiple_of(16), 0);
        let at = fixed.len() - b - 1;
        let mut base = [0; ROUNDS];
        for (round, base) in (0_u8..).zip(&mut base) {
            if let Some(byte) = fixed.get_mut(at) {
                *byte = round;
            }
            let mut chain = u128::from_be_bytes(first);
            for block in fixed.as_chunks::<16>().0 {
                chain = encrypt(&cipher, chain) ^ u128::from_be_bytes(*block);
            }
            *base = chain;
        }
        // d = 4 ceil(b / 4) + 4.
        let long = b > 12;
        Some(Self { cipher, base, mask: u128::MAX >> (128 - u32::from(half)), long })
    }

    /// Permutes pairs of halves in place, side by side; `back` goes the other way.
    pub(crate) fn permute(&self, values: &mut [[u128; 2]], back: bool) {
        self.cipher.encrypt_with_backend(Rounds { bits: self, values, back });
    }
}

/// The permutations of all lengths under one key and name, each made when the first value needs it.
pub(crate) struct Lengths {
    key: Zeroizing<[u8; 32]>,
    name: u8,
    by_half: Vec<OnceLock<Option<Box<Bits>>>>,
}

impl Lengths {
    /// Prepares them; nothing is computed yet.
    pub(crate) fn new(key: &[u8; 32], name: u8) -> Self {
        let by_half = (0..=MOST_HALF - LEAST_HALF).map(|_| OnceLock::new()).collect();
        Self { key: Zeroizing::new(*key), name, by_half }
    }

    /// Permutes the halves of strings of `bits` bits in place; `false` if there are none of that length.
    pub(crate) fn permute(&self, bits: u16, values: &mut [[u128; 2]], back: bool) -> bool {
        let place = (bits / 2).checked_sub(LEAST_HALF).map(usize::from).filter(|_| bits.is_multiple_of(2));
        let Some(cell) = place.and_then(|place| self.by_half.get(place)) else { return false };
        let made = || Bits::new(Aes256::new((&*self.key).into()), bits, &[self.name]).map(Box::new);
        let Some(ff1) = cell.get_or_init(made).as_ref() else { return false };
        ff1.permute(values, back);
        true
    }
}

/// All rounds of a batch, run inside the cipher's backend (see `ff1`).
struct Rounds<'a, C> {
    bits: &'a Bits<C>,
    values: &'a mut [[u128; 2]],
    back: bool,
}

impl<C> BlockSizeUser for Rounds<'_, C> {
    type BlockSize = U16;
}

impl<C> BlockCipherEncClosure for Rounds<'_, C> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Self { bits, values, back } = self;
        // One alone needs no room for many.
        if values.len() == 1 {
            return bits.rounds::<1, B>(backend, values, back);
        }
        values.chunks_mut(ABREAST).for_each(|values| bits.rounds::<ABREAST, B>(backend, values, back));
    }
}

impl<C> Bits<C> {
    /// Runs up to `N` values through the rounds, side by side.
    #[inline(always)]
    fn rounds<const N: usize, B: BlockCipherEncBackend<BlockSize = U16>>(
        &self,
        backend: &B,
        values: &mut [[u128; 2]],
        back: bool,
    ) {
        let mut room = [Block::default(); N];
        let Some(blocks) = room.get_mut(..values.len()) else { return };
        for step in 0..ROUNDS {
            let round = if back { ROUNDS - 1 - step } else { step };
            let base = self.base.get(round).copied().unwrap_or_default();
            for (block, [a, b]) in blocks.iter_mut().zip(values.iter()) {
                *block = Array((base ^ if back { *a } else { *b }).to_be_bytes());
            }
            encrypt_all(backend, blocks);
            // The last m bits of S; where it goes on behind R, with the first four bytes of the next block.
            let mut ends = [0; N];
            for (end, block) in ends.iter_mut().zip(blocks.iter()) {
                *end = u128::from_be_bytes(block.0);
            }
            if self.long {
                for block in blocks.iter_mut() {
                    block.0[15] ^= 1;
                }
                encrypt_all(backend, blocks);
                for (end, block) in ends.iter_mut().zip(blocks.iter()) {
                    *end = (*end << 32) | (u128::from_be_bytes(block.0) >> 96);
                }
            }
            for (end, pair) in ends.iter().zip(values.iter_mut()) {
                let [a, b] = *pair;
                let mask = self.mask;
                *pair =
                    if back { [b.wrapping_sub(*end) & mask, a] } else { [b, a.wrapping_add(*end) & mask] };
            }
        }
    }
}

#[inline(always)]
fn encrypt_all<B: BlockCipherEncBackend<BlockSize = U16>>(backend: &B, blocks: &mut [Block]) {
    let (wide, rest) = Array::<Block, B::ParBlocksSize>::slice_as_chunks_mut(blocks);
    wide.iter_mut().for_each(|blocks| backend.encrypt_par_blocks(blocks.into()));
    rest.iter_mut().for_each(|block| backend.encrypt_block(block.into()));
}

fn encrypt<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>>(cipher: &C, block: u128) -> u128 {
    let mut block = Block::from(block.to_be_bytes());
    cipher.encrypt_block(&mut block);
    u128::from_be_bytes(block.into())
}

#[cfg(test)]
mod tests {
    use fpe::ff1::{BinaryNumeralString, FF1};
    use proptest::prelude::*;

    use super::*;

    /// Bits of a string, the most significant first, as bytes that begin with zeros where it is not whole ones.
    fn halves(bytes: &[u8]) -> [u128; 2] {
        let half = bytes.len() / 2;
        let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, b| sum << 8 | u128::from(*b));
        [number(&bytes[..half]), number(&bytes[half..])]
    }

    /// Made once by other code, which knows one string of digits and no halves: Python's `cryptography`.
    const VECTORS: &[(usize, &str)] = &[
        (33, "a43d402a5141c60bc6d5e3d0ebf1528e1"),
        (40, "b84bdd44c62a3c420153e41f4a559cb8cf9c9b4b"),
        (48, "d52b3f479524c073c92f8f33d8c64669af3a39a6d5cd3132"),
        (63, "745a2177dcc5d0fcb6128848f428a4285021a8741c08d70bf6474d60cf29f24"),
        (64, "746ebe380fd5431bd3790819398bd269fb35d122885fa97f840b23bf9714d221"),
    ];

    #[test]
    fn equals_another_implementation() {
        let key: Vec<u8> = (0..32).collect();
        for (digits, expected) in VECTORS {
            let bits = u16::try_from(4 * digits).unwrap();
            // An odd number of digits has half a digit in each half.
            let all: Vec<bool> = (0..*digits)
                .flat_map(|n| (0..4).rev().map(move |bit| (n * 7 % 16) >> bit & 1 == 1))
                .collect();
            let fold = |bits: &[bool]| bits.iter().fold(0_u128, |sum, bit| sum << 1 | u128::from(*bit));
            let (upper, lower) = all.split_at(all.len() / 2);
            let mut values = [[fold(upper), fold(lower)]];
            let ff1 = Bits::new(Aes256::new(key.as_slice().try_into().unwrap()), bits, &[10]).unwrap();
            ff1.permute(&mut values, false);
            let [[upper, lower]] = values;
            let half = usize::from(bits / 2);
            let text = format!("{upper:0half$b}{lower:0half$b}");
            let fours = text.as_bytes().chunks(4).map(|four| std::str::from_utf8(four).unwrap());
            let text: String =
                fours.map(|four| format!("{:x}", u8::from_str_radix(four, 2).unwrap())).collect();
            assert_eq!(text, *expected, "{digits} digits");
        }
    }

    proptest! {
        #[test]
        fn equals_the_fpe_crate(key: [u8; 32], bytes in 17_usize..=32, seed: [u8; 32], tweak: [u8; 3]) {
            // The crate reads each byte's lowest bit first, and the first bit is the most significant digit.
            let bytes = bytes & !1;
            prop_assume!(bytes > 16);
            let plain = &seed[..bytes];
            let text: Vec<u8> = plain.iter().map(|b| b.reverse_bits()).collect();
            let oracle = FF1::<Aes256>::new(&key, 2).unwrap();
            let y = oracle.encrypt(&tweak, &BinaryNumeralString::from_bytes_le(&text)).unwrap().to_bytes_le();
            let expected: Vec<u8> = y.iter().map(|b| b.reverse_bits()).collect();
            let bits = u16::try_from(8 * bytes).unwrap();
            let ff1 = Bits::new(Aes256::new(&key.into()), bits, &tweak).unwrap();
            let mut values = [halves(plain)];
            ff1.permute(&mut values, false);
            prop_assert_eq!(values, [halves(&expected)]);
            ff1.permute(&mut values, true);
            prop_assert_eq!(values, [halves(plain)]);
        }

        #[test]
        fn side_by_side_equals_one_by_one(
            key: [u8; 32], half in 65_u16..=128, mut values in proptest::collection::vec(any::<[u128; 2]>(), 0..70)
        ) {
            let ff1 = Bits::new(Aes256::new(&key.into()), 2 * half, &[1]).unwrap();
            let mask = u128::MAX >> (128 - u32::from(half));
            values.iter_mut().flatten().for_each(|number| *number &= mask);
            let mut together = values.clone();
            ff1.permute(&mut together, false);
            for (value, expected) in values.iter().zip(&together) {
                let mut alone = [*value];
                ff1.permute(&mut alone, false);
                prop_assert_eq!(alone[0], *expected);
                prop_assert!(expected.iter().all(|half| *half <= mask));
                ff1.permute(&mut alone, true);
                prop_assert_eq!(alone[0], *value);
            }
        }
    }

    #[test]
    fn refuses_other_lengths() {
        for (bits, fits) in [(128, false), (130, true), (131, false), (132, true), (256, true), (258, false)]
        {
            assert_eq!(Bits::new(Aes256::new(&[0; 32].into()), bits, &[]).is_some(), fits, "{bits}");
        }
    }
}
