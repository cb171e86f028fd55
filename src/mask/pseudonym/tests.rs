//! What holds for all kinds that permute ranks: valid becomes valid, distinct stays distinct, nothing maps to itself,
//! the way back exists, columns agree with single values, and what has not the form is never passed.

use std::hash::{Hash, Hasher};

use proptest::prelude::*;

use super::*;
use crate::mask::testing::{Rule, columns_agree, compile as ready, masked_column, one, placeholder, run};
use crate::mask::{Compiled as Ready, Lanes, MaskCx, Outcome, Standins};
use crate::vocabulary::numbers::{
    Compact, Ranked, Scheme, bsn, card, iban as accounts, kvk, nhs, nino, nir, plate, postcode,
    rijksregister, ssn, steuer_id, vat,
};

/// How many values of a large domain are tried: all that were promised with `STANDIN_LONG`, which `tests/run --long` sets.
fn many() -> u64 {
    if option_env!("STANDIN_LONG").is_some() { 10_000_000 } else { 5_000 }
}

fn rule(kind: &'static str) -> Rule<'static> {
    Rule::new("pseudonym", Some(kind))
}

fn within(kind: &'static str, locale: &'static str) -> Rule<'static> {
    Rule { option: Some(("locale", locale)), ..Rule::new("pseudonym", Some(kind)) }
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u64::try_from((u128::from(self.0) * u128::from(n)) >> 64).unwrap()
    }
}

/// Every kind with a scheme, and groups to take values of.
fn schemes() -> Vec<(Rule<'static>, &'static dyn Scheme, Vec<u32>)> {
    let card = |prefix: u32, count: u32, len: u32| (prefix * 8 + count) * 32 + len;
    vec![
        (rule("onderwijsnummer"), &bsn::Onderwijsnummer, vec![0]),
        (rule("kvk"), &kvk::Kvk, vec![0, 1]),
        (rule("vat"), &vat::Vat, vec![0, 1, 2, 3, 4, 5, 6, 7]),
        (rule("rijksregister"), &rijksregister::Rijksregister, vec![0, 1, 2, 3, 6, 8, 12]),
        (rule("steuer_id"), &steuer_id::SteuerId, vec![0, 1, 2]),
        (rule("kvnr"), &steuer_id::Kvnr, vec![0]),
        (rule("nir"), &nir::Nir, vec![0, 1, 2, 60, 299, 900]),
        (rule("nino"), &nino::Nino, vec![0, 1]),
        (rule("ssn"), &ssn::Ssn, vec![0]),
        (rule("nhs"), &nhs::Nhs, vec![0, 1]),
        (
            rule("card"),
            &card::Card { keep_iin: false },
            vec![card(4, 1, 16), card(51, 2, 16), card(34, 2, 15)],
        ),
        (rule("postcode"), postcode::of("NL").unwrap(), vec![0]),
        (within("postcode", "en_GB"), postcode::of("GB").unwrap(), vec![0, 1, 2, 3, 4, 5]),
        (within("postcode", "en_US"), postcode::of("US").unwrap(), vec![0, 1]),
        (within("postcode", "de_DE"), postcode::of("DE").unwrap(), vec![0]),
        (rule("plate"), plate::of("NL").unwrap(), vec![0, 4, 6, 8, 14, 20]),
        (within("plate", "de_DE"), plate::of("DE").unwrap(), vec![0, 4, 7, 12]),
        (within("plate", "fr_FR"), plate::of("FR").unwrap(), vec![0, 1]),
        (within("plate", "en_GB"), plate::of("GB").unwrap(), vec![0, 1]),
        (within("plate", "nl_BE"), plate::of("BE").unwrap(), vec![0, 1]),
    ]
}

fn undo(compiled: &Ready, value: &str) -> String {
    let mut out = Vec::new();
    assert!(compiled.mask.undo(value.as_bytes(), &mut out), "{value}");
    String::from_utf8(out).unwrap()
}

/// Masks values, a column at a time: different ones come out different, other than they were, and back; `check` sees each
/// pair. Returns how many different ones there were.
fn is_a_bijection(
    compiled: &Ready,
    values: impl Iterator<Item = String>,
    mut check: impl FnMut(&str, &str),
) -> usize {
    let mut count = 0;
    stay_apart(compiled, values, |value, standin| {
        if count % 101 == 0 {
            assert_eq!(undo(compiled, standin), value);
        }
        count += 1;
        check(value, standin);
    })
}

fn stay_apart(
    compiled: &Ready,
    mut values: impl Iterator<Item = String>,
    mut check: impl FnMut(&str, &str),
) -> usize {
    // 64 bits of each: ten million of them share one with a chance of three in a million.
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut standins = Standins::default();
    loop {
        let column: Vec<Option<String>> = values.by_ref().take(1000).map(Some).collect();
        if column.is_empty() {
            break;
        }
        masked_column(compiled, &column, &mut standins);
        let mut start = 0;
        for (value, (end, outcome)) in column.iter().flatten().zip(&standins.ends) {
            let end = usize::try_from(*end).unwrap();
            let standin = std::str::from_utf8(&standins.bytes[start..end]).unwrap();
            assert_eq!(*outcome, Outcome::Masked, "{value}");
            assert_ne!(standin, value);
            check(value, standin);
            for (all, text) in [(&mut before, value.as_str()), (&mut after, standin)] {
                let mut hasher = std::hash::DefaultHasher::new();
                text.hash(&mut hasher);
                all.push(hasher.finish());
            }
            start = end;
        }
    }
    for all in [&mut before, &mut after] {
        all.sort_unstable();
        all.dedup();
    }
    assert_eq!(before.len(), after.len());
    after.len()
}

#[test]
fn valid_becomes_valid_distinct_and_other() {
    for (rule, scheme, groups) in schemes() {
        let compiled = ready(&rule).unwrap();
        let each = many() / u64::try_from(groups.len()).unwrap();
        for group in groups {
            let (size, mut random) = (scheme.size(group), Random(u64::from(group) + 1));
            let ranks = (0..each).map(|_| Ranked { group, rank: random.below(size) });
            let values = ranks.filter_map(|ranked| scheme.write(ranked));
            let values = values.map(|compact| String::from_utf8(compact.as_slice().to_vec()).unwrap());
            let count = is_a_bijection(&compiled, values, |value, standin| {
                let read = scheme.read(standin.as_bytes());
                assert_eq!(read.map(|r| r.group), Some(group), "{:?} {value} {standin}", rule.argument);
            });
            assert!(count > 20, "{:?} {group} {count}", rule.argument);
        }
    }
}

#[test]
fn whole_domains() {
    let compiled = ready(&rule("digits")).unwrap();
    for len in 1..=5 {
        is_a_bijection(
            &compiled,
            (0..10_u32.pow(len)).map(|n| format!("{n:0width$}", width = usize::try_from(len).unwrap())),
            |v, s| {
                assert_eq!(v.len(), s.len());
                assert!(s.bytes().all(|b| b.is_ascii_digit()));
            },
        );
    }
    let compiled = ready(&rule("alphanumeric")).unwrap();
    let pairs = (b'A'..=b'Z').flat_map(|a| (0..1000).map(move |n| format!("{}-{n:03}", char::from(a))));
    assert_eq!(is_a_bijection(&compiled, pairs, |_, s| assert_eq!(s.as_bytes()[1], b'-')), 26_000);
    let compiled = ready(&rule("text")).unwrap();
    let accents = "àáâãäåæçèéêëìíîïðñòóôõö".chars();
    assert_eq!(
        is_a_bijection(&compiled, accents.map(|c| format!("{c}!")), |v, s| assert_eq!(v.len(), s.len())),
        23
    );
    assert_eq!(is_a_bijection(&compiled, "ßÿ".chars().map(String::from), |_, _| ()), 2);
    let compiled = ready(&rule("hex")).unwrap();
    is_a_bijection(&compiled, (0..65_536).map(|n| format!("0x{n:04x}")), |_, s| assert!(s.starts_with("0x")));
    let compiled = ready(&rule("onderwijsnummer")).unwrap();
    let step = if many() > 1_000_000 { 1 } else { 100 };
    let all =
        (0..1_000_000).step_by(step).filter_map(|rank| bsn::Onderwijsnummer.write(Ranked { group: 0, rank }));
    is_a_bijection(&compiled, all.map(|c| String::from_utf8(c.as_slice().to_vec()).unwrap()), |_, s| {
        assert!(bsn::Onderwijsnummer.is_valid(s.as_bytes()));
    });
    let mut dates = rule("date");
    dates.option = Some(("within", "1940-01-01..2010-12-31"));
    let compiled = ready(&dates).unwrap();
    let days = (1940..=2010).flat_map(|y| (1..=12).flat_map(move |m| (1..=31).map(move |d| (y, m, d))));
    let exists =
        |y: i32, m: u32, d: u32| d <= u32::try_from(crate::row::civil::days_of(y.into(), m.into())).unwrap();
    let all = days.filter(|(y, m, d)| exists(*y, *m, *d)).map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    assert_eq!(
        is_a_bijection(&compiled, all, |_, s| assert!(("1940-01-01"..="2010-12-31").contains(&s))),
        25_933
    );
    let list =
        Rule { second: Some(("small_domain", "x")), option: Some(("within", "[A,B,C]")), ..rule("one_of") };
    assert_eq!(
        is_a_bijection(&ready(&list).unwrap(), ["A", "B", "C"].map(String::from).into_iter(), |_, _| ()),
        3
    );
}

#[test]
fn large_domains_of_strings() {
    let mut random = Random(5);
    let mut digits =
        |n: usize| (0..n).map(|_| char::from(b'0' + u8::try_from(random.below(10)).unwrap())).collect();
    for (kind, len) in [
        ("digits", 6),
        ("digits", 9),
        ("digits", 19),
        ("digits", 38),
        ("digits", 60),
        ("hex", 16),
        ("hex", 32),
        ("hex", 64),
    ] {
        let compiled = ready(&rule(kind)).unwrap();
        let values = (0..many()).map(|_| digits(len));
        is_a_bijection(&compiled, values, |v, s| assert_eq!(v.len(), s.len()));
    }
    let compiled = ready(&rule("alphanumeric")).unwrap();
    let values = (0..many()).map(|n| format!("KLANT-{n:07}-x/{}", n % 10));
    is_a_bijection(&compiled, values, |_, s| {
        assert!(s.bytes().take(5).all(|b| b.is_ascii_uppercase()) && s.as_bytes()[5] == b'-');
    });
}

#[test]
fn large_domains_of_numbers() {
    let mut random = Random(11);
    for (kind, bits) in [("integer", 31), ("integer", 63), ("integer", 20)] {
        let compiled = ready(&rule(kind)).unwrap();
        let values = (0..many()).map(|_| random.below(1 << bits).to_string());
        stay_apart(&compiled, values, |v, s| assert_eq!(v.parse::<i32>().is_ok(), s.parse::<i32>().is_ok()));
    }
    let compiled = ready(&rule("uuid")).unwrap();
    let values = (0..many()).map(|_| {
        let [a, b] = [random.below(u64::MAX), random.below(u64::MAX)];
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            a >> 32,
            a & 0xffff,
            a >> 16 & 0xfff,
            b >> 48 & 0xfff,
            b & 0xffff_ffff_ffff
        )
    });
    stay_apart(&compiled, values, |v, s| {
        assert!(
            v.len() == s.len() && s.as_bytes()[14] == b'4' && matches!(s.as_bytes()[19], b'8'..=b'b'),
            "{s}"
        );
    });
    let compiled = ready(&rule("bsn")).unwrap();
    let values =
        (0..many()).filter_map(|_| bsn::Bsn.write(Ranked { group: 0, rank: random.below(90_000_000) }));
    let values = values.map(|compact| String::from_utf8(compact.as_slice().to_vec()).unwrap());
    stay_apart(&compiled, values, |_, s| assert!(bsn::Bsn.is_valid(s.as_bytes()), "{s}"));
}

/// Accounts of all forms with every check right.
fn account(random: &mut Random, start: &str, form: &str) -> String {
    let mut text = format!("{start}00").into_bytes();
    text.extend(form.bytes().map(|b| match b {
        b'n' => b'0' + u8::try_from(random.below(10)).unwrap(),
        _ => b'A' + u8::try_from(random.below(26)).unwrap(),
    }));
    accounts::country_of(start.as_bytes()).unwrap().mend(&mut text, 0);
    String::from_utf8(text).unwrap()
}

#[test]
fn accounts_stay_valid_in_every_country() {
    let (plain, mut kept) = (ready(&rule("iban")).unwrap(), rule("iban"));
    kept.option = Some(("keep_bank", "true"));
    let kept = ready(&kept).unwrap();
    let mut random = Random(3);
    for (start, form) in [
        ("NL", "aaaannnnnnnnnn"),
        ("BE", "nnnnnnnnnnnn"),
        ("DE", "nnnnnnnnnnnnnnnnnn"),
        ("FR", "nnnnnnnnnnannnnnnnnnnnn"),
        ("GB", "aaaannnnnnnnnnnnnn"),
        ("NO", "nnnnnnnnnnn"),
        ("PT", "nnnnnnnnnnnnnnnnnnnnn"),
        ("MT", "aaaannnnnaaaaaaaaaannnnnnnn"),
        ("LC", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ] {
        for compiled in [&plain, &kept] {
            let values = (0..many() / 9).map(|_| account(&mut random, start, form));
            is_a_bijection(compiled, values, |v, s| {
                assert!(accounts::read(s.as_bytes()).is_some(), "{s}");
                assert_eq!((&v[..2], v.len()), (&s[..2], s.len()));
            });
        }
    }
    for (_, value, standin) in [1, 2].map(|n| {
        let value = "nl91 abna 0417 1643 00";
        (n, value, run(&kept, value).1)
    }) {
        assert_eq!((&value[..2], &value[5..9]), (&standin[..2], &standin[5..9]));
    }
}

#[test]
fn phones_addresses_and_their_classes() {
    let phone = ready(&rule("phone")).unwrap();
    let values = (0..many()).map(|n| format!("06-{:08}", n * 7919 % 100_000_000));
    is_a_bijection(&phone, values, |_, s| assert!(s.starts_with("06-")));
    let plain = run(&phone, "0612345678").1;
    for (spelling, expected) in [
        ("+31612345678", format!("+316{}", &plain[2..])),
        ("0031 6 1234 5678", format!("0031 6 {} {}", &plain[2..6], &plain[6..])),
        ("+31 (0)6-12345678", format!("+31 (0)6-{}", &plain[2..])),
    ] {
        assert_eq!(run(&phone, spelling), (Outcome::Masked, expected));
    }
    for value in ["112", "n/a", "0612345678 thuis", "+1 212 155 0100"] {
        assert_eq!(run(&phone, value).0, Outcome::Unfit, "{value}");
    }
    let ip = ready(&rule("ip")).unwrap();
    let class = |text: &str| {
        let octets: Vec<u8> = text.split('.').map(|o| o.parse().unwrap()).collect();
        match octets[..] {
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => 0,
            [127, ..] => 1,
            [169, 254, ..] => 2,
            [100, 64..=127, ..] => 3,
            [224..=239, ..] => 4,
            [0, ..] => 5,
            [240..=255, ..] => 6,
            _ => 7,
        }
    };
    let mut random = Random(2);
    let values = (0..many())
        .map(|_| u32::try_from(random.below(1 << 32)).unwrap())
        .map(|n| std::net::Ipv4Addr::from(n).to_string());
    let special = (0..=255).flat_map(|n| {
        ["10.0.0", "172.16.1", "192.168.7", "127.0.0", "169.254.9"].map(|p| format!("{p}.{n}"))
    });
    is_a_bijection(&ip, values.chain(special), |v, s| assert_eq!(class(v), class(s), "{v} {s}"));
    let values = ["2001:db8::", "fe80::", "fd12:3456::", "ff02::", "::", "64:ff9b::", "::ffff:10.0.0."];
    let all = values.iter().flat_map(|p| (1..200).map(move |n| format!("{p}{n}")));
    is_a_bijection(&ip, all, |v, s| {
        let [a, b] = [v, s].map(|t| t.parse::<std::net::Ipv6Addr>().unwrap());
        assert_eq!(a.to_ipv4_mapped().is_some(), b.to_ipv4_mapped().is_some());
        assert_eq!(a.is_multicast(), b.is_multicast());
        assert_eq!(a.is_unique_local(), b.is_unique_local());
        assert_eq!(a.is_unicast_link_local(), b.is_unicast_link_local());
        assert_eq!(a.segments()[0] >> 13 == 1, b.segments()[0] >> 13 == 1);
    });
    for value in ["10.0.0.0/8", "10.0.0", "010.0.0.1", "fe80::1%eth0", " 10.0.0.1", "::1::"] {
        assert_eq!(run(&ip, value).0, Outcome::Unfit, "{value}");
    }
}

/// A rule for every kind that works on this locale, and one of its values.
fn all_kinds() -> Vec<(Rule<'static>, &'static str)> {
    let mut kinds = Vec::new();
    for example in SPEC.examples {
        let inner = example.rule.trim_matches(['{', '}']).strip_prefix("pseudonym: ").unwrap();
        let mut parts = inner.split(", ");
        let mut rule = rule(parts.next().unwrap());
        rule.option = parts.next().map(|part| part.split_once(": ").unwrap());
        rule.second = parts.next().map(|part| part.split_once(": ").unwrap());
        kinds.push((rule, example.input));
    }
    kinds
}

#[test]
fn every_kind_has_an_example() {
    for kind in KINDS {
        assert!(all_kinds().iter().any(|(rule, _)| rule.argument == Some(*kind)), "{kind}");
    }
}

#[test]
fn nasty_21_what_has_not_the_form_is_a_placeholder_that_is_keyed() {
    let long = "x".repeat(1000);
    for (rule, value) in all_kinds() {
        let kind = rule.argument.unwrap();
        for bad in ["-", "\u{20ac}", "12\0", "\u{4e09}\u{6708}", "?x?", &long] {
            let free = matches!(kind, "text" | "alphanumeric") && (bad == "?x?" || bad == long);
            if !free {
                assert_eq!(one(&rule, bad).unwrap().0, Outcome::Unfit, "{kind} {bad:?}");
            }
        }
        for bytes in [&b"1\xff2"[..], b"\xc3", b"a\xe2\x80"] {
            let (mut out, lanes) = (Vec::new(), Lanes::default());
            let outcome = ready(&rule).unwrap().mask.mask(bytes, &MaskCx { lanes: &lanes }, &mut out);
            assert!(outcome == Outcome::Unfit && out.is_empty(), "{kind}");
        }
        let small = kind == "one_of";
        let [a, b] = ["n/a", "n/b"].map(|text| placeholder(&rule, text).unwrap());
        assert!(small || a != b, "{kind}");
        assert_eq!(one(&rule, &a).unwrap().0, Outcome::Masked, "{kind}: the placeholder has the form");
        assert_eq!(placeholder(&rule, "n/a").unwrap(), a);
        assert_ne!(placeholder(&rule, value).unwrap(), value);
    }
}

#[test]
fn pinned_values_stay_and_nothing_becomes_one() {
    for (rule, value) in all_kinds() {
        if matches!(rule.argument, Some("integer" | "uuid" | "bsn")) {
            continue;
        }
        let standin = one(&rule, value).unwrap().1;
        // The value whose stand-in it was becomes something else.
        let pinned = [standin.as_str(), "n/a"];
        let rule = Rule { pinned: &pinned, ..rule };
        let (outcome, other) = one(&rule, value).unwrap();
        assert_eq!(outcome, Outcome::Masked);
        assert_ne!(other, standin, "{:?}", rule.argument);
        assert_eq!(one(&rule, &standin), Some((Outcome::Pinned, standin.clone())));
        assert_eq!(one(&rule, "n/a"), Some((Outcome::Pinned, "n/a".to_owned())));
        let values = [Some(value), None, Some(""), Some(&standin), Some("n/a"), Some("-")]
            .map(|v| v.map(str::to_owned));
        columns_agree(&rule, &values);
    }
}

#[test]
fn spellings_case_and_types_agree() {
    for (kind, spellings) in [
        ("digits", &["00123456", "001-234-56", "00 12 34 56"][..]),
        ("alphanumeric", &["AB12x", "ab12X", "a.b-1/2x"]),
        ("hex", &["deadbeef", "DEADBEEF", "0xdeadbeef", "\\xDEADBEEF"]),
        ("kvk", &["01234567", "0123.45.67", "1234567"]),
        ("nino", &["AB123456C", "ab 12 34 56 c"]),
        ("vat", &["NL111222333B01", "111222333B01", "nl111222333b01"]),
        ("card", &["4111111111111111", "4111-1111-1111-1111"]),
        ("postcode", &["1234AB", "1234 ab"]),
        ("plate", &["12BCD3", "12-bcd-3"]),
        ("iban", &["NL91ABNA0417164300", "nl91 abna 0417 1643 00"]),
    ] {
        let plain = |text: &str| {
            let text = text.trim_start_matches("0x").trim_start_matches("\\x");
            let compact = Compact::read(text.as_bytes()).unwrap();
            let text = String::from_utf8(compact.as_slice().to_vec()).unwrap();
            if kind == "vat" { text.trim_start_matches("NL").to_owned() } else { text }
        };
        let first = plain(&one(&rule(kind), spellings[0]).unwrap().1);
        for spelling in spellings {
            let standin = one(&rule(kind), spelling).unwrap().1;
            assert_eq!(plain(&standin), first, "{kind} {spelling}");
            let shape = |t: &str| {
                t.chars().map(|c| if c.is_ascii_alphanumeric() { 'x' } else { c }).collect::<String>()
            };
            if *spelling != "1234567" {
                assert_eq!(shape(&standin), shape(spelling));
                assert_eq!(
                    standin == standin.to_lowercase(),
                    *spelling == spelling.to_lowercase(),
                    "{standin}"
                );
            }
        }
    }
    let number = Rule { ty: TypeClass::Integer, ..rule("kvk") };
    let text = one(&rule("kvk"), "01234567").unwrap().1;
    assert_eq!(one(&number, "1234567").unwrap().1, text.trim_start_matches('0'));
}

#[test]
fn refusals() {
    let narrow = |kind, chars| Rule { ty: TypeClass::Text { max_chars: Some(chars) }, ..rule(kind) };
    for rule in [
        narrow("ssn", 8),
        narrow("iban", 15),
        narrow("card", 15),
        narrow("phone", 11),
        narrow("ip", 14),
        Rule { ty: TypeClass::Integer, ..rule("digits") },
        Rule { ty: TypeClass::Integer, ..rule("rijksregister") },
        Rule { ty: TypeClass::Boolean, ..rule("hex") },
        Rule { option: Some(("within", "[A,B]")), ..rule("one_of") },
        Rule { option: Some(("within", "[A]")), second: Some(("small_domain", "x")), ..rule("one_of") },
        Rule { option: Some(("within", "2010-12-31..2010-01-01")), ..rule("date") },
        Rule { option: Some(("within", "2010-02-30..2050-01-01")), ..rule("date") },
        Rule { option: Some(("within", "2001-01-01..2010-01-01")), ..rule("date") },
        Rule { option: Some(("within", "smallint")), ..rule("date") },
        Rule { option: Some(("keep_bank", "true")), ..rule("card") },
        Rule { option: Some(("keep_iin", "true")), ..rule("iban") },
        rule("date"),
        rule("one_of"),
        within("plate", "en_US"),
        within("postcode", "nl_BE"),
    ] {
        assert!(ready(&rule).is_none(), "{:?} {:?}", rule.argument, rule.option);
    }
    assert!(ready(&Rule { second: Some(("small_domain", "x")), ..within("postcode", "nl_BE") }).is_some());
}

proptest! {
    #[test]
    fn column_equals_one_by_one(values in proptest::collection::vec(proptest::option::of(
        "[0-9]{1,40}|[0-9a-f]{1,70}|[A-Za-zé]{0,3}[0-9]{0,4}[ .-]?[A-Z]{0,2}|[1-9][0-9]{3} [A-Z]{2}|06-[0-9]{8}|10\\.0\\.[0-9]\\.[0-9]|\\PC{0,9}"),
        0..150)) {
        for (rule, _) in all_kinds() {
            columns_agree(&rule, &values);
        }
    }

    #[test]
    fn text_keeps_its_layout(value in "[\\PC]{0,30}") {
        let compiled = ready(&rule("text")).unwrap();
        let (outcome, standin) = run(&compiled, &value);
        if outcome == Outcome::Masked && !value.is_empty() {
            prop_assert_eq!(value.len(), standin.len());
            prop_assert_eq!(value.chars().count(), standin.chars().count());
            for (a, b) in value.chars().zip(standin.chars()) {
                prop_assert_eq!(a.is_alphanumeric(), b.is_alphanumeric());
                prop_assert!(a.is_alphanumeric() || a == b);
                prop_assert_eq!(a.is_ascii(), b.is_ascii());
            }
            prop_assert_eq!(undo(&compiled, &standin), value);
        }
    }
}
