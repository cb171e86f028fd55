//! One step into a JSON text: the member of a key, the element of an index, as the range of its text. The whole text is
//! read on to its end, so that half a document is never taken for one. No tree, no allocation.
//!
//! Source: RFC 8259; PostgreSQL documentation, 9.16 (`->`, `->>`): the last of equal keys counts, what is missing is NULL.

use std::ops::Range;

/// Most levels of objects and arrays inside a member; PostgreSQL's own limit is that of its stack.
const MAX_DEPTH: usize = 1_024;

/// A step.
pub(super) enum Step {
    /// The member of an object.
    Key(Box<[u8]>),
    /// The element of an array; below zero from its end. In jsonb a lone value is an array of one.
    Index { index: i64, binary: bool },
}

/// The text is no JSON.
pub(super) struct NoJson;

type Read<T> = Result<T, NoJson>;

/// Finds what a step leads to: the range of its text, or nothing.
///
/// # Errors
/// The text is no JSON.
pub(super) fn find(text: &[u8], step: &Step, scratch: &mut Vec<u8>) -> Read<Option<Range<usize>>> {
    let mut index = match step {
        Step::Index { index, .. } => *index,
        Step::Key(_) => 0,
    };
    if let Step::Index { binary: true, .. } = step
        && let Some(lone) = lone(text)
    {
        scan(text, &|_, _| false, None, scratch)?;
        return Ok(matches!(index, 0 | -1).then_some(lone));
    }
    if index < 0 {
        let (_, count) = scan(text, &|_, at| at < 0, None, scratch)?;
        index = index.checked_add(count).filter(|i| *i >= 0).unwrap_or(i64::MAX);
    }
    let (found, _) = match step {
        Step::Key(key) => scan(text, &|_, _| false, Some(key), scratch)?,
        Step::Index { .. } => scan(text, &|array, at| array && at == index, None, scratch)?,
    };
    Ok(found)
}

/// Counts the elements of an array.
///
/// # Errors
/// The text is no JSON.
pub(super) fn count(text: &[u8], scratch: &mut Vec<u8>) -> Read<i64> {
    scan(text, &|_, _| false, None, scratch).map(|(_, count)| count)
}

/// Returns where a value lies that is no object and no array.
fn lone(text: &[u8]) -> Option<Range<usize>> {
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    let start = text.iter().position(|b| !blank(b))?;
    let end = text.iter().rposition(|b| !blank(b))? + 1;
    (!matches!(text.get(start), Some(b'{' | b'['))).then_some(start..end)
}

/// Reads the document; returns the last child that is wanted, by place or by key, and the number of an array's elements.
fn scan(
    text: &[u8],
    wanted: &dyn Fn(bool, i64) -> bool,
    key: Option<&[u8]>,
    scratch: &mut Vec<u8>,
) -> Read<(Option<Range<usize>>, i64)> {
    let mut reader = Reader { text, at: 0 };
    reader.blanks();
    let (mut found, mut count) = (None, 0);
    match reader.peek() {
        Some(open @ (b'{' | b'[')) => {
            let object = open == b'{';
            reader.at += 1;
            let close = if object { b'}' } else { b']' };
            reader.blanks();
            if reader.peek() == Some(close) {
                reader.at += 1;
            } else {
                loop {
                    let matches = if object {
                        let name = reader.name()?;
                        key.is_some_and(|key| is_text(name, key, scratch))
                    } else {
                        wanted(true, count)
                    };
                    reader.blanks();
                    let start = reader.at;
                    reader.value()?;
                    if matches {
                        found = Some(start..reader.at);
                    }
                    count += i64::from(!object);
                    reader.blanks();
                    match reader.take()? {
                        b',' => reader.blanks(),
                        b if b == close => break,
                        _ => return Err(NoJson),
                    }
                }
            }
        }
        _ => reader.value()?,
    }
    reader.blanks();
    if reader.at == text.len() { Ok((found, count)) } else { Err(NoJson) }
}

/// Compares a string's inside with a key; the buffer is left as it was.
fn is_text(inside: &[u8], key: &[u8], scratch: &mut Vec<u8>) -> bool {
    if !inside.contains(&b'\\') {
        return inside == key;
    }
    let start = scratch.len();
    let equal = unescape(inside, scratch).is_ok() && scratch.get(start..) == Some(key);
    scratch.truncate(start);
    equal
}

/// Returns the inside of a string's text; `None` where the value is no string.
pub(super) fn inside(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// Appends the characters of a string's inside.
///
/// # Errors
/// An escape is wrong, or stands for half a character or NUL, which PostgreSQL's text cannot hold.
pub(super) fn unescape(inside: &[u8], out: &mut Vec<u8>) -> Read<()> {
    let mut rest = inside;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (plain, escape) = rest.split_at_checked(at).ok_or(NoJson)?;
        out.extend_from_slice(plain);
        let (letter, mut behind) = match escape {
            [_, letter, behind @ ..] => (*letter, behind),
            _ => return Err(NoJson),
        };
        match letter {
            b'"' | b'\\' | b'/' => out.push(letter),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let (mut code, mut next) = unit(behind)?;
                if (0xd800..0xdc00).contains(&code) {
                    let (low, after) = unit(next.strip_prefix(b"\\u").ok_or(NoJson)?)?;
                    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(NoJson)?;
                    code = 0x10000 + ((code - 0xd800) << 10) + low;
                    next = after;
                }
                let c = char::from_u32(code).filter(|c| *c != '\0').ok_or(NoJson)?;
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                behind = next;
            }
            _ => return Err(NoJson),
        }
        rest = behind;
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// Reads four hexadecimal digits.
fn unit(text: &[u8]) -> Read<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(4).ok_or(NoJson)?;
    let mut code = 0;
    for digit in digits {
        code = code * 16 + char::from(*digit).to_digit(16).ok_or(NoJson)?;
    }
    Ok((code, rest))
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self) -> Read<u8> {
        let byte = self.peek().ok_or(NoJson)?;
        self.at += 1;
        Ok(byte)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Reads a key and its colon; returns the key's inside.
    fn name(&mut self) -> Read<&'a [u8]> {
        if self.take()? != b'"' {
            return Err(NoJson);
        }
        let start = self.at;
        self.string()?;
        let name = self.text.get(start..self.at - 1).ok_or(NoJson)?;
        self.blanks();
        if self.take()? == b':' { Ok(name) } else { Err(NoJson) }
    }

    /// Reads to behind the closing quote.
    fn string(&mut self) -> Read<()> {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let stop = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f)).ok_or(NoJson)?;
            self.at += stop + 1;
            match rest.get(stop) {
                Some(b'"') => return Ok(()),
                Some(b'\\') => {
                    self.take()?;
                }
                _ => return Err(NoJson),
            }
        }
    }

    /// Reads a value to its end.
    fn value(&mut self) -> Read<()> {
        match self.take()? {
            b'"' => return self.string(),
            b'{' | b'[' => self.at -= 1,
            first => return self.word(first),
        }
        let mut open = Open { objects: [0; MAX_DEPTH / 64], depth: 0 };
        loop {
            self.blanks();
            match self.take()? {
                bracket @ (b'{' | b'[') => {
                    let close = if bracket == b'{' { b'}' } else { b']' };
                    self.blanks();
                    if self.peek() == Some(close) {
                        self.at += 1;
                    } else {
                        open.push(close == b'}')?;
                        if close == b'}' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                b'"' => self.string()?,
                first => self.word(first)?,
            }
            // Behind a value: the end of what holds it, or the next one.
            loop {
                let Some(close) = open.close() else { return Ok(()) };
                self.blanks();
                match self.take()? {
                    b',' => {
                        self.blanks();
                        if close == b'}' {
                            self.name()?;
                        }
                        break;
                    }
                    b if b == close => {
                        open.depth -= 1;
                    }
                    _ => return Err(NoJson),
                }
            }
        }
    }

    /// Reads a number or a word that begins with this byte.
    fn word(&mut self, first: u8) -> Read<()> {
        let start = self.at - 1;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        let known = matches!(word, b"true" | b"false" | b"null");
        let number = matches!(first, b'0'..=b'9' | b'-') && is_number(word);
        if known || number { Ok(()) } else { Err(NoJson) }
    }
}

/// The brackets that are open: a bit each, so that nothing is allocated.
struct Open {
    objects: [u64; MAX_DEPTH / 64],
    depth: usize,
}

impl Open {
    fn push(&mut self, object: bool) -> Read<()> {
        let word = self.objects.get_mut(self.depth / 64).ok_or(NoJson)?;
        let bit = 1 << (self.depth % 64);
        *word = if object { *word | bit } else { *word & !bit };
        self.depth += 1;
        Ok(())
    }

    /// Returns what closes the innermost one.
    fn close(&self) -> Option<u8> {
        let last = self.depth.checked_sub(1)?;
        let object = self.objects.get(last / 64)? >> (last % 64) & 1 == 1;
        Some(if object { b'}' } else { b']' })
    }
}

fn is_number(word: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    let leading_zero = whole > 1 && rest.first() == Some(&b'0');
    let mut rest = rest.get(whole..).unwrap_or_default();
    if whole == 0 || leading_zero {
        return false;
    }
    if let Some(part) = rest.strip_prefix(b".") {
        let count = digits(part);
        rest = part.get(count..).unwrap_or_default();
        if count == 0 {
            return false;
        }
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, step: Step) -> Option<String> {
        let range = find(text.as_bytes(), &step, &mut Vec::new()).ok().unwrap()?;
        Some(text[range].to_owned())
    }

    fn key(text: &str, name: &str) -> Option<String> {
        get(text, Step::Key(name.as_bytes().into()))
    }

    #[test]
    fn members_and_elements() {
        let text = r#" {"a": 1, "b": {"a": [2, {"c": "}"}]}, "e\u0301\n": "x", "a": -1.5e3 , "n": null} "#;
        assert_eq!(key(text, "a").as_deref(), Some("-1.5e3"));
        assert_eq!(key(text, "b").as_deref(), Some(r#"{"a": [2, {"c": "}"}]}"#));
        assert_eq!(key(text, "e\u{301}\n").as_deref(), Some("\"x\""));
        assert_eq!(key(text, "n").as_deref(), Some("null"));
        assert_eq!(key(text, "c"), None);
        for other in ["1", "\"a\"", "null", "[\"a\"]", "{}"] {
            assert_eq!(key(other, "a"), None);
        }
        for (index, wanted) in
            [(0, Some("1")), (2, Some("[3]")), (-1, Some("[3]")), (-3, Some("1")), (3, None), (-4, None)]
        {
            assert_eq!(
                get("[1, \"2\", [3]]", Step::Index { index, binary: true }).as_deref(),
                wanted,
                "{index}"
            );
        }
        assert_eq!(get("{\"0\": 1}", Step::Index { index: 0, binary: true }), None);
        assert_eq!(get("{\"0\": 1}", Step::Index { index: -1, binary: false }), None);
        for (index, binary, wanted) in
            [(0, true, Some("7")), (-1, true, Some("7")), (1, true, None), (0, false, None)]
        {
            assert_eq!(get(" 7 ", Step::Index { index, binary }).as_deref(), wanted, "{index}");
        }
    }

    #[test]
    fn half_a_document_is_none() {
        for text in [
            "",
            "{",
            "{\"a\"}",
            "{\"a\":1",
            "{\"a\":1,}",
            "[1,]",
            "[1 2]",
            "{\"a\":1}}",
            "{a:1}",
            "01",
            "1.",
            "1e",
            "-",
            "tru",
            "\"a",
            "{\"a\":1]",
            "[1}",
            "{\"a\":[}",
            "'a'",
            "\"a\nb\"",
            "{\"a\":nul}",
            "{,}",
            "[,1]",
            "NaN",
        ] {
            assert!(find(text.as_bytes(), &Step::Key(b"a"[..].into()), &mut Vec::new()).is_err(), "{text}");
        }
        let deep = "[".repeat(2 * MAX_DEPTH) + &"]".repeat(2 * MAX_DEPTH);
        assert!(find(deep.as_bytes(), &Step::Index { index: 0, binary: true }, &mut Vec::new()).is_err());
    }

    #[test]
    fn strings_are_unescaped() {
        let text = |inside: &str| {
            let mut out = Vec::new();
            unescape(inside.as_bytes(), &mut out).ok().map(|()| String::from_utf8(out).unwrap())
        };
        assert_eq!(
            text(r#"a\"\\\/\b\f\n\r\t\u20ac\ud83d\ude00z"#).as_deref(),
            Some("a\"\\/\u{8}\u{c}\n\r\t€😀z")
        );
        for wrong in [r"\", r"\x", r"\u12", r"\ud83d", r"\ud83dx", r"\ude00", r"\u0000", r"\ud83d\u0041"] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
    }
}
