//! Days and moments: in the five years before the end, at the hours, weekdays and months at which people do what the table
//! tells of: offices work on weekdays from nine to five, with less in summer; shops and sites have their evenings and
//! Sundays, and December. A later one of a row (changed, delivered, ended) comes behind the earlier one.
//!
//! Days are numbers since 1970-01-01 (`row::civil`). Bounds of CHECKs hold; where they leave no day, it is refused.

use std::io::Write as _;

use super::{Distinct, Generator, RowCx, Wanted};
use crate::error::Name;
use crate::mask::Refusal;
use crate::message;
use crate::row::civil;
use crate::row::shape::{ColumnFacts, TypeClass};
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
    /// Seconds since 1970, or thousandths of them.
    Seconds,
    Millis,
}

/// When people do something: how often in each hour, on each weekday from Sunday on, in each month; at most 100 each.
struct Rhythm {
    hours: [u8; 24],
    weekdays: [u8; 7],
    months: [u8; 12],
}

/// What is done at a desk.
static OFFICE: Rhythm = Rhythm {
    hours: [1, 1, 1, 1, 1, 2, 6, 25, 75, 100, 98, 90, 50, 78, 95, 92, 80, 45, 14, 8, 6, 4, 3, 2],
    weekdays: [6, 96, 100, 98, 97, 82, 8],
    months: [92, 90, 98, 92, 88, 95, 68, 70, 100, 98, 96, 72],
};

/// What is done at home: orders, logins, reviews.
static HOME: Rhythm = Rhythm {
    hours: [14, 7, 4, 2, 2, 4, 12, 24, 38, 50, 56, 58, 58, 54, 52, 52, 56, 62, 74, 94, 100, 92, 64, 32],
    weekdays: [92, 100, 92, 88, 84, 76, 80],
    months: [58, 52, 56, 55, 58, 54, 50, 51, 56, 62, 84, 100],
};

/// What happens at any time.
static EVEN: Rhythm = Rhythm { hours: [100; 24], weekdays: [100; 7], months: [100; 12] };

/// Words of tables and columns whose rows are made at home.
const AT_HOME: &[&str] = &[
    "order",
    "bestel",
    "bestell",
    "commande",
    "cart",
    "basket",
    "winkelwagen",
    "warenkorb",
    "panier",
    "session",
    "sessie",
    "login",
    "review",
    "beoordeling",
    "customer",
    "klant",
    "kunde",
    "client",
    "user",
    "gebruiker",
    "account",
    "member",
    "lid",
    "subscri",
    "newsletter",
    "wishlist",
    "post",
    "comment",
    "message",
    "like",
    "event",
    "page",
    "click",
    "search",
    "checkout",
    "payment",
    "betaling",
    "zahlung",
];

/// Words of what machines do.
const ALWAYS: &[&str] =
    &["log", "metric", "measure", "meting", "sensor", "reading", "heartbeat", "job", "queue", "cache"];

/// Says when the rows of a table are made.
fn rhythm(wanted: &Wanted<'_>) -> &'static Rhythm {
    let words = super::goods::words(&wanted.table.name.table);
    let says = |list: &[&str]| words.iter().any(|word| list.iter().any(|known| word.starts_with(known)));
    match () {
        () if words
            .iter()
            .any(|word| ALWAYS.iter().any(|known| word == known || *word == format!("{known}s"))) =>
        {
            &EVEN
        }
        () if says(AT_HOME) => &HOME,
        () => &OFFICE,
    }
}

/// Days between two.
pub(super) struct Times {
    least: i64,
    most: i64,
    form: Form,
    rhythm: &'static Rhythm,
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
        // Nor have some for MySQL.
        _ if is_counted(wanted) => {
            let millis = super::goods::words(&wanted.column.name).iter().any(|w| w == "ms" || w == "millis");
            if millis { Form::Millis } else { Form::Seconds }
        }
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
        // A range that ends before the usual one begins has years of its own.
        (least, most) = (if bound < least { bound - SPAN } else { least }, most.min(bound));
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
    let rhythm = if birth { &EVEN } else { rhythm(wanted) };
    Ok(Some(Box::new(Times { least, most, form, rhythm, behind, reads })))
}

/// Says whether a column is text with room for so many characters, of which nothing else is said.
fn is_written(wanted: &Wanted<'_>, chars: u32) -> bool {
    let class = &wanted.column.ty.class;
    let domain = wanted.domain;
    let free = domain.one_of.is_none() && domain.pattern.is_none() && domain.max_chars.is_none();
    class.is_text() && free && class.max_chars().is_none_or(|room| room >= chars)
}

/// Says whether a column of whole numbers counts the seconds of a moment.
fn is_counted(wanted: &Wanted<'_>) -> bool {
    let free =
        wanted.domain.least.is_none() && wanted.domain.most.is_none() && wanted.domain.one_of.is_none();
    free && counts(&wanted.column.ty.class, &wanted.column.name)
}

fn counts(class: &TypeClass, name: &str) -> bool {
    const UNITS: &[&str] = &["ms", "millis", "unix", "epoch"];
    let words = super::goods::words(name);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.retain(|word| !UNITS.contains(word));
    let ends = ["at", "timestamp", "datetime", "tijdstip", "zeitpunkt"];
    let whole = matches!(words.as_slice(), [word] if CHANGED.contains(word));
    matches!(class, TypeClass::Integer | TypeClass::BigInt)
        && (whole || words.len() > 1 && words.last().is_some_and(|word| ends.contains(word)))
}

/// Words that alone name a moment.
const CHANGED: &[&str] = &[
    "created",
    "updated",
    "modified",
    "changed",
    "deleted",
    "gemaakt",
    "aangemaakt",
    "gewijzigd",
    "bijgewerkt",
    "verwijderd",
    "erstellt",
    "angelegt",
    "geaendert",
    "geändert",
    "aktualisiert",
    "geloescht",
    "gelöscht",
    "cree",
    "créé",
    "modifie",
    "modifié",
    "supprime",
    "supprimé",
];

/// Says whether a name is that of a moment.
fn says_moment(name: &str) -> bool {
    let words = super::goods::words(name);
    let ends = words.last().is_some_and(|word| {
        const ENDS: &[&str] = &[
            "at",
            "on",
            "date",
            "datum",
            "datetime",
            "timestamp",
            "moment",
            "op",
            "am",
            "um",
            "le",
            "tijdstip",
            "zeitpunkt",
        ];
        ENDS.contains(&word.as_str())
    });
    words.len() > 1 && ends || words.iter().any(|word| CHANGED.contains(&word.as_str())) && words.len() == 1
}

fn later(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

/// Words of what comes later, and of what comes first.
const PAIRS: &[(&[&str], &[&str])] = &[
    (
        &[
            "updat",
            "modif",
            "changed",
            "gewijzigd",
            "bijgewerkt",
            "aktualis",
            "geändert",
            "geaendert",
            "mise_a_jour",
            "mis_a_jour",
            "maj",
            "deleted",
            "verwijderd",
            "gelöscht",
            "geloescht",
            "supprim",
            "closed",
            "gesloten",
            "afgehandeld",
            "geschlossen",
            "erledigt",
            "clotur",
            "resolved",
            "last_",
            "laatst",
            "letzte",
        ],
        &[
            "creat",
            "inserted",
            "gemaakt",
            "toegevoegd",
            "ingevoerd",
            "erstellt",
            "angelegt",
            "eingetragen",
            "hinzugef",
            "cree",
            "créé",
            "ajoute",
            "opened",
            "geopend",
            "geöffnet",
            "geoeffnet",
            "ouvert",
            "added",
            "reported",
            "gemeld",
            "gemeldet",
            "registered",
            "geregistreerd",
            "joined",
        ],
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
            "discharg",
            "ontslag",
            "entlass",
            "depart",
            "uit_dienst",
            "terminat",
        ],
        &[
            "start",
            "begin",
            "from",
            "van",
            "debut",
            "von",
            "checkin",
            "check_in",
            "joined",
            "since",
            "vanaf",
            "admitted",
            "admission",
            "opname",
            "aufnahme",
            "arriv",
            "hired",
            "beginn",
            "ingang",
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
    (
        &[
            "due", "verval", "faellig", "fällig", "bis", "expir", "until", "_tot", "verwacht", "expected",
            "deadline", "echeance",
        ],
        &[
            "invoice",
            "factuur",
            "rechnung",
            "order",
            "issued",
            "erstellt",
            "creat",
            "aangemaakt",
            "start",
            "offerte",
            "angebot",
        ],
    ),
    (
        &["leave", "uit_dienst", "austritt", "quit", "graduat", "geslaagd", "abschluss", "verlaten"],
        &["hire", "in_dienst", "eintritt", "enrol", "inschrij", "joined", "start", "einschreib"],
    ),
    (&["closes", "sluit", "schliess", "closing", "ferme"], &["opens", "open", "öffn", "oeffn", "ouvr"]),
];

/// Finds the column of the row that comes first: created before changed, begun before ended, ordered before delivered.
pub(super) fn before(wanted: &Wanted<'_>, name: &str) -> Option<usize> {
    let time = |column: &ColumnFacts| {
        let class = &column.ty.class;
        let room = class.max_chars().is_none_or(|room| room >= 10);
        if wanted.column.ty.class == TypeClass::Time {
            return *class == TypeClass::Time;
        }
        matches!(class, TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment)
            || class.is_text() && room && says_moment(&column.name)
            || counts(class, &column.name)
    };
    PAIRS.iter().filter(|(lasts, _)| later(name, lasts)).find_map(|(_, firsts)| {
        wanted.columns.iter().enumerate().position(|(at, column)| {
            let other = column.name.to_lowercase();
            let born = wanted.meanings.get(at).copied().flatten() == Some("birth_date");
            column.name != wanted.column.name && !born && time(column) && later(&other, firsts)
        })
    })
}

impl Generator for Times {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let first = self.behind.and_then(|column| cx.made.get(column)).and_then(day_of);
        let chosen = match first {
            // Soon behind it, most often; never beyond the bounds.
            Some(first) => {
                let after = 1 + draws.below(14) + draws.below(3) * draws.below(60);
                (first + i64::try_from(after).unwrap_or(1)).clamp(self.least, self.most.max(first + 1))
            }
            None => self.draw(draws),
        };
        if matches!(self.form, Form::Seconds | Form::Millis) {
            let hour = i64::try_from(self.rhythm.hour(draws)).unwrap_or(0);
            let seconds = chosen * 86_400 + hour * 3600 + draws.between(0, 3599);
            let count =
                if self.form == Form::Millis { seconds * 1000 + draws.between(0, 999) } else { seconds };
            out.extend_from_slice(itoa::Buffer::new().format(count).as_bytes());
            return true;
        }
        civil::append(chosen, out);
        if self.form != Form::Day {
            for (at, part) in
                [self.rhythm.hour(draws), draws.below(60), draws.below(60)].into_iter().enumerate()
            {
                let part = u8::try_from(part).unwrap_or(0);
                out.extend_from_slice(&[
                    if at == 0 { b' ' } else { b':' },
                    b'0' + part / 10,
                    b'0' + part % 10,
                ]);
            }
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

/// Reads the day of a moment, whichever way it is written.
fn day_of(value: &[u8]) -> Option<i64> {
    /// Thousandths of seconds from here on.
    const MILLIS: i64 = 100_000_000_000;
    let counted = || {
        let count: i64 = std::str::from_utf8(value).ok()?.parse().ok()?;
        Some(if count.abs() >= MILLIS { count / 1000 } else { count }.div_euclid(86_400))
    };
    civil::read(value).or_else(counted)
}

impl Times {
    /// Draws a day, again and again until the rhythm takes it.
    fn draw(&self, draws: &mut Draws) -> i64 {
        let mut day = draws.between(self.least, self.most);
        // Few are refused more than three times in a row.
        for _ in 0..12 {
            if draws.below(10_000) < self.rhythm.day(day) {
                break;
            }
            day = draws.between(self.least, self.most);
        }
        day
    }
}

impl Rhythm {
    /// Returns how often something is done on a day, of 10,000.
    fn day(&self, day: i64) -> u64 {
        let of = |list: &[u8], at: i64| {
            usize::try_from(at).ok().and_then(|at| list.get(at)).copied().unwrap_or(100)
        };
        let (_, month, _) = civil::from_days(day);
        u64::from(of(&self.weekdays, (day + 4).rem_euclid(7))) * u64::from(of(&self.months, month - 1))
    }

    /// Draws an hour.
    fn hour(&self, draws: &mut Draws) -> u64 {
        let all: u64 = self.hours.iter().map(|often| u64::from(*often)).sum();
        let mut left = draws.below(all);
        for (hour, often) in (0_u64..).zip(self.hours) {
            match left.checked_sub(u64::from(often)) {
                Some(rest) => left = rest,
                None => return hour,
            }
        }
        12
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::seed::Seed;

    /// How many of 20,000 moments lie in each hour, weekday and month.
    fn seen(rhythm: &'static Rhythm) -> ([u32; 24], [u32; 7], [u32; 12]) {
        let times =
            Times { least: 18_262, most: 19_722, form: Form::Day, rhythm, behind: None, reads: Vec::new() };
        let stream = Seed::new(1).stream("times", &[]);
        let (mut hours, mut weekdays, mut months) = ([0; 24], [0; 7], [0; 12]);
        for row in 0..20_000 {
            let mut draws = stream.row(row);
            let day = times.draw(&mut draws);
            hours[usize::try_from(rhythm.hour(&mut draws)).expect("small")] += 1;
            weekdays[usize::try_from((day + 4).rem_euclid(7)).expect("small")] += 1;
            months[usize::try_from(civil::from_days(day).1 - 1).expect("small")] += 1;
        }
        (hours, weekdays, months)
    }

    #[test]
    fn shops_have_their_evenings_and_december_and_offices_their_days() {
        let (hours, weekdays, months) = seen(&HOME);
        assert!(hours[20] > 2 * hours[9] - 300 && hours[20] > 20 * hours[3], "{hours:?}");
        assert!(weekdays.iter().all(|n| *n > 2_000), "{weekdays:?}");
        assert!(months[11] * 2 > months[6] * 3, "{months:?}");
        let (hours, weekdays, months) = seen(&OFFICE);
        assert!(hours[9..17].iter().sum::<u32>() > 12_000, "{hours:?}");
        assert!(weekdays[0] + weekdays[6] < 1_500 && weekdays[2] > 3_000, "{weekdays:?}");
        assert!(months[6] < months[8], "{months:?}");
    }
}
