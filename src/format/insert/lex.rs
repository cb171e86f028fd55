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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Outside of strings.
    Out,
    /// In `'…'`, by the dialect's rule for backslashes.
    Text,
    /// In PostgreSQL's `E'…'`, where the dialect has no backslashes.
    Escapes,
    /// In `"…"`.
    Double,
}

/// The lexer's state between two blocks of a tuple.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lex {
    state: State,
    /// The next byte is escaped.
    escaped: bool,
    /// How the last string began: a doubled quote goes on with it.
    last: State,
    /// An `E'…'` ended and only blanks followed: another string would go on with it in PostgreSQL.
    behind_escapes: bool,
    /// The last two bytes.
    before: [u8; 2],
}

/// Bytes that stand for themselves in most tuples: what `fast` may pass outside of strings. `'(),+-.` and digits and `:`
/// lie in one range with `*` and `/`, which may not.
#[inline]
fn is_plain(lanes: u8x64) -> u64 {
    let between = |v: u8x64, low: u8, high: u8| {
        let offset = v - u8x64::splat(low);
        offset.min(u8x64::splat(high - low)).simd_eq(offset)
    };
    let eq = |b: u8| lanes.simd_eq(u8x64::splat(b));
    let lower = lanes | u8x64::splat(0x20);
    let known = between(lanes, b'\'', b':')
        | between(lower, b'a', b'z')
        | eq(b' ')
        | eq(b'\n')
        | eq(b'\t')
        | eq(b'_');
    let unknown = eq(b'*') | eq(b'/');
    known.to_bitmask() & !unknown.to_bitmask()
}

impl Lex {
    /// Starts at the `(` of a tuple.
    pub(super) fn new() -> Self {
        Self { state: State::Out, escaped: false, last: State::Text, behind_escapes: false, before: [0; 2] }
    }

    /// Reads a block by masks. Without `STRICT` commas are not looked for and unknown bytes pass: for the sequential
    /// scan, whose bytes are all read strictly by a worker before they go anywhere.
    #[inline]
    pub(super) fn fast<const STRICT: bool>(
        &self,
        dialect: Dialect,
        block: &[u8; LANES],
        live: u64,
    ) -> (Masks, Self) {
        let inside = match self.state {
            State::Out => 0,
            State::Text => u64::MAX,
            State::Escapes | State::Double => return self.slow(dialect, block, live),
        };
        if self.behind_escapes {
            return self.slow(dialect, block, live);
        }
        let lanes = u8x64::new(*block);
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
        let outside = !within & live;
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
            let behind = (letters << 1) | u64::from(self.before[1] | 0x20 == b'e');
            masks.stop |= quotes & within & behind;
        }
        if STRICT {
            masks.commas = eq(b',') & outside;
            let minus = eq(b'-') & outside;
            let comment = minus & ((minus << 1) | u64::from(self.before[1] == b'-'));
            masks.stop |= (!is_plain(lanes) & outside) | comment;
        }
        let state = if within >> 63 == 1 { State::Text } else { State::Out };
        let last = if quotes == 0 { self.last } else { State::Text };
        let [.., second, first] = *block;
        (masks, Self { state, escaped: carry, last, behind_escapes: false, before: [second, first] })
    }

    /// Reads a block byte by byte.
    #[cold]
    pub(super) fn slow(&self, dialect: Dialect, block: &[u8; LANES], live: u64) -> (Masks, Self) {
        let (mut lex, mut masks) = (*self, Masks::default());
        for (at, byte) in block.iter().enumerate() {
            let bit = 1_u64 << (at % LANES);
            if live & bit == 0 {
                break;
            }
            if !lex.byte(dialect, *byte, bit, &mut masks) {
                masks.stop |= bit;
                break;
            }
            lex.before = [lex.before[1], *byte];
        }
        (masks, lex)
    }

    /// Reads one byte; `false` if it may not stand there.
    fn byte(&mut self, dialect: Dialect, byte: u8, bit: u64, masks: &mut Masks) -> bool {
        let [second, first] = self.before;
        if self.state != State::Out {
            let double = self.state == State::Double;
            let quote = if double { b'"' } else { b'\'' };
            let escapes = match self.state {
                State::Escapes => true,
                State::Double => dialect.backslash && dialect.double_quoted_strings,
                State::Text | State::Out => dialect.backslash,
            };
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' && escapes {
                self.escaped = true;
                masks.marks |= bit;
            } else if byte == quote {
                self.behind_escapes = self.state == State::Escapes;
                self.state = State::Out;
                masks.marks |= bit;
            }
            return true;
        }
        if !dialect.is_blank(byte) {
            // What goes on with a string over a line's end is not read; a doubled quote is.
            if byte == b'\'' && self.behind_escapes && first != b'\'' {
                return false;
            }
            self.behind_escapes = false;
        }
        match byte {
            b'\'' => {
                masks.marks |= bit;
                let escapes = dialect.family == Family::Postgres && first | 0x20 == b'e';
                // `1E'…'`: versions of PostgreSQL read it differently.
                if escapes && second.is_ascii_digit() {
                    return false;
                }
                self.state = match first {
                    b'\'' => self.last,
                    _ if escapes && !is_word(second) => State::Escapes,
                    _ => State::Text,
                };
                self.last = self.state;
            }
            b'"' => {
                masks.marks |= bit;
                self.state = State::Double;
                self.last = self.state;
            }
            b'(' | b'[' => masks.opens |= bit,
            b')' | b']' => masks.closes |= bit,
            b',' => masks.commas |= bit,
            b'-' => return first != b'-',
            b'+' | b'.' | b':' | b'_' | b'&' => {}
            _ => return byte.is_ascii_alphanumeric() || dialect.is_blank(byte),
        }
        true
    }
}

/// Says whether a byte may stand in a word.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Finds the bytes behind an odd number of backslashes, and whether the first byte of the next block is one (simdjson,
/// `json_escape_scanner`).
#[inline]
fn escaped_bytes(backslashes: u64, first: bool) -> (u64, bool) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let carry = u64::from(first);
    if backslashes == 0 {
        return (carry, false);
    }
    let backslashes = backslashes & !carry;
    let follows = (backslashes << 1) | carry;
    let odd_starts = backslashes & !EVEN & !follows;
    let (even_runs, overflow) = odd_starts.overflowing_add(backslashes);
    ((EVEN ^ (even_runs << 1)) & follows, overflow)
}

/// Sets every bit to the parity of the bits up to and with it.
#[inline]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Returns the block at `at` and which of its bytes are there; the rest is NUL.
#[inline]
pub(super) fn block_at(bytes: &[u8], at: usize) -> Option<([u8; LANES], u64)> {
    let rest = bytes.get(at..)?;
    if let Some(block) = rest.first_chunk::<LANES>() {
        return Some((*block, u64::MAX));
    }
    let mut block = [0; LANES];
    block.get_mut(..rest.len())?.copy_from_slice(rest);
    let missing = u32::try_from(LANES - rest.len()).ok().filter(|n| *n < u64::BITS)?;
    Some((block, u64::MAX >> missing))
}
