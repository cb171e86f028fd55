//! What the forms of archives have in common: a table of contents, then streams in blocks. One reader a form, over the
//! source that is handed over at every call; streams come as they are stored, and are never unpacked here.
//!
//! Every entry that announces data must have it, once; a block that nothing announces is an error.

use std::sync::Arc;

use super::custom::CustomBlocks;
use super::folder::Folder;
use super::form::Form;
use super::input::{Input, Limits};
use super::tar::Tar;
use super::toc::{Algorithm, MAGIC, Toc};
use super::ustar::{self, BLOCK};
use crate::error::Result;
use crate::format::Source;

/// The name of the file that holds the table of contents.
pub(super) const TOC_FILE: &str = "toc.dat";
/// The name of the file, at the end of tar archives, that repeats every definition.
pub(super) const SCRIPT: &str = "restore.sql";

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// One stream: the rows of a table.
    Table,
    /// A stream for each large object; `next_object` goes from one to the next.
    LargeObjects,
}

/// The data of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Which entry of the table of contents, counted from 0.
    pub entry: usize,
    /// Its id.
    pub dump_id: i32,
    /// What it holds.
    pub kind: BlockKind,
}

/// Reads an archive whose table of contents was read.
pub(super) trait Container: Send {
    /// Returns its form.
    fn form(&self) -> Form;

    /// Returns its table of contents.
    fn toc(&self) -> &Arc<Toc>;

    /// Goes on to the data of another entry, passing over what of the last was not read; `None` at the end, once all
    /// entries with data had theirs. Tar and folders follow the table of contents; custom archives their blocks.
    ///
    /// # Errors
    /// A block unannounced, doubled, missing or cut; whatever else no pg_dump writes; `ErrorKind::Io`.
    fn next_block(&mut self, source: &mut dyn Source) -> Result<Option<Block>>;

    /// Goes on to the next large object of a block, passing over what of the last was not read, and returns its number;
    /// `None` behind the block's last.
    ///
    /// # Errors
    /// As `next_block`; our bug in a block of a table.
    fn next_object(&mut self, source: &mut dyn Source) -> Result<Option<u32>>;

    /// Returns how the stream that began last is compressed: in folders, what its file's name says.
    fn algorithm(&self) -> Algorithm;

    /// Reads stored bytes of the stream that began last, framing taken off; less than `buf` holds only at its end, and 0
    /// behind it. No bytes at all are an empty stream, whatever the algorithm.
    ///
    /// # Errors
    /// As `next_block`.
    fn read(&mut self, source: &mut dyn Source, buf: &mut [u8]) -> Result<usize>;

    /// Appends about `limit` bytes of the same with the framing of this form (in custom archives the length of each chunk
    /// before it, but not the zero that ends the stream), so that they can be written into an archive of the same form
    /// and algorithm. Returns whether there is more; a stream that is read so must be read so from its start to its end.
    ///
    /// # Errors
    /// As `next_block`.
    fn read_raw(&mut self, source: &mut dyn Source, out: &mut Vec<u8>, limit: usize) -> Result<bool>;

    /// Returns the offset of the next byte: in the archive, or in the folder's file that is read.
    fn byte(&self) -> u64;
}

/// Recognises the first bytes (512, if there are so many) of a custom or tar archive.
pub(super) fn sniff(head: &[u8]) -> Option<Form> {
    if head.starts_with(MAGIC) {
        return Some(Form::Custom);
    }
    let first = ustar::member(head.first_chunk::<BLOCK>()?)?;
    (first.name == TOC_FILE).then_some(Form::Tar)
}

/// Reads the table of contents of an archive from its start; the caller goes on with what is returned and the same source.
///
/// # Errors
/// What is no archive; whatever no pg_dump writes in a table of contents; limits passed; `ErrorKind::Io`.
pub(super) fn open(source: &mut dyn Source, limits: &Limits) -> Result<Box<dyn Container>> {
    let mut input = Input::new(limits.read_bytes);
    if source.is_folder() {
        return Ok(Box::new(Folder::open(input, source, limits)?));
    }
    match sniff(input.some(source, BLOCK)?) {
        Some(Form::Custom) => Ok(Box::new(CustomBlocks::open(input, source, limits)?)),
        Some(Form::Tar | Form::Directory) => Ok(Box::new(Tar::open(input, source, limits)?)),
        None => Err(input.fail("expected an archive of pg_dump (custom or tar format)")),
    }
}

/// Returns the entry with data at or behind `from`, in the order of the table of contents.
pub(super) fn next_with_data(toc: &Toc, from: usize) -> Option<Block> {
    let (entry, found) = toc.entries.iter().enumerate().skip(from).find(|(_, entry)| entry.had_dumper)?;
    let kind = if found.has_objects() { BlockKind::LargeObjects } else { BlockKind::Table };
    Some(Block { entry, dump_id: found.dump_id, kind })
}

/// Returns the name of the file of an entry with data.
pub(super) fn file_of(toc: &Toc, block: Block) -> String {
    let entry = toc.entries.get(block.entry);
    entry.and_then(|entry| entry.file_name(toc.header.version)).unwrap_or_default()
}
