//! A table of weighted entries and the fair pick from a lane of digest bits. Tables are read at compile time; a
//! malformed line or a wrong number of slots does not compile. Refuses nothing at run time and never allocates.

/// One entry of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry: a name without its particle, a town, a street.
    pub text: &'static str,
    /// What stands apart from it: a particle, a state; empty where there is none.
    pub second: &'static str,
    /// First number of a range (postcode areas); 0 where there is none.
    pub low: u32,
    /// Last number of the range, inclusive.
    pub high: u32,
    /// How many slots of the table it takes.
    pub slots: u32,
    /// Length of `text` in characters.
    pub chars: u32,
    /// Length of `second` in characters.
    pub second_chars: u32,
}

impl Entry {
    const NONE: Self = Self { text: "", second: "", low: 0, high: 0, slots: 0, chars: 0, second_chars: 0 };

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
#[derive(Debug)]
pub struct Table {
    /// `nl.last_name@1`.
    pub name: &'static str,
    /// The list as it stands in its file, for the golden hash.
    pub source: &'static str,
    /// Entries in the order of the file.
    pub entries: &'static [Entry],
    /// The same entries as words.
    pub words: &'static [Word],
    /// Index into `entries` for every slot; a power of two of them.
    pub slots: &'static [u16],
}

impl Table {
    /// Picks by the next bits of a draw.
    #[must_use]
    pub fn pick(&self, draw: &mut Draw) -> &'static Entry {
        self.entries.get(self.index(draw)).unwrap_or(&Entry::NONE)
    }

    /// Picks the word of the entry that `pick` would pick.
    #[inline]
    #[must_use]
    pub fn pick_word(&self, draw: &mut Draw) -> &'static Word {
        self.words.get(self.index(draw)).unwrap_or(&Word::NONE)
    }

    #[inline]
    fn index(&self, draw: &mut Draw) -> usize {
        let slot = usize::try_from(draw.below(u64::try_from(self.slots.len()).unwrap_or(1))).unwrap_or(0);
        self.slots.get(slot).map_or(0, |e| usize::from(*e))
    }

    /// Returns the entry of every slot, in order.
    pub fn by_slot(&self) -> impl Iterator<Item = &'static Entry> {
        self.slots.iter().filter_map(|e| self.entries.get(usize::from(*e)))
    }
}

/// Bits of one lane, used up from the top: each `below` takes as many as its bound needs.
#[derive(Clone, Copy)]
pub struct Draw(u64);

impl Draw {
    /// Starts at the top of a lane.
    #[must_use]
    pub fn new(lane: u64) -> Self {
        Self(lane)
    }

    /// Returns (lane · n) >> 64, a number below `n`, and keeps the rest of the lane for the next call.
    /// 64 bits serve picks whose bounds multiply to far below 2^64.
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

/// Makes a `Table` of a file at compile time: name, file, number of slots.
macro_rules! table {
    ($name:literal, $file:literal, $slots:literal) => {{
        const TEXT: &str = include_str!($file);
        const COUNT: usize = $crate::vocabulary::table::count(TEXT);
        const ENTRIES: [$crate::vocabulary::Entry; COUNT] = $crate::vocabulary::table::parse(TEXT);
        static STORED: [$crate::vocabulary::Entry; COUNT] = ENTRIES;
        static WORDS: [$crate::vocabulary::table::Word; COUNT] = $crate::vocabulary::table::words(&ENTRIES);
        static SLOTS: [u16; $slots] = $crate::vocabulary::table::expand(&ENTRIES);
        $crate::vocabulary::Table {
            name: $name,
            source: TEXT,
            entries: &STORED,
            words: &WORDS,
            slots: &SLOTS,
        }
    }};
}
pub(super) use table;

/// Counts the lines that are no comment.
pub(super) const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut lines, mut start) = (0, 0, true);
    while at < bytes.len() {
        if start && bytes[at] != b'#' {
            lines += 1;
        }
        start = bytes[at] == b'\n';
        at += 1;
    }
    lines
}

/// Reads the lines `slots TAB text [TAB second] [TAB low TAB high]`.
pub(super) const fn parse<const N: usize>(text: &'static str) -> [Entry; N] {
    let mut entries = [Entry::NONE; N];
    let (mut rest, mut n) = (text.as_bytes(), 0);
    while !rest.is_empty() {
        let (line, after) = cut(rest, b'\n');
        rest = after;
        assert!(!line.is_empty(), "empty line");
        if line[0] != b'#' {
            entries[n] = entry(line);
            n += 1;
        }
    }
    entries
}

const fn entry(line: &'static [u8]) -> Entry {
    let (slots, rest) = cut(line, b'\t');
    let (text, mut rest) = cut(rest, b'\t');
    let mut entry = Entry { text: utf8(text), slots: number(slots), chars: chars(text), ..Entry::NONE };
    if !rest.is_empty() && !rest[0].is_ascii_digit() {
        let (second, after) = cut(rest, b'\t');
        entry.second = utf8(second);
        entry.second_chars = chars(second);
        rest = after;
    }
    if !rest.is_empty() {
        let (low, high) = cut(rest, b'\t');
        entry.low = number(low);
        entry.high = number(high);
    }
    assert!(entry.slots > 0 && entry.chars > 0 && entry.low <= entry.high, "malformed line");
    entry
}

/// Makes the words of the entries.
pub(super) const fn words<const N: usize>(entries: &[Entry; N]) -> [Word; N] {
    let (mut words, mut n) = ([Word::NONE; N], 0);
    while n < N {
        words[n] = word(&entries[n]);
        n += 1;
    }
    words
}

#[expect(clippy::as_conversions, reason = "try_from is not const; at most 30 bytes are counted")]
const fn word(entry: &Entry) -> Word {
    let (second, text) = (entry.second.as_bytes(), entry.text.as_bytes());
    let head = if second.is_empty() { 0 } else { second.len() + 1 };
    let len = head + text.len();
    if len > Word::MOST {
        return Word::NONE;
    }
    let mut bytes = [b' '; Word::MOST];
    bytes.split_at_mut(second.len()).0.copy_from_slice(second);
    bytes.split_at_mut(head).1.split_at_mut(text.len()).0.copy_from_slice(text);
    Word { bytes, len: len as u8, chars: entry.full_chars() as u8 }
}

/// Splits at the first `mark`; without one everything is before it.
const fn cut(bytes: &'static [u8], mark: u8) -> (&'static [u8], &'static [u8]) {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == mark {
            let (before, after) = bytes.split_at(at);
            return (before, after.split_at(1).1);
        }
        at += 1;
    }
    (bytes, &[])
}

const fn utf8(bytes: &'static [u8]) -> &'static str {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text;
    }
    assert!(bytes.is_empty(), "not UTF-8");
    ""
}

#[expect(clippy::as_conversions, reason = "u32::from is not const; a byte always fits")]
const fn number(digits: &[u8]) -> u32 {
    let (mut n, mut at) = (0, 0);
    while at < digits.len() {
        assert!(digits[at].is_ascii_digit(), "not a number");
        n = n * 10 + (digits[at] - b'0') as u32;
        at += 1;
    }
    n
}

const fn chars(bytes: &[u8]) -> u32 {
    let (mut n, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes[at] & 0xC0 != 0x80 {
            n += 1;
        }
        at += 1;
    }
    n
}

/// Gives every entry its slots, in the order of the file.
#[expect(clippy::as_conversions, reason = "try_from is not const; both bounds are asserted")]
pub(super) const fn expand<const S: usize>(entries: &[Entry]) -> [u16; S] {
    assert!(S.is_power_of_two() && entries.len() <= u16::MAX as usize, "slots must be a power of two");
    let mut slots = [0; S];
    let (mut at, mut n) = (0, 0);
    while n < entries.len() {
        let mut k = 0;
        while k < entries[n].slots {
            slots[at] = n as u16;
            at += 1;
            k += 1;
        }
        n += 1;
    }
    assert!(at == S, "the slots do not add up");
    slots
}
