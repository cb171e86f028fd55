//! `extends:`: the texts that make one profile. The own text comes first (level 0); what it extends is weaker (level 1),
//! what that extends weaker still: where a text is reached by two ways, the longer way counts.
//!
//! Refuses circles, paths that leave the folder of the profile, names that are neither a pack nor a file beside it, and one
//! text with two sets of parameters (its rules would count twice under one name).
//! Reads no file itself: the caller's `Load` does.

use std::collections::HashMap;

use crate::error::{Message, Name};
use crate::message;
use crate::profile::check::words::{nearest, shown};
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Problem};
use crate::profile::packs::PACKS;
use crate::profile::parameters::{self, Extended, Parameter};
use crate::profile::tree::{self, Entry, MAX_BYTES, Node, Word};

/// Reads the file of a path relative to the profile's folder; the message says why it could not.
pub type Load<'l> = &'l mut dyn FnMut(&str) -> Result<Vec<u8>, Message>;

/// Most texts of one profile.
const MAX_TEXTS: usize = 64;

/// One text of a profile.
#[derive(Debug)]
pub(crate) struct Text {
    /// As messages call it.
    pub(crate) name: String,
    /// What it says.
    pub(crate) text: String,
    /// Its tree; `None` where it could not be read to its end, and a problem says so.
    pub(crate) root: Option<Node>,
    /// 0 for the own one; the larger the weaker.
    pub(crate) level: u32,
}

/// Reads a profile and all that it extends, the own text first. What is wrong is added to `problems`.
pub(crate) fn gather(name: &str, bytes: &[u8], load: Load<'_>, problems: &mut Vec<Problem>) -> Vec<Text> {
    let folder = name.rfind(['/', '\\']).and_then(|end| name.get(..=end)).unwrap_or_default();
    let mut gatherer = Gatherer {
        folder,
        load,
        problems,
        texts: Vec::new(),
        known: HashMap::new(),
        edges: Vec::new(),
        open: Vec::new(),
        parameters: Vec::new(),
    };
    // The own text cannot be extended again: its name is known like that of any other.
    let own = name.get(folder.len()..).unwrap_or(name);
    gatherer.known.insert(own.to_owned(), 0);
    gatherer.add(name.to_owned(), bytes, "", None);
    let Gatherer { mut texts, edges, .. } = gatherer;
    levels(&mut texts, &edges);
    texts
}

/// Gives every text the length of the longest way from the own one; there are no circles.
fn levels(texts: &mut [Text], edges: &[(usize, usize)]) {
    for _ in 0..texts.len() {
        let mut moved = false;
        for (from, to) in edges {
            let level = texts.get(*from).map_or(0, |text| text.level.saturating_add(1));
            if let Some(text) = texts.get_mut(*to).filter(|text| text.level < level) {
                text.level = level;
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}

struct Gatherer<'g> {
    /// The own text's folder, as messages show it.
    folder: &'g str,
    load: Load<'g>,
    problems: &'g mut Vec<Problem>,
    texts: Vec<Text>,
    /// `pack:NAME` or a path to its text.
    known: HashMap<String, usize>,
    /// Which extends which.
    edges: Vec<(usize, usize)>,
    /// The texts being read, from the own one to this.
    open: Vec<usize>,
    /// Of each text what it declares, and what stands for it.
    parameters: Vec<Declared>,
}

/// What a text declares: its defaults, and the values in use.
#[derive(Default)]
struct Declared {
    defaults: Vec<Parameter>,
    values: Vec<Parameter>,
}

impl Gatherer<'_> {
    /// Adds a text and all that it extends. `folder` is its own, relative to that of the profile; `said` how another
    /// text extends it.
    fn add(&mut self, name: String, bytes: &[u8], folder: &str, said: Option<&Extended>) {
        let index = self.texts.len();
        let file = u32::try_from(index).unwrap_or(u32::MAX);
        let text = readable(bytes, file, self.problems);
        let mut root = text.as_ref().and_then(|text| tree::parse(text, file, self.problems));
        let declared = root.as_mut().map(|root| self.filled(root, said)).unwrap_or_default();
        self.parameters.push(declared);
        let text = text
            .unwrap_or_else(|| String::from_utf8_lossy(bytes.get(..MAX_BYTES).unwrap_or(bytes)).into_owned());
        let wanted = root.as_ref().map(|root| extended(root, self.problems)).unwrap_or_default();
        self.texts.push(Text { name, text, root, level: 0 });
        self.open.push(index);
        for said in wanted {
            self.extend(index, &said, folder);
        }
        self.open.pop();
    }

    /// Puts the values of its parameters into a text.
    fn filled(&mut self, root: &mut Node, said: Option<&Extended>) -> Declared {
        let declared = parameters::declared(root, self.problems);
        let mut values = declared.clone().unwrap_or_default();
        if let Some(said) = said {
            parameters::given(&mut values, said, self.problems);
        }
        if declared.is_some() {
            parameters::fill(root, &values, self.problems);
        }
        Declared { defaults: declared.unwrap_or_default(), values }
    }

    /// Says where a text that is known already is extended with other parameters.
    fn same_values(&mut self, index: usize, said: &Extended) {
        let Some(declared) = self.parameters.get(index) else { return };
        let mut values = declared.defaults.clone();
        parameters::given(&mut values, said, self.problems);
        if values != declared.values {
            let what = message!("`{}` is extended with other parameters elsewhere", shown(&said.word.text));
            self.error(
                said.word.place,
                what,
                "one profile reads a pack once: say the same `with:` everywhere, or use two profiles",
            );
        }
    }

    fn error(&mut self, place: Place, what: Message, hint: impl Into<Message>) {
        self.problems.push(Problem::error(place, what).of(Finding::Extends).with_hint(hint));
    }

    fn extend(&mut self, from: usize, said: &Extended, folder: &str) {
        let word = &said.word;
        let is_file = word.text.ends_with(".yaml") || word.text.ends_with(".yml");
        let pack = PACKS.iter().find(|pack| pack.name == word.text);
        let key = match (is_file, pack) {
            (false, Some(pack)) => format!("pack:{}", pack.name),
            (false, None) => return self.unknown_pack(word),
            (true, _) => match inside(folder, &word.text) {
                Some(path) => path,
                None => {
                    let what = message!("`{}` leaves the folder of the profile", shown(&word.text));
                    return self.error(
                        word.place,
                        what,
                        "only files in the folder of the profile, or below it, can be extended",
                    );
                }
            },
        };
        if let Some(index) = self.known.get(&key).copied() {
            if self.open.contains(&index) {
                let what = message!("`{}` extends itself", shown(&word.text));
                return self.error(word.place, what, "take one of the `extends:` of this circle out");
            }
            self.same_values(index, said);
            return self.edges.push((from, index));
        }
        if self.texts.len() >= MAX_TEXTS {
            let what = message!("a profile is made of at most {} texts", MAX_TEXTS);
            return self.error(word.place, what, "put some of them together");
        }
        self.edges.push((from, self.texts.len()));
        self.known.insert(key.clone(), self.texts.len());
        if let Some(pack) = pack.filter(|_| !is_file) {
            return self.add(format!("pack {}", pack.name), pack.text.as_bytes(), "", Some(said));
        }
        match (self.load)(&key) {
            Ok(bytes) => {
                let below = key.rfind('/').and_then(|end| key.get(..=end)).unwrap_or_default().to_owned();
                self.add(format!("{}{key}", self.folder), &bytes, &below, Some(said));
            }
            Err(why) => {
                self.known.remove(&key);
                self.edges.pop();
                let what = message!("`{}` cannot be read: {}", shown(&word.text), why);
                self.error(word.place, what, "its name is relative to the folder of this text");
            }
        }
    }

    fn unknown_pack(&mut self, word: &Word) {
        let what = message!("no pack is called `{}`", shown(&word.text));
        let hint = match nearest(&word.text, PACKS.iter().map(|pack| pack.name)) {
            Some(near) => message!("did you mean `{}`?", Name::new(near)),
            None => {
                let names: Vec<&str> = PACKS.iter().map(|pack| pack.name).collect();
                message!("packs: {}; a file ends in `.yaml`", Name::new(names.join(", ")))
            }
        };
        self.error(word.place, what, hint);
    }
}

/// Joins a path with the folder it is relative to; `None` if it leads out, or is none.
fn inside(folder: &str, path: &str) -> Option<String> {
    if path.contains(['\\', ':', '\0']) || path.starts_with('/') {
        return None;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| *part != ".").collect();
    let sound = parts.iter().all(|part| !part.is_empty() && *part != "..");
    sound.then(|| format!("{folder}{}", parts.join("/")))
}

/// Returns what a text extends: a list, or one.
fn extended(root: &Node, problems: &mut Vec<Problem>) -> Vec<Extended> {
    let Node::Map(entries, _) = root else { return Vec::new() };
    let Some(entry) = entries.iter().find(|entry| entry.key.text == "extends") else { return Vec::new() };
    let items = match &entry.value {
        Node::List(items, _) => items.as_slice(),
        Node::Refused(_) => return Vec::new(),
        one => std::slice::from_ref(one),
    };
    let mut all: Vec<Extended> = Vec::new();
    for item in items {
        let Some(said) = item_of(item, problems) else { continue };
        let word = &said.word;
        if all.iter().any(|other| other.word.text == word.text) {
            let what = message!("`{}` stands twice in `extends`", shown(&word.text));
            problems.push(Problem::error(word.place, what).of(Finding::SaidTwice).with_hint("write it once"));
        } else {
            all.push(said);
        }
    }
    all
}

/// Reads one item: a word, or `{pack: NAME, with: {name: value}}`.
fn item_of(item: &Node, problems: &mut Vec<Problem>) -> Option<Extended> {
    const LIST: &str = "`extends` lists packs, and files beside this one";
    const MAP: &str = "write `{pack: NAME, with: {prefix: shop_}}`";
    let mut error = |place, what: Message, hint: &'static str| {
        problems.push(Problem::error(place, what).of(Finding::Extends).with_hint(hint))
    };
    let name = |node: &Node| match node {
        Node::Scalar(word) if !word.is_null() && !word.text.trim().is_empty() => Some(word.clone()),
        _ => None,
    };
    let entries = match item {
        Node::Refused(_) => return None,
        Node::Map(entries, _) => entries,
        other => {
            let word = name(other);
            if word.is_none() {
                error(other.place(), LIST.into(), "write `extends: [nl, common.yaml]`");
            }
            return word.map(|word| Extended { word, with: Vec::new() });
        }
    };
    let (mut pack, mut with) = (None, Vec::new());
    for Entry { key, value } in entries {
        match (key.text.as_str(), value) {
            (_, Node::Refused(_)) => {}
            ("pack", value) => {
                pack = name(value);
                if pack.is_none() {
                    error(value.place(), "`pack` names a pack, or a file beside this one".into(), MAP);
                }
            }
            ("with", Node::Map(said, _)) if !said.is_empty() => {
                for Entry { key, value } in said {
                    match value {
                        Node::Scalar(word) => with.push((key.clone(), word.clone())),
                        Node::Refused(_) => {}
                        other => error(other.place(), "the value of a parameter is one word".into(), MAP),
                    }
                }
            }
            ("with", value) => error(value.place(), "`with` lists values of parameters".into(), MAP),
            _ => {
                error(key.place, message!("unknown key `{}` in an item of `extends`", shown(&key.text)), MAP)
            }
        }
    }
    if pack.is_none() && !entries.iter().any(|entry| entry.key.text == "pack") {
        error(item.place(), "this item of `extends` names no pack".into(), MAP);
    }
    Some(Extended { word: pack?, with })
}

/// Returns a text as UTF-8 without its byte order mark.
fn readable(bytes: &[u8], file: u32, problems: &mut Vec<Problem>) -> Option<String> {
    if bytes.len() > MAX_BYTES {
        let begin = Place { file, line: 1, column: 1, ..Place::default() };
        let what = message!("a profile has at most {} bytes, this one has {}", MAX_BYTES, bytes.len());
        let hint = "is this a profile? `-p` takes one, the data goes without";
        problems.push(Problem::error(begin, what).of(Finding::ProfileSyntax).with_hint(hint));
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
        Err(error) => {
            problems.push(not_utf8(bytes, error.valid_up_to(), file));
            None
        }
    }
}

/// Says where a text stops being UTF-8.
fn not_utf8(bytes: &[u8], valid: usize, file: u32) -> Problem {
    let before = bytes.get(..valid).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let last = before.rsplit('\n').next().unwrap_or_default();
    let place = Place {
        file,
        line: count(before.matches('\n').count().saturating_add(1)),
        column: count(last.chars().count().saturating_add(1)),
        start: count(valid),
        end: count(valid.saturating_add('\u{fffd}'.len_utf8())),
    };
    Problem::error(place, "the profile is not UTF-8 text")
        .of(Finding::ProfileSyntax)
        .with_hint("save it as UTF-8; a dump or an archive is no profile")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(texts: &[(&str, &str)]) -> (Vec<(String, u32)>, Vec<String>) {
        let mut problems = Vec::new();
        let mut load = |path: &str| {
            let found = texts.iter().find(|(name, _)| *name == path);
            found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| Message::from("not there"))
        };
        let found = gather("shop.yaml", texts[0].1.as_bytes(), &mut load, &mut problems);
        (
            found.into_iter().map(|text| (text.name, text.level)).collect(),
            problems.iter().map(|problem| problem.what.to_string()).collect(),
        )
    }

    fn names(found: &[(String, u32)]) -> Vec<(&str, u32)> {
        found.iter().map(|(name, level)| (name.as_str(), *level)).collect()
    }

    #[test]
    fn the_longer_way_counts() {
        let (found, problems) = gathered(&[
            ("shop.yaml", "extends: [a.yaml, b.yaml]"),
            ("a.yaml", "extends: b.yaml"),
            ("b.yaml", "version: 1"),
        ]);
        assert_eq!(names(&found), [("shop.yaml", 0), ("a.yaml", 1), ("b.yaml", 2)]);
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn folders_below() {
        let (found, problems) = gathered(&[
            ("shop.yaml", "extends: [./common/a.yaml]"),
            ("common/a.yaml", "extends: [b.yaml]"),
            ("common/b.yaml", "version: 1"),
        ]);
        assert_eq!(names(&found), [("shop.yaml", 0), ("common/a.yaml", 1), ("common/b.yaml", 2)]);
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn circles() {
        for texts in [
            &[("shop.yaml", "extends: [shop.yaml]")][..],
            &[("shop.yaml", "extends: [a.yaml]"), ("a.yaml", "extends: [./shop.yaml]")],
        ] {
            let (_, problems) = gathered(texts);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].ends_with("extends itself"), "{problems:?}");
        }
    }

    #[test]
    fn paths_that_lead_out() {
        for path in ["../a.yaml", "a/../../b.yaml", "/etc/a.yaml", "a//b.yaml", "'c:\\a.yaml'"] {
            let text = format!("extends: [{path}]");
            let (found, problems) = gathered(&[("shop.yaml", &text)]);
            assert_eq!(found.len(), 1, "{path}");
            assert!(problems[0].ends_with("leaves the folder of the profile"), "{path}: {problems:?}");
        }
    }

    #[test]
    fn what_is_not_there() {
        let (_, problems) = gathered(&[("shop.yaml", "extends: [no-such-pack, b.yaml, [c], ~]")]);
        assert_eq!(problems.len(), 4, "{problems:?}");
    }

    #[test]
    fn parameters() {
        let base = ("a.yaml", "parameters: {p: x_}\ntables: {<p>t: suppress}");
        for (own, expected) in [
            ("extends: [a.yaml]", ""),
            ("extends: {pack: a.yaml}", ""),
            ("extends: [{pack: a.yaml, with: {p: y_}}]", ""),
            ("extends: [{pack: a.yaml, with: {q: y_}}]", "no parameter is called `q`"),
            ("extends: [{pack: a.yaml, with: {p: y.z}}]", "the value of `p` is at most 64 letters"),
            ("extends: [{pack: a.yaml, with: {p: [y]}}]", "the value of a parameter is one word"),
            ("extends: [{pack: a.yaml, with: }]", "`with` lists values of parameters"),
            ("extends: [{pack: b.yaml, with: {p: y}}]", "`p` is given, and this text has no parameters"),
            ("extends: [{pack: nl, with: {p: y}}]", "`p` is given, and this text has no parameters"),
            ("extends: [{with: {p: y}}]", "this item of `extends` names no pack"),
            ("extends: [{pack: [a.yaml]}]", "`pack` names a pack"),
            ("extends: [{pack: a.yaml, wiht: {p: y}}]", "unknown key `wiht`"),
            ("extends: [a.yaml, {pack: a.yaml, with: {p: y}}]", "`a.yaml` stands twice"),
            ("extends: [a.yaml, c.yaml]", "`a.yaml` is extended with other parameters elsewhere"),
            ("extends: [{pack: a.yaml, with: {p: z_}}, c.yaml]", ""),
            ("parameters: {p: z_}\nextends: [{pack: a.yaml, with: {p: <p>}}, c.yaml]", ""),
            ("parameters: {p: z_}\nextends: [{pack: a.yaml, with: {p: <q>}}]", "no parameter is called `q`"),
        ] {
            let other = ("c.yaml", "extends: [{pack: a.yaml, with: {p: z_}}]");
            let (_, problems) = gathered(&[("shop.yaml", own), base, ("b.yaml", "version: 1"), other]);
            let count = usize::from(!expected.is_empty());
            assert_eq!(problems.len(), count, "{own}: {problems:?}");
            assert!(
                problems.first().is_none_or(|problem| problem.starts_with(expected)),
                "{own}: {problems:?}"
            );
        }
    }

    #[test]
    fn too_many_texts() {
        let texts: Vec<(String, String)> =
            (0..80).map(|n| (format!("{n}.yaml"), format!("extends: [{}.yaml]", n + 1))).collect();
        let mut list = vec![("shop.yaml", "extends: [0.yaml]")];
        list.extend(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let (found, problems) = gathered(&list);
        assert_eq!(found.len(), MAX_TEXTS);
        assert_eq!(problems.len(), 1);
    }
}
