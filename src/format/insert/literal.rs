//! The forms of one literal: what it is, where its replaceable body lies, and which value it stands for. What has no plain
//! value (expressions, ARRAY, ROW, unknown functions) is an error, never a guess.

use std::ops::Range;

use memchr::{memchr, memchr2};

use super::call;
use super::lex::is_word;
use super::{Dialect, Family};
use crate::error::{Error, Result};

/// How a literal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// NULL.
    Null,
    /// A bare number.
    Number,
    /// TRUE or FALSE.
    Bool(bool),
    /// A quoted string by the dialect's rule for backslashes.
    Text,
    /// PostgreSQL's `E'…'`.
    Escapes,
    /// PostgreSQL's `U&'…'`.
    Unicode,
    /// `X'…'` that stands for bytes.
    Hex,
    /// `0x…` that stands for bytes.
    HexNumber,
    /// `B'…'`: a string of bits.
    Bits,
    /// PostgreSQL's `X'…'`: a string of bits, four a digit.
    HexBits,
    /// SQLite's `unistr('…')`, `replace(…)` or `char(…)`.
    Call,
}

/// In which character set a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// That of the dump: UTF-8.
    Dump,
    /// `_binary`: any bytes.
    Binary,
    /// An introducer of another character set: only ASCII means the same in it.
    Other,
}

/// What a literal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) style: Style,
    pub(super) charset: Charset,
    /// What another value replaces, quotes included: casts and prefixes of strings stand around it.
    pub(super) body: Range<usize>,
    /// What is between the quotes; the body where there are none.
    pub(super) inner: Range<usize>,
}

/// Makes the error of a literal that cannot be read.
#[cold]
pub(super) fn unreadable(raw: &[u8]) -> Error {
    if raw.eq_ignore_ascii_case(b"DEFAULT") {
        return Error::input("DEFAULT in a masked column: its value is not in the dump")
            .hint("keep the column, or dump its values");
    }
    Error::input("a value of a masked column is no plain literal (an expression, ARRAY, ROW, a function)")
        .hint("keep the column, or dump plain values; suppress and constant need a readable value too")
}

/// Reads a trimmed field. `None`: it has no plain value.
pub(super) fn read(dialect: Dialect, raw: &[u8]) -> Option<Form> {
    let (form, end) = literal(dialect, raw, 0, 0)?;
    let rest = raw.get(end..)?;
    let cast = dialect.family == Family::Postgres && is_cast(rest);
    (rest.is_empty() || cast).then_some(form)
}

/// Reads the literal at `at`; returns it and its end.
fn literal(dialect: Dialect, raw: &[u8], at: usize, depth: u8) -> Option<(Form, usize)> {
    let rest = raw.get(at..)?;
    let bare = |style, len: usize| {
        let body = at..at + len;
        Some((Form { style, charset: Charset::Dump, inner: body.clone(), body }, at + len))
    };
    match *rest.first()? {
        b'\'' => text(dialect, raw, at, Style::Text),
        b'"' if dialect.family == Family::MySql && dialect.double_quoted_strings => {
            text(dialect, raw, at, Style::Text)
        }
        b'0' if matches!(rest.get(1), Some(b'x')) => {
            let digits = rest.get(2..)?.iter().take_while(|b| b.is_ascii_hexdigit()).count();
            let whole = dialect.family == Family::MySql && digits > 0 && digits % 2 == 0;
            let mut found = bare(Style::HexNumber, digits + 2).filter(|_| whole && ends(rest, digits + 2))?;
            found.0.inner.start += 2;
            Some(found)
        }
        b'0'..=b'9' | b'+' | b'-' | b'.' => {
            let len = number(rest)?;
            bare(Style::Number, len).filter(|_| ends(rest, len))
        }
        first if is_word(first) => {
            let len = rest.iter().position(|b| !is_word(*b)).unwrap_or(rest.len());
            word(dialect, raw, at, len, depth).or_else(|| {
                let is =
                    |word: &str| rest.get(..len).is_some_and(|w| w.eq_ignore_ascii_case(word.as_bytes()));
                match () {
                    () if is("NULL") => bare(Style::Null, len),
                    () if is("TRUE") => bare(Style::Bool(true), len),
                    () if is("FALSE") => bare(Style::Bool(false), len),
                    () => None,
                }
            })
        }
        _ => None,
    }
}

/// Says whether a bare word or number ends at `len`.
fn ends(rest: &[u8], len: usize) -> bool {
    rest.get(len).is_none_or(|b| !is_word(*b) && !matches!(b, b'.' | b'\'' | b'"'))
}

/// Reads what begins with a word of `len` bytes: a prefixed string, an introducer, CAST, a function.
fn word(dialect: Dialect, raw: &[u8], at: usize, len: usize, depth: u8) -> Option<(Form, usize)> {
    let behind = at + len;
    let (name, next) = (raw.get(at..behind)?, raw.get(behind).copied());
    let family = dialect.family;
    match (name, next) {
        ([b'e' | b'E'], Some(b'\'')) if family == Family::Postgres => {
            text(dialect, raw, behind, Style::Escapes)
        }
        ([b'n' | b'N'], Some(b'\'')) if family != Family::Sqlite => text(dialect, raw, behind, Style::Text),
        ([b'x' | b'X'], Some(b'\'')) => digits(raw, at, family),
        ([b'b' | b'B'], Some(b'\'')) if family != Family::Sqlite => {
            let found = quoted_digits(raw, at, Style::Bits)?;
            raw.get(found.0.inner.clone())?.iter().all(|b| matches!(b, b'0' | b'1')).then_some(found)
        }
        // With backslash escapes PostgreSQL refuses U&'…'.
        ([b'u' | b'U'], Some(b'&')) if family == Family::Postgres && !dialect.backslash => {
            let quote = behind + 1;
            (raw.get(quote) == Some(&b'\'')).then(|| text(dialect, raw, quote, Style::Unicode)).flatten()
        }
        ([b'_', charset @ ..], _) if family == Family::MySql => {
            let quote = behind + blanks(dialect, raw, behind);
            let (mut form, end) = literal(dialect, raw, quote, depth)?;
            let is = |name: &str| charset.eq_ignore_ascii_case(name.as_bytes());
            form.charset = match () {
                () if is("binary") => Charset::Binary,
                () if is("utf8mb4") || is("utf8") || is("utf8mb3") => Charset::Dump,
                () => Charset::Other,
            };
            // In hexadecimal even plain letters are other bytes in some character sets (UTF-16).
            let hex = matches!(form.style, Style::Hex | Style::HexNumber) && form.charset != Charset::Other;
            (form.style == Style::Text || hex).then_some((form, end))
        }
        (_, Some(b'(')) if name.eq_ignore_ascii_case(b"CAST") && depth < 4 => {
            cast(dialect, raw, behind + 1, depth)
        }
        (_, Some(b'(')) if family == Family::Sqlite => {
            let end = call::end(raw, at)?;
            let body = at..end;
            Some((Form { style: Style::Call, charset: Charset::Dump, inner: body.clone(), body }, end))
        }
        _ => None,
    }
}

fn blanks(dialect: Dialect, raw: &[u8], at: usize) -> usize {
    raw.get(at..).unwrap_or_default().iter().take_while(|b| dialect.is_blank(**b)).count()
}

/// Reads the string whose quote stands at `at`.
fn text(dialect: Dialect, raw: &[u8], at: usize, style: Style) -> Option<(Form, usize)> {
    let quote = *raw.get(at)?;
    let escapes = match style {
        Style::Escapes => true,
        Style::Unicode => false,
        _ => dialect.backslash,
    };
    let end = string_end(raw, at, quote, escapes)?;
    let form = Form { style, charset: Charset::Dump, body: at..end, inner: at + 1..end - 1 };
    // Another string behind it continues it in some dialects.
    let next = raw.get(end + blanks(dialect, raw, end));
    (!matches!(next, Some(b'\'' | b'"')) && ends(raw, end)).then_some((form, end))
}

/// Returns the end of the string whose quote stands at `at`, its closing quote included.
pub(super) fn string_end(raw: &[u8], at: usize, quote: u8, escapes: bool) -> Option<usize> {
    let mut at = at + 1;
    loop {
        let rest = raw.get(at..)?;
        let found = if escapes { memchr2(quote, b'\\', rest)? } else { memchr(quote, rest)? };
        at += found + 1;
        if rest.get(found) == Some(&b'\\') || raw.get(at) == Some(&quote) {
            at += 1;
        } else {
            return Some(at);
        }
    }
}

fn quoted_digits(raw: &[u8], at: usize, style: Style) -> Option<(Form, usize)> {
    let end = string_end(raw, at + 1, b'\'', false)?;
    Some((Form { style, charset: Charset::Dump, body: at..end, inner: at + 2..end - 1 }, end))
}

fn digits(raw: &[u8], at: usize, family: Family) -> Option<(Form, usize)> {
    let style = if family == Family::Postgres { Style::HexBits } else { Style::Hex };
    let found = quoted_digits(raw, at, style)?;
    let inner = raw.get(found.0.inner.clone())?;
    let whole = style == Style::HexBits || inner.len() % 2 == 0;
    (whole && inner.iter().all(u8::is_ascii_hexdigit)).then_some(found)
}

/// Reads `literal AS type)` behind `CAST(`.
fn cast(dialect: Dialect, raw: &[u8], at: usize, depth: u8) -> Option<(Form, usize)> {
    let at = at + blanks(dialect, raw, at);
    let (form, end) = literal(dialect, raw, at, depth + 1)?;
    let word = end + blanks(dialect, raw, end);
    let behind = raw.get(word..)?;
    let (keyword, rest) = behind.split_at_checked(2)?;
    if word == end || !keyword.eq_ignore_ascii_case(b"AS") || !dialect.is_blank(*rest.first()?) {
        return None;
    }
    let close = type_name(rest);
    (rest.get(close) == Some(&b')')).then_some((form, word + 2 + close + 1))
}

/// Says whether the rest of a field is nothing but casts: `::type`, once or more.
fn is_cast(mut rest: &[u8]) -> bool {
    while let Some(name) = rest.strip_prefix(b"::") {
        let len = type_name(name);
        if len == 0 {
            return false;
        }
        rest = name.get(len..).unwrap_or_default();
    }
    rest.is_empty()
}

/// Returns the length of a type's name: words and dots, `(10, 2)`, `[]`, quoted names. 0: there is none.
fn type_name(text: &[u8]) -> usize {
    const OPERATORS: &[&str] = &[
        "and", "or", "not", "is", "in", "like", "ilike", "similar", "between", "collate", "at", "isnull",
        "notnull",
    ];
    let (mut at, mut named) = (0, false);
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        match rest {
            [b' ' | b'.', ..] => at += 1,
            [b'[' | b'(', ..] if named => {
                let close = if rest.first() == Some(&b'[') { b']' } else { b')' };
                let len = rest
                    .iter()
                    .skip(1)
                    .take_while(|b| b.is_ascii_digit() || matches!(b, b',' | b' '))
                    .count();
                if rest.get(len + 1) != Some(&close) {
                    return 0;
                }
                at += len + 2;
            }
            [b'"', ..] => match string_end(rest, 0, b'"', false) {
                Some(end) => (at, named) = (at + end, true),
                None => return 0,
            },
            [first, ..] if is_word(*first) && !first.is_ascii_digit() => {
                let len = rest.iter().position(|b| !is_word(*b)).unwrap_or(rest.len());
                let word = rest.get(..len).unwrap_or_default();
                if OPERATORS.iter().any(|o| word.eq_ignore_ascii_case(o.as_bytes())) {
                    return 0;
                }
                (at, named) = (at + len, true);
            }
            _ => break,
        }
    }
    if named { at } else { 0 }
}

/// Returns the length of the number at the start: sign, digits, point, exponent.
fn number(text: &[u8]) -> Option<usize> {
    let run =
        |at: usize| text.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let start = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let whole = run(start);
    let mut at = start + whole;
    let mut fraction = 0;
    if text.get(at) == Some(&b'.') {
        fraction = run(at + 1);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = run(at + 1 + sign);
        if exponent == 0 {
            return None;
        }
        at += 1 + sign + exponent;
    }
    Some(at)
}

/// Says whether a stand-in may be written bare: a number without anything that reading it as one would lose.
pub(super) fn is_plain_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, fraction) = match memchr(b'.', digits) {
        Some(at) => (digits.get(..at).unwrap_or_default(), digits.get(at + 1..)),
        None => (digits, None),
    };
    let all = |d: &[u8]| !d.is_empty() && d.iter().all(u8::is_ascii_digit);
    all(whole) && fraction.is_none_or(all) && (whole.len() == 1 || whole.first() != Some(&b'0'))
}

/// Appends the value of a form to `out`.
///
/// # Errors
/// Escapes that the dialect does not define; a string of another character set that is not ASCII.
pub(super) fn decode(dialect: Dialect, form: &Form, raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let inner = raw.get(form.inner.clone()).unwrap_or_default();
    let quote = raw.get(form.body.start).copied().unwrap_or(b'\'');
    let start = out.len();
    match form.style {
        Style::Null | Style::Number | Style::Bits => out.extend_from_slice(inner),
        // As COPY writes it, so that both forms of a dump give one stand-in.
        Style::Bool(value) if dialect.family == Family::Postgres => out.push(if value { b't' } else { b'f' }),
        Style::Bool(value) => out.push(if value { b'1' } else { b'0' }),
        Style::Text if !dialect.backslash => super::escape::undouble(inner, quote, out),
        Style::Text if dialect.family == Family::MySql => super::escape::mysql(inner, quote, out),
        Style::Text | Style::Escapes => super::escape::postgres(inner, out)?,
        Style::Unicode => super::escape::unicode(inner, out)?,
        Style::Hex | Style::HexNumber => {
            out.extend(inner.as_chunks::<2>().0.iter().map(|[a, b]| (nibble(*a) << 4) | nibble(*b)));
        }
        Style::HexBits => out.extend(inner.iter().flat_map(|digit| {
            let value = nibble(*digit);
            [8, 4, 2, 1].map(|bit| if value & bit == 0 { b'0' } else { b'1' })
        })),
        Style::Call => call::value(inner, out).ok_or_else(|| unreadable(raw))?,
    }
    let foreign = form.charset == Charset::Other && !out.get(start..).unwrap_or_default().is_ascii();
    if foreign {
        return Err(Error::input("a string with an introducer of another character set than UTF-8")
            .hint("dump with --default-character-set=utf8mb4"));
    }
    Ok(())
}

/// Returns the value of a hexadecimal digit; 0 for anything else.
pub(super) fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}
