//! Makes the sentences of templates that redact is measured on: names, numbers with their checks and spellings by rules of
//! its own, so that a fault of a recogniser is not made here too.

use std::collections::BTreeMap;

use super::tests_corpus::Sample;
use crate::recognise::Kind;

const TEMPLATES: &str = include_str!("../../../fixtures/redact/templates.txt");
const PEOPLE: &str = include_str!("../../../fixtures/redact/people.txt");

/// Small numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(n).unwrap()).unwrap()
    }

    fn pick<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.below(of.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }
}

fn value(c: char) -> u32 {
    c.to_digit(36).unwrap()
}

fn iban(country: &str, account: &str) -> String {
    let rest = format!("{account}{country}00").chars().fold(0, |rest, c| {
        let v = value(c);
        (rest * if v > 9 { 100 } else { 10 } + v) % 97
    });
    format!("{country}{:02}{account}", 98 - rest)
}

fn some_iban(dice: &mut Dice, language: &str) -> String {
    match language {
        "nl" => iban("NL", &format!("TEST0{}", dice.digits(9))),
        "en" => iban("GB", &format!("TEST{}", dice.digits(14))),
        "de" => iban("DE", &dice.digits(18)),
        _ => {
            let account: u64 = dice.digits(11).parse().unwrap();
            let key = 97 - (89 * 99_999 + 15 + 3 * account) % 97;
            iban("FR", &format!("9999900001{account:011}{key:02}"))
        }
    }
}

/// A personal number with a check, by language: BSN, NHS, Steuer-ID, NIR.
fn personal(dice: &mut Dice, language: &str) -> String {
    loop {
        let weigh = |digits: &str, from: usize| -> usize {
            digits.chars().enumerate().map(|(at, c)| (from - at) * usize::try_from(value(c)).unwrap()).sum()
        };
        match language {
            "nl" => {
                let eight = format!("{}{}", 1 + dice.below(9), dice.digits(7));
                if weigh(&eight, 9) % 11 < 10 {
                    return format!("{eight}{}", weigh(&eight, 9) % 11);
                }
            }
            "en" => {
                let nine = format!("999{}", dice.digits(6));
                let check = (11 - weigh(&nine, 10) % 11) % 11;
                if check < 10 {
                    return format!("{nine}{check}");
                }
            }
            "de" => {
                let mut ten: Vec<usize> = (0..10).collect();
                for at in (1..10).rev() {
                    ten.swap(at, dice.below(at + 1));
                }
                ten[9] = ten[0];
                if ten[0] == 0 {
                    continue;
                }
                let product = ten.iter().fold(10, |p, d| {
                    let sum = (p + d) % 10;
                    (if sum == 0 { 10 } else { sum }) * 2 % 11
                });
                let digits: String = ten.iter().map(usize::to_string).collect();
                return format!("{digits}{}", (11 - product) % 10);
            }
            _ => {
                let head = format!("{}{:02}{:02}", 1 + dice.below(2), dice.below(99), 1 + dice.below(12));
                let n = format!(
                    "{head}{:02}{:03}{:03}",
                    21 + dice.below(70),
                    1 + dice.below(900),
                    1 + dice.below(900)
                );
                return format!("{n}{:02}", 97 - n.parse::<u64>().unwrap() % 97);
            }
        }
    }
}

fn grouped(text: &str, sizes: &[usize], separator: &str) -> String {
    let (mut rest, mut parts) = (text, Vec::new());
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (part, behind) = rest.split_at((*size).min(rest.len()));
        parts.push(part);
        rest = behind;
    }
    parts.join(separator)
}

/// Lists by `language kind`.
fn people() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = PEOPLE.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(key, list)| (key, list.split(", ").collect()))
        .collect()
}

struct Maker {
    dice: Dice,
    people: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Maker {
    fn from(&mut self, language: &str, list: &str) -> &'static str {
        let key = format!("{language} {list}");
        self.dice.pick(&self.people[key.as_str()])
    }

    fn phone(&mut self, language: &str) -> [String; 3] {
        let dice = &mut self.dice;
        let (national, code) = match language {
            "nl" => (format!("069{}", dice.digits(7)), "+31"),
            "en" => (format!("07700900{}", dice.digits(3)), "+44"),
            "de" => (format!("01713920{}", dice.digits(3)), "+49"),
            _ => (format!("063998{}", dice.digits(4)), "+33"),
        };
        let abroad = format!("{code} {}", grouped(&national[1..], &[3, 3, 2, 2], " "));
        let home = match language {
            "nl" => format!("06-{}", &national[2..]),
            "en" => grouped(&national, &[5, 6], " "),
            "de" => format!("0171/{}", &national[4..]),
            _ => grouped(&national, &[2], " "),
        };
        [national, abroad, home]
    }

    fn birth(&mut self, language: &str) -> [String; 3] {
        let months = match language {
            "nl" => ["januari", "maart", "oktober"],
            "en" => ["January", "March", "October"],
            "de" => ["Januar", "März", "Oktober"],
            _ => ["janvier", "mars", "octobre"],
        };
        let (year, at, day) = (1940 + self.dice.below(65), self.dice.below(3), 13 + self.dice.below(15));
        let month = [1, 3, 10][at];
        let (sign, dot) = match language {
            "nl" => ("-", ""),
            "de" => (".", "."),
            _ => ("/", ""),
        };
        [
            format!("{year}-{month:02}-{day:02}"),
            format!("{day:02}{sign}{month:02}{sign}{year}"),
            format!("{day}{dot} {} {year}", months[at]),
        ]
    }

    /// A subject with two spellings of each identifier.
    fn subject(&mut self, language: &'static str) -> BTreeMap<&'static str, Vec<String>> {
        let (first, last) = (self.from(language, "first"), self.from(language, "last"));
        let plain = |text: &str| -> String {
            text.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect()
        };
        let mail = format!("{}.{}@example.org", plain(first), plain(last));
        let initial = first.chars().next().unwrap();
        let [a, b, c] = self.phone(language);
        let iban = some_iban(&mut self.dice, language);
        let number = personal(&mut self.dice, language);
        let spaced = match language {
            "nl" => grouped(&number, &[4, 2, 3], "."),
            "en" => grouped(&number, &[3, 3, 4], " "),
            "de" => grouped(&number, &[2, 3, 3, 3], " "),
            _ => grouped(&number, &[1, 2, 2, 2, 3, 3, 2], " "),
        };
        let (road, house) = (self.from(language, "street"), 1 + self.dice.below(90));
        let street = if matches!(language, "en" | "fr") {
            format!("{house} {road}")
        } else {
            format!("{road} {house}")
        };
        let birth = self.birth(language);
        BTreeMap::from([
            ("first", vec![first.to_owned(), first.to_uppercase()]),
            ("last", vec![last.to_owned()]),
            ("full", vec![format!("{first} {last}"), format!("{first} {last}").to_uppercase()]),
            ("init", vec![format!("{initial}. {last}")]),
            ("firsts", vec![format!("{first}s")]),
            ("mail", vec![mail.clone(), mail.to_uppercase()]),
            ("phone", vec![a, b, c]),
            ("iban", vec![iban.clone(), grouped(&iban, &[4], " ")]),
            ("number", vec![number, spaced]),
            ("street", vec![street]),
            ("birth", birth.into()),
        ])
    }

    fn slot(
        &mut self,
        slot: &str,
        language: &str,
        subject: &BTreeMap<&str, Vec<String>>,
    ) -> (String, String) {
        let dice = &mut self.dice;
        let own = |dice: &mut Dice, key: &str| {
            let spellings = &subject[key];
            spellings[dice.below(spellings.len())].clone()
        };
        let checked = |name: &str, value: String| (name.to_owned(), value);
        match slot {
            "x.order" => checked("", format!("{}{}", 2 + dice.below(7), dice.digits(7))),
            "x.price" => checked("", format!("{},{:02} euro", 1 + dice.below(900), dice.below(100))),
            "x.date" => checked("", format!("{:02}-{:02}-2024", 1 + dice.below(28), 1 + dice.below(12))),
            "x.time" => checked("", format!("{:02}:{:02}", 8 + dice.below(9), dice.below(60))),
            "x.small" => checked("", format!("{}", 2 + dice.below(40))),
            "x.word" => checked("", self.from(language, "word").to_owned()),
            "n.first" => checked("name", self.from(language, "first").to_owned()),
            "n.last" => checked("name", self.from(language, "last").to_owned()),
            "n.full" => {
                let first = self.from(language, "first");
                checked("name", format!("{first} {}", self.from(language, "last")))
            }
            "n.init" => {
                let first = self.from(language, "first").chars().next().unwrap();
                checked("name", format!("{first}. {}", self.from(language, "last")))
            }
            "iban" => checked("iban", some_iban(dice, language)),
            "bsn" => checked("bsn", personal(dice, "nl")),
            "nhs" => checked("nhs", personal(dice, "en")),
            "steuer" => checked("steuer_id", personal(dice, "de")),
            "nir" => checked("nir", personal(dice, "fr")),
            "card" => {
                let card = dice.pick(&[
                    "4111111111111111",
                    "5555555555554444",
                    "378282246310005",
                    "6011111111111117",
                ]);
                let sizes: &[usize] = if card.len() == 15 { &[4, 6, 5] } else { &[4] };
                checked("card", if dice.below(2) == 0 { card.to_owned() } else { grouped(card, sizes, " ") })
            }
            "phone" => checked("phone", self.phone(language)[self.dice.below(3)].clone()),
            "mail" => checked(
                "email",
                format!("{}{}@example.com", dice.pick(&["info", "k.smit", "post_"]), dice.digits(2)),
            ),
            "url" => {
                checked("url", format!("https://shop.example.org/o/{}?u={}", dice.digits(5), dice.digits(3)))
            }
            "postcode" if language == "en" => {
                checked("postcode", format!("M{} {}AB", 1 + dice.below(9), dice.below(9)))
            }
            "postcode" => checked("postcode", format!("{} XZ", 1000 + dice.below(8999))),
            "plate" => checked(
                "plate",
                match language {
                    "nl" => format!("XX-{}-X", 100 + dice.below(899)),
                    "en" => format!("AB{}2 CDE", 1 + dice.below(6)),
                    "de" => format!("B-XY {}", 1000 + dice.below(8999)),
                    _ => format!("AB-{}-CD", 100 + dice.below(899)),
                },
            ),
            own_slot => checked("own", own(dice, own_slot.strip_prefix("o.").expect("a slot"))),
        }
    }
}

/// Makes 1,000 sentences, 250 of each language.
pub(super) fn made() -> Vec<Sample> {
    let mut maker = Maker { dice: Dice(7), people: people() };
    let mut samples = Vec::new();
    for language in ["nl", "en", "de", "fr"] {
        let prefix = format!("{language}: ");
        let templates: Vec<&str> = TEMPLATES.lines().filter_map(|line| line.strip_prefix(&prefix)).collect();
        let mut subject = maker.subject(language);
        for count in 0..250 {
            if count % 8 == 0 {
                subject = maker.subject(language);
            }
            let (mut text, mut labels) = (String::new(), Vec::new());
            for piece in templates[count % templates.len()].split('{') {
                let Some((slot, rest)) = piece.split_once('}') else {
                    text.push_str(piece);
                    continue;
                };
                let (kind, value) = maker.slot(slot, language, &subject);
                if !kind.is_empty() {
                    labels.push((kind, text.len(), text.len() + value.len()));
                }
                text.push_str(&value);
                text.push_str(rest);
            }
            let own = [
                (Kind::FirstName, "first"),
                (Kind::LastName, "last"),
                (Kind::Email, "mail"),
                (Kind::Phone, "phone"),
                (Kind::Iban, "iban"),
                (Kind::Number, "number"),
                (Kind::Street, "street"),
                (Kind::BirthDate, "birth"),
            ];
            let own = own.map(|(kind, key)| (kind, subject[key][0].clone(), format!("Zz{key}")));
            samples.push(Sample { language, own: own.into(), text, labels });
        }
    }
    samples
}
