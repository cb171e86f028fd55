//! Where words stand: sqlparser counts lines and characters, carets need bytes of the text.

use std::ops::Range;

use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan};

/// The bytes at which characters and lines of a text begin.
pub(super) struct Places {
    characters: Vec<usize>,
    /// Indexes into `characters`.
    lines: Vec<usize>,
    end: usize,
    /// The bytes at which brackets stand, and whether they open.
    brackets: Vec<(usize, bool)>,
}

impl Places {
    pub(super) fn new(text: &str) -> Self {
        let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let breaks = text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(index, _)| index + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Self { characters, lines, end: text.len(), brackets: Vec::new() }
    }

    /// Notes where brackets stand.
    pub(super) fn brackets(&mut self, tokens: &[TokenWithSpan]) {
        let found = tokens.iter().filter_map(|token| {
            let opens = match token.token {
                Token::LParen | Token::LBracket => true,
                Token::RParen | Token::RBracket => false,
                _ => return None,
            };
            Some((self.byte(token.span.start), opens))
        });
        self.brackets = found.collect();
    }

    /// Returns a range with the brackets that it cuts through; of a call also with those behind its name.
    pub(super) fn whole(&self, at: Range<usize>, call: bool) -> Range<usize> {
        let from = self.brackets.partition_point(|(byte, _)| *byte < at.start);
        let to = self.brackets.partition_point(|(byte, _)| *byte < at.end);
        let inside = self.brackets.get(from..to).unwrap_or_default();
        let (mut depth, mut lowest) = (0_i64, 0_i64);
        for (_, opens) in inside {
            depth += if *opens { 1 } else { -1 };
            lowest = lowest.min(depth);
        }
        // Brackets that close here and opened before it, then those that open here and close behind it.
        let before = self.brackets.get(..from).unwrap_or_default().iter().rev();
        let start = nth_of(before.map(|(byte, opens)| (*byte, *opens)), -lowest).unwrap_or(at.start);
        let open = depth - lowest + i64::from(call && !inside.iter().any(|(_, opens)| *opens));
        let behind = self.brackets.get(to..).unwrap_or_default().iter();
        let skip = usize::from(call && inside.is_empty());
        let end = nth_of(behind.skip(skip).map(|(byte, opens)| (*byte, !*opens)), open).map(|byte| byte + 1);
        start..end.unwrap_or(at.end)
    }

    /// Returns the byte of a location; the end of the text where it has none.
    pub(super) fn byte(&self, location: Location) -> usize {
        let index = |number: u64| usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        let character = (|| self.lines.get(index(location.line)?)?.checked_add(index(location.column)?))();
        character.and_then(|character| self.characters.get(character)).copied().unwrap_or(self.end)
    }

    /// Returns the bytes of a span; nothing where it is empty.
    pub(super) fn range(&self, span: Span) -> Option<Range<usize>> {
        if span.start.line == 0 {
            return None;
        }
        let (start, end) = (self.byte(span.start), self.byte(span.end));
        Some(start..end.max(start))
    }
}

/// Returns where so many brackets have their other half; each is a place and whether it is the other half of one.
fn nth_of(brackets: impl Iterator<Item = (usize, bool)>, wanted: i64) -> Option<usize> {
    let mut open = wanted;
    for (byte, matches) in brackets {
        if open <= 0 {
            return None;
        }
        open += if matches { -1 } else { 1 };
        if open == 0 {
            return Some(byte);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use sqlparser::dialect::PostgreSqlDialect;
    use sqlparser::tokenizer::Tokenizer;

    use super::*;

    #[test]
    fn characters_become_bytes() {
        let places = Places::new("é = 'ü'\n  AND b");
        let byte = |line, column| places.byte(Location { line, column });
        assert_eq!([byte(1, 1), byte(1, 3), byte(2, 1), byte(2, 7), byte(2, 8)], [0, 3, 10, 16, 17]);
        assert_eq!(byte(9, 9), 17);
    }

    #[test]
    fn brackets_are_marked_with_what_they_hold() {
        let text = "(a) AND f(b, now()) = g";
        let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location().unwrap();
        let mut places = Places::new(text);
        places.brackets(&tokens);
        for (from, to, call, wanted) in [
            (1, 2, false, "a"),
            (1, 7, false, "(a) AND"),
            (8, 9, true, "f(b, now())"),
            (8, 11, true, "f(b, now())"),
            (13, 16, true, "now()"),
            (8, 16, true, "f(b, now())"),
            (1, 16, false, "(a) AND f(b, now())"),
            (22, 23, false, "g"),
        ] {
            assert_eq!(&text[places.whole(from..to, call)], wanted, "{from} {to}");
        }
    }
}
