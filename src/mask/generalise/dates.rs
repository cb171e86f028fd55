//! Dates and timestamps made coarser: the first day of the year, quarter, month, or of a band of years; the Monday of the
//! week. A timestamp becomes that day's midnight.
//!
//! Refuses what is no date that exists; `infinity` stays.

use super::form;
use crate::mask::calendar::{Clock, Stamp, is_infinity, parse};
use crate::mask::{Mask, MaskCx, Outcome};
use crate::row::shape::TypeClass;
use crate::secret::{Mac, lanes};

/// How coarse.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Quarter,
    Month,
    Week,
    /// So many years, counted from the year 0 as written: 1 = the year, 10 = the decade.
    Years(i64),
}

/// What a placeholder looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Date,
    Timestamp {
        zone: bool,
    },
    /// A timestamp behind 1970.
    Moment,
}

/// The technique on dates.
pub(super) struct Dates {
    period: Period,
    form: Form,
    mac: Mac,
}

impl Dates {
    /// Makes it for a type; `None` if the type holds no dates.
    pub(super) fn new(period: Period, class: &TypeClass, mac: Mac) -> Option<Self> {
        let form = match class {
            TypeClass::Date => Form::Date,
            TypeClass::Timestamp { zone } => Form::Timestamp { zone: *zone },
            TypeClass::Moment => Form::Moment,
            class if class.is_text() => Form::Date,
            _ => return None,
        };
        Some(Self { period, form, mac })
    }
}

impl Period {
    fn first_day(self, mut stamp: Stamp<'_>) -> Stamp<'_> {
        match self {
            Self::Week => return stamp.monday(),
            Self::Month => {}
            Self::Quarter => stamp.month -= (stamp.month - 1) % 3,
            // Bands are those of the written year; the first one has no year zero to begin with.
            Self::Years(width) => {
                let width = width.max(1);
                stamp.month = 1;
                stamp.year = match stamp.year {
                    year @ 1.. => (year - year % width).max(1),
                    year => 1 - (1 - year - (1 - year) % width).max(1),
                };
            }
        }
        stamp.day = 1;
        stamp
    }
}

impl Mask for Dates {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        if is_infinity(field) {
            out.extend_from_slice(field);
            return Outcome::Pinned;
        }
        let Some(stamp) = parse(form::trimmed(field)) else { return Outcome::Unfit };
        self.period.first_day(stamp).since_the_first().append(out);
        Outcome::Masked
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lane = lanes(&self.mac.tag(&[b"placeholder", field]))[0];
        // To 2019: a date that CHECKs on birth dates and orders take.
        let (first, years) = if self.form == Form::Moment { (1980, 40) } else { (1900, 120_u128) };
        let year = first + i64::try_from((u128::from(lane) * years) >> 64).unwrap_or_default();
        let clock = match self.form {
            Form::Date => None,
            Form::Timestamp { zone: true } => Some(b"+00".as_slice()),
            Form::Timestamp { zone: false } | Form::Moment => Some(b"".as_slice()),
        };
        let clock = clock.map(|zone| Clock { separator: b' ', seconds: true, zone });
        let stamp = Stamp { year, month: 1, day: 1, clock };
        // A band's placeholder is the begin of a band.
        let stamp = if let Period::Years(_) = self.period { self.period.first_day(stamp) } else { stamp };
        stamp.append(out);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one, placeholder, ruled};

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
    fn nasty_39_no_period_begins_before_the_first_day() {
        for (word, ty, date, first) in [
            ("year", TypeClass::Date, "4714-12-01 BC", "4714-11-24 BC"),
            ("quarter", TypeClass::Date, "4714-12-01 BC", "4714-11-24 BC"),
            ("month", TypeClass::Date, "4714-11-25 BC", "4714-11-24 BC"),
            ("week", TypeClass::Date, "4714-11-25 BC", "4714-11-24 BC"),
            (
                "year",
                TypeClass::Timestamp { zone: true },
                "4714-12-01 10:00:00+00 BC",
                "4714-11-24 00:00:00+00 BC",
            ),
        ] {
            let rule = Rule { ty, ..Rule::new("generalise", Some(word)) };
            assert_eq!(one(&rule, date).map(|(_, text)| text).as_deref(), Some(first), "{word} of {date}");
        }
    }

    #[test]
    fn nasty_39_placeholders_of_moments_are_moments() {
        for rule in ["{generalise: decade}", "{generalise: week}", "{shift: 26w, by: id}"] {
            for n in 0..200 {
                let text =
                    placeholder(&Rule { ty: TypeClass::Moment, ..ruled(rule) }, &n.to_string()).unwrap();
                assert!(("1980-01-01 00:00:00".."2020").contains(&text.as_str()), "{rule}: {text}");
            }
        }
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
