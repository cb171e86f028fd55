//! One argument or option of a technique, checked against what its declaration says it takes.
//!
//! Numbers and booleans are those of YAML 1.2's core schema. Where any scalar may stand, a number that is not written
//! in its shortest form stays text, so that `constant: 007` writes 007.

use super::Checker;
use super::words::{Spot, later, shown};
use crate::error::Message;
use crate::mask::{Takes, Value};
use crate::message;
use crate::profile::tree::{Node, Word};

impl<'a> Checker<'a> {
    /// Returns the value of a word of the language; `name` is the technique or option. At `spot` words may be
    /// reserved.
    pub(super) fn value(
        &mut self,
        takes: Takes,
        name: &'static str,
        node: &'a Node,
        spot: Spot,
    ) -> Option<Value> {
        match takes {
            Takes::Nothing => {
                if !matches!(node, Node::Refused(_)) {
                    let what = message!("`{}` takes no argument", name);
                    self.error(node.place(), what, message!("write only `{}`", name));
                }
                None
            }
            Takes::OneOf(words) => self.one_of(words, name, node, spot),
            Takes::Text => {
                let hint = message!("write `{}: some text`", name);
                let word = self.word(node, message!("`{}` takes text", name), hint)?;
                Some(Value::Text(word.text.clone()))
            }
            Takes::Integer { min, max } => self.integer(min, max, name, node),
            Takes::Boolean => {
                let key = Word { text: name.to_owned(), plain: true, place: node.place() };
                self.boolean(&key, node).map(Value::Boolean)
            }
            Takes::Reason => {
                let index = self.reason(node, name)?;
                self.profile.reasons.get(index).map(|reason| Value::Text(reason.name.clone()))
            }
            Takes::Scalar => self.scalar(name, node),
            Takes::Within(words) => match node {
                Node::List(..) => self.compound(Takes::Scalars, name, node),
                Node::Scalar(word) if word.text.contains("..") => self.compound(Takes::Range, name, node),
                _ => self.one_of(words, name, node, spot),
            },
            Takes::OrOptions(takes) => self.value(*takes, name, node, spot),
            Takes::Number
            | Takes::Numbers
            | Takes::Amount
            | Takes::Range
            | Takes::RangeOrList
            | Takes::Span
            | Takes::Scalars
            | Takes::Choice
            | Takes::Entries
            | Takes::Inside(_) => self.compound(takes, name, node),
        }
    }

    fn one_of(
        &mut self,
        words: &'static [&'static str],
        name: &'static str,
        node: &'a Node,
        spot: Spot,
    ) -> Option<Value> {
        // What may be wrong is put into words only where it is.
        if let Node::Scalar(word) = node
            && !word.is_null()
            && words.contains(&word.text.as_str())
        {
            return Some(Value::Text(word.text.clone()));
        }
        let list = message!("one of {}", super::listed(words));
        let word = self.word(node, message!("`{}` takes one word", name), example(name, words))?;
        if let Some(purpose) = later(spot, &word.text) {
            self.later(word, purpose);
            return None;
        }
        let near = self.near(&word.text, words.iter().copied());
        let hint =
            near.map_or_else(|| message!("write {}", list), |near| message!("did you mean `{}`?", near));
        self.error(word.place, message!("`{}` cannot be `{}`", name, shown(&word.text)), hint);
        None
    }

    fn integer(&mut self, min: i64, max: i64, name: &'static str, node: &'a Node) -> Option<Value> {
        let what = message!("`{}` is a whole number from {} to {}", name, min, max);
        let hint = message!("write `{}: {}`", name, min.max(1).min(max));
        let word = self.word(node, what.clone(), hint.clone())?;
        match word.integer() {
            Some(number) if (min..=max).contains(&number) => Some(Value::Integer(number)),
            _ => {
                let quoted = !word.plain && word.text.parse::<i64>().is_ok();
                self.error(word.place, what, if quoted { "write it without quotes".into() } else { hint });
                None
            }
        }
    }

    pub(super) fn scalar(&mut self, name: &'static str, node: &'a Node) -> Option<Value> {
        match node {
            Node::Scalar(word) if word.is_null() => {
                let what = message!("`{}` needs a value", name);
                self.error(word.place, what, "to write NULL use `suppress`; quotes make `null` a word");
                None
            }
            Node::Scalar(word) => Some(match (word.boolean(), word.integer()) {
                (Some(boolean), _) => Value::Boolean(boolean),
                (None, Some(number)) if number.to_string() == word.text => Value::Integer(number),
                _ => Value::Text(word.text.clone()),
            }),
            Node::Refused(_) => None,
            other => {
                let what = message!("`{}` takes one value", name);
                self.error(other.place(), what, message!("write `{}: one value`", name));
                None
            }
        }
    }
}

/// Shows how a word with a choice is written.
fn example(name: &'static str, words: &[&'static str]) -> Message {
    match words.first() {
        Some(first) => message!("write `{}: {}`", name, *first),
        None => message!("write `{}`", name),
    }
}
