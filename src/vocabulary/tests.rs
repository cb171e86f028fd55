//! What holds for every table: its golden hash, its slots, clean entries, and what the fakes rely on.

use sha2::{Digest, Sha256};

use super::*;

/// Released tables never change: an edit needs a new version of the name (DESIGN 5).
const GOLDEN: &[(&str, &str)] = &[
    ("nl.first_name_female@1", "0693ed984deeb6629e300ccde93c6b4b66b34ab8ad6ebf853ace14c1ba38d863"),
    ("nl.first_name_male@1", "c670122e2b62f783007c7257fb14ef6a100e551a286c1c51e8572bde1a03b0a4"),
    ("nl.last_name@1", "251824bc78c85ce350ccde7a70bf73f2e446b526eeca483503d51fceb2f90073"),
    ("nl.street@1", "0bc4f6c10eebabe939f4defd49ef54fbb036259d276bdf06fb04a41a58e1249f"),
    ("nl.job@1", "d4c3fc6112b677607f5a2093df2ac84b037e78b356c6de4e7174305d36bedbad"),
    ("nl.company_trade@1", "93636efb117473ab4de04391ce8db3563399667796ec418bc4a441a0c5be359d"),
    ("nl.company_partner@1", "ecbae52c3ab49706f15428d5ba70d2be0be5ecc70b3bd0c9851933ae366a3a90"),
    ("nl.company_form@1", "61a5b7b53b434c198669f83f94ddd935cba46c39ab0382e530c54a42037af04c"),
    ("nl.town@1", "6145b235b2c3ec843a1ab02867a8e43946f036d26dc78dac6db73be241f16cb2"),
    ("us.first_name_female@1", "6bde5a0a051c0f6e1c82584163799097cb8851869d8aa242d57596d2b5b18a38"),
    ("us.first_name_male@1", "14385a49f80df5f4378a76d6c1635d37dd613bfcade0518c6f958afeea340988"),
    ("us.last_name@1", "e775018115ed66bd6c9768501edba76291135c9454803caba5b979c3733f0146"),
    ("us.street@1", "43951157e76eae11a735fee03c6cc101ddf3eec9df1974b54756730055dbea02"),
    ("us.job@1", "0835ce4fad67bcfcb4aab6acae295f9abe42d7fbe13a70e1b35837af3448fb40"),
    ("us.company_trade@1", "653405801593a858625ab66cca913842cd70b65322561945ec80551036f4c38b"),
    ("us.company_partner@1", "da5b7cdc7459dc6516e4ffa450be17a3f20c6b6224dba116ed3fb42be5fbc43d"),
    ("us.company_form@1", "5144630554bbfcecf2e9fe081fb843e9deace9299e98746045242721533f93cd"),
    ("us.area_code@1", "c2cb3475fc22ea2e640a7fd3f76daff073826d1d2eede2a394a776f2acaccc85"),
    ("us.town@1", "678acf66ac47c1b042ffd945997e35b32cdfafc5fadb897d5fcb29558dbb1648"),
    ("gb.first_name_female@1", "c6dd5f36280af88a9ed2ed410b38bf1856757ea1bcfe8d985f608dc69f87ae8c"),
    ("gb.first_name_male@1", "6de87a2b2a26c58b13e10ee0209613d4f1df8d22ac6fa18ed0a4b4d935067878"),
    ("gb.last_name@1", "5a133fb18d941c5f00e5dc712aaf68e266739dbab40308faa0a26338b14d9cb6"),
    ("gb.street@1", "416106b018760a15e9994f93bdfeeb519b84bfdcc780e7d73ab8291ee569c894"),
    ("gb.job@1", "bc0b195b42411066655cffabdee7997a35c96bcdcc41256e3faf3574ac37065c"),
    ("gb.company_trade@1", "6dd14b9f140b7f487a0f98960b20db233cf9ddef60f4004c575af082912fc897"),
    ("gb.company_partner@1", "7a331a653c2af842e5161f7d9afb05771f76c04edcb124d0befb410255f7aa6a"),
    ("gb.company_form@1", "e00d232c123976ff258840510343359d850b9411bd0323f1af571cb13e912950"),
    ("gb.town@1", "998869d905cedd66905fcd38be25f9487ab30bca2876d32101682ddf151d8f04"),
    ("de.first_name_female@1", "fa63e441fa5bca0226f86ac32438881f8c446558e480a4427f8d23c812012551"),
    ("de.first_name_male@1", "dfc9867b7e38fe5dbe3922fce850a06e4cbdc8dc4c8ac7ee3b7663839dd0f274"),
    ("de.last_name@1", "4785c55b5804059e00f5514656c93e809b9cb48d5ac1a8bfc73131de993da915"),
    ("de.street@1", "d39a7cdc6e46eb5061460b24cd6bacce354de63367993c5fdbf066e2915594cd"),
    ("de.job@1", "b2b22c69446533d30b06d7b7a1498691ad00c582bd63465960cee14d32f0c4bb"),
    ("de.company_trade@1", "94a2f60d01c59f18447655d76c648059cf143fd458517a2b1ff0b559dd6d3584"),
    ("de.company_partner@1", "973a5d79f5e4c79adfe19826d870f5bb662b1e61c848dcc97c1edc7bf8a4cf64"),
    ("de.company_form@1", "a6f9e3832b66945a8daadb953960af119ca5113996f0985971586e197e8308e3"),
    ("de.town@1", "6469c6a240022239bfc7d121f2a36d23efdb9c0a3911e24df1a42e9906e5a5cc"),
    ("be.first_name_female@1", "18fb3c00ba3f988ed85fb53d305227e5d21e39f5b46bb0e6acf681c143a9a08f"),
    ("be.first_name_male@1", "b7704b6bc7983a689b5b3c377d3cf6b4b5f6e8ac6dad3585fa3cef324cdbc70b"),
    ("be.last_name@1", "6ce64e235afbe6e2dc13c005414e6e9ddaa5b5e37467d06fdc66e676b228f898"),
    ("be.street@1", "e8f1b25ad010855c751deaa77b9952b7718c2d1604136d4723d8db763a5a1ec9"),
    ("be.job@1", "a31e2b869cf56cff3bba492c205c58e078973aebfc6d6fa6c7846825a8e09a3b"),
    ("be.company_trade@1", "d1714253640cc9f554272fddfb9a0d3673f5a8ea63baf42f8d7766262866719e"),
    ("be.company_partner@1", "e611757f61bc783ae7e7e34b110d3e6d1e731684bbf441f2691e0b13e63278bb"),
    ("be.company_form@1", "f009d33f077529476a18be3b5640f7ac0b8ba79e06b317d2744ef1f559d7a32f"),
    ("be.town@1", "0516dc4c840a2a7c5950a999195e4f43c1fa6ab8dca5241cec71b13869141635"),
    ("fr.first_name_female@1", "3aafdd9b1a6612f344e9bce6effb8cc99fcd77e21e0f4c21b72293a3c5a5ff35"),
    ("fr.first_name_male@1", "063de373cac25ca0597d2034c6218dca6c2fda1e2b9a0be758ab6224a6bb9c38"),
    ("fr.last_name@1", "554bc050ccfdaeafdc9ebe44a4ec7081176b741a8da75b81de406f65bf38fc82"),
    ("fr.street@1", "3ef8da98426e9beffb79952ca884fa7b54058ca41523827f7d7a4940fedcc510"),
    ("fr.job@1", "d923360ef12e131d085e9b67617983ef70b42be1d02c683d30cb8b6e25ac5e8c"),
    ("fr.company_trade@1", "6a9d13c8de5170bc419118cd7a6db513a4d0e7e7fbd4be04cc152433841e85c6"),
    ("fr.company_partner@1", "d3a4b1c7b12f4466ec883f49c4162010f381e7fa5d3699cfe977879e99038e74"),
    ("fr.company_form@1", "6633b6c44a7d376b265c68430ca2e0a668137b794e520681bcf3888f18f5a2e4"),
    ("fr.town@1", "6b330d76a9e93bb680a334644d1a6105a8f6f1d2c9c2b7ac635b5ff6c530f6e6"),
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
        let (given, last, towns) = if nl { (1024, 4096, 500) } else { (512, 2048, 250) };
        assert!(l.female.slots() >= given && l.male.slots() >= given, "{}", l.name);
        assert!(l.last_names.slots() >= last && l.towns.entries().len() >= towns, "{}", l.name);
        assert!(l.streets.entries().len() >= if nl { 3000 } else { 1000 }, "{}", l.name);
        assert!(l.jobs.entries().len() >= 128 && l.address.additions.len().is_power_of_two(), "{}", l.name);
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
