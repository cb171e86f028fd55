//! What a table's name says of its rows.

use super::lexicon::{STRONG, Says, When};
use super::words::{Span, single, spans};
use crate::discover::class::Class;

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// People.
    Person,
    /// Organisations.
    Organisation,
    /// Addresses of people.
    Address,
    /// Accounts to log in with.
    Account,
    /// Ways to reach people.
    Contact,
    /// Goods, and what describes them.
    Product,
    /// Countries, towns, rooms.
    Place,
    /// Settings of the system.
    Config,
    /// Keys with values.
    KeyValue,
    /// What the system wrote down.
    Log,
    /// Sessions.
    Session,
    /// Older states of other rows.
    History,
    /// Orders, baskets, deliveries.
    Order,
    /// Payments, invoices, accounts at banks.
    Payment,
    /// Care, illness, treatment.
    Health,
    /// Schools, courses, exams.
    Education,
    /// Work: contracts, leave, pay.
    Employment,
    /// Kinds, states, groups: short lists.
    Lookup,
    /// Appointments, tasks, jobs of the system.
    Event,
    /// Files.
    Document,
    /// Messages of people.
    Message,
    /// Pages, posts, texts.
    Content,
    /// Tokens and keys.
    Secret,
    /// Not said.
    Unknown,
}

impl Role {
    /// Returns how much its rows are of people: 1 they are, 0 nothing is known, -1 they are of things.
    pub(super) fn people(self) -> f32 {
        match self {
            Self::Person | Self::Address | Self::Contact | Self::Account => 1.0,
            Self::Organisation => 0.6,
            Self::Employment | Self::Education | Self::Health => 0.5,
            Self::Order | Self::Payment | Self::Session | Self::Message => 0.3,
            Self::History | Self::Secret | Self::Document | Self::Event | Self::Unknown => 0.0,
            Self::Log => -0.2,
            Self::Content => -0.7,
            Self::Product | Self::Place | Self::Config | Self::KeyValue | Self::Lookup => -1.0,
        }
    }

    /// Returns whether a key of such rows is the key of a person.
    pub(super) fn person(self) -> bool {
        matches!(self, Self::Person | Self::Account | Self::Contact)
    }

    /// Says which of two roles in one name says more of the rows; the last one where both say as much.
    fn rank(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Person
            | Self::Account
            | Self::Organisation
            | Self::Contact
            | Self::Place
            | Self::Product => 1,
            Self::Log | Self::Session | Self::History | Self::Lookup | Self::KeyValue | Self::Config => 3,
            _ => 2,
        }
    }
}

/// What a table's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableWords {
    /// What its rows are.
    pub role: Role,
    /// What they are about, where the name says both: people in `customer_history`.
    pub of: Role,
    /// The words of the lexicon that said so.
    pub word: Option<&'static str>,
    /// Its words in the singular, as `Named::joins` has them.
    pub stem: Vec<String>,
}

impl TableWords {
    /// Returns the role that names without an owner belong to: what history is of, else the rows' own.
    pub(super) fn owner(&self) -> Role {
        match self.role {
            Role::History if self.of != Role::Unknown => self.of,
            role => role,
        }
    }
}

/// Returns the role that a span's words name.
pub(super) fn role(span: &Span) -> Option<Role> {
    span.entry?.says.iter().find_map(|says| match says {
        Says::Owner(role) => Some(*role),
        _ => None,
    })
}

/// Returns the role of rows that are named as a class of columns is: `companies`, `addresses`, `salaries`.
fn named_as(span: &Span) -> Option<Role> {
    span.entry?.says.iter().find_map(|says| match says {
        Says::Takes(Class::Label, _) => Some(Role::Lookup),
        Says::Class(class, weight, When::Always) if *weight >= STRONG => match class {
            Class::Company => Some(Role::Organisation),
            Class::AddressLine => Some(Role::Address),
            Class::Email | Class::Phone => Some(Role::Contact),
            Class::FullName => Some(Role::Person),
            Class::Username => Some(Role::Account),
            Class::City | Class::Country | Class::Region => Some(Role::Place),
            Class::Token | Class::Password => Some(Role::Secret),
            Class::Health => Some(Role::Health),
            Class::Education => Some(Role::Education),
            Class::Income | Class::Job => Some(Role::Employment),
            Class::Image => Some(Role::Document),
            Class::BankAccount | Class::Card => Some(Role::Payment),
            Class::Setting => Some(Role::Config),
            _ => None,
        },
        _ => None,
    })
}

/// Returns the role that the last step of a path has.
pub(super) fn step(path: &str) -> Option<Role> {
    spans(path).iter().rev().find_map(|span| role(span).or_else(|| named_as(span)))
}

/// Returns what a table's name says.
#[must_use]
pub fn table(name: &str) -> TableWords {
    let spans = spans(name);
    let mut found = TableWords { role: Role::Unknown, of: Role::Unknown, word: None, stem: stem(&spans) };
    for span in &spans {
        let (Some(role), Some(entry)) = (role(span).or_else(|| named_as(span)), span.entry) else { continue };
        if role.rank() >= found.role.rank() {
            if found.role != Role::Unknown {
                found.of = found.role;
            }
            found.role = role;
            found.word = Some(entry.phrase);
        } else {
            found.of = role;
        }
    }
    found
}

/// Returns the words of a name in the singular, without fillers where others remain.
pub(super) fn stem(spans: &[Span]) -> Vec<String> {
    let words = |fillers: bool| -> Vec<String> {
        spans
            .iter()
            .filter(|span| !span.digits && (fillers || !fills(span)))
            .map(|span| single(&span.text))
            .collect()
    };
    let bare = words(false);
    if bare.is_empty() { words(true) } else { bare }
}

/// Returns whether a span says nothing.
pub(super) fn fills(span: &Span) -> bool {
    span.digits
        || span.entry.is_some_and(|entry| {
            entry.says.iter().any(|says| matches!(says, Says::Fills | Says::Opens(Class::Moment, _)))
        })
}
