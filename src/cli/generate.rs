//! `standin generate --schema S`: reads a schema, decides who fills each column, and writes rows. Says what it made and what
//! it does not honour; never holds a row of the schema's source.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::args::{GenerateArgs, InputArgs};
use super::exit::Exit;
use super::inputs::{self, Opened};
use super::{say, signals};
use crate::discover::run::Discovery;
use crate::error::{Error, Name, Result};
use crate::format::emit::{EMITS, Emit, emit};
use crate::format::{ArchiveOptions, Out};
use crate::message;
use crate::pipeline::{
    Destination, FileDestination, FolderDestination, StdoutDestination, Stop, ThroughDestination,
};
use crate::row::shape::{Facts, ForeignKey, TableName};
use crate::synth::counts::Counts;
use crate::synth::keys::{self, Options};
use crate::synth::model::Model;
use crate::synth::run::{Report, Run};
use crate::synth::schema::Hints;
use crate::synth::script::{self, Schema};
use crate::synth::seed::Seed;
use crate::vocabulary;

/// Runs the verb.
///
/// # Errors
/// A schema that cannot be read, constraints that cannot be met; the system's.
pub(super) fn run(args: &GenerateArgs) -> Result<Exit> {
    let stop = Arc::new(Stop::default());
    signals::note(&stop)?;
    let (schema, dialect) = read(args, &stop)?;
    if schema.facts.tables().is_empty() {
        return Err(
            Error::input("the schema defines no table").hint("give CREATE TABLE statements, or a dump")
        );
    }
    let emit = choose(args, dialect)?;
    let locale = vocabulary::locale(&args.locale).ok_or_else(|| {
        let names: Vec<&str> = vocabulary::LOCALES.iter().map(|locale| locale.name).collect();
        Error::usage(message!("there is no locale `{}`", Name::new(args.locale.as_str())))
            .hint(message!("known are {}", Name::new(names.join(", "))))
    })?;
    let options = Options {
        seed: Seed::new(args.seed),
        counts: Counts { tables: args.counts.clone(), rows: args.rows },
        locale: locale.name,
        edges: 0,
        now: 0,
    };
    let model = keys::build(&schema.facts, &hints(&schema.facts), &options)?;
    for what in &model.unmet {
        say::note(what);
    }
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
    let script = match emit.dialect() {
        Some(_) if only.is_none() => emit.script(&schema.text)?,
        _ => Default::default(),
    };
    let written = Arc::new(AtomicU64::new(0));
    let threads = args
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
    if !script.triggers.is_empty() {
        let names: Vec<&str> = script.triggers.iter().map(String::as_str).collect();
        say::note(&message!("triggers have not run over the rows: {}", Name::new(names.join(", "))));
    }
    let run = Run { model: &model, emit, script: &script, only, threads, stop: &stop, written: &written };
    let report = match emit.extension() {
        Some(extension) if run.only.is_none() => files(run, extension, args.output.as_deref())?,
        _ => crate::synth::run::run(&run, destination(args.output.as_deref())?)?,
    };
    if !args.quiet {
        summary(&model, &report);
    }
    Ok(Exit::Done)
}

/// Writes a file a table into a folder, which appears when all are whole.
fn files(mut run: Run<'_>, extension: &'static str, output: Option<&Path>) -> Result<Report> {
    let Some(path) = output else {
        return Err(Error::usage(message!(
            "{} has a file a table: name a folder for them",
            Name::new(run.emit.name())
        ))
        .hint("`-o demo`, or one table alone: `--only customers`"));
    };
    let failed = |e: std::io::Error| {
        let error = Error::io("make the folder", &e).at(|at| at.source = Some(say::path(path)));
        match e.kind() {
            std::io::ErrorKind::AlreadyExists => error.hint("name a folder that is not there, or is empty"),
            _ => error,
        }
    };
    let folder = FolderDestination::create(path).map_err(failed)?;
    let folder = Arc::new(Mutex::new(folder));
    let mut whole = Report::default();
    for at in 0..run.model.tables.len() {
        let Some(table) = run.model.tables.get(at) else { continue };
        let name = file_name(&table.name, extension);
        lock(&folder).member(&name).map_err(failed)?;
        run.only = Some((at, None));
        let report = crate::synth::run::run(&run, Box::new(Member(Arc::clone(&folder))))?;
        whole.rows.extend(report.rows);
        whole.again.extend(report.again);
        whole.bytes += report.bytes;
    }
    if let Some(folder) = Arc::into_inner(folder) {
        let folder = folder.into_inner().unwrap_or_else(PoisonError::into_inner);
        Box::new(folder).finish().map_err(failed)?;
    }
    Ok(whole)
}

/// Returns the name of a table's file: that of the table, its schema in front where it is not the default one. What
/// cannot stand in a file's name is written as `%` and its digits.
fn file_name(table: &TableName, extension: &str) -> String {
    let whole = match table.own_schema() {
        Some(schema) => format!("{schema}.{}", table.table),
        None => table.table.clone(),
    };
    let mut name = String::new();
    for (at, c) in whole.chars().enumerate() {
        if c == '/' || c == '%' || c == '\\' || c.is_control() || (at == 0 && c == '.') {
            name.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            name.push(c);
        }
    }
    format!("{name}.{extension}")
}

fn lock(folder: &Mutex<FolderDestination>) -> MutexGuard<'_, FolderDestination> {
    folder.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file of the folder: it is whole when the folder is.
struct Member(Arc<Mutex<FolderDestination>>);

impl Write for Member {
    #[expect(clippy::disallowed_methods, reason = "implements Write itself; callers use write_all")]
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        lock(&self.0).write(buf)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        lock(&self.0).flush()
    }
}

impl Out for Member {}

impl Destination for Member {
    fn finish(self: Box<Self>) -> std::io::Result<()> {
        Ok(())
    }
}

/// Reads the schema; returns also the name of its format.
fn read(args: &GenerateArgs, stop: &Stop) -> Result<(Schema, &'static str)> {
    let input_args = InputArgs {
        inputs: vec![args.schema.clone()],
        allow_databases: true,
        max_row: 1 << 30,
        format: args.input_format.clone(),
        table: None,
        columns: None,
        delimiter: None,
        quote: None,
    };
    let inputs = inputs::list(&input_args)?;
    let input = inputs.first().ok_or_else(|| Error::bug("an input without a name"))?;
    let read = Arc::new(AtomicU64::new(0));
    let Opened { source, reader, format, .. } =
        input.open(&input_args, &read, None, ArchiveOptions::default())?;
    let schema =
        script::read(reader, source, stop).map_err(|e| e.at(|at| at.source = Some(input.name.clone())))?;
    Ok((schema, format))
}

/// What to do with an archive: its table of contents says what tables there are, but it is no script.
const OF_ARCHIVE: &str = "an archive gives rows alone (`--format csv`); for SQL write its statements first: \
    `pg_restore --schema-only --file=schema.sql ARCHIVE`";

/// Chooses what is written: what the command line says, else the words of the schema.
fn choose(args: &GenerateArgs, dialect: &'static str) -> Result<&'static dyn Emit> {
    let names = || EMITS.iter().map(|emit| emit.name()).collect::<Vec<_>>().join(", ");
    let Some(name) = &args.form else {
        let found = EMITS.iter().copied().find(|emit| emit.dialect() == Some(dialect));
        return found.ok_or_else(|| {
            let error =
                Error::usage(message!("say what to write: `--format` with one of {}", Name::new(names())));
            if dialect == "archive" { error.hint(OF_ARCHIVE) } else { error }
        });
    };
    let chosen = emit(name).ok_or_else(|| {
        Error::usage(message!("there is no format `{}`", Name::new(name.as_str())))
            .hint(message!("known are {}", Name::new(names())))
    })?;
    match chosen.dialect() {
        Some(words) if words != dialect => {
            let error = Error::usage(message!(
                "`--format {}` needs a schema in the words of {}, this one is in those of {}",
                chosen.name(),
                words,
                dialect
            ));
            Err(match dialect {
                "archive" => error.hint(OF_ARCHIVE),
                _ => error.hint("rows alone can be written of any schema: `--format csv`"),
            })
        }
        _ => Ok(chosen),
    }
}

/// Returns what discovery makes of the names.
fn hints(facts: &Facts) -> Hints {
    let mut discovery = Discovery::default();
    discovery.by_names(facts);
    let found = discovery.finish().findings;
    let mut hints = Hints::default();
    for table in &found.tables {
        for column in &table.columns {
            if let Some(class) = column.class {
                hints.meanings.push((table.name.clone(), column.name.clone(), class.about().word));
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
        hints.joins.push((join.from, key));
    }
    hints
}

fn destination(path: Option<&Path>) -> Result<Box<dyn Destination>> {
    let failed = |e: std::io::Error| Error::io("open the output", &e);
    Ok(match path.map(PathBuf::from) {
        None => Box::new(StdoutDestination::new()),
        Some(path) => match ThroughDestination::open(&path).map_err(failed)? {
            Some(through) => Box::new(through),
            None => Box::new(FileDestination::create(&path).map_err(failed)?),
        },
    })
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
