//! What a column can be: every class that `discover` tells apart, with its category and what becomes of such a column as a
//! rule. One list; adding a class is a line here, its words in `names` and, if its values have a form, a test in `values`.
//!
//! Holds no way to find anything, and no class for what stays because nobody knew better: that is `undecided`.

use crate::row::shape::TypeClass;

/// Why a class matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Names, and what says who somebody is together with few other things.
    Person,
    /// Ways to reach somebody.
    Contact,
    /// Where somebody lives.
    Address,
    /// Organisations; one of a single person is a person's.
    Organisation,
    /// Accounts, cards, income.
    Financial,
    /// Numbers that a state or an organisation gave to one person.
    Number,
    /// Traces of devices and visits.
    Online,
    /// Passwords, tokens, keys, settings that reach into production.
    Secret,
    /// GDPR article 9: health, origin, belief, politics, union, sexuality, biometrics, genetics.
    Special,
    /// GDPR article 10: offences.
    Criminal,
    /// Text, documents and nested data that may hold any of it.
    Content,
    /// What single out people in combination: gender, birth date, nationality, job.
    Quasi,
    /// No person: what may stay, with a reason.
    Plain,
}

impl Category {
    /// Returns its word in JSON and comments.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Contact => "contact",
            Self::Address => "address",
            Self::Organisation => "organisation",
            Self::Financial => "financial",
            Self::Number => "number",
            Self::Online => "online",
            Self::Secret => "secret",
            Self::Special => "special",
            Self::Criminal => "criminal",
            Self::Content => "content",
            Self::Quasi => "quasi-identifier",
            Self::Plain => "plain",
        }
    }
}

/// The types of columns that a class can stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// Text.
    Text,
    /// Text or whole numbers.
    TextOrInteger,
    /// Text, whole numbers or decimals.
    TextOrNumber,
    /// Numbers.
    Number,
    /// Dates and timestamps, or text that looks so.
    Date,
    /// Any type.
    Any,
    /// Text or network addresses.
    TextOrInet,
    /// Text or bytes.
    TextOrBytes,
    /// Text, JSON, XML, arrays, bytes.
    Content,
    /// Text, enumerations, booleans, small codes.
    Code,
}

impl Fits {
    /// Returns whether the class can stand in a column of this type. Where no type is known it can.
    #[must_use]
    pub fn takes(self, ty: &TypeClass) -> bool {
        use TypeClass as T;
        let text = ty.is_text();
        let integer = ty.is_integer();
        let number = integer || matches!(ty, T::Numeric { .. } | T::Float { .. });
        match self {
            Self::Any => true,
            Self::Text => text,
            Self::TextOrInteger => text || integer || matches!(ty, T::Numeric { scale: None | Some(0), .. }),
            Self::TextOrNumber => text || number,
            Self::Number => text || number,
            Self::Date => text || matches!(ty, T::Date | T::Timestamp { .. } | T::Moment) || integer,
            Self::TextOrInet => text || integer || matches!(ty, T::Inet | T::Bytes),
            Self::TextOrBytes => text || matches!(ty, T::Bytes),
            Self::Content => text || matches!(ty, T::Json | T::Bytes | T::Array(_) | T::Other),
            Self::Code => text || integer || matches!(ty, T::Enum(_) | T::Boolean | T::Array(_)),
        }
    }
}

/// What is known of a class.
#[derive(Debug)]
pub struct About {
    /// Its word in JSON.
    pub word: &'static str,
    /// What it is, for a comment.
    pub what: &'static str,
    /// Why it matters.
    pub category: Category,
    /// Where it can stand.
    pub fits: Fits,
    /// What becomes of such a column, as a profile writes it; empty: nobody but a person can say.
    pub rule: &'static str,
    /// Whether it describes the person of its row, so that an entity's subject may decide its stand-in.
    pub of_subject: bool,
}

macro_rules! classes {
    ($($name:ident: $word:literal, $what:literal, $category:ident, $fits:ident, $rule:literal, $of:literal;)*) => {
        /// What a column is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Class {
            $(#[doc = $what] $name,)*
        }

        /// All classes, in the order of the enumeration.
        pub static CLASSES: &[(Class, About)] = &[
            $((Class::$name, About {
                word: $word,
                what: $what,
                category: Category::$category,
                fits: Fits::$fits,
                rule: $rule,
                of_subject: $of,
            }),)*
        ];

        impl Class {
            /// Returns what is known of it.
            #[must_use]
            pub fn about(self) -> &'static About {
                match self {
                    $(Self::$name => {
                        static ABOUT: About = About {
                            word: $word,
                            what: $what,
                            category: Category::$category,
                            fits: Fits::$fits,
                            rule: $rule,
                            of_subject: $of,
                        };
                        &ABOUT
                    })*
                }
            }
        }
    };
}

classes! {
    FirstName: "first_name", "given names", Person, Text, "{fake: first_name}", true;
    LastName: "last_name", "surnames", Person, Text, "{fake: last_name}", true;
    Particle: "particle", "particles of surnames (van der)", Person, Text, "{fake: particle}", true;
    Initials: "initials", "initials", Person, Text, "{fake: initials}", true;
    FullName: "full_name", "names of people", Person, Text, "{fake: full_name}", true;
    Username: "username", "names to log in with", Person, Text, "{fake: username}", false;
    Title: "title", "forms of address", Person, Text, "{fake: title}", true;
    Signature: "signature", "signatures", Person, TextOrBytes, "suppress", false;
    Email: "email", "mail addresses", Contact, Text, "{fake: email}", false;
    Phone: "phone", "telephone numbers", Contact, TextOrInteger, "{fake: phone}", true;
    Url: "url", "links, which may be a person's", Contact, Text, "suppress", false;
    Handle: "handle", "accounts at messengers and social media", Contact, Text, "suppress", false;
    Street: "street", "streets", Address, Text, "{fake: street}", true;
    HouseNumber: "house_number", "house numbers", Address, TextOrInteger, "{fake: house_number}", true;
    HouseAddition: "house_addition", "additions to house numbers", Address, Text, "{fake: house_addition}", true;
    AddressLine: "address", "lines of an address", Address, Text, "{fake: address}", true;
    Postcode: "postcode", "postcodes", Address, TextOrInteger, "{fake: postcode}", true;
    City: "city", "towns", Address, Text, "{fake: city}", true;
    Region: "region", "regions", Address, Text, "{fake: region}", true;
    Country: "country", "countries of people", Quasi, Code, "", false;
    Latitude: "latitude", "latitudes", Address, Number, "{fake: latitude}", true;
    Longitude: "longitude", "longitudes", Address, Number, "{fake: longitude}", true;
    Location: "location", "places where somebody was", Address, Any, "suppress", false;
    Company: "company", "names of organisations", Organisation, Text, "{fake: company}", true;
    Kvk: "kvk", "numbers of a trade register", Organisation, TextOrInteger, "{pseudonym: kvk}", false;
    Vat: "vat", "VAT numbers", Organisation, Text, "{pseudonym: vat}", false;
    Iban: "iban", "account numbers (IBAN)", Financial, Text, "{pseudonym: iban}", false;
    BankAccount: "bank_account", "account numbers", Financial, TextOrInteger, "{pseudonym: digits}", false;
    Bic: "bic", "codes of banks", Financial, Text, "suppress", false;
    Card: "card", "payment cards", Financial, TextOrInteger, "{pseudonym: card}", false;
    CardCode: "card_code", "expiry dates and codes of cards", Financial, TextOrNumber, "suppress", false;
    Income: "income", "income and debts", Financial, TextOrNumber, "{perturb: 10%}", false;
    Bsn: "bsn", "Dutch citizen service numbers", Number, TextOrInteger, "{pseudonym: bsn}", false;
    Rijksregister: "rijksregister", "Belgian national numbers", Number, TextOrInteger, "{pseudonym: rijksregister}", false;
    SteuerId: "steuer_id", "German tax numbers", Number, TextOrInteger, "{pseudonym: steuer_id}", false;
    Nir: "nir", "French social security numbers", Number, TextOrInteger, "{pseudonym: nir}", false;
    Nino: "nino", "British National Insurance numbers", Number, Text, "{pseudonym: nino}", false;
    Ssn: "ssn", "social security numbers of the United States", Number, TextOrInteger, "{pseudonym: ssn}", false;
    Nhs: "nhs", "NHS numbers", Number, TextOrInteger, "{pseudonym: nhs}", false;
    NationalId: "national_id", "other national numbers", Number, TextOrInteger, "suppress", false;
    Document: "identity_document", "passports, identity cards, driving licences", Number, TextOrInteger, "suppress", false;
    Plate: "plate", "number plates", Number, Text, "{pseudonym: plate}", false;
    Vin: "vin", "vehicle identification numbers", Number, Text, "suppress", false;
    PersonNumber: "person_number", "numbers of customers, employees, patients, members", Number, TextOrInteger, "{hash: {length: 16}}", false;
    Ip: "ip", "IP addresses", Online, TextOrInet, "{pseudonym: ip}", false;
    Mac: "mac", "addresses of network cards", Online, Any, "suppress", false;
    Device: "device", "devices and cookies", Online, Any, "suppress", false;
    UserAgent: "user_agent", "browsers", Online, Text, "suppress", false;
    Browsing: "browsing", "pages visited and searches", Online, Content, "suppress", false;
    Interest: "interest", "interests and profiles of behaviour", Online, Any, "suppress", false;
    PasswordHash: "password_hash", "hashes of passwords", Secret, TextOrBytes, "suppress", false;
    Password: "password", "passwords, pins, secret answers", Secret, TextOrInteger, "suppress", false;
    Token: "token", "tokens, sessions and keys", Secret, Any, "suppress", false;
    Setting: "setting", "settings that reach into production", Secret, Content, "suppress", false;
    Health: "health", "health", Special, Any, "suppress", false;
    Ethnicity: "ethnicity", "ethnic origin", Special, Code, "suppress", false;
    Religion: "religion", "religion and belief", Special, Code, "suppress", false;
    Politics: "politics", "political opinions", Special, Code, "suppress", false;
    Union: "union", "membership of a union", Special, Code, "suppress", false;
    Sexuality: "sexuality", "sex life and orientation", Special, Code, "suppress", false;
    Biometric: "biometric", "biometric data", Special, Any, "suppress", false;
    Genetic: "genetic", "genetic data", Special, Any, "suppress", false;
    Offence: "offence", "offences and convictions", Criminal, Any, "suppress", false;
    FreeText: "free_text", "free text", Content, Text, "suppress", false;
    Nested: "nested", "JSON, XML or serialized data with identifiers", Content, Content, "suppress", false;
    Image: "file", "images and documents", Content, Any, "suppress", false;
    Gender: "gender", "gender", Quasi, Code, "{fake: gender}", true;
    BirthDate: "birth_date", "dates of birth", Quasi, Date, "{fake: birth_date}", true;
    BirthPlace: "birth_place", "places of birth", Quasi, Text, "suppress", false;
    DeathDate: "death_date", "dates of death", Quasi, Date, "suppress", false;
    Age: "age", "ages", Quasi, Number, "suppress", false;
    Nationality: "nationality", "nationalities", Quasi, Code, "suppress", false;
    MaritalStatus: "marital_status", "marital status and family", Quasi, Code, "suppress", false;
    Job: "job", "jobs", Quasi, Text, "{fake: job}", true;
    Education: "education", "schools and grades", Quasi, Any, "suppress", false;
    PersonKey: "person_key", "keys of people", Number, Any, "{pseudonym: integer}", false;
    Key: "key", "keys of what is no person", Plain, Any, "", false;
    Measure: "measure", "numbers and amounts", Plain, Number, "", false;
    Flag: "flag", "yes or no", Plain, Code, "", false;
    Label: "label", "one of a few words", Plain, Code, "", false;
    Moment: "moment", "when a row was written or changed", Plain, Date, "", false;
}

impl Class {
    /// How many there are.
    pub const COUNT: usize = CLASSES.len();

    /// Returns its place in `CLASSES`.
    #[must_use]
    #[expect(clippy::as_conversions, reason = "the number of an enumeration without fields")]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Returns the class of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        CLASSES.iter().find(|(_, about)| about.word == word).map(|(class, _)| *class)
    }

    /// Returns whether it is of a person, or may lead to one or to production.
    #[must_use]
    pub fn identifies(self) -> bool {
        self.about().category != Category::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_words_are_single() {
        for (at, (class, about)) in CLASSES.iter().enumerate() {
            assert_eq!(class.index(), at);
            assert_eq!(Class::of(about.word), Some(*class));
            assert_eq!(class.about().word, about.word);
        }
    }
}
