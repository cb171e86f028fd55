//! Free text with its identifiers replaced in place: first those of the row's own subject in every usual spelling, then
//! what the recognisers find, then names with cues. Case, inflection, separators and the rest of the text stay to the byte.
//!
//! It lowers risk and is no masking: who is told of in other words stays told of, and a figure (recall on a labelled
//! corpus) says how much is missed on average, not that nothing is. Refuses what is not UTF-8 and what is too long: such a
//! text has no redacted form, and the caller must not let it pass.

mod own;
mod spell;

use super::lexicon::{Bits, Lexicon};
use super::run::{Place, Run};
use super::text::{Flags, Text, Token};
use super::{Confidence, Finding, Kind, Trigger, best, dates, names, text, triggers};
use crate::row::canon::Canon;
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
    /// The value that the row gets. Where it is empty the identifier is not searched.
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
        scratch.needles.compile(own, &self.lexicon, (self.home.country, self.home.phone.trunk), digits);
        let mut work = Work {
            text: Text { text, tokens: &scratch.tokens },
            needles: &scratch.needles,
            stand_in,
            canon: &mut scratch.canon,
            key: &mut scratch.key,
            made: &mut scratch.stand_in,
            places: &mut scratch.places,
            out,
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
                work.replace(&found, self.home.country);
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
                let found = Finding {
                    start: part.start,
                    end: part.end,
                    kind: part.kind,
                    confidence: Confidence::Fair,
                };
                work.name(&found);
            }
            work.named = name.next;
            return name.next.max(at + 1);
        }
        at + 1
    }
}

impl<'w> Work<'w> {
    /// Finds the longest own identifier that begins at a word.
    fn own(&self, at: usize, token: &Token, dated: bool) -> Option<Match<'w>> {
        let mut best = self.words(at, token);
        let mut better = |other: Option<Match<'w>>| {
            if other.as_ref().is_some_and(|other| best.as_ref().is_none_or(|best| other.end > best.end)) {
                best = other;
            }
        };
        let (codes, literals) = self.needles.begins(self.text.byte(token.start()));
        if codes {
            better(self.code(at, token));
        }
        if literals {
            better(self.literal(at, token));
        }
        if dated && !self.needles.dates.is_empty() {
            better(self.date(at));
        }
        if token.is_initial() {
            better(self.initials(at));
        }
        best
    }

    fn words(&self, at: usize, token: &Token) -> Option<Match<'w>> {
        let may = self.needles.may_begin(token.hash);
        let stem = ends_in_s(&self.text, token).filter(|stem| self.needles.may_begin(*stem));
        if !may && stem.is_none() {
            return None;
        }
        let needles = self.needles;
        needles.words.iter().find_map(|words| {
            let hashes = needles.hashes(words);
            let (last, before) = hashes.split_last()?;
            for (step, hash) in before.iter().enumerate() {
                if self.text.get(at + step)?.hash != *hash || !joins(self.text.gap_after(at + step)) {
                    return None;
                }
            }
            let end = self.text.get(at + before.len())?;
            let genitive = end.hash != *last;
            if genitive && (ends_in_s(&self.text, end) != Some(*last) || words.ordinary) {
                return None;
            }
            let name = matches!(
                words.kind,
                Kind::FirstName | Kind::LastName | Kind::FullName | Kind::City | Kind::Company
            );
            if name && words.ordinary && !self.is_name(at, at + before.len(), words) {
                return None;
            }
            Some(Match {
                start: token.start(),
                end: end.end(),
                next: at + hashes.len(),
                kind: words.kind,
                with: With::Cased { stand_in: needles.text(words.stand_in), genitive },
            })
        })
    }

    /// Returns whether a word of the language is the name here: with a capital, and neither behind an article nor where a
    /// sentence may begin with such a word.
    fn is_name(&self, first: usize, last: usize, words: &own::Words) -> bool {
        let Some(token) = self.text.get(last) else { return false };
        if !token.flags.has(Flags::CAPITAL) {
            return false;
        }
        let before = self.text.back(first, 1).filter(|_| self.text.gap_before(first).trim() == "");
        let article = before.is_some_and(|t| t.bits.any(Bits::ARTICLE)) && first == last;
        let next = self.text.get(last + 1).filter(|_| self.text.gap_after(last) == " ");
        let with_name = next.is_some_and(|t| self.needles.may_begin(t.hash) && t.is_capitalised());
        !article && (!words.never || !token.flags.has(Flags::FRESH) || with_name)
    }

    /// Finds letters and digits in order, whatever separators stand between.
    fn code(&self, at: usize, token: &Token) -> Option<Match<'w>> {
        let bytes = self.text.text.as_bytes();
        let start = token.start();
        let first = bytes.get(start)?.to_ascii_uppercase();
        let plus = self.text.byte_before(start) == b'+';
        let needles = self.needles;
        needles.codes.iter().find_map(|code| {
            let compact = needles.compact(code).as_bytes();
            if compact.first() != Some(&first) || code.plus && !plus {
                return None;
            }
            let end = spelled(bytes, start, compact)?;
            let long = compact.len() >= 8;
            let whole = long || !self.text.goes_on(end) && !self.text.leads_up(start);
            let next = self.text.tokens.iter().skip(at).take_while(|t| t.start() < end).count();
            whole.then_some(Match {
                start,
                end,
                next: at + next.max(1),
                kind: code.kind,
                with: With::Laid(needles.text(code.stand_in)),
            })
        })
    }

    fn literal(&self, at: usize, token: &Token) -> Option<Match<'w>> {
        let needles = self.needles;
        let start = token.start();
        let first = self.text.byte(start).to_ascii_lowercase();
        needles.literals.iter().find_map(|literal| {
            let plain = needles.plain(literal);
            if plain.as_bytes().first().map(u8::to_ascii_lowercase) != Some(first) {
                return None;
            }
            let end = start + plain.len();
            let fits = self.text.text.get(start..end)?.eq_ignore_ascii_case(plain);
            let behind = self.text.text.get(end..)?.chars().next();
            let ends =
                !behind.is_some_and(|c| super::fold::in_word(c) || c == '@' && literal.kind != Kind::Email);
            let next = self.text.tokens.iter().skip(at).take_while(|t| t.start() < end).count();
            (fits && ends).then_some(Match {
                start,
                end,
                next: at + next.max(1),
                kind: literal.kind,
                with: With::Cased { stand_in: needles.text(literal.stand_in), genitive: false },
            })
        })
    }

    fn date(&self, at: usize) -> Option<Match<'w>> {
        let written = dates::Written::read(&self.text, at)?;
        let (meant, stand_in) = self.needles.dates.iter().find(|(day, _)| written.is(*day)).copied()?;
        let stand_in = self.needles.text(stand_in);
        let end = self.text.get(at + written.tokens - 1)?.end();
        Some(Match {
            start: self.text.get(at)?.start(),
            end,
            next: at + written.tokens,
            kind: Kind::BirthDate,
            with: With::Date { meant, stand_in },
        })
    }

    /// Finds the subject's initials: before the own surname, or behind it and a comma.
    fn initials(&self, at: usize) -> Option<Match<'w>> {
        let start = self.text.get(at)?.start();
        let count = (0..5)
            .take_while(|step| {
                let gap = self.text.gap_before(at + step);
                self.text.get(at + step).is_some_and(Token::is_initial)
                    && (*step == 0 || matches!(gap, "." | ". "))
            })
            .count();
        let behind = at + count;
        let before_name = matches!(self.text.gap_before(behind), " " | "." | ". ")
            && self.text.get(behind).is_some_and(|token| {
                self.words(behind, token).is_some_and(|found| found.kind == Kind::LastName)
            });
        let after_name = self.surname == at && self.text.gap_before(at) == ", ";
        if !before_name && !after_name {
            return None;
        }
        let last = self.text.get(behind.checked_sub(1)?)?;
        let first = self.text.slice(start, last.end()).chars().next()?;
        let (_, stand_in) = self.needles.initials.iter().find(|(original, _)| {
            self.needles
                .text(*original)
                .chars()
                .next()
                .is_some_and(|c| c.to_uppercase().eq(first.to_uppercase()))
        })?;
        let stand_in = self.needles.text(*stand_in);
        Some(Match {
            start,
            end: last.end(),
            next: behind,
            kind: Kind::Initials,
            with: With::Initials(stand_in),
        })
    }

    fn write_own(&mut self, found: Match<'_>, at: usize) {
        let text = self.text;
        self.out.push_str(text.slice(self.written, found.start));
        let place = text.slice(found.start, found.end);
        match found.with {
            With::Cased { stand_in, genitive } => {
                let cut = found.end - usize::from(genitive);
                let technical = matches!(found.kind, Kind::Email | Kind::Url | Kind::Ip);
                let spelled = if technical { spell::upper_or_given } else { spell::cased };
                spelled(text.slice(found.start, cut), stand_in, self.out);
                if genitive {
                    spell::genitive(text.slice(cut, found.end), stand_in, self.out);
                }
            }
            With::Laid(stand_in) => spell::laid(place, stand_in, self.out),
            With::Initials(stand_in) => spell::initials(place, stand_in, self.out),
            With::Date { meant, stand_in } => {
                match (dates::Written::read(&text, at), dates::Day::of(stand_in)) {
                    (Some(written), Some(new)) => written.append(&text, at, meant, new, self.out),
                    _ => self.out.push_str(stand_in),
                }
            }
        }
        self.replaced(found.start, found.end, found.kind, true);
        self.counts.own += 1;
        if matches!(found.kind, Kind::LastName | Kind::FullName) {
            self.surname = found.next;
        }
        if matches!(found.kind, Kind::LastName | Kind::FullName | Kind::FirstName) {
            self.named = found.next;
        }
    }

    /// Replaces what a recogniser found.
    fn replace(&mut self, found: &Finding, country: &'static str) {
        let text = self.text;
        let place = text.slice(found.start, found.end);
        self.canonical(found.kind, place, country);
        self.ask(found.kind);
        self.out.push_str(text.slice(self.written, found.start));
        match found.kind {
            Kind::Email | Kind::Url | Kind::Username => self.out.push_str(self.made),
            Kind::BirthDate => self.birth_date(found),
            Kind::Phone if self.made.starts_with('+') != place.starts_with('+') => {
                self.out.push_str(self.made)
            }
            _ => spell::laid(place, self.made, self.out),
        }
        self.replaced(found.start, found.end, found.kind, false);
        self.counts.found += 1;
    }

    /// Writes a made date in the form of the found one.
    fn birth_date(&mut self, found: &Finding) {
        let at = self.text.tokens.partition_point(|token| token.start() < found.start);
        match (dates::Written::read(&self.text, at), dates::Day::of(self.made)) {
            (Some(written), Some(new)) => written.append(&self.text, at, written.day, new, self.out),
            _ => self.out.push_str(self.made),
        }
    }

    /// Replaces a part of somebody's name.
    fn name(&mut self, found: &Finding) {
        let text = self.text;
        let place = text.slice(found.start, found.end);
        self.canonical(found.kind, place, "");
        self.ask(found.kind);
        self.out.push_str(text.slice(self.written, found.start));
        if found.kind == Kind::Initials {
            spell::initials(place, self.made, self.out);
        } else {
            spell::cased(place, self.made, self.out);
        }
        self.replaced(found.start, found.end, found.kind, false);
        self.counts.names += 1;
    }

    fn replaced(&mut self, start: usize, end: usize, kind: Kind, own: bool) {
        self.written = end;
        self.places.push(Replaced { start, end, kind, own });
    }

    /// Puts the canonical form of a place into `key`.
    fn canonical(&mut self, kind: Kind, place: &str, country: &'static str) {
        self.canon.clear();
        self.key.clear();
        let form = match kind {
            Kind::FirstName | Kind::LastName | Kind::FullName => Canon::Name,
            Kind::Email => Canon::Email,
            Kind::Phone => Canon::Phone { country },
            Kind::Url | Kind::Ip | Kind::Mac | Kind::Username => Canon::Bytes,
            Kind::Uuid => Canon::Uuid,
            Kind::BirthDate => {
                if let Some(day) = dates::Day::of(place) {
                    self.key.push_str(&format!("{:04}-{:02}-{:02}", day.year, day.month, day.day));
                    return;
                }
                Canon::Bytes
            }
            Kind::Initials => {
                self.key.extend(place.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase));
                return;
            }
            _ => Canon::Compact,
        };
        form.append(place.as_bytes(), self.canon);
        self.key.push_str(std::str::from_utf8(self.canon).unwrap_or(place));
    }

    fn ask(&mut self, kind: Kind) {
        self.made.clear();
        (self.stand_in)(kind, self.key, self.made);
    }
}

/// Returns the hash of a word without the `s` at its end, of words with four letters or more.
fn ends_in_s(text: &Text<'_>, token: &Token) -> Option<u64> {
    if token.len() < 4 || !matches!(text.byte_before(token.end()), b's' | b'S') {
        return None;
    }
    Some(super::fold::hash(text.slice(token.start(), token.end() - 1)))
}

/// Returns whether words with this between them may be one name.
fn joins(gap: &str) -> bool {
    gap.len() <= 3
        && gap.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '-' | '\'' | '’' | '_' | '/' | '‑'))
}

/// Returns where letters and digits end that a text spells from an offset on, with up to three separators between any two.
fn spelled(bytes: &[u8], start: usize, compact: &[u8]) -> Option<usize> {
    let mut at = start;
    for (count, wanted) in compact.iter().enumerate() {
        let mut gap = 0;
        while count > 0 && bytes.get(at).is_some_and(|b| !b.is_ascii_alphanumeric()) {
            let separator = match bytes.get(at..)? {
                [b' ' | b'.' | b'-' | b'/' | b'(' | b')' | b'\t', ..] => 1,
                [0xc2, 0xa0, ..] => 2,
                [0xe2, 0x80, 0x90..=0x95 | 0xaf, ..] => 3,
                _ => return None,
            };
            at += separator;
            gap += 1;
            if gap > 3 {
                return None;
            }
        }
        if bytes.get(at)?.to_ascii_uppercase() != *wanted {
            return None;
        }
        at += 1;
    }
    let ends = bytes.get(at).is_none_or(|b| !b.is_ascii_alphanumeric());
    ends.then_some(at)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_corpus;
