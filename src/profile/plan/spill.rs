//! Where a map of subjects goes that is larger than the memory it may take: sorted runs in a file without a name, merged
//! into one file of sorted blocks, of which memory holds the first digest of each and some blocks read last.
//!
//! What is on disk are keyed digests and canonical subjects, in blocks sealed with a key that is written nowhere; the file
//! is gone when the process is, however it ends. A disk that is full or fails ends the run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::{File, Permissions};
use std::io;
use std::ops::Range;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::secret::Sealer;

/// Bytes of a block of a run, which is read from its beginning to its end.
const RUN_BLOCK: usize = 16 << 10;
/// Least bytes of a block in which identifiers are looked up.
const BLOCK: usize = 1 << 10;
/// Bytes that are written at a time.
const WRITE: usize = 256 << 10;
/// Bytes of an entry before its subject: the digest and the subject's length.
const HEAD: usize = 16 + 4;

/// How much memory maps of subjects may take, all together, and where what is above it goes.
#[derive(Clone, Debug)]
pub struct MapMemory {
    /// Bytes.
    pub limit: usize,
    /// The folder of temporary files.
    pub folder: PathBuf,
}

impl MapMemory {
    /// Bytes without `--map-memory`: ten million identifiers with short subjects stay in memory.
    pub const DEFAULT: usize = 512 << 20;
}

impl Default for MapMemory {
    /// Returns the usual bound, and the working folder.
    fn default() -> Self {
        Self { limit: Self::DEFAULT, folder: PathBuf::from(".") }
    }
}

/// Numbers of bytes, in a file as in memory.
fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn narrow(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn written(error: &io::Error) -> Error {
    Error::io("write a temporary file for `resolve:`", error)
        .hint("the folder of the output needs room (without an output file TMPDIR); or allow more memory with `--map-memory`")
}

/// Sealed blocks of a file without a name.
struct Blocks {
    file: File,
    sealer: Sealer,
    /// Where each block ends.
    ends: Vec<u64>,
    /// The last ones, not written yet.
    pending: Vec<u8>,
}

impl Blocks {
    fn create(folder: &Path) -> Result<Self> {
        // Without a name from the beginning where the system can: nobody else opens it.
        let file = tempfile::tempfile_in(folder).map_err(|e| written(&e))?;
        file.set_permissions(Permissions::from_mode(0o600)).map_err(|e| written(&e))?;
        Ok(Self { file, sealer: Sealer::new()?, ends: Vec::new(), pending: Vec::new() })
    }

    /// Seals a block, writes it and leaves it empty.
    fn push(&mut self, block: &mut Vec<u8>) -> Result<()> {
        if block.is_empty() {
            return Ok(());
        }
        self.sealer.seal(wide(self.ends.len()), block)?;
        self.ends.push(self.ends.last().unwrap_or(&0) + wide(block.len()));
        self.pending.append(block);
        if self.pending.len() >= WRITE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let at = self.ends.last().unwrap_or(&0) - wide(self.pending.len());
        self.file.write_all_at(&self.pending, at).map_err(|e| written(&e))?;
        self.pending.clear();
        Ok(())
    }

    /// Reads a block that was flushed.
    fn read(&self, number: usize, block: &mut Vec<u8>) -> Result<()> {
        let start = number.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        let (Some(start), Some(end)) = (start, self.ends.get(number)) else {
            return Err(Error::bug("a block that was not written"));
        };
        block.resize(narrow(end - start), 0);
        self.file
            .read_exact_at(block, *start)
            .map_err(|e| Error::io("read a temporary file of `resolve:`", &e))?;
        self.sealer.open(wide(number), block)
    }
}

/// Appends an entry to a block.
fn put(digest: u128, subject: &[u8], block: &mut Vec<u8>) -> Result<()> {
    let len = u32::try_from(subject.len()).map_err(|_| Error::input("a subject is longer than 4 GiB"))?;
    block.extend_from_slice(&digest.to_be_bytes());
    block.extend_from_slice(&len.to_be_bytes());
    block.extend_from_slice(subject);
    Ok(())
}

/// Takes the first entry off the bytes of a block.
fn take<'b>(bytes: &mut &'b [u8]) -> Option<(u128, &'b [u8])> {
    let (digest, rest) = bytes.split_first_chunk()?;
    let (len, rest) = rest.split_first_chunk()?;
    let (subject, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
    *bytes = rest;
    Some((u128::from_be_bytes(*digest), subject))
}

/// Sorted runs of entries.
pub(super) struct Runs {
    blocks: Blocks,
    /// The blocks of each.
    runs: Vec<Range<usize>>,
    bytes: u64,
    /// Most runs that are merged at a time.
    most: usize,
    folder: PathBuf,
}

impl Runs {
    /// Opens a file for runs of a map that may take so much memory.
    pub(super) fn create(memory: &MapMemory) -> Result<Self> {
        let most = (memory.limit / RUN_BLOCK).clamp(16, 1024);
        let folder = memory.folder.clone();
        Ok(Self { blocks: Blocks::create(&folder)?, runs: Vec::new(), bytes: 0, most, folder })
    }

    /// Writes a run: entries by ascending digest, each digest once.
    pub(super) fn add<'e>(&mut self, mut entries: impl Iterator<Item = (u128, &'e [u8])>) -> Result<()> {
        if self.runs.len() >= self.most {
            let blocks = Blocks::create(&self.folder)?;
            let (most, folder) = (self.most, self.folder.clone());
            let mut one = Self { blocks, runs: Vec::new(), bytes: 0, most, folder };
            one.run(|write| self.merge(write))?;
            *self = one;
        }
        self.run(|write| entries.try_for_each(|(digest, subject)| write(digest, subject)))
    }

    /// Writes a run of what `feed` hands on.
    fn run(
        &mut self,
        feed: impl FnOnce(&mut dyn FnMut(u128, &[u8]) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        let start = self.blocks.ends.len();
        let mut block = Vec::with_capacity(RUN_BLOCK + HEAD);
        let (blocks, bytes) = (&mut self.blocks, &mut self.bytes);
        feed(&mut |digest: u128, subject: &[u8]| {
            put(digest, subject, &mut block)?;
            *bytes += wide(HEAD + subject.len());
            if block.len() >= RUN_BLOCK { blocks.push(&mut block) } else { Ok(()) }
        })?;
        blocks.push(&mut block)?;
        blocks.flush()?;
        self.runs.push(start..blocks.ends.len());
        Ok(())
    }

    /// Hands on all entries by ascending digest; of those with the same digest the one with the least subject.
    fn merge(&self, emit: &mut dyn FnMut(u128, &[u8]) -> Result<()>) -> Result<()> {
        let mut cursors = Vec::with_capacity(self.runs.len());
        let mut heap = BinaryHeap::with_capacity(self.runs.len());
        for run in &self.runs {
            let mut cursor =
                Cursor { blocks: &self.blocks, left: run.clone(), block: Vec::new(), at: 0, here: 0 };
            heap.extend(cursor.digest()?.map(|digest| Reverse((digest, cursors.len()))));
            cursors.push(cursor);
        }
        let (mut last, mut least) = (None, Vec::new());
        while let Some(mut top) = heap.peek_mut() {
            let Reverse((digest, run)) = *top;
            let Some(cursor) = cursors.get_mut(run) else {
                return Err(Error::bug("a run that is not there"));
            };
            let subject = cursor.subject();
            if last != Some(digest) {
                if let Some(before) = last.replace(digest) {
                    emit(before, &least)?;
                }
                least.clear();
                least.extend_from_slice(subject);
            } else if subject < least.as_slice() {
                least.clear();
                least.extend_from_slice(subject);
            }
            match cursor.digest()? {
                Some(next) => *top = Reverse((next, run)),
                None => {
                    PeekMut::pop(top);
                }
            }
        }
        last.map_or(Ok(()), |digest| emit(digest, &least))
    }

    /// Merges the runs into a file in which identifiers can be looked up, within so many bytes of memory.
    pub(super) fn sorted(mut self, limit: usize) -> Result<Sorted> {
        self.blocks.pending = Vec::new();
        // A block costs 24 bytes of memory: at most a fifth of the limit.
        let least = narrow(self.bytes / wide((limit / 128).max(1))).max(BLOCK);
        let mut sorted =
            Sorted { blocks: Blocks::create(&self.folder)?, firsts: Vec::new(), cache: Vec::new() };
        let mut block = Vec::with_capacity(least + HEAD);
        self.merge(&mut |digest: u128, subject: &[u8]| {
            if block.is_empty() {
                sorted.firsts.push(digest);
            }
            put(digest, subject, &mut block)?;
            if block.len() >= least { sorted.blocks.push(&mut block) } else { Ok(()) }
        })?;
        sorted.blocks.push(&mut block)?;
        sorted.blocks.flush()?;
        sorted.blocks.pending = Vec::new();
        // With what belongs to each, half of the limit.
        let slots = (limit / 2 / (least + 256)).clamp(1, 1 << 16);
        sorted.cache.resize_with(slots, Mutex::default);
        Ok(sorted)
    }
}

/// A place in a run.
struct Cursor<'r> {
    blocks: &'r Blocks,
    left: Range<usize>,
    block: Vec<u8>,
    /// Where the entry ends that this stands on, and where its subject begins.
    at: usize,
    here: usize,
}

impl Cursor<'_> {
    /// Goes to the next entry and returns its digest; `None` behind the last.
    fn digest(&mut self) -> Result<Option<u128>> {
        if self.at >= self.block.len() {
            let Some(next) = self.left.next() else { return Ok(None) };
            self.blocks.read(next, &mut self.block)?;
            self.at = 0;
        }
        let mut rest = self.block.get(self.at..).unwrap_or_default();
        let Some((digest, subject)) = take(&mut rest) else {
            return Err(Error::bug("a block that ends inside an entry"));
        };
        self.here = self.at + HEAD;
        self.at = self.here + subject.len();
        Ok(Some(digest))
    }

    fn subject(&self) -> &[u8] {
        self.block.get(self.here..self.at).unwrap_or_default()
    }
}

/// Entries by ascending digest.
pub(super) struct Sorted {
    blocks: Blocks,
    /// The first digest of each block.
    firsts: Vec<u128>,
    /// Blocks read last, each in the place that its number gives it.
    cache: Vec<Mutex<Slot>>,
}

/// A block in memory.
#[derive(Default)]
struct Slot {
    number: Option<usize>,
    block: Vec<u8>,
}

impl Sorted {
    /// Appends the subject of a digest; `false` if there is none.
    pub(super) fn get(&self, digest: u128, subject: &mut Vec<u8>) -> Result<bool> {
        let Some(number) = self.firsts.partition_point(|first| *first <= digest).checked_sub(1) else {
            return Ok(false);
        };
        let Some(slot) = self.cache.get(number % self.cache.len().max(1)) else {
            return Err(Error::bug("a map without a place for its blocks"));
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.number != Some(number) {
            // A block that could not be read must not pass for one that was.
            slot.number = None;
            self.blocks.read(number, &mut slot.block)?;
            slot.number = Some(number);
        }
        let mut rest = slot.block.as_slice();
        while let Some((known, found)) = take(&mut rest) {
            if known >= digest {
                subject.extend_from_slice(if known == digest { found } else { b"" });
                return Ok(known == digest);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn memory(limit: usize) -> MapMemory {
        MapMemory { limit, folder: std::env::temp_dir() }
    }

    fn entries(numbers: impl Iterator<Item = u32>) -> Vec<(u128, Vec<u8>)> {
        // Spread as digests are.
        let spread = |n: u32| u128::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let mut all: Vec<_> = numbers.map(|n| (spread(n), n.to_string().into_bytes())).collect();
        all.sort();
        all
    }

    fn add(runs: &mut Runs, entries: &[(u128, Vec<u8>)]) {
        runs.add(entries.iter().map(|(digest, subject)| (*digest, subject.as_slice()))).unwrap();
    }

    #[test]
    fn what_went_into_runs_is_found_whatever_the_memory() {
        // 40 runs: more than are merged at a time where memory is least.
        for limit in [1, 4_000, 1 << 20] {
            let mut runs = Runs::create(&memory(limit)).unwrap();
            (0..40)
                .for_each(|run| add(&mut runs, &entries((0..4_000).filter(|n| n % 40 == run && n % 7 != 0))));
            let sorted = runs.sorted(limit).unwrap();
            assert!(sorted.firsts.len() * 24 <= limit.max(24) / 4 + 24 || sorted.firsts.len() == 1);
            let mut subject = Vec::new();
            for (digest, text) in entries(0..4_000) {
                let there = std::str::from_utf8(&text).unwrap().parse::<u32>().unwrap() % 7 != 0;
                subject.clear();
                assert_eq!(sorted.get(digest, &mut subject).unwrap(), there);
                assert_eq!(subject, if there { text } else { Vec::new() });
                assert!(!sorted.get(digest ^ 1, &mut subject).unwrap());
            }
            assert!(!sorted.get(u128::MAX, &mut subject).unwrap());
        }
    }

    #[test]
    fn of_one_digest_in_several_runs_the_least_subject_counts() {
        let mut runs = Runs::create(&memory(1)).unwrap();
        for subject in [&b"9"[..], b"12", b"2", b"12"] {
            runs.add([(1, &b"first"[..]), (5, subject), (u128::MAX, subject)].into_iter()).unwrap();
        }
        let sorted = runs.sorted(1).unwrap();
        let mut subject = Vec::new();
        assert!(sorted.get(5, &mut subject).unwrap() && sorted.get(u128::MAX, &mut subject).unwrap());
        assert_eq!(subject, b"1212");
        assert!(!sorted.get(0, &mut subject).unwrap());
    }

    #[test]
    fn nothing_in_clear_text_reaches_the_disk_and_damage_is_an_error() {
        let mut runs = Runs::create(&memory(1)).unwrap();
        let subject = b"subject-of-nobody-at-all".repeat(100);
        runs.add([(1, &subject[..]), (2, &subject[..])].into_iter()).unwrap();
        // Each in a block of its own.
        let sorted = runs.sorted(1 << 20).unwrap();
        let mut raw = vec![0; narrow(*sorted.blocks.ends.last().unwrap())];
        sorted.blocks.file.read_exact_at(&mut raw, 0).unwrap();
        assert!(!raw.windows(8).any(|window| subject.windows(8).take(24).any(|clear| clear == window)));
        raw[100] ^= 1;
        sorted.blocks.file.write_all_at(&raw, 0).unwrap();
        for _ in 0..2 {
            assert_eq!(sorted.get(1, &mut Vec::new()).unwrap_err().kind(), ErrorKind::Io);
        }
        assert!(sorted.get(2, &mut Vec::new()).unwrap());
        sorted.blocks.file.set_len(10).unwrap();
        assert_eq!(sorted.get(1, &mut Vec::new()).unwrap_err().kind(), ErrorKind::Io);
    }

    #[test]
    fn a_full_disk_and_a_folder_that_is_none_are_errors_of_writing() {
        let mut runs = Runs::create(&memory(1)).unwrap();
        runs.blocks.file = File::options().write(true).open("/dev/full").unwrap();
        let error = runs.add([(1, &b"4"[..])].into_iter()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        let nowhere = MapMemory { limit: 1, folder: "/nowhere/at/all".into() };
        assert_eq!(Runs::create(&nowhere).err().unwrap().kind(), ErrorKind::Io);
    }

    #[test]
    fn the_file_has_no_name_and_is_its_owners() {
        use std::os::unix::fs::MetadataExt;
        let blocks = Blocks::create(&std::env::temp_dir()).unwrap();
        let found = blocks.file.metadata().unwrap();
        assert_eq!((found.nlink(), found.mode() & 0o777), (0, 0o600));
    }
}
