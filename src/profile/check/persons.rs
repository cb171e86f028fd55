//! Which columns tell of people, as far as their names say, in Dutch, English, German and French: national ids and
//! accounts, what identifies a person directly, birth dates, free text, and values of which there are few.
//!
//! Looks at names only, and claims nothing of a column of another name: finding out what is in it is the work of
//! `discover`. `email_count` and `has_phone` speak about a value and hold none.

use super::secrets::{ABOUT, ASKS, name_words};

/// Names as lists of words: `card number` stands for `card_number`, `cardNumber` and `CARD-NUMBER`; a name that has those
/// words in a row, or runs them together, is one of the list.
type Names = &'static [&'static str];

/// National ids and accounts.
const ACCOUNTS: Names = &[
    "bsn",
    "burgerservicenummer",
    "sofinummer",
    "iban",
    "bban",
    "rekeningnummer",
    "bankrekening",
    "account number",
    "account no",
    "bank account",
    "ssn",
    "social security",
    "national id",
    "tax id",
    "tin",
    "nino",
    "passport",
    "passport number",
    "paspoort",
    "paspoortnummer",
    "rijbewijs",
    "rijbewijsnummer",
    "driving licence",
    "driver license",
    "driver licence",
    "credit card",
    "debit card",
    "bank card",
    "card number",
    "card no",
    "kaartnummer",
    "kreditkarte",
    "kartennummer",
    "kontonummer",
    "bankkonto",
    "bankverbindung",
    "steuer id",
    "steuernummer",
    "steueridentifikationsnummer",
    "sozialversicherungsnummer",
    "versichertennummer",
    "personalausweis",
    "ausweisnummer",
    "reisepass",
    "carte bancaire",
    "numero carte",
    "numero compte",
    "securite sociale",
    "numero securite sociale",
    "nir",
    "passeport",
    "permis conduire",
];

/// What identifies a person directly.
const PERSONS: Names = &[
    "email",
    "e mail",
    "mail address",
    "mailadres",
    "emailadres",
    "e mailadres",
    "emailadresse",
    "courriel",
    "phone",
    "telephone",
    "mobile number",
    "mobile phone",
    "telefoon",
    "telefoonnummer",
    "mobiel",
    "telefon",
    "telefonnummer",
    "handynummer",
    "portable",
    "fax",
    "first name",
    "given name",
    "last name",
    "family name",
    "full name",
    "maiden name",
    "middle name",
    "surname",
    "contact name",
    "customer name",
    "person name",
    "card holder",
    "account holder",
    "voornaam",
    "achternaam",
    "geslachtsnaam",
    "meisjesnaam",
    "volledige naam",
    "rekeninghouder",
    "vorname",
    "nachname",
    "familienname",
    "kontoinhaber",
    "prenom",
    "nom famille",
    "nom de famille",
    "street",
    "street name",
    "street address",
    "home address",
    "postal address",
    "straat",
    "straatnaam",
    "huisadres",
    "strasse",
    "straße",
    "hausnummer",
    "rue",
    "adresse",
    "user name",
    "gebruikersnaam",
    "benutzername",
    "ip address",
    "ip adres",
    "client ip",
    "remote ip",
    "remote addr",
];

const BIRTHS: Names = &[
    "birth date",
    "date of birth",
    "birthday",
    "dob",
    "born",
    "born on",
    "geboortedatum",
    "geboren",
    "geboren op",
    "geburtsdatum",
    "geburtstag",
    "date naissance",
    "date de naissance",
    "ne le",
];

/// Where people write about people.
const TEXTS: Names = &[
    "note",
    "notes",
    "remark",
    "remarks",
    "comment",
    "comments",
    "memo",
    "free text",
    "feedback",
    "opmerking",
    "opmerkingen",
    "toelichting",
    "notitie",
    "notities",
    "vrije tekst",
    "bemerkung",
    "bemerkungen",
    "anmerkung",
    "anmerkungen",
    "notiz",
    "notizen",
    "kommentar",
    "kommentare",
    "freitext",
    "commentaire",
    "commentaires",
    "remarque",
    "remarques",
];

/// Of which there are few, whatever the type.
const FEW: Names = &[
    "gender",
    "sex",
    "geslacht",
    "geschlecht",
    "sexe",
    "age",
    "leeftijd",
    "alter",
    "postcode",
    "zip",
    "zip code",
    "postal code",
    "plz",
    "postleitzahl",
    "code postal",
    "house number",
    "huisnummer",
    "hausnummer",
    "country",
    "country code",
    "land",
    "landcode",
    "pays",
    "year",
    "jaar",
    "jahr",
    "month",
    "initials",
    "voorletters",
    "status",
    "salutation",
    "aanhef",
    "anrede",
];

/// Returns whether a column's name says that it holds a national id or an account.
pub(crate) fn names_account(name: &str) -> bool {
    is_of(name, ACCOUNTS)
}

/// Returns whether a column's name says that it identifies a person directly: a name, address, mail or phone.
pub(crate) fn names_person(name: &str) -> bool {
    is_of(name, PERSONS)
}

/// Returns whether a column's name says that it holds a birth date.
pub(crate) fn names_birth(name: &str) -> bool {
    is_of(name, BIRTHS)
}

/// Returns whether a column's name says that people write into it what they like.
pub(crate) fn names_free_text(name: &str) -> bool {
    is_of(name, TEXTS)
}

/// Returns whether a column's name says that it holds one of few values.
pub(crate) fn names_few(name: &str) -> bool {
    is_of(name, FEW) || is_of(name, BIRTHS)
}

fn is_of(name: &str, names: Names) -> bool {
    let words = name_words(name);
    let begins = |known: &str| words.iter().any(|word| word.bytes().next() == known.bytes().next());
    names.iter().filter(|known| begins(known)).any(|known| {
        let count = known.split(' ').count();
        let joined = |word: &String| word.bytes().eq(known.bytes().filter(|byte| *byte != b' '));
        let in_a_row = |at: &usize| {
            words.get(*at..at + count).is_some_and(|row| row.iter().map(String::as_str).eq(known.split(' ')))
        };
        let found = (0..words.len()).find(in_a_row).map(|at| (at, count));
        // `firstname`, `cardnumber`: run together, one word of the name.
        let found = found.or_else(|| Some((words.iter().position(joined)?, 1)));
        found.is_some_and(|(at, count)| !is_about(&words, at, at + count))
    })
}

/// Returns whether the words round the found ones say that the name speaks about a value and holds none.
fn is_about(words: &[String], from: usize, to: usize) -> bool {
    let first = words.get(..from).and_then(|before| before.first());
    let last = words.get(to..).and_then(|behind| behind.last());
    // `last_email` is one; `last_token_at` is none.
    first.is_some_and(|word| word != "last" && ASKS.contains(&word.as_str()))
        || last.is_some_and(|word| ABOUT.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_four_languages() {
        for name in
            ["bsn", "klant_bsn", "IBAN", "accountNumber", "creditcard", "credit_card_no", "Kontonummer"]
        {
            assert!(names_account(name), "{name}");
        }
        for name in
            ["e-mailadres", "E-mail.Work", "last_name", "LASTNAME", "Telefonnummer", "prenom", "client_ip"]
        {
            assert!(names_person(name), "{name}");
        }
        for name in ["birth_date", "BirthDate", "geboortedatum", "Geburtsdatum", "date_naissance", "dob"] {
            assert!(names_birth(name) && names_few(name), "{name}");
        }
        for name in ["notes", "order_remarks", "Opmerking", "Bemerkungen", "commentaire"] {
            assert!(names_free_text(name), "{name}");
        }
    }

    #[test]
    fn what_speaks_about_a_value_holds_none() {
        for name in ["email_count", "has_phone", "email_verified_at", "iban_type", "notes_id", "card", "name"]
        {
            assert!(!names_account(name) && !names_person(name) && !names_free_text(name), "{name}");
        }
        for name in
            ["status", "tags", "credit_limit", "stage", "kind", "title", "description", "mailing_list"]
        {
            assert!(!names_account(name) && !names_person(name) && !names_birth(name), "{name}");
        }
    }
}
