//! `insert:`: invented rows that a table gets: accounts of trainers, a demo customer.
//!
//! Refuses rows under a pattern of tables, and every rule but a value, `null` and `login`: an
//! invented row has no value that another rule could mask.

use super::Checker;
use super::rule::Parsed;
use super::words::shown;
use crate::mask::{self, Takes};
use crate::message;
use crate::profile::model::{Invented, InventedValue, Rule};
use crate::profile::tree::{Entry, Node, Word};

/// Techniques that make a value of nothing.
const MAKERS: &[&str] = &["login"];

impl<'a> Checker<'a> {
    /// Reads the rows of one table.
    pub(super) fn insert(&mut self, pattern: bool, key: &'a Word, node: &'a Node) -> Vec<Invented> {
        let hint = "write below it `- {id: 1, email: trainer@example.org}`, one line a row";
        if pattern {
            self.error(key.place, "`insert` under a pattern of tables", "name the table that gets the rows");
            return Vec::new();
        }
        let Node::List(items, place) = node else {
            if !matches!(node, Node::Refused(_)) {
                self.error(node.place(), "`insert` is a list of rows", hint);
            }
            return Vec::new();
        };
        if items.is_empty() {
            self.error(*place, "`insert` has no row", hint);
        }
        items.iter().filter_map(|item| self.invented(item)).collect()
    }

    fn invented(&mut self, node: &'a Node) -> Option<Invented> {
        let Node::Map(entries, place) = node else {
            if !matches!(node, Node::Refused(_)) {
                self.error(node.place(), "a row names its columns", "write `{id: 1, name: Trainer}`");
            }
            return None;
        };
        let mut values: Vec<InventedValue> = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            match self.invented_value(key, value) {
                Some(rule) => {
                    values.push(InventedValue { column: key.text.clone(), rule, place: key.place });
                }
                None => self.lost = true,
            }
        }
        Some(Invented { values, place: *place })
    }

    /// Returns the rule of a value, itself `None` for NULL.
    fn invented_value(&mut self, key: &'a Word, node: &'a Node) -> Option<Option<Rule>> {
        let place = node.place();
        match node {
            Node::Scalar(word) if word.is_null() => Some(None),
            Node::Scalar(word) if word.text.is_empty() && word.plain => Some(None),
            Node::Scalar(_) => {
                let argument = self.value(Takes::Scalar, "insert", node, super::words::Spot::Option)?;
                let technique = mask::technique("constant")?;
                Some(Some(Rule {
                    technique,
                    argument: Some(argument),
                    options: Vec::new(),
                    inside: Vec::new(),
                    place,
                }))
            }
            Node::Map(entries, _) => match self.map_rule(key, entries.iter().collect())? {
                Parsed::Own { rule, .. } if MAKERS.contains(&rule.technique.name) => Some(Some(rule)),
                _ => {
                    let what = message!("`{}` of an invented row is a value", shown(&key.text));
                    self.error(
                        place,
                        what,
                        "write the value itself, `null`, or `{login: {env: …, scheme: …}}`",
                    );
                    None
                }
            },
            Node::List(_, place) => {
                let what = message!("`{}` of an invented row is one value", shown(&key.text));
                self.error(*place, what, "write an array as the database prints it: '{a,b}'");
                None
            }
            Node::Refused(_) => None,
        }
    }
}
