//! The terminal: arguments in, exit code out. One verb a file. The only place that reads the environment, asks the
//! clock, looks at the terminal and ends the process.

mod args;
mod check;
mod completions;
mod discover;
mod exit;
mod found;
mod generate;
mod inputs;
mod keygen;
mod keys;
mod mask;
mod new_file;
mod outputs;
mod passwords;
mod preview;
mod profile;
mod profiles;
mod progress;
mod say;
mod signals;
mod summary;
mod tables_folder;
mod techniques;

pub use found::json_schema as check_schema;
pub use summary::json_schema as summary_schema;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use crate::error::Result;
use args::{Cli, Verb};
use exit::Exit;

/// Runs the program: reads the arguments, does what the verb says, returns the exit code of DESIGN 8.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    silence_panics();
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version come this way too, with exit code 0.
            let code = if e.use_stderr() { Exit::Usage } else { Exit::Done };
            let _ = e.print();
            return ExitCode::from(code.code());
        }
    };
    let exit = match catch_unwind(AssertUnwindSafe(|| verb(cli.verb))) {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) => {
            say::error(&error);
            Exit::from(&error)
        }
        // Its place was said by the hook.
        Err(_) => Exit::Bug,
    };
    ExitCode::from(exit.code())
}

fn verb(verb: Verb) -> Result<Exit> {
    match verb {
        Verb::Mask(args) => mask::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::Discover(args) => discover::run(&args),
        Verb::Generate(args) => generate::run(&args),
        Verb::Preview(args) => preview::run(&args),
        Verb::Keygen(args) => keygen::run(&args),
        Verb::Techniques(args) => techniques::run(&args),
        Verb::Profiles(args) => profiles::run(&args.verb),
        Verb::Completions(args) => completions::run(&args),
    }
}

/// A panic's message may hold anything: only its place is shown.
fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|l| (l.file(), l.line()));
        let (file, line) = place.unwrap_or(("unknown place", 0));
        say::line(&format!("standin: fault in the program at {file}:{line}; please report it"));
    }));
}
