//! FF1 (NIST SP 800-38G) for domains whose halves fit 64 bits: a keyed permutation of the strings of n digits.
//!
//! All but the last block of FF1's CBC-MAC is fixed by radix, length and tweak, so it is computed once; a round is
//! one call of AES. Several values go through the rounds side by side, which is what makes it fast. Refuses domains
//! below 10^6 (SP 800-38G rev. 1) and those too large for its arithmetic.

use aes::cipher::{
    Array, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, consts::U16,
};
use aes::{Aes256, Block};

/// How many values go through the rounds side by side: what the widest backend of `aes` takes at once.
pub(crate) const ABREAST: usize = 64;

/// Least number of strings. Source: SP 800-38G rev. 1, requirement radix^minlen >= 1,000,000.
const LEAST_DOMAIN: u128 = 1_000_000;

/// A permutation of the numbers below radix^n, seen as two halves (the upper digits, the lower digits).
pub(crate) struct Ff1<C = Aes256> {
    cipher: C,
    /// CBC state before the last block, XOR the constant bytes of that block.
    base: u128,
    /// Bits of B in the last block: 8 b.
    number_bits: u32,
    /// How far R is shifted to leave S: 128 - 8 d.
    drop_bits: u32,
    upper: Modulus,
    lower: Modulus,
}

/// radix^m, at most 2^64, and how to reduce by it.
#[derive(Clone, Copy)]
struct Modulus {
    /// radix^m - 1.
    last: u64,
    mask: Option<u64>,
}

impl Modulus {
    fn new(radix: u32, digits: u32) -> Option<Self> {
        let value = u128::from(radix).checked_pow(digits)?;
        let last = u64::try_from(value - 1).ok()?;
        // Other radices stay below 2^63, so that two reduced numbers have a sum.
        let mask = value.is_power_of_two().then_some(last);
        (mask.is_some() || last < 1 << 63).then_some(Self { last, mask })
    }

    #[inline]
    fn reduce(self, number: u128) -> u64 {
        let reduced = match (self.mask, u64::try_from(number)) {
            (Some(mask), _) => number & u128::from(mask),
            (None, Ok(small)) => u128::from(small % (self.last + 1)),
            (None, Err(_)) => number % u128::from(self.last + 1),
        };
        u64::try_from(reduced).unwrap_or_default()
    }

    /// Adds two reduced numbers.
    #[inline]
    fn add(self, a: u64, b: u64) -> u64 {
        let sum = a.wrapping_add(b);
        match self.mask {
            Some(mask) => sum & mask,
            None if sum > self.last => sum - self.last - 1,
            None => sum,
        }
    }

    /// Subtracts a reduced number from another.
    #[inline]
    fn subtract(self, a: u64, b: u64) -> u64 {
        match self.mask {
            Some(mask) => a.wrapping_sub(b) & mask,
            None if a >= b => a - b,
            None => a + (self.last - b) + 1,
        }
    }
}

impl<C> Ff1<C> {
    /// Writes the blocks of one round: the constant part, XOR the half that is not changed (below 2^64, so that it
    /// stands in the lower word).
    #[inline(always)]
    fn fill(&self, round: u8, back: bool, values: &[[u64; 2]], blocks: &mut [Block]) {
        let base = (self.base ^ (u128::from(round) << self.number_bits)).to_be_bytes();
        let [high, low] = base.as_chunks::<8>().0 else { return };
        let low = u64::from_be_bytes(*low);
        for (Array(block), [a, b]) in blocks.iter_mut().zip(values) {
            let number = if back { *a } else { *b };
            if let [first, second] = block.as_chunks_mut::<8>().0 {
                (*first, *second) = (*high, (low ^ number).to_be_bytes());
            }
        }
    }
}

impl<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>> Ff1<C> {
    /// Prepares FF1 over strings of `digits` digits (at most 255); `None` for a domain it refuses.
    pub(crate) fn new(cipher: C, radix: u16, digits: u8, tweak: &[u8]) -> Option<Self> {
        let (n, u) = (u32::from(digits), u32::from(digits / 2));
        let v = n - u;
        let (upper, lower) = (Modulus::new(radix.into(), u)?, Modulus::new(radix.into(), v)?);
        if u128::from(radix).checked_pow(n).is_some_and(|size| size < LEAST_DOMAIN) {
            return None;
        }
        // b = ceil(ceil(v log2 radix) / 8), d = 4 ceil(b / 4) + 4.
        let b = (u64::BITS - lower.last.leading_zeros()).div_ceil(8);
        let d = 4 * b.div_ceil(4) + 4;
        let tweak_len = u32::try_from(tweak.len()).ok()?;

        let mut first = [0; 16];
        let parts: [&[u8]; 6] = [
            &[1, 2, 1, 0],
            &radix.to_be_bytes(),
            &[10],
            &[digits / 2],
            &n.to_be_bytes(),
            &tweak_len.to_be_bytes(),
        ];
        first.iter_mut().zip(parts.concat()).for_each(|(to, from)| *to = from);
        let mut chain = u128::from_be_bytes(first);

        // Q up to the round's byte, in whole blocks; b + 1 <= 9, so round and number stand in the last one.
        let tail = usize::try_from(b + 1).ok()?;
        let mut fixed = tweak.to_vec();
        fixed.resize((tweak.len() + tail).next_multiple_of(16), 0);
        for block in fixed.as_chunks::<16>().0 {
            chain = encrypt(&cipher, chain) ^ u128::from_be_bytes(*block);
        }
        Some(Self { cipher, base: chain, number_bits: 8 * b, drop_bits: 128 - 8 * d, upper, lower })
    }

    /// Permutes pairs of halves in place; `back` goes the other way.
    fn rounds(&self, values: &mut [[u64; 2]], back: bool) {
        self.cipher.encrypt_with_backend(Rounds { ff1: self, values, back });
    }

    /// Permutes numbers below radix^n in place, side by side; larger ones are reduced first.
    pub(crate) fn permute(&self, numbers: &mut [u128], back: bool) {
        let lower = u128::from(self.lower.last) + 1;
        for numbers in numbers.chunks_mut(ABREAST) {
            let mut halves = [[0; 2]; ABREAST];
            for (half, number) in halves.iter_mut().zip(numbers.iter()) {
                let (a, b) = match self.lower.mask {
                    Some(mask) => (*number >> mask.count_ones(), *number & u128::from(mask)),
                    None => (*number / lower, *number % lower),
                };
                *half = [self.upper.reduce(a), self.lower.reduce(b)];
            }
            if let Some(halves) = halves.get_mut(..numbers.len()) {
                self.rounds(halves, back);
            }
            for ([a, b], number) in halves.iter().zip(numbers) {
                *number = u128::from(*a) * lower + u128::from(*b);
            }
        }
    }
}

/// All rounds of a batch, run inside the cipher's backend: the wide ones spread their round keys over registers at
/// every call, which costs more than a round.
struct Rounds<'a, C> {
    ff1: &'a Ff1<C>,
    values: &'a mut [[u64; 2]],
    back: bool,
}

impl<C> BlockSizeUser for Rounds<'_, C> {
    type BlockSize = U16;
}

impl<C> BlockCipherEncClosure for Rounds<'_, C> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Self { ff1, values, back } = self;
        // Binary halves: reducing S is a mask on its last word, which ends where S does.
        let masks = ff1.upper.mask.zip(ff1.lower.mask);
        let mix = match (ff1.drop_bits, back) {
            (64, false) => mix::<0, false>,
            (64, true) => mix::<0, true>,
            (_, false) => mix::<4, false>,
            (_, true) => mix::<4, true>,
        };
        for values in values.chunks_mut(ABREAST) {
            let mut room = [Block::default(); ABREAST];
            let Some(blocks) = room.get_mut(..values.len()) else { return };
            for step in 0..10_u8 {
                let round = if back { 9 - step } else { step };
                ff1.fill(round, back, values, blocks);
                let (wide, rest) = Array::<Block, B::ParBlocksSize>::slice_as_chunks_mut(blocks);
                wide.iter_mut().for_each(|blocks| backend.encrypt_par_blocks(blocks.into()));
                rest.iter_mut().for_each(|block| backend.encrypt_block(block.into()));
                if let Some((upper, lower)) = masks {
                    mix(blocks, values, if round % 2 == 0 { upper } else { lower });
                    continue;
                }
                let modulus = if round % 2 == 0 { ff1.upper } else { ff1.lower };
                for (block, [a, b]) in blocks.iter().zip(values.iter_mut()) {
                    let y = modulus.reduce(u128::from_be_bytes((*block).into()) >> ff1.drop_bits);
                    if back {
                        (*a, *b) = (modulus.subtract(*b, y), *a);
                    } else {
                        (*a, *b) = (*b, modulus.add(*a, y));
                    }
                }
            }
        }
    }
}

/// Ends a round of binary halves; the last word of S begins at byte `AT` of the block (d is 8 or 12).
#[inline(always)]
fn mix<const AT: usize, const BACK: bool>(blocks: &[Block], values: &mut [[u64; 2]], mask: u64) {
    for (Array(block), pair) in blocks.iter().zip(values) {
        let y = block.get(AT..).and_then(|rest| rest.first_chunk()).copied().map_or(0, u64::from_be_bytes);
        let [a, b] = *pair;
        *pair = if BACK { [b.wrapping_sub(y) & mask, a] } else { [b, a.wrapping_add(y) & mask] };
    }
}

fn encrypt<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>>(cipher: &C, block: u128) -> u128 {
    let mut block = Block::from(block.to_be_bytes());
    cipher.encrypt_block(&mut block);
    u128::from_be_bytes(block.into())
}

#[cfg(test)]
mod tests {
    use aes::cipher::KeyInit;
    use aes::{Aes128, Aes192};
    use fpe::ff1::{BinaryNumeralString, FF1, FlexibleNumeralString};
    use proptest::prelude::*;

    use super::*;

    fn number(digits: &str, radix: u32) -> u128 {
        digits.chars().fold(0, |sum, c| sum * u128::from(radix) + u128::from(c.to_digit(radix).unwrap()))
    }

    fn holds<C>(key: &str, radix: u16, tweak: &str, plain: &str, cipher: &str)
    where
        C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
    {
        let hex = |s: &str| data_encoding::HEXLOWER.decode(s.as_bytes()).unwrap();
        let digits = u8::try_from(plain.len()).unwrap();
        let ff1 = Ff1::new(C::new_from_slice(&hex(key)).unwrap(), radix, digits, &hex(tweak)).unwrap();
        let mut numbers = [number(plain, radix.into())];
        ff1.permute(&mut numbers, false);
        assert_eq!(numbers, [number(cipher, radix.into())]);
        ff1.permute(&mut numbers, true);
        assert_eq!(numbers, [number(plain, radix.into())]);
    }

    /// Source: NIST, "Examples with Intermediate Values", FF1samples.pdf, samples 1 to 9.
    #[test]
    fn samples_of_nist() {
        let (k128, k192, k256) = (
            "2b7e151628aed2a6abf7158809cf4f3c",
            "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f",
            "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94",
        );
        let (d, t) = ("0123456789", "39383736353433323130");
        let (a, at) = ("0123456789abcdefghi", "3737373770717273373737");
        holds::<Aes128>(k128, 10, "", d, "2433477484");
        holds::<Aes128>(k128, 10, t, d, "6124200773");
        holds::<Aes128>(k128, 36, at, a, "a9tv40mll9kdu509eum");
        holds::<Aes192>(k192, 10, "", d, "2830668132");
        holds::<Aes192>(k192, 10, t, d, "2496655549");
        holds::<Aes192>(k192, 36, at, a, "xbj3kv35jrawxv32ysr");
        holds::<Aes256>(k256, 10, "", d, "6657667009");
        holds::<Aes256>(k256, 10, t, d, "1001623463");
        holds::<Aes256>(k256, 36, at, a, "xs8a0azh2avyalyzuwd");
    }

    proptest! {
        #[test]
        fn equals_the_fpe_crate_in_radix_10(key: [u8; 32], digits in 6_u8..=36, seed: u128,
                                            tweak in proptest::collection::vec(any::<u8>(), 0..40)) {
            let x = seed % 10_u128.pow(digits.into());
            let text: Vec<u16> = format!("{x:0width$}", width = usize::from(digits))
                .bytes().map(|b| u16::from(b - b'0')).collect();
            let oracle = FF1::<Aes256>::new(&key, 10).unwrap();
            let y: Vec<u16> = oracle.encrypt(&tweak, &FlexibleNumeralString::from(text)).unwrap().into();
            let expected = y.iter().fold(0_u128, |sum, d| sum * 10 + u128::from(*d));
            let ff1 = Ff1::new(Aes256::new(&key.into()), 10, digits, &tweak).unwrap();
            let mut numbers = [x];
            ff1.permute(&mut numbers, false);
            prop_assert_eq!(numbers[0], expected);
            ff1.permute(&mut numbers, true);
            prop_assert_eq!(numbers[0], x);
        }

        #[test]
        fn equals_the_fpe_crate_in_radix_2(key: [u8; 32], bytes in 3_u8..=16, seed: u128, tweak: [u8; 3]) {
            // The crate reads each byte's lowest bit first, and the first bit is the most significant digit.
            let digits = 8 * bytes;
            let x = seed >> (128 - u32::from(digits));
            let len = usize::from(bytes);
            let text: Vec<u8> = x.to_be_bytes()[16 - len..].iter().map(|b| b.reverse_bits()).collect();
            let oracle = FF1::<Aes256>::new(&key, 2).unwrap();
            let y = oracle.encrypt(&tweak, &BinaryNumeralString::from_bytes_le(&text)).unwrap().to_bytes_le();
            let expected = y.iter().fold(0_u128, |sum, b| (sum << 8) | u128::from(b.reverse_bits()));
            let ff1 = Ff1::new(Aes256::new(&key.into()), 2, digits, &tweak).unwrap();
            let mut numbers = [x];
            ff1.permute(&mut numbers, false);
            prop_assert_eq!(numbers[0], expected);
            ff1.permute(&mut numbers, true);
            prop_assert_eq!(numbers[0], x);
        }

        #[test]
        fn side_by_side_equals_one_by_one(key: [u8; 32], numbers in proptest::collection::vec(0_u128..1 << 30, 0..30)) {
            let ff1 = Ff1::new(Aes256::new(&key.into()), 2, 30, &[1]).unwrap();
            let mut together = numbers.clone();
            ff1.permute(&mut together, false);
            for (number, expected) in numbers.iter().zip(&together) {
                let mut alone = [*number];
                ff1.permute(&mut alone, false);
                prop_assert_eq!(alone[0], *expected);
                prop_assert!(*expected < 1 << 30);
            }
        }
    }

    #[test]
    fn refuses_small_and_huge_domains() {
        let cipher = || Aes256::new(&[0; 32].into());
        assert!(Ff1::new(cipher(), 10, 5, &[]).is_none());
        assert!(Ff1::new(cipher(), 2, 19, &[]).is_none());
        assert!(Ff1::new(cipher(), 2, 129, &[]).is_none());
        assert!(Ff1::new(cipher(), 10, 40, &[]).is_none());
    }
}
