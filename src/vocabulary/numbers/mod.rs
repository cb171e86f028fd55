//! Numbers that are issued to persons, firms, accounts and cars: their form, their check digits, and a count of the
//! valid ones. One file an identifier. Pure rules: no key, no randomness, no profile.
//!
//! A `Scheme` numbers the valid values of an identifier: `read` gives a value's group (what of it stays: a country, a
//! length, a side code) and its rank among those that could stand there; `write` gives the value of a rank, or says
//! that no value has that rank. `pseudonym` permutes ranks, `fake` draws them, recognisers ask `is_valid`. Refuses to
//! say whether a number was issued: only whether it could be.

/// Onderwijsnummer and burgerservicenummer: the eleven-test.
pub mod bsn;
/// Payment cards: Luhn, brands.
pub mod card;
/// IBAN and BIC: structure and checks of every country.
pub mod iban;
/// KvK and vestigingsnummer.
pub mod kvk;
/// Driving licences of the Netherlands and the United Kingdom.
pub mod licence;
/// NHS number.
pub mod nhs;
/// National Insurance number of the United Kingdom.
pub mod nino;
/// NIR.
pub mod nir;
/// Passports and identity cards.
pub mod passport;
/// Forms of letters and digits.
pub mod pattern;
/// Number plates.
pub mod plate;
/// Postcodes.
pub mod postcode;
/// Rijksregisternummer and BIS number.
pub mod rijksregister;
/// Social security number of the United States.
pub mod ssn;
/// Steuer-IdNr and health insurance number of Germany.
pub mod steuer_id;
/// Numbers that nobody has.
pub mod unissued;
/// VAT numbers.
pub mod vat;

/// Most letters and digits of an identifier.
const MOST: usize = 40;

/// An identifier without separators, in upper case: letters and digits of ASCII, on the stack.
#[derive(Clone, Copy)]
pub struct Compact {
    bytes: [u8; MOST],
    len: usize,
}

impl Compact {
    /// Returns an empty one.
    #[must_use]
    pub fn new() -> Self {
        Self { bytes: [0; MOST], len: 0 }
    }

    /// Reads a spelling; separators are left out (as `separator` has them). `None` for anything else in it, for what is
    /// too long, and where no letter or digit is left.
    #[must_use]
    pub fn read(field: &[u8]) -> Option<Self> {
        let mut compact = Self::new();
        let mut rest = field;
        while let Some((first, behind)) = rest.split_first() {
            if first.is_ascii_alphanumeric() {
                *compact.bytes.get_mut(compact.len)? = first.to_ascii_uppercase();
                compact.len += 1;
                rest = behind;
            } else {
                rest = rest.get(separator(rest)?..)?;
            }
        }
        (compact.len > 0).then_some(compact)
    }

    /// Returns the letters and digits.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Returns the letters and digits, to be overwritten.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }

    /// Adds letters and digits; what is too much is left out (no identifier is that long).
    pub fn extend(&mut self, bytes: &[u8]) -> &mut Self {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.len) {
                *place = *byte;
                self.len += 1;
            }
        }
        self
    }

    /// Adds the last digits of a number, zeros in front.
    pub fn digits(&mut self, number: u64, count: usize) -> &mut Self {
        if let Some(place) = self.bytes.get_mut(self.len..self.len + count) {
            super::iban::write_digits(number, place);
            self.len += count;
        }
        self
    }
}

impl Default for Compact {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Compact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} letters and digits>", self.len)
    }
}

/// Returns how many bytes the separator takes that a text begins with: blank, point, hyphen, slash, a blank that does
/// not break, Unicode's hyphens and dashes.
#[must_use]
pub fn separator(text: &[u8]) -> Option<usize> {
    match text {
        [b' ' | b'.' | b'-' | b'/', ..] => Some(1),
        [0xc2, 0xa0, ..] => Some(2),
        [0xe2, 0x80, 0x90..=0x95 | 0xaf, ..] | [0xe2, 0x88, 0x92, ..] => Some(3),
        _ => None,
    }
}

/// A value's place among the valid ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// What stays of it: country, length, kind, side code.
    pub group: u32,
    /// Its place among the possible ones of the group, below `size`.
    pub rank: u64,
}

impl std::fmt::Debug for Ranked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ranked(***)")
    }
}

/// An identifier whose valid values are counted.
pub trait Scheme: Sync {
    /// Returns the place of a value without separators, in upper case; `None` if it is not valid.
    fn read(&self, compact: &[u8]) -> Option<Ranked>;

    /// Returns how many ranks a group has; 0 for a group that it has not.
    fn size(&self, group: u32) -> u64;

    /// Writes the value of a rank in its full form; `None` where no value has that rank. `read` of it gives the rank
    /// back. At least one rank in 40 has a value.
    fn write(&self, ranked: Ranked) -> Option<Compact>;

    /// Returns the group that stands for the identifier where no value says one: of stand-ins for what has not the form.
    fn usual(&self) -> u32 {
        0
    }

    /// Returns the most characters of a value without separators.
    fn chars(&self) -> u32;

    /// Returns whether a value without separators, in upper case, could be issued.
    fn is_valid(&self, compact: &[u8]) -> bool {
        self.read(compact).is_some()
    }
}

/// Returns the value of a rank, or of one of those that strides of the golden section lead to: what has no value may lie
/// in long rows (area 666 of an SSN). `None` for a group that the scheme has not.
#[must_use]
pub fn valid_from(scheme: &dyn Scheme, group: u32, start: u64) -> Option<Compact> {
    let size = scheme.size(group);
    let stride = u128::from(size) * 618_033_989 / 1_000_000_000 + 1;
    (0..10_000_u128).find_map(|step| {
        let rank = (u128::from(start) + step * stride).checked_rem(size.into())?;
        scheme.write(Ranked { group, rank: u64::try_from(rank).ok()? })
    })
}

/// Returns the number that digits spell (at most 19 of them); `None` for anything else.
#[must_use]
pub fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0'))))
    })
}

/// Returns the digits of a number below 10^N, most significant first.
#[must_use]
pub fn digits<const N: usize>(number: u64) -> [u8; N] {
    let mut digits = [0; N];
    let mut left = number;
    for place in digits.iter_mut().rev() {
        *place = u8::try_from(left % 10).unwrap_or(0);
        left /= 10;
    }
    digits
}

/// Returns the sum of the digits of a number, least significant first, each times its weight.
#[must_use]
pub fn weighted(number: u64, weights: &[u64]) -> u64 {
    let mut left = number;
    weights.iter().fold(0, |sum, weight| {
        let digit = left % 10;
        left /= 10;
        sum + weight * digit
    })
}

/// Returns the check digit of ISO 7064 MOD 11,10 for the digits before it.
#[must_use]
pub fn mod_11_10(digits: &[u8]) -> u64 {
    let product = digits.iter().fold(10, |product, digit| {
        let sum = (product + u64::from(*digit)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

/// Returns the days of a month; 0 for what is no month.
#[must_use]
pub fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
