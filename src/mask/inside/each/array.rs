//! PostgreSQL's arrays in text form: `{"a b",NULL,{…}}`, `[0:1]={7,8}`; every element is a part, a removed one is NULL.
//!
//! Refuses what `array_in` refuses (elements of unlike depth, text beside quotes, more than six dimensions), and blanks
//! and bounds that it would not read. Source: PostgreSQL 15, `array_in`, `array_out` and 8.15.6.

use super::super::scan::{self, Cursor, Notation, Text, is_blank};
use super::super::{Became, Unfit, Visit, Walk};
use super::member;
use crate::row::shape::TypeClass;

/// Most dimensions. Source: `MAXDIM`.
const MOST_DIMENSIONS: usize = 6;

/// The arrays of one type.
pub(super) struct Array {
    /// Between two elements.
    pub(super) delimiter: u8,
    /// Type of the elements.
    pub(super) of: TypeClass,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// An element or an array in it; where it just began, its end too.
    Item { first: bool },
    /// The delimiter, or the end of the array.
    Delimiter,
}

impl Walk for Array {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let mut cursor = Cursor::new(value);
        cursor.blanks();
        bounds(&mut cursor)?;
        if !cursor.take(b'{') {
            return Err(Unfit);
        }
        let mut buf = Vec::new();
        let (mut depth, mut elements_at, mut next, mut copied) = (1, None, Next::Item { first: true }, 0);
        while depth > 0 {
            cursor.blanks();
            match (next, cursor.peek().ok_or(Unfit)?) {
                (Next::Item { first: true } | Next::Delimiter, b'}') => {
                    cursor.at += 1;
                    depth -= 1;
                    next = Next::Delimiter;
                }
                (Next::Item { .. }, b'{') => {
                    cursor.at += 1;
                    depth += 1;
                    if depth > MOST_DIMENSIONS || elements_at.is_some_and(|at| at < depth) {
                        return Err(Unfit);
                    }
                    next = Next::Item { first: true };
                }
                (Next::Delimiter, byte) if byte == self.delimiter => {
                    cursor.at += 1;
                    next = Next::Item { first: false };
                }
                (Next::Item { .. }, _) => {
                    if *elements_at.get_or_insert(depth) != depth {
                        return Err(Unfit);
                    }
                    let start = cursor.at;
                    let element = self.element(&mut cursor)?;
                    if !element.is_null() {
                        out.extend_from_slice(value.get(copied..start).ok_or(Unfit)?);
                        self.part(element, visit, &mut buf, out)?;
                        copied = cursor.at;
                    }
                    next = Next::Delimiter;
                }
                (Next::Delimiter, _) => return Err(Unfit),
            }
        }
        cursor.blanks();
        out.extend_from_slice(value.get(copied..).ok_or(Unfit)?);
        cursor.is_end().then_some(()).ok_or(Unfit)
    }
}

impl Array {
    /// Reads an element; blanks behind it stay unread.
    fn element<'a>(&self, cursor: &mut Cursor<'a>) -> Result<Text<'a>, Unfit> {
        let start = cursor.at;
        if cursor.take(b'"') {
            loop {
                match cursor.next().ok_or(Unfit)? {
                    b'\\' => drop(cursor.next().ok_or(Unfit)?),
                    b'"' => return Ok(Text { raw: cursor.since(start), escaped: true }),
                    _ => {}
                }
            }
        }
        let (mut escaped, mut end) = (false, start);
        while let Some(byte) = cursor.peek() {
            match byte {
                b'}' => break,
                byte if byte == self.delimiter => break,
                b'{' | b'"' => return Err(Unfit),
                b'\\' => {
                    cursor.at += 1;
                    escaped = true;
                    cursor.next().ok_or(Unfit)?;
                    end = cursor.at;
                }
                byte => {
                    cursor.at += 1;
                    if !is_blank(byte) {
                        end = cursor.at;
                    }
                }
            }
        }
        cursor.at = end;
        if end == start { Err(Unfit) } else { Ok(Text { raw: cursor.since(start), escaped }) }
    }

    fn part(
        &self,
        element: Text<'_>,
        visit: &mut Visit<'_>,
        buf: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Result<(), Unfit> {
        match scan::leaf(visit, (0, element.decoded(false, buf), None), self, out)? {
            Became::Kept => out.extend_from_slice(element.raw),
            Became::Written => {}
            Became::Removed => out.extend_from_slice(b"NULL"),
        }
        Ok(())
    }
}

impl Notation for Array {
    fn is_sound(&self, decoded: &[u8]) -> bool {
        member(&self.of, decoded)
    }

    fn quote(&self, decoded: &[u8]) -> Option<u8> {
        let special =
            |b: &u8| matches!(b, b'"' | b'\\' | b'{' | b'}') || *b == self.delimiter || is_blank(*b);
        let quoted =
            decoded.is_empty() || decoded.eq_ignore_ascii_case(b"null") || decoded.iter().any(special);
        quoted.then_some(b'"')
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

/// Reads the bounds of the dimensions, where they do not begin at 1: `[0:1][2:3]=`.
fn bounds(cursor: &mut Cursor<'_>) -> Result<(), Unfit> {
    let mut dimensions = 0;
    while cursor.take(b'[') {
        number(cursor)?;
        if cursor.take(b':') {
            number(cursor)?;
        }
        dimensions += 1;
        if !cursor.take(b']') || dimensions > MOST_DIMENSIONS {
            return Err(Unfit);
        }
        cursor.blanks();
    }
    if dimensions > 0 {
        if !cursor.take(b'=') {
            return Err(Unfit);
        }
        cursor.blanks();
    }
    Ok(())
}

fn number(cursor: &mut Cursor<'_>) -> Result<(), Unfit> {
    let _ = cursor.take(b'-') || cursor.take(b'+');
    let digits = cursor.take_while(|b| b.is_ascii_digit()).len();
    // Bounds are positions: what has more digits is no bound but something hidden in one.
    (1..=10).contains(&digits).then_some(()).ok_or(Unfit)
}
