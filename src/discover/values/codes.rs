//! Codes of places, diseases and money: postcodes, countries, ICD-10, ATC.

use super::test::{Check, Form, Test, is_like};
use crate::discover::class::Class;
use crate::discover::measure::look::Look;
use crate::vocabulary::numbers::postcode;

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "postcodes of the United Kingdom",
        class: Class::Postcode,
        form: Form::Any,
        check: Check::Value(is_gb_postcode),
        chance: 0.0005,
        form_says: 0.0,
        source: "Royal Mail, PAF programmer's guide",
    },
    Test {
        what: "postcodes with a blank or hyphen",
        class: Class::Postcode,
        form: Form::Any,
        check: Check::Value(is_spaced_postcode),
        chance: 0.002,
        form_says: 0.0,
        source: "UPU S42: CA, PL, PT, SE, US ZIP+4, NL",
    },
    Test {
        what: "five digits that begin with a zero or not",
        class: Class::Postcode,
        form: Form::Like(&["#####"]),
        check: Check::Value(is_five),
        chance: 1.0,
        form_says: 0.5,
        source: "Deutsche Post, La Poste, USPS: any five digits",
    },
    Test {
        what: "codes of diseases (ICD-10)",
        class: Class::Health,
        form: Form::Like(&["@##", "@###", "@####", "@##*", "@##**"]),
        check: Check::Value(is_icd),
        chance: 0.96,
        form_says: 0.7,
        source: "WHO, ICD-10",
    },
    Test {
        what: "codes of diseases with a point",
        class: Class::Health,
        form: Form::Any,
        check: Check::Value(is_dotted_icd),
        chance: 0.0005,
        form_says: 0.0,
        source: "WHO, ICD-10",
    },
    Test {
        what: "codes of medicines (ATC)",
        class: Class::Health,
        form: Form::Like(&["@##@@##", "@##@@"]),
        check: Check::Value(is_atc),
        chance: 0.16,
        form_says: 3.0,
        source: "WHO, ATC: 14 groups",
    },
    Test {
        what: "latitudes and longitudes",
        class: Class::Latitude,
        form: Form::Any,
        check: Check::Value(is_degree),
        chance: 0.003,
        form_says: 0.0,
        source: "ISO 6709: five decimals or more",
    },
];

/// Returns whether two letters are the code of a country.
pub(super) fn is_country(code: &[u8]) -> bool {
    const CODES: &[u8] = b"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCI\
CKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEIL\
IMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNE\
NFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTL\
TMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";
    let (pairs, _) = CODES.as_chunks::<2>();
    pairs.iter().any(|pair| pair == code)
}

fn is_gb_postcode(look: &Look<'_>) -> bool {
    let code = look.code();
    (5..=7).contains(&code.len())
        && (look.words == 2 || look.bytes.len() == code.len())
        && postcode::of("GB").is_some_and(|scheme| scheme.is_valid(code))
}

/// Returns whether the value is as a pattern says: `#` a digit, `@` a letter, anything else itself.
fn is_raw(look: &Look<'_>, pattern: &str) -> bool {
    look.bytes.len() == pattern.len()
        && look.bytes.iter().zip(pattern.bytes()).all(|(byte, like)| match like {
            b'#' => byte.is_ascii_digit(),
            b'@' => byte.is_ascii_uppercase(),
            other => *byte == other,
        })
}

fn is_spaced_postcode(look: &Look<'_>) -> bool {
    ["#### @@", "@#@ #@#", "##-###", "####-###", "### ##", "#####-####"].iter().any(|like| is_raw(look, like))
}

fn is_five(look: &Look<'_>) -> bool {
    look.bytes.len() == 5
}

/// A chapter's letter, two digits and up to two more; U is for emergencies.
fn is_icd(look: &Look<'_>) -> bool {
    let code = look.code();
    code.first().is_some_and(|letter| *letter != b'U')
        && code.get(1..3).is_some_and(|two| two.iter().all(u8::is_ascii_digit))
        && look.bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
        && !look.bytes.first().is_some_and(u8::is_ascii_lowercase)
}

fn is_dotted_icd(look: &Look<'_>) -> bool {
    (5..=8).contains(&look.bytes.len())
        && look.bytes.get(3) == Some(&b'.')
        && look.bytes.first().is_some_and(u8::is_ascii_uppercase)
        && look.bytes.get(1..3).is_some_and(|two| two.iter().all(u8::is_ascii_digit))
        && look.bytes.iter().skip(4).all(u8::is_ascii_alphanumeric)
}

fn is_atc(look: &Look<'_>) -> bool {
    let code = look.code();
    look.bytes.len() == code.len()
        && code.first().is_some_and(|group| b"ABCDGHJLMNPRSV".contains(group))
        && (is_like(code, b"@##@@##") || is_like(code, b"@##@@"))
        && matches!(code.get(1..3), Some([b'0' | b'1' | b'2', _]))
}

fn is_degree(look: &Look<'_>) -> bool {
    look.decimal.is_some_and(|(digits, number)| (5..=15).contains(&digits) && number.abs() <= 180.0)
}
