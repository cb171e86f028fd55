//! Numbers of the Netherlands and Belgium. Refuses numbers without check digits that any count may look like (KvK, V-number,
//! AGB): their columns need a name.

use super::test::{Check, Form, Test, is_like, part, sum};
use crate::discover::class::Class;
use crate::discover::measure::look::Look;
use crate::vocabulary::numbers::{bsn, plate, postcode, rijksregister};

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "BSN check digits",
        class: Class::Bsn,
        form: Form::Like(&["#########", "########"]),
        check: Check::Code(is_bsn),
        chance: 0.091,
        form_says: 0.5,
        source: "Besluit burgerservicenummer, annex: elfproef",
    },
    Test {
        what: "onderwijsnummer check digits",
        class: Class::Bsn,
        form: Form::Like(&["10#######"]),
        check: Check::Scheme(&bsn::Onderwijsnummer),
        chance: 0.091,
        form_says: 0.5,
        source: "DUO, Programma van eisen: elfproef with rest 5",
    },
    Test {
        what: "account numbers of the Netherlands",
        class: Class::BankAccount,
        form: Form::Like(&["#########"]),
        check: Check::Code(is_nl_account),
        chance: 0.091,
        form_says: 0.0,
        source: "Betaalvereniging: elfproef of account numbers before SEPA",
    },
    Test {
        what: "rijksregisternummer",
        class: Class::Rijksregister,
        form: Form::Like(&["###########"]),
        check: Check::Scheme(&rijksregister::Rijksregister),
        chance: 0.0026,
        form_says: 0.5,
        source: "Koninklijk besluit of 3 April 1984",
    },
    Test {
        what: "ondernemingsnummer",
        class: Class::Kvk,
        form: Form::Like(&["0#########", "1#########"]),
        check: Check::Code(is_be_enterprise),
        chance: 0.0104,
        form_says: 0.5,
        source: "Koninklijk besluit of 24 June 2003, art. 2: 97 less the rest",
    },
    Test {
        what: "postcodes of the Netherlands",
        class: Class::Postcode,
        form: Form::Like(&["####@@"]),
        check: Check::Scheme(&postcode::Netherlands),
        chance: 0.9,
        form_says: 5.0,
        source: "PostNL: four digits from 1000, two letters",
    },
    Test {
        what: "number plates",
        class: Class::Plate,
        form: Form::Like(PLATES),
        check: Check::Value(is_plate),
        chance: 0.7,
        form_says: 3.5,
        source: "RDW, side codes; FOD Mobiliteit; SIV",
    },
];

/// The side codes from 1 on, and Belgium's form.
const PLATES: &[&str] = &[
    "@@####", "####@@", "##@@##", "@@##@@", "@@@@##", "##@@@@", "##@@@#", "#@@@##", "@@###@", "@###@@",
    "@@@##@", "@##@@@", "#@@###", "###@@#", "1@@@###", "@@###@@",
];

/// Eight digits are nine that lost their zero.
fn is_bsn(code: &[u8]) -> bool {
    let mut nine = [b'0'; 9];
    let Some(place) = nine.get_mut(9_usize.saturating_sub(code.len())..) else { return false };
    place.copy_from_slice(code);
    // The last digit counts -1, which is 10 modulo 11.
    sum(&nine, &[9, 8, 7, 6, 5, 4, 3, 2, 10]).is_multiple_of(11) && nine != *b"000000000"
}

/// Those of ten digits pass where NHS numbers do, and are left to names.
fn is_nl_account(code: &[u8]) -> bool {
    sum(code, &[9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11) && code.iter().any(|byte| *byte != b'0')
}

fn is_be_enterprise(code: &[u8]) -> bool {
    97 - part(code, 0, 8) % 97 == part(code, 8, 2)
}

/// Hyphens where letters and digits meet, or none; a postcode's blank is none of them.
fn is_plate(look: &Look<'_>) -> bool {
    let code = look.code();
    let hyphened = look.bytes.contains(&b'-');
    let postcode = is_like(code, b"####@@") && !hyphened;
    let vowels = code.iter().any(|byte| b"AEIOU".contains(byte));
    let known = ["NL", "BE", "FR"].iter().filter_map(|country| plate::of(country));
    !postcode && (hyphened || !vowels) && known.into_iter().any(|plates| plates.is_valid(code))
}
