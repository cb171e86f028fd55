//! The identifiers of a row's own subject, made ready for one text: every usual spelling of each becomes a needle with what
//! stands in its place. Refuses single letters and numbers of fewer than five digits: they would be found everywhere.

mod codes;
mod split;

use super::Own;
use crate::recognise::Kind;
use crate::recognise::dates::Day;
use crate::recognise::fold;
use crate::recognise::lexicon::{Bits, Lexicon};
use crate::recognise::text::Seen;
use split::{SPELLINGS, Split, base, split};

/// A run of bytes in an arena.
#[derive(Clone, Copy, Default)]
pub(super) struct Piece {
    start: usize,
    end: usize,
}

/// A name in words.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// Hashes of its words.
    hashes: Piece,
    pub(super) kind: Kind,
    pub(super) stand_in: Piece,
    /// Whether a word of the language is all that it is made of: small letters and articles then tell it is none.
    pub(super) ordinary: bool,
    /// Whether it is a word that a sentence may begin with.
    pub(super) never: bool,
}

/// Letters and digits that separators may stand between.
#[derive(Clone, Copy)]
pub(super) struct Code {
    compact: Piece,
    pub(super) stand_in: Piece,
    pub(super) kind: Kind,
    /// Whether it counts only behind a plus.
    pub(super) plus: bool,
}

/// Text that stands as it is, but for case.
#[derive(Clone, Copy)]
pub(super) struct Literal {
    text: Piece,
    pub(super) stand_in: Piece,
    pub(super) kind: Kind,
}

/// All needles of a row, in arenas that the next row uses again.
#[derive(Default)]
pub(super) struct Needles {
    bytes: String,
    hashes: Vec<u64>,
    pub(super) words: Vec<Words>,
    pub(super) codes: Vec<Code>,
    pub(super) literals: Vec<Literal>,
    pub(super) dates: Vec<(Day, Piece)>,
    /// First letters of given names and what stands for them.
    pub(super) initials: Vec<(Piece, Piece)>,
    /// Bits of the hashes that a needle begins with.
    bloom: u64,
    /// Words of the text that is read.
    seen: Seen,
    /// Bits of the first bytes of codes and of literals, in small letters; the last one for what is not ASCII.
    first_bytes: (u128, u128),
    spare: Vec<u8>,
}

impl std::fmt::Debug for Needles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} needles>", self.words.len() + self.codes.len() + self.literals.len())
    }
}

/// Letters that are written with an `e` where there are no marks.
static UMLAUTS: &[(char, &str)] =
    &[('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('Ä', "Ae"), ('Ö', "Oe"), ('Ü', "Ue")];

/// Local parts that name a desk.
static DESKS: &[&str] =
    &["info", "contact", "sales", "admin", "support", "service", "mail", "post", "office", "kontakt"];

impl Needles {
    /// Makes the needles of a row. `country`: the one whose national telephone numbers are assumed; `seen`: the
    /// words of the text, without which no name can stand in it; `digits`: whether it has any, for numbers likewise.
    pub(super) fn compile(
        &mut self,
        own: &[Own<'_>],
        lexicon: &Lexicon,
        (country, trunk): (&'static str, &str),
        (seen, digits): (Seen, bool),
    ) {
        self.seen = seen;
        self.bytes.clear();
        self.hashes.clear();
        self.words.clear();
        self.codes.clear();
        self.literals.clear();
        self.dates.clear();
        self.initials.clear();
        self.bloom = 0;
        self.first_bytes = (0, 0);
        for one in own {
            let (original, stand_in) = (one.original.trim(), one.stand_in.trim());
            let numeric = matches!(one.kind, Kind::Phone | Kind::BirthDate | Kind::Iban);
            if original.is_empty() || numeric && !digits {
                continue;
            }
            match one.kind {
                Kind::FirstName => self.first(original, stand_in, lexicon),
                Kind::LastName => self.last(original, stand_in, lexicon),
                Kind::FullName => {
                    let (from, to) = (split(original), split(stand_in));
                    self.phrase(&[original], stand_in, Kind::FullName, lexicon);
                    self.first(from.first, to.first, lexicon);
                    self.last(from.last, to.last, lexicon);
                    self.joined(&from, &to);
                }
                Kind::Initials => {
                    let pair = (self.keep(original), self.keep(stand_in));
                    self.initials.push(pair);
                }
                Kind::Email => self.email(original, stand_in),
                Kind::Phone => self.phone(original, stand_in, country, trunk),
                Kind::BirthDate => match Day::of(original) {
                    Some(day) => {
                        let stand_in = self.keep(stand_in);
                        self.dates.push((day, stand_in));
                    }
                    None => self.literal(original, stand_in, one.kind),
                },
                Kind::Street => {
                    self.phrase(&[original], stand_in, one.kind, lexicon);
                    self.street(original, stand_in, lexicon);
                }
                Kind::City | Kind::Company | Kind::Text => {
                    self.phrase(&[original], stand_in, one.kind, lexicon)
                }
                Kind::Username | Kind::Url | Kind::Ip => self.literal(original, stand_in, one.kind),
                _ => self.number(original, stand_in, one.kind),
            }
        }
        self.both(own);
        // Longer ones first, so that the first to fit is the longest.
        let len = |piece: &Piece| piece.end - piece.start;
        self.words.sort_by_key(|words| std::cmp::Reverse(len(&words.hashes)));
        self.codes.sort_by_key(|code| std::cmp::Reverse(len(&code.compact)));
        self.literals.sort_by_key(|literal| std::cmp::Reverse(len(&literal.text)));
    }

    /// Returns a piece as text.
    pub(super) fn text(&self, piece: Piece) -> &str {
        self.bytes.get(piece.start..piece.end).unwrap_or_default()
    }

    /// Returns the hashes of a name.
    pub(super) fn hashes(&self, words: &Words) -> &[u64] {
        self.hashes.get(words.hashes.start..words.hashes.end).unwrap_or_default()
    }

    /// Returns a code's letters and digits.
    pub(super) fn compact(&self, code: &Code) -> &str {
        self.text(code.compact)
    }

    /// Returns a literal's text.
    pub(super) fn plain(&self, literal: &Literal) -> &str {
        self.text(literal.text)
    }

    /// Returns whether a needle may begin with a word.
    #[inline]
    pub(super) fn may_begin(&self, hash: u64) -> bool {
        self.bloom >> (hash & 63) & 1 == 1
    }

    /// Returns whether a code, and whether a literal, may begin with a byte.
    #[inline]
    pub(super) fn begins(&self, byte: u8) -> (bool, bool) {
        let bit = bit(Some(&byte));
        (self.first_bytes.0 & bit != 0, self.first_bytes.1 & bit != 0)
    }

    fn keep(&mut self, text: &str) -> Piece {
        self.keep_all(&[text])
    }

    fn keep_all(&mut self, parts: &[&str]) -> Piece {
        let start = self.bytes.len();
        parts.iter().for_each(|part| self.bytes.push_str(part));
        Piece { start, end: self.bytes.len() }
    }

    /// Adds a name word by word, and with `ae` for `ä` too.
    fn phrase(&mut self, original: &[&str], stand_in: &str, kind: Kind, lexicon: &Lexicon) {
        self.phrase_once(original, stand_in, kind, lexicon);
        let marked = |c: char| UMLAUTS.iter().any(|(from, _)| *from == c);
        if original.iter().any(|part| !part.is_ascii() && part.contains(marked)) {
            let mut wide = String::new();
            for c in original.join(" ").chars() {
                match UMLAUTS.iter().find(|(from, _)| *from == c) {
                    Some((_, to)) => wide.push_str(to),
                    None => wide.push(c),
                }
            }
            self.phrase_once(&[&wide], stand_in, kind, lexicon);
        }
    }

    fn phrase_once(&mut self, original: &[&str], stand_in: &str, kind: Kind, lexicon: &Lexicon) {
        let start = self.hashes.len();
        let mut letters = 0;
        for part in original {
            for word in part.split(|c| !fold::in_word(c)).filter(|word| !word.is_empty()) {
                let hash = fold::hash(word);
                if !self.seen.may_have(hash) {
                    self.hashes.truncate(start);
                    return;
                }
                self.hashes.push(hash);
                letters += word.len();
            }
        }
        let hashes = Piece { start, end: self.hashes.len() };
        let count = hashes.end - start;
        if letters < 2 {
            self.hashes.truncate(start);
            return;
        }
        // The chief word decides: what stands before it may be particles.
        let chief = self.hashes.last().map(|hash| lexicon.get(*hash)).unwrap_or_default();
        let particles = kind == Kind::LastName && count > 1;
        let ordinary = chief.is_ordinary() && (count == 1 || particles);
        let never = count == 1 && chief.any(Bits::NEVER);
        if let Some(first) = self.hashes.get(start) {
            self.bloom |= 1 << (first & 63);
        }
        let stand_in = self.keep(stand_in);
        self.words.push(Words { hashes, kind, stand_in, ordinary, never });
    }

    fn first(&mut self, original: &str, stand_in: &str, lexicon: &Lexicon) {
        if original.is_empty() {
            return;
        }
        self.phrase(&[original], stand_in, Kind::FirstName, lexicon);
        let first = |name: &'_ str| name.split([' ', '-']).next().map(str::len).unwrap_or(0);
        let (from, to) = (original.get(..first(original)), stand_in.get(..first(stand_in)));
        if let (Some(from), Some(to)) = (from, to)
            && from.len() < original.len()
        {
            self.phrase(&[from], to, Kind::FirstName, lexicon);
        }
        let pair = (self.letters(original), self.letters(stand_in));
        self.initials.push(pair);
    }

    /// Keeps the first letters of names.
    fn letters(&mut self, names: &str) -> Piece {
        let start = self.bytes.len();
        self.bytes.extend(names.split([' ', '-']).filter_map(|name| name.chars().next()));
        Piece { start, end: self.bytes.len() }
    }

    fn last(&mut self, original: &str, stand_in: &str, lexicon: &Lexicon) {
        let (from, to) = (base(original), base(stand_in));
        self.phrase(&[original], stand_in, Kind::LastName, lexicon);
        if from.len() == original.len() {
            return;
        }
        self.phrase(&[from], to, Kind::LastName, lexicon);
        // Spellings of the particles: `v.d.`, `v/d`, `vd`, `v.`, and the look-alikes of `van de`.
        let particles = original.get(..original.len() - from.len()).unwrap_or_default().trim();
        let is = |other: &&str| particles.eq_ignore_ascii_case(other);
        let others = SPELLINGS.iter().find(|(of, _)| of.iter().any(is)).map_or(&[][..], |(_, others)| others);
        for other in others.iter().filter(|other| !is(other)) {
            self.phrase(&[other, from], stand_in, Kind::LastName, lexicon);
        }
        if from.len() > 3 {
            self.run_together(&[original], &[stand_in], Kind::LastName);
        }
    }

    /// Adds parts of a name as one word.
    fn run_together(&mut self, original: &[&str], stand_in: &[&str], kind: Kind) {
        let start = self.hashes.len();
        let mut hash = fold::Folded::new();
        for word in original.iter().flat_map(|part| part.split(|c| !fold::in_word(c))) {
            hash.push_str(word);
        }
        if !self.seen.may_have(hash.hash()) {
            return;
        }
        self.hashes.push(hash.hash());
        self.bloom |= 1 << (hash.hash() & 63);
        let hashes = Piece { start, end: self.hashes.len() };
        let start = self.bytes.len();
        for part in stand_in {
            self.bytes.extend(part.chars().filter(|c| fold::in_word(*c)));
        }
        let stand_in = Piece { start, end: self.bytes.len() };
        self.words.push(Words { hashes, kind, stand_in, ordinary: false, never: false });
    }

    /// Adds what people make of given name and surname to log in with: `jandevries`, `jdevries`.
    fn joined(&mut self, from: &Split<'_>, to: &Split<'_>) {
        if from.first.is_empty() || from.last.len() < 3 {
            return;
        }
        let initial = |name: &'_ str| name.chars().next().map_or(0, char::len_utf8);
        let (short, short_to) = (from.first.get(..initial(from.first)), to.first.get(..initial(to.first)));
        self.run_together(&[from.first, from.last], &[to.first, to.last], Kind::Username);
        if let (Some(short), Some(short_to)) = (short, short_to) {
            self.run_together(&[short, from.last], &[short_to, to.last], Kind::Username);
        }
    }

    /// Joins given name and surname where the row has them apart.
    fn both(&mut self, own: &[Own<'_>]) {
        let of = |kind: Kind| own.iter().find(|one| one.kind == kind);
        if let (Some(first), Some(last)) = (of(Kind::FirstName), of(Kind::LastName)) {
            let from = Split { first: first.original.trim(), last: last.original.trim() };
            let to = Split { first: first.stand_in.trim(), last: last.stand_in.trim() };
            self.joined(&from, &to);
        }
    }

    fn literal(&mut self, original: &str, stand_in: &str, kind: Kind) {
        if original.chars().count() >= 4 {
            let (text, stand_in) = (self.keep(original), self.keep(stand_in));
            self.first_bytes.1 |= bit(original.as_bytes().first());
            self.literals.push(Literal { text, stand_in, kind });
        }
    }

    fn email(&mut self, original: &str, stand_in: &str) {
        self.literal(original, stand_in, Kind::Email);
        let to = stand_in.split_once('@').map_or("", |(local, _)| local);
        if let Some((from, _)) = original.split_once('@')
            && from.len() >= 5
            && !DESKS.iter().any(|desk| desk.eq_ignore_ascii_case(from))
        {
            self.literal(from, to, Kind::Username);
        }
    }

    /// Adds the usual abbreviation of a street.
    fn street(&mut self, original: &str, stand_in: &str, lexicon: &Lexicon) {
        let (street, number) = match original.find(|c: char| c.is_ascii_digit()) {
            Some(at) => original.split_at(at),
            None => (original, ""),
        };
        let street = street.trim();
        let to = stand_in.split(|c: char| c.is_ascii_digit()).next().unwrap_or(stand_in).trim();
        if !number.is_empty() {
            self.phrase(&[street], to, Kind::Street, lexicon);
        }
        for (long, short) in
            [("straat", "str"), ("straße", "str"), ("strasse", "str"), ("laan", "ln"), ("straße", "strasse")]
        {
            if let Some(stem) = street.strip_suffix(long) {
                let short = [stem, short].concat();
                self.phrase(&[&short], to, Kind::Street, lexicon);
                if !number.is_empty() {
                    self.phrase(&[&short, number], stand_in, Kind::Street, lexicon);
                }
            }
        }
    }
}

/// Returns the bit of a first byte, in small letters.
#[inline]
fn bit(byte: Option<&u8>) -> u128 {
    byte.map_or(0, |byte| 1 << byte.to_ascii_lowercase().min(127))
}
