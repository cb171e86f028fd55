//! What holds for one person: no field contradicts another, forms are the input's, and nothing of the input is in them.

use proptest::prelude::*;

use super::person::Gender;
use super::tests::{chars, compiled, compiled_as, kinds_of, plain, subject, text};
use super::*;
use crate::mask::{Lanes, MaskCx, Outcome, Output};
use crate::row::shape::TypeClass;
use crate::vocabulary::{Entry, Locale, Table};

fn with(kind: &str, locale: &str, option: &str, value: Value) -> Compiled {
    compiled(kind, &[(option.to_owned(), value)], locale, Decider::Subject).unwrap()
}

fn apart(locale: &str) -> Compiled {
    with("last_name", locale, "particle", Value::Text("apart".into()))
}

/// A name in plain letters, by another way than the technique's: only what is left of each character without accents.
fn letters(text: &str) -> String {
    let folded = text.to_lowercase().replace('ß', "ss").replace('œ', "oe").replace('ø', "o");
    folded.chars().filter_map(base).collect()
}

fn base(c: char) -> Option<char> {
    let mut first = None;
    unicode_normalization::char::decompose_canonical(c, |part| first = first.or(Some(part)));
    first.filter(char::is_ascii_alphabetic)
}

fn holds(table: &'static Table, name: &str) -> bool {
    table.entries().iter().any(|e| e.text == name)
}

#[test]
fn no_field_of_100_000_subjects_contradicts_another() {
    for l in LOCALES {
        let [first, last, full, initials, gender, title, email, username, job] = [
            "first_name",
            "last_name",
            "full_name",
            "initials",
            "gender",
            "title",
            "email",
            "username",
            "job",
        ]
        .map(|kind| plain(kind, l.name));
        let (apart, particle) = (apart(l.name), compiled("particle", &[], l.name, Decider::Subject).ok());
        let words = words::Words::new(l.name, words::Use::Salutation);
        let (mut women, mut both) = (0_u32, 0_u32);
        for n in 0..100_000 {
            let lanes = &subject(n);
            let (given, surname) = (text(&first, "X", lanes), text(&last, "X", lanes));
            assert_eq!(text(&full, "X", lanes), format!("{given} {surname}"));
            let (base, before) = (
                text(&apart, "X", lanes),
                particle.as_ref().map_or(String::new(), |particle| text(particle, "X", lanes)),
            );
            assert_eq!(format!("{before} {base}").trim_start(), surname);
            let female = text(&gender, "female", lanes) == "female";
            women += u32::from(female);
            let (own, other) = if female { (l.female, l.male) } else { (l.male, l.female) };
            assert!(holds(own, &given), "{given}");
            both += u32::from(holds(other, &given));
            let salutation = text(&title, words.default().male, lanes);
            assert_eq!(salutation == words.default().female, female, "{salutation}");
            let letter = text(&initials, "X.", lanes);
            assert!(letter.starts_with(given.chars().next().unwrap()), "{letter} {given}");
            let mail = text(&email, "X", lanes);
            if l.country != "DE" {
                let local: String = mail.chars().take_while(|c| *c != '@').collect();
                assert_eq!(letters(&local), letters(&format!("{given}{surname}")), "{mail}");
                let user = text(&username, "x.x", lanes);
                assert_eq!(user, local);
            }
            let work = text(&job, "x", lanes);
            let agrees = |e: &Entry| match (female, e.second) {
                (true, word) if !word.is_empty() => word.to_lowercase() == work,
                _ => e.text.to_lowercase() == work,
            };
            assert!(l.jobs.entries().iter().any(agrees), "{work}");
        }
        assert!((49_000..51_000).contains(&women), "{women}");
        assert!(both < 20_000, "a test of gender needs names of one gender: {both}");
    }
}

#[test]
fn common_names_are_common() {
    let last = plain("last_name", "nl_NL");
    let jong = (0..20_000).filter(|n| text(&last, "X", &subject(*n)) == "de Jong").count();
    assert!((100..350).contains(&jong), "{jong}");
}

/// The first subject of whom something holds.
fn find(holds: impl Fn(&Lanes) -> bool) -> Lanes {
    (0..100_000).map(subject).find(|lanes| holds(lanes)).unwrap()
}

#[test]
fn full_names_take_the_form_of_the_input() {
    let l = LOCALES[0];
    // A woman with two initials and a particle of two words.
    let lanes = find(|lanes| {
        let (first, gender, draw) = person::first(l, lanes);
        gender == Gender::Female
            && first.text.chars().count() > 3
            && person::Initials::draw(first, draw).iter().count() == 2
            && person::last(l, lanes).second == "van den"
    });
    let (first, _, draw) = person::first(l, &lanes);
    let last = person::last(l, &lanes);
    let both: Vec<String> = person::Initials::draw(first, draw).iter().map(|i| i[0].to_string()).collect();
    let (a, b, first, base) = (&both[0], &both[1], first.text, last.text);
    let full = plain("full_name", "nl_NL");
    for (input, output) in [
        ("Piet Bos", format!("{first} van den {base}")),
        ("PIET BOS", format!("{first} van den {base}").to_uppercase()),
        ("piet bos", format!("{first} van den {base}").to_lowercase()),
        ("P. Bos", format!("{a}.{b}. van den {base}")),
        ("P Bos", format!("{a}{b} van den {base}")),
        ("P. J. Bos", format!("{a}. {b}. van den {base}")),
        ("p. bos", format!("{a}.{b}. van den {base}").to_lowercase()),
        ("Bos, Piet", format!("{base}, {first} van den")),
        ("Bos, P.", format!("{base}, {a}.{b}. van den")),
        ("van der Bos, P.", format!("van den {base}, {a}.{b}.")),
        ("Van der Bos, P.", format!("Van den {base}, {a}.{b}.")),
        ("Van der Bos, Piet", format!("Van den {base}, {first}")),
        ("dhr. P. Bos", format!("mevr. {a}.{b}. van den {base}")),
        ("Dhr. P. Bos", format!("Mevr. {a}.{b}. van den {base}")),
        ("De heer P. Bos", format!("Mevrouw {a}.{b}. van den {base}")),
        ("Bos, dhr. P. van", format!("{base}, mevr. {a}.{b}. van den")),
        ("drs. P. Bos", format!("{a}.{b}. van den {base}")),
    ] {
        assert_eq!(text(&full, input, &lanes), output, "{input}");
    }
    assert_eq!(text(&plain("last_name", "nl_NL"), "Bos, van der", &lanes), format!("{base}, van den"));
    assert_eq!(text(&plain("last_name", "nl_NL"), "van der Bos", &lanes), format!("van den {base}"));
    assert_eq!(text(&apart("nl_NL"), "Bos", &lanes), base);
    let particle = plain("particle", "nl_NL");
    assert_eq!(text(&particle, "van", &lanes), "van den");
    assert_eq!(text(&particle, "VAN DER", &lanes), "VAN DEN");
    let initials = plain("initials", "nl_NL");
    for (input, output) in [
        ("P.", format!("{a}.{b}.")),
        ("P", format!("{a}{b}")),
        ("P.Q.", format!("{a}.{b}.")),
        ("P. Q.", format!("{a}. {b}.")),
        ("pq", format!("{a}{b}").to_lowercase()),
    ] {
        assert_eq!(text(&initials, input, &lanes), output, "{input}");
    }
}

#[test]
fn a_person_without_particle_gets_none() {
    let lanes = find(|lanes| person::last(LOCALES[0], lanes).second.is_empty());
    let mut out = Vec::new();
    let outcome = plain("particle", "nl_NL").mask.mask(b"van", &MaskCx { lanes: &lanes }, &mut out);
    assert_eq!((outcome, out.as_slice()), (Outcome::Masked, &b""[..]));
    let full = plain("full_name", "nl_NL");
    let base = person::last(LOCALES[0], &lanes).text;
    let first = person::first(LOCALES[0], &lanes).0.text;
    assert_eq!(text(&full, "Bos, Piet", &lanes), format!("{base}, {first}"));
    assert_eq!(text(&full, "Van der Bos, Piet", &lanes), format!("{base}, {first}"));
}

#[test]
fn gender_stands_in_columns_of_numbers_and_enumerations() {
    let lanes = find(|lanes| Gender::of(lanes) == Gender::Female);
    let of = |class: TypeClass, words: Option<&str>| {
        let options: Vec<(String, Value)> =
            words.map(|w| ("words".to_owned(), Value::Text(w.to_owned()))).into_iter().collect();
        compiled_as("gender", &options, "nl_NL", Decider::Subject, class)
    };
    let labels = |labels: &[&str]| TypeClass::Enum(labels.iter().map(|l| (*l).to_owned()).collect());
    for (class, words, input, output) in [
        (TypeClass::SmallInt, None, "1", "2"),
        (TypeClass::Integer, Some("0/1"), "1", "0"),
        (labels(&["M", "F", "X"]), None, "X", "F"),
        (labels(&["Male", "Female"]), None, "Male", "Female"),
        (labels(&["man", "vrouw", "anders"]), None, "anders", "vrouw"),
        (labels(&["a", "b"]), Some("b/a"), "a", "b"),
        (TypeClass::Boolean, Some("t/f"), "f", "t"),
        (TypeClass::Unknown, Some("dame/heer"), "heer", "dame"),
        (TypeClass::Text { max_chars: Some(1) }, None, "m", "v"),
    ] {
        let compiled = of(class.clone(), words).unwrap();
        assert_eq!(compiled.output == Output::Typed, !class.is_text());
        assert_eq!(text(&compiled, input, &lanes), output, "{class:?}");
    }
    for (class, words) in [
        (TypeClass::Boolean, None),
        (TypeClass::Uuid, None),
        (labels(&["a", "b"]), None),
        (labels(&["a", "b"]), Some("b/c")),
        (TypeClass::Integer, Some("f/m")),
        (TypeClass::Unknown, Some("f")),
        (TypeClass::Unknown, Some("f/f")),
    ] {
        assert!(of(class, words).err().unwrap().hint.is_some());
    }
}

#[test]
fn nasty_39_birth_dates_of_every_type() {
    let of = |class: TypeClass, within: Option<i64>| {
        let options: Vec<(String, Value)> =
            within.map(|w| ("within".to_owned(), Value::Integer(w))).into_iter().collect();
        compiled_as("birth_date", &options, "nl_NL", Decider::Subject, class)
    };
    let lanes = &subject(1);
    let (date, narrow) = (of(TypeClass::Date, None).unwrap(), of(TypeClass::Unknown, Some(5)).unwrap());
    assert_eq!(date.output, Output::Same);
    let day = text(&date, "1987-06-05", lanes);
    let [y, m, d] = <[&str; 3]>::try_from(day.split('-').collect::<Vec<_>>()).unwrap();
    let stamp = of(TypeClass::Timestamp { zone: true }, None).unwrap();
    for (compiled, input, output) in [
        (&stamp, "1987-06-05 10:11:12.5+02", format!("{day} 00:00:00+02")),
        (&date, "0001-01-01", day.clone()),
        (&date, "0044-03-15 BC", day.clone()),
        (&date, "05-06-1987", format!("{d}-{m}-{y}")),
        (&date, "05/06/1987", format!("{d}/{m}/{y}")),
        (&date, "19870605", format!("{y}{m}{d}")),
    ] {
        assert_eq!(text(compiled, input, lanes), output, "{input}");
    }
    for n in 0..1000 {
        let year: i32 = text(&narrow, "1987-06-05", &subject(n))[..4].parse().unwrap();
        assert!((1985..1990).contains(&year), "{year}");
    }
    for input in ["infinity", "0000-00-00", "n/a"] {
        let mut out = Vec::new();
        assert_eq!(stamp.mask.mask(input.as_bytes(), &MaskCx { lanes }, &mut out), Outcome::Unfit);
        assert!(stamp.mask.placeholder(input.as_bytes(), &mut out) && out.ends_with(b" 00:00:00+00"));
    }
    assert!(of(TypeClass::Integer, None).is_err());
    let short = compiled_as(
        "birth_date",
        &[("max".to_owned(), Value::Integer(10))],
        "nl_NL",
        Decider::Subject,
        TypeClass::Unknown,
    );
    assert_eq!(text(&short.unwrap(), "1987-06-05 10:11:12", lanes), day);
}

#[test]
fn phones_take_brackets_groups_and_trunk() {
    let numbers = |locale| {
        let (phone, lanes) = (plain("mobile", locale), subject(7));
        let digits = text(&phone, "0", &lanes);
        (phone, lanes, digits)
    };
    let (nl, lanes, digits) = numbers("nl_NL");
    let (area, rest) = (&digits[..2], &digits[2..]);
    for (input, output) in [
        ("06-00000000", format!("{area}-{rest}")),
        ("+31600000000", format!("+316{rest}")),
        ("+31 6 00000000", format!("+31 6 {rest}")),
        ("+31 6-00000000", format!("+31 6-{rest}")),
        ("+31 (0)6 00000000", format!("+31 (0)6 {rest}")),
        ("+31(0)600000000", format!("+31(0)6{rest}")),
        ("0031 6 00000000", format!("0031 6 {rest}")),
        ("31600000000", format!("316{rest}")),
    ] {
        assert_eq!(text(&nl, input, &lanes), output, "{input}");
    }
    let (us, lanes, digits) = numbers("en_US");
    let (a, b, c) = (&digits[..3], &digits[3..6], &digits[6..]);
    for (input, output) in [
        ("(200) 000-0000", format!("({a}) {b}-{c}")),
        ("200-000-0000", format!("{a}-{b}-{c}")),
        ("200.000.0000", format!("{a}.{b}.{c}")),
        ("+1 (000) 000-0000", format!("+1 ({a}) {b}-{c}")),
        ("+1(000)000-0000", format!("+1({a}){b}-{c}")),
        ("+10000000000", format!("+1{a}{b}{c}")),
    ] {
        assert_eq!(text(&us, input, &lanes), output, "{input}");
    }
}

#[test]
fn unique_names_of_a_subject_stand_before_the_bits() {
    for kind in ["email", "username"] {
        for l in LOCALES {
            let unique = with(kind, l.name, "unique", Value::Boolean(true));
            let named = text(&plain(kind, l.name), "x.x", &subject(3));
            let out = text(&unique, "x", &subject(3));
            let name = named.split(|c: char| c.is_ascii_digit()).next().unwrap();
            let bits = out.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')).unwrap();
            assert_eq!(bits.split('@').next().unwrap().len(), 16, "{out}");
            let Output::Text { max_chars: Some(most) } = unique.output else { panic!("no text") };
            for max in [most, 40, 30, 28, 20] {
                let options = [
                    ("unique".to_owned(), Value::Boolean(true)),
                    ("max".to_owned(), Value::Integer(max.into())),
                ];
                let narrow = compiled(kind, &options, l.name, Decider::Subject).unwrap();
                for n in 0..300 {
                    let out = text(&narrow, "x", &subject(n));
                    assert!(chars(&out) <= max, "{out}");
                }
            }
        }
    }
}

/// All words that a subject's fields may hold, in small letters.
fn known(l: &'static Locale, lanes: &Lanes) -> Vec<String> {
    let (first, _, draw) = person::first(l, lanes);
    let last = person::last(l, lanes);
    let initials: Vec<String> = person::Initials::draw(first, draw)
        .iter()
        .map(|i| i.iter().filter(|c| **c != '\0').collect())
        .collect();
    let mut known = vec![initials.concat()];
    known.extend(first.text.split(' ').map(str::to_owned));
    known.extend(initials);
    known.extend([last.text, last.second].into_iter().flat_map(|t| t.split(' ')).map(str::to_owned));
    known.extend(
        ["mevr", "dhr", "mw", "mevrouw", "de", "heer", "meneer", "ms", "mr", "mrs", "miss"]
            .map(str::to_owned),
    );
    known.extend(["frau", "herr", "mme", "m", "mlle", "madame", "monsieur"].map(str::to_owned));
    known.iter().map(|word| word.to_lowercase()).collect()
}

proptest! {
    /// Whatever a value holds, of names nothing comes out but the subject's.
    #[test]
    fn forms_leak_no_character(
        input in r"((dhr|Mevr|DE HEER|Mr|Herr|qw)\.? )?([A-Za-zé]{1,6}[., ]{1,2}){1,4}(van de[nr]? )?\PC{0,12}",
        n in 0_u64..1000,
    ) {
        let lanes = subject(n);
        for l in LOCALES {
            let known = known(l, &lanes);
            for kind in ["first_name", "initials", "particle", "last_name", "full_name"] {
                let Ok(compiled) = compiled(kind, &[], l.name, Decider::Subject) else { continue };
                let out = text(&compiled, &input, &lanes).to_lowercase();
                for word in out.split([' ', ',', '.']).filter(|word| !word.is_empty()) {
                    prop_assert!(known.iter().any(|k| k == word || k.replace('.', "") == word), "{} {} {}", kind, word, out);
                }
            }
        }
    }

    /// Arbitrary bytes are masked or unfit, in every kind, and never panic.
    #[test]
    fn nasty_21_arbitrary_bytes(input in proptest::collection::vec(any::<u8>(), 1..40)) {
        for l in LOCALES {
            for kind in kinds_of(l) {
                let mut out = Vec::new();
                let outcome = plain(kind.name, l.name).mask.mask(&input, &MaskCx { lanes: &subject(1) }, &mut out);
                prop_assert!(matches!(outcome, Outcome::Masked | Outcome::Equal | Outcome::Unfit));
                prop_assert!(std::str::from_utf8(&out).is_ok());
            }
        }
    }
}
