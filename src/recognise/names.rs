//! Names of persons in a text: a title, role or greeting and what follows; initials before a surname; given names and
//! surnames of the vocabularies. A name that is a word of the language too needs a cue: what stands before or behind it.
//! Refuses words without a capital, months, streets, and what follows `Sint` or `Hotel`.

mod shape;

use super::Kind;
use super::fold::Folded;
use super::lexicon::{Bits, Lexicon};
use super::text::{Flags, Text, Token};
use shape::{Cue, Shape, cue, may_be_last, shape};

/// A part of a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// A name: up to three parts, and the word behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    parts: [Option<Part>; 4],
    /// Index of the word behind the name.
    pub(super) next: usize,
}

impl Named {
    /// Returns the parts in the order of the text.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().flatten()
    }
}

/// Finds a name that begins at a word. `behind`: the word behind the name found last. `nouns`: whether the language writes
/// its nouns with capitals.
pub(super) fn find(
    text: &Text<'_>,
    at: usize,
    behind: usize,
    lexicon: &Lexicon,
    nouns: bool,
) -> Option<Named> {
    let token = text.get(at)?;
    let particle = token.bits.any(Bits::PARTICLE.or(Bits::INNER));
    if !token.is_capitalised() && !particle {
        return None;
    }
    let cue = cue(text, at, behind, nouns);
    let dotted = token.is_initial() && matches!(text.byte(token.end()), b'.' | b'\'');
    let says = token.bits.any(Bits::TITLE.or(Bits::ROLE).or(Bits::GREETING)) && cue < Cue::Title;
    let never = token.bits.any(Bits::NEVER) && !token.bits.is_name();
    // `M.` of France is a title, not an initial.
    if dotted && token.bits.any(Bits::TITLE) {
        return None;
    }
    if !dotted && (says || never && !particle) {
        return None;
    }
    if cue < Cue::Title
        && text.back(at, 1).is_some_and(|t| t.bits.any(Bits::SAINT) && text.gap_before(at).len() <= 2)
    {
        return None;
    }
    let shape = shape(text, at, cue);
    let looks = Looks { text, shape, cue, lexicon, nouns };
    if looks.is_street() || looks.is_address() {
        return None;
    }
    let unknown = looks.unknown_first();
    if unknown.is_none() && looks.accepted() { Some(looks.named()) } else { unknown }
}

/// A shape and what stands around it.
struct Looks<'t> {
    text: &'t Text<'t>,
    shape: Shape,
    cue: Cue,
    lexicon: &'t Lexicon,
    nouns: bool,
}

impl Looks<'_> {
    fn tokens(&self, from: usize, to: usize) -> &[Token] {
        self.text.tokens.get(from..to).unwrap_or_default()
    }

    fn initials(&self) -> &[Token] {
        self.tokens(self.shape.at, self.shape.initials)
    }

    fn firsts(&self) -> &[Token] {
        self.tokens(self.shape.initials, self.shape.firsts)
    }

    fn particles(&self) -> &[Token] {
        self.tokens(self.shape.middle, self.shape.particles)
    }

    fn lasts(&self) -> &[Token] {
        self.tokens(self.shape.particles, self.shape.lasts)
    }

    /// Returns whether the surname is a street's name.
    fn is_street(&self) -> bool {
        static ENDS: &[&str] = &[
            "straat", "laan", "plein", "kade", "gracht", "singel", "strasse", "straße", "platz", "allee",
            "gasse", "dijk", "weg", "brug", "park",
        ];
        let street = |token: &Token| {
            let word = self.text.word(token);
            !token.bits.is_name() && ENDS.iter().any(|end| word.len() > end.len() + 2 && word.ends_with(end))
        };
        let next = self
            .text
            .get(self.shape.lasts)
            .filter(|_| matches!(self.text.gap_before(self.shape.lasts), " " | "-"));
        self.lasts().iter().any(street)
            || next.is_some_and(|token| {
                street(token)
                    || self
                        .text
                        .is_cue(token, &["street", "road", "lane", "avenue", "str", "straat", "drive"])
            })
    }

    /// Returns whether it is a piece of an address of e-mail or of a host.
    fn is_address(&self) -> bool {
        let end =
            self.tokens(self.shape.at, self.shape.lasts.max(self.shape.at + 1)).last().map_or(0, Token::end);
        match self.text.byte(end) {
            b'@' => true,
            b'.' | b'_' => self.text.byte(end + 1).is_ascii_alphanumeric(),
            _ => false,
        }
    }

    /// Returns whether `and` and a name that is known follow.
    fn and_name(&self) -> bool {
        let (and, name) = (self.text.get(self.shape.lasts), self.text.get(self.shape.lasts + 1));
        and.is_some_and(|t| self.text.is_cue(t, &["en", "and", "und", "et"]))
            && self.text.gap_before(self.shape.lasts) == " "
            && name.is_some_and(|t| t.is_capitalised() && t.bits.any(Bits::FIRST))
    }

    /// Returns whether the word behind says what persons do.
    fn says(&self) -> bool {
        self.text.get(self.shape.lasts).is_some_and(|t| t.bits.any(Bits::SAYS))
            && self.text.gap_before(self.shape.lasts) == " "
    }

    /// Returns whether another word with a capital follows at once that is no name.
    fn goes_on(&self) -> bool {
        let next = self.text.get(self.shape.lasts);
        next.is_some_and(|t| {
            t.is_capitalised() && !t.bits.any(Bits::FIRST) && !t.is_initial() || t.flags.has(Flags::DIGIT)
        }) && matches!(self.text.gap_before(self.shape.lasts), " " | "-" | " & " | "&")
            && !(self.nouns && self.says())
    }

    /// Returns whether an article or a word with a capital that is no name leads up to it.
    fn led_up(&self) -> bool {
        let before = self
            .text
            .back(self.shape.at, 1)
            .filter(|_| matches!(self.text.gap_before(self.shape.at), " " | "-" | "&" | " & "));
        before.is_some_and(|t| {
            t.bits.any(Bits::ARTICLE)
                || !self.nouns && t.is_capitalised() && !t.flags.has(Flags::FRESH) && !t.bits.is_name()
        })
    }

    fn accepted(&self) -> bool {
        let (firsts, lasts, particles) = (self.firsts(), self.lasts(), self.particles());
        let initials = self.initials().len();
        // A surname that always has a particle (`van Groningen`) says nothing without one.
        let beside = !particles.is_empty() || initials > 0 || !firsts.is_empty() || self.cue >= Cue::Role;
        let last_known = lasts.iter().any(|t| t.bits.any(Bits::LAST) || beside && t.bits.any(Bits::PAIRED));
        let last_plain = lasts.iter().any(|t| !t.bits.is_ordinary());
        let first_plain = firsts.iter().any(|t| !t.bits.is_ordinary());
        let fresh = self.tokens(self.shape.at, self.shape.at + 1).iter().any(|t| t.flags.has(Flags::FRESH));
        if firsts.is_empty() && lasts.is_empty() {
            return false;
        }
        match self.cue {
            Cue::Title => return true,
            Cue::Role if last_known || !firsts.is_empty() || initials > 0 => return true,
            Cue::Role => return last_plain && lasts.iter().all(|t| t.flags.has(Flags::LOWER)),
            _ => {}
        }
        let never = firsts.iter().chain(lasts).any(|t| t.bits.any(Bits::NEVER));
        let with = (self.cue == Cue::With || self.says() || self.and_name()) && !never;
        let free = !fresh && !self.nouns && !never;
        match (initials, firsts.is_empty(), lasts.is_empty()) {
            (1.., _, false) => initials > 1 || !particles.is_empty() || last_known || with,
            (_, false, false) if first_plain => last_known || last_plain,
            (_, false, false) => last_known && (last_plain || with || free) || last_plain && (with || free),
            (_, false, true) if first_plain => !self.led_up() || with,
            (_, false, true) => (with || free) && !self.goes_on() && !self.led_up(),
            (_, true, false) => {
                let plain = lasts.iter().any(|t| t.bits.is_name() && !t.bits.is_ordinary());
                self.surname(last_known, plain, with, fresh)
            }
            _ => false,
        }
    }

    /// Returns whether a surname that stands alone is one.
    fn surname(&self, known: bool, plain: bool, with: bool, fresh: bool) -> bool {
        let particles = self.particles();
        if !known {
            return false;
        }
        if particles.is_empty() {
            let alone = !self.goes_on() && !self.led_up();
            return plain && (!self.led_up() || with) || with && alone;
        }
        let strong = particles.iter().any(|t| t.bits.any(Bits::STRONG));
        let whole = self.is_whole();
        strong && (whole || plain) || whole && (plain || !self.nouns && !fresh || with)
    }

    /// Returns whether particles and surname stand so in a vocabulary.
    fn is_whole(&self) -> bool {
        let mut folded = Folded::new();
        for token in self.tokens(self.shape.middle, self.shape.lasts) {
            folded.push_str(self.text.word(token));
        }
        self.lexicon.get(folded.hash()).any(Bits::WHOLE)
    }

    fn part(&self, from: usize, to: usize, kind: Kind) -> Option<Part> {
        let (first, last) = (self.text.get(from)?, self.text.get(to.checked_sub(1)?)?);
        // The `s` of a genitive is no part of the name.
        let end = last.end() - usize::from(last.flags.has(Flags::GENITIVE));
        (from < to).then_some(Part { start: first.start(), end, kind })
    }

    fn named(&self) -> Named {
        let Shape { at, initials, firsts, middle, lasts, .. } = self.shape;
        // A given name alone behind a title is a surname, unless it is no surname.
        let alone = self.cue == Cue::Title && lasts == middle && firsts == initials + 1;
        let surname = alone && self.firsts().iter().any(|t| t.bits.any(Bits::LAST));
        let given = if surname { Kind::LastName } else { Kind::FirstName };
        let parts = [
            self.part(at, initials, Kind::Initials),
            self.part(initials, firsts, given),
            self.part(firsts, middle, Kind::Initials),
            self.part(middle, lasts, Kind::LastName),
        ];
        Named { parts, next: lasts }
    }

    /// Returns a name whose given name is not known: before a surname that is, or behind a cue before anything that looks
    /// like one.
    fn unknown_first(&self) -> Option<Named> {
        let at = self.shape.at;
        let token = self.text.get(at)?;
        let looks = may_be_last(token) && token.len() > 2 && token.bits == Bits::NONE;
        if !looks
            || self.nouns && self.cue == Cue::None
            || self.led_up()
            || self.text.gap_before(at + 1) != " "
        {
            return None;
        }
        let rest = Looks { shape: shape(self.text, at + 1, Cue::None), ..*self };
        let known = rest.lasts().iter().any(|t| t.bits.any(Bits::LAST));
        let plain = rest.lasts().iter().any(|t| !t.bits.is_ordinary());
        let particles = !rest.particles().is_empty();
        let strong = rest.particles().iter().any(|t| t.bits.any(Bits::STRONG));
        let cued = self.cue > Cue::None;
        let fits = known && plain
            || particles && (rest.is_whole() || strong && cued)
            || cued && (known || plain && !self.nouns);
        let alone = rest.firsts().is_empty() && rest.initials().is_empty() && !rest.lasts().is_empty();
        if !fits || !alone || rest.is_street() || rest.is_address() {
            return None;
        }
        let parts = [
            self.part(at, at + 1, Kind::FirstName),
            self.part(rest.shape.middle, rest.shape.lasts, Kind::LastName),
            None,
            None,
        ];
        Some(Named { parts, next: rest.shape.lasts })
    }
}
