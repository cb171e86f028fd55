//! Social security number of the United States: nine digits, no check digit. The area (first three) is not 000, 666 or
//! 900 to 999, the group (two) not 00, the serial (four) not 0000, and three numbers were spoilt by adverts.
//!
//! Source: Social Security Administration, "SSN randomization" and POMS RM 10201; for the spoilt ones its history pages.

use super::{Compact, Ranked, Scheme, number};

/// Printed on wallet inserts and in adverts, and void since.
const VOID: &[u64] = &[78_051_120, 219_099_999, 457_555_462];

/// Social security number.
#[derive(Debug)]
pub struct Ssn;

fn issued(all: u64) -> bool {
    let (area, group, serial) = (all / 1_000_000, all / 10_000 % 100, all % 10_000);
    (1..900).contains(&area) && area != 666 && group != 0 && serial != 0 && !VOID.contains(&all)
}

impl Scheme for Ssn {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let rank = number(compact).filter(|all| compact.len() == 9 && issued(*all))?;
        Some(Ranked { group: 0, rank })
    }

    fn size(&self, group: u32) -> u64 {
        if group == 0 { 900_000_000 } else { 0 }
    }

    fn write(&self, Ranked { rank, .. }: Ranked) -> Option<Compact> {
        issued(rank).then(|| *Compact::new().digits(rank, 9))
    }

    fn chars(&self) -> u32 {
        9
    }
}
