//! National numbers of other countries of Europe, as far as they have check digits or a date in them.

use super::test::{Check, Form, Test, digit, is_day, part, sum};
use crate::discover::class::Class;
use crate::vocabulary::numbers::{card, number};

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "NIF and NIE of Spain",
        class: Class::NationalId,
        form: Form::Like(&["########@", "X#######@", "Y#######@", "Z#######@"]),
        check: Check::Code(is_es),
        chance: 0.041,
        form_says: 1.5,
        source: "Real Decreto 1553/2005; letter modulo 23",
    },
    Test {
        what: "codice fiscale",
        class: Class::NationalId,
        form: Form::Like(&["@@@@@@##@##@###@"]),
        check: Check::Code(is_it),
        chance: 0.011,
        form_says: 5.0,
        source: "Decreto 23 December 1976",
    },
    Test {
        what: "PESEL",
        class: Class::NationalId,
        form: Form::Like(&["###########"]),
        check: Check::Code(is_pl),
        chance: 0.018,
        form_says: 0.5,
        source: "Ustawa o ewidencji ludności: weights 1 3 7 9",
    },
    Test {
        what: "personnummer",
        class: Class::NationalId,
        form: Form::Like(&["##########", "19##########", "20##########"]),
        check: Check::Code(is_se),
        chance: 0.0073,
        form_says: 0.5,
        source: "Skatteverket SKV 704: Luhn",
    },
    Test {
        what: "CPR numbers (date)",
        class: Class::NationalId,
        form: Form::Like(&["##########"]),
        check: Check::Code(is_dk),
        chance: 0.0366,
        form_says: 0.0,
        source: "CPR-kontoret: the check is not kept since 2007",
    },
    Test {
        what: "fødselsnummer",
        class: Class::NationalId,
        form: Form::Like(&["###########"]),
        check: Check::Code(is_no),
        chance: 0.00055,
        form_says: 0.5,
        source: "Skatteetaten: two checks modulo 11",
    },
    Test {
        what: "henkilötunnus",
        class: Class::NationalId,
        form: Form::Like(&["######A###*", "#########*"]),
        check: Check::Code(is_fi),
        chance: 0.0014,
        form_says: 0.5,
        source: "Digi- ja väestötietovirasto: modulo 31",
    },
    Test {
        what: "Sozialversicherungsnummer of Austria",
        class: Class::NationalId,
        form: Form::Like(&["##########"]),
        check: Check::Code(is_at),
        chance: 0.003,
        form_says: 0.5,
        source: "ASVG par. 31: weights 3 7 9 5 8 4 2 1 6",
    },
    Test {
        what: "AHV-Nummer",
        class: Class::NationalId,
        form: Form::Like(&["756##########"]),
        check: Check::Code(is_ean),
        chance: 0.1,
        form_says: 3.5,
        source: "AHVV art. 133bis; EAN-13 behind 756",
    },
    Test {
        what: "NIF of Portugal",
        class: Class::NationalId,
        form: Form::Like(&["1########", "2########", "3########"]),
        check: Check::Code(is_pt),
        chance: 0.09,
        form_says: 0.0,
        source: "Decreto-Lei 14/2013",
    },
    Test {
        what: "PPS numbers",
        class: Class::NationalId,
        form: Form::Like(&["#######@", "#######@@"]),
        check: Check::Code(is_ie),
        chance: 0.04,
        form_says: 1.0,
        source: "Revenue, PPSN: letter modulo 23",
    },
    Test {
        what: "rodné číslo",
        class: Class::NationalId,
        form: Form::Like(&["##########"]),
        check: Check::Code(is_cz),
        chance: 0.0143,
        form_says: 0.5,
        source: "Zákon 133/2000 Sb. par. 13",
    },
    Test {
        what: "numbers of Luxembourg",
        class: Class::NationalId,
        form: Form::Like(&["19###########", "20###########"]),
        check: Check::Code(is_lu),
        chance: 0.0038,
        form_says: 1.0,
        source: "Règlement grand-ducal of 18 June 2014: Luhn; Verhoeff not tested",
    },
];

fn is_es(code: &[u8]) -> bool {
    let Some((letter, digits)) = code.split_last() else { return false };
    let first = match digits.first() {
        Some(b'Y') => 10_000_000,
        Some(b'Z') => 20_000_000,
        _ => 0,
    };
    let from = usize::from(digits.first().is_some_and(u8::is_ascii_uppercase));
    let rest = (first + part(code, from, 8 - from)) % 23;
    let right = usize::try_from(rest).ok().and_then(|at| b"TRWAGMYFPDXBNJZSQVHLCKE".get(at));
    right == Some(letter)
}

/// Characters at odd places count by a table; months are letters, women's days have 40 added.
fn is_it(code: &[u8]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let Some((last, before)) = code.split_last() else { return false };
    let sum: u32 = before
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            let value = if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'A') };
            if at % 2 == 0 { ODD.get(usize::from(value)).copied().unwrap_or(0) } else { u32::from(value) }
        })
        .sum();
    let born = code.get(8).is_some_and(|month| b"ABCDEHLMPRST".contains(month))
        && matches!(part(code, 9, 2), 1..=31 | 41..=71);
    born && sum % 26 == u32::from(last.wrapping_sub(b'A'))
}

/// The century is in the month: 80 for 1800, 20 for 2000, 40, 60.
fn is_pl(code: &[u8]) -> bool {
    is_day(part(code, 2, 2) % 20, part(code, 4, 2))
        && sum(code, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

/// The last ten digits by Luhn; coordination numbers have 60 added to the day.
fn is_se(code: &[u8]) -> bool {
    let ten = code.get(code.len().saturating_sub(10)..).unwrap_or_default();
    let day = part(ten, 4, 2);
    is_day(part(ten, 2, 2), if day > 60 { day - 60 } else { day }) && card::luhn(ten)
}

fn is_dk(code: &[u8]) -> bool {
    is_day(part(code, 2, 2), part(code, 0, 2))
}

/// D-numbers have 40 added to the day.
fn is_no(code: &[u8]) -> bool {
    let day = part(code, 0, 2);
    is_day(part(code, 2, 2), if day > 40 { day - 40 } else { day })
        && sum(code, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && sum(code, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// The sign of the century is a letter, a plus or a hyphen; the latter is gone here.
fn is_fi(code: &[u8]) -> bool {
    let Some((last, before)) = code.split_last() else { return false };
    let Some(serial) = before.len().checked_sub(3) else { return false };
    let rest = (part(before, 0, 6) * 1000 + part(before, serial, 3)) % 31;
    let right = usize::try_from(rest).ok().and_then(|at| b"0123456789ABCDEFHJKLMNPRSTUVWXY".get(at));
    is_day(part(code, 2, 2), part(code, 0, 2)) && matches!(before.len(), 9 | 10) && right == Some(last)
}

fn is_at(code: &[u8]) -> bool {
    // The fourth digit is the check.
    sum(code, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == digit(code, 3)
        && matches!(part(code, 6, 2), 1..=15)
        && (1..=31).contains(&part(code, 4, 2))
        && code.first() != Some(&b'0')
}

/// Returns whether thirteen digits are as on goods.
pub(super) fn is_ean(code: &[u8]) -> bool {
    sum(code, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

fn is_pt(code: &[u8]) -> bool {
    let rest = sum(code, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    digit(code, 8) == if rest < 2 { 0 } else { 11 - rest }
}

/// A second letter counts nine times; W counts nothing.
fn is_ie(code: &[u8]) -> bool {
    let second = code.get(8).filter(|byte| **byte != b'W').map_or(0, |byte| u32::from(byte - b'A') + 1);
    let rest = (sum(code, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23;
    let letter = code.get(7).map_or(0, |byte| u32::from(byte.wrapping_sub(b'A')) + 1);
    letter % 23 == rest && letter <= 23
}

/// Women's months have 50 added; 20 more where a day's numbers were used up.
fn is_cz(code: &[u8]) -> bool {
    let month = part(code, 2, 2) % 50;
    let month = if month > 20 { month - 20 } else { month };
    let nine = part(code, 0, 9) % 11 % 10;
    is_day(month, part(code, 4, 2)) && nine == part(code, 9, 1)
}

fn is_lu(code: &[u8]) -> bool {
    let twelve = code.get(..12).unwrap_or_default();
    is_day(part(code, 4, 2), part(code, 6, 2)) && number(code).is_some() && card::luhn(twelve)
}
