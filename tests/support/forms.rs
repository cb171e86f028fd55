//! The webshop in its other forms: masked, loaded into the real servers and programs, and read again as tables whose rows
//! stand side by side before and after. What PostgreSQL's COPY form became is the measure for all of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use super::copy::{Block, decode, split};
use super::repository;
use super::shop::{mask, profile};
use super::{csv, mariadb, sqlite};

/// A cell: bytes of its text; `None` is NULL.
pub(crate) type Cell = Option<Vec<u8>>;

/// Rows of a table, in any order.
pub(crate) struct Table {
    /// Names of the columns.
    pub(crate) columns: Vec<String>,
    /// Cells in the order of the columns.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// All tables by name.
pub(crate) type Tables = BTreeMap<String, Table>;

/// A database before and after masking.
pub(crate) struct Pair<D> {
    /// The fixture, loaded.
    pub(crate) before: D,
    /// What masking made of it, loaded.
    pub(crate) after: D,
}

/// A column and the key that it holds a stand-in of, if any.
type KeyColumn = (&'static str, Option<&'static str>);

/// Tables and what tells their rows apart.
const KEYS: &[(&str, &[KeyColumn])] = &[
    ("customers", &[("id", Some("person"))]),
    ("customers_history", &[("id", Some("person"))]),
    ("customers_closed", &[("id", Some("person"))]),
    ("addresses", &[("id", Some("address"))]),
    ("crm_customers", &[("id", Some("lead"))]),
    ("newsletter", &[("email", Some("subscriber"))]),
    ("mail_queue", &[("id", None)]),
    ("user", &[("id", Some("employee"))]),
    ("products", &[("sku", None)]),
    ("orders", &[("id", Some("order"))]),
    ("order_lines", &[("order_id", Some("order")), ("line", None)]),
    ("Support Notes", &[("No.", None)]),
    ("message_templates", &[("name", None)]),
];

impl Table {
    /// Returns the place of a column.
    pub(crate) fn place(&self, column: &str) -> usize {
        self.columns.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// Returns a column as text.
    pub(crate) fn texts(&self, column: &str) -> Vec<Option<String>> {
        let place = self.place(column);
        let text = |cell: &Cell| cell.clone().map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        self.rows.iter().map(|row| text(&row[place])).collect()
    }
}

/// The fixtures of the webshop in all forms: dumps, then exports.
pub(crate) const FIXTURES: &[&str] = &[
    "dump.sql",
    "dump_inserts.sql",
    "dump_columns.sql",
    "mysql.sql",
    "mysql_rows.sql",
    "sqlite.sql",
    "customers_export.csv",
    "customers_export.tsv",
    "customers_export.jsonl",
];

/// Returns a file of fixtures/webshop.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository("fixtures/webshop").join(name)).expect("fixture is there")
}

/// Masks a file of fixtures/webshop, by its path.
pub(crate) fn masked(name: &str) -> Vec<u8> {
    let path = repository("fixtures/webshop").join(name);
    mask(&profile(), &["-q", path.to_str().expect("plain path")], b"").ok()
}

/// Returns the tables of the COPY form, named and cut as in the other forms.
pub(crate) fn copied(dump: &[u8]) -> Tables {
    let mut tables = Tables::new();
    let blocks = split(dump).1;
    let mut add = |name: &str, block: &Block, columns: &[String]| {
        let table = tables
            .entry(name.to_owned())
            .or_insert_with(|| Table { columns: columns.to_vec(), rows: Vec::new() });
        let cells: Vec<Vec<Option<String>>> = columns.iter().map(|name| block.column(name)).collect();
        let row = |n: usize| cells.iter().map(|column| column[n].clone().map(String::into_bytes)).collect();
        table.rows.extend((0..block.lines.len()).map(row));
    };
    let customers = blocks["public.customers"].columns.clone();
    for (name, block) in &blocks {
        match name.as_str() {
            "public.customers_closed" => {
                add("customers", block, &customers);
                add("customers_closed", block, &["id", "closed_on"].map(str::to_owned));
            }
            "crm.customers" => add("crm_customers", block, &block.columns),
            name if name.contains("orders_") => add("orders", block, &block.columns),
            name => add(name.trim_start_matches("public.").trim_matches('"'), block, &block.columns),
        }
    }
    tables
}

/// The COPY form before and after masking, and every key's stand-in.
pub(crate) struct Measure {
    /// Before.
    pub(crate) before: Tables,
    /// After.
    pub(crate) after: Tables,
    stand_ins: HashMap<(&'static str, Vec<u8>), Vec<u8>>,
}

/// Returns what masking made of fixtures/webshop/dump.sql, whose rows stay in their order.
pub(crate) fn measure() -> &'static Measure {
    static MEASURE: OnceLock<Measure> = OnceLock::new();
    MEASURE.get_or_init(|| {
        let (before, after) = (copied(&fixture("dump.sql")), copied(&masked("dump.sql")));
        let mut stand_ins = HashMap::new();
        for (table, keys) in KEYS {
            let (old, new) = (&before[*table], &after[*table]);
            for (column, kind) in *keys {
                let (Some(kind), place) = (kind, old.place(column)) else { continue };
                for (old, new) in old.rows.iter().zip(&new.rows) {
                    let (Some(old), Some(new)) = (&old[place], &new[place]) else { panic!("a key is NULL") };
                    let earlier = stand_ins.insert((*kind, old.clone()), new.clone());
                    assert!(earlier.is_none_or(|earlier| earlier == *new), "{table}: one key, two stand-ins");
                }
            }
        }
        Measure { before, after, stand_ins }
    })
}

/// Returns the key of a row.
fn key(table: &str, of: &Table, row: &[Cell], masked: bool) -> Option<Vec<Cell>> {
    let (_, keys) = KEYS.iter().find(|(name, _)| *name == table)?;
    let part = |(column, kind): &KeyColumn| {
        let cell = row[of.place(column)].clone();
        match kind {
            Some(kind) if masked => {
                let old = cell.expect("a key is not NULL");
                let new = measure().stand_ins.get(&(*kind, old));
                Some(new.unwrap_or_else(|| panic!("{table}: a key that the COPY form lacks")).clone())
            }
            _ => cell,
        }
    };
    Some(keys.iter().map(part).collect())
}

/// Puts the rows of `other` in the order of `rows`, whose keys are masked first if `other` is masked; a table without a
/// key is sorted. Rows of `other` that have no partner are left out.
pub(crate) fn beside(name: &str, rows: &Table, other: &Table, masked: bool) -> Table {
    let mut by_key: HashMap<Vec<Cell>, &Vec<Cell>> = HashMap::new();
    for row in &other.rows {
        let Some(key) = key(name, other, row, false) else {
            let mut rows = other.rows.clone();
            rows.sort();
            return Table { columns: other.columns.clone(), rows };
        };
        assert!(by_key.insert(key, row).is_none(), "{name}: two rows of one key");
    }
    let partner = |row: &Vec<Cell>| {
        let key = key(name, rows, row, masked).expect("it has a key");
        (*by_key.get(&key).unwrap_or_else(|| panic!("{name}: a row whose key has another stand-in"))).clone()
    };
    Table { columns: other.columns.clone(), rows: rows.rows.iter().map(partner).collect() }
}

/// Returns MariaDB's databases of one of its fixtures; `None` without a server.
pub(crate) fn mysql(name: &str) -> Option<Pair<mariadb::Database>> {
    let server = mariadb::server()?;
    let pair = Pair { before: server.database(), after: server.database() };
    for (database, dump) in [(&pair.before, fixture(name)), (&pair.after, masked(name))] {
        let ran = database.load(&dump);
        assert_eq!((ran.code(), ran.stderr.as_str()), (0, ""), "{name}");
    }
    Some(pair)
}

/// Returns SQLite's databases; `None` without the program.
pub(crate) fn lite() -> Option<Pair<sqlite::Database>> {
    let pair = Pair { before: sqlite::database()?, after: sqlite::database()? };
    for (database, dump) in [(&pair.before, fixture("sqlite.sql")), (&pair.after, masked("sqlite.sql"))] {
        let ran = database.load(&dump);
        assert_eq!((ran.code(), ran.stderr.as_str()), (0, ""), "sqlite.sql");
    }
    Some(pair)
}

/// Reads all tables of a MariaDB database.
pub(crate) fn mysql_tables(database: &mariadb::Database) -> Tables {
    let table = |name: String| {
        let table = Table { columns: database.columns(&name), rows: database.cells(&name, "1") };
        (name, table)
    };
    database.tables().into_iter().map(table).collect()
}

/// Reads all tables of an SQLite database; with `kinds` each cell stands behind the letter of its storage class.
pub(crate) fn lite_tables(database: &sqlite::Database, kinds: bool) -> Tables {
    let bare = |cell: Cell| cell.map(|bytes| bytes[usize::from(!kinds)..].to_vec());
    let table = |name: String| {
        let rows = database.cells(&name, "1").into_iter().map(|row| row.into_iter().map(bare).collect());
        let table = Table { columns: database.columns(&name), rows: rows.collect() };
        (name, table)
    };
    database.tables().into_iter().map(table).collect()
}

/// Reads an export: the header and the records in order; '' is as unknown as NULL is.
pub(crate) fn export(name: &str, bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let mut records = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("csv") => csv::records(text, ';'),
        Some("tsv") => {
            let cell = |raw: &str| decode(raw).unwrap_or_default();
            text.lines().map(|line| line.split('\t').map(cell).collect()).collect()
        }
        _ => json_lines(text),
    };
    (records.remove(0), records)
}

/// Reads JSON Lines; the first line has all names.
fn json_lines(text: &str) -> Vec<Vec<String>> {
    let parse = |line: &str| -> serde_json::Map<String, serde_json::Value> {
        serde_json::from_str(line).expect("an object a line")
    };
    let header: Vec<String> =
        csv::records(std::str::from_utf8(&fixture("customers_export.csv")).expect("UTF-8"), ';').remove(0);
    let cell = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let record = |line: &str| {
        let object = parse(line);
        assert!(object.keys().all(|name| header.contains(name)), "a name that came from nowhere");
        header.iter().map(|name| cell(object.get(name))).collect()
    };
    std::iter::once(header.clone()).chain(text.lines().map(record)).collect()
}
