//! Values with values in them: the paths of JSON, and what stands at each. Array places are `[*]`; keys that look like data
//! are `.*`, so that no path holds a value. Refuses more than `MOST_PATHS` paths, and texts of more than 256 KiB.

use std::collections::BTreeMap;

use serde_json::Value;

use super::look::Look;
use super::{Measure, Measured};
use crate::discover::values::words::{self, List};

/// Most paths of a column.
pub(super) const MOST_PATHS: usize = 200;

/// Values that are remembered for each path.
const MOST_VALUES: usize = 256;

/// Longest text that is read.
const MOST_BYTES: usize = 256 << 10;

/// Measures by path.
#[derive(Default)]
pub(super) struct Inside {
    paths: BTreeMap<String, Measure>,
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} paths>", self.paths.len())
    }
}

/// Returns whether a value may have paths.
pub(super) fn begins(value: &[u8]) -> bool {
    value.len() <= MOST_BYTES && matches!(value.trim_ascii_start().first(), Some(b'{' | b'['))
}

impl Inside {
    /// Takes in a value; what is no JSON adds nothing.
    pub(super) fn add(&mut self, value: &[u8]) {
        if let Ok(value) = serde_json::from_slice(value) {
            self.walk(&mut String::from("$"), &value);
        }
    }

    fn walk(&mut self, path: &mut String, value: &Value) {
        let len = path.len();
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    step(path, key);
                    self.walk(path, value);
                    path.truncate(len);
                }
            }
            Value::Array(items) => {
                path.push_str("[*]");
                items.iter().for_each(|item| self.walk(path, item));
                path.truncate(len);
            }
            Value::Null => self.leaf(path, None),
            Value::String(text) => self.leaf(path, Some(text)),
            Value::Bool(is) => self.leaf(path, Some(if *is { "true" } else { "false" })),
            Value::Number(number) => self.leaf(path, Some(&number.to_string())),
        }
    }

    fn leaf(&mut self, path: &str, value: Option<&str>) {
        if !self.paths.contains_key(path) {
            if self.paths.len() >= MOST_PATHS {
                return;
            }
            self.paths.insert(path.to_owned(), Measure::bounded(false, MOST_VALUES));
        }
        if let Some(measure) = self.paths.get_mut(path) {
            measure.add(value.map(str::as_bytes));
        }
    }

    /// Returns the counts of each path, in the order of the paths.
    pub(super) fn finish(self) -> Vec<(String, Measured)> {
        self.paths.into_iter().map(|(path, measure)| (path, measure.finish())).collect()
    }
}

/// Adds a key to a path; one that may be data as `.*`.
fn step(path: &mut String, key: &str) {
    if is_data(key) {
        path.push_str(".*");
    } else if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        path.push('.');
        path.push_str(key);
    } else {
        path.push_str("['");
        path.push_str(key);
        path.push_str("']");
    }
}

/// Returns whether a key is likely no word of a program: with many digits, an address, a blank, a name, or long.
fn is_data(key: &str) -> bool {
    let look = Look::new(key.as_bytes());
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$:".contains(&byte));
    let named = words::find(key);
    let name = named.has(List::First) || named.has(List::Last);
    !plain
        || key.is_empty()
        || key.len() > 40
        || look.digits >= 3
        || look.digits == look.chars
        || name && !named.has(List::Ordinary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_hold_words_of_programs_and_no_data() {
        let mut inside = Inside::default();
        inside.add(
            br#"{"user": {"email": "a@example.org", "tags": ["x", "y"]}, "by_id": {"100231": {"n": 1}}}"#,
        );
        inside.add(br#"{"mails": {"sanne@example.org": true, "Sanne Kuipers": false}, "x-y": null}"#);
        inside.add(b"{broken");
        let paths: Vec<String> = inside.finish().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["$.by_id.*.n", "$.mails.*", "$.user.email", "$.user.tags[*]", "$['x-y']"]);
    }

    #[test]
    fn many_keys_stay_within_the_bound() {
        let mut inside = Inside::default();
        let letters = |n: usize| char::from(b'a' + u8::try_from(n % 26).expect("small"));
        for a in 0..26 {
            for b in 0..26 {
                inside.add(format!("{{\"q{}x{}\": 1}}", letters(a), letters(b)).as_bytes());
            }
        }
        assert_eq!(inside.finish().len(), MOST_PATHS);
    }
}
