//! The key of a run, and its text form, one line:
//!
//! ```text
//! standin-key-1:<label>:<56 characters>
//! ```
//!
//! The 56 characters are RFC 4648 base32, lower case, without padding, of the 32 key bytes and 3 bytes of checksum:
//! the first of SHA-256("standin-key-1" L(label) key). The label is 1 to 64 of `A-Z a-z 0-9 . _ -`.
//!
//! Refuses passphrases, damaged text, and bytes that no random source gives. No message says a thing about the
//! text but its kind of fault.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::{Zeroize, Zeroizing};

use super::mac::{length, sha256};
use crate::error::{Error, ErrorKind, Result};

/// First field of the text form, and start of the checksum.
const FORM: &str = "standin-key-1";

/// Longest label, in bytes.
const LABEL_MAX: usize = 64;

/// Bytes of checksum.
const CHECK: usize = 3;

/// Fewer distinct bytes than this in 32 do not come from a random source (chance below 10^-13).
const DISTINCT_MIN: usize = 16;

/// The key of a run: 32 random bytes and the label that its file gives it.
pub struct Key {
    label: String,
    bytes: Zeroizing<[u8; 32]>,
    lasting: bool,
}

impl Key {
    /// Reads the text form; white space around it is ignored.
    ///
    /// # Errors
    /// `Usage` if it is no key made by `keygen`, is damaged, or is weak. The message quotes nothing.
    pub fn parse(text: &str) -> Result<Self> {
        let rest = text.trim().strip_prefix(FORM).and_then(|rest| rest.strip_prefix(':'));
        let Some((label, code)) = rest.and_then(|rest| rest.split_once(':')) else {
            return Err(refused("the key is not one that `standin keygen` made (passphrases are refused)"));
        };
        check_label(label)?;
        let mut all = Zeroizing::new([0; 32 + CHECK]);
        if BASE32_NOPAD.decode_len(code.len()).ok() != Some(all.len()) {
            return Err(refused("the key has not its 56 characters after the label: it was cut or changed"));
        }
        let upper = Zeroizing::new(code.to_ascii_uppercase());
        let lower = !code.bytes().any(|b| b.is_ascii_uppercase());
        if !lower || BASE32_NOPAD.decode_mut(upper.as_bytes(), all.as_mut_slice()).is_err() {
            return Err(refused("the key has a character that no key has: it was changed"));
        }
        let (bytes, check) = all.split_at(32);
        let mut key = Self { label: label.to_owned(), bytes: Zeroizing::new([0; 32]), lasting: true };
        key.bytes.copy_from_slice(bytes);
        if key.checksum().as_slice() != check {
            return Err(refused("the checksum of the key does not match: it was changed, or its label was"));
        }
        key.refuse_weak()?;
        Ok(key)
    }

    /// Makes a lasting key of the system's randomness.
    ///
    /// # Errors
    /// `Usage` for a label that is not allowed; `Io` if the system gives no randomness.
    pub fn generate(label: &str) -> Result<Self> {
        check_label(label)?;
        let mut key = Self { label: label.to_owned(), bytes: Zeroizing::new([0; 32]), lasting: true };
        SysRng
            .try_fill_bytes(key.bytes.as_mut_slice())
            .map_err(|_| Error::new(ErrorKind::Io, "the operating system gave no random bytes"))?;
        key.refuse_weak()?;
        Ok(key)
    }

    /// Makes the key of a run that was given none: random, without a label, never shown.
    ///
    /// # Errors
    /// `Io` if the system gives no randomness.
    pub fn random() -> Result<Self> {
        let mut key = Self::generate("random")?;
        key.label.clear();
        key.lasting = false;
        Ok(key)
    }

    /// Returns the text form, without a line end.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<String> {
        let mut all = Zeroizing::new([0; 32 + CHECK]);
        let (bytes, check) = all.split_at_mut(32);
        bytes.copy_from_slice(self.bytes.as_slice());
        check.copy_from_slice(&self.checksum());
        let mut code = Zeroizing::new(BASE32_NOPAD.encode(all.as_slice()));
        code.make_ascii_lowercase();
        Zeroizing::new(format!("{FORM}:{}:{}", self.label, code.as_str()))
    }

    /// Makes the key of generated data from the number that the user chose: it hides nothing, and must be the same each time.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        let bytes = Zeroizing::new(sha256(&[b"standin/1/generate", &seed.to_be_bytes()]));
        Self { label: "seed".to_owned(), bytes, lasting: false }
    }

    /// Returns the label; empty for a key that is not kept.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Returns whether the key was given, so that other runs can join; a lasting key needs a domain.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        self.lasting
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    fn checksum(&self) -> [u8; CHECK] {
        let label = self.label.as_bytes();
        let mut digest = sha256(&[FORM.as_bytes(), &length(label), label, self.bytes.as_slice()]);
        let check = digest.first_chunk::<CHECK>().copied().unwrap_or_default();
        digest.zeroize();
        check
    }

    fn refuse_weak(&self) -> Result<()> {
        let mut seen = [false; 256];
        for byte in self.bytes.iter() {
            if let Some(slot) = seen.get_mut(usize::from(*byte)) {
                *slot = true;
            }
        }
        if seen.iter().filter(|s| **s).count() < DISTINCT_MIN {
            return Err(refused("the key is weak: its bytes repeat"));
        }
        if self.bytes.iter().all(|b| b.is_ascii_graphic() || *b == b' ') {
            return Err(refused("the key is weak: its bytes are text (passphrases are refused)"));
        }
        Ok(())
    }

    /// The key of tests and examples: bytes 00, 01, .. 1f.
    #[cfg(test)]
    pub(crate) fn test() -> Self {
        let mut bytes = [0; 32];
        (0_u8..).zip(&mut bytes).for_each(|(n, byte)| *byte = n);
        Self { label: "test".to_owned(), bytes: Zeroizing::new(bytes), lasting: true }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

fn refused(what: &'static str) -> Error {
    Error::usage(what).hint("make a key with `standin keygen LABEL -o FILE` and keep the file as it is")
}

fn check_label(label: &str) -> Result<()> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if label.is_empty() || label.len() > LABEL_MAX || !label.bytes().all(allowed) {
        return Err(Error::usage("the label of a key is 1 to 64 letters, digits, `.`, `_` or `-`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(bytes: [u8; 32]) -> Zeroizing<String> {
        Key { label: "test".to_owned(), bytes: Zeroizing::new(bytes), lasting: true }.encode()
    }

    #[test]
    fn text_form_goes_round() {
        let key = Key::generate("prod-2026.a_b").unwrap();
        let text = key.encode();
        let again = Key::parse(&format!("{}\n", text.as_str())).unwrap();
        assert_eq!(again.bytes(), key.bytes());
        assert_eq!(again.label(), "prod-2026.a_b");
        assert!(again.is_lasting());
        assert_eq!(text.len(), FORM.len() + 2 + 13 + 56);
    }

    #[test]
    fn two_keys_differ_and_a_random_one_is_not_lasting() {
        let (a, b) = (Key::random().unwrap(), Key::random().unwrap());
        assert_ne!(a.bytes(), b.bytes());
        assert!(!a.is_lasting());
        assert_eq!(a.label(), "");
    }

    #[test]
    fn any_changed_character_is_refused() {
        let text = Key::test().encode();
        for at in 0..text.len() {
            let mut changed = text.as_bytes().to_vec();
            changed[at] = if changed[at] == b'b' { b'c' } else { b'b' };
            let changed = String::from_utf8(changed).unwrap();
            let error = Key::parse(&changed).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage);
            assert!(!error.to_string().contains(&changed[20..]));
        }
    }

    #[test]
    fn nasty_24_no_weak_key_and_no_passphrase() {
        for weak in ["", "hunter2", "correct horse battery staple", "standin-key-1:", "standin-key-1:a:b"] {
            assert_eq!(Key::parse(weak).unwrap_err().kind(), ErrorKind::Usage, "{weak}");
        }
        assert!(Key::parse(&with([0; 32])).is_err());
        assert!(Key::parse(&with([0xff; 32])).is_err());
        assert!(Key::parse(&with(*b"0123456789abcdef0123456789abcdef")).is_err());
        assert!(Key::parse(&with(*b"correct horse battery staple, ok")).is_err());
        assert!(Key::parse(&with(*Key::test().bytes())).is_ok());
    }

    #[test]
    fn labels_are_checked() {
        for label in ["", "a b", "a:b", "\u{e9}", &"x".repeat(65)] {
            assert!(Key::generate(label).is_err());
        }
    }

    #[test]
    fn debug_is_silent() {
        assert_eq!(format!("{:?}", Key::test()), "Secret(***)");
    }
}
