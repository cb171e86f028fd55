//! Telephone numbers in E.164, by the country that a national number is assumed to be of. A small rule of our own:
//! it finds the one spelling of a number, it does not say whether the number exists.
//!
//! Source: ITU-T E.164 (at most 15 digits, country code first), E.123 (spelling), and each country's trunk prefix.

use super::canon::separator;

/// How a country dials: ISO 3166 code, country code, trunk prefix that E.164 drops, digits of a national number.
struct Dialling {
    country: &'static str,
    code: &'static [u8],
    trunk: Option<u8>,
    least: usize,
    most: usize,
}

const fn dialling(
    country: &'static str,
    code: &'static [u8],
    trunk: Option<u8>,
    least: usize,
    most: usize,
) -> Dialling {
    Dialling { country, code, trunk, least, most }
}

/// Countries whose national spelling is known. Italy keeps its zero; North America's trunk is 1.
static COUNTRIES: &[Dialling] = &[
    dialling("AT", b"43", Some(b'0'), 4, 13),
    dialling("BE", b"32", Some(b'0'), 8, 9),
    dialling("CA", b"1", Some(b'1'), 10, 10),
    dialling("CH", b"41", Some(b'0'), 9, 9),
    dialling("DE", b"49", Some(b'0'), 5, 13),
    dialling("DK", b"45", None, 8, 8),
    dialling("ES", b"34", None, 9, 9),
    dialling("FR", b"33", Some(b'0'), 9, 9),
    dialling("GB", b"44", Some(b'0'), 9, 10),
    dialling("IE", b"353", Some(b'0'), 7, 10),
    dialling("IT", b"39", None, 6, 11),
    dialling("LU", b"352", None, 4, 11),
    dialling("NL", b"31", Some(b'0'), 5, 11),
    dialling("NO", b"47", None, 8, 8),
    dialling("PL", b"48", None, 9, 9),
    dialling("PT", b"351", None, 9, 9),
    dialling("SE", b"46", Some(b'0'), 7, 10),
    dialling("US", b"1", Some(b'1'), 10, 10),
];

/// Most digits of an E.164 number.
const MOST: usize = 15;

/// Least digits taken for a whole number, country code included.
const LEAST: usize = 7;

/// Digits found so far; a few more than a number holds, for the international prefix.
#[derive(Default)]
struct Digits {
    plus: bool,
    bytes: [u8; 20],
    len: usize,
}

impl Digits {
    /// Reads a spelling: digits, separators, a leading plus, and `(0)` behind an international prefix.
    fn read(value: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(value).ok()?;
        let mut digits = Self::default();
        let mut before = ['\0'; 2];
        for c in text.chars() {
            match c {
                '0'..='9' => {
                    *digits.bytes.get_mut(digits.len)? = u8::try_from(c).ok()?;
                    digits.len += 1;
                }
                '+' if digits.len == 0 && !digits.plus => digits.plus = true,
                // `+31 (0)6 ...`: the zero is for callers at home.
                ')' if before == ['(', '0'] && digits.len > 1 => digits.len -= 1,
                '(' | ')' | ',' => {}
                c if separator(c) => {}
                _ => return None,
            }
            before = [before[1], c];
        }
        Some(digits)
    }

    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Appends the E.164 form (`+31612345678`); `false` for what is no plausible number (bytes may have been appended).
pub(super) fn append(value: &[u8], country: &str, out: &mut Vec<u8>) -> bool {
    let Some(digits) = Digits::read(value) else { return false };
    let home = COUNTRIES.iter().find(|d| d.country == country);
    let all = digits.as_slice();
    let abroad: &[u8] = if home.is_some_and(|d| d.code == b"1") { b"011" } else { b"00" };
    let (code, national) = if digits.plus {
        split(all)
    } else if let Some(rest) = all.strip_prefix(abroad) {
        split(rest)
    } else if let Some(home) = home {
        let national = match home.trunk {
            Some(trunk) => match all.strip_prefix(&[trunk]) {
                Some(rest) => rest,
                // Where the trunk is optional, as in North America; elsewhere a number without it is a guess.
                None if home.code == b"1" => all,
                None => return false,
            },
            None => all,
        };
        if !(home.least..=home.most).contains(&national.len()) {
            return false;
        }
        (home.code, national)
    } else {
        return false;
    };
    let len = code.len() + national.len();
    let zero_code = code.is_empty() && national.first().is_none_or(|first| *first == b'0');
    if zero_code || !(LEAST..=MOST).contains(&len) {
        return false;
    }
    out.push(b'+');
    out.extend_from_slice(code);
    out.extend_from_slice(national);
    true
}

/// Splits digits behind an international prefix after a known country code, dropping a trunk zero left between
/// (`+31 06 ...`). An unknown code is left where it is.
fn split(all: &[u8]) -> (&[u8], &[u8]) {
    for country in COUNTRIES {
        if let Some((code, national)) = all.split_at_checked(country.code.len())
            && code == country.code
        {
            let trunk: &[u8] = if country.trunk == Some(b'0') { b"0" } else { b"" };
            return (code, national.strip_prefix(trunk).unwrap_or(national));
        }
    }
    (b"", all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn e164(value: &str, country: &str) -> Option<String> {
        let mut out = Vec::new();
        append(value.as_bytes(), country, &mut out).then(|| String::from_utf8(out).unwrap())
    }

    #[test]
    fn spellings_of_one_number() {
        for spelling in [
            "+31612345678",
            "06-12345678",
            "06 12 34 56 78",
            "0031 6 1234 5678",
            "+31 (0)6 12345678",
            "+31 06 12345678",
            "(06) 1234.5678",
            "06\u{a0}12345678",
        ] {
            assert_eq!(e164(spelling, "NL").as_deref(), Some("+31612345678"), "{spelling}");
        }
        for spelling in
            ["(202) 555-0100", "1-202-555-0100", "+1 202 555 0100", "202.555.0100", "011 1 202 555 0100"]
        {
            assert_eq!(e164(spelling, "US").as_deref(), Some("+12025550100"), "{spelling}");
        }
        assert_eq!(e164("06 1234 5678", "IT").as_deref(), Some("+390612345678"));
        assert_eq!(e164("+39 06 1234 5678", "NL").as_deref(), Some("+390612345678"));
        assert_eq!(e164("020 7946 0018", "GB").as_deref(), Some("+442079460018"));
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "",
            "+",
            "n/a",
            "06-12345678 thuis",
            "12",
            "0612345678901234567890",
            "+0612345678",
            "++31612345678",
            "555-0100",
        ] {
            assert_eq!(e164(text, "NL"), None, "{text}");
        }
        assert_eq!(e164("612345678", "NL"), None);
        assert_eq!(e164("0612345678", "XX"), None);
        assert_eq!(e164("+5511912345678", "XX").as_deref(), Some("+5511912345678"));
    }
}
