//! `standin techniques [NAME]`: what can be done with a column, from the declarations themselves.

use std::fmt::Write;

use super::args::TechniquesArgs;
use super::exit::Exit;
use super::say;
use crate::error::{Error, Name, Result};
use crate::mask::fake::{FAKE, KINDS};
use crate::mask::{Class, Reaches, Reversibility, TECHNIQUES, Takes, TechniqueSpec, technique};
use crate::message;

/// Runs the verb.
///
/// # Errors
/// A name that is no technique.
pub(super) fn run(args: &TechniquesArgs) -> Result<Exit> {
    let text = match &args.name {
        None => TECHNIQUES.iter().fold(String::new(), |mut text, spec| {
            let _ = writeln!(text, "{:<12} {:<17} {}", spec.name, class(spec.class), spec.summary);
            text
        }),
        Some(name) => {
            let spec = technique(name).ok_or_else(|| {
                Error::usage(message!("no technique `{}`", Name::new(name.as_str())))
                    .hint("`standin techniques` lists them")
            })?;
            explain(spec)
        }
    };
    say::out(&text)?;
    Ok(Exit::Done)
}

fn class(class: Class) -> &'static str {
    match class {
        Class::None => "none",
        Class::Suppression => "suppression",
        Class::Generalisation => "generalisation",
        Class::Pseudonymisation => "pseudonymisation",
        Class::Randomisation => "randomisation",
    }
}

/// Says what leads back to the value.
pub(super) fn reversibility(way: Reversibility) -> &'static str {
    match way {
        Reversibility::None => "none: the value is gone",
        Reversibility::Key => "with the key",
        Reversibility::KeyAndEnumeration => "with the key, by trying inputs",
        Reversibility::Open => "the value is there",
    }
}

/// Says whom a stand-in can reach.
pub(super) fn reaches(reaches: Reaches) -> String {
    match reaches {
        Reaches::Nobody(source) => format!("nobody: {source}"),
        Reaches::Possibly(source) => format!("possibly somebody: {source}"),
    }
}

fn takes(takes: Takes) -> String {
    match takes {
        Takes::Nothing => "nothing".to_owned(),
        Takes::OneOf(words) => words.join(" | "),
        Takes::Text => "text".to_owned(),
        Takes::Integer { min, max } => format!("a whole number from {min} to {max}"),
        Takes::Boolean => "true | false".to_owned(),
        Takes::Reason => "a name from `reasons:`".to_owned(),
        Takes::Scalar => "a value".to_owned(),
        Takes::Number => "a decimal number".to_owned(),
        Takes::Numbers => "decimal numbers, rising: [0, 18, 65]".to_owned(),
        Takes::Amount => "a number above zero, or a share: 5 or 10%".to_owned(),
        Takes::Within(words) => format!("{} | from..to | [a, b]", words.join(" | ")),
        Takes::Range => "a range: 10..99".to_owned(),
        Takes::Span => "days or weeks: 180d or 26w".to_owned(),
        Takes::Scalars => "values: [a, b]".to_owned(),
        Takes::Choice => "values, or how often each comes: [a, b] or {a: 3, b: 1}".to_owned(),
        Takes::Entries => "a map of values: {a: x, b: y}".to_owned(),
        Takes::OrOptions(alone) => format!("{}, or the options alone", self::takes(*alone)),
    }
}

/// What can be faked, how long it gets, and whom it can reach.
fn kinds(row: &mut impl FnMut(&str, &str)) {
    for kind in KINDS {
        let longest: Vec<String> = kind.longest.iter().map(|(locale, n)| format!("{locale} {n}")).collect();
        row(kind.name, &format!("{} (at most {} characters)", kind.summary, longest.join(", ")));
        for (locale, reaches) in kind.reaches {
            row("", &format!("{locale} reaches {}", self::reaches(*reaches)));
        }
    }
}

/// The whole page of one technique.
fn explain(spec: &TechniqueSpec) -> String {
    let mut text = format!("{}: {}\n\n", spec.name, spec.summary);
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<14} {value}");
    };
    row("class", class(spec.class));
    row("takes", &takes(spec.argument));
    row("preserves", spec.preserves);
    row("an attacker", spec.attacker);
    row("way back", reversibility(spec.reversibility));
    row("reaches", &reaches(spec.reaches));
    for option in spec.options {
        row(&format!("{}:", option.name), &format!("{} ({})", option.help, takes(option.takes)));
    }
    if spec.name == FAKE.name {
        kinds(&mut row);
    }
    for example in spec.examples {
        row("example", &format!("{}   {} -> {}", example.rule, example.input, example.output));
    }
    text
}
