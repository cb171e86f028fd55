//! The local part of a mail address, and a user name: the person's name in plain small letters. `ß` and `ø` have letters of
//! their own, German umlauts two; accents go. Refuses every other character.

use std::sync::OnceLock;

use super::form::{Short, push};
use super::person::{self, Gender};
use crate::mask::{Lanes, lane};
use crate::vocabulary::{Draw, Entry, LOCALES, Locale, Table, Word};
use unicode_normalization::char::decompose_canonical;

/// Digits behind a name.
pub(super) const DIGITS: u32 = 4;

/// Room for what is kept of each locale; more of them are done without.
const MOST_LOCALES: usize = 16;

/// Returns the letters for a character that has no plain form, or another one than its base letter.
fn letters(c: char, german: bool) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ø' | 'Ø' => "o",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        'đ' | 'Đ' => "d",
        'ä' | 'Ä' if german => "ae",
        'ö' | 'Ö' if german => "oe",
        'ü' | 'Ü' if german => "ue",
        _ => return None,
    })
}

/// Appends the plain small letters of a name with a mark for each blank; hyphens stay, apostrophes go.
pub(super) fn append_plain(text: &str, mark: Option<u8>, german: bool, out: &mut Vec<u8>) {
    for c in text.chars() {
        match c {
            'a'..='z' | '-' => push(c, out),
            'A'..='Z' => push(c.to_ascii_lowercase(), out),
            ' ' => out.extend(mark),
            _ if c.is_ascii() => {}
            _ => match letters(c, german) {
                Some(letters) => out.extend_from_slice(letters.as_bytes()),
                None => decompose_canonical(c, |part| {
                    if part.is_ascii_alphabetic() {
                        push(part.to_ascii_lowercase(), out);
                    }
                }),
            },
        }
    }
}

/// How a local part is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Between the names; without it the first one is an initial: `jvandenberg`.
    pub(super) mark: Option<u8>,
}

/// Says whether umlauts are two letters.
fn german(locale: &Locale) -> bool {
    locale.country == "DE"
}

/// Writes the names of a locale's persons in plain letters.
pub(super) struct Namer {
    locale: &'static Locale,
    plain: Option<&'static Plain>,
}

impl Namer {
    pub(super) fn new(locale: &'static Locale) -> Self {
        Self { locale, plain: Plain::of(locale) }
    }

    /// Appends a person's name, at most `most` letters of it.
    #[inline]
    pub(super) fn append(&self, lanes: &Lanes, parts: Parts, most: usize, out: &mut Vec<u8>) {
        let usual = self.plain.filter(|_| parts == POINTS);
        if !usual.is_some_and(|plain| plain.append(self.locale, lanes, most, out)) {
            let (first, _, _) = person::first(self.locale, lanes);
            append(first, person::last(self.locale, lanes), parts, german(self.locale), most, out);
        }
    }
}

/// Names with points: `jan.van.den.berg`.
pub(super) const POINTS: Parts = Parts { mark: Some(b'.') };

/// The names of a locale with points, each a word: a name is then two looks and two copies.
struct Plain {
    female: Box<[Word]>,
    male: Box<[Word]>,
    last: Box<[Word]>,
}

impl Plain {
    /// Returns those of a locale, made once: a profile may have thousands of such columns.
    fn of(locale: &'static Locale) -> Option<&'static Self> {
        static KNOWN: [OnceLock<Plain>; MOST_LOCALES] = [const { OnceLock::new() }; MOST_LOCALES];
        let at = LOCALES.iter().position(|known| std::ptr::eq(*known, locale))?;
        Some(KNOWN.get(at)?.get_or_init(|| Self::made(locale)))
    }

    fn made(locale: &'static Locale) -> Self {
        let mut out = Vec::new();
        let mut word = |entry: &Entry| {
            out.clear();
            append_last(entry, POINTS, german(locale), &mut out);
            Word::ascii(std::str::from_utf8(&out).unwrap_or_default())
        };
        let mut words = |table: &'static Table| table.entries().iter().map(&mut word).collect();
        Self { female: words(locale.female), male: words(locale.male), last: words(locale.last_names) }
    }

    /// Appends a name; `false` and nothing if it is too long.
    #[inline]
    fn append(&self, locale: &Locale, lanes: &Lanes, most: usize, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let mut draw = Draw::new(lanes.0[lane::FIRST_NAME]);
        let gender = Gender::draw(&mut draw);
        let first = gender.names(locale).pick_place(&mut draw);
        let last = locale.last_names.pick_place(&mut Draw::new(lanes.0[lane::LAST_NAME]));
        let first = gender.choose(&self.female, &self.male).get(first);
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        if let (Some(first), Some(last)) = (first, self.last.get(last))
            && first.append(most, out)
        {
            out.push(b'.');
            let left = most.saturating_sub(u32::try_from(out.len() - start).unwrap_or(u32::MAX));
            if last.append(left, out) {
                return true;
            }
        }
        out.truncate(start);
        false
    }
}

/// Appends the digits that stand behind a name.
pub(super) fn append_digits(lanes: &Lanes, out: &mut Vec<u8>) {
    // As many draws below ten give the same digits.
    let digits = Draw::new(lanes.0[lane::UNIQUE]).below(10_u64.pow(DIGITS));
    let mut short = Short::new();
    short.digits(digits, usize::try_from(DIGITS).unwrap_or(0));
    short.append_to(out);
}

/// Appends a last name with its particle, or a first name.
fn append_last(last: &Entry, parts: Parts, german: bool, out: &mut Vec<u8>) {
    if !last.second.is_empty() {
        append_plain(last.second, parts.mark, german, out);
        out.extend(parts.mark);
    }
    append_plain(last.text, parts.mark, german, out);
}

fn append(first: &Entry, last: &Entry, parts: Parts, german: bool, most: usize, out: &mut Vec<u8>) {
    let start = out.len();
    append_plain(first.text, parts.mark, german, out);
    let mut behind_first = out.len();
    if parts.mark.is_none() {
        out.truncate(start + 1);
        behind_first = start + 1;
    }
    out.extend(parts.mark);
    append_last(last, parts, german, out);
    if out.len() - start > most {
        // Only the initial stays; what is still too long is cut at its end.
        out.drain(start + 1..behind_first);
        out.truncate(start + most);
        while out.len() > start + 1 && out.last().is_some_and(|b| !b.is_ascii_alphanumeric()) {
            out.pop();
        }
    }
}

/// Returns the most bytes that a name takes, with marks. Every name is looked at, once for each locale: a profile may have
/// thousands of such columns.
pub(super) fn longest(locale: &Locale) -> u32 {
    static KNOWN: [OnceLock<u32>; MOST_LOCALES] = [const { OnceLock::new() }; MOST_LOCALES];
    let at = LOCALES.iter().position(|known| std::ptr::eq(*known, locale));
    match at.and_then(|at| KNOWN.get(at)) {
        Some(known) => *known.get_or_init(|| measured(locale)),
        None => measured(locale),
    }
}

fn measured(locale: &Locale) -> u32 {
    let given = locale.female.entries().iter().chain(locale.male.entries());
    let most = |pairs: &mut dyn Iterator<Item = (&'static Entry, &'static Entry)>| {
        let mut out = Vec::new();
        let lengths = pairs.map(|(first, last)| {
            out.clear();
            append(first, last, POINTS, german(locale), usize::MAX, &mut out);
            u32::try_from(out.len()).unwrap_or(u32::MAX)
        });
        lengths.max().unwrap_or(0)
    };
    let (Some(first), Some(last)) = (locale.female.entries().first(), locale.last_names.entries().first())
    else {
        return 0;
    };
    let longest_given = most(&mut given.map(|name| (name, last)));
    let longest_last = most(&mut locale.last_names.entries().iter().map(|name| (first, name)));
    longest_given + longest_last - most(&mut std::iter::once((first, last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_plain_letters() {
        for locale in LOCALES {
            for table in [locale.female, locale.male, locale.last_names] {
                for entry in table.entries() {
                    let mut out = Vec::new();
                    append_plain(entry.text, Some(b'.'), german(locale), &mut out);
                    let bare = entry.text.chars().filter(|c| *c != '\'').count();
                    assert!(out.len() >= bare, "{}", entry.text);
                    assert!(out.iter().all(|b| b.is_ascii_lowercase() || b"-.".contains(b)));
                }
            }
        }
    }

    #[test]
    fn words_and_letters_make_the_same_names() {
        for locale in LOCALES {
            let plain = Plain::of(locale).unwrap();
            for row in 0..4000_u64 {
                let spread = |odd: u64| (row + 1).wrapping_mul(odd);
                let mut lanes = Lanes::default();
                lanes.0[lane::FIRST_NAME] = spread(0x9E37_79B9_7F4A_7C15);
                lanes.0[lane::LAST_NAME] = spread(0xD1B5_4A32_D192_ED03);
                for most in [1, 5, 9, 14, 20, 30, 61, usize::MAX] {
                    let (first, _, _) = person::first(locale, &lanes);
                    let (mut slow, mut fast) = (b"x".to_vec(), b"x".to_vec());
                    append(first, person::last(locale, &lanes), POINTS, german(locale), most, &mut slow);
                    if plain.append(locale, &lanes, most, &mut fast) {
                        assert_eq!(fast, slow);
                    } else {
                        assert_eq!(fast, b"x");
                    }
                }
            }
        }
    }

    #[test]
    fn plain_letters() {
        for (text, german, plain) in [
            ("Zoë", false, "zoe"),
            ("van 't Hof", false, "van.t.hof"),
            ("Jean-François", false, "jean-francois"),
            ("Weiß", true, "weiss"),
            ("Müller", true, "mueller"),
            ("Müller", false, "muller"),
            ("O'Brien", false, "obrien"),
        ] {
            let mut out = Vec::new();
            append_plain(text, Some(b'.'), german, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), plain);
        }
    }
}
