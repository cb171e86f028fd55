//! Canon 1: the form of a deciding value before it is keyed (DESIGN 4). Two spellings of one thing become the same
//! bytes; what is no valid spelling stays its exact bytes and is counted. Never fails, never drops a value.
//!
//! The forms are part of schedule 1: a change here changes every stand-in, so it needs `version: 2`. ASCII input
//! allocates nothing. Invalid UTF-8 has no text form: it is keyed as bytes.

use unicode_casefold::UnicodeCaseFold;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::phone;

/// Which canonical form applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canon {
    /// Exact bytes.
    Bytes,
    /// Trimmed, NFC, lower case.
    Email,
    /// E.164 by country (ISO 3166 code, `NL`).
    Phone {
        /// The country whose national form is assumed.
        country: &'static str,
    },
    /// Upper case, separators off: IBAN, card, postcode, plate.
    Compact,
    /// Digits, left-padded to nine.
    Bsn,
    /// Digits, separators off, left-padded to so many.
    Digits {
        /// Fewest digits.
        least: u8,
    },
    /// Lower case, hyphenated.
    Uuid,
    /// Decimal, no plus, no leading zeros.
    Integer,
    /// NFC, case-folded, single spaces.
    Name,
    /// Right-trimmed: `char(n)`.
    Padded,
    /// Case and accents folded (`fold: true`).
    Folded,
}

impl Canon {
    /// Appends the canonical form of a decoded value; `false` if it has not the form and exact bytes were taken.
    pub fn append(self, value: &[u8], out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let formed = match self {
            Self::Bytes => {
                out.extend_from_slice(value);
                true
            }
            Self::Padded => {
                let kept = value.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
                out.extend(value.iter().take(kept));
                true
            }
            Self::Email => email(value, out),
            Self::Name => name(value, out),
            Self::Folded => folded(value, out),
            Self::Compact => compact(value, out),
            Self::Phone { country } => phone::append(value, country, out),
            Self::Bsn => bsn(value, out),
            Self::Digits { least } => compact(value, out) && pad(usize::from(least), start, out),
            Self::Uuid => uuid(value, out),
            Self::Integer => integer(value, out),
        };
        if !formed {
            out.truncate(start);
            out.extend_from_slice(value);
        }
        formed
    }
}

/// Appends characters as UTF-8.
fn push_all(chars: impl Iterator<Item = char>, out: &mut Vec<u8>) {
    let mut utf8 = [0; 4];
    for c in chars {
        out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
    }
}

/// White space as Unicode has it (`White_Space`), `\x0b` included, so that the ASCII path agrees with the other.
fn ascii_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// Returns the value without ASCII white space around it.
fn trim_ascii(value: &[u8]) -> &[u8] {
    let start = value.iter().position(|b| !ascii_space(*b)).unwrap_or(value.len());
    let end = value.iter().rposition(|b| !ascii_space(*b)).map_or(start, |last| last + 1);
    value.get(start..end).unwrap_or_default()
}

/// Appends ASCII in small letters, 16 bytes at a time: so they are vectors to the processor. The last 16 overlap those
/// before them.
fn push_small(ascii: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let (whole, rest) = ascii.as_chunks::<16>();
    for chunk in whole {
        out.extend_from_slice(&chunk.map(|b| b.to_ascii_lowercase()));
    }
    match ascii.last_chunk::<16>() {
        Some(last) if !rest.is_empty() => {
            out.truncate(start + ascii.len() - last.len());
            out.extend_from_slice(&last.map(|b| b.to_ascii_lowercase()));
        }
        _ => out.extend(rest.iter().map(u8::to_ascii_lowercase)),
    }
}

fn email(value: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    if value.is_ascii() {
        push_small(trim_ascii(value), out);
    } else {
        let Ok(text) = std::str::from_utf8(value) else { return false };
        // Character by character: a final sigma must not depend on what stands behind it.
        push_all(text.trim().nfc().flat_map(char::to_lowercase).nfc(), out);
    }
    out.len() > start
}

/// Appends words with one space between them.
fn push_words(chars: impl Iterator<Item = char>, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let mut gap = false;
    let mut utf8 = [0; 4];
    for c in chars {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && out.len() > start {
            out.push(b' ');
        }
        gap = false;
        out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
    }
    out.len() > start
}

fn name(value: &[u8], out: &mut Vec<u8>) -> bool {
    if value.is_ascii() {
        return push_words(value.iter().map(|b| char::from(b.to_ascii_lowercase())), out);
    }
    let Ok(text) = std::str::from_utf8(value) else { return false };
    // Folding the decomposed form is what makes the result stable (Unicode 3.13, D145).
    push_words(text.nfd().case_fold().nfc(), out)
}

fn folded(value: &[u8], out: &mut Vec<u8>) -> bool {
    if value.is_ascii() {
        out.extend(value.iter().map(u8::to_ascii_lowercase));
        return true;
    }
    let Ok(text) = std::str::from_utf8(value) else { return false };
    push_all(text.nfd().case_fold().nfd().filter(|c| !is_combining_mark(*c)).nfc(), out);
    true
}

/// Returns whether a character only separates groups of an account, card, postcode or plate number.
pub(super) fn separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn compact(value: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    if value.iter().all(u8::is_ascii_alphanumeric) {
        out.extend_from_slice(value);
        out.get_mut(start..).unwrap_or_default().make_ascii_uppercase();
        return out.len() > start;
    }
    let Ok(text) = std::str::from_utf8(value) else { return false };
    for c in text.chars().filter(|c| !separator(*c)) {
        match u8::try_from(c) {
            Ok(byte) if byte.is_ascii_alphanumeric() => out.push(byte.to_ascii_uppercase()),
            _ => return false,
        }
    }
    out.len() > start
}

/// Puts zeros before the digits from `start`; `false` if there is anything else.
fn pad(least: usize, start: usize, out: &mut Vec<u8>) -> bool {
    let digits = out.get(start..).unwrap_or_default();
    let (formed, missing) = (digits.iter().all(u8::is_ascii_digit), least.saturating_sub(digits.len()));
    if formed {
        out.resize(out.len() + missing, b'0');
        out.get_mut(start..).unwrap_or_default().rotate_right(missing);
    }
    formed
}

fn bsn(value: &[u8], out: &mut Vec<u8>) -> bool {
    let mut digits = [b'0'; 9];
    let mut count = 0;
    for byte in value {
        match byte {
            b'0'..=b'9' => {
                digits.rotate_left(1);
                if let Some(last) = digits.last_mut() {
                    *last = *byte;
                }
                count += 1;
            }
            b'.' | b' ' | b'-' => {}
            _ => return false,
        }
    }
    out.extend_from_slice(&digits);
    (1..=digits.len()).contains(&count)
}

/// Returns the value of a UUID in any spelling that PostgreSQL reads (hyphens after any four digits, braces), and
/// with `urn:uuid:` before it.
#[must_use]
pub fn parse_uuid(value: &[u8]) -> Option<u128> {
    let value = trim_ascii(value);
    let value = match value.split_at_checked(9) {
        Some((head, rest)) if head.eq_ignore_ascii_case(b"urn:uuid:") => rest,
        _ => value,
    };
    let value = match value {
        [b'{', inner @ .., b'}'] => inner,
        [b'{', ..] | [.., b'}'] => return None,
        _ => value,
    };
    let (mut bits, mut count, mut hyphen) = (0_u128, 0_u32, true);
    for byte in value {
        if *byte == b'-' {
            if hyphen || count % 4 != 0 {
                return None;
            }
            hyphen = true;
        } else {
            bits = (bits << 4) | u128::from(char::from(*byte).to_digit(16)?);
            count += 1;
            hyphen = false;
            if count > 32 {
                return None;
            }
        }
    }
    (count == 32 && !hyphen).then_some(bits)
}

fn uuid(value: &[u8], out: &mut Vec<u8>) -> bool {
    let Some(bits) = parse_uuid(value) else { return false };
    for (at, nibble) in (0..32_u32).rev().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            out.push(b'-');
        }
        let digit = u32::try_from((bits >> (4 * nibble)) & 15).ok().and_then(|d| char::from_digit(d, 16));
        push_all(digit.into_iter(), out);
    }
    true
}

/// Splits the spelling of a whole number (white space around it allowed) into minus and digits without leading
/// zeros; zero is `(false, b"0")` however it is signed.
#[must_use]
pub fn parse_integer(value: &[u8]) -> Option<(bool, &[u8])> {
    let value = trim_ascii(value);
    let (minus, digits) = match value {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    match digits.iter().position(|b| *b != b'0').and_then(|first| digits.get(first..)) {
        Some(digits) => Some((minus, digits)),
        None => Some((false, b"0")),
    }
}

fn integer(value: &[u8], out: &mut Vec<u8>) -> bool {
    // The usual spelling is the canonical one already.
    if value.first().is_some_and(|b| *b != b'0') && value.iter().all(u8::is_ascii_digit) {
        out.extend_from_slice(value);
        return true;
    }
    let Some((minus, digits)) = parse_integer(value) else { return false };
    if minus {
        out.push(b'-');
    }
    out.extend_from_slice(digits);
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: &[Canon] = &[
        Canon::Bytes,
        Canon::Email,
        Canon::Phone { country: "NL" },
        Canon::Phone { country: "US" },
        Canon::Phone { country: "IT" },
        Canon::Compact,
        Canon::Bsn,
        Canon::Digits { least: 8 },
        Canon::Uuid,
        Canon::Integer,
        Canon::Name,
        Canon::Padded,
        Canon::Folded,
    ];

    fn canon(canon: Canon, value: &str) -> (String, bool) {
        let mut out = b"before ".to_vec();
        let formed = canon.append(value.as_bytes(), &mut out);
        (String::from_utf8(out).unwrap().strip_prefix("before ").unwrap().to_owned(), formed)
    }

    fn same(kind: Canon, spellings: &[&str], form: &str) {
        for spelling in spellings {
            assert_eq!(canon(kind, spelling), (form.to_owned(), true), "{spelling}");
        }
    }

    fn exact(kind: Canon, spellings: &[&str]) {
        for spelling in spellings {
            assert_eq!(canon(kind, spelling), ((*spelling).to_owned(), false), "{spelling}");
        }
    }

    #[test]
    fn text_forms() {
        same(Canon::Email, &["Jan@Example.ORG", " jan@example.org\n"], "jan@example.org");
        for len in [13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100] {
            let long = format!("{}@Example.ORG", "A[Z@z".repeat(20).split_at(len - 12).0);
            same(Canon::Email, &[&long, &format!("\t{long} ")], &long.to_ascii_lowercase());
        }
        same(
            Canon::Email,
            &["Ren\u{e9}@example.org", "REN\u{c9}@example.org", "rene\u{301}@example.org"],
            "ren\u{e9}@example.org",
        );
        same(Canon::Name, &["Van  der Berg", " van der\tberg ", "VAN\u{a0}DER BERG"], "van der berg");
        same(Canon::Name, &["Stra\u{df}e", "STRASSE"], "strasse");
        same(Canon::Name, &["Zo\u{eb}", "ZOE\u{308}"], "zo\u{eb}");
        same(Canon::Folded, &["Zo\u{eb}", "ZOE", "zoe\u{308}"], "zoe");
        same(Canon::Padded, &["ab  ", "ab"], "ab");
        same(Canon::Padded, &["ab \t"], "ab \t");
        exact(Canon::Email, &["", "  "]);
    }

    #[test]
    fn nasty_37_numbers_uuids_and_padding_agree() {
        same(Canon::Integer, &["7", "007", "+7", " 7  "], "7");
        same(Canon::Integer, &["0", "-0", "+000", "000"], "0");
        same(Canon::Integer, &["-12", "-0012"], "-12");
        exact(Canon::Integer, &["", "-", "7.0", "1e3", "1 2", "\u{661}", "--1", "0x1f"]);
        let form = "0f8fad5b-d9cb-469f-a165-70867728950e";
        same(
            Canon::Uuid,
            &[
                form,
                "0F8FAD5B-D9CB-469F-A165-70867728950E",
                "{0f8fad5b-d9cb-469f-a165-70867728950e}",
                "0f8fad5bd9cb469fa16570867728950e",
                "0f8f-ad5b-d9cb-469f-a165-7086-7728-950e",
                "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
            ],
            form,
        );
        exact(
            Canon::Uuid,
            &[
                "0f8fad5b-d9cb-469f-a165-70867728950",
                "0f8fad5b-d9cb-469f-a165-70867728950e0",
                "{0f8fad5b-d9cb-469f-a165-70867728950e",
                "-0f8fad5bd9cb469fa16570867728950e",
                "0f8fad5bd9cb469fa16570867728950e-",
                "0f8fad5b--d9cb469fa16570867728950e",
                "0f8fad5b-d9cb-469f-a165-70867728950g",
            ],
        );
    }

    #[test]
    fn numbers_of_people() {
        same(Canon::Bsn, &["123456782", "1234.56.782", "123 456 782", "123-456-782"], "123456782");
        same(Canon::Bsn, &["12345672", "012345672"], "012345672");
        exact(Canon::Bsn, &["", ".", "1234567890", "12345678a"]);
        same(Canon::Digits { least: 8 }, &["1234567", "01234567", "01.23.45-67"], "01234567");
        same(Canon::Digits { least: 8 }, &["123456789", "1234 56789"], "123456789");
        exact(Canon::Digits { least: 8 }, &["", "-", "1234567a"]);
        same(
            Canon::Compact,
            &["nl91 abna 0417 1643 00", "NL91ABNA0417164300", "NL91-ABNA.0417/1643\u{a0}00"],
            "NL91ABNA0417164300",
        );
        same(Canon::Compact, &["1234 ab", "1234AB"], "1234AB");
        exact(Canon::Compact, &["", " - ", "1234 \u{e9}", "12_34", "\u{ff11}"]);
    }

    #[test]
    fn nasty_21_invalid_utf8_is_keyed_as_bytes() {
        for kind in ALL {
            let mut out = Vec::new();
            let formed = kind.append(b"a\xff@example.org", &mut out);
            assert_eq!(out, b"a\xff@example.org");
            assert_eq!(formed, matches!(kind, Canon::Bytes | Canon::Padded), "{kind:?}");
        }
    }

    #[test]
    fn golden_forms() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../fixtures/keys/schedule-1.json")).unwrap();
        for row in vectors["canon"].as_array().unwrap() {
            let [kind, input, form] = [0, 1, 2].map(|at| row[at].as_str().unwrap());
            let kind = match kind {
                "email" => Canon::Email,
                "name" => Canon::Name,
                "compact" => Canon::Compact,
                "bsn" => Canon::Bsn,
                "uuid" => Canon::Uuid,
                "integer" => Canon::Integer,
                "phone:NL" => Canon::Phone { country: "NL" },
                "phone:US" => Canon::Phone { country: "US" },
                "padded" => Canon::Padded,
                "folded" => Canon::Folded,
                other => panic!("{other} is no form"),
            };
            same(kind, &[input], form);
        }
    }

    proptest! {
        #[test]
        fn idempotent_on_any_text(value in "\\PC{0,12}") {
            for kind in ALL {
                let (once, formed) = canon(*kind, &value);
                let (twice, again) = canon(*kind, &once);
                prop_assert_eq!(&once, &twice);
                prop_assert_eq!(formed, again);
            }
        }

        #[test]
        fn idempotent_on_likely_text(value in "[ +0-9a-fA-F(){}./@\u{e9}\u{130}\u{345}\u{3a3}\u{300}-]{0,14}") {
            for kind in ALL {
                let (once, _) = canon(*kind, &value);
                prop_assert_eq!(&canon(*kind, &once).0, &once);
            }
        }

        #[test]
        fn exact_bytes_without_the_form(value in proptest::collection::vec(any::<u8>(), 0..20)) {
            for kind in ALL {
                let mut out = Vec::new();
                if !kind.append(&value, &mut out) {
                    prop_assert_eq!(&out, &value);
                }
            }
        }
    }
}
