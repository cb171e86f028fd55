//! Where bytes go. A file appears under its final name only when it is whole: it is written beside it, synced and
//! renamed; dropped before that, it is gone. Standard output cannot be taken back, so it gets the poison.

use std::fs::File;
use std::io::{self, Stdout, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::source::widen_pipe;

/// Takes the bytes of one output, in order.
pub trait Destination: Write + Send {
    /// Makes the output final.
    ///
    /// # Errors
    /// The system's; then nothing stands under the final name.
    fn finish(self: Box<Self>) -> io::Result<()>;

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
    /// Creates a temporary file (mode 0600) in the folder of `path`.
    ///
    /// # Errors
    /// The system's.
    pub fn create(path: &Path) -> io::Result<Self> {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".standin-").suffix(".part").tempfile_in(folder)?;
        Ok(Self { file, path: path.to_owned() })
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

impl Destination for FileDestination {
    fn finish(self: Box<Self>) -> io::Result<()> {
        let folder = self.path.parent().filter(|p| !p.as_os_str().is_empty()).map(Path::to_owned);
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path).map_err(|e| e.error)?;
        // The name itself is on disk only when the folder is.
        File::open(folder.as_deref().unwrap_or(Path::new(".")))?.sync_all()
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

impl Destination for NullDestination {
    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}
