//! A table of weighted entries and the fair pick from a lane of digest bits. The list is text in the program; it is
//! read when first asked for, which is when a plan is made, so that picks allocate nothing and a build reads no list.
//! Refuses nothing at run time: a malformed line or a wrong number of slots fails the tests.

use std::sync::OnceLock;

/// One entry of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry: a name without its particle, a town, a street, a man's job.
    pub text: &'static str,
    /// What stands apart from it: a particle, a woman's job; empty where there is none.
    pub second: &'static str,
    /// How many slots of the table it takes.
    pub slots: u32,
    /// Length of `text` in characters, in capitals if that is longer (`ß`).
    pub chars: u32,
    /// Length of `second` in characters.
    pub second_chars: u32,
}

impl Entry {
    pub(super) const NONE: Self = Self { text: "", second: "", slots: 0, chars: 0, second_chars: 0 };

    /// Makes an entry of the cells of a line; `None` if it takes no slot or has no text.
    pub(super) fn new(slots: &str, text: &'static str, second: &'static str) -> Option<Self> {
        let chars = |text: &str| u32::try_from(capitals(text)).ok();
        let (slots, chars, second_chars) = (slots.parse().ok()?, chars(text)?, chars(second)?);
        (slots > 0 && chars > 0).then_some(Self { text, second, slots, chars, second_chars })
    }

    /// Returns the length in characters with the particle and its blank: `van den Berg` has 12.
    #[must_use]
    pub const fn full_chars(&self) -> u32 {
        if self.second_chars == 0 { self.chars } else { self.chars + 1 + self.second_chars }
    }
}

/// An entry as most stand-ins take it: its text with the particle before it, in half a cache line, so that a pick is one
/// look and one copy.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub struct Word {
    bytes: [u8; Self::MOST],
    len: u8,
    /// Length in characters; `TOO_LONG` if it does not fit in here.
    chars: u8,
}

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a word of {} bytes>", self.len)
    }
}

impl Word {
    const MOST: usize = 30;
    const TOO_LONG: u8 = u8::MAX;
    const NONE: Self = Self { bytes: [0; Self::MOST], len: 0, chars: Self::TOO_LONG };

    fn of(entry: &Entry) -> Self {
        Self::short(entry).unwrap_or(Self::NONE)
    }

    fn short(entry: &Entry) -> Option<Self> {
        let blank = if entry.second.is_empty() { "" } else { " " };
        Self::joined(&[entry.second, blank, entry.text], entry.full_chars())
    }

    /// Makes a word of ASCII text; too long, it is one that is never appended.
    #[must_use]
    pub fn ascii(text: &str) -> Self {
        let chars = u32::try_from(text.len()).ok().filter(|_| text.is_ascii());
        chars.and_then(|chars| Self::joined(&[text], chars)).unwrap_or(Self::NONE)
    }

    fn joined(parts: &[&str], chars: u32) -> Option<Self> {
        let mut bytes = [b' '; Self::MOST];
        let mut len = 0;
        for part in parts {
            bytes.get_mut(len..len + part.len())?.copy_from_slice(part.as_bytes());
            len += part.len();
        }
        Some(Self { bytes, len: u8::try_from(len).ok()?, chars: u8::try_from(chars).ok()? })
    }

    /// Appends it if it has at most so many characters; `false` if not, or if it is too long to be held.
    #[inline]
    pub fn append(&self, max_chars: u32, out: &mut Vec<u8>) -> bool {
        let fits = self.chars != Self::TOO_LONG && u32::from(self.chars) <= max_chars;
        if fits {
            // All of it, and what is too much is taken back: that is faster than so many bytes.
            out.extend_from_slice(&self.bytes);
            out.truncate(out.len() - Self::MOST.saturating_sub(usize::from(self.len)));
        }
        fits
    }
}

/// A versioned table.
pub struct Table {
    /// `nl.last_name@1`.
    pub name: &'static str,
    /// The list as it stands in its file, for the golden hash.
    pub source: &'static str,
    read: OnceLock<Read>,
}

/// A table as it was read.
struct Read {
    entries: Box<[Entry]>,
    words: Box<[Word]>,
    /// Index into `entries` for every slot.
    slots: Box<[u16]>,
}

impl Table {
    /// Names a list: lines `slots TAB text [TAB second]` behind comments.
    #[must_use]
    pub const fn new(name: &'static str, source: &'static str) -> Self {
        Self { name, source, read: OnceLock::new() }
    }

    #[inline]
    fn read(&'static self) -> &'static Read {
        self.read.get_or_init(|| {
            let entries: Box<[Entry]> = lines(self.source).filter_map(entry).collect();
            let words = entries.iter().map(Word::of).collect();
            let slots = expand(entries.iter().map(|e| e.slots));
            Read { entries, words, slots }
        })
    }

    /// Returns the entries in the order of the file.
    #[must_use]
    pub fn entries(&'static self) -> &'static [Entry] {
        &self.read().entries
    }

    /// Returns the same entries as words.
    #[must_use]
    pub fn words(&'static self) -> &'static [Word] {
        &self.read().words
    }

    /// Returns the number of slots, a power of two.
    #[inline]
    #[must_use]
    pub fn slots(&'static self) -> usize {
        self.read().slots.len()
    }

    /// Picks by the next bits of a draw.
    #[inline]
    #[must_use]
    pub fn pick(&'static self, draw: &mut Draw) -> &'static Entry {
        let read = self.read();
        read.entries.get(slot(&read.slots, draw)).unwrap_or(&Entry::NONE)
    }

    /// Returns the place in `entries` of what `pick` would pick.
    #[inline]
    #[must_use]
    pub fn pick_place(&'static self, draw: &mut Draw) -> usize {
        slot(&self.read().slots, draw)
    }

    /// Uses the bits of a draw that `pick` would use.
    #[inline]
    pub fn skip(&'static self, draw: &mut Draw) {
        draw.below(u64::try_from(self.slots()).unwrap_or(1));
    }

    /// Picks the word of the entry that `pick` would pick.
    #[inline]
    #[must_use]
    pub fn pick_word(&'static self, draw: &mut Draw) -> &'static Word {
        let read = self.read();
        read.words.get(slot(&read.slots, draw)).unwrap_or(&Word::NONE)
    }

    /// Returns the entry of every slot, in order.
    pub fn by_slot(&'static self) -> impl Iterator<Item = &'static Entry> {
        let read = self.read();
        read.slots.iter().filter_map(|e| read.entries.get(usize::from(*e)))
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({})", self.name)
    }
}

/// Returns the index of the entry that the next bits pick.
#[inline]
pub(super) fn slot(slots: &[u16], draw: &mut Draw) -> usize {
    let slot = usize::try_from(draw.below(u64::try_from(slots.len()).unwrap_or(1))).unwrap_or(0);
    slots.get(slot).map_or(0, |e| usize::from(*e))
}

/// Bits of one lane, used up from the top: each `below` takes as many as its bound needs.
#[derive(Clone, Copy)]
pub struct Draw(u64);

impl Draw {
    /// Starts at the top of a lane.
    #[inline]
    #[must_use]
    pub fn new(lane: u64) -> Self {
        Self(lane)
    }

    /// Returns (lane · n) >> 64, a number below `n`, and keeps the rest of the lane for the next call.
    /// 64 bits serve picks whose bounds multiply to far below 2^64.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        let product = u128::from(self.0) * u128::from(n);
        self.0 = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
        u64::try_from(product >> 64).unwrap_or(0)
    }
}

impl std::fmt::Debug for Draw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draw(***)")
    }
}

/// Counts the characters of a text in its own case or in capitals, whichever is longer.
pub(super) fn capitals(text: &str) -> usize {
    text.chars().map(|c| c.to_uppercase().count()).sum()
}

/// Returns the lines of a list that are no comment.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// Reads `slots TAB text [TAB second]`.
fn entry(line: &'static str) -> Option<Entry> {
    let mut cells = line.split('\t');
    let (slots, text, second) = (cells.next()?, cells.next()?, cells.next().unwrap_or_default());
    Entry::new(slots, text, second).filter(|_| cells.next().is_none())
}

/// Gives every entry its slots, in the order of the file.
pub(super) fn expand(weights: impl Iterator<Item = u32>) -> Box<[u16]> {
    let indices = weights.enumerate().filter_map(|(n, slots)| Some((u16::try_from(n).ok()?, slots)));
    indices.flat_map(|(n, slots)| (0..slots).map(move |_| n)).collect()
}
