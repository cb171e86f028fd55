//! Nanoseconds a row of conditions, over cells as a dump prints them.

use std::hint::black_box;

use standin::condition::{Condition, Room, Truth};
use standin::row::shape::{ColumnFacts, ColumnType, TypeClass};

use super::time;
use super::values::ROWS;

/// Two comparisons must cost at most 100 ns; the others show what a form costs.
const CONDITIONS: &[&str] = &[
    "id > 500 AND status = 'open'",
    "id BETWEEN 100 AND 900",
    "created >= '2024-01-01' AND created < current_date",
    "seen > now() - interval '90 days' AND status <> 'gone'",
    "price >= 10.50 AND price < 99999999999999999999",
    "id IN (1, 5, 9, 13, 17, 21, 25, 29) OR status IS NULL",
    "status LIKE 'op%' AND mail LIKE '%@example.org'",
    "mail ILIKE '%@EXAMPLE.org'",
    "lower(status) = 'open' AND id % 2 = 0",
    "prefs ->> 'lang' = 'nl'",
];

fn table() -> Vec<ColumnFacts> {
    let column = |name: &str, text: &str, class| ColumnFacts {
        name: name.to_owned(),
        ty: ColumnType { class, text: text.to_owned(), domain: None },
        not_null: false,
        generated: false,
        literal_default: false,
        numbered: false,
    };
    vec![
        column("id", "integer", TypeClass::Integer),
        column("status", "text", TypeClass::Text { max_chars: None }),
        column("created", "date", TypeClass::Date),
        column("seen", "timestamp with time zone", TypeClass::Timestamp { zone: true }),
        column("price", "numeric", TypeClass::Numeric { precision: None, scale: None }),
        column("mail", "text", TypeClass::Text { max_chars: None }),
        column("prefs", "jsonb", TypeClass::Json),
    ]
}

fn row(n: usize) -> Vec<Vec<u8>> {
    let date = format!("20{:02}-{:02}-{:02}", n % 27, 1 + n % 12, 1 + n % 28);
    [
        format!("{n}"),
        (if n.is_multiple_of(3) { "open" } else { "done" }).to_owned(),
        date.clone(),
        format!("{date} 10:{:02}:59.123456+02", n % 60),
        format!("{}.{:02}", n * 7, n % 100),
        format!("sanne.jansen{n}@example.org"),
        format!(r#"{{"theme": "dark", "size": {n}, "lang": "{}"}}"#, if n.is_multiple_of(2) { "nl" } else { "de" }),
    ]
    .map(String::into_bytes)
    .into()
}

/// Prints a line for every condition.
pub(crate) fn conditions() {
    let (table, mut room) = (table(), Room::default());
    let rows: Vec<Vec<Vec<u8>>> = (0..ROWS).map(row).collect();
    for text in CONDITIONS {
        let bound = Condition::parse(text).and_then(|condition| condition.bind(&table, 1_772_366_400));
        let Ok(bound) = bound else {
            println!("{text}: refused");
            continue;
        };
        let rows: Vec<Vec<Option<&[u8]>>> = (rows.iter())
            .map(|row| bound.columns().iter().map(|column| row.get(*column).map(Vec::as_slice)).collect())
            .collect();
        let mut kept = 0_usize;
        time(text, ROWS, || {
            for row in &rows {
                kept += usize::from(matches!(bound.evaluate(black_box(row), &mut room), Ok(Truth::True)));
            }
        });
        black_box(kept);
    }
}
