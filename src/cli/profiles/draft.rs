//! `standin profiles draft INPUT`: a profile to begin with. Never writes over a file: a profile is somebody's work.

use std::sync::Arc;

use crate::cli::args::DraftArgs;
use crate::cli::exit::Exit;
use crate::cli::{inputs, new_file, say};
use crate::error::{Error, Result};
use crate::pipeline::Stop;
use crate::profile::draft::draft;
use crate::row::shape::Facts;

/// Runs the verb.
///
/// # Errors
/// An input that cannot be read or has no table; an output that exists.
pub(super) fn run(args: &DraftArgs) -> Result<Exit> {
    let stop = Stop::default();
    let mut facts = Facts::default();
    for input in inputs::list(&args.input)? {
        let known = input.facts(&args.input, &Arc::default(), &stop, true)?;
        for table in known.facts.tables() {
            if !table.trusted_names && !args.names_are_names {
                return Err(Error::input("the first line of this file may be data, and a draft shows it")
                    .hint("look at it: if it holds names, add `--names-are-names`; if not, `--columns a,b,c`")
                    .at(|at| at.source = Some(input.name.clone())));
            }
            facts.add(table.clone());
        }
    }
    let text = draft(&facts).ok_or_else(|| {
        Error::input("the input has no table")
            .hint("give a dump with the schema: `pg_dump --schema-only`, or a whole one")
    })?;
    match &args.output {
        None => say::out(&text)?,
        Some(path) => new_file::write(path, &text, "a profile is never written over: give another name")?,
    }
    Ok(Exit::Done)
}
