//! Identifikationsnummer of the German tax office: eleven digits; among the first ten exactly one digit occurs twice or
//! three times and no other more than once; the last is ISO 7064 MOD 11,10. Three of a kind do not stand side by side;
//! such numbers are read all the same and stay among themselves. Numbers with a 0 in front are for tests. And the insured person's number (KVNR): a letter, eight digits, a check.
//!
//! Source: Abgabenordnung par. 139b, Steueridentifikationsnummerverordnung par. 1; SGB V par. 290 and the guideline of the
//! GKV-Spitzenverband (weights 1 2 1 2 .., digit sums, modulo 10).

use super::{Compact, Ranked, Scheme, digits, mod_11_10, number};

/// Steuer-IdNr. Group: 1 for tests + 2 for three of a kind side by side.
#[derive(Debug)]
pub struct SteuerId;

/// Arrangements where one digit stands twice: the digit, its two places, eight of the other nine digits in order.
const TWICE: u64 = 10 * 45 * 362_880;
/// Where it stands three times: three places, seven of the other nine.
const THRICE: u64 = 10 * 120 * 181_440;

/// Sets of two and of three of ten positions, in order.
static PAIRS: [u16; 45] = sets(2);
static TRIPLES: [u16; 120] = sets(3);

const fn sets<const N: usize>(count: u32) -> [u16; N] {
    let (mut sets, mut at, mut set) = ([0; N], 0, 0_u16);
    while set < 1 << 10 {
        if set.count_ones() == count {
            sets[at] = set;
            at += 1;
        }
        set += 1;
    }
    sets
}

/// Returns the rank of ten digits; `None` if they are not arranged as they must be.
fn rank(ten: [u8; 10]) -> Option<u64> {
    let (mut seen, mut again) = (0_u16, 0_u16);
    for digit in ten {
        again |= seen & 1 << digit;
        seen |= 1 << digit;
    }
    let digit = u8::try_from(again.trailing_zeros()).ok()?;
    let times = ten.iter().filter(|d| **d == digit).count();
    if again.count_ones() != 1 || times > 3 {
        return None;
    }
    let set = ten.iter().rev().fold(0_u16, |set, d| set << 1 | u16::from(*d == digit));
    let (base, orders) = if times == 2 { (0, 362_880) } else { (TWICE, 181_440) };
    let (places, sets): (_, &[u16]) = if times == 2 { (45, &PAIRS) } else { (120, &TRIPLES) };
    let set = u64::try_from(sets.binary_search(&set).ok()?).ok()?;
    // The others in the order of their places: each counts the smaller ones that are still free.
    let mut free: u16 = 0b11_1111_1111 & !(1 << digit);
    let mut order = 0;
    for other in ten.into_iter().filter(|d| *d != digit) {
        let below = free & ((1 << other) - 1);
        order = order * u64::from(free.count_ones()) + u64::from(below.count_ones());
        free &= !(1 << other);
    }
    Some(base + (u64::from(digit) * places + set) * orders + order)
}

/// Returns the ten digits of a rank.
fn unrank(rank: u64) -> Option<[u8; 10]> {
    let (rest, orders, places, sets): (_, _, _, &[u16]) = match rank.checked_sub(TWICE) {
        None => (rank, 362_880, 45, &PAIRS),
        Some(rest) => (rest, 181_440, 120, &TRIPLES),
    };
    let (order, rest) = (rest % orders, rest / orders);
    let mut order = u32::try_from(order).ok()?;
    let set = *sets.get(usize::try_from(rest % places).ok()?)?;
    let digit = u8::try_from(rest / places).ok().filter(|d| *d < 10)?;
    let others = 10 - set.count_ones();
    // The last of the others has 10 - others free digits to choose of, the one before it one more, and so on.
    let mut choice = [0; 8];
    for (choices, place) in (10 - others..).zip(choice.iter_mut().take(usize::try_from(others).ok()?).rev()) {
        *place = order % choices;
        order /= choices;
    }
    let mut free: u16 = 0b11_1111_1111 & !(1 << digit);
    let mut choices = choice.into_iter();
    let mut ten = [digit; 10];
    for (at, place) in ten.iter_mut().enumerate() {
        if set >> at & 1 == 0 {
            // The free digit above as many.
            let mut above = free;
            for _ in 0..choices.next()? {
                above &= above.wrapping_sub(1);
            }
            let other = above.trailing_zeros();
            free &= !1_u16.checked_shl(other)?;
            *place = u8::try_from(other).ok()?;
        }
    }
    Some(ten)
}

/// Returns the group of ten digits.
fn group(ten: &[u8; 10]) -> u32 {
    let side_by_side = ten.array_windows().any(|[a, b, c]| a == b && b == c);
    u32::from(ten.first() == Some(&0)) + 2 * u32::from(side_by_side)
}

impl Scheme for SteuerId {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let all = number(compact).filter(|_| compact.len() == 11)?;
        let ten = digits::<10>(all / 10);
        if mod_11_10(&ten) != all % 10 {
            return None;
        }
        rank(ten).map(|rank| Ranked { group: group(&ten), rank })
    }

    fn size(&self, group: u32) -> u64 {
        if group <= 3 { TWICE + THRICE } else { 0 }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let ten = unrank(rank).filter(|ten| self::group(ten) == group)?;
        let check = mod_11_10(&ten);
        Some(*Compact::new().extend(&ten.map(|d| b'0' + d)).digits(check, 1))
    }

    fn chars(&self) -> u32 {
        11
    }

    /// Numbers for tests have the form, but are issued to nobody.
    fn is_valid(&self, compact: &[u8]) -> bool {
        self.read(compact).is_some_and(|ranked| ranked.group % 2 == 0)
    }
}

/// Insured person's number of the German health insurance.
#[derive(Debug)]
pub struct Kvnr;

impl Kvnr {
    /// Returns the check digit of a letter's number (1 to 26) and eight digits.
    #[must_use]
    pub fn check(letter: u64, eight: u64) -> u64 {
        let ten = digits::<10>(letter * 100_000_000 + eight);
        let sum = ten.iter().zip([1_u64, 2].into_iter().cycle()).fold(0, |sum, (digit, weight)| {
            let product = u64::from(*digit) * weight;
            sum + product / 10 + product % 10
        });
        sum % 10
    }
}

impl Scheme for Kvnr {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let (letter, nine) =
            compact.split_first().filter(|(l, nine)| l.is_ascii_uppercase() && nine.len() == 9)?;
        let (letter, nine) = (u64::from(letter - b'A'), number(nine)?);
        let rank = letter * 100_000_000 + nine / 10;
        (Self::check(letter + 1, nine / 10) == nine % 10).then_some(Ranked { group: 0, rank })
    }

    fn size(&self, group: u32) -> u64 {
        if group == 0 { 2_600_000_000 } else { 0 }
    }

    fn write(&self, Ranked { rank, .. }: Ranked) -> Option<Compact> {
        let (letter, eight) = (rank / 100_000_000, rank % 100_000_000);
        let first = b'A' + u8::try_from(letter).ok().filter(|l| *l < 26)?;
        Some(*Compact::new().extend(&[first]).digits(eight, 8).digits(Self::check(letter + 1, eight), 1))
    }

    fn chars(&self) -> u32 {
        10
    }
}
