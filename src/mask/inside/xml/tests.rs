//! `xml`: paths, what goes and what stays, and what is refused.

use super::*;
use crate::mask::testing::Through;
use proptest::prelude::*;

fn xml(rule: &str) -> Through {
    Through::new(rule, TypeClass::Other, "xml")
}

const ORDER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<order id='7' xmlns:a=\"urn:a\">\n  <!-- Fleur -->\n  <customer>\n    <name>Fleur &amp; Sem</name>\n    <a:mail kind = \"home\">fleur@example.org</a:mail>\n  </customer>\n  <note><![CDATA[call <Fleur>]]></note>\n  <empty/>\n</order>\n";

#[test]
fn what_is_kept_is_the_same_bytes() {
    let keep = xml("{xml: {/*: keep}}");
    for value in [
        ORDER,
        "<a/>",
        "<a></a>",
        "<a>x<!-- c -->y<?p i?><b/>z</a>",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\"><html/>",
        "<a b='\"' c=\"'\" d = 'x' >&#x41;&#66;&apos;</a >",
        "<a/><b/>",
        "\u{e9}<\u{e9}l>\u{e9}</\u{e9}l>",
    ] {
        let expected = value.strip_prefix('\u{e9}').unwrap_or(value);
        assert_eq!(keep.text(value).as_deref(), Some(expected));
    }
}

#[test]
fn what_no_path_names_is_removed() {
    for (rule, value, expected) in [
        (
            "{xml: {/order/customer/name: {constant: x<y}}}",
            ORDER,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<order xmlns:a=\"urn:a\">\n  \n  <customer>\n    <name>x&lt;y</name>\n  </customer>\n</order>\n",
        ),
        ("{xml: {//name: suppress}}", "<a><name>Fleur</name>Sem<b/></a>", "<a><name></name></a>"),
        ("{xml: {//none: keep}}", ORDER, "<removed/>"),
        (
            "{xml: {/order/@id: keep}}",
            ORDER,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<order id='7' xmlns:a=\"urn:a\">\n</order>\n",
        ),
        ("{xml: {//@kind: {constant: \"a&b\"}}}", "<m kind=\"home\" x=\"1\"/>", "<m kind=\"a&amp;b\"/>"),
        (
            "{xml: {\"//a:mail\": {constant: x}}}",
            "<o><a:mail>y</a:mail><mail>z</mail></o>",
            "<o><a:mail>x</a:mail></o>",
        ),
        ("{xml: {/o/*/v: keep}}", "<o><a><v>1</v><w>2</w></a><v>3</v></o>", "<o><a><v>1</v></a></o>"),
        ("{xml: {/o//v: keep}}", "<o><a><v>1</v></a><v>3</v></o>", "<o><a><v>1</v></a><v>3</v></o>"),
        ("{xml: {/o: {constant: x}}}", "<o> Fleur <b>Sem</b> Bo </o>", "<o> x  x </o>"),
        ("{xml: {/o: {constant: x}}}", "<o>Fle<!-- c -->ur &amp; <![CDATA[Sem]]></o>", "<o>x</o>"),
        ("{xml: {/o/@a: keep}}", "<o a='1' b='2'/>tail", "<o a='1'/>"),
    ] {
        assert_eq!(xml(rule).text(value).as_deref(), Some(expected), "{rule} on {value}");
    }
}

#[test]
fn text_reaches_its_rule_decoded() {
    let each = xml(
        "{xml: {/o: {each: {constant: x}, separator: \"<\"}, /o/@a: {each: {constant: x}, separator: \"<\"}}}",
    );
    for value in ["<o a=\"1&lt;2\">1&#60;2</o>", "<o a='1&#x3c;2'>1<![CDATA[<]]>2</o>"] {
        let out = each.text(value).expect("XML").replace('\'', "\"");
        assert_eq!(out, "<o a=\"x&lt;x\">x&lt;x</o>", "{value}");
    }
}

#[test]
fn a_rule_within_what_is_kept_still_masks() {
    let rule = "{xml: {/o: keep, //mail: {constant: x}, //@id: suppress}}";
    let value = "<o id='1' k='2'>text<!-- c --><mail a='1'>y<b>z</b></mail><p id='3'><mail>w</mail></p></o>";
    let expected = "<o k='2'>text<!-- c --><mail>x</mail><p><mail>x</mail></p></o>";
    assert_eq!(xml(rule).text(value).as_deref(), Some(expected));
    // Of two paths for one place the closer one counts, whatever comes first; else the one that masks.
    for rule in [
        "{xml: {//b: keep, /a/b: {constant: x}}}",
        "{xml: {/a/b: {constant: x}, //b: keep}}",
        "{xml: {/*/b: keep, /a/*: {constant: x}}}",
    ] {
        assert_eq!(xml(rule).text("<a><b>y</b></a>").as_deref(), Some("<a><b>x</b></a>"), "{rule}");
    }
}

/// What decides is shown: two texts with the same decider are one stand-in.
#[test]
fn another_place_decides_in_the_same_element_only() {
    let paths = |list: &[&str]| list.iter().map(|text| Path::read(text).expect("a path")).collect::<Vec<_>>();
    let value = b"<l><o id=' 1 '><n>A</n></o><o><n>B</n></o><o><n>C</n><i>&#50;2</i></o></l>";
    let by = Deciding::read(value, &paths(&["/l/o/@id", "/l/o/i"])).expect("XML");
    let own = &paths(&["/l/o/n", "//n"]);
    let others = paths(&["/l/o/@id", "/l/o/i"]);
    let at = |text: &[u8]| memchr::memmem::find(value, text).expect("there");
    let orders = [at(b"<o id"), at(b"<o><n>B"), at(b"<o><n>C")];
    let names = [at(b"<n>A"), at(b"<n>B"), at(b"<n>C")];
    let decides = |path: usize, which: usize| {
        let around = [0, orders[which], names[which]];
        by.of(path, names[which], &around, own[0].common(&others[path], 3)).map(<[u8]>::to_vec)
    };
    assert_eq!([decides(0, 0), decides(0, 1), decides(0, 2)], [Some(b"1".to_vec()), None, None]);
    assert_eq!([decides(1, 0), decides(1, 1), decides(1, 2)], [None, None, Some(b"22".to_vec())]);
}

#[test]
fn nasty_35_bombs_and_what_is_no_xml_are_unfit() {
    let keep = xml("{xml: {/*: keep}}");
    for value in [
        "",
        "Fleur",
        "<",
        "<a",
        "<a>",
        "</a>",
        "<a></b>",
        "<a><b></a></b>",
        "<a",
        "<a b>",
        "<a b=c/>",
        "<a b='<'/>",
        "<a b='1'c='2'/>",
        "<a>&nbsp;</a>",
        "<a>&</a>",
        "<a>&#0;</a>",
        "<a>&#xffffffff;</a>",
        "<a b='&x;'/>",
        "<a><!-- </a>",
        "<a><![CDATA[</a>",
        "<1/>",
        "<a@b/>",
        "<a/><?xml version=\"1.0\"?>",
        "<a><!DOCTYPE b></a>",
        "<!DOCTYPE a [<!ENTITY b \"cc\">]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM \"file://x?y\" [ ]><a/>",
        "<a>\u{1}</a>",
        "<a xmlns='mailto:fleur@example.org'/>",
        "\u{feff}<a/>",
    ] {
        assert_eq!(keep.text(value), None, "{value}");
    }
    for (depth, sound) in [(1_024, true), (1_025, false), (100_000, false)] {
        let value = ["<a>".repeat(depth), "</a>".repeat(depth)].concat();
        assert_eq!(keep.text(&value).is_some(), sound, "{depth}");
    }
}

#[test]
fn places_are_paths() {
    for (text, sound) in [
        ("/a", true),
        ("//a", true),
        ("/a//b/*/@c", true),
        ("//@c", true),
        ("/@*", false),
        ("/a/@*", true),
        ("a", false),
        ("", false),
        ("/", false),
        ("/a/", false),
        ("/a/@b/c", false),
        ("/a[1]", false),
        ("/a/text()", false),
        ("///a", false),
        ("/a b", false),
    ] {
        let place = Place { text: text.to_owned(), part: Part::Value, by: None };
        assert_eq!(check_place(&place).is_ok(), sound, "{text}");
    }
}

#[test]
fn damage_never_passes() {
    let keep = xml("{xml: {/*: keep, /*/@*: keep}}");
    for rule in [
        "{xml: {//name: {constant: \"<&\"}, //@kind: {constant: '\"<'}}}",
        "{xml: {/order: keep, //@*: keep}}",
    ] {
        xml(rule).is_sound_when_damaged(&keep, ORDER.as_bytes());
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_and_what_is_not_named_is_gone(value in "(<b>|</b>|<b/>|<|>|/|b|Q|&|;|!|-|\\[|\\]|CDATA|=|\"| |<!--|-->){0,24}") {
        let out = xml("{xml: {//b: {constant: 7}, //@b: {constant: 7}}}").text(&value).unwrap_or_default();
        prop_assert!(!out.contains('Q'), "{}", out);
    }
}
