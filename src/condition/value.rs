//! Values: how the text of a cell becomes one, and how two of them compare. No allocation; data, so no `Debug`.

use std::cmp::Ordering;
use std::sync::Arc;

use super::decimal::{self, Decimal, Exact};
use super::moment::{self, Interval};
use super::types::{Kind, Ty};

/// A value on its way through a condition.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal<'a>),
    /// A decimal that was calculated.
    Exact(Exact),
    Float(f64),
    Text(Text<'a>),
    Uuid(u128),
    Day(i64),
    Moment(i64),
    Interval(Interval),
    Label(usize),
}

/// Text: of the row or the condition, or made on the way.
#[derive(Clone, Copy)]
pub(super) enum Text<'a> {
    Given(&'a [u8]),
    /// From, to in the scratch buffer.
    Made(usize, usize),
}

impl<'a> Text<'a> {
    pub(super) fn get<'s>(self, scratch: &'s [u8]) -> &'s [u8]
    where
        'a: 's,
    {
        match self {
            Self::Given(bytes) => bytes,
            Self::Made(from, to) => scratch.get(from..to).unwrap_or_default(),
        }
    }
}

/// A value that the condition itself holds.
pub(super) enum Constant {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(decimal::Owned),
    Float(f64),
    Text(Box<[u8]>),
    Uuid(u128),
    Day(i64),
    Moment(i64),
    Interval(Interval),
    Label(usize),
}

impl Constant {
    pub(super) fn get(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Integer(value) => Value::Integer(*value),
            Self::Decimal(value) => Value::Decimal(value.get()),
            Self::Float(value) => Value::Float(*value),
            Self::Text(value) => Value::Text(Text::Given(value)),
            Self::Uuid(value) => Value::Uuid(*value),
            Self::Day(value) => Value::Day(*value),
            Self::Moment(value) => Value::Moment(*value),
            Self::Interval(value) => Value::Interval(*value),
            Self::Label(value) => Value::Label(*value),
        }
    }
}

impl Value<'_> {
    /// Returns a copy that stays.
    pub(super) fn keep(&self, scratch: &[u8]) -> Constant {
        match self {
            Self::Null => Constant::Null,
            Self::Boolean(value) => Constant::Boolean(*value),
            Self::Integer(value) => Constant::Integer(*value),
            Self::Decimal(value) => Constant::Decimal(value.keep()),
            Self::Exact(value) => Constant::Decimal(value.get(&mut [0; Exact::ROOM]).keep()),
            Self::Float(value) => Constant::Float(*value),
            Self::Text(value) => Constant::Text(value.get(scratch).into()),
            Self::Uuid(value) => Constant::Uuid(*value),
            Self::Day(value) => Constant::Day(*value),
            Self::Moment(value) => Constant::Moment(*value),
            Self::Interval(value) => Constant::Interval(*value),
            Self::Label(value) => Constant::Label(*value),
        }
    }
}

/// How text becomes a value.
#[derive(Clone)]
pub(super) enum Form {
    Boolean,
    /// A whole number; of a column, which may be an unsigned one, any that has digits only.
    Integer,
    /// A whole number of a range.
    Ranged(i64, i64),
    Decimal,
    Real,
    Double,
    Text,
    Uuid,
    Day,
    Moment,
    MomentTz,
    /// A time of the day, as a moment of the first day.
    Clock,
    Label(Arc<[String]>),
}

impl Form {
    /// Returns the form of a column's cells; `None` where they are not read.
    pub(super) fn of_cell(ty: &Ty) -> Option<Self> {
        Some(match ty {
            Ty::SmallInt | Ty::Integer | Ty::BigInt => Self::Integer,
            Ty::Json | Ty::Jsonb => Self::Text,
            _ => Self::of_text(ty)?,
        })
    }

    /// Returns the form of a text that is cast to a type.
    pub(super) fn of_text(ty: &Ty) -> Option<Self> {
        Some(match ty {
            Ty::Boolean => Self::Boolean,
            Ty::SmallInt | Ty::Integer | Ty::BigInt => {
                let (least, most) = ty.range()?;
                Self::Ranged(least, most)
            }
            Ty::Numeric => Self::Decimal,
            Ty::Real => Self::Real,
            Ty::Double => Self::Double,
            Ty::Literal | Ty::Text | Ty::Varchar | Ty::Bpchar | Ty::CiText => Self::Text,
            Ty::Uuid => Self::Uuid,
            Ty::Date => Self::Day,
            Ty::Timestamp => Self::Moment,
            Ty::TimestampTz => Self::MomentTz,
            Ty::Time => Self::Clock,
            Ty::Enum(labels) => Self::Label(Arc::clone(labels)),
            Ty::Interval | Ty::Json | Ty::Jsonb | Ty::Array | Ty::Opaque => return None,
        })
    }

    /// Says what a text that is none of it should have been.
    pub(super) fn wanted(&self) -> &'static str {
        match self {
            Self::Boolean => "the value is no boolean",
            Self::Integer => "the value is no whole number",
            Self::Ranged(..) => "the value is no whole number, or too large for its type",
            Self::Decimal => "the value is no number",
            Self::Real | Self::Double => "the value is no number, or too large for its type",
            Self::Text => "the value is no text",
            Self::Uuid => "the value is no UUID",
            Self::Day => "the value is no date of the form YYYY-MM-DD",
            Self::Moment | Self::MomentTz => "the value is no timestamp of the form YYYY-MM-DD HH:MM:SS",
            Self::Clock => "the value is no time of the form HH:MM:SS",
            Self::Label(_) => "the value is no label of its enum",
        }
    }

    /// Reads a cell as a dump prints it.
    pub(super) fn cell<'a>(&self, text: &'a [u8]) -> Option<Value<'a>> {
        match self {
            Self::Integer => integer(text),
            Self::Day => moment::parse(text).filter(|s| s.time.is_none()).map(|s| Value::Day(s.day)),
            // A zone here would change the moment, and is nothing that a server prints.
            Self::Moment => Some(Value::Moment(moment::parse(text).filter(|s| s.zone.is_none())?.local()?)),
            Self::MomentTz => Some(Value::Moment(moment::parse(text)?.utc()?)),
            Self::Text => Some(Value::Text(Text::Given(text))),
            Self::Decimal => Decimal::parse(text).map(Value::Decimal),
            Self::Boolean => match text {
                b"t" => Some(Value::Boolean(true)),
                b"f" => Some(Value::Boolean(false)),
                _ => boolean(text).map(Value::Boolean),
            },
            _ => self.text(text),
        }
    }

    /// Reads a text as PostgreSQL's input functions do: blanks around it do not count.
    pub(super) fn text<'a>(&self, text: &'a [u8]) -> Option<Value<'a>> {
        if let Self::Text = self {
            return Some(Value::Text(Text::Given(text)));
        }
        if let Self::Label(labels) = self {
            return labels.iter().position(|label| label.as_bytes() == text).map(Value::Label);
        }
        let text = trim(text);
        match self {
            Self::Boolean => boolean(text).map(Value::Boolean),
            Self::Ranged(least, most) => match integer(text)? {
                Value::Integer(value) if (*least..=*most).contains(&value) => Some(Value::Integer(value)),
                _ => None,
            },
            Self::Decimal => Decimal::parse(text).map(Value::Decimal),
            Self::Real => float(text, |text| text.parse::<f32>().ok().map(f64::from)),
            Self::Double => float(text, |text| text.parse().ok()),
            Self::Uuid => uuid(text).map(Value::Uuid),
            Self::Day => moment::parse(text).map(|stamp| Value::Day(stamp.day)),
            Self::Moment => Some(Value::Moment(moment::parse(text)?.local()?)),
            Self::MomentTz => Some(Value::Moment(moment::parse(text)?.utc()?)),
            Self::Clock => moment::time_of_day(text).map(Value::Moment),
            Self::Integer | Self::Text | Self::Label(_) => None,
        }
    }
}

/// Takes PostgreSQL's blanks off both ends.
fn trim(text: &[u8]) -> &[u8] {
    let blank = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|b| !blank(b)).unwrap_or(text.len());
    let end = text.iter().rposition(|b| !blank(b)).map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

/// Reads a whole number of at most 18 digits.
pub(super) fn small(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut sum = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum = sum * 10 + i64::from(digit);
    }
    Some(if negative { -sum } else { sum })
}

/// Reads digits with a sign; past 64 bits they stay a decimal, since a column may be unsigned.
fn integer(text: &[u8]) -> Option<Value<'_>> {
    if let Some(number) = small(text) {
        return Some(Value::Integer(number));
    }
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let parsed: Option<i64> = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    parsed.map(Value::Integer).or_else(|| Decimal::parse(text).map(Value::Decimal))
}

/// Source: `parse_bool_with_len` in `bool.c`: any case, any unambiguous beginning.
fn boolean(text: &[u8]) -> Option<bool> {
    let begins = |word: &str| {
        !text.is_empty()
            && word.as_bytes().get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    if begins("true") || begins("yes") || text == b"1" || text.eq_ignore_ascii_case(b"on") {
        return Some(true);
    }
    let off = text.len() > 1 && begins("off");
    (begins("false") || begins("no") || text == b"0" || off).then_some(false)
}

/// Reads a binary number; what became zero or infinity only by its size is refused.
fn float(text: &[u8], parse: impl Fn(&str) -> Option<f64>) -> Option<Value<'_>> {
    let decimal = Decimal::parse(text)?;
    let number = parse(std::str::from_utf8(text).ok()?)?;
    let zero = decimal.compare(&Decimal::zero()).is_eq();
    let digits = text.iter().any(u8::is_ascii_digit);
    ((number != 0.0 || zero) && (number.is_finite() || !digits)).then_some(Value::Float(number))
}

/// Source: `string_to_uuid` in `uuid.c`: braces around, hyphens behind any four digits.
fn uuid(text: &[u8]) -> Option<u128> {
    let text = match text.strip_prefix(b"{") {
        Some(rest) => rest.strip_suffix(b"}")?,
        None => text,
    };
    let (mut value, mut count) = (0_u128, 0_u32);
    for byte in text {
        if *byte == b'-' {
            if count == 0 || !count.is_multiple_of(4) || count == 32 {
                return None;
            }
            continue;
        }
        value = (value << 4) | u128::from(char::from(*byte).to_digit(16)?);
        count += 1;
        if count > 32 {
            return None;
        }
    }
    (count == 32 && !text.windows(2).any(|pair| pair == b"--")).then_some(value)
}

/// Takes trailing blanks off.
pub(super) fn unpadded(text: &[u8]) -> &[u8] {
    let kept = text.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
    text.get(..kept).unwrap_or_default()
}

/// Compares two values of a kind; `None` where they are none of it, which a bound condition never makes.
pub(super) fn compare(kind: Kind, left: &Value<'_>, right: &Value<'_>, scratch: &[u8]) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => {
            let (a, b) = (a.get(scratch), b.get(scratch));
            match kind {
                Kind::Padded => unpadded(a).cmp(unpadded(b)),
                Kind::Folded => {
                    a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase))
                }
                _ => a.cmp(b),
            }
        }
        (Value::Day(a), Value::Day(b)) | (Value::Moment(a), Value::Moment(b)) => a.cmp(b),
        (Value::Day(a), Value::Moment(b)) => moment::midnight(*a).cmp(b),
        (Value::Moment(a), Value::Day(b)) => a.cmp(&moment::midnight(*b)),
        (Value::Decimal(a), Value::Decimal(b)) => a.compare(b),
        (Value::Decimal(a), Value::Integer(b)) => a.compare(&whole(itoa::Buffer::new().format(*b))?),
        (Value::Integer(a), Value::Decimal(b)) => whole(itoa::Buffer::new().format(*a))?.compare(b),
        (Value::Exact(a), b) => a.get(&mut [0; Exact::ROOM]).compare(&exactly(b, &mut [0; Exact::ROOM])?),
        (a, Value::Exact(b)) => exactly(a, &mut [0; Exact::ROOM])?.compare(&b.get(&mut [0; Exact::ROOM])),
        (Value::Float(a), Value::Float(b)) => floats(*a, *b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Uuid(a), Value::Uuid(b)) => a.cmp(b),
        (Value::Label(a), Value::Label(b)) => a.cmp(b),
        (Value::Interval(a), Value::Interval(b)) => a.length().cmp(&b.length()),
        _ => return None,
    })
}

/// Returns a number as a decimal.
fn exactly<'v>(value: &Value<'v>, room: &'v mut [u8; Exact::ROOM]) -> Option<Decimal<'v>> {
    match value {
        Value::Decimal(number) => Some(*number),
        Value::Integer(number) => Some(Exact::whole(*number).get(room)),
        Value::Exact(number) => Some(number.get(room)),
        _ => None,
    }
}

fn whole(text: &str) -> Option<Decimal<'_>> {
    Decimal::parse(text.as_bytes())
}

/// NaN equals NaN and stands above all; the zeros are one.
fn floats(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}
