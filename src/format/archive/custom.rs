//! The blocks of custom archives: chunks of streams, behind the table of contents, in any order.
//!
//! Reads them as they lie, and trusts no place that the table of contents names.

use std::collections::HashMap;
use std::sync::Arc;

use super::container::{Block, BlockKind, Container, next_with_data};
use super::form::Form;
use super::input::{Input, Limits};
use super::ints::{put_int, to_oid};
use super::toc::{Algorithm, CUSTOM, Toc};
use crate::error::{Error, Result};
use crate::format::Source;
use crate::message;

/// The type of a block with the rows of a table.
const TABLE: u8 = 1;
/// The type of a block with large objects.
const OBJECTS: u8 = 3;

/// Where the reader stands.
#[derive(Clone, Copy)]
enum State {
    /// Between two blocks.
    Blocks,
    /// Between two large objects.
    Objects,
    /// In a stream.
    Stream {
        /// Whether it is a large object.
        object: bool,
        /// What is left of the current chunk.
        left: usize,
    },
}

/// Reads the blocks of a custom archive.
pub(super) struct CustomBlocks {
    toc: Arc<Toc>,
    input: Input,
    /// The entries with data whose block has not come yet, by id.
    missing: HashMap<i32, Block>,
    state: State,
}

impl CustomBlocks {
    /// Reads the table of contents.
    ///
    /// # Errors
    /// As `Toc::read`.
    pub(super) fn open(mut input: Input, source: &mut dyn Source, limits: &Limits) -> Result<Self> {
        let toc = Toc::read(&mut input, source, limits, CUSTOM)?;
        let mut missing = HashMap::new();
        let mut from = 0;
        while let Some(block) = next_with_data(&toc, from) {
            missing.insert(block.dump_id, block);
            from = block.entry + 1;
        }
        Ok(Self { toc: Arc::new(toc), input, missing, state: State::Blocks })
    }

    fn int(&mut self, source: &mut dyn Source) -> Result<i32> {
        self.input.words(source, self.toc.header.int_size).int()
    }

    /// Returns how much of a chunk of the stream is left, and whether it has just begun; 0 behind the stream's end.
    fn chunk(&mut self, source: &mut dyn Source) -> Result<(usize, bool)> {
        let State::Stream { object, left } = self.state else { return Ok((0, false)) };
        if left > 0 {
            return Ok((left, false));
        }
        let byte = self.input.byte();
        let left = usize::try_from(self.int(source)?).map_err(|_| {
            Error::input("expected the length of a chunk, found a negative number")
                .at(|at| at.byte = Some(byte))
        })?;
        self.state = match (left, object) {
            (0, true) => State::Objects,
            (0, false) => State::Blocks,
            _ => State::Stream { object, left },
        };
        Ok((left, true))
    }

    /// Says that so much of the chunk was read; 0 is an end inside of it.
    fn used(&mut self, count: usize) -> Result<()> {
        if let (State::Stream { left, .. }, 1..) = (&mut self.state, count) {
            *left = left.saturating_sub(count);
            return Ok(());
        }
        Err(self.input.cut())
    }

    /// Passes over the rest of the stream.
    fn drain(&mut self, source: &mut dyn Source) -> Result<()> {
        loop {
            let (left, _) = self.chunk(source)?;
            if left == 0 {
                return Ok(());
            }
            let count = self.input.some(source, 1)?.len().min(left);
            self.input.skip(count);
            self.used(count)?;
        }
    }

    /// Reads what a block begins with.
    fn begin(&mut self, source: &mut dyn Source, kind: u8) -> Result<Block> {
        let byte = self.input.byte();
        let fail = |what| Err(Error::input(what).at(|at| at.byte = Some(byte)));
        let kind = match kind {
            TABLE => BlockKind::Table,
            OBJECTS => BlockKind::LargeObjects,
            _ => return fail(message!("expected a block of the archive, found one of the type {}", kind)),
        };
        self.input.skip(1);
        let id = self.int(source)?;
        let Some(block) = self.missing.remove(&id) else {
            let known = self.toc.entries.iter().any(|entry| entry.dump_id == id && entry.had_dumper);
            return fail(if known {
                message!("the archive's entry {} has a second block", id)
            } else {
                message!("a block of the archive is for {}, which is no entry with data", id)
            });
        };
        if block.kind != kind {
            return fail(message!(
                "the block of the archive's entry {} is of another type than the entry",
                id
            ));
        }
        self.state = match kind {
            BlockKind::Table => State::Stream { object: false, left: 0 },
            BlockKind::LargeObjects => State::Objects,
        };
        Ok(block)
    }
}

impl Container for CustomBlocks {
    fn form(&self) -> Form {
        Form::Custom
    }

    fn toc(&self) -> &Arc<Toc> {
        &self.toc
    }

    fn next_block(&mut self, source: &mut dyn Source) -> Result<Option<Block>> {
        self.drain(source)?;
        while matches!(self.state, State::Objects) {
            self.next_object(source)?;
            self.drain(source)?;
        }
        if let Some(kind) = self.input.some(source, 1)?.first().copied() {
            return self.begin(source, kind).map(Some);
        }
        match self.missing.keys().min() {
            None => Ok(None),
            Some(id) => Err(self
                .input
                .fail(message!(
                    "the archive ends without the data of {} entries, one of them {}",
                    self.missing.len(),
                    id
                ))
                .hint("it was cut: fetch it again, or dump again and look at pg_dump's exit code")),
        }
    }

    fn next_object(&mut self, source: &mut dyn Source) -> Result<Option<u32>> {
        self.drain(source)?;
        if !matches!(self.state, State::Objects) {
            return Err(Error::bug("a large object outside of its block"));
        }
        let oid = to_oid(self.int(source)?);
        self.state = if oid == 0 { State::Blocks } else { State::Stream { object: true, left: 0 } };
        Ok((oid != 0).then_some(oid))
    }

    fn algorithm(&self) -> Algorithm {
        self.toc.header.algorithm
    }

    fn read(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> Result<usize> {
        let mut done = 0;
        while let Some(room) = buf.get_mut(done..).filter(|room| !room.is_empty()) {
            let (left, _) = self.chunk(source)?;
            if left == 0 {
                break;
            }
            let most = room.len().min(left);
            let count = self.input.read(source, room.get_mut(..most).unwrap_or_default())?;
            self.used(count)?;
            done += count;
        }
        Ok(done)
    }

    fn read_raw(&mut self, source: &mut dyn Source, out: &mut Vec<u8>, limit: usize) -> Result<bool> {
        let full = out.len().saturating_add(limit.max(1));
        while out.len() < full {
            let (left, begins) = self.chunk(source)?;
            if left == 0 {
                return Ok(false);
            }
            if begins {
                put_int(out, i32::try_from(left).map_err(|_| Error::bug("a chunk longer than it was"))?);
            }
            let count = self.input.append(source, out, left.min(full.saturating_sub(out.len()).max(1)))?;
            self.used(count)?;
        }
        Ok(true)
    }

    fn byte(&self) -> u64 {
        self.input.byte()
    }
}
