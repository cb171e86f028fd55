//! Words and symbols of one complete statement, for looking at its head. Comments are skipped. Reads no escapes: a text
//! with a backslash or doubled quote is returned raw and compares equal to nothing. Not for splitting: see `splitter`.

/// One token of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An unquoted word as spelled.
    Word(&'a [u8]),
    /// A quoted identifier, without its quotes.
    Quoted(&'a [u8]),
    /// A plain string, without its quotes.
    Text(&'a [u8]),
    /// A number.
    Number,
    /// Anything else, one byte.
    Symbol(u8),
}

/// The tokens of a statement.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { rest: text }
    }

    /// Returns how many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Returns the next token if it is an unquoted word, in upper case; else the empty string.
    pub(super) fn word(&mut self) -> String {
        match self.next() {
            Some(Token::Word(w)) => String::from_utf8_lossy(w).to_ascii_uppercase(),
            _ => String::new(),
        }
    }

    /// Returns the next token if it is a word (in lower case), quoted name or text (as it is); else the empty string.
    pub(super) fn next_name(&mut self) -> String {
        match self.next() {
            Some(Token::Word(w)) => String::from_utf8_lossy(w).to_ascii_lowercase(),
            Some(Token::Quoted(t) | Token::Text(t)) => String::from_utf8_lossy(t).into_owned(),
            _ => String::new(),
        }
    }

    fn skip(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }

    /// Takes `n` bytes off the front.
    fn take(&mut self, n: usize) -> &'a [u8] {
        let taken = self.rest.get(..n).unwrap_or(self.rest);
        self.skip(n);
        taken
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.rest {
                [b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, ..] => self.skip(1),
                [b'-', b'-', ..] => self.skip(memchr::memchr(b'\n', self.rest).unwrap_or(self.rest.len())),
                [b'/', b'*', ..] => self.skip_block(),
                _ => return,
            }
        }
    }

    fn skip_block(&mut self) {
        let mut depth = 0_u32;
        while let [a, tail @ ..] = self.rest {
            match (a, tail.first()) {
                (b'/', Some(b'*')) => depth += 1,
                (b'*', Some(b'/')) => depth -= 1,
                _ => {
                    self.skip(1);
                    continue;
                }
            }
            self.skip(2);
            if depth == 0 {
                return;
            }
        }
    }

    fn between(&mut self, quote: u8) -> &'a [u8] {
        self.skip(1);
        let end = memchr::memchr(quote, self.rest).unwrap_or(self.rest.len());
        let inner = self.take(end);
        self.skip(1);
        inner
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blanks();
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || *b >= 0x80;
        match *self.rest.first()? {
            b'"' => Some(Token::Quoted(self.between(b'"'))),
            b'\'' => Some(Token::Text(self.between(b'\''))),
            c if c.is_ascii_digit() => {
                let len = self.rest.iter().position(|b| !is_word(b) && *b != b'.').unwrap_or(self.rest.len());
                self.skip(len);
                Some(Token::Number)
            }
            c if is_word(&c) => {
                let len = self.rest.iter().position(|b| !is_word(b)).unwrap_or(self.rest.len());
                Some(Token::Word(self.take(len)))
            }
            c => {
                self.skip(1);
                Some(Token::Symbol(c))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_without_comments() {
        let t: Vec<_> = Tokens::new(b"/* a /* b */ */ Create -- x\n \"A b\".c ('t', 12);").collect();
        let wanted = [
            Token::Word(b"Create"),
            Token::Quoted(b"A b"),
            Token::Symbol(b'.'),
            Token::Word(b"c"),
            Token::Symbol(b'('),
            Token::Text(b"t"),
            Token::Symbol(b','),
            Token::Number,
            Token::Symbol(b')'),
            Token::Symbol(b';'),
        ];
        // A token has no `Debug`: it may hold data.
        assert!(t == wanted);
    }
}
