//! `defaults:`: what is done with columns of a role that no other rule decides.
//!
//! Refuses attributes and `by:`: a default speaks of columns whose meaning nobody wrote down.

use super::rule::Parsed;
use super::words::shown;
use super::{Checker, Layer};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{By, Column, ColumnRule, DefaultRule, ROLES};
use crate::profile::tree::{Entry, Node};
use crate::profile::undecided::is_undecided;

impl<'a> Checker<'a> {
    /// Reads `defaults:`.
    pub(super) fn defaults(&mut self, nodes: &[Layer<&'a Node>]) {
        let maps = self.maps(nodes, "`defaults`");
        for Entry { key, value } in self.joined(&maps) {
            let Some((_, role)) = ROLES.iter().find(|(word, _)| *word == key.text) else {
                let words: Vec<&str> = ROLES.iter().map(|(word, _)| *word).collect();
                let hint = match self.near(&key.text, words.iter().copied()) {
                    Some(near) => message!("did you mean `{}`?", near),
                    None => message!("roles: {}", super::listed(&words)),
                };
                let what = message!("no role of columns is called `{}`", shown(&key.text));
                self.found(Finding::UnknownKey, key.place, what, hint);
                continue;
            };
            let example = message!(
                "write `{}: {{keep: workflow}}` or `{}: suppress`",
                shown(&key.text),
                shown(&key.text)
            );
            let rule = match self.rule(key, value) {
                None => continue,
                Some(Parsed::Keep { reason, sensitive }) => ColumnRule::Keep { reason, sensitive },
                Some(Parsed::Own { rule, by }) if by.by == By::Default && !is_undecided(&rule) => {
                    ColumnRule::Own { rule, by: by.by }
                }
                Some(Parsed::Own { .. } | Parsed::Use { .. } | Parsed::Cases(_)) => {
                    self.error(value.place(), "a default keeps, or has a technique of its own", example);
                    continue;
                }
            };
            let column = Column { name: key.text.clone(), rule, pattern: false, place: key.place };
            self.profile.defaults.push(DefaultRule { role: *role, column });
        }
    }
}
