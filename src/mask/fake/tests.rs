//! What holds for all kinds together: examples, lengths, coherence of one subject, redraw, harmlessness.

use std::collections::HashSet;

use super::*;
use crate::mask::{Lanes, MaskCx, Outcome};
use crate::row::shape::ColumnType;
use crate::secret::{Schedule, lanes};
use crate::vocabulary::iban::is_valid;
use crate::vocabulary::{Entry, LOCALES};

fn compiled(
    kind: &str,
    options: &[(String, Value)],
    locale: &str,
    decider: Decider,
) -> Result<Compiled, Refusal> {
    compile(&Compile {
        argument: Some(&Value::Text(kind.to_owned())),
        options,
        schedule: &Schedule::test(),
        label: b"example.value",
        attribute: "value",
        locale,
        mail_domain: None,
        decider,
        ty: &ColumnType::unknown(),
        not_null: false,
        pinned: &[],
    })
}

fn plain(kind: &str, locale: &str) -> Compiled {
    compiled(kind, &[], locale, Decider::Subject).unwrap()
}

fn with_max(kind: &str, locale: &str, max: u32) -> Result<Compiled, Refusal> {
    compiled(kind, &[("max".to_owned(), Value::Integer(max.into()))], locale, Decider::Subject)
}

fn unique() -> Vec<(String, Value)> {
    vec![("unique".to_owned(), Value::Boolean(true))]
}

fn text(compiled: &Compiled, input: &str, lanes: &Lanes) -> String {
    let mut out = Vec::new();
    let outcome = compiled.mask.mask(input.as_bytes(), &MaskCx { lanes }, &mut out);
    assert!(matches!(outcome, Outcome::Masked | Outcome::Equal));
    String::from_utf8(out).unwrap()
}

/// The lanes of the n-th invented subject.
fn subject(n: u64) -> Lanes {
    let mac = Mac::from_key(b"tests");
    let [a, b, c, d] = lanes(&mac.tag(&[b"0", &n.to_be_bytes()]));
    let [e, f, g, h] = lanes(&mac.tag(&[b"1", &n.to_be_bytes()]));
    Lanes([a, b, c, d, e, f, g, h])
}

fn by_value(compiled: &Compiled, input: &str) -> Lanes {
    let Needs::Value { canon, mac } = &compiled.needs else { panic!("not by value") };
    let mut canonical = Vec::new();
    canon.append(input.as_bytes(), &mut canonical);
    let [a, b, c, d] = lanes(&mac.digest(b"", &canonical));
    Lanes([a, b, c, d, a, b, c, d])
}

fn chars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap()
}

#[test]
fn examples_hold() {
    let mut wrong = Vec::new();
    for example in FAKE.examples {
        let mut words = example.rule.trim_matches(['{', '}']).split(", ");
        let kind = words.next().unwrap().strip_prefix("fake: ").unwrap();
        let options: Vec<(String, Value)> = words
            .map(|word| {
                let (name, value) = word.split_once(": ").unwrap();
                let value = match value {
                    "true" => Value::Boolean(true),
                    _ => value.parse().map_or_else(|_| Value::Text(value.to_owned()), Value::Integer),
                };
                (name.to_owned(), value)
            })
            .collect();
        let compiled = compiled(kind, &options, "nl_NL", Decider::Value).unwrap();
        let out = text(&compiled, example.input, &by_value(&compiled, example.input));
        if out != example.output {
            wrong.push((example.rule, example.input, out));
        }
    }
    assert_eq!(wrong, []);
    for kind in KINDS.iter().filter(|kind| of(kind).next().is_some()) {
        assert!(FAKE.examples.iter().any(|e| e.rule.contains(kind.name)), "{}", kind.name);
    }
}

#[test]
fn lists_agree() {
    let names: Vec<&str> = KINDS.iter().map(|k| k.name).collect();
    assert_eq!(names, WORDS);
    for kind in KINDS {
        assert!(!kind.longest.is_empty(), "{}", kind.name);
        let (longest, reaches): (Vec<_>, Vec<_>) = (
            kind.longest.iter().map(|(name, _)| *name).collect(),
            kind.reaches.iter().map(|(name, _)| *name).collect(),
        );
        assert_eq!(longest, reaches, "{}", kind.name);
    }
}

/// The longest entry of a table, in characters.
fn most(entries: &[Entry]) -> u32 {
    entries.iter().map(Entry::full_chars).max().unwrap()
}

fn most_ascii(entries: &[Entry]) -> u32 {
    let letters = |e: &Entry| e.text.chars().chain(e.second.chars()).filter(|c| c.is_alphabetic()).count();
    u32::try_from(entries.iter().map(letters).max().unwrap()).unwrap()
}

#[test]
fn longest_stand_ins_are_as_declared_over_all_slots() {
    for l in LOCALES {
        let first = most(l.female.entries).max(most(l.male.entries));
        let last = most(l.last_names.entries);
        let streets = l.streets.entries.iter().map(|e| e.chars).max().unwrap();
        let towns = l.towns.entries.iter().map(|e| e.chars).max().unwrap();
        let mail =
            most_ascii(l.female.entries).max(most_ascii(l.male.entries)) + most_ascii(l.last_names.entries);
        let accounts = vocabulary::iban::COUNTRIES.iter().map(|c| c.spaced_chars()).max().unwrap();
        let nl = l.country == "NL";
        for (kind, chars) in [
            ("first_name", first),
            ("last_name", last),
            ("full_name", first + 1 + last),
            ("email", mail + 1 + 4 + 12),
            ("phone", if nl { 15 } else { 18 }),
            ("street", streets + 4),
            ("city", towns),
            ("postcode", if nl { 7 } else { 5 }),
            ("iban", accounts),
        ] {
            assert_eq!(super::kind(kind).unwrap().longest(l.name), Some(chars), "{kind} {}", l.name);
            assert_eq!(plain(kind, l.name).output, Output::Text { max_chars: Some(chars) }, "{kind}");
        }
    }
}

/// The locales that have a kind.
fn of(kind: &'static KindSpec) -> impl Iterator<Item = &'static Locale> {
    LOCALES.iter().copied().filter(|l| kind.longest(l.name).is_some())
}

/// One of them.
fn some(kind: &'static KindSpec) -> &'static str {
    of(kind).find(|l| l.name == "nl_NL").or(of(kind).next()).unwrap().name
}

const INPUTS: &[&str] = &[
    "Jan Jansen",
    "JAN JANSEN",
    "jan",
    "Dorpsweg 12",
    "12 Main Street",
    "1234 AB",
    "1234ab",
    "+31 6 00000000",
    "0031 6-00000000",
    "0010 (212) 555.0100",
    "+1 (212) 555-0100",
    "NL00 BANK 0000 0000 00",
    "DE00 0000 0000 0000 0000 00",
    "n/a",
    "é\u{1F600}",
];

#[test]
fn nothing_is_longer_than_declared() {
    for kind in KINDS {
        for l in of(kind) {
            let compiled = plain(kind.name, l.name);
            for n in 0..3000 {
                for input in INPUTS {
                    let out = text(&compiled, input, &subject(n));
                    assert!(chars(&out) <= kind.longest(l.name).unwrap(), "{} {out}", kind.name);
                    assert!(!out.is_empty() && out.trim() == out);
                }
            }
        }
    }
}

#[test]
fn max_holds_down_to_the_least_and_is_refused_below() {
    for kind in KINDS {
        for l in of(kind) {
            let longest = kind.longest(l.name).unwrap();
            let least = (1..=longest).find(|max| with_max(kind.name, l.name, *max).is_ok()).unwrap();
            if least > 1 {
                let refusal = with_max(kind.name, l.name, least - 1).err().unwrap();
                assert!(refusal.hint.unwrap().as_str().contains(&format!("max: {least}")));
            }
            for max in least..=longest + 1 {
                let compiled = with_max(kind.name, l.name, max).unwrap();
                assert_eq!(compiled.output, Output::Text { max_chars: Some(max.min(longest)) });
                for n in 0..60 {
                    for input in INPUTS {
                        let out = text(&compiled, input, &subject(n));
                        assert!(chars(&out) <= max && !out.is_empty(), "{} {max} {out}", kind.name);
                    }
                }
            }
        }
    }
}

#[test]
fn one_subject_is_one_person_at_one_address() {
    for l in LOCALES {
        let [first, last, full, city, postcode] =
            ["first_name", "last_name", "full_name", "city", "postcode"].map(|kind| plain(kind, l.name));
        for n in 0..100_000 {
            let lanes = subject(n);
            let whole = format!("{} {}", text(&first, "X", &lanes), text(&last, "X", &lanes));
            assert_eq!(text(&full, "X", &lanes), whole);
            let town = text(&city, "X", &lanes);
            let code = text(&postcode, "1234 XX", &lanes);
            let area: u32 = code.split(' ').next().unwrap().parse().unwrap();
            let agrees = |e: &Entry| e.text == town && (e.low..=e.high).contains(&area);
            assert!(l.towns.entries.iter().any(agrees), "{town} {code}");
            assert!(!["SA", "SD", "SS"].iter().any(|never| code.ends_with(never)), "{code}");
        }
    }
}

#[test]
fn common_names_are_common() {
    let last = plain("last_name", "nl_NL");
    let jong = (0..20_000).filter(|n| text(&last, "X", &subject(*n)) == "de Jong").count();
    assert!((150..350).contains(&jong), "{jong}");
}

#[test]
fn case_and_separators_are_the_inputs() {
    let lanes = subject(7);
    let (last, natural) = (plain("last_name", "nl_NL"), text(&plain("last_name", "nl_NL"), "X", &subject(7)));
    assert_eq!(text(&last, "JANSEN", &lanes), natural.to_uppercase());
    assert_eq!(text(&last, "jansen", &lanes), natural.to_lowercase());
    assert_eq!(text(&last, "van der Meer", &lanes), natural);
    let postcode = plain("postcode", "nl_NL");
    let spaced = text(&postcode, "1234 AB", &lanes);
    assert_eq!(spaced.as_bytes()[4], b' ');
    assert_eq!(text(&postcode, "1234AB", &lanes), spaced.replace(' ', ""));
    assert_eq!(text(&postcode, "1234ab", &lanes), spaced.replace(' ', "").to_lowercase());
    assert_eq!(text(&postcode, "1234", &lanes), spaced[..4]);
    let street = plain("street", "nl_NL");
    let name = text(&street, "Kerkstraat", &lanes);
    assert!(!name.contains(|c: char| c.is_ascii_digit()));
    assert!(text(&street, "Kerkstraat 1", &lanes).starts_with(&format!("{name} ")));
    assert!(text(&plain("street", "en_US"), "1 Oak Street", &lanes).as_bytes()[0].is_ascii_digit());
}

#[test]
fn phones_take_the_inputs_form_and_reach_nobody() {
    let (nl, us) = (plain("phone", "nl_NL"), plain("phone", "en_US"));
    let forms = [
        ("0600000000", "069"),
        ("06-00000000", "06-9"),
        ("06 00000000", "06 9"),
        ("+31600000000", "+3169"),
        ("+31 6 00000000", "+31 6 9"),
        ("0031600000000", "003169"),
        ("31600000000", "3169"),
        ("n/a", "06/9"),
    ];
    for n in 0..5000 {
        let lanes = subject(n);
        for (input, start) in forms {
            let out = text(&nl, input, &lanes);
            assert!(out.starts_with(start), "{out}");
            assert!(
                out.replace(|c: char| !c.is_ascii_digit(), "")
                    .ends_with(&text(&nl, "0600000000", &lanes)[2..])
            );
        }
        let bare = text(&us, "2125550100", &lanes);
        assert!(bare.len() == 10 && bare[3..].starts_with("55501"), "{bare}");
        let (area, line) = (&bare[..3], &bare[6..]);
        for (input, out) in [
            ("(212) 555-0100", format!("({area}) 555-{line}")),
            ("212-555-0100", format!("{area}-555-{line}")),
            ("+12125550100", format!("+1{bare}")),
            ("+1 212 555 0100", format!("+1 {area} 555 {line}")),
            ("1-212-555-0100", format!("1-{area}-555-{line}")),
            ("+1 (212) 555-0100", format!("+1 ({area}) 555-{line}")),
        ] {
            assert_eq!(text(&us, input, &lanes), out);
        }
    }
}

#[test]
fn accounts_are_valid_and_at_no_bank() {
    for l in LOCALES {
        for decider in [Decider::Value, Decider::Subject] {
            let iban = compiled("iban", &[], l.name, decider).unwrap();
            for n in 0..25_000 {
                let lanes = subject(n);
                let out = text(&iban, "NL00BANK0000000000", &lanes);
                assert!(is_valid(out.as_bytes()) && out[4..].starts_with("FAKE") && out.len() == 18, "{out}");
                assert_eq!(
                    text(&iban, "nl00 bank 0000 0000 00", &lanes).replace(' ', "").to_uppercase(),
                    out
                );
                let other = text(&iban, "XX00 0000", &lanes);
                assert!(is_valid(other.replace(' ', "").as_bytes()) && other.starts_with(l.iban_country));
            }
        }
    }
}

/// The numbers of a kind are nobody's; `realistic` ones pass every check.
#[test]
fn numbers_are_nobodys_unless_they_shall_be_realistic() {
    use crate::vocabulary::numbers::{
        Compact, Scheme, bsn, card, kvk, nhs, nino, nir, rijksregister, ssn, steuer_id, vat,
    };
    let schemes: &[(&str, &str, &dyn Scheme)] = &[
        ("bsn", "nl_NL", &bsn::Bsn),
        ("onderwijsnummer", "nl_NL", &bsn::Onderwijsnummer),
        ("vat", "nl_NL", &vat::Vat),
        ("vat", "nl_BE", &vat::Vat),
        ("vat", "de_DE", &vat::Vat),
        ("vat", "fr_FR", &vat::Vat),
        ("vat", "en_GB", &vat::Vat),
        ("national_id", "nl_NL", &bsn::Bsn),
        ("national_id", "nl_BE", &rijksregister::Rijksregister),
        ("national_id", "de_DE", &steuer_id::SteuerId),
        ("national_id", "fr_FR", &nir::Nir),
        ("national_id", "en_GB", &nino::Nino),
        ("national_id", "en_US", &ssn::Ssn),
        ("ssn", "en_US", &ssn::Ssn),
        ("nino", "en_GB", &nino::Nino),
        ("health_insurance_no", "de_DE", &steuer_id::Kvnr),
        ("kvk", "nl_NL", &kvk::Kvk),
        ("health_insurance_no", "en_GB", &nhs::Nhs),
        ("card", "nl_NL", &card::Card { keep_iin: false }),
    ];
    for (kind, locale, scheme) in schemes.iter().filter(|(_, locale, _)| vocabulary::locale(locale).is_some())
    {
        let options = [("realistic".to_owned(), Value::Boolean(true))];
        let harmless = plain(kind, locale);
        let realistic = compiled(kind, &options, locale, Decider::Value).unwrap();
        for n in 0..2000 {
            for input in ["X", "n/a", "1112.22.333", "1234567890123456"] {
                let read = |text: String| Compact::read(text.as_bytes()).unwrap();
                let good = read(text(&realistic, input, &subject(n)));
                assert!(scheme.is_valid(good.as_slice()), "{kind} {locale}");
                let made = read(text(&harmless, input, &subject(n)));
                match *kind {
                    "kvk" => assert_eq!(made.as_slice().len(), 8),
                    "card" => assert!(made.as_slice().starts_with(b"9000") && card::luhn(made.as_slice())),
                    "health_insurance_no" if *locale == "en_GB" => {
                        assert!(made.as_slice().starts_with(b"999"))
                    }
                    _ => assert!(!scheme.is_valid(made.as_slice()), "{kind} {locale}"),
                }
            }
        }
    }
    let options = [("realistic".to_owned(), Value::Boolean(true))];
    assert!(compiled("iban", &options, "nl_NL", Decider::Value).is_err());
    assert!(compiled("ssn", &[], "nl_NL", Decider::Value).is_err());
}

#[test]
fn numbers_take_the_inputs_form() {
    let bsn = plain("bsn", "nl_NL");
    let bare = text(&bsn, "111222333", &subject(1));
    assert_eq!(
        text(&bsn, "1112.22.333", &subject(1)),
        format!("{}.{}.{}", &bare[..4], &bare[4..6], &bare[6..])
    );
    assert_eq!(text(&bsn, "n/a", &subject(1)), bare);
    let plate = plain("licence_plate", "nl_NL");
    let dashed = text(&plate, "12-ABC-3", &subject(1));
    assert_eq!(text(&plate, "n/a", &subject(1)), dashed.to_lowercase());
    assert_eq!(text(&plate, "12abc3", &subject(1)), dashed.replace('-', "").to_lowercase());
    let card = plain("card", "nl_NL");
    assert_eq!(text(&card, "3782-822463-10005", &subject(1)).len(), 17);
    assert_eq!(text(&card, "-", &subject(1)).len(), 19);
    let bic = plain("bic", "nl_NL");
    assert_eq!(text(&bic, "BANKNL2AXXX", &subject(1)).len(), 11);
    assert!(text(&bic, "banknl2a", &subject(1)).ends_with("nl20"));
}

#[test]
fn a_million_unique_addresses_are_distinct() {
    let email = compiled("email", &unique(), "nl_NL", Decider::Value).unwrap();
    assert_eq!(email.uniqueness, Uniqueness::Bits(80));
    assert_eq!(email.output, Output::Text { max_chars: Some(28) });
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for n in 0..1_000_000 {
        out.clear();
        email.mask.mask(b"a@example.com", &MaskCx { lanes: &subject(n) }, &mut out);
        assert!(out.len() == 28 && out.ends_with(b"@example.org"));
        assert!(seen.insert(<[u8; 16]>::try_from(&out[..16]).unwrap()));
    }
}

#[test]
fn unique_addresses_shrink_to_forty_bits_and_no_further() {
    let email = |max| {
        let mut options = unique();
        options.push(("max".to_owned(), Value::Integer(max)));
        compiled("email", &options, "nl_NL", Decider::Value)
    };
    assert_eq!(email(27).unwrap().uniqueness, Uniqueness::Bits(75));
    assert_eq!(email(20).unwrap().uniqueness, Uniqueness::Bits(40));
    let refusal = email(19).err().unwrap();
    assert!(refusal.what.as_str().contains("40 bits"));
    assert!(refusal.hint.unwrap().as_str().contains("max: 20"));
    let out = text(&email(20).unwrap(), "a@example.com", &subject(1));
    assert_eq!(out.len(), 20);
}

#[test]
fn base32_is_that_of_rfc_4648() {
    let email = compiled("email", &unique(), "nl_NL", Decider::Value).unwrap();
    // BASE32("foobarfoob") is MZXW6YTBOJTG633C.
    let [high, low] = [*b"foobarfo", *b"ob\0\0\0\0\0\0"].map(u64::from_be_bytes);
    let lanes = Lanes([high, low, 0, 0, high, low, 0, 0]);
    assert_eq!(text(&email, "a@example.com", &lanes), "mzxw6ytbojtg633c@example.org");
}

#[test]
fn named_addresses_are_the_subjects_name() {
    let [first, last, email] = ["first_name", "last_name", "email"].map(|kind| plain(kind, "en_US"));
    let lanes = subject(3);
    let name = format!("{}.{}", text(&first, "X", &lanes), text(&last, "X", &lanes)).to_lowercase();
    let out = text(&email, "A@EXAMPLE.COM", &lanes);
    assert!(out.starts_with(&name.replace('\'', "")) && out.ends_with("@example.org"), "{out}");
}

#[test]
fn nasty_57_a_value_never_stands_for_itself() {
    for kind in KINDS {
        for l in of(kind) {
            let own = compiled(kind.name, &[], l.name, Decider::Value).unwrap();
            let of_subject = plain(kind.name, l.name);
            for n in 0..300 {
                let mut lanes = subject(n);
                lanes.0.copy_within(0..4, 4);
                let original = text(&own, "1", &lanes);
                let mut out = Vec::new();
                let outcome = own.mask.mask(original.as_bytes(), &MaskCx { lanes: &lanes }, &mut out);
                assert_eq!(outcome, Outcome::Masked, "{}", kind.name);
                assert_ne!(String::from_utf8(out).unwrap(), original);
                // Other spellings of the same value are drawn the same way.
                let capitals = text(&own, &original.to_uppercase(), &lanes);
                let small = text(&own, &original.to_lowercase(), &lanes);
                assert_eq!(capitals.to_lowercase(), small.to_lowercase(), "{}", kind.name);
                // Where the subject decides, it is only said.
                let original = text(&of_subject, "1", &lanes);
                let mut out = Vec::new();
                let outcome = of_subject.mask.mask(original.as_bytes(), &MaskCx { lanes: &lanes }, &mut out);
                assert_eq!(outcome, Outcome::Equal, "{}", kind.name);
                assert_eq!(String::from_utf8(out).unwrap(), original);
            }
        }
    }
}

#[test]
fn nasty_21_what_is_no_value_of_the_kind_is_masked_all_the_same() {
    for kind in KINDS.iter().copied().filter(|kind| of(kind).next().is_some()) {
        for input in
            [&b"n/a"[..], b"\xff\xfe", "\u{1F600}".as_bytes(), b"  ", b"a@example.com, b@example.com"]
        {
            for decider in [Decider::Value, Decider::Subject] {
                let compiled = compiled(kind.name, &[], some(kind), decider).unwrap();
                let mut out = b"before".to_vec();
                let outcome = compiled.mask.mask(input, &MaskCx { lanes: &subject(1) }, &mut out);
                assert_eq!(outcome, Outcome::Masked);
                assert!(out.len() > 6 && out.starts_with(b"before"));
            }
        }
    }
}

#[test]
fn placeholders_are_keyed_and_of_the_form() {
    for kind in KINDS.iter().copied().filter(|kind| of(kind).next().is_some()) {
        let compiled = plain(kind.name, some(kind));
        let make = |input: &[u8]| {
            let mut out = Vec::new();
            assert!(compiled.mask.placeholder(input, &mut out));
            out
        };
        assert_eq!(make(b"one"), make(b"one"));
        let distinct: HashSet<Vec<u8>> = (0..100_u8).map(|n| make(&[b'a', n])).collect();
        assert!(distinct.len() > 50, "{}", kind.name);
    }
}

#[test]
fn refusals_say_what_to_write() {
    for (kind, options, locale) in [
        ("phone", unique(), "nl_NL"),
        ("first_name", vec![], "xx_XX"),
        ("salary", vec![], "nl_NL"),
        ("city", vec![("max".to_owned(), Value::Integer(1))], "nl_NL"),
    ] {
        let refusal = compiled(kind, &options, locale, Decider::Value).err().unwrap();
        assert!(refusal.hint.is_some(), "{kind}");
    }
    assert!((FAKE.identifying)(Some(&Value::Text("iban".into())), &[]));
    assert!((FAKE.identifying)(Some(&Value::Text("email".into())), &unique()));
    assert!(!(FAKE.identifying)(Some(&Value::Text("email".into())), &[]));
}
