//! Any bytes as an archive of pg_dump, custom or tar.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::read("archive", bytes));
