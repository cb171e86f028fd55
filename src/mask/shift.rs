//! `shift`: dates and timestamps moved by days that one person's all share, so that weekdays (by whole weeks), order and
//! the time between two events of one person stay. The offset is never zero; time of day and zone stay as written.
//!
//! Class: randomisation. Preserves order and distances within a subject, weekday with weeks, type; loses order between
//! subjects. An attacker without the key who knows one true date of a person knows all of them, and everyone learns the
//! date to within the span; with the key everything. `{shift: 26w, by: customer_id}` on `2024-02-29` gives another
//! Thursday. `infinity` and 9999-12-31 stand for no day and stay. A date that would leave the years 1 to 9999 moves the
//! other way; what is no date is unfit. Refuses a column of which nothing says whose date it is: an order without its
//! person. A zone stays, so a timestamp moved from summer to winter can lie an hour off for those who read it there.

use super::calendar::{Clock, Stamp, append_moved, is_infinity, parse};
use super::{
    Class, Compile, Compiled, Decider, Example, Mask, MaskCx, Needs, Outcome, Output, Reaches, Refusal,
    Reversibility, Takes, TechniqueSpec, Uniqueness, Value, lane,
};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Purpose, lanes};

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "shift",
    class: Class::Randomisation,
    summary: "moves dates by days or weeks that all dates of one subject share; never by zero",
    preserves: "type, order and distances within a subject, time of day and zone; with weeks the weekday. Columns \
                share an offset as attributes of one entity, or under the same `label:`",
    attacker: "the date to within the span; who knows one true date of a subject knows all of them",
    reversibility: Reversibility::Key,
    reaches: Reaches::Possibly("what comes out can stand in another row"),
    argument: Takes::Span,
    bare: true,
    options: &[],
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{shift: 26w}", input: "2024-02-29", output: "2024-06-13" },
        Example {
            rule: "{shift: 90d}",
            input: "2024-02-29 23:59:59.5+01",
            output: "2024-03-01 23:59:59.5+01",
        },
        Example { rule: "shift", input: "infinity", output: "infinity" },
    ],
    compile,
};

/// Weeks either way, where the rule says none.
const USUAL: i64 = 26;
/// Most days either way: a hundred years.
const MOST: i64 = 36_525;

const HINT: &str = "write it as an attribute of an entity with `subject:`, or name the column that says whose date it is: `{shift: 26w, by: customer_id}`";

struct Shift {
    /// Steps either way.
    count: i64,
    /// Days of a step.
    days: i64,
    /// What a placeholder has behind the date.
    clock: Option<Clock<'static>>,
    /// The first year of placeholders; the last is 2019.
    first: i64,
    mac: Mac,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let (count, days) = match cx.argument {
        None => (USUAL, 7),
        Some(Value::Span { count, unit: 'w' }) => (i64::from(*count), 7),
        Some(Value::Span { count, unit: 'd' }) => (i64::from(*count), 1),
        Some(_) => {
            let hint = Some("write `shift: 26w`, or `shift: 180d`".into());
            return Err(Refusal { what: "`shift` takes days or weeks".into(), hint });
        }
    };
    if count * days > MOST {
        let hint = Some("write at most `5217w` or `36525d`".into());
        return Err(Refusal { what: "`shift` moves by a hundred years at most".into(), hint });
    }
    let midnight = |zone: &'static [u8]| Some(Clock { separator: b' ', seconds: true, zone });
    let clock = match cx.class() {
        TypeClass::Timestamp { zone: true } => midnight(b"+00"),
        TypeClass::Timestamp { zone: false } | TypeClass::Moment => midnight(b""),
        TypeClass::Date => None,
        class if class.is_text() => None,
        _ => {
            return Err(Refusal {
                what: "`shift` needs a column of dates or timestamps, or text that holds them".into(),
                hint: Some("numbers take `perturb`".into()),
            });
        }
    };
    let mac = cx.schedule.mac(Purpose::Shift, cx.label);
    let needs = match cx.decider {
        Decider::Subject => Needs::Subject { high: false },
        Decider::Value => Needs::Row { canon: Canon::Bytes, mac: mac.clone(), hint: HINT },
    };
    let first = if cx.class() == &TypeClass::Moment { 1980 } else { 1900 };
    let mask = Box::new(Shift { count, days, clock, first, mac });
    Ok(Compiled { mask, needs, output: Output::Same, uniqueness: Uniqueness::Lost })
}

impl Shift {
    /// Returns the days of one subject: -n to n steps without zero.
    fn offset(&self, lane: u64) -> i64 {
        let choices = u128::from(self.count.unsigned_abs()) * 2;
        let drawn = i64::try_from((u128::from(lane) * choices) >> 64).unwrap_or_default();
        let steps = if drawn < self.count { drawn - self.count } else { drawn - self.count + 1 };
        steps * self.days
    }
}

impl Mask for Shift {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let end = field.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
        let value = field.get(..end).unwrap_or_default();
        // The last day of the year 9999 is how many programs write infinity.
        if is_infinity(value) || value.starts_with(b"9999-12-31") && parse(value).is_some() {
            out.extend_from_slice(field);
            return Outcome::Pinned;
        }
        let days = self.offset(cx.lanes.0.get(lane::BIRTH).copied().unwrap_or_default());
        if append_moved(value, days, out) || append_moved(value, -days, out) {
            return Outcome::Masked;
        }
        Outcome::Unfit
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lanes = lanes(&self.mac.tag(&[b"placeholder", field]));
        let part =
            |lane: u64, of: i64| i64::try_from((i128::from(lane) * i128::from(of)) >> 64).unwrap_or_default();
        let year = self.first + part(lanes[0], 2020 - self.first);
        let (month, day) = (1 + part(lanes[1], 12), 1 + part(lanes[2], 28));
        Stamp { year, month, day, clock: self.clock }.append(out);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mask::Lanes;
    use crate::mask::testing::{Rule, columns_agree, compile, placeholder, ruled, run};
    use crate::row::civil::to_days;

    /// Masks a value for the subject whose lane it is.
    fn moved(rule: &str, lane: u64, value: &str) -> (Outcome, String) {
        let compiled = compile(&ruled(rule)).unwrap();
        let mut out = Vec::new();
        let outcome = compiled.mask.mask(value.as_bytes(), &MaskCx { lanes: &Lanes([lane; 8]) }, &mut out);
        (outcome, String::from_utf8(out).unwrap())
    }

    fn days(value: &str) -> i64 {
        let stamp = parse(value.as_bytes()).unwrap();
        to_days(stamp.year, stamp.month, stamp.day)
    }

    #[test]
    fn nasty_39_dates_at_all_edges() {
        let forward = |value: &str| moved("{shift: 1w}", u64::MAX, value).1;
        let back = |value: &str| moved("{shift: 1w}", 0, value).1;
        for (value, later, earlier) in [
            ("2024-02-26", "2024-03-04", "2024-02-19"),
            ("2023-12-31", "2024-01-07", "2023-12-24"),
            (
                "2024-02-29 23:59:60.123456+05:30",
                "2024-03-07 23:59:60.123456+05:30",
                "2024-02-22 23:59:60.123456+05:30",
            ),
            ("2024-02-29T23:59Z", "2024-03-07T23:59Z", "2024-02-22T23:59Z"),
            ("0044-03-15 BC", "0044-03-22 BC", "0044-03-08 BC"),
            ("0044-03-15 12:00:00 BC", "0044-03-22 12:00:00 BC", "0044-03-08 12:00:00 BC"),
            ("0001-01-03", "0001-01-10", "0001-01-10"),
            ("9999-12-30", "9999-12-23", "9999-12-23"),
            ("0001-12-31 BC", "0001-12-24 BC", "0001-12-24 BC"),
            ("10000-01-01", "10000-01-08", "10000-01-08"),
            ("294276-12-30 00:00:00", "294276-12-23 00:00:00", "294276-12-23 00:00:00"),
            ("4714-11-24 BC", "4714-12-01 BC", "4714-12-01 BC"),
            ("2024-02-29   ", "2024-03-07", "2024-02-22"),
        ] {
            assert_eq!((forward(value), back(value)), (later.to_owned(), earlier.to_owned()), "{value}");
        }
        for value in ["infinity", "-infinity", "9999-12-31", "9999-12-31 23:59:59+00"] {
            assert_eq!(moved("shift", 7, value), (Outcome::Pinned, value.to_owned()));
        }
        for value in ["0000-00-00", "2023-02-29", "9999-12-31x", "soon", "12:00", "2024-02"] {
            assert_eq!(moved("shift", 7, value).0, Outcome::Unfit, "{value}");
        }
    }

    #[test]
    fn offsets_cover_the_span_without_zero() {
        for (rule, step) in [("{shift: 3w}", 7), ("{shift: 3d}", 1)] {
            let mut seen = [0; 7];
            for lane in (0..7000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)) {
                let off = days(&moved(rule, lane, "2024-02-29").1) - days("2024-02-29");
                assert_eq!(off % step, 0);
                seen[usize::try_from(off / step + 3).unwrap()] += 1;
            }
            assert_eq!(seen[3], 0);
            assert!(seen.iter().enumerate().all(|(at, n)| at == 3 || (1000..1350).contains(n)), "{seen:?}");
        }
    }

    #[test]
    fn an_order_without_its_person_is_not_masked() {
        let needs = |decider| compile(&Rule { decider, ..ruled("{shift: 26w}") }).unwrap().needs;
        assert!(matches!(needs(Decider::Subject), Needs::Subject { high: false }));
        assert!(matches!(needs(Decider::Value), Needs::Row { .. }));
    }

    #[test]
    fn other_types_and_spans_are_refused() {
        for (rule, ty) in [
            ("shift", TypeClass::Integer),
            ("shift", TypeClass::Time),
            ("shift", TypeClass::Interval),
            ("{shift: 36526d}", TypeClass::Date),
            ("{shift: 5218w}", TypeClass::Date),
        ] {
            assert!(compile(&Rule { ty, ..ruled(rule) }).is_none(), "{rule}");
        }
    }

    #[test]
    fn placeholders_are_dates() {
        for ty in [TypeClass::Date, TypeClass::Timestamp { zone: true }, TypeClass::Timestamp { zone: false }]
        {
            let rule = Rule { ty: ty.clone(), ..ruled("shift") };
            let text = placeholder(&rule, "soon").unwrap();
            assert_eq!(parse(text.as_bytes()).unwrap().clock.is_some(), ty != TypeClass::Date);
            assert_ne!(text, placeholder(&rule, "later").unwrap());
        }
    }

    #[test]
    fn columns_agree_with_values() {
        let values = ["2024-02-29", "", "infinity", "x"].map(|value| Some(value.to_owned()));
        columns_agree(&ruled("shift"), &[values.as_slice(), &[None]].concat());
    }

    proptest! {
        /// Two dates of one subject stay as far apart, weekdays stay, and nothing stays where it was.
        #[test]
        fn one_offset_a_subject(a in 0_i64..700_000, b in 0_i64..700_000, lane in any::<u64>()) {
            let written = |days: i64| {
                let (year, month, day) = crate::row::civil::from_days(days - 300_000);
                format!("{year:04}-{month:02}-{day:02}")
            };
            let [from, to] = [a, b].map(|n| days(&moved("{shift: 52w}", lane, &written(n)).1));
            prop_assert_eq!(to - from, b - a);
            prop_assert!(from != a - 300_000);
            prop_assert_eq!((from - a + 300_000) % 7, 0);
            prop_assert!((from - a + 300_000).abs() <= 364);
        }

        #[test]
        fn any_text_is_a_date_or_unfit(value in "[0-9BC:+ -]{0,24}") {
            let compiled = compile(&ruled("shift")).unwrap();
            let (outcome, text) = run(&compiled, &value);
            prop_assert!(outcome == Outcome::Unfit || parse(text.as_bytes()).is_some());
        }
    }
}
