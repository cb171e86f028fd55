//! The known spellings of gender and of salutations: pairs of a woman's and a man's word. A value that is one of them
//! tells which pair its column writes in; the stand-in is the other person's word of that pair. Knows no more words
//! than it lists, and takes nothing of a value but the pair, capitals and the final point.

use super::form::{Case, push};
use super::person::Gender;

/// What a pair is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A column of gender.
    Gender,
    /// A salutation, in a column of titles or before a name; as a last resort it tells gender too.
    Salutation,
}

/// A woman's and a man's word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// Languages in which it comes first, by the locale's first two letters; the first pair of a language is its own.
    languages: &'static str,
    used: Use,
    pub(super) female: &'static str,
    pub(super) male: &'static str,
    /// Spellings of neither, that stand in the same columns.
    also: &'static [&'static str],
}

const fn pair(used: Use, languages: &'static str, female: &'static str, male: &'static str) -> Pair {
    Pair { languages, used, female, male, also: &[] }
}

/// The spellings. Source of the digits: ISO/IEC 5218 (0 not known, 1 male, 2 female, 9 not applicable).
const PAIRS: &[Pair] = &[
    Pair { also: &["x", "o", "u"], ..pair(Use::Gender, "nl", "v", "m") },
    Pair { also: &["x", "o", "u"], ..pair(Use::Gender, "en fr", "f", "m") },
    Pair { also: &["d", "x"], ..pair(Use::Gender, "de", "w", "m") },
    pair(Use::Gender, "", "f", "h"),
    Pair { also: &["0", "9"], ..pair(Use::Gender, "", "2", "1") },
    Pair { also: &["onbekend", "anders"], ..pair(Use::Gender, "nl", "vrouw", "man") },
    Pair { also: &["unknown", "other"], ..pair(Use::Gender, "en", "female", "male") },
    Pair { also: &["divers", "unbekannt"], ..pair(Use::Gender, "de", "weiblich", "männlich") },
    Pair { also: &["inconnu", "autre"], ..pair(Use::Gender, "fr", "femme", "homme") },
    pair(Use::Gender, "nl", "vrouwelijk", "mannelijk"),
    pair(Use::Gender, "en", "woman", "man"),
    pair(Use::Gender, "de", "frau", "mann"),
    pair(Use::Gender, "fr", "féminin", "masculin"),
    pair(Use::Gender, "nl", "meisje", "jongen"),
    pair(Use::Gender, "en", "girl", "boy"),
    pair(Use::Gender, "fr", "fille", "garçon"),
    pair(Use::Salutation, "nl", "mevr.", "dhr."),
    pair(Use::Salutation, "nl", "mw.", "dhr."),
    pair(Use::Salutation, "nl", "mevrouw", "de heer"),
    pair(Use::Salutation, "nl", "mevrouw", "heer"),
    pair(Use::Salutation, "nl", "mevrouw", "meneer"),
    pair(Use::Salutation, "en", "ms.", "mr."),
    pair(Use::Salutation, "en", "mrs.", "mr."),
    pair(Use::Salutation, "en", "miss", "mr."),
    pair(Use::Salutation, "de", "frau", "herr"),
    pair(Use::Salutation, "fr", "mme", "m."),
    pair(Use::Salutation, "fr", "mme", "mr"),
    pair(Use::Salutation, "fr", "mlle", "m."),
    pair(Use::Salutation, "fr", "madame", "monsieur"),
];

/// Degrees that stand before a name, by language, the shortest first; what stands twice is more common.
const DEGREES: &[(&str, &[&str])] = &[
    ("nl", &["dr.", "drs.", "ir.", "ing.", "mr.", "drs.", "ir.", "prof. dr."]),
    ("en", &["Dr", "Prof"]),
    ("de", &["Dr.", "Prof. Dr.", "Dipl.-Ing."]),
    ("fr", &["Dr", "Pr", "Me"]),
];

/// Bytes of the longest spelling.
const MOST: usize = 16;

/// Packs a spelling of at most `MOST` bytes in small letters and without its final point; 0 for what is longer.
fn key(word: &[u8]) -> u128 {
    let word = word.strip_suffix(b".").unwrap_or(word);
    let mut bytes = [0; MOST];
    let Some(place) = bytes.get_mut(..word.len()) else { return 0 };
    place.copy_from_slice(word);
    bytes.make_ascii_lowercase();
    // The two letters beyond ASCII that a spelling here has: `Ä`, `É`, `Ç` are two bytes each.
    for at in 1..MOST {
        if let Some([0xC3, second @ 0x80..=0x9E]) = bytes.get_mut(at - 1..=at) {
            *second += 0x20;
        }
    }
    u128::from_be_bytes(bytes)
}

/// Returns the lower five bits of a spelling's first byte, which capitals do not change, and the bit of its length without the
/// final point; no bit for what is longer than any.
#[inline]
fn start(word: &[u8]) -> (usize, u32) {
    let word = word.strip_suffix(b".").unwrap_or(word);
    let length = u32::try_from(word.len()).ok().and_then(|length| 1_u32.checked_shl(length)).unwrap_or(0);
    (usize::from(word.first().copied().unwrap_or(0) & 31), length)
}

/// What a spelling is found to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// One of a pair.
    Pair(&'static Pair),
    /// A degree, which tells no gender.
    Degree,
}

/// The spellings of one locale, ready to be looked up.
pub(super) struct Words {
    keys: Vec<(u128, Found)>,
    /// The lengths of the spellings that begin with a letter (its lower five bits), a bit a length: so most values are known
    /// not to be one.
    lengths: [u32; 32],
    /// The locale's own pair.
    default: &'static Pair,
    degrees: &'static [&'static str],
}

impl Words {
    /// Lists the spellings that a use knows; of two pairs with one spelling that of the locale's language holds.
    pub(super) fn new(locale: &str, used: Use) -> Self {
        let language = locale.get(..2).unwrap_or_default();
        let degrees = DEGREES.iter().find(|(of, _)| *of == language).map_or(&[][..], |(_, degrees)| *degrees);
        let mut keys: Vec<(u128, Found)> = Vec::new();
        let mut lengths = [0; 32];
        let mut add = |word: &str, found| {
            let (at, length) = start(word.as_bytes());
            if let Some(lengths) = lengths.get_mut(at) {
                *lengths |= length;
            }
            let key = key(word.as_bytes());
            if keys.iter().all(|(known, _)| *known != key) {
                keys.push((key, found));
            }
        };
        if used == Use::Salutation {
            degrees.iter().for_each(|degree| add(degree, Found::Degree));
        }
        let own = |pair: &&Pair| pair.languages.contains(language);
        let wanted = |pair: &&Pair| pair.used == used || used == Use::Gender;
        let (first, then) = (PAIRS.iter().filter(own), PAIRS.iter().filter(|pair| !own(pair)));
        let ordered: Vec<&'static Pair> = first.chain(then).filter(wanted).collect();
        for pair in &ordered {
            // Before a name, `M.` is an initial everywhere but in France.
            let letters = used == Use::Gender || own(pair);
            for word in [pair.female, pair.male].iter().chain(pair.also) {
                if letters || word.trim_end_matches('.').len() > 1 {
                    add(word, Found::Pair(pair));
                }
            }
        }
        keys.sort_unstable_by_key(|(key, _)| *key);
        let default = ordered.first().copied().unwrap_or(&PAIRS[0]);
        Self { keys, lengths, default, degrees }
    }

    /// Looks a value up, without blanks around it.
    #[inline]
    pub(super) fn find(&self, value: &[u8]) -> Option<Found> {
        let value = value.trim_ascii();
        let (at, length) = start(value);
        if self.lengths.get(at).is_none_or(|lengths| lengths & length == 0) {
            return None;
        }
        let key = key(value);
        let at = self.keys.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.keys.get(at).map(|(_, found)| *found)
    }

    /// Finds the first pair both of whose words are in a list, but for capitals, as the list spells them.
    pub(super) fn among(locale: &str, labels: &[String]) -> Option<(String, String)> {
        let words = Self::new(locale, Use::Gender);
        let language = locale.get(..2).unwrap_or_default();
        let own = PAIRS.iter().filter(|pair| pair.languages.contains(language));
        let label = |word: &str| labels.iter().find(|label| key(label.as_bytes()) == key(word.as_bytes()));
        let known = words.keys.iter().filter_map(|(_, found)| match found {
            Found::Pair(pair) => Some(*pair),
            Found::Degree => None,
        });
        let mut pairs = std::iter::once(words.default).chain(own).chain(known);
        pairs.find_map(|pair| Some((label(pair.female)?.clone(), label(pair.male)?.clone())))
    }

    /// Returns the locale's own pair.
    pub(super) fn default(&self) -> &'static Pair {
        self.default
    }

    /// Returns the locale's degrees; empty where it has none.
    pub(super) fn degrees(&self) -> &'static [&'static str] {
        self.degrees
    }

    /// Returns the longest word that can come out, in characters.
    pub(super) fn longest(locale: &str, used: Use) -> u32 {
        let words = Self::new(locale, used);
        let pairs = words.keys.iter().filter_map(|(_, found)| match found {
            Found::Pair(pair) => Some([pair.female, pair.male]),
            Found::Degree => None,
        });
        let all = pairs.flatten().chain(words.degrees.iter().copied());
        all.filter_map(|word| u32::try_from(word.chars().count()).ok()).max().unwrap_or(0)
    }
}

impl Pair {
    /// Returns the word of a gender.
    pub(super) fn word(&self, gender: Gender) -> &'static str {
        gender.choose(self.female, self.male)
    }

    /// Returns the length of the longer word in characters.
    pub(super) fn chars(&self) -> u32 {
        let chars = |word: &str| u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
        chars(self.female).max(chars(self.male))
    }

    /// Appends the word of a gender with the capitals and point of a value that is one of the pair's.
    #[inline]
    pub(super) fn append(&self, gender: Gender, like: &[u8], out: &mut Vec<u8>) {
        let like = like.trim_ascii();
        let word = self.word(gender);
        let pointed = like.ends_with(b".") || !self.is_pointed(like);
        let word = if pointed { word } else { word.trim_end_matches('.') };
        append_like(word, like, out);
    }

    /// Returns whether the pair writes this value, which has no point, with one.
    fn is_pointed(&self, like: &[u8]) -> bool {
        [self.female, self.male].iter().any(|w| w.ends_with('.') && key(w.as_bytes()) == key(like))
    }
}

/// Appends a word in small letters, all capitals or with a capital, as another value has it.
pub(super) fn append_like(word: &str, like: &[u8], out: &mut Vec<u8>) {
    match Case::of(like) {
        Case::Natural if !like.first().is_some_and(u8::is_ascii_lowercase) => {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).for_each(|c| push(c, out));
            out.extend_from_slice(letters.as_str().as_bytes());
        }
        Case::Natural => out.extend_from_slice(word.as_bytes()),
        case => case.append(word, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(locale: &str, used: Use, value: &str) -> Option<[String; 2]> {
        let Some(Found::Pair(pair)) = Words::new(locale, used).find(value.as_bytes()) else { return None };
        Some([Gender::Female, Gender::Male].map(|gender| {
            let mut out = Vec::new();
            pair.append(gender, value.as_bytes(), &mut out);
            String::from_utf8(out).unwrap()
        }))
    }

    #[test]
    fn every_spelling_is_found_and_stands_for_itself() {
        for locale in ["nl_NL", "en_US", "en_GB", "de_DE", "nl_BE", "fr_FR"] {
            for used in [Use::Gender, Use::Salutation] {
                let words = Words::new(locale, used);
                let language = &locale[..2];
                assert!(words.default().languages.contains(language) && words.default().used == used);
                for pair in PAIRS.iter().filter(|p| p.used == used || used == Use::Gender) {
                    for word in [pair.female, pair.male].iter().chain(pair.also) {
                        assert!(word.len() <= MOST);
                        let initial = word.trim_end_matches('.').len() == 1
                            && used == Use::Salutation
                            && language != "fr";
                        for spelled in [word.to_lowercase(), word.to_uppercase()] {
                            let found = words.find(spelled.as_bytes()).is_some();
                            assert_eq!(found, !initial, "{locale} {word}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_value_tells_pair_capitals_and_point() {
        for (locale, value, female, male) in [
            ("nl_NL", "M", "V", "M"),
            ("nl_NL", "v", "v", "m"),
            ("en_US", "M", "F", "M"),
            ("de_DE", "m", "w", "m"),
            ("nl_NL", "F", "F", "M"),
            ("nl_NL", "1", "2", "1"),
            ("nl_NL", "0", "2", "1"),
            ("nl_NL", "Man", "Vrouw", "Man"),
            ("en_GB", "man", "woman", "man"),
            ("nl_NL", "MALE", "FEMALE", "MALE"),
            ("de_DE", "Männlich", "Weiblich", "Männlich"),
            ("de_DE", "MÄNNLICH", "WEIBLICH", "MÄNNLICH"),
            ("nl_NL", "dhr.", "mevr.", "dhr."),
            ("nl_NL", "Dhr", "Mevr", "Dhr"),
            ("en_US", "Mr.", "Ms.", "Mr."),
        ] {
            let expected = Some([female.to_owned(), male.to_owned()]);
            assert_eq!(converted(locale, Use::Gender, value), expected, "{locale} {value}");
        }
        for (locale, value, female, male) in [
            ("nl_NL", "De heer", "Mevrouw", "De heer"),
            ("nl_NL", "mw.", "mw.", "dhr."),
            ("nl_NL", "mw", "mw", "dhr"),
            ("en_US", "Mrs", "Mrs", "Mr"),
            ("en_US", "Mr", "Ms", "Mr"),
            ("fr_FR", "M.", "Mme", "M."),
            ("fr_FR", "Mme", "Mme", "M."),
            ("de_DE", "Herr", "Frau", "Herr"),
        ] {
            let expected = Some([female.to_owned(), male.to_owned()]);
            assert_eq!(converted(locale, Use::Salutation, value), expected, "{locale} {value}");
        }
        assert!(matches!(Words::new("nl_NL", Use::Salutation).find(b"mr."), Some(Found::Degree)));
        for unknown in ["", ".", "Jan", "q", "a word that is far too long", "\u{1F600}"] {
            assert!(Words::new("nl_NL", Use::Gender).find(unknown.as_bytes()).is_none(), "{unknown}");
        }
    }
}
