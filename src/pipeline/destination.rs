//! Where bytes go. A file appears under its final name only when it is whole: it is written beside it, synced and
//! renamed; dropped before that, it is gone. Standard output, devices and FIFOs cannot be taken back, so they get the
//! poison. Refuses to put a file in the place of what is none.

use std::fs::{File, OpenOptions};
use std::io::{self, Stdout, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::source::widen_pipe;
use crate::format::{Frame, Out, Packing};

/// Takes the bytes of one output, in order.
pub trait Destination: Out + Send {
    /// Makes the output final.
    ///
    /// # Errors
    /// The system's; then nothing stands under the final name.
    fn finish(self: Box<Self>) -> io::Result<()>;

    /// Ends the output of a run that failed, behind the poison: what wraps the bytes is closed so that they can be read,
    /// and nothing becomes final.
    ///
    /// # Errors
    /// The system's.
    fn abandon(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }

    /// Replaces bytes that were written, at a place of the output. `false`: it cannot be written out of order, and nothing
    /// happened.
    ///
    /// # Errors
    /// The system's.
    fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<bool> {
        let _ = (at, bytes);
        Ok(false)
    }

    /// Returns whether bytes already written can be seen by somebody, so that a failure must be written too.
    fn is_seen(&self) -> bool {
        false
    }
}

/// A file that appears whole or not at all.
#[derive(Debug)]
pub struct FileDestination {
    file: NamedTempFile,
    path: PathBuf,
}

impl FileDestination {
    /// Creates a temporary file (mode 0600) in the folder of `path`; a symbolic link is followed first, so that it
    /// stays and what it points at is replaced.
    ///
    /// # Errors
    /// The system's; `AlreadyExists` if something stands at `path` that is no file.
    pub fn create(path: &Path) -> io::Result<Self> {
        let path = follow(path)?;
        if path.symlink_metadata().is_ok_and(|there| !there.is_file()) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".standin-").suffix(".part").tempfile_in(folder)?;
        Ok(Self { file, path })
    }

    /// Returns its final name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for FileDestination {
    #[expect(clippy::disallowed_methods, reason = "implements Write itself; callers use write_all")]
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.file.as_file_mut().write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

impl Out for FileDestination {}

impl Destination for FileDestination {
    fn finish(self: Box<Self>) -> io::Result<()> {
        let folder = self.path.parent().filter(|p| !p.as_os_str().is_empty()).map(Path::to_owned);
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path).map_err(|e| e.error)?;
        // The name itself is on disk only when the folder is.
        File::open(folder.as_deref().unwrap_or(Path::new(".")))?.sync_all()
    }

    fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<bool> {
        self.file.as_file().write_all_at(bytes, at).map(|()| true)
    }
}

/// Follows symbolic links to the place where a file or folder stands or will stand.
pub(super) fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux itself follows.
    for _ in 0..40 {
        if !path.symlink_metadata().is_ok_and(|there| there.is_symlink()) {
            return Ok(path);
        }
        let target = path.read_link()?;
        // An absolute target takes the place of the whole path.
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Err(io::ErrorKind::InvalidInput.into())
}

/// What stands already and is no file, a device or a FIFO, or an open file by its number: written as it goes, never
/// replaced.
#[derive(Debug)]
pub struct ThroughDestination {
    file: File,
}

impl ThroughDestination {
    /// Opens what stands at `path`; `None` if a file or a folder does, or nothing. A FIFO waits for its reader.
    ///
    /// # Errors
    /// The system's.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        let Ok(there) = path.metadata() else { return Ok(None) };
        // `/dev/stdout`, `/dev/fd/3`: who opened it decided what is in it, and where it goes on.
        let open_already = is_open_already(path);
        if there.is_dir() || (there.is_file() && !open_already) {
            return Ok(None);
        }
        let file = OpenOptions::new().append(there.is_file()).write(true).open(path)?;
        widen_pipe(&file);
        Ok(Some(Self { file }))
    }
}

/// Says whether a path leads to an open file of a process.
fn is_open_already(path: &Path) -> bool {
    let mut path = path.to_owned();
    for _ in 0..40 {
        let Ok(target) = path.read_link() else { return false };
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        if folder.canonicalize().is_ok_and(|f| f.starts_with("/proc") && f.ends_with("fd")) {
            return true;
        }
        path = folder.join(target);
    }
    false
}

impl Write for ThroughDestination {
    #[expect(clippy::disallowed_methods, reason = "implements Write itself; callers use write_all")]
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.file.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Out for ThroughDestination {}

impl Destination for ThroughDestination {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()
    }

    fn is_seen(&self) -> bool {
        true
    }
}

/// Standard output, past the standard library's own buffer.
#[derive(Debug)]
pub struct StdoutDestination {
    stdout: Stdout,
}

impl StdoutDestination {
    /// Takes standard output; a pipe's buffer is widened where the system allows.
    #[must_use]
    pub fn new() -> Self {
        let stdout = io::stdout();
        widen_pipe(&stdout);
        Self { stdout }
    }
}

impl Default for StdoutDestination {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for StdoutDestination {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(&self.stdout, buf)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out for StdoutDestination {}

impl Destination for StdoutDestination {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()
    }

    fn is_seen(&self) -> bool {
        true
    }
}

/// Takes everything and keeps nothing: `--dry-run`.
#[derive(Debug, Default)]
pub struct NullDestination;

impl Write for NullDestination {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out for NullDestination {
    fn member(&mut self, _name: &str) -> io::Result<()> {
        Ok(())
    }

    fn pack(&mut self, _packing: Packing, _frame: Frame) -> io::Result<()> {
        Ok(())
    }

    fn end_pack(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Destination for NullDestination {
    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}
