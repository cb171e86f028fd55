//! SQLite files through the program `sqlite3`; no library, so that what is tested is what people run.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use data_encoding::HEXUPPER;

use super::run::{Ran, command, run};
use super::server::{TextRow, skipped};
use super::shop::folder;

/// A database: a file of its own.
pub(crate) struct Database {
    path: PathBuf,
}

/// Returns a new database. Without `sqlite3` the test prints why it is skipped; with `REQUIRE_SERVERS=1` it fails.
pub(crate) fn database() -> Option<Database> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let there = std::env::split_paths(&super::environment("PATH").unwrap_or_default())
        .any(|folder| folder.join("sqlite3").is_file());
    if !there {
        return skipped("no `sqlite3` is installed (apt-get install sqlite3)");
    }
    let path = folder().join(format!("{}.sqlite", COUNT.fetch_add(1, Ordering::Relaxed)));
    Some(Database { path })
}

/// Returns the bytes of hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    HEXUPPER.decode(text.as_bytes()).expect("hexadecimal digits")
}

impl Database {
    /// Returns the database's file.
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Runs `sqlite3 FILE` with these arguments on bytes.
    pub(crate) fn run(&self, args: &[&str], sql: &[u8]) -> Ran {
        run(command("sqlite3").arg("-batch").args(args).arg(&self.path), sql)
    }

    /// Loads a dump as `sqlite3 FILE < DUMP` does.
    pub(crate) fn load(&self, sql: &[u8]) -> Ran {
        self.run(&[], sql)
    }

    /// Dumps with the program's own `.dump`.
    pub(crate) fn dump(&self) -> Vec<u8> {
        self.run(&[], b".dump\n").ok()
    }

    /// Returns the rows of a query; cells hold no tab or line end, and `\N` is NULL.
    pub(crate) fn rows(&self, sql: &str) -> Vec<TextRow> {
        let ran = self.run(&["-noheader", "-separator", "\t", "-nullvalue", "\\N"], sql.as_bytes());
        let text = String::from_utf8(ran.ok()).expect("UTF-8");
        let cell = |cell: &str| (cell != "\\N").then(|| cell.to_owned());
        text.lines().map(|line| line.split('\t').map(cell).collect()).collect()
    }

    /// Returns the one number of a query.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let rows = self.rows(sql);
        let cell = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
        cell.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{sql}: no number"))
    }

    /// Returns the names of the tables, sorted.
    pub(crate) fn tables(&self) -> Vec<String> {
        let sql =
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name;";
        self.rows(sql).into_iter().flatten().flatten().collect()
    }

    /// Returns the names of a table's columns, generated ones too.
    pub(crate) fn columns(&self, table: &str) -> Vec<String> {
        let sql = format!("SELECT name FROM pragma_table_xinfo('{table}') ORDER BY cid;");
        self.rows(&sql).into_iter().flatten().flatten().collect()
    }

    /// Returns all cells of a table as the bytes of their text behind the first letter of their storage class, rows
    /// ordered by these columns.
    pub(crate) fn cells(&self, table: &str, order: &str) -> Vec<Vec<Option<Vec<u8>>>> {
        let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
        // In hexadecimal, so that no value is taken for a separator or for NULL.
        let hex = |name: &String| {
            let name = quoted(name);
            format!(
                "hex(substr(typeof({name}), 1, 1)) || hex(CAST({name} AS BLOB)) || iif({name} IS NULL, 'NULL', '')"
            )
        };
        let columns: Vec<String> = self.columns(table).iter().map(hex).collect();
        let sql = format!("SELECT {} FROM \"{table}\" ORDER BY {order};", columns.join(", "));
        let bytes = |cell: Option<String>| cell.filter(|hex| !hex.ends_with("NULL")).map(|hex| unhex(&hex));
        self.rows(&sql).into_iter().map(|row| row.into_iter().map(bytes).collect()).collect()
    }
}
