//! Rijksregisternummer of Belgium, and the BIS number of those who are not in the register: birth date YYMMDD, a
//! counter of three digits, and 97 less the first nine modulo 97; from 2000 with a 2 before the nine. BIS numbers add 20
//! to the month where the sex is not known, else 40. A month or day that is not known is 00, and where a day's counters
//! were used up the day goes past its month's end: such dates stay among themselves. Refuses counters 000 and 999.
//!
//! Births from 2020 keep their year, so that no stand-in is born in a later one. Source: Koninklijk besluit of 3 April
//! 1984 on the identification number; of 8 February 1991 on BIS numbers.

use super::{Compact, Ranked, Scheme, days_in_month, number};

/// Rijksregisternummer and BIS number. Group: month's addition (0, 1, 2 for 0, 20, 40) + 3 · (1 for a date that does not
/// exist) + 6 · years kept.
#[derive(Debug)]
pub struct Rijksregister;

/// Years of birth that mix: from 1900, so many.
const MIXED: u64 = 120;

/// Ranks of one year.
const YEAR: u64 = 13 * 32 * 998;

fn check(year: u64, nine: u64) -> u64 {
    let century = if year >= 2000 { 2_000_000_000 } else { 0 };
    97 - (century + nine) % 97
}

fn exists(year: u64, month: u64, day: u64) -> bool {
    (1..=days_in_month(year, month)).contains(&day)
}

impl Scheme for Rijksregister {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let all = number(compact).filter(|_| compact.len() == 11)?;
        let (nine, given) = (all / 100, all % 100);
        let (date, counter) = (nine / 1000, nine % 1000);
        let (short, month, day) = (date / 10_000, date / 100 % 100, date % 100);
        // Both centuries cannot fit: their checks differ by 2 · 10^9 modulo 97, which is not 0.
        let year = [1900 + short, 2000 + short].into_iter().find(|year| check(*year, nine) == given)?;
        let (addition, month) = (month / 20, month % 20);
        if addition > 2 || month > 12 || day > 31 || !(1..=998).contains(&counter) {
            return None;
        }
        let born = year - 1900;
        let (kept, place) = if born < MIXED { (0, born) } else { (born - MIXED + 1, 0) };
        let rank = ((place * 13 + month) * 32 + day) * 998 + counter - 1;
        let odd = u64::from(!exists(year, month, day));
        Some(Ranked { group: u32::try_from(addition + 3 * odd + 6 * kept).ok()?, rank })
    }

    fn size(&self, group: u32) -> u64 {
        match group / 6 {
            0 => MIXED * YEAR,
            1..=80 => YEAR,
            _ => 0,
        }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let (addition, odd, kept) = (u64::from(group % 3), group / 3 % 2 == 1, u64::from(group / 6));
        let (counter, rest) = (rank % 998 + 1, rank / 998);
        let (day, rest) = (rest % 32, rest / 32);
        let (month, place) = (rest % 13, rest / 13);
        let year = 1900 + if kept == 0 { place } else { MIXED + kept - 1 };
        if exists(year, month, day) == odd {
            return None;
        }
        let nine = ((year % 100 * 100 + month + 20 * addition) * 100 + day) * 1000 + counter;
        Some(*Compact::new().digits(nine, 9).digits(check(year, nine), 2))
    }

    fn chars(&self) -> u32 {
        11
    }
}
