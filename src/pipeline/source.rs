//! Where bytes come from: files, folders of them, standard input, memory. Reads, counts for progress, and nothing else.
//! Refuses to leave a folder whose members the input names.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Stdin};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{Mode, OFlags, openat};

use crate::format::Source;

/// How large the kernel's buffer of a pipe is set: a third of the context switches of the default 64 KiB.
const PIPE: usize = 1 << 20;

/// A file.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    read: Arc<AtomicU64>,
}

impl FileSource {
    /// Opens a file; `read` counts the bytes read, for progress.
    ///
    /// # Errors
    /// The system's.
    pub fn open(path: &Path, read: Arc<AtomicU64>) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        widen_pipe(&file);
        Ok(Self { file, read })
    }
}

impl Source for FileSource {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buf)?;
        self.read.fetch_add(u64::try_from(n).unwrap_or(0), Ordering::Relaxed);
        Ok(n)
    }
}

/// What a folder of an archive holds in any case, and is read first.
const CONTENTS: &str = "toc.dat";

/// A folder of files, of which the first names the others.
#[derive(Debug)]
pub struct FolderSource {
    folder: File,
    file: File,
    read: Arc<AtomicU64>,
}

impl FolderSource {
    /// Opens a folder at its table of contents; `read` counts the bytes read of all its files.
    ///
    /// # Errors
    /// The system's: `NotFound` without a table of contents; `InvalidInput` where that is a symbolic link or no file.
    pub fn open(path: &Path, read: Arc<AtomicU64>) -> io::Result<Self> {
        let folder = File::open(path)?;
        let file = member(&folder, CONTENTS)?;
        Ok(Self { folder, file, read })
    }
}

/// Says whether a name is that of a file and leads nowhere else.
pub(super) fn is_bare(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\0']) && !matches!(name, "." | "..")
}

/// Opens a file of a folder. Who made the folder does not choose what else of this machine is read: no link is followed.
fn member(folder: &File, name: &str) -> io::Result<File> {
    if !is_bare(name) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // Without NONBLOCK a FIFO would wait for its writer.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(folder, name, flags, Mode::empty()) {
        // What NOFOLLOW makes of a link.
        Err(rustix::io::Errno::LOOP | rustix::io::Errno::MLINK) => {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        other => File::from(other?),
    };
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

impl Source for FolderSource {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buf)?;
        self.read.fetch_add(u64::try_from(n).unwrap_or(0), Ordering::Relaxed);
        Ok(n)
    }

    fn is_folder(&self) -> bool {
        true
    }

    /// Goes on at the start of a file of the folder.
    ///
    /// # Errors
    /// The system's: `NotFound` where there is none; `InvalidInput` for what is no bare name, a symbolic link or no file.
    fn member(&mut self, name: &str) -> io::Result<()> {
        self.file = member(&self.folder, name)?;
        Ok(())
    }
}

/// The end of a file, for reading what stands behind its last rows.
#[derive(Debug)]
pub struct FileTail {
    file: FileSource,
}

impl FileTail {
    /// Opens a file of a size that makes skipping worth it; `None` for smaller ones and for what is no file.
    #[must_use]
    pub fn open(path: &Path, least: u64) -> Option<Self> {
        let file = FileSource::open(path, Arc::default()).ok()?;
        let meta = file.file.metadata().ok()?;
        (meta.is_file() && meta.len() >= least).then_some(Self { file })
    }

    /// Finds the last `mark` within the last 64 MiB; returns the offset `skip` bytes behind its start and the bytes from
    /// there on.
    ///
    /// # Errors
    /// The system's.
    pub fn at_last(mut self, mark: &[u8], skip: usize) -> io::Result<Option<(u64, impl Source + use<>)>> {
        const STEP: u64 = 1 << 20;
        let size = self.file.file.metadata()?.len();
        let mut window = Vec::new();
        let overlap = u64::try_from(mark.len()).unwrap_or(0);
        for back in 1..=64 {
            let from = size.saturating_sub(back * STEP);
            let to = (from + STEP + overlap).min(size);
            window.resize(usize::try_from(to - from).unwrap_or(0), 0);
            self.file.file.seek(SeekFrom::Start(from))?;
            self.file.file.read_exact(&mut window)?;
            if let Some(at) = memchr::memmem::rfind(&window, mark) {
                let byte = from + u64::try_from(at + skip).unwrap_or(0);
                self.file.file.seek(SeekFrom::Start(byte))?;
                return Ok(Some((byte, self.file)));
            }
            if from == 0 {
                break;
            }
        }
        Ok(None)
    }
}

/// Standard input, past the standard library's own buffer.
#[derive(Debug)]
pub struct StdinSource {
    stdin: Stdin,
    read: Arc<AtomicU64>,
}

impl StdinSource {
    /// Takes standard input; a pipe's buffer is widened where the system allows.
    #[must_use]
    pub fn new(read: Arc<AtomicU64>) -> Self {
        let stdin = io::stdin();
        widen_pipe(&stdin);
        Self { stdin, read }
    }
}

impl Source for StdinSource {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = rustix::io::read(&self.stdin, buf)?;
        self.read.fetch_add(u64::try_from(n).unwrap_or(0), Ordering::Relaxed);
        Ok(n)
    }
}

/// Widens the buffer of a pipe; anything else, or a system that refuses, stays as it is.
pub(super) fn widen_pipe(fd: &impl rustix::fd::AsFd) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(fd, PIPE);
}

/// Bytes in memory, handed out in steps of at most `step` bytes. For tests and schemas.
pub struct BytesSource<'a> {
    rest: &'a [u8],
    step: usize,
}

impl<'a> BytesSource<'a> {
    /// Makes a source that gives at most `step` bytes (at least 1) a read.
    #[must_use]
    pub fn new(bytes: &'a [u8], step: usize) -> Self {
        Self { rest: bytes, step: step.max(1) }
    }
}

impl Source for BytesSource<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.rest.len().min(self.step).min(buf.len());
        let (now, later) = self.rest.split_at(n);
        if let Some(place) = buf.get_mut(..n) {
            place.copy_from_slice(now);
        }
        self.rest = later;
        Ok(n)
    }
}

impl std::fmt::Debug for BytesSource<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} bytes left>", self.rest.len())
    }
}
