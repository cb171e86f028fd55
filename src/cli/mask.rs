//! `standin mask`: the main job. Checks everything that can be known before the first byte is written, then runs one
//! job an input, then says what was done.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use super::args::MaskArgs;
use super::exit::Exit;
use super::inputs::{self, Input, Opened};
use super::keys::{self, Keys};
use super::outputs::Outputs;
use super::progress::Progress;
use super::summary::Summary;
use super::{check, passwords, profile, say, signals};
use crate::error::{Error, Result};
use crate::message;
use crate::pipeline::{Destination, Job, NullDestination, Pass, Report, Stop, run as run_job};
use crate::profile::model::{Problem, Severity};
use crate::profile::plan::{MapMemory, Plan};
use crate::row::shape::Facts;

/// Runs the verb.
///
/// # Errors
/// Of every kind; see DESIGN 8.
pub(super) fn run(args: &MaskArgs) -> Result<Exit> {
    let started = Instant::now();
    let profile = profile::read(&args.common.profile)?;
    let Keys { schedule, label } = keys::find(args.common.key_file.as_deref(), &profile.policy)?;
    let passwords = passwords::read(&profile, true)?;
    let lock = profile::lock(&args.common.profile, args.common.locked)?;
    let inputs = inputs::list(&args.common)?;
    if let Some(path) = &args.summary {
        let files: Vec<_> = inputs.iter().filter_map(|input| input.path.clone()).collect();
        super::outputs::refuse_input(path, &files)?;
        if args.output.as_ref().is_some_and(|output| output == path) {
            return Err(Error::usage("the summary is the output").hint("write it to another file"));
        }
    }
    let pending = Arc::default();
    let outputs = Outputs::new(args, &inputs, threads(args), &pending)?;
    let stop = Arc::new(Stop::default());
    signals::watch(&stop, &pending)?;
    let mut summary =
        Summary::new(&schedule, &profile, label.as_ref(), outputs.label(), args.common.allow_unlisted_keep);
    keys::note(label.as_ref(), args.quiet);
    let options = args.common.plan_options();
    let memory = MapMemory { limit: args.map_memory, folder: outputs.temporary() };
    let plan = Plan::new(profile, schedule, options)
        .with_lock(lock)
        .with_passwords(passwords)
        .with_map_memory(memory);
    let outcome =
        Run { args, plan: &plan, inputs: &inputs, outputs: &outputs, stop: &stop }.all(&mut summary);
    summary.elapsed(started.elapsed());
    summary.end(outcome.as_ref().err());
    if outcome.is_err() {
        outputs.discard();
    }
    let written = args.summary.as_ref().map_or(Ok(()), |path| summary.write(path));
    // Why the run failed matters more than that its summary could not be written.
    outcome?;
    written?;
    if !args.quiet {
        say::line(summary.text().trim_end());
    }
    Ok(Exit::Done)
}

struct Run<'r> {
    args: &'r MaskArgs,
    plan: &'r Plan,
    inputs: &'r [Input],
    outputs: &'r Outputs,
    stop: &'r Stop,
}

impl Run<'_> {
    fn all(&self, summary: &mut Summary) -> Result<()> {
        let known = self.facts()?;
        let first = self.first()?;
        if let Some((file, facts)) = &first {
            self.learn(file, facts.as_ref())?;
        }
        for (input, known) in self.inputs.iter().zip(&known) {
            if first.is_none() {
                self.learn(input, known.as_ref())?;
            }
            let report = self.one(input, known.as_ref())?;
            summary.add(&input.name, &report);
            if let Some(error) = report.error {
                say::problems(&self.plan.profile().files, &report.problems);
                return Err(error);
            }
        }
        self.outputs.finish()
    }

    /// Learns the schema of every file, and stops on what does not fit before anything is written.
    fn facts(&self) -> Result<Vec<Option<Facts>>> {
        let common = &self.args.common;
        let schema = match &common.schema {
            Some(path) => Some(check::schema_file(path, common, self.stop)?),
            None => None,
        };
        // Nothing that a file says later can contradict a plan that changes nothing.
        let needed = !self.plan.is_all_keep();
        let mut known = Vec::new();
        let mut problems =
            schema.as_ref().map_or_else(Vec::new, |schema| check::against(self.plan, schema, false, |_| {}));
        for input in self.inputs {
            let asked = schema.is_none() && needed && input.is_file();
            if asked || input.learns_from_rows(common)? {
                let (facts, found) = self.facts_of(input)?;
                problems.extend(found);
                known.push(Some(facts));
            } else if let Some(schema) = &schema {
                known.push(Some(schema.clone()));
            } else {
                known.push(None);
            }
        }
        if schema.is_none() {
            check::missing(self.plan, &known, self.inputs, &mut problems);
        }
        self.stop_on(&problems)?;
        Ok(known)
    }

    /// Reads the schema of a file. Where rows were skipped and something does not fit, the file is read whole before
    /// that is believed.
    fn facts_of(&self, input: &Input) -> Result<(Facts, Vec<Problem>)> {
        let read = Arc::new(AtomicU64::new(0));
        let progress = Progress::start("reading the schema", input.size(), &read, self.args.quiet);
        let mut skip = true;
        let outcome = loop {
            let known = match input.facts(&self.args.common, &read, self.stop, skip) {
                Ok(found) => found,
                Err(e) => break Err(e),
            };
            let complete = known.whole && self.inputs.len() == 1;
            let mut problems = check::against(self.plan, &known.facts, complete, |_| {});
            problems.extend(self.plan.undecided_objects(&known.objects));
            if !known.skipped || !problems.iter().any(|p| p.severity == Severity::Error) {
                break Ok((known.facts, problems));
            }
            skip = false;
        };
        progress.stop();
        outcome
    }

    /// Shows the problems and stops if one of them must.
    fn stop_on(&self, problems: &[Problem]) -> Result<()> {
        say::problems(&self.plan.profile().files, problems);
        match problems.iter().filter(|p| p.severity == Severity::Error).count() {
            0 => Ok(()),
            n => Err(Error::input(message!(
                "profile and schema do not fit: {} problems; nothing was written",
                n
            ))
            .hint("`standin check` shows the same without a run")),
        }
    }

    /// Returns the file that is read before all others for what rules ask of other rows, where one is named.
    fn first(&self) -> Result<Option<(Input, Option<Facts>)>> {
        let (plan, files) = (self.plan, self.inputs.iter().all(Input::is_file));
        if plan.shuffles() && !files {
            return Err(Error::usage("`shuffle` reads its input twice, and a pipe can be read once")
                .hint("write the dump to a file and name that; or let values change places within a window of rows, `shuffle: {window: 1000}`"));
        }
        let Some(path) = &self.args.subjects else {
            if files || !(plan.resolves() || plan.looks_up()) {
                return Ok(None);
            }
            return Err(Error::usage("`resolve:` and `lookups:` read their tables first, and a pipe can be read once")
                .hint("name a file that holds those tables with `--subjects FILE`; a lookup may say its `values:` in the profile"));
        };
        if plan.shuffles() {
            return Err(Error::usage(
                "`shuffle` reads the very input that it masks, not that of `--subjects`",
            )
            .hint("leave `--subjects` out: files are read twice anyway"));
        }
        let input = Input { path: Some(path.clone()), name: say::path(path), ahead: false };
        if !input.is_file() {
            return Err(Error::usage(message!("{} is no file", input.name)).hint("`--subjects` names a file"));
        }
        let read = Arc::new(AtomicU64::new(0));
        let found = input.facts(&self.args.common, &read, self.stop, false)?;
        self.stop_on(&self.plan.unread(&found.facts))?;
        Ok(Some((input, Some(found.facts))))
    }

    /// Reads an input for what rules ask of other rows: lookups, then shuffled values and subjects.
    fn learn(&self, input: &Input, known: Option<&Facts>) -> Result<()> {
        self.plan.gathered().clear();
        self.plan.learned().clear();
        if self.plan.looks_up() {
            self.first_pass(Pass::Lookups, "reading lookups", input, known)?;
            self.plan.learned().seal_lookups();
        }
        if self.plan.gathers() {
            let doing = if self.plan.shuffles() { "gathering what is shuffled" } else { "reading subjects" };
            self.first_pass(Pass::Values, doing, input, known)?;
            self.plan.gathered().seal();
            self.plan.learned().seal_subjects()?;
        }
        Ok(())
    }

    /// Reads an input without writing anything.
    fn first_pass(
        &self,
        pass: Pass,
        doing: &'static str,
        input: &Input,
        known: Option<&Facts>,
    ) -> Result<()> {
        let read = Arc::new(AtomicU64::new(0));
        let opened = input.open(&self.args.common, &read, known, self.outputs.archive())?;
        let job = self.job(input, opened, Box::new(NullDestination), known);
        let job = Job { judged: true, guard: false, pass, ..job };
        let report = self.follow(doing, input, &read, job);
        if let Some(error) = report.error {
            say::problems(&self.plan.profile().files, &report.problems);
            return Err(error);
        }
        Ok(())
    }

    fn one(&self, input: &Input, known: Option<&Facts>) -> Result<Report> {
        let read = Arc::new(AtomicU64::new(0));
        let opened = input.open(&self.args.common, &read, known, self.outputs.archive())?;
        if self.args.guard && opened.archive.is_some() {
            return Err(Error::usage("--guard is for SQL text; an archive is no stream of statements")
                .hint("restore it with `pg_restore --single-transaction`"));
        }
        let destination = self.outputs.open(Some(input), opened.compression, opened.archive)?;
        Ok(self.follow("masking", input, &read, self.job(input, opened, destination, known)))
    }

    /// Makes the job that masks an input.
    fn job<'j>(
        &'j self,
        input: &Input,
        opened: Opened,
        destination: Box<dyn Destination>,
        known: Option<&'j Facts>,
    ) -> Job<'j> {
        Job {
            plan: self.plan,
            reader: opened.reader,
            source: opened.source,
            source_name: input.name.clone(),
            destination,
            known,
            judged: known.is_some() && self.args.common.schema.is_none(),
            threads: self.threads(),
            guard: self.args.guard,
            pass: Pass::Write,
            stop: self.stop,
        }
    }

    /// Runs a job to its end, and shows how far it is.
    fn follow(&self, doing: &'static str, input: &Input, read: &Arc<AtomicU64>, job: Job<'_>) -> Report {
        let progress = Progress::start(doing, input.size(), read, self.args.quiet);
        let report = run_job(job);
        progress.stop();
        report
    }

    /// Copying needs no help: where nothing is masked one thread is fastest.
    fn threads(&self) -> usize {
        if self.args.threads.is_none() && self.plan.is_all_keep() { 1 } else { threads(self.args) }
    }
}

/// Returns how many threads the command line allows.
fn threads(args: &MaskArgs) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    args.threads.map_or_else(cores, usize::from)
}
