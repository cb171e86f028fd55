//! Reads a profile's text from disk and shows all its problems at once.

use std::path::Path;

use super::say;
use crate::error::{Error, Name, Result};
use crate::message;
use crate::profile::model::Profile;
use crate::profile::syntax;

/// Reads and checks a profile; its warnings are shown.
///
/// # Errors
/// `ErrorKind::Usage`, after all problems were shown.
pub(super) fn read(path: &Path) -> Result<Profile> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|e| {
        let e = Error::io("read the profile", &e);
        Error::usage(e.what().clone()).at(|at| at.source = Some(say::path(path)))
    })?;
    match syntax::read(&name, &text) {
        Ok(read) => {
            say::problems(&read.profile.files, &read.warnings);
            Ok(read.profile)
        }
        Err(refused) => {
            say::problems(&refused.files, &refused.problems);
            Err(Error::usage(message!(
                "`{}` cannot be used; no input was read",
                Name::new(path.display().to_string())
            )))
        }
    }
}
