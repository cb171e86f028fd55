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
use super::toc::{Algorithm, FILES, Toc, TocEntry};
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
    /// The last bytes that were handed over raw, where they must be the end of rows.
    end: Option<Vec<u8>>,
}

/// What ends the rows of a COPY statement in a file.
const END_OF_ROWS: &[u8] = b"\\.\n\n\n";

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
        Ok(Self { toc: Arc::new(toc), input, next: 0, objects: None, open: false, algorithm, end: None })
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
            BlockKind::Table => {
                self.find(source, &name)?;
                let copies = |entry: &TocEntry| entry.copy_stmt.as_ref().is_some_and(|copy| !copy.is_empty());
                let rows = self.toc.entries.get(block.entry).is_some_and(copies);
                self.end = (rows && self.algorithm == Algorithm::None).then(Vec::new);
            }
            BlockKind::LargeObjects => self.objects = Some(self.list(source, &name)?),
        }
        Ok(Some(block))
    }

    fn next_object(&mut self, source: &mut dyn Source) -> Result<Option<u32>> {
        (self.open, self.end) = (false, None);
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
            let count = self.input.append(source, out, full - out.len())?;
            self.open = count > 0;
            let Some(end) = &mut self.end else { continue };
            let last = out.len() - count.min(END_OF_ROWS.len());
            end.extend_from_slice(out.get(last..).unwrap_or_default());
            end.drain(..end.len().saturating_sub(END_OF_ROWS.len()));
            // Nothing else shows that a file was cut: pg_restore would load the rows that are left.
            if !self.open && end.as_slice() != END_OF_ROWS {
                return Err(self.input.cut());
            }
        }
        Ok(self.open)
    }

    fn byte(&self) -> u64 {
        self.input.byte()
    }
}
