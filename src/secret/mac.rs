//! HMAC-SHA-256 (RFC 2104, FIPS 180-4) with both key blocks hashed beforehand: a short message costs two
//! compressions, no allocation and no copy of a hasher. Refuses nothing: any key length and any bytes are data.
//!
//! `sha2::block_api` gives the compression function; what is ours is the padding, and the crate `hmac` is the
//! oracle of the tests.

use std::fmt;

use sha2::block_api::compress256;
use zeroize::Zeroize;

/// Initial state of SHA-256. Source: FIPS 180-4, 5.3.3.
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Bytes of a block.
const BLOCK: usize = 64;

/// SHA-256 under way.
struct Sha {
    state: [u32; 8],
    block: [u8; BLOCK],
    used: usize,
    /// Bytes so far, those before `state` included.
    total: u64,
}

impl Sha {
    /// Continues from a state that `before` bytes (a multiple of 64) led to.
    #[inline]
    fn from_state(state: [u32; 8], before: u64) -> Self {
        Self { state, block: [0; BLOCK], used: 0, total: before }
    }

    /// Adds bytes.
    #[inline]
    fn update(&mut self, mut data: &[u8]) {
        self.total = self.total.wrapping_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        while !data.is_empty() {
            let free = self.block.get_mut(self.used..).unwrap_or_default();
            let (now, later) = data.split_at(free.len().min(data.len()));
            for (to, from) in free.iter_mut().zip(now) {
                *to = *from;
            }
            self.used += now.len();
            data = later;
            if self.used == BLOCK {
                compress256(&mut self.state, &[self.block]);
                self.used = 0;
            }
        }
    }

    /// Pads and returns the state words. Source: FIPS 180-4, 5.1.1.
    #[inline]
    fn finish(mut self) -> [u32; 8] {
        let bits = self.total.wrapping_mul(8).to_be_bytes();
        if let Some(rest) = self.block.get_mut(self.used..) {
            rest.fill(0);
            if let Some(first) = rest.first_mut() {
                *first = 0x80;
            }
        }
        if self.used >= BLOCK - 8 {
            compress256(&mut self.state, &[self.block]);
            self.block = [0; BLOCK];
        }
        if let Some(tail) = self.block.last_chunk_mut::<8>() {
            *tail = bits;
        }
        compress256(&mut self.state, &[self.block]);
        self.state
    }
}

/// Writes state words as the digest.
#[inline]
fn to_bytes(state: [u32; 8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, word) in out.chunks_exact_mut(4).zip(state) {
        to.copy_from_slice(&word.to_be_bytes());
    }
    out
}

/// Returns the SHA-256 of the parts, one after the other.
pub(super) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut sha = Sha::from_state(INITIAL, 0);
    for part in parts {
        sha.update(part);
    }
    to_bytes(sha.finish())
}

/// Returns the length of L(x): 32 bits, big-endian. Values are bounded by `--max-row`, far below 4 GiB.
#[inline]
pub(super) fn length(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes()
}

/// Splits a digest into four big-endian lanes.
#[inline]
#[must_use]
pub fn lanes(digest: &[u8; 32]) -> [u64; 4] {
    let mut out = [0; 4];
    for (lane, bytes) in out.iter_mut().zip(digest.as_chunks::<8>().0) {
        *lane = u64::from_be_bytes(*bytes);
    }
    out
}

/// An HMAC-SHA-256 whose key block is hashed already: cheap to clone and to use per value.
#[derive(Clone)]
pub struct Mac {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Mac {
    /// Takes a key of any length (over 64 bytes it is hashed first, as RFC 2104 says).
    #[must_use]
    pub fn from_key(key: &[u8]) -> Self {
        let mut pad = [0_u8; BLOCK];
        if key.len() > BLOCK {
            let mut short = sha256(&[key]);
            pad.iter_mut().zip(short).for_each(|(to, from)| *to = from);
            short.zeroize();
        } else {
            pad.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        }
        let mut mac = Self { inner: INITIAL, outer: INITIAL };
        pad.iter_mut().for_each(|byte| *byte ^= 0x36);
        compress256(&mut mac.inner, &[pad]);
        pad.iter_mut().for_each(|byte| *byte ^= 0x36 ^ 0x5c);
        compress256(&mut mac.outer, &[pad]);
        pad.zeroize();
        mac
    }

    #[inline]
    fn start(&self) -> Sha {
        Sha::from_state(self.inner, 64)
    }

    #[inline]
    fn finish(&self, inner: Sha) -> [u8; 32] {
        let mut state = self.outer;
        compress256(&mut state, &[outer_block(inner.finish())]);
        to_bytes(state)
    }

    /// Returns d = HMAC(key, L(scope) L(value)): what decides a stand-in by value. `value` is canonical.
    #[inline]
    #[must_use]
    pub fn digest(&self, scope: &[u8], value: &[u8]) -> [u8; 32] {
        self.tag(&[&length(scope), scope, &length(value), value])
    }

    /// Returns s_j = HMAC(key, byte j, L(scope) L(value)): what decides a stand-in by subject, lanes 4j to 4j + 3.
    #[inline]
    #[must_use]
    pub fn subject(&self, j: u8, scope: &[u8], value: &[u8]) -> [u8; 32] {
        self.tag(&[&[j], &length(scope), scope, &length(value), value])
    }

    /// Returns HMAC(key, parts one after the other). Callers see to it that no two messages run together.
    #[inline]
    #[must_use]
    pub fn tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut sha = self.start();
        for part in parts {
            sha.update(part);
        }
        self.finish(sha)
    }
}

/// The block of the outer hash: a digest, the padding, and the 768 bits of one key block and one digest.
const OUTER_PADDING: [u8; BLOCK] = {
    let mut block = [0; BLOCK];
    block[32] = 0x80;
    block[BLOCK - 2] = 3;
    block
};

/// Lays out the block of the outer hash.
#[inline]
fn outer_block(inner: [u32; 8]) -> [u8; BLOCK] {
    let mut block = OUTER_PADDING;
    for (place, word) in block.as_chunks_mut::<4>().0.iter_mut().zip(inner) {
        *place = word.to_be_bytes();
    }
    block
}

/// Reads state words as the four lanes of a digest.
#[inline]
fn state_lanes([a, b, c, d, e, f, g, h]: [u32; 8]) -> [u64; 4] {
    let lane = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    [lane(a, b), lane(c, d), lane(e, f), lane(g, h)]
}

/// Short messages of many rows, hashed together: all inner blocks, then all outer ones, in place. One after the other is
/// what is slow, since every compression would wait for the bytes just written and for the one before it.
#[derive(Default)]
pub struct Batch {
    blocks: Vec<[u8; BLOCK]>,
    /// The blocks of the outer hashes.
    outer: Vec<[u8; BLOCK]>,
    states: Vec<[u32; 8]>,
}

impl Batch {
    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.blocks.clear();
    }

    /// Adds L("") L(value), behind the byte j if `subject`. `false` if that is too long for one block: use the MAC
    /// itself then.
    #[inline]
    pub fn push(&mut self, subject: bool, value: &[u8]) -> bool {
        let head = if subject { 9 } else { 8 };
        // The padding takes one byte and the length eight.
        let (Ok(len), true) = (u8::try_from(value.len()), value.len() <= BLOCK - 9 - head) else {
            return false;
        };
        // In place: a copy of bytes just written would wait for them.
        self.blocks.push([0; BLOCK]);
        let Some(block) = self.blocks.last_mut() else { return false };
        if let Some((place, rest)) = block.get_mut(head..).and_then(|r| r.split_at_mut_checked(value.len())) {
            place.copy_from_slice(value);
            rest.iter_mut().take(1).for_each(|b| *b = 0x80);
        }
        block[head - 1] = len;
        let [.., high, low] = ((BLOCK + head + value.len()) * 8).to_be_bytes();
        (block[BLOCK - 2], block[BLOCK - 1]) = (high, low);
        true
    }

    /// Calls `take` with each message's number and lanes; `j` is the subject's byte.
    #[inline]
    pub fn run(&mut self, mac: &Mac, j: Option<u8>, mut take: impl FnMut(usize, [u64; 4])) {
        let Self { blocks, outer, states } = self;
        states.clear();
        states.resize(blocks.len(), mac.inner);
        if let Some(j) = j {
            blocks.iter_mut().for_each(|block| block[0] = j);
        }
        compress_each(states, blocks);
        outer.clear();
        outer.extend(states.iter().map(|state| outer_block(*state)));
        states.fill(mac.outer);
        compress_each(states, outer);
        for (number, state) in states.iter().enumerate() {
            take(number, state_lanes(*state));
        }
    }
}

/// One message under very many keys, each of them a digest: its padding is laid out once.
pub struct Message {
    /// The message behind a key block, padded.
    blocks: Vec<[u8; BLOCK]>,
}

impl Message {
    /// How many keys are taken together, so that no compression waits for the one before it.
    pub const TOGETHER: usize = 16;

    /// Lays out a message of any length.
    #[must_use]
    pub fn new(message: &[u8]) -> Self {
        let mut padded = message.to_vec();
        padded.push(0x80);
        padded.resize((padded.len() + 8).next_multiple_of(BLOCK), 0);
        let bits = u64::try_from(BLOCK + message.len()).unwrap_or(u64::MAX).wrapping_mul(8);
        if let Some(tail) = padded.last_chunk_mut::<8>() {
            *tail = bits.to_be_bytes();
        }
        Self { blocks: padded.as_chunks::<BLOCK>().0.to_vec() }
    }

    /// Replaces every key, given as the four lanes of a digest, by the lanes of HMAC(key, message).
    pub fn tags(&self, keys: &mut [[u64; 4]]) {
        for keys in keys.chunks_mut(Self::TOGETHER) {
            let mut blocks = [[0; BLOCK]; Self::TOGETHER];
            let (mut inner, mut outer) = ([INITIAL; Self::TOGETHER], [INITIAL; Self::TOGETHER]);
            let blocks = blocks.split_at_mut(keys.len()).0;
            let (inner, outer) = (inner.split_at_mut(keys.len()).0, outer.split_at_mut(keys.len()).0);
            lay_out(blocks, keys, |key| key_block(key, 0x36));
            compress_each(inner, blocks);
            inner.iter_mut().for_each(|state| compress256(state, &self.blocks));
            lay_out(blocks, keys, |key| key_block(key, 0x5c));
            compress_each(outer, blocks);
            lay_out(blocks, inner, |state| outer_block(*state));
            compress_each(outer, blocks);
            for (key, state) in keys.iter_mut().zip(&*outer) {
                *key = state_lanes(*state);
            }
        }
    }
}

/// Makes a block of each entry of a list.
#[inline]
fn lay_out<T>(blocks: &mut [[u8; BLOCK]], list: &[T], make: impl Fn(&T) -> [u8; BLOCK]) {
    for (block, entry) in blocks.iter_mut().zip(list) {
        *block = make(entry);
    }
}

/// Compresses one block into each state. Nothing else happens in between: the processor works on two or three such chains
/// at once as long as the blocks lie there; one stored in words just before makes its wide load wait, and all behind it.
#[inline]
fn compress_each(states: &mut [[u32; 8]], blocks: &[[u8; BLOCK]]) {
    for (state, block) in states.iter_mut().zip(blocks) {
        compress256(state, std::slice::from_ref(block));
    }
}

/// Lays out the block of a key of 32 bytes.
#[inline]
fn key_block(key: &[u64; 4], pad: u8) -> [u8; BLOCK] {
    let mut block = [pad; BLOCK];
    for (place, lane) in block.as_chunks_mut::<8>().0.iter_mut().zip(key) {
        *place = (lane ^ u64::from_ne_bytes([pad; 8])).to_be_bytes();
    }
    block
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} blocks>", self.blocks.len())
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} messages>", self.blocks.len())
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac as _};
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::*;

    fn oracle(key: &[u8], message: &[u8]) -> [u8; 32] {
        let mut hmac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        hmac.update(message);
        hmac.finalize().into_bytes().into()
    }

    #[test]
    fn a_batch_equals_one_by_one() {
        let mac = Mac::from_key(b"key");
        let values: Vec<Vec<u8>> = (0..120_usize)
            .map(|len| (0..len).map(|n| u8::try_from(n * 7 % 256).unwrap()).collect())
            .collect();
        for subject in [false, true] {
            let mut batch = Batch::default();
            let short: Vec<_> = values.iter().filter(|v| batch.push(subject, v)).collect();
            assert_eq!(short.len(), if subject { 47 } else { 48 });
            for j in [0, 1, 0] {
                let mut seen = 0;
                batch.run(&mac, subject.then_some(j), |n, got| {
                    let value = short[n];
                    let long = if subject { mac.subject(j, b"", value) } else { mac.digest(b"", value) };
                    assert_eq!(got, lanes(&long), "{n}");
                    seen += 1;
                });
                assert_eq!(seen, short.len());
            }
            batch.clear();
            batch.run(&mac, None, |_, _| panic!("nothing is left"));
        }
    }

    #[test]
    fn one_message_under_many_keys_equals_one_by_one() {
        for len in [0, 1, 9, 54, 55, 56, 63, 64, 65, 119, 120, 200_usize] {
            let message = vec![0x5a; len];
            let mut keys: Vec<[u64; 4]> = (1..40).map(|n| [n << 60, n, u64::MAX / n, 7]).collect();
            let one_by_one: Vec<[u64; 4]> = keys
                .iter()
                .map(|key| {
                    let key: Vec<u8> = key.iter().flat_map(|lane| lane.to_be_bytes()).collect();
                    lanes(&oracle(&key, &message))
                })
                .collect();
            Message::new(&message).tags(&mut keys);
            assert_eq!(keys, one_by_one, "length {len}");
        }
    }

    proptest! {
        #[test]
        fn tag_equals_the_hmac_crate(key in proptest::collection::vec(any::<u8>(), 0..150),
                                     a in proptest::collection::vec(any::<u8>(), 0..300),
                                     b in proptest::collection::vec(any::<u8>(), 0..300)) {
            let whole = [a.as_slice(), b.as_slice()].concat();
            prop_assert_eq!(Mac::from_key(&key).tag(&[&a, &b]), oracle(&key, &whole));
            prop_assert_eq!(sha256(&[&a, &b]), <[u8; 32]>::from(Sha256::digest(&whole)));
        }
    }

    #[test]
    fn every_length_around_the_block_borders() {
        let mac = Mac::from_key(b"k");
        for len in 0..200_usize {
            let message = vec![0xa5; len];
            assert_eq!(mac.tag(&[&message]), oracle(b"k", &message), "length {len}");
        }
    }

    #[test]
    fn digest_and_subject_say_where_parts_end() {
        let mac = Mac::from_key(b"k");
        assert_eq!(mac.digest(b"a", b"bc"), oracle(b"k", b"\0\0\0\x01a\0\0\0\x02bc"));
        assert_eq!(mac.subject(1, b"", b"bc"), oracle(b"k", b"\x01\0\0\0\0\0\0\0\x02bc"));
        assert_ne!(mac.digest(b"a", b"bc"), mac.digest(b"ab", b"c"));
    }

    #[test]
    fn lanes_are_big_endian() {
        let mut digest = [0; 32];
        digest[7] = 1;
        digest[24] = 0x80;
        assert_eq!(lanes(&digest), [1, 0, 0, 1 << 63]);
    }

    #[test]
    fn debug_is_silent() {
        assert_eq!(format!("{:?}", Mac::from_key(b"k")), "Secret(***)");
    }
}
