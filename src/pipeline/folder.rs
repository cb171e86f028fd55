//! A folder of files that appears whole or not at all: it is filled beside its place, synced and renamed; dropped before
//! that, it is gone. Refuses a place where something stands, except an empty folder, and names that are more than a name.

use std::collections::HashSet;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::destination::{Destination, follow};
use super::source::is_bare;
use crate::error::Error;
use crate::format::Out;

/// A folder that appears whole or not at all.
#[derive(Debug)]
pub struct FolderDestination {
    folder: TempDir,
    path: PathBuf,
    member: Option<File>,
    /// What it holds already.
    names: HashSet<String>,
}

impl FolderDestination {
    /// Creates a temporary folder (mode 0700) beside `path`; a symbolic link is followed first.
    ///
    /// # Errors
    /// The system's; `AlreadyExists` if anything but an empty folder stands at `path`; `CrossesDevices` if it is a file
    /// system of its own; `InvalidInput` if it has no name (`.`, `/`).
    pub fn create(path: &Path) -> io::Result<Self> {
        let path = follow(path)?;
        if path.file_name().is_none() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let beside = parent(&path);
        if let Ok(there) = path.symlink_metadata() {
            if !there.is_dir() || path.read_dir()?.next().is_some() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            if there.dev() != beside.metadata()?.dev() {
                return Err(io::ErrorKind::CrossesDevices.into());
            }
        }
        let folder = tempfile::Builder::new()
            .prefix(".standin-")
            .suffix(".part")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(beside)?;
        Ok(Self { folder, path, member: None, names: HashSet::new() })
    }

    /// Returns its final name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn end_member(&mut self) -> io::Result<()> {
        self.member.take().map_or(Ok(()), |file| file.sync_all())
    }
}

/// Returns the folder that a path stands in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Write for FolderDestination {
    #[expect(clippy::disallowed_methods, reason = "implements Write itself; callers use write_all")]
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match &mut self.member {
            Some(file) => file.write(buf),
            None => Err(Error::bug("bytes for no file of the folder").into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out for FolderDestination {
    /// Ends the file before, and creates another (mode 0600).
    ///
    /// # Errors
    /// The system's; `InvalidInput` for what is no bare file name; `AlreadyExists` for one that came before.
    fn member(&mut self, name: &str) -> io::Result<()> {
        self.end_member()?;
        if !is_bare(name) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if !self.names.insert(name.to_owned()) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let mut new = OpenOptions::new();
        new.write(true).create_new(true).mode(0o600);
        self.member = Some(new.open(self.folder.path().join(name))?);
        Ok(())
    }
}

impl Destination for FolderDestination {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.end_member()?;
        let Self { folder, path, .. } = *self;
        File::open(folder.path())?.sync_all()?;
        // Takes the place of an empty folder, and of nothing else.
        std::fs::rename(folder.path(), &path)?;
        let _ = folder.keep();
        File::open(parent(&path))?.sync_all()
    }
}
