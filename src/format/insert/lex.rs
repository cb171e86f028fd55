//! Tells strings from what stands around them, 64 bytes of a tuple at a time: quote parity by prefix-xor over bit masks,
//! odd backslashes by simdjson's carry trick. What the masks cannot tell (`E'…'`, `"…"`, brackets, anything unknown) stops
//! them at its bit; `slow` reads the same 64 bytes one by one, and refuses what no literal of a dump has outside its
//! quotes: comments, dollar quotes, operators, backslashes, `;`.

use wide::u8x64;

use super::{Dialect, Family};

pub(super) const LANES: usize = 64;

/// What 64 bytes hold outside of strings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Masks {
    /// `(`, and `[` where `slow` read it.
    pub(super) opens: u64,
    /// `)`, and `]` where `slow` read it.
    pub(super) closes: u64,
    /// `,`; only if asked for.
    pub(super) commas: u64,
    /// Quotes, and backslashes that escape, inside strings too: a plain string has two.
    pub(super) marks: u64,
    /// From the lowest of these bits on the masks say nothing: `slow` must read, or it has refused that byte.
    pub(super) stop: u64,
}

/// Where the bytes so far end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Outside of strings.
    Out,
    /// In `'…'`, by the dialect's rule for backslashes.
    Text,
    /// In PostgreSQL's `E'…'`, where the dialect has no backslashes.
    Escapes,
    /// In `"…"`.
    Double,
    /// Outside, behind an `E'…'` and blanks: another string would go on with it in PostgreSQL.
    Behind,
}

/// The lexer's state between two blocks of a tuple.
#[derive(Clone, Copy)]
pub(super) struct Lex {
    state: State,
    /// The next byte is escaped.
    escaped: bool,
}

/// One block of a tuple, and the two bytes before it.
#[derive(Clone, Copy)]
pub(super) struct Block<'b> {
    pub(super) bytes: &'b [u8; LANES],
    /// Which of them are there; the rest is NUL.
    pub(super) live: u64,
    before: [u8; 2],
}

impl<'b> Block<'b> {
    /// Returns the block at `at`; `None` where the bytes end. The last one is padded in `spare`.
    #[inline(always)]
    pub(super) fn at(all: &'b [u8], at: usize, spare: &'b mut [u8; LANES]) -> Option<Self> {
        let rest = all.get(at..)?;
        // A tuple begins with `(`: what stands before it does not matter.
        let before =
            all.get(at.wrapping_sub(2)..at).and_then(|two| two.first_chunk()).copied().unwrap_or([0; 2]);
        match rest.first_chunk::<LANES>() {
            Some(bytes) => Some(Self { bytes, live: u64::MAX, before }),
            None => Self::last(rest, before, spare),
        }
    }

    #[cold]
    fn last(rest: &[u8], before: [u8; 2], spare: &'b mut [u8; LANES]) -> Option<Self> {
        *spare = [0; LANES];
        spare.get_mut(..rest.len())?.copy_from_slice(rest);
        let missing = u32::try_from(LANES - rest.len()).ok().filter(|n| *n < u64::BITS)?;
        Some(Self { bytes: spare, live: u64::MAX >> missing, before })
    }
}

/// Bytes that stand for themselves in most tuples: what `fast` may pass outside of strings. `'(),+-.` and digits and `:`
/// lie in one range with `*` and `/`, which may not.
#[inline(always)]
fn is_plain(lanes: u8x64) -> u64 {
    let between = |v: u8x64, low: u8, high: u8| {
        let offset = v - u8x64::splat(low);
        offset.min(u8x64::splat(high - low)).simd_eq(offset)
    };
    let eq = |b: u8| lanes.simd_eq(u8x64::splat(b));
    let letters = between(lanes | u8x64::splat(0x20), b'a', b'z');
    let known = between(lanes, b'\'', b':') | letters | eq(b' ') | eq(b'\n') | eq(b'_');
    let unknown = eq(b'*') | eq(b'/');
    (known & !unknown).to_bitmask()
}

impl Lex {
    /// Starts at the `(` of a tuple.
    #[inline]
    pub(super) fn new() -> Self {
        Self { state: State::Out, escaped: false }
    }

    /// Reads a block by masks. Without `STRICT` commas are not looked for and unknown bytes pass: for the sequential
    /// scan, whose bytes are all read strictly by a worker before they go anywhere.
    #[inline(always)]
    pub(super) fn fast<const STRICT: bool>(self, dialect: Dialect, block: Block<'_>) -> (Masks, Self) {
        let inside = match self.state {
            State::Out => 0,
            State::Text => u64::MAX,
            State::Escapes | State::Double | State::Behind => return self.slow(dialect, block),
        };
        let lanes = u8x64::new(*block.bytes);
        let [_, before] = block.before;
        let eq = |b: u8| lanes.simd_eq(u8x64::splat(b)).to_bitmask();
        let mut quotes = eq(b'\'');
        let (mut backslashes, mut carry) = (0, false);
        if dialect.backslash {
            backslashes = eq(b'\\');
            let escaped;
            (escaped, carry) = escaped_bytes(backslashes, self.escaped);
            quotes &= !escaped;
        }
        let within = prefix_xor(quotes) ^ inside;
        let outside = !within & block.live;
        let mut masks = Masks {
            opens: eq(b'(') & outside,
            closes: eq(b')') & outside,
            commas: 0,
            marks: quotes | backslashes,
            stop: (eq(b'"') | backslashes) & outside,
        };
        if dialect.family == Family::Postgres && !dialect.backslash {
            // `E'`: backslashes escape in this string only.
            let letters = (lanes | u8x64::splat(0x20)).simd_eq(u8x64::splat(b'e')).to_bitmask();
            let behind = (letters << 1) | u64::from(before | 0x20 == b'e');
            masks.stop |= quotes & within & behind;
        }
        if STRICT {
            masks.commas = eq(b',') & outside;
            let minus = eq(b'-') & outside;
            let comment = minus & ((minus << 1) | u64::from(before == b'-'));
            masks.stop |= (!is_plain(lanes) & outside) | comment;
        }
        let state = if within >> 63 == 1 { State::Text } else { State::Out };
        (masks, Self { state, escaped: carry })
    }

    /// Reads a block byte by byte.
    #[cold]
    #[inline(never)]
    pub(super) fn slow(self, dialect: Dialect, block: Block<'_>) -> (Masks, Self) {
        let (mut lex, mut masks, mut before) = (self, Masks::default(), block.before);
        for (at, byte) in block.bytes.iter().enumerate() {
            let bit = 1_u64 << (at % LANES);
            if block.live & bit == 0 {
                break;
            }
            if !lex.byte(dialect, *byte, before, bit, &mut masks) {
                masks.stop |= bit;
                break;
            }
            before = [before[1], *byte];
        }
        (masks, lex)
    }

    /// Reads one byte behind two others; `false` if it may not stand there.
    fn byte(&mut self, dialect: Dialect, byte: u8, before: [u8; 2], bit: u64, masks: &mut Masks) -> bool {
        let [second, first] = before;
        let (quote, escapes, behind) = match self.state {
            State::Text => (b'\'', dialect.backslash, State::Out),
            State::Escapes => (b'\'', true, State::Behind),
            State::Double => (b'"', dialect.backslash && dialect.double_quoted_strings, State::Out),
            State::Out | State::Behind => return self.outside(dialect, byte, (second, first), bit, masks),
        };
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' && escapes {
            self.escaped = true;
            masks.marks |= bit;
        } else if byte == quote {
            self.state = behind;
            masks.marks |= bit;
        }
        true
    }

    fn outside(
        &mut self,
        dialect: Dialect,
        byte: u8,
        (second, first): (u8, u8),
        bit: u64,
        masks: &mut Masks,
    ) -> bool {
        if dialect.is_blank(byte) {
            return true;
        }
        let behind = std::mem::replace(&mut self.state, State::Out) == State::Behind;
        match byte {
            b'\'' => {
                masks.marks |= bit;
                let escapes = dialect.family == Family::Postgres && first | 0x20 == b'e';
                self.state = match first {
                    // A doubled quote goes on with its string; what goes on with it over blanks is not read.
                    b'\'' if behind => State::Escapes,
                    _ if behind => return false,
                    // `1E'…'`: versions of PostgreSQL read it differently.
                    _ if escapes && second.is_ascii_digit() => return false,
                    _ if escapes && !is_word(second) => State::Escapes,
                    _ => State::Text,
                };
            }
            b'"' => {
                masks.marks |= bit;
                self.state = State::Double;
            }
            b'(' | b'[' => masks.opens |= bit,
            b')' | b']' => masks.closes |= bit,
            b',' => masks.commas |= bit,
            b'-' => return first != b'-',
            b'+' | b'.' | b':' | b'_' | b'&' => {}
            _ => return byte.is_ascii_alphanumeric(),
        }
        true
    }
}

/// Says whether a byte may stand in a word.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Finds the bytes behind an odd number of backslashes, and whether the first byte of the next block is one.
#[inline(always)]
pub(super) fn escaped_bytes(backslashes: u64, first: bool) -> (u64, bool) {
    if backslashes == 0 { (u64::from(first), false) } else { behind_backslashes(backslashes, first) }
}

/// The same without a branch (simdjson, `json_escape_scanner`).
#[inline(always)]
pub(super) fn behind_backslashes(backslashes: u64, first: bool) -> (u64, bool) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let carry = u64::from(first);
    let backslashes = backslashes & !carry;
    let follows = (backslashes << 1) | carry;
    let odd_starts = backslashes & !EVEN & !follows;
    let (even_runs, overflow) = odd_starts.overflowing_add(backslashes);
    ((EVEN ^ (even_runs << 1)) & follows, overflow)
}

/// Sets every bit to the parity of the bits up to and with it.
#[inline(always)]
pub(super) fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
