//! Any bytes as the rows of a COPY block: its codec splits, masks and encodes them without a slip.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::rows(bytes));
