//! `fake: phone`: a number that reaches nobody, in the national or international form of the input. Lane 4 decides.
//! Refuses to tell mobile from fixed numbers: every stand-in of a locale is of one series.
//!
//! Source, Netherlands: the numbering plan for telephone services gives 061 to 065 and 068 to mobile telephony and 066
//! to paging (Rijksoverheid and ACM lists; libphonenumber's metadata reads `6[1-58]` and `66`), so 06-9 is in no
//! series that is issued. North America: 555-0100 to 555-0199 are set aside for fiction (NANPA, 555 line numbers).

use super::form::Short;
use super::make::Make;
use super::{Build, KindSpec, Made};
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness, lane};
use crate::row::canon::Canon;
use crate::vocabulary::iban::digit;
use crate::vocabulary::{Draw, LOCALES, PhonePlan, Series};

/// `fake: phone`.
pub(super) static PHONE: KindSpec = KindSpec {
    name: "phone",
    summary: "a phone number that is not issued, in the input's national or international form",
    longest: &[("nl_NL", 15), ("en_US", 18)],
    reaches: &[
        (
            "nl_NL",
            Reaches::Nobody("06-9 is in no series of the Dutch numbering plan that is issued (061-066, 068)"),
        ),
        ("en_US", Reaches::Nobody("555-0100 to 555-0199 are set aside for fiction (NANPA)")),
    ],
    canon: |locale| Canon::Phone {
        country: LOCALES.iter().find(|l| l.name == locale).map_or("NL", |l| l.country),
    },
    identifying: false,
    can_be_unique: false,
    high: true,
    build,
};

/// A national number in digits only.
const LEAST_CHARS: u32 = 10;

struct Phone {
    plan: PhonePlan,
    max: usize,
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least(PHONE.name, LEAST_CHARS)?;
    let longest = PHONE.longest(cx.locale.name).unwrap_or(u32::MAX);
    let max = cx.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    Ok(cx.made(Phone { plan: cx.locale.mobile, max }, longest, Uniqueness::Lost))
}

/// How a number starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    National,
    /// `+31`.
    Plus,
    /// `0031`.
    Zeros,
    /// `31` or `1` alone.
    Code,
}

/// The form of a number: its start, the first separator in it, brackets.
#[derive(Clone, Copy)]
struct Style {
    start: Start,
    separator: Option<u8>,
    brackets: bool,
}

impl Style {
    fn of(field: &[u8], code: &str, national: usize) -> Self {
        let field = field.trim_ascii();
        let digits = || field.iter().filter(|b| b.is_ascii_digit()).count();
        let start = if field.starts_with(b"+") {
            Start::Plus
        } else if field.starts_with(b"00") {
            Start::Zeros
        } else if field.starts_with(code.as_bytes()) && digits() == national + code.len() {
            Start::Code
        } else {
            Start::National
        };
        let (mut separator, mut brackets) = (None, false);
        for b in field {
            match b {
                b' ' | b'-' | b'.' | b'/' => separator = separator.or(Some(*b)),
                b'(' => brackets = true,
                _ => {}
            }
        }
        Self { start, separator, brackets }
    }

    fn bare(self) -> Self {
        Self { separator: None, brackets: false, ..self }
    }
}

/// Appends all groups of a number but the last, each with the separator behind it.
#[inline]
fn append_series(style: Style, code: &str, area: &str, out: &mut Short) {
    match style.start {
        Start::Plus => out.push(b'+'),
        Start::Zeros => out.extend(b"00"),
        Start::National => out.push(b'0'),
        Start::Code => {}
    }
    if style.start != Start::National {
        out.extend(code.as_bytes());
        out.extend(style.separator.as_slice());
    }
    out.extend(area.as_bytes());
    out.extend(style.separator.as_slice());
}

fn append_555(style: Style, area: &str, line: &[u8], out: &mut Short) {
    let international = style.start != Start::National;
    match style.start {
        Start::Plus => out.extend(b"+1"),
        Start::Zeros => out.extend(b"001"),
        Start::Code => out.push(b'1'),
        Start::National => {}
    }
    if style.brackets {
        if international {
            out.push(b' ');
        }
        for group in [&b"("[..], area.as_bytes(), b") 555-", line] {
            out.extend(group);
        }
        return;
    }
    let separator = style.separator.as_slice();
    if international {
        out.extend(separator);
    }
    for group in [area.as_bytes(), separator, b"555", separator, line] {
        out.extend(group);
    }
}

/// Picks one series.
fn series(plan: &PhonePlan, draw: &mut Draw) -> Series {
    let n = draw.below(u64::try_from(plan.series.len()).unwrap_or(1));
    let picked = usize::try_from(n).ok().and_then(|n| plan.series.get(n));
    picked.copied().unwrap_or(Series::new("", "", 0, &[]))
}

impl Phone {
    fn number(&self, style: Style, mut draw: Draw) -> Short {
        let mut number = Short::new();
        let out = &mut number;
        match self.plan.areas {
            None => {
                let series = series(&self.plan, &mut draw);
                append_series(style, self.plan.code, series.area, out);
                out.extend(series.reserved.as_bytes());
                out.digits(draw.below(10_u64.pow(series.free)), usize::try_from(series.free).unwrap_or(0));
            }
            Some(areas) => {
                let area = areas.pick(&mut draw).text;
                let line = draw.below(100);
                append_555(style, area, &[b'0', b'1', digit(line / 10), digit(line)], out);
            }
        }
        number
    }

    /// Returns code and length of a national number without trunk.
    fn national(&self) -> (&'static str, usize) {
        match (self.plan.areas, self.plan.series.first()) {
            (None, Some(series)) => {
                let free = usize::try_from(series.free).unwrap_or(0);
                (self.plan.code, series.area.len() + series.reserved.len() + free)
            }
            _ => (self.plan.code, 10),
        }
    }
}

/// Returns the last digits of a number, the very last one first.
fn last_digits(text: &[u8], count: usize) -> impl Iterator<Item = &u8> {
    text.iter().rev().filter(|b| b.is_ascii_digit()).take(count)
}

impl Make for Phone {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let draw = Draw::new(lanes.0[lane::PHONE]);
        let (code, national) = self.national();
        let style = Style::of(field, code, national);
        let mut number = self.number(style, draw);
        if number.len() > self.max {
            number = self.number(style.bare(), draw);
        }
        if number.len() > self.max {
            number = self.number(Style { start: Start::National, ..style.bare() }, draw);
        }
        number.append_to(out);
    }

    /// The last digits decide, since E.164 and national form of one number differ in the first ones.
    #[inline]
    fn is_same(&self, field: &[u8], standin: &[u8]) -> bool {
        // Nearly always the last digits differ.
        if let (Some(a), Some(b)) = (field.last(), standin.last())
            && a.is_ascii_digit()
            && b.is_ascii_digit()
            && a != b
        {
            return false;
        }
        let (_, national) = self.national();
        last_digits(field, national).eq(last_digits(standin, national))
    }
}
