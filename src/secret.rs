//! Keys, and what is derived from them: schedule 1 of DESIGN 5. The only file that sees key bytes.
//!
//! Refuses passphrases, weak and malformed keys; never prints one: `Debug` of everything here is silent.

use crate::error::Result;

/// The key of a run: 32 random bytes and the label that its file gives it.
pub struct Key {
    label: String,
    bytes: [u8; 32],
}

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

/// An HMAC-SHA-256 whose key block is hashed already: cheap to clone and to use per value.
#[derive(Clone)]
pub struct Mac {
    inner: [u32; 8],
    outer: [u32; 8],
}

/// The derivations of one key and domain.
pub struct Schedule {
    root: Mac,
}
