//! Runs programs, above all the built `standin`, and keeps what they said and how they ended.
//!
//! Takes the variables of the tool and of PostgreSQL out of the environment first, so that a test means what it says.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

/// How a program ended.
pub(crate) struct Ran {
    /// Its standard output.
    pub(crate) stdout: Vec<u8>,
    /// Its standard error.
    pub(crate) stderr: String,
    status: ExitStatus,
}

impl Ran {
    /// Returns the exit code; 128+n after signal n, as a shell says it.
    pub(crate) fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| 128 + self.status.signal().unwrap_or_default())
    }

    /// Returns the output of a run that had to succeed.
    pub(crate) fn ok(self) -> Vec<u8> {
        assert_eq!(self.code(), 0, "standard error: {}", self.stderr);
        self.stdout
    }

    /// Returns the output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// Returns a command in a clean environment and a folder that everybody may enter.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("PG") || name.starts_with("STANDIN") {
            command.env_remove(name.as_ref());
        }
    }
    command.current_dir("/").env("PGTZ", "UTC");
    command
}

/// Returns a command of the built program.
pub(crate) fn standin() -> Command {
    command(env!("CARGO_BIN_EXE_standin"))
}

/// Runs a command to its end, with these bytes as standard input.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("program starts");
    let mut stdin = child.stdin.take().expect("piped");
    let output = std::thread::scope(|scope| {
        // A program that fails early does not read all: that is for the test to judge by its exit code.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output().expect("program ends")
    });
    Ran {
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        status: output.status,
    }
}
