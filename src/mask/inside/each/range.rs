//! PostgreSQL's ranges and multiranges: `[2020-01-01,2020-02-01)`, `{[1,5),[7,9)}`; both bounds are parts. A removed
//! bound is an infinite one.
//!
//! A range stays one: where the lower stand-in is the greater, they change places. Refuses bounds that cannot be
//! compared, unless both stay. Source: PostgreSQL 15, `range_in`, `range_out` and 8.17.

use std::cmp::Ordering;

use super::super::scan::{self, Cursor, Notation, Text, is_blank};
use super::super::{Became, Unfit, Visit, Walk};
use super::member;
use crate::mask::calendar;
use crate::mask::decimal::Decimal;
use crate::row::civil::to_days;
use crate::row::shape::TypeClass;

/// The ranges of one type.
pub(super) struct Range {
    /// Whether there are several in braces.
    pub(super) multi: bool,
    /// Type of the bounds.
    pub(super) of: TypeClass,
}

/// Returns the built-in range type of a name.
pub(super) fn named(name: &str) -> Option<Range> {
    let base = name.strip_suffix("multirange").or_else(|| name.strip_suffix("range"))?;
    let of = match base {
        "int4" => TypeClass::Integer,
        "int8" => TypeClass::BigInt,
        "num" => TypeClass::Numeric { precision: None, scale: None },
        "date" => TypeClass::Date,
        "ts" => TypeClass::Timestamp { zone: false },
        "tstz" => TypeClass::Timestamp { zone: true },
        _ => return None,
    };
    Some(Range { multi: name.ends_with("multirange"), of })
}

impl Walk for Range {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let mut cursor = Cursor::new(value);
        let mut buf = Vec::new();
        if !self.multi {
            self.range(&mut cursor, visit, &mut buf, out)?;
            return cursor.is_end().then_some(()).ok_or(Unfit);
        }
        out.extend_from_slice(cursor.blanks());
        let start = cursor.at;
        if !cursor.take(b'{') {
            return Err(Unfit);
        }
        cursor.blanks();
        if cursor.take(b'}') {
            cursor.blanks();
            out.extend_from_slice(cursor.since(start));
            return cursor.is_end().then_some(()).ok_or(Unfit);
        }
        cursor.at = start + 1;
        out.push(b'{');
        loop {
            self.range(&mut cursor, visit, &mut buf, out)?;
            match cursor.next() {
                Some(b',') => out.push(b','),
                Some(b'}') => break,
                _ => return Err(Unfit),
            }
        }
        out.push(b'}');
        out.extend_from_slice(cursor.blanks());
        cursor.is_end().then_some(()).ok_or(Unfit)
    }
}

impl Range {
    /// Reads one range with the blanks around it.
    fn range(
        &self,
        cursor: &mut Cursor<'_>,
        visit: &mut Visit<'_>,
        buf: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Result<(), Unfit> {
        out.extend_from_slice(cursor.blanks());
        let start = cursor.at;
        let opening = cursor.peek().ok_or(Unfit)?;
        if !matches!(opening, b'[' | b'(') {
            if !cursor.take_while(|b| b.is_ascii_alphabetic()).eq_ignore_ascii_case(b"empty") {
                return Err(Unfit);
            }
            cursor.blanks();
            out.extend_from_slice(cursor.since(start));
            return Ok(());
        }
        cursor.at += 1;
        let lower = bound(cursor)?;
        if !cursor.take(b',') {
            return Err(Unfit);
        }
        let upper = bound(cursor)?;
        let closing = cursor.next().filter(|b| matches!(b, b']' | b')')).ok_or(Unfit)?;
        self.bounds((opening, closing), (lower, upper), visit, buf, out)?;
        out.extend_from_slice(cursor.blanks());
        Ok(())
    }

    fn bounds(
        &self,
        (opening, closing): (u8, u8),
        (lower, upper): (Text<'_>, Text<'_>),
        visit: &mut Visit<'_>,
        buf: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Result<(), Unfit> {
        let start = out.len();
        out.push(opening);
        let first = self.bound(lower, visit, buf, out)?;
        let comma = out.len();
        out.push(b',');
        let second = self.bound(upper, visit, buf, out)?;
        let end = out.len();
        out.push(closing);
        if first == Became::Removed
            && let Some(byte) = out.get_mut(start)
        {
            *byte = b'(';
        }
        if second == Became::Removed
            && let Some(byte) = out.last_mut()
        {
            *byte = b')';
        }
        if first == Became::Kept && second == Became::Kept {
            return Ok(());
        }
        let (low, high) = (start + 1..comma, comma + 1..end);
        if !low.is_empty() && !high.is_empty() && self.order(out, (low.clone(), high.clone()), buf)?.is_gt() {
            // `a,b` becomes `b,a`: behind it, and moved to the front.
            out.extend_from_within(high);
            out.push(b',');
            out.extend_from_within(low);
            let from = end + 1;
            out.copy_within(from.., start + 1);
            out.truncate(end + 1);
        }
        Ok(())
    }

    /// Appends what becomes of a bound; an infinite one stays.
    fn bound(
        &self,
        bound: Text<'_>,
        visit: &mut Visit<'_>,
        buf: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Result<Became, Unfit> {
        if bound.raw.is_empty() {
            return Ok(Became::Kept);
        }
        let became = scan::leaf(visit, (0, bound.decoded(true, buf), None), self, out)?;
        if became == Became::Kept {
            out.extend_from_slice(bound.raw);
        }
        Ok(became)
    }

    /// Compares two bounds as they were written.
    fn order(
        &self,
        out: &[u8],
        (low, high): (std::ops::Range<usize>, std::ops::Range<usize>),
        buf: &mut Vec<u8>,
    ) -> Result<Ordering, Unfit> {
        let text = |raw: &std::ops::Range<usize>| {
            let raw = out.get(raw.clone()).unwrap_or_default();
            Text { raw, escaped: raw.contains(&b'"') || raw.contains(&b'\\') }
        };
        if let TypeClass::Date | TypeClass::Timestamp { .. } = self.of {
            let mut point = |raw| instant(text(raw).decoded(true, buf));
            let (low, high) = (point(&low).ok_or(Unfit)?, point(&high).ok_or(Unfit)?);
            return Ok(low.cmp(&high));
        }
        let mut number = |raw| Decimal::parse(text(raw).decoded(true, buf));
        let (low, high) = (number(&low).ok_or(Unfit)?, number(&high).ok_or(Unfit)?);
        low.compare(high).ok_or(Unfit)
    }
}

impl Notation for Range {
    fn is_sound(&self, decoded: &[u8]) -> bool {
        !decoded.is_empty() && member(&self.of, decoded)
    }

    fn quote(&self, decoded: &[u8]) -> Option<u8> {
        let special = |b: &u8| matches!(b, b'"' | b'\\' | b'(' | b')' | b'[' | b']' | b',') || is_blank(*b);
        decoded.iter().any(special).then_some(b'"')
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        if matches!(byte, b'"' | b'\\') {
            out.push(byte);
        }
        out.push(byte);
    }
}

/// Reads a bound to the comma or bracket behind it; nothing is infinity.
fn bound<'a>(cursor: &mut Cursor<'a>) -> Result<Text<'a>, Unfit> {
    let (start, mut quoted, mut escaped) = (cursor.at, false, false);
    while let Some(byte) = cursor.peek() {
        match byte {
            b',' | b')' | b']' if !quoted => break,
            b'\\' => {
                escaped = true;
                cursor.at += 1;
                cursor.peek().ok_or(Unfit)?;
            }
            b'"' => {
                escaped = true;
                quoted = !quoted;
            }
            _ => {}
        }
        cursor.at += 1;
    }
    if quoted { Err(Unfit) } else { Ok(Text { raw: cursor.since(start), escaped }) }
}

/// Nanoseconds since 1970 of a date or timestamp; without a zone as if in UTC. Infinite dates lie at the ends.
pub(super) fn instant(value: &[u8]) -> Option<i128> {
    if calendar::is_infinity(value) {
        return Some(if value.starts_with(b"-") { i128::MIN } else { i128::MAX });
    }
    let stamp = calendar::parse(value)?;
    let days = i128::from(to_days(stamp.year, stamp.month, stamp.day));
    let Some(clock) = stamp.clock else { return Some(days * 86_400_000_000_000) };
    let time = value.iter().position(|b| *b == clock.separator).and_then(|at| value.get(at + 1..))?;
    let time = time.strip_suffix(b" BC").unwrap_or(time);
    let (time, zone) = time.split_at_checked(time.len().checked_sub(clock.zone.len())?)?;
    let behind = match zone.split_first() {
        None | Some((b'Z', _)) => 0,
        Some((b'-', rest)) => -seconds(rest)?,
        Some((_, rest)) => seconds(rest)?,
    };
    let (time, fraction) = match time.iter().position(|b| *b == b'.') {
        Some(at) => (time.get(..at)?, time.get(at + 1..)?),
        None => (time, &[][..]),
    };
    let nanos = (0..9).fold(0, |sum, at| sum * 10 + fraction.get(at).map_or(0, |d| i128::from(d - b'0')));
    Some((days * 86_400 + seconds(time)? - behind) * 1_000_000_000 + nanos)
}

/// Reads `HH`, `HHMM`, `HH:MM`, `HH:MM:SS`: digits that `calendar` has seen already.
fn seconds(text: &[u8]) -> Option<i128> {
    let (mut total, mut unit, mut digits) = (0, 3_600, Cursor::new(text));
    while !digits.is_end() {
        digits.take(b':');
        let [tens, ones] = [digits.next()?, digits.next()?].map(|d| i128::from(d) - i128::from(b'0'));
        total += (tens * 10 + ones) * unit;
        unit /= 60;
    }
    Some(total)
}
