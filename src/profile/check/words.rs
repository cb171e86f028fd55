//! The words of the language: which may stand where, which are reserved for later versions, and which is the nearest
//! to a misspelt one. The words of techniques stand in their own declarations, not here.
//!
//! Refuses to let a reserved word pass as unknown: `Later` lists every word that DESIGN 4 names and nothing reads yet.

use crate::error::Name;

/// Keys of the profile itself.
pub(super) const TOP: &[&str] = &[
    "version",
    "extends",
    "parameters",
    "locale",
    "policy",
    "reasons",
    "objects",
    "entities",
    "lookups",
    "defaults",
    "tables",
    "expect",
];
/// Keys of `objects:`.
pub(super) const OBJECTS: &[&str] =
    &["large_objects", "statistics", "role_passwords", "connections", "comments"];
/// Keys of `policy:`.
pub(super) const POLICY: &[&str] = &["unlisted", "unfit", "domain", "mail_domain", "key", "expires"];
/// Keys of an entity that are no attributes.
pub(super) const ENTITY: &[&str] = &["subject", "pinned", "scope", "label", "resolve"];
/// Keys of a lookup.
pub(super) const LOOKUP: &[&str] = &["table", "key", "value", "by", "values"];
/// Keys of a table.
pub(super) const TABLE: &[&str] = &[
    "columns",
    "keep",
    "why",
    "like",
    "empty",
    "keep_rows",
    "insert",
    "quasi_identifiers",
    "optional",
    "count",
    "popularity",
];
/// Keys of `{use: …}`.
pub(super) const USE: &[&str] = &["use", "by", "or"];
/// Locales that have vocabularies.
pub(super) const LOCALES: &[&str] = &["nl_NL", "en_US", "en_GB", "de_DE", "nl_BE", "fr_FR"];
/// What a profile that names no locale gets.
pub(super) const DEFAULT_LOCALE: &str = "en_US";

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// A key of the profile.
    Top,
    /// A key of `policy:`.
    Policy,
    /// A key of an entity.
    Entity,
    /// A key of a table.
    Table,
    /// A technique.
    Technique,
    /// An option of a technique.
    Option,
    /// The value of `or:`.
    Or,
    /// The argument of the technique of this name.
    Argument(&'static str),
}

/// Words reserved at a spot, and what they will do.
pub(super) struct Later {
    /// Where.
    pub(super) spot: Spot,
    /// Word and what it is for, in one clause.
    pub(super) words: &'static [(&'static str, &'static str)],
}

/// Every word of the language that answers "needs a later version". The one list.
pub(super) static LATER: &[Later] = &[
    Later {
        spot: Spot::Top,
        words: &[
            ("resolve", "a first pass that finds the subject of a row"),
            ("insert", "invented rows added to a table"),
            ("links", "foreign keys that the schema does not declare"),
            ("subset", "a smaller copy whose rows still join"),
            ("risk", "limits on the residual risk"),
            ("learn", "synthetic data after the model of a source"),
            ("context", "who receives the copy, and what they know"),
            ("source", "an input by name"),
            ("sources", "inputs by name"),
            ("category", "special categories of data"),
            ("count", "how many rows to make"),
            ("scope", "tenants kept apart"),
            ("lock", "the list of decided columns"),
        ],
    },
    Later {
        spot: Spot::Policy,
        words: &[
            ("accept_risk", "special categories in redacted text"),
            ("category", "special categories of data"),
            ("context", "who receives the copy, and what they know"),
            ("lock", "the list of decided columns"),
            ("risk", "limits on the residual risk"),
            ("scope", "tenants kept apart"),
        ],
    },
    Later { spot: Spot::Entity, words: &[("lookups", "values taken from tables of your own")] },
    Later {
        spot: Spot::Table,
        words: &[
            ("scope", "tenants kept apart"),
            ("links", "foreign keys that the schema does not declare"),
            ("subset", "a smaller copy whose rows still join"),
            ("lookups", "values taken from tables of your own"),
            ("resolve", "a first pass that finds the subject of a row"),
            ("risk", "limits on the residual risk"),
            ("learn", "synthetic data after the model of a source"),
            ("context", "who receives the copy, and what they know"),
            ("expect", "counts that the input must reach"),
            ("source", "an input by name"),
            ("sources", "inputs by name"),
            ("category", "special categories of data"),
            ("defaults", "rules by type of column"),
            ("lock", "the list of decided columns"),
        ],
    },
    Later { spot: Spot::Technique, words: &[("lookup", "values taken from tables of your own")] },
    Later {
        spot: Spot::Option,
        words: &[
            ("scope", "tenants kept apart"),
            ("realistic", "numbers that may be in use"),
            ("fold", "case and accents folded before keying"),
            ("resolve", "a first pass that finds the subject of a row"),
            ("lookups", "values taken from tables of your own"),
            ("links", "foreign keys that the schema does not declare"),
            ("context", "who receives the copy, and what they know"),
            ("expect", "counts that the input must reach"),
            ("source", "an input by name"),
            ("count", "how many values to make"),
            ("risk", "limits on the residual risk"),
            ("window", "shuffling on a pipe"),
            ("age_band", "birth dates kept within a band"),
            ("unique", "stand-ins that never coincide"),
            ("within", "stand-ins of a narrower type"),
            ("max", "stand-ins of bounded length"),
        ],
    },
    Later { spot: Spot::Or, words: &[("resolve", "a first pass that finds the subject of a row")] },
    Later {
        spot: Spot::Argument("fake"),
        words: &[
            ("particle", PEOPLE),
            ("initials", PEOPLE),
            ("title", PEOPLE),
            ("gender", PEOPLE),
            ("username", PEOPLE),
            ("mobile", PEOPLE),
            ("birth_date", PEOPLE),
            ("job", PEOPLE),
            ("company", PEOPLE),
            ("photo", PEOPLE),
            ("house_number", ADDRESSES),
            ("house_addition", ADDRESSES),
            ("region", ADDRESSES),
            ("country", ADDRESSES),
            ("address", ADDRESSES),
            ("latitude", ADDRESSES),
            ("longitude", ADDRESSES),
            ("bic", NUMBERS),
            ("card", NUMBERS),
            ("bsn", NUMBERS),
            ("kvk", NUMBERS),
            ("vat", NUMBERS),
            ("passport", NUMBERS),
            ("id_card", NUMBERS),
            ("driving_licence", NUMBERS),
            ("licence_plate", NUMBERS),
            ("health_insurance_no", NUMBERS),
            ("onderwijsnummer", NUMBERS),
            ("ip", NETWORK),
            ("ipv6", NETWORK),
            ("mac", NETWORK),
            ("user_agent", NETWORK),
            ("url", NETWORK),
            ("domain", NETWORK),
            ("uuid", NETWORK),
            ("sentence", "invented text"),
            ("paragraph", "invented text"),
            ("product", "invented text"),
        ],
    },
    Later {
        spot: Spot::Argument("pseudonym"),
        words: &[
            ("digits", FORMS),
            ("alphanumeric", FORMS),
            ("text", FORMS),
            ("hex", FORMS),
            ("date", FORMS),
            ("smallint", FORMS),
            ("iban", NUMBERS),
            ("card", NUMBERS),
            ("phone", NUMBERS),
            ("postcode", NUMBERS),
            ("plate", NUMBERS),
            ("licence_plate", NUMBERS),
            ("ip", NETWORK),
            ("rijksregisternummer", NUMBERS),
            ("steuer_id", NUMBERS),
            ("nir", NUMBERS),
            ("nino", NUMBERS),
            ("ssn", NUMBERS),
            ("vat", NUMBERS),
            ("kvk", NUMBERS),
            ("onderwijsnummer", NUMBERS),
        ],
    },
    Later { spot: Spot::Argument("generalise"), words: &[("day", BANDS), ("hour", BANDS)] },
];

const PEOPLE: &str = "more kinds of personal data";
const ADDRESSES: &str = "more parts of an address";
const NUMBERS: &str = "more numbers with check digits";
const NETWORK: &str = "network addresses and identifiers";
const FORMS: &str = "more forms that a pseudonym keeps";
const BANDS: &str = "more ways to make a value coarser";

/// Says what a reserved word will do; `None` where it is not reserved at that spot. Case counts.
pub(super) fn later(spot: Spot, word: &str) -> Option<&'static str> {
    let words = LATER.iter().filter(|later| later.spot == spot).flat_map(|later| later.words);
    words.into_iter().find(|(name, _)| *name == word).map(|(_, what)| *what)
}

/// Returns the words that are neither keys of an entity yet nor names of attributes.
pub(super) fn reserved_in_entities() -> Vec<&'static str> {
    let words = LATER.iter().filter(|later| later.spot == Spot::Entity).flat_map(|later| later.words);
    words.map(|(word, _)| *word).collect()
}

/// Returns whether a key of an entity is no name of an attribute.
pub(crate) fn is_entity_word(word: &str) -> bool {
    ENTITY.contains(&word) || later(Spot::Entity, word).is_some()
}

/// Returns the word of `valid` that is nearest to `word`, if it is near: case and `-` for `_` are no distance, else at
/// most one letter in three is wrong.
pub(crate) fn nearest<'a>(word: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let flat = |text: &str| text.to_lowercase().replace(['-', ' '], "_").chars().take(64).collect::<Vec<_>>();
    let wanted = flat(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in valid {
        let other = flat(candidate);
        let allowed = (wanted.len().max(other.len()) / 3).max(1);
        if wanted.len().abs_diff(other.len()) > allowed {
            continue;
        }
        let found = distance(&wanted, &other);
        // Of two letters one is half of the word: a changed one makes another word.
        let short = wanted.len().min(other.len()) < 2 || wanted.len().max(other.len()) < 3;
        let near = found == 0 || (found <= allowed && !short);
        if near && best.is_none_or(|(least, _)| found < least) {
            best = Some((found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Counts the letters to insert, remove, change or swap with their neighbour (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |list: &[usize], index: usize| list.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut least =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

/// Returns a word of the profile as messages show it: not longer than a line, without marks that hide or turn text.
pub(crate) fn shown(word: &str) -> Name {
    const MOST: usize = 64;
    let hides = |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let mut text: String =
        word.chars().take(MOST).map(|c| if hides(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if word.chars().nth(MOST).is_some() {
        text.push('…');
    }
    Name::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words() {
        assert_eq!(nearest("colums", TABLE.iter().copied()), Some("columns"));
        assert_eq!(nearest("Version", TOP.iter().copied()), Some("version"));
        assert_eq!(nearest("mail-domain", POLICY.iter().copied()), Some("mail_domain"));
        assert_eq!(nearest("nl_nl", LOCALES.iter().copied()), Some("nl_NL"));
        assert_eq!(nearest("emial", ["email", "iban"]), Some("email"));
        assert_eq!(nearest("nothing_like_it", TOP.iter().copied()), None);
        assert_eq!(nearest("by", ["id"]), None);
        assert_eq!(nearest("idd", ["id"]), Some("id"));
    }

    #[test]
    fn distances() {
        let count =
            |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("abcd", "abdc"), 1);
    }

    #[test]
    fn no_word_is_both_valid_and_reserved() {
        for (spot, valid) in
            [(Spot::Top, TOP), (Spot::Policy, POLICY), (Spot::Entity, ENTITY), (Spot::Table, TABLE)]
        {
            for word in valid {
                assert_eq!(later(spot, word), None, "{word}");
            }
        }
    }
}
