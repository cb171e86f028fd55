//! Tests of redact on single texts: the subject's spellings, what stays, what is refused.

use super::*;
use crate::vocabulary::locale;

const OWN: &[(Kind, &str, &str)] = &[
    (Kind::FirstName, "Lotte", "Femke"),
    (Kind::LastName, "van den Broek", "de Wolf"),
    (Kind::Email, "lotte.broek@example.org", "femke.wolf@example.net"),
    (Kind::Phone, "06-90012345", "06-90098765"),
    (Kind::Iban, "NL94TEST0412345678", "NL02TEST0999999999"),
    (Kind::Bsn, "302144560", "999999990"),
    (Kind::Street, "Kerkstraat 12", "Molenweg 8"),
    (Kind::BirthDate, "1984-03-12", "1990-11-05"),
];

fn redacted(language: &str, own: &[(Kind, &str, &str)], text: &str) -> String {
    let redactor = Redactor::new(&[locale(language).expect("it is there")]).expect("a locale");
    let own: Vec<Own<'_>> =
        own.iter().map(|(kind, original, stand_in)| Own { kind: *kind, original, stand_in }).collect();
    let mut out = String::from("|");
    let mut stand_in = |kind: Kind, key: &str, out: &mut String| out.push_str(&format!("<{kind:?} {key}>"));
    let counts = redactor.redact(text.as_bytes(), &own, &mut stand_in, &mut Scratch::default(), &mut out);
    counts.expect("it is text");
    out.strip_prefix('|').expect("what was there stays").to_owned()
}

#[test]
fn the_subject_in_every_usual_spelling() {
    for (text, expected) in [
        ("Lotte belde.", "Femke belde."),
        ("LOTTE, lotte", "FEMKE, femke"),
        ("Pieter van den Broek", "<FirstName pieter> de Wolf"),
        ("Lottes fiets, Lotte's fiets", "Femkes fiets, Femke's fiets"),
        ("mw. Van den Broek", "mw. De Wolf"),
        ("v.d. Broek, v/d Broek, vd Broek", "de Wolf, de Wolf, de Wolf"),
        ("L. van den Broek", "F. de Wolf"),
        ("Broek, L. belde", "Wolf, F. belde"),
        ("inlog LottevandenBroek of lvandenbroek", "inlog FemkedeWolf of fdewolf"),
        ("Lotte.Broek@example.org", "femke.wolf@example.net"),
        ("account lotte.broek werkt", "account femke.wolf werkt"),
        ("06 90 01 23 45", "06 90 09 87 65"),
        ("+31 6-9001 2345 en 0031690012345", "+31 6-9009 8765 en 0031690098765"),
        ("+31 (0)6 90012345", "+31 (0)6 90098765"),
        ("NL94 TEST 0412 3456 78", "NL02 TEST 0999 9999 99"),
        ("nl94test0412345678", "nl02test0999999999"),
        ("rekening 412345678", "rekening 999999999"),
        ("3021.44.560", "9999.99.990"),
        ("Kerkstraat 12, kerkstraat, Kerkstr. 12", "Molenweg 8, molenweg, Molenweg 8"),
        ("12 maart 1984 of 12-3-84", "05 november 1990 of 05-11-90"),
        ("Lot\u{ad}te", "Femke"),
    ] {
        assert_eq!(redacted("nl_NL", OWN, text), expected, "{text}");
    }
}

#[test]
fn what_is_not_the_subject_stays() {
    for text in [
        "De broek is te lang, maat 302.",
        "Lotterij gewonnen, bedrag 112,50.",
        "Order 3021445601 en 1302144560.",
        "Kerkstraten genoeg in de stad.",
        "",
        "...",
    ] {
        assert_eq!(redacted("nl_NL", OWN, text), text);
    }
}

#[test]
fn stand_ins_of_others_are_asked_for_by_kind_and_canonical_form() {
    for (text, expected) in [
        ("Mevr. Oosterhuis.", "Mevr. <LastName oosterhuis>."),
        ("bel J.P. de Wit", "bel J.J. <LASTNAME DE WIT>"),
        ("bel 06-90055512 nu", "bel <Phone +31690055512> nu"),
        ("van NL96 TEST 0298 7654 32", "van <Iban NL96TEST0298765432>"),
        ("T.Dam@Example.com!", "<Email t.dam@example.com>!"),
        ("geboren 3 mei 1950", "geboren <BirthDate 1950-05-03>"),
    ] {
        let found = redacted("nl_NL", &[], text);
        assert_eq!(found.to_lowercase(), expected.to_lowercase().replace("j.j.", "i.n."), "{text}");
    }
}

#[test]
fn ordinary_words_need_a_cue() {
    let bakker = [(Kind::LastName, "Bakker", "Visser")];
    assert_eq!(redacted("nl_NL", &bakker, "De bakker bakt, Bakker belt."), "De bakker bakt, Visser belt.");
    for text in ["De koning is ziek.", "Vers van de visser, nu in de winkel."] {
        assert_eq!(redacted("nl_NL", &[], text), text);
    }
    assert!(redacted("nl_NL", &[], "Dhr. Koning is ziek.").starts_with("Dhr. <"));
    assert_eq!(redacted("en_GB", &[], "Will you come in May?"), "Will you come in May?");
}

#[test]
fn what_is_no_text_or_too_long_is_unfit() {
    let redactor = Redactor::new(&[locale("nl_NL").expect("it is there")]).expect("a locale");
    let mut out = String::new();
    let mut scratch = Scratch::default();
    let mut none = |_: Kind, _: &str, _: &mut String| {};
    let broken = redactor.redact(b"Lotte \xff", &[], &mut none, &mut scratch, &mut out);
    assert_eq!(broken, Err(Unfit::NotText));
    let long = vec![b'a'; MAX_BYTES + 1];
    assert_eq!(redactor.redact(&long, &[], &mut none, &mut scratch, &mut out), Err(Unfit::TooLong));
    assert!(out.is_empty());
    assert!(Redactor::new(&[]).is_none());
}

#[test]
fn an_own_identifier_without_a_stand_in_goes_all_the_same() {
    let own = [
        (Kind::FullName, "Lotte van den Broek", "Wolf"),
        (Kind::Phone, "06-90012345", ""),
        (Kind::Bsn, "302144560", ""),
        (Kind::Email, "lotte@example.org", ""),
    ];
    for (text, expected) in [
        ("Lotte belt.", "<FirstName lotte> belt."),
        ("Bel 0690012345 nu.", "Bel <Phone +31690012345> nu."),
        ("Nr 302144560.", "Nr <Bsn 302144560>."),
        ("Aan lotte@example.org.", "Aan <Email lotte@example.org>."),
        ("L. van den Broek", "I. Wolf"),
    ] {
        assert_eq!(redacted("nl_NL", &own, text), expected, "{text}");
    }
}

#[test]
fn a_stand_in_that_is_empty_leaves_nothing_of_what_was_found() {
    let redactor = Redactor::new(&[locale("nl_NL").expect("it is there")]).expect("a locale");
    let mut out = String::new();
    let counts = redactor.redact(
        b"Mail t.dam@example.com of bel Dhr. Terpstra",
        &[],
        &mut |_, _, _| {},
        &mut Scratch::default(),
        &mut out,
    );
    assert_eq!(out, "Mail  of bel Dhr. ");
    assert_eq!(counts, Ok(Counts { own: 0, found: 1, names: 1 }));
}

#[test]
fn what_is_not_replaced_stays_to_the_byte() {
    const PIECES: &[&str] = &[
        "Lotte",
        "van den ",
        "Broek",
        "L.",
        "de ",
        "mevr. ",
        "Oosterhuis",
        " ",
        "\n",
        ", ",
        "@",
        "example.org",
        "06-9001",
        "2345",
        "+31 6 ",
        "NL94 TEST 0412 3456 78",
        "12-03-1984",
        "é",
        "ß",
        "İ",
        "\u{301}",
        "\u{ad}",
        "😀",
        "'s",
        "O'",
        "(0)",
        "://",
        "http",
        "www.",
        "::1",
        "00",
        "1234 AB",
        "M. ",
        "und ",
        "Kerkstr. ",
        "12",
        ".",
        "-",
        "Sanne ",
        "Bakkers",
        "ǅ",
    ];
    let redactor = Redactor::new(&[locale("nl_NL").expect("it is there")]).expect("a locale");
    let own: Vec<Own<'_>> =
        OWN.iter().map(|(kind, original, stand_in)| Own { kind: *kind, original, stand_in }).collect();
    let (mut scratch, mut state) = (Scratch::default(), 7_u64);
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PIECES[usize::try_from(state >> 33).unwrap() % PIECES.len()]);
        }
        let mut out = String::new();
        let mut stand_in = |_: Kind, key: &str, out: &mut String| out.push_str(key);
        redactor.redact(text.as_bytes(), &own, &mut stand_in, &mut scratch, &mut out).expect("it is text");
        let (mut at, mut rest) = (0, out.as_str());
        for place in scratch.places() {
            assert!(at <= place.start && place.start < place.end, "{text:?}");
            let kept = text.get(at..place.start).expect("whole characters");
            let found = rest.find(kept).unwrap_or_else(|| panic!("{kept:?} is lost in {text:?}"));
            rest = &rest[found + kept.len()..];
            at = place.end;
        }
        assert!(rest.ends_with(&text[at..]), "{text:?} became {out:?}");
    }
}
