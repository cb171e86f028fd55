//! `objects:`: what becomes of that which is no column. Each class is kept for a reason or suppressed; what is left out
//! keeps its default, which keeps no secret.

use super::words::{OBJECTS, shown};
use super::{Checker, Layer};
use crate::message;
use crate::profile::model::ObjectRule;
use crate::profile::tree::{Entry, Node};
use crate::row::object::OBJECT_CLASSES;

impl<'a> Checker<'a> {
    /// Reads `objects:`.
    pub(super) fn objects(&mut self, nodes: &[Layer<&'a Node>]) {
        let maps = self.maps(nodes, "`objects`");
        for Entry { key, value } in self.joined(&maps) {
            match OBJECT_CLASSES.iter().find(|(_, word)| *word == key.text) {
                Some((class, word)) => {
                    if let Some(rule) = self.object_rule(word, value) {
                        self.profile.objects.set(*class, rule);
                    }
                }
                None => {
                    let what = message!("unknown key `{}` in `objects`", shown(&key.text));
                    let hint = match self.near(&key.text, OBJECTS.iter().copied()) {
                        Some(word) => message!("did you mean `{}`?", word),
                        None => message!("keys here: {}", super::listed(OBJECTS)),
                    };
                    self.error(key.place, what, hint);
                }
            }
        }
    }

    fn object_rule(&mut self, class: &'static str, node: &'a Node) -> Option<ObjectRule> {
        let hint = message!("write `{}: suppress`, or `{}: {{keep: reason}}`", class, class);
        let what = message!("`{}` is kept for a reason or suppressed", class);
        match node {
            Node::Scalar(word) if word.text == "suppress" => return Some(ObjectRule::Suppress),
            Node::Map(entries, _) => {
                if let [Entry { key, value }] = entries.as_slice()
                    && key.text == "keep"
                {
                    return self
                        .reason(value, "keep")
                        .map(|reason| ObjectRule::Keep { reason: Some(reason) });
                }
                self.error(node.place(), what, hint);
            }
            Node::Refused(_) => {}
            other => self.error(other.place(), what, hint),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::model::ObjectRule;
    use crate::profile::syntax::read;
    use crate::row::object::ObjectClass;

    fn messages(text: &str) -> Vec<String> {
        match read("p", text.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(refused) => refused.problems.iter().map(|problem| problem.what.to_string()).collect(),
        }
    }

    #[test]
    fn classes_are_kept_for_a_reason_or_suppressed() {
        let text = "version: 1\nreasons:\n  docs: \"comments of developers\"\nobjects:\n  comments: {keep: docs}\n  large_objects: suppress\n";
        let profile = read("p", text.as_bytes()).unwrap().profile;
        assert_eq!(profile.objects.of(ObjectClass::Comments), ObjectRule::Keep { reason: Some(0) });
        assert_eq!(profile.objects.of(ObjectClass::LargeObjects), ObjectRule::Suppress);
    }

    #[test]
    fn what_is_left_out_keeps_no_secret() {
        let profile = read("p", b"version: 1\n").unwrap().profile;
        for class in [ObjectClass::Statistics, ObjectClass::RolePasswords, ObjectClass::Connections] {
            assert_eq!(profile.objects.of(class), ObjectRule::Suppress, "{}", class.word());
        }
        assert_eq!(profile.objects.of(ObjectClass::LargeObjects), ObjectRule::Stop);
        assert_eq!(profile.objects.of(ObjectClass::Comments), ObjectRule::Keep { reason: None });
    }

    #[test]
    fn other_words_are_refused() {
        let profile = |rest: &str| format!("version: 1\nobjects:\n{rest}");
        let says = |rest: &str| messages(&profile(rest)).join("|");
        assert_eq!(says("  comment: suppress\n"), "unknown key `comment` in `objects`");
        assert_eq!(says("  comments: keep\n"), "`comments` is kept for a reason or suppressed");
        assert_eq!(says("  comments: {keep: no_reason}\n"), "no reason is called `no_reason`");
        assert_eq!(says("  statistics: {suppress: x}\n"), "`statistics` is kept for a reason or suppressed");
        assert!(!messages("version: 1\nobjects: suppress\n").is_empty());
    }
}
