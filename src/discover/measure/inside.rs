//! Values with values in them: the paths of JSON, and what stands at each. Array places are `[*]`; keys that may be data
//! are `.*`, so that no path holds a value. A key is shown only where it is plainly one of a program: in many rows, made of
//! known words or in nearly all objects of its place, no name and no number. Refuses more than `MOST_PATHS` paths, and texts of
//! more than 256 KiB.

use std::collections::BTreeMap;

use serde_json::Value;

use super::look::Look;
use super::{Measure, Measured};
use crate::discover::names;
use crate::discover::values::words::{self, List};

/// Most paths of a column.
pub(super) const MOST_PATHS: usize = 200;

/// Values that are remembered for each path.
const MOST_VALUES: usize = 256;

/// Longest text that is read.
const MOST_BYTES: usize = 256 << 10;

/// A key that stands in fewer rows is not told.
const ROWS: u32 = 10;

/// The step for all keys that are not told.
const ANY: &str = "*";

/// Measures by path.
#[derive(Default)]
pub(super) struct Inside {
    root: Place,
    /// Places with values.
    places: usize,
    /// Values that were walked.
    rows: u32,
}

/// One place: what stands there, and what is below.
#[derive(Default)]
struct Place {
    /// In how many rows it is.
    rows: u32,
    /// The last of them.
    last: u32,
    keys: BTreeMap<String, Place>,
    items: Option<Box<Place>>,
    /// The values that stand there.
    values: Option<Box<Measure>>,
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} places>", self.places)
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
            self.rows = self.rows.saturating_add(1);
            self.root.walk(&value, self.rows, &mut self.places);
        }
    }

    /// Returns the counts of each path, in the order of the paths.
    pub(super) fn finish(self) -> Vec<(String, Measured)> {
        let mut paths = BTreeMap::new();
        self.root.finish(&mut String::from("$"), &mut paths);
        paths.into_iter().collect()
    }
}

impl Place {
    fn walk(&mut self, value: &Value, row: u32, places: &mut usize) {
        if self.last != row {
            self.last = row;
            self.rows += 1;
        }
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if let Some(place) = self.below(key, *places) {
                        place.walk(value, row, places);
                    }
                }
            }
            Value::Array(items) => {
                let place = self.items.get_or_insert_default();
                items.iter().for_each(|item| place.walk(item, row, places));
            }
            Value::Null => self.leaf(None, places),
            Value::String(text) => self.leaf(Some(text), places),
            Value::Bool(is) => self.leaf(Some(if *is { "true" } else { "false" }), places),
            Value::Number(number) => self.leaf(Some(&number.to_string()), places),
        }
    }

    /// Returns the place below a key; `None` where no more are taken in.
    fn below(&mut self, key: &str, places: usize) -> Option<&mut Self> {
        let key = if is_data(key) { ANY } else { key };
        let full = places >= MOST_PATHS || self.keys.len() >= MOST_PATHS;
        if full && !self.keys.contains_key(key) {
            return None;
        }
        Some(self.keys.entry(key.to_owned()).or_default())
    }

    fn leaf(&mut self, value: Option<&str>, places: &mut usize) {
        if self.values.is_none() {
            if *places >= MOST_PATHS {
                return;
            }
            *places += 1;
            self.values = Some(Box::new(Measure::bounded(false, MOST_VALUES)));
        }
        if let Some(values) = &mut self.values {
            values.add(value.map(str::as_bytes));
        }
    }

    fn finish(self, path: &mut String, paths: &mut BTreeMap<String, Measured>) {
        let len = path.len();
        if let Some(values) = self.values {
            let measured = values.finish();
            paths.entry(path.clone()).and_modify(|known| known.merge(&measured)).or_insert(measured);
        }
        let data = self.keys.contains_key(ANY);
        for (key, place) in self.keys {
            step(path, if is_told(&key, place.rows, self.rows, data) { &key } else { ANY });
            place.finish(path, paths);
            path.truncate(len);
        }
        if let Some(items) = self.items {
            path.push_str("[*]");
            items.finish(path, paths);
            path.truncate(len);
        }
    }
}

/// Says whether a key may stand in a path: it is in so many of the rows that have its place, beside keys that are data or
/// not. One of unknown words must be in nearly all of them, and not be written as a name.
fn is_told(key: &str, rows: u32, of: u32, beside_data: bool) -> bool {
    let small = !key.starts_with(|first: char| first.is_uppercase());
    let schema = || small && !beside_data && rows.saturating_mul(10) >= of.saturating_mul(9);
    rows >= ROWS && (names::is_known(key) || schema())
}

/// Adds a key to a path.
fn step(path: &mut String, key: &str) {
    if key == ANY {
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
pub(crate) fn is_data(key: &str) -> bool {
    let look = Look::new(key.as_bytes());
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$:".contains(&byte));
    !plain
        || key.is_empty()
        || key.len() > 40
        || look.digits >= 3
        || look.digits == look.chars
        || is_name(key, false)
        || names::tokens(key).iter().any(|word| is_name(word, true))
}

/// Returns whether a word is a name of people that no column is called after; as a part of a longer key only where it is no
/// other word.
fn is_name(word: &str, part: bool) -> bool {
    let found = words::find(word);
    let name = found.has(List::First) || found.has(List::Last);
    name && !(part && found.has(List::Ordinary)) && !names::is_known(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(values: &[&str], times: u32) -> Vec<String> {
        let mut inside = Inside::default();
        for _ in 0..times {
            values.iter().for_each(|value| inside.add(value.as_bytes()));
        }
        inside.finish().into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn paths_hold_words_of_programs_and_no_data() {
        let values = [
            r#"{"user": {"email": "a@example.org", "tags": ["x", "y"]}, "by_id": {"100231": {"name": 1}},
                "mails": {"sanne@example.org": true, "Sanne Kuipers": false}, "x-y": null}"#,
            "{broken",
        ];
        let told = ["$.by_id.*.name", "$.mails.*", "$.user.email", "$.user.tags[*]", "$['x-y']"];
        assert_eq!(paths(&values, 10), told);
        // In few rows no key is told.
        assert_eq!(paths(&values, 9), ["$.*", "$.*.*", "$.*.*.*", "$.*.*[*]"]);
    }

    #[test]
    fn keys_that_are_names_are_not_told_however_often_they_come() {
        // One of them is in no list of names.
        let roster = r#"{"roster": {"Sanne": {"phone": "x"}, "Qwijbertha": {"phone": "y"}, "noor": 1}}"#;
        assert_eq!(paths(&[roster], 50), ["$.roster.*", "$.roster.*.phone"]);
        for key in ["Sanne", "sanne_note", "noteSanne", "1984", "u-77-3", "NL02ABNA", "a@example.org", ""] {
            let text = format!("{{\"{key}\": {{\"email\": 1}}}}");
            assert_eq!(paths(&[&text], 50), ["$.*.email"], "{key}");
        }
        // A name that no list has, alone.
        assert_eq!(paths(&[r#"{"Qwijbertha": {"email": 1}}"#], 50), ["$.*.email"]);
        let two = [r#"{"zqxa": {"email": 1}}"#, r#"{"zqxb": {"email": 1}}"#];
        assert_eq!(paths(&two, 50), ["$.*.email"]);
        // Keys of which each is in few of the rows.
        let own = |n: u8| format!("{{\"k{}q\": 1}}", char::from(b'a' + n));
        let own: Vec<String> = (0..20).map(own).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        assert_eq!(paths(&own, 12), ["$.*"]);
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
        assert!(inside.places <= MOST_PATHS && inside.root.keys.len() <= MOST_PATHS);
        assert_eq!(format!("{inside:?}"), "<200 places>");
    }
}
