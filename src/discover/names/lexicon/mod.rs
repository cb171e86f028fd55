//! The words that columns and tables are named with, as static tables by language, and one map over them.
//!
//! Phrases stand between commas. One is written with blanks, in small ASCII letters (`ae` for ä, `e` for é); it is found however its words are
//! joined: `date of birth` is `DateOfBirth`, `dateofbirth` and `date_of_birth`. Phrases of one system's own columns do
//! not belong here.

mod de;
mod en;
mod fr;
mod nl;
mod plain;
mod roles;
mod shared;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::tables::Role;
use crate::discover::class::{Category, Class};

/// What hardly ever means anything else.
pub(super) const SURE: f32 = 7.0;
/// What mostly means this.
pub(super) const STRONG: f32 = 5.0;
/// What often means this.
pub(super) const USUAL: f32 = 3.0;
/// What may mean this.
pub(super) const HINT: f32 = 1.5;

/// When a class is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Wherever the words stand.
    Always,
    /// Among what is of people: fully there, less where nothing is known, not at all among things.
    People,
    /// Beside the parts of an address.
    Address,
    /// In tables of settings and of keys with values.
    Settings,
}

/// Words that mean nothing without what they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// `name`: of a person, an organisation, a thing.
    Name,
    /// `number`, `nr`.
    Number,
    /// `code`.
    Code,
    /// `id`, `key`.
    Id,
    /// `date`, `at`.
    Date,
}

/// What words say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Says {
    /// The column is of this class.
    Class(Class, f32, When),
    /// It belongs to such a thing.
    Owner(Role),
    /// It depends on what it belongs to.
    Head(Head),
    /// Whatever it is about, the column is only a flag, a label, a measure or a moment of it.
    Takes(Class, f32),
    /// The same, where it stands first (`is_`, `has_`, `nb_`).
    Opens(Class, f32),
    /// The column is about such things, not one of them (`_template`, `_format`).
    Strips,
    /// Nothing (`of`, `new`, `home`).
    Fills,
}

/// One meaning and the phrases that have it.
pub(super) type Line = (Says, &'static str);

pub(super) const fn says(class: Class, weight: f32, phrases: &'static str) -> Line {
    (Says::Class(class, weight, When::Always), phrases)
}

pub(super) const fn people(class: Class, weight: f32, phrases: &'static str) -> Line {
    (Says::Class(class, weight, When::People), phrases)
}

pub(super) const fn owner(role: Role, phrases: &'static str) -> Line {
    (Says::Owner(role), phrases)
}

pub(super) const fn head(head: Head, phrases: &'static str) -> Line {
    (Says::Head(head), phrases)
}

pub(super) const fn takes(class: Class, weight: f32, phrases: &'static str) -> Line {
    (Says::Takes(class, weight), phrases)
}

pub(super) const fn opens(class: Class, weight: f32, phrases: &'static str) -> Line {
    (Says::Opens(class, weight), phrases)
}

/// All tables.
pub(super) static TABLES: &[&[Line]] = &[
    shared::WORDS,
    plain::WORDS,
    en::WORDS,
    en::MORE,
    nl::WORDS,
    nl::MORE,
    de::WORDS,
    de::MORE,
    fr::WORDS,
    fr::MORE,
    roles::WORDS,
];

/// What stands under one phrase.
#[derive(Debug)]
pub(super) struct Entry {
    /// The phrase.
    pub(super) phrase: &'static str,
    /// All its meanings.
    pub(super) says: Vec<Says>,
}

/// The map over all tables.
pub(super) struct Lexicon {
    /// Phrases without their blanks.
    phrases: HashMap<String, Entry>,
    /// What joined words are cut into: phrases, and the words of phrases.
    pieces: HashSet<String>,
    /// The first three letters of all pieces.
    starts: HashSet<[u8; 3]>,
    /// Letters of the longest piece.
    longest: usize,
}

/// Short words that joined words may be cut at; others under four letters stand in too many words.
static SHORT: &[&str] = &[
    "tel", "mob", "fax", "gsm", "sms", "url", "dob", "bsn", "vat", "btw", "kvk", "zip", "plz", "nom", "rue",
    "iso",
];

/// Short words that joined words may end with.
static TAILS: &[&str] = &["id", "nr", "no", "ip"];

impl Lexicon {
    fn build() -> Self {
        let mut made =
            Self { phrases: HashMap::new(), pieces: HashSet::new(), starts: HashSet::new(), longest: 0 };
        for (says, phrases) in TABLES.iter().copied().flatten() {
            for phrase in phrases.split(',').map(str::trim) {
                let key: String = phrase.split(' ').collect();
                for word in phrase.split(' ').chain([key.as_str()]) {
                    if word.len() > 3 || SHORT.contains(&word) {
                        made.pieces.insert(word.to_owned());
                        made.longest = made.longest.max(word.len());
                        if let Some(start) = word.as_bytes().first_chunk::<3>() {
                            made.starts.insert(*start);
                        }
                    }
                }
                let entry = made.phrases.entry(key).or_insert_with(|| Entry { phrase, says: Vec::new() });
                if !entry.says.contains(says) {
                    entry.says.push(*says);
                }
            }
        }
        made
    }

    /// Returns the entry of joined words, in the singular where they are in the plural.
    pub(super) fn find(&self, key: &str) -> Option<&Entry> {
        if let Some(entry) = self.phrases.get(key) {
            return Some(entry);
        }
        singulars(key).find_map(|single| self.phrases.get(&single))
    }

    fn piece(&self, word: &str) -> bool {
        self.pieces.contains(word)
            || (word.len() > 4 && singulars(word).any(|single| self.pieces.contains(&single)))
    }

    /// Cuts joined words; nothing where they are not all known.
    pub(super) fn cut<'w>(&self, word: &'w str) -> Option<Vec<&'w str>> {
        if !word.is_ascii() || word.len() < 5 || word.len() > 64 {
            return None;
        }
        // The best way to each place: how many pieces, and where the last one starts and ends.
        let mut best: Vec<Option<(usize, usize, usize)>> = vec![None; word.len() + 1];
        *best.first_mut()? = Some((0, 0, 0));
        for from in 0..word.len() {
            let Some((pieces, _, _)) = best.get(from).copied().flatten() else { continue };
            let rest = word.get(from..)?;
            let tail = TAILS.contains(&rest) && from > 0;
            if !tail && !rest.as_bytes().first_chunk::<3>().is_some_and(|start| self.starts.contains(start)) {
                continue;
            }
            for len in (2..=rest.len().min(self.longest + 2)).rev() {
                let Some(piece) = rest.get(..len) else { continue };
                if !(self.piece(piece) || (tail && len == rest.len())) {
                    continue;
                }
                let end = from + len;
                let mut reach = |to: usize, cost: usize| {
                    if let Some(slot) = best.get_mut(to)
                        && slot.is_none_or(|(old, _, _)| cost < old)
                    {
                        *slot = Some((cost, from, end));
                    }
                };
                reach(end, pieces + 4);
                // Dutch and German join with an s: `verzekeringsnummer`.
                if len > 4 && word.get(end..end + 1) == Some("s") && end + 1 < word.len() {
                    reach(end + 1, pieces + 5);
                }
            }
        }
        let mut found = Vec::new();
        let mut at = word.len();
        while at > 0 {
            let (_, from, end) = best.get(at).copied().flatten()?;
            found.push(word.get(from..end)?);
            at = from;
        }
        found.reverse();
        Some(found)
    }

    /// Cuts a known word off the end of an unknown one.
    pub(super) fn cut_end<'w>(&self, word: &'w str) -> Option<(&'w str, &'w str)> {
        if !word.is_ascii() || word.len() > 64 {
            return None;
        }
        (3..word.len().saturating_sub(3)).find_map(|at| {
            let (front, end) = word.split_at_checked(at)?;
            let known = ENDS.contains(&end) || (end.len() > 5 && self.phrases.contains_key(end));
            known.then_some((front, end))
        })
    }
}

impl Lexicon {
    /// Cuts the name of a sensitive class off the front of joined words of which the rest is unknown:
    /// `gehaltsvorstellung`. Such are not passed over because of a word that nobody listed.
    pub(super) fn cut_front<'w>(&self, word: &'w str) -> Option<(&'w str, &'w str)> {
        if !word.is_ascii() || word.len() > 64 {
            return None;
        }
        let sensitive = |says: &Says| match says {
            Says::Class(class, weight, When::Always) if *weight >= STRONG => {
                let category = class.about().category;
                matches!(category, Category::Special | Category::Criminal) || *class == Class::Income
            }
            _ => false,
        };
        (6..word.len().saturating_sub(2)).rev().find_map(|at| {
            let (front, end) = word.split_at_checked(at)?;
            let known = self.phrases.get(front).is_some_and(|entry| entry.says.iter().any(sensitive));
            known.then_some((front, end))
        })
    }
}

/// Words of four and five letters that end unknown joined words.
static ENDS: &[&str] = &["naam", "name", "datum", "email", "adres"];

/// Returns what a word may be the plural of.
fn singulars(word: &str) -> impl Iterator<Item = String> {
    let cut = |end: &str, with: &str| {
        let least = if end == "s" { 3 } else { 4 };
        word.strip_suffix(end).filter(|stem| stem.len() >= least).map(|stem| format!("{stem}{with}"))
    };
    [
        cut("ies", "y"),
        cut("s", ""),
        cut("es", ""),
        cut("sen", "s"),
        cut("en", ""),
        cut("n", ""),
        cut("e", ""),
        cut("x", ""),
    ]
    .into_iter()
    .flatten()
}

impl Lexicon {
    /// Returns the singular of a word, where the lexicon has it as what rows are.
    pub(super) fn single(&self, word: &str) -> Option<String> {
        singulars(word).find(|single| {
            self.phrases
                .get(single)
                .is_some_and(|entry| entry.says.iter().any(|says| matches!(says, Says::Owner(_))))
        })
    }
}

/// Returns the map.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);
    &LEXICON
}
