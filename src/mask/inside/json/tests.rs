//! What `json` does with each notation, each mistake and each size.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::walk::Json;
use super::*;
use crate::mask::inside::testing::{Does, rules, walked};
use Does::{Gone, Keep, Keyed, Shown, Stops, Unfit, Write};

fn walk(inside: &Inside, otherwise: Else) -> Box<Json> {
    let matcher = Matcher::new(inside).map_err(|refusal| refusal.what).expect("the paths are sound");
    Box::new(Json { matcher, otherwise })
}

fn bytes(list: Vec<(&str, Does)>, otherwise: Else, value: &[u8]) -> Option<Vec<u8>> {
    let inside = rules(list);
    walked(walk(&inside, otherwise), &inside, value).map(|(out, _)| out)
}

fn masked(list: Vec<(&str, Does)>, value: &str) -> String {
    let out = bytes(list, Else::Remove, value.as_bytes()).expect("is fit");
    let out = String::from_utf8(out).expect("text");
    assert!(serde_json::from_str::<serde::de::IgnoredAny>(&out).is_ok(), "is JSON: {out}");
    out
}

#[test]
fn what_no_path_names_goes_with_its_comma_and_the_rest_stays_byte_for_byte() {
    let value = "{ \"a\" : 1.50 ,\n \"b\":\"x\\u00e9\", \"c\" : [ 1, 2 ]\t}";
    for (paths, expected) in [
        (&["$.a"][..], "{ \"a\" : 1.50 }"),
        (&["$.b"], "{\n \"b\":\"x\\u00e9\"}"),
        (&["$.c"], "{ \"c\" : [ 1, 2 ]\t}"),
        (&["$.a", "$.c"], "{ \"a\" : 1.50 , \"c\" : [ 1, 2 ]\t}"),
        (&["$.c[1]"], "{ \"c\" : [ 2 ]\t}"),
        (&["$.c[-1]"], "{ \"c\" : [ 2 ]\t}"),
        (&["$.c[0]"], "{ \"c\" : [ 1]\t}"),
        (&["$.c[5]"], "{ \"c\" : []\t}"),
        (&["$.a.x"], "{}"),
        (&["$"], value),
        (&["$.a", "$.b", "$.c"], value),
        (&["$.*"], value),
        (&["$[*]"], value),
        (&["$.nowhere"], "{}"),
    ] {
        assert_eq!(masked(paths.iter().map(|path| (*path, Keep)).collect(), value), expected, "{paths:?}");
    }
    assert_eq!(masked(vec![("$.a", Keep)], " [1, {\"a\": 2}] "), " [] ");
    assert_eq!(masked(vec![("$.a", Keep)], " 12 "), " null ");
    assert_eq!(masked(vec![("$.a.b", Keep)], r#"{"a": "text", "b": null}"#), "{}");
}

#[test]
fn leaves_are_masked_decoded_and_keep_their_type_where_they_can() {
    let value = r#"{"s": "a\"b\\\u00e9\ud83d\ude00\n", "n": -1.5e3, "t": true, "z": null, "e": ""}"#;
    let all = |does: fn() -> Does| ["$.s", "$.n", "$.t", "$.z", "$.e"].map(|path| (path, does())).into();
    assert_eq!(
        masked(all(|| Shown), value),
        "{\"s\": \"<a\\\"b\\\\é😀\\n>\", \"n\": \"<-1.5e3>\", \"t\": \"<true>\", \"z\": null, \"e\": \"\"}"
    );
    assert_eq!(masked(all(|| Write("7")), value), r#"{"s": "7", "n": 7, "t": "7", "z": null, "e": ""}"#);
    assert_eq!(
        masked(all(|| Write("false")), value),
        r#"{"s": "false", "n": "false", "t": false, "z": null, "e": ""}"#
    );
    assert_eq!(masked(vec![("$.n", Write("07"))], value), r#"{ "n": "07"}"#);
    assert_eq!(
        masked(vec![("$.n", Write("\u{1}\t\u{8}\u{c}\r\0/"))], value),
        r#"{ "n": "\u0001\t\b\f\r\u0000/"}"#
    );
    assert_eq!(masked(vec![("$.s", Gone), ("$.t", Keep)], value), r#"{ "t": true}"#);
    assert_eq!(masked(vec![("$[*]", Gone)], "[1, 2]"), "[]");
    assert_eq!(masked(vec![("$", Shown)], " \"x\" "), " \"<x>\" ");
    assert_eq!(masked(vec![("$", Gone)], "\"x\""), "null");
    assert_eq!(masked(vec![("$.s", Shown)], r#"{"s": "a\u0000b"}"#), r#"{"s": "<a\u0000b>"}"#);
    assert_eq!(masked(vec![("$.s", Keep)], r#"{"s": "a\u0000b\ud800"}"#), r#"{"s": "a\u0000b\ud800"}"#);
}

#[test]
fn what_a_technique_cannot_take_has_its_placeholder_goes_or_stops() {
    assert_eq!(masked(vec![("$.a", Shown)], r#"{"a": {"b": 1}}"#), r#"{"a": "?"}"#);
    assert_eq!(masked(vec![("$.a", Gone)], r#"{"a": [1], "b": 2}"#), "{}");
    assert_eq!(masked(vec![("$.a", Unfit)], r#"{"a": 1}"#), r#"{"a": "?"}"#);
    assert_eq!(masked(vec![("$.a", Shown)], r#"{"a": "half \ud83d of it"}"#), r#"{"a": "?"}"#);
    assert_eq!(masked(vec![("$.a", Shown)], r#"{"a": "--- !ruby/object:User\nname: Jan"}"#), r#"{"a": "?"}"#);
    assert_eq!(bytes(vec![("$.a", Stops)], Else::Remove, br#"{"a": 1}"#), None);
    assert_eq!(bytes(vec![("$.a", Stops)], Else::Remove, br#"{"a": [1]}"#), None);
    let inside = rules(vec![("$.a", Unfit), ("$.b", Shown), ("$.c", Keep)]);
    let value = br#"{"a": 1, "b": 2, "c": 3, "b": null}"#;
    let (_, parts) = walked(walk(&inside, Else::Remove), &inside, value).expect("is fit");
    assert_eq!((parts.masked, parts.unfit), (1, 1));
}

#[test]
fn the_more_exact_place_counts() {
    let value = r#"{"a": {"x": "1", "y": "2"}, "b": {"x": "3"}, "x": "4"}"#;
    assert_eq!(
        masked(vec![("$..x", Write("any")), ("$.*.x", Write("star")), ("$.a.x", Write("exact"))], value),
        r#"{"a": {"x": "exact"}, "b": {"x": "star"}, "x": "any"}"#
    );
    // What is kept is kept without what a longer path masks.
    assert_eq!(masked(vec![("$.a", Keep), ("$.a.y", Shown)], value), r#"{"a": {"x": "1", "y": "<2>"}}"#);
    assert_eq!(masked(vec![("$.a", Keep), ("$..y", Gone)], value), r#"{"a": {"x": "1"}}"#);
    assert_eq!(masked(vec![("$.a", Shown), ("$.a.y", Keep)], value), r#"{"a": { "y": "2"}}"#);
    assert_eq!(masked(vec![("$.a", Shown), ("$.a.y", Keep)], r#"{"a": 5}"#), r#"{"a": "<5>"}"#);
    // Of equals one that masks, then the first.
    assert_eq!(
        masked(vec![("$.a.*", Keep), ("$.*.x", Shown)], value),
        r#"{"a": {"x": "<1>", "y": "2"}, "b": {"x": "<3>"}}"#
    );
    assert_eq!(masked(vec![("$[0]", Write("first")), ("$[-2]", Write("last"))], "[0, 0]"), r#"["first"]"#);
    let twice = rules(vec![("$.a['b']", Keep), ("$['a'].b", Shown)]);
    assert!(Matcher::new(&twice).is_err());
}

#[test]
fn names_on_the_way_through_wildcards_go_when_nothing_below_was_named() {
    let value =
        r#"{"jan@example.org": {"y": 1}, "piet@example.org": {"x": [{"x": 2}]}, "list": [[], {"y": 1}]}"#;
    assert_eq!(masked(vec![("$.*.x", Keep)], value), r#"{ "piet@example.org": {"x": [{"x": 2}]}}"#);
    assert_eq!(
        masked(vec![("$..y", Keep)], value),
        r#"{"jan@example.org": {"y": 1}, "list": [[], {"y": 1}]}"#
    );
    assert_eq!(masked(vec![("$..y", Gone)], value), "{}");
    assert_eq!(masked(vec![("$.list[*].z", Keep)], value), r#"{ "list": [[], {}]}"#);
}

#[test]
fn fill_keeps_the_shape_and_no_name_that_the_profile_does_not_spell() {
    let filled = |value: &str| {
        let list = vec![("$.keep.a", Keep), ("$.list[*].b", Shown), ("$.map.*.a", Keep)];
        String::from_utf8(bytes(list, Else::Fill, value.as_bytes()).expect("is fit")).expect("text")
    };
    assert_eq!(
        filled(
            r#"{"keep": {"a": 1, "b": "x", "jan": 2, "list": {"q": 1}}, "a": true, "map": [1], "jan": 1}"#
        ),
        r#"{"keep": {"a": 1, "b": "", "list": {}}, "a": false, "map": [0]}"#
    );
    assert_eq!(
        filled(r#"{"list": [1, "x", null, [2], {"b": "y", "c": 1, "a": -1.5}]}"#),
        r#"{"list": [0, "", null, [0], {"b": "<y>", "a": 0}]}"#
    );
    assert_eq!(filled(r#"{"map": {"jan@example.org": {"b": 1}, "b": {}}}"#), r#"{"map": { "b": {}}}"#);
    assert_eq!(filled("\"x\""), "\"\"");
}

#[test]
fn stop_makes_the_value_unfit_where_something_is_not_named() {
    let stops =
        |value: &str| bytes(vec![("$.a", Gone), ("$.b.c", Keep)], Else::Stop, value.as_bytes()).is_none();
    for value in [r#"{"x": 1}"#, r#"{"a": 1, "b": {"d": 1}}"#, r#"{"b": null}"#, "[1]", "1"] {
        assert!(stops(value), "{value}");
    }
    for value in ["{}", r#"{"a": 1, "b": {"c": 1}}"#, r#"{"a": null, "b": {}}"#] {
        assert!(!stops(value), "{value}");
    }
}

#[test]
fn keys_that_are_data_are_masked_and_stay_apart() {
    let value = r#"{"m": {"jan@example.org": 1, "a\u0062": {"x": 2}}}"#;
    assert_eq!(
        masked(vec![("each_key $.m", Shown), ("$.m.*", Keep)], value),
        r#"{"m": {"<jan@example.org>": 1, "<ab>": {"x": 2}}}"#
    );
    assert_eq!(masked(vec![("each_key $.m", Shown)], value), r#"{"m": {}}"#);
    assert_eq!(
        masked(vec![("each_key $.m", Shown), ("$.m.ab.x", Keep)], value),
        r#"{"m": { "<ab>": {"x": 2}}}"#
    );
    assert_eq!(masked(vec![("each_key $.m", Gone), ("$.m", Keep)], value), r#"{"m": {}}"#);
    assert_eq!(masked(vec![("each_key $.m", Keep), ("$.m.*", Keep)], value), value);
    let same =
        |value: &str| bytes(vec![("each_key $", Write("k")), ("$.*", Keep)], Else::Remove, value.as_bytes());
    assert_eq!(same(r#"{"a": 1, "b": 2}"#), None);
    assert_eq!(same(r#"{"a": 1, "\u0061": 2}"#).as_deref(), Some(&br#"{"k": 1, "k": 2}"#[..]));
    let filled = bytes(vec![("each_key $", Shown)], Else::Fill, br#"{"jan": "x", "": [1]}"#).expect("is fit");
    assert_eq!(filled, br#"{"<jan>": "", "": []}"#);
}

#[test]
fn filters_choose_by_a_member_of_the_same_element() {
    let value = r#"[{"v": "1", "kind": "mail"}, {"kind": "phone", "v": "2"}, {"v": "3"}, 4,
        {"kind": "phone", "kind": "m\u0061il", "v": "5"}, {"kind": true, "n": 7.0, "v": null}]"#;
    let shown = |path: &'static str| {
        let text = masked(vec![(path, Shown)], value);
        serde_json::from_str::<serde_json::Value>(&text)
            .expect("JSON")
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|item| item.get("v")?.as_str().map(|v| v.trim_matches(['<', '>']).to_owned()))
            .collect::<Vec<_>>()
            .concat()
    };
    assert_eq!(shown("$[?(@.kind == 'mail')].v"), "15");
    assert_eq!(shown("$[?(@.kind != 'mail')].v"), "23");
    assert_eq!(shown("$[?@.none == 'mail'].v"), "");
    let kept = |path: &'static str| masked(vec![(path, Keep)], value).matches("null").count();
    assert_eq!(kept("$[?(@.kind == true)].v"), 1);
    assert_eq!(kept("$[?(@.kind == false)].v"), 0);
    assert_eq!(kept("$[?(@.n == 7)].v"), 1);
    assert_eq!(kept("$[?(@.v == null)].v"), 1);
}

#[test]
fn by_reads_the_same_element() {
    let keyed =
        |value: &str| masked(vec![("$.l[*].mail", Keyed), ("$.l[*].name by $.l[*].mail", Keyed)], value);
    let out = keyed(
        r#"{"l": [{"name": "Jan", "mail": "a@example.org"}, {"mail": "b@example.org", "name": "Jan"}]}"#,
    );
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["l"][0]["name"], json["l"][0]["mail"]);
    assert_eq!(json["l"][1]["name"], json["l"][1]["mail"]);
    assert_ne!(json["l"][0]["name"], json["l"][1]["name"]);
    // Without one, or with one that says nothing, the value decides itself; of several the last counts.
    let own = keyed(
        r#"{"l": [{"name": "Jan"}, {"name": "Jan", "mail": null}, {"name": "Jan", "mail": [1]}, {"name": "Jan", "mail": "x", "mail": ""}]}"#,
    );
    let json: serde_json::Value = serde_json::from_str(&own).expect("JSON");
    for at in 1..4 {
        assert_eq!(json["l"][0]["name"], json["l"][at]["name"]);
    }
    let anywhere = masked(
        vec![("$..mail", Keyed), ("$..name by $..mail", Keyed)],
        r#"{"mail": "a", "name": "1", "x": [{"name": "1", "mail": "\u0062"}, {"y": {"name": "1"}, "mail": "a"}]}"#,
    );
    let json: serde_json::Value = serde_json::from_str(&anywhere).expect("JSON");
    assert_eq!(json["mail"], json["name"]);
    assert_eq!(json["x"][0]["mail"], json["x"][0]["name"]);
    assert_ne!(json["x"][1]["mail"], json["x"][1]["y"]["name"]);
}

#[test]
fn json_in_strings_of_json() {
    let inner = rules(vec![("$.mail", Shown)]);
    let outer = rules(vec![("$.payload", Does::Nested(walk(&inner, Else::Remove), Arc::clone(&inner)))]);
    let run = |value: &str| {
        let (out, _) = walked(walk(&outer, Else::Remove), &outer, value.as_bytes()).expect("is fit");
        String::from_utf8(out).expect("text")
    };
    assert_eq!(run(r#"{"payload": "{\"mail\": \"a\", \"x\": 1}"}"#), r#"{"payload": "{\"mail\": \"<a>\"}"}"#);
    assert_eq!(run(r#"{"payload": "no JSON"}"#), r#"{"payload": "{}"}"#);
}

/// A rule within a rule, deeper than any value needs.
#[test]
fn json_in_json_in_json_ends_somewhere() {
    let mut value = "\"secret\"".to_owned();
    let mut inside = rules(vec![("$", Shown)]);
    for _ in 0..12 {
        value = serde_json::to_string(&value).expect("JSON");
        let walk = walk(&inside, Else::Remove);
        inside = rules(vec![("$", Does::Nested(walk, inside))]);
    }
    let (out, parts) = walked(walk(&inside, Else::Remove), &inside, value.as_bytes()).expect("is fit");
    assert!(!String::from_utf8(out).expect("text").contains("secret"));
    assert_eq!(parts.unfit, 1);
}

#[test]
fn duplicate_keys_and_large_numbers() {
    let value = r#"{"a": 123456789012345678901234567890.10, "a": "x", "\u0061": 1e400, "b": 1, "a": 0.10}"#;
    assert_eq!(
        masked(vec![("$.a", Keep)], value),
        r#"{"a": 123456789012345678901234567890.10, "a": "x", "\u0061": 1e400, "a": 0.10}"#
    );
    assert_eq!(
        masked(vec![("$.a", Shown)], value),
        r#"{"a": "<123456789012345678901234567890.10>", "a": "<x>", "\u0061": "<1e400>", "a": "<0.10>"}"#
    );
}

#[test]
fn what_is_no_json_is_unfit() {
    let rule = || vec![("$.a", Shown), ("$.b", Keep)];
    for value in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "[1,]",
        "[,1]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "nul",
        "True",
        "NaN",
        "01",
        "-",
        "1.",
        ".5",
        "+1",
        "1e",
        "0x1",
        "\"",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "\"\t\"",
        "1 2",
        "{} {}",
        "[1 2]",
        "{\"a\":1 \"b\":2}",
        "// x\n1",
        "\u{feff}1",
        "{\"x\": [1,}",
        "{\"x\": {\"y\": tru}}",
        "[[1]",
        "{\"a\":[}]",
    ] {
        assert_eq!(bytes(rule(), Else::Remove, value.as_bytes()), None, "{value}");
        let nested = format!("{{\"skipped\": {value}}}");
        if !matches!(value, "}" | "{,}") {
            assert_eq!(bytes(rule(), Else::Remove, nested.as_bytes()), None, "{nested}");
        }
    }
    assert_eq!(bytes(rule(), Else::Remove, b"{\"b\": \"\xff\"}"), None);
    assert_eq!(bytes(rule(), Else::Remove, b"{\"b\": \"\xed\xa0\x80\"}"), None);
}

#[test]
fn ten_thousand_levels_are_unfit_and_a_thousand_are_not() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        for levels in [1_000, 1_024] {
            assert_eq!(masked(vec![("$", Keep)], &deep(levels)).len(), deep(levels).len());
            assert!(bytes(vec![("$..a", Shown)], Else::Remove, deep(levels).as_bytes()).is_some());
            assert!(bytes(vec![("$.b", Shown)], Else::Remove, deep(levels).as_bytes()).is_some());
        }
        for levels in [1_025, 10_000, 1_000_000] {
            for list in [vec![("$", Keep)], vec![("$..b", Keep)], vec![("$..a", Shown)], vec![("$.b", Shown)]]
            {
                assert_eq!(bytes(list, Else::Remove, deep(levels).as_bytes()), None, "{levels}");
            }
            assert_eq!(bytes(vec![("$.b", Keep)], Else::Remove, open.repeat(levels).as_bytes()), None);
        }
    }
}

/// Looking ahead again at each of many levels would take the square of the length.
#[test]
fn looking_ahead_is_bounded() {
    let levels = 900;
    let value = format!(
        "{}{}{}",
        "{\"a\":".repeat(levels),
        format_args!("[{}0]", "0,".repeat(2_000)),
        "}".repeat(levels)
    );
    let list = || vec![("$..a[?(@.k == 1)].x", Keep), ("$..a", Keep)];
    assert_eq!(bytes(list(), Else::Remove, value.as_bytes()), None);
    assert!(bytes(list(), Else::Remove, br#"{"a": [{"k": 1, "x": 2}]}"#).is_some());
}

#[test]
fn a_large_value_works() {
    let mut value = "[".to_owned();
    for at in 0..20_000 {
        write!(
            value,
            "{{\"id\": {at}, \"mail\": \"p{at}@example.org\", \"note\": \"{}\"}},",
            "x".repeat(200)
        )
        .expect("text");
    }
    value.push_str("null]");
    let out = masked(vec![("$[*].id", Keep), ("$[*].mail", Shown)], &value);
    assert_eq!(out.matches("\"<p").count(), 20_000);
    assert!(!out.contains("note"));
}

/// Cuts and changes of one byte: unfit, or JSON in which nothing stands that no rule let through.
#[test]
fn damaged_values_are_unfit_or_sound() {
    let value = r#"{"a": "x\"\u00e9", "secret": {"k": ["secret", "\\secret"]}, "l": [{"b": 1.5e3}, "secret"], "z": null}"#;
    let inside = rules(vec![("$.a", Shown), ("$..b", Keep), ("each_key $.m", Shown), ("$.z", Keep)]);
    let check = |value: &[u8]| {
        let Some((out, _)) = walked(walk(&inside, Else::Remove), &inside, value) else { return };
        let out = String::from_utf8(out).expect("text");
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(&out).is_ok(), "{out}");
    };
    check(value.as_bytes());
    for at in 0..value.len() {
        assert_eq!(walked(walk(&inside, Else::Remove), &inside, &value.as_bytes()[..at]).map(|_| ()), None);
        for byte in [b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b' ', b'0', 0, 0xff] {
            let mut damaged = value.as_bytes().to_vec();
            damaged[at] = byte;
            check(&damaged);
        }
    }
}

fn json() -> impl Strategy<Value = String> {
    let space = || prop::sample::select(vec!["", " ", "\n\t"]);
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("-0.50E+3".to_owned()),
        "\"([ -!#-\\[\\]-~é😀]|\\\\n|\\\\u00e9|\\\\\"){0,12}\"",
    ];
    scalar.prop_recursive(4, 40, 5, move |inner| {
        let list = prop::collection::vec((space(), inner.clone(), space()), 0..5).prop_map(|items| {
            let items: Vec<String> = items.iter().map(|(a, v, b)| format!("{a}{v}{b}")).collect();
            format!("[{}]", items.join(","))
        });
        let map = prop::collection::vec(("[abc]|\\\\u0061", space(), inner), 0..5).prop_map(|items| {
            let items: Vec<String> = items.iter().map(|(k, a, v)| format!("{a}\"{k}\"{a}:{v}{a}")).collect();
            format!("{{{}}}", items.join(","))
        });
        prop_oneof![list, map]
    })
}

proptest! {
    #[test]
    fn kept_is_identity_and_removed_is_json(value in json()) {
        for paths in [vec!["$"], vec!["$", "$..nowhere"], vec!["$", "each_key $..nowhere.*"]] {
            let list = paths.iter().map(|path| (*path, Keep)).collect();
            prop_assert_eq!(bytes(list, Else::Remove, value.as_bytes()), Some(value.clone().into_bytes()));
        }
        for otherwise in [Else::Remove, Else::Fill] {
            let list = vec![("$..a", Shown), ("$[0].b", Keep), ("$.b[-1]", Keep), ("$.c.*", Gone)];
            let out = bytes(list, otherwise, value.as_bytes()).expect("is fit");
            let read = serde_json::from_slice::<serde::de::IgnoredAny>(&out);
            prop_assert!(read.is_ok(), "{:?}", String::from_utf8_lossy(&out));
        }
    }

    #[test]
    fn any_bytes_are_unfit_or_json(value in prop::collection::vec(any::<u8>(), 0..60)) {
        let list = vec![("$..a", Shown), ("$[0]", Keep), ("each_key $", Shown)];
        if let Some(out) = bytes(list, Else::Remove, &value) {
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&out).is_ok());
        }
    }
}
