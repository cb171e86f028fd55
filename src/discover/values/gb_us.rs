//! Numbers of the United Kingdom and the United States. A form that most random digits have (SSN, EIN) says nothing alone.

use super::test::{Check, Form, Test, digit, part, sum};
use crate::discover::class::Class;
use crate::vocabulary::numbers::{card, licence, nhs, nino, ssn};

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "NHS check digits",
        class: Class::Nhs,
        form: Form::Like(&["##########"]),
        check: Check::Scheme(&nhs::Nhs),
        chance: 0.091,
        form_says: 0.5,
        source: "NHS Data Dictionary, NHS number",
    },
    Test {
        what: "National Insurance numbers",
        class: Class::Nino,
        form: Form::Like(&["@@######@"]),
        check: Check::Scheme(&nino::Nino),
        chance: 0.1,
        form_says: 3.0,
        source: "HMRC NIM39110",
    },
    Test {
        what: "UTR check digits",
        class: Class::NationalId,
        form: Form::Like(&["##########"]),
        check: Check::Code(is_utr),
        chance: 0.1,
        form_says: 0.0,
        source: "HMRC, UTR: weights 6 7 8 9 10 5 4 3 2",
    },
    Test {
        what: "unique pupil numbers",
        class: Class::NationalId,
        form: Form::Like(&["@############"]),
        check: Check::Code(is_upn),
        chance: 0.044,
        form_says: 2.0,
        source: "DfE, UPN guide: letter modulo 23",
    },
    Test {
        what: "driving licences of the United Kingdom",
        class: Class::Document,
        form: Form::Like(&["*****######**#@@"]),
        check: Check::Code(licence::is_british),
        chance: 0.0085,
        form_says: 3.0,
        source: "DVLA, driver number",
    },
    Test {
        what: "form of an SSN",
        class: Class::Ssn,
        form: Form::Like(&["#########"]),
        check: Check::Scheme(&ssn::Ssn),
        chance: 0.888,
        form_says: 0.0,
        source: "SSA, POMS RM 10201.030",
    },
    Test {
        what: "form of an ITIN",
        class: Class::Ssn,
        form: Form::Like(&["9########"]),
        check: Check::Code(is_itin),
        chance: 0.28,
        form_says: 0.0,
        source: "IRS, ITIN: 70 to 88, 90 to 92, 94 to 99",
    },
    Test {
        what: "routing numbers",
        class: Class::BankAccount,
        form: Form::Like(&["#########"]),
        check: Check::Code(is_routing),
        chance: 0.036,
        form_says: 0.0,
        source: "ABA, routing number: 3 7 1",
    },
    Test {
        what: "NPI check digits",
        class: Class::PersonNumber,
        form: Form::Like(&["1#########", "2#########"]),
        check: Check::Code(is_npi),
        chance: 0.1,
        form_says: 0.0,
        source: "45 CFR 162.406; Luhn behind 80840",
    },
    Test {
        what: "DEA check digit",
        class: Class::PersonNumber,
        form: Form::Like(&["@@#######"]),
        check: Check::Code(is_dea),
        chance: 0.1,
        form_says: 1.0,
        source: "DEA, registration number",
    },
    Test {
        what: "Medicare numbers",
        class: Class::NationalId,
        form: Form::Like(&["#@*#@*#@@##"]),
        check: Check::Code(is_mbi),
        chance: 0.22,
        form_says: 3.0,
        source: "CMS, MBI format",
    },
];

fn is_utr(code: &[u8]) -> bool {
    let rest = sum(code.get(1..).unwrap_or_default(), &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    let check = usize::try_from(rest).ok().and_then(|at| b"21987654321".get(at));
    code.first() == check
}

fn is_upn(code: &[u8]) -> bool {
    let rest = sum(code.get(1..).unwrap_or_default(), &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]) % 23;
    let letter = usize::try_from(rest).ok().and_then(|at| b"ABCDEFGHJKLMNPQRTUVWXYZ".get(at));
    code.first() == letter
}

fn is_itin(code: &[u8]) -> bool {
    matches!(part(code, 3, 2), 70..=88 | 90..=92 | 94..=99)
}

/// The first two digits are of a district, its thrifts, electronic ones, or traveller's cheques.
fn is_routing(code: &[u8]) -> bool {
    let district = matches!(part(code, 0, 2), 1..=12 | 21..=32 | 61..=72 | 80);
    district && sum(code, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

/// `80840` before it adds 24 to Luhn's sum.
fn is_npi(code: &[u8]) -> bool {
    let mut all = *b"808400000000000";
    all.iter_mut().skip(5).zip(code).for_each(|(to, from)| *to = *from);
    card::luhn(&all)
}

fn is_dea(code: &[u8]) -> bool {
    let digits = code.get(2..).unwrap_or_default();
    sum(digits, &[1, 2, 1, 2, 1, 2]) % 10 == digit(digits, 6)
}

/// Letters without S, L, O, I, B, Z, the first digit not 0.
fn is_mbi(code: &[u8]) -> bool {
    code.first() != Some(&b'0') && !code.iter().any(|byte| b"SLOIBZ".contains(byte))
}
