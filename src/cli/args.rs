//! The arguments of every verb, with their help. Nothing is done here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::found::Form;
use crate::discover::walk::SAMPLE;
use crate::format::{COMPRESSIONS, Packing};
use crate::mask::decimal::Decimal;
use crate::profile::plan::PlanOptions;

/// Copies of production databases in which every identifier is replaced: test and training data, fail closed.
#[derive(Debug, Parser)]
#[command(name = "standin", version, about, max_term_width = 100, arg_required_else_help = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Mask(MaskArgs),
    Check(CheckArgs),
    Discover(DiscoverArgs),
    Generate(GenerateArgs),
    Preview(PreviewArgs),
    Keygen(KeygenArgs),
    Techniques(TechniquesArgs),
    Profiles(ProfilesArgs),
    Completions(CompletionsArgs),
}

/// Replaces what identifies people in a dump or CSV, as a profile says
///
/// Reads standard input and writes standard output unless told otherwise. What the profile does not decide stops the
/// run: nothing passes because nobody thought of it. On failure the exit code is not 0, no file appears under its
/// final name, and an SQL stream ends in text that makes psql fail.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  set -o pipefail; pg_dump shop | standin mask -p shop.yaml | psql staging
  standin mask dump.sql -p shop.yaml -o training.sql
  standin mask customers.csv orders.csv -p shop.yaml -o training/
  standin mask dump.sql.gz -p shop.yaml -o training.sql.zst
  standin mask shop.dump -p shop.yaml -o training.dump
  standin mask shop.dump -p shop.yaml -o training/ --format directory
  standin mask dump.sql -p shop.yaml --dry-run

Exit codes: 0 done, 2 usage, profile or key, 3 the input does not fit, 4 reading or writing failed, 5 our fault,
128+n stopped by signal n.")]
pub(super) struct MaskArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Where to write: a file, or a folder for several inputs; appears only when whole [default: standard output]
    #[arg(short, long, value_name = "OUTPUT")]
    pub output: Option<PathBuf>,
    /// Compress the output: gzip, zstd, lz4, xz, bzip2, with a level if wanted (`zstd:10`), or none
    ///
    /// [default: a file given with -o is compressed as its name says (.gz .zst .lz4 .xz .bz2), and not if it has another
    /// extension; anything else is compressed the way the input was]. gzip and zstd are written by all threads. zstd above
    /// level 3 and xz need more memory. Of a pg_dump archive it is the data inside that is compressed: gzip, zstd, lz4 or
    /// none [default: the way the archive was].
    #[arg(long, value_name = "NAME[:N]", value_parser = compress)]
    pub compress: Option<Compress>,
    /// Write a pg_dump archive in another form than it was read
    #[arg(long = "format", id = "form", value_name = "FORM", value_enum)]
    pub form: Option<ArchiveForm>,
    /// Read this file first for what rules ask of other rows (`resolve:`, `lookups:`); a pipe needs it
    #[arg(long, value_name = "FILE")]
    pub subjects: Option<PathBuf>,
    /// How much memory the maps of `resolve:` may take, in bytes (K, M, G); what is more goes to sealed temporary files
    ///
    /// Ten million identifiers take about 400M. The files lie in the folder of the output, without an output file in TMPDIR;
    /// they need twice the room that the maps would need in memory, and slow the run down. The result is the same.
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = map_memory)]
    pub map_memory: usize,
    /// Do everything but write
    #[arg(long, conflicts_with = "output")]
    pub dry_run: bool,
    /// Wrap an SQL stream in BEGIN and COMMIT, so that even a killed run leaves nothing behind
    ///
    /// Not with `psql -1`, which does the same.
    #[arg(long)]
    pub guard: bool,
    /// Also write the summary as JSON, on failure too
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Print no summary and no progress
    #[arg(short, long)]
    pub quiet: bool,
    /// Worker threads [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// What a run needs, whatever is done with its inputs.
#[derive(Debug, Args)]
pub(super) struct CommonArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// The profile: which tables and columns, and what becomes of them
    #[arg(short, long, value_name = "FILE")]
    pub profile: PathBuf,
    /// File with a lasting key (see `standin keygen`); else STANDIN_KEY, else a random key for this run only
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// A schema-only dump that tells keys before the first row (`pg_dump --schema-only`)
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
    /// Keep tables and columns that the profile does not name: unsafe, shown in the summary
    #[arg(long, conflicts_with = "locked")]
    pub allow_unlisted_keep: bool,
    /// Hold the run to the lock (`shop.lock` beside `shop.yaml`): a column that is not in it as it is now stops it
    #[arg(long)]
    pub locked: bool,
    /// What `now()` means in conditions: `2026-01-31` or `2026-01-31T12:00:00Z` [default: the start of the run]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub now: Option<i64>,
}

impl std::ops::Deref for CommonArgs {
    type Target = InputArgs;

    fn deref(&self) -> &InputArgs {
        &self.input
    }
}

/// What reading an input needs.
#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Dumps or CSV files; `-` is standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Let the dump name databases itself (USE, CREATE DATABASE, \connect): it will load into those, wherever it is sent
    #[arg(long)]
    pub allow_databases: bool,
    /// Longest row or statement, in bytes (K, M, G)
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    pub max_row: usize,
    /// Format of the inputs [default: recognised from content]
    #[arg(long = "input-format", value_name = "NAME")]
    pub format: Option<String>,
    /// CSV: name of the table [default: the file's stem]
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
    /// CSV: the column names of a file without header, comma-separated
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,
    /// CSV: the delimiter, one character or `tab` [default: recognised]
    #[arg(long, value_name = "CHAR", value_parser = one_byte)]
    pub delimiter: Option<u8>,
    /// CSV: the quote character
    #[arg(long, value_name = "CHAR", value_parser = one_byte)]
    pub quote: Option<u8>,
    /// Whether only definitions are wanted, which may have been written by hand.
    #[arg(skip)]
    pub by_hand: bool,
}

impl CommonArgs {
    /// Returns the choices that a plan depends on.
    pub(super) fn plan_options(&self) -> PlanOptions {
        PlanOptions {
            brief: false,
            allow_unlisted_keep: self.allow_unlisted_keep,
            locked: self.locked,
            accept: false,
            now: self.now.unwrap_or_else(|| jiff::Timestamp::now().as_second()),
        }
    }
}

/// Says everything that would stop or weaken a run, all at once, and writes nothing
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  standin check dump.sql -p shop.yaml
  pg_dump --schema-only shop | standin check -p shop.yaml
  standin check dump.sql -p shop.yaml --accept

  standin check schema.sql -p shop.yaml --locked --format sarif > shop.sarif

Exit codes: 0 nothing found, 1 something found, 2 usage or profile, 3 the input cannot be read.")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// How to tell what was found
    #[arg(long = "format", id = "form", value_name = "FORM", value_enum, default_value_t = Form::Text)]
    pub form: Form,
    /// Write the lock: what is done with every column, for people to read and commit
    #[arg(long, conflicts_with_all = ["locked", "allow_unlisted_keep"])]
    pub accept: bool,
}

/// Finds the identifying columns and writes a whole profile to begin with
///
/// Reads the input once, looks at a sample of its rows, and decides for every column what it is sure of; the rest is
/// `undecided`, which stops `mask` until somebody settles it. Shows counts, shares and classes, never a value.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  standin discover dump.sql -o shop.yaml
  pg_dump --schema-only shop | standin discover --names-only -o shop.yaml
  pg_dump shop | standin discover --update shop.yaml
  standin discover dump.sql --format json > shop.json

Then: settle what is `undecided`, `standin check dump.sql -p shop.yaml --accept`, `standin mask dump.sql -p shop.yaml`.

Exit codes: 0 done, 2 usage or profile, 3 the input cannot be read, 4 reading or writing failed.")]
pub(super) struct DiscoverArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Write the profile to a new file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Look at names, types and keys alone: no row is read
    #[arg(long, conflicts_with = "sample")]
    pub names_only: bool,
    /// Look at so many rows of each table
    #[arg(long, value_name = "N", default_value_t = SAMPLE, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub sample: u64,
    /// Add to this profile what it lacks, as `undecided`, and change nothing else in it
    #[arg(long, value_name = "FILE", conflicts_with = "form")]
    pub update: Option<PathBuf>,
    /// What to write
    #[arg(long = "format", id = "form", value_name = "FORM", value_enum, default_value_t = DiscoverForm::Yaml)]
    pub form: DiscoverForm,
    /// CSV, TSV, JSON Lines: what the first line or the keys say are names, and no data
    #[arg(long)]
    pub names_are_names: bool,
    /// Print no summary and no progress
    #[arg(short, long)]
    pub quiet: bool,
}

/// What `discover` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiscoverForm {
    /// A profile.
    Yaml,
    /// What was found, column by column.
    Json,
}

/// Makes a database that never held a person: rows for a schema, of any number
///
/// Every key, unique constraint and CHECK holds. What stands in a column follows from its name, type and constraints. The same
/// schema, seed and counts give the same bytes; any table and any range of its rows can be made alone.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  standin generate --schema shop.sql --count customers=10000 | psql demo
  pg_dump --schema-only shop | standin generate --schema - -o demo.sql
  standin generate --schema shop.sql --only orders --range 1000000..2000000 --format csv -o orders.csv
  standin generate --schema shop.dump -o demo.dump && pg_restore -d demo demo.dump

Exit codes: 0 done, 2 usage, 3 a constraint that cannot be met, 4 reading or writing failed.")]
pub(super) struct GenerateArgs {
    /// The schema: a dump or an archive (their rows are ignored), or CREATE statements; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub schema: PathBuf,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "OUTPUT")]
    pub output: Option<PathBuf>,
    /// What tables hold and how many rows they get (`count:`), where names and types shall not decide
    #[arg(short, long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// How many rows a table gets; the others follow from their keys
    #[arg(long = "count", value_name = "TABLE=N", value_parser = count)]
    pub counts: Vec<(String, u64)>,
    /// How many rows tables get that belong to no other and of which nothing is said
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub rows: u64,
    /// The number that decides all values
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// What to write: pg_dump, inserts, mysql, sqlite, csv, tsv, jsonl; of an archive custom, directory, tar [default: what
    /// the schema is]
    #[arg(long = "format", id = "form", value_name = "NAME")]
    pub form: Option<String>,
    /// This table alone, without what stands around it
    #[arg(long, value_name = "TABLE")]
    pub only: Option<String>,
    /// These rows of it alone, from 0; the end is not one of them
    #[arg(long, value_name = "A..B", requires = "only", value_parser = range)]
    pub range: Option<(u64, u64)>,
    /// Read what was written and hold every row to all constraints; about 40 bytes of memory a key and row
    #[arg(long, requires = "output", conflicts_with = "only")]
    pub verify: bool,
    /// How many rows hold what finds faults: longest, empty and odd texts, ends of types, leap days, runs of NULL
    #[arg(long, value_name = "SHARE%", value_parser = share)]
    pub edges: Option<u32>,
    /// Language and country of names, addresses and numbers
    #[arg(long, value_name = "NAME", default_value = "nl_NL")]
    pub locale: String,
    /// Make rows though a constraint is not understood, so that they may break it
    #[arg(long)]
    pub allow_unchecked: bool,
    /// Format of the schema [default: recognised from content]
    #[arg(long = "input-format", value_name = "NAME")]
    pub input_format: Option<String>,
    /// Print no summary and no progress
    #[arg(short, long)]
    pub quiet: bool,
    /// Worker threads [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

fn count(text: &str) -> Result<(String, u64), String> {
    let split = text.rsplit_once('=').and_then(|(table, rows)| Some((table, rows.parse().ok()?)));
    let (table, rows) = split.ok_or_else(|| "a table and a number, such as customers=10000".to_owned())?;
    Ok((table.to_owned(), rows))
}

/// Reads a share, in parts of a million.
fn share(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('%').and_then(|text| Decimal::parse(text.as_bytes())?.exact_at(4));
    let share = number.and_then(|units| u32::try_from(units).ok()).filter(|share| *share <= 1_000_000);
    share.ok_or_else(|| "a share of all rows, such as 1% or 0.5%".to_owned())
}

fn range(text: &str) -> Result<(u64, u64), String> {
    let split = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    split.filter(|(from, to)| from <= to).ok_or_else(|| "two numbers, such as 0..1000".to_owned())
}

/// Shows a few rows of one table side by side, before and after, and writes nothing
///
/// The values before are invented, so that nobody need see data to judge a profile; the way from before to after is that of
/// `mask`. Without a key a random one is used: the values after are of this run only.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  standin preview dump.sql -p shop.yaml -t customers
  pg_dump --schema-only shop | standin preview -p shop.yaml -t customers
  standin preview dump.sql -p shop.yaml -t customers --rows 20 --show-values

Exit codes: 0 done, 2 usage, profile or key, 3 the input does not fit, 4 reading or writing failed.",
    mut_arg("table", |arg| arg.short('t').help("The table; of a CSV it is the name that the table gets")))]
pub(super) struct PreviewArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// How many rows
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub rows: u16,
    /// Take the first rows of the input itself: real values, on a terminal only
    #[arg(long)]
    pub show_values: bool,
    /// Let real values go where stdout goes, though it is no terminal
    #[arg(long, requires = "show_values")]
    pub force: bool,
    /// How to show it
    #[arg(long = "format", id = "form", value_name = "FORM", value_enum, default_value_t = PreviewForm::Text)]
    pub form: PreviewForm,
    /// Width of a line [default: the terminal's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub width: Option<u16>,
}

/// Makes a lasting key, so that stand-ins of later runs join with those of this one
///
/// Whoever holds the key can link stand-ins to people: keep it where the production data is, never with the copies.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  standin keygen training-2026 -o training.key
  STANDIN_KEY=\"$(standin keygen once)\" standin mask dump.sql -p shop.yaml -o copy.sql")]
pub(super) struct KeygenArgs {
    /// Name of the key: stands in the key's text, and in `policy: key:`
    #[arg(value_name = "LABEL")]
    pub label: String,
    /// Write it to a new file that only you can read [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Lists what can be done with a column, or explains one technique
#[derive(Debug, Args)]
pub(super) struct TechniquesArgs {
    /// One technique
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// Lists, shows, explains and drafts profiles
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(super) struct ProfilesArgs {
    #[command(subcommand)]
    pub verb: ProfilesVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum ProfilesVerb {
    /// Lists the packs and examples that come with the program
    List,
    Show(ShowArgs),
    Explain(Box<ExplainArgs>),
    Draft(DraftArgs),
    /// Prints the JSON Schema of a profile, for editors: `# yaml-language-server: $schema=FILE`
    Schema,
}

/// Prints the text of a pack or example
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Which one
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Says which rule decides a column, why no other does, and what it does
///
/// Without INPUT only what the profile says of this very column can be told; with it, or with a schema-only dump, also
/// what patterns, packs and defaults do, and how it fits the type.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  standin profiles explain customers.email -p shop.yaml schema.sql
  standin profiles explain archive.customers.email -p shop.yaml --schema schema.sql")]
pub(super) struct ExplainArgs {
    /// The column: TABLE.COLUMN or SCHEMA.TABLE.COLUMN; a name that holds a dot goes in double quotes
    #[arg(value_name = "TABLE.COLUMN")]
    pub column: String,
    #[command(flatten)]
    pub input: InputArgs,
    /// The profile
    #[arg(short, long, value_name = "FILE")]
    pub profile: PathBuf,
    /// A schema-only dump, instead of INPUT (`pg_dump --schema-only`)
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    pub schema: Option<PathBuf>,
}

/// Writes a profile to begin with: every table and column of a schema, keys joined, all else undecided
///
/// Reads names, types and keys, and no value: a schema-only dump is enough.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pg_dump --schema-only shop | standin profiles draft -o shop.yaml
  standin profiles draft customers.csv orders.csv")]
pub(super) struct DraftArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// CSV, TSV, JSON Lines: what the first line or the keys say are names, and no data
    #[arg(long)]
    pub names_are_names: bool,
    /// Write it to a new file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Prints the completion script of a shell
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// How a preview is shown.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PreviewForm {
    /// For people: one block a row
    Text,
}

/// A form of pg_dump's archives.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ArchiveForm {
    /// One file (pg_dump -Fc)
    Custom,
    /// A folder, a file for each table (pg_dump -Fd)
    Directory,
    /// A tar file (pg_dump -Ft)
    Tar,
}

impl ArchiveForm {
    /// Returns it as the library calls it.
    pub(super) fn form(self) -> crate::format::Form {
        match self {
            Self::Custom => crate::format::Form::Custom,
            Self::Directory => crate::format::Form::Directory,
            Self::Tar => crate::format::Form::Tar,
        }
    }
}

/// What `--compress` says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Compress {
    /// Not at all.
    Plain,
    /// So.
    With(Packing),
}

fn compress(text: &str) -> Result<Compress, String> {
    if text == "none" {
        return Ok(Compress::Plain);
    }
    let (name, level) = text.split_once(':').map_or((text, None), |(name, level)| (name, Some(level)));
    let Some(compression) = COMPRESSIONS.iter().copied().find(|c| c.name() == name) else {
        let names: Vec<&str> = COMPRESSIONS.iter().map(|c| c.name()).collect();
        return Err(format!("none or one of {}, with a level if wanted: gzip:9", names.join(", ")));
    };
    let Some(level) = level else {
        return Ok(Compress::With(Packing { compression, level: compression.default_level() }));
    };
    let levels = compression.levels();
    match level.parse() {
        Ok(level) if levels.contains(&level) => Ok(Compress::With(Packing { compression, level })),
        _ if levels.start() == levels.end() => Err(format!("{name} has no levels")),
        _ => Err(format!("the levels of {name} are {} to {}", levels.start(), levels.end())),
    }
}

fn size(text: &str) -> Result<usize, String> {
    let bytes = bytes(text).filter(|n| (1..=2 << 30).contains(n));
    bytes.ok_or_else(|| "a size from 1 to 2G, such as 64M".to_owned())
}

fn map_memory(text: &str) -> Result<usize, String> {
    let bytes = bytes(text).filter(|n| *n >= 1 << 20);
    bytes.ok_or_else(|| "a size from 1M, such as 256M".to_owned())
}

fn bytes(text: &str) -> Option<usize> {
    let (digits, unit) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1 << 10),
        None => match text.strip_suffix(['m', 'M']) {
            Some(digits) => (digits, 1 << 20),
            None => text.strip_suffix(['g', 'G']).map_or((text, 1), |digits| (digits, 1 << 30)),
        },
    };
    digits.parse::<usize>().ok().and_then(|n| n.checked_mul(unit))
}

fn moment(text: &str) -> Result<i64, String> {
    let time = text.parse::<jiff::Timestamp>().or_else(|_| format!("{text}T00:00:00Z").parse());
    time.map(jiff::Timestamp::as_second)
        .map_err(|_| "a day or a time with zone, such as 2026-01-31T12:00:00Z".to_owned())
}

fn one_byte(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'\n' | b'\r' | 0) => {
            Ok(*byte)
        }
        _ if text == "tab" || text == "\\t" => Ok(b'\t'),
        _ => Err("one ASCII character that is no letter or digit, or `tab`".to_owned()),
    }
}
