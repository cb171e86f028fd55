//! Values by type alone: what a column gets of which nothing better is known, within the bounds of its type and CHECKs. Refuses
//! a type that it does not know where the column must have a value.

use std::io::Write as _;
use std::sync::Arc;

use super::faked::{compiled, cut};
use super::{Distinct, Generator, OneOf, RowCx, Wanted, others, times};
use crate::error::Name;
use crate::mask::Refusal;
use crate::message;
use crate::row::shape::TypeClass;
use crate::synth::order::Order;
use crate::synth::seed::{Draws, Stream, mix};
use crate::synth::totals;

/// Makes the generator of a type.
///
/// # Errors
/// The type is not known, or bounds leave nothing.
pub(super) fn generator(wanted: &Wanted<'_>) -> Result<Box<dyn Generator>, Refusal> {
    if let Some(values) = list(wanted) {
        return if values.is_empty() { Err(nothing(wanted)) } else { Ok(Box::new(OneOf(values))) };
    }
    if let Some(pattern) = &wanted.domain.pattern {
        let most = Some(wanted.column.ty.class.max_chars().unwrap_or(40));
        let made = |pattern: &str| compiled(wanted, ("pattern", pattern), false, most);
        let plain = readable(pattern, wanted.domain).and_then(|plain| made(&plain));
        return match plain.or_else(|| made(pattern)) {
            Some(made) => Ok(Box::new(made)),
            None => Err(nothing(wanted)),
        };
    }
    if let Some(made) = times::generator(wanted)? {
        return Ok(made);
    }
    let class = &wanted.column.ty.class;
    Ok(match class {
        TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt => {
            let (least, most) = wanted.whole_bounds(0, 1000).ok_or_else(|| nothing(wanted))?;
            Box::new(Whole { least, most })
        }
        TypeClass::Numeric { scale, precision } => {
            let scale =
                scale.and_then(|s| u32::try_from(s).ok()).unwrap_or(if precision.is_some() { 0 } else { 2 });
            let unit = 10_i128.checked_pow(scale).unwrap_or(1);
            let (least, most) =
                wanted.decimal_bounds(0, 1000 * unit, scale).ok_or_else(|| nothing(wanted))?;
            Box::new(Decimal { least, most, scale })
        }
        TypeClass::Float { .. } => {
            let (least, most) = wanted.decimal_bounds(0, 100_000, 2).ok_or_else(|| nothing(wanted))?;
            Box::new(Decimal { least, most, scale: 2 })
        }
        TypeClass::Boolean => Box::new(Flag),
        TypeClass::Time => Box::new(Clock::new(wanted)),
        TypeClass::Interval => Box::new(Length),
        TypeClass::Uuid => Box::new(Uuid),
        TypeClass::Json if !wanted.domain.document.is_empty() => {
            Box::new(others::Document::new(&wanted.domain.document).ok_or_else(|| nothing(wanted))?)
        }
        TypeClass::Json => {
            Box::new(others::Fixed(&["{}", r#"{"theme": "light"}"#, r#"{"theme": "dark", "pageSize": 20}"#]))
        }
        TypeClass::Bytes => Box::new(Bytes),
        TypeClass::Inet => Box::new(Address),
        TypeClass::Array(of) => array(wanted, of)?,
        TypeClass::Other => others::generator(wanted)?,
        _ => text(wanted)?,
    })
}

/// Writes a pattern whose open places are letters, as far as these may be any: `AB[a-z]{2,10}` for `AB.*`. `None` where it has
/// none.
fn readable(pattern: &str, domain: &crate::synth::checks::Domain) -> Option<String> {
    let letters = if domain.case == Some(false) { "[A-Z]" } else { "[a-z]" };
    let many = domain.min_chars.unwrap_or(0).max(8);
    let (mut out, mut rest, mut bracket, mut any) = (String::new(), pattern, false, false);
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        let took = match c {
            '\\' => {
                let escaped = behind.chars().next().map_or(0, char::len_utf8);
                out.push_str(rest.get(..1 + escaped).unwrap_or_default());
                1 + escaped
            }
            '.' if !bracket => {
                any = true;
                out.push_str(letters);
                match behind.chars().next() {
                    Some('*') => out.push_str(&format!("{{2,{many}}}")),
                    Some('+') => out.push_str(&format!("{{1,{many}}}")),
                    _ => {}
                }
                1 + usize::from(behind.starts_with(['*', '+']))
            }
            _ => {
                bracket = if bracket { c != ']' } else { c == '[' };
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(took..).unwrap_or_default();
    }
    any.then_some(out)
}

fn text(wanted: &Wanted<'_>) -> Result<Box<dyn Generator>, Refusal> {
    let most = wanted.column.ty.class.max_chars().into_iter().chain(wanted.domain.max_chars).min();
    let least = wanted.domain.min_chars.unwrap_or(1);
    let fixed = if let TypeClass::Char { chars } = wanted.column.ty.class { Some(chars) } else { None };
    if most.is_some_and(|most| least > most) {
        return Err(nothing(wanted));
    }
    Ok(Box::new(Text {
        least,
        most: most.unwrap_or(24).max(least),
        fixed: fixed.filter(|chars| *chars <= 3),
        upper: wanted.domain.case == Some(false) || fixed.is_some_and(|chars| chars <= 3),
    }))
}

/// Makes the generator of an array's elements.
fn array(wanted: &Wanted<'_>, of: &TypeClass) -> Result<Box<dyn Generator>, Refusal> {
    let mut column = wanted.column.clone();
    column.ty.class = of.clone();
    let domain = crate::synth::checks::Domain::default();
    let inner = Wanted { column: &column, domain: &domain, meaning: None, ..*wanted };
    let (least, most) = wanted.domain.elements;
    let least = u64::from(least.unwrap_or(0));
    let most = most.map_or((least + 2).max(if least > 0 { 3 } else { 2 }), u64::from);
    if least > most || least > 1000 {
        return Err(nothing(wanted));
    }
    Ok(Box::new(Array { of: super::generator(&inner)?, least, most }))
}

/// Makes the distinct values of a type.
///
/// # Errors
/// The type is not known.
pub(super) fn distinct(wanted: &Wanted<'_>) -> Result<Box<dyn Distinct>, Refusal> {
    if let Some(values) = list(wanted) {
        return Ok(Box::new(OneOf(values)));
    }
    let class = &wanted.column.ty.class;
    Ok(match class {
        TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt | TypeClass::Numeric { .. } => {
            let (least, most) = wanted.whole_bounds(1, i64::MAX).ok_or_else(|| nothing(wanted))?;
            Box::new(Numbers { least, most })
        }
        TypeClass::Uuid => Box::new(Uuids { key: wanted.stream.key() }),
        TypeClass::Date => Box::new(times::Days::new(wanted.today(), wanted.rows)),
        TypeClass::Timestamp { .. } | TypeClass::Moment => {
            Box::new(times::Moments::new(wanted.today(), wanted.rows))
        }
        TypeClass::Boolean => Box::new(OneOf(["f", "t"].map(str::to_owned).to_vec().into())),
        TypeClass::Inet => Box::new(Addresses),
        TypeClass::Bytes => Box::new(Serials),
        class if class.is_text() => {
            let most = class.max_chars().into_iter().chain(wanted.domain.max_chars).min();
            let plain = wanted.domain.case != Some(true) && wanted.domain.min_chars.is_none();
            let long = most.unwrap_or(u32::MAX).min(20);
            let fixed = matches!(class, TypeClass::Char { .. });
            if let Some(coded) = Coded::new(long, wanted.rows, wanted.stream).filter(|_| plain && !fixed) {
                return Ok(Box::new(coded));
            }
            Box::new(Codes {
                chars: most.unwrap_or(10).min(10).max(wanted.domain.min_chars.unwrap_or(1)),
                fixed: matches!(class, TypeClass::Char { .. }),
                upper: wanted.domain.case != Some(true),
            })
        }
        _ => return Err(unknown(wanted)),
    })
}

/// Returns the values of a type or CHECK that lists them.
fn list(wanted: &Wanted<'_>) -> Option<Arc<[String]>> {
    let not = |value: &&String| !wanted.domain.none_of.contains(value);
    if let Some(values) = &wanted.domain.one_of {
        return Some(values.iter().filter(not).cloned().collect());
    }
    match &wanted.column.ty.class {
        TypeClass::Enum(labels) => Some(labels.iter().filter(not).cloned().collect()),
        _ => None,
    }
}

pub(super) fn unknown(wanted: &Wanted<'_>) -> Refusal {
    Refusal {
        what: message!(
            "the type `{}` is none that can be generated",
            Name::new(wanted.column.ty.text.as_str())
        ),
        hint: Some("say in a profile what stands in it, or let it be NULL".into()),
    }
}

fn nothing(wanted: &Wanted<'_>) -> Refusal {
    Refusal {
        what: message!("its constraints leave no value of `{}`", Name::new(wanted.column.ty.text.as_str())),
        hint: Some("its CHECK constraints contradict each other, or its type is too narrow for them".into()),
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
    least: i128,
    most: i128,
    scale: u32,
}

impl Generator for Decimal {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let room = u64::try_from(self.most - self.least).unwrap_or(u64::MAX - 1);
        totals::write(self.least + i128::from(draws.below(room.saturating_add(1))), self.scale, out);
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

/// Times of the day, of whole fives of minutes; an end comes some hours behind its beginning.
struct Clock {
    zone: bool,
    /// The hours of a beginning, least and most.
    hours: (u64, u64),
    reads: Vec<usize>,
}

impl Clock {
    fn new(wanted: &Wanted<'_>) -> Self {
        let (text, name) = (&wanted.column.ty.text, wanted.column.name.to_lowercase());
        let says = |list: &[&str]| list.iter().any(|word| name.contains(word));
        let hours = match () {
            () if says(&["opens", "opening", "open_", "geopend"]) => (7, 10),
            () if says(&["clos", "sluit", "schliess"]) => (16, 21),
            () => (8, 17),
        };
        let reads = times::before(wanted, &name).into_iter().collect();
        Self { zone: text.contains("with time zone") || text.contains("timetz"), hours, reads }
    }
}

impl Generator for Clock {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let zone = if self.zone { "+00" } else { "" };
        let part = |text: &[u8], at: usize| -> Option<u64> {
            std::str::from_utf8(text.get(at..at + 2)?).ok()?.parse().ok()
        };
        let first = self.reads.first().and_then(|at| cx.made.get(*at));
        let first = first.and_then(|text| Some(part(text, 0)? * 12 + part(text, 3)? / 5));
        let (least, most) = (self.hours.0 * 12, self.hours.1 * 12 + 11);
        // From half an hour to three hours behind, or within its own hours where these are later.
        let fives = match first {
            None => least + draws.below(most - least + 1),
            Some(first) if self.hours.0 > 12 && first < least => least + draws.below(most - least + 1),
            Some(first) => (first + 6 + draws.below(31)).min(287).max(first + 1).min(287),
        };
        let _ = write!(out, "{:02}:{:02}:00{zone}", fives / 12, fives % 12 * 5);
        true
    }

    fn reads(&self) -> &[usize] {
        &self.reads
    }
}

struct Length;

impl Generator for Length {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let _ = write!(out, "{} days", 1 + draws.below(30));
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

/// Appends a UUID of version 4.
fn uuid(high: u64, low: u64, out: &mut Vec<u8>) {
    let high = high & !0xF000 | 0x4000;
    let low = low & !(3 << 62) | (2 << 62);
    let (a, b, c) = (high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF);
    let _ = write!(out, "{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xFFFF_FFFF_FFFF);
}

struct Bytes;

impl Generator for Bytes {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let _ = write!(out, "\\x{:016x}", draws.bits());
        true
    }
}

/// Addresses of documentation (RFC 5737).
struct Address;

impl Generator for Address {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let net = ["192.0.2", "198.51.100", "203.0.113"];
        let at = usize::try_from(draws.below(3)).unwrap_or(0);
        let _ = write!(out, "{}.{}", net.get(at).copied().unwrap_or("192.0.2"), 1 + draws.below(254));
        true
    }
}

/// Addresses that differ, of private use (RFC 1918).
struct Addresses;

impl Distinct for Addresses {
    fn count(&self) -> u64 {
        1 << 24
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let _ = write!(out, "10.{}.{}.{}", nth >> 16 & 255, nth >> 8 & 255, nth & 255);
    }
}

struct Array {
    of: Box<dyn Generator>,
    /// How many elements, least and most.
    least: u64,
    most: u64,
}

impl Generator for Array {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let mut value = Vec::new();
        out.push(b'{');
        let count = self.least + draws.below(self.most - self.least + 1);
        for at in 0..count {
            if at > 0 {
                out.push(b',');
            }
            value.clear();
            if self.of.make(cx, draws, &mut value) {
                out.push(b'"');
                for byte in &value {
                    if matches!(byte, b'"' | b'\\') {
                        out.push(b'\\');
                    }
                    out.push(*byte);
                }
                out.push(b'"');
            } else {
                out.extend_from_slice(b"NULL");
            }
        }
        out.push(b'}');
        true
    }
}

const FILLER: &[&str] = &[
    "lorem", "ipsum", "dolor", "sit", "amet", "tempor", "labore", "magna", "aliqua", "enim", "minim",
    "veniam", "quis", "nostrud", "ullamco", "nisi",
];

/// Words that say nothing, or letters where words do not fit.
struct Text {
    least: u32,
    most: u32,
    fixed: Option<u32>,
    upper: bool,
}

impl Generator for Text {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let most = usize::try_from(self.most).unwrap_or(usize::MAX);
        let least = usize::try_from(self.least).unwrap_or(0);
        if let Some(chars) = self.fixed.or((self.most < 6).then_some(self.most)) {
            let first = if self.upper { b'A' } else { b'a' };
            (0..chars).for_each(|_| out.push(first + u8::try_from(draws.below(26)).unwrap_or(0)));
            return true;
        }
        let words = 1 + draws.below(3);
        let mut count = 0;
        while count < words || out.len() - start < least {
            if count > 0 {
                out.push(b' ');
            }
            let at = usize::try_from(draws.below(16)).unwrap_or(0);
            out.extend_from_slice(FILLER.get(at).copied().unwrap_or("sed").as_bytes());
            count += 1;
        }
        if self.upper {
            out.get_mut(start..).unwrap_or_default().make_ascii_uppercase();
        }
        cut(out, start, most);
        // A blank at the end is no part of a value to some servers.
        if let Some(last @ b' ') = out.last_mut() {
            *last = b'x';
        }
        true
    }
}

/// Whole numbers in their order.
pub(super) struct Numbers {
    pub(super) least: i64,
    pub(super) most: i64,
}

impl Distinct for Numbers {
    fn count(&self) -> u64 {
        self.most.wrapping_sub(self.least).cast_unsigned().saturating_add(1)
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(itoa::Buffer::new().format(self.least.wrapping_add_unsigned(nth)).as_bytes());
    }
}

struct Uuids {
    key: u64,
}

impl Distinct for Uuids {
    fn count(&self) -> u64 {
        1 << 60
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        // `mix` is a bijection: 48 bits of it in one half, the others in the other.
        let word = mix(nth ^ self.key);
        uuid(word << 16 | mix(word) & 0xFFFF, word >> 48 << 40 | mix(word ^ self.key) >> 24, out);
    }
}

/// Bytes: hexadecimal numbers of one length.
struct Serials;

impl Distinct for Serials {
    fn count(&self) -> u64 {
        u64::MAX
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let _ = write!(out, "\\x{nth:016x}");
    }
}

/// Codes such as people use: two letters, a dash and digits, `KX-48213`.
pub(super) struct Coded {
    digits: u32,
    order: Order,
}

impl Coded {
    /// Makes those of so many characters at most; `None` where they do not suffice for so many rows.
    pub(super) fn new(chars: u32, rows: u64, stream: Stream) -> Option<Self> {
        let count = |digits: u32| 24 * 24 * 10_u64.saturating_pow(digits);
        let digits = (4..=9).find(|digits| count(*digits) / 2 >= rows)?;
        let order = Order::new(stream.part(1), count(digits));
        (digits + 3 <= chars).then_some(Self { digits, order })
    }
}

impl Distinct for Coded {
    fn count(&self) -> u64 {
        self.order.len()
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let nth = self.order.at(nth);
        // Without those that look like digits.
        const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
        let room = 10_u64.saturating_pow(self.digits);
        let head = nth / room;
        let letter =
            |at: u64| usize::try_from(at % 24).ok().and_then(|at| LETTERS.get(at)).copied().unwrap_or(b'A');
        out.extend_from_slice(&[letter(head / 24), letter(head), b'-']);
        let width = usize::try_from(self.digits).unwrap_or(4);
        let _ = write!(out, "{:0width$}", nth % room);
    }
}

/// Letters and digits: as few as tell all apart, so that the first are short.
struct Codes {
    chars: u32,
    fixed: bool,
    upper: bool,
}

impl Distinct for Codes {
    fn count(&self) -> u64 {
        26_u64.checked_pow(self.chars).unwrap_or(u64::MAX)
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let first = if self.upper { b'A' } else { b'a' };
        // Without a fixed length three letters do for the first ones; more of them differ by their length or letters.
        let mut room = 26_u64.checked_pow(3.min(self.chars)).unwrap_or(u64::MAX);
        let (mut rest, mut width) = (nth, 3.min(self.chars));
        if self.fixed {
            width = self.chars;
        } else {
            while rest >= room && width < self.chars {
                rest -= room;
                width += 1;
                room = room.saturating_mul(26);
            }
        }
        let start = out.len();
        for _ in 0..width {
            out.push(first + u8::try_from(rest % 26).unwrap_or(0));
            rest /= 26;
        }
        out.get_mut(start..).unwrap_or_default().reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn differ(values: &dyn Distinct, longest: usize) {
        let last = values.count().min(20_000);
        let mut seen = BTreeSet::new();
        for nth in 0..last {
            let mut out = Vec::new();
            values.write(nth, &mut out);
            assert!(out.len() <= longest, "{nth}");
            assert!(seen.insert(out), "{nth}");
        }
        let mut out = Vec::new();
        values.write(values.count() - 1, &mut out);
        assert!(out.len() <= longest && (last < 20_000 || !seen.contains(&out)), "the last");
    }

    #[test]
    fn distinct_values_differ_and_fit() {
        for chars in 1..=10 {
            for fixed in [true, false] {
                differ(&Codes { chars, fixed, upper: true }, usize::try_from(chars).expect("small"));
            }
        }
        let stream = crate::synth::seed::Seed::new(1).stream("codes", &[]);
        differ(&Coded::new(7, 100, stream).expect("fits"), 7);
        assert!(Coded::new(6, 1, stream).is_none() && Coded::new(8, 1_000_000_000, stream).is_none());
        differ(&Uuids { key: 7 }, 36);
        differ(&Numbers { least: -5, most: 32_767 }, 5);
        differ(&Serials, 18);
        differ(&Addresses, 15);
        differ(&times::Days::new(20_000, 10), 10);
        differ(&times::Moments::new(20_000, 19), 19);
    }
}
