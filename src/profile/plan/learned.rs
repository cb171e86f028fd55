//! What a first pass over an input learns for a later one: what other tables say (`lookups:`), and whose row it is where
//! only another identifier tells (`resolve:`).
//!
//! A dictionary holds words of the software, such as codes of attributes; the second pass holds every row to it. A map of
//! subjects holds canonical identifiers: it lives in memory only, about 48 bytes and the identifier for each, and refuses
//! to grow above a gibibyte. Deliberately absent: any of this in errors or logs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::error::{Error, Result};
use crate::row::canon::Canon;
use crate::secret::Mac;

/// Most entries of a dictionary.
const MOST_WORDS: usize = 1_000_000;
/// Most bytes that a map of subjects takes.
const MOST_BYTES: usize = 1 << 30;

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

/// Where an identifier's subject lies: 128 bits of the identifier's digest, then place and length among the bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    digest: u128,
    start: u64,
    len: u32,
}

#[derive(Default)]
struct Subjects {
    known: Vec<Known>,
    bytes: Vec<u8>,
}

/// Whose an identifier is: of an attribute's canonical value the subject's.
pub struct Resolved {
    mac: Mac,
    found: Mutex<Subjects>,
    sealed: OnceLock<Subjects>,
}

impl Resolved {
    fn new(mac: Mac) -> Self {
        Self { mac, found: Mutex::default(), sealed: OnceLock::new() }
    }

    fn digest(&self, value: &[u8]) -> u128 {
        let [high, low, ..] = crate::secret::lanes(&self.mac.tag(&[value]));
        (u128::from(high) << 64) | u128::from(low)
    }

    /// Notes whose an identifier is, both in canonical form.
    ///
    /// # Errors
    /// There are more than fit into memory.
    pub fn learn(&self, value: &[u8], subject: &[u8]) -> Result<()> {
        if value.is_empty() || subject.is_empty() || self.sealed.get().is_some() {
            return Ok(());
        }
        let digest = self.digest(value);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let size = found.known.len() * size_of::<Known>() + found.bytes.len();
        if size > MOST_BYTES {
            return Err(Error::input("`resolve:` needs more than a gibibyte for the subjects of this table")
                .hint("let the value decide (`or: value`) where the subject is not in the row"));
        }
        let start = u64::try_from(found.bytes.len()).unwrap_or(u64::MAX);
        let len = u32::try_from(subject.len()).unwrap_or(u32::MAX);
        found.bytes.extend_from_slice(subject);
        found.known.push(Known { digest, start, len });
        Ok(())
    }

    fn seal(&self) {
        let mut found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        let Subjects { known, bytes } = &mut found;
        // Of several subjects of one identifier the least counts, in whatever order the rows came.
        let text = |known: &Known| slice(bytes, known);
        known.sort_unstable_by(|a, b| a.digest.cmp(&b.digest).then_with(|| text(a).cmp(text(b))));
        known.dedup_by_key(|known| known.digest);
        known.shrink_to_fit();
        let _ = self.sealed.set(found);
    }

    /// Returns the canonical subject of an identifier in canonical form.
    #[must_use]
    pub fn subject(&self, value: &[u8]) -> Option<&[u8]> {
        let Subjects { known, bytes } = self.sealed.get()?;
        let digest = self.digest(value);
        let place = known.binary_search_by(|known| known.digest.cmp(&digest)).ok()?;
        known.get(place).map(|known| slice(bytes, known))
    }
}

fn slice<'b>(bytes: &'b [u8], known: &Known) -> &'b [u8] {
    let start = usize::try_from(known.start).unwrap_or(usize::MAX);
    let len = usize::try_from(known.len).unwrap_or(usize::MAX);
    bytes.get(start..).and_then(|rest| rest.get(..len)).unwrap_or_default()
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<subjects>")
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
}

impl Learned {
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
        Arc::clone(all.entry(label.to_vec()).or_insert_with(|| Arc::new(Resolved::new(mac()))))
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
    pub fn seal_subjects(&self) {
        let all = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().for_each(|subjects| subjects.seal());
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
    use crate::secret::{Purpose, Schedule};

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

    #[test]
    fn of_several_subjects_the_least_counts_in_any_order() {
        let mac = || Schedule::test().mac(Purpose::Hash, b"resolve");
        let pairs: [(&[u8], &[u8]); 4] =
            [(b"a@example.org", b"9"), (b"b@example.org", b"2"), (b"a@example.org", b"12"), (b"", b"4")];
        for turn in 0..pairs.len() {
            let resolved = Resolved::new(mac());
            let order = pairs.iter().cycle().skip(turn).take(pairs.len());
            order.for_each(|(value, subject)| resolved.learn(value, subject).unwrap());
            resolved.seal();
            assert_eq!(resolved.subject(b"a@example.org"), Some(&b"12"[..]));
            assert_eq!(resolved.subject(b"b@example.org"), Some(&b"2"[..]));
            assert_eq!(resolved.subject(b"c@example.org"), None);
            assert_eq!(resolved.subject(b""), None);
        }
    }
}
