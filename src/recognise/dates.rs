//! Dates as people write them, in digits and with the month's name in four languages; and writing another date in the same
//! form. Refuses what is no day. Which of day and month stands first in `03/04/1984` is not known: both readings count.
//!
//! Source: ISO 8601 5.2.2; Unicode CLDR, names of months of nl, en, de and fr.

use super::fold;
use super::text::{Text, Token};
use crate::vocabulary::numbers::{days_in_month, number};

/// A day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) year: u64,
    pub(super) month: u64,
    pub(super) day: u64,
}

impl std::fmt::Debug for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Day(***)")
    }
}

impl Day {
    fn exists(&self) -> bool {
        (1..=days_in_month(self.year, self.month)).contains(&self.day) && (1850..=2150).contains(&self.year)
    }

    /// Returns the same with day and month exchanged.
    fn turned(self) -> Self {
        Self { month: self.day, day: self.month, ..self }
    }

    /// Reads a day that is all of a text: ISO, or a form of this file. A time behind ISO's day is left out.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        super::text::tokens(text.trim(), None, &mut tokens);
        let text = Text { text: text.trim(), tokens: &tokens };
        let written = Written::read(&text, 0)?;
        let rest = text.tokens.len().saturating_sub(written.tokens);
        let time = written.order == Order::Year && (rest <= 4);
        (rest == 0 || time).then_some(written.day)
    }
}

/// What stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Year,
    Day,
    Month,
}

/// A date in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) day: Day,
    /// Whether day and month may be the other way round.
    open: bool,
    order: Order,
    /// Index of the language and whether the name is short, where the month has a name.
    named: Option<(usize, bool)>,
    short_year: bool,
    pub(super) tokens: usize,
}

/// Names of months: nl, en, de, fr.
static MONTHS: [[&str; 12]; 4] = [
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
];

/// Returns the month, its language, and whether the name is short.
fn month(text: &Text<'_>, token: &Token) -> Option<(u64, usize, bool)> {
    if !(3..=10).contains(&token.len()) || token.is_number() {
        return None;
    }
    let mut word = Vec::new();
    for (language, months) in MONTHS.iter().enumerate() {
        for (number, month) in (1..).zip(months) {
            // Most words begin otherwise.
            if month.as_bytes().first().map(u8::to_ascii_lowercase)
                != Some(text.byte(token.start()).to_ascii_lowercase())
            {
                continue;
            }
            if word.is_empty() {
                fold::append(text.word(token), &mut word);
            }
            let mut name = Vec::new();
            fold::append(month, &mut name);
            let short = word.len() < name.len() && matches!(word.len(), 3 | 4) && name.starts_with(&word);
            if word == name || short {
                return Some((number, language, short));
            }
        }
    }
    None
}

fn digits(text: &Text<'_>, at: usize, most: usize) -> Option<u64> {
    let token = text.get(at)?;
    let word = text.word(token);
    let word =
        word.strip_suffix("er").or(word.strip_suffix("st")).or(word.strip_suffix("nd")).unwrap_or(word);
    let word = word.strip_suffix("rd").or(word.strip_suffix("th")).unwrap_or(word);
    number(word.as_bytes()).filter(|_| word.len() <= most)
}

fn year(text: &Text<'_>, at: usize) -> Option<(u64, bool)> {
    let token = text.get(at).filter(|token| token.is_number())?;
    let year = number(text.word(token).as_bytes())?;
    match token.len() {
        4 => Some((year, false)),
        2 => Some((if year > 30 { 1900 + year } else { 2000 + year }, true)),
        _ => None,
    }
}

impl Written {
    /// Reads a date from a word on.
    pub(super) fn read(text: &Text<'_>, at: usize) -> Option<Self> {
        let gap = |n: usize| text.gap_before(at + n);
        let made = |day: Day, order, named: Option<(usize, bool)>, short_year| {
            let open = named.is_none() && order != Order::Year && day.turned().exists();
            let day = if day.exists() { day } else { day.turned() };
            let fits = day.exists() && (named.is_none() || order != Order::Year);
            fits.then_some(Self { day, open, order, named, short_year, tokens: 3 })
        };
        let first = text.get(at)?;
        if let (Some((month, language, short)), Some(day)) = (month(text, first), digits(text, at + 1, 2)) {
            let (year, short_year) = year(text, at + 2)?;
            let fits = matches!(gap(1), " " | ". ") && matches!(gap(2), ", " | " ");
            return made(Day { year, month, day }, Order::Month, Some((language, short)), short_year)
                .filter(|_| fits);
        }
        if first.len() == 4 && first.is_number() {
            let (year, _) = year(text, at)?;
            let (month, day) = (digits(text, at + 1, 2)?, digits(text, at + 2, 2)?);
            let iso = gap(1) == gap(2) && matches!(gap(1), "-" | "/" | ".");
            let day = Day { year, month, day };
            return made(day, Order::Year, None, false).filter(|_| iso && day.exists());
        }
        let day = digits(text, at, 2)?;
        let second = text.get(at + 1)?;
        let (year, short_year) = year(text, at + 2)?;
        if let Some((month, language, short)) = month(text, second) {
            let fits =
                matches!(gap(1), " " | ". " | "-" | " of ") && matches!(gap(2), " " | ", " | ". " | "-");
            return made(Day { year, month, day }, Order::Day, Some((language, short)), short_year)
                .filter(|_| fits);
        }
        let month = digits(text, at + 1, 2)?;
        let fits =
            matches!((gap(1), gap(2)), ("-", "-") | ("/", "/") | ("." | ". ", "." | ". ") | (" ", " "));
        let order = if month > 12 { Order::Month } else { Order::Day };
        made(Day { year, month, day }, order, None, short_year).filter(|_| fits && first.is_number())
    }

    /// Returns whether it is a certain day, read either way.
    pub(super) fn is(&self, day: Day) -> bool {
        self.day == day || self.open && self.day == day.turned()
    }

    /// Appends another day in the same form. `as_is`: the day as it was meant, for telling which part stands first.
    pub(super) fn append(&self, text: &Text<'_>, at: usize, meant: Day, new: Day, out: &mut String) {
        let turned = self.order == Order::Month || self.open && self.day != meant;
        let name = self.named.and_then(|(language, short)| {
            let month = usize::try_from(new.month).ok()?.checked_sub(1)?;
            let name = MONTHS.get(language)?.get(month)?;
            Some(if short { name.get(..3).unwrap_or(name) } else { name })
        });
        let values = match self.order {
            Order::Year => [None, Some(new.month), Some(new.day)],
            _ if turned => [Some(new.month), Some(new.day), None],
            _ => [Some(new.day), Some(new.month), None],
        };
        let month_at = if turned { 0 } else { 1 };
        for (step, value) in values.into_iter().enumerate() {
            let Some(token) = text.get(at + step) else { return };
            if step > 0 {
                out.push_str(text.gap_before(at + step));
            }
            match (value, name) {
                (Some(_), Some(name)) if step == month_at => cased(text.word(token), name, out),
                (Some(value), _) => {
                    let padded = token.len() == 2;
                    out.push_str(&if padded { format!("{value:02}") } else { value.to_string() });
                }
                (None, _) if self.short_year => out.push_str(&format!("{:02}", new.year % 100)),
                (None, _) => out.push_str(&format!("{:04}", new.year)),
            }
        }
    }
}

fn cased(like: &str, name: &str, out: &mut String) {
    let upper = like.chars().all(char::is_uppercase);
    for (at, c) in name.chars().enumerate() {
        if upper || at == 0 && like.starts_with(char::is_uppercase) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_in_many_forms_and_another_in_the_same() {
        let (day, new) = (Day { year: 1984, month: 3, day: 12 }, Day { year: 1990, month: 11, day: 5 });
        for (text, expected) in [
            ("1984-03-12", "1990-11-05"),
            ("12-03-1984", "05-11-1990"),
            ("12-3-84", "05-11-90"),
            ("12.3.1984", "05.11.1990"),
            ("03/12/1984", "11/05/1990"),
            ("12 maart 1984", "05 november 1990"),
            ("March 12, 1984", "November 05, 1990"),
            ("12. MÄRZ 1984", "05. NOVEMBER 1990"),
            ("12 mars 1984", "05 novembre 1990"),
            ("12 mrt 1984", ""),
        ] {
            let mut tokens = Vec::new();
            super::super::text::tokens(text, None, &mut tokens);
            let cut = Text { text, tokens: &tokens };
            let Some(written) = Written::read(&cut, 0) else {
                assert_eq!(expected, "", "{text}");
                continue;
            };
            assert!(written.is(day), "{text}");
            let mut out = String::new();
            written.append(&cut, 0, day, new, &mut out);
            assert_eq!(out, expected, "{text}");
        }
        assert_eq!(Day::of("1984-03-12 00:00:00"), Some(day));
        assert_eq!(Day::of("1984-02-30"), None);
        assert_eq!(Day::of("12-03-1984 en meer"), None);
    }
}
