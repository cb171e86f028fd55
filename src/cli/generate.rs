//! `standin generate --schema S`: reads a schema, decides who fills each column, and writes rows. Says what it made and what
//! it does not honour; never holds a row of the schema's source.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::args::{ArchiveForm, GenerateArgs, InputArgs};
use super::exit::Exit;
use super::inputs::{self, Opened};
use super::progress::Progress;
use super::{outputs, profile, say, signals, tables_folder};
use crate::discover::run::Discovery;
use crate::error::{Error, Message, Name, Result};
use crate::format::emit::{EMITS, Emit, Filled, Script, emit, of_schema};
use crate::format::{ArchiveOptions, Blank, Form, InputOptions};
use crate::message;
use crate::pipeline::{Known, Stop};
use crate::profile::plan::{Plan, PlanOptions};
use crate::row::shape::{Facts, ForeignKey};
use crate::secret::{Key, Schedule};
use crate::synth::content::edges::Edges;
use crate::synth::counts::Counts;
use crate::synth::keys::{self, Options};
use crate::synth::maker;
use crate::synth::model::Model;
use crate::synth::ruled::{self, Ruled};
use crate::synth::run::{Report, Run};
use crate::synth::schema::{self, Hints, Planned};
use crate::synth::script::{self, Schema};
use crate::synth::seed::Seed;
use crate::synth::verify::{self, Broken, Verified};
use crate::vocabulary;

/// The earliest moment that `now()` may mean in a schema, whenever its rows are loaded: no clock is read. 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// Runs the verb.
///
/// # Errors
/// A schema that cannot be read, constraints that cannot be met; the system's.
pub(super) fn run(args: &GenerateArgs) -> Result<Exit> {
    let stop = Arc::new(Stop::default());
    signals::note(&stop)?;
    let Read { schema, dialect, blank } = read(args, &stop)?;
    if schema.facts.tables().is_empty() {
        return Err(
            Error::input("the schema defines no table").hint("give CREATE TABLE statements, or a dump")
        );
    }
    let Chosen { emit, form } = choose(args, dialect, blank.as_ref())?;
    let locale = vocabulary::locale(&args.locale).ok_or_else(|| {
        let names: Vec<&str> = vocabulary::LOCALES.iter().map(|locale| locale.name).collect();
        Error::usage(message!("there is no locale `{}`", Name::new(args.locale.as_str())))
            .hint(message!("known are {}", Name::new(names.join(", "))))
    })?;
    let tables = schema::plan(&schema.facts, &hints(&schema.facts))?;
    let ruled = rules(args, &schema.facts, &tables)?;
    let profile = ruled.iter().map(|rules| rules.count.clone()).collect();
    let options = Options {
        seed: Seed::new(args.seed),
        counts: Counts { tables: args.counts.clone(), rows: args.rows, profile },
        locale: locale.name,
        // A day that is the same for everybody: the clock decides nothing.
        now: NOW,
        edges: args.edges.map(|share| Edges { share }),
    };
    let model = keys::build(&tables, &ruled, &options)?;
    for what in ruled::left_open(&ruled).iter().filter(|_| !args.quiet) {
        say::note(what);
    }
    unread(args, &model)?;
    maker::try_out(&model)?;
    let only = match &args.only {
        None => None,
        Some(name) => {
            let at = model.find(name).ok_or_else(|| {
                Error::usage(message!(
                    "--only names `{}`, which no table of the schema is called",
                    Name::new(name.as_str())
                ))
            })?;
            Some((at, args.range.map(|(from, to)| from..to)))
        }
    };
    let inputs: Vec<PathBuf> = args.profile.iter().chain([&args.schema]).cloned().collect();
    let script = script_of(&schema, dialect, emit.dialect().is_some() && only.is_none())?;
    not_honoured(&script);
    let written = Arc::new(AtomicU64::new(0));
    let threads = args
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
    let run = Run { model: &model, emit, script: &script, only, threads, stop: &stop, written: &written };
    let output = args.output.as_deref();
    // Rows on the same terminal are progress enough.
    let quiet = args.quiet || output.is_none() && std::io::stdout().is_terminal();
    let progress = Progress::rows("making", run.rows(), &written, quiet);
    let report = match (emit.extension(), blank.as_ref().zip(form)) {
        (Some(extension), _) if run.only.is_none() => tables_folder::write(run, extension, output),
        (_, Some((blank, form))) => {
            let archive = blank.fill(&filled(&model), form)?;
            outputs::of_one(output, &inputs, Some(form), threads)
                .and_then(|opened| crate::synth::run::archive(&run, archive, opened))
        }
        _ => outputs::of_one(output, &inputs, None, threads)
            .and_then(|opened| crate::synth::run::run(&run, opened)),
    };
    progress.stop();
    let report = report?;
    if !args.quiet {
        summary(&model, &report);
        odd(&model, &report, args.range);
    }
    match args.output.as_deref().filter(|_| args.verify) {
        Some(output) => hold(args, output, &schema.facts, options.now, &stop),
        None => Ok(Exit::Done),
    }
}

/// Reads what was written and holds it to the schema.
fn hold(args: &GenerateArgs, output: &Path, facts: &Facts, now: i64, stop: &Stop) -> Result<Exit> {
    let input_args = InputArgs { inputs: vec![output.to_owned()], ..input_args(args) };
    let mut verified = Verified::default();
    for input in inputs::list(&input_args)? {
        let Opened { source, reader, .. } =
            input.open(&input_args, &Arc::default(), Some(facts), ArchiveOptions::default())?;
        verified = verify::verify(facts, now, reader, source, stop)
            .map_err(|e| e.at(|at| at.source = Some(input.name.clone())))?;
    }
    for Broken { what, rows } in &verified.broken {
        say::note(&message!("{} does not hold: {} rows", what, *rows));
    }
    if !args.quiet {
        say::note(&message!(
            "verified: {} rows, {} keys, {} constraints broken, {} CHECKs not read",
            verified.rows,
            verified.keys,
            verified.broken.len(),
            verified.unread
        ));
    }
    Ok(if verified.broken.is_empty() { Exit::Done } else { Exit::Finding })
}

/// Stops at constraints that could not be read, unless rows may break them.
fn unread(args: &GenerateArgs, model: &Model) -> Result<()> {
    let Some(first) = model.unread.first() else { return Ok(()) };
    if args.allow_unchecked {
        for what in &model.unread {
            say::note(&message!("not understood, so rows may break it: {}", what.clone()));
        }
        return Ok(());
    }
    let more = model.unread.len() - 1;
    let others = if more == 0 { message!("") } else { message!(", and {} more", more) };
    Err(Error::input(message!("not understood, so rows could break it: {}{}", first.clone(), others))
        .hint("leave the constraint out of the schema, or go on with `--allow-unchecked`"))
}

/// Cuts the schema where rows go. Where no statement is `written`, what it says of itself is all, and none needs to be
/// understood.
fn script_of(schema: &Schema, dialect: &str, written: bool) -> Result<Script> {
    let script = of_schema(dialect).map(|words| words.script(&schema.text)).transpose();
    if written {
        return Ok(script?.unwrap_or_default());
    }
    let Script { triggers, rules, .. } = script.ok().flatten().unwrap_or_default();
    Ok(Script { triggers, rules, ..Script::default() })
}

/// Names what a schema does with rows that are not made so.
fn not_honoured(script: &Script) {
    for (what, names) in [("triggers", &script.triggers), ("rules", &script.rules)] {
        if !names.is_empty() {
            let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
            let more = if names.len() > shown.len() { ", ..." } else { "" };
            say::note(&message!(
                "{} not honoured: {}; rows are made as if they did nothing ({}{})",
                Message::from(what),
                names.len(),
                Name::new(shown.join(", ")),
                Message::from(more)
            ));
        }
    }
}

/// Says how inputs are read.
fn input_args(args: &GenerateArgs) -> InputArgs {
    InputArgs {
        inputs: vec![args.schema.clone()],
        allow_databases: true,
        max_row: 1 << 30,
        format: None,
        table: None,
        columns: None,
        delimiter: None,
        quote: None,
        by_hand: true,
    }
}

/// Reads the profile and binds it to the tables.
fn rules(args: &GenerateArgs, facts: &Facts, tables: &[Planned]) -> Result<Vec<Ruled>> {
    let Some(path) = &args.profile else { return Ok(Vec::new()) };
    let profile = profile::read(path)?;
    // No stand-in of anybody is made: the keys need not be secret, and nothing joins with what a key has masked.
    let schedule = Schedule::new(&Key::of_seed(args.seed), "generate");
    let options = PlanOptions { allow_unlisted_keep: true, ..PlanOptions::default() };
    let plan = Plan::new(profile, schedule, options);
    ruled::bind(&plan, facts, tables).map_err(|problems| {
        say::problems(&plan.profile().files, &problems);
        Error::input(message!("profile and schema do not fit: {} problems", problems.len()))
    })
}

/// A schema as it was read.
struct Read {
    schema: Schema,
    /// The format in whose words it is.
    dialect: &'static str,
    /// The archive that it is the table of contents of.
    blank: Option<Blank>,
}

/// Reads the schema.
fn read(args: &GenerateArgs, stop: &Stop) -> Result<Read> {
    let input_args = InputArgs { format: args.input_format.clone(), ..input_args(args) };
    let inputs = inputs::list(&input_args)?;
    let input = inputs.first().ok_or_else(|| Error::bug("an input without a name"))?;
    let read = Arc::new(AtomicU64::new(0));
    let Opened { mut source, reader, format, archive, .. } =
        input.open(&input_args, &read, None, ArchiveOptions::default())?;
    let named = |e: Error| e.at(|at| at.source = Some(input.name.clone()));
    if archive.is_none() {
        let schema = script::read(reader, source, stop).map_err(named)?;
        return Ok(Read { schema, dialect: format, blank: None });
    }
    let options = InputOptions { max_row: input_args.max_row, ..InputOptions::default() };
    let (blank, facts, text) = Blank::read(source.as_mut(), &options).map_err(named)?;
    let schema = Schema { facts, text };
    // Its statements are those of a plain dump.
    Ok(Read { schema, dialect: "pg_dump", blank: Some(blank) })
}

/// What is written.
struct Chosen {
    emit: &'static dyn Emit,
    /// In which form of an archive; `None` = in none.
    form: Option<Form>,
}

/// Chooses what is written: what the command line says, else what the schema is.
fn choose(args: &GenerateArgs, dialect: &'static str, blank: Option<&Blank>) -> Result<Chosen> {
    let names = || {
        let forms: Vec<_> =
            ArchiveForm::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
        let forms = forms.iter().map(PossibleValue::get_name);
        EMITS.iter().map(|emit| emit.name()).chain(forms).collect::<Vec<_>>().join(", ")
    };
    let Some(name) = &args.form else {
        let found = EMITS.iter().copied().find(|emit| emit.dialect() == Some(dialect));
        let emit = found.ok_or_else(|| {
            Error::usage(message!("say what to write: `--format` with one of {}", Name::new(names())))
        })?;
        return Ok(Chosen { emit, form: blank.filter(|_| args.only.is_none()).map(Blank::form) });
    };
    if let Ok(form) = ArchiveForm::from_str(name, false) {
        return match (of_schema(dialect), blank) {
            (Some(emit), Some(_)) if args.only.is_none() => Ok(Chosen { emit, form: Some(form.form()) }),
            (_, Some(_)) => Err(Error::usage("one table alone makes no archive")
                .hint("leave out `--only`, or write its rows: `--format csv`")),
            _ => Err(Error::usage("an archive is made of another: this schema is none")
                .hint("give a schema from `pg_dump --schema-only --format=custom`")),
        };
    }
    let chosen = emit(name).ok_or_else(|| {
        Error::usage(message!("there is no format `{}`", Name::new(name.as_str())))
            .hint(message!("known are {}", Name::new(names())))
    })?;
    match chosen.dialect() {
        Some(words) if words != dialect => Err(Error::usage(message!(
            "`--format {}` needs a schema in the words of {}, this one is in those of {}",
            chosen.name(),
            words,
            dialect
        ))
        .hint("rows alone can be written of any schema: `--format csv`")),
        _ => Ok(Chosen { emit: chosen, form: None }),
    }
}

/// Returns the tables that get rows.
fn filled(model: &Model) -> Vec<Filled<'_>> {
    let tables = model.tables.iter().enumerate().filter(|(_, table)| table.rows > 0);
    tables
        .map(|(at, table)| Filled { at, shape: &table.shape, counters: table.counters().collect() })
        .collect()
}

/// Returns what discovery makes of the names.
fn hints(facts: &Facts) -> Hints {
    let mut discovery = Discovery::default();
    discovery.by_names(Known {
        facts: facts.clone(),
        skipped: false,
        whole: true,
        objects: Default::default(),
    });
    let found = discovery.finish().findings;
    let mut hints = Hints::default();
    for table in &found.tables {
        for column in &table.columns {
            if let Some(class) = column.class {
                let meanings = hints.meanings.entry(table.name.clone()).or_default();
                meanings.insert(column.name.clone(), class.about().word);
            }
        }
    }
    for join in found.joins {
        let key = ForeignKey {
            name: String::new(),
            columns: join.columns,
            target: join.to,
            target_columns: join.target,
        };
        hints.joins.entry(join.from).or_default().push(key);
    }
    hints
}

/// Says how many rows hold edge data.
fn odd(model: &Model, report: &Report, range: Option<(u64, u64)>) {
    let from = range.map_or(0, |(from, _)| from);
    let found = report.rows.iter().filter_map(|(at, rows)| {
        let odd = model.tables.get(*at)?.odd?;
        Some(odd.count(from..from.saturating_add(*rows)))
    });
    let counts: Vec<u64> = found.collect();
    if !counts.is_empty() {
        let rows: u64 = counts.iter().sum();
        say::note(&message!("{} rows of {} tables hold edge data", rows, counts.len()));
    }
}

/// Says what was made.
fn summary(model: &Model, report: &Report) {
    let rows: u64 = report.rows.iter().map(|(_, rows)| rows).sum();
    say::note(&message!("{} tables, {} rows, seed {}", report.rows.len(), rows, model.seed.number()));
    for (table, again) in &report.again {
        if let Some(table) = model.tables.get(*table) {
            say::note(&message!(
                "{}: {} of {} rows were drawn again to hold its CHECKs",
                table.name,
                *again,
                table.rows
            ));
        }
    }
}
