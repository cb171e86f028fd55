//! Whose an identifier is (`resolve:`): of the digest of an identifier the canonical subject.
//!
//! A map takes 28 bytes and the subject for each identifier. What is more than the memory that it may take goes to disk
//! in sealed runs (`spill`); what it answers is the same either way, whatever the order and the threads. Deliberately
//! absent: identifiers in clear text, and any of this in errors or logs.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::spill::{MapMemory, Runs, Sorted};
use crate::error::{Error, Result};
use crate::secret::Mac;

/// 128 bits of an identifier's digest, and where its subject begins among the bytes: behind its length.
#[derive(Clone, Copy)]
struct Known {
    digest: [u64; 2],
    start: u64,
}

/// What memory holds.
#[derive(Default)]
struct Held {
    known: Vec<Known>,
    bytes: Vec<u8>,
}

/// What was found so far: in memory, and before that in runs.
#[derive(Default)]
struct Found {
    held: Held,
    runs: Option<Runs>,
}

/// What look-ups read.
enum Sealed {
    Held(Held),
    Spilled(Sorted),
}

/// Whose an identifier is: of an attribute's canonical value the subject's.
pub struct Resolved {
    mac: Mac,
    memory: MapMemory,
    found: Mutex<Found>,
    sealed: OnceLock<Sealed>,
}

impl Held {
    fn push(&mut self, digest: [u64; 2], subject: &[u8]) -> Result<()> {
        let len = u32::try_from(subject.len()).map_err(|_| Error::input("a subject is longer than 4 GiB"))?;
        let start = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        self.bytes.extend_from_slice(&len.to_ne_bytes());
        self.bytes.extend_from_slice(subject);
        self.known.push(Known { digest, start });
        Ok(())
    }

    fn size(&self) -> usize {
        self.known.len() * size_of::<Known>() + self.bytes.len()
    }

    /// Puts them in order, each digest once: of several subjects the least counts, in whatever order the rows came.
    fn sort(&mut self) {
        let Self { known, bytes } = self;
        known.sort_unstable_by(|a, b| match a.digest.cmp(&b.digest) {
            Ordering::Equal => subject_at(bytes, a.start).cmp(subject_at(bytes, b.start)),
            other => other,
        });
        known.dedup_by_key(|known| known.digest);
    }

    fn subject(&self, digest: [u64; 2]) -> Option<&[u8]> {
        let place = self.known.binary_search_by(|known| known.digest.cmp(&digest)).ok()?;
        self.known.get(place).map(|known| subject_at(&self.bytes, known.start))
    }

    /// Writes all to a run, and is empty.
    fn spill(&mut self, runs: &mut Runs) -> Result<()> {
        self.sort();
        let Self { known, bytes } = self;
        runs.add(known.iter().map(|known| (one(known.digest), subject_at(bytes, known.start))))?;
        known.clear();
        bytes.clear();
        Ok(())
    }
}

fn subject_at(bytes: &[u8], start: u64) -> &[u8] {
    let rest = usize::try_from(start).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
    let Some((len, rest)) = rest.split_first_chunk() else { return &[] };
    rest.get(..usize::try_from(u32::from_ne_bytes(*len)).unwrap_or(usize::MAX)).unwrap_or_default()
}

fn one([high, low]: [u64; 2]) -> u128 {
    (u128::from(high) << 64) | u128::from(low)
}

impl Resolved {
    /// Makes an empty map that takes so much memory.
    pub(super) fn new(mac: Mac, memory: MapMemory) -> Self {
        Self { mac, memory, found: Mutex::default(), sealed: OnceLock::new() }
    }

    fn digest(&self, value: &[u8]) -> [u64; 2] {
        let [high, low, ..] = crate::secret::lanes(&self.mac.tag(&[value]));
        [high, low]
    }

    /// Notes whose an identifier is, both in canonical form.
    ///
    /// # Errors
    /// There is no room on the disk for what memory does not hold.
    pub fn learn(&self, value: &[u8], subject: &[u8]) -> Result<()> {
        if value.is_empty() || subject.is_empty() || self.sealed.get().is_some() {
            return Ok(());
        }
        let digest = self.digest(value);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let Found { held, runs } = &mut *found;
        held.push(digest, subject)?;
        if held.size() > self.memory.limit {
            // The lock stays: who comes meanwhile would need memory that is not there.
            held.spill(match runs {
                Some(runs) => runs,
                None => runs.insert(Runs::create(&self.memory)?),
            })?;
        }
        Ok(())
    }

    /// Ends the pass that learns.
    ///
    /// # Errors
    /// Those of the temporary file of a large map.
    pub(super) fn seal(&self) -> Result<()> {
        let found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        let Found { mut held, runs } = found;
        let sealed = match runs {
            None => {
                held.sort();
                held.known.shrink_to_fit();
                Sealed::Held(held)
            }
            Some(mut runs) => {
                held.spill(&mut runs)?;
                drop(held);
                Sealed::Spilled(runs.sorted(self.memory.limit)?)
            }
        };
        let _ = self.sealed.set(sealed);
        Ok(())
    }

    /// Appends the canonical subject of an identifier in canonical form; `false` if nobody is known by it.
    ///
    /// # Errors
    /// The temporary file of a large map cannot be read.
    pub fn subject(&self, value: &[u8], subject: &mut Vec<u8>) -> Result<bool> {
        let Some(sealed) = self.sealed.get() else { return Ok(false) };
        let digest = self.digest(value);
        match sealed {
            Sealed::Held(held) => {
                let found = held.subject(digest);
                subject.extend_from_slice(found.unwrap_or_default());
                Ok(found.is_some())
            }
            Sealed::Spilled(sorted) => sorted.get(one(digest), subject),
        }
    }
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<subjects>")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::secret::{Purpose, Schedule};

    fn resolved(limit: usize) -> Resolved {
        let memory = MapMemory { limit, folder: std::env::temp_dir() };
        Resolved::new(Schedule::test().mac(Purpose::Hash, b"resolve"), memory)
    }

    fn subject(resolved: &Resolved, value: &[u8]) -> Option<Vec<u8>> {
        let mut subject = Vec::new();
        resolved.subject(value, &mut subject).unwrap().then_some(subject)
    }

    #[test]
    fn of_several_subjects_the_least_counts_in_any_order() {
        let pairs: [(&[u8], &[u8]); 4] =
            [(b"a@example.org", b"9"), (b"b@example.org", b"2"), (b"a@example.org", b"12"), (b"", b"4")];
        // In memory, and with a run for each.
        for (turn, limit) in (0..pairs.len()).flat_map(|turn| [(turn, 1 << 20), (turn, 0)]) {
            let resolved = resolved(limit);
            let order = pairs.iter().cycle().skip(turn).take(pairs.len());
            order.for_each(|(value, subject)| resolved.learn(value, subject).unwrap());
            resolved.seal().unwrap();
            assert_eq!(matches!(resolved.sealed.get(), Some(Sealed::Spilled(_))), limit == 0);
            assert_eq!(subject(&resolved, b"a@example.org"), Some(b"12".to_vec()));
            assert_eq!(subject(&resolved, b"b@example.org"), Some(b"2".to_vec()));
            assert_eq!(subject(&resolved, b"c@example.org"), None);
            assert_eq!(subject(&resolved, b""), None);
        }
    }

    #[test]
    fn a_map_that_learned_nothing_knows_nobody() {
        let resolved = resolved(0);
        assert_eq!(subject(&resolved, b"a"), None);
        resolved.seal().unwrap();
        assert_eq!(subject(&resolved, b"a"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn memory_and_disk_answer_alike_for_any_number_of_threads(
            pairs in proptest::collection::vec((0..60_u16, 1..999_u16, 0..40_usize), 0..300),
            limit in 0..4_000_usize,
            threads in 1..4_usize,
        ) {
            let (held, spilled) = (resolved(usize::MAX), resolved(limit));
            let learn = |to: &Resolved, (value, subject, len): &(u16, u16, usize)| {
                let subject = format!("{subject}{}", "x".repeat(*len));
                to.learn(value.to_string().as_bytes(), subject.as_bytes()).unwrap();
            };
            pairs.iter().for_each(|pair| learn(&held, pair));
            std::thread::scope(|scope| {
                let (spilled, learn) = (&spilled, &learn);
                for part in pairs.rchunks(pairs.len().div_ceil(threads).max(1)) {
                    scope.spawn(move || part.iter().for_each(|pair| learn(spilled, pair)));
                }
            });
            held.seal().unwrap();
            spilled.seal().unwrap();
            for value in 0..70 {
                let value = value.to_string();
                prop_assert_eq!(subject(&held, value.as_bytes()), subject(&spilled, value.as_bytes()));
            }
        }
    }
}
