//! CHECKs of databases that are not PostgreSQL, in PostgreSQL's words: columns, numbers, texts, comparisons, + - *, AND, OR, NOT,
//! IN, BETWEEN, IS NULL, LIKE, regular expressions, GLOB, and functions of texts. Anything else makes the CHECK one that
//! cannot be decided on.
//!
//! A row of which the result is true holds the CHECK too, also where texts compare without case: a pattern that a smaller or
//! larger letter could break is not taken. The other way round it need not be: whoever holds real rows to it asks
//! `Bound::is_common` first.

use crate::row::shape::Expression;

/// A piece of a CHECK.
#[derive(Clone)]
pub(super) enum Word<'a> {
    /// A column, as its definition spells it.
    Column(String),
    /// Any other word.
    Plain(&'a [u8]),
    /// A number.
    Number(&'a [u8]),
    /// A text, without its quotes and escapes.
    Text(Vec<u8>),
    /// One byte.
    Symbol(u8),
    /// A variable, anything else.
    Other,
}

/// What words of a database mean.
pub(super) struct Tongue<'a> {
    /// The functions that count characters, and bytes.
    pub(super) characters: &'a [&'a str],
    pub(super) bytes: &'a [&'a str],
    /// Whether `REGEXP` is there, and a backslash before a sign of LIKE takes its meaning: MySQL.
    pub(super) regexp: bool,
    /// Whether decimals are exact, so that sums and products of them are.
    pub(super) exact: &'a dyn Fn(&str) -> bool,
    /// What `typeof` says of every value of a column, where that is known: SQLite.
    pub(super) type_of: &'a dyn Fn(&str) -> Option<&'static str>,
}

/// Words that mean the same everywhere.
const SAME: &[&str] = &["AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "ESCAPE"];
/// Functions that do.
const FUNCTIONS: &[(&str, &str)] = &[
    ("LOWER", "lower"),
    ("LCASE", "lower"),
    ("UPPER", "upper"),
    ("UCASE", "upper"),
    ("TRIM", "trim"),
    ("LTRIM", "ltrim"),
    ("RTRIM", "rtrim"),
    ("COALESCE", "coalesce"),
    ("IFNULL", "coalesce"),
    ("ABS", "abs"),
    ("ROUND", "round"),
];

/// Makes an expression of a CHECK's pieces.
pub(super) fn expression<'a>(
    words: impl Iterator<Item = Word<'a>>,
    tongue: &Tongue<'_>,
) -> Option<Expression> {
    let words: Vec<Word<'a>> = words.collect();
    let calculates = words.iter().enumerate().any(|(at, word)| {
        // A minus before a number is its sign.
        let operand =
            |word: &Word<'_>| matches!(word, Word::Column(_) | Word::Number(_) | Word::Symbol(b')'));
        matches!(word, Word::Symbol(b'+' | b'-' | b'*')) && at > 0 && words.get(at - 1).is_some_and(operand)
    });
    let inexact = |word: &Word<'_>| matches!(word, Word::Column(name) if !(tongue.exact)(name));
    if calculates && words.iter().any(inexact) {
        return None;
    }
    let mut reading = Reading { words: &words, at: 0, sql: String::new(), tongue };
    while reading.at < words.len() {
        reading.word()?;
    }
    Some(Expression { sql: reading.sql, exact: false })
}

struct Reading<'r, 'a> {
    words: &'r [Word<'a>],
    at: usize,
    sql: String,
    tongue: &'r Tongue<'r>,
}

impl<'a> Reading<'_, 'a> {
    fn next(&mut self) -> Option<Word<'a>> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word
    }

    fn is(&self, ahead: usize, wanted: &[&str]) -> bool {
        match self.words.get(self.at + ahead) {
            Some(Word::Plain(word)) => wanted.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes())),
            _ => false,
        }
    }

    fn symbol(&mut self, wanted: u8) -> Option<()> {
        matches!(self.next(), Some(Word::Symbol(byte)) if byte == wanted).then_some(())
    }

    fn text(&mut self) -> Option<String> {
        // `_utf8mb4\'x\'` says how the text is encoded.
        if matches!(self.words.get(self.at), Some(Word::Plain([b'_', ..]))) {
            self.at += 1;
        }
        if let Some(Word::Text(text)) = self.next() { String::from_utf8(text).ok() } else { None }
    }

    fn push(&mut self, word: &str) {
        self.sql.push(' ');
        self.sql.push_str(word);
    }

    fn push_text(&mut self, text: &str) {
        self.sql.push_str(" '");
        self.sql.push_str(&text.replace('\'', "''"));
        self.sql.push('\'');
    }

    fn push_column(&mut self, name: &str) {
        self.sql.push_str(" \"");
        self.sql.push_str(&name.replace('"', "\"\""));
        self.sql.push('"');
    }

    /// Takes the next piece over.
    fn word(&mut self) -> Option<()> {
        let negated = self.is(0, &["NOT"]);
        let ahead = usize::from(negated);
        if self.is(ahead, &["LIKE"]) {
            self.at += ahead + 1;
            return self.like(negated);
        }
        if self.tongue.regexp && self.is(ahead, &["REGEXP", "RLIKE"]) {
            self.at += ahead + 1;
            let pattern = self.text()?;
            return self.regular(&pattern, negated);
        }
        if !self.tongue.regexp && self.is(ahead, &["GLOB"]) {
            self.at += ahead + 1;
            return self.glob(negated);
        }
        if self.is(0, &["TYPEOF"]) {
            self.at += 1;
            return self.type_of();
        }
        if self.tongue.regexp && self.is(0, &["REGEXP_LIKE"]) {
            self.at += 1;
            self.symbol(b'(')?;
            let Some(Word::Column(name)) = self.next() else { return None };
            self.push("(");
            self.push_column(&name);
            self.symbol(b',')?;
            let pattern = self.text()?;
            self.symbol(b')')?;
            self.regular(&pattern, false)?;
            self.push(")");
            return Some(());
        }
        if matches!(self.words.get(self.at), Some(Word::Plain([b'_', ..]) | Word::Text(_))) {
            let text = self.text()?;
            self.push_text(&text);
            return Some(());
        }
        match self.next()? {
            Word::Column(name) => self.push_column(&name),
            Word::Plain(word) => self.plain(word)?,
            Word::Number(digits) => self.push(std::str::from_utf8(digits).ok()?),
            Word::Symbol(byte) => self.sign(byte)?,
            Word::Text(_) | Word::Other => return None,
        }
        Some(())
    }

    fn plain(&mut self, word: &[u8]) -> Option<()> {
        let is = |known: &&str| word.eq_ignore_ascii_case(known.as_bytes());
        if let Some(known) = SAME.iter().copied().find(|known| is(known)) {
            self.push(known);
            return Some(());
        }
        if !matches!(self.words.get(self.at), Some(Word::Symbol(b'('))) {
            return None;
        }
        let known = FUNCTIONS.iter().find(|(name, _)| is(name)).map(|(_, name)| *name);
        let counts = |list: &[&str]| list.iter().any(&is);
        let name = match () {
            () if counts(self.tongue.characters) => "char_length",
            () if counts(self.tongue.bytes) => "octet_length",
            () => known?,
        };
        self.push(name);
        Some(())
    }

    /// Takes over a sign; comparisons of two bytes stay together, and SQLite's `==` is `=`.
    fn sign(&mut self, byte: u8) -> Option<()> {
        let second = match self.words.get(self.at) {
            Some(Word::Symbol(second)) => *second,
            _ => 0,
        };
        match (byte, second) {
            (b'<' | b'>' | b'!' | b'=', b'=') | (b'<', b'>') => {
                self.at += 1;
                // MySQL's `<=>` is no comparison that is known.
                if matches!(self.words.get(self.at), Some(Word::Symbol(b'>'))) {
                    return None;
                }
                let sign = match (byte, second) {
                    (b'<', b'=') => "<=",
                    (b'>', _) => ">=",
                    (b'=', _) => "=",
                    _ => "<>",
                };
                self.push(sign);
            }
            (b'(' | b')' | b',' | b'<' | b'>' | b'=' | b'-' | b'+' | b'*', _) => {
                self.sql.push(' ');
                self.sql.push(char::from(byte));
            }
            _ => return None,
        }
        Some(())
    }

    fn like(&mut self, negated: bool) -> Option<()> {
        let pattern = self.text()?;
        let escaped = self.is(0, &["ESCAPE"]);
        // Without an escape a backslash means itself to SQLite, and the next sign to the others.
        if pattern.contains('\\') && !escaped && !self.tongue.regexp {
            return None;
        }
        if negated && has_letters(&pattern) {
            return None;
        }
        self.push(if negated { "NOT LIKE" } else { "LIKE" });
        self.push_text(&pattern);
        Some(())
    }

    /// Takes over a regular expression, which is found anywhere in the text.
    fn regular(&mut self, pattern: &str, negated: bool) -> Option<()> {
        // What is no letter here may be one there, where case does not count: `[^a-z]` leaves out `A` too.
        let mut sets = pattern.split("[^").skip(1);
        let excludes = sets.any(|rest| has_letters(rest.split(']').next().unwrap_or_default()));
        let classes = ["\\W", "\\S", "\\P"].iter().any(|class| pattern.contains(class));
        if excludes || classes || negated && has_letters(pattern) {
            return None;
        }
        self.push(if negated { "!~" } else { "~" });
        self.push_text(pattern);
        Some(())
    }

    /// Takes over a GLOB, whose letters count as they are.
    fn glob(&mut self, negated: bool) -> Option<()> {
        let glob = self.text()?;
        // Not anything that is none of these: nothing but these.
        let only = glob.strip_prefix("*[^").and_then(|rest| rest.strip_suffix("]*"));
        if let Some(set) = only.filter(|set| negated && !set.contains([']', '['])) {
            self.push("~");
            let set = set.replace('\\', "\\\\");
            self.push_text(&format!("^[{set}]*$"));
            return Some(());
        }
        let mut pattern = String::from("^");
        let mut rest = glob.chars();
        while let Some(c) = rest.next() {
            match c {
                '*' => pattern.push_str(".*"),
                '?' => pattern.push('.'),
                '[' => {
                    pattern.push('[');
                    let mut count = 0;
                    loop {
                        let c = rest.next()?;
                        if c == ']' && count > 0 {
                            break;
                        }
                        if matches!(c, '[' | ']' | '\\') {
                            return None;
                        }
                        count += usize::from(c != '^' || count > 0);
                        pattern.push(c);
                    }
                    pattern.push(']');
                }
                c if c.is_ascii_punctuation() => {
                    pattern.push('\\');
                    pattern.push(c);
                }
                c => pattern.push(c),
            }
        }
        pattern.push('$');
        self.push(if negated { "!~" } else { "~" });
        self.push_text(&pattern);
        Some(())
    }

    /// Takes over `typeof(column) = 'integer'` where the column takes nothing else: then it asks for a value alone.
    fn type_of(&mut self) -> Option<()> {
        self.symbol(b'(')?;
        let Some(Word::Column(name)) = self.next() else { return None };
        self.symbol(b')')?;
        self.symbol(b'=')?;
        if matches!(self.words.get(self.at), Some(Word::Symbol(b'='))) {
            self.at += 1;
        }
        let wanted = self.text()?;
        let all = (self.tongue.type_of)(&name)?;
        self.push_column(&name);
        match wanted.as_str() {
            "null" => self.push("IS NULL"),
            wanted if wanted == all => self.push("IS NOT NULL"),
            _ => return None,
        }
        Some(())
    }
}

fn has_letters(text: &str) -> bool {
    text.chars().any(|c| c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tongue(regexp: bool, of: impl Fn(&Tongue<'_>) -> Option<String>) -> Option<String> {
        let (exact, type_of) = (|name: &str| name != "real", |name: &str| (name == "n").then_some("integer"));
        let (characters, bytes): (&[&str], &[&str]) =
            if regexp { (&["CHAR_LENGTH"], &["LENGTH"]) } else { (&["length"], &[]) };
        of(&Tongue { characters, bytes, regexp, exact: &exact, type_of: &type_of })
    }

    fn read_as(regexp: bool, words: &[Word<'static>]) -> Option<String> {
        tongue(regexp, |tongue| expression(words.iter().cloned(), tongue).map(|e| e.sql))
    }

    fn column() -> Word<'static> {
        Word::Column("a \"b\"".into())
    }

    fn text(text: &str) -> Word<'static> {
        Word::Text(text.as_bytes().to_vec())
    }

    #[test]
    fn words_that_mean_the_same_stay_and_others_do_not() {
        let read = |words: Vec<Word<'static>>| read_as(false, &words);
        let (one, equal) = (|| Word::Number(b"1"), || Word::Symbol(b'='));
        assert_eq!(
            read(vec![column(), Word::Symbol(b'<'), equal(), one()]).unwrap(),
            " \"a \"\"b\"\"\" <= 1"
        );
        assert_eq!(
            read(vec![column(), equal(), equal(), Word::Symbol(b'-'), one()]).unwrap(),
            " \"a \"\"b\"\"\" = - 1"
        );
        let counted = vec![Word::Plain(b"LENGTH"), Word::Symbol(b'('), column(), Word::Symbol(b')')];
        assert_eq!(read(counted.clone()).unwrap(), " char_length ( \"a \"\"b\"\"\" )");
        assert_eq!(read_as(true, &counted).unwrap(), " octet_length ( \"a \"\"b\"\"\" )");
        assert!(read(vec![column(), Word::Plain(b"and"), column()]).unwrap().contains(" AND "));
        let sum = |name: &str| vec![Word::Column(name.into()), Word::Symbol(b'+'), one(), equal(), one()];
        assert_eq!(read(sum("n")).unwrap(), " \"n\" + 1 = 1");
        assert!(read(sum("real")).is_none());
        for other in [Word::Other, Word::Plain(b"regexp"), Word::Symbol(b'/'), Word::Symbol(b'.')] {
            assert!(read(vec![column(), other, one()]).is_none());
        }
        let spaceship = [b'<', b'=', b'>'].map(Word::Symbol);
        assert!(read([&[column()], spaceship.as_slice(), &[one()]].concat()).is_none());
    }

    #[test]
    fn patterns_are_taken_where_case_cannot_break_them() {
        let name = || Word::Column("n".into());
        let ask = |mysql: bool, not: bool, how: &'static [u8], pattern: &str| {
            let mut words = vec![name()];
            words.extend(not.then_some(Word::Plain(b"NOT")));
            words.extend([Word::Plain(how), text(pattern)]);
            read_as(mysql, &words)
        };
        assert_eq!(ask(true, false, b"like", "%o'b%").unwrap(), " \"n\" LIKE '%o''b%'");
        assert_eq!(ask(true, true, b"like", "% %").unwrap(), " \"n\" NOT LIKE '% %'");
        assert!(ask(true, true, b"like", "x%").is_none());
        assert!(ask(false, false, b"like", "a\\%").is_none());
        assert_eq!(ask(true, false, b"regexp", "^[A-Z]{3}$").unwrap(), " \"n\" ~ '^[A-Z]{3}$'");
        assert!(ask(true, false, b"rlike", "^[^a-z]+$").is_none());
        assert_eq!(ask(true, true, b"regexp", "[^0-9]").unwrap(), " \"n\" !~ '[^0-9]'");
        assert!(ask(true, true, b"regexp", "[a-z]").is_none());
        assert_eq!(ask(false, false, b"glob", "A?-[0-9]*").unwrap(), " \"n\" ~ '^A.\\-[0-9].*$'");
        assert_eq!(ask(false, true, b"glob", "*[^0-9]*").unwrap(), " \"n\" ~ '^[0-9]*$'");
        assert!(ask(false, false, b"glob", "[a").is_none());
        let call = [Word::Plain(b"regexp_like"), Word::Symbol(b'('), name(), Word::Symbol(b',')];
        let rest = [Word::Plain(b"_utf8mb4"), text("^x"), Word::Symbol(b')')];
        assert_eq!(read_as(true, &[&call[..], &rest].concat()).unwrap(), " ( \"n\" ~ '^x' )");
    }

    #[test]
    fn a_type_that_a_column_has_always_asks_for_a_value() {
        let ask = |name: &str, ty: &str| {
            let start = [Word::Plain(b"typeof"), Word::Symbol(b'('), Word::Column(name.into())];
            let end = [Word::Symbol(b')'), Word::Symbol(b'='), text(ty)];
            read_as(false, &[&start[..], &end].concat())
        };
        assert_eq!(ask("n", "integer").unwrap(), " \"n\" IS NOT NULL");
        assert_eq!(ask("n", "null").unwrap(), " \"n\" IS NULL");
        assert!(ask("n", "text").is_none() && ask("m", "integer").is_none());
    }
}
