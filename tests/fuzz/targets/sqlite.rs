//! Any bytes as `.dump` text of the sqlite3 shell.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::read("sqlite", bytes));
