//! What `php` does with each notation, each mistake and each size. The values are invented after the shapes that
//! WordPress and Magento store.

use std::sync::Arc;

use proptest::prelude::*;

use super::walk::Php;
use super::*;
use crate::mask::inside::Inside;
use crate::mask::inside::testing::{Does, rules, walked};
use Does::{Gone, Keep, Keyed, Shown, Stops, Write};

fn walk(inside: &Inside, otherwise: Else) -> Box<Php> {
    let matcher = Matcher::new(inside).map_err(|refusal| refusal.what).expect("the paths are sound");
    Box::new(Php { matcher, otherwise, coding: Coding::Plain })
}

fn bytes(list: Vec<(&str, Does)>, otherwise: Else, value: &[u8]) -> Option<Vec<u8>> {
    let inside = rules(list);
    walked(walk(&inside, otherwise), &inside, value).map(|(out, _)| out)
}

fn masked(list: Vec<(&str, Does)>, value: &str) -> String {
    let out = bytes(list, Else::Remove, value.as_bytes()).expect("is fit");
    assert!(shown(&out).is_some(), "is PHP: {}", String::from_utf8_lossy(&out));
    String::from_utf8(out).expect("text")
}

/// Reads as PHP does, without any code of the walker: `{name:"text",0:7}`; a reference shows its target.
fn shown(value: &[u8]) -> Option<String> {
    let (mut at, mut slots) = (0, Vec::new());
    let text = read(value, &mut at, &mut slots)?;
    (at == value.len()).then_some(text)
}

fn until<'a>(value: &'a [u8], at: &mut usize, mark: u8) -> Option<&'a str> {
    let len = value.get(*at..)?.iter().position(|b| *b == mark)?;
    let text = std::str::from_utf8(&value[*at..*at + len]).ok()?;
    *at += len + 1;
    Some(text)
}

fn quoted(value: &[u8], at: &mut usize) -> Option<String> {
    let len: usize = until(value, at, b':')?.parse().ok()?;
    let inner = value.get(*at..*at + len + 2)?;
    *at += len + 2;
    (inner.starts_with(b"\"") && inner.ends_with(b"\""))
        .then(|| String::from_utf8_lossy(&inner[1..=len]).into_owned())
}

fn read(value: &[u8], at: &mut usize, slots: &mut Vec<String>) -> Option<String> {
    let kind = *value.get(*at)?;
    *at += 2;
    let own = slots.len();
    if kind != b'R' {
        slots.push("...".to_owned());
    }
    let text = match kind {
        b'N' => "null".to_owned(),
        b'b' | b'i' | b'd' => until(value, at, b';')?.to_owned(),
        b's' | b'E' => {
            let text = quoted(value, at)?;
            *at += 1;
            format!("{text:?}")
        }
        b'R' | b'r' => {
            let number: usize = until(value, at, b';')?.parse().ok()?;
            // One that leads to itself is none.
            let target = slots.get(number.checked_sub(1)?).filter(|_| kind == b'R' || number - 1 != own)?;
            format!("&{target}")
        }
        b'C' => {
            let class = quoted(value, at)?;
            *at += 1;
            let len: usize = until(value, at, b':')?.parse().ok()?;
            *at += len + 2;
            format!("{class}<{len}>")
        }
        b'a' | b'O' => {
            let class = if kind == b'O' {
                let class = quoted(value, at)?;
                *at += 1;
                class
            } else {
                String::new()
            };
            let members: usize = until(value, at, b':')?.parse().ok()?;
            *at += 1;
            let mut parts = Vec::new();
            for _ in 0..members {
                let key = read(value, at, &mut Vec::new())?;
                parts.push(format!("{}:{}", key.trim_matches('"'), read(value, at, slots)?));
            }
            if value.get(*at) != Some(&b'}') {
                return None;
            }
            *at += 1;
            format!("{class}{{{}}}", parts.join(","))
        }
        _ => return None,
    };
    if kind != b'R' {
        slots[own].clone_from(&text);
    }
    Some(text)
}

/// Serializes text.
fn s(text: &str) -> String {
    format!("s:{}:\"{text}\";", text.len())
}

/// What WordPress keeps in `wp_options.widget_text` and in `wp_usermeta.session_tokens`.
#[test]
fn wordpress_shapes() {
    let widget = format!(
        "a:2:{{i:2;a:3:{{{}{}{}{}{}b:1;}}{}i:1;}}",
        s("title"),
        s("Visit us"),
        s("text"),
        s("Call Renée at 0612345678"),
        s("filter"),
        s("_multiwidget"),
    );
    assert_eq!(
        masked(vec![("$[*].title", Keep), ("$[*].text", Write("é")), ("$._multiwidget", Keep)], &widget),
        format!(
            "a:2:{{i:2;a:2:{{{}{}{}{}}}{}i:1;}}",
            s("title"),
            s("Visit us"),
            s("text"),
            s("é"),
            s("_multiwidget")
        )
    );
    let tokens = format!(
        "a:1:{{{}a:4:{{{}i:1700000000;{}{}{}{}{}i:1690000000;}}}}",
        s("6e1f0a"),
        s("expiration"),
        s("ip"),
        s("192.0.2.7"),
        s("ua"),
        s("Mozilla/5.0"),
        s("login"),
    );
    assert_eq!(
        masked(vec![("each_key $", Write("token")), ("$.*.expiration", Keep), ("$.*.ip", Shown)], &tokens),
        format!(
            "a:1:{{{}a:2:{{{}i:1700000000;{}{}}}}}",
            s("token"),
            s("expiration"),
            s("ip"),
            s("<192.0.2.7>")
        )
    );
    assert_eq!(masked(vec![("$.*.ua", Gone)], &tokens), "a:0:{}");
}

/// What Magento 1 kept in `sales_flat_quote_item_option.value`, and in objects.
#[test]
fn magento_shapes() {
    let option = format!(
        "a:3:{{{}{}{}a:12:{{{}}}{}d:19.95;}}",
        s("uenc"),
        s("aHR0cDovL2V4YW1wbGUub3JnLw,,"),
        s("options"),
        (0..12).map(|at| format!("i:{at};{}", s(&format!("Engraving {at}")))).collect::<String>(),
        s("price"),
    );
    // Twelve become nine: the count loses a digit.
    let list = (0..9).map(|_| ()).enumerate().map(|(at, ())| format!("$.options[{at}]")).collect::<Vec<_>>();
    let out = masked(list.iter().map(|path| (path.as_str(), Keep)).collect(), &option);
    assert!(out.starts_with("a:1:{s:7:\"options\";a:9:{i:0;s:11:\"Engraving 0\";"), "{out}");
    let object = "O:16:\"Example_Customer\":3:{s:8:\"\0*\0_data\";a:1:{s:4:\"name\";s:3:\"Jan\";}\
                  s:23:\"\0Example_Customer\0_mail\";s:1:\"m\";s:3:\"tag\";N;}";
    assert_eq!(
        masked(vec![("$._data.name", Shown), ("$._mail", Gone), ("$.tag", Shown)], object),
        "O:16:\"Example_Customer\":2:{s:8:\"\0*\0_data\";a:1:{s:4:\"name\";s:5:\"<Jan>\";}s:3:\"tag\";N;}"
    );
    assert_eq!(
        masked(vec![("each_key $", Shown), ("$._mail", Keep)], object),
        "O:16:\"Example_Customer\":1:{s:25:\"\0Example_Customer\0<_mail>\";s:1:\"m\";}"
    );
}

#[test]
fn leaves_keep_their_type_where_they_can() {
    let value = "a:6:{i:0;s:1:\"x\";i:1;i:-7;i:2;d:0.5;i:3;b:1;i:4;N;i:5;s:0:\"\";}";
    let all = |does: fn() -> Does| vec![("$[*]", does())];
    assert_eq!(
        masked(all(|| Shown), value),
        "a:6:{i:0;s:3:\"<x>\";i:1;s:4:\"<-7>\";i:2;s:5:\"<0.5>\";i:3;s:6:\"<true>\";i:4;N;i:5;s:0:\"\";}"
    );
    assert_eq!(
        masked(all(|| Write("1")), value),
        "a:6:{i:0;s:1:\"1\";i:1;i:1;i:2;d:1;i:3;b:1;i:4;N;i:5;s:0:\"\";}"
    );
    assert_eq!(
        masked(all(|| Write("-1.5")), value),
        "a:6:{i:0;s:4:\"-1.5\";i:1;d:-1.5;i:2;d:-1.5;i:3;s:4:\"-1.5\";i:4;N;i:5;s:0:\"\";}"
    );
    assert_eq!(masked(vec![("$[3]", Write("false"))], value), "a:1:{i:3;b:0;}");
    assert_eq!(masked(vec![("$[1]", Write("007"))], value), "a:1:{i:1;s:3:\"007\";}");
    assert_eq!(masked(vec![("$[-1]", Keep), ("$['2']", Keep)], value), "a:2:{i:2;d:0.5;i:5;s:0:\"\";}");
    assert_eq!(masked(vec![("$", Shown)], "s:1:\"x\";"), "s:3:\"<x>\";");
    assert_eq!(masked(vec![("$", Gone)], "i:5;"), "N;");
    assert_eq!(masked(vec![("$.a", Keep)], "i:5;"), "N;");
}

#[test]
fn what_only_a_class_understands_is_kept_or_goes() {
    let value = "a:3:{s:1:\"c\";C:11:\"ArrayObject\":5:{x:i:0}s:1:\"e\";E:11:\"Suit:Hearts\";s:1:\"x\";i:1;}";
    assert_eq!(masked(vec![("$.c", Keep), ("$.e", Keep), ("$.x", Keep)], value), value);
    assert_eq!(masked(vec![("$.x", Keep)], value), "a:1:{s:1:\"x\";i:1;}");
    assert_eq!(
        masked(vec![("$.c", Shown), ("$.e", Shown)], value),
        "a:2:{s:1:\"c\";s:1:\"?\";s:1:\"e\";s:1:\"?\";}"
    );
    assert_eq!(bytes(vec![("$.e", Stops)], Else::Remove, value.as_bytes()), None);
    for blob in ["--- !ruby/object:User", "\u{4}\u{8}{name"] {
        let value = format!("a:1:{{{}{}}}", s("b"), s(blob));
        assert_eq!(masked(vec![("$.b", Shown)], &value), "a:1:{s:1:\"b\";s:1:\"?\";}");
    }
}

#[test]
fn references_lead_where_they_led() {
    // 1 the array, 2 secret, 3 its element, 4 a, 5 b; then R to a, r to b, R to the secret.
    let value = format!(
        "a:6:{{{}a:1:{{i:0;{}}}{}{}{}O:1:\"P\":0:{{}}{}R:4;{}r:5;{}R:2;}}",
        s("secret"),
        s("hidden"),
        s("a"),
        s("one"),
        s("b"),
        s("c"),
        s("d"),
        s("e"),
    );
    assert_eq!(
        shown(value.as_bytes()).expect("PHP"),
        r#"{secret:{0:"hidden"},a:"one",b:P{},c:&"one",d:&P{},e:&{0:"hidden"}}"#
    );
    let kept = |paths: &[&'static str]| {
        shown(masked(paths.iter().map(|path| (*path, Keep)).collect(), &value).as_bytes()).expect("PHP")
    };
    assert_eq!(kept(&["$.a", "$.b", "$.c", "$.d", "$.e"]), r#"{a:"one",b:P{},c:&"one",d:&P{},e:null}"#);
    assert_eq!(kept(&["$.b", "$.c", "$.d"]), "{b:P{},c:null,d:&P{}}");
    assert_eq!(kept(&["$.e", "$.d"]), "{d:null,e:null}");
    assert_eq!(kept(&["$.secret"]), r#"{secret:{0:"hidden"}}"#);
    assert_eq!(kept(&["$"]), shown(value.as_bytes()).expect("PHP"));
    assert_eq!(masked(vec![("$", Keep)], &value), value);
    let mixed = masked(
        vec![("$.a", Shown), ("$.c", Shown), ("$.secret", Shown), ("$.d", Keep), ("$.b", Keep)],
        &value,
    );
    assert_eq!(shown(mixed.as_bytes()).expect("PHP"), r#"{secret:"?",a:"<one>",b:P{},c:&"<one>",d:&P{}}"#);
    let filled =
        bytes(vec![("$.b", Keep), ("$.d", Keep), ("$.a.secret", Keep)], Else::Fill, value.as_bytes());
    assert_eq!(shown(&filled.expect("is fit")).expect("PHP"), r#"{secret:{},a:"",b:P{},d:&P{}}"#);
    // Forwards, and among what only a class understands.
    for value in ["a:1:{i:0;R:3;}", "R:1;", "a:1:{i:0;r:0;}", "a:2:{i:0;R:3;i:1;i:5;}"] {
        assert_eq!(bytes(vec![("$[*]", Keep)], Else::Remove, value.as_bytes()), None, "{value}");
    }
    for value in [
        "a:3:{i:0;C:1:\"A\":0:{}i:1;N;i:2;R:3;}",
        "a:2:{i:0;C:1:\"A\":9:{a:0:{};r:1;}i:1;N;}",
        "a:2:{i:0;C:1:\"A\":6:{x;R:1;}i:1;N;}",
    ] {
        if shown(value.as_bytes()).is_none() {
            continue;
        }
        assert_eq!(bytes(vec![("$[1]", Keep)], Else::Remove, value.as_bytes()), None, "{value}");
        assert_eq!(
            bytes(vec![("$", Keep)], Else::Remove, value.as_bytes()).as_deref(),
            Some(value.as_bytes())
        );
    }
}

#[test]
fn fill_stop_filters_by_and_nesting() {
    let value = format!(
        "a:4:{{{}i:5;{}a:2:{{i:0;{}i:1;a:1:{{{}{}}}}}{}b:1;{}d:0.5;}}",
        s("a"),
        s("l"),
        s("x"),
        s("b"),
        s("y"),
        s("jan@example.org"),
        s("b"),
    );
    let fill =
        bytes(vec![("$.l[*].b", Shown), ("$.a.a", Keep)], Else::Fill, value.as_bytes()).expect("is fit");
    assert_eq!(shown(&fill).expect("PHP"), r#"{a:0,l:{0:"",1:{b:"<y>"}},b:0}"#);
    assert_eq!(bytes(vec![("$.l", Keep)], Else::Stop, value.as_bytes()), None);
    assert_eq!(bytes(vec![("$.*", Keep)], Else::Stop, value.as_bytes()).as_deref(), Some(value.as_bytes()));
    let row = |kind: &str, name: &str| format!("a:2:{{{}{}{}{}}}", s("name"), s(name), s("kind"), s(kind));
    let rows = format!("a:3:{{i:0;{}i:1;{}i:2;{}}}", row("mail", "n"), row("phone", "n"), row("mail", "n"));
    assert_eq!(
        shown(masked(vec![("$[?(@.kind == 'mail')].name", Shown)], &rows).as_bytes()).expect("PHP"),
        r#"{0:{name:"<n>"},2:{name:"<n>"}}"#
    );
    let keyed =
        shown(masked(vec![("$[*].name by $[*].kind", Keyed), ("$[*].kind", Keyed)], &rows).as_bytes())
            .expect("PHP");
    let all: Vec<&str> = keyed.split('"').skip(1).step_by(2).collect();
    assert_eq!((all[0], all[2], all[4]), (all[1], all[3], all[5]));
    assert_eq!(all[0], all[4]);
    assert_ne!(all[0], all[2]);
    let inner = rules(vec![("$.a", Shown)]);
    let nested = Does::Nested(walk(&inner, Else::Remove), Arc::clone(&inner));
    let within = format!("a:1:{{{}{}}}", s("p"), s(&value));
    let out = masked(vec![("$.p", nested)], &within);
    assert_eq!(out, format!("a:1:{{{}{}}}", s("p"), s("a:1:{s:1:\"a\";s:3:\"<5>\";}")));
}

#[test]
fn keys_stay_apart() {
    let value = "a:3:{i:5;i:1;s:1:\"x\";i:2;s:0:\"\";i:3;}";
    assert_eq!(
        masked(vec![("each_key $", Shown), ("$[*]", Keep)], value),
        "a:3:{s:3:\"<5>\";i:1;s:3:\"<x>\";i:2;s:0:\"\";i:3;}"
    );
    // A string of digits and that number are one key to PHP.
    assert_eq!(bytes(vec![("each_key $", Write("7")), ("$[*]", Keep)], Else::Remove, value.as_bytes()), None);
    assert_eq!(masked(vec![("each_key $", Write("7")), ("$[5]", Keep)], value), "a:1:{i:7;i:1;}");
    assert_eq!(masked(vec![("each_key $", Write("1.5")), ("$[5]", Keep)], value), "a:1:{s:3:\"1.5\";i:1;}");
}

#[test]
fn digits_of_a_bytea_around_it() {
    let hex = |text: &[u8]| [b"\\x", data_encoding::HEXLOWER.encode(text).as_bytes()].concat();
    let of = |value: &[u8]| {
        let inside = rules(vec![("$.a", Shown)]);
        let matcher = Matcher::new(&inside).map_err(|refusal| refusal.what).expect("the paths are sound");
        let walk = Php { matcher, otherwise: Else::Remove, coding: Coding::Bytea };
        walked(Box::new(walk), &inside, value).map(|(out, _)| out)
    };
    let value = hex(b"a:2:{s:1:\"a\";i:5;s:1:\"b\";i:6;}");
    assert_eq!(of(&value), Some(hex(b"a:1:{s:1:\"a\";s:3:\"<5>\";}")));
    let upper: Vec<u8> =
        value.iter().enumerate().map(|(n, b)| if n > 1 { b.to_ascii_uppercase() } else { *b }).collect();
    assert_eq!(of(&upper), of(&value));
    assert_eq!(of(b"\\x").as_deref(), Some(&b"\\x"[..]), "no bytes at all");
    // The form with escapes, half a byte, and no digits.
    for value in [&b"a:0:{}"[..], &value[..value.len() - 1], b"\\xzz", b"\\X00", b"\\x00"] {
        assert_eq!(of(value), None, "{}", String::from_utf8_lossy(value));
    }
}

#[test]
fn columns_of_bytes_hold_it_as_their_servers_print_it() {
    use crate::mask::testing::{Rule, compile, ruled};
    let fits = |rule: &str, spelled: &'static str| {
        compile(&Rule { ty: TypeClass::Bytes, spelled, ..ruled(rule) }).map(|compiled| {
            let mut out = Vec::new();
            assert!(compiled.mask.placeholder(b"x", &mut out));
            String::from_utf8(out).expect("text")
        })
    };
    let rule = "{php: {$.a: keep}}";
    assert_eq!(fits(rule, "longblob").as_deref(), Some("a:0:{}"));
    assert_eq!(fits("{php: {$.a: keep}, base64: true}", "BLOB").as_deref(), Some("YTowOnt9"));
    assert_eq!(fits(rule, "bytea").as_deref(), Some("\\x613a303a7b7d"));
    for spelled in ["tinyblob", "varbinary(255)"] {
        assert_eq!(fits(rule, spelled), None, "{spelled}");
    }
    assert_eq!(fits("{php: {$.a: keep}, base64: true}", "bytea"), None);
}

#[test]
fn base64_around_it() {
    let base64 = data_encoding::BASE64;
    let inside = rules(vec![("$.a", Shown)]);
    let run = |value: &[u8]| {
        let matcher = Matcher::new(&inside).expect("sound");
        let walk = Php { matcher, otherwise: Else::Remove, coding: Coding::Base64 };
        walked(Box::new(walk), &inside, value).map(|(out, _)| out)
    };
    let value = base64.encode(b"a:2:{s:1:\"a\";i:5;s:1:\"b\";i:6;}");
    let out = run(value.as_bytes()).expect("is fit");
    assert_eq!(base64.decode(&out).expect("base64"), b"a:1:{s:1:\"a\";s:3:\"<5>\";}");
    for value in ["", "a:0:{}", "YTowOnt9=", "YTowOnt9\n", "TjtO", "TjsA"] {
        assert_eq!(run(value.as_bytes()), None, "{value}");
    }
}

#[test]
fn wrong_lengths_counts_and_kinds_are_unfit() {
    for value in [
        "",
        ";",
        "N",
        "N:",
        "N;N;",
        "b:2;",
        "b:;",
        "i:;",
        "i:1",
        "i:1.5;",
        "i:x;",
        "i:99999999999999999999;",
        "d:;",
        "d:x;",
        "d:1,5;",
        "s:1:\"ab\";",
        "s:3:\"ab\";",
        "s:2:ab;",
        "s:2:\"ab\"",
        "s:-1:\"\";",
        "s:+1:\"a\";",
        "s:99999999999999999999:\"a\";",
        "s:18446744073709551615:\"a\";",
        "s:18446744073709551614:\"a\";",
        "s::\"\";",
        "S:1:\"a\";",
        "o:0:{}",
        "x:1;",
        "a:1:{}",
        "a:0:{i:0;N;}",
        "a:2:{i:0;N;}",
        "a:0:{",
        "a:0:}",
        "a:-1:{}",
        "a:4294967296:{}",
        "a:99999999999999999999:{}",
        "a:1:{N;N;}",
        "a:1:{b:1;N;}",
        "a:1:{d:1;N;}",
        "a:1:{a:0:{}N;}",
        "O:1:\"P\":0:{",
        "O:+1:\"P\":0:{}",
        "O:2:\"P\":0:{}",
        "O:1:\"P\"0:{}",
        "C:1:\"P\":1:{}",
        "C:1:\"P\":9:{x}",
        "C:1:\"P\":18446744073709551615:{x}",
        "E:3:\"A:b\"",
        "E:4:\"A:b\";",
        "R:;",
        "r:x;",
        "R:-1;",
        "a:0:{};",
        "i:1; ",
        " i:1;",
        "s:1:\"a\";}",
        "a:1:{i:0;i:1;",
        "a:1:{i:0;i:1;;}",
    ] {
        for list in [vec![("$", Keep)], vec![("$[0]", Shown)], vec![("$.x", Keep)], vec![("$..x", Shown)]] {
            assert_eq!(bytes(list, Else::Remove, value.as_bytes()), None, "{value}");
        }
        let nested = format!("a:2:{{i:0;i:1;i:1;{value}}}");
        assert_eq!(bytes(vec![("$[0]", Keep)], Else::Remove, nested.as_bytes()), None, "{nested}");
    }
    for value in
        ["d:1.0E+25;", "d:INF;", "d:-INF;", "d:NAN;", "d:-0;", "i:-5;", "b:0;", "a:0:{}", "s:2:\"\";\";"]
    {
        assert_eq!(
            bytes(vec![("$", Keep)], Else::Remove, value.as_bytes()).as_deref(),
            Some(value.as_bytes())
        );
    }
}

#[test]
fn ten_thousand_levels_are_unfit_and_a_thousand_are_not() {
    for (open, close) in [("a:1:{i:0;", "}"), ("O:1:\"P\":1:{s:1:\"a\";", "}")] {
        let deep = |levels: usize| format!("{}i:1;{}", open.repeat(levels), close.repeat(levels));
        type List = fn() -> Vec<(&'static str, Does)>;
        let lists: [List; 4] =
            [|| vec![("$", Keep)], || vec![("$..b", Keep)], || vec![("$..a", Shown)], || vec![("$.b", Keep)]];
        for list in lists {
            assert!(bytes(list(), Else::Remove, deep(1_024).as_bytes()).is_some());
            for levels in [1_025, 10_000, 1_000_000] {
                assert_eq!(bytes(list(), Else::Remove, deep(levels).as_bytes()), None, "{levels}");
            }
            assert_eq!(bytes(list(), Else::Remove, open.repeat(10_000).as_bytes()), None);
        }
    }
}

/// Cuts and changes of one byte: unfit, or what PHP can read.
#[test]
fn damaged_values_are_unfit_or_sound() {
    let value = format!(
        "a:5:{{{}{}{}a:2:{{i:0;i:5;i:1;R:2;}}{}O:1:\"P\":1:{{s:4:\"\0*\0b\";d:0.5;}}{}r:5;i:7;b:1;}}",
        s("a"),
        s("x\"y"),
        s("l"),
        s("o"),
        s("c"),
    );
    let inside =
        rules(vec![("$.a", Shown), ("$..b", Keep), ("$.l[1]", Keep), ("$.c", Keep), ("each_key $.o", Shown)]);
    let check = |value: &[u8]| {
        if let Some((out, _)) = walked(walk(&inside, Else::Remove), &inside, value) {
            assert!(shown(&out).is_some(), "{}", String::from_utf8_lossy(&out));
        }
    };
    assert!(walked(walk(&inside, Else::Remove), &inside, value.as_bytes()).is_some());
    for at in 0..value.len() {
        assert_eq!(walked(walk(&inside, Else::Remove), &inside, &value.as_bytes()[..at]).map(|_| ()), None);
        for byte in *b"\";:{}0129aosRrbN\0\xff" {
            let mut damaged = value.as_bytes().to_vec();
            damaged[at] = byte;
            check(&damaged);
        }
    }
}

fn php() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("N;".to_owned()),
        Just("b:1;".to_owned()),
        Just("i:-7;".to_owned()),
        Just("d:0.5;".to_owned()),
        Just("R:1;".to_owned()),
        Just("r:1;".to_owned()),
        "[a-z\";é]{0,9}".prop_map(|text| s(&text)),
    ];
    scalar.prop_recursive(4, 40, 12, |inner| {
        let members = prop::collection::vec(
            (prop_oneof![Just(s("a")), Just(s("b")), (0..3).prop_map(|n| format!("i:{n};"))], inner),
            0..12,
        );
        (members, any::<bool>()).prop_map(|(members, object)| {
            let text: String = members.iter().map(|(key, value)| format!("{key}{value}")).collect();
            let head = if object { "O:1:\"P\"" } else { "a" };
            format!("{head}:{}:{{{text}}}", members.len())
        })
    })
}

proptest! {
    #[test]
    fn kept_is_identity_and_removed_is_php(value in php()) {
        let sound = shown(value.as_bytes()).is_some();
        for paths in [vec!["$"], vec!["$", "$..nowhere"]] {
            let list = paths.iter().map(|path| (*path, Keep)).collect();
            let out = bytes(list, Else::Remove, value.as_bytes());
            prop_assert_eq!(out.is_some(), sound);
            prop_assert!(out.is_none_or(|out| out == value.as_bytes()));
        }
        for otherwise in [Else::Remove, Else::Fill] {
            let list = vec![("$..a", Shown), ("$[0].b", Keep), ("$.b[-1]", Keep), ("$[2].*", Gone)];
            let out = bytes(list, otherwise, value.as_bytes());
            prop_assert_eq!(out.is_some(), sound);
            prop_assert!(out.is_none_or(|out| shown(&out).is_some()));
        }
    }

    #[test]
    fn any_bytes_are_unfit_or_php(value in prop::collection::vec(prop::sample::select(b"abdisNOCERr:;{}\"0127\xff".to_vec()), 0..40)) {
        let list = vec![("$..a", Shown), ("$[0]", Keep), ("each_key $", Shown)];
        if let Some(out) = bytes(list, Else::Remove, &value) {
            prop_assert!(shown(&out).is_some());
        }
    }
}
