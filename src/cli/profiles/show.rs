//! `standin profiles show NAME`: the text of a pack or example, to read or to copy from.

use crate::cli::args::ShowArgs;
use crate::cli::exit::Exit;
use crate::cli::say;
use crate::error::{Error, Name, Result};
use crate::message;
use crate::profile::packs::{EXAMPLES, PACKS};

/// Runs the verb.
///
/// # Errors
/// A name that is no pack.
pub(super) fn run(args: &ShowArgs) -> Result<Exit> {
    let found = PACKS.iter().chain(EXAMPLES).find(|text| text.name == args.name).ok_or_else(|| {
        Error::usage(message!("no pack or example is called `{}`", Name::new(args.name.as_str())))
            .hint("`standin profiles list` lists them")
    })?;
    say::out(found.text)?;
    Ok(Exit::Done)
}
