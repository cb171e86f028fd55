//! Seeded damage to bytes: what cutting, editing, concatenating and copying with the wrong tool do to a file. The same
//! seed gives the same damage on every machine.

/// A small generator (xorshift64*); not for anything secret.
pub(crate) struct Dice(u64);

/// Pieces that mean something to a reader of dumps, CSV or profiles.
const WORDS: &[&[u8]] = &[
    b"\\.\n",
    b"\\N",
    b"\\",
    b"\t",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"'",
    b"\"",
    b"\"\"",
    b";",
    b"$$",
    b"$a$",
    b"E'",
    b"--",
    b"/*",
    b"*/",
    b"(",
    b")",
    b",",
    b"COPY public.t (a) FROM stdin;\n",
    b"INSERT INTO t VALUES (1);\n",
    b"BEGIN ATOMIC",
    b"\\restrict a\n",
    b"\\connect x\n",
    b"\\unrestrict a\n",
    b"CREATE TABLE public.t (a text);\n",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"U&\"",
    b"\xe2\x80\xa8",
    b"-- PostgreSQL database dump\n",
    b"-- PostgreSQL database dump complete\n",
    b"SET standard_conforming_strings = off;\n",
    b"SET client_encoding = 'LATIN1';\n",
    b": ",
    b"- ",
    b"{",
    b"}",
    b"[",
    b"&a ",
    b"*a",
    b"!!str ",
    b"~",
    b"%",
    b"\x0b",
    b"\x1a",
    b"`",
    b"),(",
    b"\\'",
    b"''",
    b"X'",
    b"0x",
    b"#",
    b"/*!40000 ",
    b"REPLACE INTO `customers` VALUES (",
    b"DELIMITER ;;\n",
    b"SET NAMES gbk;\n",
    b"SET SQL_MODE='ANSI_QUOTES,NO_BACKSLASH_ESCAPES';\n",
    b"replace(",
    b",char(10))",
    b"COMMIT;\n",
    b"NULL",
    b"null",
    b"\\u0000",
    b"\\ud800",
    b"\":",
];

impl Dice {
    /// Starts a sequence.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below `n`; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16;
        usize::try_from(drawn).unwrap_or(0).checked_rem(n).unwrap_or(0)
    }

    fn range(&mut self, len: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(len + 1);
        let count = self.below(most.min(len - start) + 1);
        start..start + count
    }

    /// Returns `bytes` with one to four damages; `other` lends pieces.
    pub(crate) fn damage(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        self.damaged(bytes, other, true)
    }

    /// The same without damages that put a value in another's place (copies of pieces, changed lines) or in a comment.
    pub(crate) fn damage_in_place(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.damaged(bytes, b"", false)
    }

    fn damaged(&mut self, bytes: &[u8], other: &[u8], moves: bool) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let what = self.below(10);
            match if moves || !(6..=8).contains(&what) { what } else { what - 4 } {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(self.range(bytes.len(), 40))),
                2 | 3 => drop(bytes.splice(at..at, self.word(moves).iter().copied())),
                4 => {
                    let range = self.range(bytes.len(), 4);
                    drop(bytes.splice(range, self.word(moves).iter().copied()));
                }
                5 => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
                6 => {
                    let again = bytes[self.range(bytes.len(), 200)].to_vec();
                    drop(bytes.splice(at..at, again));
                }
                7 => {
                    let piece = &other[self.range(other.len(), 200)];
                    drop(bytes.splice(at..at, piece.iter().copied()));
                }
                8 => self.swap_lines(&mut bytes),
                _ => {
                    let count = self.below(300);
                    let byte = bytes.get(at).copied().unwrap_or(b'x');
                    drop(bytes.splice(at..at, std::iter::repeat_n(byte, count)));
                }
            }
        }
        bytes
    }

    fn word(&mut self, moves: bool) -> &'static [u8] {
        let word = WORDS[self.below(WORDS.len())];
        let comment = [&b"--"[..], b"/*", b"#"].iter().any(|mark| word.starts_with(mark));
        if comment && !moves { b"x" } else { word }
    }

    fn swap_lines(&mut self, bytes: &mut Vec<u8>) {
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        if !lines.is_empty() {
            let (a, b) = (self.below(lines.len()), self.below(lines.len()));
            lines.swap(a, b);
        }
        *bytes = lines.concat();
    }
}
