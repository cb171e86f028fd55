//! How a value is made, where no single check says what it is: names of people, addresses, companies, texts. Counted, and
//! weighed against each other when the column is read. Refuses to decide on one value.

use super::words::{self, List};
use crate::discover::measure::look::Look;
use crate::recognise::{self, Confidence};

macro_rules! traits {
    ($($name:ident: $what:literal,)*) => {
        /// How a value is made.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Trait {
            $(#[doc = $what] $name,)*
        }

        /// How many there are.
        pub(crate) const COUNT: usize = [$(Trait::$name),*].len();
    };
}

traits! {
    FullName: "A known given name (or initials) and more words that may be a surname.",
    LastFirst: "A surname, a comma, a given name or initials.",
    PartFirst: "One of several words, or of a hyphenated word, is a given name.",
    Particled: "A particle and a surname behind it.",
    Initials: "Letters with points.",
    Street: "A street, known or by its kind, without a number.",
    StreetNumber: "A street and a house number.",
    HouseNumber: "Up to five digits and perhaps a letter.",
    Company: "A legal form or kind of organisation among its words.",
    Text: "Four words or more.",
    Sentence: "Four words or more, among them ordinary ones, or a sign that ends a sentence.",
    Found: "A text in which an identifier stands.",
    Named: "A text in which a given name and a surname stand.",
    Json: "An object or array of JSON.",
    Php: "Serialized by PHP.",
    Xml: "XML or HTML.",
    Capital: "It begins with a capital that a small letter follows.",
    Word: "One word of letters.",
    Small: "A whole number from 0 to 120.",
    Decimal: "A number with a point.",
    Money: "A number with two digits behind the point.",
    Negative: "A number below zero.",
    Lower: "A word of small letters, digits, low lines, points.",
    Upper: "Capitals and low lines alone.",
    CountryCode: "A code of a country, of two letters.",
    Handle: "An at sign and a word.",
    Path: "A path of files or pages.",
}

#[expect(clippy::as_conversions, reason = "the number of an enumeration without fields")]
pub(crate) const fn place(found: Trait) -> usize {
    found as usize
}

/// Gives the ways in which a value is made.
pub(crate) fn find(look: &Look<'_>, mut give: impl FnMut(Trait)) {
    numbers(look, &mut give);
    if look.letters == 0 {
        return;
    }
    if let Some(nested) = nested(look) {
        give(nested);
        return;
    }
    spelling(look, &mut give);
    if look.words >= 4 {
        text(look, &mut give);
    }
    if look.chars <= 80
        && look
            .bytes
            .first()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80 || byte.is_ascii_digit())
    {
        names(look, &mut give);
        address(look, &mut give);
    }
}

fn numbers(look: &Look<'_>, give: &mut impl FnMut(Trait)) {
    if look.integer.is_some_and(|number| (0..=120).contains(&number)) {
        give(Trait::Small);
    }
    if let Some((digits, number)) = look.decimal {
        give(Trait::Decimal);
        if digits == 2 {
            give(Trait::Money);
        }
        if number < 0.0 {
            give(Trait::Negative);
        }
    }
    if look.integer.is_some_and(|number| number < 0) {
        give(Trait::Negative);
    }
    let digits = look.bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = look.bytes.get(digits..).unwrap_or_default().trim_ascii_start();
    let rest = rest.strip_prefix(b"-").or(rest.strip_prefix(b"/")).unwrap_or(rest).trim_ascii_start();
    let addition = match rest {
        [] => true,
        [byte] => byte.is_ascii_alphanumeric(),
        [first, second @ ..] => {
            second.len() <= 2 && rest.iter().all(u8::is_ascii_alphanumeric) && first.is_ascii_alphabetic()
        }
    };
    if (1..=5).contains(&digits) && addition && look.bytes.first() != Some(&b'0') && look.digits <= 7 {
        give(Trait::HouseNumber);
    }
}

fn spelling(look: &Look<'_>, give: &mut impl FnMut(Trait)) {
    let bytes = look.bytes;
    let mut chars = look.text.chars();
    if chars.next().is_some_and(char::is_uppercase) && chars.next().is_some_and(char::is_lowercase) {
        give(Trait::Capital);
    }
    if look.words == 1 && look.letters == look.chars {
        give(Trait::Word);
    }
    if look.words == 1
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.-".contains(b))
    {
        give(Trait::Lower);
    }
    if look.words == 1 && bytes.iter().all(|b| b.is_ascii_uppercase() || b"_-".contains(b)) {
        give(Trait::Upper);
    }
    if let [first, second] = bytes
        && super::codes::is_country(&[first.to_ascii_uppercase(), second.to_ascii_uppercase()])
    {
        give(Trait::CountryCode);
    }
    if look.words == 1 && bytes.first() == Some(&b'@') && !look.text.contains('.') {
        give(Trait::Handle);
    }
    if look.words == 1 && bytes.contains(&b'/') && !look.text.contains("://") {
        give(Trait::Path);
    }
    let dotted = look.text.split(['.', ' ', '-']).filter(|part| !part.is_empty());
    if look.chars <= 12 && bytes.contains(&b'.') && dotted.clone().count() >= 1 && look.digits == 0 {
        let short =
            |part: &str| part.chars().count() <= 2 && part.chars().next().is_some_and(char::is_uppercase);
        if dotted.clone().all(short) {
            give(Trait::Initials);
        }
    }
}

/// Returns the notation of a value with values in it.
fn nested(look: &Look<'_>) -> Option<Trait> {
    match look.bytes {
        [b'{', .., b'}'] | [b'[', .., b']'] if look.text.contains('"') => Some(Trait::Json),
        [b'{', b'"', ..] | [b'[', b'{' | b'"', ..] => Some(Trait::Json),
        [b'a' | b'O' | b's', b':', b'0'..=b'9', ..] => Some(Trait::Php),
        [b'<', b'?' | b'a'..=b'z' | b'A'..=b'Z' | b'!', ..] if look.bytes.contains(&b'>') => Some(Trait::Xml),
        _ => None,
    }
}

fn text(look: &Look<'_>, give: &mut impl FnMut(Trait)) {
    give(Trait::Text);
    let letters = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).len();
    let (mut ordinary, mut before, mut named) = (0_u32, words::In::default(), false);
    for word in look.each_word().take(200) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if letters(word) < 2 {
            continue;
        }
        let is = words::find(word);
        ordinary += u32::from(is.has(List::Ordinary) && word.starts_with(char::is_lowercase));
        let capital = word.starts_with(char::is_uppercase);
        named |= capital && is.has(List::Last) && before.has(List::First) && !is.has(List::Ordinary);
        before = if capital || is.has(List::Particle) && before.has(List::First) {
            if capital { is } else { before }
        } else {
            words::In::default()
        };
    }
    let ends = look.text.ends_with(['.', '!', '?']) || look.text.contains(". ");
    if ordinary >= 1 || ends {
        give(Trait::Sentence);
    }
    let mut found = Vec::new();
    if look.digits > 0 || look.bytes.contains(&b'@') {
        recognise::find(look.text, &mut found);
    }
    if found.iter().any(|finding| finding.confidence >= Confidence::Fair) {
        give(Trait::Found);
    }
    if named {
        give(Trait::Named);
    }
}

/// Returns whether a word is one letter, with a point or none, or such letters in a row: `J.P.`
fn initials(word: &str) -> bool {
    let mut parts = word.split(['.', '-']).filter(|part| !part.is_empty());
    word.len() <= 10
        && (word.contains('.') || word.chars().count() == 1)
        && parts.all(|part| part.chars().count() <= 2 && part.starts_with(char::is_uppercase))
}

fn names(look: &Look<'_>, give: &mut impl FnMut(Trait)) {
    let known = |word: &str, list| words::find(word).has(list);
    let hyphened = look.words == 1 && look.bytes.contains(&b'-');
    if (look.words > 1 || hyphened) && look.digits == 0 {
        let mut parts = look.text.split([' ', '-']).filter(|part| part.len() > 1);
        if parts.any(|part| known(part, List::First)) {
            give(Trait::PartFirst);
        }
    }
    if !(2..=6).contains(&look.words) || look.digits > 0 {
        return;
    }
    if let Some((last, first)) = look.text.split_once(',') {
        let first = first.trim().split(' ').next().unwrap_or_default();
        if !first.is_empty() && (known(first, List::First) || initials(first) || known(last, List::Last)) {
            give(Trait::LastFirst);
        }
        return;
    }
    let mut parts = look.each_word().filter(|word| !known(word, List::Title) || known(word, List::First));
    let first = parts.next().unwrap_or_default();
    let rest = look.text.get(look.text.find(first).unwrap_or(0) + first.len()..).unwrap_or_default().trim();
    let behind = rest.rsplit(' ').next().unwrap_or_default();
    let capital = behind.chars().next().is_some_and(char::is_uppercase);
    let last = known(rest, List::Last) || known(behind, List::Last);
    if known(first, List::Particle) && capital {
        give(Trait::Particled);
    } else if capital && (known(first, List::First) || initials(first))
        || last && first.chars().next().is_some_and(char::is_uppercase) && !known(first, List::Ordinary)
    {
        give(Trait::FullName);
    }
    if look.each_word().any(|word| known(word, List::CompanyForm)) {
        give(Trait::Company);
    }
}

fn address(look: &Look<'_>, give: &mut impl FnMut(Trait)) {
    if look.digits == 0 {
        if is_street(look.text) {
            give(Trait::Street);
        }
        return;
    }
    if !(2..=10).contains(&look.words) || look.text.contains("://") {
        return;
    }
    // The first piece before a comma: a number behind the street, or before it.
    let line = look.text.split([',', '\n']).next().unwrap_or_default().trim();
    let number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 6;
    let all: Vec<&str> = line.split_ascii_whitespace().take(8).collect();
    let street = match all.as_slice() {
        [first, rest @ ..] if number(first) && !rest.is_empty() => rest.join(" "),
        [rest @ .., last] if number(last) => rest.join(" "),
        [rest @ .., before, last] if number(before) && last.len() <= 4 => rest.join(" "),
        _ => return,
    };
    if is_street(&street) {
        give(Trait::StreetNumber);
    }
}

/// Returns whether words are a street: a known one, or one with a word or an end of streets.
fn is_street(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "straat", "laan", "plein", "kade", "gracht", "singel", "dijk", "strasse", "straße", "platz", "allee",
        "gasse", "steeg", "dreef", "weg", "ring", "damm", "hof", "pad", "ufer",
    ];
    let is_end = |word: &str| {
        let folded = word.to_lowercase();
        ENDS.iter().any(|end| folded.len() > end.len() + 2 && folded.ends_with(end))
            || folded.ends_with("str.") && folded.len() > 6
    };
    let long = text.split_ascii_whitespace().count() > 1;
    words::find(text).has(List::Street)
        || text.split_ascii_whitespace().any(is_end)
        || long && text.split_ascii_whitespace().any(|word| words::find(word).has(List::StreetWord))
}
