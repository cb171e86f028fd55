//! The local part of a mail address, and a user name: the person's name in plain small letters. `ß` and `ø` have letters of
//! their own, German umlauts two; accents go. Refuses every other character.

use std::sync::OnceLock;

use super::form::push;
use super::person;
use crate::mask::{Lanes, lane};
use crate::vocabulary::iban::digit;
use crate::vocabulary::{Draw, Entry, LOCALES, Locale};
use unicode_normalization::char::decompose_canonical;

/// Digits behind a name.
pub(super) const DIGITS: u32 = 4;

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

/// Appends a person's name in plain letters, at most `most` of them, then the four digits of lane 6.
pub(super) fn append_name(locale: &Locale, lanes: &Lanes, parts: Parts, most: usize, out: &mut Vec<u8>) {
    let (first, _, _) = person::first(locale, lanes);
    append(first, person::last(locale, lanes), parts, german(locale), most, out);
}

/// Appends the digits that stand behind a name.
pub(super) fn append_digits(lanes: &Lanes, out: &mut Vec<u8>) {
    let mut draw = Draw::new(lanes.0[lane::UNIQUE]);
    for _ in 0..DIGITS {
        out.push(digit(draw.below(10)));
    }
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
    if !last.second.is_empty() {
        append_plain(last.second, parts.mark, german, out);
        out.extend(parts.mark);
    }
    append_plain(last.text, parts.mark, german, out);
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
    static KNOWN: [OnceLock<u32>; 16] = [const { OnceLock::new() }; 16];
    let at = LOCALES.iter().position(|known| std::ptr::eq(*known, locale));
    match at.and_then(|at| KNOWN.get(at)) {
        Some(known) => *known.get_or_init(|| measured(locale)),
        None => measured(locale),
    }
}

fn measured(locale: &Locale) -> u32 {
    let given = locale.female.entries().iter().chain(locale.male.entries());
    let mark = Parts { mark: Some(b'.') };
    let most = |pairs: &mut dyn Iterator<Item = (&'static Entry, &'static Entry)>| {
        let mut out = Vec::new();
        let lengths = pairs.map(|(first, last)| {
            out.clear();
            append(first, last, mark, german(locale), usize::MAX, &mut out);
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
