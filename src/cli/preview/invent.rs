//! Values that nobody ever had, of a form that the rule and type of a column take: what a preview shows as "before".
//! Mail is at `example.org`, numbers are ones that are not given out, and the same row tells of the same person.
//!
//! Knows forms, not data: no value of an input comes here.

use crate::pipeline::Values;
use crate::profile::plan::{ColumnDecision, TablePlan};
use crate::row::shape::{ColumnFacts, Shape, TypeClass};

/// Words of one language.
struct Words {
    first: &'static [&'static str],
    last: &'static [&'static str],
    street: &'static [&'static str],
    city: &'static [&'static str],
    postcode: &'static [&'static str],
    phone: &'static [&'static str],
    iban: &'static [&'static str],
    text: &'static [&'static str],
}

const DUTCH: Words = Words {
    first: &["Anna", "Bram", "Chloë", "Daan", "Eva"],
    last: &["Voorbeeld", "De Proef", "Van Schijn", "Model", "Stand-In"],
    street: &["Proefweg 1", "Voorbeeldlaan 22", "Schijnstraat 3-A", "Modelplein 4", "Testkade 55"],
    city: &["Proefstad", "Voorbeelddorp", "Schijnveen", "Modelhaven", "Testwoude"],
    postcode: &["1000 AA", "2000BB", "3000 CC", "4000 DD", "5000 EE"],
    phone: &["06-00000000", "+31600000001", "010-0000002", "06 00 00 00 03", "0600000004"],
    iban: &["NL00 BANK 0000 0000 00", "NL00BANK0000000001", "NL00BANK0000000002"],
    text: &["Voorbeeldtekst", "Belt liever 's ochtends terug", "Zie brief", "Geen bijzonderheden"],
};

const ENGLISH: Words = Words {
    first: &["Anna", "Ben", "Chloé", "Dan", "Eve"],
    last: &["Example", "O'Sample", "Test-Case", "Model", "Placeholder"],
    street: &["1 Example Street", "22 Sample Road", "3a Model Lane", "4 Test Square", "55 Proof Avenue"],
    city: &["Exampleton", "Sample City", "Modelville", "Testford", "Proofham"],
    postcode: &["00000", "00001", "00002-0000"],
    phone: &["(212) 555-0100", "+12125550101", "212-555-0102"],
    iban: &["DE00000000000000000000", "DE00000000000000000001"],
    text: &["Sample text", "Prefers to be called back in the morning", "See letter", "Nothing to add"],
};

const DATES: &[&str] = &["1980-05-06", "1975-11-23", "1999-02-28", "1961-08-01", "2003-12-31"];
const MOMENTS: &[&str] = &["2024-02-03 10:11:12", "2023-07-30 23:59:59", "2025-01-01 00:00:00"];
/// Of the range that the Dutch tax office gives to test files: valid, and nobody's.
const BSNS: &[&str] = &["999990019", "999990020", "999990032", "999990044", "999990056"];

/// Returns the `row`th of some words; they come round again.
fn nth<'w>(words: &'w [&'static str], row: usize) -> &'w str {
    words.iter().cycle().nth(row % words.len().max(1)).copied().unwrap_or_default()
}

/// Returns invented rows for a table, in the order of its columns.
pub(super) fn rows(plan: &TablePlan, shape: &Shape, count: usize, locale: &str) -> Vec<Values> {
    let words = if locale.starts_with("nl") { &DUTCH } else { &ENGLISH };
    let columns = || shape.columns.iter().zip(plan.columns.iter().map(Some).chain(std::iter::repeat(None)));
    (0..count)
        .map(|row| {
            let mut place = 0;
            let mut one = |(column, decision): (&ColumnFacts, Option<&ColumnDecision>)| {
                place += 1;
                // Now and then NULL, where that may be and is no empty field of a file.
                let may = !column.not_null && column.ty.class != TypeClass::Unknown;
                let is_null = may && row > 0 && (row + place * 3).is_multiple_of(11);
                (!is_null).then(|| value(words, column, decision, row).into_bytes())
            };
            columns().map(&mut one).collect()
        })
        .collect()
}

/// Returns one value: what the rule is made for, else what the type holds.
fn value(words: &Words, column: &ColumnFacts, decision: Option<&ColumnDecision>, row: usize) -> String {
    let argument = decision.and_then(|decision| decision.argument.as_deref()).unwrap_or_default();
    let technique = decision.map_or("keep", |decision| decision.technique);
    let class = &column.ty.class;
    let made = match (technique, argument) {
        ("fake", "first_name") => nth(words.first, row).to_owned(),
        ("fake", "last_name") => nth(words.last, row).to_owned(),
        ("fake", "full_name") => format!("{} {}", nth(words.first, row), nth(words.last, row)),
        ("fake", "email") => mail(words, row),
        ("fake", "phone") => nth(words.phone, row).to_owned(),
        ("fake", "street") => nth(words.street, row).to_owned(),
        ("fake", "city") => nth(words.city, row).to_owned(),
        ("fake", "postcode") => nth(words.postcode, row).to_owned(),
        ("fake", "iban") => nth(words.iban, row).to_owned(),
        ("pseudonym", "bsn") => nth(BSNS, row).to_owned(),
        ("pseudonym", "uuid") => of_class(words, &TypeClass::Uuid, column, row),
        ("pseudonym", _) if class.is_text() => format!("{}", 1001 + row),
        ("generalise", "age") if class.is_text() => format!("{}", 18 + row * 7 % 70),
        ("generalise", "network") if class.is_text() => of_class(words, &TypeClass::Inet, column, row),
        ("generalise", period) if class.is_text() && !period.is_empty() => nth(DATES, row).to_owned(),
        ("shift", _) if class.is_text() => nth(DATES, row).to_owned(),
        ("perturb", _) if class.is_text() => number(None, None, row),
        ("hash", _) if class.is_text() => format!("REF-{:05}", 10_001 + row * 7),
        _ => return of_class(words, class, column, row),
    };
    cut(made, class)
}

fn mail(words: &Words, row: usize) -> String {
    let plain = |text: &str| -> String {
        let letters = text.to_lowercase().replace(['ë', 'é'], "e");
        letters.chars().filter(char::is_ascii_alphabetic).collect()
    };
    format!("{}.{}@example.org", plain(nth(words.first, row)), plain(nth(words.last, row)))
}

/// Returns a value of a type.
fn of_class(words: &Words, class: &TypeClass, column: &ColumnFacts, row: usize) -> String {
    match class {
        TypeClass::SmallInt => format!("{}", 101 + row % 100),
        TypeClass::Integer | TypeClass::BigInt => format!("{}", 1001 + row),
        TypeClass::Numeric { precision, scale } => number(*precision, *scale, row),
        TypeClass::Float { .. } => format!("{}.5", 3 + row),
        TypeClass::Boolean => if row.is_multiple_of(2) { "t" } else { "f" }.to_owned(),
        TypeClass::Uuid => format!("00000000-0000-4000-8000-{:012}", 1 + row),
        TypeClass::Date => nth(DATES, row).to_owned(),
        TypeClass::Timestamp { zone } => format!("{}{}", nth(MOMENTS, row), if *zone { "+00" } else { "" }),
        TypeClass::Moment => nth(MOMENTS, row).to_owned(),
        TypeClass::Time => nth(MOMENTS, row).chars().skip(11).collect(),
        TypeClass::Interval => format!("{} days", 1 + row),
        TypeClass::Json => r#"{"theme": "dark"}"#.to_owned(),
        TypeClass::Bytes => "\\x0102".to_owned(),
        TypeClass::Inet => format!("192.0.2.{}", 1 + row % 250),
        TypeClass::Enum(labels) => labels.get(row % labels.len().max(1)).cloned().unwrap_or_default(),
        TypeClass::Array(of) => {
            format!("{{{}}}", of_class(words, of, column, row).replace(['"', ',', '{', '}'], ""))
        }
        TypeClass::Unknown | TypeClass::Text { .. } | TypeClass::Char { .. } | TypeClass::CiText => {
            let short = class.max_chars().is_some_and(|most| most < 32);
            let plain = || if short { format!("x{}", 1 + row) } else { nth(words.text, row).to_owned() };
            cut(by_name(words, &column.name, row).unwrap_or_else(plain), class)
        }
        TypeClass::Other => format!("({})", 1 + row),
    }
}

/// Returns text that a column of this name would hold.
fn by_name(words: &Words, name: &str, row: usize) -> Option<String> {
    let name = name.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    Some(match () {
        () if says(&["hash", "token", "passw", "secret"]) => format!("$x${:08}", 1 + row),
        () if says(&["mail"]) => mail(words, row),
        () if says(&["phone", "telefo", "mobile"]) => nth(words.phone, row).to_owned(),
        () if says(&["postcode", "zip"]) => nth(words.postcode, row).to_owned(),
        () if says(&["street", "straat"]) => nth(words.street, row).to_owned(),
        () if says(&["city", "plaats"]) => nth(words.city, row).to_owned(),
        () if says(&["country", "land"]) => nth(&["NL", "BE", "DE"], row).to_owned(),
        () if says(&["date", "datum", "_on", "_at"]) => nth(DATES, row).to_owned(),
        () if says(&["voegsel"]) => nth(&["van", "de", "van der"], row).to_owned(),
        () if says(&["aanhef", "gender", "geslacht", "salut"]) => nth(&["m", "v", "x"], row).to_owned(),
        () if says(&["number", "nummer"]) || name.ends_with("_no") => format!("{}", 12 + row),
        () if says(&["status", "state", "stage"]) => nth(&["open", "closed", "new"], row).to_owned(),
        () if says(&["kind", "type", "soort", "group"]) => nth(&["a", "b", "c"], row).to_owned(),
        () if name == "id" || name.ends_with("_id") => format!("{}", 1001 + row),
        () => return None,
    })
}

/// Returns a decimal of so many digits.
fn number(precision: Option<u32>, scale: Option<i32>, row: usize) -> String {
    let behind = scale.and_then(|scale| usize::try_from(scale).ok()).unwrap_or(0);
    let before =
        precision.and_then(|digits| usize::try_from(digits).ok()).unwrap_or(9).saturating_sub(behind);
    let whole = match before {
        0 => "0".to_owned(),
        1 => format!("{}", 1 + row % 9),
        2 => format!("{}", 11 + row % 80),
        _ => format!("{}", 101 + row % 800),
    };
    let digits: String = "95025075".chars().cycle().skip(row % 8).take(behind.min(8)).collect();
    if digits.is_empty() { whole } else { format!("{whole}.{digits}") }
}

/// Cuts a value to what its column takes.
fn cut(text: String, class: &TypeClass) -> String {
    match class.max_chars().and_then(|most| usize::try_from(most).ok()) {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_numbers_are_valid_ones() {
        for bsn in BSNS {
            let digits: Vec<i32> = bsn.bytes().map(|b| i32::from(b - b'0')).collect();
            let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
            let sum: i32 = digits.iter().zip(weights).map(|(d, w)| d * w).sum();
            assert_eq!((digits.len(), sum % 11), (9, 0), "{bsn}");
        }
    }

    #[test]
    fn decimals_fit_their_digits() {
        assert_eq!(number(Some(3), Some(2), 0), "1.95");
        assert_eq!(number(Some(2), Some(2), 0), "0.95");
        assert_eq!(number(None, None, 1), "102");
        assert_eq!(number(Some(10), Some(0), 2), "103");
        assert_eq!(number(Some(5), Some(-2), 0), "101");
    }
}
