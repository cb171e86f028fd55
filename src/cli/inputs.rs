//! Opens inputs: files, folders of an archive or standard input, unpacked and recognised by content, read twice where they can be.
//!
//! Refuses what no format claims; never guesses from a name alone what the content contradicts.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::args::InputArgs;
use super::say;
use crate::error::{Error, ErrorKind, Message, Name, Result};
use crate::format::{
    ArchiveOptions, Compression, FORMATS, Form, Format, InputOptions, Reader, Source, magic, of_head,
};
use crate::message;
use crate::pipeline::{
    BytesSource, FileSource, FileTail, FolderSource, Known, StdinSource, Stop, read_facts,
};
use crate::row::shape::Facts;

/// How much of an input is looked at to recognise it.
const HEAD: usize = 8 << 10;

/// Files below this are read whole for their schema.
const LARGE: u64 = 8 << 20;

/// One input: a file, a folder, or standard input.
#[derive(Debug)]
pub(super) struct Input {
    /// `None` is standard input.
    pub path: Option<PathBuf>,
    /// How messages call it.
    pub name: Message,
    /// Whether all threads may read its schema.
    pub ahead: bool,
}

/// An input that was opened and recognised.
pub(super) struct Opened {
    /// The bytes, from the first, unpacked.
    pub source: Box<dyn Source>,
    /// How they were compressed.
    pub compression: Option<&'static dyn Compression>,
    /// Cuts them.
    pub reader: Box<dyn Reader>,
    /// In which form the input is, if it is an archive.
    pub archive: Option<Form>,
    /// Its format's word.
    pub format: &'static str,
}

/// What the first bytes of an input say.
struct Recognised {
    format: &'static dyn Format,
    compression: Option<&'static dyn Compression>,
    options: InputOptions,
    /// The bytes, unpacked, from the first.
    source: Box<dyn Source>,
    archive: Option<Form>,
}

/// Bytes already read, then the rest.
struct Joined {
    head: Vec<u8>,
    at: usize,
    rest: Box<dyn Source>,
}

impl Source for Joined {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.head.get(self.at..).unwrap_or_default();
        if left.is_empty() {
            return self.rest.read(buf);
        }
        let n = BytesSource::new(left, left.len()).read(buf)?;
        self.at += n;
        Ok(n)
    }

    fn is_folder(&self) -> bool {
        self.rest.is_folder()
    }

    fn member(&mut self, name: &str) -> io::Result<()> {
        // What is left of the head belongs to the member before.
        self.rest.member(name)?;
        self.at = self.head.len();
        Ok(())
    }
}

/// Lists the inputs of the command line.
///
/// # Errors
/// `ErrorKind::Usage`: an unknown format, standard input named twice.
pub(super) fn list(args: &InputArgs) -> Result<Vec<Input>> {
    if let Some(name) = &args.format {
        forced(name)?;
    }
    let stdin = || Input { path: None, name: "stdin".into(), ahead: false };
    if args.inputs.is_empty() {
        return Ok(vec![stdin()]);
    }
    let inputs: Vec<Input> = args
        .inputs
        .iter()
        .map(|path| match path.to_str() {
            Some("-") => stdin(),
            _ => Input { path: Some(path.clone()), name: say::path(path), ahead: false },
        })
        .collect();
    if inputs.iter().filter(|i| i.path.is_none()).count() > 1 {
        return Err(Error::usage("standard input can be read once"));
    }
    Ok(inputs)
}

impl Input {
    /// Returns whether it can be read twice.
    pub(super) fn is_file(&self) -> bool {
        self.path.as_ref().is_some_and(|p| p.is_file() || p.is_dir())
    }

    /// Returns its size in bytes, where it is known: of a folder that of its files.
    pub(super) fn size(&self) -> Option<u64> {
        let path = self.path.as_deref()?;
        let there = path.metadata().ok()?;
        if there.is_dir() {
            let files = path.read_dir().ok()?.flatten().filter_map(|entry| entry.metadata().ok());
            return Some(files.filter(std::fs::Metadata::is_file).map(|file| file.len()).sum());
        }
        there.is_file().then_some(there.len())
    }

    /// Opens and recognises it; `read` counts the bytes read, `known` is the schema where something told it before,
    /// `written` how an archive shall leave.
    ///
    /// # Errors
    /// The system's; an input that no format claims.
    pub(super) fn open(
        &self,
        args: &InputArgs,
        read: &Arc<AtomicU64>,
        known: Option<&Facts>,
        written: ArchiveOptions,
    ) -> Result<Opened> {
        let named = |e: Error| e.at(|at| at.source = Some(self.name.clone()));
        let Recognised { format, compression, options, source, archive } =
            self.recognised(args, read).map_err(named)?;
        let options = InputOptions { facts: known.cloned(), archive: written, ..options };
        let reader = format.reader(&options).map_err(named)?;
        Ok(Opened { source, compression, reader, archive, format: format.name() })
    }

    /// Says whether it is a file whose columns only its rows tell.
    ///
    /// # Errors
    /// As `open`.
    pub(super) fn learns_from_rows(&self, args: &InputArgs) -> Result<bool> {
        if !self.is_file() {
            return Ok(false);
        }
        let found = self.recognised(args, &Arc::default());
        let found = found.map_err(|e| e.at(|at| at.source = Some(self.name.clone())))?;
        Ok(found.format.learns_from_rows(&found.options))
    }

    /// Opens it, unpacks it, and finds its format.
    fn recognised(&self, args: &InputArgs, read: &Arc<AtomicU64>) -> Result<Recognised> {
        let mut source: Box<dyn Source> = match &self.path {
            Some(path) if path.is_dir() => Box::new(folder(path, read)?),
            Some(path) => {
                let file = FileSource::open(path, Arc::clone(read));
                Box::new(file.map_err(|e| Error::io("open the input", &e))?)
            }
            None => Box::new(StdinSource::new(Arc::clone(read))),
        };
        let unread = |e| Error::io("read the input", &e);
        let mut head = look(source.as_mut()).map_err(unread)?;
        // Of a folder's files each is packed for itself, its table of contents not at all.
        let compression = if source.is_folder() { None } else { of_head(&head) };
        if let Some(compression) = compression {
            let packed = Box::new(Joined { head, at: 0, rest: source });
            source = compression.decoder(packed).map_err(unread)?;
            head = look(source.as_mut()).map_err(unread)?;
        }
        let name = self.bare_name(compression);
        let format = recognise(args, &head, name.as_deref())?;
        let archive = format.archive_form(&head, source.is_folder());
        if source.is_folder() && archive != Some(Form::Directory) {
            return Err(Error::input("no format reads this folder")
                .hint("its `toc.dat` is not that of a dump in pg_dump's directory format"));
        }
        let options = self.options(args, name.as_deref());
        let source = Box::new(Joined { head, at: 0, rest: source });
        Ok(Recognised { format, compression, options, source, archive })
    }

    /// Says how a file is compressed, without reading on; nothing of what can be read only once.
    pub(super) fn compression(&self) -> Option<&'static dyn Compression> {
        let path = self.path.as_ref().filter(|_| self.is_file())?;
        let mut file = FileSource::open(path, Arc::default()).ok()?;
        of_head(&look(&mut file).ok()?)
    }

    /// Returns the file's name, without what its compression added to it.
    fn bare_name(&self, compression: Option<&'static dyn Compression>) -> Option<String> {
        let name = self.path.as_deref().and_then(Path::file_name).and_then(|n| n.to_str())?;
        let bare = compression.and_then(|c| without_extension(name, c));
        Some(bare.unwrap_or(name).to_owned())
    }

    /// Reads its schema: all of it, or as told by its beginning and end if `skip` and it is large.
    ///
    /// # Errors
    /// Whatever its reader refuses.
    pub(super) fn facts(
        &self,
        args: &InputArgs,
        read: &Arc<AtomicU64>,
        stop: &Stop,
        skip: bool,
    ) -> Result<Known> {
        let Opened { source, compression, reader, .. } =
            self.open(args, read, None, ArchiveOptions::default())?;
        // What is compressed has no end that could be read first.
        let skip = skip && compression.is_none();
        let tail = self.path.as_deref().filter(|_| skip).and_then(|p| FileTail::open(p, LARGE));
        let skipping = tail.is_some();
        match read_facts(reader, source, tail, stop) {
            Ok(known) => Ok(known),
            // What skipping stumbles over may be no fault of the input.
            Err(e) if skipping && e.kind() == ErrorKind::Input => self.facts(args, read, stop, false),
            Err(e) => Err(e.at(|at| at.source = Some(self.name.clone()))),
        }
    }

    fn options(&self, args: &InputArgs, name: Option<&str>) -> InputOptions {
        let stem = name.and_then(|n| Path::new(n).file_stem()).and_then(|s| s.to_str());
        InputOptions {
            named: args.format.is_some(),
            columns: args.columns.clone(),
            delimiter: args.delimiter,
            quote: args.quote,
            table: args.table.clone().or_else(|| stem.map(str::to_owned)),
            allow_databases: args.allow_databases,
            max_row: args.max_row,
            by_hand: args.by_hand,
            source: Some(self.name.clone()),
            ahead: self.ahead,
            ..InputOptions::default()
        }
    }
}

/// Opens a folder of an archive.
///
/// # Errors
/// The system's; `ErrorKind::Input` for a folder without a table of contents that can be read.
fn folder(path: &Path, read: &Arc<AtomicU64>) -> Result<FolderSource> {
    let failed = match FolderSource::open(path, Arc::clone(read)) {
        Ok(source) => return Ok(source),
        Err(e) => e,
    };
    let packed = ["gz", "lz4", "zst"].iter().any(|end| path.join(format!("toc.dat.{end}")).is_file());
    Err(match failed.kind() {
        io::ErrorKind::NotFound if packed => {
            Error::input("the folder's table of contents (`toc.dat`) is compressed")
                .hint("decompress it: `gzip -d`, `lz4 -d` or `zstd -d`")
        }
        io::ErrorKind::NotFound => Error::input("no archive in this folder: it has no `toc.dat`")
            .hint("give the files themselves, or the folder that `pg_dump -Fd` made"),
        io::ErrorKind::InvalidInput => Error::input("the folder's `toc.dat` is a link or no file")
            .hint("copy the archive with all its files"),
        _ => Error::io("open the input", &failed),
    })
}

/// Returns a file's name without the extension of a compression, if it has it.
pub(super) fn without_extension<'n>(name: &'n str, compression: &dyn Compression) -> Option<&'n str> {
    let (stem, extension) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?;
    compression.extensions().iter().any(|e| e.eq_ignore_ascii_case(extension)).then_some(stem)
}

/// Returns the format that claims an input of these first bytes and this name.
fn recognise(args: &InputArgs, head: &[u8], file: Option<&str>) -> Result<&'static dyn Format> {
    if let Some(name) = &args.format {
        return forced(name);
    }
    if head.is_empty() {
        return Err(Error::input("the input is empty").hint("look at the exit code of what wrote it"));
    }
    // The only ones whose first bytes are no text.
    if let Some(archive) = FORMATS.iter().copied().find(|f| f.archive_form(head, false).is_some()) {
        return Ok(archive);
    }
    magic::refuse(head)?;
    if head.contains(&0) {
        return Err(Error::input("the input is no text: it holds NUL bytes").hint(magic::UTF16));
    }
    FORMATS
        .iter()
        .copied()
        .find(|f| f.sniff(head, file))
        .ok_or_else(|| Error::input("no format recognises this input").hint(known_formats()))
}

/// Returns the format that the command line names.
fn forced(name: &str) -> Result<&'static dyn Format> {
    FORMATS
        .iter()
        .copied()
        .find(|f| f.name() == name)
        .ok_or_else(|| Error::usage(message!("unknown format `{}`", Name::new(name))).hint(known_formats()))
}

fn known_formats() -> Message {
    let names: Vec<&str> = FORMATS.iter().map(|f| f.name()).collect();
    message!("--input-format takes one of: {}", Name::new(names.join(", ")))
}

/// Reads the first bytes: enough to recognise the format, or all there are.
fn look(source: &mut dyn Source) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD];
    let mut len = 0;
    while len < 64 {
        match source.read(head.get_mut(len..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(n) => len += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    head.truncate(len);
    Ok(head)
}
