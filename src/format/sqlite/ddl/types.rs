//! What a declared type means. SQLite stores any value in any column (STRICT tables apart) and only prefers a storage
//! class, by words in the type's name (datatype3.html, 3.1). The class here is what a stand-in must be so that it stays
//! what it is: a text that looks like a number would become one in a column of INTEGER or NUMERIC affinity.
//!
//! Lengths are taken at their word although SQLite does not enforce them: what reads the database may.

use crate::row::shape::{ColumnType, TypeClass};

/// Names of text types; SQLite gives all of them TEXT affinity.
const TEXTS: &[&str] = &["CHAR", "CLOB", "TEXT"];

/// Words of integer types. Others that hold `INT` somewhere (POINT, INTERVAL) have the affinity without the meaning.
const INTEGERS: &[&str] = &[
    "INT",
    "INTEGER",
    "TINYINT",
    "SMALLINT",
    "MEDIUMINT",
    "BIGINT",
    "INT2",
    "INT4",
    "INT8",
    "INT16",
    "INT32",
    "INT64",
];

/// Reads a declared type: its words, spaced as written or not, and the numbers behind them. An empty one is unknown:
/// values keep their own form there.
pub(super) fn resolve(words: &str, numbers: &[u32]) -> ColumnType {
    let upper = words.to_ascii_uppercase();
    let text = match numbers {
        [] => words.to_owned(),
        [n] => format!("{words}({n})"),
        [n, m, ..] => format!("{words}({n},{m})"),
    };
    ColumnType { class: class(&upper, numbers), text, domain: None }
}

fn class(upper: &str, numbers: &[u32]) -> TypeClass {
    let first = numbers.first().copied();
    if upper.is_empty() || upper == "ANY" {
        return TypeClass::Unknown;
    }
    // The order of the rules is SQLite's: INT wins over all others.
    if upper.contains("INT") {
        let integer = upper.split(' ').any(|word| INTEGERS.contains(&word));
        return if integer { TypeClass::BigInt } else { TypeClass::Other };
    }
    if TEXTS.iter().any(|name| upper.contains(name)) {
        return TypeClass::Text { max_chars: first.filter(|n| *n > 0) };
    }
    if upper.contains("BLOB") {
        return TypeClass::Bytes;
    }
    if ["REAL", "FLOA", "DOUB"].iter().any(|name| upper.contains(name)) {
        return TypeClass::Float { single: false };
    }
    match upper {
        "NUMERIC" | "DECIMAL" | "NUMBER" | "DEC" => TypeClass::Numeric {
            precision: first,
            scale: numbers.get(1).map_or(first.map(|_| 0), |n| i32::try_from(*n).ok()),
        },
        "BOOLEAN" | "BOOL" => TypeClass::Boolean,
        "DATE" => TypeClass::Date,
        "DATETIME" | "TIMESTAMP" => TypeClass::Timestamp { zone: false },
        "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE" => TypeClass::Timestamp { zone: true },
        "TIME" => TypeClass::Time,
        "JSON" | "JSONB" => TypeClass::Json,
        "UUID" | "GUID" | "UNIQUEIDENTIFIER" => TypeClass::Uuid,
        _ => TypeClass::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_by_their_names() {
        let text = |n| TypeClass::Text { max_chars: n };
        for (words, numbers, wanted) in [
            ("", &[][..], TypeClass::Unknown),
            ("any", &[], TypeClass::Unknown),
            ("integer", &[], TypeClass::BigInt),
            ("INT", &[11], TypeClass::BigInt),
            ("UNSIGNED BIG INT", &[], TypeClass::BigInt),
            ("tinyint", &[1], TypeClass::BigInt),
            ("FLOATING POINT", &[], TypeClass::Other),
            ("INTERVAL", &[], TypeClass::Other),
            ("TEXT", &[], text(None)),
            ("character varying", &[40], text(Some(40))),
            ("NVARCHAR", &[0], text(None)),
            ("CHAR", &[2], text(Some(2))),
            ("CLOB", &[], text(None)),
            ("BLOB", &[], TypeClass::Bytes),
            ("DOUBLE PRECISION", &[], TypeClass::Float { single: false }),
            ("real", &[], TypeClass::Float { single: false }),
            ("decimal", &[10, 2], TypeClass::Numeric { precision: Some(10), scale: Some(2) }),
            ("NUMERIC", &[5], TypeClass::Numeric { precision: Some(5), scale: Some(0) }),
            ("NUMERIC", &[], TypeClass::Numeric { precision: None, scale: None }),
            ("boolean", &[], TypeClass::Boolean),
            ("date", &[], TypeClass::Date),
            ("DateTime", &[], TypeClass::Timestamp { zone: false }),
            ("json", &[], TypeClass::Json),
            // NUMERIC affinity: '007' would become 7 in it.
            ("STRING", &[], TypeClass::Other),
            ("MONEY", &[], TypeClass::Other),
        ] {
            assert_eq!(resolve(words, numbers).class, wanted, "{words}");
        }
        assert_eq!(resolve("Decimal", &[10, 2]).text, "Decimal(10,2)");
    }
}
