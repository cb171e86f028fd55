//! Parameters of a text that others extend: `parameters: {prefix: wp_}` at its top, `<prefix>users` in its names, and
//! `{pack: NAME, with: {prefix: shop_}}` where it is extended. Values are put into the tree before anything else reads it.
//!
//! Refuses values of more than letters, digits and `_`: a value can end no text, join no condition and stand for no pattern.
//! A text that declares no parameters is left as it is; in one that does, `<word>` is always a parameter.

use std::collections::HashMap;

use crate::error::{Message, Name};
use crate::message;
use crate::profile::check::words::{nearest, shown};
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Problem};
use crate::profile::tree::{self, Entry, Node, Word};

/// The key that declares them.
pub(crate) const KEY: &str = "parameters";

/// Most bytes of a name or value: those of a name in MySQL.
const MAX_BYTES: usize = 64;

/// A parameter of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Its name: a letter, then letters, digits and `_`.
    pub(crate) name: String,
    /// What stands for it: letters, digits and `_`, or nothing.
    pub(crate) value: String,
}

/// What one text extends: `nl`, `common.yaml`, or `{pack: NAME, with: {…}}`.
#[derive(Clone)]
pub(crate) struct Extended {
    /// Pack or file.
    pub(crate) word: Word,
    /// Name and value of each parameter that is said.
    pub(crate) with: Vec<(Word, Word)>,
}

/// Returns the parameters that the text of a pack declares, with their defaults; nothing where it cannot be read.
pub(crate) fn defaults(text: &str) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    let root = tree::parse(text, 0, &mut problems);
    let found = root.and_then(|root| declared(&root, &mut problems)).unwrap_or_default();
    found.into_iter().map(|one| (one.name, one.value)).collect()
}

/// Reads what a text declares; `None` where it declares nothing.
pub(crate) fn declared(root: &Node, problems: &mut Vec<Problem>) -> Option<Vec<Parameter>> {
    let Node::Map(entries, _) = root else { return None };
    let entry = entries.iter().find(|entry| entry.key.text == KEY)?;
    let Node::Map(entries, _) = &entry.value else {
        if !matches!(entry.value, Node::Refused(_)) {
            let what = "`parameters` is written as lines of `name: default`";
            problems.push(error(entry.value.place(), what, "write `parameters: {prefix: wp_}`"));
        }
        return Some(Vec::new());
    };
    let mut parameters = Vec::new();
    for Entry { key, value } in entries {
        if !is_name(&key.text) {
            let what = message!("`{}` is no name of a parameter", shown(&key.text));
            problems.push(error(key.place, what, "a letter, then letters, digits and `_`"));
            continue;
        }
        // One whose default cannot be read is declared all the same: one mistake is one problem.
        let value = self::value(key, value, problems).unwrap_or_default();
        parameters.push(Parameter { name: key.text.clone(), value });
    }
    Some(parameters)
}

/// Puts what is said under `with:` in the place of the defaults.
pub(crate) fn given(parameters: &mut [Parameter], said: &Extended, problems: &mut Vec<Problem>) {
    for (name, value) in &said.with {
        let Some(at) = parameters.iter().position(|one| one.name == name.text) else {
            problems.push(undeclared(name.place, &name.text, parameters));
            continue;
        };
        let value = self::value(name, &Node::Scalar(value.clone()), problems);
        if let (Some(value), Some(parameter)) = (value, parameters.get_mut(at)) {
            parameter.value = value;
        }
    }
}

/// Puts the values into every key and word of a text, its declarations apart.
pub(crate) fn fill(root: &mut Node, parameters: &[Parameter], problems: &mut Vec<Problem>) {
    let Node::Map(entries, _) = root else { return };
    for entry in entries.iter_mut().filter(|entry| entry.key.text != KEY) {
        fill_node(&mut entry.value, parameters, problems);
    }
}

fn fill_node(node: &mut Node, parameters: &[Parameter], problems: &mut Vec<Problem>) {
    match node {
        Node::Refused(_) => {}
        Node::Scalar(word) => fill_word(word, parameters, problems),
        Node::List(items, _) => {
            for item in items {
                fill_node(item, parameters, problems);
            }
        }
        Node::Map(entries, _) => {
            for entry in entries.iter_mut() {
                fill_word(&mut entry.key, parameters, problems);
                fill_node(&mut entry.value, parameters, problems);
            }
            twice(entries, problems);
        }
    }
}

/// Says which keys became one by their parameters: the text had them apart.
fn twice(entries: &[Entry], problems: &mut Vec<Problem>) {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for Entry { key, .. } in entries {
        if let Some(line) = seen.insert(&key.text, key.place.line) {
            let what = message!("`{}` stands here a second time", shown(&key.text));
            let hint = message!("the parameters make it the same as line {}", line);
            problems.push(Problem::error(key.place, what).of(Finding::SaidTwice).with_hint(hint));
        }
    }
}

fn fill_word(word: &mut Word, parameters: &[Parameter], problems: &mut Vec<Problem>) {
    let mut filled = String::new();
    let mut rest = word.text.as_str();
    let mut any = false;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        match parameters.iter().find(|one| one.name == name) {
            Some(parameter) => filled.push_str(&parameter.value),
            None => problems.push(undeclared(word.place, name, parameters)),
        }
        rest = after;
        any = true;
    }
    if any {
        filled.push_str(rest);
        word.text = filled;
        // What parameters make is text, never a number, a boolean or nothing.
        word.plain = false;
    }
}

/// Returns what stands before the next `<name>`, the name, and what stands behind it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('<')?;
        let inside = text.get(open + 1..)?;
        let length = inside.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        if let (Some(name), Some(after)) = (inside.get(..length), inside.get(length..))
            && is_name(name)
            && let Some(after) = after.strip_prefix('>')
        {
            return Some((text.get(..open)?, name, after));
        }
        from = open + 1;
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= MAX_BYTES && text.starts_with(|c: char| c.is_ascii_alphabetic()) && is_value(text)
}

fn is_value(text: &str) -> bool {
    text.len() <= MAX_BYTES && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Returns the value that stands behind a parameter's name.
fn value(name: &Word, node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let nothing = message!("write `{}: \"\"` for nothing", shown(&name.text));
    match node {
        Node::Scalar(word) if word.is_null() => {
            let what = message!("`{}` says nothing", shown(&name.text));
            problems.push(error(word.place, what, nothing));
        }
        Node::Scalar(word) if is_value(&word.text) => return Some(word.text.clone()),
        Node::Refused(_) => {}
        other => {
            let what = message!(
                "the value of `{}` is at most {} letters of A to Z and a to z, digits and `_`",
                shown(&name.text),
                MAX_BYTES
            );
            problems.push(error(other.place(), what, nothing));
        }
    }
    None
}

fn undeclared(place: Place, name: &str, parameters: &[Parameter]) -> Problem {
    let names: Vec<&str> = parameters.iter().map(|one| one.name.as_str()).collect();
    if names.is_empty() {
        let what = message!("`{}` is given, and this text has no parameters", shown(name));
        return error(place, what, "take the `with:` out");
    }
    let what = message!("no parameter is called `{}`", shown(name));
    match nearest(name, names.iter().copied()) {
        Some(near) => error(place, what, message!("did you mean `{}`?", Name::new(near))),
        None => error(place, what, message!("parameters of this text: {}", Name::new(names.join(", ")))),
    }
}

fn error(place: Place, what: impl Into<Message>, hint: impl Into<Message>) -> Problem {
    Problem::error(place, what).of(Finding::Extends).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills a text with what is given; its scalars and keys in one line, and its problems.
    fn filled(text: &str, with: &[(&str, &str)]) -> (String, Vec<String>) {
        let mut problems = Vec::new();
        let mut root = tree::parse(text, 0, &mut problems).unwrap();
        let word = |text: &str| Word { text: text.to_owned(), plain: false, place: Place::default() };
        let with = with.iter().map(|(name, value)| (word(name), word(value))).collect();
        if let Some(mut parameters) = declared(&root, &mut problems) {
            given(&mut parameters, &Extended { word: word("p"), with }, &mut problems);
            fill(&mut root, &parameters, &mut problems);
        }
        (words(&root), problems.iter().map(|problem| problem.what.to_string()).collect())
    }

    fn words(node: &Node) -> String {
        match node {
            Node::Scalar(word) => word.text.clone(),
            Node::List(items, _) => items.iter().map(words).collect::<Vec<_>>().join(" "),
            Node::Map(entries, _) => {
                let one = |entry: &Entry| format!("{}={}", entry.key.text, words(&entry.value));
                entries.iter().map(one).collect::<Vec<_>>().join(" ")
            }
            Node::Refused(_) => "refused".to_owned(),
        }
    }

    #[test]
    fn values_stand_in_keys_words_and_conditions() {
        let text = "parameters: {p: wp_, q: \"\"}\ntables: {<p>users: {like: <q>x<p>}}\na: [\"k = '<p>c' and 1 < 2 and 3 > 1\", <>, <p, p>, <<p>>]\n";
        let (found, problems) = filled(text, &[("p", "s1_")]);
        let expected =
            "parameters=p=wp_ q= tables=s1_users=like=xs1_ a=k = 's1_c' and 1 < 2 and 3 > 1 <> <p p> <s1_>";
        assert_eq!(found, expected);
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn texts_without_parameters_stay() {
        assert_eq!(filled("a: <p>x", &[]), ("a=<p>x".to_owned(), Vec::new()));
    }

    #[test]
    fn what_parameters_make_is_text() {
        let mut root =
            tree::parse("parameters: {p: \"\"}\na: <p>null\nb: <p>7\n", 0, &mut Vec::new()).unwrap();
        let parameters = declared(&root, &mut Vec::new()).unwrap();
        fill(&mut root, &parameters, &mut Vec::new());
        let Node::Map(entries, _) = root else { panic!("a map") };
        for entry in entries.iter().skip(1) {
            let Node::Scalar(word) = &entry.value else { panic!("a word") };
            assert!(!word.is_null() && word.integer().is_none());
        }
    }

    #[test]
    fn what_cannot_be() {
        for (text, with, expected) in [
            ("parameters: {p: x}\na: <q>", &[][..], "no parameter is called `q`"),
            ("parameters: {p: x}\n", &[("prefix", "x")], "no parameter is called `prefix`"),
            ("parameters: {p: x}\n", &[("p", "a-b")], "the value of `p` is at most 64"),
            ("parameters: {p: \"a'b\"}\n", &[], "the value of `p` is at most 64"),
            ("parameters: {p: [a]}\n", &[], "the value of `p` is at most 64"),
            ("parameters: {p: }\n", &[], "`p` says nothing"),
            ("parameters: {1p: x}\n", &[], "`1p` is no name of a parameter"),
            ("parameters: [p]\n", &[], "`parameters` is written as lines"),
            ("parameters: {p: x, q: x}\na: {<p>y: 1, <q>y: 2}", &[], "`xy` stands here a second time"),
        ] {
            let (_, problems) = filled(text, with);
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert!(problems[0].starts_with(expected), "{text}: {problems:?}");
        }
    }

    #[test]
    fn defaults_of_a_text() {
        let found = defaults("version: 1\nparameters: {prefix: wp_}\n");
        assert_eq!(found, [("prefix".to_owned(), "wp_".to_owned())]);
        assert!(defaults("version: 1\n").is_empty() && defaults("[").is_empty());
    }
}
