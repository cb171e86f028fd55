//! `fake: phone`, `mobile`: a number that reaches nobody, in the national or international form of the input. Lane 4
//! decides. Refuses to tell fixed from mobile numbers by the input: the profile says which.
//!
//! Source: each locale's plan names the range that a regulator has set aside, or that no plan issues.

use super::form::Short;
use super::make::Make;
use super::phone_form::{Start, Style};
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness, lane};
use crate::row::canon::Canon;
use crate::vocabulary::{Draw, LOCALES, PhonePlan, Series};

/// `fake: phone`.
pub(super) static PHONE: KindSpec = KindSpec {
    name: "phone",
    summary: "a number of a fixed line that is not issued, in the input's national or international form",
    longest: |locale| Some(longest(&locale.phone)),
    reaches: |locale| Reaches::Nobody(locale.phone.source),
    canon,
    high: true,
    build: |cx| build(cx, PHONE.name, cx.locale.phone),
    ..describing()
};

/// `fake: mobile`.
pub(super) static MOBILE: KindSpec = KindSpec {
    name: "mobile",
    summary: "a number of a mobile telephone that is not issued, in the input's form",
    longest: |locale| Some(longest(&locale.mobile)),
    reaches: |locale| Reaches::Nobody(locale.mobile.source),
    canon,
    high: true,
    build: |cx| build(cx, MOBILE.name, cx.locale.mobile),
    ..describing()
};

fn canon(locale: &str) -> Canon {
    Canon::Phone { country: LOCALES.iter().find(|l| l.name == locale).map_or("NL", |l| l.country) }
}

fn chars(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Returns the digits of a number of a series behind trunk or code.
fn national_chars(plan: &PhonePlan, series: &Series) -> u32 {
    let area = plan
        .areas
        .map_or(chars(series.area), |areas| areas.entries().iter().map(|area| area.chars).max().unwrap_or(0));
    area + chars(series.reserved) + series.free
}

/// Returns the length of `+31 (0)6 12345678`, or with other brackets where a plan has areas of its own: `+1 (212) 555-0100`.
fn longest(plan: &PhonePlan) -> u32 {
    let one = |series: &Series| {
        let gaps = u32::try_from(series.groups.len()).unwrap_or(1).saturating_sub(1);
        let international = 1 + chars(plan.code) + 1 + national_chars(plan, series) + 1 + gaps;
        international + if plan.areas.is_some() { 2 } else { 3 * chars(plan.trunk) }
    };
    plan.series.iter().map(one).max().unwrap_or(0)
}

struct Phone {
    plan: PhonePlan,
    /// Digits of the shortest number behind trunk or code.
    digits: usize,
    max: usize,
}

fn build(cx: &Build<'_>, kind: &'static str, plan: PhonePlan) -> Result<Made, Refusal> {
    let digits = || plan.series.iter().map(|series| national_chars(&plan, series));
    let (least, most) = (digits().min().unwrap_or(0), digits().max().unwrap_or(0));
    cx.at_least(kind, most + chars(plan.trunk))?;
    let max = usize::try_from(cx.room().min(cx.longest)).unwrap_or(usize::MAX);
    let digits = usize::try_from(least).unwrap_or(0);
    Ok(cx.made(Phone { plan, digits, max }, cx.longest, Uniqueness::Lost))
}

/// A number without its form.
#[derive(Clone, Copy)]
struct Number {
    area: &'static str,
    series: &'static Series,
    free: u64,
}

impl Phone {
    #[inline]
    fn draw(&self, lanes: &Lanes) -> Option<Number> {
        let mut draw = Draw::new(lanes.0[lane::PHONE]);
        let count = u64::try_from(self.plan.series.len()).ok()?;
        let series = self.plan.series.get(usize::try_from(draw.below(count)).ok()?)?;
        let area = self.plan.areas.map_or(series.area, |areas| areas.pick(&mut draw).text);
        Some(Number { area, series, free: draw.below(10_u64.pow(series.free)) })
    }

    #[inline]
    fn write(&self, number: Number, style: Style) -> Short {
        let mut written = Short::new();
        let out = &mut written;
        let (code, [first, second, third]) = (self.plan.code.as_bytes(), style.separators);
        let (before_area, behind_area, between) = match style.start {
            Start::National => (None, first, second.or(third)),
            _ => (first, second, third),
        };
        match style.start {
            Start::National => {}
            Start::Plus => out.push(b'+'),
            Start::Zeros => out.extend(b"00"),
            Start::Code => {}
        }
        if style.start != Start::National {
            out.extend(code);
            out.extend(before_area.as_slice());
        }
        let trunk = self.plan.trunk.as_bytes();
        if style.trunk && !trunk.is_empty() {
            out.push(b'(');
            out.extend(trunk);
            out.push(b')');
        }
        if style.brackets {
            out.push(b'(');
        }
        if style.start == Start::National {
            out.extend(trunk);
        }
        out.extend(number.area.as_bytes());
        if style.brackets {
            out.push(b')');
        }
        out.extend(behind_area.as_slice());
        let mut digits = Short::new();
        digits.extend(number.series.reserved.as_bytes());
        digits.digits(number.free, usize::try_from(number.series.free).unwrap_or(0));
        match between {
            None => digits.append_into(out),
            Some(separator) => digits.append_grouped(number.series.groups, separator, out),
        }
        written
    }
}

/// Returns the last digits of a number, the very last one first.
fn last_digits(text: &[u8], count: usize) -> impl Iterator<Item = &u8> {
    text.iter().rev().filter(|b| b.is_ascii_digit()).take(count)
}

impl Make for Phone {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let Some(number) = self.draw(lanes) else { return };
        let style = Style::of(field, self.plan.code, self.digits);
        let mut written = self.write(number, style);
        for shorter in [style.in_one(), style.bare(), Style::NATIONAL] {
            if written.len() <= self.max {
                break;
            }
            written = self.write(number, shorter);
        }
        written.append_to(out);
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
        last_digits(field, self.digits).eq(last_digits(standin, self.digits))
    }
}
