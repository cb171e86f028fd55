//! `php`: rules by path inside of what PHP's `serialize()` made (WordPress, Magento), also in base64. What no path names
//! is removed, key and subtree; counts, lengths and the numbers of references are mended.
//!
//! Class: composition. Preserves that PHP reads it, and the order, keys and types of what stays; an attacker learns of a
//! part what the technique of its rule lets through, and which parts there are. `{php: {$.mail: {constant: x}}}` on
//! `a:2:{s:4:"mail";s:1:"y";s:3:"age";i:7;}` gives `a:1:{s:4:"mail";s:1:"x";}`. Refuses what does not follow the format
//! in every length and count: such a value is unfit.
//!
//! Paths name keys of arrays and properties of objects (private and protected ones by their bare names); `[2]` is the
//! key 2, `[-1]` the last member. Classes stay with their objects. What only a class understands (`C:`) and enum cases
//! are kept or go. A reference stays where a place selects it, and leads to what its target became; to one that went,
//! it is null. A value with both `C:` and references can only be kept as a whole.

mod scan;
#[cfg(test)]
mod tests;
mod walk;

use super::json::{Else, made, rules};
use super::path::matching::Matcher;
use super::{Places, path};
use crate::mask::{
    Class, Compile, Compiled, Example, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec,
    Value,
};
use crate::row::canon::Canon;
use walk::Php;

/// How its places are written.
static PLACES: Places = Places {
    meaning: "a path such as `$.name` or `$.list[*].name` in serialized data",
    check: path::check,
    one: false,
};
    stem: "",

/// The declaration.
pub(in crate::mask) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "php",
    class: Class::Composition,
    summary: "masks parts of serialized PHP by path; what no path names is removed, key and subtree",
    preserves: "that PHP reads it; order, keys, types and bytes of what is kept",
    attacker: "which of the named parts are there, and of each what its own technique lets through",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what the rules of its parts reach"),
    argument: Takes::Inside(&PLACES),
    bare: false,
    options: &[
        OptionSpec {
            name: "else",
            takes: Takes::OneOf(&["remove", "fill", "stop"]),
            help: "what becomes of what no path names: removed (the default), an empty value of its type where \
                   the profile spells its key, or the run stops",
        },
        OptionSpec {
            name: "base64",
            takes: Takes::Boolean,
            help: "the serialized data stands there in base64",
        },
    ],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[Example {
        rule: "{php: {$.mail: {constant: hidden}, $.theme: {keep: workflow}}}",
        input: r#"a:3:{s:4:"mail";s:15:"jan@example.org";s:3:"age";i:7;s:5:"theme";s:4:"dark";}"#,
        output: r#"a:2:{s:4:"mail";s:6:"hidden";s:5:"theme";s:4:"dark";}"#,
    }],
    compile,
};

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let inside = rules(cx)?;
    if !cx.class().is_text() {
        return Err(Refusal {
            what: "`php` needs a column of text".into(),
            hint: Some("use a technique of the column's type, or `suppress`".into()),
        });
    }
    let base64 = cx.option("base64") == Some(&Value::Boolean(true));
    let walk = Php { matcher: Matcher::new(inside)?, otherwise: Else::of(cx), base64 };
    // `a:0:{}` in base64 where the rest is.
    let placeholder: &'static [u8] = if base64 { b"YTowOnt9" } else { b"a:0:{}" };
    Ok(made(Box::new(walk), inside, Else::of(cx), placeholder))
}
