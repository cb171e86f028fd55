//! The rule of a column by its class, type and keys, as YAML; from the best to the last that still masks. Nothing in this
//! file keeps a value: after the last rule comes `undecided`.

use std::collections::BTreeSet;

use crate::discover::class::{Category, Class};
use crate::row::shape::{ColumnFacts, TypeClass};

/// Characters of a hash where there is room.
const HASH: u32 = 16;
/// Fewest characters of a hash that keeps values apart.
const LEAST_HASH: u32 = 10;

/// What the rule of one column depends on.
pub(super) struct Spot<'a> {
    pub(super) class: Class,
    pub(super) column: &'a ColumnFacts,
    /// Whether a key or UNIQUE of this column alone keeps rows apart.
    pub(super) unique: bool,
    /// The paths inside of its values.
    pub(super) inside: &'a [(String, Class)],
    /// How nested values are written.
    pub(super) form: &'static str,
}

impl Spot<'_> {
    fn ty(&self) -> &TypeClass {
        &self.column.ty.class
    }

    /// Returns all rules that may do, the best first.
    pub(super) fn rules(&self) -> Vec<String> {
        let mut rules = Vec::new();
        if self.class.about().rule.is_empty() {
            return rules;
        }
        rules.extend(self.nested());
        rules.push(self.best());
        let category = self.class.about().category;
        let never =
            matches!(category, Category::Secret | Category::Special | Category::Criminal | Category::Content);
        if self.unique && !never {
            rules.extend(self.apart());
        }
        rules.push("suppress".to_owned());
        rules.extend(constant(self.ty()));
        rules.dedup();
        rules
    }

    /// Returns the rule that an attribute of this class gets, where it makes a stand-in at all.
    pub(super) fn attribute(&self) -> Option<String> {
        let best = self.best();
        best.starts_with('{').then_some(best)
    }

    /// Returns the rule of the class for this type.
    fn best(&self) -> String {
        let number = self.ty().is_integer() || matches!(self.ty(), TypeClass::Numeric { .. });
        match self.class {
            Class::Email => "{fake: email, unique: true}".to_owned(),
            Class::Username if self.unique => "{fake: username, unique: true}".to_owned(),
            Class::PersonNumber | Class::PersonKey => match self.ty() {
                TypeClass::SmallInt => "{pseudonym: integer, within: smallint}".to_owned(),
                TypeClass::Uuid => "{pseudonym: uuid}".to_owned(),
                _ if number => "{pseudonym: integer}".to_owned(),
                _ if self.class == Class::PersonKey => "{pseudonym: text}".to_owned(),
                class => hash(class).unwrap_or_else(|| "{pseudonym: alphanumeric}".to_owned()),
            },
            Class::Ip if self.unique => "{pseudonym: ip}".to_owned(),
            class => class.about().rule.to_owned(),
        }
    }

    /// Returns rules that keep values apart.
    fn apart(&self) -> Vec<String> {
        match self.ty() {
            TypeClass::SmallInt => vec!["{pseudonym: integer, within: smallint}".to_owned()],
            TypeClass::Integer | TypeClass::BigInt | TypeClass::Numeric { .. } => {
                vec!["{pseudonym: integer}".to_owned()]
            }
            TypeClass::Uuid => vec!["{pseudonym: uuid}".to_owned()],
            class if class.is_text() => {
                let phone = (self.class == Class::Phone).then(|| "{pseudonym: phone}".to_owned());
                phone.into_iter().chain(hash(class)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns rules by path, where it is known what stands where; all else inside is removed.
    fn nested(&self) -> Option<String> {
        let ruled = (self.inside.iter())
            .filter(|(path, class)| !path.is_empty() && class.identifies())
            .filter(|(_, class)| class.about().rule.starts_with('{'))
            .filter(|(path, _)| maps(path).iter().all(|map| self.is_map(map)));
        let mut parts: Vec<String> = Vec::new();
        let mut keyed: BTreeSet<&str> = BTreeSet::new();
        for (path, class) in ruled {
            // Keys that are data would stay as they are.
            for map in maps(path) {
                if keyed.insert(map) {
                    parts.push(format!("{}: {{each_key: {{hash: {{length: {HASH}}}}}}}", quoted(map)));
                }
            }
            parts.push(format!("{}: {}", quoted(path), class.about().rule));
        }
        let nested = self.class.about().category == Category::Content && !parts.is_empty();
        nested.then(|| format!("{{{}: {{{}}}}}", self.form, parts.join(", ")))
    }
}

impl Spot<'_> {
    /// Whether all keys of a place are data: none of them is named.
    fn is_map(&self, place: &str) -> bool {
        let below = |path: &str| path.strip_prefix(place).is_some_and(|rest| is_key(rest) && !is_any(rest));
        !self.inside.iter().any(|(path, _)| below(path))
    }
}

/// Whether the rest of a path begins with a key.
fn is_key(rest: &str) -> bool {
    rest.starts_with('.') || rest.starts_with("['")
}

/// Whether the rest of a path begins with any key.
fn is_any(rest: &str) -> bool {
    rest.strip_prefix(".*").is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Returns the places on a path of which all keys are data.
fn maps(path: &str) -> Vec<&str> {
    let any = |at: &usize| path.get(*at..).is_some_and(is_any);
    path.char_indices().map(|(at, _)| at).filter(any).filter_map(|at| path.get(..at)).collect()
}

/// Returns a path in quotes: a line of braces has marks of its own.
fn quoted(path: &str) -> String {
    let word = crate::profile::draft::yaml::word(path);
    if word == path { format!("'{word}'") } else { word }
}

/// Returns the hash that fits a column of text.
fn hash(class: &TypeClass) -> Option<String> {
    let room = class.max_chars().unwrap_or(HASH).min(HASH);
    (class.is_text() && room >= LEAST_HASH).then(|| format!("{{hash: {{length: {room}}}}}"))
}

/// Returns the rule of a key by the types of all columns that carry it, the one that the others point to first.
pub(super) fn key(types: &[&TypeClass]) -> Option<String> {
    let whole = |class: &TypeClass| {
        class.is_integer()
            || matches!(class, TypeClass::Numeric { precision, scale }
                if precision.is_none_or(|p| p >= 10) && scale.is_none_or(|s| s == 0))
    };
    let all = |is: &dyn Fn(&TypeClass) -> bool| !types.is_empty() && types.iter().all(|class| is(class));
    let unknown = |class: &TypeClass| *class == TypeClass::Unknown;
    let rule = if all(&|class| whole(class) || unknown(class)) && !all(&unknown) {
        if types.contains(&&TypeClass::SmallInt) {
            "{pseudonym: integer, within: smallint}"
        } else {
            "{pseudonym: integer}"
        }
    } else if all(&|class| *class == TypeClass::Uuid) {
        "{pseudonym: uuid}"
    } else if all(&TypeClass::is_text) {
        "{pseudonym: text}"
    } else {
        return None;
    };
    Some(rule.to_owned())
}

/// Returns a harmless value of a type that has no empty one.
fn constant(class: &TypeClass) -> Option<String> {
    let value = match class {
        TypeClass::SmallInt
        | TypeClass::Integer
        | TypeClass::BigInt
        | TypeClass::Numeric { .. }
        | TypeClass::Float { .. } => "0".to_owned(),
        TypeClass::Boolean => "false".to_owned(),
        TypeClass::Date => "'1980-01-01'".to_owned(),
        TypeClass::Timestamp { .. } | TypeClass::Moment => "'1980-01-01 00:00:00'".to_owned(),
        TypeClass::Time => "'00:00:00'".to_owned(),
        TypeClass::Inet => "'192.0.2.1'".to_owned(),
        TypeClass::Uuid => "'00000000-0000-4000-8000-000000000000'".to_owned(),
        _ => return None,
    };
    Some(format!("{{constant: {value}}}"))
}

/// Adds `max:` to a rule that makes text and has none yet.
pub(super) fn narrowed(rule: &str, most: u32) -> Option<String> {
    let open = rule.starts_with("{fake: ") && !rule.contains("max:");
    let body = rule.strip_suffix('}').filter(|_| open)?;
    Some(format!("{body}, max: {most}}}"))
}
