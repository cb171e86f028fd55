//! `standin techniques [NAME]`: what can be done with a column, from the declarations themselves.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::args::TechniquesArgs;
use super::exit::Exit;
use super::say;
use crate::error::{Error, Name, Result};
use crate::mask::fake::{FAKE, KINDS};
use crate::mask::{Class, Reaches, Reversibility, TECHNIQUES, Takes, TechniqueSpec, technique};
use crate::message;
use crate::vocabulary::LOCALES;

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
        Class::Composition => "composition",
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
        Takes::RangeOrList => "a range, or values: 10..99 or [a, b]".to_owned(),
        Takes::Span => "days or weeks: 180d or 26w".to_owned(),
        Takes::Scalars => "values: [a, b]".to_owned(),
        Takes::Choice => "values, or how often each comes: [a, b] or {a: 3, b: 1}".to_owned(),
        Takes::Entries => "a map of values: {a: x, b: y}".to_owned(),
        Takes::Inside(places) if places.one => "one rule for all parts: {fake: email}".to_owned(),
        Takes::Inside(places) => format!("rules by place; a place is {}", places.meaning),
        Takes::OrOptions(alone) => format!("{}, or the options alone", self::takes(*alone)),
    }
}

/// The page of one technique being written: names on the left, words on the right, wrapped.
struct Page {
    text: String,
}

/// Columns of a terminal that a line takes at most, and where the right side begins.
const WIDTH: usize = 100;
const INDENT: usize = 16;

impl Page {
    /// Begins a group.
    fn group(&mut self, name: &str) {
        let _ = writeln!(self.text, "\n{name}");
    }

    /// Writes a name and what is said of it; an empty name continues the one above.
    fn row(&mut self, name: &str, said: &str) {
        let mut column = 2 + name.len();
        let _ = write!(self.text, "  {name}");
        if column + 2 > INDENT {
            self.text.push('\n');
            column = 0;
        }
        let mut first = true;
        for word in said.split_whitespace() {
            let len = word.chars().count();
            if !first && column + 1 + len > WIDTH {
                self.text.push('\n');
                (column, first) = (0, true);
            }
            if first {
                let _ = write!(self.text, "{:1$}", "", INDENT.saturating_sub(column));
                column = INDENT;
            } else {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            (column, first) = (column + len, false);
        }
        self.text.push('\n');
    }
}

/// What can be faked, how long it gets, and whom it can reach; what is the same in several locales is said once.
fn kinds(page: &mut Page) {
    page.group("kinds");
    for kind in KINDS {
        let having = LOCALES.iter().filter_map(|locale| Some((*locale, (kind.longest)(locale)?)));
        let lengths: BTreeSet<u32> = having.clone().map(|(_, longest)| longest).collect();
        let longest = match (lengths.first(), lengths.last()) {
            (Some(least), Some(most)) if least != most => format!("{least} to {most}, by locale,"),
            (Some(one), _) => one.to_string(),
            _ => "no".to_owned(),
        };
        page.row(kind.name, &format!("{} (at most {longest} characters)", kind.summary));
        let mut told: Vec<(Reaches, Vec<&str>)> = Vec::new();
        for (locale, _) in having {
            let reaches = (kind.reaches)(locale);
            match told.iter_mut().find(|(said, _)| *said == reaches) {
                Some((_, locales)) => locales.push(locale.name),
                None => told.push((reaches, vec![locale.name])),
            }
        }
        for (reaches, locales) in &told {
            let of = if told.len() == 1 { String::new() } else { format!("{} ", locales.join(", ")) };
            page.row("", &format!("{of}reaches {}", self::reaches(*reaches)));
        }
    }
}

/// Returns whether stand-ins of a technique depend on the key.
fn is_keyed(spec: &TechniqueSpec) -> bool {
    matches!(spec.class, Class::Pseudonymisation | Class::Randomisation)
}

/// Writes the options of a technique, and those that every one has.
fn options(spec: &TechniqueSpec, page: &mut Page) {
    page.group("options");
    for option in spec.options {
        page.row(option.name, option.help);
        page.row("", &format!("takes {}", takes(option.takes)));
    }
    if is_keyed(spec) {
        page.row("by", "who decides the stand-in: `value`, a column or attribute, or several");
    }
    page.row("type", "the SQL type, where the schema says none");
    page.row("locale", "language and country of the stand-ins");
    page.row("category", "what the law protects more: special (GDPR 9) or criminal (GDPR 10)");
    page.row("accept_risk", "the reason why what stays readable of such data is accepted");
    if is_keyed(spec) {
        page.row("label", "the name under which stand-ins are keyed, `entity.attribute`");
    }
    if spec.class == Class::Pseudonymisation {
        page.row("small_domain", "the reason why fewer than 10000 possible values may be pseudonymised");
    }
}

/// The whole page of one technique.
fn explain(spec: &TechniqueSpec) -> String {
    let mut page = Page { text: format!("{}: {}\n\n", spec.name, spec.summary) };
    page.row("class", &format!("{} (ISO/IEC 20889)", class(spec.class)));
    let bare = if spec.bare && spec.argument != Takes::Nothing { ", or the bare word" } else { "" };
    page.row("takes", &format!("{}{bare}", takes(spec.argument)));
    let who = match (is_keyed(spec), (spec.identifying)(None, &Vec::new())) {
        (false, _) => "no key: the same value has the same stand-in under every key",
        (true, true) => "its own value, unless `by:` says otherwise",
        (true, false) => "the subject, in an entity that has one; else its own value, or what `by:` names",
    };
    page.row("decided by", who);
    page.row("preserves", spec.preserves);
    page.row("an attacker", &format!("learns {}", spec.attacker));
    page.row("way back", reversibility(spec.reversibility));
    page.row("reaches", &reaches(spec.reaches));
    options(spec, &mut page);
    if spec.name == FAKE.name {
        kinds(&mut page);
    }
    page.group("examples, under the test key");
    for example in spec.examples {
        let output = if example.output.is_empty() { "NULL" } else { example.output };
        let _ = writeln!(page.text, "  {}\n{:INDENT$}{} -> {output}", example.rule, "", example.input);
    }
    page.text
}
