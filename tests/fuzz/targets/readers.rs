//! Any bytes as input of any format: the first byte says which.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::any(bytes));
