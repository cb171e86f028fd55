//! `each` on arrays, ranges, lists and SET. What PostgreSQL 15 printed for these values stands here as it printed it.

use super::*;
use crate::mask::testing::{Rule, Through, compile as compiled_rule, ruled};
use proptest::prelude::*;

fn text() -> TypeClass {
    TypeClass::Text { max_chars: None }
}

fn array(rule: &str, of: TypeClass) -> Through {
    Through::new(rule, TypeClass::Array(Box::new(of)), "text[]")
}

fn range(rule: &str, spelled: &'static str) -> Through {
    Through::new(rule, TypeClass::Other, spelled)
}

const ARRAYS: &[&str] = &[
    "{}",
    "{{},{}}",
    "{1}",
    "{\"a b\",\"\",\"NULL\",NULL,\"x\\\"y\",\"b\\\\s\",\"{\",\",\",é,\"\t\",\" lead\",\"null\",a'b}",
    "[0:2]={7,8,9}",
    "[0:1][2:3]={{1,2},{3,4}}",
    "[-5:-4]={1,2}",
    "{{\"a,b\",NULL},{c,\"d\\\"e\"}}",
    "{\"\\\\x6162\",\"\\\\x\"}",
    "{\"{\\\"a\\\": 1}\"}",
    "{\"(a,\\\"b c\\\")\",NULL}",
    " { a , \"b\" , \\NULL, b\\,c } ",
    "{{{{{{1}}}}}}",
];

#[test]
fn nasty_36_arrays_that_stay_are_the_same_bytes() {
    let keep = array("{each: keep}", text());
    for value in ARRAYS {
        assert_eq!(keep.text(value).as_deref(), Some(*value));
    }
}

#[test]
fn nasty_36_every_element_of_an_array_is_masked_and_quoted_as_the_server_does() {
    for (rule, value, expected) in [
        ("{each: suppress}", ARRAYS[3], "{NULL,\"\",NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL}"),
        ("{each: {constant: x}}", ARRAYS[5], "[0:1][2:3]={{x,x},{x,x}}"),
        ("{each: {constant: \"a b\"}}", "{1, 2 ,NULL,nUlL}", "{\"a b\", \"a b\" ,NULL,nUlL}"),
        ("{each: {constant: \"{,\\\\\"}}", "{1}", "{\"{,\\\\\\\\\"}"),
        ("{each: {constant: null}}", "{1,\"null\",\\null}", "{\"null\",\"null\",\"null\"}"),
        ("{each: {constant: x}}", "{\"\\\"\\\\\",a\\ }", "{x,x}"),
    ] {
        assert_eq!(array(rule, text()).text(value).as_deref(), Some(expected), "{rule} on {value}");
    }
}

#[test]
fn one_person_is_one_stand_in_in_every_element() {
    let mail = array("{each: {fake: email}}", text());
    let one = mail.text("{Fleur@example.org,\"fleur@example.org\",NULL}").expect("an array");
    let inner = one.strip_prefix('{').and_then(|rest| rest.strip_suffix(",NULL}")).expect("two and NULL");
    let (first, second) = inner.split_once(',').expect("two");
    assert_eq!(first.to_lowercase(), second.to_lowercase());
    assert!(first.ends_with("@example.org") && !one.to_lowercase().contains("fleur@"), "{one}");
}

#[test]
fn what_no_array_is_is_unfit() {
    let keep = array("{each: keep}", text());
    for value in [
        "",
        "a",
        "{",
        "}",
        "{a",
        "{a}b",
        "{a},{b}",
        "{a,}",
        "{,a}",
        "{,}",
        "{a b}{",
        "{\"a\"b}",
        "{a\"b\"}",
        "{a,{b}}",
        "{{a},b}",
        "{\"a}",
        "{a\\",
        "{{{{{{{1}}}}}}}",
        "[0:1]{1,2}",
        "[0:1={1}",
        "[a:b]={1}",
        "[0:12345678901]={1}",
        "[1]",
        "{{1}",
        "{{1},{{2}}}",
    ] {
        assert_eq!(keep.text(value), None, "{value}");
    }
}

#[test]
fn stand_ins_are_values_of_the_type_of_the_elements() {
    let short = array("{each: {constant: abcd}}", TypeClass::Text { max_chars: Some(3) });
    assert_eq!(short.text("{a,NULL}").as_deref(), Some("{NULL,NULL}"));
    let number = array("{each: {constant: abc}}", TypeClass::Integer);
    assert_eq!(number.text("{1,2}").as_deref(), Some("{NULL,NULL}"));
    let labels = TypeClass::Enum(vec!["a".to_owned(), "b".to_owned()].into());
    assert_eq!(array("{each: {constant: b}}", labels).text("{a}").as_deref(), Some("{b}"));
}

#[test]
fn boxes_and_shapes_have_delimiters_of_their_own() {
    let boxes = Through::new(
        "{each: {constant: \"(1,1),(0,0)\"}}",
        TypeClass::Array(Box::new(TypeClass::Other)),
        "pg_catalog.box[]",
    );
    assert_eq!(boxes.text("{(2,2),(1,1);NULL}").as_deref(), Some("{(1,1),(0,0);NULL}"));
    assert_eq!(delimiter(&base_name("public.geometry(Point,4326)[]")), b':');
    assert_eq!(delimiter(&base_name("character varying(20)[]")), b',');
}

#[test]
fn ranges_that_stay_are_the_same_bytes() {
    for (spelled, value) in [
        ("int4range", "empty"),
        ("int4range", "[1,)"),
        ("numrange", "(,5]"),
        ("tsrange", "[\"2020-01-01 10:00:00\",\"2020-01-02 11:00:00\")"),
        ("tstzrange", "[\"2020-01-01 08:00:00+00\",)"),
        ("daterange", "(,)"),
        ("daterange", "[-infinity,infinity]"),
        ("daterange", "[\"0044-03-15 BC\",2020-01-01)"),
        ("int4multirange", "{[1,3),[5,7)}"),
        ("int4multirange", "{}"),
        ("tsmultirange", "{(,\"2019-01-01 00:00:00\"),[\"2020-01-01 00:00:00\",\"2020-02-01 00:00:00\")}"),
    ] {
        assert_eq!(range("{each: keep}", spelled).text(value).as_deref(), Some(value), "{spelled}");
    }
}

#[test]
fn both_bounds_are_masked_and_the_range_stays_one() {
    for (rule, spelled, value, expected) in [
        ("{each: {generalise: year}}", "daterange", "[2020-05-06,2021-07-08)", "[2020-01-01,2021-01-01)"),
        ("{each: {constant: 2020-01-01}}", "pg_catalog.daterange", "(,2021-07-08]", "(,2020-01-01]"),
        ("{each: suppress}", "daterange", "[2020-05-06,2021-07-08]", "(,)"),
        ("{each: suppress}", "datemultirange", "{[2020-05-06,2021-07-08]}", "{(,)}"),
        (
            "{each: {generalise: month}}",
            "tsrange",
            "[\"2020-01-01 10:00:00\",\"2020-02-02 11:00:00\")",
            "[\"2020-01-01 00:00:00\",\"2020-02-01 00:00:00\")",
        ),
        // What is no date of the type is removed.
        ("{each: {constant: soon}}", "daterange", "[2020-05-06,2021-07-08)", "(,)"),
    ] {
        assert_eq!(range(rule, spelled).text(value).as_deref(), Some(expected), "{rule} on {value}");
    }
}

#[test]
fn bounds_in_the_wrong_order_change_places() {
    // A bijection of numbers does not keep their order.
    let ids = range("{each: {pseudonym: integer}}", "int4range");
    let (mut swapped, mut kept) = (0, 0);
    for low in 1..40 {
        let out = ids.text(&format!("[{low},{})", low + 1)).expect("a range");
        let inner = out.strip_prefix('[').and_then(|rest| rest.strip_suffix(')')).expect("brackets");
        let (a, b) = inner.split_once(',').expect("two");
        let (a, b): (i64, i64) = (a.parse().expect("a number"), b.parse().expect("a number"));
        assert!(a < b, "{out}");
        let alone = ids.text(&format!("[{low},)")).expect("a range");
        if alone == format!("[{a},)") { kept += 1 } else { swapped += 1 }
    }
    assert!(swapped > 0 && kept > 0);
}

#[test]
fn times_are_compared_as_instants() {
    let shown = |value: &str| range::instant(value.as_bytes());
    for (low, high) in [
        ("-infinity", "0044-03-15 BC"),
        ("0044-03-15 BC", "0001-01-01"),
        ("2020-01-01 10:00:00", "2020-01-01 10:00:00.5"),
        ("2020-01-01 10:00:00+02", "2020-01-01 09:00:00+00"),
        ("2020-01-01 23:00:00-05:30", "2020-01-02 05:00:00Z"),
        ("2020-01-01", "infinity"),
    ] {
        assert!(shown(low).expect("a time") < shown(high).expect("a time"), "{low} {high}");
    }
    assert_eq!(shown("2020-13-01"), None);
}

#[test]
fn what_no_range_is_is_unfit() {
    for value in [
        "",
        "full",
        "[1,2",
        "1,2)",
        "[1)",
        "[1,2,3)",
        "[1,2)x",
        "[\"1,2)",
        "[1,2)[3,4)",
        "{[1,2)}",
        "[\\",
        "[1,\\",
    ] {
        assert_eq!(range("{each: keep}", "int4range").text(value), None, "{value}");
    }
    for value in ["", "{[1,2)", "{[1,2),}", "{,[1,2)}", "{[1,2)}}", "[1,2)", "{{[1,2)}}"] {
        assert_eq!(range("{each: keep}", "int4multirange").text(value), None, "{value}");
    }
}

#[test]
fn lists_keep_their_blanks_and_lose_what_is_removed() {
    let list = |rule| Through::new(rule, text(), "text");
    for (rule, value, expected) in [
        ("{each: keep, separator: \",\"}", " a ,b,, c d ", " a ,b,, c d "),
        ("{each: {constant: x}, separator: \",\"}", " a ,b,, c d ", " x ,x,, x "),
        ("{each: suppress, separator: \"; \"}", "a; b", ""),
        ("{each: suppress, separator: \",\"}", "a,,b", ""),
        ("{each: {constant: \"x,y\"}, separator: \",\"}", "a,b", ""),
        ("{each: {constant: \"x,y\"}, separator: \";\"}", "a;b", "x,y;x,y"),
    ] {
        assert_eq!(list(rule).text(value).as_deref(), Some(expected), "{rule} on {value}");
    }
}

#[test]
fn a_set_takes_its_members_only() {
    let set = |rule| Through::new(rule, TypeClass::Other, "set('mail','it''s','post')");
    assert_eq!(set("{each: {constant: post}}").text("mail,it's").as_deref(), Some("post,post"));
    assert_eq!(set("{each: {constant: fax}}").text("mail,it's").as_deref(), Some(""));
    assert_eq!(set("{each: keep}").text("mail,it's").as_deref(), Some("mail,it's"));
    assert_eq!(list::members("set('a', 'b''c')"), Some(vec![b"a".to_vec(), b"b'c".to_vec()]));
    for text in ["set", "set()", "set('a'", "set('a',)", "set('a' 'b')", "enum('a')"] {
        assert_eq!(list::members(text), None, "{text}");
    }
}

#[test]
fn the_type_or_a_separator_must_say_how_parts_are_told_apart() {
    let refused = |rule: &str, ty: TypeClass, spelled: &'static str| {
        compiled_rule(&Rule { ty, spelled, ..ruled(rule) }).is_none()
    };
    for (rule, ty, spelled) in [
        ("{each: suppress}", text(), "text"),
        ("{each: suppress}", TypeClass::Unknown, ""),
        ("{each: suppress}", TypeClass::Other, "public.myrange"),
        ("{each: suppress}", TypeClass::Other, "set"),
        ("{each: suppress}", TypeClass::Integer, "integer"),
        ("{each: suppress, separator: \"\"}", text(), "text"),
        ("{each: suppress, separator: \",\"}", TypeClass::Integer, "integer"),
        ("{each: suppress, separator: \",\"}", TypeClass::Array(Box::new(text())), "text[]"),
        ("{each: suppress, separator: \",\"}", TypeClass::Other, "daterange"),
    ] {
        assert!(refused(rule, ty.clone(), spelled), "{rule} on {ty:?}");
    }
}

#[test]
fn damage_never_passes() {
    for of in [text(), TypeClass::Integer] {
        let (masks, keep) = (array("{each: {constant: 7}}", of.clone()), array("{each: keep}", of));
        ARRAYS.iter().for_each(|value| masks.is_sound_when_damaged(&keep, value.as_bytes()));
    }
    let (masks, keep) = ("{each: {constant: 2020-01-01}}", "{each: keep}");
    range(masks, "daterange")
        .is_sound_when_damaged(&range(keep, "daterange"), b"[\"0044-03-15 BC\",2020-01-01)");
    let multi = |rule| range(rule, "datemultirange");
    multi(masks).is_sound_when_damaged(&multi(keep), b"{[2020-01-01,2020-02-01),(2021-01-01,)}");
}

proptest! {
    #[test]
    fn bytes_of_any_kind_never_panic_and_what_masks_leaves_nothing(value in "[{}\\[\\](),\"\\\\ aN0:=]{0,24}") {
        let out = array("{each: {constant: 7}}", text()).text(&value);
        prop_assert!(!out.unwrap_or_default().contains('a'));
        for spelled in ["int4range", "int4multirange"] {
            let out = range("{each: {constant: 7}}", spelled).text(&value);
            prop_assert!(!out.unwrap_or_default().contains('N'));
        }
    }

    #[test]
    fn any_text_in_an_array_reads_back(elements in proptest::collection::vec("\\PC{0,6}|[\\\\\"{},]{0,3}", 1..5)) {
        let raw: Vec<String> =
            elements.iter().map(|e| format!("\"{}\"", e.replace('\\', "\\\\").replace('"', "\\\""))).collect();
        let value = format!("{{{}}}", raw.join(","));
        prop_assert_eq!(array("{each: keep}", text()).text(&value), Some(value));
    }
}
