//! What a first pass over an input learns for a later one: what other tables say (`lookups:`), and whose row it is where
//! only another identifier tells (`resolve:`).
//!
//! A dictionary holds words of the software, such as codes of attributes; the second pass holds every row to it. Maps of
//! subjects are `resolved`. Deliberately absent: any of this in errors or logs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::error::{Error, Result};
use crate::row::canon::Canon;
use crate::secret::Mac;

use super::resolved::Resolved;
use super::spill::MapMemory;

/// Most entries of a dictionary.
const MOST_WORDS: usize = 1_000_000;

/// What a lookup says, key by key.
#[derive(Default)]
pub struct Dictionary {
    found: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
    sealed: OnceLock<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl Dictionary {
    /// Makes one of what a profile says.
    #[must_use]
    pub fn of(values: &[(String, String)]) -> Self {
        let values = values.iter().map(|(key, value)| (key.clone().into_bytes(), value.clone().into_bytes()));
        Self { found: Mutex::default(), sealed: OnceLock::from(values.collect::<BTreeMap<_, _>>()) }
    }

    /// Returns what it says of a key; nothing before a first pass has ended.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&[u8]> {
        self.sealed.get()?.get(key).map(Vec::as_slice)
    }

    /// Takes a row of its table; where it is known already, holds the row to it.
    ///
    /// # Errors
    /// A key with two values, or a row that was not there before.
    pub fn learn(&self, key: &[u8], value: Option<&[u8]>) -> Result<()> {
        let value = value.unwrap_or_default();
        if let Some(known) = self.sealed.get() {
            return match known.get(key) {
                Some(found) if found == value => Ok(()),
                _ => Err(Error::input("this row says something else than the lookup that rules depend on")
                    .hint("the table changed since it was read, or `values:` of the lookup is wrong or lacks it: name the file that the rows are in")),
            };
        }
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        match found.get(key) {
            Some(known) if known != value => {
                return Err(Error::input("a lookup's key has two values")
                    .hint("a lookup needs a key that is unique in its table"));
            }
            Some(_) => {}
            None if found.len() >= MOST_WORDS => {
                return Err(Error::input("a lookup has more than a million keys")
                    .hint("a lookup is for words of the software; people are found by `resolve:`"));
            }
            None => {
                found.insert(key.to_vec(), value.to_vec());
            }
        }
        Ok(())
    }

    fn seal(&self) {
        let found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        // One that the profile gives stays as it is.
        let _ = self.sealed.set(found);
    }

    /// Says whether it is known without a first pass.
    fn is_known(&self) -> bool {
        self.sealed.get().is_some()
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<dictionary>")
    }
}

/// What a row of a table tells.
pub struct Learn {
    /// To whom.
    pub what: Learns,
    /// Index into `wanted` of the key, and its canonical form.
    pub key: (usize, Canon),
    /// Index into `wanted` of what it stands for, and its canonical form.
    pub value: (usize, Canon),
}

/// Who learns of a row.
#[derive(Clone)]
pub enum Learns {
    /// A lookup.
    Dictionary(Arc<Dictionary>),
    /// Whose an identifier is.
    Subjects(Arc<Resolved>),
}

/// All that is learned, by name.
#[derive(Default)]
pub struct Learned {
    dictionaries: Mutex<BTreeMap<String, Arc<Dictionary>>>,
    /// The pass that reads lookups has ended: one of which it met no table says nothing, and rows are held to that.
    read: AtomicBool,
    subjects: Mutex<BTreeMap<Vec<u8>, Arc<Resolved>>>,
    /// What one map of subjects may take.
    memory: MapMemory,
}

impl Learned {
    /// Makes one whose maps of subjects, so many, share this memory.
    pub(super) fn within(memory: MapMemory, maps: usize) -> Self {
        Self { memory: MapMemory { limit: memory.limit / maps.max(1), ..memory }, ..Self::default() }
    }

    /// Returns the dictionary of a lookup; `values` are those of the profile.
    pub(super) fn dictionary(&self, name: &str, values: &[(String, String)]) -> Arc<Dictionary> {
        let mut all = self.dictionaries.lock().unwrap_or_else(PoisonError::into_inner);
        let known = !values.is_empty() || self.read.load(Ordering::Acquire);
        let fresh = || Arc::new(if known { Dictionary::of(values) } else { Dictionary::default() });
        Arc::clone(all.entry(name.to_owned()).or_insert_with(fresh))
    }

    /// Returns the subjects by an attribute of an entity.
    pub(super) fn subjects(&self, label: &[u8], mac: impl FnOnce() -> Mac) -> Arc<Resolved> {
        let mut all = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            all.entry(label.to_vec()).or_insert_with(|| Arc::new(Resolved::new(mac(), self.memory.clone()))),
        )
    }

    /// Forgets what an earlier input told.
    pub fn clear(&self) {
        self.read.store(false, Ordering::Release);
        self.dictionaries.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.subjects.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Ends the pass that reads lookups.
    pub fn seal_lookups(&self) {
        self.read.store(true, Ordering::Release);
        let all = self.dictionaries.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().filter(|dictionary| !dictionary.is_known()).for_each(|dictionary| dictionary.seal());
    }

    /// Ends the pass that reads whose identifiers are whose.
    ///
    /// # Errors
    /// Those of the temporary files of large maps.
    pub fn seal_subjects(&self) -> Result<()> {
        let all = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().try_for_each(|subjects| subjects.seal())
    }
}

impl fmt::Debug for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<learned>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_is_held_to_what_it_learned() {
        let dictionary = Dictionary::default();
        assert_eq!(dictionary.get(b"5"), None, "nothing before the pass has ended");
        dictionary.learn(b"5", Some(b"firstname")).unwrap();
        dictionary.learn(b"5", Some(b"firstname")).unwrap();
        assert!(dictionary.learn(b"5", Some(b"lastname")).is_err());
        dictionary.seal();
        assert_eq!(dictionary.get(b"5"), Some(&b"firstname"[..]));
        dictionary.learn(b"5", Some(b"firstname")).unwrap();
        for (key, value) in [(&b"5"[..], &b"email"[..]), (b"6", b"firstname")] {
            assert!(dictionary.learn(key, Some(value)).is_err(), "a row that was not there");
        }
    }

    #[test]
    fn a_lookup_whose_table_the_first_pass_lacked_says_nothing_and_poisons() {
        let learned = Learned::default();
        learned.seal_lookups();
        let dictionary = learned.dictionary("code", &[]);
        assert_eq!(dictionary.get(b"5"), None);
        assert!(dictionary.learn(b"5", Some(b"firstname")).is_err(), "a row that was not there");
        learned.clear();
        assert!(learned.dictionary("code", &[]).learn(b"5", Some(b"firstname")).is_ok());
    }

    #[test]
    fn what_the_profile_says_is_never_overwritten() {
        let dictionary = Dictionary::of(&[("5".into(), "firstname".into())]);
        assert!(dictionary.is_known());
        dictionary.seal();
        assert_eq!(dictionary.get(b"5"), Some(&b"firstname"[..]));
    }
}
