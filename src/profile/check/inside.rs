//! Rules for places inside values: `json: {$.phone: {fake: phone}, else: remove}`, `each: {fake: email}`.
//!
//! Refuses a place that its technique cannot read, the same place twice, case lists, and techniques that need whole
//! columns. What no place names is the technique's to remove: nothing here can let it pass.

use super::Checker;
use super::rule::Parsed;
use super::words::shown;
use crate::error::{Message, Name};
use crate::mask::TechniqueSpec;
use crate::mask::inside::{Part, Place, Places};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{By, Column, ColumnRule, Inner};
use crate::profile::tree::{Entry, Node, Word};

/// Techniques that make one value of many rows, or of other columns: a part of a value has neither.
const WHOLE: &[&str] = &["shuffle"];
/// Most places of one rule.
const MOST_PLACES: usize = 1_000;
/// Words for the keys and the values of a map whose keys are data.
const EACH_KEY: &str = "each_key";
const EACH_VALUE: &str = "each_value";

impl<'a> Checker<'a> {
    /// Reads the places of a technique and their rules; what stands between them and is an option of the technique is
    /// added to `options`.
    pub(super) fn inside(
        &mut self,
        spec: &'static TechniqueSpec,
        places: &'static Places,
        head: &'a Entry,
        options: &mut Vec<&'a Entry>,
    ) -> Option<Vec<Inner>> {
        let before = self.problems.len();
        let mut found = Vec::new();
        if places.one {
            let at = Place { text: String::new(), part: Part::Value, by: None };
            found.extend(self.inner(places, at, &head.key, &head.value));
        } else {
            let Node::Map(entries, _) = &head.value else {
                if !matches!(head.value, Node::Refused(_)) {
                    let what = message!("`{}` takes a map of places to rules", spec.name);
                    self.error(head.value.place(), what, example(spec, places));
                }
                return None;
            };
            if entries.len() > MOST_PLACES {
                let what = message!("`{}` names more than {} places", spec.name, MOST_PLACES);
                self.error(head.value.place(), what, "places with `*` stand for many");
                return None;
            }
            for entry in entries {
                if spec.options.iter().any(|option| option.name == entry.key.text) {
                    options.push(entry);
                } else {
                    self.at_place(places, entry, &mut found);
                }
            }
        }
        (self.problems.len() == before).then_some(found)
    }

    /// Reads what stands behind one place: a rule, or one for the keys and one for the values of a map.
    fn at_place(&mut self, places: &'static Places, entry: &'a Entry, found: &mut Vec<Inner>) {
        let Entry { key, value } = entry;
        let at = |text: &str, part| Place { text: text.to_owned(), part, by: None };
        let Some(each) = each(value) else {
            found.extend(self.inner(places, at(&key.text, Part::Value), key, value));
            return;
        };
        for Entry { key: word, value } in each {
            let (text, part) = match word.text.as_str() {
                EACH_KEY => (key.text.clone(), Part::Keys),
                _ => (all_values(&key.text), Part::Value),
            };
            found.extend(self.inner(places, at(&text, part), key, value));
        }
    }

    fn inner(
        &mut self,
        places: &'static Places,
        mut at: Place,
        name: &'a Word,
        node: &'a Node,
    ) -> Option<Inner> {
        let parsed = self.rule(name, node)?;
        let refused = match &parsed {
            Parsed::Cases(_) => {
                Some(("a case list inside a value", "write a place with a filter for each case"))
            }
            Parsed::Own { rule, .. } if WHOLE.contains(&rule.technique.name) => Some((
                "this technique needs whole columns",
                "use `fake`, `pick` or `suppress` inside of values",
            )),
            Parsed::Own { rule, .. } if rule.technique.name == "undecided" => {
                Some(("a place is decided, or not named", "take it out: what no place names is removed"))
            }
            _ => None,
        };
        if let Some((what, hint)) = refused {
            self.error(node.place(), what, hint);
            return None;
        }
        let (mut rule, place) = (self.column_rule(name, parsed, &mut Vec::new())?, node.place());
        if let Some(by) = take_place(&mut rule) {
            let Some(named) = by.strip_prefix(places.stem) else {
                let what = message!("`by: {}` names no other place", shown(&by));
                let hint =
                    message!("another place is written behind `{}`; a column of the row alone", places.stem);
                self.found(Finding::WrongBy, name.place, what, hint);
                return None;
            };
            at.by = Some(named.to_owned());
        }
        if let Err(refusal) = (places.check)(&at) {
            let hint = refusal.hint.unwrap_or_else(|| message!("a place is {}", places.meaning));
            self.found(Finding::ProfileText, name.place, refusal.what, hint);
            return None;
        }
        let column = Column { name: name.text.clone(), rule, pattern: false, place };
        Some(Inner { at, column })
    }
}

/// Returns the entries of `{each_key: …, each_value: …}`.
fn each(node: &Node) -> Option<&[Entry]> {
    let Node::Map(entries, _) = node else { return None };
    let is_each = |entry: &Entry| matches!(entry.key.text.as_str(), EACH_KEY | EACH_VALUE);
    (!entries.is_empty() && entries.iter().all(is_each)).then_some(entries)
}

/// Returns the place of all values of the map at a place.
fn all_values(text: &str) -> String {
    format!("{text}.*")
}

/// Takes a place out of `by:`: a path such as `$.id` names no column.
fn take_place(rule: &mut ColumnRule) -> Option<String> {
    let (ColumnRule::Own { by, .. } | ColumnRule::Attribute { by, .. }) = rule else { return None };
    let By::Names(names) = by else { return None };
    let [name] = names.as_slice() else { return None };
    if !name.starts_with(['$', '/']) {
        return None;
    }
    let name = name.clone();
    *by = By::Default;
    Some(name)
}

fn example(spec: &'static TechniqueSpec, places: &'static Places) -> Message {
    message!(
        "below `{}:` write a line for every place that stays or is masked; a place is {}",
        Name::new(spec.name),
        places.meaning
    )
}
