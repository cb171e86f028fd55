//! `entities:`: meaning, said once, so that joins survive.
//!
//! Refuses names with a dot (it parts entity and attribute), a subject or `by:` that names no attribute, and keeping:
//! what is kept is said where the column is.

use std::collections::HashMap;

use super::name::parts;
use super::rule::Parsed;
use super::words::{self, Spot, later, shown};
use super::{Checker, EntityNames, Layer};
use crate::error::Message;
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Attribute, Entity, Resolve};
use crate::profile::tree::{Entry, Node, Word};

/// Values that stand for nobody unless `pinned:` says otherwise.
const PINNED: &[&str] = &["0", "-1", ""];

/// An entity as all texts together say it.
struct Draft<'a> {
    name: &'a Word,
    said: Vec<Layer<&'a Node>>,
    entries: Vec<&'a Entry>,
    /// Whether all of it could be read.
    whole: bool,
}

impl<'a> Checker<'a> {
    /// Reads `entities:`: one that several texts have is put together, attribute by attribute.
    pub(super) fn entities(&mut self, nodes: &[Layer<&'a Node>]) {
        let mut drafts: Vec<Draft<'a>> = Vec::new();
        let mut index: HashMap<&'a str, usize> = HashMap::new();
        for map in self.maps(nodes, "`entities`") {
            for Entry { key, value } in map.is {
                let at = *index.entry(&key.text).or_insert_with(|| {
                    drafts.push(Draft { name: key, said: Vec::new(), entries: Vec::new(), whole: true });
                    drafts.len() - 1
                });
                let said = Layer { level: map.level, is: value };
                drafts.get_mut(at).into_iter().for_each(|draft| draft.said.push(said));
            }
        }
        for draft in &mut drafts {
            let maps = self.maps(&draft.said, "an entity");
            draft.entries = self.joined(&maps);
            draft.whole = maps.len() == draft.said.len();
            self.lost |= !draft.whole;
            let attributes = attributes(&draft.entries).map(|entry| entry.key.text.as_str()).collect();
            self.entities.push(EntityNames { name: &draft.name.text, attributes });
        }
        for draft in &drafts {
            self.name_without_dot(draft.name, "an entity", "person");
            let entity = self.entity(draft);
            self.profile.entities.push(entity);
        }
    }

    fn name_without_dot(&mut self, name: &Word, what: &'static str, like: &'static str) {
        if name.text.trim().is_empty() || name.text.contains('.') {
            let says = message!("`{}` cannot be the name of {}", shown(&name.text), what);
            self.error(name.place, says, message!("write a name without dots: `{}`", like));
        }
    }

    fn entity(&mut self, draft: &Draft<'a>) -> Entity {
        let (name, entries) = (draft.name, draft.entries.as_slice());
        let mut entity = Entity {
            name: name.text.clone(),
            label: None,
            subject: None,
            pinned: PINNED.iter().map(|text| (*text).to_owned()).collect(),
            scope: Vec::new(),
            resolve: Vec::new(),
            attributes: Vec::new(),
            place: name.place,
        };
        let names: Vec<&str> = attributes(entries).map(|entry| entry.key.text.as_str()).collect();
        for entry in entries.iter().copied() {
            match entry.key.text.as_str() {
                "subject" => entity.subject = self.subject(&names, &entry.value),
                "label" => entity.label = self.label(&entry.value),
                "pinned" => entity.pinned = self.pinned(&entry.value),
                "scope" => entity.scope = self.scope(&entry.value),
                "resolve" => entity.resolve = self.resolve(&names, &entry.value),
                text => match later(Spot::Entity, text) {
                    Some(purpose) => self.later(&entry.key, purpose),
                    None => {
                        let attribute = self.attribute(&names, entry);
                        entity.attributes.extend(attribute);
                    }
                },
            }
        }
        self.lost |= entity.attributes.len() != names.len();
        if names.is_empty() && draft.whole {
            let what = message!("the entity `{}` has no attributes", shown(&name.text));
            self.error(name.place, what, "add one: `id: {pseudonym: integer}`");
        }
        entity
    }

    fn subject(&mut self, names: &[&str], node: &'a Node) -> Option<usize> {
        let word =
            self.word(node, "`subject` names one of the entity's attributes", "write `subject: id`")?;
        let found = names.iter().position(|name| *name == word.text);
        if found.is_none() {
            self.no_attribute(names, word);
        }
        found
    }

    /// Reads `resolve: {email: customers}`: the attribute by which, and the table in which, the subject is found.
    fn resolve(&mut self, names: &[&str], node: &'a Node) -> Vec<Resolve> {
        let mut found = Vec::new();
        for Entry { key, value } in self.map(node, "`resolve`").unwrap_or_default() {
            let Some(attribute) = names.iter().position(|name| *name == key.text) else {
                self.no_attribute(names, key);
                continue;
            };
            let hint = "write `resolve: {email: customers}`: the table that holds both the mail address and the subject";
            let Some(word) = self.word(value, "`resolve` names a table", hint) else { continue };
            match parts(&word.text) {
                Ok(parts) => {
                    let (schema, table) = (parts.schema, parts.table);
                    found.push(Resolve { attribute, schema, table, place: key.place });
                }
                Err(fault) => {
                    self.error(
                        word.place,
                        message!("`{}` is no table name: {}", shown(&word.text), fault),
                        hint,
                    );
                }
            }
        }
        found
    }

    fn no_attribute(&mut self, names: &[&str], word: &Word) {
        let hint = match self.near(&word.text, names.iter().copied()) {
            Some(near) => message!("did you mean `{}`?", near),
            None => message!("add it: `{}: {{pseudonym: integer}}`", shown(&word.text)),
        };
        let what = message!("this entity has no attribute `{}`", shown(&word.text));
        self.found(Finding::UnknownName, word.place, what, hint);
    }

    fn scope(&mut self, node: &'a Node) -> Vec<String> {
        if matches!(node, Node::List(items, _) if items.is_empty()) {
            self.error(node.place(), "`scope` names no column", "write `scope: [tenant_id]`");
        }
        let names = self.names("scope", node).unwrap_or_default();
        names.into_iter().map(|word| word.text.clone()).collect()
    }

    fn pinned(&mut self, node: &'a Node) -> Vec<String> {
        let hint = "write `pinned: [0, -1]`";
        let what = "`pinned` is a list of values that stand for nobody";
        let items = match node {
            Node::List(items, _) => items,
            Node::Refused(_) => return Vec::new(),
            other => {
                self.error(other.place(), what, hint);
                return Vec::new();
            }
        };
        let mut values = Vec::new();
        for item in items {
            match item {
                Node::Scalar(word) if word.is_null() => {
                    self.error(
                        word.place,
                        "NULL is pinned always",
                        "remove it; the empty text is written `\"\"`",
                    );
                }
                Node::Scalar(word) => values.push(word.text.clone()),
                Node::Refused(_) => {}
                other => self.error(other.place(), what, hint),
            }
        }
        values
    }

    fn attribute(&mut self, names: &[&str], entry: &'a Entry) -> Option<Attribute> {
        let name = &entry.key;
        self.name_without_dot(name, "an attribute", "first_name");
        let (rule, by) = match self.rule(name, &entry.value)? {
            Parsed::Own { rule, by } => (rule, by),
            Parsed::Keep { .. } => {
                return self.not_here(
                    entry,
                    "an attribute cannot be kept".into(),
                    "keep the column, with a reason, in its table",
                );
            }
            Parsed::Cases(_) => {
                self.no_cases_here(name, &entry.value);
                return None;
            }
            Parsed::Use { .. } => {
                let what = Message::from("an attribute takes a technique, not another attribute");
                return self.not_here(
                    entry,
                    what,
                    "write a technique here, or let the column point at the other attribute",
                );
            }
        };
        for word in &by.words {
            if word.text == name.text {
                let what = message!("`{}` is decided by itself", shown(&name.text));
                self.error(word.place, what, "write `by: value`");
            } else if !names.contains(&word.text.as_str()) {
                self.no_attribute(names, word);
            }
        }
        Some(Attribute { name: name.text.clone(), rule, by: by.by, place: name.place })
    }

    fn not_here(&mut self, entry: &Entry, what: Message, hint: &'static str) -> Option<Attribute> {
        self.error(entry.value.place(), what, hint);
        None
    }
}

/// Returns the entries of an entity that are attributes.
fn attributes<'a>(entries: &[&'a Entry]) -> impl Iterator<Item = &'a Entry> {
    entries.iter().copied().filter(|entry| {
        let text = entry.key.text.as_str();
        !words::ENTITY.contains(&text) && later(Spot::Entity, text).is_none()
    })
}
