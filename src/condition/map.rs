//! What becomes of values: casts, functions, signs, steps into JSON, calculations. NULL never comes here: it stays NULL.
//! An error says what is wrong, never the value; PostgreSQL would stop at the same place.

use super::decimal::{Decimal, Exact};
use super::json::{self, Step};
use super::like::characters;
use super::moment;
use super::parts::{self, Part};
use super::tree::Sign;
use super::value::{Form, Text, Value, unpadded};

/// What becomes of one value.
pub(super) enum Map {
    /// Text is read as another type.
    Read(Form),
    /// A whole number must lie in a range.
    Range(i64, i64),
    Float,
    Real,
    Midnight,
    Day,
    /// Trailing blanks go.
    Unpad,
    /// Boolean, whole number, UUID, label become text.
    Print(Option<std::sync::Arc<[String]>>),
    Lower,
    Upper,
    Characters,
    Bytes,
    Trim {
        left: bool,
        right: bool,
    },
    Negative(Option<(i64, i64)>),
    /// A number, to so many digits behind the point.
    Round(u32),
    Absolute,
    /// A boolean becomes 0 or 1.
    Whole,
    /// A part of it.
    Part(Part),
    /// A step into JSON, as text or as JSON.
    Get {
        step: Step,
        text: bool,
    },
}

type Outcome<T> = Result<T, &'static str>;

const BUG: &str = "the condition met a value of another type, which is a fault of standin";
const TOO_LARGE: &str = "the result is too large for its type";

pub(super) fn map<'v>(by: &'v Map, value: Value<'v>, scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    match (by, value) {
        (Map::Part(part), value) => parts::part(part, value, scratch),
        (Map::Whole, Value::Boolean(value)) => Ok(Value::Integer(i64::from(value))),
        (Map::Float, Value::Integer(number)) => Ok(Value::Float(to_float(number))),
        (Map::Float, Value::Decimal(number)) => number.float().map(Value::Float).ok_or(TOO_LARGE),
        (Map::Float | Map::Real, Value::Float(_)) => Ok(value),
        (Map::Real, Value::Integer(number)) => Ok(Value::Float(to_real(number))),
        (Map::Real, Value::Decimal(number)) => number.real().map(Value::Float).ok_or(TOO_LARGE),
        (Map::Range(least, most), Value::Integer(number)) => {
            if (*least..=*most).contains(&number) {
                Ok(value)
            } else {
                Err(TOO_LARGE)
            }
        }
        (Map::Float, Value::Exact(number)) => {
            number.get(&mut [0; Exact::ROOM]).float().map(Value::Float).ok_or(TOO_LARGE)
        }
        (Map::Real, Value::Exact(number)) => {
            number.get(&mut [0; Exact::ROOM]).real().map(Value::Float).ok_or(TOO_LARGE)
        }
        (Map::Round(_) | Map::Absolute, Value::Float(_)) => Err(BUG),
        (Map::Round(behind), value) => {
            exact(&value).and_then(|number| number.round(*behind)).map(Value::Exact).ok_or(TOO_LARGE)
        }
        (Map::Absolute, value) => {
            exact(&value).map(|number| Value::Exact(number.absolute())).ok_or(TOO_LARGE)
        }
        (Map::Range(..), Value::Decimal(_) | Value::Exact(_)) => Err(TOO_LARGE),
        (Map::Midnight, Value::Day(day)) => moment::to_moment(day).map(Value::Moment).ok_or(TOO_LARGE),
        (Map::Midnight, Value::Moment(_)) => Ok(value),
        (Map::Day, Value::Moment(moment)) => Ok(Value::Day(moment::to_day(moment))),
        (Map::Negative(range), value) => negative(value, *range),
        (Map::Print(labels), value) => print(value, labels.as_deref(), scratch),
        (by, Value::Text(text)) => map_text(by, text, scratch),
        _ => Err(BUG),
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "PostgreSQL's int8 to float8 rounds too"
)]
fn to_float(number: i64) -> f64 {
    number as f64
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "PostgreSQL's int8 to float4 rounds too"
)]
fn to_real(number: i64) -> f64 {
    f64::from(number as f32)
}

/// Keeps a part of a text that lies where the text lies.
fn part<'v>(text: Text<'v>, scratch: &[u8], cut: impl Fn(&[u8]) -> (usize, usize)) -> Text<'v> {
    match text {
        Text::Given(bytes) => {
            let (from, to) = cut(bytes);
            Text::Given(bytes.get(from..to).unwrap_or_default())
        }
        Text::Made(start, end) => {
            let (from, to) = cut(scratch.get(start..end).unwrap_or_default());
            Text::Made(start + from, start + to)
        }
    }
}

fn map_text<'v>(by: &'v Map, text: Text<'v>, scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    Ok(match by {
        Map::Read(form) => return read(form, text, scratch),
        Map::Unpad => Value::Text(part(text, scratch, |bytes| (0, unpadded(bytes).len()))),
        Map::Trim { left, right } => Value::Text(part(text, scratch, |bytes| {
            let from = if *left { bytes.iter().take_while(|b| **b == b' ').count() } else { 0 };
            (from, if *right { unpadded(bytes).len().max(from) } else { bytes.len() })
        })),
        Map::Lower => Value::Text(made(text, scratch, <[u8]>::make_ascii_lowercase)),
        Map::Upper => Value::Text(made(text, scratch, <[u8]>::make_ascii_uppercase)),
        Map::Characters => Value::Integer(count(characters(text.get(scratch)))?),
        Map::Bytes => Value::Integer(count(text.get(scratch).len())?),
        Map::Get { step, text: as_text } => return get(step, *as_text, text, scratch),
        _ => return Err(BUG),
    })
}

fn count(number: usize) -> Outcome<i64> {
    i64::try_from(number).map_err(|_| TOO_LARGE)
}

/// Copies a text into the scratch buffer and changes it there.
fn made<'v>(text: Text<'_>, scratch: &mut Vec<u8>, change: impl Fn(&mut [u8])) -> Text<'v> {
    let start = scratch.len();
    match text {
        Text::Given(bytes) => scratch.extend_from_slice(bytes),
        Text::Made(from, to) => scratch.extend_from_within(from.min(start)..to.min(start)),
    }
    change(scratch.get_mut(start..).unwrap_or_default());
    Text::Made(start, scratch.len())
}

/// Reads text as another type. What points into the scratch buffer must not stay there: a decimal is the only value
/// that would, so one of made text is refused unless it is a whole number.
fn read<'v>(form: &'v Form, text: Text<'v>, scratch: &[u8]) -> Outcome<Value<'v>> {
    let wanted = || form.wanted();
    match text {
        Text::Given(bytes) => form.text(bytes).ok_or_else(wanted),
        Text::Made(..) => match form.text(text.get(scratch)).ok_or_else(wanted)? {
            Value::Integer(number) => Ok(Value::Integer(number)),
            Value::Boolean(value) => Ok(Value::Boolean(value)),
            Value::Float(number) => Ok(Value::Float(number)),
            Value::Uuid(value) => Ok(Value::Uuid(value)),
            Value::Day(day) => Ok(Value::Day(day)),
            Value::Moment(moment) => Ok(Value::Moment(moment)),
            Value::Label(label) => Ok(Value::Label(label)),
            Value::Decimal(_) => match Form::Ranged(i64::MIN, i64::MAX).text(text.get(scratch)) {
                Some(Value::Integer(number)) => Ok(Value::Integer(number)),
                _ => Err("the number is written with escapes or changed by a function"),
            },
            Value::Null | Value::Text(_) | Value::Interval(_) | Value::Exact(_) => Err(BUG),
        },
    }
}

fn get<'v>(step: &Step, as_text: bool, text: Text<'v>, scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    const NO_JSON: &str = "the value is no JSON";
    let (bytes, start) = match text {
        Text::Given(bytes) => (bytes, 0),
        // JSON made on the way would be read out of the buffer that the reading writes to.
        Text::Made(..) => return Err(BUG),
    };
    let Some(range) = json::find(bytes, step, scratch).map_err(|_| NO_JSON)? else { return Ok(Value::Null) };
    let value = bytes.get(start + range.start..start + range.end).unwrap_or_default();
    if !as_text {
        return Ok(Value::Text(Text::Given(value)));
    }
    match json::inside(value) {
        _ if value == b"null" => Ok(Value::Null),
        None => Ok(Value::Text(Text::Given(value))),
        Some(inside) if !inside.contains(&b'\\') => Ok(Value::Text(Text::Given(inside))),
        Some(inside) => {
            let from = scratch.len();
            json::unescape(inside, scratch).map_err(|_| NO_JSON)?;
            Ok(Value::Text(Text::Made(from, scratch.len())))
        }
    }
}

fn print<'v>(value: Value<'v>, labels: Option<&'v [String]>, scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    let start = scratch.len();
    match value {
        Value::Text(_) => return Ok(value),
        Value::Boolean(true) => return Ok(Value::Text(Text::Given(b"true"))),
        Value::Boolean(false) => return Ok(Value::Text(Text::Given(b"false"))),
        Value::Label(label) => {
            let label = labels.and_then(|labels| labels.get(label)).ok_or(BUG)?;
            return Ok(Value::Text(Text::Given(label.as_bytes())));
        }
        Value::Integer(number) => scratch.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
        Value::Uuid(value) => {
            for (index, nibble) in (0..32_u32).rev().map(|n| value >> (4 * n) & 15).enumerate() {
                if matches!(index, 8 | 12 | 16 | 20) {
                    scratch.push(b'-');
                }
                let digit = u32::try_from(nibble).ok().and_then(|n| char::from_digit(n, 16)).unwrap_or('0');
                scratch.extend_from_slice(digit.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        Value::Decimal(_) | Value::Exact(_) => return Err(TOO_LARGE),
        _ => return Err(BUG),
    }
    Ok(Value::Text(Text::Made(start, scratch.len())))
}

fn negative(value: Value<'_>, range: Option<(i64, i64)>) -> Outcome<Value<'_>> {
    match value {
        Value::Integer(number) => ranged(number.checked_neg(), range).ok_or(TOO_LARGE),
        Value::Decimal(number) => Ok(Value::Decimal(Decimal::negative(number))),
        Value::Exact(number) => Ok(Value::Exact(number.negative())),
        Value::Float(number) => Ok(Value::Float(-number)),
        Value::Interval(interval) => {
            let none = moment::Interval { months: 0, days: 0, micros: 0 };
            none.plus(&interval, -1).map(Value::Interval).ok_or(TOO_LARGE)
        }
        _ => Err(BUG),
    }
}

fn ranged<'v>(number: Option<i64>, range: Option<(i64, i64)>) -> Option<Value<'v>> {
    let inside = |number: &i64| range.is_none_or(|(least, most)| (least..=most).contains(number));
    number.filter(inside).map(Value::Integer)
}

/// Returns a number as one that is calculated with; `None` where it has too many digits, or is none.
pub(super) fn exact(value: &Value<'_>) -> Option<Exact> {
    match value {
        Value::Integer(number) => Some(Exact::whole(*number)),
        Value::Decimal(number) => Exact::of(number),
        Value::Exact(number) => Some(*number),
        _ => None,
    }
}

pub(super) fn calculate<'v>(
    sign: Sign,
    left: Value<'v>,
    right: Value<'v>,
    range: Option<(i64, i64)>,
) -> Outcome<Value<'v>> {
    let direction = if sign == Sign::Minus { -1 } else { 1 };
    match (left, right) {
        (Value::Integer(_), Value::Integer(0)) if matches!(sign, Sign::Divided | Sign::Modulo) => {
            Err("this divides by zero")
        }
        (Value::Integer(a), Value::Integer(b)) => {
            let number = match sign {
                Sign::Plus => a.checked_add(b),
                Sign::Minus => a.checked_sub(b),
                Sign::Times => a.checked_mul(b),
                Sign::Divided => a.checked_div(b),
                // The least number has a remainder by minus one, though no quotient.
                Sign::Modulo => Some(a.checked_rem(b).unwrap_or(0)),
            };
            ranged(number, range).ok_or(TOO_LARGE)
        }
        (Value::Decimal(_) | Value::Exact(_), _) | (_, Value::Decimal(_) | Value::Exact(_)) => {
            let (Some(a), Some(b)) = (exact(&left), exact(&right)) else { return Err(TOO_LARGE) };
            let number = match sign {
                Sign::Plus => a.plus(b),
                Sign::Minus => a.plus(b.negative()),
                Sign::Times => a.times(b),
                Sign::Divided if b.is_zero() => return Err("this divides by zero"),
                Sign::Divided => a.divided(b),
                Sign::Modulo => None,
            };
            // A whole number too large for its type: of an unsigned column.
            number.filter(|_| range.is_none()).map(Value::Exact).ok_or(TOO_LARGE)
        }
        (Value::Float(a), Value::Float(b)) => {
            let number = match sign {
                Sign::Plus => a + b,
                Sign::Minus => a - b,
                Sign::Times => a * b,
                Sign::Divided if b == 0.0 => return Err("this divides by zero"),
                Sign::Divided => a / b,
                Sign::Modulo => return Err(BUG),
            };
            // What the server stops at: a result that became infinite or nothing by its size.
            let lost = number == 0.0 && matches!(sign, Sign::Times | Sign::Divided) && a != 0.0 && b != 0.0;
            if number.is_finite() && !lost { Ok(Value::Float(number)) } else { Err(TOO_LARGE) }
        }
        (Value::Day(day), Value::Integer(days)) if moment::is_end(day) => {
            let _ = days;
            Ok(Value::Day(day))
        }
        (Value::Day(day), Value::Integer(days)) => {
            let day = days.checked_mul(direction).and_then(|days| day.checked_add(days));
            day.filter(|day| moment::is_day(*day)).map(Value::Day).ok_or(TOO_LARGE)
        }
        (Value::Day(a), Value::Day(b)) if !moment::is_end(a) && !moment::is_end(b) => {
            Ok(Value::Integer(a - b))
        }
        (Value::Moment(moment), Value::Interval(interval)) => {
            interval.after(moment, direction).map(Value::Moment).ok_or(TOO_LARGE)
        }
        (Value::Moment(a), Value::Moment(b)) if !moment::is_end(a) && !moment::is_end(b) => {
            let micros = a.checked_sub(b).ok_or(TOO_LARGE)?;
            let (days, micros) = (micros / moment::DAY, micros % moment::DAY);
            Ok(Value::Interval(moment::Interval { months: 0, days, micros }))
        }
        (Value::Day(_), Value::Day(_)) | (Value::Moment(_), Value::Moment(_)) => {
            Err("infinite dates have no difference")
        }
        (Value::Interval(a), Value::Interval(b)) => {
            a.plus(&b, direction).map(Value::Interval).ok_or(TOO_LARGE)
        }
        _ => Err(BUG),
    }
}
