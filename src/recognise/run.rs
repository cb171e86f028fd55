//! Codes: letters and digits that stand together, or in groups with one separator between them. From the word at which a
//! code may begin, the groups behind it are joined once and every recogniser looks at the result. Bounded: twelve groups,
//! 40 characters. Refuses accents, and words too long to be a group of a code.

use super::text::{Flags, Text, Token};
use super::{Confidence, Finding, Kind};
use crate::vocabulary::numbers::{Scheme, separator};

const GROUPS: usize = 12;
const MOST: usize = 40;

/// Groups of letters and digits from one word on.
#[derive(Clone, Copy)]
pub(super) struct Run {
    bytes: [u8; MOST],
    groups: [Group; GROUPS],
    count: usize,
}

#[derive(Clone, Copy, Default)]
struct Group {
    /// Letters and digits up to its end.
    len: usize,
    /// Offset of its end in the text.
    end: usize,
    /// Whether a small letter stands in or before it.
    lower: bool,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a run of {} groups>", self.count)
    }
}

impl Run {
    /// Joins the groups from a word on.
    pub(super) fn new(text: &Text<'_>, at: usize) -> Self {
        let mut run = Self { bytes: [0; MOST], groups: [Group::default(); GROUPS], count: 0 };
        let (mut len, mut lower) = (0, false);
        for (place, token) in run.groups.iter_mut().zip(text.tokens.get(at..).unwrap_or_default()) {
            if run.count > 0 && !single(text.gap_before(at + run.count).as_bytes()) || !is_group(token) {
                break;
            }
            let word = text.word(token).as_bytes();
            let Some(to) = run.bytes.get_mut(len..len + word.len()) else { break };
            to.iter_mut().zip(word).for_each(|(to, from)| *to = from.to_ascii_uppercase());
            len += word.len();
            lower |= token.flags.has(Flags::LOWER);
            *place = Group { len, end: token.end(), lower };
            run.count += 1;
        }
        run
    }
}

/// Returns whether a gap is one separator.
fn single(gap: &[u8]) -> bool {
    separator(gap) == Some(gap.len())
}

fn is_group(token: &Token) -> bool {
    !token.flags.has(Flags::WIDE) && token.len() <= 34 && (token.flags.has(Flags::DIGIT) || token.len() <= 4)
}

/// The place at which a recogniser looks: a word and the code that begins there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'t> {
    pub(super) text: Text<'t>,
    pub(super) at: usize,
    pub(super) run: &'t Run,
}

/// One reading of a code: its first groups.
#[derive(Clone, Copy)]
pub(super) struct Span<'t> {
    /// Letters and digits, in capitals.
    pub(super) compact: &'t [u8],
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many groups.
    pub(super) groups: usize,
    /// Whether a small letter is in it.
    pub(super) lower: bool,
}

impl std::fmt::Debug for Span<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a code of {} characters>", self.compact.len())
    }
}

impl Span<'_> {
    /// Makes a finding of it.
    pub(super) fn found(&self, kind: Kind, confidence: Confidence) -> Finding {
        Finding { start: self.start, end: self.end, kind, confidence }
    }
}

impl<'t> Place<'t> {
    /// Returns the offset at which the word begins.
    pub(super) fn start(&self) -> usize {
        self.text.get(self.at).map_or(0, Token::start)
    }

    /// Returns the longest reading that a test accepts and that no longer code goes around.
    pub(super) fn longest(&self, mut accept: impl FnMut(&Span<'t>) -> bool) -> Option<Span<'t>> {
        let start = self.start();
        if self.text.leads_up(start) {
            return None;
        }
        let groups = self.run.groups.get(..self.run.count)?;
        groups.iter().enumerate().rev().find_map(|(at, group)| {
            let compact = self.run.bytes.get(..group.len)?;
            let span = Span { compact, start, end: group.end, groups: at + 1, lower: group.lower };
            (accept(&span) && !self.text.goes_on(span.end)).then_some(span)
        })
    }

    /// Returns the longest reading that is valid by a scheme.
    pub(super) fn valid(&self, scheme: &dyn Scheme) -> Option<Span<'t>> {
        self.longest(|span| scheme.is_valid(span.compact))
    }

    /// Returns the bytes of a reading as they stand.
    pub(super) fn raw(&self, span: &Span<'_>) -> &'t [u8] {
        self.text.slice(span.start, span.end).as_bytes()
    }

    /// Returns the lengths of the first groups of a reading; the rest is 0.
    pub(super) fn lengths(&self, span: &Span<'_>) -> [usize; GROUPS] {
        let mut lengths = [0; GROUPS];
        let mut before = 0;
        for (to, group) in lengths.iter_mut().zip(self.run.groups.iter().take(span.groups)) {
            *to = group.len - before;
            before = group.len;
        }
        lengths
    }

    /// Returns whether one of some words stands shortly before.
    pub(super) fn cue(&self, cues: &[&str]) -> bool {
        self.text.cue(self.at, cues)
    }

    /// Returns whether a word stands shortly before that says the number is of a thing: an order, an article.
    pub(super) fn of_a_thing(&self) -> bool {
        self.cue(THINGS)
    }
}

/// Words before numbers of things.
static THINGS: &[&str] = &[
    "order*",
    "bestel*",
    "factu*",
    "rechnung*",
    "invoice*",
    "artikel*",
    "article*",
    "art",
    "product*",
    "produit",
    "serie*",
    "serial",
    "type",
    "model*",
    "ticket*",
    "zaak*",
    "dossier*",
    "case",
    "ref*",
    "ean",
    "isbn",
    "sku",
    "versie",
    "version",
    "build",
    "auftrag*",
    "bestell*",
    "commande",
    "vorgang*",
    "track*",
    "pakket*",
    "paket*",
    "sendung*",
    "zending*",
    "colis",
    "onderdeel*",
    "batch",
    "lot",
    "charge",
];
