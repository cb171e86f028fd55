//! What the integration tests share: running programs (`run`), a private PostgreSQL (`server`), clusters of several
//! versions of it (`cluster`, archives of it: `archives`) and MariaDB (`mariadb`), SQLite files (`sqlite`), the fixtures and what is made of them once
//! (`shop`, `forms`), what must become of their columns (`becomes`), random conditions (`conditions`), reading results
//! again (`copy`, `csv`), reading Rust's text (`house`), damaging bytes (`damage`)
//! and what holds for any (`robust`).
//!
//! Refuses to touch any server but its own: no test reads `PGHOST` and its like.

pub(crate) mod archives;
pub(crate) mod becomes;
pub(crate) mod cluster;
pub(crate) mod conditions;
pub(crate) mod copy;
pub(crate) mod csv;
pub(crate) mod damage;
pub(crate) mod forms;
pub(crate) mod house;
pub(crate) mod mariadb;
pub(crate) mod robust;
pub(crate) mod run;
pub(crate) mod server;
pub(crate) mod shop;
pub(crate) mod sqlite;

use std::path::PathBuf;

/// Returns a path of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Says whether a word of the environment is set and not empty.
pub(crate) fn environment(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
