//! Payment card numbers: 12 to 19 digits, the last by Luhn's rule. The digits that name the brand stay. Refuses to say
//! whether a bank has the number: lists of issuers are not public.
//!
//! Source: ISO/IEC 7812-1 (annex B: Luhn); brands' ranges as they publish them: Visa 4; Mastercard 51 to 55 and 2221 to
//! 2720; American Express 34, 37; Diners 300 to 305, 36, 38; Discover 6011, 644 to 649, 65; JCB 3528 to 3589.

use super::{Compact, Ranked, Scheme, number};

/// Returns the digit that Luhn's rule puts behind these digits (values 0 to 9).
#[must_use]
pub fn luhn_check(digits: &[u8]) -> u64 {
    let sum = digits.iter().rev().zip([true, false].into_iter().cycle()).fold(0, |sum, (digit, double)| {
        let product = u64::from(*digit) * if double { 2 } else { 1 };
        sum + product / 10 + product % 10
    });
    (10 - sum % 10) % 10
}

/// Returns whether digits (characters) pass Luhn's test.
#[must_use]
pub fn luhn(digits: &[u8]) -> bool {
    let Some((last, rest)) = digits.split_last() else { return false };
    let mut values = [0; 40];
    let Some(values) = values.get_mut(..rest.len()) else { return false };
    values.iter_mut().zip(rest).for_each(|(to, from)| *to = from.wrapping_sub(b'0'));
    digits.iter().all(u8::is_ascii_digit) && luhn_check(values) == u64::from(last.wrapping_sub(b'0'))
}

/// Returns how many of the first digits name the brand; one where the brand is not known.
#[must_use]
pub fn brand_digits(digits: &[u8]) -> usize {
    let first = |count| digits.get(..count).and_then(number).unwrap_or(0);
    match (first(2), first(3), first(4)) {
        (40..=49, _, _) => 1,
        (51..=55 | 34 | 37 | 36 | 38 | 65, _, _) => 2,
        (_, 300..=305 | 644..=649, _) => 3,
        (_, _, 2221..=2720 | 6011 | 3528..=3589) => 4,
        _ => 1,
    }
}

/// Card number. Group: ((first digits that stay) · 8 + their count) · 32 + length.
#[derive(Debug)]
pub struct Card {
    /// Whether the first six digits stay rather than those of the brand.
    pub keep_iin: bool,
}

struct Group {
    kept: u64,
    count: usize,
    len: usize,
}

impl Group {
    fn new(group: u32) -> Option<Self> {
        let (len, count) = (usize::try_from(group % 32).ok()?, usize::try_from(group / 32 % 8).ok()?);
        let fits = (12..=19).contains(&len) && (1..=6).contains(&count);
        fits.then_some(Self { kept: u64::from(group / 256), count, len })
    }

    fn free(&self) -> usize {
        self.len.saturating_sub(self.count + 1)
    }
}

impl Scheme for Card {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        if !(12..=19).contains(&compact.len()) || !luhn(compact) {
            return None;
        }
        let count = if self.keep_iin { 6 } else { brand_digits(compact) };
        let (kept, rest) = compact.split_at_checked(count)?;
        let (_, free) = rest.split_last()?;
        // A brand whose ranges the first digits alone do not tell (1 kept): the stand-in must not fall into another's.
        let group = (u32::try_from(number(kept)?).ok()? * 8 + u32::try_from(count).ok()?) * 32
            + u32::try_from(compact.len()).ok()?;
        Some(Ranked { group, rank: number(free)? })
    }

    fn size(&self, group: u32) -> u64 {
        let free = Group::new(group).and_then(|group| u32::try_from(group.free()).ok());
        free.and_then(|free| 10_u64.checked_pow(free)).unwrap_or(0)
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let group = Group::new(group)?;
        let mut card = *Compact::new().digits(group.kept, group.count).digits(rank, group.free());
        let mut values = [0; 19];
        let values = values.get_mut(..card.as_slice().len())?;
        values.iter_mut().zip(card.as_slice()).for_each(|(to, from)| *to = from.wrapping_sub(b'0'));
        let check = luhn_check(values);
        card.digits(check, 1);
        let same_brand = self.keep_iin || brand_digits(card.as_slice()) == group.count;
        same_brand.then_some(card)
    }

    fn usual(&self) -> u32 {
        // Sixteen digits of Visa, or of its first six.
        if self.keep_iin { (400_000 * 8 + 6) * 32 + 16 } else { (4 * 8 + 1) * 32 + 16 }
    }

    fn chars(&self) -> u32 {
        19
    }
}
