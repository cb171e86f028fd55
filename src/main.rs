//! The command line program: hands the arguments to the library and its answer to the system.
//!
//! Refuses to do anything itself: what a verb does stands in `standin::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    standin::cli::run(std::env::args_os())
}
