//! Free text with its identifiers replaced in place: first those of the row's own subject in every usual spelling, then
//! what the recognisers find, then names with cues. Case, inflection, separators and the rest of the text stay to the byte.
//!
//! It lowers risk and is no masking: who is told of in other words stays told of, and a figure (recall on a labelled
//! corpus) says how much is missed on average, not that nothing is. Refuses what is not UTF-8 and what is too long: such a
//! text has no redacted form, and the caller must not let it pass.

mod matching;
mod own;
mod spell;
mod writing;

use super::lexicon::Lexicon;
use super::run::{Place, Run};
use super::text::{Flags, Seen, Text, Token};
use super::{Confidence, Finding, Kind, Trigger, best, dates, names, text, triggers};
use crate::vocabulary::Locale;
use own::Needles;

/// Most bytes of a text.
pub const MAX_BYTES: usize = 2 << 20;

/// Why a text has no redacted form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is not UTF-8.
    NotText,
    /// It has more than `MAX_BYTES` bytes.
    TooLong,
}

/// An identifier of the row's own subject.
#[derive(Clone, Copy)]
pub struct Own<'t> {
    /// What it is; it says which spellings are searched.
    pub kind: Kind,
    /// The value as the row has it.
    pub original: &'t str,
    /// The value that the row gets. Where it is empty, or has no part that answers to what was found (a surname alone), the
    /// place is replaced as one of somebody else is: by what is asked for.
    pub stand_in: &'t str,
}

impl std::fmt::Debug for Own<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Own({:?})", self.kind)
    }
}

/// How many places of a text were replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Identifiers of the row's own subject.
    pub own: u32,
    /// What recognisers found.
    pub found: u32,
    /// Parts of names of others.
    pub names: u32,
}

/// Buffers that texts use one after the other.
#[derive(Default)]
pub struct Scratch {
    tokens: Vec<Token>,
    needles: Needles,
    canon: Vec<u8>,
    key: String,
    stand_in: String,
    places: Vec<Replaced>,
}

/// A place that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Offset of its first byte in the text that was read.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// What stood there.
    pub kind: Kind,
    /// Whether it was the subject's own.
    pub own: bool,
}

impl Scratch {
    /// Returns what was replaced in the last text, in its order.
    #[must_use]
    pub fn places(&self) -> &[Replaced] {
        &self.places
    }
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scratch(***)")
    }
}

/// What finds and replaces identifiers in texts of some locales. Made once; shared by threads.
#[derive(Debug)]
pub struct Redactor {
    lexicon: Lexicon,
    home: &'static Locale,
    /// Whether nouns have capitals.
    nouns: bool,
}

/// What a text is being redacted with.
struct Work<'w> {
    text: Text<'w>,
    needles: &'w Needles,
    stand_in: &'w mut dyn FnMut(Kind, &str, &mut String),
    canon: &'w mut Vec<u8>,
    key: &'w mut String,
    made: &'w mut String,
    places: &'w mut Vec<Replaced>,
    out: &'w mut String,
    country: &'static str,
    /// Offset up to which the text is written.
    written: usize,
    counts: Counts,
    /// Index of the word behind the last own surname.
    surname: usize,
    /// Index of the word behind the last name.
    named: usize,
}

/// An own identifier found in a text.
struct Match<'w> {
    start: usize,
    end: usize,
    next: usize,
    kind: Kind,
    with: With<'w>,
}

/// What is written for it.
enum With<'w> {
    Cased { stand_in: &'w str, genitive: bool },
    Laid(&'w str),
    Initials(&'w str),
    Date { meant: dates::Day, stand_in: &'w str },
}

impl With<'_> {
    /// Returns the stand-in as the row has it.
    fn stand_in(&self) -> &str {
        match self {
            Self::Cased { stand_in, .. } | Self::Date { stand_in, .. } => stand_in,
            Self::Laid(stand_in) | Self::Initials(stand_in) => stand_in,
        }
    }
}

impl Redactor {
    /// Makes one for texts in the languages of some locales; the first of them says how telephone numbers are dialled.
    /// `None` for no locale.
    #[must_use]
    pub fn new(locales: &[&'static Locale]) -> Option<Self> {
        let home = *locales.first()?;
        Some(Self { lexicon: Lexicon::new(locales), home, nouns: home.name.starts_with("de") })
    }

    /// Appends a text with its identifiers replaced. `stand_in` appends the stand-in of a found identifier, given its kind
    /// and canonical form (telephone numbers in E.164 where they have it, codes without separators in capitals, names and
    /// addresses folded to small letters, dates as `1984-03-12`); what it appends is put into the case and the separators
    /// of the place. Returns how much was replaced.
    ///
    /// # Errors
    /// `Unfit` for what is not UTF-8 or too long; nothing was appended.
    pub fn redact(
        &self,
        text: &[u8],
        own: &[Own<'_>],
        stand_in: &mut dyn FnMut(Kind, &str, &mut String),
        scratch: &mut Scratch,
        out: &mut String,
    ) -> Result<Counts, Unfit> {
        if text.len() > MAX_BYTES {
            return Err(Unfit::TooLong);
        }
        let text = std::str::from_utf8(text).map_err(|_| Unfit::NotText)?;
        text::tokens(text, Some(&self.lexicon), &mut scratch.tokens);
        scratch.places.clear();
        let digits = scratch.tokens.iter().any(|token| token.flags.has(Flags::DIGIT));
        let seen = Seen::of(&Text { text, tokens: &scratch.tokens });
        scratch.needles.compile(
            own,
            &self.lexicon,
            (self.home.country, self.home.phone.trunk),
            (seen, digits),
        );
        let mut work = Work {
            text: Text { text, tokens: &scratch.tokens },
            needles: &scratch.needles,
            stand_in,
            canon: &mut scratch.canon,
            key: &mut scratch.key,
            made: &mut scratch.stand_in,
            places: &mut scratch.places,
            out,
            country: self.home.country,
            written: 0,
            counts: Counts::default(),
            surname: usize::MAX,
            named: 0,
        };
        let mut at = 0;
        while at < work.text.tokens.len() {
            at = self.step(&mut work, at);
        }
        let rest = work.text.slice(work.written, text.len());
        work.out.push_str(rest);
        Ok(work.counts)
    }

    /// Looks at one word and returns the index of the next to look at.
    fn step(&self, work: &mut Work<'_>, at: usize) -> usize {
        let text = work.text;
        let Some(token) = text.get(at) else { return at + 1 };
        if token.start() < work.written {
            return at + 1;
        }
        let triggers = triggers(&text, at, token);
        let own = work.own(at, token, triggers.contains(&Trigger::Date));
        if !triggers.is_empty() {
            let run = Run::new(&text, at);
            let found = best(&Place { text, at, run: &run }, triggers)
                .filter(|found| found.confidence >= Confidence::Fair)
                .filter(|found| own.as_ref().is_none_or(|own| found.end > own.end));
            if let Some(found) = found {
                work.replace(&found);
                return at + 1;
            }
        }
        if let Some(own) = own {
            let next = own.next;
            work.write_own(own, at);
            return next;
        }
        if let Some(name) = names::find(&text, at, work.named, &self.lexicon, self.nouns) {
            for part in name.parts() {
                if part.start < work.written {
                    continue;
                }
                // Of somebody of the same name: the subject's surname has its stand-in.
                let first = text.tokens.partition_point(|token| token.start() < part.start);
                let own = text.get(first).and_then(|token| work.own(first, token, false));
                if let Some(own) = own.filter(|own| own.end >= part.end) {
                    work.write_own(own, first);
                } else {
                    let (start, end, kind) = (part.start, part.end, part.kind);
                    work.name(&Finding { start, end, kind, confidence: Confidence::Fair });
                }
            }
            work.named = name.next;
            return name.next.max(at + 1);
        }
        at + 1
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_corpus;
#[cfg(test)]
mod tests_made;
