//! Accounts, cards, banks, VAT numbers; and numbers of goods and securities, which are nobody's.

use super::europe::is_ean;
use super::test::{Check, Form, Test, digit, mod_97};
use crate::discover::class::Class;
use crate::discover::measure::look::Look;
use crate::vocabulary::numbers::{card, iban, vat};

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "IBAN with its check",
        class: Class::Iban,
        form: Form::Like(&[
            "@@##***********",
            "@@##************",
            "@@##*************",
            "@@##**************",
            "@@##***************",
            "@@##****************",
            "@@##*****************",
            "@@##******************",
            "@@##*******************",
            "@@##********************",
            "@@##*********************",
            "@@##**********************",
            "@@##***********************",
            "@@##************************",
            "@@##*************************",
            "@@##**************************",
            "@@##***************************",
            "@@##****************************",
            "@@##*****************************",
            "@@##******************************",
        ]),
        check: Check::Code(is_iban),
        chance: 0.0013,
        form_says: 4.0,
        source: "ISO 13616; IBAN registry",
    },
    Test {
        what: "payment cards",
        class: Class::Card,
        form: Form::Like(&[
            "#############",
            "##############",
            "###############",
            "################",
            "#################",
            "##################",
            "###################",
        ]),
        check: Check::Code(is_card),
        chance: 0.03,
        form_says: 0.5,
        source: "ISO/IEC 7812-1 annex B; brands' ranges",
    },
    Test {
        what: "VAT numbers",
        class: Class::Vat,
        form: Form::Like(&[
            "NL#########B##",
            "BE0#########",
            "BE1#########",
            "DE#########",
            "FR###########",
            "GB#########",
        ]),
        check: Check::Scheme(&vat::Vat),
        chance: 0.036,
        form_says: 3.0,
        source: "VIES, structure and algorithms",
    },
    Test {
        what: "form of a VAT number",
        class: Class::Vat,
        form: Form::Like(&[
            "ATU########",
            "LU########",
            "DK########",
            "ESX#######@",
            "ES@########",
            "IT###########",
            "PL##########",
            "PT#########",
            "SE##########01",
            "FI########",
            "CZ########",
            "IE#######@",
            "EL#########",
            "HU########",
            "RO########",
        ]),
        check: Check::None,
        chance: 1.0,
        form_says: 3.5,
        source: "VIES, structure",
    },
    Test {
        what: "BIC",
        class: Class::Bic,
        form: Form::Like(&["@@@@@@**", "@@@@@@*****"]),
        check: Check::Value(is_bic),
        chance: 0.26,
        form_says: 2.0,
        source: "ISO 9362; countries of ISO 3166",
    },
    Test {
        what: "LEI",
        class: Class::Kvk,
        form: Form::Like(&["******************##"]),
        check: Check::Code(is_lei),
        chance: 0.0103,
        form_says: 1.0,
        source: "ISO 17442: MOD 97-10",
    },
    Test {
        what: "ISIN (securities)",
        class: Class::Label,
        form: Form::Like(&["@@*********#"]),
        check: Check::Code(is_isin),
        chance: 0.1,
        form_says: 2.0,
        source: "ISO 6166: Luhn",
    },
    Test {
        what: "EAN-13 (goods)",
        class: Class::Label,
        form: Form::Like(&["#############"]),
        check: Check::Code(is_ean),
        chance: 0.1,
        form_says: 1.0,
        source: "GS1 General Specifications 7.9",
    },
    Test {
        what: "VIN check digit",
        class: Class::Vin,
        form: Form::Like(&["*****************"]),
        check: Check::Code(is_vin),
        chance: 0.006,
        form_says: 1.0,
        source: "ISO 3779; 49 CFR 565.15",
    },
    Test {
        what: "IMEI",
        class: Class::Device,
        form: Form::Like(&["###############"]),
        check: Check::Code(card::luhn),
        chance: 0.1,
        form_says: 0.5,
        source: "3GPP TS 23.003 annex B",
    },
];

fn is_iban(code: &[u8]) -> bool {
    code.first_chunk::<2>().is_some_and(|country| iban::country_of(country).is_some())
        && mod_97(code.iter().skip(4).chain(code.iter().take(4)).copied()) == 1
}

/// Luhn's rule, and the range and length of a brand.
fn is_card(code: &[u8]) -> bool {
    let first = digit(code, 0) * 10 + digit(code, 1);
    let brand = matches!(
        (first, code.len()),
        (40..=49, 13 | 16 | 19)
            | (50 | 56..=58 | 60..=69, 13..=19)
            | (51..=55 | 22..=27 | 35, 16)
            | (34 | 37, 15)
            | (30 | 36 | 38 | 39, 14 | 16)
    );
    brand && card::luhn(code)
}

fn is_bic(look: &Look<'_>) -> bool {
    let country = look.code().get(4..6).unwrap_or_default();
    look.bytes.len() == look.code().len()
        && iban::is_bic(look.code())
        && super::codes::is_country(country)
        && !look.bytes.iter().any(u8::is_ascii_lowercase)
}

fn is_lei(code: &[u8]) -> bool {
    mod_97(code.iter().copied()) == 1
}

/// Letters count as two digits in Luhn's sum.
fn is_isin(code: &[u8]) -> bool {
    let mut digits = Vec::with_capacity(24);
    for byte in code {
        match byte {
            b'A'..=b'Z' => {
                let value = byte - b'A' + 10;
                digits.extend([b'0' + value / 10, b'0' + value % 10]);
            }
            other => digits.push(*other),
        }
    }
    card::luhn(&digits)
}

/// Letters without I, O, Q; the ninth character is the check of the others (kept outside of Europe).
fn is_vin(code: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |byte: u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'H' => Some(u32::from(byte - b'A') + 1),
        b'J'..=b'N' => Some(u32::from(byte - b'J') + 1),
        b'P' => Some(7),
        b'R' => Some(9),
        b'S'..=b'Z' => Some(u32::from(byte - b'S') + 2),
        _ => None,
    };
    let sum = code.iter().zip(WEIGHTS).try_fold(0, |sum, (byte, weight)| Some(sum + weight * value(*byte)?));
    let check =
        |rest: u32| if rest == 10 { Some(b'X') } else { u8::try_from(rest).ok().map(|rest| b'0' + rest) };
    sum.is_some_and(|sum| check(sum % 11) == code.get(8).copied())
}
