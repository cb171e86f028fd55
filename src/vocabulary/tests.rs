//! What holds for every table: its golden hash, its slots, clean entries, and what the fakes rely on.

use sha2::{Digest, Sha256};

use super::*;

/// Released tables never change: an edit needs a new version of the name (DESIGN 5).
const GOLDEN: &[(&str, &str)] = &[
    ("nl.first_name_female@1", "ac8bb45882eed71785222b7d875a92ea064c408065cf042bfc85fcf4fa4f47d1"),
    ("nl.first_name_male@1", "fb8cd5b4304175153cbfe547012e296c810d7f478c0364921b6339664c76ea48"),
    ("nl.last_name@1", "77bcd65c58cbb8ea137841c3c3f3babfb89c76aff3b5e2bb57478d9736e8b01a"),
    ("nl.town@1", "a129408d8c7b99bc1c80a75c0100969888a4192db7a2bc87fc74f2e9eaf53065"),
    ("nl.street@1", "decebf0a3d824dc616bcd9a71a41a848daf0142415827d2925666ada9807412d"),
    ("us.first_name_female@1", "580b86873c506a9e05f0cc8898b36072e63998c863342839101ea552e6a7d83c"),
    ("us.first_name_male@1", "61134bc37ae64e463a512edcb93dbbe6451dd7809d7b28aa3c88c1e10528fc3d"),
    ("us.last_name@1", "702fd8a4849c6b162e934bc83cfe5de96ab2a0bab3f9632bd86798191f3fcf9c"),
    ("us.town@1", "2ed082e1be1e5700083ad93a459fbb1084cad08e64ca5938aabd30e8b6bde642"),
    ("us.street@1", "6383624ddab1d9222b34176d6b5bf5bbdcfa0ad64e84cb70e64629c9a0480c08"),
    ("us.area_code@1", "c2cb3475fc22ea2e640a7fd3f76daff073826d1d2eede2a394a776f2acaccc85"),
];

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn released_tables_are_unchanged() {
    let found: Vec<(&str, String)> =
        LOCALES.iter().flat_map(|l| l.tables()).map(|t| (t.name, sha256(t.source))).collect();
    let golden: Vec<(&str, String)> = GOLDEN.iter().map(|(n, h)| (*n, (*h).to_owned())).collect();
    assert_eq!(found, golden);
}

#[test]
fn headers_name_table_source_and_licence() {
    for table in LOCALES.iter().flat_map(|l| l.tables()) {
        let head: String = table.source.lines().take_while(|l| l.starts_with('#')).collect();
        assert!(head.starts_with(&format!("# {}: ", table.name)), "{}", table.name);
        assert!(head.contains("Source: "), "{}", table.name);
    }
}

#[test]
fn entries_are_clean_and_single() {
    for table in LOCALES.iter().flat_map(|l| l.tables()) {
        let mut seen = std::collections::BTreeSet::new();
        for e in table.entries {
            assert!(seen.insert((e.text, e.second)), "{}: {} twice", table.name, e.text);
            for text in [e.text, e.second].into_iter().filter(|t| !t.is_empty()) {
                assert_eq!(text.trim(), text);
                assert!(!text.contains("  ") && !text.ends_with(['-', '\'', ',', '.']), "{text}");
                assert!(text.chars().all(|c| c.is_alphanumeric() || " '-.".contains(c)), "{text}");
                for changed in [text.to_uppercase(), text.to_lowercase()] {
                    assert_eq!(changed.chars().count(), text.chars().count(), "{text}");
                }
            }
        }
        let slots: u32 = table.entries.iter().map(|e| e.slots).sum();
        assert_eq!(usize::try_from(slots).unwrap(), table.slots.len());
        assert_eq!(table.by_slot().count(), table.slots.len());
        assert!(table.slots.len().is_power_of_two());
    }
}

#[test]
fn tables_are_as_large_as_promised() {
    for l in LOCALES {
        assert!(l.female.slots.len() >= 256 && l.male.slots.len() >= 256);
        assert!(l.last_names.slots.len() >= 512 && l.streets.slots.len() >= 256);
        assert!(l.towns.slots.len() >= 128 && l.towns.entries.len() >= 128);
    }
}

#[test]
fn towns_have_postcodes_of_their_own() {
    for l in LOCALES {
        let mut ranges: Vec<_> = l.towns.entries.iter().map(|t| (t.low, t.high)).collect();
        ranges.sort_unstable();
        assert!(ranges.windows(2).all(|w| w[0].1 < w[1].0), "{}: two towns share a postcode", l.name);
        let bounds = if l.country == "NL" { 1000..=9999 } else { 1001..=99950 };
        assert!(ranges.iter().all(|(low, high)| bounds.contains(low) && bounds.contains(high)));
        assert!(l.towns.entries.iter().all(|t| t.second.is_empty() == (l.country == "NL")));
    }
}

#[test]
fn every_slot_is_picked_by_the_top_bits() {
    for table in LOCALES.iter().flat_map(|l| l.tables()) {
        let bits = table.slots.len().trailing_zeros();
        for (n, slot) in table.by_slot().enumerate() {
            let lane = u64::try_from(n).unwrap() << (64 - bits);
            assert!(std::ptr::eq(table.pick(&mut Draw::new(lane)), slot));
            assert!(std::ptr::eq(table.pick(&mut Draw::new(lane | (u64::MAX >> bits))), slot));
        }
    }
}

#[test]
fn draws_use_up_the_lane_from_the_top() {
    let mut draw = Draw::new(0xABCD_0000_0000_0000);
    assert_eq!(draw.below(16), 0xA);
    assert_eq!(draw.below(256), 0xBC);
    assert_eq!(draw.below(16), 0xD);
    assert_eq!(Draw::new(u64::MAX).below(10), 9);
    assert_eq!(Draw::new(0).below(10), 0);
}

#[test]
fn words_are_their_entries() {
    for table in LOCALES.iter().flat_map(|l| l.tables()) {
        assert_eq!(table.words.len(), table.entries.len());
        for (entry, word) in table.entries.iter().zip(table.words) {
            let full = match entry.second {
                "" => entry.text.to_owned(),
                second => format!("{second} {}", entry.text),
            };
            let mut out = b"x".to_vec();
            let taken = word.append(u32::MAX, &mut out);
            assert_eq!(taken, full.len() <= 30, "{full}");
            assert_eq!(
                String::from_utf8(out.clone()).unwrap(),
                if taken { format!("x{full}") } else { "x".into() }
            );
            assert!(!word.append(entry.full_chars() - 1, &mut out));
            assert_eq!(word.append(entry.full_chars(), &mut out), taken);
        }
        for lane in [0, 1 << 40, u64::MAX / 3, u64::MAX] {
            let (entry, word) = (table.pick(&mut Draw::new(lane)), table.pick_word(&mut Draw::new(lane)));
            let place = table.entries.iter().position(|e| std::ptr::eq(e, entry)).unwrap();
            assert!(std::ptr::eq(word, &raw const table.words[place]));
        }
    }
}
