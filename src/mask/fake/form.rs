//! The form of a value: the case class and separators that a stand-in takes over, and the loose comparison of a
//! stand-in with its original. Looks at no other property of a value and keeps nothing.

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
    pub(super) fn of(field: &[u8]) -> Self {
        // The usual name: one capital, then a small letter.
        if let [b'A'..=b'Z', b'a'..=b'z', ..] = field {
            return Self::Natural;
        }
        let (mut upper, mut lower) = (0_u32, 0_u32);
        if field.is_ascii() {
            for b in field {
                upper += u32::from(b.is_ascii_uppercase());
                lower += u32::from(b.is_ascii_lowercase());
            }
        } else {
            for c in field.utf8_chunks().flat_map(|chunk| chunk.valid().chars()) {
                upper += u32::from(c.is_uppercase());
                lower += u32::from(c.is_lowercase());
            }
        }
        match (upper, lower) {
            (2.., 0) => Self::Upper,
            (0, 1..) => Self::Lower,
            _ => Self::Natural,
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
                text.chars().flat_map(char::to_uppercase).for_each(|c| push(c, out));
            }
            Self::Lower => {
                out.truncate(start);
                text.chars().flat_map(char::to_lowercase).for_each(|c| push(c, out));
            }
        }
    }
}

/// Appends a character.
pub(super) fn push(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Returns whether two values are the same but for case, accents and everything that is no letter or digit. Coarser
/// than any canonical form, so that two spellings of one value always get one answer.
#[inline]
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    // Nearly always the first letters differ, and nothing behind them can change that.
    if let (Some(a), Some(b)) = (one.first(), other.first())
        && a.is_ascii_alphanumeric()
        && b.is_ascii_alphanumeric()
        && !a.eq_ignore_ascii_case(b)
    {
        return false;
    }
    is_same_throughout(one, other)
}

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
        for (one, other) in [("Jansen", "Janssen"), ("Zoë", "Zoen"), ("", "a"), ("de Jong", "de Jonge")] {
            assert!(!is_same(one.as_bytes(), other.as_bytes()), "{one} {other}");
        }
        assert!(!is_same(b"\xff", b"a"));
    }

    #[test]
    fn case_classes() {
        for (text, case) in [
            ("SANNE", Case::Upper),
            ("VAN DEN BERG-É", Case::Upper),
            ("sanne", Case::Lower),
            ("élise", Case::Lower),
            ("Sanne", Case::Natural),
            ("S", Case::Natural),
            ("12", Case::Natural),
            ("", Case::Natural),
        ] {
            assert_eq!(Case::of(text.as_bytes()), case, "{text}");
        }
        let mut out = Vec::new();
        Case::Upper.append("Zoë van 't Hof", &mut out);
        Case::Lower.append("Özdemir", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "ZOË VAN 'T HOFözdemir");
    }
}
