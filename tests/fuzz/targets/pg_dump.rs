//! Any bytes as `pg_dump` input.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::read("pg_dump", bytes));
