//! Folded text: small letters without accents, so that `Müller`, `MÜLLER` and a decomposed `Müller` are one word, and the
//! hash of it. Characters that cannot be seen (soft hyphen, zero width) count for nothing. Refuses to know languages.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// A hash in the making: FNV-1a of 64 bits over the folded bytes.
#[derive(Clone, Copy)]
pub(crate) struct Folded(u64);

impl std::fmt::Debug for Folded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Folded(***)")
    }
}

impl Folded {
    /// Returns the hash of nothing.
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds one folded byte.
    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }

    /// Adds a character.
    pub(crate) fn push_char(&mut self, c: char) {
        each(c, &mut |byte| self.push(byte));
    }

    /// Adds a word.
    #[inline]
    pub(crate) fn push_str(&mut self, word: &str) {
        if word.is_ascii() {
            word.bytes().for_each(|byte| self.push(byte.to_ascii_lowercase()));
        } else {
            word.chars().for_each(|c| self.push_char(c));
        }
    }

    /// Returns the hash.
    #[inline]
    pub(crate) const fn hash(self) -> u64 {
        self.0
    }
}

/// Returns the hash of a word.
pub(crate) fn hash(word: &str) -> u64 {
    let mut folded = Folded::new();
    folded.push_str(word);
    folded.hash()
}

/// Appends the folded form.
pub(crate) fn append(word: &str, out: &mut Vec<u8>) {
    word.chars().for_each(|c| each(c, &mut |byte| out.push(byte)));
}

/// Returns whether a character belongs to a word: letters, digits, marks on letters, and what cannot be seen.
pub(super) fn in_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        c.is_alphanumeric() || is_combining_mark(c) || unseen(c)
    }
}

fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Gives the folded bytes of a character one by one.
fn each(c: char, to: &mut impl FnMut(u8)) {
    if c.is_ascii() {
        c.to_ascii_lowercase().encode_utf8(&mut [0; 4]).bytes().for_each(to);
        return;
    }
    if unseen(c) {
        return;
    }
    let plain = match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        'ĳ' | 'Ĳ' => "ij",
        _ => "",
    };
    if !plain.is_empty() {
        plain.bytes().for_each(to);
        return;
    }
    let mut utf8 = [0; 4];
    decompose_canonical(c, |part| {
        if !is_combining_mark(part) {
            for small in part.to_lowercase() {
                small.encode_utf8(&mut utf8).bytes().for_each(&mut *to);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word() {
        for spelling in ["Müller", "MÜLLER", "mu\u{308}ller", "Mül\u{ad}ler", "M\u{200b}uller"] {
            assert_eq!(hash(spelling), hash("muller"), "{spelling}");
        }
        assert_eq!(hash("Weiß"), hash("weiss"));
        assert_eq!(hash("Ĳsbrand"), hash("IJsbrand"));
        assert_ne!(hash("Muller"), hash("Mueller"));
        let mut out = Vec::new();
        append("ÉLÉONORE", &mut out);
        assert_eq!(out, b"eleonore");
    }
}
