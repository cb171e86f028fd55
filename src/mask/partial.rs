//! `partial`: the first or last characters stay, the others become a fill character. The stand-in has always the same
//! length, so that it does not tell how long the value was.
//!
//! Class: suppression. Preserves what is declared to stay; with `keep_length: true` the length. An attacker learns those
//! characters, with or without the key, and can count how often each comes. `{partial: {keep_last: 4}}` on
//! `NL00XXXX0123456789` gives `****6789`. A value of which less than half would be covered is covered whole; bytes
//! that are no UTF-8 are unfit. Refuses rules that cover nothing, and other types than text.

use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, OptionSpec, Outcome, Output, Reaches, Refusal,
    Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::error::Message;
use crate::message;
use crate::row::canon::Canon;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "partial",
    class: Class::Suppression,
    summary: "covers all but the first or last characters; the length does not tell how long the value was",
    preserves: "the characters that stay; with `keep_length: true` the length",
    attacker: "the characters that stay and how often each text comes, with or without the key",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("what stays is true"),
    argument: Takes::Nothing,
    bare: true,
    options: &[
        OptionSpec {
            name: "keep_first",
            takes: Takes::Integer { min: 0, max: 100 },
            help: "so many characters stay at the begin (0)",
        },
        OptionSpec {
            name: "keep_last",
            takes: Takes::Integer { min: 0, max: 100 },
            help: "so many characters stay at the end (0)",
        },
        OptionSpec { name: "fill", takes: Takes::Scalar, help: "the one character that covers (`*`)" },
        OptionSpec {
            name: "length",
            takes: Takes::Integer { min: 1, max: 1000 },
            help: "characters of every stand-in: 8, or 4 more than stay",
        },
        OptionSpec {
            name: "keep_length",
            takes: Takes::Boolean,
            help: "a stand-in is as long as its value, which then tells its length",
        },
    ],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{partial: {keep_last: 4}}", input: "NL00XXXX0123456789", output: "****6789" },
        Example {
            rule: "{partial: {keep_first: 1, fill: x, length: 5}}",
            input: "Van Dijk",
            output: "Vxxxx",
        },
        Example { rule: "{partial: {keep_last: 4}}", input: "12345", output: "********" },
        Example { rule: "partial", input: "secret", output: "********" },
    ],
    compile,
};

struct Partial {
    first: usize,
    last: usize,
    fill: Box<str>,
    /// Characters of a stand-in; `None` = as many as the value has.
    length: Option<usize>,
}

fn refusal(what: impl Into<Message>, hint: impl Into<Message>) -> Refusal {
    Refusal { what: what.into(), hint: Some(hint.into()) }
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if !cx.class().is_text() {
        return Err(refusal(
            "`partial` needs a column of text",
            "numbers take `generalise`; other types `suppress`",
        ));
    }
    let count = |name: &str| match cx.option(name) {
        Some(Value::Integer(count)) => usize::try_from(*count).ok(),
        _ => None,
    };
    let (first, last) = (count("keep_first").unwrap_or(0), count("keep_last").unwrap_or(0));
    let fill = cx.option("fill").and_then(Value::cell).unwrap_or_else(|| "*".to_owned());
    if fill.chars().count() != 1 || fill == "\0" {
        return Err(refusal("`fill` is one character", "write `fill: \"*\"`"));
    }
    let kept = first + last;
    let same = cx.option("keep_length") == Some(&Value::Boolean(true));
    let length = match (same, count("length")) {
        (true, Some(_)) => {
            let hint = "leave one of them out";
            return Err(refusal("`length` and `keep_length` say two things", hint));
        }
        (true, None) => None,
        (false, said) => Some(said.unwrap_or_else(|| (kept + 4).max(8))),
    };
    if let Some(length) = length.filter(|length| *length <= kept) {
        let length = u64::try_from(length).unwrap_or_default();
        return Err(refusal(
            message!("a stand-in of {} characters covers none: as many stay", length),
            "write a greater `length`, or smaller `keep_first` and `keep_last`",
        ));
    }
    let output = match length {
        None => Output::Same,
        Some(length) => Output::Text { max_chars: u32::try_from(length).ok() },
    };
    let mask = Box::new(Partial { first, last, fill: fill.into(), length });
    Ok(Compiled { mask, needs: Needs::Nothing, output, uniqueness: Uniqueness::Lost })
}

impl Partial {
    fn cover(&self, count: usize, out: &mut Vec<u8>) {
        for _ in 0..count {
            out.extend_from_slice(self.fill.as_bytes());
        }
    }
}

impl Mask for Partial {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        // char(n) pads.
        let end = field.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
        let Some(text) = field.get(..end).and_then(|value| std::str::from_utf8(value).ok()) else {
            return Outcome::Unfit;
        };
        let (chars, kept) = (text.chars().count(), self.first + self.last);
        let length = self.length.unwrap_or(chars);
        let start = out.len();
        if chars < 2 * kept {
            self.cover(length, out);
        } else {
            let place = |nth: usize| text.char_indices().nth(nth).map_or(text.len(), |(at, _)| at);
            let (head, tail) = (text.get(..place(self.first)), text.get(place(chars - self.last)..));
            out.extend_from_slice(head.unwrap_or_default().as_bytes());
            self.cover(length.saturating_sub(kept), out);
            out.extend_from_slice(tail.unwrap_or_default().as_bytes());
        }
        if out.get(start..) == Some(field) { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        self.cover(self.length.unwrap_or((self.first + self.last).max(8)), out);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mask::testing::{Rule, columns_agree, compile, one, placeholder, ruled, run};
    use crate::row::shape::TypeClass;

    fn masked(rule: &str, value: &str) -> String {
        one(&ruled(rule), value).unwrap().1
    }

    #[test]
    fn what_stays_and_what_is_covered() {
        for (rule, value, expected) in [
            ("partial", "x", "********"),
            ("partial", "************", "********"),
            ("{partial: {keep_last: 4}}", "4000 0000 0000 0002", "****0002"),
            ("{partial: {keep_last: 4}}", "1234567", "********"),
            ("{partial: {keep_last: 4}}", "12345678", "****5678"),
            (
                "{partial: {keep_first: 2, keep_last: 2, length: 6}}",
                "\u{e9}\u{e8}nabc\u{eb}\u{ef}",
                "\u{e9}\u{e8}**\u{eb}\u{ef}",
            ),
            (
                "{partial: {keep_first: 1, fill: \u{2022}, keep_length: true}}",
                "Jansen",
                "J\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}",
            ),
            ("{partial: {keep_first: 1, keep_length: true}}", "J", "*"),
            ("{partial: {keep_first: 6, keep_last: 4}}", "4000000000000002", "********\u{2a}\u{2a}****"),
            ("{partial: {keep_first: 1, fill: 0}}", "ab   ", "a0000000"),
        ] {
            assert_eq!(masked(rule, value), expected, "{rule} of {value}");
        }
        assert_eq!(one(&ruled("partial"), "********"), Some((Outcome::Equal, "********".into())));
    }

    #[test]
    fn what_covers_nothing_is_refused() {
        for (rule, ty) in [
            ("{partial: {keep_last: 4, length: 4}}", TypeClass::Unknown),
            ("{partial: {fill: xx}}", TypeClass::Unknown),
            ("{partial: {length: 5, keep_length: true}}", TypeClass::Unknown),
            ("partial", TypeClass::Integer),
            ("partial", TypeClass::Json),
        ] {
            assert!(compile(&Rule { ty: ty.clone(), ..ruled(rule) }).is_none(), "{rule} on {ty:?}");
        }
    }

    #[test]
    fn bytes_are_unfit_and_placeholders_hold_nothing() {
        let rule = ruled("{partial: {keep_last: 2}}");
        let compiled = compile(&rule).unwrap();
        let (mut out, lanes) = (Vec::new(), crate::mask::Lanes::default());
        assert_eq!(compiled.mask.mask(b"ab\xffcd", &MaskCx { lanes: &lanes }, &mut out), Outcome::Unfit);
        assert_eq!(placeholder(&rule, "ab").as_deref(), Some("********"));
        let values = ["abcdef", "", "a"].map(|value| Some(value.to_owned()));
        columns_agree(&rule, &[values.as_slice(), &[None]].concat());
    }

    proptest! {
        /// No more stays than the rule says, and the length tells nothing.
        #[test]
        fn the_rest_is_gone(value in "\\PC{1,40}", first in 0_usize..5, last in 0_usize..5) {
            prop_assume!(!value.ends_with(' '));
            let rule = format!("{{partial: {{keep_first: {first}, keep_last: {last}, fill: \u{1f}}}}}");
            let (_, text) = run(&compile(&ruled(&rule)).unwrap(), &value);
            prop_assert_eq!(text.chars().count(), (first + last + 4).max(8));
            let open = text.chars().filter(|c| *c != '\u{1f}').count();
            prop_assert!(open <= value.chars().count() / 2 && open <= first + last);
        }
    }
}
