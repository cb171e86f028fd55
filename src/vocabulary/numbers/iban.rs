//! IBAN and BIC: which countries write accounts how, and every check they carry. Refuses countries that the registry
//! does not list.
//!
//! Source: ISO 13616 and SWIFT's IBAN registry (structure of the BBAN: n digits, a letters, c either); national checks:
//! Belgium (ten digits modulo 97, 0 = 97), France and Monaco (clé RIB), those who take ISO 7064 MOD 97-10, and Mauritania
//! and Tunisia (97 less the rest). Other national checks are not known here. BIC: ISO 9362.

use super::number;

/// A check inside the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    None,
    /// The digits before it modulo 97, 0 counts as 97.
    Rest97,
    /// 97 less (the digits before it · 100 modulo 97), letters as the clé RIB counts them.
    Rib,
    /// 98 less (the digits before it · 100 modulo 97).
    Mod97,
}

/// How a country writes accounts.
#[derive(Debug)]
pub struct Country {
    code: &'static str,
    /// How many characters name the bank.
    pub bank: usize,
    structure: &'static str,
    check: Check,
}

const fn country(code: &'static str, bank: usize, structure: &'static str) -> Country {
    Country { code, bank, structure, check: Check::None }
}

const fn checked(code: &'static str, bank: usize, structure: &'static str, check: Check) -> Country {
    Country { code, bank, structure, check }
}

/// The registry, by code.
static COUNTRIES: &[Country] = &[
    country("AD", 4, "4n4n12c"),
    country("AE", 3, "3n16n"),
    country("AL", 3, "8n16c"),
    country("AT", 5, "5n11n"),
    country("AZ", 4, "4a20c"),
    checked("BA", 3, "3n3n8n2n", Check::Mod97),
    checked("BE", 3, "3n7n2n", Check::Rest97),
    country("BG", 4, "4a4n2n8c"),
    country("BH", 4, "4a14c"),
    country("BR", 8, "8n5n10n1a1c"),
    country("BY", 4, "4c4n16c"),
    country("CH", 5, "5n12c"),
    country("CR", 4, "4n14n"),
    country("CY", 3, "3n5n16c"),
    country("CZ", 4, "4n6n10n"),
    country("DE", 8, "8n10n"),
    country("DK", 4, "4n9n1n"),
    country("DO", 4, "4c20n"),
    country("EE", 2, "2n2n11n1n"),
    country("EG", 4, "4n4n17n"),
    country("ES", 4, "4n4n1n1n10n"),
    country("FI", 3, "3n11n"),
    country("FO", 4, "4n9n1n"),
    checked("FR", 5, "5n5n11c2n", Check::Rib),
    country("GB", 4, "4a6n8n"),
    country("GE", 2, "2a16n"),
    country("GI", 4, "4a15c"),
    country("GL", 4, "4n9n1n"),
    country("GR", 3, "3n4n16c"),
    country("GT", 4, "4c20c"),
    country("HR", 7, "7n10n"),
    country("HU", 3, "3n4n1n15n1n"),
    country("IE", 4, "4a6n8n"),
    country("IL", 3, "3n3n13n"),
    country("IQ", 4, "4a3n12n"),
    country("IS", 4, "4n2n6n10n"),
    country("IT", 6, "1a5n5n12c"),
    country("JO", 4, "4a4n18c"),
    country("KW", 4, "4a22c"),
    country("KZ", 3, "3n13c"),
    country("LB", 4, "4n20c"),
    country("LC", 4, "4a24c"),
    country("LI", 5, "5n12c"),
    country("LT", 5, "5n11n"),
    country("LU", 3, "3n13c"),
    country("LV", 4, "4a13c"),
    checked("MC", 5, "5n5n11c2n", Check::Rib),
    country("MD", 2, "2c18c"),
    checked("ME", 3, "3n13n2n", Check::Mod97),
    checked("MK", 3, "3n10c2n", Check::Mod97),
    checked("MR", 5, "5n5n11n2n", Check::Rib),
    country("MT", 4, "4a5n18c"),
    country("MU", 4, "4a2n2n12n3n3a"),
    country("NL", 4, "4a10n"),
    country("NO", 4, "4n6n1n"),
    country("PK", 4, "4a16c"),
    country("PL", 8, "8n16n"),
    country("PS", 4, "4a21c"),
    checked("PT", 4, "4n4n11n2n", Check::Mod97),
    country("QA", 4, "4a21c"),
    country("RO", 4, "4a16c"),
    checked("RS", 3, "3n13n2n", Check::Mod97),
    country("SA", 2, "2n18c"),
    country("SC", 4, "4a2n2n16n3a"),
    country("SE", 3, "3n16n1n"),
    checked("SI", 5, "5n8n2n", Check::Mod97),
    country("SK", 4, "4n6n10n"),
    country("SM", 6, "1a5n5n12c"),
    country("ST", 4, "4n4n11n2n"),
    country("SV", 4, "4a20n"),
    checked("TL", 3, "3n14n2n", Check::Mod97),
    checked("TN", 2, "2n3n13n2n", Check::Rib),
    country("TR", 5, "5n1n16c"),
    country("UA", 6, "6n19c"),
    country("VA", 3, "3n15n"),
    country("VG", 4, "4a16n"),
    country("XK", 4, "4n10n2n"),
];

impl Country {
    /// Returns the kind (`n`, `a`, `c`) of every character of the account.
    fn kinds(&self) -> impl Iterator<Item = u8> {
        let mut count = 0_usize;
        self.structure.bytes().flat_map(move |byte| {
            if byte.is_ascii_digit() {
                count = count * 10 + usize::from(byte - b'0');
                return std::iter::repeat_n(byte, 0);
            }
            std::iter::repeat_n(byte, std::mem::take(&mut count))
        })
    }

    /// Returns how many characters at the end of the account are a check that is known here.
    #[must_use]
    pub fn checks(&self) -> usize {
        if self.check == Check::None { 0 } else { 2 }
    }

    /// Returns the length of an IBAN without blanks.
    #[must_use]
    pub fn chars(&self) -> usize {
        4 + self.kinds().count()
    }

    fn fits(&self, account: &[u8]) -> bool {
        let mut kinds = self.kinds();
        account.iter().all(|byte| match kinds.next() {
            Some(b'n') => byte.is_ascii_digit(),
            Some(b'a') => byte.is_ascii_uppercase(),
            Some(b'c') => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            _ => false,
        }) && kinds.next().is_none()
    }

    /// Returns the check that stands behind the rest of the account.
    fn check(&self, account: &[u8]) -> u64 {
        let rest = account.iter().fold(0, |sum, byte| {
            let value = match (self.check, byte) {
                (Check::Rib, b'A'..=b'I') => u64::from(byte - b'A') + 1,
                (Check::Rib, b'J'..=b'R') => u64::from(byte - b'J') + 1,
                (Check::Rib, b'S'..=b'Z') => u64::from(byte - b'S') + 2,
                (_, b'A'..=b'Z') => return (sum * 100 + u64::from(byte - b'A') + 10) % 97,
                _ => u64::from(byte.wrapping_sub(b'0')),
            };
            (sum * 10 + value) % 97
        });
        match self.check {
            Check::None => 0,
            Check::Rest97 => (rest + 96) % 97 + 1,
            Check::Rib => 97 - rest * 100 % 97,
            Check::Mod97 => 98 - rest * 100 % 97,
        }
    }

    /// Writes the checks of an IBAN without blanks anew: the national one that is known, off by so much (0 is right), and
    /// the two digits in front.
    pub fn mend(&self, iban: &mut [u8], off: u64) {
        let checks = self.checks();
        if let Some((account, check)) = iban.get_mut(4..).and_then(|account| {
            account.len().checked_sub(checks).and_then(|at| account.split_at_mut_checked(at))
        }) {
            let value = self.check(account) + off;
            crate::vocabulary::iban::write_digits(value, check);
        }
        let digits = 98 - crate::vocabulary::iban::rest_without_check(iban);
        if let Some(place) = iban.get_mut(2..4) {
            crate::vocabulary::iban::write_digits(digits, place);
        }
    }
}

/// Finds a country by its ISO 3166 code in capitals.
#[must_use]
pub fn country_of(code: &[u8]) -> Option<&'static Country> {
    let at = COUNTRIES.binary_search_by(|c| c.code.as_bytes().cmp(code)).ok()?;
    COUNTRIES.get(at)
}

/// Finds the country of an IBAN without blanks in upper case, and by how much its national check is off (0 to 99; 0 is
/// right, or there is none). `None` if the two digits in front are wrong, or Belgium's check, which all software holds.
#[must_use]
pub fn read(iban: &[u8]) -> Option<(&'static Country, u64)> {
    let (code, rest) = iban.split_first_chunk::<2>()?;
    let (digits, account) = rest.split_first_chunk::<2>()?;
    let country = country_of(code)?;
    let (before, check) = account.split_at_checked(account.len().checked_sub(country.checks())?)?;
    let off = if check.is_empty() { 0 } else { (number(check)? + 100 - country.check(before)) % 100 };
    let right = digits.iter().all(u8::is_ascii_digit)
        && country.fits(account)
        && (off == 0 || country.check != Check::Rest97)
        && crate::vocabulary::iban::is_valid(iban);
    right.then_some((country, off))
}

/// Returns whether text has the form of a BIC: four letters, a country, two letters or digits, none or three more.
#[must_use]
pub fn is_bic(text: &[u8]) -> bool {
    let Some((letters, place)) = text.split_first_chunk::<6>() else { return false };
    let plain = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    matches!(text.len(), 8 | 11) && letters.iter().all(u8::is_ascii_uppercase) && place.iter().all(plain)
}
