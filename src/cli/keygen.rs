//! `standin keygen LABEL`: one line on stdout, or a new file that only its owner can read. Never overwrites a key.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use super::args::KeygenArgs;
use super::exit::Exit;
use super::say;
use crate::error::{Error, Result};
use crate::secret::Key;

/// Runs the verb.
///
/// # Errors
/// A label that cannot be one; the system's.
pub(super) fn run(args: &KeygenArgs) -> Result<Exit> {
    let key = Key::generate(&args.label)?.encode();
    match &args.output {
        None => {
            say::out(&key)?;
            say::out("\n")?;
        }
        Some(path) => {
            let io = |e: std::io::Error| {
                let error = Error::io("write the key file", &e).at(|at| at.source = Some(say::path(path)));
                match e.kind() {
                    std::io::ErrorKind::AlreadyExists => {
                        error.hint("no key is ever overwritten: give another name")
                    }
                    _ => error,
                }
            };
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .map_err(io)?;
            file.write_all(key.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(io)?;
            file.sync_all().map_err(io)?;
        }
    }
    Ok(Exit::Done)
}
