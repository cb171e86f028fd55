//! `json`: rules by path inside JSON (json, jsonb, JSON in text, JSON in a string of JSON). What no path names is
//! removed, key and subtree; what a rule keeps stays byte for byte, with its spaces, escapes and large numbers.
//!
//! Class: composition. Preserves that it is JSON, and the order and types of what stays; an attacker learns of a part
//! what the technique of its rule lets through, and which parts there are. `{json: {$.a: {constant: x}}}` on
//! `{"a": "y", "b": 1}` gives `{"a": "x"}`. Refuses paths that it does not understand; a value that is not JSON, is no
//! UTF-8 or nests deeper than 1,024 levels is unfit.
//!
//! | what stands at a place | what becomes of it |
//! |---|---|
//! | a string | masked decoded, written as a string |
//! | a number, `true`, `false` | masked as its text; stays of its type if the stand-in is one, else a string |
//! | `null` | stays |
//! | an object or array | kept by `keep`; else longer paths go into it; without those it is unfit for its rule |
//!
//! Names that `*` and `..` pass stay where something below them was named; where names are data, mask them by
//! `each_key`, or name the parts one by one. Keys that fall together by masking make the value unfit.
//!
//! `else: fill` puts an empty value of the type in the place of what is not named, where the profile spells the name or
//! it is an element of a list; other names are removed, since a name can be data. `else: stop` stops the run there.

mod scan;
#[cfg(test)]
mod tests;
mod walk;

use std::sync::Arc;

use super::path::matching::Matcher;
use super::{Container, Inside, Places, path};
use crate::mask::{
    Class, Compile, Compiled, Example, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec,
    Value,
};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use walk::Json;

/// How its places are written.
pub(super) static PLACES: Places = Places {
    meaning: "a path such as `$.name` or `$.list[*].name`",
    check: path::check,
    stem: "",
    one: false,
};

/// The declaration.
pub(in crate::mask) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "json",
    class: Class::Composition,
    summary: "masks parts of JSON by path; what no path names is removed, key and subtree",
    preserves: "that it is JSON; order, types and bytes of what is kept",
    attacker: "which of the named parts are there, and of each what its own technique lets through",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what the rules of its parts reach"),
    argument: Takes::Inside(&PLACES),
    bare: false,
    options: &[
        OptionSpec {
            name: "else",
            takes: Takes::OneOf(&["remove", "fill", "stop"]),
            help: "what becomes of what no path names: removed (the default), an empty value of its type where the \
                   profile spells its name, or the run stops",
        },
        OptionSpec {
            name: "row",
            takes: Takes::Text,
            help: "the table whose row the object is a copy of: its rules count, key by column",
        },
        OptionSpec {
            name: "row_of",
            takes: Takes::Text,
            help: "the column that names the table whose row the object is a copy of",
        },
    ],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example {
            rule: "{json: {$.phone: {constant: \"-\"}, $.theme: {keep: workflow}}}",
            input: r#"{"theme": "dark", "phone": "0612345678", "note": "call Jan"}"#,
            output: r#"{"theme": "dark", "phone": "-"}"#,
        },
        Example {
            rule: "{json: {$.list[*].name: {constant: removed}, else: fill}}",
            input: r#"{"list": [{"name": "Jan", "age": 7}, 12]}"#,
            output: r#"{"list": [{"name": "removed"}, 0]}"#,
        },
    ],
    compile,
};

/// What becomes of what no path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Else {
    /// Removed with its name.
    Remove,
    /// An empty value of its type.
    Fill,
    /// The value is unfit.
    Stop,
}

impl Else {
    /// Reads the option.
    pub(super) fn of(cx: &Compile<'_>) -> Self {
        match cx.option("else").and_then(Value::text) {
            Some("fill") => Self::Fill,
            Some("stop") => Self::Stop,
            _ => Self::Remove,
        }
    }
}

/// Returns the rules for the places, which the plan made.
///
/// # Errors
/// There are none.
pub(super) fn rules<'a>(cx: &Compile<'a>) -> Result<&'a Arc<Inside>, Refusal> {
    cx.inside.filter(|inside| !inside.places.is_empty()).ok_or_else(|| Refusal {
        what: "there is no rule for any place of the value".into(),
        hint: Some(
            "name what stays or is masked; a value of which nothing stays is better suppressed".into(),
        ),
    })
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let inside = rules(cx)?;
    if !(matches!(cx.class(), TypeClass::Json) || cx.class().is_text()) {
        return Err(Refusal {
            what: "`json` needs a column of type json, jsonb or text".into(),
            hint: Some("use a technique of the column's type, or `suppress`".into()),
        });
    }
    let walk = Json { matcher: Matcher::new(inside)?, otherwise: Else::of(cx) };
    Ok(made(Box::new(walk), inside, Else::of(cx), b"{}"))
}

/// Puts a walker and its rules together; where what is not named stops the run, what is unfit has no placeholder.
pub(super) fn made(
    walk: Box<dyn super::Walk>,
    inside: &Arc<Inside>,
    otherwise: Else,
    placeholder: &'static [u8],
) -> Compiled {
    let placeholder = if otherwise == Else::Stop { None } else { Some(placeholder) };
    Container::compiled(walk, inside, placeholder)
}
