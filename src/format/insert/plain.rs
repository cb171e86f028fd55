//! Walks over plain tuples: literals without brackets, strings without a prefix that changes how they are read. Nearly all
//! rows of dumps are such, and 64 bytes of them cost some 70 instructions: every byte outside of strings is looked at, and
//! fields are counted. What is not positively plain is not judged here: the tuple is given back whole, and `walk` reads it.

use wide::u8x32;

use super::lex::{LANES, escaped_bytes, prefix_xor};
use super::walk::{Rules, Visit, bit, skip_blanks};
use super::{Dialect, Family};

/// Where the plain tuples end.
pub(super) enum Left {
    /// Before this tuple: it is not plain, or not whole.
    Tuple(usize),
    /// Behind a tuple: what follows is neither the next one nor a `;` and the head of the next statement as they are
    /// usually written, or the visitor has enough.
    Behind(usize, bool),
}

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

/// Half a block, and what its bytes are.
struct Half {
    bytes: u8x32,
    class: u8x32,
}

impl Half {
    #[inline(always)]
    fn new(bytes: [u8; 32]) -> Self {
        const LOWER: u8x32 = twice(LOW);
        const UPPER: u8x32 = twice(HIGH);
        let bytes = u8x32::new(bytes);
        let lower = LOWER.swizzle_half_relaxed(bytes & u8x32::splat(0xf));
        let upper = UPPER.swizzle_half_relaxed(bytes >> 4_u32);
        Self { bytes, class: lower & upper }
    }

    #[inline(always)]
    fn eq(&self, byte: u8) -> u32 {
        self.bytes.simd_eq(u8x32::splat(byte)).to_bitmask()
    }

    #[inline(always)]
    fn commas(&self) -> u32 {
        self.class.to_bitmask()
    }

    /// Returns the bytes that are in no class.
    #[inline(always)]
    fn unknown(&self) -> u32 {
        self.class.simd_eq(u8x32::splat(0)).to_bitmask()
    }
}

/// What stands before a block.
#[derive(Clone, Copy, Default)]
struct Before {
    /// All ones inside of a string.
    within: u64,
    /// Whether its first byte is escaped.
    escaped: bool,
}

/// Looks for NUL bytes while a walk looks at all others: the least byte of each place of a half.
struct Least(u8x32);

impl Least {
    #[inline(always)]
    fn see(&mut self, block: &[u8; LANES]) {
        if let (Some(low), Some(high)) = (block.first_chunk(), block.last_chunk()) {
            self.0 = self.0.min(u8x32::new(*low)).min(u8x32::new(*high));
        }
    }
}

/// What 64 bytes hold.
#[derive(Clone, Copy)]
struct Masks {
    /// `)` and commas outside of strings.
    closes: u64,
    commas: u64,
    /// Quotes, and backslashes that escape.
    marks: u64,
    /// What may not be plain: `is_odd` tells.
    odd: u64,
}

impl Masks {
    /// A place to be filled: nothing plain.
    const NONE: Self = Self { closes: 0, commas: 0, marks: 0, odd: u64::MAX };
}

/// Reads a block.
#[inline(always)]
fn read(dialect: Dialect, bytes: &[u8; LANES], before: &mut Before) -> Masks {
    let (Some(low), Some(high)) = (bytes.first_chunk(), bytes.last_chunk()) else {
        return Masks::NONE;
    };
    let halves = [Half::new(*low), Half::new(*high)];
    let mut quotes = both(&halves, |half| half.eq(b'\''));
    let mut backslashes = 0;
    if dialect.backslash {
        backslashes = both(&halves, |half| half.eq(b'\\'));
        let escaped;
        (escaped, before.escaped) = escaped_bytes(backslashes, before.escaped);
        quotes &= !escaped;
    }
    let within = prefix_xor(quotes) ^ before.within;
    let outside = !within;
    before.within = 0_u64.wrapping_sub(within >> 63);
    Masks {
        closes: both(&halves, |half| half.eq(b')')) & outside,
        commas: both(&halves, Half::commas) & outside,
        marks: quotes | backslashes,
        odd: both(&halves, Half::unknown) & outside,
    }
}

/// Says whether any of these bytes of the block at `at` is no part of a plain literal: neither an `E` before anything but its
/// string, nor a minus alone.
#[inline(never)]
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

#[inline(always)]
fn both(halves: &[Half; 2], of: impl Fn(&Half) -> u32) -> u64 {
    let [low, high] = halves;
    u64::from(of(low)) | (u64::from(of(high)) << 32)
}

/// Where the reading of a tuple stands.
struct Row {
    tuple: usize,
    /// Commas so far.
    column: usize,
    /// Where the wanted field begins, and the marks before it.
    field: usize,
    before: u32,
    /// Marks in the blocks before this one.
    marks: u32,
}

impl Row {
    #[inline(always)]
    fn new(tuple: usize, before: u32) -> Self {
        Self { tuple, column: 0, field: tuple + 1, before, marks: 0 }
    }

    /// Passes the commas of a stretch of the block at `at`: jumps from one wanted field to the next.
    #[inline(always)]
    fn pass<V: Visit>(&mut self, visit: &mut V, at: usize, masks: &Masks, stretch: u64) {
        let mut commas = masks.commas & stretch;
        let mut left = ones(commas);
        if V::FIELDS && left > 0 {
            let marks = |first: u64| self.marks + (masks.marks & first.wrapping_sub(1)).count_ones();
            let mut wanted = visit.wanted();
            while wanted.wrapping_sub(self.column) < left {
                let skip = wanted - self.column;
                if skip > 0 {
                    for _ in 1..skip {
                        commas &= commas.wrapping_sub(1);
                    }
                    let first = commas & commas.wrapping_neg();
                    (self.field, self.before) = (at + bit(first) + 1, marks(first));
                    commas ^= first;
                }
                let first = commas & commas.wrapping_neg();
                let here = marks(first);
                visit.field(self.field, at + bit(first), here - self.before);
                (self.field, self.before) = (at + bit(first) + 1, here);
                commas ^= first;
                (self.column, left) = (wanted + 1, left - skip - 1);
                wanted = visit.wanted();
            }
            if left > 0 {
                let last = (1 << 63) >> commas.leading_zeros();
                (self.field, self.before) = (at + bit(last) + 1, marks(last));
            }
        }
        self.column += left;
    }

    /// Passes the parenthesis that closes the tuple at `at`; `false` if it has another number of fields or is too long.
    #[inline(always)]
    fn close<V: Visit>(&mut self, rules: &Rules, visit: &mut V, at: usize, here: u32) -> bool {
        if V::FIELDS && self.column == visit.wanted() {
            visit.field(self.field, at, (self.marks + here) - self.before);
        }
        self.column + 1 == rules.columns && at + 1 - self.tuple <= rules.max_row
    }
}

#[inline(always)]
fn ones(mask: u64) -> usize {
    usize::try_from(mask.count_ones()).unwrap_or_default()
}

/// Blocks that are read before their rows are looked at: so what stands in the rows, which the processor cannot foresee, does
/// not hold up the reading.
const BATCH: usize = 8;

/// Walks from the `(` of a tuple on, as far as tuples are plain.
pub(super) fn walk<V: Visit>(rules: &Rules, bytes: &[u8], start: usize, visit: &mut V) -> Left {
    let (mut least, mut batch) = (Least(u8x32::splat(u8::MAX)), [Masks::NONE; BATCH]);
    let mut tuple = start;
    let left = loop {
        match stretch(rules, bytes, tuple, visit, (&mut batch, &mut least)) {
            Ok(next) => tuple = next,
            Err(left) => break left,
        }
    };
    if V::NUL && least.0.simd_eq(u8x32::splat(0)).any() {
        visit.nul();
    }
    left
}

/// Walks from the `(` of a tuple on, and returns that of one for which blocks must be read anew.
#[inline(always)]
fn stretch<V: Visit>(
    rules: &Rules,
    bytes: &[u8],
    tuple: usize,
    visit: &mut V,
    (batch, least): (&mut [Masks; BATCH], &mut Least),
) -> Result<usize, Left> {
    let (mut row, mut before) = (Row::new(tuple, 0), Before::default());
    // Bits not passed yet: not its own `(`.
    let (mut base, mut ahead) = (tuple, u64::MAX << 1);
    loop {
        let blocks = bytes.get(base..).unwrap_or_default().as_chunks::<LANES>().0;
        if blocks.is_empty() {
            return Err(give_back(row.tuple, visit));
        }
        for (masks, block) in batch.iter_mut().zip(blocks) {
            *masks = read(rules.dialect, block, &mut before);
            if V::NUL {
                least.see(block);
            }
        }
        let count = blocks.len().min(BATCH);
        let mut index = 0;
        while let Some(masks) = batch.get(index).filter(|_| index < count) {
            let at = base + index * LANES;
            let closes = masks.closes & ahead;
            let first = closes & closes.wrapping_neg();
            let passed = ahead & first.wrapping_sub(1);
            let odd = masks.odd & passed;
            if odd != 0 && is_odd(rules.dialect, bytes, at, odd) {
                return Err(give_back(row.tuple, visit));
            }
            row.pass(visit, at, masks, passed);
            if closes == 0 {
                row.marks += masks.marks.count_ones();
                (index, ahead) = (index + 1, u64::MAX);
                continue;
            }
            let close = at + bit(first);
            let here = (masks.marks & first.wrapping_sub(1)).count_ones();
            if !row.close(rules, visit, close, here) {
                return Err(give_back(row.tuple, visit));
            }
            if visit.tuple(row.tuple, close + 1, true) {
                return Err(Left::Behind(close + 1, true));
            }
            let next = follow(rules, bytes, close + 1, visit).ok_or(Left::Behind(close + 1, false))?;
            // The masks hold for it if nothing between changes what is in strings: a comma and blanks, or such a head.
            let holds = rules.quiet || bytes.get(close + 1) == Some(&b',');
            index = (next - base) / LANES;
            let Some(masks) = batch.get(index).filter(|_| holds && index < count) else { return Ok(next) };
            ahead = u64::MAX << ((next - base) % LANES);
            row = Row::new(next, (masks.marks & !ahead).count_ones());
            ahead <<= 1;
        }
        base += count * LANES;
    }
}

#[cold]
fn give_back<V: Visit>(tuple: usize, visit: &mut V) -> Left {
    visit.undo();
    Left::Tuple(tuple)
}

/// Returns where the next tuple begins, if what stands before it is as usual.
#[inline(always)]
fn follow<V: Visit>(rules: &Rules, bytes: &[u8], end: usize, visit: &mut V) -> Option<usize> {
    let rest = bytes.get(end..)?;
    if rest.first() == Some(&b',') {
        let next = skip_blanks(rules.dialect, bytes, end + 1);
        return (bytes.get(next) == Some(&b'(')).then_some(next);
    }
    rest.starts_with(&rules.next).then(|| {
        visit.statement(end + 1);
        end + rules.next.len() - 1
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::RowCodec;
    use crate::format::insert::walk::{Fault, Halt, Phase, Walk};
    use crate::format::insert::{InsertRows, Region};

    pub(in crate::format::insert) const HEAD: &[u8] = b"INSERT INTO customers (a, `b-('`) VALUES ";
    pub(in crate::format::insert) const COLUMNS: usize = 2;
    const MAX_ROW: usize = 300;

    #[test]
    fn classes_of_all_bytes() {
        for byte in 0..=255_u8 {
            let half = Half::new([byte; 32]);
            assert_eq!(half.commas() != 0, byte == b',', "{byte}");
            let known =
                (byte.is_ascii_alphanumeric() && byte | 0x20 != b'e') || b" \n_')+,.:".contains(&byte);
            assert_eq!(half.unknown(), if known { 0 } else { u32::MAX }, "{byte}");
            let paired = matches!(byte, b'e' | b'E' | b'-');
            for next in [b',', b'\'', b'-'] {
                let odd = is_odd(Dialect::postgres(true), &[b'(', byte, next], 1, 1);
                let even = paired && next != if byte == b'-' { b'-' } else { b'\'' };
                assert_eq!(odd, !even, "{byte} before {next}");
            }
        }
    }

    /// Keeps all that a walk tells.
    struct Keep<const PLAIN: bool> {
        wanted: Vec<usize>,
        fields: Vec<(usize, usize, u32)>,
        rows: Vec<(usize, usize)>,
        ends: Vec<usize>,
        seen: usize,
    }

    impl<const PLAIN: bool> Visit for Keep<PLAIN> {
        const STRICT: bool = true;
        const FIELDS: bool = true;
        const PLAIN: bool = PLAIN;

        fn wanted(&self) -> usize {
            self.wanted.get(self.seen).copied().unwrap_or(usize::MAX)
        }

        fn field(&mut self, start: usize, end: usize, marks: u32) {
            self.fields.push((start, end, marks));
            self.seen += 1;
        }

        fn undo(&mut self) {
            self.fields.truncate(self.fields.len() - self.seen);
            self.seen = 0;
        }

        fn tuple(&mut self, start: usize, end: usize, checked: bool) -> bool {
            assert!(checked);
            self.rows.push((start, end));
            self.seen = 0;
            false
        }

        fn statement(&mut self, end: usize) {
            self.ends.push(end);
        }
    }

    type Told = (Result<Halt, Fault>, Vec<(usize, usize, u32)>, Vec<(usize, usize)>, Vec<usize>);

    fn told<const PLAIN: bool>(dialect: Dialect, text: &[u8], wanted: &[usize]) -> Told {
        let rules = Rules::new(dialect, HEAD, COLUMNS, MAX_ROW);
        let mut keep = Keep::<PLAIN> {
            wanted: wanted.to_vec(),
            fields: Vec::new(),
            rows: Vec::new(),
            ends: Vec::new(),
            seen: 0,
        };
        let halt = Walk::new(Phase::Start, 0).run(&rules, text, &mut keep);
        // Of a tuple that did not end nothing is used.
        keep.fields.truncate(keep.rows.len() * wanted.len());
        (halt, keep.fields, keep.rows, keep.ends)
    }

    pub(in crate::format::insert) fn dialects() -> impl Strategy<Value = Dialect> {
        let old = Dialect::postgres(false);
        let ansi = Dialect { double_quoted_strings: false, ..Dialect::mysql() };
        let plain = Dialect { backslash: false, ..Dialect::mysql() };
        prop::sample::select(vec![
            Dialect::postgres(true),
            old,
            Dialect::mysql(),
            ansi,
            plain,
            Dialect::sqlite(),
        ])
    }

    /// What rows are made of, and what could be mistaken for it.
    pub(in crate::format::insert) fn soup() -> impl Strategy<Value = Vec<u8>> {
        let head = String::from_utf8_lossy(HEAD).into_owned();
        let next = format!("','b');\n{head}(1,'");
        let odd = [
            "'",
            "''",
            "\\",
            "\\'",
            "\\\\'",
            "\"",
            "(",
            ")",
            ",",
            "E'",
            "e'",
            "--",
            "-",
            "-- '\n",
            "/* ' */",
            ";",
            "\n",
            "\r\n",
            "\t",
            "\0",
            "$$",
            "#",
            "[",
            "]",
            "`",
            "%",
            "m",
            "NULL",
            "true",
            "1e-5",
            "_utf8mb4'x'",
            "X'00'",
            "é",
        ];
        let usual = [
            "a",
            "1",
            " ",
            "','b'),(1,'",
            "','b'),\n(2,'",
            "','b') , (2,'",
            "',-1),(1,'",
            "','');\n",
            "it''s",
            "(x)",
            "','b') ON CONFLICT DO NOTHING;\n",
            "2024-01-02 -- ;",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ];
        let usual: Vec<String> = usual.iter().map(|s| (*s).to_owned()).chain([next]).collect();
        let odd: Vec<String> = odd.iter().map(|s| (*s).to_owned()).chain([head.clone()]).collect();
        let part = prop_oneof![9 => prop::sample::select(usual), 1 => prop::sample::select(odd)];
        prop::collection::vec(part, 0..60)
            .prop_map(move |parts| format!("{head}(1,'{}','z');\n", parts.concat()).into_bytes())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn plain_tuples_are_what_the_walk_makes_of_them(
            text in soup(),
            dialect in dialects(),
            wanted in prop::sample::select(vec![vec![], vec![0], vec![1], vec![0, 1]]),
        ) {
            prop_assert_eq!(told::<true>(dialect, &text, &wanted), told::<false>(dialect, &text, &wanted));
        }

        /// What a region says it counted, the codec counts; and however little a read gives, the ends are the same.
        #[test]
        fn what_is_counted_while_ends_are_found_is_sound(text in soup(), dialect in dialects(), step in 1_usize..200) {
            let codec = InsertRows::new(&dialect, HEAD, COLUMNS, MAX_ROW);
            let mut region = Region::new(HEAD, &dialect, COLUMNS, MAX_ROW);
            let (mut from, mut have) = (0, step.min(text.len()));
            loop {
                let there = text.get(..have).unwrap_or_default();
                let Ok(reach) = region.scan(there, from, have == text.len()) else { break };
                prop_assert!(from <= reach.counted && reach.counted <= reach.end);
                let block = text.get(from..reach.counted).unwrap_or_default();
                prop_assert_eq!(codec.count(block).map(|(rows, _)| rows), Ok(reach.rows));
                let stuck = reach.end == from && have == text.len();
                from = reach.end;
                have = (have + step).min(text.len());
                if reach.over || stuck {
                    break;
                }
            }
            if codec.count(&text).is_ok() {
                // All of it is rows: nothing was left out.
                let rest = text.get(from..).unwrap_or_default();
                prop_assert!(rest.iter().all(|b| dialect.is_blank(*b)), "{} left", rest.len());
            }
        }
    }
}
