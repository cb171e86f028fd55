//! The form of a value: the case class and separators that a stand-in takes over, and the loose comparison of a
//! stand-in with its original. Looks at no other property of a value and keeps nothing.

use crate::vocabulary::iban::{digit, write_digits};
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Case class of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Mixed case, no letters, or a lone capital: the stand-in's own case.
    Natural,
    /// Two or more capitals and no small letter.
    Upper,
    /// Small letters and no capital.
    Lower,
}

impl Case {
    /// Finds the case class; bytes that are no UTF-8 count as no letter.
    #[inline]
    pub(super) fn of(field: &[u8]) -> Self {
        let (mut upper, mut lower) = (0_u32, 0_u32);
        for b in field {
            match b {
                b'A'..=b'Z' => upper += 1,
                b'a'..=b'z' => lower += 1,
                0x80.. => return Self::of_text(field),
                _ => continue,
            }
            // The usual name ends here: nothing behind can change that it has both.
            if upper > 0 && lower > 0 {
                return Self::Natural;
            }
        }
        Self::from_counts(upper, lower)
    }

    #[cold]
    fn of_text(field: &[u8]) -> Self {
        let (mut upper, mut lower) = (0_u32, 0_u32);
        for c in field.utf8_chunks().flat_map(|chunk| chunk.valid().chars()) {
            upper += u32::from(c.is_uppercase());
            lower += u32::from(c.is_lowercase());
        }
        Self::from_counts(upper, lower)
    }

    fn from_counts(upper: u32, lower: u32) -> Self {
        match (upper, lower) {
            (2.., 0) => Self::Upper,
            (0, 1..) => Self::Lower,
            _ => Self::Natural,
        }
    }

    /// Says whether the case class is `Lower`, as soon as that is clear.
    #[inline]
    pub(super) fn is_lower(field: &[u8]) -> bool {
        match field.iter().find(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
            Some(b) => !b.is_ascii() && Self::of_text(field) == Self::Lower,
            None => field.iter().any(u8::is_ascii_lowercase),
        }
    }

    /// Appends text in this case. Vocabulary entries keep their number of characters in either case.
    pub(super) fn append(self, text: &str, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(text.as_bytes());
        let place = out.get_mut(start..).unwrap_or_default();
        match self {
            Self::Natural => {}
            Self::Upper if text.is_ascii() => place.make_ascii_uppercase(),
            Self::Lower if text.is_ascii() => place.make_ascii_lowercase(),
            Self::Upper => {
                out.truncate(start);
                // The capital of ß is one letter, so that the length stays (Unicode: U+1E9E).
                let capitals = text.chars().map(|c| if c == 'ß' { 'ẞ' } else { c });
                capitals.flat_map(char::to_uppercase).for_each(|c| push(c, out));
            }
            Self::Lower => {
                out.truncate(start);
                text.chars().flat_map(char::to_lowercase).for_each(|c| push(c, out));
            }
        }
    }
}

/// A short stand-in in the making: bytes on the stack that are appended in one go.
pub(super) struct Short {
    bytes: [u8; Self::MOST],
    len: usize,
}

impl Short {
    /// Longer than any account or phone number, postcode or house number.
    const MOST: usize = 48;

    pub(super) fn new() -> Self {
        Self { bytes: [0; Self::MOST], len: 0 }
    }

    #[inline]
    pub(super) fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    #[inline]
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.push(*b));
    }

    /// Appends the last digits of a number, zeros in front.
    #[inline]
    pub(super) fn digits(&mut self, n: u64, count: usize) {
        if let Some(place) = self.bytes.get_mut(self.len..self.len + count) {
            write_digits(n, place);
            self.len += count;
        }
    }

    /// Appends a number below 1000 without leading zeros.
    #[inline]
    pub(super) fn number(&mut self, n: u64) {
        for (unit, always) in [(100, false), (10, false), (1, true)] {
            if always || n >= unit {
                self.push(digit(n / unit));
            }
        }
    }

    /// Appends groups of four with a blank between them.
    #[inline]
    pub(super) fn groups(&mut self, bytes: &[u8]) {
        let (groups, rest) = bytes.as_chunks::<4>();
        for [a, b, c, d] in groups {
            if let Some(place) = self.bytes.get_mut(self.len..self.len + 5) {
                place.copy_from_slice(&[*a, *b, *c, *d, b' ']);
                self.len += 5;
            }
        }
        self.extend(rest);
        if rest.is_empty() {
            self.len = self.len.saturating_sub(1);
        }
    }

    /// Appends it to another one.
    #[inline]
    pub(super) fn append_into(&self, out: &mut Self) {
        out.extend(self.bytes.get(..self.len).unwrap_or_default());
    }

    /// Appends it in groups of so many bytes with a separator between them; what is left over joins the last group.
    pub(super) fn append_grouped(&self, groups: &[usize], separator: u8, out: &mut Self) {
        let mut rest = self.bytes.get(..self.len).unwrap_or_default();
        for (n, group) in groups.iter().enumerate() {
            let last = n + 1 == groups.len();
            let (now, later) = rest.split_at_checked(*group).filter(|_| !last).unwrap_or((rest, &[]));
            out.extend(now);
            rest = later;
            if !last {
                out.push(separator);
            }
        }
        out.extend(rest);
    }

    /// Returns what is there.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Makes capitals of what stands from a place on.
    pub(super) fn uppercase(&mut self, from: usize) {
        self.bytes.get_mut(from..self.len).unwrap_or_default().make_ascii_uppercase();
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn append_to(&self, out: &mut Vec<u8>) {
        append_first(&self.bytes, self.len, out);
    }
}

/// Appends the first bytes of an array: all of it, and what is too much is taken back, which is faster than so many.
#[inline]
pub(super) fn append_first<const N: usize>(bytes: &[u8; N], len: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(bytes);
    out.truncate(out.len() - N.saturating_sub(len));
}

/// Appends a character.
pub(super) fn push(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Returns whether two values are the same but for case, accents and everything that is no letter or digit. Coarser
/// than any canonical form, so that two spellings of one value always get one answer.
#[inline]
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    // Nearly always one of the first letters or digits differs, and nothing behind it can change that.
    for (a, b) in one.iter().zip(other) {
        match (plain(*a), plain(*b)) {
            (0, _) | (_, 0) => break,
            (a, b) if a != b => return false,
            _ => {}
        }
    }
    is_same_throughout(one, other)
}

/// Returns a letter as a capital, a digit as it is, 0 for everything else.
#[inline]
fn plain(byte: u8) -> u8 {
    #[expect(clippy::as_conversions, reason = "usize::from is not const; a byte always fits")]
    static PLAIN: [u8; 256] = {
        let (mut plain, mut byte) = ([0; 256], 0_u8);
        while byte < 128 {
            if byte.is_ascii_alphanumeric() {
                plain[byte as usize] = byte.to_ascii_uppercase();
            }
            byte += 1;
        }
        plain
    };
    PLAIN.get(usize::from(byte)).copied().unwrap_or(0)
}

#[cold]
fn is_same_throughout(one: &[u8], other: &[u8]) -> bool {
    if one.is_ascii() && other.is_ascii() {
        let bare = |b: &&u8| b.is_ascii_alphanumeric();
        return one
            .iter()
            .filter(bare)
            .map(u8::to_ascii_uppercase)
            .eq(other.iter().filter(bare).map(u8::to_ascii_uppercase));
    }
    match (std::str::from_utf8(one), std::str::from_utf8(other)) {
        (Ok(one), Ok(other)) => skeleton(one).eq(skeleton(other)),
        _ => one == other,
    }
}

fn skeleton(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|c| {
        // No canonical decomposition is longer than four characters (Unicode standard, annex 15).
        let (mut parts, mut n) = (['\0'; 4], 0);
        decompose_canonical(c, |part| {
            if let Some(place) = parts.get_mut(n) {
                *place = part;
                n += 1;
            }
        });
        parts
            .into_iter()
            .take(n)
            .filter(|part| part.is_alphanumeric() && !is_combining_mark(*part))
            .flat_map(char::to_lowercase)
            .flat_map(char::to_uppercase)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nasty_57_sameness_sees_through_case_accents_and_separators() {
        for (one, other) in [
            ("JANSEN", "Jansen"),
            ("de  Jong", "de Jong"),
            ("Zoë", "ZOE"),
            ("Zoe\u{308}", "Zoë"),
            ("1234AB", "1234 ab"),
            ("NL00 FAKE 01", "nl00fake01"),
        ] {
            assert!(is_same(one.as_bytes(), other.as_bytes()), "{one} {other}");
        }
        for (one, other) in [
            ("Jansen", "Janssen"),
            ("Zoë", "Zoen"),
            ("", "a"),
            ("de Jong", "de Jonge"),
            ("NL01", "NL-02"),
            ("a1", "b1"),
        ] {
            assert!(!is_same(one.as_bytes(), other.as_bytes()), "{one} {other}");
        }
        assert!(!is_same(b"\xff", b"a"));
    }

    #[test]
    fn groups_of_four() {
        for (bytes, grouped) in
            [("", ""), ("a", "a"), ("abcd", "abcd"), ("abcde", "abcd e"), ("12345678", "1234 5678")]
        {
            let (mut short, mut out) = (Short::new(), b"x".to_vec());
            short.groups(bytes.as_bytes());
            short.append_to(&mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("x{grouped}"));
        }
    }

    #[test]
    fn case_classes() {
        for (text, case) in [
            ("SANNE", Case::Upper),
            ("VAN DEN BERG-É", Case::Upper),
            ("sanne", Case::Lower),
            ("élise", Case::Lower),
            ("Sanne", Case::Natural),
            ("sAnne", Case::Natural),
            ("1 a É", Case::Natural),
            ("1 aé", Case::Lower),
            ("12 AB", Case::Upper),
            ("S", Case::Natural),
            ("12", Case::Natural),
            ("", Case::Natural),
        ] {
            assert_eq!(Case::of(text.as_bytes()), case, "{text}");
            assert_eq!(Case::is_lower(text.as_bytes()), case == Case::Lower, "{text}");
        }
        let mut out = Vec::new();
        Case::Upper.append("Zoë van 't Hof", &mut out);
        Case::Lower.append("Özdemir", &mut out);
        Case::Upper.append("Weiß", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "ZOË VAN 'T HOFözdemirWEIẞ");
        assert!(is_same("WEIẞ".as_bytes(), "Weiß".as_bytes()) && is_same(b"WEISS", "Weiß".as_bytes()));
    }
}
