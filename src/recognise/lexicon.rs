//! What single words say about names: given names and surnames of the chosen locales, and of their languages the titles,
//! roles, particles and ordinary words. A table from hash to bits, made once. Refuses to hold a word of the input.

use super::fold;
use crate::vocabulary::{Locale, Table};

/// What is known of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(u32);

impl Bits {
    pub(super) const NONE: Self = Self(0);
    /// A given name.
    pub(super) const FIRST: Self = Self(1);
    /// A surname, or the chief word of one.
    pub(super) const LAST: Self = Self(1 << 1);
    /// The chief word of a surname that has a particle.
    pub(super) const PAIRED: Self = Self(1 << 2);
    /// A word of its language too: it needs a cue.
    pub(super) const ORDINARY: Self = Self(1 << 3);
    /// A word that a sentence may begin with, or that names nobody even behind a title.
    pub(super) const NEVER: Self = Self(1 << 4);
    /// `mevr`, `Herr`: a name follows, known or not.
    pub(super) const TITLE: Self = Self(1 << 5);
    /// `collega`, `Kundin`: a name may follow.
    pub(super) const ROLE: Self = Self(1 << 6);
    /// `Beste`, `Groeten`: a name may follow, behind a comma or line end too.
    pub(super) const GREETING: Self = Self(1 << 7);
    /// `van`, `de`, `von`.
    pub(super) const PARTICLE: Self = Self(1 << 8);
    /// `met`, `with`: an ordinary word with a capital may be a name.
    pub(super) const WITH: Self = Self(1 << 9);
    /// `belde`, `said`: what stands before does what persons do.
    pub(super) const SAYS: Self = Self(1 << 10);
    /// `de`, `the`, `der`.
    pub(super) const ARTICLE: Self = Self(1 << 11);
    /// A word before names of churches, streets, feasts: `Sint`, `Saint`.
    pub(super) const SAINT: Self = Self(1 << 12);
    /// A particle that tells a surname by itself: `ter`, `von`.
    pub(super) const STRONG: Self = Self(1 << 13);
    /// A particle behind another one, or behind a title: `der`, `op`, `'t`.
    pub(super) const INNER: Self = Self(1 << 14);
    /// A surname with its particles, as one word.
    pub(super) const WHOLE: Self = Self(1 << 15);

    /// Returns whether any of `other` is in it.
    #[inline]
    pub(super) const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns both.
    #[inline]
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether it is a given name or a surname.
    pub(super) const fn is_name(self) -> bool {
        self.any(Self::FIRST.or(Self::LAST).or(Self::PAIRED))
    }

    /// Returns whether it is a word of the language.
    pub(super) const fn is_ordinary(self) -> bool {
        self.any(Self::ORDINARY.or(Self::NEVER))
    }
}

/// The words of a language: lines `class: words`.
struct Words {
    language: &'static str,
    text: &'static str,
}

static WORDS: &[Words] = &[
    Words { language: "nl", text: include_str!("words/nl.txt") },
    Words { language: "en", text: include_str!("words/en.txt") },
    Words { language: "de", text: include_str!("words/de.txt") },
    Words { language: "fr", text: include_str!("words/fr.txt") },
];

/// Classes that hold whatever the locale is: a German title in a Dutch text is a title.
static EVERYWHERE: &[&str] = &["title", "greeting", "saint"];

fn class(name: &str) -> Bits {
    match name {
        "ordinary" => Bits::ORDINARY,
        "never" => Bits::NEVER,
        "title" => Bits::TITLE,
        "own title" => Bits::TITLE,
        "role" => Bits::ROLE,
        "greeting" => Bits::GREETING,
        "particle" => Bits::PARTICLE,
        "strong" => Bits::PARTICLE.or(Bits::STRONG),
        "inner" => Bits::INNER,
        "with" => Bits::WITH,
        "says" => Bits::SAYS,
        "article" => Bits::ARTICLE,
        "saint" => Bits::SAINT,
        _ => Bits::NONE,
    }
}

/// Gives the words of all languages that are no names, or names and words too.
pub(super) fn ordinary(mut give: impl FnMut(&'static str)) {
    for line in WORDS.iter().flat_map(|list| list.text.lines()).filter(|line| !line.starts_with('#')) {
        if let Some((name, line)) = line.split_once(": ")
            && class(name).is_ordinary()
        {
            line.split_whitespace().for_each(&mut give);
        }
    }
}

/// Words by the hash of their folded form.
pub(super) struct Lexicon {
    slots: Box<[(u64, Bits)]>,
    mask: usize,
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lexicon({} slots)", self.slots.len())
    }
}

impl Lexicon {
    /// Reads names and words of some locales.
    pub(super) fn new(locales: &[&'static Locale]) -> Self {
        let mut words = Vec::new();
        for locale in locales {
            for table in [locale.female, locale.male] {
                names(table, Bits::FIRST, &mut words);
            }
            names(locale.last_names, Bits::LAST, &mut words);
        }
        for list in WORDS {
            let chosen = locales.iter().any(|locale| locale.name.starts_with(list.language));
            for line in list.text.lines().filter(|line| !line.starts_with('#')) {
                let Some((name, line)) = line.split_once(": ") else { continue };
                if chosen || EVERYWHERE.contains(&name) {
                    words.extend(line.split_whitespace().map(|word| (fold::hash(word), class(name))));
                }
            }
        }
        let size = (words.len() * 2).next_power_of_two();
        let mut lexicon = Self { slots: vec![(0, Bits::NONE); size].into(), mask: size - 1 };
        for (hash, bits) in words {
            let slot = lexicon.slot(hash);
            if let Some(slot) = lexicon.slots.get_mut(slot) {
                *slot = (hash, slot.1.or(bits));
            }
        }
        lexicon
    }

    /// Returns the slot of a hash, or the empty one where it would stand.
    #[inline]
    fn slot(&self, hash: u64) -> usize {
        let mut at = usize::try_from((hash ^ hash >> 32) & 0xffff_ffff).unwrap_or(0) & self.mask;
        while self.slots.get(at).is_some_and(|(other, bits)| *bits != Bits::NONE && *other != hash) {
            at = (at + 1) & self.mask;
        }
        at
    }

    /// Returns what is known of a word.
    #[inline]
    pub(super) fn get(&self, hash: u64) -> Bits {
        self.slots.get(self.slot(hash)).map_or(Bits::NONE, |(_, bits)| *bits)
    }
}

/// Adds the names of a table: every word that is no particle; a surname's as one that has a particle.
fn names(table: &'static Table, bits: Bits, words: &mut Vec<(u64, Bits)>) {
    for entry in table.entries() {
        let parts = || entry.text.split([' ', '-', '\'', '’']).filter(|part| part.chars().count() > 1);
        let particle = |part: &str| PARTICLES.iter().any(|p| p.eq_ignore_ascii_case(part));
        let paired = !entry.second.is_empty() || parts().any(particle);
        let bits = if bits == Bits::LAST && paired { Bits::PAIRED } else { bits };
        words.extend(parts().filter(|part| !particle(part)).map(|part| (fold::hash(part), bits)));
        if paired {
            let whole: String = [entry.second, entry.text].concat().split([' ', '\'', '’']).collect();
            words.push((fold::hash(&whole), Bits::WHOLE));
        }
    }
}

/// Words before surnames, in any language; what they are in a text the lists say.
pub(super) static PARTICLES: &[&str] = &[
    "van", "de", "den", "der", "het", "ter", "ten", "te", "van't", "'t", "op", "in", "aan", "bij", "vd",
    "von", "vom", "zu", "zur", "zum", "du", "des", "le", "la", "les", "di", "da", "dos", "el", "al", "ben",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::locale;

    #[test]
    fn names_titles_and_ordinary_words() {
        let nl = Lexicon::new(&[locale("nl_NL").expect("it is there")]);
        let get = |word: &str| nl.get(fold::hash(word));
        assert!(get("sanne").any(Bits::FIRST) && !get("sanne").is_ordinary());
        assert!(get("Bakker").any(Bits::LAST) && get("Bakker").is_ordinary());
        assert!(get("Vries").any(Bits::PAIRED) && !get("Vries").is_ordinary());
        assert!(
            get("mevr").any(Bits::TITLE) && get("Herr").any(Bits::TITLE) && !get("Kunde").any(Bits::ROLE)
        );
        assert_eq!(get("kwijlebal"), Bits::NONE);
    }

    #[test]
    fn every_line_of_the_lists_has_a_class() {
        for list in WORDS {
            for line in list.text.lines().filter(|line| !line.starts_with('#')) {
                let (name, _) = line.split_once(": ").expect("a class");
                assert_ne!(class(name), Bits::NONE, "{}: {name}", list.language);
            }
        }
    }
}
