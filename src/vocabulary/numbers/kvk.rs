//! Numbers of the Dutch trade register: KvK-nummer, eight digits, and vestigingsnummer, twelve digits that begin with
//! 0000. Neither has a check digit, so that context must say what they are. Refuses zero.
//!
//! Source: Handelsregisterwet 2007, art. 9 and 11; the register's open data sets.

use super::{Compact, Ranked, Scheme, number};

/// KvK-nummer (group 0) and vestigingsnummer (group 1).
#[derive(Debug)]
pub struct Kvk;

impl Scheme for Kvk {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let (group, digits) = match compact.len() {
            8 => (0, compact),
            12 => (1, compact.strip_prefix(b"0000")?),
            _ => return None,
        };
        number(digits).filter(|rank| *rank != 0).map(|rank| Ranked { group, rank })
    }

    fn size(&self, group: u32) -> u64 {
        if group <= 1 { 100_000_000 } else { 0 }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let zeros: &[u8] = if group == 1 { b"0000" } else { b"" };
        (rank != 0).then(|| *Compact::new().extend(zeros).digits(rank, 8))
    }

    fn chars(&self) -> u32 {
        12
    }
}
