//! Seals what must lie on disk for a while: blocks, each under its own number, with a random key that lives as long as
//! the run and is written nowhere. Refuses to open a block that was changed, or that stood under another number.

use std::fmt;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Result};

/// Seals and opens blocks: ChaCha20-Poly1305.
///
/// **Source**: RFC 8439; the nonce is the number of the block, so no number may be sealed twice.
pub struct Sealer {
    cipher: ChaCha20Poly1305,
}

impl Sealer {
    /// Makes one with a key of the system's randomness.
    ///
    /// # Errors
    /// `Io` if the system gives no randomness.
    pub fn new() -> Result<Self> {
        let mut key = Zeroizing::new([0; 32]);
        SysRng
            .try_fill_bytes(key.as_mut_slice())
            .map_err(|_| Error::new(ErrorKind::Io, "the system gives no randomness for a key"))?;
        Ok(Self { cipher: ChaCha20Poly1305::new(&Key::from(*key)) })
    }

    fn nonce(number: u64) -> Nonce {
        let mut nonce = [0; 12];
        if let Some(place) = nonce.last_chunk_mut() {
            *place = number.to_be_bytes();
        }
        Nonce::from(nonce)
    }

    /// Seals a block in place; it grows by 16 bytes.
    ///
    /// # Errors
    /// It is longer than a block may be (256 GiB).
    pub fn seal(&self, number: u64, block: &mut Vec<u8>) -> Result<()> {
        self.cipher
            .encrypt_in_place(&Self::nonce(number), b"", block)
            .map_err(|_| Error::bug("a block that is too long to be sealed"))
    }

    /// Opens a sealed block in place.
    ///
    /// # Errors
    /// `Io` if it is not as it was sealed under this number.
    pub fn open(&self, number: u64, block: &mut Vec<u8>) -> Result<()> {
        self.cipher.decrypt_in_place(&Self::nonce(number), b"", block).map_err(|_| {
            Error::new(ErrorKind::Io, "a temporary file is not as it was written")
                .hint("the disk is damaged, or somebody wrote to it")
        })
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_opens_under_its_own_number_and_unchanged_only() {
        let sealer = Sealer::new().unwrap();
        let mut block = b"subject".to_vec();
        sealer.seal(7, &mut block).unwrap();
        assert_eq!(block.len(), 7 + 16);
        assert!(!block.windows(7).any(|window| window == b"subject"));
        assert_eq!(sealer.open(8, &mut block.clone()).unwrap_err().kind(), ErrorKind::Io);
        for place in 0..block.len() {
            let mut changed = block.clone();
            changed[place] ^= 1;
            assert!(sealer.open(7, &mut changed).is_err());
        }
        assert!(sealer.open(7, &mut block[..10].to_vec()).is_err());
        assert!(Sealer::new().unwrap().open(7, &mut block.clone()).is_err(), "another run's key");
        sealer.open(7, &mut block).unwrap();
        assert_eq!(block, b"subject");
    }
}
