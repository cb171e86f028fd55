//! Files that a verb makes for people to go on with. Refuses to write over one that is there: it is somebody's work.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::say;
use crate::error::{Error, Result};

/// Writes a new file, whole or not at all; `there` is the hint where it exists.
///
/// # Errors
/// `ErrorKind::Io`: the system's; a file of that name.
pub(super) fn write(path: &Path, text: &str, there: &'static str) -> Result<()> {
    let io = |e: std::io::Error| {
        let error = Error::io("write the profile", &e).at(|at| at.source = Some(say::path(path)));
        match e.kind() {
            ErrorKind::AlreadyExists => error.hint(there),
            _ => error,
        }
    };
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(io)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|e| {
        // A part of a profile looks like a profile.
        let _ = std::fs::remove_file(path);
        io(e)
    })
}

/// Replaces a file by another text, at once.
///
/// # Errors
/// `ErrorKind::Io`: the system's.
pub(super) fn replace(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let replaced = path.metadata().and_then(|there| {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().set_permissions(there.permissions())?;
        file.as_file().sync_all()?;
        file.persist(path).map(|_| ()).map_err(|e| e.error)
    });
    replaced.map_err(|e| Error::io("write the profile", &e).at(|at| at.source = Some(say::path(path))))
}
