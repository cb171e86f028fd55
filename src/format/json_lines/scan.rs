//! Reads JSON text as RFC 8259 defines it, without recursion and without making values of it: says where the entries of
//! an object lie, or what is wrong and where. Accepts nothing that the grammar does not have; nests at most `MOST_DEEP`
//! deep. Looks at bytes; that they are UTF-8 is the caller's to check.

use std::ops::Range;

use crate::error::{Error, Message};

/// Objects and arrays in one another, the outermost counted; as many as `serde_json` reads.
pub(super) const MOST_DEEP: u32 = 127;

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Nothing but white space.
    Blank,
    /// The outermost value is an array.
    Array,
    /// The outermost value is no object.
    NoObject,
    /// The text ends inside a value.
    CutOff,
    /// Where a value must begin, none does.
    NoValue,
    /// Where a key must begin, none does.
    NoKey,
    /// No colon behind a key.
    NoColon,
    /// Neither a comma nor the end behind a value.
    NoComma,
    /// A raw control character in a string.
    Control,
    /// An escape that JSON does not define.
    Escape,
    /// Half of a surrogate pair in a key.
    Surrogate,
    /// Nested too deep.
    Deep,
    /// Something behind the object.
    Behind,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// The same key twice.
    Twice,
    /// A key that is no column.
    NoColumn,
    /// More keys than are taken for columns.
    ManyColumns,
    /// Longer than `--max-row`.
    TooLong,
}

impl Wrong {
    /// Makes the error, without a place.
    pub(super) fn error(self, max_row: usize) -> Error {
        const FORM: &str = "one line is one JSON object (RFC 8259), in UTF-8";
        let (what, hint): (Message, &'static str) = match self {
            Self::Blank => ("a blank line".into(), "every line is one JSON object: take blank lines out"),
            Self::Array => (
                "the input is a JSON array, not one object a line".into(),
                "`jq -c '.[]'` makes JSON Lines of an array of objects",
            ),
            Self::NoObject => ("a line that is no JSON object".into(), FORM),
            Self::CutOff => (
                "the line ends inside a JSON value".into(),
                "the input was cut off, or one value spans several lines: `jq -c .` makes JSON Lines of objects, `jq -c '.[]'` of an array",
            ),
            Self::NoValue => ("something that is no JSON value".into(), FORM),
            Self::NoKey => ("expected a key in quotes".into(), FORM),
            Self::NoColon => ("expected a colon behind a key".into(), FORM),
            Self::NoComma => ("expected a comma or the end behind a value".into(), FORM),
            Self::Control => {
                ("a raw control character in a string".into(), "JSON writes it as an escape, \\u0009")
            }
            Self::Escape => ("an escape that JSON does not define".into(), FORM),
            Self::Surrogate => {
                ("a key holds half of a surrogate pair".into(), "such a key has no name in UTF-8")
            }
            Self::Deep => (crate::message!("nested more than {} deep", MOST_DEEP), FORM),
            Self::Behind => ("text behind the object".into(), FORM),
            Self::NotUtf8 => ("bytes that are not UTF-8".into(), FORM),
            Self::Twice => (
                "an object has the same key twice".into(),
                "readers differ on which one counts; `jq -c .` keeps the last",
            ),
            Self::NoColumn => (
                "a key that is none of the columns".into(),
                "name all columns: --columns a,b,c; of a file (not a pipe) all keys are read first",
            ),
            Self::ManyColumns => (
                "more different keys than can be columns".into(),
                "the keys seem to be data: put them into rows, or name the columns: --columns",
            ),
            Self::TooLong => return crate::format::lines::too_long(max_row),
        };
        Error::input(what).hint(hint)
    }
}

/// What is wrong, and where in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) wrong: Wrong,
    pub(super) offset: usize,
}

/// One entry of the outermost object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The key without its quotes, as it is spelled.
    pub(super) key: Range<usize>,
    /// Whether the key has escapes.
    pub(super) escaped: bool,
    /// The value, its quotes included.
    pub(super) value: Range<usize>,
}

/// Reads a text that is one object and nothing more, and hands over its entries in order.
///
/// # Errors
/// What breaks the grammar; what `entry` refuses.
#[inline]
pub(super) fn object(text: &[u8], mut entry: impl FnMut(Entry) -> Result<(), Wrong>) -> Result<(), Fault> {
    let mut scan = Scan { text, at: 0 };
    let outcome = scan.entries(&mut entry).and_then(|()| {
        scan.blanks();
        if scan.at == text.len() { Ok(()) } else { Err(Wrong::Behind) }
    });
    outcome.map_err(|wrong| Fault { wrong, offset: scan.at })
}

/// Reads the value that the text begins with; returns where it ends.
///
/// # Errors
/// What breaks the grammar; `Wrong::CutOff` if the text ends too early.
pub(super) fn value(text: &[u8], depth: u32) -> Result<usize, Wrong> {
    let mut scan = Scan { text, at: 0 };
    scan.blanks();
    scan.value(depth)?;
    Ok(scan.at)
}

/// Says whether the text is one JSON number and nothing more.
pub(super) fn is_number(text: &[u8]) -> bool {
    let mut scan = Scan { text, at: 0 };
    matches!(text.first(), Some(b'-' | b'0'..=b'9')) && scan.number().is_ok() && scan.at == text.len()
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Passes one byte that must come next.
    #[inline]
    fn expect(&mut self, byte: u8, wrong: Wrong) -> Result<(), Wrong> {
        match self.peek() {
            Some(b) if b == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(wrong),
            None => Err(Wrong::CutOff),
        }
    }

    fn entries(&mut self, entry: &mut impl FnMut(Entry) -> Result<(), Wrong>) -> Result<(), Wrong> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.at += 1,
            Some(b'[') => return Err(Wrong::Array),
            Some(_) => return Err(Wrong::NoObject),
            None => return Err(Wrong::Blank),
        }
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let start = self.at;
            let escaped = self.key()?;
            let key = start + 1..self.at - 1;
            self.colon()?;
            let from = self.at;
            self.value(1)?;
            let value = from..self.at;
            let behind = self.at;
            // A key that is refused is the place, not what stands behind its value.
            self.at = start;
            entry(Entry { key, escaped, value })?;
            self.at = behind;
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(_) => return Err(Wrong::NoComma),
                None => return Err(Wrong::CutOff),
            }
            self.blanks();
        }
    }

    /// Passes a key; returns whether it has escapes.
    #[inline]
    fn key(&mut self) -> Result<bool, Wrong> {
        self.expect(b'"', Wrong::NoKey)?;
        self.string()
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Wrong> {
        self.blanks();
        self.expect(b':', Wrong::NoColon)?;
        self.blanks();
        Ok(())
    }

    /// Passes the value that begins here, `outer` objects and arrays deep.
    fn value(&mut self, outer: u32) -> Result<(), Wrong> {
        // The open objects (1) and arrays (0), the innermost in the lowest bit.
        let (mut open, mut depth) = (0_u128, 0_u32);
        loop {
            if self.opens()? {
                if outer + depth >= MOST_DEEP {
                    return Err(Wrong::Deep);
                }
                let object = self.peek() == Some(b'{');
                self.at += 1;
                self.blanks();
                let end = if object { b'}' } else { b']' };
                if self.peek() == Some(end) {
                    self.at += 1;
                } else {
                    open = open << 1 | u128::from(object);
                    depth += 1;
                    if object {
                        self.key()?;
                        self.colon()?;
                    }
                    continue;
                }
            }
            // Behind a value: the next one, or the end of what it is in.
            loop {
                if depth == 0 {
                    return Ok(());
                }
                self.blanks();
                let object = open & 1 == 1;
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        self.blanks();
                        if object {
                            self.key()?;
                            self.colon()?;
                        }
                        break;
                    }
                    Some(b'}') if object => {}
                    Some(b']') if !object => {}
                    Some(_) => return Err(Wrong::NoComma),
                    None => return Err(Wrong::CutOff),
                }
                self.at += 1;
                open >>= 1;
                depth -= 1;
            }
        }
    }

    /// Passes a string, number or word; or says that an object or array begins here.
    #[inline]
    fn opens(&mut self) -> Result<bool, Wrong> {
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                self.string()?;
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'{' | b'[') => return Ok(true),
            Some(b't') => self.word(b"true")?,
            Some(b'f') => self.word(b"false")?,
            Some(b'n') => self.word(b"null")?,
            Some(_) => return Err(Wrong::NoValue),
            None => return Err(Wrong::CutOff),
        }
        Ok(false)
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Wrong> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        Err(if word.starts_with(rest) { Wrong::CutOff } else { Wrong::NoValue })
    }

    #[inline]
    fn digits(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            Some(_) => Err(Wrong::NoValue),
            None => Err(Wrong::CutOff),
        }
    }

    #[inline]
    fn number(&mut self) -> Result<(), Wrong> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if let Some(b'0'..=b'9') = self.peek() {
                return Err(Wrong::NoValue);
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Passes the rest of a string, whose opening quote is behind; returns whether it has escapes.
    #[inline]
    fn string(&mut self) -> Result<bool, Wrong> {
        let mut escaped = false;
        loop {
            self.at += plain(self.text.get(self.at..).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                    self.escape()?;
                }
                Some(_) => return Err(Wrong::Control),
                None => return Err(Wrong::CutOff),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Wrong> {
        let Some(byte) = self.peek() else { return Err(Wrong::CutOff) };
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                self.at += 1;
                for _ in 0..4 {
                    match self.peek() {
                        Some(b) if b.is_ascii_hexdigit() => self.at += 1,
                        Some(_) => return Err(Wrong::Escape),
                        None => return Err(Wrong::CutOff),
                    }
                }
            }
            _ => return Err(Wrong::Escape),
        }
        Ok(())
    }
}

/// Returns how many bytes come before the first quote, backslash or control character (all, if there is none). Eight
/// bytes are looked at in one word (the zero-byte trick: the lowest marked byte is right, those above it may be not).
#[inline]
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5c)) | control;
        if found != 0 {
            return at + usize::try_from(found.trailing_zeros() / 8).unwrap_or_default();
        }
        at += 8;
    }
    at + rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_at_every_place() {
        for len in 0..40_usize {
            let text: Vec<u8> = (0..len).map(|n| [b' ', b'z', 0x7f, 0x80, 0xff, b'!', b'#'][n % 7]).collect();
            assert_eq!(plain(&text), len);
            for at in 0..len {
                for byte in 0..=255_u8 {
                    let mut text = text.clone();
                    text[at] = byte;
                    let stops = byte < 0x20 || byte == b'"' || byte == b'\\';
                    assert_eq!(plain(&text), if stops { at } else { len }, "{byte} at {at} of {len}");
                }
            }
        }
    }

    #[test]
    fn entries_lie_where_they_are() {
        let text = br#" { "a" : "x\"y" ,"\u0062":[1,{"c":null}], "d":-0.5e+7,"":true} "#;
        let mut found = Vec::new();
        object(text, |entry| {
            let of = |range: Range<usize>| String::from_utf8_lossy(&text[range]).into_owned();
            found.push((of(entry.key), entry.escaped, of(entry.value)));
            Ok(())
        })
        .unwrap();
        let want = [
            ("a", false, r#""x\"y""#),
            ("\\u0062", true, r#"[1,{"c":null}]"#),
            ("d", false, "-0.5e+7"),
            ("", false, "true"),
        ];
        assert_eq!(found, want.map(|(key, escaped, value)| (key.to_owned(), escaped, value.to_owned())));
    }

    #[test]
    fn every_fault_is_named() {
        for (text, wrong, offset) in [
            ("", Wrong::Blank, 0),
            (" \t\r\n", Wrong::Blank, 4),
            ("[]", Wrong::Array, 0),
            ("1", Wrong::NoObject, 0),
            ("{", Wrong::CutOff, 1),
            ("{\"a", Wrong::CutOff, 3),
            ("{\"a\\", Wrong::CutOff, 4),
            ("{\"a\\u00", Wrong::CutOff, 7),
            ("{\"a\":", Wrong::CutOff, 5),
            ("{\"a\":tru", Wrong::CutOff, 5),
            ("{\"a\":-", Wrong::CutOff, 6),
            ("{\"a\":1", Wrong::CutOff, 6),
            ("{\"a\":[", Wrong::CutOff, 6),
            ("{\"a\":trux}", Wrong::NoValue, 5),
            ("{\"a\":01}", Wrong::NoValue, 6),
            ("{\"a\":1.}", Wrong::NoValue, 7),
            ("{\"a\":1e}", Wrong::NoValue, 7),
            ("{\"a\":+1}", Wrong::NoValue, 5),
            ("{\"a\":.5}", Wrong::NoValue, 5),
            ("{\"a\":NaN}", Wrong::NoValue, 5),
            ("{\"a\":'x'}", Wrong::NoValue, 5),
            ("{\"a\":}", Wrong::NoValue, 5),
            ("{\"a\":[1,]}", Wrong::NoValue, 8),
            ("{a:1}", Wrong::NoKey, 1),
            ("{\"a\":1,}", Wrong::NoKey, 7),
            ("{\"a\":{\"b\":1,}}", Wrong::NoKey, 12),
            ("{\"a\" 1}", Wrong::NoColon, 5),
            ("{\"a\":1 \"b\":2}", Wrong::NoComma, 7),
            ("{\"a\":1]", Wrong::NoComma, 6),
            ("{\"a\":[1}", Wrong::NoComma, 7),
            ("{\"a\":{\"b\":1]}", Wrong::NoComma, 11),
            ("{\"a\":1x}", Wrong::NoComma, 6),
            ("{\"a\":\"\t\"}", Wrong::Control, 6),
            ("{\"a\":\"\\x41\"}", Wrong::Escape, 7),
            ("{\"a\":\"\\u12g4\"}", Wrong::Escape, 10),
            ("{} {}", Wrong::Behind, 3),
            ("{}]", Wrong::Behind, 2),
        ] {
            let got = object(text.as_bytes(), |_| Ok(()));
            assert_eq!(got, Err(Fault { wrong, offset }), "{text}");
        }
    }

    #[test]
    fn what_the_caller_refuses_stands_at_its_key() {
        let refuse = |entry: Entry| if entry.key == (8..9) { Err(Wrong::Twice) } else { Ok(()) };
        assert_eq!(object(b"{\"a\":1,\"b\":2}", refuse), Err(Fault { wrong: Wrong::Twice, offset: 7 }));
    }

    #[test]
    fn depth_is_bounded_as_in_serde_json() {
        for depth in [1_usize, 2, 100, 125, 126, 127, 128, 5_000, 200_000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
                let units = depth / open.matches(['[', '{']).count();
                let text = format!("{{\"a\":{}1{}}}", open.repeat(units), close.repeat(units));
                let ours = object(text.as_bytes(), |_| Ok(()));
                let theirs = serde_json::from_str::<serde_json::Value>(&text);
                assert_eq!(ours.is_ok(), theirs.is_ok(), "{depth} {open}");
                if let Err(fault) = ours {
                    assert_eq!(fault.wrong, Wrong::Deep);
                }
            }
        }
    }
}
