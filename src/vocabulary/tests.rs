//! What holds for every table: its golden hash, its slots, clean entries, and what the fakes rely on.

use sha2::{Digest, Sha256};

use super::*;

/// Released tables never change: an edit needs a new version of the name (DESIGN 5).
const GOLDEN: &[(&str, &str)] = &[
    ("nl.first_name_female@1", "ac8bb45882eed71785222b7d875a92ea064c408065cf042bfc85fcf4fa4f47d1"),
    ("nl.first_name_male@1", "fb8cd5b4304175153cbfe547012e296c810d7f478c0364921b6339664c76ea48"),
    ("nl.last_name@1", "77bcd65c58cbb8ea137841c3c3f3babfb89c76aff3b5e2bb57478d9736e8b01a"),
    ("nl.street@1", "decebf0a3d824dc616bcd9a71a41a848daf0142415827d2925666ada9807412d"),
    ("nl.job@1", "f438b5d0f6fe8793207ee5a9916b7b3cdd20d2f2d176ecfce22488a6bb03178a"),
    ("nl.company_trade@1", "c5e865f397c43d49460b81c8157e825199e4ad67f6c422ebc7e12d50d3cfe423"),
    ("nl.company_partner@1", "ad92ad73366fde41e0e306697c98427915fd7d315dee7250c33acb8997f4d49d"),
    ("nl.company_form@1", "bda50c1734504ca8448562a6b48d1f66b5e62f49653d0d4756096303b00557df"),
    ("nl.town@1", "5150d121638d9c5305bc890425ec0b8d813a02e337e75fc68deda038bcc64ded"),
    ("us.first_name_female@1", "580b86873c506a9e05f0cc8898b36072e63998c863342839101ea552e6a7d83c"),
    ("us.first_name_male@1", "61134bc37ae64e463a512edcb93dbbe6451dd7809d7b28aa3c88c1e10528fc3d"),
    ("us.last_name@1", "702fd8a4849c6b162e934bc83cfe5de96ab2a0bab3f9632bd86798191f3fcf9c"),
    ("us.street@1", "6383624ddab1d9222b34176d6b5bf5bbdcfa0ad64e84cb70e64629c9a0480c08"),
    ("us.job@1", "a21beeb2c79f60cc2aafcbf6e800aa5091d956118693bfeb7e9549b6e7fab299"),
    ("us.company_trade@1", "38d107b7eef42bbf39185fa923d6992804eaaa2bdd2b0b1cd65eb6d2d5ac6238"),
    ("us.company_partner@1", "6c532c06e3fb74dbb026911a31c8a7478b1618bb30e43040a96028e6d38b6b30"),
    ("us.company_form@1", "34133c38f06887aee31b0c65208c01c5dbfb5a3a7f7403321edf5b7fce09a5f0"),
    ("us.area_code@1", "c2cb3475fc22ea2e640a7fd3f76daff073826d1d2eede2a394a776f2acaccc85"),
    ("us.town@1", "4afd881b830c00765c54af7727bd2da200d639987144656a4f8c90b3eaffcaf9"),
    ("gb.first_name_female@1", "14a3810c7abdb728cf773aed3eba623ceabbda197d81358be7e7cac3a3752239"),
    ("gb.first_name_male@1", "6dcfc4f566bc1606cb96ccce3b23156ef8dd427e982d1e80a8d367a6b546118b"),
    ("gb.last_name@1", "ff052acedd9362734e2da961a2d98207d5908886bdc656660c4c71f9cb33128e"),
    ("gb.street@1", "f9b4da4b3cdecab343d0db2251c9d8a5258cd50809af05232ea6effbf37be002"),
    ("gb.job@1", "4b17d303ef7ed885423b1362e8586e81ed672e8a9b7497640827bb77031d20dc"),
    ("gb.company_trade@1", "8f0091a616effe902de1008f9126259fa56ce2392bb7ba68a80c65c946a14e51"),
    ("gb.company_partner@1", "133ca5b629c8add1f6af520d749143beb180537ab1aa7a0ff5259370feb46555"),
    ("gb.company_form@1", "d892923d211a857ae3635ed9c030552ef944ba783390f30496337ded09d21c63"),
    ("gb.town@1", "f16f0a35a8b1e30fb9ca2acabb1c45acbbadfedddde2924ff8142f817f439bba"),
    ("de.first_name_female@1", "c26db817532f5ec6d24125631dc50acfb6f77c0ff9ce2977909ae86382295aab"),
    ("de.first_name_male@1", "50d0c4fda5e3d0fb7c6fc7cb299351cfd7a6f390dd2d09ca7e7b50fe24a1c9ec"),
    ("de.last_name@1", "8d407479ba3453742100833c49fa4ae32aaa5f7783ecca72aece38bcb71de82d"),
    ("de.street@1", "d65df518de23aa8b020d6763e9dbc907d1bc698d3f669303bfec43d2c2133939"),
    ("de.job@1", "44c4796f472999b941ee9bbf740fd9bdb3eb237ca78c97603009ddb868a9c725"),
    ("de.company_trade@1", "44cb70a251c6bd7a964fc428038526ff4fa07c1fe92a1656a230b482f15180b6"),
    ("de.company_partner@1", "ab03573c535e1de841a384d40d852b542f83a31ed0ad6cac25fd69cb517c2f00"),
    ("de.company_form@1", "3604f8408f2e1d60cb95cbd36d9629bb1b1dd957c81218087b0ddb7db2c07ef6"),
    ("de.town@1", "6ec3eca01e5601c76747a9cb1b7c81348a3bc2dae7e7e86c22504ea0d32413bc"),
    ("be.first_name_female@1", "0ba3dc54b7ffe9bcf5d96cc005967971c145e5755964809fd287f64dfe8b8061"),
    ("be.first_name_male@1", "c6503df28f51fa9fb278fd91044e20d5b9c43dadc1b7d5511d69dfecb29ca46b"),
    ("be.last_name@1", "c5bac05fbdbc46d65a39927d2abefda6665f07fe43edfe8445b3f5eb3e465e7e"),
    ("be.street@1", "a5ba38c3d44309a705ae7144b0e071a0aa73c871638e892b4802325028268a74"),
    ("be.job@1", "5f77c5d25e3c3463a4a2058fc41d63c97c81795e37d58b7a395190c7b2e50850"),
    ("be.company_trade@1", "108145911694e3fc54f57ac520df36d3fa1769b6b105fa5c2aae258ee3d22acd"),
    ("be.company_partner@1", "c3ef352f423914a31edea72c8ef722d85d21b5cdad0220c40c1de9afea7bd091"),
    ("be.company_form@1", "e741559e6ad932db6ba14f18d228ad65d656d2919ba7c8c35b8c2f884a286498"),
    ("be.town@1", "eb4c7007432249e03650f3d11734fb9e0bf1831b5959ce7958460eec498a22b1"),
    ("fr.first_name_female@1", "95059f131817c94c34713e3b110f013f2a980399060ee9936449e0ca56038c6b"),
    ("fr.first_name_male@1", "91e77c6cdb21419e36490b298db31d7f1460dcdeed5f83cb718207e623fd7e86"),
    ("fr.last_name@1", "58f56b65a5657325587eec8ae3b9db9d541c62d6305d1d10a2cebc8c1044b5b0"),
    ("fr.street@1", "5f91ef070b7febdc5ba4f9185e792b567e6599e604c8c6b2d707d23d8b51048b"),
    ("fr.job@1", "a7b9ba5683ce12b3d780f5dbe66cb3aeb6e4e431527a31b05ecafcf4c1bdc076"),
    ("fr.company_trade@1", "9dfb7a37d1968e448e35c4d38cf6f55e751daf906369eceb3493e4c4a63a8167"),
    ("fr.company_partner@1", "421363cd7b7902011d44591c203a9b48d5d6f96b9a0b438df3387dfe2ef688a1"),
    ("fr.company_form@1", "f29f82bb62ed97f8e468b84911b5ec48d14157781d07de6638df3247a8e4e574"),
    ("fr.town@1", "471b68bbf209286d1c1c099150545e03581d3d740f22348970d9dca78b6859fa"),
];

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Name and text of every table.
fn sources(locale: &'static Locale) -> Vec<(&'static str, &'static str)> {
    let tables = locale.tables().map(|t| (t.name, t.source));
    tables.chain([(locale.towns.name, locale.towns.source)]).collect()
}

#[test]
fn released_tables_are_unchanged() {
    let found: Vec<(&str, String)> =
        LOCALES.iter().flat_map(|l| sources(l)).map(|(name, text)| (name, sha256(text))).collect();
    let golden: Vec<(&str, String)> = GOLDEN.iter().map(|(n, h)| (*n, (*h).to_owned())).collect();
    assert_eq!(found, golden);
}

#[test]
fn headers_name_table_source_and_licence() {
    for (name, source) in LOCALES.iter().flat_map(|l| sources(l)) {
        let head: String = source.lines().take_while(|l| l.starts_with('#')).collect();
        assert!(head.starts_with(&format!("# {name}: ")), "{name}");
        for part in ["Refuses: ", "Source: ", "Shape: "] {
            assert!(head.contains(part), "{name}: {part}");
        }
    }
}

/// Fails where an entry holds what would spoil a stand-in; `also` may stand in it besides letters and digits.
fn check_clean(name: &str, text: &str, also: &str) {
    assert_eq!(text.trim(), text, "{name}");
    assert!(!text.contains("  ") && !text.ends_with(['-', '\'', ',']), "{name}: {text}");
    assert!(text.chars().all(|c| c.is_alphanumeric() || also.contains(c)), "{name}: {text}");
    // No case is longer than the length that is counted with.
    for changed in [text.to_uppercase(), text.to_lowercase()] {
        assert!(changed.chars().count() <= table::capitals(text), "{name}: {text}");
    }
}

#[test]
fn entries_are_clean_and_single() {
    for table in LOCALES.iter().flat_map(|l| l.tables()) {
        let mut seen = std::collections::BTreeSet::new();
        let also = if table.name.contains("company") { " '-.&+" } else { " '-." };
        for e in table.entries() {
            assert!(seen.insert((e.text, e.second)), "{}: {} twice", table.name, e.text);
            for text in [e.text, e.second].into_iter().filter(|t| !t.is_empty()) {
                check_clean(table.name, text, also);
                assert!(also.len() > 4 || !text.ends_with('.'), "{}: {text}", table.name);
            }
        }
        // Every line of the file was read.
        assert_eq!(table.source.lines().filter(|l| !l.starts_with('#')).count(), table.entries().len());
        let slots: u32 = table.entries().iter().map(|e| e.slots).sum();
        assert_eq!(usize::try_from(slots).unwrap(), table.slots());
        assert_eq!(table.by_slot().count(), table.slots());
        assert!(table.slots().is_power_of_two(), "{}", table.name);
    }
}

#[test]
fn towns_are_clean_and_single() {
    for l in LOCALES {
        let towns = l.towns.entries();
        let mut seen = std::collections::BTreeSet::new();
        for t in towns {
            assert!(seen.insert((t.name.text, t.region)), "{}: {} twice", l.name, t.name.text);
            for text in [t.name.text, t.region] {
                check_clean(l.towns.name, text, " '-.");
            }
        }
        assert_eq!(l.towns.source.lines().filter(|line| !line.starts_with('#')).count(), towns.len());
        let slots: u32 = towns.iter().map(|t| t.name.slots).sum();
        assert_eq!(usize::try_from(slots).unwrap(), l.towns.slots());
        assert!(l.towns.slots().is_power_of_two(), "{}", l.name);
    }
}

#[test]
fn tables_are_as_large_as_promised() {
    for l in LOCALES {
        let nl = l.country == "NL";
        let (given, last, towns) = if nl { (512, 1024, 150) } else { (64, 256, 2) };
        assert!(l.female.slots() >= given && l.male.slots() >= given, "{}", l.name);
        assert!(l.last_names.slots() >= last && l.towns.entries().len() >= towns, "{}", l.name);
        assert!(l.streets.entries().len() >= 200, "{}", l.name);
        assert!(l.jobs.entries().len() >= 2 && l.address.additions.len().is_power_of_two(), "{}", l.name);
    }
}

#[test]
fn towns_have_postcodes_of_their_own() {
    for l in LOCALES {
        let mut ranges: Vec<_> = l.towns.entries().iter().map(|t| (t.prefix, t.low, t.high)).collect();
        ranges.sort_unstable();
        for pair in ranges.windows(2) {
            let apart = pair[0].0 != pair[1].0 || pair[0].2 < pair[1].1;
            assert!(apart, "{}: two towns share {} {}", l.name, pair[1].0, pair[1].1);
        }
        let bounds = match l.country {
            "NL" => 1011..=9999,
            "BE" => 1000..=9999,
            "GB" => 1..=99,
            "US" => 1001..=99950,
            "DE" => 1067..=99998,
            _ => 1000..=95999,
        };
        for t in l.towns.entries() {
            assert!(bounds.contains(&t.low) && bounds.contains(&t.high), "{}", t.name.text);
            assert_eq!(t.prefix.is_empty(), l.country != "GB", "{}", t.name.text);
            assert_eq!(t.short_region.is_empty(), l.country != "US", "{}", t.name.text);
        }
    }
}

#[test]
fn every_slot_is_picked_by_the_top_bits() {
    for l in LOCALES {
        for table in l.tables() {
            let bits = table.slots().trailing_zeros();
            for (n, slot) in table.by_slot().enumerate() {
                let lane = u64::try_from(n).unwrap() << (64 - bits);
                assert!(std::ptr::eq(table.pick(&mut Draw::new(lane)), slot));
                assert!(std::ptr::eq(table.pick(&mut Draw::new(lane | (u64::MAX >> bits))), slot));
            }
        }
        let bits = l.towns.slots().trailing_zeros();
        for (n, slot) in l.towns.by_slot().enumerate() {
            let lane = u64::try_from(n).unwrap() << (64 - bits);
            assert!(std::ptr::eq(l.towns.pick(&mut Draw::new(lane | (u64::MAX >> bits))), slot));
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
        assert_eq!(table.words().len(), table.entries().len());
        for (entry, word) in table.entries().iter().zip(table.words()) {
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
            let place = table.entries().iter().position(|e| std::ptr::eq(e, entry)).unwrap();
            assert!(std::ptr::eq(word, &raw const table.words()[place]));
        }
    }
}
