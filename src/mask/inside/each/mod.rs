//! `each`: one rule for all parts of a value: the elements of an array, the bounds of a range, the parts of a list in
//! text, the members of a SET. NULL elements and infinite bounds stay.
//!
//! Class: composition. Preserves how many parts there are, their order and the bytes between them, except for what is
//! removed: an element becomes NULL, a bound infinite, a part of a list goes with its separator. An attacker learns the
//! number of parts, and of each what its rule leaves. `{each: suppress}` on `{"a b",c}` gives `{NULL,NULL}`.
//! Refuses a column of which neither its type nor `separator:` says how its parts are told apart.

mod array;
mod list;
mod range;
#[cfg(test)]
mod tests;

use self::array::Array;
use self::list::List;
use super::{Container, Part, Place, Places, Walk};
use crate::mask::{
    Class, Compile, Compiled, Example, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec,
    constant,
};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;

static PLACES: Places =
    Places { meaning: "none: `each` has one rule for all parts", check: check_place, stem: "", one: true };

/// The declaration.
pub static SPEC: TechniqueSpec = TechniqueSpec {
    name: "each",
    class: Class::Composition,
    summary: "one rule for all elements of an array, bounds of a range, parts of a list in text or of a SET",
    preserves: "number and order of the parts and what stands between them; of the parts what their rule preserves",
    attacker: "how many parts there are, and of each what its rule leaves",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what its rule reaches"),
    argument: Takes::Inside(&PLACES),
    bare: false,
    options: &[OptionSpec {
        name: "separator",
        takes: Takes::Text,
        help: "What stands between two parts of a list in text: `separator: \",\"`. Quotes mean nothing in it.",
    }],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{each: {keep: workflow}, separator: \";\"}", input: "nl; de", output: "nl; de" },
        Example { rule: "{each: {constant: x}, separator: \";\"}", input: "nl; de", output: "x; x" },
        Example { rule: "{each: suppress, separator: \";\"}", input: "nl; de", output: "" },
    ],
    compile,
};

const HINT: &str = "write `separator: \",\"` beside `each:`, or say the type: `type: text[]`";

fn check_place(place: &Place) -> Result<(), Refusal> {
    if place.part == Part::Value && place.by.is_none() {
        return Ok(());
    }
    let what = "`each` has one rule for its parts, and no places".into();
    Err(Refusal {
        what,
        hint: Some("write `each: RULE`; for maps with data as keys `json` has `each_key`".into()),
    })
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(inside) = cx.inside.filter(|inside| inside.leaves.len() == 1) else {
        return Err(Refusal {
            what: "`each` needs one rule".into(),
            hint: Some("write `each: RULE`".into()),
        });
    };
    let separator = cx.option("separator").map(|value| value.text().unwrap_or_default());
    let (walk, placeholder) = walker(cx, separator)?;
    Ok(Container::compiled(walk, inside, Some(placeholder)))
}

/// Chooses how the parts of a column are told apart.
fn walker(cx: &Compile<'_>, separator: Option<&str>) -> Result<(Box<dyn Walk>, &'static [u8]), Refusal> {
    let name = base_name(&cx.ty.text);
    let own: Option<(Box<dyn Walk>, &'static [u8])> = if let TypeClass::Array(of) = cx.class() {
        let array = Array { delimiter: delimiter(&name), of: of.as_ref().clone() };
        Some((Box::new(array), b"{}"))
    } else if let Some(range) = range::named(&name) {
        let placeholder: &[u8] = if range.multi { b"{}" } else { b"empty" };
        Some((Box::new(range), placeholder))
    } else if cx.class() == &TypeClass::Other && name.starts_with("set") {
        let members = list::members(&cx.ty.text).ok_or_else(|| Refusal {
            what: "the members of the column's SET are not known".into(),
            hint: Some("use `suppress` or `constant:` for the column".into()),
        })?;
        Some((Box::new(List { separator: b",".to_vec(), members: Some(members) }), b""))
    } else {
        None
    };
    match (own, separator) {
        (Some(own), None) => Ok(own),
        (Some(_), Some(_)) => Err(Refusal {
            what: "the column's type says how its parts are separated".into(),
            hint: Some("take `separator:` out".into()),
        }),
        (None, Some(separator)) if cx.class().is_text() => {
            if separator.is_empty() {
                let what = "`separator:` is empty, so it separates nothing".into();
                return Err(Refusal { what, hint: Some("write `separator: \",\"`".into()) });
            }
            Ok((Box::new(List { separator: separator.as_bytes().to_vec(), members: None }), b""))
        }
        (None, _) => Err(Refusal {
            what: "nothing says how the parts of the value are told apart".into(),
            hint: Some(HINT.into()),
        }),
    }
}

/// Returns a type's own name: without its schema, quotes, length and brackets, in lower case.
fn base_name(text: &str) -> String {
    let end = text.find(['(', '[']).unwrap_or(text.len());
    let bare = text.get(..end).unwrap_or_default().trim();
    bare.rsplit('.').next().unwrap_or_default().trim_matches('"').to_ascii_lowercase()
}

/// Returns what stands between the elements of an array. Source: `typdelim`; `box` is the one built-in type with a
/// delimiter of its own, `geometry` and `geography` are PostGIS's.
fn delimiter(element: &str) -> u8 {
    match element {
        "box" => b';',
        "geometry" | "geography" => b':',
        _ => b',',
    }
}

/// Returns whether a stand-in is a value of the type of the elements.
fn member(of: &TypeClass, decoded: &[u8]) -> bool {
    // Text of any length needs no look; what the type is not known of is the server's to judge.
    match of {
        TypeClass::Unknown | TypeClass::CiText | TypeClass::Other | TypeClass::Text { max_chars: None } => {
            !decoded.contains(&0)
        }
        of => std::str::from_utf8(decoded).is_ok_and(|text| constant::fits(of, text)),
    }
}
