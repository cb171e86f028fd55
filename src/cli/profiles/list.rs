//! `standin profiles list`: the packs that come with the program, and what can be done with them.

use std::fmt::Write;

use super::page;
use crate::cli::exit::Exit;
use crate::cli::say;
use crate::error::Result;
use crate::profile::packs::{EXAMPLES, PACKS, Pack};
use crate::profile::parameters;

/// What a reader needs next.
const NEXT: &str = "\
`extends: [NAME]` in a profile takes a pack over: its rules are the weakest, those of the profile count before them.
`extends: [{pack: NAME, with: {prefix: shop_}}]` sets a pack's parameters.
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
            page::row(&mut text, one.name, &said(one));
        }
    }
    text.push('\n');
    for line in NEXT.lines() {
        page::wrap(&mut text, "", line);
    }
    say::out(&text)?;
    Ok(Exit::Done)
}

/// What a pack is for, which product and version it knows, and what can be set.
fn said(pack: &Pack) -> String {
    let mut said = pack.summary.to_owned();
    if let Some(system) = &pack.system {
        // What was read stands at the head of the text: `profiles show`.
        let _ = write!(said, "; {} {}", system.product, system.version);
    }
    let parameters = parameters::defaults(pack.text);
    for (number, (name, value)) in parameters.iter().enumerate() {
        let _ = write!(said, "{} {name} ({value})", if number == 0 { "; parameters:" } else { "," });
    }
    said
}
