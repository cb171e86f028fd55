//! `composite`: the fields of a PostgreSQL row type by their positions, from 1: `(a,"b ""c""",)`. What no position names
//! is NULL afterwards.
//!
//! `by: $.1` lets another field decide. Class: composition. Preserves the number of fields, NULL, and the named ones as their rules do. An attacker learns of
//! each field what its rule leaves. `{composite: {1: keep}}` on `(nl,"a b")` gives `(nl,)`. Refuses what `record_in`
//! refuses, and a row with fewer fields than the profile names; such a row has no placeholder.
//! Source: PostgreSQL 15, `record_in`, `record_out` and 8.16.6.

use super::scan::{self, Cursor, Notation, Text, is_blank};
use super::{Became, Container, Part, Place, Places, Unfit, Visit, Walk};
use crate::mask::{Class, Compile, Compiled, Example, Reaches, Refusal, Reversibility, Takes, TechniqueSpec};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;

static PLACES: Places =
    Places { meaning: "the position of a field, from 1", check: check_place, stem: "$.", one: false };

/// The declaration.
pub static SPEC: TechniqueSpec = TechniqueSpec {
    name: "composite",
    class: Class::Composition,
    summary: "rules for the fields of a PostgreSQL row type by position; what no position names becomes NULL",
    preserves: "the number of fields and NULL; of the named fields what their rules preserve",
    attacker: "of each field what its rule leaves",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what its rules reach"),
    argument: Takes::Inside(&PLACES),
    bare: false,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{composite: {1: {keep: workflow}}}", input: "(nl,\"a b\")", output: "(nl,)" },
        Example {
            rule: "{composite: {1: suppress, 2: {constant: \"c d\"}}}",
            input: "(nl,\"a b\")",
            output: "(,\"c d\")",
        },
    ],
    compile,
};

/// Most fields of a row. Source: `MaxTupleAttributeNumber`.
const MOST_FIELDS: usize = 1_664;

/// Reads a position.
fn position(text: &str) -> Option<usize> {
    let plain = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|at| plain && (1..=MOST_FIELDS).contains(at))
}

fn check_place(place: &Place) -> Result<(), Refusal> {
    if let Some(by) = &place.by
        && (position(by).is_none() || *by == place.text)
    {
        return Err(Refusal {
            what: "`by:` names another field of the row".into(),
            hint: Some("write its position: `by: $.2`".into()),
        });
    }
    if place.part == Part::Value && position(&place.text).is_some() {
        return Ok(());
    }
    Err(Refusal {
        what: "a field of a row is named by its position, from 1".into(),
        hint: Some("write `composite: {1: RULE, 2: RULE}` in the order of CREATE TYPE".into()),
    })
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let known = matches!(cx.class(), TypeClass::Other) || cx.class().is_text();
    let Some(inside) = cx.inside.filter(|_| known) else {
        let what = "`composite` needs a column of a row type and a rule for a field".into();
        return Err(Refusal { what, hint: Some("write `composite: {1: RULE}`".into()) });
    };
    let walk = Box::new(Composite::new(&inside.places));
    // Nobody knows how many fields a row should have had that could not be read.
    Ok(Container::compiled(walk, inside, None))
}

/// The rules by position.
struct Composite {
    /// By field, from 0: its place.
    places: Vec<Option<usize>>,
    /// By place: the field that decides.
    by: Vec<Option<usize>>,
}

impl Composite {
    fn new(named: &[Place]) -> Self {
        let mut places = Vec::new();
        for (index, place) in named.iter().enumerate() {
            let Some(at) = position(&place.text) else { continue };
            places.resize(places.len().max(at), None);
            if let Some(slot) = places.get_mut(at - 1) {
                *slot = Some(index);
            }
        }
        let by = named.iter().map(|place| position(place.by.as_ref()?)?.checked_sub(1)).collect();
        Self { places, by }
    }
}

/// The fields of a row, one by one.
struct Fields<'a> {
    cursor: Cursor<'a>,
    done: bool,
}

impl<'a> Fields<'a> {
    /// Stands behind the opening bracket, and returns what stands up to there.
    fn new(value: &'a [u8]) -> Result<(Self, &'a [u8]), Unfit> {
        let mut cursor = Cursor::new(value);
        cursor.blanks();
        if !cursor.take(b'(') {
            return Err(Unfit);
        }
        Ok((Self { cursor, done: false }, cursor.since(0)))
    }

    /// Reads the next field and what ends it; `None` behind the last, of which nothing but blanks may follow.
    fn next(&mut self) -> Result<Option<Text<'a>>, Unfit> {
        if self.done {
            return Ok(None);
        }
        let (start, mut quoted, mut escaped) = (self.cursor.at, false, false);
        loop {
            match self.cursor.peek().ok_or(Unfit)? {
                b',' | b')' if !quoted => break,
                b'\\' => {
                    escaped = true;
                    self.cursor.at += 1;
                    self.cursor.peek().ok_or(Unfit)?;
                }
                b'"' => {
                    escaped = true;
                    quoted = !quoted;
                }
                _ => {}
            }
            self.cursor.at += 1;
        }
        let text = Text { raw: self.cursor.since(start), escaped };
        if self.cursor.next() == Some(b')') {
            self.done = true;
        }
        Ok(Some(text))
    }

    /// Returns the blanks behind the closing bracket.
    fn rest(mut self) -> Result<&'a [u8], Unfit> {
        let blanks = self.cursor.blanks();
        if self.cursor.is_end() { Ok(blanks) } else { Err(Unfit) }
    }
}

impl Walk for Composite {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let (mut fields, opening) = Fields::new(value)?;
        out.extend_from_slice(opening);
        let (mut index, mut buf, mut other) = (0, Vec::new(), Vec::new());
        while let Some(field) = fields.next()? {
            if index >= MOST_FIELDS {
                return Err(Unfit);
            }
            let place = self.places.get(index).copied().flatten();
            if let Some(place) = place.filter(|_| !field.raw.is_empty()) {
                let by = match self.by.get(place) {
                    Some(Some(by)) => value_of(value, *by, &mut other)?,
                    _ => None,
                };
                if scan::leaf(visit, (place, field.decoded(true, &mut buf), by), &Quoted, out)?
                    == Became::Kept
                {
                    out.extend_from_slice(field.raw);
                }
            }
            index += 1;
            out.push(if fields.done { b')' } else { b',' });
        }
        out.extend_from_slice(fields.rest()?);
        // A field that the profile names must be there: else this is another type than it thinks.
        if index < self.places.len() { Err(Unfit) } else { Ok(()) }
    }
}

/// Returns the value of a field; `None` where there is none, or NULL.
fn value_of<'b>(value: &'b [u8], at: usize, buf: &'b mut Vec<u8>) -> Result<Option<&'b [u8]>, Unfit> {
    let (mut fields, _) = Fields::new(value)?;
    for _ in 0..at {
        fields.next()?;
    }
    let found = fields.next()?.filter(|field| !field.raw.is_empty());
    Ok(found.map(|field| field.decoded(true, buf)))
}

/// A field as `record_out` writes it.
struct Quoted;

impl Notation for Quoted {
    fn is_sound(&self, decoded: &[u8]) -> bool {
        !decoded.contains(&0)
    }

    fn quote(&self, decoded: &[u8]) -> Option<u8> {
        let special = |b: &u8| matches!(b, b'"' | b'\\' | b'(' | b')' | b',') || is_blank(*b);
        (decoded.is_empty() || decoded.iter().any(special)).then_some(b'"')
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        if matches!(byte, b'"' | b'\\') {
            out.push(byte);
        }
        out.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::Through;
    use proptest::prelude::*;

    fn row(rule: &str) -> Through {
        Through::new(rule, TypeClass::Other, "public.pair")
    }

    /// As PostgreSQL 15 printed them.
    const ROWS: &[&str] = &[
        "(a,b)",
        "(\"a b\",\"x\"\"y\\\\z\")",
        "(\"\",)",
        "(,)",
        "(\"(\",\",\")",
        "(\"a\nb\",\"{1,2}\")",
        "(é,')",
        // Only read, not printed; a second bracket is text.
        "((a,b)",
        " ( a b,c\"d e\"\\, ) ",
    ];

    #[test]
    fn fields_that_stay_are_the_same_bytes() {
        for value in ROWS {
            assert_eq!(row("{composite: {1: keep, 2: keep}}").text(value).as_deref(), Some(*value));
        }
    }

    #[test]
    fn fields_are_masked_by_position_and_the_others_are_null() {
        for (rule, value, expected) in [
            ("{composite: {1: {constant: x}}}", ROWS[0], "(x,)"),
            ("{composite: {2: {constant: \"x y\\\"}}}", ROWS[0], "(,\"x y\\\\\")"),
            ("{composite: {1: keep, 2: suppress}}", ROWS[1], "(\"a b\",)"),
            ("{composite: {1: {constant: x}, 2: {constant: x}}}", ROWS[2], "(\"\",)"),
            ("{composite: {1: {constant: x}, 2: {constant: \"(\"}}}", ROWS[4], "(x,\"(\")"),
            ("{composite: {1: keep}}", "(a)", "(a)"),
            ("{composite: {1: keep}}", "()", "()"),
            ("{composite: {2: keep}}", "(a,b,c,d)", "(,b,,)"),
        ] {
            assert_eq!(row(rule).text(value).as_deref(), Some(expected), "{rule} on {value}");
        }
    }

    #[test]
    fn another_field_decides() {
        use crate::mask::inside::testing::{Does, rules, walked};
        let of = |value: &str| {
            let inside = rules(vec![("1", Does::Keyed), ("3 by 1", Does::Keyed)]);
            let walk = Box::new(Composite::new(&inside.places));
            walked(walk, &inside, value.as_bytes()).map(|(out, _)| String::from_utf8(out).expect("text"))
        };
        let shown = of("(a,b,c)").expect("fit");
        let [first, third] = [shown.get(1..3).expect("hex"), shown.get(5..7).expect("hex")];
        assert_eq!(shown, format!("({first},,{third})"));
        assert_eq!(first, third, "the field decides");
        assert_eq!(of("(\"a\",b,z)").as_deref(), Some(shown.as_str()), "whatever the own value is");
        // Without one the value decides itself.
        assert_ne!(of("(,b,c)"), of("(,b,d)"));
    }

    #[test]
    fn nested_rows_and_lists_go_by_nested_rules() {
        let value = "(\"(\"\"a b\"\",c)\",\"x; y\",7)";
        let rule = "{composite: {1: {composite: {2: {constant: \"d e\"}}}, 2: {each: {constant: z}, separator: \";\"}}}";
        assert_eq!(row(rule).text(value).as_deref(), Some("(\"(,\"\"d e\"\")\",\"z; z\",)"));
        let rows = Through::new(
            "{each: {composite: {1: {constant: x}, 2: keep}}}",
            TypeClass::Array(Box::new(TypeClass::Other)),
            "public.pair[]",
        );
        let value = "{\"(a,\\\"b c\\\")\",NULL}";
        assert_eq!(rows.text(value).as_deref(), Some("{\"(x,\\\"b c\\\")\",NULL}"));
    }

    #[test]
    fn what_no_row_is_and_rows_of_too_few_fields_are_unfit() {
        let keep = row("{composite: {1: keep, 2: keep}}");
        for value in
            ["", "a,b", "(a,b", "a,b)", "(a,b)c", "(a,b))", "(a)", "()", "(a,\"b)", "(a,b\\", "{a,b}"]
        {
            assert_eq!(keep.text(value), None, "{value}");
        }
        // Nothing stands for a row of which nobody knows how many fields it should have.
        let compiled = crate::mask::testing::compile(&crate::mask::testing::Rule {
            ty: TypeClass::Other,
            ..crate::mask::testing::ruled("{composite: {1: keep}}")
        });
        assert!(!compiled.expect("fits").mask.placeholder(b"x", &mut Vec::new()));
    }

    #[test]
    fn positions_are_numbers_from_1() {
        for (text, sound) in [
            ("1", true),
            ("1664", true),
            ("0", false),
            ("01", false),
            ("1665", false),
            ("a", false),
            ("-1", false),
            ("", false),
        ] {
            let place = Place { text: text.to_owned(), part: Part::Value, by: None };
            assert_eq!(check_place(&place).is_ok(), sound, "{text}");
            let place = Place { text: "2".to_owned(), part: Part::Value, by: Some(text.to_owned()) };
            assert_eq!(check_place(&place).is_ok(), sound, "by {text}");
        }
        let own = Place { text: "2".to_owned(), part: Part::Value, by: Some("2".to_owned()) };
        assert!(check_place(&own).is_err());
    }

    #[test]
    fn damage_never_passes() {
        let keep = row("{composite: {1: keep}}");
        for value in ROWS {
            row("{composite: {1: {constant: \"x \"}}}").is_sound_when_damaged(&keep, value.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_what_is_not_named_is_gone(value in "[(),\"\\\\ ab]{0,24}") {
            let out = row("{composite: {2: {constant: 7}}}").text(&value).unwrap_or_default();
            prop_assert!(!out.contains(['a', 'b']), "{}", out);
        }
    }
}
