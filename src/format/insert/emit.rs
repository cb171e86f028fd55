//! Writes INSERT statements of many rows, in the words of PostgreSQL, MySQL or SQLite. A statement begins at every
//! multiple of `ROWS` of the table's rows, so that any range of a table has the same tuples.
//!
//! Values are decoded texts. Numbers and booleans stand bare where they look like what their type says, all else between
//! quotes; bytes as the dialect writes them. Refuses a NUL where texts cannot hold one.

use super::Family;
use crate::error::{Error, Result};
use crate::format::emit::{Fields, RowWriter};
use crate::row::shape::{ColumnType, Shape, TableName, TypeClass};

/// Rows of one statement.
const ROWS: u64 = 500;

/// How a column's values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Boolean,
    Bytes,
    /// MySQL's BIT: digits 0 and 1.
    Bits,
    /// MySQL's POINT and GEOMETRY: a point as its bytes, else as well-known text.
    Shape,
    Text,
}

/// Writes the rows of one table.
pub(in crate::format) struct Tuples {
    family: Family,
    head: Vec<u8>,
    kinds: Vec<Kind>,
}

/// Appends a name in the quotes of a dialect.
pub(in crate::format) fn name(family: Family, name: &str, out: &mut Vec<u8>) {
    let quote = if family == Family::MySql { b'`' } else { b'"' };
    out.push(quote);
    for byte in name.bytes() {
        out.push(byte);
        if byte == quote {
            out.push(quote);
        }
    }
    out.push(quote);
}

/// Appends a table's name, its schema or database in front.
pub(in crate::format) fn table(family: Family, of: &TableName, out: &mut Vec<u8>) {
    for part in [&of.database, &of.schema] {
        if let Some(part) = part.as_ref().filter(|_| family != Family::Postgres || part == &of.schema) {
            name(family, part, out);
            out.push(b'.');
        }
    }
    name(family, &of.table, out);
}

impl Tuples {
    /// Makes a writer; `between` stands before VALUES.
    pub(in crate::format) fn new(family: Family, shape: &Shape, between: &str) -> Self {
        let mut head = b"INSERT INTO ".to_vec();
        table(family, &shape.table, &mut head);
        for (at, column) in shape.columns.iter().enumerate() {
            head.extend_from_slice(if at == 0 { b" (" } else { b", " });
            name(family, &column.name, &mut head);
        }
        head.extend_from_slice(b")");
        head.extend_from_slice(between.as_bytes());
        head.extend_from_slice(b" VALUES\n");
        let starts = |ty: &ColumnType, word: &str| {
            family == Family::MySql
                && ty.text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        let kind = |ty: &ColumnType| match &ty.class {
            TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt => Kind::Number,
            TypeClass::Numeric { .. } | TypeClass::Float { .. } => Kind::Number,
            TypeClass::Boolean => Kind::Boolean,
            TypeClass::Bytes if family != Family::Postgres => Kind::Bytes,
            TypeClass::Other if starts(ty, "bit") => Kind::Bits,
            TypeClass::Other if starts(ty, "point") || starts(ty, "geometry") => Kind::Shape,
            _ => Kind::Text,
        };
        Self { family, head, kinds: shape.columns.iter().map(|column| kind(&column.ty)).collect() }
    }

    fn value(&self, kind: Kind, value: &[u8], out: &mut Vec<u8>) -> Result<()> {
        match kind {
            Kind::Number if is_number(value) => out.extend_from_slice(value),
            Kind::Boolean => match (value, self.family) {
                (b"t" | b"true", Family::Postgres) => out.extend_from_slice(b"true"),
                (b"f" | b"false", Family::Postgres) => out.extend_from_slice(b"false"),
                (b"t" | b"true", _) => out.push(b'1'),
                (b"f" | b"false", _) => out.push(b'0'),
                _ if is_number(value) && self.family != Family::Postgres => out.extend_from_slice(value),
                _ => return self.text(value, out),
            },
            Kind::Bytes => match (value.strip_prefix(b"\\x"), self.family) {
                (Some([]), Family::MySql) => out.extend_from_slice(b"''"),
                (Some(digits), Family::MySql) => {
                    out.extend_from_slice(b"0x");
                    out.extend_from_slice(digits);
                }
                (Some(digits), _) => {
                    out.extend_from_slice(b"X'");
                    out.extend_from_slice(digits);
                    out.push(b'\'');
                }
                (None, _) => return self.text(value, out),
            },
            Kind::Bits => {
                out.push(b'b');
                return self.text(value, out);
            }
            Kind::Shape => match point(value) {
                Some(bytes) => {
                    out.extend_from_slice(b"0x");
                    for byte in bytes {
                        out.extend_from_slice(format!("{byte:02X}").as_bytes());
                    }
                }
                None => {
                    out.extend_from_slice(b"ST_GeomFromText(");
                    self.text(value, out)?;
                    out.push(b')');
                }
            },
            Kind::Number | Kind::Text => return self.text(value, out),
        }
        Ok(())
    }

    /// Appends a text in quotes.
    fn text(&self, value: &[u8], out: &mut Vec<u8>) -> Result<()> {
        out.push(b'\'');
        let mut rest = value;
        while let Some(at) =
            rest.iter().position(|byte| matches!(byte, b'\'' | b'\\' | b'\n' | b'\r' | 0 | 0x1a))
        {
            let Some((plain, [byte, tail @ ..])) = rest.split_at_checked(at) else { break };
            out.extend_from_slice(plain);
            rest = tail;
            match (byte, self.family) {
                (b'\'', _) => out.extend_from_slice(b"''"),
                (b'\\', Family::MySql) => out.extend_from_slice(b"\\\\"),
                (b'\n', Family::MySql) => out.extend_from_slice(b"\\n"),
                (b'\r', Family::MySql) => out.extend_from_slice(b"\\r"),
                (0x1a, Family::MySql) => out.extend_from_slice(b"\\Z"),
                (0, Family::MySql) => out.extend_from_slice(b"\\0"),
                (0, _) => {
                    return Err(Error::input("a NUL character, which a text of this format cannot hold"));
                }
                (other, _) => out.push(*other),
            }
        }
        out.extend_from_slice(rest);
        out.push(b'\'');
        Ok(())
    }
}

/// Returns a point, `(1,2)` or `POINT(1 2)`, as MySQL keeps it and its dumps have it: no reference system, then well-known bytes.
fn point(value: &[u8]) -> Option<Vec<u8>> {
    let value = value.strip_prefix(b"POINT").unwrap_or(value).strip_prefix(b"(")?.strip_suffix(b")")?;
    let mut numbers = value.split(|byte| matches!(byte, b',' | b' '));
    let mut number = || std::str::from_utf8(numbers.next()?).ok()?.parse::<f64>().ok();
    let (x, y) = (number()?, number()?);
    let mut bytes = vec![0, 0, 0, 0, 1, 1, 0, 0, 0];
    bytes.extend_from_slice(&x.to_le_bytes());
    bytes.extend_from_slice(&y.to_le_bytes());
    numbers.next().is_none().then_some(bytes)
}

impl RowWriter for Tuples {
    fn write(&self, row: Fields<'_>, at: u64, first: bool, last: bool, out: &mut Vec<u8>) -> Result<()> {
        if first || at.is_multiple_of(ROWS) {
            out.extend_from_slice(&self.head);
        }
        out.push(b'(');
        for (place, (value, kind)) in row.iter().zip(&self.kinds).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            match value {
                Some(value) => self.value(*kind, value, out)?,
                None => out.extend_from_slice(b"NULL"),
            }
        }
        out.extend_from_slice(if last || (at + 1).is_multiple_of(ROWS) { b");\n" } else { b"),\n" });
        Ok(())
    }
}

/// Returns whether a text is a number as all dialects, and JSON but for zeros in front, write it.
pub(in crate::format) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &mut &[u8]| {
        let len = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
        *text = text.get(len..).unwrap_or_default();
        len > 0
    };
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    if !digits(&mut rest) {
        return false;
    }
    if let Some(mut fraction) = rest.strip_prefix(b".") {
        if !digits(&mut fraction) {
            return false;
        }
        rest = fraction;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let mut exponent = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
        return digits(&mut exponent) && exponent.is_empty();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::field::Span;
    use crate::row::shape::ColumnFacts;

    fn written(family: Family, class: TypeClass, value: &str) -> String {
        written_as(family, ColumnType { class, text: String::new(), domain: None }, value)
    }

    fn written_as(family: Family, ty: ColumnType, value: &str) -> String {
        let column = ColumnFacts {
            name: "a`\"b".to_owned(),
            ty,
            not_null: false,
            generated: false,
            literal_default: false,
            numbered: false,
        };
        let shape = Shape { table: TableName::new(None, "t"), columns: vec![column], ..empty() };
        let spans = [Some(Span::new(0, u32::try_from(value.len()).unwrap()))];
        let mut out = Vec::new();
        let row = Fields { arena: value.as_bytes(), spans: &spans };
        Tuples::new(family, &shape, "").write(row, 7, true, true, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn empty() -> Shape {
        Shape { table: TableName::new(None, "t"), columns: Vec::new(), trusted_names: true }
    }

    #[test]
    fn values_are_written_in_the_words_of_each_dialect() {
        let text = TypeClass::Text { max_chars: None };
        let cases = [
            (Family::Postgres, text.clone(), "d'Ar\\c", "'d''Ar\\c'"),
            (Family::MySql, text.clone(), "d'Ar\\c\n\0", "'d''Ar\\\\c\\n\\0'"),
            (Family::Sqlite, text.clone(), "d'Ar\\c\n", "'d''Ar\\c\n'"),
            (Family::Postgres, TypeClass::Integer, "-12", "-12"),
            (Family::Postgres, TypeClass::Float { single: false }, "NaN", "'NaN'"),
            (Family::Postgres, TypeClass::Boolean, "t", "true"),
            (Family::MySql, TypeClass::Boolean, "f", "0"),
            (Family::Sqlite, TypeClass::Boolean, "t", "1"),
            (Family::Postgres, TypeClass::Bytes, "\\x00ff", "'\\x00ff'"),
            (Family::MySql, TypeClass::Bytes, "\\x00ff", "0x00ff"),
            (Family::MySql, TypeClass::Bytes, "\\x", "''"),
            (Family::Sqlite, TypeClass::Bytes, "\\x00ff", "X'00ff'"),
        ];
        for (family, class, value, wanted) in cases {
            let out = written(family, class, value);
            assert!(out.ends_with(&format!(" VALUES\n({wanted});\n")), "{family:?} {value:?}: {out}");
        }
        for (ty, value, wanted) in [
            ("bit(4)", "1011", "b'1011'"),
            ("point", "(1,2.5)", "0x000000000101000000000000000000F03F0000000000000440"),
            ("geometry", "LINESTRING(4 5,6 7)", "ST_GeomFromText('LINESTRING(4 5,6 7)')"),
        ] {
            let ty = ColumnType { class: TypeClass::Other, text: ty.to_owned(), domain: None };
            let out = written_as(Family::MySql, ty, value);
            assert!(out.ends_with(&format!(" VALUES\n({wanted});\n")), "{out}");
        }
        assert!(written(Family::MySql, text.clone(), "").starts_with("INSERT INTO `t` (`a``\"b`) VALUES\n"));
        assert!(written(Family::Sqlite, text, "").starts_with("INSERT INTO \"t\" (\"a`\"\"b\") VALUES\n"));
    }

    #[test]
    fn numbers_are_what_all_dialects_read() {
        for text in ["0", "-1.50", "1e9", "2.5E-3"] {
            assert!(is_number(text.as_bytes()), "{text}");
        }
        for text in ["", "-", ".5", "5.", "1e", "NaN", "Infinity", "0x1", "1;2", "1 "] {
            assert!(!is_number(text.as_bytes()), "{text}");
        }
    }
}
