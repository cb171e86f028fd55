//! Words that say what a column is: names and places of the vocabularies, and closed lists (`lists.txt`). A table from the
//! hash of a folded phrase to bits, made once. Refuses to hold a word of the input.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::recognise::fold::Folded;
use crate::vocabulary::LOCALES;

/// The lists, in the order of their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// Given names.
    First,
    /// Surnames, with or without particle.
    Last,
    /// Towns.
    Town,
    /// Regions.
    Region,
    /// Streets.
    Street,
    /// Jobs.
    Job,
    /// Words of four languages that are no names.
    Ordinary,
    /// Genders.
    Gender,
    /// Marital status.
    Marital,
    /// Nationalities.
    Nationality,
    /// Religions.
    Religion,
    /// Origins.
    Ethnicity,
    /// Parties.
    Politics,
    /// Unions.
    Union,
    /// Orientations.
    Sexuality,
    /// Diseases, medicines, blood groups.
    Health,
    /// Offences.
    Offence,
    /// Forms of address.
    Title,
    /// Particles of surnames.
    Particle,
    /// Yes and no.
    Flag,
    /// What things are: states, colours, sizes, roles, kinds.
    Status,
    /// Schools and grades.
    Education,
    /// Countries.
    Country,
    /// Languages.
    Language,
    /// Currencies.
    Currency,
    /// Legal forms and kinds of organisations.
    CompanyForm,
    /// Kinds of streets.
    StreetWord,
    /// Pastimes.
    Interest,
    /// Months and days of the week.
    Month,
}

/// How many lists there are.
pub(crate) const COUNT: usize = 29;

/// Which lists a phrase is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct In(u32);

impl In {
    /// Returns whether it is in a list.
    pub(crate) fn has(self, list: List) -> bool {
        self.0 & bit(list) != 0
    }

    /// Returns the places of the lists it is in.
    pub(crate) fn each(self) -> impl Iterator<Item = usize> {
        (0..COUNT).filter(move |at| self.0 >> at & 1 == 1)
    }
}

#[expect(clippy::as_conversions, reason = "the number of an enumeration without fields")]
pub(crate) const fn place(list: List) -> usize {
    list as usize
}

const fn bit(list: List) -> u32 {
    1 << place(list)
}

/// Returns which lists a phrase is in, whatever its case and accents.
pub(crate) fn find(phrase: &str) -> In {
    if phrase.len() > 60 {
        return In::default();
    }
    In(table().get(&hash(phrase)).copied().unwrap_or(0))
}

/// Returns whether it is a given name, and no other word.
pub(crate) fn is_given_name(word: &str) -> bool {
    find(word).has(List::First)
}

/// Returns whether it is a surname.
pub(crate) fn is_surname(word: &str) -> bool {
    find(word).has(List::Last)
}

/// Returns the hash of a folded phrase, its blanks one each.
fn hash(phrase: &str) -> u64 {
    let mut folded = Folded::new();
    for (at, word) in phrase.split_whitespace().enumerate() {
        if at > 0 {
            folded.push(b' ');
        }
        folded.push_str(word);
    }
    folded.hash()
}

fn table() -> &'static HashMap<u64, u32> {
    static TABLE: OnceLock<HashMap<u64, u32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        names(&mut table);
        closed(&mut table);
        crate::recognise::ordinary_words(|word| put(&mut table, word, List::Ordinary));
        table
    })
}

fn put(table: &mut HashMap<u64, u32>, phrase: &str, list: List) {
    *table.entry(hash(phrase)).or_default() |= bit(list);
}

fn names(table: &mut HashMap<u64, u32>) {
    for locale in LOCALES {
        for (entries, list) in [
            (locale.female, List::First),
            (locale.male, List::First),
            (locale.last_names, List::Last),
            (locale.streets, List::Street),
            (locale.jobs, List::Job),
        ] {
            for entry in entries.entries() {
                put(table, entry.text, list);
                if !entry.second.is_empty() {
                    let both = if list == List::Job {
                        entry.second.to_owned()
                    } else {
                        [entry.second, " ", entry.text].concat()
                    };
                    put(table, &both, list);
                }
            }
        }
        for town in locale.towns.entries() {
            put(table, town.name.text, List::Town);
            put(table, town.region, List::Region);
        }
        put(table, locale.country_name, List::Country);
        for entry in locale.companies.forms.entries() {
            put(table, entry.text, List::CompanyForm);
        }
    }
}

/// Returns the list of a name in `lists.txt`.
fn named(name: &str) -> Option<List> {
    Some(match name {
        "gender" => List::Gender,
        "marital" => List::Marital,
        "nationality" => List::Nationality,
        "religion" => List::Religion,
        "ethnicity" => List::Ethnicity,
        "politics" => List::Politics,
        "union" => List::Union,
        "sexuality" => List::Sexuality,
        "health" => List::Health,
        "offence" => List::Offence,
        "title" => List::Title,
        "particle" => List::Particle,
        "flag" => List::Flag,
        "status" => List::Status,
        "education" => List::Education,
        "job" => List::Job,
        "country" => List::Country,
        "language" => List::Language,
        "currency" => List::Currency,
        "companyform" => List::CompanyForm,
        "streetword" => List::StreetWord,
        "interest" => List::Interest,
        "month" => List::Month,
        _ => return None,
    })
}

fn closed(table: &mut HashMap<u64, u32>) {
    for line in include_str!("lists.txt").lines() {
        let Some((name, words)) = line.split_once(": ") else { continue };
        if let Some(list) = named(name) {
            words.split('|').for_each(|word| put(table, word, list));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_any_spelling() {
        assert!(find("SANNE").has(List::First) && !find("Sanne").has(List::Ordinary));
        assert!(find("van den Berg").has(List::Last) && find("Utrecht").has(List::Town));
        assert!(find("Verheiratet").has(List::Marital) && find("België").has(List::Country));
        assert!(find("Rooms-Katholiek").has(List::Religion));
        assert_eq!(find("kwijlebal"), In::default());
    }

    #[test]
    fn every_line_has_a_list() {
        for line in include_str!("lists.txt").lines().filter(|line| !line.starts_with('#')) {
            let (name, _) = line.split_once(": ").expect("a name");
            assert!(named(name).is_some(), "{name}");
        }
        assert_eq!(place(List::Month) + 1, COUNT);
    }
}
