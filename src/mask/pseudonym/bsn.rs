//! `pseudonym: bsn`: a Dutch citizen service number becomes another valid one. The first eight digits are permuted,
//! the ninth is computed; the one in eleven whose ninth would be ten is walked over, and 000000000 never comes out.
//!
//! A number that fails the eleven-test is unfit. Separators stay; fewer than nine digits (a zero lost on the way)
//! come out as nine, except in columns of numbers. The stand-in may be somebody's: no range is documented as unused.
//! Source of the test: Wet algemene bepalingen burgerservicenummer; Logisch Ontwerp BSN, appendix "11-proef".

use super::{Decimal, compiled, integer_or_text, mac, no_permutation, placeholder_lane, refusal, room};
use crate::mask::permutation::ff1::ABREAST;
use crate::mask::permutation::{name, shifted::Shifted};
use crate::mask::{Compile, Compiled, Lanes, Mask, MaskCx, Outcome, Refusal, Standins};
use crate::row::field::Cells;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Purpose};

/// Numbers of eight digits.
const EIGHT_DIGITS: u32 = 100_000_000;

/// The compiled kind.
struct Bsn {
    permutation: Shifted,
    /// First eight digits of pinned numbers, sorted.
    pinned: Vec<u128>,
    /// Whether the column holds numbers, which have no leading zeros.
    numeric: bool,
    mac: Mac,
}

pub(super) fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let numeric = match cx.class() {
        TypeClass::Integer | TypeClass::BigInt => true,
        TypeClass::Numeric { precision, scale: None | Some(0) } if precision.is_none_or(|p| p >= 9) => true,
        class if class.is_text() => false,
        _ => return Err(refusal("`pseudonym: bsn` needs text of nine characters or an integer type")),
    };
    room(cx, 9, "a BSN has nine digits; give the column another technique")?;
    let key = cx.schedule.use_key(Purpose::Fpe, cx.label);
    let permutation = Shifted::new(&key, 10, 8, name::BSN).ok_or_else(no_permutation)?;
    let mut pinned: Vec<u128> = cx.pinned.iter().filter_map(|v| parse(v.as_bytes())).collect();
    pinned.sort_unstable();
    let output = integer_or_text(cx.class(), None);
    Ok(compiled(Bsn { permutation, pinned, numeric, mac: mac(cx) }, output))
}

/// Returns the ninth digit of eight; `None` where there is none.
fn ninth(eight: u128) -> Option<u64> {
    crate::vocabulary::numbers::bsn::ninth(u64::try_from(eight).ok()?)
}

/// Returns whether eight digits begin a BSN: 000000000 passes the test, but is none.
fn begins(eight: u128) -> bool {
    eight != 0 && ninth(eight).is_some()
}

/// Returns the first eight digits of a valid BSN in any spelling.
fn parse(field: &[u8]) -> Option<u128> {
    let mut digits = [0_u8; 9];
    let mut count = 0_usize;
    for byte in field {
        match byte {
            b'0'..=b'9' => {
                digits.rotate_left(1);
                *digits.last_mut()? = byte - b'0';
                count += 1;
            }
            b'.' | b' ' | b'-' => {}
            _ => return None,
        }
    }
    if !(1..=digits.len()).contains(&count) {
        return None;
    }
    let [first @ .., last] = digits;
    let eight = first.iter().fold(0, |sum, digit| sum * 10 + u128::from(*digit));
    (begins(eight) && ninth(eight) == Some(u64::from(last))).then_some(eight)
}

impl Bsn {
    fn is_pinned(&self, eight: u128) -> bool {
        self.pinned.binary_search(&eight).is_ok()
    }

    fn permute(&self, eights: &mut [u128]) {
        self.permutation.apply(eights, |eight| begins(eight) && !self.is_pinned(eight));
    }

    /// Appends a BSN, with the separators of `field` if that has nine digits.
    fn spell_like(&self, field: &[u8], eight: u128, out: &mut Vec<u8>) {
        let number = u64::try_from(eight).unwrap_or_default() * 10 + ninth(eight).unwrap_or_default();
        let decimal = Decimal::new(number, if self.numeric { 1 } else { 9 });
        if self.numeric || field.iter().filter(|b| b.is_ascii_digit()).count() != 9 {
            out.extend_from_slice(decimal.as_slice());
            return;
        }
        let mut digits = decimal.as_slice().iter();
        for byte in field {
            let digit = if byte.is_ascii_digit() { digits.next() } else { None };
            out.push(*digit.unwrap_or(byte));
        }
    }
}

impl Mask for Bsn {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        match parse(field) {
            None => Outcome::Unfit,
            Some(eight) if self.is_pinned(eight) => {
                out.extend_from_slice(field);
                Outcome::Pinned
            }
            Some(eight) => {
                let mut one = [eight];
                self.permute(&mut one);
                self.spell_like(field, one[0], out);
                Outcome::Masked
            }
        }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lane = u128::from(placeholder_lane(&self.mac, field));
        let mut eight = (lane * u128::from(EIGHT_DIGITS)) >> 64;
        while !begins(eight) || self.is_pinned(eight) {
            eight = (eight + 1) % u128::from(EIGHT_DIGITS);
        }
        self.spell_like(b"", eight, out);
        true
    }

    fn mask_column(&self, cells: &Cells<'_>, _: &[Lanes], out: &mut Standins) {
        for start in (0..cells.len()).step_by(ABREAST) {
            let rows = start..cells.len().min(start + ABREAST);
            let mut parsed = [None; ABREAST];
            let mut eights = [0; ABREAST];
            let mut count = 0;
            for (row, slot) in rows.clone().zip(&mut parsed) {
                *slot = cells.get(row).and_then(parse);
                if let (Some(eight), Some(to)) =
                    (slot.filter(|eight| !self.is_pinned(*eight)), eights.get_mut(count))
                {
                    *to = eight;
                    count += 1;
                }
            }
            if let Some(eights) = eights.get_mut(..count) {
                self.permute(eights);
            }
            let mut done = eights.iter().take(count);
            for (row, eight) in rows.zip(parsed) {
                let outcome = match (cells.get(row), eight) {
                    (None, _) => Outcome::Null,
                    (Some([]), _) => Outcome::Masked,
                    (Some(_), None) => Outcome::Unfit,
                    (Some(field), Some(eight)) if self.is_pinned(eight) => {
                        out.bytes.extend_from_slice(field);
                        Outcome::Pinned
                    }
                    (Some(field), Some(_)) => match done.next() {
                        Some(eight) => {
                            self.spell_like(field, *eight, &mut out.bytes);
                            Outcome::Masked
                        }
                        None => Outcome::Unfit,
                    },
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
    use crate::mask::testing::{Rule, columns_agree, compile, one, run};
    use crate::row::canon::Canon;

    const BSN: Rule<'_> = Rule::new("pseudonym", Some("bsn"));

    /// The eleven-test as the rule says it, apart from the code above.
    fn valid(text: &str) -> bool {
        let digits: Vec<i64> = text.chars().filter_map(|c| c.to_digit(10)).map(i64::from).collect();
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
        digits.len() == 9
            && digits.iter().any(|d| *d != 0)
            && digits.iter().zip(weights).map(|(d, w)| d * w).sum::<i64>() % 11 == 0
    }

    #[test]
    fn valid_stays_valid_distinct_and_moved() {
        let mut seen = HashSet::new();
        let mut count = 0;
        let compiled = compile(&BSN).unwrap();
        for number in (111_000_000..111_030_000).filter(|n: &u32| valid(&format!("{n:09}"))) {
            let (outcome, text) = run(&compiled, &number.to_string());
            assert_eq!(outcome, Outcome::Masked);
            assert!(valid(&text));
            assert_ne!(text, number.to_string());
            assert!(seen.insert(text));
            count += 1;
        }
        assert!(count > 2000);
    }

    #[test]
    fn nasty_21_what_is_no_bsn_is_unfit() {
        for value in ["000000000", "111222334", "123456789", "1112223330", "n/a", "-", "11122233a"] {
            assert_eq!(one(&BSN, value).unwrap().0, Outcome::Unfit, "{value}");
        }
    }

    #[test]
    fn nasty_37_spellings_and_types_agree() {
        let plain = one(&BSN, "012345672").unwrap().1;
        assert!(valid("012345672"));
        let number = Rule { ty: TypeClass::Integer, ..BSN };
        assert_eq!(one(&BSN, "12345672").unwrap().1, plain);
        assert_eq!(one(&number, "12345672").unwrap().1, plain.trim_start_matches('0'));
        let dotted = one(&BSN, "0123.45.672").unwrap().1;
        assert_eq!(dotted, format!("{}.{}.{}", &plain[..4], &plain[4..6], &plain[6..]));
    }

    #[test]
    fn the_canonical_form_reads_the_same_spellings() {
        for spelling in ["111222333", "1112.22.333", "111 222 333", "111-222-333"] {
            let mut canon = Vec::new();
            assert!(Canon::Bsn.append(spelling.as_bytes(), &mut canon));
            assert_eq!(parse(&canon), parse(spelling.as_bytes()));
        }
    }

    #[test]
    fn placeholders_are_valid_and_keyed() {
        let text = crate::mask::testing::placeholder(&BSN, "n/a").unwrap();
        assert!(valid(&text));
        assert_ne!(Some(text), crate::mask::testing::placeholder(&BSN, "n/b"));
    }

    proptest! {
        #[test]
        fn column_equals_one_by_one(numbers in proptest::collection::vec(proptest::option::of(0_u32..1_000_000_000), 0..40)) {
            let values: Vec<_> = numbers.iter().map(|n| n.map(|n| {
                // Make half of them valid.
                let eight = u128::from(n / 10);
                match ninth(eight) { Some(d) if n % 2 == 0 => format!("{eight:08}{d}"), _ => n.to_string() }
            })).collect();
            columns_agree(&BSN, &values);
            columns_agree(&Rule { pinned: &["111222333"], ..BSN }, &values);
        }
    }
}
