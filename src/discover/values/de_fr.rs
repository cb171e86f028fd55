//! Numbers of Germany and France. Refuses the German Steuernummer, whose forms differ by Land and are those of many counts.

use super::test::{Check, Form, Test, digit, part, sum};
use crate::discover::class::Class;
use crate::vocabulary::numbers::{card, nir, passport, steuer_id};

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "Steuer-IdNr check digits",
        class: Class::SteuerId,
        form: Form::Like(&["###########"]),
        check: Check::Scheme(&steuer_id::SteuerId),
        chance: 0.0036,
        form_says: 0.5,
        source: "Abgabenordnung par. 139b; ISO 7064 MOD 11,10",
    },
    Test {
        what: "Rentenversicherungsnummer",
        class: Class::NationalId,
        form: Form::Like(&["########@###"]),
        check: Check::Code(is_rvnr),
        chance: 0.0038,
        form_says: 2.0,
        source: "VKVV par. 4",
    },
    Test {
        what: "Krankenversichertennummer",
        class: Class::NationalId,
        form: Form::Like(&["@#########"]),
        check: Check::Scheme(&steuer_id::Kvnr),
        chance: 0.1,
        form_says: 2.0,
        source: "SGB V par. 290; GKV-Spitzenverband",
    },
    Test {
        what: "identity cards of Germany",
        class: Class::Document,
        form: Form::Like(&["@********#"]),
        check: Check::Code(is_german_card),
        chance: 0.0064,
        form_says: 0.5,
        source: "Personalausweisverordnung; ICAO 9303 7-3-1",
    },
    Test {
        what: "Arztnummer",
        class: Class::PersonNumber,
        form: Form::Like(&["#########"]),
        check: Check::Code(is_lanr),
        chance: 0.1,
        form_says: 0.0,
        source: "KBV, LANR: weights 4 and 9",
    },
    Test {
        what: "NIR with its key",
        class: Class::Nir,
        form: Form::Like(&["###############", "######@########"]),
        check: Check::Scheme(&nir::Nir),
        chance: 0.0029,
        form_says: 1.0,
        source: "Code de la sécurité sociale R115-1",
    },
    Test {
        what: "SIREN check digits",
        class: Class::Kvk,
        form: Form::Like(&["#########"]),
        check: Check::Code(card::luhn),
        chance: 0.1,
        form_says: 0.5,
        source: "Code de commerce R123-221; Luhn",
    },
    Test {
        what: "SIRET check digits",
        class: Class::Kvk,
        form: Form::Like(&["##############"]),
        check: Check::Code(is_siret),
        chance: 0.011,
        form_says: 0.5,
        source: "INSEE, SIRET: Luhn of SIREN and of all",
    },
    Test {
        what: "numéro fiscal",
        class: Class::NationalId,
        form: Form::Like(&["0############", "1############", "2############", "3############"]),
        check: Check::Code(is_spi),
        chance: 0.0011,
        form_says: 0.5,
        source: "DGFiP, numéro SPI: rest modulo 511",
    },
];

/// The letter counts as the two digits of its place in the alphabet; what two digits add up to counts.
fn is_rvnr(code: &[u8]) -> bool {
    let mut digits = [0_u8; 13];
    let (Some(before), Some(letter), Some(behind)) = (code.get(..8), code.get(8), code.get(9..12)) else {
        return false;
    };
    let place = letter.wrapping_sub(b'A') + 1;
    let all =
        before.iter().copied().chain([b'0' + place / 10, b'0' + place % 10]).chain(behind.iter().copied());
    digits.iter_mut().zip(all).for_each(|(to, from)| *to = from);
    let area = part(code, 0, 2);
    let month = part(code, 4, 2);
    let day = part(code, 2, 2);
    (2..=99).contains(&area)
        && (1..=31).contains(&day)
        && (1..=12).contains(&month)
        && cross(&digits, &[2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 == digit(&digits, 12)
}

/// Adds up the digits of the products.
fn cross(code: &[u8], weights: &[u32]) -> u32 {
    let products = weights.iter().enumerate().map(|(at, weight)| weight * digit(code, at));
    products.map(|product| product / 10 + product % 10).sum()
}

/// Nine characters and a check digit, which may be the last of the nine.
fn is_german_card(code: &[u8]) -> bool {
    let plain = |byte: &u8| b"CFGHJKLMNPRTVWXYZ0123456789".contains(byte);
    let (Some(text), Some(last)) = (code.get(..9), code.get(9)) else { return false };
    text.iter().all(plain) && passport::icao_check(text) == u64::from(last.wrapping_sub(b'0'))
}

fn is_lanr(code: &[u8]) -> bool {
    (10 - sum(code, &[4, 9, 4, 9, 4, 9]) % 10) % 10 == digit(code, 6)
}

/// La Poste's own number has a rule of its own: its digits add up to a multiple of 5.
fn is_siret(code: &[u8]) -> bool {
    let siren = code.get(..9).unwrap_or_default();
    let post = siren == b"356000000" && sum(code, &[1; 14]).is_multiple_of(5);
    card::luhn(siren) && (card::luhn(code) || post)
}

fn is_spi(code: &[u8]) -> bool {
    part(code, 0, 10) % 511 == part(code, 10, 3)
}
