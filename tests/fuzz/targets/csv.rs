//! Any bytes as `csv` input.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::read("csv", bytes));
