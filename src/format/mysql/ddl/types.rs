//! MySQL's and MariaDB's types as `TypeClass`. A type that is not known is `Other`, never a guess at something near it.
//!
//! A class is never wider than the type, so that a stand-in never overflows it: `tinyint` and `mediumint` are numbers
//! of 2 and 6 digits, a `text` of 65,535 bytes takes 16,383 characters of up to four bytes. Unsigned types take the
//! class of the signed one: its stand-ins fit, and values above it are unfit.

use std::sync::Arc;

use super::super::lexer::{Item, Token};
use super::cursor::{Cursor, not_understood, parts};
use crate::error::Result;
use crate::row::shape::{ColumnType, TypeClass};

/// A column's type as read.
pub(super) struct Read {
    pub ty: ColumnType,
    /// `serial`: NOT NULL and unique.
    pub serial: bool,
}

/// The arguments in a type's parentheses.
enum Arguments {
    None,
    Numbers(Vec<u32>),
    Texts(Vec<String>),
}

/// Reads a type with its arguments; the attributes behind it are the column's.
///
/// # Errors
/// No word stands there, or its arguments are not read.
pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> Result<Read> {
    let mut name = match cursor.next() {
        Some(token @ Token::Word(_)) => token.upper(),
        _ => return Err(not_understood()),
    };
    if matches!(name.as_str(), "NATIONAL") {
        name = cursor.next().map(Token::upper).unwrap_or_default();
    }
    if matches!(name.as_str(), "CHAR" | "CHARACTER" | "NCHAR") && cursor.word("VARYING") {
        name = "VARCHAR".to_owned();
    }
    if name == "LONG" {
        cursor.word("VARCHAR");
        name = if cursor.word("VARBINARY") { "MEDIUMBLOB" } else { "MEDIUMTEXT" }.to_owned();
    }
    if name == "DOUBLE" {
        cursor.word("PRECISION");
    }
    let mut text = name.to_ascii_lowercase();
    let arguments = if cursor.sees_symbol(b'(') { arguments(cursor.group()?)? } else { Arguments::None };
    let class = class(&name, &arguments);
    if let Arguments::Numbers(numbers) = &arguments {
        let shown: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        text = format!("{text}({})", shown.join(","));
    }
    // What a SET may hold is said by nothing but its members.
    if let ("SET", Arguments::Texts(members)) = (name.as_str(), &arguments) {
        let shown: Vec<String> = members.iter().map(|m| format!("'{}'", m.replace('\'', "''"))).collect();
        text = format!("set({})", shown.join(","));
    }
    Ok(Read { ty: ColumnType { class, text, domain: None }, serial: name == "SERIAL" })
}

fn arguments(items: &[Item<'_>]) -> Result<Arguments> {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    for part in parts(items)? {
        match part {
            [Item { token: Token::Number(n), .. }] => {
                let number = std::str::from_utf8(n).ok().and_then(|n| n.parse().ok());
                numbers.push(number.ok_or_else(not_understood)?);
            }
            [Item { token: Token::Text(t), .. }] => {
                texts.push(String::from_utf8(t.clone()).map_err(|_| not_understood())?);
            }
            _ => return Err(not_understood()),
        }
    }
    match (numbers.is_empty(), texts.is_empty()) {
        (false, true) => Ok(Arguments::Numbers(numbers)),
        (true, false) => Ok(Arguments::Texts(texts)),
        _ => Err(not_understood()),
    }
}

/// Source: MySQL 8.4 manual, chapter 13; MariaDB's data types to 11.8.
fn class(name: &str, arguments: &Arguments) -> TypeClass {
    let first = match arguments {
        Arguments::Numbers(numbers) => numbers.first().copied(),
        _ => None,
    };
    let digits = |digits| TypeClass::Numeric { precision: Some(digits), scale: Some(0) };
    let text = |bytes: u32| TypeClass::Text { max_chars: Some(first.unwrap_or(bytes).min(bytes) / 4) };
    match name {
        "TINYINT" | "INT1" | "BOOL" | "BOOLEAN" => digits(2),
        "SMALLINT" | "INT2" => TypeClass::SmallInt,
        "MEDIUMINT" | "INT3" | "MIDDLEINT" => digits(6),
        "INT" | "INTEGER" | "INT4" => TypeClass::Integer,
        "BIGINT" | "INT8" | "SERIAL" => TypeClass::BigInt,
        "DECIMAL" | "NUMERIC" | "DEC" | "FIXED" | "NUMBER" => numeric(arguments),
        "FLOAT" | "FLOAT4" => TypeClass::Float { single: true },
        "DOUBLE" | "REAL" | "FLOAT8" => TypeClass::Float { single: false },
        "CHAR" | "CHARACTER" | "NCHAR" => TypeClass::Char { chars: first.unwrap_or(1) },
        "VARCHAR" | "NVARCHAR" | "VARCHARACTER" | "VARCHAR2" => match first {
            Some(max_chars) => TypeClass::Text { max_chars: Some(max_chars) },
            None => TypeClass::Other,
        },
        "TINYTEXT" => text(255),
        "TEXT" => text(65_535),
        "MEDIUMTEXT" => text(16_777_215),
        "LONGTEXT" | "CLOB" => TypeClass::Text { max_chars: None },
        "ENUM" => match arguments {
            Arguments::Texts(labels) => TypeClass::Enum(Arc::from(labels.as_slice())),
            _ => TypeClass::Other,
        },
        "JSON" => TypeClass::Json,
        "DATE" => TypeClass::Date,
        "DATETIME" => TypeClass::Timestamp { zone: false },
        "TIMESTAMP" => TypeClass::Moment,
        "TIME" => TypeClass::Time,
        "UUID" => TypeClass::Uuid,
        "INET4" | "INET6" => TypeClass::Inet,
        "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" | "RAW" => TypeClass::Bytes,
        _ => TypeClass::Other,
    }
}

fn numeric(arguments: &Arguments) -> TypeClass {
    let (precision, scale) = match arguments {
        Arguments::None => (10, 0),
        Arguments::Numbers(numbers) => match numbers.as_slice() {
            [p] => (*p, 0),
            [p, s] => (*p, *s),
            _ => return TypeClass::Other,
        },
        Arguments::Texts(_) => return TypeClass::Other,
    };
    match i32::try_from(scale) {
        Ok(scale) => TypeClass::Numeric { precision: Some(precision), scale: Some(scale) },
        Err(_) => TypeClass::Other,
    }
}
