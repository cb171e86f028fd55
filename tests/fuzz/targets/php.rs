//! Any bytes as serialized PHP with rules for its parts: unfit, or sound again afterwards. The first byte chooses the rules.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standin_fuzz::inside::value("php", bytes));
