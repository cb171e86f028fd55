//! Days and moments: in the five years before the end, on working days and in office hours more than else, more of them in
//! the last weeks of a year. A later one of a row (changed, delivered, ended) comes behind the earlier one.
//!
//! Days are numbers since 1970-01-01 (`row::civil`). Bounds of CHECKs hold; where they leave no day, it is refused.

use std::io::Write as _;

use super::{Distinct, Generator, RowCx, Wanted};
use crate::error::Name;
use crate::mask::Refusal;
use crate::message;
use crate::row::civil;
use crate::row::shape::TypeClass;
use crate::synth::seed::Draws;

/// Days that are drawn from where nothing else is said.
const SPAN: i64 = 5 * 365;

/// What is written behind the day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Day,
    Moment,
    /// With its zone.
    Zoned,
}

/// Days between two.
pub(super) struct Times {
    least: i64,
    most: i64,
    form: Form,
    /// A column that it comes behind, where that has a value.
    behind: Option<usize>,
    reads: Vec<usize>,
}

/// Makes the generator of dates and moments.
///
/// # Errors
/// Bounds that leave no day.
pub(super) fn generator(wanted: &Wanted<'_>) -> Result<Option<Box<dyn Generator>>, Refusal> {
    let form = match wanted.column.ty.class {
        TypeClass::Date => Form::Day,
        TypeClass::Timestamp { zone: true } => Form::Zoned,
        TypeClass::Timestamp { zone: false } | TypeClass::Moment => Form::Moment,
        // SQLite has no type for them.
        _ if is_written(wanted, 19) && says_moment(&wanted.column.name) => Form::Moment,
        _ if is_written(wanted, 10) && wanted.meaning == Some("birth_date") => Form::Day,
        _ => return Ok(None),
    };
    let (end, name) = (wanted.today(), wanted.column.name.to_lowercase());
    let birth = wanted.meaning == Some("birth_date");
    let (mut least, mut most) = match birth {
        true => (end - 90 * 365, end - 18 * 365),
        false if later(&name, &["expir", "valid_until", "geldig_tot", "due", "verval"]) => {
            (end - SPAN / 2, end + 365)
        }
        false => (end - SPAN, end),
    };
    let bound = |bound: &Option<(String, bool)>| {
        bound.as_ref().and_then(|(text, within)| Some((civil::read(text.as_bytes())?, *within)))
    };
    if let Some((bound, within)) = bound(&wanted.domain.least) {
        let bound = bound + i64::from(!within);
        (least, most) = (least.max(bound), most.max(bound + 365));
    }
    if let Some((bound, within)) = bound(&wanted.domain.most) {
        let bound = bound - i64::from(!within);
        (least, most) = (least.min(bound), most.min(bound));
        if let Some((low, _)) = wanted
            .domain
            .least
            .as_ref()
            .and_then(|(text, within)| Some((civil::read(text.as_bytes())?, *within)))
        {
            least = low.max(least);
        }
    }
    if least > most {
        return Err(Refusal {
            what: message!(
                "no day is left between the bounds of `{}`",
                Name::new(wanted.column.name.as_str())
            ),
            hint: Some("its CHECK constraints contradict each other".into()),
        });
    }
    let behind = wanted.domain.above.first().map(|(column, _)| *column).or_else(|| before(wanted, &name));
    let reads = behind.into_iter().collect();
    Ok(Some(Box::new(Times { least, most, form, behind, reads })))
}

/// Says whether a column is text with room for so many characters, of which nothing else is said.
fn is_written(wanted: &Wanted<'_>, chars: u32) -> bool {
    let class = &wanted.column.ty.class;
    let domain = wanted.domain;
    let free = domain.one_of.is_none() && domain.pattern.is_none() && domain.max_chars.is_none();
    class.is_text() && free && class.max_chars().is_none_or(|room| room >= chars)
}

/// Says whether a name is that of a moment.
fn says_moment(name: &str) -> bool {
    let words = super::goods::words(name);
    let ends = words.last().is_some_and(|word| {
        ["at", "on", "date", "datum", "datetime", "timestamp", "moment"].contains(&word.as_str())
    });
    let whole =
        ["created", "updated", "modified", "changed", "gemaakt", "aangemaakt", "gewijzigd", "bijgewerkt"];
    words.len() > 1 && ends || words.iter().any(|word| whole.contains(&word.as_str())) && words.len() == 1
}

fn later(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

/// Finds the column of the row that comes first: created before changed, begun before ended, ordered before delivered.
fn before(wanted: &Wanted<'_>, name: &str) -> Option<usize> {
    const PAIRS: &[(&[&str], &[&str])] = &[
        (
            &[
                "updat",
                "modif",
                "changed",
                "gewijzigd",
                "aktualis",
                "geändert",
                "geaendert",
                "deleted",
                "verwijderd",
                "closed",
                "resolved",
            ],
            &["creat", "inserted", "aangemaakt", "erstellt", "cree", "opened", "added", "reported"],
        ),
        (
            &[
                "end",
                "eind",
                "until",
                "tot",
                "stop",
                "fin",
                "bis",
                "checkout",
                "check_out",
                "left",
                "_to",
                "valid_to",
            ],
            &[
                "start", "begin", "from", "van", "debut", "von", "checkin", "check_in", "joined", "since",
                "vanaf",
            ],
        ),
        (
            &[
                "shipped",
                "delivered",
                "geleverd",
                "bezorgd",
                "paid",
                "betaald",
                "completed",
                "returned",
                "cancel",
                "geliefert",
            ],
            &["order", "besteld", "placed", "creat", "invoice", "factuur", "bestellt", "commande"],
        ),
    ];
    let (_, firsts) = PAIRS.iter().find(|(lasts, _)| later(name, lasts))?;
    let time = |class: &TypeClass| {
        matches!(class, TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment)
    };
    wanted.columns.iter().position(|column| {
        let other = column.name.to_lowercase();
        column.name != wanted.column.name && time(&column.ty.class) && later(&other, firsts)
    })
}

impl Generator for Times {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let first = self.behind.and_then(|column| cx.made.get(column)).and_then(civil::read);
        let chosen = match first {
            // Soon behind it, most often; never beyond the bounds.
            Some(first) => {
                let after = 1 + draws.below(14) + draws.below(3) * draws.below(60);
                (first + i64::try_from(after).unwrap_or(1)).clamp(self.least, self.most.max(first + 1))
            }
            None => self.draw(draws),
        };
        civil::append(chosen, out);
        if self.form != Form::Day {
            let (hour, minute, second) = (hour(draws), draws.below(60), draws.below(60));
            let _ = write!(out, " {hour:02}:{minute:02}:{second:02}");
            if self.form == Form::Zoned {
                out.extend_from_slice(b"+00");
            }
        }
        true
    }

    fn reads(&self) -> &[usize] {
        &self.reads
    }
}

impl Times {
    fn draw(&self, draws: &mut Draws) -> i64 {
        let mut day = draws.between(self.least, self.most);
        // A Saturday or Sunday is mostly drawn again, a day in spring now and then.
        for _ in 0..2 {
            let weekend = (day + 4).rem_euclid(7) % 6 == 0;
            let (_, month, _) = civil::from_days(day);
            if (weekend && draws.below(3) > 0) || (month < 11 && draws.below(4) == 0) {
                day = draws.between(self.least, self.most);
            }
        }
        day
    }
}

/// Draws an hour: of the day mostly, of the evening sometimes.
fn hour(draws: &mut Draws) -> u64 {
    match draws.below(20) {
        0 => draws.below(24),
        1..=5 => 18 + draws.below(5),
        _ => 8 + draws.below(10),
    }
}

/// Days that differ: of five years, or of a hundred where the rows need more.
pub(super) struct Days {
    last: i64,
    days: u64,
}

impl Days {
    /// Makes days up to one, for so many rows.
    pub(super) fn new(last: i64, rows: u64) -> Self {
        Self { last, days: if rows <= 900 { 5 * 365 } else { 100 * 365 } }
    }
}

impl Distinct for Days {
    fn count(&self) -> u64 {
        self.days
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        civil::append(self.last - i64::try_from(nth).unwrap_or(0), out);
    }
}

/// Moments that differ, a minute each: of five years, or of as many as the rows need.
pub(super) struct Moments {
    last: i64,
    minutes: u64,
}

impl Moments {
    /// Makes moments up to a day, for so many rows.
    pub(super) fn new(last: i64, rows: u64) -> Self {
        let years = (5..30_u64).find(|years| years * 365 * 1440 >= rows.saturating_mul(2)).unwrap_or(30);
        Self { last, minutes: years * 365 * 1440 }
    }
}

impl Distinct for Moments {
    fn count(&self) -> u64 {
        self.minutes
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        civil::append(self.last - i64::try_from(nth / 1440).unwrap_or(0), out);
        let _ = write!(out, " {:02}:{:02}:00", nth / 60 % 24, nth % 60);
    }
}
