//! `pseudonym: integer`: by value class, so that int, bigint and text ends of a key agree. The sign stays.
//!
//! 0..2^31-1 and 2^31..2^63-1 exchange their halves each; with `within: smallint` 0..2^15-1 does and nothing else is
//! fit. Magnitudes of 2^63 and more are unfit, -2^63 among them. A pinned value stays, and no other value becomes it.

use super::{compiled, integer_or_text, mac, no_permutation, placeholder_lane, refusal, refusal_with, room};
use crate::mask::permutation::exchange::Exchange;
use crate::mask::permutation::ff1::ABREAST;
use crate::mask::{Compile, Compiled, Lanes, Mask, MaskCx, Outcome, Refusal, Standins, Value};
use crate::row::canon::parse_integer;
use crate::row::field::Cells;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Purpose};

/// What `within` says, narrowest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Width {
    Small,
    Integer,
    Big,
}

impl Width {
    fn digits(self) -> u32 {
        match self {
            Self::Small => 5,
            Self::Integer => 10,
            Self::Big => 19,
        }
    }
}

/// The compiled kind.
struct Integer {
    low: Exchange,
    high: Option<Exchange>,
    /// Magnitudes that stay and never come out, sorted: of values from zero up, and of those below zero. Zero is
    /// among the latter: a minus before it would make it equal to the former's.
    stay: [Vec<u64>; 2],
    mac: Mac,
    width: Width,
}

pub(super) fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let width = match cx.option("within").and_then(Value::text) {
        Some("smallint") => Width::Small,
        Some("integer") => Width::Integer,
        _ => Width::Big,
    };
    check_type(cx, width)?;
    let key = cx.schedule.use_key(Purpose::Fpe, cx.label);
    let mac = mac(cx);
    let low = if width == Width::Small { Exchange::small(&mac) } else { Exchange::integer(&key) };
    let low = low.ok_or_else(no_permutation)?;
    let high = if width == Width::Big { Some(Exchange::big(&key).ok_or_else(no_permutation)?) } else { None };
    let mut stay = [Vec::new(), vec![0]];
    for value in cx.pinned {
        match parse(value.as_bytes()) {
            Some((true, magnitude)) => stay[1].push(magnitude),
            Some((false, magnitude)) => stay[0].push(magnitude),
            None => {}
        }
    }
    stay.iter_mut().for_each(|list| {
        list.sort_unstable();
        list.dedup();
    });
    Ok(compiled(Integer { low, high, stay, mac, width }, integer_or_text(cx.class(), Some(width.digits()))))
}

fn check_type(cx: &Compile<'_>, width: Width) -> Result<(), Refusal> {
    match cx.class() {
        TypeClass::SmallInt if width != Width::Small => Err(refusal_with(
            "the stand-ins of `pseudonym: integer` do not fit `smallint`",
            "write `within: smallint` on the attribute, so that all its columns agree",
        )),
        TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt | TypeClass::Unknown => Ok(()),
        TypeClass::Numeric { precision, scale: None | Some(0) } => match precision {
            Some(precision) if *precision < width.digits() => Err(refusal_with(
                "the stand-ins of `pseudonym: integer` do not fit this `numeric`",
                "write `within: smallint` (5 digits) or `within: integer` (10 digits)",
            )),
            _ => Ok(()),
        },
        class if class.is_text() => {
            room(cx, width.digits(), "write `within: smallint` (5 digits) or `within: integer` (10 digits)")
        }
        _ => Err(refusal("`pseudonym: integer` needs a column of whole numbers, or text that holds them")),
    }
}

/// Reads minus and magnitude; `None` for what is no whole number below 2^63.
#[inline]
fn parse(field: &[u8]) -> Option<(bool, u64)> {
    // The usual spelling: up to 18 digits and nothing else.
    if field.len() <= 18 {
        let (mut magnitude, mut odd) = (0, field.is_empty());
        for byte in field {
            let digit = byte.wrapping_sub(b'0');
            odd |= digit > 9;
            magnitude = u64::wrapping_add(u64::wrapping_mul(magnitude, 10), u64::from(digit));
        }
        if !odd {
            return Some((false, magnitude));
        }
    }
    let (minus, digits) = parse_integer(field)?;
    if digits.len() > 19 {
        return None;
    }
    let magnitude = digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    (magnitude < 1 << 63).then_some((minus, magnitude))
}

/// What a cell is, before the permutation.
#[derive(Clone, Copy)]
enum Row {
    /// To be permuted: minus.
    Number(bool),
    /// NULL, '', pinned or unfit.
    Other(Outcome),
}

impl Integer {
    fn exchange(&self, magnitude: u64) -> Option<&Exchange> {
        if self.low.holds(magnitude) {
            return Some(&self.low);
        }
        self.high.as_ref().filter(|high| high.holds(magnitude))
    }

    /// Returns the magnitudes that stay, of one sign.
    fn stay(&self, minus: bool) -> &[u64] {
        let [positive, negative] = &self.stay;
        if minus { negative } else { positive }
    }

    /// Lists of pinned values are short, and mostly empty.
    #[inline]
    fn stays(&self, minus: bool, magnitude: u64) -> bool {
        let list = self.stay(minus);
        !list.is_empty() && list.binary_search(&magnitude).is_ok()
    }

    /// Reads a field; the magnitude counts only for `Row::Number`.
    fn read(&self, field: &[u8]) -> (Row, u64) {
        match parse(field) {
            Some((minus, magnitude)) if self.stays(minus, magnitude) => (Row::Other(Outcome::Pinned), 0),
            Some((minus, magnitude)) if self.exchange(magnitude).is_some() => (Row::Number(minus), magnitude),
            _ => (Row::Other(Outcome::Unfit), 0),
        }
    }

    /// Walks on past values that stay, and appends. `image` is the first step's result.
    fn finish(&self, minus: bool, original: u64, mut image: u64, out: &mut Vec<u8>) -> Outcome {
        while self.stays(minus, image) {
            let done = self.exchange(image).is_some_and(|e| e.apply(std::slice::from_mut(&mut image)));
            if !done {
                return Outcome::Unfit;
            }
        }
        if minus {
            out.push(b'-');
        }
        out.extend_from_slice(itoa::Buffer::new().format(image).as_bytes());
        // Only where the walk past a pinned value led back: one in 2^30.
        if image == original { Outcome::Equal } else { Outcome::Masked }
    }

    /// Permutes the magnitudes of a few rows, together where they are of one class.
    fn permute(&self, magnitudes: &mut [u64]) -> bool {
        let Some(first) = magnitudes.first() else { return true };
        let Some(exchange) = self.exchange(*first) else { return false };
        if magnitudes.iter().all(|m| exchange.holds(*m)) {
            return exchange.apply(magnitudes);
        }
        magnitudes.chunks_mut(1).all(|one| self.permute(one))
    }
}

impl Mask for Integer {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        match self.read(field) {
            (Row::Number(minus), magnitude) => {
                let mut image = [magnitude];
                if !self.permute(&mut image) {
                    return Outcome::Unfit;
                }
                self.finish(minus, magnitude, image[0], out)
            }
            (Row::Other(outcome), _) => {
                if outcome == Outcome::Pinned {
                    out.extend_from_slice(field);
                }
                outcome
            }
        }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lane = placeholder_lane(&self.mac, field);
        let number = match self.width {
            Width::Small => (1 << 14) + (lane >> 50),
            Width::Integer | Width::Big => (1 << 30) + (lane >> 34),
        };
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        true
    }

    fn mask_column(&self, cells: &Cells<'_>, _: &[Lanes], out: &mut Standins) {
        for start in (0..cells.len()).step_by(ABREAST) {
            let mut rows = [Row::Other(Outcome::Null); ABREAST];
            let (mut originals, mut images) = ([0; ABREAST], [0; ABREAST]);
            let mut numbers = 0;
            let len = ABREAST.min(cells.len() - start);
            for (row, slot) in (start..start + len).zip(&mut rows) {
                *slot = match cells.get(row) {
                    None => Row::Other(Outcome::Null),
                    Some([]) => Row::Other(Outcome::Masked),
                    Some(field) => {
                        let (row, magnitude) = self.read(field);
                        if let (Row::Number(_), Some(original)) = (row, originals.get_mut(numbers)) {
                            *original = magnitude;
                            numbers += 1;
                        }
                        row
                    }
                };
            }
            images.copy_from_slice(&originals);
            let permuted = images.get_mut(..numbers).is_some_and(|images| self.permute(images));
            let mut pairs = originals.iter().zip(&images);
            for (row, slot) in (start..start + len).zip(&rows) {
                let outcome = match slot {
                    Row::Number(minus) => match pairs.next() {
                        Some((original, image)) if permuted => {
                            self.finish(*minus, *original, *image, &mut out.bytes)
                        }
                        _ => Outcome::Unfit,
                    },
                    Row::Other(outcome) => {
                        if *outcome == Outcome::Pinned {
                            out.bytes.extend_from_slice(cells.get(row).unwrap_or_default());
                        }
                        *outcome
                    }
                };
                out.close(outcome);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::mask::testing::{Rule, columns_agree, compile, one, placeholder, run};

    const INTEGER: Rule<'_> = Rule::new("pseudonym", Some("integer"));

    fn text(rule: &Rule<'_>, value: &str) -> String {
        one(rule, value).expect("fits").1
    }

    #[test]
    fn nasty_37_spellings_and_types_agree() {
        for ty in
            [TypeClass::Unknown, TypeClass::Integer, TypeClass::BigInt, TypeClass::Text { max_chars: None }]
        {
            let rule = Rule { ty: ty.clone(), ..INTEGER };
            for spelling in ["7", "007", "+7", "7   "] {
                assert_eq!(text(&rule, spelling), text(&INTEGER, "7"));
            }
        }
    }

    #[test]
    fn nasty_22_nothing_maps_to_itself_and_classes_stay() {
        for (value, low, high) in [
            ("0", 1 << 30, i64::from(i32::MAX)),
            ("1073741823", 1 << 30, i64::from(i32::MAX)),
            ("1073741824", 0, (1 << 30) - 1),
            ("2147483647", 0, (1 << 30) - 1),
            ("2147483648", 1 << 31, i64::MAX),
            ("9223372036854775807", 1 << 31, i64::MAX),
            ("-5", -i64::from(i32::MAX), -(1 << 30)),
            ("-9223372036854775807", -i64::MAX, -(1 << 31)),
        ] {
            let stand_in: i64 = text(&INTEGER, value).parse().unwrap();
            assert!((low..=high).contains(&stand_in), "{value}");
            assert_ne!(stand_in.to_string(), value);
        }
    }

    #[test]
    fn nasty_21_and_38_what_has_not_the_form_is_unfit() {
        for value in [
            "n/a",
            "7.0",
            "1e3",
            "NaN",
            "-9223372036854775808",
            "9223372036854775808",
            "99999999999999999999999",
            "-",
            "\u{663}",
        ] {
            assert_eq!(one(&INTEGER, value).map(|o| o.0), Some(Outcome::Unfit), "{value}");
        }
    }

    #[test]
    fn pinned_stays_and_is_no_stand_in() {
        let rule =
            Rule { option: Some(("within", "smallint")), pinned: &["0", "-1", "20000", "20001"], ..INTEGER };
        assert_eq!(one(&rule, "00"), Some((Outcome::Pinned, "00".into())));
        assert_eq!(one(&rule, "-1"), Some((Outcome::Pinned, "-1".into())));
        let compiled = compile(&rule).unwrap();
        let mut seen: HashSet<String> = ["0", "20000", "20001"].map(str::to_owned).into();
        for value in (0..1 << 15).filter(|v| ![0, 20000, 20001].contains(v)) {
            assert!(seen.insert(run(&compiled, &value.to_string()).1), "{value}");
        }
        assert_eq!(seen.len(), 1 << 15);
        assert_eq!(one(&rule, "32768").map(|o| o.0), Some(Outcome::Unfit));
    }

    #[test]
    fn below_zero_nothing_becomes_zero() {
        let rule = Rule { option: Some(("within", "smallint")), ..INTEGER };
        let compiled = compile(&rule).unwrap();
        let images: HashSet<String> = (1..1 << 15).map(|v| run(&compiled, &format!("-{v}")).1).collect();
        assert_eq!(images.len(), (1 << 15) - 1);
        assert!(!images.contains("-0"));
    }

    #[test]
    fn types_that_are_too_narrow_are_refused() {
        for (ty, option, fits) in [
            (TypeClass::SmallInt, None, false),
            (TypeClass::SmallInt, Some(("within", "smallint")), true),
            (TypeClass::Text { max_chars: Some(10) }, None, false),
            (TypeClass::Text { max_chars: Some(10) }, Some(("within", "integer")), true),
            (TypeClass::Numeric { precision: Some(10), scale: Some(0) }, None, false),
            (TypeClass::Numeric { precision: None, scale: None }, None, true),
            (TypeClass::Numeric { precision: Some(12), scale: Some(2) }, None, false),
            (TypeClass::Boolean, None, false),
            (TypeClass::Uuid, None, false),
        ] {
            let rule = Rule { ty, option, ..INTEGER };
            assert_eq!(one(&rule, "7").is_some(), fits, "{:?}", rule.ty);
        }
    }

    #[test]
    fn placeholders_are_keyed_and_of_the_width() {
        let of = |rule: &Rule<'_>, value| placeholder(rule, value).unwrap().parse::<i64>().unwrap();
        let small = Rule { option: Some(("within", "smallint")), ..INTEGER };
        assert!((1 << 30..1 << 31).contains(&of(&INTEGER, "n/a")));
        assert!((1 << 14..1 << 15).contains(&of(&small, "n/a")));
        assert_ne!(of(&INTEGER, "n/a"), of(&INTEGER, "n/b"));
    }

    proptest! {
        #[test]
        fn column_equals_one_by_one(values in proptest::collection::vec(
            proptest::option::of("-?[0-9]{0,3}|[0-9]{9,20}|[a-z]?"), 0..40)) {
            columns_agree(&Rule { pinned: &["0", "-1"], ..INTEGER }, &values);
            columns_agree(&Rule { option: Some(("within", "smallint")), ..INTEGER }, &values);
        }
    }
}
