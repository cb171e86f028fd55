//! VAT numbers of the Netherlands (both forms), Belgium, Germany, France and the United Kingdom, each with its country
//! code in front. Refuses numbers without the code: the caller says whose they are.
//!
//! Source: European Commission, VIES, "VAT identification number structure" and algorithms; Belastingdienst, btw-id since
//! 2020 (ISO 7064 MOD 97-10 over the whole number); HMRC, VAT notice 700, "modulus 97" and "9755". France's keys with
//! letters are not read.

use super::bsn::ninth;
use super::{Compact, Ranked, Scheme, digits, mod_11_10, number, weighted};

/// VAT numbers; the group is the form.
#[derive(Debug)]
pub struct Vat;

/// NL, a firm's RSIN, B, 01 to 99.
pub const NL_FIRM: u32 = 0;
/// NL, nine digits, B, two digits; the whole is 1 modulo 97.
pub const NL_PERSON: u32 = 1;
/// BE, ten digits.
pub const BE: u32 = 2;
/// DE, nine digits.
pub const DE: u32 = 3;
/// FR, key, SIREN.
pub const FR: u32 = 4;
/// GB, nine digits.
pub const GB: u32 = 5;
/// GB, nine digits and three of a branch.
pub const GB_BRANCH: u32 = 6;

/// FR, key, a number of Monaco: 000 and six digits, without Luhn's rule.
pub const MONACO: u32 = 7;

/// What the weighted sum may leave in a British number.
const GB_SUMS: [u64; 3] = [0, 42, 55];

/// Returns the rest modulo 97 of "NL" nine digits "B" two digits, its letters counted from A = 10.
fn nl_rest(nine: u64, two: u64) -> u64 {
    (((2321 * 1_000_000_000 + nine) % 97 * 100 + 11) * 100 + two) % 97
}

fn nl(rest: &[u8]) -> Option<Ranked> {
    let (nine, suffix) = rest.split_first_chunk::<9>()?;
    let (nine, two) = (number(nine)?, number(suffix.strip_prefix(b"B").filter(|two| two.len() == 2)?)?);
    if nine != 0 && ninth(nine / 10) == Some(nine % 10) && two != 0 {
        return Some(Ranked { group: NL_FIRM, rank: nine / 10 * 100 + two });
    }
    let person = nine != 0 && nl_rest(nine, two) == 1 && (2..=98).contains(&two);
    person.then_some(Ranked { group: NL_PERSON, rank: nine })
}

fn nl_write(group: u32, rank: u64) -> Option<Compact> {
    let (nine, two) = if group == NL_FIRM {
        (rank / 100 * 10 + ninth(rank / 100)?, rank % 100)
    } else {
        let two = (2..=98).find(|two| nl_rest(rank, *two) == 1)?;
        (rank, two)
    };
    let firm = ninth(nine / 10) == Some(nine % 10);
    if nine == 0 || two == 0 || firm != (group == NL_FIRM) {
        return None;
    }
    Some(*Compact::new().extend(b"NL").digits(nine, 9).extend(b"B").digits(two, 2))
}

/// Returns what is missing from the weighted sum of seven British digits to a sum that may be left.
fn gb_check(seven: u64, sum: u64) -> u64 {
    (97 + sum - weighted(seven, &[2, 3, 4, 5, 6, 7, 8]) % 97) % 97
}

/// Returns the rank of nine British digits: seven of them, which sum, and whether 97 was added to the check.
fn gb(nine: u64) -> Option<u64> {
    let (seven, two) = (nine / 100, nine % 100);
    let (at, _) = (0_u64..).zip(GB_SUMS).find(|(_, sum)| gb_check(seven, *sum) == two % 97)?;
    let fits = seven != 0 && (at == 0 || seven >= 1_000_000);
    fits.then_some((seven * 3 + at) * 2 + u64::from(two >= 97))
}

fn gb_write(rank: u64) -> Option<u64> {
    let (high, at, seven) = (rank % 2, rank / 2 % 3, rank / 6);
    let two = gb_check(seven, *GB_SUMS.get(usize::try_from(at).ok()?)?) + 97 * high;
    let fits = two < 100 && seven != 0 && (at == 0 || seven >= 1_000_000);
    fits.then_some(seven * 100 + two)
}

/// Returns the last digit of nine that pass Luhn's test (SIREN).
fn siren(eight: u64) -> u64 {
    super::card::luhn_check(&digits::<8>(eight))
}

impl Scheme for Vat {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let (country, rest) = compact.split_first_chunk::<2>()?;
        match (country, rest.len()) {
            (b"NL", 12) => nl(rest),
            (b"BE", 10) => {
                let all = number(rest)?;
                let fits = all / 100 < 20_000_000 && all / 100 != 0 && 97 - all / 100 % 97 == all % 100;
                fits.then_some(Ranked { group: BE, rank: all / 100 })
            }
            (b"DE", 9) => {
                let all = number(rest).filter(|all| *all >= 100_000_000)?;
                let fits = mod_11_10(&digits::<8>(all / 10)) == all % 10;
                fits.then_some(Ranked { group: DE, rank: all / 10 - 10_000_000 })
            }
            (b"FR", 11) => {
                let (key, nine) = rest.split_first_chunk::<2>()?;
                let nine = number(nine)?;
                let (right, monaco) = ((nine * 100 + 12) % 97 == number(key)?, nine < 1_000_000);
                match (right, monaco) {
                    (true, true) => Some(Ranked { group: MONACO, rank: nine }).filter(|_| nine != 0),
                    (true, false) if siren(nine / 10) == nine % 10 => {
                        Some(Ranked { group: FR, rank: nine / 10 })
                    }
                    _ => None,
                }
            }
            (b"GB", 9) => gb(number(rest)?).map(|rank| Ranked { group: GB, rank }),
            (b"GB", 12) => {
                let all = number(rest)?;
                gb(all / 1000).map(|rank| Ranked { group: GB_BRANCH, rank: rank * 1000 + all % 1000 })
            }
            _ => None,
        }
    }

    fn size(&self, group: u32) -> u64 {
        match group {
            NL_FIRM => 10_000_000_000,
            NL_PERSON => 1_000_000_000,
            BE => 20_000_000,
            DE => 90_000_000,
            FR => 100_000_000,
            MONACO => 1_000_000,
            GB => 60_000_000,
            GB_BRANCH => 60_000_000_000,
            _ => 0,
        }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let mut to = Compact::new();
        Some(match group {
            NL_FIRM | NL_PERSON => return nl_write(group, rank),
            BE if rank != 0 => *to.extend(b"BE").digits(rank * 100 + 97 - rank % 97, 10),
            DE => {
                let eight = rank + 10_000_000;
                *to.extend(b"DE").digits(eight, 8).digits(mod_11_10(&digits::<8>(eight)), 1)
            }
            FR | MONACO if rank != 0 && (group == MONACO || rank >= 100_000) => {
                let nine = if group == MONACO { rank } else { rank * 10 + siren(rank) };
                *to.extend(b"FR").digits((nine * 100 + 12) % 97, 2).digits(nine, 9)
            }
            GB => *to.extend(b"GB").digits(gb_write(rank)?, 9),
            GB_BRANCH => *to.extend(b"GB").digits(gb_write(rank / 1000)?, 9).digits(rank % 1000, 3),
            _ => return None,
        })
    }

    fn chars(&self) -> u32 {
        14
    }
}
