//! Case lists and conditions: `- {when: "kind = 'mail'", fake: email}`, last `- {else: suppress}`, and `keep_rows:`.
//!
//! Refuses a list without `else`, which would leave rows undecided, cases inside cases, and conditions outside of the
//! subset, with the caret under the words in question.

use std::sync::Arc;

use super::Checker;
use super::rule::Parsed;
use super::words::shown;
use crate::condition::Condition;
use crate::message;
use crate::profile::model::{Case, Column, ColumnRule, When};
use crate::profile::tree::{Entry, Node, Word};

const EXAMPLE: &str =
    "write `- {when: \"kind = 'mail'\", fake: email}` lines, and `- {else: suppress}` as the last";

impl<'a> Checker<'a> {
    /// Reads a case list; the words that `by:` names are added to `deciding`.
    pub(super) fn cases(
        &mut self,
        name: &'a Word,
        items: &'a [Node],
        deciding: &mut Vec<&'a Word>,
    ) -> Option<ColumnRule> {
        let mut cases = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let last = index + 1 == items.len();
            cases.extend(self.case(name, item, last, deciding));
        }
        (!cases.is_empty() && cases.len() == items.len()).then_some(ColumnRule::Cases(cases))
    }

    fn case(
        &mut self,
        name: &'a Word,
        node: &'a Node,
        last: bool,
        deciding: &mut Vec<&'a Word>,
    ) -> Option<Case> {
        let entries = match node {
            Node::Map(entries, _) => entries,
            Node::Refused(_) => return None,
            other => {
                self.error(other.place(), "a case is `{when: …}` with a rule, or `{else: …}`", EXAMPLE);
                return None;
            }
        };
        let find = |word: &str| entries.iter().find(|entry| entry.key.text == word);
        let (when, parsed) = match (find("when"), find("else")) {
            (Some(when), None) if !last => {
                let condition = self.condition(&when.value);
                let rest: Vec<&Entry> = entries.iter().filter(|entry| entry.key.text != "when").collect();
                if rest.is_empty() {
                    self.error(when.key.place, "a case without a rule", EXAMPLE);
                    return None;
                }
                (Some(condition?), self.map_rule(name, rest)?)
            }
            (None, Some(other)) if last && entries.len() == 1 => (None, self.rule(name, &other.value)?),
            (Some(when), _) if last => {
                self.error(
                    when.key.place,
                    "the last case must be `else`: a row that no case names would be undecided",
                    EXAMPLE,
                );
                return None;
            }
            _ => {
                self.error(
                    node.place(),
                    "a case is `{when: …}` with a rule; the last one is `{else: …}`",
                    EXAMPLE,
                );
                return None;
            }
        };
        if matches!(parsed, Parsed::Cases(_)) {
            self.error(node.place(), "a case list inside a case", "join the conditions with AND");
            return None;
        }
        let rule = self.column_rule(name, parsed, deciding)?;
        let column =
            Column { name: name.text.clone(), rule, pattern: name.text.contains('*'), place: node.place() };
        Some(Case { when, column })
    }

    /// Makes the rule of a column of what was read.
    pub(super) fn column_rule(
        &mut self,
        name: &'a Word,
        parsed: Parsed<'a>,
        deciding: &mut Vec<&'a Word>,
    ) -> Option<ColumnRule> {
        Some(match parsed {
            Parsed::Keep { reason, sensitive } => ColumnRule::Keep { reason, sensitive },
            Parsed::Own { rule, by } => {
                deciding.extend(by.words);
                ColumnRule::Own { rule, by: by.by }
            }
            Parsed::Use { entity, attribute, by, or_value } => {
                deciding.extend(by.words);
                ColumnRule::Attribute { entity, attribute, by: by.by, or_value }
            }
            Parsed::Cases(items) => return self.cases(name, items, deciding),
        })
    }

    /// Reads a SQL condition.
    pub(super) fn condition(&mut self, node: &'a Node) -> Option<When> {
        let word = self.word(node, "a condition is SQL text", "write `\"status = 'open'\"`")?;
        let lead = self.lead(word);
        match Condition::parse(&word.text) {
            Ok(condition) => Some(When {
                text: word.text.clone(),
                condition: Arc::new(condition),
                place: word.place,
                lead,
            }),
            Err(refused) => {
                self.problems.push(When::problem(&word.text, word.place, lead, refused));
                None
            }
        }
    }

    /// Counts the characters of the file before a word's own text: a quote. `None` where the file spells it otherwise.
    fn lead(&self, word: &Word) -> Option<u32> {
        let index = |n: u32| usize::try_from(n).ok();
        let text = self.texts.get(index(word.place.file)?)?;
        let written = text.text.get(index(word.place.start)?..)?;
        (0..=1).find(|lead| {
            let rest = usize::try_from(*lead).ok().and_then(|lead| written.get(lead..));
            rest.is_some_and(|rest| rest.starts_with(&word.text))
        })
    }

    /// Says that a case list stands where a single rule must.
    pub(super) fn no_cases_here(&mut self, name: &Word, node: &Node) {
        let what = message!("`{}` has a case list, which only a column takes", shown(&name.text));
        self.error(node.place(), what, "write the case list where the column is, under `tables:`");
    }
}
