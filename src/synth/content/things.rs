//! Names of things: titles of films, albums and projects, and what short lists of a trade hold (genres, languages, departments).
//! Told by the words of the table and of the column; invented, of no brand. Refuses columns that name no thing: of files,
//! hosts, programs.

use super::faked::cut;
use super::goods::{Named, says, words};
use super::trades::SPECIALTIES;
use super::{Distinct, Generator, RowCx, Wanted};
use crate::synth::seed::Draws;

/// What a column is called that holds a name of what its table holds.
const NAMES: &[&str] =
    &["name", "naam", "title", "titel", "titre", "nom", "bezeichnung", "label", "caption", "headline"];
/// Words beside which that is no name of a thing.
const OTHERS: &[&str] = &[
    "file", "host", "table", "column", "class", "method", "domain", "server", "field", "key", "index", "tag",
    "meta",
];

/// A table's words, and the names in it: in English, in Dutch.
type List = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const LISTS: &[List] = &[
    (
        &["language", "lang", "taal", "talen", "sprache", "langue"],
        &["English", "Dutch", "German", "French", "Spanish", "Italian", "Polish", "Turkish"],
        &["Nederlands", "Engels", "Duits", "Frans", "Spaans", "Italiaans", "Pools", "Turks"],
    ),
    (
        &["country", "countries", "land", "landen", "pays"],
        &["Netherlands", "Belgium", "Germany", "France", "United Kingdom", "Spain", "Italy", "Poland"],
        &[
            "Nederland",
            "België",
            "Duitsland",
            "Frankrijk",
            "Verenigd Koninkrijk",
            "Spanje",
            "Italië",
            "Polen",
        ],
    ),
    (
        &["genre", "genres"],
        &["Pop", "Rock", "Jazz", "Folk", "Classical", "Blues", "Dance", "Soul"],
        &["Pop", "Rock", "Jazz", "Folk", "Klassiek", "Blues", "Dance", "Soul"],
    ),
    (
        &["category", "categories", "categorie", "categorieen", "kategorie", "rubriek"],
        &["Home", "Garden", "Kitchen", "Office", "Sport", "Toys", "Books", "Music", "Travel", "Pets"],
        &["Wonen", "Tuin", "Keuken", "Kantoor", "Sport", "Speelgoed", "Boeken", "Muziek", "Reizen", "Dieren"],
    ),
    (
        &["department", "departments", "afdeling", "afdelingen", "abteilung", "team", "teams"],
        &["Sales", "Support", "Finance", "Logistics", "Purchasing", "Personnel", "Planning", "Marketing"],
        &[
            "Verkoop",
            "Klantenservice",
            "Financiën",
            "Logistiek",
            "Inkoop",
            "Personeel",
            "Planning",
            "Marketing",
        ],
    ),
    (
        &["course", "courses", "vak", "vakken", "fach", "subject", "subjects", "cours"],
        &["Mathematics", "English", "History", "Biology", "Physics", "Chemistry", "Geography", "Music"],
        &[
            "Wiskunde",
            "Engels",
            "Geschiedenis",
            "Biologie",
            "Natuurkunde",
            "Scheikunde",
            "Aardrijkskunde",
            "Muziek",
        ],
    ),
    (
        &["ward", "wards", "specialty", "specialism", "specialisme", "clinic", "kliniek"],
        SPECIALTIES[0],
        SPECIALTIES[1],
    ),
    (
        &["role", "roles", "rol", "rollen"],
        &["User", "Editor", "Manager", "Administrator", "Guest", "Auditor"],
        &["Gebruiker", "Redacteur", "Beheerder", "Leidinggevende", "Gast", "Controleur"],
    ),
];

const QUALITIES: &[&str] = &[
    "Quiet",
    "Red",
    "Old",
    "New",
    "Distant",
    "Long",
    "Warm",
    "Cold",
    "Blue",
    "Green",
    "Golden",
    "Silver",
    "Last",
    "First",
    "Small",
    "Great",
    "White",
    "Dark",
    "Bright",
    "Open",
    "Hidden",
    "Forgotten",
    "Early",
    "Late",
];
const SUBJECTS: &[&str] = &[
    "Garden", "Harbour", "Bridge", "Tower", "Mountain", "Street", "Train", "Letter", "Room", "Mill",
    "Winter", "Spring", "Star", "Moon", "River", "Bird", "Gate", "Tree", "Cloud", "Storm", "Key", "Mirror",
    "Lamp", "Clock", "Coast", "Dune", "City", "Night", "Morning", "Journey",
];
const DUTCH_QUALITIES: &[&str] = &[
    "Stille",
    "Rode",
    "Oude",
    "Nieuwe",
    "Verre",
    "Lange",
    "Warme",
    "Koude",
    "Blauwe",
    "Groene",
    "Gouden",
    "Zilveren",
    "Laatste",
    "Eerste",
    "Kleine",
    "Grote",
    "Witte",
    "Donkere",
    "Lichte",
    "Open",
    "Verborgen",
    "Vergeten",
    "Vroege",
    "Late",
];
/// All of them take “de”.
const DUTCH_SUBJECTS: &[&str] = &[
    "Tuin", "Haven", "Brug", "Toren", "Berg", "Straat", "Trein", "Brief", "Kamer", "Molen", "Winter",
    "Lente", "Ster", "Maan", "Rivier", "Vogel", "Poort", "Boom", "Wolk", "Storm", "Sleutel", "Spiegel",
    "Lamp", "Klok", "Kust", "Duin", "Stad", "Nacht", "Ochtend", "Reis",
];

/// “The Quiet Garden”.
struct Title {
    article: &'static str,
    qualities: &'static [&'static str],
    subjects: &'static [&'static str],
    /// Most characters.
    most: usize,
}

impl Title {
    /// Appends one of them, by its number.
    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let of = |list: &'static [&'static str], nth: u64| {
            let count = u64::try_from(list.len().max(1)).unwrap_or(1);
            usize::try_from(nth % count).ok().and_then(|at| list.get(at)).copied().unwrap_or_default()
        };
        let subjects = u64::try_from(self.subjects.len().max(1)).unwrap_or(1);
        for (at, word) in
            [self.article, of(self.qualities, nth / subjects), of(self.subjects, nth)].into_iter().enumerate()
        {
            if at > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(word.as_bytes());
        }
    }

    fn all(&self) -> u64 {
        u64::try_from(self.qualities.len().saturating_mul(self.subjects.len())).unwrap_or(1)
    }
}

impl Generator for Title {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        self.write(draws.below(self.all()), out);
        cut(out, start, self.most);
        true
    }
}

/// One of a list.
struct Entry {
    list: &'static [&'static str],
    most: usize,
}

impl Generator for Entry {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let at = usize::try_from(draws.below(u64::try_from(self.list.len()).unwrap_or(1))).unwrap_or(0);
        out.extend_from_slice(self.list.get(at).copied().unwrap_or_default().as_bytes());
        cut(out, start, self.most);
        true
    }
}

/// What a column names.
enum Names {
    List(&'static [&'static str]),
    Titles(Title),
}

/// Returns what a column names; `None` where it names no thing.
fn names(wanted: &Wanted<'_>) -> Option<Names> {
    let (own, table) = (words(&wanted.column.name), words(&wanted.table.name.table));
    let most = usize::try_from(wanted.column.ty.class.max_chars().unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    let dutch = wanted.locale.starts_with("nl");
    let of_table = says(&own, NAMES) && !says(&own, OTHERS);
    // `country.country` names what the table holds as `country.name` does.
    let same = own.iter().any(|word| table.contains(word)) && own.len() == 1;
    if !(of_table || same) || !wanted.column.ty.class.is_text() || most < 12 {
        return None;
    }
    let listed =
        LISTS.iter().find(|(known, ..)| table.last().is_some_and(|last| known.contains(&last.as_str())));
    if let Some((_, english, its)) = listed {
        return Some(Names::List(if dutch { its } else { english }));
    }
    let (article, qualities, subjects) =
        if dutch { ("De", DUTCH_QUALITIES, DUTCH_SUBJECTS) } else { ("The", QUALITIES, SUBJECTS) };
    of_table.then_some(Names::Titles(Title { article, qualities, subjects, most }))
}

/// Makes the generator of names of things; `None` where a column holds none.
pub(super) fn generator(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let most = usize::try_from(wanted.column.ty.class.max_chars().unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    Some(match names(wanted)? {
        Names::List(list) => Box::new(Entry { list, most }),
        Names::Titles(title) => Box::new(title),
    })
}

/// Makes the distinct names of things; `None` where a column holds none.
pub(super) fn distinct(wanted: &Wanted<'_>) -> Option<Box<dyn Distinct>> {
    let chars = wanted.column.ty.class.max_chars().unwrap_or(40);
    let list: Vec<String> = match names(wanted)? {
        Names::List(list) => list.iter().map(|name| (*name).to_owned()).collect(),
        Names::Titles(title) => (0..title.all())
            .map(|nth| {
                let mut out = Vec::new();
                title.write(nth, &mut out);
                String::from_utf8_lossy(&out).into_owned()
            })
            .collect(),
    };
    // A name and a number behind it.
    let named = Named::new(list, chars);
    if named.count() < wanted.rows {
        return None;
    }
    Some(Box::new(named))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn titles_differ_and_read_as_titles() {
        let title = Title { article: "The", qualities: QUALITIES, subjects: SUBJECTS, most: 40 };
        let mut seen = BTreeSet::new();
        for nth in 0..title.all() {
            let mut out = Vec::new();
            title.write(nth, &mut out);
            assert!(out.len() <= 24 && out.starts_with(b"The "));
            assert!(seen.insert(out), "{nth}");
        }
        assert_eq!(seen.len(), 720);
    }
}
