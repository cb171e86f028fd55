//! The types of a condition and which of them meet: PostgreSQL's implicit casts, as far as the subset goes.

use std::sync::Arc;

use crate::row::shape::{ColumnType, TypeClass};

/// The type of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    /// 'text' or NULL without a type: it takes that of the other side.
    Literal,
    Boolean,
    SmallInt,
    Integer,
    BigInt,
    Numeric,
    Real,
    Double,
    Text,
    Varchar,
    /// `char(n)`: trailing blanks do not count.
    Bpchar,
    /// Text without case.
    CiText,
    Uuid,
    Date,
    Timestamp,
    TimestampTz,
    /// Of a day, without a zone.
    Time,
    Interval,
    Json,
    Jsonb,
    /// An enum orders by its labels.
    Enum(Arc<[String]>),
    /// An array: how many elements it has may be asked.
    Array,
    /// A type that only IS NULL is asked of.
    Opaque,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    /// Whole numbers and decimals.
    Number,
    Float,
    /// By bytes.
    Bytes,
    /// By bytes, trailing blanks left out.
    Padded,
    /// By bytes, ASCII letters as small ones.
    Folded,
    Uuid,
    Day,
    Moment,
    Interval,
    Label,
}

impl Ty {
    /// Returns the type of a column. Without a schema a value is text.
    pub(super) fn of_column(ty: &ColumnType) -> Self {
        let text = ty.text.trim_start().to_ascii_lowercase();
        match &ty.class {
            TypeClass::Unknown => Self::Text,
            TypeClass::SmallInt => Self::SmallInt,
            TypeClass::Integer => Self::Integer,
            TypeClass::BigInt => Self::BigInt,
            TypeClass::Numeric { .. } => Self::Numeric,
            TypeClass::Float { single: true } => Self::Real,
            TypeClass::Float { single: false } => Self::Double,
            TypeClass::Boolean => Self::Boolean,
            TypeClass::Text { .. }
                if text.starts_with("character varying") || text.starts_with("varchar") =>
            {
                Self::Varchar
            }
            // PostgreSQL's bpchar without a length has no limit, but trailing blanks do not count in it.
            TypeClass::Text { .. } if text == "bpchar" => Self::Bpchar,
            TypeClass::Text { .. } => Self::Text,
            TypeClass::Char { .. } => Self::Bpchar,
            TypeClass::CiText => Self::CiText,
            TypeClass::Uuid => Self::Uuid,
            TypeClass::Date => Self::Date,
            TypeClass::Timestamp { zone: false } | TypeClass::Moment => Self::Timestamp,
            TypeClass::Timestamp { zone: true } => Self::TimestampTz,
            TypeClass::Json if text == "jsonb" => Self::Jsonb,
            TypeClass::Json => Self::Json,
            TypeClass::Enum(labels) => Self::Enum(Arc::clone(labels)),
            TypeClass::Time if matches!(text.as_str(), "time" | "time without time zone") => Self::Time,
            TypeClass::Array(_) => Self::Array,
            TypeClass::Time | TypeClass::Interval | TypeClass::Bytes | TypeClass::Inet | TypeClass::Other => {
                Self::Opaque
            }
        }
    }

    /// Returns its name for messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Literal => "text",
            Self::Boolean => "boolean",
            Self::SmallInt => "smallint",
            Self::Integer => "integer",
            Self::BigInt => "bigint",
            Self::Numeric => "numeric",
            Self::Real => "real",
            Self::Double => "double precision",
            Self::Text => "text",
            Self::Varchar => "varchar",
            Self::Bpchar => "char",
            Self::CiText => "citext",
            Self::Uuid => "uuid",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::TimestampTz => "timestamptz",
            Self::Time => "time",
            Self::Interval => "interval",
            Self::Json => "json",
            Self::Jsonb => "jsonb",
            Self::Enum(_) => "an enum",
            Self::Array => "an array",
            Self::Opaque => "a type that conditions do not read",
        }
    }

    /// Returns the range of a whole number.
    pub(super) fn range(&self) -> Option<(i64, i64)> {
        match self {
            Self::SmallInt => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
            Self::Integer => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
            Self::BigInt => Some((i64::MIN, i64::MAX)),
            _ => None,
        }
    }

    /// Returns whether it is text of any sort.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Varchar | Self::Bpchar | Self::CiText)
    }

    /// Returns the place among numbers, narrow ones first.
    fn number(&self) -> Option<u8> {
        Some(match self {
            Self::SmallInt => 0,
            Self::Integer => 1,
            Self::BigInt => 2,
            Self::Numeric => 3,
            Self::Real => 4,
            Self::Double => 5,
            _ => return None,
        })
    }

    /// Returns whether it is a number of any sort.
    pub(super) fn is_number(&self) -> bool {
        self.number().is_some()
    }

    /// Returns whether it is a whole number or a decimal: exact at any size.
    pub(super) fn is_exact(&self) -> bool {
        self.number().is_some_and(|place| place <= 3)
    }

    /// Returns the place among dates.
    fn date(&self) -> Option<u8> {
        Some(match self {
            Self::Date => 0,
            Self::Timestamp => 1,
            Self::TimestampTz => 2,
            _ => return None,
        })
    }

    /// Returns whether it is JSON of either sort.
    pub(super) fn is_json(&self) -> bool {
        matches!(self, Self::Json | Self::Jsonb)
    }

    /// Returns the type that both become in a list or COALESCE (`select_common_type`).
    pub(super) fn join(&self, other: &Self) -> Option<Self> {
        if self == other {
            return (*self != Self::Opaque).then(|| self.clone());
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Some(if a > b { self } else { other }.clone());
        }
        if let (Some(a), Some(b)) = (self.date(), other.date()) {
            return Some(if a > b { self } else { other }.clone());
        }
        let text = |ty: &Self| matches!(ty, Self::Text | Self::Varchar | Self::CiText);
        (text(self) && text(other)).then_some(Self::Text)
    }

    /// Returns the type that both become in a comparison.
    pub(super) fn meet(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Bpchar, Self::Varchar) | (Self::Varchar, Self::Bpchar) => Some(Self::Bpchar),
            (Self::Bpchar, Self::Text) | (Self::Text, Self::Bpchar) => Some(Self::Text),
            // There is no operator between a real and a narrower number: both become double precision.
            _ => self.join(other).map(|ty| if ty == Self::Real && self != other { Self::Double } else { ty }),
        }
    }

    /// Returns how two values of it are compared; JSON is not.
    pub(super) fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Boolean => Kind::Boolean,
            Self::SmallInt | Self::Integer | Self::BigInt | Self::Numeric => Kind::Number,
            Self::Real | Self::Double => Kind::Float,
            Self::Literal | Self::Text | Self::Varchar => Kind::Bytes,
            Self::Bpchar => Kind::Padded,
            Self::CiText => Kind::Folded,
            Self::Uuid => Kind::Uuid,
            Self::Date => Kind::Day,
            Self::Timestamp | Self::TimestampTz | Self::Time => Kind::Moment,
            Self::Interval => Kind::Interval,
            Self::Enum(_) => Kind::Label,
            Self::Json | Self::Jsonb | Self::Array | Self::Opaque => return None,
        })
    }
}
