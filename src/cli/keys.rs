//! Where the key comes from: a file, the variable STANDIN_KEY, or the system's randomness for this run only.
//!
//! Refuses two keys, a lasting key without a domain (copies of two purposes could be linked), and a key with another
//! label than the profile asks for. Never shows a key.

use std::path::Path;

use zeroize::Zeroizing;

use super::say;
use crate::error::{Error, Name, Result};
use crate::message;
use crate::profile::model::Policy;
use crate::secret::{Key, Schedule};

/// The variable that may hold a key.
const VARIABLE: &str = "STANDIN_KEY";

/// The keys of this run, and what the summary says of them.
pub(super) struct Keys {
    /// The derivations.
    pub schedule: Schedule,
    /// The key's label; `None` for a random key.
    pub label: Option<Name>,
}

/// Finds the key.
///
/// # Errors
/// `ErrorKind::Usage`; nothing was read of any input.
pub(super) fn find(file: Option<&Path>, policy: &Policy) -> Result<Keys> {
    let variable = std::env::var_os(VARIABLE).filter(|v| !v.is_empty());
    let text = match (file, variable) {
        (Some(_), Some(_)) => {
            return Err(
                Error::usage("two keys: `--key-file` and the variable STANDIN_KEY").hint("give one of them")
            );
        }
        (Some(path), None) => Some(Zeroizing::new(std::fs::read_to_string(path).map_err(|e| {
            let e = Error::io("read the key file", &e);
            Error::usage(e.what().clone())
                .at(|at| at.source = Some(say::path(path)))
                .hint("make one with `standin keygen LABEL -o FILE`")
        })?)),
        (None, Some(value)) => Some(Zeroizing::new(
            value.into_string().map_err(|_| Error::usage("the variable STANDIN_KEY is no key text"))?,
        )),
        (None, None) => None,
    };
    let key = match &text {
        Some(text) => Key::parse(text.trim_end_matches(['\r', '\n']))?,
        None => Key::random()?,
    };
    let domain = check(&key, policy)?;
    let label = key.is_lasting().then(|| Name::new(key.label()));
    Ok(Keys { schedule: Schedule::new(&key, domain), label })
}

fn check<'p>(key: &Key, policy: &'p Policy) -> Result<&'p str> {
    let domain = policy.domain.as_deref();
    if key.is_lasting() && domain.is_none() {
        return Err(Error::usage(
            "a lasting key needs a domain: else copies for two purposes could be linked",
        )
        .hint("add `domain: training-2026`, or another name, under `policy:` in the profile"));
    }
    match &policy.key {
        Some(wanted) if !key.is_lasting() => Err(Error::usage(message!(
            "the profile asks for the key `{}`, and no key was given",
            Name::new(wanted.as_str())
        ))
        .hint("give it with --key-file or STANDIN_KEY")),
        Some(wanted) if wanted != key.label() => Err(Error::usage(message!(
            "the profile asks for the key `{}`, this one is `{}`",
            Name::new(wanted.as_str()),
            Name::new(key.label())
        ))
        .hint("give the key of that label, or change `key:` under `policy:`")),
        _ => Ok(domain.unwrap_or_default()),
    }
}

/// Says once that a random key joins with nothing else.
pub(super) fn note(label: Option<&Name>, quiet: bool) {
    if label.is_none() && !quiet {
        say::note(
            &"no key given: a random one for this run, not kept; no other run will join with this output"
                .into(),
        );
    }
}
