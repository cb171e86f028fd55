//! Cuts names into words, and words into spans of the lexicon. Folds case, umlauts and accents; knows no meaning.

use super::lexicon::{Entry, lexicon};

/// The most letters of a name that are read.
const LONGEST: usize = 160;

/// The most words of one phrase.
const PHRASE: usize = 6;

/// A part of a name.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Its letters, folded.
    pub(super) text: String,
    /// What the lexicon knows of it.
    pub(super) entry: Option<&'static Entry>,
    /// Whether it is only digits.
    pub(super) digits: bool,
}

/// Appends a letter, small and without its accent.
fn fold(letter: char, out: &mut String) {
    match letter {
        'a'..='z' | '0'..='9' => out.push(letter),
        'A'..='Z' => out.push(letter.to_ascii_lowercase()),
        'ä' | 'Ä' | 'æ' | 'Æ' => out.push_str("ae"),
        'ö' | 'Ö' | 'œ' | 'Œ' => out.push_str("oe"),
        'ü' | 'Ü' => out.push_str("ue"),
        'ß' | 'ẞ' => out.push_str("ss"),
        'à' | 'â' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Á' | 'Ã' | 'Å' => out.push('a'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => out.push('e'),
        'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' | 'Í' | 'Ì' => out.push('i'),
        'ô' | 'ó' | 'ò' | 'õ' | 'ø' | 'Ô' | 'Ó' | 'Ò' | 'Õ' | 'Ø' => out.push('o'),
        'û' | 'ù' | 'ú' | 'Û' | 'Ù' | 'Ú' => out.push('u'),
        'ç' | 'Ç' => out.push('c'),
        'ñ' | 'Ñ' => out.push('n'),
        other => out.extend(other.to_lowercase()),
    }
}

/// What a character is for the cuts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Small,
    Capital,
    Digit,
    Other,
}

fn kind(letter: char) -> Kind {
    if letter.is_numeric() {
        Kind::Digit
    } else if letter.is_uppercase() {
        Kind::Capital
    } else if letter.is_alphabetic() {
        Kind::Small
    } else {
        Kind::Other
    }
}

/// Prefixes of types before a hump: `strNaam`, `txtEmail`.
static HUNGARIAN: &[&str] = &[
    "str", "txt", "int", "bln", "lng", "dbl", "cur", "fld", "chk", "cbo", "lst", "vch", "var", "s", "i", "n",
    "m", "v",
];

/// Prefixes of any style that say nothing.
static PREFIXES: &[&str] = &["tbl", "fld", "col", "txt", "vw", "dbo"];

/// Cuts a name at separators, humps and digits; folded.
pub(in crate::discover) fn tokens(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().take(LONGEST).collect();
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = Kind::Other;
    let mut humps = 0_u32;
    for (at, letter) in letters.iter().enumerate() {
        let this = kind(*letter);
        let next = letters.get(at + 1).map_or(Kind::Other, |next| kind(*next));
        let hump = this == Kind::Capital
            && (before == Kind::Small || (before == Kind::Capital && next == Kind::Small));
        let turn = (this == Kind::Digit) != (before == Kind::Digit);
        if (hump || turn || this == Kind::Other) && !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if hump {
            humps += 1;
        }
        if this != Kind::Other {
            fold(*letter, &mut word);
        }
        before = this;
    }
    if !word.is_empty() {
        found.push(word);
    }
    let typed = humps > 0
        && letters.first().is_some_and(|first| kind(*first) == Kind::Small)
        && !name.contains('_')
        && found.first().is_some_and(|first| HUNGARIAN.contains(&first.as_str()))
        && lexicon().find(&found.concat()).is_none();
    if found.len() > 1 && (typed || found.first().is_some_and(|first| PREFIXES.contains(&first.as_str()))) {
        found.remove(0);
    }
    found
}

/// Cuts a name into spans: the longest phrases of the lexicon from the left.
pub(super) fn spans(name: &str) -> Vec<Span> {
    let lexicon = lexicon();
    let mut words: Vec<String> = Vec::new();
    for token in tokens(name) {
        if lexicon.find(&token).is_some() || token.bytes().all(|b| b.is_ascii_digit()) {
            words.push(token);
        } else if let Some(pieces) = lexicon.cut(&token) {
            words.extend(pieces.into_iter().map(str::to_owned));
        } else if let Some((front, end)) = lexicon.cut_front(&token).or_else(|| lexicon.cut_end(&token)) {
            words.extend([front.to_owned(), end.to_owned()]);
        } else {
            words.push(token);
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    let mut key = String::new();
    while let Some(word) = words.get(at) {
        let mut longest = None;
        key.clear();
        for (len, next) in words.iter().skip(at).take(PHRASE).enumerate() {
            key.push_str(next);
            if let Some(entry) = lexicon.find(&key) {
                longest = Some((len + 1, entry, key.clone()));
            }
        }
        match longest {
            Some((len, entry, text)) => {
                found.push(Span { text, entry: Some(entry), digits: false });
                at += len;
            }
            None => {
                let digits = word.bytes().all(|b| b.is_ascii_digit());
                found.push(Span { text: word.clone(), entry: None, digits });
                at += 1;
            }
        }
    }
    found
}

/// Returns a folded word in the singular, as both sides of a join are compared.
pub(super) fn single(word: &str) -> String {
    if let Some(known) = lexicon().single(word) {
        return known;
    }
    if let Some(stem) = word.strip_suffix("ies")
        && stem.len() > 1
    {
        return format!("{stem}y");
    }
    for (end, least) in [("sses", 2), ("xes", 2), ("ches", 2)] {
        if word.ends_with(end) && word.len() > end.len() + least {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    for end in ["en", "s"] {
        if let Some(stem) = word.strip_suffix(end)
            && stem.len() > 3
        {
            return stem.to_owned();
        }
    }
    word.to_owned()
}
