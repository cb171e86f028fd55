//! National Insurance number of the United Kingdom: two letters, six digits, a suffix A to D that may be missing. No
//! check digit.
//!
//! Source: HMRC, National Insurance Manual NIM39110: no D, F, I, Q, U, V in the first two letters, no O in the second;
//! not BG, GB, KN, NK, NT, TN, ZZ.

use super::{Compact, Ranked, Scheme, number};

/// First letters, and with O taken out second ones.
const LETTERS: &[u8; 20] = b"ABCEGHJKLMNOPRSTWXYZ";

/// Pairs that are not used.
const REFUSED: &[[u8; 2]] = &[*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"];

/// National Insurance number with suffix (group 0) and without (group 1).
#[derive(Debug)]
pub struct Nino;

fn place(letter: u8) -> Option<u64> {
    LETTERS.iter().position(|l| *l == letter).and_then(|at| u64::try_from(at).ok())
}

impl Scheme for Nino {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let (pair, rest) = compact.split_first_chunk::<2>()?;
        let (six, suffix) = rest.split_first_chunk::<6>()?;
        let (group, suffixes, suffix) = match suffix {
            [] => (1, 1, 0),
            [letter @ b'A'..=b'D'] => (0, 4, u64::from(letter - b'A')),
            _ => return None,
        };
        let [first, second] = *pair;
        if second == b'O' || REFUSED.contains(pair) {
            return None;
        }
        let letters = place(first)? * 20 + place(second)?;
        Some(Ranked { group, rank: (letters * 1_000_000 + number(six)?) * suffixes + suffix })
    }

    fn size(&self, group: u32) -> u64 {
        match group {
            0 => 1_600_000_000,
            1 => 400_000_000,
            _ => 0,
        }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let suffixes = if group == 0 { 4 } else { 1 };
        let (suffix, rest) = (rank % suffixes, rank / suffixes);
        let (six, letters) = (rest % 1_000_000, rest / 1_000_000);
        let letter = |at: u64| LETTERS.get(usize::try_from(at).ok()?).copied();
        let pair = [letter(letters / 20)?, letter(letters % 20)?];
        if pair[1] == b'O' || REFUSED.contains(&pair) {
            return None;
        }
        let mut compact = *Compact::new().extend(&pair).digits(six, 6);
        if group == 0 {
            compact.extend(&[b'A' + u8::try_from(suffix).ok()?]);
        }
        Some(compact)
    }

    fn chars(&self) -> u32 {
        9
    }
}
