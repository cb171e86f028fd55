//! Checks the tree of a profile against the words of the language and the declarations of the techniques, and makes
//! the `Profile`. One block of the profile a file: `policy`, `entities`, `tables`; `rule` reads what may stand behind
//! a column or attribute, `value` one argument or option, `words` holds the words.
//!
//! Never stops at the first problem: every part that cannot be read says why and is left out, and a profile with a
//! problem is never handed on, so that a part left out cannot become a column that nobody decided.

mod entities;
mod policy;
mod rule;
mod tables;
mod value;
pub(crate) mod words;

use std::collections::HashMap;

use crate::error::{Message, Name};
use crate::mask::TechniqueSpec;
use crate::message;
use crate::profile::model::{Place, Problem, Profile, Severity};
use crate::profile::tree::{Entry, Node, Word};
use words::{Spot, later, nearest, shown};

/// After this many problems no more "did you mean" is looked for: nobody reads that far.
const MAX_SUGGESTIONS: usize = 200;

/// Makes the profile of a tree; problems are added. The profile holds only if none of them is an error.
pub(crate) fn check(
    root: &Node,
    techniques: &[&'static TechniqueSpec],
    problems: &mut Vec<Problem>,
) -> Profile {
    let mut checker = Checker {
        techniques,
        problems,
        profile: Profile::default(),
        reasons: HashMap::new(),
        used: Vec::new(),
        entities: Vec::new(),
    };
    checker.profile(root);
    checker.profile
}

/// The names of an entity, known before any rule is read, so that one bad rule is one problem.
struct EntityNames<'a> {
    name: &'a str,
    attributes: Vec<&'a str>,
}

struct Checker<'a> {
    techniques: &'a [&'static TechniqueSpec],
    problems: &'a mut Vec<Problem>,
    profile: Profile,
    /// Name to index.
    reasons: HashMap<&'a str, usize>,
    /// Whether a rule names the reason.
    used: Vec<bool>,
    entities: Vec<EntityNames<'a>>,
}

impl<'a> Checker<'a> {
    fn profile(&mut self, root: &'a Node) {
        let Some(entries) = self.map(root, "a profile") else { return };
        for entry in entries {
            if !words::TOP.contains(&entry.key.text.as_str()) {
                self.unknown(Spot::Top, &entry.key, words::TOP, message!("in a profile"));
            }
        }
        let block = |name: &str| entries.iter().find(|entry| entry.key.text == name);
        self.version(root, block("version"));
        self.profile.locale = words::DEFAULT_LOCALE.to_owned();
        if let Some(entry) = block("locale")
            && let Some(locale) = self.locale(&entry.value)
        {
            self.profile.locale = locale;
        }
        if let Some(entry) = block("policy") {
            self.policy(&entry.value);
        }
        if let Some(entry) = block("reasons") {
            self.reasons(&entry.value);
        }
        if let Some(entry) = block("entities") {
            self.entities(&entry.value);
        }
        if let Some(entry) = block("tables") {
            self.tables(&entry.value);
        }
        self.unused_reasons();
    }

    fn error(&mut self, place: Place, what: impl Into<Message>, hint: impl Into<Message>) {
        self.problems.push(Problem::error(place, what).with_hint(hint));
    }

    fn warn(&mut self, place: Place, what: impl Into<Message>, hint: impl Into<Message>) {
        self.problems.push(Problem::warning(place, what).with_hint(hint));
    }

    /// Says that a word of the language is not built yet.
    fn later(&mut self, word: &Word, purpose: &'static str) {
        let what = message!("`{}` needs a later version of standin", shown(&word.text));
        self.error(word.place, what, message!("it is reserved for {}", purpose));
    }

    /// Says that a key is unknown at a spot, or needs a later version.
    fn unknown(&mut self, spot: Spot, key: &Word, valid: &[&'static str], place: Message) {
        if let Some(purpose) = later(spot, &key.text) {
            return self.later(key, purpose);
        }
        let what = message!("unknown key `{}` {}", shown(&key.text), place);
        let hint = match self.near(&key.text, valid.iter().copied()) {
            Some(word) => message!("did you mean `{}`?", word),
            None => message!("keys here: {}", listed(valid)),
        };
        self.error(key.place, what, hint);
    }

    /// Returns the nearest of some words, while there are few problems.
    fn near<'w>(&self, word: &str, valid: impl IntoIterator<Item = &'w str>) -> Option<Name> {
        if self.problems.len() > MAX_SUGGESTIONS {
            return None;
        }
        nearest(word, valid).map(shown)
    }

    /// Returns the entries of a map.
    fn map(&mut self, node: &'a Node, what: &'static str) -> Option<&'a [Entry]> {
        match node {
            Node::Map(entries, _) => Some(entries),
            Node::Refused(_) => None,
            Node::Scalar(word) if word.is_null() => {
                let says = message!("`{}` is empty", shown(&word.text));
                let says = if word.text.is_empty() { message!("{} must say something", what) } else { says };
                self.error(word.place, says, "write its lines below it, indented, or remove it");
                None
            }
            other => {
                let says = message!("{} is written as lines of `key: value`", what);
                self.error(other.place(), says, "write `key: value` lines, indented under it");
                None
            }
        }
    }

    /// Returns the one word or text that stands there.
    fn word(&mut self, node: &'a Node, what: impl Into<Message>, hint: impl Into<Message>) -> Option<&'a Word> {
        match node {
            Node::Scalar(word) if !word.is_null() && !word.text.trim().is_empty() => return Some(word),
            Node::Refused(_) => {}
            other => self.error(other.place(), what, hint),
        }
        None
    }

    /// Returns `true` or `false`.
    fn boolean(&mut self, key: &Word, node: &Node) -> Option<bool> {
        let found = if let Node::Scalar(word) = node { word.boolean() } else { None };
        if found.is_none() && !matches!(node, Node::Refused(_)) {
            let what = message!("`{}` is `true` or `false`", shown(&key.text));
            self.error(node.place(), what, message!("write `{}: true`", shown(&key.text)));
        }
        found
    }

    /// Returns a list of names, `[a, b]`; a name that stands twice is said.
    fn names(&mut self, key: &'static str, node: &'a Node) -> Option<Vec<&'a Word>> {
        let hint = message!("write `{}: [first_column, second_column]`", key);
        let what = message!("`{}` is a list of names", key);
        let items = match node {
            Node::List(items, _) => items,
            Node::Refused(_) => return None,
            Node::Scalar(word) if !word.is_null() => {
                self.error(word.place, what, message!("write `{}: [{}]`", key, shown(&word.text)));
                return None;
            }
            other => {
                self.error(other.place(), what, hint);
                return None;
            }
        };
        let mut names: Vec<&Word> = Vec::with_capacity(items.len());
        let mut seen: HashMap<&str, ()> = HashMap::new();
        for item in items {
            let Some(word) = self.word(item, what.clone(), hint.clone()) else { continue };
            if seen.insert(&word.text, ()).is_some() {
                let twice = message!("`{}` stands twice in `{}`", shown(&word.text), key);
                self.error(word.place, twice, "write it once");
            } else {
                names.push(word);
            }
        }
        Some(names)
    }

    /// Returns the index of a reason, and notes that it is used.
    fn reason(&mut self, node: &'a Node, key: &'static str) -> Option<usize> {
        let example = message!("say it once under `reasons:` (`workflow: \"why it is needed\"`), then `{}: workflow`", key);
        let what = message!("`{}` names a reason", key);
        let word = self.word(node, what, example.clone())?;
        if let Some(index) = self.reasons.get(word.text.as_str()).copied() {
            if let Some(used) = self.used.get_mut(index) {
                *used = true;
            }
            return Some(index);
        }
        let near = self.near(&word.text, self.profile.reasons.iter().map(|reason| reason.name.as_str()));
        let hint = near.map_or(example, |near| message!("did you mean `{}`?", near));
        self.error(word.place, message!("no reason is called `{}`", shown(&word.text)), hint);
        None
    }

    fn unused_reasons(&mut self) {
        // A rule that could not be read may be the one that names the reason.
        if self.problems.iter().any(|problem| problem.severity == Severity::Error) {
            return;
        }
        let unused: Vec<_> = (self.profile.reasons.iter().zip(&self.used))
            .filter(|(_, used)| !**used)
            .map(|(reason, _)| (reason.place, message!("no rule names the reason `{}`", shown(&reason.name))))
            .collect();
        for (place, what) in unused {
            self.warn(place, what, "remove it, or name it where data is kept");
        }
    }
}

/// Names some words: "`a`, `b` or `c`".
fn listed(words: &[&'static str]) -> Message {
    let mut text = message!("");
    for (index, word) in words.iter().enumerate() {
        text = match index {
            0 => message!("`{}`", *word),
            n if n + 1 == words.len() => message!("{} or `{}`", text, *word),
            _ => message!("{}, `{}`", text, *word),
        };
    }
    text
}
