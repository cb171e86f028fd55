//! What weighs how much: priors, thresholds, what only people have, what raises what beside it. Log-odds are natural
//! logarithms; the figures were set on the labelled schemas of fixtures/discover, those marked there left out.
//!
//! Holds numbers and lists; adds nothing up.

use std::sync::LazyLock;

use crate::discover::class::{CLASSES, Category, Class};
use crate::discover::names::Role;
use crate::discover::scores::Scores;

/// From how sure on a class is named at all.
pub(super) const NAMED: f32 = 0.5;

/// From how sure on what may be a person's is named: what is missed costs more than what is looked at in vain.
pub(super) const NAMED_PERSON: f32 = 0.2;

/// Log-odds of text of which nothing is known, beside what is a person's.
pub(super) const OPEN: f32 = -0.6;

/// From what log-odds above its prior on a class is suspected at all.
pub(super) const SUSPECTED: f32 = 0.5;

/// From what log-odds on a name says something outright, whatever the values look like.
pub(super) const OUTRIGHT: f32 = 6.0;

/// From what log-odds on a name means what it says.
pub(super) const SAID: f32 = 3.0;

/// From what log-odds on a name means text that people write.
pub(super) const TEXT: f32 = 2.5;

/// From what log-odds on a name speaks for a class at all.
pub(super) const HINTED: f32 = 1.0;

/// From what log-odds on the words of a list tell of people, whatever else speaks for no person.
pub(super) const TOLD: f32 = 2.0;

/// As sure as a class of no person is where something tells of people: a person decides.
pub(super) const DOUBTED: f32 = 0.85;

/// What words among the values must not stay unseen.
pub(super) const SENSITIVE: &[Class] = &[
    Class::Health,
    Class::Ethnicity,
    Class::Religion,
    Class::Politics,
    Class::Union,
    Class::Sexuality,
    Class::Offence,
    Class::Gender,
    Class::MaritalStatus,
    Class::Nationality,
];

/// Days of what? Told by the values, or by nobody.
pub(super) const DAYS: &[&str] = &["date", "datum", "dt", "day", "dag", "tag", "jour", "time", "ts"];

/// Of things as well as of bodies.
pub(super) const BODY: &[&str] = &[
    "weight", "height", "length", "size", "gewicht", "lengte", "hoogte", "hoehe", "groesse", "taille",
    "poids", "disabled",
];

/// Years of what, beside what is a person's? Of birth as well as of anything.
pub(super) const YEARS: &[&str] = &["year", "jaar", "jahr", "annee"];

/// From how sure on a column makes its table one of people.
pub(super) const OF_PEOPLE: f32 = 0.75;

/// Says whether the name of a table is one of people.
pub(super) fn is_people(role: Role) -> bool {
    matches!(role, Role::Person | Role::Account | Role::Contact)
}

/// Says whether its rows may be people, though they hold what people have: an order holds a name and is nobody.
pub(super) fn may_be_people(role: Role) -> bool {
    is_people(role)
        || matches!(
            role,
            Role::Unknown
                | Role::Organisation
                | Role::Address
                | Role::Employment
                | Role::Education
                | Role::Health
        )
}

/// Returns the log-odds of a class of which nothing is known.
pub(super) fn prior(class: Class) -> f32 {
    of_category(class.about().category)
}

/// Returns the log-odds of a class of that category, of which nothing is known.
pub(super) fn of_category(category: Category) -> f32 {
    match category {
        Category::Plain => -2.0,
        Category::Special | Category::Criminal => -4.5,
        _ => -4.0,
    }
}

/// Returns the log-odds of all classes where nothing is known.
pub(super) fn priors() -> Scores {
    static PRIORS: LazyLock<Scores> = LazyLock::new(|| {
        let mut scores = Scores::default();
        for (class, about) in CLASSES {
            scores.add(*class, of_category(about.category));
        }
        scores
    });
    PRIORS.clone()
}

/// Classes that only a table of people has as a rule.
pub(super) const OWN: &[Class] = &[
    Class::FirstName,
    Class::LastName,
    Class::FullName,
    Class::Initials,
    Class::Particle,
    Class::BirthDate,
    Class::Bsn,
    Class::Rijksregister,
    Class::SteuerId,
    Class::Nir,
    Class::Nino,
    Class::Ssn,
    Class::Nhs,
    Class::PasswordHash,
    Class::Password,
    Class::Gender,
    Class::Username,
    Class::Email,
    Class::Phone,
    Class::Nationality,
    Class::MaritalStatus,
];

/// Classes of names, which are one thing.
pub(super) const NAMES: &[Class] =
    &[Class::FirstName, Class::LastName, Class::FullName, Class::Initials, Class::Particle, Class::Username];

/// Which class is raised beside which others, by how much.
pub(super) static BESIDE: &[(Class, &[Class], f32)] = &[
    (Class::LastName, &[Class::FirstName, Class::Initials, Class::Particle], 2.0),
    (Class::FirstName, &[Class::LastName, Class::Particle], 2.0),
    (Class::Particle, &[Class::LastName, Class::FirstName], 2.5),
    (Class::Initials, &[Class::LastName], 2.5),
    (Class::Title, &[Class::LastName, Class::FullName], 2.0),
    (
        Class::FullName,
        &[Class::Email, Class::Phone, Class::Street, Class::AddressLine, Class::BirthDate],
        1.5,
    ),
    (Class::Gender, &[Class::FirstName, Class::LastName, Class::BirthDate], 1.5),
    (Class::BirthDate, &[Class::FirstName, Class::LastName, Class::FullName, Class::Gender], 1.5),
    (Class::HouseNumber, &[Class::Street, Class::Postcode], 3.0),
    (Class::HouseAddition, &[Class::HouseNumber, Class::Street], 3.0),
    (Class::Street, &[Class::HouseNumber, Class::Postcode, Class::City], 1.5),
    (Class::Postcode, &[Class::City, Class::Street, Class::HouseNumber], 2.0),
    (Class::City, &[Class::Postcode, Class::Street], 2.0),
    (Class::Region, &[Class::City, Class::Postcode], 2.0),
    (Class::Country, &[Class::City, Class::Postcode, Class::Street], 2.0),
    (Class::AddressLine, &[Class::City, Class::Postcode], 2.0),
    (Class::Latitude, &[Class::Longitude], 2.0),
    (Class::Longitude, &[Class::Latitude], 2.0),
    (Class::Username, &[Class::PasswordHash, Class::Password, Class::Email], 2.0),
    (Class::PersonNumber, &[Class::LastName, Class::FullName, Class::BirthDate], 1.5),
    (Class::Company, &[Class::Vat, Class::Kvk], 2.0),
    (Class::CardCode, &[Class::Card], 2.0),
    (Class::UserAgent, &[Class::Ip], 1.5),
    (Class::Bic, &[Class::Iban, Class::BankAccount], 2.0),
];
