//! A destination that puts the members of an archive into a tar file. A member's length stands before its bytes, so each
//! is spooled until its end is known: in memory while it is small, else in a file without a name in the system's
//! temporary folder.

use std::collections::HashSet;
use std::io::{self, Read, Seek, Write};

use tempfile::SpooledTempFile;

use super::destination::Destination;
use super::source::is_bare;
use crate::error::Error;
use crate::format::{Out, ustar};

/// How many bytes of a member stay in memory.
const SPOOL: usize = 1 << 20;

/// Puts members into a tar file.
pub struct TarDestination {
    inner: Box<dyn Destination>,
    member: Option<Member>,
    /// What it holds already.
    names: HashSet<String>,
}

/// A member whose bytes still come.
struct Member {
    name: String,
    spool: SpooledTempFile,
    size: u64,
}

impl TarDestination {
    /// Wraps the destination of the file.
    #[must_use]
    pub fn new(inner: Box<dyn Destination>) -> Self {
        Self { inner, member: None, names: HashSet::new() }
    }

    fn end_member(&mut self) -> io::Result<()> {
        let Some(Member { name, mut spool, size }) = self.member.take() else { return Ok(()) };
        self.inner.write_all(&ustar::header(&name, size))?;
        spool.rewind()?;
        let (mut left, mut buf) = (size, vec![0; 128 << 10]);
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
            let part = buf.get_mut(..most).unwrap_or_default();
            spool.read_exact(part)?;
            self.inner.write_all(part)?;
            left -= u64::try_from(most).unwrap_or(left);
        }
        let filler = usize::try_from(ustar::filler(size)).unwrap_or(0);
        self.inner.write_all([0; ustar::BLOCK].get(..filler).unwrap_or_default())
    }
}

impl Write for TarDestination {
    #[expect(clippy::disallowed_methods, reason = "implements Write itself; callers use write_all")]
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let Some(member) = &mut self.member else {
            return Err(Error::bug("bytes for no member of the tar file").into());
        };
        let n = member.spool.write(buf)?;
        member.size += u64::try_from(n).unwrap_or(0);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out for TarDestination {
    /// Ends the member before, and begins another.
    ///
    /// # Errors
    /// The system's; `InvalidInput` for what is no bare file name or too long for a header; `AlreadyExists` for one that
    /// came before.
    fn member(&mut self, name: &str) -> io::Result<()> {
        self.end_member()?;
        if !is_bare(name) || name.len() > ustar::MAX_NAME {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if !self.names.insert(name.to_owned()) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.member = Some(Member { name: name.to_owned(), spool: SpooledTempFile::new(SPOOL), size: 0 });
        Ok(())
    }
}

impl Destination for TarDestination {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.end_member()?;
        self.inner.write_all(&[0; 2 * ustar::BLOCK])?;
        self.inner.finish()
    }

    /// Drops the member that was not ended: without it and the end mark, the file is cut.
    fn abandon(self: Box<Self>) -> io::Result<()> {
        self.inner.abandon()
    }

    fn is_seen(&self) -> bool {
        self.inner.is_seen()
    }
}

impl std::fmt::Debug for TarDestination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TarDestination")
    }
}
