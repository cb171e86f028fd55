//! Places that do not overlap: what an exclusion constraint on ranges asks of all rows of one group. The row's position in
//! its group (or its number) times a step that is longer than any of them.
//!
//! Refuses other operators and other types: the schema then says what cannot be held.

use std::io::Write as _;

use crate::row::civil;
use crate::row::rules::Exclusion;
use crate::row::shape::{ColumnFacts, TypeClass};
use crate::synth::content::Distinct;

/// An exclusion that rows can hold by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The columns that are equal within a group.
    pub group: Vec<usize>,
    /// The column of ranges, or that of their beginnings and that of their ends.
    pub range: (usize, Option<usize>),
    /// What they are ranges of.
    pub of: Of,
}

/// What a range is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Whole numbers.
    Numbers,
    /// Days.
    Days,
    /// Moments; `true` with a zone.
    Moments(bool),
}

/// What of a range stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The range.
    Both,
    /// Its beginning.
    Start,
    /// Its end.
    End,
}

/// What an exclusion is to rows.
pub enum Read {
    /// Places that do not overlap.
    Places(Places),
    /// A unique key.
    Unique(Vec<usize>),
    /// Something else.
    Other,
}

/// Reads an exclusion.
#[must_use]
pub fn read(exclusion: &Exclusion, columns: &[ColumnFacts]) -> Read {
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let mut group = Vec::new();
    let mut range = None;
    for item in &exclusion.items {
        let places: Option<Vec<usize>> = item.columns.iter().map(place).collect();
        match (item.operator.as_str(), places.as_deref()) {
            ("=", Some([one])) => group.push(*one),
            ("&&", Some([one])) if range.is_none() => {
                let ty = columns.get(*one).map(|column| column.ty.text.as_str()).unwrap_or_default();
                let Some(of) = of(ty) else { return Read::Other };
                range = Some(((*one, None), of));
            }
            ("&&", Some([start, end])) if range.is_none() => {
                let Some(of) = item.range.as_deref().and_then(of) else { return Read::Other };
                range = Some(((*start, Some(*end)), of));
            }
            _ => return Read::Other,
        }
    }
    match range {
        Some((range, of)) => Read::Places(Places { group, range, of }),
        None if group.is_empty() => Read::Other,
        None => Read::Unique(group),
    }
}

/// Reads a key whose last column must not overlap; `None` where that is no range.
#[must_use]
pub fn without_overlaps(key: &[String], columns: &[ColumnFacts]) -> Option<Places> {
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let mut group: Vec<usize> = key.iter().map(place).collect::<Option<_>>()?;
    let range = group.pop()?;
    let of = of(&columns.get(range)?.ty.text)?;
    Some(Places { group, range: (range, None), of })
}

/// Returns what a type's ranges are of; `None` where it is no range.
pub(in crate::synth) fn of(ty: &str) -> Option<Of> {
    Some(match ty {
        "int4range" | "int8range" | "numrange" => Of::Numbers,
        "daterange" => Of::Days,
        "tsrange" => Of::Moments(false),
        "tstzrange" => Of::Moments(true),
        _ => return None,
    })
}

/// Ranges that do not overlap, numbered.
pub struct Slots {
    of: Of,
    side: Side,
    /// From one beginning to the next, in units: numbers, days or seconds.
    step: i64,
    /// Length.
    long: i64,
    most: u64,
}

/// The first day: 2024-01-01.
const FIRST_DAY: i64 = 19_723;
/// Days up to the year 9999.
const DAYS: i64 = 2_900_000;

impl Slots {
    /// Makes ranges for so many rows.
    #[must_use]
    pub fn new(of: Of, side: Side, column: &ColumnFacts, rows: u64) -> Self {
        let room = match of {
            Of::Numbers if column.ty.text == "int8range" || column.ty.text == "numrange" => i64::MAX / 2,
            Of::Numbers if matches!(column.ty.class, TypeClass::SmallInt) => i64::from(i16::MAX),
            Of::Numbers => i64::from(i32::MAX),
            Of::Days => DAYS,
            Of::Moments(_) => DAYS * 86_400,
        };
        let wished = match of {
            Of::Numbers => 10,
            Of::Days => 7,
            Of::Moments(_) => 3600,
        };
        // As much as all rows leave.
        let fits = room / i64::try_from(rows.max(1)).unwrap_or(i64::MAX);
        let step = wished.min(fits).max(1);
        let long = if step > 3 { step - step / 4 } else { step };
        Self { of, side, step, long, most: u64::try_from(room / step).unwrap_or(0) }
    }

    fn point(&self, at: i64, out: &mut Vec<u8>) {
        // Writing into memory does not fail.
        let _ = match self.of {
            Of::Numbers => write!(out, "{at}"),
            Of::Days => day(FIRST_DAY + at, out),
            Of::Moments(zone) => {
                let seconds = at.rem_euclid(86_400);
                let clock = (seconds / 3600, seconds / 60 % 60, seconds % 60);
                let quote = if self.side == Side::Both { "\"" } else { "" };
                let _ = out.write_all(quote.as_bytes());
                let _ = day(FIRST_DAY + at.div_euclid(86_400), out);
                let _ = write!(out, " {:02}:{:02}:{:02}", clock.0, clock.1, clock.2);
                write!(out, "{}{quote}", if zone { "+00" } else { "" })
            }
        };
    }
}

fn day(day: i64, out: &mut Vec<u8>) -> std::io::Result<()> {
    let (year, month, day) = civil::from_days(day);
    write!(out, "{year:04}-{month:02}-{day:02}")
}

impl Distinct for Slots {
    fn count(&self) -> u64 {
        self.most
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let start = i64::try_from(nth).unwrap_or(i64::MAX).saturating_mul(self.step);
        let end = start.saturating_add(self.long);
        match self.side {
            Side::Start => self.point(start, out),
            Side::End => self.point(end, out),
            Side::Both => {
                out.push(b'[');
                self.point(start, out);
                out.push(b',');
                self.point(end, out);
                out.push(b')');
            }
        }
    }
}
