//! Random SQL conditions over one table with columns of every type that conditions read, and random rows for it. From a
//! seed, so that a failure comes again. Most are right by their grammar and types; some are deliberately not.

/// A stream of numbers (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// A type of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    Whole,
    Decimal,
    Float,
    Text,
    Padded,
    Boolean,
    Date,
    Timestamp,
    TimestampTz,
    Json,
    Uuid,
    Mood,
    /// Text that is a whole number, text that is a date.
    Digits,
    Day,
}

use Sort as S;

/// The columns: name, type, what its values look like.
pub(crate) const COLUMNS: &[(&str, &str, Sort)] = &[
    ("i", "integer", S::Whole),
    ("j", "integer", S::Whole),
    ("b", "bigint", S::Whole),
    ("s", "smallint", S::Whole),
    ("n", "numeric", S::Decimal),
    ("m", "numeric(10,2)", S::Decimal),
    ("r", "real", S::Float),
    ("x", "double precision", S::Float),
    ("t", "text", S::Text),
    ("v", "character varying(20)", S::Text),
    ("c", "character(4)", S::Padded),
    ("f", "boolean", S::Boolean),
    ("g", "boolean", S::Boolean),
    ("d", "date", S::Date),
    ("ts", "timestamp without time zone", S::Timestamp),
    ("tz", "timestamp with time zone", S::TimestampTz),
    ("js", "jsonb", S::Json),
    ("jt", "json", S::Json),
    ("u", "uuid", S::Uuid),
    ("e", "mood", S::Mood),
    ("w", "text", S::Digits),
    ("y", "text", S::Day),
];

/// The labels of the enum, in its order.
pub(crate) const MOODS: [&str; 4] = ["sad", "ok", "happy", "a b"];

const SMALL: &[&str] = &["-7", "-1", "0", "1", "2", "7", "42", "100", "32767"];
const WHOLE: &[&str] = &["-2147483648", "-32769", "2147483647", "99999", "1234567"];
const BIG: &[&str] = &["-9223372036854775808", "9223372036854775807", "2147483648", "1000000000000000000"];
const DECIMALS: &[&str] =
    &["0", "0.00", "1.50", "1.5", "-0.05", "0.5", "7", "42.00", "100", "99999999.99", "-1", "12.34", "0.1"];
const LONG: &[&str] = &[
    "12345678901234567890.123456789",
    "12345678901234567890.1234567891",
    "-0.00000000000000000000000001",
    "9223372036854775808",
    "NaN",
    "Infinity",
];
const FLOATS: &[&str] =
    &["0", "-0", "0.1", "1.5", "-7.25", "1e10", "16777217", "NaN", "Infinity", "-Infinity", "0.5"];
const TEXTS: &[&str] = &[
    "", "a", "A", "ab", "abc", "Abc", "a%c", "a_c", "a\\c", "é", "Éa", "zz", "zz ", " zz", "a b", "10", "7",
    "true", "B", "_", "%", "€uro", "ABC", "xyz", "a\\%c", "o'clock", "sad", "ok",
];
const PADDED: &[&str] = &["", "a", "ab", "abcd", "A", "é", " a", "7", "zz"];
const DATES: &[&str] = &[
    "2024-01-31",
    "2024-02-29",
    "2023-12-31",
    "2026-03-01",
    "2026-02-28",
    "1970-01-01",
    "0044-03-15 BC",
    "infinity",
    "-infinity",
    "2025-12-01",
    "1999-12-31",
];
const STAMPS: &[&str] = &[
    "2024-01-31 00:00:00",
    "2024-02-29 23:59:59.999999",
    "2026-03-01 12:00:00",
    "2026-03-01 11:59:59.5",
    "2025-12-01 12:00:00",
    "2000-01-01 00:00:00",
    "1969-12-31 23:59:59.000001",
    "infinity",
    "0001-01-01 00:00:00 BC",
];
const INTERVALS: &[&str] = &[
    "90 days",
    "1 day",
    "1 month",
    "1 year 2 months",
    "-3 hours",
    "1 mon -1 day",
    "00:30:00",
    "2 weeks",
    "1 day 02:03:04",
    "0 days",
];
const JSONS: &[&str] = &[
    r#"{"a": 1, "b": "x"}"#,
    r#"{"a": "1", "b": null}"#,
    r#"{"a": {"b": [1, "two", null]}, "c": true}"#,
    r#"[1, "two", {"a": "b"}]"#,
    r#"{"a": "q\"uo\\te \u00e9\n", "b": 1.50}"#,
    "null",
    "7",
    r#""a""#,
    r#"{"b": "abc", "0": "zero"}"#,
    "[]",
];
const UUIDS: &[&str] = &[
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-4fff-bfff-ffffffffffff",
];
const KEYS: &[&str] = &["'a'", "'b'", "'c'", "'0'", "0", "1", "-1", "2"];

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Makes a value of a column as the server reads it, `NULL` sometimes.
pub(crate) fn value(random: &mut Random, name: &str, sort: Sort) -> String {
    if random.chance(15) {
        return "NULL".to_owned();
    }
    let list = match (sort, name) {
        (S::Whole, "s") => SMALL,
        (S::Whole, "b") if random.chance(40) => BIG,
        (S::Whole, _) if random.chance(25) => WHOLE,
        (S::Whole, _) => SMALL,
        (S::Decimal, "n") if random.chance(40) => LONG,
        (S::Decimal, _) => DECIMALS,
        (S::Float, _) => FLOATS,
        (S::Text, _) => TEXTS,
        (S::Padded, _) => PADDED,
        (S::Boolean, _) => &["t", "f"],
        (S::Date, _) => DATES,
        (S::Timestamp | S::TimestampTz, _) => STAMPS,
        (S::Json, _) => JSONS,
        (S::Uuid, _) => UUIDS,
        (S::Mood, _) => &MOODS,
        (S::Digits, _) => &["7", "42", " 100 ", "-1", "+2", "007"],
        (S::Day, _) => &["2024-01-31", " 2026-03-01", "1970-01-01"],
    };
    quoted(random.pick(list))
}

/// Makes a condition.
pub(crate) fn condition(random: &mut Random) -> String {
    test(random, 3)
}

fn test(random: &mut Random, depth: usize) -> String {
    if depth == 0 || random.chance(35) {
        return predicate(random);
    }
    match random.below(10) {
        0..=2 => format!("{} AND {}", operand(random, depth), operand(random, depth)),
        3..=5 => format!("{} OR {}", operand(random, depth), operand(random, depth)),
        6 => format!("NOT {}", operand(random, depth)),
        7 => format!("{} {}", operand(random, depth), random.pick(IS)),
        8 => format!(
            "{} {} {}",
            operand(random, depth),
            random.pick(&["=", "<>", "<", ">="]),
            operand(random, depth)
        ),
        _ => format!(
            "{} IS {}DISTINCT FROM {}",
            operand(random, depth),
            random.pick(&["", "NOT "]),
            operand(random, depth)
        ),
    }
}

const IS: &[&str] = &[
    "IS TRUE",
    "IS NOT TRUE",
    "IS FALSE",
    "IS NOT FALSE",
    "IS UNKNOWN",
    "IS NOT UNKNOWN",
    "IS NULL",
    "IS NOT NULL",
    "= true",
];

/// Makes a part; sometimes without its parentheses, so that precedence is asked for.
fn operand(random: &mut Random, depth: usize) -> String {
    let inner = test(random, depth - 1);
    if random.chance(25) { inner } else { format!("({inner})") }
}

fn column(random: &mut Random, sort: Sort) -> String {
    let names: Vec<&str> = COLUMNS.iter().filter(|(.., s)| *s == sort).map(|(name, ..)| *name).collect();
    random.pick(&names).to_owned()
}

const SORTS: [Sort; 12] = [
    S::Whole,
    S::Decimal,
    S::Float,
    S::Text,
    S::Text,
    S::Padded,
    S::Boolean,
    S::Date,
    S::Timestamp,
    S::TimestampTz,
    S::Uuid,
    S::Mood,
];

fn predicate(random: &mut Random) -> String {
    let sort = SORTS[random.below(SORTS.len())];
    if random.chance(2) {
        // Types that may not meet.
        let other = SORTS[random.below(SORTS.len())];
        return format!("{} {} {}", term(random, sort, 1), operator(random), term(random, other, 1));
    }
    match random.below(20) {
        0 => format!("{} IS {}NULL", term(random, sort, 2), random.pick(&["", "NOT "])),
        1 => format!("{} IS {}NULL", json(random, "->"), random.pick(&["", "NOT "])),
        2 => format!(
            "{} {}BETWEEN {} AND {}",
            term(random, sort, 1),
            random.pick(&["", "NOT "]),
            term(random, sort, 1),
            term(random, sort, 1)
        ),
        3 | 4 => {
            let list: Vec<String> = (0..=random.below(7)).map(|_| item(random, sort)).collect();
            format!("{} {}IN ({})", term(random, sort, 1), random.pick(&["", "NOT "]), list.join(", "))
        }
        5 => {
            let list: Vec<String> = (0..=random.below(5)).map(|_| item(random, sort)).collect();
            let ty = if sort == S::Text { "::text[]" } else { "" };
            let each = random.pick(&["ANY", "ALL"]);
            format!(
                "{} {} {each} ((ARRAY[{}]){ty})",
                term(random, sort, 1),
                operator(random),
                list.join(", ")
            )
        }
        6 => format!(
            "{} IS {}DISTINCT FROM {}",
            term(random, sort, 1),
            random.pick(&["", "NOT "]),
            item(random, sort)
        ),
        7..=9 => like(random),
        10 if random.chance(50) => column(random, S::Boolean),
        10 => format!("{} {}", column(random, S::Boolean), random.pick(IS)),
        11 => format!("{} {} {}", span(random), operator(random), span(random)),
        12 => format!("{} {} {}", json(random, "->>"), operator(random), item(random, S::Text)),
        _ => format!("{} {} {}", term(random, sort, 2), operator(random), item(random, sort)),
    }
}

fn operator(random: &mut Random) -> &'static str {
    random.pick(&["=", "=", "<>", "!=", "<", "<=", ">", ">="])
}

fn like(random: &mut Random) -> String {
    let of = match random.below(6) {
        0 => column(random, S::Padded),
        1 => json(random, "->>"),
        _ => term(random, S::Text, 1),
    };
    let mut pattern = String::new();
    for _ in 0..random.below(5) {
        pattern.push_str(
            random.pick(&["%", "_", "a", "b", "A", "c", "é", "\\%", "\\\\", "\\_", " ", "zz", "É"]),
        );
    }
    let escape = random.pick(&["", "", "", "", "", " ESCAPE '\\'", " ESCAPE 'b'", " ESCAPE ''"]);
    if random.chance(15) {
        return format!("{of} {} {}::text", random.pick(&["~~", "!~~", "~~*", "!~~*"]), quoted(&pattern));
    }
    let word = random.pick(&["LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE"]);
    format!("{of} {word} {}{escape}", quoted(&pattern))
}

fn json(random: &mut Random, last: &str) -> String {
    let mut path = column(random, S::Json);
    for _ in 0..random.below(3) {
        path = format!("{path} -> {}", random.pick(KEYS));
    }
    let path = format!("{path} {last} {}", random.pick(KEYS));
    if random.chance(70) { format!("({path})") } else { path }
}

/// Makes an interval.
fn span(random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("({} - {})", moment(random), moment(random)),
        1 => format!("({} + {})", literal_span(random), literal_span(random)),
        2 => format!("(now() - {})", random.pick(&["ts", "tz", "d"])),
        _ => literal_span(random),
    }
}

fn moment(random: &mut Random) -> String {
    random
        .pick(&[
            "now()",
            "localtimestamp",
            "timestamp '2024-01-31 10:00'",
            "'2024-02-29 01:02:03+02'::timestamptz",
        ])
        .to_owned()
}

fn literal_span(random: &mut Random) -> String {
    let text = quoted(random.pick(INTERVALS));
    match random.below(4) {
        0 => format!("{text}::interval"),
        1 => format!(
            "interval '{}' {}",
            random.below(50),
            random.pick(&["day", "month", "hour", "year", "minute", "second"])
        ),
        _ => format!("interval {text}"),
    }
}

/// Makes what stands in lists: mostly a constant, sometimes NULL.
fn item(random: &mut Random, sort: Sort) -> String {
    if random.chance(6) {
        return "NULL".to_owned();
    }
    if random.chance(80) { constant(random, sort) } else { term(random, sort, 1) }
}

fn constant(random: &mut Random, sort: Sort) -> String {
    let typed = |random: &mut Random, list: &[&str], types: &[&str]| {
        let text = quoted(random.pick(list));
        match random.below(3) {
            0 => format!("{text}::{}", random.pick(types)),
            1 => format!("CAST({text} AS {})", random.pick(types)),
            _ => text,
        }
    };
    match sort {
        S::Whole => match random.below(8) {
            0 => format!("'{}'", random.pick(SMALL)),
            1 => format!(
                "({}){}",
                random.pick(SMALL),
                random.pick(&["::bigint", "::numeric", "::double precision", "::smallint"])
            ),
            2 => random.pick(BIG).to_owned(),
            3 => random.pick(&["0.5", "1.5", "41.999", "1e2", "9223372036854775808", ".5", "7."]).to_owned(),
            4 => random.pick(WHOLE).to_owned(),
            _ => random.pick(SMALL).to_owned(),
        },
        S::Decimal => match random.below(5) {
            0 => quoted(random.pick(LONG)),
            1 => typed(random, LONG, &["numeric"]),
            2 => random.pick(SMALL).to_owned(),
            3 => random
                .pick(&["12345678901234567890.123456789", "1e-26", "-1e-26", "150e-2", "'1.5'::real"])
                .to_owned(),
            _ => random.pick(DECIMALS).to_owned(),
        },
        S::Float => match random.below(4) {
            0 => typed(random, FLOATS, &["real", "double precision", "float8"]),
            1 => quoted(random.pick(FLOATS)),
            2 => random.pick(DECIMALS).to_owned(),
            _ => random.pick(SMALL).to_owned(),
        },
        S::Text | S::Digits | S::Day => match random.below(6) {
            0 => typed(random, TEXTS, &["text", "varchar", "character varying"]),
            1 => format!("E'{}'", random.pick(&["a\\\\c", "o\\'clock", "a\\nb", "ab"])),
            2 => "$$abc$$".to_owned(),
            _ => quoted(random.pick(TEXTS)),
        },
        S::Padded => match random.below(4) {
            0 => format!("{}::bpchar", quoted(random.pick(PADDED))),
            1 => quoted(random.pick(TEXTS)),
            _ => quoted(random.pick(PADDED)),
        },
        S::Boolean => {
            random.pick(&["true", "false", "'t'", "'yes'", "'of'", "'0'", "'on'::boolean", "TRUE"]).to_owned()
        }
        S::Date => match random.below(6) {
            0 => format!("date {}", quoted(random.pick(DATES))),
            1 => "current_date".to_owned(),
            2 => format!("current_date - {}", random.pick(&["90", "1", "0", "800"])),
            3 => typed(random, STAMPS, &["timestamp", "timestamptz", "date"]),
            _ => typed(random, DATES, &["date"]),
        },
        S::Timestamp | S::TimestampTz => match random.below(6) {
            0 => "now()".to_owned(),
            1 => format!("now() - {}", literal_span(random)),
            2 => format!("current_date + {}", literal_span(random)),
            3 => typed(
                random,
                &["2024-01-31 10:00+02", "2024-01-31T10:00:00Z", "2026-03-01 17:30:00+05:30"],
                &["timestamptz", "timestamp"],
            ),
            4 => typed(random, DATES, &["date", "timestamp"]),
            _ => typed(random, STAMPS, &["timestamp", "timestamptz"]),
        },
        S::Uuid => typed(random, UUIDS, &["uuid"]),
        S::Mood => typed(random, &MOODS, &["mood"]),
        S::Json => "NULL".to_owned(),
    }
}

/// Makes a value of columns.
fn term(random: &mut Random, sort: Sort, depth: usize) -> String {
    if depth == 0 || random.chance(55) {
        return if random.chance(90) { column(random, sort) } else { constant(random, sort) };
    }
    if random.chance(8) {
        return format!(
            "coalesce({}, {}, {})",
            column(random, sort),
            term(random, sort, depth - 1),
            item(random, sort)
        );
    }
    match sort {
        S::Whole => match random.below(7) {
            0 => format!(
                "{} {} {}",
                column(random, sort),
                random.pick(&["+", "-", "*"]),
                random.pick(&["1", "7", "-2", "'3'"])
            ),
            1 => format!(
                "{} {} {}",
                column(random, sort),
                random.pick(&["%", "/"]),
                random.pick(&["7", "2", "-3", "100"])
            ),
            2 => format!("length({})", term(random, S::Text, depth - 1)),
            3 => format!("{}({})", random.pick(&["char_length", "octet_length"]), column(random, S::Text)),
            4 => format!("w{}", random.pick(&["::integer", "::bigint", "::int"])),
            5 => format!("({})::{}", column(random, sort), random.pick(&["bigint", "integer", "int8"])),
            _ => format!("-{}", random.pick(&["i", "s", "length(t)"])),
        },
        S::Decimal => match random.below(3) {
            0 => "(w)::numeric".to_owned(),
            1 => format!("{}::numeric", column(random, S::Whole)),
            _ => format!("-{}", column(random, sort)),
        },
        S::Float => {
            let of = if random.chance(50) { S::Whole } else { sort };
            format!("({})::double precision", column(random, of))
        }
        S::Text | S::Digits | S::Day => match random.below(8) {
            0 => format!("lower({})", term(random, S::Text, depth - 1)),
            1 => format!("upper({})", term(random, S::Text, depth - 1)),
            2 => format!(
                "{}({})",
                random.pick(&["trim", "ltrim", "rtrim", "btrim"]),
                term(random, S::Text, depth - 1)
            ),
            3 => format!("{}::text", random.pick(&["i", "b", "f", "c", "u", "e", "v", "w"])),
            4 => format!("{}({})", random.pick(&["lower", "length", "trim"]), "c"),
            5 => format!("({})::text", column(random, sort)),
            6 => format!("{} COLLATE \"C\"", column(random, S::Text)),
            _ => json(random, "->>"),
        },
        S::Padded => column(random, sort),
        S::Boolean => random.pick(&["(i > 1)", "(t IS NULL)", "f", "('yes')::boolean"]).to_owned(),
        S::Date => match random.below(4) {
            0 => format!(
                "{} {} {}",
                column(random, sort),
                random.pick(&["+", "-"]),
                random.pick(&["1", "90", "s"])
            ),
            1 => format!("{}::date", random.pick(&["ts", "tz"])),
            2 => "y::date".to_owned(),
            _ => format!("{} {} {}", column(random, sort), random.pick(&["+", "-"]), literal_span(random)),
        },
        S::Timestamp | S::TimestampTz => match random.below(4) {
            0 | 1 => {
                format!("{} {} {}", column(random, sort), random.pick(&["+", "-"]), literal_span(random))
            }
            2 => {
                format!("{}::{}", random.pick(&["d", "ts", "tz"]), random.pick(&["timestamp", "timestamptz"]))
            }
            _ => format!("{} + {}", literal_span(random), column(random, sort)),
        },
        S::Uuid | S::Mood | S::Json => column(random, sort),
    }
}
