//! What holds for all kinds together: examples, lengths, redraw, placeholders, refusals, harmlessness. What holds for one
//! person is in `tests_person`.

use std::collections::HashSet;

use super::*;
use crate::mask::testing::Rule;
use crate::mask::{Lanes, MaskCx, Outcome, Output, Uniqueness};
use crate::row::shape::{ColumnType, TypeClass};
use crate::secret::{Mac, Schedule, lanes};
use crate::vocabulary::Locale;
use crate::vocabulary::iban::is_valid;

pub(super) fn compiled_as(
    kind: &str,
    options: &[(String, Value)],
    locale: &str,
    decider: Decider,
    class: TypeClass,
) -> Result<Compiled, Refusal> {
    compile(&Compile {
        argument: Some(&Value::Text(kind.to_owned())),
        options,
        schedule: &Schedule::test(),
        passwords: &crate::secret::Passwords::default(),
        gathered: &crate::mask::Gathered::default(),
        label: b"example.value",
        attribute: "value",
        locale,
        mail_domain: None,
        decider,
        ty: &ColumnType { class, text: String::new(), domain: None },
        not_null: false,
        pinned: &[],
        inside: None,
        reads: &crate::mask::row::Reads::default(),
    })
}

pub(super) fn compiled(
    kind: &str,
    options: &[(String, Value)],
    locale: &str,
    decider: Decider,
) -> Result<Compiled, Refusal> {
    compiled_as(kind, options, locale, decider, TypeClass::Unknown)
}

pub(super) fn plain(kind: &str, locale: &str) -> Compiled {
    compiled(kind, &[], locale, Decider::Subject).unwrap()
}

/// The kinds that a locale has.
pub(super) fn kinds_of(locale: &Locale) -> impl Iterator<Item = &'static KindSpec> {
    KINDS.iter().copied().filter(|kind| (kind.longest)(locale).is_some())
}

/// Kinds of few values, of which a stand-in may be the original.
const FEW: &[&str] = &["gender", "title", "particle", "country", "photo", "user_agent"];

fn with_max(kind: &str, locale: &str, max: u32) -> Result<Compiled, Refusal> {
    compiled(kind, &[("max".to_owned(), Value::Integer(max.into()))], locale, Decider::Subject)
}

pub(super) fn unique() -> Vec<(String, Value)> {
    vec![("unique".to_owned(), Value::Boolean(true))]
}

/// Masks a value as the row loop does: what is unfit gets its placeholder.
pub(super) fn text(compiled: &Compiled, input: &str, lanes: &Lanes) -> String {
    let mut out = Vec::new();
    match compiled.mask.mask(input.as_bytes(), &MaskCx { lanes }, &mut out) {
        Outcome::Masked | Outcome::Equal => {}
        Outcome::Unfit => assert!(out.is_empty() && compiled.mask.placeholder(input.as_bytes(), &mut out)),
        outcome => panic!("{outcome:?}"),
    }
    String::from_utf8(out).unwrap()
}

/// The lanes of the n-th invented subject.
pub(super) fn subject(n: u64) -> Lanes {
    let mac = Mac::from_key(b"tests");
    let [a, b, c, d] = lanes(&mac.tag(&[b"0", &n.to_be_bytes()]));
    let [e, f, g, h] = lanes(&mac.tag(&[b"1", &n.to_be_bytes()]));
    Lanes([a, b, c, d, e, f, g, h])
}

pub(super) fn by_value(compiled: &Compiled, input: &str) -> Lanes {
    let Needs::Value { canon, mac } = &compiled.needs else { panic!("not by value") };
    let mut canonical = Vec::new();
    canon.append(input.as_bytes(), &mut canonical);
    let [a, b, c, d] = lanes(&mac.digest(b"", &canonical));
    Lanes([a, b, c, d, a, b, c, d])
}

pub(super) fn chars(text: &str) -> u32 {
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
    let declared = FAKE.options.iter().find(|option| option.name == "locale").unwrap().takes;
    let Takes::OneOf(locales) = declared else { panic!("no list") };
    assert_eq!(locales, LOCALES.iter().map(|l| l.name).collect::<Vec<_>>());
    for kind in KINDS {
        for option in kind.own_options {
            assert!(FAKE.options.iter().any(|declared| declared.name == *option), "{option}");
        }
    }
}

#[test]
fn a_locale_without_the_kind_is_refused_and_others_are_named() {
    let mut refused = 0;
    for kind in KINDS {
        for l in LOCALES.iter().filter(|l| (kind.longest)(l).is_none()) {
            let refusal = compiled(kind.name, &[], l.name, Decider::Subject).err().unwrap();
            assert!(refusal.what.as_str().contains(l.name));
            let hint = refusal.hint.unwrap();
            for other in LOCALES {
                let named = hint.as_str().contains(other.name);
                assert_eq!(named, (kind.longest)(other).is_some(), "{} {}", kind.name, other.name);
            }
            refused += 1;
        }
    }
    assert!(refused > 0, "en_US has no particles");
}

#[test]
fn options_of_other_kinds_are_refused() {
    for (kind, option, value) in [
        ("first_name", "particle", Value::Text("apart".into())),
        ("last_name", "within", Value::Integer(5)),
        ("title", "words", Value::Text("2/1".into())),
    ] {
        let refusal = compiled(kind, &[(option.to_owned(), value)], "nl_NL", Decider::Subject).err().unwrap();
        assert!(refusal.what.as_str().contains(option));
    }
}

/// The locales that have a kind.
fn of(kind: &'static KindSpec) -> impl Iterator<Item = &'static Locale> {
    LOCALES.iter().copied().filter(|l| (kind.longest)(l).is_some())
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
    "dhr. J.P. van den Berg",
    "DE HEER J. BERG",
    "Berg, J. van den",
    "Van den Berg, Jan",
    "van den berg, j.",
    "J. P.",
    "j.p.",
    "M",
    "vrouw",
    "Mevrouw",
    "drs.",
    "2",
    "jan_berg",
    "JAN.BERG@EXAMPLE.ORG",
    "1987-06-05",
    "5/6/1987",
    "19870605",
    "1987-06-05 10:11:12",
    "+31 (0)6-12 34 56 78",
    "(020) 123 45 67",
    "Jansen & Zn. B.V.",
];

#[test]
fn nothing_is_longer_than_declared() {
    for l in LOCALES {
        for kind in kinds_of(l) {
            let longest = (kind.longest)(l).unwrap();
            let compiled = plain(kind.name, l.name);
            assert_eq!(compiled.output, Output::Text { max_chars: Some(longest) }, "{}", kind.name);
            for n in 0..1000 {
                for input in INPUTS {
                    let out = text(&compiled, input, &subject(n));
                    // A time in a text column is never longer than the one that stood there.
                    let most = if kind.name == "birth_date" { longest.max(chars(input)) } else { longest };
                    assert!(chars(&out) <= most, "{} {out}", kind.name);
                    assert!(!out.is_empty() || kind.name == "particle");
                    assert_eq!(out.trim(), out);
                }
            }
        }
    }
}

#[test]
fn max_holds_down_to_the_least_and_is_refused_below() {
    for l in LOCALES {
        for kind in kinds_of(l) {
            let longest = (kind.longest)(l).unwrap();
            let least = (1..=longest).find(|max| with_max(kind.name, l.name, *max).is_ok()).unwrap();
            if least > 1 {
                let refusal = with_max(kind.name, l.name, least - 1).err().unwrap();
                assert!(refusal.hint.unwrap().as_str().contains(&format!("max: {least}")));
            }
            for max in least..=longest + 1 {
                let compiled = with_max(kind.name, l.name, max).unwrap();
                assert_eq!(compiled.output, Output::Text { max_chars: Some(max.min(longest)) });
                for n in 0..30 {
                    for input in INPUTS {
                        let out = text(&compiled, input, &subject(n));
                        assert!(chars(&out) <= max, "{} {max} {out}", kind.name);
                        assert!(!out.is_empty() || kind.name == "particle");
                    }
                }
            }
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
    let (nl, us) = (plain("mobile", "nl_NL"), plain("phone", "en_US"));
    let forms = [
        ("0600000000", "069"),
        ("06-00000000", "06-9"),
        ("06 00000000", "06 9"),
        ("+31600000000", "+3169"),
        ("+31 6 00000000", "+31 6 9"),
        ("0031600000000", "003169"),
        ("31600000000", "3169"),
        ("n/a", "069"),
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
    for l in LOCALES.iter().filter(|l| (iban::IBAN.longest)(l).is_some()) {
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

/// A value that every kind takes for one of its own.
pub(super) fn sample(kind: &str) -> &'static str {
    match kind {
        "gender" => "M",
        "title" => "dhr.",
        "birth_date" => "1987-06-05",
        _ => "1",
    }
}

#[test]
fn nasty_57_a_value_never_stands_for_itself() {
    for l in LOCALES {
        for kind in kinds_of(l).filter(|kind| !FEW.contains(&kind.name)) {
            let own = compiled(kind.name, &[], l.name, Decider::Value).unwrap();
            let of_subject = plain(kind.name, l.name);
            for n in 0..300 {
                let mut lanes = subject(n);
                lanes.0.copy_within(0..4, 4);
                let original = text(&own, sample(kind.name), &lanes);
                let mut out = Vec::new();
                let outcome = own.mask.mask(original.as_bytes(), &MaskCx { lanes: &lanes }, &mut out);
                assert_eq!(outcome, Outcome::Masked, "{}", kind.name);
                assert_ne!(String::from_utf8(out).unwrap(), original);
                // Other spellings of the same value are drawn the same way.
                let capitals = text(&own, &original.to_uppercase(), &lanes);
                let small = text(&own, &original.to_lowercase(), &lanes);
                assert_eq!(capitals.to_lowercase(), small.to_lowercase(), "{} {original}", kind.name);
                // Where the subject decides, it is only said.
                let original = text(&of_subject, sample(kind.name), &lanes);
                let mut out = Vec::new();
                let outcome = of_subject.mask.mask(original.as_bytes(), &MaskCx { lanes: &lanes }, &mut out);
                assert_eq!(outcome, Outcome::Equal, "{} {original}", kind.name);
                assert_eq!(String::from_utf8(out).unwrap(), original);
            }
        }
    }
}

#[test]
fn nasty_21_what_is_no_value_of_the_kind_is_masked_all_the_same() {
    for kind in KINDS.iter().copied().filter(|kind| of(kind).next().is_some()) {
        for input in
            [&b"n/a"[..], b"\xff\xfe", "\u{1F600}".as_bytes(), b"  ", b"\0", b"a@example.com, b@example.com"]
        {
            for decider in [Decider::Value, Decider::Subject] {
                let compiled = compiled(kind.name, &[], some(kind), decider).unwrap();
                let mut out = b"before".to_vec();
                match compiled.mask.mask(input, &MaskCx { lanes: &subject(1) }, &mut out) {
                    Outcome::Masked => assert!(out.len() > 6 || kind.name == "particle"),
                    Outcome::Unfit => {
                        assert_eq!(out, b"before");
                        assert!(["gender", "title", "birth_date", "photo"].contains(&kind.name));
                        assert!(compiled.mask.placeholder(input, &mut out) && out.len() > 6);
                    }
                    outcome => panic!("{} {outcome:?}", kind.name),
                }
                assert!(out.starts_with(b"before") && !out.ends_with(input));
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
        let least = match kind.name {
            "country" => 1,
            "gender" | "title" => 2,
            "particle" => 3,
            "region" | "house_addition" | "photo" => 8,
            "user_agent" => 5,
            "job" => 2,
            _ => 30,
        };
        assert!(distinct.len() >= least, "{} {}", kind.name, distinct.len());
    }
}

#[test]
fn columns_agree() {
    let strings: Vec<Option<String>> =
        INPUTS.iter().map(|input| Some((*input).to_owned())).chain([None, Some(String::new())]).collect();
    for kind in KINDS {
        let rule = Rule { option: Some(("locale", some(kind))), ..Rule::new("fake", Some(kind.name)) };
        crate::mask::testing::columns_agree(&rule, &strings);
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

#[test]
fn nasty_40_types_of_bytes_and_addresses_take_what_they_hold() {
    for (kind, ty, spelled, taken) in [
        ("photo", TypeClass::Bytes, "bytea", true),
        ("photo", TypeClass::Bytes, "longblob", true),
        // A picture would be cut.
        ("photo", TypeClass::Bytes, "varbinary(20)", false),
        ("photo", TypeClass::Bytes, "tinyblob", false),
        ("photo", TypeClass::Other, "geometry", false),
        ("ipv6", TypeClass::Inet, "inet", true),
        ("ipv6", TypeClass::Inet, "inet4", false),
        ("ip", TypeClass::Inet, "inet4", true),
        // Most people were born before it begins.
        ("birth_date", TypeClass::Moment, "timestamp", false),
    ] {
        let rule = Rule { ty, spelled, ..Rule::new("fake", Some(kind)) };
        let output = crate::mask::testing::compile(&rule).map(|compiled| compiled.output);
        assert_eq!(output, taken.then_some(Output::Typed), "{kind} in {spelled}");
    }
}
