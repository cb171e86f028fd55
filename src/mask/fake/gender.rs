//! `fake: gender`, `title`: the subject's, in the spelling of the input. Lane 0 decides, and the first name comes of the
//! same bits. What is no known spelling is unfit. Refuses numbers and enumerations of which it cannot tell the words.
//!
//! A value that decides by itself is not drawn anew where its stand-in is the same: of two words the other one would
//! be no secret.

use super::form::Case;
use super::make::Make;
use super::person::{self, Gender};
use super::spec::{Build, KindSpec, Made, describing};
use super::words::{Found, Pair, Use, Words, append_like};
use crate::mask::{Lanes, Output, Refusal, Uniqueness};
use crate::row::shape::TypeClass;
use crate::vocabulary::{Draw, Locale};

/// `fake: gender`.
pub(super) static GENDER: KindSpec = KindSpec {
    name: "gender",
    summary: "the subject's gender, in the spelling of the input (M/V, female, 1, dhr.)",
    longest: |locale| Some(Words::longest(locale.name, Use::Gender)),
    own_options: &["words"],
    build: build_gender,
    ..describing()
};

/// `fake: title`.
pub(super) static TITLE: KindSpec = KindSpec {
    name: "title",
    summary: "a salutation that agrees with the subject's gender, or a degree where the input has one",
    longest: |locale| Some(Words::longest(locale.name, Use::Salutation)),
    build: build_title,
    ..describing()
};

/// A column that says one of two words, whatever the input.
struct Fixed {
    female: String,
    male: String,
}

fn build_gender(cx: &Build<'_>) -> Result<Made, Refusal> {
    if let Some((female, male)) = fixed(cx)? {
        let chars = |word: &str| u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
        let longest = chars(&female).max(chars(&male));
        cx.at_least(GENDER.name, longest)?;
        let make = Fixed { female, male };
        return Ok(if cx.class.is_text() {
            cx.made(make, longest, Uniqueness::Lost)
        } else {
            cx.made_as(make, Output::Typed)
        });
    }
    if !cx.class.is_text() {
        return Err(Refusal {
            what: "`fake: gender` cannot tell the words of a column that is no text".into(),
            hint: Some("write a woman's and a man's, for instance `words: \"2/1\"`".into()),
        });
    }
    let words = Words::new(cx.locale.name, Use::Gender);
    let most = cx.narrow();
    Ok(cx.made(Spelled { words, most }, cx.longest, Uniqueness::Lost))
}

/// Finds out whether the two words are known before any input: they are said, or the type allows one pair only.
fn fixed(cx: &Build<'_>) -> Result<Option<(String, String)>, Refusal> {
    let refusal = |what: &'static str| Refusal {
        what: what.into(),
        hint: Some(
            "write a woman's and a man's word that the column takes, for instance `words: \"F/M\"`".into(),
        ),
    };
    if let Some(said) = cx.option("words") {
        let both = said.text().and_then(|text| text.split_once('/'));
        let (female, male) = both
            .filter(|(female, male)| !female.is_empty() && !male.is_empty() && female != male)
            .ok_or_else(|| refusal("`words:` of `fake: gender` are two words with a slash between them"))?;
        let fits = match cx.class {
            TypeClass::Enum(labels) => [female, male].iter().all(|word| labels.iter().any(|l| l == word)),
            class if class.is_integer() => [female, male].iter().all(|word| is_small(word)),
            TypeClass::Boolean => {
                [female, male].iter().all(|word| ["t", "f", "true", "false", "0", "1"].contains(word))
            }
            class => class.is_text(),
        };
        return if fits {
            Ok(Some((female.to_owned(), male.to_owned())))
        } else {
            Err(refusal("the column does not take the `words:` of `fake: gender`"))
        };
    }
    match cx.class {
        TypeClass::Enum(labels) => Words::among(cx.locale.name, labels).map(Some).ok_or_else(|| {
            refusal("`fake: gender` knows no two labels of the enumeration as a woman's and a man's")
        }),
        // ISO/IEC 5218.
        class if class.is_integer() => Ok(Some(("2".to_owned(), "1".to_owned()))),
        _ => Ok(None),
    }
}

fn is_small(word: &str) -> bool {
    word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit())
}

impl Make for Fixed {
    fn make(&self, _field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        out.extend_from_slice(Gender::of(lanes).choose(&self.female, &self.male).as_bytes());
    }

    fn redraws(&self) -> bool {
        false
    }
}

/// A column whose values tell their spelling.
struct Spelled {
    words: Words,
    /// `max:`, where a word can be longer.
    most: Option<u32>,
}

/// Returns whether both words of a pair fit.
fn fits(pair: &Pair, most: Option<u32>) -> bool {
    most.is_none_or(|most| pair.chars() <= most)
}

impl Make for Spelled {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let gender = Gender::of(lanes);
        match self.words.find(field) {
            Some(Found::Pair(pair)) if fits(pair, self.most) => pair.append(gender, field, out),
            // The letters of the locale: they fit everywhere.
            _ => Case::Upper.append(self.words.default().word(gender), out),
        }
    }

    fn is_fit(&self, field: &[u8]) -> bool {
        self.words.find(field).is_some()
    }

    fn redraws(&self) -> bool {
        false
    }
}

struct Title {
    locale: &'static Locale,
    words: Words,
    most: Option<u32>,
}

fn build_title(cx: &Build<'_>) -> Result<Made, Refusal> {
    let words = Words::new(cx.locale.name, Use::Salutation);
    cx.at_least(TITLE.name, words.default().chars())?;
    Ok(cx.made(Title { locale: cx.locale, words, most: cx.narrow() }, cx.longest, Uniqueness::Lost))
}

impl Make for Title {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        match self.words.find(field) {
            Some(Found::Pair(pair)) if fits(pair, self.most) => pair.append(Gender::of(lanes), field, out),
            Some(Found::Degree) => {
                let (_, _, draw) = person::first(self.locale, lanes);
                append_like(self.degree(draw), field, out);
            }
            _ => out.extend_from_slice(self.words.default().word(Gender::of(lanes)).as_bytes()),
        }
    }

    fn is_fit(&self, field: &[u8]) -> bool {
        self.words.find(field).is_some()
    }

    fn redraws(&self) -> bool {
        false
    }
}

impl Title {
    /// Draws a degree behind the first name; the first one is short and common, and stands for what is too long.
    fn degree(&self, mut draw: Draw) -> &'static str {
        let degrees = self.words.degrees();
        let n = draw.below(u64::try_from(degrees.len()).unwrap_or(0));
        let drawn = usize::try_from(n).ok().and_then(|n| degrees.get(n)).copied().unwrap_or_default();
        let fits = |degree: &&str| {
            self.most.is_none_or(|most| u32::try_from(degree.len()).is_ok_and(|len| len <= most))
        };
        Some(drawn).filter(fits).or_else(|| degrees.first().copied()).unwrap_or_default()
    }
}
