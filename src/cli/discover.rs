//! `standin discover INPUT`: finds the identifying columns and writes a profile to begin with, brings one up to date, or
//! tells machines what was found. Never writes over a profile that it was not asked to bring up to date; shows no value.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::args::{DiscoverArgs, DiscoverForm};
use super::exit::Exit;
use super::inputs::{self, Input, Opened};
use super::progress::Progress;
use super::{new_file, profile, say};
use crate::discover::decide::{Decision, Decisions, TableDecision, decide};
use crate::discover::run::{Discovered, Discovery};
use crate::discover::update;
use crate::discover::walk::Options;
use crate::discover::write::{json, yaml};
use crate::error::{Error, Result};
use crate::format::ArchiveOptions;
use crate::message;
use crate::pipeline::Stop;

/// Runs the verb.
///
/// # Errors
/// An input that cannot be read or has no table; an output that exists; a profile that cannot be brought up to date.
pub(super) fn run(args: &DiscoverArgs) -> Result<Exit> {
    let found = discover(args)?;
    if found.findings.tables.is_empty() {
        return Err(Error::input("the input has no table")
            .hint("give a whole dump, or its schema (`pg_dump --schema-only`) with `--names-only`"));
    }
    if found.doubtful_names && !args.names_are_names {
        let what = "the names of columns stand among the rows here (the first line, or keys), may be data, and a profile \
                    shows them";
        return Err(Error::input(what)
            .hint("look at them: if they are names, add `--names-are-names`; if not, `--columns a,b,c`"));
    }
    let decisions = decide(&found.findings, &found.facts);
    if let Some(path) = &args.update {
        return bring_up_to_date(args, path, &found, &decisions);
    }
    let text = match args.form {
        DiscoverForm::Json => json::report(&found.findings),
        DiscoverForm::Yaml => yaml::profile(&found.findings, &decisions)?,
    };
    match &args.output {
        None => say::out(&text)?,
        Some(path) => {
            new_file::write(path, &text, "a profile is never written over: `--update FILE` adds to it")?;
        }
    }
    summary(args, &decisions);
    Ok(Exit::Done)
}

/// Reads all inputs, each once.
fn discover(args: &DiscoverArgs) -> Result<Discovered> {
    let stop = Stop::default();
    let mut discovery = Discovery::default();
    for input in inputs::list(&args.input)? {
        let input = Input { ahead: true, ..input };
        let read = Arc::new(AtomicU64::new(0));
        let progress = Progress::start("looking", input.size(), &read, args.quiet);
        let walked = walk(args, &input, &read, &stop, &mut discovery);
        progress.stop();
        walked.map_err(|e| e.at(|at| at.source = Some(input.name.clone())))?;
    }
    Ok(discovery.finish())
}

fn walk(
    args: &DiscoverArgs,
    input: &Input,
    read: &Arc<AtomicU64>,
    stop: &Stop,
    discovery: &mut Discovery,
) -> Result<()> {
    if args.names_only {
        discovery.by_names(input.facts(&args.input, read, stop, true)?);
        return Ok(());
    }
    let Opened { source, reader, .. } = input.open(&args.input, read, None, ArchiveOptions::default())?;
    discovery.by_values(reader, source, Options { sample: args.sample }, stop)
}

/// Adds to a profile what it lacks, in its place; with `-o` the result goes there.
fn bring_up_to_date(
    args: &DiscoverArgs,
    path: &Path,
    found: &Discovered,
    decisions: &Decisions,
) -> Result<Exit> {
    let text = profile::text(path)?;
    let name = path.display().to_string();
    let mut load = profile::loader(path);
    let updated = update::update(&text, &name, &found.findings, decisions, &found.facts, &mut load)?;
    let added = updated.lines().count().saturating_sub(text.lines().count());
    match &args.output {
        Some(output) => new_file::write(output, &updated, "name a file that is not there yet")?,
        None if updated == text => {}
        None => new_file::replace(path, &updated)?,
    }
    if !args.quiet {
        say::note(&match added {
            0 => "nothing is new".into(),
            added => message!("{} lines added; settle what is `undecided` in them", added),
        });
    }
    Ok(Exit::Done)
}

/// Says how much was decided, and what comes next.
fn summary(args: &DiscoverArgs, decisions: &Decisions) {
    if args.quiet {
        return;
    }
    let (mut masked, mut kept, mut undecided) = (0_usize, 0_usize, 0_usize);
    for table in &decisions.tables {
        let TableDecision::Columns(columns) = table else { continue };
        for column in columns {
            match column.decision() {
                Decision::Undecided => undecided += 1,
                Decision::Keep(_) => kept += 1,
                _ => masked += 1,
            }
        }
    }
    say::note(&message!(
        "{} tables: {} columns masked, {} kept as no person's, {} undecided",
        decisions.tables.len(),
        masked,
        kept,
        undecided
    ));
    if args.form == DiscoverForm::Yaml {
        let next = "next: settle what is `undecided`; then `standin check INPUT -p PROFILE --accept`";
        say::note(&next.into());
    }
}
