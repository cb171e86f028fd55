//! Account numbers that pass every check and belong to no bank: IBANs whose bank code is not issued.
//!
//! Refuses countries for which no bank code outside the issued ones is known. Source of form and check digits: ISO
//! 13616 and the IBAN registry; Belgium's national check: the two last digits are the ten before modulo 97, 0 = 97.

use super::Draw;

/// The account numbers of one country.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166 code.
    pub code: &'static str,
    /// What stands behind the check digits: a bank code that is not issued, and for some a branch.
    pub bank: &'static str,
    /// How many free digits follow.
    pub free: u32,
    /// Whether Belgium's two check digits follow.
    pub belgian_check: bool,
    /// Why the bank code is nobody's.
    pub source: &'static str,
}

impl Country {
    /// Returns the length without blanks.
    #[must_use]
    pub fn chars(&self) -> u32 {
        let check = if self.belgian_check { 2 } else { 0 };
        4 + u32::try_from(self.bank.len()).unwrap_or(0) + self.free + check
    }

    /// Returns the length in groups of four.
    #[must_use]
    pub fn spaced_chars(&self) -> u32 {
        self.chars() + (self.chars() - 1) / 4
    }
}

/// The countries whose account numbers can be made.
pub static COUNTRIES: &[Country] = &[
    Country {
        code: "NL",
        bank: "FAKE",
        free: 10,
        belgian_check: false,
        source: "not in the list of Dutch banks of Betaalvereniging Nederland (86 codes, schwifty 2026.10.1)",
    },
    Country {
        code: "BE",
        bank: "500",
        free: 7,
        belgian_check: true,
        source: "without a holder in the National Bank of Belgium's list of identification codes (schwifty 2026.10.1)",
    },
    Country {
        code: "DE",
        bank: "00000000",
        free: 10,
        belgian_check: false,
        source: "German bank codes start with a clearing area, 1 to 8 (Deutsche Bundesbank, Bankleitzahlen)",
    },
    Country {
        code: "GB",
        bank: "FAKE000000",
        free: 8,
        belgian_check: false,
        source: "no BIC of a British bank starts so (2,379 codes, schwifty 2026.10.1); sort code 00-00-00",
    },
];

/// Finds a country by its code in any case.
#[must_use]
pub fn country(code: &[u8]) -> Option<&'static Country> {
    COUNTRIES.iter().find(|c| c.code.as_bytes().eq_ignore_ascii_case(code))
}

/// The longest account number without blanks that `write` makes.
pub const MAX_CHARS: usize = 34;

/// Writes an account number without blanks and returns its length in bytes.
pub fn write(country: &Country, draw: &mut Draw, out: &mut [u8; MAX_CHARS]) -> usize {
    let mut len = 0;
    put(out, &mut len, country.code.as_bytes());
    put(out, &mut len, b"00");
    put(out, &mut len, country.bank.as_bytes());
    for _ in 0..country.free {
        put(out, &mut len, &[digit(draw.below(10))]);
    }
    if country.belgian_check {
        let ten = remainder(out.get(4..len).unwrap_or_default());
        let check = if ten == 0 { 97 } else { ten };
        put(out, &mut len, &two_digits(check));
    }
    let check = two_digits(98 - remainder_of_iban(out.get(..len).unwrap_or_default()));
    out[2] = check[0];
    out[3] = check[1];
    len
}

/// Returns whether bytes are an IBAN without blanks in upper case whose check digits are right.
#[must_use]
pub fn is_valid(iban: &[u8]) -> bool {
    iban.len() > 4
        && iban.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && remainder_of_iban(iban) == 1
}

fn remainder_of_iban(iban: &[u8]) -> u32 {
    let (head, tail) = iban.split_at_checked(4).unwrap_or((iban, &[]));
    fold(fold(0, tail), head)
}

fn remainder(text: &[u8]) -> u32 {
    fold(0, text)
}

/// Goes on with the remainder modulo 97 of a number whose letters count as 10 to 35 (ISO 7064).
fn fold(start: u32, text: &[u8]) -> u32 {
    // The remainder is taken when the sum could overflow, not at every digit.
    let sum = text.iter().fold(u64::from(start), |sum, b| {
        let sum = if sum >= u64::MAX / 200 { sum % 97 } else { sum };
        match b {
            b'0'..=b'9' => sum * 10 + u64::from(b - b'0'),
            b'A'..=b'Z' => sum * 100 + 10 + u64::from(b - b'A'),
            _ => sum,
        }
    });
    u32::try_from(sum % 97).unwrap_or(0)
}

fn put(out: &mut [u8; MAX_CHARS], len: &mut usize, bytes: &[u8]) {
    if let Some(place) = out.get_mut(*len..*len + bytes.len()) {
        place.copy_from_slice(bytes);
        *len += bytes.len();
    }
}

fn two_digits(n: u32) -> [u8; 2] {
    [digit(u64::from(n / 10)), digit(u64::from(n % 10))]
}

/// Returns the character of a digit.
#[must_use]
pub fn digit(n: u64) -> u8 {
    b'0' + u8::try_from(n % 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_examples_pass_and_broken_ones_do_not() {
        // The registry's own examples.
        for iban in
            ["NL91ABNA0417164300", "BE68539007547034", "DE89370400440532013000", "GB29NWBK60161331926819"]
        {
            assert!(is_valid(iban.as_bytes()), "{iban}");
        }
        assert!(!is_valid(b"NL92ABNA0417164300"));
        assert!(!is_valid(b"NL91ABNA0417164301"));
        assert!(!is_valid(b"nl91abna0417164300"));
    }

    #[test]
    fn nobody_holds_a_hundred_thousand_valid_accounts() {
        let mut lane = 0x9E37_79B9_7F4A_7C15_u64;
        for n in 0..100_000_u32 {
            lane = lane.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let country = &COUNTRIES[usize::try_from(n).unwrap() % COUNTRIES.len()];
            let mut buf = [0; MAX_CHARS];
            let len = write(country, &mut Draw::new(lane), &mut buf);
            let iban = &buf[..len];
            assert!(is_valid(iban));
            assert_eq!(u32::try_from(len).unwrap(), country.chars());
            assert!(iban[4..].starts_with(country.bank.as_bytes()));
            if country.belgian_check {
                let digits: u64 = std::str::from_utf8(&iban[4..14]).unwrap().parse().unwrap();
                let check: u64 = std::str::from_utf8(&iban[14..]).unwrap().parse().unwrap();
                assert_eq!((digits + 96) % 97 + 1, check);
            }
        }
    }

    #[test]
    fn lengths_are_those_of_the_registry() {
        for (code, chars) in [("NL", 18), ("BE", 16), ("DE", 22), ("GB", 22)] {
            assert_eq!(country(code.as_bytes()).unwrap().chars(), chars);
        }
        assert!(country(b"nl").is_some());
        assert!(country(b"ZZ").is_none());
    }
}
