//! Where results go. One input goes to a file or standard output; several go to a folder, whose files all appear at the
//! end of a run in which every input went well, or not at all. An output never replaces one of the inputs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::say;
use crate::error::{Error, Name, Result};
use crate::message;
use crate::pipeline::{Destination, FileDestination, NullDestination, StdoutDestination, ThroughDestination};

/// Whole files that wait for the rest of the run.
pub(super) type Pending = Vec<Box<FileDestination>>;

/// How outputs are made.
pub(super) enum Outputs {
    /// `--dry-run`.
    Nothing,
    /// Standard output.
    Stdout,
    /// One file.
    File(PathBuf),
    /// A folder of files.
    Folder(PathBuf, Arc<Mutex<Pending>>),
}

/// A file of several: final only when all are.
struct Waiting {
    file: Box<FileDestination>,
    pending: Arc<Mutex<Pending>>,
}

impl Write for Waiting {
    #[expect(clippy::disallowed_methods, reason = "implements Write itself; callers use write_all")]
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.file.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Destination for Waiting {
    fn finish(self: Box<Self>) -> io::Result<()> {
        let Self { file, pending } = *self;
        pending.lock().unwrap_or_else(PoisonError::into_inner).push(file);
        Ok(())
    }
}

impl Outputs {
    /// Decides where results go; `count` inputs, of which those in `inputs` are files.
    ///
    /// # Errors
    /// `ErrorKind::Usage`: several inputs without a folder, an output that is an input.
    pub(super) fn new(
        output: Option<&Path>,
        dry_run: bool,
        count: usize,
        inputs: &[PathBuf],
        pending: &Arc<Mutex<Pending>>,
    ) -> Result<Self> {
        if dry_run {
            return Ok(Self::Nothing);
        }
        let Some(path) = output else {
            return if count > 1 {
                Err(Error::usage("several inputs need a folder").hint("give `-o FOLDER`"))
            } else {
                Ok(Self::Stdout)
            };
        };
        if ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
            && count <= 1
        {
            return Ok(Self::Stdout);
        }
        if count <= 1 && !path.is_dir() {
            refuse_input(path, inputs)?;
            return Ok(Self::File(path.to_owned()));
        }
        if count != inputs.len() {
            return Err(Error::usage("standard input has no name for a file in a folder")
                .hint("mask it alone, with -o FILE"));
        }
        let mut names: Vec<_> = inputs.iter().filter_map(|i| i.file_name()).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() != inputs.len() {
            return Err(Error::usage("two inputs have the same file name, or one has none")
                .hint("mask them one by one"));
        }
        for name in names {
            refuse_input(&path.join(name), inputs)?;
        }
        Ok(Self::Folder(path.to_owned(), Arc::clone(pending)))
    }

    /// Opens the output of one input.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn open(&self, input: Option<&Path>) -> Result<Box<dyn Destination>> {
        let io = |e| Error::io("create the output", &e).at(|at| at.source = self.path().map(say::path));
        Ok(match self {
            Self::Nothing => Box::new(NullDestination),
            Self::Stdout => Box::new(StdoutDestination::new()),
            Self::File(path) => match ThroughDestination::open(path).map_err(io)? {
                Some(through) => Box::new(through),
                None => Box::new(FileDestination::create(path).map_err(io)?),
            },
            Self::Folder(folder, pending) => {
                std::fs::create_dir_all(folder).map_err(io)?;
                let name =
                    input.and_then(Path::file_name).ok_or_else(|| Error::usage("an input without a name"))?;
                // `create` refuses what is no file: a device in a folder of results is a mistake.
                let file = Box::new(FileDestination::create(&folder.join(name)).map_err(io)?);
                Box::new(Waiting { file, pending: Arc::clone(pending) })
            }
        })
    }

    /// Drops all waiting files: the run has failed, and the thread that waits for signals still holds them.
    pub(super) fn discard(&self) {
        if let Self::Folder(_, pending) = self {
            pending.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Gives all waiting files their names, or none.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn finish(&self) -> Result<()> {
        if let Self::Folder(_, pending) = self {
            let mut done: Vec<PathBuf> = Vec::new();
            for file in pending.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
                let path = file.path().to_owned();
                if let Err(e) = file.finish() {
                    // The run has failed; that one of its files cannot be removed changes nothing.
                    done.iter().for_each(|path| drop(std::fs::remove_file(path)));
                    return Err(
                        Error::io("finish the output", &e).at(|at| at.source = Some(say::path(&path)))
                    );
                }
                done.push(path);
            }
        }
        Ok(())
    }

    /// Returns the path that the command line gave.
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Nothing | Self::Stdout => None,
            Self::File(path) | Self::Folder(path, _) => Some(path),
        }
    }

    /// Returns how the summary calls it.
    pub(super) fn label(&self) -> Name {
        match self {
            Self::Nothing => Name::new("nothing (dry run)"),
            Self::Stdout => Name::new("stdout"),
            Self::File(path) | Self::Folder(path, _) => Name::new(path.display().to_string()),
        }
    }
}

fn refuse_input(output: &Path, inputs: &[PathBuf]) -> Result<()> {
    let Ok(there) = output.canonicalize() else { return Ok(()) };
    if inputs.iter().any(|i| i.canonicalize().is_ok_and(|i| i == there)) {
        return Err(Error::usage(message!(
            "the output `{}` is an input",
            Name::new(output.display().to_string())
        ))
        .hint("write to another file"));
    }
    Ok(())
}
