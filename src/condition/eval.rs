//! The evaluator: a bound condition over the cells of one row. Truth is `Some(true)`, `Some(false)` or `None`, unknown.
//! Made text goes into the caller's scratch buffer; nothing else is allocated.

use std::cmp::Ordering;

use super::Unreadable;
use super::decimal::Decimal;
use super::json::{self, Step};
use super::like::{Pattern, characters};
use super::moment;
use super::tree::{Op, Sign};
use super::types::Kind;
use super::value::{Constant, Form, Text, Value, compare, small, unpadded};

/// The cells that a condition reads, in the order of `Bound::columns`.
pub(super) type Cells<'a> = [Option<&'a [u8]>];

/// Something that is true, false or unknown.
pub(super) enum Test {
    Constant(Option<bool>),
    Value(Term),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Is {
        of: Box<Test>,
        truth: Option<bool>,
        negated: bool,
    },
    IsNull {
        of: Term,
        negated: bool,
    },
    Compare {
        op: Op,
        kind: Kind,
        left: Term,
        right: Term,
    },
    Distinct {
        kind: Kind,
        left: Term,
        right: Term,
        negated: bool,
    },
    /// `op ANY (list)`, or ALL.
    Each {
        of: Term,
        op: Op,
        kind: Kind,
        list: Vec<Term>,
        all: bool,
    },
    /// `IN` over constants, sorted; `null` says that one was NULL.
    OneOf {
        of: Term,
        kind: Kind,
        sorted: Vec<Constant>,
        null: bool,
    },
    Like {
        of: Term,
        pattern: Pattern,
        negated: bool,
    },
}

/// Something that has a value.
pub(super) enum Term {
    Cell {
        slot: usize,
        form: Form,
    },
    Constant(Constant),
    Test(Box<Test>),
    /// One value of another; the column is named where that fails.
    Map {
        of: Box<Term>,
        by: Map,
        column: usize,
    },
    Calculate {
        sign: Sign,
        left: Box<Term>,
        right: Box<Term>,
        range: Option<(i64, i64)>,
        column: usize,
    },
    Coalesce(Vec<Term>),
}

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
    /// A step into JSON, as text or as JSON.
    Get {
        step: Step,
        text: bool,
    },
}

type Outcome<T> = Result<T, &'static str>;

impl Test {
    /// Decides over one row.
    pub(super) fn decide(
        &self,
        row: &Cells<'_>,
        columns: &[usize],
        scratch: &mut Vec<u8>,
    ) -> Result<Option<bool>, Unreadable> {
        Row { cells: row, columns }.test(self, scratch)
    }
}

struct Row<'r> {
    cells: &'r Cells<'r>,
    columns: &'r [usize],
}

impl<'r> Row<'r> {
    fn test(&self, test: &'r Test, scratch: &mut Vec<u8>) -> Result<Option<bool>, Unreadable> {
        Ok(match test {
            Test::Constant(truth) => *truth,
            Test::Value(term) => match self.value(term, scratch)? {
                Value::Boolean(value) => Some(value),
                _ => None,
            },
            Test::All(tests) => return self.chain(tests, false, scratch),
            Test::Any(tests) => return self.chain(tests, true, scratch),
            Test::Not(test) => self.test(test, scratch)?.map(|truth| !truth),
            Test::Is { of, truth, negated } => Some((self.test(of, scratch)? == *truth) != *negated),
            Test::IsNull { of, negated } => Some(self.is_null(of, scratch)? != *negated),
            Test::Compare { op, kind, left, right } => {
                if let Some(order) = self.quick(*kind, left, right) {
                    return Ok(op.holds(order));
                }
                // Both are read even if one is NULL, as PostgreSQL does: an error on either side is one.
                let (left, right) = (self.value(left, scratch)?, self.value(right, scratch)?);
                op.holds(order(*kind, &left, &right, scratch))
            }
            Test::Distinct { kind, left, right, negated } => {
                let (left, right) = (self.value(left, scratch)?, self.value(right, scratch)?);
                let equal = match (&left, &right) {
                    (Value::Null, Value::Null) => true,
                    (Value::Null, _) | (_, Value::Null) => false,
                    _ => compare(*kind, &left, &right, scratch) == Some(Ordering::Equal),
                };
                Some(equal == *negated)
            }
            Test::Each { of, op, kind, list, all } => {
                let of = self.value(of, scratch)?;
                let mut sum = Some(*all);
                for item in list {
                    let item = self.value(item, scratch)?;
                    match op.holds(order(*kind, &of, &item, scratch)) {
                        None => sum = None,
                        Some(holds) if holds != *all => return Ok(Some(holds)),
                        Some(_) => {}
                    }
                }
                sum
            }
            Test::OneOf { of, kind, sorted, null } => {
                let of = self.value(of, scratch)?;
                if matches!(of, Value::Null) {
                    return Ok(None);
                }
                let found = sorted.binary_search_by(|item| {
                    compare(*kind, &item.get(), &of, scratch).unwrap_or(Ordering::Less)
                });
                if found.is_ok() { Some(true) } else { (!*null).then_some(false) }
            }
            Test::Like { of, pattern, negated } => match self.value(of, scratch)? {
                Value::Text(text) => Some(pattern.matches(text.get(scratch)) != *negated),
                _ => None,
            },
        })
    }

    /// Compares a cell with a constant without making values of them; the outer `None` is for the long way.
    #[expect(
        clippy::option_option,
        reason = "the inner level is the answer: no order, since the cell is NULL"
    )]
    fn quick(&self, kind: Kind, left: &Term, right: &Term) -> Option<Option<Ordering>> {
        let (Term::Cell { slot, form }, Term::Constant(constant)) = (left, right) else { return None };
        let cell = self.cells.get(*slot).copied().flatten();
        match (form, constant) {
            (Form::Integer, Constant::Integer(constant)) => match cell {
                Some(text) => small(text).map(|number| Some(number.cmp(constant))),
                None => Some(None),
            },
            (Form::Text, Constant::Text(constant)) if kind == Kind::Bytes => {
                Some(cell.map(|text| text.cmp(constant)))
            }
            _ => None,
        }
    }

    /// AND ends at the first false, OR at the first true; unknown counts where neither came.
    fn chain(
        &self,
        tests: &'r [Test],
        ends: bool,
        scratch: &mut Vec<u8>,
    ) -> Result<Option<bool>, Unreadable> {
        let mut sum = Some(!ends);
        for test in tests {
            match self.test(test, scratch)? {
                Some(truth) if truth == ends => return Ok(Some(ends)),
                None => sum = None,
                Some(_) => {}
            }
        }
        Ok(sum)
    }

    fn is_null(&self, term: &'r Term, scratch: &mut Vec<u8>) -> Result<bool, Unreadable> {
        if let Term::Cell { slot, .. } = term {
            return Ok(self.cells.get(*slot).copied().flatten().is_none());
        }
        Ok(matches!(self.value(term, scratch)?, Value::Null))
    }

    fn value(&self, term: &'r Term, scratch: &mut Vec<u8>) -> Result<Value<'r>, Unreadable> {
        match term {
            Term::Cell { slot, form } => match self.cells.get(*slot) {
                Some(Some(text)) => form.cell(text).ok_or_else(|| Unreadable {
                    column: self.columns.get(*slot).copied().unwrap_or_default(),
                    what: form.wanted(),
                }),
                _ => Ok(Value::Null),
            },
            Term::Constant(constant) => Ok(constant.get()),
            Term::Test(test) => Ok(self.test(test, scratch)?.map_or(Value::Null, Value::Boolean)),
            Term::Map { of, by, column } => match self.value(of, scratch)? {
                Value::Null => Ok(Value::Null),
                value => map(by, value, scratch).map_err(|what| Unreadable { column: *column, what }),
            },
            Term::Calculate { sign, left, right, range, column } => {
                let (left, right) = (self.value(left, scratch)?, self.value(right, scratch)?);
                if matches!(left, Value::Null) || matches!(right, Value::Null) {
                    return Ok(Value::Null);
                }
                calculate(*sign, left, right, *range).map_err(|what| Unreadable { column: *column, what })
            }
            Term::Coalesce(terms) => {
                for term in terms {
                    let value = self.value(term, scratch)?;
                    if !matches!(value, Value::Null) {
                        return Ok(value);
                    }
                }
                Ok(Value::Null)
            }
        }
    }
}

/// Evaluates a term that reads no column.
pub(super) fn constant(term: &Term) -> Result<Constant, &'static str> {
    let mut scratch = Vec::new();
    let row = Row { cells: &[], columns: &[] };
    let value = row.value(term, &mut scratch).map_err(|unreadable| unreadable.what)?;
    Ok(value.keep(&scratch))
}

fn order(kind: Kind, left: &Value<'_>, right: &Value<'_>, scratch: &[u8]) -> Option<Ordering> {
    compare(kind, left, right, scratch)
}

impl Op {
    /// Says whether it holds; unknown where there is no order, since a side is NULL.
    pub(super) fn holds(self, order: Option<Ordering>) -> Option<bool> {
        let order = order?;
        Some(match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        })
    }
}

const BUG: &str = "the condition met a value of another type, which is a fault of standin";
const TOO_LARGE: &str = "the result is too large for its type";

fn map<'v>(by: &'v Map, value: Value<'v>, scratch: &mut Vec<u8>) -> Outcome<Value<'v>> {
    match (by, value) {
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
        (Map::Range(..), Value::Decimal(_)) => Err(TOO_LARGE),
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
            Value::Null | Value::Text(_) | Value::Interval(_) => Err(BUG),
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
        Value::Decimal(_) => return Err(TOO_LARGE),
        _ => return Err(BUG),
    }
    Ok(Value::Text(Text::Made(start, scratch.len())))
}

fn negative(value: Value<'_>, range: Option<(i64, i64)>) -> Outcome<Value<'_>> {
    match value {
        Value::Integer(number) => ranged(number.checked_neg(), range).ok_or(TOO_LARGE),
        Value::Decimal(number) => Ok(Value::Decimal(Decimal::negative(number))),
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

fn calculate<'v>(
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
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => Err(TOO_LARGE),
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
