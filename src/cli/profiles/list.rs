//! `standin profiles list`: the packs that come with the program, and what can be done with them.

use std::fmt::Write;

use super::page;
use crate::cli::exit::Exit;
use crate::cli::say;
use crate::error::Result;
use crate::profile::packs::{EXAMPLES, PACKS};

/// What a reader needs next.
const NEXT: &str = "\
`extends: [NAME]` in a profile takes a pack over: its rules are the weakest, those of the profile count before them.
`standin profiles show NAME` prints the text of either; `standin profiles draft SCHEMA` writes a profile to begin with.
";

/// Runs the verb.
///
/// # Errors
/// The system's.
pub(super) fn run() -> Result<Exit> {
    let mut text = String::new();
    for (kind, texts) in [("Packs", PACKS), ("Examples", EXAMPLES)] {
        let _ = writeln!(text, "{kind}:");
        for one in texts {
            page::row(&mut text, one.name, one.summary);
        }
    }
    text.push('\n');
    for line in NEXT.lines() {
        page::wrap(&mut text, "", line);
    }
    say::out(&text)?;
    Ok(Exit::Done)
}
