//! `pseudonym: date` and `one_of`: a permutation of what `within:` lists: the days of a range, or values.
//!
//! A day outside of the range, a date that is not written `2001-12-31`, and a value that is not in the list are unfit.
//! A permuted date keeps nothing of the date, not even the age: `shift` and `generalise` do. Over fewer than 10^4 days
//! or values the stand-ins can be undone by counting, so `small_domain` must say why.

use super::kind::{Form, Kind, Place, Read};
use super::{LEAST_DOMAIN, compiled, refusal, refusal_with, room, small_domain};
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal, Value};
use crate::row::civil::{from_days, to_days};
use crate::row::shape::TypeClass;

/// The days of a range.
pub(super) struct Days {
    first: i64,
    count: u128,
}

/// Values of a list.
pub(super) struct OneOf {
    values: Vec<Vec<u8>>,
    /// Places of the values, in the order of their bytes.
    sorted: Vec<usize>,
}

pub(super) fn compile_date(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let hint = "write for instance `within: 1940-01-01..2010-12-31`, the dates that may occur";
    let Some(Value::Range(from, to)) = cx.option("within") else {
        return Err(refusal_with("`pseudonym: date` needs the dates between which it stays", hint));
    };
    let (Some(first), Some(last)) = (day(from.as_bytes()), day(to.as_bytes())) else {
        return Err(refusal_with("`within:` has a date that does not exist", hint));
    };
    if *cx.class() != TypeClass::Date && !cx.class().is_text() {
        return Err(refusal("`pseudonym: date` needs a column of dates, or text that holds them"));
    }
    room(cx, 10, "a date has ten characters")?;
    let count = u64::try_from(last - first + 1).unwrap_or(0);
    enough(cx, count)?;
    Ok(compiled(Kind::new(cx, name::WITHIN, Days { first, count: count.into() }), Output::Typed))
}

pub(super) fn compile_list(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(Value::List(list)) = cx.option("within") else {
        let hint = "write for instance `within: [open, closed, lost]`, all values that may occur";
        return Err(refusal_with("`pseudonym: one_of` needs the values that it permutes", hint));
    };
    let values: Vec<_> = list.iter().filter_map(Value::cell).map(String::into_bytes).collect();
    if values.len() != list.len() {
        return Err(refusal("`within:` has a value that is no scalar"));
    }
    let chars = values
        .iter()
        .map(|v| v.utf8_chunks().map(|chunk| chunk.valid().chars().count()).sum::<usize>())
        .max();
    match cx.class() {
        TypeClass::Enum(labels) if values.iter().any(|v| !labels.iter().any(|l| l.as_bytes() == v)) => {
            return Err(refusal("`within:` has a value that the column's enum has not"));
        }
        TypeClass::Enum(_) => {}
        class if class.is_text() => {
            room(
                cx,
                u32::try_from(chars.unwrap_or(0)).unwrap_or(u32::MAX),
                "widen the column, or leave the long ones out",
            )?;
        }
        class if class.is_integer() && list.iter().all(|v| matches!(v, Value::Integer(_))) => {}
        _ => {
            return Err(refusal(
                "`pseudonym: one_of` needs text, an enum, or whole numbers in both list and column",
            ));
        }
    }
    enough(cx, u64::try_from(values.len()).unwrap_or(0))?;
    let mut sorted: Vec<usize> = (0..values.len()).collect();
    sorted.sort_by(|a, b| values.get(*a).cmp(&values.get(*b)));
    Ok(compiled(Kind::new(cx, name::WITHIN, OneOf { values, sorted }), Output::Typed))
}

/// Refuses a domain of one, and a small one without a reason.
fn enough(cx: &Compile<'_>, count: u64) -> Result<(), Refusal> {
    match count {
        0 | 1 => Err(refusal("`within:` has fewer than two values: nothing can stand for the one")),
        _ if count < LEAST_DOMAIN && cx.option("small_domain").is_none() => Err(small_domain(count)),
        _ => Ok(()),
    }
}

/// Reads `2001-12-31`, which must exist, as days since 1970.
fn day(text: &[u8]) -> Option<i64> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |n, byte| byte.is_ascii_digit().then(|| n * 10 + i64::from(byte - b'0')))
    };
    let (year, month, day) = (number(&[a, b, c, d])?, number(&[e, f])?, number(&[g, h])?);
    let days = to_days(year, month, day);
    (year > 0 && (1..=12).contains(&month) && from_days(days) == (year, month, day)).then_some(days)
}

impl Form for Days {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let rank = day(field)
            .and_then(|day| u128::try_from(day - self.first).ok())
            .filter(|rank| *rank < self.count);
        match rank {
            Some(rank) => Read::Place(Place { scheme: 0, group: 0, rank, last: self.count - 1 }),
            None => Read::Unfit,
        }
    }

    fn write(&self, _: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        use std::io::Write;
        let Ok(rank) = i64::try_from(place.rank) else { return false };
        let (year, month, day) = from_days(self.first + rank);
        write!(out, "{year:04}-{month:02}-{day:02}").is_ok()
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        let rank = ((bits >> 64) * self.count) >> 64;
        self.write(b"", &Place { scheme: 0, group: 0, rank, last: 0 }, out)
    }
}

impl OneOf {
    fn append(&self, rank: u128, out: &mut Vec<u8>) -> bool {
        let value = usize::try_from(rank).ok().and_then(|at| self.values.get(at));
        value.is_some_and(|value| {
            out.extend_from_slice(value);
            true
        })
    }
}

impl Form for OneOf {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let of = |at: &usize| self.values.get(*at).map(Vec::as_slice).unwrap_or_default();
        let found =
            self.sorted.binary_search_by(|at| of(at).cmp(field)).ok().and_then(|at| self.sorted.get(at));
        match (found, self.values.len().checked_sub(1)) {
            (Some(at), Some(last)) => match (u128::try_from(*at), u128::try_from(last)) {
                (Ok(rank), Ok(last)) => Read::Place(Place { scheme: 0, group: 0, rank, last }),
                _ => Read::Unfit,
            },
            _ => Read::Unfit,
        }
    }

    fn write(&self, _: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        self.append(place.rank, out)
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        let count = u128::try_from(self.values.len()).unwrap_or(0);
        self.append(((bits >> 64) * count) >> 64, out)
    }
}
