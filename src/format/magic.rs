//! First bytes that no text format takes: compressed files, archives and UTF-16. Every text format asks here before
//! it reads, so that such an input ends with a hint instead of "0 tables, exit 0". Refuses; never decodes. What
//! `compression` reads was unpacked before: what still looks like it was compressed twice.

use crate::error::{Error, Result};

/// How many bytes of an input suffice for the answer; fewer only where the input is shorter.
pub const HEAD: usize = 16;

/// The UTF-8 byte order mark.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Magic numbers and what they stand for. Sources: RFC 1952, RFC 8878, the xz, bzip2, lz4 and lzip format pages,
/// APPNOTE.TXT (zip), `compress(1)`, PostgreSQL `pg_backup_archiver.c`, SQLite file format 1.3.
static MAGIC: &[(&[u8], &str, &str)] = &[
    (b"\x1F\x8B", "a gzip file", TWICE),
    (b"\x28\xB5\x2F\xFD", "a zstd file", TWICE),
    (b"\xFD7zXZ\x00", "an xz file", TWICE),
    (b"\x04\x22\x4D\x18", "an lz4 file", TWICE),
    (b"\x02\x21\x4C\x18", "an lz4 file", TWICE),
    (b"LZIP", "an lzip file", COMPRESSED),
    (b"\x1F\x9D", "a compress (.Z) file", COMPRESSED),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", COMPRESSED),
    (b"PK\x03\x04", "a zip archive or spreadsheet", ARCHIVE),
    (b"PK\x05\x06", "a zip archive or spreadsheet", ARCHIVE),
    (b"PGDMP", "a pg_dump archive (custom format)", "let the format be recognised: without --input-format"),
    (b"SQLite format 3\x00", "an SQLite database", "dump it to SQL text or CSV first"),
    (b"\xFF\xFE", "UTF-16 text", UTF16),
    (b"\xFE\xFF", "UTF-16 text", UTF16),
];

const TWICE: &str = "it is compressed twice: decompress it once, into a pipe";
const COMPRESSED: &str = "this compression is not read: decompress it into a pipe";
const ARCHIVE: &str = "archives are not read yet: extract the file, or export the sheet as UTF-8 CSV";
/// What to do about UTF-16.
pub const UTF16: &str = "save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`";

/// Says what the first bytes are, if a text format must not read them: the thing and the hint.
#[must_use]
pub fn name(head: &[u8]) -> Option<(&'static str, &'static str)> {
    if let [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
    | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] = head
    {
        return Some(("a bzip2 file", TWICE));
    }
    // A skippable frame may come first in a zstd or lz4 stream.
    if let [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] = head {
        return Some(("a zstd or lz4 file", TWICE));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", "only those that `pg_dump -Ft` writes are read; extract it"));
    }
    MAGIC.iter().find(|(magic, ..)| head.starts_with(magic)).map(|(_, what, hint)| (*what, *hint))
}

/// Refuses an input by its first `HEAD` bytes (all there are, if fewer).
///
/// # Errors
/// `ErrorKind::Input` for a compressed file, an archive or UTF-16, with what to do.
pub fn refuse(head: &[u8]) -> Result<()> {
    match name(head) {
        Some((what, hint)) => Err(Error::input(crate::message!("the input is {}", what)).hint(hint)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nasty_12_magic_is_refused_with_a_hint() {
        for head in [
            &b"\x1F\x8B\x08\0"[..],
            b"\x28\xB5\x2F\xFD\0",
            b"\xFD7zXZ\0\0",
            b"BZh91AY&SY\0",
            b"\x04\x22\x4D\x18\0",
            b"PK\x03\x04\x14",
            b"PGDMP\x01\x0e",
            b"\xFF\xFEi\0d\0",
            b"\xFE\xFF\0i\0d",
            b"\x50\x2A\x4D\x18",
        ] {
            let error = refuse(head).unwrap_err();
            assert!(error.hint_text().is_some());
        }
    }

    #[test]
    fn text_passes() {
        for head in [&b"id,email\n"[..], b"BZh9,email\n", b"-- PostgreSQL", b"", b"\xEF\xBB\xBFid\n", b"P"] {
            assert_eq!(refuse(head), Ok(()));
        }
    }
}
