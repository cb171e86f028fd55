//! Values by type alone: what a column gets of which nothing better is known. Whole numbers, decimals, dates, words, codes,
//! booleans, bytes, JSON. Refuses a type that it does not know.

use std::io::Write as _;
use std::sync::Arc;

use super::{Distinct, Generator, OneOf, RowCx, Wanted};
use crate::mask::Refusal;
use crate::message;
use crate::error::Name;
use crate::row::shape::TypeClass;
use crate::synth::seed::Draws;

/// Makes the generator of a type.
///
/// # Errors
/// The type is not known, or bounds leave nothing.
pub(super) fn generator(wanted: &Wanted<'_>) -> Result<Box<dyn Generator>, Refusal> {
    if let Some(values) = list(wanted) {
        return Ok(Box::new(OneOf(values)));
    }
    Ok(match &wanted.column.ty.class {
        TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt => Box::new(Whole { least: 0, most: 1000 }),
        TypeClass::Numeric { precision, scale } => Box::new(Decimal::new(*precision, *scale)),
        TypeClass::Float { .. } => Box::new(Decimal { most: 100_000, scale: 2 }),
        TypeClass::Boolean => Box::new(Flag),
        TypeClass::Date => Box::new(Day),
        TypeClass::Timestamp { .. } | TypeClass::Moment => Box::new(Moment),
        TypeClass::Uuid => Box::new(Uuid),
        TypeClass::Text { .. } | TypeClass::Char { .. } | TypeClass::CiText | TypeClass::Unknown => {
            Box::new(Word { most: wanted.column.ty.class.max_chars().unwrap_or(12).min(12) })
        }
        _ if !wanted.column.not_null => Box::new(Nothing),
        _ => return Err(unknown(wanted)),
    })
}

/// Makes the distinct values of a type.
///
/// # Errors
/// The type is not known.
pub(super) fn distinct(wanted: &Wanted<'_>) -> Result<Box<dyn Distinct>, Refusal> {
    if let Some(values) = list(wanted) {
        return Ok(Box::new(OneOf(values)));
    }
    Ok(match &wanted.column.ty.class {
        TypeClass::SmallInt => Box::new(Numbers { most: 32_767 }),
        TypeClass::Integer => Box::new(Numbers { most: 2_147_483_647 }),
        TypeClass::BigInt => Box::new(Numbers { most: u64::MAX >> 1 }),
        TypeClass::Uuid => Box::new(Uuids),
        TypeClass::Date => Box::new(Days),
        class if class.is_text() => Box::new(Codes { chars: class.max_chars().unwrap_or(10).min(10) }),
        _ => return Err(unknown(wanted)),
    })
}

/// Returns the values of a type or CHECK that lists them.
fn list(wanted: &Wanted<'_>) -> Option<Arc<[String]>> {
    if let Some(values) = &wanted.domain.one_of {
        return Some(values.clone().into());
    }
    match &wanted.column.ty.class {
        TypeClass::Enum(labels) => Some(Arc::clone(labels)),
        _ => None,
    }
}

fn unknown(wanted: &Wanted<'_>) -> Refusal {
    Refusal {
        what: message!("the type `{}` is none that can be generated", Name::new(wanted.column.ty.text.as_str())),
        hint: Some("say in a profile what stands in it, or let it be NULL".into()),
    }
}

struct Nothing;

impl Generator for Nothing {
    fn make(&self, _: &RowCx<'_>, _: &mut Draws, _: &mut Vec<u8>) -> bool {
        false
    }
}

struct Whole {
    least: i64,
    most: i64,
}

impl Generator for Whole {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(itoa::Buffer::new().format(draws.between(self.least, self.most)).as_bytes());
        true
    }
}

struct Decimal {
    most: i64,
    scale: u32,
}

impl Decimal {
    fn new(precision: Option<u32>, scale: Option<i32>) -> Self {
        let scale = scale.and_then(|scale| u32::try_from(scale).ok()).unwrap_or(if precision.is_some() { 0 } else { 2 });
        let digits = precision.unwrap_or(7).min(scale + 4);
        Self { most: 10_i64.checked_pow(digits).unwrap_or(i64::MAX) - 1, scale }
    }
}

impl Generator for Decimal {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let number = draws.between(0, self.most);
        let unit = 10_i64.checked_pow(self.scale).unwrap_or(i64::MAX);
        out.extend_from_slice(itoa::Buffer::new().format(number / unit).as_bytes());
        if self.scale > 0 {
            let width = usize::try_from(self.scale).unwrap_or(0);
            let _ = write!(out, ".{:0width$}", number % unit);
        }
        true
    }
}

struct Flag;

impl Generator for Flag {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        out.push(if draws.below(2) == 0 { b't' } else { b'f' });
        true
    }
}

struct Day;

impl Generator for Day {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let (month, day) = (draws.between(1, 12), draws.between(1, 28));
        let _ = write!(out, "{}-{month:02}-{day:02}", draws.between(2018, 2025));
        true
    }
}

struct Moment;

impl Generator for Moment {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        Day.make(cx, draws, out);
        let (hour, minute, second) = (draws.between(8, 18), draws.between(0, 59), draws.between(0, 59));
        let _ = write!(out, " {hour:02}:{minute:02}:{second:02}");
        true
    }
}

struct Uuid;

impl Generator for Uuid {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        uuid(draws.bits(), draws.bits(), out);
        true
    }
}

fn uuid(high: u64, low: u64, out: &mut Vec<u8>) {
    let high = high & !0xF000 | 0x4000;
    let low = low & !(3 << 62) | (2 << 62);
    let _ = write!(
        out,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    );
}

struct Word {
    most: u32,
}

impl Generator for Word {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let chars = draws.between(1, i64::from(self.most.max(1)));
        for _ in 0..chars {
            out.push(b'a' + u8::try_from(draws.below(26)).unwrap_or(0));
        }
        true
    }
}

struct Numbers {
    most: u64,
}

impl Distinct for Numbers {
    fn count(&self) -> u64 {
        self.most
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(itoa::Buffer::new().format(nth + 1).as_bytes());
    }
}

struct Uuids;

impl Distinct for Uuids {
    fn count(&self) -> u64 {
        u64::MAX
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        // The low half tells them apart: 62 bits, and two of the high half.
        let mix = crate::synth::seed::mix(nth);
        uuid(mix ^ (nth >> 62), nth.reverse_bits().rotate_right(7) ^ (mix >> 2 & 0), out);
    }
}

struct Days;

impl Distinct for Days {
    fn count(&self) -> u64 {
        28 * 12 * 40
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let _ = write!(out, "{}-{:02}-{:02}", 2025 - nth / 336, nth / 28 % 12 + 1, nth % 28 + 1);
    }
}

struct Codes {
    chars: u32,
}

impl Distinct for Codes {
    fn count(&self) -> u64 {
        26_u64.checked_pow(self.chars).unwrap_or(u64::MAX)
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let mut rest = nth;
        for _ in 0..self.chars {
            out.push(b'a' + u8::try_from(rest % 26).unwrap_or(0));
            rest /= 26;
        }
    }
}
