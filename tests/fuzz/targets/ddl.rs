//! Any bytes as statements of a schema: facts, or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::ddl(bytes));
