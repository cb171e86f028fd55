//! `hstore`: the values of PostgreSQL's hstore by their keys. What no key names goes, key and value; `*` names all others.
//!
//! Class: composition. Preserves the named keys, their order, NULL values and the bytes between; a value that its rule
//! removes is NULL below its key. Below `*` keys stay as they are unless `each_key:` masks them, and without it a pair
//! whose value is removed, or was never there and is not kept, goes with its key. An attacker learns which named keys
//! are there, and of the values what their rules leave. `by: $.mail` lets the value of another key decide. `{hstore: {lang: keep}}` on `"lang"=>"nl", "mail"=>"x"` gives
//! `"lang"=>"nl"`. Refuses what hstore itself refuses, and quotes in the middle of words.
//! Source: PostgreSQL 15, `contrib/hstore/hstore_io.c` and F.17.

use std::collections::BTreeMap;

use super::scan::{self, Cursor, Notation, Text, is_blank};
use super::{Became, Container, Part, Place, Places, Unfit, Visit, Walk};
use crate::mask::{Class, Compile, Compiled, Example, Reaches, Refusal, Reversibility, Takes, TechniqueSpec};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;

static PLACES: Places =
    Places { meaning: "a key, or '*' for all others", check: check_place, stem: "$.", one: false };

/// The declaration.
pub static SPEC: TechniqueSpec = TechniqueSpec {
    name: "hstore",
    class: Class::Composition,
    summary: "rules for the values of a PostgreSQL hstore by key; what no key names is removed",
    preserves: "the named keys, their order and NULL; of the values what their rules preserve",
    attacker: "which of the named keys are there, and of each value what its rule leaves",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what its rules reach"),
    argument: Takes::Inside(&PLACES),
    bare: false,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example {
            rule: "{hstore: {lang: {keep: workflow}}}",
            input: "\"lang\"=>\"nl\", \"mail\"=>\"fleur@example.org\"",
            output: "\"lang\"=>\"nl\"",
        },
        Example {
            rule: "{hstore: {lang: {keep: workflow}, mail: suppress}}",
            input: "\"lang\"=>\"nl\", \"mail\"=>\"fleur@example.org\"",
            output: "\"lang\"=>\"nl\", \"mail\"=>NULL",
        },
    ],
    compile,
};

/// All keys that are not named.
const OTHERS: &str = "*";
/// The values of all keys that are not named, where the keys have a rule too.
const OTHER_VALUES: &str = "*.*";

fn check_place(place: &Place) -> Result<(), Refusal> {
    let refuse =
        |what: &'static str, hint: &'static str| Err(Refusal { what: what.into(), hint: Some(hint.into()) });
    match &place.by {
        Some(_) if place.part == Part::Keys => {
            return refuse("`by:` cannot decide keys", "each key decides itself: take `by:` out");
        }
        Some(by) if by.is_empty() || by == OTHERS || *by == place.text => {
            return refuse("`by:` names another key of the value", "write `by: $.mail` for the key `mail`");
        }
        _ => {}
    }
    if place.part == Part::Value || place.text == OTHERS {
        return Ok(());
    }
    refuse("only keys that are not named can have a rule", "write `'*': {each_key: RULE, each_value: RULE}`")
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let known = matches!(cx.class(), TypeClass::Other) || cx.class().is_text();
    let Some(inside) = cx.inside.filter(|_| known) else {
        let what = "`hstore` needs a column of type hstore and a rule for a key".into();
        return Err(Refusal { what, hint: Some("write `hstore: {KEY: RULE}`".into()) });
    };
    let walk = Box::new(Hstore::new(&inside.places));
    Ok(Container::compiled(walk, inside, Some(b"")))
}

/// The rules by key.
struct Hstore {
    /// Keys and their places.
    named: Vec<(Vec<u8>, usize)>,
    /// The place of the values of all others.
    others: Option<usize>,
    /// The place of the keys of all others.
    keys: Option<usize>,
    /// By place: the key whose value decides.
    by: Vec<Option<Vec<u8>>>,
}

/// One pair as it stands in the value.
struct Pair<'a> {
    /// What stands before the key: blanks, and behind the first pair a comma.
    gap: &'a [u8],
    key: Text<'a>,
    arrow: &'a [u8],
    value: Text<'a>,
}

impl Hstore {
    fn new(places: &[Place]) -> Self {
        let mut rules = Self { named: Vec::new(), others: None, keys: None, by: Vec::new() };
        for (index, place) in places.iter().enumerate() {
            rules.by.push(place.by.as_ref().map(|by| by.clone().into_bytes()));
            match (place.part, place.text.as_str()) {
                (Part::Keys, _) => rules.keys = Some(index),
                (Part::Value, OTHERS | OTHER_VALUES) => rules.others = Some(index),
                (Part::Value, key) => rules.named.push((key.as_bytes().to_vec(), index)),
            }
        }
        rules
    }

    /// Returns by place the value that decides; `None` where there is none, or NULL. Reads the value once, however many
    /// pairs ask.
    fn deciding(&self, value: &[u8], buf: &mut Vec<u8>) -> Result<Vec<Option<Vec<u8>>>, Unfit> {
        let asked = self.by.iter().flatten().map(|key| (key.as_slice(), None));
        let mut found: BTreeMap<&[u8], Option<Option<Vec<u8>>>> = asked.collect();
        let mut cursor = Cursor::new(value);
        while !found.is_empty() {
            let Some(pair) = pair(&mut cursor)? else { break };
            // Of a key that stands twice the first counts, as the server has it.
            if let Some(slot) = found.get_mut(pair.key.decoded(false, buf)).filter(|slot| slot.is_none()) {
                let there = !pair.value.is_null();
                *slot = Some(there.then(|| pair.value.decoded(false, buf).to_vec()));
            }
        }
        let of = |key: &Option<Vec<u8>>| found.get(key.as_deref()?).cloned().flatten().flatten();
        Ok(self.by.iter().map(of).collect())
    }

    /// Appends a pair; whether there is something of it.
    fn pair(
        &self,
        deciding: &[Option<Vec<u8>>],
        pair: &Pair<'_>,
        visit: &mut Visit<'_>,
        (first, buf): (bool, &mut Vec<u8>),
        out: &mut Vec<u8>,
    ) -> Result<bool, Unfit> {
        let key = pair.key.decoded(false, buf);
        let named = self.named.iter().find(|(name, _)| name == key).map(|(_, place)| *place);
        // Without a rule for the values of unnamed keys there is none for the keys either.
        let Some(place) = named.or(self.others) else { return Ok(false) };
        let keys = self.keys.filter(|_| named.is_none());
        out.extend_from_slice(if first { scan::trimmed(pair.gap).0 } else { pair.gap });
        match keys.map(|keys| scan::leaf(visit, (keys, key, None), &Quoted, out)).transpose()? {
            None | Some(Became::Kept) => out.extend_from_slice(pair.key.raw),
            Some(Became::Written) => {}
            Some(Became::Removed) => return Ok(false),
        }
        out.extend_from_slice(pair.arrow);
        // A key that no rule masks is not left over from a value that its rule removes.
        let stays = named.is_some() || keys.is_some();
        if pair.value.is_null() {
            out.extend_from_slice(pair.value.raw);
            return Ok(stays || visit.keeps(place));
        }
        let by = deciding.get(place).and_then(Option::as_deref);
        match scan::leaf(visit, (place, pair.value.decoded(false, buf), by), &Quoted, out)? {
            Became::Kept => out.extend_from_slice(pair.value.raw),
            Became::Written => {}
            Became::Removed => {
                out.extend_from_slice(b"NULL");
                return Ok(stays);
            }
        }
        Ok(true)
    }
}

impl Walk for Hstore {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let mut cursor = Cursor::new(value);
        let (mut first, mut buf) = (true, Vec::new());
        let deciding = self.deciding(value, &mut buf)?;
        loop {
            let behind = cursor.at;
            let Some(pair) = pair(&mut cursor)? else {
                out.extend_from_slice(cursor.since(behind));
                return Ok(());
            };
            let start = out.len();
            if self.pair(&deciding, &pair, visit, (first, &mut buf), out)? {
                first = false;
            } else {
                out.truncate(start);
            }
        }
    }
}

/// Reads a pair with what stands before it; `None` at the end.
fn pair<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Pair<'a>>, Unfit> {
    let start = cursor.at;
    cursor.blanks();
    if cursor.is_end() {
        return Ok(None);
    }
    // A comma stands between two pairs, and nowhere else.
    if cursor.take(b',') != (start > 0) {
        return Err(Unfit);
    }
    cursor.blanks();
    let gap = cursor.since(start);
    let key = word(cursor, b'=')?;
    let start = cursor.at;
    cursor.blanks();
    if !(cursor.take(b'=') && cursor.take(b'>')) {
        return Err(Unfit);
    }
    cursor.blanks();
    let arrow = cursor.since(start);
    let value = word(cursor, b',')?;
    Ok(Some(Pair { gap, key, arrow, value }))
}

/// Reads a text in quotes, or one without to a blank or `end`.
fn word<'a>(cursor: &mut Cursor<'a>, end: u8) -> Result<Text<'a>, Unfit> {
    let start = cursor.at;
    if cursor.take(b'"') {
        loop {
            match cursor.next().ok_or(Unfit)? {
                b'\\' => drop(cursor.next().ok_or(Unfit)?),
                b'"' => return Ok(Text { raw: cursor.since(start), escaped: true }),
                _ => {}
            }
        }
    }
    let mut escaped = false;
    while let Some(byte) = cursor.peek().filter(|b| *b != end && !is_blank(*b)) {
        cursor.at += 1;
        match byte {
            b'"' | b',' => return Err(Unfit),
            b'\\' => {
                escaped = true;
                cursor.next().ok_or(Unfit)?;
            }
            _ => {}
        }
    }
    if cursor.at == start { Err(Unfit) } else { Ok(Text { raw: cursor.since(start), escaped }) }
}

/// Text in double quotes, as `hstore_out` writes it.
struct Quoted;

impl Notation for Quoted {
    fn is_sound(&self, decoded: &[u8]) -> bool {
        !decoded.contains(&0)
    }

    fn quote(&self, _: &[u8]) -> Option<u8> {
        Some(b'"')
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::Through;
    use proptest::prelude::*;

    fn hstore(rule: &str) -> Through {
        Through::new(rule, TypeClass::Other, "public.hstore")
    }

    /// As PostgreSQL 15 printed it, and as it reads it too.
    const VALUES: &[&str] = &[
        "",
        "\"\"=>\"\", \"a\"=>\"1\", \"k\"=>\"null\", \"b c\"=>NULL, \"d\\\"e\"=>\"x y\", \"f\\\\g\"=>\"\\\"\", \"NULL\"=>\"NULL\"",
        "a=>1, b => NULL , \"c\"=>\"null\",d=>\"NU LL\"",
        "a=>b\\,c",
        " a=>1 ",
        "a=>1,a=>2",
        "a=>=b",
    ];

    #[test]
    fn what_stays_is_the_same_bytes() {
        let keep = hstore("{hstore: {*: keep}}");
        for value in VALUES {
            assert_eq!(keep.text(value).as_deref(), Some(*value));
        }
    }

    #[test]
    fn keys_that_are_not_named_go_with_their_values() {
        for (rule, value, expected) in [
            ("{hstore: {a: keep}}", VALUES[1], "\"a\"=>\"1\""),
            ("{hstore: {a: suppress}}", VALUES[1], "\"a\"=>NULL"),
            ("{hstore: {a: {constant: \"x\\y\"}}}", VALUES[1], "\"a\"=>\"x\\\\y\""),
            ("{hstore: {k: keep, \"b c\": keep}}", VALUES[1], "\"k\"=>\"null\", \"b c\"=>NULL"),
            ("{hstore: {b: {constant: x}, c: {constant: x}}}", VALUES[2], "b => NULL , \"c\"=>\"x\""),
            ("{hstore: {z: keep}}", VALUES[2], ""),
            ("{hstore: {a: {constant: x}}}", VALUES[5], "a=>\"x\",a=>\"x\""),
        ] {
            assert_eq!(hstore(rule).text(value).as_deref(), Some(expected), "{rule} on {value}");
        }
    }

    #[test]
    fn a_star_is_for_all_others() {
        let value = "\"a\"=>\"1\", \"fleur@example.org\"=>\"2\", \"n\"=>NULL";
        for (rule, expected) in [
            ("{hstore: {a: keep, *: {constant: x}}}", "\"a\"=>\"1\", \"fleur@example.org\"=>\"x\""),
            ("{hstore: {a: keep, *: suppress}}", "\"a\"=>\"1\""),
            ("{hstore: {a: suppress, *: keep}}", "\"a\"=>NULL, \"fleur@example.org\"=>\"2\", \"n\"=>NULL"),
            (
                "{hstore: {a: keep, *: {each_key: {constant: k}, each_value: suppress}}}",
                "\"a\"=>\"1\", \"k\"=>NULL, \"k\"=>NULL",
            ),
            (
                "{hstore: {*: {each_key: {constant: k}, each_value: keep}}}",
                "\"k\"=>\"1\", \"k\"=>\"2\", \"k\"=>NULL",
            ),
            ("{hstore: {*: {each_key: suppress, each_value: keep}}}", ""),
            ("{hstore: {*: {each_key: {constant: k}}}}", ""),
        ] {
            assert_eq!(hstore(rule).text(value).as_deref(), Some(expected), "{rule}");
        }
    }

    #[test]
    fn the_value_of_another_key_decides() {
        use crate::mask::inside::testing::{Does, rules, walked};
        let of = |value: &str| {
            let inside = rules(vec![("mail", Does::Keyed), ("* by mail", Does::Keyed)]);
            let walk = Box::new(Hstore::new(&inside.places));
            walked(walk, &inside, value.as_bytes()).map(|(out, _)| String::from_utf8(out).expect("text"))
        };
        let shown = of("name=>b, mail=>a, k=>c").expect("fit");
        let hex = shown.get(7..9).expect("hex");
        assert_eq!(shown, format!("name=>\"{hex}\", mail=>\"{hex}\", k=>\"{hex}\""));
        assert_eq!(of("name=>x, \"mail\"=>\"a\", k=>y").map(|s| s.replace("\"mail\"", "mail")), Some(shown));
        // Without one, and by NULL, each value decides itself.
        for none in ["", ", mail=>NULL"] {
            assert_ne!(of(&format!("k=>b{none}")), of(&format!("k=>c{none}")));
        }
        for (by, sound) in [("mail", true), ("*", false), ("", false), ("k", false)] {
            let place = Place { text: "k".into(), part: Part::Value, by: Some(by.into()) };
            assert_eq!(check_place(&place).is_ok(), sound, "{by}");
        }
    }

    #[test]
    fn what_no_hstore_is_is_unfit() {
        let keep = hstore("{hstore: {*: keep}}");
        for value in [
            "a",
            "a=>",
            "=>1",
            "a=1",
            "a>1",
            "a=>1,",
            ",a=>1",
            "a=>1 b=>2",
            "a=>1,,b=>2",
            "\"a=>1",
            "\"a\"=>\"1",
            "a\"b=>1",
            "a=>1\"",
            "a=>1\\",
            "\"a\"b=>1",
            "a,b=>1",
        ] {
            assert_eq!(keep.text(value), None, "{value}");
        }
    }

    #[test]
    fn damage_never_passes() {
        let keep = hstore("{hstore: {*: keep}}");
        for rule in
            ["{hstore: {a: {constant: x}}}", "{hstore: {*: {each_key: {constant: k}, each_value: keep}}}"]
        {
            VALUES.iter().for_each(|value| hstore(rule).is_sound_when_damaged(&keep, value.as_bytes()));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_what_is_not_named_is_gone(value in "[\"\\\\ abNUL=>,]{0,32}") {
            let out = hstore("{hstore: {b: {constant: 7}}}").text(&value).unwrap_or_default();
            prop_assert!(!out.contains('a'), "{}", out);
        }
    }
}
