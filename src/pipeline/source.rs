//! Where bytes come from: files, folders of them, standard input, memory. Reads, counts for progress, and nothing else.
//! Refuses to leave a folder whose members the input names.

use std::fs::File;
use std::io::{self, Read, Stdin};
use std::os::unix::fs::FileExt;
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

/// A file of which parts can be passed over.
#[derive(Debug)]
pub struct FileTail {
    file: Arc<File>,
}

/// A file from some place on.
struct Onward {
    file: Arc<File>,
    byte: u64,
}

impl Source for Onward {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(buf, self.byte)?;
        self.byte += u64::try_from(n).unwrap_or(0);
        Ok(n)
    }
}

/// How far `last_alike` looks for a statement at most, and how near to the last one it comes: the statements of dump
/// programs have 1 MB.
const NEAR: u64 = 2 << 20;

impl FileTail {
    /// Opens a file of a size that makes skipping worth it; `None` for smaller ones and for what is no file.
    #[must_use]
    pub fn open(path: &Path, least: u64) -> Option<Self> {
        let file = File::open(path).ok()?;
        let meta = file.metadata().ok()?;
        (meta.is_file() && meta.len() >= least).then(|| Self { file: Arc::new(file) })
    }

    /// Returns the bytes from an offset on.
    #[must_use]
    pub fn source(&self, byte: u64) -> Box<dyn Source> {
        Box::new(Onward { file: Arc::clone(&self.file), byte })
    }

    /// Finds the last `mark` within the last 64 MiB; returns the offset `skip` bytes behind its start.
    ///
    /// # Errors
    /// The system's.
    pub fn at_last(&self, mark: &[u8], skip: usize) -> io::Result<Option<u64>> {
        const STEP: u64 = 1 << 20;
        let size = self.file.metadata()?.len();
        let mut window = Vec::new();
        let overlap = u64::try_from(mark.len()).unwrap_or(0);
        for back in 1..=64 {
            let from = size.saturating_sub(back * STEP);
            let to = (from + STEP + overlap).min(size);
            window.resize(usize::try_from(to - from).unwrap_or(0), 0);
            self.file.read_exact_at(&mut window, from)?;
            if let Some(at) = memchr::memmem::rfind(&window, mark) {
                return Ok(Some(from + u64::try_from(at + skip).unwrap_or(0)));
            }
            if from == 0 {
                break;
            }
        }
        Ok(None)
    }

    /// Finds one of the last statements that begin as the rows at `from` do, by steps that double and then halve: some
    /// megabytes are read instead of all. What lies between may be anything; it is taken for more of the same. `None`: none
    /// lies far enough ahead to be worth it.
    ///
    /// # Errors
    /// The system's.
    pub fn last_alike(&self, start: &[u8], from: u64) -> io::Result<Option<u64>> {
        let size = self.file.metadata()?.len();
        let word = start.iter().position(|b| *b == b' ').unwrap_or(start.len());
        let any = [b";\n", start.get(..word).unwrap_or_default()].concat();
        let any = memchr::memmem::Finder::new(&any);
        let (mut sure, mut bound, mut step) = (from, None, NEAR);
        let mut window = Vec::new();
        while step >= NEAR {
            let at = sure + step;
            match if at < size { self.alike(&any, start, at, &mut window)? } else { None } {
                Some(found) => sure = found,
                None => bound = Some(at),
            }
            step = bound.map_or(step * 2, |bound| bound.saturating_sub(sure) / 2);
        }
        Ok((sure > from).then_some(sure))
    }

    /// Returns where the first statement of any table behind `at` begins, if it begins with `start`. `window` is kept for
    /// the next call.
    fn alike(
        &self,
        any: &memchr::memmem::Finder<'_>,
        start: &[u8],
        at: u64,
        window: &mut Vec<u8>,
    ) -> io::Result<Option<u64>> {
        const READ: usize = 64 << 10;
        // What was read before and may be the beginning of what is looked for.
        let mut kept = 0;
        let mut base = at;
        while base < at + NEAR {
            if window.len() < kept + READ {
                window.resize(kept + READ, 0);
            }
            let place = window.get_mut(kept..kept + READ).unwrap_or_default();
            let n = self.file.read_at(place, base + u64::try_from(kept).unwrap_or(0))?;
            let bytes = window.get(..kept + n).unwrap_or_default();
            let keep = match any.find(bytes) {
                Some(found) => {
                    let line = found + 2;
                    let rest = bytes.get(line..).unwrap_or_default();
                    if rest.len() >= start.len() || n == 0 {
                        return Ok(rest.starts_with(start).then(|| base + u64::try_from(line).unwrap_or(0)));
                    }
                    found
                }
                None if n == 0 => break,
                None => bytes.len().saturating_sub(any.needle().len()),
            };
            let end = bytes.len();
            window.copy_within(keep..end, 0);
            kept = end - keep;
            base += u64::try_from(keep).unwrap_or(0);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_alike_is_found_near_the_end_of_its_run() {
        let mut text = b"CREATE TABLE t (a int);\n".to_vec();
        let run = |text: &mut Vec<u8>, table: char, bytes: usize| {
            let start = text.len();
            while text.len() < start + bytes {
                let values = "(1,'it is\nINSERT INTO a VALUES (2'),".repeat(2000);
                text.extend_from_slice(format!("INSERT INTO {table} VALUES {values}(3,'');\n").as_bytes());
            }
            start
        };
        let a = run(&mut text, 'a', 12 << 20);
        let b = run(&mut text, 'b', 9 << 20);
        let path = std::env::temp_dir().join(format!("standin-alike-{}", std::process::id()));
        std::fs::write(&path, &text).unwrap();
        let file = FileTail::open(&path, 0).unwrap();
        let near = usize::try_from(NEAR).unwrap();
        let found = |start: &[u8], from: usize| {
            let at = file.last_alike(start, u64::try_from(from).unwrap()).unwrap()?;
            let at = usize::try_from(at).unwrap();
            assert!(text.get(at..).unwrap().starts_with(start) && text.get(at - 2..at) == Some(b";\n"));
            Some(at)
        };
        let at = found(b"INSERT INTO a VALUES (", a).unwrap();
        assert!(at < b && at + 3 * near > b, "{at} is too far from {b}");
        let at = found(b"INSERT INTO b VALUES (", b).unwrap();
        assert!(at + 3 * near > text.len(), "{at} is too far from the end");
        // The end is near, or another table's rows follow.
        assert_eq!(found(b"INSERT INTO b VALUES (", at), None);
        assert_eq!(found(b"INSERT INTO c VALUES (", a), None);
        assert_eq!(found(b"INSERT INTO b VALUES (", a), None);
        std::fs::remove_file(&path).unwrap();
        assert!(FileTail::open(&path, 0).is_none());
    }
}
