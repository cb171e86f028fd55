//! The declared chances are those that are measured; columns of invented values are what they are; and what chance, keys
//! and single values look like is nothing.

use super::test::{Form, Outcome};
use super::*;
use crate::discover::measure::Measure;
use crate::discover::measure::look::Look;
use crate::vocabulary::{Draw, locale};

/// Numbers that follow from a seed.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % n
    }

    fn like(&mut self, pattern: &str) -> String {
        const BOTH: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let pick = |from: &[u8], at: usize| char::from(from[at % from.len()]);
        pattern
            .chars()
            .map(|like| match like {
                '#' => pick(&BOTH[..10], self.below(10)),
                '@' => pick(&BOTH[10..], self.below(26)),
                '*' => pick(BOTH, self.below(36)),
                other => other,
            })
            .collect()
    }

    fn draw(&mut self) -> Draw {
        Draw::new(self.next())
    }
}

fn text() -> TypeClass {
    TypeClass::Text { max_chars: None }
}

fn of(ty: &TypeClass, values: impl IntoIterator<Item = String>) -> (Scores, Vec<Evidence>) {
    let mut measure = Measure::new(ty);
    values.into_iter().for_each(|value| measure.add(Some(value.as_bytes())));
    scores(&measure.finish(), ty)
}

fn best(ty: &TypeClass, values: impl IntoIterator<Item = String>) -> Class {
    of(ty, values).0.best().0
}

fn from(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn declared_chances_are_measured() {
    let mut seeded = Seeded(1);
    let mut wrong = Vec::new();
    for test in TESTS.iter().flat_map(|group| group.iter()) {
        let Form::Like(patterns) = test.form else { continue };
        let (mut passed, mut formed) = (0_u32, 0_u32);
        for n in 0..60_000 {
            let value = seeded.like(patterns[n % patterns.len()]);
            match test.run(&Look::new(value.as_bytes())) {
                Outcome::Passes => (passed, formed) = (passed + 1, formed + 1),
                Outcome::Fails => formed += 1,
                Outcome::Other => {}
            }
        }
        let rate = share(passed, formed);
        // A rate so small that few pass is not measured to that factor.
        let fits = rate < test.chance * 1.5 && test.chance < rate * 1.5 || passed < 30 && test.chance < 0.001;
        if !fits || formed < 30_000 {
            wrong.push(format!("{}: declared {}, measured {rate} of {formed}", test.what, test.chance));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Values of a form that pass its test, and as many that do not as dirt.
fn passing(what: &str, count: usize, dirt: usize) -> Vec<String> {
    let test = TESTS.iter().flat_map(|g| g.iter()).find(|t| t.what == what).expect("a test");
    let Form::Like(patterns) = test.form else { panic!("no pattern") };
    let mut seeded = Seeded(7);
    let mut values = Vec::new();
    let mut failed = 0;
    while values.len() < count {
        let value = seeded.like(patterns[0]);
        match test.run(&Look::new(value.as_bytes())) {
            Outcome::Passes => values.push(value),
            _ if failed < dirt => {
                failed += 1;
                values.push(value);
            }
            _ => {}
        }
    }
    values
}

#[test]
fn one_number_proves_nothing_and_twenty_do() {
    let bsn = |count, dirt| of(&text(), passing("BSN check digits", count, dirt)).0.of(Class::Bsn);
    assert!(
        bsn(1, 0) < 1.0 && bsn(20, 0) > 10.0 && bsn(20, 3) > 8.0,
        "{} {} {}",
        bsn(1, 0),
        bsn(20, 0),
        bsn(20, 3)
    );
    let random = passing("BSN check digits", 20, 20);
    assert!(of(&text(), random).0.of(Class::Bsn) < -3.0);
    let constant = vec![passing("BSN check digits", 1, 0).remove(0); 500];
    assert!(of(&text(), constant).0.of(Class::Bsn) < 1.0);
}

#[test]
fn a_running_key_is_a_key() {
    for start in [1_u32, 100_000_000, 612_345_678] {
        let keys = (start..start + 500).map(|n| n.to_string());
        let (scores, _) = of(&TypeClass::BigInt, keys);
        assert_eq!(scores.best().0, Class::Key, "{start}: {:?}", scores.best());
        for class in [Class::Bsn, Class::Phone, Class::Ssn, Class::Postcode] {
            assert!(scores.of(class) < 0.0, "{start}: {class:?} {}", scores.of(class));
        }
    }
}

#[test]
fn numbers_with_checks_are_told_apart() {
    for (what, class) in [
        ("BSN check digits", Class::Bsn),
        ("rijksregisternummer", Class::Rijksregister),
        ("Steuer-IdNr check digits", Class::SteuerId),
        ("NIR with its key", Class::Nir),
        ("NHS check digits", Class::Nhs),
        ("SIRET check digits", Class::Kvk),
        ("codice fiscale", Class::NationalId),
        ("henkilötunnus", Class::NationalId),
        ("VIN check digit", Class::Vin),
        ("postcodes of the Netherlands", Class::Postcode),
    ] {
        let (scores, evidence) = of(&text(), passing(what, 60, 1));
        assert_eq!(scores.best().0, class, "{what}: {:?}", scores.best());
        assert!(!evidence.is_empty(), "{what}");
    }
}

#[test]
fn names_and_places_are_told_apart() {
    for name in ["nl_NL", "en_GB", "de_DE", "fr_FR", "nl_BE", "en_US"] {
        let l = locale(name).expect("a locale");
        let mut seeded = Seeded(3);
        let mut column = |mut make: Box<dyn FnMut(&mut Seeded) -> String>| -> Class {
            // One value in three is none that the lists know.
            let values: Vec<String> = (0..90)
                .map(|n| {
                    if n % 3 == 0 {
                        seeded.like("Q@").to_lowercase().replace('q', "Zw") + "ulne"
                    } else {
                        make(&mut seeded)
                    }
                })
                .collect();
            best(&text(), values)
        };
        let first = move |s: &mut Seeded| l.female.pick(&mut s.draw()).text.to_owned();
        let last = move |s: &mut Seeded| l.last_names.pick(&mut s.draw()).text.to_owned();
        let street = move |s: &mut Seeded| l.streets.pick(&mut s.draw()).text.to_owned();
        assert_eq!(column(Box::new(first)), Class::FirstName, "{name}");
        assert_eq!(column(Box::new(last)), Class::LastName, "{name}");
        assert_eq!(column(Box::new(street)), Class::Street, "{name}");
        assert_eq!(
            column(Box::new(move |s| l.towns.pick(&mut s.draw()).name.text.to_owned())),
            Class::City,
            "{name}"
        );
        assert_eq!(column(Box::new(move |s| format!("{} {}", first(s), last(s)))), Class::FullName, "{name}");
        assert_eq!(
            column(Box::new(move |s| l.jobs.pick(&mut s.draw()).text.to_owned())),
            Class::Job,
            "{name}"
        );
        let number = move |s: &mut Seeded| format!("{} {}", street(s), 1 + s.below(200));
        assert_eq!(column(Box::new(number)), Class::AddressLine, "{name}");
        let company =
            move |s: &mut Seeded| format!("{} {}", last(s), l.companies.forms.pick(&mut s.draw()).text);
        assert_eq!(column(Box::new(company)), Class::Company, "{name}");
    }
}

#[test]
fn products_are_nobody() {
    let products = from(&[
        "Oak table",
        "Blue mug",
        "Garden chair",
        "Desk lamp",
        "Wool blanket",
        "Steel bottle",
        "Paper towels",
        "Red kettle",
        "Wall clock",
        "Bath mat",
        "Kitchen scale",
        "Coffee grinder",
        "Bread knife",
        "Bed linen",
        "Soap dish",
        "Tea pot",
    ]);
    let (scores, _) = of(&text(), products);
    for class in [Class::FirstName, Class::LastName, Class::FullName, Class::City, Class::Street, Class::Job]
    {
        assert!(scores.of(class) < 1.0, "{class:?} {}", scores.of(class));
    }
}

#[test]
fn contacts_traces_and_secrets() {
    let mut seeded = Seeded(5);
    let mut column = |pattern: &str| -> Vec<String> { (0..30).map(|_| seeded.like(pattern)).collect() };
    let lower = |values: Vec<String>| values.into_iter().map(|v| v.to_lowercase()).collect::<Vec<_>>();
    let hex = |s: &mut Seeded, n: usize| (0..n).map(|_| format!("{:x}", s.below(16))).collect::<String>();
    let ip = |s: &mut Seeded| format!("192.0.2.{}", s.below(250));
    let mut more = Seeded(9);
    let (scores, _) = of(&text(), lower(column("@@@@.@@@@@")));
    assert!(scores.best().1 < 2.5, "{:?}", scores.best());
    let mail = lower(column("@@@@@")).into_iter().map(|name| name + "@example.org");
    assert_eq!(best(&text(), mail), Class::Email);
    assert_eq!(
        best(&text(), column("06########").into_iter().filter(|v| !v.starts_with("060"))),
        Class::Phone
    );
    assert_eq!(best(&text(), column("+31 20 ### ####")), Class::Phone);
    assert_eq!(best(&text(), (0..30).map(|_| ip(&mut more))), Class::Ip);
    let bcrypt = column("*****************************************************");
    assert_eq!(best(&text(), bcrypt.into_iter().map(|salt| format!("$2y$10${salt}"))), Class::PasswordHash);
    assert_eq!(
        best(&text(), column("****************").into_iter().map(|k| format!("sk_live_{k}"))),
        Class::Token
    );
    let uuids = (0..30).map(|_| {
        format!(
            "{}-{}-4{}-a{}-{}",
            hex(&mut more, 8),
            hex(&mut more, 4),
            hex(&mut more, 3),
            hex(&mut more, 3),
            hex(&mut more, 12)
        )
    });
    assert_eq!(best(&text(), uuids), Class::Key);
}

#[test]
fn births_moments_and_lists() {
    let mut s = Seeded(11);
    let births: Vec<String> = (0..60)
        .map(|_| format!("19{:02}-{:02}-{:02}", 30 + s.below(70), 1 + s.below(12), 1 + s.below(28)))
        .collect();
    assert_eq!(best(&TypeClass::Date, births), Class::BirthDate);
    let moments: Vec<String> = (0..60)
        .map(|_| format!("202{}-03-{:02} 1{}:22:05", s.below(5), 1 + s.below(28), s.below(10)))
        .collect();
    assert_eq!(best(&TypeClass::Timestamp { zone: false }, moments), Class::Moment);
    let repeated = |words: &[&str]| from(words).into_iter().cycle().take(400).collect::<Vec<_>>();
    assert_eq!(best(&text(), repeated(&["m", "v", "x"])), Class::Gender);
    assert_eq!(
        best(&text(), repeated(&["gehuwd", "ongehuwd", "gescheiden", "weduwe"])),
        Class::MaritalStatus
    );
    assert_eq!(best(&text(), repeated(&["pending", "shipped", "paid", "cancelled"])), Class::Label);
    assert_eq!(best(&TypeClass::SmallInt, repeated(&["0", "1"])), Class::Flag);
    assert_eq!(best(&text(), repeated(&["islam", "katholiek", "protestants", "hindoe"])), Class::Religion);
    assert_eq!(
        best(&text(), (0..60).map(|_| format!("{}.{:02}", s.below(900), s.below(100)))),
        Class::Measure
    );
}

#[test]
fn texts_and_nested_values() {
    let notes =
        (0..30).map(|n| format!("De klant belde over bestelling {n} en mailt naar piet{n}@example.org."));
    let (scores, evidence) = of(&text(), notes);
    assert_eq!(scores.best().0, Class::FreeText, "{:?}", scores.best());
    assert!(evidence.iter().any(|e| matches!(e, Evidence::Words { what: "texts with identifiers", .. })));
    let json = (0..30).map(|n| format!("{{\"mail\": \"a{n}@example.org\", \"n\": {n}}}"));
    assert_eq!(best(&TypeClass::Json, json), Class::Nested);
}
