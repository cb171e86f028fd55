//! LIKE and ILIKE with a constant pattern: compiled once, then matched on bytes. `_` is one character of UTF-8 (a byte
//! that begins none counts as one), `%` any number. ILIKE folds ASCII letters only, as PostgreSQL's C collation does.
//!
//! Source: PostgreSQL documentation, 9.7.1; `like_match.c`.

/// One part of a pattern between two `%`: literal bytes and `_`.
#[derive(Clone, PartialEq, Eq)]
enum Item {
    Byte(u8),
    AnyCharacter,
}

/// A compiled pattern. No `Debug`: it is text.
pub(super) struct Pattern {
    /// The parts between the `%` signs; one = no `%`.
    parts: Vec<Vec<Item>>,
    /// The literal bytes, where the pattern is `x`, `x%`, `%x` or `%x%`.
    plain: Option<(Shape, Vec<u8>)>,
    fold: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Equal,
    Prefix,
    Suffix,
    Within,
}

impl Pattern {
    /// Compiles a pattern; `None` where it ends in the escape character, which PostgreSQL refuses.
    pub(super) fn new(text: &str, escape: Option<char>, fold: bool) -> Option<Self> {
        let mut parts = vec![Vec::new()];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let part = parts.last_mut()?;
            if Some(c) == escape {
                push(chars.next()?, fold, part);
            } else if c == '_' {
                part.push(Item::AnyCharacter);
            } else if c == '%' {
                parts.push(Vec::new());
            } else {
                push(c, fold, part);
            }
        }
        let plain = plain(&parts);
        Some(Self { parts, plain, fold })
    }

    /// Says whether a text matches.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        if let Some((shape, bytes)) = &self.plain {
            return match shape {
                _ if self.fold => folded(*shape, text, bytes),
                Shape::Equal => text == bytes,
                Shape::Prefix => text.starts_with(bytes),
                Shape::Suffix => text.ends_with(bytes),
                Shape::Within => memchr::memmem::find(text, bytes).is_some(),
            };
        }
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some(mut text) = self.strip(first, text) else { return false };
        let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
        // The leftmost place of every part leaves most for those behind it.
        for part in middle {
            let Some(behind) = self.find(part, text) else { return false };
            text = behind;
        }
        self.ends(last, text)
    }

    /// Matches a part at the front and returns what is behind it.
    fn strip<'t>(&self, part: &[Item], mut text: &'t [u8]) -> Option<&'t [u8]> {
        for item in part {
            let (first, rest) = text.split_first()?;
            text = match item {
                Item::Byte(byte) if *byte == if self.fold { first.to_ascii_lowercase() } else { *first } => {
                    rest
                }
                Item::Byte(_) => return None,
                Item::AnyCharacter => text.get(width(text)..)?,
            };
        }
        Some(text)
    }

    /// Finds a part and returns what is behind its leftmost place.
    fn find<'t>(&self, part: &[Item], mut text: &'t [u8]) -> Option<&'t [u8]> {
        loop {
            if let Some(behind) = self.strip(part, text) {
                return Some(behind);
            }
            if text.is_empty() {
                return None;
            }
            text = text.get(width(text)..)?;
        }
    }

    /// Says whether a text ends with a part.
    fn ends(&self, part: &[Item], mut text: &[u8]) -> bool {
        loop {
            if self.strip(part, text).is_some_and(<[u8]>::is_empty) {
                return true;
            }
            match text.get(width(text)..) {
                Some(rest) if !text.is_empty() => text = rest,
                _ => return false,
            }
        }
    }
}

/// Matches without case.
fn folded(shape: Shape, text: &[u8], bytes: &[u8]) -> bool {
    let same = |part: Option<&[u8]>| part.is_some_and(|part| part.eq_ignore_ascii_case(bytes));
    match shape {
        Shape::Equal => same(Some(text)),
        Shape::Prefix => same(text.get(..bytes.len())),
        Shape::Suffix => same(text.len().checked_sub(bytes.len()).and_then(|at| text.get(at..))),
        Shape::Within => bytes.is_empty() || text.windows(bytes.len()).any(|part| same(Some(part))),
    }
}

fn push(c: char, fold: bool, part: &mut Vec<Item>) {
    let c = if fold { c.to_ascii_lowercase() } else { c };
    part.extend(c.encode_utf8(&mut [0; 4]).bytes().map(Item::Byte));
}

fn plain(parts: &[Vec<Item>]) -> Option<(Shape, Vec<u8>)> {
    let (shape, part) = match parts {
        [only] => (Shape::Equal, only),
        [part, end] if end.is_empty() => (Shape::Prefix, part),
        [start, part] if start.is_empty() => (Shape::Suffix, part),
        [start, part, end] if start.is_empty() && end.is_empty() => (Shape::Within, part),
        _ => return None,
    };
    let byte = |item: &Item| if let Item::Byte(byte) = item { Some(*byte) } else { None };
    Some((shape, part.iter().map(byte).collect::<Option<Vec<u8>>>()?))
}

/// Returns the bytes of the first character, at most what there is.
fn width(text: &[u8]) -> usize {
    let wanted = match text.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => 1,
    };
    let follow = text.iter().skip(1).take(wanted - 1).take_while(|b| (0x80..0xc0).contains(*b)).count();
    if follow + 1 == wanted { wanted } else { text.len().min(1) }
}

/// Returns the number of characters.
pub(super) fn characters(mut text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let mut count = 0;
    while let Some(rest) = text.get(width(text)..).filter(|_| !text.is_empty()) {
        count += 1;
        text = rest;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(text: &str, pattern: &str) -> bool {
        Pattern::new(pattern, Some('\\'), false).unwrap().matches(text.as_bytes())
    }

    #[test]
    fn patterns_match_as_the_manual_says() {
        for (text, pattern, wanted) in [
            ("abc", "abc", true),
            ("abc", "a%", true),
            ("abc", "_b_", true),
            ("abc", "c", false),
            ("", "", true),
            ("", "%", true),
            ("", "_", false),
            ("é", "_", true),
            ("aé", "__", true),
            ("aéb", "%é_", true),
            ("a%c", "a\\%c", true),
            ("abc", "a\\%c", false),
            ("a\\c", "a\\\\c", true),
            ("aXbXc", "a%b%c", true),
            ("aab", "%ab", true),
            ("abab", "%ab%ab", true),
            ("ab", "%ab%ab", false),
            ("mississippi", "m%iss%ip_i", true),
            ("mississippi", "%iss%iss%", true),
            ("mississippi", "%iss%iss%iss%", false),
        ] {
            assert_eq!(like(text, pattern), wanted, "{text} {pattern}");
        }
        assert!(Pattern::new("abc\\", Some('\\'), false).is_none());
        assert!(Pattern::new("a!%", Some('!'), false).unwrap().matches(b"a%"));
        assert!(Pattern::new("a\\", None, false).unwrap().matches(b"a\\"));
        assert!(Pattern::new("%ExAmple.ORG", Some('\\'), true).unwrap().matches(b"Mail@EXAMPLE.org"));
        assert!(!Pattern::new("É", Some('\\'), true).unwrap().matches("é".as_bytes()));
    }

    #[test]
    fn characters_are_counted() {
        assert_eq!(characters("aé€😀".as_bytes()), 4);
        assert_eq!(characters(b"a\xff\xc3"), 3);
    }
}
