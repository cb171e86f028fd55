//! A stretch of up to a thousand bytes by masks: where commas and closing parentheses stand outside of strings, how many
//! quotes and escapes there are up to a place, and which bytes are no part of a plain literal. `plain` makes tuples of it;
//! here nothing is judged but single bytes.

use wide::{u8x32, u64x8};

use super::lex::{LANES, behind_backslashes};
use super::walk::{Visit, bit};
use super::{Dialect, Family};

/// Blocks that are read before their rows are looked at: so what stands in the rows, which the processor cannot foresee,
/// does not hold up the reading.
pub(super) const BLOCKS: usize = 16;

/// Commas that are noted at once.
const BORDERS: usize = 6;

/// The class of the comma: the bit that makes masks without a comparison.
const COMMA: u8 = 1 << 7;

/// Classes of bytes by the lower half, of which those of the upper half are taken. What has none is no part of a plain
/// literal, or must be looked at with the byte behind it: `E` and `-`.
const LOW: [u8; 16] = {
    // Digits and `:`, `P` to `Z`; `A` to `O`; ` ')+.`; line end; `_`.
    const DIGIT: u8 = 1 | 4;
    const ANY: u8 = DIGIT | 2;
    [
        DIGIT | 8,
        ANY,
        ANY,
        ANY,
        ANY,
        DIGIT,
        ANY,
        ANY | 8,
        ANY,
        ANY | 8,
        ANY | 16,
        2 | 8,
        2 | COMMA,
        2,
        2 | 8,
        2 | 32,
    ]
};
const HIGH: [u8; 16] = [16, 0, 8 | COMMA, 1, 2, 4 | 32, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0];

/// Repeats a table in both halves of a register.
const fn twice(table: [u8; 16]) -> u8x32 {
    let mut both = [0; 32];
    let mut at = 0;
    while at < 32 {
        both[at] = table[at % 16];
        at += 1;
    }
    u8x32::new(both)
}

/// The halves of a block.
struct Block([u8x32; 2]);

impl Block {
    #[inline(always)]
    fn new(bytes: &[u8; LANES]) -> Self {
        let half = |bytes: Option<&[u8; 32]>| u8x32::new(bytes.copied().unwrap_or_default());
        Self([half(bytes.first_chunk()), half(bytes.last_chunk())])
    }

    #[inline(always)]
    fn map(&self, of: impl Fn(u8x32) -> u8x32) -> Self {
        Self(self.0.map(of))
    }

    #[inline(always)]
    fn mask(&self) -> u64 {
        let [low, high] = self.0;
        u64::from(low.to_bitmask()) | (u64::from(high.to_bitmask()) << 32)
    }

    #[inline(always)]
    fn eq(&self, byte: u8) -> u64 {
        self.map(|half| half.simd_eq(u8x32::splat(byte))).mask()
    }

    /// Finds what ends a tuple or makes its end uncertain: brackets, `"` and backslashes.
    #[inline(always)]
    fn specials(&self) -> u64 {
        // Each by its lower half; all others have another byte than theirs there.
        const TABLE: u8x32 = {
            let mut table = [u8::MAX; 16];
            table[0x2] = b'"';
            table[0x8] = b'(';
            table[0x9] = b')';
            table[0xc] = b'\\';
            table[0xf] = 0;
            twice(table)
        };
        self.map(|half| TABLE.swizzle_half_relaxed(half & u8x32::splat(0xf)).simd_eq(half)).mask()
    }

    #[inline(always)]
    fn least(&self, other: u8x32) -> u8x32 {
        let [low, high] = self.0;
        other.min(low).min(high)
    }

    /// Returns the class of each byte: the mask of classes is that of commas.
    #[inline(always)]
    fn classes(&self) -> Self {
        const LOWER: u8x32 = twice(LOW);
        const UPPER: u8x32 = twice(HIGH);
        self.map(|half| {
            let lower = LOWER.swizzle_half_relaxed(half & u8x32::splat(0xf));
            lower & UPPER.swizzle_half_relaxed(half >> 4_u32)
        })
    }
}

/// What stands before a batch.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    /// All ones inside of a string.
    within: u64,
    /// Whether its first byte is escaped.
    escaped: bool,
}

/// Looks for NUL bytes while a walk looks at all others: the least byte of each place of half a block.
pub(super) struct Least(u8x32);

impl Least {
    pub(super) fn new() -> Self {
        Self(u8x32::splat(u8::MAX))
    }

    pub(super) fn is_nul(&self) -> bool {
        self.0.simd_eq(u8x32::splat(0)).any()
    }
}

/// How many there are outside of strings before a place of the batch.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) commas: usize,
    /// Bytes that may not be plain: `is_odd` tells.
    pub(super) odd: usize,
}

/// One mask a block.
type Masks = [u64; BLOCKS];

/// Up to so many blocks, read. Places are relative to the first one's begin; masks are of what stands outside of strings.
pub(super) struct Batch {
    /// How many blocks it holds.
    blocks: usize,
    /// `)`, and the blocks that have one.
    closes: Masks,
    closing: u32,
    /// What is inside of strings, if the block begins outside of one.
    within: Masks,
    commas: Masks,
    /// Bytes that may not be plain.
    odd: Masks,
    /// Quotes, and backslashes that escape, in strings too.
    marks: Masks,
    /// What stands in the blocks before each, and in all.
    before: [Counts; BLOCKS],
    marks_before: [u32; BLOCKS],
    total: Counts,
    total_marks: u32,
    /// Where the commas stand: only for a visitor that wants fields.
    borders: [u16; BLOCKS * LANES + BORDERS],
}

impl Batch {
    pub(super) fn new() -> Self {
        Self {
            blocks: 0,
            closes: [0; BLOCKS],
            closing: 0,
            within: [0; BLOCKS],
            commas: [0; BLOCKS],
            odd: [0; BLOCKS],
            marks: [0; BLOCKS],
            before: [Counts::default(); BLOCKS],
            marks_before: [0; BLOCKS],
            total: Counts::default(),
            total_marks: 0,
            borders: [0; BLOCKS * LANES + BORDERS],
        }
    }

    /// Reads blocks, at most `BLOCKS`.
    #[inline(never)]
    pub(super) fn read<V: Visit>(
        &mut self,
        dialect: Dialect,
        blocks: &[[u8; LANES]],
        before: &mut Before,
        least: &mut Least,
    ) {
        let blocks = blocks.get(..BLOCKS).unwrap_or(blocks);
        self.find_strings::<V>(dialect, blocks, before);
        self.closes = [0; BLOCKS];
        // In registers while it lasts.
        let (mut counts, mut inside, mut lowest) = (Counts::default(), before.within, least.0);
        let masks = self.closes.iter_mut().zip(&mut self.commas).zip(&mut self.odd).zip(&mut self.before);
        for ((bytes, within), (((closes, commas), odd), before)) in blocks.iter().zip(&self.within).zip(masks)
        {
            let block = Block::new(bytes);
            let within = within ^ inside;
            inside = 0_u64.wrapping_sub(within >> 63);
            let classes = block.classes();
            *closes = block.eq(b')') & !within;
            *commas = classes.mask() & !within;
            *odd = classes.eq(0) & !within;
            *before = counts;
            counts.commas += ones(*commas);
            counts.odd += ones(*odd);
            if V::NUL {
                lowest = block.least(lowest);
            }
        }
        (before.within, least.0) = (inside, lowest);
        (self.blocks, self.total) = (blocks.len(), counts);
        self.closing = !zeros(&self.closes) & ((1 << BLOCKS) - 1);
        if V::FIELDS {
            self.places();
        }
    }

    /// Reads blocks, at most `BLOCKS`, for no more than where tuples end: `closes` are then all bytes that `specials` finds.
    #[inline(never)]
    pub(super) fn read_ends<V: Visit>(
        &mut self,
        dialect: Dialect,
        blocks: &[[u8; LANES]],
        before: &mut Before,
    ) {
        let blocks = blocks.get(..BLOCKS).unwrap_or(blocks);
        self.find_strings::<V>(dialect, blocks, before);
        self.closes = [0; BLOCKS];
        let mut inside = before.within;
        for ((bytes, within), closes) in blocks.iter().zip(&self.within).zip(&mut self.closes) {
            let within = within ^ inside;
            inside = 0_u64.wrapping_sub(within >> 63);
            *closes = Block::new(bytes).specials() & !within;
        }
        (before.within, self.blocks) = (inside, blocks.len());
        self.closing = !zeros(&self.closes) & ((1 << BLOCKS) - 1);
    }

    #[inline(always)]
    fn find_strings<V: Visit>(&mut self, dialect: Dialect, blocks: &[[u8; LANES]], before: &mut Before) {
        if dialect.backslash {
            self.strings::<V, true>(blocks, before);
        } else {
            self.strings::<V, false>(blocks, before);
        }
    }

    /// Notes where commas stand, and counts marks.
    #[inline(always)]
    fn places(&mut self) {
        let (mut count, mut at, mut marks) = (0, 0, 0);
        let masks = self.commas.iter().zip(&self.marks).zip(&mut self.marks_before);
        for ((commas, block), before) in masks.take(self.blocks) {
            count = note::<BORDERS>(*commas, at, &mut self.borders, count);
            at += 64;
            *before = marks;
            marks += block.count_ones();
        }
        self.total_marks = marks;
    }

    /// Finds the strings of blocks: sets each bit of `within` to the parity of the quotes of its block up to it.
    #[inline(always)]
    fn strings<V: Visit, const BACKSLASH: bool>(&mut self, blocks: &[[u8; LANES]], before: &mut Before) {
        let mut any = 0;
        for ((bytes, marks), quotes) in blocks.iter().zip(&mut self.marks).zip(&mut self.within) {
            let block = Block::new(bytes);
            *quotes = block.eq(b'\'');
            *marks = if BACKSLASH { block.eq(b'\\') } else { 0 };
            any |= *marks;
        }
        // Batch by batch, since whether a block has one cannot be foreseen.
        if BACKSLASH && (any != 0 || before.escaped) {
            let mut first = before.escaped;
            for (marks, quotes) in self.marks.iter().zip(&mut self.within).take(blocks.len()) {
                let escaped;
                (escaped, first) = behind_backslashes(*marks, first);
                *quotes &= !escaped;
            }
            before.escaped = first;
        }
        if V::FIELDS {
            for (marks, quotes) in self.marks.iter_mut().zip(&self.within) {
                *marks |= quotes;
            }
        }
        // `prefix_xor`, for eight of them at a time.
        for eight in self.within.as_chunks_mut().0 {
            let mut bits = u64x8::new(*eight);
            for shift in [1_u32, 2, 4, 8, 16, 32] {
                bits ^= bits << shift;
            }
            *eight = bits.to_array();
        }
    }

    /// Returns where it ends.
    #[inline(always)]
    pub(super) fn end(&self) -> usize {
        self.blocks * LANES
    }

    #[inline(always)]
    pub(super) fn total(&self) -> Counts {
        self.total
    }

    /// Returns where `)` stand.
    #[inline(always)]
    pub(super) fn closes(&self) -> Closes<'_> {
        Closes { batch: self, blocks: self.closing, at: 0, left: 0 }
    }

    /// Returns where a comma stands; they are counted from 0.
    #[inline(always)]
    pub(super) fn comma(&self, index: usize) -> usize {
        self.borders.get(index).copied().map_or(0, usize::from)
    }

    /// Counts up to a place before its end.
    #[inline(always)]
    pub(super) fn counts(&self, place: usize) -> Counts {
        let (block, below) = (place / LANES, below(place));
        let before = of(&self.before, block);
        Counts {
            commas: before.commas + ones(of(&self.commas, block) & below),
            odd: before.odd + ones(of(&self.odd, block) & below),
        }
    }

    /// Counts the marks up to a place before its end.
    #[inline(always)]
    pub(super) fn marks(&self, place: usize) -> u32 {
        let block = place / LANES;
        of(&self.marks_before, block) + (of(&self.marks, block) & below(place)).count_ones()
    }

    #[inline(always)]
    pub(super) fn total_marks(&self) -> u32 {
        self.total_marks
    }

    /// Says whether any odd byte between two places of the batch, which begins at `base`, is no part of a plain literal.
    #[inline(never)]
    pub(super) fn is_odd(&self, dialect: Dialect, bytes: &[u8], base: usize, from: usize, to: usize) -> bool {
        let mut blocks = self.odd.iter().enumerate().take(to.div_ceil(LANES)).skip(from / LANES);
        blocks.any(|(index, odd)| {
            let at = index * LANES;
            let mut odd = *odd;
            if at < from {
                odd &= !below(from);
            }
            if to - at < LANES {
                odd &= below(to);
            }
            is_odd(dialect, bytes, base + at, odd)
        })
    }
}

/// The places of `)`, in order.
pub(super) struct Closes<'b> {
    batch: &'b Batch,
    /// Those that were not begun, where the one being read begins, and what is left of it.
    blocks: u32,
    at: usize,
    left: u64,
}

impl Iterator for Closes<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            if self.blocks == 0 {
                return None;
            }
            let block = bit(self.blocks.into());
            self.blocks &= self.blocks.wrapping_sub(1);
            (self.at, self.left) = (block * LANES, of(&self.batch.closes, block));
        }
        let place = self.at + bit(self.left);
        self.left &= self.left.wrapping_sub(1);
        Some(place)
    }
}

/// Returns what belongs to a block; there are no more.
#[inline(always)]
fn of<T: Copy + Default>(all: &[T; BLOCKS], block: usize) -> T {
    all.get(block % BLOCKS).copied().unwrap_or_default()
}

/// Returns which masks are empty, the first one's bit being the lowest.
#[inline(always)]
fn zeros(masks: &Masks) -> u32 {
    let eight = masks.as_chunks::<8>().0.iter().rev();
    eight.fold(0, |all, masks| (all << 8) | u64x8::new(*masks).simd_eq(u64x8::splat(0)).to_bitmask())
}

/// Says whether any of these bytes of the block at `at` is no part of a plain literal: neither an `E` before anything but its
/// string, nor a minus alone.
fn is_odd(dialect: Dialect, bytes: &[u8], at: usize, mut left: u64) -> bool {
    let prefixed = dialect.family == Family::Postgres && !dialect.backslash;
    while left != 0 {
        let place = at + bit(left);
        // Where the bytes end, the tuple is not whole.
        let next = bytes.get(place + 1).copied().unwrap_or_default();
        match bytes.get(place) {
            Some(b'e' | b'E') if !prefixed || next != b'\'' => {}
            Some(b'-') if next != b'-' => {}
            _ => return true,
        }
        left &= left - 1;
    }
    false
}

/// Notes where bits of the block at `at` stand, behind `count` others, and returns how many there are then. Writes `STEP`
/// places at once, so that nothing depends on their number.
#[inline(always)]
fn note<const STEP: usize>(mut bits: u64, at: u16, places: &mut [u16], count: usize) -> usize {
    let end = count + ones(bits);
    let mut from = count;
    loop {
        if let Some(room) = places.get_mut(from..).and_then(<[u16]>::first_chunk_mut::<STEP>) {
            for place in room {
                *place = at + u16::try_from(bits.trailing_zeros()).unwrap_or_default();
                bits &= bits.wrapping_sub(1);
            }
        }
        from += STEP;
        if from >= end {
            return end;
        }
    }
}

/// Returns the bits of a block below a place.
#[inline(always)]
fn below(place: usize) -> u64 {
    !(u64::MAX << (place % LANES))
}

#[inline(always)]
fn ones(mask: u64) -> usize {
    usize::try_from(mask.count_ones()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_all_bytes() {
        for byte in 0..=255_u8 {
            let classes = Block::new(&[byte; LANES]).classes();
            assert_eq!(classes.mask() != 0, byte == b',', "{byte}");
            let known =
                (byte.is_ascii_alphanumeric() && byte | 0x20 != b'e') || b" \n_')+,.:".contains(&byte);
            assert_eq!(classes.eq(0), if known { 0 } else { u64::MAX }, "{byte}");
            let paired = matches!(byte, b'e' | b'E' | b'-');
            for next in [b',', b'\'', b'-'] {
                let odd = is_odd(Dialect::postgres(true), &[b'(', byte, next], 1, 1);
                let even = paired && next != if byte == b'-' { b'-' } else { b'\'' };
                assert_eq!(odd, !even, "{byte} before {next}");
            }
        }
    }

    #[test]
    fn special_bytes() {
        for byte in 0..=255_u8 {
            let special = matches!(byte, b'(' | b')' | b'"' | b'\\');
            assert_eq!(Block::new(&[byte; LANES]).specials(), if special { u64::MAX } else { 0 }, "{byte}");
        }
    }

    #[test]
    fn places_of_all_bits() {
        for bits in [0, 1, 0b101, 1 << 63, 0x8000_0000_0000_0003, u64::MAX] {
            let mut places = [7; 3 + 64 + BORDERS];
            let end = note::<BORDERS>(bits, 640, &mut places, 3);
            let expected: Vec<u16> = (0..64).filter(|n| bits >> n & 1 == 1).map(|n| 640 + n).collect();
            assert_eq!(places.get(3..end), Some(&expected[..]), "{bits:x}");
        }
    }
}
