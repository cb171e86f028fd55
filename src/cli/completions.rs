//! `standin completions SHELL`.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs};
use super::exit::Exit;
use super::say;
use crate::error::Result;

/// Runs the verb.
///
/// # Errors
/// The system's.
pub(super) fn run(args: &CompletionsArgs) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "standin", &mut script);
    say::out(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
