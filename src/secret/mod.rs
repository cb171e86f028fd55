//! Keys, and what is derived from them: schedule 1 of DESIGN 5. The only folder that sees key bytes.
//!
//! - `key`: the key of a run and its text form;
//! - `schedule`: root, uses, key id and domain id;
//! - `mac`: HMAC-SHA-256 over stored states, the only keyed function of the program besides the permutations;
//! - `sealer`: what lies on disk for a while is sealed with a key of its own.
//!
//! Refuses passphrases, weak and malformed keys; never prints one: `Debug` of everything here is silent, and what
//! holds key material overwrites it on drop.

mod key;
mod mac;
mod passwords;
mod schedule;
mod sealer;

pub use key::Key;
pub use mac::{Batch, Mac, Message, lanes};
pub use passwords::Passwords;
pub use schedule::{Purpose, Schedule};
pub use sealer::Sealer;
