//! Places inside values as profiles write them: `$.contacts[*].email`, after RFC 9535 (JSONPath), for every notation of
//! maps and lists.
//!
//! | step | takes |
//! |---|---|
//! | `.name` `['name']` | the member of that name |
//! | `[0]` `[-1]` | the element of that number; from the end |
//! | `.*` `[*]` | every member and every element |
//! | `..name` | the members of that name at any depth |
//! | `[?(@.kind == 'mail')]` | every member and element whose own member `kind` is that text, number, `true`, `false` or `null`; `!=` also where there is none |
//!
//! Refuses what it does not know (slices, lists of names, functions, `..*`): a place that was misread would mask
//! another part than the profile means.

pub(super) mod matching;

use super::{Part, Place};
use crate::error::{Message, Name};
use crate::mask::Refusal;
use crate::message;

/// Most steps of a path: no value nests as deep as to need more.
const MOST_STEPS: usize = 64;
/// Longest path, in bytes.
const LONGEST: usize = 2_000;

/// One step of a path.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The member of this name.
    Name(Vec<u8>),
    /// The element of this number; below zero from the end.
    Index(i64),
    /// Every member and element.
    Any,
    /// Here and at every depth below.
    Descend,
    /// Every member and element of which this holds.
    Filter(Filter),
}

/// A condition on a member of an element: `@.kind == 'mail'`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Filter {
    /// The member that is looked at.
    pub(super) member: Vec<u8>,
    /// `==`, else `!=`, which also holds where there is no such member.
    pub(super) equal: bool,
    /// What it is compared to.
    pub(super) literal: Literal,
}

/// What a filter compares to.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// Text, compared byte by byte.
    Text(Vec<u8>),
    /// A number as written.
    Number(Vec<u8>),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
}

impl Literal {
    /// Returns whether a number of a value is this one: `7` is `7.0`; whole numbers are compared in all digits.
    pub(super) fn is_number(&self, text: &[u8]) -> bool {
        let Self::Number(own) = self else { return false };
        let whole = |text: &[u8]| text.iter().all(|b| b.is_ascii_digit() || *b == b'-');
        if own == text {
            return true;
        }
        let read = |text: &[u8]| std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
        let short = own.len() <= 15 && text.len() <= 15;
        (short || !(whole(own) && whole(text))) && read(own).is_some_and(|own| Some(own) == read(text))
    }
}

/// Says what is wrong with a place, its `by:` included.
///
/// # Errors
/// What of it cannot be read, and how it is written.
pub(super) fn check(place: &Place) -> Result<(), Refusal> {
    let steps = read(&place.text)?;
    if let Some(by) = &place.by {
        suffix(&steps, &read(by)?, &place.text)?;
        if place.part == Part::Keys {
            return Err(refusal(
                message!("`by:` cannot decide the keys of `{}`", Name::new(place.text.as_str())),
                "each key decides itself: take `by:` out",
            ));
        }
    }
    Ok(())
}

/// Splits `by:` at the last part that it shares with its place: returns how many steps are shared, and those of `by:`
/// behind them.
///
/// # Errors
/// It selects no part, or several, for one stand-in.
pub(super) fn suffix<'b>(place: &[Step], by: &'b [Step], text: &str) -> Result<(usize, &'b [Step]), Refusal> {
    let shared = place.iter().zip(by).take_while(|(a, b)| a == b).count();
    let rest = by.get(shared..).unwrap_or_default();
    let single = |step: &Step| matches!(step, Step::Name(_)) || matches!(step, Step::Index(n) if *n >= 0);
    if rest.is_empty() || shared == place.len() {
        let what = message!("`by:` of `{}` names the place itself, or a part of it", Name::new(text));
        return Err(refusal(what, "write another place of the same element"));
    }
    if !rest.iter().all(single) {
        let what = message!("`by:` of `{}` finds several values for one stand-in", Name::new(text));
        return Err(refusal(
            what,
            "begin it as the place begins: `by: $.contacts[*].id` for `$.contacts[*].name`",
        ));
    }
    Ok((shared, rest))
}

/// Reads a path.
///
/// # Errors
/// What of it is not understood.
pub(super) fn read(text: &str) -> Result<Vec<Step>, Refusal> {
    let mut reader = Reader { text, rest: text };
    if text.len() > LONGEST {
        return Err(refusal("a path is longer than 2,000 bytes".into(), HINT));
    }
    if !reader.take("$") {
        return Err(reader.refuse("does not begin with `$`, which is the whole value"));
    }
    let mut steps = Vec::new();
    while !reader.rest.is_empty() {
        reader.step(&mut steps)?;
        if steps.len() > MOST_STEPS {
            return Err(reader.refuse("has more than 64 steps"));
        }
    }
    Ok(steps)
}

/// What a path looks like.
const HINT: &str = "write it as `$.name`, `$.list[*].name`, `$.list[0]`, `$['a name']`, `$..name` or \
                    `$.list[?(@.kind == 'mail')].value`";

fn refusal(what: Message, hint: &'static str) -> Refusal {
    Refusal { what, hint: Some(hint.into()) }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn refuse(&self, why: &'static str) -> Refusal {
        refusal(message!("the path `{}` {}", Name::new(self.text), why), HINT)
    }

    fn take(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest;
        true
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn step(&mut self, steps: &mut Vec<Step>) -> Result<(), Refusal> {
        if self.take("..") {
            steps.push(Step::Descend);
            let name = if self.take("[") {
                match self.quoted()? {
                    Some(name) if self.take("]") => name,
                    _ => return Err(self.refuse("goes on after `..` with something else than a name")),
                }
            } else {
                self.name()?
            };
            steps.push(Step::Name(name));
        } else if self.take(".*") || self.take("[*]") {
            steps.push(Step::Any);
        } else if self.take(".") {
            steps.push(Step::Name(self.name()?));
        } else if self.take("[") {
            self.spaces();
            let step = if self.take("?") {
                Step::Filter(self.filter()?)
            } else if let Some(name) = self.quoted()? {
                Step::Name(name)
            } else {
                Step::Index(self.index()?)
            };
            self.spaces();
            if !self.take("]") {
                return Err(self.refuse("has a `[` that is not closed behind one step"));
            }
            steps.push(step);
        } else {
            return Err(self.refuse("has a step that begins with neither `.` nor `[`"));
        }
        Ok(())
    }

    /// Reads a bare name: whatever holds no sign of the language.
    fn name(&mut self) -> Result<Vec<u8>, Refusal> {
        let special = |c: char| c.is_whitespace() || c.is_control() || ".[]()*'\"?,=!".contains(c);
        let end = self.rest.find(special).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(self.refuse("lacks a name; one with other signs stands in `['…']`"));
        }
        self.rest = rest;
        Ok(name.as_bytes().to_vec())
    }

    fn quoted(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(quote) = self.rest.chars().next().filter(|c| ['\'', '"'].contains(c)) else {
            return Ok(None);
        };
        let mut chars = self.rest.char_indices().skip(1);
        let mut name = String::new();
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.rest = self.rest.get(at + 1..).unwrap_or_default();
                return Ok(Some(name.into_bytes()));
            }
            if c != '\\' {
                name.push(c);
                continue;
            }
            match chars.next() {
                Some((_, c)) if c == quote || c == '\\' => name.push(c),
                _ => return Err(self.refuse("has an escape other than `\\'`, `\\\"` and `\\\\`")),
            }
        }
        Err(self.refuse("has a quote that is not closed"))
    }

    fn index(&mut self) -> Result<i64, Refusal> {
        let end = self.rest.find([']', ' ']).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let number = digits.parse::<i64>().ok().filter(|n| n.to_string() == digits);
        let Some(number) = number.filter(|n| n.unsigned_abs() < 1 << 53) else {
            return Err(self.refuse("has brackets around what is no number, `*`, quoted name or filter"));
        };
        self.rest = rest;
        Ok(number)
    }

    fn filter(&mut self) -> Result<Filter, Refusal> {
        self.spaces();
        let bracket = self.take("(");
        self.spaces();
        if !self.take("@") {
            return Err(self.refuse("has a filter that does not begin with `@`, the element"));
        }
        let member = if self.take(".") {
            self.name()?
        } else if self.take("[") {
            match self.quoted()? {
                Some(name) if self.take("]") => name,
                _ => return Err(self.refuse("has a filter on something else than a member of the element")),
            }
        } else {
            return Err(self.refuse("has a filter on something else than a member of the element"));
        };
        self.spaces();
        let equal = self.take("==");
        if !equal && !self.take("!=") {
            return Err(self.refuse("has a filter that compares with something else than `==` and `!=`"));
        }
        self.spaces();
        let literal = match self.quoted()? {
            Some(text) => Literal::Text(text),
            None => self.literal()?,
        };
        self.spaces();
        if bracket && !self.take(")") {
            return Err(self.refuse("has a filter with more than one comparison, or without its `)`"));
        }
        Ok(Filter { member, equal, literal })
    }

    fn literal(&mut self) -> Result<Literal, Refusal> {
        let end = self.rest.find([')', ']', ' ']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let literal = match word {
            "true" => Literal::Boolean(true),
            "false" => Literal::Boolean(false),
            "null" => Literal::Null,
            _ if is_number(word.as_bytes()) => Literal::Number(word.as_bytes().to_vec()),
            _ => {
                return Err(
                    self.refuse("has a filter that compares with no text, number, true, false or null")
                );
            }
        };
        self.rest = rest;
        Ok(literal)
    }
}

/// Returns whether these bytes are a number of JSON (RFC 8259, section 6).
pub(super) fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(text);
    if whole == 0 || whole > 1 && text.starts_with(b"0") {
        return false;
    }
    let mut rest = text.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = digits(fraction);
        if len == 0 {
            return false;
        }
        rest = fraction.get(len..).unwrap_or_default();
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Step {
        Step::Name(text.as_bytes().to_vec())
    }

    fn is(text: &str, steps: &[Step]) {
        assert!(read(text).is_ok_and(|read| read == steps), "{text}");
    }

    #[test]
    fn every_step_is_read() {
        is("$", &[]);
        is("$.a.b-c", &[name("a"), name("b-c")]);
        is(
            "$['a b'][\"it's\"]['it\\'s'].*[*]",
            &[name("a b"), name("it's"), name("it's"), Step::Any, Step::Any],
        );
        is("$[0][-1]", &[Step::Index(0), Step::Index(-1)]);
        is("$..name..['a.b']", &[Step::Descend, name("name"), Step::Descend, name("a.b")]);
        is("$.naïef.名", &[name("naïef"), name("名")]);
        let filter = |member: &str, equal, literal| {
            Step::Filter(Filter { member: member.as_bytes().to_vec(), equal, literal })
        };
        let mail = filter("kind", true, Literal::Text(b"mail".to_vec()));
        is("$.l[?(@.kind == 'mail')].v", &[name("l"), mail.clone(), name("v")]);
        is("$.l[?@.kind=='mail']", &[name("l"), mail]);
        is("$[?(@['a b'] != 7.5)]", &[filter("a b", false, Literal::Number(b"7.5".to_vec()))]);
        is("$[?(@.on==true)]", &[filter("on", true, Literal::Boolean(true))]);
        is("$[?(@.on != null)]", &[filter("on", false, Literal::Null)]);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_the_path_and_a_hint() {
        for text in [
            "",
            "a",
            ".a",
            "$a",
            "$.",
            "$..",
            "$..*",
            "$..[*]",
            "$..[0]",
            "$.a b",
            "$[",
            "$[]",
            "$[0",
            "$[1:2]",
            "$[0,1]",
            "$['a','b']",
            "$['a]",
            "$['a\\n']",
            "$[01]",
            "$[-0]",
            "$[9999999999999999999]",
            "$.a*",
            "$[?]",
            "$[?(@)]",
            "$[?(@.a)]",
            "$[?(@.a > 1)]",
            "$[?(@.a == b)]",
            "$[?(@.a == 'x' && @.b == 1)]",
            "$[?(@.a.b == 1)]",
            "$[?(@.a == 1]",
            "$[?($.a == 1)]",
            "$.a.length()",
            "$ .a",
            "$.a ",
        ] {
            let refused = read(text).err().expect(text);
            assert!(refused.what.as_str().contains(text), "{text}");
            assert!(refused.hint.is_some());
        }
        assert!(read(&format!("${}", ".a".repeat(65))).is_err());
        assert!(read(&format!("$.{}", "a".repeat(2_000))).is_err());
    }

    #[test]
    fn by_finds_one_value_in_the_same_element() {
        let at = |text: &str, by: &str| {
            let place = Place { text: text.into(), part: Part::Value, by: Some(by.into()) };
            check(&place)?;
            suffix(&read(text)?, &read(by)?, text).map(|(shared, rest)| (shared, rest.len()))
        };
        assert_eq!(at("$.contacts[*].name", "$.contacts[*].email"), Ok((2, 1)));
        assert_eq!(at("$.contacts[*].name", "$.id"), Ok((0, 1)));
        assert_eq!(at("$..name", "$..mail"), Ok((1, 1)));
        assert_eq!(at("$.a[?(@.k == 1)].x", "$.a[?(@.k == 1)].y.z[0]"), Ok((2, 3)));
        for (text, by) in [
            ("$.a", "$.a"),
            ("$.a", "$"),
            ("$.a", "$.a.id"),
            ("$.a.b", "$.a"),
            ("$.name", "$.contacts[*].email"),
            ("$.a[*].x", "$.b[*].y"),
            ("$.a", "$..b"),
            ("$.a", "$.b[-1]"),
            ("$.a", "b"),
        ] {
            assert!(at(text, by).is_err(), "{text} by {by}");
        }
        let keys = Place { text: "$.a".into(), part: Part::Keys, by: Some("$.b".into()) };
        assert!(check(&keys).is_err());
    }

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "7", "10.50", "1e9", "1E-9", "-1.5e+10", "9007199254740993"] {
            assert!(is_number(text.as_bytes()), "{text}");
        }
        for text in ["", "-", "01", "+1", ".5", "5.", "1e", "1e+", "0x1", "NaN", "1 ", "1_0", "--1", "1.e3"] {
            assert!(!is_number(text.as_bytes()), "{text}");
        }
        let seven = Literal::Number(b"7".to_vec());
        assert!(seven.is_number(b"7") && seven.is_number(b"7.0") && !seven.is_number(b"8"));
        let large = Literal::Number(b"9007199254740993".to_vec());
        assert!(large.is_number(b"9007199254740993") && !large.is_number(b"9007199254740992"));
    }
}
