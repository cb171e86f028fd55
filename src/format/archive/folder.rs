//! Archives that are folders: a table of contents, a file for each table and each large object, lists of large objects.
//!
//! Opens files by names that `Toc` and `objects` made themselves, in the order of the table of contents; what else lies in
//! the folder is never seen.

use std::io;
use std::sync::Arc;

use super::container::{Block, BlockKind, Container, file_of, next_with_data};
use super::form::Form;
use super::input::{Input, Limits};
use super::objects;
use super::toc::{Algorithm, FILES, Toc};
use crate::error::{Error, Name, Result};
use crate::format::Source;
use crate::message;

/// What files' names end in, by algorithm, in the order in which pg_restore looks for them.
pub(super) const SUFFIXES: [(&str, Algorithm); 4] =
    [("", Algorithm::None), (".gz", Algorithm::Gzip), (".lz4", Algorithm::Lz4), (".zst", Algorithm::Zstd)];

/// Reads a folder.
pub(super) struct Folder {
    toc: Arc<Toc>,
    input: Input,
    /// The entry with which the search for the next block begins.
    next: usize,
    /// The large objects of the block that have not come yet, the last first; `None` in no such block.
    objects: Option<Vec<u32>>,
    /// Whether a stream began.
    open: bool,
    algorithm: Algorithm,
}

impl Folder {
    /// Reads the table of contents, with which the source begins.
    ///
    /// # Errors
    /// As `Toc::read`.
    pub(super) fn open(mut input: Input, source: &mut dyn Source, limits: &Limits) -> Result<Self> {
        let toc = Toc::read(&mut input, source, limits, FILES)?;
        if !input.some(source, 1)?.is_empty() {
            return Err(input.fail("expected the end of the archive's table of contents"));
        }
        let algorithm = toc.header.algorithm;
        Ok(Self { toc: Arc::new(toc), input, next: 0, objects: None, open: false, algorithm })
    }

    /// Goes on at a file's start, compressed in any way.
    fn find(&mut self, source: &mut dyn Source, name: &str) -> Result<()> {
        for (suffix, algorithm) in SUFFIXES {
            match source.member(&format!("{name}{suffix}")) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => return Err(Error::io("open a file of the archive", &e)),
                Ok(()) => {}
            }
            self.input.restart();
            self.algorithm = algorithm;
            self.open = true;
            return Ok(());
        }
        Err(Error::input(message!("the archive's file `{}` is missing", Name::new(name)))
            .hint("neither it nor one ending in .gz, .lz4 or .zst lies beside toc.dat"))
    }

    /// Reads a list of large objects, which is never compressed.
    fn list(&mut self, source: &mut dyn Source, name: &str) -> Result<Vec<u32>> {
        source.member(name).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => {
                Error::input(message!("the archive's file `{}` is missing", Name::new(name)))
            }
            _ => Error::io("open a file of the archive", &e),
        })?;
        self.input.restart();
        let mut list = Vec::new();
        while let Some(oid) = objects::next_line(&mut self.input, source)? {
            list.push(oid);
        }
        list.reverse();
        Ok(list)
    }
}

impl Container for Folder {
    fn form(&self) -> Form {
        Form::Directory
    }

    fn toc(&self) -> &Arc<Toc> {
        &self.toc
    }

    fn next_block(&mut self, source: &mut dyn Source) -> Result<Option<Block>> {
        (self.open, self.objects) = (false, None);
        let Some(block) = next_with_data(&self.toc, self.next) else { return Ok(None) };
        self.next = block.entry + 1;
        let name = file_of(&self.toc, block);
        match block.kind {
            BlockKind::Table => self.find(source, &name)?,
            BlockKind::LargeObjects => self.objects = Some(self.list(source, &name)?),
        }
        Ok(Some(block))
    }

    fn next_object(&mut self, source: &mut dyn Source) -> Result<Option<u32>> {
        self.open = false;
        let Some(objects) = &mut self.objects else {
            return Err(Error::bug("a large object outside of its block"));
        };
        let Some(oid) = objects.pop() else { return Ok(None) };
        self.find(source, &objects::file_name(oid))?;
        Ok(Some(oid))
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn read(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> Result<usize> {
        let mut done = 0;
        while let Some(room) = buf.get_mut(done..).filter(|room| self.open && !room.is_empty()) {
            match self.input.read(source, room)? {
                0 => break,
                count => done += count,
            }
        }
        Ok(done)
    }

    fn read_raw(&mut self, source: &mut dyn Source, out: &mut Vec<u8>, limit: usize) -> Result<bool> {
        let full = out.len().saturating_add(limit.max(1));
        while self.open && out.len() < full {
            self.open = self.input.append(source, out, full - out.len())? > 0;
        }
        Ok(self.open)
    }

    fn byte(&self) -> u64 {
        self.input.byte()
    }
}
