//! Schedule 1 (DESIGN 5): from key and domain to a key for each use. L(x) is x after its 32-bit big-endian length.
//!
//! ```text
//! root          = HMAC(K, "standin/1/root" L(domain))
//! use(p, label) = HMAC(root, "standin/1/" p L(label))
//! key id        = first 8 bytes of HMAC(K, "standin/1/key-id"), as hex
//! domain id     = first 8 bytes of HMAC(root, "standin/1/domain-id"), as hex
//! ```
//!
//! Fixed for ever: `fixtures/keys` holds vectors computed by another program. Refuses to hand out the key or root.

use std::fmt;

use data_encoding::HEXLOWER;
use zeroize::{Zeroize, Zeroizing};

use super::key::Key;
use super::mac::{Mac, length};

/// What a derived key is for; part of its derivation, so that two uses never share bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `hash`.
    Hash,
    /// `fake: kind`.
    Fake(&'static str),
    /// The subject of an entity.
    Subject,
    /// Format-preserving permutation.
    Fpe,
    /// Date shift.
    Shift,
    /// Noise.
    Noise,
    /// Sampling.
    Sample,
    /// Shuffling.
    Shuffle,
}

impl Purpose {
    /// Returns the two parts of p.
    fn parts(self) -> [&'static str; 2] {
        match self {
            Self::Hash => ["hash", ""],
            Self::Fake(kind) => ["fake:", kind],
            Self::Subject => ["subject", ""],
            Self::Fpe => ["fpe", ""],
            Self::Shift => ["shift", ""],
            Self::Noise => ["noise", ""],
            Self::Sample => ["sample", ""],
            Self::Shuffle => ["shuffle", ""],
        }
    }
}

/// The derivations of one key and domain.
pub struct Schedule {
    root: Mac,
    key_id: [u8; 8],
    domain_id: [u8; 8],
}

impl Schedule {
    /// Derives the root. The domain is `policy.domain`, or empty where none is needed.
    #[must_use]
    pub fn new(key: &Key, domain: &str) -> Self {
        let master = Mac::from_key(key.bytes());
        let mut root_key = master.tag(&[b"standin/1/root", &length(domain.as_bytes()), domain.as_bytes()]);
        let root = Mac::from_key(&root_key);
        root_key.zeroize();
        let key_id = eight(&master.tag(&[b"standin/1/key-id"]));
        let domain_id = eight(&root.tag(&[b"standin/1/domain-id"]));
        Self { root, key_id, domain_id }
    }

    /// Returns use(p, label): the 32 bytes of a key of its own.
    #[must_use]
    pub fn use_key(&self, purpose: Purpose, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let [first, second] = purpose.parts();
        Zeroizing::new(self.root.tag(&[
            b"standin/1/",
            first.as_bytes(),
            second.as_bytes(),
            &length(label),
            label,
        ]))
    }

    /// Returns the HMAC under use(p, label): computed once a column.
    #[must_use]
    pub fn mac(&self, purpose: Purpose, label: &[u8]) -> Mac {
        Mac::from_key(self.use_key(purpose, label).as_slice())
    }

    /// Returns the key's public name: 16 hex characters.
    #[must_use]
    pub fn key_id(&self) -> String {
        HEXLOWER.encode(&self.key_id)
    }

    /// Returns the public name of key and domain together: 16 hex characters.
    #[must_use]
    pub fn domain_id(&self) -> String {
        HEXLOWER.encode(&self.domain_id)
    }

    /// The schedule of tests and examples: the test key, domain `example`.
    #[cfg(test)]
    pub(crate) fn test() -> Self {
        Self::new(&Key::test(), "example")
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

fn eight(digest: &[u8; 32]) -> [u8; 8] {
    digest.first_chunk::<8>().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The vectors that `fixtures/keys/vectors.py` computed.
    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../fixtures/keys/schedule-1.json")).unwrap()
    }

    fn rows(vectors: &Value, name: &str) -> Vec<Vec<String>> {
        let rows = vectors[name].as_array().unwrap().iter();
        let rows: Vec<Vec<String>> = rows
            .map(|row| row.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect())
            .collect();
        assert!(!rows.is_empty(), "{name}");
        rows
    }

    #[test]
    fn golden_ids_and_key_text() {
        let vectors = vectors();
        let key = Key::parse(vectors["key_text"].as_str().unwrap()).unwrap();
        assert_eq!(key.encode().as_str(), vectors["key_text"].as_str().unwrap());
        let schedule = Schedule::new(&key, vectors["domain"].as_str().unwrap());
        assert_eq!(schedule.key_id(), vectors["key_id"].as_str().unwrap());
        assert_eq!(schedule.domain_id(), vectors["domain_id"].as_str().unwrap());
    }

    #[test]
    fn golden_uses() {
        for row in rows(&vectors(), "uses") {
            let purpose = match row[0].as_str() {
                "hash" => Purpose::Hash,
                "fake:email" => Purpose::Fake("email"),
                "subject" => Purpose::Subject,
                "fpe" => Purpose::Fpe,
                "shift" => Purpose::Shift,
                "noise" => Purpose::Noise,
                "sample" => Purpose::Sample,
                "shuffle" => Purpose::Shuffle,
                other => panic!("{other} is no purpose"),
            };
            let key = Schedule::test().use_key(purpose, row[1].as_bytes());
            assert_eq!(HEXLOWER.encode(key.as_slice()), row[2], "{} {}", row[0], row[1]);
        }
    }

    #[test]
    fn golden_digests() {
        let mac = Schedule::test().mac(Purpose::Hash, b"example.value");
        for row in rows(&vectors(), "by_value") {
            let digest = mac.digest(row[0].as_bytes(), row[1].as_bytes());
            assert_eq!(HEXLOWER.encode(&digest), row[2]);
        }
        let mac = Schedule::test().mac(Purpose::Subject, b"person");
        for row in rows(&vectors(), "by_subject") {
            for (j, expected) in (0..).zip(&row[2..]) {
                let digest = mac.subject(j, row[0].as_bytes(), row[1].as_bytes());
                assert_eq!(&HEXLOWER.encode(&digest), expected);
            }
        }
    }

    #[test]
    fn uses_labels_domains_and_keys_are_apart() {
        let a = Schedule::test();
        let b = Schedule::new(&Key::test(), "other");
        let c = Schedule::new(&Key::generate("c").unwrap(), "example");
        let base = a.use_key(Purpose::Hash, b"x.y");
        for other in [
            a.use_key(Purpose::Fpe, b"x.y"),
            a.use_key(Purpose::Hash, b"x.z"),
            a.use_key(Purpose::Fake("email"), b"x.y"),
            b.use_key(Purpose::Hash, b"x.y"),
            c.use_key(Purpose::Hash, b"x.y"),
        ] {
            assert_ne!(base, other);
        }
        assert_eq!(a.key_id(), b.key_id());
        assert_ne!(a.domain_id(), b.domain_id());
        assert_ne!(a.key_id(), c.key_id());
        assert_eq!(format!("{a:?}"), "Secret(***)");
    }
}
