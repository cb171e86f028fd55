//! Any bytes as a value that a technique takes apart: nothing stays that no rule keeps.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::parts::check(bytes));
