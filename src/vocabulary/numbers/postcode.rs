//! Postcodes by country: the form and what it leaves out. Refuses to know which are in use.
//!
//! Source: PostNL (four digits from 1000, two letters; not SA, SD, SS); bpost (1000 to 9999); Deutsche Post (01001 to
//! 99998); La Poste (01000 to 98999); USPS (ZIP and ZIP+4); Royal Mail, "Programmer's guide to PAF" (forms of the outward
//! code; the inward letters leave out C, I, K, M, O, V).

use super::pattern::{Pattern, Patterns};
use super::{Compact, Ranked, Scheme, number};

/// Dutch postcodes.
#[derive(Debug)]
pub struct Netherlands;

/// Pairs of letters that remind of the occupation.
const REFUSED: &[[u8; 2]] = &[*b"SA", *b"SD", *b"SS"];

impl Scheme for Netherlands {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let (area, letters) = compact.split_first_chunk::<4>()?;
        let area = number(area).filter(|area| *area >= 1000)?;
        let &[a @ b'A'..=b'Z', b @ b'A'..=b'Z'] = letters else { return None };
        let rank = ((area - 1000) * 26 + u64::from(a - b'A')) * 26 + u64::from(b - b'A');
        (!REFUSED.contains(&[a, b])).then_some(Ranked { group: 0, rank })
    }

    fn size(&self, group: u32) -> u64 {
        if group == 0 { 9000 * 26 * 26 } else { 0 }
    }

    fn write(&self, Ranked { rank, .. }: Ranked) -> Option<Compact> {
        let letter = |at: u64| u8::try_from(at % 26).map(|at| b'A' + at).ok();
        let letters = [letter(rank / 26)?, letter(rank)?];
        let fits = !REFUSED.contains(&letters) && rank < self.size(0);
        fits.then(|| *Compact::new().digits(rank / 676 + 1000, 4).extend(&letters))
    }

    fn chars(&self) -> u32 {
        6
    }
}

/// Postcodes of digits alone, from one number to another; group 1 is the American form of nine digits.
#[derive(Debug)]
pub struct Digits {
    count: usize,
    low: u64,
    high: u64,
    plus_four: bool,
}

impl Scheme for Digits {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let (group, digits, more) = match compact.split_at_checked(self.count)? {
            (all, []) => (0, all, 0),
            (all, more) if self.plus_four && more.len() == 4 => (1, all, number(more)?),
            _ => return None,
        };
        let rank = number(digits).filter(|n| (self.low..=self.high).contains(n))? - self.low;
        Some(Ranked { group, rank: if group == 1 { rank * 10_000 + more } else { rank } })
    }

    fn size(&self, group: u32) -> u64 {
        match group {
            0 => self.high - self.low + 1,
            1 if self.plus_four => (self.high - self.low + 1) * 10_000,
            _ => 0,
        }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let (rank, more) = if group == 1 { (rank / 10_000, Some(rank % 10_000)) } else { (rank, None) };
        let mut compact = *Compact::new().digits(rank + self.low, self.count);
        if let Some(more) = more {
            compact.digits(more, 4);
        }
        (rank <= self.high - self.low).then_some(compact)
    }

    fn chars(&self) -> u32 {
        if self.plus_four { 9 } else { u32::try_from(self.count).unwrap_or(0) }
    }
}

const AREA: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const INWARD: &str = "ABDEFGHJLNPQRSTUWXYZ";

const fn outward(form: &'static str) -> Pattern {
    Pattern { second: INWARD, ..Pattern::new(form, AREA) }
}

static KINGDOM: Patterns = Patterns(&[
    outward("AA99BB"),
    outward("A99BB"),
    outward("A999BB"),
    outward("AA999BB"),
    outward("A9A9BB"),
    outward("AA9A9BB"),
]);

static BELGIUM: Digits = Digits { count: 4, low: 1000, high: 9999, plus_four: false };
static GERMANY: Digits = Digits { count: 5, low: 1001, high: 99_998, plus_four: false };
static FRANCE: Digits = Digits { count: 5, low: 1000, high: 98_999, plus_four: false };
static STATES: Digits = Digits { count: 5, low: 0, high: 99_999, plus_four: true };

/// Postcodes of a country by its ISO 3166 code; `None` where the form is not known.
#[must_use]
pub fn of(country: &str) -> Option<&'static dyn Scheme> {
    Some(match country {
        "NL" => &Netherlands,
        "BE" => &BELGIUM,
        "DE" => &GERMANY,
        "FR" => &FRANCE,
        "GB" => &KINGDOM,
        "US" => &STATES,
        _ => return None,
    })
}
