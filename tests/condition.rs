//! Conditions against a real PostgreSQL: thousands of generated ones over generated rows, truth by truth. What
//! PostgreSQL refuses must be refused, what it answers must be answered alike; few may be refused that it answers.

use standin::condition::{Condition, Room, Truth};
use standin::row::shape::{ColumnFacts, ColumnType, TypeClass};

use crate::support::conditions::{COLUMNS, MOODS, Random, Sort, condition, value};
use crate::support::environment;
use crate::support::server::{Database, TextRow, server};

/// Another one can be asked for: `CONDITIONS_SEED=7`.
const SEED: u64 = 20_260_301;
const CONDITIONS: usize = 8_000;
const ROWS: usize = 60;

/// 2026-03-01 12:00:00 UTC, and how PostgreSQL is told.
const NOW: i64 = 1_772_366_400;
const TOLD: &[(&str, &str)] = &[
    ("now()", "('2026-03-01 12:00:00+00'::timestamptz)"),
    ("localtimestamp", "('2026-03-01 12:00:00'::timestamp)"),
    ("current_date", "('2026-03-01'::date)"),
];

fn columns() -> Vec<ColumnFacts> {
    let labels: std::sync::Arc<[String]> = MOODS.map(str::to_owned).into();
    let class = |name: &str, sort: Sort| match (name, sort) {
        ("s", _) => TypeClass::SmallInt,
        ("b", _) => TypeClass::BigInt,
        (_, Sort::Whole) => TypeClass::Integer,
        (_, Sort::Decimal) => TypeClass::Numeric { precision: None, scale: None },
        ("x", Sort::Float) => TypeClass::Float { single: false },
        (_, Sort::Float) => TypeClass::Float { single: true },
        ("v", _) => TypeClass::Text { max_chars: Some(20) },
        (_, Sort::Text | Sort::Digits | Sort::Day) => TypeClass::Text { max_chars: None },
        (_, Sort::Padded) => TypeClass::Char { chars: 4 },
        (_, Sort::Boolean) => TypeClass::Boolean,
        (_, Sort::Date) => TypeClass::Date,
        (_, Sort::Timestamp) => TypeClass::Timestamp { zone: false },
        (_, Sort::TimestampTz) => TypeClass::Timestamp { zone: true },
        (_, Sort::Json) => TypeClass::Json,
        (_, Sort::Uuid) => TypeClass::Uuid,
        (_, Sort::Mood) => TypeClass::Enum(std::sync::Arc::clone(&labels)),
    };
    let facts = |(name, text, sort): &(&str, &str, Sort)| ColumnFacts {
        name: (*name).to_owned(),
        ty: ColumnType { class: class(name, *sort), text: (*text).to_owned(), domain: None },
        not_null: false,
        generated: false,
        literal_default: false,
        numbered: false,
    };
    COLUMNS.iter().map(facts).collect()
}

/// Makes the table and returns its rows as a dump would print them, in a zone of its own.
fn fill(database: &Database, random: &mut Random) -> Vec<TextRow> {
    let defined: Vec<String> = COLUMNS.iter().map(|(name, ty, _)| format!("{name} {ty}")).collect();
    let labels: Vec<String> = MOODS.iter().map(|label| format!("'{label}'")).collect();
    let row = |number: usize, random: &mut Random| {
        let values: Vec<String> = COLUMNS.iter().map(|(name, _, sort)| value(random, name, *sort)).collect();
        format!("({number}, {})", values.join(", "))
    };
    let rows: Vec<String> = (0..ROWS).map(|number| row(number, random)).collect();
    database.rows(&format!(
        "CREATE TYPE mood AS ENUM ({}); CREATE TABLE sample (row_id integer, {}); INSERT INTO sample VALUES {};",
        labels.join(", "),
        defined.join(", "),
        rows.join(", ")
    ));
    database.rows(
        "CREATE FUNCTION verdict(asked text) RETURNS text LANGUAGE plpgsql AS $f$
         DECLARE answer text;
         BEGIN
           EXECUTE 'SELECT string_agg(CASE WHEN it IS NULL THEN ''u'' WHEN it THEN ''t'' ELSE ''f'' END, '''' ORDER BY row_id)
                    FROM (SELECT row_id, (' || asked || ') AS it FROM sample OFFSET 0) s' INTO answer;
           RETURN answer;
         EXCEPTION WHEN OTHERS THEN RETURN 'error ' || SQLERRM;
         END $f$",
    );
    let names: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    database.rows(&format!(
        "SET timezone = 'Asia/Kolkata'; SELECT {} FROM sample ORDER BY row_id",
        names.join(", ")
    ))
}

/// Returns PostgreSQL's truths of all conditions, `error ...` where it refuses one.
fn answers(database: &Database, conditions: &[String]) -> Vec<String> {
    let told = |condition: &String| {
        TOLD.iter().fold(condition.clone(), |text, (word, value)| text.replace(word, value))
    };
    let mut answers = Vec::new();
    for chunk in conditions.chunks(1_000) {
        let listed: Vec<String> = chunk
            .iter()
            .enumerate()
            .map(|(n, c)| format!("({n}, $condition${}$condition$)", told(c)))
            .collect();
        let sql =
            format!("SELECT verdict(asked) FROM (VALUES {}) list (n, asked) ORDER BY n", listed.join(", "));
        answers.extend(database.rows(&sql).into_iter().map(|row| row[0].clone().expect("a verdict")));
    }
    answers
}

/// Returns our truths: `refused ...` where a condition is, `unreadable ...` where a row is.
fn ours(condition: &str, columns: &[ColumnFacts], rows: &[TextRow], room: &mut Room) -> String {
    let bound = match Condition::parse(condition).and_then(|c| c.bind(columns, NOW)) {
        Ok(bound) => bound,
        Err(refused) => return format!("refused {} at {:?}", refused.what, condition.get(refused.at)),
    };
    let mut truths = String::new();
    for row in rows {
        let cells: Vec<Option<&[u8]>> =
            bound.columns().iter().map(|column| row[*column].as_deref().map(str::as_bytes)).collect();
        match bound.evaluate(&cells, room) {
            Ok(Truth::True) => truths.push('t'),
            Ok(Truth::False) => truths.push('f'),
            Ok(Truth::Unknown) => truths.push('u'),
            Err(unreadable) => {
                return format!("unreadable {}: {}", columns[unreadable.column].name, unreadable.what);
            }
        }
    }
    truths
}

#[test]
fn conditions_are_decided_as_postgresql_decides_them() {
    let Some(server) = server() else { return };
    let database = server.database();
    let seed = environment("CONDITIONS_SEED").and_then(|seed| seed.to_str()?.parse().ok()).unwrap_or(SEED);
    let mut random = Random::new(seed);
    let rows = fill(&database, &mut random);
    assert_eq!(rows.len(), ROWS);
    let conditions: Vec<String> = (0..CONDITIONS).map(|_| condition(&mut random)).collect();
    let (columns, mut room) = (columns(), Room::default());
    let (mut wrong, mut strict, mut refused, mut decided) = (Vec::new(), Vec::new(), 0, 0);
    for (condition, answer) in conditions.iter().zip(answers(&database, &conditions)) {
        let ours = ours(condition, &columns, &rows, &mut room);
        let declined = ours.starts_with("refused") || ours.starts_with("unreadable");
        match (answer.starts_with("error"), declined) {
            (true, true) => refused += 1,
            (false, true) => strict.push(format!("{condition}\n    {ours}\n    {answer}")),
            (false, false) if ours == answer => decided += 1,
            _ => wrong.push(format!("{condition}\n    {ours}\n    {answer}")),
        }
    }
    eprintln!("{decided} decided alike, {refused} refused by both, {} refused by us alone:", strict.len());
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(decided >= 5_000, "{decided} decided alike");
    assert!(
        strict.len() * 50 < CONDITIONS,
        "too strict:\n{}",
        strict.iter().take(40).cloned().collect::<Vec<_>>().join("\n")
    );
}
