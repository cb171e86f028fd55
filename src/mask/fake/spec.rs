//! What a kind of fake declares, and what it is built from. Holds no list of kinds and no table: both are its callers'.

use super::make;
use crate::mask::draw::attribute;
use crate::mask::{Mask, Options, Output, Reaches, Refusal, Uniqueness, Value};
use crate::message;
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Message};
use crate::vocabulary::Locale;

/// One kind of fake: `fake: phone`.
pub struct KindSpec {
    /// Its word.
    pub name: &'static str,
    /// One sentence: what it makes.
    pub summary: &'static str,
    /// Longest stand-in of a locale in characters, as its tables have it; mail at `example.org`. `None`: the locale
    /// has no source for the kind.
    pub longest: fn(&Locale) -> Option<u32>,
    /// Whether a stand-in can be somebody's, with the source of the claim.
    pub reaches: fn(&Locale) -> Reaches,
    /// Canonical form of its input, by locale (`nl_NL`).
    pub canon: fn(locale: &str) -> Canon,
    /// Whether it is decided by its own value unless the profile says otherwise.
    pub identifying: bool,
    /// Whether it can be `unique: true`; then it is decided by its own value too.
    pub can_be_unique: bool,
    /// Options of `fake` that only this kind and its like take.
    pub(super) own_options: &'static [&'static str],
    /// Whether it reads lanes 4 to 7.
    pub(super) high: bool,
    pub(super) build: fn(&Build<'_>) -> Result<Made, Refusal>,
}

impl std::fmt::Debug for KindSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KindSpec({})", self.name)
    }
}

/// What most kinds declare alike: decided by the subject, from lanes 0 to 3, without options of their own.
pub(super) const fn describing() -> KindSpec {
    KindSpec {
        name: "",
        summary: "",
        longest: |_| None,
        reaches: ordinary,
        canon: |_| Canon::Name,
        identifying: false,
        can_be_unique: false,
        own_options: &[],
        high: false,
        build: |_| {
            Err(Refusal { what: "a kind without a maker (a fault of this program)".into(), hint: None })
        },
    }
}

/// Names that are common in a country.
pub(super) fn common(_: &Locale) -> Reaches {
    Reaches::Possibly("made of common names; a person of that name may live")
}

/// Words that stand for many people.
pub(super) fn ordinary(_: &Locale) -> Reaches {
    Reaches::Possibly("an ordinary value that many people share; it points at nobody by itself")
}

/// What a kind is built from.
pub(super) struct Build<'a> {
    pub(super) locale: &'static Locale,
    /// Longest stand-in without `max:`, in characters.
    pub(super) longest: u32,
    pub(super) max: Option<u32>,
    pub(super) unique: bool,
    pub(super) by_subject: bool,
    pub(super) mail_domain: Option<&'a str>,
    pub(super) attribute: &'a str,
    /// The column's type.
    pub(super) class: &'a TypeClass,
    /// The same as the schema spells it.
    pub(super) spelled: &'a str,
    pub(super) options: &'a Options,
    /// Stands in for what cannot be masked.
    pub(super) mac: Mac,
}

/// A kind, built.
pub(super) struct Made {
    pub(super) mask: Box<dyn Mask>,
    pub(super) output: Output,
    pub(super) uniqueness: Uniqueness,
}

impl Build<'_> {
    /// Joins a maker of text with the common work; `longest` is what it makes without `max:`.
    pub(super) fn made(&self, make: impl make::Make + 'static, longest: u32, uniqueness: Uniqueness) -> Made {
        let max_chars = self.max.map_or(longest, |max| max.min(longest));
        Made { uniqueness, ..self.made_as(make, Output::Text { max_chars: Some(max_chars) }) }
    }

    /// Joins a maker with the common work.
    pub(super) fn made_as(&self, make: impl make::Make + 'static, output: Output) -> Made {
        self.joined(make, None, output)
    }

    /// The same for a maker of text without a lane of its own, by subject (lane 7).
    pub(super) fn made_apart(&self, make: impl make::Make + 'static, longest: u32) -> Made {
        let max_chars = self.max.map_or(longest, |max| max.min(longest));
        self.made_apart_as(make, Output::Text { max_chars: Some(max_chars) })
    }

    /// The same for any maker without a lane of its own.
    pub(super) fn made_apart_as(&self, make: impl make::Make + 'static, output: Output) -> Made {
        self.joined(make, self.lane_apart(), output)
    }

    /// Returns L(attribute), if the subject decides.
    pub(super) fn lane_apart(&self) -> Option<Message> {
        self.by_subject.then(|| attribute(self.attribute))
    }

    fn joined(&self, make: impl make::Make + 'static, lane: Option<Message>, output: Output) -> Made {
        let mask = Box::new(make::Fake::new(make, lane, !self.by_subject, self.mac.clone()));
        Made { mask, output, uniqueness: Uniqueness::Lost }
    }

    /// Returns an option of `fake`.
    pub(super) fn option(&self, name: &str) -> Option<&Value> {
        self.options.iter().find(|(option, _)| option == name).map(|(_, value)| value)
    }

    /// Refuses a `max:` below the shortest form.
    pub(super) fn at_least(&self, kind: &'static str, least: u32) -> Result<(), Refusal> {
        self.at_least_of(kind, || least)
    }

    /// The same where the shortest form is looked for: only if there is a `max:`, since tables are long and columns many.
    pub(super) fn at_least_of(&self, kind: &'static str, least: impl FnOnce() -> u32) -> Result<(), Refusal> {
        let Some(max) = self.max else { return Ok(()) };
        let least = least();
        if max >= least {
            return Ok(());
        }
        Err(Refusal {
            what: message!("`fake: {}` cannot be made in {} characters", kind, max),
            hint: Some(message!("write `max: {}` or more, or `suppress` the column", least)),
        })
    }

    /// Returns `max:` if something can be longer than it.
    pub(super) fn narrow(&self) -> Option<u32> {
        self.max.filter(|max| *max < self.longest)
    }

    /// Returns the most characters of a stand-in.
    pub(super) fn room(&self) -> u32 {
        self.max.unwrap_or(u32::MAX)
    }
}
