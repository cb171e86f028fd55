//! Where words stand: sqlparser counts lines and characters, carets need bytes of the text.

use std::ops::Range;

use sqlparser::tokenizer::{Location, Span};

/// The bytes at which characters and lines of a text begin.
pub(super) struct Places {
    characters: Vec<usize>,
    /// Indexes into `characters`.
    lines: Vec<usize>,
    end: usize,
}

impl Places {
    pub(super) fn new(text: &str) -> Self {
        let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let breaks = text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(index, _)| index + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Self { characters, lines, end: text.len() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_bytes() {
        let places = Places::new("é = 'ü'\n  AND b");
        let byte = |line, column| places.byte(Location { line, column });
        assert_eq!([byte(1, 1), byte(1, 3), byte(2, 1), byte(2, 7), byte(2, 8)], [0, 3, 10, 16, 17]);
        assert_eq!(byte(9, 9), 17);
    }
}
