//! Words, literals and symbols of one complete statement, as SQLite's tokenizer reads them (`tokenize.c`). Comments are
//! skipped. For heads and definitions; not for splitting (see `splitter`) and not for rows.

use std::borrow::Cow;

/// One token. Texts are raw: `name` and `value` take doubled quotes off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An unquoted word as spelled: keyword or name.
    Word(&'a [u8]),
    /// A name in `"…"`, `[…]` or backticks, with its quotes.
    Quoted(&'a [u8]),
    /// A text in `'…'`, with its quotes.
    Text(&'a [u8]),
    /// `X'…'`, whole.
    Blob,
    /// A number without its sign.
    Number(&'a [u8]),
    /// Anything else, one byte.
    Symbol(u8),
}

impl<'a> Token<'a> {
    /// Says whether it is this keyword (given in upper case).
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword.as_bytes()))
    }

    /// Returns what it means as a name: SQLite takes words, all quoted names, and texts where only a name can stand.
    pub(super) fn name(&self) -> Option<String> {
        let bytes = match *self {
            Self::Word(word) => Cow::Borrowed(word),
            Self::Quoted(raw) | Self::Text(raw) => unquote(raw)?,
            Self::Blob | Self::Number(_) | Self::Symbol(_) => return None,
        };
        String::from_utf8(bytes.into_owned()).ok().filter(|name| !name.is_empty())
    }

    /// Returns the value of a text.
    pub(super) fn value(&self) -> Option<Cow<'a, [u8]>> {
        match *self {
            Self::Text(raw) => unquote(raw),
            _ => None,
        }
    }
}

/// Takes the quotes off, and the doubling of those inside.
fn unquote(raw: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (quote, inner) = raw.split_first()?;
    let (_, inner) = inner.split_last()?;
    if *quote == b'[' || !inner.contains(quote) {
        return Some(Cow::Borrowed(inner));
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner.iter();
    while let Some(byte) = rest.next() {
        out.push(*byte);
        if byte == quote {
            rest.next();
        }
    }
    Some(Cow::Owned(out))
}

/// Says whether a byte can stand in a word.
pub(super) fn in_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || b >= 0x80
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

    /// Returns the next token without taking it.
    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.clone().next()
    }

    /// Takes the next token if it is this keyword.
    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        self.take_if(|t| t.is(keyword))
    }

    /// Takes the next tokens if they are these keywords, all or none.
    pub(super) fn keywords(&mut self, keywords: &[&str]) -> bool {
        let mut ahead = self.clone();
        let all = keywords.iter().all(|k| ahead.keyword(k));
        if all {
            *self = ahead;
        }
        all
    }

    /// Takes the next token if it is this symbol.
    pub(super) fn symbol(&mut self, symbol: u8) -> bool {
        self.take_if(|t| *t == Token::Symbol(symbol))
    }

    fn take_if(&mut self, wanted: impl Fn(&Token<'a>) -> bool) -> bool {
        let mut ahead = self.clone();
        let found = ahead.next().is_some_and(|t| wanted(&t));
        if found {
            *self = ahead;
        }
        found
    }

    /// Takes the next token as a name.
    pub(super) fn name(&mut self) -> Option<String> {
        self.next()?.name()
    }

    /// Takes a bracketed expression, its opening bracket taken already, and returns the tokens inside.
    pub(super) fn brackets(&mut self) -> Option<Vec<Token<'a>>> {
        let (mut depth, mut inside) = (1_u32, Vec::new());
        for token in self.by_ref() {
            match token {
                Token::Symbol(b'(') => depth += 1,
                Token::Symbol(b')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(inside);
            }
            inside.push(token);
        }
        None
    }

    /// Says whether nothing but the closing `;` is left.
    pub(super) fn is_over(&self) -> bool {
        let mut rest = self.clone();
        rest.symbol(b';') && rest.next().is_none()
    }

    fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(n).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn skip_blanks(&mut self) {
        loop {
            let skip = match self.rest {
                [b' ' | b'\t' | b'\n' | b'\r' | 0x0c, ..] => 1,
                [b'-', b'-', ..] => memchr::memchr(b'\n', self.rest).unwrap_or(self.rest.len()),
                [b'/', b'*', inner @ ..] => {
                    memchr::memmem::find(inner, b"*/").map_or(self.rest.len(), |i| i + 4)
                }
                _ => return,
            };
            self.take(skip);
        }
    }

    /// Takes a quoted token: up to its closing quote, doubled ones passed over.
    fn quoted(&mut self, close: u8) -> &'a [u8] {
        let mut at = 1;
        loop {
            let Some(found) = self.rest.get(at..).and_then(|rest| memchr::memchr(close, rest)) else {
                return self.take(self.rest.len());
            };
            at += found + 1;
            if close == b']' || self.rest.get(at) != Some(&close) {
                return self.take(at);
            }
            at += 1;
        }
    }

    fn run(&mut self, inside: impl Fn(u8) -> bool) -> &'a [u8] {
        let len = self.rest.iter().position(|b| !inside(*b)).unwrap_or(self.rest.len());
        self.take(len)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blanks();
        let next = self.rest.get(1).copied().unwrap_or(0);
        match *self.rest.first()? {
            b'\'' => Some(Token::Text(self.quoted(b'\''))),
            quote @ (b'"' | b'`') => Some(Token::Quoted(self.quoted(quote))),
            b'[' => Some(Token::Quoted(self.quoted(b']'))),
            b'x' | b'X' if next == b'\'' => {
                self.take(1);
                self.quoted(b'\'');
                Some(Token::Blob)
            }
            c if c.is_ascii_digit() || (c == b'.' && next.is_ascii_digit()) => {
                let sign = |at: usize, text: &[u8]| {
                    matches!(text.get(at), Some(b'+' | b'-'))
                        && at > 0
                        && matches!(text.get(at - 1), Some(b'e' | b'E'))
                };
                let len = (0..self.rest.len())
                    .find(|at| {
                        let b = self.rest.get(*at).copied().unwrap_or(0);
                        !(in_word(b) || b == b'.' || sign(*at, self.rest))
                    })
                    .unwrap_or(self.rest.len());
                Some(Token::Number(self.take(len)))
            }
            c if in_word(c) => Some(Token::Word(self.run(in_word))),
            c => {
                self.take(1);
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
        let text = b"/* a */ Create -- x\n\"A \"\"b\".[c d] `e``f` ('t''u', 1.5e+3, -2, x'00', .5);";
        let t: Vec<_> = Tokens::new(text).collect();
        let wanted = [
            Token::Word(b"Create"),
            Token::Quoted(b"\"A \"\"b\""),
            Token::Symbol(b'.'),
            Token::Quoted(b"[c d]"),
            Token::Quoted(b"`e``f`"),
            Token::Symbol(b'('),
            Token::Text(b"'t''u'"),
            Token::Symbol(b','),
            Token::Number(b"1.5e+3"),
            Token::Symbol(b','),
            Token::Symbol(b'-'),
            Token::Number(b"2"),
            Token::Symbol(b','),
            Token::Blob,
            Token::Symbol(b','),
            Token::Number(b".5"),
            Token::Symbol(b')'),
            Token::Symbol(b';'),
        ];
        // A token has no `Debug`: it may hold data.
        assert!(t == wanted);
        let names: Vec<_> = t.iter().filter_map(Token::name).collect();
        assert_eq!(names, ["Create", "A \"b", "c d", "e`f", "t'u"]);
    }

    #[test]
    fn brackets_nest_and_end() {
        let mut tokens = Tokens::new(b"(a, (b)) c;");
        assert!(tokens.symbol(b'('));
        assert_eq!(tokens.brackets().map(|t| t.len()), Some(5));
        assert!(tokens.keyword("C") && tokens.is_over());
        assert!(Tokens::new(b"a (").brackets().is_none());
    }
}
