//! Where results go, and how they are compressed. One input goes to a file or standard output; several go to a folder,
//! whose files all appear at the end of a run in which every input went well, or not at all. An output never replaces
//! one of the inputs.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::{ArchiveForm, Compress, MaskArgs};
use super::inputs::{Input, without_extension};
use super::say;
use crate::error::{Error, Name, Result};
use crate::format::{ArchiveOptions, Compression, Form, Out, Packing, of_extension};
use crate::message;
use crate::pipeline::{
    CompressingDestination, Destination, FileDestination, FolderDestination, NullDestination,
    PackingDestination, StdoutDestination, TarDestination, ThroughDestination,
};

/// Whole files that wait for the rest of the run.
pub(super) type Pending = Vec<Box<FileDestination>>;

/// Where outputs go, and how they are compressed.
pub(super) struct Outputs {
    place: Place,
    /// What the command line says.
    compress: Option<Compress>,
    /// The form of archives, if the command line says one.
    form: Option<Form>,
    /// Threads for compressing.
    threads: usize,
}

/// Where outputs go.
enum Place {
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

impl Out for Waiting {
    fn member(&mut self, name: &str) -> io::Result<()> {
        self.file.member(name)
    }

    fn mark(&mut self, slot: u64, form: fn(u64) -> [u8; 9]) -> io::Result<()> {
        self.file.mark(slot, form)
    }
}

impl Destination for Waiting {
    fn finish(self: Box<Self>) -> io::Result<()> {
        let Self { file, pending } = *self;
        pending.lock().unwrap_or_else(PoisonError::into_inner).push(file);
        Ok(())
    }

    fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<bool> {
        self.file.patch(at, bytes)
    }
}

impl Outputs {
    /// Decides where the results of these inputs go; `threads` for compressing them.
    ///
    /// # Errors
    /// `ErrorKind::Usage`: several inputs without a folder, an output that is an input.
    pub(super) fn new(
        args: &MaskArgs,
        inputs: &[Input],
        threads: usize,
        pending: &Arc<Mutex<Pending>>,
    ) -> Result<Self> {
        let form = args.form.map(ArchiveForm::form);
        let outputs = Self { place: Place::Nothing, compress: args.compress, form, threads };
        let place = if args.dry_run { Place::Nothing } else { outputs.place(args, inputs, pending)? };
        Ok(Self { place, ..outputs })
    }

    fn place(&self, args: &MaskArgs, inputs: &[Input], pending: &Arc<Mutex<Pending>>) -> Result<Place> {
        let count = inputs.len();
        let files: Vec<PathBuf> = inputs.iter().filter_map(|i| i.path.clone()).collect();
        let Some(path) = args.output.as_deref().filter(|path| count > 1 || path.is_dir()) else {
            if count > 1 {
                return Err(Error::usage("several inputs need a folder").hint("give `-o FOLDER`"));
            }
            return one_place(args.output.as_deref(), &files);
        };
        if count != files.len() {
            return Err(Error::usage("standard input has no name for a file in a folder")
                .hint("mask it alone, with -o FILE"));
        }
        let named = |i: &Input| self.name_in_folder(i.path.as_deref()?, i.compression());
        let mut names: Vec<_> = inputs.iter().filter_map(named).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() != inputs.len() {
            return Err(Error::usage("two outputs would have the same file name, or an input has none")
                .hint("mask them one by one"));
        }
        for name in names {
            refuse_input(&path.join(name), &files)?;
        }
        Ok(Place::Folder(path.to_owned(), Arc::clone(pending)))
    }

    /// Says how an output is compressed whose input was compressed so.
    fn packing(&self, from: Option<&'static dyn Compression>) -> Option<Packing> {
        let by_default = |c: &'static dyn Compression| Packing { compression: c, level: c.default_level() };
        if let Some(said) = self.compress {
            return match said {
                Compress::Plain => None,
                Compress::With(packing) => Some(packing),
            };
        }
        let extension = match &self.place {
            Place::File(path) => path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase),
            Place::Nothing | Place::Stdout | Place::Folder(..) => None,
        };
        // A file's name is a promise to whoever opens it; without one, the way the input came is the best guess.
        extension.map_or(from, |e| of_extension(&e)).map(by_default)
    }

    /// Returns the name of an output in a folder: the input's, with the extension of what it is compressed with now.
    fn name_in_folder(&self, input: &Path, from: Option<&'static dyn Compression>) -> Option<OsString> {
        let name = input.file_name()?;
        let to = match self.compress {
            Some(Compress::Plain) => None,
            Some(Compress::With(packing)) => Some(packing.compression),
            None => from,
        };
        let (Some(text), false) = (name.to_str(), from.map(|c| c.name()) == to.map(|c| c.name())) else {
            return Some(name.to_owned());
        };
        let bare = from.and_then(|c| without_extension(text, c)).unwrap_or(text);
        Some(match to {
            Some(to) if without_extension(bare, to).is_none() => {
                format!("{bare}.{}", to.extensions().first().copied().unwrap_or_default()).into()
            }
            _ => bare.into(),
        })
    }

    /// Returns the folder for temporary files: that of the output where it is a file, which has room for much; else the
    /// system's.
    pub(super) fn temporary(&self) -> PathBuf {
        let file = match &self.place {
            Place::File(path) if path.metadata().map_or(true, |there| there.is_file()) => Some(path),
            Place::Nothing | Place::Stdout | Place::File(_) | Place::Folder(..) => None,
        };
        match file.and_then(|path| path.parent()) {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder.to_owned(),
            None => std::env::temp_dir(),
        }
    }

    /// Returns how archives are written.
    pub(super) fn archive(&self) -> ArchiveOptions {
        let packing = self.compress.map(|said| match said {
            Compress::Plain => None,
            Compress::With(packing) => Some(packing),
        });
        ArchiveOptions { form: self.form, packing }
    }

    /// Opens the output of one input, which was compressed so, or is an archive of this form.
    ///
    /// # Errors
    /// The system's; `ErrorKind::Usage` for a name that another output has, which is found late where an input can be
    /// read only once, and for a folder where none can be written.
    pub(super) fn open(
        &self,
        input: Option<&Input>,
        from: Option<&'static dyn Compression>,
        archive: Option<Form>,
    ) -> Result<Box<dyn Destination>> {
        if let Some(form) = archive.map(|form| self.form.unwrap_or(form)) {
            return self.open_archive(input, from, form);
        }
        if self.form.is_some() {
            return Err(Error::usage("--format is for pg_dump's archives; this input is none")
                .hint("what the input is, says --input-format"));
        }
        let plain = self.open_plain(input, from)?;
        Ok(match self.packing(from).filter(|_| !matches!(self.place, Place::Nothing)) {
            Some(packing) => Box::new(CompressingDestination::new(plain, packing, self.threads)),
            None => plain,
        })
    }

    /// Opens the output of an archive. What compresses it is inside; around it, only what was around the input.
    fn open_archive(
        &self,
        input: Option<&Input>,
        around: Option<&'static dyn Compression>,
        form: Form,
    ) -> Result<Box<dyn Destination>> {
        let io = |e| Error::io("create the output", &e).at(|at| at.source = self.path().map(say::path));
        // A file's name is a promise here too; inside of it, `--compress` decides.
        let named = match &self.place {
            Place::File(path) => path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase),
            Place::Nothing | Place::Stdout | Place::Folder(..) => None,
        };
        let around = named.map_or(around, |extension| of_extension(&extension));
        let around = around.map(|c| Packing { compression: c, level: c.default_level() });
        let inner: Box<dyn Destination> = match (&self.place, form) {
            (Place::Nothing, _) => return Ok(Box::new(NullDestination)),
            (Place::File(path), Form::Directory) => Box::new(FolderDestination::create(path).map_err(io)?),
            (Place::Stdout | Place::Folder(..), Form::Directory) => {
                return Err(Error::usage("an archive that is a folder needs a place of its own")
                    .hint("give `-o FOLDER`, which must not exist yet, or --format custom"));
            }
            (_, Form::Custom | Form::Tar) => {
                let plain = self.open_plain(input, None)?;
                match around {
                    Some(packing) => Box::new(CompressingDestination::new(plain, packing, self.threads)),
                    None => plain,
                }
            }
        };
        let inner = if form == Form::Tar { Box::new(TarDestination::new(inner)) } else { inner };
        Ok(Box::new(PackingDestination::new(inner, self.threads)))
    }

    fn open_plain(
        &self,
        input: Option<&Input>,
        from: Option<&'static dyn Compression>,
    ) -> Result<Box<dyn Destination>> {
        let io = |e| Error::io("create the output", &e).at(|at| at.source = self.path().map(say::path));
        Ok(match &self.place {
            Place::Nothing => Box::new(NullDestination),
            Place::Stdout => Box::new(StdoutDestination::new()),
            Place::File(path) => open_file(path)?,
            Place::Folder(folder, pending) => {
                std::fs::create_dir_all(folder).map_err(io)?;
                let path = input.and_then(|input| input.path.as_deref());
                let name = path.and_then(|path| self.name_in_folder(path, from));
                let name = name.ok_or_else(|| Error::usage("an input without a name"))?;
                // `create` refuses what is no file: a device in a folder of results is a mistake.
                let file = Box::new(FileDestination::create(&folder.join(name)).map_err(io)?);
                let waiting = pending.lock().unwrap_or_else(PoisonError::into_inner);
                if waiting.iter().any(|f| f.path() == file.path()) {
                    return Err(Error::usage("two outputs would have the same file name")
                        .hint("mask them one by one"));
                }
                drop(waiting);
                Box::new(Waiting { file, pending: Arc::clone(pending) })
            }
        })
    }

    /// Drops all waiting files: the run has failed, and the thread that waits for signals still holds them.
    pub(super) fn discard(&self) {
        if let Place::Folder(_, pending) = &self.place {
            pending.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Gives all waiting files their names, or none.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn finish(&self) -> Result<()> {
        if let Place::Folder(_, pending) = &self.place {
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
        match &self.place {
            Place::Nothing | Place::Stdout => None,
            Place::File(path) | Place::Folder(path, _) => Some(path),
        }
    }

    /// Returns how the summary calls it.
    pub(super) fn label(&self) -> Name {
        match &self.place {
            Place::Nothing => Name::new("nothing (dry run)"),
            Place::Stdout => Name::new("stdout"),
            Place::File(path) | Place::Folder(path, _) => Name::new(path.display().to_string()),
        }
    }
}

/// Opens the one output of a run that has these inputs: compressed where its name says so, or an archive of a form.
///
/// # Errors
/// `ErrorKind::Usage`: it is one of them; the system's.
pub(super) fn of_one(
    path: Option<&Path>,
    inputs: &[PathBuf],
    archive: Option<Form>,
    threads: usize,
) -> Result<Box<dyn Destination>> {
    let outputs = Outputs { place: one_place(path, inputs)?, compress: None, form: None, threads };
    outputs.open(None, None, archive)
}

/// Returns the place of one output: standard output without a path.
fn one_place(path: Option<&Path>, inputs: &[PathBuf]) -> Result<Place> {
    let stdout = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    match path.filter(|path| stdout.iter().all(|name| *path != Path::new(name))) {
        Some(path) => {
            refuse_input(path, inputs)?;
            Ok(Place::File(path.to_owned()))
        }
        None => {
            refuse_appending(inputs)?;
            Ok(Place::Stdout)
        }
    }
}

fn open_file(path: &Path) -> Result<Box<dyn Destination>> {
    let io = |e| Error::io("create the output", &e).at(|at| at.source = Some(say::path(path)));
    Ok(match ThroughDestination::open(path).map_err(io)? {
        Some(through) => Box::new(through),
        None => Box::new(FileDestination::create(path).map_err(io)?),
    })
}

/// Refuses an input that standard output is appended to: it would grow as it is read.
fn refuse_appending(inputs: &[PathBuf]) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let Ok(stdout) = rustix::fs::fstat(io::stdout()) else { return Ok(()) };
    let same = |meta: &std::fs::Metadata| {
        meta.is_file() && (meta.dev(), meta.ino()) == (stdout.st_dev, stdout.st_ino)
    };
    if inputs.iter().any(|input| input.metadata().is_ok_and(|meta| same(&meta))) {
        return Err(Error::usage("standard output is an input").hint("write to another file"));
    }
    Ok(())
}

/// Refuses an output that is an input, or stands in a folder that is one.
pub(super) fn refuse_input(output: &Path, inputs: &[PathBuf]) -> Result<()> {
    // What does not exist yet stands where its folder does.
    let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let there = output.canonicalize().or_else(|_| parent.canonicalize());
    let Ok(there) = there else { return Ok(()) };
    let whole = output.exists();
    let is_input = |input: &PathBuf| {
        input.canonicalize().is_ok_and(|input| {
            if input.is_dir() { there.starts_with(input) } else { whole && input == there }
        })
    };
    if inputs.iter().any(is_input) {
        return Err(Error::usage(message!(
            "the output `{}` is an input",
            Name::new(output.display().to_string())
        ))
        .hint("write to another place"));
    }
    Ok(())
}
