//! Parts of values that CHECKs ask for: fields of dates, places in texts, kinds of JSON, how many elements there are. NULL
//! never comes here. An error says what is wrong, never the value.

use std::ops::Range;

use super::Refused;
use super::bind::{Binder, Binding, Typed};
use super::decimal::Exact;
use super::eval::{Term, Test};
use super::json;
use super::map::{Map, exact};
use super::moment;
use super::tree::Node;
use super::types::Ty;
use super::value::{Text, Value};
use crate::message;
use crate::row::civil;

/// A part of a value.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A field of a date, as a decimal or a binary number.
    Field {
        field: Field,
        float: bool,
    },
    /// The beginning of the year, month or day that it lies in.
    Start(Field),
    Floor,
    Ceiling,
    /// A number, cut to so many digits behind the point.
    Cut(u32),
    /// Characters from one on.
    Slice {
        from: usize,
        chars: Option<usize>,
    },
    /// Where a text is found first, from 1; 0 where it is not.
    PlaceOf(String),
    JsonKind,
    JsonLength,
    HasKey(String),
    IsJson,
    /// How many elements an array has; whether those of an empty one are NULL.
    Elements {
        none: bool,
    },
}

/// A field of a date or moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Year,
    Quarter,
    Month,
    Day,
    Hour,
    Minute,
    /// From Sunday, 0.
    Weekday,
    /// From Monday, 1.
    IsoWeekday,
    DayOfYear,
}

impl Field {
    /// Says whether something begins with it.
    pub(super) fn is_unit(self) -> bool {
        matches!(self, Self::Year | Self::Quarter | Self::Month | Self::Day | Self::Hour | Self::Minute)
    }
}

type Outcome<T> = Result<T, &'static str>;

const BUG: &str = "the condition met a value of another type, which is a fault of standin";
const NO_JSON: &str = "the value is no JSON";
const NO_LIST: &str = "the value is no list";
const NO_END: &str = "infinite dates have no parts";
const TOO_LARGE: &str = "the result is too large for its type";

/// Takes a part of a value.
pub(super) fn part<'v>(part: &Part, value: Value<'v>, scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    Ok(match (part, value) {
        (Part::Field { field, .. }, Value::Day(_) | Value::Moment(_)) => {
            let (day, micros) = stand(&value)?;
            Value::Integer(of_date(*field, day, micros))
        }
        (Part::Start(field), Value::Day(_) | Value::Moment(_)) => {
            let (day, micros) = stand(&value)?;
            Value::Moment(start(*field, day, micros).ok_or(TOO_LARGE)?)
        }
        (Part::Floor | Part::Ceiling | Part::Cut(_), Value::Float(number)) => Value::Float(match part {
            Part::Floor => number.floor(),
            Part::Ceiling => number.ceil(),
            Part::Cut(0) => number.trunc(),
            _ => return Err(BUG),
        }),
        (Part::Floor | Part::Ceiling | Part::Cut(_), value) => {
            let number = exact(&value).ok_or(TOO_LARGE)?;
            Value::Exact(match part {
                Part::Floor => number.floor(false),
                Part::Ceiling => number.floor(true),
                Part::Cut(behind) => number.cut(*behind),
                _ => return Err(BUG),
            })
        }
        (_, Value::Text(text)) => of_text(part, text, scratch)?,
        _ => return Err(BUG),
    })
}

/// Returns the day since 1970 and the microseconds of it.
fn stand(value: &Value<'_>) -> Outcome<(i64, i64)> {
    match value {
        Value::Day(day) if !moment::is_end(*day) => Ok((*day + moment::EPOCH_DAYS, 0)),
        Value::Moment(at) if !moment::is_end(*at) => {
            Ok((at.div_euclid(moment::DAY) + moment::EPOCH_DAYS, at.rem_euclid(moment::DAY)))
        }
        _ => Err(NO_END),
    }
}

fn of_date(field: Field, day: i64, micros: i64) -> i64 {
    let (year, month, of_month) = civil::from_days(day);
    match field {
        // There is no year 0: what astronomers call so is -1.
        Field::Year => year - i64::from(year <= 0),
        Field::Quarter => (month + 2) / 3,
        Field::Month => month,
        Field::Day => of_month,
        Field::Hour => micros / 3_600_000_000,
        Field::Minute => micros / 60_000_000 % 60,
        Field::Weekday => (day + 4).rem_euclid(7),
        Field::IsoWeekday => (day + 3).rem_euclid(7) + 1,
        Field::DayOfYear => day - civil::to_days(year, 1, 1) + 1,
    }
}

fn start(field: Field, day: i64, micros: i64) -> Option<i64> {
    let (year, month, of_month) = civil::from_days(day);
    let (month, of_month) = match field {
        Field::Year => (1, 1),
        Field::Quarter => ((month - 1) / 3 * 3 + 1, 1),
        Field::Month => (month, 1),
        _ => (month, of_month),
    };
    let micros = match field {
        Field::Hour => micros - micros % 3_600_000_000,
        Field::Minute => micros - micros % 60_000_000,
        _ => 0,
    };
    moment::to_moment(civil::to_days(year, month, of_month) - moment::EPOCH_DAYS)?.checked_add(micros)
}

fn of_text<'v>(part: &Part, text: Text<'v>, scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    let count = |number: usize| i64::try_from(number).map(Value::Integer).map_err(|_| TOO_LARGE);
    match part {
        Part::Slice { from, chars } => {
            let (start, end) = slice(text.get(scratch), *from, *chars);
            Ok(Value::Text(match text {
                Text::Given(bytes) => Text::Given(bytes.get(start..end).unwrap_or_default()),
                Text::Made(first, _) => Text::Made(first + start, first + end),
            }))
        }
        Part::PlaceOf(wanted) => {
            let text = text.get(scratch);
            let found = memchr::memmem::find(text, wanted.as_bytes());
            count(found.map_or(0, |at| super::like::characters(text.get(..at).unwrap_or_default()) + 1))
        }
        Part::Elements { none } => match elements(text.get(scratch))? {
            0 if *none => Ok(Value::Null),
            number => count(number),
        },
        _ => {
            let Text::Given(json) = text else { return Err(BUG) };
            of_json(part, json, scratch)
        }
    }
}

/// Returns where characters of a text stand.
fn slice(text: &[u8], from: usize, chars: Option<usize>) -> (usize, usize) {
    // Bytes that begin a character.
    let mut starts = text.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80).map(|(at, _)| at);
    let start = starts.nth(from).unwrap_or(text.len());
    let end = match chars {
        None => text.len(),
        Some(0) => start,
        Some(chars) => starts.nth(chars - 1).unwrap_or(text.len()),
    };
    (start, end)
}

fn of_json<'v>(part: &Part, text: &'v [u8], scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    let none = json::Step::Key(Box::default());
    let valid = json::find(text, &none, scratch).is_ok();
    if *part == Part::IsJson {
        return Ok(Value::Boolean(valid));
    }
    if !valid {
        return Err(NO_JSON);
    }
    let first = text.iter().copied().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    match part {
        Part::JsonKind => Ok(Value::Text(Text::Given(match first {
            Some(b'{') => b"object",
            Some(b'[') => b"array",
            Some(b'"') => b"string",
            Some(b't' | b'f') => b"boolean",
            Some(b'n') => b"null",
            _ => b"number",
        }))),
        Part::JsonLength if first == Some(b'[') => {
            let count = json::count(text, scratch).map_err(|_| NO_JSON)?;
            Ok(Value::Integer(count))
        }
        Part::HasKey(key) if first == Some(b'{') => {
            let step = json::Step::Key(key.as_bytes().into());
            let found = json::find(text, &step, scratch).map_err(|_| NO_JSON)?;
            Ok(Value::Boolean(found.is_some()))
        }
        // What an array contains is not looked for.
        Part::HasKey(_) | Part::JsonLength => Err(NO_LIST),
        _ => Err(BUG),
    }
}

/// Counts the elements of an array of one dimension, as PostgreSQL writes it.
fn elements(text: &[u8]) -> Outcome<usize> {
    let inner = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}")).ok_or(NO_LIST)?;
    if inner.is_empty() {
        return Ok(0);
    }
    let (mut count, mut quoted, mut escaped) = (1_usize, false, false);
    for byte in inner {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => count += 1,
            b'{' | b'}' if !quoted => return Err(NO_LIST),
            _ => {}
        }
    }
    Ok(count)
}

impl Binder<'_> {
    /// Binds a part of a value.
    pub(super) fn part(&self, part: &Part, of: &Node, at: Range<usize>) -> Binding<Typed> {
        let of = self.typed(of)?;
        let date = matches!(of.ty, Ty::Date | Ty::Timestamp);
        // A day has no zone: neither has its midnight.
        let midnight = matches!(&of.term, Term::Map { by: Map::Midnight, .. });
        let text = of.ty.is_text() && of.ty != Ty::CiText || of.ty == Ty::Literal;
        let float = matches!(of.ty, Ty::Real | Ty::Double);
        let ty = match part {
            Part::Field { float, .. } if date => Some(if *float { Ty::Double } else { Ty::Numeric }),
            Part::Start(_) if of.ty == Ty::Timestamp => Some(Ty::Timestamp),
            Part::Start(_) if of.ty == Ty::Date || of.ty == Ty::TimestampTz && midnight => {
                Some(Ty::TimestampTz)
            }
            Part::Floor | Part::Ceiling if of.ty.is_exact() => Some(Ty::Numeric),
            Part::Cut(_) if of.ty.is_exact() => Some(Ty::Numeric),
            Part::Floor | Part::Ceiling | Part::Cut(0) if float => Some(Ty::Double),
            Part::Slice { .. } if text => Some(Ty::Text),
            Part::PlaceOf(wanted) if text && !wanted.is_empty() => Some(Ty::Integer),
            Part::JsonKind if of.ty.is_json() => Some(Ty::Text),
            Part::JsonLength if of.ty.is_json() => Some(Ty::Integer),
            Part::HasKey(_) if of.ty == Ty::Jsonb => Some(Ty::Boolean),
            Part::IsJson if text || of.ty.is_json() => Some(Ty::Boolean),
            Part::Elements { .. } if of.ty == Ty::Array => Some(Ty::Integer),
            _ => None,
        };
        let Some(ty) = ty else {
            let what = message!("values of type {} have no such part", of.ty.name());
            return Err(Refused::new(of.at, what, "compare the column in its own type"));
        };
        let column = self.column_of(&of.term);
        let map = |term, by| Term::Map { of: Box::new(term), by, column };
        let of = if of.ty == Ty::Bpchar { map(of.term, Map::Unpad) } else { of.term };
        let mut term = map(of, Map::Part(part.clone()));
        if let Part::Field { float: true, .. } = part {
            term = map(term, Map::Float);
        }
        Ok(Typed { term: self.fold(term, &at)?, ty, at })
    }

    /// Binds CASE.
    pub(super) fn case(
        &self,
        branches: &[(Node, Node)],
        otherwise: &Node,
        at: Range<usize>,
    ) -> Binding<Typed> {
        let tests = branches.iter().map(|(test, _)| self.test(test)).collect::<Binding<Vec<Test>>>()?;
        let results = branches.iter().map(|(_, result)| result).chain([otherwise]);
        let (mut terms, ty) = self.alike(results)?;
        let otherwise = Box::new(terms.pop().ok_or_else(|| lost(&at))?);
        let term = Term::Case { branches: tests.into_iter().zip(terms).collect(), otherwise };
        Ok(Typed { term, ty, at })
    }

    /// Binds GREATEST and LEAST.
    pub(super) fn most(&self, of: &[Node], greatest: bool, at: Range<usize>) -> Binding<Typed> {
        let (of, ty) = self.alike(of.iter())?;
        let kind = ty.kind().ok_or_else(|| lost(&at))?;
        Ok(Typed { term: Term::Most { of, kind, greatest }, ty, at })
    }

    /// Binds how many of some are NULL, or are not.
    pub(super) fn count(&self, of: &[Node], nulls: bool, at: Range<usize>) -> Binding<Typed> {
        let test = |node: &Node| Ok(Test::IsNull { of: self.typed(node)?.term, negated: !nulls });
        let tests = of.iter().map(test).collect::<Binding<Vec<Test>>>()?;
        Ok(Typed { term: Term::Count(tests), ty: Ty::Integer, at })
    }
}

fn lost(at: &Range<usize>) -> Refused {
    Refused::new(at.clone(), "these values have no order", "compare them one by one")
}

impl Exact {
    /// Rounds down to a whole number, or up.
    fn floor(self, up: bool) -> Self {
        let unit = 10_i128.checked_pow(self.behind).unwrap_or(i128::MAX);
        let whole = self.digits.div_euclid(unit);
        let more = i128::from(up && self.digits.rem_euclid(unit) != 0);
        Self { digits: whole + more, behind: 0 }
    }

    /// Leaves so many digits behind the point.
    fn cut(self, behind: u32) -> Self {
        match self.behind.checked_sub(behind).and_then(|more| 10_i128.checked_pow(more)) {
            Some(unit) => Self { digits: self.digits / unit, behind },
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_counted() {
        for (text, count) in [("{}", 0), ("{1}", 1), ("{1,2}", 2), (r#"{"a,b","c\"}",NULL}"#, 3)] {
            assert_eq!(elements(text.as_bytes()), Ok(count), "{text}");
        }
        assert!(elements(b"{{1},{2}}").is_err() && elements(b"[2:3]={1,2}").is_err());
    }

    #[test]
    fn characters_are_sliced() {
        let text = "aéıb".as_bytes();
        for (from, chars, wanted) in
            [(0, Some(2), "aé"), (1, Some(2), "éı"), (3, None, "b"), (9, Some(2), ""), (0, Some(0), "")]
        {
            let (start, end) = slice(text, from, chars);
            assert_eq!(&text[start..end], wanted.as_bytes(), "{from}");
        }
    }
}
