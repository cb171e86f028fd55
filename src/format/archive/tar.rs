//! Archives that are tar files: a table of contents, then a member for each table and each large object, in the order of
//! the table of contents; lists of large objects stand behind their members.
//!
//! Reads one member after the other, and refuses every one that is not the next; `restore.sql` is passed over, since it
//! repeats what the table of contents says.

use std::sync::Arc;

use super::container::{Block, BlockKind, Container, SCRIPT, TOC_FILE, file_of, next_with_data};
use super::form::Form;
use super::input::{Input, Limits};
use super::objects;
use super::toc::{Algorithm, FILES, Toc};
use super::ustar::{self, BLOCK};
use crate::error::{Error, Name, Result};
use crate::format::Source;
use crate::message;

/// Reads a tar archive.
pub(super) struct Tar {
    toc: Arc<Toc>,
    members: Members,
    /// The entry with which the search for the next block begins.
    next: usize,
    /// In a block of large objects: the block, and the objects that came.
    objects: Option<(Block, Vec<u32>)>,
    done: bool,
}

/// Goes from member to member.
struct Members {
    input: Input,
    /// The size of the member that is read.
    open: Option<u64>,
}

impl Members {
    /// Passes over the rest of the member, and over what fills its last block up.
    fn close(&mut self, source: &mut dyn Source) -> Result<()> {
        let Some(size) = self.open.take() else { return Ok(()) };
        loop {
            let count = self.input.some(source, 1)?.len();
            if count == 0 {
                break;
            }
            self.input.skip(count);
        }
        let filler = usize::try_from(ustar::filler(size)).unwrap_or(0);
        self.input.bound(None);
        let some = self.input.some(source, filler)?;
        let some = some.get(..filler).ok_or(some.len());
        match some {
            Ok(zeros) if zeros.iter().all(|byte| *byte == 0) => self.input.skip(filler),
            Ok(_) => return Err(self.input.fail("expected zeros behind a member of the archive")),
            Err(_) => return Err(self.input.cut()),
        }
        Ok(())
    }

    /// Goes on to the next member and returns its name; `None` at the archive's end.
    fn next(&mut self, source: &mut dyn Source) -> Result<Option<String>> {
        self.close(source)?;
        let byte = self.input.byte();
        let block: [u8; BLOCK] = self.input.exact(source)?;
        if block.iter().all(|byte| *byte == 0) {
            return self.end(source).map(|()| None);
        }
        let Some(member) = ustar::member(&block) else {
            return Err(Error::input("expected the header of a file in the tar archive")
                .at(|at| at.byte = Some(byte))
                .hint("links, folders and long names are not read: pg_dump writes none"));
        };
        self.input.bound(Some(member.size));
        self.open = Some(member.size);
        Ok(Some(member.name.to_owned()))
    }

    /// Reads the second block of zeros, and zeros to the end.
    fn end(&mut self, source: &mut dyn Source) -> Result<()> {
        let mut block: [u8; BLOCK] = self.input.exact(source)?;
        loop {
            if block.iter().any(|byte| *byte != 0) {
                return Err(self.input.fail("expected the end of the tar archive"));
            }
            block = [0; BLOCK];
            if self.input.read(source, &mut block)? == 0 {
                return Ok(());
            }
        }
    }

    /// Goes on to the next member, which must be this one.
    fn expect(&mut self, source: &mut dyn Source, name: &str) -> Result<()> {
        let found = self.next(source)?;
        if found.as_deref() == Some(name) { Ok(()) } else { Err(self.other(name)) }
    }

    /// Returns the failure of another member, or the end, where this one should come.
    fn other(&self, name: &str) -> Error {
        self.input
            .fail(message!("expected the member `{}` of the tar archive", Name::new(name)))
            .hint("its members must come in the order of its table of contents, as pg_dump writes them")
    }
}

impl Tar {
    /// Reads the table of contents.
    ///
    /// # Errors
    /// Another first member; as `Toc::read`.
    pub(super) fn open(input: Input, source: &mut dyn Source, limits: &Limits) -> Result<Self> {
        let mut members = Members { input, open: None };
        members.expect(source, TOC_FILE)?;
        let toc = Toc::read(&mut members.input, source, limits, FILES)?;
        if !members.input.some(source, 1)?.is_empty() {
            return Err(members.input.fail("expected the end of the archive's table of contents"));
        }
        if toc.header.algorithm != Algorithm::None {
            return Err(members.input.fail("expected a tar archive without compression inside"));
        }
        let toc = Arc::new(toc);
        Ok(Self { toc, members, next: 0, objects: None, done: false })
    }

    /// Reads what stands behind the last block.
    fn end(&mut self, source: &mut dyn Source) -> Result<()> {
        if self.done {
            return Ok(());
        }
        self.done = true;
        match self.members.next(source)? {
            None => return Ok(()),
            // It repeats every definition, literals and all, and pg_restore does not read it.
            Some(name) if name == SCRIPT => {}
            Some(_) => return Err(self.members.input.fail("expected no more members of the tar archive")),
        }
        match self.members.next(source)? {
            None => Ok(()),
            Some(_) => Err(self.members.input.fail("expected no more members of the tar archive")),
        }
    }

    /// Holds the list of a block's large objects against those that came.
    fn list(&mut self, source: &mut dyn Source, came: &[u32]) -> Result<()> {
        for oid in came {
            if objects::next_line(&mut self.members.input, source)? != Some(*oid) {
                return Err(self.unlisted());
            }
        }
        match objects::next_line(&mut self.members.input, source)? {
            None => Ok(()),
            Some(_) => Err(self.unlisted()),
        }
    }

    fn unlisted(&self) -> Error {
        self.members.input.fail("the archive's list of large objects is not that of the members before it")
    }
}

impl Container for Tar {
    fn form(&self) -> Form {
        Form::Tar
    }

    fn toc(&self) -> &Arc<Toc> {
        &self.toc
    }

    fn next_block(&mut self, source: &mut dyn Source) -> Result<Option<Block>> {
        while self.objects.is_some() {
            self.next_object(source)?;
        }
        let Some(block) = next_with_data(&self.toc, self.next) else {
            return self.end(source).map(|()| None);
        };
        self.next = block.entry + 1;
        match block.kind {
            BlockKind::Table => self.members.expect(source, &file_of(&self.toc, block))?,
            BlockKind::LargeObjects => {
                self.members.close(source)?;
                self.objects = Some((block, Vec::new()));
            }
        }
        Ok(Some(block))
    }

    fn next_object(&mut self, source: &mut dyn Source) -> Result<Option<u32>> {
        let Some((block, mut came)) = self.objects.take() else {
            return Err(Error::bug("a large object outside of its block"));
        };
        let list = file_of(&self.toc, block);
        let Some(name) = self.members.next(source)? else { return Err(self.members.other(&list)) };
        if name == list {
            return self.list(source, &came).map(|()| None);
        }
        let Some(oid) = objects::of_file_name(&name) else { return Err(self.members.other(&list)) };
        came.push(oid);
        self.objects = Some((block, came));
        Ok(Some(oid))
    }

    fn algorithm(&self) -> Algorithm {
        Algorithm::None
    }

    fn read(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> Result<usize> {
        let mut done = 0;
        while let Some(room) = buf.get_mut(done..) {
            match if self.members.open.is_some() { self.members.input.read(source, room)? } else { 0 } {
                0 => break,
                count => done += count,
            }
        }
        Ok(done)
    }

    fn read_raw(&mut self, source: &mut dyn Source, out: &mut Vec<u8>, limit: usize) -> Result<bool> {
        let full = out.len().saturating_add(limit.max(1));
        while self.members.open.is_some() && out.len() < full {
            if self.members.input.append(source, out, full - out.len())? == 0 {
                return Ok(false);
            }
        }
        Ok(self.members.open.is_some())
    }

    fn byte(&self) -> u64 {
        self.members.input.byte()
    }
}
