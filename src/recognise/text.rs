//! A text cut into words: runs of letters and digits, with what each run is made of. One pass; everything that looks for
//! identifiers steps from word to word and looks a bounded way around. Refuses nothing: any text has words or none.

use super::fold::{self, Folded};
use super::lexicon::{Bits, Lexicon};

/// What a word is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags(u8);

impl Flags {
    pub(super) const LETTER: Self = Self(1);
    pub(super) const DIGIT: Self = Self(2);
    /// It begins with a capital.
    pub(super) const CAPITAL: Self = Self(4);
    pub(super) const LOWER: Self = Self(8);
    /// It stands where a sentence, line or quotation begins.
    pub(super) const FRESH: Self = Self(16);
    /// It has a character outside of ASCII.
    pub(super) const WIDE: Self = Self(32);
    /// It has a capital.
    pub(super) const UPPER: Self = Self(64);
    /// It is a name of the lexicon and an `s`.
    pub(super) const GENITIVE: Self = Self(128);

    /// Returns whether all of `other` is in it.
    #[inline]
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    #[inline]
    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One word.
#[derive(Clone, Copy)]
pub(super) struct Token {
    start: u32,
    end: u32,
    /// Of the folded word.
    pub(super) hash: u64,
    /// What the lexicon says of it.
    pub(super) bits: Bits,
    pub(super) flags: Flags,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a word of {} bytes>", self.end.saturating_sub(self.start))
    }
}

impl Token {
    /// Returns the offset of its first byte.
    #[inline]
    pub(super) fn start(&self) -> usize {
        usize::try_from(self.start).unwrap_or(usize::MAX)
    }

    /// Returns the offset behind its last byte.
    #[inline]
    pub(super) fn end(&self) -> usize {
        usize::try_from(self.end).unwrap_or(usize::MAX)
    }

    /// Returns its length in bytes.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.end().saturating_sub(self.start())
    }

    /// Returns whether it is letters alone, the first a capital.
    #[inline]
    pub(super) fn is_capitalised(&self) -> bool {
        self.flags.has(Flags::CAPITAL.with(Flags::LETTER)) && !self.flags.has(Flags::DIGIT)
    }

    /// Returns whether it is one capital letter.
    pub(super) fn is_initial(&self) -> bool {
        self.is_capitalised()
            && !self.flags.has(Flags::LOWER)
            && self.len() <= if self.flags.has(Flags::WIDE) { 2 } else { 1 }
    }

    /// Returns whether it is digits alone.
    #[inline]
    pub(super) fn is_number(&self) -> bool {
        self.flags.has(Flags::DIGIT) && !self.flags.has(Flags::LETTER)
    }
}

/// A text and its words.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
}

impl std::fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a text of {} words>", self.tokens.len())
    }
}

impl<'t> Text<'t> {
    /// Returns a word by its index.
    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<&'t Token> {
        self.tokens.get(at)
    }

    /// Returns the word so many before one.
    pub(super) fn back(&self, at: usize, count: usize) -> Option<&'t Token> {
        self.tokens.get(at.checked_sub(count)?)
    }

    /// Returns a piece of the text; nothing where offsets do not fit.
    #[inline]
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns a word as it stands.
    pub(super) fn word(&self, token: &Token) -> &'t str {
        self.slice(token.start(), token.end())
    }

    /// Returns what stands between a word and the next, or the end of the text.
    pub(super) fn gap_after(&self, at: usize) -> &'t str {
        let start = self.get(at).map_or(self.text.len(), Token::end);
        let end = self.get(at + 1).map_or(self.text.len(), Token::start);
        self.slice(start, end)
    }

    /// Returns what stands between a word and the one before it, or the beginning of the text.
    pub(super) fn gap_before(&self, at: usize) -> &'t str {
        let start = self.back(at, 1).map_or(0, Token::end);
        self.slice(start, self.get(at).map_or(self.text.len(), Token::start))
    }

    /// Returns the byte at an offset; 0 outside.
    #[inline]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// Returns the byte before an offset; 0 at the beginning.
    #[inline]
    pub(super) fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |before| self.byte(before))
    }

    /// Returns whether one of some words stands shortly before a word, on the same line; `word*` is the beginning of one.
    /// Words are folded ones.
    pub(super) fn cue(&self, at: usize, cues: &[&str]) -> bool {
        let mut end = self.get(at).map_or(0, Token::start);
        for count in 1..=6 {
            let Some(token) = self.back(at, count) else { return false };
            let gap = self.slice(token.end(), end);
            if gap.len() > 8 || gap.contains(['\n', ';']) || (gap.starts_with(". ") && token.len() > 5) {
                return false;
            }
            if self.is_cue(token, cues) {
                return true;
            }
            end = token.start();
        }
        false
    }

    /// Returns whether a word is one of some folded words.
    pub(super) fn is_cue(&self, token: &Token, cues: &[&str]) -> bool {
        let mut folded = Vec::new();
        let word = self.word(token);
        if word.len() > 64 {
            return false;
        }
        if !word.is_ascii() {
            fold::append(word, &mut folded);
        }
        let word = if word.is_ascii() { word.as_bytes() } else { &folded };
        cues.iter().any(|cue| match cue.strip_suffix('*') {
            Some(stem) => word.get(..stem.len()).is_some_and(|w| w.eq_ignore_ascii_case(stem.as_bytes())),
            None => word.eq_ignore_ascii_case(cue.as_bytes()),
        })
    }

    /// Returns the hash of a word without the `s` at its end, of words with four letters or more.
    pub(super) fn without_s(&self, token: &Token) -> Option<u64> {
        if token.len() < 4 || !matches!(self.byte_before(token.end()), b's' | b'S') {
            return None;
        }
        Some(fold::hash(self.slice(token.start(), token.end() - 1)))
    }

    /// Returns whether an offset is inside of a longer number: `1.234` goes on behind a point.
    pub(super) fn goes_on(&self, end: usize) -> bool {
        matches!(self.byte(end), b'.' | b',' | b'-' | b'/' | b':') && self.byte(end + 1).is_ascii_digit()
    }

    /// Returns whether a longer number or code leads up to an offset.
    pub(super) fn leads_up(&self, start: usize) -> bool {
        match self.byte_before(start) {
            b'.' | b',' | b'-' | b'/' | b':' => {
                start.checked_sub(2).is_some_and(|at| self.byte(at).is_ascii_alphanumeric())
            }
            b'_' | b'#' | b'$' | b'@' | b'=' | b'&' => true,
            _ => false,
        }
    }
}

/// Classes of bytes: 0 what parts words, 1 a small letter, 2 a capital, 3 a digit, 4 a piece of another character, 5 what
/// ends a sentence.
static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte {
            0x61..=0x7a => 1,
            0x41..=0x5a => 2,
            0x30..=0x39 => 3,
            0x80..=0xff => 4,
            // Line ends, quotes, points, colons, brackets.
            0x09..=0x0d | 0x21 | 0x22 | 0x28 | 0x2e | 0x3a | 0x3b | 0x3f | 0x3e | 0x5b | 0x7c | 0x2a => 5,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

#[inline]
fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

/// Which hashes may be those of a word: 256 bits.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen([u64; 4]);

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seen(***)")
    }
}

impl Seen {
    /// Returns the words of a text, each without an `s` at its end too.
    pub(super) fn of(text: &Text<'_>) -> Self {
        let mut seen = Self::default();
        for token in text.tokens {
            seen.add(token.hash);
            if let Some(stem) = text.without_s(token) {
                seen.add(stem);
            }
        }
        seen
    }

    fn add(&mut self, hash: u64) {
        for (at, word) in (0_u64..).zip(&mut self.0) {
            *word |= u64::from(hash >> 6 & 3 == at) << (hash & 63);
        }
    }

    /// Returns whether a word may be in the text.
    #[inline]
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let at = usize::try_from(hash >> 6 & 3).unwrap_or(0);
        self.0.get(at).is_some_and(|word| word >> (hash & 63) & 1 == 1)
    }
}

/// Cuts a text of less than 4 GiB into words.
pub(super) fn tokens(text: &str, lexicon: Option<&Lexicon>, out: &mut Vec<Token>) {
    out.clear();
    let bytes = text.as_bytes();
    let (mut at, mut fresh) = (0, true);
    while let Some(byte) = bytes.get(at) {
        match class(*byte) {
            0 => at += 1,
            5 => {
                fresh = true;
                at += 1;
            }
            4 => {
                let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\0');
                if fold::in_word(c) {
                    at = word(text, at, fresh, lexicon, out);
                    fresh = false;
                } else {
                    fresh |= matches!(c, '“' | '„' | '«' | '•' | '–' | '—' | '…');
                    at += c.len_utf8();
                }
            }
            _ => {
                at = word(text, at, fresh, lexicon, out);
                fresh = false;
            }
        }
    }
}

/// Reads one word from `start` and returns its end.
fn word(text: &str, start: usize, fresh: bool, lexicon: Option<&Lexicon>, out: &mut Vec<Token>) -> usize {
    let bytes = text.as_bytes();
    let mut flags = if fresh { Flags::FRESH } else { Flags::default() };
    if bytes.get(start).is_some_and(u8::is_ascii_uppercase) {
        flags = flags.with(Flags::CAPITAL);
    }
    let (mut at, mut folded) = (start, Folded::new());
    let mut shorter = folded;
    while let Some(byte) = bytes.get(at) {
        match class(*byte) {
            1 => flags = flags.with(Flags::LETTER.with(Flags::LOWER)),
            2 => flags = flags.with(Flags::LETTER.with(Flags::UPPER)),
            3 => flags = flags.with(Flags::DIGIT),
            4 => {
                let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\0');
                if !fold::in_word(c) {
                    break;
                }
                flags = flags.with(wide(c, at == start));
                folded.push_char(c);
                at += c.len_utf8();
                continue;
            }
            _ => break,
        }
        shorter = folded;
        folded.push(byte.to_ascii_lowercase());
        at += 1;
    }
    let hash = folded.hash();
    let letters = flags.has(Flags::LETTER) && !flags.has(Flags::DIGIT);
    let mut bits = lexicon.filter(|_| letters).map_or(Bits::NONE, |lexicon| lexicon.get(hash));
    if bits == Bits::NONE && at > start + 4 && flags.has(Flags::CAPITAL) && bytes.get(at - 1) == Some(&b's') {
        let name = lexicon.filter(|_| letters).map_or(Bits::NONE, |lexicon| lexicon.get(shorter.hash()));
        if name.is_name() && !name.is_ordinary() {
            (bits, flags) = (name, flags.with(Flags::GENITIVE));
        }
    }
    if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(at)) {
        out.push(Token { start, end, hash, bits, flags });
    }
    at
}

fn wide(c: char, first: bool) -> Flags {
    let mut flags = Flags::WIDE;
    if c.is_uppercase() {
        flags = flags.with(Flags::UPPER);
        if first {
            flags = flags.with(Flags::CAPITAL);
        }
    } else if c.is_lowercase() {
        flags = flags.with(Flags::LOWER);
    }
    flags.with(if c.is_numeric() { Flags::DIGIT } else { Flags::LETTER })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_what_they_are_made_of() {
        let text = "Gebeld. Mevr. José O'Neil, 1234AB; é\u{301}én";
        let mut out = Vec::new();
        tokens(text, None, &mut out);
        let cut = Text { text, tokens: &out };
        let words: Vec<&str> = out.iter().map(|t| cut.word(t)).collect();
        assert_eq!(words, ["Gebeld", "Mevr", "José", "O", "Neil", "1234AB", "é\u{301}én"]);
        assert!(
            out[0].flags.has(Flags::FRESH)
                && out[1].flags.has(Flags::FRESH)
                && !out[4].flags.has(Flags::FRESH)
        );
        assert!(out[2].is_capitalised() && out[3].is_initial() && !out[5].is_number());
        assert_eq!(cut.gap_after(3), "'");
        assert_eq!(cut.gap_before(0), "");
        assert!(cut.cue(5, &["jos*"]) && !cut.cue(6, &["1234ab"]), "a semicolon parts");
    }

    #[test]
    fn nasty_texts_have_few_words() {
        for text in ["@".repeat(100_000), "\u{1F600}".repeat(20_000), String::new()] {
            let mut out = Vec::new();
            tokens(&text, None, &mut out);
            assert!(out.is_empty());
        }
    }
}
