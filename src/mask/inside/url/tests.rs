//! `url`: its parts, one by one and all at once.

use super::*;
use crate::mask::testing::Through;
use crate::row::shape::TypeClass;
use proptest::prelude::*;

fn url(rule: &str) -> Through {
    Through::new(rule, TypeClass::Text { max_chars: None }, "text")
}

const ALL: &str = "{url: {user: keep, password: keep, host: keep, port: keep, path: keep, query: keep, fragment: keep, to: keep}}";
const URLS: &[&str] = &[
    "https://example.org",
    "https://example.org/",
    "https://fleur:s%65cret@example.org:8443/a/b%2Fc/?q=1&q=2&empty=&bare#top",
    "http://[2001:db8::1]:80/x",
    "HTTPS://EXAMPLE.org/?",
    "https://example.org/#",
    "file:///srv/data.csv",
    "https://@example.org:/",
    "https://example.org?x=1",
    "/reset?mail=fleur%40example.org",
    "//example.org/x",
    "https://b\u{fc}cher.example/\u{e9}",
    "mailto:fleur@example.org,sem@example.org?subject=hello%20you",
    "mailto:?subject=x",
    "tel:+31-6-00000000;ext=7",
    "https://example.org//x/../y",
];

#[test]
fn parts_that_stay_are_the_same_bytes() {
    for value in URLS {
        assert_eq!(url(ALL).text(value).as_deref(), Some(*value));
    }
}

#[test]
fn what_no_place_names_is_removed() {
    for (value, expected) in [
        (URLS[0], "https://invalid"),
        (URLS[2], "https://invalid/"),
        (URLS[3], "http://invalid/"),
        (URLS[6], "file:///"),
        (URLS[9], "/"),
        (URLS[10], "//invalid/"),
        (URLS[12], "mailto:"),
        (URLS[14], "tel:0"),
    ] {
        assert_eq!(url("{url: {query.none: keep}}").text(value).as_deref(), Some(expected), "{value}");
    }
}

#[test]
fn every_place_is_masked_by_its_rule() {
    for (rule, value, expected) in [
        ("{url: {user: {constant: a@b}, host: keep}}", URLS[2], "https://a%40b@example.org/"),
        ("{url: {password: {constant: x}, host: keep}}", URLS[2], "https://:x@example.org/"),
        ("{url: {user: keep, password: suppress, host: keep}}", URLS[2], "https://fleur@example.org/"),
        ("{url: {host: {constant: a.example}}}", URLS[2], "https://a.example/"),
        ("{url: {host: suppress, port: keep}}", URLS[2], "https://invalid:8443/"),
        ("{url: {host: keep, port: {constant: 7}}}", URLS[3], "http://[2001:db8::1]:7/"),
        ("{url: {host: {constant: \"a:b\"}}}", URLS[3], "http://invalid/"),
        ("{url: {port: {constant: many}}}", URLS[3], "http://invalid/"),
        ("{url: {path: {constant: \"a b\"}}}", URLS[2], "https://invalid/a%20b"),
        ("{url: {path: {constant: //evil.example}}}", "/a", "/"),
        ("{url: {path: suppress}}", URLS[2], "https://invalid/"),
        ("{url: {\"path[1]\": keep}}", URLS[2], "https://invalid/a/-/"),
        ("{url: {\"path[2]\": {constant: x/y}}}", URLS[2], "https://invalid/-/x%2Fy/"),
        ("{url: {\"path[1]\": {constant: \".\"}}}", "/a/b", "/-/-"),
        ("{url: {query.q: {constant: \"a&b=c\"}}}", URLS[2], "https://invalid/?q=a%26b%3Dc&q=a%26b%3Dc"),
        ("{url: {query.empty: keep}}", URLS[2], "https://invalid/?empty="),
        ("{url: {query.bare: {constant: x}}}", URLS[2], "https://invalid/?bare"),
        ("{url: {query.q: suppress, query.*: keep}}", URLS[2], "https://invalid/?empty=&bare"),
        ("{url: {query.*: {constant: x}}}", URLS[2], "https://invalid/?q=x&q=x&empty="),
        ("{url: {query: {constant: \"a=1&b=2\"}}}", URLS[2], "https://invalid/?a=1&b=2"),
        ("{url: {fragment: {constant: \"a#b\"}}}", URLS[2], "https://invalid/#a%23b"),
        ("{url: {query.mail: {constant: sem@example.org}}}", URLS[9], "/?mail=sem%40example.org"),
        ("{url: {to: {constant: x@example.org}}}", URLS[12], "mailto:x@example.org,x@example.org"),
        ("{url: {query.subject: keep}}", URLS[12], "mailto:?subject=hello%20you"),
        ("{url: {to: {constant: +31-6-1}}}", URLS[14], "tel:+31-6-1"),
        ("{url: {to: {constant: fleur}}}", URLS[14], "tel:0"),
    ] {
        assert_eq!(url(rule).text(value).as_deref(), Some(expected), "{rule} on {value}");
    }
}

#[test]
fn parameters_go_by_their_decoded_names_and_values() {
    let one = url("{url: {\"query.e mail\": {pseudonym: uuid}}}");
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let out = one.text(&format!("/?e+mail={id}&e%20mail=%30{}", &id[1..])).expect("a reference");
    let (first, second) = out.split_once('&').expect("two");
    assert_eq!(first.rsplit('=').next(), second.rsplit('=').next());
    assert!(!out.contains(id));
    // A plus is a blank in a parameter, and a plus in a path.
    let list =
        |place: &str| url(&format!("{{url: {{{place}: {{each: {{constant: x}}, separator: \"+\"}}}}}}"));
    assert_eq!(list("query.q").text("/?q=a+b").as_deref(), Some("/?q=x"));
    assert_eq!(list("path").text("/a+b").as_deref(), Some("/x%2Bx"));
}

#[test]
fn what_no_url_is_is_unfit() {
    for value in [
        "fleur",
        "example.org/x",
        "a b",
        "https://exa mple.org",
        "https:example.org",
        "javascript:x",
        "urn:isbn:1",
        "data:text/plain,x",
        "1http://example.org",
        "https://example.org:port/",
        "https://[::1/",
        "https://[::1]x/",
        "https://a]b/",
        "https://example.org/%zz",
        "https://example.org/%4",
        "https://example.org/\"",
        "https://ex|a/",
        "https://example.org/\n",
        "?x=1",
        "#x",
        ":",
        "://x",
        "https//x",
    ] {
        assert_eq!(url(ALL).text(value), None, "{value}");
    }
}

#[test]
fn an_address_in_brackets_is_a_host() {
    let host = Component::of(At::Host);
    for (text, sound) in
        [("[::1]", true), ("[::1", false), ("::1", false), ("a:b", false), ("a.example", true)]
    {
        assert_eq!(host.is_sound(text.as_bytes()), sound, "{text}");
    }
}

#[test]
fn places_are_those_of_a_url() {
    for (text, sound) in [
        ("host", true),
        ("query.*", true),
        ("query.a.b", true),
        ("path[12]", true),
        ("scheme", false),
        ("path[0]", false),
        ("path[x]", false),
        ("query.", false),
        ("", false),
    ] {
        let place = Place { text: text.to_owned(), part: Part::Value, by: None };
        assert_eq!(check_place(&place).is_ok(), sound, "{text}");
    }
}

#[test]
fn another_part_decides() {
    use crate::mask::inside::testing::{Does, rules, walked};
    let of = |value: &str| {
        let inside = rules(vec![("query.id", Does::Keep), ("query.* by query.id", Does::Keyed)]);
        let at = |text: &String| At::read(text);
        let walk = Box::new(Url {
            places: inside.places.iter().filter_map(|place| at(&place.text)).collect(),
            by: inside.places.iter().map(|place| place.by.as_ref().and_then(at)).collect(),
        });
        walked(walk, &inside, value.as_bytes()).map(|(out, _)| String::from_utf8(out).expect("text"))
    };
    let shown = of("/?a=x&id=%37&b=y").expect("fit");
    let hex = shown.get(4..6).expect("hex");
    assert_eq!(shown, format!("/?a={hex}&id=%37&b={hex}"));
    assert_eq!(of("/?id=7&a=z"), Some(format!("/?id=7&a={hex}")), "whatever the own value is");
    assert_ne!(of("/?a=x"), of("/?a=y"), "without one the value decides itself");
    for (by, sound) in [("host", true), ("query.*", false), ("scheme", false), ("path", false)] {
        let place = Place { text: "path".into(), part: Part::Value, by: Some(by.into()) };
        assert_eq!(check_place(&place).is_ok(), sound, "{by}");
    }
}

#[test]
fn damage_never_passes() {
    let keep = url(ALL);
    for rule in [
        "{url: {host: {constant: a.example}, path: {constant: /x}, query.q: {constant: \"&\"}}}",
        "{url: {user: {constant: \"a:b@c\"}, \"path[2]\": {constant: a/b}, query.*: keep, to: keep}}",
    ] {
        URLS.iter().for_each(|value| url(rule).is_sound_when_damaged(&keep, value.as_bytes()));
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_and_what_is_not_named_is_gone(value in "(https:)?/{0,2}[ab/@:?&=#%\\[\\]]{0,24}") {
        let out = url("{url: {query.b: {constant: 7}, \"path[2]\": {constant: 7}, user: {constant: 7}}}");
        let out = out.text(&value).unwrap_or_default();
        prop_assert!(!out.replace("invalid", "").contains('a'), "{}", out);
    }
}
