//! `generalise`: a coarser but true value of the same type. A date becomes the first day of its year, quarter, month or
//! decade, or the Monday of its week; a timestamp that day's midnight.
//!
//! Class: generalisation. Preserves type, order and joins on the coarse value; loses uniqueness. An attacker learns
//! the period, with or without the key; a zone written behind a time stays, and can tell summer from winter time.
//! `{generalise: year}` on `1987-06-05` gives `1987-01-01`. What is no date is unfit; `infinity` stays.

use super::calendar::{Clock, Stamp, is_infinity, parse};
use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, Outcome, Output, Reaches, Refusal, Reversibility,
    Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Purpose, lanes};

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "generalise",
    class: Class::Generalisation,
    summary: "makes a date coarser but true: the first day of its year, quarter, month, week or decade",
    preserves: "type, order, joins on the coarse value",
    attacker: "the period, with or without the key; a zone behind a time tells summer from winter time",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("the value is true, only coarser"),
    argument: Takes::OneOf(&["year", "quarter", "month", "week", "decade"]),
    bare: false,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{generalise: year}", input: "1987-06-05", output: "1987-01-01" },
        Example { rule: "{generalise: quarter}", input: "1987-06-05", output: "1987-04-01" },
        Example {
            rule: "{generalise: month}",
            input: "1987-06-05 10:11:12.5+02",
            output: "1987-06-01 00:00:00+02",
        },
        Example { rule: "{generalise: week}", input: "2027-01-01", output: "2026-12-28" },
        Example { rule: "{generalise: decade}", input: "0044-03-15 BC", output: "0040-01-01 BC" },
    ],
    compile,
};

/// How coarse.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Period {
    Year,
    Quarter,
    Month,
    Week,
    Decade,
}

/// What a placeholder looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Date,
    Timestamp { zone: bool },
}

struct Generalise {
    period: Period,
    form: Form,
    mac: Mac,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let period = match cx.argument.and_then(Value::text) {
        Some("year") => Period::Year,
        Some("quarter") => Period::Quarter,
        Some("month") => Period::Month,
        Some("week") => Period::Week,
        Some("decade") => Period::Decade,
        _ => {
            return Err(Refusal {
                what: "this form of `generalise` needs a later version".into(),
                hint: Some("dates take `year`, `quarter`, `month`, `week` or `decade`".into()),
            });
        }
    };
    let form = match cx.class() {
        TypeClass::Date => Form::Date,
        TypeClass::Timestamp { zone } => Form::Timestamp { zone: *zone },
        class if class.is_text() => Form::Date,
        _ => {
            return Err(Refusal {
                what: "`generalise` needs a column of dates or timestamps, or text that holds them".into(),
                hint: Some("numbers and other types need a later version".into()),
            });
        }
    };
    Ok(Compiled {
        mask: Box::new(Generalise { period, form, mac: cx.schedule.mac(Purpose::Hash, cx.label) }),
        needs: Needs::Nothing,
        output: Output::Same,
        uniqueness: Uniqueness::Lost,
    })
}

impl Period {
    fn first_day(self, mut stamp: Stamp<'_>) -> Stamp<'_> {
        match self {
            Self::Week => return stamp.monday(),
            Self::Month => {}
            Self::Quarter => stamp.month -= (stamp.month - 1) % 3,
            Self::Year => stamp.month = 1,
            // Decades are those of the written year; the first one has no year zero to begin with.
            Self::Decade => {
                stamp.month = 1;
                stamp.year = match stamp.year {
                    year @ 1.. => (year - year % 10).max(1),
                    year => 1 - (1 - year - (1 - year) % 10).max(1),
                };
            }
        }
        stamp.day = 1;
        stamp
    }
}

impl Mask for Generalise {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        if is_infinity(field) {
            out.extend_from_slice(field);
            return Outcome::Pinned;
        }
        // char(n) pads.
        let end = field.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
        let Some(stamp) = field.get(..end).and_then(parse) else { return Outcome::Unfit };
        self.period.first_day(stamp).append(out);
        Outcome::Masked
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        // 1900 to 2019: a date that CHECKs on birth dates and orders take.
        let lane = lanes(&self.mac.tag(&[b"placeholder", field]))[0];
        let year = 1900 + i64::try_from((u128::from(lane) * 120) >> 64).unwrap_or_default();
        let clock = match self.form {
            Form::Date => None,
            Form::Timestamp { zone } => {
                Some(Clock { separator: b' ', seconds: true, zone: if zone { b"+00" } else { b"" } })
            }
        };
        Stamp { year, month: 1, day: 1, clock }.append(out);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one, placeholder};

    fn masked(period: &'static str, value: &str) -> String {
        let (outcome, text) = one(&Rule::new("generalise", Some(period)), value).unwrap();
        assert_eq!(outcome, Outcome::Masked);
        text
    }

    #[test]
    fn nasty_39_dates_of_all_ages() {
        for (period, value, expected) in [
            ("year", "2024-02-29", "2024-01-01"),
            ("year", "0044-03-15 BC", "0044-01-01 BC"),
            ("year", "294276-12-31 23:59:59.999999", "294276-01-01 00:00:00"),
            ("year", "2024-02-29 23:59:59.123456+05:30", "2024-01-01 00:00:00+05:30"),
            ("year", "2024-02-29T23:59Z", "2024-01-01T00:00Z"),
            ("year", "2024-02-29  ", "2024-01-01"),
            ("quarter", "2024-12-31", "2024-10-01"),
            ("quarter", "2024-01-31", "2024-01-01"),
            ("month", "2024-02-29", "2024-02-01"),
            ("week", "0001-01-03", "0001-01-01"),
            ("week", "0001-12-31 BC", "0001-12-25 BC"),
            ("week", "9999-12-31", "9999-12-27"),
            ("week", "10000-01-01", "9999-12-27"),
            ("week", "4714-11-24 BC", "4714-11-24 BC"),
            ("decade", "1999-12-31", "1990-01-01"),
            ("decade", "0007-12-31", "0001-01-01"),
            ("decade", "0007-12-31 BC", "0001-01-01 BC"),
        ] {
            assert_eq!(masked(period, value), expected, "{period} of {value}");
        }
    }

    #[test]
    fn nasty_39_infinity_stays_and_others_are_unfit() {
        let rule = Rule::new("generalise", Some("year"));
        for value in ["infinity", "-infinity"] {
            assert_eq!(one(&rule, value), Some((Outcome::Pinned, value.to_owned())));
        }
        for value in ["0000-00-00", "n/a", "5 june 1987", "1987", "2023-02-29"] {
            assert_eq!(one(&rule, value).unwrap().0, Outcome::Unfit);
        }
    }

    #[test]
    fn placeholders_are_of_the_type() {
        let form = |ty| placeholder(&Rule { ty, ..Rule::new("generalise", Some("week")) }, "n/a").unwrap();
        let date = form(TypeClass::Date);
        assert!(date.ends_with("-01-01") && date.len() == 10);
        assert_eq!(form(TypeClass::Timestamp { zone: true }), format!("{date} 00:00:00+00"));
        assert_eq!(form(TypeClass::Timestamp { zone: false }), format!("{date} 00:00:00"));
    }

    #[test]
    fn other_types_and_forms_are_refused() {
        for ty in [
            TypeClass::Integer,
            TypeClass::Time,
            TypeClass::Interval,
            TypeClass::Array(Box::new(TypeClass::Date)),
        ] {
            assert!(one(&Rule { ty, ..Rule::new("generalise", Some("year")) }, "1987-06-05").is_none());
        }
        assert!(one(&Rule::new("generalise", Some("century")), "1987-06-05").is_none());
    }
}
