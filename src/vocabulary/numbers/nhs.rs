//! NHS number of England, Wales and the Isle of Man: ten digits, the last a check digit. Numbers that begin with 999
//! are for tests (group 1) and stay among themselves.
//!
//! Source: NHS Data Dictionary, "NHS number": weights 10 to 2, 11 less the sum modulo 11, 11 counts as 0, 10 is invalid;
//! the range 999 is not issued (NHS Digital, test data).

use super::{Compact, Ranked, Scheme, number, weighted};

/// NHS number.
#[derive(Debug)]
pub struct Nhs;

/// First nine digits from here are for tests.
const TEST: u64 = 999_000_000;

fn check(nine: u64) -> Option<u64> {
    let sum = weighted(nine, &[2, 3, 4, 5, 6, 7, 8, 9, 10]);
    Some((11 - sum % 11) % 11).filter(|digit| *digit < 10)
}

impl Scheme for Nhs {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let all = number(compact).filter(|all| compact.len() == 10 && *all != 0)?;
        let nine = all / 10;
        if check(nine) != Some(all % 10) {
            return None;
        }
        Some(if nine >= TEST {
            Ranked { group: 1, rank: nine - TEST }
        } else {
            Ranked { group: 0, rank: nine }
        })
    }

    fn size(&self, group: u32) -> u64 {
        match group {
            0 => TEST,
            1 => 1_000_000,
            _ => 0,
        }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let nine = if group == 1 { TEST + rank } else { rank };
        let check = check(nine).filter(|_| nine != 0)?;
        Some(*Compact::new().digits(nine, 9).digits(check, 1))
    }

    fn chars(&self) -> u32 {
        10
    }
}
