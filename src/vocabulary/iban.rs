//! Account numbers that pass every check and belong to no bank: IBANs whose bank code is not issued.
//!
//! Refuses countries for which no bank code outside the issued ones is known. Source of form and check digits: ISO
//! 13616 and the IBAN registry; Belgium's national check: the two last digits are the ten before modulo 97, 0 = 97.

use super::Draw;

/// The account numbers of one country.
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
    /// How every number begins, with 00 for the check digits.
    start: [u8; MAX_CHARS],
    /// `bank` modulo 97.
    bank_rest: u64,
}

impl Country {
    /// Returns the length without blanks.
    #[must_use]
    pub fn chars(&self) -> u32 {
        let check = if self.belgian_check { 2 } else { 0 };
        4 + u32::try_from(self.bank.len()).unwrap_or(0) + self.free + check
    }

    /// Returns how many numbers there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        10_u64.pow(self.free)
    }

    /// Returns the length in groups of four.
    #[must_use]
    pub fn spaced_chars(&self) -> u32 {
        self.chars() + (self.chars() - 1) / 4
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Country({})", self.code)
    }
}

/// Makes a country without a check of its own.
const fn issued_by_nobody(
    code: &'static str,
    bank: &'static str,
    free: u32,
    source: &'static str,
) -> Country {
    let mut start = [b'0'; MAX_CHARS];
    let (head, behind) = start.split_at_mut(4);
    head.split_at_mut(2).0.copy_from_slice(code.as_bytes());
    behind.split_at_mut(bank.len()).0.copy_from_slice(bank.as_bytes());
    let bank_rest = fold(0, bank.as_bytes());
    Country { code, bank, free, belgian_check: false, source, start, bank_rest }
}

/// The countries whose account numbers can be made.
pub static COUNTRIES: &[Country] = &[
    issued_by_nobody(
        "NL",
        "FAKE",
        10,
        "not in the list of Dutch banks of Betaalvereniging Nederland (86 codes, schwifty 2026.10.1)",
    ),
    Country {
        belgian_check: true,
        ..issued_by_nobody(
            "BE",
            "500",
            7,
            "without a holder in the National Bank of Belgium's list of identification codes (schwifty 2026.10.1)",
        )
    },
    issued_by_nobody(
        "DE",
        "00000000",
        10,
        "German bank codes start with a clearing area, 1 to 8 (Deutsche Bundesbank, Bankleitzahlen)",
    ),
    issued_by_nobody(
        "GB",
        "FAKE000000",
        8,
        "no BIC of a British bank starts so (2,379 codes, schwifty 2026.10.1); sort code 00-00-00",
    ),
];

/// Finds a country by its code in any case.
#[must_use]
pub fn country(code: &[u8]) -> Option<&'static Country> {
    COUNTRIES.iter().find(|c| c.code.as_bytes().eq_ignore_ascii_case(code))
}

/// Room for the longest account number without blanks that `write` makes; a multiple of four.
pub const MAX_CHARS: usize = 36;

/// Writes an account number without blanks and returns its length in bytes.
pub fn write(country: &Country, draw: &mut Draw, out: &mut [u8; MAX_CHARS]) -> usize {
    let free = draw.below(country.count());
    write_nth(country, free, out)
}

/// Writes the account number of a number below `Country::count()`, as `write`; no other has the same.
pub fn write_nth(country: &Country, free: u64, out: &mut [u8; MAX_CHARS]) -> usize {
    *out = country.start;
    let mut len = 4 + country.bank.len();
    // At most ten digits: with the remainder of the bank code before them they are far below 2^64.
    let all = country.count();
    let free = free % all;
    let mut number = country.bank_rest * all + free;
    if let Some(place) = usize::try_from(country.free).ok().and_then(|n| out.get_mut(len..len + n)) {
        len += place.len();
        write_digits(free, place);
    }
    if country.belgian_check {
        let ten = number % 97;
        let check = if ten == 0 { 97 } else { ten };
        number = number * 100 + check;
        if let Some(place) = out.get_mut(len..len + 2) {
            len += place.len();
            write_digits(check, place);
        }
    }
    let (head, _) = out.split_at_mut(4);
    let check = 98 - fold(number % 97, head);
    write_digits(check, &mut head[2..]);
    len
}

/// Returns whether bytes are an IBAN without blanks in upper case whose check digits are right.
#[must_use]
pub fn is_valid(iban: &[u8]) -> bool {
    iban.len() > 4
        && iban.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && remainder_of_iban(iban) == 1
}

/// Returns the remainder modulo 97 of an IBAN without blanks, its check digits taken as 00.
#[must_use]
pub(super) fn rest_without_check(iban: &[u8]) -> u64 {
    let (head, tail) = iban.split_at_checked(4).unwrap_or((iban, &[]));
    let code = head.get(..2).unwrap_or_default();
    fold(fold(0, tail), code) * 100 % 97
}

fn remainder_of_iban(iban: &[u8]) -> u64 {
    let (head, tail) = iban.split_at_checked(4).unwrap_or((iban, &[]));
    fold(fold(0, tail), head)
}

/// Goes on with the remainder modulo 97 of a number whose letters count as 10 to 35 (ISO 7064).
#[expect(clippy::as_conversions, reason = "u64::from is not const; a byte always fits")]
const fn fold(start: u64, text: &[u8]) -> u64 {
    let (mut sum, mut at) = (start, 0);
    while at < text.len() {
        // The remainder is taken when the sum could overflow, not at every digit.
        if sum >= u64::MAX / 200 {
            sum %= 97;
        }
        match text[at] {
            b @ b'0'..=b'9' => sum = sum * 10 + (b - b'0') as u64,
            b @ b'A'..=b'Z' => sum = sum * 100 + 10 + (b - b'A') as u64,
            _ => {}
        }
        at += 1;
    }
    sum % 97
}

/// Returns the character of a digit.
#[must_use]
pub fn digit(n: u64) -> u8 {
    b'0' + u8::try_from(n % 10).unwrap_or(0)
}

/// Fills a place with the last digits of a number, zeros in front. `draw.below(10^k)` gives the number whose k digits as
/// many draws below ten would give.
#[inline]
pub fn write_digits(mut n: u64, place: &mut [u8]) {
    let (first, pairs) = place.as_rchunks_mut::<2>();
    for pair in pairs.iter_mut().rev() {
        *pair = usize::try_from(n % 100).ok().and_then(|at| PAIRS.get(at)).copied().unwrap_or(*b"00");
        n /= 100;
    }
    if let [first] = first {
        *first = digit(n);
    }
}

/// 00 to 99.
static PAIRS: [[u8; 2]; 100] = {
    let (mut pairs, mut tens) = ([*b"00"; 100], *b"00");
    let mut at = 0;
    while at < pairs.len() {
        pairs[at] = tens;
        at += 1;
        tens = if tens[1] == b'9' { [tens[0] + 1, b'0'] } else { [tens[0], tens[1] + 1] };
    }
    pairs
};

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
    fn digits_with_zeros_in_front_are_those_of_draws_below_ten() {
        for (n, digits) in [(0, "000"), (7, "07"), (99, "99"), (1234, "234"), (1234, "0001234"), (5, "5")] {
            let mut place = vec![b'x'; digits.len()];
            write_digits(n, &mut place);
            assert_eq!(place, digits.as_bytes());
        }
        for lane in [0, 1, 0x9E37_79B9_7F4A_7C15, u64::MAX, u64::MAX / 3] {
            for k in 1..=10_u32 {
                let (mut one, mut all) = (Draw::new(lane), Draw::new(lane));
                let singly: Vec<u8> = (0..k).map(|_| digit(one.below(10))).collect();
                let mut at_once = vec![0; singly.len()];
                write_digits(all.below(10_u64.pow(k)), &mut at_once);
                assert_eq!((at_once, all.below(1000)), (singly, one.below(1000)));
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
