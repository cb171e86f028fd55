//! `php`: rules by path inside of what PHP's `serialize()` made (WordPress, Magento), also in base64. What no path names
//! is removed, key and subtree; counts, lengths and the numbers of references are mended.
//!
//! Class: composition. Preserves that PHP reads it, and the order, keys and types of what stays; an attacker learns of a
//! part what the technique of its rule lets through, and which parts there are. `{php: {$.mail: {constant: x}}}` on
//! `a:2:{s:4:"mail";s:1:"y";s:3:"age";i:7;}` gives `a:1:{s:4:"mail";s:1:"x";}`. Refuses what does not follow the format
//! in every length and count: such a value is unfit. Columns of bytes are read too (BLOB, `_binary`, hexadecimal; bytea as
//! `\x…`, of which the older form with escapes is unfit); not those with a narrow limit, which would cut a value.
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
use crate::row::shape::TypeClass;
use walk::{Coding, Php};

/// How its places are written.
static PLACES: Places = Places {
    meaning: "a path such as `$.name` or `$.list[*].name` in serialized data",
    check: path::check,
    stem: "",
    one: false,
};

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
    let coding = coding(cx)?;
    let walk = Php { matcher: Matcher::new(inside)?, otherwise: Else::of(cx), coding };
    // `a:0:{}` as the rest is written.
    let placeholder: &'static [u8] = match coding {
        Coding::Plain => b"a:0:{}",
        Coding::Base64 => b"YTowOnt9",
        Coding::Bytea => b"\\x613a303a7b7d",
    };
    Ok(made(Box::new(walk), inside, Else::of(cx), placeholder))
}

/// Says how the column holds serialized data.
fn coding(cx: &Compile<'_>) -> Result<Coding, Refusal> {
    let base64 = cx.option("base64") == Some(&Value::Boolean(true));
    let refused =
        |what: &'static str, hint: &'static str| Err(Refusal { what: what.into(), hint: Some(hint.into()) });
    let spelled = cx.ty.text.to_lowercase();
    match cx.class() {
        class if class.is_text() => Ok(if base64 { Coding::Base64 } else { Coding::Plain }),
        TypeClass::Bytes if spelled.contains('(') || spelled == "tinyblob" => refused(
            "`php` needs a column of bytes without a narrow limit",
            "use a technique of the column's type, or `suppress`",
        ),
        TypeClass::Bytes if spelled != "bytea" => Ok(if base64 { Coding::Base64 } else { Coding::Plain }),
        TypeClass::Bytes if base64 => {
            refused("`php` does not read base64 in a bytea", "use `suppress`, or `constant`")
        }
        TypeClass::Bytes => Ok(Coding::Bytea),
        _ => refused(
            "`php` needs a column of text or bytes",
            "use a technique of the column's type, or `suppress`",
        ),
    }
}
