//! Tests of the list of recognisers: each finds its examples and leaves what it must leave.

use super::*;

/// Takes the marks out of an example: the text, and the places between `<` and `>`.
fn marked(example: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut places) = (String::new(), Vec::new());
    for c in example.chars() {
        match c {
            '<' => places.push((text.len(), 0)),
            '>' => places.last_mut().expect("a mark").1 = text.len(),
            c => text.push(c),
        }
    }
    (text, places)
}

#[test]
fn recognisers_keep_their_examples() {
    let mut wrong = Vec::new();
    for recogniser in RECOGNISERS {
        assert!(!recogniser.finds.is_empty() && !recogniser.leaves.is_empty(), "{}", recogniser.name);
        assert!(recogniser.source.len() > 5 && recogniser.what.len() > 4, "{}", recogniser.name);
        for example in recogniser.finds.iter().chain(recogniser.leaves) {
            let (text, expected) = marked(example);
            for alone in [true, false] {
                let mut found = Vec::new();
                if alone {
                    recogniser.find(&text, &mut found)
                } else {
                    find(&text, &mut found)
                }
                found.retain(|f| f.confidence > Confidence::Weak);
                let places: Vec<_> = found.iter().map(|f| (f.start, f.end)).collect();
                if places != expected && (alone || !expected.is_empty()) {
                    wrong.push(format!("{} ({alone}): {example} {places:?}", recogniser.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_with_a_recogniser_is_in_the_list() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/recognise");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        if let Some((_, rest)) = text.split_once(concat!(": Recogniser = ", "Recogniser {\n    name: \"")) {
            let name = rest.split('"').next().expect("a name");
            assert!(RECOGNISERS.iter().any(|r| r.name == name), "{name} is not in RECOGNISERS");
            assert_eq!(entry.path().file_stem().and_then(|s| s.to_str()), Some(name));
            count += 1;
        }
    }
    assert_eq!(count, RECOGNISERS.len());
}

#[test]
fn work_is_bounded_on_any_text() {
    for piece in [
        "@", "1", "1 ", "a@", "a.", "1.", "::", "a:", "+", "+1", "http://", "(0", "00-", "J. ", "de ", "A1-",
        "\u{301}",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        let start = std::time::Instant::now();
        let mut found = Vec::new();
        find(&text, &mut found);
        assert!(start.elapsed().as_secs() < 5, "{piece:?} takes {:?}", start.elapsed());
    }
}
