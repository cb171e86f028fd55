//! `standin profiles schema`: the JSON Schema of a profile, for editors.

use crate::cli::exit::Exit;
use crate::cli::say;
use crate::error::Result;
use crate::profile::json_schema;

/// Runs the verb.
///
/// # Errors
/// The system's.
pub(super) fn run() -> Result<Exit> {
    say::out(&json_schema())?;
    Ok(Exit::Done)
}
