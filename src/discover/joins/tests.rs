//! Tests of joins on invented tables.

use super::*;
use crate::discover::sketch::WIDE;
use crate::row::shape::{ColumnType, ForeignKey, Unique};

/// Knows names in the plain style of these tests alone.
struct Plain;

fn singular(word: &str) -> String {
    word.strip_suffix("en").or(word.strip_suffix('s')).unwrap_or(word).to_owned()
}

impl Stems for Plain {
    fn table(&self, table: &TableName) -> Vec<String> {
        table.table.split('_').map(singular).collect()
    }

    fn column(&self, _: &TableName, column: &str) -> Option<Vec<String>> {
        let stem = column.strip_suffix("_id").or(column.strip_suffix("nr")).filter(|s| !s.is_empty())?;
        Some(stem.split('_').map(singular).collect())
    }
}

fn column(name: &str, class: TypeClass) -> ColumnFacts {
    let ty = ColumnType { class, text: String::new(), domain: None };
    ColumnFacts {
        name: name.to_owned(),
        ty,
        not_null: false,
        generated: false,
        literal_default: false,
        numbered: false,
    }
}

fn sketch(values: impl Iterator<Item = String>) -> Option<Sketch> {
    let mut sketch = Sketch::new(WIDE);
    values.for_each(|value| {
        sketch.add(value.as_bytes());
    });
    sketch.finish();
    Some(sketch)
}

fn numbers(range: impl Iterator<Item = u64>) -> Option<Sketch> {
    sketch(range.map(|n| n.to_string()))
}

fn table(name: &str, rows: u64, columns: Vec<(ColumnFacts, Option<Sketch>)>) -> WalkedTable<()> {
    let (columns, sketches) = columns.into_iter().unzip();
    WalkedTable {
        name: TableName::new(None, name),
        columns,
        trusted_names: true,
        rows: Some(rows),
        sampled: 0,
        measures: Vec::new(),
        sketches,
        quasi: None,
    }
}

fn facts(tables: &[WalkedTable<()>], keys: &[(&str, &str)]) -> Facts {
    let mut facts = Facts::default();
    for table in tables {
        let mut known = TableFacts::named(table.name.clone());
        known.columns.clone_from(&table.columns);
        for (_, column) in keys.iter().filter(|(name, _)| *name == table.name.table) {
            let columns = vec![(*column).to_owned()];
            known.uniques.push(Unique { name: String::new(), columns, primary: true, expression: false });
        }
        facts.add(known);
    }
    facts
}

fn shown(joins: &[Join]) -> Vec<String> {
    joins
        .iter()
        .map(|j| format!("{}.{} {}.{} {:?}", j.from, j.columns.join("+"), j.to, j.target.join("+"), j.known))
        .collect()
}

#[test]
fn a_foreign_key_is_a_join_and_names_its_target() {
    let tables = [
        table("customers", 9, vec![(column("id", TypeClass::Integer), None)]),
        table("orders", 9, vec![(column("buyer", TypeClass::Integer), None)]),
    ];
    let mut facts = facts(&tables, &[("customers", "id")]);
    let key = ForeignKey {
        name: String::new(),
        columns: vec!["buyer".to_owned()],
        target: TableName::new(None, "customers"),
        target_columns: Vec::new(),
    };
    facts.table_mut(&TableName::new(None, "orders")).unwrap().foreign_keys.push(key);
    assert_eq!(shown(&find(&facts, &tables, &Plain)), ["orders.buyer customers.id Declared"]);
}

#[test]
fn names_join_where_values_do_not_contradict() {
    let int = |name: &str| column(name, TypeClass::Integer);
    let tables = [
        table("customers", 1000, vec![(int("id"), numbers(1..1001))]),
        table("klanten", 500, vec![(int("nr"), numbers(5000..5500))]),
        table(
            "orders",
            3000,
            vec![
                (int("id"), numbers(1..3001)),
                // One of them is nobody.
                (int("customer_id"), numbers((0..900).chain(0..900))),
                (int("klantnr"), numbers((5000..5400).step_by(3))),
            ],
        ),
        // These are numbers of another system.
        table("imports", 300, vec![(int("customer_id"), numbers(70_000..70_300))]),
        // No rows: the name decides.
        table("notes", 0, vec![(int("customer_id"), None), (int("ghost_id"), None)]),
    ];
    let facts = facts(&tables, &[("customers", "id"), ("klanten", "nr"), ("orders", "id")]);
    assert_eq!(
        shown(&find(&facts, &tables, &Plain)),
        [
            "orders.customer_id customers.id Name",
            "orders.klantnr klanten.nr Name",
            "notes.customer_id customers.id Name",
        ]
    );
}

#[test]
fn dense_numbers_are_no_join_and_sparse_ones_are() {
    let int = |name: &str| column(name, TypeClass::BigInt);
    let text = |name: &str| column(name, TypeClass::Text { max_chars: None });
    let sparse = |n: u64| 1_000_000 + n * 7919;
    let mail = |n: u64| format!("m{n}@example.org");
    let tables = [
        table(
            "a",
            2000,
            vec![
                (int("id"), numbers(1..2001)),
                (int("account"), numbers((0..2000).map(sparse))),
                (text("mail"), sketch((0..2000).map(mail))),
            ],
        ),
        table(
            "b",
            900,
            vec![
                (int("points"), numbers((1..2000).step_by(2).chain(1..10))),
                (int("number"), numbers((0..900).map(|n| sparse(n * 2)))),
                (text("contact"), sketch((100..1000).map(|n| format!("M{n}@example.org ")))),
                // Some are not there.
                (text("other"), sketch((1500..2400).map(mail))),
            ],
        ),
    ];
    let facts = facts(&tables, &[]);
    assert_eq!(
        shown(&find(&facts, &tables, &Plain)),
        ["b.number a.account Values(100)", "b.contact a.mail Values(100)",]
    );
}

#[test]
fn what_is_numbered_from_one_joins_nothing_by_its_numbers() {
    let int = |name: &str| column(name, TypeClass::Integer);
    // Numbers far away, of a row that was put in by hand, make neither of them sparse.
    let far = |n: u64| if n.is_multiple_of(40) { 2_000_000_000 + n } else { n };
    let tables = [
        table("customers", 300, vec![(int("id"), numbers((1..301).map(far)))]),
        table("notes", 91, vec![(int("no"), numbers(1..92))]),
        table("letters", 80, vec![(int("no"), numbers((1..81).map(far)))]),
        table("moods", 900, vec![(int("mood"), numbers((1..901).map(|n| far(n % 75 + 1))))]),
    ];
    let facts = facts(&tables, &[("customers", "id"), ("notes", "no"), ("letters", "no")]);
    assert_eq!(shown(&find(&facts, &tables, &Plain)), Vec::<String>::new());
}
