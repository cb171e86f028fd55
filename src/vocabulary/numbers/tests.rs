//! What holds for all identifiers: ranks come back, at least one in 40 has a value, and the verdicts are those of
//! `fixtures/numbers/vectors.tsv`, which python-stdnum made and not this code.

use super::*;

/// Every scheme under a name, with groups to try.
const SCHEMES: &[(&str, &dyn Scheme, &[u32])] = &[
    ("nl.bsn", &bsn::Bsn, &[0]),
    ("nl.onderwijsnummer", &bsn::Onderwijsnummer, &[0]),
    ("kvk", &kvk::Kvk, &[0, 1]),
    ("vat", &vat::Vat, &[0, 1, 2, 3, 4, 5, 6, 7]),
    ("be.nn", &rijksregister::Rijksregister, &[0, 1, 2, 3, 4, 5, 6, 17, 485]),
    ("de.idnr", &steuer_id::SteuerId, &[0, 1, 2, 3]),
    ("kvnr", &steuer_id::Kvnr, &[0]),
    ("fr.nir", &nir::Nir, &[0, 1, 2, 60, 61, 62, 299, 900, 1202, 2101]),
    ("gb.nhs", &nhs::Nhs, &[0, 1]),
    ("nino", &nino::Nino, &[0, 1]),
    ("us.ssn", &ssn::Ssn, &[0]),
    (
        "card",
        &card::Card { keep_iin: false },
        &[(4 * 8 + 1) * 32 + 16, (4 * 8 + 1) * 32 + 13, (34 * 8 + 2) * 32 + 15],
    ),
    ("card", &card::Card { keep_iin: true }, &[(400_000 * 8 + 6) * 32 + 16]),
    ("nl.identiteitskaartnummer", &passport::NETHERLANDS, &[0]),
    ("de.passport", &passport::Germany, &[0, 1]),
    ("nl.licence", &licence::NETHERLANDS, &[0]),
];

fn by_country() -> Vec<(&'static str, &'static dyn Scheme, Vec<u32>)> {
    let countries = ["NL", "BE", "DE", "FR", "GB", "US"];
    let plates = countries.iter().filter_map(|c| Some((*c, plate::of(c)?)));
    let postcodes = countries.iter().filter_map(|c| Some((*c, postcode::of(c)?)));
    plates.chain(postcodes).map(|(c, s)| (c, s, (0..64).filter(|g| s.size(*g) > 0).collect())).collect()
}

fn all() -> Vec<(&'static str, &'static dyn Scheme, Vec<u32>)> {
    let fixed = SCHEMES.iter().map(|(name, scheme, groups)| (*name, *scheme, groups.to_vec()));
    fixed.chain(by_country()).collect()
}

#[test]
fn ranks_come_back_and_are_not_sparse() {
    for (name, scheme, groups) in all() {
        for group in groups {
            let size = scheme.size(group);
            assert!(size > 1, "{name} {group}");
            let (mut state, mut found) = (1_u64, 0);
            for n in 0..4000_u64 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let rank = match n {
                    0 => 0,
                    1 => size - 1,
                    _ => u64::try_from((u128::from(state) * u128::from(size)) >> 64).unwrap(),
                };
                let Some(compact) = scheme.write(Ranked { group, rank }) else { continue };
                found += 1;
                let text = String::from_utf8(compact.as_slice().to_vec()).unwrap();
                assert!(
                    scheme.read(compact.as_slice()) == Some(Ranked { group, rank }),
                    "{name} {group} {text}"
                );
                assert!(text.len() <= usize::try_from(scheme.chars()).unwrap(), "{name} {text}");
            }
            assert!(found >= if name == "de.idnr" { 8 } else { 100 }, "{name} {group}: {found} of 4000");
        }
    }
}

#[test]
fn any_text_is_read_to_what_writes_it() {
    let mut state = 7_u64;
    let mut next = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((u128::from(state) * u128::from(n)) >> 64).unwrap()
    };
    let alphabet = b"00112233445566778899ABCNLDEFRGBE";
    for (name, scheme, _) in all() {
        for _ in 0..20_000 {
            let len = next(20);
            let text: Vec<u8> = (0..len).map(|_| alphabet[next(32)]).collect();
            if let Some(ranked) = scheme.read(&text) {
                let back = scheme.write(ranked).map(|compact| compact.as_slice().to_vec());
                assert_eq!(back, Some(text), "{name}");
                assert!(ranked.rank < scheme.size(ranked.group));
            }
        }
    }
}

/// The verdict on one value of the vectors; `None` for an identifier that is not known here.
fn verdict(name: &str, value: &str) -> Option<bool> {
    let Some(compact) = Compact::read(value.as_bytes()) else { return Some(false) };
    let text = compact.as_slice();
    let scheme: &dyn Scheme = match name {
        "nl.btw" | "be.vat" | "de.vat" | "fr.tva" | "gb.vat" => {
            let country = match &name[..2] {
                "nl" => "NL",
                "be" => "BE",
                "de" => "DE",
                "fr" => "FR",
                _ => "GB",
            };
            let whole = if text.starts_with(country.as_bytes()) {
                text.to_vec()
            } else {
                [country.as_bytes(), text].concat()
            };
            return Some(vat::Vat.is_valid(&whole));
        }
        "be.nn" => return Some(rijksregister::Rijksregister.read(text).is_some_and(|r| r.group % 3 == 0)),
        "be.bis" => return Some(rijksregister::Rijksregister.read(text).is_some_and(|r| r.group % 3 != 0)),
        "nl.postcode" => postcode::of("NL")?,
        "iban" => return Some(iban::read(text).is_some()),
        "luhn" => return Some(card::luhn(text)),
        "bic" => return Some(iban::is_bic(text)),
        "fr.siren" | "imei" => return Some(card::luhn(text)),
        _ => SCHEMES.iter().find(|(scheme, ..)| *scheme == name)?.1,
    };
    Some(scheme.is_valid(text))
}

/// Holds a file of vectors (identifier, verdict, value); returns how many were held.
fn holds(vectors: &str) -> usize {
    let mut wrong = Vec::new();
    let mut held = 0;
    for line in vectors.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let [name, expected, value] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if let Some(valid) = verdict(name, value) {
            held += 1;
            if valid != (expected == "valid") {
                wrong.push(line.to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {held} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    held
}

#[test]
fn verdicts_are_those_of_python_stdnum() {
    let held = holds(include_str!("../../../fixtures/numbers/vectors.tsv"));
    assert!(held >= 1200, "{held} vectors");
}

/// Holds another file of the same form, where one is named: vectors that may not stand in this repository.
#[test]
fn verdicts_are_those_of_a_file_that_is_named() {
    if let Some(path) = option_env!("STANDIN_VECTORS") {
        let held = holds(&std::fs::read_to_string(path).unwrap());
        println!("{held} vectors held");
    }
}

#[test]
fn known_examples() {
    for (name, value) in [
        ("nl.bsn", "111222333"),
        ("gb.nhs", "9434765919"),
        ("us.ssn", "123456789"),
        ("nino", "AB123456C"),
        ("kvnr", "A123456780"),
        ("de.passport", "C01X00T478"),
    ] {
        assert_eq!(verdict(name, value), Some(true), "{name}");
    }
    for (name, value) in [
        ("nl.bsn", "000000000"),
        ("us.ssn", "666123456"),
        ("us.ssn", "078051120"),
        ("nino", "QQ123456C"),
        ("nino", "BG123456A"),
        ("kvnr", "A123456781"),
        ("de.passport", "C01X00T479"),
        ("nl.postcode", "1234 SS"),
        ("nl.postcode", "0123 AB"),
    ] {
        assert_eq!(verdict(name, value), Some(false), "{name}");
    }
    for (country, plate) in [
        ("NL", "12ABC3"),
        ("NL", "KL345B"),
        ("BE", "1ABC123"),
        ("DE", "BAB1234"),
        ("FR", "AA123BB"),
        ("GB", "AB12CDE"),
    ] {
        assert!(plate::of(country).unwrap().is_valid(plate.as_bytes()), "{plate}");
    }
    assert!(licence::is_british(b"MORGA753116SM9IJ"));
    assert!(!licence::is_british(b"MORGA773316SM9IJ"));
}

#[test]
fn spellings_are_read() {
    for (spelling, plain) in
        [("1112.22.333", "111222333"), ("ab 12-34/5", "AB12345"), ("1\u{a0}2\u{2011}3\u{2212}4", "1234")]
    {
        assert_eq!(Compact::read(spelling.as_bytes()).unwrap().as_slice(), plain.as_bytes());
    }
    for refused in ["", " - ", "12_3", "12\u{e9}", "1\n2", "12\0", &"1".repeat(41)] {
        assert!(Compact::read(refused.as_bytes()).is_none());
    }
    assert!(Compact::read(b"12\xff").is_none());
    assert!(Compact::read(b"12\xe2\x80").is_none());
}
