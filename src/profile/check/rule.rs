//! What stands behind a column or an attribute: `entity.attribute`, a bare technique, a map with one technique and
//! its options, `{use: …}` or `{keep: reason}`.
//!
//! Refuses two techniques in one rule, options that the technique does not declare, and keeping without a reason or
//! what the name says is a password, token or key.

use std::collections::HashMap;

use super::secrets::names_secret;
use super::words::{self, Spot, later, shown};
use super::{Checker, compound, listed};
use crate::error::{Message, Name};
use crate::mask::{Class, Takes, TechniqueSpec, Value};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{By, Category, Rule, Sensitive};
use crate::profile::tree::{Entry, Node, Word};
use crate::profile::undecided::UNDECIDED;

/// What `by:` says, and where.
#[derive(Default)]
pub(super) struct Decides<'a> {
    /// Who decides.
    pub(super) by: By,
    /// The names written.
    pub(super) words: Vec<&'a Word>,
}

/// A rule as read; what may stand where is the caller's to say.
pub(super) enum Parsed<'a> {
    /// `{keep: reason}`.
    Keep {
        /// Index of the reason.
        reason: usize,
        /// What the law says of it.
        sensitive: Sensitive,
    },
    /// `entity.attribute` or `{use: entity.attribute}`.
    Use {
        /// Index of the entity.
        entity: usize,
        /// Index of the attribute.
        attribute: usize,
        /// Who decides.
        by: Decides<'a>,
        /// `or: value`.
        or_value: bool,
    },
    /// A technique.
    Own {
        /// The technique.
        rule: Rule,
        /// Who decides.
        by: Decides<'a>,
    },
    /// A case list, not yet read.
    Cases(&'a [Node]),
}

impl<'a> Checker<'a> {
    /// Reads the rule of a column or attribute.
    pub(super) fn rule(&mut self, name: &'a Word, node: &'a Node) -> Option<Parsed<'a>> {
        match node {
            Node::Scalar(word) if word.is_null() || word.text.is_empty() => self.no_rule(name),
            Node::Scalar(word) => self.bare(name, word),
            Node::Map(entries, _) if entries.is_empty() => self.no_rule(name),
            Node::Map(entries, _) => self.map_rule(name, entries.iter().collect()),
            Node::List(items, _) if items.is_empty() => self.no_rule(name),
            Node::List(items, _) => Some(Parsed::Cases(items)),
            Node::Refused(_) => None,
        }
    }

    fn no_rule(&mut self, name: &Word) -> Option<Parsed<'a>> {
        let what = message!("`{}` has no rule", shown(&name.text));
        self.error(
            name.place,
            what,
            message!("write `{}: suppress`, or what else shall happen to it", shown(&name.text)),
        );
        None
    }

    fn spec(&self, name: &str) -> Option<&'static TechniqueSpec> {
        self.techniques.iter().copied().find(|spec| spec.name == name && name != "keep")
    }

    fn technique_words(&self) -> Vec<&'static str> {
        let mut words = vec!["keep"];
        words.extend(self.techniques.iter().map(|spec| spec.name).filter(|name| *name != "keep"));
        words
    }

    /// Reads a rule of one word.
    fn bare(&mut self, name: &'a Word, word: &'a Word) -> Option<Parsed<'a>> {
        let text = word.text.as_str();
        if let Some(spec) = self.spec(text) {
            if spec.bare || spec.argument == Takes::Nothing {
                let rule = Rule {
                    technique: spec,
                    argument: None,
                    options: Vec::new(),
                    inside: Vec::new(),
                    place: word.place,
                };
                return Some(Parsed::Own { rule, by: Decides::default() });
            }
            self.needs_argument(spec, word);
            return None;
        }
        match text {
            "undecided" => {
                let (technique, place) = (&UNDECIDED, word.place);
                let rule = Rule { technique, argument: None, options: Vec::new(), inside: Vec::new(), place };
                return Some(Parsed::Own { rule, by: Decides::default() });
            }
            "keep" => {
                let hint = message!(
                    "write `{}: {{keep: workflow}}`, with `workflow` under `reasons:`",
                    shown(&name.text)
                );
                self.error(word.place, "`keep` names a reason", hint);
                return None;
            }
            "use" => {
                let hint = "write `entity.attribute`, or `{use: entity.attribute, by: column}`";
                self.error(word.place, "`use` names an attribute", hint);
                return None;
            }
            _ => {}
        }
        if let Some(purpose) = later(Spot::Technique, text) {
            self.later(word, purpose);
            return None;
        }
        if let Some((head, rest)) = text.split_once([' ', ':', '='])
            && (self.spec(head).is_some() || head == "keep" || head == "use")
        {
            let what = message!("`{}` is no rule", shown(text));
            let rest = shown(rest.trim_matches([' ', ':', '=']));
            self.error(
                word.place,
                what,
                message!("write `{}: {{{}: {}}}`", shown(&name.text), shown(head), rest),
            );
            return None;
        }
        if text.contains('.') {
            let (entity, attribute) = self.reference(word)?;
            return Some(Parsed::Use { entity, attribute, by: Decides::default(), or_value: false });
        }
        self.unknown_technique(name, word);
        None
    }

    fn unknown_technique(&mut self, name: &Word, word: &Word) {
        let text = word.text.as_str();
        let words = self.technique_words();
        let entity = self.entities.iter().find(|entity| entity.name == text);
        let (what, hint) = if let Some(entity) = entity {
            let attribute = entity.attributes.iter().find(|a| **a == name.text).or(entity.attributes.first());
            let attribute = shown(attribute.copied().unwrap_or("attribute"));
            let what = message!("`{}` is an entity; a rule names one of its attributes", shown(text));
            (what, message!("write `{}: {}.{}`", shown(&name.text), shown(text), attribute))
        } else {
            let what = message!("no technique is called `{}`", shown(text));
            let near = self.near(text, words.iter().copied().chain([UNDECIDED.name]));
            (
                what,
                near.map_or_else(
                    || message!("techniques: {}", listed(&words)),
                    |n| message!("did you mean `{}`?", n),
                ),
            )
        };
        self.found(Finding::UnknownName, word.place, what, hint);
    }

    fn needs_argument(&mut self, spec: &'static TechniqueSpec, word: &Word) {
        let hint = match spec.argument {
            Takes::OneOf(words) => {
                let first = words.first().copied().unwrap_or("…");
                message!("write `{{{}: {}}}`; it takes {}", spec.name, first, listed(words))
            }
            Takes::OrOptions(_) => {
                let options: Vec<&'static str> = spec.options.iter().map(|option| option.name).collect();
                let alone = match spec.argument.alone() {
                    Takes::OneOf(words) => message!("{}, or ", listed(words)),
                    _ => Message::from(""),
                };
                message!("it takes {}a map of {}", alone, listed(&options))
            }
            takes => message!("write `{{{}: {}}}`", spec.name, compound::written(takes)),
        };
        self.error(word.place, message!("`{}` needs to be told what", spec.name), hint);
    }

    /// Returns the indexes of an `entity.attribute`.
    pub(super) fn reference(&mut self, word: &Word) -> Option<(usize, usize)> {
        let (entity_name, attribute_name) = word.text.split_once('.').unwrap_or((&word.text, ""));
        let found = self.entities.iter().position(|entity| entity.name == entity_name);
        let Some(index) = found else {
            let near = self.near(entity_name, self.entities.iter().map(|entity| entity.name));
            let hint = match near {
                Some(near) => message!("did you mean `{}.{}`?", near, shown(attribute_name)),
                None if self.entities.is_empty() => {
                    "declare it under `entities:`, or write a technique".into()
                }
                None => message!("declare it under `entities:`, as `{}` is", self.an_entity()),
            };
            let what = message!("no entity is called `{}`", shown(entity_name));
            self.found(Finding::UnknownName, word.place, what, hint);
            return None;
        };
        let attributes =
            self.entities.get(index).map(|entity| entity.attributes.as_slice()).unwrap_or_default();
        if let Some(attribute) = attributes.iter().position(|name| *name == attribute_name) {
            return Some((index, attribute));
        }
        let near = self.near(attribute_name, attributes.iter().copied());
        let hint = match near {
            Some(near) => message!("did you mean `{}.{}`?", shown(entity_name), near),
            None => message!("declare it under `{}:` in `entities`", shown(entity_name)),
        };
        let what = message!("`{}` has no attribute `{}`", shown(entity_name), shown(attribute_name));
        self.found(Finding::UnknownName, word.place, what, hint);
        None
    }

    fn an_entity(&self) -> Name {
        shown(self.entities.first().map_or("person", |entity| entity.name))
    }

    /// Reads a rule of keys and values.
    pub(super) fn map_rule(&mut self, name: &'a Word, entries: Vec<&'a Entry>) -> Option<Parsed<'a>> {
        if let Some(stray) = entries.iter().find(|entry| matches!(entry.key.text.as_str(), "when" | "else")) {
            let what = message!("`{}` stands in a list of cases", shown(&stray.key.text));
            let hint = message!(
                "write `{}:` and below it `- {{when: …}}` lines, the last one `- {{else: …}}`",
                shown(&name.text)
            );
            self.error(stray.key.place, what, hint);
            return None;
        }
        let reserved =
            |word: &Word| later(Spot::Technique, &word.text).filter(|_| self.spec(&word.text).is_none());
        let unbuilt =
            entries.iter().find_map(|entry| reserved(&entry.key).map(|purpose| (&entry.key, purpose)));
        if let Some((word, purpose)) = unbuilt {
            self.later(word, purpose);
            return None;
        }
        let is_head = |text: &str| matches!(text, "keep" | "use") || self.spec(text).is_some();
        let heads: Vec<&Entry> = entries.iter().copied().filter(|entry| is_head(&entry.key.text)).collect();
        let head = match heads.as_slice() {
            [] => {
                self.no_technique(name, &entries);
                return None;
            }
            [head] => *head,
            [head, second, ..] => {
                let what =
                    message!("`{}` and `{}` in one rule", shown(&head.key.text), shown(&second.key.text));
                self.error(second.key.place, what, "a rule has one technique: remove one of them");
                return None;
            }
        };
        let options: Vec<&Entry> =
            entries.iter().copied().filter(|entry| entry.key.place != head.key.place).collect();
        match (head.key.text.as_str(), self.spec(&head.key.text)) {
            (_, Some(spec)) => self.own(spec, head, options),
            ("keep", None) => self.keep(name, head, &options),
            (_, None) => self.use_attribute(head, &options),
        }
    }

    /// Says that a map of keys holds options at most.
    fn no_technique(&mut self, name: &Word, entries: &[&Entry]) {
        let unbuilt = |word: &Word| later(Spot::Option, &word.text).filter(|_| !self.is_option(&word.text));
        let known = |word: &Word| words::USE.contains(&word.text.as_str()) || self.is_option(&word.text);
        let Some(strange) = entries.iter().map(|entry| &entry.key).find(|key| !known(key)) else {
            let hint = message!("techniques: {}", listed(&self.technique_words()));
            let what = message!("the rule of `{}` has no technique", shown(&name.text));
            return self.error(name.place, what, hint);
        };
        if strange.text == UNDECIDED.name {
            let hint = message!("write `{}: undecided`", shown(&name.text));
            return self.error(strange.place, "`undecided` stands alone: it has no argument", hint);
        }
        match unbuilt(strange) {
            Some(purpose) => self.later(strange, purpose),
            None => self.unknown_technique(name, strange),
        }
    }

    fn keep(&mut self, name: &'a Word, head: &'a Entry, options: &[&'a Entry]) -> Option<Parsed<'a>> {
        let (mut sensitive, mut sound) = (Sensitive::default(), true);
        for option in options {
            match option.key.text.as_str() {
                CATEGORY => {
                    let word = self.value(CATEGORY_WORDS, CATEGORY, &option.value, Spot::Option);
                    sensitive.category = word.as_ref().and_then(Value::text).and_then(Category::of);
                    sound &= sensitive.category.is_some();
                }
                ACCEPT_RISK => {
                    sensitive.accept_risk = self.reason(&option.value, ACCEPT_RISK);
                    sound &= sensitive.accept_risk.is_some();
                }
                _ => {
                    let hint = "a kept column stays as it is: its rule is the reason alone, and `category:` with `accept_risk:`";
                    self.foreign_option("keep", &option.key, &["keep", CATEGORY, ACCEPT_RISK], hint);
                }
            }
        }
        self.refuse_secret(name);
        let reason = self.reason(&head.value, "keep")?;
        sound.then_some(Parsed::Keep { reason, sensitive })
    }

    /// Says so if a name is that of a password, token or key: those cannot be kept.
    pub(super) fn refuse_secret(&mut self, name: &Word) {
        if names_secret(&name.text) {
            let what =
                message!("`{}` cannot be kept: passwords, tokens and keys never are", shown(&name.text));
            let hint = message!(
                "write `{}: suppress` under `columns:`; where it may not be NULL, `{{constant: x}}`",
                shown(&name.text)
            );
            self.found(Finding::KeptSecret, name.place, what, hint);
        }
    }

    fn use_attribute(&mut self, head: &'a Entry, options: &[&'a Entry]) -> Option<Parsed<'a>> {
        let (mut by, mut or_value) = (Decides::default(), false);
        for option in options {
            match option.key.text.as_str() {
                "by" => by = self.by(&option.value).unwrap_or(by),
                "or" => or_value = self.or(&option.value),
                _ => {
                    let hint = "options stand with the attribute, under `entities:`";
                    self.foreign_option("use", &option.key, words::USE, hint);
                }
            }
        }
        let word = self.word(&head.value, "`use` names an attribute", "write `use: person.email`")?;
        let (entity, attribute) = self.reference(word)?;
        Some(Parsed::Use { entity, attribute, by, or_value })
    }

    fn or(&mut self, node: &'a Node) -> bool {
        let hint = "write `or: value`: where the table lacks the subject, the value decides";
        let Some(word) = self.word(node, "`or` takes `value`", hint) else { return false };
        match (word.text.as_str(), later(Spot::Or, &word.text)) {
            ("value", _) => return true,
            (_, Some(purpose)) => self.later(word, purpose),
            (text, None) => self.error(word.place, message!("`or` cannot be `{}`", shown(text)), hint),
        }
        false
    }

    /// Reads `by:`.
    fn by(&mut self, node: &'a Node) -> Option<Decides<'a>> {
        if let Node::List(items, place) = node {
            if items.is_empty() {
                self.error(*place, "`by` names nothing", "write `by: value` or `by: [customer_id]`");
            }
            let words = self.names("by", node)?;
            return Some(Decides {
                by: By::Names(words.iter().map(|word| word.text.clone()).collect()),
                words,
            });
        }
        let word =
            self.word(node, "`by` says what decides the stand-in", "write `by: value` or `by: customer_id`")?;
        if word.text == "value" {
            return Some(Decides { by: By::Value, words: Vec::new() });
        }
        Some(Decides { by: By::Names(vec![word.text.clone()]), words: vec![word] })
    }

    /// Reads a technique with its argument and options.
    fn own(
        &mut self,
        spec: &'static TechniqueSpec,
        head: &'a Entry,
        siblings: Vec<&'a Entry>,
    ) -> Option<Parsed<'a>> {
        let mut entries: Vec<&Entry> = Vec::new();
        let (mut argument, mut inside) = (None, Vec::new());
        let mut sound = true;
        if let Takes::Inside(places) = spec.argument {
            let found = self.inside(spec, places, head, &mut entries);
            sound = found.is_some();
            inside = found.unwrap_or_default();
        } else {
            match &head.value {
                Node::Map(inner, _) if !spec.argument.is_map() => entries.extend(inner),
                Node::Scalar(word) if word.is_null() && !matches!(spec.argument, Takes::Scalar) => {}
                other => {
                    argument = self.value(spec.argument, spec.name, other, Spot::Argument(spec.name));
                    sound = argument.is_some();
                }
            }
        }
        entries.extend(siblings);
        let before = self.problems.len();
        let (options, by) = self.options(spec, &entries);
        // An option that was refused may be the one that stands for the argument.
        let quiet = !sound || self.problems.len() > before;
        let by_options = matches!(spec.argument, Takes::OrOptions(_)) && !options.is_empty();
        let by_options = by_options || matches!(spec.argument, Takes::Inside(_));
        let needed = !spec.bare && spec.argument != Takes::Nothing && !by_options;
        if argument.is_none() && needed && !quiet {
            self.needs_argument(spec, &head.key);
            sound = false;
        }
        let rule = Rule { technique: spec, argument, options, inside, place: head.key.place };
        sound.then_some(Parsed::Own { rule, by })
    }

    fn options(
        &mut self,
        spec: &'static TechniqueSpec,
        entries: &[&'a Entry],
    ) -> (Vec<(String, Value)>, Decides<'a>) {
        let (mut options, mut by) = (Vec::new(), Decides::default());
        let mut seen: HashMap<&str, ()> = HashMap::new();
        for Entry { key, value } in entries {
            if seen.insert(&key.text, ()).is_some() {
                let what = message!("`{}` stands here a second time", shown(&key.text));
                self.found(Finding::SaidTwice, key.place, what, "keep one of them");
                continue;
            }
            if key.text == "by" {
                by = self.by(value).unwrap_or(by);
                continue;
            }
            let declared = spec.options.iter().find(|option| option.name == key.text);
            let found = match (declared, key.text.as_str()) {
                (Some(option), _) => self.value(option.takes, option.name, value, Spot::Option),
                (None, "type") => self.value(Takes::Text, "type", value, Spot::Option),
                (None, "locale") => self.locale(value).map(Value::Text),
                (None, "label") if is_keyed(spec) => self.label(value).map(Value::Text),
                (None, CATEGORY) => self.value(CATEGORY_WORDS, CATEGORY, value, Spot::Option),
                (None, ACCEPT_RISK) => self.value(Takes::Reason, ACCEPT_RISK, value, Spot::Option),
                (None, "small_domain") if spec.class == Class::Pseudonymisation => {
                    self.value(Takes::Reason, "small_domain", value, Spot::Option)
                }
                _ => {
                    self.unknown_option(spec, key);
                    None
                }
            };
            options.extend(found.map(|value| (key.text.clone(), value)));
        }
        (options, by)
    }

    /// Reads `label:`, the name under which stand-ins are keyed.
    pub(super) fn label(&mut self, node: &'a Node) -> Option<String> {
        let hint =
            "write the old name: `label: person.email` for an attribute, `label: person` for an entity";
        self.line(node, "`label` is the name under which stand-ins are keyed", hint)
    }

    fn unknown_option(&mut self, spec: &'static TechniqueSpec, key: &Word) {
        let mut valid: Vec<&'static str> = spec.options.iter().map(|option| option.name).collect();
        valid.extend(COMMON);
        valid.extend(Some(LABEL).filter(|_| is_keyed(spec)));
        let hint = match self.with_option(&key.text) {
            None if key.text == LABEL => {
                Message::from("nothing of it depends on the key: leave the label out")
            }
            Some(other) => message!("that is an option of `{}`; here: {}", other, listed(&valid)),
            None => Message::from(""),
        };
        self.foreign_option(spec.name, key, &valid, hint);
    }

    /// Returns the technique that has an option of that name.
    fn with_option(&self, name: &str) -> Option<&'static str> {
        let has = |spec: &&&TechniqueSpec| spec.options.iter().any(|option| option.name == name);
        self.techniques.iter().find(has).map(|spec| spec.name)
    }

    /// Returns whether any technique has an option of that name.
    fn is_option(&self, name: &str) -> bool {
        COMMON.contains(&name) || name == LABEL || self.with_option(name).is_some()
    }

    /// Says that an option is unknown; that it is misplaced, with a hint, if a technique has it.
    fn foreign_option(
        &mut self,
        head: &'static str,
        key: &Word,
        valid: &[&'static str],
        hint: impl Into<Message>,
    ) {
        if self.is_option(&key.text) {
            let what = message!("`{}` has no option `{}`", head, shown(&key.text));
            return self.found(Finding::UnknownKey, key.place, what, hint);
        }
        self.unknown(Spot::Option, key, valid, message!("beside `{}`", head));
    }
}

/// Options that every technique has.
const COMMON: &[&str] = &["by", "type", "locale", CATEGORY, ACCEPT_RISK];

/// The option that says what the law says of a column.
pub(super) const CATEGORY: &str = "category";
const CATEGORY_WORDS: Takes = Takes::OneOf(&["special", "criminal"]);

/// The option that says why the risk of a readable special category is accepted.
pub(super) const ACCEPT_RISK: &str = "accept_risk";

/// The option of every technique that makes stand-ins under the key.
const LABEL: &str = "label";

/// Returns whether stand-ins of a technique depend on the key.
pub(super) fn is_keyed(spec: &TechniqueSpec) -> bool {
    matches!(spec.class, Class::Pseudonymisation | Class::Randomisation)
}
