//! Reads a profile's texts and its lock from disk and shows all problems at once. Writes the lock.
//!
//! Refuses a lock that belongs to another profile; a file that a profile extends is read only from the profile's folder
//! or below it.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::say;
use crate::error::{Error, Message, Name, Result};
use crate::message;
use crate::profile::lock::{Line, Lock};
use crate::profile::model::Profile;
use crate::profile::syntax::{self, Read, Refused};

/// Reads and checks a profile and what it extends; its warnings are shown.
///
/// # Errors
/// `ErrorKind::Usage`, after all problems were shown.
pub(super) fn read(path: &Path) -> Result<Profile> {
    match load(path)? {
        Ok(read) => {
            say::problems(&read.profile.files, &read.warnings);
            Ok(read.profile)
        }
        Err(refusal) => {
            say::problems(&refusal.files, &refusal.problems);
            Err(refused(path))
        }
    }
}

/// Reads and checks a profile and what it extends, and shows nothing: all its problems come back.
///
/// # Errors
/// `ErrorKind::Usage`: a file that cannot be read.
pub(super) fn load(path: &Path) -> Result<std::result::Result<Read, Refused>> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|e| unread("read the profile", path, &e))?;
    Ok(syntax::read_from(&name, &text, &mut loader(path)))
}

/// Reads the text of a profile.
///
/// # Errors
/// `ErrorKind::Usage`: a file that cannot be read, or is no text.
pub(super) fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| unread("read the profile", path, &e))
}

/// Returns what reads the files that a profile extends, by their paths relative to its folder.
pub(super) fn loader(profile: &Path) -> impl FnMut(&str) -> std::result::Result<Vec<u8>, Message> {
    let folder = profile.parent().unwrap_or(Path::new("")).to_owned();
    move |path: &str| {
        std::fs::read(folder.join(path)).map_err(|e| Error::io("read the file", &e).what().clone())
    }
}

/// Says that a profile has problems; they are told elsewhere.
pub(super) fn refused(path: &Path) -> Error {
    let name = Name::new(path.display().to_string());
    Error::usage(message!("`{}` cannot be used; no input was read", name))
}

fn unread(what: &'static str, path: &Path, e: &std::io::Error) -> Error {
    let e = Error::io(what, e);
    Error::usage(e.what().clone()).at(|at| at.source = Some(say::path(path)))
}

/// Returns where the lock of a profile is: beside it, `shop.lock` for `shop.yaml`.
pub(super) fn lock_path(profile: &Path) -> PathBuf {
    profile.with_extension("lock")
}

/// Returns the name under which a lock knows its profile.
fn own_name(profile: &Path) -> String {
    profile.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads the lock of a profile; `None` if there is none, which `--locked` does not take.
///
/// # Errors
/// `ErrorKind::Usage`: a lock that cannot be read, or of another profile.
pub(super) fn lock(profile: &Path, locked: bool) -> Result<Option<Lock>> {
    let path = lock_path(profile);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !locked => return Ok(None),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let what = message!("`--locked`, and there is no `{}`", Name::new(path.display().to_string()));
            return Err(
                Error::usage(what).hint("`standin check --accept` writes it, for you to read and commit")
            );
        }
        Err(e) => return Err(unread("read the lock", &path, &e)),
    };
    let text = String::from_utf8_lossy(&text);
    Lock::read(&text, &own_name(profile)).map(Some).map_err(|(line, what)| {
        Error::usage(what).hint("write it anew with `standin check --accept`, and read what changed").at(
            |at| {
                at.source = Some(say::path(&path));
                at.line = u64::try_from(line).ok();
            },
        )
    })
}

/// Writes the lock of a profile; it appears only when whole. Returns how many columns stand in it.
///
/// # Errors
/// `ErrorKind::Io`.
pub(super) fn write_lock(profile: &Path, lines: Vec<Line>) -> Result<usize> {
    let path = lock_path(profile);
    let lock = Lock::new(&own_name(profile), lines);
    if let Some(line) = lock.twice() {
        let table = Name::new(line.table.as_str());
        return Err(Error::input(message!(
            "the inputs have `{}` twice, and it is decided differently",
            table
        ))
        .hint("check them one by one, or give the tables names of their own"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(lock.text().as_bytes())?;
        readable(file.as_file())?;
        file.persist(&path).map(|_| ()).map_err(|e| e.error)
    });
    written.map_err(|e| Error::io("write the lock", &e).at(|at| at.source = Some(say::path(&path))))?;
    Ok(lock.lines().len())
}

/// Lets others read a lock: it is made to be reviewed.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
