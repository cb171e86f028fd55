//! Reads the first words and names of a statement without parsing all of it: which statements carry facts, and what
//! a `COPY … FROM stdin` names. Refuses any COPY that is not of the form that pg_dump prints.

use crate::error::{Error, Result};
use crate::row::shape::TableName;

/// Words of a statement from its start. Knows blanks, comments, plain and quoted identifiers; nothing else.
pub(super) struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    /// Starts at the first byte.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Skips blanks, `--` comments and nested `/* */` comments. `false` if a comment does not end.
    fn skip(&mut self) -> bool {
        loop {
            // Other white space of Unicode is part of a name to PostgreSQL.
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
            if let Some(comment) = self.rest.strip_prefix("--") {
                self.rest = comment.find('\n').and_then(|at| comment.get(at..)).unwrap_or_default();
            } else if self.rest.starts_with("/*") {
                let Some(rest) = after_comment(self.rest) else { return false };
                self.rest = rest;
            } else {
                return true;
            }
        }
    }

    /// Returns the next unquoted word and steps over it; `None` if something else stands there.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        if !self.skip() || !self.rest.starts_with(is_word_start) {
            return None;
        }
        let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(word)
    }

    /// Steps over the next word if it is this one, whatever its case.
    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        let mut ahead = Scan { rest: self.rest };
        let found = ahead.word().is_some_and(|w| w.eq_ignore_ascii_case(keyword));
        if found {
            self.rest = ahead.rest;
        }
        found
    }

    /// Steps over a character.
    fn symbol(&mut self, symbol: char) -> bool {
        if !self.skip() {
            return false;
        }
        let after = self.rest.strip_prefix(symbol);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Reads an identifier: unquoted ones fold to lower case, `""` in quoted ones stands for one quote.
    fn identifier(&mut self) -> Option<String> {
        if !self.skip() {
            return None;
        }
        let Some(mut inner) = self.rest.strip_prefix('"') else {
            let word = self.word()?;
            // U&"…" and other prefixed quotes are not what pg_dump prints.
            return (!self.rest.starts_with(['"', '\''])).then(|| word.to_ascii_lowercase());
        };
        let mut name = String::new();
        loop {
            let (part, rest) = inner.split_at_checked(inner.find('"')?)?;
            name.push_str(part);
            let rest = rest.strip_prefix('"')?;
            match rest.strip_prefix('"') {
                Some(more) => {
                    name.push('"');
                    inner = more;
                }
                None => {
                    self.rest = rest;
                    return (!name.is_empty()).then_some(name);
                }
            }
        }
    }

    /// Returns the next token: a word, a literal or quoted name with its quotes (to the end of the text if it does
    /// not end), or one character. `None` at the end.
    pub(super) fn token(&mut self) -> Option<&'a str> {
        if !self.skip() {
            return None;
        }
        let text = self.rest;
        let first = text.chars().next()?;
        let length = match first {
            '\'' | '"' => quoted(text, first, false),
            '$' => dollar_quoted(text),
            'e' | 'E' if text.get(1..2) == Some("'") => quoted(text, '\'', true),
            c if is_word_start(c) => text.find(|c| !is_word(c)),
            c => Some(c.len_utf8()),
        };
        let (token, rest) = text.split_at_checked(length.unwrap_or(text.len()))?;
        self.rest = rest;
        Some(token)
    }

    /// Returns how many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Reads `name` or `schema.name`.
    pub(super) fn name(&mut self) -> Option<TableName> {
        let first = self.identifier()?;
        if !self.symbol('.') {
            return Some(TableName::new(None, &first));
        }
        let second = self.identifier()?;
        (!self.symbol('.')).then(|| TableName::new(Some(&first), &second))
    }

    /// Reads `(a, b, …)`, at least one.
    fn columns(&mut self) -> Option<Vec<String>> {
        if !self.symbol('(') {
            return None;
        }
        let mut columns = Vec::new();
        loop {
            columns.push(self.identifier()?);
            if self.symbol(')') {
                return Some(columns);
            }
            if !self.symbol(',') {
                return None;
            }
        }
    }
}

/// Returns the length of what stands between two quotes, quotes included; `''` and, if `escapes`, `\x` do not end it.
fn quoted(text: &str, quote: char, escapes: bool) -> Option<usize> {
    let open = text.find(quote)? + 1;
    let mut chars = text.get(open..)?.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if escapes && c == '\\' {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Some(open + at + 1);
        }
    }
    None
}

/// Returns the length of a dollar-quoted literal, or of the lone `$`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = text.get(1..).and_then(|t| t.find('$').and_then(|end| text.get(..end + 2)));
    let tag = tag.filter(|t| t.trim_matches('$').chars().all(|c| is_word(c) && c != '$'));
    let Some(tag) = tag else { return Some(1) };
    let close = text.get(tag.len()..)?.find(tag)?;
    Some(tag.len() * 2 + close)
}

fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn is_word(c: char) -> bool {
    is_word_start(c) || c.is_ascii_digit() || c == '$'
}

/// Returns what follows a `/* */` comment, nested ones included.
fn after_comment(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut rest = text;
    loop {
        if let Some(inner) = rest.strip_prefix("/*") {
            depth += 1;
            rest = inner;
        } else if let Some(outer) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = outer;
            if depth == 0 {
                return Some(rest);
            }
        } else {
            let mut chars = rest.chars();
            chars.next()?;
            rest = chars.as_str();
        }
    }
}

/// What a statement is about, as far as its first words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// It defines or changes a table, type, domain or unique index: it must be read whole.
    Facts,
    /// It creates a materialized view: its name counts, since indexes name it.
    MaterializedView,
    /// It says nothing of what rows look like.
    Other,
}

/// Classifies a statement by its first words. Statements of no interest cost a few comparisons.
pub(super) fn head(scan: &mut Scan<'_>) -> Head {
    if scan.keyword("ALTER") {
        let facts = scan.keyword("TABLE")
            || scan.keyword("TYPE")
            || scan.keyword("DOMAIN")
            || (scan.keyword("FOREIGN") && scan.keyword("TABLE"));
        return if facts { Head::Facts } else { Head::Other };
    }
    if !scan.keyword("CREATE") {
        return Head::Other;
    }
    if scan.keyword("MATERIALIZED") {
        return Head::MaterializedView;
    }
    for modifier in ["GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "FOREIGN"] {
        scan.keyword(modifier);
    }
    let facts = scan.keyword("TABLE")
        || scan.keyword("TYPE")
        || scan.keyword("DOMAIN")
        || scan.keyword("SCHEMA")
        || (scan.keyword("UNIQUE") && scan.keyword("INDEX"));
    if facts { Head::Facts } else { Head::Other }
}

/// What a COPY statement announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyHead {
    /// The table.
    pub table: TableName,
    /// The columns in the order of the data; `None` = all that are not generated.
    pub columns: Option<Vec<String>>,
}

/// Reads `COPY [schema.]table [(columns)] FROM stdin;`, the one form that pg_dump prints.
///
/// # Errors
/// `ErrorKind::Input` for anything else: options, a program, a file, a query. Names nothing of the text.
pub fn parse_copy(statement: &str) -> Result<CopyHead> {
    let mut scan = Scan::new(statement);
    read_copy(&mut scan).ok_or_else(|| {
        Error::input("expected `COPY table (columns) FROM stdin;`, found another form of COPY")
            .hint("make the dump with pg_dump; options, files and programs in COPY are refused")
    })
}

fn read_copy(scan: &mut Scan<'_>) -> Option<CopyHead> {
    if !scan.keyword("COPY") {
        return None;
    }
    // Words of COPY's own grammar are no names unless quoted: as PostgreSQL, do not guess.
    let mut ahead = Scan { rest: scan.rest };
    if ["ONLY", "BINARY", "FROM", "TO"].iter().any(|w| ahead.keyword(w)) {
        return None;
    }
    let table = scan.name()?;
    scan.skip();
    let columns = if scan.rest.starts_with('(') { Some(scan.columns()?) } else { None };
    let tail = scan.keyword("FROM") && scan.keyword("STDIN") && scan.symbol(';');
    (tail && scan.rest.trim().is_empty()).then_some(CopyHead { table, columns })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head_of(text: &str) -> Head {
        head(&mut Scan::new(text))
    }

    #[test]
    fn heads() {
        for text in [
            "CREATE TABLE t ()",
            "-- a\n/* b /* c */ */ create unlogged\ntable t ()",
            "CREATE GLOBAL TEMPORARY TABLE t ()",
            "CREATE/**/FOREIGN TABLE t ()",
            "CREATE UNIQUE INDEX i",
            "ALTER FOREIGN TABLE t",
            "ALTER TYPE t",
            "CREATE SCHEMA s",
        ] {
            assert_eq!(head_of(text), Head::Facts, "{text}");
        }
        for text in [
            "CREATE INDEX i",
            "CREATE FUNCTION f() AS $$CREATE TABLE t$$",
            "CREATE TABLESPACE t",
            "CREATE \"TABLE\" x",
            "ALTER FOREIGN DATA WRAPPER w",
            "/* CREATE TABLE",
            "",
        ] {
            assert_eq!(head_of(text), Head::Other, "{text}");
        }
        assert_eq!(head_of("CREATE MATERIALIZED VIEW v"), Head::MaterializedView);
    }

    #[test]
    fn copy_of_pg_dump() {
        let read = |text| parse_copy(text).map(|c| (c.table.to_string(), c.columns));
        let ab = Some(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(read("COPY public.t (a, b) FROM stdin;").unwrap(), ("public.t".into(), ab.clone()));
        assert_eq!(read("copy T(A,\n B)from STDIN ;\n").unwrap(), ("t".into(), ab));
        assert_eq!(read("COPY public.t  FROM stdin;").unwrap(), ("public.t".into(), None));
    }

    #[test]
    fn nasty_48_copy_names_with_quotes_spaces_dots_unicode_reserved_words() {
        let long = "x".repeat(63);
        let text =
            format!("COPY \"My \"\"S\"\"\".\"from (stdin).;é\" (\"select\", \" a.b\", {long}) FROM stdin;");
        let copy = parse_copy(&text).unwrap();
        assert_eq!(copy.table, TableName::new(Some("My \"S\""), "from (stdin).;é"));
        assert_eq!(copy.columns.unwrap(), ["select", " a.b", &long]);
        // Unquoted names fold, quoted ones do not.
        let copy = parse_copy("COPY Public.Users (ID, \"Id\") FROM stdin;").unwrap();
        assert_eq!(copy.table, TableName::new(Some("public"), "users"));
        assert_eq!(copy.columns.unwrap(), ["id", "Id"]);
    }

    #[test]
    fn other_forms_of_copy_are_refused() {
        for text in [
            "COPY public.t (a) FROM stdin WITH CSV;",
            "COPY public.t (a) FROM stdin (FORMAT csv);",
            "COPY public.t (a) FROM PROGRAM 'cat';",
            "COPY public.t (a) FROM '/tmp/x';",
            "COPY public.t (a) TO stdout;",
            "COPY (SELECT 1) TO stdout;",
            "COPY BINARY public.t FROM stdin;",
            "COPY ONLY public.t FROM stdin;",
            "COPY public.t () FROM stdin;",
            "COPY public.t (a,) FROM stdin;",
            "COPY public.t (a) FROM stdin",
            "COPY public.t (a) FROM stdin; SELECT 1;",
            "COPY a.b.c (a) FROM stdin;",
            "COPY U&\"t\" (a) FROM stdin;",
            "COPY public.\"t (a) FROM stdin;",
            "COPY public.\"\" (a) FROM stdin;",
            "COPY public.t (a) WHERE a FROM stdin;",
            "COPY public.t \u{a0}(a) FROM stdin;",
            "COPY",
            "",
        ] {
            let error = parse_copy(text).unwrap_err();
            assert_eq!(error.kind(), crate::error::ErrorKind::Input, "{text}");
        }
    }
}
