//! `standin profiles`: the verbs about profiles themselves, one a file.

mod draft;
mod explain;
mod list;
mod page;
mod schema;
mod show;

use super::args::ProfilesVerb;
use super::exit::Exit;
use crate::error::Result;

/// Runs the verb.
///
/// # Errors
/// Those of the verb.
pub(super) fn run(verb: &ProfilesVerb) -> Result<Exit> {
    match verb {
        ProfilesVerb::List => list::run(),
        ProfilesVerb::Show(args) => show::run(args),
        ProfilesVerb::Draft(args) => draft::run(args),
        ProfilesVerb::Schema => schema::run(),
        ProfilesVerb::Explain(args) => explain::run(args),
    }
}
