//! Arguments and options of several parts: decimal numbers, shares, ranges, spans of time, lists and maps.
//!
//! Refuses whatever is not written as shown: no number is guessed of a word, no list is cut short, no key is taken twice
//! (the tree refuses that).

use super::Checker;
use super::words::Spot;
use crate::mask::decimal::Decimal;
use crate::mask::{Takes, Value};
use crate::message;
use crate::profile::tree::Node;

/// Most digits before, and behind, the point of a number in a profile.
const MOST_DIGITS: usize = 18;
/// Most times that one choice comes as often as the rarest, and longest span.
const MOST_COUNT: i64 = 1_000_000;
/// Most entries of a list or map.
const MOST_ENTRIES: usize = 10_000;

/// Shows how a value is written.
pub(super) fn written(takes: Takes) -> &'static str {
    match takes.alone() {
        Takes::Number | Takes::Amount => "10",
        Takes::Numbers => "[0, 10, 20]",
        Takes::Range | Takes::RangeOrList => "10..99",
        Takes::Span => "26w",
        Takes::Scalars | Takes::Choice => "[a, b, c]",
        Takes::Entries => "{a: x, b: y}",
        _ => "…",
    }
}

/// Says what a value is, as messages do.
fn meaning(takes: Takes) -> &'static str {
    match takes.alone() {
        Takes::Number => "a decimal number of at most 18 digits before and behind the point",
        Takes::Numbers => "a list of decimal numbers, each above the one before",
        Takes::Amount => "a number above zero, or a share above zero such as `10%`",
        Takes::Range => "a range, `from..to`, whose end is not below its begin",
        Takes::RangeOrList => "a range, `from..to`, or a list of values, each once",
        Takes::Span => "a number of days or weeks above zero, `180d` or `26w`",
        Takes::Scalars => "a list of values, each once",
        Takes::Choice => {
            "a list of values, each once, or a map of each to how often it comes (from 1 to 1000000)"
        }
        Takes::Entries => "a map of values to values",
        _ => "a value",
    }
}

/// Returns a decimal number without a plus and zeros in front.
fn number(text: &str) -> Option<String> {
    let (sign, bare) =
        text.strip_prefix('-').map_or(("", text.strip_prefix('+').unwrap_or(text)), |bare| ("-", bare));
    let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
    let sound = |digits: &str| {
        (1..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    if !sound(whole) || !sound(part) {
        return None;
    }
    let kept = whole.trim_start_matches('0');
    let kept = if kept.is_empty() { "0" } else { kept };
    let point = if bare.contains('.') { format!(".{part}") } else { String::new() };
    Some(format!("{sign}{kept}{point}"))
}

/// Reads a decimal number, in which quotes do not matter.
fn decimal(text: &str) -> Option<Value> {
    number(text).map(Value::Number)
}

/// Returns the number of such a value.
fn parsed(value: &Value) -> Option<Decimal> {
    if let Value::Number(text) = value { Decimal::parse(text.as_bytes()) } else { None }
}

fn above_zero(value: &Value) -> bool {
    parsed(value).is_some_and(|number| number.units > 0)
}

fn amount(text: &str) -> Option<Value> {
    if let Some(share) = text.strip_suffix('%') {
        let share = number(share.trim_end())?;
        return above_zero(&Value::Number(share.clone())).then_some(Value::Percent(share));
    }
    decimal(text).filter(above_zero)
}

/// Reads `from..to`; where both are numbers the end is not below the begin. Other ends are the technique's to read.
fn range(text: &str) -> Option<Value> {
    let (from, to) = text.split_once("..")?;
    let (from, to) = (from.trim(), to.trim());
    if from.is_empty() || to.is_empty() || to.starts_with('.') {
        return None;
    }
    match (number(from), number(to)) {
        (Some(a), Some(b)) => {
            let (low, high) = (Decimal::parse(a.as_bytes())?, Decimal::parse(b.as_bytes())?);
            low.compare(high)?.is_le().then_some(Value::Range(a, b))
        }
        _ => Some(Value::Range(from.to_owned(), to.to_owned())),
    }
}

fn span(text: &str) -> Option<Value> {
    let unit = text.chars().last().filter(|unit| matches!(unit, 'd' | 'w'))?;
    let digits = text.strip_suffix(unit)?.trim_end();
    let count: u32 =
        digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    (count > 0 && i64::from(count) <= MOST_COUNT).then_some(Value::Span { count, unit })
}

impl<'a> Checker<'a> {
    /// Returns the value of a word of several parts; `name` is the technique or option.
    pub(super) fn compound(&mut self, takes: Takes, name: &'static str, node: &'a Node) -> Option<Value> {
        let read: fn(&str) -> Option<Value> = match takes {
            Takes::Number => decimal,
            Takes::Amount => amount,
            Takes::RangeOrList if matches!(node, Node::List(..)) => return self.scalars(takes, name, node),
            Takes::Range | Takes::RangeOrList => range,
            Takes::Span => span,
            Takes::Numbers => return self.numbers(takes, name, node),
            Takes::Scalars => return self.scalars(takes, name, node),
            Takes::Choice if matches!(node, Node::Map(..)) => return self.entries(takes, name, node),
            Takes::Choice => return self.scalars(takes, name, node),
            _ => return self.entries(takes, name, node),
        };
        let found = if let Node::Scalar(word) = node { read(&word.text) } else { None };
        if found.is_none() {
            self.malformed(takes, name, node);
        }
        found
    }

    fn malformed(&mut self, takes: Takes, name: &'static str, node: &Node) {
        if !matches!(node, Node::Refused(_)) {
            let what = message!("`{}` takes {}", name, meaning(takes));
            self.error(node.place(), what, message!("write `{}: {}`", name, written(takes)));
        }
    }

    /// Returns the items of a list; `None`, said, if it is none or empty.
    fn items(&mut self, takes: Takes, name: &'static str, node: &'a Node) -> Option<&'a [Node]> {
        match node {
            Node::List(items, _) if (1..=MOST_ENTRIES).contains(&items.len()) => Some(items),
            _ => {
                self.malformed(takes, name, node);
                None
            }
        }
    }

    fn numbers(&mut self, takes: Takes, name: &'static str, node: &'a Node) -> Option<Value> {
        let mut found: Vec<Value> = Vec::new();
        for item in self.items(takes, name, node)? {
            let value = self.compound(Takes::Number, name, item)?;
            let rises = match found.last() {
                Some(last) => parsed(last)
                    .zip(parsed(&value))
                    .and_then(|(a, b)| a.compare(b))
                    .is_some_and(std::cmp::Ordering::is_lt),
                None => true,
            };
            if !rises {
                self.malformed(takes, name, item);
                return None;
            }
            found.push(value);
        }
        Some(Value::List(found))
    }

    fn scalars(&mut self, takes: Takes, name: &'static str, node: &'a Node) -> Option<Value> {
        let mut found: Vec<Value> = Vec::new();
        for item in self.items(takes, name, node)? {
            let value = self.scalar(name, item)?;
            if found.contains(&value) {
                self.malformed(takes, name, item);
                return None;
            }
            found.push(value);
        }
        Some(Value::List(found))
    }

    fn entries(&mut self, takes: Takes, name: &'static str, node: &'a Node) -> Option<Value> {
        let Node::Map(entries, _) = node else {
            self.malformed(takes, name, node);
            return None;
        };
        if !(1..=MOST_ENTRIES).contains(&entries.len()) {
            self.malformed(takes, name, node);
            return None;
        }
        let mut found = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.key.is_null() {
                let what = message!("a key of `{}` is null", name);
                self.error(entry.key.place, what, "NULL stays NULL; quotes make `null` a word");
                return None;
            }
            let value = match takes {
                Takes::Choice => {
                    self.value(Takes::Integer { min: 1, max: MOST_COUNT }, name, &entry.value, Spot::Option)
                }
                _ => self.scalar(name, &entry.value),
            };
            found.push((entry.key.text.clone(), value?));
        }
        Some(Value::Map(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::{Class, OptionSpec, Reaches, Refusal, Reversibility, TechniqueSpec};
    use crate::profile::syntax::read_with;
    use crate::row::canon::Canon;

    #[test]
    fn numbers_shares_and_spans() {
        assert_eq!(decimal("-0007.50"), Some(Value::Number("-7.50".into())));
        assert_eq!(amount("10%"), Some(Value::Percent("10".into())));
        assert_eq!(amount("0.5 %"), Some(Value::Percent("0.5".into())));
        assert_eq!(range("10..99"), Some(Value::Range("10".into(), "99".into())));
        let years = Value::Range("1940-01-01".into(), "2005-12-31".into());
        assert_eq!(range("1940-01-01 .. 2005-12-31"), Some(years));
        assert_eq!(span("26w"), Some(Value::Span { count: 26, unit: 'w' }));
        for wrong in ["", "0", "-1", "0%", "1e5", "ten", "5 %%", "1234567890123456789", ".5", "5."] {
            assert_eq!(amount(wrong), None, "{wrong}");
        }
        for wrong in ["", "..", "1..", "..1", "9..1", "1...2", "5"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
        for wrong in ["", "w", "0w", "26", "26y", "-3d", "+3d", "9999999d"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }

    const fn option(name: &'static str, takes: Takes) -> OptionSpec {
        OptionSpec { name, takes, help: "" }
    }

    const OPTIONS: &[OptionSpec] = &[
        option("steps", Takes::Numbers),
        option("map", Takes::Entries),
        option("least", Takes::Number),
        option("within", Takes::Range),
        option("of", Takes::Scalars),
    ];

    const fn spec(name: &'static str, argument: Takes) -> TechniqueSpec {
        TechniqueSpec {
            name,
            class: Class::Randomisation,
            summary: "",
            preserves: "",
            attacker: "",
            reversibility: Reversibility::Key,
            reaches: Reaches::Nobody(""),
            argument,
            bare: false,
            options: OPTIONS,
            identifying: |_, _| true,
            canon: |_, _| Canon::Bytes,
            examples: &[],
            compile: |_| Err(Refusal { what: "compiles nothing".into(), hint: None }),
        }
    }

    static COARSE: TechniqueSpec = spec("generalise", Takes::OrOptions(&Takes::OneOf(&["year"])));
    static PICK: TechniqueSpec = spec("pick", Takes::Choice);
    static NOISE: TechniqueSpec = spec("perturb", Takes::Amount);
    static MOVE: TechniqueSpec = spec("shift", Takes::Span);

    /// What is said of a rule, with the text marked and the hint.
    fn said(rule: &str) -> Vec<String> {
        let text = format!("version: 1\nentities: {{p: {{x: {rule}}}}}\n");
        match read_with("p", text.as_bytes(), &[&COARSE, &PICK, &NOISE, &MOVE]) {
            Ok(_) => Vec::new(),
            Err(refused) => {
                let marked = |place: &crate::profile::model::Place| {
                    let at = |n: u32| usize::try_from(n).unwrap();
                    text[at(place.start)..at(place.end)].to_owned()
                };
                let one = |p: &crate::profile::model::Problem| {
                    format!("{} at `{}`", p.what, p.place.as_ref().map(marked).unwrap_or_default())
                };
                refused.problems.iter().map(one).collect()
            }
        }
    }

    #[test]
    fn rules_take_maps_lists_and_numbers() {
        for rule in [
            "{generalise: year}",
            "{generalise: year, steps: [0]}",
            "{generalise: {steps: [-1.5, 0, 18]}}",
            "{generalise: {map: {a: x, 1: y, true: z}, least: -0.5}}",
            "{generalise: {within: 1..9, of: [a, 1, true]}}",
            "{pick: [a, b]}",
            "{pick: {a: 3, b: 1}, of: [a]}",
            "{perturb: 10%}",
            "{perturb: \"0.5\"}",
            "{shift: 26w}",
        ] {
            assert_eq!(said(rule), [""; 0], "{rule}");
        }
    }

    #[test]
    fn what_is_not_of_the_form_is_said_where_it_stands() {
        for (rule, wanted) in [
            (
                "{generalise: {steps: [0, 0]}}",
                "`steps` takes a list of decimal numbers, each above the one before at `0`",
            ),
            (
                "{generalise: {steps: []}}",
                "`steps` takes a list of decimal numbers, each above the one before at `[]`",
            ),
            ("{generalise: {map: x}}", "`map` takes a map of values to values at `x`"),
            ("{generalise: {map: {}}}", "`map` takes a map of values to values at `{}`"),
            ("{generalise: {map: {a: [b]}}}", "`map` takes one value at `[b]`"),
            ("{generalise: {map: {a: null}}}", "`map` needs a value at `null`"),
            ("{generalise: {map: {null: a}}}", "a key of `map` is null at `null`"),
            ("{generalise: {of: [a, a]}}", "`of` takes a list of values, each once at `a`"),
            ("{generalise: {}}", "`generalise` needs to be told what at `generalise`"),
            ("generalise", "`generalise` needs to be told what at `generalise`"),
            ("{pick: {a: 0}}", "`pick` is a whole number from 1 to 1000000 at `0`"),
            ("pick", "`pick` needs to be told what at `pick`"),
            (
                "{perturb: 0}",
                "`perturb` takes a number above zero, or a share above zero such as `10%` at `0`",
            ),
            ("{shift: 2y}", "`shift` takes a number of days or weeks above zero, `180d` or `26w` at `2y`"),
        ] {
            assert_eq!(said(rule), [wanted], "{rule}");
        }
    }
}
