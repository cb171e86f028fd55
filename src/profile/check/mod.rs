//! Checks the tree of a profile against the words of the language and the declarations of the techniques, and makes
//! the `Profile`. One block of the profile a file: `policy`, `objects`, `entities`, `tables`; `rule` reads what may stand behind
//! a column or attribute, `value` and `compound` one argument or option, `name` a table's name; `words` holds the words, `secrets` the
//! names that are never kept.
//!
//! Never stops at the first problem: every part that cannot be read says why and is left out, and a profile with a
//! problem is never handed on, so that a part left out cannot become a column that nobody decided.

mod cases;
mod categories;
mod compound;
mod count;
mod defaults;
mod entities;
mod expect;
mod inside;
mod invented;
mod lookups;
pub(crate) mod name;
mod objects;
pub(crate) mod persons;
mod policy;
mod rule;
pub(crate) mod schema;
pub(crate) mod secrets;
mod tables;
mod value;
pub(crate) mod words;

use std::collections::HashMap;

use crate::error::{Message, Name};
use crate::mask::TechniqueSpec;
use crate::message;
use crate::profile::extends::Text;
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Problem, Profile, Severity};
use crate::profile::tree::{Entry, Node, Word};
use words::{Spot, later, nearest, shown};

/// After this many problems no more "did you mean" is looked for: nobody reads that far.
const MAX_SUGGESTIONS: usize = 200;

/// Makes the profile of its texts, the own one first; problems are added. The profile holds only if none of them is an
/// error.
pub(crate) fn check(
    texts: &[Text],
    techniques: &[&'static TechniqueSpec],
    problems: &mut Vec<Problem>,
) -> Profile {
    let mut checker = Checker {
        texts,
        techniques,
        problems,
        profile: Profile::default(),
        reasons: HashMap::new(),
        used: Vec::new(),
        entities: Vec::new(),
        lost: false,
    };
    let mut roots: Vec<Layer<&Node>> =
        texts.iter().filter_map(|text| Some(Layer { level: text.level, is: text.root.as_ref()? })).collect();
    roots.sort_by_key(|root| root.level);
    checker.profile(&roots);
    let said = checker.problems.iter().any(|problem| problem.severity == Severity::Error);
    if checker.lost && !said {
        let what = "a rule was lost while this profile was read";
        checker.error(Place::default(), what, "this is a fault of standin: please report it");
    }
    checker.profile
}

/// Something that a text of that level says: the lower the stronger.
#[derive(Clone, Copy)]
struct Layer<T> {
    level: u32,
    is: T,
}

/// The names of an entity, known before any rule is read, so that one bad rule is one problem.
struct EntityNames<'a> {
    name: &'a str,
    attributes: Vec<&'a str>,
}

struct Checker<'a> {
    texts: &'a [Text],
    techniques: &'a [&'static TechniqueSpec],
    problems: &'a mut Vec<Problem>,
    profile: Profile,
    /// Name to index.
    reasons: HashMap<&'a str, usize>,
    /// Whether a rule names the reason.
    used: Vec<bool>,
    entities: Vec<EntityNames<'a>>,
    /// Whether a part was left out: then an error must have been said.
    lost: bool,
}

impl<'a> Checker<'a> {
    /// Reads all texts, the strongest first.
    fn profile(&mut self, roots: &[Layer<&'a Node>]) {
        let mut texts: Vec<Layer<&'a [Entry]>> = Vec::new();
        for root in roots {
            let Some(entries) = self.map(root.is, "a profile") else { continue };
            for entry in entries {
                if !words::TOP.contains(&entry.key.text.as_str()) {
                    self.unknown(Spot::Top, &entry.key, words::TOP, Message::from("in a profile"));
                }
            }
            self.version(root.is, entries.iter().find(|entry| entry.key.text == "version"));
            texts.push(Layer { level: root.level, is: entries });
        }
        let blocks = |name: &str| -> Vec<Layer<&'a Node>> {
            let of = |text: &Layer<&'a [Entry]>| {
                let entry = text.is.iter().find(|entry| entry.key.text == name)?;
                Some(Layer { level: text.level, is: &entry.value })
            };
            texts.iter().filter_map(of).collect()
        };
        self.profile.locale = words::DEFAULT_LOCALE.to_owned();
        if let Some(block) = self.strongest("locale", &blocks("locale"))
            && let Some(locale) = self.locale(block)
        {
            self.profile.locale = locale;
        }
        self.policy(&blocks("policy"));
        self.reasons(&blocks("reasons"));
        self.objects(&blocks("objects"));
        self.entities(&blocks("entities"));
        self.lookups(&blocks("lookups"));
        self.defaults(&blocks("defaults"));
        self.tables(&blocks("tables"));
        self.expect(&blocks("expect"));
        self.categories();
        self.unused_reasons();
    }

    /// Returns what the strongest text says; two of equal rank must agree.
    fn strongest(&mut self, key: &'static str, said: &[Layer<&'a Node>]) -> Option<&'a Node> {
        let (first, rest) = said.split_first()?;
        for other in rest.iter().filter(|other| other.level == first.level) {
            if !first.is.says_same(other.is) {
                self.disagree(other.is.place(), message!("`{}`", key), first.is.place());
            }
        }
        Some(first.is)
    }

    /// Returns the maps that stand at a key, each with its level.
    fn maps(&mut self, nodes: &[Layer<&'a Node>], what: &'static str) -> Vec<Layer<&'a [Entry]>> {
        let entries =
            |node: &Layer<&'a Node>| Some(Layer { level: node.level, is: self.map(node.is, what)? });
        nodes.iter().filter_map(entries).collect()
    }

    /// Joins maps: of a key that several have, the strongest counts whole; two of equal rank must agree.
    fn joined(&mut self, maps: &[Layer<&'a [Entry]>]) -> Vec<&'a Entry> {
        let mut joined: Vec<&'a Entry> = Vec::new();
        let mut known: HashMap<&str, (u32, usize)> = HashMap::new();
        for map in maps {
            for entry in map.is {
                let Some((level, index)) = known.get(entry.key.text.as_str()).copied() else {
                    known.insert(&entry.key.text, (map.level, joined.len()));
                    joined.push(entry);
                    continue;
                };
                if let Some(first) = joined.get(index).copied().filter(|_| level == map.level)
                    && !first.value.says_same(&entry.value)
                {
                    self.disagree(entry.key.place, message!("`{}`", shown(&entry.key.text)), first.key.place);
                }
            }
        }
        joined
    }

    /// Says that two texts of equal rank say different things.
    fn disagree(&mut self, place: Place, what: Message, other: Place) {
        let what =
            message!("{} is said differently by another text of equal rank (its line {})", what, other.line);
        self.found(
            Finding::TextsDisagree,
            place,
            what,
            "say it in your own profile: that counts before all that it extends",
        );
    }

    fn error(&mut self, place: Place, what: impl Into<Message>, hint: impl Into<Message>) {
        self.found(Finding::ProfileText, place, what, hint);
    }

    /// Says an error of a kind of its own.
    fn found(&mut self, finding: Finding, place: Place, what: impl Into<Message>, hint: impl Into<Message>) {
        self.problems.push(Problem::error(place, what).of(finding).with_hint(hint));
    }

    fn warn(&mut self, finding: Finding, place: Place, what: impl Into<Message>, hint: impl Into<Message>) {
        self.problems.push(Problem::warning(place, what).of(finding).with_hint(hint));
    }

    /// Says that a word of the language is not built yet.
    fn later(&mut self, word: &Word, purpose: &'static str) {
        let what = message!("`{}` needs a later version of standin", shown(&word.text));
        self.found(
            Finding::ReservedWord,
            word.place,
            what,
            message!("leave it out for now; it is reserved for {}", purpose),
        );
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
        self.found(Finding::UnknownKey, key.place, what, hint);
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
                let says = message!("{} must say something", what);
                self.error(word.place, says, "write `key: value` lines, indented under it, or remove it");
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
    fn word(
        &mut self,
        node: &'a Node,
        what: impl Into<Message>,
        hint: impl Into<Message>,
    ) -> Option<&'a Word> {
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
                self.found(Finding::SaidTwice, word.place, twice, "write it once");
            } else {
                names.push(word);
            }
        }
        Some(names)
    }

    /// Returns the index of a reason, and notes that it is used.
    fn reason(&mut self, node: &'a Node, key: &'static str) -> Option<usize> {
        if let Node::Scalar(word) = node
            && !word.is_null()
            && let Some(index) = self.reasons.get(word.text.as_str()).copied()
        {
            if let Some(used) = self.used.get_mut(index) {
                *used = true;
            }
            return Some(index);
        }
        let example = message!(
            "say it once under `reasons:` (`workflow: \"why it is needed\"`), then `{}: workflow`",
            key
        );
        let what = message!("`{}` names a reason", key);
        let word = self.word(node, what, example.clone())?;
        let near = self.near(&word.text, self.profile.reasons.iter().map(|reason| reason.name.as_str()));
        let hint = near.map_or(example, |near| message!("did you mean `{}`?", near));
        let what = message!("no reason is called `{}`", shown(&word.text));
        self.found(Finding::UnknownName, word.place, what, hint);
        None
    }

    fn unused_reasons(&mut self) {
        // A rule that could not be read may be the one that names the reason.
        if self.problems.iter().any(|problem| problem.severity == Severity::Error) {
            return;
        }
        let unused: Vec<_> = (self.profile.reasons.iter().zip(&self.used))
            .filter(|(reason, used)| !**used && reason.place.file == 0)
            .map(|(reason, _)| (reason.place, message!("no rule names the reason `{}`", shown(&reason.name))))
            .collect();
        for (place, what) in unused {
            let hint = "remove it, or name it where data is kept";
            self.warn(Finding::UnusedReason, place, what, hint);
        }
    }
}

/// Names some words: "`a`, `b` or `c`"; of many the first ones.
fn listed(words: &[&'static str]) -> Message {
    const MANY: usize = 12;
    let mut text = Message::from("");
    for (index, word) in words.iter().enumerate().take(MANY) {
        text = match index {
            0 => message!("`{}`", *word),
            n if n + 1 == words.len() => message!("{} or `{}`", text, *word),
            _ => message!("{}, `{}`", text, *word),
        };
    }
    if words.len() > MANY { message!("{} and more (`standin techniques` lists all)", text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::words::{LATER, Spot};
    use crate::mask::{Class, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec};
    use crate::profile::syntax::read_with;
    use crate::row::canon::Canon;

    const fn spec(name: &'static str, argument: Takes, options: &'static [OptionSpec]) -> TechniqueSpec {
        TechniqueSpec {
            name,
            class: Class::Pseudonymisation,
            summary: "",
            preserves: "",
            attacker: "",
            reversibility: Reversibility::Key,
            reaches: Reaches::Nobody(""),
            argument,
            bare: true,
            options,
            identifying: |_, _| true,
            canon: |_, _| Canon::Bytes,
            examples: &[],
            compile: |_| Err(Refusal { what: "compiles nothing".into(), hint: None }),
        }
    }

    static FAKE: TechniqueSpec = spec("fake", Takes::OneOf(&["email"]), &[]);
    static PSEUDONYM: TechniqueSpec = spec("pseudonym", Takes::OneOf(&["integer"]), &[]);
    static GENERALISE: TechniqueSpec = spec("generalise", Takes::OneOf(&["year"]), &[]);
    static JSON: TechniqueSpec =
        spec("json", Takes::Text, &[OptionSpec { name: "each_key", takes: Takes::Boolean, help: "" }]);

    fn messages(text: &str, techniques: &[&'static TechniqueSpec]) -> Vec<String> {
        match read_with("p", text.as_bytes(), techniques) {
            Ok(_) => Vec::new(),
            Err(refused) => refused.problems.iter().map(|problem| problem.what.to_string()).collect(),
        }
    }

    #[test]
    fn every_reserved_word_needs_a_later_version() {
        let rule = |rule: &str| format!("version: 1\nentities: {{p: {{id: hash, x: {rule}}}}}\n");
        let techniques: &[&TechniqueSpec] = &[&FAKE, &PSEUDONYM, &GENERALISE];
        for later in LATER {
            for (word, _) in later.words {
                let text = match later.spot {
                    Spot::Top => format!("version: 1\n{word}: x\n"),
                    Spot::Policy => format!("version: 1\npolicy: {{{word}: x}}\n"),
                    Spot::Entity => {
                        format!("version: 1\nentities: {{p: {{id: {{fake: email}}, {word}: x}}}}\n")
                    }
                    Spot::Table => format!("version: 1\ntables: {{t: {{columns: {{}}, {word}: x}}}}\n"),
                    Spot::Technique => rule(&format!("{{{word}: x}}")),
                    Spot::Option => rule(&format!("{{fake: email, {word}: x}}")),
                    Spot::Or => format!(
                        "version: 1\nentities: {{p: {{id: fake}}}}\n\
                         tables: {{t: {{columns: {{a: {{use: p.id, or: {word}}}}}}}}}\n"
                    ),
                    Spot::Argument(technique) => rule(&format!("{{{technique}: {word}}}")),
                };
                let wanted = format!("`{word}` needs a later version of standin");
                let text = text.replace("id: hash", "id: fake");
                assert_eq!(messages(&text, techniques), [wanted], "{text}");
            }
        }
    }

    #[test]
    fn a_declaration_ends_the_reservation() {
        let text = "version: 1\nentities: {p: {a: {json: x, each_key: true}}}\n";
        assert_eq!(messages(text, &[&JSON]), [""; 0]);
        let text = "version: 1\nentities: {p: {a: {fake: email, each_key: true}}}\n";
        assert_eq!(messages(text, &[&JSON, &FAKE]), ["`fake` has no option `each_key`"]);
    }
}
