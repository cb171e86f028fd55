//! Any bytes as a profile: read, or refused with problems that can be shown.
#![no_main]

use standin::profile::{show, syntax};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (files, problems, refused) = match syntax::read("fuzz.yaml", bytes) {
        Ok(read) => (read.profile.files, read.warnings, false),
        Err(refused) => (refused.files, refused.problems, true),
    };
    assert!(!refused || !problems.is_empty(), "refused without a reason");
    let text = show::render(&files, &problems, false);
    assert!(problems.is_empty() || !text.is_empty(), "a problem that is not shown");
});
