//! Burgerservicenummer (and RSIN, which shares its numbers): nine digits, 9d1 + 8d2 + .. + 2d8 - d9 a multiple of
//! eleven, not all zero. Onderwijsnummer: begins with 10, and the same sum leaves five. Refuses to pad: a zero lost in
//! front is the caller's to put back.
//!
//! Source: Logisch Ontwerp BSN, appendix "11-proef"; Besluit persoonsgebonden nummer onderwijs.

use super::{Compact, Ranked, Scheme, number, weighted};

/// Weights of the first eight digits, last first.
const WEIGHTS: &[u64] = &[2, 3, 4, 5, 6, 7, 8, 9];

/// Returns the ninth digit of a BSN that begins with these eight; `None` where there is none.
#[must_use]
pub fn ninth(eight: u64) -> Option<u64> {
    // Digit nine weighs -1, so it must equal the sum of the others.
    Some(weighted(eight, WEIGHTS) % 11).filter(|digit| *digit < 10)
}

/// Burgerservicenummer.
#[derive(Debug)]
pub struct Bsn;

impl Scheme for Bsn {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let all = number(compact).filter(|_| compact.len() == 9)?;
        (all != 0 && ninth(all / 10) == Some(all % 10)).then_some(Ranked { group: 0, rank: all / 10 })
    }

    fn size(&self, group: u32) -> u64 {
        if group == 0 { 100_000_000 } else { 0 }
    }

    fn write(&self, Ranked { rank, .. }: Ranked) -> Option<Compact> {
        let ninth = ninth(rank).filter(|_| rank != 0)?;
        Some(*Compact::new().digits(rank, 8).digits(ninth, 1))
    }

    fn chars(&self) -> u32 {
        9
    }
}

/// Onderwijsnummer.
#[derive(Debug)]
pub struct Onderwijsnummer;

/// 10 and six digits.
const TENS: u64 = 10_000_000;

impl Onderwijsnummer {
    fn ninth(eight: u64) -> Option<u64> {
        Some((weighted(eight, WEIGHTS) + 11 - 5) % 11).filter(|digit| *digit < 10)
    }
}

impl Scheme for Onderwijsnummer {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let all = number(compact).filter(|_| compact.len() == 9 && compact.starts_with(b"10"))?;
        (Self::ninth(all / 10) == Some(all % 10)).then_some(Ranked { group: 0, rank: all / 10 - TENS })
    }

    fn size(&self, group: u32) -> u64 {
        if group == 0 { 1_000_000 } else { 0 }
    }

    fn write(&self, Ranked { rank, .. }: Ranked) -> Option<Compact> {
        let eight = TENS + rank;
        Some(*Compact::new().digits(eight, 8).digits(Self::ninth(eight)?, 1))
    }

    fn chars(&self) -> u32 {
        9
    }
}
